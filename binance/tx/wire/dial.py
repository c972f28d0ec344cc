"""Dials a URL, directly or through a proxy, up to the end of the TLS handshake."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from functools import partial
from typing import Any

from autobahn.websocket.util import parse_url
from OpenSSL import SSL
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.interfaces import IHandshakeListener
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python import threadable
from twisted.python.failure import Failure
from zope.interface import implementer

from binance.exceptions import redact
from binance.sansio.link.budget import is_loopback
from binance.sansio.link.liveness import GRACE
from binance.tx.wire import compat
from binance.tx.wire import proxy as proxies
from binance.tx.wire.tls import LeanTLSFactory, certificate_fault, context, verifying

#: A deadline that comes so many seconds late means that the reactor was blocked.
LATE_SECONDS = 0.2
#: Environment variable: a PEM file with certificates to trust besides the system's.
CA_FILE = "BINANCE_CA_FILE"


class DialError(Exception):
    """A dial failed.

    Attributes:
        reason: the cause, as text.
        http_status: the status of the exchange's refusal, or None; a proxy's is in the reason.
        certificate: whether the server's certificate was refused.
        retry_after: the seconds for which the exchange has asked to be left alone, or None.
    """

    def __init__(
        self,
        reason: str,
        http_status: int | None = None,
        certificate: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.reason = reason
        self.http_status = http_status
        self.certificate = certificate


def dial(
    reactor: Any,
    url: str,
    factory: Any,
    *,
    ca_file: str | None = None,
    proxy: str | None = None,
    timeout: float = 10.0,
    endpoint: Callable[[str, int], Any] | None = None,
) -> Deferred[Any]:
    """Connect to a `wss://` URL and have `factory` build its protocol there.

    The host name is resolved for each dial, and its addresses are tried as in RFC 8305. The
    Deferred fires with the protocol when TCP and TLS are up and the certificate is verified against
    the host name. The WebSocket handshake comes after that. The Deferred fails with `DialError`; to
    cancel it ends the attempt.

    Args:
        reactor: Twisted's.
        url: `wss://..`; `ws://..` only to loopback, or where `factory.allow_plain` is true.
        factory: `buildProtocol` is called once.
        ca_file: PEM file to trust besides the system's roots and certifi's.
        proxy: URL of a proxy; None: the one of the environment; "": none.
        timeout: seconds for name, TCP, proxy and TLS together.
        endpoint: creates the endpoint of a host and port; for tests.

    Raises:
        ValueError: the URL, the proxy's URL or the CA file is not usable.
    """
    secure, host, port, *_ = parse_url(url)
    _check_plain(secure, host, factory)
    if proxy is None:
        via = proxies.from_environment(host, port, secure, os.environ)
    else:
        via = proxies.parse(proxy) if proxy else None
    attempt = _Attempt(reactor, factory)
    inner: Any = factory
    if secure:
        waiting: Any = _Factory(lambda address: _AwaitTLS(attempt, address, host))
        inner = LeanTLSFactory(context(host, ca_file), True, waiting, reactor, port)
    if via is not None:
        inner = _Factory(partial(_Tunnel, attempt, via, host, port, inner, secure))
        if via.secure:
            inner = LeanTLSFactory(context(via.host, ca_file), True, inner, reactor, via.port)
        host, port = via.host, via.port
    # An address has no timeout of its own, which would be as long as that of the attempt.
    never: Any = None
    make = endpoint or partial(HostnameEndpoint, reactor, timeout=never)
    return attempt.start(make(host, port), inner, f"connecting to {host}:{port}", timeout)


def check(url: str, *, allow_plain: bool = False, ca_file: str | None = None) -> None:
    """Raise at once for the arguments that `dial` would refuse.

    Raises:
        ValueError: no WebSocket URL, `ws://` to another machine, or a CA file without certificate.
        OSError: the CA file cannot be read.
    """
    try:
        secure, host, *_ = parse_url(url)
    except ValueError as error:
        shown = redact(repr(url))
        raise ValueError(f"{shown} is no base URL of streams: {error}; allowed: wss://..") from None
    if not allow_plain:
        _check_plain(secure, host)
    if secure and ca_file is not None:
        context(host, ca_file)


def _check_plain(secure: bool, host: str, factory: Any = None) -> None:
    """Raise ValueError for an unencrypted connection to another machine."""
    if not secure and not getattr(factory, "allow_plain", False) and not is_loopback(host):
        raise ValueError(
            f"ws:// to {host} would be neither encrypted nor verified: allowed are wss://, "
            "ws:// to this machine, or a factory with allow_plain = True"
        )


class Deadline:
    """A delayed call that waits once more if the reactor was blocked when it was due.

    What has arrived meanwhile is not read yet, and may be what the call would miss.
    """

    def __init__(self, clock: Any, delay: float, call: Callable[..., object], *args: Any) -> None:
        self._clock = clock
        self._due = clock.seconds() + delay
        self._call = clock.callLater(delay, self._fire, call, args)

    def cancel(self) -> None:
        if self._call.active():
            self._call.cancel()

    def _fire(self, call: Callable[..., object], args: tuple[object, ...]) -> None:
        if self._clock.seconds() - self._due > LATE_SECONDS:
            self._due = math.inf
            self._call = self._clock.callLater(GRACE, self._fire, call, args)
        else:
            call(*args)


class _Attempt:
    """One dial, until it is up, has failed, or is cancelled."""

    def __init__(self, reactor: Any, factory: Any) -> None:
        self.factory = factory
        self._reactor = reactor
        self._done: Deferred[Any] = Deferred(lambda _: self._end())
        self._connecting: Deferred[Any] | None = None
        self._transport: Any = None
        self._timer: Any = None
        self._stage = ""
        self._over = False

    def start(self, where: Any, inner: Any, stage: str, timeout: float) -> Deferred[Any]:
        self._stage = stage
        self._timer = Deadline(self._reactor, timeout, self._late, timeout)
        self._connecting = where.connect(inner)
        self._connecting.addCallback(_unwrapped)
        self._connecting.addCallbacks(
            self.arrived if inner is self.factory else lambda _: None, self._refused
        )
        return self._done

    # from the protocols below

    def reached(self, stage: str, transport: Any) -> None:
        """A layer is up, and the next one starts."""
        self._stage = stage
        self._transport = transport
        if self._over:
            transport.abortConnection()

    def arrived(self, protocol: Any) -> None:
        """All layers are up, and the user's protocol is connected."""
        if self._over:  # cancelled meanwhile
            protocol.transport.abortConnection()
            return
        self._transport = None  # from here on the protocol owns it
        self._end()
        self._done.callback(protocol)

    def lost(self, reason: Any, host: str) -> None:
        """The connection was lost before all layers were up."""
        fault = certificate_fault(reason.value, host)
        if fault is not None:
            self.failed(DialError(fault, certificate=True))
        elif isinstance(reason.value, SSL.Error):
            self.failed(DialError(f"{self._stage}: {_tls_words(reason.value)}"))
        else:
            self.failed(DialError(f"{self._stage}: {reason.getErrorMessage()}"))

    def failed(self, error: DialError) -> None:
        if not self._over:
            self._end()
            self._done.errback(Failure(error))

    # from the clock and the endpoint

    def _late(self, timeout: float) -> None:
        self.failed(DialError(f"{self._stage}: not done after {timeout:g} s"))

    def _refused(self, reason: Failure) -> None:
        self.failed(DialError(f"{self._stage}: {reason.getErrorMessage()}"))

    def _end(self) -> None:
        self._over = True
        self._timer.cancel()
        if self._connecting is not None:
            # An endpoint's Deferred that has fired may wait for another one, after the name was
            # resolved. To cancel the first cancels the second too.
            self._connecting.cancel()
        if self._transport is not None:
            self._transport.abortConnection()
        # The TLS transport keeps this object as long as it lives.
        self._timer = self._connecting = self._transport = None


