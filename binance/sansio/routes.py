"""REST routes as data: which call goes where, who may make it, what it costs, whether it lives.

One row per method of :class:`binance.client.Client`. `binance.sansio.routelist` gathers the rows of
`routesspot` and `routesmore`; here is their shape and what is asked of them.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any


class Security(enum.Enum):
    """What a call needs. Source: "Endpoint security types" of
    https://developers.binance.com/docs/binance-spot-api-docs/rest-api/request-security
    """

    NONE = "nothing"
    MARKET_DATA = "an API key, no signature"
    USER_STREAM = "an API key, no signature; about a user data stream"
    USER_DATA = "an API key and a signature; reads the account"
    TRADE = "an API key and a signature; moves orders or money"

    @property
    def keyed(self) -> bool:
        return self is not Security.NONE

    @property
    def signed(self) -> bool:
        return self in (Security.USER_DATA, Security.TRADE)


class State(enum.Enum):
    """What became of a call of the old library."""

    SAME = "same"
    """Same endpoint, same parameters, same answer."""
    MOVED = "moved"
    """Another endpoint with the same parameters and the same answer: the old name calls it."""
    RETIRED = "retired"
    """Gone, or replaced by something that takes or answers differently. The old name raises
    `BinanceRetiredError`, which names the replacement."""
    NEW = "new"
    """A name that the old library had not."""


@dataclass(frozen=True, slots=True)
class Route:
    """One REST call.

    `name` is the `Client` method; `method` and `path` are where it goes today (of a retired one:
    where it went), `was` is where it went when it has moved. `weight` is the least that it costs.
    `order_id` names the parameter in which an order carries our id, `ask` the route that finds
    an order by that id (as ``origClientOrderId``), `keep` what else that question needs; where
    there is no `ask`, `unasked` says what else is unknown when the reply is lost.
    """

    name: str
    method: str
    path: str
    security: Security
    weight: int = 1
    state: State = State.NEW
    was: str = ""
    replacement: str = ""
    order_id: str = ""
    ask: str = ""
    keep: tuple[str, ...] = ("symbol",)
    ask_id: str = "origClientOrderId"
    unasked: str = ""
    host: str = ""
    """The family of the host where the path does not tell: ``/futures/data`` of COIN-M."""
    in_query: bool = False
    """Parameters go in the query string whatever the method."""
    still_asked: bool = False
    """Retired on the main exchange, but sent all the same: other regions still serve it."""

    @property
    def family(self) -> str:
        return self.host or family(self.path)

    @property
    def endpoint(self) -> str:
        return f"{self.method} {self.path}"


FAMILIES = {
    "/api/": "api",
    "/sapi/": "sapi",
    "/wapi/": "wapi",
    "/fapi/": "fapi",
    "/futures/data/": "fdata",
    "/dapi/": "dapi",
    "/eapi/": "eapi",
    "/papi/": "papi",
    "/vapi/": "vapi",
    "/exchange-api/": "website",
}
"""The beginning of a path -> the family of addresses that serves it."""

TIME_PATHS = {
    "api": "/api/v3/time",
    "sapi": "/api/v3/time",
    "fapi": "/fapi/v1/time",
    "fdata": "/fapi/v1/time",
    "dapi": "/dapi/v1/time",
    "ddata": "/dapi/v1/time",
    "eapi": "/eapi/v1/time",
    "papi": "/api/v3/time",
}
"""The family of a signed call -> where to read the clock that judges its timestamp."""


def family(path: str) -> str:
    """The family of addresses that serves a path; `ValueError` for a path that none serves."""
    for beginning, name in FAMILIES.items():
        if path.startswith(beginning):
            return name
    raise ValueError(f"a path must begin with one of {', '.join(FAMILIES)}; not {path!r}")


@cache
def table() -> Mapping[str, Route]:
    """Method name -> route, in the order of the documentation."""
    from binance.sansio.routelist import ROWS

    return {route.name: route for route in ROWS}


@cache
def _by_endpoint() -> Mapping[tuple[str, str], Route]:
    living = (route for route in table().values() if route.state is not State.RETIRED)
    found: dict[tuple[str, str], Route] = {}
    for route in living:
        found.setdefault((route.method, route.path), route)
    return found


def find(method: str, path: str) -> Route | None:
    """The living route of an endpoint, or None."""
    return _by_endpoint().get((method, path))


DEPTH_WEIGHTS = ((100, 5), (500, 25), (1000, 50), (5000, 250))
"""Levels of ``GET /api/v3/depth`` -> weight."""


FUTURES_DEPTH_WEIGHTS = ((50, 2), (100, 5), (500, 10), (1000, 20))
FUTURES_KLINES_WEIGHTS = ((99, 1), (499, 2), (1000, 5), (1500, 10))

_BY_LIMIT = {
    "/api/v3/depth": (DEPTH_WEIGHTS, 100),
    "/fapi/v1/depth": (FUTURES_DEPTH_WEIGHTS, 500),
    "/dapi/v1/depth": (FUTURES_DEPTH_WEIGHTS, 500),
    "/fapi/v1/klines": (FUTURES_KLINES_WEIGHTS, 500),
    "/dapi/v1/klines": (FUTURES_KLINES_WEIGHTS, 500),
}
"""Path -> (steps of limit and weight, the limit where none is given)."""

_ALL_SYMBOLS = {
    "/fapi/v1/ticker/24hr": 40,
    "/dapi/v1/ticker/24hr": 40,
    "/fapi/v1/openOrders": 40,
    "/dapi/v1/openOrders": 40,
    "/fapi/v1/premiumIndex": 10,
    "/fapi/v1/ticker/price": 2,
    "/fapi/v1/ticker/bookTicker": 5,
    "/dapi/v1/ticker/bookTicker": 5,
}
"""Path -> weight where no symbol is given."""


def weight(route: Route, params: Mapping[str, Any]) -> int:
    """What this call costs with these parameters.

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
            return _by_symbols(params, ((20, 2), (100, 40)), 80)
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
    """How many symbols a call asks for; 0 means all."""
    if params.get("symbol"):
        return 1
    symbols = params.get("symbols") or ()
    return symbols.count(",") + 1 if isinstance(symbols, str) else len(symbols)


def _by_symbols(params: Mapping[str, Any], steps: tuple[tuple[int, int], ...], most: int) -> int:
    count = _symbols(params)
    return next((cost for limit, cost in steps if 0 < count <= limit), most)
