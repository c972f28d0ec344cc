"""The streams that a command names, and the sockets that receive them.

The sockets are the library's own, so a command shows what a program would get.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from binance.cli.errors import command_errors
from binance.cli.service.status import serve_status
from binance.events import Event
from binance.relay.frames import START, Frame, FrameManager
from binance.sansio.names import forms, streams


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
        serve_status(self._manager)
        with command_errors("cannot open the streams"):
            for market, named in self._by_market.items():
                callback = self._callback(market, named)
                START[market](self._manager, list(named), callback, **self._options)
            self._manager.start()

    @property
    def is_connected(self) -> bool:
        """Whether all their connections are open."""
        return all(one.connected for one in self._manager.stats().values())

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
