"""What becomes of requests over the WebSocket API, without a socket or a clock."""

import dataclasses
import itertools
from random import Random

import pytest

from binance.exceptions import BinanceAPIException, BinanceConnectionError, OrderStatusUnknown
from binance.sansio.account import wsapi, wsrequests
from binance.sansio.account.rest_outcome import ORDER_QUERIES, Attempts, Verdict
from binance.sansio.account.wsrequests import (
    ASK_SECONDS,
    QUERY_SECONDS,
    AskByRest,
    Finish,
    Input,
    Ledger,
    LogOn,
    Measure,
    Pending,
    Question,
    Send,
    State,
    why_not_cancelled,
)

STAMP = 1_700_000_000_000
ORDER = {"symbol": "BTCUSDT", "clientOrderId": "mine", "time": STAMP, "status": "NEW"}
SECRET = {"apiKey": "K" * 64, "signature": "s" * 64}


def order(question=True, **options):
    asked = Question("order.status", "get_order", {"origClientOrderId": "mine"})
    made = Pending(
        "order.place",
        SECRET,
        Attempts("POST", signed=True, recoverable=True),
        12.0,
        True,
        ("BTCUSDT", "mine"),
        asked if question else None,
        **options,
    )
    made.stamp = STAMP
    return made


def read(signed=False):
    return Pending("depth", {"symbol": "BTCUSDT"}, Attempts("GET", signed=signed), 12.0, signed)


class Case:
    """A ledger whose commands are performed: everything is written to the newest link."""

    def __init__(self, *links):
        self.ledger = Ledger()
        self.now = 0.0
        self.written, self.asked, self.measured, self.finished = [], [], [], []
        self.logons = 0
        for link in links:
            self.do(self.ledger.opened(link, self.now))

    def do(self, commands):
        for command in commands or ():
            match command:
                case Send(pending, id, method):
                    assert id != pending.id or self.now < pending.ends, "sent too late"
                    link = self.ledger.links[-1]
                    self.written.append((link, id, method))
                    self.ledger.sent(pending, link)
                case AskByRest(pending, _):
                    self.asked.append(pending)
                case Measure(pending):
                    self.measured.append(pending)
                case LogOn():
                    self.logons += 1
                case Finish(_, result, error):
                    self.finished.append(result if error is None else error)

    def add(self, pending):
        self.do(self.ledger.add(pending, self.now))
        return pending

    def at(self, now):
        self.now = now
        self.do(self.ledger.check(now))

    def reply(self, result=None, error=None, id=None):
        wanted = self.written[-1][1] if id is None else id
        commands = self.ledger.reply(wsapi.Reply(wanted, result, error), self.now)
        self.do(commands)
        return commands is not None

    def refuse(self, status, code, **more):
        return self.reply(None, wsapi.ApiError(status, code, "refused", **more))

    def lose(self, link):
        self.do(self.ledger.lost(link, self.now))

    @property
    def methods(self):
        return [method for _, _, method in self.written]


def test_only_what_its_caller_knows_is_given_to_a_request():
    given = [each.name for each in dataclasses.fields(Pending) if each.init]
    assert given == [
        *("method", "params", "attempts", "timeout", "is_signed", "order", "question", "unasked"),
        *("request", "caller", "is_dropped"),
    ]
    assert read().stamp == read().id == 0


def test_a_request_waits_for_a_link_and_is_answered_once():
    case = Case()
    case.add(read())
    assert case.written == []
    case.do(case.ledger.opened("a", 1.0))
    assert case.written == [("a", 1, "depth")]
    assert case.reply({"bids": []})
    assert not case.reply({"bids": []}), "a second answer belongs to nothing"
    assert case.finished == [{"bids": []}]
    assert len(case.ledger) == 0


@pytest.mark.parametrize("state", ["new", "without a link", "measuring", "timestamp refused"])
def test_what_nobody_waits_for_is_not_sent(state):
    dropped = [state == "new"]
    case = Case(*("a" if state != "without a link" else ""))
    request = order(is_dropped=lambda: dropped[0])
    case.do(case.ledger.add(request, 0.0, must_measure=state == "measuring"))
    if state == "timestamp refused":
        case.refuse(400, -1021)
    sent, dropped[0] = len(case.written), True
    case.do(case.ledger.measured(request, 1.0))
    case.do(case.ledger.opened("b", 2.0))
    assert len(case.written) == sent == (state == "timestamp refused")
    (error,) = case.finished
    assert isinstance(error, BinanceConnectionError)
    assert str(error).startswith("order.place was not sent: its caller")


