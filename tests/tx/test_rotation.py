"""A link is replaced without a gap, whatever happens on the way."""

import queue
import random

import pytest

from binance.events import Connected, Disconnected, Gap, Resumed, Retrying, Rotated, Silent
from binance.sansio.link.rotation import Input
from tests.pace import paced
from tests.tx.rig import KEY, Rig

SHUTDOWNS = [
    {"e": "serverShutdown", "E": 1770123456789},
    {"stream": "!serverShutdown", "data": {"e": "serverShutdown", "E": 1770123456789}},
]


def trade(number):
    return {"e": "trade", "E": 1000 + number, "s": "BNBBTC", "t": number}


def numbers(rig):
    return [message["t"] for message in rig.got]


def rotating(rig=None):
    """A socket whose successor is open; both links."""
    rig = rig or Rig()
    rig.start()
    old = rig.wire.open()
    old.say(trade(1))
    rig.socket.rotate()
    rig.pass_time(5)
    assert len(rig.wire.urls) == 2
    return rig, old, rig.wire.open()


def test_both_deliver_and_each_event_comes_once():
    rig, old, new = rotating()
    new.say(trade(3))
    assert numbers(rig) == [1]
    old.say(trade(2))
    assert numbers(rig) == [1, 2, 3]  # they have met: the successor leads
    old.say(trade(3))
    new.say(trade(4))
    assert numbers(rig) == [1, 2, 3, 4]
    assert not old.closing  # it may still owe something that nobody has heard of
    rig.pass_time(5)
    assert old.closing
    old.lose(True, 1000)
    new.say(trade(5))
    assert numbers(rig) == [1, 2, 3, 4, 5]
    assert rig.kinds == [Connected, Rotated]
    assert rig.socket.connections[0].rotation.is_idle
    assert new.link.link_message is new.link.sink
    rig.socket.stop()
    new.lose(True, 1000)
    rig.assert_nothing_left()


def test_a_quiet_stream_is_rotated_too():
    rig, old, new = rotating()
    rig.pass_time(25)
    assert old.closing
    old.lose(True, 1000)
    new.say(trade(2))
    assert numbers(rig) == [1, 2]
    assert rig.kinds == [Connected, Rotated]


def test_what_is_held_is_flushed_when_the_old_link_ends_and_a_gap_is_told():
    rig, old, new = rotating()
    new.say(trade(5), trade(6))
    rig.pass_time(15)
    assert old.closing
    old.lose(True, 1000)
    assert numbers(rig) == [1, 5, 6]
    gaps = [(event.first, event.last) for event in rig.owner.events if isinstance(event, Gap)]
    assert gaps == [(2, 4)]


@pytest.mark.thread
@pytest.mark.parametrize("lost", ["old", "new"])
def test_what_is_flushed_reaches_a_callback_in_its_own_thread_at_once(lost):
    """No other read may come for long."""
    got = queue.SimpleQueue()
    rig, old, new = rotating(Rig(callback=got.put, options={"dispatch": "thread"}))
    if lost == "old":
        new.say(trade(3))
        old.lose()
    else:
        new.say(trade(2))
        old.say(trade(3))
        new.lose()
    delivered = [got.get(timeout=paced(10))["t"] for _ in range(2 if lost == "old" else 3)]
    assert delivered == ([1, 3] if lost == "old" else [1, 2, 3])
    rig.socket.stop()


def test_what_only_the_old_link_brought_is_flushed_when_the_successor_dies():
    rig, old, new = rotating()
    new.say(trade(2))  # joins on to 1: the successor leads now
    old.say(trade(2), trade(3), trade(4))
    assert numbers(rig) == [1, 2]
    new.lose()
    assert numbers(rig) == [1, 2, 3, 4]


def test_stop_by_the_callback_of_what_is_flushed_closes_the_successor():
    rig = Rig(callback=lambda message: message["t"] == 5 and rig.socket.stop())
    rig, old, new = rotating(rig)
    new.say(trade(5), trade(6))
    old.lose()
    assert new.closing
    new.lose(True, 1000)
    rig.assert_nothing_left()


