"""The names under which the relays publish: subjects, message ids, keys of leases.

Each message is published under ``binance.<market>.<symbol>.<kind>``, such as
``binance.spot.btcusdt.depth@100ms``; the symbol of a stream of the whole market is ``all``.

Several relays publish the same events.  The engine keeps the first message of an id and drops the
others, if all relays give an event the same id:

* Events of a stream with unique cursors (`binance.sansio.feed.cursors`) have the stream and the
  cursor as their id.  Every relay publishes them.
* All other events have the stream and a digest of their content.  Two links of the exchange may
  bring such a stream with different contents, so only the holder of a lease publishes it.
"""

import hashlib
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from binance.sansio.feed.cursors import RULES, kind_of
from binance.sansio.names.endpoints import MARKETS
from binance.sansio.names.streams import key

ENGINE_STREAM: Final = "BINANCE"
"""The JetStream stream with all messages."""
LEASES: Final = "binance_leases"
"""The key-value bucket of the leases."""
SUBJECTS: Final = tuple(f"binance.{market}.>" for market in MARKETS)
WISHES: Final = "binance.relay.wish"
"""Consumers ask for streams here: ``{"market", "streams"}``, each few seconds."""
SNAPSHOTS: Final = "binance.relay.snapshot"
"""Consumers ask for a snapshot of an order book here."""
MESSAGE_ID: Final = "Nats-Msg-Id"
EPOCH: Final = "Binance-Lease"
"""The header of a message whose stream has a lease: the number of the lease, which rises."""


def cursor_in(event_id: str) -> int:
    """The cursor in an id; -1 if there is none."""
    text = event_id.rpartition(":")[2]
    return int(text) if text.isdecimal() else -1


def subject(market: str, name: str) -> str:
    """The subject of a stream."""
    symbol, at, kind = name.partition("@")
    if name.startswith("!") or not at:
        symbol, kind = "all", name.removeprefix("!")
    return f"binance.{market}.{_token(symbol)}.{_token(kind)}"


def _token(text: str) -> str:
    """A text in ASCII, without the characters that have a meaning in subjects."""
    return quote(text, safe="!@+:,=").replace(".", "%2E")


def lease_key(market: str, name: str) -> str:
    """The key of a stream's lease, of the few characters that are allowed in keys."""
    return quote(key(name, market), safe="").translate({ord("%"): "=", ord("."): "=2E", 126: "=7E"})


def needs_lease(market: str, name: str) -> bool:
    """Whether only the holder of a lease publishes the stream."""
    return name.startswith("!") or RULES[kind_of(name, market)].has_ties


def identity(market: str, name: str) -> Callable[[Any, bytes], str]:
    """A function that returns the id of an event, from its data and the bytes of its message."""
    label = _token(key(name, market))  # nats-py reads headers beyond ASCII in two ways
    read = RULES[kind_of(name, market)].read

    def by_content(data: Any, payload: bytes) -> str:
        return f"{label}:{hashlib.blake2b(payload, digest_size=12).hexdigest()}"

    def by_cursor(data: Any, payload: bytes) -> str:
        cursor = read(data)
        return by_content(data, payload) if cursor is None else f"{label}:{cursor}"

    return by_content if needs_lease(market, name) else by_cursor
