"""Links under watch: half-open peers, pings and pongs, budgets, silence, backpressure."""

import itertools
import threading

import pytest
from autobahn.exception import Disconnected as AutobahnDisconnected
from twisted.internet.task import Clock

from binance.events import (
    Connected,
    Delayed,
    Disconnected,
    Gap,
    Overflowed,
    Resumed,
    Retrying,
    Silent,
)
from binance.sansio.link.budget import ConnectBudget, MessageBudget
from binance.tx.socket import STOPPED
from tests.logs import ours
from tests.pace import paced
from tests.tx.rig import DISPATCHES, KEY, FakeOwner, Rig

TRADE = {"e": "trade", "E": 1, "s": "BNBBTC", "t": 1}


def test_a_half_open_peer_is_left_within_45_seconds_and_told_once():
    rig = Rig()
    protocol = rig.up()
    rig.pass_time(29)
    assert protocol.pings == 0
    rig.pass_time(3)
    assert protocol.pings == 1
    assert not protocol.is_lost
    rig.pass_time(13)
    assert protocol.is_lost  # aborted, not closed: nobody would answer
    assert not protocol.closing
    assert rig.clock.seconds() <= 45
    rig.pass_time(1)
    rig.wire.open().say(TRADE)
    assert rig.kinds == [Connected, Disconnected, Retrying, Connected, Resumed]
    assert "half open" in rig.owner.events[1].reason


@pytest.mark.parametrize(
    ("clean", "reason", "words"),
    [
        (True, None, "closed by the exchange"),
        (False, None, "connection lost"),
        (True, "bye", "bye"),
    ],
)
def test_the_end_of_a_link_is_told_in_words(clean, reason, words):
    rig = Rig()
    rig.up().lose(clean, 1000 if clean else 1006, reason)
    assert [event.reason for event in rig.owner.events if type(event) is Disconnected] == [words]
    rig.socket.stop()


def test_any_octet_keeps_a_link():
    rig = Rig()
    protocol = rig.up()
    for _ in range(20):
        rig.pass_time(20)
        protocol.link.link_read(6, 0, 0.0)  # a server's ping
    assert protocol.pings == 0
    assert not protocol.is_lost


def test_a_pong_keeps_a_quiet_link():
    rig = Rig(names=None)
    protocol = rig.up()
    for _ in range(10):
        pings = protocol.pings
        while protocol.pings == pings:
            rig.pass_time(0.5)
        protocol.link.link_pong(b"")
        protocol.link.link_read(2, 0, 0.0)
    assert not protocol.is_lost


def test_the_idle_timeout_can_be_set():
    rig = Rig(idle_timeout=5.0)
    protocol = rig.up()
    rig.pass_time(6.5)
    assert protocol.pings == 1


def test_where_the_exchange_pings_less_often_a_quiet_link_is_pinged_later():
    rig = Rig(bases=("wss://stream.binance.us:9443/",))
    protocol = rig.up()
    rig.pass_time(59)
    assert protocol.pings == 0
    rig.pass_time(3)
    assert protocol.pings == 1


def test_server_pings_are_answered_at_once_with_their_payload():
    rig = Rig(messages=lambda market, host: MessageBudget())
    protocol = rig.up()
    protocol.link.link_ping(protocol, b"1770123456789")
    assert protocol.pongs == [b"1770123456789"]


def test_of_pings_beyond_the_budget_the_latest_is_answered_and_none_after_the_end():
    rig = Rig(messages=lambda market, host: MessageBudget())
    protocol = rig.up()
    for number in range(20):
        protocol.link.link_ping(protocol, b"%d" % number)
    assert 1 <= len(protocol.pongs) <= 5
    rig.pass_time(10, step=0.05)
    assert protocol.pongs == [b"0", b"1", b"2", b"3", b"4", b"19"]
    for number in range(20):
        protocol.link.link_ping(protocol, b"%d" % number)
    answered = len(protocol.pongs)
    rig.socket.stop()
    protocol.lose(True, 1000)
    rig.assert_nothing_left()
    assert len(protocol.pongs) == answered


