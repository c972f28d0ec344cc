"""The WebSocket API: its methods, and one session for each connection."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from binance.simulator.accounts.accounts import Account
from binance.simulator.api.call import Call
from binance.simulator.api.exchange_info import rate_limits
from binance.simulator.api.futures_market_data import USDM_QUERIES
from binance.simulator.api.params import Params
from binance.simulator.api.spot_market_data import WS_API_QUERIES
from binance.simulator.api.weights import LIGHT, Weigh
from binance.simulator.rules.errors import (
    ILLEGAL_CHARACTERS,
    TOO_MANY_REQUESTS,
    UNKNOWN_METHOD,
    ApiError,
)
from binance.simulator.rules.limits import ORDER_COUNT
from binance.simulator.wire.incoming import IncomingConnection
from binance.simulator.wire.websocket import Connection, ConnectionOwner

PATH = "/ws-api/v3"
MARKETS = {PATH: "spot", "/ws-fapi/v1": "usdm", "/ws-dapi/v1": "coinm"}
"""Path of the WebSocket API -> its market."""

_INVALID_JSON = -1135
_ID = re.compile(r"[A-Za-z0-9-_]{1,36}\Z")


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its name, the function that answers, its request weight.

    The function takes the session and a ``Call`` and returns the ``result``. It raises ``ApiError``
    for what goes wrong.
    """

    name: str
    answer: Callable[[Session, Call], Any]
    weigh: Weigh = LIGHT


def shared(query: Callable[[Call], Any]) -> Callable[[Session, Call], Any]:
    """A method that answers as the REST call does."""
    return lambda session, call: query(call)


class Methods:
    """The methods of one market's WebSocket API, by name."""

    def __init__(self, market: str = "spot") -> None:
        self.market = market
        self._known: dict[str, Method] = {}
        queries = {"spot": WS_API_QUERIES, "usdm": USDM_QUERIES}.get(market, ())
        self.add(Method(name, shared(query), weigh) for name, query, weigh in queries)

    def add(self, methods: Iterable[Method]) -> None:
        """Serve more methods; a later one replaces an earlier one of the same name."""
        for method in methods:
            self._known[method.name] = method

    def find(self, name: object) -> Method | None:
        return self._known.get(name) if isinstance(name, str) else None


class Session(Connection):
    """One connection to the WebSocket API.

    ``account``: the one that is logged on. The functions in ``at_close`` are called when the
    connection is closed.
    """

    link = "ws_api"

    def __init__(
        self,
        hub: ConnectionOwner,
        incoming: IncomingConnection,
        target: str,
        number: int,
        methods: Methods,
    ) -> None:
        super().__init__(hub, incoming, target, number)
        self._message_limit.limit = 2**31  # here weight limits, not messages
        self._methods = methods
        self._sends_limits = "returnRateLimits=false" not in target.partition("?")[2].split("&")
        self.account: Account | None = None
        self.subscriptions_made = 0
        self.at_close: list[Callable[[], None]] = []
        self.on_end_user_streams: Callable[[], None] | None = None

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        super().onClose(wasClean, code, reason)
        for function in self.at_close:
            function()
        self.at_close.clear()

    def send_server_shutdown(self, now: int) -> None:
        self.send_json({"event": {"e": "serverShutdown", "E": now}})

    def end_user_streams(self) -> None:
        if self.on_end_user_streams is not None:
            self.on_end_user_streams()

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
            self._fail(
                None, ApiError(ILLEGAL_CHARACTERS, "Illegal characters found in parameter 'id'.")
            )
            return
        name = str(message.get("method", ""))
        self.hub.state.requests[name] += 1
        if self.hub.state.apply_fault("drop_request", path=name):
            self.reset()
            return
        reply = self._reply(id, name, message.get("params"))
        fault = self.hub.state.reply_fault(name)
        if fault is None:
            self.send_json(reply)
        elif fault.kind == "slow_reply":
            self.hub.reactor.callLater(fault["by"], self.send_json, reply)
        elif fault.kind == "double_reply":
            self.send_json(reply)
            self.send_json(reply)
        elif fault["how"] == "cut":
            self.reset()

    def _reply(self, id: object, name: str, given: object) -> dict[str, Any]:
        state = self.hub.state
        orders: dict[str, str] = {}
        try:
            method = self._methods.find(name)
            if method is None:
                raise ApiError(UNKNOWN_METHOD, f"Unknown method '{name}'.")
            if not isinstance(given, dict | None):
                raise ApiError(
                    ILLEGAL_CHARACTERS, "Illegal characters found in parameter 'params'."
                )
            fault = state.http_error("ws_api", name)
            if fault is not None:
                code = TOO_MANY_REQUESTS if fault["status"] in (418, 429) else -1000
                wait = (fault["retry_after"] or 0) * 1000
                data = {
                    "serverTime": state.exchange_time(),
                    "retryAfter": state.exchange_time() + wait,
                }
                raise ApiError(code, "Simulated fault.", fault["status"], data=data)
            raw = dict(given or {})
            with_limits = raw.pop("returnRateLimits", self._sends_limits)
            market = self._methods.market
            call = Call(
                state,
                Params.of_json(raw),
                state.now(),
                name,
                "WS",
                address=self.address,
                market=market,
                headers_out=orders,
            )
            state.charge(self.address, method.weigh(call.params), market)
            reply = {"id": id, "status": 200, "result": method.answer(self, call)}
        except ApiError as error:
            with_limits = self._sends_limits
            reply = {"id": id, "status": error.status, "error": error.body()}
            if error.data is not None:
                reply["error"]["data"] = error.data
        if with_limits:
            reply["rateLimits"] = self._limits(orders)
        return reply

    def _fail(self, id: object, error: ApiError) -> None:
        self.send_json(
            {"id": id, "status": error.status, "error": error.body(), "rateLimits": self._limits()}
        )

    def _limits(self, orders: Mapping[str, str] = MappingProxyType({})) -> list[dict[str, Any]]:
        state = self.hub.state
        weight = state.weight_of(self.address, self._methods.market)
        used = weight.used_in_minute(state.now())
        rows = [("REQUEST_WEIGHT", "MINUTE", 1, weight.limit, used)]
        for name, count in orders.items():
            number, letter = name.removeprefix(ORDER_COUNT)[:-1], name[-1]
            interval = {"S": "SECOND", "M": "MINUTE"}[letter]
            rows.append(("ORDERS", interval, int(number), state.settings.orders, int(count)))
        return rate_limits(*rows)


def _is_id(id: object) -> bool:
    if id is None:
        return True
    if isinstance(id, int) and not isinstance(id, bool):
        return -(2**63) <= id < 2**63
    return isinstance(id, str) and bool(_ID.match(id))
