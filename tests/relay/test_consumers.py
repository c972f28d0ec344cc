"""Managers that read what relays publish."""

import json
import shutil
import threading
from pathlib import Path

import pytest

import binance.depth.snapshots
import binance.relay.reading
import binance.relay.relay
import binance.relay.source
from binance import events
from binance.depthcache import DepthCacheManager
from binance.sansio.link.reconnect import Failure
from binance.tx.loop import reactor
from binance.websockets import BinanceSocketManager
from tests.programs import environment
from tests.relay.rig import DEADLINE, Consumer, wait_for

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.thread,
    pytest.mark.exchange(seed=3, symbols=["BTCUSDT", "BNBBTC"], rate=100, falloff=0, tls=False),
]
HERE = Path(__file__).parent
SCRIPT = HERE.parents[1] / "examples/script_of_2018.py"


class Listener:
    """A manager with its events."""

    def __init__(self, engine, **options):
        self.events = []
        self.messages = []
        self.manager = BinanceSocketManager(
            None, source=engine.url, on_event=self.events.append, max_retries=None, **options
        )
        self.manager.start()

    def trades(self, **options):
        self.key = self.manager.start_trade_socket("BTCUSDT", self.messages.append, **options)
        assert self.manager.wait_open(self.key, DEADLINE)
        return self

    @property
    def ids(self):
        return [message["t"] for message in self.messages]

    def count(self, kind):
        return sum(isinstance(event, kind) for event in self.events)


@pytest.fixture
def listen(engine):
    listeners = []

    def start(**options):
        listeners.append(Listener(engine, **options))
        return listeners[-1]

    yield start
    for one in listeners:
        one.manager.close()
        one.manager.join(DEADLINE)


def is_whole(ids):
    return ids == list(range(ids[0], ids[0] + len(ids)))


def test_an_old_script_runs_from_a_relay_by_one_variable(exchange, engine, relay, ended):
    relay().ready()  # which carries no stream yet
    script = ended(Consumer(exchange, engine, str(SCRIPT)))
    wait_for(lambda: script.printed.count("trade BNBBTC") > 20, "trades")
    wait_for(lambda: "kline BNBBTC 30m" in script.printed, "a candle")
    assert exchange.stats()["connections"]["total"] == 1


def test_a_link_may_be_open_before_the_relay_knows_its_socket(exchange, engine, monkeypatch):
    for name, value in environment(exchange).items():
        monkeypatch.setenv(name, value)
    start, opened, arrays = binance.relay.relay.START["spot"], threading.Event(), []

    def late(*args):
        key = start(*args)
        assert opened.wait(DEADLINE)
        return key

    def on_event(event):
        if isinstance(event, events.Connected):
            opened.set()

    monkeypatch.setitem(binance.relay.relay.START, "spot", late)
    running = binance.relay.relay.Relay([], engine.url, on_event=on_event)
    running.start()
    wait_for(lambda: running.is_connected, "the relay's connection")
    one = BinanceSocketManager(None, source=engine.url)
    one.start_miniticker_socket(arrays.append)
    with one:
        wait_for(lambda: arrays, "a message, which needs a lease")
    running.stop()


@pytest.fixture
def inside(exchange, engine, monkeypatch):
    """A relay in this process, whose streams end soon after the last wish."""
    for name, value in environment(exchange).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(binance.relay.relay, "WISH_SECONDS", 2.0)
    monkeypatch.setattr(binance.relay.source, "WISH_SECONDS", 0.2)
    running = binance.relay.relay.Relay([], engine.url)
    running.start()
    wait_for(lambda: running.is_connected, "the relay's connection")
    yield running
    running.stop()


def test_a_stream_that_ended_begins_again_although_a_frame_came_late(inside, listen, monkeypatch):
    manager, frames, ended = inside._manager, [], []
    put, unsubscribe = inside._put, manager.unsubscribe

    def keep(market, frame):
        frames.append(frame)
        put(market, frame)

    def late(key, names):
        found = unsubscribe(key, names)
        put("spot", frames[-1])
        ended.extend(names)
        return found

    monkeypatch.setattr(inside, "_put", keep)
    monkeypatch.setattr(manager, "unsubscribe", late)
    first = listen().trades()
    wait_for(lambda: first.messages, "trades")
    first.manager.close()
    wait_for(lambda: ended, "the end of the stream")
    again = listen().trades()
    wait_for(lambda: len(again.messages) > 100, "trades again")


def test_a_wish_opens_a_market_again_that_gave_up(inside, listen):
    one = listen().trades()
    wait_for(lambda: one.messages, "trades")
    sockets = inside._manager._open_sockets
    given_up = sockets.get(inside._keys["spot"])
    reactor.call(given_up.gave_up, Failure("a test"))
    wait_for(lambda: given_up not in sockets.sockets(), "the end of the socket")
    count = len(one.messages)
    wait_for(lambda: len(one.messages) > count + 20, "trades of another socket")