def test_ids_that_begin_anew_on_a_successor_are_delivered_at_once():
    rig, old, new = rotating()
    rig.pass_time(25)
    old.lose(True, 1000)
    new.say({**trade(0), "E": 10_000})
    assert numbers(rig) == [1, 0]
    assert rig.kinds == [Connected, Rotated, Gap]


def test_after_a_successor_died_what_it_brought_is_not_delivered_again():
    rig = Rig(names=["a@ticker"]).start()

    def ticker(number):
        return {"stream": "a@ticker", "data": {"e": "24hrTicker", "E": number, "s": "A"}}

    old = rig.wire.open()
    old.say(ticker(1))
    rig.socket.rotate()
    rig.pass_time(5)
    new = rig.wire.open()
    new.say(ticker(1), ticker(2), ticker(3))
    old.say(ticker(2))  # met: 2 and 3 are delivered from the successor
    new.lose()
    old.say(ticker(3), ticker(4))
    assert [message["data"]["E"] for message in rig.got] == [1, 2, 3, 4]


def test_an_old_link_that_does_not_answer_the_close_is_dropped():
    rig, old, new = rotating()
    new.say(trade(2))
    rig.pass_time(25)
    assert old.is_lost
    assert numbers(rig) == [1, 2]
    assert rig.kinds == [Connected, Rotated]


def test_if_the_old_link_dies_first_a_successor_that_is_open_takes_over():
    rig, old, new = rotating()
    new.say(trade(2))
    old.lose()
    new.say(trade(3))
    assert numbers(rig) == [1, 2, 3]
    assert rig.kinds == [Connected, Rotated]


def ticker(number, stream="a@ticker"):
    """An event without an id, of this stream or another."""
    return {"stream": stream, "data": {"e": "24hrTicker", "E": number, "s": "A"}}


def gaps(rig):
    return [
        (event.stream, event.first, event.last) for event in rig.owner.events if type(event) is Gap
    ]


@pytest.mark.parametrize("end", ["aborted", "lost"])
def test_over_a_half_open_link_streams_without_ids_are_told_of(end):
    """What the old link did not bring between its death and the successor's opening is nowhere."""
    rig = Rig(names=["a@ticker", "b@trade", "c@trade"]).start()
    old = rig.wire.open()
    old.acknowledge()
    old.say(ticker(1), {"stream": "b@trade", "data": trade(1)})
    rig.socket.rotate()
    rig.pass_time(5)
    new = rig.wire.open()
    new.acknowledge()
    new.say(ticker(5), {"stream": "b@trade", "data": trade(5)})
    if end == "lost":
        old.lose()
    else:
        rig.pass_time(26)
        assert old.is_lost
    assert sorted(gaps(rig), key=str) == [
        ("a@ticker", None, None),
        ("b@trade", 2, 4),
        ("c@trade", None, None),  # it has not spoken, so no id will show what it missed
    ]
    kinds = [kind for kind in rig.kinds if kind is not Silent]
    assert kinds == [Connected, Gap, Gap, Gap, Rotated]


def test_over_a_half_open_link_a_book_is_told_to_begin_anew():
    """Ids show what a book has missed, but only with its next event, which may take hours."""
    rig = Rig(stream="bnbbtc@depth")
    rig.socket.follow()
    rig.start().wire.open()
    rig.socket.rotate()
    rig.pass_time(5)
    rig.wire.open()
    rig.pass_time(26)
    told = [type(one["event"]) for one in rig.got if one["e"] == "link"]
    assert told == [Connected, Disconnected, Connected]
    assert Disconnected not in rig.kinds


def test_over_a_half_open_link_that_carries_no_stream_any_more_nothing_is_told_of():
    rig = Rig(names=["a@ticker"]).start()
    old = rig.wire.open()
    old.acknowledge()
    old.say(ticker(1))
    rig.socket.change("UNSUBSCRIBE", ["a@ticker"])
    old.acknowledge()
    rig.socket.rotate()
    rig.pass_time(5)
    rig.wire.open().acknowledge()
    rig.pass_time(16)
    old.lose()
    assert rig.kinds == [Connected, Rotated]


