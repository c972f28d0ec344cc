"""What a link asks the engine for, and what it delivers: without an engine."""

import asyncio
from datetime import UTC, datetime, timedelta
from time import monotonic
from types import SimpleNamespace

import pytest

import binance.relay.reading
from binance.relay.engine import Error, Msg
from binance.relay.reading import SILENT_SECONDS, Arrived, Reader, Start
from binance.sansio.feed.backfill import Since

REPLY = "$JS.ACK.BINANCE.consumer.1.51.1.1700000000000000000.0"


class Engine:
    """In place of a connection to the engine; its answers are there at once."""

    def __init__(self):
        self.first, self.last, self.created = 1, 50, datetime(2026, 1, 1, tzinfo=UTC)
        self.first_time = self.created + timedelta(minutes=1)
        self.consumers, self.times = [], []
        self.callbacks = []
        self.asked = self.informed = lambda: None

    def jetstream(self):
        return self

    def new_inbox(self):
        return "_INBOX"

    async def subscribe(self, inbox, cb):
        self.callbacks.append(cb)

    async def stream_info(self, stream):
        self.informed()
        count = self.last - self.first + 1
        state = SimpleNamespace(first_seq=self.first, last_seq=self.last, messages=count)
        return SimpleNamespace(created=self.created, state=state)

    async def get_msg(self, stream, seq):
        assert seq == self.first
        return SimpleNamespace(time=self.first_time)

    async def add_consumer(self, stream, config):
        self.asked()
        self.consumers.append((config.filter_subjects, config.opt_start_seq))
        self.times.append(config.opt_start_time)


def run(coroutine):
    """Run a coroutine that waits for nothing."""
    with pytest.raises(StopIteration):
        coroutine.send(None)


def new_link(engine, start, *names):
    reader = Reader(start, lambda: None)
    run(reader.begin(engine, "spot", list(names)))
    return reader


def is_new(start, name, number, part):
    return start.is_new(name, Arrived(sequence=number, part=part))


def test_a_link_goes_on_where_the_one_before_it_ended():
    engine, start = Engine(), Start({}, None, 10)
    new_link(engine, start, "a@trade", "b@trade")
    assert engine.consumers == [(["binance.spot.a.trade", "binance.spot.b.trade"], None)]
    assert is_new(start, "a@trade", 53, start.reading["a@trade"])
    new_link(engine, start, "a@trade", "b@trade")
    assert engine.consumers[1][1] == 54
    assert not is_new(start, "a@trade", 53, start.reading["a@trade"])


def test_a_link_without_a_message_missed_what_came_after_it_began():
    engine, start = Engine(), Start({}, None, 10)
    new_link(engine, start, "a@trade")
    engine.last = 60
    new_link(engine, start, "a@trade")
    assert engine.consumers[1][1] == 51


def test_a_new_stream_of_the_engine_is_read_from_its_beginning():
    engine, start = Engine(), Start({}, None, 10)
    new_link(engine, start, "a@trade", "b@trade")
    start.epochs["a@trade"] = 7
    assert is_new(start, "a@trade", 2_000_000, start.reading["a@trade"])
    assert not start.lost
    engine.created, engine.last = engine.first_time, 3
    new_link(engine, start, "a@trade", "b@trade")
    assert engine.consumers[1][1] == 1
    assert is_new(start, "a@trade", 1, start.reading["a@trade"])
    assert start.lost == {"a@trade", "b@trade"}
    assert not start.epochs
    new_link(engine, start, "a@trade", "b@trade")
    assert engine.consumers[2][1] == 2


@pytest.mark.parametrize(("first", "lost"), [(54, set()), (55, {"a@trade"})])
def test_what_the_engine_has_removed_meanwhile_is_lost(first, lost):
    engine, start = Engine(), Start({}, None, 10)
    new_link(engine, start, "a@trade")
    assert is_new(start, "a@trade", 53, start.reading["a@trade"])
    engine.first = first
    new_link(engine, start, "a@trade")
    assert start.lost == lost


def test_a_link_that_could_not_read_leaves_the_beginning_to_the_next_one():
    engine, start = Engine(), Start({"a@trade": Since(5)}, None, 10)
    new_link(engine, start, "a@trade")
    new_link(engine, start, "a@trade")
    assert engine.consumers[1] == engine.consumers[0]


MOMENT = 1_767_225_660_000  # the time of the engine's first message


@pytest.mark.parametrize(
    ("last", "moment", "oldest", "is_lost"),
    [
        (50, MOMENT - 1, MOMENT, True),
        (50, MOMENT, MOMENT, False),
        (0, MOMENT - 60_000, MOMENT - 60_000, False),  # there is no message yet
        (0, MOMENT - 60_001, MOMENT - 60_000, True),
    ],
)
def test_what_the_engine_does_not_have_of_the_past_is_lost_once(last, moment, oldest, is_lost):
    engine, start = Engine(), Start({"a@trade": Since(moment=moment)}, None, 10)
    engine.last = last
    new_link(engine, start, "a@trade")
    assert [time.timestamp() * 1000 for time in engine.times] == [oldest]
    assert start.lost == ({"a@trade"} if is_lost else set())
    start.lost.clear()
    new_link(engine, start, "a@trade")
    assert engine.times == engine.times[:1] * 2
    assert not start.lost


