"""Loops over messages, with everything around them faked: the wire, the clock, the manager."""

import asyncio
import contextlib
import gc
import threading
from functools import partial

import pytest
from twisted.internet.defer import CancelledError, ensureDeferred

from binance.events import Connected, Disconnected, Gap, GaveUp, Overflowed, Retrying
from binance.exceptions import BinanceStreamLost
from binance.sansio.link.reconnect import RetryPolicy
from binance.sansio.names.endpoints import resolve
from binance.sansio.names.named import sources
from binance.sansio.names.sites import site
from binance.tx.loop import reactor
from binance.tx.messages import MESSAGES_WITHOUT_PAUSE, Messages
from binance.tx.past.checkpoint import Mark
from tests.pace import paced
from tests.tx.rig import Rig

SITE = site(resolve({}), "spot")
DEADLINE = paced(10.0)


class Manager:
    """What a `Messages` object needs of its manager; `rigs` are the sockets that it has opened."""

    def __init__(self, refuses=0):
        self.rigs = []
        self.conns = {}
        self.borrowed = self.returned = 0
        self._open_sockets = self
        self._refuses = refuses
        self.lock = threading.RLock()

    def held(self):
        return list(self.conns.items())

    def checked(self, callback, options, is_account=False):
        return options

    def borrow(self, block):
        self.borrowed += 1

    def give_back(self, block):
        self.returned += 1

    def _site(self, attribute):
        return SITE

    def open(self, its, key, callback, options, feed):
        if self._refuses and len(self.rigs) == self._refuses:
            raise ValueError("no further socket")
        rig = Rig(
            callback,
            RetryPolicy(2),
            options=options,
            sessions=lambda socket: feed.sessions(its.bases, socket),
        )
        self.rigs.append(rig)
        self.conns[key] = rig.socket
        rig.socket.start()
        return key

    def _stop_own(self, key, conn):
        assert self.conns.pop(key) is conn
        conn.stop()

    @property
    def rig(self):
        (rig,) = self.rigs
        return rig

    def assert_nothing_left(self):
        assert self.conns == {}
        assert self.returned
        for rig in self.rigs:
            for factory, _ in rig.wire.dials:
                if factory.link.protocol is not None:
                    factory.link.protocol.lose(clean=True, code=1000)
            rig.assert_nothing_left()


def make(*names, manager=None, events=False, **options):
    manager = manager or Manager()
    return manager, Messages(manager, sources(names or ["a@trade"]), events, None, options)


def trades(first, last, **more):
    return [{"e": "trade", "s": "A", "t": number, **more} for number in range(first, last + 1)]


def numbers(messages, count):
    return [next(messages)["t"] for _ in range(count)]


def assert_not_waiting(messages):
    assert messages._waiters == {}


def test_who_has_waited_for_longest_is_woken_first():
    _, messages = make()
    woken = []
    messages._waiters |= {number: partial(woken.append, number) for number in range(5)}
    messages.wake()
    assert woken == [0, 1, 2, 3, 4]


# the block


def test_a_block_opens_one_socket_for_each_market_and_closes_them():
    manager, messages = make("a@trade", "usdm:b@trade", "c@trade")
    with messages:
        assert manager.borrowed == 1
        assert [key.partition("#")[0] for key in messages.keys] == [
            "streams=a@trade/c@trade",
            "usdm:b@trade",
        ]
        for rig in manager.rigs:
            rig.wire.open()
    manager.assert_nothing_left()


def test_two_loops_over_one_stream_have_a_socket_each():
    manager, one = make()
    _, other = make(manager=manager)
    with one, other:
        assert len(manager.rigs) == 2
        assert one.keys != other.keys


def test_a_socket_that_cannot_be_opened_closes_the_others():
    manager, messages = make("a@trade", "usdm:b@trade", manager=Manager(refuses=1))
    with pytest.raises(ValueError, match="no further socket"), messages:
        pytest.fail("the block has begun")
    manager.assert_nothing_left()


def test_an_object_has_one_block():
    _, messages = make()
    with messages:
        pass
    with pytest.raises(RuntimeError, match="has had its block"), messages:
        pytest.fail("the block has begun")