def _unwrapped(protocol: Any) -> Any:
    """Make the transport call the protocol directly, without the endpoint's wrapper."""
    transport: Any = getattr(protocol, "transport", None)
    wrapper = getattr(transport, "protocol", None)
    if compat.has("no wrapper") and getattr(wrapper, "_wrappedProtocol", None) is protocol:
        transport.protocol = protocol
    return protocol


def _tls_words(error: SSL.Error) -> str:
    """The reasons on OpenSSL's error queue."""
    queue = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return ", ".join(str(entry[-1]) for entry in queue) or "TLS failed"


class _Factory(Factory):
    """A factory with a function from address to protocol."""

    noisy = False

    def __init__(self, build: Callable[[Any], Any]) -> None:
        self._build = build

    def buildProtocol(self, addr: Any) -> Any:
        return self._build(addr)


@implementer(IHandshakeListener)
class _AwaitTLS(Protocol):
    """The protocol of a TLS transport until the server is verified; then the real one replaces it.

    If the real protocol were connected before that, it would send its request too early and see a
    bad certificate as a lost connection.
    """

    def __init__(self, attempt: _Attempt, address: Any, host: str) -> None:
        self._attempt = attempt
        self._address = address
        self._host = host

    def connectionMade(self) -> None:
        self._attempt.reached(f"TLS handshake with {self._host}", self.transport)

    def handshakeCompleted(self) -> None:
        tls: Any = self.transport
        protocol = self._attempt.factory.buildProtocol(self._address)
        tls.wrappedProtocol = protocol
        protocol.makeConnection(tls)
        self._attempt.arrived(protocol)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._attempt.lost(reason, self._host)


