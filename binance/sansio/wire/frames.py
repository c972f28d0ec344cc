"""WebSocket frames of a client, made whole.

Source: RFC 6455, sections 5.2 and 5.3. A client masks everything.
"""

from __future__ import annotations

from struct import Struct
from typing import Final

OPCODE_BINARY: Final = 2
"""The last opcode of a message; larger ones are of control frames."""

_FINAL, _MASKED, _LENGTH_16, _LENGTH_64 = 0x80, 0x80, 126, 127
_head_16 = Struct("!BBH").pack
_head_64 = Struct("!BBQ").pack


def masked(opcode: int, payload: bytes, key: bytes) -> bytes:
    """One final frame, masked with a key of four octets."""
    first, octets = _FINAL | opcode, len(payload)
    if octets < _LENGTH_16:
        head = bytes((first, _MASKED | octets))
    elif octets < 1 << 16:
        head = _head_16(first, _MASKED | _LENGTH_16, octets)
    else:
        head = _head_64(first, _MASKED | _LENGTH_64, octets)
    keys = (key * (octets // 4 + 1))[:octets]
    body = int.from_bytes(payload) ^ int.from_bytes(keys)
    return head + key + body.to_bytes(octets)