def test_over_a_half_open_link_account_events_are_told_of():
    from tests.tx.test_account import event, spot, subscribed

    rig = spot()
    old = subscribed(rig)
    old.say(event({"e": "executionReport", "i": 1}))
    rig.socket.rotate()
    rig.pass_time(5)
    new = subscribed(rig)
    new.say(event({"e": "executionReport", "i": 2}))
    rig.pass_time(26)
    assert old.is_lost
    assert rig.kinds == [Connected, Gap, Rotated]
    assert gaps(rig) == [(KEY, None, None)]
    assert [message["i"] for message in rig.got] == [1, 2]


@pytest.mark.parametrize("witness", ["message", "ping", "close"])
def test_a_link_that_was_heard_after_the_successor_opened_has_missed_nothing(witness):
    rig = Rig(names=["a@ticker"]).start()
    old = rig.wire.open()
    old.acknowledge()
    old.say(ticker(1))
    rig.socket.rotate()
    rig.pass_time(5)
    new = rig.wire.open()
    new.acknowledge()
    new.say(ticker(3))
    if witness == "message":
        old.say(ticker(2))
    elif witness == "ping":
        old.link.link_read(6, 0, 0.0)
    rig.pass_time(16)
    assert old.closing
    old.lose(witness == "close", 1000 if witness == "close" else 1006)
    assert rig.kinds == [Connected, Rotated]


def test_a_stream_is_waited_for_until_it_has_switched_and_no_longer():
    rig, old, new = rotating()
    new.say(trade(3))  # proven; the old link has not brought 2 yet
    rig.pass_time(5)
    assert not old.closing
    rig.pass_time(4)
    assert not old.closing
    old.say(trade(2))
    assert old.closing
    assert old.closeHandshakeTimeout == 0  # only the rotation decides how long it may take
    assert numbers(rig) == [1, 2, 3]


def test_an_old_link_is_closed_all_the_same_where_autobahn_alone_decides_how_long_it_may_take(
    monkeypatch,
):
    monkeypatch.setattr("binance.tx.wire.compat.has", lambda way: way != "patient closing")
    rig, old, new = rotating()
    new.say(trade(3))
    rig.pass_time(9)
    old.say(trade(2))
    assert old.closing
    assert not hasattr(old, "closeHandshakeTimeout")
    assert numbers(rig) == [1, 2, 3]


def test_a_second_rotation_that_is_asked_for_while_one_settles_follows():
    rig, old, new = rotating()
    old.lose(True, 1000)  # nothing was held, so nothing is to be settled
    new.say(trade(2))
    rig.socket.rotate()
    rig.pass_time(5)
    third = rig.wire.open()
    new.say(trade(3))
    assert numbers(rig) == [1, 2, 3]
    third.say(trade(2))  # it lags: what it brings up to 3 was delivered already
    new.lose(True, 1000)
    rig.socket.rotate()
    rig.pass_time(6)
    third.say(trade(3))
    assert len(rig.wire.urls) == 3  # it has not caught up
    third.say(trade(4))
    rig.pass_time(5)
    assert len(rig.wire.urls) == 4
    fourth = rig.wire.open()
    fourth.say(trade(5))
    third.lose(True, 1000)
    fourth.say(trade(6))
    assert numbers(rig) == [1, 2, 3, 4, 5, 6]
    assert rig.kinds == [Connected, Rotated, Rotated, Rotated]


def test_failures_are_forgotten_once_a_successor_took_over():
    rig = Rig().start()
    link = rig.wire.open()
    link.say(trade(1))

    def seconds_until_dial():
        began, dials = rig.clock.seconds(), len(rig.wire.urls)
        while len(rig.wire.urls) == dials:
            rig.pass_time(0.5)
            link.link.link_read(6, 0, 0.0)
        return rig.clock.seconds() - began

    rig.socket.rotate()
    delays = []
    for _ in range(3):
        seconds_until_dial()
        rig.wire.fail()
        delays.append(seconds_until_dial())
        rig.wire.fail()
    assert delays == [10, 25, 65]  # each with the lead of 5 s
    seconds_until_dial()
    new = rig.wire.open()
    link.lose(True, 1000)
    link = new
    link.say(trade(2))
    rig.socket.rotate()
    seconds_until_dial()
    rig.wire.fail()
    assert seconds_until_dial() == 10


def paused(rig, link):
    rig.socket.pause()
    assert link.transport.is_paused


def resume(rig):
    rig.socket.resume()
    assert not rig.socket.is_paused


