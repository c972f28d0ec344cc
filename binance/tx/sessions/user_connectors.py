"""Connectors that a user's own code has started: `_conns[path] = connectWS(factory, context)`.

Scripts subclass the manager, override `_start_socket` and drive Autobahn themselves.  Their
connector is adopted as `connectWS` makes it, in whatever thread: from then on it lives and ends by
the same machine, guard and figures as a socket of ours, only that its connector dials and its
factory builds the protocol.  Since it is stopped by the same machine, it stays stopped, whichever
of two threads comes first.

All of them are counted here, so that the reactor's end waits for their closing handshakes; a
manager that stops one waits for it too.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.python.failure import Failure

from binance import events
from binance.exceptions import redact
from binance.sansio.link.reconnect import RetryPolicy
from binance.tx.dependencies import Call, Dependencies
from binance.tx.link import Link
from binance.tx.loop import reactor
from binance.tx.loop.lifetime import ManagerHome
from binance.tx.sessions.market import MarketSession
from binance.tx.socket import Options, Socket
from binance.tx.wire import compat, protocol
from binance.tx.wire.dial import DialError, abort
from binance.tx.wire.protocol import BinanceClientProtocol

__all__ = ["BinanceClientFactory", "register", "stop"]

#: A connector's time-out where no other was asked for, in seconds, as Twisted documents it.
TIMEOUT = 30.0
#: How much later than a connector's own time-out we give up its dial, in seconds.
TIMEOUT_SLACK = 1.0

#: The managers' homes of this process: the `_conns` of one of them holds the connector.  A list,
#: which is copied in one step: other threads, and handlers of signals, make managers at any time.
homes: list[weakref.ref[ManagerHome]] = []


def register(home: ManagerHome) -> None:
    """Look for connectors in this home too, as long as it lives."""
    homes.append(weakref.ref(home, _forget))


def _forget(reference: weakref.ref[Any]) -> None:
    if reference in homes:
        homes.remove(reference)


class BinanceClientFactory(protocol.BinanceClientFactory):
    """Builds the links of one stream, and keeps them up.

    `BinanceClientFactory(url)`; set `protocol` (a `BinanceClientProtocol`), `callback` and, to have
    no retries, `reconnect = False`; then `connectWS(factory, context)`.  `maxRetries`,
    `initialDelay`, `factor` and `maxDelay` are Twisted's names for the retries' number and delays,
    in seconds.  Certificates are verified whatever `context` is.
    """

    adopted: Socket | None = None

    def adopt(self, connector: Any) -> bool:
        """Keep a connector up from now on, unless another of this factory's is up already."""
        return self._adopt(connector, is_connecting=False)

    def startedConnecting(self, connector: Any) -> None:
        """A connector that did not come by our `connectWS` is adopted while it connects."""
        self._adopt(connector, is_connecting=True)

    def _adopt(self, connector: Any, is_connecting: bool) -> bool:
        if self.adopted is not None and not self.adopted.is_stopping:
            return False
        home = _Home(connector)
        self.adopted = connector.owner = Socket(
            home,
            self.url or "",
            self.deliver_raw,
            Dependencies(reactor.clock(), _no_dial, rotate_after=None),
            Options(policy=_policy(self)),
            lambda socket: [_ConnectorSession(socket, self, connector, is_connecting)],
        )
        home.join(self.adopted, connectors)
        connectors.enter()
        self.adopted.start()
        return True

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
        sessions = [connection.session for connection in self.adopted.connections]
        return next((one for one in sessions if isinstance(one, _ConnectorSession)), None)


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


def _no_dial(url: str, factory: object) -> Deferred[BinanceClientProtocol]:
    raise AssertionError("an adopted connector dials by itself")


