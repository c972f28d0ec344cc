"""The cursor of each stream kind: the position of an event in its stream.

Theory.  The cursor shows which of two events of one stream came first, even if different links
brought them.  What it guarantees depends on the fields of the payload:

    kind           cursor                guarantee
    trade          t                     unique, contiguous (USD-M: unique; it is undocumented)
    aggTrade       a                     unique, contiguous
    depth          u                     unique; contiguous by U = last u + 1, on futures by pu
    bookTicker     u                     unique
    partialDepth   lastUpdateId, or u    a snapshot: an equal cursor is the same book again
    kline          (k.t, E)              ordered; equal cursors are distinguished by content
    any other      E (a list: its        ordered; equal cursors are distinguished by content
                   largest), or t
    no cursor      none                  distinguished by content alone: account events

*Unique* cursors rise with each event; an event whose cursor does not rise is a duplicate.
*Contiguous* cursors show exactly which events are missing.  *Ordered* cursors never fall, but
several events may share one; two events with the same cursor and content count as the same event.

A `Track` watches one stream at all times, not only while two links overlap.  It drops duplicate and
stale events by their ids and finds the missing ids.  It lets all events of a kind without ids pass.

If the exchange restarts the ids of a stream, every event looks stale.  So an event that is not
beyond the last one is either stale, or the ids restarted (`ids_restarted`):

    link      its time E        result
    new       later             the ids restarted, at once: a server that is behind the previous
                                one repeats events with their old times
    new       unknown           stale, for `RESTART_SECONDS`
    any       anything else     stale, for `STALE_SECONDS`

The seconds count from the first stale event in a row: by the times of the events, or by the
client's clock if the events have no time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from binance.sansio.names.forms import CursorKind, UnknownStream, likely_form, parse
from binance.sansio.names.times import per_second

Cursor = int | tuple[int, int]

RESTART_SECONDS: Final = 5.0
STALE_SECONDS: Final = 60.0
UNITS_APART: Final = 100
"""A time that is so many times larger than another one has a smaller unit.  This happens when a
callback converts the times in its message to seconds: the same message object is kept here."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Events of a stream that were not delivered; the ids are inclusive, None if unknown."""

    stream: str
    first: int | None
    last: int | None
    reason: str = ""
    """Why they were not fetched, if somebody tried to."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Events of a stream are being fetched: see `binance.sansio.feed.backfill`."""

    stream: str


class Rule(NamedTuple):
    """The properties of one kind's cursors."""

    read: Callable[[Any], Cursor | None]
    """The cursor of a payload; None if it has none."""
    has_ties: bool
    """Whether different events may have the same cursor."""
    joins: Callable[[Any, Cursor], bool]
    """Whether this payload directly follows the event with this cursor."""
    id: str = ""
    """The field of a unique id."""


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
    try:
        opened, moment = data["k"]["t"], data["E"]
    except (KeyError, TypeError):
        return None
    return (opened, moment) if type(opened) is type(moment) is int else None


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
    "trade": Rule(lambda data: _number(data, "t"), False, _follows("t"), "t"),
    "aggTrade": Rule(lambda data: _number(data, "a"), False, _follows("a"), "a"),
    "depth": Rule(lambda data: _number(data, "u"), False, _diff_joins, "u"),
    "bookTicker": Rule(lambda data: _number(data, "u"), False, _follows("u"), "u"),
    "partialDepth": Rule(_snapshot, False, _never),
    "kline": Rule(_kline, True, _never),
    "time": Rule(_time, True, _never),
}
CONTENT: Final = Rule(lambda data: None, True, _never)
"""The rule of account events: they have no ids, and E is not unique."""


def is_after(one: Cursor, other: Cursor) -> bool:
    """Whether the first cursor is beyond the second; both are of one kind."""
    return one > other  # type: ignore[operator]


def kind_of(name: str, market: str) -> CursorKind:
    """The cursor kind of a stream; for an undocumented kind, its time."""
    try:
        return parse(name, market).form.cursor
    except UnknownStream:
        form = likely_form(name, market)
        return "time" if form is None else form.cursor


# ids that restarted


def event_time(data: Any) -> int | None:
    """The exchange's time of an event, in the unit of the link."""
    return _number(data, "E")


def is_later(moment: int | None, before: int | None) -> bool | None:
    """Whether a time is after another one; None if one is unknown or the units differ."""
    if moment is None or before is None or moment >= UNITS_APART * before:
        return None
    return moment > before


def ids_restarted(is_new_link: bool, later: bool | None, seconds: float) -> bool:
    """Whether the ids restarted, judged by an event that is not beyond the last one.

    :param is_new_link: its link has not brought an event beyond the last one yet.
    :param later: whether its time is after that of the last delivered event.
    :param seconds: how long only such events have come.
    """
    if is_new_link and later:
        return True
    return seconds > (RESTART_SECONDS if is_new_link and later is None else STALE_SECONDS)


