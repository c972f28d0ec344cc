"""The guarded call of the user's callback, in the reactor thread and in threads of its own."""

import asyncio
import collections
import logging
import threading
from functools import partial

import pytest

from binance.sansio.feed.cursors import track
from binance.tx import dispatch as dispatching
from binance.tx.dispatch import (
    BURST_MESSAGES,
    CoroutineDispatch,
    Owner,
    QueueDispatch,
    ReactorDispatch,
    ThreadDispatch,
    make,
)
from binance.tx.past.checkpoint import Mark
from tests.logs import ours
from tests.pace import paced
from tests.tx.rig import DISPATCHES

DEADLINE = paced(10.0)
FOREVER = 3600.0


class Recorder(Owner):
    """An owner that writes down what it is told."""

    key = "bnbbtc@trade"

    def __init__(self):
        self.told = []
        self.paused = threading.Event()
        self.resumed = threading.Event()

    def callback_failed(self, error):
        self.told.append(("failed", error))

    def overflowed(self, dropped):
        self.told.append(("overflowed", dropped))

    def pause(self):
        self.paused.set()

    def resume(self):
        self.resumed.set()

    def fatal(self):
        self.told.append("fatal")


def ended(dispatch):
    """Wait until no call is under way or will come."""
    done = threading.Event()
    dispatch.finish(done.set)
    assert done.wait(DEADLINE)


@pytest.mark.parametrize("policy", DISPATCHES)
def test_messages_arrive_in_order(policy):
    seen = []
    dispatch = make(Recorder(), seen.append, policy, 10_000, "drop_oldest")
    sink = dispatch.sink(lambda message: None)
    for batch in range(100):
        for number in range(10):
            sink({"n": batch * 10 + number})
        dispatch.end_of_read()
    ended(dispatch)
    assert seen == [{"n": number} for number in range(1000)]


TRADES = [{"e": "trade", "t": number} for number in (7, 8, 9, 9, 8, 10, 13, 14)]
DIFFS = [{"U": first, "u": last} for first, last in ((3, 5), (6, 6), (6, 6), (7, 9), (12, 13))]
FOREIGN = [{"result": None, "id": 1}, "text", {"e": "other", "E": 1, "x": 2}, {"t": "x", "u": "y"}]


@pytest.mark.parametrize("policy", DISPATCHES)
@pytest.mark.parametrize(("name", "messages"), [("bnbbtc@trade", TRADES), ("bnbbtc@depth", DIFFS)])
def test_the_shorter_way_delivers_what_the_whole_one_does(policy, name, messages):
    def run(shortens):
        seen, control, gaps = [], [], []
        dispatch = make(Recorder(), seen.append, policy, 100, "drop_oldest")
        watch = track(name, "spot", gaps)
        sink = dispatch.sink(control.append, watch.admit)
        if shortens:
            sink = dispatch.fast_sink(watch, sink)
        for message in (*messages[:3], *FOREIGN, *messages[3:]):
            sink(message)
        dispatch.end_of_read()
        ended(dispatch)
        return seen, control, gaps, watch.last

    assert run(shortens=True) == run(shortens=False)
    seen, control, gaps, _ = run(shortens=True)
    assert control == FOREIGN[:1]
    assert len(gaps) == 1
    assert [message for message in seen if message in messages] == sorted(
        {tuple(message.items()): message for message in messages}.values(),
        key=lambda message: message.get("t") or message["u"],
    )


@pytest.mark.parametrize("policy", DISPATCHES)
def test_what_the_callback_raises_is_logged_counted_told_and_over(policy, caplog):
    seen = []

    def callback(message):
        seen.append(message)
        if message % 3 == 0:
            raise KeyError("e")

    owner = Recorder()
    dispatch = make(owner, callback, policy, 100, "drop_oldest")
    for number in range(9):
        dispatch.deliver(number)
    dispatch.end_of_read()
    ended(dispatch)
    assert seen == list(range(9))
    assert dispatch.callback_errors == 3
    assert [type(error) for _, error in owner.told] == [KeyError] * 3
    records = [record for record in ours(caplog) if record.levelno == logging.ERROR]
    assert len(records) == 1
    assert all(record.exc_info and "bnbbtc@trade" in record.getMessage() for record in records)


