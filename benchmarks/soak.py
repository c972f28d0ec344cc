"""Does anything grow?  Sockets that come and go, then sockets that stay and are disturbed.

    python benchmarks/soak.py [--cycles 2000] [--minutes 10] [--interval 30] [--seed 1]

A local exchange runs in a child process.  First, `--cycles` times, a socket is started, brings its
first message and is stopped; every so often the manager too is closed and a new one made.  Then,
until `--minutes` have passed in all, sockets of every kind stay open while their links are rotated,
cut and announced to shut down.  Memory, threads and descriptors are printed every `--interval`
seconds; at the end the second half of each part is held against its beginning.  The exit code tells
the verdict.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import logging
import os
import random
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from binance.events import Event
from binance.simulator.run.exchange_process import ExchangeProcess
from binance.websockets import BinanceSocketManager

SYMBOLS = ["BTCUSDT", "ETHUSDT", "BNBUSDT", "XRPUSDT"]
#: A part may end with so much more memory than it had when it was warm: allocators keep some.
MOST_GROWTH = 4 * 2**20
FIRST_MESSAGE_SECONDS = 10.0
#: How the names of the pool's threads begin.
POOL = "PoolThread-"
CYCLES_PER_MANAGER = 100
#: How often to look while sockets come and go, at least.
LOOKS = 12


def trim() -> None:
    """Have the C library give back what is free, where it can: glibc."""
    found = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if found is not None:
        found(0)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the process used at a moment."""

    part: str
    seconds: float
    rss: int
    threads: int
    descriptors: int
    note: str

    def __str__(self) -> str:
        return (
            f"{self.seconds:7.1f} s  {self.part:6}  {self.rss / 2**20:7.2f} MiB  "
            f"{self.threads:3} threads  {self.descriptors:3} descriptors  {self.note}"
        )