def test_a_loop_outside_of_a_block_is_refused():
    _, messages = make()
    with pytest.raises(RuntimeError, match="open the block first"):
        next(messages)


def test_a_dispatch_is_refused():
    with pytest.raises(TypeError, match="takes no dispatch"):
        make(dispatch="thread")


# the messages


def test_messages_arrive_in_order_over_all_sockets():
    manager, messages = make("a@trade", "usdm:b@trade")
    with messages:
        spot, usdm = (rig.wire.open() for rig in manager.rigs)
        spot.say({"stream": "a@trade", "data": {"n": 1}})
        usdm.say({"stream": "b@trade", "data": {"n": 2}}, {"stream": "b@trade", "data": {"n": 3}})
        spot.say({"stream": "a@trade", "data": {"n": 4}})
        got = [next(messages) for _ in range(4)]
    assert [(one["stream"], one["data"]["n"]) for one in got] == [
        ("a@trade", 1),
        ("usdm:b@trade", 2),
        ("usdm:b@trade", 3),
        ("a@trade", 4),
    ]


@pytest.mark.parametrize("overflow", ["drop_oldest", "latest", "block"])
def test_events_are_in_order_with_messages(overflow):
    manager, messages = make(events=True, overflow=overflow)
    with messages:
        link = manager.rig.wire.open()
        link.say(*trades(1, 1), *trades(3, 3, s="B"))
        link.lose()
        got = [next(messages) for _ in range(6)]
    kinds = [one["t"] if isinstance(one, dict) else type(one) for one in got]
    assert kinds == [Connected, 1, Gap, 3, Disconnected, Retrying]
    assert {one.key for one in got if not isinstance(one, dict)} == {"bnbbtc@trade"}


def test_a_list_of_binance_us_is_wrapped_once():
    manager = Manager()
    manager._site = lambda attribute: site(resolve({"BINANCE_ENV": "us"}), "spot")
    _, messages = make("!ticker@arr", "a@trade", manager=manager)
    with messages:
        manager.rigs[0].wire.open().say([{"e": "24hrTicker", "E": 1, "s": "A"}])
        assert next(messages)["data"][0]["s"] == "A"


def test_events_that_nobody_asked_for_are_left_out():
    manager, messages = make()
    with messages:
        link = manager.rig.wire.open()
        link.say(*trades(1, 1), *trades(3, 3))
        assert numbers(messages, 2) == [1, 3]


# the queue


def test_block_stops_reading_until_there_is_room_and_loses_nothing():
    manager, messages = make(overflow="block", queue_size=4)
    with messages:
        link = manager.rig.wire.open()
        link.say(*trades(1, 6))
        assert link.transport.is_paused
        assert numbers(messages, 3) == [1, 2, 3]
        assert link.transport.is_paused
        assert numbers(messages, 1) == [4]
        assert not link.transport.is_paused
        link.say(*trades(7, 8))
        assert numbers(messages, 4) == [5, 6, 7, 8]
        assert manager.rig.socket.stats()["dropped"] == 0


def test_block_resumes_if_the_queue_was_emptied_before_reading_stopped(monkeypatch):
    manager, messages = make(overflow="block", queue_size=1)
    with messages:
        link = manager.rig.wire.open()
        (inbox,) = messages._inboxes
        stop_reading = inbox._overflow
        taken = []

        def take_then_stop():  # the consumer is faster than the reactor thread
            taken.extend(numbers(messages, 2))
            stop_reading()

        monkeypatch.setattr(inbox, "_overflow", take_then_stop)
        link.say(*trades(1, 2))
        assert taken == [1, 2]
        assert link.transport.is_paused
        messages._poll()
        assert not link.transport.is_paused


def test_drop_oldest_counts_what_it_drops():
    manager, messages = make(events=True, overflow="drop_oldest", queue_size=3)
    with messages:
        link = manager.rig.wire.open()
        assert isinstance(next(messages), Connected)
        link.say(*trades(1, 5))
        assert numbers(messages, 3) == [3, 4, 5]
        overflowed = next(messages)
        assert (type(overflowed), overflowed.dropped) == (Overflowed, 2)
        assert manager.rig.socket.stats()["dropped"] == 2


