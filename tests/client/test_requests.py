"""What a call sends: address, parameters, signature, headers."""

import base64
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import numpy as np
import pytest
import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from requests.utils import select_proxy

from binance.client import Client
from binance.exceptions import (
    BinanceAPIException,
    BinanceCredentialsError,
    BinanceRequestException,
)
from binance.sansio.account import signing
from tests.pace import paced

KEY, SECRET = "K" * 64, "S" * 64


def test_nothing_is_sent_by_the_constructor(make, script) -> None:
    make(KEY, SECRET)
    assert script.asked == []


def test_a_public_call(make, script) -> None:
    script.replies = [(200, {"lastUpdateId": 1, "bids": [], "asks": []})]
    client = make(KEY, SECRET)
    assert client.get_order_book(symbol="BTCUSDT", limit=5)["lastUpdateId"] == 1
    assert script.last.method == "GET"
    assert script.last.url == "https://api.binance.com/api/v3/depth?symbol=BTCUSDT&limit=5"
    assert "X-MBX-APIKEY" not in script.last.headers
    assert script.last.options["timeout"] == 10


def test_what_is_none_is_left_out(client, script) -> None:
    client.get_klines(symbol="BTCUSDT", interval="1m", startTime=None)
    assert script.last.query == "symbol=BTCUSDT&interval=1m"
    client.get_order_book()  # as the old method: the exchange says what is missing
    assert script.last.query == ""


def test_a_signed_get_signs_what_it_sends(client, script) -> None:
    client.get_order(symbol="LTCBTC", origClientOrderId="my order&1")
    sent, _, signature = script.last.query.rpartition("&signature=")
    assert sent.startswith("symbol=LTCBTC&origClientOrderId=my%20order%261&timestamp=")
    assert signature == signing.from_secret(KEY, SECRET).sign(sent)
    assert script.last.headers["X-MBX-APIKEY"] == KEY
    assert abs(int(script.last.params["timestamp"]) - 1_700_000_000_000) < 5000


def test_a_signed_post_keeps_everything_in_the_body(client, script) -> None:
    client.create_order(
        symbol="LTCBTC",
        side="BUY",
        type="LIMIT",
        timeInForce="GTC",
        quantity=1e-5,
        price=Decimal("0.10"),
        newClientOrderId="mine",
    )
    assert script.last.query == ""
    sent, _, signature = script.last.body.rpartition("&signature=")
    assert sent.startswith(
        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.00001&price=0.10"
        "&newClientOrderId=mine&timestamp="
    )
    assert signature == signing.from_secret(KEY, SECRET).sign(sent)
    assert script.last.headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_symbols_outside_ascii_and_lists_are_encoded_before_signing(client, script) -> None:
    client.request("GET", "/api/v3/order", signed=True, symbol="比特币USDT", ids=["a", "b"])
    sent, _, signature = script.last.query.rpartition("&signature=")
    assert sent.startswith("symbol=%E6%AF%94%E7%89%B9%E5%B8%81USDT&ids=%5B%22a%22%2C%22b%22%5D&")
    assert signature == signing.from_secret(KEY, SECRET).sign(sent)


def test_a_timestamp_of_the_callers_goes_out_alone_and_our_signature(client, script) -> None:
    for call in (
        lambda: client.get_account(timestamp=1, signature="mine", recvWindow=3),
        lambda: client.create_order(timestamp=1, signature="mine", recvWindow=3),
        lambda: client.request(
            "DELETE", "/api/v3/order", signed=True, timestamp=1, signature="mine", recvWindow=3
        ),
    ):
        call()
        sent, _, signature = (script.last.query + script.last.body).rpartition("&signature=")
        names = [pair.partition("=")[0] for pair in sent.split("&")]
        assert sorted(set(names)) == sorted(names)
        assert "timestamp=1&recvWindow=3" in sent
        assert "signature" not in names
        assert signature == signing.from_secret(KEY, SECRET).sign(sent)
    assert script.clock_asked == []


