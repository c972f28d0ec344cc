"""Connections in memory: octets in order, late, bunched, cut anywhere, or lost with the link.

A dial is a SYN.  The network tells `exchange.syn(host)`.  When it arrives, `exchange.accept(end)`
gives the server's end of the connection; or the network refuses, or nothing answers, as its `mode`
is.  An exchange acts on the `ClientEnd`: `end.down.send(octets)`, `end.server_fin()` and so on;
`end.when_read(function)` tells when the client knows what was sent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from random import Random
from typing import Any, Protocol

from twisted.internet import error, interfaces
from twisted.internet.address import IPv4Address
from twisted.internet.base import BaseConnector
from twisted.python.failure import Failure
from zope.interface import implementer

from simulation.world import tls
from simulation.world.dice import Dice
from simulation.world.reactor import Reactor

__all__ = ["ClientEnd", "Connector", "Network", "Pipe", "ServerEnd"]

#: Seconds that the way takes on a good day, and what may be added by chance.
BASE, JITTER = 0.02, 0.03
#: How often what arrives is cut in two.
CUT_CHANCE = 0.03


class ServerEnd(Protocol):
    """What the model has at its end of a connection.

    Attributes:
        lag: seconds by which this machine's answers and events are late.
    """

    lag: float

    def received(self, data: bytes) -> None: ...

    def lost(self) -> None: ...


class Exchange(Protocol):
    """What is at the other end of the network."""

    def syn(self, host: str) -> None:
        """Somebody dials."""

    def accept(self, end: ClientEnd) -> ServerEnd | None:
        """A connection arrives; None refuses it."""


class Network:
    """Latency, names, and what becomes of dials.

    Attributes:
        exchange: whom it leads to; to be set before anybody dials.
        mode: of dials: "ok", "refuse" or "hole" (nothing ever answers).
        no_dns: no name is resolved.
        base, jitter: seconds that each way takes: at least, and more by chance.
        wires: the connections that the client holds.
    """

    def __init__(self, reactor: Reactor, dice: Dice) -> None:
        self.reactor, self._dice = reactor, dice
        self.exchange: Exchange
        self.wires: list[ClientEnd] = []
        self.dials: list[tuple[float, str]] = []
        self._way = dice.named("way")
        self._last = (-1, 0)  # when the last link was dialled, and how many were then
        self.heal()

    def heal(self) -> None:
        """Be a good network again."""
        self.mode = "ok"
        self.no_dns = False
        self.base, self.jitter = BASE, JITTER

    def latency(self, dice: Random | None = None) -> float:
        """Seconds that one way takes, by the dice of a link."""
        return self.base + self.jitter * (self._way if dice is None else dice).random()

    def dns_fails(self) -> bool:
        return self.no_dns

    # from the reactor

    def lose_all(self) -> None:
        """The process's reactor ends, and all of its connections."""
        for wire in list(self.wires):
            wire.lose()

    def connect(self, host: str, port: int, factory: Any, timeout: float) -> Connector:
        connector = Connector(self, host, port, factory, timeout)
        connector.connect()
        return connector

    # from a client's end

    def dialled(self, end: ClientEnd) -> None:
        self.dials.append((self.reactor.now, end.host))
        self.exchange.syn(end.host)
        if self.mode == "refuse":
            self.reactor.at(end.latency(), end.refuse, error.ConnectionRefusedError())
        elif self.mode != "hole":
            self.reactor.at(end.latency(), self._arrived, end)

    def dice_of(self, host: str) -> Random:
        """Dice for a link that is dialled now."""
        now = self.reactor.ns
        if self._last[0] != now:
            self._last = (now, 0)
        self._last = (now, self._last[1] + 1)
        return self._dice.named("link", host, *self._last)

    def _arrived(self, end: ClientEnd) -> None:
        if end.state != "connecting":
            return  # given up meanwhile: the server sees a connection that ends at once
        server = self.exchange.accept(end)
        if server is None:
            end.refuse(error.ConnectionRefusedError())
        else:
            end.accept(server)


class Connector(BaseConnector):
    """Twisted's, for connections in memory; steered from any thread, as the client's own is."""

    def __init__(
        self, network: Network, host: str, port: int, factory: Any, timeout: float
    ) -> None:
        super().__init__(factory, timeout, network.reactor)
        self._network, self.host, self.port = network, host, port

    def _makeTransport(self) -> ClientEnd:
        return ClientEnd(self._network, self.host, self.port, self)

    def getDestination(self) -> IPv4Address:
        return IPv4Address("TCP", self.host, self.port)

    def connect(self) -> None:
        self._in_reactor(super().connect)

    def disconnect(self) -> None:
        self._in_reactor(super().disconnect)

    def stopConnecting(self) -> None:
        self._in_reactor(super().stopConnecting)

    def _in_reactor(self, call: Callable[[], object]) -> None:
        if self.reactor.is_io:
            call()
        else:
            self.reactor.callFromThread(call)


