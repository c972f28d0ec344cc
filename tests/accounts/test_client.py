"""The client against the simulator over TLS: lost replies, drifting clocks, bans, signatures."""

import math
import time
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from binance.client import Client
from binance.exceptions import BinanceAPIException, BinanceRetiredError
from binance.rest.limits import GATES
from binance.simulator.accounts import api_keys
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.pace import paced

pytestmark = [pytest.mark.loopback, pytest.mark.process]

CLIENTS: dict[str, Callable[[], Client]] = {
    "HMAC": lambda: Client(api_keys.HMAC_KEY, api_keys.HMAC_SECRET),
    "RSA": lambda: Client(api_keys.RSA_KEY, private_key=api_keys.RSA_PRIVATE_KEY),
    "Ed25519": lambda: Client(api_keys.ED25519_KEY, private_key=api_keys.ED25519_PRIVATE_KEY),
}


@pytest.fixture(autouse=True)
def _there(venue: ExchangeProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in venue.env.items():
        monkeypatch.setenv(name, value)
    GATES.forget()
    yield
    GATES.forget()


@pytest.fixture
def client() -> Iterator[Client]:
    with CLIENTS["HMAC"]() as made:
        yield made


def best(client: Client, side: str) -> Decimal:
    return Decimal(client.get_order_book(symbol="BTCUSDT", limit=5)[side][0][0])


@pytest.mark.parametrize("kind", CLIENTS)
def test_every_kind_of_key_signs_queries_and_bodies(kind) -> None:
    with CLIENTS[kind]() as client:
        before = Decimal(client.get_asset_balance("BTC")["free"])
        order = client.order_limit_buy(
            symbol="BTCUSDT", quantity=0.0001, price=best(client, "asks") * Decimal("1.01") // 1
        )
        assert order["status"] == "FILLED"
        assert client.get_order(symbol="BTCUSDT", orderId=order["orderId"])["status"] == "FILLED"
        trades = client.get_my_trades(symbol="BTCUSDT", orderId=order["orderId"])
        assert sum(Decimal(trade["qty"]) for trade in trades) == Decimal("0.0001")
        fees = sum(Decimal(trade["commission"]) for trade in trades)
        after = Decimal(client.get_asset_balance("BTC")["free"])
        assert after == before + Decimal("0.0001") - fees
        low = best(client, "bids") * Decimal("0.9") // 1
        resting = client.order_limit_buy(symbol="BTCUSDT", quantity=0.001, price=low)
        assert resting["status"] == "NEW"
        ids = [each["orderId"] for each in client.get_open_orders(symbol="BTCUSDT")]
        assert ids == [resting["orderId"]]
        gone = client.cancel_order(symbol="BTCUSDT", orderId=resting["orderId"])
        assert gone["status"] == "CANCELED"
        assert client.get_open_orders() == []


def test_immediate_or_cancel(client) -> None:
    asks = client.get_order_book(symbol="BTCUSDT", limit=1000)["asks"][:6]
    price = asks[-1][0]  # some levels up: the market moves while the order is on its way
    quantity = 5 + 2 * sum(Decimal(level[1]) for level in asks).quantize(Decimal(1))
    order = client.order_limit_buy(
        timeInForce="IOC", symbol="BTCUSDT", quantity=quantity, price=price
    )
    assert order["status"] == "EXPIRED"
    assert Decimal(0) < Decimal(order["executedQty"]) < quantity
    assert client.get_open_orders(symbol="BTCUSDT") == []


def test_a_wrong_signature_is_refused(client) -> None:
    client.API_SECRET = "T" * 64
    with pytest.raises(BinanceAPIException) as caught:
        client.get_account()
    assert caught.value.code == -1022


def test_an_unknown_key_is_refused(client) -> None:
    client.API_KEY = "X" * 64
    with pytest.raises(BinanceAPIException) as caught:
        client.get_account()
    assert (caught.value.code, caught.value.status_code) == (-2015, 401)


def test_an_order_whose_reply_is_lost_is_on_the_book_once(venue, client) -> None:
    venue.fault("drop_reply", path="/api/v3/order", count=1)
    posted = venue.stats()["requests"].get("/api/v3/order", 0)
    price = best(client, "bids") * Decimal("0.9") // 1
    order = client.order_limit_buy(symbol="BTCUSDT", quantity=0.001, price=price)
    assert order["status"] == "NEW"
    assert [one["orderId"] for one in client.get_open_orders()] == [order["orderId"]]
    assert venue.stats()["requests"]["/api/v3/order"] == posted + 2  # sent once, asked for once
    client.cancel_order(symbol="BTCUSDT", orderId=order["orderId"])


def test_a_reply_that_is_late_is_no_reason_to_send_again(venue, client) -> None:
    client.get_account()
    client.timeout = paced(0.5)
    venue.fault("slow_reply", path="/api/v3/order", by=paced(1.5), count=1)
    price = best(client, "bids") * Decimal("0.9") // 1
    order = client.order_limit_buy(symbol="BTCUSDT", quantity=0.001, price=price)
    assert [one["orderId"] for one in client.get_open_orders()] == [order["orderId"]]
    client.cancel_order(symbol="BTCUSDT", orderId=order["orderId"])


@pytest.mark.parametrize("ms", [-1500, 1500, 90_000, -90_000])
def test_a_clock_that_drifts_costs_one_measurement_at_most(venue, client, ms) -> None:
    client.get_account()
    measured = venue.stats()["requests"]["/api/v3/time"]
    venue.fault("clock_drift", ms=ms)
    client.get_account()
    order = client.order_market_buy(symbol="BTCUSDT", quantity=0.0001)
    assert order["status"] == "FILLED"
    assert venue.stats()["requests"]["/api/v3/time"] <= measured + 1
    assert abs(client.timestamp_offset - ms) < 1000 or abs(ms) < 5000


@pytest.mark.parametrize("status", [418, 429])
def test_nothing_is_sent_during_a_ban(venue, client, status) -> None:
    client.get_account()
    seconds = math.ceil(paced(1))
    venue.fault("http_status", status=status, retry_after=seconds, count=1, on="rest")
    with pytest.raises(BinanceAPIException) as caught:
        client.get_order_book(symbol="BTCUSDT")
    assert (caught.value.status_code, caught.value.retry_after) == (status, seconds)
    asked = sum(venue.stats()["requests"].values())
    with pytest.raises(BinanceAPIException, match="was not sent") as caught:
        client.get_order_book(symbol="BTCUSDT")
    assert sum(venue.stats()["requests"].values()) == asked
    # The ban is over when it said it would be: no clock of ours is asked.
    time.sleep(caught.value.retry_after or 0)
    client.get_order_book(symbol="BTCUSDT")
    assert sum(venue.stats()["requests"].values()) == asked + 1


def test_what_is_retired_says_what_to_use(client) -> None:
    with pytest.raises(BinanceRetiredError, match="start_user_socket"):
        client.stream_get_listen_key()
    with pytest.raises(BinanceRetiredError, match="/wapi/v3/x"):
        client.request("GET", "/wapi/v3/x")


def test_a_retired_path_by_request_is_a_retired_error(client) -> None:
    with pytest.raises(BinanceRetiredError, match="GET /api/v1/ping"):
        client.request("GET", "/api/v1/ping")


def test_what_is_not_there_is_told_with_its_status(client) -> None:
    with pytest.raises(BinanceAPIException, match="not have GET /sapi/v1/nowhere") as caught:
        client.request("GET", "/sapi/v1/nowhere", signed=True)
    assert caught.value.status_code == 404


def test_candles_and_trades_of_a_stretch_of_time(client) -> None:
    now = client.get_server_time()["serverTime"]
    start = now - 3 * 3600 * 1000
    candles = client.get_historical_klines("BTCUSDT", "1m", start, now, limit=50)
    opened = [candle[0] for candle in candles]
    assert opened == list(range(opened[0], opened[-1] + 1, 60_000))
    assert 179 <= len(candles) <= 181
    assert opened[0] >= start
    assert opened[-1] <= now
    generator = client.get_historical_klines_generator("BTCUSDT", "1m", start, now)
    assert [next(generator)[0] for _ in range(3)] == opened[:3]
    trades = client.get_aggregate_trades(symbol="BTCUSDT", limit=500)
    walked = []
    for trade in client.aggregate_trade_iter("BTCUSDT", last_id=trades[0]["a"]):
        walked.append(trade["a"])
        if len(walked) == 400:
            break
    assert walked == list(range(trades[0]["a"] + 1, trades[0]["a"] + 401))[: len(walked)]
    with pytest.raises(ValueError, match="simultaneously"):
        client.aggregate_trade_iter("BTCUSDT", "1 hour ago", 5)


def test_order_lists_and_replacements(client) -> None:
    bid, name = best(client, "bids"), {"symbol": "BTCUSDT"}
    prices = [(bid * share).quantize(Decimal("0.01")) for share in map(Decimal, ("1.2", "0.8"))]
    oco = client.create_order_list_oco(
        **name,
        side="SELL",
        quantity="0.001",
        aboveType="LIMIT_MAKER",
        abovePrice=prices[0],
        belowType="STOP_LOSS",
        belowStopPrice=prices[1],
    )
    assert oco["contingencyType"] == "OCO"
    assert client.get_order_list(orderListId=oco["orderListId"])["orders"] == oco["orders"]
    assert client.get_open_order_lists()[-1]["orderListId"] == oco["orderListId"]
    done = client.cancel_order_list(**name, orderListId=oco["orderListId"])
    assert done["listOrderStatus"] == "ALL_DONE"
    margin = client.create_margin_oco_order(
        **name, side="SELL", quantity="0.001", price=prices[0], stopPrice=prices[1]
    )
    client.cancel_margin_oco_order(**name, orderListId=margin["orderListId"])
    order = client.order_limit_buy(**name, quantity="0.002", price=prices[1])
    amended = client.amend_order_keep_priority(**name, orderId=order["orderId"], newQty="0.001")
    assert amended["amendedOrder"]["qty"] == "0.00100000"
    replaced = client.cancel_replace_order(
        **name,
        side="BUY",
        type="LIMIT",
        timeInForce="GTC",
        quantity="0.001",
        price=prices[1],
        cancelReplaceMode="STOP_ON_FAILURE",
        cancelOrderId=order["orderId"],
    )
    assert replaced["newOrderResult"] == "SUCCESS"
    client.cancel_order(**name, orderId=replaced["newOrderResponse"]["orderId"])


def test_the_exchange_is_given_each_parameter_once(client) -> None:
    with pytest.raises(BinanceAPIException, match="recvWindow"):
        client.get_account(timestamp=1)
    now = client.get_server_time()["serverTime"]
    assert client.get_account(timestamp=now, signature="mine")["canTrade"] is True


def test_an_order_list_whose_reply_is_lost_is_found(client, venue) -> None:
    bid = best(client, "bids")
    venue.fault("drop_reply", path="/api/v3/orderList/oco", count=1)
    oco = client.create_order_list_oco(
        symbol="BTCUSDT",
        side="SELL",
        quantity="0.001",
        aboveType="LIMIT_MAKER",
        abovePrice=(bid * Decimal("1.2")).quantize(Decimal("0.01")),
        belowType="STOP_LOSS",
        belowStopPrice=(bid * Decimal("0.8")).quantize(Decimal("0.01")),
    )
    assert len(client.get_open_order_lists()) == 1
    client.cancel_order_list(symbol="BTCUSDT", orderListId=oco["orderListId"])
