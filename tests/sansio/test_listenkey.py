"""Keeping a listen key: every transition, and the keys that died in other libraries."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.account import listenkey
from binance.sansio.account.listenkey import (
    IGNORED,
    TRANSITIONS,
    Deaf,
    Dialled,
    Input,
    Keep,
    ListenKey,
    Make,
    State,
    Use,
)
from binance.sansio.link.machine import ImpossibleInput
from binance.sansio.link.reconnect import Failure

DOWN = Failure("timed out")
UNKNOWN = Failure("This listenKey does not exist.", -1125, 400)
REFUSED = Failure("Invalid API-key", -2015, 401)
GONE = Failure("retired", None, 410)
HALF_HOUR = 1800.0


@pytest.fixture
def key() -> ListenKey:
    """A key that was just made."""
    machine = ListenKey(HALF_HOUR)
    assert machine.wanted(0.0) == [Make()]
    assert machine.made("A", 0.0) == [Use("A", new=False)]
    return machine


def test_a_key_is_kept_alive_for_ever(key) -> None:
    now = 0.0
    for _ in range(100):
        assert key.check(now + HALF_HOUR - 1) == []
        now += HALF_HOUR
        assert key.check(now) == [Keep("A")]
        assert key.check(now + 1) == []  # one at a time
        assert key.kept("A", now) == []


def test_keepalives_come_at_least_twice_in_a_keys_life() -> None:
    machine = ListenKey(100_000)
    machine.wanted(0.0)
    machine.made("A", 0.0)
    assert machine.due == listenkey.LIFE_SECONDS / 2


@pytest.mark.parametrize("interval", [0, -1, float("nan")])
def test_an_interval_must_be_positive(interval) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        ListenKey(interval)


def test_a_failed_keepalive_is_tried_again_with_growing_pauses(key) -> None:
    now, pauses = HALF_HOUR, []
    key.check(now)
    for _ in range(7):
        assert key.not_kept("A", DOWN, now) == []
        assert key.due is not None
        pauses.append(key.due - now)
        now = key.due
        assert key.check(now) == [Keep("A")]
    assert pauses == [10, 20, 40, 80, 160, 300, 300]
    assert key.kept("A", now) == []
    assert key.due == now + HALF_HOUR


def test_pauses_are_not_longer_than_those_between_keepalives() -> None:
    machine = ListenKey(5.0)
    machine.wanted(0.0)
    machine.made("A", 0.0)
    machine.check(5.0)
    machine.not_kept("A", DOWN, 5.0)
    assert machine.due == 10.0


def test_a_limit_is_respected(key) -> None:
    key.check(HALF_HOUR)
    key.not_kept("A", Failure("Too many", -1003, 429, 50.0), HALF_HOUR)
    assert key.due == HALF_HOUR + 50


def test_an_unknown_key_is_replaced_and_the_link_with_it(key) -> None:
    key.check(HALF_HOUR)
    assert key.not_kept("A", UNKNOWN, HALF_HOUR) == [Make()]
    assert key.made("B", HALF_HOUR + 1) == [Use("B", new=True)]
    assert key.key == "B"
    assert key.due == HALF_HOUR + 1 + HALF_HOUR


def test_an_expiry_is_acted_on_once_though_it_may_come_twice(key) -> None:
    assert key.ended(100.0) == [Make()]
    assert key.ended(100.0) == []
    assert key.made("B", 101.0) == [Use("B", new=True)]


def test_a_key_whose_life_ran_out_without_a_keepalive_has_ended(key) -> None:
    now = HALF_HOUR
    said = key.check(now)
    while said == [Keep("A")]:
        said = key.not_kept("A", DOWN, now) or key.check(now := key.due)
    assert said == [Make()]
    assert now < listenkey.LIFE_SECONDS


def test_a_new_key_is_asked_for_until_there_is_one(key) -> None:
    key.ended(100.0)
    assert key.not_made(DOWN, 101.0) == [Deaf(DOWN)]  # said once
    assert key.due == 111.0
    assert key.check(111.0) == [Make()]
    assert key.not_made(DOWN, 112.0) == []
    assert key.due == 132.0
    assert key.check(132.0) == [Make()]
    assert key.made("B", 133.0) == [Use("B", new=True)]


def test_a_key_is_sure_until_a_keepalive_fails(key) -> None:
    assert key.is_sure
    key.check(HALF_HOUR)
    assert key.is_sure
    key.not_kept("A", DOWN, HALF_HOUR)
    assert not key.is_sure
    key.check(key.due)
    assert not key.is_sure
    key.kept("A", HALF_HOUR + 11)
    assert key.is_sure
    key.ended(HALF_HOUR + 12)
    assert not key.is_sure


def test_a_link_that_is_lost_uses_a_fresh_key_again_and_asks_whether_it_lives(key) -> None:
    """Another program may have ended it, and no link was there to hear of that."""
    assert key.wanted(4.0) == [Use("A", new=False)]
    assert key.wanted(30.0) == [Use("A", new=False), Keep("A")]
    assert key.wanted(30.1) == [Use("A", new=False)], "it is being asked already"
    assert key.not_kept("A", UNKNOWN, 30.5) == [Make()]
    assert key.made("B", 31.0) == [Use("B", new=True)]


def test_a_link_that_is_lost_later_asks_whether_the_key_still_lives(key) -> None:
    """Connecting with a key that has ended succeeds, and stays silent."""
    assert key.wanted(600.0) == [Make()]
    assert key.made("A", 600.5) == [Use("A", new=False)]
    assert key.due == 600.5 + HALF_HOUR
    assert key.wanted(5000.0) == [Make()]
    assert key.made("B", 5000.5) == [Use("B", new=False)]


def test_a_link_that_is_lost_while_a_new_key_is_made_waits_for_that(key) -> None:
    key.ended(100.0)
    assert key.wanted(101.0) == []
    assert key.made("B", 102.0) == [Use("B", new=False)]


def test_a_link_that_is_lost_between_tries_for_a_new_key_does_not_wait_for_the_pause(key) -> None:
    key.ended(100.0)
    key.not_made(DOWN, 101.0)
    assert key.wanted(102.0) == [Make()]
    assert key.not_made(DOWN, 103.0) == [Failure("timed out")]
    assert key.wanted(104.0) == [Make()]


def test_a_key_is_kept_though_another_link_gets_none(key) -> None:
    assert key.wanted(600.0) == [Make()]
    assert key.not_made(DOWN, 601.0) == [DOWN]
    assert key.due == 611.0
    assert key.wanted(606.0) == [Make()]
    assert key.not_made(Failure("Too many", -1003, 429, 30.0), 607.0)
    assert key.due == 637.0
    assert key.check(637.0) == [Keep("A")]
    assert key.kept("A", 638.0) == []
    assert key.wanted(650.0) == [Use("A", new=False), Keep("A")]


def test_a_key_that_has_outlived_its_life_is_not_held(key) -> None:
    key.wanted(3700.0)
    assert key.not_made(DOWN, 3701.0) == [DOWN]
    assert (key.state, key.due) == (State.ABSENT, None)


def test_a_key_that_ends_while_another_link_waits_leaves_its_link_deaf(key, dialled) -> None:
    key.wanted(600.0)
    assert key.ended(601.0) == []  # a new one is requested already
    assert dialled.is_deaf("old")
    assert key.not_made(DOWN, 602.0) == [Deaf(DOWN), DOWN]
    assert dialled.is_deaf("old")
    assert key.check(612.0) == [Make()]
    assert key.made("B", 613.0) == [Use("B", new=True)]


def test_a_link_that_waits_gets_the_key_that_replaces_the_one_that_ended(key) -> None:
    key.wanted(600.0)
    key.ended(601.0)
    assert key.made("B", 602.0) == [Use("B", new=False)]


def test_without_a_key_the_try_has_failed() -> None:
    machine = ListenKey(HALF_HOUR)
    machine.wanted(0.0)
    limit = Failure("Too many", -1003, 429, 30.0)
    assert machine.not_made(limit, 1.0) == [Failure("Too many", -1003, 429, 30.0)]
    assert machine.wanted(2.0) == [Make()]


@pytest.mark.parametrize("failure", [REFUSED, GONE])
def test_a_refusal_is_final(failure) -> None:
    machine = ListenKey(HALF_HOUR)
    machine.wanted(0.0)
    (fail,) = machine.not_made(failure, 1.0)
    assert fail.refused
    assert machine.wanted(2.0) == [Make()]  # a link that asks again is not told from memory


def test_a_refusal_of_a_new_key_is_final_for_the_link_that_there_is(key) -> None:
    key.ended(100.0)
    (fail,) = key.not_made(REFUSED, 101.0)
    assert fail.refused
    assert key.state is State.FAILED


def test_answers_to_keepalives_of_an_old_key_mean_nothing(key) -> None:
    key.check(HALF_HOUR)
    key.ended(HALF_HOUR)
    key.made("B", HALF_HOUR)
    assert key.kept("A", HALF_HOUR + 1) == []
    assert key.not_kept("A", UNKNOWN, HALF_HOUR + 1) == []
    assert key.due == HALF_HOUR + HALF_HOUR


def test_nothing_deletes_a_key() -> None:
    """It may be shared: the exchange gives one key to all who ask for the account's."""
    assert set(listenkey.Command.__args__) == {Make, Keep, Use, Deaf, Failure}
    assert not {name for name in vars(listenkey) if "delete" in name.lower()}