@pytest.mark.parametrize("policy", DISPATCHES)
@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_a_callback_that_wants_the_program_to_end_is_heard_and_not_called_again(
    error, policy, caplog
):
    """It may have placed an order."""
    owner, seen = Recorder(), []

    def callback(message):
        seen.append(message)
        raise error

    dispatch = make(owner, callback, policy, 9, "drop_oldest")
    for number in range(3):  # of one read
        dispatch.deliver(number)
    dispatch.end_of_read()
    ended(dispatch)
    assert owner.told[-1] == "fatal"
    assert owner.told.count("fatal") == 1
    assert seen == [0]
    assert caplog.text.count("raised") == 1


@pytest.mark.parametrize("policy", DISPATCHES)
def test_muted_is_muted_at_once(policy):
    seen = []
    dispatch = make(Recorder(), seen.append, policy, 100, "drop_oldest")
    dispatch.mute()
    dispatch.deliver("late")
    dispatch.end_of_read()
    ended(dispatch)
    assert seen == []
    assert dispatch.is_muted


CONTROL = [
    {"result": None, "id": 1},
    {"error": {"code": 2, "msg": "Invalid request"}, "id": 20},
    {"code": 2, "msg": "Invalid request"},
    {"e": "serverShutdown", "E": 1770123456789},
    {"stream": "!serverShutdown", "data": {"e": "serverShutdown", "E": 1770123456789}},
]
DATA = [
    {"stream": "bnbbtc@trade", "data": {"e": "trade"}},
    {"stream": "bnbbtc@depth5", "data": {"result": 1}},
    {"lastUpdateId": 1, "bids": [], "asks": []},
    {"e": "trade", "E": 1, "s": "BNBBTC"},
    {"e": "somethingNew", "E": 1},
    [],
    [{"result": 1}],
    {},
    collections.OrderedDict(e="trade"),  # a protocol of a user's own may decode into anything
]
MALFORMED = [17, None, "text", True]


@pytest.mark.parametrize("policy", DISPATCHES)
def test_control_and_malformed_messages_never_reach_the_callback(policy):
    seen, control, malformed = [], [], []
    dispatch = make(Recorder(), seen.append, policy, 100, "drop_oldest")
    sink = dispatch.sink(control.append, malformed=malformed.append)
    for message in [*CONTROL, *DATA, *MALFORMED]:
        sink(message)
    dispatch.end_of_read()
    ended(dispatch)
    assert control == CONTROL
    assert seen == DATA
    assert malformed == MALFORMED


class Gate:
    """A callback that waits to be let through, one call at a time."""

    def __init__(self):
        self.seen = []
        self.entered = threading.Semaphore(0)
        self.open = threading.Semaphore(0)

    def __call__(self, message):
        self.entered.release()
        assert self.open.acquire(timeout=DEADLINE)
        self.seen.append(message)


@pytest.mark.thread
def test_drop_oldest_keeps_the_newest_and_counts_exactly():
    gate, owner = Gate(), Recorder()
    dispatch = ThreadDispatch(owner, gate, 3, "drop_oldest")
    dispatch.deliver(0)
    dispatch.end_of_read()
    assert gate.entered.acquire(timeout=DEADLINE)  # 0 is in the callback
    for number in range(1, 11):
        dispatch.deliver(number)
        dispatch.end_of_read()
    assert dispatch.queued == 3
    gate.open.release(100)
    ended(dispatch)
    assert gate.seen == [0, 8, 9, 10]
    assert dispatch.dropped == 7
    assert sum(count for name, count in owner.told if name == "overflowed") == 7


