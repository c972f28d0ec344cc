"""What becomes of a call: answers, errors, retries, orders of unknown fate, the clock, limits."""

import sys
import time
from types import SimpleNamespace

import pytest
import requests
from twisted.python import threadable
from urllib3.exceptions import MaxRetryError, NewConnectionError

from binance.client import Client
from binance.exceptions import (
    BinanceAPIException,
    BinanceRequestException,
    BinanceRetiredError,
    OrderStatusUnknown,
)
from binance.rest import calls
from binance.rest.limits import GATES
from binance.rest.sessions import CALLER
from binance.sansio.account import rest_outcome
from binance.sansio.names import routes
from binance.tx.loop import reactor

NOW = 1_700_000_000_000
ORDER = {"symbol": "LTCBTC", "side": "BUY", "type": "MARKET", "quantity": 1}

LOST = requests.exceptions.ReadTimeout("read timed out")
CUT = requests.exceptions.ConnectionError("('Connection aborted.', RemoteDisconnected(..))")
REFUSED = requests.exceptions.ConnectionError(
    MaxRetryError(None, "/x", NewConnectionError(None, "refused"))  # type: ignore[arg-type]
)
LATE = requests.exceptions.ConnectTimeout("connect timed out")
UNTRUSTED = requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")


def error(code, msg="", status=400, **headers):
    return (
        status,
        {"code": code, "msg": msg},
        {k.replace("_", "-"): v for k, v in headers.items()},
    )


# answers and errors


def test_an_error_of_the_exchange(client, script) -> None:
    script.replies = [error(-1121, "Invalid symbol.")]
    with pytest.raises(BinanceAPIException) as caught:
        client.get_order_book(symbol="NO")
    assert (caught.value.code, caught.value.status_code) == (-1121, 400)
    assert str(caught.value) == "APIError(code=-1121): Invalid symbol."
    assert caught.value.response is client.response


def test_a_body_that_is_not_json(client, script) -> None:
    script.replies = [(200, "<html>" + "not much " * 50)]
    with pytest.raises(BinanceRequestException, match="status 200") as caught:
        client.get_order_book(symbol="A")
    shown = str(caught.value).partition("<html>")[2]
    assert shown.rstrip("'") == ("not much " * 50)[:194]


@pytest.mark.parametrize("kind", [BinanceAPIException, BinanceRequestException])
def test_an_error_that_is_not_json_is_either_kind(client, script, kind) -> None:
    script.replies = [(403, "<html>firewall " + "says no " * 50)]
    with pytest.raises(kind) as caught:
        client.get_order_book(symbol="A")
    assert (caught.value.status_code, caught.value.code) == (403, 0)
    assert "403" in str(caught.value)
    assert "<html>firewall says no" in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("call", "params", "names"),
    [
        ("withdraw", {"asset": "BTC", "address": "a", "amount": 1}, "capital_withdraw"),
        ("create_oco_order", {"symbol": "A"}, "create_order_list_oco"),
        ("order_oco_sell", {"symbol": "A"}, "create_order_list_oco"),
        ("create_margin_loan", {"asset": "A", "amount": 1}, "margin_borrow_repay"),
        ("transfer_spot_to_margin", {"asset": "A", "amount": 1}, "universal_transfer"),
        ("margin_stream_get_listen_key", {}, "start_margin_socket"),
        ("get_lending_account", {}, "get_simple_earn_account"),
        ("options_ping", {}, "eapi_ping"),
        ("enable_subaccount_margin", {}, "no replacement"),
    ],
)
def test_a_retired_call_sends_nothing_and_names_its_replacement(
    client, script, call, params, names
) -> None:
    with pytest.raises(BinanceRetiredError, match=names) as caught:
        getattr(client, call)(**params)
    assert caught.value.name == call.replace("order_oco_sell", "create_oco_order")
    assert script.asked == []


@pytest.mark.parametrize(
    ("call", "params", "endpoint"),
    [
        ("withdraw", {"coin": "A", "address": "a"}, "POST /sapi/v1/capital/withdraw/apply"),
        ("get_deposit_history", {"coin": "A"}, "GET /sapi/v1/capital/deposit/hisrec"),
        ("get_withdraw_history", {"coin": "A"}, "GET /sapi/v1/capital/withdraw/history"),
        ("get_deposit_address", {"coin": "A"}, "GET /sapi/v1/capital/deposit/address"),
        (
            "get_deposit_address",
            {"coin": "A", "network": "B"},
            "GET /sapi/v1/capital/deposit/address",
        ),
        ("create_oco_order", {"aboveType": "A", "side": "BUY"}, "POST /api/v3/orderList/oco"),
        ("order_oco_buy", {"aboveType": "A"}, "POST /api/v3/orderList/oco"),
        ("order_oco_sell", {"aboveType": "A"}, "POST /api/v3/orderList/oco"),
    ],
)
def test_a_retired_call_in_the_form_of_1_0_is_its_replacement(
    client, script, call, params, endpoint
) -> None:
    getattr(client, call)(**params)
    assert f"{script.last.method} {script.last.path}" == endpoint
    assert script.last.params.items() >= params.items()
    if "aboveType" in params:
        assert script.last.params["side"] == ("SELL" if call == "order_oco_sell" else "BUY")


def test_parameters_of_1_0_by_their_place(client, script) -> None:
    client.get_deposit_address("BTC", "ETH")
    assert script.last.params.items() >= {"coin": "BTC", "network": "ETH"}.items()
    client.margin_create_listen_token("BTCUSDT", True, 1000)
    by_place = dict(script.last.params)
    client.margin_create_listen_token(symbol="BTCUSDT", isIsolated=True, validity=1000)
    names = ("symbol", "isIsolated", "validity")
    assert [by_place[name] for name in names] == [script.last.params[name] for name in names]
    assert "is_isolated" not in by_place
    client.margin_create_listen_token()
    assert not script.last.params.keys() & set(names)


