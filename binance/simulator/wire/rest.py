"""The REST API: looks up the route of each request and sends its answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import orjson
from twisted.web.http import Request as HttpRequest
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request, Site

from binance.simulator.api.call import Call, Raw, Route
from binance.simulator.api.market_data import ROUTES
from binance.simulator.api.params import Params, is_microseconds
from binance.simulator.market.payloads import answer_in_microseconds
from binance.simulator.rules.errors import TOO_MANY_PARAMETERS, ApiError, not_simulated
from binance.simulator.rules.state import SimulatorState

GONE = b"""<!DOCTYPE html>
<html><head><title>410 Gone</title></head>
<body><center><h1>410 Gone</h1></center><hr><center>simulator</center></body></html>
"""
"""The answer to retired calls: HTML, not JSON, as on the exchange."""


def gone(call: Call) -> Any:
    return Raw(GONE, 410, "text/html")


RETIRED = ("/api/v1/", "/api/v3/userDataStream", "/sapi/v1/userDataStream", "/wapi/")
"""Beginnings of paths that answer 410."""


def unique_parameters(text: str) -> dict[str, str]:
    """The parameters of a query string or a body.

    :raises ApiError: -1101 when one is given twice.
    """
    pairs = parse_qsl(text, keep_blank_values=True)
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ApiError(TOO_MANY_PARAMETERS, "Duplicate values for a parameter detected.")
    return found


def wrong_page(answer: Raw, shape: str) -> Raw:
    """A list as a ``wrong_page`` fault has it."""
    items = orjson.loads(answer.body)
    middle = (len(items) + 1) // 2
    parts = {"shifted": items[middle:], "short": items[: len(items) // 2], "empty": []}
    return replace(answer, body=orjson.dumps(parts.get(shape, items)), is_cut=shape == "cut")


class Rest(Resource):
    """Finds the route of a request by method and path, and sends its answer."""

    def __init__(self, state: SimulatorState, reactor: Any) -> None:
        super().__init__()
        self._state = state
        self._reactor = reactor
        self._routes: dict[tuple[str, str], Route] = {}
        self._paths: set[str] = set()
        self.add(ROUTES)

    def add(self, routes: Iterable[Route]) -> None:
        """Serve more routes; a later one replaces an earlier one of the same method and path."""
        for route in routes:
            self._routes[route.verb, route.path] = route
            self._paths.add(route.path)

    def route(self, verb: str, path: str) -> Route:
        """The route of a method and a path.

        :raises ApiError: 404, or 405 when only the method is wrong.
        """
        if found := self._routes.get((verb, path)):
            return found
        if path.startswith(RETIRED):
            return Route(verb, path, gone)
        if path in self._paths:
            raise ApiError(0, f"Request method '{verb}' is not supported.", 405)
        raise not_simulated(f"{verb} {path}", 404)

    # from twisted.web

    def getChild(self, path: bytes, request: Request) -> Resource:
        return self

    def render(self, request: Request) -> int:
        path = request.path.decode("latin-1")
        self._state.requests[path] += 1
        if self._state.apply_fault("drop_request", path=path):
            _transport(request).abortConnection()
            return NOT_DONE_YET
        answer, retry_after = self._answer(request, path)
        if answer.body[:1] == b"[" and (fault := self._state.apply_fault("wrong_page", path=path)):
            answer = wrong_page(answer, fault["shape"])
        fault = self._state.reply_fault(path)
        if fault is None:
            self._send(request, answer, retry_after)
        elif fault.kind == "drop_reply":
            if fault["how"] == "cut":
                _transport(request).abortConnection()
        else:
            call = self._reactor.callLater(fault["by"], self._send, request, answer, retry_after)
            request.notifyFinish().addErrback(lambda _: call.active() and call.cancel())
        return NOT_DONE_YET

    def _answer(self, request: Request, path: str) -> tuple[Raw, int | None]:
        state, verb = self._state, request.method.decode("latin-1")
        query = request.uri.partition(b"?")[2].decode("latin-1")
        body = request.content.read().decode() if request.content is not None else ""
        try:
            state.check_http_error("rest", path, 0)
            found = self.route("GET" if verb == "HEAD" else verb, path)
            raw = unique_parameters(body) | unique_parameters(query)  # the query wins
            headers = {
                name.decode("latin-1").lower(): values[0].decode("latin-1")
                for name, values in request.requestHeaders.getAllRawHeaders()
            }
            call = Call(state, Params(raw), state.now(), path, verb, query, body, headers)
            unit = headers.get("x-mbx-time-unit", "") if path.startswith("/api/") else ""
            is_micro = is_microseconds(unit)
            call.address, call.market = _transport(request).getPeer().host, found.market
            state.charge(call.address, found.weigh(call.params), found.market)
            answer = found.answer(call)
        except ApiError as error:
            return Raw(orjson.dumps(error.body()), error.status), error.retry_after
        if not isinstance(answer, Raw):
            answer = answer_in_microseconds(answer) if is_micro else answer
            answer = Raw(orjson.dumps(answer), headers=call.headers_out)
        return answer, None

    def _send(self, request: HttpRequest, answer: Raw, retry_after: int | None) -> None:
        self._state.statuses[answer.status] += 1
        message = REASONS.get(answer.status, b"Unknown")
        request.setResponseCode(answer.status, message)
        request.setHeader("Content-Type", answer.content_type)
        request.setHeader("Content-Length", str(len(answer.body)))
        address = _transport(request).getPeer().host
        market = _MARKETS.get(request.path[:6], "spot")
        used = str(self._state.weight_of(address, market).used_in_minute(self._state.now()))
        request.setHeader("X-MBX-USED-WEIGHT", used)
        request.setHeader("X-MBX-USED-WEIGHT-1M", used)
        for name, value in answer.headers.items():
            request.setHeader(name, value)
        if retry_after is not None:
            request.setHeader("Retry-After", str(retry_after))
        if answer.is_cut:
            request.write(answer.body[: len(answer.body) // 2])
            request.loseConnection()
            return
        if request.method != b"HEAD":
            request.write(answer.body)
        request.finish()


_MARKETS = {b"/fapi/": "usdm", b"/dapi/": "coinm", b"/eapi/": "options"}
REASONS = {status.value: status.phrase.encode() for status in HTTPStatus}


def _transport(request: HttpRequest) -> Any:
    """The transport of a request's connection."""
    return request.channel.transport


class QuietSite(Site):
    """twisted.web without an access log: the statistics count requests."""

    noisy = False
    displayTracebacks = False

    def log(self, request: HttpRequest) -> None:
        """Log nothing."""
