"""The replacement of a connection's link by a successor: a machine without a link or a clock.

Theory of operation
-------------------

The exchange closes a link after a day, and a server may announce that it shuts down.  So a
successor is opened while the old link still delivers, and only then is the old one closed.
`binance.sansio.feed.continuity.Merge` decides which of the two delivers an event; this machine
decides when the successor is dialled, when the old link is closed, and what happens when either
fails.

    OFF          the connection is down: there is no link to replace
    IDLE         the link is up and is not being replaced; the next time may be planned
    LEADING      the old link is listened to, so that each stream's place is known
    DIALLING     the successor is on its way
    OVERLAPPING  the successor is open and not proven
    PROVEN       the successor is proven; the old link may still bring what nobody has heard of
    SWITCHING    streams that have been heard of have not switched to the successor yet
    CLOSING      the old link's closing handshake is under way
    LOSING       the same, and the successor is gone: the connection will be down
    SETTLING     one link is left; what it brings a second time is dropped
    ENDING       stopped; the successor's closing handshake is under way
    ENDED        stopped; final

Rule 1: every transition is in `TRANSITIONS`.  A pair that is missing there must be in `IGNORED`,
with the reason, or cannot happen: handing it in raises `ImpossibleInput`.
Rule 2: one link remains unless both fail.  Without a successor the old link goes on and another
try follows; the delays grow as long as tries fail.  If the old link is lost first, a successor that
is ready takes over at once.
Rule 3: while reading is paused, messages arrive and stay unread.  So the timers run only while we
read, and no link is closed for a message that it could not deliver.
Rule 4: a request for a rotation that comes in SETTLING is performed when that state ends.
Rule 5: a link that brought nothing between the successor's opening and its own end may have been
dead before.  Ids show what is missing of some streams; `Unheard` reports the others.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

from binance.sansio.feed.continuity import LEAD_SECONDS, OVERLAP_SECONDS, SETTLE_SECONDS
from binance.sansio.link.reconnect import CLOSE_SECONDS, PROOF_SECONDS, ImpossibleInput, RetryPolicy

__all__ = [
    "HANDSHAKE_SECONDS",
    "IGNORED",
    "RETRIES",
    "TRANSITIONS",
    "UNDER_WAY_SECONDS",
    "Abandon",
    "AbortLink",
    "AbortSuccessor",
    "CloseLink",
    "CloseSuccessor",
    "Command",
    "Dial",
    "Down",
    "Ended",
    "FallBack",
    "Input",
    "Leave",
    "Listen",
    "Machine",
    "StartTimer",
    "State",
    "StopTimer",
    "TakeOver",
    "Unheard",
]

#: How long the old link's closing handshake may take.  Nobody waits for it, and what the link still
#: brings until then may be what only it can bring.
HANDSHAKE_SECONDS = 10.0
#: How long the end of a link that the exchange closes may have been under way, behind what a
#: machine that lags had still to send.  Nothing of that time need be on the successor.
UNDER_WAY_SECONDS = 3.0
#: How soon to try again where no successor could be had.
RETRIES = RetryPolicy(max_retries=None, initial=5.0, factor=2.0)
#: By how much links that were opened together are replaced at different times.
SPREAD = 0.04


class State(enum.Enum):
    """Where a connection's replacement is."""

    OFF = "off"
    IDLE = "idle"
    LEADING = "leading"
    DIALLING = "dialling"
    OVERLAPPING = "overlapping"
    PROVEN = "proven"
    SWITCHING = "switching"
    CLOSING = "closing"
    LOSING = "losing"
    SETTLING = "settling"
    ENDING = "ending"
    ENDED = "ended"


class Input(enum.Enum):
    """What can happen to it."""

    OPENED = "opened"  # the connection is up
    ASKED = "asked"  # the user wants another link
    URGENT = "urgent"  # the link is about to go
    DEAD = "dead"  # nothing more will come on the link, although it is up
    READY = "ready"  # the successor is open, and what was to be said on it is said
    PROVED = "proved"  # the successor has brought a message
    SWITCHED = "switched"  # no stream that was heard of waits for the old link
    SETTLED = "settled"  # the link that is left has caught up on each stream
    LINK_DOWN = "link down"  # the connection's link is gone
    SUCCESSOR_DOWN = "successor down"  # it is gone, or could not be had
    PAUSED = "paused"  # we stop reading
    RESUMED = "resumed"  # we read again
    DUE = "due"  # the timer ran out
    STOP = "stop"  # the connection is not wanted any more


# Commands: what the performer has to do.


@dataclass(frozen=True, slots=True)
class Listen:
    """Begin to merge: note what the old link delivers."""


