"""The figures that a manager reports of its sockets: records that can be read like dicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal


class _Figures(Mapping[str, Any]):
    """A dataclass whose fields are also the items of a mapping, which equals a dict of them."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        if name in self.__slots__:
            return getattr(self, name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.__slots__)

    def __len__(self) -> int:
        return len(self.__slots__)


@dataclass(frozen=True, slots=True, eq=False)
class LatencyStats(_Figures):
    """Seconds from the exchange's event time `E` to the receipt of a message.

    The median, the 99th percentile and the maximum are of samples of the last minute: one message
    of at most ten reads a second.
    """

    p50: float
    p99: float
    max: float
    error: float | None
    """How wrong the values may be; None unless the exchange's clock was measured."""


@dataclass(frozen=True, slots=True, eq=False)
class RedundancyStats(_Figures):
    """How two links that carry the same streams compare.

    `lead_p50` and `lead_p99` are the median and the 99th percentile of the latest 256 leads, in
    seconds; None before the first one.
    """

    first: list[int]
    """How many events each link brought before the other one."""
    lead_p50: float | None
    lead_p99: float | None


@dataclass(frozen=True, slots=True, eq=False)
class SocketStats(_Figures):
    """The figures of one socket.

    Each one can also be read as an item: `figures["dropped"]` is `figures.dropped`.
    `json.dumps(figures, default=dict)` writes them as JSON.
    """

    messages: int
    """Messages that arrived."""
    bytes: int
    """Bytes of their payloads."""
    reconnects: int
    """How often a lost connection was replaced."""
    connected: bool
    """Whether the connection is open; False too if the listen key of its account has ended."""
    last_message_age: float | None
    """Seconds since the last message; None before the first one."""
    dropped: int
    """Messages that did not fit into the queue."""
    callback_errors: int
    """Exceptions that the callback raised."""
    links: int
    """Open links."""
    redundancy: RedundancyStats | None
    """How two links compare; None unless `redundancy=2`."""
    gaps: int
    """Gaps that were reported, see `binance.events.Gap`."""
    backfilled: int
    """Events that were fetched, because they were missed."""
    latency: LatencyStats | None
    """How late messages arrive; None before the first one, and if they have no event time."""
    rotations: int
    """How often a connection was replaced in time."""
    queued: int
    """Messages that wait for the callback; always 0 with `dispatch="reactor"`."""
    callback_seconds: float
    """Seconds that the reactor thread took to decode and deliver the messages.

    With `dispatch="reactor"` the calls of the callback are included.
    """


NO_KEY = "False is no key: start_.. returned it because that stream is open already"


class Stats(dict[str, SocketStats]):
    """The figures of each socket, by its key. A notebook shows them as a table."""

    if TYPE_CHECKING:
        # What a start returns is a key for type checkers: there is no need to compare it first.
        def __getitem__(self, key: str | Literal[False], /) -> SocketStats: ...

    def __missing__(self, key: object) -> SocketStats:
        raise KeyError(NO_KEY if key is False else key)

    def _repr_html_(self, caption: str = "") -> str:
        columns = ["socket", *next(iter(self.values()), ())]
        from binance.sansio.wire.html_tables import table  # for notebooks

        return table(caption, columns, ([key, *row.values()] for key, row in self.items()))
