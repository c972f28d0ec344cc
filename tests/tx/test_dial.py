"""Dialling: in memory by way of a fake endpoint, and a few times over real loopback sockets."""

import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet import error, selectreactor, ssl
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import MemoryReactorClock
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python import threadable
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from binance.tx.wire import tls
from binance.tx.wire.dial import (
    AnyThreadReactor,
    Connector,
    DialError,
    abort,
    check,
    connectWS,
    dial,
)
from binance.tx.wire.protocol import BinanceClientFactory
from tests.pace import paced

URL = "wss://stream.example:9443/ws/x"
SECRET = "s3cret-pass"


class Server(Protocol):
    """Writes down what it gets; the first protocol of a server, or what is behind a proxy."""

    def __init__(self) -> None:
        self.got = b""
        self.lost = False

    def dataReceived(self, data: bytes) -> None:
        self.got += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost = True


class Proxy(Protocol):
    """Answers CONNECT with `answer`, then passes octets on to `behind`."""

    answer = b"HTTP/1.1 200 OK\r\n\r\n"
    behind: Any = None

    def __init__(self) -> None:
        self.request = b""
        self.open = False

    def dataReceived(self, data: bytes) -> None:
        if self.open:
            self.behind.dataReceived(data)
            return
        self.request += data
        if self.request.endswith(b"\r\n\r\n"):
            self.open = True
            if self.behind is not None:
                self.behind.makeConnection(self.transport)
            self.transport.write(self.answer)


class Script(Protocol):
    """Answers each read with the next of its answers, then passes octets on to `behind`."""

    def __init__(self, answers: tuple[bytes, ...], behind: Any) -> None:
        self.answers, self.behind = list(answers), behind
        self.asked: list[bytes] = []

    def dataReceived(self, data: bytes) -> None:
        if self.asked and not self.answers:
            self.behind.dataReceived(data)
            return
        self.asked.append(data)
        if self.answers:
            if len(self.answers) == 1 and self.behind is not None:
                self.behind.makeConnection(self.transport)
            self.transport.write(self.answers.pop(0))


class Endpoints:
    """Gives out endpoints that note where they lead and connect when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.factory: Any = None
        self.connecting: Deferred[Any] = Deferred()
        self.cancelled = False

    def __call__(self, host: str, port: int) -> "Endpoints":
        self.asked.append((host, port))
        return self

    def connect(self, factory: Any) -> Deferred[Any]:
        def cancel(_: Deferred[Any]) -> None:
            self.cancelled = True

        self.factory = factory
        self.connecting = Deferred(cancel)
        return self.connecting


class Users(Protocol):
    """The protocol of the user's factory."""

    def __init__(self) -> None:
        self.got = b""
        self.lost: list[type[BaseException]] = []

    def connectionMade(self) -> None:
        self.transport.write(b"GET")

    def dataReceived(self, data: bytes) -> None:
        self.got += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost.append(type(reason.value))


class DialCase(SynchronousTestCase):
    @pytest.fixture(autouse=True)
    def _given(
        self, authority: Any, stranger: Any, wires: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.authority, self.stranger, self.wires = authority, stranger, wires
        self.environ = monkeypatch
        for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)

    def setUp(self) -> None:
        self.clock = Clock()
        self.endpoints = Endpoints()
        self.factory = Factory.forProtocol(Users)
        self.factory.noisy = False

    def tearDown(self) -> None:
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def dial(self, url: str = URL, **options: Any) -> Deferred[Any]:
        options.setdefault("ca_file", self.authority.ca_file)
        return dial(self.clock, url, self.factory, endpoint=self.endpoints, **options)

    def connect(self, server: Any) -> Any:
        """TCP is up: connect what was dialled with a server, and let them talk."""
        protocol = self.endpoints.factory.buildProtocol(None)
        pair = self.wires(protocol, server, self.clock)
        self.endpoints.connecting.callback(protocol)
        pair.pump()
        if pair.near.closed:
            protocol.connectionLost(Failure(error.ConnectionLost()))
        return pair

    def tls(self, *names: str, server: Any = None, signer: Any = None) -> Any:
        """The TLS end of a server."""
        context = (signer or self.authority).server(*names)
        inner = Factory()
        inner.noisy = False
        inner.buildProtocol = lambda address: server or Server()
        return TLSMemoryBIOFactory(context, False, inner, self.clock).buildProtocol(None)

    def fault(self, dialled: Deferred[Any]) -> DialError:
        return self.failureResultOf(dialled, DialError).value


