"""What a relay prepares in the engine, and which leases it wants."""

import asyncio
from datetime import UTC, datetime
from email import message_from_bytes
from types import SimpleNamespace

import nats
import pytest
from nats.js import api
from nats.js.errors import (
    BadRequestError,
    KeyWrongLastSequenceError,
    NoStreamResponseError,
    NotFoundError,
)

from binance.events import GaveUp
from binance.relay.frames import Frame
from binance.relay.publishing import Publisher, Retention
from binance.relay.relay import Relay
from binance.relay.snapshots import FRESH_SECONDS, Snapshots
from binance.sansio.relay.lease import Command, Input, State
from binance.sansio.relay.names import ENGINE_STREAM, LEASES
from binance.sansio.relay.outgoing import Message
from tests.logs import ours
from tests.relay.rig import DEADLINE, wait_for

REFUSED = BadRequestError(code=400, description="stream name already in use")


@pytest.fixture
def prepared(engine):
    """The configuration of the stream, after relays with these retentions have connected."""

    async def prepare(retentions):
        async with await nats.connect(engine.url) as client:
            for one in retentions:
                await Publisher(None, "me", 10**6, one)._prepare(client.jetstream())
            return (await client.jetstream().stream_info(ENGINE_STREAM)).config

    return lambda *retentions: asyncio.run(prepare(retentions))


HOURS, SIZE = 3600.0, 2 * 10**6


@pytest.mark.loopback
@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize(
    ("retentions", "age", "size", "window"),
    [
        ([Retention()], HOURS, 10**9, 120.0),
        ([Retention(octets=SIZE), Retention(6 * HOURS)], 6 * HOURS, SIZE, 120.0),
        ([Retention(6 * HOURS), Retention(octets=SIZE)], 6 * HOURS, SIZE, 120.0),
        ([Retention(6 * HOURS, SIZE), Retention()], 6 * HOURS, SIZE, 120.0),
        ([Retention(6 * HOURS, SIZE), Retention(60.0)], 60.0, SIZE, 60.0),
    ],
)
def test_what_was_not_given_stays(retentions, age, size, window, prepared):
    found = prepared(*retentions)
    assert (found.max_age, found.max_bytes, found.duplicate_window) == (age, size, window)


class Engine:
    """Refuses to create a stream, because it has one with 3 replicas and a description."""

    def __init__(self):
        self.config = Retention(octets=5, replicas=3).config().evolve(description="mine")
        self.updates = []

    async def add_stream(self, config):
        raise REFUSED

    async def stream_info(self, name):
        return api.StreamInfo(self.config, None)

    async def update_stream(self, config):
        self.updates.append(config)


@pytest.mark.parametrize(
    ("retention", "changes"),
    [
        (Retention(), []),
        (Retention(octets=5, replicas=3), []),
        (Retention(replicas=1), [{"num_replicas": 1}]),
        (Retention(60.0), [{"max_age": 60.0, "duplicate_window": 60.0}]),
    ],
)
def test_an_existing_stream_is_changed_only_if_it_differs(retention, changes):
    engine = Engine()
    with pytest.raises(StopIteration):
        Publisher(None, "me", 10**6, retention)._prepare(engine).send(None)
    assert engine.updates == [engine.config.evolve(**one) for one in changes]


@pytest.mark.loopback
@pytest.mark.process
@pytest.mark.slow
@pytest.mark.exchange(seed=3, symbols=["BTCUSDT"], rate=200, tls=False)
def test_a_bucket_of_leases_with_another_configuration_is_used(engine, relay):
    async def create():
        config = api.KeyValueConfig(LEASES, ttl=2.0, storage=api.StorageType.MEMORY)
        async with await nats.connect(engine.url) as client:
            await client.jetstream().create_key_value(config)

    asyncio.run(create())
    relay("!miniTicker@arr")
    wait_for(lambda: engine.count("binance.spot.all.miniTicker@arr"), "a message", DEADLINE)


@pytest.fixture
def idle(monkeypatch):
    """Makes relays without an engine, which are never started."""
    monkeypatch.setattr("binance.relay.relay.Engine", lambda *options: None)
    return lambda *streams, **options: Relay(streams, "nats://127.0.0.1", **options)


def test_a_lost_connection_ends_the_leases_of_its_own_streams_only(idle):
    candles, tickers, others = "btcusdt@kline_1m", "!bookTicker", "!miniTicker@arr"
    relay = idle()
    for name in (candles, tickers, others):
        relay._add_route("usdm", name)

    def connection(name, is_open, is_backed=False):
        session = SimpleNamespace(names=[name])
        return SimpleNamespace(session=session, is_open=is_open, is_backed=is_backed)

    connections = [connection(candles, True), connection(tickers, False)]
    connections.append(connection(others, False, is_backed=True))
    relay._keys["usdm"] = "key"
    relay._manager._conns["key"] = SimpleNamespace(connections=connections)
    wanted = {}
    relay.publisher.link = lambda lease, is_up: wanted.update({lease: is_up})
    relay._link("usdm")
    routes = relay._routes
    found = {name: wanted[routes["usdm", name].lease] for name in (candles, tickers, others)}
    assert found == {candles: True, tickers: False, others: True}
    del relay._manager._conns["key"]
    relay._link("usdm")
    assert not any(wanted.values())


