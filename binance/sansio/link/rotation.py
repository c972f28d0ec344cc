"""How a connection replaces its link by a new one: a machine without sockets or clocks.

Theory of operation
-------------------

The exchange closes each link after 24 hours, and a server may announce its shutdown.  Therefore the
connection opens a second link, the *successor*, while the old link still delivers.  It closes the
old link only after that.  `binance.sansio.feed.continuity.Merge` decides which of the two links
delivers an event.  This machine decides when to dial the successor, when to close the old link, and
what to do if one of them fails.

Rule 1: the table has every input that can happen; any other raises `ImpossibleInput`.
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

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from binance.sansio.feed.continuity import LEAD_SECONDS, OVERLAP_SECONDS, SETTLE_SECONDS
from binance.sansio.link.machine import entry, performed, table, with_next
from binance.sansio.link.reconnect import CLOSE_SECONDS, PROOF_SECONDS, RetryPolicy

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
    OFF = "off"  # the connection is down: there is no link to replace
    IDLE = "idle"  # the link is up and stays; the next rotation may be planned
    LEADING = "leading"  # the merge records what the old link delivers, before the dial
    DIALLING = "dialling"  # the successor is being dialled
    OVERLAPPING = "overlapping"  # the successor is open and not proven
    PROVEN = "proven"  # it is proven; the old link may still bring events of other streams
    SWITCHING = "switching"  # some streams have not switched to the successor yet
    CLOSING = "closing"  # the old link's closing handshake is under way
    LOSING = "losing"  # the same, and the successor was lost: the connection will be down
    SETTLING = "settling"  # one link is left; events that it repeats are dropped
    ENDING = "ending"  # stopped; the successor's closing handshake is under way
    ENDED = "ended"  # stopped; final


class Input(enum.Enum):
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


class Step(enum.Enum):
    """A command without a value."""

    LISTEN = "start the merge: record what the old link delivers"
    DIAL = "dial the successor; its messages are merged with those of the old link"
    CLOSE_LINK = "begin the old link's closing handshake"
    ABORT_LINK = "drop the old link's transport"
    CLOSE_SUCCESSOR = "begin the successor's closing handshake; drop it if it is not open yet"
    ABORT_SUCCESSOR = "drop the successor's transport"
    ABANDON = "drop the successor, if there is one, and end the merge"
    UNHEARD = "report: events may be missing on the streams whose ids do not show gaps"
    TAKE_OVER = "the successor is the link now: deliver its held messages, and report it"
    FALL_BACK = "the successor was lost: deliver its held messages, and go on with the old link"
    DOWN = "the connection is down: the machine of the connection decides what follows"
    LEAVE = "end the merge: the link's messages go to its usual sink"
    ENDED = "the rotation has ended: no successor is left"
    STOP_TIMER = "stop the timer"


class StartTimer(NamedTuple):
    """Pass in `DUE` after so many seconds.  There is one timer, and it is not running now."""

    delay: float


Command = Step | StartTimer

_ROWS = """
OFF                                       | OPENED          | IDLE plan
IDLE                                      | ASKED DUE       | LEADING stop_timer LISTEN wait_lead
IDLE LEADING                              | URGENT          | DIALLING stop_timer DIAL
IDLE LEADING                              | DEAD            | DIALLING note_dead stop_timer DIAL
LEADING                                   | DUE             | DIALLING stop_timer DIAL
DIALLING                                  | READY           | OVERLAPPING await_proof
OVERLAPPING                               | PROVED DUE      | PROVEN stop_timer wait_lead
PROVEN                                    | DUE             | SWITCHING await_switches
SWITCHING                                 | SWITCHED DUE    | CLOSING await_handshake CLOSE_LINK
CLOSING LOSING                            | DUE             | = ABORT_LINK
OVERLAPPING PROVEN SWITCHING              | LINK_DOWN       | SETTLING take_over_early TAKE_OVER
CLOSING                                   | LINK_DOWN       | SETTLING take_over TAKE_OVER
DIALLING OVERLAPPING PROVEN SWITCHING     | SUCCESSOR_DOWN  | SETTLING plan_again FALL_BACK
CLOSING                                   | SUCCESSOR_DOWN  | LOSING FALL_BACK
SETTLING                                  | SETTLED DUE     | IDLE stop_timer LEAVE go_on_as_planned
SETTLING                                  | ASKED URGENT DEAD  | = remember
IDLE LEADING DIALLING LOSING SETTLING     | LINK_DOWN       | OFF forget ABANDON DOWN
OFF IDLE LEADING LOSING SETTLING          | STOP            | ENDED stop_timer ABANDON ENDED
DIALLING OVERLAPPING PROVEN               | STOP            | ENDING await_end CLOSE_SUCCESSOR
SWITCHING CLOSING                         | STOP            | ENDING await_end CLOSE_SUCCESSOR
ENDING                                    | DUE             | = ABORT_SUCCESSOR
ENDING                                    | SUCCESSOR_DOWN  | ENDED stop_timer ABANDON ENDED
LEADING OVERLAPPING PROVEN SWITCHING      | PAUSED          | = hold
LEADING OVERLAPPING PROVEN SWITCHING      | RESUMED         | = go_on
CLOSING LOSING SETTLING                   | PAUSED          | = hold
CLOSING LOSING SETTLING                   | RESUMED         | = go_on

