"""Requests over the WebSocket API, against the simulator: keys, faults, and the fate of orders."""

import logging
import re
import threading
import time

import pytest

from binance.client import Client
from binance.exceptions import (
    BinanceAPIException,
    BinanceConnectionError,
    BinanceReactorError,
    OrderStatusUnknown,
)
from binance.rest import ws_calls
from binance.simulator.accounts import api_keys
from binance.simulator.rules.errors import UNKNOWN_METHOD
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.client.orders_under_faults import at_the_exchange, judge, run, start_faults, tried
from tests.client.test_fates import Proxy
from tests.pace import paced

pytestmark = pytest.mark.loopback

ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": 0.001}
RESTING = {"symbol": "BTCUSDT", "quantity": "0.001", "price": 20000}
KEYS = {
    "HMAC": {"api_key": api_keys.HMAC_KEY, "api_secret": api_keys.HMAC_SECRET},
    "RSA": {"api_key": api_keys.RSA_KEY, "private_key": api_keys.RSA_PRIVATE_KEY},
    "Ed25519": {"api_key": api_keys.ED25519_KEY, "private_key": api_keys.ED25519_PRIVATE_KEY},
}


@pytest.fixture(scope="module")
def shared_venue():
    with ExchangeProcess(
        seed=5, symbols=["BTCUSDT", "BNBBTC"], rate=5, levels=50, orders=1_000_000
    ) as venue:
        yield venue
        assert venue.errors() == ""


@pytest.fixture
def venue(shared_venue, monkeypatch):
    for name, value in shared_venue.env.items():
        monkeypatch.setenv(name, value)
    shared_venue.clear()
    yield shared_venue
    shared_venue.clear()


