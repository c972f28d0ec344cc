"""Which connection of a multiplex key carries which of its streams.

Theory.  A key *wants* streams.  `Shards` distributes them over connections.  No connection carries
more streams than the exchange allows, and none mixes the paths by which USD-M and options split
their streams.  A stream stays on its connection as long as it is wanted, because to move it would
cause a gap.  A new stream goes to the fullest connection with room, and an empty connection is
closed.

The first names of a connection go into its URL, the rest into SUBSCRIBE requests: see `fitting` and
`chunks`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import ceil
from typing import Final, NamedTuple

from binance.sansio.names.forms import check_market
from binance.sansio.names.streams import category, encoded

STREAMS_PER_CONNECTION: Final = {"spot": 1024, "usdm": 1024, "coinm": 1024, "options": 200}
"""https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md, "General";
the "Connect" pages of https://developers.binance.com/docs/derivatives."""
URL_OCTETS: Final = 7800
"""Maximum length of an encoded path and query; the exchange refused URLs of 8004 octets."""
CHUNK_NAMES: Final = 200
CHUNK_OCTETS: Final = 4096
"""The limits of one SUBSCRIBE request."""


@dataclass(eq=False, slots=True)
class Shard:
    """The streams of one connection, in the order in which they were added."""

    number: int
    category: str = ""
    """``public`` or ``market`` where the market splits its streams by path, else ``''``."""
    names: dict[str, None] = field(default_factory=dict)


class Change(NamedTuple):
    """The effect of added or removed streams on the connections."""

    opened: tuple[Shard, ...] = ()
    """New connections, with their names."""
    closed: tuple[Shard, ...] = ()
    """Connections that have become empty."""
    added: tuple[tuple[Shard, list[str]], ...] = ()
    removed: tuple[tuple[Shard, list[str]], ...] = ()


class Shards:
    """The layout of one key's streams over its connections."""

    def __init__(
        self, names: Iterable[str], market: str = "spot", limit: int | None = None
    ) -> None:
        check_market(market)
        self._market = market
        self._limit = limit or STREAMS_PER_CONNECTION[market]
        self._numbers = count()
        self._of: dict[str, Shard] = {}
        self.shards: list[Shard] = []
        self.add(names)

    @property
    def names(self) -> list[str]:
        """All wanted streams, in the order in which they were added."""
        return list(self._of)

    def add(self, names: Iterable[str]) -> Change:
        """Add streams; those that are there already change nothing."""
        new = [name for name in dict.fromkeys(names) if name not in self._of]
        opened: list[Shard] = []
        added: list[tuple[Shard, list[str]]] = []
        for kind, members in self._by_category(new).items():
            rest = members
            for shard in sorted(self._with_room(kind), key=lambda one: -len(one.names)):
                room = self._limit - len(shard.names)
                here, rest = rest[:room], rest[room:]
                if here:
                    self._put(shard, here)
                    added.append((shard, here))
            for here in evenly(rest, self._limit):
                opened.append(Shard(next(self._numbers), kind))
                self._put(opened[-1], here)
        self.shards += opened
        return Change(opened=tuple(opened), closed=self._close_empty(), added=tuple(added))

    def remove(self, names: Iterable[str]) -> Change:
        """Remove streams; the last connection stays open even if it is empty."""
        removed: dict[Shard, list[str]] = {}
        for name in dict.fromkeys(names):
            if (shard := self._of.pop(name, None)) is not None:
                del shard.names[name]
                removed.setdefault(shard, []).append(name)
        closed = self._close_empty()
        left = ((shard, gone) for shard, gone in removed.items() if shard not in closed)
        return Change(closed=closed, removed=tuple(left))

    def shard_of(self, name: str) -> Shard | None:
        """The connection that should carry a stream; None for an unwanted stream."""
        return self._of.get(name)

    def _close_empty(self) -> tuple[Shard, ...]:
        """Remove the empty connections, but keep one connection."""
        empty = [shard for shard in self.shards if not shard.names]
        closed = empty[1:] if len(empty) == len(self.shards) else empty
        self.shards = [shard for shard in self.shards if shard not in closed]
        return tuple(closed)

    def _by_category(self, names: Sequence[str]) -> dict[str, list[str]]:
        split = self._market in ("usdm", "options")
        found: dict[str, list[str]] = {}
        for name in names:
            kind = category(name, self._market) if split else ""
            found.setdefault(kind, []).append(name)
        return found

    def _with_room(self, kind: str) -> list[Shard]:
        return [one for one in self.shards if one.category == kind and len(one.names) < self._limit]

    def _put(self, shard: Shard, names: list[str]) -> None:
        shard.names |= dict.fromkeys(names)
        self._of |= dict.fromkeys(names, shard)


def evenly(names: Sequence[str], limit: int) -> Iterator[list[str]]:
    """Split into as few parts as the limit allows, of nearly equal size."""
    parts = ceil(len(names) / limit)
    for i in range(parts):
        yield list(names[i * len(names) // parts : (i + 1) * len(names) // parts])


def fitting(names: Iterable[str], octets: float = URL_OCTETS) -> list[str]:
    """The first names that fit into one URL together."""
    chosen: list[str] = []
    length = len("streams=")
    for name in names:
        length += len(encoded(f"streams={name}")) - len("streams=") + 1
        if length > octets:
            break
        chosen.append(name)
    return chosen


def chunks(names: Iterable[str]) -> Iterator[list[str]]:
    """Split into the params of single requests, so that no frame becomes large."""
    chunk: list[str] = []
    octets = 0
    for name in names:
        size = len(name.encode()) + 3
        if chunk and (len(chunk) == CHUNK_NAMES or octets + size > CHUNK_OCTETS):
            yield chunk
            chunk, octets = [], 0
        chunk.append(name)
        octets += size
    if chunk:
        yield chunk