def test_what_the_budget_put_off_is_no_burst_after_the_reactor_was_held():
    rig = Rig(names=["a@trade"], messages=lambda market, host: MessageBudget())
    protocol = rig.start().wire.open()
    protocol.sent.clear()
    for _ in range(20):
        protocol.link.send(b"{}")
    sent = []
    for step in (0.0, 30.0, 0.1, 0.1, 1.1):
        rig.clock.advance(step)
        sent.append(protocol.sent.count({}))
    assert sent[0] <= 4
    assert all(b - a <= 4 for a, b in itertools.pairwise(sent))
    assert sent[3] == sent[1]
    rig.pass_time(10, step=0.1)
    assert protocol.sent.count({}) == 20


def test_a_link_that_is_closing_sends_nothing_and_raises_nothing(monkeypatch):
    rig = Rig()
    protocol = rig.up()

    def refuse(payload):
        raise AutobahnDisconnected("closing")

    monkeypatch.setattr(protocol, "sendMessage", refuse)
    sent = []
    protocol.link.send(b"{}", sent.append)
    assert sent == []


def test_a_crowd_of_connects_is_spread_and_a_stop_gives_its_place_back():
    budget = ConnectBudget(limit=1, period=100.0)
    rigs = [Rig(connects=budget).start() for _ in range(2)]
    assert [len(rig.wire.urls) for rig in rigs] == [1, 0]
    rigs[1].socket.stop()
    rigs[1].assert_nothing_left()
    late = Rig(connects=budget).start()
    late.clock.advance(99)
    assert late.wire.urls == []
    late.clock.advance(5)
    assert len(late.wire.urls) == 1


def test_a_dial_that_waits_says_until_when_and_why(caplog):
    caplog.set_level("INFO", "binance")
    budget = ConnectBudget(limit=1, period=100.0)
    Rig(connects=budget).start()
    rig = Rig(connects=budget).start()
    assert rig.kinds == [Delayed]
    assert rig.owner.events[0].until == pytest.approx(1_700_000_100, abs=0.1)
    assert "300 connects in 5 minutes" in rig.owner.events[0].reason
    assert caplog.text.count("connects in 100") == 1
    rig.pass_time(101)
    assert len(rig.wire.urls) == 1
    assert rig.kinds == [Delayed]  # once


def test_a_dial_that_waits_a_little_longer_is_not_told_of_again():
    budget = ConnectBudget(limit=1, period=100.0)
    Rig(connects=budget).start()
    rig = Rig(connects=budget).start()
    budget.hold("a", 100.7)
    rig.clock.advance(100.5)
    assert rig.wire.urls == []
    rig.clock.advance(0.5)
    assert len(rig.wire.urls) == 1
    assert rig.kinds == [Delayed]


@pytest.mark.parametrize("is_rotating", [False, True])
def test_a_dial_can_be_stopped_where_it_is_told_that_it_waits_longer(is_rotating):
    """By then the call that asks the budget again has been made: it cannot be cancelled."""
    budget = ConnectBudget(limit=1 + is_rotating, period=100.0)
    rig = Rig(connects=budget)

    def report(event):
        FakeOwner.report(rig.owner, event)
        if rig.kinds.count(Delayed) == 2:
            rig.socket.stop()

    rig.owner.report = report
    if is_rotating:
        protocol = rig.up()
    budget.hold("a", 10.0)
    (rig.socket.rotate if is_rotating else rig.start)()
    rig.pass_time(5)
    budget.hold("a", 60.0)
    rig.pass_time(10)
    assert rig.kinds.count(Delayed) == 2
    if is_rotating:
        assert protocol.closing
        protocol.lose(True, 1000)
    rig.assert_nothing_left()
    assert len(rig.wire.urls) == is_rotating
    other = Rig(connects=budget, clock=rig.clock).start()
    rig.pass_time(46)
    assert len(other.wire.urls) == 1  # its place was free


def test_links_that_one_outage_cut_come_back_one_after_the_other():
    budget, clock = ConnectBudget(), Clock()
    rigs = [Rig(connects=budget, clock=clock) for _ in range(40)]
    for rig in rigs:
        rig.up()
        clock.advance(0.5)
    for rig in rigs:
        rig.wire.dials[-1][0].link.protocol.lose()

    def dials():
        return sum(len(rig.wire.dials) for rig in rigs) - 40

    clock.advance(1.06)  # the delay of their first retries, and a bit
    assert 10 <= dials() <= 12
    for _ in range(40):
        clock.advance(0.05)
    assert dials() == 40


