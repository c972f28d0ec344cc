"""Who publishes a stream whose events have no ids: the holder of its lease.

A lease is a key in a JetStream bucket whose entries end `LEASE_SECONDS` after their last write, by
the engine's own clock.  A relay that creates the key has the lease, and renews it by writing it
again, if nobody else has written it since.  So no two relays have it at the same time, and no clock
of a relay is compared with that of another one.

    DOWN      the relay's own link of the stream is down: it does not want the lease
    ASKING    nobody is known to have the lease: it was just asked for, or the engine does not
              answer.  Events are kept until this is settled
    WAITING   another relay has the lease; ask each `RENEW_SECONDS`
    HELD      this relay has it, until `Lease.until` by its own clock
    LAPSED    this relay had it, and nobody else is known to have it now: the engine does not
              answer, or this process was stopped for a while.  Events are kept until this is
              settled: they are published if the lease is granted, and dropped if not

Each grant that does not continue a lease has a higher *epoch*, which each message carries.  A
consumer drops messages of an earlier epoch, and reports a gap when the epoch changes: at most the
time of a lease and of a question for it is missing.  The writes of a new bucket are counted from 1
on, so an epoch begins with the time at which the engine created the bucket.
"""

import enum
from typing import Final

from binance.sansio.link.machine import table, with_command

LEASE_SECONDS: Final = 2.0
"""The time after its last write at which the engine removes a lease."""
RENEW_SECONDS: Final = 0.5
"""The time between two writes, and between two questions for a lease."""
MARGIN_SECONDS: Final = 0.5
"""A holder stops so long before the engine may remove its lease."""


class State(enum.Enum):
    DOWN = "down"
    ASKING = "asking"
    WAITING = "waiting"
    HELD = "held"
    LAPSED = "lapsed"


class Input(enum.Enum):
    """What can happen to a lease."""

    UP = "up"  # the relay's link of the stream is open
    DOWN = "down"  # it is lost
    DUE = "due"  # each RENEW_SECONDS
    EXPIRED = "expired"  # the time of the lease has passed by our clock
    GRANTED = "granted"  # the key was written
    REFUSED = "refused"  # another relay has written it
    UNANSWERED = "unanswered"  # the engine did not answer


class Command(enum.Enum):
    """What the caller has to do; it answers ASK and RENEW by GRANTED, REFUSED or UNANSWERED.

    Until then there is no other of the two: the engine would refuse it because of the first one.
    """

    ASK = "create the key; if it is there with our own name, write it again"
    RENEW = "write the key, unless it was written by another one"
    RELEASE = "delete the key, unless it was written by another one"


_ROWS = """
DOWN                        | UP               | ASKING ASK
ASKING WAITING LAPSED       | DUE              | = ASK
ASKING WAITING HELD LAPSED  | GRANTED          | HELD
ASKING WAITING LAPSED       | DOWN             | DOWN
ASKING LAPSED               | REFUSED          | WAITING
WAITING                     | UNANSWERED       | ASKING
HELD                        | DUE              | = RENEW
HELD                        | REFUSED EXPIRED  | LAPSED ASK
HELD                        | DOWN             | DOWN RELEASE
DOWN                        | GRANTED          | = RELEASE
"""
TRANSITIONS: Final = with_command(State, Command, table(State, Input, _ROWS)[0])
"""A pair that is missing here changes nothing.  The last row: an answer to an earlier question."""
_QUESTIONS: Final = frozenset({Command.ASK, Command.RENEW})
_ANSWERS: Final = frozenset({Input.GRANTED, Input.REFUSED, Input.UNANSWERED})


class Verdict(enum.Enum):
    """What to do with an event of the stream now."""

    SEND = "send"
    KEEP = "keep"
    DROP = "drop"


class Lease:
    """The lease of one stream, as one relay knows it."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.state = State.DOWN
        self.epoch = 0
        """The number of the present lease; 0 before the first."""
        self.revision = 0
        """The number of our last write."""
        self.until = 0.0
        """When our lease may end, by our clock."""
        self._created = 0
        self._is_asked = False  # and there is no answer yet

    def handle(
        self,
        event: Input,
        asked: float = 0.0,
        revision: int = 0,
        is_new: bool = False,
        created: int = 0,
    ) -> Command | None:
        """Process an input; return what to do.

        :param asked: when the granted question was sent.
        :param revision: the number of the write.
        :param is_new: whether the key was not as we had written it last: another relay may have had
            the lease.
        :param created: when the engine created the bucket, in microseconds of UNIX time; 0 if that
            is known already.
        """
        if self._is_asked and event in (Input.DUE, Input.EXPIRED):
            return None  # the answer comes first; after `until` events are kept anyway
        before = self.state
        self.state, command = TRANSITIONS.get((self.state, event), (self.state, None))
        if event is Input.GRANTED:
            self.revision = revision
            self.until = asked + LEASE_SECONDS - MARGIN_SECONDS
            # Our own key may be there without a lease: the answer to an earlier question was lost.
            is_new = is_new or before not in (State.HELD, State.LAPSED)
            self._created = created or self._created
            if self.state is State.HELD and is_new:
                self.epoch = max(self.epoch + 1, self._created + revision)
        if event in _ANSWERS:
            self._is_asked = False
        if command in _QUESTIONS:
            if self._is_asked:  # before the link was lost, and is open again
                return None
            self._is_asked = True
        return command

    def verdict(self, now: float) -> Verdict:
        """What to do with an event at this time."""
        if self.state in (State.DOWN, State.WAITING):
            return Verdict.DROP
        return Verdict.SEND if self.state is State.HELD and now < self.until else Verdict.KEEP