@pytest.mark.thread
def test_drop_oldest_drops_no_more_than_it_must_while_the_thread_takes_some_too():
    gate, taken = Gate(), []

    class Overtaken(collections.deque):
        def popleft(self):
            if len(self) == 8 and not taken:
                taken.extend(super(Overtaken, self).popleft() for _ in range(4))
            return super().popleft()

    dispatch = ThreadDispatch(Recorder(), gate, 3, "drop_oldest")
    dispatch.deliver(0)
    dispatch.end_of_read()
    assert gate.entered.acquire(timeout=DEADLINE)  # 0 is in the callback
    for number in range(1, 9):
        dispatch.deliver(number)
    dispatch._queue = Overtaken()
    dispatch.end_of_read()
    assert (taken, dispatch.dropped, dispatch.queued) == ([1, 2, 3, 4], 1, 3)
    gate.open.release(100)
    ended(dispatch)


@pytest.mark.thread
def test_latest_keeps_the_newest_of_each_stream():
    gate = Gate()
    dispatch = ThreadDispatch(Recorder(), gate, 1, "latest")
    dispatch.deliver("first")
    dispatch.end_of_read()
    assert gate.entered.acquire(timeout=DEADLINE)
    for number in range(5):
        for name in "ab":
            dispatch.deliver({"stream": name, "data": number})
        dispatch.end_of_read()
    gate.open.release(100)
    ended(dispatch)
    assert gate.seen == ["first", {"stream": "a", "data": 4}, {"stream": "b", "data": 4}]
    assert dispatch.dropped == 8


def test_latest_counts_no_mark_and_keeps_it_beside_a_list():
    dispatch = LatestQueue()
    for cursor in range(3):
        dispatch.deliver([cursor])
        dispatch.deliver(Mark(partial(str, cursor)))
        dispatch.end_of_read()
    assert dispatch.dropped == 2
    last, mark = dispatch._take()
    assert (last, mark.passed()) == ([2], "2")


@pytest.mark.thread
@pytest.mark.parametrize("stream", [["a"], {"a": 1}, None, 5])
def test_latest_takes_a_message_whose_stream_is_no_text(stream):
    seen = []
    dispatch = ThreadDispatch(Recorder(), seen.append, 1, "latest")
    dispatch.deliver({"stream": stream, "data": 1})
    dispatch.end_of_read()
    dispatch.deliver({"stream": "a", "data": 2})
    dispatch.end_of_read()
    ended(dispatch)
    assert seen == [{"stream": stream, "data": 1}, {"stream": "a", "data": 2}]


@pytest.mark.thread
def test_a_batch_that_cannot_be_worked_off_does_not_come_again():
    class Raising(ThreadDispatch):
        def _keep_latest(self, batch):
            if "bad" in batch:
                raise TypeError("bad")
            super()._keep_latest(batch)

    seen = []
    dispatch = Raising(Recorder(), seen.append, 1, "latest")
    dispatch.deliver("bad")
    with pytest.raises(TypeError):
        dispatch.end_of_read()
    dispatch.deliver("good")
    dispatch.end_of_read()
    ended(dispatch)
    assert seen == ["good"]


@pytest.mark.thread
def test_latest_keeps_the_newest_of_each_symbol():
    """Of a whole market whose messages are plain dicts, or lists of what changed."""
    gate = Gate()
    dispatch = ThreadDispatch(Recorder(), gate, 1, "latest")
    dispatch.deliver("first")
    dispatch.end_of_read()
    assert gate.entered.acquire(timeout=DEADLINE)
    for number in range(5):
        for symbol in "AB":
            dispatch.deliver({"s": symbol, "u": number})
        dispatch.deliver([{"s": "CD"[number % 2], "E": number}])
        dispatch.end_of_read()
    gate.open.release(100)
    ended(dispatch)
    lists = [{"s": "D", "E": 3}, {"s": "C", "E": 4}]
    assert gate.seen == ["first", {"s": "A", "u": 4}, {"s": "B", "u": 4}, lists]