class Stale:
    """A row of stale events of one stream."""

    __slots__ = ("_moment", "_now", "after")

    def __init__(self, data: Any, now: float, after: Any) -> None:
        self._moment = event_time(data)
        self._now = now
        self.after = after
        """The cursor of the last delivered event."""

    @classmethod
    def after_event(cls, last: Any, known: "Stale | None", data: Any, now: float) -> "Stale":
        """The known row, if it is one after the event with this cursor; else a new one."""
        return cls(data, now, last) if known is None or known.after != last else known

    def seconds(self, data: Any, now: float) -> float:
        """Seconds from the first stale event to this one.

        By the client's clock, as a link that was not read brings minutes at once; and by the times
        of the events, as they may have waited.
        """
        moment, seconds = event_time(data), now - self._now
        if moment is None or self._moment is None:
            return seconds
        return min(seconds, (moment - self._moment) / per_second(moment))


def has_parts(name: str) -> bool:
    """Whether a stream has many symbols: a whole market's, or an underlying's options."""
    return name[:1] == "!" or "@optionTrade" in name or "@optionTicker" in name


def part_of(data: Any) -> str:
    """The part of a stream of many symbols that has cursors of its own.

    This is a symbol; of a list, a futures market, ``st``: streams of both futures markets bring
    their lists one after the other, each with the times of its own exchange.
    """
    if isinstance(data, list):
        market = _number(data[0], "st") if data else None
        return "" if market is None else str(market)
    return _text(data, "s") or (_text(data.get("o"), "s") if isinstance(data, dict) else "") or ""


# tracks


class Track:
    """One stream whose events have no ids: everything passes."""

    names_gaps = False
    field = ""
    """The field of an event's id; the fast sinks keep only this id, not the event."""
    __slots__ = ("_before", "_gaps", "_name", "_stale", "event", "last", "now")

    def __init__(self, name: str, gaps: list[Gap | Hole]) -> None:
        self._name = name
        self._gaps = gaps
        self.last: int | None = None
        """The newest delivered id."""
        self.event: Any = None
        """The event with that id; the callback may have changed it.  None if unknown."""
        self.now = 0.0
        """The last time that `Continuity.look` was given: seconds of the client's clock."""
        self._before: int | None = None  # the newest id when the last link was lost
        self._stale: Stale | None = None

    @property
    def newest(self) -> int | None:
        """The newest id that has come, delivered or held."""
        return self.last

    def admit(self, data: Any) -> bool:
        """Whether to deliver an event.  Gaps before it are appended to the list."""
        return True

    def note(self, data: Any) -> None:
        """Note the last message of a link: it is the event with the newest id, if the id fits."""
        if self.field and self.last is not None:
            events = (data, self.event)
            self.event = next((e for e in events if _number(e, self.field) == self.last), None)

    @property
    def is_quiet(self) -> bool:
        """Whether it has brought nothing, and what came since it was opened can be looked up."""
        return False

    def link_lost(self, is_backed: bool = False) -> None:
        """The next event comes from another link.

        :param is_backed: one that has been open before, so nothing is missing.
        """
        self._before = self.last

    def look_up(self) -> bool:
        """Look up what was missed, as no event can show it; returns whether that is possible."""
        return False

    def may_have_missed(self) -> None:
        """Look up events that may be missing here, or report a gap, if no later id shows them."""
        if self.names_gaps and not self.is_quiet:
            return
        self.link_lost()
        if not self.look_up():
            self._gaps.append(Gap(self._name, None, None))

    def forget(self) -> None:
        """The next event is the first one."""
        self.last = self.event = self._before = None

    def restart(self) -> None:
        """The ids restarted, and it is unknown which events are missing."""
        self._gaps.append(Gap(self._name, None, None))
        self.forget()

    def _is_stale(self, number: int, data: Any) -> bool:
        """Whether an event that is not beyond the last one is stale: not if the ids restarted."""
        assert self.last is not None
        if not self._has_restarted(number, data, self.last, self.event):
            return True
        self.restart()
        return False

    def _has_restarted(self, number: int, data: Any, last: int, event: Any) -> bool:
        """Whether the ids restarted, by an event that is not beyond the last one and its id."""
        self._stale = Stale.after_event(last, self._stale, data, self.now)
        later = number < last and is_later(event_time(data), event_time(event))
        return ids_restarted(last == self._before, later, self._stale.seconds(data, self.now))


class Unwanted(Track):
    """An unsubscribed stream: its further events are dropped."""

    __slots__ = ()

    def admit(self, data: Any) -> bool:
        return False


