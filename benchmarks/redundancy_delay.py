"""How late the callback of a socket with two links is, while its links are cut at random.

    python benchmarks/redundancy_delay.py [--cuts 200] [--rate 500]

Against the simulated exchange, over loopback and TLS: one link after the other is cut, never both.
Each message is timed when it arrives on either link, and when the callback gets it.  Prints what
was lost, what came twice, the events of the socket, and the delay of the callback behind the link
that was first.  On Linux also the delay without the time for which the reactor's thread was ready
and waited for a processor: on a busy machine that is nearly all of a long delay.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import orjson

from binance.events import Event, RedundancyChanged
from binance.simulator.run.exchange_process import ExchangeProcess
from binance.websockets import BinanceClientProtocol, BinanceSocketManager

SYMBOL = "BNBBTC"


def moment() -> tuple[float, float]:
    """Now, and for how long this thread has waited for a processor so far; seconds."""
    now = time.perf_counter()
    try:
        text = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text()
    except OSError:
        return now, 0.0
    return now, int(text.split()[1]) / 1e9


class Arrivals(BinanceClientProtocol):
    """Notes when a trade arrives, on either link."""

    first: dict[int, tuple[float, float]] = {}

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        number = orjson.loads(payload).get("t")
        if number not in self.first:
            self.first[number] = moment()
        super().onMessage(payload, isBinary)


class Manager(BinanceSocketManager):
    protocol = Arrivals


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--rate", type=float, default=500.0)
    options = parser.parse_args()
    dice, told = random.Random(1), Counter[str]()
    delivered: list[tuple[int, tuple[float, float]]] = []
    both = threading.Event()

    def on_event(event: Event) -> None:
        told[type(event).__name__] += 1
        if isinstance(event, RedundancyChanged):
            (both.set if event.links == 2 else both.clear)()

    def on_trade(trade: dict[str, Any]) -> None:
        delivered.append((trade["t"], moment()))

    with ExchangeProcess(seed=1, symbols=[SYMBOL], rate=options.rate, connects=100_000) as exchange:
        os.environ.update(exchange.env)
        with Manager(None, redundancy=2, on_event=on_event) as manager:
            key = str(manager.start_trade_socket(SYMBOL, on_trade))
            for _ in range(options.cuts):
                if not both.wait(60.0):
                    raise SystemExit("the second link did not come back")
                time.sleep(dice.uniform(0.1, 0.5))
                both.clear()
                exchange.fault("drop", link="stream", count=1)
            both.wait(60.0)
            time.sleep(1.0)
            stats = manager.stats()[key]
    numbers = [number for number, _ in delivered]
    lost = set(range(numbers[0], numbers[-1] + 1)) - set(numbers)
    spans = [(at, Arrivals.first[number]) for number, at in delivered]
    print(f"{options.cuts} cuts, {len(numbers)} trades, {len(lost)} lost")
    print(f"{len(numbers) - len(set(numbers))} twice, in order: {numbers == sorted(numbers)}")
    print(f"events: {dict(told)}")
    for words, waits in ("", 0), (" without the waits for a processor", 1):
        delays = sorted(end[0] - begin[0] - waits * (end[1] - begin[1]) for end, begin in spans)
        p50, p99, most = (
            1e3 * delays[min(len(delays) * part // 1000, len(delays) - 1)]
            for part in (500, 990, 1000)
        )
        print(f"behind the first link{words}: p50 {p50:.3f}, p99 {p99:.3f}, most {most:.3f} ms")
    print(f"stats: {stats['redundancy']}")


if __name__ == "__main__":
    main()
