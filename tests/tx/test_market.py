"""Multiplex sockets: layout over connections, live changes, the audit."""

import pytest

from binance.events import Silent
from binance.sansio.budget import MessageBudget
from tests.tx.rig import Rig


def data(name, number=1):
    return {"stream": name, "data": {"e": "trade", "E": number, "t": number}}


def names(count, start=0):
    return [f"s{number}@trade" for number in range(start, start + count)]


def carried(protocol):
    protocol.acknowledge()
    protocol.acknowledge()  # the audit, which follows the first answers
    return protocol.carries


def test_the_url_names_the_streams_and_the_link_is_open_with_the_handshake():
    rig = Rig(names=["a@trade", "B@depth@100ms"]).start()
    protocol = rig.wire.open()
    assert rig.wire.urls == ["wss://a:9443/stream?streams=a@trade/B@depth@100ms"]
    assert rig.socket.is_open
    assert [request["method"] for request in protocol.sent] == ["LIST_SUBSCRIPTIONS"]


def test_names_beyond_a_url_are_subscribed_to_before_the_link_counts_as_open():
    rig = Rig(names=names(1000)).start()
    protocol = rig.wire.open()
    assert len(rig.wire.urls[0]) < 8000
    assert not rig.socket.is_open
    assert all(request["method"] == "SUBSCRIBE" for request in protocol.sent)
    assert sorted(carried(protocol)) == sorted(names(1000))
    assert rig.socket.is_open
    assert rig.got == []  # no reply reached the callback


def test_more_streams_than_a_connection_may_carry_are_spread_and_open_together():
    rig = Rig(names=names(25), limit=10).start()
    protocols = []
    for factory, dialing in list(rig.wire.dials):
        rig.wire.dials.append((factory, dialing))
        rig.wire.urls.append(factory.url)
        protocols.append(rig.wire.open())
    assert len(protocols) == 3
    assert sorted(name for protocol in protocols for name in protocol.carries) == sorted(names(25))
    assert max(len(protocol.carries) for protocol in protocols) <= 10
    assert rig.socket.wait_open(0)
    for protocol in protocols:
        protocol.say(data(protocol.carries[0]))
    assert len(rig.got) == 3


def test_one_shard_that_is_given_up_ends_the_key_with_one_dict():
    rig = Rig(names=names(20), limit=10).start()
    (first, dialing), (_, other) = rig.wire.dials
    rig.wire.dials.append((first, dialing))
    protocol = rig.wire.open()
    other.callback(None)
    rig.socket.connections[1].link.link_closed(None, False, None, "gone", 404, None)
    assert rig.got == [{"e": "error", "m": "Max reconnect retries reached"}]
    assert protocol.closing
    protocol.lose(True, 1000)
    rig.assert_nothing_left()


def test_subscribe_and_unsubscribe_on_the_same_link_acknowledged():
    rig = Rig(names=["a@trade"]).start()
    protocol = rig.wire.open()
    carried(protocol)
    added = rig.socket.change("subscribe", ["b@trade", "c@trade"])
    assert not added.done()
    assert sorted(carried(protocol)) == ["a@trade", "b@trade", "c@trade"]
    assert added.result(0) == ["b@trade", "c@trade"]
    gone = rig.socket.change("unsubscribe", ["a@trade"])
    assert sorted(carried(protocol)) == ["b@trade", "c@trade"]
    assert gone.result(0) == ["a@trade"]
    assert len(rig.wire.urls) == 1


def test_after_a_reconnect_the_url_names_what_is_wanted_then():
    rig = Rig(names=["a@trade"]).start()
    protocol = rig.wire.open()
    carried(protocol)
    rig.socket.change("subscribe", ["b@trade"])
    carried(protocol)
    rig.socket.change("unsubscribe", ["a@trade"])
    carried(protocol)
    protocol.say(data("b@trade"))
    protocol.lose()
    rig.pass_time(1)
    assert rig.wire.urls[-1].endswith("/stream?streams=b@trade")