@pytest.mark.parametrize("moment", ["before", "leading", "open", "proven", "switching", "closing"])
def test_while_reading_is_paused_no_link_is_closed_or_dropped(moment):
    """The messages that wait unread on the old link would be lost with it."""
    rig = Rig().start()
    old = rig.wire.open()
    old.say(trade(1))
    if moment == "before":
        paused(rig, old)
    rig.socket.rotate()
    if moment == "leading":
        paused(rig, old)
    new = None
    if moment not in ("before", "leading"):
        rig.pass_time(5)
        new = rig.wire.open()
        if moment != "open":
            new.say(trade(5))
        rig.pass_time({"switching": 7, "closing": 15}.get(moment, 1))
        assert old.closing is (moment == "closing")
        paused(rig, old)
        assert new.transport.is_paused
    rig.pass_time(300)
    assert not old.is_lost
    assert old.closing is (moment == "closing")
    assert len(rig.wire.urls) == (1 if new is None else 2)
    resume(rig)
    old.say(trade(2), trade(3), trade(4))
    rig.pass_time(5)
    if new is None:
        new = rig.wire.open()
    new.say(trade(5))
    rig.pass_time(25)
    assert old.closing
    old.lose(True, 1000)
    new.say(trade(6))
    assert numbers(rig) == [1, 2, 3, 4, 5, 6]
    assert rig.kinds == [Connected, Rotated]


def test_a_request_that_waits_for_its_answer_unread_is_no_failure():
    rig = Rig(names=["a@trade"]).start()
    link = rig.wire.open()
    paused(rig, link)
    rig.pass_time(120)
    assert not link.is_lost
    resume(rig)
    link.acknowledge()
    assert rig.kinds == [Connected]
    for _ in range(14):
        rig.pass_time(4)
        link.link.link_read(6, 0, 0.0)
    assert rig.kinds == [Connected]
    rig.pass_time(6)
    assert rig.kinds == [Connected, Silent]  # it could have spoken for a minute


def test_a_signed_request_that_waits_for_its_answer_unread_is_no_failure():
    from tests.tx.test_account import answer, spot

    rig = spot().start()
    link = rig.wire.open()
    paused(rig, link)
    rig.pass_time(120)
    assert not link.is_lost
    resume(rig)
    answer(link)
    assert rig.kinds == [Connected]


def test_a_link_that_opens_while_reading_is_paused_is_not_replaced_until_it_is_read():
    rig = Rig().start()
    paused(rig, rig.wire.open())
    rig.wire.dials[0][0].link.protocol.lose()
    rig.pass_time_until_dial()
    rig.wire.open()
    rig.socket.rotate()
    rig.pass_time(100)
    assert len(rig.wire.urls) == 2
    assert Silent not in rig.kinds
    resume(rig)
    rig.pass_time(5)
    assert len(rig.wire.urls) == 3


def silent(rig):
    return [event.stream for event in rig.owner.events if type(event) is Silent]


def test_streams_that_spoke_during_a_rotation_are_not_silent():
    """Whichever link brought them, delivered or held."""
    names = ["a@avgPrice", "b@avgPrice", "c@avgPrice"]
    rig = Rig(names=names).start()
    old = rig.wire.open()
    old.acknowledge()
    rig.socket.connections[0].rotate(Input.URGENT)
    new = rig.wire.open()
    new.acknowledge()
    old.say(ticker(1, "a@avgPrice"))
    new.say(ticker(2, "b@avgPrice"))  # held: the old link may still bring an earlier one
    rig.pass_time(9)
    assert len(rig.got) == 1
    assert silent(rig) == []
    rig.pass_time(2)
    assert silent(rig) == ["c@avgPrice"]


@pytest.mark.parametrize("is_settled", [False, True])
def test_streams_that_speak_only_after_a_rotation_are_not_silent(is_settled):
    rig = Rig(names=["a@ticker", "b@ticker", "c@ticker", "d@ticker"]).start()
    old = rig.wire.open()
    old.acknowledge()
    old.say(ticker(1))
    rig.socket.rotate()
    rig.pass_time(5)
    new = rig.wire.open()
    new.acknowledge()
    if not is_settled:
        old.say(ticker(2))
    rig.pass_time(3)
    old.lose(True, 1000)
    rig.pass_time(17)
    assert rig.socket.connections[0].rotation.is_idle is is_settled
    new.say(ticker(2, "b@ticker"))
    rig.pass_time(25)
    new.say(ticker(3, "d@ticker"))
    rig.pass_time(15)
    assert silent(rig) == ["c@ticker"]
    assert rig.kinds == [Connected, Rotated, Silent]


