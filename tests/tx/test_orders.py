"""Whatever the order of two threads' calls and the wire's events: what is stopped, ends.

The manager, its sockets, dials and protocols are the real ones; clock, TCP and the reactor's queue
of calls from other threads are in memory, and a test decides what comes next.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from autobahn.twisted.websocket import (
    WebSocketServerFactory,
    WebSocketServerProtocol,
    connectWS,
)
from twisted.internet.address import IPv4Address
from twisted.internet.base import BaseConnector
from twisted.internet.defer import maybeDeferred
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.task import Clock
from twisted.python import threadable
from twisted.python.failure import Failure

from binance.tx import sockets
from binance.tx.loop import reactor
from binance.tx.sessions import user_connectors
from binance.tx.wire.dial import dial
from binance.websockets import BinanceClientFactory, BinanceSocketManager
from tests.pace import paced

DEADLINE = paced(5.0)

pytestmark = pytest.mark.thread  # that of each manager, which waits


class Server(WebSocketServerProtocol):
    """The exchange's end; `code` is what it was told at the end."""

    code: int | None = None

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        self.code = code


class Transport:
    """One end of a TCP connection that a test opens and pumps."""

    disconnecting = False

    def __init__(self, lost: Callable[[type[Exception]], None]) -> None:
        self.written: list[bytes] = []
        self.is_open = True
        self._lost = lost

    def write(self, data: bytes) -> None:
        if self.is_open:
            self.written.append(data)

    def writeSequence(self, data: list[bytes]) -> None:
        self.write(b"".join(data))

    def loseConnection(self) -> None:
        self.disconnecting = True

    def abortConnection(self) -> None:
        self.end(ConnectionLost)

    def end(self, why: type[Exception]) -> None:
        if self.is_open:
            self.is_open = False
            self._lost(why)

    def unregisterProducer(self) -> None:
        """None is ever registered."""

    def getPeer(self) -> None:
        return None

    getHost = getPeer


class Connector(BaseConnector):
    """Twisted's own, on a connection in memory."""

    client: Any = None
    near: Transport | None = None

    def _makeTransport(self) -> Any:
        self.near = None
        return self

    def getDestination(self) -> Any:
        return IPv4Address("TCP", "127.0.0.1", 1)

    def failIfNotConnected(self, why: Exception) -> None:
        self.connectionFailed(Failure(why))

    def up(self) -> None:
        """TCP is up."""
        self.client = client = self.buildProtocol(None)
        if client is None:
            return
        self.server = self.reactor.servers.buildProtocol(None)
        self.near, self.far = Transport(self._lost), Transport(lambda why: None)
        self.transport = self.near
        self.server.makeConnection(self.far)
        client.makeConnection(self.near)

    def _lost(self, why: type[Exception]) -> None:
        self.client.connectionLost(Failure(why()))
        self.connectionLost(Failure(why()))
        self.server.connectionLost(Failure(why()))

    def pump(self) -> bool:
        """Carry octets both ways; whether there were any."""
        near = self.near
        if near is None or not near.is_open:
            return False
        up, down = near.written[:], self.far.written[:]
        near.written.clear()
        self.far.written.clear()
        if up:
            self.server.dataReceived(b"".join(up))
        if down and near.is_open:
            self.client.dataReceived(b"".join(down))
        if not up and not down and (near.disconnecting or self.far.disconnecting):
            near.end(ConnectionDone)
            return True
        return bool(up or down)


class Reactor(Clock):
    """A clock, connections in memory, and what other threads have asked for."""

    running = True

    def __init__(self) -> None:
        super().__init__()
        self.posted: list[tuple[Callable[..., object], tuple[object, ...]]] = []
        self.connectors: list[Connector] = []
        self.is_inside = False
        self.servers = WebSocketServerFactory("ws://127.0.0.1:1", reactor=self)
        self.servers.protocol = Server

    def callFromThread(self, function: Callable[..., object], *args: object) -> None:
        self.posted.append((function, args))

    def connectTCP(
        self, host: str, port: int, factory: Any, timeout: float = 30, bindAddress: Any = None
    ) -> Connector:
        connector = Connector(factory, timeout, self)
        self.connectors.append(connector)
        connector.connect()
        return connector

    def getThreadPool(self) -> None:
        """None is needed."""

    # what a test does in the reactor's thread

    def inside(self, act: Callable[[], object]) -> None:
        self.is_inside = True
        try:
            act()
        finally:
            self.is_inside = False

    def run_posted(self) -> None:
        while self.posted:
            function, args = self.posted.pop(0)
            function(*args)

    def up(self) -> None:
        for connector in self.connectors:
            if connector.state == "connecting":
                connector.up()

    def pump(self) -> None:
        while sum(connector.pump() for connector in self.connectors):
            """Each of them is pumped until none has anything."""

    def settle(self, seconds: int) -> None:
        """Let time pass, with everything that happens in it."""
        for _ in range(seconds * 4):
            self.run_posted()
            self.pump()
            self.advance(0.25)


class Client:
    """Gives listen keys of its own making."""

    API_KEY, API_SECRET = "K" * 64, "S" * 64

    def stream_get_listen_key(self) -> str:
        return "L" * 60

    def stream_keepalive(self, listenKey: str) -> dict[str, object]:
        return {}


class Signing:
    API_KEY, API_SECRET = "K" * 64, "S" * 64