def test_what_is_not_sent_in_time_was_certainly_not_sent():
    case = Case()
    case.add(order())
    case.ledger.why_no_link = "DNS lookup failed"
    case.at(12.0)
    (error,) = case.finished
    assert isinstance(error, BinanceConnectionError)
    assert str(error) == "order.place was not sent within 12 s: DNS lookup failed"


def test_what_is_late_is_not_sent_whatever_happens_before_the_deadline_is_seen():
    """The reactor was blocked."""
    case = Case()
    case.add(order())
    case.now = 12.0
    case.do(case.ledger.opened("a", 12.0))
    bare = case.add(order())
    bare.is_bare = True
    case.now = 24.0
    case.refuse(400, min(wsapi.NOT_LOGGED_ON))
    measuring = case.add(order())
    case.refuse(400, -1021)
    case.now = 36.0
    case.do(case.ledger.measured(measuring, 36.0))
    case.do(case.ledger.add(order(), 40.0, waited=12.0))
    assert case.methods == ["order.place"] * 2
    assert ["was not sent within 12 s" in str(each) for each in case.finished] == [True] * 4
    case.do(case.ledger.add(order(), 40.0, waited=11.9))
    assert len(case.written) == 3


EARLIER = "DNS lookup failed"


@pytest.mark.parametrize("is_dropped", [False, True])
def test_what_was_refused_without_a_signature_is_not_sent_again_and_says_why(is_dropped):
    """Its time is over, or nobody waits for it; whether a link was open was no matter."""
    case, gone = Case("a"), []
    case.ledger.why_no_link = EARLIER
    case.add(order(is_dropped=lambda: bool(gone))).is_bare = True
    gone += [True] * is_dropped
    case.now = 12.0
    case.refuse(400, min(wsapi.NOT_LOGGED_ON))
    (error,) = case.finished
    assert isinstance(error, BinanceConnectionError)
    why = ": its caller does not wait any more" if is_dropped else " within 12 s: refused"
    assert str(error) == f"order.place was not sent{why}"


def test_an_outage_that_is_over_is_no_reason():
    case = Case()
    case.ledger.why_no_link = EARLIER
    case.do(case.ledger.opened("a", 0.0))
    case.lose("a")
    case.add(order())
    case.at(12.0)
    assert EARLIER not in str(case.finished[0])


@pytest.mark.parametrize(
    ("status", "code", "why"), [(500, 0, "refused"), (400, -1021, EARLIER), (400, -1193, EARLIER)]
)
def test_the_reason_is_that_of_the_last_try(status, code, why):
    case = Case("a")
    case.ledger.why_no_link = EARLIER
    pending = case.add(read(signed=True))
    pending.is_bare = True
    case.refuse(status, code)
    case.do(case.ledger.measured(pending, 0.0))
    assert case.methods == ["depth"] * (1 if status == 500 else 2)
    case.lose("a")
    case.at(12.0)
    (error,) = case.finished
    assert str(error) == f"no answer to depth within 12 s: {why}"


def test_a_link_that_is_closing_leaves_the_request_to_the_next_one():
    case = Case("a")
    pending = order()
    (send,) = case.ledger.add(pending, 0.0)
    assert case.ledger.not_sent(pending, send.id, 0.0) == []
    case.lose("a")
    case.do(case.ledger.opened("b", 1.0))
    assert case.written == [("b", 2, "order.place")]
    assert case.finished == []


def test_a_lost_order_is_asked_for_on_the_next_link_and_returned():
    case = Case("a", "b")
    case.add(order())
    case.lose("b")
    assert case.methods == ["order.place", "order.status"]
    case.reply(ORDER)
    assert case.finished == [ORDER]


def test_a_query_on_a_link_that_is_lost_is_answered_by_nothing():
    case = Case("a", "b", "c")
    case.add(order())
    case.lose("c")
    query = case.written[-1][1]
    case.lose("b")
    assert not case.reply(ORDER, id=query)
    assert case.finished == []


def test_a_lost_order_is_asked_for_by_rest_where_there_is_no_link():
    case = Case("a")
    case.add(order())
    case.lose("a")
    assert case.methods == ["order.place"]
    assert len(case.asked) == 1
    case.do(case.ledger.answered(case.asked[0], ORDER, "", 0.1))
    assert case.finished == [ORDER]