class _Tunnel(Protocol):
    """Requests a tunnel from a proxy, then passes all data to the inner protocol."""

    transport: Any

    def __init__(
        self,
        attempt: _Attempt,
        via: proxies.Proxy,
        host: str,
        port: int,
        factory: Any,
        secure: bool,
        address: Any,
    ) -> None:
        self._attempt = attempt
        self._via = via
        self._dialogue = via.dialogue(host, port)
        self._factory = factory
        self._secure = secure
        self._address = address
        self._inner: Any = None

    def connectionMade(self) -> None:
        self._attempt.reached(f"asking the proxy {self._via} for a tunnel", self.transport)
        self.transport.write(next(self._dialogue))

    def dataReceived(self, data: bytes) -> None:
        try:
            self.transport.write(self._dialogue.send(data))
        except StopIteration as ended:
            if ended.value is not None:  # it ends with None if it has failed before
                self._opened(ended.value)
        except proxies.Refused as refused:
            # Without the HTTP status: a 404 of a proxy is not one of the exchange.
            self._attempt.failed(DialError(f"the proxy {self._via} refused: {refused}"))
        except ValueError as error:
            self._attempt.failed(DialError(str(error)))

    def _opened(self, rest: bytes) -> None:
        self._inner = self._factory.buildProtocol(self._address)
        self.dataReceived = self._inner.dataReceived  # type: ignore[method-assign]
        self._inner.makeConnection(self.transport)
        if not self._secure:
            self._attempt.arrived(self._inner)
        if rest:
            self._inner.dataReceived(rest)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self._inner is None:
            self._attempt.lost(reason, self._via.host)
        else:
            self._inner.connectionLost(reason)


# -- connectors of user code


class AnyThreadReactor:
    """The reactor, with `connectTCP` and `connectSSL` for any thread.

    It is set as `factory.reactor`, which Autobahn's own `connectWS` uses. Without it, a call from
    another thread would not wake the reactor, and a call without a context would verify nothing.
    """

    def __init__(self, reactor: Any) -> None:
        self._reactor: Any = reactor._reactor if isinstance(reactor, AnyThreadReactor) else reactor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def connectTCP(
        self, host: str, port: int, factory: Any, timeout: float = 30, bindAddress: Any = None
    ) -> Any:
        """As in IReactorTCP; unencrypted to another machine only if the factory allows it."""
        if getattr(factory, "proxy", None) is None:
            _check_plain(False, host, factory)
        elif factory.isSecure and not compat.has("Autobahn's proxies"):
            raise ValueError(
                "the factory's `proxy` is Autobahn's own, and this version of Autobahn does not "
                "let the certificate behind it be verified: name the proxy in the environment"
            )
        return self._connect(host, port, factory, timeout, bindAddress)

    def connectSSL(
        self,
        host: str,
        port: int,
        factory: Any,
        contextFactory: Any,
        timeout: float = 30,
        bindAddress: Any = None,
    ) -> Any:
        """As in IReactorSSL; verified even if the context does not verify."""
        creator = verified_for(factory, contextFactory, host)
        inner = LeanTLSFactory(creator, True, factory, self._reactor, port)
        return self._connect(host, port, inner, timeout, bindAddress, factory)

    def _connect(
        self, host: str, port: int, factory: Any, timeout: float, bind: Any, owning: Any = None
    ) -> Any:
        connector = Connector(self._reactor, host, port, factory, timeout, bind)
        manage = getattr(owning or factory, "manage", None)
        if manage is None or not manage(connector):
            connector.connect()
        return connector


