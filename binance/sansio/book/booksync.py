"""Keeping an order book in step with its stream: the documented procedure as a machine.

Theory of operation
-------------------

The stream tells changes, a snapshot fetched by REST tells a whole book, and update ids join them.
Events are kept while a snapshot is fetched; those that it already holds are dropped, the others
applied to it, and only then does the new book take the place of the old one.  So the old book
stays readable throughout, and a book in force is one that has never missed an event.

    BUFFERING   nothing is asked for: the stream is not open, or has not spoken yet
    AWAITING    there is no book; a snapshot is asked for, events are kept
    LIVE        the book holds every event up to its update id
    REFRESHING  live, and a snapshot is asked for to take its place
    GAP         the book missed an event or proved corrupt; as AWAITING, the last book stands
    STALE       as AWAITING; a snapshot older than the first event kept came, another is asked for
    ENDED       the stream is over; the last book stands, out of step; final

Whoever performs the machine tells it what happened and carries out the commands that it answers
with.  Each event, and each snapshot, is judged first by the market's `Rules` and by the state of
the book; the judgement, an `Input`, is looked up in `TRANSITIONS`.

Rule 1: every transition is in `TRANSITIONS`; a pair that is missing there is in `IGNORED`.
Rule 2: at most one snapshot is under way.  It is asked for by `Command.ASK`, and `snapshot` or
`failed` answers.  Its update id decides what it is worth, but one that was asked for before the
link went down is void, since nothing joins it to what the next link brings.
Rule 3: a snapshot that fails is asked for again, after `delay`, for as long as the stream lives.
Rule 4: a book is only put in force if it reaches the last event that came: a snapshot that is
merely late leaves the user with the old book, out of step, rather than with an older one in step.
Rule 5: ids go backwards only where an event is below the stream's own previous one.  Its time tells
a late event, which is dropped, from ids that began anew; where it has none, their number does.  A
snapshot that was asked for before ids began anew is void.  Events that are merely below the
snapshot come from a stream that lags behind it, and are dropped until it has caught up; if it never
does (`LAG_SECONDS`), the snapshot is of other ids than the stream.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Callable

from binance.sansio.book.bookrules import SPOT, Event, Rules
from binance.sansio.book.orderbook import OrderBook
from binance.sansio.feed.cursors import event_time, is_later
from binance.sansio.names.times import per_second

__all__ = ["IGNORED", "TRANSITIONS", "Action", "BookSync", "Command", "Input", "State"]

#: How many events are kept for a snapshot, newest first to stay: 50 s of the fastest stream.  A
#: snapshot that takes longer is older than the first of them and is asked for again.
KEPT_EVENTS = 500
#: Seconds before a snapshot is asked for again: the first, doubled for each further one, the last.
FIRST_DELAY = 0.25
LAST_DELAY = 30.0
#: So many events in a row below the stream's own last one mean that the ids began anew.
BACKWARD_EVENTS = 20
#: A stream that lags behind its snapshot for longer, by its own time or in events where it has
#: none, does not belong to it.
LAG_SECONDS = 30.0
LAG_EVENTS = KEPT_EVENTS
#: A book that breaks before so many events were applied counts as one more failed snapshot.
PROVING_EVENTS = 20


class State(enum.Enum):
    """Where a book is in its life."""

    BUFFERING = "buffering"
    AWAITING = "awaiting snapshot"
    LIVE = "live"
    REFRESHING = "refreshing"
    GAP = "gap"
    STALE = "stale"
    ENDED = "ended"


class Input(enum.Enum):
    """What can happen to a book."""

    OPENED = "opened"  # the stream is open, whether or not an event came
    DOWN = "down"  # the link is lost: changes are missed from now on
    NEXT = "next"  # an event that follows the last one
    REPEATED = "repeated"  # an event that the book, or what is kept, already holds
    BREAK = "break"  # an event that does not follow: others were missed
    CORRUPT = "corrupt"  # the book cannot be trusted any more, see `BookSync.reason`
    USABLE = "usable"  # a snapshot that joins the stream
    OLD = "old"  # a snapshot from before the first event kept
    FAILED = "failed"  # no snapshot could be had, or a corrupt one
    VOID = "void"  # a snapshot from before the link was lost
    REFRESH = "refresh"  # the book is to be replaced though nothing is wrong
    END = "end"  # the stream has given up, or nobody wants the book any more


class Action(enum.Enum):
    """What a transition does, in this order, beside going to its next state."""

    APPLY = "apply the event to the book"
    KEEP = "keep the event"
    RESTART = "keep this event and none before it"
    FORGET = "keep no event"
    REPLACE = "put the new book in force"
    LOSE = "tell that the book is out of step"
    ASK = "ask for a snapshot"
    ASK_AGAIN = "count one more failure and ask for a snapshot, later each time"


class Command(enum.Enum):
    """What the performer is to do."""

    ASK = "fetch a snapshot after `BookSync.delay` seconds, then call `snapshot` or `failed`"
    APPLIED = "tell the user of an applied event"
    REPLACED = "read `BookSync.book` anew: it is another one, and in step"
    LOST = "tell the user that the book is out of step, for `BookSync.reason`"


_A, _I, _S = Action, Input, State

TRANSITIONS: dict[tuple[State, Input], tuple[State, tuple[Action, ...]]] = {
    # the stream speaks
    (_S.BUFFERING, _I.OPENED): (_S.AWAITING, (_A.ASK,)),
    (_S.BUFFERING, _I.NEXT): (_S.AWAITING, (_A.KEEP, _A.ASK)),
    # a snapshot is awaited, in one of three states that differ by name alone
    **{
        (state, input): (next_state or state, actions)
        for state in (_S.AWAITING, _S.GAP, _S.STALE)
        for input, next_state, actions in (
            (_I.NEXT, None, (_A.KEEP,)),
            (_I.BREAK, None, (_A.RESTART,)),
            (_I.CORRUPT, None, (_A.FORGET,)),
            (_I.USABLE, _S.LIVE, (_A.REPLACE,)),
            (_I.OLD, _S.STALE, (_A.ASK_AGAIN,)),
            (_I.FAILED, None, (_A.ASK_AGAIN,)),
            (_I.VOID, None, (_A.ASK,)),
            (_I.DOWN, _S.BUFFERING, (_A.FORGET,)),
            (_I.END, _S.ENDED, (_A.FORGET,)),
        )
    },
    # the book is in step
    (_S.LIVE, _I.NEXT): (_S.LIVE, (_A.APPLY,)),
    (_S.LIVE, _I.BREAK): (_S.GAP, (_A.RESTART, _A.LOSE, _A.ASK)),
    (_S.LIVE, _I.CORRUPT): (_S.GAP, (_A.FORGET, _A.LOSE, _A.ASK)),
    (_S.LIVE, _I.REFRESH): (_S.REFRESHING, (_A.ASK,)),
    (_S.REFRESHING, _I.NEXT): (_S.REFRESHING, (_A.APPLY, _A.KEEP)),
    (_S.REFRESHING, _I.BREAK): (_S.GAP, (_A.RESTART, _A.LOSE)),
    (_S.REFRESHING, _I.CORRUPT): (_S.GAP, (_A.FORGET, _A.LOSE)),
    (_S.REFRESHING, _I.USABLE): (_S.LIVE, (_A.REPLACE,)),
    (_S.REFRESHING, _I.OLD): (_S.REFRESHING, (_A.ASK_AGAIN,)),
    (_S.REFRESHING, _I.FAILED): (_S.REFRESHING, (_A.ASK_AGAIN,)),
    # the link is lost, or the stream is over
    (_S.LIVE, _I.DOWN): (_S.BUFFERING, (_A.FORGET, _A.LOSE)),
    (_S.REFRESHING, _I.DOWN): (_S.BUFFERING, (_A.FORGET, _A.LOSE)),
    (_S.LIVE, _I.END): (_S.ENDED, (_A.FORGET, _A.LOSE)),
    (_S.REFRESHING, _I.END): (_S.ENDED, (_A.FORGET, _A.LOSE)),
    (_S.BUFFERING, _I.END): (_S.ENDED, (_A.FORGET,)),
}

#: Pairs that change nothing, and why.
IGNORED: dict[tuple[State, Input], str] = {
    **{(state, _I.REPEATED): "known already" for state in State},
    **{(_S.ENDED, input): "final" for input in Input},
    **{(state, _I.OPENED): "it is open" for state in State if state is not _S.BUFFERING},
    **{
        (state, _I.REFRESH): "a snapshot is asked for, or will be"
        for state in State
        if state is not _S.LIVE
    },
    **{
        (state, input): "no snapshot is wanted"
        for state in (_S.BUFFERING, _S.LIVE)
        for input in (_I.USABLE, _I.OLD, _I.FAILED, _I.VOID)
    },
    (_S.BUFFERING, _I.DOWN): "it is down",
    (_S.BUFFERING, _I.BREAK): "the first event follows nothing",
    (_S.BUFFERING, _I.CORRUPT): "there is no book that is trusted",
    (_S.REFRESHING, _I.VOID): "a link that went down has ended the refreshing",
}


Commands = tuple[Command, ...]
_APPLIED: Commands = (Command.APPLIED,)
_MALFORMED = (AttributeError, KeyError, TypeError, ValueError)


class BookSync:
    """One book that follows one stream.  Not safe for threads: lock around each call."""

    def __init__(self, rules: Rules = SPOT) -> None:
        self.state = State.BUFFERING
        self.book: OrderBook | None = None
        """The book in force, or the last one while out of step; None before the first."""
        self.reason = ""
        """Why the book was last out of step: gap, crossed, horizon, malformed, backwards,
        disconnected, or what was passed to `resync` or `end`."""
        self.delay = 0.0
        self.applied = 0
        """Events applied to the book in force, those kept for its snapshot included."""
        self._rules = rules
        self._kept: deque[Event] = deque(maxlen=KEPT_EVENTS)
        self._seen = -1  # the highest id that the stream has told
        self._seen_at: int | None = None  # and the time of that event
        self._repeated = 0  # events in a row below it
        self._behind = 0  # events in a row below the snapshot
        self._behind_since: int | None = None  # the time of the first of them
        self._is_asked = False  # a snapshot is under way
        self._is_void = False  # and the link went down meanwhile, or the ids began anew
        self._is_doubtful = False  # or it may be so
        self._tries = 0  # snapshots that failed in a row
        self._next: OrderBook | None = None  # a snapshot found usable
        self._replayed = 0  # the events that were applied to it

    @property
    def is_live(self) -> bool:
        """Whether the book holds every event up to its update id."""
        return self.state is State.LIVE or self.state is State.REFRESHING

    @property
    def kept(self) -> int:
        """How many events are kept for a snapshot."""
        return len(self._kept)

    # from the stream

    def opened(self) -> Commands:
        """The stream is open: changes from now on will come as events."""
        return self._handle(Input.OPENED)

    def event(self, event: Event) -> Commands:
        """A `depthUpdate` event came."""
        book = self.book
        try:
            if self.state is State.LIVE and self.applied and book is not None:
                # Nearly all events: what the judgement and the table below say, in short.
                known = book.update_id
                if event["u"] > known and self._rules.follows(event, known):
                    self._repeated = 0
                    return self._apply(event)
            input = self._judge_event(event)
        except _MALFORMED:
            return self.resync("malformed")
        return self._handle(input, event)

    def down(self) -> Commands:
        """The link is lost."""
        self._is_void = self._is_asked
        if self.is_live:
            self.reason = "disconnected"
        commands = self._handle(Input.DOWN)
        self._seen, self._seen_at = -1, None  # the next link's first event follows nothing
        self._repeated = self._behind = 0
        self._tries = 0
        return commands

    def end(self, reason: str) -> Commands:
        """The stream is over, or the book no longer wanted."""
        self.reason = reason
        return self._handle(Input.END)

    # from whoever fetches snapshots

    def snapshot(self, book: OrderBook) -> Commands:
        """The snapshot that was asked for, as a book of which no one else keeps hold."""
        try:
            input = self._judge_snapshot(book)
        except _MALFORMED:  # an event that was kept
            self._kept.clear()
            input = Input.FAILED
        return self._answered(input)

    def failed(self, retry_after: float = 0.0) -> Commands:
        """The snapshot that was asked for could not be had; wait at least `retry_after` seconds."""
        commands = self._answered(Input.FAILED)
        self.delay = max(self.delay, retry_after)
        return commands

    def _answered(self, input: Input) -> Commands:
        was_void, self._is_void, self._is_asked = self._is_void, False, False
        self._is_doubtful = False
        return self._handle(Input.VOID if was_void else input)

    # from the user

    def refresh(self) -> Commands:
        """Replace the book, which stays in force meanwhile."""
        return self._handle(Input.REFRESH)

    def resync(self, reason: str) -> Commands:
        """Trust the book no longer."""
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
        follows = is_next(event, known)  # asked first, since it raises for what is no event
        was_shown_by_time = True
        if last <= self._seen:
            was_shown_by_time = self._is_later(event)
            self._repeated += 1
            if not was_shown_by_time and self._repeated < BACKWARD_EVENTS:
                return Input.REPEATED
            reason = "backwards"
        elif is_first and self._rules.holds(known, event):
            self._seen, self._seen_at = last, event_time(event)
            if not self._lags_for_ever(event):
                return Input.REPEATED
            reason = "backwards"
        elif follows or not (self._kept or self.is_live):
            self._repeated = self._behind = 0
            return Input.NEXT
        else:
            reason = "gap"
        self._repeated = self._behind = 0
        if reason == "backwards":
            # Asked for by now, it may be of the ids before.  Where their number alone has told,
            # it is most likely of the new ones, and then not above them.
            self._is_void |= self._is_asked and was_shown_by_time
            self._is_doubtful = self._is_asked
        if self.is_live:
            self.reason = reason
        return Input.BREAK

    def _note_applied(self) -> None:
        """The last event applied is the last that the stream has told."""
        if self.is_live and self.applied:
            assert self.book is not None
            self._seen, self._seen_at = self.book.update_id, self.book.update_time

    def _is_later(self, event: Event) -> bool:
        """Is this event, below the stream's own last one, newer than that?"""
        return event["u"] < self._seen and bool(is_later(event_time(event), self._seen_at))

    def _lags_for_ever(self, event: Event) -> bool:
        """Is the stream so long behind the snapshot that they do not belong together?"""
        moment = event_time(event)
        if not self._behind:
            self._behind_since = moment
        self._repeated = 0
        self._behind += 1
        if moment is None or self._behind_since is None:
            return self._behind >= LAG_EVENTS
        return bool(moment - self._behind_since > LAG_SECONDS * per_second(moment))

    def _judge_snapshot(self, book: OrderBook) -> Input:
        """Bring a snapshot up to the last event kept, if it can be."""
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
        reach = self.book.update_id if self.is_live and self.book is not None else self._seen
        if book.update_id < reach:
            return Input.OLD
        if book.fault:
            return Input.FAILED
        self._next = book
        return Input.USABLE

    # transitions

    def _handle(self, input: Input, event: Event | None = None) -> Commands:
        state, actions = TRANSITIONS.get((self.state, input), (self.state, ()))
        commands: Commands = ()
        for action in actions:
            told = _PERFORM[action](self, event)
            if action is Action.APPLY and told is not _APPLIED:
                return told  # the book broke: a transition of its own was made
            commands += told
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
        """By this event, which the next book is to hold."""
        commands = self.resync(reason)
        self._seen, self._seen_at = event["u"], event_time(event)
        return commands

    def _keep(self, event: Event | None) -> Commands:
        assert event is not None
        self._kept.append(event)
        self._seen, self._seen_at = event["u"], event_time(event)
        return ()

    def _restart(self, event: Event | None) -> Commands:
        self._kept.clear()
        return self._keep(event)

    def _forget(self, event: Event | None) -> Commands:
        self._kept.clear()
        return ()

    def _replace(self, event: Event | None) -> Commands:
        assert self._next is not None
        self._note_applied()
        self._behind = 0
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
        self._is_asked = True
        self.delay = min(FIRST_DELAY * 2.0 ** (self._tries - 1), LAST_DELAY) if self._tries else 0.0
        return (Command.ASK,)

    def _ask_again(self, event: Event | None) -> Commands:
        self._tries += 1
        return self._ask(event)


_PERFORM: dict[Action, Callable[[BookSync, Event | None], Commands]] = {
    Action.APPLY: BookSync._apply,
    Action.KEEP: BookSync._keep,
    Action.RESTART: BookSync._restart,
    Action.FORGET: BookSync._forget,
    Action.REPLACE: BookSync._replace,
    Action.LOSE: BookSync._lose,
    Action.ASK: BookSync._ask,
    Action.ASK_AGAIN: BookSync._ask_again,
}