def test_an_order_that_is_never_found_is_unknown_and_never_sent_again():
    case = Case("a", "b")
    pending = case.add(order(unasked="nor is that"))
    case.lose("b")
    for pause in ORDER_QUERIES[1:]:
        case.refuse(400, -2013)
        assert case.finished == []
        case.at(case.now + pause)
    case.refuse(400, -2013)
    (error,) = case.finished
    assert isinstance(error, OrderStatusUnknown)
    assert (error.symbol, error.client_order_id) == ("BTCUSDT", "mine")
    assert error.reason == (
        "the link was lost; asked for it 4 times with get_order: refused; nor is that"
    )
    assert case.methods == ["order.place", *["order.status"] * 4]
    assert pending.state is State.OVER


def test_an_older_order_of_that_id_is_not_the_order():
    case = Case("a", "b")
    case.add(order())
    case.lose("b")
    case.reply(ORDER | {"time": STAMP - 60_000})
    assert case.finished == []


def test_no_answer_leads_to_queries_first_by_rest():
    """The link lives, and has just failed to answer."""
    case = Case("a")
    case.add(order())
    case.at(12.0)
    assert case.methods == ["order.place"]
    assert len(case.asked) == 1
    case.do(case.ledger.answered(case.asked[0], None, "no connection", case.now))
    case.at(case.now + ORDER_QUERIES[1])
    assert case.methods[-1] == "order.status"
    for seconds in (0.5, QUERY_SECONDS - 0.6):  # the answer is awaited
        case.at(case.now + seconds)
        assert len(case.asked) == 1
    case.at(case.now + 0.1)
    case.at(case.now + ORDER_QUERIES[2])
    assert len(case.asked) == 2


def test_a_late_answer_is_the_truth():
    for late, outcome in (({"orderId": 1}, {"orderId": 1}), (None, BinanceAPIException)):
        case = Case("a")
        case.add(order())
        case.at(12.0)
        if late:
            case.reply(late)
            assert case.finished == [outcome]
        else:
            case.refuse(400, -2010)
            assert isinstance(case.finished[0], outcome)
        case.do(case.ledger.answered(case.asked[0], ORDER, "", case.now))
        assert len(case.finished) == 1


MOMENTS = ("in the pause after it", "while REST is asked", "while the next one is asked")


def given_up(moment):
    """An order whose query was given up, and the id of that query."""
    case = Case("a", "b")
    pending = case.add(order())
    case.lose("b")
    query = case.written[-1][1]
    case.at(QUERY_SECONDS)
    assert pending.state is State.LOST
    if moment != MOMENTS[0]:
        case.at(case.now + ORDER_QUERIES[1])
        assert case.asked == [pending]
    if moment == MOMENTS[2]:
        case.do(case.ledger.answered(pending, None, "no connection", case.now))
        case.at(case.now + ORDER_QUERIES[2])
        assert case.methods == ["order.place", "order.status", "order.status"]
    return case, pending, query


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_late_answer_to_a_query_that_finds_the_order_is_the_truth(moment):
    case, _, query = given_up(moment)
    assert case.reply(ORDER, id=query)
    assert case.finished == [ORDER]


@pytest.mark.parametrize("answer", [(ORDER | {"time": STAMP - 60_000}, None), (None, -2013)])
@pytest.mark.parametrize("moment", MOMENTS)
def test_one_that_does_not_find_it_settles_nothing_and_proves_no_link(moment, answer):
    case, pending, query = given_up(moment)
    before = pending.state, pending.due, pending.queries, pending.found, pending.by_rest
    result, code = answer
    assert case.reply(result, code and wsapi.ApiError(400, code, "refused"), id=query)
    assert before == (
        *(pending.state, pending.due, pending.queries, pending.found, pending.by_rest),
    )
    if moment == MOMENTS[0]:
        case.at(case.now + ORDER_QUERIES[1])
    if moment == MOMENTS[2]:
        case.reply(ORDER)
    else:
        assert case.asked == [pending], "the next query goes by REST"
        case.do(case.ledger.answered(pending, ORDER, "", case.now))
    assert case.finished == [ORDER]


def test_an_answer_in_time_proves_the_link():
    case, pending, _ = given_up(MOMENTS[2])
    case.refuse(400, -2013)
    case.at(case.now + ORDER_QUERIES[3])
    assert case.asked == [pending], "not a second time"
    assert case.methods.count("order.status") == 3


