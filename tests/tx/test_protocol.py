"""The protocol over an in-memory transport: what it tells its link, and what reaches the wire."""

import base64
import gzip
import hashlib
import json
import struct
import time
from typing import Any

import autobahn.twisted.websocket
import pytest
from autobahn.wamp.types import TransportDetails
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from binance.sansio.wire.reads import LEAST_ROOM, MOST_ROOM
from binance.tx.wire import protocol as protocol_module
from binance.tx.wire.protocol import (
    MAX_HELD,
    MAX_MESSAGE,
    BinanceClientFactory,
    BinanceClientProtocol,
    BinanceReconnectingClientFactory,
    PlainProtocol,
)

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Wire(StringTransport):
    """A transport that remembers how it was closed."""

    aborted = False

    def abortConnection(self) -> None:
        self.aborted = True
        self.loseConnection()

    def setTcpNoDelay(self, enabled: bool) -> None:
        self.no_delay = enabled

    def unregisterProducer(self) -> None:
        """A real transport does not mind when there is none."""


class Events:
    """A link that writes down what it is told, and answers pings at once."""

    may_read_ahead = False

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.on_message = lambda message: None

    def link_opened(self, protocol: BinanceClientProtocol) -> None:
        self.told.append("opened")

    def link_message(self, message: object) -> None:
        self.told.append(("message", message))
        self.on_message(message)

    def link_read(self, octets: int, messages: int, seconds: float) -> None:
        assert seconds >= 0
        self.told.append(("read", octets, messages))

    def link_malformed(self, payload: bytes) -> None:
        self.told.append(("malformed", payload))

    def link_unprocessed(self, error: Exception) -> None:
        self.told.append(("unprocessed", repr(error)))

    def link_error(self, error: BaseException) -> None:
        self.told.append(("error", repr(error)))

    def link_ping(self, protocol: BinanceClientProtocol, payload: bytes) -> None:
        self.told.append(("ping", payload))
        protocol.sendPong(payload)

    def link_pong(self, payload: bytes) -> None:
        self.told.append(("pong", payload))

    def link_closed(self, protocol: BinanceClientProtocol, *how: object) -> None:
        self.told.append(("closed", *how))

    def messages(self) -> list[Any]:
        return [event[1] for event in self.told if event[0] == "message"]

    def take(self, *, reads: bool = False) -> list[Any]:
        told, self.told = self.told, []
        return told if reads else [event for event in told if event[0] != "read"]


def frame(payload: bytes, opcode: int = 1, first: int = 0x80, mask: bytes = b"") -> bytes:
    """One frame, its length in the shortest form."""
    masked = 0x80 if mask else 0
    if len(payload) < 126:
        head = struct.pack("!BB", first | opcode, masked | len(payload))
    elif len(payload) < 65536:
        head = struct.pack("!BBH", first | opcode, masked | 126, len(payload))
    else:
        head = struct.pack("!BBQ", first | opcode, masked | 127, len(payload))
    return (
        head
        + mask
        + bytes(octet ^ mask[i % 4] for i, octet in enumerate(payload) if mask)
        + (b"" if mask else payload)
    )


def text(value: object) -> bytes:
    return frame(json.dumps(value).encode())


def connect(factory: BinanceClientFactory) -> tuple[Any, Wire]:
    """A protocol of the factory whose opening request has been written."""
    protocol = factory.buildProtocol(None)
    wire = Wire()
    protocol.makeConnection(wire)
    return protocol, wire


def accept(protocol: Any, wire: Wire, behind: bytes = b"", head: bytes = b"") -> None:
    """Let the server accept the handshake, and send some octets in and behind its answer."""
    digest = hashlib.sha1(protocol.websocket_key + GUID).digest()
    wire.clear()
    protocol.dataReceived(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + head
        + b"Sec-WebSocket-Accept: "
        + base64.b64encode(digest)
        + b"\r\n\r\n"
        + behind
    )


def unmasked(wire: bytes) -> list[tuple[int, bytes]]:
    """The client's frames on the wire: opcode and payload of each."""
    frames = []
    while wire:
        length, mask = wire[1] & 0x7F, wire[2:6]
        assert length < 126
        payload = bytes(octet ^ mask[i % 4] for i, octet in enumerate(wire[6 : 6 + length]))
        frames.append((wire[0] & 0x0F, payload))
        wire = wire[6 + length :]
    return frames


class Socket(Wire):
    """A transport that Twisted reads into by itself, so many octets at a time."""

    bufferSize = LEAST_ROOM


class ProtocolCase(SynchronousTestCase):
    protocol_class: type[BinanceClientProtocol] = BinanceClientProtocol

    def setUp(self) -> None:
        self.clock = Clock()
        self.clock.callFromThread = lambda call, *args: call(*args)  # type: ignore[attr-defined]
        self.link = Events()
        self.factory = BinanceClientFactory("ws://localhost:9/ws/x", reactor=self.clock)
        self.factory.protocol = self.protocol_class
        self.factory.link = self.link
        self.protocol, self.wire = connect(self.factory)

    def tearDown(self) -> None:
        """Nothing is left on the clock once the connection is gone."""
        self.lose()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def open(self) -> None:
        accept(self.protocol, self.wire)
        self.link.take()
        self.wire.clear()

    def lose(self, reason: Exception | None = None) -> None:
        if self.protocol is not None:
            protocol, self.protocol = self.protocol, None
            protocol.connectionLost(Failure(reason or ConnectionLost()))

    def receive(self, *pieces: bytes) -> list[Any]:
        for piece in pieces:
            self.protocol.dataReceived(piece)
        return self.link.take()


