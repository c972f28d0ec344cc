"""The states of one connection: a machine without sockets, clocks or random numbers.

Theory of operation
-------------------

A key has a *connection*.  A connection has one WebSocket *link* after the other.  The caller passes
in what happened: an `Input`, with a `Failure` if a link was lost or a try failed.  Then it performs
the commands that the machine returns.  This file makes every decision about what comes next: the
states, the table, the number of retries, the delays.

A *try* is one dial, up to an open link.  A link is *proven* by its first message, or when it has
stayed open for `PROOF_SECONDS`.  Only a proven link resets the number of retries.  Therefore a
server that accepts a connection and drops it at once gets no more tries than one that refuses.

Rule 1: the table has every input that can happen; any other raises `ImpossibleInput`.
Rule 2: after a failed try, `Machine` alone decides whether another try follows: it takes `DOWN` if
so and `SPENT` if not.  The caller always passes `DOWN`.
Rule 3: final states ignore every input.  A key that is started again gets a new machine.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from binance.sansio.link.machine import entry, performed, table, with_next

#: A link that has been open for this time is proven without a message: a market may be quiet.
PROOF_SECONDS = 10.0
#: Maximum duration of a closing handshake; then the transport is dropped.
CLOSE_SECONDS = 0.7
#: Statuses of a refused handshake: those that ask for a pause, and those that no retry can change.
#: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/limits
WAIT_STATUSES = frozenset({418, 429})
HOPELESS_STATUSES = frozenset({400, 404, 451})


class State(enum.Enum):
    IDLE = "idle"  # not started yet
    CONNECTING = "connecting"  # a try is under way
    ASKING = "asking"  # the link is up; a request on it has no answer yet
    OPEN = "open"  # the link is open and not proven
    PROVEN = "proven"  # the link is open and proven
    WAITING = "waiting"  # between two tries
    CLOSING = "closing"  # stopped by the user; the closing handshake is under way
    CLOSED = "closed"  # stopped; final
    GIVEN_UP = "given up"  # no retry is left, or a retry cannot help; final


class Input(enum.Enum):
    START = "start"  # the user starts it
    ASKED = "asked"  # the link is up, and a request on it has to be answered first
    OPENED = "opened"  # the try led to an open link
    PROVED = "proved"  # a first message, or the end of the proof timer
    DOWN = "down"  # the try failed or the link was lost, and a retry is left
    SPENT = "spent"  # the same, and no retry is left
    RETRY_DUE = "retry due"  # the end of the retry timer
    STOP = "stop"  # the user stops it
    CLOSE_DUE = "close due"  # the end of the close timer


class Timer(enum.Enum):
    """The timers that the caller runs for the machine; the value is the input at their end."""

    PROOF = Input.PROVED
    RETRY = Input.RETRY_DUE
    CLOSE = Input.CLOSE_DUE


class Failure(NamedTuple):
    """Why a try failed or a link was lost.

    `code` is the WebSocket close code, `http_status` the status of a refused handshake,
    `retry_after` is in seconds.

    - A `hopeless` failure ends a key that was never proven.
    - A `final` failure ends any key.
    - `refused`: the exchange refused the account.  It ends a key that was never proven.  A key that
      was proven before ends at the second refusal in a row.
    """

    reason: str
    code: int | None = None
    http_status: int | None = None
    retry_after: float | None = None
    certificate: bool = False
    final: bool = False
    refused: bool = False

    @property
    def hopeless(self) -> bool:
        return self.certificate or self.http_status in HOPELESS_STATUSES


# Commands: what the caller has to do.  Named tuples here and elsewhere, because defining a frozen
# dataclass takes five times as long, and `import binance.websockets` defines dozens.


class Dial(NamedTuple):
    """Try to connect; `address` is the number of the address, and may exceed the caller's list."""

    address: int


