"""Filling the holes of a stream from its past.

Theory.  A stream does not repeat what passed while its link was down, but REST serves it for some
time.  `Filled` is a track (`binance.sansio.feed.cursors`) that watches the positions of a stream's
events (`binance.sansio.feed.history`) and is in one of two states:

    LIVE       an event that follows the last one passes, at the cost of a plain track.  Any other
               event shows a hole in front of it: the event is held, and the hole is fetched
    HOLDING    every event is held.  The hole is fetched page by page, each page is delivered as it
               comes, then the held events are delivered.  A hole within them is fetched likewise

A hole may have an open end: after a reconnect that brings no event, and where history comes first
(`since`).  The first event ends it, or a page that the exchange could not fill.

A hole is given up, and a `Gap` names what is missing of it, if

    it is too old or too long                      at once: see `Gapless`
    the exchange refuses the call for good         at once
    it has later events, but not these             after `LACKING_TRIES` tries
    no page came for `max_hold` seconds            then: a stream does not wait for ever
    too many events are held meanwhile             unless pages still come: then the held ones are
                                                   forgotten, and fetched as well

So each event is delivered once and in order, or a `Gap` names it.  The caller performs the commands
of `step`, and calls it after each `Hole`, after each answer, and each second.
"""

from collections import deque
from dataclasses import dataclass
from typing import Any, Final

from binance.sansio.feed.cursors import ContiguousTrack, Gap, Hole, Track
from binance.sansio.feed.gapless import Gapless
from binance.sansio.feed.history import Event, Page, Past, past_of
from binance.sansio.link.reconnect import RetryPolicy
from binance.sansio.names.times import milliseconds

LACKING_TRIES: Final = 3
"""How often to ask for what the exchange does not have, although it has what came later."""
LONGEST_PAUSE: Final = 8.0
"""Maximum seconds between two tries."""
_PAUSES: Final = RetryPolicy(None, initial=1.0, factor=2.0, maximum=LONGEST_PAUSE)
PROBE_SECONDS: Final = 5.0
"""Seconds after a reconnect after which a stream without an event is looked up by REST."""
BUSY_SECONDS: Final = 600.0
"""Maximum seconds for which to wait for request weight that other calls use."""
LEAST_SECONDS: Final = 10.0
"""Seconds for which a hole is fetched if the one before it was given up."""


@dataclass(frozen=True, slots=True)
class Since:
    """Where a stream begins: at a position, or at a time of which the position is looked up."""

    position: int | None = None
    moment: int | None = None
    """Milliseconds since 1970 UTC."""
    age: float = 0.0
    """The seconds that have passed since then, as far as is known."""


# commands


@dataclass(frozen=True, slots=True)
class Deliver:
    """Deliver these events."""

    events: list[Any]


@dataclass(frozen=True, slots=True)
class Fetch:
    """Make this call and pass its answer, with the number, to `answered` or `failed`."""

    number: int
    page: Page


@dataclass(frozen=True, slots=True)
class Fill:
    """A hole was filled: the first and the last position that was fetched."""

    stream: str
    first: int
    last: int


Command = Deliver | Fetch | Fill | Gap

_LINK_LOST: Final = object()
"""Among the held events: the next one comes from another link."""
_RESTARTED: Final = object()
"""Among the held events: the ids restarted."""