@pytest.mark.parametrize(
    ("call", "params", "endpoint"),
    [
        ("futures_account", {"version": 3}, "GET /fapi/v3/account"),
        ("futures_account_balance", {"version": 3}, "GET /fapi/v3/balance"),
        (
            "futures_position_information",
            {"version": 3, "symbol": "A"},
            "GET /fapi/v3/positionRisk",
        ),
        ("futures_position_information", {"version": None}, "GET /fapi/v2/positionRisk"),
        ("futures_coin_leverage_bracket", {"version": 1}, "GET /dapi/v1/leverageBracket"),
        (
            "get_subaccount_futures_details",
            {"version": 2},
            "GET /sapi/v2/sub-account/futures/account",
        ),
        ("papi_get_um_account", {"version": 2}, "GET /papi/v2/um/account"),
        ("futures_coin_open_interest_hist", {"version": 2}, "GET /futures/data/openInterestHist"),
        ("withdraw", {"version": 2, "coin": "A"}, "POST /sapi/v2/capital/withdraw/apply"),
        ("futures_create_order", {"version": 2, "type": "STOP"}, "POST /fapi/v2/algoOrder"),
    ],
)
def test_the_version_of_a_path_is_chosen_as_in_1_0(client, script, call, params, endpoint) -> None:
    getattr(client, call)(**params)
    assert f"{script.last.method} {script.last.path}" == endpoint
    assert "version" not in script.last.params
    assert script.last.params.get("symbol") == params.get("symbol")


@pytest.mark.parametrize("version", ["3", "v3", True, 0, -1, 2.0])
def test_what_is_no_version_is_not_sent(client, script, version) -> None:
    with pytest.raises(ValueError, match="version must be a number"):
        client.futures_account(version=version)
    assert script.everything == []


def test_elsewhere_a_version_is_a_parameter_like_others(client, script) -> None:
    client.get_klines(symbol="A", version=2)
    assert (script.last.path, script.last.params["version"]) == ("/api/v3/klines", "2")
    client.request("GET", "/fapi/v2/account", signed=True, version=3)
    assert (script.last.path, script.last.params["version"]) == ("/fapi/v2/account", "3")


def test_an_order_to_another_version_is_asked_for_too(client, script) -> None:
    script.replies = [LOST, (200, {"orderId": 7})]
    assert client.futures_create_order(symbol="A", type="MARKET", version=2) == {"orderId": 7}
    assert [asked.path for asked in script.asked] == ["/fapi/v2/order", "/fapi/v1/order"]


def test_the_tickers_of_one_symbol_as_in_1_0(client, script) -> None:
    for ask, path in (
        (lambda: client.get_all_tickers("A"), "/api/v3/ticker/price"),
        (lambda: client.get_all_tickers(symbol="A"), "/api/v3/ticker/price"),
        (lambda: client.get_orderbook_tickers(symbol="A"), "/api/v3/ticker/bookTicker"),
    ):
        before = client.weight_budget.used()
        ask()
        assert (script.last.path, script.last.query) == (path, "symbol=A")
        assert client.weight_budget.used() - before == 2
    client.get_orderbook_tickers(symbols='["A"]')
    assert script.last.params == {"symbols": '["A"]'}


def test_one_withdrawal_of_many_is_not_asked_for_with_a_coin_either(client, script) -> None:
    with pytest.raises(BinanceRetiredError, match="capital_withdraw_history"):
        client.get_withdraw_history_id("7", coin="A")
    assert script.asked == []


@pytest.mark.parametrize(
    ("call", "arguments", "method"),
    [
        ("stream_get_listen_key", (), "POST"),
        ("stream_keepalive", ("L",), "PUT"),
        ("stream_close", ("L",), "DELETE"),
    ],
)
def test_listen_keys_say_what_the_exchange_answered(
    client, script, call, arguments, method
) -> None:
    script.replies = [(410, "<html><h1>410 Gone</h1></html>")]
    with pytest.raises(BinanceRetiredError, match="start_user_socket") as caught:
        getattr(client, call)(*arguments)
    assert caught.value.status_code == 410
    assert caught.value.response is client.response
    assert (script.last.method, script.last.path) == (method, "/api/v3/userDataStream")
    assert "signature" not in script.last.params


def test_listen_keys_where_they_still_live(make, script) -> None:
    script.replies = [(200, {"listenKey": "L" * 60}), (200, {}), (200, {})]
    client = make("K", "S", tld="us")
    assert client.stream_get_listen_key() == "L" * 60
    assert client.stream_keepalive("L" * 60) == {}
    assert client.stream_close("L" * 60) == {}
    assert script.last.url.startswith("https://api.binance.us/api/v3/userDataStream")


# retries


@pytest.mark.parametrize("failure", [LOST, CUT, REFUSED, LATE, (502, "<html>"), error(-1008)])
def test_a_get_is_tried_again_with_growing_jittered_pauses(client, script, failure) -> None:
    script.replies = [failure, failure, (200, {"ok": 1})]
    assert client.get_order_book(symbol="A") == {"ok": 1}
    assert len(script.asked) == 3
    first, second = client.slept
    assert 0.125 <= first < 0.375
    assert 0.25 <= second < 0.75


def test_a_get_is_not_tried_for_ever(client, script) -> None:
    script.rule = lambda asked: LOST
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.get_order_book(symbol="A")
    assert len(script.asked) == 1 + rest_outcome.RETRIES


def test_a_signed_get_is_signed_anew(client, script, monkeypatch) -> None:
    clock = iter(range(1000, 2000))
    monkeypatch.setattr("binance.rest.calls.time.monotonic", lambda: float(next(clock)))
    script.replies = [LOST, (200, {})]
    client.get_account()
    first, second = (asked.params for asked in script.asked)
    assert int(second["timestamp"]) > int(first["timestamp"])
    assert second["signature"] != first["signature"]


@pytest.mark.parametrize("failure", [error(-1121), (401, {"code": -2015, "msg": ""}), UNTRUSTED])
def test_what_will_not_change_is_not_tried_again(client, script, failure) -> None:
    script.replies = [failure]
    with pytest.raises((BinanceAPIException, requests.exceptions.SSLError)):
        client.get_order_book(symbol="A")
    assert len(script.asked) == 1


