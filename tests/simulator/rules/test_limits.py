from binance.simulator.rules.limits import RollingLimit, WeightLimit


def test_five_in_any_second():
    rolling = RollingLimit(5, 1.0)
    assert [rolling.count(now) for now in (0, 100, 200, 300, 400)] == [True] * 5
    assert not rolling.count(999)
    assert rolling.count(1_400)  # 0 to 400 have left; 999 counts


def test_the_window_rolls_it_is_no_calendar_second():
    rolling = RollingLimit(2, 1.0)
    assert [rolling.count(now) for now in (900, 950, 1_050)] == [True, True, False]


def test_what_may_have_waited_counts_from_its_earliest_arrival():
    rolling = RollingLimit(1, 1.0)
    assert rolling.count(500, came=150)
    assert rolling.count(1_150)
    assert not rolling.count(2_149)


def test_how_long_to_wait():
    rolling = RollingLimit(2, 300.0)
    assert rolling.wait(0) == 0
    rolling.count(0)
    rolling.count(10_000)
    assert rolling.wait(10_000) == 290
    rolling.count(20_000)  # refused, but it counts
    assert rolling.wait(20_000) == 290


def test_weight_is_a_budget_a_minute():
    weight = WeightLimit(100, ban=120.0)
    assert weight.spend(60, 60_000) == (200, 0)
    assert weight.spend(40, 61_000) == (200, 0)
    assert weight.spend(1, 90_000) == (429, 30)
    assert weight.used_in_minute(90_000) == 101
    assert weight.used_in_minute(120_000) == 0
    assert weight.spend(100, 120_000) == (200, 0)


def test_going_on_after_429_earns_a_ban_and_the_next_is_longer():
    weight = WeightLimit(1, ban=120.0)
    answers = [weight.spend(1, 0)[0] for _ in range(12)]
    assert answers == [200] + [429] * 10 + [418]
    assert weight.spend(1, 60_000) == (418, 60)
    assert weight.spend(1, 119_999) == (418, 1)
    assert weight.spend(1, 120_000) == (200, 0)
    answers = [weight.spend(1, 120_000) for _ in range(11)]
    assert answers[-1] == (418, 240)