class Subclass(BinanceSocketManager):
    """As old scripts have it."""

    def _start_socket(self, path: str, callback: Any, prefix: str = "ws/") -> Any:
        factory = BinanceClientFactory(self.STREAM_URL + prefix + path)
        factory.callback = callback
        self._conns[path] = connectWS(factory, None)
        return path


KINDS: dict[str, tuple[type[BinanceSocketManager], Any, Callable[[Any, Any], Any]]] = {
    "raw": (BinanceSocketManager, None, lambda bm, cb: bm.start_trade_socket("BNBBTC", cb)),
    "multiplex": (
        BinanceSocketManager,
        None,
        lambda bm, cb: bm.start_multiplex_socket(["bnbbtc@trade"], cb),
    ),
    "listen key": (BinanceSocketManager, Client(), lambda bm, cb: bm.start_user_socket(cb)),
    "account": (BinanceSocketManager, Signing(), lambda bm, cb: bm.start_user_socket(cb)),
    "subclass": (Subclass, None, lambda bm, cb: bm.start_trade_socket("BNBBTC", cb)),
}
ENDS = ("stop", "close", "reactor")


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Reactor:
    made = Reactor()
    monkeypatch.setattr(reactor, "get", lambda: made)
    monkeypatch.setattr(reactor, "ensure_running", lambda: None)
    monkeypatch.setattr(reactor, "deferToThreadPool", lambda _, pool, call: maybeDeferred(call))
    monkeypatch.setattr(threadable, "isInIOThread", lambda: made.is_inside)
    monkeypatch.setattr("twisted.internet.reactor", made, raising=False)
    monkeypatch.setattr(
        sockets,
        "dial",
        partial(dial, endpoint=lambda host, port: TCP4ClientEndpoint(made, host, port)),
    )
    monkeypatch.setenv("BINANCE_WS_API_URL", "ws://127.0.0.1:1/ws-api/v3")
    monkeypatch.setattr(BinanceSocketManager, "STREAM_URL", "ws://127.0.0.1:1/")
    return made


class Story:
    """A manager with one socket, and what may happen to it."""

    def __init__(self, memory: Reactor, kind: str) -> None:
        self.memory = memory
        self.of_others = user_connectors.connectors.sockets()
        manager, client, self._start = KINDS[kind]
        self.bm = manager(client)
        self.bm.daemon = True  # a test that fails must not keep the process
        self.bm.start()
        self.got: list[Any] = []
        self.key: Any = "none"
        self.is_ended = False

    def do(self, step: str) -> None:
        if step in ("posted", "up", "pump"):
            act = {"posted": self.memory.run_posted, "up": self.memory.up}
            self.memory.inside(act.get(step, self.memory.pump))
        elif step == "start":
            self.key = self._start(self.bm, self.got.append)
        elif step == "stop":
            self.bm.stop_socket(self.key)
        elif step == "close":
            self.bm.close()
        else:
            self.memory.inside(self._stop_reactor)

    def _stop_reactor(self) -> None:
        reactor._close_lifetimes().addCallback(lambda _: reactor._end_lifetimes())

    def assert_nothing_left(self) -> None:
        self.bm.join(DEADLINE)
        assert not self.bm.is_alive()
        assert self.bm._open_sockets.sockets() == []
        assert set(user_connectors.connectors.sockets()) <= set(self.of_others)
        assert [each.state for each in self.memory.connectors if each.state != "disconnected"] == []
        assert [each for each in self.memory.connectors if each.near and each.near.is_open] == []
        assert self.memory.getDelayedCalls() == []
        assert self.got == []


def orders() -> Iterator[tuple[str, ...]]:
    """Each order of start, stop and the turns of the reactor between them."""
    turns = ("posted", "up", "pump", "posted")
    seen = set()
    for where in itertools.product(range(len(turns) + 1), repeat=2):
        steps: list[str] = []
        for place in range(len(turns) + 1):
            steps += [name for name, at in zip(("start", "end"), where, strict=True) if at == place]
            steps += turns[place : place + 1]
        seen.add(tuple(steps))
    return iter(sorted(seen))


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_in_whatever_order(memory: Reactor, kind: str, how: str) -> None:
    for order in orders():
        memory.connectors.clear()
        story = Story(memory, kind)
        for step in order:
            story.do(how if step == "end" else step)
        dialled = len(memory.connectors)
        if how == "stop" and order.index("start") < order.index("end"):
            memory.inside(partial(memory.settle, 1))
            memory.inside(memory.up)
            memory.inside(partial(memory.settle, 200))
            assert len(memory.connectors) == dialled or dialled == 0, order
            assert story.bm._open_sockets.sockets() == [], order
        story.do("close")
        memory.inside(partial(memory.settle, 5))
        try:
            story.assert_nothing_left()
        except AssertionError as error:
            raise AssertionError(f"{kind}, {how}: {order}") from error


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_open_link_ends_with_a_closing_handshake(memory: Reactor, kind: str, how: str) -> None:
    story = Story(memory, kind)
    for step in ("start", "posted", "up", "pump"):
        story.do(step)
    (connector,) = memory.connectors
    assert connector.server.state == Server.STATE_OPEN
    story.do(how)
    story.do("posted")
    assert story.bm.is_alive()  # it waits for the handshake
    story.do("pump")
    story.do("posted")
    assert connector.server.code == 1000
    if how != "stop":
        story.bm.join(DEADLINE)
        assert not story.bm.is_alive()
    story.do("close")
    memory.inside(partial(memory.settle, 5))
    story.assert_nothing_left()
