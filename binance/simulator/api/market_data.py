"""Market data on request: one function for each call that the REST and WebSocket APIs share. Pure.

Each takes a ``Call`` and returns what is to be encoded. Source: the exchange's page
"Market Data endpoints".
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from binance.simulator.api.call import Call, Raw
from binance.simulator.market import payloads
from binance.simulator.market.candles import DAY, HOUR, INTERVALS, MINUTE, candle_bounds
from binance.simulator.market.symbol_market import Aggregate, Market, Trade
from binance.simulator.market.symbols import Symbol
from binance.simulator.rules.errors import (
    BAD_INTERVAL,
    ApiError,
    bad_combination,
    bad_symbol,
    illegal,
    invalid,
    missing,
)

MOST_LEVELS = 5000
MOST_TRADES = 1000
MOST_KLINES = 1000


def ping(call: Call) -> Any:
    call.params.reject_unread()
    return {}


def time(call: Call) -> Any:
    call.params.reject_unread()
    return {"serverTime": call.exchange_time}


def market(call: Call) -> Market:
    """The market that ``symbol`` names, up to date."""
    name = call.params.symbol()
    if name not in call.exchange.symbols:
        raise bad_symbol()
    return call.exchange.market(name, call.now)


def markets(call: Call) -> tuple[list[Market], bool]:
    """The markets that ``symbol`` or ``symbols`` name (else all); was it one alone?"""
    several = call.params.names("symbols")
    if "symbol" in call.params:
        if several is not None:
            raise bad_combination()
        return [market(call)], True
    if several is None:
        return call.exchange.all_markets(call.now), False
    if any(name not in call.exchange.symbols for name in several):
        raise bad_symbol()
    return [call.exchange.market(name, call.now) for name in dict.fromkeys(several)], False


def _named_markets(call: Call) -> tuple[list[Market], bool]:
    """The same for calls that need a name."""
    if "symbol" not in call.params and "symbols" not in call.params:
        raise missing("symbol")
    return markets(call)


def depth(call: Call) -> Any:
    where = market(call)
    limit = call.params.limit(100, MOST_LEVELS)
    call.params.reject_unread()
    stale = call.state.stale_depth(call.market, where.symbol.name)
    if stale is None:
        return payloads.partial_depth(where, limit)
    update_id, bids, asks = stale
    return {
        "lastUpdateId": update_id,
        "bids": payloads.levels(where.symbol, bids[:limit]),
        "asks": payloads.levels(where.symbol, asks[:limit]),
    }


def captured_depth(call: Call) -> Raw | None:
    """The depth snapshot of the recording that is replayed, if there is one for the symbol."""
    player = call.state.player
    if player is None:
        return None
    captured = player.snapshot(call.path, call.params.raw.get("symbol", ""), call.now)
    return None if captured is None else Raw(captured)


def trades(call: Call) -> Any:
    where = market(call)
    limit = call.params.limit(500, MOST_TRADES)
    call.params.reject_unread()
    return _trades(where, len(where.trades) - limit, limit)


def historical_trades(call: Call) -> Any:
    where = market(call)
    limit = call.params.limit(500, MOST_TRADES)
    begin = call.params.optional_integer("fromId")
    call.params.reject_unread()
    if begin is None:
        return _trades(where, len(where.trades) - limit, limit)
    oldest = where.trades[0].id if where.trades else begin
    return _trades(where, begin - oldest, limit)


def _trades(where: Market, skip: int, limit: int) -> list[dict[str, Any]]:
    skip = max(0, skip)
    return [_trade(where.symbol, each) for each in islice(where.trades, skip, skip + limit)]


def _trade(symbol: Symbol, what: Trade) -> dict[str, Any]:
    return {
        "id": what.id,
        "price": symbol.price(what.price),
        "qty": symbol.quantity(what.quantity),
        "quoteQty": symbol.amount(what.price * what.quantity),
        "time": what.time,
        "isBuyerMaker": what.maker,
        "isBestMatch": True,
    }


def aggregate_trades(call: Call) -> Any:
    where = market(call)
    params = call.params
    limit = params.limit(500, MOST_TRADES)
    first = params.optional_integer("fromId")
    begin, end = params.optional_integer("startTime"), params.optional_integer("endTime")
    params.reject_unread()
    known = where.aggregates
    if first is not None:
        if begin is not None or end is not None:
            raise bad_combination()
        skip = max(0, first - known[0].id) if known else 0
    elif begin is None and end is None:
        skip = max(0, len(known) - limit)
    else:
        found = [
            each
            for each in known
            if (begin is None or each.time >= begin) and (end is None or each.time <= end)
        ]
        picked = found[:limit] if begin is not None else found[-limit:]
        return [_aggregate(where.symbol, each) for each in picked]
    return [_aggregate(where.symbol, each) for each in islice(known, skip, skip + limit)]


def _aggregate(symbol: Symbol, what: Aggregate) -> dict[str, Any]:
    event = payloads.aggregate(symbol, what)
    return {key: event[key] for key in "apqflTmM"}


def klines(call: Call) -> Any:
    where = market(call)
    params = call.params
    interval = params.text("interval")
    if interval not in INTERVALS:
        raise ApiError(BAD_INTERVAL, "Invalid interval.")
    begin, end = params.optional_integer("startTime"), params.optional_integer("endTime")
    offset = _time_zone(params.text("timeZone", "0"))
    limit = params.limit(500, MOST_KLINES)
    params.reject_unread()
    until = call.now if end is None else min(end, call.now)
    found = where.klines(interval, offset, until, limit, begin)
    symbol = where.symbol
    return [
        [
            opens,
            symbol.price(candle.open),
            symbol.price(candle.high),
            symbol.price(candle.low),
            symbol.price(candle.close),
            symbol.quantity(candle.volume),
            ends - 1,
            symbol.amount(candle.quote),
            candle.trades,
            symbol.quantity(candle.buy_volume),
            symbol.amount(candle.buy_quote),
            "0",
        ]
        for opens, ends, candle in found
    ]


def _time_zone(text: str) -> int:
    """The offset in ms of ``timeZone``: hours and minutes, -12:00 to +14:00."""
    hours, _, minutes = text.lstrip("+-").partition(":")
    if not hours.isdigit() or (minutes and not minutes.isdigit()):
        raise illegal("timeZone", "^[+-]?[0-9]{1,2}(:[0-9]{2})?$")
    offset = int(hours) * HOUR + int(minutes or 0) * MINUTE
    offset = -offset if text.startswith("-") else offset
    if not -12 * HOUR <= offset <= 14 * HOUR:
        raise invalid("timeZone")
    return offset


def average_price(call: Call) -> Any:
    where = market(call)
    call.params.reject_unread()
    return {
        "mins": payloads.AVERAGE_MINUTES,
        "price": payloads.average(where.symbol, payloads.average_candle(where, call.now)),
        "closeTime": where.last_time,
    }


def reference_price(call: Call) -> Any:
    where = market(call)
    call.params.reject_unread()
    said = payloads.reference_price(where, call.now)
    return {"symbol": said["s"], "referencePrice": said["r"], "timestamp": said["t"]}


def ticker_24hr(call: Call) -> Any:
    found, alone = markets(call)
    kind = call.params.choice("type", "FULL", ("FULL", "MINI"))
    call.params.reject_unread()
    said = [_ticker_24hr(each, call.now, kind) for each in found]
    return said[0] if alone else said


def _ticker_24hr(where: Market, now: int, kind: str) -> dict[str, Any]:
    said = _ticker(where, now, DAY, kind)
    if kind == "MINI":
        return said
    symbol = where.symbol
    bid, bid_quantity, ask, ask_quantity = where.book.best()
    ends = {key: said.pop(key) for key in ("openTime", "closeTime", "firstId", "lastId", "count")}
    said["prevClosePrice"] = symbol.price(where.close_before(ends["openTime"]))
    said["lastQty"] = symbol.quantity(where.last_quantity)
    said["bidPrice"] = symbol.price(bid)
    said["bidQty"] = symbol.quantity(bid_quantity)
    said["askPrice"] = symbol.price(ask)
    said["askQty"] = symbol.quantity(ask_quantity)
    return said | ends


def _ticker(where: Market, now: int, length: int, kind: str) -> dict[str, Any]:
    symbol = where.symbol
    begin, candle = payloads.window(where, now, length)
    moved, percent, weighted = payloads.change(symbol, candle)
    said: dict[str, Any] = {"symbol": symbol.name}
    if kind == "FULL":
        said |= {"priceChange": moved, "priceChangePercent": percent, "weightedAvgPrice": weighted}
    said |= {
        "openPrice": symbol.price(candle.open),
        "highPrice": symbol.price(candle.high),
        "lowPrice": symbol.price(candle.low),
        "lastPrice": symbol.price(candle.close),
        "volume": symbol.quantity(candle.volume),
        "quoteVolume": symbol.amount(candle.quote),
        "openTime": begin,
        "closeTime": now,
        "firstId": candle.first,
        "lastId": candle.last,
        "count": candle.trades,
    }
    return said


_UNITS = {"m": (MINUTE, 59), "h": (HOUR, 23), "d": (DAY, 7)}


def ticker(call: Call) -> Any:
    found, alone = _named_markets(call)
    size = call.params.text("windowSize", "1d")
    kind = call.params.choice("type", "FULL", ("FULL", "MINI"))
    call.params.reject_unread()
    unit, most = _UNITS.get(size[-1:], (0, 0))
    if not unit or not size[:-1].isdigit() or not 1 <= int(size[:-1]) <= most:
        raise invalid("windowSize")
    said = [_ticker(each, call.now, int(size[:-1]) * unit, kind) for each in found]
    return said[0] if alone else said


def ticker_trading_day(call: Call) -> Any:
    found, alone = _named_markets(call)
    offset = _time_zone(call.params.text("timeZone", "0"))
    kind = call.params.choice("type", "FULL", ("FULL", "MINI"))
    call.params.reject_unread()
    begin, end = candle_bounds("1d", call.now, offset)
    said = [_ticker(each, call.now, call.now - begin + MINUTE, kind) for each in found]
    for each in said:
        each["openTime"], each["closeTime"] = begin, end - 1
    return said[0] if alone else said


def ticker_price(call: Call) -> Any:
    found, alone = markets(call)
    call.params.reject_unread()
    said = [
        {"symbol": each.symbol.name, "price": each.symbol.price(each.last_price)} for each in found
    ]
    return said[0] if alone else said


def ticker_book(call: Call) -> Any:
    found, alone = markets(call)
    call.params.reject_unread()
    said = []
    for each in found:
        symbol = each.symbol
        bid, bid_quantity, ask, ask_quantity = each.book.best()
        said.append(
            {
                "symbol": symbol.name,
                "bidPrice": symbol.price(bid),
                "bidQty": symbol.quantity(bid_quantity),
                "askPrice": symbol.price(ask),
                "askQty": symbol.quantity(ask_quantity),
            }
        )
    return said[0] if alone else said