def test_queries_end_even_if_rest_never_answers():
    case = Case("a")
    case.add(order())
    case.lose("a")
    case.at(ASK_SECONDS - 0.1)
    assert case.finished == []
    case.at(ASK_SECONDS)
    assert isinstance(case.finished[0], OrderStatusUnknown)


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, -2010), (400, -1013), (429, -1015), (418, -1003), (403, 0), (409, -2021)],
)
def test_a_refused_order_raises_what_the_exchange_said(status, code):
    case = Case("a")
    case.add(order())
    case.refuse(status, code, retry_after=3.0, data={"cancelResult": "SUCCESS"})
    (error,) = case.finished
    assert isinstance(error, BinanceAPIException)
    assert (error.status_code, error.code, error.message) == (status, code, "refused")
    assert error.retry_after == 3.0
    assert error.response.json()["data"] == {"cancelResult": "SUCCESS"}


@pytest.mark.parametrize(
    ("status", "code"), [(500, 0), (503, -1007), (400, -1000), (400, -1006), (408, -1007)]
)
def test_an_order_of_unknown_status_is_asked_for(status, code):
    case = Case("a")
    case.add(order())
    case.refuse(status, code)
    assert case.methods == ["order.place", "order.status"]
    case.reply(ORDER)
    assert case.finished == [ORDER]


@pytest.mark.parametrize(("status", "code"), [(200, -2010), (202, 0)])
def test_a_success_with_an_error_is_no_answer_to_an_order_and_raises_elsewhere(status, code):
    case = Case("a")
    case.add(order())
    case.refuse(status, code)
    assert case.methods == ["order.place", "order.status"]
    case.reply(ORDER)
    case.add(read())
    case.refuse(status, code)
    placed, error = case.finished
    assert placed == ORDER
    assert isinstance(error, BinanceAPIException)
    assert (error.status_code, error.code) == (status, code)


@pytest.mark.parametrize("result", [None, [], "text", 5])
def test_an_answer_that_is_no_order_is_asked_for(result):
    case = Case("a")
    case.add(order())
    case.reply(result)
    assert case.methods == ["order.place", "order.status"]


def test_an_order_without_a_question_is_unknown_at_once():
    case = Case("a")
    case.add(order(question=False, unasked="nor is the other"))
    case.lose("a")
    assert isinstance(case.finished[0], OrderStatusUnknown)
    assert "the link was lost; nor is the other" in str(case.finished[0])


def test_a_request_without_effects_is_repeated_until_its_time_is_over():
    case = Case("a", "b")
    case.add(read())
    case.lose("b")
    case.at(1.0)
    assert case.methods == ["depth", "depth"]
    case.refuse(500, 0)
    case.at(3.0)
    assert case.methods == ["depth"] * 3
    case.at(12.0)
    (error,) = case.finished
    assert isinstance(error, BinanceConnectionError)
    assert "no answer" in str(error)


def test_a_refused_timestamp_is_measured_and_sent_again_once():
    case = Case("a")
    case.add(order())
    case.refuse(400, -1021)
    assert len(case.measured) == 1
    case.do(case.ledger.measured(case.measured[0], 1.0))
    assert case.methods == ["order.place"] * 2
    case.refuse(400, -1021)
    assert isinstance(case.finished[0], BinanceAPIException)


def test_a_clock_that_cannot_be_measured_ends_the_request():
    case = Case("a")
    case.add(order())
    case.refuse(400, -1021)
    case.at(12.0)
    case.do(case.ledger.add(order(), 12.0, must_measure=True))
    case.at(24.0)
    words = "order.place was not sent within 12 s: "
    late = "the exchange's clock was not measured in time"
    assert [str(each) for each in case.finished] == [f"{words}refused; {late}", words + late]
    assert [type(each) for each in case.finished] == [BinanceConnectionError] * 2


def test_an_unknown_clock_is_measured_before_the_request_is_sent():
    case = Case("a")
    pending = order()
    case.do(case.ledger.add(pending, 0.0, must_measure=True))
    assert (case.measured, case.written) == ([pending], [])
    case.do(case.ledger.measured(pending, 1.0))
    assert case.methods == ["order.place"]


@pytest.mark.parametrize("code", sorted(wsapi.NOT_LOGGED_ON))
def test_a_lost_logon_costs_nothing_but_a_signature(code):
    case = Case("a")
    pending = case.add(order())
    pending.is_bare = True
    case.refuse(400, code)
    assert (case.logons, case.methods, pending.must_sign) == (1, ["order.place"] * 2, True)
    pending.is_bare = False
    case.refuse(400, code)
    assert isinstance(case.finished[0], BinanceAPIException)


