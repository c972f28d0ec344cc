"""The cursor of each stream kind: where in its stream an event stands, and what may follow it.

Theory.  Of two events of one stream, the cursor tells which came first, whichever link brought
them.  What can be promised depends on what the exchange puts into the payload:

    kind           cursor                guarantee that it carries
    trade          t                     unique, contiguous (USD-M: unique; it is undocumented)
    aggTrade       a                     unique, contiguous
    depth          u                     unique; contiguous by U = last u + 1, on futures by pu
    bookTicker     u                     unique
    partialDepth   lastUpdateId, or u    a snapshot: an equal cursor is the same book again
    kline          (k.t, E)              ordered; events alike in both are told apart by content
    any other      E (a list: its        ordered; events of one E are told apart by content
                   largest), or t
    no cursor      none                  told apart by content alone: account events

*Unique* cursors rise with each event, so one that does not rise is a double.  *Contiguous* ones
leave no doubt about what is missing.  *Ordered* ones never fall, but several events may share one;
two that agree in cursor and content count as the same event.

A `Track` watches one stream at all times and not only while links overlap: it drops doubles and
stale events by their ids, and names the ids that are missing.  Kinds without ids pass.  Should the
exchange restart a stream's ids, everything would look stale; so a stream that brings nothing but
stale events for a minute of its own time, or `STALE_EVENTS` of them, is believed again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from binance.sansio.streams import CursorKind, UnknownStream, cursor_kind, parse

Cursor = int | tuple[int, int]

STALE_MILLISECONDS: Final = 60_000
STALE_EVENTS: Final = 100_000
MICROSECONDS: Final = 10**14
"""Times above this are in microseconds (`timeUnit=MICROSECOND`), below in milliseconds."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Events of a stream that were not delivered; ids inclusive, None where they are unknown."""

    stream: str
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for the cursors of one kind."""

    read: Callable[[Any], Cursor | None]
    """The cursor of a payload; None when it has none."""
    has_ties: bool
    """May different events share a cursor?"""
    joins: Callable[[Any, Cursor], bool]
    """Can nothing lie between the event at this cursor and this payload?"""


def _number(data: Any, field: str) -> int | None:
    value = data.get(field) if isinstance(data, dict) else None
    return value if type(value) is int else None


def _time(data: Any) -> Cursor | None:
    if isinstance(data, list):
        times = [moment for item in data if (moment := _number(item, "E")) is not None]
        return max(times, default=None)
    moment = _number(data, "E")
    return _number(data, "t") if moment is None else moment


def _kline(data: Any) -> Cursor | None:
    opened, moment = _number(data.get("k"), "t") if isinstance(data, dict) else None, _time(data)
    if opened is None or not isinstance(moment, int):
        return None
    return (opened, moment)


def _snapshot(data: Any) -> Cursor | None:
    number = _number(data, "lastUpdateId")
    return _number(data, "u") if number is None else number


def _never(data: Any, last: Cursor) -> bool:
    return False


def _follows(field: str) -> Callable[[Any, Cursor], bool]:
    return lambda data, last: isinstance(last, int) and _number(data, field) == last + 1


def _diff_joins(data: Any, last: Cursor) -> bool:
    before, first = _number(data, "pu"), _number(data, "U")
    if before is not None:
        return before == last
    return isinstance(last, int) and first is not None and first <= last + 1


RULES: Final[dict[CursorKind, Rule]] = {
    "trade": Rule(lambda data: _number(data, "t"), False, _follows("t")),
    "aggTrade": Rule(lambda data: _number(data, "a"), False, _follows("a")),
    "depth": Rule(lambda data: _number(data, "u"), False, _diff_joins),
    "bookTicker": Rule(lambda data: _number(data, "u"), False, _follows("u")),
    "partialDepth": Rule(_snapshot, False, _never),
    "kline": Rule(_kline, True, _never),
    "time": Rule(_time, True, _never),
}
CONTENT: Final = Rule(lambda data: None, True, _never)
"""Of account events: they have no ids, and E is not unique."""


def is_after(one: Cursor, other: Cursor) -> bool:
    """Is the first cursor beyond the second?  Both are of one kind."""
    return one > other  # type: ignore[operator]


def kind_of(name: str, market: str) -> CursorKind:
    """The cursor kind of a stream; a name that is not documented goes by its time."""
    try:
        return cursor_kind(parse(name, market))
    except UnknownStream:
        return "time"


# at all times


class Track:
    """One stream whose events have no ids: everything passes."""

    names_holes = False
    __slots__ = ("_holes", "_name", "_stale", "_stale_after", "_stale_since", "last")

    def __init__(self, name: str, holes: list[Hole]) -> None:
        self._name = name
        self._holes = holes
        self.last: int | None = None
        """The newest id delivered."""
        self._stale = 0
        self._stale_after: int | None = None
        self._stale_since: int | None = None

    def admit(self, data: Any) -> bool:
        """Is it to be delivered?  Holes that it reveals are appended to the list."""
        return True

    def _is_stale(self, data: Any) -> bool:
        """One more event that is not beyond the last: stale, unless the ids began anew."""
        if self.last != self._stale_after:
            self._stale_after, self._stale, self._stale_since = self.last, 0, None
        self._stale += 1
        moment = _time(data)
        if isinstance(moment, int):
            if self._stale_since is None:
                self._stale_since = moment
            elapsed = (moment - self._stale_since) / (1000 if moment > MICROSECONDS else 1)
            if elapsed > STALE_MILLISECONDS:
                self._stale = STALE_EVENTS + 1
        if self._stale <= STALE_EVENTS:
            return True
        self._holes.append(Hole(self._name, None, None))
        return False


class ContiguousTrack(Track):
    """Ids that rise by one: `trade` and `aggTrade`."""

    __slots__ = ("field",)
    names_holes = True

    def __init__(self, name: str, holes: list[Hole], field: str) -> None:
        super().__init__(name, holes)
        self.field = field

    def admit(self, data: Any) -> bool:
        try:
            number = data[self.field]
            if number - 1 == self.last:
                self.last = number
                return True
        except (KeyError, TypeError):
            return True  # another payload than this stream's: not ours to judge
        return self._judge(number, data)

    def _judge(self, number: int, data: Any) -> bool:
        last = self.last
        if last is not None and number > last:
            self._holes.append(Hole(self._name, last + 1, number - 1))
        elif last is not None and self._is_stale(data):
            return False
        self.last = number
        return True


class RisingTrack(Track):
    """Ids that rise, by how much nobody knows: `bookTicker`, snapshots, USD-M's `trade`."""

    __slots__ = ("_read", "_repeats")

    def __init__(
        self, name: str, holes: list[Hole], read: Callable[[Any], Any], repeats: bool = False
    ) -> None:
        super().__init__(name, holes)
        self._read = read
        self._repeats = repeats

    def admit(self, data: Any) -> bool:
        number = self._read(data)
        if number is None:
            return True
        last = self.last
        if last is not None:
            is_beyond = number > last or (number == last and self._repeats)
            if not is_beyond and self._is_stale(data):
                return False
        self.last = number
        return True