OFF      | ASKED URGENT DEAD LINK_DOWN  | - there is no link, and the next one is a new one
OFF IDLE DIALLING                | PAUSED RESUMED        | - no timer runs that depends on reading
LEADING                          | ASKED                 | - it is being replaced
DIALLING OVERLAPPING PROVEN      | ASKED URGENT DEAD     | - it is being replaced already
SWITCHING CLOSING LOSING         | ASKED URGENT DEAD     | - it is being replaced already
DIALLING                         | PROVED  | - it may bring messages before all acknowledgements
PROVEN SWITCHING CLOSING         | PROVED                | - a proven successor stays proven
ENDING                           | LINK_DOWN             | - the successor has still to end
ENDING   | ASKED URGENT DEAD READY PROVED SWITCHED SETTLED  | - only the successor's end matters
ENDING                           | PAUSED RESUMED STOP   | - only the successor's end matters
ENDED                            | *                     | - the final state ignores every input
"""
_effects, IGNORED = table(State, Input, _ROWS)
#: (state, input) -> (next state, actions: steps, and names of methods of `Machine`)
TRANSITIONS = with_next(State, _effects)

#: The requests of a rotation, the strongest first.
_REQUESTS = (Input.DEAD, Input.URGENT, Input.ASKED)


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
    _again: Input | None = None  # a rotation requested in SETTLING

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
        found = entry(TRANSITIONS, IGNORED, self.state, event)
        if found is None or (event is Input.SWITCHED and self.is_paused):
            return []  # after the pause it is passed in again: see rule 3
        if event is Input.DUE:
            self._due = None
        self.state, actions = found
        return list(performed(self, actions, Step, now, heard, chance, event))

    def awaits(self, event: Input) -> bool:
        """Whether this input has an effect now.  Saves the caller the work to find it out."""
        is_held = event is Input.SWITCHED and self.is_paused
        return (self.state, event) in TRANSITIONS and not is_held

    # The actions of the table.  Each takes (now, when the link was last heard, chance, input).

    def _plan(self, now: float, heard: object, chance: float, *_: object) -> Iterator[Command]:
        self.failures = 0
        if self.rotate_after is not None:
            self.planned = now + self.rotate_after * (1 - SPREAD * chance)
            yield from self._wait(now, self.planned - now, counts_pauses=True)

    def _note_dead(self, *_: object) -> Iterator[Command]:
        self.is_dead = True
        yield from ()

    def _wait_lead(self, now: float, *_: object) -> Iterator[Command]:
        yield from self._wait(now, 0.0 if self.is_dead else LEAD_SECONDS)

    def _await_proof(self, now: float, *_: object) -> Iterator[Command]:
        self._ready_at = now
        yield from self._wait(now, PROOF_SECONDS)

    def _await_switches(self, now: float, *_: object) -> Iterator[Command]:
        yield from self._wait(now, 0.0 if self.is_dead else OVERLAP_SECONDS)

    def _await_handshake(self, now: float, *_: object) -> Iterator[Command]:
        yield from self._stop_timer()
        yield from self._wait(now, HANDSHAKE_SECONDS)

    def _take_over(
        self, now: float, heard: float | None, chance: float, *_: object
    ) -> Iterator[Command]:
        yield from self._stop_timer()
        if not self.is_dead and (heard is None or heard < self._ready_at):
            yield Step.UNHEARD
        self.failures, self.is_dead = 0, False
        after = self.rotate_after
        self.planned = None if after is None else now + after * (1 - SPREAD * chance)
        yield from self._wait(now, SETTLE_SECONDS)

    def _take_over_early(
        self, now: float, heard: float | None, chance: float, *_: object
    ) -> Iterator[Command]:
        """The exchange closed the link: its last messages may have arrived late."""
        yield from self._take_over(
            now, None if heard is None else heard - UNDER_WAY_SECONDS, chance
        )

    def _plan_again(
        self, now: float, heard: object, chance: float, *_: object
    ) -> Iterator[Command]:
        yield from self._stop_timer()
        self.failures += 1
        self.planned = now + RETRIES.delay(self.failures, chance)
        yield from self._wait(now, SETTLE_SECONDS)

    def _remember(self, *facts: object) -> Iterator[Command]:
        requests = {self._again, facts[-1]}
        self._again = next(one for one in _REQUESTS if one in requests)
        yield from ()

    def _go_on_as_planned(
        self, now: float, heard: float | None, chance: float, *_: object
    ) -> Iterator[Command]:
        again, self._again = self._again, None
        if again is not None:
            yield from self.handle(again, now, chance=chance)
        elif self.planned is not None:
            yield from self._wait(now, max(0.0, self.planned - now), counts_pauses=True)

    def _forget(self, *_: object) -> Iterator[Command]:
        yield from self._stop_timer()
        self.is_dead, self._again, self.planned = False, None, None

    def _await_end(self, now: float, *_: object) -> Iterator[Command]:
        yield from self._stop_timer()
        yield from self._wait(now, CLOSE_SECONDS, counts_pauses=True)

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

    def _stop_timer(self, *_: object) -> Iterator[Command]:
        self._left = None
        if self._due is not None:
            self._due = None
            yield Step.STOP_TIMER