def test_a_stream_that_is_added_again_does_not_begin_in_the_past():
    engine, start = Engine(), Start({"a@trade": Since(moment=MOMENT)}, None, 10)
    reader = new_link(engine, start, "b@trade")
    run(reader.read(engine, "spot", ["a@trade"]))
    assert engine.times == [None, None]


def test_messages_that_come_before_the_answer_are_delivered_after_the_opening():
    engine, wakes = Engine(), []
    reader = Reader(Start({}, None, 10), lambda: wakes.append(len(reader.arrived)))

    def asked():
        run(engine.callbacks[0](Msg(None, data=b"{}", reply=REPLY)))
        assert not reader.arrived
        assert not wakes

    engine.asked = asked
    run(reader.begin(engine, "spot", ["a@trade"]))
    assert [(one.is_opening, one.payload) for one in reader.arrived][:2] == [
        (True, b""),
        (False, b"{}"),
    ]
    reader.is_woken = False
    run(engine.callbacks[0](Msg(None, data=b"{}", reply=REPLY.replace(".51.1.", ".52.2."))))
    assert wakes[-1] == len(reader.arrived)


def test_a_link_that_ended_while_it_began_reads_nothing():
    engine, start = Engine(), Start({}, None, 10)
    reader = Reader(start, lambda: None)

    def end():
        engine.informed = lambda: None
        reader.stop()
        new_link(engine, start, "a@trade")

    engine.informed = end
    with pytest.raises(Error, match="has ended"):
        reader.begin(engine, "spot", ["a@trade"]).send(None)
    [callback] = engine.callbacks
    assert len(engine.consumers) == 1
    assert is_new(start, "a@trade", 51, callback.args[0])


@pytest.mark.loopback  # of asyncio's loop
def test_a_member_that_ended_gives_back_what_it_gets_then():
    calls = []

    class Queue(Engine):
        """Also in place of the subscription, and of a message."""

        reply = "reply"

        async def consumer_info(self, stream, durable):
            pass

        async def pull_subscribe_bind(self, durable, stream):
            return self

        async def fetch(self, count, seconds):
            reader.stop()
            return [self]

        async def nak(self):
            calls.append("nak")

        async def unsubscribe(self):
            calls.append("unsubscribe")

    reader = Reader(Start({}, "workers", 10), lambda: None)
    asyncio.run(reader.begin(Queue(), "spot", ["a@trade"]))
    assert calls == ["nak", "unsubscribe"]
    assert not any(one.task for one in reader.arrived)


def test_a_link_ends_if_the_engine_has_forgotten_some_of_its_streams(monkeypatch):
    engine, start, now = Engine(), Start({}, None, 10), [monotonic()]
    monkeypatch.setattr(binance.relay.reading, "monotonic", lambda: now[0])
    reader = new_link(engine, start, "a@trade")
    run(reader.read(engine, "spot", ["b@trade"]))
    heartbeat = Msg(None, headers={"Status": "100", "Nats-Last-Consumer": "0"})
    for seconds in (0.0, SILENT_SECONDS, 100.0):
        assert not any(one.lost for one in reader.arrived)
        now[0] += seconds
        run(engine.callbacks[1](heartbeat))
    assert any(one.lost for one in reader.arrived)


@pytest.mark.parametrize("is_told", [True, False])
def test_a_stream_that_was_not_wanted_for_a_while_begins_anew(is_told):
    engine, start = Engine(), Start({}, None, 10)
    new_link(engine, start, "a@trade", "b@trade")
    if is_told:
        start.forget(["b@trade"])
    new_link(engine, start, "a@trade")
    run(Reader(start, lambda: None).read(engine, "spot", ["b@trade"]))
    assert engine.consumers[2] == (["binance.spot.b.trade"], None)


@pytest.mark.parametrize("is_quick", [True, False])
def test_a_stream_that_is_read_again_comes_once(is_quick):
    engine, start = Engine(), Start({}, None, 10)
    reader = new_link(engine, start, "a@trade", "b@trade")
    first = start.reading["a@trade"]
    start.forget(["b@trade"])
    if not is_quick:
        assert not is_new(start, "b@trade", 51, first)
    run(reader.read(engine, "spot", ["b@trade"]))
    assert not is_new(start, "b@trade", 52, first)
    assert is_new(start, "b@trade", 52, start.reading["b@trade"])
    assert is_new(start, "a@trade", 53, first)
    start.forget(["b@trade"])
    run(reader.read(engine, "spot", ["b@trade"]))
    run(reader.read(engine, "spot", ["b@trade"]))
    last = start.reading["b@trade"]
    found = [callback.args[0] for callback in engine.callbacks]
    assert [part is last for part in found if is_new(start, "b@trade", 54, part)] == [True]
