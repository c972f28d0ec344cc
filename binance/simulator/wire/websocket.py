"""The WebSocket connections of the simulator: pings, limits, subscriptions. Autobahn's server
beneath.

A protocol here forwards and keeps its own few facts; whom an event goes to is the hub's business
(:mod:`binance.simulator.wire.hub`).
"""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Any

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol

from binance.simulator.rules.limits import Rolling
from binance.simulator.wire.frames import frame
from binance.simulator.wire.incoming import Gate
from binance.simulator.wire.stream_requests import INVALID_REQUEST, Address, Refused, Request, read

if TYPE_CHECKING:
    from binance.simulator.wire.hub import Hub

POLICY_VIOLATION = 1008
GOING_AWAY = 1001

COMBINED = 1
MICROSECONDS = 2


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
    """What stream and WebSocket API connections have in common."""

    link = "stream"
    transport: Any  # a Wire

    def __init__(self, hub: Hub, gate: Gate, target: str, number: int) -> None:
        super().__init__()
        self.factory = hub.factory
        self.hub = hub
        self.gate = gate
        self.target = target
        self.number = number
        self.address = gate.address
        self.opened = 0
        self.alive = False
        self.messages_in = 0
        self.events_out = 0
        self.pings_in = 0
        self.pongs_in = 0
        self.pings_out = 0
        self.closed_by: tuple[int, str] | None = None
        self._rolling = Rolling(hub.venue.settings.messages_per_second, 1.0)
        self._asked: deque[tuple[int, bytes]] = deque()  # pings that wait for their pong
        self._pinged = 0

    @property
    def streams(self) -> list[str]:
        """The names that it is subscribed to."""
        return []

    # from Autobahn

    def onOpen(self) -> None:
        now = self.hub.venue.now()
        self.opened = self._pinged = now
        self.alive = True
        self.hub.opened(self)

    def onPing(self, payload: bytes) -> None:
        self.pings_in += 1
        if not self._heed():
            return
        fault = self.hub.find("late_pong", self)
        if fault is None:
            self.flush()
            self.sendPong(payload)
            return
        fault.strike()
        if fault["by"] is not None:
            self.hub.reactor.callLater(fault["by"], self.sendPong, payload)

    def onPong(self, payload: bytes) -> None:
        self.pongs_in += 1
        if not self._heed():
            return
        asked = self._asked
        if any(sent == payload for _, sent in asked):
            while asked.popleft()[1] != payload:
                pass

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self.messages_in += 1
        if self._heed():
            self.flush()
            self.received(payload)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        self.alive = False
        self.hub.closed(self, code)

    # from the hub

    def look(self, now: int) -> None:
        """Ping, and end what must end: called several times a second."""
        rule = self.hub.venue.settings
        if now - self._pinged >= rule.ping_interval * 1000:
            self._pinged = now
            payload = str(now).encode()
            self._asked.append((now, payload))
            self.pings_out += 1
            self.sendPing(payload)
        if self._asked and now - self._asked[0][0] > rule.pong_timeout * 1000:
            self.violate("pong_timeout", "Pong timeout")
            self._asked.clear()
        elif now - self.opened >= rule.lifetime * 1000:
            self.end(GOING_AWAY, "24 hours")

    def flush(self) -> None:
        """Write what waits."""

    def shut_down(self, now: int) -> None:
        """Tell serverShutdown."""
        raise NotImplementedError

    def end_user_streams(self) -> None:
        """End the subscriptions to accounts' events, where there are any."""

    def send_json(self, message: Any) -> None:
        """Send one text frame."""
        text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        self.send_raw(frame(text.encode()))

    def send_raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.flush()
        if self.state == self.STATE_OPEN:
            self.transport.write(data)

    def end(self, code: int, reason: str) -> None:
        """Close with a closing handshake."""
        if self.closed_by is None:
            self.flush()
            self.closed_by = (code, reason)
            self.sendCloseFrame(code, reason.encode())  # sendClose knows no 1001 or 1008

    def cut(self) -> None:
        """Reset the TCP connection."""
        self.closed_by = self.closed_by or (1006, "cut")
        self.transport.abort()

    # for subclasses

    def received(self, payload: bytes) -> None:
        """One message of the client."""
        raise NotImplementedError

    def violate(self, what: str, reason: str) -> None:
        """Count a violation of a limit; close the connection where limits are enforced."""
        settings = self.hub.venue.settings
        if settings.counting:
            self.hub.venue.violations[what] += 1
        if settings.enforcing:
            self.end(POLICY_VIOLATION, reason)

    def _heed(self) -> bool:
        """Count a message; False when the connection is being closed for it, or already was."""
        if self.closed_by is not None:
            return False
        if self._rolling.hit(self.hub.venue.now()):
            return True
        self.violate("messages_per_second", "Too many requests")
        return self.closed_by is None

    def describe(self) -> dict[str, Any]:
        """For the statistics."""
        return {
            "id": self.number,
            "link": self.link,
            "path": self.target.partition("?")[0],
            "address": self.address,
            "opened": self.opened,
            "streams": self.streams,
            "messages_in": self.messages_in,
            "pings_in": self.pings_in,
            "pongs_in": self.pongs_in,
            "pings_out": self.pings_out,
            "events_out": self.events_out,
            "frozen": self.transport.frozen,
        }


