"""Keeps a listen key alive, where the exchange still has them.

Theory of operation
-------------------

A listen key is valid for 60 minutes after its creation or its last keepalive. A connection with an
expired key *succeeds* but stays silent for ever, so a failed keepalive is the only sign of the end.
A failed keepalive is repeated soon, with growing pauses. A new key is created if the exchange does
not know the key any more (-1125), sends ``listenKeyExpired``, or has not acknowledged the key for
60 minutes. Then the link is replaced by one with the new key. A link that is dialled long after
the last acknowledgement requests the key again: the exchange returns the present key, prolonged, or
a new one. If that request fails, the present key is kept alive all the same: another link may be up
with it. Sooner after the acknowledgement, the link is dialled at once, and a keepalive shows
whether the key is still valid.

A key is never deleted: the exchange gives the same key to all programs of an account, so another
program may use it.

Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/user-data-streams
"""

import enum
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from binance.sansio.account.wsapi import REFUSED_KEYS
from binance.sansio.link.machine import entry, table
from binance.sansio.link.reconnect import Failure, RetryPolicy

LIFE_SECONDS: Final = 3600.0
"""Seconds for which a key is valid without a keepalive."""
RETRY_SECONDS: Final = 10.0
"""The pause before a failed keepalive is repeated; doubled each time."""
RETRY_MOST: Final = 300.0
"""The longest such pause; it is never longer than the interval of keepalives."""
_PAUSES: Final = RetryPolicy(None, RETRY_SECONDS, factor=2.0, maximum=RETRY_MOST)
FRESH_SECONDS: Final = 60.0
"""Seconds after its acknowledgement for which a new link uses a key without a new request."""
NEW_SECONDS: Final = 5.0
"""Seconds after its acknowledgement for which a key counts as valid without a keepalive."""
SAFE_SECONDS: Final = 60.0
"""Seconds before its end at which a key with failed keepalives is replaced."""

KEY_UNKNOWN: Final = -1125
STATUS_GONE: Final = 410
EXPIRED: Final = "listenKeyExpired"
"""The event of a key's end; it may come twice."""


class State(enum.Enum):
    ABSENT = "absent"  # there is no key
    MAKING = "making"  # a key is requested
    HELD = "held"  # there is a key; the next keepalive is planned
    KEEPING = "keeping"  # a keepalive is under way
    REMAKING = "remaking"  # the key has expired, and a new one is requested
    FAILED = "failed"  # the exchange refuses


class Input(enum.Enum):
    WANTED = "wanted"  # a link needs a key
    MADE = "made"  # the exchange returned a key
    NOT_MADE = "not made"  # the request of a key failed
    DUE = "due"  # time for a keepalive
    KEPT = "kept"  # the keepalive was acknowledged
    NOT_KEPT = "not kept"  # the keepalive failed
    ENDED = "ended"  # the key has expired


# commands


@dataclass(frozen=True, slots=True)
class Make:
    """Request a key in a worker thread, then call `ListenKey.made` or `ListenKey.not_made`."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Send a keepalive in a worker thread, then call `ListenKey.kept` or `ListenKey.not_kept`."""

    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Use:
    """Dial with this key: the link that waits for it, or a successor if the key is `new`."""

    key: str = field(repr=False)
    new: bool


@dataclass(frozen=True, slots=True)
class Deaf:
    """The key of the link that is up has ended, and no new one could be created: said once."""

    why: Failure


#: A `Failure` means: there is no key now, and if it is `refused` none later either.
Command = Make | Keep | Use | Deaf | Failure

L = TypeVar("L", bound=Hashable)