def test_retry_after_holds_every_dial_to_that_host(caplog):
    budget = ConnectBudget()
    first, second = Rig(connects=budget).start(), Rig(connects=budget)
    first.wire.connect().lose(False, None, "slow down", http_status=418, retry_after=30.0)
    assert "retry 1 in 30" in caplog.text
    second.start()
    assert second.wire.urls == []
    second.clock.advance(31)
    assert len(second.wire.urls) == 1


def test_a_ban_moves_the_dials_that_were_put_off_before_it():
    budget = ConnectBudget()
    clock = Clock()
    rigs = [Rig(connects=budget, clock=clock).start() for _ in range(40)]
    assert sum(len(rig.wire.urls) for rig in rigs) == 10
    rigs[0].wire.connect().lose(False, None, "slow down", http_status=429, retry_after=60.0)
    for _ in range(590):
        clock.advance(0.1)
    assert sum(len(rig.wire.urls) for rig in rigs) == 10
    assert [type(event) for event in rigs[-1].owner.events] == [Delayed, Delayed]
    assert rigs[-1].owner.events[1].until > 1_700_000_060
    assert "asked for a pause" in rigs[-1].owner.events[1].reason
    for _ in range(100):
        clock.advance(0.1)
    assert sum(len(rig.wire.urls) for rig in rigs) == 41


def test_the_delay_of_a_retry_that_is_told_includes_the_wait_for_the_budget():
    budget = ConnectBudget(limit=2, period=100.0)
    rig = Rig(connects=budget)
    rig.up().lose()
    rig.pass_time_until_dial()
    rig.wire.open().lose()
    retry = rig.owner.events[-2]
    assert isinstance(retry, Retrying)
    assert 97 < retry.delay < 101
    assert isinstance(rig.owner.events[-1], Delayed)
    began = rig.clock.seconds()
    rig.pass_time_until_dial()
    assert rig.clock.seconds() - began == pytest.approx(retry.delay, abs=0.2)
    assert [type(event) for event in rig.owner.events].count(Delayed) == 1


def test_a_retry_that_is_stopped_gives_its_place_back():
    budget = ConnectBudget(limit=2, period=100.0)
    rig = Rig(connects=budget)
    rig.up().lose()
    rig.socket.stop()
    rig.assert_nothing_left()
    other = Rig(connects=budget, clock=rig.clock).start()
    assert len(other.wire.urls) == 1


def test_a_silent_stream_is_told_once_with_its_likely_cause(caplog):
    rig = Rig(names=["BNBBTC@trade", "bnbbtc@depth5", "bnbbtc@trade"]).start()
    protocol = rig.wire.open()
    protocol.acknowledge()
    protocol.say({"stream": "bnbbtc@trade", "data": TRADE})
    told = []
    for _ in range(200):
        rig.pass_time(1)
        protocol.link.link_read(6, 0, 0.0)
        silent = [event for event in rig.owner.events if isinstance(event, Silent)]
        told += [(rig.clock.seconds(), event) for event in silent[len(told) :]]
    assert [(event.stream, 9 < when < 12 or 59 < when < 62) for when, event in told] == [
        ("bnbbtc@depth5", True),
        ("BNBBTC@trade", True),
    ]
    assert "upper case" in told[1][1].cause
    assert not protocol.is_lost  # told, never acted on
    assert caplog.text.count("is silent") == 2


def test_a_stream_that_speaks_is_not_told():
    rig = Rig()
    protocol = rig.up()
    for _ in range(100):
        rig.pass_time(1)
        protocol.say(TRADE)
    assert Silent not in rig.kinds


def test_when_all_have_spoken_messages_are_looked_at_no_more():
    rig = Rig(names=["a@trade", "b@trade"]).start()
    protocol = rig.wire.open()
    link = protocol.link
    assert link.link_message is not link.sink
    for name in ("a@trade", "b@trade"):
        protocol.say({"stream": name, "data": TRADE})
    assert link.link_message is link.sink
    assert len(rig.got) == 2


