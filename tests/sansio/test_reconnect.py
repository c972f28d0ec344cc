"""The connection machine: its table, its counts, its delays."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.link.machine import ImpossibleInput
from binance.sansio.link.reconnect import (
    CLOSE_SECONDS,
    IGNORED,
    PROOF_SECONDS,
    TRANSITIONS,
    Dial,
    Failure,
    GiveUp,
    Input,
    Lost,
    Machine,
    Proved,
    Retry,
    RetryPolicy,
    StartTimer,
    State,
    Step,
    StopTimer,
    Timer,
)

REFUSED = Failure("connection refused")
FINAL = {State.CLOSED, State.GIVEN_UP}


def machine_in(state: State) -> Machine:
    """A machine brought to `state` by the shortest way through the table."""
    machine = Machine()
    for event in {
        State.IDLE: [],
        State.CONNECTING: [Input.START],
        State.ASKING: [Input.START, Input.ASKED],
        State.OPEN: [Input.START, Input.OPENED],
        State.PROVEN: [Input.START, Input.OPENED, Input.PROVED],
        State.WAITING: [Input.START, Input.DOWN],
        State.CLOSING: [Input.START, Input.OPENED, Input.STOP],
        State.CLOSED: [Input.STOP],
        State.GIVEN_UP: [Input.START, Input.SPENT],
    }[state]:
        machine.handle(event, 0.0, failure=REFUSED)
    assert machine.state is state
    return machine


def test_each_pair_is_a_transition_or_ignored_or_impossible():
    assert not TRANSITIONS.keys() & IGNORED.keys()
    for state, event in itertools.product(State, Input):
        machine = machine_in(state)
        if (state, event) in TRANSITIONS:
            after, action = TRANSITIONS[state, event]
            assert bool(machine.handle(event, 1.0, failure=REFUSED)) == (action != "")
            assert machine.state is after
        elif (state, event) in IGNORED:
            assert machine.handle(event, 1.0, failure=REFUSED) == []
            assert machine.state is state
        else:
            with pytest.raises(ImpossibleInput):
                machine.handle(event, 1.0, failure=REFUSED)
            assert machine.state is state


def test_the_impossible_pairs_are_these():
    """Listed in full, so that a new state or input must be thought through."""
    possible = TRANSITIONS.keys() | IGNORED.keys()
    impossible = {pair for pair in itertools.product(State, Input) if pair not in possible}
    assert impossible == {
        *((State.IDLE, event) for event in set(Input) - {Input.START, Input.STOP}),
        (State.CONNECTING, Input.PROVED),
        (State.CONNECTING, Input.RETRY_DUE),
        (State.CONNECTING, Input.CLOSE_DUE),
        (State.ASKING, Input.ASKED),
        (State.ASKING, Input.PROVED),
        (State.ASKING, Input.RETRY_DUE),
        (State.ASKING, Input.CLOSE_DUE),
        (State.OPEN, Input.ASKED),
        (State.OPEN, Input.OPENED),
        (State.OPEN, Input.RETRY_DUE),
        (State.OPEN, Input.CLOSE_DUE),
        (State.PROVEN, Input.ASKED),
        (State.PROVEN, Input.OPENED),
        (State.PROVEN, Input.RETRY_DUE),
        (State.PROVEN, Input.CLOSE_DUE),
        (State.WAITING, Input.ASKED),
        (State.WAITING, Input.OPENED),
        (State.WAITING, Input.PROVED),
        (State.WAITING, Input.SPENT),
        (State.WAITING, Input.CLOSE_DUE),
        (State.CLOSING, Input.ASKED),
        (State.CLOSING, Input.OPENED),
        (State.CLOSING, Input.SPENT),
        (State.CLOSING, Input.RETRY_DUE),
    }


def test_every_state_is_reached_and_every_state_can_end():
    reached = {target for target, _ in TRANSITIONS.values()} | {State.IDLE}
    assert reached == set(State)
    ends = set(FINAL)
    for _ in State:
        ends |= {source for (source, _), (target, _) in TRANSITIONS.items() if target in ends}
    assert ends == set(State)


def test_the_way_up():
    machine = Machine()
    assert machine.handle(Input.START, 0.0) == [Dial(0)]
    assert machine.handle(Input.OPENED, 1.0) == [
        StartTimer(Timer.PROOF, PROOF_SECONDS),
        Step.OPENED,
    ]
    assert machine.handle(Input.PROVED, 2.0) == [StopTimer(Timer.PROOF), Proved(None)]


def test_a_lost_link_is_told_retried_and_resumed_with_its_downtime():
    machine = machine_in(State.PROVEN)
    lost = Failure("lost", code=1006)
    assert machine.handle(Input.DOWN, 100.0, failure=lost) == [
        Lost(lost, outage=True),
        Retry(1, 1.0, lost),
        StartTimer(Timer.RETRY, 1.0),
    ]
    assert machine.handle(Input.RETRY_DUE, 101.0) == [Dial(0)]
    machine.handle(Input.OPENED, 101.5)
    assert machine.handle(Input.PROVED, 102.0) == [StopTimer(Timer.PROOF), Proved(1.5)]
    assert machine.retries == 0


def fail_until_given_up(machine: Machine, failure: Failure = REFUSED) -> list[float]:
    delays = []
    for _ in range(1000):
        for command in machine.handle(Input.DOWN, 0.0, failure=failure):
            if isinstance(command, Retry):
                delays.append(command.delay)
            if isinstance(command, GiveUp):
                return delays
        machine.handle(Input.RETRY_DUE, 0.0)
    raise AssertionError("never gave up")


@pytest.mark.parametrize("state", [State.CONNECTING, State.ASKING, State.OPEN, State.PROVEN])
def test_gives_up_after_five_failed_retries_spread_over_75_seconds(state):
    delays = fail_until_given_up(machine_in(state))
    assert len(delays) == 5
    assert delays == sorted(delays)
    assert 70 < sum(delays) < 80


def test_giving_up_says_so_once_and_then_answers_nothing():
    machine = Machine(RetryPolicy(max_retries=0))
    machine.handle(Input.START, 0.0)
    assert machine.handle(Input.DOWN, 0.0, failure=REFUSED) == [
        Lost(REFUSED, outage=True),
        GiveUp(REFUSED),
        Step.FINISHED,
    ]
    assert all(machine.handle(event, 1.0, failure=REFUSED) == [] for event in Input)


def test_max_retries_none_never_gives_up_and_the_delay_stays_bounded():
    machine = Machine(RetryPolicy(max_retries=None))
    machine.handle(Input.START, 0.0)
    for _ in range(2000):
        commands = machine.handle(Input.DOWN, 0.0, failure=REFUSED, chance=1.0)
        assert commands[-1].delay <= 72.0
        machine.handle(Input.RETRY_DUE, 0.0)


def test_an_open_link_that_proves_nothing_does_not_forget_the_retries():
    """A server that accepts and drops at once is left after five retries, too."""
    machine = Machine()
    machine.handle(Input.START, 0.0)
    tries = 0
    while machine.state is not State.GIVEN_UP:
        machine.handle(Input.OPENED, 0.0)
        machine.handle(Input.DOWN, 0.0, failure=Failure("dropped", code=1006))
        tries += 1
        if machine.state is State.WAITING:
            machine.handle(Input.RETRY_DUE, 0.0)
    assert tries == 6


def test_a_link_that_is_lost_before_it_has_answered_is_a_failed_try():
    machine = machine_in(State.CONNECTING)
    machine.handle(Input.DOWN, 0.0, failure=REFUSED)
    machine.handle(Input.RETRY_DUE, 1.0)
    assert machine.handle(Input.ASKED, 2.0) == []
    assert machine.handle(Input.DOWN, 3.0, failure=REFUSED)[0] == Retry(2, 2.62, REFUSED)


def test_a_link_that_is_stopped_before_it_has_answered_is_closed_by_a_handshake():
    machine = machine_in(State.ASKING)
    assert machine.handle(Input.STOP, 0.0) == [StartTimer(Timer.CLOSE, CLOSE_SECONDS), Step.CLOSE]
    assert machine.handle(Input.DOWN, 0.1, failure=REFUSED) == [
        StopTimer(Timer.CLOSE),
        Step.FINISHED,
    ]


def test_only_the_first_failure_of_an_outage_without_a_link_is_told_as_lost():
    machine = machine_in(State.CONNECTING)
    assert Lost(REFUSED, outage=True) in machine.handle(Input.DOWN, 0.0, failure=REFUSED)
    machine.handle(Input.RETRY_DUE, 1.0)
    second = machine.handle(Input.DOWN, 2.0, failure=REFUSED)
    assert not any(isinstance(command, Lost) for command in second)
    machine.handle(Input.RETRY_DUE, 3.0)
    machine.handle(Input.OPENED, 4.0)  # was told as connected, so its loss is told as well
    assert Lost(REFUSED, outage=False) in machine.handle(Input.DOWN, 5.0, failure=REFUSED)


HOPELESS = [
    Failure("not found", http_status=404),
    Failure("bad request", http_status=400),
    Failure("region", http_status=451),
    Failure("wrong host", certificate=True),
]


@pytest.mark.parametrize("failure", HOPELESS)
def test_what_no_retry_cures_ends_a_key_that_never_worked(failure):
    assert fail_until_given_up(machine_in(State.CONNECTING), failure) == []


@pytest.mark.parametrize("failure", HOPELESS)
def test_the_same_is_a_failed_try_for_a_key_that_has_worked(failure):
    assert len(fail_until_given_up(machine_in(State.PROVEN), failure)) == 5


@pytest.mark.parametrize("state", [State.CONNECTING, State.ASKING, State.OPEN, State.PROVEN])
def test_a_final_failure_ends_any_key(state):
    failure = Failure("key refused", code=-2015, final=True)
    assert fail_until_given_up(machine_in(state), failure) == []


@pytest.mark.parametrize("status", [418, 429])
def test_retry_after_is_waited_for(status):
    failure = Failure("too many", http_status=status, retry_after=120.0)
    assert fail_until_given_up(machine_in(State.CONNECTING), failure) == [120.0] * 5


def test_retry_after_never_shortens_the_delay_and_counts_only_with_its_statuses():
    soon = Failure("too many", http_status=429, retry_after=0.0)
    assert fail_until_given_up(machine_in(State.CONNECTING), soon)[0] == 1.0
    other = Failure("busy", http_status=503, retry_after=500.0)
    assert fail_until_given_up(machine_in(State.CONNECTING), other)[0] == 1.0


def test_addresses_alternate_with_each_failed_try_and_stay_where_a_link_was_proven():
    machine = Machine()
    dials = list(machine.handle(Input.START, 0.0))
    machine.handle(Input.DOWN, 0.0, failure=REFUSED)
    dials += machine.handle(Input.RETRY_DUE, 0.0)
    machine.handle(Input.OPENED, 0.0)
    machine.handle(Input.PROVED, 0.0)
    machine.handle(Input.DOWN, 0.0, failure=REFUSED)
    dials += machine.handle(Input.RETRY_DUE, 0.0)
    machine.handle(Input.OPENED, 0.0)
    machine.handle(Input.DOWN, 0.0, failure=REFUSED)  # open and dropped before proof
    dials += machine.handle(Input.RETRY_DUE, 0.0)
    assert dials == [Dial(0), Dial(1), Dial(1), Dial(2)]


# Races: each pair of inputs that can cross, in both orders.


def run(*events: Input) -> tuple[Machine, list[object]]:
    machine, commands = Machine(), []
    for event in events:
        commands += machine.handle(event, 0.0, failure=REFUSED)
    return machine, commands


@pytest.mark.parametrize(
    ("before", "racing", "ends"),
    [
        # stop while connecting, against the try's end
        ([Input.START], (Input.STOP, Input.OPENED), State.CLOSED),
        ([Input.START], (Input.STOP, Input.DOWN), State.CLOSED),
        # stop while the link is up and has not answered, against its answer and its loss
        ([Input.START, Input.ASKED], (Input.STOP, Input.DOWN), State.CLOSED),
        # stop against the loss of an open link
        ([Input.START, Input.OPENED], (Input.STOP, Input.DOWN), State.CLOSED),
        # stop against proof
        ([Input.START, Input.OPENED], (Input.STOP, Input.PROVED), State.CLOSING),
        # stop against the retry
        ([Input.START, Input.DOWN], (Input.STOP, Input.RETRY_DUE), State.CLOSED),
        # the last failure against stop
        ([Input.START], (Input.SPENT, Input.STOP), None),
        # the closing handshake's end against its deadline
        ([Input.START, Input.OPENED, Input.STOP], (Input.DOWN, Input.CLOSE_DUE), State.CLOSED),
    ],
)
def test_racing_inputs_in_both_orders(before, racing, ends):
    for order in (racing, racing[::-1]):
        machine, commands = run(*before, *order)
        if machine.state is State.CLOSING:  # the link was open: its closing is still to come
            machine.handle(Input.DOWN, 1.0, failure=REFUSED)
            assert ends in (State.CLOSING, State.CLOSED)
        else:
            assert machine.state in (FINAL if ends is None else {ends, State.CLOSED})
            assert commands.count(Step.FINISHED) == 1
        assert machine.state in FINAL


def test_stop_during_the_closing_handshake_and_its_deadline():
    machine = machine_in(State.PROVEN)
    assert machine.handle(Input.STOP, 0.0) == [
        StartTimer(Timer.CLOSE, CLOSE_SECONDS),
        Step.CLOSE,
    ]
    assert machine.handle(Input.CLOSE_DUE, 0.7) == [Step.ABORT]
    assert machine.handle(Input.DOWN, 0.7, failure=REFUSED) == [
        StopTimer(Timer.CLOSE),
        Step.FINISHED,
    ]


# Inputs that a performer can hand in, given what the machine asked it for.
@given(st.lists(st.tuples(st.integers(0, 9), st.floats(0, 1)), max_size=60))
def test_any_history_keeps_the_promises(history):
    machine, timers, now = Machine(), set(), 0.0
    link, finished, gave_up = False, 0, 0
    for choice, chance in history:
        possible = [Input.STOP]
        if machine.state is State.IDLE:
            possible.append(Input.START)
        if machine.state is State.CONNECTING:
            possible += [Input.ASKED, Input.OPENED, Input.DOWN]
        if machine.state is State.ASKING:
            possible += [Input.OPENED, Input.DOWN]
        if link:
            possible += [Input.DOWN, *([Input.PROVED] if machine.state is State.OPEN else [])]
        possible += [timer.value for timer in timers]
        event = possible[choice % len(possible)]
        timers = {timer for timer in timers if timer.value is not event}
        now += 1.0
        for command in machine.handle(event, now, failure=REFUSED, chance=chance):
            match command:
                case StartTimer(timer, delay):
                    assert delay > 0
                    timers.add(timer)
                case StopTimer(timer):
                    timers.discard(timer)
                case Step.OPENED:
                    link = True
                case Lost() | Step.FINISHED:
                    link = False
            finished += command is Step.FINISHED
            gave_up += isinstance(command, GiveUp)
        assert machine.retries <= 5
        assert finished == (machine.state in FINAL)
        assert gave_up == (machine.state is State.GIVEN_UP)
        if machine.state in FINAL:
            assert not timers  # nothing is left on the clock


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_delays_lie_within_their_jitter(retry, chance):
    policy = RetryPolicy(max_retries=None)
    delay = policy.delay(retry, chance)
    assert 0.8 * policy.delay(retry, 0.5) <= delay <= 1.2 * policy.delay(retry, 0.5) + 1e-9


@pytest.mark.parametrize("wrong", [-1, 1.5, "5", True])
def test_a_wrong_number_of_retries_is_refused_at_once(wrong):
    with pytest.raises(ValueError, match="max_retries must be a whole number from 0, or None"):
        RetryPolicy(max_retries=wrong)


REFUSAL = Failure("Invalid API-key", code=-2015, refused=True)


def opened_and_proven(machine, now):
    machine.handle(Input.OPENED, now)
    machine.handle(Input.PROVED, now)


def test_a_refused_account_that_never_worked_is_given_up_at_once():
    machine = Machine()
    machine.handle(Input.START, 0.0)
    assert GiveUp(REFUSAL) in machine.handle(Input.DOWN, 1.0, failure=REFUSAL)


def test_a_refused_account_that_has_worked_is_given_up_when_that_is_said_again():
    machine = Machine()
    machine.handle(Input.START, 0.0)
    for now in (1.0, 20.0):  # each proof forgets the refusal before it
        opened_and_proven(machine, now)
        machine.handle(Input.DOWN, now + 1, failure=REFUSAL)
        assert machine.state is State.WAITING
        machine.handle(Input.RETRY_DUE, now + 5)
    machine.handle(Input.DOWN, 27.0, failure=Failure("no network"))
    machine.handle(Input.RETRY_DUE, 30.0)
    assert GiveUp(REFUSAL) in machine.handle(Input.DOWN, 31.0, failure=REFUSAL)
    assert machine.state is State.GIVEN_UP
