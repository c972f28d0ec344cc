"""What one message costs that comes alone: one write, one record, one turn of the reactor.

    python benchmarks/bench_read.py [--rounds 7] [--reactor epoll]

In one process, over a real loopback socket: a frame is sent, the reactor turns once, and so on. The
time of the sending is taken off. So each read brings exactly one message, whatever else the machine
does, and what is left is the reactor's turn, the TLS transport, the walk and the decoding. A bare
Twisted protocol shows the floor; the standard library's TLS is here as a thing that was tried.
CPU time, rounds interleaved, medians.
"""

from __future__ import annotations

import argparse
import os
import socket
import ssl
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import frames
from bench_peers import certificates
from load import handshake
from twisted.internet.protocol import ClientFactory, Protocol
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.protocols.tls import BufferingTLSTransport, TLSMemoryBIOFactory

from binance.tx.loop.epoll_loop import use_fast_loop
from binance.tx.wire.protocol import BinanceClientFactory
from binance.tx.wire.tls import LeanTLSFactory, context

HOST = "127.0.0.1"
MESSAGES = 5000
REQUEST = b"GET / HTTP/1.1\r\nSec-WebSocket-Key: eA==\r\n\r\n"


class Count:
    """A link that counts; also what the bare protocol counts with."""

    messages = 0

    def link_opened(self, protocol: Any) -> None:
        """Nothing to do."""

    def link_message(self, message: Any) -> None:
        self.messages += 1

    def link_read(self, octets: int, messages: int, seconds: float) -> None:
        """Nothing to do."""


class Bare(Protocol):
    """A Twisted protocol that does nothing with what it reads."""

    factory: Any

    def connectionMade(self) -> None:
        self.transport.write(REQUEST)

    def dataReceived(self, data: bytes) -> None:
        self.factory.count.messages += 1


class StandardTLS(ProtocolWrapper):
    """TLS by the standard library's memory BIOs: tried, and not faster."""

    def makeConnection(self, transport: Any) -> None:
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = self.factory.context.wrap_bio(self.incoming, self.outgoing, server_hostname=HOST)
        self.done = False
        self.transport = transport
        self.step()

    def step(self) -> None:
        """One step of the handshake."""
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
        else:
            self.done = True
            self.wrappedProtocol.makeConnection(self)
        self.flush()

    def flush(self) -> None:
        """Send what there is to send."""
        if self.outgoing.pending:
            self.transport.write(self.outgoing.read())

    def write(self, data: bytes) -> None:
        self.tls.write(data)
        self.flush()

    def dataReceived(self, data: bytes) -> None:
        self.incoming.write(data)
        if not self.done:
            self.step()
        while self.done and self.incoming.pending:
            try:
                plain = self.tls.read(16384)
            except ssl.SSLWantReadError:
                break
            self.wrappedProtocol.dataReceived(plain)


class StandardTLSFactory(WrappingFactory):
    """Adds `StandardTLS`."""

    noisy = False
    protocol = StandardTLS

    def __init__(self, ca_file: str, wrapped: Any) -> None:
        super().__init__(wrapped)
        self.context = ssl.create_default_context(cafile=ca_file)


class StockTLSFactory(TLSMemoryBIOFactory):
    """Twisted's own."""

    protocol = BufferingTLSTransport


Wrap = Callable[[Any, Any, str], Any]


def plain(reactor: Any, factory: Any, ca_file: str) -> Any:
    """No TLS."""
    return factory


def lean(reactor: Any, factory: Any, ca_file: str) -> Any:
    """Our TLS transport."""
    return LeanTLSFactory(context(HOST, ca_file), True, factory, clock=reactor)


def stock(reactor: Any, factory: Any, ca_file: str) -> Any:
    """Twisted's TLS transport."""
    return StockTLSFactory(context(HOST, ca_file), True, factory, clock=reactor)


def standard(reactor: Any, factory: Any, ca_file: str) -> Any:
    """The standard library's TLS."""
    return StandardTLSFactory(ca_file, factory)


def bare(reactor: Any, count: Count) -> Any:
    """The factory of the bare protocol."""
    factory: Any = ClientFactory.forProtocol(Bare)
    factory.noisy = False
    factory.count = count
    return factory


