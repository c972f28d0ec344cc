"""The spot exchange's streams: where each gets its events from. Pure.

There are two kinds. An *instant* stream has an event whenever something happens: it sets a callback
of the market. A :class:`TimedStream` is called at each of its ticks, and may have no event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import Any

from binance.simulator.market import payloads
from binance.simulator.market.candles import OFFSETS, candle_bounds
from binance.simulator.market.stream_names import StreamSpec
from binance.simulator.market.symbol_market import Market

Report = Callable[[int, Any], None]
"""Called with the time (ms) of an event and its payload."""


class TimedStream:
    """A stream that is called at each of its ticks."""

    def __call__(self, time: int) -> Any:
        """The payload of the tick at ``time`` (ms); None: no event."""
        raise NotImplementedError

    def close(self) -> None:
        """Free what the stream holds: nobody listens any longer."""


@dataclass(slots=True)
class Timed(TimedStream):
    """Has an event at every tick; with a ``key`` at its first, and when this has changed."""

    payload: Callable[[int], Any]
    key: Callable[[], Any] | None = None
    seen: Any = None

    def __call__(self, time: int) -> Any:
        if self.key is not None:
            before, self.seen = self.seen, self.key()
            if self.seen == before:
                return None
        return self.payload(time)


@dataclass(slots=True)
class KlineStream(TimedStream):
    """The current candle when it has changed; a closed candle once, at the tick that ends it."""

    market: Market
    spec: StreamSpec
    payload: Callable[..., Any] = payloads.kline
    seen: tuple[int, int] | None = None

    def __call__(self, time: int) -> Any:
        market, interval = self.market, self.spec.interval
        if time > market.now:
            market.advance(time)
        begin, end = candle_bounds(interval, time - 1, OFFSETS[self.spec.offset])
        closed = end <= time
        key = (begin, market.last_trade)
        if key == self.seen and not closed:
            return None
        self.seen = key
        candle = market.candle(interval, begin, end)
        return self.payload(market.symbol, time, interval, begin, end, candle, closed)


class DepthStream(TimedStream):
    """The levels that changed since the last tick; no event when none did."""

    def __init__(
        self, market: Market, spec: StreamSpec, payload: Callable[..., Any] = payloads.depth_update
    ) -> None:
        self._market = market
        self._payload = payload
        self._diff = market.book.start_diff()

    def __call__(self, time: int) -> Any:
        changes = self._market.book.take_diff(self._diff)
        return changes and self._payload(self._market.symbol, time, *changes)

    def close(self) -> None:
        self._market.book.stop_diff(self._diff)


@dataclass(slots=True)
class EverySymbol(TimedStream):
    """The events of one stream of each symbol, as a list."""

    parts: list[tuple[Market, TimedStream]]

    def __call__(self, time: int) -> Any:
        return [each for each in map(self._event, self.parts, repeat(time)) if each] or None

    def _event(self, part: tuple[Market, TimedStream], time: int) -> Any:
        market, stream = part
        if time > market.now:
            market.advance(time)
        return stream(time)


class FirstSymbol(EverySymbol):
    """One event, not a list: that of the first symbol that has one."""

    def __call__(self, time: int) -> Any:
        found = EverySymbol.__call__(self, time)
        return found and found[0]


class OneAtATime(EverySymbol):
    """Each second the event of the next symbol."""

    def __call__(self, time: int) -> Any:
        return self._event(self.parts[time // 1000 % len(self.parts)], time)


Instant = Mapping[str, tuple[str, Callable[..., payloads.Payload]]]
"""Kind of an instant stream -> the market's callback, and the payload: of the symbol and a trade or
aggregate, or of the symbol, the time, the update id and the best prices.
"""

INSTANT: Instant = {
    "trade": ("on_trade", payloads.trade),
    "aggTrade": ("on_aggregate", payloads.aggregate),
    "blockTrade": ("on_block", payloads.block),
    "bookTicker": ("on_best_price", lambda symbol, _, *what: payloads.book_ticker(symbol, *what)),
}


def attach(market: Market, callback: str, payload: Callable[..., Any], report: Report) -> None:
    """Let instant streams listen to a market."""
    symbol = market.symbol

    def on_best_price(*what: Any) -> None:
        time = int(market.now)
        report(time, payload(symbol, time, *what))

    def on_trade(what: Any) -> None:
        report(what.time, payload(symbol, what))

    is_price = callback == "on_best_price"
    setattr(market.callbacks, callback, on_best_price if is_price else on_trade)


Make = Callable[[Market, StreamSpec], TimedStream]
"""Makes the timed stream of one symbol."""


def every_tick(
    payload: Callable[..., Any], *fields: str, key: Callable[[Market], Any] | None = None
) -> Make:
    """Its payload, of the market, the time and these fields of the spec, at every tick; with a
    ``key`` when that of the market has changed since the last event.
    """

    def make(market: Market, spec: StreamSpec) -> TimedStream:
        more = [getattr(spec, field) for field in fields]
        return Timed(
            lambda time: payload(market, time, *more), None if key is None else partial(key, market)
        )

    return make


when_traded = partial(every_tick, key=lambda market: market.last_trade)
"""The same when the market has traded since the last event."""

TIMED: Mapping[str, Make] = {
    "depth": DepthStream,
    "partialDepth": every_tick(payloads.partial_depth, "levels"),
    "kline": KlineStream,
    "miniTicker": when_traded(payloads.mini_ticker),
    "ticker": every_tick(
        payloads.ticker, key=lambda market: (market.last_trade, market.book.update_id)
    ),
    "rollingTicker": when_traded(payloads.rolling_ticker, "window"),
    "avgPrice": every_tick(payloads.average_price),
    "referencePrice": every_tick(payloads.reference_price),
}
"""Kind of a timed stream of one symbol -> what makes it."""

OfMany = Mapping[str, tuple[type[EverySymbol], Make]]
"""Kind of a timed stream of many symbols -> how it joins their streams, and what makes these."""

TIMED_OF_MANY: OfMany = {
    "allMiniTickers": (EverySymbol, TIMED["miniTicker"]),
    "allRollingTickers": (EverySymbol, TIMED["rollingTicker"]),
}