class DirectTests(DialCase):
    def test_the_protocol_arrives_when_tls_is_up(self) -> None:
        dialled = self.dial()
        self.assertEqual(self.endpoints.asked, [("stream.example", 9443)])
        server = Server()
        pair = self.connect(self.tls("stream.example", server=server))
        protocol = self.successResultOf(dialled)
        self.assertIsInstance(protocol, Users)
        self.assertIsInstance(protocol.transport, tls.LeanTLS)
        self.assertEqual(server.got, b"GET")
        server.transport.write(b"101")
        pair.pump()
        self.assertEqual(protocol.got, b"101")

    def test_nothing_is_built_before_the_server_is_verified(self) -> None:
        built = []
        self.factory.buildProtocol = built.append
        dialled = self.dial()
        self.connect(self.tls("other.example"))
        self.fault(dialled)
        self.assertEqual(built, [])

    def test_the_protocol_learns_of_the_end_of_its_connection(self) -> None:
        dialled = self.dial()
        pair = self.connect(self.tls("stream.example"))
        pair.client.connectionLost(Failure(error.ConnectionLost()))
        self.assertEqual(self.successResultOf(dialled).lost, [error.ConnectionLost])

    def test_a_wrong_host(self) -> None:
        dialled = self.dial()
        self.connect(self.tls("other.example"))
        fault = self.fault(dialled)
        self.assertEqual(fault.reason, "wrong host: the certificate is not for stream.example")
        self.assertTrue(fault.certificate)

    def test_an_untrusted_certificate(self) -> None:
        dialled = self.dial()
        self.connect(self.tls("stream.example", signer=self.stranger))
        fault = self.fault(dialled)
        self.assertIn("untrusted", str(fault))
        self.assertTrue(fault.certificate)

    def test_a_server_that_does_not_speak_tls(self) -> None:
        class Plain(Protocol):
            def dataReceived(self, data: bytes) -> None:
                self.transport.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        dialled = self.dial()
        self.connect(Plain())
        fault = self.fault(dialled)
        words = "wrong version number|record layer failure|packet length too long|http request"
        words = f"({words})(, ({words}))?"  # some versions of OpenSSL give two
        self.assertRegex(fault.reason, f"^TLS handshake with stream.example: {words}$")
        self.assertFalse(fault.certificate)

    def test_a_server_that_hangs_up(self) -> None:
        class Rude(Protocol):
            def dataReceived(self, data: bytes) -> None:
                self.transport.loseConnection()

        dialled = self.dial()
        pair = self.connect(Rude())
        pair.client.connectionLost(Failure(error.ConnectionLost()))
        self.assertIn("TLS handshake with stream.example: ", self.fault(dialled).reason)

    def test_no_connection(self) -> None:
        for reason in (error.DNSLookupError("no such name"), error.ConnectionRefusedError()):
            dialled = self.dial()
            self.endpoints.connecting.errback(Failure(reason))
            fault = self.fault(dialled)
            self.assertIn("connecting to stream.example:9443: ", fault.reason)
            self.assertEqual((fault.http_status, fault.certificate), (None, False))

    def test_too_slow_a_connection(self) -> None:
        dialled = self.dial(timeout=3)
        self.clock.advance(2.9)
        self.assertNoResult(dialled)
        self.clock.advance(0.2)
        self.assertEqual(
            self.fault(dialled).reason, "connecting to stream.example:9443: not done after 3 s"
        )
        self.assertTrue(self.endpoints.cancelled)

    def test_what_arrived_while_the_reactor_was_blocked_is_in_time(self) -> None:
        """Timers are called before what has arrived is read."""
        dialled = self.dial(timeout=3)
        self.clock.advance(8)
        self.assertNoResult(dialled)
        self.clock.advance(1.9)
        self.connect(self.tls("stream.example"))
        self.assertIsInstance(self.successResultOf(dialled), Users)

    def test_a_reactor_that_was_blocked_is_waited_for_once(self) -> None:
        dialled = self.dial(timeout=3)
        self.clock.advance(8)
        self.assertNoResult(dialled)
        self.clock.advance(20)
        self.assertIn("not done after 3 s", self.fault(dialled).reason)

    def test_a_connection_that_comes_too_late_is_dropped(self) -> None:
        dialled = self.dial(timeout=3)
        self.clock.advance(3)
        self.fault(dialled)
        protocol = self.endpoints.factory.buildProtocol(None)
        pair = self.wires(protocol, Server(), self.clock)
        self.assertTrue(pair.near.aborted)

    def test_too_slow_a_handshake(self) -> None:
        class Silent(Protocol):
            pass

        dialled = self.dial()
        pair = self.connect(Silent())
        self.clock.advance(10)
        self.assertIn("TLS handshake with stream.example: not done", self.fault(dialled).reason)
        self.assertTrue(pair.near.aborted)
        pair.client.connectionLost(Failure(error.ConnectionAborted()))

    def test_cancelled_while_connecting(self) -> None:
        dialled = self.dial()
        dialled.cancel()
        self.failureResultOf(dialled, CancelledError)
        self.assertTrue(self.endpoints.cancelled)

    def test_cancelled_once_the_name_is_resolved(self) -> None:
        class Resolved(Endpoints):
            def connect(self, factory: Any) -> Deferred[Any]:
                resolved: Deferred[Any] = Deferred()
                connecting = super().connect(factory)
                resolved.addCallback(lambda _: connecting)
                resolved.callback(None)
                return resolved

        self.endpoints = Resolved()
        for url in (URL, "ws://localhost:9/x"):
            self.endpoints.cancelled = False
            dialled = self.dial(url)
            dialled.cancel()
            self.failureResultOf(dialled, CancelledError)
            self.assertTrue(self.endpoints.cancelled)

    def test_cancelled_in_the_handshake(self) -> None:
        class Silent(Protocol):
            pass

        dialled = self.dial()
        pair = self.connect(Silent())
        dialled.cancel()
        self.failureResultOf(dialled, CancelledError)
        self.assertTrue(pair.near.aborted)
        pair.client.connectionLost(Failure(error.ConnectionAborted()))

    def test_plain_to_this_machine(self) -> None:
        dialled = self.dial("ws://localhost:9/ws/x")
        server = Server()
        self.connect(server)
        self.assertIsInstance(self.successResultOf(dialled), Users)
        self.assertEqual(server.got, b"GET")

    def test_plain_to_another_machine_is_refused_unless_asked_for_by_name(self) -> None:
        with self.assertRaisesRegex(ValueError, "neither encrypted nor verified: allowed are wss"):
            self.dial("ws://stream.example/ws/x")
        self.factory.allow_plain = True
        dialled = self.dial("ws://stream.example/ws/x")
        self.assertEqual(self.endpoints.asked, [("stream.example", 80)])
        dialled.cancel()
        self.failureResultOf(dialled, CancelledError)

    def test_what_is_no_url_of_a_websocket(self) -> None:
        for url in ("http://stream.example/", "wss:///ws", "stream.example"):
            self.assertRaises(ValueError, self.dial, url)