@pytest.mark.parametrize("names", [None, ["bnbbtc@trade"]])
def test_ids_that_are_missing_are_told_and_doubles_dropped(names, caplog):
    rig = Rig(names=names).start()
    protocol = rig.wire.open()

    def trade(number):
        data = {"e": "trade", "E": number, "s": "BNBBTC", "t": number}
        return data if names is None else {"stream": "bnbbtc@trade", "data": data}

    protocol.say(*map(trade, [1, 2, 2, 5, 6, 4, 7]))
    got = [message.get("data", message)["t"] for message in rig.got]
    assert got == [1, 2, 5, 6, 7]
    gaps = [(event.stream, event.first, event.last) for event in rig.owner.events[1:]]
    assert gaps == [("bnbbtc@trade", 3, 4)]


DIFFS = [(1, 3), (4, 4), (5, 9), (5, 9), (12, 12), (13, 15)]


def test_book_diffs_that_are_missing_are_told_and_doubles_dropped():
    rig = Rig(stream="bnbbtc@depth").start()
    protocol = rig.wire.open()
    diffs = [
        {"e": "depthUpdate", "E": u, "s": "BNBBTC", "U": U, "u": u, "b": [], "a": []}
        for U, u in DIFFS
    ]
    protocol.say(*diffs, {"result": None, "id": 3}, ["no dict"])
    assert rig.got == [*diffs[:3], *diffs[4:], ["no dict"]]
    gaps = [(event.stream, event.first, event.last) for event in rig.owner.events[1:]]
    assert gaps == [("bnbbtc@depth", 10, 11)]


@pytest.mark.parametrize("stream", ["bnbbtc@trade", "bnbbtc@depth"])
def test_the_shorter_way_is_guarded_and_muted_like_the_long_one(stream, caplog):
    got = []

    def callback(message):
        got.append(message["u"])
        raise KeyError("e")

    rig = Rig(callback, stream=stream).start()
    protocol = rig.wire.open()
    protocol.say(*({"t": n, "U": n, "u": n, "e": "x"} for n in range(5)))
    rig.socket.dispatch.mute()
    protocol.say({"t": 5, "U": 5, "u": 5, "e": "x"})
    assert got == [0, 1, 2, 3, 4]
    assert rig.socket.stats()["callback_errors"] == 5
    assert rig.socket.is_open


def test_what_an_outage_cost_is_told_before_the_first_event_after_it():
    order = []
    rig = Rig(callback=lambda message: order.append(message["t"]))
    report = rig.owner.report
    rig.owner.report = lambda event: (order.append(type(event).__name__), report(event))
    rig.start()
    protocol = rig.wire.open()
    protocol.say({**TRADE, "t": 7})
    protocol.lose()
    rig.pass_time(1)
    rig.wire.open().say({**TRADE, "t": 10})
    assert order == ["Connected", 7, "Disconnected", "Retrying", "Connected", "Gap", 10, "Resumed"]
    gap = next(event for event in rig.owner.events if type(event).__name__ == "Gap")
    assert (gap.first, gap.last) == (8, 9)


@pytest.mark.parametrize("dispatch", DISPATCHES)
@pytest.mark.parametrize("stream", ["bnbbtc@trade", "bnbbtc@aggTrade", "bnbbtc@depth"])
@pytest.mark.parametrize("combined", [False, True])
def test_ids_that_begin_anew_on_the_next_link_are_delivered_and_told(dispatch, stream, combined):
    """Whichever way the last event before took: the shorter one knows its time as well."""

    def event(number, moment):
        ids = dict.fromkeys(("t", "a", "U", "u"), number)
        data = {"e": "x", "E": moment, **ids}
        return {"stream": stream, "data": data} if combined else data

    names = [stream] if combined else None
    rig = Rig(lambda message: None, stream=stream, names=names, options={"dispatch": dispatch})
    rig.start()
    protocol = rig.wire.open()
    protocol.say(*(event(n, 1000 + n) for n in range(900, 905)))
    delivered = []
    rig.socket.dispatch.deliver = delivered.append  # behind the checks, before the callback
    protocol.lose()
    rig.pass_time(1)
    rig.wire.open().say(event(903, 1903), *(event(n, 9000 + n) for n in (1, 1, 2)))
    assert [message.get("data", message)["u"] for message in delivered][:1] == [1]
    gaps = [one for one in rig.owner.events if isinstance(one, Gap)]
    assert [(gap.stream, gap.first) for gap in gaps] == [(stream, None)]
    rig.socket.stop()


