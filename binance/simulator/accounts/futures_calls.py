"""REST calls about futures accounts: orders, conditional orders, positions, balances. Pure.

Portfolio margin has the calls of both markets under ``/papi``. Sources: the exchange's pages
"Trade" and "Account" of USD-M futures, COIN-M futures and portfolio margin.
"""

from __future__ import annotations

from functools import partialmethod
from typing import Any

from binance.simulator.accounts.account_calls import AccountCalls, listed, listed_or_none
from binance.simulator.accounts.accounts import Accounts
from binance.simulator.accounts.futures_wallet import (
    AlgoOrder,
    FuturesOrder,
    FuturesWallet,
    Position,
    margin_asset,
    price_of,
)
from binance.simulator.accounts.order_entry import NO_SUCH_ORDER, unknown_order
from binance.simulator.accounts.order_request import read_units, steps_of, ticks_of
from binance.simulator.accounts.wallets import Fill
from binance.simulator.api.call import Call
from binance.simulator.market.payloads import renamed
from binance.simulator.market.symbols import Symbol, decimal
from binance.simulator.rules.errors import ApiError, either_missing

MAX_LEVERAGE = 125
DONE = {"code": 200, "msg": "The operation of cancel all open order is done."}

ORDER = (
    "orderId=i symbol=s status=X clientOrderId=c price=p avgPrice=ap origQty=q executedQty=z "
    "cumQty=z timeInForce=f type=o reduceOnly=R closePosition=cp side=S positionSide=ps "
    "stopPrice=sp workingType=wt priceProtect=pP origType=ot priceMatch=pm updateTime=T "
    "selfTradePreventionMode=V"
)
FILL = (
    "symbol=s id=t orderId=i side=S price=L qty=l realizedPnl=rp commission=n commissionAsset=N "
    "time=T positionSide=ps maker=m"
)
ALGO = (
    "algoId=aid clientAlgoId=caid algoType=at orderType=o symbol=s side=S positionSide=ps "
    "timeInForce=f quantity=q algoStatus=X triggerPrice=tp price=p actualOrderId=ai workingType=wt "
    "selfTradePreventionMode=V priceMatch=pm closePosition=cp priceProtect=pP reduceOnly=R "
    "triggerTime=tt goodTillDate=gtd"
)
"""Name in the answers = name in the events, which have the same values."""
TOTALS = (
    "totalInitialMargin=initialMargin totalMaintMargin=maintMargin "
    "totalWalletBalance=walletBalance totalMarginBalance=marginBalance "
    "totalUnrealizedProfit=unrealizedProfit "
    "totalCrossWalletBalance=crossWalletBalance totalCrossUnPnl=crossUnPnl "
    "availableBalance=availableBalance maxWithdrawAmount=availableBalance"
)
"""The totals of a USD-M account are those of its USDT: each asset is the margin of its own."""
LIST_ALL = ("/fapi/v1/", "/fapi/v2/", "/dapi/", "account.")
"""Beginnings of paths and methods whose positions include those of size 0."""


class FuturesAnswers:
    """How orders and trades look in the answers."""

    @staticmethod
    def queried(order: FuturesOrder) -> dict[str, Any]:
        symbol, answer = order.symbol, renamed(ORDER, order.wallet.order_body(order, ""))
        spent = {"cumBase" if symbol.size else "cumQuote": decimal(order.spent)}
        return answer | spent | _pair(symbol) | {"time": order.time, "goodTillDate": 0}

    @staticmethod
    def canceled(order: FuturesOrder) -> dict[str, Any]:
        """The answer to a new order or a cancel: since 2026-06-30 without what was paid."""
        gone = ("avgPrice", "cumQuote", "cumBase", "time")
        return {k: v for k, v in FuturesAnswers.queried(order).items() if k not in gone}

    @staticmethod
    def traded(fill: Fill) -> dict[str, Any]:
        order, symbol = fill.order, fill.order.symbol
        assert isinstance(order, FuturesOrder)
        body = order.wallet.order_body(order, "TRADE", fill)
        worth = {"baseQty" if symbol.size else "quoteQty": decimal(fill.quote)}
        return renamed(FILL, body) | worth | _pair(symbol) | {"buyer": order.buys}

    @staticmethod
    def waiting(algo: AlgoOrder) -> dict[str, Any]:
        times = {"createTime": algo.time, "updateTime": algo.updated}
        trail = {
            "activatePrice": algo.symbol.price(algo.activation),
            "callbackRate": str(algo.rate),
        }
        return renamed(ALGO, algo.wallet.algo_body(algo)) | times | trail