def test_a_refused_timestamp_of_the_callers_is_told_at_once(client, script) -> None:
    script.replies = [(400, {"code": -1021, "msg": "outside of the recvWindow"})] * 2
    with pytest.raises(BinanceAPIException, match="recvWindow"):
        client.get_account(timestamp=1)
    assert len(script.asked) == 1


def test_numbers_of_numpy_are_numbers(client, script) -> None:
    client.cancel_order(symbol="LTCBTC", orderId=np.int64(5))
    assert script.last.params["orderId"] == "5"
    client.create_order(quantity=np.float32(0.1), price=np.float64(1e-5), isIsolated=np.True_)
    sent = script.last.params
    assert (sent["quantity"], sent["price"], sent["isIsolated"]) == ("0.1", "0.00001", "true")


@pytest.mark.parametrize("kind", ["RSA", "Ed25519"])
@pytest.mark.parametrize("given", ["secret", "text", "bytes", "path", "path text", "locked"])
def test_private_keys(make, script, tmp_path, kind, given) -> None:
    key = (
        rsa.generate_private_key(65537, 2048)
        if kind == "RSA"
        else ed25519.Ed25519PrivateKey.generate()
    )
    lock = (
        serialization.BestAvailableEncryption(b"pw")
        if given == "locked"
        else serialization.NoEncryption()
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock
    ).decode()
    path = tmp_path / "key.pem"
    path.write_text(pem)
    options = {
        "secret": {"api_secret": pem},
        "text": {"private_key": pem},
        "bytes": {"private_key": pem.encode()},
        "path": {"private_key": path},
        "path text": {"private_key": str(path)},
        "locked": {"private_key": pem, "private_key_pass": "pw"},
    }[given]
    client = make(KEY, **options)
    client.get_account()
    sent = script.last.query.rpartition("&signature=")[0].encode()
    signature = base64.b64decode(script.last.params["signature"])
    if kind == "RSA":
        key.public_key().verify(signature, sent, padding.PKCS1v15(), hashes.SHA256())
    else:
        key.public_key().verify(signature, sent)
    client.API_KEY = "another"
    client.get_account()
    assert script.last.headers["X-MBX-APIKEY"] == "another"
    assert client.signer.kind == kind


def test_wrong_keys_are_told_at_once(tmp_path) -> None:
    path = tmp_path / "key.pem"
    path.write_text("-----BEGIN PRIVATE KEY-----")
    with pytest.raises(ValueError, match="needs the api_key"):
        Client(private_key=path)
    with pytest.raises(ValueError, match="neither PEM text nor a readable file"):
        Client("K", private_key=str(tmp_path / "absent.pem"))
    with pytest.raises(ValueError, match="neither PEM text nor a readable file") as caught:
        Client("K", private_key="MC4CAQAwBQYDK2Vw" * 10)
    assert "MC4C" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("keys", [(), (None, None), ("", "")])
def test_without_a_key_public_calls_work_and_others_say_so(make, script, keys) -> None:
    client = make(*keys)
    client.get_historical_trades(symbol="BTCUSDT")
    assert "X-MBX-APIKEY" not in script.last.headers
    for kind in (BinanceCredentialsError, BinanceRequestException, ValueError):
        with pytest.raises(kind, match=r"get_account needs Client\(api_key, api_secret\)"):
            client.get_account()


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (("insert your key", "insert your secret"), "api_key must be printable ASCII"),
        ((f" {KEY}", SECRET), "api_key must be printable ASCII"),
        ((KEY, f"{SECRET}\n"), "api_secret must not be empty, nor begin or end with white space"),
        ((b"K" * 64, SECRET), "api_key must be a str, not bytes"),
        ((KEY, b"S" * 64), "api_secret must be a str, not bytes"),
        ((7, 8), "api_key must be a str, not int"),
        ((KEY, "-----BEGIN PRIVATE KEY-----\nnonsense"), "private_key is not a readable PEM"),
    ],
)
def test_keys_are_judged_when_a_call_needs_them(make, script, keys, told) -> None:
    client = make(*keys)
    client.ping()
    client.get_order_book(symbol="BTCUSDT")
    assert len(script.asked) == 2
    assert "unusable key" in repr(client)
    for call in (client.get_account, lambda: client.create_order(symbol="A")):
        with pytest.raises(BinanceCredentialsError, match=told) as caught:
            call()
        assert not any(str(key) in str(caught.value) for key in keys)
    assert len(script.asked) == 2
    client.API_KEY, client.API_SECRET = KEY, SECRET
    client.get_account()