def test_what_all_relays_have_missed_is_a_gap(exchange, engine, relay, listen):
    running = relay("btcusdt@trade").ready()
    one = listen().trades()
    wait_for(lambda: len(one.messages) > 20, "trades")
    running.kill()
    count = len(one.messages)
    relay("btcusdt@trade").ready()
    wait_for(lambda: len(one.messages) > count + 20, "trades of the second relay")
    [gap] = [event for event in one.events if isinstance(event, events.Gap)]
    assert set(range(one.ids[0], one.ids[-1] + 1)) - set(one.ids) == set(
        range(gap.first, gap.last + 1)
    )
    assert is_whole(sorted({*one.ids, *range(gap.first, gap.last + 1)}))


def stored_at(message):
    """When the engine stored a message, in ns; `metadata.timestamp` is rounded."""
    parts = message.reply.split(".")
    return int(parts[7 if len(parts) == 9 else 9])


def test_a_new_stream_of_the_engine_is_read_after_a_gap(engine, relay, listen, tmp_path):
    running = relay("btcusdt@trade", "!miniTicker@arr").ready()
    one, arrays = listen(), []
    key = one.manager.start_miniticker_socket(arrays.append)
    assert one.manager.wait_open(key, DEADLINE)
    one.trades()
    wait_for(lambda: arrays and len(one.messages) > 200, "messages")
    running.kill()
    engine.kill()
    shutil.rmtree(tmp_path / "js")
    before, count = len(one.messages), len(arrays)
    engine.start()
    relay("btcusdt@trade", "!miniTicker@arr").ready()
    wait_for(lambda: len(one.messages) > before + 20 and len(arrays) > count, "messages")
    trades, tickers = sorted(
        (event for event in one.events if isinstance(event, events.Gap)),
        key=lambda gap: gap.stream,
        reverse=True,
    )
    assert is_whole(sorted({*one.ids, *range(trades.first, trades.last + 1)}))
    assert (tickers.stream, tickers.first) == ("!miniTicker@arr", None)


def test_a_stream_may_begin_in_the_past(engine, relay, listen):
    relay("btcusdt@trade").ready()
    stored = wait_for(lambda: engine.count("binance.spot.btcusdt.trade") > 50, "trades")
    found = engine.messages("binance.spot.btcusdt.trade")
    first = int(found[0].headers["Nats-Msg-Id"].rpartition(":")[2])
    by_id, by_time, older, oldest = listen(), listen(), listen(), listen()
    by_id.trades(since=first + 10)
    moment = stored_at(found[20]) // 1_000_000
    by_time.trades(since=moment)
    older.trades(since=first - 5)
    oldest.trades(since="1 day ago")
    for one in (by_id, by_time, older, oldest):
        wait_for(lambda one=one: len(one.messages) > 60, "trades")
        assert is_whole(one.ids)
    assert by_id.ids[0] == first + 10
    later = [stored_at(one) >= moment * 1_000_000 for one in found]
    assert by_time.ids[0] == first + later.index(True)
    assert older.ids[0] == oldest.ids[0] == first
    wait_for(lambda: older.count(events.Gap) == 1, "the gap before the first event")
    [gap] = [event for event in oldest.events if isinstance(event, events.Gap)]
    assert (gap.first, gap.reason) == (None, "JetStream does not have them")
    assert by_id.count(events.Gap) == by_time.count(events.Gap) == 0
    assert stored


def test_a_checkpoint_goes_on_although_streams_begin_in_the_past(
    exchange, engine, relay, listen, monkeypatch, tmp_path
):
    for name, value in environment(exchange).items():
        monkeypatch.setenv(name, value)
    relay("btcusdt@trade").ready()
    options = {"since": "1 day ago", "checkpoint": tmp_path / "cursors.json"}
    wait_for(lambda: engine.count("binance.spot.btcusdt.trade") > 50, "trades")
    one = listen().trades(**options)
    wait_for(options["checkpoint"].exists, "the saved cursors")
    one.manager.close()
    one.manager.join(DEADLINE)
    [cursor] = json.loads(options["checkpoint"].read_text())["cursors"].values()
    assert one.ids[0] < cursor <= one.ids[-1] + 1
    again = listen().trades(**options)
    wait_for(lambda: len(again.messages) > 50, "trades")
    assert again.ids[0] == cursor
    assert is_whole(again.ids)


