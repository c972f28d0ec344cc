"""Price levels: exact, sorted whenever they are read, as quick in deep books as in flat ones."""

import gc
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binance.sansio.book import orderbook
from binance.sansio.book.orderbook import BookSnapshot, Level, OrderBook, Side, plain
from tests.profiles import examples


def side_of(sign: int, *levels: tuple[str, str]) -> Side:
    side = Side(sign)
    side.update(levels)
    return side


def snapshot(
    bids: list[list[Any]] | None = None, asks: list[list[Any]] | None = None
) -> dict[str, Any]:
    return {"lastUpdateId": 7, "bids": bids or [], "asks": asks or []}


class TestLevels:
    @pytest.mark.parametrize(
        "zero", ["0", "0.0", "0.000", "0.00000000", "00", "0.", ".0", "0e0", "0.00E-3"]
    )
    def test_every_way_to_write_zero_removes(self, zero: str) -> None:
        side = side_of(1, ("1.10", "5.0"), ("1.00", "2.0"))
        side.update([("1.10", zero)])
        assert side.best() == ("1.00", "2.0")
        assert len(side) == 1

    @pytest.mark.parametrize(
        "price", ["1", "1.", "1.0", "1.00", "1.00000000", "01.0", "1." + "0" * 20]
    )
    def test_prices_are_numbers(self, price: str) -> None:
        side = side_of(1, ("1.0", "2"), ("0.9", "1"))
        side.update([(price, "3")])
        assert exact(side.copy().top()) == exact([("1.0", "3"), ("0.9", "1")])
        side.update([(price, "0")])
        assert exact(side.copy().top()) == exact([("0.9", "1")])

    def test_a_price_with_more_decimals_is_another(self) -> None:
        side = side_of(-1, ("1.0", "2"), ("1.00000001", "3"), ("0.999999999", "4"))
        levels = [("0.999999999", "4"), ("1.000000000", "2"), ("1.000000010", "3")]
        assert side.copy().top() == levels, "all written alike"

    @pytest.mark.parametrize("price", [".5", "0.5", "00.5", "0.50", ".50"])
    def test_a_price_below_one_is_one_level_however_it_is_written(self, price: str) -> None:
        side = side_of(1, ("0.5", "1"))
        side.update([(price, "2")])
        assert exact(side.copy().top()) == exact([("0.5", "2")])

    def test_prices_without_decimals(self) -> None:
        side = side_of(-1, ("90001", "1"), ("9000", "2"), ("090001", "3"))
        assert side.copy().top() == [("9000", "2"), ("90001", "3")]
        side.update([("9000.5", "4"), ("9000", "0")])
        assert side.copy().top() == [("9000.5", "4"), ("90001.0", "3")]

    def test_digits_of_other_scripts_are_no_price(self) -> None:
        with pytest.raises(ValueError, match="a price is written in digits"):
            side_of(1, ("1.0", "1"), ("１.5", "1"))  # noqa: RUF001

    def test_prices_that_are_one_float_are_two_levels(self) -> None:
        low, high = "123456789012.00000001", "123456789012.00000002"
        assert float(low) == float(high)
        side = side_of(1, (low, "1"), (high, "2"))
        assert side.copy().top() == [(high, "2"), (low, "1")]
        assert side_of(-1, (low, "1"), (high, "2")).best() == (low, "1")

    def test_order_is_not_that_of_texts(self) -> None:
        side = side_of(1, ("9.5", "1"), ("10.5", "1"), ("100.5", "1"))
        assert [price for price, _ in side.copy().top()] == ["100.5", "10.5", "9.5"]

    def test_a_quantity_too_small_for_a_float_is_not_zero(self) -> None:
        tiny = "0." + "0" * 400 + "1"
        side = side_of(1, ("1.0", tiny))
        assert side.best() == ("1.0", tiny)
        side.update([("1.0", "5"), ("1.0", tiny)])
        assert side.best() == ("1.0", tiny)

    def test_removing_what_is_not_there_does_nothing(self) -> None:
        side = side_of(1, ("1.0", "0"))
        assert side.best() is None
        assert len(side) == 0

    @pytest.mark.parametrize(
        ("price", "quantity"),
        [
            ("x", "1"),
            ("", "1"),
            (".", "1"),
            ("-1.0", "1"),
            ("+1.0", "1"),
            ("1e3", "1"),
            ("1.0.0", "1"),
            ("NaN", "1"),
            (" 1.0", "1"),
            ("2.0", "x"),
            ("2.0", "-1"),
            ("2.0", "NaN"),
            ("2.0", ""),
            ("1.0", "x"),
            ("1.0", "-1"),
            ("1.0", "NaN"),
        ],
    )
    def test_junk_is_refused(self, price: str, quantity: str) -> None:
        side = side_of(1, ("1.0", "5"))
        with pytest.raises(ValueError, match=r"."):
            side.update([(price, quantity)])
        assert side.copy().top() == [("1.0", "5")]

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (1, "1"),
            (0.1, "0.1"),
            (1e-08, "0.00000001"),
            (12345678.9, "12345678.9"),
            ("1.50", "1.50"),
            ("1E+3", "1000"),
            (Decimal("0.10"), "0.10"),
        ],
    )
    def test_numbers_are_written_plainly(self, value: object, text: str) -> None:
        assert plain(value) == text

    @pytest.mark.parametrize("value", ["x", None, -1, "-0.5", float("nan"), float("inf"), [], True])
    def test_what_is_no_number_from_zero_is_refused(self, value: object) -> None:
        with pytest.raises(ValueError, match="a number from zero, not"):
            plain(value)


