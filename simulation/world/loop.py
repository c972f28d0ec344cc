"""An asyncio event loop on the simulated clock, for coroutine callbacks in threads."""

from __future__ import annotations

import asyncio
from typing import Any

from simulation.world import threads
from simulation.world.reactor import Reactor

__all__ = ["Policy"]


class _Selector:
    """In place of a selector: waits for a call from another thread, or for the time-out."""

    def __init__(self) -> None:
        self._called = threads.Event()

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None or timeout > 0:
            self._called.wait(timeout)
        self._called.clear()
        return []

    def wake(self) -> None:
        self._called.set()


class Loop(asyncio.BaseEventLoop):
    """Runs in a greenlet; has no input and output."""

    def __init__(self, reactor: Reactor) -> None:
        super().__init__()
        self._reactor = reactor
        self._selector = _Selector()
        # Timers that are due within this are run: the clock is exact here.
        self._clock_resolution = 1e-9

    def time(self) -> float:
        return self._reactor.monotonic()

    def _process_events(self, events: list[Any]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        self._selector.wake()


class Policy(asyncio.DefaultEventLoopPolicy):
    """Makes such loops."""

    def __init__(self, reactor: Reactor) -> None:
        super().__init__()
        self._reactor = reactor

    def new_event_loop(self) -> Loop:
        return Loop(self._reactor)