class TestOpeningDetails(ProtocolCase):
    """Autobahn reports certificate and options of each connection; ours only if asked."""

    def setUp(self) -> None:
        super().setUp()
        self.asked = 0
        for module in (protocol_module, autobahn.twisted.websocket):
            self.patch(module, "create_transport_details", self.details)

    def details(self, transport: object, is_server: bool) -> TransportDetails:
        self.asked += 1
        return TransportDetails(peer="of the transport", is_server=is_server)

    def begin(self, kind: type[BinanceClientProtocol]) -> Any:
        self.factory.protocol = kind
        protocol, wire = connect(self.factory)
        accept(protocol, wire)
        self.addCleanup(protocol.connectionLost, Failure(ConnectionDone()))
        return protocol

    def test_the_certificate_is_read_when_the_details_are_asked_for(self) -> None:
        protocol = self.begin(BinanceClientProtocol)
        assert self.asked == 0
        assert protocol.transport_details.peer == "of the transport"

    def test_a_hook_before_the_handshake_gets_all_details(self) -> None:
        seen: list[Any] = []

        class Hooked(BinanceClientProtocol):
            def onConnecting(self, transport_details: Any) -> None:
                seen.append(transport_details.peer)

        self.begin(Hooked)
        assert seen == ["of the transport"]

    def test_options_come_from_the_class_or_else_the_factory(self) -> None:
        class Chosen(BinanceClientProtocol):
            openHandshakeTimeout = 3
            autoPingInterval = 0  # the default

        self.factory.setProtocolOptions(
            openHandshakeTimeout=7, closeHandshakeTimeout=5, autoPingInterval=9
        )
        protocol = self.begin(Chosen)
        assert (protocol.openHandshakeTimeout, protocol.closeHandshakeTimeout) == (3, 5)
        assert protocol.autoPingInterval == 0
        self.factory.setProtocolOptions(closeHandshakeTimeout=6)
        assert protocol.closeHandshakeTimeout == 5

    def test_options_of_one_factory_are_not_those_of_another(self) -> None:
        before = self.factory.failByDrop, self.factory.perMessageCompressionAccept([])
        self.factory.setProtocolOptions(failByDrop=True, perMessageCompressionAccept=len)
        self.factory.perMessageCompressionOffers.append("one of mine")
        other = BinanceClientFactory("ws://localhost")
        assert (other.perMessageCompressionOffers, other.protocol.perMessageCompressionOffers) == (
            [],
            [],
        )
        assert (other.failByDrop, other.perMessageCompressionAccept([])) == before == (False, None)
        self.factory.logFrames = True  # no option that Autobahn resets
        self.factory.resetProtocolOptions()
        protocol = self.begin(BinanceClientProtocol)
        assert (protocol.failByDrop, protocol.logFrames) == (False, True)

    def test_details_of_a_closed_connection(self) -> None:
        protocol = self.begin(BinanceClientProtocol)
        protocol.connectionLost(Failure(ConnectionDone()))
        assert (protocol.transport_details.peer, self.asked) == (protocol.peer, 0)


