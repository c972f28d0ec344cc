from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.simulator.market.candles import DAY, HOUR, INTERVALS, Candle, candle_bounds


def ms(*when):
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("interval", "offset", "begin", "end"),
    [
        ("1s", 0, ms(2026, 3, 15, 13, 47, 11), ms(2026, 3, 15, 13, 47, 12)),
        ("1m", 0, ms(2026, 3, 15, 13, 47), ms(2026, 3, 15, 13, 48)),
        ("15m", 0, ms(2026, 3, 15, 13, 45), ms(2026, 3, 15, 14)),
        ("4h", 0, ms(2026, 3, 15, 12), ms(2026, 3, 15, 16)),
        ("4h", 8 * HOUR, ms(2026, 3, 15, 12), ms(2026, 3, 15, 16)),
        ("1d", 0, ms(2026, 3, 15), ms(2026, 3, 16)),
        ("1d", 8 * HOUR, ms(2026, 3, 14, 16), ms(2026, 3, 15, 16)),
        ("1w", 0, ms(2026, 3, 9), ms(2026, 3, 16)),
        ("1M", 0, ms(2026, 3, 1), ms(2026, 4, 1)),
        ("1M", 8 * HOUR, ms(2026, 2, 28, 16), ms(2026, 3, 31, 16)),
    ],
)
def test_where_time_is_cut(interval, offset, begin, end):
    assert candle_bounds(interval, ms(2026, 3, 15, 13, 47, 11), offset) == (begin, end)


def test_december_ends_with_the_year():
    assert candle_bounds("1M", ms(2026, 12, 31, 23)) == (ms(2026, 12, 1), ms(2027, 1, 1))


@given(
    st.sampled_from(sorted(INTERVALS)),
    st.integers(ms(2017, 8, 1), ms(2035, 1, 1)),
    st.sampled_from([0, 8 * HOUR, -5 * HOUR]),
)
def test_every_moment_lies_in_its_candle_and_the_next_begins_where_it_ends(interval, time, offset):
    begin, end = candle_bounds(interval, time, offset)
    assert begin <= time < end
    assert candle_bounds(interval, end, offset)[0] == end
    assert candle_bounds(interval, begin - 1, offset)[1] == begin
    if interval != "1M":
        assert end - begin == INTERVALS[interval]


def test_trades_make_a_candle():
    candle = Candle.flat(50)
    candle.add(100, 2, 7, 8, True)
    candle.add(90, 1, 9, 9, False)
    candle.add(120, 3, 10, 12, False)
    assert (candle.open, candle.high, candle.low, candle.close) == (100, 120, 90, 120)
    assert (candle.volume, candle.quote, candle.trades) == (6, 200 + 90 + 360, 6)
    assert (candle.first, candle.last) == (7, 12)
    assert (candle.buy_volume, candle.buy_quote) == (2, 200)


def test_a_candle_without_trades_is_flat_and_has_no_ids():
    flat = Candle.flat(50)
    assert (flat.open, flat.close, flat.trades, flat.first, flat.last) == (50, 50, 0, -1, -1)


TRADES = st.lists(
    st.tuples(st.integers(1, 99), st.integers(1, 9), st.booleans()), min_size=0, max_size=30
)


def fields(candle):
    return [getattr(candle, name) for name in Candle.__slots__]


@given(TRADES, st.integers(0, 30))
def test_the_sum_of_two_candles_is_the_candle_of_all_their_trades(trades, at):
    whole, before, after = Candle.flat(0), Candle.flat(0), Candle.flat(0)
    for id, (price, quantity, bought) in enumerate(trades):
        for candle in (whole, before if id < at else after):
            candle.add(price, quantity, id, id, bought)
    copy = replace(before)
    before.extend(after)
    assert fields(before) == fields(whole)
    if after.trades:
        assert fields(copy) != fields(before)


def test_days_are_whole():
    assert DAY == 86_400_000
