"""Filling holes on a fake clock and a fake wire: REST, threads, links and the file of cursors."""

import gc
import json
import os
import random
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
from twisted.internet.defer import Deferred

import binance
from binance.events import Backfilled, Connected, Gap
from binance.exceptions import BinanceRequestException
from binance.sansio.feed.gapless import Gapless
from binance.sansio.link.budget import POOLS
from binance.sansio.link.reconnect import RetryPolicy
from binance.tx.past.backfill import SHARE, Fetcher, refusal
from binance.tx.past.checkpoint import Checkpoint, Saving
from binance.tx.past.history import History
from tests.pace import paced
from tests.tx.rig import KEY, WALL, Rig


def trade(number, name="t"):
    return {"e": "trade", "E": number, name: number, "T": number}


class Refused(Exception):
    def __init__(self, status, retry_after=None):
        super().__init__("no")
        self.status_code, self.code, self.message = status, -1, "no"
        self.retry_after = retry_after


class Client:
    """A client of the user's with the past of every stream."""

    API_KEY = "key"

    def __init__(self):
        self.newest, self.calls, self.faults = 0, [], []

    def _page(self, **params):
        self.calls.append(params)
        if self.faults and (fault := self.faults.pop(0)) is not None:
            raise fault
        last = min(self.newest, params["fromId"] + params["limit"] - 1)
        return [
            {
                "id": n,
                "a": n,
                "price": "1",
                "p": "1",
                "qty": "1",
                "q": "1",
                "time": n,
                "T": n,
                "isBuyerMaker": True,
                "m": True,
            }
            for n in range(params["fromId"], last + 1)
        ]

    get_historical_trades = get_aggregate_trades = _page
    futures_aggregate_trades = futures_coin_aggregate_trades = futures_historical_trades = _page


class GaplessRig(Rig):
    """A rig whose socket fills its holes from a client."""

    def __init__(self, limits=None, since=None, checkpoint=None, client=None, **options):
        self.client = client or Client()
        fetcher = Fetcher(self.client, lambda: self.client)
        file = None if checkpoint is None else Checkpoint.of(checkpoint)
        history = History(fetcher, limits or Gapless(), since, file, wall=lambda: 1_700_000_010.0)
        given = {"history": history, **options.pop("options", {})}
        super().__init__(options=given, **options)

    @property
    def ids(self):
        return [one["t"] for one in self.got if "t" in one]

    @property
    def told(self):
        return [one for one in self.owner.events if isinstance(one, (Backfilled, Gap))]

    def spans(self):
        return [(type(one), one.stream, one.first, one.last) for one in self.told]

    def say(self, protocol, *numbers):
        self.client.newest = max(self.client.newest, *numbers)
        protocol.say(*map(trade, numbers))
        self.clock.advance(0)


def test_what_was_missed_while_the_link_was_down_comes_first():
    rig = GaplessRig().start()
    first = rig.wire.open()
    rig.say(first, 1, 2)
    first.lose()
    rig.client.newest = 5
    rig.pass_time(1.5)
    rig.say(rig.wire.open(), 6, 7)
    assert rig.ids == [1, 2, 3, 4, 5, 6, 7]
    assert [one.get("backfilled", False) for one in rig.got] == [0, 0, 1, 1, 1, 0, 0]
    assert rig.spans() == [(Backfilled, KEY, 3, 5)]
    stats = rig.socket.stats()
    assert (stats["messages"], stats["backfilled"], stats["gaps"]) == (4, 3, 0)


def two_links(**options):
    """A socket that fills its holes, and its two links."""
    rig = GaplessRig(options={"redundancy": 2}, **options).start()
    dials, rig.wire.dials = rig.wire.dials, []
    links = []
    for dial in dials:
        rig.wire.dials.append(dial)
        links.append(rig.wire.open())
    return rig, *links


