"""Order books side by side: what applying a diff and reading the best prices cost.

    python benchmarks/bench_orderbook.py [--rounds 7] [--only ours,sortedcontainers] [--quick]

Compared are our depth cache, with all that its manager does for an event, those of the old and the
current python-binance, a book on `sortedcontainers`, one on plain dicts, and `order_book`, the book
in C of cryptofeed, on synthetic books of 50 to 5,000 levels a side and on captured ones.  Each runs
in an interpreter of its own, where only it is installed (`benchmarks/.envs`), on the same input;
rounds are interleaved, so that whatever else the machine does hits all alike; medians of CPU time
are reported.  The memory of 500 books of 5,000 levels a side is reported too.

Writes `benchmarks/results/orderbook.json` and `orderbook.txt`, prints the table, and exits with 1
when a promise is not kept: see `PROMISES`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench_peers import RESULTS, build, python_of, versions
from books import BOOKS
from contenders import ENVIRONMENTS

HERE = Path(__file__).parent
CAPTURES = HERE.parent / "tests" / "data" / "captures"
OURS, CURRENT = "ours", "python-binance 1.0"
BOTH, APPLY, READ, ALL = "apply, read best", "apply", "read best", "read all"
WORKS = (BOTH, APPLY, READ, ALL)
LARGEST = "5000 levels"

ENVIRONMENT_OF = {
    OURS: "ours",
    "ours (old methods)": "ours",
    "python-binance 0.7": "python-binance-0.7",
    CURRENT: "python-binance",
    "sortedcontainers": "sortedcontainers",
    "plain dict": "sortedcontainers",
    "order_book (C)": "order_book",
}
ENVIRONMENTS["sortedcontainers"] = ["sortedcontainers"]
ENVIRONMENTS["order_book"] = ["order-book"]

DEPTHS = (50, 500, 1000, 5000)
EVENTS = 2000
LEVELS = 10  # of an event


# -- input


def synthetic(depth: int, near: bool) -> dict[str, Any]:
    """A book and events: 40 % of the changes are new quantities, the rest comes and goes.

    `near`: most changes happen close to the best price, as on the exchange; otherwise anywhere.
    """
    rng = random.Random(depth)
    middle = 5_000_000

    def price(side: int, index: int) -> str:
        ticks = middle - 1 - index if side == 0 else middle + 1 + index
        return f"{ticks / 100:.8f}"

    def quantity() -> str:
        return f"{rng.uniform(0.001, 50):.8f}"

    there = [set(range(depth)), set(range(depth))]
    snapshot = {
        "lastUpdateId": 0,
        "bids": [[price(0, i), quantity()] for i in range(depth)],
        "asks": [[price(1, i), quantity()] for i in range(depth)],
    }
    events = []
    for update_id in range(1, EVENTS + 1):
        changes: list[dict[str, str]] = [{}, {}]
        for _ in range(LEVELS):
            side = rng.randrange(2)
            index = int(rng.expovariate(1 / 15)) if near else rng.randrange(depth)
            index = min(index, depth - 1)
            is_there = index in there[side]
            goes = is_there and rng.random() < 0.43 and len(there[side]) > depth // 2
            (there[side].discard if goes else there[side].add)(index)
            changes[side][price(side, index)] = "0.00000000" if goes else quantity()
        bids, asks = (list(map(list, side.items())) for side in changes)
        events.append({"U": update_id, "u": update_id, "E": update_id, "b": bids, "a": asks})
    return {"snapshot": snapshot, "events": events}


def captured(symbol: str) -> dict[str, Any]:
    """A spot book of the captures, and its events from the snapshot on, numbered anew."""
    for line in (CAPTURES / "spot.rest").read_text(encoding="utf-8").splitlines():
        if f"symbol={symbol}&" in line:
            snapshot = json.loads(line.partition(": ")[2])
    events = []
    for line in (CAPTURES / "spot.frames").read_text(encoding="utf-8").splitlines()[1:]:
        data = json.loads(line.partition(": ")[2])["data"]
        if data["s"] == symbol and data.get("u", 0) > snapshot["lastUpdateId"] and "U" in data:
            events.append(data)
    events[0]["U"] = snapshot["lastUpdateId"] + 1
    return {"snapshot": snapshot, "events": events}


def inputs() -> dict[str, Any]:
    """Case -> snapshot and events."""
    cases = {f"{depth} levels": synthetic(depth, near=True) for depth in DEPTHS}
    cases |= {f"{depth} levels, anywhere": synthetic(depth, near=False) for depth in DEPTHS}
    cases["captured NKNUSDT"] = captured("NKNUSDT")
    return cases


# -- contenders


class Contender:
    """A book in its interpreter."""

    def __init__(self, name: str, path: Path) -> None:
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        self.process = subprocess.Popen(
            [python_of(ENVIRONMENT_OF[name]), "-X", "utf8", HERE / "books.py", name, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )

    def measure(self, case: str, work: str, seconds: float) -> dict[str, Any]:
        """One round."""
        return self.ask({"case": case, "work": work, "seconds": seconds})

    def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        """Carry out one order."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told

    def close(self) -> None:
        """Let it end."""
        self.process.communicate(timeout=30)


