"""Draw the pictures of the command line, from a terminal in which it runs.

    python docs/pictures.py [NAME ..]

Each command runs against the simulator in a pseudo-terminal. What its screen shows after some
seconds is written into ``_static/NAME.svg``. Needs the extra ``docs``.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shlex
import signal
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from io import StringIO
from itertools import groupby
from pathlib import Path

import pyte
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

HERE = Path(__file__).parent
#: Colours that rich calls by another name than pyte.
NAMES = {"brown": "yellow"}


@dataclass(frozen=True)
class Picture:
    """A command of ``binance-sockets``, and the terminal in which it runs."""

    command: str
    columns: int
    rows: int
    seconds: float
    """How long the command runs before its screen is drawn, if it does not end by itself."""


WATCHED = "watch btcusdt@trade ethusdt@kline_1m bnbbtc@depth5 usdm:btcusdt@markPrice@1s"
PICTURES = {
    "dashboard": Picture("--demo", columns=112, rows=28, seconds=40.0),
    "watch": Picture(f"{WATCHED} --demo", columns=100, rows=12, seconds=20.0),
    "book": Picture("book btcusdt --demo", columns=100, rows=22, seconds=12.0),
    "user": Picture("user --account usdm --demo", columns=100, rows=24, seconds=10.0),
    "doctor": Picture("doctor --demo", columns=100, rows=16, seconds=30.0),
}


def screen_of(picture: Picture) -> pyte.Screen:
    """Run the command, and return what its terminal shows in the end."""
    screen = pyte.Screen(picture.columns, picture.rows)
    stream = pyte.ByteStream(screen)
    master, slave = pty.openpty()
    size = struct.pack("HHHH", picture.rows, picture.columns, 0, 0)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, size)
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "binance", *shlex.split(picture.command)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment | {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
        start_new_session=True,
    )
    os.close(slave)
    try:
        end = time.monotonic() + picture.seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([master], [], [], left)[0]:
                stream.feed(os.read(master, 65536))
    except OSError:  # the command has ended
        pass
    finally:
        process.send_signal(signal.SIGINT)
        _drain(master)
        process.wait()
    return screen


def _drain(master: int) -> None:
    """Read the rest, so that the command can end."""
    try:
        while os.read(master, 65536):
            pass
    except OSError:  # its end of the terminal is closed
        os.close(master)


def _style(cell: pyte.screens.Char) -> str:
    words = ["bold"] if cell.bold else []
    words += ["reverse"] if cell.reverse else []
    for colour, before in ((cell.fg, ""), (cell.bg, "on ")):
        if colour != "default":
            bright, name = ("bright_", colour[6:]) if colour.startswith("bright") else ("", colour)
            name = NAMES.get(name, name)
            is_hex = re.fullmatch("[0-9a-f]{6}", name)
            words.append(f"{before}#{name}" if is_hex else f"{before}{bright}{name}")
    return " ".join(words)


def svg(screen: pyte.Screen, title: str) -> str:
    """The screen as a picture in a window with this title."""
    console = Console(
        record=True,
        width=screen.columns,
        file=StringIO(),
        force_terminal=True,
        color_system="truecolor",
    )
    for row in range(screen.lines):
        line = Text(no_wrap=True)
        cells = [screen.buffer[row][column] for column in range(screen.columns)]
        for style, alike in groupby(cells, _style):  # a picture of one fifth of the size
            line.append("".join(cell.data for cell in alike), style)
        console.print(line, soft_wrap=True)
    made = console.export_svg(title=title, theme=MONOKAI, unique_id="terminal")
    # No font is fetched: a page that shows the picture as an image would not load it anyway.
    return re.sub(r"@font-face \{.*?\}\n", "", made, flags=re.S)


def main(names: list[str]) -> None:
    for name in names or PICTURES:
        picture = PICTURES[name]
        path = HERE / "_static" / f"{name}.svg"
        title = f"binance-sockets {picture.command}"
        path.write_text(svg(screen_of(picture), title), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
