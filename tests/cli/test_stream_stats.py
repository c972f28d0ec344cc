"""Price, change, latency and rate of a stream from its payloads."""

from __future__ import annotations

from typing import Any

import pytest

from binance.cli.screen.stream_stats import NumberColumn, StreamStats

CANDLE = {"o": "100.0", "c": "101.0", "i": "5m"}
PAYLOADS: list[tuple[str, Any, str, str]] = [
    ("trade", {"e": "trade", "E": 1, "p": "0.01230000"}, "0.0123", "+0.00%"),
    ("aggTrade", {"e": "aggTrade", "E": 1, "p": "12.50"}, "12.5", "+0.00%"),
    ("kline", {"e": "kline", "E": 1, "k": CANDLE}, "101", "+1.00% 5m"),
    ("mini", {"e": "24hrMiniTicker", "E": 1, "c": "99", "o": "100"}, "99", "-1.00% 24h"),
    ("ticker", {"e": "24hrTicker", "E": 1, "c": "99", "P": "-1.234"}, "99", "-1.23% 24h"),
    ("hour", {"e": "1hTicker", "E": 1, "c": "99", "P": "0.5"}, "99", "+0.50% 1h"),
    ("day", {"e": "1dTicker", "E": 1, "c": "99", "P": "0.5"}, "99", "+0.50% 1d"),
    ("average", {"e": "avgPrice", "E": 1, "w": "25776.86000000"}, "25,776.86", "+0.00%"),
    ("reference", {"e": "referencePrice", "r": None, "t": 1}, "-", ""),
    ("mark", {"e": "markPriceUpdate", "E": 1, "p": "11794.15000000"}, "11,794.15", "+0.00%"),
    ("quote", {"u": 1, "b": "4.00", "B": "1", "a": "4.10", "A": "1"}, "4.0 / 4.1", "+0.00%"),
    ("book", {"lastUpdateId": 1, "bids": [["4", "1"]], "asks": [["5", "1"]]}, "4 / 5", "+0.00%"),
    ("empty book", {"lastUpdateId": 1, "bids": [], "asks": []}, "", ""),
    ("changes", {"e": "depthUpdate", "E": 1, "b": [["1", "2"]], "a": []}, "1 bids 0 asks", ""),
    ("list", [{"e": "24hrMiniTicker", "E": 1}, {"e": "24hrMiniTicker"}], "2 symbols", ""),
    ("empty list", [], "0 symbols", ""),
    ("unknown", {"e": "news"}, "", ""),
    ("changed", {"e": "trade", "E": 1}, "?", ""),
    ("no object", "text", "", ""),
]


@pytest.mark.parametrize(("_", "data", "price", "change"), PAYLOADS, ids=[p[0] for p in PAYLOADS])
def test_price_and_change_of_each_kind(_: str, data: Any, price: str, change: str) -> None:
    stats = StreamStats("x")
    stats.add(data, 1.0)
    assert (stats.price, stats.change) == (price, change)
    assert stats.messages == 1
    assert stats.last == 1.0


def test_the_change_is_that_since_the_first_price_and_has_a_direction() -> None:
    stats = StreamStats("x")
    moves = []
    for price in ("100", "102", "102", "101"):
        stats.add({"e": "trade", "p": price}, 1.0)
        moves.append((stats.change, stats.direction))
    assert moves == [("+0.00%", 0), ("+2.00%", 1), ("+2.00%", 1), ("+1.00%", -1)]


def test_latency_counts_the_difference_of_the_clocks() -> None:
    stats = StreamStats("x")
    stats.add({"e": "trade", "p": "1", "E": 999_900}, 1000.0, offset=-30.0)
    assert stats.latency == pytest.approx(70.0)
    stats.add({"e": "trade", "p": "1", "E": 999_980}, 1000.0, offset=-30.0)
    assert stats.latency == pytest.approx(70 + 0.2 * (-10 - 70))  # smoothed
    stats = StreamStats("x")
    stats.add({"e": "trade", "p": "1", "E": 1_700_000_000_000_000}, 1_700_000_000.25)
    assert stats.latency == pytest.approx(250.0)  # microseconds


def test_the_rate_is_that_of_the_last_seconds() -> None:
    stats = StreamStats("x")
    assert stats.rate(0.0) == 0.0
    for second in range(1, 21):
        for _ in range(10 if second <= 10 else 2):
            stats.add({}, float(second))
        rate = stats.rate(float(second))
        if second == 10:
            assert rate == pytest.approx(10.0)
    assert rate == pytest.approx(2.0)


def test_numbers_keep_the_decimals_that_any_of_them_needed() -> None:
    column = NumberColumn()
    assert [column.format(text) for text in ("1.00", "1.50", "1.25000", "1.00000", "2")] == [
        "1",
        "1.5",
        "1.25",
        "1.00",
        "2.00",
    ]
    assert column.format("1e-7") == "1e-7"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1234567.8900", "1,234,567.89"),
        ("-1234.50", "-1,234.5"),
        ("-0.00", "0"),
        ("-0", "0"),
        ("0.00000001", "0.00000001"),
        ("1E-7", "1E-7"),
        ("-", "-"),
        (None, "None"),
    ],
)
def test_numbers_have_thousands_separators_and_no_negative_zero(number: object, text: str) -> None:
    assert NumberColumn().format(number) == text
