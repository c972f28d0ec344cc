"""How many calls of ours one `start_trade_socket` makes in the caller's thread, in which files.

    python benchmarks/start_calls.py [--list]

The manager runs, and the second of two sockets counts, since the first fills caches.  Nothing
leaves this machine: the sockets are sent to a proxy that is not there.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).parent.parent))

import binance
from binance.websockets import BinanceSocketManager

MOST_CALLS = 30
MOST_FILES = 7
OURS = str(Path(binance.__file__).parent)


@dataclass
class Calls:
    """The Python functions of this package that were called, in order, as file and name."""

    made: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def files(self) -> list[str]:
        return list(dict.fromkeys(file for file, _ in self.made))

    def __str__(self) -> str:
        many = f"{len(self.made)} calls in {len(self.files)} files"
        return f"{many}, {self.seconds * 1e6:.0f} µs while counted"


def calls_of(action: Callable[[], object]) -> Calls:
    """Carry out an action, and note what it calls in this thread."""
    calls = Calls()

    def note(frame: FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(OURS):
            file = Path(code.co_filename).relative_to(OURS)
            calls.made.append((str(file), code.co_qualname))

    collects = gc.isenabled()
    gc.disable()  # what it would call is not of this action
    begun = time.perf_counter()
    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
        calls.seconds = time.perf_counter() - begun
        if collects:
            gc.enable()
    return calls


def of_one_start() -> tuple[Calls, Calls]:
    """The calls of the first and of the second `start_trade_socket` of a manager that runs."""
    bm = BinanceSocketManager(None, proxy="http://127.0.0.1:9")
    bm.start()
    try:
        first = calls_of(lambda: bm.start_trade_socket("BNBBTC", print))
        second = calls_of(lambda: bm.start_trade_socket("ETHBTC", print))
    finally:
        bm.close()
        bm.join()
    return first, second


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--list", action="store_true", help="show each call of the second start")
    given = parser.parse_args()
    first, second = of_one_start()
    print(f"the first start: {first}\nthe second: {second}")
    if given.list:
        print(*(f"  {file}: {name}" for file, name in second.made), sep="\n")
    return len(second.made) > MOST_CALLS or len(second.files) > MOST_FILES


if __name__ == "__main__":
    sys.exit(main())
