"""USD-M futures: perpetual contracts beside the spot symbols, and their streams. Pure.

A market of its own for each contract (the same sort of market as spot's), told in the futures'
words. Update ids jump, as the real ones do; ``pu`` tells where the event before ended. Sources: the
exchange's pages "Websocket Market Streams" and "Market Data endpoints" of USD-M futures.

Not simulated, and therefore silent: ``compositeIndex``, ``!contractInfo``, asset indices and
``tradingSession``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from binance.simulator.market import payloads, stream_names, streams
from binance.simulator.market.candles import HOUR, Candle
from binance.simulator.market.exchange import Event, Exchange
from binance.simulator.market.order_book import Level
from binance.simulator.market.payloads import Payload
from binance.simulator.market.stream_names import Wanted
from binance.simulator.market.symbol_market import Aggregate, Market, Trade
from binance.simulator.market.symbols import Symbol, decimal, listing, perpetuals

STRIDE = 7
"""Update ids count by so many: the exchange's are shared by all its books, and not contiguous."""

KIND = 1
"""``st`` of USD-M payloads (2: COIN-M), since 2026-06-30."""

FUNDING = 8 * HOUR

_LIQUIDATION = 40  # one aggregate in so many was a liquidation


def _trade(symbol: Symbol, what: Trade) -> Payload:
    said = payloads.trade(symbol, what)
    del said["M"]
    return {**said, "X": "MARKET", "st": KIND}


def _aggregate(symbol: Symbol, what: Aggregate) -> Payload:
    said = payloads.aggregate(symbol, what)
    del said["M"]
    return {**said, "st": KIND}


def _book_ticker(
    symbol: Symbol, time: int, update_id: int, best: tuple[int, int, int, int]
) -> Payload:
    said = payloads.book_ticker(symbol, update_id * STRIDE, best)
    return {"e": "bookTicker", **said, "T": time, "E": time, "st": KIND}


def _depth_update(
    symbol: Symbol, time: int, first: int, last: int, bids: list[Level], asks: list[Level]
) -> Payload:
    said = payloads.depth_update(symbol, time, first * STRIDE - 3, last * STRIDE, bids, asks)
    return {**said, "T": time, "pu": (first - 1) * STRIDE, "st": KIND}


def _partial_depth(market: Market, time: int, depth: int) -> Payload:
    bids, asks = market.book.top(depth)
    last = market.book.update_id
    return _depth_update(market.symbol, time, last, last, bids, asks)


def _ticker(market: Market, time: int) -> Payload:
    said = payloads.ticker(market, time)
    for absent in "xbBaA":
        del said[absent]
    return {**said, "st": KIND}


def _mini_ticker(market: Market, time: int) -> Payload:
    return {**payloads.mini_ticker(market, time), "st": KIND}


def _kline(*what: Any) -> Payload:
    return {**payloads.kline(*what), "st": KIND}


def _continuous_kline(
    symbol: Symbol, time: int, interval: str, begin: int, end: int, candle: Candle, closed: bool
) -> Payload:
    inner = payloads.kline(symbol, time, interval, begin, end, candle, closed)["k"]
    del inner["s"]
    return {
        "e": "continuous_kline",
        "E": time,
        "ps": symbol.name,
        "ct": "PERPETUAL",
        "k": inner,
        "st": KIND,
    }


