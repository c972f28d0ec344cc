"""REST calls about order lists, cancel-and-replace, and amendments. Pure.

Sources: the exchange's pages "Trading endpoints" (Order lists, Cancel an Existing Order and Send a
New Order, Order Amend Keep Priority) and "Margin Trading".
"""

from __future__ import annotations

from functools import partialmethod
from typing import Any

from binance.simulator.accounts import order_answers
from binance.simulator.accounts.account_calls import (
    AccountCalls,
    cancellable,
    listed,
    page,
    read_restriction,
)
from binance.simulator.accounts.order_entry import REJECTED, unknown_order
from binance.simulator.accounts.order_request import FILTER_FAILURE, NOT_SIMULATED, read_units
from binance.simulator.accounts.wallets import Order, OrderList, Wallet, order_body
from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.market.payloads import renamed
from binance.simulator.rules.errors import ApiError, either_missing, invalid

STP = "selfTradePreventionMode"
NO_SUCH_LIST = -2018
REPLACE_FAILED = -2022
REPLACED_PARTLY = -2021
NOT_SMALLER = -2038
OVER_LIMIT = ("DO_NOTHING", "CANCEL_ONLY")
"""What a replacement does that is one order too many; the first is the default."""

_PLAIN = ("type", "side", "quantity", "price", "stopPrice", "timeInForce", *NOT_SIMULATED)
_LEG_PARAMETERS = {name[0].upper() + name[1:]: name for name in _PLAIN}
_LEG_PARAMETERS["ClientOrderId"] = "newClientOrderId"
"""The end of a parameter's name in an order list -> the parameter's name for a single order."""

AMENDMENT = (
    "symbol=s orderId=i executionId=I origClientOrderId=C origQty=before newClientOrderId=c "
    "newQty=q time=T"
)
AMENDED = (
    "symbol=s orderId=i orderListId=g origClientOrderId=C clientOrderId=c price=p qty=q "
    "executedQty=z preventedQty=prevented quoteOrderQty=Q cumulativeQuoteQty=Z status=X "
    "timeInForce=f type=o side=S workingTime=W selfTradePreventionMode=V"
)
"""Name in the answers = name in the events."""

_OF_THE_REQUEST = (
    *("apiKey", "timestamp", "recvWindow", "signature", "returnRateLimits"),
    *("isIsolated", "sideEffectType", "autoRepayAtCancel"),
)


def leg(params: Params, prefix: str, **defaults: str | None) -> Params:
    """The parameters of one order of a list, by the names that a single order has."""
    found = {plain: params.optional(prefix + name) for name, plain in _LEG_PARAMETERS.items()}
    given = {name: found.get(name) or defaults.get(name) for name in (*found, *defaults)}
    return Params({name: value for name, value in given.items() if value})