def test_a_malformed_key_does_not_reach_a_header(make, script) -> None:
    client = make("insert your key\n")
    with pytest.raises(BinanceCredentialsError, match="printable ASCII"):
        client.get_historical_trades(symbol="BTCUSDT")
    assert script.asked == []


def test_a_key_without_a_secret_is_enough_for_market_data(make, script) -> None:
    make(KEY).get_historical_trades(symbol="BTCUSDT")
    assert script.last.headers["X-MBX-APIKEY"] == KEY


def test_another_key_can_be_assigned(client, script) -> None:
    client.API_KEY, client.API_SECRET = "A", "B"
    client.get_account()
    sent, _, signature = script.last.query.rpartition("&signature=")
    assert script.last.headers["X-MBX-APIKEY"] == "A"
    assert signature == signing.from_secret("A", "B").sign(sent)


# addresses


@pytest.mark.parametrize(
    ("options", "env", "url"),
    [
        ({}, {}, "https://api.binance.com/api/v3/ping"),
        ({"tld": "us"}, {}, "https://api.binance.us/api/v3/ping"),
        ({"tld": "jp"}, {}, "https://api.binance.jp/api/v3/ping"),
        ({"testnet": True}, {}, "https://testnet.binance.vision/api/v3/ping"),
        ({"demo": True}, {}, "https://demo-api.binance.com/api/v3/ping"),
        ({}, {"BINANCE_ENV": "testnet"}, "https://testnet.binance.vision/api/v3/ping"),
        (
            {"testnet": True},
            {"BINANCE_API_URL": "https://localhost:8443/"},
            "https://localhost:8443/api/v3/ping",
        ),
    ],
)
def test_environments(make, script, monkeypatch, options, env, url) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    client = make(**options)
    client.ping()
    assert script.last.url == url
    assert url == client.API_URL + "/v3/ping"


def test_a_url_assigned_to_the_instance_wins(make, script, monkeypatch) -> None:
    monkeypatch.setenv("BINANCE_API_URL", "https://localhost:8443")
    client, other = make(), make()
    client.API_URL = "https://testnet.binance.vision/api"
    client.ping()
    assert script.last.url == "https://testnet.binance.vision/api/v3/ping"
    other.ping()
    assert script.last.url == "https://localhost:8443/api/v3/ping"


def test_a_url_assigned_to_the_class_or_in_a_subclass_wins(make, script, monkeypatch) -> None:
    class Mine(Client):
        API_URL = "https://mine.example/api/"

    mine = Mine()
    mine.session.mount("https://", script)
    mine.ping()
    assert script.last.url == "https://mine.example/api/v3/ping"
    client = make(tld="us")
    monkeypatch.setattr(Client, "API_URL", "https://api1.binance.{}/api")
    client.ping()
    assert script.last.url == "https://api1.binance.us/api/v3/ping"
    monkeypatch.setattr(Client, "API_URL", "https://api2.binance.{tld}/api")
    client.ping()
    assert script.last.url == "https://api2.binance.us/api/v3/ping"