class ProxyTests(DialCase):
    proxy = f"http://ann:{SECRET}@proxy.example:3128"

    def test_the_stream_goes_through_the_tunnel_verified(self) -> None:
        dialled = self.dial(proxy=self.proxy)
        self.assertEqual(self.endpoints.asked, [("proxy.example", 3128)])
        proxy, server = Proxy(), Server()
        proxy.behind = self.tls("stream.example", server=server)
        pair = self.connect(proxy)
        protocol = self.successResultOf(dialled)
        self.assertTrue(proxy.request.startswith(b"CONNECT stream.example:9443 HTTP/1.1\r\n"))
        self.assertIn(b"Proxy-Authorization: Basic ", proxy.request)
        self.assertEqual(server.got, b"GET")
        server.transport.write(b"101")
        pair.pump()
        self.assertEqual(protocol.got, b"101")
        pair.client.connectionLost(Failure(error.ConnectionLost()))
        self.assertEqual(protocol.lost, [error.ConnectionLost])

    def test_a_wrong_host_behind_the_proxy(self) -> None:
        dialled = self.dial(proxy=self.proxy)
        proxy = Proxy()
        proxy.behind = self.tls("other.example")
        self.connect(proxy)
        self.assertIn("wrong host", self.fault(dialled).reason)

    def test_a_plain_stream_through_a_proxy_with_octets_behind_the_answer(self) -> None:
        dialled = self.dial("ws://localhost:9/x", proxy=self.proxy)
        proxy = Proxy()
        proxy.behind = Server()
        proxy.answer = b"HTTP/1.1 200 OK\r\n\r\nEARLY"
        self.connect(proxy)
        protocol = self.successResultOf(dialled)
        self.assertEqual((protocol.got, proxy.behind.got), (b"EARLY", b"GET"))

    def test_tls_to_the_proxy_too(self) -> None:
        dialled = self.dial(proxy="https://proxy.example")
        self.assertEqual(self.endpoints.asked, [("proxy.example", 443)])
        proxy, server = Proxy(), Server()
        proxy.behind = self.tls("stream.example", server=server)
        self.connect(self.tls("proxy.example", server=proxy))
        self.assertIsInstance(self.successResultOf(dialled), Users)
        self.assertEqual(server.got, b"GET")

    def test_a_proxy_with_a_wrong_certificate(self) -> None:
        dialled = self.dial(proxy="https://proxy.example")
        self.connect(self.tls("other.example"))
        self.assertEqual(
            self.fault(dialled).reason, "wrong host: the certificate is not for proxy.example"
        )

    def test_a_refusal_gives_its_status_as_the_reason(self) -> None:
        dialled = self.dial(proxy=self.proxy)
        proxy = Proxy()
        proxy.answer = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"
        pair = self.connect(proxy)
        fault = self.fault(dialled)
        self.assertEqual(
            fault.reason,
            "the proxy proxy.example:3128 refused: 407 Proxy Authentication Required",
        )
        self.assertIsNone(fault.http_status)  # that would be the exchange's
        self.assertTrue(pair.near.aborted)
        self.assertNotIn(SECRET, repr(fault) + str(fault.args))

    def test_an_answer_that_is_not_http(self) -> None:
        dialled = self.dial(proxy=self.proxy)
        proxy = Proxy()
        proxy.answer = b"220 smtp ready\r\n\r\n"
        self.connect(proxy)
        self.assertEqual(self.fault(dialled).reason, "the proxy's answer is not HTTP")

    def test_an_answer_in_pieces(self) -> None:
        dialled = self.dial("ws://localhost:9/x", proxy=self.proxy)
        proxy = Proxy()
        proxy.behind = Server()
        proxy.answer = b"HTTP/1.1 200 OK\r\n"
        pair = self.connect(proxy)
        self.assertNoResult(dialled)
        proxy.transport.write(b"\r\n")
        pair.pump()
        self.assertIsInstance(self.successResultOf(dialled), Users)

    def test_a_proxy_that_hangs_up(self) -> None:
        dialled = self.dial(proxy=self.proxy)
        pair = self.connect(Server())
        pair.client.connectionLost(Failure(error.ConnectionLost()))
        self.assertIn("asking the proxy proxy.example:3128", self.fault(dialled).reason)

    def test_a_proxy_of_the_environment(self) -> None:
        self.environ.setenv("HTTPS_PROXY", "http://env.example:1")
        for options in ({}, {"proxy": None}):
            self.dial(**options).cancel()
        self.dial(proxy="").cancel()
        self.dial(proxy="given.example:2").cancel()
        self.environ.setenv("NO_PROXY", "stream.example")
        self.dial().cancel()
        self.assertEqual(
            self.endpoints.asked,
            [
                ("env.example", 1),
                ("env.example", 1),
                ("stream.example", 9443),
                ("given.example", 2),
                ("stream.example", 9443),
            ],
        )

    def dial(self, *args: Any, **options: Any) -> Deferred[Any]:
        """As above, but one that a test gives up again leaves no error behind."""
        dialled = super().dial(*args, **options)
        dialled.addErrback(lambda failure: None if failure.check(CancelledError) else failure)
        return dialled

    def test_a_proxy_that_cannot_be_is_refused_at_once(self) -> None:
        with self.assertRaisesRegex(ValueError, "socks4"):
            self.dial(proxy=f"socks4://u:{SECRET}@h:1")


