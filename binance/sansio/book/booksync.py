"""Keeps an order book in sync with its stream: the documented procedure as a machine.

Theory of operation
-------------------

The stream sends changes, a REST snapshot contains a whole book, and update ids connect the two.
Events are kept while a snapshot is fetched.  Then the events that the snapshot already contains are
dropped, the others are applied to it, and the new book replaces the old one.  So the old book stays
readable all the time, and the book in use has never missed an event.

The caller passes in what happened, and performs the returned commands.  The market's `Rules` and
the state of the book turn each event and each snapshot into an `Input`, which is looked up in the
table.

Rule 1: the table has every pair of a state and an input.
Rule 2: at most one snapshot is requested at a time.  `Command.ASK` requests it, and `snapshot` or
`failed` is the answer.  Its update id decides whether it is used.  But a snapshot from before the
link went down is void, because nothing connects it to the events of the next link.
Rule 3: after a failure another snapshot is requested, after `delay`, as long as the stream exists.
Rule 4: a new book is used only if it reaches the last event.  If a snapshot is late, the user keeps
the old book, out of sync, instead of getting an older one in sync.  Where no event of a new link
shows whether it is late, a second one that is lower than the old book means that the ids restarted.
Rule 5: ids go backwards only if an event is below the stream's own previous event.  Either this
event is late and is dropped, or the ids restarted.  Its time decides which, or, without a time,
the number of such events.  A snapshot that was requested before the ids restarted is void.  Events
that are only below the snapshot come from a stream that is behind it.  They are dropped until the
stream has caught up.  If it does not (`LAG_SECONDS`), the snapshot has other ids than the stream.
"""

import enum
from collections import deque
from typing import Final

from binance.sansio.book.bookrules import SPOT, Event, Rules
from binance.sansio.book.orderbook import OrderBook
from binance.sansio.feed.cursors import event_time, is_later
from binance.sansio.link.machine import table, with_next
from binance.sansio.link.reconnect import RetryPolicy
from binance.sansio.names.times import per_second

#: Maximum number of events that are kept for a snapshot, the newest ones: 50 s of the fastest
#: stream.  A snapshot that takes longer is older than the first of them, and another is requested.
KEPT_EVENTS = 500
#: Seconds before another request of a snapshot: the first delay, doubled each time, and the last.
FIRST_DELAY = 0.25
LAST_DELAY = 30.0
_DELAYS: Final = RetryPolicy(None, FIRST_DELAY, factor=2.0, maximum=LAST_DELAY)
#: After so many events in a row below the stream's own last one the ids have restarted.
BACKWARD_EVENTS = 20
#: A stream that is behind its snapshot for longer does not belong to it: by its own time, or, if it
#: has none, by the number of events.
LAG_SECONDS = 30.0
LAG_EVENTS = KEPT_EVENTS
#: A book that breaks before so many applied events counts as another failed snapshot.
PROVING_EVENTS = 20


class State(enum.Enum):
    BUFFERING = "buffering"  # the stream is not open, or has brought no event yet
    AWAITING = "awaiting snapshot"  # there is no book; a snapshot is requested, events are kept
    LIVE = "live"  # the book contains every event up to its update id
    REFRESHING = "refreshing"  # live, and a snapshot is requested to replace the book
    GAP = "gap"  # as AWAITING: the last book missed an event or is corrupt, and stays readable
    STALE = "stale"  # as AWAITING: a snapshot was older than the first kept event
    ENDED = "ended"  # the last book stays readable, out of sync; final


class Input(enum.Enum):
    OPENED = "opened"  # the stream is open, with or without an event so far
    DOWN = "down"  # the link is lost: changes are missing from now on
    NEXT = "next"  # an event that follows the last one
    REPEATED = "repeated"  # an event that the book or the kept events already contain
    BREAK = "break"  # an event that does not follow: others are missing
    CORRUPT = "corrupt"  # the book is wrong, see `BookSync.reason`
    USABLE = "usable"  # a snapshot that connects to the stream
    OLD = "old"  # a snapshot from before the first kept event
    FAILED = "failed"  # the request of a snapshot failed, or the snapshot is corrupt
    VOID = "void"  # a snapshot from before the link was lost
    REFRESH = "refresh"  # the book is to be replaced, although it is right
    END = "end"  # the stream has ended, or the book is not needed any more


