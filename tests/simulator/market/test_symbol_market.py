from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binance.simulator.market.candles import DAY, HOUR, MINUTE, SECOND, Candle, candle_bounds
from binance.simulator.market.symbol_market import Market
from binance.simulator.market.symbols import listing
from tests.profiles import examples

ORIGIN = 1_790_000_040_000 // MINUTE * MINUTE


def make(seed=1, rate=20.0, levels=100, kept=100_000, rank=0):
    return Market(
        listing(30)[rank],
        seed=seed,
        origin=ORIGIN,
        start=ORIGIN,
        rate=rate,
        levels=levels,
        kept=kept,
    )


def fields(candle):
    return [getattr(candle, name) for name in Candle.__slots__]


def test_trade_ids_are_contiguous_and_times_never_go_back():
    market = make()
    first = market.last_trade + 1
    market.advance(ORIGIN + 5 * MINUTE)
    trades = list(market.trades)
    assert len(trades) > 5_000
    assert [trade.id for trade in trades] == list(range(first, first + len(trades)))
    assert all(before.time <= after.time for before, after in pairwise(trades))
    assert all(ORIGIN <= trade.time < ORIGIN + 5 * MINUTE for trade in trades)


def test_aggregates_cover_the_trades_of_one_taker_at_one_price():
    market = make()
    market.advance(ORIGIN + 2 * MINUTE)
    trades = {trade.id: trade for trade in market.trades}
    for before, after in pairwise(market.aggregates):
        assert (before.id + 1, before.last + 1) == (after.id, after.first)
    assert any(each.last > each.first for each in market.aggregates)
    for each in market.aggregates:
        of_it = [trades[id] for id in range(each.first, each.last + 1)]
        assert sum(trade.quantity for trade in of_it) == each.quantity
        assert {(trade.price, trade.time, trade.maker) for trade in of_it} == {
            (each.price, each.time, each.maker)
        }
        assert all(trade.quantity > 0 for trade in of_it)


def test_no_maker_of_a_small_trade_has_no_part_of_it():
    market = make()
    market._random = lambda: 0.99  # the greatest number of makers
    market.take(ORIGIN, True, 3)
    assert [trade.quantity for trade in market.trades] == [1, 1, 1]


@settings(max_examples=examples(10))
@given(st.lists(st.integers(1, 7_000), min_size=1, max_size=30), st.integers(0, 5))
def test_how_often_somebody_looks_changes_nothing(steps, seed):
    one, other = make(seed), make(seed)
    for step in steps:
        one.advance(int(one.now) + step)
    other.advance(int(one.now))
    assert list(one.trades) == list(other.trades)
    assert one.book.top(1_000) == other.book.top(1_000)
    assert one.book.update_id == other.book.update_id


def test_another_seed_is_another_market():
    one, other = make(1), make(2)
    one.advance(ORIGIN + MINUTE)
    other.advance(ORIGIN + MINUTE)
    assert [trade.quantity for trade in one.trades] != [trade.quantity for trade in other.trades]


