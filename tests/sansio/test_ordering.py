"""The order of what several relays have published."""

import random

import pytest

from binance.sansio.relay.ordering import LATE_SECONDS, Order


def taken(order, *numbers, now=0.0):
    return [one for number in numbers for one in order.take({"t": number}, number, now)]


def test_events_that_follow_pass():
    assert taken(Order("btcusdt@trade", "spot"), 5, 6, 7) == [5, 6, 7]


def test_an_event_ahead_waits_for_those_before_it():
    order = Order("btcusdt@trade", "spot")
    assert taken(order, 5, 8, 7) == [5]
    assert taken(order, 6) == [6, 7, 8]


def test_what_does_not_come_in_time_is_missing():
    order = Order("btcusdt@trade", "spot")
    assert taken(order, 5, 8, 9, 12, now=1.0) == [5]
    assert order.due(0.9 + LATE_SECONDS) == []
    assert order.due(1.0 + LATE_SECONDS) == [8, 9]
    assert order.due(1.0 + 2 * LATE_SECONDS) == [12]
    assert order.due(100.0) == []
    assert taken(order, 13) == [13]


def test_doubles_and_restarted_ids_are_for_the_session_to_judge():
    assert taken(Order("btcusdt@trade", "spot"), 50, 50, 3, 4, 51) == [50, 50, 3, 4, 51]


def test_a_stream_may_begin_with_an_id():
    order = Order("btcusdt@trade", "spot", first=6)
    assert taken(order, 4, 5, 7) == []
    assert taken(order, 6) == [6, 7]


def test_changes_of_a_book():
    order = Order("btcusdt@depth", "spot")
    diffs = [{"U": 1, "u": 4}, {"U": 8, "u": 9}, {"U": 5, "u": 7}]
    found = [one for diff in diffs for one in order.take(diff, diff["u"], 0.0)]
    assert found == [4, 7, 9]


@pytest.mark.parametrize("name", ["btcusdt@bookTicker", "btcusdt@kline_1m", "!miniTicker@arr"])
def test_streams_whose_ids_show_no_gap_pass_unchanged(name):
    order = Order(name, "spot")
    assert [one for n in (5, 9, 7) for one in order.take({"u": n, "E": n}, n, 0.0)] == [5, 9, 7]


@pytest.mark.parametrize("seed", range(30))
def test_two_relays_with_holes_are_one_whole_feed(seed):
    """Each relay stores what the other has not; whatever one of them has comes once, in order."""
    chance = random.Random(seed)
    events = range(100, 400)
    lost = {number for number in events if chance.random() < 0.1}
    holes = [{number for number in lost if chance.random() < 0.5}]
    holes.append(lost - holes[0])
    left = [[number for number in events if number not in hole] for hole in holes]
    stored = {}
    while any(left):
        which = chance.choice([one for one in left if one])
        stored.setdefault(which.pop(0))
    order = Order("btcusdt@trade", "spot", first=100)
    assert taken(order, *stored) == list(events)