prices = st.integers(1, 400).flatmap(
    lambda ticks: st.sampled_from(
        [f"{ticks / 10:.1f}", f"{ticks / 10:.3f}", f"{ticks / 10:.8f}", f"0{ticks / 10:.1f}"]
    )
)
quantities = st.sampled_from(["0", "0.000", "0.00000000", "1", "2.50", "0.00000001"])
batches = st.lists(st.lists(st.tuples(prices, quantities), max_size=60), max_size=12)


class TestAgainstAPlainDict:
    """Whatever the window does, a side is a dict of numbers, sorted."""

    @pytest.mark.parametrize("sign", [1, -1])
    @pytest.mark.parametrize("window", [2, orderbook._LEAST_WINDOW])
    @settings(max_examples=examples(40))
    @given(start=st.lists(st.tuples(prices, quantities), max_size=120), batches=batches)
    def test_any_changes(
        self,
        sign: int,
        window: int,
        start: list[tuple[str, str]],
        batches: list[list[tuple[str, str]]],
    ) -> None:
        with mock.patch.object(orderbook, "_LEAST_WINDOW", window):
            side, expected = Side(sign), dict[Decimal, Decimal]()
            side.load(start)
            note(expected, start)
            self.compare(side, expected, sign)
            for batch in batches:
                side.update(batch)
                note(expected, batch)
                self.compare(side, expected, sign)
                if window == 2:  # from now on the floats are kept too
                    floats = [
                        [float(price), float(quantity)] for price, quantity in expected.items()
                    ]
                    floats.sort(key=lambda level: -sign * level[0])
                    assert side.in_order(side.amounts()) == floats

    @staticmethod
    def compare(side: Side, expected: dict[Decimal, Decimal], sign: int) -> None:
        levels = sorted(expected.items(), key=lambda level: -sign * level[0])
        assert len(side) == len(levels)
        best = side.best()
        assert (best and (Decimal(best[0]), Decimal(best[1]))) == (levels[0] if levels else None)
        assert side.best_level is None  # what was read before the change is forgotten
        assert side.level() == side.best_level == (levels[0] if levels else None)
        for limit in (1, 2, 3, 5, 100, 1000):
            assert exact(side.top(limit)) == levels[:limit]
        assert exact(side.copy().top()) == levels

    @pytest.mark.parametrize("sign", [1, -1])
    def test_a_finer_price_keeps_the_window(self, sign: int) -> None:
        side, expected = Side(sign), dict[Decimal, Decimal]()
        start = [(str(price), "1") for price in range(1000, 2000)]
        side.load(start)
        note(expected, start)
        worse = [(f"{1500 - sign * i}.25", "2") for i in range(400)]
        side.update(worse)
        note(expected, worse)
        for limit in (100, 126, 150, 175, 400):
            levels = sorted(expected.items(), key=lambda level: -sign * level[0])
            assert exact(side.top(limit)) == levels[:limit]

    @settings(max_examples=examples(25))
    @given(st.data())
    def test_the_window_is_cut_and_filled(self, data: st.DataObject) -> None:
        """Many levels come at the best end, many go there: what is below must come up again."""
        side, expected = Side(1), dict[Decimal, Decimal]()
        for _ in range(data.draw(st.integers(1, 6))):
            first = data.draw(st.integers(1, 3000))
            count = data.draw(st.integers(1, 700))
            quantity = data.draw(st.sampled_from(["0", "1.5"]))
            batch = [(f"{price}.00", quantity) for price in range(first, first + count)]
            side.update(batch)
            note(expected, batch)
            self.compare(side, expected, 1)


