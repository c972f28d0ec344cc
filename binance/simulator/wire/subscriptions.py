"""Which connections listen to which streams, and the way of an event to them. No sockets, no clock.

A stream has events while somebody listens to it. An event is framed once for each form in which it
is wanted, and queued at its listeners until the end of the tick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import orjson

from binance.simulator.market.replay import Frame, Player
from binance.simulator.market.stream_names import category
from binance.simulator.rules.state import SimulatorState
from binance.simulator.wire.frames import COMBINED, Listener, combined, frame, in_unit
from binance.simulator.wire.user_data import UserData

MAX_STEP = 200
"""Ms of market time that one tick advances: a machine that is too slow stays responsive."""

REPLAY = "replay"


class Subscriptions:
    """The subscriptions of all stream connections of one simulator.

    :param start_replay: called when a listener subscribes to a recorded stream.
    """

    def __init__(
        self, state: SimulatorState, users: UserData, start_replay: Callable[[], None]
    ) -> None:
        self.events = 0
        self.unflushed: list[Listener] = []
        self._state = state
        self._users = users
        self._start_replay = start_replay
        self._listeners: dict[tuple[str, str], dict[Listener, None]] = {}
        self._advanced_to = 0

    # from connections

    def subscribe(self, listener: Listener, name: str) -> None:
        """Add a listener; a stream that the exchange does not know has no events."""
        if self._users.listen(listener, name):
            return
        player = self._state.player
        if player is not None and name in player.recording.streams:
            key = (REPLAY, name)
            player.arrive(self._state.now())
            self._start_replay()
        elif self._is_known(listener, name):
            key = (listener.market, name)
        else:
            return
        self._listeners.setdefault(key, {})[listener] = None

    def _is_known(self, listener: Listener, name: str) -> bool:
        exchange = self._state.market(listener.market)
        if exchange is None:
            return False
        spec = exchange.parse(name)
        if spec is None:
            return False
        if listener.market in ("usdm", "options") and category(spec) != listener.category:
            return False  # the wrong path: the exchange acknowledges, and sends no events
        return exchange.subscribe(name, self._state.now())

    def unsubscribe(self, listener: Listener, name: str) -> None:
        self._users.unlisten(listener, name)
        for market in (REPLAY, listener.market):
            listeners = self._listeners.get((market, name))
            if listeners is None or listener not in listeners:
                continue
            del listeners[listener]
            if not listeners:
                del self._listeners[market, name]
            if market == REPLAY:
                self._player.leave()
            else:
                exchange = self._state.market(market)
                assert exchange is not None
                exchange.unsubscribe(name)

    # from the clock

    def start(self, now: int) -> None:
        """Time begins at ``now`` (ms)."""
        self._advanced_to = now

    def tick(self, now: int) -> None:
        """Advance the markets, and deliver the events."""
        until = min(now, self._advanced_to + MAX_STEP) if self._listeners else now
        self._advanced_to = until
        for market, exchange in self._state.markets():
            for event in exchange.advance(until):
                listeners = self._listeners.get((market, event.stream))
                if listeners:
                    self._publish(listeners, event.stream, event.payload, now)
        self._users.tick(now)
        self._flush()

    def _publish(self, listeners: Iterable[Listener], stream: str, payload: Any, now: int) -> None:
        self.events += 1
        frames: list[bytes | None] = [None, None, None, None]
        for listener in listeners:
            mode = listener.mode
            data = frames[mode]
            if data is None:
                text = orjson.dumps(in_unit(payload, mode))
                data = frames[mode] = frame(combined(stream, text) if mode & COMBINED else text)
            self._deliver(listener, stream, data, now)

    def _deliver(self, listener: Listener, stream: str, data: bytes, now: int) -> None:
        if not self._state.faults.changes_events:
            listener.deliver(data)
            return
        for each in self._state.faults.change(now, listener.number, stream, data):
            listener.deliver(each)

    def _flush(self) -> None:
        unflushed, self.unflushed = self.unflushed, []
        for listener in unflushed:
            listener.flush()

    # replay

    @property
    def _player(self) -> Player:
        assert self._state.player is not None
        return self._state.player

    def replay(self, now: int) -> float | None:
        """Deliver the recorded frames that are due. Returns the seconds until the next call."""
        player = self._player
        replayed = (some for (kind, _), some in self._listeners.items() if kind == REPLAY)
        full = any(listener.transport.full for listeners in replayed for listener in listeners)
        if player.speed or not full:
            for each in player.due(now):
                self._publish_frame(each, now)
            self._flush()
        if not player.playing:
            return None
        return self._state.settings.tick if player.speed or full else 0.0

    def _publish_frame(self, each: Frame, now: int) -> None:
        self.events += 1
        for listener in self._listeners.get((REPLAY, each.stream), ()):
            text = each.combined if listener.mode & COMBINED else each.raw
            self._deliver(listener, each.stream, frame(text), now)