class Filled(ContiguousTrack):
    """The track of a stream whose missing events are fetched."""

    # While the stream is held: the position from which on nothing was fetched yet, the last missing
    # one, that of the newest held event, and the time (ms) of which the position is looked up.
    _wanted: int | None
    _until: int | None
    _newest: int | None
    _moment: int | None
    # Fetched events with their positions, and reports; the positions that were not reported yet.
    _ready: deque[Any]
    _got: tuple[int, int] | None
    # Seconds that had passed at the start, negative where there is no limit; when something was
    # fetched last, negative until the first step; when to ask next; seconds of waiting for weight.
    _age: float
    _began: float
    _due: float
    _paused: float
    # Failed tries, and why; from where on the exchange has events, and how often that was seen.
    _tries: int
    _why: str
    _lacking: tuple[int, int]
    _is_fetching: bool

    def __init__(
        self,
        name: str,
        gaps: list[Gap | Hole],
        past: Past,
        limits: Gapless,
        since: Since | None = None,
    ) -> None:
        super().__init__(name, gaps, past.id_field)
        self.past, self.names_gaps = past, past.is_contiguous
        self.held: deque[Any] | None = None
        """The held events; None while the stream is live."""
        self._limits = limits
        self._asked = 0  # number of calls
        self._lost: float | None = None  # when the first of the missing events may have come
        self._left: int | None = None  # the newest position when no link was left
        self._probe: float | None = None  # when to look up what was missed
        self._given_up: tuple[int | None, str] = (None, "")  # from a position on, and why
        self._born: int | None = None  # when the stream was opened (ms), if nothing has come since
        self._live()
        if since is not None:
            self._open(since.position, None)
            self._age, self._moment = since.age, since.moment

    # from the wire

    def _judge(self, number: int, data: Any) -> bool:
        if self.held is not None:
            self._hold(number, data)
            return False
        wanted = self._next
        if wanted is not None and number < wanted:
            if self._is_stale(number, data):
                return False
        elif wanted is not None and number > wanted and (self.past.is_contiguous or self._is_new):
            if self._given_up[0] != wanted:
                if not self._is_new:
                    self._lost = self.now  # the link was up: what is missing is no older
                self._open(wanted, number - 1)
                self._hold(number, data)
                return False
            self._gaps.append(self._gap(wanted, number, self._given_up[1]))
        elif self._was_quiet:
            self._open_at_birth()
            self._hold(number, data)
            return False
        self._born = None
        self._go_on(self.past.after(data), data)
        return True

    def _hold(self, number: int, data: Any) -> None:
        """Hold an event that is beyond the others."""
        held, newest, past = self.held, self._newest, self.past
        assert held is not None
        if not held and newest is None:
            if self._wanted is not None and number < self._wanted:
                if not self._begins_within(number):
                    return  # it was delivered, or fetched
                self._wanted = number
            if self._until is None:
                self._until = number - 1
                self._gaps.append(Hole(self._name))
        elif held and held[-1] is _RESTARTED:
            pass
        elif newest is not None and (number < newest or (number == newest and not past.is_candle)):
            if not self._has_restarted(number, data, newest, held[-1] if held else None):
                return
            held.append(_RESTARTED)
        held.append(data)
        self._newest = number

    # from the connection

    def link_lost(self, is_backed: bool = False) -> None:
        self._before = self.newest
        if is_backed:
            return
        self._left = self.newest
        if self.held is None:
            self._lost = self.now
        elif self.held and self.held[-1].__class__ is dict and not self.past.is_contiguous:
            self.held.append(_LINK_LOST)

    def opened(self, now: float) -> None:
        """A link is up: look up what was missed, if the stream stays quiet."""
        self._probe = now + PROBE_SECONDS

    def is_up(self, moment: int) -> None:
        """A link is up at this time (ms since 1970 UTC): what comes from then on is wanted.

        Not so of candles: by a clock that is ahead, the present ones would come too early.
        """
        if self.past.is_candle:
            return
        if self._born is None and self.last is None and self.held is None:
            self._born, self._lost = moment, None

    def look_up(self) -> bool:
        wanted = self._next
        if self._was_quiet:
            self._open_at_birth()
        elif self.held is None and wanted is not None:
            if not self._is_new:
                self._lost = self.now  # the link was believed to be up: it is no older
            self._open(wanted, None)
        return self.held is not None

    def restart(self) -> None:
        """The ids restarted, and it is unknown which events are missing."""
        if self.held is None:
            self._born = None
            super().restart()
        else:
            self.held.append(_RESTARTED)

    def forget(self) -> None:
        """The next event is the first one."""
        super().forget()
        self._born = self._left = None
        self._live()
        self._go_on(None)

    @property
    def cursor(self) -> int | None:
        """The position of the first event that was not delivered; None if it is unknown."""
        if self.held is None:
            return self._next
        ready = (one[0] for one in self._ready if isinstance(one, tuple))
        return next(ready, self._wanted)

    @property
    def waits_for_room(self) -> bool:
        """Whether there is more to deliver than there was room for."""
        return self.held is not None and (bool(self._ready) or self._is_whole)

    @property
    def is_overfull(self) -> bool:
        """Whether so many events are held that they have to be delivered, room or not."""
        held = self.held
        return held is not None and len(held) > self._limits.max_held and self._is_whole

    def step(self, now: float, room: int) -> list[Command]:
        """What to do now; `room` is the number of events that can be delivered."""
        self.now = now
        if self._probe is not None and now >= self._probe:
            self._probe = None
            if self._was_quiet:
                self._open_at_birth()
            elif self.held is None and self._is_new and self._next is not None:
                self._open(self._next, None)
        out: list[Command] = []
        if self.held is None:
            return out
        if not self._is_whole:
            self._check(now)
        self._release(room, out)
        is_done = self._is_whole or self._wanted is self._moment is None
        if not is_done and not self._ready and not self._is_fetching and now >= self._due:
            self._asked += 1
            self._is_fetching = True
            out.append(Fetch(self._asked, self._page()))
        return out

    def answered(self, number: int, rows: Any, now: float) -> None:
        """The answer to a `Fetch`."""
        if not self._is_awaited(number):
            return
        try:
            if self._wanted is None:
                self._found(self.past.found(rows), now)
            else:
                self._take(self.past.events(rows), self._page(), now)
        except (LookupError, TypeError, ValueError) as error:
            self._retry(f"the answer does not have the documented shape: {error}", now)

    def failed(self, number: int, reason: str, now: float, wait: float, is_final: bool) -> None:
        """A `Fetch` failed; ask again after `wait` seconds at least, unless it is final."""
        if self._is_awaited(number):
            if is_final:
                self._give_up(reason)
            else:
                self._retry(reason, now, wait)

    def busy(self, number: int, now: float) -> None:
        """Other calls use the request weight.  This is no failure, so it prolongs the hold."""
        if self._is_awaited(number):
            self._due = now + 1.0
            if self._paused < BUSY_SECONDS:
                self._paused += 1.0
                self._began += 1.0

    def end(self) -> None:
        """Give up, so that what is held can be delivered."""
        if self.held is not None and not self._is_whole:
            self._give_up("the socket has ended")

    # inside

    @property
    def _next(self) -> int | None:
        """The position that has to come next, while the stream is live."""
        return None if self.last is None else self.last + 1

    @property
    def _is_new(self) -> bool:
        """Whether no event has come since no link was left."""
        return self._left is not None and self.last == self._left

    @property
    def is_quiet(self) -> bool:
        return self.held is None and self.last is None and self._born is not None

    @property
    def _was_quiet(self) -> bool:
        """Whether no link was left before one had brought an event."""
        return self.is_quiet and self._lost is not None

    def _begins_within(self, opens: int) -> bool:
        """Whether the stream is to begin within the candle of this open time."""
        wanted, past = self._wanted, self.past
        is_start = past.is_candle and self._age < 0 and self._got is None
        return is_start and wanted is not None and past.count(opens, wanted) == 1

    @property
    def newest(self) -> int | None:
        return self.last if self.held is None else self._newest

    @property
    def _is_whole(self) -> bool:
        """Whether nothing is missing before the held events any more."""
        return self._wanted is not None and self._until is not None and self._wanted > self._until

    def _go_on(self, wanted: int | None, event: Any = None) -> None:
        """The stream is live, and this position has to come next."""
        self.event = event
        self.last = None if wanted is None else wanted - 1

    def _live(self) -> None:
        self.held = self._newest = self._moment = None
        self._age = 0.0
        self._ready = deque()
        self._begin(None, None, 0.0)

    def _open(self, first: int | None, until: int | None) -> None:
        """Begin to hold the stream, behind a hole."""
        self._live()
        self._go_on(None)
        self.held = deque()
        self._begin(first, until, -1.0)
        self._gaps.append(Hole(self._name))

    def _open_at_birth(self) -> None:
        """Hold the stream, which has missed what came since it was opened."""
        born = self._born
        assert born is not None
        self._open(None, None)
        self._age, self._moment = -1.0, born

    def _begin(self, first: int | None, until: int | None, began: float) -> None:
        """A hole begins; the time is negative if the next step is its beginning."""
        self._wanted, self._until, self._began = first, until, began
        self._due, self._tries, self._paused = 0.0, 0, 0.0
        self._why, self._lacking = "REST did not answer", (0, 0)
        self._is_fetching = False
        self._got = None

    def _is_awaited(self, number: int) -> bool:
        if not self._is_fetching or number != self._asked:
            return False
        self._is_fetching = False
        return not self._is_whole

    def _page(self) -> Page:
        if self._wanted is None:
            return self.past.find(self._moment or 0)
        # Where ids do not show what is missing, the page has to begin with the last known event.
        return self.past.page(self._wanted - (not self.past.is_contiguous), self._until)

    def _retry(self, reason: str, now: float, wait: float = 0.0) -> None:
        self._tries += 1
        self._why = reason
        self._due = now + max(wait, _PAUSES.delay(self._tries))

    def _check(self, now: float) -> None:
        """Give up if the hole is beyond a limit."""
        limits, past, held = self._limits, self.past, self.held
        assert held is not None
        if self._began < 0:
            self._began = now
            age = self._age if self._lost is None else now - self._lost
            most = min(limits.max_age, past.source.age)
            if age > most:
                self._give_up(f"older than {most / 3600:g} hours")
                return
        if self._ready:
            self._began = now  # the callback is late, not the exchange
        count = 0
        if self._wanted is not None and self._until is not None:
            count = past.count(self._wanted, self._until)
        if count > limits.max_count and self._age >= 0:
            self._give_up(f"more than {limits.max_count} events")
        elif now - self._began >= limits.max_hold:
            self._give_up(f"not fetched within {limits.max_hold:g} s: {self._why}")
        elif len(held) > limits.max_held:
            if self._tries:
                self._give_up(f"more than {limits.max_held} later events are held: {self._why}")
            else:
                self._until, self._newest = self._newest, None  # fetch these as well
                if past.is_candle and self._until is not None:
                    self._until -= 1  # but the newest one may not be closed
                held.clear()

    def _found(self, position: int | None, now: float) -> None:
        """The position of the first trade since a time; None if REST has none since then."""
        if position is not None:  # beyond a held event, if the clock that gave the time is ahead
            self._wanted = position if self._until is None else min(position, self._until + 1)
        elif self._until is None:
            self._had_nothing()
        elif self.held and milliseconds(self.held[0]["T"]) < (self._moment or 0):
            self._wanted = self._until + 1
        else:
            self._retry("REST does not have the present trades yet", now)

    def _had_nothing(self) -> None:
        """No event has come since the stream was opened: the first one will pass."""
        self._live()
        self._lost = None

    def _take(self, events: list[Event], page: Page, now: float) -> None:
        """Take a page: the events that follow one after the other from the wanted one on."""
        until, wanted, past = self._until, self._wanted, self.past
        assert wanted is not None
        is_short = len(events) < page.limit
        is_past = until is not None and any(number > until for number, _ in events)
        is_known = self._got is not None or (self._lost is not None and self._age >= 0)
        if not past.is_contiguous and is_known and wanted - 1 not in [one[0] for one in events]:
            begins = events[0][0] if events else -1
            is_lacking = self._lacks("the answer does not have the last known event", begins, now)
            if not is_lacking or begins < wanted:  # below it, REST is behind
                return
        end = past.end_of(page)
        if past.is_candle and not is_past and (until is None or end is None or end > until):
            del events[-1:]  # no later one shows that it is closed
            if until is None and past.is_newest and events and past.count(wanted, events[0][0]) > 1:
                self._until, self._due = events[-1][0], now  # ask for the earlier ones first
                return
        new = [one for one in events if one[0] >= wanted and (until is None or one[0] <= until)]
        is_start = past.is_candle and self._age < 0 and self._got is None
        if is_start and (not events or events[0][0] >= wanted):
            # It is to begin within a candle, or before the first one: with the next one that is.
            begins = events[0][0] if events else wanted
            if not events and end is not None and until is not None and end <= until:
                begins = end  # nothing is in the page
            if past.count(wanted, begins) > 1 and self._lacking[0] != begins:
                self._lacking = begins, 1  # ask once more: a page may be wrong
                return
            if new:
                wanted = begins
            elif until is None and is_short:
                self._had_nothing()
                return
            elif not events and begins > wanted:
                self._wanted, self._began = begins, now
                return
            elif until is not None and (is_past or past.count(wanted, until + 1) == 1):
                self._wanted = until + 1
                return
        run: list[Event] = []
        for number, data in new:
            if past.is_contiguous and number != wanted:
                break
            run.append((number, data))
            wanted = past.after(data)
        if run:
            self._got = (self._got or run[0])[0], run[-1][0]
            self._ready += run
            self._wanted, self._began, self._tries, self._due = wanted, now, 0, now
        rest = new[len(run) :]
        if until is None:
            if rest and not run:
                self._lack(rest[0][0], now)
            elif is_short and not rest:
                self._until = wanted - 1  # that was all
        elif wanted <= until:
            if is_past and not past.is_contiguous:
                self._wanted = until + 1
            elif not run and (rest or is_past):
                self._lack(rest[0][0] if rest else until + 1, now)
            elif not run and end is not None and end <= until:
                self._lack(end, now)
            elif not run:
                self._retry("REST does not have these events yet", now)
        if self._is_whole:
            self._filled()

    def _lack(self, end: int, now: float) -> None:
        """The exchange has what begins at `end`, but not what is wanted before it."""
        reason = "the exchange does not have these events"
        if self._lacks(reason, end, now):
            self._filled()
            self._ready.append(self._gap(self._wanted, end, reason))
            self._wanted, self._tries, self._due = end, 0, now

    def _lacks(self, reason: str, end: int, now: float) -> bool:
        """Whether so many answers began there that what is before it does not come late."""
        self._retry(reason, now)
        self._lacking = end, self._lacking[1] + 1 if self._lacking[0] == end else 1
        return self._lacking[1] >= LACKING_TRIES

    def _filled(self) -> None:
        """Report what was fetched since the last report."""
        if self._got is not None:
            self._ready.append(Fill(self._name, *self._got))
            self._got = None

    def _give_up(self, reason: str) -> None:
        """Deliver nothing of the rest of the hole."""
        self._filled()
        self._is_fetching = False
        if self._until is None:  # the next event shows the end of the hole
            self._given_up = (self._wanted, reason)
            self._until = -1 if self._wanted is None else self._wanted - 1
        else:
            self._ready.append(self._gap(self._wanted, self._until + 1, reason))
            self._wanted = self._until + 1
        if self._wanted is None:
            self._ready.append(Gap(self._name, None, None, reason))
            self._wanted = 0

    def _gap(self, first: int | None, end: int, reason: str) -> Gap:
        last = None if first is None else self.past.last_before(first, end)
        return Gap(self._name, first, last, reason)

    def _release(self, room: int, out: list[Command]) -> None:
        """Deliver what was fetched, and then what is held."""
        events: list[Any] = []
        while self.held is not None:
            ready = self._ready[0] if self._ready else None
            if ready is not None and not isinstance(ready, tuple):
                if events:
                    out.append(Deliver(events))
                    room, events = room - len(events), []
                out.append(self._ready.popleft())
            elif ready is None and not self._is_whole:
                break
            elif ready is None and not self.held:
                wanted, newest = self._wanted, self._newest
                self._live()
                self._go_on(wanted or None)
                if newest is None:  # the link may be down still
                    self._before = self._left = self.last
            elif len(events) >= room:
                break
            elif ready is not None:
                events.append(self._ready.popleft()[1])
            else:
                self._next_held(self.held.popleft(), events)
        if events:
            out.append(Deliver(events))

    def _next_held(self, data: Any, events: list[Any]) -> None:
        """Deliver the oldest held event, or begin the hole before it."""
        held, past, wanted = self.held, self.past, self._wanted
        assert held is not None
        assert wanted is not None
        self._age = 0.0  # what follows is no start
        if data is _LINK_LOST:
            self._newest = self._newest if held else None
            self._begin(wanted, past.position(held[0]) - 1 if held else None, self.now)
            return
        if data is _RESTARTED:
            self._ready.append(Gap(self._name, None, None))
            self._wanted = past.position(held[0]) if held else 0
            self._until = self._wanted - 1
            return
        number = past.position(data)
        if number > wanted and past.is_contiguous:
            held.appendleft(data)
            late = self.now - self._limits.max_hold + LEAST_SECONDS
            self._begin(wanted, number - 1, min(late, self.now) if self._tries else self.now)
        elif number >= wanted:
            self._wanted = past.after(data)
            events.append(data)


class FilledCandles(Filled):
    """Candles: a candle that was not closed is missing as well.

    `last` is the time before the open time that has to come next.
    """

    def admit(self, data: Any) -> bool:
        try:
            candle = data["k"]
            opens = candle["t"]
            if opens - 1 == self.last:
                if candle["x"]:
                    self.last = candle["T"]
                return True
        except (KeyError, TypeError):
            return True  # not a payload of this stream: let it pass
        return self._judge(opens, data)

    def _is_stale(self, number: int, data: Any) -> bool:
        return True  # times do not restart


def filled(
    name: str,
    market: str,
    gaps: list[Gap | Hole],
    limits: Gapless,
    unit: int,
    since: Since | None = None,
) -> Track | None:
    """The track of a stream whose missing events can be fetched; None for any other stream."""
    past = past_of(name, market, unit)
    if past is None:
        return None
    return (FilledCandles if past.is_candle else Filled)(name, gaps, past, limits, since)
