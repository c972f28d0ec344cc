"""USD-M futures: perpetual contracts of spot symbols, and their streams. Pure.

Each contract has a market of its own, of the same class as spot's; only the payloads differ. Update
ids jump, as the real ones do; ``pu`` is the last update id of the event before. Source: the
exchange's page "Websocket Market Streams" of USD-M futures.

Not simulated, and therefore silent: ``compositeIndex``, ``!contractInfo``, asset indices and
``tradingSession``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from binance.simulator.market import payloads, streams
from binance.simulator.market.candles import HOUR, Candle
from binance.simulator.market.exchange import Event, Exchange
from binance.simulator.market.order_book import Level
from binance.simulator.market.payloads import Payload
from binance.simulator.market.stream_names import StreamSpec
from binance.simulator.market.symbol_market import Aggregate, Market, Trade
from binance.simulator.market.symbols import Symbol, decimal, listing, perpetuals

UPDATE_ID_STEP = 7
"""Update ids grow by so much: all books of the exchange share them, so they are not contiguous."""

MARKET_TYPE = 1
"""``st`` of USD-M payloads (2: COIN-M), since 2026-06-30."""

FUNDING = 8 * HOUR

_AGGREGATES_PER_LIQUIDATION = 40


def _pair(symbol: Symbol) -> Payload:
    """What most payloads have since 2026-06-30: the pair, and the market's number."""
    return {"ps": symbol.name, "st": MARKET_TYPE}


def _trade(symbol: Symbol, what: Trade) -> Payload:
    payload = payloads.trade(symbol, what)
    del payload["M"]
    return {**payload, "X": "MARKET", "st": MARKET_TYPE}


def _aggregate(symbol: Symbol, what: Aggregate) -> Payload:
    payload = payloads.aggregate(symbol, what)
    del payload["M"]
    return {**payload, "st": MARKET_TYPE}


def _book_ticker(
    symbol: Symbol, time: int, update_id: int, best: tuple[int, int, int, int]
) -> Payload:
    payload = payloads.book_ticker(symbol, update_id * UPDATE_ID_STEP, best)
    return {"e": "bookTicker", **payload, "T": time, "E": time, **_pair(symbol)}


def _depth_update(
    symbol: Symbol, time: int, first: int, last: int, bids: list[Level], asks: list[Level]
) -> Payload:
    payload = payloads.depth_update(
        symbol, time, first * UPDATE_ID_STEP - 3, last * UPDATE_ID_STEP, bids, asks
    )
    return {**payload, "T": time, "pu": (first - 1) * UPDATE_ID_STEP, **_pair(symbol)}


def _partial_depth(market: Market, time: int, depth: int) -> Payload:
    bids, asks = market.book.top(depth)
    last = market.book.update_id
    return _depth_update(market.symbol, time, last, last, bids, asks)


def _ticker(market: Market, time: int) -> Payload:
    payload = payloads.ticker(market, time)
    for absent in "xbBaA":
        del payload[absent]
    return {**payload, **_pair(market.symbol)}


def _mini_ticker(market: Market, time: int) -> Payload:
    return {**payloads.mini_ticker(market, time), **_pair(market.symbol)}


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
        "st": MARKET_TYPE,
    }


class Liquidations(streams.TimedStream):
    """The last liquidation since the last tick: every fortieth aggregate is one."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._seen = market.last_aggregate

    def __call__(self, time: int) -> Any:
        seen, self._seen = self._seen, self._market.last_aggregate
        for what in reversed(self._market.aggregates):
            if what.id <= seen:
                break
            if what.id % _AGGREGATES_PER_LIQUIDATION == 0:
                return self._payload(time, what)
        return None

    def _payload(self, time: int, what: Aggregate) -> Payload:
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
        return {"e": "forceOrder", "E": time, "o": order, **_pair(symbol)}


class EverySymbol(streams.TimedStream):
    """The events of one stream of each symbol, as a list."""

    def __init__(self, parts: list[tuple[Market, streams.TimedStream]]) -> None:
        self._streams = parts

    def __call__(self, time: int) -> Any:
        found = []
        for market, stream in self._streams:
            if time > market.now:
                market.advance(time)
            payload = stream(time)
            if payload is not None:
                found.append(payload)
        return found or None


class AllLiquidations(EverySymbol):
    """``!forceOrder@arr``: one event, not a list; that of the first symbol that has one."""

    def __call__(self, time: int) -> Any:
        found = super().__call__(time)
        return found and found[0]


_KIND_OF_EACH = {
    "allMiniTickers": "miniTicker",
    "allTickers": "ticker",
    "allMarkPrices": "markPrice",
    "allForceOrders": "forceOrder",
}


class UsdmExchange(Exchange):
    """The simulated USD-M futures exchange; arguments are those of :class:`Exchange`."""

    _name = "usdm"
    _instant_payloads = {
        "trade": ("on_trade", _trade),
        "aggTrade": ("on_aggregate", _aggregate),
    }

    def __init__(self, *, seed: int = 1, **options: Any) -> None:
        # The book tickers of one symbol and of all have the same events: symbol -> stream names.
        self._book_tickers: dict[str, list[str]] = {}
        super().__init__(seed=seed * 1_000_003 + 7, **options)
        self._past = seed  # a contract costs about what its symbol costs on spot

    def _listing(self, symbols: int | Iterable[str]) -> tuple[Symbol, ...]:
        return perpetuals(listing(symbols))

    def _attach(self, name: str, spec: StreamSpec, market: Market) -> None:
        if spec.kind in self._instant_payloads:
            super()._attach(name, spec, market)
            return
        symbol, out = market.symbol, self._out

        def on_best_price(update_id: int, best: tuple[int, int, int, int]) -> None:
            time = int(market.now)
            payload = _book_ticker(symbol, time, update_id, best)
            names = self._book_tickers[symbol.name]
            out.extend(Event(time, symbol.rank, each, payload) for each in names)

        market.report_best_price()  # earlier changes are not for this stream
        self._book_tickers.setdefault(symbol.name, []).append(name)
        market.callbacks.on_best_price = on_best_price

    def _detach(self, name: str, spec: StreamSpec, market: Market) -> None:
        if spec.kind in self._instant_payloads:
            super()._detach(name, spec, market)
            return
        names = self._book_tickers[market.symbol.name]
        names.remove(name)
        if not names:
            market.callbacks.on_best_price = None

    def _timed_stream(self, spec: StreamSpec, market: Market | None) -> streams.TimedStream:
        if market is None:
            made = AllLiquidations if spec.kind == "allForceOrders" else EverySymbol
            kind = _KIND_OF_EACH[spec.kind]
            markets = self.all_markets(self._origin)
            return made([(each, _timed_stream(StreamSpec(kind), each)) for each in markets])
        return _timed_stream(spec, market)


def _timed_stream(spec: StreamSpec, market: Market) -> streams.TimedStream:
    kind = spec.kind
    if kind == "depth":
        return streams.DepthStream(market, _depth_update)
    if kind == "partialDepth":
        return streams.EveryTick(lambda time: _partial_depth(market, time, spec.levels))
    if kind == "kline":
        return streams.KlineStream(market, spec)
    if kind == "continuousKline":
        return streams.KlineStream(market, spec, _continuous_kline)
    if kind == "markPrice":
        return streams.EveryTick(lambda time: _mark_price(market, time))
    if kind == "forceOrder":
        return Liquidations(market)
    payload: Callable[[Market, int], Payload] = _ticker if kind == "ticker" else _mini_ticker
    return streams.WhenChanged(lambda time: payload(market, time), lambda: market.last_trade)