# fmt: off
def _pair(symbol: Symbol) -> dict[str, str]:
    return {"pair": symbol.pair} if symbol.size else {}


def _balance(wallet: FuturesWallet, asset: str, now: int) -> dict[str, Any]:
    held, equity = wallet.balance(asset).free, wallet.equity(asset)
    available, profit = wallet.available(asset), decimal(equity - held)
    return {
        "asset": asset, "balance": decimal(held), "walletBalance": decimal(held),
        "crossWalletBalance": decimal(held), "crossUnPnl": profit, "unrealizedProfit": profit,
        "availableBalance": decimal(available), "marginBalance": decimal(equity),
        "initialMargin": decimal(equity - available), "updateTime": now,
        "maintMargin": decimal(wallet.maintenance(asset)),
    }


def _position(wallet: FuturesWallet, each: Position, now: int, is_asked: bool) -> dict[str, Any]:
    symbol, profit = each.symbol, decimal(wallet.unrealized(each))
    # Markets are slow to make: of many flat ones, no price.
    mark = wallet.mark(symbol.name) if each.amount or is_asked else 0
    return {
        "symbol": symbol.name, "positionSide": "BOTH", "marginAsset": margin_asset(symbol),
        "positionAmt": symbol.quantity(each.amount), "notional": decimal(each.worth),
        "entryPrice": price_of(symbol, each.worth, each.amount), "updateTime": now,
        "markPrice": symbol.price(mark), "marginType": "cross",
        "unRealizedProfit": profit, "unrealizedProfit": profit,
        "leverage": str(wallet.leverage_of(symbol.name)),
    }
# fmt: on


