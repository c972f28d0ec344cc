"""What was missed of an account, from the answers of REST."""

import itertools
from types import SimpleNamespace

import pytest

from binance.exceptions import BinanceAPIException
from binance.sansio.account.reconcile import DAY, PARTS, TRADE_TRIES, Ask, Ledger, delay_after

BEGIN, NOW = 1_700_000_000_000, 1_700_000_060_000
TRADE = {"symbol": "BNBBTC", "id": 5, "orderId": 21, "time": BEGIN + 10_000, "price": "1"}
TRADE |= {"qty": "1", "quoteQty": "1"}
ORDER = {"symbol": "BNBBTC", "orderId": 21, "clientOrderId": "a", "side": "BUY", "type": "LIMIT"}
ORDER |= {"origQty": "3", "executedQty": "1", "cummulativeQuoteQty": "1", "time": BEGIN - 10_000}
LIVE = {"e": "executionReport", "s": "BNBBTC", "i": 21, "x": "TRADE", "X": "PARTIALLY_FILLED"}
LIVE |= {"E": BEGIN + 10_000, "T": BEGIN + 10_000, "t": 5, "l": "1", "z": "1", "Z": "1"}
SPOT = {
    "get_open_orders": [],
    "get_all_orders": [],
    "get_my_trades": [],
    "get_account": {"balances": []},
}


def asked(ledger, answers, seconds=(NOW - BEGIN) / 1000):
    """The calls that are made if REST gives these answers, and what was found."""
    calls, given, made = ledger.calls(0.0, lambda: seconds), None, []
    try:
        while True:
            is_refused = isinstance(given, Exception)
            ask = calls.throw(given) if is_refused else calls.send(given)
            made.append(ask)
            if isinstance(ask, float):
                given = None
                continue
            time = {"serverTime": answers.get("serverTime", NOW)}
            given = time if "time" in ask.method else answers[ask.method]
            given = given(ask.params) if callable(given) else given
    except StopIteration as ended:
        return made, ended.value


def events(ledger, answers, held=()):
    """What is delivered if REST gives these answers: method of the client -> answer."""
    return ledger.events(asked(ledger, answers)[1], list(held))


def test_an_execution_is_delivered_once():
    ledger = Ledger(PARTS["user"])
    assert ledger.admit(LIVE)
    assert not ledger.admit(dict(LIVE))
    assert ledger.admit(LIVE | {"t": 6})
    came = events(ledger, SPOT | {"get_my_trades": [TRADE], "get_order": ORDER | {"status": "NEW"}})
    assert [each for each in came if "x" in each] == []


def test_the_first_trade_of_a_symbol_is_delivered_once():
    ledger = Ledger(PARTS["user"])
    assert ledger.admit(LIVE | {"t": 0})
    assert not ledger.admit(LIVE | {"t": 0})
    answers = SPOT | {"get_my_trades": [TRADE | {"id": 0}], "get_order": ORDER | {"status": "NEW"}}
    assert [each for each in events(ledger, answers) if "x" in each] == []


@pytest.mark.parametrize("unit", [1, 1000])
def test_a_later_event_of_a_kind_that_was_fetched_is_delivered(unit):
    """A futures order that a price has triggered is new once more."""
    ledger = Ledger(PARTS["user"])
    new = LIVE | {"x": "NEW", "X": "NEW", "t": -1, "l": "0", "T": BEGIN * unit}
    assert ledger.admit(new | {"reconciled": True})
    assert not ledger.admit(new | {"T": BEGIN * unit + unit - 1})
    assert ledger.admit(new | {"T": (BEGIN + 1) * unit})


def test_an_order_is_asked_for_again_if_the_answer_is_older_than_its_last_trade():
    old = ORDER | {"status": "PARTIALLY_FILLED", "updateTime": BEGIN - 5_000}
    new = old | {"executedQty": "2", "updateTime": BEGIN + 10_000}
    answers = SPOT | {"get_open_orders": [old], "get_my_trades": [TRADE], "get_order": new}
    (trade,) = [each for each in events(Ledger(PARTS["user"]), answers) if "x" in each]
    assert (trade["t"], trade["z"], trade["X"]) == (5, "2", "PARTIALLY_FILLED")
    made, _ = asked(Ledger(PARTS["user"]), answers | {"get_open_orders": [new]})
    assert "get_order" not in [each.method for each in made if isinstance(each, Ask)]


