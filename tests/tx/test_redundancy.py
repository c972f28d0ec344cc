"""Two links with the same streams: what the callback and `on_event` get, on a fake clock."""

import itertools
import random
import time

import pytest

from binance.events import (
    Connected,
    Disconnected,
    Gap,
    GaveUp,
    RedundancyChanged,
    Resumed,
    Retrying,
    Rotated,
    Silent,
)
from binance.sansio.link.reconnect import RetryPolicy
from binance.tx.socket import ERROR_PAYLOAD
from tests.pace import paced
from tests.tx.rig import KEY, Rig

NAMES = ("bnbbtc@trade", "bnbbtc@depth")


def trade(number, **more):
    return {"e": "trade", "E": 1000 + number, "s": "BNBBTC", "t": number, **more}


def numbers(rig):
    return [message["t"] for message in rig.got if "t" in message]


def redundant(**options):
    """A socket, and its two links, which are open."""
    given = options.pop("options", {})
    rig = Rig(options={"redundancy": 2, **given}, **options)
    rig.start()
    links = [open_dial(rig, number) for number in (0, 1)]
    return rig, *links


def open_dial(rig, number=-1):
    """Let a dial succeed, and the handshake."""
    rig.wire.dials.append(rig.wire.dials.pop(number))
    rig.wire.urls.append(rig.wire.urls.pop(number))
    protocol = rig.wire.open()
    rig.wire.dials.insert(number if number >= 0 else len(rig.wire.dials), rig.wire.dials.pop())
    rig.wire.urls.insert(number if number >= 0 else len(rig.wire.urls), rig.wire.urls.pop())
    return protocol


def wait_until(condition):
    """Wait for what another thread does."""
    end = time.monotonic() + paced(5)
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def links_event(rig):
    return [event.links for event in rig.owner.events if isinstance(event, RedundancyChanged)]


def test_two_links_on_two_addresses_bring_each_event_once():
    rig, a, b = redundant()
    assert rig.wire.urls == [f"wss://a:9443/ws/{KEY}", f"wss://a:443/ws/{KEY}"]
    a.say(trade(1), trade(2))
    b.say(trade(1), trade(2), trade(3))
    a.say(trade(3), trade(4))
    assert numbers(rig) == [1, 2, 3, 4]
    stats = rig.socket.stats()
    assert (stats["messages"], stats["links"], stats["connected"]) == (4, 2, True)
    assert stats["redundancy"]["first"] == [2, 1]
    rig.socket.stop()
    assert a.closing
    assert b.closing
    a.lose(True, 1000), b.lose(True, 1000)
    rig.assert_nothing_left()


def test_the_loss_of_one_link_is_no_outage():
    rig, a, b = redundant()
    a.say(trade(1))
    b.say(trade(1))
    a.lose()
    assert rig.socket.is_open
    assert rig.socket.wait_open(0)
    b.say(trade(2))
    assert numbers(rig) == [1, 2]
    rig.pass_time_until_dial()
    assert rig.wire.urls[-1] == f"wss://a:9443/ws/{KEY}"
    a = open_dial(rig)
    assert rig.kinds == [Connected, RedundancyChanged, RedundancyChanged, RedundancyChanged]
    assert links_event(rig) == [2, 1, 2]
    assert rig.owner.events[2].reason
    a.say(trade(4))
    b.say(trade(3), trade(4))
    assert numbers(rig) == [1, 2, 3, 4]
    assert rig.socket.stats()["reconnects"] == 0


def test_both_lost_is_one_outage_with_the_usual_retries():
    rig, a, b = redundant(policy=RetryPolicy(max_retries=2))
    a.say(trade(1))
    a.lose()
    for _ in range(4):  # the other one lives: no retry counts
        b.say(trade(1))
        rig.pass_time_until_dial()
        rig.wire.fail()
    b.say(trade(2))
    assert rig.kinds == [Connected, RedundancyChanged, RedundancyChanged]
    b.lose()
    assert not rig.socket.is_open
    assert rig.kinds[3:] == [Disconnected, Retrying]
    rig.owner.events.clear()
    while GaveUp not in rig.kinds:
        rig.pass_time_until_dial()
        rig.wire.fail()
    assert rig.kinds == [Retrying, GaveUp]
    assert rig.got[-1] == ERROR_PAYLOAD
    rig.assert_nothing_left()


