"""Multiplex sockets: layout over connections, live changes, the audit."""

import concurrent.futures
from unittest.mock import ANY

import pytest

from binance.events import Connected, Gap, GaveUp, Silent
from binance.sansio.link.budget import MessageBudget
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


def test_the_url_of_a_link_to_a_relay_names_all_streams():
    urls = []
    Rig(names=names(1000), connect=lambda url, link: urls.append(url)).start()
    assert urls == [f"wss://a:9443/stream?streams={'/'.join(names(1000))}"]


def test_a_link_whose_subscribing_is_unanswered_is_closed_by_a_handshake():
    rig = Rig(names=names(1000)).start()
    protocol = rig.wire.open()
    rig.socket.stop()
    assert (protocol.closing, protocol.is_lost) == (True, False)
    assert rig.owner.gone_sockets == []  # it waits for the handshake
    carried(protocol)  # the answers may still come
    protocol.say(data("s0@trade"))
    protocol.lose(clean=True, code=1000)
    assert (rig.got, rig.owner.events) == ([], [])
    rig.assert_nothing_left()


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


def test_a_further_connection_of_a_key_that_works_is_tried_again():
    """What ends a key that never worked at once is a failed try like any other after that."""
    rig = Rig(names=names(2), limit=2).start()
    first = rig.wire.open()
    carried(first)
    first.say(data("s0@trade"))
    rig.socket.change("SUBSCRIBE", names(1, start=2))
    rig.wire.fail("gone", http_status=404)
    rig.pass_time(2)
    carried(rig.wire.open())
    assert rig.socket.is_open
    assert GaveUp not in rig.kinds


def test_a_connection_that_waits_learns_that_its_key_works():
    rig = Rig(names=names(4), limit=2).start()
    (factory, dialing), (_, other) = rig.wire.dials
    rig.wire.dials.append((factory, dialing))
    rig.wire.urls.append(factory.url)
    first = rig.wire.open()
    carried(first)
    first.say(data("s0@trade"))
    rig.wire.dials.append((None, other))
    rig.wire.fail("gone", http_status=404)
    rig.pass_time(2)
    assert len(rig.wire.urls) == 4
    assert GaveUp not in rig.kinds


def test_subscribe_and_unsubscribe_on_the_same_link_acknowledged():
    rig = Rig(names=["a@trade"]).start()
    protocol = rig.wire.open()
    carried(protocol)
    added = rig.socket.change("SUBSCRIBE", ["b@trade", "c@trade"])
    assert not added.done()
    assert sorted(carried(protocol)) == ["a@trade", "b@trade", "c@trade"]
    assert added.result(0) == ["b@trade", "c@trade"]
    gone = rig.socket.change("UNSUBSCRIBE", ["a@trade"])
    assert sorted(carried(protocol)) == ["b@trade", "c@trade"]
    assert gone.result(0) == ["a@trade"]
    assert len(rig.wire.urls) == 1


def test_after_a_reconnect_the_url_names_what_is_wanted_then():
    rig = Rig(names=["a@trade"]).start()
    protocol = rig.wire.open()
    carried(protocol)
    rig.socket.change("SUBSCRIBE", ["b@trade"])
    carried(protocol)
    rig.socket.change("UNSUBSCRIBE", ["a@trade"])
    carried(protocol)
    protocol.say(data("b@trade"))
    protocol.lose()
    rig.pass_time(1)
    assert rig.wire.urls[-1].endswith("/stream?streams=b@trade")


def test_a_change_while_the_link_is_on_its_way():
    rig = Rig(names=["a@trade"]).start()
    answer = rig.socket.change("SUBSCRIBE", ["b@trade"])
    protocol = rig.wire.open()
    assert sorted(set(carried(protocol))) == ["a@trade", "b@trade"]
    assert answer.result(0) == ["b@trade"]
    assert rig.socket.is_open


def test_a_change_while_there_is_no_link_is_in_the_next_url():
    rig = Rig(names=["a@trade"]).start()
    rig.wire.fail()
    answer = rig.socket.change("SUBSCRIBE", ["b@trade"])
    rig.pass_time(1)
    assert rig.wire.urls[-1].endswith("/stream?streams=a@trade/b@trade")
    assert not answer.done()
    rig.wire.open()
    assert answer.result(0) == ["b@trade"]