def steady(rig):
    """Rotate a socket of one stream of fixed cadence, whose old link says nothing any more."""
    old = rig.start().wire.open()
    old.say({"e": "avgPrice", "E": 1})
    rig.socket.rotate()
    rig.pass_time(5)
    return old, rig.wire.open()


def test_a_steady_stream_of_a_silent_link_is_told_of_though_its_successors_die():
    """Time in which a successor is there does not count: what it brings would be held."""
    rig = Rig(stream="bnbbtc@avgPrice")
    _, new = steady(rig)
    rig.pass_time(12)
    assert silent(rig) == []
    new.lose()
    rig.pass_time(4)
    assert silent(rig) == []
    rig.pass_time(4)
    assert silent(rig) == ["bnbbtc@avgPrice"]


def test_a_steady_stream_that_comes_again_with_a_further_successor_is_not_called_silent():
    rig = Rig(stream="bnbbtc@avgPrice")
    old, new = steady(rig)
    rig.pass_time(3)
    new.lose()
    rig.pass_time(3)
    for number in range(2, 40):
        old.say({"e": "avgPrice", "E": number})
        rig.pass_time(1)
    assert silent(rig) == []


def test_a_steady_stream_that_a_successor_does_not_bring_is_told_of_once_it_took_over():
    rig = Rig(stream="bnbbtc@avgPrice")
    old, _ = steady(rig)
    rig.pass_time(3)
    old.lose(True, 1000)
    rig.pass_time(4)
    assert silent(rig) == []
    rig.pass_time(4)
    assert silent(rig) == ["bnbbtc@avgPrice"]


@pytest.mark.parametrize("moment", ["open", "proven", "closing"])
@pytest.mark.parametrize("first", ["old", "new"])
def test_stop_closes_both_links_and_waits_for_both(moment, first):
    rig, old, new = rotating()
    if moment != "open":
        new.say(trade(3))
    rig.pass_time(16 if moment == "closing" else 1)
    rig.socket.stop()
    assert old.closing
    assert new.closing
    links = [old, new] if first == "old" else [new, old]
    links[0].lose(True, 1000)
    assert rig.owner.gone_sockets == []
    links[1].lose(True, 1000)
    rig.assert_nothing_left()
    assert Disconnected not in rig.kinds


def test_stop_during_the_successors_handshake_drops_it():
    rig = Rig()
    old = rig.up()
    rig.socket.rotate()
    rig.pass_time(5)
    new = rig.wire.connect()
    rig.socket.stop()
    assert new.is_lost
    assert not new.closing
    old.lose(True, 1000)
    rig.assert_nothing_left()


def test_after_a_stop_a_successor_that_does_not_answer_is_dropped():
    rig, old, new = rotating()
    rig.socket.stop()
    rig.pass_time(1)
    assert old.is_lost
    assert new.is_lost
    rig.assert_nothing_left()


def test_stop_while_reading_is_paused_reads_the_answers_to_the_close():
    rig, old, new = rotating()
    paused(rig, old)
    rig.socket.stop()
    assert not old.transport.is_paused
    assert not new.transport.is_paused


def test_if_both_links_go_during_the_close_it_is_an_outage():
    rig, old, new = rotating()
    new.say(trade(4))
    rig.pass_time(16)
    assert old.closing
    new.lose()
    old.say(trade(2))
    assert not old.is_lost
    rig.pass_time(11)
    assert old.is_lost  # it did not answer
    rig.pass_time(2)
    rig.wire.open().say(trade(4), trade(5))
    assert numbers(rig) == [1, 2, 4, 5]
    assert rig.kinds == [Connected, Disconnected, Retrying, Connected, Gap, Resumed]


