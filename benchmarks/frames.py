"""The frames that every benchmark of the data path uses, as the exchange sends them."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from itertools import count, islice

START = 1_770_000_000_000


def frame(payload: bytes) -> bytes:
    """One unmasked text frame, as a server sends it."""
    if len(payload) < 126:
        return struct.pack("!BB", 0x81, len(payload)) + payload
    if len(payload) < 65536:
        return struct.pack("!BBH", 0x81, 126, len(payload)) + payload
    return struct.pack("!BBQ", 0x81, 127, len(payload)) + payload


def trade(number: int, sent: int = START) -> bytes:
    """A trade, about 126 octets long."""
    event = {
        "e": "trade",
        "E": sent,
        "s": "BNBBTC",
        "t": number,
        "p": "0.00100000",
        "q": "100.00000000",
        "T": START,
        "m": True,
        "M": True,
    }
    return json.dumps(event, separators=(",", ":")).encode()


def depth(number: int, sent: int = START) -> bytes:
    """A depth diff of 1.3 kB: 20 levels a side."""
    levels = [[f"{0.0024 + i / 1e6:.8f}", f"{10 + i:.8f}"] for i in range(20)]
    event = {
        "e": "depthUpdate",
        "E": sent,
        "s": "BNBBTC",
        "U": number,
        "u": number,
        "t": number,
        "b": levels,
        "a": levels,
    }
    return json.dumps(event, separators=(",", ":")).encode()


def array(number: int, sent: int = START) -> bytes:
    """An all-market array of 65 kB: 380 mini tickers, the first of which bears the number."""
    ticker = {
        "e": "24hrMiniTicker",
        "E": sent,
        "s": "BNBBTC",
        "t": number,
        "c": "0.00250000",
        "o": "0.00100000",
        "h": "0.00250000",
        "l": "0.00100000",
        "v": "10000.00000000",
        "q": "18.00000000",
    }
    return json.dumps([ticker] * 380, separators=(",", ":")).encode()


KINDS = {"trade": trade, "depth": depth, "array": array}


def payloads(kind: str) -> Iterator[bytes]:
    """Payloads of a kind, numbered from 0."""
    return map(KINDS[kind], count())


def frames(kind: str, number: int) -> list[bytes]:
    """The first frames of a kind."""
    return [frame(payload) for payload in islice(payloads(kind), number)]