def test_quotes_whose_ids_begin_anew_are_delivered_within_seconds():
    rig = Rig(stream="bnbbtc@bookTicker").start()
    protocol = rig.wire.open()
    protocol.say({"u": 10**9, "s": "BNBBTC"})
    protocol.lose()
    rig.pass_time(1)
    protocol = rig.wire.open()
    for u in range(20):
        protocol.say({"u": u, "s": "BNBBTC"})
        rig.pass_time(0.5)
    assert [quote["u"] for quote in rig.got[1:]] == [*range(rig.got[1]["u"], 20)]
    assert 10 <= rig.got[1]["u"] <= 14
    assert rig.kinds.count(Gap) == 1


@pytest.mark.parametrize("dispatch", DISPATCHES)
def test_whoever_asked_hears_of_the_end_at_once_and_last_of_all_by_its_callback(dispatch):
    told, ended = [], threading.Event()

    def callback(message):
        told.append(message)
        if message is STOPPED:
            ended.set()

    rig = Rig(callback, options={"dispatch": dispatch}).start()
    protocol = rig.wire.open()
    rig.socket.when_stopped(lambda: told.append("at once"))
    rig.socket.stop()
    protocol.say(TRADE)
    rig.socket.stop()
    assert told[0] == "at once"
    assert ended.wait(paced(10))
    protocol.lose(True, 1000)
    assert told == ["at once", STOPPED]
    rig.socket.when_stopped(lambda: told.append("late"))
    assert told == ["at once", STOPPED]


def test_who_asks_too_late_hears_of_it_too():
    rig, told = Rig().start(), []
    rig.socket.stop()
    rig.socket.when_stopped(lambda: told.append("at once"))
    assert told == ["at once"]


def test_the_ids_of_a_socket_may_be_said_to_begin_anew():
    rig = Rig().start()
    protocol = rig.wire.open()
    protocol.say({**TRADE, "t": 900})
    rig.socket.restart_ids()
    protocol.say({**TRADE, "t": 5})
    assert [message["t"] for message in rig.got] == [900, 5]


@pytest.mark.thread
def test_block_pauses_the_reading_and_the_judgement_of_silence():
    held, deadline = threading.Event(), paced(10.0)
    rig = Rig(
        callback=lambda message: held.wait(deadline),
        options={"dispatch": "thread", "overflow": "block", "queue_size": 1},
    )
    resumed = threading.Event()
    resume, rig.socket.resume = rig.socket.resume, resumed.set
    protocol = rig.up()
    protocol.say(*({**TRADE, "t": number} for number in range(1, 6)))
    assert protocol.transport.is_paused
    rig.pass_time(120)
    assert not protocol.is_lost
    resume()
    assert protocol.transport.is_paused  # the queue is still full
    held.set()
    assert resumed.wait(deadline)
    resume()
    assert not protocol.transport.is_paused
    rig.pass_time(45)
    assert protocol.is_lost  # it was half open


@pytest.mark.parametrize("dispatch", DISPATCHES)
@pytest.mark.parametrize("redundancy", [1, 2])
def test_only_a_callback_in_the_reactor_thread_lets_reads_grow(dispatch, redundancy):
    rig = Rig(options={"dispatch": dispatch, "redundancy": redundancy}).start()
    links = [connection.link for connection in rig.socket.connections]
    assert [link.may_read_ahead for link in links] == [dispatch == "reactor"] * redundancy
    rig.socket.stop()


def test_a_link_in_its_handshake_is_paused_when_it_opens():
    """Else the answer to the handshake is not read, and it ends by its timeout."""
    rig = Rig().start()
    protocol = rig.wire.connect()
    rig.socket.pause()
    assert not protocol.transport.is_paused
    protocol.open()
    assert protocol.transport.is_paused
    rig.socket.resume()
    assert not protocol.transport.is_paused