def test_what_one_of_two_links_has_lost_is_not_fetched():
    rig, a, b = two_links()
    rig.say(a, 1, 2)
    rig.say(b, 1, 2)
    a.lose()
    rig.say(b, 3, 4)
    rig.pass_time_until_dial()
    a = rig.wire.open()
    rig.say(a, 6)
    rig.say(b, 5, 6, 7)
    rig.say(b, 10)
    rig.say(a, 7, 8, 9, 10, 11)
    rig.pass_time(10)
    assert rig.ids == [*range(1, 12)]
    assert (rig.client.calls, rig.told) == ([], [])


def test_a_quiet_stream_that_one_of_two_links_brings_is_not_held():
    rig, a, b = two_links()
    rig.pass_time(5)
    a.say({"result": None, "id": 1})
    a.lose()
    rig.say(b, 7)
    assert (rig.ids, rig.client.calls, rig.told) == ([7], [], [])


def test_what_both_links_have_lost_is_fetched_once():
    rig, a, b = two_links()
    rig.say(a, 1, 2)
    rig.say(b, 1, 2, 3)
    a.lose()
    b.lose()
    rig.client.newest = 5
    rig.pass_time_until_dial()
    a = rig.wire.open()
    rig.say(a, 6, 7)
    rig.pass_time_until_dial()
    b = rig.wire.open()
    rig.say(b, 7, 8)
    rig.say(a, 8, 9)
    rig.say(b, 9, 10)
    rig.pass_time(3)
    rig.say(a, 10, 11, 14)
    rig.say(b, 11, 14, 15)
    rig.pass_time(3)
    assert rig.ids == [*range(1, 16)]
    assert rig.spans() == [(Backfilled, KEY, 4, 5), (Backfilled, KEY, 12, 13)]


def test_what_a_quiet_stream_has_missed_is_looked_up():
    rig = GaplessRig().start()
    first = rig.wire.open()
    rig.say(first, 1, 2)
    first.lose()
    rig.client.newest = 4
    rig.pass_time(1.5)
    rig.wire.open()
    rig.pass_time(7)
    assert rig.ids == [1, 2, 3, 4]


def test_the_reason_of_a_refusal_is_in_the_gap_and_in_the_log(caplog):
    rig = GaplessRig().start()
    protocol = rig.wire.open()
    rig.client.faults = [Refused(400)]
    rig.say(protocol, 1, 5)
    assert rig.ids == [1, 5]
    assert rig.told[0].reason == "HTTP 400, code -1: no"
    assert "ids 2 to 4 (HTTP 400, code -1: no)" in caplog.text
    assert rig.socket.stats()["gaps"] == 1


def test_rest_that_is_down_for_good_holds_a_stream_for_no_longer_than_the_bound():
    rig = GaplessRig(Gapless(max_hold=20.0)).start()
    protocol = rig.wire.open()
    rig.client.faults = [ConnectionError()] * 99
    rig.say(protocol, 1, 5)
    rig.pass_time(19)
    rig.say(protocol, 6)
    assert rig.ids == [1]
    rig.pass_time(2)
    rig.say(protocol, 7)
    assert rig.ids == [1, 5, 6, 7]
    assert rig.spans() == [(Gap, KEY, 2, 4)]
    assert rig.told[0].reason == "not fetched within 20 s: ConnectionError"


def test_a_call_that_never_answers_holds_a_stream_for_no_longer_than_the_bound():
    rig = GaplessRig(Gapless(max_hold=20.0), in_thread=lambda call: Deferred()).start()
    rig.say(rig.wire.open(), 1, 5)
    rig.pass_time(21)
    assert rig.ids == [1, 5]
    assert rig.spans() == [(Gap, KEY, 2, 4)]


