"""How an order of unknown fate is asked for: columns of `Route`, by the kind of the order."""

from typing import Any

Columns = dict[str, Any]

_LIST, _ALGO, _OPTION = "listClientOrderId", "clientAlgoId", "clientOrderId"
_STRATEGY = "newClientStrategyId"


def _asked(ask: str, order_id: str = "newClientOrderId", **more: Any) -> Columns:
    return {"order_id": order_id, "ask": ask, **more}


SPOT = _asked("get_order")
LIST = _asked("get_order_list", _LIST, keep=())
REPLACED: Columns = {
    "order_id": "newClientOrderId",
    "unasked": "nor is it known whether the order that it replaces was cancelled",
}
MARGIN = _asked("get_margin_order", keep=("symbol", "isIsolated"))
MARGIN_LIST = _asked("get_margin_oco_order", _LIST, keep=("symbol", "isIsolated"))
USDM = _asked("futures_get_order", conditional="futures_create_algo_order")
ALGO = _asked("futures_get_algo_order", _ALGO, ask_id=_ALGO, keep=())
COINM = _asked("futures_coin_get_order", conditional="futures_coin_create_algo_order")
# No page lists the query for one conditional order of COIN-M; the one for the open ones exists.
COIN_ALGO = ALGO | {"ask": "futures_coin_get_algo_order futures_coin_get_open_algo_orders"}
OPTIONS = _asked("eapi_get_order", _OPTION, ask_id=_OPTION)
UM = _asked("papi_get_um_order")
UM_ALGO = ALGO | {"ask": "papi_get_um_algo_order"}
CM = _asked("papi_get_cm_order")
PM_MARGIN = _asked("papi_get_margin_order")
PM_MARGIN_LIST = _asked("papi_get_margin_order_list", _LIST, keep=())
# Their history has no order that is open still.
_WHERE = "papi_get_{0}_conditional_open_order|papi_get_{0}_conditional_order_history"
PM_UM_STRATEGY = _asked(_WHERE.format("um"), _STRATEGY, ask_id=_STRATEGY)
PM_CM_STRATEGY = _asked(_WHERE.format("cm"), _STRATEGY, ask_id=_STRATEGY)