class OpeningTests(ProtocolCase):
    def test_opened_is_told_once_the_handshake_is_done(self) -> None:
        accept(self.protocol, self.wire)
        self.assertEqual(self.link.take(), ["opened"])

    def test_frames_behind_the_answer_are_delivered_after_opened(self) -> None:
        accept(self.protocol, self.wire, text({"a": 1}) + text([2]))
        told = self.link.take(reads=True)
        self.assertEqual(told[:3], ["opened", ("message", {"a": 1}), ("message", [2])])
        self.assertEqual(told[3][0::2], ("read", 2))

    def test_no_compression_is_offered(self) -> None:
        self.assertNotIn(b"Sec-WebSocket-Extensions", self.wire.value())

    def test_the_socket_is_set_to_send_at_once(self) -> None:
        self.assertTrue(self.wire.no_delay)

    def test_a_server_that_never_answers_is_left_after_ten_seconds(self) -> None:
        self.clock.advance(9.9)
        self.assertFalse(self.wire.aborted)
        self.clock.advance(0.2)
        self.assertTrue(self.wire.aborted)

    def test_an_answer_that_came_while_the_reactor_was_blocked_is_in_time(self) -> None:
        self.clock.advance(15)
        self.assertFalse(self.wire.aborted)
        accept(self.protocol, self.wire)
        self.assertEqual(self.link.take(), ["opened"])

    def refused(self, answer: bytes) -> Any:
        self.protocol.dataReceived(answer)
        self.assertTrue(self.wire.aborted)
        self.lose(ConnectionDone())
        told = self.link.take()
        self.assertEqual(len(told), 1)
        return told[0]

    def test_a_refusal_tells_its_status_and_how_long_to_wait(self) -> None:
        told = self.refused(
            b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n"
        )
        self.assertEqual(told[:3], ("closed", False, None))
        self.assertIn("429", told[3])
        self.assertEqual(told[4:], (429, 17.0))

    def test_a_latin_1_octet_in_a_head_costs_neither_the_status_nor_the_words(self) -> None:
        told = self.refused(
            "HTTP/1.1 403 Acc\u00e8s refus\u00e9\r\nServer: caf\u00e9\r\n\r\n".encode("iso-8859-1")
        )
        self.assertIn("Acc\u00e8s refus\u00e9", told[3])
        self.assertEqual(told[4:], (403, None))

    def test_a_latin_1_octet_in_a_head_that_comes_in_pieces(self) -> None:
        self.protocol.dataReceived("HTTP/1.1 403 Acc\u00e8s".encode("iso-8859-1"))
        told = self.refused(" refus\u00e9\r\nServer: caf\u00e9\r\n\r\n".encode("iso-8859-1"))
        self.assertIn("Acc\u00e8s refus\u00e9", told[3])

    def test_a_latin_1_octet_in_a_header_of_a_server_that_accepts(self) -> None:
        accept(self.protocol, self.wire, head=b"Via: caf\xe9\r\n")
        self.assertEqual(self.link.take()[0], "opened")

    def test_an_endless_retry_after_is_the_longest_ban(self) -> None:
        told = self.refused(b"HTTP/1.1 429 No\r\nRetry-After: " + b"9" * 400 + b"\r\n\r\n")
        self.assertEqual(told[4:], (429, 3 * 86_400.0))

    def test_a_ban_may_be_named_in_the_text_alone_which_may_come_later(self) -> None:
        until = int((time.time() + 900) * 1000)
        text = b'{"code":-1003,"msg":"Way too many requests; IP banned until %d."}' % until
        head = b"HTTP/1.1 418 Teapot\r\nContent-Length: %d\r\n\r\n" % len(text)
        self.protocol.dataReceived(head)
        self.protocol.dataReceived(text[:40])
        self.assertFalse(self.wire.aborted)
        told = self.refused(text[40:])
        self.assertEqual(told[4], 418)
        self.assertTrue(880 < told[5] <= 900)

    def test_a_ban_whose_text_is_cut_short_is_a_ban(self) -> None:
        self.protocol.dataReceived(b"HTTP/1.1 418 Teapot\r\nContent-Length: 99\r\n\r\nWay")
        self.lose(ConnectionDone())
        self.assertEqual(self.link.take()[0][4:], (418, 120.0))

    def test_a_ban_whose_text_stalls_is_a_ban(self) -> None:
        self.protocol.dataReceived(b"HTTP/1.1 418 Teapot\r\nContent-Length: 99\r\n\r\nWay")
        self.clock.pump([1.0] * 12)
        self.assertTrue(self.wire.aborted)
        self.lose()
        self.assertEqual(self.link.take()[0][4:], (418, 120.0))

    def test_a_refusal_without_retry_after(self) -> None:
        self.assertEqual(self.refused(b"HTTP/1.1 451 Region\r\n\r\n")[4:], (451, None))

    def test_an_answer_that_is_not_http_is_no_status(self) -> None:
        self.assertEqual(self.refused(b"SSH-2.0-x 22\r\n\r\n")[4:], (None, None))

    def test_an_answer_that_is_not_utf8_fails_the_handshake(self) -> None:
        told = self.refused(b"HTTP/1.1 101 \xff\xfe\r\nX\xff: y\r\n\r\n")
        self.assertEqual(told[:3], ("closed", False, None))

    def test_a_wrong_accept_key_is_no_status(self) -> None:
        told = self.refused(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"
        )
        self.assertEqual(told[4:], (None, None))

    def test_an_endless_answer_is_cut_short(self) -> None:
        for _ in range(20):
            self.protocol.dataReceived(b"X-Filler: " + b"x" * 4096 + b"\r\n")
        self.assertTrue(self.wire.aborted)