class Pipe:
    """One direction of a connection."""

    def __init__(self, network: Network, deliver: Callable[[bytes], object], dice: Random) -> None:
        self._network, self._deliver, self._dice = network, deliver, dice
        #: seconds by which whoever writes here lags
        self.lag = 0.0
        #: octets that were sent
        self.total = 0
        self._sent: deque[bytes] = deque()
        self._is_due = False
        self._end: Callable[[], object] | None = None
        self._is_dead = False
        self._is_held = False

    def send(self, data: bytes) -> None:
        if not self._is_dead:
            self.total += len(data)
            self._sent.append(data)
            if not self._is_due:
                self._plan()

    def finish(self, end: Callable[[], object]) -> None:
        """Call `end` when all that was sent has arrived."""
        self._end = end
        self._plan()

    def hold(self) -> None:
        """The reader reads no more."""
        self._is_held = True

    def release(self) -> None:
        """The reader reads on."""
        self._is_held = False
        if self._sent or self._end:
            self._plan()

    def die(self) -> None:
        """Lose what is under way; nothing will ever arrive."""
        self._is_dead = True
        self._sent.clear()
        self._end = None

    def _plan(self) -> None:
        if not self._is_due and not self._is_held and not self._is_dead:
            self._is_due = True
            network = self._network
            delay = self.lag + network.base + network.jitter * self._dice.random()
            network.reactor.at(delay, self._arrive)

    def _arrive(self) -> None:
        self._is_due = False
        if self._is_dead or self._is_held:
            return
        sent = self._sent
        if sent:
            data = sent[0] if len(sent) == 1 else b"".join(sent)
            sent.clear()
            if len(data) > 1 and self._dice.random() < CUT_CHANCE:
                at = self._dice.randrange(1, len(data))
                sent.append(data[at:])
                data = data[:at]
            self._deliver(data)
        if self._sent:
            self._plan()
        elif self._end is not None and not self._is_dead:
            end, self._end = self._end, None
            end()


