"""The WebSocket API: methods as data, one session for each connection.

To add methods (sessions, user data, orders), put their functions in a module of their own, list
them as :class:`Method`, and give them to :meth:`Methods.add`. A function takes the :class:`Session`
and a ``Call`` and returns the ``result``; it raises ``ApiError`` for what goes wrong. What belongs
to a connection (a logon, subscriptions) lives in ``session.facts``; events go out by
``session.send_json``; functions in ``session.at_close`` are called when the connection is gone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.api.spot_market_data import WS_API_QUERIES
from binance.simulator.api.weights import LIGHT, Weigh
from binance.simulator.rules.errors import ApiError
from binance.simulator.wire.incoming import Gate
from binance.simulator.wire.websocket import Connection

if TYPE_CHECKING:
    from binance.simulator.wire.hub import Hub

PATH = "/ws-api/v3"

_INVALID_JSON = -1135
_UNKNOWN_METHOD = -1020
_ID = re.compile(r"[A-Za-z0-9-_]{1,36}\Z")


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its name, the function that answers, its request weight."""

    name: str
    answer: Callable[[Session, Call], Any]
    weigh: Weigh = LIGHT


def shared(query: Callable[[Call], Any]) -> Callable[[Session, Call], Any]:
    """A method that answers as the REST call does."""
    return lambda session, call: query(call)


class Methods:
    """The methods that the WebSocket API has."""

    def __init__(self) -> None:
        self._known: dict[str, Method] = {}
        self.add(Method(name, shared(query), weigh) for name, query, weigh in WS_API_QUERIES)

    def add(self, methods: Iterable[Method]) -> None:
        """Serve more methods; a later one takes the place of an earlier one of the same name."""
        for method in methods:
            self._known[method.name] = method

    def find(self, name: object) -> Method | None:
        return self._known.get(name) if isinstance(name, str) else None


class Session(Connection):
    """One connection to the WebSocket API."""

    link = "ws_api"

    def __init__(self, hub: Hub, gate: Gate, target: str, number: int, methods: Methods) -> None:
        super().__init__(hub, gate, target, number)
        self._rolling.limit = 2**31  # here weight limits, not messages
        self._methods = methods
        self._tells_limits = "returnRateLimits=false" not in target.partition("?")[2].split("&")
        self.facts: dict[str, Any] = {}
        self.at_close: list[Callable[[], None]] = []

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        super().onClose(wasClean, code, reason)
        for function in self.at_close:
            function()
        self.at_close.clear()

    def shut_down(self, now: int) -> None:
        self.send_json({"event": {"e": "serverShutdown", "E": now}})

    def end_user_streams(self) -> None:
        end = self.facts.get("end_user_streams")
        if end is not None:
            end()

    def received(self, payload: bytes) -> None:
        try:
            message = json.loads(payload)
            if not isinstance(message, dict):
                raise ValueError("not an object")
        except ValueError:
            self._fail(None, ApiError(_INVALID_JSON, "Invalid JSON Request."))
            return
        id = message.get("id")
        if not _is_id(id):
            self._fail(None, ApiError(-1100, "Illegal characters found in parameter 'id'."))
            return
        name = str(message.get("method", ""))
        venue = self.hub.venue
        venue.requests[name] += 1
        now = venue.now()
        dropped = venue.faults.find("drop_reply", now, path=name)
        late = venue.faults.find("slow_reply", now, path=name)
        reply = self._reply(id, name, message.get("params"))
        if dropped is not None:
            dropped.strike()
            self.cut()
        elif late is not None:
            late.strike()
            self.hub.reactor.callLater(late["by"], self._send_late, reply)
        else:
            self.send_json(reply)

    def _send_late(self, reply: dict[str, Any]) -> None:
        if self.alive:
            self.send_json(reply)

    def _reply(self, id: object, name: str, given: object) -> dict[str, Any]:
        venue = self.hub.venue
        try:
            method = self._methods.find(name)
            if method is None:
                raise ApiError(_UNKNOWN_METHOD, f"Unknown method '{name}'.")
            if not isinstance(given, dict | None):
                raise ApiError(-1100, "Illegal characters found in parameter 'params'.")
            fault = venue.faults.find("http_status", venue.now(), path=name)
            if fault is not None and fault["on"] in ("all", "ws_api"):
                fault.strike()
                code = -1003 if fault["status"] in (418, 429) else -1000
                wait = (fault["retry_after"] or 0) * 1000
                data = {"serverTime": venue.reported(), "retryAfter": venue.reported() + wait}
                raise ApiError(code, "Simulated fault.", fault["status"], data=data)
            raw = dict(given or {})
            tells = raw.pop("returnRateLimits", self._tells_limits)
            call = Call(venue, Params.of_json(raw), venue.now(), name, "WS", address=self.address)
            venue.charge(self.address, method.weigh(call.params))
            reply = {"id": id, "status": 200, "result": method.answer(self, call)}
        except ApiError as error:
            tells = self._tells_limits
            reply = {"id": id, "status": error.status, "error": error.body()}
            if error.data is not None:
                reply["error"]["data"] = error.data
        if tells:
            reply["rateLimits"] = self._limits()
        return reply

    def _fail(self, id: object, error: ApiError) -> None:
        self.send_json(
            {"id": id, "status": error.status, "error": error.body(), "rateLimits": self._limits()}
        )

    def _limits(self) -> list[dict[str, Any]]:
        venue = self.hub.venue
        return [
            {
                "rateLimitType": "REQUEST_WEIGHT",
                "interval": "MINUTE",
                "intervalNum": 1,
                "limit": venue.settings.weight,
                "count": venue.weight_of(self.address).present(venue.now()),
            }
        ]


def _is_id(id: object) -> bool:
    if id is None:
        return True
    if isinstance(id, int) and not isinstance(id, bool):
        return -(2**63) <= id < 2**63
    return isinstance(id, str) and bool(_ID.match(id))