def test_what_happens_after_the_calls_began_is_left_to_the_link():
    """The list of orders is older than the trades: it lacks an order that was made before them."""
    late = [TRADE | {"time": NOW + 1}, TRADE | {"id": 6, "time": NOW + 2}]
    order = ORDER | {"status": "CANCELED", "time": NOW + 1, "updateTime": NOW + 3}
    answers = SPOT | {"get_my_trades": late, "get_order": order | {"executedQty": "2"}}
    ledger = Ledger(PARTS["user"], ["BNBBTC"])
    _, found = asked(ledger, answers)
    assert [each["e"] for each in ledger.events(found, [])] == ["outboundAccountPosition"]
    ledger.note_filled(found)
    assert ledger.admit(LIVE | {"x": "NEW", "X": "NEW", "t": -1, "l": "0", "T": NOW + 1})
    # the link is lost before it tells more; then it is in the past
    answers |= {"serverTime": NOW + 9}
    came = events(ledger, answers)
    assert [(each["x"], each["T"]) for each in came if "x" in each] == [
        ("TRADE", NOW + 1),
        ("TRADE", NOW + 2),
        ("CANCELED", NOW + 3),
    ]


def test_the_end_of_an_order_after_the_calls_began_is_not_taken_for_told():
    """Some of its trades are missing, so what was filled is noted, but not that it has ended."""
    ledger = Ledger(PARTS["user"])
    assert ledger.admit(LIVE)
    ended = ORDER | {"status": "CANCELED", "executedQty": "2", "updateTime": NOW + 3}
    _, found = asked(ledger, SPOT | {"get_order": ended, "get_my_trades": [TRADE]})
    ledger.events(found, [])
    assert found[0].lacks_trades
    ledger.note_filled(found)
    answers = {"serverTime": NOW + 9, "get_order": ended, "get_my_trades": [TRADE]}
    came = events(ledger, SPOT | answers)
    assert [each["x"] for each in came if "x" in each] == ["CANCELED"]


@pytest.mark.parametrize(
    ("kind", "prefix", "suffix"), [("user", "get_", ""), ("margin", "get_margin_", "margin_")]
)
def test_the_end_of_an_order_that_no_event_had_named(kind, prefix, suffix):
    """It is older than what is asked about, so only a trade shows that it exists."""
    ended = ORDER | {"status": "CANCELED", "updateTime": BEGIN + 20_000}
    came = events(
        Ledger(PARTS[kind], ["BNBBTC"]),
        {
            f"get_open_{suffix}orders": [],
            f"get_all_{suffix}orders": [],
            "get_my_trades": [TRADE],
            "get_margin_trades": [TRADE],
            f"{prefix}order": ended,
            f"{prefix}account": {"balances": []},
        },
    )
    told = [(each["x"], each["X"], each["z"], each["T"]) for each in came if "x" in each]
    assert told == [
        ("TRADE", "PARTIALLY_FILLED", "1", BEGIN + 10_000),
        ("CANCELED", "CANCELED", "1", BEGIN + 20_000),
    ]


@pytest.mark.parametrize(
    ("status", "working", "told"),
    [
        ("PENDING_NEW", -1, []),
        ("CANCELED", -1, [("CANCELED", "CANCELED", BEGIN + 20_000)]),
        ("NEW", BEGIN + 5_000, [("NEW", "NEW", BEGIN + 5_000)]),
        (
            "CANCELED",
            BEGIN + 5_000,
            [("NEW", "NEW", BEGIN + 5_000), ("CANCELED", "CANCELED", BEGIN + 20_000)],
        ),
    ],
)
def test_a_pending_order_of_a_list_begins_to_work_or_ends(status, working, told):
    """It is older than what is listed."""
    ledger = Ledger(PARTS["user"])
    pending = LIVE | {"x": "NEW", "X": "PENDING_NEW", "t": -1, "l": "0", "z": "0"}
    assert ledger.admit(pending | {"T": BEGIN - 10_000, "E": BEGIN - 10_000})
    order = ORDER | {"executedQty": "0", "workingTime": working, "updateTime": BEGIN + 20_000}
    came = events(ledger, SPOT | {"get_order": order | {"status": status}})
    assert [(one["x"], one["X"], one["T"]) for one in came if "x" in one] == told


def test_a_new_order_of_a_list_may_be_pending():
    order = ORDER | {"status": "PENDING_NEW", "executedQty": "0", "time": BEGIN, "workingTime": -1}
    came = events(Ledger(PARTS["user"], ["BNBBTC"]), SPOT | {"get_all_orders": [order]})
    told = [one for one in came if "x" in one]
    assert [(one["X"], one["w"], "W" in one) for one in told] == [("PENDING_NEW", False, False)]