def test_a_market_that_is_opened_again_has_not_failed(idle):
    relay, opened = idle(), []
    relay._open = lambda *what: opened.append(what)
    for name in ("bnbbtc@trade", "btcusdt@trade"):
        relay._want("spot", [name])
        relay._keys["spot"] = name
        refused = GaveUp(key=name, when=0.0, reason="refused", code=451)
        relay._manager._open_sockets.report(refused)
    assert [names for _, names in opened] == [["bnbbtc@trade"], ["btcusdt@trade"]]
    assert list(relay._manager._open_sockets.failed) == ["btcusdt@trade"]


@pytest.mark.parametrize("from_variable", [True, False])
def test_a_relay_does_not_read_from_relays(from_variable, idle, monkeypatch):
    url, options = "nats://me:secret@127.0.0.1", {}
    if from_variable:
        monkeypatch.setenv("BINANCE_STREAM_URL", url)
    else:
        options["source"] = url
    with pytest.raises(ValueError, match="unset BINANCE_STREAM_URL") as raised:
        idle(("spot", "!bookTicker"), **options)
    assert "secret" not in str(raised.value)


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("btcusdt@trade:2", ["2", "3", "4"]),
        ("btcusdt@trade:9", ["2", "4"]),
        (message_from_bytes("id: 币usdt@trade:2\r\n\r\n".encode())["id"], ["2", "3", "4"]),
        ("of somebody else", ["1", "2", "3", "4"]),
        (None, ["1", "2", "3", "4"]),
    ],
)
def test_what_is_stored_and_late_is_not_published_again(last, expected, publisher, monkeypatch):
    published = []

    async def get_last_msg(stream, subject):
        if last is None:
            raise NotFoundError
        return SimpleNamespace(headers={"Nats-Msg-Id": last})

    async def publish(subject, payload, reply, headers):
        published.append(headers["Nats-Msg-Id"].rpartition(":")[2])

    context = SimpleNamespace(get_last_msg=get_last_msg)
    client = SimpleNamespace(jetstream=lambda: context, publish=publish)
    monkeypatch.setattr("binance.relay.publishing.compat.has", lambda feature: False)
    publisher._engine, publisher._inbox = SimpleNamespace(client=client), "inbox"
    for number in (1, 2, 3, 4):  # 2 was sent before, and 4 is new
        late = {"sent": 0.0} if number == 2 else {"is_late": number < 4}
        publisher.outgoing.add(Message("s", f"btcusdt@trade:{number}", b"", **late))
    asyncio.run(publisher._send())
    assert published == expected
    assert publisher.outgoing.doubles == 4 - len(expected)


def test_what_was_fetched_may_be_late(idle):
    relay, put = idle(), []
    relay.publisher.put = put.append
    message = {"stream": "btcusdt@trade", "data": {"e": "trade", "E": 1, "t": 1}}
    frame = Frame(message)
    frame.payload = b""
    for one in (message, frame):
        relay._put("spot", one)
    assert [one.is_late for one in put] == [True, False]


@pytest.fixture
def snapshots(monkeypatch):
    """Snapshots of a client that answers at once, and the time, which tests set."""

    async def to_thread(function, *arguments):
        return function(*arguments)

    now = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr("binance.relay.snapshots.monotonic", lambda: now.seconds)
    monkeypatch.setattr("binance.relay.snapshots.asyncio.to_thread", to_thread)
    found = Snapshots()
    found._fetch = lambda *which: {"lastUpdateId": now.seconds}
    return found, now


@pytest.mark.loopback
def test_snapshots_that_are_not_used_again_are_forgotten(snapshots):
    (found, now), which = snapshots, [("get_order_book", f"S{n}", 5) for n in range(3)]

    async def ask(*numbers):
        return [(await found._snapshot(which[n], None))["lastUpdateId"] for n in numbers]

    assert asyncio.run(ask(0, 1)) == [100.0, 100.0]
    now.seconds += FRESH_SECONDS
    assert asyncio.run(ask(0)) == [100.0]
    now.seconds += 1.0
    assert asyncio.run(ask(2)) == [111.0]
    assert list(found._fetching) == which[2:]


@pytest.mark.loopback
def test_a_snapshot_that_is_forgotten_while_a_consumer_waits_for_it_is_fetched_again(snapshots):
    (found, now), (which, other) = snapshots, [("get_order_book", one, 5) for one in "AB"]

    async def ask():
        slow = asyncio.get_running_loop().create_future()
        found._fetching[which] = now.seconds, slow
        waiting = asyncio.ensure_future(found._snapshot(which, 100))
        await asyncio.sleep(0)
        now.seconds += FRESH_SECONDS + 1.0
        slow.set_result({"lastUpdateId": 100})
        await found._snapshot(other, None)
        return await waiting

    assert asyncio.run(ask())["lastUpdateId"] == 111.0


