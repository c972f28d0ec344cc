"""The spot exchange's streams: which part of a market each listens to, and what it says.

Two sorts. An *instant* stream speaks as things happen: it hangs a callable on the market's watcher.
A :class:`Timed` stream is asked at each of its ticks, and may have nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from binance.simulator.market import payloads
from binance.simulator.market.candles import OFFSETS, cut
from binance.simulator.market.order_book import Level
from binance.simulator.market.stream_names import WINDOWS, Wanted
from binance.simulator.market.symbol_market import Aggregate, Market, Trade

Tell = Callable[[int, Any], None]
"""Called with the time (ms) of an event and its payload."""


class Markets(Protocol):
    """What all-market streams need of the exchange."""

    def all_markets(self, now: int) -> list[Market]: ...


class Timed:
    """A stream that is asked at each of its ticks."""

    def __call__(self, time: int) -> Any:
        """The payload of the tick at ``time`` (ms), None for nothing."""
        raise NotImplementedError

    def close(self) -> None:
        """Nobody listens any longer."""


class Always(Timed):
    """Says something at every tick, whatever the market does."""

    def __init__(self, payload: Callable[[int], Any]) -> None:
        self._payload = payload

    def __call__(self, time: int) -> Any:
        return self._payload(time)


class Changed(Timed):
    """Says something when what it speaks of has changed since its last tick, and at first."""

    def __init__(self, payload: Callable[[int], Any], key: Callable[[], Any]) -> None:
        self._payload = payload
        self._key = key
        self._seen: Any = None

    def __call__(self, time: int) -> Any:
        key = self._key()
        if key == self._seen:
            return None
        self._seen = key
        return self._payload(time)


class Klines(Timed):
    """The present candle when it has changed, and each closed candle once, at the tick that ends
    it.
    """

    def __init__(
        self, market: Market, wanted: Wanted, payload: Callable[..., Any] = payloads.kline
    ) -> None:
        self._market = market
        self._interval = wanted.interval
        self._offset = OFFSETS[wanted.offset]
        self._payload = payload
        self._seen: tuple[int, int] | None = None

    def __call__(self, time: int) -> Any:
        market = self._market
        begin, end = cut(self._interval, time - 1, self._offset)
        closed = end <= time
        key = (begin, market.last_trade)
        if key == self._seen and not closed:
            return None
        self._seen = key
        candle = market.candle(self._interval, begin, end)
        return self._payload(market.symbol, time, self._interval, begin, end, candle, closed)


class Depth(Timed):
    """The levels that changed since the last tick; silent when none did."""

    def __init__(
        self,
        market: Market,
        payload: Callable[
            [Any, int, int, int, list[Level], list[Level]], Any
        ] = payloads.depth_update,
    ) -> None:
        self._market = market
        self._payload = payload
        self._diff = market.book.follow()

    def __call__(self, time: int) -> Any:
        changes = self._market.book.read(self._diff)
        return changes and self._payload(self._market.symbol, time, *changes)

    def close(self) -> None:
        self._market.book.unfollow(self._diff)


class ChangedOf(Timed):
    """A list of one payload for each market that has traded since the last tick."""

    def __init__(self, markets: Markets, payload: Callable[[Market, int], Any]) -> None:
        self._markets = markets
        self._payload = payload
        self._seen: dict[str, int] = {}

    def __call__(self, time: int) -> Any:
        found = []
        seen = self._seen
        for market in self._markets.all_markets(time):
            name = market.symbol.name
            if seen.get(name) != market.last_trade:
                seen[name] = market.last_trade
                found.append(self._payload(market, time))
        return found or None


def listen(wanted: Wanted, market: Market, tell: Tell) -> None:
    """Hang an instant stream on a market."""
    symbol, watcher = market.symbol, market.watcher

    def trade(what: Trade) -> None:
        tell(what.time, payloads.trade(symbol, what))

    def aggregate(what: Aggregate) -> None:
        tell(what.time, payloads.aggregate(symbol, what))

    def block(what: Trade) -> None:
        tell(what.time, payloads.block(symbol, what))

    def top(update_id: int, best: tuple[int, int, int, int]) -> None:
        tell(int(market.now), payloads.book_ticker(symbol, update_id, best))

    if wanted.kind == "trade":
        watcher.trade = trade
    elif wanted.kind == "aggTrade":
        watcher.aggregate = aggregate
    elif wanted.kind == "blockTrade":
        watcher.block = block
    else:
        market.tell_top()  # what changed before belongs to nobody
        watcher.top = top


def unlisten(wanted: Wanted, market: Market) -> None:
    """Take an instant stream off its market."""
    watcher = market.watcher
    if wanted.kind == "trade":
        watcher.trade = None
    elif wanted.kind == "aggTrade":
        watcher.aggregate = None
    elif wanted.kind == "blockTrade":
        watcher.block = None
    else:
        watcher.top = None


def timed(wanted: Wanted, market: Market) -> Timed:
    """A stream of one symbol that is asked at each of its ticks."""
    kind = wanted.kind
    if kind == "depth":
        return Depth(market)
    if kind == "partialDepth":
        return Always(lambda time: payloads.partial_depth(market, wanted.levels))
    if kind == "kline":
        return Klines(market, wanted)
    if kind == "miniTicker":
        return Changed(lambda time: payloads.mini_ticker(market, time), lambda: market.last_trade)
    if kind == "ticker":
        return Changed(
            lambda time: payloads.ticker(market, time),
            lambda: (market.last_trade, market.book.update_id),
        )
    if kind == "rollingTicker":
        length, name = WINDOWS[wanted.window], f"{wanted.window}Ticker"
        return Changed(
            lambda time: payloads.rolling_ticker(market, time, length, name),
            lambda: market.last_trade,
        )
    if kind == "avgPrice":
        return Always(lambda time: payloads.average_price(market, time))
    return Always(lambda time: payloads.reference_price(market, time))


def timed_of_all(wanted: Wanted, markets: Markets) -> Timed:
    """An all-market stream."""
    if wanted.kind == "allMiniTickers":
        return ChangedOf(markets, payloads.mini_ticker)
    length, name = WINDOWS[wanted.window], f"{wanted.window}Ticker"
    return ChangedOf(
        markets, lambda market, time: payloads.rolling_ticker(market, time, length, name)
    )
