"""Loops over messages against the simulated exchange: 5,000 messages a second, and each way out."""

import asyncio
import threading
import time

import pytest
from twisted.internet import defer

from binance.exceptions import BinanceStreamLost
from binance.simulator.run.exchange_process import ExchangeProcess
from binance.tx.loop import reactor
from binance.websockets import BinanceSocketManager
from tests.pace import paced

pytestmark = [pytest.mark.loopback, pytest.mark.process]

DEADLINE = paced(20.0)
COUNT = 10_000


@pytest.fixture(scope="module")
def exchange():
    with ExchangeProcess(symbols=["BTCUSDT"], rate=1000) as running:
        yield running
        assert running.errors() == ""


@pytest.fixture
def fast_exchange(monkeypatch):
    """One that is too busy to be asked for its connections on a slow machine."""
    with ExchangeProcess(symbols=["BTCUSDT"], rate=5000) as running:
        for name, value in running.env.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def bm(exchange, monkeypatch):
    for name, value in exchange.env.items():
        monkeypatch.setenv(name, value)
    return BinanceSocketManager(None)


def take(messages, count=COUNT, slow=lambda: None):
    ids = []
    with messages:
        for message in messages:
            ids.append(message["t"])
            if len(ids) == count:
                break
            slow()
    return ids


async def atake(messages, count=COUNT, slow=lambda: None):
    ids = []
    async with messages:
        async for message in messages:
            ids.append(message["t"])
            if len(ids) == count:
                break
            slow()
    return ids


def take_in_task(messages, *args):
    return asyncio.run(atake(messages, *args))


def wait_until(is_so):
    end = time.monotonic() + DEADLINE
    while not is_so():
        assert time.monotonic() < end
        threading.Event().wait(0.01)


@pytest.fixture(autouse=True)
def nothing_left(bm, exchange):
    """No link, no thread, and a manager that has ended with its last block."""
    before = set(threading.enumerate())
    yield
    wait_until(lambda: exchange.stats()["connections"]["open"] == [])
    wait_until(lambda: not bm.is_alive())
    assert not bm._conns
    names = [thread.name for thread in set(threading.enumerate()) - before]
    assert not [name for name in names if name.startswith(("binance-manager", "binance-callback"))]


@pytest.mark.slow
@pytest.mark.parametrize("loop", [take, take_in_task], ids=["for", "async for"])
@pytest.mark.parametrize("overflow", ["block", "drop_oldest"])
def test_none_of_5000_messages_a_second_is_lost(bm, fast_exchange, loop, overflow):
    ids = loop(bm.messages("btcusdt@trade", overflow=overflow))
    assert ids == list(range(ids[0], ids[0] + COUNT))


class Stall:
    """Lets the loop wait now and then, until the queue has overflown for sure."""

    def __init__(self, bm):
        self.bm, self.count, self.dropped = bm, 0, 0

    def __call__(self):
        self.count += 1
        if self.count in (10, 200):
            before = self.dropped
            (key,) = self.bm._conns

            def has_dropped():
                self.dropped = self.bm.stats()[key]["dropped"]
                return self.dropped > before

            wait_until(has_dropped)


@pytest.mark.parametrize("loop", [take, take_in_task], ids=["for", "async for"])
def test_a_slow_loop_misses_what_is_counted(bm, loop):
    stall = Stall(bm)
    ids = loop(bm.messages("btcusdt@trade", queue_size=50, overflow="drop_oldest"), 1000, stall)
    missing = ids[-1] - ids[0] + 1 - len(ids)
    assert missing > 0
    assert ids == sorted(ids)


@pytest.mark.parametrize("loop", [take, take_in_task], ids=["for", "async for"])
def test_a_slow_loop_that_blocks_loses_nothing(bm, loop):
    count = 0

    def slow():
        nonlocal count
        count += 1
        if count in (10, 500):
            (socket,) = bm._conns.values()
            wait_until(lambda: socket.is_paused)

    ids = loop(bm.messages("btcusdt@trade", queue_size=50, overflow="block"), 2000, slow)
    assert ids == list(range(ids[0], ids[0] + 2000))


def test_a_timeout_leaves_the_loop_and_no_task(bm):
    async def main():
        async with bm.messages("nosuch@trade") as messages:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(messages), 0.05)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


def test_closing_the_manager_ends_the_loop(bm):
    with bm.messages("btcusdt@trade") as messages:
        for _ in messages:
            bm.close()


def test_the_last_of_two_blocks_in_two_threads_closes_the_manager(bm, monkeypatch):
    """One begins while the other one, which has started the manager, ends."""
    barrier, other = threading.Barrier(2), bm.messages("btcusdt@aggTrade")
    opened = other._open

    def slowly():
        barrier.wait(DEADLINE)
        barrier.wait(DEADLINE)
        opened()

    def enter():
        with other as messages:
            next(messages)

    monkeypatch.setattr(other, "_open", slowly)
    entering = threading.Thread(target=enter)
    with bm.messages("btcusdt@trade") as messages:
        next(messages)
        entering.start()
        barrier.wait(DEADLINE)  # it has found the manager running
    barrier.wait(DEADLINE)
    entering.join(DEADLINE)
    assert not entering.is_alive()
    bm.join(DEADLINE)
    assert not bm.is_alive()


def test_many_consumers_on_many_loops(bm):
    got = []

    async def consume():
        got.append(await atake(bm.messages("btcusdt@trade", overflow="block"), 500))

    async def main():
        await asyncio.gather(consume(), consume())

    threads = [threading.Thread(target=asyncio.run, args=(main(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    assert len(got) == 4
    assert all(ids == list(range(ids[0], ids[0] + 500)) for ids in got)


def test_a_deferred_based_coroutine_in_the_reactor_thread(bm):
    done = threading.Event()
    results = []

    def begin():
        deferred = defer.ensureDeferred(atake(bm.messages("btcusdt@trade"), 500))
        deferred.addBoth(results.append).addBoth(lambda _: done.set())

    reactor.ensure_running()
    reactor.call(begin)
    assert done.wait(DEADLINE)
    (ids,) = results
    assert ids == list(range(ids[0], ids[0] + 500))


def test_a_lost_stream_raises(bm, exchange):
    bm = BinanceSocketManager(None, max_retries=0)
    exchange.fault("refuse", count=20)
    with bm, pytest.raises(BinanceStreamLost), bm.messages("btcusdt@trade") as messages:
        next(messages)
    exchange.clear()
    wait_until(lambda: not bm.is_alive())


def test_the_exchanges_clock_is_measured_over_rest(bm):
    bm = BinanceSocketManager(None, measure_clock=True)
    latency = None
    with bm.messages("btcusdt@trade") as messages:
        for _ in messages:
            latency = bm.stats()[messages.keys[0]]["latency"]
            if latency is not None and latency["error"] is not None:
                break
    assert 0 < latency["error"] < DEADLINE
    assert -latency["error"] <= latency["p50"] < DEADLINE
    wait_until(lambda: not bm.is_alive())
