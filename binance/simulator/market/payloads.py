"""The payloads of the spot streams: one function for each kind. Pure.

Sources: the exchange's pages "WebSocket Streams" and "Market Data endpoints". Numbers that the
exchange sends as text are text; times are ms (:func:`in_microseconds` turns an event's into
microseconds, :func:`answer_in_microseconds` an answer's).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from binance.sansio.names.fields import PAYLOADS
from binance.simulator.market.candles import DAY, MINUTE, Candle
from binance.simulator.market.history import Trade
from binance.simulator.market.order_book import Level
from binance.simulator.market.stream_names import WINDOWS
from binance.simulator.market.symbol_market import Aggregate, Market
from binance.simulator.market.symbols import Symbol, decimal

Payload = dict[str, Any]
NO_VOLUME = dict.fromkeys("vqVQ", "0")
"""The volumes of a candle of a price."""

AVERAGE_MINUTES = 5
"""The exchange averages prices over five minutes."""


@cache
def _pairs(names: str) -> list[list[str]]:
    return [pair.split("=") for pair in names.split()]


def renamed(names: str, body: Payload) -> Payload:
    """Those fields of a body that ``names`` lists, ``price=p qty=q ..``, by the first names."""
    return {name: body[short] for name, short in _pairs(names) if short in body}


def _picked(keys: str, body: Payload) -> Payload:
    return {key: body[key] for key in keys}


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
        "u": update_id, "s": symbol.name, "b": symbol.price(best[0]),
        "B": symbol.quantity(best[1]), "a": symbol.price(best[2]), "A": symbol.quantity(best[3]),
    }  # fmt: skip


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
    return snapshot(market.symbol, market.book.update_id, *market.book.top(depth))


def snapshot(symbol: Symbol, update_id: int, bids: list[Level], asks: list[Level]) -> Payload:
    sides = {"bids": levels(symbol, bids), "asks": levels(symbol, asks)}
    return {"lastUpdateId": update_id, **sides}


def _candle(symbol: Symbol, candle: Candle) -> Payload:
    """The fields of a candle, by the names that they have in most payloads."""
    return {
        "o": symbol.price(candle.open), "c": symbol.price(candle.close),
        "h": symbol.price(candle.high), "l": symbol.price(candle.low),
        "v": symbol.quantity(candle.volume), "q": symbol.turnover(candle.volume, candle.quote),
        "n": candle.trades, "F": candle.first, "L": candle.last,
    }  # fmt: skip


def kline(
    symbol: Symbol, time: int, interval: str, begin: int, end: int, candle: Candle, closed: bool
) -> Payload:
    inner = _candle(symbol, candle) | {
        "t": begin, "T": end - 1, "s": symbol.name, "i": interval, "f": candle.first, "x": closed,
        "V": symbol.quantity(candle.buy_volume),
        "Q": symbol.turnover(candle.buy_volume, candle.buy_quote), "B": "0",
    }  # fmt: skip
    picked = _picked("tTsifLochlvnxqVQB", inner)
    return {"e": "kline", "E": time, "s": symbol.name, "k": picked}


def average(symbol: Symbol, candle: Candle) -> str:
    """The mean price of a candle, weighted by volume."""
    if not candle.volume:
        return symbol.price(candle.close)
    return decimal(candle.quote * symbol.tick // candle.volume)


def window(market: Market, time: int, length: int) -> Payload:
    """What tickers say of the last ``length`` ms; they begin at a whole minute, as on the
    exchange.
    """
    symbol, begin = market.symbol, (time - length) // MINUTE * MINUTE + MINUTE
    candle = market.window(begin, time)
    moved = candle.close - candle.open
    return _candle(symbol, candle) | {
        "E": time, "s": symbol.name, "O": begin, "C": time, "w": average(symbol, candle),
        "p": symbol.price(moved), "P": f"{moved * 100 / candle.open:.3f}",
    }  # fmt: skip


def mini_ticker(market: Market, time: int) -> Payload:
    return {"e": "24hrMiniTicker", **_picked("Escohlvq", window(market, time, DAY))}


def rolling_ticker(market: Market, time: int, length: str) -> Payload:
    found = window(market, time, WINDOWS[length])
    return {"e": f"{length}Ticker", **_picked("EspPohlcwvqOCFLn", found)}


def ticker(market: Market, time: int) -> Payload:
    symbol, found = market.symbol, window(market, time, DAY)
    found |= book_ticker(symbol, 0, market.book.best())
    found["x"] = symbol.price(market.close_before(found["O"]))
    found["Q"] = symbol.quantity(market.last_quantity)
    return {"e": "24hrTicker", **_picked("EspPwxcQbBaAohlvqOCFLn", found)}


def average_price(market: Market, time: int) -> Payload:
    candle = market.window((time // MINUTE + 1 - AVERAGE_MINUTES) * MINUTE, time)
    return {
        "e": "avgPrice", "E": time, "s": market.symbol.name, "i": f"{AVERAGE_MINUTES}m",
        "w": average(market.symbol, candle), "T": market.last_time,
    }  # fmt: skip


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
        if key in payload:
            changed[key] = payload[key] * 1000
    inner = payload.get("k")
    if inner is not None:
        changed["k"] = {**inner, "t": inner["t"] * 1000, "T": inner["T"] * 1000 + 999}
    return changed


# fmt: off
_ANSWER_TIMES = {
    "T", "time", "serverTime", "openTime", "closeTime", "transactTime", "transactionTime",
    "updateTime", "workingTime", "expirationTime", "authorizedSince", "connectedSince",
}
# fmt: on


def answer_in_microseconds(answer: Any) -> Any:
    """A copy of an answer of spot's REST or WebSocket API with its times in microseconds."""
    if isinstance(answer, list):
        if len(answer) == 12 and isinstance(answer[0], int):  # a candle
            return [answer[0] * 1000, *answer[1:6], answer[6] * 1000 + 999, *answer[7:]]
        return [answer_in_microseconds(each) for each in answer]
    if not isinstance(answer, dict):
        return answer
    return {
        key: value * 1000
        if key in _ANSWER_TIMES and isinstance(value, int) and value > 0
        else answer_in_microseconds(value)
        for key, value in answer.items()
    }
