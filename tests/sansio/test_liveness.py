"""Dead links are left in time, live ones never, and streams that never spoke are told once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.link.liveness import (
    GRACE,
    LATE,
    TRANSITIONS,
    Command,
    FirstMessages,
    Input,
    Liveness,
    Silent,
    State,
    SteadyStreams,
    idle_timeout,
)

TICK = 0.5


def due(liveness):
    """When its check may have something to say, if nothing is heard; None for never."""
    if liveness.state is State.LISTENING:
        return liveness._heard + liveness._idle
    return liveness._pong_due if liveness.state is State.PINGED else None


def first_due(first):
    """When the check of first messages has something to say; None for never."""
    return min(first._deadlines.values(), default=None)


def watch(liveness: Liveness, until: float, heard=lambda now: 0.0, start: float = 0.0, step=TICK):
    """Check on each tick; the commands with their times."""
    seen, now = [], start
    while now < until:
        now += step
        if (command := liveness.check(now, heard(now))) is not None:
            seen.append((now, command))
    return seen


def test_the_table_has_every_pair_that_can_happen():
    impossible = {
        (State.LISTENING, Input.SILENT),
        (State.PINGED, Input.QUIET),
        (State.PAUSED, Input.QUIET),
        (State.PAUSED, Input.SILENT),
    }
    assert set(TRANSITIONS) == {(s, e) for s in State for e in Input} - impossible
    assert {command for _, command in TRANSITIONS.values()} == {None, *Command}


def test_a_half_open_peer_is_left_within_45_seconds():
    assert watch(Liveness(0.0), 100.0) == [(30.0, Command.PING), (40.0, Command.ABORT)]


def test_a_peer_that_answers_the_ping_is_kept():
    seen = watch(Liveness(0.0), 100.0, lambda now: 30.0 if now > 30 else 0.0)
    assert seen == [(30.0, Command.PING), (60.0, Command.PING), (70.0, Command.ABORT)]


def test_an_octet_after_the_ping_is_life_although_it_is_no_pong():
    liveness = Liveness(0.0)
    assert liveness.check(30.0, 0.0) is Command.PING
    assert due(liveness) == 40.0
    assert liveness.check(34.0, 32.0) is None
    assert (liveness.state, due(liveness)) == (State.LISTENING, 62.0)


def test_the_exchanges_own_pings_keep_a_quiet_link():
    assert watch(Liveness(0.0), 500.0, lambda now: now // 20 * 20) == []


def test_timeouts_can_be_set():
    liveness = Liveness(100.0, idle=5.0, pong=2.0)
    assert due(liveness) == 105.0
    assert watch(liveness, 110.0, start=100.0) == [(105.0, Command.PING), (107.0, Command.ABORT)]
    for idle, pong in ((0.0, 1.0), (1.0, -1.0), (float("nan"), 1.0)):
        with pytest.raises(ValueError, match="timeouts must be above 0"):
            Liveness(0.0, idle, pong)


@pytest.mark.parametrize(
    ("market", "environment", "seconds"),
    [
        ("spot", "production", 30.0),
        ("spot", "testnet", 30.0),
        ("spot", "us", 60.0),
        ("usdm", "production", 60.0),
        ("usdm", "us", 60.0),
        ("options", "production", 60.0),
    ],
)
def test_idle_timeouts(market, environment, seconds):
    assert idle_timeout(market, environment) == seconds


def test_nothing_is_judged_while_we_do_not_read():
    liveness = Liveness(0.0)
    liveness.pause(0.0)
    liveness.pause(20.0)
    assert (watch(liveness, 300.0), due(liveness)) == ([], None)
    liveness.resume(300.0)
    liveness.resume(300.0)
    assert due(liveness) == 330.0
    assert watch(liveness, 345.0, start=300.0) == [(330.0, Command.PING), (340.0, Command.ABORT)]


def test_a_pause_after_the_ping_puts_the_deadline_off():
    liveness = Liveness(0.0)
    assert liveness.check(30.0, 0.0) is Command.PING
    liveness.pause(34.0)
    assert liveness.check(60.0, 0.0) is None
    liveness.resume(60.0)
    assert liveness.check(60.0, 0.0) is None, "one ping is enough"
    assert (liveness.state, due(liveness)) == (State.PINGED, 66.0)
    assert watch(liveness, 80.0, start=60.0) == [(66.0, Command.ABORT)]


def test_what_was_heard_after_a_pause_answers_the_ping():
    liveness = Liveness(0.0)
    assert liveness.check(30.0, 0.0) is Command.PING
    liveness.pause(34.0)
    liveness.resume(60.0)
    assert liveness.check(61.0, 60.5) is None
    assert (liveness.state, due(liveness)) == (State.LISTENING, 90.5)


@pytest.mark.parametrize(("pause", "read"), [(0.5, 1.5), (5.0, 5.0), (100.0, 3.0), (0.1, 29.0)])
def test_a_dead_link_that_is_paused_again_and_again_is_found_in_the_time_that_is_read(pause, read):
    liveness = Liveness(0.0)
    now = was_read = 0.0
    while liveness.state is not State.DEAD and was_read < 100.0:
        liveness.pause(now)
        now += pause
        liveness.resume(now)
        watch(liveness, now + read, start=now, step=0.5)
        now += read
        was_read += read
    assert 40.0 <= was_read <= 40.0 + read + 1.0


def test_a_resume_without_a_pause_changes_nothing():
    liveness = Liveness(0.0)
    liveness.check(30.0, 0.0)
    liveness.resume(31.0)
    assert (liveness.state, due(liveness)) == (State.PINGED, 40.0)


def test_when_the_reactor_was_held_up_the_answer_gets_a_chance_to_be_read():
    liveness = Liveness(0.0)
    assert liveness.check(30.0, 0.0) is Command.PING
    assert liveness.check(60.0, 0.0) is None
    assert due(liveness) == 60.0 + GRACE
    assert liveness.check(60.5, 60.1) is None
    assert liveness.state is State.LISTENING


def test_a_reactor_held_up_again_and_again_does_not_keep_a_dead_link():
    step = LATE + 1
    seen = watch(Liveness(0.0), 200.0, step=step)
    assert [command for _, command in seen] == [Command.PING, Command.ABORT]
    assert seen[1][0] - seen[0][0] <= 10.0 + 2 * step


def test_after_death_nothing_is_said():
    liveness = Liveness(0.0)
    watch(liveness, 45.0)
    assert liveness.state is State.DEAD
    assert watch(liveness, 200.0, lambda now: now, start=45.0) == []
    liveness.pause(290.0)
    liveness.resume(300.0)
    assert (liveness.state, due(liveness)) == (State.DEAD, None)


@given(st.lists(st.floats(0.0, 29.0), max_size=30))
def test_a_link_that_is_heard_often_enough_is_never_pinged(gaps):
    liveness, now = Liveness(0.0), 0.0
    for gap in gaps:
        seen = watch(liveness, now + gap - TICK, lambda _, at=now: at, start=now)
        assert seen == []
        now += gap


@given(st.lists(st.floats(0.0, 100.0), max_size=10), st.floats(0.1, 2.0))
def test_a_dead_link_is_left_in_time_whatever_came_before(gaps, step):
    liveness, now = Liveness(0.0), 0.0
    for gap in gaps:
        while liveness.state is not State.DEAD and gap > 0:
            now, gap = now + step, gap - step
            liveness.check(now, now)
    seen = watch(liveness, now + 45.0, lambda _, at=now: at, start=now, step=step)
    assert [command for _, command in seen] == [Command.PING, Command.ABORT]


# streams


def test_a_stream_of_fixed_cadence_has_ten_seconds_and_others_a_minute():
    first = FirstMessages()
    first.asked(["a@depth5", "a@trade", "strange@stream"], 100.0)
    assert first.waiting == {"a@depth5", "a@trade", "strange@stream"}
    assert first_due(first) == 110.0
    assert first.check(109.9) == []
    (silent,) = first.check(110.0)
    assert silent.stream == "a@depth5"
    assert "unknown symbol 'a'" in silent.cause
    assert first_due(first) == 160.0
    assert [silent.stream for silent in first.check(160.0)] == ["a@trade", "strange@stream"]
    assert (first.check(999.0), first_due(first), first.waiting) == ([], None, set())


def test_who_speaks_is_not_told():
    first = FirstMessages()
    first.asked(["a@depth5", "a@trade"], 0.0)
    first.heard("a@depth5")
    assert first.waiting == {"a@trade"}
    first.heard("a@trade")
    assert (first_due(first), first.check(100.0)) == (None, [])


def test_each_is_told_once_even_over_reconnects():
    first = FirstMessages()
    first.asked(["A@trade", "b@trade"], 0.0)
    first.heard("b@trade")
    first.link_lost()
    assert (first_due(first), first.waiting) == (None, set())
    first.asked(["A@trade", "b@trade"], 100.0)
    assert first.waiting == {"A@trade"}
    first.asked(["A@trade"], 130.0)
    assert first_due(first) == 160.0
    assert first.check(160.0) == [
        Silent("A@trade", "upper case in a stream name: the exchange uses 'a@trade'")
    ]
    first.link_lost()
    first.asked(["A@trade", "b@trade"], 200.0)
    assert first.waiting == set()


def test_a_stream_that_is_unsubscribed_may_be_asked_for_anew():
    first = FirstMessages()
    first.asked(["a@trade"], 0.0)
    first.unsubscribed(["a@trade", "b@trade"])
    assert first.check(100.0) == []
    first.asked(["a@trade"], 100.0)
    assert first_due(first) == 160.0


def test_a_wrong_path_is_named():
    first = FirstMessages("usdm", "public")
    first.asked(["btcusdt@aggTrade"], 0.0)
    (silent,) = first.check(60.0)
    assert silent.cause == "wrong path: usdm has it on /market, it was requested on /public"


def silences(counts: list[int], *, name: str = "a@depth5") -> list[int]:
    """The seconds at which a stream with these counts, one for each second, was told of."""
    steady = SteadyStreams()
    return [now for now, count in enumerate(counts) if steady.check(now, {name: count})]


def test_a_steady_stream_that_stops_is_told_of_once_after_ten_seconds():
    assert silences([1, 2, 3, 4] + [4] * 60) == [13]


def test_it_is_told_of_again_only_after_it_has_spoken_anew():
    assert silences([1] * 30 + [2] * 30 + [2] * 30) == [10, 40]


def test_a_stream_that_goes_on_or_has_never_spoken_is_not_told_of():
    assert silences(list(range(100))) == []
    assert silences([now // 9 + 1 for now in range(100)]) == []
    assert silences([0] * 100) == []


def test_time_without_a_link_that_is_read_does_not_count():
    steady = SteadyStreams()
    told = []
    for now in range(100):
        if 5 <= now < 70:
            steady.restart(now)
        told += [(now, one.stream) for one in steady.check(now, {"a@avgPrice": 7})]
    assert told == [(79, "a@avgPrice")]


def test_time_with_a_successor_does_not_count_and_that_between_two_of_them_does():
    steady = SteadyStreams()
    told = []
    for now in range(100):
        if 5 <= now < 40 or 45 <= now < 60:
            steady.skip(now)
        told += [now for _ in steady.check(now, {"a@avgPrice": 7})]
    assert told == [60]


def test_a_reactor_that_was_held_up_has_heard_nobody():
    steady = SteadyStreams()
    steady.check(0.0, {"a@depth5": 1})
    assert steady.check(30.0, {"a@depth5": 1}) == []
    assert steady.check(31.0, {"a@depth5": 2}) == []


def test_an_unsubscribed_stream_is_forgotten():
    steady = SteadyStreams()
    for now in range(30):
        steady.check(now, {"a@depth5": 1})
    assert steady.check(30, {}) == []
    told = [now for now in range(31, 60) if steady.check(now, {"a@depth5": 1})]
    assert told == [41]
