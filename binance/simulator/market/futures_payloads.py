"""The payloads of the futures streams, USD-M and COIN-M: one function for each kind. Pure.

Sources: the exchange's pages "Websocket Market Streams" of USD-M and COIN-M futures.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from binance.simulator.market import payloads
from binance.simulator.market.candles import HOUR, Candle
from binance.simulator.market.history import Trade
from binance.simulator.market.order_book import Level
from binance.simulator.market.payloads import Payload
from binance.simulator.market.symbol_market import Aggregate, Market
from binance.simulator.market.symbols import Symbol, decimal

UPDATE_ID_STEP = 7
"""Update ids grow by so much: all books of the exchange share them, so they are not contiguous."""

FUNDING = 8 * HOUR

COMPOSITE = "DEFIUSDT"
"""The symbol of the only composite index."""


def of_market(symbol: Symbol, payload: Payload, pair: bool = True) -> Payload:
    """A payload with the type of its market (1: USD-M, 2: COIN-M) and mostly the pair; that of an
    option has neither.
    """
    if not symbol.contract:
        return payload
    return {**payload, **({"ps": symbol.pair} if pair else {}), "st": 2 if symbol.size else 1}


def trade(symbol: Symbol, what: Trade) -> Payload:
    payload = payloads.trade(symbol, what)
    del payload["M"]
    return of_market(symbol, {**payload, "X": "MARKET"}, False)


def aggregate(symbol: Symbol, what: Aggregate) -> Payload:
    payload = payloads.aggregate(symbol, what)
    del payload["M"]
    if not symbol.size:
        payload["nq"] = payload["q"]
    return of_market(symbol, payload, False)


def book_ticker(
    symbol: Symbol, time: int, update_id: int, best: tuple[int, int, int, int]
) -> Payload:
    payload = payloads.book_ticker(symbol, update_id * UPDATE_ID_STEP, best)
    return of_market(symbol, {"e": "bookTicker", **payload, "T": time, "E": time})


def depth_update(
    symbol: Symbol, time: int, first: int, last: int, bids: list[Level], asks: list[Level]
) -> Payload:
    payload = payloads.depth_update(
        symbol, time, first * UPDATE_ID_STEP - 3, last * UPDATE_ID_STEP, bids, asks
    )
    return of_market(symbol, {**payload, "T": time, "pu": (first - 1) * UPDATE_ID_STEP})


def partial_depth(market: Market, time: int, depth: int) -> Payload:
    bids, asks = market.book.top(depth)
    last = market.book.update_id
    return depth_update(market.symbol, time, last, last, bids, asks)


def ticker(market: Market, time: int) -> Payload:
    payload = payloads.ticker(market, time)
    for absent in "xbBaA":
        del payload[absent]
    return of_market(market.symbol, payload)


def mini_ticker(market: Market, time: int) -> Payload:
    return of_market(market.symbol, payloads.mini_ticker(market, time))


def continuous_kline(symbol: Symbol, time: int, *what: Any) -> Payload:
    inner = payloads.kline(symbol, time, *what)["k"]
    del inner["s"]
    names = {"ps": symbol.pair, "ct": symbol.contract}
    return {"e": "continuous_kline", "E": time, **names, "k": inner}


def price_kline(event: str, of: Symbol, named: str) -> Callable[..., Payload]:
    """Candles of a price, named as the symbol or its pair: there is no volume in them."""

    def payload(
        symbol: Symbol, time: int, interval: str, begin: int, end: int, candle: Candle, closed: bool
    ) -> Payload:
        inner = payloads.kline(symbol, time, interval, begin, end, candle, closed)["k"]
        inner |= {**payloads.NO_VOLUME, "s": getattr(of, named)}
        return {"e": event, "E": time, "ps": of.pair, "k": inner}

    return payload


def prices(market: Market) -> tuple[str, str]:
    """Mark price, near the middle of the book, and index price: that of spot where it is known."""
    middle, spot = payloads.middle(market), market.underlying
    if spot is None:
        return decimal(middle), decimal(middle - middle // 5_000)
    if market.now > spot.now:
        spot.advance(int(market.now))
    return decimal(middle), decimal(payloads.middle(spot))


def next_funding(time: int) -> int:
    """When the next funding is due (ms)."""
    return time // FUNDING * FUNDING + FUNDING


def mark_price(market: Market, time: int) -> Payload:
    mark, index = prices(market)
    symbol, rate, due = market.symbol, "0.00010000", next_funding(time)
    if symbol.contract != "PERPETUAL":
        rate, due = "", 0
    payload = {"e": "markPriceUpdate", "E": time, "s": symbol.name, "p": mark, "i": index}
    average = {} if symbol.size else {"ap": mark}
    return of_market(symbol, {**payload, **average, "P": mark, "r": rate, "T": due}, False)


def index_price(market: Market, time: int) -> Payload:
    return {"e": "indexPriceUpdate", "E": time, "s": market.symbol.pair, "p": prices(market)[1]}


def asset_index(market: Market, time: int) -> Payload:
    index = prices(market)[1]
    payload = {"e": "assetIndexUpdate", "E": time, "s": f"{market.symbol.base}USD", "i": index}
    buffers = {"b": "0.10000000", "a": "0.10000000", "q": "0.05000000", "g": "0.05000000"}
    return {**payload, **buffers, **dict.fromkeys("BAQG", index)}


def composite_index(market: Market, time: int) -> Payload:
    symbol, index = market.symbol, prices(market)[1]
    part = {"b": symbol.base, "q": symbol.quote, "w": "1.00000000", "W": "1.00000000", "i": index}
    name = {"e": "compositeIndex", "E": time, "s": COMPOSITE}
    return {**name, "p": index, "C": "baseAsset", "c": [part]}


def contract_info(market: Market, time: int) -> Payload:
    symbol = market.symbol
    names = {"e": "contractInfo", "E": time, "s": symbol.name, "ct": symbol.contract}
    times = {"cs": "TRADING", "dt": symbol.ends, "ot": 1_568_102_400_000}
    return of_market(symbol, {**names, **times}, bool(symbol.size))


_SESSIONS = ("EquityUpdate", "CommodityUpdate", "KR_EquityUpdate", "HK_EquityUpdate")


def trading_session(market: Market, time: int) -> Payload:
    """One market a second, each in an hour of its regular session."""
    kind, begin = _SESSIONS[time // 1000 % len(_SESSIONS)], time // HOUR * HOUR
    return {"e": kind, "E": time, "t": begin, "T": begin + HOUR, "S": "REGULAR"}


def liquidation(symbol: Symbol, time: int, what: Aggregate) -> Payload:
    price, quantity = symbol.price(what.price), symbol.quantity(what.quantity)
    order = {
        "s": symbol.name, "S": "SELL" if what.maker else "BUY", "o": "LIMIT", "f": "IOC",
        "q": quantity, "p": price, "ap": price, "X": "FILLED", "l": quantity, "z": quantity,
        "T": what.time, **({"ps": symbol.pair} if symbol.size else {}),
    }  # fmt: skip
    return of_market(symbol, {"e": "forceOrder", "E": time, "o": order})