@pytest.mark.parametrize(
    ("path", "attribute", "url"),
    [
        ("/sapi/v1/asset/transfer", "MARGIN_API_URL", "https://x/sapi"),
        ("/fapi/v1/order", "FUTURES_URL", "https://x/fapi"),
        ("/futures/data/basis", "FUTURES_DATA_URL", "https://x/futures/data"),
        ("/dapi/v1/order", "FUTURES_COIN_URL", "https://x/dapi"),
        ("/eapi/v1/mark", "OPTIONS_URL", "https://x/eapi"),
        ("/papi/v1/um/order", "PORTFOLIO_URL", "https://x/papi"),
    ],
)
def test_every_family_has_its_address(client, script, path, attribute, url) -> None:
    client.request("GET", path)
    prefix = url.removeprefix("https://x")
    assert script.last.url.endswith(f".binance.com{path}")
    assert getattr(client, attribute).endswith(prefix)
    setattr(client, attribute, url)
    client.request("GET", path)
    assert script.last.url == f"https://x{path}"


@pytest.mark.parametrize(
    ("assigned", "url"),
    [
        ("https://testnet.binancefuture.com", "https://testnet.binancefuture.com/fapi"),
        ("https://testnet.binancefuture.com/fapi/v1/", "https://testnet.binancefuture.com/fapi"),
        ("https://testnet.binancefuture.com/dapi", "https://testnet.binancefuture.com/dapi"),
        ("https://dapi.binance.com/dapi", "https://dapi.binance.com/dapi"),
        ("https://fapi.binance.{}", "https://fapi.binance.com/fapi"),
        ("https://gateway.example", "https://gateway.example"),
        ("https://gateway.example/fapi/v1", "https://gateway.example/fapi/v1"),
    ],
)
def test_a_host_of_the_exchange_is_enough_for_an_address(make, script, assigned, url) -> None:
    client = make(testnet="testnet" in assigned)
    client.FUTURES_URL = assigned
    client.futures_ping()
    assert script.last.url == f"{url}/v1/ping"


def test_the_two_hosts_of_futures_data(client, script) -> None:
    client.futures_open_interest_hist(symbol="BTCUSDT", period="5m")
    assert script.last.url.startswith("https://fapi.binance.com/futures/data/openInterestHist?")
    client.futures_coin_open_interest_hist(pair="BTCUSD", contractType="ALL", period="5m")
    assert script.last.url.startswith("https://dapi.binance.com/futures/data/openInterestHist?")


def test_an_environment_without_an_address_says_which_variable_sets_it(make, script) -> None:
    with pytest.raises(ValueError, match="BINANCE_FAPI_URL"):
        make(tld="us").futures_ping()
    assert script.asked == []


def test_a_key_is_not_sent_in_plain_text(make, script) -> None:
    client = make(KEY, SECRET)
    client.API_URL = "http://api.example.com/api"
    with pytest.raises(ValueError, match=r"not sent to api\.example\.com in plain text"):
        client.get_account()
    assert script.asked == []
    client.API_URL = "http://localhost:8080/api"
    client.get_account()
    assert script.last.headers["X-MBX-APIKEY"] == KEY


# the generic request


def test_request_reaches_anything(client, script) -> None:
    script.replies = [(200, {"ok": 1})]
    assert client.request("post", "sapi/v1/anything", signed=True, a=1, b=None) == {"ok": 1}
    assert script.last.method == "POST"
    assert script.last.url == "https://api.binance.com/sapi/v1/anything"
    assert script.last.body.startswith("a=1&timestamp=")
    assert script.last.headers["X-MBX-APIKEY"] == KEY


def test_request_unsigned_still_sends_the_key_where_it_may_be_needed(client, script) -> None:
    client.request("POST", "/sapi/v1/margin/listen-key")
    assert script.last.headers["X-MBX-APIKEY"] == KEY
    assert script.last.body == ""
    client.request("GET", "/api/v3/time-that-needs-none")
    assert "signature" not in script.last.params


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("PATCH", "/api/v3/order", "GET, POST, PUT or DELETE"),
        ("GET", "/nowhere/v1", "must begin with one of /api/"),
        ("GET", "/api/v3/depth?symbol=A", "by keyword, not in the path '/api/v3/depth'"),
    ],
)
def test_request_refuses(client, method, path, told) -> None:
    with pytest.raises(ValueError, match=told):
        client.request(method, path)


