"""The terminal: a screen that is drawn again and again, and signals that stop a command.

However a command ends, it leaves the terminal as it found it.
"""

from __future__ import annotations

import codecs
import os
import queue
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from types import FrameType
from typing import TextIO

try:
    import termios
    import tty
except ImportError:  # Windows
    _HAS_KEYS = False
else:
    _HAS_KEYS = True

from rich.console import Console, RenderableType
from rich.control import Control
from rich.live import Live

from binance.cli.errors import CommandError

REFRESH_SECONDS = 0.25
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows lacks the last one
#: What a terminal without UTF-8 gets for the characters of our pictures; of the same width.
_ASCII = str.maketrans("●█▏…", "*#|~")


class Stop:
    """Whether a command must stop: :meth:`set` was called, or its time is over.

    The handler of a signal may call :meth:`set`. It must not set a `threading.Event`: the signal
    may interrupt `Event.wait` while that holds the event's lock, and the handler would wait for
    ever.

    :param seconds: how long the command may run; None: for ever.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self.was_set = False
        self._deadline = inf if seconds is None else time.monotonic() + seconds
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()  # its `put` is reentrant

    def set(self) -> None:
        self.was_set = True
        self._wake.put(None)

    def is_set(self) -> bool:
        return self.was_set or time.monotonic() >= self._deadline

    def wait(self, timeout: float) -> bool:
        """Wait this many seconds at most; return whether the command must stop."""
        if not self.was_set:
            left = max(0.0, self._deadline - time.monotonic())
            try:
                self._wake.get(timeout=min(timeout, left))
            except queue.Empty:
                return self.is_set()
            self._wake.put(None)  # for other threads that wait
        return True


@contextmanager
def stop_on_signals(seconds: float | None = None) -> Iterator[Stop]:
    """A :class:`Stop` that Ctrl-C, SIGTERM and SIGHUP set: no exception interrupts a drawing.

    The second Ctrl-C raises `KeyboardInterrupt`, in case the command hangs.
    """
    stop = Stop(seconds)

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.was_set and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def is_terminal() -> bool:
    """Whether standard output is a terminal on which a screen can be drawn."""
    cannot = os.environ.get("TERM", "").lower() in ("dumb", "unknown")  # as in an editor
    return is_a_terminal(sys.stdout) and not cannot


def is_a_terminal(stream: TextIO | None) -> bool:
    """Whether a stream of this process is a terminal; None: it is closed."""
    return stream is not None and stream.isatty()


@contextmanager
def output_errors() -> Iterator[None]:
    """End quietly when the reader of a pipe has gone, and in one line when the disk is full."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
    except OSError as error:
        _discard_output()
        raise CommandError(f"cannot write the output: {error.strerror or error}") from None


def _discard_output() -> None:
    """Send the rest of standard output nowhere, or the interpreter complains at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def use_ascii(error: UnicodeError) -> tuple[str, int]:
    """A handler of characters that an output lacks: ours have a substitute, others are escaped."""
    assert isinstance(error, UnicodeEncodeError)
    text = error.object[error.start : error.end].translate(_ASCII)
    return "".join(one if one.isascii() else f"\\u{ord(one):04x}" for one in text), error.end


codecs.register_error("binance-ascii", use_ascii)


def is_foreground(number: int) -> bool:
    """Whether what is typed in this terminal is for this process."""
    try:
        return os.tcgetpgrp(number) == os.getpgrp()
    except OSError:  # a terminal, but not that of this session
        return False


@contextmanager
def _keys(stop: Stop) -> Iterator[None]:
    """Let the key q end the command, if the keys of this terminal are for it."""
    number = sys.stdin.fileno() if is_a_terminal(sys.stdin) else None
    if number is None or not _HAS_KEYS or not is_foreground(number):
        yield
        return
    before, ended = termios.tcgetattr(number), threading.Event()

    def read() -> None:
        while not ended.is_set():
            if select.select([number], [], [], REFRESH_SECONDS)[0]:
                try:
                    keys = os.read(number, 64)
                except OSError:
                    keys = b""
                if not keys or b"q" in keys.lower():  # or the terminal is gone
                    stop.set()
                    return

    reader = threading.Thread(target=read, name="keys", daemon=True)
    tty.setcbreak(number)
    try:
        reader.start()
        yield
    finally:
        ended.set()
        reader.join()
        termios.tcsetattr(number, termios.TCSANOW, before)


@contextmanager
def open_screen(stop: Stop) -> Iterator[Screen]:
    """A screen that the key q ends."""
    with _keys(stop), Screen() as screen:
        yield screen


class Screen:
    """The whole terminal; each drawing fits the size that the terminal has then.

    It uses the terminal's alternate screen, so that the earlier text is back at the end.
    """

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        self._live = Live(console=self.console, screen=True, auto_refresh=False)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self.console.size

    def draw(self, picture: RenderableType) -> None:
        self._live.update(picture, refresh=True)

    def __enter__(self) -> Screen:
        self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.console.control(Control.clear(), Control.home())
        self._live.stop()