def run(
    names: list[str], cases: dict[str, Any], rounds: int, seconds: float, books: int
) -> Iterator[Any]:
    """Every contender, case and work in turn, and all of that again and again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input.json"
        path.write_text(json.dumps(cases), encoding="utf-8")
        contenders = {name: Contender(name, path) for name in names}
        try:
            for number in range(rounds + 1):
                for case in cases:
                    for work in WORKS:
                        for name, contender in contenders.items():
                            told = contender.measure(case, work, seconds)
                            if number:  # the first round warms up
                                yield name, case, work, told
            for name, contender in contenders.items():
                yield name, LARGEST, "memory", contender.ask({"case": LARGEST, "books": books})
        finally:
            for contender in contenders.values():
                contender.close()


# -- report

#: What is promised, as (text, ratio, whether the ratio must be at least the bound, bound).
PROMISES = (
    (
        f"1,000 levels, {BOTH}: so many times quicker than current python-binance",
        lambda us: us[CURRENT, "1000 levels", BOTH] / us[OURS, "1000 levels", BOTH],
        10.0,
        True,
    ),
    (
        f"5,000 levels against 50, {BOTH}, near the best price",
        lambda us: us[OURS, "5000 levels", BOTH] / us[OURS, "50 levels", BOTH],
        1.5,
        False,
    ),
    (
        f"5,000 levels against 50, {BOTH}, anywhere in the book",
        lambda us: us[OURS, "5000 levels, anywhere", BOTH] / us[OURS, "50 levels, anywhere", BOTH],
        1.5,
        False,
    ),
)


def table(us: dict[tuple[str, str, str], float], names: list[str], cases: list[str]) -> str:
    """Microseconds an event."""
    width = max(len(case) for case in cases)
    lines = []
    for work in WORKS:
        lines.append(f"{work} (µs an event of {LEVELS} levels)")
        lines.append(" ".join([" " * width, *(f"{name:>19}" for name in names)]))
        for case in cases:
            row = [f"{us[name, case, work]:19.2f}" for name in names]
            lines.append(" ".join([f"{case:{width}}", *row]))
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    """Measure, report, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default=",".join(BOOKS), help="contenders, comma between them")
    parser.add_argument("--quick", action="store_true", help="3 short rounds")
    options = parser.parse_args()
    names = [name for name in BOOKS if name in options.only.split(",")]
    for environment in {ENVIRONMENT_OF[name] for name in names}:
        build(environment)

    cases = inputs()
    taken: dict[tuple[str, str, str], list[float]] = {}
    seen: dict[str, list[float]] = {}
    rounds, seconds, books = (3, 0.05, 20) if options.quick else (options.rounds, 0.2, 500)
    kilobytes: dict[str, float] = {}
    for name, case, work, told in run(names, cases, rounds, seconds, books):
        if work == "memory":
            kilobytes[name] = told["KB"]
            continue
        taken.setdefault((name, case, work), []).append(told["us"])
        if "apply" in work and told["events"] == len(cases[case]["events"]):
            best = seen.setdefault(case, told["best"])
            if told["best"] != best:
                raise SystemExit(f"{name}, {case}: best prices {told['best']}, others say {best}")
    us = {key: statistics.median(values) for key, values in taken.items()}

    text = table(us, names, list(cases))
    text += f"memory of a book of 5,000 levels a side, kB ({books} books)\n"
    text += "".join(f"  {name:19} {size:9,.0f}\n" for name, size in kilobytes.items()) + "\n"
    promises = []
    if {OURS, CURRENT} <= set(names):
        for words, ratio, bound, at_least in PROMISES:
            value = ratio(us)
            kept = value >= bound if at_least else value <= bound
            promises.append({"what": words, "ratio": value, "bound": bound, "kept": kept})
            sign = ">=" if at_least else "<="
            text += f"{'kept' if kept else 'BROKEN':7}{words}: {value:.2f} ({sign} {bound})\n"
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "orderbook.txt").write_text(text, encoding="utf-8")
    report = {
        "python": sys.version,
        "versions": {e: versions(e) for e in {ENVIRONMENT_OF[name] for name in names}},
        "us": [{"book": n, "case": c, "work": w, "us": v} for (n, c, w), v in us.items()],
        "kilobytes": kilobytes,
        "promises": promises,
    }
    (RESULTS / "orderbook.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    return 0 if all(promise["kept"] for promise in promises) else 1


if __name__ == "__main__":
    sys.exit(main())
