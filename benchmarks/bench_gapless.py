"""What `gapless=` costs a message while nothing is missing.

    python benchmarks/bench_gapless.py [--rounds N]

For each kind of link, two sinks get the same messages in turns of a few milliseconds: one as it is
without the option, one with it. The figure is the median of the differences of neighbouring turns,
so that a busy machine disturbs it little.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from binance.sansio.feed.backfill import filled
from binance.sansio.feed.continuity import Continuity
from binance.sansio.feed.cursors import Track
from binance.sansio.feed.gapless import Gapless
from binance.tx.dispatch import Owner, ReactorDispatch

MESSAGES = 5_000
MOST_NANOSECONDS = 300.0
MINUTE = 60_000

Sink = Callable[[Any], None]


def nothing(message: object) -> None:
    """The callback."""


def raw(name: str, is_gapless: bool) -> Sink:
    """The sink of a link with one stream, as `RawSession` makes it."""
    continuity = continuity_of(name, is_gapless)
    track = continuity.track(name)
    dispatch = ReactorDispatch(Owner(), nothing)
    admit = None if type(track) is Track else track.admit
    return dispatch.fast_sink(track, dispatch.sink(nothing, admit, continuity.gaps))


def combined(name: str, is_gapless: bool) -> Sink:
    """The sink of a link with several streams, as `MultiplexSession` makes it."""
    continuity = continuity_of(None, is_gapless)
    dispatch = ReactorDispatch(Owner(), nothing)
    sink = dispatch.sink(nothing, continuity.admit, continuity.gaps)
    return lambda data: sink({"stream": name, "data": data})


def continuity_of(stream: str | None, is_gapless: bool) -> Continuity:
    def fill(name: str, gaps: Any) -> Track | None:
        return filled(name, "spot", gaps, Gapless(), 1)

    return Continuity(stream, fill=fill if is_gapless else None)


def trades() -> Iterator[dict[str, Any]]:
    number = 0
    while True:
        number += 1
        yield {"e": "trade", "E": number, "s": "BNBBTC", "t": number, "p": "1", "q": "1"}


def candles() -> Iterator[dict[str, Any]]:
    opens = 0
    while True:
        for turn in range(30):
            k = {"t": opens, "T": opens + MINUTE - 1, "x": turn == 29, "c": "1"}
            yield {"e": "kline", "E": opens + turn, "s": "BNBBTC", "k": k}
        opens += MINUTE


CASES = {
    "trade, own connection": (raw, "bnbbtc@trade", trades),
    "trade, multiplex": (combined, "bnbbtc@trade", trades),
    "kline, own connection": (raw, "bnbbtc@kline_1m", candles),
    "kline, multiplex": (combined, "bnbbtc@kline_1m", candles),
}


def nanoseconds(sink: Sink, messages: list[Any]) -> float:
    began = time.process_time_ns()
    for message in messages:
        sink(message)
    return (time.process_time_ns() - began) / len(messages)


def cost(case: str, rounds: int) -> tuple[float, float]:
    """Nanoseconds a message without the option, and how many more with it."""
    make, name, source = CASES[case]
    without, with_it, events = make(name, False), make(name, True), source()
    plain, more = [], []
    for number in range(rounds):
        messages = [next(events) for _ in range(MESSAGES)]
        if number % 2:
            first = nanoseconds(without, messages)
            second = nanoseconds(with_it, messages)
        else:
            second = nanoseconds(with_it, messages)
            first = nanoseconds(without, messages)
        plain.append(first)
        more.append(second - first)
    return statistics.median(plain), statistics.median(more)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=100)
    rounds = parser.parse_args().rounds
    is_cheap = True
    for case in CASES:
        plain, more = cost(case, rounds)
        is_cheap = is_cheap and more <= MOST_NANOSECONDS
        print(f"{case:24} {plain:6.0f} ns, with gapless= {more:+6.0f} ns a message")
    return 0 if is_cheap else 1


if __name__ == "__main__":
    sys.exit(main())
