"""The beginning of every connection: one port for REST, streams and the WebSocket API.

An :class:`IncomingConnection` reads the head of the first request and lets the server choose the
protocol of the connection. After that it only passes bytes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from twisted.internet import error
from twisted.internet.protocol import Protocol as TwistedProtocol
from twisted.protocols.policies import TimeoutMixin
from twisted.python.failure import Failure

from binance.simulator.wire.fault_transport import FaultTransport

MAX_HEAD = 64 * 1024
"""The most bytes of a request's head; a connection with a longer one is dropped."""

HEAD_TIMEOUT = 60.0
"""Seconds until a connection without a complete head is dropped."""


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
    """The head of a request, up to the empty line; None when it is not HTTP."""
    lines = data.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")
    first = lines[0].split(" ")
    if len(first) != 3 or not first[2].startswith("HTTP/"):
        return None
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Head(first[0], first[1], headers)


class Admission(Protocol):
    """Decides about connections: the server."""

    def connected(self, incoming: IncomingConnection) -> None:
        """A TCP connection is open; nothing has been read."""

    def choose_protocol(self, incoming: IncomingConnection, head: Head) -> Any:
        """The protocol of a connection; None when it was refused and is closing."""

    def answer_delay(self, head: Head) -> float:
        """Seconds to wait before a first request is answered."""

    def disconnected(self, incoming: IncomingConnection) -> None:
        """A connection is closed."""


class IncomingConnection(TwistedProtocol, TimeoutMixin):
    """A connection whose protocol is chosen by its first request."""

    fault_transport: FaultTransport

    def __init__(self, admission: Admission, reactor: Any) -> None:
        self._admission = admission
        self._reactor = reactor
        self._read = b""
        self._inner: Any = None
        self._answer: Any = None

    @property
    def address(self) -> str:
        return str(getattr(self.fault_transport.getPeer(), "host", ""))

    # from the transport

    def connectionMade(self) -> None:
        self.fault_transport = FaultTransport(self.transport, self._reactor)
        self.setTimeout(HEAD_TIMEOUT)
        self._admission.connected(self)

    def dataReceived(self, data: bytes) -> None:
        if self._inner is not None:
            self._inner.dataReceived(data)
            return
        before, self._read = self._read, self._read + data
        if b"\r\n\r\n" in before:
            return  # the answer is delayed
        if b"\r\n\r\n" in self._read:
            self._begin()
        elif len(self._read) > MAX_HEAD:
            self.fault_transport.abort()

    def connectionLost(self, reason: Failure = Failure(error.ConnectionDone())) -> None:  # noqa: B008
        self.setTimeout(None)
        if self._answer is not None and self._answer.active():
            self._answer.cancel()
        self.fault_transport.drop_delayed()
        if self._inner is not None:
            self._inner.connectionLost(reason)
        self._admission.disconnected(self)

    # internal

    def _begin(self) -> None:
        head = read_head(self._read)
        self.setTimeout(None)
        if head is None:
            self.refuse(400, "Bad Request")
            return
        wait = self._admission.answer_delay(head)
        if wait:
            self._answer = self._reactor.callLater(wait, self._open, head)
        else:
            self._open(head)

    def _open(self, head: Head) -> None:
        inner = self._admission.choose_protocol(self, head)
        if inner is None:
            return
        self._inner = inner
        data, self._read = self._read, b""
        inner.makeConnection(self.fault_transport)
        inner.dataReceived(data)

    def refuse(
        self, status: int, reason: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> None:
        """Answer with an HTTP response and close."""
        lines = [f"HTTP/1.1 {status} {reason}", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.fault_transport.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        self.fault_transport.loseConnection()

    def callLater(self, period: float, func: Any) -> Any:
        return self._reactor.callLater(period, func)

    def timeoutConnection(self) -> None:
        self.fault_transport.abort()