_ROWS = """
ABSENT FAILED                 | WANTED         | make
MAKING                        | MADE           | hold
MAKING                        | NOT_MADE       | give_up
HELD KEEPING                  | WANTED         | use
HELD                          | DUE            | keep
MAKING HELD KEEPING           | ENDED          | remake
KEEPING                       | KEPT           | kept
KEEPING                       | NOT_KEPT       | not_kept
REMAKING                      | WANTED         | make_for_link
REMAKING                      | MADE           | replace
REMAKING                      | NOT_MADE       | remake_later
REMAKING                      | DUE            | remake

MAKING                        | WANTED         | - a key is requested already
ABSENT MAKING HELD REMAKING   | KEPT NOT_KEPT  | - it is about a key that has expired since
REMAKING                      | ENDED          | - the event may come twice
ABSENT                        | ENDED          | - there is no key
FAILED  | MADE NOT_MADE DUE KEPT NOT_KEPT ENDED  | - the link decides how often it asks
"""
#: (state, input) -> action: a method of `ListenKey`, which sets the next state
TRANSITIONS, IGNORED = table(State, Input, _ROWS)


class ListenKey:
    """One account's key. `now` is a clock's seconds, which never jump.

    :param interval: seconds between keepalives; at most half of a key's life
    """

    def __init__(self, interval: float) -> None:
        if not interval > 0:
            raise ValueError(f"seconds between keepalives must be more than 0, not {interval}")
        self.state = State.ABSENT
        self.key = ""
        self._interval = min(float(interval), LIFE_SECONDS / 2)
        self.due: float | None = None
        """When to call `check`; None if nothing is planned."""
        self._good_until = self._fresh_until = 0.0
        self._failures = 0  # in a row, of the present key
        self._link_waits = False
        self._last_failure = Failure("no key")

    @property
    def is_sure(self) -> bool:
        """Whether there is a key, and no keepalive has failed since the last acknowledgement."""
        return self.state in (State.HELD, State.KEEPING) and not self._failures

    # from the connection

    def wanted(self, now: float) -> list[Command]:
        return self._handle(Input.WANTED, now)

    def ended(self, now: float) -> list[Command]:
        return self._handle(Input.ENDED, now)

    # from the workers

    def made(self, key: str, now: float) -> list[Command]:
        self.key = key
        return self._handle(Input.MADE, now)

    def not_made(self, failure: Failure, now: float) -> list[Command]:
        self._last_failure = failure
        return self._handle(Input.NOT_MADE, now)

    def kept(self, key: str, now: float) -> list[Command]:
        return self._handle(Input.KEPT, now) if key == self.key else []

    def not_kept(self, key: str, failure: Failure, now: float) -> list[Command]:
        self._last_failure = failure
        return self._handle(Input.NOT_KEPT, now) if key == self.key else []

    # from the clock

    def check(self, now: float) -> list[Command]:
        """Call this about once a second."""
        if self.due is None or now < self.due:
            return []
        return self._handle(Input.DUE, now)

    # inside

    def _handle(self, event: Input, now: float) -> list[Command]:
        action = entry(TRANSITIONS, IGNORED, self.state, event)
        commands: list[Command] = [] if action is None else getattr(self, f"_{action}")(now)
        return commands

    def _make(self, now: float) -> list[Command]:
        self.state, self.due = State.MAKING, None
        return [Make()]

    def _hold(self, now: float) -> list[Command]:
        self._plan(now)
        return [Use(self.key, new=False)]

    def _plan(self, now: float) -> None:
        self.state, self._failures = State.HELD, 0
        self.due, self._good_until = now + self._interval, now + LIFE_SECONDS
        self._fresh_until = now + FRESH_SECONDS

    def _give_up(self, now: float) -> list[Command]:
        """No key was made for the link that waits; another link may be up with the present one."""
        self.state, self.due = State.FAILED if self._is_final else State.ABSENT, None
        if self._is_final:
            self._good_until = 0.0
        elif now < self._good_until:
            self.state = State.HELD
            self.due = now + max(RETRY_SECONDS, self._last_failure.retry_after or 0.0)
        return [self._last_failure._replace(refused=self._is_final)]

    @property
    def _is_final(self) -> bool:
        """Whether another request of a key would fail too."""
        failure = self._last_failure
        return failure.code in REFUSED_KEYS or failure.http_status == STATUS_GONE

    def _use(self, now: float) -> list[Command]:
        if now >= self._fresh_until:
            return self._make(now)
        # Another program may have closed the key while there was no link to report it.
        is_new = now < self._fresh_until - FRESH_SECONDS + NEW_SECONDS
        keep = self._keep(now) if self.state is State.HELD and not is_new else []
        return [Use(self.key, new=False), *keep]

    def _keep(self, now: float) -> list[Command]:
        self.state, self.due = State.KEEPING, None
        return [Keep(self.key)]

    def _kept(self, now: float) -> list[Command]:
        self._plan(now)
        return []

    def _not_kept(self, now: float) -> list[Command]:
        """Try again soon; but replace a key that is unknown to the exchange, or too old."""
        pause = self._pause()
        if self._last_failure.code == KEY_UNKNOWN or now + pause > self._good_until - SAFE_SECONDS:
            return self._remake(now)
        self.state, self.due = State.HELD, now + pause
        return []

    def _remake(self, now: float) -> list[Command]:
        is_requested = self.state is State.MAKING  # for a link, which waits
        if self.state is not State.REMAKING:
            self._failures, self._link_waits = 0, is_requested
        self.state, self.due = State.REMAKING, None
        return [] if is_requested else [Make()]

    def _make_for_link(self, now: float) -> list[Command]:
        """The link is down, and the next link waits for the new key."""
        self._link_waits = True
        if self.due is None:
            return []
        return self._remake(now)

    def _replace(self, now: float) -> list[Command]:
        waits, self._link_waits = self._link_waits, False
        self._plan(now)
        return [Use(self.key, new=not waits)]

    def _remake_later(self, now: float) -> list[Command]:
        waits, self._link_waits = self._link_waits, False
        if self._is_final:
            return self._give_up(now)
        self.due = now + self._pause()
        said: list[Command] = [Deaf(self._last_failure)] if self._failures == 1 else []
        return [*said, self._last_failure] if waits else said

    def _pause(self) -> float:
        """Seconds until a failed call is repeated."""
        self._failures += 1
        pause = min(_PAUSES.delay(self._failures), self._interval)
        return max(pause, self._last_failure.retry_after or 0.0)


