"""One symbol's order book, as the exchange keeps it. No client shares this code.

Every change of a level takes the next update id. A :class:`Diff` collects the levels that changed,
so a depth event has each of them once, with its last quantity.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field

Level = tuple[int, int]
"""Price in ticks, quantity in steps."""


@dataclass(slots=True, eq=False)
class Diff:
    """The prices that changed since the last :meth:`Book.take_diff`; one for each depth stream."""

    last: int
    changed: tuple[set[int], set[int]] = field(default_factory=lambda: (set(), set()))
    """Of asks, of bids."""


class Book:
    """Price levels of both sides, best prices in constant time.

    ``bids`` says which side is meant. ``levels``: the quantity at each price, of asks and of bids.
    """

    __slots__ = ("_prices", "diffs", "levels", "update_id")

    def __init__(self, update_id: int) -> None:
        self.update_id = update_id
        self.levels: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self._prices: tuple[list[int], list[int]] = ([], [])  # ascending: the best bid is last
        self.diffs: list[Diff] = []

    @property
    def bids(self) -> dict[int, int]:
        return self.levels[True]

    @property
    def asks(self) -> dict[int, int]:
        return self.levels[False]

    def best_of(self, bids: bool) -> int:
        return self._prices[bids][-1 if bids else 0]

    def worst_of(self, bids: bool) -> int:
        return self._prices[bids][0 if bids else -1]

    @property
    def best_bid(self) -> int:
        return self.best_of(True)

    @property
    def best_ask(self) -> int:
        return self.best_of(False)

    def crosses(self, buys: bool, price: int) -> bool:
        """Would a taker at this price trade?"""
        best = self.best_of(not buys)
        return price >= best if buys else price <= best

    def best(self) -> tuple[int, int, int, int]:
        """Best bid, its quantity, best ask, its quantity."""
        bid, ask = self._prices[True][-1], self._prices[False][0]
        return bid, self.levels[True][bid], ask, self.levels[False][ask]

    def set(self, bids: bool, price: int, quantity: int) -> None:
        """Set the quantity of a level; 0 removes it."""
        self.update_id += 1
        levels, prices = self.levels[bids], self._prices[bids]
        if not quantity:
            del levels[price]
            del prices[bisect_left(prices, price)]
        else:
            if price not in levels:
                insort(prices, price)
            levels[price] = quantity
        for diff in self.diffs:
            diff.changed[bids].add(price)

    def at(self, bids: bool, depth: int) -> int:
        """The price of a level: 0 is the best; the worst when there are not so many levels."""
        prices = self._prices[bids]
        depth = min(depth, len(prices) - 1)
        return prices[-1 - depth] if bids else prices[depth]

    def top(self, count: int) -> tuple[list[Level], list[Level]]:
        """The best ``count`` levels of each side, best first."""
        bids, asks = self._prices[True][: -count - 1 : -1], self._prices[False][:count]
        return (
            [(price, self.bids[price]) for price in bids],
            [(price, self.asks[price]) for price in asks],
        )

    def start_diff(self) -> Diff:
        diff = Diff(self.update_id)
        self.diffs.append(diff)
        return diff

    def stop_diff(self, diff: Diff) -> None:
        self.diffs.remove(diff)

    def take_diff(self, diff: Diff) -> tuple[int, int, list[Level], list[Level]] | None:
        """First id, last id, bids and asks that changed since the last call; None: no change."""
        if diff.last == self.update_id:
            return None
        asks, bids = map(sorted, diff.changed)
        first, diff.last = diff.last + 1, self.update_id
        for changed in diff.changed:
            changed.clear()
        return (
            first,
            self.update_id,
            [(price, self.bids.get(price, 0)) for price in reversed(bids)],
            [(price, self.asks.get(price, 0)) for price in asks],
        )
