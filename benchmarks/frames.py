"""The frames that every benchmark of the data path uses, as the exchange sends them.

Each has a number, and the ids that the exchange would count up with it: a client may look at them.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, islice

START = 1_770_000_000_000


def frame(payload: bytes) -> bytes:
    """One unmasked text frame, as a server sends it."""
    if len(payload) < 126:
        return struct.pack("!BB", 0x81, len(payload)) + payload
    if len(payload) < 65536:
        return struct.pack("!BBH", 0x81, 126, len(payload)) + payload
    return struct.pack("!BBQ", 0x81, 127, len(payload)) + payload


def _template(event: object) -> bytes:
    """JSON with a place for each `"%d"`, which becomes a number."""
    return json.dumps(event, separators=(",", ":")).replace('"%d"', "%d").encode()


_TRADE = _template(
    {
        "e": "trade",
        "E": "%d",
        "s": "BNBBTC",
        "t": "%d",
        "p": "0.00100000",
        "q": "100.00000000",
        "T": START,
        "m": True,
        "M": True,
    }
)
_LEVELS = [[f"{0.0024 + i / 1e6:.8f}", f"{10 + i:.8f}"] for i in range(20)]
_DEPTH = _template(
    {
        "e": "depthUpdate",
        "E": "%d",
        "s": "BNBBTC",
        "U": "%d",
        "u": "%d",
        "t": "%d",
        "b": _LEVELS,
        "a": _LEVELS,
    }
)
_TICKER = {
    "e": "24hrMiniTicker",
    "E": "%d",
    "s": "BNBBTC",
    "c": "0.00250000",
    "o": "0.00100000",
    "h": "0.00250000",
    "l": "0.00100000",
    "v": "10000.00000000",
    "q": "18.00000000",
}
_FIRST_TICKER = _template(_TICKER | {"t": "%d"})
_OTHER_TICKERS = b"," + _template([_TICKER] * 390)[1:]


def trade(number: int, sent: int = 0) -> bytes:
    """A trade, about 126 octets long; `sent` is its event time, by default milliseconds."""
    return _TRADE % (sent or START + number, number)


def depth(number: int, sent: int = 0) -> bytes:
    """A depth diff of 1.3 kB: 20 levels a side."""
    return _DEPTH % (sent or START + number, number, number, number)


def combined(number: int, sent: int = 0, kind: str = "trade") -> bytes:
    """An event as a multiplex socket brings it, with the name of its stream."""
    return b'{"stream":"bnbbtc@%s","data":%s}' % (kind.encode(), KINDS[kind](number, sent))


def array(number: int, sent: int = 0) -> bytes:
    """An all-market array of 65 kB: 391 mini tickers, the first of which bears the number."""
    sent = sent or START + number
    return b"[" + _FIRST_TICKER % (sent, number) + _OTHER_TICKERS % ((sent,) * 390)


KINDS: dict[str, Callable[..., bytes]] = {
    "trade": trade,
    "depth": depth,
    "array": array,
    "combined trade": combined,
    "combined depth": partial(combined, kind="depth"),
}


def payloads(kind: str) -> Iterator[bytes]:
    """Payloads of a kind, numbered from 1."""
    return map(KINDS[kind], count(1))


def frames(kind: str, number: int) -> list[bytes]:
    """The first frames of a kind."""
    return [frame(payload) for payload in islice(payloads(kind), number)]
