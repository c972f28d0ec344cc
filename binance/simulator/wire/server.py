"""The simulator's server: listens on loopback, accepts and refuses connections, orders faults.

:class:`SimulatorServer` joins the pieces: the exchanges with their rules, the WebSocket
connections, the REST API, and the listener in front of them.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from twisted.internet import error
from twisted.internet.defer import Deferred, gatherResults, maybeDeferred
from twisted.internet.protocol import Factory
from twisted.protocols.tls import TLSMemoryBIOFactory

from binance.simulator.accounts import routes
from binance.simulator.accounts.accounts import Accounts
from binance.simulator.api import futures_market_data, market_data
from binance.simulator.api.call import Route
from binance.simulator.api.stream_requests import read_target
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.faults import Fault
from binance.simulator.rules.settings import REQUESTS_BEFORE_BAN
from binance.simulator.rules.state import SimulatorState
from binance.simulator.wire.certificates import GOOD, Certificates
from binance.simulator.wire.control import Control
from binance.simulator.wire.hub import Hub
from binance.simulator.wire.incoming import Head, IncomingConnection
from binance.simulator.wire.rest import REASONS, QuietSite, Rest
from binance.simulator.wire.stream_connection import StreamConnection
from binance.simulator.wire.user_data import UserData
from binance.simulator.wire.websocket import Connection
from binance.simulator.wire.ws_api import MARKETS, Session
from binance.simulator.wire.ws_api import PATH as WS_API_PATH

LOOPBACK = "127.0.0.1"
LOOPBACK_6 = "::1"


def wall_clock() -> int:
    """Ms since 1970."""
    return int(time.time() * 1000)


class SimulatorServer:
    """A simulated exchange on one loopback port.

    :param reactor: Twisted's.
    :param state: what is simulated.
    :param port: the TCP port; 0: any free one.
    :param tls: TLS with a throw-away certificate authority, whose certificate is written to
        ``ca_file`` until :meth:`stop`; otherwise plain.

    ``rest`` takes further calls (:meth:`Rest.add`); ``methods`` has those of the WebSocket API, by
    market and name.
    """

    def __init__(
        self, reactor: Any, state: SimulatorState, *, port: int = 0, tls: bool = True
    ) -> None:
        self.reactor = reactor
        self.state = state
        self.rest = Rest(state, reactor)
        if state.others:
            self.rest.add(futures_market_data.ROUTES)
        self.methods: dict[str, dict[str, Route]] = {}
        self._users = self._open_accounts()
        self.hub = Hub(state, self._users, reactor)
        self.port = port
        self.tls = tls
        self.control_port = 0
        self.ca_file: str | None = None
        self._folder: str | None = None
        self._certificates = Certificates(self._certificate) if tls else None
        control: Any = Control(self.hub, self.order_fault)
        self.rest.putChild(b"_sim", control)
        self._site, self._control_site = QuietSite(self.rest), QuietSite(control)
        self._factory = self._make_factory()
        self._ports: list[Any] = []
        self._control: list[Any] = []
        self._incoming: set[IncomingConnection] = set()
        self._reopen: Any = None
        self._calls: list[Any] = []

    def _open_accounts(self) -> UserData:
        state, settings = self.state, self.state.settings
        accounts = Accounts(
            state.exchange,
            state.exchange_time,
            is_revoked=lambda key: state.apply_fault("revoke_key", key=key) is not None,
            key_life=settings.listen_key_life,
            seed=state.exchange.seed,
            futures=dict(state.markets()[1:]),
        )
        live = settings.spot_listen_keys == "live"
        self.rest.add(routes.routes(accounts, spot_listen_keys=live))
        users = UserData(accounts, state)
        of_markets = [*market_data.METHODS, *futures_market_data.METHODS]
        for route in (*of_markets, *routes.methods(accounts), *users.methods()):
            if state.market(route.market) is not None:
                self.methods.setdefault(route.market, {})[route.path] = route
        return users

    def _make_factory(self) -> Any:
        factory: Any = Factory()
        factory.protocol, factory.noisy = partial(IncomingConnection, self, self.reactor), False
        if self._certificates is None:
            return factory
        certificates: Any = self._certificates
        wrapped = TLSMemoryBIOFactory(certificates, False, factory)
        wrapped.noisy = False
        return wrapped

    # from the owner

    def start(self) -> dict[str, Any]:
        """Listen, and let time pass. Returns the addresses: see :meth:`addresses`."""
        if self._certificates is not None:
            self._folder = tempfile.mkdtemp(prefix="binance-simulator-")
            path = Path(self._folder, "ca.pem")
            path.write_bytes(self._certificates.ca_pem)
            self.ca_file = str(path)
        self._listen()
        control = self.reactor.listenTCP(0, self._control_site, interface=LOOPBACK)
        self.control_port = control.getHost().port
        self._control = [control]
        self.hub.start()
        self._apply_refusal()
        return self.addresses()

    def addresses(self) -> dict[str, Any]:
        """Base URLs (``http``, ``ws``, ``ws_api``, ``control``), ``ca_file`` (None without TLS),
        ``pid``.
        """
        secure = "s" if self.tls else ""
        host = f"localhost:{self.port}"
        return {
            "http": f"http{secure}://{host}",
            "ws": f"ws{secure}://{host}",
            "ws_api": f"ws{secure}://{host}{WS_API_PATH}",
            "ca_file": self.ca_file,
            "pid": os.getpid(),
            "control": f"http://{LOOPBACK}:{self.control_port}",
        }

    def stop(self) -> Deferred[Any]:
        """Close everything; fires when nothing listens any more."""
        for call in [*self._calls, self._reopen]:
            if call is not None and call.active():
                call.cancel()
        self.hub.stop()
        for incoming in list(self._incoming):
            incoming.fault_transport.abort()
        ports, self._ports = [*self._ports, *self._control], []
        self._control = []
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
        return gatherResults([maybeDeferred(port.stopListening) for port in ports])

    def order_fault(self, spec: Mapping[str, Any]) -> Fault:
        """Order a fault (see :mod:`binance.simulator.rules.fault_kinds`).

        :raises ValueError: for an unknown kind or argument, saying what is allowed.
        """
        now = self.state.now()
        fault = self.state.faults.add(spec, now)
        if fault.kind == "bad_certificate" and not self.tls:
            self.state.faults.clear(number=fault.number)
            raise ValueError("fault bad_certificate needs TLS; this simulator is plain")
        delay = max(0.0, fault["delay"])
        if delay:
            self._calls = [call for call in self._calls if call.active()]
            self._calls.append(self.reactor.callLater(delay + 0.001, self._begin))
        else:
            self._begin()
        return fault

    def _begin(self) -> None:
        for fault in self.state.faults.take_begun(self.state.now()):
            self.hub.begin(fault)
        self._apply_refusal()

    # listening

    def _listen(self) -> None:
        self._ports = [self.reactor.listenTCP(self.port, self._factory, 512, interface=LOOPBACK)]
        self.port = self._ports[0].getHost().port
        with suppress(error.CannotListenError):  # "localhost" may mean either; not all have IPv6
            self._ports.append(
                self.reactor.listenTCP(self.port, self._factory, 512, interface=LOOPBACK_6)
            )

    def _apply_refusal(self) -> None:
        """Close the port while a ``refuse`` fault without a count is active; then open it again."""
        fault = self.state.faults.find("refuse", self.state.now())
        refused = fault is not None and fault.left is None
        if refused and self._ports:
            assert fault is not None
            fault.count_use()
            for port in self._ports:
                maybeDeferred(port.stopListening)
            self._ports = []
        elif not refused and not self._ports and self._control:
            self._listen()
        if refused and (self._reopen is None or not self._reopen.active()):
            self._reopen = self.reactor.callLater(0.02, self._apply_refusal)

    def _certificate(self) -> str:
        fault = self.state.apply_fault("bad_certificate")
        return GOOD if fault is None else str(fault["certificate"])

    # from the connections that come in

    def connected(self, incoming: IncomingConnection) -> None:
        self._incoming.add(incoming)
        if self.state.apply_fault("refuse") is not None:
            incoming.fault_transport.abort()

    def disconnected(self, incoming: IncomingConnection) -> None:
        self._incoming.discard(incoming)

    def answer_delay(self, head: Head) -> float:
        if not head.is_websocket:
            return 0.0
        fault = self.state.apply_fault("slow_handshake", path=head.path)
        return 0.0 if fault is None else float(fault["by"])

    def choose_protocol(self, incoming: IncomingConnection, head: Head) -> Any:
        if not head.is_websocket:
            return self._site.buildProtocol(incoming.fault_transport.getPeer())
        chosen = self._handshake(incoming, head)
        if isinstance(chosen, Connection):
            self.state.handshakes["101"] += 1
            return chosen
        status, retry_after, body = chosen
        self.state.handshakes[str(status)] += 1
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        reason = REASONS.get(status, b"Unknown").decode()
        incoming.refuse(status, reason, body, headers)
        return None

    def _handshake(
        self, incoming: IncomingConnection, head: Head
    ) -> Connection | tuple[int, int | None, bytes]:
        """The connection for a handshake, or the refusal: status, Retry-After, body."""
        state, connection = self.state, (self.hub, incoming, head.target)
        fault = state.http_error("handshake", head.path)
        if fault is not None:
            return fault["status"], fault["retry_after"], b""
        wait = state.count_connect(incoming.address)
        if wait:
            banned = state.violations["connects"] > REQUESTS_BEFORE_BAN
            return (418 if banned else 429), wait, b""
        if len(head.target) > state.settings.url_length:
            if state.settings.counting:
                state.violations["url_length"] += 1
            if state.settings.enforcing:
                return 414, None, b""
        market = MARKETS.get(head.path, "")
        try:
            if market in self.methods:
                return Session(self._users, self.methods[market], market, *connection)
            asked = read_target(head.target)
        except ApiError as refused:
            return refused.status, None, json.dumps(refused.body()).encode()
        if asked is None:
            return 404, None, b""
        return StreamConnection(self.hub.subscriptions, asked, *connection)
