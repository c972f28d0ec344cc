"""Market data on request: one function for each call of REST and the WebSocket API, and where they
serve it for spot. Pure.

Each takes a ``Call`` and returns the answer. Source: the exchange's page "Market Data endpoints".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from binance.simulator.api import history
from binance.simulator.api.call import Call, Raw, Route
from binance.simulator.api.exchange_info import exchange_info, execution_rules
from binance.simulator.api.history import named_market, time_zone
from binance.simulator.api.weights import (
    LIGHT,
    Weigh,
    depth_weight,
    each_symbol,
    flat,
    one_or_all,
    ticker_24hr_weight,
)
from binance.simulator.market import payloads
from binance.simulator.market.candles import DAY, HOUR, MINUTE, candle_bounds
from binance.simulator.market.symbol_market import Market
from binance.simulator.rules import errors
from binance.simulator.rules.errors import ApiError

MOST_LEVELS = 5000


def ping(call: Call) -> Any:
    call.params.reject_unread()
    return {}


def time(call: Call) -> Any:
    call.params.reject_unread()
    return {"serverTime": call.exchange_time}


def named_markets(call: Call) -> tuple[list[Market], bool]:
    """The markets that ``symbol`` or ``symbols`` name, else all; and: was it one ``symbol``?"""
    several = call.params.names("symbols")
    if "symbol" in call.params:
        if several is not None:
            raise errors.bad_combination()
        return [named_market(call)], True
    if several is None:
        return call.exchange.all_markets(call.now), False
    if any(name not in call.exchange.symbols for name in several):
        raise errors.bad_symbol()
    return [call.exchange.market(name, call.now) for name in dict.fromkeys(several)], False


def each_answer(
    call: Call, named: tuple[list[Market], bool], answer: Callable[[Market], dict[str, Any]]
) -> Any:
    """The answer for each named market: a list, unless one symbol was named alone."""
    call.params.reject_unread()
    answers = [answer(market) for market in named[0]]
    return answers[0] if named[1] else answers


def _required_markets(call: Call) -> tuple[list[Market], bool]:
    """The same for calls that need a name."""
    if "symbol" not in call.params and "symbols" not in call.params:
        raise errors.missing("symbol")
    return named_markets(call)


def depth(call: Call, default: int = 100, allowed: Sequence[int] | None = None) -> Any:
    """The snapshot. Futures and options refuse a number of levels that is not an allowed one.
    While a recording is replayed it is the captured one.
    """
    if (captured := captured_depth(call)) is not None:
        return captured
    market = named_market(call)
    limit = call.params.limit(default, MOST_LEVELS)
    if allowed is not None and limit not in allowed:
        raise ApiError(errors.BAD_DEPTH, f"{limit} is not valid depth limit.")
    call.params.reject_unread()
    stale = call.state.stale_depth(call.market, market.symbol.name)
    update_id, bids, asks = stale or (market.book.update_id, *market.book.top(limit))
    return payloads.snapshot(market.symbol, update_id, bids[:limit], asks[:limit])


def captured_depth(call: Call) -> Raw | None:
    """The depth snapshot of the recording that is replayed, if there is one for the symbol."""
    player = call.state.player
    if player is None:
        return None
    captured = player.snapshot(call.path, call.params.raw.get("symbol", ""), call.now)
    return None if captured is None else Raw(captured)


def average_price(call: Call) -> Any:
    market = named_market(call)
    call.params.reject_unread()
    event = payloads.average_price(market, call.now)
    return {"mins": payloads.AVERAGE_MINUTES} | payloads.renamed("price=w closeTime=T", event)


def reference_price(call: Call) -> Any:
    market = named_market(call)
    call.params.reject_unread()
    event = payloads.reference_price(market, call.now)
    return payloads.renamed("symbol=s referencePrice=r timestamp=t", event)


_CHANGE = "priceChange=p priceChangePercent=P weightedAvgPrice=w"
_PRICES = "openPrice=o highPrice=h lowPrice=l lastPrice=c volume=v quoteVolume=q"
_LAST = "prevClosePrice=x lastQty=Q"
_BEST = "bidPrice=b bidQty=B askPrice=a askQty=A"
_IDS = "openTime=O closeTime=C firstId=F lastId=L count=n"
TICKERS = {
    "FULL": f"symbol=s {_CHANGE} {_PRICES} {_IDS}",
    "MINI": f"symbol=s {_PRICES} {_IDS}",
}
"""Type of a ticker -> the names of its fields in an answer, and in the stream."""
_TICKERS_24HR = TICKERS | {"FULL": f"symbol=s {_CHANGE} {_PRICES} {_LAST} {_BEST} {_IDS}"}


def _type(call: Call) -> str:
    kind = call.params.choice("type", "FULL", ("FULL", "MINI"))
    call.params.reject_unread()
    return kind


def ticker_24hr(call: Call) -> Any:
    named = named_markets(call)
    names = _TICKERS_24HR[_type(call)]
    return each_answer(
        call, named, lambda market: payloads.renamed(names, payloads.ticker(market, call.now))
    )


def _ticker(market: Market, now: int, length: int, kind: str) -> dict[str, Any]:
    return payloads.renamed(TICKERS[kind], payloads.window(market, now, length))


_UNITS = {"m": (MINUTE, 59), "h": (HOUR, 23), "d": (DAY, 7)}


def ticker(call: Call) -> Any:
    named = _required_markets(call)
    size = call.params.text("windowSize", "1d")
    kind = _type(call)
    unit, most = _UNITS.get(size[-1:], (0, 0))
    if not unit or not size[:-1].isdecimal() or not 1 <= int(size[:-1]) <= most:
        raise errors.invalid("windowSize")
    length = int(size[:-1]) * unit
    return each_answer(call, named, lambda market: _ticker(market, call.now, length, kind))


def ticker_trading_day(call: Call) -> Any:
    named = _required_markets(call)
    offset = time_zone(call.params.text("timeZone", "0"))
    kind = _type(call)
    begin, end = candle_bounds("1d", call.now, offset)
    length, times = call.now - begin + MINUTE, {"openTime": begin, "closeTime": end - 1}
    return each_answer(call, named, lambda market: _ticker(market, call.now, length, kind) | times)


def ticker_price(call: Call) -> Any:
    return each_answer(call, named_markets(call), last_price)


def last_price(market: Market) -> dict[str, Any]:
    return {"symbol": market.symbol.name, "price": market.symbol.price(market.last_price)}


def ticker_book(call: Call) -> Any:
    return each_answer(call, named_markets(call), best_prices)


def best_prices(market: Market) -> dict[str, Any]:
    event = payloads.book_ticker(market.symbol, 0, market.book.best())
    return payloads.renamed(f"symbol=s {_BEST}", event)


_SHARED: tuple[tuple[str, str, Callable[[Call], Any], Weigh], ...] = (
    ("ping", "ping", ping, LIGHT),
    ("time", "time", time, LIGHT),
    ("exchangeInfo", "exchangeInfo", exchange_info, flat(20)),
    ("executionRules", "executionRules", execution_rules, each_symbol(2, 40)),
    ("depth", "depth", depth, depth_weight),
    ("trades", "trades.recent", history.trades, flat(25)),
    ("historicalTrades", "trades.historical", history.historical_trades, flat(25)),
    ("historicalBlockTrades", "blockTrades.historical", history.block_trades, flat(25)),
    ("aggTrades", "trades.aggregate", history.aggregate_trades, flat(4)),
    ("klines", "klines", history.klines, flat(2)),
    ("uiKlines", "uiKlines", history.klines, flat(2)),
    ("avgPrice", "avgPrice", average_price, flat(2)),
    ("referencePrice", "referencePrice", reference_price, flat(2)),
    ("ticker/24hr", "ticker.24hr", ticker_24hr, ticker_24hr_weight),
    ("ticker/tradingDay", "ticker.tradingDay", ticker_trading_day, each_symbol(4, 200)),
    ("ticker/price", "ticker.price", ticker_price, one_or_all(2, 4)),
    ("ticker/bookTicker", "ticker.book", ticker_book, one_or_all(2, 4)),
    ("ticker", "ticker", ticker, each_symbol(4, 200)),
)
"""REST path below ``/api/v3/``, method of the WebSocket API, the function that answers, weight."""
ROUTES = [Route("GET", f"/api/v3/{path}", answer, weigh) for path, _, answer, weigh in _SHARED]
METHODS = [Route("WS", method, answer, weigh) for _, method, answer, weigh in _SHARED]