def ours(reactor: Any, count: Count) -> Any:
    """The factory of our protocol."""
    factory = BinanceClientFactory(f"wss://{HOST}/x", reactor=reactor)
    factory.link = count
    return factory


CONTENDERS: dict[str, tuple[Callable[[Any, Count], Any], Wrap, bool]] = {
    "bare Twisted": (bare, plain, False),
    "bare, the shorter turn": (bare, plain, True),
    "ours, Twisted's turn": (ours, plain, False),
    "ours, the shorter turn": (ours, plain, True),
    "TLS: bare, Twisted's transport": (bare, stock, False),
    "TLS: bare, the standard library's": (bare, standard, False),
    "TLS: bare, the lean transport": (bare, lean, False),
    "TLS: ours, Twisted's transport": (ours, stock, False),
    "TLS: ours, the lean transport": (ours, lean, False),
    "TLS: ours, lean, the shorter turn": (ours, lean, True),
}


class Line:
    """One connected client on a reactor of its own, and the server's end of its connection."""

    def __init__(self, kind: str, name: str, ca_file: str, certificate: str) -> None:
        make, wrap, is_shorter = CONTENDERS[name]
        self.reactor = new_reactor(kind)
        if is_shorter:
            use_fast_loop(self.reactor)  # epoll's; the others keep their own
        self.count = Count()
        listener = socket.create_server((HOST, 0))
        accepted = threading.Thread(
            target=self.accept, args=(listener, certificate if wrap is not plain else "")
        )
        accepted.start()
        factory = wrap(self.reactor, make(self.reactor, self.count), ca_file)
        self.reactor.startRunning(installSignalHandlers=False)
        self.reactor.connectTCP(HOST, listener.getsockname()[1], factory)
        while accepted.is_alive():
            self.turn(0.01)
        for _ in range(20):
            self.turn(0.01)

    def accept(self, listener: socket.socket, certificate: str) -> None:
        """The server's side of the handshakes."""
        self.peer, _ = listener.accept()
        self.peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if certificate:
            server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.load_cert_chain(certificate)
            self.peer = server.wrap_socket(self.peer, server_side=True)
        handshake(self.peer)

    def turn(self, seconds: float) -> None:
        """Let the reactor do what there is to do."""
        self.reactor.runUntilCurrent()
        self.reactor.doIteration(seconds)

    def run(self, messages: list[bytes]) -> float:
        """CPU µs for a message."""
        self.count.messages = 0
        sending = 0
        began = time.process_time_ns()
        for message in messages:
            before = time.process_time_ns()
            self.peer.sendall(message)
            sending += time.process_time_ns() - before
            self.turn(0)
        spent = time.process_time_ns() - began - sending
        if self.count.messages < len(messages) * 0.99:
            sys.exit(f"{self.count.messages} reads of {len(messages)} messages")
        while self.count.messages < len(messages):
            self.turn(0.01)
        return spent / len(messages) / 1e3


def new_reactor(kind: str) -> Any:
    """A reactor that is nobody else's."""
    if kind == "epoll":
        from twisted.internet.epollreactor import EPollReactor

        return EPollReactor()
    if kind == "poll":
        from twisted.internet.pollreactor import PollReactor

        return PollReactor()
    from twisted.internet.selectreactor import SelectReactor

    return SelectReactor()


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    default = "epoll" if sys.platform == "linux" else "select"
    parser.add_argument("--reactor", choices=("epoll", "poll", "select"), default=default)
    given = parser.parse_args()
    messages = [frames.frame(frames.trade(number)) for number in range(1, MESSAGES + 1)]
    with tempfile.TemporaryDirectory() as folder:
        files = certificates(Path(folder))
        lines = {name: Line(given.reactor, name, *files) for name in CONTENDERS}
    spent: dict[str, list[float]] = {name: [] for name in lines}
    for _ in range(given.rounds):
        for name, line in lines.items():
            spent[name].append(line.run(messages))
    print(f"one message a turn of the {given.reactor} reactor, {given.rounds} rounds")
    for name, times in spent.items():
        print(f"  {name:36} {statistics.median(times):7.2f} µs, least {min(times):6.2f}")
    sys.stdout.flush()
    os._exit(0)  # the reactors were never run, and are not stopped


if __name__ == "__main__":
    main()
