"""The epoll reactor's shorter loop beside Twisted's own: the same reactor, run by either."""

import os
import socket
import threading

import pytest
from twisted.internet import threads
from twisted.internet.error import ConnectionAborted, ConnectionDone, ConnectionLost
from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.protocol import ClientFactory, Factory, Protocol
from twisted.python import log as twisted_log
from twisted.python import threadable
from twisted.python.failure import Failure
from zope.interface import implementer

from binance.tx.loop import epoll_loop
from tests.pace import paced

pytestmark = pytest.mark.loopback

epollreactor = pytest.importorskip("twisted.internet.epollreactor")

DEADLINE = paced(10.0)
HOST = "127.0.0.1"


@pytest.fixture(params=["Twisted's own", "shorter"])
def reactor(request, monkeypatch):
    """A reactor of the test's own, which no module knows."""
    monkeypatch.setattr(threadable, "ioThread", None)
    reactor = epollreactor.EPollReactor()
    if request.param == "shorter":
        assert epoll_loop.use_fast_loop(reactor)
    yield reactor
    for selectable in reactor.removeAll():
        selectable.connectionLost(Failure(ConnectionDone()))
    reactor._poller.close()


@pytest.fixture
def errors():
    """The types of what is logged as an error in this thread, where the reactor runs."""
    found, here = [], threading.get_ident()

    def note(entry):
        if entry["isError"] and threading.get_ident() == here:
            found.append(entry["failure"].type)

    twisted_log.addObserver(note)
    yield found
    twisted_log.removeObserver(note)


def run(reactor):
    late = reactor.callLater(DEADLINE, reactor.stop)
    reactor.run(installSignalHandlers=False)
    assert late.active(), "the reactor was stopped by its deadline"


class Descriptor:
    """One end of a pair of sockets, as a reactor sees it."""

    def __init__(self, reactor, on_read):
        self.socket, self.peer = socket.socketpair()
        self.on_read = on_read
        self.lost = []
        reactor.addReader(self)

    def fileno(self):
        return self.socket.fileno()

    def logPrefix(self):
        return "test"

    def doRead(self):
        return self.on_read(self.socket.recv(100))

    def connectionLost(self, reason):
        self.lost.append(reason)
        self.socket.close()
        self.peer.close()


def test_a_megabyte_there_and_back(reactor):
    data = os.urandom(1 << 20)
    got = []

    class Echo(Protocol):
        def dataReceived(self, octets):
            self.transport.write(octets)

    class Ask(Protocol):
        def connectionMade(self):
            self.transport.write(data)

        def dataReceived(self, octets):
            got.append(octets)
            if sum(map(len, got)) == len(data):
                self.transport.loseConnection()

        def connectionLost(self, reason):
            got.append(reason.type)
            reactor.stop()

    server = reactor.listenTCP(0, Factory.forProtocol(Echo), interface=HOST)
    asking = ClientFactory.forProtocol(Ask)
    asking.noisy = False
    reactor.connectTCP(HOST, server.getHost().port, asking)
    run(reactor)
    assert got.pop() is ConnectionDone
    assert b"".join(got) == data


def test_calls_are_made_in_their_time_and_from_other_threads(reactor):
    seen = []
    reactor.callWhenRunning(seen.append, "running")
    reactor.callLater(0, seen.append, "later")

    def in_thread():
        reactor.callFromThread(seen.append, "from a thread")
        return "done"

    def begin():
        called = threads.deferToThreadPool(reactor, reactor.getThreadPool(), in_thread)
        called.addCallback(seen.append)
        called.addCallback(lambda _: reactor.stop())

    reactor.callLater(0.01, begin)
    run(reactor)
    assert seen == ["running", "later", "from a thread", "done"]


def test_what_a_transport_raises_is_logged_and_costs_only_that_one(reactor, errors):
    broken = Descriptor(reactor, lambda octets: 1 / 0)
    asked = Descriptor(reactor, lambda octets: reactor.stop())
    broken.peer.sendall(b"x")
    reactor.callLater(0.02, asked.peer.sendall, b"x")
    run(reactor)
    assert [reason.type for reason in broken.lost] == [ZeroDivisionError]
    assert len(asked.lost) == 1  # at the reactor's end
    assert errors == [ZeroDivisionError]


def test_one_that_closes_the_other_in_the_same_turn(reactor):
    served = []

    def serve(octets):
        (mine,) = (each for each in both if octets == each.name)
        (other,) = (each for each in both if each is not mine)
        served.append(mine)
        reactor.removeReader(other)
        other.socket.close()
        reactor.callLater(0.02, reactor.stop)

    both = [Descriptor(reactor, serve), Descriptor(reactor, serve)]
    for name, each in zip((b"1", b"2"), both, strict=True):
        each.name = name
        each.peer.sendall(name)
    run(reactor)
    assert len(served) == 1
    assert [each for each in both if each.lost] == served  # at the reactor's end


