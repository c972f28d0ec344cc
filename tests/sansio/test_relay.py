"""The names, the lease and the buffer of a relay."""

import pytest

from binance.sansio.names import forms
from binance.sansio.names.engines import servers, shown_servers, split_secrets
from binance.sansio.relay import lease as leases
from binance.sansio.relay.lease import Command, Input, Lease, State, Verdict
from binance.sansio.relay.names import (
    cursor_in,
    identity,
    lease_key,
    needs_lease,
    subject,
)
from binance.sansio.relay.outgoing import (
    ANSWER_SECONDS,
    LATE_SECONDS,
    OVERHEAD,
    Message,
    Outgoing,
    doubtful,
    is_late,
)

SUBJECTS = [
    ("spot", "btcusdt@trade", "binance.spot.btcusdt.trade"),
    ("spot", "btcusdt@depth@100ms", "binance.spot.btcusdt.depth@100ms"),
    ("spot", "btcusdt@kline_1m@+08:00", "binance.spot.btcusdt.kline_1m@+08:00"),
    ("spot", "!miniTicker@arr", "binance.spot.all.miniTicker@arr"),
    (
        "usdm",
        "btcusdt_perpetual@continuousKline_1m",
        "binance.usdm.btcusdt_perpetual.continuousKline_1m",
    ),
    ("usdm", "tradingSession", "binance.usdm.all.tradingSession"),
    ("options", "btc-261225-1.5-c@optionTrade", "binance.options.btc-261225-1%2E5-c.optionTrade"),
    ("spot", "a b*>.c@trade", "binance.spot.a%20b%2A%3E%2Ec.trade"),
    ("spot", "a~b@trade", "binance.spot.a~b.trade"),
]


@pytest.mark.parametrize(("market", "name", "expected"), SUBJECTS)
def test_subjects(market, name, expected):
    assert subject(market, name) == expected
    assert expected.isascii()
    assert not set(expected) & set(" *>\r\n\t")