class MessageTests(ProtocolCase):
    def setUp(self) -> None:
        super().setUp()
        self.open()

    def test_all_frames_of_a_read_are_delivered_in_order_and_the_read_told_after_them(self) -> None:
        data = text({"a": 1}) + text([2, "x"]) + frame(b'"' + b"y" * 400 + b'"')
        self.protocol.dataReceived(data)
        self.assertEqual(
            self.link.take(reads=True),
            [
                ("message", {"a": 1}),
                ("message", [2, "x"]),
                ("message", "y" * 400),
                ("read", len(data), 3),
            ],
        )

    def test_the_last_message_is_known_whichever_way_it_came(self) -> None:
        two, halves = {"t": 2}, (frame(b'{"t":', first=0), frame(b" 2}", 0))
        reads = (
            (text({"t": 1}) + text(two), two),
            (b"".join(halves), two),
            (text({"t": 1}) + halves[0] + halves[1], two),
            (b"".join(halves) + text({"t": 1}), {"t": 1}),
            (text(two) + frame(b"p", 9), two),
            (frame(b"p", 9), two),
            (text({"t": 1}) + frame(b"no JSON"), {"t": 1}),
            (frame(b"no JSON") + text(two) + frame(b"no JSON"), two),
            (frame(b"no JSON"), two),
        )
        for data, last in reads:
            self.protocol.dataReceived(data)
            self.assertEqual(self.protocol.last_message, last, data)

    def test_lengths_at_the_borders_of_their_encodings(self) -> None:
        for length in (2, 3, 124, 125, 126, 127, 65534, 65535, 65536, 65537):
            payload = b'"' + b"z" * (length - 2) + b'"'
            self.assertEqual(self.receive(frame(payload)), [("message", "z" * (length - 2))])

    def test_a_frame_of_one_octet(self) -> None:
        self.assertEqual(self.receive(frame(b"1")), [("message", 1)])

    def test_cut_at_every_position(self) -> None:
        data = text({"a": 1}) + frame(b'"' + b"y" * 130 + b'"') + frame(b"p", 9) + text([2])
        expected = [("message", {"a": 1}), ("message", "y" * 130), ("ping", b"p"), ("message", [2])]
        for cut in range(len(data) + 1):
            self.assertEqual(self.receive(data[:cut], data[cut:]), expected, cut)

    def test_octet_by_octet(self) -> None:
        data = text({"a": 1}) + text("y" * 300)
        self.assertEqual(
            self.receive(*(data[i : i + 1] for i in range(len(data)))),
            [("message", {"a": 1}), ("message", "y" * 300)],
        )

    def test_fragments_with_a_ping_between_come_out_the_same_way(self) -> None:
        told = self.receive(
            frame(b'{"a":', first=0) + frame(b"?", 9) + frame(b" [1]}", opcode=0) + text(2)
        )
        self.assertEqual(told, [("ping", b"?"), ("message", {"a": [1]}), ("message", 2)])
        self.assertEqual(unmasked(self.wire.value()), [(10, b"?")])

    def test_the_read_of_a_fragmented_message_counts_it_once(self) -> None:
        self.protocol.dataReceived(frame(b"[", first=0) + frame(b"]", opcode=0))
        self.assertEqual(self.link.take(reads=True)[-1], ("read", 6, 1))

    def test_a_pong_is_told(self) -> None:
        self.assertEqual(self.receive(frame(b"7", 10)), [("pong", b"7")])

    def test_what_is_not_json_is_told_and_the_link_lives(self) -> None:
        told = self.receive(text(1) + frame(b"{oops") + frame(b"") + text(2))
        self.assertEqual(
            told, [("message", 1), ("malformed", b"{oops"), ("malformed", b""), ("message", 2)]
        )

    def test_a_fragmented_message_that_is_not_json(self) -> None:
        told = self.receive(frame(b"{oo", first=0) + frame(b"ps", opcode=0) + text(2))
        self.assertEqual(told, [("malformed", b"{oops"), ("message", 2)])

    def test_binary_json_is_decoded(self) -> None:
        told = self.receive(frame(b'{"e":"x"}', 2) + frame(b"[1]", 2) + frame(b"{oops", 2))
        self.assertEqual(told, [("message", {"e": "x"}), ("message", [1]), ("malformed", b"{oops")])

    def test_what_the_sink_raises_costs_one_message(self) -> None:
        """Whichever way it came, and whatever else the read brings."""
        took: list[Any] = []

        def sink(message: Any) -> None:
            took.append(message)
            if message == 2:
                raise KeyError("data")

        self.link.link_message = sink  # type: ignore[method-assign]
        fragments = frame(b"2", first=0) + frame(b"", opcode=0)
        for bad in (text(2), fragments, frame(b"2", 2)):
            with self.subTest(bad=bad):
                took.clear()
                told = self.receive(text(1) + bad + text(3) + text(4)[:1], text(4)[1:] + text(2))
                self.assertEqual(took, [1, 2, 3, 4, 2])
                self.assertEqual([what for what, *_ in told], ["unprocessed", "unprocessed"])
        self.assertEqual(self.receive(text(2) * 3), [("unprocessed", "KeyError('data')")] * 3)
        self.assertEqual(self.protocol.state, self.protocol.STATE_OPEN)

    def test_gzip_is_understood_other_binary_is_malformed(self) -> None:
        told = self.receive(
            frame(gzip.compress(b'{"e":"x"}'), 2) + frame(b"\x00\x01", 2) + frame(b"\x1f\x8b", 2)
        )
        self.assertEqual(
            told,
            [("message", {"e": "x"}), ("malformed", b"\x00\x01"), ("malformed", b"\x1f\x8b")],
        )

    @pytest.mark.slow
    def test_gzip_that_would_burst_is_malformed(self) -> None:
        bomb = gzip.compress(b'"' + b"0" * (MAX_MESSAGE + 1) + b'"')
        self.assertEqual(self.receive(frame(bomb, 2)), [("malformed", bomb)])

    def test_bad_utf8_closes_with_1007(self) -> None:
        told = self.receive(text(1) + frame(b'"\xff"') + text(2))
        self.assertEqual(told, [("message", 1)])
        ((opcode, payload),) = unmasked(self.wire.value())
        self.assertEqual((opcode, payload[:2]), (8, struct.pack("!H", 1007)))
        self.lose()
        ((_, was_clean, code, reason, *_),) = self.link.take()
        self.assertEqual((was_clean, code), (False, 1007))
        self.assertIn("UTF-8", reason)

    def test_too_long_a_message_closes_with_1009_from_its_header_alone(self) -> None:
        self.receive(struct.pack("!BBQ", 0x81, 127, MAX_MESSAGE + 1))
        ((opcode, payload),) = unmasked(self.wire.value())
        self.assertEqual((opcode, payload[:2]), (8, struct.pack("!H", 1009)))

    @pytest.mark.slow
    def test_the_longest_message_that_is_taken(self) -> None:
        payload = b'"' + b"x" * (MAX_MESSAGE - 2) + b'"'
        ((_, message),) = self.receive(frame(payload))
        self.assertEqual(len(message), MAX_MESSAGE - 2)

    def test_a_callback_that_closes_ends_the_walk_for_autobahn_to_go_on(self) -> None:
        self.link.on_message = lambda message: message == 1 and self.protocol.sendClose(1000)
        self.assertEqual(self.receive(text(1) + text(2)), [("message", 1), ("message", 2)])
        self.assertEqual([opcode for opcode, _ in unmasked(self.wire.value())], [8])

    def test_a_callback_that_aborts_ends_it_all(self) -> None:
        self.link.on_message = lambda message: self.protocol.dropConnection(abort=True)
        self.assertEqual(self.receive(text(1) + text(2), text(3)), [("message", 1)])

    def test_octets_that_a_callback_makes_arrive_come_after_those_already_there(self) -> None:
        later = [text(4), text(5)[:2]]

        def nested(message: object) -> None:
            while later:
                self.protocol.dataReceived(later.pop(0))

        self.link.on_message = nested
        told = self.receive(text(1) + text(2) + text(3))
        self.assertEqual([event[1] for event in told], [1, 2, 3, 4])  # at once
        told += self.receive(text(5)[2:])
        self.assertEqual([event[1] for event in told], [1, 2, 3, 4, 5])

    def test_an_exception_that_a_link_lets_out_loses_and_doubles_nothing(self) -> None:
        def raising(message: object) -> None:
            if message == 2:
                raise KeyboardInterrupt

        self.link.on_message = raising
        with self.assertRaises(KeyboardInterrupt):
            self.protocol.dataReceived(text(1) + text(2) + text(3))
        self.assertEqual(self.receive(text(4)), [("message", value) for value in (1, 2, 3, 4)])

    def test_statistics_are_autobahns(self) -> None:
        self.receive(text("abc") + frame(b"[", first=0) + frame(b"]", opcode=0))
        stats = self.protocol.trafficStats
        self.assertEqual(stats.incomingWebSocketFrames, 3)
        self.assertEqual(stats.incomingWebSocketMessages, 2)
        self.assertEqual(stats.incomingOctetsAppLevel, 7)
        self.assertEqual(stats.incomingOctetsWebSocketLevel, 7)
        self.assertEqual(stats.incomingOctetsWireLevel, 13)

    def test_a_listener_of_autobahns_is_served(self) -> None:
        heard: list[bytes] = []
        self.protocol.on("message", lambda payload, is_binary: heard.append(payload))
        self.assertEqual(self.receive(text(1)), [("message", 1)])
        self.assertEqual(heard, [b"1"])


