"""The conversation about streams, with an exchange that the test plays."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.shards import CHUNK_OCTETS, URL_OCTETS, Shards
from binance.sansio.subscriptions import (
    ATTEMPTS,
    REPLY_SECONDS,
    Acknowledged,
    Complete,
    Conversation,
    Missing,
    Refused,
    Send,
    Unanswered,
    is_control_reply,
    is_server_shutdown,
)


def many(n: int, start: int = 0) -> list[str]:
    return [f"coin{i:05}usdt@depth@100ms" for i in range(start, start + n)]


changes = st.lists(
    st.tuples(st.booleans(), st.lists(st.integers(0, 30).map(lambda i: f"s{i}@trade"))), max_size=20
)


class FakeExchange:
    """Answers as the exchange does, in order; the test makes it err."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.path = conversation.path
        query = self.path.partition("streams=")[2]
        self.streams = dict.fromkeys(name for name in query.replace("%2B", "+").split("/") if name)
        self.told = []
        self.requests = []
        self.refuse = set()
        self.forget = set()
        self.bare = False

    def run(self, commands) -> list[object]:
        """Perform commands until there are none left; what is told to the owner."""
        queue, told = list(commands), []
        while queue:
            command = queue.pop(0)
            if not isinstance(command, Send):
                told.append(command)
                continue
            self.requests.append((command.method, len(command.names)))
            self.conversation.sent(command, 0.0)
            reply = self.answer(json.loads(command.text))
            assert is_control_reply(reply, self.conversation.is_pending)
            queue += self.conversation.reply(reply)
        return told

    def answer(self, request) -> dict:
        names = request.get("params", [])
        if self.refuse & set(names):
            error = {"code": 2, "msg": "Invalid request: bad name"}
            return error if self.bare else {"error": error, "id": request["id"]}
        if request["method"] == "SUBSCRIBE":
            self.streams |= dict.fromkeys(name for name in names if name not in self.forget)
        elif request["method"] == "UNSUBSCRIBE":
            for name in names:
                self.streams.pop(name, None)
        else:
            return {"result": list(self.streams), "id": request["id"]}
        return {"result": None, "id": request["id"]}


def test_a_short_list_goes_into_the_url_and_is_audited():
    conversation = Conversation(["a@trade", "b@kline_1m@+08:00"])
    assert conversation.path == "stream?streams=a@trade/b@kline_1m@%2B08:00"
    exchange = FakeExchange(conversation)
    assert exchange.run(conversation.opened()) == [Complete()]
    assert exchange.requests == [("LIST_SUBSCRIPTIONS", 0)]
    assert conversation.acknowledged == {"a@trade", "b@kline_1m@+08:00"}
    assert not conversation.is_pending


def test_a_long_list_is_subscribed_to_in_chunks_then_complete_then_audited():
    conversation = Conversation(many(1024))
    exchange = FakeExchange(conversation)
    commands = conversation.opened()
    assert all(isinstance(command, Send) for command in commands)
    assert all(len(command.text) < CHUNK_OCTETS + 100 for command in commands)
    assert exchange.run(commands) == [Complete()]
    assert {method for method, _ in exchange.requests[:-1]} == {"SUBSCRIBE"}
    assert exchange.requests[-1] == ("LIST_SUBSCRIPTIONS", 0)
    assert sorted(exchange.streams) == many(1024)
    assert conversation.acknowledged == set(many(1024))


def test_a_url_holds_as_many_names_as_are_accepted():
    assert URL_OCTETS - 40 < len(Conversation(many(1024)).path) <= URL_OCTETS + len("stream?")


def test_the_frames():
    conversation = Conversation(["a@trade"])
    audit = conversation.opened()[1]
    assert audit.text == '{"method":"LIST_SUBSCRIPTIONS","id":1}'
    (request,) = conversation.subscribe(["é@trade", "b@depth"])
    assert request.text == '{"method":"SUBSCRIBE","params":["é@trade","b@depth"],"id":2}'
    (request,) = conversation.unsubscribe(["b@depth"])
    assert request.text == '{"method":"UNSUBSCRIBE","params":["b@depth"],"id":3}'