@pytest.mark.slow
def test_the_rate_is_that_of_takers():
    market = make(rate=50.0)
    market.advance(ORIGIN + 4 * MINUTE)
    assert len({trade.time for trade in market.trades}) == pytest.approx(50 * 240, rel=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("rank", [0, 4, 29])
def test_the_book_is_never_crossed_and_keeps_its_depth(rank):
    market = make(rank=rank, rate=50.0)
    for step in range(300):
        market.advance(ORIGIN + step * 1000)
        bid, bid_quantity, ask, ask_quantity = market.book.best()
        assert 0 < bid < ask
        assert bid_quantity > 0
        assert ask_quantity > 0
        assert min(len(market.book.bids), len(market.book.asks)) > 60
        assert min(market.book.bids.values()) > 0


@pytest.mark.slow
def test_the_price_stays_near_where_it_opened():
    market = make(rate=20.0)
    opened = market.last_price
    market.advance(ORIGIN + 30 * MINUTE)
    assert abs(market.last_price - opened) / opened < 0.1
    assert len({trade.price for trade in market.trades}) > 20  # nor does it stand still


def test_the_live_market_takes_over_from_the_past():
    market = make()
    last = market.history.minute(ORIGIN // MINUTE - 1)
    assert market.last_trade == last.last
    market.advance(ORIGIN + 10_000)
    assert market.trades[0].id == last.last + 1


def sum_of(trades, begin, end):
    whole = Candle.flat(0)
    for trade in trades:
        if begin <= trade.time < end:
            whole.add(trade.price, trade.quantity, trade.id, trade.id, not trade.maker)
    return whole


@pytest.mark.slow
@pytest.mark.parametrize("interval", ["1s", "1m", "3m", "5m"])
def test_klines_sum_the_trades(interval):
    market = make(rate=5.0)
    now = ORIGIN + 11 * MINUTE + 345
    market.advance(now)
    trades = list(market.trades)
    found = [
        each
        for each in market.klines(interval, 0, now, 1000)
        if each[0] >= ORIGIN and each[2].trades
    ]
    assert len(found) >= 2
    for begin, end, candle in found:
        assert fields(candle) == fields(sum_of(trades, begin, end))
    assert found[-1][2].last == market.last_trade


@pytest.mark.slow
def test_longer_candles_sum_the_shorter_ones_across_the_start():
    market = make(rate=1.0)
    now = ORIGIN + 2 * HOUR + 1
    market.advance(now)
    for interval, offset in (
        ("1h", 0),
        ("4h", 0),
        ("1d", 0),
        ("1d", 8 * HOUR),
        ("1w", 0),
        ("1M", 0),
    ):
        begin, end = candle_bounds(interval, now, offset)
        whole = market.candle(interval, begin, end)
        parts = Candle.flat(0)
        for minute in range(begin, end, MINUTE):
            parts.extend(market.candle("1m", minute, minute + MINUTE))
        assert fields(whole) == fields(parts), interval
        assert whole.last == market.last_trade
        assert whole.last - whole.first + 1 == whole.trades


def test_a_second_without_trades_is_flat_at_the_last_close():
    market = make(rate=0.05)
    market.advance(ORIGIN + 5 * MINUTE)
    prices = {trade.time // SECOND: trade.price for trade in market.trades}
    last = market.history.minute(ORIGIN // MINUTE - 1).close
    for begin, _, candle in market.klines("1s", 0, ORIGIN + 5 * MINUTE, 300):
        last = prices.get(begin // SECOND, last)
        assert candle.close == last
        assert (candle.trades == 0) == (begin // SECOND not in prices)


def test_a_quiet_minute_is_flat_at_the_last_close():
    market = make(rate=0.002)
    market.advance(ORIGIN + HOUR)
    empty = [each for each in market.klines("1m", 0, ORIGIN + HOUR, 60) if not each[2].trades]
    assert empty
    for begin, _, candle in empty:
        assert candle.close == market.close_before(begin)


@pytest.mark.slow
def test_the_window_is_the_sum_of_its_minutes_whenever_it_is_asked_for():
    market = make()
    for step in range(40):
        now = ORIGIN + step * 7_001
        market.advance(now)
        begin = (now - DAY) // MINUTE * MINUTE + MINUTE
        plain = Candle.flat(0)
        for minute in range(begin, now + 1, MINUTE):
            plain.extend(market.candle("1m", minute, minute + MINUTE))
        if step % 10 == 0:
            assert fields(market.window(begin, now)) == fields(plain)
        assert market.window(begin, now).last == market.last_trade


def test_an_order_from_outside_is_matched_at_its_limit_or_better():
    market = make()
    market.advance(ORIGIN + 1000)
    _, _, ask, there = market.book.best()
    before = market.last_trade
    got = market.take(ORIGIN + 1000, True, there + 10**9, limit=ask)
    assert [(each.price, each.quantity, each.maker) for each in got] == [(ask, there, False)]
    assert market.book.best_ask > ask
    assert (got[0].first, got[0].last) == (before + 1, market.last_trade)
    assert market.take(ORIGIN + 1000, True, 5, limit=ask) == []


def test_watchers_hear_of_everything_in_order():
    market, heard = make(), []
    callbacks = market.callbacks
    assert callbacks.idle()
    callbacks.on_trade = lambda trade: heard.append(("trade", trade.id))
    callbacks.on_aggregate = lambda each: heard.append(
        ("aggregate", each.id, each.first, each.last)
    )
    callbacks.on_block = lambda trade: heard.append(("block", trade.id))
    tops = []
    callbacks.on_best_price = lambda id, best: tops.append((id, best))
    market.advance(ORIGIN + 2 * MINUTE)
    trades = [each[1] for each in heard if each[0] == "trade"]
    assert trades == [trade.id for trade in market.trades]
    blocks = [each[1] for each in heard if each[0] == "block"]
    assert blocks == list(range(1, len(blocks) + 1))
    assert blocks
    assert all(before != after for (_, before), (_, after) in pairwise(tops))
    assert tops[-1][1] == market.book.best()
    assert not callbacks.idle()