def test_after_an_outage_the_gap_is_that_of_both():
    rig, a, b = redundant()
    a.say(trade(1))
    b.say(trade(1), trade(2))
    rig.clock.advance(11)  # both are proven
    a.lose()
    b.lose()
    rig.pass_time_until_dial()
    dials = len(rig.wire.dials)
    c = open_dial(rig)
    c.say(trade(6))
    assert rig.kinds[-4:] == [Retrying, Connected, Gap, Resumed]
    gap = rig.owner.events[-2]
    assert (gap.first, gap.last) == (3, 5)
    rig.pass_time_until_dial()
    if len(rig.wire.dials) > dials:
        open_dial(rig).say(trade(6), trade(7))
    assert numbers(rig)[:3] == [1, 2, 6]


def test_where_no_retry_helps_the_key_ends_after_both_have_tried():
    rig = Rig(options={"redundancy": 2}).start()
    for factory, dialing in list(rig.wire.dials):
        rig.wire.dials.append((factory, dialing))
        rig.wire.fail("certificate", certificate=True)
        rig.wire.dials.pop()
    assert rig.kinds[-1] is GaveUp
    assert rig.got == [ERROR_PAYLOAD]
    rig.assert_nothing_left()


def test_a_half_open_link_delays_nothing():
    rig, a, b = redundant()
    a.say(trade(1))
    b.say(trade(1))
    for n in range(2, 60):  # the other link says nothing
        a.say(trade(n))
        assert numbers(rig)[-1] == n
        rig.clock.advance(1.0)
    assert links_event(rig)[-1] == 1
    assert Disconnected not in rig.kinds


def test_a_process_that_had_to_wait_takes_no_link_for_silent():
    rig, a, b = redundant()
    a.say(trade(1))
    b.say(trade(1))
    b.lose()
    rig.pass_time_until_dial()
    rig.pass_time(0.5, 0.1)
    new = open_dial(rig)
    new.say(trade(4))
    for _ in range(3):
        rig.clock.advance(5.0)  # the timers are late, and come before the reads
        new.say(trade(5))
    a.say(trade(2), trade(3), trade(4))
    assert numbers(rig) == [1, 2, 3, 4, 5]
    assert Gap not in rig.kinds


def test_rotations_take_turns():
    rig, a, b = redundant()
    a.say(trade(1))
    b.say(trade(1))
    rig.socket.rotate()
    rig.pass_time(6)
    assert len(rig.wire.urls) == 3
    first, second = (one.rotation for one in rig.socket.connections)
    assert (first.is_under_way, second.is_under_way) == (True, False)
    new = open_dial(rig)
    new.say(trade(3))
    b.say(trade(2))
    a.say(trade(2))
    rig.pass_time(20)
    assert a.closing
    a.lose(True, 1000)
    assert second.is_under_way
    assert first.is_idle
    rig.pass_time(6)
    assert len(rig.wire.urls) == 4
    newer = open_dial(rig)
    newer.say(trade(4))
    new.say(trade(4), trade(5))
    rig.pass_time(20)
    assert b.closing
    b.lose(True, 1000)
    newer.say(trade(5), trade(6))
    assert numbers(rig) == [1, 2, 3, 4, 5, 6]
    assert rig.kinds == [Connected, RedundancyChanged, Rotated, Rotated]
    assert first.is_idle
    assert second.is_idle


def test_rotations_that_are_due_together_take_turns():
    rig, a, b = redundant(rotate_after=100.0)
    for n in range(1, 100):
        a.say(trade(n))
        b.say(trade(n))
        rig.clock.advance(1.0)
    rig.pass_time(6)
    under_way = [one.rotation.is_under_way for one in rig.socket.connections]
    assert sorted(under_way) == [False, True]
    rig.wire.fail()  # the successor cannot connect
    rig.pass_time(6)
    assert [one.rotation.is_under_way for one in rig.socket.connections] == under_way[::-1]


def test_a_loss_during_the_rotation_of_the_other_link():
    rig, a, b = redundant()
    a.say(trade(1))
    b.say(trade(1))
    rig.socket.connections[0].rotate()
    rig.pass_time(5)
    new = open_dial(rig)
    b.lose()
    new.say(trade(3))
    a.say(trade(2))
    a.lose()
    new.say(trade(4))
    assert numbers(rig) == [1, 2, 3, 4]
    assert Disconnected not in rig.kinds


