"""One symbol's order book, as the exchange keeps it. No client shares this code.

Every change of a level takes the next update id. A :class:`Diff` collects the levels that changed,
so a depth event has each of them once, with its last quantity.
"""

from __future__ import annotations

from bisect import bisect_left, insort

Level = tuple[int, int]
"""Price in ticks, quantity in steps."""


class Diff:
    """The levels that changed since the last :meth:`Book.take_diff`; one for each depth stream."""

    __slots__ = ("asks", "bids", "last")

    def __init__(self, update_id: int) -> None:
        self.last = update_id
        self.bids: set[int] = set()
        self.asks: set[int] = set()


class Book:
    """Price levels of both sides, best prices in constant time."""

    __slots__ = ("_ask_prices", "_bid_prices", "asks", "bids", "diffs", "update_id")

    def __init__(self, update_id: int) -> None:
        self.update_id = update_id
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}
        self._bid_prices: list[int] = []  # both ascending: the best bid is last, the best ask first
        self._ask_prices: list[int] = []
        self.diffs: list[Diff] = []

    @property
    def best_bid(self) -> int:
        return self._bid_prices[-1]

    @property
    def best_ask(self) -> int:
        return self._ask_prices[0]

    @property
    def worst_bid(self) -> int:
        return self._bid_prices[0]

    @property
    def worst_ask(self) -> int:
        return self._ask_prices[-1]

    def best(self) -> tuple[int, int, int, int]:
        """Best bid, its quantity, best ask, its quantity."""
        bid = self._bid_prices[-1]
        ask = self._ask_prices[0]
        return bid, self.bids[bid], ask, self.asks[ask]

    def set_bid(self, price: int, quantity: int) -> None:
        """Set the quantity of a bid level; 0 removes it."""
        self.update_id += 1
        if not quantity:
            del self.bids[price]
            del self._bid_prices[bisect_left(self._bid_prices, price)]
        else:
            if price not in self.bids:
                insort(self._bid_prices, price)
            self.bids[price] = quantity
        for diff in self.diffs:
            diff.bids.add(price)

    def set_ask(self, price: int, quantity: int) -> None:
        """Set the quantity of an ask level; 0 removes it."""
        self.update_id += 1
        if not quantity:
            del self.asks[price]
            del self._ask_prices[bisect_left(self._ask_prices, price)]
        else:
            if price not in self.asks:
                insort(self._ask_prices, price)
            self.asks[price] = quantity
        for diff in self.diffs:
            diff.asks.add(price)

    def bid_at(self, depth: int) -> int:
        """The price of a bid level: 0 is the best; the worst when there are not so many levels."""
        prices = self._bid_prices
        return prices[-1 - depth] if depth < len(prices) else prices[0]

    def ask_at(self, depth: int) -> int:
        """The price of an ask level: 0 is the best; the worst when there are not so many levels."""
        prices = self._ask_prices
        return prices[depth] if depth < len(prices) else prices[-1]

    def top(self, levels: int) -> tuple[list[Level], list[Level]]:
        """The best ``levels`` of each side, best first."""
        bids = self._bid_prices[: -levels - 1 : -1]
        return (
            [(price, self.bids[price]) for price in bids],
            [(price, self.asks[price]) for price in self._ask_prices[:levels]],
        )

    def start_diff(self) -> Diff:
        """Begin to collect changes."""
        diff = Diff(self.update_id)
        self.diffs.append(diff)
        return diff

    def stop_diff(self, diff: Diff) -> None:
        """Stop collecting them."""
        self.diffs.remove(diff)

    def take_diff(self, diff: Diff) -> tuple[int, int, list[Level], list[Level]] | None:
        """First id, last id, bids and asks that changed since the last call; None: no change."""
        if diff.last == self.update_id:
            return None
        bids = [(price, self.bids.get(price, 0)) for price in sorted(diff.bids, reverse=True)]
        asks = [(price, self.asks.get(price, 0)) for price in sorted(diff.asks)]
        first, diff.last = diff.last + 1, self.update_id
        diff.bids.clear()
        diff.asks.clear()
        return first, self.update_id, bids, asks
