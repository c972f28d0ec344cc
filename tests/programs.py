"""Scripts that tests start in processes of their own, as a user starts them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import binance
from tests.pace import paced

PACKAGE = Path(binance.__path__[0]).parent


def environment(exchange: Any) -> dict[str, str]:
    """What leads a script to a simulated exchange, and to the package under test."""
    places = PACKAGE, Path(__file__).parent / "lines"
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


def exit_code(program: str) -> int:
    """What a program without an exchange ends with."""
    variables = os.environ | {"PYTHONPATH": str(PACKAGE)}
    command = [sys.executable, "-W", "ignore", "-c", program]
    return subprocess.run(command, env=variables, timeout=paced(60), check=False).returncode
