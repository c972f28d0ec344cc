"""Each event once and in order, from one link to the next.

`Continuity` watches the events that a connection delivers, over all of its links.  It drops
duplicates and finds gaps, for the kinds of streams that have ids (`binance.sansio.feed.cursors`).

`Merge` moves a connection from its old link to a successor, while both links deliver.  Theory: the
two links come from different servers of the exchange.  Each server lags behind the market by its
own time, which changes.  It is not enough to deliver every event beyond the last one: a successor
that is ahead would move the cursor past events that only the old link will bring.  So each stream
has one *leading link* at any moment:

* Events of the leading link are delivered.  Events of the other link are held if they are beyond
  the last delivered one.  A held event is dropped when the leading link delivers the same event.
* At first the old link leads.  A stream *switches* once the two links have met.  They have met when
  the old link has delivered an event at or beyond the first event of the successor, or the event
  directly before it (where ids are contiguous).  From there on the successor brings all later
  events.  Its held events are delivered, and it leads.
* The successor may be behind the old link.  Its events up to the switch were delivered already and
  are dropped, until it has *caught up*: until it brings an event beyond them.
* When the old link ends, the streams that have not met are flushed: their held events are
  delivered.  So are the held events of the old link if the successor has not caught up.
  When the successor ends, the old link leads again, and its held events are delivered.
* If the ids restarted on the other link (`cursors.ids_restarted`), its events are held as well.
  The links do not meet until the ids restart on the leading link too.  If it ends before that, the
  stream switches, and a gap is reported.
* The number of held events is limited.  Beyond the limit a stream drops its oldest held event: the
  leading link will still bring it.  If the leading link ends before that, a gap is reported.

            old brings          successor brings     old ends            successor ends
    OLD     deliver; met? NEW   hold; met? NEW       flush, NEW          drop what is held
    NEW     hold                deliver if beyond    flush if behind     flush, OLD

The rule holds for a lag of any size, as long as each link keeps each stream in order.  Two things
are up to the caller:

* The successor's server may be behind: it may bring events that the old link delivered before the
  merge began.  So begin the merge `LEAD_SECONDS` before the dial.
* The old link's server may be behind: it may still bring events that the successor has missed, on
  streams without any event so far.  So keep the old link for `LEAD_SECONDS` after the successor is
  proven, and for up to `OVERLAP_SECONDS` while streams are `waiting`.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from binance.sansio.feed.cursors import (
    CONTENT,
    RULES,
    Cursor,
    Gap,
    Hole,
    Rule,
    Stale,
    Track,
    Unwanted,
    event_time,
    has_parts,
    ids_restarted,
    is_after,
    is_later,
    kind_of,
    part_of,
    track,
)
from binance.sansio.names.streams import is_steady

if TYPE_CHECKING:  # imported with the first stream whose missing events are fetched
    from binance.sansio.feed.backfill import Filled

LEAD_SECONDS: Final = 5.0
"""Seconds before the successor's dial at which the merge begins to record the old link."""
OVERLAP_SECONDS: Final = 10.0
"""Seconds for which the old link is kept while streams have not switched."""
SETTLE_SECONDS: Final = 60.0
"""Maximum seconds from the old link's end to the end of the merge."""
HELD: Final = 50_000
"""Maximum number of events that one merge holds."""

_T = TypeVar("_T")
Message = Any
Fill = Callable[[str, list[Gap | Hole]], Track | None]


# Functions of the module, where a lambda of each instance would take 150 octets.
def _nobody(stream: str) -> None:
    """Take no notice that a track is no longer valid."""


def _impossible() -> bool:
    return False