def test_a_link_that_may_have_been_dead_before_the_other_one_came_back_is_reported():
    rig, a, b = redundant(stream="bnbbtc@bookTicker")
    for link in (a, b):
        link.say({"u": 1, "s": "A"})
    rig.pass_time(1)
    a.lose()
    rig.pass_time_until_dial()
    a = open_dial(rig)
    rig.pass_time(1)
    b.lose()  # nothing came on it since the other one has come back
    assert [(one.stream, one.first) for one in rig.owner.events if isinstance(one, Gap)] == [
        ("bnbbtc@bookTicker", None)
    ]
    assert Disconnected not in rig.kinds
    a.say({"u": 9, "s": "A"})
    assert [message["u"] for message in rig.got] == [1, 9]


@pytest.mark.parametrize("names", [None, NAMES])
def test_two_hundred_cuts_lose_nothing(names):
    """Links are cut at random, never both: each event comes once, and nobody hears of an outage."""
    dice = random.Random(f"cuts {names}")
    rig, *links = redundant(names=names, policy=RetryPolicy(max_retries=1))
    shape = (lambda n: {"stream": KEY, "data": trade(n)}) if names else trade
    for link in links if names else ():
        link.acknowledge()
    cuts, event, said, begun = 0, 1, [0, 0], [0, 0]
    while cuts < 200:
        event += dice.randrange(0, 3)
        order = dice.sample((0, 1), 2)
        for side in order:
            if links[side] is not None and (up_to := event - dice.randrange(0, 3)) > said[side]:
                links[side].say(*map(shape, range(said[side] + 1, up_to + 1)))
                said[side] = up_to
        rig.clock.advance(dice.choice((0.01, 0.1, 0.5)))
        for side in (0, 1):
            connection = rig.socket.connections[side]
            if links[side] is None and connection.link is not None:
                if dice.random() < 0.2:
                    rig.wire.dials[-1][1].errback(OSError("refused"))
                else:
                    links[side] = open_dial(rig)
                    if names:
                        links[side].acknowledge()
                    said[side] = begun[side] = event - dice.randrange(0, 3)
                    rig.clock.advance(0.01)
                    links[1 - side].link.link_read(2, 0, 0.0)  # a ping: it lives
        side = dice.choice((0, 1))
        if None not in links and said[side] >= begun[1 - side] and dice.random() < 0.5:
            links[side].lose()
            links[side], cuts = None, cuts + 1
    got = [(one["data"] if names else one)["t"] for one in rig.got]
    assert got == list(range(1, got[-1] + 1))
    assert got[-1] >= event - 2
    kinds = set(rig.kinds)
    assert kinds == {Connected, RedundancyChanged}
    assert rig.kinds.count(Connected) == 1
    assert len(got) <= rig.socket.stats()["messages"] < 1.02 * len(got)


def test_live_changes_go_over_both_links():
    rig, a, b = redundant(names=NAMES)
    a.acknowledge(), b.acknowledge()
    a.acknowledge(), b.acknowledge()  # the audit
    answer = rig.socket.change("SUBSCRIBE", ["c@trade"])
    assert [one.sent[-1]["params"] for one in (a, b)] == [["c@trade"]] * 2
    a.acknowledge()
    assert not answer.done()
    b.acknowledge()
    assert answer.result(0) == ["c@trade"]
    a.say({"stream": "c@trade", "data": trade(5)})
    b.say({"stream": "c@trade", "data": trade(5)}, {"stream": "c@trade", "data": trade(6)})
    assert [one["data"]["t"] for one in rig.got] == [5, 6]
    b.lose()
    answer = rig.socket.change("UNSUBSCRIBE", ["c@trade"])
    a.say({"stream": "c@trade", "data": trade(7)})
    a.acknowledge()
    assert answer.result(0) == ["c@trade"]
    assert [one["data"]["t"] for one in rig.got] == [5, 6]


def test_of_streams_that_come_and_go_on_both_links_nothing_is_left():
    rig, a, b = redundant(names=NAMES)
    for _ in range(2):  # the second one is the audit
        a.acknowledge(), b.acknowledge()
    (session,) = rig.socket.multiplex.sessions
    merged = session.redundancy
    for number in range(1, 21):
        names = [f"s{number}@trade", f"s{number}@depth5", "c@trade"]
        said = [{"stream": name, "data": trade(number, lastUpdateId=number)} for name in names]
        rig.socket.change("SUBSCRIBE", names)
        a.acknowledge(), b.acknowledge()
        a.say(*said), b.say(*said)
        rig.socket.change("UNSUBSCRIBE", names)
        late = [{"stream": name, "data": trade(100 + number)} for name in names]
        a.say(*late)
        a.acknowledge()
        b.say(*late)
        b.acknowledge()
        rig.pass_time(2)
    assert len(rig.got) == 60
    assert session.continuity._tracks.keys() <= set(NAMES)
    assert {name for name, _ in merged._streams} <= set(NAMES)
    for member in merged._members.values():
        assert member.takes.keys() <= set(NAMES)
        assert {stream.name for stream in member.places} <= set(NAMES)