class _ConnectorSession(MarketSession):
    """Dials by the user's connector, builds by the user's factory."""

    def __init__(
        self, socket: Socket, factory: BinanceClientFactory, connector: Any, is_connecting: bool
    ) -> None:
        super().__init__(socket, "", "spot")
        self._factory = factory
        self._connector = connector
        self._is_connecting = is_connecting
        self._dialing: Deferred[BinanceClientProtocol] | None = None
        self._deadline: Call | None = None

    # from the connection

    @property
    def names(self) -> Iterable[str] | None:
        return None  # which streams the user's URL holds is his affair

    def dial(self, link: Link, address: int) -> Deferred[BinanceClientProtocol]:
        self._factory.link = link
        # The reactor's own clock jumps when the system's is set, and a handshake would never end.
        self._factory.clock = self._socket.dependencies.clock
        admitted = link.admitted(str(self._factory.host))
        if self._is_connecting and not admitted.called:
            self._connector.stopConnecting()  # it began without asking, and has to wait
            self._is_connecting = False
        dialing: Deferred[BinanceClientProtocol] = Deferred(lambda _: self._cancel(admitted))
        self._dialing = dialing
        admitted.addCallbacks(lambda _: self._connect(), lambda why: why.trap(CancelledError))
        admitted.addErrback(self._not_dialed)  # what the user's connector raises
        return dialing  # fired by `begin`, so that cancelling it ends the handshake too

    def begin(self, link: Link) -> None:
        if isinstance(self._socket.home, _Home):
            self._socket.home.name(self._socket)
        dialing = self._dialed()
        if dialing is not None and link.protocol is not None:
            dialing.callback(link.protocol)
        link.ready()

    def stream_of(self, message: object) -> str:
        return ""

    def watch(self, link: Link, now: float) -> None:
        """Nothing is asked here."""

    def ended(self, link: Link) -> None:
        self._dialed()

    # from the sink

    def control(self, link: Link, message: dict[str, object]) -> None:
        """Nothing to the callback; and the connector cannot carry a second link."""

    # from the factory

    def failed(self, reason: Failure) -> None:
        dialing = self._dialed()
        if dialing is not None:
            dialing.errback(DialError(reason.getErrorMessage()))

    # inside

    def _admit(self) -> None:
        return None

    def _connect(self) -> None:
        state = self._connector.state
        try:
            if not self._is_connecting:
                self._connector.connect()
        except BaseException:
            self._connector.state = state  # Twisted leaves it connecting, so no try could follow
            raise
        finally:
            self._is_connecting = False
        if self._dialing is not None:
            # The connector's own time-out goes by its reactor's clock, which jumps when it is set.
            timeout = self._connector.timeout if compat.has("users' connectors") else TIMEOUT
            self._deadline = self._socket.dependencies.clock.callLater(
                timeout + TIMEOUT_SLACK, self._too_late
            )

    def _too_late(self) -> None:
        self._deadline = None
        if self._connector.state == "connecting":
            self._connector.stopConnecting()

    def _not_dialed(self, why: Failure) -> None:
        dialing = self._dialed()
        if dialing is not None:
            dialing.errback(why)

    def _dialed(self) -> Deferred[BinanceClientProtocol] | None:
        """What waits for the dial, which is over now."""
        deadline, self._deadline = self._deadline, None
        if deadline is not None:
            deadline.cancel()
        dialing, self._dialing = self._dialing, None
        return dialing

    def _cancel(self, admitted: Deferred[None]) -> None:
        self._dialed()
        admitted.cancel()
        if self._connector.state == "connecting":
            self._connector.stopConnecting()
        elif self._connector.state == "connected":
            abort(self._connector)


class _Home:
    """The manager whose `_conns` holds the connector, found when it is needed."""

    def __init__(self, connector: Any) -> None:
        self._connector = connector
        self._last_place: tuple[ManagerHome, str] | None = None
        self._lock = threading.RLock()
        #: who counts the socket among those that are there; None once it is gone
        self._counting: set[ManagerHome] | None = set()

    def join(self, socket: Socket, home: ManagerHome) -> None:
        """Have `home` count the socket, until it is gone.  Any thread."""
        with self._lock:
            if self._counting is not None:
                self._counting.add(home)
                home.add(socket)

    def name(self, socket: Socket) -> None:
        """Call the socket by its key, once the user has given it one."""
        if place := self._place():
            socket.key = place[1]

    def _place(self) -> tuple[ManagerHome, str] | None:
        for reference in homes.copy():
            if (home := reference()) is not None:
                for key, value in home.held():
                    if value is self._connector:
                        self._last_place = (home, key)
        return self._last_place  # a key that was given up is free, but still told of

    def release(self, socket: Socket) -> None:
        if place := self._place():
            place[0].release(self._connector)

    def gone(self, socket: Socket) -> None:
        with self._lock:
            counting, self._counting = self._counting or set(), None
        for home in counting:
            home.gone(socket)

    def tell(self, event: events.Event) -> None:
        if place := self._place():
            home, key = place
            home.tell(replace(event, key=redact(key)))

    def stop_reactor(self) -> None:
        connectors.stop_reactor()


class _Connectors:
    """All adopted sockets of the process: nothing that it stays alive for."""

    daemon = True

    def close(self) -> None:
        for socket in connectors.sockets():
            socket.stop()
        connectors.leave()


connectors = ManagerHome(_Connectors(), None)


def stop(connector: Any, home: ManagerHome) -> None:
    """Stop a connector that somebody else stored in `_conns`, whatever its factory is.

    Where it is adopted, `home` counts it until its end.
    """
    owner = getattr(connector, "owner", None)
    if isinstance(owner, Socket):
        if isinstance(owner.home, _Home):
            owner.home.join(owner, home)
        owner.stop()
        return
    reactor.call(_stop_foreign, connector)


def _stop_foreign(connector: Any) -> None:
    factory = getattr(connector, "factory", None)
    factory = getattr(factory, "wrappedFactory", factory)  # under TLS it is wrapped
    if factory is not None and hasattr(factory, "stopTrying"):
        factory.stopTrying()
    if hasattr(connector, "disconnect"):
        connector.disconnect()