class Continuity:
    """The events that one connection has delivered.

    :param stream: the only stream of a raw link; None for a combined link.
    :param account: the link carries account events, which have no cursor.
    :param fill: creates the track of a stream whose missing events are fetched, from its name and
        `gaps`; None for a stream of another kind.
    """

    def __init__(
        self,
        stream: str | None = None,
        market: str = "spot",
        *,
        account: bool = False,
        fill: Fill | None = None,
    ) -> None:
        self.gaps: list[Gap | Hole] = []
        """Gaps that were found and not reported yet: the caller removes and reports them."""
        self._fill = fill
        self._market = market
        self._stream = "" if account else stream
        self._is_account = account
        self._is_steady = bool(self._stream) and is_steady(self._stream or "", market)
        self.now = 0.0
        """The last time that `look` was given: seconds of the client's clock."""
        self._tracks: dict[str, Track] = {}
        self._admits: dict[str, Callable[[Any], bool]] = {}
        """For a combined link: that of each stream from its first event on."""
        self._heard: dict[str, int] = {}
        self.admit: Callable[[Message], bool] = self._admit_combined
        """Whether to deliver a message.  Call it for each message, then look at `gaps`."""
        self.replaced: Callable[[str], object] = _nobody
        """Called when the track of a stream is no longer valid."""
        self.look_up: Callable[[], bool] = _impossible
        """For an account: fetches what was missed; returns whether that is possible."""
        self.awaited: Callable[[], list[str]] = list
        """What the old link of a rotation has still to bring, besides events."""
        self.is_idle = account
        """Whether the stream has no ids: then `admit` is always true and need not be called."""
        if account:
            self.admit = lambda message: True
        elif stream is not None:
            self.admit = self.track(stream).admit
            self.is_idle = type(self.track(stream)) is Track

    # from the wire

    def _admit_combined(self, message: Message) -> bool:
        try:
            return self._admits[message["stream"]](message["data"])
        except (KeyError, TypeError):
            name, data = self.parts(message)
            if not name:
                return True
            if name not in self._admits:
                self._admits[name] = self._counting(name, self.track(name).admit)
            return self._admits[name](data)

    # from the connection

    @property
    def filled(self) -> list[tuple[str, "Filled"]]:
        """The streams whose missing events are fetched, with their tracks."""
        from binance.sansio.feed.backfill import Filled

        return [(name, one) for name, one in self._tracks.items() if isinstance(one, Filled)]

    def link_lost(self, is_backed: bool = False) -> None:
        """The next event comes from another link, whose ids may have restarted.

        :param is_backed: one that has been open before, so nothing is missing.
        """
        for one in self._tracks.values():
            one.link_lost(is_backed)

    def note(self, message: Message) -> None:
        """Note the last message of a link: for a raw link, often only the id was kept."""
        if self._stream:
            self.track(self._stream).note(message)

    def look(self, now: float) -> None:
        """Note the time, in seconds; called about once a second while there is a link."""
        self.now = now
        for one in self._tracks.values():
            one.now = now

    def heard(self, messages: int) -> Mapping[str, int]:
        """Number of messages of each stream of fixed cadence, by stream.

        :param messages: the number of all messages: for a raw link, that of its only stream.
        """
        if self._stream is None:
            return self._heard
        return {self._stream: messages} if messages and self._is_steady else {}

    def brought(self, name: str, messages: int) -> int:
        """A figure that changes with the first message of a stream, and if it is regular with each.

        :param messages: as for `heard`.
        """
        if self._stream is not None:
            return messages
        return self._heard.get(name, int(self.has_brought(name)))

    def has_brought(self, name: str) -> bool:
        """Whether a stream of a combined link has brought an event, as far as it is known."""
        return name in self._admits

    # from the façade

    def restart(self) -> None:
        """The ids of every stream restarted: the next event is the first one."""
        for one in self._tracks.values():
            one.forget()

    def drop(self, names: Iterable[str]) -> None:
        """The user unsubscribed from these: drop their further events, on every link.

        Such a stream may be subscribed on another connection before it ends on this one.
        """
        for name in names:
            self._tracks[name] = unwanted = Unwanted(name, self.gaps)
            self._admits[name] = unwanted.admit
            self._heard.pop(name, None)
            self.replaced(name)

    def forget(self, names: Iterable[str]) -> None:
        """Forget what came of these streams: events that are missing until now are no gap."""
        for name in names:
            self._tracks.pop(name, None)
            self._admits.pop(name, None)
            self._heard.pop(name, None)
            self.replaced(name)

    # from a rotation

    def unnumbered(self, names: Iterable[str]) -> list[str]:
        """The streams among these whose next event cannot show a gap before it."""
        tracks = ((name, self.track(name)) for name in names)
        return [
            name
            for name, one in tracks
            if not one.look_up() and (not one.names_gaps or one.last is None)
        ]

    # from the merge

    def track(self, name: str) -> Track:
        """The track of one stream, created if there is none."""
        found = self._tracks.get(name)
        if found is None:
            found = None if self._fill is None else self._fill(name, self.gaps)
            found = self._tracks[name] = found or track(name, self._market, self.gaps)
            found.now = self.now
        return found

    def merged(self, name: str, take: Callable[..., None]) -> Callable[..., None]:
        """The function that takes the messages of a stream of a combined link, without `admit`."""
        self._admits.setdefault(name, self.track(name).admit)
        return self._counting(name, take)

    def _counting(self, name: str, use: Callable[..., _T]) -> Callable[..., _T]:
        """Count the messages of a stream of fixed cadence: a few each second."""
        if not is_steady(name, self._market):
            return use
        heard, tracks = self._heard, self._tracks

        def use_and_count(*message: Any) -> _T:
            if not isinstance(tracks.get(name), Unwanted):
                heard[name] = heard.get(name, 0) + 1
            return use(*message)

        return use_and_count

    def parts(self, message: Message) -> tuple[str, Any]:
        """The stream of a message and its payload."""
        if self._is_account:
            return "", message.get("event", message) if isinstance(message, dict) else message
        if self._stream is not None:
            return self._stream, message
        if isinstance(message, dict) and isinstance(message.get("stream"), str):
            return message["stream"], message.get("data")
        return "", message

    def message(self, name: str, data: Any) -> Message:
        """The message with this payload of a stream, see `parts`."""
        return data if self._stream is not None else {"stream": name, "data": data}

    def rule(self, name: str) -> Rule:
        """The rule for the cursors of a stream."""
        return RULES[kind_of(name, self._market)] if name else CONTENT


