"""What the exchange counts, when it counts it: never more than five messages in a second."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from binance.sansio.link.budget import MessageBudget
from binance.sansio.link.outbox import Frame, Kind, Outbox


def text(number: int) -> Frame:
    return Frame(Kind.TEXT, b"%d" % number)


def pong(number: int) -> Frame:
    return Frame(Kind.PONG, b"%d" % number)


def full() -> Outbox:
    """An outbox whose budget is spent at 0.0."""
    outbox = Outbox(MessageBudget())
    for number in range(4):
        outbox.add(text(number))
    outbox.add(pong(0))
    assert len(outbox.take(0.0)) == 5
    outbox.written(0.0)
    return outbox


def test_json_leaves_in_the_order_in_which_it_came():
    outbox = Outbox(MessageBudget())
    for number in range(10):
        outbox.add(text(number))
    out = []
    for now in (0.0, 1.0, 1.2, 2.0, 2.4):
        out.append([int(frame.payload) for frame in outbox.take(now)])
        outbox.written(now)
    assert out == [[0, 1, 2, 3], [], [4, 5, 6, 7], [], [8, 9]]
    assert outbox.wait(2.4) is None


def test_a_pong_goes_before_the_json_that_waits():
    outbox = Outbox(MessageBudget())
    for number in range(10):
        outbox.add(text(number))
    outbox.add(pong(7))
    assert [frame.kind for frame in outbox.take(0.0)] == [Kind.PONG] + [Kind.TEXT] * 4


def test_of_pongs_that_wait_only_the_latest_is_sent():
    outbox = full()
    for number in range(1000):
        outbox.add(pong(number))
    assert outbox.take(0.5) == []
    assert outbox.take(1.2) == [pong(999)]
    assert outbox.take(2.0) == []


def test_a_ping_and_a_pong_do_not_replace_each_other():
    outbox = Outbox(None)
    outbox.add(Frame(Kind.PING))
    outbox.add(pong(1))
    assert outbox.take(0.0) == [pong(1), Frame(Kind.PING)]


def test_pings_without_pause_do_not_keep_json_back():
    outbox, sent = Outbox(MessageBudget()), []
    for number in range(20):
        outbox.add(text(number))
    for tick in range(50):
        now = tick / 10
        outbox.add(pong(tick))
        sent += [frame.kind for frame in outbox.take(now)]
        outbox.written(now)
    assert sent.count(Kind.TEXT) == 20
    assert sent.count(Kind.PONG) == 5


def test_without_a_budget_all_goes_at_once():
    outbox = Outbox(None)
    for number in range(100):
        outbox.add(text(number))
    assert len(outbox.take(0.0)) == 100
    outbox.written(0.0)
    assert outbox.wait(0.0) is None


def test_it_says_when_to_ask_again():
    outbox = full()
    assert outbox.wait(0.5) is None
    outbox.add(text(5))
    assert outbox.wait(0.5) == pytest.approx(0.7)
    outbox.add(pong(5))
    assert outbox.wait(1.0) == pytest.approx(0.2)
    assert len(outbox.take(1.2)) == 2


turns = st.lists(
    st.tuples(
        st.floats(0, 1.5),  # how long after the turn before
        st.floats(0, 3.0) | st.just(0.0),  # for how long a callback then holds the reactor
        st.booleans(),  # does the reactor write in this turn?
        st.integers(0, 12),  # requests
        st.integers(0, 3),  # the server's pings
    ),
    max_size=25,
)


# Where sums of floats are rounded, so that a period is over by one of them and not by another.
@example([(0.0, 1.0, False, 10, 0), (0.03555669036942989, 0.0, False, 0, 0)], random.Random(0))
@given(turns, st.randoms(use_true_random=False))
def test_at_most_five_arrive_in_any_second_whatever_the_way_does(turns, dice):
    """Each is delayed by 0 to 150 ms; a reactor that is held up writes late, and asks late."""
    outbox, now, unwritten, arrived = Outbox(MessageBudget()), 0.0, 0, []
    end = [(0.3, 0.0, True, 0, 0)] * 40
    for gap, held, writes, requests, pings in [*turns, *end]:
        now += gap
        for number in range(requests):
            outbox.add(text(number))
        for number in range(pings):
            outbox.add(pong(number))
        unwritten += len(outbox.take(now))
        now += held
        if writes:
            arrived += [now + dice.uniform(0, 0.15) for _ in range(unwritten)]
            unwritten = 0
            outbox.written(now)
    for begin in arrived:
        assert sum(begin <= one < begin + 1.0 for one in arrived) <= 5
    asked = sum(turn[3] for turn in turns)
    assert len(arrived) >= min(asked, 4 * 9)