@pytest.mark.thread
def test_block_stops_the_reading_and_drops_nothing():
    gate, owner = Gate(), Recorder()
    dispatch = ThreadDispatch(owner, gate, 4, "block")
    for number in range(6):
        dispatch.deliver(number)
        dispatch.end_of_read()
    assert owner.paused.wait(DEADLINE)
    assert not owner.resumed.is_set()
    gate.open.release(100)
    assert owner.resumed.wait(DEADLINE)
    ended(dispatch)
    assert gate.seen == list(range(6))
    assert dispatch.dropped == 0


@pytest.mark.thread
def test_block_goes_on_reading_though_the_queue_emptied_before_it_stopped():
    """The thread may take all there is between the look at the queue and the stop."""
    gate, owner = Gate(), Recorder()

    class Overtaken(ThreadDispatch):
        def _overflow(self):
            gate.open.release(100)
            while len(gate.seen) < 4 or self._gate.is_set():
                assert self._thread.is_alive()
            super()._overflow()

    dispatch = Overtaken(owner, gate, 1, "block")
    dispatch.deliver(0)
    dispatch.end_of_read()
    assert gate.entered.acquire(timeout=DEADLINE)
    for number in range(1, 4):
        dispatch.deliver(number)
    dispatch.end_of_read()
    assert owner.paused.is_set()
    assert owner.resumed.wait(DEADLINE)
    ended(dispatch)
    assert gate.seen == [0, 1, 2, 3]


@pytest.mark.thread
def test_a_resume_that_comes_late_does_not_open_a_full_queue():
    """Between the request to resume and its turn another link may have filled the queue again."""
    gate, owner = Gate(), Recorder()
    dispatch = ThreadDispatch(owner, gate, 4, "block")

    def fill(count):
        for number in range(count):
            dispatch.deliver(number)
        dispatch.end_of_read()

    fill(6)
    gate.open.release(4)
    assert owner.resumed.wait(DEADLINE)
    owner.resumed.clear()
    fill(6)
    assert not dispatch.may_resume()
    assert not owner.resumed.is_set()
    gate.open.release(100)
    assert owner.resumed.wait(DEADLINE)  # asked again
    assert dispatch.may_resume()
    assert not dispatch.may_resume()  # once
    ended(dispatch)
    assert len(gate.seen) == 12


@pytest.mark.thread
def test_in_a_burst_the_callback_runs_before_the_next_read(monkeypatch):
    monkeypatch.setattr(dispatching, "BURST_SECONDS", DEADLINE)
    seen = []
    dispatch = ThreadDispatch(Recorder(), seen.append, 1000, "drop_oldest")
    for number in range(100):
        dispatch.deliver(number)
    dispatch.end_of_read()
    assert seen == list(range(100))
    ended(dispatch)


@pytest.mark.thread
def test_a_callback_that_is_behind_is_waited_for_once(monkeypatch):
    gate, idle = Gate(), threading.Event()

    class Noted(ThreadDispatch):
        def _is_idle(self):
            found = super()._is_idle()
            if found:
                idle.set()
            return found

    dispatch = Noted(Recorder(), gate, 1000, "drop_oldest")

    def read(messages, seconds):
        monkeypatch.setattr(dispatching, "BURST_SECONDS", seconds)
        for number in range(messages):
            dispatch.deliver(number)
        dispatch.end_of_read()

    read(BURST_MESSAGES - 1, FOREVER)  # too few to wait for
    read(BURST_MESSAGES, 0.001)
    read(BURST_MESSAGES, FOREVER)
    assert len(gate.seen) <= 1  # it is still in its first call
    idle.clear()
    gate.open.release(1000)
    assert idle.wait(DEADLINE)
    read(BURST_MESSAGES, DEADLINE)
    assert len(gate.seen) == 4 * BURST_MESSAGES - 1
    ended(dispatch)


