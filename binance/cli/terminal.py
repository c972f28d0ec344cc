"""Live screens, and how they end: whatever happens, the terminal is left as it was found."""

from __future__ import annotations

import queue
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

from rich.console import Console, RenderableType
from rich.control import Control
from rich.live import Live

from binance.cli.trouble import Trouble

__all__ = ["REFRESH_SECONDS", "Ending", "Screen", "is_live", "told_to_end"]

REFRESH_SECONDS = 0.25
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # the last one is not everywhere


class Ending:
    """Whether a live command was told to end; the handler of a signal may tell it.

    A `threading.Event` may not be set there: its lock may be held by the very step of `wait` that
    the signal came upon, and the handler would wait for it for ever.
    """

    def __init__(self) -> None:
        self._is_set = False
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()  # its `put` is reentrant

    def set(self) -> None:
        self._is_set = True
        self._wake.put(None)

    def is_set(self) -> bool:
        return self._is_set

    def wait(self, timeout: float) -> bool:
        """Wait for it, so many seconds at most; whether it has come."""
        if not self._is_set:
            try:
                self._wake.get(timeout=timeout)
            except queue.Empty:
                return self._is_set
            self._wake.put(None)  # for whoever else waits
        return True


@contextmanager
def told_to_end() -> Iterator[Ending]:
    """What Ctrl-C, SIGTERM and SIGHUP set: no exception strikes amid a drawing.

    The second Ctrl-C is a `KeyboardInterrupt` again, for an end that hangs.
    """
    ending = Ending()

    def tell(number: int, frame: FrameType | None) -> None:
        if ending.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        ending.set()

    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.signal(number, tell) for number in numbers}
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def is_live() -> bool:
    """Whether standard output is a terminal, on which a screen can be drawn."""
    return sys.stdout.isatty()


class Screen:
    """The whole terminal, drawn anew each time: a change of its size needs no care.

    It is the terminal's second screen, so that what stood there before is back at the end.
    """

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        if self.console.is_dumb_terminal:
            raise Trouble("this terminal cannot be drawn on (TERM); add --json for lines")
        self._live = Live(console=self.console, screen=True, auto_refresh=False)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows, as they are now."""
        return self.console.size

    def draw(self, picture: RenderableType) -> None:
        """Show this."""
        self._live.update(picture, refresh=True)

    def __enter__(self) -> Screen:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.console.control(Control.clear(), Control.home())
        self._live.stop()