def test_commands_hide_the_key() -> None:
    for command in (Keep("secret"), Use("secret", True)):
        assert "secret" not in repr(command)


# the table


def test_every_action_exists() -> None:
    assert not set(TRANSITIONS) & set(IGNORED)
    for action in TRANSITIONS.values():
        assert callable(getattr(ListenKey, f"_{action}"))
    assert {state for state, _ in TRANSITIONS} == set(State)


@pytest.mark.parametrize(
    ("state", "event"),
    [
        pair
        for pair in itertools.product(State, Input)
        if pair not in TRANSITIONS and pair not in IGNORED
    ],
)
def test_what_cannot_happen_says_so(state, event) -> None:
    machine = ListenKey(HALF_HOUR)
    machine.state = state
    with pytest.raises(ImpossibleInput, match=event.value):
        machine._handle(event, 0.0)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["answer", "fail", "unknown", "refuse", "want", "end", "wait"]),
            st.floats(0, 3000),
        ),
        max_size=60,
    )
)
def test_any_history_leaves_one_question_at_most(steps) -> None:
    machine, now, made = ListenKey(HALF_HOUR), 0.0, 0
    asked: list[Make | Keep] = []

    def take(commands) -> None:
        asked.extend(c for c in commands if isinstance(c, Make | Keep))

    take(machine.wanted(now))
    for step, seconds in steps:
        now += seconds
        failure = {"fail": DOWN, "unknown": UNKNOWN, "refuse": REFUSED}.get(step)
        if step == "want":
            take(machine.wanted(now))
        elif step == "end":
            take(machine.ended(now))
        elif step == "wait":
            take(machine.check(now))
        elif asked and isinstance(asked[0], Make):
            asked.pop(0)
            made += 1
            take(machine.made(f"K{made}", now) if not failure else machine.not_made(failure, now))
        elif asked:
            key = asked.pop(0).key
            take(machine.kept(key, now) if not failure else machine.not_kept(key, failure, now))
        assert sum(isinstance(question, Make) for question in asked) <= 1
        if machine.state in (State.HELD, State.KEEPING):
            assert machine.key


