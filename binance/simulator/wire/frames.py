"""WebSocket frames of a server, made whole: an event is framed once and written to all its
listeners.

Source: RFC 6455, section 5.2. A server masks nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, Protocol

from binance.simulator.market.payloads import in_microseconds

TEXT = 0x81
PING = 0x89
RESERVED_1 = 0x40


COMBINED = 1
MICROSECONDS = 2
"""Bits of the form in which a connection wants its events."""


class Listener(Protocol):
    """A connection that listens to streams. ``mode``: the form in which it wants their events."""

    number: int
    mode: int
    transport: Any
    user_events: Mapping[str, frozenset[str]]

    @property
    def market(self) -> str: ...
    @property
    def category(self) -> str: ...
    def deliver(self, data: bytes) -> None: ...
    def flush(self) -> None: ...


def in_unit(event: Any, mode: int) -> Any:
    """An event with its times in the unit of a form."""
    return in_microseconds(event) if mode & MICROSECONDS else event


def frame(payload: bytes, first: int = TEXT) -> bytes:
    """One final, unmasked frame."""
    length = len(payload)
    if length < 126:
        return bytes((first, length)) + payload
    if length < 65_536:
        return struct.pack("!BBH", first, 126, length) + payload
    return struct.pack("!BBQ", first, 127, length) + payload


def combined(name: str, payload: bytes) -> bytes:
    """An event as a combined connection gets it."""
    return b'{"stream":"' + name.encode() + b'","data":' + payload + b"}"


MALFORMED = {
    "json": frame(b'{"e":"trade","E":'),
    "text": frame(b"these are not the words you look for"),
    "utf8": frame(b'{"e":"\xff\xfe"}'),
    "reserved": frame(b'{"e":"reserved bit"}', TEXT | RESERVED_1),
    "opcode": frame(b"{}", 0x83),
    "masked": b"\x81\x82\x00\x00\x00\x00{}",
    "ping": frame(b"x" * 126, PING),
}
"""What a ``malformed`` fault may send: bad JSON, no JSON, bad UTF-8, a reserved bit, a reserved
opcode, a frame that a server may not mask, a ping that is too long.
"""
