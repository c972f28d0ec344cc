"""Where the orders of accounts stand among the crowd's in one book. Pure.

Theory. At a price, who came first trades first. Of the crowd only quantities are known, so a level
that holds an account's orders is a queue of pairs: what the crowd has before the order, and the
order; what is left of the level beyond the last order is the crowd's, too. What the crowd cancels
goes from behind: never from an order, and from before one only when nothing else is left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from binance.simulator.accounts.wallets import Order
from binance.simulator.market.symbol_market import Market, Trade

Filled = Callable[[Order, Trade], None]


class _Place:
    """An order in the queue of its level, and what the crowd has directly before it."""

    __slots__ = ("before", "order")

    def __init__(self, before: int, order: Order) -> None:
        self.before = before
        self.order = order


class RestingOrders:
    """The accounts' orders in one market's book; `filled` is told of each trade of one."""

    def __init__(self, market: Market, filled: Filled) -> None:
        self._market = market
        self._filled = filled
        self._levels: dict[tuple[bool, int], list[_Place]] = {}
        market.resting = self

    def __bool__(self) -> bool:
        return bool(self._levels)

    # from the accounts

    def rest(self, order: Order) -> None:
        """Put what is left of a limit order into the book."""
        level = (order.buys, order.price)
        there = self._there(*level)
        places = self._levels.setdefault(level, [])
        self._settle(places, there)
        places.append(_Place(there - self._sum(places), order))
        self._set(*level, there + order.remaining)

    def cancel(self, order: Order) -> None:
        """Take an order out of the book."""
        level = (order.buys, order.price)
        places = self._levels[level]
        there = self._there(*level)
        self._settle(places, there)
        at = next(i for i, place in enumerate(places) if place.order is order)
        if at + 1 < len(places):
            places[at + 1].before += places[at].before
        del places[at]
        if not places:
            del self._levels[level]
        self._set(*level, there - order.remaining)

    def shrink(self, order: Order, by: int) -> None:
        """An order is about to be smaller by so many steps, and stays where it is."""
        level = (order.buys, order.price)
        there = self._there(*level)
        self._settle(self._levels[level], there)
        self._set(*level, there - by)

    # from the market

    def held(self, bids: bool, price: int) -> int:
        return sum(place.order.remaining for place in self._levels.get((bids, price), ()))

    def split(self, bids: bool, price: int, there: int, fill: int) -> list[tuple[int, Any]] | None:
        places = self._levels.get((bids, price))
        if places is None:
            return None
        self._settle(places, there)
        parts: list[tuple[int, Any]] = []
        for place in places:
            crowd = min(fill, place.before)
            place.before -= crowd
            mine = min(fill - crowd, place.order.remaining)
            parts += [(crowd, None)] * bool(crowd) + [(mine, place.order)] * bool(mine)
            fill -= crowd + mine
        return parts + [(fill, None)] * bool(fill)

    def filled(self, order: Order, trade: Trade) -> None:
        self._filled(order, trade)
        if not order.remaining:
            level = (order.buys, order.price)
            places = [each for each in self._levels[level] if each.order is not order]
            if places:
                self._levels[level] = places
            else:
                del self._levels[level]

    # internal

    def _there(self, bids: bool, price: int) -> int:
        book = self._market.book
        return (book.bids if bids else book.asks).get(price, 0)

    def _set(self, bids: bool, price: int, quantity: int) -> None:
        book = self._market.book
        if bids:
            book.set_bid(price, quantity)
        else:
            book.set_ask(price, quantity)
        self._market.tell_top()

    @staticmethod
    def _sum(places: list[_Place]) -> int:
        return sum(place.before + place.order.remaining for place in places)

    def _settle(self, places: list[_Place], there: int) -> None:
        """Let what the crowd has cancelled be gone from behind."""
        surplus = self._sum(places) - there
        for place in reversed(places):
            gone = min(max(0, surplus), place.before)
            place.before -= gone
            surplus -= gone
