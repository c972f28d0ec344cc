"""A connection to the market streams, raw or combined."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from binance.simulator.api.stream_requests import (
    INVALID_REQUEST,
    RequestRefused,
    StreamRequest,
    StreamTarget,
    read_request,
)
from binance.simulator.rules.settings import MOST_STREAMS
from binance.simulator.wire.frames import COMBINED, MICROSECONDS, in_unit
from binance.simulator.wire.subscriptions import Subscriptions
from binance.simulator.wire.websocket import Connection


class StreamConnection(Connection):
    """A raw or combined connection to the market streams.

    :param connection: what every :class:`Connection` has.
    """

    def __init__(self, subscriptions: Subscriptions, asked: StreamTarget, *connection: Any) -> None:
        super().__init__(*connection)
        if asked.market != "spot":
            self._message_limit.limit = self.hub.state.settings.usdm_messages_per_second
        self.market = asked.market
        self.category = asked.category
        self.user_events = asked.user_events
        self.mode = COMBINED * asked.combined | MICROSECONDS * asked.microseconds
        self._subscriptions = subscriptions
        self._initial_names = asked.names
        self._names: dict[str, None] = {}
        self._queued: list[bytes] = []

    @property
    def streams(self) -> list[str]:
        return list(self._names)

    def scope(self) -> dict[str, Any]:
        return {**super().scope(), "streams": self.streams or list(self._initial_names)}

    def onOpen(self) -> None:
        super().onOpen()
        self._subscribe(self._initial_names)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        super().onClose(wasClean, code, reason)
        self._unsubscribe(self.streams)

    # from the subscriptions

    def deliver(self, data: bytes) -> None:
        """Queue one framed event until the end of the tick."""
        if not self._queued:
            self._subscriptions.unflushed.append(self)
        self._queued.append(data)
        self.events_out += 1

    def flush(self) -> None:
        if self._queued:
            data = b"".join(self._queued)
            self._queued.clear()
            if self.state == self.STATE_OPEN:
                self.transport.write(data)

    # from the hub

    def send_server_shutdown(self, now: int) -> None:
        event = in_unit({"e": "serverShutdown", "E": now}, self.mode)
        if self.mode & COMBINED:
            self.send_json({"stream": "!serverShutdown", "data": event})
        else:
            self.send_json(event)

    # from the client

    def received(self, payload: bytes) -> None:
        reply = self._reply(payload)
        fault = self.apply_fault("late_answer")
        if fault is None:
            self._send_reply(reply)
        elif fault["by"] is not None:
            self.hub.reactor.callLater(fault["by"], self._send_reply, reply)

    def _send_reply(self, reply: dict[str, Any]) -> None:
        if self.closed_by is None:
            self.send_json(reply)

    def _reply(self, payload: bytes) -> dict[str, Any]:
        shape = self.hub.state.settings.error_shape
        try:
            request = read_request(payload)
            names = request.names
            fault = self.apply_fault("refuse_streams", streams=names) if names else None
            if fault is not None:
                shape = fault["shape"]
                message = "Invalid request: stream refused"
                raise RequestRefused(INVALID_REQUEST, message, request.id)
            return {"result": self._result(request), "id": request.id}
        except RequestRefused as refused:
            return refused.reply(shape)

    def _result(self, request: StreamRequest) -> Any:
        if request.method == "SUBSCRIBE":
            self._subscribe(request.names)
        elif request.method == "UNSUBSCRIBE":
            self._unsubscribe(request.names)
        elif request.method == "LIST_SUBSCRIPTIONS":
            return self.streams
        elif request.method == "SET_PROPERTY":
            self.mode = self.mode & ~COMBINED | COMBINED * request.combined
        else:
            return bool(self.mode & COMBINED)
        return None

    def _subscribe(self, names: Iterable[str]) -> None:
        new = [name for name in dict.fromkeys(names) if name not in self._names]
        most = self.hub.state.settings.streams
        if len(self._names) + len(new) > min(most, MOST_STREAMS.get(self.market, most)):
            self.limit_exceeded("streams", "Too many streams")
            if self.closed_by is not None:
                return
        for name in new:
            self._names[name] = None
            self._subscriptions.subscribe(self, name)

    def _unsubscribe(self, names: Iterable[str]) -> None:
        for name in names:
            if name in self._names:
                del self._names[name]
                self._subscriptions.unsubscribe(self, name)
