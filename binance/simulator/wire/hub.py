"""Who listens to what: takes the events of the exchange to the connections, tick by tick."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import orjson
from twisted.internet.task import LoopingCall

from binance.simulator.market.payloads import in_microseconds
from binance.simulator.market.replay import Frame
from binance.simulator.market.stream_names import category
from binance.simulator.rules.faults import Fault
from binance.simulator.rules.state import Venue
from binance.simulator.wire.frames import MALFORMED, combined, frame
from binance.simulator.wire.websocket import (
    COMBINED,
    GOING_AWAY,
    MICROSECONDS,
    Connection,
    StreamConnection,
    make_factory,
)

LOOK = 0.1
"""Seconds between two looks at the connections' pings and ages, and at the faults."""

STRIDE = 200
"""Ms of market time that are worked off at once: a machine that is too slow stays responsive."""

TEND = 1.0
"""Seconds between two rounds of bringing idle markets up to date."""


class Users(Protocol):
    """Accounts' events (:class:`~binance.simulator.wire.user_data.UserData`)."""

    def listen(self, connection: StreamConnection, name: str) -> bool: ...
    def unlisten(self, connection: StreamConnection, name: str) -> None: ...
    def tick(self, now: int) -> None: ...
    def end_keys(self) -> None: ...
    def describe(self) -> dict[str, Any]: ...


