"""What an event costs that two links bring, against the same event on one link.

    python benchmarks/bench_redundancy.py [--rounds 15]

Without sockets: each read goes through the protocol, the decoder and the sink to a callback that
does nothing.  `one` is a socket with one link; `decode` is the protocol and the decoder alone;
`two` is a socket with `redundancy=2` whose links bring the same frames in turn, one read of each.
The bound of the guarantee is `two <= one + decode`: the second arrival costs no more than its
decoding.  CPU time, rounds interleaved, medians of the ratios.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import bench_walk
import orjson
from frames import frame
from twisted.internet.task import Clock

from binance.sansio.feed.continuity import Continuity
from binance.sansio.feed.redundancy import Redundancy
from binance.tx.dispatch import Owner, ReactorDispatch, is_control
from binance.tx.wire.protocol import BinanceClientFactory, BinanceClientProtocol

FRAMES, READS = 64, 300


def trade(n: int) -> dict[str, Any]:
    values = {
        "p": "0.00931200",
        "q": "1.25000000",
        "T": 1_770_000_000_000 + n,
        "m": True,
        "M": True,
    }
    return {"e": "trade", "E": 1_770_000_000_000 + n, "s": "BNBBTC", "t": n, **values}


def kline(n: int) -> dict[str, Any]:
    values = dict.fromkeys("ochlvVqQ", "0.00931200")
    k = {**values, "t": 1000 * n, "T": 1000 * n + 999, "s": "BNBBTC", "i": "1m", "x": False, "n": n}
    return {"e": "kline", "E": 1_770_000_000_000 + n, "s": "BNBBTC", "k": k}


def book_ticker(n: int) -> dict[str, Any]:
    return {"u": 3 * n, "s": "BNBBTC", **dict.fromkeys("bBaA", "0.00931200")}


KINDS = {"trade": trade, "bookTicker": book_ticker, "kline_1m": kline}


def nothing(message: object) -> None:
    """The callback."""


def protocols(stream: str, links: int, is_raw: bool) -> list[BinanceClientProtocol]:
    """The open protocol of each link; decoder and sink as a connection composes them."""
    continuity = Continuity(stream if is_raw else None)
    dispatch = ReactorDispatch(Owner(), nothing)
    plain = dispatch.sink(nothing, continuity.admit, continuity.gaps, lambda: None)
    if is_raw:
        plain = dispatch.fast_sink(continuity.track(stream), plain)
    if links == 1:
        return [opened(plain)]
    redundancy = Redundancy(continuity, is_control, orjson.loads, stream if is_raw else None)
    made = [opened(redundancy.sink(n, n, plain, dispatch.deliver)) for n in range(links)]
    for n, protocol in enumerate(made):
        protocol.decode_payload = redundancy.decoder(n)
    return made


def opened(sink: Callable[[Any], None]) -> BinanceClientProtocol:
    """A protocol with an open link."""
    factory = BinanceClientFactory("ws://localhost:9/x", reactor=Clock())
    factory.link = bench_walk.Link(sink)
    return bench_walk.opened(factory, BinanceClientProtocol, None)


def measured(reads: list[bytes], links: list[BinanceClientProtocol]) -> float:
    """CPU seconds for each event."""
    began = time.process_time()
    for read in reads:
        for protocol in links:
            protocol.dataReceived(read)
    return (time.process_time() - began) / (FRAMES * READS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    for kind, make in KINDS.items():
        for is_raw in (True, False):
            stream = f"bnbbtc@{kind}"
            events = [make(n) for n in range(FRAMES * READS)]
            payloads = [e if is_raw else {"stream": stream, "data": e} for e in events]
            texts = [frame(orjson.dumps(payload)) for payload in payloads]
            reads = [b"".join(texts[n : n + FRAMES]) for n in range(0, len(texts), FRAMES)]
            shares, times = [], []
            for _ in range(rounds):
                one = measured(reads, protocols(stream, 1, is_raw))
                decode = measured(reads, [opened(nothing)])
                two = measured(reads, protocols(stream, 2, is_raw))
                shares.append(two / (one + decode))
                times.append((one, decode, two))
            one, decode, two = (
                statistics.median(column) * 1e6 for column in zip(*times, strict=True)
            )
            shape, share = "raw" if is_raw else "combined", statistics.median(shares)
            words = f"one {one:.2f} us  decode {decode:.2f}  two {two:.2f}"
            print(f"{kind:11} {shape:9} {words}  two / (one + decode) {share:.2f}")


if __name__ == "__main__":
    main()
