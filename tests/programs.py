"""Scripts that tests start in processes of their own, as a user starts them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import binance


def environment(exchange: Any) -> dict[str, str]:
    """What leads a script to a simulated exchange, and to the package under test."""
    places = Path(binance.__path__[0]).parent, Path(__file__).parent / "lines"
    return os.environ | exchange.env | {"PYTHONPATH": os.pathsep.join(map(str, places))}


@contextmanager
def started(exchange: Any, *command: str) -> Iterator["subprocess.Popen[str]"]:
    """A Python command line at work; what it prints, errors too, comes out of its `stdout`."""
    process = subprocess.Popen(
        [sys.executable, *command],
        env=environment(exchange),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