@pytest.mark.thread
def test_depth_diffs_are_passed_on_within_a_read(monkeypatch):
    """Each has forty lists: a whole read of them would be visited by the garbage collector."""
    monkeypatch.setattr(dispatching, "BURST_SECONDS", DEADLINE)
    seen = []
    dispatch = ThreadDispatch(Recorder(), seen.append, 1000, "drop_oldest")
    diffs_of = track("bnbbtc@depth", "spot", [])
    sink = dispatch.fast_sink(diffs_of, dispatch.sink(lambda message: None, diffs_of.admit))
    diffs = [{"e": "depthUpdate", "U": n, "u": n, "b": [], "a": []} for n in range(1, 21)]
    for diff in diffs:
        sink(diff)
    assert seen == diffs[:16]
    dispatch.end_of_read()
    ended(dispatch)
    assert seen == diffs


@pytest.mark.thread
def test_finish_waits_for_the_call_that_is_under_way():
    gate = Gate()
    dispatch = ThreadDispatch(Recorder(), gate, 4, "drop_oldest")
    dispatch.deliver("slow")
    dispatch.end_of_read()
    assert gate.entered.acquire(timeout=DEADLINE)
    done = threading.Event()
    dispatch.mute()
    dispatch.finish(done.set)
    assert not done.is_set()
    gate.open.release()
    assert done.wait(DEADLINE)


@pytest.mark.thread
def test_coroutine_functions_are_awaited_in_order_and_their_tasks_run_on():
    seen, background = [], []

    async def tick(number):
        background.append(number)

    async def callback(message):
        await asyncio.sleep(0.001 if message % 2 else 0)
        tasks.append(asyncio.create_task(tick(message)))
        seen.append(message)

    tasks = []
    dispatch = make(Recorder(), callback, "reactor", 100, "drop_oldest")
    assert isinstance(dispatch, CoroutineDispatch)
    for number in range(20):
        dispatch.deliver(number)
        dispatch.end_of_read()
    ended(dispatch)
    assert seen == list(range(20))
    assert background[:19] == list(range(19))


@pytest.mark.thread
@pytest.mark.parametrize("kind", [ThreadDispatch, CoroutineDispatch])
def test_a_message_that_comes_as_the_thread_goes_to_wait_is_delivered(kind):
    seen, late = [], ["came before the gate was shut"]

    class Overtaken(kind):
        @property
        def queued(self):
            found = super().queued
            if not found and late and self._gate.is_set():
                self.deliver(late.pop())
                self.end_of_read()
            return found

    def note(message):
        seen.append(message)
        if len(seen) == 2:
            both.set()

    async def note_later(message):
        note(message)

    both = threading.Event()
    callback = note if kind is ThreadDispatch else note_later
    dispatch = Overtaken(Recorder(), callback, 100, "drop_oldest")
    dispatch.deliver("first")
    dispatch.end_of_read()
    assert both.wait(DEADLINE)  # though nothing else comes that would open the gate
    assert seen == ["first", "came before the gate was shut"]
    ended(dispatch)


@pytest.mark.thread
def test_a_message_that_comes_while_the_loop_sleeps_wakes_it():
    seen, asleep = [], threading.Event()

    class Noted(CoroutineDispatch):
        def _is_idle(self):
            found = super()._is_idle()
            if found:  # `asleep` is set by the loop itself, once nothing else is left to do
                self._loop.call_soon(self._loop.call_soon, asleep.set)
            return found

    async def callback(message):
        seen.append(message)
        heard.set()

    heard = threading.Event()
    dispatch = Noted(Recorder(), callback, 100, "drop_oldest")
    for number in range(3):
        assert asleep.wait(DEADLINE)
        asleep.clear()
        heard.clear()
        dispatch.deliver(number)
        dispatch.end_of_read()
        assert heard.wait(DEADLINE)
    assert seen == [0, 1, 2]
    ended(dispatch)