def note(expected: dict[Decimal, Decimal], batch: list[tuple[str, str]]) -> None:
    for price, quantity in batch:
        expected.pop(Decimal(price), None)
        if Decimal(quantity):
            expected[Decimal(price)] = Decimal(quantity)


def exact(levels: list[tuple[str, str]]) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(price), Decimal(quantity)) for price, quantity in levels]


class TestBook:
    def test_snapshot_and_events(self) -> None:
        book = OrderBook.from_snapshot(
            snapshot([["1.0", "5"], ["0.9", "4"]], [["1.1", "3"], ["1.2", "2"]])
        )
        assert (book.update_id, book.update_time) == (7, None)
        event = {"U": 8, "u": 9, "E": 1234, "b": [["1.0", "0"], ["0.95", "1"]], "a": [["1.1", "9"]]}
        book.apply(event)
        assert (book.update_id, book.update_time) == (9, 1234)
        assert book.bids.best() == ("0.95", "1")
        assert book.asks.best() == ("1.1", "9")
        assert book.fault is None

    @pytest.mark.parametrize(
        "answer",
        [
            {},
            {"code": -1121, "msg": "Invalid symbol."},
            {"lastUpdateId": "7", "bids": [], "asks": []},
            {"lastUpdateId": 7, "bids": [["1.0"]], "asks": []},
            {"lastUpdateId": 7, "bids": 5, "asks": []},
            {"lastUpdateId": 7, "bids": [["x", "1"]], "asks": []},
            {"lastUpdateId": 7, "bids": [[[], "1"]], "asks": []},
            {"lastUpdateId": 7, "bids": [["1.0", None]], "asks": []},
            {"lastUpdateId": 7, "bids": [["1.0", "1"]], "asks": [["1.0", "1"]]},
            [],
        ],
    )
    def test_what_is_no_book_is_refused(self, answer: Any) -> None:
        with pytest.raises(ValueError, match=r"."):
            OrderBook.from_snapshot(answer)

    def test_numbers_are_taken_too(self) -> None:
        book = OrderBook.from_snapshot(snapshot([[1.0, 5], [0.9, 4.5]], [[1.1, 1e-8]]))
        assert book.bids.copy().top() == [("1.0", "5"), ("0.9", "4.5")]
        assert book.asks.best() == ("1.1", "0.00000001")

    def test_numbers_among_texts_lose_nothing(self) -> None:
        side = side_of(1, ("1.0", "5"))
        side.update([[0.25, 1], ["1.00", "6"], ["0.9", "4"]])
        assert side.copy().top() == [("1.00", "6"), ("0.90", "4"), ("0.25", "1")]

    def test_the_old_form_of_a_level_is_taken(self) -> None:
        """`[price, quantity, []]`, of snapshots and of events."""
        book = OrderBook.from_snapshot(snapshot([["1.0", "5", []]], [["1.1", "3", []]]))
        assert (book.bids.best(), book.asks.best()) == (("1.0", "5"), ("1.1", "3"))
        event = {"U": 8, "u": 8, "b": [["1.0", "0", []], ["0.9", "1"]], "a": [["1.1", "2", []]]}
        book.apply(event)
        assert (book.bids.best(), book.asks.best()) == (("0.9", "1"), ("1.1", "2"))

    @pytest.mark.parametrize("level", [["x", "1", []], ["1.0", "y", []], ["1.0"], []])
    def test_junk_in_the_old_form_is_junk(self, level: list[Any]) -> None:
        with pytest.raises(ValueError, match=r"."):
            OrderBook.from_snapshot(snapshot([level], []))

    @pytest.mark.parametrize(
        ("bid", "ask", "is_crossed"),
        [
            ("1.0", "1.1", False),
            ("1.0", "1.0", True),
            ("1.1", "1.0", True),
            ("1.0", "1.00000001", False),
            ("1.00000001", "1.0", True),
            ("9.5", "10", False),
            ("10", "9.50", True),
        ],
    )
    def test_crossed(self, bid: str, ask: str, is_crossed: bool) -> None:
        book = OrderBook()
        book.apply({"U": 1, "u": 1, "b": [[bid, "1"]], "a": [[ask, "1"]]})
        assert book.fault == ("crossed" if is_crossed else None)

    def test_a_book_with_an_empty_side_is_not_crossed(self) -> None:
        book = OrderBook()
        assert book.fault is None
        book.apply({"U": 1, "u": 1, "b": [["5", "1"]], "a": []})
        assert book.fault is None