def test_held_events_and_fetched_ones_of_one_moment_come_by_trade_id():
    rows = [TRADE | {"id": number} for number in (7, 5)]
    held = [LIVE | {"t": 6}, LIVE | {"t": 8}]
    order = ORDER | {"status": "PARTIALLY_FILLED", "executedQty": "4", "origQty": "9"}
    answers = SPOT | {"get_my_trades": rows, "get_order": order}
    came = events(Ledger(PARTS["user"], ["BNBBTC"]), answers, held)
    assert [each["t"] for each in came if "x" in each] == [5, 6, 7, 8]


def test_a_held_event_with_an_older_time_than_the_one_before_it_is_delivered():
    """Two machines of the exchange may have sent them; REST knows of both."""
    held = [LIVE | {"t": 6, "E": NOW + 5}, LIVE | {"E": NOW - 5}]
    order = ORDER | {"status": "PARTIALLY_FILLED", "executedQty": "2"}
    answers = SPOT | {"get_my_trades": [TRADE, TRADE | {"id": 6}], "get_order": order}
    came = events(Ledger(PARTS["user"], ["BNBBTC"]), answers, held)
    assert [each.get("t") for each in came] == [None, 6, 5]


def test_trades_that_rest_does_not_have_yet_are_asked_for_again():
    filled = ORDER | {"status": "FILLED", "time": BEGIN + 1}
    made, _ = asked(Ledger(PARTS["user"], ["BNBBTC"]), SPOT | {"get_all_orders": [filled]})
    assert [getattr(ask, "method", ask) for ask in made].count("get_my_trades") == TRADE_TRIES
    assert made.count(1.0) == TRADE_TRIES - 1


FILLED = ORDER | {"status": "FILLED", "executedQty": "3", "time": BEGIN + 1}
LAST = LIVE | {"X": "FILLED", "t": 6, "l": "2", "z": "3"}


@pytest.mark.parametrize(
    ("trades", "held", "lacks"),
    [
        ([], [], True),
        ([TRADE], [], True),
        ([TRADE], [LAST], False),
        ([], [LAST], True),
        ([TRADE | {"id": 6, "qty": "2"}], [LAST], True),
        ([], [LIVE, LAST], False),
        ([TRADE, TRADE | {"id": 6, "qty": "2"}], [], False),
    ],
)
def test_what_neither_rest_nor_a_held_event_has_is_missing(trades, held, lacks):
    ledger = Ledger(PARTS["user"], ["BNBBTC"])
    answers = SPOT | {"get_all_orders": [FILLED], "get_my_trades": trades}
    _, found = asked(ledger, answers)
    for event in ledger.events(found, held):
        ledger.admit(event)
    assert found[0].lacks_trades == lacks
    ledger.note_filled(found)
    made, _ = asked(ledger, answers)
    assert 1.0 not in made  # it is known that the order has ended
    assert "get_order" not in [each.method for each in made]


def test_a_new_order_of_which_the_trades_are_missing_has_nothing_filled():
    came = events(Ledger(PARTS["user"], ["BNBBTC"]), SPOT | {"get_all_orders": [FILLED]})
    told = [(each["x"], each["X"], each["z"], each["Z"]) for each in came if "x" in each]
    assert told == [("NEW", "NEW", "0", "0")]


def test_nobody_waits_for_the_trades_that_an_earlier_gap_has_reported():
    ledger = Ledger(PARTS["user"])
    assert ledger.admit(LIVE | {"x": "NEW", "X": "NEW", "t": -1, "l": "0", "z": "0"})
    order = FILLED | {"time": BEGIN - 9_000, "updateTime": BEGIN - 5_000}
    made, found = asked(ledger, SPOT | {"get_order": order})
    assert 1.0 not in made
    for event in ledger.events(found, []):
        ledger.admit(event)
    assert not found[0].lacks_trades
    ledger.note_filled(found)
    made, _ = asked(ledger, SPOT)
    assert "get_order" not in [each.method for each in made]


NO_SUCH = {"code": -2013, "msg": "Order does not exist."}
GONE = BinanceAPIException(SimpleNamespace(status_code=400, json=lambda: NO_SUCH))


