from itertools import pairwise

import pytest

from binance.simulator.market.candles import Candle
from binance.simulator.market.history import LISTED, History
from binance.simulator.market.symbols import listing

SUMS = ("volume", "quote", "trades", "buy_volume", "buy_quote")


@pytest.fixture(params=[0, 3, 29])
def history(request):
    return History(listing(30)[request.param], seed=1, activity=3.0)


def agree(whole: Candle, parts: list[Candle]) -> None:
    for name in SUMS:
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name), name
    assert max(part.high for part in parts) == whole.high
    assert min(part.low for part in parts) == whole.low
    assert (parts[0].open, parts[-1].close) == (whole.open, whole.close)
    assert (parts[0].first, parts[-1].last) == (whole.first, whole.last)
    for before, after in pairwise(parts):
        assert (before.close, before.last + 1) == (after.open, after.first)


def test_hours_add_up_to_their_day_and_minutes_to_their_hour(history):
    agree(history.day(20_500), [history.hour(20_500 * 24 + hour) for hour in range(24)])
    for hour in range(20_500 * 24, 20_500 * 24 + 24):
        agree(history.hour(hour), [history.minute(hour * 60 + minute) for minute in range(60)])


def test_every_minute_is_a_sound_candle(history):
    for minute in range(20_500 * 1440, 20_501 * 1440):
        candle = history.minute(minute)
        assert candle.low <= min(candle.open, candle.close)
        assert candle.high >= max(candle.open, candle.close)
        assert candle.trades >= 2
        assert candle.low * candle.volume <= candle.quote <= candle.high * candle.volume
        assert 0 <= candle.buy_volume <= candle.volume


def test_days_follow_each_other(history):
    days = [history.day(day) for day in range(20_000, 20_030)]
    for before, after in pairwise(days):
        assert (before.close, before.last + 1) == (after.open, after.first)


def test_the_past_depends_on_seed_and_symbol_alone(history):
    symbol = listing(30)[7]
    again = [History(symbol, 5, 3.0).minute(29_000_000 + minute).quote for minute in (5, 0, 3)]
    other = History(symbol, 5, 3.0)
    assert [other.minute(29_000_000 + minute).quote for minute in (5, 0, 3)] == again
    assert [History(symbol, 6, 3.0).minute(29_000_000 + each).quote for each in (5, 0, 3)] != again


def test_it_begins_with_the_exchange(history):
    assert history.day(LISTED).first >= 1
