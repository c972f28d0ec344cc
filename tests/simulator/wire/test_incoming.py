from twisted.internet import error
from twisted.internet.protocol import Protocol
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from binance.simulator.wire.incoming import MOST_HEAD, PATIENCE, GateFactory, Wire, read_head

REQUEST = b"GET /ws/a?x=1 HTTP/1.1\r\nHost: h\r\nUPGRADE: WebSocket\r\n\r\n"


class Transport(StringTransport):
    def abortConnection(self):
        self.aborting = True
        self.disconnecting = True


class Inner(Protocol):
    def __init__(self):
        self.heard = b""
        self.lost = None

    def dataReceived(self, data):
        self.heard += data

    def connectionLost(self, reason):
        self.lost = reason


class Door:
    """Records what it is asked; lets everybody in but those it was told to refuse."""

    def __init__(self):
        self.events = []
        self.inner = Inner()
        self.refuses = False
        self.waits = 0.0

    def accepted(self, gate):
        self.events.append("accepted")

    def choose(self, gate, head):
        self.events.append(("choose", head.verb, head.target, head.is_websocket))
        if self.refuses:
            gate.refuse(429, "Too Many Requests", b"no", {"Retry-After": "7"})
            return None
        return self.inner

    def patience(self, head):
        return self.waits

    def gone(self, gate):
        self.events.append("gone")


class GateTests(SynchronousTestCase):
    def setUp(self):
        self.clock = Clock()
        self.door = Door()
        self.gate = GateFactory(self.door, self.clock).buildProtocol(None)
        self.transport = Transport()
        self.gate.makeConnection(self.transport)

    def tearDown(self):
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def lose(self):
        self.gate.connectionLost(Failure(error.ConnectionDone()))

    def test_the_first_request_decides_and_the_rest_is_passed_on(self):
        """However the bytes are cut, the chosen protocol gets all of them."""
        for byte in REQUEST:
            self.gate.dataReceived(bytes([byte]))
        self.gate.dataReceived(b"more")
        self.lose()
        self.assertEqual(
            self.door.events, ["accepted", ("choose", "GET", "/ws/a?x=1", True), "gone"]
        )
        self.assertEqual(self.door.inner.heard, REQUEST + b"more")
        self.assertIsNotNone(self.door.inner.lost)

    def test_what_comes_with_the_head_is_not_lost(self):
        self.gate.dataReceived(REQUEST + b"early")
        self.assertEqual(self.door.inner.heard, REQUEST + b"early")

    def test_a_refusal_is_an_http_response_and_the_end(self):
        self.door.refuses = True
        self.gate.dataReceived(REQUEST)
        self.assertEqual(
            self.transport.value(),
            b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\nConnection: close\r\n"
            b"Retry-After: 7\r\n\r\nno",
        )
        self.assertTrue(self.transport.disconnecting)

    def test_what_is_no_request_is_refused(self):
        self.gate.dataReceived(b"hello\r\n\r\n")
        self.assertTrue(self.transport.value().startswith(b"HTTP/1.1 400 "))

    def test_an_endless_head_is_cut(self):
        self.gate.dataReceived(b"x" * (MOST_HEAD + 1))
        self.assertTrue(self.transport.disconnecting)
        self.lose()

    def test_who_says_nothing_is_cut_in_the_end(self):
        self.clock.advance(PATIENCE)
        self.assertTrue(self.transport.disconnecting)

    def test_a_late_answer(self):
        self.door.waits = 3.0
        self.gate.dataReceived(REQUEST)
        self.gate.dataReceived(b"impatient")
        self.clock.advance(2.9)
        self.assertEqual(self.door.events, ["accepted"])
        self.clock.advance(0.1)
        self.assertEqual(self.door.inner.heard, REQUEST + b"impatient")

    def test_who_leaves_before_the_late_answer(self):
        self.door.waits = 3.0
        self.gate.dataReceived(REQUEST)
        self.lose()
        self.assertEqual(self.door.events, ["accepted", "gone"])


