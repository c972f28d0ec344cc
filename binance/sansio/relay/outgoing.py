"""The messages of a relay on their way to the engine: a bounded buffer, and those in flight.

Messages are sent in order, with at most `WINDOW` of them unacknowledged.  If one is refused, or is
not acknowledged in time, or the engine is away, all that are in flight return to the front of the
buffer and are sent again; the engine drops by their ids those that it has.  After a while it knows
the ids no more: late messages are compared with the last one that it has of their subject.
Messages whose lease is not settled are passed over.  If the buffer is full, its oldest messages are
dropped and counted, those that were passed over first.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import islice
from math import inf
from typing import Any, Final, NamedTuple

from binance.sansio.link.clock import event_time
from binance.sansio.relay.lease import Lease, Verdict
from binance.sansio.relay.names import cursor_in

WINDOW: Final = 1024
"""Maximum number of messages in flight."""
ANSWER_SECONDS: Final = 5.0
"""Seconds after which a message without an acknowledgement is sent again."""
OVERHEAD: Final = 400
"""Octets that a waiting message needs besides its payload, about."""
LATE_SECONDS: Final = 30.0
"""Age from which the engine may have an event and know its id no more."""


def is_late(message: Any, now: float) -> bool:
    """Whether the engine may know the id of an event of the exchange no more."""
    made = event_time(message)
    return made is not None and made < now - LATE_SECONDS


class Message(NamedTuple):
    """A message for the engine."""

    subject: str
    id: str
    payload: bytes
    lease: Lease | None = None
    """The lease of its stream, if that has one."""
    is_late: bool = False
    """Whether the engine may have its event, and know the id no more."""
    sent: float = inf
    """Since when the engine may have it from this relay."""

    @property
    def size(self) -> int:
        """The octets of memory that it needs, about."""
        return len(self.payload) + OVERHEAD


def doubtful(taken: Iterable[tuple[int, Message]], now: float) -> set[str]:
    """The subjects for `Outgoing.settle`: the engine may have messages and know the ids no more."""
    old = now - LATE_SECONDS
    return {
        one.subject
        for _, one in taken
        if one.is_late or (one.sent < old and one.lease is not None)  # consumers know others' ids
    }


class Outgoing:
    """The waiting messages and those in flight.

    :param limit: octets of memory for both.
    """

    def __init__(self, limit: int, window: int = WINDOW) -> None:
        self._limit = limit
        self._window = window
        self._waiting: deque[Message] = deque()
        self._passed: deque[Message] = deque()  # over: they are older than those that wait
        self._unsettled: set[Lease] = set()  # their leases
        self._flight: dict[int, tuple[Message, float]] = {}
        self._number = 0
        self.longest = 2**20
        """Octets of the longest payload that the engine takes."""
        self.size = 0
        """The octets of memory that all messages need."""
        self.stored = 0
        """Number of messages that the engine has acknowledged and stored."""
        self.doubles = 0
        """Number of those that it had already, from this relay or another one."""
        self.octets = 0
        """Octets of the payloads of both."""
        self.dropped = 0
        """Number of messages that were dropped: the buffer was full, or they were too long."""
        self.unsure = 0
        """Number of those that the engine may have: they had been sent, and not acknowledged."""
        self.released = 0
        """Number of messages that were dropped because this relay does not have their lease."""
        self.resent = 0
        """Number of messages that were sent again."""

    @property
    def waiting(self) -> int:
        return len(self._passed) + len(self._waiting)

    @property
    def in_flight(self) -> int:
        return len(self._flight)

    def add(self, message: Message) -> None:
        """Add a message; the oldest waiting ones are dropped if there is no room for it."""
        if len(message.payload) > self.longest:
            self.dropped += 1
            return
        self._waiting.append(message)
        self.size += message.size
        while self.size > self._limit and self.waiting:
            oldest = (self._passed or self._waiting).popleft()
            self.unsure += oldest.sent < inf
            self.size -= oldest.size
            self.dropped += 1

    def take(self, now: float) -> list[tuple[int, Message]]:
        """The messages to send now, with the numbers for `acknowledged`."""
        if any(lease.verdict(now) is not Verdict.KEEP for lease in self._unsettled):
            self._wait_again()
        taken = []
        while self._waiting and len(self._flight) < self._window:
            message = self._waiting.popleft()
            lease = message.lease
            verdict = Verdict.SEND if lease is None else lease.verdict(now)
            if verdict is Verdict.DROP:
                self.size -= message.size
                self.released += 1
            elif lease is not None and verdict is Verdict.KEEP:
                self._passed.append(message)
                self._unsettled.add(lease)
            else:
                self._number += 1
                self._flight[self._number] = message, now
                taken.append((self._number, message))
        return taken

    def has_sent(self, number: int) -> bool:
        """Whether this message is in flight."""
        return number in self._flight

    def acknowledged(self, number: int, is_double: bool) -> None:
        """The engine has this message."""
        if number in self._flight:
            message, _ = self._flight.pop(number)
            self.size -= message.size
            self.octets += len(message.payload)
            if is_double:
                self.doubles += 1
            else:
                self.stored += 1

    def is_overdue(self, now: float) -> bool:
        """Whether the first message in flight has not been acknowledged in time."""
        first = next(iter(self._flight.values()), None)
        return first is not None and now > first[1] + ANSWER_SECONDS

    def take_back(self) -> None:
        """Send everything in flight again, in order."""
        self.resent += len(self._flight)
        self._wait_again()
        self._waiting.extendleft(
            message._replace(sent=min(message.sent, at))
            for message, at in reversed(self._flight.values())
        )
        self._flight.clear()

    def settle(self, lasts: Mapping[str, str], now: float) -> None:
        """Acknowledge what the engine has of some subjects, before it is sent.

        Messages with a lease were stored in order.  Of others it may have later ones only, if this
        relay has sent them before.

        :param lasts: the id of the last message that the engine has of each subject, or "".
        """
        # Of what was sent before, the last may still wait: other messages have filled the window.
        back = (one for one in islice(self._waiting, self._window) if one.sent < inf)
        found = {one.subject for one in back if lasts.get(one.subject) == one.id}
        for number, (message, at) in reversed(list(self._flight.items())):
            subject = message.subject
            if (last := lasts.get(subject)) is None:
                continue
            if message.id == last:
                found.add(subject)
            is_stored = subject in found
            if message.lease is None:
                is_stored = message.is_late and 0 <= cursor_in(message.id) <= cursor_in(last)
            if is_stored:
                self.acknowledged(number, is_double=True)
            else:
                self._flight[number] = message._replace(is_late=False, sent=now), at

    def _wait_again(self) -> None:
        """What was passed over waits before the others, but after what is in flight."""
        self._waiting.extendleft(reversed(self._passed))
        self._passed.clear()
        self._unsettled.clear()
