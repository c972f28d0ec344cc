"""How an order of unknown fate is asked for: columns of `Route`, by the kind of the order."""

from __future__ import annotations

from typing import Any

Columns = dict[str, Any]

_OF_MARGIN = ("symbol", "isIsolated")

SPOT: Columns = {"order_id": "newClientOrderId", "ask": "get_order"}
LIST: Columns = {"order_id": "listClientOrderId", "ask": "get_order_list", "keep": ()}
REPLACED: Columns = {
    "order_id": "newClientOrderId",
    "unasked": "nor is it known whether the order that it replaces was cancelled",
}
MARGIN: Columns = {
    "order_id": "newClientOrderId",
    "ask": "get_margin_order",
    "keep": _OF_MARGIN,
}
MARGIN_LIST: Columns = {
    "order_id": "listClientOrderId",
    "ask": "get_margin_oco_order",
    "keep": _OF_MARGIN,
}
USDM: Columns = {
    "order_id": "newClientOrderId",
    "ask": "futures_get_order",
    "conditional": "futures_create_algo_order",
}
ALGO: Columns = {
    "order_id": "clientAlgoId",
    "ask": "futures_get_algo_order",
    "ask_id": "clientAlgoId",
    "keep": (),
}
COINM: Columns = {
    "order_id": "newClientOrderId",
    "ask": "futures_coin_get_order",
    "conditional": "futures_coin_create_algo_order",
}
# No page lists the query for one conditional order of COIN-M; the one for the open ones exists.
COIN_ALGO = ALGO | {"ask": "futures_coin_get_algo_order futures_coin_get_open_algo_orders"}
OPTIONS: Columns = {
    "order_id": "clientOrderId",
    "ask": "eapi_get_order",
    "ask_id": "clientOrderId",
}
UM: Columns = {"order_id": "newClientOrderId", "ask": "papi_get_um_order"}
UM_ALGO = ALGO | {"ask": "papi_get_um_algo_order"}
CM: Columns = {"order_id": "newClientOrderId", "ask": "papi_get_cm_order"}
