"""The fast lane beside untouched Autobahn: streams of frames, and a run of both over the same cuts.

Used by the differential test of the protocol and by `fuzzing/frames.py`.
"""

import base64
import hashlib
import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson
import txaio
from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
from autobahn.websocket.compress import (
    PerMessageDeflateOffer,
    PerMessageDeflateResponse,
    PerMessageDeflateResponseAccept,
)
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from binance.tx.wire.protocol import BinanceClientFactory, BinanceClientProtocol

#: Longest message of a run, in octets: above what is held, so that each way of the lane is taken.
LIMIT = 300_000

CLOSE_CODES = (1000, 1001, 1002, 1003, 1007, 1008, 1011, 3000, 4999, 0, 999, 1004, 1005, 1006, 1015)
CLOSE_CODES += (2999, 5000, 65535)
BAD_UTF8 = (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80")
LENGTHS = (0, 1, 2, 3, 60, 123, 124, 125, 126, 127, 128, 1000, 65534, 65535, 65536, 65537, 262_145)


@dataclass(frozen=True)
class Options:
    """How both ends of a run are set up."""

    compression: bool = False
    masks_accepted: bool = False
    fail_by_drop: bool = False
    validate: bool = True
    reaction: str = ""
    """What the user does at the message `7`: "close", "abort", or nothing."""


# -- streams of frames


def frame(
    payload: bytes, opcode: int = 1, first: int = 0x80, mask: bytes = b"", width: int = 0
) -> bytes:
    """One frame; its length in `width` bits (7, 16, 64), or 0: in the shortest form."""
    length = len(payload)
    width = width or (7 if length < 126 else 16 if length < 65536 else 64)
    masked = 0x80 if mask else 0
    head = bytes((first | opcode, masked | {7: length & 127, 16: 126, 64: 127}[width]))
    if width > 7:
        head += length.to_bytes(width // 8, "big")
    if mask:
        payload = bytes(octet ^ mask[i % 4] for i, octet in enumerate(payload))
    return head + mask + payload


def message(rng: Random) -> bytes:
    """A payload: mostly JSON, sometimes other text, sometimes no text at all."""
    what = rng.randrange(12)
    if what < 6:
        value: Any = rng.choice(
            ({"e": "trade", "p": "0.1"}, [1, "ä€\U0001f600"], "x", 7, None, {"k": {"i": [1.5]}})
        )
        return json.dumps(value, ensure_ascii=rng.random() < 0.5).encode()
    if what < 9:
        length = rng.choice(LENGTHS)
        return b'"' + b"y" * (length - 2) + b'"' if length >= 2 else b"7"[:length]
    if what == 9:
        return rng.choice((b"{oops", b"", b"NaN", b'"\\ud800"', b"1 2", "\ufeff{}".encode()))
    if what == 10:
        return b'"' + "ä€".encode() + rng.choice(BAD_UTF8) + b'"'
    return rng.choice(BAD_UTF8)


def frames(rng: Random, options: Options) -> bytes:
    """One step of a stream: a frame, or a message in fragments; mostly as the RFC wants it."""
    what = rng.randrange(24)
    mask = rng.randbytes(4) if rng.random() < (0.2 if options.masks_accepted else 0.02) else b""
    if what < 11:
        return frame(message(rng), mask=mask)
    if what < 13:  # fragments, with control frames between
        payload = message(rng)
        cuts = sorted(rng.randrange(len(payload) + 1) for _ in range(rng.randrange(1, 4)))
        pieces = [payload[a:b] for a, b in zip([0, *cuts], [*cuts, len(payload)], strict=True)]
        parts = []
        for i, piece in enumerate(pieces):
            last = 0x80 if i == len(pieces) - 1 else 0
            parts.append(frame(piece, opcode=0 if i else 1, first=last, mask=mask))
            if rng.random() < 0.5:
                parts.append(control(rng))
        return b"".join(parts)
    if what < 17:
        return control(rng)
    if what < 19:
        return compressed(rng)
    if what == 19:  # a length that is not in its shortest form, or too long a control frame
        return frame(message(rng)[:65535], opcode=rng.choice((1, 1, 9)), width=rng.choice((16, 64)))
    if what == 20:
        return close(rng)
    if what == 21:  # reserved bits and opcodes, stray continuations, binary
        first = rng.choice((0x80, 0, 0xC0, 0xA0, 0x90, 0xF0))
        return frame(message(rng)[:125], opcode=rng.randrange(16), first=first, mask=mask)
    if what == 22:  # longer than is taken, with or without the octets that it promises
        length = rng.choice((LIMIT, LIMIT + 1, 1 << 40, 1 << 63, (1 << 64) - 1))
        head = b"\x81\x7f" + struct.pack("!Q", length)
        return head + b"z" * min(length, rng.choice((0, 5, LIMIT + 1)))
    return rng.randbytes(rng.randrange(1, 20))


def control(rng: Random) -> bytes:
    """A ping or a pong."""
    return frame(rng.randbytes(rng.choice((0, 1, 13, 125))), opcode=rng.choice((9, 9, 10)))


def close(rng: Random) -> bytes:
    """A close frame, of any sort."""
    if rng.random() < 0.2:
        return frame(rng.choice((b"", b"\x03")), opcode=8)
    reason = rng.choice((b"", b"bye", "schön".encode(), *BAD_UTF8, b"r" * 123))
    return frame(struct.pack("!H", rng.choice(CLOSE_CODES)) + reason, opcode=8)


def compressed(rng: Random) -> bytes:
    """A message of permessage-deflate, whole or damaged."""
    deflate = zlib.compressobj(wbits=-15)
    payload = message(rng)
    data = (deflate.compress(payload) + deflate.flush(zlib.Z_SYNC_FLUSH)).removesuffix(
        b"\x00\x00\xff\xff"
    )
    if rng.random() < 0.2:
        data = data[: rng.randrange(len(data) + 1)] + rng.randbytes(2)
    return frame(data, first=0xC0)


def stream(rng: Random, options: Options, most: int = 12) -> bytes:
    """Up to `most` steps of frames."""
    return b"".join(frames(rng, options) for _ in range(rng.randrange(1, most)))


def cuts(rng: Random, length: int) -> list[int]:
    """Places to cut at, often close to each other and to the ends."""
    count = rng.choice((0, 1, 1, 2, 5, 30))
    places = {rng.randrange(length + 1) for _ in range(count)}
    for place in list(places)[:3]:
        places.update((min(place + 1, length), min(place + 2, length)))
    return sorted(places)


# -- a run


@dataclass
class Seen:
    """What one side did with a stream, up to now."""

    events: list[tuple[str, Any]] = field(default_factory=list)
    sent: list[tuple[int, bytes]] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)


class Wire(StringTransport):
    """A transport that can be aborted."""

    def abortConnection(self) -> None:
        """Close at once."""
        self.loseConnection()

    def setTcpNoDelay(self, enabled: bool) -> None:
        """There is nothing to delay."""

    def unregisterProducer(self) -> None:
        """There is none."""


def react(protocol: Any, payload: Any) -> None:
    """Do what the user does at this message."""
    if payload in (7, b"7") and protocol.reaction == "close":
        protocol.sendClose(1000)
    elif payload in (7, b"7") and protocol.reaction == "abort":
        protocol.dropConnection(abort=True)


class Untouched(WebSocketClientProtocol):
    """Autobahn as it is; its messages are decoded where ours would be."""

    events: list[tuple[str, Any]]

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self.events.append(("binary" if isBinary else "message", payload))
        react(self, payload)

    def onPing(self, payload: bytes) -> None:
        self.events.append(("ping", payload))
        super().onPing(payload)

    def onPong(self, payload: bytes) -> None:
        self.events.append(("pong", payload))


class Overridden(BinanceClientProtocol):
    """Ours with its own onMessage."""

    events: list[tuple[str, Any]]

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self.events.append(("binary" if isBinary else "message", payload))
        react(self, payload)


class Direct(BinanceClientProtocol):
    """Ours as it is, but for binary messages, which it would take apart."""

    events: list[tuple[str, Any]]

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if isBinary:
            self.events.append(("binary", payload))
            react(self, payload)
        else:
            super().onMessage(payload, isBinary)

    def _overrides(self, name: str) -> bool:
        return name != "onMessage" and super()._overrides(name)


class Link:
    """Writes down what it is told, in Autobahn's terms."""

    may_read_ahead = False
    protocol: Any

    def __init__(self, events: list[tuple[str, Any]]) -> None:
        self.events = events

    def link_opened(self, protocol: Any) -> None:
        """Not compared."""

    def link_read(self, octets: int, messages: int, seconds: float) -> None:
        """Not compared."""

    def link_message(self, value: Any) -> None:
        self.events.append(("value", value))
        react(self.protocol, value)

    def link_malformed(self, payload: bytes) -> None:
        self.events.append(("malformed", payload))

    def link_ping(self, protocol: Any, payload: bytes) -> None:
        self.events.append(("ping", payload))
        protocol.sendPong(payload)

    def link_pong(self, payload: bytes) -> None:
        self.events.append(("pong", payload))


def open_lane(kind: type[Any], options: Options, clock: Clock) -> Any:
    """A connected protocol of this kind whose handshake is done."""
    ours = issubclass(kind, BinanceClientProtocol)
    factory = (BinanceClientFactory if ours else WebSocketClientFactory)(
        "ws://localhost:9/x", reactor=clock
    )
    factory.protocol = kind
    events: list[tuple[str, Any]] = []
    if ours:
        factory.link = Link(events)
    factory.setProtocolOptions(
        failByDrop=options.fail_by_drop,
        maxMessagePayloadSize=LIMIT,
        acceptMaskedServerFrames=options.masks_accepted,
        utf8validateIncoming=options.validate,
    )
    extension = b""
    if options.compression:
        factory.setProtocolOptions(
            perMessageCompressionOffers=[PerMessageDeflateOffer()],
            perMessageCompressionAccept=lambda response: (
                PerMessageDeflateResponseAccept(response)
                if isinstance(response, PerMessageDeflateResponse)
                else None
            ),
        )
        extension = b"Sec-WebSocket-Extensions: permessage-deflate\r\n"
    protocol = factory.buildProtocol(None)
    protocol.events = events
    protocol.reaction = options.reaction
    if ours:
        factory.link.protocol = protocol
    protocol.makeConnection(Wire())
    digest = hashlib.sha1(protocol.websocket_key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
    protocol.transport.clear()
    protocol.dataReceived(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + extension
        + b"Sec-WebSocket-Accept: "
        + base64.b64encode(digest)
        + b"\r\n\r\n"
    )
    assert protocol.state == protocol.STATE_OPEN
    return protocol


STATE = (
    "state",
    "inside_message",
    "failedByMe",
    "closedByMe",
    "droppedByMe",
    "wasClean",
    "wasNotCleanReason",
    "localCloseCode",
    "localCloseReason",
    "remoteCloseCode",
    "remoteCloseReason",
    "wasMaxMessagePayloadSizeExceeded",
    "wasMaxFramePayloadSizeExceeded",
)
STATISTICS = (
    "incomingOctetsWireLevel",
    "incomingOctetsWebSocketLevel",
    "incomingOctetsAppLevel",
    "incomingWebSocketFrames",
    "incomingWebSocketMessages",
)


def seen(protocol: Any, as_values: bool) -> Seen:
    """What a protocol has done so far; `as_values`: messages decoded, as the fast lane has them."""
    events = protocol.events
    if as_values:
        events = [_decoded(event) for event in events]
    state = {name: getattr(protocol, name) for name in STATE}
    if not protocol.failedByMe:  # what fails in mid-frame stops counting there
        state |= {name: getattr(protocol.trafficStats, name) for name in STATISTICS}
    return Seen(list(events), _unmasked(protocol.transport.value()), state)


def _decoded(event: tuple[str, Any]) -> tuple[str, Any]:
    if event[0] != "message":
        return event
    try:
        return ("value", orjson.loads(event[1]))
    except ValueError:
        return ("malformed", event[1])


def _unmasked(wire: bytes) -> list[tuple[int, bytes]]:
    sent = []
    while wire:
        length, mask = wire[1] & 0x7F, wire[2:6]
        payload = bytes(octet ^ mask[i % 4] for i, octet in enumerate(wire[6 : 6 + length]))
        sent.append((wire[0], payload))
        wire = wire[6 + length :]
    return sent


def compare(data: bytes, places: Sequence[int], options: Options, kind: type[Any]) -> None:
    """Feed the same octets, cut at the same places, to Autobahn and to one of ours.

    At each place where Autobahn is between two frames, and at the end of all, everything is equal.
    In the middle of a frame Autobahn may have failed bad UTF-8 that ours still holds: what was
    delivered and answered is equal there too, save that close.
    """
    clock = Clock()
    before = txaio.config.loop
    txaio.config.loop = clock
    try:
        theirs = open_lane(Untouched, options, clock)
        ours = open_lane(kind, options, clock)
        for start, stop in zip([0, *places], [*places, len(data)], strict=True):
            for protocol in (theirs, ours):
                protocol.dataReceived(data[start:stop])
            expected, got = seen(theirs, kind is Direct), seen(ours, False)
            closed = theirs.state == theirs.STATE_CLOSED
            if closed or (theirs.current_frame is None and not theirs.data):
                if closed and ours._missing:
                    continue  # failed in mid-frame; the rest of the frame is still to come
                assert got == expected, (start, stop)
                assert closed or (ours.current_frame is None and not ours.data), (start, stop)
            else:
                assert got.events == expected.events, (start, stop)
                assert got.sent == expected.sent[: len(got.sent)], (start, stop)
    finally:
        txaio.config.loop = before
