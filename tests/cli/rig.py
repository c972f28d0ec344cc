"""Commands in processes and terminals of their own."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import binance
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.pace import paced

DEADLINE = paced(30.0)
SOURCE = str(Path(binance.__path__[0]).parent)
# The command gets the terminal as its own, so that Ctrl-C reaches it as a signal.
CORNER = "\x1b[H"
TAKE_TERMINAL = (
    "import fcntl, os, sys, termios;"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\x1b[=>]")


def plain(printed: str) -> str:
    return CONTROL.sub("", printed.replace(CORNER, "\r\n"))


def environment(exchange: ExchangeProcess | None, **more: str) -> dict[str, str]:
    """The variables of a command that is to speak to an exchange."""
    ours = ("NO_COLOR", "TERM", "COLUMNS", "LINES")  # the last two: the terminal's size is its own
    found = {name: value for name, value in os.environ.items() if name not in ours}
    found |= {"PYTHONPATH": SOURCE, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
    return found | ({} if exchange is None else exchange.env) | more


class Terminal:
    """A command in a terminal of its own."""

    def __init__(
        self,
        arguments: list[str],
        env: dict[str, str],
        columns: int = 100,
        rows: int = 24,
        program: str = "",
    ) -> None:
        self.printed = ""
        self._undecoded = b""
        self._master, self._slave = pty.openpty()
        self.resize(columns, rows)
        self.modes = termios.tcgetattr(self._slave)
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-c", TAKE_TERMINAL),
                *(("-c", program) if program else ("-m", "binance", *arguments)),
            ],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            env=env,
            start_new_session=True,
        )

    @property
    def text(self) -> str:
        """What was printed, without the codes that place and colour it."""
        return plain(self.printed)

    @property
    def pictures(self) -> list[list[str]]:
        """The pictures drawn so far, each from the terminal's corner on, as lines."""
        return [plain(each).split("\r\n") for each in self.printed.split(CORNER)[1:]]

    def wait_for_pictures(self, count: int) -> list[list[str]]:
        """Wait for so many whole pictures more."""
        before = len(self.pictures)
        deadline = time.monotonic() + DEADLINE
        while len(self.pictures) <= before + count:
            if not self._read(deadline):
                pytest.fail(f"no picture after:\n{self.text[-3000:]}", pytrace=False)
        return self.pictures[before:-1]

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def wait_for(self, pattern: str, since: int = 0) -> re.Match[str]:
        """Wait until the text, from a place on, holds a pattern."""
        deadline = time.monotonic() + DEADLINE
        while (found := re.search(pattern, self.text[since:])) is None:
            if not self._read(deadline):
                pytest.fail(f"no {pattern!r} in:\n{self.text[-3000:]}", pytrace=False)
        return found

    def ends(self) -> int:
        """Wait for the end; the exit code."""
        deadline = time.monotonic() + DEADLINE
        while self._process.poll() is None:
            if not self._read(min(deadline, time.monotonic() + 0.1)) and (
                time.monotonic() > deadline
            ):
                pytest.fail(f"still running:\n{self.text[-3000:]}", pytrace=False)
        while self._read(time.monotonic() + 0.05):
            pass
        return self._process.returncode

    def send(self, number: int) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self.kill()
        os.close(self._master)
        os.close(self._slave)

    def is_as_it_was(self) -> bool:
        """Whether the command has left the terminal as it found it."""
        last = {
            name: max(self.printed.rfind(f"\x1b[?{name}h"), self.printed.rfind(f"\x1b[?{name}l"))
            for name in ("1049", "25")
        }
        return (
            termios.tcgetattr(self._slave) == self.modes
            and self.printed.startswith("\x1b[?1049l", last["1049"])
            and self.printed.startswith("\x1b[?25h", last["25"])
        )

    def _read(self, deadline: float) -> bool:
        """Take what there is, or wait for it; whether there was anything in time."""
        ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            data = self._undecoded + os.read(self._master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:  # nobody has the terminal open any more
                raise
            return False
        whole = data.decode("utf-8", "ignore")
        kept = len(whole.encode())
        self._undecoded = data[kept:] if len(data) - kept < 4 else b""
        self.printed += whole
        return True


def finished(
    arguments: list[str], exchange: ExchangeProcess | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "binance", *arguments],
        env=environment(exchange, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


@contextmanager
def running(
    arguments: list[str], exchange: ExchangeProcess | None = None, **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A command that runs, without a terminal."""
    process = subprocess.Popen(
        [sys.executable, "-m", "binance", *arguments],
        env=environment(exchange, **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def eventually(what: str, true: Callable[[], object]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + DEADLINE
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"never so: {what}", pytrace=False)
        time.sleep(0.02)
