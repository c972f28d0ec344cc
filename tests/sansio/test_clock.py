"""The exchange's clock, and how late messages arrive."""

import random

import pytest

from binance.sansio.link.clock import (
    SAMPLE_SECONDS,
    WINDOW_SECONDS,
    ClockOffset,
    Latencies,
    event_time,
    measured,
)
from binance.sansio.link.stats import LatencyStats


def test_the_sample_with_the_shortest_round_trip_counts():
    samples = [(0.0, 100.4, 0.5), (1.0, 101.01, 1.02), (2.0, 102.09, 2.1)]
    assert measured(samples) == ClockOffset(pytest.approx(100.0), pytest.approx(0.011))
    samples = [(0.0, 100.95, 1.0), (2.0, 102.0, 2.1)]  # the first came quicker back
    assert measured(samples) == ClockOffset(pytest.approx(99.95), pytest.approx(0.051))


def test_the_true_offset_is_within_the_bound_of_the_error():
    dice = random.Random(19)
    for _ in range(1000):
        offset, samples = dice.uniform(-1e6, 1e6), []
        for number in range(8):
            up, down = dice.expovariate(50), dice.expovariate(50)
            theirs = int((number + up + offset) * 1000) / 1000
            samples.append((float(number), theirs, number + up + down))
        found = measured(samples)
        assert abs(found.offset - offset) <= found.error + 1e-6


@pytest.mark.parametrize(
    ("message", "seconds"),
    [
        ({"e": "trade", "E": 1_700_000_000_123}, 1_700_000_000.123),
        ({"e": "trade", "E": 1_700_000_000_123_456}, 1_700_000_000.123456),
        ({"E": 10**14 - 1}, 99_999_999_999.999),
        ({"E": 10**14}, 100_000_000.0),
        ({"stream": "a@trade", "data": {"E": 1_700_000_000_123}}, 1_700_000_000.123),
        ({"subscriptionId": 0, "event": {"e": "balanceUpdate", "E": 2000}}, 2.0),
        ({"subscriptionId": 0, "event": None}, None),
        ({"stream": "!ticker@arr", "data": []}, None),
        ([{"E": 1}, {"E": 2000}], 2.0),
        ({"stream": "!ticker@arr", "data": [{"E": 2000}]}, 2.0),
        ({"u": 1}, None),
        ({"E": "1700000000123"}, None),
        ({"E": True}, None),
        ([], None),
        ([1], None),
        (None, None),
        ("E", None),
    ],
)
def test_the_time_of_a_message(message, seconds):
    assert event_time(message) == seconds


def test_latencies_of_the_last_minute():
    latencies = Latencies()
    assert latencies.summary(0.0, None) is None
    for number in range(1, 101):
        latencies.note(number / 10, number / 1000)
    assert latencies.summary(10.0, 0.2) == LatencyStats(0.05, 0.099, 0.1, 0.2)
    assert latencies.summary(10.0 + WINDOW_SECONDS - 0.05, None) == LatencyStats(
        0.1, 0.1, 0.1, None
    )
    assert latencies.summary(10.0 + WINDOW_SECONDS, None) is None


def test_they_take_no_more_memory_with_time():
    latencies = Latencies()
    size = len(latencies._when)
    for number in range(3 * size):
        latencies.note(number * SAMPLE_SECONDS, float(number))
    assert len(latencies._when) == len(latencies._seconds) == size
    assert latencies.summary(3 * size * SAMPLE_SECONDS, None).max == 3 * size - 1