# requests_params and sessions


def test_requests_params_of_the_client_and_of_the_call(make, script) -> None:
    client = make(KEY, SECRET, {"timeout": 20, "headers": {"X-Mine": "1"}})
    client.ping()
    assert script.last.options["timeout"] == 20
    assert script.last.headers["X-Mine"] == "1"
    client.get_order_book(symbol="A", requests_params={"timeout": 3})
    assert script.last.options["timeout"] == 3
    assert script.last.query == "symbol=A"
    assert make(timeout=7).timeout == 7


def test_the_settings_of_the_class_hold_until_others_are_given(make, script, monkeypatch) -> None:
    monkeypatch.setattr(Client, "REQUEST_TIMEOUT", 3)
    monkeypatch.setattr(Client, "REQUEST_RECVWINDOW", 6000)
    client = make(KEY, SECRET)
    client.get_account()
    assert script.last.options["timeout"] == client.timeout == Client.timeout == 3
    assert script.last.params["recvWindow"] == "6000"
    client = make(KEY, SECRET, timeout=4, recv_window=2000)
    assert (client.REQUEST_TIMEOUT, client.REQUEST_RECVWINDOW) == (4, 2000)
    client.REQUEST_TIMEOUT, client.recv_window = 5, None
    client.get_account()
    assert script.last.options["timeout"] == client.timeout == 5
    assert script.last.params["recvWindow"] == "6000"
    monkeypatch.setattr(Client, "REQUEST_TIMEOUT", -1)
    with pytest.raises(ValueError, match="timeout must be more than 0"):
        make()


def test_the_options_of_a_call_hold_for_what_is_asked_for_its_sake(make, script) -> None:
    """The server's time, measured first and again, and the fate of an order."""
    client = make(KEY, SECRET)
    options = {"proxies": {"https": "http://mine:1"}, "timeout": 3, "headers": {"X-Mine": "1"}}
    refused = (400, {"code": -1021, "msg": ""})
    lost = requests.exceptions.ReadTimeout("read timed out")
    script.replies = [refused, lost, (400, {"code": -2013, "msg": ""}), (200, {"orderId": 7})]
    client.create_order(symbol="A", requests_params=options)
    assert [asked.path for asked in script.everything] == [
        "/api/v3/time",
        "/api/v3/order",
        "/api/v3/time",
        *["/api/v3/order"] * 3,
    ]
    for asked in script.everything:
        assert asked.options["proxies"]["https"] == "http://mine:1"
        assert asked.options["timeout"] == 3
        assert asked.headers["X-Mine"] == "1"


@pytest.mark.parametrize("off", [False, None, "", 0, []], ids=repr)
def test_verification_cannot_be_turned_off(make, script, off) -> None:
    with pytest.warns(RuntimeWarning, match="TLS is always verified"):
        client = make(KEY, SECRET, {"verify": off, "timeout": 20})
    client.ping()
    assert script.last.options["verify"] is True
    assert script.last.options["timeout"] == 20
    client.session.verify = False
    with pytest.warns(RuntimeWarning, match="TLS is always verified"):
        client.get_order_book(symbol="A", requests_params={"verify": off})
    assert script.last.options["verify"] is True


@pytest.mark.thread
def test_the_authority_of_the_session_is_trusted_in_all_threads(client, script) -> None:
    client.session.verify = "/etc/own.pem"
    client.ping()
    thread = threading.Thread(target=client.ping)
    thread.start()
    thread.join(paced(10))
    client.get_order_book(symbol="A", requests_params={"verify": "/etc/other.pem"})
    used = [asked.options["verify"] for asked in script.asked]
    assert used == ["/etc/own.pem"] * 2 + ["/etc/other.pem"]


