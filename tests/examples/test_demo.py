"""The demonstration shows all it promises: on a screen of 80 x 24, or as plain lines in a pipe."""

import fcntl
import importlib.util
import io
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyte
import pytest

import binance
from tests.pace import paced

DEMO = Path(__file__).parent.parent.parent / "examples/demo.py"
COLUMNS, ROWS = 80, 24
DEADLINE = paced(60.0)  # seconds

#: What a reader must see in the end: each is a pattern for one line.
SHOWN = [
    r"bnbusdt@bookTicker [\d,]+\.\d+ +btcusdt@trade [\d,]+\.\d+",
    r"ethusdt@kline_1m [\d,]+\.\d+ +!miniTicker@arr of \d+ symbols",
    r"(✓|\d+\.\d s) +Streams arrive on one connection: [\d,]+ messages, \d+ a second",
    r"BTCUSDT +bid [\d,.]+ x [\d.]+ +ask [\d,.]+ x [\d.]+",
    r"in sync, [\d,]+ changes applied",
    r"limit buy of 3 BNB at [\d,.]+: NEW, .*FILLED",
    r"balance now: BNB [\d,.]+, USDT [\d,.]+",
    r"cut: noticed after \d+ ms; a retry is refused; receiving again after \d+\.\d s",
    r"missing: trades \d+ to \d+ of ethusdt@trade",
    r"replaced: trades \d+ to \d+ of SOLUSDT",
    r"\d+ received, 0 missing, 0 twice",
    r".* A script of 2018 runs unmodified: examples/script_of_2018\.py",
    r"\d+ lines, the last: (trade|kline) BNBBTC .*",
    r"next: .*binance-sockets --demo",
]


def unseen(lines: list[str]) -> list[str]:
    """The patterns that match no line."""
    return [
        pattern
        for pattern in SHOWN
        if not any(re.fullmatch(pattern, line.strip()) for line in lines)
    ]


def environment() -> dict[str, str]:
    mine = {"PYTHONPATH": str(Path(binance.__path__[0]).parent), "TERM": "xterm-256color"}
    return os.environ | mine


class Terminal:
    """The demonstration in a pseudo-terminal."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self.screen)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, str(DEMO)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment(),
            start_new_session=True,
        )
        os.close(slave)

    def read(self, text: str | None = None) -> None:
        """Until the screen shows a text, or the demonstration has ended."""
        try:
            while data := os.read(self._master, 65536):
                self._stream.feed(data)
                if text is not None and text in "\n".join(self.screen.display):
                    return
        except OSError:  # the other end is closed
            self.process.wait(DEADLINE)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)


@pytest.fixture(scope="module")
def piped() -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, str(DEMO)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


@pytest.fixture(scope="module")
def terminal(piped: "subprocess.Popen[str]") -> Iterator[Terminal]:
    """At the same time as the one in a pipe: both mostly wait."""
    terminal = Terminal()
    yield terminal
    terminal.close()


@pytest.mark.process
@pytest.mark.loopback
def test_one_screen_shows_everything(terminal: Terminal) -> None:
    terminal.read()
    lines = terminal.screen.display
    assert terminal.process.returncode == 0, lines
    assert unseen(lines) == []
    assert len([line for line in lines if line.startswith("✓ ")]) == 6
    assert any(line.startswith("binance-socket-manager ") for line in lines)
    assert not terminal.screen.cursor.hidden


@pytest.mark.process
@pytest.mark.loopback
def test_plain_lines_show_everything(piped: "subprocess.Popen[str]", terminal: Terminal) -> None:
    out, _ = piped.communicate(timeout=DEADLINE)
    assert piped.returncode == 0, out
    assert unseen(out.splitlines()) == []
    assert "\x1b" not in out
    assert len(re.findall(r"^ *\d+\.\d s  ", out, re.M)) == 6


@pytest.mark.process
@pytest.mark.loopback
def test_ctrl_c_leaves_the_terminal_as_it_was() -> None:
    terminal = Terminal()
    try:
        terminal.read("✓ Streams arrive")
        assert terminal.screen.cursor.hidden
        terminal.process.send_signal(signal.SIGINT)
        terminal.read()
        assert terminal.process.returncode == 130
        assert not terminal.screen.cursor.hidden
        assert "Traceback" not in "".join(terminal.screen.display)
    finally:
        terminal.close()


@pytest.fixture(scope="module")
def demo() -> Any:
    spec = importlib.util.spec_from_file_location("demo", DEMO)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Out(io.TextIOWrapper):
    """A standard output that keeps what is written."""

    def __init__(self, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding)

    def text(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode(self.encoding)


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
@pytest.mark.parametrize("colour", [True, False])
def test_a_plain_terminal_gets_plain_characters(
    demo: Any, encoding: str, colour: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = Out(encoding)
    monkeypatch.setattr(sys, "stdout", out)
    if colour:
        monkeypatch.delenv("NO_COLOR", raising=False)
    else:
        monkeypatch.setenv("NO_COLOR", "1")
    part = demo.Part("A part")
    part.done("what it shows")
    demo.Screen([part]).draw()
    assert ("\x1b[32m" in out.text()) is colour
    assert ("✓ A part" in out.text()) is (encoding == "utf-8")
    assert "    what it shows" in out.text()


def test_a_low_terminal_is_not_scrolled(demo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("LINES", "8")
    monkeypatch.setenv("NO_COLOR", "1")
    out = Out("utf-8")
    monkeypatch.setattr(sys, "stdout", out)
    screen = pyte.Screen(30, 8)
    drawn = demo.Screen([demo.Part(f"Part {number} with a long title") for number in range(9)])
    for _ in range(3):
        drawn.draw()
    pyte.Stream(screen).feed(out.text().replace("\n", "\r\n"))
    assert screen.display[0].startswith("binance-socket-manager")
    assert screen.display[1].startswith("· Part 0")
    assert screen.display[7].strip() == ""


def test_what_does_not_come_is_named(demo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = demo.Stage.__new__(demo.Stage)
    stage.events, stage.deadline = [], 0.0
    with pytest.raises(demo.Failure, match="Gap of ethusdt@trade did not come in time"):
        stage.first(demo.Gap, "ethusdt@trade")