def test_events_are_never_dropped_and_take_no_room_of_messages():
    manager, messages = make(events=True, overflow="drop_oldest", queue_size=100)
    with messages:
        link = manager.rig.wire.open()
        link.say(*trades(1, 1), *trades(3, 3))
        for number in range(4, 1001):
            link.say(*trades(number, number))
        got = [next(messages) for _ in range(len(messages.queue))]
        assert_not_waiting(messages)
    events = [one for one in got if not isinstance(one, dict)]
    assert [type(one) for one in events] == [Connected, Gap, Overflowed]
    assert [one["t"] for one in got if isinstance(one, dict)] == list(range(901, 1001))
    assert events[-1].dropped == manager.rig.socket.stats()["dropped"] == 899


def test_the_marks_of_a_checkpoint_are_no_dropped_messages():
    manager, messages = make(queue_size=3)
    with messages:
        for _ in range(3):
            manager.rig.socket.inject(Mark(print))
        manager.rig.wire.open().say(*trades(1, 4))
        assert numbers(messages, 3) == [2, 3, 4]
        assert manager.rig.socket.stats()["dropped"] == 1


def test_drops_are_in_one_event_until_it_is_taken():
    manager, messages = make(events=True, overflow="drop_oldest", queue_size=2)
    with messages:
        link = manager.rig.wire.open()
        for number in range(1, 6):
            link.say(*trades(number, number))
        assert type(next(messages)) is Connected
        assert next(messages).dropped == 3
        link.say(*trades(6, 6))
        assert numbers(messages, 2) == [5, 6]
        assert next(messages).dropped == 1


def test_latest_tells_of_drops_in_one_event():
    manager, messages = make(events=True, overflow="latest")
    with messages:
        link = manager.rig.wire.open()
        assert isinstance(next(messages), Connected)
        for number in range(1, 9):
            link.say(*trades(number, number))
        assert numbers(messages, 1) == [8]
        assert next(messages).dropped == 7
        assert manager.rig.socket.stats()["queued"] == 0


def test_latest_keeps_the_newest_of_each_symbol():
    manager, messages = make(overflow="latest")
    with messages:
        link = manager.rig.wire.open()
        link.say(*trades(1, 3), *trades(4, 4, s="B"))
        assert numbers(messages, 2) == [3, 4]
        assert manager.rig.socket.stats()["dropped"] == 2


def test_the_marks_of_a_checkpoint_pass_when_the_next_message_is_wanted():
    manager, messages = make("a@trade", "usdm:b@trade")
    passed = []
    with messages:
        spot, usdm = manager.rigs
        spot.wire.open().say({"stream": "a@trade", "data": 1})
        usdm.socket.dispatch.deliver(Mark(lambda: passed.append(1)))
        usdm.wire.open().say({"stream": "b@trade", "data": 2})
        assert next(messages)["data"] == 1
        assert passed == []
        assert next(messages)["data"] == 2
        assert passed == [1]


# the end


def test_the_end_of_retries_raises_after_the_last_message():
    manager, messages = make("a@trade", "usdm:b@trade", events=True)
    with messages:
        spot, usdm = manager.rigs
        spot.wire.open().say({"stream": "a@trade", "data": 1})
        for _ in range(3):
            usdm.wire.fail("no route")
            usdm.pass_time_until_dial()
        spot.wire.dials[-1][0].link.protocol.say({"stream": "a@trade", "data": 2})  # too late
        got = []
        with pytest.raises(BinanceStreamLost, match="no route") as lost:
            got.extend(messages)
        with pytest.raises(BinanceStreamLost):
            next(messages)
    assert isinstance(got[-1], GaveUp)
    assert [one["data"] for one in got if isinstance(one, dict)] == [1]
    assert lost.value.key == "bnbbtc@trade"


def test_the_loop_ends_when_its_last_socket_is_stopped():
    manager, messages = make("a@trade", "usdm:b@trade")
    with messages:
        spot, usdm = manager.rigs
        spot.wire.open().say({"stream": "a@trade", "data": 1})
        usdm.socket.stop()
        assert next(messages)["data"] == 1
        spot.socket.stop()
        assert list(messages) == []


