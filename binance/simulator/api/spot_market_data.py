"""The calls for spot market data: where REST and the WebSocket API serve each, and its weight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from binance.simulator.api import history, market_data
from binance.simulator.api.call import Call, Route
from binance.simulator.api.exchange_info import exchange_info, execution_rules
from binance.simulator.api.weights import (
    LIGHT,
    Weigh,
    depth_weight,
    each_symbol,
    flat,
    one_or_all,
    ticker_24hr_weight,
)

_SHARED: tuple[tuple[str, str, Callable[[Call], Any], Weigh], ...] = (
    ("ping", "ping", market_data.ping, LIGHT),
    ("time", "time", market_data.time, LIGHT),
    ("exchangeInfo", "exchangeInfo", exchange_info, flat(20)),
    ("executionRules", "executionRules", execution_rules, each_symbol(2, 40)),
    ("depth", "depth", market_data.depth, depth_weight),
    ("trades", "trades.recent", history.trades, flat(25)),
    ("historicalTrades", "trades.historical", history.historical_trades, flat(25)),
    ("historicalBlockTrades", "blockTrades.historical", history.block_trades, flat(25)),
    ("aggTrades", "trades.aggregate", history.aggregate_trades, flat(4)),
    ("klines", "klines", history.klines, flat(2)),
    ("uiKlines", "uiKlines", history.klines, flat(2)),
    ("avgPrice", "avgPrice", market_data.average_price, flat(2)),
    ("referencePrice", "referencePrice", market_data.reference_price, flat(2)),
    ("ticker/24hr", "ticker.24hr", market_data.ticker_24hr, ticker_24hr_weight),
    ("ticker/tradingDay", "ticker.tradingDay", market_data.ticker_trading_day, each_symbol(4, 200)),
    ("ticker/price", "ticker.price", market_data.ticker_price, one_or_all(2, 4)),
    ("ticker/bookTicker", "ticker.book", market_data.ticker_book, one_or_all(2, 4)),
    ("ticker", "ticker", market_data.ticker, each_symbol(4, 200)),
)
"""REST path below ``/api/v3/``, method of the WebSocket API, the function that answers, weight."""


def _depth(call: Call) -> Any:
    """The depth snapshot; while a recording is replayed, the captured one."""
    return market_data.captured_depth(call) or market_data.depth(call)


ROUTES = tuple(
    Route("GET", f"/api/v3/{path}", _depth if path == "depth" else answer, weigh)
    for path, _, answer, weigh in _SHARED
)
WS_API_QUERIES = tuple((method, answer, weigh) for _, method, answer, weigh in _SHARED)