def test_a_stream_dropped_from_its_key_is_not_delivered_by_either_link_any_more():
    """A connection of a multiplex key ends while it is being replaced; the key lives on."""
    rig = Rig(names=["a@trade", "b@trade"], limit=1).start()
    links = [rig.wire.open() for _ in range(1)]
    connection = rig.socket.connections[-1]
    rig.socket.connections[0].stop()
    rig.pass_time(1)
    connection.rotate(Input.URGENT)
    new = rig.wire.open()
    rig.socket.drop(connection.session)
    for link in (*links, new):
        link.say({"stream": "b@trade", "data": trade(1)})
    assert rig.got == []


def test_if_the_old_link_dies_while_the_successor_is_dialled_it_is_an_outage():
    rig = Rig()
    old = rig.up()
    rig.socket.rotate()
    rig.pass_time(5)
    old.lose()
    assert rig.wire.cancelled == 1
    rig.pass_time(1)
    rig.wire.open().say(trade(2))
    assert rig.kinds == [Connected, Disconnected, Retrying, Connected, Resumed]


@pytest.mark.parametrize("stage", ["dial", "handshake", "open"])
def test_without_a_successor_the_old_link_stays_and_it_is_tried_again(stage):
    rig = Rig()
    rig.start()
    old = rig.wire.open()
    old.say(trade(1))
    rig.socket.rotate()
    rig.pass_time(5)
    if stage == "dial":
        rig.wire.fail()
    elif stage == "handshake":
        rig.wire.connect().lose(http_status=503)
    else:
        new = rig.wire.open()
        new.say(trade(2))
        new.lose()
    old.say(trade(2), trade(3))
    assert numbers(rig) == [1, 2, 3]
    assert rig.kinds == [Connected]
    for _ in range(20):
        rig.pass_time(1)
        old.say(trade(4))
    assert len(rig.wire.urls) == 3
    new = rig.wire.open()
    new.say(trade(5))
    assert numbers(rig) == [1, 2, 3, 4, 5]


def test_it_is_planned_for_before_the_cut():
    rig = Rig(rotate_after=100.0)
    rig.start()
    old = rig.wire.open()
    for number in range(1, 95):
        old.say(trade(number))
        rig.pass_time(1)
    assert len(rig.wire.urls) == 1
    for number in range(95, 106):
        old.say(trade(number))
        rig.pass_time(1)
    assert len(rig.wire.urls) == 2


def test_never_if_so_wished():
    rig = Rig(rotate_after=None)
    old = rig.up()
    for number in range(25 * 60 * 3):
        old.say(trade(number))
        rig.pass_time(20, step=4)
    assert len(rig.wire.urls) == 1


@pytest.mark.parametrize("shutdown", SHUTDOWNS)
@pytest.mark.parametrize("names", [None, ["bnbbtc@trade"]])
def test_a_server_that_announces_its_end_is_left_at_once(shutdown, names):
    rig = Rig(names=names)
    rig.start()
    old = rig.wire.open()
    old.say(shutdown)
    assert len(rig.wire.urls) == 2
    old.say(shutdown)
    assert len(rig.wire.urls) == 2
    rig.wire.open()
    rig.pass_time(10)
    old.lose(True, 1001)
    assert rig.kinds == [Connected, Rotated]
    assert rig.got == []


def test_a_stream_that_first_speaks_in_the_read_of_the_announcement():
    """Its watch for first messages ends there, and must not end the rotation's with it."""
    rig = Rig(names=["a@kline_1m"]).start()

    def candle(number):
        kline = {"e": "kline", "E": number, "s": "A", "k": {"t": 0}}
        return {"stream": "a@kline_1m", "data": kline}

    old = rig.wire.open()
    old.say(SHUTDOWNS[1], candle(1))
    new = rig.wire.open()
    old.say(candle(2), candle(3))
    rig.pass_time(10)
    old.lose(True, 1001)
    new.say(candle(2), candle(3), candle(4))
    assert [message["data"]["E"] for message in rig.got] == [1, 2, 3, 4]
    assert rig.kinds == [Connected, Rotated]


def test_a_successor_that_announces_its_end_too_is_replaced_once_it_has_taken_over():
    rig, old, new = rotating()
    new.say(trade(2))
    new.say(SHUTDOWNS[0])
    old.say(trade(2))
    old.lose(True, 1001)
    new.say(trade(3))
    assert len(rig.wire.urls) == 3
    third = rig.wire.open()
    new.lose(True, 1001)
    third.say(trade(4))
    assert numbers(rig) == [1, 2, 3, 4]
    assert rig.kinds == [Connected, Rotated, Rotated]


