"""One order book for `bench_orderbook.py`, in an interpreter of its own: `books.py NAME INPUT`.

The libraries compared share the import name `binance`, so each runs where only it is installed.
Orders come as lines of JSON on standard input, `{"case", "work", "seconds"}`; the answer to each
is `{"us": microseconds an event, "events": n, "best": [bid, ask]}`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

Event = dict[str, Any]


class Book:
    """What is asked of every contender."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        raise NotImplementedError

    def apply(self, event: Event) -> None:
        """Apply one diff event, as the library's own manager does."""
        raise NotImplementedError

    def best(self) -> tuple[Any, Any]:
        """Best bid and ask price, by what the library offers."""
        raise NotImplementedError

    def whole(self) -> object:
        """All levels of both sides, sorted."""
        raise NotImplementedError


class Ours(Book):
    """With all that our manager does for an event: lock, continuity, crossing, horizon."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        from binance.depthcache import DepthCache
        from binance.sansio.book.booksync import BookSync
        from binance.sansio.book.orderbook import OrderBook

        self.sync = BookSync()
        self.sync.opened()
        self.sync.snapshot(OrderBook.from_snapshot(snapshot))
        self.cache = DepthCache("BENCH")
        assert self.sync.book is not None
        self.cache._book = self.sync.book

    def apply(self, event: Event) -> None:
        with self.cache._lock:
            self.sync.event(event)

    def best(self) -> tuple[Any, Any]:
        bid, ask = self.cache.best_bid, self.cache.best_ask
        assert bid is not None
        assert ask is not None
        return bid.price, ask.price

    def whole(self) -> object:
        return self.cache.get_bids(), self.cache.get_asks()


class OursByOldMethods(Ours):
    """Read as old scripts do."""

    def best(self) -> tuple[Any, Any]:
        return self.cache.get_bids()[0][0], self.cache.get_asks()[0][0]


class PythonBinance(Book):
    """python-binance's `DepthCache`, old or current: `add_bid` and `add_ask` for each level."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        try:
            from binance.ws.depthcache import DepthCache
        except ImportError:
            from binance.depthcache import DepthCache
        self.cache = DepthCache("BENCH")
        self.apply({"b": snapshot["bids"], "a": snapshot["asks"]})

    def apply(self, event: Event) -> None:
        for bid in event["b"]:
            self.cache.add_bid(bid)
        for ask in event["a"]:
            self.cache.add_ask(ask)

    def best(self) -> tuple[Any, Any]:
        return self.cache.get_bids()[0][0], self.cache.get_asks()[0][0]

    def whole(self) -> object:
        return self.cache.get_bids(), self.cache.get_asks()


class PlainDict(Book):
    """Floats in a dict, the best price by `max` and `min`."""

    make: Callable[[], Any] = dict

    def __init__(self, snapshot: dict[str, Any]) -> None:
        self.bids, self.asks = type(self).make(), type(self).make()
        self.apply({"b": snapshot["bids"], "a": snapshot["asks"]})

    def apply(self, event: Event) -> None:
        for side, levels in ((self.bids, event["b"]), (self.asks, event["a"])):
            for price, quantity in levels:
                amount = float(quantity)
                if amount:
                    side[float(price)] = amount
                else:
                    side.pop(float(price), None)

    def best(self) -> tuple[Any, Any]:
        return max(self.bids), min(self.asks)

    def whole(self) -> object:
        return sorted(self.bids.items(), reverse=True), sorted(self.asks.items())


class Sorted(PlainDict):
    """Floats in a `sortedcontainers.SortedDict`."""

    @staticmethod
    def make() -> Any:  # type: ignore[override]
        from sortedcontainers import SortedDict

        return SortedDict()

    def best(self) -> tuple[Any, Any]:
        return self.bids.peekitem(-1)[0], self.asks.peekitem(0)[0]

    def whole(self) -> object:
        return list(reversed(self.bids.items())), list(self.asks.items())


class InC(Book):
    """`order_book`, the book in C of cryptofeed, with exact prices as cryptofeed has them."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        from order_book import OrderBook

        self.book = OrderBook()
        self.apply({"b": snapshot["bids"], "a": snapshot["asks"]})

    def apply(self, event: Event) -> None:
        for side, levels in ((self.book.bids, event["b"]), (self.book.asks, event["a"])):
            for text, quantity in levels:
                price, amount = Decimal(text), Decimal(quantity)
                if amount:
                    side[price] = amount
                elif price in side:
                    del side[price]

    def best(self) -> tuple[Any, Any]:
        return self.book.bids.index(0)[0], self.book.asks.index(0)[0]

    def whole(self) -> object:
        return self.book.to_dict()


BOOKS: dict[str, type[Book]] = {
    "ours": Ours,
    "ours (old methods)": OursByOldMethods,
    "python-binance 0.7": PythonBinance,
    "python-binance 1.0": PythonBinance,
    "sortedcontainers": Sorted,
    "plain dict": PlainDict,
    "order_book (C)": InC,
}


def measure(book: Book, events: list[Event], work: str, seconds: float) -> dict[str, Any]:
    """Take the CPU time of as many events as fit into so many seconds, at most all."""
    apply, best = book.apply, book.whole if "all" in work else book.best
    done, clock = 0, time.process_time
    is_applied, is_read = "apply" in work, "read" in work
    before = clock()
    for event in events:
        if is_applied:
            apply(event)
        if is_read:
            best()
        done += 1
        if not done % 16 and clock() - before > seconds:
            break
    spent = clock() - before
    prices = [float(price) for price in book.best()]
    return {"us": spent / done * 1e6, "events": done, "best": prices}


def memory(kind: type[Book], snapshot: dict[str, Any], number: int) -> dict[str, float]:
    """KB of a book, by the growth of the resident set (Linux); each has texts of its own."""
    texts = [json.dumps(snapshot)] * number
    kind(json.loads(texts[0])).best()
    before = _resident()
    books = [kind(json.loads(text)) for text in texts]
    return {"KB": (_resident() - before) / len(books)}


def _resident() -> int:
    with open("/proc/self/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def main() -> None:
    """Carry out orders until there are no more."""
    name, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        cases = json.load(file)
    for line in sys.stdin:
        order = json.loads(line)
        case = cases[order["case"]]
        if "books" in order:
            told = memory(BOOKS[name], case["snapshot"], order["books"])
            print(json.dumps(told), flush=True)
            continue
        book = BOOKS[name](case["snapshot"])
        told = measure(book, case["events"], order["work"], order["seconds"])
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