@pytest.mark.thread
def test_an_object_whose_call_is_a_coroutine_function_is_awaited_too():
    class Bot:
        seen: list = []

        async def __call__(self, message):
            self.seen.append(message)

    dispatch = make(Recorder(), Bot(), "thread", 100, "drop_oldest")
    dispatch.deliver(1)
    dispatch.end_of_read()
    ended(dispatch)
    assert Bot.seen == [1]


@pytest.mark.thread
def test_a_coroutine_that_raises_is_like_any_callback():
    async def callback(message):
        raise asyncio.CancelledError

    dispatch = make(Recorder(), callback, "thread", 100, "drop_oldest")
    for number in range(3):
        dispatch.deliver(number)
        dispatch.end_of_read()
    ended(dispatch)
    assert dispatch.callback_errors == 3


async def work(error):
    raise error


async def raises_in_a_task(error):
    task = asyncio.create_task(work(error))
    await asyncio.sleep(FOREVER)
    await task


async def waits_for_what_raises(error):
    await asyncio.gather(work(error), asyncio.sleep(FOREVER))


async def stops_the_loop(error):
    asyncio.get_running_loop().stop()
    await asyncio.sleep(FOREVER)


@pytest.mark.thread
@pytest.mark.parametrize(
    ("ends", "error", "told"),
    [
        (raises_in_a_task, SystemExit, "fatal"),
        (waits_for_what_raises, KeyboardInterrupt, "fatal"),
        (stops_the_loop, RuntimeError, "abandoned"),
    ],
)
def test_what_ends_the_loop_of_a_coroutine_is_not_silent(ends, error, told):
    seen, owner = [], Ended()

    async def callback(message):
        seen.append(message)
        await ends(error)

    dispatch = make(owner, callback, "reactor", 100, "drop_oldest")
    for number in range(2):
        dispatch.deliver(number)
    dispatch.end_of_read()
    ended(dispatch)
    (_, raised), last = owner.told
    assert isinstance(raised, error)
    assert last == told
    assert seen == [0]


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("no", "reactor", 1, "block"), TypeError, "callback must be callable"),
        ((print, "process", 1, "block"), ValueError, "one of reactor, thread"),
        ((print, "thread", 0, "block"), ValueError, "whole number from 1"),
        ((print, "thread", True, "block"), ValueError, "whole number from 1"),
        ((print, "thread", 1, "newest"), ValueError, "one of drop_oldest, latest, block"),
    ],
)
def test_wrong_arguments_are_refused_in_words(arguments, error, words):
    with pytest.raises(error, match=words):
        dispatching.check(*arguments)


def test_a_replaced_callback_gets_what_follows():
    first, second = [], []
    dispatch = ReactorDispatch(Recorder(), first.append)
    dispatch.deliver(1)
    dispatch.replace(second.append)
    dispatch.deliver(2)
    assert (first, second) == ([1], [2])


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"result": None, "id": 1}, True),
        ({"result": ["a"], "id": None}, True),
        ({"result": True}, True),
        ({"error": {"code": 2, "msg": "x"}, "id": 20}, True),
        ({"code": 2, "msg": "x"}, True),
        ({"code": 2, "msg": "x", "id": 20}, True),
        ({"e": "serverShutdown", "E": 1}, True),
        ({"stream": "!serverShutdown", "data": {"e": "serverShutdown", "E": 1}}, True),
        ({"stream": "a@trade", "data": {"result": 1, "id": 2}}, False),
        ({"lastUpdateId": 1, "bids": [], "asks": []}, False),
        ({"e": "trade", "E": 1, "code": 2, "id": 3}, False),
        ([{"e": "24hrMiniTicker"}], False),
    ],
)
def test_what_is_for_the_callback_and_what_is_not(message, expected):
    assert dispatching.is_control(message) is expected
    controls, got = [], []
    sink = ReactorDispatch(Recorder(), got.append).sink(controls.append)
    sink(message)
    assert (controls, got) == (([message], []) if expected else ([], [message]))