@pytest.mark.parametrize("failure", [LOST, CUT, (502, "<html>"), error(-1007, status=408)])
def test_a_post_that_may_have_been_done_is_never_sent_twice(client, script, failure) -> None:
    script.replies = [failure]
    with pytest.raises((BinanceAPIException, requests.RequestException)):
        client.universal_transfer(type="MAIN_MARGIN", asset="BTC", amount=1)
    assert len(script.asked) == 1


@pytest.mark.parametrize("failure", [LOST, CUT, (502, "<html>"), error(-1007, status=408)])
def test_a_get_that_has_an_effect_is_sent_once(client, script, failure) -> None:
    """Such as one for a download, of which the exchange allows five a month."""
    marks = []
    script.rule = lambda asked: marks.append(CALLER.sends_once) or failure
    for name in [route.name for route in routes.table().values() if route.once]:
        with pytest.raises((BinanceAPIException, requests.RequestException)):
            getattr(client, name)()
    with pytest.raises((BinanceAPIException, requests.RequestException)):
        client.request("GET", "/fapi/v1/income/asyn", signed=True)
    assert len(script.asked) == 12
    assert set(marks) == {True}
    assert not CALLER.sends_once


def test_a_get_that_has_an_effect_is_sent_again_if_it_never_left(client, script) -> None:
    script.replies = [REFUSED, (200, {"downloadId": "1"})]
    assert client.futures_v1_get_income_asyn() == {"downloadId": "1"}


@pytest.mark.parametrize("failure", [REFUSED, LATE])
def test_a_post_that_never_left_is_sent_again(client, script, failure) -> None:
    script.replies = [failure, (200, {"tranId": 1})]
    assert client.universal_transfer(type="T", asset="BTC", amount=1) == {"tranId": 1}
    first, second = script.asked
    assert first.params["asset"] == second.params["asset"]


# orders


def test_every_order_has_an_id_of_ours(client, script) -> None:
    client.order_market_buy(symbol="LTCBTC", quantity=1)
    client.order_limit_sell(symbol="LTCBTC", quantity=1, price=1)
    ids = [asked.params["newClientOrderId"] for asked in script.asked]
    assert len(set(ids)) == 2
    assert all(1 <= len(each) <= 36 and each.isalnum() for each in ids)
    assert script.last.params["type"] == "LIMIT"
    assert script.last.params["side"] == "SELL"
    assert script.last.params["timeInForce"] == "GTC"
    client.create_test_order(**ORDER)
    assert "newClientOrderId" not in script.last.params


@pytest.mark.parametrize(
    "failure", [LOST, CUT, (502, "<html>"), (200, "half a bo"), error(-1006), error(-1007)]
)
def test_an_order_whose_reply_was_lost_is_found_by_its_id(client, script, failure) -> None:
    script.replies = [failure, (200, {"orderId": 7, "status": "FILLED"})]
    assert client.create_order(**ORDER) == {"orderId": 7, "status": "FILLED"}
    order, question = script.asked
    assert (question.method, question.path) == ("GET", "/api/v3/order")
    assert question.params["origClientOrderId"] == order.params["newClientOrderId"]
    assert question.params["symbol"] == "LTCBTC"


def test_an_order_that_shows_late_is_still_found(client, script) -> None:
    missing = error(-2013, "Order does not exist.")
    script.replies = [LOST, missing, missing, (200, {"orderId": 7})]
    assert client.create_order(**ORDER)["orderId"] == 7
    assert [asked.method for asked in script.asked] == ["POST", "GET", "GET", "GET"]
    assert client.slept == list(rest_outcome.ORDER_QUERIES[:3])


@pytest.mark.parametrize("market", ["", "futures_"])
def test_an_order_of_unknown_fate(client, script, market) -> None:
    script.rule = lambda asked: LOST if asked.method == "POST" else error(-2013, "No such order.")
    words = f"asked for it 4 times with {market}get_order: .*No such order"
    with pytest.raises(OrderStatusUnknown, match=words) as caught:
        getattr(client, f"{market}create_order")(**ORDER, newClientOrderId="mine")
    assert (caught.value.symbol, caught.value.client_order_id) == ("LTCBTC", "mine")
    assert [asked.method for asked in script.asked].count("POST") == 1
    # By the last question the receive window of 5 s has passed: an order on its way is refused.
    assert sum(client.slept) > 5
    assert caught.value.__context__ is None


def test_an_older_order_of_the_same_id_is_not_taken_for_the_new_one(client, script) -> None:
    old = (200, {"orderId": 6, "time": NOW - 60_000})
    script.rule = lambda asked: LOST if asked.method == "POST" else old
    with pytest.raises(OrderStatusUnknown, match="only an older order of that id"):
        client.create_order(**ORDER, newClientOrderId="mine")
    script.rule = lambda asked: None
    script.replies = [LOST, old, (200, {"orderId": 7, "time": NOW + 5})]
    assert client.create_order(**ORDER, newClientOrderId="mine")["orderId"] == 7


def test_nor_where_the_timestamp_was_the_callers(client, script) -> None:
    old = (200, {"orderId": 6, "time": NOW - 60_000})
    script.rule = lambda asked: LOST if asked.method == "POST" else old
    for timestamp in (NOW, str(NOW), NOW * 1000):
        old[1]["time"] *= 1000 if timestamp == NOW * 1000 else 1  # what the call has asked for
        with pytest.raises(OrderStatusUnknown, match="only an older order of that id"):
            client.create_order(**ORDER, newClientOrderId="mine", timestamp=timestamp)


def test_an_answer_that_cannot_be_read_leaves_the_fate_unknown(client, script) -> None:
    script.rule = lambda asked: LOST if asked.method == "POST" else (200, [7])
    with pytest.raises(OrderStatusUnknown, match="not subscriptable"):
        client.create_order(**ORDER, timestamp=NOW)