@pytest.fixture
def dialled(key) -> Dialled[str]:
    """A link on the key that there is."""
    found: Dialled[str] = Dialled(key)
    found.begun("old")
    return found


def renew(key: ListenKey) -> None:
    key.ended(10.0)
    assert key.made("B", 11.0) == [Use("B", new=True)]


@pytest.mark.parametrize("is_open", [True, False])
def test_a_link_that_is_up_on_another_key_has_missed_events(key, dialled, is_open) -> None:
    dialled.new_key(lambda link: is_open)
    assert not dialled.missed("old")  # it is the same key
    renew(key)
    dialled.new_key(lambda link: is_open)
    dialled.begun("new")
    assert dialled.missed("new") == is_open
    assert not dialled.missed("new")  # said once


def test_a_link_that_opens_on_a_key_that_has_ended_leaves_the_word_to_the_next(
    key, dialled
) -> None:
    dialled.begun("late")
    renew(key)
    dialled.new_key(lambda link: link == "old")
    assert not dialled.missed("late")  # it brings nothing either
    assert dialled.replaces("late", can_be=True)
    dialled.begun("new")
    assert dialled.missed("new")


def test_the_end_of_the_present_key_alone_counts(key, dialled) -> None:
    assert not dialled.expired("stranger")
    assert not dialled.missed("old")
    assert dialled.expired("old")
    assert dialled.missed("old")
    renew(key)
    assert not dialled.expired("old")  # told again, of a key before this one
    dialled.begun("new")
    assert not dialled.missed("new")


def test_a_link_on_another_key_is_replaced_once_and_as_soon_as_it_can_be(key, dialled) -> None:
    assert not dialled.replaces("old", can_be=True)
    assert not dialled.is_deaf("old")
    renew(key)
    assert dialled.is_deaf("old")
    key.ended(12.0)
    assert not dialled.replaces("old", can_be=True)  # the next one is still being made
    key.made("C", 13.0)
    assert not dialled.replaces("old", can_be=False)
    assert dialled.replaces("old", can_be=True)
    assert not dialled.replaces("old", can_be=True)
    dialled.new_key(lambda link: True)
    dialled.begun("new")
    assert not dialled.missed("new")  # while it is replaced all is accounted for
    dialled.ended("old")
    assert dialled.links == ["new"]
    assert not dialled.replaces("new", can_be=True)
