"""REST calls about orders that hang together: order lists, cancel-and-replace, amendments. Pure.

Sources: the exchange's pages "Trading endpoints" (Order lists, Cancel an Existing Order and Send a
New Order, Order Amend Keep Priority) and "Margin Trading".
"""

from __future__ import annotations

from typing import Any

from binance.simulator.accounts.account_calls import AccountCalls, canceled, placed, progress
from binance.simulator.accounts.accounts import Registry
from binance.simulator.accounts.orders import UNKNOWN_ORDER, read, units
from binance.simulator.accounts.wallets import Order, OrderList, Wallet
from binance.simulator.api.call import Call, Route
from binance.simulator.api.params import Params
from binance.simulator.api.weights import flat
from binance.simulator.rules.errors import ApiError, either_missing, invalid

NO_SUCH_LIST = -2018
REPLACE_FAILED = -2022
REPLACED_PARTLY = -2021
NOT_SMALLER = -2038

_PARTS = {
    "Type": "type",
    "Side": "side",
    "Quantity": "quantity",
    "Price": "price",
    "StopPrice": "stopPrice",
    "TimeInForce": "timeInForce",
    "ClientOrderId": "newClientOrderId",
    "TrailingDelta": "trailingDelta",
    "IcebergQty": "icebergQty",
}
"""What a leg's parameters end with -> what the same is called for an order alone."""

_FIRST = "working"
_OF_THE_REQUEST = ("timestamp", "recvWindow", "signature", "isIsolated")


def leg(params: Params, prefix: str, **usual: str | None) -> Params:
    """The parameters of one order of a list, by the names that it would have alone."""
    found = {plain: params.maybe(prefix + name) for name, plain in _PARTS.items()}
    given = {name: found.get(name) or usual.get(name) for name in (*found, *usual)}
    return Params({name: value for name, value in given.items() if value})