class Client(Protocol):
    """A client that hands what it reads to a function, and stops the reactor when it is lost."""

    lost = None

    def __init__(self, on_read):
        self.on_read = on_read

    def dataReceived(self, octets):
        self.on_read(self, octets)

    def connectionLost(self, reason):
        self.lost = reason.type
        if self.transport.reactor.running:
            self.transport.reactor.stop()


def connect(reactor, greeting, protocol, on_answer=lambda server: server.loseConnection()):
    """Have a protocol connect to a server that greets it, and calls a function at each answer."""

    class Server(Protocol):
        def connectionMade(self):
            self.transport.write(greeting)

        def dataReceived(self, octets):
            on_answer(self.transport)

    port = reactor.listenTCP(0, Factory.forProtocol(Server), interface=HOST)
    factory = ClientFactory()
    factory.noisy = False
    factory.buildProtocol = lambda address: protocol
    reactor.connectTCP(HOST, port.getHost().port, factory)


def test_a_protocol_that_raises_loses_its_connection(reactor, errors):
    client = Client(lambda protocol, octets: 1 / 0)
    connect(reactor, b"hello", client)
    run(reactor)
    assert client.lost is ZeroDivisionError
    assert errors == [ZeroDivisionError]


def test_a_connection_says_how_much_is_read_at_a_time(reactor):
    got = []

    def read(protocol, octets):
        got.append(octets)
        protocol.transport.bufferSize = 3
        if sum(map(len, got)) == 8:
            protocol.transport.loseConnection()

    client = Client(read)
    client.connectionMade = lambda: setattr(client.transport, "bufferSize", 2)
    connect(reactor, b"12345678", client)
    run(reactor)
    assert got == [b"12", b"345", b"678"]


def test_nothing_comes_on_a_connection_that_was_aborted(reactor):
    """Both are readable in the same turn; the first to be served aborts the other one."""
    served = []

    def read(protocol, octets):
        served.append(protocol)
        (other,) = (each for each in both if each is not protocol)
        other.transport.abortConnection()
        other.transport.resumeProducing()
        protocol.transport.loseConnection()

    class Begin(Client):
        def connectionMade(self):
            self.transport.pauseProducing()
            if all(each.connected for each in both):
                reactor.callLater(0.05, resume)

    def resume():
        for each in both:
            each.transport.resumeProducing()

    both = [Begin(read), Begin(read)]
    for each in both:
        connect(reactor, b"hello", each, lambda server: None)
        each.connectionLost = lambda reason, each=each: lost(each, reason)
    ended = []

    def lost(each, reason):
        ended.append(reason.type)
        if len(ended) == len(both):
            reactor.stop()

    run(reactor)
    assert len(served) == 1
    assert set(ended) == {ConnectionAborted, ConnectionDone}


def test_a_half_closeable_protocol_that_raises_the_end_is_lost(reactor, errors):
    @implementer(IHalfCloseableProtocol)
    class Half(Client):
        def readConnectionLost(self):
            raise AssertionError("nobody closed it")

        def writeConnectionLost(self):
            raise AssertionError("nobody closed it")

    def read(protocol, octets):
        raise ConnectionDone

    client = Half(read)
    connect(reactor, b"hello", client)
    run(reactor)
    assert client.lost is ConnectionDone
    assert errors == [ConnectionDone]


class Faulty:
    """A socket whose next read fails."""

    def __init__(self, real, error):
        self.real = real
        self.error = error

    def __getattr__(self, name):
        return getattr(self.real, name)

    def recv(self, octets):
        error, self.error = self.error, None
        if error is not None:
            raise error
        return self.real.recv(octets)


@pytest.mark.parametrize(
    ("error", "reads", "lost"),
    [
        (BlockingIOError(11, "nothing there"), [b"1", b"2"], ConnectionDone),
        (ConnectionResetError(104, "reset"), [b"1"], ConnectionLost),
    ],
)
def test_a_read_that_fails(reactor, error, reads, lost):
    seen = []

    def read(protocol, octets):
        seen.append(octets)
        if octets == b"1":
            protocol.transport.socket = Faulty(protocol.transport.socket, error)
            protocol.transport.write(b"more")
        else:
            protocol.transport.loseConnection()

    client = Client(read)
    connect(reactor, b"1", client, lambda server: server.write(b"2"))
    run(reactor)
    assert seen == reads
    assert client.lost is lost