class Dialled(Generic[L]):
    """The key of each link. A link is any hashable object.

    A link with a replaced key is up but silent: events since then are missing, and the link has to
    be replaced as well, once.
    """

    def __init__(self, key: ListenKey) -> None:
        self._key = key
        self._on: dict[L, str | None] = {}  # None once the replacement is under way
        self._has_missed = False

    @property
    def links(self) -> list[L]:
        return list(self._on)

    def new_key(self, is_open: Callable[[L], bool]) -> None:
        """There is a key to dial with, the previous one or another."""
        key = self._key.key
        if any(its not in (None, key) and is_open(link) for link, its in self._on.items()):
            self._has_missed = True

    def key_of(self, link: L) -> str | None:
        """The key of a link that is not being replaced."""
        return self._on.get(link)

    def is_deaf(self, link: L) -> bool:
        """Whether the key of the link is known to have ended."""
        return self._key.state is State.REMAKING or self._on.get(link) != self._key.key

    def begun(self, link: L) -> None:
        self._on[link] = self._key.key

    def ended(self, link: L) -> None:
        self._on.pop(link, None)

    def expired(self, link: L) -> bool:
        """The key of the link has expired; returns whether it is the present key."""
        is_present = self._on.get(link) == self._key.key
        self._has_missed = self._has_missed or is_present
        return is_present

    def missed(self, link: L) -> bool:
        """A link has opened: whether events may be missing before it.  True only once."""
        if self._on.get(link) != self._key.key:  # it was dialled with a key that has ended
            self._has_missed = True
            return False  # but before the link that will replace it
        missed, self._has_missed = self._has_missed, False
        return missed

    def replaces(self, link: L, can_be: bool) -> bool:
        """Whether to replace the link now; the connection repeats a failed rotation.

        :param can_be: it is its connection's link, and no rotation is under way.
        """
        is_stale = self._on.get(link) not in (None, self._key.key)
        if not is_stale or not can_be or self._key.state is State.REMAKING:
            return False
        self._on[link] = None
        return True