def test_the_streams_of_a_multiplex_are_filled_each_by_itself():
    names = ["a@trade", "b@trade", "c@bookTicker"]
    rig = GaplessRig(names=names).start()
    first = rig.wire.open()
    rig.clock.advance(0)

    def say(protocol, name, number):
        protocol.say({"stream": name, "data": trade(number)})
        rig.clock.advance(0)

    say(first, "a@trade", 1)
    say(first, "b@trade", 11)
    rig.client.newest = 20
    rig.client.faults = [None, Refused(400)]
    say(first, "a@trade", 4)
    say(first, "b@trade", 14)
    say(first, "c@bookTicker", 99)
    got = [(one["stream"], one["data"]["t"]) for one in rig.got]
    assert [number for name, number in got if name == "a@trade"] == [1, 2, 3, 4]
    assert [number for name, number in got if name == "b@trade"] == [11, 14]
    assert got[-1] == ("c@bookTicker", 99)
    assert rig.spans() == [(Backfilled, "a@trade", 2, 3), (Gap, "b@trade", 12, 13)]


def test_a_socket_that_gives_up_delivers_what_it_holds():
    rig = GaplessRig(policy=RetryPolicy(0)).start()
    protocol = rig.wire.open()
    rig.client.faults = [ConnectionError()] * 9
    rig.say(protocol, 1, 5)
    protocol.lose()
    rig.wire.dials.clear()
    while rig.clock.getDelayedCalls() and rig.clock.seconds() < 300:
        rig.clock.advance(0.5)
        if rig.wire.dials:
            rig.wire.fail()
            rig.wire.dials.clear()
    assert rig.ids == [1, 5]
    assert rig.got[-1]["e"] == "error"
    assert rig.spans() == [(Gap, KEY, 2, 4)]
    rig.assert_nothing_left()


@pytest.mark.parametrize("room", [0, 100, 10**9])
def test_a_socket_that_gives_up_delivers_all_that_it_holds_behind_each_hole(room):
    rig = GaplessRig(policy=RetryPolicy(0))
    rig.socket.dispatch.__class__ = type(
        "Small", (type(rig.socket.dispatch),), {"room": property(lambda one: room)}
    )
    protocol = rig.start().wire.open()
    rig.client.faults = [ConnectionError()] * 9
    rig.say(protocol, 1, *range(5, 705), *range(800, 1600))
    calls = len(rig.client.calls)
    protocol.lose()
    assert rig.ids == [1, *range(5, 705), *range(800, 1600)]
    assert rig.spans() == [(Gap, KEY, 2, 4), (Gap, KEY, 705, 799)]
    assert len(rig.client.calls) == calls
    rig.assert_nothing_left()


def test_a_socket_that_is_stopped_delivers_nothing_more():
    answers = []

    def in_thread(call):
        answers.append((call, Deferred()))
        return answers[-1][1]

    rig = GaplessRig(in_thread=in_thread).start()
    protocol = rig.wire.open()
    rig.say(protocol, 1, 5)
    rig.socket.stop()
    protocol.lose()
    call, answer = answers[0]
    answer.callback(call())
    rig.assert_nothing_left()
    assert rig.ids == [1]


def test_a_socket_that_is_stopped_as_it_opens_fetches_nothing():
    rig = GaplessRig(since=1)
    rig.client.newest = 3000
    rig.owner.report = lambda event: rig.socket.stop() if isinstance(event, Connected) else None
    protocol = rig.start().wire.open()
    rig.pass_time(1)
    protocol.lose()
    assert rig.client.calls == []
    rig.assert_nothing_left()


def test_a_thread_gets_no_more_than_its_queue_takes(tmp_path):
    rig = GaplessRig(since=1)
    rig.client.newest = 3000
    rig.socket.dispatch.__class__ = type(
        "Small", (type(rig.socket.dispatch),), {"room": property(lambda one: 100)}
    )
    rig.start()
    rig.wire.open()
    rig.clock.advance(0)
    assert len(rig.ids) == 100
    rig.pass_time(3, step=0.05)
    assert rig.ids == list(range(1, 3001))


# history and cursors


