"""Connectors that a user's own code has started: `_conns[path] = connectWS(factory, context)`.

Scripts subclass the manager, override `_start_socket` and drive Autobahn themselves.  Their
connector is adopted when it begins to connect: from then on it lives by the same machine, guard and
figures as a socket of ours, only that its connector dials and its factory builds the protocol.
"""

from __future__ import annotations

import random
import time
import weakref
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from binance import events
from binance.sansio.reconnect import RetryPolicy
from binance.tx import protocol, reactor
from binance.tx.dial import DialError
from binance.tx.link import Link
from binance.tx.market import MarketSession
from binance.tx.protocol import BinanceClientProtocol
from binance.tx.socket import Options, Socket
from binance.tx.world import World

__all__ = ["BinanceClientFactory", "homes", "stop"]

#: The managers of this process: one of them holds the connector in its `_conns`.
homes: weakref.WeakSet[Any] = weakref.WeakSet()


class BinanceClientFactory(protocol.BinanceClientFactory):
    """Builds the links of one stream, and keeps them up.

    `BinanceClientFactory(url)`; set `protocol` (a `BinanceClientProtocol`), `callback` and, to have
    no retries, `reconnect = False`; then `connectWS(factory, context)`.  `maxRetries`,
    `initialDelay`, `factor` and `maxDelay` are Twisted's names for the retries' number and delays,
    in seconds.  Certificates are verified whatever `context` is.
    """

    adopted: Socket | None = None

    def adopt(self, connector: Any) -> None:
        if self.adopted is None:
            self.adopted = Socket(
                _Home(connector),
                self.url or "",
                self.deliver_raw,
                _world(),
                Options(policy=_policy(self)),
                lambda socket: [_ConnectorSession(socket, self, connector)],
            )
            self.adopted.start()

    def deliver_raw(self, message: object) -> None:
        """Call whatever is the callback now."""
        if self.callback is not None:
            self.callback(message)

    def stopTrying(self) -> None:
        """Make no further try; an open link is closed."""
        super().stopTrying()
        if self.adopted is not None:
            self.adopted.stop()

    # from the connector

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        session = self._session()
        if session is not None:
            session.failed(reason)

    def clientConnectionLost(self, connector: Any, reason: Failure) -> None:
        """The protocol has told it already."""

    def _session(self) -> _ConnectorSession | None:
        if self.adopted is None:
            return None
        session = self.adopted.connections[0].session
        return session if isinstance(session, _ConnectorSession) else None


def _policy(factory: BinanceClientFactory) -> RetryPolicy:
    """The delays of all sockets, unless the user has set others by Twisted's names."""
    retries = factory.maxRetries if factory.reconnect else 0
    stock = protocol.BinanceReconnectingClientFactory
    if all(getattr(factory, name) == getattr(stock, name) for name in _DELAY_NAMES):
        return RetryPolicy(max_retries=retries)
    return RetryPolicy(
        max_retries=retries,
        initial=factory.initialDelay,
        factor=factory.factor,
        maximum=factory.maxDelay,
        jitter=min(factory.jitter or 0.0, 1.0),
    )


_DELAY_NAMES = ("initialDelay", "maxDelay", "factor", "jitter")


def _world() -> World:
    return World(
        clock=reactor.clock(),
        dial=_no_dial,
        call=reactor.call,
        in_thread=reactor.in_thread,
        chance=random.random,
        wall=time.time,
        rotate_after=None,
    )


def _no_dial(url: str, factory: object) -> Deferred[BinanceClientProtocol]:
    raise AssertionError("an adopted connector dials by itself")


class _ConnectorSession(MarketSession):
    """Dials by the user's connector, builds by the user's factory."""

    def __init__(self, socket: Socket, factory: BinanceClientFactory, connector: Any) -> None:
        super().__init__(socket, "", "spot")
        self._factory = factory
        self._connector = connector
        self._is_connecting = True  # when it is adopted
        self._dialing: Deferred[BinanceClientProtocol] | None = None

    # from the connection

    @property
    def names(self) -> Iterable[str]:
        return ()  # which streams the user's URL holds is his affair

    def dial(self, link: Link, address: int) -> Deferred[BinanceClientProtocol]:
        self._factory.link = link
        dialing: Deferred[BinanceClientProtocol] = Deferred(self._cancel)
        self._dialing = dialing
        if not self._is_connecting:
            self._connector.connect()
        self._is_connecting = False
        return dialing

    def begin(self, link: Link) -> None:
        dialing, self._dialing = self._dialing, None
        if dialing is not None and link.protocol is not None:
            dialing.callback(link.protocol)
        link.ready()

    def stream_of(self, message: object) -> str:
        return ""

    def watch(self, link: Link, now: float) -> None:
        """Nothing is asked here."""

    def ended(self, link: Link) -> None:
        self._dialing = None

    # from the sink

    def control(self, link: Link, message: dict[str, object]) -> None:
        """Nothing to the callback; and the connector cannot carry a second link."""

    # from the factory

    def failed(self, reason: Failure) -> None:
        dialing, self._dialing = self._dialing, None
        if dialing is not None:
            dialing.errback(DialError(reason.getErrorMessage()))

    # inside

    def _admit(self) -> None:
        return None

    def _cancel(self, dialing: Deferred[BinanceClientProtocol]) -> None:
        self._dialing = None
        self._connector.disconnect()


class _Home:
    """The manager whose `_conns` holds the connector, found when it is needed."""

    def __init__(self, connector: Any) -> None:
        self._connector = connector
        self._last_place: tuple[Any, str] | None = None

    def _place(self) -> tuple[Any, str] | None:
        for manager in list(homes):
            for key, value in list(manager._conns.items()):
                if value is self._connector:
                    self._last_place = (manager, key)
        return self._last_place  # a key that was given up is free, but still told of

    def release(self, socket: Socket) -> None:
        if place := self._place():
            place[0]._release(self._connector)

    def gone(self, socket: Socket) -> None:
        """Nothing counts an adopted socket."""

    def tell(self, event: events.Event) -> None:
        if place := self._place():
            manager, key = place
            manager._home.tell(replace(event, key=key))

    def stop_reactor(self) -> None:
        reactor.get().callFromThread(reactor.get().stop)


def stop(connector: Any) -> None:
    """Stop a connector that somebody else stored in `_conns`, whatever its factory is."""
    factory = getattr(connector, "factory", None)
    factory = getattr(factory, "wrappedFactory", factory)  # under TLS it is wrapped
    if isinstance(factory, BinanceClientFactory) and factory.adopted is not None:
        factory.adopted.stop()
        return
    if factory is not None and hasattr(factory, "stopTrying"):
        factory.stopTrying()
    if hasattr(connector, "disconnect"):
        reactor.call(connector.disconnect)