class SocksTests(DialCase):
    proxy = f"socks5h://ann:{SECRET}@proxy.example"

    def ask(self, *answers: bytes, behind: Any = None) -> tuple[Deferred[Any], Script, Any]:
        dialled = self.dial(proxy=self.proxy)
        proxy = Script(answers, behind)
        return dialled, proxy, self.connect(proxy)

    def test_the_stream_goes_through_the_tunnel_verified(self) -> None:
        server = Server()
        behind = self.tls("stream.example", server=server)
        dialled, proxy, _ = self.ask(
            b"\x05\x02", b"\x01\x00", b"\x05\x00\x00\x01" + bytes(6), behind=behind
        )
        self.assertEqual(self.endpoints.asked, [("proxy.example", 1080)])
        self.assertIsInstance(self.successResultOf(dialled), Users)
        self.assertIn(b"\x03\x0estream.example\x24\xe3", proxy.asked[-1])
        self.assertEqual(server.got, b"GET")

    def test_a_refusal_is_the_reason(self) -> None:
        dialled, _, pair = self.ask(b"\x05\x02", b"\x01\x01")
        fault = self.fault(dialled)
        self.assertEqual(
            fault.reason,
            "the proxy proxy.example:1080 refused: it does not accept the user and the password",
        )
        self.assertIsNone(fault.http_status)
        self.assertTrue(pair.near.aborted)
        self.assertNotIn(SECRET, repr(fault) + str(fault.args))

    def test_what_comes_after_a_refusal_is_ignored(self) -> None:
        dialled, proxy, pair = self.ask(b"\x05\xff")
        self.fault(dialled)
        pair.client.dataReceived(b"\x05\x00")
        self.assertEqual(len(proxy.asked), 1)

    def test_silence_is_a_failed_try(self) -> None:
        dialled, _, _ = self.ask()
        self.clock.advance(10.0)
        self.assertEqual(
            self.fault(dialled).reason,
            "asking the proxy proxy.example:1080 for a tunnel: not done after 10 s",
        )


