"""What subclasses of the old client are made of, as they use it."""

import pytest

from binance.client import Client
from binance.exceptions import BinanceRetiredError

KEY, SECRET = "K" * 64, "S" * 64


@pytest.mark.parametrize(
    ("made", "url"),
    [
        (lambda c: c._create_api_uri("klines"), "https://api.binance.com/api/v3/klines"),
        (lambda c: c._create_api_uri("time", False), "https://api.binance.com/api/v3/time"),
        (lambda c: c._create_api_uri("x", False, "v4"), "https://api.binance.com/api/v4/x"),
        (lambda c: c._create_withdraw_api_uri("a.html"), "https://api.binance.com/wapi/v3/a.html"),
        (lambda c: c._create_margin_api_uri("loan"), "https://api.binance.com/sapi/v1/loan"),
        (lambda c: c._create_margin_api_uri("x", "v2"), "https://api.binance.com/sapi/v2/x"),
        (lambda c: c._create_website_uri("a/b.html"), "https://www.binance.com/a/b.html"),
        (lambda c: c._create_futures_api_uri("order"), "https://fapi.binance.com/fapi/v1/order"),
        (lambda c: c._create_futures_v2_api_uri("x"), "https://fapi.binance.com/fapi/v2/x"),
        (
            lambda c: c._create_futures_data_api_uri("basis"),
            "https://fapi.binance.com/futures/data/basis",
        ),
        (lambda c: c._create_futures_coin_api_url("x", 2), "https://dapi.binance.com/dapi/v2/x"),
        (lambda c: c._create_futures_coin_api_url("x"), "https://dapi.binance.com/dapi/v1/x"),
        (
            lambda c: c._create_futures_coin_data_api_url("basis"),
            "https://dapi.binance.com/futures/data/basis",
        ),
        (lambda c: c._create_margin_api_uri("x", 1), "https://api.binance.com/sapi/v1/x"),
        (lambda c: c._create_margin_api_uri("x", version=2), "https://api.binance.com/sapi/v2/x"),
        (lambda c: c._create_futures_api_uri("x", 3), "https://fapi.binance.com/fapi/v3/x"),
        (lambda c: c._create_papi_api_uri("x", 2), "https://papi.binance.com/papi/v2/x"),
        (lambda c: c._create_options_api_uri("mark"), "https://eapi.binance.com/eapi/v1/mark"),
    ],
)
def test_addresses(make, made, url) -> None:
    assert made(make()) == url


class Own(Client):
    """As public scripts extend the old client."""

    def my_trades(self, **params):
        return self._get("myTrades", True, data=params)

    def my_klines(self, **params):
        return self._get("klines", data=params, timeout=3)

    def my_order(self, **params):
        return self._post("order", True, data=params)

    def my_cancel(self, **params):
        return self._delete("order", True, data=params)

    def my_keepalive(self, **params):
        return self._put("userDataStream", False, data=params)

    def my_loan(self, **params):
        return self._request_margin_api("post", "margin/loan", True, data=params)

    def my_position(self, **params):
        return self._request_futures_api("get", "positionRisk", True, data=params)

    def my_leverage(self, **params):
        return self._request_futures_api("post", "leverage", True, data=params)

    def my_balance(self, **params):
        return self._request_futures_api("get", "balance", True, 2, data=params)

    def my_account(self, **params):
        return self._request_futures_api("get", "account", True, version=3, data=params)

    def my_fees(self, **params):
        return self._request_margin_api(
            "get", "asset/tradeFee", signed=True, version=1, data=params
        )

    def my_portfolio_loan(self, **params):
        return self._request_papi_api("post", "marginLoan", True, data=params)

    def my_repayment(self, **params):
        return self._request_papi_api("post", "repayLoan", True, 1, force_params=True, data=params)

    def my_basis(self, **params):
        return self._request_futures_coin_data_api("get", "basis", data=params)

    def my_coin_order(self, **params):
        return self._request_futures_coin_api("post", "order", True, data=params)

    def my_withdrawal(self, **params):
        return self._request_withdraw_api("post", "withdraw.html", True, data=params)


@pytest.fixture
def own(script) -> Own:
    client = Own(KEY, SECRET)
    for scheme in ("https://", "http://"):
        client.session.mount(scheme, script)
    client._sleep = lambda seconds: None
    return client


