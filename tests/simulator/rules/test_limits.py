from binance.simulator.rules.limits import Rolling, Weight


def test_five_in_any_second():
    rolling = Rolling(5, 1.0)
    assert [rolling.hit(now) for now in (0, 100, 200, 300, 400)] == [True] * 5
    assert not rolling.hit(999)
    assert rolling.hit(1_400)  # 0 to 400 have left; 999 counts


def test_the_window_rolls_it_is_no_calendar_second():
    rolling = Rolling(2, 1.0)
    assert [rolling.hit(now) for now in (900, 950, 1_050)] == [True, True, False]


def test_how_long_to_wait():
    rolling = Rolling(2, 300.0)
    assert rolling.wait(0) == 0
    rolling.hit(0)
    rolling.hit(10_000)
    assert rolling.wait(10_000) == 290
    rolling.hit(20_000)  # refused, but it counts
    assert rolling.wait(20_000) == 290


def test_weight_is_a_budget_a_minute():
    weight = Weight(100, ban=120.0)
    assert weight.take(60, 60_000) == (200, 0)
    assert weight.take(40, 61_000) == (200, 0)
    assert weight.take(1, 90_000) == (429, 30)
    assert weight.present(90_000) == 101
    assert weight.present(120_000) == 0
    assert weight.take(100, 120_000) == (200, 0)


def test_going_on_after_429_earns_a_ban_and_the_next_is_longer():
    weight = Weight(1, ban=120.0)
    answers = [weight.take(1, 0)[0] for _ in range(12)]
    assert answers == [200] + [429] * 10 + [418]
    assert weight.take(1, 60_000) == (418, 60)
    assert weight.take(1, 119_999) == (418, 1)
    assert weight.take(1, 120_000) == (200, 0)
    answers = [weight.take(1, 120_000) for _ in range(11)]
    assert answers[-1] == (418, 240)
