"""Live screens, and how they end: whatever happens, the terminal is left as it was found."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

from rich.console import Console, RenderableType
from rich.control import Control
from rich.live import Live

from binance.cli.trouble import Trouble

__all__ = ["REFRESH_SECONDS", "Screen", "is_live", "told_to_end"]

REFRESH_SECONDS = 0.25
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # the last one is not everywhere


@contextmanager
def told_to_end() -> Iterator[threading.Event]:
    """An event that Ctrl-C, SIGTERM and SIGHUP set: no exception strikes amid a drawing.

    The second Ctrl-C is a `KeyboardInterrupt` again, for an end that hangs.
    """
    ending = threading.Event()

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
