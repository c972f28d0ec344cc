"""Each event once and in order, from one link to the next.

`Continuity` watches what is delivered from a connection, over all the links that it ever has: it
drops doubles and names gaps, for the kinds of streams that carry ids
(`binance.sansio.feed.cursors`).

`Merge` passes a connection from its old link to a successor while both deliver.  Theory: the links
come from different machines of the exchange and lag behind the market differently, each by an
amount that changes.  To pass whatever is beyond the last event delivered loses events: the
successor, ahead of the old link, would move the cursor past what only the old link will still
bring.  So at any moment one link is the *leading* for a stream:

* What the leading brings is delivered.  What the other brings is held, if it is beyond what was
  delivered, and let go as soon as the leading delivers the same.
* At first the old link is the leading.  A stream *switches* once the links have met: the old one
  has delivered an event at or beyond the first that the successor brought, or one that the
  successor's first joins on to with nothing between.  From there on the successor is known to bring
  all that follows.  What it has brought beyond is delivered, and it is the leading.
* The successor may still be behind: what it brings up to the switch was delivered already and is
  dropped, until it has *caught up*, that is, brought something beyond.
* When the old link ends, streams that have not met are flushed: the successor is all there is.
  So is what the old link brought of streams whose successor has not caught up.
  When the successor ends, everything goes back to the old link, which was held meanwhile.
* Where the ids began anew on the other link (`cursors.began_anew`), its events are held as well,
  and the links do not meet until they begin anew on the leading too: they switch when that
  ends, and a gap is reported.
* What is held is bounded.  Beyond the bound a stream lets go of its oldest held event: the
  leading will still bring it.  Were the leading to end first, there is a gap, and it is told.

            old brings          successor brings     old ends            successor ends
    OLD     deliver; met? NEW   hold; met? NEW       flush, NEW          forget what is held
    NEW     hold                deliver if beyond    flush if behind     flush, OLD

The rule holds for lags of any size as long as either link keeps each stream in order.  Two things
are the caller's.  The successor's machine may be behind and bring what the old link delivered
before the merge began: so begin `LEAD_SECONDS` before the dial.  The old link's machine may be
behind and still owe what the successor was too late for, on streams that nobody has heard of yet:
so keep the old link for `LEAD_SECONDS` after the successor is proven in any case, and up to
`OVERLAP_SECONDS` as long as streams are `waiting`.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from binance.sansio.feed.cursors import (
    CONTENT,
    RULES,
    Cursor,
    Gap,
    Rule,
    Stale,
    Track,
    Unwanted,
    began_anew,
    event_time,
    is_after,
    is_later,
    kind_of,
    track,
)
from binance.sansio.names.streams import is_steady

LEAD_SECONDS: Final = 5.0
"""How long before the successor's dial a merge should begin to listen to the old link."""
OVERLAP_SECONDS: Final = 10.0
"""How long to keep the old link for streams that have not switched."""
SETTLE_SECONDS: Final = 60.0
"""How long after the old link's end the merge is of use, if it does not settle before."""
HELD: Final = 50_000
"""Events that one merge holds at most."""

Message = Any