def test_since_begins_with_history_and_passes_into_the_live_events():
    rig = GaplessRig(since=101)
    rig.client.newest = 25_100
    rig.start()
    protocol = rig.wire.open()
    for number in range(25_101, 25_200):
        rig.say(protocol, number)
    assert rig.ids == list(range(101, 25_200))
    assert len(rig.client.calls) == 25


def test_a_stream_that_is_subscribed_later_begins_without_history():
    rig = GaplessRig(names=["a@trade"], since={"a@trade": 5})
    rig.client.newest = 6
    rig.start()
    protocol = rig.wire.open()
    rig.clock.advance(0)
    rig.socket.change("SUBSCRIBE", ["b@trade"])
    protocol.acknowledge()
    rig.clock.advance(1)
    assert [one["data"]["t"] for one in rig.got] == [5, 6]


def test_a_stream_that_is_subscribed_later_on_a_new_connection_begins_without_history():
    rig = GaplessRig(names=["a@trade"], limit=1, since=5)
    rig.client.newest = 6
    rig.start().wire.open()
    rig.clock.advance(0)
    rig.socket.change("SUBSCRIBE", ["b@trade"])
    rig.wire.open()
    rig.clock.advance(1)
    assert [(one["stream"], one["data"]["t"]) for one in rig.got] == [
        ("a@trade", 5),
        ("a@trade", 6),
    ]


MINUTE = 60_000


@pytest.mark.parametrize(("saved", "unit"), [(1, 1), (1000, 1), (1, 1000), (1000, 1000)])
def test_a_candle_goes_on_where_the_last_process_stopped_in_either_unit(tmp_path, saved, unit):
    path, opens = tmp_path / "cursors.json", 1_700_000_040_000
    content = {"saved": 1_700_000_000, "cursors": {"bnbbtc@kline_1m": opens * saved}}
    path.write_text(json.dumps(content))
    history = History(
        Fetcher(Client(), Client),
        Gapless(),
        checkpoint=Checkpoint.of(path),
        time_unit="us" if unit == 1000 else None,
        wall=lambda: 1_700_000_010.0,
    )
    track = history.fill("spot")("bnbbtc@kline_1m", [])
    assert track.cursor == opens * unit


def test_a_restarted_process_goes_on_where_the_last_one_stopped(tmp_path):
    path = tmp_path / "cursors.json"
    first = GaplessRig(checkpoint=path).start()
    first.say(first.wire.open(), 1, 2, 3)
    first.pass_time(1.5)
    assert json.loads(path.read_bytes())["cursors"] == {KEY: 4}
    del first
    second = GaplessRig(checkpoint=path)
    second.client.newest = 6
    second.start()
    second.say(second.wire.open(), 7)
    assert second.ids == [4, 5, 6, 7]
    assert {one.name for one in tmp_path.iterdir()} == {path.name, f"{path.name}.lock"}


def test_a_cursor_is_saved_when_the_callback_has_processed_what_is_before_it(tmp_path):
    path = tmp_path / "cursors.json"
    rig = GaplessRig(checkpoint=path).start()
    queue = []
    deliver, rig.socket.dispatch.deliver = rig.socket.dispatch.deliver, queue.append
    rig.say(rig.wire.open(), 1, 2)
    rig.pass_time(3)
    assert not path.exists()
    for message in queue:
        deliver(message)
    assert json.loads(path.read_bytes())["cursors"] == {KEY: 3}


def test_a_checkpoint_that_cannot_be_saved_is_logged_once_in_a_while(tmp_path, caplog):
    path = tmp_path / "gone" / "cursors.json"
    rig = GaplessRig(checkpoint=path).start()
    rig.say(rig.wire.open(), 1)
    rig.pass_time(4)
    assert caplog.text.count("the checkpoint could not be saved") == 1
    assert rig.ids == [1]