def test_streams_are_added_and_removed_while_the_socket_runs(engine, relay, listen):
    relay().ready()
    one, seen = listen(), []
    key = one.manager.start_multiplex_socket(
        ["btcusdt@trade"], lambda message: seen.append(message["stream"])
    )
    wait_for(lambda: "btcusdt@trade" in seen, "trades")
    assert one.manager.subscribe(key, ["bnbbtc@trade"]).result(DEADLINE) == ["bnbbtc@trade"]
    wait_for(lambda: "bnbbtc@trade" in seen, "trades of the second stream")
    one.manager.unsubscribe(key, ["btcusdt@trade"]).result(DEADLINE)
    seen.clear()
    wait_for(lambda: seen.count("bnbbtc@trade") > 20, "trades of the second stream")
    assert set(seen) == {"bnbbtc@trade"}


def test_a_retired_whole_market_is_rebuilt(exchange, engine, relay, listen, monkeypatch):
    for name, value in environment(exchange).items():
        monkeypatch.setenv(name, value)
    relay().ready()
    one, symbols = listen(), set()
    one.manager.start_ticker_socket(
        lambda tickers: symbols.update(ticker["s"] for ticker in tickers)
    )
    wait_for(lambda: symbols == {"BTCUSDT", "BNBBTC"}, "tickers of all symbols")


def test_a_stream_that_is_removed_and_added_again_comes_once(engine, relay, listen):
    relay().ready()
    one, seen, again = listen(), [], ["btcusdt@kline_1m"]
    key = one.manager.start_multiplex_socket(["btcusdt@trade", *again], seen.append)
    assert one.manager.wait_open(key, DEADLINE)
    for _ in range(2):
        one.manager.unsubscribe(key, again).result(DEADLINE)
        one.manager.subscribe(key, again).result(DEADLINE)
    seen.clear()
    wait_for(lambda: sum(message["stream"] in again for message in seen) > 3, "candles")
    candles = [message["data"]["E"] for message in seen if message["stream"] in again]
    assert len(candles) == len(set(candles))


def test_a_slow_callback_stops_the_engine_and_nothing_is_lost(engine, relay, listen):
    relay("btcusdt@trade").ready()
    one, gate = listen(), threading.Event()

    def wait(message):
        gate.wait()
        one.messages.append(message)

    key = one.manager.start_trade_socket(
        "BTCUSDT", wait, dispatch="thread", queue_size=10, overflow="block"
    )
    wait_for(lambda: one.manager.stats()[key]["messages"] > 10, "messages in the queue")
    count = engine.count("binance.spot.btcusdt.trade")
    wait_for(lambda: engine.count("binance.spot.btcusdt.trade") > count + 100, "more trades")
    assert one.manager.stats()[key]["messages"] < 100
    gate.set()
    wait_for(lambda: len(one.messages) > 120, "all trades")
    assert is_whole(one.ids)


def test_the_books_of_a_manager_share_their_threads(engine, relay, listen):
    relay().ready()
    before, manager = set(threading.enumerate()), listen().manager
    books = [
        DepthCacheManager(None, symbol, bm=manager, ws_interval=100, timeout=0)
        for symbol in ("BTCUSDT", "BNBBTC")
    ]
    names = [one.name for one in set(threading.enumerate()) - before]
    assert names.count("binance-snapshots") == binance.depth.snapshots.THREADS
    wait_for(lambda: all(book.synced for book in books), "both books")
    for book in books:
        book.close()


def done(member, kind="done"):
    lines = (line.split() for line in member.lines)
    return [int(line[0]) for line in lines if line[1:] == [kind]]


def test_a_work_queue_gives_each_message_to_one_member(exchange, engine, relay, ended):
    relay("btcusdt@trade").ready()
    members = [ended(Consumer(exchange, engine, str(HERE / "member.py"), "0.01")) for _ in range(3)]
    slow = ended(Consumer(exchange, engine, str(HERE / "member.py"), "1000"))
    wait_for(lambda: all(done(one) for one in members), "messages for each member")
    [lost] = wait_for(lambda: done(slow, "first"), "a message for the slow member")
    slow.kill()
    again = wait_for(
        lambda: [id for one in members for id in done(one, "again")],
        "redelivered messages",
        binance.relay.reading.TASK_SECONDS + DEADLINE,
    )
    assert lost in wait_for(
        lambda: lost in (found := [id for one in members for id in done(one)]) and found, "it"
    )
    assert lost in again or lost in [id for one in members for id in done(one, "again")]
    handled = [id for one in members for id in done(one)]
    assert len(handled) == len(set(handled))


@pytest.fixture
def stored(engine, relay):
    """Stores a trade of each stream of one symbol, although no relay runs."""
    relay().ready().kill()

    def store(symbol, *ids):
        message = {"stream": f"{symbol}@trade", "data": {"e": "trade", "E": 1, "s": symbol}}
        payloads = [json.dumps(message | {"data": {**message["data"], "t": id}}) for id in ids]
        engine.publish(f"binance.spot.{symbol}.trade", *(one.encode() for one in payloads))

    return store