def test_live_changes_open_and_close_connections():
    rig = Rig(names=names(2), limit=2).start()
    first = rig.wire.open()
    carried(first)
    rig.socket.change("SUBSCRIBE", names(2, start=2))
    assert len(rig.socket.connections) == 2
    second = rig.wire.open()
    carried(second)
    second.say(data("s2@trade"))
    rig.socket.change("UNSUBSCRIBE", names(2, start=2))
    assert second.closing
    second.lose(True, 1000)
    assert len(rig.socket.connections) == 1
    assert rig.socket.is_open
    assert len(rig.got) == 1


def test_an_unsubscription_that_closes_a_connection_ends_the_read_that_goes_on():
    rig = Rig(names=names(2), limit=2).start()
    carried(rig.wire.open())
    rig.socket.change("SUBSCRIBE", names(1, start=2))
    protocol = rig.wire.open()
    carried(protocol)
    protocol.say(data("s2@trade", 1))
    deliver = protocol.link.link_message  # as a read takes it at its beginning
    deliver(data("s2@trade", 2))
    rig.socket.change("UNSUBSCRIBE", ["s2@trade"])
    deliver(data("s2@trade", 3))
    rig.socket.flush()
    assert len(rig.got) == 2


def test_while_reading_is_stopped_the_consumer_is_looked_at_each_second(monkeypatch):
    rig, looks = Rig(names=names(2)).start(), []
    carried(rig.wire.open())
    monkeypatch.setattr(rig.socket.dispatch, "end_of_read", lambda: looks.append(1))
    rig.pass_time(3)
    assert looks == []
    rig.socket.pause()
    rig.pass_time(3)
    assert len(looks) == 3


def test_a_refused_name_is_told_and_the_rest_goes_on(caplog):
    rig = Rig(names=["a@trade"]).start()
    protocol = rig.wire.open()
    carried(protocol)
    answer = rig.socket.change("SUBSCRIBE", ["bad"])
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
    assert "no answer to SUBSCRIBE" in rig.owner.events[0].reason
    assert rig.owner.events[0].code == 1006


@pytest.mark.parametrize("blocked", [3.0, 40.0])
def test_an_answer_that_came_while_the_reactor_was_blocked_is_in_time(blocked):
    rig = Rig(names=["a@trade"]).start()
    protocol = rig.wire.open()
    rig.pass_time(9.5)
    rig.clock.advance(blocked)  # the checks come first; then it is read
    assert [each["method"] for each in protocol.sent] == ["LIST_SUBSCRIPTIONS"]
    carried(protocol)
    rig.pass_time(5)
    assert [type(event) for event in rig.owner.events] == [Connected]
    assert rig.socket.is_open


def test_a_reactor_that_is_blocked_all_the_time_still_notices_what_is_not_answered():
    rig = Rig(names=["a@trade"]).start()
    protocol = rig.wire.open()
    for _ in range(20):
        rig.clock.advance(3)
        protocol.link.link_read(6, 0, rig.clock.seconds())
    assert protocol.is_lost
    assert "no answer to LIST_SUBSCRIPTIONS" in rig.owner.events[1].reason


def test_a_queue_that_is_always_full_still_notices_what_is_not_answered():
    rig = Rig(names=["a@trade"]).start()
    protocol = rig.wire.open()
    for second in range(60):
        rig.socket.pause()
        rig.pass_time(0.25 if second % 5 else 3, 0.25)  # the checks, too, find it paused at times
        rig.socket.resume()
        rig.pass_time(0.75, 0.25)
        protocol.link.link_read(6, 0, rig.clock.seconds())
    assert protocol.is_lost
    assert "no answer to LIST_SUBSCRIPTIONS" in rig.owner.events[1].reason


def test_an_answer_that_came_while_reading_was_paused_is_in_time():
    rig = Rig(names=["a@trade"]).start()
    protocol = rig.wire.open()
    rig.socket.pause()
    rig.pass_time(40)
    rig.socket.resume()
    rig.pass_time(1)  # a check comes first; then it is read
    assert [each["method"] for each in protocol.sent] == ["LIST_SUBSCRIPTIONS"]
    carried(protocol)
    rig.pass_time(5)
    assert [type(event) for event in rig.owner.events] == [Connected]
    assert rig.socket.is_open


