"""The book in the user's hands: the old methods as ever, the new ones exact, from any thread."""

import threading
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from binance.depthcache import BookSnapshot, DepthCache, Level
from binance.sansio.book.orderbook import OrderBook
from tests.pace import paced


def filled() -> DepthCache:
    cache = DepthCache("BNBBTC")
    for bid in (["0.00205", "1.5"], ["0.00210", "2.0"], ["0.00200", "3.0"]):
        cache.add_bid(bid)
    for ask in (["0.00220", "1.0"], ["0.00215", "4.0"]):
        cache.add_ask(ask)
    return cache


class TestOldMethods:
    def test_sides_are_sorted_lists_of_floats(self) -> None:
        cache = filled()
        assert cache.get_bids() == [[0.0021, 2.0], [0.00205, 1.5], [0.002, 3.0]]
        assert cache.get_asks() == [[0.00215, 4.0], [0.0022, 1.0]]
        for level in cache.get_bids() + cache.get_asks():
            assert [type(number) for number in level] == [float, float]

    def test_a_fresh_one_is_empty(self) -> None:
        cache = DepthCache("BNBBTC")
        assert cache.symbol == "BNBBTC"
        assert (cache.get_bids(), cache.get_asks(), cache.update_time) == ([], [], None)

    @pytest.mark.parametrize("zero", ["0", "0.000", "0.00000000", 0, 0.0])
    def test_any_zero_removes(self, zero: object) -> None:
        cache = filled()
        cache.add_bid(["0.00210", zero])
        cache.add_ask(["0.002150", zero])
        assert cache.get_bids() == [[0.00205, 1.5], [0.002, 3.0]]
        assert cache.get_asks() == [[0.0022, 1.0]]

    def test_numbers_and_longer_lists_are_taken(self) -> None:
        cache = DepthCache("BNBBTC")
        cache.add_bid([0.1, 2])
        cache.add_bid(["0.2", "3", []])
        cache.add_bid([0.1, 5.5])
        assert cache.get_bids() == [[0.2, 3.0], [0.1, 5.5]]

    @pytest.mark.parametrize("level", [["x", "1"], ["1.0", "x"], ["-1", "1"], ["1"], [], 5])
    def test_junk_is_refused(self, level: Any) -> None:
        cache = filled()
        with pytest.raises((TypeError, ValueError)):
            cache.add_bid(level)
        assert len(cache.get_bids()) == 3

    def test_lists_belong_to_the_caller(self) -> None:
        cache = filled()
        cache.get_bids().clear()
        cache.get_bids()[0][0] = 5.0
        assert cache.get_bids()[0] == [0.0021, 2.0]

    def test_sort_depth(self) -> None:
        levels = {"9.5": 1.0, "10.0": 2.0, 0.5: 3.0}
        assert DepthCache.sort_depth(levels) == [[0.5, 3.0], [9.5, 1.0], [10.0, 2.0]]
        assert DepthCache.sort_depth(levels, reverse=True) == [[10.0, 2.0], [9.5, 1.0], [0.5, 3.0]]
        assert filled().sort_depth({}) == []
        assert DepthCache.sort_depth([["9", "1"], ["10", "2"]]) == [[9.0, 1.0], [10.0, 2.0]]

    def test_the_stores_of_old_can_be_looked_at(self) -> None:
        cache = filled()
        assert cache._bids == {"0.00210": 2.0, "0.00205": 1.5, "0.00200": 3.0}
        assert cache._asks == {"0.00215": 4.0, "0.00220": 1.0}

    def test_update_time_can_be_set(self) -> None:
        cache = DepthCache("BNBBTC")
        cache.update_time = 5
        assert cache.update_time == 5