class HeldFrameTests(ProtocolCase):
    """A frame in many pieces is copied a bounded number of times."""

    def setUp(self) -> None:
        super().setUp()
        self.open()

    def test_pieces_of_a_frame_are_joined_once(self) -> None:
        payload = b'"' + b"x" * (MAX_HELD - 2) + b'"'
        data = frame(payload)
        pieces = [data[i : i + 1000] for i in range(0, len(data), 1000)]
        for piece in pieces[:-1]:
            self.protocol.dataReceived(piece)
            self.assertEqual(self.protocol.data, b"")  # nothing that grows with each piece
        self.assertEqual(self.link.messages(), [])
        self.protocol.dataReceived(pieces[-1])
        self.assertEqual(self.link.messages(), [payload[1:-1].decode()])

    def test_a_longer_frame_is_streamed_by_autobahn(self) -> None:
        data = frame(b'"' + b"x" * MAX_HELD + b'"')
        for i in range(0, len(data), 4096):
            self.protocol.dataReceived(data[i : i + 4096])
            self.assertEqual(self.protocol.data, b"")
            self.assertEqual(self.protocol._pieces, [])
        self.assertEqual(self.link.messages(), ["x" * MAX_HELD])

    def test_closing_while_a_frame_is_held(self) -> None:
        data = text("held") + text("next")
        self.protocol.dataReceived(data[:3])
        self.protocol.sendClose(1000)
        self.assertEqual(self.receive(data[3:]), [("message", "held"), ("message", "next")])

    def test_a_close_frame_behind_a_held_frame(self) -> None:
        data = text("held") + frame(struct.pack("!H", 1001), 8)
        self.assertEqual(self.receive(data[:4], data[4:]), [("message", "held")])
        self.assertEqual(unmasked(self.wire.value()), [(8, struct.pack("!H", 1000))])

    def test_what_comes_behind_a_held_frame_that_autobahn_takes(self) -> None:
        bad = frame(b'"' + b"\xff" * 300 + b'"')
        self.receive(bad[:100])
        self.assertEqual(self.receive(bad[100:] + text([2])), [])
        ((_, payload),) = unmasked(self.wire.value())
        self.assertEqual(payload[:2], struct.pack("!H", 1007))

    def test_a_listener_that_comes_while_a_frame_is_held(self) -> None:
        heard: list[bytes] = []
        data = text("held")
        self.protocol.dataReceived(data[:5])
        self.protocol.on("message", lambda payload, is_binary: heard.append(payload))
        told = self.receive(data[5:] + text("next"))
        self.assertEqual(told, [("message", "held"), ("message", "next")])
        self.assertEqual(heard, [b'"held"', b'"next"'])

    def test_a_listener_that_a_held_frame_brings(self) -> None:
        heard: list[bytes] = []

        def hear(message: object) -> None:
            if message == "held":
                self.protocol.on("message", lambda payload, is_binary: heard.append(payload))

        self.link.on_message = hear
        data = text("held")
        self.protocol.dataReceived(data[:5])
        told = self.receive(data[5:] + text("next"))
        self.assertEqual(told, [("message", "held"), ("message", "next")])
        self.assertEqual(heard, [b'"next"'])

    def test_octets_are_logged_where_the_user_asks_for_it(self) -> None:
        logged: list[bytes] = []
        self.protocol.logOctets = True
        self.protocol.logRxOctets = logged.append
        self.receive(text("x"))
        self.assertEqual(logged, [text("x")])


