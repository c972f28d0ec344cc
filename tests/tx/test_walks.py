"""The walks of CONTRIBUTING.rst: what they list is called, in that order.

A manager runs on a reactor in memory. The exchange is the other end of a TLS connection in memory.
"""

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from twisted.internet.error import ConnectionLost
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.tcp import Client
from twisted.internet.testing import MemoryReactorClock
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure

from benchmarks.start_calls import calls_of
from binance.events import Connected, Disconnected, Resumed, Retrying
from binance.tx.loop import epoll_loop
from binance.tx.loop import reactor as tx_reactor
from binance.websockets import BinanceSocketManager

select = pytest.importorskip("select")
if not hasattr(select, "EPOLLIN"):
    pytest.skip("the walks are those of Linux", allow_module_level=True)

WALKS = tomllib.loads((Path(__file__).parent.parent / "data/walks.toml").read_text("utf-8"))
HOST = "walks.example"
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

Call = tuple[str, str]


def calls(action: Callable[[], object]) -> list[Call]:
    """The functions of ours that an action calls, as file and name."""
    return [(file, name.replace(".<locals>", "")) for file, name in calls_of(action).made]


def first_not_called(steps: list[list[str]], made: list[Call]) -> str | None:
    """The first step of a walk that is not called after the step before it; None if all are."""
    left = iter(made)
    for number, (file, function, _) in enumerate(steps, 1):
        if (file, function) not in left:
            return f"{number}. {file} {function}"
    return None


def follow(walk: str, action: Callable[[], object]) -> None:
    """Carry out an action; fail if its calls are not those of the walk."""
    made = calls(action)
    missing = first_not_called(WALKS[walk]["steps"], made)
    if missing is not None:
        lines = "".join(f"\n  {file} {function}" for file, function in made)
        pytest.fail(f"not called after the step before it: {missing}. Called:{lines}", False)


class Exchange(Protocol):
    """Accepts the WebSocket handshake, and sends what the test asks for."""

    def dataReceived(self, data: bytes) -> None:
        key = re.search(rb"Sec-WebSocket-Key: (\S+)", data)
        if key is not None:
            digest = hashlib.sha1(key[1] + GUID).digest()
            self.transport.write(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n"
                % base64.b64encode(digest)
            )

    def send(self, **message: object) -> None:
        payload = json.dumps(message).encode()
        self.transport.write(bytes((0x81, len(payload))) + payload)


class Rig:
    """A manager, its reactor, and its exchange."""

    def __init__(self, reactor: Any, authority: Any, wires: Any) -> None:
        self.reactor, self.authority, self.wires = reactor, authority, wires
        self.got: list[Any] = []
        self.events: list[Any] = []
        self.manager = BinanceSocketManager(
            None, ca_file=authority.ca_file, proxy="", on_event=self.events.append
        )
        self.manager.STREAM_URL = f"wss://{HOST}/"

    def start(self) -> None:
        assert self.manager.start_trade_socket("BNBBTC", self.got.append) == "bnbbtc@trade"

    def connect(self) -> None:
        """What was dialled last is up: TCP, TLS and the WebSocket handshake."""
        self.exchange = Exchange()
        inner = Factory()
        inner.buildProtocol = lambda address: self.exchange
        context = self.authority.server(HOST)
        tls = TLSMemoryBIOFactory(context, False, inner, self.reactor).buildProtocol(None)
        factory = self.reactor.tcpClients[-1][2]
        self.pair = self.wires(factory.buildProtocol(None), tls, self.reactor)
        self.pair.pump()

    def read(self) -> None:
        """The loop reads what the exchange has sent."""
        self.reactor.advance(0)
        octets = self.pair.far.take()
        client = Client.__new__(Client)
        client.socket = SimpleNamespace(recv=lambda size: octets)
        client.protocol = self.pair.client
        reactor = SimpleNamespace(
            _poller=SimpleNamespace(poll=lambda timeout, most: [(1, select.EPOLLIN)]),
            _selectables={1: client},
            _doReadOrWrite=None,
            _disconnectSelectable=None,
        )
        epoll_loop._serving(reactor)(None)

    def lose(self) -> None:
        self.pair.client.connectionLost(Failure(ConnectionLost()))


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch, authority: Any, wires: Any) -> Iterator[Rig]:
    reactor: Any = MemoryReactorClock()
    reactor.callFromThread = lambda function, *args: function(*args)
    monkeypatch.setattr(tx_reactor, "get", lambda: reactor)
    rig = Rig(reactor, authority, wires)
    yield rig
    rig.manager.close()
    rig.lose()
    reactor.advance(0)
    assert reactor.getDelayedCalls() == []


def test_a_frame(rig: Rig) -> None:
    rig.start()
    rig.connect()
    rig.exchange.send(e="trade", t=1)
    rig.read()
    rig.exchange.send(e="trade", t=2)
    follow("frame", rig.read)
    assert [message["t"] for message in rig.got] == [1, 2]


def test_a_start(rig: Rig) -> None:
    follow("start", rig.start)
    assert [where[1] for where in rig.reactor.tcpClients] == [443]
    rig.connect()


def test_a_lost_link(rig: Rig) -> None:
    rig.start()
    rig.connect()
    rig.exchange.send(e="trade", t=1)
    rig.pair.pump()

    def recover() -> None:
        rig.lose()
        rig.reactor.advance(2)
        rig.connect()
        rig.exchange.send(e="trade", t=2)
        rig.pair.pump()

    follow("recovery", recover)
    assert [type(event) for event in rig.events[1:]] == [Disconnected, Retrying, Connected, Resumed]


def test_a_step_that_is_not_called_in_its_place_is_named() -> None:
    steps = [["a.py", "A.f", ""], ["b.py", "g", ""], ["a.py", "A.f", ""]]
    f, g, h = ("a.py", "A.f"), ("b.py", "g"), ("b.py", "h")
    assert first_not_called(steps, [h, f, h, g, g, f]) is None
    assert first_not_called(steps, [f, f, g]) == "3. a.py A.f"
    assert first_not_called(steps, [f, h]) == "2. b.py g"
    assert first_not_called(steps, []) == "1. a.py A.f"
