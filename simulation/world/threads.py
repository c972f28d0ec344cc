"""`threading` for greenlets: what modules of the client get in place of the real one.

A thread is a greenlet and runs until it waits.  Each wake-up takes a moment that the thread's own
dice say, so that two threads meet in every order in some seed.
"""

from __future__ import annotations

import threading as real
from collections.abc import Callable
from typing import Any

from greenlet import getcurrent

from simulation.world.reactor import SHORTEST, Reactor

__all__ = ["Condition", "Event", "Lock", "RLock", "Thread", "current_thread", "get_ident", "use"]

_reactor: Reactor
_main = real.main_thread()
_real_ident = real.get_ident()


def use(reactor: Reactor) -> None:
    """Have the threads of this process run on a reactor."""
    global _reactor  # noqa: PLW0603 - one for the process, as threads are
    _reactor = reactor


class _Waiters:
    """Threads that wait for one thing."""

    def __init__(self) -> None:
        self._all: list[list[Any]] = []  # of [greenlet, whether it waits]

    def __len__(self) -> int:
        return len(self._all)

    def wait(self, is_done: Callable[[], bool], timeout: float | None) -> None:
        """Wait to be woken; who is no greenlet, and is woken by nothing, waits until it is so."""
        me = getcurrent()
        if me is _reactor.hub:
            _reactor.wait_until(is_done, timeout)
            return
        waiter = [me, True]
        self._all.append(waiter)
        if timeout is not None:
            _reactor.at(max(timeout, SHORTEST), _wake, waiter)
        _reactor.leave()
        if waiter in self._all:
            self._all.remove(waiter)

    def wake(self, count: int) -> None:
        for _ in range(min(count, len(self._all))):
            waiter = self._all.pop(0)
            _reactor.at(_reactor.turn_of(waiter[0]), _wake, waiter)


def _wake(waiter: list[Any]) -> None:
    thread, is_waiting = waiter
    if is_waiting:
        waiter[1] = False
        _reactor.switch(thread)


class Event:
    """`threading.Event`."""

    def __init__(self) -> None:
        self._is_set = False
        self._waiters = _Waiters()

    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        self._is_set = True
        self._waiters.wake(len(self._waiters))

    def clear(self) -> None:
        self._is_set = False

    def wait(self, timeout: float | None = None) -> bool:
        if not self._is_set:
            self._waiters.wait(self.is_set, timeout)
        return self._is_set


class Lock:
    """`threading.Lock`."""

    def __init__(self) -> None:
        self._owner: Any = None
        self._waiters = _Waiters()

    def locked(self) -> bool:
        return self._owner is not None

    def _is_free(self) -> bool:
        return self._owner is None

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        while self._owner is not None:
            if not blocking:
                return False
            self._waiters.wait(self._is_free, None if timeout < 0 else timeout)
            if self._owner is not None and timeout >= 0:
                return False
        self._owner = getcurrent()
        return True

    def release(self) -> None:
        if self._owner is None:
            raise RuntimeError("release unlocked lock")
        self._owner = None
        self._waiters.wake(1)

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *exc_info: object) -> None:
        self.release()

    def _at_fork_reinit(self) -> None:
        self.__init__()  # type: ignore[misc]


class RLock(Lock):
    """`threading.RLock`."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if self._owner is not getcurrent() and not super().acquire(blocking, timeout):
            return False
        self._depth += 1
        return True

    __enter__ = acquire  # type: ignore[assignment]

    def release(self) -> None:
        if self._owner is not getcurrent():
            raise RuntimeError("cannot release un-acquired lock")
        self._depth -= 1
        if not self._depth:
            super().release()

    def _is_owned(self) -> bool:
        return self._owner is getcurrent()


class Condition:
    """`threading.Condition`."""

    def __init__(self, lock: Lock | None = None) -> None:
        self._lock = RLock() if lock is None else lock
        self._waiters = _Waiters()
        self._calls = 0
        self.acquire, self.release = self._lock.acquire, self._lock.release

    def __enter__(self) -> bool:
        return self._lock.acquire()

    def __exit__(self, *exc_info: object) -> None:
        self._lock.release()

    def wait(self, timeout: float | None = None) -> bool:
        depth = getattr(self._lock, "_depth", 1)
        calls = self._calls
        for _ in range(depth):
            self._lock.release()
        try:
            self._waiters.wait(lambda: self._calls > calls, timeout)
        finally:
            for _ in range(depth):
                self._lock.acquire()
        return self._calls > calls

    def wait_for(self, is_done: Callable[[], Any], timeout: float | None = None) -> Any:
        end = None if timeout is None else _reactor.now + timeout
        while not (result := is_done()):
            left = None if end is None else end - _reactor.now
            if left is not None and left <= 0:
                break
            self.wait(left)
        return result

    def notify(self, n: int = 1) -> None:
        self._calls += 1
        self._waiters.wake(n)

    def notify_all(self) -> None:
        self.notify(len(self._waiters))


class Thread(real.Thread):
    """`threading.Thread`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._greenlet: Any = None
        self._is_over = False
        self._over = Event()

    def start(self) -> None:
        if self._started.is_set():  # type: ignore[attr-defined]
            raise RuntimeError("threads can only be started once")
        self._started.set()  # type: ignore[attr-defined]
        self._greenlet = _reactor.spawn(self._live, self.name)
        self._greenlet.thread = self

    def _live(self) -> None:
        try:
            self.run()
        finally:
            self._is_over = True
            self._over.set()

    def is_alive(self) -> bool:
        return self._greenlet is not None and not self._is_over

    def join(self, timeout: float | None = None) -> None:
        if self._greenlet is None:
            raise RuntimeError("cannot join thread before it is started")
        self._over.wait(timeout)

    @property
    def ident(self) -> int | None:
        return None if self._greenlet is None else id(self._greenlet)


def current_thread() -> real.Thread:
    """`threading.current_thread`: the main thread's stands for the reactor thread's as well."""
    found: real.Thread | None = getattr(getcurrent(), "thread", None)
    return _main if found is None else found


def get_ident() -> int:
    """`threading.get_ident`."""
    me = getcurrent()
    return _real_ident if me is _reactor.hub else id(me)
