"""The past on request: trades, aggregate trades and candles of every market. Pure.

It agrees with what the streams sent, and it reaches back to before the simulator started. How much
is given at once, and how old it may be, are the market's rules. Sources: the exchange's pages
"Market Data endpoints" of spot, USD-M and COIN-M futures; the codes -1127 and -4166 were seen by
users of the exchange.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from binance.simulator.api.call import Call
from binance.simulator.market import futures_payloads, payloads
from binance.simulator.market.candles import DAY, HOUR, INTERVALS, MINUTE, Candle
from binance.simulator.market.history import Trade
from binance.simulator.market.symbol_market import Aggregate, Market
from binance.simulator.market.symbols import Symbol
from binance.simulator.rules import errors
from binance.simulator.rules.errors import ApiError


@dataclass(frozen=True, slots=True)
class _Rules:
    """The limits of one market: (default, most) of a page, ages and spans in ms (0: any)."""

    trades: tuple[int, int] = (500, 1000)
    trades_age: int = 0
    aggregates_age: int = 0
    aggregates_span: int = 0
    klines: tuple[int, int] = (500, 1000)
    klines_span: int = 0
    is_strict: bool = False
    """Is a larger page refused? Else it counts as the largest."""


_USDM = _Rules((100, 500), 31 * DAY, 2 * DAY, HOUR, (500, 1500), is_strict=True)
_COINM = _Rules((100, 500), 31 * DAY, DAY, HOUR, (500, 1500), 200 * DAY, is_strict=True)
_RULES = {"spot": _Rules(), "usdm": _USDM, "coinm": _COINM}


def named_market(call: Call) -> Market:
    """The market that ``symbol`` names, up to date."""
    return call.exchange.market(call.params.listed(call.exchange.symbols).name, call.now)


def _limit(call: Call, page: tuple[int, int]) -> int:
    default, most = page
    if _RULES[call.market].is_strict and call.params.integer("limit", default) > most:
        raise errors.invalid("limit")
    return call.params.limit(default, most)


def _check_age(call: Call, time: int, age: int) -> None:
    if age and time < call.now - age:
        days = f"{age // DAY} days"
        raise ApiError(errors.TOO_OLD, f"Search window is restricted to recent {days} only.")


def check_span(begin: int | None, end: int | None, span: int) -> None:
    """:raises ApiError: -1127, more than ``span`` ms (0: any) between two times."""
    if span and begin is not None and end is not None and end - begin > span:
        hours = span // HOUR
        text = f"More than {hours} hours between startTime and endTime."
        raise ApiError(errors.BAD_WINDOW, text)


def trades(call: Call) -> Any:
    market, limit = named_market(call), call.params.limit(500, 1000)
    call.params.reject_unread()
    return _trades(market, market.last_trade + 1 - limit, limit)


def historical_trades(call: Call) -> Any:
    """The trades from an id on, else the newest."""
    market, rules = named_market(call), _RULES[call.market]
    limit = _limit(call, rules.trades)
    first = call.params.optional_integer("fromId")
    call.params.reject_unread()
    found = _trades(market, market.last_trade + 1 - limit if first is None else first, limit)
    if found:
        _check_age(call, found[0]["time"], rules.trades_age)
    return found


def block_trades(call: Call) -> Any:
    """The block trades from an id on: there are none."""
    named_market(call)
    call.params.integer("fromId")
    _limit(call, _RULES[call.market].trades)
    call.params.reject_unread()
    return []


def _trades(market: Market, first: int, limit: int) -> list[dict[str, Any]]:
    return [_trade(market.symbol, each) for each in market.trades_since(first, limit)]


def _trade(symbol: Symbol, what: Trade) -> dict[str, Any]:
    event = _form(symbol).trade(symbol, what)
    event["B" if symbol.size else "Q"] = symbol.turnover(what.quantity, what.price * what.quantity)
    return payloads.renamed(
        "id=t price=p qty=q quoteQty=Q baseQty=B time=T isBuyerMaker=m isBestMatch=M", event
    )


def _form(symbol: Symbol) -> Any:
    """The module with the payloads of the symbol's market."""
    return futures_payloads if symbol.short else payloads


