"""WebSocket frames (RFC 6455 section 5) as a server writes and reads them."""

from __future__ import annotations

import base64
import hashlib
import struct

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(opcode: int, payload: bytes) -> bytes:
    """A whole, unmasked frame."""
    length = len(payload)
    if length < 126:
        head = bytes((0x80 | opcode, length))
    elif length < 65536:
        head = struct.pack("!BBH", 0x80 | opcode, 126, length)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 127, length)
    return head + payload


def close(code: int) -> bytes:
    """A close frame without a reason."""
    return frame(CLOSE, struct.pack("!H", code))


def read(data: bytes) -> tuple[int, bytes, bytes] | None:
    """The first frame of a client's octets: opcode, payload, the rest. None if it is not whole."""
    if len(data) < 2:
        return None
    length, at = data[1] & 127, 2
    if length == 126:
        if len(data) < 4:
            return None
        length, at = struct.unpack("!H", data[2:4])[0], 4
    elif length == 127:
        if len(data) < 10:
            return None
        length, at = struct.unpack("!Q", data[2:10])[0], 10
    if len(data) < at + 4 + length:
        return None
    mask, masked = data[at : at + 4], data[at + 4 : at + 4 + length]
    payload = bytes(octet ^ mask[i & 3] for i, octet in enumerate(masked))
    return data[0] & 15, payload, data[at + 4 + length :]


def switching(key: bytes) -> bytes:
    """The head of the response that accepts a handshake with this ``Sec-WebSocket-Key``."""
    accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


def refusal(status: int, retry_after: int | None) -> bytes:
    """A response that refuses a handshake."""
    extra = "" if retry_after is None else f"Retry-After: {retry_after}\r\n"
    return f"HTTP/1.1 {status} No\r\n{extra}Content-Length: 0\r\n\r\n".encode()
