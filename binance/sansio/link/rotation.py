"""How a connection replaces its link by a new one: a machine without sockets or clocks.

Theory of operation
-------------------

The exchange closes each link after 24 hours, and a server may announce its shutdown.  Therefore the
connection opens a second link, the *successor*, while the old link still delivers.  It closes the
old link only after that.  `binance.sansio.feed.continuity.Merge` decides which of the two links
delivers an event.  This machine decides when to dial the successor, when to close the old link, and
what to do if one of them fails.

    OFF          the connection is down: there is no link to replace
    IDLE         the link is up and is not being replaced; the next rotation may be planned
    LEADING      the merge records what the old link delivers, before the successor is dialled
    DIALLING     the successor is being dialled
    OVERLAPPING  the successor is open and not proven
    PROVEN       the successor is proven; the old link may still bring events of other streams
    SWITCHING    some streams have not switched to the successor yet
    CLOSING      the old link's closing handshake is under way
    LOSING       the same, and the successor was lost: the connection will be down
    SETTLING     one link is left; events that it repeats are dropped
    ENDING       stopped; the successor's closing handshake is under way
    ENDED        stopped; final

Rule 1: every transition is in `TRANSITIONS`.  A pair that is missing there is either in `IGNORED`,
with the reason, or it cannot happen and raises `ImpossibleInput`.
Rule 2: one link remains unless both fail.  If there is no successor, the old link continues, and
another try follows after a delay that grows with each failure.  If the old link is lost first, a
successor that is ready takes over at once.
Rule 3: while reading is paused, messages arrive and stay unread.  So the timers stop during a
pause, and a pause is no reason to close a link.
Rule 4: a rotation that is requested in SETTLING starts when that state ends.
Rule 5: a link that brought nothing between the opening of the successor and its own end may have
been dead for some time.  For streams whose ids are contiguous the ids show the missing events;
`Unheard` reports the other streams.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

from binance.sansio.feed.continuity import LEAD_SECONDS, OVERLAP_SECONDS, SETTLE_SECONDS
from binance.sansio.link.reconnect import CLOSE_SECONDS, PROOF_SECONDS, ImpossibleInput, RetryPolicy

#: Maximum duration of the old link's closing handshake.  It delays nothing, and the old link may
#: still bring events that the successor does not have.
HANDSHAKE_SECONDS = 10.0
#: When the exchange closes a link, the close frame may arrive late, behind the messages of a slow
#: server.  Events from these seconds may be missing on the successor.
UNDER_WAY_SECONDS = 3.0
#: The delays after a successor that could not connect.
RETRIES = RetryPolicy(max_retries=None, initial=5.0, factor=2.0)
#: Links that were opened together are replaced at times that differ by up to this share.
SPREAD = 0.04


class State(enum.Enum):
    """The state of a connection's rotation."""

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
    """What can happen during a rotation."""

    OPENED = "opened"  # the connection is up
    ASKED = "asked"  # the user requests another link
    URGENT = "urgent"  # the exchange will close the link soon
    DEAD = "dead"  # the link is up, but nothing more will come on it
    READY = "ready"  # the successor is open and subscribed
    PROVED = "proved"  # the successor has brought a message
    SWITCHED = "switched"  # no stream waits for the old link
    SETTLED = "settled"  # the link that is left has caught up on each stream
    LINK_DOWN = "link down"  # the connection's link was lost
    SUCCESSOR_DOWN = "successor down"  # it was lost, or could not connect
    PAUSED = "paused"  # we stop reading
    RESUMED = "resumed"  # we read again
    DUE = "due"  # the end of the timer
    STOP = "stop"  # the connection is stopped


# Commands: what the caller has to do.


@dataclass(frozen=True, slots=True)
class Listen:
    """Start the merge: record what the old link delivers."""


@dataclass(frozen=True, slots=True)
class Dial:
    """Dial the successor; its messages are merged with those of the old link."""


@dataclass(frozen=True, slots=True)
class CloseLink:
    """Begin the old link's closing handshake."""


@dataclass(frozen=True, slots=True)
class AbortLink:
    """Drop the old link's transport."""


@dataclass(frozen=True, slots=True)
class CloseSuccessor:
    """Begin the successor's closing handshake; drop it if it is not open yet."""


@dataclass(frozen=True, slots=True)
class AbortSuccessor:
    """Drop the successor's transport."""


@dataclass(frozen=True, slots=True)
class Abandon:
    """Drop the successor, if there is one, and end the merge."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """Report: events may be missing on the streams whose ids do not show gaps."""


@dataclass(frozen=True, slots=True)
class TakeOver:
    """The successor is the connection's link now: deliver its held messages, and report it."""