class DiffTrack(Track):
    """Book diffs: each names the ids that it covers."""

    __slots__ = ()
    names_holes = True

    def admit(self, data: Any) -> bool:
        try:
            number, last = data["u"], self.last
            if last is None or data["U"] - 1 == last:
                self.last = number
                return True
            before = data.get("pu")
        except (KeyError, TypeError):
            return True
        return self._judge(number, last, before, data)

    def _judge(self, number: int, last: int, before: int | None, data: Any) -> bool:
        if number <= last and self._is_stale(data):
            return False
        if number > last and not _diff_joins(data, last):
            first = data["U"]
            known = before is None
            hole = Hole(self._name, last + 1, first - 1) if known else Hole(self._name, None, None)
            self._holes.append(hole)
        self.last = number
        return True


def track(name: str, market: str, holes: list[Hole]) -> Track:
    """The watch over one stream."""
    kind = kind_of(name, market)
    if name.startswith("!"):
        return Track(name, holes)  # ids of many symbols
    if kind == "aggTrade" or (kind == "trade" and market == "spot"):
        return ContiguousTrack(name, holes, "a" if kind == "aggTrade" else "t")
    if kind == "depth":
        return DiffTrack(name, holes)
    if kind in ("trade", "bookTicker", "partialDepth"):
        return RisingTrack(name, holes, RULES[kind].read, repeats=kind == "partialDepth")
    return Track(name, holes)