@pytest.mark.parametrize("answer", [[], None, 7, {}])
def test_what_is_no_order_is_not_taken_for_one(client, script, answer) -> None:
    script.rule = lambda asked: LOST if asked.method == "POST" else (200, answer)
    with pytest.raises(OrderStatusUnknown, match="the answer is no order"):
        client.create_order(**ORDER)


@pytest.mark.parametrize("answer", [[], None, 7])
def test_an_order_that_was_not_answered_as_one_is_asked_for(client, script, answer) -> None:
    script.replies = [(200, answer), (200, {"orderId": 7})]
    assert client.create_order(**ORDER) == {"orderId": 7}
    assert [asked.method for asked in script.asked] == ["POST", "GET"]


def test_an_order_is_not_of_unknown_fate_where_only_the_clock_could_not_be_read(
    client, script
) -> None:
    def silent():
        raise requests.ReadTimeout("timed out")

    script.clock = silent
    with pytest.raises(requests.ReadTimeout):
        client.create_order(**ORDER)
    assert script.asked == []
    assert len(script.clock_asked) == 1 + rest_outcome.RETRIES


@pytest.mark.parametrize("reply", [LOST, (502, "<html>"), (200, "<html>"), (200, None)])
def test_of_a_replaced_order_the_id_is_told(client, script, reply) -> None:
    script.rule = lambda asked: reply
    with pytest.raises(OrderStatusUnknown, match="whether the order that it replaces") as caught:
        client.cancel_replace_order(
            symbol="LTCBTC", side="BUY", type="MARKET", cancelReplaceMode="STOP_ON_FAILURE"
        )
    (sent,) = script.asked
    assert caught.value.client_order_id == sent.params["newClientOrderId"]
    assert caught.value.symbol == "LTCBTC"


def test_when_the_link_stays_down_the_fate_is_unknown(client, script) -> None:
    script.rule = lambda asked: LOST
    with pytest.raises(OrderStatusUnknown, match="timed out"):
        client.create_order(**ORDER)
    assert [asked.method for asked in script.asked].count("POST") == 1


@pytest.mark.parametrize("failure", [error(-2010, "no funds"), error(-1008), error(-1013)])
def test_an_order_that_was_refused_is_not_asked_for(client, script, failure) -> None:
    script.replies = [failure]
    with pytest.raises(BinanceAPIException):
        client.create_order(**ORDER)
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("call", "params", "order_id", "path", "asked_by"),
    [
        (
            "create_margin_order",
            {**ORDER, "isIsolated": "TRUE"},
            "newClientOrderId",
            "/sapi/v1/margin/order",
            {"origClientOrderId", "symbol", "isIsolated"},
        ),
        (
            "futures_create_order",
            ORDER,
            "newClientOrderId",
            "/fapi/v1/order",
            {"origClientOrderId", "symbol"},
        ),
        (
            "futures_create_algo_order",
            ORDER,
            "clientAlgoId",
            "/fapi/v1/algoOrder",
            {"clientAlgoId"},
        ),
        (
            "futures_coin_create_order",
            ORDER,
            "newClientOrderId",
            "/dapi/v1/order",
            {"origClientOrderId", "symbol"},
        ),
        (
            "eapi_create_order",
            ORDER,
            "clientOrderId",
            "/eapi/v1/order",
            {"clientOrderId", "symbol"},
        ),
        (
            "create_order_list_oco",
            {
                "symbol": "LTCBTC",
                "side": "BUY",
                "quantity": 1,
                "aboveType": "STOP_LOSS",
                "belowType": "LIMIT_MAKER",
            },
            "listClientOrderId",
            "/api/v3/orderList",
            {"origClientOrderId"},
        ),
    ],
)
def test_each_kind_of_order_is_asked_for_its_own_way(
    client, script, call, params, order_id, path, asked_by
) -> None:
    script.replies = [LOST, (200, {"found": 1})]
    assert getattr(client, call)(**params) == {"found": 1}
    order, question = script.asked
    assert (question.method, question.path) == ("GET", path)
    assert set(question.params) - {"timestamp", "signature"} == asked_by
    asked_for = question.params.get("origClientOrderId") or question.params[order_id]
    assert asked_for == order.params[order_id]


def test_an_order_by_request_is_settled_too(client, script) -> None:
    script.replies = [LOST, (200, {"orderId": 1})]
    assert client.request("POST", "/api/v3/order", signed=True, **ORDER) == {"orderId": 1}


# the clock


def test_the_clock_is_measured_when_first_needed(client, script) -> None:
    assert client.timestamp_offset == 0
    client.ping()
    assert client.timestamp_offset == 0
    client.get_account()
    assert abs(time.time() * 1000 + client.timestamp_offset - NOW) < 5000


def test_a_call_for_microseconds_measures_the_clock_in_milliseconds(client, script) -> None:
    script.clock = lambda: NOW * 1000
    client.get_account(requests_params={"headers": {"X-MBX-TIME-UNIT": "MICROSECOND"}})
    assert 0 <= int(script.last.params["timestamp"]) - NOW < 5000


def test_a_refused_timestamp_measures_the_clock_and_tries_once_more(client, script) -> None:
    drift = [0]
    started = time.monotonic()

    def exchange_ms():
        return NOW + drift[0] + int((time.monotonic() - started) * 1000)

    def rule(asked):
        late = exchange_ms() - int(asked.params["timestamp"])
        fits = -1000 < late <= 5000
        return (200, {"ok": 1}) if fits else error(-1021, "outside of the recvWindow")

    script.clock, script.rule = exchange_ms, rule
    assert client.get_account() == {"ok": 1}
    assert len(script.clock_asked) == 1
    drift[0] -= 60_000  # our timestamps are now a minute in the exchange's future
    assert client.get_account() == {"ok": 1}
    assert client.create_order(**ORDER) == {"ok": 1}
    assert len(script.clock_asked) == 2
    drift[0] += 60_000
    assert client.create_order(**ORDER) == {"ok": 1}
    assert len(script.clock_asked) == 3