class ListCalls(AccountCalls):
    """What accounts are asked about orders that hang together."""

    # order lists

    def oco(self, wallet: Wallet, call: Call) -> Any:
        params = call.params
        params.text("quantity")
        shared = {name: params.maybe(name) for name in ("side", "quantity")}
        return self._place(wallet, call, None, self._pair(params, "", shared), pays=False)

    def old_oco(self, wallet: Wallet, call: Call) -> Any:
        """The form that names a price and a stop price instead of above and below."""
        raw = call.params.raw
        makes = "above" if raw.get("side") == "SELL" else "below"
        stops = "below" if makes == "above" else "above"
        limit = raw.get("stopLimitPrice")
        names = {
            "price": f"{makes}Price",
            "limitClientOrderId": f"{makes}ClientOrderId",
            "stopPrice": f"{stops}StopPrice",
            "stopLimitPrice": f"{stops}Price",
            "stopLimitTimeInForce": f"{stops}TimeInForce",
            "stopClientOrderId": f"{stops}ClientOrderId",
        }
        renamed = {names.get(name, name): value for name, value in raw.items()}
        renamed[f"{makes}Type"] = "LIMIT_MAKER"
        renamed[f"{stops}Type"] = "STOP_LOSS_LIMIT" if limit else "STOP_LOSS"
        call.params = Params({k: v for k, v in renamed.items() if k not in _OF_THE_REQUEST})
        call.params.maybe("sideEffectType")
        return self.oco(wallet, call)

    def oto(self, wallet: Wallet, call: Call, pays: bool = False) -> Any:
        first = leg(call.params, _FIRST)
        pending = leg(call.params, "pending", quantity=first.raw.get("quantity") if pays else None)
        return self._place(wallet, call, first, [pending], pays)

    def otoco(self, wallet: Wallet, call: Call, pays: bool = False) -> Any:
        first = leg(call.params, _FIRST)
        quantity = first.raw.get("quantity") if pays else call.params.maybe("pendingQuantity")
        shared = {"side": call.params.maybe("pendingSide"), "quantity": quantity}
        return self._place(wallet, call, first, self._pair(call.params, "pending", shared), pays)

    def opo(self, wallet: Wallet, call: Call) -> Any:
        return self.oto(wallet, call, pays=True)

    def opoco(self, wallet: Wallet, call: Call) -> Any:
        return self.otoco(wallet, call, pays=True)

    def cancel_list(self, wallet: Wallet, call: Call) -> Any:
        call.params.symbol()
        found = self._find_list(wallet, call.params, "listClientOrderId")
        cancel_id = call.params.maybe("newClientOrderId") or self._registry.desk.fresh_id()
        call.params.done()
        if found is None or not found.is_open:
            raise ApiError(UNKNOWN_ORDER, "Unknown order list sent.")
        self._registry.desk.cancel(next(each for each in found.orders if each.is_open), cancel_id)
        return listed(found) | {"orderReports": [canceled(order) for order in found.orders]}

    def order_list(self, wallet: Wallet, call: Call) -> Any:
        call.params.maybe("symbol")
        found = self._find_list(wallet, call.params, "origClientOrderId")
        call.params.done()
        if found is None:
            raise ApiError(NO_SUCH_LIST, "Order list does not exist.")
        return listed(found)

    def open_lists(self, wallet: Wallet, call: Call) -> Any:
        call.params.maybe("symbol")
        call.params.done()
        self._registry.desk.tick(call.now)
        return [listed(each) for each in wallet.lists.values() if each.is_open]

    def all_lists(self, wallet: Wallet, call: Call) -> Any:
        params = call.params
        params.maybe("symbol")
        first, limit = params.maybe_integer("fromId"), params.limit(500, 1000)
        begin, end = params.integer("startTime", 0), params.integer("endTime", 2**62)
        params.done()
        self._registry.desk.tick(call.now)
        found = [
            each
            for each in wallet.lists.values()
            if each.id >= (first or 0) and begin <= each.time <= end
        ]
        return [listed(each) for each in (found[-limit:] if first is None else found[:limit])]

    # one order in place of another

    def cancel_replace(self, wallet: Wallet, call: Call) -> Any:
        params, desk = call.params, self._registry.desk
        mode = params.text("cancelReplaceMode")
        if mode not in ("STOP_ON_FAILURE", "ALLOW_FAILURE"):
            raise invalid("cancelReplaceMode")
        old = self._find(wallet, call, "cancelOrderId", "cancelOrigClientOrderId")
        cancel_id = params.maybe("cancelNewClientOrderId") or desk.fresh_id()
        params.maybe("cancelRestrictions")
        params.maybe("orderRateLimitExceededMode")
        wanted = read(params, call.exchange, desk.fresh_id)
        params.done()
        said: dict[str, Any] = {"cancelResult": "SUCCESS", "newOrderResult": "NOT_ATTEMPTED"}
        if old is None or not old.is_open:
            said["cancelResult"] = "FAILURE"
            said["cancelResponse"] = ApiError(UNKNOWN_ORDER, "Unknown order sent.").body()
        else:
            desk.cancel(old, cancel_id)
            said["cancelResponse"] = canceled(old)
        said["newOrderResponse"] = None
        if said["cancelResult"] == "SUCCESS" or mode == "ALLOW_FAILURE":
            try:
                order = desk.place(wallet, wanted, call.now)
            except ApiError as error:
                said |= {"newOrderResult": "FAILURE", "newOrderResponse": error.body()}
            else:
                answer = placed(order, wanted.answer)
                said |= {"newOrderResult": "SUCCESS", "newOrderResponse": answer}
        results = {said["cancelResult"], said["newOrderResult"]}
        if results == {"SUCCESS"}:
            return said
        if "SUCCESS" in results:
            words = "Order cancel-replace partially failed."
            raise ApiError(REPLACED_PARTLY, words, 409, data=said)
        raise ApiError(REPLACE_FAILED, "Order cancel-replace failed.", data=said)

    def amend(self, wallet: Wallet, call: Call) -> Any:
        order = self._find(wallet, call)
        wanted = units(call.params, "newQty")
        client_id = call.params.maybe("newClientOrderId")
        call.params.done()
        if order is None or not order.is_open:
            raise ApiError(UNKNOWN_ORDER, "Unknown order sent.")
        if not wanted or wanted % order.symbol.step:
            raise ApiError(-1013, "Filter failure: LOT_SIZE")
        quantity = wanted // order.symbol.step
        if not order.executed < quantity < order.quantity:
            words = "The requested action would change no state; rejecting."
            raise ApiError(NOT_SMALLER, words if quantity == order.quantity else "Invalid newQty.")
        before = {"origClientOrderId": order.client_id, "origQty": _quantity(order)}
        client_id = client_id or self._registry.desk.fresh_id()
        self._registry.desk.amend(order, quantity, client_id)
        number = order.id * 100 + len(order.amendments)
        order.amendments.append(
            {
                "symbol": order.symbol.name,
                "orderId": order.id,
                "executionId": number,
                **before,
                "newClientOrderId": client_id,
                "newQty": _quantity(order),
                "time": order.updated,
            }
        )
        now = progress(order)
        amended = {
            "symbol": order.symbol.name,
            "orderId": order.id,
            "orderListId": order.list_id,
            **before,
            "clientOrderId": client_id,
            "price": now["price"],
            "qty": _quantity(order),
            "executedQty": now["executedQty"],
            "preventedQty": order.symbol.quantity(0),
            "quoteOrderQty": now["origQuoteOrderQty"],
            "cumulativeQuoteQty": now["cummulativeQuoteQty"],
            **{name: now[name] for name in ("status", "timeInForce", "type", "side")},
            "workingTime": order.time,
            "selfTradePreventionMode": "EXPIRE_MAKER",
        }
        return {
            "transactTime": order.updated,
            "executionId": number,
            "amendedOrder": {k: v for k, v in amended.items() if k != "origQty"},
        }

    def amendments(self, wallet: Wallet, call: Call) -> Any:
        order = self._find(wallet, call)
        first, limit = call.params.integer("fromExecutionId", 0), call.params.limit(500, 1000)
        call.params.done()
        found = order.amendments if order else []
        return [each for each in found if each["executionId"] >= first][:limit]

    # internal

    def _pair(self, params: Params, prefix: str, shared: dict[str, str | None]) -> list[Params]:
        names = (f"{prefix}Above", f"{prefix}Below") if prefix else ("above", "below")
        for name in names:
            params.text(f"{name}Type")
        return [leg(params, name, **shared) for name in names]

    def _place(
        self, wallet: Wallet, call: Call, first: Params | None, others: list[Params], pays: bool
    ) -> Any:
        params, desk = call.params, self._registry.desk
        symbol = params.symbol()
        answer = params.maybe("newOrderRespType") or ""
        client_id = params.maybe("listClientOrderId") or desk.fresh_id()
        params.maybe("selfTradePreventionMode")
        if first is not None and first.raw.get("type") not in ("LIMIT", "LIMIT_MAKER"):
            raise invalid("workingType")
        if any(each.is_open and each.client_id == client_id for each in wallet.lists.values()):
            raise ApiError(-2010, "Duplicate order sent.")
        legs = [first] * (first is not None) + others
        wanted = []
        for each in legs:
            assert each is not None
            each.raw |= {"symbol": symbol} | ({"newOrderRespType": answer} if answer else {})
            wanted.append(read(each, call.exchange, desk.fresh_id))
            each.done()
        params.done()
        for each_wanted in wanted[:1] if first else wanted:
            desk.check(wallet, each_wanted, call.now)
        if len(others) == 2:
            _check_pair(wanted[-2:])
        made = [desk.make(wallet, each, call.now, each.quantity) for each in wanted]
        orders = OrderList(
            self._registry.new_list(),
            client_id,
            made[0].symbol,
            call.now,
            made[0] if first else None,
            pays,
            made,
        )
        desk.place_list(wallet, orders, call.now)
        reports = [placed(order, answer or "RESULT") for order in made]
        return listed(orders) | {"orderReports": reports}

    def _find_list(self, wallet: Wallet, params: Params, name: str) -> OrderList | None:
        id, client_id = params.maybe_integer("orderListId"), params.maybe(name)
        if id is None and client_id is None:
            raise either_missing(name, "orderListId")
        found = [
            each
            for each in wallet.lists.values()
            if id in (None, each.id) and client_id in (None, each.client_id)
        ]
        return found[-1] if found else None