def test_a_link_that_announces_its_end_before_it_is_ready_is_replaced_as_soon_as_it_is():
    streams = [f"s{number}usdt@trade" for number in range(1000)]  # more than a URL holds
    rig = Rig(names=streams).start()
    link = rig.wire.open()
    link.say(SHUTDOWNS[1])
    assert len(rig.wire.urls) == 1
    link.acknowledge()
    assert len(rig.wire.urls) == 2


def test_an_announcement_during_the_lead_hurries_the_dial():
    rig = Rig()
    old = rig.up()
    rig.socket.rotate()
    assert len(rig.wire.urls) == 1
    old.say(SHUTDOWNS[0])
    assert len(rig.wire.urls) == 2


@pytest.mark.parametrize("moment", ["leading", "dialling", "open", "closing", "settling"])
def test_stop_at_any_moment_ends_both_links_and_leaves_nothing(moment):
    rig = Rig()
    rig.start()
    old = rig.wire.open()
    old.say(trade(1))
    rig.socket.rotate()
    links = [old]
    if moment != "leading":
        rig.pass_time(5)
    if moment in ("open", "closing", "settling"):
        links.append(rig.wire.open())
    if moment in ("closing", "settling"):
        links[1].say(trade(3))
        rig.pass_time(11 if moment == "settling" else 10)
    if moment == "settling":
        old.lose(True, 1000)
        links[1].is_lost = False
    rig.socket.stop()
    for link in links:
        link.lose(True, 1000)
    rig.assert_nothing_left()
    assert Disconnected not in rig.kinds


def test_the_successor_of_a_large_multiplex_must_be_acknowledged_first():
    wanted = [f"s{number}@trade" for number in range(1000)]
    rig = Rig(names=wanted).start()
    old = rig.wire.open()
    old.acknowledge()
    old.acknowledge()
    rig.socket.rotate()
    rig.pass_time(5)
    new = rig.wire.open()
    rig.pass_time(5)
    assert not old.closing
    new.acknowledge()
    rig.pass_time(25)
    assert old.closing
    assert sorted(new.carries) == sorted(wanted)


def test_streams_subscribed_to_meanwhile_are_on_both_links():
    rig = Rig(names=["a@trade"]).start()
    old = rig.wire.open()
    old.acknowledge()
    old.acknowledge()
    rig.socket.rotate()
    rig.pass_time(5)
    new = rig.wire.open()
    new.acknowledge()
    rig.socket.change("SUBSCRIBE", ["b@trade"])
    for link in (old, new):
        link.acknowledge()
        assert "b@trade" in link.carries


@pytest.mark.parametrize("seed", range(30))
def test_random_lags_lose_and_double_nothing(seed):
    """Both links bring trades 1 to 400, each in order and late by amounts that change."""
    dice = random.Random(seed)
    rig = Rig().start()
    old, new, at, due = rig.wire.open(), None, {}, []
    for link in ("old", "new"):
        late = 0.0
        for number in range(1, 401):
            late = max(late, number * 0.1 + dice.expovariate(1 / dice.choice([0.05, 1.0])))
            due.append((late, number, link))
            at[link, number] = late
    due.sort()
    begin = dice.uniform(2, 8)
    is_begun = False
    for moment, number, link in due:
        while rig.clock.seconds() < moment:
            rig.clock.advance(min(0.25, moment - rig.clock.seconds()))
            if not is_begun and rig.clock.seconds() > begin:
                is_begun = True
                rig.socket.rotate()
            if new is None and len(rig.wire.urls) == 2:
                new, opened = rig.wire.open(), rig.clock.seconds()
            if old.closing and not old.is_lost and rig.clock.seconds() % 1 < 0.5:
                old.lose(True, 1000)
        if link == "old" and not old.is_lost:
            old.say(trade(number))
        elif link == "new" and new is not None and at[link, number] >= opened:
            new.say(trade(number))
    assert old.is_lost
    assert Rotated in rig.kinds
    assert Gap not in rig.kinds
    assert numbers(rig) == list(range(1, 401))