class NotingFactory(tls.LeanTLSFactory):
    """Remembers who is to make its connections."""

    def __init__(self, creator: Any, *args: Any, **kwargs: Any) -> None:
        self.creator = creator
        super().__init__(creator, *args, **kwargs)


class TheirConnector:
    """Twisted's connector, and its transport; writes down how it is ended."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.state = "connected"
        self.transport = self

    def abortConnection(self) -> None:
        self.done.append("abortConnection")

    def disconnect(self) -> None:
        self.done.append("disconnect")

    def stopConnecting(self) -> None:
        self.done.append("stopConnecting")


class ConnectWSTests(SynchronousTestCase):
    """A user's own connectWS, and Autobahn's, on a reactor in memory."""

    @pytest.fixture(autouse=True)
    def _given(self, monkeypatch: pytest.MonkeyPatch, authority: Any) -> None:
        self.environ, self.authority = monkeypatch, authority
        monkeypatch.delenv("BINANCE_CA_FILE", raising=False)
        monkeypatch.setattr("binance.tx.wire.dial.LeanTLSFactory", NotingFactory)
        tls._warn_of_replacement.cache_clear()

    def setUp(self) -> None:
        self.reactor = MemoryReactorClock()
        self.woken: list[Any] = []
        self.reactor.callFromThread = self.wake
        self.factory = BinanceClientFactory(URL, reactor=self.reactor)

    def wake(self, call: Callable[[], object]) -> None:
        self.woken.append(call)
        call()

    def creator(self) -> Any:
        """Who made the TLS connection of the one connector that there is."""
        ((host, port, factory, *_),) = self.reactor.tcpClients
        self.assertEqual((host, port), ("stream.example", 9443))
        self.assertIs(factory.wrappedFactory, self.factory)
        return factory.creator

    def autobahns(self, *args: Any) -> Any:
        from autobahn.twisted.websocket import connectWS as theirs

        return theirs(*args)

    def test_without_a_context_it_is_verified_and_nothing_said(self) -> None:
        with self.assertNoLogs("binance"):
            connectWS(self.factory)
        self.assertIs(self.creator(), tls.context("stream.example"))

    def test_a_bare_context_is_replaced_with_one_warning(self) -> None:
        with self.assertLogs("binance", logging.WARNING) as log:
            connectWS(self.factory, ssl.ClientContextFactory())
        self.assertIs(self.creator(), tls.context("stream.example"))
        self.assertEqual(len(log.records), 1)

    def test_autobahns_own_connectws_is_verified_too(self) -> None:
        with self.assertLogs("binance", logging.WARNING):
            self.autobahns(self.factory)
        self.assertIs(self.creator(), tls.context("stream.example"))

    def test_the_environments_ca_file_is_trusted(self) -> None:
        self.environ.setenv("BINANCE_CA_FILE", self.authority.ca_file)
        connectWS(self.factory)
        self.assertIs(self.creator(), tls.context("stream.example", self.authority.ca_file))

    def test_the_reactor_is_woken(self) -> None:
        connectWS(self.factory)
        self.assertEqual(len(self.woken), 1)

    def test_plain_only_to_this_machine_or_by_name(self) -> None:
        for connect in (connectWS, self.autobahns):
            far = BinanceClientFactory("ws://stream.example/x", reactor=self.reactor)
            self.assertRaises(ValueError, connect, far)
            far.allow_plain = True
            connect(far)
            near = BinanceClientFactory("ws://localhost/x", reactor=self.reactor)
            connect(near)
        hosts = [client[0] for client in self.reactor.tcpClients]
        self.assertEqual(hosts, ["stream.example", "localhost"] * 2)

    def test_autobahns_own_proxy_gets_a_verified_context(self) -> None:
        self.factory.proxy = {"host": "proxy.example", "port": 3128}
        for connect in (connectWS, self.autobahns):
            connect(self.factory, ssl.ClientContextFactory())
            self.assertIs(self.factory.contextFactory, tls.context("stream.example"))
        dialled = [client[:2] for client in self.reactor.tcpClients]
        self.assertEqual(dialled, [("proxy.example", 3128)] * 2)

    def test_autobahns_own_proxy_that_cannot_get_one_is_refused(self) -> None:
        self.environ.setattr("binance.tx.wire.compat.has", lambda way: way != "Autobahn's proxies")
        self.factory.proxy = {"host": "proxy.example", "port": 3128}
        for connect in (connectWS, self.autobahns):
            with self.assertRaisesRegex(ValueError, "name the proxy in the environment"):
                connect(self.factory)
        self.assertEqual(self.reactor.tcpClients, [])
        plain = BinanceClientFactory("ws://localhost/x", reactor=self.reactor)
        plain.proxy = self.factory.proxy
        connectWS(plain)
        self.assertEqual(len(self.reactor.tcpClients), 1)

    def test_a_connection_is_dropped_without_its_owner(self) -> None:
        for has, dropped in ((True, "abortConnection"), (False, "disconnect")):
            self.environ.setattr("binance.tx.wire.compat.has", lambda way, has=has: has)
            for make in (TheirConnector, self.connector_of_ours):
                theirs = TheirConnector()
                abort(theirs if make is TheirConnector else make(theirs))
                self.assertEqual(theirs.done, [dropped])

    def test_a_factory_may_manage_its_connector_and_connect_it_later(self) -> None:
        for is_managed, connections in ((True, 0), (False, 1)):
            managed: list[Any] = []
            self.factory.manage = lambda one, to=managed, is_so=is_managed: to.append(one) or is_so
            connector = connectWS(self.factory)
            self.assertEqual(managed, [connector])
            self.assertEqual(len(self.reactor.tcpClients), connections)

    def test_only_what_is_connecting_is_stopped(self) -> None:
        for state, done in (("connecting", ["stopConnecting"]), ("connected", [])):
            theirs = TheirConnector()
            theirs.state = state
            self.connector_of_ours(theirs).stopConnecting()
            self.assertEqual(theirs.done, done)
        Connector(self.reactor, "stream.example", 9443, self.factory, 30, None).stopConnecting()

    def connector_of_ours(self, made: Any) -> Connector:
        ours = Connector(self.reactor, "stream.example", 9443, self.factory, 30, None)
        ours.owner = "which is not to be stopped"
        ours._real = made
        return ours

    def test_any_thread_reactor_is_the_reactor_otherwise(self) -> None:
        stand_in = AnyThreadReactor(AnyThreadReactor(self.reactor))
        self.assertIs(stand_in._reactor, self.reactor)
        call = stand_in.callLater(1, self.woken.append, "late")
        self.reactor.advance(1)
        self.assertFalse(call.active())
        self.assertEqual(self.woken, ["late"])


# -- real sockets


@pytest.fixture
def loop() -> Any:
    """A reactor of the test's own, which is not the process's; it runs in the test's thread."""
    io_thread = threadable.ioThread
    reactor = selectreactor.SelectReactor()
    reactor.callLater(paced(20), reactor.stop)  # a hang ends here, and the assertion fails
    yield reactor
    threadable.ioThread = io_thread