class _Held(NamedTuple):
    number: int
    cursor: Cursor | None
    content: str
    data: Any
    message: Message


@dataclass(slots=True)
class _MergedStream:
    """One stream on the way from the old link (0) to its successor (1)."""

    name: str
    rule: Rule
    last: Cursor | None
    """The largest cursor delivered."""
    moment: int | None
    """The time of the event with that cursor."""
    leading: int = 0
    """The leading link: 0 or 1."""
    caught_up: bool = True
    """Whether the leading link has brought an event beyond those of the other link."""
    met: bool = False
    dropped: Cursor | None = None
    """The newest held event that was dropped because of the limit."""
    delivered: Counter[str] = field(default_factory=Counter)
    """Contents delivered at `last` (without cursors: all) that the other link has not brought."""
    held: deque[_Held] = field(default_factory=deque)
    has_restarted: bool = False
    """Whether the ids restarted on the link that is not leading."""
    stale: Stale | None = None

    def ids_restarted(self, event: _Held, now: float) -> bool:
        """Whether the ids restarted on the link of an event that is not beyond the last one."""
        last, cursor = self.last, event.cursor
        if last is None or cursor is None or self.rule.has_ties:
            return False
        self.stale = Stale.after_event(last, self.stale, event.data, now)
        later = is_after(last, cursor) and is_later(event_time(event.data), self.moment)
        return ids_restarted(True, later, self.stale.seconds(event.data, now))

    def is_below(self, cursor: Cursor | None) -> bool:
        """Whether a delivered event shows that the ids of the leading link restarted."""
        if cursor is None or self.last is None or self.rule.has_ties:
            return False
        return is_after(self.last, cursor)

    def is_beyond(self, cursor: Cursor | None, content: str) -> bool:
        """Whether to deliver this event; if not, it cancels out its delivered duplicate."""
        if cursor is not None:
            if self.last is None:
                return True
            if cursor != self.last or not self.rule.has_ties:
                return is_after(cursor, self.last)
        if self.delivered[content] > 0:
            self.delivered[content] -= 1
            return False
        return True