@pytest.mark.parametrize("overflow", ["drop_oldest", "latest", "block"])
def test_no_loop_gets_what_is_read_after_a_close(overflow):
    manager, messages = make(overflow=overflow)
    with messages:
        inbox = manager.rig.socket.dispatch
        messages.close()
        inbox.deliver({"t": 1})
        inbox.end_of_read()
        assert not messages.queue
        messages.queue.append({"t": 2})  # by the reactor thread, which was about to
        assert list(messages) == []


@pytest.mark.thread
def test_close_ends_a_loop_that_waits():
    manager, messages = make()
    ended = threading.Event()

    def loop():
        with messages:
            for _ in messages:
                pass
        ended.set()

    thread = threading.Thread(target=loop)
    thread.start()
    while not messages._waiters:
        assert thread.is_alive()
    messages.close()
    thread.join(DEADLINE)
    assert ended.is_set()
    manager.assert_nothing_left()


def leave_by_break(messages):
    with messages:
        for _ in messages:
            break


def leave_by_exception(messages):
    with contextlib.suppress(ZeroDivisionError), messages:
        for _ in messages:
            raise ZeroDivisionError


def in_task(body):
    async def run(messages):
        async with messages:
            await body(messages)

    return lambda messages: asyncio.run(run(messages))


async def break_out(messages):
    async for _ in messages:
        break


async def time_out(messages):
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.01):
            async for _ in messages:
                pass
    assert_not_waiting(messages)


def leave_by_cancellation(messages):
    async def loop():
        async with messages:
            async for _ in messages:
                pass

    async def main():
        task = asyncio.create_task(loop())
        while not messages._waiters:
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


def leave_by_a_closed_loop(messages):
    """The loop ends in the middle of the block, which is never left."""
    loop = asyncio.new_event_loop()
    entered = []

    async def forever():
        entered.append(await messages.__aenter__())
        async for _ in messages:
            pass

    task = loop.create_task(forever())
    while not messages._waiters:
        loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    messages._manager.rig.wire.open().say(*trades(1, 1))
    task._log_destroy_pending = False
    assert entered
    del task
    gc.collect()


def leave_by_a_forgotten_task(messages):
    """The loop is closed, and Python throws the task away, which leaves the block."""
    loop = asyncio.new_event_loop()

    async def forever():
        async with messages:
            async for _ in messages:
                pass

    task = loop.create_task(forever())
    while not messages._waiters:
        loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    task._log_destroy_pending = False
    del task
    messages._waiters.clear()
    gc.collect()


IN_A_LOOP = pytest.mark.thread  # an asyncio loop has sockets of its own


@pytest.mark.parametrize(
    "leave",
    [
        pytest.param(leave_by_break, id="break"),
        pytest.param(leave_by_exception, id="exception"),
        pytest.param(in_task(break_out), id="async break", marks=IN_A_LOOP),
        pytest.param(in_task(time_out), id="timeout", marks=IN_A_LOOP),
        pytest.param(leave_by_cancellation, id="cancelled", marks=IN_A_LOOP),
        pytest.param(leave_by_a_closed_loop, id="loop closed", marks=IN_A_LOOP),
        pytest.param(leave_by_a_forgotten_task, id="forgotten", marks=IN_A_LOOP),
    ],
)
def test_however_a_block_is_left_nothing_remains(leave, request):
    manager, messages = make()
    if "break" in request.node.name or "exception" in request.node.name:
        opened = manager.open

        def open_and_say(*args):
            key = opened(*args)
            manager.rig.wire.open().say(*trades(1, 3))
            return key

        manager.open = open_and_say
    threads = set(threading.enumerate())
    leave(messages)
    assert_not_waiting(messages)
    assert not messages.queue
    assert set(threading.enumerate()) <= threads  # one of an earlier test may end meanwhile
    manager.assert_nothing_left()


# asyncio