class TestHorizon:
    """A snapshot cut at its limit knows nothing beyond its worst level."""

    def book(self, limit: int | None) -> OrderBook:
        return OrderBook.from_snapshot(
            snapshot([["1.0", "5"], ["0.9", "4"]], [["1.1", "3"], ["1.2", "2"]]), limit
        )

    def test_is_where_a_full_snapshot_ends(self) -> None:
        book = self.book(limit=2)
        assert (book.bids.horizon, book.asks.horizon) == ("0.9", "1.2")
        book.apply({"U": 8, "u": 8, "b": [["0.85", "1"]], "a": [["1.2123", "1"]]})
        assert (book.bids.horizon, book.asks.horizon) == ("0.90", "1.2000")

    @pytest.mark.parametrize("limit", [3, None])
    def test_a_snapshot_below_its_limit_has_none(self, limit: int | None) -> None:
        book = self.book(limit)
        assert (book.bids.horizon, book.asks.horizon) == (None, None)
        book.apply({"U": 8, "u": 8, "b": [["1.0", "0"], ["0.9", "0"]], "a": []})
        assert book.fault is None

    @pytest.mark.parametrize(
        ("bids", "fault"),
        [
            ([["1.0", "0"]], None),
            ([["1.0", "0"], ["0.9", "0"]], "horizon"),
            ([["1.0", "0"], ["0.9", "0"], ["0.8", "1"]], "horizon"),
            ([["1.0", "0"], ["0.9", "0"], ["0.91", "1"]], None),
        ],
    )
    def test_a_best_price_beyond_it_may_be_wrong(
        self, bids: list[list[str]], fault: str | None
    ) -> None:
        book = self.book(limit=2)
        book.apply({"U": 8, "u": 8, "b": bids, "a": []})
        assert book.fault == fault

    @pytest.mark.parametrize("sign", [1, -1])
    @pytest.mark.parametrize("is_read", [True, False])
    def test_far_levels_are_dropped_and_it_says_as_far_as_which_all_are_known(
        self, sign: int, is_read: bool
    ) -> None:
        with mock.patch.object(orderbook, "MOST_LEVELS", 400):
            side = Side(sign)
            side.load([["1000.0", "1"]], limit=1)
            if is_read:
                side.amounts()
            for n in range(1, 401):
                side.update([[f"{1000 - sign * n}.0", str(n)]])
                assert len(side) == (n + 1 if n < 400 else 200)
            kept = [(f"{1000 - sign * n}.0", str(n or 1)) for n in range(200)]
            assert side.copy().top() == kept
            assert side.top(3) == kept[:3]
            assert side.amounts() == {price: float(quantity) for price, quantity in kept}
            assert side.horizon == "1000.0", "the nearer of the two"
            whole = Side(sign)
            whole.load(kept)
            for n in range(200, 401):
                whole.update([[f"{1000 - sign * n}.0", "1"]])
            assert whole.horizon == kept[-1][0], "where it was cut"
            side.update([["1000.00", "0"]])
            assert side.best() == (kept[1][0] + "0", "1")

    def test_a_snapshot_beyond_the_bound_ends_where_it_was_cut(self) -> None:
        with mock.patch.object(orderbook, "MOST_LEVELS", 400):
            book = OrderBook.from_snapshot(snapshot([[f"{n}.5", "1"] for n in range(1000, 1, -1)]))
        assert len(book.bids) <= 400
        assert book.bids.best() == ("1000.5", "1")
        assert book.bids.horizon is not None
        assert Decimal(book.bids.horizon) > 700

    def test_holds_for_asks_too(self) -> None:
        book = self.book(limit=2)
        book.apply({"U": 8, "u": 8, "b": [], "a": [["1.1", "0"], ["1.2", "0"], ["1.3", "1"]]})
        assert book.fault == "horizon"