@pytest.fixture
def made(venue):
    """Makes clients, and closes them."""
    clients = []

    def make(kind="HMAC", **options):
        clients.append(Client(**KEYS[kind] | options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def count(venue, method):
    return venue.stats()["requests"].get(method, 0)


def eventually(holds):
    end = time.monotonic() + paced(20)
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("kind", KEYS)
def test_orders_of_each_kind_of_key(made, venue, kind):
    client, logons = made(kind), count(venue, "session.logon")
    bought = client.ws_create_order(**ORDER)
    assert bought["status"] == "FILLED"
    assert client.ws_get_order(symbol="BTCUSDT", orderId=bought["orderId"])["status"] == "FILLED"
    resting = client.ws_order_limit_buy(**RESTING)
    amended = client.ws_amend_order_keep_priority(
        symbol="BTCUSDT", orderId=resting["orderId"], newQty="0.0009"
    )
    assert amended["amendedOrder"]["qty"] == "0.00090000"
    replaced = client.ws_cancel_and_replace_order(
        **RESTING | {"price": 21000},
        side="BUY",
        type="LIMIT",
        timeInForce="GTC",
        cancelReplaceMode="STOP_ON_FAILURE",
        cancelOrderId=resting["orderId"],
    )
    assert replaced["newOrderResult"] == "SUCCESS"
    new = replaced["newOrderResponse"]["orderId"]
    assert [o["orderId"] for o in client.ws_get_open_orders(symbol="BTCUSDT")] == [new]
    assert client.ws_cancel_order(symbol="BTCUSDT", orderId=new)["status"] == "CANCELED"
    assert client.ws_create_test_order(**ORDER) == {}
    assert client.ws_create_sor_order(**ORDER)[0]["usedSor"] is True
    (rate,) = client.ws_get_account_rate_limits_orders()
    assert rate["rateLimitType"] == "ORDERS"
    assert count(venue, "session.logon") - logons == (kind == "Ed25519")


def test_order_lists(made):
    client = made()
    oco = {
        "symbol": "BTCUSDT",
        "side": "BUY",
        "quantity": "0.001",
        "aboveType": "STOP_LOSS",
        "aboveStopPrice": 300000,
        "belowType": "LIMIT_MAKER",
        "belowPrice": 20000,
    }
    placed = client.ws_create_oco_order(**oco)
    assert placed["listOrderStatus"] == "EXECUTING"
    id = placed["orderListId"]
    assert client.ws_get_oco_order(orderListId=id)["orderListId"] == id
    assert [each["orderListId"] for each in client.ws_get_oco_open_orders()] == [id]
    ended = client.ws_cancel_oco_order(symbol="BTCUSDT", orderListId=id)
    assert ended["listOrderStatus"] == "ALL_DONE"
    assert id in [each["orderListId"] for each in client.ws_get_all_order_lists()]


@pytest.mark.parametrize("market", ["futures", "futures_coin"])
def test_futures(made, market):
    client = made()
    symbol = "BTCUSDT" if market == "futures" else "BTCUSD_PERP"
    call = lambda name, **params: getattr(client, f"ws_{market}_{name}")(**params)  # noqa: E731
    resting = {"symbol": symbol, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC"}
    placed = call("create_order", **resting, quantity=1, price=20000)
    assert placed["status"] == "NEW"
    id = {"symbol": symbol, "orderId": placed["orderId"]}
    assert call("get_order", **id)["clientOrderId"] == placed["clientOrderId"]
    assert float(call("edit_order", **id, side="BUY", quantity=1, price=19000)["price"]) == 19000
    assert call("cancel_order", **id)["status"] == "CANCELED"
    assert call("account_balance")
    assert isinstance(call("account_position"), list)
    assert "assets" in call("account_status")


def test_conditional_orders_of_futures_have_methods_of_their_own(made):
    client = made()
    placed = client.ws_futures_create_order(
        symbol="BTCUSDT", side="SELL", type="STOP_MARKET", quantity=1, stopPrice=20000
    )
    assert placed["algoStatus"] == "NEW"
    id = {"symbol": "BTCUSDT", "algoId": placed["algoId"]}
    assert client.futures_get_open_orders(conditional=True) == [client.futures_get_order(**id)]
    client.ws_futures_cancel_order(**id, conditional=True)
    assert client.futures_get_open_orders(symbol="BTCUSDT", conditional=True) == []
    assert client.futures_get_algo_order(algoId=placed["algoId"])["algoStatus"] == "CANCELED"


def test_every_method_is_known_to_the_simulator(made):
    """But for one: no page of the exchange shows its answer."""
    client, unknown = made(), set()
    for market, method in ws_calls._REST:
        answer = client.ws_request(method, market=market, symbol="BTCUSDT")
        error = answer.exception(paced(20))
        if isinstance(error, BinanceAPIException) and error.code == UNKNOWN_METHOD:
            unknown.add((market, method))
    assert unknown == {("spot", "referencePrice.calculation")}


def test_market_data_needs_no_key(venue):
    with Client() as client:
        assert client.ws_get_order_book(symbol="BTCUSDT", limit=5)["bids"]
        assert client.ws_futures_get_order_book(symbol="BTCUSDT", limit=5)["bids"]
        assert client.ws_request("ticker.price", symbol="BTCUSDT").result(paced(10))
        symbols = client.ws_get_exchange_info(symbols=["BTCUSDT", "BNBBTC"])["symbols"]
        assert len(symbols) == 2


def test_answers_feed_the_budgets_of_rest(made):
    client = made()
    before = client.weight_budget.used()
    client.ws_create_order(**ORDER)
    client.ws_get_account()
    assert client.weight_budget.used() >= before + 21
    assert client.order_counts()["10s"] >= 1


@pytest.mark.parametrize("status", [418, 429])
def test_a_limit_in_an_answer_keeps_rest_away_too(made, venue, status):
    client, wait = made(max_wait=0.1), round(paced(2.0))
    client.ws_ping()
    venue.fault(kind="http_status", status=status, retry_after=wait, on="ws_api", count=1)
    with pytest.raises(BinanceAPIException) as raised:
        client.ws_create_order(**ORDER)
    assert raised.value.status_code == status
    assert raised.value.retry_after == pytest.approx(wait, abs=0.1)
    for call in (client.get_server_time, client.ws_get_time):
        with pytest.raises(BinanceAPIException, match="was not sent") as raised:
            call()
    time.sleep(raised.value.retry_after or 0)
    assert client.ws_get_time()


@pytest.mark.parametrize("fault", ["drop_request", "drop_reply"])
def test_a_cut_before_or_after_acceptance(made, venue, fault):
    client = made()
    client.ws_ping()
    venue.fault(kind=fault, path="order.place", count=1)
    if fault == "drop_reply":
        placed = client.ws_create_order(**ORDER, newClientOrderId="cut")
        assert placed["clientOrderId"] == "cut"
        return
    with pytest.raises(OrderStatusUnknown) as raised:
        client.ws_create_order(**ORDER, newClientOrderId="never")
    assert raised.value.client_order_id == "never"
    assert "Order does not exist" in str(raised.value)


def test_an_answer_that_never_comes_is_asked_for(made, venue):
    client = made()
    client.ws_ping()
    venue.fault(kind="drop_reply", how="silent", path="order.place", count=1)
    assert client.ws_create_order(**ORDER, timeout=paced(0.3))["status"] == "FILLED"


def test_a_late_and_a_double_answer(made, venue):
    client = made()
    client.ws_ping()
    venue.fault(kind="slow_reply", by=2 * paced(0.3), path="order.place", count=1)
    venue.fault(kind="drop_request", path="/api/v3/order", count=1)
    assert client.ws_create_order(**ORDER, timeout=paced(0.3))["status"] == "FILLED"
    venue.fault(kind="double_reply", path="order.place", count=1)
    assert client.ws_create_order(**ORDER)["status"] == "FILLED"
    assert client.ws_create_order(**ORDER)["status"] == "FILLED"


def test_a_lost_cancel_is_known_by_the_order(made, venue):
    client = made()
    resting = client.ws_order_limit_buy(**RESTING)
    venue.fault(kind="drop_reply", path="order.cancel", count=1)
    cancelled = client.ws_cancel_order(symbol="BTCUSDT", orderId=resting["orderId"])
    assert cancelled["status"] == "CANCELED"
    resting = client.ws_order_limit_buy(**RESTING)
    venue.fault(kind="drop_request", path="order.cancel", count=1)
    with pytest.raises(OrderStatusUnknown, match="the order is NEW"):
        client.ws_cancel_order(symbol="BTCUSDT", orderId=resting["orderId"])
    client.ws_cancel_all_open_orders(symbol="BTCUSDT")


def test_a_logon_that_is_lost_is_made_again(made, venue):
    client = made("Ed25519")
    client.ws_create_order(**ORDER)
    first = count(venue, "session.logon")
    client.ws_create_order(**ORDER)
    venue.fault(kind="drop", link="ws_api")
    eventually(lambda: venue.stats()["connections"]["close_codes"])
    client.ws_create_order(**ORDER)
    eventually(lambda: count(venue, "session.logon") == first + 1)
    client._ws_of("spot")._dependencies.call(log_out, client)
    assert client.ws_create_order(**ORDER)["status"] == "FILLED"
    eventually(lambda: count(venue, "session.logon") == first + 2)


def log_out(client):
    """As if the exchange had ended the session of the link."""
    client._ws_of("spot")._ledger.links[-1].send(b'{"id":"x","method":"session.logout"}')


@pytest.mark.parametrize("kind", KEYS)
def test_a_key_that_is_revoked_in_between(made, venue, kind):
    client = made(kind)
    client.ws_create_order(**ORDER)
    fault = venue.fault(kind="revoke_key")
    with pytest.raises(BinanceAPIException) as raised:
        client.ws_create_order(**ORDER)
    assert raised.value.code == -2015
    venue.clear()
    assert fault
    assert client.ws_create_order(**ORDER)["status"] == "FILLED"


def test_a_link_that_is_replaced_loses_no_answer(made, venue):
    client = made()
    client.ws_ping()
    venue.fault(kind="slow_reply", by=1.0, path="order.place", count=1)
    future = client.ws_request("order.place", **ORDER)
    eventually(lambda: count(venue, "order.place"))
    asked = count(venue, "order.status")
    venue.fault(kind="server_shutdown", link="ws_api")
    assert client.ws_get_order_book(symbol="BTCUSDT")
    assert future.result(paced(20))["status"] == "FILLED"
    assert count(venue, "order.status") == asked


def test_an_idle_link_is_closed_and_opened_again(made, venue, monkeypatch):
    monkeypatch.setattr("binance.tx.sessions.requests.IDLE_SECONDS", 0.3)
    client = made()
    client.ws_ping()
    eventually(lambda: venue.stats()["connections"]["now"] == 0)
    total = venue.stats()["connections"]["total"]
    assert client.ws_get_time()
    assert venue.stats()["connections"]["total"] == total + 1


def test_what_cannot_be_sent_says_so_at_once(made):
    client = made()
    for call in (
        lambda: client.ws_request("ping", market="margin"),
        lambda: client.ws_request("session.logon"),
        lambda: client.ws_request("userDataStream.subscribe"),
        lambda: client.ws_request("ping", timeout=0),
    ):
        with pytest.raises(ValueError, match=r"must be|sent by the library"):
            call()
    with pytest.raises(TypeError):
        client.ws_create_order(**ORDER | {"quantity": object()})
    with Client() as other, pytest.raises(ValueError, match="needs Client"):
        other.ws_create_order(**ORDER)


def test_no_link_is_no_order(made, venue):
    client = made()
    client.get_server_time()
    venue.fault(kind="refuse")
    client._clocks["api"].set_offset(0, time.time(), time.monotonic())
    with pytest.raises(BinanceConnectionError, match=r"order\.place was not sent within 0\.3 s"):
        client.ws_create_order(**ORDER, timeout=0.3)


def test_a_wait_in_the_reactor_thread_is_refused(made):
    client = made()
    raised = []
    answered = threading.Event()

    def called(_):
        try:
            client.ws_ping()
        except BinanceReactorError as error:
            raised.append(str(error))
        answered.set()

    client.ws_request("ping").add_done_callback(called)
    assert answered.wait(paced(10))
    assert "ws_request" in raised[0]


def test_closing_ends_what_is_open(made, venue):
    client = made()
    client.ws_ping()
    venue.fault(kind="drop_reply", how="silent", path="order.place", count=1)
    future = client.ws_request("order.place", **ORDER)
    eventually(lambda: count(venue, "order.place"))
    lifetime = client._ws_of("spot").enter()
    client.close()
    assert lifetime.ended.wait(paced(10))
    with pytest.raises(OrderStatusUnknown, match="the client was closed"):
        future.result(paced(10))
    assert client.ws_ping() == {}, "a later call opens new links"


def test_no_secret_in_logs_and_errors(made, venue, caplog):
    caplog.set_level(logging.DEBUG)
    client = made("Ed25519")
    client.ws_create_order(**ORDER)
    venue.fault(kind="drop_request", path="order.place", count=1)
    with pytest.raises(OrderStatusUnknown) as raised:
        client.ws_create_order(**ORDER)
    text = caplog.text + repr(raised.value) + str(raised.value)
    assert "ws-api:spot is open" in text
    assert api_keys.ED25519_KEY not in text
    assert set(re.findall(r"signature=(\S+)", text)) <= {"***"}


@pytest.mark.parametrize(
    ("by", "first", "is_proxied"),
    [("ws", 0, False), ("rest", 1000, False), ("ws", 2000, True)],
    ids=["ws", "rest", "ws behind a proxy"],
)
def test_each_order_of_many_threads_exists_once_or_not_at_all(made, venue, by, first, is_proxied):
    options = {"proxy": f"http://127.0.0.1:{Proxy().server_address[1]}"} if is_proxied else {}
    client = made(timeout=paced(1.0), **options)
    client.ws_ping()
    known = at_the_exchange(client)
    start_faults(venue, by, 0.01)
    ended = run(client, by, 150, first, patience=paced(60))
    venue.clear()
    counts = judge(ended, at_the_exchange(client) - known)
    assert counts["taken"] > 75


@pytest.mark.long
@pytest.mark.parametrize("by", ["ws", "rest"])
@pytest.mark.parametrize("proxied", [False, True], ids=["direct", "proxied"])
def test_ten_thousand_orders(by, proxied):
    proxy = (lambda: f"http://127.0.0.1:{Proxy().server_address[1]}") if proxied else None
    assert tried(by, 10_000, 0.002, proxy).startswith("10000 orders")
