"""Which connection of a multiplex key carries which of its streams.

Theory.  A key *wants* streams.  `Shards` lays them out over connections, so that none carries more
than the exchange allows and none mixes the paths that USD-M and options split their streams by.  A
stream stays where it was put as long as it is wanted: moving it would cost a gap.  Re-balancing is
done by where new streams go, into the fullest connection that has room, and by closing a connection
that has become empty.

Within a connection the first names go into the URL and the rest into SUBSCRIBE requests; `fitting`
and `chunks` cut them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import ceil
from typing import Final

from binance.sansio.names.streams import category, check_market, encoded

STREAMS_PER_CONNECTION: Final = {"spot": 1024, "usdm": 1024, "coinm": 1024, "options": 200}
"""https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md, "General";
the "Connect" pages of https://developers.binance.com/docs/derivatives."""
URL_OCTETS: Final = 7800
"""Length of an encoded path and query that is still accepted: URLs of 8004 octets were refused."""
CHUNK_NAMES: Final = 200
CHUNK_OCTETS: Final = 4096
"""What one SUBSCRIBE asks for at most."""


@dataclass(eq=False, slots=True)
class Shard:
    """The streams of one connection, in the order in which they came."""

    number: int
    category: str = ""
    """``public`` or ``market`` where the market splits its streams by path, else ``''``."""
    names: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of wishes means for the connections."""

    opened: tuple[Shard, ...] = ()
    """New connections; their names are in them."""
    closed: tuple[Shard, ...] = ()
    """Connections that carry nothing any more."""
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
        """Every stream that is wanted, in the order in which they came."""
        return list(self._of)

    def add(self, names: Iterable[str]) -> Change:
        """Want these too; those that are wanted already change nothing."""
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
        """Want these no longer; the last connection stays open though it be empty."""
        removed: dict[Shard, list[str]] = {}
        for name in dict.fromkeys(names):
            if (shard := self._of.pop(name, None)) is not None:
                del shard.names[name]
                removed.setdefault(shard, []).append(name)
        closed = self._close_empty()
        left = ((shard, gone) for shard, gone in removed.items() if shard not in closed)
        return Change(closed=closed, removed=tuple(left))

    def shard_of(self, name: str) -> Shard | None:
        """The connection that is to carry a stream; None for one that is not wanted."""
        return self._of.get(name)

    def _close_empty(self) -> tuple[Shard, ...]:
        """Take out the connections that carry nothing, unless no other is left."""
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
        return [
            shard
            for shard in self.shards
            if shard.category == kind and len(shard.names) < self._limit
        ]

    def _put(self, shard: Shard, names: list[str]) -> None:
        shard.names |= dict.fromkeys(names)
        self._of |= dict.fromkeys(names, shard)


def evenly(names: Sequence[str], limit: int) -> Iterator[list[str]]:
    """Cut into as few parts as the limit allows, of nearly the same size."""
    parts = ceil(len(names) / limit)
    for i in range(parts):
        yield list(names[i * len(names) // parts : (i + 1) * len(names) // parts])


def fitting(names: Iterable[str], octets: int = URL_OCTETS) -> list[str]:
    """The first names that together fit into a URL; the others are subscribed to."""
    chosen: list[str] = []
    length = len("streams=")
    for name in names:
        length += len(encoded(f"streams={name}")) - len("streams=") + 1
        if length > octets:
            break
        chosen.append(name)
    return chosen


def chunks(names: Iterable[str]) -> Iterator[list[str]]:
    """Cut into the params of single requests, so that no frame grows large."""
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
