"""The WebSocket API: requests, replies, and the envelopes of user data events.

A request is ``{"id", "method", "params"}``, its reply ``{"id", "status", "result"}`` or ``{"id",
"status", "error": {"code", "msg", "data"}}``, either with ``rateLimits`` unless the URL says
``returnRateLimits=false``. An event is ``{"subscriptionId", "event": {"e", ..}}``;
``serverShutdown`` comes without a subscription.

Source: https://developers.binance.com/docs/binance-spot-api-docs/websocket-api
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from binance.sansio.account.signing import Signer, plain, sign_websocket
from binance.sansio.names.times import milliseconds
from binance.sansio.wire.bans import LIMITED, LONGEST_BAN, SHORTEST_BAN, STATUS_BANNED

QUIET: Final = "returnRateLimits=false"
"""In the URL: replies without ``rateLimits``."""

# Codes: https://developers.binance.com/docs/binance-spot-api-docs/errors
TIMESTAMP_REFUSED: Final = -1021
SIGNATURE_REFUSED: Final = -1022
LISTEN_TOKEN_REFUSED: Final = -1209
KEY_FORMAT: Final = -2014
KEY_REFUSED: Final = -2015
ALREADY_SUBSCRIBED: Final = -2035
REFUSED_KEYS: Final = frozenset({SIGNATURE_REFUSED, KEY_FORMAT, KEY_REFUSED})
"""Codes of a refused key: a further try would fail too."""
NOT_LOGGED_ON: Final = frozenset({-1193, -1102})
"""Codes of a request without a key on a link that is not logged on: not authenticated, or the
parameter ``apiKey`` is missing."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `text` is the message to send. The repr hides the parameters and secrets."""

    id: int
    method: str
    params: Mapping[str, object]

    @property
    def text(self) -> str:
        body: dict[str, object] = {"id": self.id, "method": self.method}
        if self.params:
            body["params"] = dict(self.params)
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

    def __repr__(self) -> str:
        return f"<Request {self.id} {self.method}>"


@dataclass(frozen=True, slots=True)
class ApiError:
    """The error of a refused request. `retry_after` is in seconds, from ``error.data``.

    It has the attributes of a response of REST that `BinanceAPIException` reads, so it stands for
    one where there is none: the exchange has refused a call of somebody else, or nothing was sent.
    """

    status: int
    code: int
    reason: str
    retry_after: float | None = None
    data: Any = field(default=None, compare=False)

    @property
    def is_limit(self) -> bool:
        return self.status in LIMITED

    @property
    def status_code(self) -> int:
        return self.status

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.retry_after is None else {"Retry-After": f"{self.retry_after:.3f}"}

    @property
    def text(self) -> str:
        return self.reason

    def json(self) -> dict[str, Any]:
        return {"code": self.code, "msg": self.reason} | ({"data": self.data} if self.data else {})


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply: `result`, or `error` if that is not None.

    `id` is None if the exchange could not read the request, or if the key was revoked. `limits` are
    its ``rateLimits``, as the headers with the same numbers in an answer of REST.
    """

    id: object
    result: Any = None
    error: ApiError | None = None
    limits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """A user data event with the subscription that it belongs to; None for ``serverShutdown``."""

    subscription: int | None
    data: dict[str, Any]

    @property
    def kind(self) -> str:
        return str(self.data.get("e", ""))


SERVER_SHUTDOWN: Final = "serverShutdown"
STREAM_TERMINATED: Final = "eventStreamTerminated"
CONTROL_EVENTS: Final = frozenset({SERVER_SHUTDOWN, STREAM_TERMINATED})
"""Events about the link, not about the account: the callback does not get them."""


# requests


def time(id: int) -> Request:
    """Asks for the exchange's clock: ``{"serverTime": ms}``."""
    return Request(id, "time", {})


def subscribe_signature(
    id: int, signer: Signer, timestamp: int, recv_window: int | None = None
) -> Request:
    """Subscribes to a spot account's events, with any kind of key: ``{"subscriptionId"}``."""
    params = sign_websocket(signer, {}, timestamp, recv_window)
    return Request(id, "userDataStream.subscribe.signature", params)


def subscribe_token(id: int, token: str) -> Request:
    """Subscribes to a margin account's events: ``{"subscriptionId", "expirationTime"}``."""
    return Request(id, "userDataStream.subscribe.listenToken", {"listenToken": token})


def unsubscribe(id: int, subscription: int | None = None) -> Request:
    """Ends one subscription, or all of the link: ``{}``."""
    params = {} if subscription is None else {"subscriptionId": subscription}
    return Request(id, "userDataStream.unsubscribe", params)


def logon(id: int, signer: Signer, timestamp: int, recv_window: int | None = None) -> Request:
    """Logs the link on, Ed25519 keys only: ``{"apiKey", "authorizedSince", ..}``."""
    if signer.kind != "Ed25519":
        raise ValueError(f"only an Ed25519 key can log a session on, not {signer.kind}")
    return Request(id, "session.logon", sign_websocket(signer, {}, timestamp, recv_window))


def unsigned(
    id: int,
    method: str,
    params: Mapping[str, object],
    timestamp: int | None = None,
    recv_window: int | None = None,
) -> Request:
    """A request without a signature: with a timestamp, it is for a link that is logged on."""
    given = {n: v if isinstance(v, str | int | list) else plain(v) for n, v in params.items()}
    if timestamp is not None:
        given |= {"timestamp": timestamp} | ({"recvWindow": recv_window} if recv_window else {})
    return Request(id, method, given)


def signed(
    id: int,
    method: str,
    params: Mapping[str, object],
    signer: Signer,
    timestamp: int,
    recv_window: int | None = None,
) -> Request:
    """Any other signed request."""
    return Request(id, method, sign_websocket(signer, params, timestamp, recv_window))


# messages


def parse(message: object) -> Reply | Event | None:
    """The reply or the event in a decoded message; None for any other message."""
    if not isinstance(message, dict):
        return None
    event = message.get("event")
    if isinstance(event, dict):
        subscription = message.get("subscriptionId")
        return Event(subscription if isinstance(subscription, int) else None, event)
    if "id" not in message or not isinstance(message.get("status"), int):
        return None
    limits = _headers(message.get("rateLimits") or ())
    if message["status"] == 200 and message.get("error") is None:
        return Reply(message["id"], message.get("result"), None, limits)
    return Reply(message["id"], None, _error(message["status"], message.get("error")), limits)


_HEADERS: Final = {"REQUEST_WEIGHT": "x-mbx-used-weight-", "ORDERS": "x-mbx-order-count-"}


def _headers(limits: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {
        f"{_HEADERS[row['rateLimitType']]}{row['intervalNum']}{row['interval'][:1].lower()}": str(
            row["count"]
        )
        for row in limits
        if row.get("rateLimitType") in _HEADERS
    }


def _error(status: int, error: object) -> ApiError:
    fields = error if isinstance(error, dict) else {}
    code = fields.get("code")
    data = fields.get("data")
    wait = None
    if isinstance(data, dict):
        until, now = data.get("retryAfter"), data.get("serverTime")
        if isinstance(until, int | float) and isinstance(now, int | float):
            wait = max(0.0, (milliseconds(until) - milliseconds(now)) / 1000)
            wait = min(wait, LONGEST_BAN)
    if wait is None and status == STATUS_BANNED:
        wait = SHORTEST_BAN
    reason = str(fields.get("msg", "")) or f"status {status}"
    return ApiError(status, code if isinstance(code, int) else 0, reason, wait, data)
