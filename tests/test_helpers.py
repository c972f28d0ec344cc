"""Dates, intervals and filter rounding."""

import sys
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP, Decimal
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance import enums, helpers
from binance.exceptions import UnknownDateFormat
from binance.helpers import (
    convert_ts_str,
    date_to_milliseconds,
    decimal_text,
    interval_to_milliseconds,
    round_price,
    round_quantity,
    round_step_size,
    round_to_step,
)

NOW = datetime(2026, 3, 31, 12, 30, 15, 250_000, tzinfo=UTC)


def ms(*parts: int) -> int:
    return round(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[misc, arg-type]


@pytest.fixture(autouse=True)
def no_dateparser(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests say holds for an installation without the optional package."""
    monkeypatch.setitem(sys.modules, "dateparser", None)


class TestDates:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("1970-01-01", 0),
            ("2018-01-31", ms(2018, 1, 31)),
            (" 2018-01-31 ", ms(2018, 1, 31)),
            ("20180131", ms(2018, 1, 31)),
            ("2018-01-31 14:30", ms(2018, 1, 31, 14, 30)),
            ("2018-01-31 14:30:05 UTC", ms(2018, 1, 31, 14, 30, 5)),
            ("2018-01-31T14:30:05Z", ms(2018, 1, 31, 14, 30, 5)),
            ("2018-01-31t14:30:05z", ms(2018, 1, 31, 14, 30, 5)),
            ("2018-01-31T14:30:05.678", ms(2018, 1, 31, 14, 30, 5) + 678),
            ("2018-01-31T14:30:05.678999", ms(2018, 1, 31, 14, 30, 5) + 678),
            ("2018-01-31T14:30:00+02:00", ms(2018, 1, 31, 12, 30)),
            ("2018-01-31 14:30:00 -0530", ms(2018, 1, 31, 20, 0)),
            ("2018-1-5", ms(2018, 1, 5)),
            ("2018/1/31 2:30 pm", ms(2018, 1, 31, 14, 30)),
            ("1 Jan, 2017", ms(2017, 1, 1)),
            ("1 Dec, 2017", ms(2017, 12, 1)),
            ("31 Jan 2018", ms(2018, 1, 31)),
            ("31 January, 2018 23:59:59", ms(2018, 1, 31, 23, 59, 59)),
            ("January 01, 2018", ms(2018, 1, 1)),
            ("January 1, 2018", ms(2018, 1, 1)),
            ("Jan. 1st, 2018", ms(2018, 1, 1)),
            ("Sept 2nd 2018 at 12:05 am UTC", ms(2018, 9, 2, 0, 5)),
            ("May 3, 2018, 12:05 p.m.", ms(2018, 5, 3, 12, 5)),
            ("1 january 1969 gmt", ms(1969, 1, 1)),
            ("1517409000", 1517409000_000),
            ("1517409000123", 1517409000123),
        ],
    )
    def test_absolute(self, text: str, expected: int) -> None:
        assert date_to_milliseconds(text) == expected

    @pytest.mark.parametrize("name", [*helpers._MONTHS, "june", "july", "august", "december"])
    def test_every_month(self, name: str) -> None:
        month = helpers._MONTHS.index(name[:3]) + 1
        assert date_to_milliseconds(f"2 {name.title()}, 2020") == ms(2020, month, 2)
        assert date_to_milliseconds(f"{name.upper()} 2, 2020") == ms(2020, month, 2)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("now", NOW),
            ("now UTC", NOW),
            ("Today", NOW),
            ("yesterday UTC", NOW - timedelta(days=1)),
            ("1 day ago UTC", NOW - timedelta(days=1)),
            ("11 hours ago UTC", NOW - timedelta(hours=11)),
            ("30 minutes ago", NOW - timedelta(minutes=30)),
            ("5 min ago", NOW - timedelta(minutes=5)),
            ("90 secs ago GMT", NOW - timedelta(seconds=90)),
            ("2 weeks ago UTC", NOW - timedelta(weeks=2)),
            ("an hour ago", NOW - timedelta(hours=1)),
            ("1 day, 2 hours ago", NOW - timedelta(days=1, hours=2)),
            ("1 day and 2 hours and 3 minutes ago", NOW - timedelta(days=1, hours=2, minutes=3)),
            ("1 month ago UTC", NOW.replace(month=2, day=28)),
            ("2 months ago", NOW.replace(month=1)),
            ("3 months ago", NOW.replace(year=2025, month=12)),
            ("13 months ago", NOW.replace(year=2025, month=2, day=28)),
            ("a year ago", NOW.replace(year=2025)),
            ("25 months ago UTC", NOW.replace(year=2024, month=2, day=29)),
        ],
    )
    def test_relative(self, text: str, expected: datetime) -> None:
        assert date_to_milliseconds(text, now=NOW) == round(expected.timestamp() * 1000)

    def test_relative_to_the_present_by_default(self) -> None:
        before = datetime.now(UTC)
        told = date_to_milliseconds("now UTC")
        after = datetime.now(UTC)
        assert before.timestamp() * 1000 - 1 <= told <= after.timestamp() * 1000

    def test_a_naive_now_is_utc(self) -> None:
        naive = NOW.replace(tzinfo=None)
        assert date_to_milliseconds("now", now=naive) == date_to_milliseconds("now", now=NOW)

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (1517409000123, 1517409000123),
            (1517409000123.9, 1517409000123),
            (0, 0),
            (datetime(2018, 1, 31, 14, 30), ms(2018, 1, 31, 14, 30)),
            (
                datetime(2018, 1, 31, 14, 30, tzinfo=timezone(timedelta(hours=2))),
                ms(2018, 1, 31, 12, 30),
            ),
        ],
    )
    def test_numbers_and_datetimes(self, value: Any, expected: int) -> None:
        assert date_to_milliseconds(value) == expected

    def test_a_date_of_1_0_may_be_none(self) -> None:
        assert convert_ts_str(None) is None
        assert convert_ts_str("2018-01-31") == ms(2018, 1, 31)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "soon",
            "2018",
            "12345",
            "01/02/2018",  # the 1st of February or the 2nd of January?
            "2018-13-01",
            "2018-02-30",
            "31 Feb, 2018",
            "1 Jan, 2018 25:00",
            "1 Jan, 2018 13:00 pm",
            "1 Foo, 2018",
            "5 ago",
            "5 parsecs ago",
            "1 day ago PST",
            "999999999 years ago",
            "9999999999999999 days ago",
            "tomorrow",
        ],
    )
    def test_other_texts_are_refused_with_what_is_allowed(self, text: str) -> None:
        with pytest.raises(UnknownDateFormat, match=r"not a date .*'1 day ago UTC'") as caught:
            date_to_milliseconds(text)
        assert repr(text) in str(caught.value)

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_numbers_that_are_no_time(self, value: float) -> None:
        with pytest.raises(UnknownDateFormat, match="not a date") as caught:
            date_to_milliseconds(value)
        assert isinstance(caught.value, ValueError)

    @pytest.mark.parametrize("value", [None, True, b"now", ["now"]])
    def test_other_types(self, value: Any) -> None:
        with pytest.raises(TypeError, match="a date must be"):
            date_to_milliseconds(value)

    @given(
        st.datetimes(
            min_value=datetime(1900, 1, 1),
            max_value=datetime(9999, 1, 1),
        )
    )
    def test_iso_and_written_out_agree(self, date: datetime) -> None:
        date = date.replace(microsecond=0)
        expected = date_to_milliseconds(date)
        assert date_to_milliseconds(date.isoformat()) == expected
        month = helpers._MONTHS[date.month - 1]
        clock = f"{date:%H:%M:%S}"
        assert date_to_milliseconds(f"{date.day} {month}, {date.year} {clock}") == expected
        assert date_to_milliseconds(f"{month} {date.day}, {date.year} {clock} UTC") == expected

    @given(st.integers(0, 2000), st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))
    def test_months_ago_keep_the_day_or_clamp_it(self, count: int, date: datetime) -> None:
        told = date_to_milliseconds(f"{count} months ago", now=date)
        then = helpers.EPOCH + timedelta(milliseconds=told)
        assert (date.year * 12 + date.month) - (then.year * 12 + then.month) == count
        assert then.day == date.day or (then + timedelta(days=1)).day == 1


class TestWithDateparser:
    """The optional package is asked for what we do not understand, and for nothing else."""

    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
        calls: list[tuple[str, dict[str, Any]]] = []

        def parse(text: str, settings: dict[str, Any]) -> datetime | None:
            calls.append((text, settings))
            return datetime(2018, 1, 2, tzinfo=UTC) if text == "last Tuesday" else None

        stand_in = ModuleType("dateparser")
        stand_in.parse = parse  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "dateparser", stand_in)
        return calls

    def test_is_asked_in_utc(self, asked: list[Any]) -> None:
        assert date_to_milliseconds("last Tuesday") == ms(2018, 1, 2)
        assert asked == [
            ("last Tuesday", {"TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": True}),
        ]

    def test_is_told_what_now_is(self, asked: list[Any]) -> None:
        date_to_milliseconds("last Tuesday", now=NOW)
        assert asked[0][1]["RELATIVE_BASE"] == NOW.replace(tzinfo=None)

    def test_is_not_asked_for_our_forms(self, asked: list[Any]) -> None:
        date_to_milliseconds("1 Jan, 2017")
        assert asked == []

    def test_may_not_know_either(self, asked: list[Any]) -> None:
        with pytest.raises(ValueError, match="not a date"):
            date_to_milliseconds("31 Feb, 2018")
        assert len(asked) == 1


class TestIntervals:
    @pytest.mark.parametrize(
        ("interval", "expected"),
        [
            ("1s", 1_000),
            ("1m", 60_000),
            ("3m", 180_000),
            ("30m", 1_800_000),
            ("1h", 3_600_000),
            ("12h", 43_200_000),
            ("1d", 86_400_000),
            ("3d", 259_200_000),
            ("1w", 604_800_000),
            ("1M", None),
            ("1x", None),
            ("m", None),
            ("", None),
            ("1", None),
            ("-1m", None),
            ("0m", None),
            ("1.5h", None),
            ("1m\n", None),
            ("\u0661m", None),
        ],
    )
    def test_length(self, interval: str, expected: int | None) -> None:
        assert interval_to_milliseconds(interval) == expected

    def test_every_interval_of_the_exchange_but_the_month_has_a_length(self) -> None:
        intervals = {v for n, v in vars(enums).items() if n.startswith("KLINE_INTERVAL_")}
        assert {v for v in intervals if interval_to_milliseconds(v) is None} == {"1M"}


def symbol(**filters: dict[str, str]) -> dict[str, Any]:
    return {"filters": [{"filterType": kind, **fields} for kind, fields in filters.items()]}


BNBBTC = symbol(
    PRICE_FILTER={"minPrice": "0.00000100", "maxPrice": "1000.00000000", "tickSize": "0.00000100"},
    LOT_SIZE={"minQty": "0.00100000", "maxQty": "100000.00000000", "stepSize": "0.00100000"},
    MARKET_LOT_SIZE={"minQty": "0.00000000", "maxQty": "500.50000000", "stepSize": "0.00000000"},
)


class TestRounding:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (0.1, "0.1"),
            (1e-7, "0.0000001"),
            (1e22, "10000000000000000000000"),
            (100, "100"),
            ("100.00000000", "100"),
            ("0.00010000", "0.0001"),
            (Decimal("1E+3"), "1000"),
            (Decimal("-0.50"), "-0.5"),
            (0.0, "0"),
            ("0E-8", "0"),
            (Decimal("-0"), "0"),
        ],
    )
    def test_decimal_text(self, value: Any, text: str) -> None:
        assert decimal_text(value) == text

    @pytest.mark.parametrize(
        ("value", "step", "rounding", "expected"),
        [
            ("1.2345", "0.01", ROUND_DOWN, "1.23"),
            ("1.2345", "0.01", ROUND_UP, "1.24"),
            ("1.235", "0.01", ROUND_HALF_EVEN, "1.24"),
            (0.3, 0.1, ROUND_DOWN, "0.3"),  # 0.3 // 0.1 is 2 in floats
            (7, 5, ROUND_DOWN, "5"),
            ("0.0099", "0.01", ROUND_DOWN, "0"),
            ("-1.2345", "0.01", ROUND_DOWN, "-1.23"),
            ("1.23456789", "0.00000000", ROUND_DOWN, "1.23456789"),
            (
                "123456789012345678901234567890.123",
                "0.01",
                ROUND_DOWN,
                "123456789012345678901234567890.12",
            ),
        ],
    )
    def test_round_to_step(self, value: Any, step: Any, rounding: str, expected: str) -> None:
        assert round_to_step(value, step, rounding) == Decimal(expected)

    @pytest.mark.parametrize("value", ["abc", "", float("nan"), "inf", "NaN"])
    def test_what_is_no_finite_number_is_refused(self, value: Any) -> None:
        with pytest.raises(ValueError, match="value must be"):
            round_to_step(value, "0.01")
        with pytest.raises(ValueError, match="value must be"):
            decimal_text(value)

    @pytest.mark.parametrize("value", [None, True, [1], b"1"])
    def test_what_is_no_number_is_refused(self, value: Any) -> None:
        with pytest.raises(TypeError, match="value must be a number"):
            round_to_step(value, "0.01")

    def test_bad_steps(self) -> None:
        with pytest.raises(ValueError, match="step must be 0 or more"):
            round_to_step(1, "-0.01")
        with pytest.raises(ValueError, match="too large for step"):
            round_to_step("1E+999999", "0.01")

    def test_the_rounding_of_1_0_goes_down_and_gives_a_float(self) -> None:
        found = [round_step_size(0.3, 0.1), round_step_size("1.999", Decimal("0.01"))]
        assert found == [0.3, 1.99]
        assert {type(each) for each in found} == {float}

    def test_quantity(self) -> None:
        assert round_quantity(BNBBTC, 0.30000000000000004) == Decimal("0.3")
        assert round_quantity(BNBBTC, "1.2399") == Decimal("1.239")
        assert round_quantity(BNBBTC, "1.2391", rounding=ROUND_UP) == Decimal("1.24")

    def test_quantity_out_of_range(self) -> None:
        with pytest.raises(
            ValueError, match=r"quantity 0 must be at least 0\.001 and at most 100000"
        ):
            round_quantity(BNBBTC, "0.0009")
        with pytest.raises(ValueError, match=r"quantity 100000\.001 must be"):
            round_quantity(BNBBTC, "100000.001")

    def test_market_quantity_obeys_both_filters(self) -> None:
        assert round_quantity(BNBBTC, "500.5009", market=True) == Decimal("500.5")
        assert round_quantity(BNBBTC, "500.501") == Decimal("500.501")
        with pytest.raises(ValueError, match=r"at most 500\.5"):
            round_quantity(BNBBTC, "500.501", market=True)

    def test_price(self) -> None:
        assert round_price(BNBBTC, 0.0123456789) == Decimal("0.012346")
        assert round_price(BNBBTC, "0.0123459", rounding=ROUND_DOWN) == Decimal("0.012345")
        with pytest.raises(ValueError, match=r"price 0 must be at least 0\.000001"):
            round_price(BNBBTC, "0.0000001")

    def test_a_filter_of_zeros_limits_nothing(self) -> None:
        free = symbol(PRICE_FILTER={"minPrice": "0.0", "maxPrice": "0.0", "tickSize": "0.0"})
        assert round_price(free, "123456.789") == Decimal("123456.789")

    def test_a_symbol_without_the_filter(self) -> None:
        assert round_price({"filters": []}, "1.5") == Decimal("1.5")

    def test_a_broken_filter_is_named(self) -> None:
        broken = symbol(LOT_SIZE={"minQty": "x", "maxQty": "1", "stepSize": "1"})
        with pytest.raises(ValueError, match="LOT_SIZE minQty must be a number"):
            round_quantity(broken, 1)


numbers = st.decimals(min_value=0, max_value=10**12, places=12) | st.floats(0, 1e12)
steps = st.integers(-8, 3).map(lambda places: Decimal(1).scaleb(places)) | st.decimals(
    min_value=Decimal("0.00000001"), max_value=1000, places=8
)


class TestRoundingProperties:
    @given(numbers, steps)
    def test_down_is_a_multiple_less_than_one_step_below(self, value: Any, step: Decimal) -> None:
        exact = Decimal(str(value))
        result = round_to_step(value, step)
        assert result % step == 0
        assert exact - step < result <= exact

    @given(numbers, steps)
    def test_rounding_twice_is_rounding_once(self, value: Any, step: Decimal) -> None:
        once = round_to_step(value, step)
        assert round_to_step(once, step) == once
        assert round_to_step(once, step, ROUND_UP) == once

    @given(numbers, steps)
    def test_nearest_is_at_most_half_a_step_away(self, value: Any, step: Decimal) -> None:
        result = round_to_step(value, step, ROUND_HALF_EVEN)
        assert abs(result - Decimal(str(value))) * 2 <= step

    @given(numbers)
    def test_text_is_plain_and_exact(self, value: Any) -> None:
        text = decimal_text(value)
        assert "e" not in text.lower()
        assert Decimal(text) == Decimal(str(value))
        assert not ("." in text and text.endswith(("0", ".")))

    @given(numbers, steps, numbers, numbers)
    def test_a_quantity_fits_its_filter_or_is_refused(
        self, value: Any, step: Decimal, least: Any, most: Any
    ) -> None:
        low, high = sorted(decimal_text(limit) for limit in (least, most))
        info = symbol(LOT_SIZE={"minQty": low, "maxQty": high, "stepSize": decimal_text(step)})
        try:
            result = round_quantity(info, value)
        except ValueError:
            down = round_to_step(value, step)
            assert down < Decimal(low) or (Decimal(high) and down > Decimal(high))
        else:
            assert result % step == 0
            assert Decimal(low) <= result
            assert result <= Decimal(high) or not Decimal(high)


@pytest.mark.parametrize(
    ("value", "text"),
    [(np.float32(0.1), "0.1"), (np.float64(1e-7), "0.0000001"), (np.int64(12), "12")],
)
def test_numbers_of_numpy(value: Any, text: str) -> None:
    assert helpers.decimal_text(value) == text
    assert helpers.date_to_milliseconds(value) == int(float(text))
    for truth in (np.True_, np.array([1.5])):
        with pytest.raises(TypeError, match="must be a number"):
            helpers.decimal_text(truth)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="a date must be"):
            helpers.date_to_milliseconds(truth)  # type: ignore[arg-type]
