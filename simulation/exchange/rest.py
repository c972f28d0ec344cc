"""The exchange's REST routes, as far as sockets, books and orders ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from simulation.exchange.accounts import DUPLICATE_ORDER, INVALID_KEY, UNKNOWN_ORDER
from simulation.exchange.executions import FORGOTTEN
from simulation.exchange.market import PAST
from simulation.world.rest import Lost, Refused

if TYPE_CHECKING:
    from simulation.exchange.server import Exchange

Answer = tuple[int, dict[str, str], bytes]


def answer(exchange: Exchange, method: str, path: str, params: Mapping[str, str]) -> Answer:
    """Have the request's effect, and answer it; or suffer the fault that there is.

    A fault is `("refused",)`, `("lost",)` (after the effect), `("status", status, seconds or None)`
    (before it), or `("unknown",)`: HTTP 503 after the effect.
    """
    fault = exchange.rest_fault
    if "signature" in params:
        exchange.accounts.secrets.add(params["signature"])
    if fault == ("refused",):
        raise Refused
    if fault is not None and fault[0] == "status":
        _, status, retry_after = fault
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return status, headers, _json({"code": -1003, "msg": "refused by the model"})
    status, body = _route(exchange, method, path, params)
    if fault == ("lost",):
        raise Lost
    if fault == ("unknown",):
        return 503, {}, _json({"code": -1007, "msg": "Timeout waiting for response. Unknown."})
    return status, {}, _json(body)


def _route(
    exchange: Exchange, method: str, path: str, params: Mapping[str, str]
) -> tuple[int, Any]:
    accounts = exchange.accounts
    match method, path:
        case "GET", "/api/v3/depth" | "/fapi/v1/depth" | "/dapi/v1/depth" | "/eapi/v1/depth":
            return 200, exchange.markets[params["symbol"].lower()].snapshot()
        case "GET", "/api/v3/historicalTrades":
            events = _past(exchange, "trade", params)
            names = {"id": "t", "price": "p", "qty": "q", "time": "T", "isBuyerMaker": "m"}
            return 200, [{new: one[old] for new, old in names.items()} for one in events]
        case "GET", "/api/v3/aggTrades" | "/fapi/v1/aggTrades" | "/dapi/v1/aggTrades":
            if "fromId" not in params:
                return 200, _first_since(exchange, params)
            events = _past(exchange, "aggTrade", params)
            return 200, [{name: one[name] for name in "apqTm"} for one in events]
        case "GET", "/api/v3/klines" | "/fapi/v1/klines" | "/dapi/v1/klines":
            market = exchange.markets[params["symbol"].lower()]
            since, until = int(params["startTime"]), int(params.get("endTime", exchange.ms))
            return 200, market.candles(since, until, int(params["limit"]), path.startswith("/d"))
        case "GET", _ if path.endswith("/time"):
            return 200, {"serverTime": exchange.ms}
        case "POST", "/api/v3/userDataStream" | "/api/v1/userDataStream":
            return 200, accounts.make_key()
        case "PUT", _ if path.endswith(("/userDataStream", "/listenKey")):
            kept = accounts.keep_key(params.get("listenKey", ""))
            if kept is None:
                return 400, {"code": INVALID_KEY, "msg": "This listenKey does not exist."}
            return 200, kept
        case "POST", "/fapi/v1/listenKey" | "/dapi/v1/listenKey":
            return 200, accounts.make_key("usdm" if path.startswith("/f") else "coinm")
        case "POST", "/sapi/v1/userListenToken":
            return 200, accounts.make_token()
        case "POST", "/api/v3/order":
            name = params["newClientOrderId"]
            if accounts.orders[name]:
                return 400, {"code": DUPLICATE_ORDER, "msg": "Duplicate order sent."}
            accounts.order(name)
            return 200, _order(params["symbol"], name)
        case "GET", _ if path.endswith("/order") and "orderId" in params:
            order = accounts.executions.orders[int(params["orderId"])]
            if order.status == FORGOTTEN:
                return 400, {"code": UNKNOWN_ORDER, "msg": "Order does not exist."}
            return 200, order.row()
        case "GET", "/api/v3/order":
            name = params["origClientOrderId"]
            if not accounts.orders[name]:
                return 400, {"code": UNKNOWN_ORDER, "msg": "Order does not exist."}
            return 200, _order(params["symbol"], name)
        case "GET", _:
            found = accounts.executions.answer(path.rpartition("/")[2], params)
            if found is not None:
                return 200, found
    return 404, {"code": -1000, "msg": f"the model has no {method} {path}"}


def _past(exchange: Exchange, kind: str, params: Mapping[str, str]) -> list[dict[str, Any]]:
    market = exchange.markets[params["symbol"].lower()]
    return market.events(kind, int(params["fromId"]), int(params["limit"]))


def _first_since(exchange: Exchange, params: Mapping[str, str]) -> list[dict[str, int]]:
    """The ids of the first aggregate trade and of the first trade since a time.

    The simulated ones have nothing to do with each other; the next id where none has come yet.
    """
    market, since = exchange.markets[params["symbol"].lower()], int(params["startTime"])
    found, is_empty = {}, True
    newest = ("a", "aggTrade", market.agg_id), ("f", "trade", market.trade_id)
    for name, kind, last in newest:
        events = market.events(kind, 0, len(market.past[kind]))
        later = [one[PAST[kind]] for one in events if one["T"] >= since]
        found[name] = later[0] if later else last + 1
        is_empty = is_empty and not later
    return [] if is_empty else [found]


def _order(symbol: str, name: str) -> dict[str, Any]:
    return {"symbol": symbol, "clientOrderId": name, "orderId": 1, "status": "FILLED"}


def _json(body: object) -> bytes:
    return orjson.dumps(body)