class Step(enum.Enum):
    """A command without a value."""

    CLOSE = "begin the closing handshake of the open link"
    ABORT = "drop the dial, the handshake or the transport at once"
    OPENED = "report: the link is open"
    FINISHED = "report: the connection has ended, and code that waits for its end may continue"


class StartTimer(NamedTuple):
    timer: Timer
    delay: float


class StopTimer(NamedTuple):
    timer: Timer


class Proved(NamedTuple):
    """Report: the link works.  `downtime` is in seconds after an outage, else None."""

    downtime: float | None


class Lost(NamedTuple):
    """Report: the connection is down.  `outage`: an outage begins here; else it continues."""

    failure: Failure
    outage: bool


class Retry(NamedTuple):
    """Report: retry number `attempt` follows in `delay` seconds."""

    attempt: int
    delay: float
    failure: Failure


class GiveUp(NamedTuple):
    """Release the key, then notify the user."""

    failure: Failure


Command = Dial | Step | StartTimer | StopTimer | Proved | Lost | Retry | GiveUp

_ROWS = """
IDLE                           | START     | CONNECTING dial
IDLE                           | STOP      | CLOSED FINISHED
CONNECTING                     | ASKED     | ASKING
CONNECTING ASKING              | OPENED    | OPEN opened OPENED
OPEN                           | PROVED    | PROVEN proved
CONNECTING ASKING OPEN PROVEN  | DOWN      | WAITING wait
CONNECTING ASKING OPEN PROVEN  | SPENT     | GIVEN_UP give_up FINISHED
CONNECTING                     | STOP      | CLOSED ABORT FINISHED
ASKING OPEN PROVEN             | STOP      | CLOSING close CLOSE
WAITING                        | RETRY_DUE | CONNECTING dial
WAITING                        | STOP      | CLOSED stop_waiting FINISHED
CLOSING                        | DOWN      | CLOSED closed FINISHED
CLOSING                        | CLOSE_DUE | = ABORT

PROVEN                         | PROVED    | - a proven link stays proven
CONNECTING ASKING OPEN         | START     | - a second start changes nothing
PROVEN WAITING                 | START     | - a second start changes nothing
WAITING                        | DOWN      | - the end of the old link may be reported twice
CLOSING                        | PROVED    | - messages may arrive until the peer answers the close
CLOSING                        | STOP      | - a second stop changes nothing
CLOSING                        | START     | - a stopped connection is not started again
CLOSED GIVEN_UP                | *         | - final states ignore every input
"""
_effects, IGNORED = table(State, Input, _ROWS)
#: (state, input) -> (next state, actions: steps, and names of methods of `Machine`)
TRANSITIONS = with_next(State, _effects)

