"""The conversation about streams, with an exchange that the test plays."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.link.shards import CHUNK_OCTETS, URL_OCTETS, Shards
from binance.sansio.link.subscriptions import (
    ATTEMPTS,
    REPLY_SECONDS,
    Acknowledged,
    Complete,
    Conversation,
    Missing,
    Refused,
    Send,
    Unanswered,
    is_server_shutdown,
)


def many(n: int, start: int = 0) -> list[str]:
    return [f"coin{i:05}usdt@depth@100ms" for i in range(start, start + n)]


def wanting(*names: str) -> dict[str, None]:
    """What a connection wants, as its shard holds it."""
    return dict.fromkeys(names)


def want(conversation, wanted, *names):
    wanted |= dict.fromkeys(names)
    return conversation.adjust(names)


def unwant(conversation, wanted, *names):
    for name in names:
        wanted.pop(name, None)
    return conversation.adjust(names)


def acknowledged(conversation):
    """What its link carries, as far as the exchange has said."""
    return {name for name in conversation._said[True] if conversation._carries(name)}


changes = st.lists(
    st.tuples(st.booleans(), st.lists(st.integers(0, 30).map(lambda i: f"s{i}@trade"))), max_size=20
)


class FakeExchange:
    """Answers as the exchange does, in order; the test makes it err."""

    def __init__(self, conversation: Conversation, wanted=None) -> None:
        self.conversation = conversation
        self.wanted = {} if wanted is None else wanted
        self.path = conversation.path
        query = self.path.partition("streams=")[2]
        self.streams = dict.fromkeys(name for name in query.replace("%2B", "+").split("/") if name)
        self.told = []
        self.requests = []
        self.refuse = set()
        self.forget = set()
        self.shape = "wrapped"

    def run(self, commands) -> list[object]:
        """Perform commands until there are none left; what is told to the owner."""
        queue, told = list(commands), []
        while queue:
            command = queue.pop(0)
            if not isinstance(command, Send):
                told.append(command)
                if isinstance(command, Refused) and command.method == "SUBSCRIBE":
                    for name in command.names:  # as the key does, which asks for it no more
                        self.wanted.pop(name, None)
                continue
            self.requests.append((command.method, len(command.names)))
            self.conversation.sent(command, 0.0)
            reply = self.answer(json.loads(command.text))
            queue += self.conversation.reply(reply)
        return told

    def answer(self, request) -> dict:
        names = request.get("params", [])
        if self.refuse & set(names):
            error = {"code": 2, "msg": "Invalid request: bad name"}
            shapes = {
                "wrapped": {"error": error, "id": request["id"]},
                "bare": error,
                "bare with id": {**error, "id": request["id"]},
            }
            return shapes[self.shape]
        if request["method"] == "SUBSCRIBE":
            self.streams |= dict.fromkeys(name for name in names if name not in self.forget)
        elif request["method"] == "UNSUBSCRIBE":
            for name in names:
                self.streams.pop(name, None)
        else:
            return {"result": list(self.streams), "id": request["id"]}
        return {"result": None, "id": request["id"]}


def test_a_short_list_goes_into_the_url_and_is_audited():
    conversation = Conversation(wanting("a@trade", "b@kline_1m@+08:00"))
    assert conversation.path == "stream?streams=a@trade/b@kline_1m@%2B08:00"
    exchange = FakeExchange(conversation)
    assert exchange.run(conversation.opened()) == [Complete()]
    assert exchange.requests == [("LIST_SUBSCRIPTIONS", 0)]
    assert acknowledged(conversation) == {"a@trade", "b@kline_1m@+08:00"}
    assert not conversation._pending


def test_a_long_list_is_subscribed_to_in_chunks_then_complete_then_audited():
    conversation = Conversation(wanting(*many(1024)))
    exchange = FakeExchange(conversation)
    commands = conversation.opened()
    assert all(isinstance(command, Send) for command in commands)
    assert all(len(command.text) < CHUNK_OCTETS + 100 for command in commands)
    assert exchange.run(commands) == [Complete()]
    assert {method for method, _ in exchange.requests[:-1]} == {"SUBSCRIBE"}
    assert exchange.requests[-1] == ("LIST_SUBSCRIPTIONS", 0)
    assert sorted(exchange.streams) == many(1024)
    assert acknowledged(conversation) == set(many(1024))


def test_a_url_holds_as_many_names_as_are_accepted():
    assert (
        URL_OCTETS - 40
        < len(Conversation(wanting(*many(1024))).path)
        <= URL_OCTETS + len("stream?")
    )


def test_the_frames():
    wanted = wanting("a@trade")
    conversation = Conversation(wanted)
    audit = conversation.opened()[1]
    assert audit.text == '{"method":"LIST_SUBSCRIPTIONS","id":2}'
    (request,) = want(conversation, wanted, "é@trade", "b@depth")
    assert request.text == '{"method":"SUBSCRIBE","params":["é@trade","b@depth"],"id":3}'
    (request,) = unwant(conversation, wanted, "b@depth")
    assert request.text == '{"method":"UNSUBSCRIBE","params":["b@depth"],"id":4}'


def test_live_changes_are_acknowledged():
    wanted = wanting("a@trade")
    conversation = Conversation(wanted)
    exchange = FakeExchange(conversation)
    exchange.run(conversation.opened())
    assert exchange.run(want(conversation, wanted, "b@trade", "a@trade", "b@trade")) == [
        Acknowledged("SUBSCRIBE", ("b@trade",))
    ]
    assert exchange.run(unwant(conversation, wanted, "a@trade", "x@trade")) == [
        Acknowledged("UNSUBSCRIBE", ("a@trade",))
    ]
    assert acknowledged(conversation) == {"b@trade"} == set(exchange.streams)
    assert want(conversation, wanted, "b@trade") == []


def test_a_full_link_is_rid_of_streams_before_others_are_added():
    wanted = wanting("old@trade", "kept@trade")
    conversation = Conversation(wanted)
    del wanted["old@trade"]
    wanted["new@trade"] = None
    asked = [one for one in conversation.opened() if isinstance(one, Send)]
    assert [(one.method, one.names) for one in asked[:2]] == [
        ("UNSUBSCRIBE", ("old@trade",)),
        ("SUBSCRIBE", ("new@trade",)),
    ]


def test_nothing_wanted_is_a_link_without_streams():
    conversation = Conversation({})
    assert conversation.path == "stream"
    assert conversation.opened() == [Complete()]


@pytest.mark.parametrize("shape", ["wrapped", "bare", "bare with id"])
def test_a_refusal_is_narrowed_down_to_the_bad_name(shape):
    wanted = wanting("a@trade")
    conversation = Conversation(wanted)
    exchange = FakeExchange(conversation, wanted)
    exchange.shape = shape
    exchange.run(conversation.opened())
    exchange.refuse = {"coin00007usdt@depth@100ms"}
    told = exchange.run(want(conversation, wanted, *many(20)))
    refused = [command for command in told if isinstance(command, Refused)]
    assert refused == [
        Refused(
            refused[0].id,
            "SUBSCRIBE",
            ("coin00007usdt@depth@100ms",),
            2,
            "Invalid request: bad name",
        )
    ]
    assert acknowledged(conversation) == {"a@trade", *many(20)} - exchange.refuse
    assert not conversation._pending


def test_a_name_refused_at_the_start_does_not_keep_the_link_from_being_complete():
    wanted = wanting(*many(1024))
    conversation = Conversation(wanted)
    exchange = FakeExchange(conversation, wanted)
    exchange.refuse = {many(1024)[-1]}
    told = exchange.run(conversation.opened())
    assert [type(command) for command in told] == [Refused, Complete]
    assert acknowledged(conversation) == set(many(1023))


def test_a_refused_unsubscribe_is_told_and_the_other_names_are_unsubscribed():
    wanted = wanting("a@trade", "b@trade")
    conversation = Conversation(wanted)
    exchange = FakeExchange(conversation, wanted)
    exchange.run(conversation.opened())
    exchange.refuse = {"a@trade"}
    refused, done = exchange.run(unwant(conversation, wanted, "a@trade", "b@trade"))
    assert refused == Refused(
        refused.id, "UNSUBSCRIBE", ("a@trade",), 2, "Invalid request: bad name"
    )
    assert done == Acknowledged("UNSUBSCRIBE", ("b@trade",))
    assert acknowledged(conversation) == {"a@trade"} == set(exchange.streams)
    exchange.refuse = set()
    assert exchange.run(unwant(conversation, wanted, "a@trade")) == [
        Acknowledged("UNSUBSCRIBE", ("a@trade",))
    ]


def test_the_audit_asks_again_for_what_is_missing_and_drops_what_is_too_much():
    wanted = wanting("a@trade", "b@trade", "c@trade")
    conversation = Conversation(wanted)
    exchange = FakeExchange(conversation)
    exchange.streams = {"b@trade": None, "c@trade": None}
    del wanted["c@trade"]  # after the URL was made
    gone, *opened = conversation.opened()
    assert conversation.reply({"result": None, "id": gone.id}) == [  # and not carried out
        Acknowledged("UNSUBSCRIBE", ("c@trade",))
    ]
    assert exchange.run(opened) == [
        Complete(),
        Acknowledged("UNSUBSCRIBE", ("c@trade",)),
        Acknowledged("SUBSCRIBE", ("a@trade",)),
    ]
    assert set(exchange.streams) == {"a@trade", "b@trade"}
    assert acknowledged(conversation) == {"a@trade", "b@trade"}
    assert [method for method, _ in exchange.requests] == [
        "LIST_SUBSCRIPTIONS",
        "UNSUBSCRIBE",
        "SUBSCRIBE",
        "LIST_SUBSCRIPTIONS",
    ]


def test_an_audit_leaves_names_alone_that_were_never_asked_for():
    """They may be how the exchange itself spells one of those that were."""
    conversation = Conversation(wanting("a@trade"))
    exchange = FakeExchange(conversation)
    exchange.streams |= {"a@trade&timeUnit=MICROSECOND": None}
    assert exchange.run(conversation.opened()) == [Complete()]
    assert [method for method, _ in exchange.requests] == ["LIST_SUBSCRIPTIONS"]


def test_what_stays_missing_is_told():
    conversation = Conversation(wanting("a@trade", "b@trade"))
    exchange = FakeExchange(conversation)
    exchange.streams, exchange.forget = {"b@trade": None}, {"a@trade"}
    told = exchange.run(conversation.opened())
    assert told == [Complete(), Acknowledged("SUBSCRIBE", ("a@trade",)), Missing(("a@trade",))]
    assert acknowledged(conversation) == {"b@trade"}


def test_an_audit_does_not_judge_what_is_still_being_asked_for():
    wanted = wanting("a@trade")
    conversation = Conversation(wanted)
    _, audit = conversation.opened()
    (request,) = want(conversation, wanted, "b@trade")
    assert conversation.reply({"result": ["a@trade"], "id": audit.id}) == []
    assert conversation.audit() != []
    assert conversation.audit() == []
    assert conversation.reply({"result": None, "id": request.id}) == [
        Acknowledged("SUBSCRIBE", ("b@trade",))
    ]


def test_an_answer_out_of_order_does_not_undo_a_younger_one():
    wanted = {}
    conversation = Conversation(wanted)
    conversation.opened()
    (first,) = want(conversation, wanted, "a@trade")
    (second,) = unwant(conversation, wanted, "a@trade")
    (third,) = want(conversation, wanted, "a@trade")
    for request in (third, first, second):
        conversation.reply({"result": None, "id": request.id})
        assert acknowledged(conversation) == {"a@trade"}


def test_what_is_asked_again_is_only_what_is_still_wanted():
    wanted = wanting("a@trade")
    conversation = Conversation(wanted)
    conversation.opened()
    (request,) = want(conversation, wanted, "b@trade", "c@trade")
    conversation.sent(request, 0.0)
    unwant(conversation, wanted, "c@trade")
    (again,) = conversation.overdue(REPLY_SECONDS)
    assert (again.method, again.names, again.attempt) == ("SUBSCRIBE", ("b@trade",), 2)


def test_what_may_have_been_unsubscribed_is_asked_for_again_after_a_refusal():
    """Of two answers the first was lost: whether the stream is carried, nobody has said."""
    wanted = wanting("a@trade", "b@trade")
    conversation = Conversation(wanted)
    conversation.opened()
    (gone,) = unwant(conversation, wanted, "a@trade", "b@trade")
    conversation.sent(gone, 0.0)
    (back,) = want(conversation, wanted, "a@trade", "b@trade")
    assert conversation.overdue(REPLY_SECONDS) == []  # it is on its way
    halves = conversation.reply({"error": {"code": 2, "msg": "no"}, "id": back.id})
    assert [half.names for half in halves] == [("a@trade",), ("b@trade",)]
    conversation.reply({"result": None, "id": halves[0].id})
    assert conversation.adjust(["a@trade"]) == []  # carried, as far as was said since
    (refused,) = conversation.reply({"code": 2, "msg": "no", "id": halves[1].id})
    assert refused.names == ("b@trade",)
    (again,) = unwant(conversation, wanted, "b@trade")  # it may be carried all the same
    assert (again.method, again.names) == ("UNSUBSCRIBE", ("b@trade",))


def test_the_halves_of_what_is_refused_are_only_what_is_still_wanted():
    wanted = {}
    conversation = Conversation(wanted)
    conversation.opened()
    (request,) = want(conversation, wanted, "a@trade", "b@trade", "c@trade")
    unwant(conversation, wanted, "a@trade")
    halves = conversation.reply({"error": {"code": 2, "msg": "no"}, "id": request.id})
    assert [(half.method, half.names) for half in halves] == [("SUBSCRIBE", ("b@trade", "c@trade"))]


def test_an_audit_that_overtakes_an_answer_does_not_undo_it():
    wanted = wanting("a@trade")
    conversation = Conversation(wanted)
    _, audit = conversation.opened()
    conversation.reply({"result": ["a@trade"], "id": audit.id})
    (request,) = want(conversation, wanted, "b@trade")
    (audit,) = conversation.audit()
    assert conversation.reply({"result": ["a@trade"], "id": audit.id}) == []
    conversation.reply({"result": None, "id": request.id})
    assert acknowledged(conversation) == {"a@trade", "b@trade"}


def test_strange_answers_are_ignored():
    conversation = Conversation(wanting("a@trade"))
    _, audit = conversation.opened()
    assert conversation.reply({"result": None, "id": 99}) == []
    assert conversation.reply({"result": None, "id": "x"}) == []
    assert conversation.reply({"code": 2, "msg": "nothing was sent yet"}) == []
    assert conversation.reply({"result": "no list", "id": audit.id}) == []
    assert not conversation._pending


def test_what_is_not_answered_is_sent_again_and_then_the_link_is_no_good():
    conversation = Conversation(wanting("a@trade"))
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
    assert (conversation.due, conversation._pending) == (None, {})


def test_a_request_that_is_answered_is_not_due():
    conversation = Conversation(wanting("a@trade"))
    audit = conversation.opened()[1]
    conversation.sent(audit, 0.0)
    conversation.reply({"result": ["a@trade"], "id": audit.id})
    conversation.sent(audit, 1.0)
    assert conversation.due is None


@given(changes, st.randoms(use_true_random=False))
def test_after_any_changes_and_reconnects_the_exchange_has_what_is_wanted(steps, random):
    layout = Shards(["z@trade"])
    (shard,) = layout.shards
    conversation = Conversation(shard.names)
    exchange = FakeExchange(conversation)
    exchange.run(conversation.opened())
    for adding, names in steps:
        if random.random() < 0.3:
            conversation = Conversation(shard.names)
            exchange = FakeExchange(conversation)
            exchange.run(conversation.opened())
        (layout.add if adding else layout.remove)(names)
        exchange.run(conversation.adjust(names))
        assert set(exchange.streams) == set(layout.names) == acknowledged(conversation)


# messages


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