def test_a_late_refusal_of_a_request_without_signature_ends_it():
    """It is not sent again: its time is over, and the price is another one."""
    case = Case("a")
    case.add(order()).is_bare = True
    case.now = 12.0
    case.do(case.ledger.check(12.0))
    case.refuse(400, min(wsapi.NOT_LOGGED_ON))
    assert case.methods.count("order.place") == 1
    assert isinstance(case.finished[0], BinanceAPIException)


def test_the_old_link_of_a_rotation_is_awaited():
    case = Case("old")
    case.add(order())
    assert case.ledger.awaited() == []
    case.do(case.ledger.opened("new", 1.0))
    assert case.ledger.awaited() == ["order.place"]
    case.add(read())
    assert case.written[-1][0] == "new"
    case.reply(ORDER, id=1)
    assert case.ledger.awaited() == []
    assert case.finished == [ORDER]


def test_no_link_at_all_ends_what_is_not_sent():
    case = Case()
    case.add(order())
    case.do(case.ledger.gave_up("bad certificate"))
    assert str(case.finished[0]) == "order.place was not sent: bad certificate"


def test_closing_ends_everything_by_what_is_known():
    case = Case()
    case.add(order())
    case.do(case.ledger.opened("a", 0.0))
    case.lose("a")
    case.add(read())
    case.do(case.ledger.close("the client was closed"))
    assert [type(each) for each in case.finished] == [OrderStatusUnknown, BinanceConnectionError]


def test_a_cancel_is_known_by_the_order():
    assert why_not_cancelled({"status": "CANCELED"}, 0) == ""
    assert why_not_cancelled({"algoStatus": "CANCELED"}, 0) == ""
    assert why_not_cancelled({"status": "FILLED"}, 0) == "the order is FILLED"
    assert why_not_cancelled(None, 0) == "the order is None"


def test_no_repr_shows_parameters():
    pending = order(caller="the caller's own")
    case = Case("a")
    (send,) = case.ledger.add(pending, 0.0)
    for text in (repr(pending), repr(send), repr(Finish(pending))):
        assert "K" * 64 not in text
        assert "s" * 64 not in text
        assert "own" not in text


def test_the_table_names_methods_and_knows_each_state():
    names = set(wsrequests.TRANSITIONS.values()) - {"pause"}
    assert all(callable(getattr(Ledger, f"_{name}")) for name in names)
    assert {state for state, _ in wsrequests.TRANSITIONS} == set(State) - {State.OVER}
    events = {event for _, event in wsrequests.TRANSITIONS}
    assert events == {*Input, *Verdict}


@pytest.mark.parametrize("seed", range(200))
def test_whatever_happens_each_request_ends_once_and_orders_are_sent_once(seed):
    dice = Random(seed)
    case = Case()
    links = itertools.count()
    pendings = [case.add(order() if dice.random() < 0.7 else read()) for _ in range(6)]
    while len(case.ledger):
        case.at(case.now + dice.choice((0.0, 0.2, 1.0, 4.0)))
        event = dice.randrange(7)
        if event == 0:
            case.do(case.ledger.opened(next(links), case.now))
        elif event == 1 and case.ledger.links:
            case.lose(dice.choice(case.ledger.links))
        elif event in (2, 3) and case.written:
            answer, id = dice.choice((ORDER, None, {})), dice.choice(case.written)[1]
            asked_for = case.ledger._queries.get(id)
            case.reply(answer, id=id)
            assert answer != ORDER or asked_for is None or asked_for.state is State.OVER
        elif event == 4 and case.written:
            error = wsapi.ApiError(*dice.choice(((400, -2013), (500, 0), (400, -1021))), "no")
            case.reply(None, error, id=dice.choice(case.written)[1])
        elif event == 5 and case.asked:
            answer = dice.choice(((ORDER, ""), (None, "no")))
            case.do(case.ledger.answered(dice.choice(case.asked), *answer, case.now))
        elif event == 6 and case.measured:
            case.do(case.ledger.measured(dice.choice(case.measured), case.now))
        assert case.now < 200
    assert len(case.finished) == len(pendings)
    refused = sum(each.attempts.resynced for each in pendings)
    placed = case.methods.count("order.place")
    assert placed <= sum(each.order is not None for each in pendings) + refused
    assert case.ledger._queries == {}
    assert case.ledger._sent == {}
