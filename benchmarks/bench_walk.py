"""What the walk over frames costs a message, without sockets: for daily work on the fast lane.

    python benchmarks/bench_walk.py [--rounds 7] [--kind trade]

Reads of 64 KiB, as Twisted makes them, are fed to each contender in turn; CPU time, medians.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import statistics
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

sys.path.insert(0, str(Path(__file__).parent.parent))

import frames

from binance.tx.wire.protocol import BinanceClientFactory, BinanceClientProtocol

READ = 65536
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Count:
    """The user's callback."""

    def __init__(self) -> None:
        self.messages = 0
        self.last: Any = None

    def __call__(self, message: Any) -> None:
        self.messages += 1
        self.last = message


class Link:
    """The least that a link can be: it calls the user."""

    may_read_ahead = False

    def __init__(self, callback: Count) -> None:
        self.link_message = callback

    def link_opened(self, protocol: Any) -> None:
        """Nothing to do."""

    def link_read(self, octets: int, messages: int, seconds: float) -> None:
        """Nothing to do."""


class Overridden(BinanceClientProtocol):
    """Decodes in onMessage, as old scripts do."""

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self.factory.callback(orjson.loads(payload))


class Plain(WebSocketClientProtocol):
    """Autobahn with orjson."""

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self.factory.callback(orjson.loads(payload))


def opened(factory: Any, protocol_class: Any, callback: Count) -> Any:
    """A protocol whose handshake is done."""
    factory.protocol = protocol_class
    factory.callback = callback
    protocol = factory.buildProtocol(None)
    protocol.makeConnection(StringTransport())
    accept = base64.b64encode(hashlib.sha1(protocol.websocket_key + GUID).digest())
    protocol.dataReceived(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )
    return protocol


def ours(protocol_class: Any, callback: Count) -> Callable[[list[bytes]], None]:
    """Feed one of our protocols."""
    factory = BinanceClientFactory("ws://localhost:9/x", reactor=Clock())
    factory.link = Link(callback)
    return feed(opened(factory, protocol_class, callback))


def autobahn(callback: Count) -> Callable[[list[bytes]], None]:
    """Feed untouched Autobahn."""
    return feed(
        opened(WebSocketClientFactory("ws://localhost:9/x", reactor=Clock()), Plain, callback)
    )


def feed(protocol: Any) -> Callable[[list[bytes]], None]:
    """Give reads to a protocol."""

    def run(reads: list[bytes]) -> None:
        for data in reads:
            protocol.dataReceived(data)

    return run


def floor(payloads: list[bytes], callback: Count) -> Callable[[list[bytes]], None]:
    """Orjson and the callback, nothing else."""

    def run(reads: list[bytes]) -> None:
        for payload in payloads:
            callback(orjson.loads(payload))

    return run


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--kind", choices=frames.KINDS, default="trade")
    given = parser.parse_args()
    number = {"trade": 100_000, "depth": 20_000, "array": 300}[given.kind]
    payloads = list(islice(frames.payloads(given.kind), number))
    stream = b"".join(map(frames.frame, payloads))
    reads = [stream[i : i + READ] for i in range(0, len(stream), READ)]
    callback = Count()
    contenders = {
        "orjson and the callback": floor(payloads, callback),
        "ours": ours(BinanceClientProtocol, callback),
        "ours, onMessage overridden": ours(Overridden, callback),
        "Autobahn, orjson in onMessage": autobahn(callback),
    }
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(given.rounds):
        for name, run in contenders.items():
            callback.messages = 0
            began = time.process_time()
            run(reads)
            spent[name].append((time.process_time() - began) / number * 1e6)
            if callback.messages != number:
                sys.exit(f"{name}: {callback.messages} of {number} messages")
    print(f"{given.kind}: {number:,} messages of {len(payloads[-1])} octets, {given.rounds} rounds")
    least = statistics.median(spent["orjson and the callback"])
    for name, times in spent.items():
        middle = statistics.median(times)
        print(f"{name:32} {middle:8.3f} µs/message {middle / least:7.2f} x orjson")


if __name__ == "__main__":
    main()