class Connector:
    """Twisted's connector, for any thread: the real one is created in the reactor thread.

    If its factory manages it, its owner connects it and `disconnect` stops the owner: a stopped
    connector must not connect again.
    """

    owner: Any = None

    def __init__(
        self, reactor: Any, host: str, port: int, factory: Any, timeout: float, bind: Any
    ) -> None:
        self.reactor = reactor
        self._where = host, port
        self._how = timeout, bind
        self._factory = factory
        self._real: Any = None

    def __getattr__(self, name: str) -> Any:
        made = self.__dict__.get("_real")
        if made is None:
            raise AttributeError(f"a connector has no {name!r} before it connects")
        return getattr(made, name)

    @property
    def factory(self) -> Any:
        """The factory of the protocols; scripts replace it to prevent retries."""
        return self._factory

    @factory.setter
    def factory(self, factory: Any) -> None:
        self._factory = factory
        if self._real is not None:
            self._real.factory = factory

    @property
    def state(self) -> str:
        """`'disconnected'`, `'connecting'` or `'connected'`."""
        return "disconnected" if self._real is None else str(self._real.state)

    def connect(self) -> None:
        """Connect, or connect again."""
        self._in_reactor(self._connect)

    def disconnect(self) -> None:
        """End the connection in any state."""
        if self.owner is not None:
            self.owner.stop()
        else:
            self._in_reactor(self._disconnect)

    def stopConnecting(self) -> None:
        """End an attempt to connect."""
        self._in_reactor(self._stop_connecting)

    def _connect(self) -> None:
        if self._real is None:
            self._real = self.reactor.connectTCP(*self._where, self._factory, *self._how)
        else:
            self._real.connect()

    def _disconnect(self) -> None:
        if self._real is not None:
            self._real.disconnect()

    def _stop_connecting(self) -> None:
        if self.state == "connecting":
            self._real.stopConnecting()

    def _in_reactor(self, call: Callable[[], object]) -> None:
        if threadable.isInIOThread():
            call()
        else:
            self.reactor.callFromThread(call)


def abort(connector: Any) -> None:
    """Drop the connection of any connector, but keep its owner.  Reactor thread."""
    if compat.has("users' connectors"):
        connector.transport.abortConnection()
    elif isinstance(connector, Connector):
        connector._disconnect()
    else:
        connector.disconnect()


def connectWS(
    factory: Any, contextFactory: Any = None, timeout: float = 30, bindAddress: Any = None
) -> Any:
    """Autobahn's `connectWS`, for any thread, and always verified.

    It connects to the URL of `factory`. Without a context, or with Twisted's bare
    `ssl.ClientContextFactory`, certificate and host name are verified too.

    Returns:
        Twisted's connector.

    Raises:
        ValueError: `ws://` to another machine, and `factory.allow_plain` is not set.
    """
    reactor = AnyThreadReactor(_reactor_of(factory))
    if factory.isSecure:
        contextFactory = verified_for(factory, contextFactory)
    if factory.proxy is not None:
        _check_plain(factory.isSecure, factory.host, factory)
        factory.contextFactory = contextFactory
        host, port = factory.proxy["host"], factory.proxy["port"]
        return reactor.connectTCP(host, port, factory, timeout, bindAddress)
    host, port = factory.host, factory.port
    if factory.isSecure:
        return reactor.connectSSL(host, port, factory, contextFactory, timeout, bindAddress)
    return reactor.connectTCP(host, port, factory, timeout, bindAddress)


def _reactor_of(factory: Any) -> Any:
    if hasattr(factory, "reactor"):
        return factory.reactor
    from twisted.internet import reactor

    return reactor


def verified_for(factory: Any, given: Any, host: str | None = None) -> Any:
    """The TLS context of a factory: the given one, or a verifying one in its place.

    `factory.ca_file` is trusted too, or else the file in `BINANCE_CA_FILE`.
    """
    ca_file: str | None = getattr(factory, "ca_file", None) or os.environ.get(CA_FILE) or None
    return verifying(given, host or factory.host, ca_file)
