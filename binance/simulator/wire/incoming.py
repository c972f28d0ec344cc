"""Where connections come in: one port for REST, streams and the WebSocket API.

A :class:`Gate` reads the head of the first request, lets the door choose the protocol that the rest
of the connection is for, and steps aside. A :class:`Wire` is that protocol's transport; what faults
do to a link (cut, freeze, slow down) is done there, below every protocol alike.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from twisted.internet import error
from twisted.internet.interfaces import IPushProducer, ITransport
from twisted.internet.protocol import Factory
from twisted.internet.protocol import Protocol as TwistedProtocol
from twisted.python.failure import Failure
from zope.interface import implementer

MOST_HEAD = 64 * 1024
"""Bytes of a request's head that are read before the connection is dropped."""

PATIENCE = 60.0
"""Seconds within which the head must have come."""


@dataclass(frozen=True, slots=True)
class Head:
    """Request line and headers (names in lower case) of a connection's first request."""

    verb: str
    target: str
    headers: dict[str, str]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def is_websocket(self) -> bool:
        return self.headers.get("upgrade", "").lower() == "websocket"


def read_head(data: bytes) -> Head | None:
    """The head of a request that ends with an empty line; None when it is none."""
    lines = data.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")
    first = lines[0].split(" ")
    if len(first) != 3 or not first[2].startswith("HTTP/"):
        return None
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Head(first[0], first[1], headers)


class Door(Protocol):
    """Who decides about connections (the server)."""

    def accepted(self, gate: Gate) -> None:
        """A TCP connection is there; nothing has been read."""

    def choose(self, gate: Gate, head: Head) -> Any:
        """The protocol for a connection; None when it was refused and is closing."""

    def patience(self, head: Head) -> float:
        """Seconds to wait before a first request is answered."""

    def gone(self, gate: Gate) -> None:
        """A connection is lost."""


@implementer(ITransport)
class Wire:
    """A connection's transport. Without a fault, ``write`` is the real transport's own."""

    def __init__(self, transport: Any, reactor: Any) -> None:
        self.real = transport
        self._reactor = reactor
        self.write: Callable[[bytes], None] = transport.write
        self.frozen = False
        self.full = False
        self.waiting = 0
        self._most = 0
        self._overflow: Callable[[], None] | None = None
        self._producing = False
        self._rate: float | None = None
        self._latency = 0.0
        self._line: deque[tuple[float, bytes]] = deque()
        self._free = 0.0
        self._pump: Any = None
        self._closing = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    # from the protocol

    def writeSequence(self, chunks: Iterable[bytes]) -> None:
        self.write(b"".join(chunks))

    def loseConnection(self) -> None:
        if self.frozen:
            return
        if self._line:
            self._closing = True
            return
        self.unregisterProducer()
        self.real.loseConnection()

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        self._producing = True
        self.real.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        if self._producing:  # Autobahn asks whether or not there is one
            self._producing = False
            self._overflow = None
            self.real.unregisterProducer()

    def abortConnection(self) -> None:
        if not self.frozen:
            self.abort()

    # from the server

    def guard(self, most: int, overflow: Callable[[], None]) -> None:
        """Call ``overflow`` when more than ``most`` bytes wait for a client that does not read."""
        self._most = most
        self._overflow = overflow
        self.registerProducer(_Flow(self), True)

    def abort(self) -> None:
        """Cut the connection at once, frozen or not."""
        self.frozen = False
        self._stop_pump()
        self.real.abortConnection()

    def freeze(self) -> None:
        """Read and write nothing any more; the TCP connection stays."""
        self.frozen = True
        self.write = _nothing
        self._stop_pump()
        self.real.pauseProducing()

    def slow(self, rate: float | None, latency: float) -> None:
        """Let what is written arrive slowly: ``rate`` bytes a second, ``latency`` seconds late."""
        if self.frozen:
            return
        self._rate, self._latency = rate, latency
        self.write = self._write_slowly

    def fast(self) -> None:
        """No longer slowly, once what waits has gone."""
        if self.write != self._write_slowly:
            return
        self._rate, self._latency = None, 0.0
        if not self._line:
            self._hurry()

    # internal

    def _write_slowly(self, data: bytes) -> None:
        now = self._reactor.seconds()
        piece = len(data) if self._rate is None else max(1, int(self._rate / 10))
        for begin in range(0, len(data), piece):
            part = data[begin : begin + piece]
            at = max(now + self._latency, self._free)
            if self._rate is not None:
                at += len(part) / self._rate
            self._free = at
            self._line.append((at, part))
        self._count(len(data))
        if self._pump is None and self._line:
            self._pump = self._reactor.callLater(max(0.0, self._line[0][0] - now), self._pass_on)

    def _pass_on(self) -> None:
        self._pump = None
        now = self._reactor.seconds()
        line = self._line
        while line and line[0][0] <= now + 0.001:
            part = line.popleft()[1]
            self.waiting -= len(part)
            self.real.write(part)
        if line:
            self._pump = self._reactor.callLater(max(0.0, line[0][0] - now), self._pass_on)
        elif self._closing:
            self.loseConnection()
        elif self._rate is None and not self._latency:
            self._hurry()

    def _hurry(self) -> None:
        self.write = self._write_counting if self.full else self.real.write

    def _stop_pump(self) -> None:
        if self._pump is not None:
            self._pump.cancel()
            self._pump = None
        self._line.clear()

    def _write_counting(self, data: bytes) -> None:
        self.real.write(data)
        self._count(len(data))

    def _count(self, length: int) -> None:
        self.waiting += length
        if self._overflow is not None and self.waiting > self._most:
            overflow, self._overflow = self._overflow, None
            overflow()

    def _fill(self) -> None:
        self.full = True
        if self.write == self.real.write:
            self.waiting = 0
            self.write = self._write_counting

    def _drain(self) -> None:
        self.full = False
        if self.write == self._write_counting:
            self.waiting = 0
            self.write = self.real.write