def test_a_timestamp_refused_twice_is_told(client, script) -> None:
    script.rule = lambda asked: error(-1021)
    with pytest.raises(BinanceAPIException, match="-1021"):
        client.get_account()
    assert len(script.asked) == 2


def test_an_offset_that_the_user_sets_is_used(client, script) -> None:
    client.timestamp_offset = -2500
    assert client.timestamp_offset == -2500
    before = time.time() * 1000
    client.get_account()
    after = time.time() * 1000
    assert before - 1000 < int(script.last.params["timestamp"]) + 2500 < after + 1000


def test_each_market_has_a_clock_of_its_own(client, script) -> None:
    client.futures_account()
    client.futures_account()
    client.get_margin_account()
    client.get_account()
    client.futures_coin_account()
    assert script.clock_asked == ["/fapi/v1/time", "/api/v3/time", "/dapi/v1/time"]


# limits


@pytest.mark.parametrize("status", [429, 418])
def test_a_ban_is_respected_locally_until_it_is_over(client, script, monkeypatch, status) -> None:
    now = [1000.0]
    monkeypatch.setattr("binance.rest.limits.time.monotonic", lambda: now[0])
    script.replies = [error(-1003, "Way too much", status, Retry_After="30"), (200, {})]
    with pytest.raises(BinanceAPIException) as caught:
        client.get_order_book(symbol="A")
    assert (caught.value.code, caught.value.retry_after) == (-1003, 30)
    for later in (0.0, 29.5, 29.9999):
        now[0] = 1000 + later
        with pytest.raises(BinanceAPIException, match="was not sent") as caught:
            client.get_order_book(symbol="A")
        assert (caught.value.status_code, caught.value.code) == (status, -1003)
        assert 30 - later <= caught.value.retry_after < 30.001 - later  # who waits so long may ask
        with pytest.raises(BinanceAPIException, match="was not sent"):
            client.create_order(**ORDER)
    assert len(script.asked) == 1
    now[0] = 1030.5
    client.get_order_book(symbol="A")
    assert len(script.asked) == 2


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"Retry_After": "9" * 400}, "Way too much", 3 * 86_400.0),
        ({}, "IP(1.2.3.4) banned until %d. Please use websockets", 900.0),
        ({}, "Way too much", 120.0),
    ],
)
def test_how_long_a_ban_lasts(client, script, headers, message, seconds) -> None:
    message = message.replace("%d", str(int((time.time() + 900) * 1000)))
    script.replies = [error(-1003, message, 418, **headers)]
    with pytest.raises(BinanceAPIException) as caught:
        client.ping()
    assert caught.value.retry_after == pytest.approx(seconds, abs=5)
    with pytest.raises(BinanceAPIException, match="was not sent") as caught:
        client.ping()
    assert caught.value.retry_after == pytest.approx(seconds, abs=5)
    assert len(script.asked) == 1


def test_a_ban_holds_for_all_clients_of_the_process_but_not_for_other_hosts(make, script) -> None:
    script.replies = [error(-1003, "", 418, Retry_After="60"), (200, {})]
    with pytest.raises(BinanceAPIException):
        make().ping()
    with pytest.raises(BinanceAPIException, match="was not sent"):
        make().ping()
    with pytest.raises(BinanceAPIException, match="was not sent"):
        make("K", "S").get_system_status()  # another family, the same host
    make(tld="us").ping()
    assert len(script.asked) == 2


FUTURES = {
    "order_book": {"symbol": "A"},
    "coin_order_book": {"symbol": "A"},
    "open_interest_hist": {"symbol": "A", "period": "5m"},
    "coin_open_interest_hist": {"pair": "A", "period": "5m"},
}


@pytest.mark.parametrize("options", [{}, {"testnet": True}], ids=str)
@pytest.mark.parametrize("banned", FUTURES)
def test_a_ban_of_futures_holds_for_their_data_too(make, script, options, banned) -> None:
    client = make("K", "S", **options)
    script.replies = [error(-1003, "", 418, Retry_After="60")]
    for name in (banned, *FUTURES):
        with pytest.raises(BinanceAPIException):
            getattr(client, f"futures_{name}")(**FUTURES[name])
    assert len(script.asked) == 1
    client.ping()


def test_a_pause_of_futures_data_is_not_one_of_orders(client, script) -> None:
    script.replies = [error(-1003, "", 429, Retry_After="60"), (200, {})]
    with pytest.raises(BinanceAPIException):
        client.futures_open_interest_hist(**FUTURES["open_interest_hist"])
    client.futures_get_open_orders()
    assert len(script.asked) == 2


def test_a_ban_holds_for_all_names_of_spots_rest(make, script) -> None:
    script.replies = [error(-1003, "", 418, Retry_After="60")]
    with pytest.raises(BinanceAPIException):
        make(base_endpoint="1").ping()
    for base in ("", "2"):
        with pytest.raises(BinanceAPIException, match="was not sent"):
            make(base_endpoint=base).ping()


def test_a_password_in_an_assigned_address_is_not_shown(client, script) -> None:
    client.API_URL = "https://me:hunter2@gateway.example:8443/api"
    script.replies = [error(-1003, "", 429, Retry_After="60")]
    with pytest.raises(BinanceAPIException):
        client.ping()
    with pytest.raises(BinanceAPIException, match=r"not sent: gateway\.example:8443 answered"):
        client.ping()
    assert list(GATES.used()) == [("gateway.example:8443", "api")]


def test_a_limit_of_one_family_leaves_the_others_alone(client, script) -> None:
    script.replies = [error(-1003, "", 429, Retry_After="60"), (200, {})]
    with pytest.raises(BinanceAPIException):
        client.get_order_book(symbol="A")
    client.get_system_status()
    assert len(script.asked) == 2


def test_too_many_orders_is_not_a_ban(client, script) -> None:
    script.replies = [error(-1015, "Too many new orders", 429), (200, {"orderId": 1})]
    with pytest.raises(BinanceAPIException, match="-1015"):
        client.create_order(**ORDER)
    assert client.create_order(**ORDER) == {"orderId": 1}


