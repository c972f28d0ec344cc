from twisted.internet import error
from twisted.internet.protocol import Protocol
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from binance.simulator.wire.incoming import HEAD_TIMEOUT, MAX_HEAD, IncomingConnection, read_head

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


class Admission:
    """Records what it is asked; lets everybody in but those it was told to refuse."""

    def __init__(self):
        self.events = []
        self.inner = Inner()
        self.refuses = False
        self.waits = 0.0

    def connected(self, incoming):
        self.events.append("accepted")

    def choose_protocol(self, incoming, head):
        self.events.append(("choose", head.verb, head.target, head.is_websocket))
        if self.refuses:
            incoming.refuse(429, "Too Many Requests", b"no", {"Retry-After": "7"})
            return None
        return self.inner

    def answer_delay(self, head):
        return self.waits

    def disconnected(self, incoming):
        self.events.append("gone")


class IncomingConnectionTests(SynchronousTestCase):
    def setUp(self):
        self.clock = Clock()
        self.admission = Admission()
        self.incoming = IncomingConnection(self.admission, self.clock)
        self.transport = Transport()
        self.incoming.makeConnection(self.transport)

    def tearDown(self):
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def lose(self):
        self.incoming.connectionLost(Failure(error.ConnectionDone()))

    def test_the_first_request_decides_and_the_rest_is_passed_on(self):
        """However the bytes are cut, the chosen protocol gets all of them."""
        for byte in REQUEST:
            self.incoming.dataReceived(bytes([byte]))
        self.incoming.dataReceived(b"more")
        self.lose()
        self.assertEqual(
            self.admission.events, ["accepted", ("choose", "GET", "/ws/a?x=1", True), "gone"]
        )
        self.assertEqual(self.admission.inner.heard, REQUEST + b"more")
        self.assertIsNotNone(self.admission.inner.lost)

    def test_what_comes_with_the_head_is_not_lost(self):
        self.incoming.dataReceived(REQUEST + b"early")
        self.assertEqual(self.admission.inner.heard, REQUEST + b"early")

    def test_a_refusal_is_an_http_response_and_the_end(self):
        self.admission.refuses = True
        self.incoming.dataReceived(REQUEST)
        self.assertEqual(
            self.transport.value(),
            b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\nConnection: close\r\n"
            b"Retry-After: 7\r\n\r\nno",
        )
        self.assertTrue(self.transport.disconnecting)

    def test_what_is_no_request_is_refused(self):
        self.incoming.dataReceived(b"hello\r\n\r\n")
        self.assertTrue(self.transport.value().startswith(b"HTTP/1.1 400 "))

    def test_an_endless_head_is_cut(self):
        self.incoming.dataReceived(b"x" * (MAX_HEAD + 1))
        self.assertTrue(self.transport.disconnecting)
        self.lose()

    def test_a_silent_connection_is_dropped_after_a_while(self):
        self.clock.advance(HEAD_TIMEOUT)
        self.assertTrue(self.transport.disconnecting)

    def test_a_late_answer(self):
        self.admission.waits = 3.0
        self.incoming.dataReceived(REQUEST)
        self.incoming.dataReceived(b"impatient")
        self.clock.advance(2.9)
        self.assertEqual(self.admission.events, ["accepted"])
        self.clock.advance(0.1)
        self.assertEqual(self.admission.inner.heard, REQUEST + b"impatient")

    def test_a_client_that_leaves_before_the_late_answer(self):
        self.admission.waits = 3.0
        self.incoming.dataReceived(REQUEST)
        self.lose()
        self.assertEqual(self.admission.events, ["accepted", "gone"])


class HeadTests(SynchronousTestCase):
    def test_head(self):
        head = read_head(REQUEST)
        self.assertEqual((head.verb, head.target, head.path), ("GET", "/ws/a?x=1", "/ws/a"))
        self.assertEqual(head.headers, {"host": "h", "upgrade": "WebSocket"})

    def test_no_head(self):
        for data in (b"\r\n\r\n", b"GET /\r\n\r\n", b"GET / FTP\r\n\r\n", b"\x16\x03\x01\r\n\r\n"):
            self.assertIsNone(read_head(data))