class Bucket:
    """A bucket of leases, which was created at some time; it may not answer."""

    def __init__(self, seconds):
        self.created = datetime.fromtimestamp(seconds, UTC)
        self.revision, self.entry, self.is_away = 0, None, False
        self.hook = lambda: None  # called at each write

    async def delete(self, key, last):
        if last != self.revision:  # nats-py has no exception of its own for this
            raise BadRequestError(code=400, err_code=10071, description="wrong last sequence: 7")

    async def create(self, key, value):
        if self.entry is not None:
            raise KeyWrongLastSequenceError
        return await self.update(key, value, None)

    async def get(self, key):
        return self.entry

    async def update(self, key, value, last):
        if self.is_away:
            raise NoStreamResponseError
        self.hook()
        self.revision += 1
        self.entry = SimpleNamespace(value=value, revision=self.revision)
        return self.revision

    async def status(self):
        return SimpleNamespace(stream_info=self)


@pytest.fixture
def publisher():
    return Publisher(None, "me", 10**6, Retention())


def perform(publisher, lease, command):
    with pytest.raises(StopIteration):
        publisher._perform(lease, command).send(None)


def asking(publisher, bucket):
    publisher._bucket, lease = bucket, publisher.lease("spot", "!bookTicker")
    lease.handle(Input.UP)
    perform(publisher, lease, Command.ASK)
    return lease


def test_the_epoch_rises_although_a_new_bucket_counts_from_1(publisher):
    old, new = Bucket(1_800_000_000), Bucket(1_800_000_001)
    old.revision = 5000
    lease = asking(publisher, old)
    assert lease.epoch == 1_800_000_000_000_000 + 5001
    publisher._bucket = new
    lease.handle(Input.EXPIRED)
    perform(publisher, lease, Command.ASK)
    assert (lease.state, lease.revision) == (State.HELD, 1)
    assert lease.epoch == 1_800_000_001_000_000 + 1


@pytest.mark.parametrize("was_written", [False, True])
def test_the_epoch_stays_if_the_key_is_as_it_was_written_last(was_written, publisher):
    bucket = Bucket(0)
    lease = asking(publisher, bucket)
    lease.handle(Input.EXPIRED)
    if was_written:  # since then, and the answer was lost
        bucket.revision += 5
        bucket.entry.revision = bucket.revision
    perform(publisher, lease, Command.ASK)
    assert lease.epoch == (7 if was_written else 1)


def test_without_the_engine_nobody_is_known_to_have_a_lease(publisher):
    lease = asking(publisher, Bucket(0))
    for event in (Input.EXPIRED, Input.REFUSED):
        lease.handle(event)
    publisher.disconnected()
    assert lease.state is State.ASKING


def test_no_question_is_sent_before_the_answer_to_the_last_one(publisher, monkeypatch):
    performed, lease = [], asking(publisher, Bucket(0))
    monkeypatch.setattr("binance.relay.publishing.asyncio.ensure_future", performed.append)
    for _ in range(5):
        publisher.look()
    (renewing,) = performed
    with pytest.raises(StopIteration):
        renewing.send(None)
    assert (lease.state, lease.revision, lease.epoch) == (State.HELD, 2, 1)
    publisher.look()
    performed.pop().close()
    assert performed == [renewing]


def test_the_answer_to_a_release_says_nothing_about_a_new_question(publisher, caplog):
    lease = asking(publisher, Bucket(0))
    asked = [lease.handle(event) for event in (Input.DOWN, Input.UP, Input.REFUSED)]
    assert asked == [Command.RELEASE, Command.ASK, None]
    publisher._bucket.revision = 7  # another one has written it
    perform(publisher, lease, Command.RELEASE)
    assert lease.state is State.WAITING
    assert ours(caplog) == []


def test_an_answer_over_an_earlier_connection_does_not_count(publisher):
    old, lease = Bucket(0), publisher.lease("spot", "!bookTicker")
    publisher._bucket, old.hook = old, publisher.disconnected
    lease.handle(Input.UP)
    perform(publisher, lease, Command.ASK)
    assert (lease.state, lease.handle(Input.DUE)) == (State.ASKING, Command.ASK)
    perform(publisher, lease, Command.ASK)  # without a connection
    assert (lease.state, lease.handle(Input.DUE)) == (State.ASKING, Command.ASK)


def test_a_bucket_that_does_not_answer_is_reported_once(publisher, caplog):
    bucket = Bucket(0)
    lease = asking(publisher, bucket)
    for is_away in (True, True, False, True):
        bucket.is_away = is_away
        perform(publisher, lease, Command.RENEW)
    warned = [one.getMessage() for one in ours(caplog) if one.levelname == "WARNING"]
    words = "events without ids wait: no answer from bucket binance_leases: "
    assert warned == [f"{words}nats: no response from stream"] * 2
    publisher._bucket, before = None, ours(caplog)
    perform(publisher, lease, Command.RENEW)
    assert ours(caplog) == before