class Hub:
    """All WebSocket connections of one simulator."""

    def __init__(self, venue: Venue, reactor: Any) -> None:
        self.venue = venue
        self.reactor = reactor
        self.factory = make_factory()
        self.connections: dict[int, Connection] = {}
        self.touched: list[StreamConnection] = []
        self.total = 0
        self.close_codes: Counter[str] = Counter()
        self.events = 0
        self._listeners: dict[tuple[str, str], dict[StreamConnection, None]] = {}
        self._loops: list[LoopingCall] = []
        self._play: Any = None
        self._reached = 0
        self._leaving: list[Any] = []
        self.users: Users | None = None

    def start(self) -> None:
        """Let time pass."""
        self._reached = self.venue.now()
        for function, interval in (
            (self._tick, self.venue.settings.tick),
            (self._look, LOOK),
            (self._tend, TEND),
        ):
            loop = LoopingCall(function)
            loop.clock = self.reactor
            loop.start(interval, now=False)
            self._loops.append(loop)

    def stop(self) -> None:
        """Cut every connection and let time stand still."""
        for loop in self._loops:
            loop.stop()
        self._loops.clear()
        if self._play is not None and self._play.active():
            self._play.cancel()
        for call in self._leaving:
            if call.active():
                call.cancel()
        for connection in list(self.connections.values()):
            connection.cut()

    # from connections

    def number(self) -> int:
        """The number of the next connection."""
        self.total += 1
        return self.total

    def opened(self, connection: Connection) -> None:
        self.connections[connection.number] = connection
        connection.transport.guard(self.venue.settings.backlog, lambda: self._too_slow(connection))
        for fault in self.venue.faults.acts(self.venue.now(), **self._what(connection)):
            fault.strike()
            self._act(fault, connection)
        self._slow(connection)

    def closed(self, connection: Connection, code: int | None) -> None:
        if self.connections.pop(connection.number, None) is None:
            return
        self.close_codes[str(code)] += 1
        for name in connection.streams:
            self.unsubscribe(connection, name)
        self.venue.faults.forget(connection.number)

    def subscribe(self, connection: StreamConnection, name: str) -> None:
        """Let a connection have a stream; names that the exchange does not know stay silent."""
        key = (connection.market, name)
        if self.users is not None and self.users.listen(connection, name):
            return
        player = self.venue.player
        if player is not None and name in player.recording.streams:
            key = ("replay", name)
            player.arrive(self.venue.now())
            self._replay()
        elif not self._known(connection, name):
            return
        self._listeners.setdefault(key, {})[connection] = None

    def _known(self, connection: StreamConnection, name: str) -> bool:
        exchange = self.venue.market(connection.market)
        if exchange is None:
            return False
        wanted = exchange.parse(name)
        if wanted is None:
            return False
        if connection.market != "spot" and category(wanted) != connection.asked_for.category:
            return False  # the wrong path: acknowledged, and silent
        return exchange.subscribe(name, self.venue.now())

    def unsubscribe(self, connection: Any, name: str) -> None:
        """Let a connection have a stream no longer."""
        if self.users is not None:
            self.users.unlisten(connection, name)
        for market in ("replay", connection.market):
            listeners = self._listeners.get((market, name))
            if listeners is None or connection not in listeners:
                continue
            del listeners[connection]
            if not listeners:
                del self._listeners[market, name]
            if market == "replay":
                assert self.venue.player is not None
                self.venue.player.leave()
            else:
                exchange = self.venue.market(market)
                assert exchange is not None
                exchange.unsubscribe(name)

    def find(self, kind: str, connection: Connection) -> Fault | None:
        """An active fault of a kind that concerns a connection."""
        return self.venue.faults.find(kind, self.venue.now(), **self._what(connection))

    def refusal(self, connection: Connection, names: Iterable[str]) -> Fault | None:
        """An active fault by which a request for these streams is refused."""
        what = {**self._what(connection), "streams": names}
        return self.venue.faults.find("refuse_streams", self.venue.now(), **what)

    def _what(self, connection: Connection) -> dict[str, Any]:
        streams = connection.streams
        if isinstance(connection, StreamConnection) and not streams:
            streams = list(connection.asked_for.names)
        return {"connection": connection.number, "link": connection.link, "streams": streams}

    def _too_slow(self, connection: Connection) -> None:
        self.venue.violations["slow_consumer"] += 1
        self.reactor.callLater(0, connection.cut)

    # from the clock

    def _tick(self) -> None:
        now = self.venue.now()
        if self._listeners:
            until = min(now, self._reached + STRIDE)
            self._reached = until
        else:
            until = self._reached = now
        for market, exchange in self.venue.markets():
            for event in exchange.advance(until):
                listeners = self._listeners.get((market, event.stream))
                if listeners:
                    self._publish(listeners, event.stream, event.payload, now)
        if self.users is not None:
            self.users.tick(now)
        self._flush()

    def _publish(
        self, listeners: Iterable[StreamConnection], stream: str, payload: Any, now: int
    ) -> None:
        self.events += 1
        made: list[bytes | None] = [None, None, None, None]
        for connection in listeners:
            data = made[connection.mode]
            if data is None:
                mode = connection.mode
                said = in_microseconds(payload) if mode & MICROSECONDS else payload
                text = orjson.dumps(said)
                data = made[mode] = frame(combined(stream, text) if mode & COMBINED else text)
            self._send(connection, stream, data, now)

    def _send(self, connection: StreamConnection, stream: str, data: bytes, now: int) -> None:
        if not self.venue.faults.shaping:
            connection.deliver(data)
            return
        for each in self.venue.faults.shape(now, connection.number, stream, data):
            connection.deliver(each)

    def _flush(self) -> None:
        touched, self.touched = self.touched, []
        for connection in touched:
            connection.flush()

    def _look(self) -> None:
        now = self.venue.now()
        for fault in self.venue.faults.beginning(now):
            self.begin(fault)
        for connection in list(self.connections.values()):
            if connection.transport.frozen:
                continue
            cut = self.find("cut_after", connection)
            if cut is not None and now - connection.opened >= cut["after"] * 1000:
                cut.strike()
                if cut["how"] == "drop":
                    connection.cut()
                else:
                    connection.end(cut["code"], "cut")
                continue
            self._slow(connection)
            connection.look(now)

    def _slow(self, connection: Connection) -> None:
        fault = self.find("slow_link", connection)
        if fault is not None:
            connection.transport.slow(fault["rate"], fault["latency"])
        else:
            connection.transport.fast()

    def _tend(self) -> None:
        for _, exchange in self.venue.markets():
            exchange.tend(self.venue.now())

    # replay

    def _replay(self) -> None:
        if self._play is None:
            self._play = self.reactor.callLater(0, self._replay_on)

    def _replay_on(self) -> None:
        self._play = None
        player, now = self.venue.player, self.venue.now()
        assert player is not None
        full = any(
            connection.transport.full
            for key, listeners in self._listeners.items()
            if key[0] == "replay"
            for connection in listeners
        )
        if not (full and not player.speed):
            for each in player.due(now):
                self._publish_frame(each, now)
            self._flush()
        if player.playing:
            pause = 0.0 if not player.speed and not full else self.venue.settings.tick
            self._play = self.reactor.callLater(pause, self._replay_on)

    def _publish_frame(self, each: Frame, now: int) -> None:
        self.events += 1
        for connection in self._listeners.get(("replay", each.stream), ()):
            text = each.combined if connection.mode & COMBINED else each.raw
            self._send(connection, each.stream, frame(text), now)

    # faults

    def begin(self, fault: Fault) -> None:
        """Do what an act does to the connections that are open."""
        if fault.kind == "stale_snapshot":
            self.venue.freeze_depth()
        if fault.kind == "end_listen_keys" and self.users is not None:
            self.users.end_keys()
            fault.strike()
        if fault.sort != "act":
            return
        if fault.kind == "end_listen_keys":
            self.venue.faults.clear(number=fault.number)
            return
        for connection in list(self.connections.values()):
            if fault.left == 0:
                break
            if fault.concerns(**self._what(connection)) and not connection.transport.frozen:
                fault.strike()
                self._act(fault, connection)
        if not fault.lasting:
            self.venue.faults.clear(number=fault.number)

    def _act(self, fault: Fault, connection: Connection) -> None:
        act: Callable[[Fault, Connection], None] = getattr(self, f"_act_{fault.kind}")
        act(fault, connection)

    def _act_drop(self, fault: Fault, connection: Connection) -> None:
        # One that has just opened gets its handshake answered first.
        self.reactor.callLater(0.05 if fault.lasting else 0.0, connection.cut)

    def _act_halfopen(self, fault: Fault, connection: Connection) -> None:
        connection.flush()
        connection.transport.freeze()

    def _act_server_shutdown(self, fault: Fault, connection: Connection) -> None:
        connection.shut_down(self.venue.now())
        if fault["close_after"] is not None:
            self._leaving = [call for call in self._leaving if call.active()]
            self._leaving.append(
                self.reactor.callLater(
                    fault["close_after"], connection.end, GOING_AWAY, "server shutdown"
                )
            )

    def _act_end_user_stream(self, fault: Fault, connection: Connection) -> None:
        connection.end_user_streams()

    def _act_malformed(self, fault: Fault, connection: Connection) -> None:
        connection.send_raw(MALFORMED[fault["shape"]])

    def clear(self, number: int | None = None, kind: str | None = None) -> int:
        """End faults; links that were half open are reset."""
        ended = self.venue.faults.clear(number, kind)
        if number is None and kind in (None, "halfopen"):
            for connection in list(self.connections.values()):
                if connection.transport.frozen:
                    connection.cut()
        return ended

    def describe(self) -> dict[str, Any]:
        """For the statistics."""
        return {
            "now": len(self.connections),
            "total": self.total,
            "open": [each.describe() for each in self.connections.values()],
            "close_codes": dict(self.close_codes),
            "events": self.events,
            "users": self.users.describe() if self.users is not None else {},
        }
