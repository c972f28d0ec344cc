"""Market data on request: one function for each call of REST and the WebSocket API. Pure.

Each takes a ``Call`` and returns the answer. Source: the exchange's page
"Market Data endpoints".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from binance.simulator.api.call import Call, Raw
from binance.simulator.api.history import named_market, time_zone
from binance.simulator.market import payloads
from binance.simulator.market.candles import DAY, HOUR, MINUTE, candle_bounds
from binance.simulator.market.symbol_market import Market
from binance.simulator.rules.errors import (
    BAD_DEPTH,
    ApiError,
    bad_combination,
    bad_symbol,
    invalid,
    missing,
)

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
            raise bad_combination()
        return [named_market(call)], True
    if several is None:
        return call.exchange.all_markets(call.now), False
    if any(name not in call.exchange.symbols for name in several):
        raise bad_symbol()
    return [call.exchange.market(name, call.now) for name in dict.fromkeys(several)], False


def each_answer(
    markets: list[Market], alone: bool, answer: Callable[[Market], dict[str, Any]]
) -> Any:
    """The answer for each market: a list, unless one symbol was named alone."""
    answers = [answer(market) for market in markets]
    return answers[0] if alone else answers


def _required_markets(call: Call) -> tuple[list[Market], bool]:
    """The same for calls that need a name."""
    if "symbol" not in call.params and "symbols" not in call.params:
        raise missing("symbol")
    return named_markets(call)


def depth(call: Call, default: int = 100, allowed: Sequence[int] | None = None) -> Any:
    """The snapshot.  Futures and options refuse a number of levels that is not an allowed one."""
    market = named_market(call)
    limit = call.params.limit(default, MOST_LEVELS)
    if allowed is not None and limit not in allowed:
        raise ApiError(BAD_DEPTH, f"{limit} is not valid depth limit.")
    call.params.reject_unread()
    stale = call.state.stale_depth(call.market, market.symbol.name)
    if stale is None:
        return payloads.partial_depth(market, call.now, limit)
    update_id, bids, asks = stale
    return {
        "lastUpdateId": update_id,
        "bids": payloads.levels(market.symbol, bids[:limit]),
        "asks": payloads.levels(market.symbol, asks[:limit]),
    }


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
    return {
        "mins": payloads.AVERAGE_MINUTES,
        "price": payloads.average(market.symbol, payloads.average_candle(market, call.now)),
        "closeTime": market.last_time,
    }


def reference_price(call: Call) -> Any:
    market = named_market(call)
    call.params.reject_unread()
    answer = payloads.reference_price(market, call.now)
    return {"symbol": answer["s"], "referencePrice": answer["r"], "timestamp": answer["t"]}


def ticker_24hr(call: Call) -> Any:
    found, alone = named_markets(call)
    kind = call.params.choice("type", "FULL", ("FULL", "MINI"))
    call.params.reject_unread()
    return each_answer(found, alone, lambda market: _ticker_24hr(market, call.now, kind))


def _ticker_24hr(market: Market, now: int, kind: str) -> dict[str, Any]:
    answer = _ticker(market, now, DAY, kind)
    if kind == "MINI":
        return answer
    symbol = market.symbol
    ends = {key: answer.pop(key) for key in ("openTime", "closeTime", "firstId", "lastId", "count")}
    answer["prevClosePrice"] = symbol.price(market.close_before(ends["openTime"]))
    answer["lastQty"] = symbol.quantity(market.last_quantity)
    return answer | _best_prices(market) | ends


def _ticker(market: Market, now: int, length: int, kind: str) -> dict[str, Any]:
    symbol = market.symbol
    begin, candle = payloads.window(market, now, length)
    moved, percent, weighted = payloads.change(symbol, candle)
    answer: dict[str, Any] = {"symbol": symbol.name}
    if kind == "FULL":
        answer |= {
            "priceChange": moved,
            "priceChangePercent": percent,
            "weightedAvgPrice": weighted,
        }
    answer |= {
        "openPrice": symbol.price(candle.open),
        "highPrice": symbol.price(candle.high),
        "lowPrice": symbol.price(candle.low),
        "lastPrice": symbol.price(candle.close),
        "volume": symbol.quantity(candle.volume),
        "quoteVolume": symbol.turnover(candle.volume, candle.quote),
        "openTime": begin,
        "closeTime": now,
        "firstId": candle.first,
        "lastId": candle.last,
        "count": candle.trades,
    }
    return answer


_UNITS = {"m": (MINUTE, 59), "h": (HOUR, 23), "d": (DAY, 7)}


def ticker(call: Call) -> Any:
    found, alone = _required_markets(call)
    size = call.params.text("windowSize", "1d")
    kind = call.params.choice("type", "FULL", ("FULL", "MINI"))
    call.params.reject_unread()
    unit, most = _UNITS.get(size[-1:], (0, 0))
    if not unit or not size[:-1].isdigit() or not 1 <= int(size[:-1]) <= most:
        raise invalid("windowSize")
    length = int(size[:-1]) * unit
    return each_answer(found, alone, lambda market: _ticker(market, call.now, length, kind))


def ticker_trading_day(call: Call) -> Any:
    found, alone = _required_markets(call)
    offset = time_zone(call.params.text("timeZone", "0"))
    kind = call.params.choice("type", "FULL", ("FULL", "MINI"))
    call.params.reject_unread()
    begin, end = candle_bounds("1d", call.now, offset)
    length, times = call.now - begin + MINUTE, {"openTime": begin, "closeTime": end - 1}
    return each_answer(found, alone, lambda market: _ticker(market, call.now, length, kind) | times)


def ticker_price(call: Call) -> Any:
    found, alone = named_markets(call)
    call.params.reject_unread()
    return each_answer(found, alone, _price)


def _price(market: Market) -> dict[str, Any]:
    return {"symbol": market.symbol.name, "price": market.symbol.price(market.last_price)}


def ticker_book(call: Call) -> Any:
    found, alone = named_markets(call)
    call.params.reject_unread()
    return each_answer(
        found, alone, lambda market: {"symbol": market.symbol.name, **_best_prices(market)}
    )


def _best_prices(market: Market) -> dict[str, str]:
    symbol = market.symbol
    bid, bid_quantity, ask, ask_quantity = market.book.best()
    return {
        "bidPrice": symbol.price(bid),
        "bidQty": symbol.quantity(bid_quantity),
        "askPrice": symbol.price(ask),
        "askQty": symbol.quantity(ask_quantity),
    }