@implementer(interfaces.ITCPTransport)
class ClientEnd:
    """The client's transport, from its SYN to its end.

    Attributes:
        state: "connecting", "established" (which the client has not noticed), "connected" or
            "closed".
        opened, heard: when it was made, and when octets last came, by the world's clock.
    """

    disconnecting = False
    disconnected = 0

    def __init__(self, network: Network, host: str, port: int, connector: Connector) -> None:
        self.network, self.reactor, self.connector = network, network.reactor, connector
        self.host, self.port = host, port
        self.protocol: Any = None
        self.server: ServerEnd | None = None
        self.state = "connecting"
        self.opened = self.heard = 0.0
        self.is_paused = False
        self._paused_at = self._paused_before = 0.0
        self._unread: list[bytes] = []  # what has arrived
        self._octets = 0  # that were read
        self._marks: deque[tuple[int, Callable[[], object]]] = deque()
        self._has_ended = False  # so has the server's FIN
        self._is_ready = False
        self._is_new = True  # the server has received nothing
        self._front: tls.ServerSide | None = None
        self.dice = network.dice_of(host)
        self.up = Pipe(network, self._to_server, Random(self.dice.random()))
        self.down: Any = Pipe(network, self._to_client, Random(self.dice.random()))
        network.dialled(self)

    def latency(self) -> float:
        return self.network.latency(self.dice)

    # from the world

    def accept(self, server: ServerEnd) -> None:
        self.server = server
        self.down.lag = server.lag
        self.state = "established"
        self.opened = self.heard = self.reactor.now
        self.network.wires.append(self)
        self.reactor.io(self._made)

    def refuse(self, why: Exception) -> None:
        self.reactor.io(self.failIfNotConnected, why)

    def server_fin(self) -> None:
        """The server's FIN: behind all that it sent."""
        self.down.finish(self._ended)

    def server_rst(self) -> None:
        """A RST: what is under way is lost."""
        self.down.die()
        self.reactor.at(self.latency(), self.reactor.io, self._over, error.ConnectionLost())

    def half_open(self) -> None:
        """Half-open: nothing arrives any more, either way, and nobody is told."""
        self.down.die()
        self.up.die()

    def when_read(self, call: Callable[[], object]) -> None:
        """Call it when the client reads the last of what was sent until now; not, if it hangs up
        before that."""
        self._marks.append((self.down.total, call))

    # inside

    def _made(self) -> None:
        if self.state != "established":
            return
        self.state = "connected"
        self.protocol = self.connector.buildProtocol(IPv4Address("TCP", self.host, self.port))
        if self.protocol is None:
            self.protocol = self.connector  # has a connectionLost, as Twisted wants it
            self.loseConnection()
        else:
            self.protocol.makeConnection(self)

    def _to_server(self, data: bytes) -> None:
        server = self.server
        if server is None:
            return
        if self._is_new:
            self._is_new = False
            if tls.is_handshake(data):
                self._front = self.down = tls.ServerSide(
                    self.down, server.received, self._tls_failed
                )
        (server if self._front is None else self._front).received(data)

    def lose(self) -> None:
        """The reactor has ended: say nothing more."""
        self._tell_server(self.latency())
        self._over(error.ConnectionLost())

    def _tls_failed(self) -> None:
        self._tell_server(0.0)
        self.server_rst()

    def _to_client(self, data: bytes) -> None:
        self._unread.append(data)
        self._be_ready()

    def _ended(self) -> None:
        self._has_ended = True
        self._be_ready()

    def _be_ready(self) -> None:
        """Have the client read, once, whatever there is by the time it comes to that."""
        if not self._is_ready:
            self._is_ready = True
            self.reactor.io(self._read)

    def _read(self) -> None:
        self._is_ready = False
        if self.state != "connected" or self.is_paused:
            return
        data = b"".join(self._unread)
        self._unread.clear()
        self._octets += len(data)
        while self._marks and self._marks[0][0] <= self._octets:
            _, call = self._marks.popleft()
            if not self.disconnecting:
                call()
        if data:
            self._receive(data)
        if self._has_ended and not self.is_paused:
            self._over(error.ConnectionDone())

    def _receive(self, data: bytes) -> None:
        self.heard = self.reactor.now
        try:
            self.protocol.dataReceived(data)
        except Exception:  # noqa: BLE001 - whatever the client raises
            self.reactor.errors.append(Failure())
            self._tell_server(0.0)
            self._over(error.ConnectionLost())  # as Twisted does: the connection goes

    def _over(self, why: Exception) -> None:
        if self.state != "connected":
            return
        self.state = "closed"
        self.disconnected = 1
        self.network.wires.remove(self)
        self.up.die()
        self.down.die()
        reason = Failure(why)
        if self.protocol is not self.connector:
            self.protocol.connectionLost(reason)
        self.connector.connectionLost(reason)

    def _tell_server(self, delay: float) -> None:
        if self.server is not None:
            self.reactor.at(delay, self.server.lost)

    def failIfNotConnected(self, why: Exception) -> None:
        if self.state in ("connecting", "established"):
            if self.state == "established":
                self.network.wires.remove(self)
                self.up.die()
                self.down.die()
                self._tell_server(self.latency())
            self.state = "closed"
            self.connector.connectionFailed(Failure(why))

    # ITCPTransport

    def write(self, data: bytes) -> None:
        if self.state == "connected" and not self.disconnecting:
            self.up.send(data)

    def writeSequence(self, chunks: Any) -> None:
        self.write(b"".join(chunks))

    def loseConnection(self) -> None:
        if self.state == "connected" and not self.disconnecting:
            self.disconnecting = True
            # The octets are the kernel's from here, and our end is over at once.
            server = self.server
            up, self.up = self.up, Pipe(self.network, self._to_server, self.dice)
            up.finish(lambda: server is not None and server.lost())
            self.reactor.at(0.0, self.reactor.io, self._over, error.ConnectionDone())

    def abortConnection(self) -> None:
        if self.state == "connected":
            self.disconnecting = True
            self.up.die()
            self._tell_server(self.latency())
            self.reactor.at(0.0, self.reactor.io, self._over, error.ConnectionAborted())

    def loseWriteConnection(self) -> None:
        self.loseConnection()

    @property
    def paused_seconds(self) -> float:
        """How long the client has not read, in all."""
        return self._paused_before + self.is_paused * (self.reactor.now - self._paused_at)

    def pauseProducing(self) -> None:
        if not self.is_paused:
            self.is_paused, self._paused_at = True, self.reactor.now
        self.down.hold()

    def resumeProducing(self) -> None:
        if self.is_paused:
            self._paused_before = self.paused_seconds
            self.is_paused = False
            self.down.release()
            if self._unread or self._has_ended:
                self.reactor.at(0.0, self._be_ready)

    def stopProducing(self) -> None:
        self.loseConnection()

    def registerProducer(self, producer: object, streaming: bool) -> None:
        """Nothing that is written here waits for room."""

    def unregisterProducer(self) -> None:
        """None is registered."""

    def getPeer(self) -> IPv4Address:
        return IPv4Address("TCP", self.host, self.port)

    def getHost(self) -> IPv4Address:
        return IPv4Address("TCP", "127.0.0.1", 40_000)

    def setTcpNoDelay(self, enabled: bool) -> None:
        """There is no Nagle here."""

    def getTcpNoDelay(self) -> bool:
        return True

    def setTcpKeepAlive(self, enabled: bool) -> None:
        """Kernels do this behind the client's back."""

    def getTcpKeepAlive(self) -> bool:
        return True