def test_a_first_message_that_came_while_the_reactor_was_blocked_is_in_time():
    rig = Rig(names=["a@depth"]).start()
    protocol = rig.wire.open()
    carried(protocol)
    rig.clock.advance(61)
    protocol.say({"stream": "a@depth", "data": {"e": "depthUpdate", "u": 1, "U": 1}})
    rig.pass_time(5)
    assert [type(event) for event in rig.owner.events] == [Connected]


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
    answer = rig.socket.change("SUBSCRIBE", ["b@trade"])
    rig.socket.stop()
    protocol.lose(True, 1000)
    assert answer.cancelled()
    rig.assert_nothing_left()


def test_a_socket_of_one_stream_takes_no_changes():
    with pytest.raises(ValueError, match="no multiplex socket"):
        Rig().socket.change("SUBSCRIBE", ["b@trade"])


def test_missing_streams_are_told_as_silent():
    rig = Rig(names=["a@trade"]).start()
    rig.socket.multiplex.missing(["a@trade"])
    assert isinstance(rig.owner.events[-1], Silent)


# who waits for what


def up(names, **options):
    """A socket that is open and audited, and its protocol."""
    rig = Rig(names=names, **options).start()
    protocol = rig.wire.open()
    carried(protocol)
    return rig, protocol


def answer_to(protocol, number, **reply):
    """Answer one request, by its place among those that were sent."""
    protocol.say({"id": protocol.sent[number]["id"], **(reply or {"result": None})})


REFUSAL = {"code": 2, "msg": "Invalid request"}


def test_an_acknowledgement_answers_only_those_who_asked_before_its_request():
    rig, protocol = up(["a@trade", "b@trade"])
    gone = rig.socket.change("UNSUBSCRIBE", ["a@trade"])
    again = rig.socket.change("SUBSCRIBE", ["a@trade"])
    answer_to(protocol, 0)
    assert gone.result(0) == ["a@trade"]
    assert not again.done()
    answer_to(protocol, 1, **REFUSAL)
    with pytest.raises(ValueError, match="a@trade was refused: Invalid request"):
        again.result(0)


@pytest.mark.parametrize("method", ["SUBSCRIBE", "UNSUBSCRIBE"])
def test_a_change_that_nothing_came_of_before_is_answered_with_the_one_before_it(method):
    rig, protocol = up(["a@trade", "b@trade"])
    names = ["c@trade"] if method == "SUBSCRIBE" else ["b@trade"]
    first, second = (rig.socket.change(method, names) for _ in range(2))
    assert len(protocol.sent) == 1
    assert not second.done()
    answer_to(protocol, 0)
    assert first.result(0) == second.result(0) == names
    assert rig.socket.change(method, names).result(0) == names  # nothing is to be done


def test_a_refusal_answers_all_that_wait_for_it():
    rig, protocol = up(["a@trade"])
    waiting = [rig.socket.change("SUBSCRIBE", ["bad"]) for _ in range(2)]
    answer_to(protocol, 0, error=REFUSAL)
    for answer in waiting:
        assert isinstance(answer.exception(0), ValueError)


def test_an_older_refusal_does_not_take_away_what_was_asked_for_since():
    rig, protocol = up(["a@trade"])
    first = rig.socket.change("SUBSCRIBE", ["b@trade"])
    gone = rig.socket.change("UNSUBSCRIBE", ["b@trade"])
    again = rig.socket.change("SUBSCRIBE", ["b@trade"])
    answer_to(protocol, 0, error=REFUSAL)
    answer_to(protocol, 1)
    answer_to(protocol, 2)
    assert isinstance(first.exception(0), ValueError)
    assert gone.result(0) == again.result(0) == ["b@trade"]
    protocol.lose()
    rig.pass_time(1)
    assert rig.wire.urls[-1].endswith("/stream?streams=a@trade/b@trade")


def test_a_late_or_doubled_acknowledgement_changes_nothing():
    rig, protocol = up(["a@trade"])
    rig.socket.change("SUBSCRIBE", ["b@trade"])
    answer_to(protocol, 0)
    gone = rig.socket.change("UNSUBSCRIBE", ["b@trade"])
    answer_to(protocol, 0)
    assert not gone.done()
    answer_to(protocol, 1)
    assert gone.result(0) == ["b@trade"]