def test_a_half_that_is_closed(reactor):
    @implementer(IHalfCloseableProtocol)
    class Half(Client):
        halves = 0

        def readConnectionLost(self):
            self.halves += 1
            self.transport.loseConnection()

        def writeConnectionLost(self):
            raise AssertionError("that half is open")

    client = Half(lambda protocol, octets: protocol.transport.write(b"bye"))
    connect(reactor, b"hello", client, lambda server: server.loseWriteConnection())
    run(reactor)
    assert client.halves == 1


def test_reading_is_paused_and_resumed(reactor):
    steps = []

    def read(protocol, octets):
        steps.append(octets)
        if octets == b"1":
            protocol.transport.pauseProducing()
            protocol.transport.write(b"more")
            reactor.callLater(0.05, resume, protocol)
        else:
            protocol.transport.loseConnection()

    def resume(protocol):
        steps.append("resumed")
        protocol.transport.resumeProducing()

    client = Client(read)
    connect(reactor, b"1", client, lambda server: server.write(b"2"))
    run(reactor)
    assert steps == [b"1", "resumed", b"2"]


def stop(reactor, protocol):
    reactor.stop()


def stop_later(reactor, protocol):
    reactor.callLater(0, reactor.stop)


def stop_sooner_than_was_said(reactor, protocol):
    reactor.callLater(DEADLINE * 2, reactor.stop).reset(0.01)


def stop_from_a_thread(reactor, protocol=None):
    threads.deferToThreadPool(
        reactor, reactor.getThreadPool(), reactor.callFromThread, reactor.stop
    )


def stop_after_some_reads(reactor, protocol):
    reactor.callLater(0.05, reactor.stop)
    protocol.on_read = lambda protocol, octets: protocol.transport.write(octets)
    protocol.transport.write(b"again")


@pytest.mark.parametrize(
    "act",
    [stop, stop_later, stop_sooner_than_was_said, stop_from_a_thread, stop_after_some_reads],
)
def test_what_a_read_asks_of_the_reactor_is_done_in_its_time(reactor, act):
    """Nothing else is due for long: a loop that only waits for descriptors would miss it."""
    client = Client(lambda protocol, octets: act(reactor, protocol))
    client.connectionLost = lambda reason: None  # at the reactor's end
    connect(reactor, b"hello", client, lambda server: server.write(b"again"))
    run(reactor)


def test_a_crash_within_a_read(reactor):
    client = Client(lambda protocol, octets: reactor.crash())
    connect(reactor, b"hello", client)
    reactor.callLater(DEADLINE, lambda: None)
    reactor.run(installSignalHandlers=False)
    assert not reactor.running
    assert client.lost is None


def test_a_loop_that_fails_goes_on(reactor, errors):
    own = reactor.runUntilCurrent

    def fail():
        reactor.runUntilCurrent = own
        raise OSError("out of luck")

    reactor.callWhenRunning(setattr, reactor, "runUntilCurrent", fail)
    reactor.callLater(0.05, reactor.stop)
    run(reactor)
    assert errors == [OSError]


def test_iterating_by_hand_serves_once(reactor):
    reactor.startRunning(installSignalHandlers=False)
    read = []
    asked = Descriptor(reactor, read.append)
    asked.peer.sendall(b"x")
    reactor.callLater(DEADLINE, lambda: None)
    reactor.iterate(0)
    assert read == [b"x"]
    reactor.iterate(0)
    assert read == [b"x"]


@pytest.mark.parametrize("delay", [None, 3_000_000.0], ids=["for ever", "for longer than epoll"])
def test_a_turn_that_waits_for_long_is_woken(reactor, errors, delay):
    """By a descriptor, and by a call from a thread."""
    if delay is not None:
        reactor.callLater(delay, reactor.crash)
    asked = Descriptor(reactor, lambda octets: stop_from_a_thread(reactor))
    asked.peer.sendall(b"x")
    reactor.run(installSignalHandlers=False)
    assert not reactor.running
    assert errors == []


def test_others_keep_their_own_turn(monkeypatch):
    class Other(epollreactor.EPollReactor):
        """A user's variety of it."""

    with_changes = epollreactor.EPollReactor()
    with monkeypatch.context() as patch:  # as a Twisted to come may have it
        patch.setattr(epoll_loop.compat, "has", lambda way: way != "fast loop")
        assert not epoll_loop.use_fast_loop(with_changes)
    for selectable in with_changes.removeAll():
        selectable.connectionLost(None)
    with_changes._poller.close()
    other = Other()
    assert not epoll_loop.use_fast_loop(object())
    assert not epoll_loop.use_fast_loop(other)
    assert {"doIteration", "mainLoop"}.isdisjoint(vars(other))
    assert {"doIteration", "mainLoop"}.isdisjoint(vars(with_changes))
    for selectable in other.removeAll():
        selectable.connectionLost(None)
    other._poller.close()