class Command(enum.Enum):
    """What the caller has to do."""

    ASK = "fetch a snapshot after `BookSync.delay` seconds, then call `snapshot` or `failed`"
    APPLIED = "report an applied event to the user"
    REPLACED = "read `BookSync.book` again: it is a new one, in sync"
    LOST = "report to the user that the book is out of sync, because of `BookSync.reason`"


_ROWS = """
BUFFERING                  | OPENED      | AWAITING ask
BUFFERING                  | NEXT        | AWAITING keep ask
BUFFERING                  | END         | ENDED forget

AWAITING GAP STALE         | NEXT        | = keep
AWAITING GAP STALE         | BREAK       | = restart
AWAITING GAP STALE         | CORRUPT     | = forget
AWAITING GAP STALE         | USABLE      | LIVE replace
AWAITING GAP STALE         | OLD         | STALE ask_again
AWAITING GAP STALE         | FAILED      | = ask_again
AWAITING GAP STALE         | VOID        | = ask
AWAITING GAP STALE         | DOWN        | BUFFERING forget
AWAITING GAP STALE         | END         | ENDED forget

LIVE                       | NEXT        | = apply
LIVE                       | BREAK       | GAP restart lose ask
LIVE                       | CORRUPT     | GAP forget lose ask
LIVE                       | REFRESH     | REFRESHING ask
REFRESHING                 | NEXT        | = apply keep
REFRESHING                 | BREAK       | GAP restart lose
REFRESHING                 | CORRUPT     | GAP forget lose
REFRESHING                 | USABLE      | LIVE replace
REFRESHING                 | OLD FAILED  | = ask_again
LIVE REFRESHING            | DOWN        | BUFFERING forget lose
LIVE REFRESHING            | END         | ENDED forget lose

BUFFERING LIVE             | USABLE OLD FAILED VOID  | - no snapshot is needed
BUFFERING                  | DOWN        | - it is down
BUFFERING                  | BREAK       | - the first event follows nothing
BUFFERING                  | CORRUPT     | - there is no book in sync
REFRESHING                 | VOID        | - a lost link has ended the refresh before
BUFFERING AWAITING GAP STALE REFRESHING       | REFRESH   | - a snapshot is or will be requested
AWAITING GAP STALE LIVE REFRESHING            | OPENED    | - it is open
BUFFERING AWAITING GAP STALE LIVE REFRESHING  | REPEATED  | - known already
ENDED                      | *           | - final
"""
_effects, IGNORED = table(State, Input, _ROWS)
#: (state, input) -> (next state, actions: the names of methods of `BookSync`)
TRANSITIONS = with_next(State, _effects)


Commands = tuple[Command, ...]
_APPLIED: Commands = (Command.APPLIED,)

CAUSES: Final = {
    "backwards": "the update ids have restarted",
    "closed": "it was closed",
    "crossed": "the best bid is not below the best ask",
    "disconnected": "the connection was lost",
    "gap": "changes are missing",
    "horizon": "the price has left the levels of the snapshot",
    "malformed": "a change could not be read",
}
"""What each `BookSync.reason` means, in the words of the log."""
_MALFORMED = (AttributeError, KeyError, TypeError, ValueError)


