import logging
import time

import pytest
from twisted.internet.task import LoopingCall

from simulation.world import install
from simulation.world.install import reactor
from simulation.world.reactor import Deadlock


@pytest.fixture(autouse=True)
def _run() -> None:
    install.reset(1)


def test_delayed_calls_come_in_order_and_never_before_their_time() -> None:
    came: list[tuple[str, float]] = []
    reactor.callLater(0.3, lambda: came.append(("b", reactor.now)))
    reactor.callLater(0.1, lambda: came.append(("a", reactor.now)))
    reactor.run_until(0.2)
    assert [name for name, _ in came] == ["a"]
    reactor.run_until(1.0)
    assert [name for name, _ in came] == ["a", "b"]
    assert came[0][1] >= 0.1
    assert came[1][1] >= 0.3
    assert reactor.now == 1.0


def test_a_call_can_be_cancelled_and_moved_both_ways() -> None:
    came: list[str] = []
    gone = reactor.callLater(1, came.append, "gone")
    later = reactor.callLater(1, came.append, "later")
    sooner = reactor.callLater(5, came.append, "sooner")
    gone.cancel()
    later.delay(2)
    sooner.reset(2)
    assert len(reactor.getDelayedCalls()) == 2
    reactor.run_until(1.5)
    assert came == []
    reactor.run_until(2.5)
    assert came == ["sooner"]
    reactor.run_until(3.5)
    assert came == ["sooner", "later"]
    assert reactor.getDelayedCalls() == []


def test_a_looping_call_keeps_its_pace_for_an_hour() -> None:
    times: list[float] = []
    LoopingCall(lambda: times.append(reactor.now)).start(0.1)
    reactor.run_until(3600.0)
    assert len(times) in (36_000, 36_001)


@pytest.mark.parametrize(("is_wall", "calls"), [(False, 1), (True, 0)])
def test_a_wall_clock_that_is_set_back_holds_only_timers_that_go_by_it(
    is_wall: bool, calls: int
) -> None:
    install.reset(1, is_wall=is_wall)
    came: list[int] = []
    reactor.callLater(10, came.append, 1)
    wall, monotonic = time.time(), time.monotonic()
    reactor.jump(-3600)
    reactor.run_until(20)
    assert len(came) == calls
    assert time.time() == pytest.approx(wall - 3580)
    assert time.monotonic() == pytest.approx(monotonic + 20)


@pytest.mark.parametrize("end", [101.10100000000001, 1 / 3, 2.0, 1e-10])
def test_a_run_comes_to_its_end_whatever_the_fraction(end: float) -> None:
    reactor.run_until(end)
    assert reactor.now >= end
    assert reactor.now == pytest.approx(end, abs=1e-8)


def test_the_world_goes_on_while_the_reactor_is_held() -> None:
    came: list[tuple[str, float]] = []
    reactor.callLater(1, time.sleep, 5)
    reactor.callLater(2, lambda: came.append(("timer", reactor.now)))
    reactor.at(3, lambda: came.append(("world", reactor.now)))
    reactor.at(3, reactor.io, lambda: came.append(("octets", reactor.now)))
    reactor.run_until(10)
    assert [name for name, _ in came] == ["world", "octets", "timer"]
    assert [round(when) for _, when in came] == [3, 6, 6]


def test_other_threads_are_not_the_reactor_thread_while_it_is_held() -> None:
    came: list[bool] = []
    reactor.callLater(1, reactor.stall, 5)
    reactor.at(2, lambda: came.append(reactor.is_io))
    reactor.callLater(7, lambda: came.append(reactor.is_io))
    reactor.run_until(10)
    assert came == [False, True]


def test_what_is_raised_is_kept_and_the_rest_goes_on() -> None:
    came: list[int] = []
    reactor.callLater(1, lambda: 1 // 0)
    reactor.callLater(2, came.append, 2)
    reactor.run_until(3)
    assert came == [2]
    assert [failure.type for failure in reactor.errors] == [ZeroDivisionError]


def test_the_reactor_thread_that_waits_in_vain_is_found() -> None:
    import threading

    event = threading.Event()
    caught: list[type[BaseException]] = []

    def wait() -> None:
        try:
            event.wait()
        except Deadlock as error:
            caught.append(type(error))

    reactor.callLater(1, wait)
    reactor.run_until(2)
    assert caught == [Deadlock]


def test_stop_fires_the_triggers_and_waits_for_those_before() -> None:
    from twisted.internet.defer import Deferred

    came: list[str] = []
    waiting: Deferred[None] = Deferred()
    reactor.addSystemEventTrigger("after", "shutdown", came.append, "after")
    reactor.addSystemEventTrigger("before", "shutdown", lambda: (came.append("before"), waiting)[1])
    reactor.stop()
    reactor.run_until(1)
    assert came == ["before"]
    waiting.callback(None)
    assert came == ["before", "after"]
    assert not reactor.running


def test_records_carry_simulated_time() -> None:
    made = logging.LogRecord("n", 20, "p", 1, "m", (), None)
    assert made.created == reactor.wall()