MANY = [f"coin{number:04}usdt" for number in range(1000)]  # too many for one URL of the exchange


def many(one, **options):
    """A socket with all these streams."""
    names = [f"{symbol}@trade" for symbol in MANY]
    key = one.manager.start_multiplex_socket(
        names, lambda message: one.messages.append(message["data"]), **options
    )
    assert one.manager.wait_open(key, DEADLINE)
    return one


def test_a_work_queue_of_many_streams_gives_each_message_to_one_member(stored, listen):
    members = [many(listen(), group="workers") for _ in range(2)]
    for symbol in (MANY[0], MANY[-1]):
        stored(symbol, *range(20))
    got = wait_for(
        lambda: len(found := [m for one in members for m in one.messages]) >= 40 and found, "all"
    )
    assert sorted((m["s"], m["t"]) for m in got) == [
        (symbol, id) for symbol in (MANY[0], MANY[-1]) for id in range(20)
    ]


def test_each_of_many_streams_goes_on_where_it_was(engine, stored, listen):
    one = many(listen())
    stored(MANY[-1], 1)
    wait_for(lambda: one.messages, "the first message")
    engine.kill()
    wait_for(lambda: one.count(events.Disconnected), "the end of the link")
    engine.start()
    stored(MANY[-1], 2)  # before the link is there again, as a rule
    stored(MANY[0], 5)
    wait_for(lambda: len(one.messages) == 3, "all messages")
    assert one.count(events.Gap) == 0


def test_a_message_whose_callback_raises_comes_again(engine, relay, listen):
    relay("btcusdt@trade").ready()
    one, tries = listen(), []

    def fail_once(message):
        tries.append(message)
        if len(tries) == 1:
            raise ValueError("the first time")
        one.messages.append(message)

    one.manager.start_trade_socket("BTCUSDT", fail_once, group="fail-once")
    first = wait_for(lambda: tries[0] if tries else None, "a message")["t"]
    wait_for(lambda: first in one.ids, "the same message again")
    [again] = [message for message in one.messages if message["t"] == first]
    assert again["redelivered"] is True
    assert sum("redelivered" in message for message in one.messages) == 1


def test_a_member_goes_on_after_messages_that_nobody_can_process(engine, relay, listen):
    relay("btcusdt@trade").ready()
    one = listen().trades(group="workers")
    wait_for(lambda: one.messages, "a message")
    bad = (b"{", b"[]", b'{"stream": "btcusdt@trade", "data": 5}', b'{"stream": "b", "data": {}}')
    engine.publish("binance.spot.btcusdt.trade", *bad * binance.relay.reading.IN_HAND)
    count = engine.count("binance.spot.btcusdt.trade")
    wait_for(lambda: engine.count("binance.spot.btcusdt.trade") > count, "a message after them")
    last = json.loads(engine.messages("binance.spot.btcusdt.trade")[count].data)["data"]["t"]
    wait_for(lambda: last in one.ids, "it")


def test_the_streams_of_a_work_queue_stay_the_same(engine, relay, listen):
    relay("btcusdt@trade").ready()
    manager = listen().manager
    key = manager.start_multiplex_socket(["btcusdt@trade"], print, group="workers")
    for change in (manager.subscribe, manager.unsubscribe):
        with pytest.raises(ValueError, match="is a work queue: its streams cannot be changed"):
            change(key, ["btcusdt@trade"])


def test_a_group_needs_a_relay_and_a_callback(engine):
    with pytest.raises(ValueError, match="source="):
        BinanceSocketManager(None).start_trade_socket("BTCUSDT", print, group="a")
    bm = BinanceSocketManager(None, source=engine.url)
    with pytest.raises(ValueError, match="name of letters"):
        bm.start_trade_socket("BTCUSDT", print, group="a b")
    with pytest.raises(ValueError, match="overflow='latest'"):
        bm.start_trade_socket("BTCUSDT", print, group="a", overflow="latest", dispatch="thread")
    with pytest.raises(ValueError, match="NATS server"):
        BinanceSocketManager(None, source="http://localhost")
    bm.close()


def test_no_password_is_shown(engine, caplog):
    caplog.set_level("DEBUG")
    url = engine.url.replace("//", "//me:secret@")
    bm = BinanceSocketManager(None, source=url, on_event=lambda event: None)
    bm.start_trade_socket("BTCUSDT", print)
    with bm:
        wait_for(lambda: "no relay has published there yet" in caplog.text, "the refusal")
    assert "secret" not in caplog.text
    assert f"nats://127.0.0.1:{engine.port}/spot/" == bm.STREAM_URL