class BookSync:
    """One book that follows one stream.  Not safe for threads: lock around each call."""

    def __init__(self, rules: Rules = SPOT) -> None:
        self.state = State.BUFFERING
        self.book: OrderBook | None = None
        """The book in use, or the last one while out of sync; None before the first."""
        self.reason = ""
        """Why the book was last out of sync, or a snapshot was not used: gap, crossed, horizon,
        malformed, backwards, disconnected, or the argument of `resync` or `end`."""
        self.delay = 0.0
        self.applied = 0
        """Number of events applied to the book in use, including those kept for its snapshot."""
        self._rules = rules
        self._kept: deque[Event] = deque(maxlen=KEPT_EVENTS)
        self._seen = -1  # the highest id of the stream so far
        self._seen_at: int | None = None  # the time of that event
        self._repeated = 0  # events in a row below it
        self._behind = 0  # events in a row below the snapshot
        self._behind_since: int | None = None  # the time of the first of them
        self._is_asked = False  # whether a snapshot is requested
        self._is_void = False  # whether the link went down since then, or the ids restarted
        self._is_doubtful = False  # whether the ids may have restarted since then
        self._tries = 0  # failed snapshots in a row
        self._was_lower = False  # whether a snapshot of this link was below the book in use
        self._next: OrderBook | None = None  # a usable snapshot
        self._replayed = 0  # number of events applied to it

    @property
    def is_live(self) -> bool:
        """Whether the book contains every event up to its update id."""
        return self.state is State.LIVE or self.state is State.REFRESHING

    @property
    def kept(self) -> int:
        return len(self._kept)

    # from the stream

    def opened(self) -> Commands:
        """The stream is open: all changes from now on will come as events."""
        return self._handle(Input.OPENED)

    def event(self, event: Event) -> Commands:
        book = self.book
        try:
            if self.state is State.LIVE and self.applied and book is not None:
                # A shortcut for nearly all events, with the same result as the table.
                known = book.update_id
                if event["u"] > known and self._rules.follows(event, known):
                    self._repeated = 0
                    return self._apply(event)
            input = self._judge_event(event)
        except _MALFORMED:
            return self.resync("malformed")
        return self._handle(input, event)

    def down(self) -> Commands:
        self._is_void = self._is_asked
        if self.is_live:
            self.reason = "disconnected"
        commands = self._handle(Input.DOWN)
        self._seen, self._seen_at = -1, None  # the next link's first event follows nothing
        self._repeated = self._behind = 0
        self._tries = 0
        self._was_lower = False
        return commands

    def end(self, reason: str) -> Commands:
        """The stream has ended, or the book is not needed any more."""
        self.reason = reason
        return self._handle(Input.END)

    # from the code that fetches snapshots

    def snapshot(self, book: OrderBook) -> Commands:
        """The requested snapshot came, as a book that no other code uses."""
        try:
            input = self._judge_snapshot(book)
        except _MALFORMED:  # of a kept event
            self._kept.clear()
            input = Input.FAILED
        return self._answered(input)

    def failed(self, retry_after: float = 0.0) -> Commands:
        """The request of the snapshot failed; wait at least `retry_after` seconds."""
        commands = self._answered(Input.FAILED)
        self.delay = max(self.delay, retry_after)
        return commands

    def _answered(self, input: Input) -> Commands:
        was_void, self._is_void, self._is_asked = self._is_void, False, False
        self._is_doubtful = False
        return self._handle(Input.VOID if was_void else input)

    # from the user

    def refresh(self) -> Commands:
        """Replace the book, which stays in use until then."""
        return self._handle(Input.REFRESH)

    def resync(self, reason: str) -> Commands:
        """Declare the book out of sync."""
        if self.is_live:
            self.reason = reason
        return self._handle(Input.CORRUPT)

    # judgements

    def _judge_event(self, event: Event) -> Input:
        last: int = event["u"]
        self._note_applied()
        known, is_next = self._seen, self._rules.follows
        is_first = self.is_live and not self.applied
        if is_first:
            assert self.book is not None
            known, is_next = self.book.update_id, self._rules.joins
        follows = is_next(event, known)  # called first, because it raises for a malformed event
        was_shown_by_time = True
        if last <= self._seen:
            was_shown_by_time = self._is_later(event)
            self._repeated += 1
            if not was_shown_by_time and self._repeated < BACKWARD_EVENTS:
                return Input.REPEATED
            reason = "backwards"
        elif is_first and self._rules.holds(known, event):
            self._seen, self._seen_at = last, event_time(event)
            if not self._lags_too_long(event):
                return Input.REPEATED
            reason = "backwards"
        elif follows or not (self._kept or self.is_live):
            self._repeated = self._behind = 0
            return Input.NEXT
        else:
            reason = "gap"
        self._repeated = self._behind = 0
        if reason == "backwards":
            # A requested snapshot may have the old ids.  If only the number of events has shown the
            # new ids, the snapshot most likely has the new ones, and is then not above them.
            self._is_void |= self._is_asked and was_shown_by_time
            self._is_doubtful = self._is_asked
        if self.is_live:
            self.reason = reason
        return Input.BREAK

    def _note_applied(self) -> None:
        """Note that the last applied event is the last one of the stream."""
        if self.is_live and self.applied:
            assert self.book is not None
            self._seen, self._seen_at = self.book.update_id, self.book.update_time

    def _is_later(self, event: Event) -> bool:
        """Whether an event below the stream's own last one is newer than that one."""
        return event["u"] < self._seen and bool(is_later(event_time(event), self._seen_at))

    def _lags_too_long(self, event: Event) -> bool:
        """Whether the stream has been behind the snapshot for too long to belong to it."""
        moment = event_time(event)
        if not self._behind:
            self._behind_since = moment
        self._repeated = 0
        self._behind += 1
        if moment is None or self._behind_since is None:
            return self._behind >= LAG_EVENTS
        return bool(moment - self._behind_since > LAG_SECONDS * per_second(moment))

    def _judge_snapshot(self, book: OrderBook) -> Input:
        """Apply the kept events to a snapshot, if they connect to it."""
        if self._is_doubtful and book.update_id > self._seen:
            return Input.VOID
        first = self._kept[0] if self._kept else None
        if first and not self.is_live and self._rules.is_old(book.update_id, first):
            return Input.OLD
        self._replayed = 0
        for event in self._kept:
            if not self._replayed and self._rules.holds(book.update_id, event):
                continue
            is_next = self._rules.follows if self._replayed else self._rules.joins
            if not is_next(event, book.update_id):
                return Input.OLD
            book.apply(event)
            self._replayed += 1
        reach = self._seen
        # As long as the new link has brought nothing, a lower snapshot may be late: ask once more.
        if self.book is not None and (self.is_live or (reach < 0 and not self._was_lower)):
            reach = self.book.update_id
        if book.update_id < reach:
            self._was_lower = not self._is_void
            return Input.OLD
        if book.fault:
            self.reason = book.fault
            return Input.FAILED
        self._next = book
        return Input.USABLE

    # transitions

    def _handle(self, input: Input, event: Event | None = None) -> Commands:
        state, actions = TRANSITIONS.get((self.state, input), (self.state, ""))
        commands: Commands = ()
        for action in actions.split():
            added: Commands = getattr(self, f"_{action}")(event)
            if action == "apply" and added is not _APPLIED:
                return added  # the book broke, which was another transition
            commands += added
        self.state = state
        return commands

    def _apply(self, event: Event | None) -> Commands:
        assert self.book is not None
        assert event is not None
        try:
            self.book.apply(event)
        except _MALFORMED:
            return self._broke("malformed", event)
        fault = self.book.fault
        if fault is not None:
            return self._broke(fault, event)
        self.applied += 1
        return _APPLIED

    def _broke(self, reason: str, event: Event) -> Commands:
        """The event has broken the book; the next book has to contain it."""
        commands = self.resync(reason)
        self._seen, self._seen_at = event["u"], event_time(event)
        return commands

    def _keep(self, event: Event | None) -> Commands:
        assert event is not None
        self._kept.append(event)
        self._seen, self._seen_at = event["u"], event_time(event)
        return ()

    def _restart(self, event: Event | None) -> Commands:
        """Keep this event and none before it."""
        self._kept.clear()
        return self._keep(event)

    def _forget(self, event: Event | None) -> Commands:
        self._kept.clear()
        return ()

    def _replace(self, event: Event | None) -> Commands:
        assert self._next is not None
        self._note_applied()
        self._behind = 0
        self._was_lower = False
        if self._next.update_time is None and self.book is not None:
            self._next.update_time = self.book.update_time
        self.book, self._next = self._next, None
        self.applied = self._replayed
        self._kept.clear()
        return (Command.REPLACED, Command.APPLIED) if self._replayed else (Command.REPLACED,)

    def _lose(self, event: Event | None) -> Commands:
        if event is None:
            self._note_applied()
        self._tries = 0 if self.applied >= PROVING_EVENTS else self._tries + 1
        return (Command.LOST,)

    def _ask(self, event: Event | None) -> Commands:
        if self._is_asked:
            return ()
        self.delay = _DELAYS.delay(self._tries) if self._tries else 0.0
        self._is_asked = True
        return (Command.ASK,)

    def _ask_again(self, event: Event | None) -> Commands:
        """Count another failure, and request a snapshot after a longer delay."""
        self._tries += 1
        return self._ask(event)
