"""The limits that the simulated exchange enforces, and the form of its errors. Pure.

Sources: the exchange's pages "WebSocket Streams" (general information, limits), "General REST API
Information" (limits) and "Websocket Market Streams" of futures and options.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

STREAMS = 1024
"""Streams of one connection."""

MOST_STREAMS = {"options": 200}
"""The same where it is less: market -> streams."""

RARER = dict.fromkeys(("usdm", "coinm", "pm", "pm-classic"), (9, 10)) | {"options": (15, 15)}
"""Market -> how many times longer than on spot the pings are apart, and pongs may take."""

INTERVALS = {"SECOND": 1, "MINUTE": 60}
"""The intervals in which the orders of an account are counted, in seconds."""

FUTURES_ORDERS = (("MINUTE", 1, 1200), ("SECOND", 10, 300))
"""Orders of one account on futures, USD-M and COIN-M together: interval, intervals, orders."""

REQUESTS_BEFORE_BAN = 10
"""Requests after a 429 that lead to a ban."""

WRAPPED = "wrapped"
BARE = "bare"
BARE_WITH_ID = "bare_with_id"

T = TypeVar("T")


def _rule(default: T, help: str, *allowed: str) -> T:
    """A rule: the exchange's value, its meaning for the command line, the words that are allowed
    (if it is a number it must be more than 0).
    """
    made: Any = dataclasses.field(default=default, metadata={"help": help, "allowed": allowed})
    field: T = made
    return field


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The rules of one simulator.

    :raises ValueError: for a value out of range, saying what is allowed.
    """

    limits: Literal["enforce", "count", "off"] = _rule(
        "enforce", "enforce, count (only count violations) or off", "enforce", "count", "off"
    )
    error_shape: Literal["wrapped", "bare", "bare_with_id"] = _rule(
        "wrapped",
        "errors on streams: wrapped, bare or bare_with_id",
        *(WRAPPED, BARE, BARE_WITH_ID),
    )
    """``{"error": {"code", "msg"}, "id"}``, ``{"code", "msg"}``, or that with an id."""
    ping_interval: float = _rule(20.0, "seconds between pings")
    pong_timeout: float = _rule(60.0, "seconds within which a pong must come")
    lifetime: float = _rule(24 * 3600.0, "seconds that a connection lives")
    messages_per_second: int = _rule(5, "client messages per second on spot streams")
    """Pings, pongs and JSON together."""
    usdm_messages_per_second: int = _rule(
        10, "client messages per second on futures and options streams"
    )
    streams: int = _rule(STREAMS, "streams of one connection")
    connects: int = _rule(300, "connection attempts per window and address")
    connects_window: float = _rule(300.0, "seconds of that window")
    url_length: int = _rule(8000, "characters of a URL")
    """About the longest that the exchange accepts."""
    weight: int = _rule(6000, "request weight per minute of spot")
    futures_weight: int = _rule(
        2400, "request weight per minute of futures, USD-M and COIN-M together"
    )
    """Options have as much for themselves."""
    orders: int = _rule(100, "new orders of one account in 10 seconds on spot")
    ban: float = _rule(120.0, "seconds of the first ban")
    """A ban (418) follows too many 429; the exchange's bans begin at 2 minutes."""
    backlog: int = _rule(32 * 2**20, "bytes that may wait for a client that does not read")
    tick: float = _rule(0.01, "seconds between two updates of the market")
    listen_key_life: float = _rule(3600.0, "seconds that a listen key lives without a keepalive")
    spot_listen_keys: Literal["gone", "live"] = _rule(
        "gone",
        "listen keys of spot accounts: gone (410), or live as in other regions",
        *("gone", "live"),
    )

    def __post_init__(self) -> None:
        for rule in dataclasses.fields(self):
            value, allowed = getattr(self, rule.name), rule.metadata["allowed"]
            if allowed and value not in allowed:
                words = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
                raise ValueError(f"{rule.name} must be {words}, not {value!r}")
            if not allowed and not value > 0:
                raise ValueError(f"{rule.name} must be more than 0, not {value}")

    @property
    def enforcing(self) -> bool:
        return self.limits == "enforce"

    @property
    def counting(self) -> bool:
        return self.limits != "off"


RULES: dict[str, str] = {rule.name: rule.metadata["help"] for rule in dataclasses.fields(Settings)}
"""Each rule and its meaning."""
