"""The calls for USD-M market data: spot's, and those that only futures have. Pure.

Source: the exchange's page "Market Data endpoints" of USD-M futures.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from binance.simulator.api import exchange_info, market_data
from binance.simulator.api.call import Call, Route
from binance.simulator.api.weights import LIGHT, Weigh, flat, one_or_all
from binance.simulator.market import usdm
from binance.simulator.market.symbol_market import Market
from binance.simulator.rules.errors import invalid


def depth(call: Call) -> Any:
    captured = market_data.captured_depth(call)
    if captured is not None:
        return captured
    answer = market_data.depth(call)
    times = {"E": call.now, "T": call.now}
    return {"lastUpdateId": answer.pop("lastUpdateId") * usdm.UPDATE_ID_STEP, **times, **answer}


def premium_index(call: Call) -> Any:
    found, alone = market_data.named_markets(call)
    call.params.reject_unread()
    return market_data.each_answer(found, alone, lambda market: _premium_index(market, call.now))


def _premium_index(market: Market, now: int) -> dict[str, Any]:
    mark, index = usdm.prices(market)
    return {
        "symbol": market.symbol.name,
        "markPrice": mark,
        "indexPrice": index,
        "estimatedSettlePrice": mark,
        "lastFundingRate": "0.00010000",
        "interestRate": "0.00010000",
        "nextFundingTime": usdm.next_funding(now),
        "time": now,
    }


def continuous_klines(call: Call) -> Any:
    params = call.params
    if params.text("contractType") != "PERPETUAL":
        raise invalid("contractType")
    params.raw["symbol"] = params.text("pair")
    return market_data.klines(call)


def usdm_exchange_info(call: Call) -> Any:
    answer = exchange_info.exchange_info(call)
    for each in answer["symbols"]:
        symbol = call.exchange.symbols[each["symbol"]]
        each |= {
            "pair": symbol.name,
            "contractType": "PERPETUAL",
            "marginAsset": symbol.quote,
            "pricePrecision": 8 - len(str(symbol.tick)) + 1,
            "quantityPrecision": 8 - len(str(symbol.step)) + 1,
        }
    return answer


def _route(path: str, answer: Callable[[Call], Any], weigh: Weigh) -> Route:
    return Route("GET", "/fapi/v1/" + path, answer, weigh, "usdm")


ROUTES = (
    _route("ping", market_data.ping, LIGHT),
    _route("time", market_data.time, LIGHT),
    _route("exchangeInfo", usdm_exchange_info, LIGHT),
    _route("depth", depth, flat(10)),
    _route("trades", market_data.trades, flat(5)),
    _route("historicalTrades", market_data.historical_trades, flat(20)),
    _route("aggTrades", market_data.aggregate_trades, flat(20)),
    _route("klines", market_data.klines, flat(2)),
    _route("continuousKlines", continuous_klines, flat(2)),
    _route("premiumIndex", premium_index, one_or_all(1, 10)),
    _route("ticker/24hr", market_data.ticker_24hr, one_or_all(1, 40)),
    _route("ticker/price", market_data.ticker_price, one_or_all(1, 2)),
    _route("ticker/bookTicker", market_data.ticker_book, one_or_all(2, 5)),
)