# coroutine functions on the loop of the caller


class LatestQueue(QueueDispatch):
    """A queue without a consumer."""

    def __init__(self):
        super().__init__(Recorder(), print, 9, "latest")

    def _wake(self):
        """Nobody waits."""


class Ended(Recorder):
    """An owner that is told of the end of its callback's loop."""

    def abandoned(self):
        self.told.append("abandoned")


def on_a_loop(main):
    """Run `main(owner, make)`, where `make` creates the dispatch of a coroutine function."""
    owner = Ended()

    async def run():
        await main(owner, lambda *how: make(owner, *how))
        for _ in range(5):  # turns of the loop, for the end of the task
            await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())
    return owner


def deliver(dispatch, *messages):
    for message in messages:
        dispatch.deliver(message)
    dispatch.end_of_read()


@pytest.mark.thread
def test_a_coroutine_function_runs_on_the_loop_of_its_start_in_order():
    async def main(owner, create):
        seen, all_seen = [], asyncio.Event()

        async def callback(message):
            assert threading.current_thread() is threading.main_thread()
            await asyncio.sleep(0)
            seen.append(message)
            if len(seen) == 250:
                all_seen.set()

        dispatch = create(callback, "reactor", 1000, "drop_oldest")
        await asyncio.to_thread(deliver, dispatch, *range(200))
        await asyncio.to_thread(deliver, dispatch, *range(200, 250))
        await asyncio.wait_for(all_seen.wait(), DEADLINE)
        assert seen == list(range(250))
        ended(dispatch)

    assert on_a_loop(main).told == []


@pytest.mark.thread
def test_it_stops_reading_while_its_queue_is_full():
    async def main(owner, create):
        seen = []
        may_go_on = asyncio.Event()

        async def callback(message):
            await may_go_on.wait()
            seen.append(message)

        dispatch = create(callback, "reactor", 4, "block")
        deliver(dispatch, *range(5))
        assert owner.paused.is_set()
        assert not owner.resumed.is_set()
        may_go_on.set()
        while len(seen) < 5:
            await asyncio.sleep(0)
        assert owner.resumed.is_set()
        assert dispatch.dropped == 0
        ended(dispatch)

    on_a_loop(main)


@pytest.mark.thread
def test_what_it_raises_is_told_and_the_next_message_comes():
    async def main(owner, create):
        seen = []

        async def callback(message):
            seen.append(message)
            if message == 1:
                raise asyncio.CancelledError  # of a task of the user's
            raise ZeroDivisionError

        dispatch = create(callback, "reactor", 4, "block")
        deliver(dispatch, 1, 2)
        while len(seen) < 2:
            await asyncio.sleep(0)
        ended(dispatch)

    told = on_a_loop(main).told
    assert [type(error) for _, error in told] == [asyncio.CancelledError, ZeroDivisionError]


@pytest.mark.thread
def test_one_that_never_waits_lets_other_tasks_run():
    async def main(owner, create):
        count = 0

        async def callback(message):
            nonlocal count
            count += 1
            dispatch.deliver(message)  # the queue is never empty
            dispatch.end_of_read()

        dispatch = create(callback, "reactor", 4, "block")
        deliver(dispatch, 1)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert 0 < count <= 2 * dispatching.MESSAGES_WITHOUT_PAUSE
        dispatch.mute()
        ended(dispatch)

    on_a_loop(main)