class ContiguousTrack(Track):
    """Ids that rise by one: `trade` and `aggTrade`."""

    __slots__ = ("field",)
    names_gaps = True

    def __init__(self, name: str, gaps: list[Gap | Hole], field: str) -> None:
        super().__init__(name, gaps)
        self.field = field

    def admit(self, data: Any) -> bool:
        try:
            number = data[self.field]
            if number - 1 == self.last:
                self.last, self.event = number, data
                return True
        except (KeyError, TypeError):
            return True  # not a payload of this stream: let it pass
        return self._judge(number, data)

    def _judge(self, number: int, data: Any) -> bool:
        last = self.last
        if last is not None and number > last:
            self._gaps.append(Gap(self._name, last + 1, number - 1))
        elif last is not None and self._is_stale(number, data):
            return False
        self.last, self.event = number, data
        return True


class RisingTrack(Track):
    """Ids that rise by unknown steps: `bookTicker`, snapshots, USD-M's `trade`."""

    __slots__ = ("_read", "_repeats")

    def __init__(
        self, name: str, gaps: list[Gap | Hole], read: Callable[[Any], Any], repeats: bool
    ) -> None:
        super().__init__(name, gaps)
        self._read = read
        self._repeats = repeats

    def admit(self, data: Any) -> bool:
        number = self._read(data)
        if number is None:
            return True
        last = self.last
        if last is not None:
            is_beyond = number > last or (number == last and self._repeats)
            if not is_beyond and self._is_stale(number, data):
                return False
        self.last, self.event = number, data
        return True


class DiffTrack(Track):
    """Book diffs: each contains the first and last id that it covers."""

    __slots__ = ()
    names_gaps = True
    field = "u"

    def admit(self, data: Any) -> bool:
        try:
            number, last = data["u"], self.last
            if last is None or data["U"] - 1 == last:
                self.last, self.event = number, data
                return True
            before = data.get("pu")
        except (KeyError, TypeError):
            return True
        return self._judge(number, last, before, data)

    def _judge(self, number: int, last: int, before: int | None, data: Any) -> bool:
        if number <= last and self._is_stale(number, data):
            return False
        if number > last and not _diff_joins(data, last):
            first = data["U"]
            known = before is None
            gap = Gap(self._name, last + 1, first - 1) if known else Gap(self._name, None, None)
            self._gaps.append(gap)
        self.last, self.event = number, data
        return True


def track(name: str, market: str, gaps: list[Gap | Hole]) -> Track:
    """The track of one stream."""
    kind = kind_of(name, market)
    if name.startswith("!"):
        return Track(name, gaps)  # ids of many symbols
    if kind == "aggTrade" or (kind == "trade" and market == "spot"):
        return ContiguousTrack(name, gaps, "a" if kind == "aggTrade" else "t")
    if kind == "depth":
        return DiffTrack(name, gaps)
    if kind in ("trade", "bookTicker", "partialDepth"):
        return RisingTrack(name, gaps, RULES[kind].read, repeats=kind == "partialDepth")
    return Track(name, gaps)


# for `overflow="latest"`

ORDER_EVENTS: Final = ("executionReport", "ORDER_TRADE_UPDATE")
Subject = tuple[str | None, str | None, str | None, int | None]


def subject(message: Any) -> Subject:
    """What a message is about: stream, kind of event, symbol, order.  It replaces older ones."""
    stream, data = None, message
    if isinstance(message, dict):
        stream, data = _text(message, "stream"), message.get("event", message)
        if stream is not None:
            data = message.get("data")
    if not isinstance(data, dict):
        return stream, None, None, None
    kind, inner = _text(data, "e"), data.get("o")
    about = inner if isinstance(inner, dict) else data
    order = _number(about, "i") if kind in ORDER_EVENTS else None
    return stream, kind, _text(about, "s"), order


def newest(before: Any, message: Any) -> Any:
    """Combine two messages of one subject: the newer one; for lists, the newest of each symbol."""
    old, new = _items(before), _items(message)
    if old is None or new is None:
        return message
    joined = [item for symbol, item in old.items() if symbol not in new] + list(new.values())
    return {**message, "data": joined} if isinstance(message, dict) else joined


def _items(message: Any) -> dict[str, Any] | None:
    """The items of a whole-market message by symbol; None for any other message."""
    data = message.get("data") if isinstance(message, dict) else message
    if not isinstance(data, list):
        return None
    items = {symbol: item for item in data if (symbol := _text(item, "s")) is not None}
    return items if len(items) == len(data) else None


def _text(data: Any, field: str) -> str | None:
    value = data.get(field) if isinstance(data, dict) else None
    return value if isinstance(value, str) else None
