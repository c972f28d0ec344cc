"""Streams for the command line: every message with the octets it came as, links that never give in.

The sockets are the library's own, so what the command line shows is what a program would get.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from binance import events
from binance.cli.names import Wanted
from binance.cli.trouble import Trouble, explained, in_one_line
from binance.websockets import BinanceClientProtocol, BinanceSocketManager

__all__ = ["Feed", "Frame"]

#: Seconds that closing handshakes may take when a command ends.
CLOSE_SECONDS = 1.5
_SHUTDOWN = "!serverShutdown"


class Frame(dict[str, Any]):
    """``{"stream", "data"}``, and how it came."""

    __slots__ = ("octets", "when")

    octets: bytes
    """The text frame, byte for byte."""
    when: float
    """When it came: UNIX seconds."""


class FrameProtocol(BinanceClientProtocol):
    """Passes events on as :class:`Frame`; what is no event goes the usual way."""

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        try:
            message = None if isBinary else orjson.loads(payload)
        except ValueError:
            message = None
        if isinstance(message, dict) and "data" in message and message.get("stream") != _SHUTDOWN:
            frame = Frame(message)
            frame.octets = payload
            frame.when = time.time()
            self.factory.link.link_message(frame)
        else:
            super().onMessage(payload, isBinary)


class FrameManager(BinanceSocketManager):
    """A manager whose callbacks get frames."""

    protocol = FrameProtocol


class Feed:
    """Some streams, and what becomes of their links.

    :param wanted: the streams.
    :param take: called with each :class:`Frame` in the reactor thread; with ``dispatch='thread'``
        in one of its own.
    :param tell: called with each lifecycle event in the reactor thread.
    :param options: further options of the sockets, such as ``dispatch`` and ``overflow``.
    """

    def __init__(
        self,
        wanted: Sequence[Wanted],
        take: Callable[[Wanted, Frame], object],
        tell: Callable[[events.Event], object],
        **options: Any,
    ) -> None:
        self._take = take
        self._tell = tell
        self._options = options
        self._by_market: dict[str, dict[str, Wanted]] = {}
        for each in wanted:
            self._by_market.setdefault(each.market, {})[each.name] = each
        self.manager = FrameManager(None, max_retries=None, on_event=self._event)
        self.manager.daemon = True
        self.over = threading.Event()
        """Set when a link was given up, for a reason that no further try would mend."""
        self.reason = ""
        self.reconnects = 0
        self.is_connected = False

    def start(self) -> None:
        """Open the sockets.

        :raises Trouble: where there is no such market, or no address for it.
        """
        starts = {
            "spot": self.manager.start_multiplex_socket,
            "usdm": self.manager.start_futures_multiplex_socket,
            "options": self.manager.start_options_multiplex_socket,
        }
        with explained("cannot open the streams"):
            for market, streams in self._by_market.items():
                starts[market](list(streams), self._callback(market, streams), **self._options)
            self.manager.start()

    def close(self) -> None:
        """Close the sockets with a handshake each."""
        self.manager.close()
        if self.manager.is_alive():
            self.manager.join(CLOSE_SECONDS)

    def check(self) -> None:
        """:raises Trouble: a link was given up."""
        if self.over.is_set():
            raise Trouble(f"the exchange cannot be reached: {self.reason}")

    def _callback(self, market: str, streams: dict[str, Wanted]) -> Callable[[Any], None]:
        take = self._take

        def callback(message: Any) -> None:
            if isinstance(message, Frame):
                name = str(message["stream"])
                take(streams.get(name) or Wanted(market, name), message)

        return callback

    def _event(self, event: events.Event) -> None:
        match event:
            case events.Connected():
                self.is_connected = True
            case events.Disconnected():
                self.is_connected = False
            case events.Resumed():
                self.reconnects += 1
            case events.GaveUp(reason=reason, code=code):
                self.reason = in_one_line(reason if code is None else f"{reason} ({code})")
                self.over.set()
        self._tell(event)