def test_a_change_while_the_link_is_on_its_way():
    rig = Rig(names=["a@trade"]).start()
    answer = rig.socket.change("subscribe", ["b@trade"])
    protocol = rig.wire.open()
    assert sorted(set(carried(protocol))) == ["a@trade", "b@trade"]
    assert answer.result(0) == ["b@trade"]
    assert rig.socket.is_open


def test_a_change_while_there_is_no_link_is_in_the_next_url():
    rig = Rig(names=["a@trade"]).start()
    rig.wire.fail()
    assert rig.socket.change("subscribe", ["b@trade"]).result(0) == ["b@trade"]
    rig.pass_time(1)
    assert rig.wire.urls[-1].endswith("/stream?streams=a@trade/b@trade")


def test_live_changes_open_and_close_connections():
    rig = Rig(names=names(2), limit=2).start()
    first = rig.wire.open()
    carried(first)
    rig.socket.change("subscribe", names(2, start=2))
    assert len(rig.socket.connections) == 2
    second = rig.wire.open()
    carried(second)
    second.say(data("s2@trade"))
    rig.socket.change("unsubscribe", names(2, start=2))
    assert second.closing
    second.lose(True, 1000)
    assert len(rig.socket.connections) == 1
    assert rig.socket.is_open
    assert len(rig.got) == 1


def test_a_refused_name_is_told_and_the_rest_goes_on(caplog):
    rig = Rig(names=["a@trade"]).start()
    protocol = rig.wire.open()
    carried(protocol)
    answer = rig.socket.change("subscribe", ["bad"])
    request = protocol.sent.pop()
    protocol.say({"error": {"code": 2, "msg": "Invalid request"}, "id": request["id"]})
    with pytest.raises(ValueError, match="bad was refused: Invalid request"):
        answer.result(0)
    assert "was refused" in caplog.text
    assert rig.socket.is_open
    assert rig.got == []


def test_what_the_exchange_does_not_list_is_asked_for_again_and_then_told():
    rig = Rig(names=["a@trade", "b@trade"]).start()
    protocol = rig.wire.open()
    protocol.carries = ["a@trade"]  # acknowledged by the handshake, and not there
    asked = []
    for _ in range(4):
        asked += [
            request["params"] for request in protocol.sent if request["method"] == "SUBSCRIBE"
        ]
        for request in protocol.sent:
            listing = request["method"] == "LIST_SUBSCRIPTIONS"
            reply = {"result": ["a@trade"] if listing else None, "id": request["id"]}
            protocol.sent = []
            protocol.say(reply)
            break
    assert asked == [["b@trade"]]
    protocol.acknowledge()


def test_an_exchange_that_never_answers_costs_the_link():
    rig = Rig(names=names(1000)).start()
    protocol = rig.wire.open()
    for _ in range(60):
        rig.pass_time(1)
        protocol.link.link_read(6, 0, 0.0)
    assert protocol.is_lost
    assert "no answer to SUBSCRIBE" in rig.home.events[0].reason


def test_chunks_keep_to_the_budget():
    rig = Rig(
        names=names(1000, 10**12),
        messages=lambda market, host: MessageBudget(),
    ).start()
    protocol = rig.wire.open()
    moments = []
    seen = 0
    while rig.clock.seconds() < 10:
        moments += [rig.clock.seconds()] * (len(protocol.sent) - seen)
        seen = len(protocol.sent)
        rig.clock.advance(0.05)
    assert len(moments) > 3
    assert all(sum(start <= moment < start + 1 for moment in moments) <= 5 for start in moments)


def test_stop_cancels_what_is_still_unanswered():
    rig = Rig(names=["a@trade"]).start()
    protocol = rig.wire.open()
    answer = rig.socket.change("subscribe", ["b@trade"])
    rig.socket.stop()
    protocol.lose(True, 1000)
    assert answer.cancelled()
    rig.assert_nothing_left()


def test_a_socket_of_one_stream_takes_no_changes():
    with pytest.raises(ValueError, match="no multiplex socket"):
        Rig().socket.change("subscribe", ["b@trade"])


def test_missing_streams_are_told_as_silent():
    rig = Rig(names=["a@trade"]).start()
    rig.socket.multiplex.missing(["a@trade"])
    assert isinstance(rig.home.events[-1], Silent)
