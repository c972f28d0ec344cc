import pytest
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.protocol import Factory, Protocol

from binance.tx.wire.dial import DialError, dial
from binance.tx.wire.protocol import BinanceClientFactory
from simulation.world import install, tls
from simulation.world.install import reactor
from simulation.world.network import Network
from tests.simulation.echo import Echo


class Heard(Protocol):
    def __init__(self) -> None:
        self.data = b""
        self.reason = ""

    def dataReceived(self, data: bytes) -> None:
        self.data += data
        if b"raise" in data:
            raise ValueError

    def connectionLost(self, reason: object = None) -> None:
        self.reason = reason.type.__name__  # type: ignore[attr-defined]


def world() -> tuple[Network, Echo]:
    network = install.reset(1)
    network.exchange = Echo()
    return network, network.exchange


def connected() -> tuple[Heard, Network, Echo]:
    network, exchange = world()
    heard = Heard()
    HostnameEndpoint(reactor, "a.sim.example", 80).connect(Factory.forProtocol(lambda: heard))
    reactor.run_until(1)
    return heard, network, exchange


def test_octets_arrive_in_order_late_and_whole() -> None:
    heard, _, exchange = connected()
    sent = [b"%d," % number for number in range(500)]
    for number, data in enumerate(sent):
        reactor.at(number * 0.01, exchange.links[0].end.down.send, data)
    heard.transport.write(b"up")  # type: ignore[union-attr]
    assert exchange.links[0].got == b""
    reactor.run_until(10)
    assert heard.data == b"".join(sent)
    assert exchange.links[0].got == b"up"


def test_a_close_flushes_what_was_written() -> None:
    heard, network, exchange = connected()
    heard.transport.write(b"last words")  # type: ignore[union-attr]
    heard.transport.loseConnection()  # type: ignore[union-attr]
    reactor.run_until(2)
    assert exchange.links[0].got == b"last words"
    assert exchange.links[0].is_lost
    assert heard.reason == "ConnectionDone"
    assert network.wires == []


@pytest.mark.parametrize(
    ("act", "reason", "is_whole"),
    [("server_fin", "ConnectionDone", True), ("server_rst", "ConnectionLost", False)],
)
def test_the_servers_end(act: str, reason: str, is_whole: bool) -> None:
    heard, _, exchange = connected()
    end = exchange.links[0].end
    end.down.send(b"last words")
    getattr(end, act)()
    reactor.run_until(2)
    assert heard.reason == reason
    assert (heard.data == b"last words") is is_whole


@pytest.mark.parametrize(("cut_chance", "held"), [(0.0, 0.0), (1.0, 0.0), (0.0, 10.0)])
def test_the_server_learns_when_all_was_read(
    monkeypatch: pytest.MonkeyPatch, cut_chance: float, held: float
) -> None:
    monkeypatch.setattr("simulation.world.network.CUT_CHANCE", cut_chance)
    heard, _, exchange = connected()
    end = exchange.links[0].end
    reads: list[bytes] = []
    heard.dataReceived = reads.append  # type: ignore[method-assign]
    told: list[tuple[int, bool]] = []
    end.down.send(b"two words")
    end.when_read(lambda: told.append((len(reads), reactor.now > 1 + held)))
    reactor.callLater(0, reactor.stall, held)
    reactor.run_until(20)
    assert told == [(len(reads) - 1, True)]  # with the last read, before what that leads to
    assert b"".join(reads) == b"two words"


def test_who_hangs_up_half_way_has_not_read_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulation.world.network.CUT_CHANCE", 1.0)
    heard, _, exchange = connected()
    end = exchange.links[0].end
    told: list[bool] = []
    heard.dataReceived = lambda data: heard.transport.loseConnection()  # type: ignore
    end.down.send(b"two words")
    end.when_read(lambda: told.append(True))
    reactor.run_until(20)
    assert (heard.reason, told) == ("ConnectionDone", [])


def test_half_open_is_silence() -> None:
    heard, network, exchange = connected()
    end = exchange.links[0].end
    end.half_open()
    end.down.send(b"nothing")
    heard.transport.write(b"nothing")  # type: ignore[union-attr]
    reactor.run_until(100)
    assert (heard.data, exchange.links[0].got, heard.reason) == (b"", b"", "")
    assert network.wires == [end]


def test_a_protocol_that_raises_loses_its_connection() -> None:
    heard, _, exchange = connected()
    exchange.links[0].end.down.send(b"raise")
    reactor.run_until(2)
    assert heard.reason == "ConnectionLost"
    assert exchange.links[0].is_lost
    assert [failure.type for failure in reactor.errors] == [ValueError]