def test_at_a_links_end_every_change_is_judged_by_the_next_one():
    rig, protocol = up(["a@trade", "b@trade"])
    added = rig.socket.change("SUBSCRIBE", ["c@trade"])
    gone = rig.socket.change("UNSUBSCRIBE", ["a@trade"])
    undone = rig.socket.change("SUBSCRIBE", ["d@trade"])
    rig.socket.change("UNSUBSCRIBE", ["d@trade"])
    protocol.lose()
    assert gone.result(0) == ["a@trade"]  # no link carries it, and the next will not
    assert undone.cancelled()
    assert not added.done()
    rig.pass_time(1)
    assert rig.wire.urls[-1].endswith("/stream?streams=b@trade/c@trade")
    rig.wire.open()
    assert added.result(0) == ["c@trade"]


def test_a_stream_that_is_wanted_again_before_the_next_link_cancels_its_unsubscribe():
    rig, protocol = up(["a@trade", "b@trade"])
    rig.wire.dials.clear()
    protocol.lose()
    rig.pass_time(1)  # the next link is on its way, with a@trade in its URL
    gone = rig.socket.change("UNSUBSCRIBE", ["a@trade"])
    assert not gone.done()
    again = rig.socket.change("SUBSCRIBE", ["a@trade"])
    rig.wire.open()
    assert again.result(0) == ["a@trade"]
    assert gone.cancelled()


def test_a_stream_unwanted_while_its_link_is_on_its_way_is_unsubscribed_there():
    rig = Rig(names=["a@trade", "b@trade"]).start()
    gone = rig.socket.change("UNSUBSCRIBE", ["a@trade"])
    protocol = rig.wire.open()
    assert not gone.done()
    assert carried(protocol) == ["b@trade"]
    assert gone.result(0) == ["a@trade"]


@pytest.mark.parametrize("method", ["SUBSCRIBE", "UNSUBSCRIBE"])
def test_a_change_within_the_exchanges_closing_handshake_is_made_on_the_next_link(method):
    rig, protocol = up(["a@trade", "b@trade"])
    protocol.is_being_closed = True
    names = ["c@trade"] if method == "SUBSCRIBE" else ["b@trade"]
    answer = rig.socket.change(method, names)
    assert not answer.done()
    protocol.lose(True, 1001)
    rig.pass_time(1)
    rig.wire.open()
    assert answer.result(0) == names
    wanted = "a@trade/b@trade/c@trade" if method == "SUBSCRIBE" else "a@trade"
    assert rig.wire.urls[-1].endswith(f"/stream?streams={wanted}")


def test_a_change_within_the_exchanges_closing_handshake_is_answered_by_stop():
    rig, protocol = up(["a@trade", "b@trade"])
    protocol.is_being_closed = True
    answers = [
        rig.socket.change("SUBSCRIBE", ["c@trade"]),
        rig.socket.change("UNSUBSCRIBE", ["b@trade"]),
    ]
    rig.socket.stop()
    assert all(answer.cancelled() for answer in answers)
    protocol.lose(True, 1000)
    rig.assert_nothing_left()


def test_a_change_after_the_end_is_cancelled_and_whoever_waits_is_woken():
    rig, protocol = up(["a@trade"])
    rig.socket.stop()
    answer = rig.socket.change("SUBSCRIBE", ["b@trade"])
    assert answer.cancelled()
    assert concurrent.futures.wait([answer], timeout=0).done == {answer}
    assert not rig.socket.wait_open(0)
    assert protocol.sent == []


def test_a_change_that_the_reactor_never_makes_is_cancelled_by_stop():
    rig, _ = up(["a@trade"])
    posted = []
    rig.socket.dependencies = rig.socket.dependencies._replace(
        call=lambda *call: posted.append(call)
    )
    answer = rig.socket.change("SUBSCRIBE", ["b@trade"])
    rig.socket.stop()
    assert answer.cancelled()
    assert concurrent.futures.wait([answer], timeout=0).done == {answer}
    assert not rig.socket.wait_open(None)  # at once
    for function, *args in posted:  # and if it does after all
        function(*args)
    assert answer.cancelled()
    assert rig.socket.change("SUBSCRIBE", ["b@trade"]).cancelled()


