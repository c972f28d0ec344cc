"""REST routes as data: the endpoint of each call, its security, its weight, and its state.

There is one row for each method of :class:`binance.client.Client`. The columns are in
`binance.sansio.names.routes.shape`. The rows are generated from the text that also makes the
methods: ``binance/rest/generated/methods.txt``. The functions here find a row and compute its
weight.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from binance.sansio.names.routes.generated import GROUPS as GROUPS
from binance.sansio.names.routes.shape import FAMILIES, Route, State

TIME_PATHS = {
    name: "/api/v3/time" if family.clock == "api" else f"/{family.clock}/v1/time"
    for name, family in FAMILIES.items()
}
"""The family of a signed call -> the path of the clock that its timestamp is compared with."""


@cache
def table() -> Mapping[str, Route]:
    """Method name -> route, in the order of the documentation."""
    return {route.name: route for group in GROUPS.values() for route in group}


@cache
def _by_endpoint() -> Mapping[tuple[str, str], Route]:
    living = (route for route in table().values() if route.state is not State.RETIRED)
    found: dict[tuple[str, str], Route] = {}
    for route in living:
        found.setdefault((route.method, route.path), route)
    return found


def find(method: str, path: str) -> Route | None:
    """The route of an endpoint that is not retired, or None."""
    return _by_endpoint().get((method, path))


def chosen_version(params: Mapping[str, Any]) -> tuple[int | None, dict[str, Any]]:
    """The `version` of a call as in python-binance 1.0, and its other parameters.

    :raises ValueError: it is no version, and may have been meant for the path
    """
    version = params.get("version")
    if version is not None and (type(version) is not int or version < 1):
        raise ValueError(f"version must be a number such as 3, not {version!r}")
    return version, {name: value for name, value in params.items() if name != "version"}


def versioned(route: Route, params: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The path and the parameters of a call, where `version` may choose the version of the path."""
    if not FAMILIES[route.family].takes_version:
        return route.path, params
    version, rest = chosen_version(params)
    return re.sub(r"/v\d+/", f"/v{version}/", route.path) if version else route.path, rest


DEPTH_WEIGHTS = ((100, 5), (500, 25), (1000, 50), (5000, 250))
"""Levels of ``GET /api/v3/depth`` -> weight."""


FUTURES_DEPTH_WEIGHTS = ((50, 2), (100, 5), (500, 10), (1000, 20))
OPTIONS_DEPTH_WEIGHTS = ((50, 1), (100, 5), (500, 10), (1000, 20))
FUTURES_KLINES_WEIGHTS = ((99, 1), (499, 2), (1000, 5), (1500, 10))
_FURTHER_KLINES = ("continuousKlines", "indexPriceKlines", "markPriceKlines", "premiumIndexKlines")

_BY_LIMIT = {
    "/api/v3/depth": (DEPTH_WEIGHTS, 100),
    "/fapi/v1/depth": (FUTURES_DEPTH_WEIGHTS, 500),
    "/dapi/v1/depth": (FUTURES_DEPTH_WEIGHTS, 500),
    "/eapi/v1/depth": (OPTIONS_DEPTH_WEIGHTS, 100),
    **{
        f"/{family}/v1/{kind}": (FUTURES_KLINES_WEIGHTS, 500)
        for family in ("fapi", "dapi")
        for kind in ("klines", *_FURTHER_KLINES)
    },
}
"""Path -> (steps of limit and weight, the default limit)."""

_ALL_SYMBOLS = {
    "/fapi/v1/ticker/24hr": 40,
    "/dapi/v1/ticker/24hr": 40,
    "/fapi/v1/openOrders": 40,
    "/dapi/v1/openOrders": 40,
    "/fapi/v1/openAlgoOrders": 40,
    "/dapi/v1/openAlgoOrders": 40,
    "/papi/v1/um/openOrders": 40,
    "/papi/v1/cm/openOrders": 40,
    "/fapi/v1/premiumIndex": 10,
    "/fapi/v1/forceOrders": 50,
    "/fapi/v1/ticker/price": 2,
    "/fapi/v1/ticker/bookTicker": 5,
    "/dapi/v1/ticker/bookTicker": 5,
}
"""Path -> weight without a symbol."""


def weight(route: Route, params: Mapping[str, Any]) -> int:
    """The weight of this call with these parameters.

    Source: the "Weight" lines of
    https://developers.binance.com/docs/binance-spot-api-docs/rest-api/market-data-endpoints and
    https://developers.binance.com/docs/derivatives
    """
    if route.path in _BY_LIMIT:
        steps, default = _BY_LIMIT[route.path]
        given = str(params.get("limit") or default)
        limit = int(given) if given.isdecimal() else default
        return next((cost for most, cost in steps if limit <= most), steps[-1][1])
    if route.path in _ALL_SYMBOLS and not params.get("symbol"):
        return _ALL_SYMBOLS[route.path]
    match route.path:
        case "/api/v3/ticker/24hr":
            count = _symbols(params) or 101
            return 2 if count <= 20 else 40 if count <= 100 else 80
        case "/api/v3/ticker/price" | "/api/v3/ticker/bookTicker":
            return 2 if params.get("symbol") else 4
        case "/api/v3/ticker" | "/api/v3/ticker/tradingDay":
            return min(200, 4 * _symbols(params))
        case "/api/v3/openOrders" if route.method == "GET":
            return 6 if params.get("symbol") else 80
        case "/api/v3/myTrades":
            return 5 if params.get("orderId") else 20
    return route.weight


def _symbols(params: Mapping[str, Any]) -> int:
    """The number of symbols in a call; 0 means all."""
    if params.get("symbol"):
        return 1
    symbols = params.get("symbols") or ()
    return symbols.count(",") + 1 if isinstance(symbols, str) else len(symbols)
