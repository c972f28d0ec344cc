import asyncio
import queue
import threading
import time
from concurrent.futures import Future

import pytest

from simulation.world import install
from simulation.world.install import reactor


@pytest.fixture(autouse=True)
def _run() -> None:
    install.reset(1)


def test_threads_sleep_side_by_side() -> None:
    came: list[tuple[str, int]] = []

    def work(name: str, seconds: float) -> None:
        time.sleep(seconds)
        came.append((name, round(reactor.now)))

    threads = [threading.Thread(target=work, args=row) for row in (("a", 3), ("b", 1), ("c", 2))]
    for thread in threads:
        thread.start()
    assert all(thread.is_alive() for thread in threads)
    for thread in threads:
        thread.join()
    assert came == [("b", 1), ("c", 2), ("a", 3)]
    assert not reactor.threads


def test_futures_and_queues_wait_for_other_threads() -> None:
    future: Future[int] = Future()
    passed: queue.Queue[int] = queue.Queue()

    def give() -> None:
        time.sleep(1)
        future.set_result(1)
        time.sleep(1)
        passed.put(2)

    threading.Thread(target=give).start()
    assert future.result(5) == 1
    assert passed.get() == 2
    with pytest.raises(queue.Empty):
        passed.get(timeout=3)
    assert reactor.now == pytest.approx(5, abs=0.1)


def test_a_lock_is_held_over_a_wait() -> None:
    lock = threading.RLock()
    came: list[str] = []

    def hold() -> None:
        with lock, lock:
            came.append("held")
            time.sleep(2)
            came.append("let go")

    def want() -> None:
        time.sleep(1)
        assert not lock.acquire(blocking=False)
        assert not lock.acquire(timeout=0.5)
        with lock:
            came.append("had")

    threading.Thread(target=hold).start()
    threading.Thread(target=want).start()
    reactor.run_until(5)
    assert came == ["held", "let go", "had"]
    assert not reactor.errors


def test_the_reactor_thread_waits_for_a_lock_that_a_thread_holds() -> None:
    lock = threading.Lock()
    came: list[float] = []

    def hold() -> None:
        with lock:
            time.sleep(2)

    def want() -> None:
        with lock:
            came.append(reactor.now)

    threading.Thread(target=hold).start()
    reactor.callLater(1, want)
    reactor.run_until(5)
    assert came == [pytest.approx(2, abs=0.1)]


def test_a_condition_wakes_one_or_all_or_times_out() -> None:
    condition = threading.Condition()
    woken: list[str] = []

    def wait(name: str) -> None:
        with condition:
            if condition.wait(10):
                woken.append(name)

    for name in "abc":
        threading.Thread(target=wait, args=(name,)).start()
    reactor.run_until(1)
    with condition:
        condition.notify()
    reactor.run_until(2)
    assert len(woken) == 1
    with condition:
        condition.notify_all()
    reactor.run_until(3)
    assert sorted(woken) == ["a", "b", "c"]
    with condition:
        assert not condition.wait(1)


@pytest.mark.parametrize("left", [0.0, 1e-11])
@pytest.mark.parametrize("wait", ["thread", "main"])
def test_who_waits_again_and_again_for_almost_nothing_does_not_wait_for_ever(
    left: float, wait: str
) -> None:
    waits = [threading.Event().wait, time.sleep]

    def work() -> None:
        for each in waits:
            began = reactor.ns
            for _ in range(100):
                each(left)
            passed.append(reactor.ns - began)

    passed: list[int] = []
    if wait == "thread":
        threading.Thread(target=work).start()
        reactor.run_until(1)
    else:
        work()
    assert len(passed) == 2
    assert all(nanoseconds >= 100 for nanoseconds in passed)


def test_locals_are_each_threads_own() -> None:
    local = threading.local()
    local.value = "main"
    seen: list[object] = []

    def look() -> None:
        seen.append(getattr(local, "value", None))
        local.value = "thread"

    threading.Thread(target=look).start()
    reactor.run_until(1)
    assert seen == [None]
    assert local.value == "main"


def test_two_event_loops_run_at_once() -> None:
    came: list[tuple[str, int]] = []

    async def work(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        came.append((name, round(reactor.now)))
        time.sleep(2)
        await asyncio.sleep(1)
        came.append((name, round(reactor.now)))

    for row in (("a", 1), ("b", 2)):
        threading.Thread(target=lambda row=row: asyncio.run(work(*row))).start()
    reactor.run_until(10)
    assert came == [("a", 1), ("b", 2), ("a", 4), ("b", 5)]
    assert not reactor.errors


def test_a_call_from_another_thread_wakes_a_loop() -> None:
    came: list[float] = []
    loops: list[asyncio.AbstractEventLoop] = []

    async def work() -> None:
        woken = asyncio.Event()
        loops.append(asyncio.get_running_loop())
        loops.append(woken)  # type: ignore[arg-type]
        await woken.wait()
        came.append(reactor.now)

    threading.Thread(target=lambda: asyncio.run(work())).start()
    reactor.at(3, lambda: loops[0].call_soon_threadsafe(loops[1].set))  # type: ignore[attr-defined]
    reactor.run_until(4)
    assert came == [pytest.approx(3, abs=0.01)]


def test_a_run_ends_the_threads_of_the_one_before() -> None:
    ended: list[int] = []

    def work() -> None:
        try:
            threading.Event().wait()
        finally:
            ended.append(1)

    threading.Thread(target=work).start()
    reactor.run_until(1)
    install.reset(2)
    assert ended == [1]
    assert not reactor.threads