class FuturesCalls(AccountCalls):
    """The calls of one market's accounts; some are those of spot with other answers."""

    _answers = FuturesAnswers

    def __init__(self, accounts: Accounts, market: str) -> None:
        super().__init__(accounts)
        self._entry = self._futures = accounts.futures[market]

    # orders

    def place(self, wallet: Any, call: Call) -> Any:
        order = self._futures.read(wallet, call.params, call.now)
        call.state.count_orders(wallet.uid, call.headers_out, market=call.market)
        acknowledged = FuturesAnswers.canceled(order)  # before it is matched
        self._futures.enter(order, call.now)
        if isinstance(order, AlgoOrder):
            return FuturesAnswers.waiting(order)
        return acknowledged if order.answer == "ACK" else FuturesAnswers.canceled(order)

    def modify(self, wallet: Any, call: Call) -> Any:
        order: Any = self._find(wallet, call)
        params = call.params
        for name in ("side", "quantity", "price"):
            params.text(name)
        side = params.choice("side", "", ("BUY", "SELL"))
        price, quantity = read_units(params, "price"), read_units(params, "quantity")
        params.choice("priceMatch", "NONE", ("NONE",))  # others are not simulated
        params.reject_unread("modifyId")
        if order is None or not order.is_open or order.side != side:
            raise ApiError(NO_SUCH_ORDER, "Order does not exist.")
        call.state.count_orders(wallet.uid, call.headers_out, market=call.market)
        ticks, steps = ticks_of(order.symbol, price), steps_of(order.symbol, quantity)
        self._futures.modify(order, ticks, steps, call.now)
        return FuturesAnswers.canceled(order) | {"modifyId": 0}

    def cancel_all(self, wallet: Any, call: Call, of: str = "orders") -> Any:
        symbol = listed(call)
        call.params.reject_unread()
        for order in list(getattr(wallet, of).values()):
            if order.is_open and order.symbol.name == symbol:
                self._futures.cancel(order, order.client_id)
        return DONE

    cancel_all_algos = partialmethod(cancel_all, of="algos")

    def algo(self, wallet: Any, call: Call) -> Any:
        return FuturesAnswers.waiting(self._algo(wallet, call))

    def cancel_algo(self, wallet: Any, call: Call) -> Any:
        algo = self._algo(wallet, call)
        if not algo.is_open:
            raise unknown_order()
        self._futures.cancel(algo, algo.client_id)
        ids = {"algoId": algo.id, "clientAlgoId": algo.client_id}
        return {**ids, "code": "200", "msg": "success"}

    def open_algos(self, wallet: Any, call: Call) -> Any:
        return [each for each in self.all_algos(wallet, call) if each["algoStatus"] == "NEW"]

    def all_algos(self, wallet: Any, call: Call) -> Any:
        symbol = listed_or_none(call)
        found = [each for each in wallet.algos.values() if symbol in (None, each.symbol.name)]
        return [FuturesAnswers.waiting(each) for each in found]

    def _algo(self, wallet: FuturesWallet, call: Call) -> AlgoOrder:
        id = call.params.optional_integer("algoId")
        client_id = call.params.optional("clientAlgoId")
        call.params.reject_unread("symbol")
        if id is None and client_id is None:
            raise either_missing("algoId", "clientAlgoId")
        for algo in reversed(wallet.algos.values()):
            if algo.id == id or (id is None and algo.client_id == client_id):
                self._futures.advance_market(algo.symbol.name, call.now)
                return algo
        raise ApiError(NO_SUCH_ORDER, "Order does not exist.")

    # the account

    def balance(self, wallet: Any, call: Call) -> Any:
        call.params.reject_unread()
        return [_balance(wallet, asset, call.now) for asset in wallet.balances]

    def positions(self, wallet: Any, call: Call) -> Any:
        name, pair = listed_or_none(call), call.params.optional("pair")
        call.params.reject_unread()
        every, is_asked = call.path.startswith(LIST_ALL), name is not None
        return [
            _position(wallet, position, call.now, is_asked)
            for each in call.exchange.listed
            if name in (None, each.name) and pair in (None, each.pair)
            if (position := wallet.positions.get(each.name, Position(each))).amount or every
        ]

    def account(self, wallet: Any, call: Call) -> Any:
        assets, positions = self.balance(wallet, call), self.positions(wallet, call)
        found = {"canTrade": True, "assets": assets, "positions": positions}
        if call.market == "usdm" and not wallet.part:
            found |= renamed(TOTALS, _balance(wallet, "USDT", call.now))
        return found

    def options_account(self, wallet: Any, call: Call) -> Any:
        held = [{**each, "equity": each["marginBalance"]} for each in self.balance(wallet, call)]
        return {"asset": held, "greek": [], "time": call.now}

    def option_positions(self, wallet: Any, call: Call) -> Any:
        found = self.positions(wallet, call)
        for each in found:
            each["quantity"] = each.pop("positionAmt")
            each["side"] = "SHORT" if each["quantity"].startswith("-") else "LONG"
        return found

    def set_leverage(self, wallet: Any, call: Call) -> Any:
        symbol = call.params.listed(call.exchange.symbols)
        leverage = call.params.integer("leverage")
        call.params.reject_unread()
        if not 1 <= leverage <= MAX_LEVERAGE:
            raise ApiError(-4028, f"Leverage {leverage} is not valid")
        wallet.leverage[symbol.name] = leverage
        wallet.report_leverage(symbol)
        return {"leverage": leverage, "maxNotionalValue": "1000000", "symbol": symbol.name}