@pytest.mark.parametrize(
    "content", ["", "[]", '{"saved": 1}', '{"saved": 1, "cursors": {"a": "b"}}']
)
def test_a_file_of_another_content_is_refused_at_once(tmp_path, content):
    path = tmp_path / "script.py"
    path.write_text(content)
    with pytest.raises(ValueError, match="is no file of cursors") as refused:
        Checkpoint.of(path)
    assert path.read_text() == content
    path.unlink()
    assert Checkpoint.of(path).cursors == {}  # though the error holds the first object
    assert refused.tb is not None


OTHER = """
import os, sys, time
from binance.tx.past.checkpoint import Checkpoint
checkpoint = Checkpoint.of(sys.argv[1])
if os.fork() == 0:  # a worker, which outlives its parent
    os.write(1, b"forked\\n")  # in one piece: the two write at the same time
    while not os.path.exists(sys.argv[2]):
        time.sleep(0.01)
    print("worker", checkpoint._held.closed, flush=True)
else:
    os.write(1, b"parent\\n")
    time.sleep(99)
"""


@pytest.mark.process
def test_a_checkpoint_is_used_by_one_process_at_a_time(tmp_path):
    path, done = tmp_path / "cursors.json", tmp_path / "done"
    place = {**os.environ, "PYTHONPATH": str(Path(binance.__path__[0]).parent)}
    command = [sys.executable, "-c", OTHER, path, done]
    with subprocess.Popen(command, env=place, stdout=subprocess.PIPE, text=True) as other:
        try:
            assert {other.stdout.readline() for _ in range(2)} == {"parent\n", "forked\n"}
            with pytest.raises(ValueError, match=r"cursors.json' is in use by another process"):
                Checkpoint.of(path)
            other.kill()
            other.wait(paced(10.0))
            assert Checkpoint.of(path).cursors == {}
        finally:
            other.kill()
            done.touch()
        assert other.stdout.read() == "worker True\n"


def test_a_checkpoint_is_free_again_when_nothing_uses_it(tmp_path):
    checkpoint = Checkpoint.of(tmp_path / "cursors.json")
    with pytest.raises(ValueError, match="is in use"):
        Checkpoint(str(checkpoint.path))
    path = checkpoint.path
    del checkpoint
    gc.collect()
    Checkpoint(str(path)).save({"a@trade": 1}, 1.0)
    assert Checkpoint.of(path).cursors == {"a@trade": 1}


def test_a_checkpoint_is_free_again_when_its_last_socket_has_ended(tmp_path):
    """Though the socket and its connections still refer to each other."""
    path = tmp_path / "cursors.json"
    rigs = [GaplessRig(checkpoint=path).start() for _ in range(2)]
    for rig in rigs:
        with pytest.raises(ValueError, match="is in use"):
            Checkpoint(str(path))
        protocol = rig.wire.open()
        rig.say(protocol, 1)
        rig.pass_time(2)
        rig.socket.stop()
        protocol.lose(True, 1000)
        rig.pass_time(1)
    again = Checkpoint.of(path)
    assert again.cursors
    again.borrow()
    again.give_back()
    again.borrow()  # a socket that was being made meanwhile
    with pytest.raises(ValueError, match="is in use"):
        Checkpoint(str(path))


def test_a_callback_that_is_late_gives_its_checkpoint_back_once_and_saves_nothing_more(tmp_path):
    path, marks = tmp_path / "cursors.json", []
    dependencies = GaplessRig().socket.dependencies
    checkpoint = Checkpoint.of(path)
    late, other = (Saving(checkpoint, dependencies, marks.append, pytest.fail) for _ in range(2))
    for number in (1, 2, 3):
        late.note({"a@trade": number})
    marks.pop(0).passed()
    late.end()
    for mark in marks:
        mark.passed()
    assert json.loads(path.read_bytes())["cursors"] == {"a@trade": 1}
    assert Checkpoint.of(path) is checkpoint
    with pytest.raises(ValueError, match="is in use"):
        Checkpoint(str(path))
    other.end()
    Checkpoint(str(path))


