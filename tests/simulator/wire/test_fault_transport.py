from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase

from binance.simulator.wire.fault_transport import FaultTransport


class Transport(StringTransport):
    def abortConnection(self):
        self.disconnecting = True


class FaultTransportTests(SynchronousTestCase):
    def setUp(self):
        self.clock = Clock()
        self.transport = Transport()
        self.fault_transport = FaultTransport(self.transport, self.clock)

    def test_without_a_fault_the_transport_writes_itself(self):
        self.assertEqual(self.fault_transport.write, self.transport.write)
        self.fault_transport.writeSequence([b"a", b"b"])
        self.assertEqual(self.transport.value(), b"ab")
        self.assertEqual(self.fault_transport.getPeer(), self.transport.getPeer())

    def test_frozen_it_neither_reads_nor_writes_nor_closes(self):
        self.fault_transport.freeze()
        self.fault_transport.write(b"x")
        self.fault_transport.loseConnection()
        self.fault_transport.abortConnection()
        self.fault_transport.slow(10.0, 0.0)
        self.fault_transport.write(b"y")
        self.assertEqual(self.transport.value(), b"")
        self.assertEqual(self.transport.producerState, "paused")
        self.assertFalse(self.transport.disconnecting)
        self.fault_transport.abort()
        self.assertTrue(self.transport.disconnecting)

    def test_latency_delays_and_keeps_the_order(self):
        self.fault_transport.slow(None, 1.0)
        self.fault_transport.write(b"a")
        self.clock.advance(0.5)
        self.fault_transport.write(b"b")
        self.assertEqual(self.transport.value(), b"")
        self.clock.advance(0.5)
        self.assertEqual(self.transport.value(), b"a")
        self.clock.advance(0.5)
        self.assertEqual(self.transport.value(), b"ab")

    def test_a_rate_lets_bytes_trickle(self):
        self.fault_transport.slow(100.0, 0.0)
        self.fault_transport.write(b"x" * 100)
        for tenth in range(1, 11):
            self.clock.advance(0.1)
            self.assertEqual(len(self.transport.value()), tenth * 10)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_fast_again_once_what_waits_has_gone(self):
        self.fault_transport.slow(None, 1.0)
        self.fault_transport.write(b"a")
        self.fault_transport.fast()
        self.fault_transport.write(b"b")
        self.assertEqual(self.transport.value(), b"")
        self.clock.advance(1.0)
        self.assertEqual(self.transport.value(), b"ab")
        self.assertEqual(self.fault_transport.write, self.transport.write)

    def test_a_slow_transport_closes_after_what_waits(self):
        self.fault_transport.slow(None, 1.0)
        self.fault_transport.write(b"bye")
        self.fault_transport.loseConnection()
        self.assertFalse(self.transport.disconnecting)
        self.clock.advance(1.0)
        self.assertEqual(self.transport.value(), b"bye")
        self.assertTrue(self.transport.disconnecting)

    def test_too_much_waiting_data_is_reported_once(self):
        told = []
        self.fault_transport.guard(10, lambda: told.append(self.fault_transport.waiting))
        self.fault_transport.write(b"x" * 50)
        flow = self.transport.producer
        flow.pauseProducing()
        self.assertTrue(self.fault_transport.full)
        self.fault_transport.write(b"12345")
        self.fault_transport.write(b"1234567")
        self.fault_transport.write(b"1234567")
        self.assertEqual(told, [12])
        flow.resumeProducing()
        self.assertFalse(self.fault_transport.full)
        self.assertEqual(self.fault_transport.write, self.transport.write)

    def test_closing_takes_the_guard_away(self):
        self.fault_transport.guard(10, lambda: None)
        self.fault_transport.loseConnection()
        self.assertIsNone(self.transport.producer)
        self.assertTrue(self.transport.disconnecting)