@pytest.mark.thread
def test_a_link_that_opens_while_reading_is_paused_is_paused_too():
    rig = Rig(options={"dispatch": "thread", "overflow": "block", "queue_size": 1})
    protocol = rig.up()
    rig.socket.pause()
    protocol.lose(reason="you do not read")
    assert rig.owner.events[-2].reason == "you do not read"
    rig.pass_time(1.5)
    assert rig.wire.open().transport.is_paused


@pytest.mark.thread
def test_drops_are_told_and_the_log_says_so_once(caplog):
    rig = Rig(options={"dispatch": "thread", "queue_size": 1})
    rig.socket.overflowed(3)
    rig.socket.overflowed(2)
    assert [event.dropped for event in rig.owner.events] == [3, 2]
    assert rig.owner.events[0] == Overflowed(key=KEY, when=1_700_000_000.0, dropped=3)
    (record,) = [each for each in caplog.records if "dropped" in each.message]
    assert record.levelname == "WARNING"


@pytest.mark.thread
def test_keeping_the_latest_was_asked_for_and_is_no_warning(caplog):
    rig = Rig(options={"dispatch": "thread", "overflow": "latest"})
    rig.socket.overflowed(3)
    assert [event.dropped for event in rig.owner.events] == [3]
    assert ours(caplog) == []


def silent(rig):
    told = [event for event in rig.owner.events if isinstance(event, Silent)]
    return [(event.stream, event.cause) for event in told if event.stream != "bnbbtc@trade"]


BOOK = {"lastUpdateId": 7, "bids": [], "asks": []}


@pytest.mark.parametrize("names", [None, ["bnbbtc@depth20@100ms", "bnbbtc@trade"]])
def test_a_steady_stream_that_falls_silent_is_told_of_and_again_after_it_spoke_anew(names, caplog):
    """On a link that answers pings. A book that does not change speaks too."""
    rig = Rig(names=names, stream="bnbbtc@depth20@100ms").start()
    protocol = rig.wire.open()
    book = BOOK if names is None else {"stream": names[0], "data": BOOK}

    def pass_time(seconds, message=None):
        for _ in range(seconds):
            rig.pass_time(1)
            protocol.acknowledge()
            if message is None:
                protocol.link.link_read(6, 0, 0.0)  # a server's ping
            else:
                protocol.say(message)

    pass_time(30, book)
    assert silent(rig) == []
    pass_time(9)
    assert silent(rig) == []
    pass_time(20)
    told = silent(rig)
    assert [stream for stream, _ in told] == ["bnbbtc@depth20@100ms"]
    assert "sent messages before" in told[0][1]
    assert caplog.text.count("depth20@100ms is silent") == 1
    pass_time(20, book)
    pass_time(20)
    assert silent(rig) == told * 2


def test_a_steady_stream_has_ten_seconds_anew_on_each_link():
    rig = Rig(stream="bnbbtc@avgPrice").start()
    rig.wire.open().say({"e": "avgPrice", "E": 1})
    rig.pass_time(8)
    rig.wire.dials[-1][0].link.protocol.lose()
    rig.pass_time_until_dial()
    protocol = rig.wire.open()
    rig.pass_time(8)
    assert silent(rig) == []
    protocol.link.link_read(6, 0, 0.0)
    rig.pass_time(4)
    assert len(silent(rig)) == 1


def test_a_steady_stream_is_not_told_of_while_we_do_not_read():
    rig = Rig(stream="bnbbtc@avgPrice").start()
    rig.wire.open().say({"e": "avgPrice", "E": 1})
    rig.socket.pause()
    rig.pass_time(30)
    assert silent(rig) == []
    rig.socket.resume()
    rig.pass_time(8)
    assert silent(rig) == []


def test_a_steady_stream_that_goes_on_is_not_told_of_during_and_after_a_rotation():
    rig = Rig(stream="bnbbtc@depth20@100ms").start()
    old = rig.wire.open()
    old.say(BOOK)
    rig.socket.rotate()
    rig.pass_time(20)  # the old link says nothing while its successor is on its way
    new = rig.wire.open()
    number = BOOK["lastUpdateId"]
    for _ in range(120):
        rig.pass_time(1)
        number += 1
        new.say({**BOOK, "lastUpdateId": number})
        if old.closing:
            old.lose(True, 1000)
    assert old.is_lost
    assert silent(rig) == []