class Continuity:
    """What was delivered from one connection.

    :param stream: the one stream of a raw link; None for a combined one.
    :param account: the link carries account events, which have no cursor.
    """

    def __init__(
        self, stream: str | None = None, market: str = "spot", *, account: bool = False
    ) -> None:
        self.gaps: list[Gap] = []
        """Gaps that were found and not yet told: take them out."""
        self._market = market
        self._stream = "" if account else stream
        self._is_account = account
        self._is_steady = bool(self._stream) and is_steady(self._stream or "", market)
        self.now = 0.0
        """The clock of receipt, in seconds, as it was last told."""
        self._tracks: dict[str, Track] = {}
        self._admits: dict[str, Callable[[Any], bool]] = {}
        self._heard: dict[str, int] = {}
        self.admit: Callable[[Message], bool] = self._admit_combined
        """Deliver this message?  Called for each: after it, look whether there are `gaps`."""
        self.is_idle = account
        """Nothing will ever be dropped or missed here: `admit` need not be asked."""
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
            self.track(name)
            return self._admits[name](data)

    # from the connection

    def link_lost(self) -> None:
        """What comes next comes from another link, on which ids may have begun anew."""
        for one in self._tracks.values():
            one.link_lost()

    def note(self, message: Message) -> None:
        """The last message of a link: of a raw link's events, often the id alone was kept."""
        if self._stream:
            self.track(self._stream).note(message)

    def look(self, now: float) -> None:
        """The clock of receipt, in seconds, told each second or so while there is a link."""
        self.now = now
        for one in self._tracks.values():
            one.now = now

    def heard(self, messages: int) -> Mapping[str, int]:
        """How often each stream of fixed cadence that has spoken was heard.

        :param messages: how many messages have come in all: the same for a raw link's one stream.
        """
        if self._stream is None:
            return self._heard
        return {self._stream: messages} if messages and self._is_steady else {}

    # from the façade

    def restart(self) -> None:
        """The ids of every stream began anew: whatever comes next is the first event."""
        for one in self._tracks.values():
            one.forget()

    def drop(self, names: Iterable[str]) -> None:
        """These were unsubscribed: what still comes of them, on whichever link, is dropped.

        One of them may be subscribed to on another connection before it ends on this one.
        """
        for name in names:
            self._tracks[name] = unwanted = Unwanted(name, self.gaps)
            self._admits[name] = unwanted.admit
            self._heard.pop(name, None)

    def forget(self, names: Iterable[str]) -> None:
        """These are wanted, as if they never were before: what they missed until now is no gap."""
        for name in names:
            self._tracks.pop(name, None)
            self._admits.pop(name, None)
            self._heard.pop(name, None)

    # from a rotation

    def unnumbered(self, names: Iterable[str]) -> list[str]:
        """Those of these streams whose next event will not show that some before it are missing."""
        tracks = ((name, self.track(name)) for name in names)
        return [name for name, one in tracks if not one.names_gaps or one.last is None]

    # from the merge

    def track(self, name: str) -> Track:
        """The watch over one stream."""
        found = self._tracks.get(name)
        if found is None:
            found = self._tracks[name] = track(name, self._market, self.gaps)
            found.now = self.now
            self._admits[name] = found.admit
            if self._stream is None and is_steady(name, self._market):
                self._admits[name] = self._counting(name, found.admit)
        return found

    def _counting(self, name: str, admit: Callable[[Any], bool]) -> Callable[[Any], bool]:
        """Count what a stream of fixed cadence brings: no more than some messages a second."""
        heard = self._heard
        heard[name] = 0

        def admit_and_count(data: Any) -> bool:
            if name in heard:
                heard[name] += 1
            return admit(data)

        return admit_and_count

    def parts(self, message: Message) -> tuple[str, Any]:
        """The stream of a message and its payload."""
        if self._is_account:
            return "", message.get("event", message) if isinstance(message, dict) else message
        if self._stream is not None:
            return self._stream, message
        if isinstance(message, dict) and isinstance(message.get("stream"), str):
            return message["stream"], message.get("data")
        return "", message

    def rule(self, name: str) -> Rule:
        """What holds for the cursors of a stream."""
        return RULES[kind_of(name, self._market)] if name else CONTENT


@dataclass(slots=True)
class _Held:
    number: int
    cursor: Cursor | None
    content: str
    data: Any
    message: Message


