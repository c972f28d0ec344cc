"""What all WebSocket connections of the simulator share: pings, limits, the end. Autobahn's server
beneath.
"""

from __future__ import annotations

import json
from collections import deque
from typing import Any, Protocol

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol

from binance.simulator.rules.faults import Fault
from binance.simulator.rules.limits import RollingLimit
from binance.simulator.rules.settings import RARER
from binance.simulator.rules.state import SimulatorState
from binance.simulator.wire.frames import frame
from binance.simulator.wire.incoming import IncomingConnection

POLICY_VIOLATION = 1008
GOING_AWAY = 1001
_SHOWN = ["opened", "streams", "messages_in", "pings_in", "pongs_in", "pings_out", "events_out"]
"""Attributes of a connection that the statistics have."""


class ConnectionOwner(Protocol):
    """What a connection needs of the hub."""

    state: SimulatorState
    reactor: Any
    factory: WebSocketServerFactory

    def earliest_arrival(self) -> int:
        """Since when (ms) what is read now may have waited."""

    def next_number(self) -> int:
        """The number of a new connection."""

    def opened(self, connection: Connection) -> None:
        """The handshake is complete."""

    def closed(self, connection: Connection, code: int | None) -> None:
        """The connection is closed; ``code`` is that of the client's close frame, if any."""


def make_factory() -> WebSocketServerFactory:
    """Autobahn's options for all connections; its own pings and compression stay off."""
    factory = WebSocketServerFactory()
    factory.setProtocolOptions(
        failByDrop=False,
        openHandshakeTimeout=10,
        closeHandshakeTimeout=2,
        utf8validateIncoming=True,
        maxMessagePayloadSize=16 * 2**20,
        tcpNoDelay=True,
    )
    return factory


class Connection(WebSocketServerProtocol):
    """One WebSocket connection."""

    link = "stream"
    market = "spot"
    mode = 0  #: see :mod:`~binance.simulator.wire.frames`
    transport: Any  # a FaultTransport

    def __init__(self, hub: ConnectionOwner, incoming: IncomingConnection, target: str) -> None:
        super().__init__()
        self.factory = hub.factory
        self.hub = hub
        self.target = target
        self.number = hub.next_number()
        self.address = incoming.address
        self.opened = 0
        self.messages_in = self.pings_in = self.pongs_in = self.pings_out = self.events_out = 0
        self.closed_by: tuple[int, str] | None = None
        self._message_limit = RollingLimit(hub.state.settings.messages_per_second, 1.0)
        self._unanswered_pings: deque[tuple[int, bytes]] = deque()  # when (ms), payload
        self._last_ping = 0

    @property
    def streams(self) -> list[str]:
        """The names that it is subscribed to."""
        return []

    # from Autobahn

    def onOpen(self) -> None:
        now = self.hub.state.now()
        self.opened = self._last_ping = now
        self.hub.opened(self)

    def onPing(self, payload: bytes) -> None:
        self.pings_in += 1
        if not self._count_message():
            return
        fault = self.apply_fault("late_pong")
        if fault is None:
            self.flush()
            self.sendPong(payload)
        elif fault["by"] is not None:
            self.hub.reactor.callLater(fault["by"], self.sendPong, payload)

    def onPong(self, payload: bytes) -> None:
        self.pongs_in += 1
        if not self._count_message():
            return
        pings = self._unanswered_pings
        if any(sent == payload for _, sent in pings):
            while pings.popleft()[1] != payload:
                pass

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self.messages_in += 1
        if self._count_message():
            self.flush()
            self.received(payload)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        self.hub.closed(self, code)

    # faults

    def scope(self) -> dict[str, Any]:
        """What a fault's scope is compared with (:meth:`Fault.covers`)."""
        return {"connection": self.number, "link": self.link, "streams": self.streams}

    def apply_fault(self, kind: str, **scope: Any) -> Fault | None:
        """The active fault of a kind that covers this connection, counted as applied."""
        return self.hub.state.apply_fault(kind, **{**self.scope(), **scope})

    # from the hub

    def check(self, now: int) -> None:
        """Ping when it is time; close when a pong is late, or the connection is too old."""
        rule = self.hub.state.settings
        pings, pongs = RARER.get(self.market, (1, 1))
        if now - self._last_ping >= rule.ping_interval * pings * 1000:
            self._last_ping = now
            payload = str(now).encode()
            self._unanswered_pings.append((now, payload))
            self.pings_out += 1
            self.sendPing(payload)
        latest = now - rule.pong_timeout * pongs * 1000
        if self._unanswered_pings and self._unanswered_pings[0][0] < latest:
            self.limit_exceeded("pong_timeout", "Pong timeout")
            self._unanswered_pings.clear()
        elif now - self.opened >= rule.lifetime * 1000:
            self.close_with(GOING_AWAY, "24 hours")

    def flush(self) -> None:
        """Write what is queued."""

    def send_server_shutdown(self, now: int) -> None:
        """Announce the end of the connection, in the form of its kind."""
        raise NotImplementedError

    def end_user_streams(self) -> bool:
        """End the subscriptions to accounts' events. Returns whether there were any."""
        return False

    def send_json(self, message: Any) -> None:
        text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        self.send_raw(frame(text.encode()))

    def send_raw(self, data: bytes) -> None:
        self.flush()
        if self.state == self.STATE_OPEN:
            self.transport.write(data)

    def close_with(self, code: int, reason: str) -> None:
        """Close with a closing handshake."""
        if self.closed_by is None:
            self.flush()
            self.closed_by = (code, reason)
            self.sendCloseFrame(code, reason.encode())  # sendClose refuses 1001 and 1008

    def reset(self) -> None:
        if self.state == self.STATE_CLOSED:
            return
        self.closed_by = self.closed_by or (1006, "cut")
        self.transport.abort()

    # for subclasses

    def received(self, payload: bytes) -> None:
        """Handle a message of the client."""
        raise NotImplementedError

    def limit_exceeded(self, limit: str, reason: str) -> None:
        """Count a violation of a limit; close the connection if limits are enforced."""
        settings = self.hub.state.settings
        if settings.counting:
            self.hub.state.violations[limit] += 1
        if settings.enforcing:
            self.close_with(POLICY_VIOLATION, reason)

    def _count_message(self) -> bool:
        """Count a message; False when the connection is closing, for this message or before it."""
        if self.closed_by is not None:
            return False
        if self._message_limit.count(self.hub.state.now(), self.hub.earliest_arrival()):
            return True
        self.limit_exceeded("messages_per_second", "Too many requests")
        return self.closed_by is None

    def describe(self) -> dict[str, Any]:
        return {
            "id": self.number,
            "link": self.link,
            "path": self.target.partition("?")[0],
            "address": self.address,
            **{name: getattr(self, name) for name in _SHOWN},
            "frozen": self.transport.frozen,
        }
