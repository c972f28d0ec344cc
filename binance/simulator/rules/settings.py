"""The limits that the simulated exchange enforces, and the form of its errors. Pure.

Sources: the exchange's pages "WebSocket Streams" (general information, limits), "General REST API
Information" (limits) and "Websocket Market Streams" of futures and options.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

PING_INTERVAL = 20.0
"""Seconds between the server's pings (spot)."""

PONG_TIMEOUT = 60.0
"""Seconds until a missing pong closes the connection (spot)."""

LIFETIME = 24 * 3600.0
"""Seconds that a connection lives."""

MESSAGES_PER_SECOND = 5
"""Messages that a client may send in any second on spot streams: pings, pongs and JSON together."""

USDM_MESSAGES_PER_SECOND = 10
"""The same on futures and options."""

STREAMS = 1024
"""Streams of one connection."""

MOST_STREAMS = {"options": 200}
"""The same where it is less: market -> streams."""

RARER = {"usdm": (9, 10), "coinm": (9, 10), "options": (15, 15)}
"""Market -> how many times longer than on spot the pings are apart, and pongs may take."""

CONNECTS = 300
"""Connection attempts of one address within :data:`CONNECTS_WINDOW`."""

CONNECTS_WINDOW = 300.0
"""Seconds."""

URL_LENGTH = 8000
"""About the longest URL that the exchange accepts, in characters."""

WEIGHT = 6000
"""Request weight of one address in a minute (spot)."""

FUTURES_WEIGHT = 2400
"""The same on futures: USD-M and COIN-M together; and of options alone."""

BAN = 120.0
"""Seconds of the first ban (418) after too many 429; the exchange's bans begin at 2 minutes."""

REQUESTS_BEFORE_BAN = 10
"""Requests after a 429 that lead to a ban."""

LISTEN_KEY_LIFE = 3600.0
"""Seconds that a listen key lives without a keepalive."""

BACKLOG = 32 * 2**20
"""Unread bytes at which a client that does not read is dropped."""

WRAPPED = "wrapped"
BARE = "bare"
BARE_WITH_ID = "bare_with_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The rules of one simulator.

    ``limits``: ``enforce`` (refuse, disconnect), ``count`` (only count violations) or ``off``.
    ``error_shape``: of errors on streams, ``wrapped`` ``{"error": {"code", "msg"}, "id"}``,
    ``bare`` ``{"code", "msg"}``, or ``bare_with_id``. ``tick``: seconds between two updates of the
    market.
    ``spot_listen_keys``: those of spot accounts answer 410 (``gone``), or still work (``live``), as
    in other regions.

    :raises ValueError: for a value out of range, saying what is allowed.
    """

    ping_interval: float = PING_INTERVAL
    pong_timeout: float = PONG_TIMEOUT
    lifetime: float = LIFETIME
    messages_per_second: int = MESSAGES_PER_SECOND
    usdm_messages_per_second: int = USDM_MESSAGES_PER_SECOND
    streams: int = STREAMS
    connects: int = CONNECTS
    connects_window: float = CONNECTS_WINDOW
    url_length: int = URL_LENGTH
    weight: int = WEIGHT
    futures_weight: int = FUTURES_WEIGHT
    ban: float = BAN
    backlog: int = BACKLOG
    tick: float = 0.01
    listen_key_life: float = LISTEN_KEY_LIFE
    spot_listen_keys: Literal["gone", "live"] = "gone"
    limits: Literal["enforce", "count", "off"] = "enforce"
    error_shape: Literal["wrapped", "bare", "bare_with_id"] = "wrapped"

    def __post_init__(self) -> None:
        if self.limits not in ("enforce", "count", "off"):
            raise ValueError(f"limits must be enforce, count or off, not {self.limits!r}")
        if self.spot_listen_keys not in ("gone", "live"):
            raise ValueError(
                f"spot_listen_keys must be gone or live, not {self.spot_listen_keys!r}"
            )
        if self.error_shape not in (WRAPPED, BARE, BARE_WITH_ID):
            raise ValueError(
                f"error_shape must be wrapped, bare or bare_with_id, not {self.error_shape!r}"
            )
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, str) and not value > 0:
                raise ValueError(f"{field.name} must be more than 0, not {value}")

    @property
    def enforcing(self) -> bool:
        return self.limits == "enforce"

    @property
    def counting(self) -> bool:
        return self.limits != "off"
