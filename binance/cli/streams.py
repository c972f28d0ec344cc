"""The streams that a command names, and the sockets that receive them.

The sockets are the library's own, so a command shows what a program would get.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from binance.cli.errors import command_errors
from binance.enums import FuturesType
from binance.events import Event
from binance.sansio.names import forms, streams
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


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream of a market."""

    market: str
    name: str
    """As the exchange spells it."""

    @property
    def label(self) -> str:
        """The name to show; it begins with the market unless that is spot."""
        return streams.key(self.name, self.market)


def parse_streams(texts: Iterable[str]) -> list[Stream]:
    """Read ``btcusdt@trade``, ``usdm:btcusdt@markPrice@1s``: each stream once, in order.

    :raises ValueError: the exchange does not serve a stream of that name.
    """
    return list(dict.fromkeys(_parse(text.strip()) for text in texts))


def _parse(text: str) -> Stream:
    market, colon, name = text.partition(":")
    if not colon or "@" in market:  # the colon of @+08:00
        market, name = "spot", text
    if market not in START:
        raise ValueError(f"unknown market {market!r}; allowed are {', '.join(START)}")
    if re.fullmatch(r"[\w-]+", name) and name != "tradingSession":  # a symbol alone
        name += "@optionTicker" if market == "options" else "@ticker"
    if (gone := streams.retired(name, market)) is not None:
        raise ValueError(f"{text!r} was {gone}")
    if not name.startswith("!") and "@" in name:
        symbol, _, rest = name.partition("@")
        name = f"{symbol.lower()}@{rest}"
    if streams.doubt(name, market) and (near := forms.nearest(name, market)):
        label = streams.key(near, market)
        raise ValueError(f"unknown {market} stream {text!r}; did you mean {label!r}?")
    forms.parse(name, market)
    streams.check_names([name])
    return Stream(market, name)


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
    ) -> None:
        super().__init__(client, max_retries=max_retries, on_event=on_event)
        self.daemon = True

    def close_and_wait(self) -> None:
        """Close the sockets; return when their closing handshakes are done."""
        self.close()
        if self.is_alive():
            self.join(CLOSE_SECONDS)


class FrameManager(Manager):
    """Callbacks get frames."""

    protocol = FrameProtocol


class Sockets:
    """Receives some streams, with one socket a market.

    :param on_frame: called with each :class:`Frame` in the reactor thread, or with
        ``dispatch='thread'`` in a thread of its own.
    :param on_event: called with each lifecycle event in the reactor thread.
    :param options: further options of the sockets, such as ``dispatch`` and ``overflow``.
    """

    def __init__(
        self,
        wanted: Sequence[Stream],
        on_frame: Callable[[Stream, Frame], object],
        on_event: Callable[[Event], object],
        **options: Any,
    ) -> None:
        self._on_frame = on_frame
        self._options = options
        self._by_market: dict[str, dict[str, Stream]] = {}
        for each in wanted:
            self._by_market.setdefault(each.market, {})[each.name] = each
        self._manager = FrameManager(on_event)

    def start(self) -> None:
        """Open the sockets.

        :raises CommandError: the exchange has no such market, or its address is not known.
        """
        with command_errors("cannot open the streams"):
            for market, named in self._by_market.items():
                callback = self._callback(market, named)
                START[market](self._manager, list(named), callback, **self._options)
            self._manager.start()

    def close(self) -> None:
        """Close the sockets, with a handshake each."""
        self._manager.close_and_wait()

    def _callback(self, market: str, named: dict[str, Stream]) -> Callable[[Any], None]:
        on_frame = self._on_frame

        def callback(message: Any) -> None:
            if (frame := Frame.of(message)) is not None:
                name = str(frame["stream"])
                on_frame(named.get(name) or Stream(market, name), frame)

        return callback
