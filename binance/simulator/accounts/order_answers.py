"""How orders, order lists and trades look in the answers of REST and the WebSocket API. Pure.

Source: the exchange's page "Trading endpoints".
"""

from __future__ import annotations

from typing import Any

from binance.simulator.accounts.wallets import Fill, Order, OrderList, list_body, order_body
from binance.simulator.market.payloads import renamed

# Name in the answers = name in the events, which have the same values.
PROGRESS = (
    "price=p origQty=q executedQty=z origQuoteOrderQty=Q cummulativeQuoteQty=Z status=X "
    "timeInForce=f type=o side=S"
)
PLACED = "symbol=s orderId=i orderListId=g clientOrderId=c transactTime=O"
FILL = "price=L qty=l commission=n commissionAsset=N tradeId=t"
QUERIED = (
    f"symbol=s orderId=i orderListId=g clientOrderId=c {PROGRESS} stopPrice=P icebergQty=F time=O "
    "updateTime=T isWorking=working workingTime=W selfTradePreventionMode=V"
)
CANCELED = (
    "symbol=s origClientOrderId=C orderId=i orderListId=g clientOrderId=c transactTime=T "
    f"{PROGRESS} stopPrice=stop selfTradePreventionMode=V"
)
TRADED = (
    "symbol=s id=t orderId=i orderListId=g price=L qty=l quoteQty=Y commission=n commissionAsset=N "
    "time=T isBuyer=buys isMaker=m isBestMatch=best"
)
LIST = (
    "orderListId=g contingencyType=c listStatusType=l listOrderStatus=L listClientOrderId=C "
    "transactionTime=T symbol=s"
)


def _stop(order: Order) -> dict[str, str]:
    return {"stop": order.symbol.price(order.stop)} if order.stop else {}


def placed(order: Order) -> dict[str, Any]:
    """The answer to a new order."""
    names, body = PLACED, order_body(order) | _stop(order)
    if order.answer != "ACK":
        names += f" {PROGRESS} stopPrice=stop workingTime=W selfTradePreventionMode=V"
    answer = renamed(names, body)
    if order.answer == "FULL":
        fills = (order_body(order, "TRADE", fill) for fill in order.fills)
        answer["fills"] = [renamed(FILL, fill) for fill in fills]
    return answer


def queried(order: Order) -> dict[str, Any]:
    """The answer to a query for an order."""
    return renamed(QUERIED, order_body(order) | {"working": not order.is_waiting})


def canceled(order: Order) -> dict[str, Any]:
    id = order.cancel_id or order.client_id
    return renamed(CANCELED, order_body(order, "CANCELED") | _stop(order) | {"c": id})


def traded(fill: Fill) -> dict[str, Any]:
    body = order_body(fill.order, "TRADE", fill)
    return renamed(TRADED, body | {"buys": fill.order.buys, "best": True})


def listed(orders: OrderList) -> dict[str, Any]:
    """The answer to a query for an order list."""
    body = list_body(orders, orders.time)
    each = [renamed("symbol=s orderId=i clientOrderId=c", order) for order in body["O"]]
    return renamed(LIST, body) | {"orders": each}


def canceled_list(orders: OrderList) -> dict[str, Any]:
    """The answer to a cancel of an order list, or of one of its orders."""
    return listed(orders) | {"orderReports": [canceled(order) for order in orders.orders]}
