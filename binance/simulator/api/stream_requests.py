"""Requests on stream connections (SUBSCRIBE and the like), and their URLs: read and checked. Pure.

Source: the exchange's page "WebSocket Streams", "Live Subscribing/Unsubscribing to streams" and
"Error Messages".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from binance.simulator.api.params import is_microseconds
from binance.simulator.rules.settings import BARE, BARE_WITH_ID

METHODS = ("SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY")

UNKNOWN_PROPERTY = 0
EXPECTED_BOOLEAN = 1
INVALID_REQUEST = 2
INVALID_JSON = 3
_BAD_ID = (
    "request ID must be a 64-bit integer, an alphanumeric string of at most 36 characters, or null"
)

Id = int | str | None


class RequestRefused(Exception):
    """A request that is answered with an error; the connection stays open."""

    def __init__(self, code: int, message: str, id: Id = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.id = id

    def reply(self, shape: str) -> dict[str, Any]:
        """The error in one of the shapes that the exchange sends."""
        error = {"code": self.code, "msg": self.message}
        if shape == BARE:
            return error
        return (error if shape == BARE_WITH_ID else {"error": error}) | {"id": self.id}


@dataclass(frozen=True, slots=True)
class StreamRequest:
    """One request. ``names`` for SUBSCRIBE and UNSUBSCRIBE, ``combined`` for SET_PROPERTY."""

    method: str
    id: Id
    names: tuple[str, ...] = ()
    combined: bool = False


def _invalid(what: str, id: Id = None) -> RequestRefused:
    return RequestRefused(INVALID_REQUEST, f"Invalid request: {what}", id)


def read_request(payload: bytes) -> StreamRequest:
    """Read one request.

    :raises RequestRefused: as the exchange does.
    """
    try:
        message = json.loads(payload)
    except ValueError as error:
        where = f"line {getattr(error, 'lineno', 1)} column {getattr(error, 'colno', 0)}"
        raise RequestRefused(INVALID_JSON, f"Invalid JSON: expected value at {where}") from None
    if not isinstance(message, dict):
        raise _invalid("expected an object")
    if not is_id(id := message.get("id")):
        raise _invalid(_BAD_ID)
    if "method" not in message:
        raise _invalid("missing field `method`", id)
    method, params = message["method"], message.get("params", [])
    if method not in METHODS:
        expected = ", ".join(f"`{each}`" for each in METHODS)
        shown = method if isinstance(method, str) else json.dumps(method)
        raise _invalid(f"unknown variant `{shown}`, expected one of {expected}", id)
    if not isinstance(params, list):
        raise _invalid("params must be an array", id)
    if method in ("SUBSCRIBE", "UNSUBSCRIBE"):
        if not params:
            raise _invalid("missing field `params`", id)
        if not all(isinstance(name, str) for name in params):
            raise _invalid("stream names must be strings", id)
        return StreamRequest(method, id, tuple(params))
    if len(params) > {"LIST_SUBSCRIPTIONS": 0, "GET_PROPERTY": 1, "SET_PROPERTY": 2}[method]:
        raise _invalid("too many parameters", id)
    return StreamRequest(method, id, combined=_property(method, params, id))


def is_id(id: object, letters: str = "") -> bool:
    """May it be the id of a request: a 64-bit integer, a text of letters, digits and ``letters``,
    or nothing?
    """
    if isinstance(id, int) and not isinstance(id, bool):
        return -(2**63) <= id < 2**63
    text = f"[0-9A-Za-z{letters}]{{1,36}}"
    return id is None or (isinstance(id, str) and re.fullmatch(text, id) is not None)


def _property(method: str, params: list[Any], id: Id) -> bool:
    """The value in a SET_PROPERTY."""
    if method == "LIST_SUBSCRIPTIONS":
        return False
    if not params or not isinstance(params[0], str):
        raise _invalid("property name must be a string", id)
    if params[0] != "combined":
        raise RequestRefused(UNKNOWN_PROPERTY, "Unknown property", id)
    if method == "SET_PROPERTY" and not isinstance(params[-1], bool):
        raise RequestRefused(EXPECTED_BOOLEAN, "Invalid value type: expected Boolean", id)
    return params[-1] is True


@dataclass(frozen=True, slots=True)
class StreamTarget:
    """The URL of a stream connection.

    ``category``: the path of USD-M or options (``public``, ``market``, ``private``; empty for other
    markets, and for options without one).
    """

    market: str
    category: str
    names: tuple[str, ...]
    combined: bool
    microseconds: bool
    user_events: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Listen keys of the query -> the events wanted of each; none means all."""


CATEGORIES = ("public", "market", "private")
HOSTS = ("coinm", "options", "margin", "pm", "pm-classic")
"""Markets with an address of their own on the exchange; here their paths begin with the market.
Those of portfolio margin are on the host of USD-M futures, whose paths may begin with ``usdm``.
"""


def read_target(target: str) -> StreamTarget | None:
    """Read the target of a stream connection (``/ws/a``, ``/stream?streams=a/b``,
    ``/market/ws/a``).

    None when no stream server has such a path.

    :raises ApiError: -1194, spot has no such unit of times.
    """
    path, _, query = target.partition("?")
    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    options = dict(pairs)
    market, category = "spot", ""
    first, _, rest = path.lstrip("/").partition("/")
    if first == "usdm":  # without a path, the host of USD-M futures serves what /public does
        market, category, path = first, CATEGORIES[0], f"/{rest}"
        first, _, rest = rest.partition("/")
    if first in HOSTS:
        market, category, path = first, "", f"/{rest}"
        first, _, rest = rest.partition("/")
    if first in CATEGORIES and market in ("spot", "usdm", "options"):
        market, category, path = "usdm" if market == "spot" else market, first, f"/{rest}"
    if path in ("/stream", "/stream/"):
        names, combined = options.get("streams", ""), True
    elif path == "/ws" or path.startswith("/ws/"):
        names, combined = path[4:], False
    else:
        return None
    user_events = _user_events(pairs)
    return StreamTarget(
        market,
        category,
        tuple(dict.fromkeys([unquote(one) for one in names.split("/") if one] + [*user_events])),
        combined,
        market == "spot" and is_microseconds(options.get("timeUnit", "")),
        user_events,
    )


def _user_events(pairs: Iterable[Sequence[str]]) -> dict[str, frozenset[str]]:
    """The listen keys of a query, and the events that follow each."""
    found: dict[str, frozenset[str]] = {}
    key = ""
    for name, value in pairs:
        if name == "listenKey":
            key = value
            found[key] = frozenset()
        elif name == "events" and key:
            found[key] = frozenset(value.split("/"))
    return found