@pytest.mark.parametrize("is_used", [True, False])
def test_a_checkpoint_is_locked_on_windows_too(tmp_path, monkeypatch, is_used):
    def locking(file, mode, count):
        locked.append((mode, count))
        if is_used:
            raise PermissionError(13, "Permission denied")

    locked = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    refused = pytest.raises(ValueError, match="is in use") if is_used else nullcontext()
    with refused:
        Checkpoint.of(tmp_path / "cursors.json")
    assert locked == [(2, 1)]


# the calls


class Counting(Client):
    """A client that counts its weight, as ours does."""

    limit, weight = 100, 0

    def budget_of(self, market):
        return self

    def used(self):
        return self.weight


def test_the_users_own_calls_come_first():
    client = Counting()
    client.weight = client.limit * SHARE
    rig = GaplessRig(client=client).start()
    rig.say(rig.wire.open(), 1, 3)
    rig.pass_time(5)
    assert client.calls == []
    client.weight = 0
    rig.pass_time(1)
    assert rig.ids == [1, 2, 3]


def test_of_another_client_the_weight_is_counted_here(monkeypatch):
    monkeypatch.setitem(POOLS, "spot", 600)
    rig = GaplessRig(since=1)
    rig.client.newest = 40_000
    rig.start()
    rig.wire.open()
    rig.pass_time(30)
    assert len(rig.client.calls) == 600 * SHARE / 25
    rig.pass_time(60)
    assert len(rig.client.calls) == 2 * 600 * SHARE / 25


def test_what_a_client_lacks_is_called_on_a_public_one():
    public, made = Client(), []
    history = History(Fetcher(object(), lambda: made.append(1) or public), Gapless())
    rig = Rig(options={"history": history}).start()
    public.newest = 5
    rig.wire.open().say(trade(1), trade(3), trade(5))
    rig.clock.advance(0)
    assert [one["t"] for one in rig.got] == [1, 2, 3, 4, 5]
    assert made == [1]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Refused(500), ("HTTP 500, code -1: no", 0.0, False)),
        (Refused(429, 7), ("HTTP 429, code -1: no", 7.0, False)),
        (Refused(418, 120.0), ("HTTP 418, code -1: no", 120.0, False)),
        (Refused(403), ("HTTP 403, code -1: no", 0.0, False)),
        (Refused(401), ("HTTP 401, code -1: no", 0.0, True)),
        (ConnectionError("https://x?signature=1"), ("ConnectionError", 0.0, False)),
        (BinanceRequestException("x"), ("BinanceRequestException", 0.0, False)),
        (TypeError("x"), ("TypeError", 0.0, True)),
    ],
)
def test_what_a_failed_call_means(error, expected):
    assert refusal(error) == expected


@pytest.mark.parametrize("seed", range(2))
def test_twenty_streams_over_losses_and_rotations(seed):
    """Each stream of a multiplex is whole, though links are lost and replaced at random."""
    dice = random.Random(seed)
    names = [f"s{number}@trade" for number in range(20)]
    newest = dict.fromkeys(names, 1000)

    class Past(Counting):
        def get_historical_trades(self, **params):
            self.newest = newest[f"{params['symbol'].lower()}@trade"]
            return self._page(**params)

    rig = GaplessRig(client=Past(), names=names, policy=RetryPolicy(None)).start()
    links = []
    for turn in range(1500):
        is_stormy = turn < 600
        if is_stormy and links and dice.random() < 0.04:
            links[0].lose()
        if is_stormy and dice.random() < 0.03:
            rig.socket.rotate()
        fault = dice.choice((None, None, Refused(500), Refused(429, 1)))
        rig.client.faults = [fault] * is_stormy
        rig.clock.advance(0.1)
        if not rig.wire.dials[-1][1].called and (not is_stormy or dice.random() < 0.3):
            links.append(rig.wire.open())
        for link in links:
            if link.closing:
                link.lose(True, 1000)
        links = [link for link in links if not link.is_lost]
        for name in dice.choices(names, k=10):
            newest[name] += 1
            for link in links:
                link.say({"stream": name, "data": trade(newest[name])})
    rig.pass_time(1)
    ids = {name: [] for name in names}
    for message in rig.got:
        ids[message["stream"]].append(message["data"]["t"])
    for name in names:
        assert ids[name] == list(range(ids[name][0], newest[name] + 1))
    assert not [one for one in rig.told if isinstance(one, Gap)]