OWN = "http://own.example:1"


@pytest.mark.parametrize(
    "given",
    [
        {"proxy": OWN},
        {"proxies": {"https": OWN}},
        {"proxies": {"all": OWN}},
        {"proxies": {"https://api.binance.com": OWN, "https://ws-api.binance.com": OWN}},
        {"requests_params": {"proxies": {"https": OWN}}},
        {"requests_params": {"proxies": {"all": OWN}}},
        {"proxies": {"all": ""}},
        {"proxy": ""},
    ],
    ids=str,
)
def test_a_proxy_that_is_given_wins_over_the_environments(make, script, monkeypatch, given) -> None:
    """For requests over the WebSocket API too."""
    monkeypatch.setenv("HTTPS_PROXY", "http://env.example:1")
    client, by_session = make(**given), make()
    by_session.session.proxies = {"all": OWN}
    for each in (make(), client, by_session):
        each.ping()
    used = [select_proxy(asked.url, asked.options["proxies"]) for asked in script.asked]
    own = "" if given in ({"proxies": {"all": ""}}, {"proxy": ""}) else OWN
    assert used == ["http://env.example:1", own, OWN]
    assert [each._ws_caller("spot").proxy for each in (client, by_session)] == [own, OWN]


def test_a_session_without_the_environment_has_no_proxy_of_it(make, script, monkeypatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://env.example:1")
    client = make()
    assert client._ws_caller("spot").proxy is None  # what dials finds that of the environment
    client.session.trust_env = False
    client.ping()
    assert select_proxy(script.last.url, script.last.options["proxies"]) is None
    assert client._ws_caller("spot").proxy == ""


@pytest.mark.parametrize("delimiter", "/?#")
@pytest.mark.parametrize("password", ["opense{}sam", "12{}sam"])
def test_a_proxys_password_that_is_not_encoded_is_not_told(
    monkeypatch, delimiter, password
) -> None:
    url = f"http://user:{password.format(delimiter)}@proxy:3128"
    for given in ({"proxy": url}, {"proxies": {"https": url}}):
        with pytest.raises(ValueError, match="percent-encoded") as raised:
            Client(**given)
        assert "sam" not in str(raised.value)
    if password.startswith("12"):
        return  # requests takes it for a port
    monkeypatch.setenv("HTTPS_PROXY", url)
    with pytest.raises(requests.exceptions.InvalidURL, match="percent-encoded") as invalid:
        Client().ping()
    assert "sam" not in "".join(traceback.format_exception(invalid.value))


def test_what_is_no_proxy_of_a_password_is_taken_as_it_is(make) -> None:
    make(proxy="proxy:3128").ping()
    make(proxies={"https": None, "http": "http://u:p%2F@[::1]:1", "no_proxy": "::1,b"}).ping()
    address = make()
    address.API_URL = "https://a:b/api"
    with pytest.raises(requests.exceptions.InvalidURL, match="a:b"):
        address.ping()


def test_a_proxys_password_that_cannot_be_sent_is_not_told() -> None:
    client = Client(proxy="http://u:opensesam\u0113@localhost:1")
    with pytest.raises(requests.exceptions.InvalidURL, match="is not Latin-1") as caught:
        client.ping()
    assert caught.value.__context__ is None
    assert "opensesam" not in repr(caught.value)


def test_the_password_of_an_unknown_kind_of_proxy_is_not_told() -> None:
    with pytest.raises(requests.exceptions.InvalidURL, match="URL of the proxy") as caught:
        Client(proxy="socks9://u:opensesam@localhost:1").ping()
    assert caught.value.__context__ is None


def test_proxies(make, script, monkeypatch) -> None:
    make(proxy="http://u:p@proxy:3128").ping()
    assert script.last.options["proxies"]["https"] == "http://u:p@proxy:3128"
    make(proxies={"https": "http://other:1"}).ping()
    assert script.last.options["proxies"]["https"] == "http://other:1"
    make(None, None, {"proxies": {"https": "http://third:1"}}).ping()
    assert script.last.options["proxies"]["https"] == "http://third:1"
    monkeypatch.setenv("HTTPS_PROXY", "http://env:1")
    make().ping()
    assert script.last.options["proxies"]["https"] == "http://env:1"
    with pytest.raises(ValueError, match="proxy or proxies"):
        make(proxy="http://a:1", proxies={"https": "http://b:1"})


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": 0},
        {"max_wait": -1},
        {"recv_window": 0},
        {"recv_window": 60_001},
        {"testnet": True, "demo": True},
        {"tld": "com/evil"},
    ],
)
def test_arguments_are_checked(options) -> None:
    with pytest.raises(ValueError, match=r"must be|exclude|no domain"):
        Client(**options)


