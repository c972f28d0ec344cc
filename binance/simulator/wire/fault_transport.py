"""A transport that faults can reset, freeze or slow down, below every protocol alike."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

from twisted.internet.interfaces import IPushProducer, ITransport
from zope.interface import implementer


@implementer(ITransport)
class FaultTransport:
    """A connection's transport. Without a fault, ``write`` is that of the real transport."""

    def __init__(self, transport: Any, reactor: Any) -> None:
        self.real = transport
        self._reactor = reactor
        self.write: Callable[[bytes], None] = transport.write
        self.frozen = False
        self.full = False
        self.waiting = 0
        self._max_waiting = 0
        self._overflow: Callable[[], None] | None = None
        self._producing = False
        self._rate: float | None = None
        self._latency = 0.0
        self._delayed: deque[tuple[float, bytes]] = deque()
        self._sent_until = 0.0
        self._send_call: Any = None
        self._closing = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    # from the protocol

    def writeSequence(self, chunks: Iterable[bytes]) -> None:
        self.write(b"".join(chunks))

    def loseConnection(self) -> None:
        if self.frozen:
            return
        if self._delayed:
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
        self._max_waiting = most
        self._overflow = overflow
        fill, drain = partial(self._set_full, True), partial(self._set_full, False)
        self.registerProducer(_Flow(fill, drain, drain), True)

    def abort(self) -> None:
        """Reset the connection at once, frozen or not."""
        self.frozen = False
        self.drop_delayed()
        self.real.abortConnection()

    def freeze(self) -> None:
        """Stop reading and writing; the TCP connection stays open."""
        self.frozen = True
        self.write = _nothing
        self.drop_delayed()
        self.real.pauseProducing()

    def slow(self, rate: float | None, latency: float) -> None:
        """Write slowly: ``rate`` bytes a second, ``latency`` seconds late."""
        if self.frozen:
            return
        self._rate, self._latency = rate, latency
        self.write = self._write_slowly

    def fast(self) -> None:
        """Write at full speed again, once the delayed data is sent."""
        if self.write != self._write_slowly:
            return
        self._rate, self._latency = None, 0.0
        if not self._delayed:
            self._write_directly()

    # internal

    def _write_slowly(self, data: bytes) -> None:
        now = self._reactor.seconds()
        piece = len(data) if self._rate is None else max(1, int(self._rate / 10))
        for begin in range(0, len(data), piece):
            part = data[begin : begin + piece]
            at = max(now + self._latency, self._sent_until)
            if self._rate is not None:
                at += len(part) / self._rate
            self._sent_until = at
            self._delayed.append((at, part))
        self._count(len(data))
        if self._send_call is None:
            self._send_later(now)

    def _send_later(self, now: float) -> None:
        if self._delayed:
            wait = max(0.0, self._delayed[0][0] - now)
            self._send_call = self._reactor.callLater(wait, self._send_due)

    def _send_due(self) -> None:
        self._send_call = None
        now = self._reactor.seconds()
        delayed = self._delayed
        while delayed and delayed[0][0] <= now + 0.001:
            part = delayed.popleft()[1]
            self.waiting -= len(part)
            self.real.write(part)
        if delayed:
            self._send_later(now)
        elif self._closing:
            self.loseConnection()
        elif self._rate is None and not self._latency:
            self._write_directly()

    def _write_directly(self) -> None:
        self.write = self._write_counting if self.full else self.real.write

    def drop_delayed(self) -> None:
        if self._send_call is not None:
            self._send_call.cancel()
            self._send_call = None
        self._delayed.clear()

    def _write_counting(self, data: bytes) -> None:
        self.real.write(data)
        self._count(len(data))

    def _count(self, length: int) -> None:
        self.waiting += length
        if self._overflow is not None and self.waiting > self._max_waiting:
            overflow, self._overflow = self._overflow, None
            overflow()

    def _set_full(self, full: bool) -> None:
        if full is not self.full:
            self.full = full
            if self.write in (self.real.write, self._write_counting):
                self.waiting = 0
                self._write_directly()


def _nothing(data: bytes) -> None:
    """The ``write`` of a frozen connection."""


@implementer(IPushProducer)
class _Flow(NamedTuple):
    """Called when the buffer of the real transport is full, and when it is empty again."""

    pauseProducing: Callable[[], None]
    resumeProducing: Callable[[], None]
    stopProducing: Callable[[], None]
