"""The payloads of the spot streams: one function for each kind. Pure.

Sources: the exchange's pages "WebSocket Streams" and "Market Data endpoints". Numbers that the
exchange sends as text are text; times are ms (:func:`in_microseconds` turns an event's into
microseconds).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from binance.sansio.names.fields import PAYLOADS
from binance.simulator.market.candles import DAY, MINUTE, Candle
from binance.simulator.market.history import Trade
from binance.simulator.market.order_book import Level
from binance.simulator.market.stream_names import WINDOWS
from binance.simulator.market.symbol_market import Aggregate, Market
from binance.simulator.market.symbols import Symbol, decimal

Payload = dict[str, Any]

AVERAGE_MINUTES = 5
"""The exchange averages prices over five minutes."""


def trade(symbol: Symbol, what: Trade) -> Payload:
    return {
        "e": "trade", "E": what.time, "s": symbol.name, "t": what.id, "p": symbol.price(what.price),
        "q": symbol.quantity(what.quantity), "T": what.time, "m": what.maker, "M": True,
    }  # fmt: skip


def aggregate(symbol: Symbol, what: Aggregate) -> Payload:
    return {
        "e": "aggTrade", "E": what.time, "s": symbol.name, "a": what.id,
        "p": symbol.price(what.price), "q": symbol.quantity(what.quantity), "f": what.first,
        "l": what.last, "T": what.time, "m": what.maker, "M": True,
    }  # fmt: skip


def block(symbol: Symbol, what: Trade) -> Payload:
    payload = trade(symbol, what) | {"e": "blockTrade"}
    del payload["M"]
    return payload


def book_ticker(symbol: Symbol, update_id: int, best: tuple[int, int, int, int]) -> Payload:
    return {
        "u": update_id,
        "s": symbol.name,
        "b": symbol.price(best[0]),
        "B": symbol.quantity(best[1]),
        "a": symbol.price(best[2]),
        "A": symbol.quantity(best[3]),
    }


def levels(symbol: Symbol, side: Iterable[Level]) -> list[list[str]]:
    return [[symbol.price(price), symbol.quantity(quantity)] for price, quantity in side]


def depth_update(
    symbol: Symbol, time: int, first: int, last: int, bids: list[Level], asks: list[Level]
) -> Payload:
    return {
        "e": "depthUpdate", "E": time, "s": symbol.name, "U": first, "u": last,
        "b": levels(symbol, bids), "a": levels(symbol, asks),
    }  # fmt: skip


def partial_depth(market: Market, time: int, depth: int) -> Payload:
    bids, asks = market.book.top(depth)
    return {
        "lastUpdateId": market.book.update_id,
        "bids": levels(market.symbol, bids),
        "asks": levels(market.symbol, asks),
    }


def kline(
    symbol: Symbol, time: int, interval: str, begin: int, end: int, candle: Candle, closed: bool
) -> Payload:
    return {
        "e": "kline",
        "E": time,
        "s": symbol.name,
        "k": {
            "t": begin,
            "T": end - 1,
            "s": symbol.name,
            "i": interval,
            "f": candle.first,
            "L": candle.last,
            "o": symbol.price(candle.open),
            "c": symbol.price(candle.close),
            "h": symbol.price(candle.high),
            "l": symbol.price(candle.low),
            "v": symbol.quantity(candle.volume),
            "n": candle.trades,
            "x": closed,
            "q": symbol.turnover(candle.volume, candle.quote),
            "V": symbol.quantity(candle.buy_volume),
            "Q": symbol.turnover(candle.buy_volume, candle.buy_quote),
            "B": "0",
        },
    }


def window(market: Market, time: int, length: int) -> tuple[int, Candle]:
    """Opening time and sums of the last ``length`` ms; it opens at a whole minute, as on the
    exchange.
    """
    begin = (time - length) // MINUTE * MINUTE + MINUTE
    return begin, market.window(begin, time)


def change(symbol: Symbol, candle: Candle) -> tuple[str, str, str]:
    """Price change, change in per cent (three decimals), weighted average price."""
    moved = candle.close - candle.open
    percent = f"{moved * 100 / candle.open:.3f}"
    return symbol.price(moved), percent, average(symbol, candle)


def average(symbol: Symbol, candle: Candle) -> str:
    """The mean price of a candle, weighted by volume."""
    if not candle.volume:
        return symbol.price(candle.close)
    return decimal(candle.quote * symbol.tick // candle.volume)


def mini_ticker(market: Market, time: int) -> Payload:
    symbol = market.symbol
    _, candle = window(market, time, DAY)
    return {
        "e": "24hrMiniTicker", "E": time, "s": symbol.name, "c": symbol.price(candle.close),
        "o": symbol.price(candle.open), "h": symbol.price(candle.high),
        "l": symbol.price(candle.low), "v": symbol.quantity(candle.volume),
        "q": symbol.turnover(candle.volume, candle.quote),
    }  # fmt: skip


def rolling_ticker(market: Market, time: int, length: str) -> Payload:
    symbol = market.symbol
    begin, candle = window(market, time, WINDOWS[length])
    moved, percent, weighted = change(symbol, candle)
    return {
        "e": f"{length}Ticker", "E": time, "s": symbol.name, "p": moved, "P": percent,
        "o": symbol.price(candle.open), "h": symbol.price(candle.high),
        "l": symbol.price(candle.low), "c": symbol.price(candle.close), "w": weighted,
        "v": symbol.quantity(candle.volume), "q": symbol.turnover(candle.volume, candle.quote),
        "O": begin, "C": time, "F": candle.first, "L": candle.last, "n": candle.trades,
    }  # fmt: skip


def ticker(market: Market, time: int) -> Payload:
    symbol = market.symbol
    begin, candle = window(market, time, DAY)
    moved, percent, weighted = change(symbol, candle)
    bid, bid_quantity, ask, ask_quantity = market.book.best()
    return {
        "e": "24hrTicker", "E": time, "s": symbol.name, "p": moved, "P": percent, "w": weighted,
        "x": symbol.price(market.close_before(begin)), "c": symbol.price(candle.close),
        "Q": symbol.quantity(market.last_quantity), "b": symbol.price(bid),
        "B": symbol.quantity(bid_quantity), "a": symbol.price(ask),
        "A": symbol.quantity(ask_quantity), "o": symbol.price(candle.open),
        "h": symbol.price(candle.high), "l": symbol.price(candle.low),
        "v": symbol.quantity(candle.volume), "q": symbol.turnover(candle.volume, candle.quote),
        "O": begin, "C": time, "F": candle.first, "L": candle.last, "n": candle.trades,
    }  # fmt: skip


def average_candle(market: Market, time: int) -> Candle:
    """The candle whose mean is the average price."""
    begin = (time // MINUTE + 1 - AVERAGE_MINUTES) * MINUTE
    return market.window(begin, time)


def average_price(market: Market, time: int) -> Payload:
    return {
        "e": "avgPrice",
        "E": time,
        "s": market.symbol.name,
        "i": f"{AVERAGE_MINUTES}m",
        "w": average(market.symbol, average_candle(market, time)),
        "T": market.last_time,
    }


def middle(market: Market) -> int:
    """The price between the best bid and the best ask, in units of 1e-8."""
    bid, _, ask, _ = market.book.best()
    return (bid + ask) * market.symbol.tick // 2


def reference_price(market: Market, time: int) -> Payload:
    """Every fifth symbol has no reference price: the exchange then sends null."""
    return {
        "e": "referencePrice",
        "s": market.symbol.name,
        "r": None if market.symbol.rank % 5 == 4 else decimal(middle(market)),
        "t": time,
    }


_TIMES = {
    event: [field.key for field in payload.fields if field.type == "ms"]
    for payload in PAYLOADS.values()
    if payload.market == "spot"
    for event in payload.events
}


def in_microseconds(payload: Any) -> Any:
    """A copy of an event with its times in microseconds, as ``timeUnit=MICROSECOND`` asks for."""
    if isinstance(payload, list):
        return [in_microseconds(each) for each in payload]
    changed = dict(payload)
    for key in _TIMES.get(payload.get("e", ""), ""):
        changed[key] = payload[key] * 1000
    inner = payload.get("k")
    if inner is not None:
        changed["k"] = {**inner, "t": inner["t"] * 1000, "T": inner["T"] * 1000 + 999}
    return changed