def test_a_receive_window_is_sent(make, script) -> None:
    client = make(KEY, SECRET, recv_window=2000)
    client.get_account()
    assert script.last.params["recvWindow"] == "2000"
    client.get_account(recvWindow=1000)
    assert script.last.params["recvWindow"] == "1000"


@pytest.mark.thread
def test_a_session_per_thread_that_keeps_the_users_settings(client, script) -> None:
    client.session.headers["X-Mine"] = "1"
    mine, theirs = client.session, []

    def other() -> None:
        client.ping()
        theirs.append(client.session)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(paced(10))
    assert theirs[0] is not mine
    assert script.last.headers["X-Mine"] == "1"
    assert client.session is mine


@pytest.mark.thread
def test_sixteen_threads_do_not_cross(client, script) -> None:
    script.rule = lambda asked: (
        (200, {"symbol": asked.params["symbol"], "bids": [], "asks": []})
        if "symbol" in asked.params
        else None
    )
    wrong = []

    def ask(number: int) -> None:
        for turn in range(50):
            symbol = f"S{number}X{turn}"
            answer = client.get_order_book(symbol=symbol)
            seen = client.response.json()["symbol"]
            if not answer["symbol"] == symbol == seen:
                wrong.append((symbol, answer, seen))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(paced(30))
    assert wrong == []
    assert len(script.asked) == 800


def test_the_users_own_session_is_used(client, script) -> None:
    mine = requests.Session()
    mine.mount("https://", script)
    mine.headers["X-Own"] = "yes"
    client.session = mine
    client.ping()
    assert client.session is mine
    assert script.last.headers["X-Own"] == "yes"


@pytest.mark.thread
def test_the_users_own_session_holds_for_threads_before_and_after_their_first_call(
    client, script
) -> None:
    """Also where other sessions were in use before: a call must not go around the user's proxy."""
    client.ping()
    with ThreadPoolExecutor(1) as before, ThreadPoolExecutor(1) as after:
        old = before.submit(lambda: client.ping() or client.session).result(paced(10))
        mine = requests.Session()
        mine.mount("https://", script)
        mine.headers["X-Own"], mine.auth = "yes", ("me", "word")
        client.session = mine
        for thread in (before, after):
            thread.submit(client.ping).result(paced(10))
            assert script.last.headers["X-Own"] == "yes"
            assert script.last.headers["Authorization"].startswith("Basic ")
            assert thread.submit(lambda: client.session).result(paced(10)) not in (old, mine)
        client.session.headers["X-Own"] = "later"
        before.submit(client.ping).result(paced(10))
        assert script.last.headers["X-Own"] == "later"
    assert client.session is mine


def test_a_client_closes_and_opens_again(make, script) -> None:
    with make() as client:
        client.ping()
    client.ping()
    assert len(script.asked) == 2


def test_a_keyed_call_follows_no_redirect(client, script) -> None:
    script.replies = [(302, "", {"Location": "https://elsewhere.example/"})]
    with pytest.raises(BinanceAPIException):
        client.get_account()
    assert len(script.asked) == 1