def test_a_future_that_the_caller_cancels_is_left_alone():
    rig, protocol = up(["a@trade"])
    answer, other = (rig.socket.change("SUBSCRIBE", [name]) for name in ("b@trade", "c@trade"))
    answer.cancel()
    rig.socket.change("SUBSCRIBE", ["b@trade"])
    protocol.acknowledge()
    assert answer.cancelled()
    assert other.result(0) == ["c@trade"]


@pytest.mark.parametrize("reply", [{"error": REFUSAL}, REFUSAL])
def test_a_refusal_in_either_shape_is_answered_by_its_id(reply):
    rig, protocol = up(["a@trade"])
    good, bad = (rig.socket.change("SUBSCRIBE", [name]) for name in ("b@trade", "bad"))
    answer_to(protocol, 1, **reply)
    with pytest.raises(ValueError, match="bad was refused"):
        bad.result(0)
    assert not good.done()
    answer_to(protocol, 0)
    assert good.result(0) == ["b@trade"]
    assert rig.got == []


def test_a_refused_name_is_not_asked_for_again():
    rig, protocol = up(["a@trade"])
    rig.socket.change("SUBSCRIBE", ["bad"])
    answer_to(protocol, 0, error=REFUSAL)
    protocol.say(data("a@trade"))
    protocol.lose()
    rig.pass_time(1)
    assert rig.wire.urls[-1].endswith("/stream?streams=a@trade")
    again = rig.socket.change("SUBSCRIBE", ["bad"])  # unless the user does
    protocol = rig.wire.open()
    assert [request.get("params") for request in protocol.sent] == [["bad"]]
    assert not again.done()


def test_a_name_refused_by_a_rotations_successor_is_dropped_on_the_old_link_too():
    rig, old = up(["a@trade"], rotate_after=None)
    rig.socket.rotate()
    rig.pass_time(6)
    successor = rig.wire.open()
    answer = rig.socket.change("SUBSCRIBE", ["b@trade"])
    answer_to(old, 0)
    assert not answer.done()  # the successor has still to say so
    number = next(i for i, one in enumerate(successor.sent) if one["method"] == "SUBSCRIBE")
    answer_to(successor, number, error=REFUSAL)
    assert isinstance(answer.exception(0), ValueError)
    assert old.sent[-1] == {"method": "UNSUBSCRIBE", "params": ["b@trade"], "id": ANY}


def test_a_connection_whose_only_stream_is_refused_is_closed():
    rig, _ = up(names(2), limit=2)
    rig.socket.change("SUBSCRIBE", ["bad"])
    second = rig.wire.open()  # the URL names it, and URLs are not refused
    answer_to(second, 0, result=[])  # but the audit finds it missing
    answer_to(second, 1, error=REFUSAL)
    assert second.closing
    second.lose(True, 1000)
    assert len(rig.socket.connections) == 1
    assert rig.socket.wait_open(0)


def test_what_was_unsubscribed_with_its_connection_is_answered_when_that_is_closed():
    rig, _ = up(names(2), limit=2)
    rig.socket.change("SUBSCRIBE", names(1, start=2))
    second = rig.wire.open()
    carried(second)
    gone = rig.socket.change("UNSUBSCRIBE", names(1, start=2))
    assert second.closing
    assert not gone.done()
    second.lose(True, 1000)
    assert gone.result(0) == names(1, start=2)


def test_what_is_unsubscribed_with_a_connection_that_is_on_its_way_is_answered_at_once():
    rig, _ = up(names(2), limit=2)
    added = rig.socket.change("SUBSCRIBE", names(1, start=2))
    gone = rig.socket.change("UNSUBSCRIBE", names(1, start=2))
    assert gone.result(0) == names(1, start=2)
    assert added.cancelled()
    assert rig.wire.cancelled == 1
    assert rig.socket.wait_open(0)


def test_wait_open_waits_for_a_connection_that_a_change_has_opened():
    rig, _ = up(names(2), limit=2)
    assert rig.socket.wait_open(0)
    rig.socket.change("SUBSCRIBE", names(1, start=2))
    assert not rig.socket.wait_open(0)
    rig.wire.open()
    assert rig.socket.wait_open(0)