@dataclass(slots=True)
class _MergedStream:
    """One stream on its way from the old link (0) to its successor (1)."""

    name: str
    rule: Rule
    last: Cursor | None
    """The largest cursor delivered."""
    moment: int | None
    """The time of the event that had it."""
    leading: int = 0
    caught_up: bool = True
    """Has the leading brought something beyond what was delivered before it?"""
    met: bool = False
    dropped: Cursor | None = None
    """The newest held event that was let go for want of room."""
    delivered: Counter[str] = field(default_factory=Counter)
    """Contents delivered at `last` (without cursors: ever) that the other link has not brought."""
    held: deque[_Held] = field(default_factory=deque)
    is_anew: bool = False
    """Did the ids begin anew on the link that is not the leading?"""
    stale: Stale | None = None

    def began_anew(self, event: _Held, now: float) -> bool:
        """An event that is not beyond the last one: did the ids begin anew on its link?"""
        last, cursor = self.last, event.cursor
        if last is None or cursor is None or self.rule.has_ties:
            return False
        if self.stale is None or self.stale.after != last:
            self.stale = Stale(event.data, now, last)
        later = is_after(last, cursor) and is_later(event_time(event.data), self.moment)
        return began_anew(True, later, self.stale.seconds(event.data, now))

    def is_below(self, cursor: Cursor | None) -> bool:
        """Does an event that was delivered show that the leading's ids began anew?"""
        if cursor is None or self.last is None or self.rule.has_ties:
            return False
        return is_after(self.last, cursor)

    def is_beyond(self, cursor: Cursor | None, content: str) -> bool:
        """Is this event still to be delivered?  One that is not is paired off with its double."""
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
    """A connection's way from one link to the next.

    Hand it each message of either link, in the order of arrival and before any callback sees it;
    deliver what it answers, in order.  The caller keeps control messages to himself.
    """

    def __init__(self, continuity: Continuity, limit: int = HELD) -> None:
        self._continuity = continuity
        self._limit = limit
        self._streams: dict[tuple[str, str], _MergedStream] = {}
        self._count = 0
        self._is_over = False
        self._first = 0
        """The leading of streams that have not been heard of yet."""
        self.held = 0
        """Events that are held."""

    # from the links

    def old(self, message: Message) -> list[Message]:
        """A message of the old link; what to deliver now."""
        return self._take(message, 0)

    def new(self, message: Message) -> list[Message]:
        """A message of the successor; what to deliver now."""
        return self._take(message, 1)

    def old_ended(self) -> list[Message]:
        """The old link's closing handshake is over, or it died; what to deliver now."""
        return self._ended(0)

    def new_ended(self) -> list[Message]:
        """The successor died: the old link carries on; what to deliver now."""
        return self._ended(1)

    # from whoever decides when to close

    @property
    def waiting(self) -> list[str]:
        """Streams that have been heard of and have not switched."""
        return sorted({one.name for one in self._streams.values() if one.leading == 0})

    @property
    def is_settled(self) -> bool:
        """One link is gone, the other has caught up on all that was heard of: no more use."""
        return self._is_over and all(one.caught_up for one in self._streams.values())

    # inside

    def _take(self, message: Message, link: int) -> list[Message]:
        name, data = self._continuity.parts(message)
        stream = self._stream(name, data, link)
        cursor = stream.rule.read(data)
        content = repr(data) if stream.rule.has_ties or cursor is None else ""
        arrived = _Held(self._count, cursor, content, data, message)
        self._count += 1
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
        """The leading's ids began anew: the other link's, if they did, are comparable again."""
        stream.last, stream.moment, stream.is_anew = event.cursor, event_time(event.data), False
        while stream.held and self._is_before(stream.held[0], stream):
            self._let_go(stream)

    def _deliver(self, stream: _MergedStream, event: _Held) -> list[_Held]:
        """From the leading: to be delivered, unless that was done before it took over."""
        if not stream.caught_up:
            if not stream.is_beyond(event.cursor, event.content):
                if not stream.began_anew(event, self._continuity.now):
                    return []
                self._restart(stream)
            stream.caught_up = True
        self._pair_off(stream, event)
        return [event]

    def _pair_off(self, stream: _MergedStream, event: _Held) -> None:
        """Remember that this is delivered, and let go of its double and all before it."""
        cursor, held = event.cursor, stream.held
        if cursor is not None and (stream.last is None or is_after(cursor, stream.last)):
            stream.last, stream.moment = cursor, event_time(event.data)
            stream.delivered.clear()
        while held and self._is_before(held[0], stream):
            self._let_go(stream)
        if not stream.rule.has_ties:
            return
        for i, other in enumerate(held):
            if other.cursor != cursor:
                break
            if other.content == event.content:
                del held[i]
                self.held -= 1
                stream.met = True
                return
        if cursor is None or cursor == stream.last:
            stream.delivered[event.content] += 1

    def _is_before(self, held: _Held, stream: _MergedStream) -> bool:
        if held.cursor is None or stream.last is None or stream.is_anew:
            return False
        if held.cursor == stream.last:
            return not stream.rule.has_ties
        return is_after(stream.last, held.cursor)

    def _let_go(self, stream: _MergedStream) -> None:
        stream.held.popleft()
        stream.met = True
        self.held -= 1

    def _hold(self, stream: _MergedStream, event: _Held) -> None:
        if not stream.is_anew and not stream.is_beyond(event.cursor, event.content):
            stream.is_anew = stream.began_anew(event, self._continuity.now)
            stream.met = not stream.is_anew
            if stream.met:
                return
        stream.held.append(event)
        self.held += 1
        if self.held > self._limit:
            stream.dropped = stream.held.popleft().cursor
            self.held -= 1

    def _has_met(self, stream: _MergedStream) -> bool:
        if stream.met or stream.is_anew:
            return stream.met
        if not stream.held or stream.last is None:
            return False
        return stream.rule.joins(stream.held[0].data, stream.last)

    def _switch(self, stream: _MergedStream, link: int) -> list[_Held]:
        """This link is the leading from now on; what it brought meanwhile."""
        stream.leading = link
        stream.caught_up = False
        stream.met, stream.dropped = False, None
        if stream.is_anew:
            self._restart(stream)
        return [event for one in self._release(stream) for event in self._deliver(stream, one)]

    def _release(self, stream: _MergedStream) -> Iterable[_Held]:
        """Hold nothing any more; what was held."""
        held, stream.held = stream.held, deque()
        self.held -= len(held)
        return held

    def _restart(self, stream: _MergedStream) -> None:
        """The ids began anew: what comes next is the first event, and there is a gap before it."""
        stream.last, stream.is_anew = None, False
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
            if not stream.caught_up and not stream.is_anew:
                # Nobody knows that the leading will bring these: what it does is dropped.
                for one in held:
                    self._pair_off(stream, one)
                    out.append(one)
            stream.is_anew = False
        out.sort(key=lambda event: event.number)
        return self._admitted(out)

    def _report_dropped(self, stream: _MergedStream) -> None:
        """Is there a gap that the ids will not show?  Then tell it."""
        if stream.dropped is None or not stream.name:
            return
        if stream.last is not None and not is_after(stream.dropped, stream.last):
            return  # the leading brought it after all
        if not self._continuity.track(stream.name).names_gaps:
            self._continuity.gaps.append(Gap(stream.name, None, None))

    def _stream(self, name: str, data: Any, link: int) -> _MergedStream:
        # Whole-market streams carry many symbols, whose ids have nothing to do with each other.
        symbol = data.get("s") if name.startswith("!") and isinstance(data, dict) else None
        key = (name, symbol if isinstance(symbol, str) else "")
        stream = self._streams.get(key)
        if stream is None:
            seen = self._continuity.track(name) if name else None
            stream = _MergedStream(
                name,
                self._continuity.rule(name),
                None if seen is None else seen.last,
                None if seen is None else event_time(seen.event),
                self._first,
            )
            self._streams[key] = stream
        return stream
