"""The replacement of a link: its table, its timer, what it remembers."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.feed.continuity import LEAD_SECONDS, OVERLAP_SECONDS, SETTLE_SECONDS
from binance.sansio.link.machine import ImpossibleInput
from binance.sansio.link.reconnect import CLOSE_SECONDS, PROOF_SECONDS
from binance.sansio.link.rotation import (
    HANDSHAKE_SECONDS,
    IGNORED,
    TRANSITIONS,
    UNDER_WAY_SECONDS,
    Input,
    Machine,
    StartTimer,
    State,
    Step,
)

S, I = State, Input  # noqa: E741

WAYS = {
    S.OFF: [],
    S.IDLE: [I.OPENED],
    S.LEADING: [I.OPENED, I.ASKED],
    S.DIALLING: [I.OPENED, I.URGENT],
    S.OVERLAPPING: [I.OPENED, I.URGENT, I.READY],
    S.PROVEN: [I.OPENED, I.URGENT, I.READY, I.PROVED],
    S.SWITCHING: [I.OPENED, I.URGENT, I.READY, I.PROVED, I.DUE],
    S.CLOSING: [I.OPENED, I.URGENT, I.READY, I.PROVED, I.DUE, I.DUE],
    S.LOSING: [I.OPENED, I.URGENT, I.READY, I.PROVED, I.DUE, I.DUE, I.SUCCESSOR_DOWN],
    S.SETTLING: [I.OPENED, I.URGENT, I.READY, I.LINK_DOWN],
    S.ENDING: [I.OPENED, I.URGENT, I.STOP],
    S.ENDED: [I.STOP],
}


def machine_in(state, rotate_after=None):
    """A machine brought to `state` by the shortest way through the table, at second 0."""
    machine = Machine(rotate_after)
    for event in WAYS[state]:
        machine.handle(event, 0.0, heard=0.0)
    assert machine.state is state
    return machine


def handle(machine, *events, now=0.0, heard=0.0, chance=0.5):
    """All that these inputs lead to."""
    return [
        command
        for event in events
        for command in machine.handle(event, now, heard=heard, chance=chance)
    ]


def test_each_pair_is_a_transition_or_ignored_or_impossible():
    assert not TRANSITIONS.keys() & IGNORED.keys()
    for state, event in itertools.product(State, Input):
        machine = machine_in(state)
        assert machine.awaits(event) is ((state, event) in TRANSITIONS)
        if (state, event) in TRANSITIONS:
            machine.handle(event, 1.0, heard=1.0)
            assert machine.state is TRANSITIONS[state, event][0]
        elif (state, event) in IGNORED:
            assert machine.handle(event, 1.0, heard=1.0) == []
            assert machine.state is state
        else:
            with pytest.raises(ImpossibleInput):
                machine.handle(event, 1.0, heard=1.0)
            assert machine.state is state


def test_the_impossible_pairs_are_these():
    """Listed in full, so that a new state or input must be thought through."""
    possible = TRANSITIONS.keys() | IGNORED.keys()
    impossible = {pair for pair in itertools.product(State, Input) if pair not in possible}
    facts = {I.READY, I.PROVED, I.SWITCHED, I.SETTLED, I.SUCCESSOR_DOWN}
    assert impossible == {
        *((state, I.OPENED) for state in State if state not in (S.OFF, S.ENDED)),
        *((state, fact) for state in (S.OFF, S.IDLE, S.LEADING) for fact in facts),
        (S.OFF, I.DUE),
        *((S.DIALLING, event) for event in (I.SWITCHED, I.SETTLED, I.DUE)),
        *((S.OVERLAPPING, event) for event in (I.READY, I.SWITCHED, I.SETTLED)),
        *((S.PROVEN, event) for event in (I.READY, I.SWITCHED, I.SETTLED)),
        *((S.SWITCHING, event) for event in (I.READY, I.SETTLED)),
        *((S.CLOSING, event) for event in (I.READY, I.SWITCHED, I.SETTLED)),
        *((S.LOSING, fact) for fact in facts),
        *((S.SETTLING, event) for event in (I.READY, I.PROVED, I.SWITCHED, I.SUCCESSOR_DOWN)),
    }


def test_every_state_is_reached_and_every_state_can_end():
    reached = {target for target, _ in TRANSITIONS.values()} | {S.OFF}
    assert reached == set(State)
    ends = {S.ENDED}
    for _ in State:
        ends |= {source for (source, _), (target, _) in TRANSITIONS.items() if target in ends}
    assert ends == set(State)


def test_the_way_to_a_new_link_and_back():
    machine = Machine(rotate_after=100.0)
    assert handle(machine, I.OPENED) == [StartTimer(98.0)]
    assert handle(machine, I.DUE, now=98.0) == [Step.LISTEN, StartTimer(LEAD_SECONDS)]
    assert handle(machine, I.DUE, now=103.0) == [Step.DIAL]
    assert handle(machine, I.READY, now=104.0) == [StartTimer(PROOF_SECONDS)]
    assert handle(machine, I.PROVED, now=105.0) == [Step.STOP_TIMER, StartTimer(LEAD_SECONDS)]
    assert handle(machine, I.DUE, now=110.0) == [StartTimer(OVERLAP_SECONDS)]
    assert handle(machine, I.SWITCHED, now=111.0) == [
        Step.STOP_TIMER,
        StartTimer(HANDSHAKE_SECONDS),
        Step.CLOSE_LINK,
    ]
    assert handle(machine, I.LINK_DOWN, now=112.0, heard=112.0) == [
        Step.STOP_TIMER,
        StartTimer(SETTLE_SECONDS),
        Step.TAKE_OVER,
    ]
    assert handle(machine, I.SETTLED, now=113.0) == [Step.STOP_TIMER, Step.LEAVE, StartTimer(97.0)]
    assert handle(machine, I.LINK_DOWN, now=120.0) == [Step.STOP_TIMER, Step.ABANDON, Step.DOWN]
    assert machine.state is S.OFF


def test_the_old_link_is_kept_while_streams_have_not_switched():
    machine = machine_in(S.PROVEN)
    assert handle(machine, I.DUE, now=LEAD_SECONDS) == [StartTimer(OVERLAP_SECONDS)]
    assert machine.state is S.SWITCHING
    assert Step.CLOSE_LINK in handle(machine, I.DUE, now=LEAD_SECONDS + OVERLAP_SECONDS)


def test_a_quiet_successor_is_proven_by_its_time():
    machine = machine_in(S.OVERLAPPING)
    assert handle(machine, I.DUE, now=PROOF_SECONDS) == [StartTimer(LEAD_SECONDS)]
    assert machine.state is S.PROVEN


def test_an_old_link_that_does_not_answer_the_close_is_dropped():
    assert handle(machine_in(S.CLOSING), I.DUE) == [Step.ABORT_LINK]
    assert handle(machine_in(S.LOSING), I.DUE) == [Step.ABORT_LINK]


@pytest.mark.parametrize("event", [I.URGENT, I.DEAD])
def test_a_link_that_is_about_to_go_is_not_listened_to_first(event):
    assert handle(machine_in(S.IDLE), event) == [Step.DIAL]
    assert handle(machine_in(S.LEADING), event) == [Step.STOP_TIMER, Step.DIAL]


def test_a_dead_link_is_waited_for_nowhere():
    machine = machine_in(S.IDLE)
    assert handle(machine, I.DEAD, I.READY, I.PROVED, I.DUE, I.DUE) == [
        Step.DIAL,
        StartTimer(PROOF_SECONDS),
        Step.STOP_TIMER,
        StartTimer(0.0),
        StartTimer(0.0),
        StartTimer(HANDSHAKE_SECONDS),
        Step.CLOSE_LINK,
    ]
    commands = handle(machine, I.LINK_DOWN, now=9.0, heard=-1.0)
    assert Step.UNHEARD not in commands  # whoever knew it dead has told of it
    assert not machine.is_dead


def test_a_dead_link_stays_dead_until_it_is_replaced():
    machine = machine_in(S.IDLE)
    handle(machine, I.DEAD, I.SUCCESSOR_DOWN, I.SETTLED)
    assert handle(machine, I.DUE, now=5.0) == [Step.LISTEN, StartTimer(0.0)]
    handle(machine, I.LINK_DOWN)
    assert not machine.is_dead


@pytest.mark.parametrize(("heard", "is_told"), [(-0.1, True), (0.0, False), (1.0, False)])
@pytest.mark.parametrize("state", [S.OVERLAPPING, S.PROVEN, S.SWITCHING, S.CLOSING])
def test_a_link_not_heard_since_the_successor_was_ready_may_have_missed_something(
    heard, is_told, state
):
    """And where the exchange closed it, that may have been under way before."""
    machine = Machine()
    for event in WAYS[state]:
        machine.handle(event, 10.0)
    last = 10.0 if state is S.CLOSING else 10.0 + UNDER_WAY_SECONDS
    commands = handle(machine, I.LINK_DOWN, now=20.0, heard=last + heard)
    assert (Step.UNHEARD in commands) is is_told
    assert Step.TAKE_OVER in commands
    if is_told:
        assert commands.index(Step.UNHEARD) < commands.index(Step.TAKE_OVER)


@pytest.mark.parametrize("state", [S.DIALLING, S.OVERLAPPING, S.PROVEN, S.SWITCHING])
def test_without_a_successor_the_link_goes_on_and_it_is_tried_again(state):
    machine = machine_in(state, rotate_after=1000.0)
    assert handle(machine, I.SUCCESSOR_DOWN, now=1.0)[-2:] == [
        StartTimer(SETTLE_SECONDS),
        Step.FALL_BACK,
    ]
    assert handle(machine, I.SETTLED, now=3.0) == [Step.STOP_TIMER, Step.LEAVE, StartTimer(3.0)]
    assert handle(machine, I.DUE, now=6.0) == [Step.LISTEN, StartTimer(LEAD_SECONDS)]


def test_a_retry_that_became_due_while_it_settled_follows_at_once():
    machine = machine_in(S.DIALLING)
    handle(machine, I.SUCCESSOR_DOWN, now=1.0)
    assert handle(machine, I.DUE, now=61.0) == [Step.LEAVE, StartTimer(0.0)]


def test_retries_come_ever_later_until_one_succeeds():
    machine = machine_in(S.IDLE)

    def fail():
        handle(machine, I.URGENT, I.SUCCESSOR_DOWN)
        planned = machine.planned
        handle(machine, I.SETTLED)
        return planned

    assert [fail() for _ in range(6)] == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0]
    handle(machine, I.URGENT, I.READY, I.LINK_DOWN, I.SETTLED)
    assert fail() == 5.0
    assert fail() == 10.0
    handle(machine, I.LINK_DOWN, I.OPENED)  # a new link has no failures
    assert fail() == 5.0


@pytest.mark.parametrize("state", [S.OVERLAPPING, S.PROVEN, S.SWITCHING, S.CLOSING])
def test_if_the_old_link_is_gone_first_the_successor_takes_over(state):
    assert Step.TAKE_OVER in handle(machine_in(state), I.LINK_DOWN)


@pytest.mark.parametrize("state", [S.IDLE, S.LEADING, S.DIALLING, S.LOSING, S.SETTLING])
def test_without_a_ready_successor_the_connection_is_down(state):
    machine = machine_in(state, rotate_after=1000.0)
    assert handle(machine, I.LINK_DOWN)[-2:] == [Step.ABANDON, Step.DOWN]
    assert machine.planned is None


def test_a_successor_lost_during_the_old_links_close_is_flushed_and_the_close_goes_on():
    machine = machine_in(S.CLOSING)
    assert handle(machine, I.SUCCESSOR_DOWN) == [Step.FALL_BACK]  # the timer runs on


@pytest.mark.parametrize(
    ("asked", "commands"),
    [
        ([I.ASKED], [Step.LISTEN, StartTimer(LEAD_SECONDS)]),
        ([I.URGENT], [Step.DIAL]),
        ([I.DEAD], [Step.DIAL]),
        ([I.ASKED, I.URGENT], [Step.DIAL]),
        ([I.URGENT, I.ASKED], [Step.DIAL]),
        ([I.DEAD, I.URGENT, I.ASKED], [Step.DIAL]),
    ],
)
def test_what_is_asked_while_one_settles_follows_when_it_has(asked, commands):
    machine = machine_in(S.SETTLING, rotate_after=1000.0)
    assert handle(machine, *asked) == []
    assert machine.state is S.SETTLING
    assert handle(machine, I.SETTLED) == [Step.STOP_TIMER, Step.LEAVE, *commands]
    assert machine.is_dead is (I.DEAD in asked)
    handle(machine, I.LINK_DOWN, I.OPENED)
    assert machine.state is S.IDLE  # asked once, done once


@pytest.mark.parametrize("state", [S.DIALLING, S.OVERLAPPING, S.PROVEN, S.SWITCHING, S.CLOSING])
def test_stop_closes_the_successor_too(state):
    machine = machine_in(state)
    assert handle(machine, I.STOP)[-2:] == [StartTimer(CLOSE_SECONDS), Step.CLOSE_SUCCESSOR]
    assert handle(machine, I.LINK_DOWN) == []  # the connection's
    assert handle(machine, I.DUE, now=CLOSE_SECONDS) == [Step.ABORT_SUCCESSOR]
    assert handle(machine, I.SUCCESSOR_DOWN) == [Step.ABANDON, Step.ENDED]


@pytest.mark.parametrize("state", [S.OFF, S.IDLE, S.LEADING, S.LOSING, S.SETTLING])
def test_stop_without_a_successor_ends_at_once(state):
    commands = handle(machine_in(state, rotate_after=1000.0), I.STOP)
    assert commands[-2:] == [Step.ABANDON, Step.ENDED]


TIMED = [S.LEADING, S.OVERLAPPING, S.PROVEN, S.SWITCHING, S.CLOSING, S.LOSING, S.SETTLING]


@pytest.mark.parametrize("state", TIMED)
def test_time_counts_only_while_we_read(state):
    machine = machine_in(state)
    assert handle(machine, I.PAUSED, now=1.0) == [Step.STOP_TIMER]
    assert handle(machine, I.PAUSED, now=2.0) == []
    (start,) = handle(machine, I.RESUMED, now=1000.0)
    whole = {
        S.LEADING: LEAD_SECONDS,
        S.OVERLAPPING: PROOF_SECONDS,
        S.PROVEN: LEAD_SECONDS,
        S.SWITCHING: OVERLAP_SECONDS,
        S.CLOSING: HANDSHAKE_SECONDS,
        S.LOSING: HANDSHAKE_SECONDS,
        S.SETTLING: SETTLE_SECONDS,
    }[state]
    assert start == StartTimer(whole - 1.0)
    assert handle(machine, I.RESUMED, now=1001.0) == []


def test_nothing_is_closed_while_reading_is_paused():
    """Whatever is asked for, and however long it takes."""
    machine = Machine(rotate_after=100.0)
    handle(machine, I.OPENED, I.PAUSED)
    assert handle(machine, I.DUE, now=98.0) == [Step.LISTEN]
    assert handle(machine, I.URGENT, now=99.0) == [Step.DIAL]
    assert handle(machine, I.READY, now=100.0) == []
    assert handle(machine, I.PROVED, now=101.0) == []
    assert handle(machine, I.RESUMED, now=500.0) == [StartTimer(LEAD_SECONDS)]


def test_a_plan_is_kept_through_pauses_and_a_stop_is_not_put_off():
    machine = Machine(rotate_after=100.0)
    handle(machine, I.PAUSED)
    assert handle(machine, I.OPENED) == [StartTimer(98.0)]
    assert handle(machine, I.RESUMED, I.PAUSED) == []
    handle(machine, I.URGENT, I.READY)
    assert handle(machine, I.STOP) == [StartTimer(CLOSE_SECONDS), Step.CLOSE_SUCCESSOR]


def test_a_stream_that_switches_in_the_read_that_fills_the_queue_closes_nothing_yet():
    machine = machine_in(S.SWITCHING)
    handle(machine, I.PAUSED)
    assert not machine.awaits(I.SWITCHED)
    assert handle(machine, I.SWITCHED) == []
    handle(machine, I.RESUMED)
    assert machine.awaits(I.SWITCHED)
    assert Step.CLOSE_LINK in handle(machine, I.SWITCHED)


@given(st.lists(st.tuples(st.integers(0, 99), st.floats(0, 30)), max_size=100))
def test_one_timer_one_successor_and_never_a_closed_link_without_one(steps):
    """Whatever happens in whatever order, as far as it can happen."""
    machine, now = Machine(rotate_after=50.0), 0.0
    due, has_successor, is_closing = None, False, False
    for choice, seconds in steps:
        possible = [event for state, event in TRANSITIONS if state is machine.state]
        if due is None and Input.DUE in possible:
            possible.remove(Input.DUE)
        if (
            Input.STOP in possible and len(possible) > 1 and choice < 90
        ):  # to stop at once leads nowhere
            possible.remove(Input.STOP)
        if not possible:
            return
        event = possible[choice % len(possible)]
        now += seconds
        if event is Input.DUE:
            due = None
        if event is Input.SUCCESSOR_DOWN:
            has_successor = False
        for command in machine.handle(event, now, heard=now):
            match command:
                case StartTimer(delay):
                    assert due is None
                    assert delay >= 0
                    due = now + delay
                case Step.STOP_TIMER:
                    assert due is not None
                    due = None
                case Step.DIAL:
                    assert not has_successor
                    has_successor = True
                case Step.CLOSE_LINK:
                    assert has_successor
                    assert not machine.is_paused
                    is_closing = True
                case Step.TAKE_OVER:
                    assert has_successor
                    has_successor = is_closing = False
                case Step.ABANDON:
                    has_successor = False
                case Step.DOWN:
                    is_closing = False
                case Step.ENDED:
                    assert due is None
                    assert not has_successor
        if machine.state in (S.OFF, S.IDLE, S.ENDED):
            assert not has_successor
        if machine.state is S.IDLE:
            assert not is_closing