def test_wait_open_follows_connections_that_come_and_go_without_a_change_of_the_users():
    rig, _ = up(names(2), limit=2)
    rig.socket.multiplex.change("SUBSCRIBE", names(1, start=2), concurrent.futures.Future())
    assert not rig.socket.wait_open(0)
    rig.socket.multiplex.change("UNSUBSCRIBE", names(1, start=2), concurrent.futures.Future())
    assert rig.socket.wait_open(0)


def test_changes_reach_each_of_the_connections_that_they_concern():
    rig = Rig(names=names(4), limit=2).start()
    for factory, dialing in list(rig.wire.dials):
        rig.wire.dials.append((factory, dialing))
        rig.wire.urls.append(factory.url)
        carried(rig.wire.open())
    first, second = (connection.link.protocol for connection in rig.socket.connections)
    gone = rig.socket.change("UNSUBSCRIBE", ["s0@trade", "s2@trade"])
    assert [one["params"] for one in first.sent + second.sent] == [["s0@trade"], ["s2@trade"]]
    first.acknowledge()
    assert not gone.done()
    second.acknowledge()
    assert gone.result(0) == ["s0@trade", "s2@trade"]
    assert first.carries + second.carries == ["s1@trade", "s3@trade"]


def test_wait_open_waits_for_a_change_that_the_reactor_has_not_made_yet():
    posted = []
    rig, protocol = up(names(2), limit=2)
    rig.socket.dependencies = rig.socket.dependencies._replace(
        call=lambda *call: posted.append(call)
    )
    rig.socket.change("SUBSCRIBE", names(1, start=2))
    assert not rig.socket.wait_open(0)
    protocol.lose()
    rig.pass_time(1)
    rig.wire.open()
    assert not rig.socket.wait_open(0)
    (function, *args), posted[:] = posted[0], []
    function(*args)
    assert not rig.socket.wait_open(0)
    rig.wire.open()
    assert rig.socket.wait_open(0)


def test_what_is_missed_between_unsubscribing_and_subscribing_is_no_gap():
    rig, protocol = up(["a@trade", "b@trade"])
    protocol.say(data("a@trade", 5))
    rig.socket.change("UNSUBSCRIBE", ["a@trade"])
    protocol.say(data("a@trade", 6))  # it was under way
    protocol.acknowledge()
    rig.socket.change("SUBSCRIBE", ["a@trade"])
    protocol.acknowledge()
    protocol.say(data("a@trade", 90))
    protocol.say(data("a@trade", 92))
    gaps = [event for event in rig.owner.events if isinstance(event, Gap)]
    assert [(gap.stream, gap.first, gap.last) for gap in gaps] == [("a@trade", 91, 91)]


def test_what_is_missed_between_unsubscribing_and_the_next_links_subscribing_is_no_gap():
    rig, protocol = up(["a@trade", "b@trade"])
    protocol.say(data("a@trade", 5))
    rig.socket.change("UNSUBSCRIBE", ["a@trade"])
    protocol.say(data("a@trade", 6))
    protocol.lose()  # before it was acknowledged
    rig.pass_time(1)
    protocol = rig.wire.open()
    carried(protocol)
    rig.socket.change("SUBSCRIBE", ["a@trade"])
    protocol.acknowledge()
    protocol.say(data("a@trade", 90))
    assert not [event for event in rig.owner.events if isinstance(event, Gap)]


def test_a_stream_that_is_wanted_no_more_when_it_is_acknowledged_is_not_called_silent():
    rig, protocol = up(["a@trade"])
    protocol.say(data("a@trade"))
    rig.socket.change("SUBSCRIBE", ["b@trade"])
    rig.socket.change("UNSUBSCRIBE", ["b@trade"])
    answer_to(protocol, 0)
    answer_to(protocol, 1)
    for number in range(2, 90):
        rig.pass_time(1)
        protocol.say(data("a@trade", number))
    assert not [event for event in rig.owner.events if isinstance(event, Silent)]


