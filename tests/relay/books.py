"""Many order books from relays: all in step, equal to the exchange's, from one snapshot a symbol.

    python -m tests.relay.books --books 100 --processes 4

With `--child N` it is one of the processes: N books, each with a manager of its own, which print
each state as ``UPDATE_ID HASH`` of their best levels.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from binance.depthcache import DepthCacheManager
from binance.simulator.run.exchange_process import ExchangeProcess
from binance.websockets import BinanceSocketManager
from tests.pace import paced
from tests.relay.rig import DEADLINE, Consumer, NatsServer, RelayProcess, wait_for

SYMBOL, STREAM, LEVELS = "BTCUSDT", "btcusdt@depth@100ms", 20


def state(bids: Any, asks: Any) -> str:
    """A short text that differs if a price or a quantity of the best levels does."""
    sides = [
        [[float(each) for each in level[:2]] for level in side[:LEVELS]] for side in (bids, asks)
    ]
    return hashlib.blake2b(json.dumps(sides).encode(), digest_size=8).hexdigest()


def child(count: int) -> None:
    """Keep so many books until standard input ends."""

    def show(number: int) -> Any:
        def callback(book: Any) -> None:
            if book is not None and book.synced:
                held = book.snapshot(LEVELS)
                print(number, held.update_id, state(held.bids, held.asks), flush=True)

        return callback

    for number in range(count):
        bm = BinanceSocketManager(None, max_retries=None)
        DepthCacheManager(None, SYMBOL, show(number), bm=bm, ws_interval=100, timeout=0)
    sys.stdin.read()


class Books:
    """Processes with books, and what they have shown."""

    def __init__(self, stack: ExitStack, folder: Path, books: int, processes: int) -> None:
        self.exchange = stack.enter_context(
            closing(ExchangeProcess(seed=5, symbols=[SYMBOL], rate=20, tls=False))
        )
        engine = NatsServer(folder)
        stack.callback(engine.kill)
        relays = [RelayProcess(self.exchange, engine, STREAM).ready() for _ in range(2)]
        stack.callback(lambda: [one.kill() for one in relays])
        each = str(books // processes)
        self.books = int(each) * processes
        self._children = [
            Consumer(self.exchange, engine, "-m", "tests.relay.books", "--child", each)
            for _ in range(processes)
        ]
        stack.callback(lambda: [one.kill() for one in self._children])

    def states(self) -> list[dict[int, str]]:
        """What each book has shown: update id -> state."""
        found: dict[tuple[int, str], dict[int, str]] = {}
        for which, process in enumerate(self._children):
            for line in list(process.lines):
                parts = line.split()
                if len(parts) == 3 and parts[0].isdigit():
                    found.setdefault((which, parts[0]), {})[int(parts[1])] = parts[2]
        return list(found.values())

    def snapshots(self) -> int:
        """How many snapshots the exchange was asked for."""
        asked: dict[str, int] = self.exchange.stats()["requests"]
        return sum(count for path, count in asked.items() if path.endswith("/depth"))

    def truth(self) -> tuple[int, str]:
        """The exchange's own book."""
        url = f"{self.exchange.urls['http']}/api/v3/depth?symbol={SYMBOL}&limit=500"
        with urllib.request.urlopen(url, timeout=10) as answer:
            book = json.load(answer)
        return book["lastUpdateId"], state(book["bids"], book["asks"])

    def check(self) -> dict[str, Any]:
        """Wait until all books run, then compare them with each other and with the exchange."""
        wait_for(lambda: len(self.states()) == self.books, "all books", 4 * DEADLINE)
        fetched = self.snapshots()
        truths = []
        for _ in range(30):
            truths.append(self.truth())
            time.sleep(0.1)
        last = max(number for number, _ in truths)
        wait_for(
            lambda: all(max(one) >= last for one in self.states()), "the last state", 4 * DEADLINE
        )
        states = self.states()
        common = set.intersection(*(set(one) for one in states))
        different = sum(len({one[number] for one in states}) > 1 for number in common)
        equal = Counter(
            one[number] == truth for number, truth in truths for one in states if number in one
        )
        return {
            "books": len(states),
            "snapshots": fetched,
            "common states": len(common),
            "different": different,
            "equal to the exchange": equal[True],
            "unlike the exchange": equal[False],
        }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=int, default=100)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--child", type=int)
    given = parser.parse_args()
    if given.child is not None:
        child(given.child)
        return 0
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        found = Books(stack, Path(folder), given.books, given.processes).check()
    print(found, f"pace {paced(1.0):.1f}")
    return int(bool(found["different"] or found["unlike the exchange"]))


if __name__ == "__main__":
    sys.exit(main())