def test_a_queue_that_blocks_pauses_both_links():
    rig, a, b = redundant()
    a.say(trade(1))
    b.say(trade(1))
    rig.socket.pause()
    assert (a.transport.is_paused, b.transport.is_paused) == (True, True)
    a.say(trade(4))  # read before the pause
    rig.pass_time(60)
    assert numbers(rig) == [1]
    rig.socket._resume()
    assert (a.transport.is_paused, b.transport.is_paused) == (False, False)
    b.say(trade(2), trade(3), trade(4))
    assert numbers(rig) == [1, 2, 3, 4]


def test_nothing_is_held_for_ever_by_a_queue_that_is_full_again_and_again():
    rig, a, b = redundant()
    a.say(trade(1)), b.say(trade(1))
    a.say(trade(4))
    rig.socket.pause()
    rig.pass_time(5)
    rig.socket.resume()
    for _ in range(20):
        b.link.link_read(6, 0, rig.clock.seconds())
        rig.pass_time(0.5, 0.25)
        rig.socket.pause()
        rig.pass_time(0.25, 0.25)
        rig.socket.resume()
        rig.pass_time(0.25, 0.25)
    assert numbers(rig) == [1, 4]


@pytest.mark.thread
def test_with_a_thread_each_event_comes_once():
    rig, a, b = redundant(options={"dispatch": "thread", "overflow": "block", "queue_size": 3})
    for n in range(1, 50):
        for link in (a, b):
            if not link.transport.is_paused:
                link.say(trade(n))
        wait_until(lambda: not (a.transport.is_paused or b.transport.is_paused))
    wait_until(lambda: len(rig.got) == 49)
    assert numbers(rig) == list(range(1, 50))


def test_of_lost_links_nothing_is_kept():
    rig, a, b = redundant()
    a.say(trade(1)), b.say(trade(1))
    members = rig.socket.connections[0].redundancy._members
    for number in range(2, 6):
        a.lose()
        rig.pass_time_until_dial()
        a = rig.wire.open()
        a.say(trade(number)), b.say(trade(number))
        assert set(members) == {a.link, b.link}


def test_a_connection_that_is_closed_takes_its_doubles_out_of_the_count():
    rig = Rig(options={"redundancy": 2}, names=("a@trade", "b@trade"), limit=1).start()
    links = [open_dial(rig, number) for number in range(4)]
    for link in links:
        link.acknowledge()
        link.say({"stream": link.carries[0], "data": trade(1)})
    assert rig.socket.stats()["messages"] == 2
    rig.socket.change("UNSUBSCRIBE", [links[0].carries[0]])
    assert len(rig.socket.connections) == 2
    assert rig.socket.stats()["messages"] == 2


def test_a_stream_that_is_silent_on_both_links_is_reported_once():
    rig, _a, _b = redundant(stream="bnbbtc@depth5")
    for _ in range(15):
        rig.clock.advance(1.0)
    assert rig.kinds.count(Silent) == 1


def test_a_stream_of_several_that_stops_on_both_links_is_reported():
    names = ["bnbbtc@depth5", "ltcbtc@depth5"]
    rig, *links = redundant(names=names)
    for link in links:
        link.acknowledge()

    def bring(stops):
        for name in names[stops:]:
            for link in links:
                link.say({"stream": name, "data": {"lastUpdateId": next(ids)}})

    ids = itertools.count()
    for second in range(40):
        bring(stops=second >= 20)
        rig.clock.advance(1.0)
    silent = [event for event in rig.owner.events if isinstance(event, Silent)]
    assert [event.stream for event in silent] == names[:1]
    rig.socket.change("UNSUBSCRIBE", names[:1])
    rig.socket.change("SUBSCRIBE", names[:1])
    for link in links:
        link.acknowledge()
    for second in range(40):
        bring(stops=second >= 20)
        rig.clock.advance(1.0)
    silent = [event for event in rig.owner.events if isinstance(event, Silent)]
    assert [event.stream for event in silent] == names[:1] * 2


def test_a_stream_that_one_link_brings_is_not_silent():
    rig, a, _b = redundant(stream="bnbbtc@depth5")
    for n in range(15):
        a.say({"lastUpdateId": n, "bids": [], "asks": []})
        rig.clock.advance(1.0)
    assert Silent not in rig.kinds