@dataclass(frozen=True, slots=True)
class FallBack:
    """The successor was lost: deliver its held messages, and continue with the old link alone."""


@dataclass(frozen=True, slots=True)
class Down:
    """The connection is down: the machine of the connection decides what follows."""


@dataclass(frozen=True, slots=True)
class Leave:
    """End the merge: the link's messages go to its usual sink."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The rotation has ended: no successor is left."""


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Pass in `DUE` after so many seconds.  There is one timer, and it is not running now."""

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

S, I = State, Input  # noqa: E741 - short names keep the table readable

_TIMED = (S.LEADING, S.OVERLAPPING, S.PROVEN, S.SWITCHING, S.CLOSING, S.LOSING, S.SETTLING)
_OPEN_SUCCESSOR = (S.OVERLAPPING, S.PROVEN, S.SWITCHING, S.CLOSING)
_UNDER_WAY = (S.DIALLING, *_OPEN_SUCCESSOR)

#: (state, input) -> (next state, action: the name of a method of `Machine`)
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

#: Pairs that happen and change nothing, with the reason.
IGNORED: dict[tuple[State, Input], str] = {
    (
        S.ENDING,
        I.LINK_DOWN,
    ): "the connection handles the end of its link; the successor has still to end",
    **{
        (S.OFF, event): "there is no link, and the next one is a new one"
        for event in (I.ASKED, I.URGENT, I.DEAD, I.LINK_DOWN)
    },
    **{
        (state, event): "no timer runs that depends on reading"
        for state in (S.OFF, S.IDLE, S.DIALLING)
        for event in (I.PAUSED, I.RESUMED)
    },
    (S.LEADING, I.ASKED): "it is being replaced",
    **{
        (state, event): "it is being replaced already"
        for state in (*_UNDER_WAY, S.LOSING)
        for event in (I.ASKED, I.URGENT, I.DEAD)
    },
    (
        S.DIALLING,
        I.PROVED,
    ): "a successor may bring a message before all its subscriptions are acknowledged",
    **{
        (state, I.PROVED): "a proven successor stays proven"
        for state in (S.PROVEN, S.SWITCHING, S.CLOSING)
    },
    **{
        (S.ENDING, event): "it is stopped; only the end of the successor matters"
        for event in Input
        if event not in (I.DUE, I.SUCCESSOR_DOWN, I.LINK_DOWN, I.OPENED)
    },
    **{(S.ENDED, event): "the final state ignores every input" for event in Input},
}


@dataclass(slots=True)
class Machine:
    """The state of the rotation, and the facts to keep from one rotation to the next.

    :param rotate_after: seconds after which a link is replaced; None for never.
    """

    rotate_after: float | None = None
    state: State = State.OFF
    #: successors in a row that could not connect, or were lost before they took over
    failures: int = 0
    is_paused: bool = False
    #: whether the link is up, but nothing more will come on it
    is_dead: bool = False
    #: when the link is to be replaced; None for never
    planned: float | None = None
    _ready_at: float = 0.0
    _due: float | None = None  # the end of the running timer
    _left: float | None = None  # seconds left of a paused timer
    _again: Input | None = field(default=None)  # a rotation requested in SETTLING

    def handle(
        self, event: Input, now: float, *, heard: float | None = None, chance: float = 0.5
    ) -> list[Command]:
        """Take one input and return the resulting commands, in order.

        :param now: seconds of a clock that does not jump.
        :param heard: with `LINK_DOWN`: when the last octet of the link arrived, by the same clock.
        :param chance: a random number from 0 to 1.
        """
        if event in (Input.PAUSED, Input.RESUMED):
            self.is_paused = event is Input.PAUSED
        pair = (self.state, event)
        if pair in IGNORED or (event is Input.SWITCHED and self.is_paused):
            return []  # after the pause it is passed in again: see rule 3
        if pair not in TRANSITIONS:
            raise ImpossibleInput(f"{event.value!r} while {self.state.value!r}")
        if event is Input.DUE:
            self._due = None
        self.state, action = TRANSITIONS[pair]
        return list(getattr(self, f"_{action}")(now, heard, chance))

    def awaits(self, event: Input) -> bool:
        """Whether this input has an effect now.  Saves the caller the work to find it out."""
        is_held = event is Input.SWITCHED and self.is_paused
        return (self.state, event) in TRANSITIONS and not is_held

    # The actions of the table.  Each takes (now, when the link was last heard, chance).

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
        """The exchange closed the link: its last messages may have arrived late."""
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