def _nothing(data: bytes) -> None:
    """What a frozen connection writes."""


@implementer(IPushProducer)
class _Flow:
    """Tells a wire when its transport's buffer is full and when it has drained."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def pauseProducing(self) -> None:
        self._wire._fill()

    def resumeProducing(self) -> None:
        self._wire._drain()

    def stopProducing(self) -> None:
        self._wire._drain()


class Gate(TwistedProtocol):
    """The beginning of every connection."""

    wire: Wire

    def __init__(self, door: Door, reactor: Any) -> None:
        self._door = door
        self._reactor = reactor
        self._read = b""
        self._inner: Any = None
        self._timer: Any = None
        self.lost = False

    @property
    def address(self) -> str:
        """The address of the other end."""
        return str(getattr(self.wire.getPeer(), "host", ""))

    # from the transport

    def connectionMade(self) -> None:
        self.wire = Wire(self.transport, self._reactor)
        self._timer = self._reactor.callLater(PATIENCE, self._too_late)
        self._door.accepted(self)

    def dataReceived(self, data: bytes) -> None:
        if self._inner is not None:
            self._inner.dataReceived(data)
            return
        before, self._read = self._read, self._read + data
        if b"\r\n\r\n" in before:
            return  # the answer is being put off
        if b"\r\n\r\n" in self._read:
            self._begin()
        elif len(self._read) > MOST_HEAD:
            self.wire.abort()

    def connectionLost(self, reason: Failure = Failure(error.ConnectionDone())) -> None:  # noqa: B008
        self.lost = True
        self._stop_timer()
        self.wire._stop_pump()
        if self._inner is not None:
            self._inner.connectionLost(reason)
        self._door.gone(self)

    # internal

    def _begin(self) -> None:
        head = read_head(self._read)
        self._stop_timer()
        if head is None:
            self.refuse(400, "Bad Request")
            return
        wait = self._door.patience(head)
        if wait:
            self._timer = self._reactor.callLater(wait, self._open, head)
        else:
            self._open(head)

    def _open(self, head: Head) -> None:
        self._timer = None
        inner = self._door.choose(self, head)
        if inner is None:
            return
        self._inner = inner
        data, self._read = self._read, b""
        inner.makeConnection(self.wire)
        inner.dataReceived(data)

    def refuse(
        self, status: int, reason: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> None:
        """Answer with an HTTP response and close."""
        lines = [f"HTTP/1.1 {status} {reason}", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.wire.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        self.wire.loseConnection()

    def _too_late(self) -> None:
        self._timer = None
        self.wire.abort()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class GateFactory(Factory):
    """Makes a gate for every connection."""

    noisy = False

    def __init__(self, door: Door, reactor: Any) -> None:
        self._door = door
        self._reactor = reactor

    def buildProtocol(self, addr: object) -> Gate:
        return Gate(self._door, self._reactor)