@dataclass(frozen=True, slots=True)
class Dial:
    """Dial the successor; what it brings is merged with what the old link brings."""


@dataclass(frozen=True, slots=True)
class CloseLink:
    """Begin the old link's closing handshake."""


@dataclass(frozen=True, slots=True)
class AbortLink:
    """Drop the old link's transport."""


@dataclass(frozen=True, slots=True)
class CloseSuccessor:
    """Begin the successor's closing handshake; drop it where it is not open yet."""


@dataclass(frozen=True, slots=True)
class AbortSuccessor:
    """Drop the successor's transport."""


@dataclass(frozen=True, slots=True)
class Abandon:
    """Drop the successor, if there is one; merge no more."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """To be reported: events of streams whose ids do not show it may be missing."""


@dataclass(frozen=True, slots=True)
class TakeOver:
    """The successor is the connection's link now: deliver what it has brought, tell of it."""


@dataclass(frozen=True, slots=True)
class FallBack:
    """There is no successor: deliver what it has brought, go on with the old link alone."""


@dataclass(frozen=True, slots=True)
class Down:
    """The connection is down: its machine decides what follows."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Nothing is merged any more: the link's messages take their usual way."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing is left of it."""


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Hand `DUE` in after so many seconds.  There is one timer; it is not running now."""

    delay: float


@dataclass(frozen=True, slots=True)
class StopTimer:
    pass


Command = (
    Listen
    | Dial
    | CloseLink
    | AbortLink
    | CloseSuccessor
    | AbortSuccessor
    | Abandon
    | Unheard
    | TakeOver
    | FallBack
    | Down
    | Leave
    | Ended
    | StartTimer
    | StopTimer
)

S, I = State, Input  # noqa: E741 - the table is easier to read so

_TIMED = (S.LEADING, S.OVERLAPPING, S.PROVEN, S.SWITCHING, S.CLOSING, S.LOSING, S.SETTLING)
_OPEN_SUCCESSOR = (S.OVERLAPPING, S.PROVEN, S.SWITCHING, S.CLOSING)
_UNDER_WAY = (S.DIALLING, *_OPEN_SUCCESSOR)

#: (state, input) -> (next state, what is done on the way: a method of `Machine`)
TRANSITIONS: dict[tuple[State, Input], tuple[State, str]] = {
    (S.OFF, I.OPENED): (S.IDLE, "plan"),
    (S.OFF, I.STOP): (S.ENDED, "end"),
    #
    (S.IDLE, I.ASKED): (S.LEADING, "lead"),
    (S.IDLE, I.URGENT): (S.DIALLING, "dial"),
    (S.IDLE, I.DEAD): (S.DIALLING, "dial_for_dead"),
    (S.IDLE, I.DUE): (S.LEADING, "lead"),
    (S.IDLE, I.LINK_DOWN): (S.OFF, "give_up"),
    (S.IDLE, I.STOP): (S.ENDED, "end"),
    #
    (S.LEADING, I.DUE): (S.DIALLING, "dial"),
    (S.LEADING, I.URGENT): (S.DIALLING, "dial"),
    (S.LEADING, I.DEAD): (S.DIALLING, "dial_for_dead"),
    (S.LEADING, I.LINK_DOWN): (S.OFF, "give_up"),
    (S.LEADING, I.STOP): (S.ENDED, "end"),
    #
    (S.DIALLING, I.READY): (S.OVERLAPPING, "await_proof"),
    (S.DIALLING, I.SUCCESSOR_DOWN): (S.SETTLING, "fall_back"),
    (S.DIALLING, I.LINK_DOWN): (S.OFF, "give_up"),
    (S.DIALLING, I.STOP): (S.ENDING, "close_successor"),
    #
    (S.OVERLAPPING, I.PROVED): (S.PROVEN, "keep_both"),
    (S.OVERLAPPING, I.DUE): (S.PROVEN, "keep_both"),
    (S.PROVEN, I.DUE): (S.SWITCHING, "await_switches"),
    (S.SWITCHING, I.SWITCHED): (S.CLOSING, "close"),
    (S.SWITCHING, I.DUE): (S.CLOSING, "close"),
    (S.CLOSING, I.DUE): (S.CLOSING, "drop"),
    **{(state, I.LINK_DOWN): (S.SETTLING, "take_over_early") for state in _OPEN_SUCCESSOR[:3]},
    (S.CLOSING, I.LINK_DOWN): (S.SETTLING, "take_over"),
    **{(state, I.SUCCESSOR_DOWN): (S.SETTLING, "fall_back") for state in _OPEN_SUCCESSOR[:3]},
    (S.CLOSING, I.SUCCESSOR_DOWN): (S.LOSING, "lose"),
    **{(state, I.STOP): (S.ENDING, "close_successor") for state in _OPEN_SUCCESSOR},
    #
    (S.LOSING, I.DUE): (S.LOSING, "drop"),
    (S.LOSING, I.LINK_DOWN): (S.OFF, "give_up"),
    (S.LOSING, I.STOP): (S.ENDED, "end"),
    #
    (S.SETTLING, I.SETTLED): (S.IDLE, "leave"),
    (S.SETTLING, I.DUE): (S.IDLE, "leave"),
    (S.SETTLING, I.ASKED): (S.SETTLING, "remember_asked"),
    (S.SETTLING, I.URGENT): (S.SETTLING, "remember_urgent"),
    (S.SETTLING, I.DEAD): (S.SETTLING, "remember_dead"),
    (S.SETTLING, I.LINK_DOWN): (S.OFF, "give_up"),
    (S.SETTLING, I.STOP): (S.ENDED, "end"),
    #
    (S.ENDING, I.DUE): (S.ENDING, "drop_successor"),
    (S.ENDING, I.SUCCESSOR_DOWN): (S.ENDED, "end"),
    #
    **{(state, I.PAUSED): (state, "hold") for state in _TIMED},
    **{(state, I.RESUMED): (state, "go_on") for state in _TIMED},
}

#: Pairs that happen and mean nothing.
IGNORED: dict[tuple[State, Input], str] = {
    (S.ENDING, I.LINK_DOWN): "its end is the connection's affair; the successor's is awaited",
    **{
        (S.OFF, event): "there is no link, and the next one will be new"
        for event in (I.ASKED, I.URGENT, I.DEAD, I.LINK_DOWN)
    },
    **{
        (state, event): "nothing is timed that depends on what is heard"
        for state in (S.OFF, S.IDLE, S.DIALLING)
        for event in (I.PAUSED, I.RESUMED)
    },
    (S.LEADING, I.ASKED): "it is being replaced",
    **{
        (state, event): "it is being replaced, and a successor is on its way"
        for state in (*_UNDER_WAY, S.LOSING)
        for event in (I.ASKED, I.URGENT, I.DEAD)
    },
    (S.DIALLING, I.PROVED): "a successor may speak before all that it carries is acknowledged",
    **{
        (state, I.PROVED): "each further message proves it again"
        for state in (S.PROVEN, S.SWITCHING, S.CLOSING)
    },
    **{
        (S.ENDING, event): "it is stopped; only the end of the successor counts"
        for event in Input
        if event not in (I.DUE, I.SUCCESSOR_DOWN, I.LINK_DOWN, I.OPENED)
    },
    **{(S.ENDED, event): "the final state answers nothing" for event in Input},
}


@dataclass(slots=True)
class Machine:
    """How far the replacement is, and what must be remembered between two of them.

    :param rotate_after: seconds after which a link is replaced unasked; None for never.
    """

    rotate_after: float | None = None
    state: State = State.OFF
    #: successors in a row that could not be had or were lost before they took over
    failures: int = 0
    is_paused: bool = False
    #: whether the link is up although nothing more will come on it
    is_dead: bool = False
    #: when the link is to be replaced; None for never
    planned: float | None = None
    _ready_at: float = 0.0
    _due: float | None = None  # when the timer that runs is due
    _left: float | None = None  # what a timer that is held has left
    _again: Input | None = field(default=None)  # asked for while one link settled

    def handle(
        self, event: Input, now: float, *, heard: float | None = None, chance: float = 0.5
    ) -> list[Command]:
        """Take one input; answer with the commands that it leads to, in their order.

        `now` in seconds of a clock that does not jump; `heard` goes with `LINK_DOWN`: when the link
        was last heard, by the same clock; `chance` is a random number from 0..1.
        """
        if event in (Input.PAUSED, Input.RESUMED):
            self.is_paused = event is Input.PAUSED
        pair = (self.state, event)
        if pair in IGNORED or (event is Input.SWITCHED and self.is_paused):
            return []  # the latter counts again once we read: see rule 3
        if pair not in TRANSITIONS:
            raise ImpossibleInput(f"{event.value!r} while {self.state.value!r}")
        if event is Input.DUE:
            self._due = None
        self.state, action = TRANSITIONS[pair]
        return list(getattr(self, f"_{action}")(now, heard, chance))

    def awaits(self, event: Input) -> bool:
        """Would this input lead anywhere now?  For what costs something to find out."""
        is_held = event is Input.SWITCHED and self.is_paused
        return (self.state, event) in TRANSITIONS and not is_held

    # Actions, named in the table.  Each takes (now, when the link was heard, chance).

    def _plan(self, now: float, heard: object, chance: float) -> Iterator[Command]:
        self.failures = 0
        if self.rotate_after is not None:
            self.planned = now + self.rotate_after * (1 - SPREAD * chance)
            yield from self._wait(now, self.planned - now, counts_pauses=True)

    def _lead(self, now: float, *_: object) -> Iterator[Command]:
        yield from self._stop_timer()
        yield Listen()
        yield from self._wait(now, 0.0 if self.is_dead else LEAD_SECONDS)

    def _dial(self, *_: object) -> Iterator[Command]:
        yield from self._stop_timer()
        yield Dial()

    def _dial_for_dead(self, *_: object) -> Iterator[Command]:
        self.is_dead = True
        yield from self._dial()

    def _await_proof(self, now: float, *_: object) -> Iterator[Command]:
        self._ready_at = now
        yield from self._wait(now, PROOF_SECONDS)

    def _keep_both(self, now: float, *_: object) -> Iterator[Command]:
        yield from self._stop_timer()
        yield from self._wait(now, 0.0 if self.is_dead else LEAD_SECONDS)

    def _await_switches(self, now: float, *_: object) -> Iterator[Command]:
        yield from self._wait(now, 0.0 if self.is_dead else OVERLAP_SECONDS)

    def _close(self, now: float, *_: object) -> Iterator[Command]:
        yield from self._stop_timer()
        yield from self._wait(now, HANDSHAKE_SECONDS)
        yield CloseLink()

    def _drop(self, *_: object) -> Iterator[Command]:
        yield AbortLink()

    def _take_over(self, now: float, heard: float | None, chance: float) -> Iterator[Command]:
        yield from self._stop_timer()
        if not self.is_dead and (heard is None or heard < self._ready_at):
            yield Unheard()
        self.failures, self.is_dead = 0, False
        after = self.rotate_after
        self.planned = None if after is None else now + after * (1 - SPREAD * chance)
        yield from self._wait(now, SETTLE_SECONDS)
        yield TakeOver()

    def _take_over_early(self, now: float, heard: float | None, chance: float) -> Iterator[Command]:
        """We have not closed it: what it ended with may have been under way for a while."""
        yield from self._take_over(
            now, None if heard is None else heard - UNDER_WAY_SECONDS, chance
        )

    def _fall_back(self, now: float, heard: object, chance: float) -> Iterator[Command]:
        yield from self._stop_timer()
        self.failures += 1
        self.planned = now + RETRIES.delay(self.failures, chance)
        yield from self._wait(now, SETTLE_SECONDS)
        yield FallBack()

    def _lose(self, *_: object) -> Iterator[Command]:
        yield FallBack()

    def _remember_asked(self, *_: object) -> Iterator[Command]:
        self._again = self._again or Input.ASKED
        return iter(())

    def _remember_urgent(self, *_: object) -> Iterator[Command]:
        if self._again is not Input.DEAD:
            self._again = Input.URGENT
        return iter(())

    def _remember_dead(self, *_: object) -> Iterator[Command]:
        self._again = Input.DEAD
        return iter(())

    def _leave(self, now: float, heard: float | None, chance: float) -> Iterator[Command]:
        yield from self._stop_timer()
        yield Leave()
        again, self._again = self._again, None
        if again is not None:
            yield from self.handle(again, now, chance=chance)
        elif self.planned is not None:
            yield from self._wait(now, max(0.0, self.planned - now), counts_pauses=True)

    def _give_up(self, *_: object) -> Iterator[Command]:
        yield from self._stop_timer()
        self.is_dead, self._again, self.planned = False, None, None
        yield Abandon()
        yield Down()

    def _close_successor(self, now: float, *_: object) -> Iterator[Command]:
        yield from self._stop_timer()
        yield from self._wait(now, CLOSE_SECONDS, counts_pauses=True)
        yield CloseSuccessor()

    def _drop_successor(self, *_: object) -> Iterator[Command]:
        yield AbortSuccessor()

    def _end(self, *_: object) -> Iterator[Command]:
        yield from self._stop_timer()
        yield Abandon()
        yield Ended()

    def _hold(self, now: float, *_: object) -> Iterator[Command]:
        if self._due is not None:
            left = self._due - now
            yield from self._stop_timer()
            self._left = max(0.0, left)

    def _go_on(self, now: float, *_: object) -> Iterator[Command]:
        if self._left is not None:
            yield from self._wait(now, self._left)

    # the timer

    def _wait(self, now: float, delay: float, counts_pauses: bool = False) -> Iterator[Command]:
        if self.is_paused and not counts_pauses:
            self._left = delay
            return
        self._left, self._due = None, now + delay
        yield StartTimer(delay)

    def _stop_timer(self) -> Iterator[Command]:
        self._left = None
        if self._due is not None:
            self._due = None
            yield StopTimer()