class TestExactReads:
    def test_best_prices(self) -> None:
        cache = filled()
        assert cache.best_bid == Level(Decimal("0.00210"), Decimal("2.0"))
        assert cache.best_ask == (Decimal("0.00215"), Decimal("4.0"))
        assert cache.spread == Decimal("0.00005")

    def test_an_empty_side_has_none(self) -> None:
        cache = DepthCache("BNBBTC")
        assert (cache.best_bid, cache.best_ask, cache.spread) == (None, None, None)
        cache.add_bid(["1", "1"])
        assert cache.spread is None

    def test_snapshot(self) -> None:
        cache = filled()
        taken = cache.snapshot()
        assert [str(level.price) for level in taken.bids] == ["0.00210", "0.00205", "0.00200"]
        assert [str(level.quantity) for level in taken.asks] == ["4.0", "1.0"]
        assert (taken.symbol, taken.synced, taken.update_id) == ("BNBBTC", False, 0)
        assert taken.spread == cache.spread
        cache.add_bid(["0.00212", "1"])
        assert taken.bids[0].price == Decimal("0.00210")

    @pytest.mark.parametrize(("limit", "bids"), [(1, 1), (2, 2), (3, 3), (99, 3), (None, 3)])
    def test_snapshot_of_the_best_levels(self, limit: int | None, bids: int) -> None:
        cache = filled()
        assert cache.snapshot(limit).bids == cache.snapshot().bids[:bids]

    @pytest.mark.parametrize("limit", [0, -1])
    def test_a_snapshot_of_nothing_is_refused(self, limit: int) -> None:
        with pytest.raises(ValueError, match="limit must be 1 or more levels, or None for all"):
            filled().snapshot(limit)

    def test_repr_says_whether_it_is_in_step(self) -> None:
        cache = filled()
        assert repr(cache) == "<DepthCache BNBBTC at 0, out of sync>"
        cache.synced = True
        assert repr(cache) == "<DepthCache BNBBTC at 0, synced>"


@pytest.mark.thread
class TestThreads:
    def test_a_writer_and_four_readers(self) -> None:
        """A thousand events at 1 kHz; every read is of one moment, and none raises."""
        cache = DepthCache("BNBBTC")
        cache._book = OrderBook.from_snapshot(
            {
                "lastUpdateId": 0,
                "bids": [[f"{price}.0", "1"] for price in range(900, 1000)],
                "asks": [[f"{price}.0", "1"] for price in range(1001, 1101)],
            }
        )
        stop, failures, counts = threading.Event(), list[BaseException](), [0] * 4
        reads: list[Callable[[], None]] = [
            lambda: check_snapshot(cache.snapshot()),
            lambda: check_snapshot(cache.snapshot(5)),
            lambda: check_spread(cache),
            lambda: check_lists(cache),
        ]

        def read(index: int) -> None:
            try:
                while not stop.is_set():
                    reads[index]()
                    counts[index] += 1
            except BaseException as error:
                failures.append(error)
                raise

        readers = [threading.Thread(target=read, args=(i,), daemon=True) for i in range(4)]
        for reader in readers:
            reader.start()
        write(cache, events=1000, per_second=1000)
        stop.set()
        for reader in readers:
            reader.join(paced(10))
        assert failures == []
        assert all(counts)
        assert cache.update_id == 1000


def write(cache: DepthCache, events: int, per_second: int) -> None:
    """Move the market up and down: within an event the old best ask goes and a bid takes its place.

    Half an event is a crossed book, or one whose sides do not fit: only whole ones may be seen.
    """
    middle, direction = 1000, 1
    start = time.monotonic()
    for update_id in range(1, events + 1):
        if not 950 < middle < 1050:
            direction = -direction
        bids = [[f"{middle}.0", "1" if direction > 0 else "0"]]
        middle += direction
        asks = [[f"{middle}.0", "0" if direction > 0 else "1"]]
        if direction < 0:
            bids, asks = [[f"{middle}.0", "0"]], [[f"{middle + 1}.0", "1"]]
        with cache._lock:
            cache._book.apply({"U": update_id, "u": update_id, "E": middle, "b": bids, "a": asks})
        time.sleep(max(0.0, start + update_id / per_second - time.monotonic()))


def check_snapshot(taken: BookSnapshot) -> None:
    assert taken.bids[0].price < taken.asks[0].price
    if taken.update_time is not None:
        assert taken.bids[0].price <= taken.update_time <= taken.asks[0].price


def check_spread(cache: DepthCache) -> None:
    assert cache.spread is not None
    assert cache.spread > 0
    assert cache.best_bid is not None
    assert cache.best_ask is not None


def check_lists(cache: DepthCache) -> None:
    bids, asks = cache.get_bids(), cache.get_asks()
    assert bids == sorted(bids, reverse=True)
    assert asks == sorted(asks)