def listen(reactor: Any, authority: Any, *names: str) -> tuple[Any, list[Server]]:
    servers: list[Server] = []

    def build(address: Any) -> Server:
        servers.append(Server())
        return servers[-1]

    factory = Factory()
    factory.noisy = False
    factory.buildProtocol = build
    context = authority.server(*names)
    inner = TLSMemoryBIOFactory(context, False, factory, reactor)
    port = reactor.listenTCP(0, inner, interface="127.0.0.1")
    return port, servers


def listen_plain(reactor: Any, authority: Any, *names: str) -> tuple[Any, list[Server]]:
    servers: list[Server] = []

    def build(address: Any) -> Server:
        servers.append(Server())
        return servers[-1]

    factory = Factory()
    factory.noisy = False
    factory.buildProtocol = build
    return reactor.listenTCP(0, factory, interface="127.0.0.1"), servers


def outcome(reactor: Any, start: Callable[[], Deferred[Any]]) -> Any:
    """Run the reactor until a Deferred has fired; what it fired with."""
    results: list[Any] = []

    def begin() -> None:
        start().addBoth(results.append).addBoth(lambda _: reactor.stop())

    reactor.callWhenRunning(begin)
    reactor.run(installSignalHandlers=False)
    assert results, "nothing came of it in time"
    return results[0]


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("host", "names", "signer", "expected"),
    [
        ("localhost", ("localhost",), "authority", "up"),
        ("127.0.0.1", ("127.0.0.1",), "authority", "up"),
        ("127.0.0.1", ("localhost",), "authority", "wrong host"),
        ("localhost", ("localhost",), "stranger", "untrusted"),
    ],
)
def test_over_real_sockets(
    loop: Any, request: Any, authority: Any, host: str, names: Any, signer: str, expected: str
) -> None:
    port, _ = listen(loop, request.getfixturevalue(signer), *names)
    url = f"wss://{host}:{port.getHost().port}/ws/x"
    factory = Factory.forProtocol(Users)
    result = outcome(loop, lambda: dial(loop, url, factory, ca_file=authority.ca_file))
    if expected == "up":
        assert isinstance(result, Users)
    else:
        assert isinstance(result.value, DialError)
        assert result.value.certificate
        assert expected in result.value.reason