class TestSnapshot:
    def test_spread(self) -> None:
        bid, ask = Level(Decimal("1.0"), Decimal(2)), Level(Decimal("1.25"), Decimal(2))
        empty = BookSnapshot("BNBBTC", 1, None, True, (bid,), ())
        assert empty.spread is None
        assert BookSnapshot("BNBBTC", 1, None, True, (bid,), (ask,)).spread == Decimal("0.25")

    def test_is_immutable(self) -> None:
        taken = BookSnapshot("BNBBTC", 1, None, True, (), ())
        with pytest.raises(AttributeError):
            taken.synced = False  # type: ignore[misc]


class TestCost:
    """Counted in lines and calls, not in seconds, which would measure the machine."""

    @pytest.mark.parametrize(
        "work",
        [
            pytest.param(
                lambda book, i: [[f"{90000 - i % 40}.5", "1"]], id="new levels at the top"
            ),
            pytest.param(lambda book, i: [[f"{90000 - i % 40}.0", "2"]], id="known levels"),
            pytest.param(
                lambda book, i: [[f"{90000 - i % 40}.0", "0" if i % 80 < 40 else "1"]], id="churn"
            ),
        ],
    )
    def test_does_not_grow_with_the_depth(
        self, work: Callable[[OrderBook, int], list[list[str]]]
    ) -> None:
        steps = {depth: self.steps(depth, work) for depth in (50, 5000)}
        assert steps[5000] <= steps[50] * 1.1

    @staticmethod
    def steps(depth: int, work: Callable[[OrderBook, int], list[list[str]]]) -> int:
        book = OrderBook.from_snapshot(
            snapshot([[f"{90000 - i}.0", "1"] for i in range(depth)], [["90001.0", "1"]])
        )
        count = 0

        def trace(frame: Any, event: str, arg: object) -> Any:
            nonlocal count
            count += 1
            return trace

        tracer = sys.gettrace()  # that which measures the coverage, perhaps
        gc.disable()  # it would call the finalizers of others
        sys.settrace(trace)
        try:
            for i in range(400):
                book.apply({"U": i, "u": i, "b": work(book, i), "a": []})
                book.bids.best()
        finally:
            sys.settrace(tracer)
            gc.enable()
        return count

    def test_sorting_all_is_as_rare_as_the_window_is_wide(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A market that falls through 4,000 levels: each one removed at the best end."""
        sorts = []

        def counted(numbers: Any, **how: Any) -> list[int]:
            sorts.append(len(numbers))
            return sorted(numbers, **how)

        book = OrderBook.from_snapshot(snapshot([[f"{90000 - i}", "1"] for i in range(5000)]))
        monkeypatch.setattr(orderbook, "sorted", counted, raising=False)
        for i in range(4000):
            book.apply({"U": i, "u": i, "b": [[f"{90000 - i}", "0"]], "a": []})
            assert book.bids.best() == (f"{90000 - i - 1}", "1")
        assert len(sorts) < 20