class OrderListCalls(AccountCalls):
    """The calls about order lists, cancel-and-replace, and amendments."""

    # order lists

    def oco(self, wallet: Wallet, call: Call) -> Any:
        params = call.params
        params.text("quantity")
        shared = {name: params.optional(name) for name in ("side", "quantity")}
        return self._place(wallet, call, None, self._pair(params, "", shared), uses_proceeds=False)

    def old_oco(self, wallet: Wallet, call: Call) -> Any:
        """The older form, with a price and a stop price instead of above and below."""
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
        return self.oco(wallet, call)

    def oto(self, wallet: Wallet, call: Call, uses_proceeds: bool = False) -> Any:
        working = leg(call.params, "working")
        shared = {"quantity": working.raw.get("quantity")} if uses_proceeds else {}
        pending = leg(call.params, "pending", **shared)
        return self._place(wallet, call, working, [pending], uses_proceeds)

    def otoco(self, wallet: Wallet, call: Call, uses_proceeds: bool = False) -> Any:
        params, working = call.params, leg(call.params, "working")
        known = working.raw.get("quantity") if uses_proceeds else params.optional("pendingQuantity")
        shared = {"side": params.optional("pendingSide"), "quantity": known}
        pair = self._pair(params, "pending", shared)
        return self._place(wallet, call, working, pair, uses_proceeds)

    opo = partialmethod(oto, uses_proceeds=True)
    opoco = partialmethod(otoco, uses_proceeds=True)

    def cancel_list(self, wallet: Wallet, call: Call) -> Any:
        symbol = listed(call)
        found = self._find_list(wallet, call.params, "listClientOrderId")
        cancel_id = call.params.optional("newClientOrderId") or self._entry.new_client_id()
        call.params.reject_unread()
        if found is None or found.symbol.name != symbol or not found.is_open:
            raise unknown_order("order list")
        self._entry.cancel(next(each for each in found.orders if each.is_open), cancel_id)
        return order_answers.canceled_list(found)

    def order_list(self, wallet: Wallet, call: Call) -> Any:
        found = self._find_list(wallet, call.params, "origClientOrderId")
        call.params.reject_unread("symbol")
        if found is None:
            raise ApiError(NO_SUCH_LIST, "Order list does not exist.")
        return order_answers.listed(found)

    def open_lists(self, wallet: Wallet, call: Call) -> Any:
        call.params.reject_unread("symbol")
        self._entry.tick(call.now)
        return [order_answers.listed(each) for each in wallet.lists.values() if each.is_open]

    def all_lists(self, wallet: Wallet, call: Call) -> Any:
        call.params.optional("symbol")
        self._entry.tick(call.now)
        found = page(call, "fromId", wallet.lists.values(), lambda each: (each.id, each.time))
        return [order_answers.listed(each) for each in found]

    # one order in place of another

    def cancel_replace(self, wallet: Wallet, call: Call) -> Any:
        params = call.params
        mode = params.text("cancelReplaceMode")
        if mode not in ("STOP_ON_FAILURE", "ALLOW_FAILURE"):
            raise invalid("cancelReplaceMode")
        old = self._find(wallet, call, "cancelOrderId", "cancelOrigClientOrderId")
        cancel_id = params.optional("cancelNewClientOrderId") or self._entry.new_client_id()
        new = self._entry.read(wallet, params, call.now)
        restriction = read_restriction(params)
        over = params.choice("orderRateLimitExceededMode", OVER_LIMIT[0], OVER_LIMIT)
        params.reject_unread()
        refusal: ApiError | None = None
        try:
            call.state.count_orders(wallet.uid, call.headers_out)
        except ApiError as error:
            if over == OVER_LIMIT[0]:
                raise
            refusal = error
        self._entry.check_filters(new, call.now)  # before the cancellation, as the exchange does
        answer: dict[str, Any] = {"cancelResult": "SUCCESS", "newOrderResult": "NOT_ATTEMPTED"}
        try:
            old = cancellable(old, restriction)
        except ApiError as error:
            answer |= {"cancelResult": "FAILURE", "cancelResponse": error.body()}
        else:
            self._entry.cancel(old, cancel_id)
            answer["cancelResponse"] = order_answers.canceled(old)
        answer["newOrderResponse"] = None
        if answer["cancelResult"] == "SUCCESS" or mode == "ALLOW_FAILURE":
            try:
                if refusal:
                    raise refusal
                self._entry.place(new, call.now)
            except ApiError as error:
                answer |= {"newOrderResult": "FAILURE", "newOrderResponse": error.body()}
            else:
                placed = order_answers.placed(new)
                answer |= {"newOrderResult": "SUCCESS", "newOrderResponse": placed}
        results = {answer["cancelResult"], answer["newOrderResult"]}
        if results == {"SUCCESS"}:
            return answer
        limited = 429 if refusal and mode == "STOP_ON_FAILURE" else 0
        if "SUCCESS" in results:
            message = "Order cancel-replace partially failed."
            raise ApiError(REPLACED_PARTLY, message, limited or 409, data=answer)
        message = "Order cancel-replace failed."
        raise ApiError(REPLACE_FAILED, message, limited or 400, data=answer)

    def amend(self, wallet: Wallet, call: Call) -> Any:
        order = self._find(wallet, call)
        new_quantity = read_units(call.params, "newQty")
        client_id = call.params.optional("newClientOrderId")
        call.params.reject_unread()
        if order is None or not order.is_open:
            raise unknown_order()
        if not new_quantity or new_quantity % order.symbol.step:
            raise ApiError(FILTER_FAILURE, "Filter failure: LOT_SIZE")
        quantity = new_quantity // order.symbol.step
        if not order.executed < quantity < order.quantity:
            message = "The requested action would change no state; rejecting."
            raise ApiError(
                NOT_SMALLER, message if quantity == order.quantity else "Invalid newQty."
            )
        before = order_body(order)
        client_id = client_id or self._entry.new_client_id()
        self._entry.amend(order, quantity, client_id)
        body = order_body(order) | {"C": before["c"], "before": before["q"]}
        if order.working < 0:
            del body["W"]  # here the exchange leaves it out
        order.amendments.append(renamed(AMENDMENT, body))
        amended = renamed(AMENDED, body | {"prevented": order.symbol.quantity(0)})
        answer = {"transactTime": order.updated, "executionId": body["I"], "amendedOrder": amended}
        if order.order_list is not None:
            less = ("listStatusType", "transactionTime")
            whole = order_answers.listed(order.order_list).items()
            answer["listStatus"] = {name: value for name, value in whole if name not in less}
        return answer

    def amendments(self, wallet: Wallet, call: Call) -> Any:
        order = self._find(wallet, call)
        first, limit = call.params.integer("fromExecutionId", 0), call.params.limit(500, 1000)
        call.params.reject_unread()
        found = order.amendments if order else []
        return [each for each in found if each["executionId"] >= first][:limit]

    # internal

    def _pair(self, params: Params, prefix: str, shared: dict[str, str | None]) -> list[Params]:
        names = (f"{prefix}Above", f"{prefix}Below") if prefix else ("above", "below")
        for name in names:
            params.text(f"{name}Type")
        return [leg(params, name, **shared) for name in names]

    def _place(
        self,
        wallet: Wallet,
        call: Call,
        working: Params | None,
        others: list[Params],
        uses_proceeds: bool,
    ) -> Any:
        params = call.params
        symbol = params.symbol()
        answer = params.text("newOrderRespType", "RESULT")
        client_id = params.optional("listClientOrderId") or self._entry.new_client_id()
        if working is not None and working.raw.get("type") not in ("LIMIT", "LIMIT_MAKER"):
            raise invalid("workingType")
        if any(each.is_open and each.client_id == client_id for each in wallet.lists.values()):
            raise ApiError(REJECTED, "Duplicate order sent.")
        made: list[Order] = []
        for each in others if working is None else [working, *others]:
            each.raw |= {
                "symbol": symbol,
                "newOrderRespType": answer,
                STP: params.text(STP, "NONE"),
            }
            made.append(self._entry.read(wallet, each, call.now))
            each.reject_unread()
        params.reject_unread()
        call.state.count_orders(wallet.uid, call.headers_out, len(made))
        for order in made[:1] if working else made:
            self._entry.check(order, call.now)
        for order in made[1:] if working else ():
            self._entry.check_filters(order, call.now)
        if len(others) == 2:
            _check_pair(made[-2:])
        first = made[0] if working else None
        head = (self._accounts.new_list_id(), client_id, made[0].symbol, call.now)
        orders = OrderList(*head, first, uses_proceeds, made)
        self._entry.place_list(orders, call.now)
        reports = [order_answers.placed(order) for order in made]
        return order_answers.listed(orders) | {"orderReports": reports}

    def _find_list(self, wallet: Wallet, params: Params, name: str) -> OrderList | None:
        id, client_id = params.optional_integer("orderListId"), params.optional(name)
        if id is None and client_id is None:
            raise either_missing(name, "orderListId")
        lists = (each for each in reversed(wallet.lists.values()) if id in (None, each.id))
        return next((each for each in lists if client_id in (None, each.client_id)), None)


def _check_pair(pair: list[Order]) -> None:
    """Exactly one order of a pair must stop a loss, and the prices must be in order."""
    above, below = pair
    if above.type.startswith("STOP_LOSS") is below.type.startswith("STOP_LOSS"):
        raise invalid("belowType")
    prices = [each.stop or each.price for each in pair]
    if prices[0] <= prices[1]:
        message = "The relationship of the prices for the orders is not correct."
        raise ApiError(REJECTED, message)