@pytest.mark.thread
@pytest.mark.parametrize("is_in_callback", [False, True])
def test_the_end_of_its_loop_ends_the_socket(is_in_callback):
    owner = Ended()

    async def main():
        called = asyncio.Event()

        async def callback(message):
            called.set()
            await asyncio.Event().wait()

        dispatch = make(owner, callback, "reactor", 4, "block")
        if is_in_callback:
            deliver(dispatch, 1)
            await called.wait()
        else:
            await asyncio.sleep(0)

    asyncio.run(main())
    assert owner.told == ["abandoned"]


@pytest.mark.thread
@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_what_is_raised_at_the_end_of_its_loop_is_told_and_ends_the_program(error):
    owner = Ended()
    dispatch = None

    async def main():
        nonlocal dispatch
        called = asyncio.Event()

        async def callback(message):
            called.set()
            try:
                await asyncio.sleep(FOREVER)
            finally:
                raise error

        dispatch = make(owner, callback, "reactor", 4, "block")
        deliver(dispatch, 1)
        await called.wait()

    with pytest.raises(error):
        asyncio.run(main())
    (_, raised), last = owner.told
    assert isinstance(raised, error)
    assert last == "fatal"
    # Asked for, as asyncio logs otherwise that nobody did, in whichever test it is collected.
    assert isinstance(dispatch._task.exception(), error)


@pytest.mark.thread
def test_a_loop_that_ends_after_the_stop_abandons_nothing():
    owner = Ended()

    async def callback(message):
        """Does nothing."""

    async def main():
        dispatch = make(owner, callback, "reactor", 4, "block")
        deliver(dispatch, 1)
        await asyncio.sleep(0)
        dispatch.mute()  # the closing handshake is still to come

    asyncio.run(main())
    assert owner.told == []


def on_a_loop_to_close(queue_size):
    """The owner, a loop that does not run, and the dispatch of a coroutine function on it."""
    owner, loop = Ended(), asyncio.new_event_loop()

    async def callback(message):
        """Is never called."""

    async def main():
        return make(owner, callback, "reactor", queue_size, "block")

    return owner, loop, loop.run_until_complete(main())


@pytest.mark.thread
def test_a_loop_that_was_only_closed_is_noticed_at_the_next_message():
    owner, loop, dispatch = on_a_loop_to_close(queue_size=4)
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    deliver(dispatch, 1)
    deliver(dispatch, 2)
    assert owner.told == ["abandoned"]
    ended(dispatch)
    dispatch._task._log_destroy_pending = False


@pytest.mark.thread
def test_a_loop_that_was_closed_while_reading_is_stopped_is_noticed_without_a_message():
    owner, loop, dispatch = on_a_loop_to_close(queue_size=1)
    deliver(dispatch, 1)
    deliver(dispatch, 2)
    loop.close()
    assert owner.told == []
    dispatch.end_of_read()  # each second
    assert owner.told == ["abandoned"]
    ended(dispatch)
    dispatch._task._log_destroy_pending = False


@pytest.mark.thread
def test_the_loop_of_another_callback_is_not_used():
    created = []
    done = threading.Event()

    async def other(message):
        """Is never called."""

    async def callback(message):
        created.append(make(Recorder(), other, "reactor", 4, "block"))
        done.set()

    dispatch = make(Recorder(), callback, "reactor", 4, "block")
    deliver(dispatch, 1)
    assert done.wait(DEADLINE)
    assert [type(one) for one in created] == [CoroutineDispatch]
    for one in (dispatch, *created):
        ended(one)


@pytest.mark.thread
def test_a_new_callback_of_another_loop_needs_a_new_dispatch():
    async def callback(message):
        """Is never called."""

    async def main(owner, create):
        dispatch = create(callback, "reactor", 4, "block")
        assert dispatching.is_alike(dispatch, callback, "reactor")
        elsewhere = await asyncio.to_thread(dispatching.is_alike, dispatch, callback, "reactor")
        assert not elsewhere
        await asyncio.sleep(0)
        ended(dispatch)

    on_a_loop(main)