@pytest.mark.parametrize(("market", "name", "_"), SUBJECTS)
def test_keys_of_leases_have_allowed_characters_only(market, name, _):
    assert set(lease_key(market, name)) <= set(
        "-/_=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    )


def test_no_two_names_share_a_subject_or_a_key():
    names = [
        (market, form.template.replace("{symbol}", "x"))
        for form in forms.FORMS
        for market in form.markets
    ]
    names += [("spot", "a.b@trade"), ("spot", "a%2Eb@trade"), ("spot", "a=2Eb@trade")]
    assert len({subject(*one) for one in names}) == len(set(names))
    assert len({lease_key(*one) for one in names}) == len(set(names))


IDS = [
    ("spot", "btcusdt@trade", {"t": 7}, "btcusdt@trade:7"),
    ("spot", "btcusdt@aggTrade", {"a": 8}, "btcusdt@aggTrade:8"),
    ("spot", "btcusdt@depth", {"U": 1, "u": 9}, "btcusdt@depth:9"),
    ("usdm", "btcusdt@bookTicker", {"u": 10}, "usdm:btcusdt@bookTicker:10"),
    ("spot", "btcusdt@depth5", {"lastUpdateId": 11}, "btcusdt@depth5:11"),
    ("spot", "币usdt@trade", {"t": 12}, "%E5%B8%81usdt@trade:12"),  # nats-py garbles other ids
]


@pytest.mark.parametrize(("market", "name", "data", "expected"), IDS)
def test_ids_by_cursor(market, name, data, expected):
    assert not needs_lease(market, name)
    assert identity(market, name)(data, b"") == expected
    assert identity(market, name)({}, b"x").startswith(expected.rpartition(":")[0] + ":")


def test_the_cursor_in_an_id():
    ids = "usdm:btcusdt@trade:12", "btcusdt@trade:ab1", ""
    assert [cursor_in(one) for one in ids] == [12, -1, -1]


@pytest.mark.parametrize(
    ("name", "label"),
    [(name, name) for name in ("!miniTicker@arr", "!bookTicker", "btcusdt@kline_1m", "x@avgPrice")]
    + [("btcusdt@kline_1d@+08:00",) * 2, ("币usdt@kline_1m", "%E5%B8%81usdt@kline_1m")],
)
def test_ids_by_content(name, label):
    assert needs_lease("spot", name)
    one, other, again = (identity("spot", name)({"u": 1}, text) for text in (b"a", b"b", b"a"))
    assert one == again != other
    assert one.startswith(f"{label}:")


def test_servers():
    assert servers("nats://a/") == ["nats://a/"]
    assert servers("nats://a:4222, b:4223") == ["nats://a:4222", "nats://b:4223"]
    assert shown_servers(servers("tls://me:secret@a:1,b")) == "a:1,b:4222"


def test_secrets_are_split_from_urls():
    urls = servers("tls://a:1,tls://me:s%2C%25@b,tls://other:x@c")
    assert split_secrets(urls) == (
        ["tls://a:1", "tls://b", "tls://c"],
        {"user": "me", "password": "s,%"},
    )
    assert split_secrets(["nats://s%40@a:1"]) == (["nats://a:1"], {"token": "s@"})
    assert split_secrets(["nats://a:1"]) == (["nats://a:1"], {})


@pytest.mark.parametrize(
    "url",
    [
        *("", "a", "http://a", "nats://", "nats://me:secret@a:0", "nats://a:x"),
        *("nats://me:secret/more@a", "nats://me:sec,secret@a", "nats://me:secret@a,b:0"),
        *("nats://me:a@secret@b:x", "nats://me:secret,x@a,b"),
        *("nats://me:1#secret@a", "nats://me:1?secret@a", "nats://me:1/secret@a", "nats://a/b"),
        *("me:secret@127.0.0.1:4999", "nats://me:secret", "tls://me:secret,nats://b:4222"),
    ],
)
def test_bad_servers(url):
    with pytest.raises(ValueError, match=r"nats://host:4222") as raised:
        servers(url)
    assert "secret" not in str(raised.value)


# the lease


def lease(*events):
    one = Lease("x")
    for event in events:
        one.handle(event, 10.0, 5, is_new=True)
    return one


WAYS = {  # each question has its answer
    State.DOWN: (),
    State.ASKING: (Input.UP, Input.UNANSWERED),
    State.WAITING: (Input.UP, Input.REFUSED),
    State.HELD: (Input.UP, Input.GRANTED),
    State.LAPSED: (Input.UP, Input.GRANTED, Input.EXPIRED, Input.UNANSWERED),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Input)
def test_each_transition(state, event):
    one = lease(*WAYS[state])
    assert one.state is state
    expected = leases.TRANSITIONS.get((state, event), (state, None))
    command = one.handle(event, 20.0, 6)
    assert (one.state, command) == expected
    # A lease is asked for only while it is wanted, and given back only when it is not.
    assert command is not Command.ASK or one.state is not State.DOWN
    assert (command is Command.RELEASE) <= (one.state is State.DOWN)


def test_a_holder_stops_before_the_engine_may_give_the_lease_to_another():
    one = lease(*WAYS[State.HELD])
    end = 10.0 + leases.LEASE_SECONDS - leases.MARGIN_SECONDS
    assert one.verdict(end - 0.01) is Verdict.SEND
    assert one.verdict(end) is Verdict.KEEP
    one.handle(Input.GRANTED, 11.0, 6)
    assert one.verdict(end) is Verdict.SEND
    assert one.epoch == 5


def test_the_epoch_rises_only_when_the_key_was_gone():
    one = lease(*WAYS[State.LAPSED])
    one.handle(Input.GRANTED, 12.0, 7, is_new=False)
    assert (one.epoch, one.revision) == (5, 7)
    one.handle(Input.EXPIRED)
    one.handle(Input.GRANTED, 12.0, 9, is_new=True)
    assert one.epoch == 9


def test_the_epoch_rises_when_the_answer_to_a_first_question_was_lost():
    one = lease(*WAYS[State.HELD], Input.DOWN, Input.UP, Input.UNANSWERED, Input.DUE)
    one.handle(Input.GRANTED, 12.0, 9, is_new=False)  # another one may have had it since 5
    assert (one.epoch, one.revision) == (9, 9)
    one.handle(Input.GRANTED, 12.5, 10, is_new=False)
    assert one.epoch == 9


@pytest.mark.parametrize("answer", [Input.GRANTED, Input.REFUSED, Input.UNANSWERED])
@pytest.mark.parametrize(
    ("state", "question"),
    [
        (State.ASKING, Command.ASK),
        (State.WAITING, Command.ASK),
        (State.HELD, Command.RENEW),
        (State.LAPSED, Command.ASK),
    ],
)
def test_there_is_one_question_at_a_time(state, question, answer):
    one = lease(*WAYS[state])
    asked = [one.handle(event) for event in (Input.DUE, Input.DUE, Input.EXPIRED, Input.DUE)]
    assert (asked, one.state) == ([question, None, None, None], state)
    asked = [one.handle(answer, 11.0, 6), one.handle(Input.DUE)]
    assert [type(command) for command in asked].count(Command) == 1


def test_the_question_of_a_lost_link_is_answered_before_the_next_one():
    one = lease(*WAYS[State.HELD])
    events = Input.DUE, Input.DOWN, Input.UP, Input.DUE
    asked = [Command.RENEW, Command.RELEASE, None, None]
    assert [one.handle(event) for event in events] == asked
    one.handle(Input.GRANTED, 11.0, 6)
    assert (one.state, one.epoch, one.handle(Input.DUE)) == (State.HELD, 6, Command.RENEW)


def test_an_epoch_is_never_below_an_earlier_one():
    one, created = lease(), 1_800_000_000_000_000
    one.handle(Input.UP)
    one.handle(Input.GRANTED, 10.0, 5, is_new=True, created=created)
    for event in (Input.DUE, Input.DOWN, Input.UP):
        one.handle(event)
    one.handle(Input.GRANTED, 11.0, 6)  # the answer to DUE
    assert one.epoch == created + 6
    one.handle(Input.EXPIRED)
    one.handle(Input.GRANTED, 12.0, 1, is_new=True, created=created - 10**6)  # a clock was set
    assert one.epoch == created + 7


def test_events_are_dropped_by_whom_another_relay_has_replaced():
    one = lease(*WAYS[State.LAPSED], Input.REFUSED)
    assert one.verdict(0.0) is Verdict.DROP


@pytest.mark.parametrize(
    "events",
    [
        (Input.UP, Input.UNANSWERED),  # a relay that began before the engine
        (Input.UP, Input.REFUSED, Input.UNANSWERED),  # another one had it, and may have ended
        (*WAYS[State.LAPSED], Input.UNANSWERED, Input.DOWN, Input.UP),  # lost our link
    ],
)
def test_events_are_kept_while_nobody_is_known_to_have_the_lease(events):
    one = lease(*events)
    assert one.verdict(0.0) is Verdict.KEEP
    other = lease(*events, Input.REFUSED)
    assert other.verdict(0.0) is Verdict.DROP
    one.handle(Input.GRANTED, 20.0, 9, is_new=False)
    assert (one.verdict(20.0), one.epoch) == (Verdict.SEND, 9)


# the buffer


def messages(*numbers, lease=None):
    return [Message("s", str(number), b"x" * 100, lease) for number in numbers]


def sent(outgoing, now=0.0):
    return [(number, int(message.id)) for number, message in outgoing.take(now)]


def test_messages_go_out_in_order_within_the_window():
    outgoing = Outgoing(10**6, window=3)
    for message in messages(*range(5)):
        outgoing.add(message)
    assert sent(outgoing) == [(1, 0), (2, 1), (3, 2)]
    assert sent(outgoing) == []
    outgoing.acknowledged(2, is_double=True)
    outgoing.acknowledged(2, is_double=False)  # again
    assert sent(outgoing) == [(4, 3)]
    for number in (1, 3, 4):
        outgoing.acknowledged(number, is_double=False)
    assert sent(outgoing) == [(5, 4)]
    assert (outgoing.stored, outgoing.doubles, outgoing.octets) == (3, 1, 400)
    assert outgoing.size == 100 + OVERHEAD


def test_what_is_in_flight_is_sent_again_in_order():
    outgoing = Outgoing(10**6, window=3)
    for message in messages(*range(5)):
        outgoing.add(message)
    sent(outgoing)
    outgoing.acknowledged(2, is_double=False)
    outgoing.take_back()
    assert sent(outgoing) == [(4, 0), (5, 2), (6, 3)]
    outgoing.acknowledged(1, is_double=False)  # of the first try: it is asked for again
    assert outgoing.in_flight == 3
    assert outgoing.resent == 2


def test_a_message_that_the_engine_does_not_take_is_dropped_and_counted():
    outgoing = Outgoing(10**6)
    outgoing.longest = 100
    for length in (99, 100, 101):
        outgoing.add(Message("s", str(length), b"x" * length))
    assert sent(outgoing) == [(1, 99), (2, 100)]
    assert outgoing.dropped == 1


def test_the_buffer_drops_the_oldest_that_wait():
    outgoing = Outgoing(4 * (100 + OVERHEAD), window=2)
    for message in messages(0, 1):
        outgoing.add(message)
    sent(outgoing)
    for message in messages(2, 3, 4, 5):
        outgoing.add(message)
    assert (outgoing.dropped, outgoing.waiting, outgoing.in_flight) == (2, 2, 2)
    outgoing.take_back()
    assert [id for _, id in sent(outgoing)] == [0, 1]


def test_what_was_sent_before_it_was_dropped_may_be_stored():
    outgoing = Outgoing(4 * (100 + OVERHEAD), window=2)
    for message in messages(0, 1, 2):
        outgoing.add(message)
    sent(outgoing)
    outgoing.acknowledged(1, is_double=False)
    outgoing.take_back()
    for message in messages(3, 4, 5, 6):
        outgoing.add(message)
    assert (outgoing.dropped, outgoing.unsure) == (2, 1)
    outgoing.add(messages(7)[0])
    assert (outgoing.dropped, outgoing.unsure) == (3, 1)
    assert [id for _, id in sent(outgoing)] == [4, 5]
    outgoing.take_back()
    for message in messages(8, 9, 10, 11):
        outgoing.add(message)
    assert (outgoing.dropped, outgoing.unsure) == (7, 3)


@pytest.mark.parametrize(
    ("last", "doubles"),
    [("0", [0]), ("2", [0, 2]), ("3", [0, 2, 3]), ("of another relay", []), ("", [])],
)
def test_what_was_stored_before_a_long_outage_is_not_stored_again(last, doubles):
    outgoing, held = Outgoing(10**6), lease(*WAYS[State.HELD])
    for message in messages(0, 1, 2, 3, lease=held):
        outgoing.add(message)
    sent(outgoing, now=10.0)
    outgoing.acknowledged(2, is_double=False)  # of message 1
    outgoing.take_back()
    for event in (Input.DUE, Input.UNANSWERED):
        held.handle(event)
    now = 11.0 + LATE_SECONDS
    held.handle(Input.GRANTED, now, 9, is_new=True)
    taken = outgoing.take(now)
    assert doubtful(taken, now) == {"s"}
    outgoing.settle({"s": last}, now)
    left = [int(message.id) for number, message in taken if outgoing.has_sent(number)]
    assert left == [number for number in (0, 2, 3) if number not in doubles]
    assert (outgoing.doubles, outgoing.in_flight) == (len(doubles), len(left))
    outgoing.take_back()
    assert doubtful(outgoing.take(now), now + LATE_SECONDS) == set()  # that is known


def test_what_was_stored_is_not_stored_again_if_the_last_of_it_waits_for_the_window():
    outgoing, held = Outgoing(10**6, window=3), lease(*WAYS[State.HELD])
    for message in messages(0, 1, 2, lease=held):
        outgoing.add(message)
    sent(outgoing, now=10.0)
    outgoing.take_back()
    for number in range(3):
        outgoing.add(Message("other", str(number), b""))
    now = 11.0 + LATE_SECONDS
    [first, *_] = outgoing.take(now)  # the others: the lease may have ended
    assert outgoing.waiting == 3
    held.handle(Input.GRANTED, now, 9, is_new=True)
    outgoing.acknowledged(first[0], is_double=False)
    for stored in (1, 2):
        [(number, message)] = outgoing.take(now)
        assert doubtful([(number, message)], now) == {"s"}
        outgoing.settle({"s": "1"}, now)
        assert (outgoing.has_sent(number), outgoing.doubles) == (False, stored)
    [(number, message)] = outgoing.take(now)
    outgoing.settle({"s": "1"}, now)
    assert (outgoing.has_sent(number), message.id) == (True, "2")


def test_what_the_engine_knows_by_its_id_is_not_asked_for():
    outgoing, held = Outgoing(10**6), lease(*WAYS[State.HELD])
    for message in (*messages(0, lease=held), *messages(1)):
        outgoing.add(message)
    sent(outgoing, now=10.0)
    outgoing.take_back()
    taken = outgoing.take(10.0)
    assert doubtful(taken, 10.0 + LATE_SECONDS) == set()
    assert doubtful(taken[1:], 11.0 + LATE_SECONDS) == set()  # its consumers drop doubles


def test_a_late_message_stays_late_until_it_is_compared():
    outgoing = Outgoing(10**6)
    outgoing.add(Message("s", "btcusdt@trade:5", b"", is_late=True))
    for _ in range(2):  # the first question had no answer
        taken = outgoing.take(10.0)
        assert doubtful(taken, 10.0) == {"s"}
        outgoing.take_back()
    [(number, _)] = outgoing.take(11.0)
    outgoing.settle({"s": "btcusdt@trade:4"}, 11.0)
    assert outgoing.has_sent(number)
    outgoing.take_back()  # it was sent, and 6 as well
    [(number, message)] = outgoing.take(12.0)
    assert doubtful([(number, message)], 12.0) == set()
    outgoing.settle({"s": "btcusdt@trade:6"}, 12.0)
    assert outgoing.has_sent(number)


def test_a_fetched_event_is_late_when_its_id_may_be_forgotten():
    message = {"data": {"E": 1_800_000_000_000}}
    assert not is_late(message, 1_800_000_000.0 + LATE_SECONDS)
    assert is_late(message, 1_800_000_000.1 + LATE_SECONDS)
    assert not is_late({"data": {}}, 0.0)


def test_overdue():
    outgoing = Outgoing(10**6)
    assert not outgoing.is_overdue(100.0)
    outgoing.add(messages(0)[0])
    outgoing.take(1.0)
    assert not outgoing.is_overdue(1.0 + ANSWER_SECONDS)
    assert outgoing.is_overdue(1.1 + ANSWER_SECONDS)


def test_events_of_a_lease_wait_until_it_is_settled():
    outgoing, held, other = Outgoing(10**6), lease(*WAYS[State.HELD]), lease(*WAYS[State.LAPSED])
    kept = *messages(0, lease=held), *messages(1, lease=other), *messages(3, lease=held)
    for message in (*kept, *messages(2)):
        outgoing.add(message)
    assert sent(outgoing, now=99.0) == [(1, 2)]  # the lease may have ended: the others go on
    assert (outgoing.waiting, outgoing.in_flight) == (3, 1)
    outgoing.add(messages(4, lease=held)[0])
    assert sent(outgoing, now=10.0) == [(2, 0), (3, 3), (4, 4)]
    outgoing.take_back()
    for event in (Input.EXPIRED, Input.REFUSED):
        held.handle(event)
    assert sent(outgoing, now=10.0) == [(5, 2)]
    assert (outgoing.released, outgoing.waiting) == (3, 1)
    other.handle(Input.GRANTED, 10.0, 6)
    assert sent(outgoing, now=10.0) == [(6, 1)]


def test_events_of_a_lease_stay_in_order():
    outgoing, held = Outgoing(10**6), lease(*WAYS[State.HELD])
    for number, now in enumerate((10.0, 99.0, 99.0)):  # in flight, and passed over
        outgoing.add(messages(number, lease=held)[0])
        outgoing.take(now)
    outgoing.take_back()
    assert sent(outgoing, now=99.0) == []
    outgoing.add(messages(3, lease=held)[0])
    assert [id for _, id in sent(outgoing, now=10.0)] == [0, 1, 2, 3]


def test_the_buffer_drops_those_first_that_were_passed_over():
    outgoing, held = Outgoing(3 * (100 + OVERHEAD)), lease(*WAYS[State.HELD])
    for message in (*messages(0), *messages(1, 2, lease=held)):
        outgoing.add(message)
    sent(outgoing, now=10.0)
    outgoing.take_back()
    assert sent(outgoing, now=99.0) == [(4, 0)]
    for message in messages(3, 4):
        outgoing.add(message)
    assert (outgoing.dropped, outgoing.unsure) == (2, 2)
    assert sent(outgoing, now=99.0) == [(5, 3), (6, 4)]
    assert outgoing.size == 3 * (100 + OVERHEAD)