def test_weight_is_learnt_from_the_headers_and_calls_for_data_wait(
    client, script, monkeypatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("binance.rest.limits.time.monotonic", lambda: now[0])
    client._sleep = lambda seconds: (
        client.slept.append(seconds),
        now.__setitem__(0, now[0] + seconds),
    )
    script.replies = [(200, {}, {"x-mbx-used-weight-1m": "3990"})]
    client.get_order_book(symbol="A", limit=100)
    assert client.weight_budget.used() == 3990
    assert client.weight_budget.limit == 6000
    client.get_order_book(symbol="A", limit=100)  # 3995 of the 4000 that public data may use
    client.get_account()  # the account's own data has room up to 6000
    client.create_order(**ORDER)
    assert client.slept == []
    client.get_order_book(symbol="A", limit=100)
    assert sum(client.slept) == pytest.approx(60)


def test_a_call_that_would_wait_too_long_is_refused(make, script, monkeypatch) -> None:
    monkeypatch.setattr("binance.rest.limits.time.monotonic", lambda: 1000.0)
    client = make("K", "S", max_wait=5)
    script.replies = [(200, {}, {"X-MBX-USED-WEIGHT-1M": "6000"})]
    client.ping()
    with pytest.raises(BinanceAPIException, match="no room for 60 s") as caught:
        client.get_order_book(symbol="A")
    assert caught.value.retry_after == 60
    client.create_order(**ORDER)  # never held back: the exchange decides
    assert [asked.path for asked in script.asked] == ["/api/v3/ping", "/api/v3/order"]


@pytest.mark.parametrize(
    ("is_running", "is_its_thread"), [(True, True), (True, False), (False, True), (None, True)]
)
def test_in_the_reactor_thread_no_call_waits_for_room(
    make, script, monkeypatch, is_running, is_its_thread
) -> None:
    """All sockets would wait too, and no ping would be answered."""
    made = None if is_running is None else SimpleNamespace(running=is_running)
    monkeypatch.setitem(sys.modules, "twisted.internet.reactor", made)
    monkeypatch.setattr(threadable, "isInIOThread", lambda: is_its_thread)
    client = make("K", "S")
    monkeypatch.setattr("binance.rest.limits.time.monotonic", lambda: sum(client.slept, 1000.0))
    script.replies = [(200, {}, {"X-MBX-USED-WEIGHT-1M": "6000"})]
    client.ping()
    if not (is_running and is_its_thread):
        client.get_order_book(symbol="A")
        assert sum(client.slept) == pytest.approx(60)
        return
    with pytest.raises(BinanceAPIException, match=r"no room for 60 s.*dispatch='thread'") as caught:
        client.get_order_book(symbol="A")
    assert (caught.value.code, caught.value.retry_after, client.slept) == (-1003, 60, [])
    client.create_order(**ORDER)
    assert [asked.path for asked in script.asked] == ["/api/v3/ping", "/api/v3/order"]


def test_nothing_runs_in_a_reactor_that_cannot_be_used(monkeypatch) -> None:
    """As in a forked child: its thread has the id of the reactor thread if that has forked it."""
    made = SimpleNamespace(running=True)
    monkeypatch.setitem(sys.modules, "twisted.internet.reactor", made)
    monkeypatch.setattr(threadable, "isInIOThread", lambda: True)
    monkeypatch.setattr(reactor, "_process", reactor._Process())
    assert calls._in_reactor_thread()
    reactor._process.is_forked = True
    assert not calls._in_reactor_thread()


def test_what_cannot_wait_there_may_use_the_whole_limit(client, script, monkeypatch) -> None:
    """A share of it is left to calls of the account, so that those need not wait."""
    monkeypatch.setattr("binance.rest.calls._in_reactor_thread", lambda: True)
    script.replies = [(200, {}, {"X-MBX-USED-WEIGHT-1M": "5990"})]
    client.ping()
    client.get_order_book(symbol="A", limit=100)
    assert client.weight_budget.used() == 5995


def test_the_question_for_an_order_waits_for_no_room_either(client, script, monkeypatch) -> None:
    """There, and anywhere else: a wait would take much longer than the order may be under way."""
    script.replies = [(200, {}, {"X-MBX-USED-WEIGHT-1M": "6000"})]
    client.ping()
    order, caller = (200, {"orderId": 7}), client._ws_caller("spot")
    question = SimpleNamespace(rest="get_order", params={"symbol": "A", "origClientOrderId": "x"})
    for is_inside in (True, False):
        monkeypatch.setattr("binance.rest.calls._in_reactor_thread", lambda here=is_inside: here)
        client.slept.clear()
        script.replies = [LOST, order, order]
        assert client.create_order(**ORDER) == {"orderId": 7}
        assert caller.ask(question) == ({"orderId": 7}, "")
        assert client.slept == [rest_outcome.ORDER_QUERIES[0]]


def test_a_hundred_heavy_calls_never_pass_the_limit(make, script, monkeypatch) -> None:
    """A crowd of order book snapshots against an exchange that counts weight by the minute."""
    now = [0.0]
    monkeypatch.setattr("binance.rest.limits.time.monotonic", lambda: now[0])
    spent: list[tuple[float, int]] = []

    def rule(asked):
        spent.append((now[0], 250))
        used = sum(weight for at, weight in spent if at // 60 == now[0] // 60)
        return (200, {}, {"X-MBX-USED-WEIGHT-1M": str(used)})

    script.rule = rule
    client = make(max_wait=600)
    client._sleep = lambda seconds: now.__setitem__(0, now[0] + seconds)
    for _ in range(100):
        client.get_order_book(symbol="A", limit=5000)
    for minute in {at // 60 for at, _ in spent}:
        assert sum(weight for at, weight in spent if at // 60 == minute) <= 6000
    assert now[0] <= 6 * 60


# special answers


def test_the_earliest_valid_timestamp(client, script) -> None:
    script.replies = [(200, [[1_502_942_400_000, "4261.48"]])]
    assert client._get_earliest_valid_timestamp("BTCUSDT", "1d") == 1_502_942_400_000
    assert script.last.query == "symbol=BTCUSDT&interval=1d&startTime=0&limit=1"


def test_get_symbol_info(client, script) -> None:
    script.rule = lambda asked: (200, {"symbols": [{"symbol": "BTCUSDT", "x": 1}]})
    assert client.get_symbol_info("btcusdt") == {"symbol": "BTCUSDT", "x": 1}
    assert client.get_symbol_info("NONE") is None


def test_get_asset_balance(client, script) -> None:
    script.rule = lambda asked: (200, {"balances": [{"asset": "BTC", "free": "1"}]})
    assert client.get_asset_balance("btc") == {"asset": "BTC", "free": "1"}
    assert client.get_asset_balance(asset="XYZ") is None
    assert {"asset": "BTC", "free": "1"} in client.get_asset_balance()


def test_no_network_and_no_thread_in_the_constructor(monkeypatch) -> None:
    def refuse(*args, **kwargs):
        raise AssertionError("the network was used")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    client = Client("K", "S")
    assert client.response is None
    assert client._requests_params is None


# Futures: conditional orders, one budget, counts of orders

STOP = {"symbol": "BTCUSDT", "side": "SELL", "type": "STOP_MARKET", "quantity": 1}
ALGO_ONLY = error(-4120, "Please use the Algo Order API endpoints instead.")


def test_a_conditional_order_of_usdm_takes_the_path_that_the_exchange_has_for_it(
    client, script
) -> None:
    script.replies = [(200, {"algoId": 7})]
    asked = {**STOP, "stopPrice": 9, "newClientOrderId": "mine", "activationPrice": None}
    assert client.futures_create_order(**asked) == {"algoId": 7}
    assert [(one.method, one.path) for one in script.asked] == [("POST", "/fapi/v1/algoOrder")]
    sent = script.last.params
    assert (sent["algoType"], sent["triggerPrice"]) == ("CONDITIONAL", "9")
    assert sent["clientAlgoId"] == "mine"
    assert not sent.keys() & {"stopPrice", "newClientOrderId"}


def test_a_conditional_order_of_coinm_works_whichever_path_the_exchange_has(client, script) -> None:
    script.replies = [(200, {"orderId": 7})]
    assert client.futures_coin_create_order(**STOP, stopPrice=9) == {"orderId": 7}
    assert script.last.path == "/dapi/v1/order"
    assert script.last.params["stopPrice"] == "9"

    script.asked.clear()
    script.replies = [ALGO_ONLY, (200, {"algoId": 8}), (200, {"algoId": 9})]
    assert client.futures_coin_create_order(**STOP, stopPrice=9) == {"algoId": 8}
    assert client.futures_coin_create_order(**STOP, stopPrice=9) == {"algoId": 9}
    old, new = "/dapi/v1/order", "/dapi/v1/algoOrder"
    assert [one.path for one in script.asked] == [old, new, new]  # it has learned that


@pytest.mark.parametrize(
    ("name", "params", "usual", "of_algo"),
    [
        ("futures_get_order", {"algoId": 7, "orderId": None}, "GET order", "GET algoOrder"),
        ("futures_get_order", {"clientAlgoId": "C"}, "GET order", "GET algoOrder"),
        ("futures_cancel_order", {"algoId": 7}, "DELETE order", "DELETE algoOrder"),
        ("futures_get_open_orders", {}, "GET openOrders", "GET openAlgoOrders"),
        ("futures_get_all_orders", {}, "GET allOrders", "GET allAlgoOrders"),
        (
            "futures_cancel_all_open_orders",
            {},
            "DELETE allOpenOrders",
            "DELETE algoOpenOrders",
        ),
    ],
)
def test_calls_of_1_0_about_conditional_orders_take_the_path_of_those(
    client, script, name, params, usual, of_algo
) -> None:
    call = getattr(client, name)
    call(symbol="A", **params, conditional=True)
    call(symbol="A", **params)  # an id alone is enough
    call(symbol="A", orderId=7, conditional=False)
    paths = [f"{one.method} {one.path.removeprefix('/fapi/v1/')}" for one in script.asked]
    assert paths == [of_algo, of_algo if params else usual, usual]
    given = {"symbol": "A"} | {name: str(value) for name, value in params.items() if value}
    for one, sent in zip(
        script.asked, [given, given, {"symbol": "A", "orderId": "7"}], strict=True
    ):
        assert one.params.items() >= sent.items()
        assert one.params.keys() == {*sent, "timestamp", "signature"}


@pytest.mark.parametrize(
    "name", ["futures_get_open_orders", "futures_get_all_orders", "futures_cancel_all_open_orders"]
)
def test_the_id_of_one_conditional_order_does_not_make_a_call_about_all_of_them(
    client, script, name
) -> None:
    getattr(client, name)(symbol="A", algoId=7)
    assert "algo" not in script.last.path.lower()


@pytest.mark.parametrize("name", ["cancel_all_open_orders", "futures_coin_cancel_all_open_orders"])
def test_calls_that_know_no_conditional_orders_leave_it_to_the_exchange_to_refuse_them(
    client, script, name
) -> None:
    getattr(client, name)(symbol="A", conditional=True)
    assert script.last.params["conditional"] == "true"


def test_only_that_refusal_sends_a_conditional_order_elsewhere(client, script) -> None:
    script.replies = [error(-2019, "Margin is insufficient.")]
    with pytest.raises(BinanceAPIException, match="insufficient"):
        client.futures_coin_create_order(**STOP, stopPrice=9)
    limit = {"symbol": "A", "side": "BUY", "type": "LIMIT"}
    script.replies = [ALGO_ONLY]
    with pytest.raises(BinanceAPIException, match="Algo Order"):
        client.futures_coin_create_order(**limit)
    assert len(script.asked) == 2


@pytest.mark.parametrize(
    ("place", "path", "id_name"),
    [
        ("futures_create_algo_order", "/fapi/v1/algoOrder", "clientAlgoId"),
        ("futures_coin_create_algo_order", "/dapi/v1/algoOrder", "clientAlgoId"),
        ("futures_coin_create_order", "/dapi/v1/order", "origClientOrderId"),
        ("papi_create_um_order", "/papi/v1/um/order", "origClientOrderId"),
        ("papi_create_cm_order", "/papi/v1/cm/order", "origClientOrderId"),
    ],
)
def test_a_futures_order_whose_reply_is_lost_is_asked_for_and_never_sent_twice(
    client, script, place, path, id_name
) -> None:
    born = {"time": NOW, "createTime": NOW}
    script.replies = [LOST, error(-2013, "no"), (200, {"orderId": 5, **born})]
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "quantity": 1}
    assert getattr(client, place)(**order)["orderId"] == 5
    assert [(one.method, one.path) for one in script.asked] == [
        ("POST", path),
        ("GET", path),
        ("GET", path),
    ]
    sent, asked = script.asked[0].params, script.asked[1].params
    assert asked[id_name] in (sent.get("newClientOrderId"), sent.get("clientAlgoId"))


@pytest.mark.parametrize("market", ["um", "cm"])
@pytest.mark.parametrize("is_open", [True, False])
def test_a_conditional_order_of_portfolio_margin_is_looked_for_where_it_may_be(
    client, script, is_open, market
) -> None:
    """An open one is not in the history."""

    def rule(asked):
        if asked.method == "POST":
            return LOST
        if asked.path != f"/papi/v1/{market}/conditional/{where}":
            return (400, {"code": -2013, "msg": "Order does not exist."})
        return (200, {"strategyId": 7, "bookTime": NOW - 60_000 * is_old})

    where = "openOrder" if is_open else "orderHistory"
    create = getattr(client, f"papi_create_{market}_conditional_order")
    script.rule, is_old = rule, False
    assert create(symbol="A", strategyType="STOP")
    is_old = True
    with pytest.raises(OrderStatusUnknown, match="is unknown"):
        create(symbol="A", strategyType="STOP")
    assert sum(one.method == "POST" for one in script.asked) == 2


@pytest.mark.parametrize("is_there", [True, False])
def test_a_conditional_order_of_coinm_is_looked_for_in_the_list_without_a_query_for_one(
    client, script, is_there
) -> None:
    def rule(asked):
        match asked.method, asked.path:
            case "POST", _:
                return LOST
            case "GET", "/dapi/v1/openAlgoOrders":
                sent = script.asked[0].params["clientAlgoId"]
                mine = [{"clientAlgoId": sent, "algoId": 7, "createTime": NOW}]
                return (200, [{"clientAlgoId": "other", "algoId": 6}, *mine * is_there])
        return (404, "")

    script.rule = rule
    order = STOP | {"triggerPrice": 9, "requests_params": {"timeout": 3}}
    if is_there:
        assert client.futures_coin_create_algo_order(**order)["algoId"] == 7
        path = "/dapi/v1/algoOrder"
        assert [one.path for one in script.asked] == [path, path, "/dapi/v1/openAlgoOrders"]
    else:
        with pytest.raises(OrderStatusUnknown):
            client.futures_coin_create_algo_order(**order)
    assert sum(one.method == "POST" for one in script.asked) == 1
    assert {one.options["timeout"] for one in script.everything} == {3}


@pytest.mark.parametrize(
    ("call", "params"),
    [
        ("futures_cancel_algo_order", {"algoId": 1}),
        ("futures_cancel_order", {"symbol": "A", "algoId": 1}),
        ("futures_cancel_all_open_orders", {"symbol": "A", "conditional": True}),
        ("futures_coin_cancel_all_algo_open_orders", {"symbol": "A"}),
        ("futures_stream_get_listen_key", {}),
        ("futures_coin_stream_keepalive", {"listenKey": "L" * 64}),
        ("papi_cancel_um_order", {"symbol": "A", "orderId": 1}),
    ],
)
def test_what_has_effects_on_futures_is_sent_once(client, script, call, params) -> None:
    script.replies = [LOST]
    with pytest.raises(requests.RequestException):
        getattr(client, call)(**params)
    assert len(script.asked) == 1


def test_usdm_and_coinm_have_one_budget_of_weight(client, script) -> None:
    script.replies = [(200, {}, {"X-MBX-USED-WEIGHT-1M": "2300"})]
    client.futures_order_book(symbol="BTCUSDT")
    for market in ("usdm", "coinm"):
        assert (client.budget_of(market).used(), client.budget_of(market).limit) == (2300, 2400)
    assert client.budget_of("spot").used() == 0
    client.max_wait = 0.0
    with pytest.raises(BinanceAPIException, match="was not sent"):
        client.futures_coin_historical_trades(symbol="BTCUSD_PERP")
    assert len(script.asked) == 1


def test_a_pause_that_the_exchange_asks_for_on_usdm_holds_for_coinm(client, script) -> None:
    script.replies = [error(-1003, status=429, Retry_After="7")]
    for call in (client.futures_order_book, client.futures_coin_order_book):
        with pytest.raises(BinanceAPIException) as caught:
            call(symbol="A")
        assert caught.value.code == -1003
    assert len(script.asked) == 1
    assert client.get_server_time()


def test_the_exchanges_counts_of_orders_are_kept_for_each_market(client, script) -> None:
    assert client.order_counts("coinm") == {}
    counts = {"X-MBX-ORDER-COUNT-10S": "3", "X-MBX-ORDER-COUNT-1M": "40"}
    script.replies = [(200, {"orderId": 1}, counts), (200, {})]
    client.futures_create_order(symbol="A", side="BUY", type="MARKET", quantity=1)
    client.futures_get_open_orders(symbol="A")
    assert client.order_counts("usdm") == client.order_counts("coinm") == {"10s": 3, "1m": 40}
    assert client.order_counts() == {}
    with pytest.raises(ValueError, match="market must be one of spot, usdm, coinm, options"):
        client.order_counts("futures")