class Merge:
    """Merges the messages of a connection's old link and its successor.

    The caller passes in each message of either link, in the order of arrival, and delivers the
    messages that come back, in order.  It does not pass in control messages.
    """

    def __init__(self, continuity: Continuity, limit: int = HELD) -> None:
        self._continuity = continuity
        self._limit = limit
        self._streams: dict[tuple[str, str], _MergedStream] = {}
        self._arrivals = 0
        self._is_over = False
        self._first = 0
        """The leading link of streams without any event so far."""
        self.held = 0
        """Number of held events."""

    # from the links

    def old(self, message: Message) -> list[Message]:
        """Take a message of the old link; return the messages to deliver now."""
        return self._take(message, 0)

    def new(self, message: Message) -> list[Message]:
        """Take a message of the successor; return the messages to deliver now."""
        return self._take(message, 1)

    def old_ended(self) -> list[Message]:
        """The old link has ended; return the messages to deliver now."""
        return self._ended(0)

    def new_ended(self) -> list[Message]:
        """The successor has ended, and the old link goes on; return the messages to deliver now."""
        return self._ended(1)

    # from the rotation

    @property
    def waiting(self) -> list[str]:
        """The streams that have brought events and have not switched yet."""
        streams = {one.name for one in self._streams.values() if one.leading == 0}
        return sorted(streams.union(self._continuity.awaited()))

    @property
    def is_settled(self) -> bool:
        """Whether one link has ended and the other has caught up on each stream."""
        return self._is_over and all(one.caught_up for one in self._streams.values())

    # inside

    def _take(self, message: Message, link: int) -> list[Message]:
        name, data = self._continuity.parts(message)
        stream = self._stream(name, data, link)
        cursor = stream.rule.read(data)
        content = repr(data) if stream.rule.has_ties or cursor is None else ""
        arrived = _Held(self._arrivals, cursor, content, data, message)
        self._arrivals += 1
        if link == stream.leading:
            out = self._deliver(stream, arrived)
        else:
            out = []
            self._hold(stream, arrived)
        passed = self._admitted(out)
        if out and passed and stream.is_below(cursor):
            self._follow_restart(stream, arrived)
        if stream.leading == 0 and self._has_met(stream):
            passed += self._admitted(self._switch(stream, 1))
        return passed

    def _admitted(self, events: list[_Held]) -> list[Message]:
        return [held.message for held in events if self._continuity.admit(held.message)]

    def _follow_restart(self, stream: _MergedStream, event: _Held) -> None:
        """The ids of the leading link restarted: compare the other link with the new ids."""
        stream.last, stream.moment, stream.has_restarted = (
            event.cursor,
            event_time(event.data),
            False,
        )
        while stream.held and self._is_before(stream.held[0], stream):
            self._drop_oldest(stream)

    def _deliver(self, stream: _MergedStream, event: _Held) -> list[_Held]:
        """The events to deliver for one of the leading link: none if it was delivered before."""
        if not stream.caught_up:
            if not stream.is_beyond(event.cursor, event.content):
                if not stream.ids_restarted(event, self._continuity.now):
                    return []
                self._restart(stream)
            stream.caught_up = True
        return [*self._pair_off(stream, event), event]

    def _pair_off(self, stream: _MergedStream, event: _Held) -> list[_Held]:
        """Record that this is delivered; drop its held duplicate and all held events before it.

        Without cursors the link may have missed the ones before the duplicate: returns them, which
        are to be delivered first.
        """
        cursor, held = event.cursor, stream.held
        if cursor is not None and (stream.last is None or is_after(cursor, stream.last)):
            stream.last, stream.moment = cursor, event_time(event.data)
            stream.delivered.clear()
        while held and self._is_before(held[0], stream):
            self._drop_oldest(stream)
        if not stream.rule.has_ties:
            return []
        for i, other in enumerate(held):
            if other.cursor != cursor:
                break
            if other.content == event.content:
                del held[i]
                self.held -= 1
                stream.met = True
                return self._missed(stream, i) if cursor is None else []
        if cursor is None or cursor == stream.last:
            stream.delivered[event.content] += 1
        return []

    def _missed(self, stream: _MergedStream, count: int) -> list[_Held]:
        """Remove and return the first held events; the other link may still bring them."""
        missed = [stream.held.popleft() for _ in range(count)]
        self.held -= count
        stream.delivered.update(one.content for one in missed)
        return missed

    def _is_before(self, held: _Held, stream: _MergedStream) -> bool:
        if held.cursor is None or stream.last is None or stream.has_restarted:
            return False
        if held.cursor == stream.last:
            return not stream.rule.has_ties
        return is_after(stream.last, held.cursor)

    def _drop_oldest(self, stream: _MergedStream) -> None:
        stream.held.popleft()
        stream.met = True
        self.held -= 1

    def _hold(self, stream: _MergedStream, event: _Held) -> None:
        if not stream.has_restarted and not stream.is_beyond(event.cursor, event.content):
            stream.has_restarted = stream.ids_restarted(event, self._continuity.now)
            stream.met = not stream.has_restarted
            if stream.met:
                return
        stream.held.append(event)
        self.held += 1
        if self.held > self._limit:
            stream.dropped = stream.held.popleft().cursor
            self.held -= 1

    def _has_met(self, stream: _MergedStream) -> bool:
        if stream.met or stream.has_restarted:
            return stream.met
        if not stream.held or stream.last is None:
            return False
        return stream.rule.joins(stream.held[0].data, stream.last)

    def _switch(self, stream: _MergedStream, link: int) -> list[_Held]:
        """This link leads from now on; return its held events that are to be delivered."""
        stream.leading = link
        stream.caught_up = False
        stream.met, stream.dropped = False, None
        if stream.has_restarted:
            self._restart(stream)
        return [event for one in self._release(stream) for event in self._deliver(stream, one)]

    def _release(self, stream: _MergedStream) -> Iterable[_Held]:
        """Remove and return the held events."""
        held, stream.held = stream.held, deque()
        self.held -= len(held)
        return held

    def _restart(self, stream: _MergedStream) -> None:
        """The ids restarted: the next event is the first one, with a gap before it."""
        stream.last, stream.has_restarted = None, False
        self._continuity.track(stream.name).restart()

    def _ended(self, link: int) -> list[Message]:
        out: list[_Held] = []
        self._is_over = True
        self._first = 1 - link
        for stream in self._streams.values():
            if stream.leading == link:
                self._report_dropped(stream)
                out += self._switch(stream, 1 - link)
                continue
            held = self._release(stream)
            if not stream.caught_up and not stream.has_restarted:
                # The leading link may not bring these: deliver them now, and drop its duplicates.
                for one in held:
                    self._pair_off(stream, one)
                    out.append(one)
            stream.has_restarted = False
        out.sort(key=lambda event: event.number)
        return self._admitted(out)

    def _report_dropped(self, stream: _MergedStream) -> None:
        """Look it up, or report a gap, where an event was dropped and the ids will not show it."""
        if stream.dropped is None or not stream.name:
            return
        if stream.last is not None and not is_after(stream.dropped, stream.last):
            return  # the leading link has brought it
        self._continuity.track(stream.name).may_have_missed()

    def _stream(self, name: str, data: Any, link: int) -> _MergedStream:
        key = (name, part_of(data) if has_parts(name) else "")
        stream = self._streams.get(key)
        if stream is None:
            seen = self._continuity.track(name) if name else None
            rule = self._continuity.rule(name)
            stream = _MergedStream(
                name,
                rule,
                None if seen is None or rule.has_ties else seen.last,
                None if seen is None else event_time(seen.event),
                self._first,
            )
            self._streams[key] = stream
        return stream
