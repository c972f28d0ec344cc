"""REST calls about accounts: orders, balances, trades, transfers, listen keys and tokens. Pure.

Sources: the exchange's pages "Trading endpoints", "Account endpoints", "Margin Trading" and "User
Data Streams".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from binance.simulator.accounts.accounts import MARGIN, SPOT, Account, Registry
from binance.simulator.accounts.orders import NO_SUCH_ORDER, UNKNOWN_ORDER, read, units
from binance.simulator.accounts.wallets import COMMISSION, Fill, Order, Wallet
from binance.simulator.api.call import Call, Route
from binance.simulator.api.params import Params
from binance.simulator.api.weights import flat, one_or_all
from binance.simulator.market.symbols import UNIT, decimal
from binance.simulator.rules.errors import ApiError, bad_symbol, either_missing, missing

ZERO = decimal(0)

Answer = Callable[[Wallet, Call], Any]


class AccountCalls:
    """What accounts are asked, by REST and (the same functions) on the WebSocket API."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    # from the routes

    def spot(self, answer: Answer) -> Callable[[Call], Any]:
        """Asks a function for the spot wallet of who signed the request."""
        return lambda call: answer(self._registry.of_rest(call).wallet(), call)

    def margin(self, answer: Answer) -> Callable[[Call], Any]:
        """The same of a margin wallet, the cross one or a symbol's."""

        def asked(call: Call) -> Any:
            account = self._registry.of_rest(call)
            isolated = call.params.maybe("isIsolated") in ("true", "TRUE")
            name = f"{MARGIN}:{call.params.symbol()}" if isolated else MARGIN
            return answer(account.wallet(name), call)

        return asked

    # orders

    def place(self, wallet: Wallet, call: Call) -> Any:
        """A new order."""
        wanted = read(call.params, call.exchange, self._registry.desk.fresh_id)
        call.params.done()
        order = self._registry.desk.place(wallet, wanted, call.now)
        return placed(order, wanted.answer)

    def test(self, wallet: Wallet, call: Call) -> Any:
        """An order that is only checked."""
        wanted = read(call.params, call.exchange, self._registry.desk.fresh_id)
        call.params.maybe("computeCommissionRates")
        call.params.done()
        self._registry.desk.check(wallet, wanted, call.now)
        return {}

    def order(self, wallet: Wallet, call: Call) -> Any:
        found = self._find(wallet, call)
        call.params.done()
        if found is None:
            raise ApiError(NO_SUCH_ORDER, "Order does not exist.")
        return queried(found)

    def cancel(self, wallet: Wallet, call: Call) -> Any:
        found = self._find(wallet, call)
        cancel_id = call.params.maybe("newClientOrderId") or self._registry.desk.fresh_id()
        call.params.maybe("cancelRestrictions")
        call.params.done()
        if found is None or not found.is_open:
            raise ApiError(UNKNOWN_ORDER, "Unknown order sent.")
        self._registry.desk.cancel(found, cancel_id)
        return canceled(found)

    def cancel_all(self, wallet: Wallet, call: Call) -> Any:
        symbol = call.params.symbol()
        call.params.done()
        found = wallet.open_orders(symbol)
        if not found:
            raise ApiError(UNKNOWN_ORDER, "Unknown order sent.")
        for order in found:
            if order.is_open:  # it has not gone with another of its list
                self._registry.desk.cancel(order, self._registry.desk.fresh_id())
        return [canceled(order) for order in found]

    def open_orders(self, wallet: Wallet, call: Call) -> Any:
        symbol = call.params.maybe("symbol")
        call.params.done()
        return [queried(order) for order in wallet.open_orders(symbol)]

    def all_orders(self, wallet: Wallet, call: Call) -> Any:
        symbol, limit = call.params.symbol(), call.params.limit(500, 1000)
        first = call.params.integer("orderId", 0)
        begin = call.params.integer("startTime", 0)
        end = call.params.integer("endTime", 2**62)
        call.params.done()
        found = [
            order
            for order in wallet.orders.values()
            if order.symbol.name == symbol and order.id >= first and begin <= order.time <= end
        ]
        return [queried(order) for order in (found[:limit] if first else found[-limit:])]

    def _find(
        self,
        wallet: Wallet,
        call: Call,
        id_name: str = "orderId",
        client_id_name: str = "origClientOrderId",
    ) -> Order | None:
        symbol = call.params.symbol()
        id = call.params.maybe_integer(id_name)
        client_id = call.params.maybe(client_id_name)
        if symbol not in call.exchange.symbols:
            raise bad_symbol()
        if id is None and client_id is None:
            raise either_missing(client_id_name, id_name)
        self._registry.desk.look(symbol, call.now)  # what happened has happened to it, too
        return wallet.find(symbol, id, client_id)

    # the account

    def account(self, wallet: Wallet, call: Call) -> Any:
        brief = call.params.maybe("omitZeroBalances") == "true"
        call.params.done()
        rate = decimal(COMMISSION * UNIT // 10_000)
        return {
            "makerCommission": COMMISSION,
            "takerCommission": COMMISSION,
            "buyerCommission": 0,
            "sellerCommission": 0,
            "commissionRates": {"maker": rate, "taker": rate, "buyer": ZERO, "seller": ZERO},
            "canTrade": True,
            "canWithdraw": True,
            "canDeposit": True,
            "brokered": False,
            "requireSelfTradePrevention": False,
            "preventSor": False,
            "updateTime": call.reported,
            "accountType": "SPOT",
            "balances": [
                {"asset": asset, "free": decimal(each.free), "locked": decimal(each.locked)}
                for asset, each in wallet.balances.items()
                if each.free or each.locked or not brief
            ],
            "permissions": ["SPOT"],
            "uid": wallet.uid,
        }

    def my_trades(self, wallet: Wallet, call: Call) -> Any:
        symbol, limit = call.params.symbol(), call.params.limit(500, 1000)
        order = call.params.maybe_integer("orderId")
        first = call.params.maybe_integer("fromId")
        begin = call.params.integer("startTime", 0)
        end = call.params.integer("endTime", 2**62)
        call.params.done()
        found = [
            fill
            for fill in wallet.fills
            if fill.order.symbol.name == symbol
            and order in (None, fill.order.id)
            and fill.trade.id >= (first or 0)
            and begin <= fill.trade.time <= end
        ]
        return [traded(fill) for fill in (found[-limit:] if first is None else found[:limit])]

    def transfer(self, account: Account, call: Call) -> Any:
        """Between the account's wallets; the other one is not simulated."""
        kind, asset = call.params.text("type"), call.params.text("asset")
        amount = units(call.params, "amount")
        call.params.done()
        if not amount:
            raise missing("amount")
        leaves = kind.startswith("MAIN_")
        if not leaves and not kind.endswith("_MAIN"):
            raise ApiError(-1102, "Mandatory parameter 'type' was malformed.")
        wallet = account.wallet(SPOT)
        if leaves and wallet.balance(asset).free < amount:
            raise ApiError(-5013, "Asset transfer failed: insufficient balance.")
        wallet.transfer(asset, -amount if leaves else amount)
        self._registry.counts["transfers"] += 1
        return {"tranId": 13_526_853_623 + self._registry.counts["transfers"]}

    # listen keys and tokens

    def make_token(self, account: Account, call: Call) -> Any:
        isolated = call.params.maybe("isIsolated") in ("true", "TRUE")
        symbol = call.params.maybe("symbol")
        validity = call.params.maybe_integer("validity")
        call.params.done()
        if isolated and symbol not in call.exchange.symbols:
            raise missing("symbol")
        wallet = account.wallet(f"{MARGIN}:{symbol}" if isolated else MARGIN)
        token = self._registry.make_token(wallet, validity)
        return {"token": token.text, "expirationTime": int(token.ends)}

    def make_key(self, account: Account, call: Call, market: str) -> Any:
        call.params.done()
        return {"listenKey": self._registry.make_key(account, market).text}

    def keep_key(self, account: Account, call: Call, market: str) -> Any:
        text = _key_text(call.params, market)
        key = self._registry.prolong_key(account, market, text)
        return {} if market == SPOT else {"listenKey": key.text}

    def drop_key(self, account: Account, call: Call, market: str) -> Any:
        self._registry.delete_key(account, market, _key_text(call.params, market))
        return {}


def _key_text(params: Params, market: str) -> str | None:
    text = params.text("listenKey") if market == SPOT else params.maybe("listenKey")
    params.done()
    return text


# answers


def placed(order: Order, answer: str) -> dict[str, Any]:
    """What is answered to a new order: ACK, RESULT or FULL."""
    symbol = order.symbol
    said: dict[str, Any] = {
        "symbol": symbol.name,
        "orderId": order.id,
        "orderListId": order.list_id,
        "clientOrderId": order.client_id,
        "transactTime": order.time,
    }
    if answer == "ACK":
        return said
    said |= progress(order) | {"workingTime": order.time, "selfTradePreventionMode": "EXPIRE_MAKER"}
    if answer == "FULL":
        said["fills"] = [
            {
                "price": symbol.price(fill.trade.price),
                "qty": symbol.quantity(fill.trade.quantity),
                "commission": decimal(fill.commission),
                "commissionAsset": fill.commission_asset,
                "tradeId": fill.trade.id,
            }
            for fill in order.fills
        ]
    return said


def progress(order: Order) -> dict[str, Any]:
    symbol = order.symbol
    stop = {"stopPrice": symbol.price(order.stop)} if order.stop else {}
    return {
        "price": symbol.price(order.price),
        "origQty": symbol.quantity(order.quantity),
        "executedQty": symbol.quantity(order.executed),
        "origQuoteOrderQty": decimal(order.quote_wanted),
        "cummulativeQuoteQty": decimal(order.spent),
        "status": order.status,
        "timeInForce": order.time_in_force,
        "type": order.type,
        "side": order.side,
        **stop,
    }


def queried(order: Order) -> dict[str, Any]:
    """An order as it is when asked for."""
    return {
        "symbol": order.symbol.name,
        "orderId": order.id,
        "orderListId": order.list_id,
        "clientOrderId": order.client_id,
        **progress(order),
        "stopPrice": order.symbol.price(order.stop),
        "icebergQty": ZERO,
        "time": order.time,
        "updateTime": order.updated,
        "isWorking": not order.waits,
        "workingTime": order.time,
        "selfTradePreventionMode": "EXPIRE_MAKER",
    }


def canceled(order: Order) -> dict[str, Any]:
    """What is answered to a cancel."""
    return {
        "symbol": order.symbol.name,
        "origClientOrderId": order.client_id,
        "orderId": order.id,
        "orderListId": order.list_id,
        "clientOrderId": order.cancel_id or order.client_id,
        "transactTime": order.updated,
        **progress(order),
        "selfTradePreventionMode": "EXPIRE_MAKER",
    }


def traded(fill: Fill) -> dict[str, Any]:
    """One of the account's trades."""
    order, trade = fill.order, fill.trade
    return {
        "symbol": order.symbol.name,
        "id": trade.id,
        "orderId": order.id,
        "orderListId": order.list_id,
        "price": order.symbol.price(trade.price),
        "qty": order.symbol.quantity(trade.quantity),
        "quoteQty": decimal(fill.quote),
        "commission": decimal(fill.commission),
        "commissionAsset": fill.commission_asset,
        "time": trade.time,
        "isBuyer": order.buys,
        "isMaker": fill.is_maker,
        "isBestMatch": True,
    }


# routes


def routes(registry: Registry, *, spot_listen_keys: bool) -> list[Route]:
    """The calls about accounts. ``spot_listen_keys``: still serve those that answer 410 today."""
    calls = AccountCalls(registry)
    spot, margin = calls.spot, calls.margin

    def user(answer: Callable[[Account, Call], Any]) -> Callable[[Call], Any]:
        return lambda call: answer(registry.of_rest(call), call)

    def stream(answer: Callable[[Account, Call, str], Any], market: str) -> Callable[[Call], Any]:
        return lambda call: answer(registry.of_rest(call, signed=False), call, market)

    found = [
        Route("POST", "/api/v3/order", spot(calls.place)),
        Route("POST", "/api/v3/order/test", spot(calls.test)),
        Route("GET", "/api/v3/order", spot(calls.order), flat(4)),
        Route("DELETE", "/api/v3/order", spot(calls.cancel)),
        Route("GET", "/api/v3/openOrders", spot(calls.open_orders), one_or_all(6, 80)),
        Route("DELETE", "/api/v3/openOrders", spot(calls.cancel_all)),
        Route("GET", "/api/v3/allOrders", spot(calls.all_orders), flat(20)),
        Route("GET", "/api/v3/account", spot(calls.account), flat(20)),
        Route("GET", "/api/v3/myTrades", spot(calls.my_trades), flat(20)),
        Route("POST", "/sapi/v1/asset/transfer", user(calls.transfer)),
        Route("POST", "/sapi/v1/margin/order", margin(calls.place)),
        Route("GET", "/sapi/v1/margin/order", margin(calls.order)),
        Route("DELETE", "/sapi/v1/margin/order", margin(calls.cancel)),
        Route("POST", "/sapi/v1/userListenToken", user(calls.make_token)),
    ]
    paths = {"usdm": "/fapi/v1/listenKey"}
    if spot_listen_keys:
        paths[SPOT] = "/api/v3/userDataStream"
    for market, path in paths.items():
        found += [
            Route("POST", path, stream(calls.make_key, market), flat(2)),
            Route("PUT", path, stream(calls.keep_key, market), flat(2)),
            Route("DELETE", path, stream(calls.drop_key, market), flat(2)),
        ]
    return found
