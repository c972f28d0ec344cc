"""The epoll reactor's shorter turn beside Twisted's own: the same reactor, run by either."""

import logging
import os
import socket

import pytest
from twisted.internet import threads
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import ClientFactory, Factory, Protocol
from twisted.python import log as twisted_log
from twisted.python import threadable

from binance.tx import turn

epollreactor = pytest.importorskip("twisted.internet.epollreactor")

DEADLINE = 10.0
HOST = "127.0.0.1"


@pytest.fixture(params=["Twisted's own", "shorter"])
def reactor(request, monkeypatch):
    """A reactor of the test's own, which no module knows."""
    monkeypatch.setattr(threadable, "ioThread", None)
    reactor = epollreactor.EPollReactor()
    if request.param == "shorter":
        assert turn.shorten(reactor)
    yield reactor
    for selectable in reactor.removeAll():
        selectable.connectionLost(None)
    reactor._poller.close()


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


def test_what_a_transport_raises_is_logged_and_costs_only_that_one(reactor):
    logged = []
    twisted_log.addObserver(logged.append)
    broken = Descriptor(reactor, lambda octets: 1 / 0)
    asked = Descriptor(reactor, lambda octets: reactor.stop())
    broken.peer.sendall(b"x")
    reactor.callLater(0.02, asked.peer.sendall, b"x")
    try:
        run(reactor)
    finally:
        twisted_log.removeObserver(logged.append)
    assert [reason.type for reason in broken.lost] == [ZeroDivisionError]
    assert len(asked.lost) == 1  # at the reactor's end
    assert [entry["failure"].type for entry in logged if entry["isError"]] == [ZeroDivisionError]


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


def test_a_turn_that_waits_for_nothing_for_ever_is_woken(reactor):
    """Without a delayed call the reactor waits without a limit; a call from a thread ends that."""
    threads.deferToThreadPool(
        reactor, reactor.getThreadPool(), reactor.callFromThread, reactor.stop
    )
    reactor.run(installSignalHandlers=False)
    assert not reactor.running


def test_others_keep_their_own_turn(caplog):
    class Other(epollreactor.EPollReactor):
        """A user's variety of it."""

    with_changes = epollreactor.EPollReactor()
    poller = with_changes._poller
    del with_changes._poller
    caplog.set_level(logging.DEBUG, logger="binance")
    assert not turn.shorten(with_changes)
    assert "_poller" in caplog.text
    poller.close()
    other = Other()
    assert not turn.shorten(object())
    assert not turn.shorten(other)
    assert "doIteration" not in vars(other)
    for selectable in other.removeAll():
        selectable.connectionLost(None)
    other._poller.close()
