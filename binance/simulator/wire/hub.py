"""All WebSocket connections of one simulator: what the clock and the faults do to them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from typing import Any

from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from binance.simulator.rules.faults import Fault
from binance.simulator.rules.state import SimulatorState
from binance.simulator.wire.frames import MALFORMED
from binance.simulator.wire.subscriptions import Subscriptions
from binance.simulator.wire.user_data import UserData
from binance.simulator.wire.websocket import GOING_AWAY, Connection, make_factory

CHECK_INTERVAL = 0.1
"""Seconds between two checks of the connections' pings and ages, and of the faults."""

IDLE_INTERVAL = 1.0
"""Seconds between two advances of markets that have no listeners."""

_log = Logger()


class Hub:
    """All WebSocket connections of one simulator."""

    def __init__(self, state: SimulatorState, users: UserData, reactor: Any) -> None:
        self.state = state
        self.reactor = reactor
        self.factory = make_factory()
        self.has_failed = False
        self.connections: dict[int, Connection] = {}
        self.subscriptions = Subscriptions(state, users, self._schedule_replay)
        self._users = users
        self._total = 0
        self._close_codes: Counter[str] = Counter()
        self._loops: list[LoopingCall] = []
        self._ticks: deque[int] = deque(maxlen=2)  # when the last two began (ms)
        self._replay_call: Any = None
        self._close_calls: list[Any] = []
        self._actions = {
            "drop": self._drop,
            "halfopen": self._freeze,
            "server_shutdown": self._shut_down,
            "end_user_stream": lambda fault, connection: connection.end_user_streams(),
            "malformed": lambda fault, connection: connection.send_raw(MALFORMED[fault["shape"]]),
        }

    def start(self) -> None:
        """Let time pass."""
        self.subscriptions.start(self.state.now())
        for function, interval in (
            (self._tick, self.state.settings.tick),
            (self._check, CHECK_INTERVAL),
            (self._advance_idle, IDLE_INTERVAL),
        ):
            loop = LoopingCall(function)
            loop.clock = self.reactor
            loop.start(interval, now=False).addErrback(self._fail)
            self._loops.append(loop)

    def stop(self) -> None:
        """Reset all connections, and stop time."""
        for loop in self._loops:
            if loop.running:
                loop.stop()
        self._loops.clear()
        for call in [self._replay_call, *self._close_calls]:
            if call is not None and call.active():
                call.cancel()
        for connection in list(self.connections.values()):
            connection.reset()

    def _fail(self, failure: Failure) -> None:
        """End the simulator: it would seem to live, without events or without pings."""
        _log.failure("The simulator ends, because its clock has failed.", failure)
        if not self.has_failed:
            self.has_failed = True
            self.reactor.stop()

    # from connections

    def earliest_arrival(self) -> int:
        """Since when (ms) what is read now may have waited: the reactor was busy.

        It came after the reactor's last look at its sockets, and between two looks there is at
        most one tick.  So the tick before the last one had begun already.
        """
        return self._ticks[0] if self._ticks else self.state.now()

    def next_number(self) -> int:
        self._total += 1
        return self._total

    def opened(self, connection: Connection) -> None:
        self.connections[connection.number] = connection
        connection.transport.guard(self.state.settings.backlog, lambda: self._too_slow(connection))
        for fault in self._lasting(connection):
            self._act(fault, connection)
        self._set_speed(connection)

    def closed(self, connection: Connection, code: int | None) -> None:
        if self.connections.pop(connection.number, None) is None:
            return
        self._close_codes[str(code)] += 1
        self.state.faults.forget_connection(connection.number)

    def _too_slow(self, connection: Connection) -> None:
        self.state.violations["slow_consumer"] += 1
        self.reactor.callLater(0, connection.reset)

    # from the clock

    def _tick(self) -> None:
        now = self.state.now()
        self._ticks.append(now)
        self.subscriptions.tick(now)

    def _check(self) -> None:
        now = self.state.now()
        for fault in self.state.faults.take_begun(now):
            self.begin(fault)
        for connection in self._not_frozen():
            if not self._cut(connection, now):
                self._set_speed(connection)
                connection.check(now)
                for fault in self._lasting(connection):
                    if fault.kind == "end_user_stream":  # subscribed after it began
                        self._act(fault, connection)

    def _advance_idle(self) -> None:
        for _, exchange in self.state.markets():
            exchange.tend(self.state.now())

    def _schedule_replay(self, delay: float = 0.0) -> None:
        if self._replay_call is None:
            self._replay_call = self.reactor.callLater(delay, self._replay)

    def _replay(self) -> None:
        self._replay_call = None
        delay = self.subscriptions.replay(self.state.now())
        if delay is not None:
            self._schedule_replay(delay)

    # faults

    def begin(self, fault: Fault) -> None:
        """Do what a fault does at once, to the connections that are open."""
        if fault.kind == "stale_snapshot":
            self.state.keep_depth(fault)
        elif fault.kind == "end_listen_keys":
            self._users.accounts.end_listen_keys(fault["how"] == "reported")
            fault.count_use()
            self.state.faults.clear(number=fault.number)
        elif fault.category == "action":
            for connection in self._not_frozen():
                if fault.left != 0 and fault.covers(**connection.scope()):
                    self._act(fault, connection)
            if not fault.lasting:
                self.state.faults.clear(number=fault.number)

    def clear(self, number: int | None = None, kind: str | None = None) -> int:
        """End faults. Resets the half-open connections when it ends their faults."""
        ended = self.state.faults.clear(number, kind)
        if number is None and kind in (None, "halfopen"):
            for connection in list(self.connections.values()):
                if connection.transport.frozen:
                    connection.reset()
        return ended

    def _not_frozen(self) -> Iterable[Connection]:
        for connection in list(self.connections.values()):
            if not connection.transport.frozen:
                yield connection

    def _cut(self, connection: Connection, now: int) -> bool:
        """Close a connection that is as old as a ``cut_after`` allows."""
        fault = self.state.faults.find("cut_after", now, **connection.scope())
        if fault is None or now - connection.opened < fault["after"] * 1000:
            return False
        fault.count_use()
        if fault["how"] == "drop":
            connection.reset()
        else:
            connection.close_with(fault["code"], "cut")
        return True

    def _set_speed(self, connection: Connection) -> None:
        fault = self.state.faults.find("slow_link", self.state.now(), **connection.scope())
        if fault is not None:
            connection.transport.slow(fault["rate"], fault["latency"])
        else:
            connection.transport.fast()

    def _lasting(self, connection: Connection) -> list[Fault]:
        return self.state.faults.actions_on_open(self.state.now(), **connection.scope())

    def _act(self, fault: Fault, connection: Connection) -> None:
        if self._actions[fault.kind](fault, connection) is not False:  # False: nothing to end
            fault.count_use()

    def _drop(self, fault: Fault, connection: Connection) -> None:
        # A connection that has just opened gets the answer to its handshake first.
        self.reactor.callLater(0.05 if fault.lasting else 0.0, connection.reset)

    def _freeze(self, fault: Fault, connection: Connection) -> None:
        connection.flush()
        connection.transport.freeze()

    def _shut_down(self, fault: Fault, connection: Connection) -> None:
        connection.send_server_shutdown(self.state.now())
        delay = fault["close_after"]
        if delay is not None:
            self._close_calls = [call for call in self._close_calls if call.active()]
            self._close_calls.append(
                self.reactor.callLater(delay, connection.close_with, GOING_AWAY, "server shutdown")
            )

    # from the control routes

    def describe(self) -> dict[str, Any]:
        return {
            "now": len(self.connections),
            "total": self._total,
            "open": [each.describe() for each in self.connections.values()],
            "close_codes": dict(self._close_codes),
            "events": self.subscriptions.events,
            "users": self._users.describe(),
        }
