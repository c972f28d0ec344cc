"""Events about a socket, reported to ``BinanceSocketManager(..., on_event=fn)``.

Each event is a frozen value. It has at least ``key``, the socket key that ``start_*`` returned, and
``when``, the time in UNIX seconds (a float). ``fn`` is called in the reactor thread, with one event
at a time, in the order in which the events happened. If ``fn`` raises an exception, the exception
is logged and has no other effect.

Typical sequences of events::

    Connected -> Disconnected -> Retrying -> Connected -> Resumed  reconnected after a loss
    Connected -> Rotated                                           replaced in time
    Disconnected -> Retrying x 5 -> GaveUp                         unreachable exchange
    Connected -> RedundancyChanged -> RedundancyChanged            one of two links was away

Events never contain an API key, a signature, a listen key or a token.
"""

from dataclasses import dataclass

__all__ = [
    "Backfilled",
    "CallbackFailed",
    "Connected",
    "Delayed",
    "Disconnected",
    "Event",
    "Gap",
    "GaveUp",
    "Overflowed",
    "RedundancyChanged",
    "Resumed",
    "Retrying",
    "Rotated",
    "Silent",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The base class of all events, with the fields that every event has."""

    key: str
    """The socket key, as the ``start_*`` method returned it."""
    when: float
    """The time of the event, in UNIX seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected(Event):
    """A connection is open; that of an account is also subscribed.

    The first message may arrive later.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected(Event):
    """A connection ended, or could not be opened. Stopping a socket produces no such event."""

    code: int | None = None
    """WebSocket close code (RFC 6455 §7.4); 1006 if the other side sent no close code."""
    reason: str | None = None
    """The reason as text: from the other side, or from this library (DNS, TLS, time-out)."""
    http_status: int | None = None
    """The HTTP status with which the handshake was refused, such as 429 or 451."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrying(Event):
    """A retry is scheduled."""

    attempt: int
    """The number of the retry, from 1; it starts again after each proven connection."""
    delay: float
    """Seconds until the retry, including all waiting times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delayed(Event):
    """A connect is delayed, because of the exchange's limit of connects or because of a ban."""

    until: float
    """The time of the connect, in UNIX seconds."""
    reason: str
    """The limit that causes the delay, as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Event):
    """A lost connection was replaced, and the new one is proven.

    A connection is proven when it has delivered its first message, or has been open for ten
    seconds. Messages sent in the meantime are lost, except those reported as `Backfilled`.
    """

    downtime: float
    """Seconds from the loss until the new connection opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated(Event):
    """A new connection replaced the old one before the exchange closed it.

    Each event was delivered once.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class RedundancyChanged(Event):
    """One of two links was lost or has come back, and the other one is open (``redundancy=2``).

    The socket stays connected, and no event of a stream is lost or delayed.
    """

    links: int
    """The number of links that are open now: 1 or 2."""
    reason: str | None = None
    """Why a link was lost; None if one has come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp(Event):
    """The library stopped retrying. The socket key is free.

    The callback gets the error dict next. So start the stream again either here or in the
    callback: the other one would find the new socket under the same key.
    """

    reason: str
    """Why the last try failed."""
    code: int | None = None
    """HTTP status or close code of the last try, if there was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent(Event):
    """A stream has sent no message since its connection opened, or has stopped sending.

    A stop is reported only for streams that send at regular intervals. The event is reported once,
    and again only if the stream has sent a message in between. The library takes no other action.
    """

    stream: str
    cause: str
    """The likely cause: an unknown symbol, a retired stream, or just a quiet market."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(Event):
    """Events of a stream are missing."""

    stream: str
    first: int | None = None
    """The first missing id; None if the ids of the stream do not show which are missing."""
    last: int | None = None
    """The last missing id, inclusive; None in the same case."""
    reason: str = ""
    """Why the events could not be fetched, if that was wanted. Ids of candles are open times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfilled(Event):
    """Missing events were fetched, and delivered in order before the next events."""

    stream: str
    first: int
    """The first id that was fetched; of candles, the open time."""
    last: int
    """The last id that was fetched, inclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackFailed(Event):
    """The callback raised an exception. The message is not repeated; the connection stays open."""

    error: BaseException


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflowed(Event):
    """A queue was full (``dispatch='thread'``), and messages were dropped as ``overflow`` says."""

    dropped: int
    """The number of dropped messages since the last such event of this socket key."""