@IN_A_LOOP
def test_several_tasks_share_the_messages():
    manager, messages = make()
    got = []

    async def consume():
        async for message in messages:
            got.append(message["t"])
            await asyncio.sleep(0)

    async def main():
        async with messages:
            tasks = [asyncio.create_task(consume()) for _ in range(3)]
            link = manager.rig.wire.open()
            for number in range(1, 8):
                link.say(*trades(number, number))
                await asyncio.sleep(0)
            while len(got) < 7:
                await asyncio.sleep(0)
            messages.close()
            await asyncio.gather(*tasks)

    asyncio.run(main())
    assert sorted(got) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.thread
def test_loops_in_several_threads_share_the_messages():
    manager, messages = make()
    got = [[], []]
    has_got = threading.Event()

    def loop(number):
        async def main():
            async for message in messages:
                got[number].append(message["t"])
                if len(got[0]) + len(got[1]) == 100:
                    has_got.set()

        asyncio.run(main())

    with messages:
        threads = [threading.Thread(target=loop, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        link = manager.rig.wire.open()
        for number in range(1, 101):
            link.say(*trades(number, number))
        assert has_got.wait(DEADLINE)
    for thread in threads:
        thread.join(DEADLINE)
        assert not thread.is_alive()
    assert sorted(got[0] + got[1]) == list(range(1, 101))


@IN_A_LOOP
def test_a_loop_that_is_too_slow_lets_other_tasks_run():
    manager, messages = make()

    async def main():
        async with messages:
            link = manager.rig.wire.open()
            link.say(*trades(1, 2))
            taken = []

            async def consume():
                async for message in messages:  # the queue is never empty
                    taken.append(message)
                    link.say(*trades(message["t"] + 2, message["t"] + 2))

            with pytest.raises(TimeoutError):
                await asyncio.wait_for(consume(), 0.001)
            return len(taken)

    assert asyncio.run(main()) % MESSAGES_WITHOUT_PAUSE == MESSAGES_WITHOUT_PAUSE - 1


# Twisted


@pytest.fixture
def reactor_thread(monkeypatch):
    """Be in the reactor thread; returns what was posted to the reactor."""
    posted = []

    class Reactor:
        def callFromThread(self, function, *args):
            posted.append(lambda: function(*args))

    monkeypatch.setattr(reactor, "in_reactor_thread", lambda: True)
    monkeypatch.setattr(reactor, "get", Reactor)
    return posted


def perform(posted):
    while posted:
        posted.pop(0)()


def test_deferred_based_coroutines_iterate_too(reactor_thread):
    manager, messages = make()
    got = []

    async def consume():
        async with messages:
            async for message in messages:
                got.append(message["t"])
                if message["t"] == 3:
                    return

    done = ensureDeferred(consume())
    link = manager.rig.wire.open()
    link.say(*trades(1, 2))
    perform(reactor_thread)
    assert got == [1, 2]
    link.say(*trades(3, 4))
    perform(reactor_thread)
    assert got == [1, 2, 3]
    assert done.called
    manager.assert_nothing_left()


def test_a_cancelled_deferred_leaves_the_block(reactor_thread):
    manager, messages = make()
    told = []

    async def consume():
        async with messages:
            async for _ in messages:
                pass

    done = ensureDeferred(consume())
    done.addErrback(lambda failure: told.append(failure.type))
    manager.rig.wire.open()
    done.cancel()
    perform(reactor_thread)
    assert told == [CancelledError]
    manager.assert_nothing_left()


def test_a_plain_loop_in_the_reactor_thread_is_refused(reactor_thread):
    _, messages = make()
    with messages, pytest.raises(RuntimeError, match="would block the reactor thread"):
        next(messages)


def test_async_for_without_a_loop_says_what_to_do():
    _, messages = make()
    with messages, pytest.raises(RuntimeError, match="as in trio, take each message by next"):
        messages.__anext__().send(None)


def test_a_block_takes_the_number_of_one_that_has_ended():
    manager, first = make()
    _, second = make(manager=manager)
    with first, second:
        assert first.keys + second.keys == ["a@trade#1", "a@trade#2"]
        first.close()
        _, third = make(manager=manager)
        with third:
            assert third.keys == ["a@trade#1"]