@pytest.mark.parametrize(
    ("call", "method", "url", "place"),
    [
        ("my_trades", "GET", "https://api.binance.com/api/v3/myTrades", "query"),
        ("my_klines", "GET", "https://api.binance.com/api/v3/klines", "query"),
        ("my_order", "POST", "https://api.binance.com/api/v3/order", "body"),
        ("my_cancel", "DELETE", "https://api.binance.com/api/v3/order", "query"),
        ("my_keepalive", "PUT", "https://api.binance.com/api/v3/userDataStream", "body"),
        ("my_loan", "POST", "https://api.binance.com/sapi/v1/margin/loan", "body"),
        ("my_position", "GET", "https://fapi.binance.com/fapi/v1/positionRisk", "query"),
        ("my_leverage", "POST", "https://fapi.binance.com/fapi/v1/leverage", "query"),
        ("my_balance", "GET", "https://fapi.binance.com/fapi/v2/balance", "query"),
        ("my_account", "GET", "https://fapi.binance.com/fapi/v3/account", "query"),
        ("my_fees", "GET", "https://api.binance.com/sapi/v1/asset/tradeFee", "query"),
        ("my_portfolio_loan", "POST", "https://papi.binance.com/papi/v1/marginLoan", "body"),
        ("my_repayment", "POST", "https://papi.binance.com/papi/v1/repayLoan", "query"),
        ("my_coin_order", "POST", "https://dapi.binance.com/dapi/v1/order", "query"),
        ("my_basis", "GET", "https://dapi.binance.com/futures/data/basis", "query"),
        ("my_withdrawal", "POST", "https://api.binance.com/wapi/v3/withdraw.html", "query"),
    ],
)
def test_a_subclass_calls_what_it_always_called(own, script, call, method, url, place) -> None:
    script.replies = [(200, {"ok": 1})]
    assert getattr(own, call)(symbol="LTCBTC", nothing=None) == {"ok": 1}
    assert script.last.method == method
    assert script.last.url.partition("?")[0] == url
    sent = getattr(script.last, place)
    assert "symbol=LTCBTC" in sent
    assert "nothing" not in sent
    assert script.last.options["timeout"] == (3 if call == "my_klines" else 10)
    signed = call not in ("my_klines", "my_keepalive", "my_basis")
    assert ("signature" in script.last.params) is signed
    assert ("X-MBX-APIKEY" in script.last.headers) is (signed or call != "my_klines")


@pytest.mark.parametrize(
    ("call", "version", "path"),
    [
        ("my_position", 3, "/fapi/v3/positionRisk"),
        ("my_balance", 1, "/fapi/v1/balance"),
        ("my_account", None, "/fapi/v3/account"),
        ("my_loan", 2, "/sapi/v2/margin/loan"),
        ("my_portfolio_loan", 2, "/papi/v2/marginLoan"),
        ("my_coin_order", 2, "/dapi/v2/order"),
        ("my_basis", 2, "/futures/data/basis"),
    ],
)
def test_a_version_among_the_parameters_is_that_of_the_path(
    own, script, call, version, path
) -> None:
    params = {"symbol": "A", "version": version}
    getattr(own, call)(**params)
    assert script.last.path == path
    assert "version" not in script.last.params
    with pytest.raises(ValueError, match="version must be a number"):
        getattr(own, call)(version="v2")
    assert len(script.asked) == 1


def test_a_subclass_may_make_an_address_of_its_own(own, script, monkeypatch) -> None:
    made = "https://fapi.binance.com/fapi/v9/order"
    monkeypatch.setattr(Own, "_create_futures_api_uri", lambda self, path: made)
    own.my_leverage(symbol="A")
    assert script.last.url.startswith(f"{made}?symbol=A")


def test_an_order_that_a_subclass_sends_is_settled_too(own, script) -> None:
    script.replies = [(502, "<html>"), (200, {"orderId": 7})]
    assert own.my_order(symbol="LTCBTC") == {"orderId": 7}
    assert [asked.method for asked in script.asked] == ["POST", "GET"]


@pytest.mark.parametrize(("name", "side"), [("order_oco_buy", "BUY"), ("order_oco_sell", "SELL")])
def test_an_override_of_create_oco_order_holds(own, script, name, side) -> None:
    own.create_oco_order = lambda **params: params
    assert getattr(own, name)(aboveType="A") == {"aboveType": "A", "side": side}
    assert script.asked == []


def test_what_is_retired_says_so(own, script) -> None:
    script.replies = [(410, "<html>")]
    with pytest.raises(BinanceRetiredError):
        own.my_withdrawal(asset="BTC")


def test_a_whole_uri(own, script) -> None:
    own._request("get", "https://api.binance.com/api/v3/depth?symbol=A", False, data={"limit": 5})
    assert script.last.url == "https://api.binance.com/api/v3/depth?symbol=A&limit=5"
    own.API_URL = "https://mine.example/gateway/api"
    own._request("get", own._create_api_uri("account"), True)
    assert script.last.url.startswith("https://mine.example/gateway/api/v3/account?timestamp=")
    own._request("post", "https://testnet.binance.vision/api/v3/order", True, data={"symbol": "A"})
    assert script.last.url == "https://testnet.binance.vision/api/v3/order"
    with pytest.raises(ValueError, match="plain text"):
        own._request("get", "http://elsewhere.example/api/v3/account", True)
    with pytest.raises(ValueError, match="must begin with one of /api/"):
        own._request("get", "https://elsewhere.example/other", True)