def test_live_changes_are_acknowledged():
    conversation = Conversation(["a@trade"])
    exchange = FakeExchange(conversation)
    exchange.run(conversation.opened())
    assert exchange.run(conversation.subscribe(["b@trade", "a@trade", "b@trade"])) == [
        Acknowledged("SUBSCRIBE", ("b@trade",))
    ]
    assert exchange.run(conversation.unsubscribe(["a@trade", "x@trade"])) == [
        Acknowledged("UNSUBSCRIBE", ("a@trade",))
    ]
    assert conversation.acknowledged == {"b@trade"} == set(exchange.streams)
    assert conversation.subscribe(["b@trade"]) == []


def test_nothing_wanted_is_a_link_without_streams():
    conversation = Conversation([])
    assert conversation.path == "stream"
    assert conversation.opened() == [Complete()]


@pytest.mark.parametrize("bare", [False, True])
def test_a_refusal_is_narrowed_down_to_the_bad_name(bare):
    conversation = Conversation(["a@trade"])
    exchange = FakeExchange(conversation)
    exchange.bare = bare
    exchange.run(conversation.opened())
    exchange.refuse = {"coin00007usdt@depth@100ms"}
    told = exchange.run(conversation.subscribe(many(20)))
    refused = [command for command in told if isinstance(command, Refused)]
    assert refused == [
        Refused("SUBSCRIBE", ("coin00007usdt@depth@100ms",), 2, "Invalid request: bad name")
    ]
    assert conversation.acknowledged == {"a@trade", *many(20)} - exchange.refuse
    assert not conversation.is_pending


def test_a_name_refused_at_the_start_does_not_keep_the_link_from_being_complete():
    conversation = Conversation(many(1024))
    exchange = FakeExchange(conversation)
    exchange.refuse = {many(1024)[-1]}
    told = exchange.run(conversation.opened())
    assert [type(command) for command in told] == [Refused, Complete]
    assert conversation.acknowledged == set(many(1023))


def test_a_refused_unsubscribe_is_told():
    conversation = Conversation(["a@trade", "b@trade"])
    exchange = FakeExchange(conversation)
    exchange.run(conversation.opened())
    exchange.refuse = {"a@trade"}
    (told,) = exchange.run(conversation.unsubscribe(["a@trade", "b@trade"]))
    assert told == Refused("UNSUBSCRIBE", ("a@trade", "b@trade"), 2, "Invalid request: bad name")


def test_the_audit_asks_again_for_what_is_missing_and_drops_what_is_too_much():
    conversation = Conversation(["a@trade", "b@trade"])
    exchange = FakeExchange(conversation)
    exchange.streams = {"b@trade": None, "stranger@trade": None}
    assert exchange.run(conversation.opened()) == [
        Complete(),
        Acknowledged("SUBSCRIBE", ("a@trade",)),
        Acknowledged("UNSUBSCRIBE", ("stranger@trade",)),
    ]
    assert set(exchange.streams) == {"a@trade", "b@trade"}
    assert conversation.acknowledged == {"a@trade", "b@trade"}
    assert [method for method, _ in exchange.requests] == [
        "LIST_SUBSCRIPTIONS",
        "SUBSCRIBE",
        "UNSUBSCRIBE",
        "LIST_SUBSCRIPTIONS",
    ]


def test_what_stays_missing_is_told():
    conversation = Conversation(["a@trade", "b@trade"])
    exchange = FakeExchange(conversation)
    exchange.streams, exchange.forget = {"b@trade": None}, {"a@trade"}
    told = exchange.run(conversation.opened())
    assert told == [Complete(), Acknowledged("SUBSCRIBE", ("a@trade",)), Missing(("a@trade",))]
    assert conversation.acknowledged == {"b@trade"}


def test_an_audit_does_not_judge_what_is_still_being_asked_for():
    conversation = Conversation(["a@trade"])
    _, audit = conversation.opened()
    (request,) = conversation.subscribe(["b@trade"])
    assert conversation.reply({"result": ["a@trade"], "id": audit.id}) == []
    assert conversation.audit() != []
    assert conversation.audit() == []
    assert conversation.reply({"result": None, "id": request.id}) == [
        Acknowledged("SUBSCRIBE", ("b@trade",))
    ]