class WireTests(SynchronousTestCase):
    def setUp(self):
        self.clock = Clock()
        self.transport = Transport()
        self.wire = Wire(self.transport, self.clock)

    def test_without_a_fault_the_transport_writes_itself(self):
        self.assertEqual(self.wire.write, self.transport.write)
        self.wire.writeSequence([b"a", b"b"])
        self.assertEqual(self.transport.value(), b"ab")
        self.assertEqual(self.wire.getPeer(), self.transport.getPeer())

    def test_frozen_it_neither_reads_nor_writes_nor_closes(self):
        self.wire.freeze()
        self.wire.write(b"x")
        self.wire.loseConnection()
        self.wire.abortConnection()
        self.wire.slow(10.0, 0.0)
        self.wire.write(b"y")
        self.assertEqual(self.transport.value(), b"")
        self.assertEqual(self.transport.producerState, "paused")
        self.assertFalse(self.transport.disconnecting)
        self.wire.abort()
        self.assertTrue(self.transport.disconnecting)

    def test_latency_delays_and_keeps_the_order(self):
        self.wire.slow(None, 1.0)
        self.wire.write(b"a")
        self.clock.advance(0.5)
        self.wire.write(b"b")
        self.assertEqual(self.transport.value(), b"")
        self.clock.advance(0.5)
        self.assertEqual(self.transport.value(), b"a")
        self.clock.advance(0.5)
        self.assertEqual(self.transport.value(), b"ab")

    def test_a_rate_lets_bytes_trickle(self):
        self.wire.slow(100.0, 0.0)
        self.wire.write(b"x" * 100)
        for tenth in range(1, 11):
            self.clock.advance(0.1)
            self.assertEqual(len(self.transport.value()), tenth * 10)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_fast_again_once_what_waits_has_gone(self):
        self.wire.slow(None, 1.0)
        self.wire.write(b"a")
        self.wire.fast()
        self.wire.write(b"b")
        self.assertEqual(self.transport.value(), b"")
        self.clock.advance(1.0)
        self.assertEqual(self.transport.value(), b"ab")
        self.assertEqual(self.wire.write, self.transport.write)

    def test_a_slow_wire_closes_after_what_waits(self):
        self.wire.slow(None, 1.0)
        self.wire.write(b"bye")
        self.wire.loseConnection()
        self.assertFalse(self.transport.disconnecting)
        self.clock.advance(1.0)
        self.assertEqual(self.transport.value(), b"bye")
        self.assertTrue(self.transport.disconnecting)

    def test_too_much_waiting_is_told_once(self):
        told = []
        self.wire.guard(10, lambda: told.append(self.wire.waiting))
        self.wire.write(b"x" * 50)
        flow = self.transport.producer
        flow.pauseProducing()
        self.assertTrue(self.wire.full)
        self.wire.write(b"12345")
        self.wire.write(b"1234567")
        self.wire.write(b"1234567")
        self.assertEqual(told, [12])
        flow.resumeProducing()
        self.assertFalse(self.wire.full)
        self.assertEqual(self.wire.write, self.transport.write)

    def test_closing_takes_the_guard_away(self):
        self.wire.guard(10, lambda: None)
        self.wire.loseConnection()
        self.assertIsNone(self.transport.producer)
        self.assertTrue(self.transport.disconnecting)


class HeadTests(SynchronousTestCase):
    def test_head(self):
        head = read_head(REQUEST)
        self.assertEqual((head.verb, head.target, head.path), ("GET", "/ws/a?x=1", "/ws/a"))
        self.assertEqual(head.headers, {"host": "h", "upgrade": "WebSocket"})

    def test_no_head(self):
        for data in (b"\r\n\r\n", b"GET /\r\n\r\n", b"GET / FTP\r\n\r\n", b"\x16\x03\x01\r\n\r\n"):
            self.assertIsNone(read_head(data))
