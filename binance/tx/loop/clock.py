"""Timers that do not change when the system clock is set.

Twisted's reactors use the system clock for their timers.  If it is set back one hour, every retry,
ping and deadline is late by one hour.  A reactor that we run gets the monotonic clock before it
runs (`keep_steady`).  A reactor that the user's program runs keeps its own clock.  There a
`SteadyReactor` creates our timers: it knows when each one is due, and creates them again after the
clock was set.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

from twisted.python import runtime
from zope.interface import directlyProvides, providedBy

from binance.tx.wire import compat

system_seconds = runtime.seconds
#: A larger difference to the monotonic clock means that the system clock was set.
JUMP_SECONDS = 0.5
#: Seconds that a timer may be early: less than any delay that matters here.
EARLY_SECONDS = 0.05


def follows_the_system(reactor: Any) -> bool:
    """Whether the reactor uses the system clock, which can be set."""
    return reactor.seconds is system_seconds


def keep_steady(reactor: Any, monotonic: Callable[[], float] = time.monotonic) -> None:
    """Give the monotonic clock to a reactor that does not run yet; its timers keep their delays."""
    if not follows_the_system(reactor) or not compat.has("steady clock"):
        return
    now = reactor.seconds()
    left = [(call, call.getTime() - now) for call in reactor.getDelayedCalls()]
    reactor.seconds = monotonic
    for call, delay in left:
        call.seconds = monotonic
        call.reset(max(0.0, delay))


class SteadyReactor:
    """A reactor of the user's program, with `seconds` and `callLater` by the monotonic clock.

    All other attributes are those of the reactor.
    """

    def __init__(self, reactor: Any, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.seconds = monotonic
        self._reactor = reactor
        self._calls: dict[_Call, None] = {}  # in the order in which they were made
        self._distance = reactor.seconds() - monotonic()
        directlyProvides(self, providedBy(reactor))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def callLater(
        self, delay: float, function: Callable[..., object], *args: object, **kwargs: object
    ) -> _Call:
        """As IReactorTime's."""
        self.look()
        call = _Call(self, delay, functools.partial(function, *args, **kwargs))
        self._calls[call] = None
        return call

    # from any thread

    def look(self) -> None:
        """Create the timers again if the reactor's clock was set."""
        if abs(self._reactor.seconds() - self.seconds() - self._distance) > JUMP_SECONDS:
            self._reactor.callFromThread(self.make_timers_again)

    # in the reactor's thread

    def make_timers_again(self) -> None:
        """Reset each timer, by the present time of the reactor's clock."""
        self._distance = self._reactor.seconds() - self.seconds()
        for call in list(self._calls):
            call.reset(call.getTime() - self.seconds())


class _Call:
    """A delayed call of a `SteadyReactor`: Twisted's IDelayedCall."""

    def __init__(self, steady: SteadyReactor, delay: float, run: Callable[[], object]) -> None:
        self._steady = steady
        self._run = run
        self._due = steady.seconds() + delay
        self._call = steady._reactor.callLater(delay, self._fire)

    def getTime(self) -> float:
        """When it is due, by the monotonic clock."""
        return self._due

    def active(self) -> bool:
        return bool(self._call.active())

    def cancel(self) -> None:
        self._call.cancel()
        self._steady._calls.pop(self, None)

    def reset(self, delay: float) -> None:
        self._due = self._steady.seconds() + delay
        self._call.reset(max(0.0, delay))

    def delay(self, seconds: float) -> None:
        self.reset(self._due + seconds - self._steady.seconds())

    def _fire(self) -> None:
        left = self._due - self._steady.seconds()
        if left > EARLY_SECONDS:  # the system clock was set ahead
            self._call = self._steady._reactor.callLater(left, self._fire)
            self._steady.look()  # it may be set back before the next check
            return
        self._steady._calls.pop(self, None)
        self._run()
