"""What a callback that sleeps costs the others, with dispatch='thread'.

    python benchmarks/bench_slow_callback.py [--seconds 15] [--rate 100]

Socket A's callback sleeps a second for each message; socket B's does nothing.  Both have the same
number of messages a second.  Printed for B: how long a message took from its receipt to its
callback; for A: what was received, called and dropped; and how the exchange's pings were answered.
Then the same with `overflow='block'` for A: what is read stops, and memory with it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from binance.simulator.run.exchange_process import ExchangeProcess
from binance.websockets import BinanceSocketManager

SLEEP = 1.0
QUEUE = 1000
MOST_P99 = 0.050


def rss() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Stopwatch:
    """From receipt to callback: the n-th message that a dispatch is given is the n-th called."""

    def __init__(self) -> None:
        self.received: deque[float] = deque()
        self.took: list[float] = []

    def watch(self, dispatch: Any) -> None:
        """Note when each message is put into this dispatch; before its link is made."""
        received = self.received

        class Noting(list[object]):
            def append(self, message: object) -> None:
                received.append(time.perf_counter())
                super().append(message)

        dispatch._batch = Noting()

    def __call__(self, message: Any) -> None:
        self.took.append(time.perf_counter() - self.received.popleft())


def run(exchange: ExchangeProcess, seconds: float, overflow: str) -> list[str]:
    """One run; what was not as it should be."""
    called = 0

    def sleep(message: Any) -> None:
        nonlocal called
        called += 1
        time.sleep(SLEEP)

    watch = Stopwatch()
    bm = BinanceSocketManager(None, dispatch="thread")
    slow = str(bm.start_trade_socket("BTCUSDT", sleep, overflow=overflow, queue_size=QUEUE))
    fast = str(bm.start_trade_socket("ETHUSDT", watch))
    watch.watch(bm._conns[fast].dispatch)  # nothing is dialled before the manager starts
    bm.start()
    bm.wait_open(slow, 10)
    bm.wait_open(fast, 10)
    queue = bm._conns[slow].dispatch
    before, most = rss(), 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.1)
        most = max(most, queue.queued)
    stats = bm.stats()
    links = exchange.stats()["connections"]["open"]
    grown = rss() - before
    waiting, dropped, received = queue.queued, stats[slow]["dropped"], stats[slow]["messages"]
    bm.close()
    bm.join(5)
    cuts = statistics.quantiles(watch.took, n=1000)
    p50, p99, worst = cuts[499], cuts[989], max(watch.took)
    pings = ", ".join(f"{each['pongs_in']} of {each['pings_out']}" for each in links)
    print(
        f"overflow={overflow!r}, {seconds:g} s\n"
        f"  B: {len(watch.took)} messages ({len(watch.took) / seconds:.0f}/s); receipt to callback "
        f"p50 {p50 * 1e3:.2f} ms, p99 {p99 * 1e3:.2f} ms, worst {worst * 1e3:.2f} ms\n"
        f"  A: {received} received = {called} called + {dropped} dropped + {waiting} waiting; "
        f"at most {most} waited\n"
        f"  pings answered: {pings}; memory +{grown / 2**20:.1f} MiB"
    )
    faults = []
    if p99 > MOST_P99:
        faults.append(f"B's p99 is {p99 * 1e3:.1f} ms")
    if received != called + dropped + waiting:
        faults.append("A's messages are not all accounted for")
    if overflow == "block" and dropped:
        faults.append("dropped though blocking")
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--rate", type=float, default=100.0, help="trades a second of each socket")
    given = parser.parse_args()
    faults = []
    with ExchangeProcess(
        seed=1,
        symbols=["BTCUSDT", "ETHUSDT"],
        # a taker's order makes about 1.75 trades
        rate=given.rate / 1.75,
        falloff=0,
        levels=50,
        ping_interval=1.0,
    ) as exchange:
        os.environ.update(exchange.env)
        for overflow in ("drop_oldest", "block"):
            faults += run(exchange, given.seconds, overflow)
        violations = exchange.stats()["violations"]
    if violations:
        faults.append(f"the exchange counted {violations}")
    print("; ".join(faults) or "as it should be")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
