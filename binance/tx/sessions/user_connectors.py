"""Connectors that a user's own code has started: `_conns[path] = connectWS(factory, context)`.

Scripts subclass the manager, override `_start_socket` and drive Autobahn themselves.  When
`connectWS` creates their connector, in any thread, a `Socket` takes it over.  The socket uses the
same machine, guard and statistics as one of ours.  The only differences: the user's connector
dials, and the user's factory builds the protocol.  The machine also decides when it stops, so a
stopped connector stays stopped, whichever of two threads is faster.

`connectors` holds all of these sockets, so that the reactor waits for their closing handshakes
before it stops.  A manager that stops one of them waits for it too.
"""

from __future__ import annotations

import threading
import weakref
from dataclasses import replace
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.python.failure import Failure

from binance import events
from binance.exceptions import redact
from binance.sansio.link.reconnect import RetryPolicy
from binance.tx.dependencies import DelayedCall, Dependencies
from binance.tx.link import Link
from binance.tx.loop import reactor
from binance.tx.loop.lifetime import OpenSockets
from binance.tx.sessions.market import MarketSession
from binance.tx.socket import Options, Socket
from binance.tx.wire import compat, protocol
from binance.tx.wire.dial import DialError, abort
from binance.tx.wire.protocol import BinanceClientProtocol

#: A connector's timeout in seconds where no other was asked for, as Twisted documents it.
TIMEOUT = 30.0
#: Seconds after a connector's own timeout at which we stop its dial.
TIMEOUT_SLACK = 1.0
#: Seconds after an event within which user code should store the connector in `_conns`.
STORED_SECONDS = 0.1

#: The sockets of each manager in this process; the `_conns` of one of them contains the connector.
#: A list is copied in one step, so other threads and signal handlers may create managers meanwhile.
registered: list[weakref.ref[OpenSockets]] = []


def register(sockets: OpenSockets) -> None:
    """Look for connectors in these sockets too, as long as they exist."""
    registered.append(weakref.ref(sockets, _forget))


def _forget(reference: weakref.ref[Any]) -> None:
    if reference in registered:
        registered.remove(reference)


class BinanceClientFactory(protocol.BinanceClientFactory):
    """Opens the connections of one stream, and reconnects.

    Create `BinanceClientFactory(url)`, set `protocol` (a `BinanceClientProtocol`) and `callback`,
    and call `connectWS(factory, context)`.  `reconnect = False` turns retries off.  `maxRetries`,
    `initialDelay`, `factor` and `maxDelay` are Twisted's names for the number of retries and their
    delays in seconds.  Certificates are always verified, with any `context`.
    """

    managed: Socket | None = None

    def manage(self, connector: Any) -> bool:
        """Keep a connector connected, unless another one of this factory is connected already."""
        return self._manage(connector, is_connecting=False)

    def startedConnecting(self, connector: Any) -> None:
        """Take over a connector that was not created by our `connectWS`, while it connects."""
        self._manage(connector, is_connecting=True)

    def _manage(self, connector: Any, is_connecting: bool) -> bool:
        if self.managed is not None and not self.managed.is_stopping:
            return False
        dependencies = Dependencies(reactor.clock(), _no_dial, rotate_after=None)
        owner = _ConnectorOwner(connector, dependencies.clock)
        self.managed = connector.owner = Socket(
            owner,
            self.url or "",
            self.deliver_raw,
            dependencies,
            Options(policy=_policy(self)),
            lambda socket: [_ConnectorSession(socket, self, connector, is_connecting)],
        )
        owner.join(self.managed, connectors)
        connectors.enter()
        self.managed.start()
        return True

    def deliver_raw(self, message: object) -> None:
        """Call the callback that is set now."""
        if self.callback is not None:
            self.callback(message)

    def stopTrying(self) -> None:
        """Make no further try; an open link is closed."""
        super().stopTrying()
        if self.managed is not None:
            self.managed.stop()

    # from the connector

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        session = self._session()
        if session is not None:
            session.failed(reason)

    def clientConnectionLost(self, connector: Any, reason: Failure) -> None:
        """The protocol has reported this already."""

    def _session(self) -> _ConnectorSession | None:
        if self.managed is None:
            return None
        sessions = [connection.session for connection in self.managed.connections]
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
    raise AssertionError("a managed connector dials by itself")


