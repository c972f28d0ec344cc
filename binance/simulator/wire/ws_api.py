"""The WebSocket API: one session for each connection."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from binance.simulator.accounts.accounts import Account
from binance.simulator.api.call import Call, Route
from binance.simulator.api.exchange_info import rate_limits
from binance.simulator.api.params import Params, is_microseconds
from binance.simulator.api.stream_requests import is_id
from binance.simulator.market.payloads import answer_in_microseconds
from binance.simulator.rules.errors import (
    ILLEGAL_CHARACTERS,
    UNKNOWN_METHOD,
    ApiError,
    not_simulated,
)
from binance.simulator.wire.frames import MICROSECONDS, in_unit
from binance.simulator.wire.user_data import UserData
from binance.simulator.wire.websocket import Connection

PATH = "/ws-api/v3"
MARKETS = {PATH: "spot", "/ws-fapi/v1": "usdm", "/ws-dapi/v1": "coinm"}
"""Path of the WebSocket API -> its market."""

_INVALID_JSON = -1135


class Session(Connection):
    """One connection to the WebSocket API. ``account``: the one that is logged on.

    :param methods: those of the market whose API it is, by name.
    :param connection: what every :class:`Connection` has.
    """

    link = "ws_api"

    def __init__(
        self, users: UserData, methods: Mapping[str, Route], market: str, *connection: Any
    ) -> None:
        super().__init__(*connection)
        self._message_limit.limit = 2**31  # here weight limits, not messages
        self._users = users
        self._methods = methods
        self.market = market
        options = dict(parse_qsl(self.target.partition("?")[2]))
        self._sends_limits = options.get("returnRateLimits") != "false"
        if market == "spot" and is_microseconds(options.get("timeUnit", "")):
            self.mode = MICROSECONDS
        self.account: Account | None = None
        self.authorized = 0
        self.subscriptions_made = 0

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        super().onClose(wasClean, code, reason)
        self._users.closed(self)

    def send_server_shutdown(self, now: int) -> None:
        self.send_json({"event": in_unit({"e": "serverShutdown", "E": now}, self.mode)})

    def end_user_streams(self) -> bool:
        return self._users.terminate(self)

    def received(self, payload: bytes) -> None:
        try:
            message = _read(payload)
        except ApiError as error:
            reply = {"id": None, "status": error.status, "error": error.body()}
            self.send_json(reply | {"rateLimits": self._limits({})})
            return
        name = str(message.get("method", ""))
        self.hub.state.requests[name] += 1
        if self.hub.state.apply_fault("drop_request", path=name):
            self.reset()
            return
        reply = {"id": message.get("id")} | self._reply(name, message.get("params"))
        fault = self.hub.state.reply_fault(name, "double_reply")
        if fault is None:
            self.send_json(reply)
        elif fault.kind == "slow_reply":
            self.hub.reactor.callLater(fault["by"], self.send_json, reply)
        elif fault.kind == "double_reply":
            self.send_json(reply)
            self.send_json(reply)
        elif fault["how"] == "cut":
            self.reset()

    def _reply(self, name: str, given: object) -> dict[str, Any]:
        state, with_limits = self.hub.state, self._sends_limits
        orders: dict[str, str] = {}
        try:
            method = self._methods.get(name)
            if method is None:
                raise not_simulated(f"the method '{name}'", 404, UNKNOWN_METHOD)
            if not isinstance(given, dict | None):
                raise _illegal("params")
            state.check_http_error("ws_api", name, -1000)
            params = Params.of_json(given or {})
            asked = params.flag("returnRateLimits", with_limits)
            call = Call(state, params, state.now(), name, "WS", headers_out=orders)
            call.address, call.market, call.session = self.address, self.market, self
            state.charge(self.address, method.weigh(call.params), self.market)
            result = method.answer(call)
            result = answer_in_microseconds(result) if self.mode & MICROSECONDS else result
            reply = {"status": 200, "result": result}
            with_limits = asked
        except ApiError as error:
            data = {} if error.data is None else {"data": error.data}
            reply = {"status": error.status, "error": error.body() | data}
        return reply | ({"rateLimits": self._limits(orders)} if with_limits else {})

    def _limits(self, orders: Mapping[str, str]) -> list[dict[str, Any]]:
        state = self.hub.state
        weight = state.weight_of(self.address, self.market)
        used = weight.used_in_minute(state.now())
        spent = ("REQUEST_WEIGHT", "MINUTE", 1, weight.limit, used)
        return rate_limits(spent, *state.counted_orders(self.market, orders))


def _illegal(name: str) -> ApiError:
    return ApiError(ILLEGAL_CHARACTERS, f"Illegal characters found in parameter '{name}'.")


def _read(payload: bytes) -> dict[str, Any]:
    """A request; :raises ApiError: it is no object, or its id is none."""
    try:
        message = json.loads(payload)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise ApiError(_INVALID_JSON, "Invalid JSON Request.")
    if not is_id(message.get("id"), "_-"):
        raise _illegal("id")
    return message