@pytest.mark.loopback
@pytest.mark.parametrize("secure", [False, True])
def test_cancelled_at_any_step_nothing_stays_connected(
    loop: Any, authority: Any, secure: bool
) -> None:
    port, servers = (listen if secure else listen_plain)(loop, authority, "127.0.0.1")
    url = f"{'wss' if secure else 'ws'}://127.0.0.1:{port.getHost().port}/ws/x"
    last: list[Any] = []

    def begin(steps: int) -> None:
        dialled = dial(loop, url, Factory.forProtocol(Users), ca_file=authority.ca_file)
        results: list[Any] = []
        dialled.addBoth(results.append)
        step(steps, dialled, results)

    def step(left: int, dialled: Deferred[Any], results: list[Any]) -> None:
        if left and not results:
            loop.callLater(0, step, left - 1, dialled, results)
            return
        dialled.cancel()
        if isinstance(results[0], Users):  # up before it was cancelled: its owner's now
            results[0].transport.abortConnection()
        last.append(results[0])

    def settled() -> bool:
        return len(last) == 24 and all(server.lost for server in servers)

    def start() -> Deferred[Any]:
        done: Deferred[Any] = Deferred()

        def look(quiet: int) -> None:
            if quiet == 20:
                done.callback(len(servers))
            else:
                loop.callLater(0.01, look, quiet + 1 if settled() else 0)

        for steps in range(24):
            loop.callLater(0, begin, steps)
        look(0)
        return done

    assert outcome(loop, start) > 0  # some were connected