class _ConnectorSession(MarketSession):
    """Dials by the user's connector, builds by the user's factory.

    The streams in the user's URL are not checked, and no request is sent.
    """

    def __init__(
        self, socket: Socket, factory: BinanceClientFactory, connector: Any, is_connecting: bool
    ) -> None:
        super().__init__(socket, "", "spot")
        self._factory = factory
        self._connector = connector
        self._is_connecting = is_connecting
        self._dialing: Deferred[BinanceClientProtocol] | None = None
        self._deadline = DelayedCall(socket.dependencies.clock)

    # from the connection

    def dial(self, link: Link, address: int) -> Deferred[BinanceClientProtocol]:
        self._factory.link = link
        # The reactor's own clock jumps when the system clock is set: a handshake might never end.
        self._factory.clock = self._socket.dependencies.clock
        admitted = link.admitted(str(self._factory.host))
        if self._is_connecting and not admitted.called:
            self._connector.stopConnecting()  # it started without the budget, and has to wait
            self._is_connecting = False
        dialing: Deferred[BinanceClientProtocol] = Deferred(lambda _: self._cancel(admitted))
        self._dialing = dialing
        admitted.addCallbacks(lambda _: self._connect(), lambda why: why.trap(CancelledError))
        admitted.addErrback(self._not_dialed)  # an exception of the user's connector
        return dialing  # `begin` fires it, so that cancelling it stops the handshake too

    def begin(self, link: Link) -> None:
        if isinstance(self._socket.owner, _ConnectorOwner):
            self._socket.owner.name(self._socket)
        dialing = self._dialed()
        if dialing is not None and link.protocol is not None:
            dialing.callback(link.protocol)
        link.ready()

    def ended(self, link: Link) -> None:
        self._dialed()

    # from the sink

    def control(self, link: Link, message: dict[str, object]) -> None:
        """Only count it: the connector cannot have a second link."""
        link.controls += 1

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
            self._connector.state = state  # Twisted leaves "connecting", which would block a retry
            raise
        finally:
            self._is_connecting = False
        if self._dialing is not None:
            # The connector's own timeout uses its reactor's clock, which jumps when it is set.
            timeout = self._connector.timeout if compat.has("users' connectors") else TIMEOUT
            self._deadline.start(timeout + TIMEOUT_SLACK, self._too_late)

    def _too_late(self) -> None:
        if self._connector.state == "connecting":
            self._connector.stopConnecting()

    def _not_dialed(self, why: Failure) -> None:
        dialing = self._dialed()
        if dialing is not None:
            dialing.errback(why)

    def _dialed(self) -> Deferred[BinanceClientProtocol] | None:
        """The Deferred that waits for the dial, which has ended now."""
        self._deadline.stop()
        dialing, self._dialing = self._dialing, None
        return dialing

    def _cancel(self, admitted: Deferred[None]) -> None:
        self._dialed()
        admitted.cancel()
        if self._connector.state == "connecting":
            self._connector.stopConnecting()
        elif self._connector.state == "connected":
            abort(self._connector)


class _ConnectorOwner:
    """The manager whose `_conns` contains the connector, looked up when it is needed."""

    def __init__(self, connector: Any, clock: Any) -> None:
        self._connector = connector
        #: events before the connector was in `_conns`, and the next look for it
        self._events: list[events.Event] = []
        self._looking = DelayedCall(clock)
        self._last_found: tuple[OpenSockets, str] | None = None
        self._lock = threading.RLock()
        #: all that wait for the end of the socket; None after its end
        self._waiting: set[OpenSockets] | None = set()

    def join(self, socket: Socket, sockets: OpenSockets) -> None:
        """Add the socket to `sockets`, until its end.  Any thread."""
        with self._lock:
            if self._waiting is not None:
                self._waiting.add(sockets)
                sockets.add(socket)

    def name(self, socket: Socket) -> None:
        """Give the socket its key, once the user has stored the connector under one."""
        if found := self._find():
            socket.key = found[1]

    def _find(self) -> tuple[OpenSockets, str] | None:
        for reference in registered.copy():
            if (sockets := reference()) is not None:
                for key, value in sockets.held():
                    if value is self._connector:
                        self._last_found = (sockets, key)
        return self._last_found  # events are reported under the last key, even once it is free

    def release(self, socket: Socket) -> None:
        if found := self._find():
            found[0].release(self._connector)

    def gone(self, socket: Socket) -> None:
        if self._looking.is_running:
            self._looking.stop()
            self._look_again()
        with self._lock:
            waiting, self._waiting = self._waiting or set(), None
        for sockets in waiting:
            sockets.gone(socket)

    def report(self, event: events.Event) -> None:
        """Report an event, now or soon: user code may not have stored the connector yet."""
        self._events.append(event)
        if not self._report_events() and not self._looking.is_running:
            self._looking.start(STORED_SECONDS, self._look_again)

    def _look_again(self) -> None:
        if not self._report_events():
            self._events.clear()  # no manager has this connector

    def _report_events(self) -> bool:
        """Report the waiting events; returns False if no manager has the connector."""
        if not (found := self._find()):
            return False
        sockets, key = found
        waiting, self._events = self._events, []
        for event in waiting:
            sockets.report(replace(event, key=redact(key)))
        return True

    def stop_reactor(self) -> None:
        connectors.stop_reactor()


class _Connectors:
    """The manager of all managed connectors of the process; it does not keep the process alive."""

    daemon = True

    def close(self) -> None:
        for socket in connectors.sockets():
            socket.stop()
        connectors.leave()


connectors = OpenSockets(_Connectors(), None)


def socket_of(conn: object) -> Socket | None:
    """The socket behind an entry of `_conns`: itself, or the one that manages a connector."""
    found = conn if isinstance(conn, Socket) else getattr(conn, "owner", None)
    return found if isinstance(found, Socket) else None


def stop(connector: Any, sockets: OpenSockets) -> None:
    """Stop a socket, or a connector that user code stored in `_conns`, whatever its factory is.

    If a socket manages the connector, `sockets` contains that socket until its end.
    """
    socket = socket_of(connector)
    if socket is None:
        with reactor.ENDING:
            reactor.call(_stop_foreign, connector)
        return
    if isinstance(socket.owner, _ConnectorOwner):
        socket.owner.join(socket, sockets)
    socket.stop()


def _stop_foreign(connector: Any) -> None:
    factory = getattr(connector, "factory", None)
    factory = getattr(factory, "wrappedFactory", factory)  # under TLS it is wrapped
    if factory is not None and hasattr(factory, "stopTrying"):
        factory.stopTrying()
    if hasattr(connector, "disconnect"):
        connector.disconnect()
