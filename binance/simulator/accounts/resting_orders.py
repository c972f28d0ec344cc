"""Accounts' orders that rest in one market's book, and their place in the queue. Pure.

Theory. The other orders of the book are simulated: the crowd's. At one price the oldest order
trades first. Of the crowd only quantities are known. So a level with orders of accounts is a queue
of pairs: the crowd's quantity ahead of an order, and the order. The rest of the level, behind the
last order, is the crowd's too. The crowd cancels from the back of the queue: never an order of an
account, and quantity ahead of one only when there is nothing behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from binance.simulator.accounts.wallets import Order
from binance.simulator.market.history import Trade
from binance.simulator.market.symbol_market import Market

Filled = Callable[[Order, Trade], None]


@dataclass(slots=True)
class _Queued:
    """An order in the queue of its level, and the crowd's quantity directly ahead of it."""

    ahead: int
    order: Order


class RestingOrders:
    """The accounts' orders in one market's book. `filled` is called with each trade of one."""

    def __init__(self, market: Market, filled: Filled) -> None:
        self._market = market
        self._filled = filled
        self._levels: dict[tuple[bool, int], list[_Queued]] = {}
        market.account_orders = self

    def __bool__(self) -> bool:
        return bool(self._levels)

    # from the accounts

    def rest(self, order: Order) -> None:
        """Add the rest of a limit order to the book."""
        level, queue, there = self._settled(order)
        queue.append(_Queued(there - self._sum(queue), order))
        self._set(*level, there + order.remaining)

    def cancel(self, order: Order) -> None:
        """Remove an order from the book."""
        level, _, there = self._settled(order)
        self._remove(level, order)
        self._set(*level, there - order.remaining)

    def shrink(self, order: Order, by: int) -> None:
        """Make an order smaller by so many steps; it keeps its place. Call this first."""
        level, _, there = self._settled(order)
        self._set(*level, there - by)

    # from the market

    def held(self, bids: bool, price: int) -> int:
        return sum(each.order.remaining for each in self._levels.get((bids, price), ()))

    def split(self, bids: bool, price: int, there: int, fill: int) -> list[tuple[int, Any]] | None:
        queue = self._levels.get((bids, price))
        if queue is None:
            return None
        self._settle(queue, there)
        parts: list[tuple[int, Any]] = []
        for each in queue:
            crowd = min(fill, each.ahead)
            each.ahead -= crowd
            mine = min(fill - crowd, each.order.remaining)
            parts += [(crowd, None)] * bool(crowd) + [(mine, each.order)] * bool(mine)
            fill -= crowd + mine
        return parts + [(fill, None)] * bool(fill)

    def filled(self, order: Order, trade: Trade) -> None:
        self._filled(order, trade)
        if not order.remaining:
            self._remove((order.buys, order.price), order)

    # internal

    def _remove(self, level: tuple[bool, int], order: Order) -> None:
        queue = self._levels[level]
        at = next(i for i, each in enumerate(queue) if each.order is order)
        if at + 1 < len(queue):
            queue[at + 1].ahead += queue[at].ahead
        del queue[at]
        if not queue:
            del self._levels[level]

    def _settled(self, order: Order) -> tuple[tuple[bool, int], list[_Queued], int]:
        """The level of an order, its queue as it is now, and the quantity there."""
        level = (order.buys, order.price)
        queue = self._levels.setdefault(level, [])
        there = self._market.book.levels[order.buys].get(order.price, 0)
        self._settle(queue, there)
        return level, queue, there

    def _set(self, bids: bool, price: int, quantity: int) -> None:
        is_last = len(self._market.book.levels[bids]) == 1
        if is_last and not quantity:  # the crowd takes the place: no side is ever empty
            quantity = self._market.symbol.lot
        self._market.book.set(bids, price, quantity)
        self._market.report_best_price()

    @staticmethod
    def _sum(queue: list[_Queued]) -> int:
        return sum(each.ahead + each.order.remaining for each in queue)

    def _settle(self, queue: list[_Queued], there: int) -> None:
        """Take what the crowd has cancelled from the back of the queue."""
        surplus = self._sum(queue) - there
        for each in reversed(queue):
            gone = min(max(0, surplus), each.ahead)
            each.ahead -= gone
            surplus -= gone
