"""No window, wherever it begins, holds more than its limit; and nobody waits for nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.budget import (
    ConnectBudget,
    MessageBudget,
    WeightBudget,
    Window,
    is_loopback,
    retry_after,
)


def most_in_any_window(moments: list[float], period: float) -> int:
    """The largest number of moments within any half-open window of this length."""
    moments = sorted(moments)
    return max((sum(a <= b < a + period for b in moments) for a in moments), default=0)


# Quarters of a second add without rounding, so that windows can be compared exactly.
steps = st.lists(st.integers(0, 12).map(lambda quarters: quarters / 4), max_size=60)


def clock(gaps: list[float]) -> list[float]:
    now, times = 0.0, []
    for gap in gaps:
        now += gap
        times.append(now)
    return times


@given(steps, st.integers(1, 6), st.sampled_from([1.0, 2.5]))
def test_never_more_than_the_limit_in_any_window(gaps, limit, period):
    window = Window(limit, period)
    moments = [now + window.reserve(now) for now in clock(gaps)]
    assert most_in_any_window(moments, period) <= limit
    assert moments == sorted(moments)


@given(steps, st.integers(1, 6))
def test_a_moment_is_granted_as_early_as_the_limit_allows(gaps, limit):
    window, moments = Window(limit, 1.0), []
    for now in clock(gaps):
        moment = now + window.reserve(now)
        if moment > now and moment > moments[-1]:
            sooner = [*moments, max(moments[-1], moment - 0.25)]
            assert most_in_any_window(sooner, 1.0) > limit
        moments.append(moment)


@given(steps, st.data())
def test_moments_given_back_may_be_used_again_but_no_window_overflows(gaps, data):
    window, moments = Window(3, 1.0), []
    for now in clock(gaps):
        moments.append(now + window.reserve(now))
        ahead = [moment for moment in moments if moment > now]
        if ahead and data.draw(st.booleans()):
            unused = data.draw(st.sampled_from(ahead))
            window.cancel(unused)
            moments.remove(unused)
    assert most_in_any_window(moments, 1.0) <= 3


def test_a_full_bucket_at_a_boundary_does_not_let_twice_the_limit_through():
    window = Window(5, 1.0)
    assert [window.reserve(0.0) for _ in range(5)] == [0.0] * 5
    assert [window.reserve(0.9) for _ in range(5)] == [pytest.approx(0.1)] * 5
    assert window.reserve(1.0) == pytest.approx(1.0)


def test_reserved_moments_are_handed_out_in_order_and_can_be_held_back():
    window = Window(1, 1.0)
    assert [window.reserve(0.0) for _ in range(3)] == [0.0, 1.0, 2.0]
    assert (window.peek(0.5), window.last) == (2.5, 2.0)
    window.cancel(2.0)
    window.cancel(99.0)
    assert window.peek(0.5) == 1.5
    window.hold(10.0)
    window.hold(5.0)
    assert window.reserve(2.0) == 8.0


@pytest.mark.parametrize(("limit", "period"), [(0, 1.0), (1, 0.0), (1, -1.0)])
def test_a_window_that_could_grant_nothing_is_refused(limit, period):
    with pytest.raises(ValueError, match="a window needs limit >= 1 and period > 0"):
        Window(limit, period)


def test_a_pong_does_not_wait_behind_a_hundred_subscriptions():
    budget = MessageBudget()
    delays = [budget.reserve(0.0) for _ in range(100)]
    assert delays[:5] == [0.0, 0.0, 0.0, 0.0, 1.1]
    assert budget.reserve(0.0, control=True) == 0.0
    assert budget.reserve(3.0, control=True) == 0.0


def test_a_second_control_frame_takes_room_that_json_leaves():
    budget = MessageBudget()
    assert [budget.reserve(0.0, control=True) for _ in range(6)] == [0.0] * 5 + [1.1]


@pytest.mark.parametrize("reserve", [0, 5, 6])
def test_a_reserve_leaves_room_for_json(reserve):
    with pytest.raises(ValueError, match="reserve must be 1 to 4"):
        MessageBudget(5, reserve=reserve)


@given(st.lists(st.tuples(st.integers(0, 8), st.booleans()), max_size=80))
def test_json_and_control_frames_together_keep_the_limit(asked):
    budget, now, moments = MessageBudget(5, period=1.0), 0.0, []
    for quarters, control in asked:
        now += quarters / 4
        moments.append(now + budget.reserve(now, control=control))
    assert most_in_any_window(moments, 1.0) <= 5


def test_few_connects_go_at_once_and_a_crowd_is_spread():
    budget = ConnectBudget()
    delays = [budget.reserve("stream.binance.com", 0.0, jitter) for jitter in [0.5] * 300]
    assert delays[:10] == [0.0] * 10
    assert delays == sorted(delays)
    assert 14.0 < delays[-1] < 15.0
    assert budget.reserve("stream.binance.com", 1.0, 0.5) == pytest.approx(301.0, abs=0.1)
    assert budget.reserve("another.host", 1.0, 0.5) == 0.0


def test_jitter_moves_the_connects_of_a_crowd():
    def nth(jitter):
        budget = ConnectBudget(burst=1)
        budget.reserve("h", 0.0, jitter)
        return budget.reserve("h", 0.0, jitter)

    assert (nth(0.0), nth(0.5), nth(1.0)) == (0.025, 0.05, pytest.approx(0.075))


def test_hosts_are_held_and_moments_given_back():
    budget = ConnectBudget(2, period=100.0)
    budget.hold("H", 50.0)
    assert budget.reserve("h", 0.0) == 50.0
    assert budget.reserve("h", 0.0) == 50.0
    assert budget.reserve("h", 0.0) == 150.0
    budget.cancel("h", 150.0)
    budget.cancel("h", 50.0)
    assert budget.reserve("h", 0.0) == 50.0


def test_loopback_has_no_budget_unless_asked():
    assert [ConnectBudget(1).reserve("127.0.0.1", 0.0) for _ in range(9)] == [0.0] * 9
    budget = ConnectBudget(1, loopback=True, period=300.0)
    assert [budget.reserve("localhost", 0.0) for _ in range(2)] == [0.0, 300.0]


@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0, 1, exclude_max=True)), max_size=120))
def test_connects_never_pass_the_limit(asked):
    budget, now, moments = ConnectBudget(20, period=10.0), 0.0, []
    for quarters, jitter in asked:
        now += quarters / 4
        moments.append(now + budget.reserve("h", now, jitter))
    assert most_in_any_window(moments, 10.0 - 1e-6) <= 20


def test_weight_is_spent_until_the_minute_is_full():
    budget = WeightBudget()
    assert [budget.spend(250, float(now)) for now in range(24)] == [0.0] * 24
    assert budget.spend(250, 30.0) == 30.0
    assert budget.spend(5, 59.0) == 1.0
    assert budget.spend(500, 59.0) == 2.0
    assert budget.used(59.0) == 6000
    assert budget.spend(250, 60.0) == 0.0
    assert budget.used(60.0) == 6000


def test_background_work_leaves_room_for_the_users_calls():
    budget = WeightBudget()
    granted = 0
    while budget.spend(250, 0.0, background=True) == 0.0:
        granted += 250
    assert granted == 4000
    assert budget.spend(1, 0.0) == 0.0


def test_what_others_spend_is_read_from_the_answers():
    budget = WeightBudget()
    budget.spend(10, 0.0)
    budget.observe({"X-MBX-USED-WEIGHT-1M": "10"}, 0.5)
    assert budget.used(0.5) == 10
    budget.observe({"x-mbx-used-weight-1m": "5990", "Date": "today"}, 1.0)
    assert budget.used(1.0) == 5990
    assert budget.spend(20, 1.0) == 59.0
    budget.observe({"X-MBX-USED-WEIGHT-1M": "4"}, 2.0)
    assert budget.used(2.0) == 5990
    assert budget.spend(20, 60.0) == 0.0


def test_a_header_that_is_no_number_changes_nothing():
    budget = WeightBudget()
    for value in ("", "many", "-5", "1.5"):
        budget.observe({"X-MBX-USED-WEIGHT-1M": value}, 0.0)
    assert budget.used(0.0) == 0


def test_nothing_is_spent_during_a_ban():
    budget = WeightBudget()
    budget.ban(120.0)
    budget.ban(60.0)
    assert budget.spend(1, 100.0) == 20.0
    assert budget.used(100.0) == 0
    assert budget.spend(1, 120.0) == 0.0


def test_what_never_fits_is_refused():
    with pytest.raises(ValueError, match="weight 6001 never fits into 6000 per minute"):
        WeightBudget().spend(6001, 0.0)
    with pytest.raises(ValueError, match="weight 5000 never fits into 4000 per minute"):
        WeightBudget().spend(5000, 0.0, background=True)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 50), st.booleans()), max_size=80))
def test_no_minute_holds_more_weight_than_the_limit(asked):
    budget, now, spent = WeightBudget(100, period=10.0), 0.0, []
    for quarters, weight, background in asked:
        now += quarters / 4
        while (delay := budget.spend(weight, now, background=background)) > 0:
            now += delay
        spent.append((now, weight))
    for start, _ in spent:
        assert sum(weight for moment, weight in spent if start <= moment < start + 10.0) <= 100


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("0", 0.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
    ],
)
def test_retry_after(value, seconds):
    assert retry_after(value) == seconds


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"]
)
def test_hosts_that_are_loopback(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["stream.binance.com", "10.0.0.1", "localhost.example.com", "", "::2", "127.0.0.1.nip.io"],
)
def test_hosts_that_are_not(host):
    assert not is_loopback(host)