def test_strange_answers_are_ignored():
    conversation = Conversation(["a@trade"])
    _, audit = conversation.opened()
    assert conversation.reply({"result": None, "id": 99}) == []
    assert conversation.reply({"result": None, "id": "x"}) == []
    assert conversation.reply({"code": 2, "msg": "nothing was sent yet"}) == []
    assert conversation.reply({"result": "no list", "id": audit.id}) == []
    assert not conversation.is_pending


def test_what_is_not_answered_is_sent_again_and_then_the_link_is_no_good():
    conversation = Conversation(["a@trade"])
    (request,) = conversation.opened()[1:]
    assert conversation.due is None
    now = 0.0
    for attempt in range(1, ATTEMPTS):
        conversation.sent(request, now)
        assert conversation.due == now + REPLY_SECONDS
        assert conversation.overdue(now + REPLY_SECONDS - 0.1) == []
        now += REPLY_SECONDS
        old = request
        (request,) = conversation.overdue(now)
        assert (request.attempt, request.method) == (attempt + 1, "LIST_SUBSCRIPTIONS")
        assert conversation.reply({"result": [], "id": old.id}) == []
    conversation.sent(request, now)
    assert conversation.overdue(now + REPLY_SECONDS) == [Unanswered("LIST_SUBSCRIPTIONS", ())]
    assert (conversation.due, conversation.is_pending) == (None, False)


def test_a_request_that_is_answered_is_not_due():
    conversation = Conversation(["a@trade"])
    audit = conversation.opened()[1]
    conversation.sent(audit, 0.0)
    conversation.reply({"result": ["a@trade"], "id": audit.id})
    conversation.sent(audit, 1.0)
    assert conversation.due is None


@given(changes, st.randoms(use_true_random=False))
def test_after_any_changes_and_reconnects_the_exchange_has_what_is_wanted(steps, random):
    layout = Shards(["z@trade"])
    conversation = Conversation(layout.names)
    exchange = FakeExchange(conversation)
    exchange.run(conversation.opened())
    for adding, names in steps:
        if random.random() < 0.3:
            conversation = Conversation(layout.names)
            exchange = FakeExchange(conversation)
            exchange.run(conversation.opened())
        change = layout.add(names) if adding else layout.remove(names)
        for _, added in change.added:
            exchange.run(conversation.subscribe(added))
        for _, removed in change.removed:
            exchange.run(conversation.unsubscribe(removed))
        assert set(exchange.streams) == set(layout.names) == conversation.acknowledged


# messages


@pytest.mark.parametrize(
    ("message", "idle", "pending"),
    [
        ({"result": None, "id": 1}, True, True),
        ({"result": ["a"], "id": None}, True, True),
        ({"error": {"code": 2, "msg": "x"}, "id": 20}, True, True),
        ({"code": 2, "msg": "x"}, False, True),
        ({"result": True}, False, True),
        ({"stream": "a@trade", "data": {"result": 1, "id": 2}}, False, False),
        ({"e": "trade", "id": 1, "result": 2}, False, False),
        ({"lastUpdateId": 1, "bids": [], "asks": []}, False, False),
        ({"u": 1, "s": "A", "b": "1", "B": "1", "a": "2", "A": "1"}, False, False),
        ([{"e": "24hrMiniTicker"}], False, False),
        ("text", False, False),
    ],
)
def test_control_replies(message, idle, pending):
    assert is_control_reply(message, pending=False) is idle
    assert is_control_reply(message, pending=True) is pending


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"e": "serverShutdown", "E": 1770123456789}, True),
        ({"stream": "!serverShutdown", "data": {"e": "serverShutdown", "E": 1}}, True),
        ({"event": {"e": "serverShutdown", "E": 1}}, True),
        ({"e": "trade"}, False),
        ({"stream": "a@trade", "data": {"e": "trade"}}, False),
        ({"stream": "!miniTicker@arr", "data": [{"e": "24hrMiniTicker"}]}, False),
        ([], False),
        (None, False),
    ],
)
def test_server_shutdown(message, expected):
    assert is_server_shutdown(message) is expected
