"""Order entry: the checks that depend on wallet and market, then the match against the book. Pure.

Orders with a stop price are triggered whenever their market is advanced: a moment after the trade
that reached the price. Sources: the exchange's pages "Trading endpoints", "Filters" and "Error
codes".
"""

from __future__ import annotations

import itertools
from typing import Any

from binance.simulator.accounts.order_request import FILTER_FAILURE, read_order
from binance.simulator.accounts.resting_orders import RestingOrders
from binance.simulator.accounts.wallets import WITHOUT_PRICE, Order, OrderList
from binance.simulator.api.params import Params
from binance.simulator.market.exchange import Exchange
from binance.simulator.market.history import Trade
from binance.simulator.market.symbol_market import Market
from binance.simulator.market.symbols import MAX_OPEN_ORDERS, MAX_STOP_ORDERS, PRICE_RANGE, UNIT
from binance.simulator.rules.errors import ApiError

REJECTED = -2010
UNKNOWN_ORDER = -2011
NO_SUCH_ORDER = -2013


def unknown_order(what: str = "order") -> ApiError:
    return ApiError(UNKNOWN_ORDER, f"Unknown {what} sent.")


class OrderEntry:
    """Takes orders for wallets, on the markets of one exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._ids = itertools.count(1_000)
        self._resting: dict[str, RestingOrders] = {}
        self._waiting: dict[str, list[Order]] = {}
        self._last_trade_seen: dict[str, int] = {}
        self._unsettled: list[OrderList] = []

    def new_client_id(self) -> str:
        """A client order id for an order that came without one."""
        return f"simulated-{next(self._ids)}"

    def tick(self, now: int) -> None:
        """Advance the markets that have resting or waiting orders."""
        self._settle_lists(now)
        busy = {symbol for symbol, resting in self._resting.items() if resting}
        for symbol in sorted(busy | {each for each, some in self._waiting.items() if some}):
            self.advance_market(symbol, now)

    def advance_market(self, symbol: str, now: int) -> Market:
        """A market, advanced to ``now``. Triggers the orders whose stop price was reached."""
        market = self._exchange.market(symbol, now)
        self._settle_lists(now)
        while (seen := self._last_trade_seen.get(symbol, market.last_trade)) < market.last_trade:
            self._last_trade_seen[symbol] = market.last_trade
            news = itertools.takewhile(lambda each: each.id > seen, reversed(market.trades))
            for trade in reversed(list(news)):
                for order in [each for each in self._waiting[symbol] if each.after < trade.id]:
                    if order.is_waiting and order.is_open and order.is_reached(trade.price):
                        self._trigger(order, market, now)
                        self._settle_lists(now)
        return market

    def read(self, wallet: Any, params: Params, now: int) -> Order:
        """The order that a request asks for; it is not placed yet."""
        return read_order(params, self._exchange, wallet, next(self._ids), now)

    def check_filters(self, order: Order, now: int) -> Market:
        """Refuse an order that breaks a filter of its symbol.

        :raises ApiError: -1013.
        """
        symbol = order.symbol
        market = self.advance_market(symbol.name, now)
        price = order.price or order.stop or market.book.best_of(not order.buys)
        worth = order.quote or symbol.cost(price, order.quantity)
        if worth < symbol.least_notional or (order.price and worth > symbol.most_notional):
            raise ApiError(FILTER_FAILURE, "Filter failure: NOTIONAL")
        low, high = (factor * market.last_price for factor in PRICE_RANGE)
        if order.price and not low <= order.price <= high:
            raise ApiError(FILTER_FAILURE, "Filter failure: PERCENT_PRICE_BY_SIDE")
        open_orders = order.wallet.open_orders(symbol.name)
        if len(open_orders) >= MAX_OPEN_ORDERS:
            raise ApiError(FILTER_FAILURE, "Filter failure: MAX_NUM_ORDERS")
        if order.stop and sum(each.stop > 0 for each in open_orders) >= MAX_STOP_ORDERS:
            raise ApiError(FILTER_FAILURE, "Filter failure: MAX_NUM_ALGO_ORDERS")
        return market

    def check(self, order: Order, now: int) -> Market:
        """Refuse an order that cannot be placed.

        :raises ApiError: -1013 or -2010.
        """
        symbol, buys = order.symbol, order.buys
        market = self.check_filters(order, now)
        if any(e.client_id == order.client_id for e in order.wallet.open_orders(symbol.name)):
            raise ApiError(REJECTED, "Duplicate order sent.")
        if self._cost_at_most(order, market) > order.wallet.balance(symbol.given(buys)).free:
            raise ApiError(REJECTED, "Account has insufficient balance for requested action.")
        if order.type == "LIMIT_MAKER" and market.book.crosses(buys, order.price):
            raise ApiError(REJECTED, "Order would immediately match and take.")
        if order.stop and order.is_reached(market.last_price):
            raise ApiError(REJECTED, "Stop price would trigger immediately.")
        return market

    def place(self, order: Order, now: int) -> Order:
        """Place an order: it trades with what the book offers, then rests if its type allows.

        :raises ApiError: as `check` does.
        """
        market = self.check(order, now)
        order.quantity = order.quantity or self._steps_for_quote(order, market)
        self._accept(order, market, now)
        self._settle_lists(now)
        return order

    def place_list(self, orders: OrderList, now: int) -> None:
        """Place the orders of a list; those that follow another one stay pending."""
        market = self.advance_market(orders.symbol.name, now)
        wallet = orders.orders[0].wallet
        wallet.lists[orders.id] = orders
        for order in orders.orders:
            order.order_list = orders
            if orders.working is None or order is orders.working:
                self._accept(order, market, now)
            else:
                order.status, order.is_waiting = "PENDING_NEW", True
                wallet.keep(order)
        wallet.report_list(orders)
        self._note_list(orders.orders[0])
        self._settle_lists(now)

    def cancel(self, order: Order, cancel_id: str) -> None:
        """Cancel an open order and the others of its list."""
        cancelled = [order] if order.order_list is None else order.order_list.orders
        for each in cancelled:
            if each.is_open:
                each.cancel_id = cancel_id
                self._end(each, "CANCELED")
        if order.order_list is not None:
            order.wallet.report_list(order.order_list)

    def amend(self, order: Order, quantity: int, client_id: str) -> None:
        """Make an order smaller, and the other one of a pair; it keeps its place in the book."""
        orders, before = order.order_list, order.client_id
        pair = [order] if orders is None or order is orders.working else orders.others
        for each in [each for each in pair if each.is_open]:
            if not each.is_waiting:
                self._resting[each.symbol.name].shrink(each, each.quantity - quantity)
            each.wallet.amend(each, quantity, client_id if each is order else each.client_id)
        if orders is not None and client_id != before:
            order.wallet.report_list(orders, "UPDATED")

    # internal

    def _accept(self, order: Order, market: Market, now: int) -> None:
        """Accept an order: it waits for its stop price, or trades and rests."""
        if order.stop:
            self._wait(order, market)
        else:
            order.working = now
        order.wallet.accept(order)
        if not order.stop:
            self._match_and_rest(order, market, now)

    def _wait(self, order: Order, market: Market) -> None:
        name, order.is_waiting, order.after = market.symbol.name, True, market.last_trade
        self._waiting.setdefault(name, []).append(order)
        self._last_trade_seen.setdefault(name, market.last_trade)  # others may have to see it yet

    def _match_and_rest(self, order: Order, market: Market, now: int) -> None:
        wallet, limit = order.wallet, order.price or None
        offered = self._offered(order.buys, limit, market)
        if order.time_in_force == "FOK" and offered < order.quantity:
            wallet.end(order, "EXPIRED")
            return
        self._match(order, market, now, limit)
        is_brief = order.type in WITHOUT_PRICE or order.time_in_force in ("IOC", "FOK")
        # The last level of a side stays, so a sweep may leave an order that it cannot fill.
        if order.remaining and (is_brief or market.book.crosses(order.buys, order.price)):
            wallet.end(order, "EXPIRED")
        elif order.remaining:
            self._resting_of(market).rest(order)

    def _trigger(self, order: Order, market: Market, now: int) -> None:
        """The stop price of an order is reached."""
        self._waiting[market.symbol.name].remove(order)
        order.is_waiting = False
        for other in order.order_list.others if order.order_list else ():
            if other is not order and other.is_open:
                self._end(other, "EXPIRED")
        if not order.locked:
            gives = order.wallet.balance(order.symbol.given(order.buys))
            if self._cost_at_most(order, market) > gives.free:
                order.wallet.end(order, "EXPIRED")
                return
        order.working = now
        order.wallet.accept(order)
        self._match_and_rest(order, market, now)

    def _end(self, order: Order, status: str) -> None:
        """Remove an open order from the book, or from those that wait for a price."""
        name = order.symbol.name
        if not order.is_waiting:
            self._resting[name].cancel(order)
        elif order in self._waiting.get(name, ()):
            self._waiting[name].remove(order)
        order.wallet.end(order, status)

    def _settle_lists(self, now: int) -> None:
        """Place and cancel what the fills of order lists require."""
        while self._unsettled:
            orders = self._unsettled.pop()
            working, others = orders.working, orders.others
            if working is not None and not working.is_open:
                pending = (each for each in others if each.status == "PENDING_NEW")
                for order in sorted(pending, key=lambda each: each.stop > 0):  # who pays first
                    if working.status == "FILLED":
                        self._place_pending(order, orders, now)
                    else:
                        order.wallet.end(order, "EXPIRED")
            if any(order.executed for order in others):
                for order in others:
                    if order.is_open and not order.executed:
                        self._end(order, "EXPIRED")
            others[0].wallet.report_list(orders)

    def _place_pending(self, order: Order, orders: OrderList, now: int) -> None:
        """Place an order whose working order is filled."""
        market, working = self._exchange.market(order.symbol.name, now), orders.working
        if orders.uses_proceeds and working is not None:
            got = working.units(working.executed)
            paid = sum(fill.commission for fill in working.fills) if working.buys else 0
            order.quantity = (got - paid) // order.symbol.step
        gives = order.wallet.balance(order.symbol.given(order.buys))
        order.is_waiting = False
        takes = order.type == "LIMIT_MAKER" and market.book.crosses(order.buys, order.price)
        if takes or (order.pays and self._cost_at_most(order, market) > gives.free):
            order.wallet.end(order, "EXPIRED")
        else:
            self._accept(order, market, now)

    def _note_list(self, order: Order) -> None:
        """Remember to settle the list of an order that traded."""
        if order.order_list is not None and order.order_list not in self._unsettled:
            self._unsettled.append(order.order_list)

    def _filled_as_maker(self, order: Order, trade: Trade) -> None:
        order.wallet.fill(order, trade, is_maker=True)
        self._note_list(order)

    def _match(self, order: Order, market: Market, now: int, limit: int | None) -> None:
        while order.remaining:
            before = order.executed
            first = market.last_trade + 1
            market.take(now, order.buys, order.remaining, limit)
            count = market.last_trade - first + 1
            for trade in reversed(list(itertools.islice(reversed(market.trades), count))):
                order.wallet.fill(order, trade, is_maker=False)
                self._note_list(order)
            if order.executed == before:
                break
        market.report_best_price()

    def _resting_of(self, market: Market) -> RestingOrders:
        name = market.symbol.name
        if name not in self._resting:
            self._resting[name] = RestingOrders(market, self._filled_as_maker)
        return self._resting[name]

    def _cost_at_most(self, order: Order, market: Market) -> int:
        """The most that the order may cost, in units of the asset that it gives."""
        symbol = order.symbol
        if not order.buys:
            steps = order.quantity or self._steps_for_quote(order, market)
            return steps * symbol.step
        if order.quote:
            return order.quote
        if order.price:
            return symbol.cost_at_most(order.price, order.quantity)
        cost, left = 0, order.quantity
        for price, there in market.book.top(5000)[1]:
            taken = min(left, there)
            cost += symbol.cost(price, taken)
            left -= taken
        return cost

    def _steps_for_quote(self, order: Order, market: Market) -> int:
        """How many steps a market order for an amount of quote gets."""
        symbol, left, steps = order.symbol, order.quote, 0
        for price, there in market.book.top(5000)[order.buys]:
            each = price * symbol.tick * symbol.step
            taken = min(there, left * UNIT // each)
            steps += taken
            left -= taken * each // UNIT
            if taken < there:
                break
        if not steps:
            raise ApiError(FILTER_FAILURE, "Filter failure: LOT_SIZE")
        return steps

    @staticmethod
    def _offered(buys: bool, limit: int | None, market: Market) -> int:
        """The steps that a taker can get at its limit or better: all levels but the last."""
        levels = market.book.top(5000)[buys][:-1]
        if limit is not None:
            levels = [each for each in levels if (each[0] <= limit if buys else each[0] >= limit)]
        return sum(there for _, there in levels)
