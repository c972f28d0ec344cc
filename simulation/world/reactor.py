"""A reactor on simulated time: Twisted's time, threads, TCP and names, and no input or output.

Time is counted in whole nanoseconds: with floats, a timer could come a rounding error too early.
There are three clocks.  `now`, the world's, never jumps.  `monotonic()` is the same time as a
machine counts it, from its start.  `wall()` is the machine's idea of the time of day, and can
`jump`.  `seconds()`, by which delayed calls are due, is one of these two.

There are two heaps.  What the world does (octets that arrive, threads that wake) is due by the
world's clock, the client's delayed calls by `seconds()`.  When the reactor thread is held by a
callback that takes long, the world goes on; what it brings to the client waits, in order.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
from collections.abc import Callable
from random import Random
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet
from twisted.internet import interfaces
from twisted.internet.address import IPv4Address
from twisted.internet.base import DelayedCall
from twisted.internet.defer import Deferred, DeferredList
from twisted.python.failure import Failure
from zope.interface import implementer

from simulation.world.dice import Dice

__all__ = ["BOOT", "EPOCH", "NS", "SHORTEST", "Deadlock", "Reactor"]

NS = 1_000_000_000
#: What the wall clock says when a run begins: UNIX time in seconds.
EPOCH = 1_700_000_000
#: What the monotonic clock says then: a machine has been up for some time.
BOOT = 100_000
#: Seconds after which a thread that still waits for a lock or an event of others waits in vain.
PATIENCE = 3600.0
#: Threads take the turn within this; posts to the reactor thread too.
TURN_SECONDS = 0.002
POST_SECONDS = 0.003
NEVER = 1 << 100
#: The shortest wait, in seconds: with none, a thread that waits again and again waits for ever.
SHORTEST = 1 / NS
#: What a delayed call takes, at least.
CALL_NS = 1000
#: How often a thread is told to end before it is left alone.
KILLS = 3


class Deadlock(BaseException):
    """The reactor thread waits for something that cannot come."""


@implementer(
    interfaces.IReactorCore,
    interfaces.IReactorTime,
    interfaces.IReactorFromThreads,
    interfaces.IReactorTCP,
    interfaces.IReactorPluggableNameResolver,
)
class Reactor:
    """The one reactor of a process of simulations; `reset` begins a run."""

    def __init__(self) -> None:
        self.hub = getcurrent()
        self.threads: list[Any] = []  # greenlets that have not ended
        #: stands for Twisted's function that asks the system for the time: always the same object
        self.system_seconds = self.wall
        self.reset(Dice(0), None)

    def reset(self, dice: Dice, network: Any, *, is_wall: bool = False) -> None:
        """Begin a run at time 0.

        Args:
            dice: of this run.
            network: who carries connections and resolves names.
            is_wall: delayed calls go by the wall clock, as on a reactor of the user's.
        """
        self._kill_threads()
        self.dice, self.network = dice, network
        self.is_wall = is_wall
        #: IReactorTime's
        self.seconds = self.system_seconds if is_wall else self.monotonic
        self.ns = 0
        self.skew_ns = 0
        #: whether what runs now runs in the reactor thread
        self.is_io = False
        self.steps = 0
        self.disk_is_full = False
        #: what was raised with nobody to catch it
        self.errors: list[Failure] = []
        self.running = True
        self._started = self._startedBefore = True
        self._stopped = False
        self.nameResolver = self
        self._triggers: list[tuple[str, Callable[[], Any]]] = []
        self._order = itertools.count()
        self._client: list[tuple[int, int, DelayedCall, float]] = []
        self._world: list[tuple[int, int, Callable[..., object], tuple[Any, ...]]] = []
        self._posts: list[tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]] = []
        self._post_dice = dice.named("posts")
        self._is_draining = False
        self._is_held = False
        self._waiting: list[tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]] = []

    # Clocks

    @property
    def now(self) -> float:
        """The world's time: seconds since the run began."""
        return self.ns / NS

    def monotonic(self) -> float:
        """`time.monotonic`."""
        return (BOOT * NS + self.ns) / NS

    def wall(self) -> float:
        """`time.time`: UNIX time in seconds."""
        return (EPOCH * NS + self.ns + self.skew_ns) / NS

    def jump(self, seconds: float) -> None:
        """Set the wall clock forward, or back."""
        self.skew_ns += round(seconds * NS)

    def _offset(self) -> int:
        return EPOCH * NS + self.skew_ns if self.is_wall else BOOT * NS

    # The world's heap

    def at(self, delay: float, function: Callable[..., object], *args: object) -> None:
        """Have the world call a function after so many seconds; not in the reactor thread."""
        due = self.ns + round(delay * NS)
        heapq.heappush(self._world, (due, next(self._order), function, args))

    def io(self, function: Callable[..., object], *args: object, **kwargs: object) -> None:
        """Call a function in the reactor thread; later, while that is held.  Never raises."""
        if self._is_held:
            self._waiting.append((function, args, kwargs))
            return
        was_io, self.is_io = self.is_io, True
        try:
            function(*args, **kwargs)
        except Exception:  # noqa: BLE001 - whatever the client raises
            self.errors.append(Failure())
        finally:
            self.is_io = was_io

    # IReactorTime

    def callLater(
        self, delay: float, function: Callable[..., object], *args: object, **kwargs: object
    ) -> DelayedCall:
        if not (delay >= 0 and math.isfinite(delay)):
            raise ValueError(f"a call cannot be put off by {delay} seconds")
        due = self.seconds() + delay
        call = DelayedCall(due, function, args, kwargs, _ignore, self._push, self.seconds)
        self._push(call)
        return call

    def getDelayedCalls(self) -> list[DelayedCall]:
        return [call for _, _, call, when in self._client if call.active() and call.time == when]

    def _push(self, call: DelayedCall) -> None:
        when = call.time
        heapq.heappush(self._client, (_from(when), next(self._order), call, when))

    def _next_call(self) -> int:
        """When, by the world's clock, the first delayed call is due."""
        calls = self._client if self.running else []
        while calls:
            due, _, call, when = calls[0]
            if call.cancelled or call.called or call.time != when:
                heapq.heappop(calls)
            elif call.delayed_time > 0:
                heapq.heappop(calls)
                call.activate_delay()
                self._push(call)
            else:
                return max(due - self._offset(), self.ns)
        return NEVER

    # Running

    def run_until(self, end: float) -> None:
        """Let everything happen that is due by `end`, in seconds of the world's clock."""
        end_ns = _from(float(end))
        while self._step(end_ns):
            pass
        self.ns = max(self.ns, end_ns)

    def _step(self, end: int) -> bool:
        """Do what is due first; False if nothing is, by then."""
        if self._waiting:
            self._release()
        client = self._next_call()
        world = self._world[0][0] if self._world else NEVER
        if min(client, world) > end:
            return False
        self.steps += 1
        if world <= client:
            self._world_step()
        else:
            # Code takes time; else a timer that comes a rounding error early would come for ever.
            self.ns = max(self.ns, client) + CALL_NS
            call = heapq.heappop(self._client)[2]
            call.called = 1
            self.io(call.func, *call.args, **call.kw)
        return True

    def _world_step(self) -> None:
        due, _, function, args = heapq.heappop(self._world)
        if due > self.ns:
            self.ns = due
        function(*args)

    def stall(self, seconds: float) -> None:
        """Hold the reactor thread for so long, as a callback does that sleeps."""
        end = self.ns + round(seconds * NS)
        self._hold_while(lambda: False, end)
        self.ns = max(self.ns, end)

    def wait_until(self, is_done: Callable[[], bool], timeout: float | None) -> None:
        """Have the caller, who is no greenlet, wait until something is so.

        In the reactor thread that holds the reactor; in the main thread all goes on.

        Raises:
            Deadlock: it never is, and there is no time-out.
        """
        end = self.ns + round((PATIENCE if timeout is None else max(timeout, SHORTEST)) * NS)
        if self.is_io:
            self._hold_while(is_done, end)
        else:
            while not is_done() and self._step(end):
                pass
        if not is_done():
            if timeout is None:
                raise Deadlock("waits for another thread, in vain")
            self.ns = max(self.ns, end)

    def _hold_while(self, is_done: Callable[[], bool], end: int) -> None:
        was_held, self._is_held = self._is_held, True
        was_io, self.is_io = self.is_io, False
        try:
            while not is_done() and self._world and self._world[0][0] <= end:
                self._world_step()
        finally:
            self._is_held, self.is_io = was_held, was_io

    def _release(self) -> None:
        waiting, self._waiting = self._waiting, []
        for function, args, kwargs in waiting:
            self.io(function, *args, **kwargs)

    # Threads, which are greenlets

    def spawn(self, function: Callable[[], object], name: str) -> Any:
        """Run a function in a thread of its own, soon."""

        def body() -> None:
            try:
                function()
            except Exception:  # noqa: BLE001 - whatever the client raises
                self.errors.append(Failure())
            finally:
                if made in self.threads:
                    self.threads.remove(made)

        made: Any = greenlet(body, self.hub)
        made.name = name
        made.dice = self.dice.named("thread", name, self.ns, len(self.threads))
        self.threads.append(made)
        self.at(self.turn_of(made), self.switch, made)
        return made

    def _kill_threads(self) -> None:
        """End what the run before has left."""
        for _ in range(KILLS):  # a callback's guard catches the first
            for thread in list(self.threads):
                thread.throw(GreenletExit)
        self.threads = []

    def turn_of(self, thread: Any) -> float:
        """Seconds until a thread that could run does run."""
        dice: Random = thread.dice
        return dice.random() * TURN_SECONDS

    def switch(self, thread: Any) -> None:
        """Let a thread run until it waits."""
        if thread.dead:
            return
        was_io, self.is_io = self.is_io, False
        try:
            thread.switch()
        finally:
            self.is_io = was_io

    def in_thread(self) -> bool:
        """Whether the caller is a greenlet, and not the reactor thread or the main one."""
        return getcurrent() is not self.hub

    def sleep(self, seconds: float) -> None:
        """`time.sleep`: a thread waits; the reactor thread is held."""
        seconds = max(seconds, SHORTEST)
        if self.in_thread():
            self.at(seconds, self.switch, getcurrent())
            self.leave()
        elif self.is_io:
            self.stall(seconds)
        else:
            self.run_until(self.now + seconds)

    def leave(self) -> None:
        """Let others run; return when this greenlet is switched to again."""
        # A running event loop is remembered by thread, and all greenlets have the same one.
        loop = asyncio._get_running_loop()
        if loop is None:
            self.hub.switch()
            return
        asyncio._set_running_loop(None)
        try:
            self.hub.switch()
        finally:
            asyncio._set_running_loop(loop)

    # IReactorFromThreads

    def callFromThread(
        self, function: Callable[..., object], *args: object, **kwargs: object
    ) -> None:
        self._posts.append((function, args, kwargs))
        if not self._is_draining:
            self._is_draining = True
            self.at(self._post_dice.random() * POST_SECONDS, self._drain)

    def _drain(self) -> None:
        posts, self._posts = self._posts if self.running else [], []
        self._is_draining = False
        for function, args, kwargs in posts:
            self.io(function, *args, **kwargs)

    def getThreadPool(self) -> Reactor:
        return self

    def callInThread(self, function: Callable[..., object], *args: Any, **kwargs: Any) -> None:
        self.callInThreadWithCallback(None, function, *args, **kwargs)

    def callInThreadWithCallback(
        self,
        on_result: Callable[[bool, object], object] | None,
        function: Callable[..., object],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        def work() -> None:
            try:
                result: object = function(*args, **kwargs)
                is_good = True
            except Exception:  # noqa: BLE001 - whatever the client raises
                result, is_good = Failure(), False
            if on_result is not None:
                on_result(is_good, result)

        self.spawn(work, "pool")

    # IReactorCore

    def addSystemEventTrigger(
        self, phase: str, event: str, function: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> tuple[str, Callable[[], Any]]:
        trigger = (phase, lambda: function(*args, **kwargs))
        if event == "shutdown":
            self._triggers.append(trigger)
        return trigger

    def removeSystemEventTrigger(self, trigger: tuple[str, Callable[[], Any]]) -> None:
        self._triggers.remove(trigger)

    def callWhenRunning(self, function: Callable[..., object], *args: Any, **kwargs: Any) -> None:
        self.callLater(0, function, *args, **kwargs)

    def stop(self) -> None:
        """Twisted's: the triggers before; every connection is lost; those after; no more runs."""
        if self._stopped:
            return
        self._stopped = True
        self.callLater(0, self._shut_down)

    def _shut_down(self) -> None:
        before: list[Deferred[Any]] = []
        for phase, trigger in list(self._triggers):
            if phase == "before":
                result = trigger()
                if isinstance(result, Deferred):
                    before.append(result)
        DeferredList(before).addCallback(self._after_shutdown)

    def _after_shutdown(self, _: object) -> None:
        self.network.lose_all()
        for phase, trigger in list(self._triggers):
            if phase == "after":
                trigger()
        self.running = self._started = False

    # Names, and TCP

    def installNameResolver(self, resolver: object) -> Any:
        raise NotImplementedError("names are the network's")

    def resolveHostName(
        self, receiver: Any, host: str, portNumber: int = 0, *args: object, **kwargs: object
    ) -> None:
        def done() -> None:
            if not self.network.dns_fails():
                receiver.addressResolved(IPv4Address("TCP", f"{PREFIX}{host}", portNumber))
            receiver.resolutionComplete()

        self.at(self.network.latency(), self.io, done)

    def connectTCP(
        self,
        host: str,
        port: int,
        factory: Any,
        timeout: float = 30,
        bindAddress: object = None,
    ) -> Any:
        return self.network.connect(host.removeprefix(PREFIX), port, factory, timeout)

    def listenTCP(self, *args: object, **kwargs: object) -> Any:
        raise NotImplementedError("nothing listens on a simulated reactor")


#: Makes an address of a name: the model tells hosts by their names.
PREFIX = "sim:"


def _from(seconds: float) -> int:
    """The first nanosecond that is not before a time in seconds."""
    numerator, denominator = seconds.as_integer_ratio()
    return -(-numerator * NS // denominator)


def _ignore(call: DelayedCall) -> None:
    """A call that was cancelled is dropped when it comes to the front."""