def prices(market: Market) -> tuple[str, str]:
    """Mark price and index price: near the middle of the book."""
    middle = payloads.middle(market)
    return decimal(middle), decimal(middle - middle // 5_000)


def next_funding(time: int) -> int:
    """When the next funding is due (ms)."""
    return time // FUNDING * FUNDING + FUNDING


def _mark_price(market: Market, time: int) -> Payload:
    mark, index = prices(market)
    return {
        "e": "markPriceUpdate",
        "E": time,
        "s": market.symbol.name,
        "p": mark,
        "i": index,
        "P": mark,
        "r": "0.00010000",
        "T": next_funding(time),
        "st": KIND,
    }


class Liquidations(streams.Timed):
    """The last liquidation since the last tick: one in :data:`_LIQUIDATION` of what takers got."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._seen = market.last_aggregate

    def __call__(self, time: int) -> Any:
        seen, self._seen = self._seen, self._market.last_aggregate
        for what in reversed(self._market.aggregates):
            if what.id <= seen:
                break
            if what.id % _LIQUIDATION == 0:
                return self._tell(time, what)
        return None

    def _tell(self, time: int, what: Aggregate) -> Payload:
        symbol = self._market.symbol
        price, quantity = symbol.price(what.price), symbol.quantity(what.quantity)
        order = {
            "s": symbol.name,
            "S": "SELL" if what.maker else "BUY",
            "o": "LIMIT",
            "f": "IOC",
            "q": quantity,
            "p": price,
            "ap": price,
            "X": "FILLED",
            "l": quantity,
            "z": quantity,
            "T": what.time,
        }
        return {"e": "forceOrder", "E": time, "o": order, "st": KIND}


class AllOf(streams.Timed):
    """What one stream of each symbol says, as a list."""

    def __init__(self, streams: list[tuple[Market, streams.Timed]]) -> None:
        self._streams = streams

    def __call__(self, time: int) -> Any:
        found = []
        for market, stream in self._streams:
            if time > market.now:
                market.advance(time)
            said = stream(time)
            if said is not None:
                found.append(said)
        return found or None


class AllLiquidations(AllOf):
    """``!forceOrder@arr``: single events in spite of its name; the first symbol's that has one."""

    def __call__(self, time: int) -> Any:
        found = super().__call__(time)
        return found and found[0]


_ONE_OF_ALL = {
    "allMiniTickers": "miniTicker",
    "allTickers": "ticker",
    "allMarkPrices": "markPrice",
    "allForceOrders": "forceOrder",
}


class UsdmExchange(Exchange):
    """The simulated USD-M futures exchange; arguments are those of :class:`Exchange`."""

    def __init__(self, *, seed: int = 1, **options: Any) -> None:
        self._tops: dict[str, list[str]] = {}
        super().__init__(seed=seed * 1_000_003 + 7, **options)
        self._past = seed  # a contract costs about what its symbol costs on spot

    def _listing(self, symbols: int | Iterable[str]) -> tuple[Symbol, ...]:
        return perpetuals(listing(symbols))

    def parse(self, name: str) -> Wanted | None:
        wanted = stream_names.parse(name, "usdm")
        if wanted is None or (wanted.symbol and wanted.symbol not in self.symbols):
            return None
        return wanted

    def _listen(self, name: str, wanted: Wanted, market: Market) -> None:
        symbol, watcher, out = market.symbol, market.watcher, self._out

        def trade(what: Trade) -> None:
            out.append(Event(what.time, symbol.rank, name, _trade(symbol, what)))

        def aggregate(what: Aggregate) -> None:
            out.append(Event(what.time, symbol.rank, name, _aggregate(symbol, what)))

        def top(update_id: int, best: tuple[int, int, int, int]) -> None:
            time = int(market.now)
            said = _book_ticker(symbol, time, update_id, best)
            out.extend(Event(time, symbol.rank, each, said) for each in self._tops[symbol.name])

        if wanted.kind == "trade":
            watcher.trade = trade
        elif wanted.kind == "aggTrade":
            watcher.aggregate = aggregate
        else:  # of one symbol and of all: both may be wanted
            market.tell_top()
            self._tops.setdefault(symbol.name, []).append(name)
            watcher.top = top

    def _unlisten(self, name: str, wanted: Wanted, market: Market) -> None:
        if wanted.kind in ("trade", "aggTrade"):
            super()._unlisten(name, wanted, market)
            return
        left = self._tops[market.symbol.name]
        left.remove(name)
        if not left:
            market.watcher.top = None

    def _timed(self, wanted: Wanted, market: Market | None) -> streams.Timed:
        if market is None:
            made = AllLiquidations if wanted.kind == "allForceOrders" else AllOf
            kind = _ONE_OF_ALL[wanted.kind]
            markets = self.all_markets(self._origin)
            return made([(each, _timed(Wanted(kind), each)) for each in markets])
        return _timed(wanted, market)


def _timed(wanted: Wanted, market: Market) -> streams.Timed:
    kind = wanted.kind
    if kind == "depth":
        return streams.Depth(market, _depth_update)
    if kind == "partialDepth":
        return streams.Always(lambda time: _partial_depth(market, time, wanted.levels))
    if kind == "kline":
        return streams.Klines(market, wanted, _kline)
    if kind == "continuousKline":
        return streams.Klines(market, wanted, _continuous_kline)
    if kind == "markPrice":
        return streams.Always(lambda time: _mark_price(market, time))
    if kind == "forceOrder":
        return Liquidations(market)
    said: Callable[[Market, int], Payload] = _ticker if kind == "ticker" else _mini_ticker
    return streams.Changed(lambda time: said(market, time), lambda: market.last_trade)
