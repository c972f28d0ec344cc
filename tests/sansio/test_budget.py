"""No window, wherever it begins, holds more than its limit; and nobody waits for nothing."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.link.budget import (
    ConnectBudget,
    MessageBudget,
    WeightBudget,
    is_loopback,
)


def most_in_any_window(moments: list[float], period: float) -> int:
    """The largest number of moments within any half-open window of this length."""
    moments = sorted(moments)
    return max((sum(a <= b < a + period for b in moments) for a in moments), default=0)


def sent(budget: MessageBudget, now: float, count: int, *, control: bool = False) -> int:
    """How many of so many messages may be sent at this moment; all are written at once."""
    done = sum(budget.spend(now, control=control) for _ in range(count))
    budget.written(now)
    return done


def test_a_full_bucket_at_a_boundary_does_not_let_twice_the_limit_through():
    budget = MessageBudget()
    assert sent(budget, 0.0, 9) == 4
    assert budget.wait(0.5) == pytest.approx(0.7)
    assert sent(budget, 1.1, 9) == 0
    assert sent(budget, 1.2, 9) == 4
    assert sent(budget, 1.3, 9) == 0


def test_there_is_room_again_once_the_oldest_is_a_period_old():
    budget = MessageBudget()
    assert sent(budget, 0.0, 2) == 2
    assert sent(budget, 0.5, 9) == 2
    assert budget.wait(0.6) == pytest.approx(0.6)


def test_a_pong_does_not_wait_behind_a_hundred_subscriptions():
    budget = MessageBudget()
    assert sent(budget, 0.0, 100) == 4
    assert sent(budget, 0.0, 1, control=True) == 1
    assert sent(budget, 0.5, 1, control=True) == 0


def test_a_second_control_frame_takes_room_that_json_leaves():
    budget = MessageBudget()
    assert sent(budget, 0.0, 6, control=True) == 5
    assert budget.wait(0.0, control=True) == pytest.approx(1.2)
    budget = MessageBudget()
    assert sent(budget, 0.0, 1, control=True) == 1
    assert sent(budget, 0.0, 9) == 4  # it took none of theirs
    budget = MessageBudget()
    assert budget.spend(0.0, control=True, borrow=False)
    assert not budget.spend(0.0, control=True, borrow=False)


def test_what_was_not_written_counts_as_sent_just_now():
    """A callback holds the reactor for three seconds: nothing leaves meanwhile."""
    budget = MessageBudget()
    for _ in range(4):
        assert budget.spend(0.0)
    assert not budget.spend(3.0)
    assert budget.wait(3.0) > 0
    budget.written(3.0)
    assert budget.wait(3.0) == pytest.approx(1.2)
    assert not budget.spend(4.1)
    assert budget.spend(4.2)


@pytest.mark.parametrize("reserve", [0, 5, 6])
def test_a_reserve_leaves_room_for_json(reserve):
    with pytest.raises(ValueError, match="reserve must be 1 to 4"):
        MessageBudget(5, reserve=reserve)


def at(budget: ConnectBudget, now: float, count: int = 1, host: str = "h") -> list[float]:
    """The moments that so many dials are given."""
    return [budget.ask(host, now).moment for _ in range(count)]


def test_few_connects_go_at_once_and_a_crowd_is_spread():
    budget = ConnectBudget()
    slots = [budget.ask("stream.binance.com", 0.0) for _ in range(300)]
    moments = [slot.moment for slot in slots]
    assert moments[:10] == [0.0] * 10
    assert moments == sorted(moments)
    assert 14.0 < moments[-1] < 15.0
    assert {slot.reason for slot in slots[10:]} == {"many connections start at the same time"}
    last = budget.ask("stream.binance.com", 1.0)
    assert last.moment == pytest.approx(302.05, abs=0.1)
    assert last.reason == "the exchange allows 300 connects in 5 minutes"
    assert at(budget, 1.0, host="another.host") == [1.0]


def test_jitter_moves_the_connects_of_a_crowd():
    def nth(jitter: float) -> float:
        budget = ConnectBudget(burst=1)
        budget.ask("h", 0.0, jitter)
        return budget.ask("h", 0.0, jitter).moment

    assert (nth(0.0), nth(0.5), nth(1.0)) == (0.025, 0.05, pytest.approx(0.075))


def test_a_dial_that_is_due_asks_again_and_a_ban_moves_all_of_them():
    budget = ConnectBudget()
    waiting = [budget.ask("h", 0.0) for _ in range(50)][10:]
    budget.hold("H", 60.0)
    moved = [budget.ask("h", slot.moment, slot=slot) for slot in waiting]
    assert all(slot.moment > 60.0 for slot in moved)
    assert {slot.reason for slot in moved} == {"the exchange has asked for a pause (429 or 418)"}
    apart = [b.moment - a.moment for a, b in itertools.pairwise(moved)]
    assert min(apart) > 0.02  # they do not arrive together
    assert moved[-1].moment < 63.0
    assert [budget.ask("h", s.moment, slot=s).moment for s in moved] == [s.moment for s in moved]


def test_a_shorter_ban_does_not_end_a_longer_one():
    budget = ConnectBudget()
    budget.hold("h", 50.0)
    budget.hold("h", 5.0)
    assert at(budget, 10.0)[0] > 50.0


def test_dials_that_a_held_reactor_made_late_are_spread_anew():
    budget = ConnectBudget()
    waiting = [budget.ask("h", 0.0) for _ in range(200)][10:]
    moments = [budget.ask("h", 30.0, slot=slot).moment for slot in waiting]
    assert sum(moment == 30.0 for moment in moments) == 10
    assert len(set(moments)) == 181


def test_a_place_that_is_given_back_is_free():
    budget = ConnectBudget(2, period=100.0)
    at(budget, 0.0, 2)
    first, second = budget.ask("h", 0.0), budget.ask("h", 0.0)
    assert first.moment <= second.moment
    assert first.moment == pytest.approx(100, abs=0.1)
    budget.cancel(first)
    budget.cancel(first)
    budget.cancel(second)
    assert at(budget, 0.0) == [first.moment]


def test_a_retry_is_planned_for_the_end_of_its_delay_if_there_is_room():
    budget = ConnectBudget(2, period=100.0)
    slot = budget.ask("h", 0.0, earliest=5.0)
    assert (slot.moment, slot.reason) == (5.0, "")
    assert at(budget, 0.0) == [0.0]
    assert budget.ask("h", 1.0, earliest=6.0).moment > 100.0
    assert budget.ask("h", 5.0, slot=slot).moment == 5.0


def test_a_dial_that_was_planned_and_made_counts_once():
    budget = ConnectBudget(3, period=100.0)
    slot = budget.ask("h", 0.0, earliest=5.0)
    assert budget.ask("h", 5.0, slot=slot).moment == 5.0
    assert at(budget, 5.0, 2) == [5.0, 5.0]


def test_a_planned_dial_that_nobody_makes_is_forgotten():
    budget = ConnectBudget(1, period=100.0)
    budget.ask("h", 0.0, earliest=5.0)
    assert at(budget, 50.0)[0] > 100.0
    assert at(budget, 300.0) == [300.0]


def test_loopback_has_no_budget_unless_asked():
    assert at(ConnectBudget(1), 0.0, 9, host="127.0.0.1") == [0.0] * 9
    assert ConnectBudget(1).ask("127.0.0.1", 0.0, earliest=3.0).moment == 3.0
    budget = ConnectBudget(1, loopback=True, period=300.0)
    assert at(budget, 0.0, host="localhost") == [0.0]
    assert at(budget, 0.0, host="localhost")[0] >= 300.0


@given(
    st.lists(
        st.tuples(
            st.integers(0, 40),  # quarters of a second since the one before
            st.floats(0, 1, exclude_max=True),
            st.sampled_from([0.0, 0.0, 0.0, 2.0, 30.0]),  # by how much its timers come late
            st.sampled_from([0, 0, 0, 0, 0, 20]),  # a ban of so many seconds, after it
        ),
        max_size=100,
    )
)
def test_whoever_asks_whenever_no_limit_is_passed_and_nobody_dials_within_a_ban(asked):
    limit, period = 20, 10.0
    budget = ConnectBudget(limit, period=period + 0.5)
    now, agenda, dials, bans = 0.0, [], [], []
    for number, (quarters, jitter, late, ban) in enumerate(asked):
        now += quarters / 4
        agenda.append((now, number, jitter, late, None, ban))
    while agenda:
        agenda.sort(key=lambda one: one[:2])
        now, number, jitter, late, slot, ban = agenda.pop(0)
        given = budget.ask("h", now, jitter, slot=slot)
        if given.moment <= now:
            dials.append(now)
            if ban:
                bans.append((now, now + ban))
                budget.hold("h", now + ban)
        else:
            agenda.append((given.moment + late, number, jitter, 0.0, given, ban))
    assert len(dials) == len(asked)
    assert most_in_any_window(dials, period) <= limit
    assert not [dial for dial in dials for begin, end in bans if begin < dial < end]


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


def test_only_what_is_past_is_forgotten():
    budget = ConnectBudget(1, period=100.0)
    budget.ask("h", 0.0, earliest=5.0)
    budget.ask("h", 0.0, earliest=250.0)
    assert at(budget, 200.0)[0] > 350.0  # one dial is still planned for 250


def test_what_is_past_is_forgotten_while_dials_go_on():
    budget = ConnectBudget(1000, period=100.0)
    for second in range(1000):
        budget.ask("h", float(second))
    assert len(budget._host("h").made) == 100
