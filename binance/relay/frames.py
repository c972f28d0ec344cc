"""Streams with their frames, byte for byte."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson

from binance.enums import FuturesType
from binance.events import Event
from binance.websockets import BinanceClientProtocol, BinanceSocketManager

#: Seconds that closing handshakes may take when a command ends.
CLOSE_SECONDS = 1.5
_SHUTDOWN = "!serverShutdown"

#: Market -> the method that opens several of its streams on one connection.
START: dict[str, Callable[..., str | bool]] = {
    "spot": BinanceSocketManager.start_multiplex_socket,
    "usdm": BinanceSocketManager.start_futures_multiplex_socket,
    "coinm": partial(
        BinanceSocketManager.start_futures_multiplex_socket, futures_type=FuturesType.COIN_M
    ),
    "options": BinanceSocketManager.start_options_multiplex_socket,
}


class Frame(dict[str, Any]):
    """``{"stream", "data"}`` of one frame, with the frame itself."""

    __slots__ = ("payload", "received")

    payload: bytes
    """The text frame, byte for byte."""
    received: float
    """UNIX seconds."""

    @classmethod
    def of(cls, message: Any) -> Frame | None:
        """The frame of a message; None if it is none.

        What was fetched, or held meanwhile, is written anew, as the exchange writes it.
        """
        if isinstance(message, cls) or not isinstance(message, dict) or "data" not in message:
            return message if isinstance(message, cls) else None
        frame = cls(message)
        frame.payload, frame.received = orjson.dumps(message), time.time()
        return frame


class FrameProtocol(BinanceClientProtocol):
    """Delivers messages of streams as :class:`Frame`; the library handles the others."""

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        try:
            message = None if isBinary else orjson.loads(payload)
        except ValueError:
            message = None
        if isinstance(message, dict) and "data" in message and message.get("stream") != _SHUTDOWN:
            frame = Frame(message)
            frame.payload = payload
            frame.received = time.time()
            self.factory.link.link_message(frame)
        else:
            super().onMessage(payload, isBinary)


class Manager(BinanceSocketManager):
    """A manager whose thread does not keep the process alive.

    :param on_event: called with each lifecycle event in the reactor thread.
    :param max_retries: None: reconnect for ever.
    """

    def __init__(
        self,
        on_event: Callable[[Event], object],
        client: Any = None,
        max_retries: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(client, max_retries=max_retries, on_event=on_event, **options)
        self.daemon = True

    def close_and_wait(self) -> None:
        """Close the sockets; return when their closing handshakes are done."""
        self.close()
        if self.is_alive():
            self.join(CLOSE_SECONDS)


class FrameManager(Manager):
    """Callbacks get frames."""

    protocol = FrameProtocol