def test_a_first_message_in_the_read_of_the_acknowledgement_counts():
    """The sink of a read is that of its start, when nothing was awaited yet."""
    rig, protocol = up(["a@trade"])
    protocol.say(data("a@trade"))
    new = ["b@trade", "b@kline_1m", "b@depth5", "b@ticker"]
    rig.socket.change("SUBSCRIBE", new)
    (request,) = protocol.sent
    protocol.say({"result": None, "id": request["id"]}, *map(data, new[:3]))
    for number in range(2, 90):
        rig.pass_time(1)
        protocol.say(data("a@trade", number), data("b@depth5", number))
    silent = [event.stream for event in rig.owner.events if isinstance(event, Silent)]
    assert silent == ["b@ticker"]


def test_a_stream_that_was_unsubscribed_without_a_link_is_awaited_anew():
    rig, protocol = up(["a@trade", "b@trade"])
    protocol.say(data("a@trade"), data("b@trade"))
    protocol.lose()
    rig.socket.change("UNSUBSCRIBE", ["b@trade"])
    rig.socket.change("SUBSCRIBE", ["b@trade"])
    rig.pass_time(1)
    carried(protocol := rig.wire.open())
    for number in range(2, 6):
        protocol.say(data("a@trade", number))
        rig.pass_time(20)
    silent = [event.stream for event in rig.owner.events if isinstance(event, Silent)]
    assert silent == ["b@trade"]


QUERY = "timeUnit=MICROSECOND"


def test_a_query_is_on_every_links_url_and_no_stream_is_dropped_for_it():
    rig = Rig(names=["a@trade", "b@trade"], query=QUERY).start()
    protocol = rig.wire.open()
    assert carried(protocol) == ["a@trade", "b@trade"]
    rig.socket.change("SUBSCRIBE", ["c@trade"])
    protocol.acknowledge()
    protocol.say(data("a@trade"))
    protocol.lose()
    rig.pass_time(1)
    assert rig.wire.urls == [
        f"wss://a:9443/stream?streams=a@trade/b@trade&{QUERY}",
        f"wss://a:9443/stream?streams=a@trade/b@trade/c@trade&{QUERY}",
    ]


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({}, f"wss://a:9443/ws/bnbbtc@trade?{QUERY}"),
        ({"names": ["a@trade"]}, f"wss://a:9443/stream?streams=a@trade&{QUERY}"),
        ({"names": ["a@trade"], "query": "timeUnit=MILLISECOND"}, None),
        ({"names": ["a@depth"], "market": "coinm"}, "wss://a:9443/stream?streams=a@depth"),
    ],
)
def test_spots_links_ask_for_the_time_unit(options, url):
    rig = Rig(time_unit="us", **options).start()
    ms = "wss://a:9443/stream?streams=a@trade&timeUnit=MILLISECOND"
    assert rig.wire.urls == [url or ms]


def test_what_is_missed_by_unsubscribing_and_subscribing_at_once_is_no_gap():
    rig, protocol = up(["a@trade", "b@trade"])
    protocol.say(data("a@trade", 5))
    rig.socket.change("UNSUBSCRIBE", ["a@trade"])
    rig.socket.change("SUBSCRIBE", ["a@trade"])
    protocol.say(data("a@trade", 6))  # of the first subscription
    protocol.acknowledge()
    protocol.say(data("a@trade", 90))
    assert not [event for event in rig.owner.events if isinstance(event, Gap)]


def test_a_stream_that_never_spoke_and_is_wanted_no_more_is_not_called_silent():
    rig, protocol = up(["a@trade", "b@trade"])
    rig.socket.change("UNSUBSCRIBE", ["b@trade"])
    protocol.acknowledge()
    for number in range(90):
        rig.pass_time(1)
        protocol.say(data("a@trade", number))
    assert not [event for event in rig.owner.events if isinstance(event, Silent)]


def test_nothing_is_delivered_of_a_stream_whose_last_unsubscribing_is_not_acknowledged_yet():
    rig, protocol = up(["a@trade", "b@trade"])
    for method in ("UNSUBSCRIBE", "SUBSCRIBE", "UNSUBSCRIBE"):
        rig.socket.change(method, ["b@trade"])
    for number in range(3):
        protocol.say(data("b@trade"))
        answer_to(protocol, number)
    assert rig.got == []