class StreamConnection(Connection):
    """A raw or combined connection to the market streams."""

    def __init__(self, hub: Hub, gate: Gate, target: str, number: int, address: Address) -> None:
        super().__init__(hub, gate, target, number)
        if address.market == "usdm":
            self._rolling.limit = hub.venue.settings.usdm_messages_per_second
        self.asked_for = address
        self.mode = (COMBINED if address.combined else 0) | (
            MICROSECONDS if address.microseconds else 0
        )
        self.names: dict[str, None] = {}
        self._pending: list[bytes] = []

    @property
    def streams(self) -> list[str]:
        return list(self.names)

    @property
    def market(self) -> str:
        return self.asked_for.market

    def onOpen(self) -> None:
        super().onOpen()
        self._subscribe(self.asked_for.names)

    # from the hub

    def deliver(self, data: bytes) -> None:
        """Queue one framed event until the end of the tick."""
        if not self._pending:
            self.hub.touched.append(self)
        self._pending.append(data)
        self.events_out += 1

    def flush(self) -> None:
        if self._pending:
            data = b"".join(self._pending)
            self._pending.clear()
            if self.state == self.STATE_OPEN:
                self.transport.write(data)

    def shut_down(self, now: int) -> None:
        event = {"e": "serverShutdown", "E": now * 1000 if self.mode & MICROSECONDS else now}
        if self.mode & COMBINED:
            self.send_json({"stream": "!serverShutdown", "data": event})
        else:
            self.send_json(event)

    # from the client

    def received(self, payload: bytes) -> None:
        shape = self.hub.venue.settings.error_shape
        try:
            request = read(payload)
            fault = self.hub.refusal(self, request.names) if request.names else None
            if fault is not None:
                fault.strike()
                shape = fault["shape"]
                raise Refused(INVALID_REQUEST, "Invalid request: stream refused", request.id)
            reply = self._answer(request)
        except Refused as refused:
            reply = refused.reply(shape)
        late = self.hub.find("late_answer", self)
        if late is None:
            self._reply(reply)
            return
        late.strike()
        if late["by"] is not None:
            self.hub.reactor.callLater(late["by"], self._reply, reply)

    def _reply(self, reply: dict[str, Any]) -> None:
        if self.closed_by is None:
            self.send_json(reply)

    def _answer(self, request: Request) -> dict[str, Any]:
        result: Any = None
        if request.method == "SUBSCRIBE":
            self._subscribe(request.names)
        elif request.method == "UNSUBSCRIBE":
            for name in request.names:
                if name in self.names:
                    del self.names[name]
                    self.hub.unsubscribe(self, name)
        elif request.method == "LIST_SUBSCRIPTIONS":
            result = self.streams
        elif request.method == "SET_PROPERTY":
            self.mode = self.mode & ~COMBINED | (COMBINED if request.combined else 0)
        else:
            result = bool(self.mode & COMBINED)
        return {"result": result, "id": request.id}

    def _subscribe(self, names: tuple[str, ...]) -> None:
        new = [name for name in dict.fromkeys(names) if name not in self.names]
        if len(self.names) + len(new) > self.hub.venue.settings.streams:
            self.violate("streams", "Too many streams")
            if self.closed_by is not None:
                return
        for name in new:
            self.names[name] = None
            self.hub.subscribe(self, name)