#: The try is under way, and its link was not reported yet.
TRYING = (State.CONNECTING, State.ASKING)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how soon to try again.

    The delay before retry n is `initial * factor ** (n - 1)`, at most `maximum`, times a random
    factor from `1 - jitter` to `1 + jitter`.  The defaults spread five retries over about 75 s:
    long enough for the exchange to restart a server, and short enough for the user to learn of the
    outage in time.  With `max_retries=None` the retries never end.
    """

    max_retries: int | None = 5
    initial: float = 1.0
    factor: float = 2.62
    maximum: float = 60.0
    jitter: float = 0.2

    def __post_init__(self) -> None:
        most: object = self.max_retries
        if most is not None and (type(most) is not int or most < 0):
            raise ValueError(
                f"max_retries must be a whole number from 0, or None for ever, not {most!r}"
            )

    def delay(self, retry: int, chance: float = 0.5) -> float:
        """Seconds before retry number `retry` (from 1); `chance` is a random number from 0 to 1."""
        try:
            plain = min(self.initial * self.factor ** (retry - 1), self.maximum)
        except OverflowError:  # reached after about 700 tries of a key that retries for ever
            plain = self.maximum
        return plain * (1 + self.jitter * (2 * chance - 1))


@dataclass(slots=True)
class Machine:
    """The state of a connection, and the facts to keep from one link to the next."""

    policy: RetryPolicy = field(default_factory=RetryPolicy)
    state: State = State.IDLE
    #: retries made since a link was last proven
    retries: int = 0
    #: rises with each failed try; the caller takes it modulo the number of its addresses
    address: int = 0
    #: whether any link of this key was ever proven, also one of another connection
    ever_proven: bool = False
    #: whether the exchange has refused the account since a link was last proven
    was_refused: bool = False
    #: when the current outage began; None while the link is proven and before the first failed try
    down_since: float | None = None
    _opened_at: float = 0.0

    def handle(
        self, event: Input, now: float, *, failure: Failure | None = None, chance: float = 0.5
    ) -> list[Command]:
        """Take one input and return the resulting commands, in order.

        :param now: seconds of a clock that does not jump.
        :param failure: required with `DOWN`.
        :param chance: a random number from 0 to 1, for the jitter of a delay.
        """
        if event is Input.DOWN and self._is_last(failure):
            event = Input.SPENT
        found = entry(TRANSITIONS, IGNORED, self.state, event)
        if found is None:
            return []
        came_from = self.state
        self.state, actions = found
        return list(performed(self, actions, Step, now, came_from, failure, chance))

    def _is_last(self, failure: Failure | None) -> bool:
        if self.state not in (*TRYING, State.OPEN, State.PROVEN):
            return False
        if failure is None:
            raise TypeError("DOWN needs a failure")
        if failure.final or (failure.hopeless and not self.ever_proven):
            return True
        if failure.refused and (self.was_refused or not self.ever_proven):
            return True
        most = self.policy.max_retries
        return most is not None and self.retries >= most

    # The actions of the table.  Each takes (now, the state before, failure, chance).

    def _dial(self, now: float, *_: object) -> Iterator[Command]:
        yield Dial(self.address)

    def _opened(self, now: float, *_: object) -> Iterator[Command]:
        self._opened_at = now
        yield StartTimer(Timer.PROOF, PROOF_SECONDS)

    def _proved(self, now: float, *_: object) -> Iterator[Command]:
        self.retries = 0
        self.ever_proven = True
        self.was_refused = False
        downtime = None if self.down_since is None else self._opened_at - self.down_since
        self.down_since = None
        yield StopTimer(Timer.PROOF)
        yield Proved(downtime)

    def _wait(
        self, now: float, came_from: State, failure: Failure, chance: float
    ) -> Iterator[Command]:
        self.retries += 1
        self.was_refused = self.was_refused or failure.refused
        delay = self.policy.delay(self.retries, chance)
        if failure.http_status in WAIT_STATUSES and failure.retry_after is not None:
            delay = max(delay, failure.retry_after)
        yield from self._note_loss(now, came_from, failure)
        yield Retry(self.retries, delay, failure)
        yield StartTimer(Timer.RETRY, delay)

    def _give_up(
        self, now: float, came_from: State, failure: Failure, chance: float
    ) -> Iterator[Command]:
        yield from self._note_loss(now, came_from, failure)
        yield GiveUp(failure)

    def _note_loss(self, now: float, came_from: State, failure: Failure) -> Iterator[Command]:
        outage = self.down_since is None
        if outage:
            self.down_since = now
        if came_from is State.OPEN:
            yield StopTimer(Timer.PROOF)
        if came_from is not State.PROVEN:
            self.address += 1  # an address that worked until now is tried first again
        if outage or came_from not in TRYING:
            yield Lost(failure, outage)

    def _close(self, now: float, came_from: State, *_: object) -> Iterator[Command]:
        if came_from is State.OPEN:
            yield StopTimer(Timer.PROOF)
        yield StartTimer(Timer.CLOSE, CLOSE_SECONDS)

    def _closed(self, *_: object) -> Iterator[Command]:
        yield StopTimer(Timer.CLOSE)

    def _stop_waiting(self, *_: object) -> Iterator[Command]:
        yield StopTimer(Timer.RETRY)
