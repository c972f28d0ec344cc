"""Futures orders: read from requests, checked, matched; and those that wait for a price. Pure.

Sources: the exchange's pages "New Order" and "New Algo Order" of USD-M futures, and "Error Code".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from binance.simulator.accounts.futures_wallet import (
    AlgoOrder,
    FuturesOrder,
    FuturesWallet,
    margin_asset,
)
from binance.simulator.accounts.order_entry import OrderEntry
from binance.simulator.accounts.order_request import (
    read_stp_mode,
    read_units,
    steps_of,
    ticks_of,
    unneeded,
)
from binance.simulator.accounts.wallets import Order
from binance.simulator.api.params import Params
from binance.simulator.market.exchange import Exchange
from binance.simulator.market.history import Trade
from binance.simulator.market.symbol_market import Market
from binance.simulator.market.symbols import CONDITIONAL, UNIT, decimal
from binance.simulator.rules.errors import ApiError, illegal, invalid, not_simulated

TIMES_IN_FORCE = ("GTC", "IOC", "FOK", "GTX")
MAX_ALGO_ORDERS = 200
CALLBACK_RATES = (UNIT // 10, 20 * UNIT)  # the least and the greatest, in percent of 1e-8
_CLIENT_ID = re.compile(r"[.A-Z:/a-z0-9_-]{1,36}\Z")
_LEGAL_CLIENT_ID = "^[.A-Z:/a-z0-9_-]{1,36}$"


class FuturesEntry(OrderEntry):
    """Takes orders for futures wallets, on the markets of one exchange."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(exchange)
        self._changed: list[Order] = []

    @property
    def assets(self) -> set[str]:
        """The margin assets of the contracts."""
        return {margin_asset(symbol) for symbol in self._exchange.listed}

    def mark(self, symbol: str) -> int:
        """The mark price in ticks: the middle of the book."""
        bid, _, ask, _ = self._exchange.market(symbol, 0).book.best()
        return (bid + ask) // 2

    def read(self, wallet: FuturesWallet, params: Params, now: int) -> FuturesOrder:
        """The order that a request asks for; an `AlgoOrder` with ``algoType``."""
        symbol = params.listed(self._exchange.symbols)
        is_algo, type = "algoType" in params, params.text("type")
        if is_algo:
            params.choice("algoType", "", ("CONDITIONAL",))
        elif type in CONDITIONAL:
            please = "Please use the Algo Order API endpoints instead."
            raise ApiError(-4120, f"Order type not supported for this endpoint. {please}")
        if type not in (CONDITIONAL if is_algo else ("LIMIT", "MARKET")):
            raise ApiError(-1116, "Invalid orderType.")
        price, quantity = read_units(params, "price"), read_units(params, "quantity")
        closes = params.flag("closePosition")
        trails = type.startswith("TRAILING")
        # Needed (True), refused (False), or optional (None).
        terms: dict[str, bool | None] = {"side": True, "quantity": not closes or None}
        terms["timeInForce"] = {"LIMIT": True, "MARKET": False}.get(type)
        terms["price"] = type in ("LIMIT", "STOP", "TAKE_PROFIT")
        if is_algo:
            terms |= {"triggerPrice": not trails, "callbackRate": trails}
        for name, is_needed in terms.items():
            if is_needed:
                params.text(name)
            elif is_needed is False and params.optional(name):
                raise unneeded(name)
        if params.choice("positionSide", "BOTH", ("BOTH", "LONG", "SHORT")) != "BOTH":
            raise ApiError(-4061, "Order's position side does not match user's setting.")
        params.choice("priceMatch", "NONE", ("NONE",))  # others are not simulated
        params.choice("workingType", "CONTRACT_PRICE", ("CONTRACT_PRICE",))
        if params.flag("priceProtect"):
            raise not_simulated("orders with priceProtect")
        if params.optional("timeInForce") == "GTD":
            raise not_simulated("orders with timeInForce=GTD")
        id_name = "clientAlgoId" if is_algo else "newClientOrderId"
        id = params.optional(id_name) or self.new_client_id()
        if not _CLIENT_ID.match(id):
            raise illegal(id_name, _LEGAL_CLIENT_ID)
        more: dict[str, Any] = {"stp_mode": read_stp_mode(params)}
        more["answer"] = params.choice("newOrderRespType", "ACK", ("ACK", "RESULT"))
        if is_algo:
            more["stop"] = ticks_of(symbol, read_units(params, "triggerPrice"))
            more["activation"] = ticks_of(symbol, read_units(params, "activatePrice"))
            rate = read_units(params, "callbackRate")
            if rate is not None and not CALLBACK_RATES[0] <= rate <= CALLBACK_RATES[1]:
                raise invalid("callbackRate")
            more["rate"] = (rate or 0) / UNIT
            more["closes"] = closes
        reduces = closes or params.flag("reduceOnly")
        buys = params.choice("side", "", ("BUY", "SELL")) == "BUY"
        time_in_force = params.choice("timeInForce", "GTC", TIMES_IN_FORCE)
        params.reject_unread()
        ticks, steps = ticks_of(symbol, price), steps_of(symbol, quantity)
        made = AlgoOrder if is_algo else FuturesOrder
        head = (wallet, symbol, next(self._ids), id, buys, type)
        more |= {"updated": now, "reduces": reduces}
        return made(*head, time_in_force, ticks, steps, now, **more)

    def enter(self, order: FuturesOrder, now: int) -> None:
        """Place an order: it waits for its price, or trades, then rests if its type allows.

        :raises ApiError: for what the exchange refuses.
        """
        wallet, market = order.wallet, self.advance_market(order.symbol.name, now)
        others = wallet.algos if isinstance(order, AlgoOrder) else wallet.orders
        if any(each.client_id == order.client_id and each.is_open for each in others.values()):
            raise ApiError(-4116, "ClientOrderId is duplicated.")
        if not isinstance(order, AlgoOrder):
            self._check(order, market)
            self._accept(order, market, now)
            self._note_list(order)
            self._settle_lists(now)
            return
        if sum(each.is_open for each in wallet.algos.values()) >= MAX_ALGO_ORDERS:
            raise ApiError(-4045, "Reach max stop order limit.")
        if order.stop and order.is_reached(market.last_price):
            raise ApiError(-2021, "Order would immediately trigger.")
        self._wait(order, market)
        wallet.algos[order.id] = order
        wallet.report_algo(order)

    def modify(self, order: FuturesOrder, price: int, quantity: int, now: int) -> None:
        """Change the price and the quantity of an order in the book; it loses its place.

        :raises ApiError: nothing would change, or the margin is too small.
        """
        if (price, quantity) == (order.price, order.quantity):
            raise ApiError(-5027, "No need to modify the order.")
        market = self.advance_market(order.symbol.name, now)
        takes = order.time_in_force == "GTX" and market.book.crosses(order.buys, price)
        if takes or quantity <= order.executed:
            self.cancel(order, order.client_id)
            return
        checked = replace(order, price=price, quantity=quantity)
        self._check(checked, market)
        self._resting_of(market).cancel(order)
        order.wallet.modify(order, price, checked.quantity)
        self._match_and_rest(order, market, now)
        self._note_list(order)
        self._settle_lists(now)

    def _check(self, order: FuturesOrder, market: Market) -> None:
        wallet, symbol, buys = order.wallet, order.symbol, order.buys
        best = market.book.best_of(not buys)
        if order.time_in_force == "GTX" and market.book.crosses(buys, order.price):
            raise ApiError(-5022, "Post Only order will be rejected.")
        held = wallet.position(symbol).amount
        reducible = abs(held) if held and (held > 0) is not buys else 0
        if order.reduces:
            if not reducible:
                raise ApiError(-2022, "ReduceOnly Order is rejected.")
            order.quantity = min(order.remaining or reducible, reducible) + order.executed
        price, least = order.price or best, symbol.least_notional
        if not order.reduces and symbol.cost(price, order.quantity) < least:
            least_text = f"no smaller than {decimal(least)} (unless you choose reduce only)"
            raise ApiError(-4164, f"Order's notional must be {least_text}.")
        margin = wallet.margin_of(symbol, replace(order, price=price))
        more = margin - wallet.margin_of(symbol)
        if more > max(0, wallet.available(margin_asset(symbol))):
            raise ApiError(-2019, "Margin is insufficient.")

    def _note_list(self, order: Order) -> None:
        self._changed.append(order)

    def _filled_as_maker(self, order: Order, trade: Trade) -> None:
        super()._filled_as_maker(order, trade)
        self._expire_beaten(order, trade.price)  # whose trades at this price are made already

    def _settle_lists(self, now: int) -> None:
        while self._changed:
            self._expire_beaten(self._changed.pop())

    def _expire_beaten(self, cause: Any, spared: int = 0) -> None:
        """End what would reduce more than the position, the worst prices first."""
        wallet, symbol = cause.wallet, cause.symbol
        held = wallet.position(symbol).amount
        left, found = abs(held), wallet.open_orders(symbol.name)
        reducing = [each for each in found if each.reduces and each.price]  # those that can rest
        for each in sorted(reducing, key=lambda each: -each.price if each.buys else each.price):
            if each.buys is (held < 0) and each.remaining <= left:
                left -= each.remaining
            elif each.price != spared:
                self._end(each, "EXPIRED")

    def _trigger(self, order: Order, market: Market, now: int) -> None:
        """The price of a conditional order is reached: it becomes an ordinary one."""
        assert isinstance(order, AlgoOrder)
        self._waiting[market.symbol.name].remove(order)
        wallet, type = order.wallet, "LIMIT" if order.price else "MARKET"
        order.is_waiting, order.triggered, order.status = False, now, "TRIGGERING"
        wallet.report_algo(order)
        head = (wallet, order.symbol, next(self._ids), self.new_client_id(), order.buys, type)
        more: dict[str, Any] = {"reduces": order.reduces, "asked_type": order.type, "updated": now}
        more["stp_mode"] = order.stp_mode
        tail = (order.time_in_force, order.price, order.quantity, now)
        placed = FuturesOrder(*head, *tail, **more)
        try:
            self._check(placed, market)
        except ApiError as error:
            order.status, order.reason = "REJECTED", error.message
            wallet.report_algo(order)
            return
        order.placed, order.status = placed, "TRIGGERED"
        wallet.report_algo(order)
        self._accept(placed, market, now)