def test_the_cursors_of_two_connections_are_saved_however_slow_the_disk_is(tmp_path):
    path, writing = tmp_path / "cursors.json", []

    def in_thread(call):
        writing.append((Deferred(), call))
        return writing[-1][0]

    def write():
        done, call = writing.pop(0)
        done.callback(call())

    dependencies = GaplessRig().socket.dependencies._replace(in_thread=in_thread)
    saving = Saving(Checkpoint.of(path), dependencies, lambda mark: mark.passed(), pytest.fail)
    for number in (1, 2, 3):
        saving.note({"a@trade": number})
        saving.note({"b@trade": number})
    while writing:
        assert len(writing) == 1
        write()
    assert json.loads(path.read_bytes())["cursors"] == {"a@trade": 3, "b@trade": 3}


@pytest.mark.parametrize(
    ("query", "time_unit", "unit"),
    [
        ("", None, 1),
        ("", "ms", 1),
        ("", "us", 1000),
        ("timeUnit=MICROSECOND", None, 1000),
        ("timeUnit=microsecond", None, 1000),
        ("streams=a@trade&timeUnit=MILLISECOND", "us", 1),
    ],
)
def test_the_url_of_a_link_shows_the_unit_of_its_times(query, time_unit, unit):
    history = History(Fetcher(Client(), Client), Gapless(), time_unit=time_unit)
    assert history.fill("spot", query)("bnbbtc@trade", []).past.unit == unit
    assert history.fill("usdm", query)("btcusdt@aggTrade", []).past.unit == 1


def test_a_stream_that_is_subscribed_later_goes_on_where_the_last_process_stopped(tmp_path):
    path = tmp_path / "cursors.json"
    path.write_text(json.dumps({"saved": 1_700_000_000, "cursors": {"a@trade": 77}}))
    history = History(Fetcher(Client(), Client), Gapless(), 5, Checkpoint.of(path))
    history.skip(["a@trade", "b@trade"])
    make = history.fill("spot")
    assert (make("a@trade", []).cursor, make("b@trade", []).cursor) == (77, None)
    assert make("a@trade", []).cursor is None  # it has begun in this process
    assert make("c@trade", []).cursor == 5


def test_a_callback_that_stays_behind_does_not_hold_a_stream_for_ever():
    rig = GaplessRig(limits=Gapless(max_held=10)).start()
    rig.socket.dispatch.__class__ = type(
        "Full", (type(rig.socket.dispatch),), {"room": property(lambda one: 0)}
    )
    link = rig.wire.open()
    rig.say(link, 1)
    rig.client.newest = 2
    rig.say(link, 3)
    for number in range(4, 50):
        rig.say(link, number)
    rig.pass_time(1.0)
    assert rig.ids == list(range(1, 50))


def test_a_stream_that_has_brought_nothing_is_looked_up_after_a_loss():
    moments, client = [], Client()
    client.get_aggregate_trades = lambda **call: moments.append(call["startTime"]) or [{"f": 5}]
    rig = GaplessRig(client=client).start()
    rig.pass_time(1.5)
    link = rig.wire.open()
    opened = rig.clock.seconds()
    rig.pass_time(3)
    link.lose()
    client.newest = 6
    rig.pass_time(1.5)
    rig.say(rig.wire.open(), 7)
    assert rig.ids == [5, 6, 7]
    assert moments == [int((WALL + opened) * 1000)]
