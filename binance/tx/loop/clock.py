"""Timers that a jump of the system's clock neither delays nor hastens.

Twisted's reactors keep their timers by the system's clock: set back an hour, it holds every retry,
ping and deadline for that hour. A reactor that we run is given the monotonic clock before it runs
(`keep_steady`). One that the user's program runs keeps its own clock; there our timers are made
through a `SteadyReactor`, which knows when each is really due and makes them again after a jump.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

from twisted.python.runtime import seconds as system_seconds
from zope.interface import directlyProvides, providedBy

from binance.tx.wire import compat

__all__ = ["SteadyReactor", "follows_the_system", "keep_steady"]

#: A difference to the monotonic clock that counts as a jump; less does no timer any harm.
JUMP_SECONDS = 0.5
#: What a timer may be early by: less than any delay that matters here.
EARLY_SECONDS = 0.05


def follows_the_system(reactor: Any) -> bool:
    """Whether the reactor's clock is the system's, which jumps when it is set."""
    return reactor.seconds is system_seconds


def keep_steady(reactor: Any, monotonic: Callable[[], float] = time.monotonic) -> None:
    """Give a reactor that does not run yet the monotonic clock; its timers keep their delays."""
    if not follows_the_system(reactor) or not compat.has("steady clock"):
        return
    now = reactor.seconds()
    left = [(call, call.getTime() - now) for call in reactor.getDelayedCalls()]
    reactor.seconds = monotonic
    for call, delay in left:
        call.seconds = monotonic
        call.reset(max(0.0, delay))


class SteadyReactor:
    """A reactor that somebody else runs, with `seconds` and `callLater` by the monotonic clock.

    All else is the reactor's own.
    """

    def __init__(self, reactor: Any, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.seconds = monotonic
        self._reactor = reactor
        self._calls: set[_Call] = set()
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
        self._calls.add(call)
        return call

    # from any thread

    def look(self) -> None:
        """Have the timers made again if the reactor's clock has jumped."""
        if abs(self._reactor.seconds() - self.seconds() - self._distance) > JUMP_SECONDS:
            self._reactor.callFromThread(self.make_timers_again)

    # in the reactor's thread

    def make_timers_again(self) -> None:
        """Let each timer end when it should, by the reactor's clock as it is now."""
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
        self._steady._calls.discard(self)

    def reset(self, delay: float) -> None:
        self._due = self._steady.seconds() + delay
        self._call.reset(max(0.0, delay))

    def delay(self, seconds: float) -> None:
        self.reset(self._due + seconds - self._steady.seconds())

    def _fire(self) -> None:
        left = self._due - self._steady.seconds()
        if left > EARLY_SECONDS:  # the system's clock was set ahead
            self._call = self._steady._reactor.callLater(left, self._fire)
            self._steady.look()  # it may be set back before anybody else looks
            return
        self._steady._calls.discard(self)
        self._run()