@pytest.mark.loopback
def test_the_transport_calls_its_protocol_without_an_endpoint_between(
    loop: Any, authority: Any
) -> None:
    port, _ = listen(loop, authority, "localhost")
    url = f"wss://localhost:{port.getHost().port}/ws/x"

    def called(protocol: Any) -> bool:
        tls = protocol.transport
        return tls.transport.protocol is tls

    def start() -> Deferred[Any]:
        dialled = dial(loop, url, Factory.forProtocol(Users), ca_file=authority.ca_file)
        return dialled.addCallback(called)

    assert outcome(loop, start) is True


@pytest.mark.loopback
def test_nobody_listens(loop: Any) -> None:
    port = loop.listenTCP(0, Factory(), interface="127.0.0.1")
    number = port.getHost().port

    def start() -> Deferred[Any]:
        closed: Deferred[Any] = port.stopListening()
        url = f"ws://127.0.0.1:{number}/x"
        return closed.addCallback(lambda _: dial(loop, url, Factory.forProtocol(Users)))

    assert "refused" in outcome(loop, start).value.reason.lower()


@pytest.mark.loopback
def test_a_connector_steered_from_another_thread(loop: Any, authority: Any) -> None:
    port, servers = listen(loop, authority, "localhost")
    factory = BinanceClientFactory(f"wss://localhost:{port.getHost().port}/x", reactor=loop)
    factory.ca_file = authority.ca_file
    seen: list[Any] = []
    is_made = threading.Event()
    done: Deferred[Any] = Deferred()

    class Watching(factory.protocol):
        def connectionMade(self) -> None:
            super().connectionMade()
            seen.append(threading.get_ident())
            is_made.set()

    factory.protocol = Watching
    factory.clientConnectionLost = lambda connector, reason: done.callback(connector)

    def elsewhere() -> None:
        connector = connectWS(factory, ssl.ClientContextFactory())
        seen.append(connector)
        if is_made.wait(paced(15)):
            connector.disconnect()

    thread = threading.Thread(target=elsewhere)

    def start() -> Deferred[Any]:
        thread.start()
        return done

    made = outcome(loop, start)
    thread.join(paced(5))
    assert not thread.is_alive()
    (connector,) = [one for one in seen if isinstance(one, Connector)]
    assert connector._real is made
    assert threading.get_ident() in seen
    assert len(servers) == 1


def test_plain_connections_to_other_machines_are_refused_unless_allowed() -> None:
    with pytest.raises(ValueError, match="neither encrypted nor verified"):
        check("ws://exchange.example:9443/")
    check("ws://exchange.example:9443/", allow_plain=True)
    check("ws://localhost:9443/")
