"""Records of calls, judged by what the links have said."""

import itertools

import pytest

from binance.sansio.link.ledger import Ledger, outcome
from binance.sansio.link.subscriptions import Conversation, Outcome, Refused

NAME = "a@trade"


class Said:
    """A conversation that has come to a result."""

    def __init__(self, word, is_open=True):
        self.word, self.is_open = word, is_open

    def outcome(self, number, name, is_wanted):
        assert (number, name) == (7, NAME)
        return self.word


DONE, WAITING, CONTRARY = Said(Outcome.DONE), Said(Outcome.WAITING), Said(Outcome.CONTRARY)
DIALLING = Said(Outcome.WAITING, is_open=False)
UNWANTED = None


@pytest.mark.parametrize(
    ("method", "everywhere", "carriers", "expected"),
    [
        # with no link, a subscription waits for the next one
        ("SUBSCRIBE", [], [], Outcome.WAITING),
        ("SUBSCRIBE", [DIALLING], [DIALLING], Outcome.WAITING),
        ("SUBSCRIBE", [DONE], [DONE], Outcome.DONE),
        ("SUBSCRIBE", [DONE, DIALLING], [DONE, DIALLING], Outcome.DONE),
        ("SUBSCRIBE", [DONE, WAITING], [DONE, WAITING], Outcome.WAITING),
        ("SUBSCRIBE", [CONTRARY], [CONTRARY], Outcome.WAITING),
        # links of other connections have no say
        ("SUBSCRIBE", [DONE, CONTRARY], [DONE], Outcome.DONE),
        ("SUBSCRIBE", [DONE, CONTRARY], [], Outcome.WAITING),
        # unsubscribed since
        ("SUBSCRIBE", [], UNWANTED, Outcome.CONTRARY),
        ("SUBSCRIBE", [CONTRARY], UNWANTED, Outcome.CONTRARY),
        ("SUBSCRIBE", [WAITING, CONTRARY], UNWANTED, Outcome.WAITING),
        ("SUBSCRIBE", [DONE, CONTRARY], UNWANTED, Outcome.DONE),
        ("SUBSCRIBE", [DIALLING], UNWANTED, Outcome.CONTRARY),
        # with no link, nothing is carried
        ("UNSUBSCRIBE", [], UNWANTED, Outcome.DONE),
        ("UNSUBSCRIBE", [DONE, DONE], UNWANTED, Outcome.DONE),
        ("UNSUBSCRIBE", [DONE, WAITING], UNWANTED, Outcome.WAITING),
        ("UNSUBSCRIBE", [DONE, DIALLING], UNWANTED, Outcome.WAITING),
        ("UNSUBSCRIBE", [CONTRARY], UNWANTED, Outcome.WAITING),
        # subscribed to since
        ("UNSUBSCRIBE", [DONE], [DONE], Outcome.DONE),
        ("UNSUBSCRIBE", [CONTRARY, DONE], [CONTRARY], Outcome.CONTRARY),
        ("UNSUBSCRIBE", [WAITING, CONTRARY], [CONTRARY], Outcome.WAITING),
    ],
)
def test_what_becomes_of_a_wish(method, everywhere, carriers, expected):
    assert outcome(method, 7, NAME, everywhere, carriers) is expected


def outcomes(conversation, number=7):
    return conversation.outcome(number, NAME, True), conversation.outcome(number, NAME, False)


def test_what_a_link_says_of_a_stream_in_its_url():
    wanted = {NAME: None}
    conversation = Conversation(wanted, itertools.count(10))
    assert outcomes(conversation) == (Outcome.WAITING, Outcome.WAITING)
    conversation.opened()
    assert outcomes(conversation) == (Outcome.DONE, Outcome.CONTRARY)
    del wanted[NAME]
    (request,) = conversation.adjust([NAME])
    assert outcomes(conversation) == (Outcome.DONE, Outcome.WAITING)
    conversation.reply({"result": None, "id": request.id})
    assert outcomes(conversation) == (Outcome.DONE, Outcome.DONE)
    assert outcomes(conversation, request.id) == (Outcome.CONTRARY, Outcome.DONE)


def test_what_a_link_says_of_a_stream_that_it_is_asked_for():
    wanted = {}
    conversation = Conversation(wanted, itertools.count(10))
    assert outcomes(conversation) == (Outcome.WAITING, Outcome.DONE)
    conversation.opened()
    assert outcomes(conversation) == (Outcome.CONTRARY, Outcome.DONE)
    wanted[NAME] = None
    (request,) = conversation.adjust([NAME])
    assert outcomes(conversation, request.id - 1) == (Outcome.WAITING, Outcome.WAITING)
    conversation.reply({"result": None, "id": request.id})
    assert outcomes(conversation, request.id - 1) == (Outcome.DONE, Outcome.CONTRARY)


def test_a_record_is_settled_with_its_last_name():
    ids = itertools.count(1)
    ledger, wanted = Ledger(ids), {}
    conversation = Conversation(wanted, ids)
    conversation.opened()
    ledger.enter("SUBSCRIBE", ["a", "b"], "somebody")
    wanted |= {"a": None, "b": None}
    requests = [*conversation.adjust(["a"]), *conversation.adjust(["b"])]
    for request in requests:
        assert ledger.judge([conversation], lambda name: [conversation]) == []
        conversation.reply({"result": None, "id": request.id})
    (settled,) = ledger.judge([conversation], lambda name: [conversation])
    assert (settled.waiter, settled.names) == ("somebody", ["a", "b"])
    assert not settled.is_superseded
    assert settled.error == ""
    assert ledger.judge([conversation], lambda name: [conversation]) == []


def test_a_refusal_fails_older_records_and_those_that_nothing_else_will_answer():
    ids = itertools.count(1)
    ledger, wanted = Ledger(ids), {}
    conversation = Conversation(wanted, ids)
    conversation.opened()
    ledger.enter("SUBSCRIBE", ["a"], "older")
    ledger.enter("UNSUBSCRIBE", ["a"], "of another method")
    ledger.enter("SUBSCRIBE", ["b"], "of another name")
    wanted["a"] = None
    (first,) = conversation.adjust(["a"])
    del wanted["a"]
    conversation.adjust(["a"])
    wanted["a"] = None
    (last,) = conversation.adjust(["a"])
    ledger.enter("SUBSCRIBE", ["a"], "younger than any request")
    for request, answered in ((first, "older"), (last, "younger than any request")):
        conversation.reply({"error": {"code": 2, "msg": "no"}, "id": request.id})
        refused = Refused(request.id, "SUBSCRIBE", ("a",), 2, "no")
        (failed,) = ledger.refuse(refused, conversation, "no")
        assert (failed.waiter, failed.names, failed.error) == (answered, ["a"], "no")
    assert ledger.close() == ["of another method", "of another name"]
    assert ledger.close() == []


def test_a_call_that_a_later_one_reversed_is_superseded():
    ledger = Ledger(itertools.count(1))
    ledger.enter("SUBSCRIBE", ["a", "b"], "somebody")
    assert ledger.judge([], lambda name: None if name == "a" else []) == []
    (settled,) = ledger.judge([], lambda name: None)
    assert settled.is_superseded