class RoomTests(ProtocolCase):
    """How much is read at a time."""

    def setUp(self) -> None:
        super().setUp()
        self.open()
        self.protocol.transport = self.socket = Socket()
        self.link.may_read_ahead = True
        # The messages of a read take as long as the test says.
        self.patch(protocol_module, "monotonic", lambda: self.now)
        self.now = self.seconds = 0.0
        self.link.on_message = self.work

    def work(self, message: object) -> None:
        self.now += self.seconds

    def read(self, octets: int) -> int:
        """Receive so many octets, a multiple of 1024; the size of the next read."""
        piece = frame(b'"' + b"x" * (1024 - 6) + b'"')
        self.receive(piece * (octets // len(piece)))
        return self.socket.bufferSize

    def full(self) -> int:
        """Receive as much as there is room for; the size of the next read."""
        return self.read(self.socket.bufferSize)

    def test_it_grows_while_reads_are_full_and_shrinks_after_small_ones(self) -> None:
        self.assertEqual(self.read(LEAST_ROOM - 1024), LEAST_ROOM)
        self.assertEqual(self.full(), 2 * LEAST_ROOM)
        self.assertEqual(self.full(), 4 * LEAST_ROOM)
        self.assertEqual(self.read(1024), 2 * LEAST_ROOM)
        self.assertEqual(self.read(1024), LEAST_ROOM)
        self.assertEqual(self.read(1024), LEAST_ROOM)

    def test_it_has_a_limit(self) -> None:
        sizes = [self.full() for _ in range(6)]
        self.assertEqual(sizes[-2:], [MOST_ROOM, MOST_ROOM])

    def test_a_slow_callback_makes_it_small_again(self) -> None:
        self.full()
        self.full()
        self.seconds = 0.1
        self.assertEqual(self.full(), 2 * LEAST_ROOM)
        self.assertEqual(self.full(), LEAST_ROOM)
        self.assertEqual(self.full(), LEAST_ROOM)

    def test_another_thread_gets_no_more_than_before(self) -> None:
        self.full()
        self.full()
        self.link.may_read_ahead = False  # the user has given another callback
        self.assertEqual(self.full(), LEAST_ROOM)
        self.assertEqual(self.full(), LEAST_ROOM)

    def test_a_transport_that_does_not_read_the_socket_is_left_alone(self) -> None:
        self.protocol.transport = wire = Wire()
        self.full()
        self.assertFalse(hasattr(wire, "bufferSize"))


class SendingTests(ProtocolCase):
    """What is sent is what Autobahn would send, and is counted as Autobahn counts it."""

    def setUp(self) -> None:
        super().setUp()
        self.open()

    def sent(self) -> list[tuple[int, bytes]]:
        return unmasked(self.wire.value())

    def test_messages_and_pings_arrive_as_they_are(self) -> None:
        for payload in (b"", b"{}", b"x" * 125):
            self.protocol.sendMessage(payload)
        self.protocol.sendPing(b"1")
        self.protocol.sendPong(b"2")
        expected = [(1, b""), (1, b"{}"), (1, b"x" * 125), (9, b"1"), (10, b"2")]
        self.assertEqual(self.sent(), expected)

    def test_each_frame_has_a_mask_of_its_own(self) -> None:
        for _ in range(4):
            self.protocol.sendMessage(b"{}")
        frames = {self.wire.value()[at : at + 8] for at in range(0, 32, 8)}
        self.assertEqual(len(frames), 4)

    def test_statistics_are_autobahns(self) -> None:
        self.protocol.sendMessage(b"abc")
        self.protocol.sendPing(b"1")
        stats = self.protocol.trafficStats
        names = [name for name in vars(stats) if name.startswith("outgoing")]
        before = {name: getattr(stats, name) for name in names}
        self.assertEqual(before["outgoingWebSocketFrames"], 1)
        self.assertEqual(before["outgoingOctetsWireLevel"], len(self.wire.value()))
        self.protocol._sends_whole = False
        self.protocol.sendMessage(b"abc")
        self.protocol.sendPing(b"1")
        self.assertEqual({name: getattr(stats, name) / 2 for name in names}, before)

    def test_fragments_are_left_to_autobahn(self) -> None:
        self.protocol.sendMessage(b"abcd", fragmentSize=3)
        self.assertEqual(self.sent(), [(1, b"abc"), (0, b"d")])
        self.assertEqual([self.wire.value()[at] for at in (0, 9)], [1, 0x80])

    def test_octets_are_logged_where_the_user_asks_for_it(self) -> None:
        logged: list[bytes] = []
        self.protocol.logOctets = True
        self.protocol.logTxOctets = lambda data, sync: logged.append(data)
        self.protocol.sendMessage(b"{}")
        self.assertEqual(logged, [self.wire.value()])

    def test_nothing_is_sent_after_the_end(self) -> None:
        self.lose()
        self.assertEqual(self.wire.value(), b"")


class OverriddenSendingTests(ProtocolCase):
    class Recording(BinanceClientProtocol):
        """A protocol of a user, which looks at what is sent."""

        recorded: list[bytes] = []

        def sendData(self, data: bytes, *args: Any, **options: Any) -> None:
            self.recorded.append(data)
            super().sendData(data, *args, **options)

    protocol_class = Recording

    def test_a_users_method_gets_each_frame(self) -> None:
        self.open()
        self.Recording.recorded.clear()
        self.protocol.sendMessage(b"{}")
        self.assertEqual(self.Recording.recorded, [self.wire.value()])


class ClosingTests(ProtocolCase):
    def setUp(self) -> None:
        super().setUp()
        self.open()

    def test_a_close_by_the_server(self) -> None:
        self.receive(frame(struct.pack("!H", 1008) + b"Pong timeout", 8))
        self.lose(ConnectionDone())
        self.assertEqual(self.link.take(), [("closed", True, 1008, "Pong timeout", None, None)])

    def test_a_lost_connection(self) -> None:
        self.lose()
        ((_, was_clean, code, reason, status, wait),) = self.link.take()
        self.assertEqual((was_clean, code, status, wait), (False, 1006, None, None))
        self.assertIn("without previous WebSocket closing handshake", reason)

    def test_a_server_that_closes_but_does_not_hang_up_is_left(self) -> None:
        self.receive(frame(struct.pack("!H", 1000), 8))
        self.assertFalse(self.wire.aborted)
        self.clock.advance(1.0)
        self.assertTrue(self.wire.aborted)

    def test_what_comes_before_the_answer_to_our_close_is_delivered(self) -> None:
        """However long it takes, where the caller keeps the time."""
        self.protocol.closeHandshakeTimeout = 0
        self.protocol.sendClose(1000)
        self.clock.advance(60)
        self.assertFalse(self.wire.aborted)
        self.assertEqual(self.receive(text(1) + text(2)), [("message", 1), ("message", 2)])
        self.receive(frame(struct.pack("!H", 1000), 8))
        self.lose(ConnectionDone())
        self.assertEqual(self.link.take(), [("closed", True, 1000, None, None, None)])

    def test_a_server_that_does_not_answer_our_close_is_left(self) -> None:
        self.protocol.sendClose(1000)
        self.clock.advance(0.9)
        self.assertFalse(self.wire.aborted)
        self.clock.advance(0.2)
        self.assertTrue(self.wire.aborted)

    def test_our_close_answered_leaves_no_timer_behind(self) -> None:
        self.protocol.sendClose(1000)
        self.receive(frame(struct.pack("!H", 1000), 8))
        self.lose(ConnectionDone())
        self.assertEqual(self.link.take(), [("closed", True, 1000, None, None, None)])

    def test_a_second_close_frame_leaves_no_timer_behind(self) -> None:
        close = frame(struct.pack("!H", 1000), 8)
        self.receive(close, close)

    def test_octets_after_the_end_are_not_kept(self) -> None:
        self.protocol.dropConnection(abort=True)
        self.receive(text(1))
        self.assertEqual(self.protocol.data, b"")

    def test_a_polite_close_of_the_transport_that_hangs_is_made_an_abort(self) -> None:
        self.protocol.dropConnection(abort=False)
        self.assertFalse(self.wire.aborted)
        self.clock.advance(1.0)
        self.assertTrue(self.wire.aborted)


class Overriding(BinanceClientProtocol):
    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self.factory.seen.append((payload, isBinary))
        if payload == b'"raise"':
            raise RuntimeError("mine")
        if payload == b'"exit"':
            raise SystemExit(3)


class OverriddenOnMessageTests(ProtocolCase):
    protocol_class = Overriding

    def setUp(self) -> None:
        super().setUp()
        self.factory.seen = []
        self.open()

    def test_each_message_goes_there_undecoded(self) -> None:
        data = text(1) + frame(b"{not json") + frame(b"\x01", 2)
        self.protocol.dataReceived(data)
        self.assertEqual(self.factory.seen, [(b"1", False), (b"{not json", False), (b"\x01", True)])
        self.assertEqual(self.link.take(reads=True), [("read", len(data), 3)])

    def test_it_is_served_by_the_walk(self) -> None:
        self.protocol.processData = None  # the walk leaves nothing to Autobahn here
        self.receive(text([1]) + text([2]))
        self.assertEqual(len(self.factory.seen), 2)

    def test_bad_utf8_never_gets_there(self) -> None:
        self.receive(frame(b'"\xc3\xa4"') + frame(b"\xff") + text(1))
        self.assertEqual(self.factory.seen, [(b'"\xc3\xa4"', False)])
        self.assertEqual(unmasked(self.wire.value())[0][1][:2], struct.pack("!H", 1007))

    def test_an_exception_is_told_and_the_rest_delivered(self) -> None:
        told = self.receive(text("raise") + text(2))
        self.assertEqual(told, [("error", "RuntimeError('mine')")])
        self.assertEqual(len(self.factory.seen), 2)
        self.assertFalse(self.wire.disconnecting)

    def test_an_exception_over_a_fragmented_message_is_told_too(self) -> None:
        told = self.receive(frame(b'"ra', first=0) + frame(b'ise"', opcode=0) + text(2))
        self.assertEqual(told, [("error", "RuntimeError('mine')")])
        self.assertEqual(len(self.factory.seen), 2)

    def test_system_exit_is_told(self) -> None:
        self.assertEqual(self.receive(text("exit")), [("error", "SystemExit(3)")])


class Passing(BinanceClientProtocol):
    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        super().onMessage(payload, isBinary)


class PassedOnMessageTests(ProtocolCase):
    protocol_class = Passing

    def test_the_last_message_is_the_decoded_one(self) -> None:
        self.open()
        self.receive(text({"t": 1}) + text({"t": 2}))
        self.assertEqual(self.protocol.last_message, {"t": 2})


class OverriddenWithoutLinkTests(ProtocolCase):
    protocol_class = Overriding

    def test_an_exception_is_logged_and_the_rest_delivered(self) -> None:
        self.factory.seen = []
        self.factory.link = None
        self.open()
        with self.assertLogs("binance", "ERROR") as log:
            self.receive(text("raise") + text(2))
        self.assertEqual(len(self.factory.seen), 2)
        self.assertIs(log.records[0].exc_info[0], RuntimeError)


class Streaming(BinanceClientProtocol):
    def onMessageFrameData(self, payload: bytes) -> None:
        self.factory.seen.append(payload)
        super().onMessageFrameData(payload)


class OverriddenFrameHookTests(ProtocolCase):
    protocol_class = Streaming

    def test_hooks_of_frames_are_called(self) -> None:
        self.factory.seen = []
        self.open()
        self.assertEqual(self.receive(text([1]) + text([2])), [("message", [1]), ("message", [2])])
        self.assertEqual(self.factory.seen, [b"[1]", b"[2]"])


class Careless(BinanceClientProtocol):
    """Overrides without calling the base class, as old scripts do."""

    def onOpen(self) -> None:
        raise ValueError("in onOpen")

    def onClose(self, wasClean: bool, code: Any, reason: Any) -> None:
        raise ValueError("in onClose")


class CarelessOverrideTests(ProtocolCase):
    protocol_class = Careless

    def test_the_link_is_told_all_the_same(self) -> None:
        accept(self.protocol, self.wire)
        self.assertEqual(self.receive(text(1))[1:], ["opened", ("message", 1)])
        self.lose()
        told = self.link.take()
        self.assertEqual(told[0], ("error", "ValueError('in onClose')"))
        self.assertEqual(told[1][:3], ("closed", False, 1006))


class PlainTests(ProtocolCase):
    """Without the fast lane, where Autobahn lacks what that needs."""

    protocol_class = PlainProtocol

    def test_the_link_is_told_of_the_opening_and_of_all_that_comes(self) -> None:
        accept(self.protocol, self.wire)
        told = self.receive(text(1) + frame(b"p", 9) + frame(b"q", 10) + frame(b"no JSON"))
        self.assertEqual(
            told,
            ["opened", ("message", 1), ("ping", b"p"), ("pong", b"q"), ("malformed", b"no JSON")],
        )

    def test_without_a_link_an_opening_tells_nobody(self) -> None:
        self.factory.link = None
        accept(self.protocol, self.wire)
        self.assertEqual(self.protocol.state, self.protocol.STATE_OPEN)
        self.assertEqual(self.link.take(), [])

    def test_a_loss_before_the_handshakes_end_has_no_code(self) -> None:
        self.lose()
        (told,) = self.link.take()
        self.assertEqual(told[:3], ("closed", False, None))

    def test_a_loss_after_it_has_one(self) -> None:
        self.open()
        self.lose()
        (told,) = self.link.take()
        self.assertEqual(told[:3], ("closed", False, 1006))


class UserDrivenFactoryTests(ProtocolCase):
    """Without a link: the factory's callback, and the classical retries."""

    def setUp(self) -> None:
        super().setUp()
        self.got: list[Any] = []
        self.factory.link = None
        self.factory.callback = self.got.append

    def test_messages_reach_the_callback_and_pings_are_answered(self) -> None:
        self.open()
        self.receive(text({"e": "trade"}) + frame(b"1", 9) + frame(b"[3", first=0) + frame(b"]", 0))
        self.assertEqual(self.got, [{"e": "trade"}, [3]])
        self.assertEqual(unmasked(self.wire.value()), [(10, b"1")])

    def test_a_malformed_message_is_logged_without_its_listen_key(self) -> None:
        self.open()
        with self.assertLogs("binance", "WARNING") as log:
            self.receive(frame(b'{"stream":"' + b"Ab1" * 21 + b'x","data"'))
        self.assertIn('{"stream":"***","data"', log.output[0])

    def test_a_callback_that_raises_is_logged_and_the_link_lives(self) -> None:
        self.open()

        def raising(message: object) -> None:
            self.got.append(message)
            raise KeyError("e")

        self.factory.callback = raising
        with self.assertLogs("binance", "ERROR") as log:
            self.receive(text(1) + text(2))
        self.assertEqual(self.got, [1, 2])
        self.assertEqual(len(log.records), 1)
        self.assertIs(log.records[0].exc_info[0], KeyError)
        self.assertFalse(self.wire.disconnecting)

    def test_what_is_not_json_is_logged_cut_to_200_octets(self) -> None:
        self.open()
        with self.assertLogs("binance", "WARNING") as log:
            self.receive(frame(b"x" * 1000))
        self.assertLess(len(log.output[0]), 300)

    def test_five_retries_then_the_error_payload_once(self) -> None:
        attempts = []

        class Connector:
            def connect(self) -> None:
                attempts.append(self)

        connector = Connector()
        for _ in range(8):
            self.factory.clientConnectionFailed(connector, Failure(ConnectionLost()))
            self.clock.advance(20)
        self.assertEqual(len(attempts), 5)
        self.assertEqual(self.got, [{"e": "error", "m": "Max reconnect retries reached"}])

    def test_a_first_message_forgets_the_retries_but_the_handshake_does_not(self) -> None:
        self.factory.retries = 3
        self.open()
        self.assertEqual(self.factory.retries, 3)
        self.receive(text(1))
        self.assertEqual(self.factory.retries, 0)

    def test_no_retry_where_the_user_said_so(self) -> None:
        self.factory.stopTrying()
        self.factory.clientConnectionLost(object(), Failure(ConnectionLost()))
        self.assertEqual(self.got, [])

    def test_none_at_all_where_reconnect_is_false(self) -> None:
        self.factory.reconnect = False
        self.factory.clientConnectionLost(object(), Failure(ConnectionLost()))
        self.assertEqual((self.factory.retries, self.got), (0, []))

    def test_a_message_does_not_undo_that_the_user_has_stopped_trying(self) -> None:
        self.open()
        self.factory.stopTrying()
        self.receive(text(1))
        self.assertEqual((self.factory.continueTrying, self.got), (0, [1]))

    def test_no_callback_yet(self) -> None:
        self.factory.callback = None
        self.open()
        self.receive(text(1) + text([2]))
        self.assertFalse(self.wire.disconnecting)

    def test_the_end_of_a_connection_without_a_link(self) -> None:
        self.open()
        self.lose()
        self.assertEqual(self.link.take(), [])

    def test_system_exit_in_the_callback_stops_the_reactor(self) -> None:
        self.open()
        stopped = []
        self.clock.stop = lambda: stopped.append(True)  # type: ignore[attr-defined]

        def leaving(message: object) -> None:
            raise SystemExit

        self.factory.callback = leaving
        with self.assertLogs("binance", "ERROR"):
            self.receive(text(1))
        self.assertEqual(stopped, [True])


def test_delays_of_the_reconnecting_factory() -> None:
    factory = BinanceReconnectingClientFactory()
    assert (factory.initialDelay, factory.maxDelay, factory.maxRetries) == (0.1, 10, 5)