def test_of_streams_that_come_and_go_nothing_is_left():
    rig, protocol = up(["a@trade"])
    (session,) = rig.socket.multiplex.sessions
    for number in range(50):
        names = [f"s{number}@trade", f"s{number}@depth5"]
        rig.socket.change("SUBSCRIBE", names)
        protocol.acknowledge()
        protocol.say(*map(data, names))
        rig.socket.change("UNSUBSCRIBE", names)
        protocol.say(*map(data, names))
        protocol.acknowledge()
        rig.pass_time(2)
    assert session.continuity._tracks.keys() <= {"a@trade"}
    assert session.continuity._admits.keys() <= {"a@trade"}
    assert len(rig.got) == 100


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_steady_stream_whose_unsubscribing_is_not_acknowledged_is_not_called_silent(is_lost):
    rig, protocol = up(["a@depth5", "b@trade"])
    protocol.say(data("a@depth5"))
    rig.pass_time(2)
    rig.socket.change("UNSUBSCRIBE", ["a@depth5"])
    if is_lost:
        protocol.lose()
        rig.pass_time_until_dial()
        protocol = rig.wire.open()
    for number in range(20):
        rig.pass_time(1)
        protocol.say(data("b@trade", number))
    assert not [event for event in rig.owner.events if isinstance(event, Silent)]


def test_a_refusal_is_final_though_an_older_request_was_never_answered():
    rig = Rig(names=["a@trade", "b@trade"]).start()
    gone = rig.socket.change("UNSUBSCRIBE", ["a@trade"])  # the URL names it already
    protocol = rig.wire.open()
    waiting = [rig.socket.change("SUBSCRIBE", ["a@trade"]) for _ in range(2)]
    protocol.carries = ["b@trade"]  # the exchange carries it out, but the answer is lost
    answer_to(protocol, 2, error=REFUSAL)
    for answer in waiting:
        assert isinstance(answer.exception(0), ValueError)
    protocol.sent.clear()
    rig.pass_time(11)
    protocol.acknowledge()
    assert gone.result(0) == ["a@trade"]
    protocol.say(data("b@trade"))
    protocol.lose()
    rig.pass_time(1)
    assert rig.wire.urls[-1].endswith("/stream?streams=b@trade")


def test_nothing_of_a_stream_is_delivered_once_it_is_unsubscribed():
    rig, protocol = up(["a@trade", "b@trade"])
    protocol.say(data("a@trade", 1))
    rig.socket.change("UNSUBSCRIBE", ["a@trade"])
    protocol.say(data("a@trade", 2), data("b@trade", 7))  # it was under way
    rig.socket.change("SUBSCRIBE", ["a@trade"])
    protocol.say(data("a@trade", 3))
    protocol.acknowledge()
    protocol.say(data("a@trade", 9))
    assert rig.got == [
        *(data("a@trade", 1), data("b@trade", 7), data("a@trade", 3), data("a@trade", 9))
    ]


def test_a_stream_that_is_wanted_again_on_another_connection_is_not_delivered_by_both():
    rig, first = up(names(2), limit=2)
    rig.socket.change("SUBSCRIBE", names(1, start=2))
    second = rig.wire.open()
    carried(second)
    rig.socket.change("UNSUBSCRIBE", ["s0@trade"])
    rig.socket.change("SUBSCRIBE", ["s3@trade", "s0@trade"])  # the first takes the place
    assert "s0@trade" in second.sent[-1]["params"]
    second.acknowledge()
    first.say(data("s0@trade", 1), data("s1@trade", 1))
    second.say(data("s0@trade", 1))
    first.acknowledge()
    second.say(data("s0@trade", 2))
    said = [(message["stream"], message["data"]["t"]) for message in rig.got]
    assert said == [("s1@trade", 1), ("s0@trade", 1), ("s0@trade", 2)]


def test_nothing_is_delivered_by_a_connection_that_is_being_closed():
    rig, _ = up(names(2), limit=2)
    rig.socket.change("SUBSCRIBE", names(1, start=2))
    second = rig.wire.open()
    carried(second)
    rig.socket.change("UNSUBSCRIBE", names(1, start=2))
    assert second.closing
    second.say(data("s2@trade"))
    assert rig.got == []
