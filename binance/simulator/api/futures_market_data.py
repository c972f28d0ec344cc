"""The calls for futures market data, USD-M and COIN-M: spot's, and those only of futures; and
the books of options. Pure.

Sources: the exchange's pages "Market Data endpoints" of USD-M and COIN-M futures and of options.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from binance.simulator.api import exchange_info, history, market_data
from binance.simulator.api.call import Call, Raw, Route
from binance.simulator.api.weights import (
    LIGHT,
    Weigh,
    flat,
    futures_depth_weight,
    klines_weight,
    one_or_all,
    options_depth_weight,
)
from binance.simulator.market import futures_payloads
from binance.simulator.market.payloads import renamed
from binance.simulator.market.symbol_market import Market

LIMITS = (5, 10, 20, 50, 100, 500, 1000)


def depth(call: Call, default: int = 500, allowed: Sequence[int] = LIMITS) -> Any:
    symbol = call.exchange.symbols.get(call.params.raw.get("symbol", ""))
    answer = market_data.depth(call, default, allowed)
    if isinstance(answer, Raw):
        return answer
    times = {"E": call.now, "T": call.now}
    names = {"symbol": symbol.name, "pair": symbol.pair} if symbol and symbol.size else {}
    update_id = answer.pop("lastUpdateId") * futures_payloads.UPDATE_ID_STEP
    return {"lastUpdateId": update_id, **names, **times, **answer}


def rpi_depth(call: Call) -> Any:
    """The book with RPI orders: here the same as without."""
    return depth(call, 1000, (1000,))


def options_depth(call: Call) -> Any:
    answer = depth(call, 100, LIMITS[1:])
    return {key: answer[key] for key in ("lastUpdateId", "T", "bids", "asks")}


def _each(call: Call, answer: Callable[[Market], dict[str, Any]], pair: str = "pair") -> Any:
    """The answer for each named contract; on COIN-M always a list, and with the pair."""
    markets, is_one = market_data.named_markets(call)
    if call.market != "coinm":
        return market_data.each_answer(call, (markets, is_one), answer)
    found = market_data.each_answer(call, (markets, False), answer)
    return [{**each, pair: of.symbol.pair} for each, of in zip(found, markets, strict=True)]


def ticker_24hr(call: Call) -> Any:
    names = f"{market_data.TICKERS['FULL']} lastQty=Q"
    if call.market == "coinm":
        names = names.replace("quoteVolume", "baseVolume")
    return _each(call, lambda market: renamed(names, futures_payloads.ticker(market, call.now)))


def ticker_price(call: Call) -> Any:
    return _each(call, lambda market: market_data.last_price(market) | {"time": call.now}, "ps")


def ticker_book(call: Call) -> Any:
    return _each(call, lambda market: market_data.best_prices(market) | {"time": call.now})


def premium_index(call: Call) -> Any:
    return _each(call, lambda market: _premium_index(market, call.now))


def _premium_index(market: Market, now: int) -> dict[str, Any]:
    mark, index = futures_payloads.prices(market)
    return {
        "symbol": market.symbol.name,
        "markPrice": mark,
        "indexPrice": index,
        "estimatedSettlePrice": mark,
        "lastFundingRate": "0.00010000",
        "interestRate": "0.00010000",
        "nextFundingTime": futures_payloads.next_funding(now),
        "time": now,
    }


def exchange_info_of_futures(call: Call) -> Any:
    answer = exchange_info.exchange_info(call)
    for each in answer["symbols"]:
        symbol = call.exchange.symbols[each["symbol"]]
        each |= {
            "pair": symbol.pair,
            "contractType": symbol.contract,
            "deliveryDate": symbol.ends,
            "marginAsset": symbol.base if symbol.size else symbol.quote,
            "pricePrecision": 8 - len(str(symbol.tick)) + 1,
            "quantityPrecision": 8 - len(str(symbol.step)) + 1,
        }
        if symbol.size:
            each |= {"contractStatus": each.pop("status"), "contractSize": symbol.size}
    return answer


def exchange_info_of_options(call: Call) -> Any:
    answer = exchange_info.exchange_info(call)
    answer["optionSymbols"] = answer.pop("symbols")
    for each in answer["optionSymbols"]:
        symbol = call.exchange.symbols[each["symbol"]]
        _, _, price, side = symbol.name.split("-")
        each |= {"underlying": symbol.pair, "expiryDate": symbol.ends, "strikePrice": price}
        each["side"] = "CALL" if side == "C" else "PUT"
    return answer


_CALLS: tuple[tuple[str, Callable[[Call], Any], Weigh], ...] = (
    ("ping", market_data.ping, LIGHT),
    ("time", market_data.time, LIGHT),
    ("exchangeInfo", exchange_info_of_futures, LIGHT),
    ("depth", depth, futures_depth_weight),
    ("trades", history.trades, flat(5)),
    ("aggTrades", history.aggregate_trades, flat(20)),
    ("klines", history.klines, klines_weight),
    ("continuousKlines", history.continuous_klines, klines_weight),
    ("indexPriceKlines", history.index_price_klines, klines_weight),
    ("markPriceKlines", history.mark_price_klines, klines_weight),
    ("premiumIndex", premium_index, one_or_all(1, 10)),
    ("ticker/24hr", ticker_24hr, one_or_all(1, 40)),
    ("ticker/price", ticker_price, one_or_all(1, 2)),
    ("ticker/bookTicker", ticker_book, one_or_all(2, 5)),
)
ROUTES = [
    Route("GET", f"/{api}/v1/{path}", answer, weigh, market)
    for api, market in (("fapi", "usdm"), ("dapi", "coinm"))
    for path, answer, weigh in _CALLS
]
ROUTES += (
    Route("GET", "/fapi/v1/rpiDepth", rpi_depth, flat(20), "usdm"),
    Route("GET", "/eapi/v1/ping", market_data.ping, LIGHT, "options"),
    Route("GET", "/eapi/v1/time", market_data.time, LIGHT, "options"),
    Route("GET", "/eapi/v1/exchangeInfo", exchange_info_of_options, LIGHT, "options"),
    Route("GET", "/eapi/v1/depth", options_depth, options_depth_weight, "options"),
)
METHODS = (
    Route("WS", "depth", depth, futures_depth_weight, "usdm"),
    Route("WS", "ticker.price", ticker_price, one_or_all(1, 2), "usdm"),
    Route("WS", "ticker.book", ticker_book, one_or_all(2, 5), "usdm"),
)