def aggregate_trades(call: Call) -> Any:
    """The aggregate trades from an id on, between two times, else the newest."""
    market, params, rules = named_market(call), call.params, _RULES[call.market]
    limit = _limit(call, (500, 1000))
    first = params.optional_integer("fromId")
    begin, end = params.optional_integer("startTime"), params.optional_integer("endTime")
    params.reject_unread()
    if first is not None and (begin is not None or end is not None):
        raise errors.bad_combination()
    check_span(begin, end, rules.aggregates_span)
    if begin is not None:
        _check_age(call, begin, rules.aggregates_age)
        first = market.first_aggregate_at(begin)
    elif first is None:
        first = market.last_aggregate + 1 if end is None else market.first_aggregate_at(end + 1)
        first -= limit
    found = market.aggregates_since(first, limit)
    if found:
        _check_age(call, found[0].time, rules.aggregates_age)
    return [_aggregate(market.symbol, each) for each in found if end is None or each.time <= end]


def _aggregate(symbol: Symbol, what: Aggregate) -> dict[str, Any]:
    names = "a=a p=p q=q nq=nq f=f l=l T=T m=m M=M"
    return payloads.renamed(names, _form(symbol).aggregate(symbol, what))


def _row(symbol: Symbol, opens: int, ends: int, candle: Candle, of_price: bool) -> list[Any]:
    inner = payloads.kline(symbol, ends, "", opens, ends, candle, True)["k"]
    inner |= payloads.NO_VOLUME if of_price else {}
    return [inner[key] for key in "tohlcvTqnVQB"]


def klines(call: Call, market: Market | None = None, of_price: bool = False) -> Any:
    """The candles of a market, by default of the one that ``symbol`` names."""
    market, params, rules = market or named_market(call), call.params, _RULES[call.market]
    interval = params.text("interval")
    if interval not in INTERVALS or (interval == "1s" and call.market != "spot"):
        raise ApiError(errors.BAD_INTERVAL, "Invalid interval.")
    begin, end = params.optional_integer("startTime"), params.optional_integer("endTime")
    offset = time_zone(params.text("timeZone", "0")) if call.market == "spot" else 0
    limit = _limit(call, rules.klines)
    params.reject_unread()
    check_span(begin, end, rules.klines_span)
    until = call.now if end is None else min(end, call.now)
    since = begin
    if rules.klines_span:  # the newest of the window are given, not the oldest
        begin, since = until - rules.klines_span if begin is None else begin, None
        until = min(until, begin + rules.klines_span)
    found = market.klines(interval, offset, until, limit, since)
    kept = [each for each in found if begin is None or each[0] >= begin]
    return [_row(market.symbol, *each, of_price) for each in kept]


def continuous_klines(call: Call) -> Any:
    """The candles of a pair's contract of a type."""
    return klines(call, _contract(call, call.params.text("contractType")))


def index_price_klines(call: Call) -> Any:
    """The candles of the price of a pair on spot."""
    market = _contract(call, "PERPETUAL")
    if market.underlying is not None:
        market = market.underlying
        market.advance(max(call.now, int(market.now)))
    return klines(call, market, of_price=True)


def mark_price_klines(call: Call) -> Any:
    return klines(call, of_price=True)


def _contract(call: Call, kind: str) -> Market:
    pair, listed = call.params.text("pair"), call.exchange.listed
    found = [each.name for each in listed if (each.pair, each.contract) == (pair, kind)]
    if not found:
        raise errors.invalid("contractType")
    return call.exchange.market(found[0], call.now)


def time_zone(text: str) -> int:
    """The offset in ms of ``timeZone``: hours and minutes, -12:00 to +14:00."""
    hours, _, minutes = text.lstrip("+-").partition(":")
    if not hours.isdecimal() or (minutes and not minutes.isdecimal()):
        raise errors.illegal("timeZone", "^[+-]?[0-9]{1,2}(:[0-9]{2})?$")
    offset = int(hours) * HOUR + int(minutes or 0) * MINUTE
    offset = -offset if text.startswith("-") else offset
    if not -12 * HOUR <= offset <= 14 * HOUR:
        raise errors.invalid("timeZone")
    return offset
