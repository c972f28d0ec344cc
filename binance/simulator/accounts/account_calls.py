"""REST calls about accounts: orders, balances, trades, transfers, listen keys and tokens. Pure.

Sources: the exchange's pages "Trading endpoints", "Account endpoints", "Margin Trading" and "User
Data Streams".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from binance.simulator.accounts import order_answers
from binance.simulator.accounts.accounts import MARGIN, SPOT, Account, Accounts
from binance.simulator.accounts.order_entry import NO_SUCH_ORDER, UNKNOWN_ORDER, unknown_order
from binance.simulator.accounts.order_request import read_units
from binance.simulator.accounts.wallets import COMMISSION, Order, Wallet
from binance.simulator.api.call import Call
from binance.simulator.api.exchange_info import rate_limits
from binance.simulator.api.history import check_span
from binance.simulator.api.params import Params
from binance.simulator.market.candles import DAY
from binance.simulator.market.symbols import UNIT, decimal
from binance.simulator.rules.errors import (
    ApiError,
    bad_symbol,
    either_missing,
    missing,
    not_simulated,
)

WALLETS_OF_TRANSFER = {
    "MAIN": SPOT, "MARGIN": MARGIN, "UMFUTURE": "usdm", "CMFUTURE": "coinm", "OPTION": "options",
    "FUNDING": "funding",
}  # fmt: skip
"""Half of the type of a transfer -> the wallet that it means."""
_PM_BALANCES = ("crossMarginFree", "crossMarginLocked", "umWalletBalance", "cmWalletBalance")
LONGEST = {"spot": DAY, "usdm": 7 * DAY, "coinm": 7 * DAY}
"""Market -> the most ms between ``startTime`` and ``endTime``."""
RESTRICTIONS = {"": "", "ONLY_NEW": "NEW", "ONLY_PARTIALLY_FILLED": "PARTIALLY_FILLED"}
_RATE = decimal(COMMISSION * UNIT // 10_000)
RATES = {"maker": _RATE, "taker": _RATE, "buyer": decimal(0), "seller": decimal(0)}

_Row = TypeVar("_Row")
Answer = Callable[[Wallet, Call], Any]


def page(
    call: Call, id_name: str, rows: Iterable[_Row], key: Callable[[_Row], tuple[int, int]]
) -> list[_Row]:
    """The rows of some time, from an id on or else the newest. ``key``: their id and time (ms)."""
    limit, first = call.params.limit(500, 1000), call.params.optional_integer(id_name)
    begin, end = call.params.integer("startTime", 0), call.params.integer("endTime", 2**62)
    call.params.reject_unread()
    if {"startTime", "endTime"} <= call.params.raw.keys():
        check_span(begin, end, LONGEST.get(call.market, 0))
    found = [row for row in rows if key(row)[0] >= (first or 0) and begin <= key(row)[1] <= end]
    return found[-limit:] if first is None else found[:limit]


def listed(call: Call) -> str:
    """The symbol of a request, which must be listed."""
    return call.params.listed(call.exchange.symbols).name


def listed_or_none(call: Call) -> str | None:
    """The symbol, which must be listed, of a request that need not have one."""
    return listed(call) if call.params.optional("symbol") else None


def read_restriction(params: Params) -> str:
    """The status that an order must have to be cancelled; empty for any."""
    return RESTRICTIONS[params.choice("cancelRestrictions", "", tuple(RESTRICTIONS))]


def cancellable(order: Order | None, restriction: str) -> Order:
    """:raises ApiError: -2011, the order is not open, or has another status than it must have."""
    if order is None or not order.is_open:
        raise unknown_order()
    if restriction not in ("", order.status):
        message = "Order was not canceled due to cancel restrictions."
        raise ApiError(UNKNOWN_ORDER, message)
    return order


class AccountCalls:
    """The calls about accounts. REST and the WebSocket API share these functions."""

    #: the module or class with the form of the answers
    _answers: Any = order_answers

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._entry = accounts.order_entry

    # orders

    def place(self, wallet: Wallet, call: Call) -> Any:
        order = self._entry.read(wallet, call.params, call.now)
        call.params.reject_unread()
        call.state.count_orders(wallet.uid, call.headers_out)
        return order_answers.placed(self._entry.place(order, call.now))

    def place_by_sor(self, wallet: Wallet, call: Call) -> Any:
        """Place an order by smart order routing, which has only this exchange to go to."""
        return [self.place(wallet, call) | {"workingFloor": "SOR", "usedSor": True}]

    def test(self, wallet: Wallet, call: Call) -> Any:
        """Check an order without placing it."""
        order = self._entry.read(wallet, call.params, call.now)
        call.params.reject_unread("computeCommissionRates")
        self._entry.check(order, call.now)
        return {}

    def order(self, wallet: Wallet, call: Call) -> Any:
        found = self._find(wallet, call)
        call.params.reject_unread()
        if found is None:
            raise ApiError(NO_SUCH_ORDER, "Order does not exist.")
        return self._answers.queried(found)

    def cancel(self, wallet: Wallet, call: Call) -> Any:
        found = self._find(wallet, call)
        cancel_id = call.params.optional("newClientOrderId") or self._entry.new_client_id()
        restriction = read_restriction(call.params)
        call.params.reject_unread()
        found = cancellable(found, restriction)
        self._entry.cancel(found, cancel_id)
        return self._canceled(found)

    def cancel_all(self, wallet: Wallet, call: Call) -> Any:
        symbol = listed(call)
        call.params.reject_unread()
        found = wallet.open_orders(symbol)
        if not found:
            raise unknown_order()
        for order in found:
            if order.is_open:  # it has not gone with another of its list
                self._entry.cancel(order, self._entry.new_client_id())
        once = {order.order_list or order: order for order in found}
        return [self._canceled(order) for order in once.values()]

    def _canceled(self, order: Order) -> Any:
        """The answer to a cancel: of an order, or of the list that it belonged to."""
        whole = order.order_list
        return order_answers.canceled_list(whole) if whole else self._answers.canceled(order)

    def open_orders(self, wallet: Wallet, call: Call) -> Any:
        symbol = listed_or_none(call)
        call.params.reject_unread()
        return [self._answers.queried(order) for order in wallet.open_orders(symbol)]

    def all_orders(self, wallet: Wallet, call: Call) -> Any:
        symbol = listed(call)
        mine = (each for each in wallet.orders.values() if each.symbol.name == symbol)
        found = page(call, "orderId", mine, lambda order: (order.id, order.time))
        return [self._answers.queried(order) for order in found]

    def _find(self, wallet: Wallet, call: Call, *names: str) -> Order | None:
        """The order that a request names by its id or its client id."""
        id_name, client_id_name = names or ("orderId", "origClientOrderId")
        symbol = listed(call)
        id = call.params.optional_integer(id_name)
        client_id = call.params.optional(client_id_name)
        if id is None and client_id is None:
            raise either_missing(client_id_name, id_name)
        self._entry.advance_market(symbol, call.now)  # it may have traded
        return wallet.find(symbol, id, client_id)

    # the account

    def account(self, wallet: Wallet, call: Call) -> Any:
        brief = call.params.flag("omitZeroBalances")
        call.params.reject_unread()
        return {
            "makerCommission": COMMISSION,
            "takerCommission": COMMISSION,
            "buyerCommission": 0,
            "sellerCommission": 0,
            "commissionRates": RATES,
            **dict.fromkeys(("canTrade", "canWithdraw", "canDeposit"), True),
            **dict.fromkeys(("brokered", "requireSelfTradePrevention", "preventSor"), False),
            "updateTime": call.exchange_time,
            "accountType": "SPOT",
            "balances": [
                {"asset": asset, "free": decimal(each.free), "locked": decimal(each.locked)}
                for asset, each in wallet.balances.items()
                if each.free or each.locked or not brief
            ],
            "permissions": ["SPOT"],
            "uid": wallet.uid,
        }

    def margin_account(self, wallet: Wallet, call: Call) -> Any:
        call.params.reject_unread()
        assets = [_margin_asset(wallet, asset) for asset in wallet.balances]
        return {"tradeEnabled": True, "marginLevel": "999.00000000", "userAssets": assets}

    def isolated_account(self, account: Account, call: Call) -> Any:
        names = call.params.text("symbols").split(",")
        call.params.reject_unread()
        if any(name not in call.exchange.symbols for name in names):
            raise bad_symbol()
        pairs = []
        for symbol in (call.exchange.symbols[name] for name in names):
            wallet = account.wallet(f"{MARGIN}:{symbol.name}")
            sides = {"baseAsset": symbol.base, "quoteAsset": symbol.quote}
            assets = {side: _margin_asset(wallet, asset) for side, asset in sides.items()}
            pairs.append({"symbol": symbol.name, "marginLevel": "999.00000000", **assets})
        return {"assets": pairs}

    def pm_balance(self, account: Account, call: Call) -> Any:
        """The balances of the three parts of a portfolio margin account."""
        call.params.reject_unread()
        rows: dict[str, dict[str, Any]] = {}
        parts = {MARGIN: _PM_BALANCES[:2], "pm:um": _PM_BALANCES[2:3], "pm:cm": _PM_BALANCES[3:]}
        for part, names in parts.items():
            for asset, each in account.wallet(part).balances.items():
                row = rows.setdefault(asset, {"asset": asset} | dict.fromkeys(_PM_BALANCES, "0"))
                amounts = zip(names, (each.free, each.locked), strict=False)
                row |= {name: decimal(amount) for name, amount in amounts}
        return list(rows.values())

    def my_trades(self, wallet: Wallet, call: Call) -> Any:
        symbol, order = listed(call), call.params.optional_integer("orderId")
        mine = (each for each in wallet.fills if each.order.symbol.name == symbol)
        fills = (each for each in mine if order in (None, each.order.id))
        found = page(call, "fromId", fills, lambda fill: (fill.trade.id, fill.trade.time))
        return [self._answers.traded(fill) for fill in found]

    def order_counts(self, wallet: Wallet, call: Call) -> Any:
        call.params.reject_unread()
        counts: dict[str, str] = {}
        call.state.count_orders(wallet.uid, counts, 0)
        return rate_limits(*call.state.counted_orders(call.market, counts))

    def commission(self, wallet: Wallet, call: Call) -> Any:
        symbol = listed(call)
        call.params.reject_unread()
        return {"symbol": symbol, "standardCommission": RATES}

    def filters(self, wallet: Wallet, call: Call) -> Any:
        """The filters that hold for the account alone: there are none."""
        listed(call)
        call.params.reject_unread()
        return {"exchangeFilters": [], "symbolFilters": [], "assetFilters": []}

    def nothing_of_symbol(self, wallet: Wallet, call: Call) -> Any:
        """Prevented matches and allocations: there are none."""
        listed(call)
        return []

    def transfer(self, account: Account, call: Call) -> Any:
        """Move money between two wallets."""
        kind, asset = call.params.text("type"), call.params.text("asset")
        amount = read_units(call.params, "amount")
        halves = zip(kind.partition("_")[::2], ("fromSymbol", "toSymbol"), strict=True)
        names = [_wallet_of_transfer(call, *half) for half in halves]
        call.params.reject_unread("fromSymbol", "toSymbol")
        if not amount:
            raise missing("amount")
        if len(set(names)) != 2 or "" in names:
            raise not_simulated(f"transfers of the type {kind}")
        source, target = map(account.wallet, names)
        if source.available(asset) < amount:
            raise ApiError(-5013, "Asset transfer failed: insufficient balance.")
        source.transfer(asset, -amount)
        target.transfer(asset, amount)
        self._accounts.counts["transfers"] += 1
        return {"tranId": 13_526_853_623 + self._accounts.counts["transfers"]}

    def borrow_or_repay(self, account: Account, call: Call) -> Any:
        """Give a loan to a margin wallet, or take it back. It has no interest and no limit."""
        params, sign = call.params, {"BORROW": 1, "REPAY": -1}
        asset, kind = params.text("asset"), params.choice("type", "", tuple(sign))
        amount, isolated = read_units(params, "amount"), params.flag("isIsolated")
        wallet = account.wallet(f"{MARGIN}:{params.symbol()}" if isolated else MARGIN)
        params.reject_unread("symbol")
        if not amount:
            raise missing("amount")
        held = wallet.balance(asset)
        if kind == "REPAY" and amount > held.borrowed:
            raise ApiError(-3015, "Repay amount exceeds borrow amount.")
        if kind == "REPAY" and amount > held.free:
            raise ApiError(-3041, "Balance is not enough")
        wallet.borrow(asset, sign[kind] * amount)
        event = {"e": "USER_LIABILITY_CHANGE", "E": call.exchange_time, "a": asset, "t": kind}
        if not isolated:
            account.wallet("risk").publish(event | {"p": decimal(amount), "i": decimal(0)})
        return {"tranId": call.exchange_time}

    # listen keys and tokens

    def make_listen_token(self, account: Account, call: Call) -> Any:
        isolated = call.params.flag("isIsolated")
        symbol = call.params.optional("symbol")
        validity = call.params.optional_integer("validity")
        call.params.reject_unread()
        if isolated and symbol not in call.exchange.symbols:
            raise missing("symbol")
        wallet = account.wallet(f"{MARGIN}:{symbol}" if isolated else MARGIN)
        token = self._accounts.make_listen_token(wallet, validity)
        return {"token": token.text, "expirationTime": int(token.expires)}

    def make_listen_key(self, account: Account, call: Call, market: str) -> Any:
        call.params.reject_unread()
        return {"listenKey": self._accounts.make_listen_key(account, market).text}

    def extend_listen_key(self, account: Account, call: Call, market: str) -> Any:
        text = _key_text(call.params, market)
        key = self._accounts.extend_listen_key(account, market, text)
        return {} if market == SPOT else {"listenKey": key.text}

    def delete_listen_key(self, account: Account, call: Call, market: str) -> Any:
        self._accounts.delete_listen_key(account, market, _key_text(call.params, market))
        return {}


def _wallet_of_transfer(call: Call, half: str, symbol_name: str) -> str:
    """The wallet that half of the type of a transfer means; empty: it is not simulated."""
    if half != "ISOLATEDMARGIN":
        return WALLETS_OF_TRANSFER.get(half, "")
    symbol = call.params.symbol(symbol_name)
    if symbol not in call.exchange.symbols:
        raise bad_symbol()
    return f"{MARGIN}:{symbol}"


def _margin_asset(wallet: Wallet, asset: str) -> dict[str, str]:
    held = wallet.balance(asset)
    amounts = {"free": held.free, "locked": held.locked, "borrowed": held.borrowed, "interest": 0}
    amounts["netAsset"] = held.free + held.locked - held.borrowed
    return {"asset": asset} | {name: decimal(amount) for name, amount in amounts.items()}


def _key_text(params: Params, market: str) -> str | None:
    text = params.text("listenKey") if market == SPOT else params.optional("listenKey")
    params.reject_unread()
    return text
