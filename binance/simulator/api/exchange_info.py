"""The call ``exchangeInfo``: the listed symbols with their filters, and the rate limits. Pure.

Source: the exchange's pages "Market Data endpoints" and "Filters".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from binance.simulator.api.call import Call
from binance.simulator.market import payloads
from binance.simulator.market.symbols import (
    FUTURES_ORDER_TYPES,
    MAX_OPEN_ORDERS,
    MAX_STOP_ORDERS,
    ORDER_TYPES,
    PRICE_RANGE,
    STP_MODES,
    Symbol,
    decimal,
)
from binance.simulator.rules.errors import bad_symbol


def exchange_info(call: Call) -> Any:
    wanted = _wanted(call, "permissions", "showPermissionSets")
    state, market = call.state, call.market
    connects = ("CONNECTIONS", "MINUTE", 5, state.settings.connects)
    of_spot = [("ORDERS", "DAY", 1, 200_000), connects]
    return {
        "timezone": "UTC",
        "serverTime": call.exchange_time,
        "rateLimits": rate_limits(
            ("REQUEST_WEIGHT", "MINUTE", 1, state.most_weight(market)),
            *state.order_limits(market),
            *(of_spot if market == "spot" else []),
        ),
        "exchangeFilters": [],
        "symbols": [_listed(symbol) for symbol in wanted],
    }


def execution_rules(call: Call) -> Any:
    """The price ranges of orders: no symbol has any."""
    return {"symbolRules": [{"symbol": each.name, "rules": []} for each in _wanted(call)]}


def _wanted(call: Call, *ignored: str) -> Sequence[Symbol]:
    """The symbols that a call asks for."""
    one = call.params.optional("symbol")
    names = [one] if one else call.params.names("symbols")
    call.params.reject_unread("symbolStatus", *ignored)
    listed = call.exchange.symbols
    if names is not None and any(name not in listed for name in names):
        raise bad_symbol()
    return call.exchange.listed if names is None else [listed[name] for name in names]


def rate_limits(*rows: tuple[str | int, ...]) -> list[dict[str, Any]]:
    """Rate limits: type, interval, number of intervals, limit, and maybe how many were used."""
    names = ("rateLimitType", "interval", "intervalNum", "limit", "count")
    return [dict(zip(names, row, strict=False)) for row in rows]


_PRECISIONS = (
    *("quotePrecision", "quoteAssetPrecision"),
    *("baseCommissionPrecision", "quoteCommissionPrecision"),
)
_ALLOWED = (
    *("ocoAllowed", "otoAllowed", "quoteOrderQtyMarketAllowed"),
    *("cancelReplaceAllowed", "amendAllowed", "isSpotTradingAllowed"),
)


def _listed(symbol: Symbol) -> dict[str, Any]:
    return {
        "symbol": symbol.name,
        "status": "TRADING",
        "baseAsset": symbol.base,
        "baseAssetPrecision": 8,
        "quoteAsset": symbol.quote,
        **dict.fromkeys(_PRECISIONS, 8),
        "orderTypes": list(FUTURES_ORDER_TYPES if symbol.short else ORDER_TYPES),
        **dict.fromkeys(_ALLOWED, not symbol.short),
        **dict.fromkeys(("icebergAllowed", "allowTrailingStop"), False),
        "isMarginTradingAllowed": symbol.rank < 100,
        "filters": _filters(symbol),
        "permissions": [],
        "permissionSets": [["SPOT", "MARGIN"] if symbol.rank < 100 else ["SPOT"]],
        "defaultSelfTradePreventionMode": STP_MODES[0],
        "allowedSelfTradePreventionModes": list(STP_MODES),
    }


def _filters(symbol: Symbol) -> list[dict[str, Any]]:
    tick, step, zero = decimal(symbol.tick), decimal(symbol.step), decimal(0)
    most, averaged = decimal(symbol.max_quantity * symbol.step), payloads.AVERAGE_MINUTES
    down, up = map(str, PRICE_RANGE)
    bids = {"bidMultiplierUp": up, "bidMultiplierDown": down}
    asks = {"askMultiplierUp": up, "askMultiplierDown": down}
    least = {"minNotional": decimal(symbol.least_notional), "applyMinToMarket": True}
    greatest = {"maxNotional": decimal(symbol.most_notional), "applyMaxToMarket": False}
    filters: dict[str, dict[str, Any]] = {
        "PRICE_FILTER": {
            "minPrice": tick,
            "maxPrice": decimal(symbol.max_price * symbol.tick),
            "tickSize": tick,
        },
        "LOT_SIZE": {"minQty": step, "maxQty": most, "stepSize": step},
        "MARKET_LOT_SIZE": {"minQty": zero, "maxQty": most, "stepSize": zero},
        "PERCENT_PRICE_BY_SIDE": {**bids, **asks, "avgPriceMins": 0},
        "NOTIONAL": {**least, **greatest, "avgPriceMins": averaged},
        "MAX_NUM_ORDERS": {"maxNumOrders": MAX_OPEN_ORDERS},
        "MAX_NUM_ALGO_ORDERS": {"maxNumAlgoOrders": MAX_STOP_ORDERS},
    }
    if symbol.short:  # futures, on which nothing checks the others
        size = filters["LOT_SIZE"]
        filters = {name: filters[name] for name in ("PRICE_FILTER", "LOT_SIZE")}
        filters["MARKET_LOT_SIZE"] = size
        if symbol.least_notional:
            filters["MIN_NOTIONAL"] = {"notional": least["minNotional"]}
    return [{"filterType": name, **fields} for name, fields in filters.items()]
