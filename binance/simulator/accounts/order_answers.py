"""How orders, order lists and trades look in the answers of REST and the WebSocket API. Pure.

Source: the exchange's page "Trading endpoints".
"""

from __future__ import annotations

from typing import Any

from binance.simulator.accounts.wallets import Fill, Order, OrderList
from binance.simulator.market.symbols import decimal

ZERO = decimal(0)


def placed(order: Order, response_type: str) -> dict[str, Any]:
    """The answer to a new order: ACK, RESULT or FULL."""
    symbol = order.symbol
    answer: dict[str, Any] = {
        "symbol": symbol.name,
        "orderId": order.id,
        "orderListId": order.list_id,
        "clientOrderId": order.client_id,
        "transactTime": order.time,
    }
    if response_type == "ACK":
        return answer
    answer |= progress(order) | {
        "workingTime": order.time,
        "selfTradePreventionMode": "EXPIRE_MAKER",
    }
    if response_type == "FULL":
        answer["fills"] = [
            {
                "price": symbol.price(fill.trade.price),
                "qty": symbol.quantity(fill.trade.quantity),
                "commission": decimal(fill.commission),
                "commissionAsset": fill.commission_asset,
                "tradeId": fill.trade.id,
            }
            for fill in order.fills
        ]
    return answer


def progress(order: Order) -> dict[str, Any]:
    symbol = order.symbol
    stop = {"stopPrice": symbol.price(order.stop)} if order.stop else {}
    return {
        "price": symbol.price(order.price), "origQty": symbol.quantity(order.quantity),
        "executedQty": symbol.quantity(order.executed), "origQuoteOrderQty": decimal(order.quote),
        "cummulativeQuoteQty": decimal(order.spent), "status": order.status,
        "timeInForce": order.time_in_force, "type": order.type, "side": order.side, **stop,
    }  # fmt: skip


def queried(order: Order) -> dict[str, Any]:
    """The answer to a query for an order."""
    return {
        "symbol": order.symbol.name, "orderId": order.id, "orderListId": order.list_id,
        "clientOrderId": order.client_id, **progress(order),
        "stopPrice": order.symbol.price(order.stop), "icebergQty": ZERO, "time": order.time,
        "updateTime": order.updated, "isWorking": not order.is_waiting, "workingTime": order.time,
        "selfTradePreventionMode": "EXPIRE_MAKER",
    }  # fmt: skip


def canceled(order: Order) -> dict[str, Any]:
    """The answer to a cancel."""
    return {
        "symbol": order.symbol.name, "origClientOrderId": order.client_id, "orderId": order.id,
        "orderListId": order.list_id, "clientOrderId": order.cancel_id or order.client_id,
        "transactTime": order.updated, **progress(order), "selfTradePreventionMode": "EXPIRE_MAKER",
    }  # fmt: skip


def traded(fill: Fill) -> dict[str, Any]:
    """One of the account's trades."""
    order, trade = fill.order, fill.trade
    return {
        "symbol": order.symbol.name, "id": trade.id, "orderId": order.id,
        "orderListId": order.list_id, "price": order.symbol.price(trade.price),
        "qty": order.symbol.quantity(trade.quantity), "quoteQty": decimal(fill.quote),
        "commission": decimal(fill.commission), "commissionAsset": fill.commission_asset,
        "time": trade.time, "isBuyer": order.buys, "isMaker": fill.is_maker, "isBestMatch": True,
    }  # fmt: skip


def listed(orders: OrderList) -> dict[str, Any]:
    """The answer to a query for an order list."""
    return {
        "orderListId": orders.id,
        "contingencyType": orders.kind,
        "listStatusType": "EXEC_STARTED" if orders.is_open else "ALL_DONE",
        "listOrderStatus": orders.status,
        "listClientOrderId": orders.client_id,
        "transactionTime": orders.time,
        "symbol": orders.symbol.name,
        "orders": [
            {"symbol": each.symbol.name, "orderId": each.id, "clientOrderId": each.client_id}
            for each in orders.orders
        ],
    }