@dataclass
class Soak:
    """The figures of a run, and what happened in it."""

    interval: float
    began: float = field(default_factory=time.monotonic)
    figures: list[Figures] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    _due: float = 0.0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def on_event(self, event: Event) -> None:
        self.told[type(event).__name__] += 1

    def look(self, part: str, note: str, *, now: bool = False) -> None:
        """Note the figures, if it is time."""
        if self.seconds < self._due and not now:
            return
        self._due = self.seconds + self.interval
        gc.collect()
        trim()
        with open("/proc/self/statm") as file:
            rss = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        # Twisted's pool, which looks names up, grows to ten threads as lookups come together.
        threads = sum(not each.name.startswith(POOL) for each in threading.enumerate())
        descriptors = len(os.listdir("/proc/self/fd"))
        found = Figures(part, self.seconds, rss, threads, descriptors, note)
        self.figures.append(found)
        print(found, flush=True)

    def verdict(self, part: str) -> list[str]:
        """What grew in a part: the end against what was there when it was warm."""
        mine = [each for each in self.figures if each.part == part]
        if len(mine) < 4:
            return [f"{part}: too short to judge, {len(mine)} looks"]
        quarter = max(1, len(mine) // 4)
        warm, end = mine[quarter : 2 * quarter], mine[-quarter:]
        faults = []
        for name, most in (("rss", MOST_GROWTH), ("threads", 0), ("descriptors", 0)):
            before = statistics.median(getattr(each, name) for each in warm)
            after = statistics.median(getattr(each, name) for each in end)
            print(f"{part}: {name} {before:.0f} -> {after:.0f}")
            if after - before > most:
                faults.append(f"{part}: {name} grew from {before:.0f} to {after:.0f}")
        return faults


def openers(bm: BinanceSocketManager, dice: random.Random) -> Iterator[Callable[[Any], Any]]:
    """Ways to start a socket, without end."""
    while True:
        symbol = dice.choice(SYMBOLS)
        low = symbol.lower()
        yield from (
            lambda take, s=symbol: bm.start_trade_socket(s, take),
            lambda take, s=symbol: bm.start_depth_socket(s, take, interval=100),
            lambda take, s=symbol: bm.start_symbol_book_ticker_socket(s, take, dispatch="thread"),
            lambda take, s=low: bm.start_multiplex_socket([f"{s}@trade", f"{s}@aggTrade"], take),
        )


def churn(soak: Soak, cycles: int, dice: random.Random) -> None:
    """Start sockets, wait for a message of each, stop them."""
    done = 0
    while done < cycles:
        bm = BinanceSocketManager(None, on_event=soak.on_event)
        bm.start()
        ways = openers(bm, dice)
        for _ in range(min(CYCLES_PER_MANAGER, cycles - done)):
            first = threading.Event()
            key = next(ways)(lambda message, first=first: first.set())
            if not first.wait(FIRST_MESSAGE_SECONDS):
                raise SystemExit(f"{key}: no message in {FIRST_MESSAGE_SECONDS} s")
            bm.stop_socket(key)
            done += 1
            soak.look("churn", f"{done} cycles", now=done % max(1, cycles // LOOKS) == 0)
        bm.close()
        bm.join(5)
        if bm.is_alive():
            raise SystemExit("a closed manager's thread lives on")


def steady(soak: Soak, exchange: ExchangeProcess, end: float, dice: random.Random) -> None:
    """Keep sockets of every kind open, and disturb them."""
    counts: Counter[str] = Counter()

    def take(key: str) -> Callable[[Any], None]:
        def count(message: Any) -> None:
            counts[key] += 1

        return count

    bm = BinanceSocketManager(None, on_event=soak.on_event, max_retries=None)
    bm.start()
    names = [f"{s.lower()}@{k}" for s in SYMBOLS for k in ("trade", "depth@100ms", "kline_1s")]
    keys = [
        bm.start_trade_socket("BTCUSDT", take("trade")),
        bm.start_aggtrade_socket("BTCUSDT", take("aggTrade"), dispatch="thread"),
        bm.start_depth_socket("BTCUSDT", take("depth"), interval=100),
        bm.start_depth_socket("BTCUSDT", take("depth5"), 5, 100),
        bm.start_kline_socket("BTCUSDT", take("kline"), "1s"),
        bm.start_symbol_book_ticker_socket("BTCUSDT", take("bookTicker")),
        bm.start_miniticker_socket(take("miniTicker")),
        bm.start_multiplex_socket(names, take("multiplex")),
    ]
    while soak.seconds < end:
        deed = dice.choice(["rotate", "rotate", "drop", "server_shutdown"])
        if deed == "rotate":
            for key in keys:
                bm.rotate(str(key))
        elif deed == "drop":
            exchange.fault("drop")
        else:
            exchange.fault("server_shutdown", close_after=2.0)
        pause = min(soak.seconds + dice.uniform(10, 20), end)
        while soak.seconds < pause:
            time.sleep(0.2)
            soak.look("steady", f"{counts.total()} messages")
    before = counts.copy()
    wait = time.monotonic() + FIRST_MESSAGE_SECONDS
    while any(counts[name] == before[name] for name in before) and time.monotonic() < wait:
        time.sleep(0.05)
    silent = [name for name in before if counts[name] == before[name]]
    soak.messages = counts.total()
    bm.close()
    bm.join(5)
    if silent or len(counts) < len(keys):
        raise SystemExit(f"silent at the end: {silent}; had spoken: {sorted(counts)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--cycles", type=int, default=2000, help="sockets that come and go")
    parser.add_argument("--minutes", type=float, default=10.0, help="of the whole run")
    parser.add_argument("--interval", type=float, default=10.0, help="seconds between two looks")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.getLogger("binance").setLevel(logging.ERROR)  # what is cut on purpose is no news
    dice = random.Random(given.seed)
    soak = Soak(given.interval)
    with ExchangeProcess(
        seed=given.seed, symbols=SYMBOLS, rate=200, falloff=0, levels=50, limits="off"
    ) as exchange:
        os.environ.update(exchange.env)
        churn(soak, given.cycles, dice)
        soak.look("churn", "at its end", now=True)
        steady(soak, exchange, given.minutes * 60, dice)
        soak.look("end", "all closed", now=True)
        served = exchange.stats()["connections"]
    print(f"{given.cycles} cycles, then {soak.messages} messages; {dict(soak.told)}")
    print(f"the exchange saw {served['total']} connections, {served['now']} are left")
    faults = soak.verdict("churn") + soak.verdict("steady")
    if served["now"]:
        faults.append(f"{served['now']} connections were left open")
    print("\n".join(faults) or "flat: nothing grew")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
