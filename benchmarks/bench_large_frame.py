"""A frame that arrives in small pieces costs time in proportion to its length: shown at six sizes.

    python benchmarks/bench_large_frame.py

The sizes lie on both sides of what is held until it is whole (256 KiB), up to the longest message
that is taken (16 MiB), in pieces of 4 kB. CPU time without the JSON decoding, the least of several
runs; a quadratic parser's time per octet would double from row to row.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import frames
from bench_walk import Count, Link, opened
from twisted.internet.task import Clock

sys.path.insert(0, str(Path(__file__).parent.parent))

from binance.tx.wire.protocol import BinanceClientFactory, BinanceClientProtocol

PIECE = 4096
SIZES = [1 << bits for bits in (16, 17, 18, 22, 23, 24)]


class Undecoded(BinanceClientProtocol):
    """Takes the payload as it is."""

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self.factory.callback(payload)


def seconds(protocol: Any, callback: Count, pieces: list[bytes]) -> float:
    """CPU time of one frame in pieces."""
    callback.messages = 0
    began = time.process_time()
    for piece in pieces:
        protocol.dataReceived(piece)
    spent = time.process_time() - began
    if callback.messages != 1:
        sys.exit("the frame did not arrive")
    return spent


def main() -> None:
    """Measure and print a table."""
    callback = Count()
    factory = BinanceClientFactory("ws://localhost:9/x", reactor=Clock())
    factory.link = Link(callback)
    protocol = opened(factory, Undecoded, callback)
    print(f"{'octets':>12} {'ms':>10} {'ns/octet':>10}")
    for size in SIZES:
        frame = frames.frame(b'"' + b"x" * (size - 2) + b'"')
        pieces = [frame[i : i + PIECE] for i in range(0, len(frame), PIECE)]
        runs = max(5, (1 << 22) // size)
        spent = min(seconds(protocol, callback, pieces) for _ in range(runs))
        print(f"{size:12,} {spent * 1e3:10.3f} {spent / size * 1e9:10.3f}")


if __name__ == "__main__":
    main()