@pytest.mark.parametrize(
    ("kind", "call"), [("user", "get_order"), ("pm:user", "papi_get_margin_order")]
)
def test_an_order_that_rest_does_not_know_any_more_is_forgotten(kind, call):
    *_, part = PARTS[kind]
    ledger = Ledger((part,), ["BNBBTC"])
    fs = {"fs": part.fs} if part.fs else {}
    assert ledger.admit(LIVE | fs)
    answers = SPOT | {"papi_get_margin_open_orders": [], "papi_get_balance": []}
    answers |= {"papi_get_margin_my_trades": [], "papi_get_margin_all_orders": []}
    made, (found,) = asked(ledger, answers | {call: GONE})
    assert 21 in [ask.params.get("orderId") for ask in made]
    assert list(found.gone) == ["order 21 of BNBBTC"]
    ledger.events([found], [])
    made, (found,) = asked(ledger, answers)
    assert 21 not in [ask.params.get("orderId") for ask in made]
    assert not found.gone


def test_a_symbol_that_rest_does_not_know_any_more_is_forgotten_and_the_others_are_asked_about():
    ledger = Ledger(PARTS["user"], ["AAABTC", "BNBBTC"])
    answers = SPOT | {"get_order": ORDER | {"status": "NEW"}}
    answers |= {
        "get_all_orders": lambda params: GONE if params["symbol"] == "AAABTC" else [],
        "get_my_trades": lambda params: [TRADE] if params["symbol"] == "BNBBTC" else 1 / 0,
    }
    _, found = asked(ledger, answers)
    assert [each["t"] for each in ledger.events(found, []) if "x" in each] == [5]
    assert list(found[0].gone) == ["AAABTC"]
    made, (found,) = asked(ledger, answers)
    assert "AAABTC" not in [ask.params.get("symbol") for ask in made]
    assert not found.gone


def test_a_call_that_fails_often_is_tried_again_each_few_seconds():
    assert [delay_after(None, None, attempt) for attempt in (1, 2, 9, 2000)] == [1, 2, 8, 8]


def test_a_long_time_is_asked_about_in_windows_without_a_hole_between_them():
    (part,) = PARTS["usdm:user"]
    answers = {
        part.open_orders: [],
        part.orders: [],
        part.trades: [],
        part.state: {"assets": []},
        part.positions: [],
    }
    made, _ = asked(Ledger((part,), ["BNBBTC"]), answers, seconds=20 * DAY / 1000)
    windows = [ask.params for ask in made if ask.method == part.orders]
    times = [(each["startTime"], each["endTime"]) for each in windows]
    assert times[0][0] == NOW - 20 * DAY
    assert times[-1][1] == NOW + 60_000
    assert all(second[0] == first[1] + 1 for first, second in itertools.pairwise(times))
    assert max(end - begin for begin, end in times) == 6 * DAY  # the exchange allows 7


def test_a_full_page_is_asked_for_again_in_halves():
    (part,) = PARTS["user"]

    def page(params):
        span = params["endTime"] - params["startTime"]
        return [TRADE | {"id": span * 10**4 + i} for i in range(1000 if span > 40_000 else 1)]

    made, _ = asked(
        Ledger((part,), ["BNBBTC"]),
        SPOT | {part.trades: page, "get_order": ORDER | {"status": "NEW"}},
    )
    begins = [ask.params["startTime"] for ask in made if getattr(ask, "method", "") == part.trades]
    ends = [ask.params["endTime"] for ask in made if getattr(ask, "method", "") == part.trades]
    middle = (BEGIN + NOW + 60_000) // 2
    assert (begins[0], ends[0]) == (BEGIN, NOW + 60_000)
    assert middle in ends
    assert middle + 1 in begins


@pytest.mark.parametrize(
    ("said", "is_maker"),
    [({"maker": True}, True), ({"maker": False}, False), ({"liquidity": "MAKER"}, True)],
)
def test_who_was_the_maker_of_a_trade_with_an_option(said, is_maker):
    (part,) = PARTS["options:user"]
    trade = {"symbol": "BNBBTC", "tradeId": 5, "orderId": 21, "time": BEGIN + 10_000}
    answers = {
        part.open_orders: [],
        part.orders: [],
        part.order: ORDER | {"status": "PARTIALLY_FILLED"},
        part.trades: [trade | {"price": "1", "quantity": "1"} | said],
        part.state: {"asset": []},
        part.positions: [],
    }
    (told,) = [each["o"] for each in events(Ledger((part,), ["BNBBTC"]), answers) if "o" in each]
    assert (told["t"], told["i"], told["m"]) == (5, "21", is_maker)