def _check_pair(wanted: list[Any]) -> None:
    """One order of a pair stops a loss; the other is above or below it, where it takes a profit."""
    above, below = wanted
    if above.type.startswith("STOP_LOSS") is below.type.startswith("STOP_LOSS"):
        raise invalid("belowType")
    prices = [each.stop or each.price for each in wanted]
    if prices[0] <= prices[1]:
        words = "The relationship of the prices for the orders is not correct."
        raise ApiError(-2010, words)


def _quantity(order: Order) -> str:
    return order.symbol.quantity(order.quantity)


def listed(orders: OrderList) -> dict[str, Any]:
    """An order list as it is when asked for."""
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


def routes(registry: Registry) -> list[Route]:
    """The calls about orders that hang together."""
    calls = ListCalls(registry)
    spot, margin = calls.spot, calls.margin
    return [
        Route("POST", "/api/v3/orderList/oco", spot(calls.oco)),
        Route("POST", "/api/v3/orderList/oto", spot(calls.oto)),
        Route("POST", "/api/v3/orderList/otoco", spot(calls.otoco)),
        Route("POST", "/api/v3/orderList/opo", spot(calls.opo)),
        Route("POST", "/api/v3/orderList/opoco", spot(calls.opoco)),
        Route("POST", "/api/v3/order/oco", spot(calls.old_oco)),
        Route("DELETE", "/api/v3/orderList", spot(calls.cancel_list)),
        Route("GET", "/api/v3/orderList", spot(calls.order_list), flat(4)),
        Route("GET", "/api/v3/openOrderList", spot(calls.open_lists), flat(6)),
        Route("GET", "/api/v3/allOrderList", spot(calls.all_lists), flat(20)),
        Route("POST", "/api/v3/order/cancelReplace", spot(calls.cancel_replace)),
        Route("PUT", "/api/v3/order/amend/keepPriority", spot(calls.amend), flat(4)),
        Route("GET", "/api/v3/order/amendments", spot(calls.amendments), flat(4)),
        Route("POST", "/sapi/v1/margin/order/oco", margin(calls.old_oco)),
        Route("DELETE", "/sapi/v1/margin/orderList", margin(calls.cancel_list)),
        Route("GET", "/sapi/v1/margin/orderList", margin(calls.order_list), flat(10)),
        Route("GET", "/sapi/v1/margin/openOrderList", margin(calls.open_lists), flat(10)),
        Route("GET", "/sapi/v1/margin/allOrderList", margin(calls.all_lists), flat(200)),
    ]
