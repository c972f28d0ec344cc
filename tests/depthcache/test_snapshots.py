"""Fetching snapshots: shared threads, a shared budget, one refusal for all."""

import gc
import threading
import weakref
from collections.abc import Callable, Iterator

import pytest

from binance.depth.snapshots import THREADS, Fetcher, fetcher_of
from binance.sansio.link.budget import WeightBudget
from tests.pace import paced

DEADLINE = paced(10.0)


class Clock:
    """Seconds that stand still until a thread has nothing to do but wait for them."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Waiting(threading.Condition):
    """A condition whose waits with a time-out let the clock run that long, at once."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        if timeout is None:
            return super().wait()
        self.clock.now += timeout
        return False


class Done:
    """What was called, when, in which thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.calls: list[tuple[str, float]] = []
        self.threads: set[str] = set()
        self._counted = threading.Condition()

    def job(self, name: str) -> Callable[[], None]:
        def call() -> None:
            with self._counted:
                self.calls.append((name, self.clock() - 1000.0))
                self.threads.add(threading.current_thread().name)
                self._counted.notify_all()

        return call

    def wait(self, count: int) -> list[tuple[str, float]]:
        with self._counted:
            assert self._counted.wait_for(lambda: len(self.calls) >= count, DEADLINE), self.calls
            return self.calls


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def done(clock: Clock) -> Done:
    return Done(clock)


@pytest.fixture
def make(clock: Clock) -> Iterator[Callable[..., Fetcher]]:
    made = []

    def build(budget: WeightBudget | None = None, threads: int = 1) -> Fetcher:
        fetcher = Fetcher(object(), budget, threads, clock)
        fetcher._wake = Waiting(clock)
        made.append(fetcher)
        return fetcher

    yield build
    for fetcher in made:
        for member in list(fetcher._members):
            fetcher.leave(member)


def fetching() -> set[threading.Thread]:
    """The threads of all fetchers."""
    return {thread for thread in threading.enumerate() if thread.name == "binance-snapshots"}


@pytest.mark.thread
def test_a_job_is_called_in_a_thread_of_the_fetchers(
    make: Callable[..., Fetcher], done: Done
) -> None:
    fetcher = make()
    fetcher.join("a")
    fetcher.ask("a", done.job("first"), 5, 0.0)
    assert done.wait(1) == [("first", 0.0)]
    assert done.threads == {"binance-snapshots"}


@pytest.mark.thread
def test_jobs_are_called_when_they_are_due(make: Callable[..., Fetcher], done: Done) -> None:
    fetcher = make()
    with fetcher._wake:  # so that all are asked for before the first is looked at
        fetcher.join("a")
        fetcher.ask("a", done.job("late"), 5, 9.0)
        fetcher.ask("a", done.job("soon"), 5, 2.0)
        fetcher.ask("a", done.job("at once"), 5, 0.0)
        fetcher.ask("a", done.job("after it"), 5, 0.0)
    assert done.wait(4) == [("at once", 0.0), ("after it", 0.0), ("soon", 2.0), ("late", 9.0)]


@pytest.mark.thread
def test_the_weight_of_a_crowd_is_spread(make: Callable[..., Fetcher], done: Done) -> None:
    """200 books of 500 levels: never more than the budget's share in any minute."""
    fetcher = make(WeightBudget(6000))
    with fetcher._wake:
        fetcher.join("a")
        for i in range(200):
            fetcher.ask("a", done.job(str(i)), 25, 0.0)
    calls = done.wait(200)
    assert [name for name, _ in calls] == [str(i) for i in range(200)]
    moments = [moment for _, moment in calls]
    for moment in moments:
        assert 25 * sum(moment <= other < moment + 60.0 for other in moments) <= 4000
    assert 60.0 <= moments[-1] < 61.0


@pytest.mark.thread
def test_a_refusal_stops_all(make: Callable[..., Fetcher], done: Done) -> None:
    fetcher = make(WeightBudget(6000))

    def refused() -> None:
        done.job("refused")()
        fetcher.hold(40.0)
        fetcher.hold(3.0)

    with fetcher._wake:
        fetcher.join("a")
        fetcher.join("b")
        fetcher.ask("a", refused, 5, 0.0)
        fetcher.ask("b", done.job("other"), 5, 1.0)
    assert done.wait(2) == [("refused", 0.0), ("other", 40.0)]


@pytest.mark.thread
def test_a_job_that_raises_is_logged_and_harms_no_other(
    make: Callable[..., Fetcher], done: Done, caplog: pytest.LogCaptureFixture
) -> None:
    fetcher = make()

    def broken() -> None:
        raise ZeroDivisionError("broken")

    with fetcher._wake:
        fetcher.join("a")
        fetcher.ask("a", broken, 5, 0.0)
        fetcher.ask("a", done.job("next"), 5, 0.0)
    done.wait(1)
    assert "a snapshot of an order book failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.thread
def test_jobs_of_one_that_left_are_dropped(make: Callable[..., Fetcher], done: Done) -> None:
    fetcher = make()
    with fetcher._wake:
        fetcher.join("a")
        fetcher.join("b")
        fetcher.ask("a", done.job("a"), 5, 0.0)
        fetcher.ask("b", done.job("b"), 5, 0.0)
        fetcher.leave("a")
        fetcher.ask("a", done.job("a again"), 5, 0.0)
    assert done.wait(1) == [("b", 0.0)]


@pytest.mark.thread
def test_threads_are_there_while_somebody_is(make: Callable[..., Fetcher], done: Done) -> None:
    others = fetching()
    fetcher = make(threads=3)
    fetcher.join("a")
    fetcher.join("b")
    fetcher.join("b")
    mine = fetching() - others
    assert len(mine) == 3
    fetcher.leave("a")
    assert fetching() - others == mine
    fetcher.leave("b")
    fetcher.leave("b")
    for thread in mine:
        thread.join(DEADLINE)
    assert fetching() <= others
    fetcher.join("c")
    fetcher.ask("c", done.job("again"), 5, 0.0)
    done.wait(1)


@pytest.mark.thread
def test_threads_do_not_keep_a_process_alive(make: Callable[..., Fetcher]) -> None:
    fetcher = make(threads=2)
    fetcher.join("a")
    assert all(t.daemon for t in threading.enumerate() if t.name == "binance-snapshots")


class Foreign:
    """A client that we know nothing of."""


class Ours:
    """A client that keeps account of its weight."""

    weight_budget = object()


def test_a_client_has_one_fetcher() -> None:
    client, other = Foreign(), Foreign()
    fetcher = fetcher_of(client)
    assert fetcher_of(client) is fetcher
    assert fetcher_of(other) is not fetcher


def test_a_foreign_client_gets_one_thread_and_a_budget() -> None:
    fetcher = fetcher_of(Foreign())
    assert fetcher._count == 1
    assert isinstance(fetcher._budget, WeightBudget)


def test_our_client_keeps_its_own_account() -> None:
    fetcher = fetcher_of(Ours())
    assert fetcher._count == THREADS
    assert fetcher._budget is None


def test_a_fetcher_goes_with_its_last_book() -> None:
    client = Foreign()
    gone = weakref.ref(fetcher_of(client))
    gc.collect()
    assert gone() is None
