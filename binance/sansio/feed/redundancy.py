"""Two links that carry the same streams: the first arrival of each event is delivered.

Theory.  Each link brings each of its streams in order and without a loss, from its first event to
its end.  So an event is new if its cursor (`binance.sansio.feed.cursors`) is beyond the last one
that was delivered.  This loses nothing as long as each link started at or before an event that was
delivered.  A link that has just opened may be ahead of the other one: then its first events would
hide those that only the other link will bring.  So a link has to *meet* a stream first:

    link      its event                  result
    new       is not beyond the last     it has met the stream; the event was delivered already
    new       directly follows the last  it has met the stream; deliver
    new       is beyond it               hold, until the other link has delivered that far
    met       is not beyond the last     it was delivered already
    met       is beyond it               deliver; if the ids show a gap: the link is new again
    met       is before its own last     deliver: its ids fell, and `Track` decides what that means
    no other  any                        deliver: there is nothing to wait for

No id shows what is missing before the first event of a stream.  So if that is to be fetched, a new
link holds it too, until an older one has been heard.

If no link has met a stream, the one with the smallest held event leads, and `Track` reports the gap
before that event: both links have lost what is missing.  A link that is older than this one, and
has not come so far yet, is waited for: it had the stream before this one opened, unless it is half
open.  Events are held for `HOLD_SECONDS` at most, and for `SILENT_SECONDS` while the other link
brings nothing at all.  A successor in a rotation is one more link.

Streams without ids have the times of their events as cursors.  Different events may have the same
time: their content distinguishes them.  If two servers of the exchange give an event different
times or contents, both versions are delivered.

The rotation of a single link has another merge, `continuity.Merge`: there one link leads, so two
servers that write an event differently cause at most one double, and if the ids restart on the
successor, its events wait.  Here both links deliver for ever, so the first arrival has to win.

Most events come as the same octets on both links.  So each delivered event is noted by its octets
for about a second, and the second arrival is not even decoded (`Redundancy.decoder`).  The streams
of a combined link are mixed differently on each link, so its octets are looked up.  A link with one
stream brings them in the order in which they were delivered: they only have to equal the earliest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, field
from functools import partial
from math import inf
from typing import Any, Final

from binance.sansio.feed.continuity import Continuity
from binance.sansio.feed.cursors import RULES, Cursor, Track, has_parts, is_after, part_of
from binance.sansio.link.stats import RedundancyStats

HOLD_SECONDS: Final = 10.0
SILENT_SECONDS: Final = 2.0
UNDER_WAY_SECONDS: Final = 3.0
"""Events from the last seconds of a link may be missing on it: their frames were on the way."""
CONTENTS: Final = 500
"""Maximum number of contents to compare in a stream without any cursor."""
SAMPLES: Final = 256
"""The number of leads that the statistics are of."""
SAME: Final = object()
"""What is decoded of an event that was delivered already."""

Message = Any
Deliver = Callable[[Message], None]
Take = Callable[..., None]
"""Delivers, holds or drops an event: its payload, and its message if it is another one."""


@dataclass(slots=True, eq=False)
class Member:
    """One link; a successor has the number of the connection whose link it replaces."""

    number: int
    deliver: Deliver
    pass_on: Deliver
    """For events that the track has noted; `deliver` is for all messages."""
    takes: dict[str, Take] = field(default_factory=dict)
    places: dict[Stream, Place] = field(default_factory=dict)
    octets: bytes = b""
    """The last message, before it was decoded."""
    late: int = 0
    """Number of events that another link brought first."""
    heard: float = 0.0
    opened: float = inf
    """When it had its subscriptions; it has brought everything since then.  Infinity: not yet."""


class Stream:
    """What was delivered of one stream, and the place of each link in it."""

    def __init__(self, name: str, continuity: Continuity, members: Iterable[Member]) -> None:
        self.name = name
        self.members = members
        self.gaps = continuity.gaps
        self._track_of = partial(continuity.track, name)
        self.rule = rule = continuity.rule(name)
        self.may_lack_cursors = rule is RULES["time"]
        self.id = "" if name[:1] == "!" else rule.id
        """The field of the id; the track of such a stream knows the last one."""
        self.renew()
        self.time: Cursor | None = None
        """The last delivered cursor, where the track does not have it, or not any more."""
        self.contents: list[object] = []
        """The contents that were delivered with that cursor."""
        self.places: list[Place] = []
        self.held = 0
        self.since: float | None = None
        """When events were first seen to be held."""
        self.is_unsure = False
        """Whether events before those of the links that are left may be missing."""

    def renew(self) -> None:
        """Look for the track again: it is another one after a change of the subscription."""
        self._follow(self._track_of())

    def leave_track(self) -> None:
        """The subscription changes.

        A link may still bring events that the other one has brought before the change.
        """
        if self.id and self.track.last is not None:
            self.time = self.track.last
        self._follow(Track(self.name, self.gaps))

    def _follow(self, track: Track) -> None:
        self.track = track
        self.names_gaps = track.names_gaps  # kept, as an attribute of a class is slow to read

    @property
    def last(self) -> Any:
        """The last cursor that was delivered, or that waits for those before it."""
        return self.track.newest if self.id else self.time

    def settle(self, is_unsure: bool = False) -> None:
        """Deliver what is held by links that have met the stream; let one lead if none has."""
        for place in self.places:
            if place.held and place.meets(*place.held[0]):
                place.release()
        if not any(place.is_met for place in self.places) and not self._has_quiet_link():
            self.lead(is_unsure)

    def _has_quiet_link(self) -> bool:
        """Whether a link holds nothing, and is older than those that hold events."""
        holding = {place.member for place in self.places if place.held}
        oldest = min((one.opened for one in holding), default=inf)
        return any(one.opened < oldest for one in self.members if one not in holding)

    def lead(self, is_unsure: bool = False) -> None:
        """Deliver what one link holds; with `is_unsure` events before it may be missing."""
        holding = [place for place in self.places if place.held]
        if holding:
            if is_unsure or self.is_unsure:
                self.track.may_have_missed()
            min(holding, key=lambda place: place.held[0][0]).release(leads=True)


class Place:
    """The place of one link in one stream."""

    def __init__(self, stream: Stream, member: Member, redundancy: Redundancy) -> None:
        self.stream = stream
        self.member = member
        self.is_met = False
        self.is_fallen = False
        """Whether the ids of this link fell, and the track has not accepted one since."""
        self.position: Any = None
        """The last cursor of this link; None if it is unknown."""
        self.contents: list[object] = []
        """The contents that this link has brought with that cursor."""
        self.held: deque[tuple[Any, bytes, Any, Message]] = deque()
        """Cursor, octets, payload and message of each held event."""
        self._is_control, self._delivered = redundancy.is_control, redundancy.delivered
        self.line = redundancy.line
        self._read, self._has_ties = stream.rule.read, stream.rule.has_ties
        stream.places = [*stream.places, self]

    def take_ids(self) -> Take:
        """`judge` for events with ids: it takes few steps in the usual cases."""
        stream, judge, member = self.stream, self.judge, self.member
        line, delivered = self.line, self._delivered
        field, first = stream.id, "U" if stream.rule is RULES["depth"] else stream.id
        pass_on = member.pass_on

        def take(data: Any, message: Message = None) -> None:
            if data is SAME:
                return
            track = stream.track
            try:
                number, last = data[field], track.last
                is_next = data[first] - 1 == last if stream.names_gaps else number > last
                if not is_next and self.position < number <= last:
                    self.position = number
                    member.late += 1
                    return
            except (KeyError, TypeError):
                is_next = False
            if is_next and self.is_met and not stream.held:
                self.position = track.last = number
                track.event = data
                pass_on(data if message is None else message)
                if line is None:
                    delivered[member.octets] = self, number, None
                else:
                    line.append((member.octets, self, number))
            else:
                judge(data, message)

        return take

    def decoder(self, loads: Callable[[bytes], Message]) -> Callable[[bytes], Message]:
        """`Redundancy.decoder` of a link with this stream alone."""
        member, line = self.member, self.line
        assert line is not None
        has_id, has_ties = bool(self.stream.id), self._has_ties

        def decode(octets: bytes) -> Message:
            if line and line[0][0] == octets:
                _, origin, cursor = line.popleft()
                if origin is not self and self.is_met:
                    before = self.position
                    if before is not None and before <= cursor:
                        if not has_id:
                            content = octets if has_ties else None
                            if cursor == before:
                                self.contents.append(content)
                            else:
                                self.contents = [content]
                        self.position = cursor
                        member.late += 1
                        return SAME
            member.octets = octets
            return loads(octets)

        return decode

    @property
    def _is_sure(self) -> bool:
        """Whether no id of this link can show a gap."""
        return self.is_met and not (self.stream.id and self.stream.names_gaps)

    def meets(self, cursor: Any, octets: bytes, data: Any, message: Message) -> bool:
        """Whether to deliver or drop an event of this link at once, and not to hold it."""
        stream, last = self.stream, self.stream.last
        if last is None:
            return not (stream.track.is_quiet and self._is_younger)
        if is_after(last, cursor):
            return True
        if cursor == last:
            is_known = not stream.rule.has_ties or octets in stream.contents
            return self.is_met or bool(stream.id) or is_known
        return self._is_sure or stream.rule.joins(data, last)

    @property
    def _is_younger(self) -> bool:
        """Whether an older link may have had events before this one: not heard since it opened."""
        mine = self.member.opened
        return any(one.opened < mine and one.heard < mine for one in self.stream.members)

    def judge(self, data: Any, message: Message = None) -> None:
        """Deliver, hold or drop an event."""
        if data is SAME:
            return
        stream = self.stream
        if message is None:
            message = data
        cursor: Any = self._read(data)
        last: Any = stream.time
        if (
            cursor is not None
            and last is not None
            and not stream.id
            and self.is_met
            and not stream.held
            and cursor > last
        ):
            member = self.member
            content = member.octets if self._has_ties else None
            self.position = stream.time = cursor
            self.contents, stream.contents = [content], [content]
            member.deliver(message)
            if self.line is None:  # written out, as a call would make each event slower
                self._delivered[member.octets] = self, cursor, content
            else:
                self.line.append((member.octets, self, cursor))
        elif cursor is None and (
            stream.last or not stream.may_lack_cursors or self._is_control(message)
        ):
            self.member.deliver(message)  # no event of this stream
        else:
            self._judge(cursor or 0, self.member.octets, data, message)

    def _judge(
        self, cursor: Any, octets: bytes, data: Any, message: Message, leads: bool = False
    ) -> None:
        """With `leads` deliver an event whatever is missing before it."""
        stream, before = self.stream, self.position
        if stream.id:
            stream.renew()
        last = stream.last
        if before is not None and is_after(before, cursor):
            self.is_fallen = True
            self.drop_held()
        elif not (leads or self._is_sure) and (
            self.held or not self.meets(cursor, octets, data, message)
        ):
            self.is_met = False
            self.held.append((cursor, octets, data, message))
            stream.held += 1
            stream.settle()
            return
        content = octets if self._has_ties else None
        if cursor != before:
            self.position, self.contents = cursor, []
        self.contents.append(content)
        known = stream.time if last is None else last
        if known is None or is_after(cursor, known):
            is_new = True
        elif cursor == last and not stream.id:
            is_new = self.contents.count(content) > stream.contents.count(content)
        else:
            is_new = self.is_fallen or (before is None and self.is_alone)
        was_met, self.is_met, stream.is_unsure = self.is_met, True, False
        if is_new:
            self._pass(cursor, octets, content, message, was_met)
        else:
            self.member.late += 1

    @property
    def is_alone(self) -> bool:
        """Whether no other link has met the stream, and is known to be near its last event."""
        others = [one for one in self.stream.places if one is not self]
        return not any(one.is_met and one.position is not None for one in others)

    def _pass(
        self, cursor: Any, octets: bytes, content: object, message: Message, was_met: bool
    ) -> None:
        stream = self.stream
        if cursor != stream.time:
            stream.time, stream.contents = cursor, []
        stream.contents.append(content)
        if len(stream.contents) > CONTENTS:
            for contents in (stream.contents, *(place.contents for place in stream.places)):
                del contents[: CONTENTS // 2]
        self.member.deliver(message)
        if stream.id and stream.last != cursor:
            # The track has not accepted it: this link is behind, or on another line of ids.
            self.position, self.is_met = None, was_met and not self.is_fallen
        else:
            self.is_fallen = False
            self._note(octets, cursor, content)
        if stream.held:
            stream.settle()

    def _note(self, octets: bytes, cursor: Any, content: object) -> None:
        """Note the octets of a delivered event."""
        if self.line is None:
            self._delivered[octets] = self, cursor, content
        else:
            self.line.append((octets, self, cursor))

    def release(self, leads: bool = False) -> None:
        """This link has met the stream: deliver its held events."""
        held = list(self.held)
        self.drop_held()
        self.is_met = True
        for event in held:
            self._judge(*event, leads)
            leads = False

    def drop_held(self) -> None:
        self.stream.held -= len(self.held)
        self.held.clear()


class Redundancy:
    """The links of one session, and what they have brought.

    :param is_control: whether a message is no event.
    :param loads: decodes a message.
    :param only: the only stream of each link; None for combined links.
    """

    is_settled = True
    """For a rotation: when one link has ended, the others need no more time."""

    def __init__(
        self,
        continuity: Continuity,
        is_control: Callable[[object], bool],
        loads: Callable[[bytes], Message],
        only: str | None = None,
    ) -> None:
        self.is_control = is_control
        self.delivered: dict[bytes, tuple[Place, Any, object]] = {}
        """Octets of the latest delivered events -> the place that brought it, cursor, content."""
        is_single = only is not None and not has_parts(only)
        self.line: deque[tuple[bytes, Place, Any]] | None = deque() if is_single else None
        """The same in order, if each link has one stream."""
        self._loads = loads
        self._continuity = continuity
        continuity.replaced = self._replaced
        self._only = only
        self._members: dict[Hashable, Member] = {}
        self._streams: dict[tuple[str, str], Stream] = {}
        self._late = [0, 0]
        self._leads: deque[float] = deque(maxlen=SAMPLES)
        self._probe: tuple[Stream, Any, int, float] | None = None

    # from the connections

    def sink(self, link: Hashable, number: int, deliver: Deliver, pass_on: Deliver) -> Deliver:
        """The function for each message of a link.

        :param number: the number of its connection.
        :param deliver: gets the messages to deliver, and those that are no events.
        :param pass_on: gets the events that the track has noted already.
        """
        member = self._members.setdefault(link, Member(number, deliver, pass_on))
        takes, only = member.takes, self._only
        if only is not None:
            return takes.get(only) or self._take(only, member)

        def sink(message: Message) -> None:
            if message is SAME:
                return
            try:
                take, data = takes[message["stream"]], message["data"]
            except (KeyError, TypeError):
                name, data = self._continuity.parts(message)
                if not name or self.is_control(message):
                    deliver(message)
                    return
                take = self._take(name, member)
            take(data, message)

        return sink

    def decoder(self, link: Hashable) -> Callable[[bytes], Message]:
        """The function that decodes each message of a link, after `sink` was called for it.

        It returns `SAME` for an event that another link has brought in the same octets.
        """
        member, pop, loads = self._members[link], self.delivered.pop, self._loads
        places = member.places
        if self.line is not None:
            (only,) = places.values()
            return only.decoder(loads)

        def decode(octets: bytes) -> Message:
            found = pop(octets, None)
            if found is not None:
                origin, cursor, content = found
                place = places.get(origin.stream)
                if place is not None and place is not origin and place.is_met:
                    before = place.position
                    if before is not None and before <= cursor:
                        if cursor != before:
                            place.position, place.contents = cursor, [content]
                        else:
                            place.contents.append(content)
                        member.late += 1
                        return SAME
            member.octets = octets
            return loads(octets)

        return decode

    def opened(self, link: Hashable, now: float) -> None:
        """A link carries its streams from now on."""
        self._members[link].opened = now

    def ended(self, link: Hashable, heard: float = 0.0) -> bool:
        """A link has ended; returns whether it may have been dead before any other link opened.

        Then events may be missing that no id shows.

        :param heard: when its last octet arrived.
        """
        member = self._members.pop(link, None)
        if member is None:
            return False
        self._probe = None
        opened = min((one.opened for one in self._members.values()), default=inf)
        is_unsure = heard - UNDER_WAY_SECONDS < opened < inf
        was_dead = member.opened < inf and heard < opened < inf
        if is_unsure:
            self._continuity.link_lost()
        for stream, place in member.places.items():
            member.late += len(place.held)
            place.drop_held()
            stream.places = [one for one in stream.places if one is not place]
            if stream.id and not any(one.position == stream.last for one in stream.places):
                for one in stream.places:  # they may be behind, or their ids may have restarted
                    one.position = None
            stream.settle(is_unsure)
            if is_unsure and not was_dead and not any(one.is_met for one in stream.places):
                stream.is_unsure = True  # a link that holds nothing yet will lead
        self._late[member.number] += member.late
        return was_dead

    def forget(self, names: Collection[str]) -> None:
        """No link brings these streams any more."""
        for key in [key for key in self._streams if key[0] in names]:
            stream = self._streams.pop(key)
            for member in self._members.values():
                member.takes.pop(key[0], None)
                if place := member.places.pop(stream, None):
                    member.late += len(place.held)

    def read(self, link: Hashable, message: Message, now: float) -> None:
        """A link has brought messages; this is the last one.  Measures the lead of a link."""
        member = self._members.get(link)
        if member is None:
            return
        member.heard = now
        if self._probe is None:
            stream = self._streams.get((self._continuity.parts(message)[0], ""))
            place = None if stream is None else member.places.get(stream)
            if place is None or (last := place.stream.last) is None or place.position != last:
                return
            others = [
                one.position for one in place.stream.places if one.is_met and one is not place
            ]
            if others and all(position is not None and position < last for position in others):
                self._probe = (place.stream, last, member.number, now)
            return
        stream, cursor, first, since = self._probe
        mine = [one.position for one in stream.places if one.member is member]
        if member.number != first and any(one is not None and one >= cursor for one in mine):
            self._leads.append(now - since)
            self._probe = None
        elif now - since > HOLD_SECONDS:
            self._probe = None

    def look(self, now: float, is_paused: bool) -> None:
        """Release what was held for too long; called about once a second.

        :param is_paused: whether messages may wait unread.
        """
        self.delivered.clear()  # links are less than a second apart
        if self.line is not None:
            self.line.clear()
        for stream in list(self._streams.values()):
            stream.renew()
            if not stream.held or is_paused:
                stream.since = None
                continue
            since = stream.since = now if stream.since is None else stream.since
            waiting = {place.member for place in stream.places if place.held}
            members = self._members.values()
            is_heard = any(one.heard > since for one in members if one not in waiting)
            if now - since >= (HOLD_SECONDS if is_heard else SILENT_SECONDS):
                stream.since = None
                stream.lead(is_unsure=True)

    # from a rotation: the successor is a link like the others

    @property
    def waiting(self) -> list[str]:
        """The streams whose events are held."""
        return sorted(name for (name, _), stream in self._streams.items() if stream.held)

    def old_ended(self) -> list[Message]:
        """The end of each link is reported by `ended`."""
        return []

    new_ended = old_ended

    # statistics, from any thread

    @property
    def late(self) -> list[int]:
        """How many events each connection brought that the other one had brought first."""
        late = list(self._late)
        for member in list(self._members.values()):
            late[member.number] += member.late
        return late

    @property
    def leads(self) -> list[float]:
        """By how many seconds a link was first: a sample of the latest events."""
        return list(self._leads)

    # inside

    def _replaced(self, name: str) -> None:
        for (known, _), stream in self._streams.items():
            if known == name:
                stream.leave_track()

    def _take(self, name: str, member: Member) -> Take:
        """The function for the events of one stream on one link."""

        def take_part(data: Any, message: Message = None) -> None:
            if data is not SAME:
                self._place(name, part_of(data), member).judge(data, message)

        if has_parts(name):
            take: Take = take_part
        else:
            place = self._place(name, "", member)
            take = place.take_ids() if place.stream.id else place.judge
        if self._only is None:
            take = self._continuity.merged(name, take)
        member.takes[name] = take
        return take

    def _place(self, name: str, part: str, member: Member) -> Place:
        stream = self._streams.get((name, part))
        if stream is None:
            members = self._members.values()
            stream = self._streams[name, part] = Stream(name, self._continuity, members)
        place = member.places.get(stream)
        if place is None:
            place = member.places[stream] = Place(stream, member, self)
        return place


def statistics(merged: Iterable[Redundancy]) -> RedundancyStats | None:
    """How often each link was first, and by how many seconds; None without redundancy."""
    sessions = list(merged)
    if not sessions:
        return None
    leads = sorted(seconds for one in sessions for seconds in one.leads)
    p50, p99 = (leads[len(leads) * part // 100] if leads else None for part in (50, 99))
    late = [sum(counts) for counts in zip(*(one.late for one in sessions), strict=True)]
    return RedundancyStats(late[::-1], p50, p99)
