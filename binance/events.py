"""What happens to a socket, told to ``BinanceSocketManager(..., on_event=fn)``.

Each event is a frozen value with at least ``key`` (what ``start_*`` returned) and ``when`` (UNIX
seconds, a float). ``fn`` is called with one event at a time, in the reactor thread, in the order in
which things happened; an exception it raises is logged and goes no further.

The usual lives of a socket, in events::

    Connected -> Disconnected -> Retrying -> Connected -> Resumed       a link lost and mended
    Connected -> Rotated                                                a link replaced in time
    Retrying x 5 -> GaveUp                                              the exchange out of reach

Events never hold an API key, a signature, a listen key or a token.
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
    "Resumed",
    "Retrying",
    "Rotated",
    "Silent",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event has; ``isinstance(event, Event)`` is true for all of them."""

    key: str
    """The socket's key, as its ``start_*`` method returned it."""
    when: float
    """When it happened, in UNIX seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected(Event):
    """A WebSocket handshake was completed. No message need have arrived yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected(Event):
    """A link ended, or a try to open one failed. A socket that the user stops tells nothing."""

    code: int | None = None
    """WebSocket close code (RFC 6455 §7.4); 1006 when the peer vanished without one."""
    reason: str | None = None
    """Why, in words: the peer's, or ours when no link came about (DNS, TLS, time-out)."""
    http_status: int | None = None
    """The HTTP status that refused the handshake, such as 429 or 451."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrying(Event):
    """Another try is planned."""

    attempt: int
    """Which try it will be, from 1, since the link was last proven."""
    delay: float
    """Seconds until it is made, whatever it has to wait for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delayed(Event):
    """A connection waits, so that the exchange's limit of connects, or a ban, is kept."""

    until: float
    """When it will be made, in UNIX seconds."""
    reason: str
    """The limit that it waits for, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Event):
    """A lost link is back and proven. What was sent meanwhile is lost, but see `Backfilled`."""

    downtime: float
    """Seconds from the loss to the proof."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated(Event):
    """A successor took over before the exchange's cut; each event was delivered once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp(Event):
    """No further try will be made; the callback has got its error dict and the key is free."""

    reason: str
    """What the last try failed of."""
    code: int | None = None
    """HTTP status or close code of the last try, when there was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent(Event):
    """A stream has not spoken since its link opened, or has a fixed cadence and has stopped.

    Told once, and again only if it has spoken meanwhile; never acted on.
    """

    stream: str
    cause: str
    """The likely cause: an unknown symbol, a retired stream, or simply a quiet market."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(Event):
    """Events of a stream are missing."""

    stream: str
    first: int | None = None
    """First id missing; None when the stream has no contiguous ids to tell it by."""
    last: int | None = None
    """Last id missing, inclusive; None as above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfilled(Event):
    """Missing events were fetched and delivered, in order, before those that followed."""

    stream: str
    first: int
    """First id delivered so."""
    last: int
    """Last id delivered so, inclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackFailed(Event):
    """The user's callback raised; the message is spent, the link lives on."""

    error: BaseException


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflowed(Event):
    """A queue was full (``dispatch='thread'``) and messages were dropped by its policy."""

    dropped: int
    """How many, since the last such event of this key."""
