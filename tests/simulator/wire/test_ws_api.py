import hashlib
import hmac
import json
import time

import pytest

from binance.simulator.accounts.api_keys import HMAC_KEY, HMAC_SECRET
from binance.simulator.api import futures_market_data, market_data
from binance.simulator.rules.errors import ApiError


def test_every_method_of_rest_s_market_data_is_there():
    methods = {route.path: route for route in market_data.METHODS}
    for name in (
        "ping", "time", "exchangeInfo", "depth", "trades.recent", "trades.historical",
        "trades.aggregate", "klines", "uiKlines", "avgPrice", "ticker.24hr", "ticker.tradingDay",
        "ticker", "ticker.price", "ticker.book",
    ):  # fmt: skip
        assert (methods[name].verb, methods[name].market) == ("WS", "spot"), name
    assert methods["ping"].weigh(None) == 1


def test_usdm_has_methods_of_its_own():
    methods = {route.path: route.market for route in futures_market_data.METHODS}
    assert methods == dict.fromkeys(("depth", "ticker.price", "ticker.book"), "usdm")


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("message", "status", "code"),
    [
        ({"id": 1, "method": "no.such"}, 404, -1020),
        ({"id": 1}, 404, -1020),
        ({"id": 1, "method": "time", "params": [1]}, 400, -1100),
        ({"id": "bad id!", "method": "time"}, 400, -1100),
        ({"id": 1.5, "method": "time"}, 400, -1100),
        ({"id": 1, "method": "klines", "params": {"symbol": "BTCUSDT"}}, 400, -1102),
        ({"id": 1, "method": "time", "params": {"x": 1}}, 400, -1104),
        ([1], 400, -1135),
    ],
)
def test_errors_say_what_is_wrong(simulator, connect, message, status, code):
    client = connect(simulator, "/ws-api/v3")
    client.send_frame(json.dumps(message).encode())
    reply = client.json()
    assert (reply["status"], reply["error"]["code"]) == (status, code)
    good = isinstance(message, dict) and message["id"] == 1
    assert reply["id"] == (1 if good else None)
    assert reply["rateLimits"]


@pytest.mark.loopback
def test_weight_is_shared_with_rest(start, connect, get):
    simulator = start(symbols=2, weight=30)
    client = connect(simulator, "/ws-api/v3")
    ask = {"id": 1, "method": "depth", "params": {"symbol": "BTCUSDT", "limit": 500}}
    reply = client.ask(ask)
    assert reply["rateLimits"][0] == {
        "rateLimitType": "REQUEST_WEIGHT",
        "interval": "MINUTE",
        "intervalNum": 1,
        "limit": 30,
        "count": 25,
    }
    status = 200
    while status == 200:  # a minute that has just begun brings new weight
        while (reply := client.ask(ask))["status"] == 200:
            assert reply["result"]["bids"]
        assert (reply["status"], reply["error"]["code"]) == (429, -1003)
        assert reply["error"]["data"]["retryAfter"] > reply["error"]["data"]["serverTime"]
        status = get(simulator, "/api/v3/ping")[0]
    assert status in (429, 418)


@pytest.mark.loopback
def test_limits_can_be_hushed_for_one_request(simulator, connect):
    client = connect(simulator, "/ws-api/v3")
    quiet = {"id": 1, "method": "ping", "params": {"returnRateLimits": False}}
    assert client.ask(quiet) == {"id": 1, "status": 200, "result": {}}
    assert "rateLimits" in client.ask({"id": 2, "method": "ping"})


@pytest.mark.loopback
def test_an_order_of_futures_shows_the_limits_of_futures(simulator, connect):
    client = connect(simulator, "/ws-fapi/v1")

    def ask(method, **params):
        params |= {"apiKey": HMAC_KEY, "timestamp": int(time.time() * 1000)}
        text = "&".join(f"{name}={params[name]}" for name in sorted(params))
        signature = hmac.new(HMAC_SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        params["signature"] = signature
        return client.ask({"id": 1, "method": method, "params": params})

    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.01"}
    reply = ask("order.place", **order)
    assert [tuple(row.values()) for row in reply["rateLimits"]][1:] == [
        ("ORDERS", "MINUTE", 1, 1200, 1),
        ("ORDERS", "SECOND", 10, 300, 1),
    ]
    assert ask("account.balance", returnRateLimits="false").keys() == {"id", "status", "result"}


def test_errors_carry_their_data():
    assert ApiError(-1, "x", data={"a": 1}).data == {"a": 1}