def test_a_reader_that_pauses_gets_all_later() -> None:
    heard, _, exchange = connected()
    heard.transport.pauseProducing()  # type: ignore[union-attr]
    exchange.links[0].end.down.send(b"one")
    reactor.run_until(2)
    assert heard.data == b""
    heard.transport.resumeProducing()  # type: ignore[union-attr]
    reactor.run_until(3)
    assert heard.data == b"one"


def test_what_arrives_while_the_reactor_is_held_is_read_at_once_and_before_the_end() -> None:
    heard, _, exchange = connected()
    end = exchange.links[0].end
    reads: list[bytes] = []
    heard.dataReceived = reads.append  # type: ignore[method-assign]
    reactor.callLater(0, reactor.stall, 10)
    for number in range(5):
        reactor.at(1 + number, end.down.send, b"%d" % number)
    reactor.at(7, end.server_fin)
    reactor.run_until(20)
    assert reads == [b"01234"]
    assert heard.reason == "ConnectionDone"


def test_a_reader_that_pauses_while_it_is_held_reads_no_further() -> None:
    heard, _, exchange = connected()
    end = exchange.links[0].end

    def hold() -> None:
        reactor.stall(10)
        heard.transport.pauseProducing()  # type: ignore[union-attr]

    reactor.callLater(0, hold)
    reactor.at(1, end.down.send, b"one")
    reactor.at(2, end.server_fin)
    reactor.run_until(20)
    assert (heard.data, heard.reason) == (b"", "")
    heard.transport.resumeProducing()  # type: ignore[union-attr]
    reactor.run_until(21)
    assert (heard.data, heard.reason) == (b"one", "ConnectionDone")


@pytest.mark.parametrize("act", ["give up", "reset"])
def test_a_connection_that_is_up_before_the_client_notices(act: str) -> None:
    network, exchange = world()
    heard = Heard()
    factory = Factory.forProtocol(lambda: heard)
    ends: list[str] = []
    factory.clientConnectionFailed = lambda c, why: ends.append("failed")  # type: ignore[attr-defined]
    factory.clientConnectionLost = lambda c, why: ends.append("lost")  # type: ignore[attr-defined]
    factory.startedConnecting = lambda c: None  # type: ignore[attr-defined]

    def dial_and_hold() -> None:
        connector = reactor.connectTCP("a.sim.example", 80, factory)
        if act == "reset":
            reactor.at(2, lambda: exchange.links[0].end.server_rst())  # noqa: PLW0108 - not there yet
        reactor.stall(10)
        if act == "give up":
            connector.stopConnecting()

    reactor.callLater(0, dial_and_hold)
    reactor.run_until(20)
    assert ends == ["failed" if act == "give up" else "lost"]
    assert network.wires == []
    assert not reactor.errors
    assert exchange.links[0].is_lost is (act == "give up")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"mode": "refuse"}, "refused"),
        ({"mode": "hole"}, "not done after 10 s"),
        ({"no_dns": True}, "DNS lookup failed"),
    ],
)
def test_dials_that_come_to_nothing(fault: dict[str, object], words: str) -> None:
    network, exchange = world()
    for name, value in fault.items():
        setattr(network, name, value)
    factory = BinanceClientFactory("ws://a.sim.example/")
    factory.allow_plain = True
    failures: list[BaseException] = []
    dial(reactor, "ws://a.sim.example/", factory).addErrback(lambda f: failures.append(f.value))
    reactor.run_until(20)
    assert [type(error) for error in failures] == [DialError]
    assert words in str(failures[0])
    assert network.wires == exchange.links == []
    assert reactor.getDelayedCalls() == []


def test_tls_is_spoken_where_the_client_begins_it() -> None:
    _, exchange = world()
    url = "wss://a.sim.example/ws/bnbbtc@trade"
    factory = BinanceClientFactory(url)
    made: list[object] = []
    dial(reactor, url, factory, ca_file=tls.ca_file()).addCallback(made.append)
    reactor.run_until(2)
    assert len(made) == 1
    assert exchange.links[0].is_open
    assert exchange.links[0].got.startswith(b"GET /ws/bnbbtc@trade HTTP/1.1\r\n")


def test_an_authority_that_is_not_trusted_is_refused() -> None:
    _, exchange = world()
    failures: list[BaseException] = []
    factory = BinanceClientFactory("wss://a.sim.example/")
    dial(reactor, "wss://a.sim.example/", factory).addErrback(lambda f: failures.append(f.value))
    reactor.run_until(5)
    assert getattr(failures[0], "certificate", False)
    assert exchange.links[0].got == b""


def test_a_reactor_that_stops_loses_its_connections() -> None:
    heard, network, exchange = connected()
    reactor.callLater(100, heard.dataReceived, b"never")
    reactor.stop()
    reactor.run_until(200)
    assert heard.reason == "ConnectionLost"
    assert heard.data == b""
    assert exchange.links[0].is_lost
    assert network.wires == []
