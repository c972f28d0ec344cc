"""The exceptions: constructors, texts and attributes of the old ones, and no secrets in any."""

import pickle
from typing import Any
from unittest.mock import Mock

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from binance import exceptions
from binance.exceptions import (
    BinanceAPIException,
    BinanceConnectionError,
    BinanceCredentialsError,
    BinanceError,
    BinanceOrderException,
    BinanceOrderInactiveSymbolException,
    BinanceOrderMinAmountException,
    BinanceOrderMinPriceException,
    BinanceOrderMinTotalException,
    BinanceOrderUnknownSymbolException,
    BinanceReactorError,
    BinanceRegionException,
    BinanceRequestException,
    BinanceRetiredError,
    BinanceStreamLost,
    BinanceUnreadableError,
    BinanceWebsocketClosed,
    BinanceWebsocketQueueOverflow,
    BinanceWebsocketUnableToConnect,
    BinanceWithdrawException,
    NotImplementedException,
    OrderStatusUnknown,
    ReadLoopClosed,
    UnknownDateFormat,
    redact,
)

KEY = "K" * 64
SIGNATURE = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
LISTEN_KEY = "pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65sdf19v8a"
SHORT = "4MHXelVVcpkdwuLbl6n73HQUXUf1dse2PCgT1DYqW9w8"  # too short to be told by its length
URL = f"https://api.binance.com/api/v3/order?symbol=LTCBTC&timestamp=1&signature={SIGNATURE}"


def answer(
    body: str, status: int = 400, headers: dict[str, str] | None = None
) -> requests.Response:
    """An answer as `requests` builds it, to a signed request."""
    response = requests.Response()
    response.status_code = status
    response._content = body.encode()
    response.headers.update(headers or {})
    response.url = URL
    response.request = requests.Request("POST", URL, headers={"X-MBX-APIKEY": KEY}).prepare()
    return response


class TestAPIException:
    def test_tells_what_the_exchange_said(self) -> None:
        response = answer('{"code":-1121,"msg":"Invalid symbol."}')
        error = BinanceAPIException(response)
        assert (error.code, error.message, error.status_code) == (-1121, "Invalid symbol.", 400)
        assert error.response is response
        assert error.request is response.request
        assert str(error) == "APIError(code=-1121): Invalid symbol."

    @pytest.mark.parametrize("response", [None, Mock()])
    def test_is_made_as_in_1_0(self, response: Any) -> None:
        error = BinanceAPIException(response, 400, '{"code":-1121,"msg":"Invalid symbol."}')
        assert (error.code, error.message, error.status_code) == (-1121, "Invalid symbol.", 400)
        assert error.response is response
        assert "gone" in str(BinanceAPIException(response, status_code=410, text="gone"))

    def test_of_a_body_that_is_not_json(self) -> None:
        error = BinanceAPIException(answer("<html>410 Gone</html>", 410))
        assert (error.code, error.status_code) == (0, 410)
        assert error.message == "Invalid JSON error message from Binance: <html>410 Gone</html>"
        assert str(error) == f"APIError(code=0): {error.message}"

    def test_a_long_page_is_cut(self) -> None:
        error = BinanceAPIException(answer("<p>no way</p>" * 1000, 403))
        assert len(str(error)) < exceptions.MESSAGE_LIMIT + 100

    @pytest.mark.parametrize(
        ("body", "code", "message"),
        [
            ('{"code":-1003}', -1003, ""),
            ('{"msg":"gone"}', 0, "{'msg': 'gone'}"),
            ('{"code":"-1121","msg":"x"}', -1121, "x"),
            (
                '{"code":"000002|000002","message":"x"}',
                0,
                "{'code': '000002|000002', 'message': 'x'}",
            ),
            ('{"code":-9000,"message":"x"}', -9000, "x"),
            ('{"code":null,"msg":"x"}', 0, "{'code': None, 'msg': 'x'}"),
            ('{"error":{"code":2,"msg":"Invalid request"},"id":20}', 2, "Invalid request"),
            ("[]", 0, "[]"),
            ('"refused"', 0, "refused"),
            ("null", 0, "None"),
            ("{}", 0, "{}"),
        ],
    )
    def test_of_json_in_another_shape(self, body: str, code: int, message: str) -> None:
        error = BinanceAPIException(answer(body))
        assert (error.code, error.message) == (code, message)

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            ({}, None),
            ({"Retry-After": "30"}, 30.0),
            ({"retry-after": "0"}, 0.0),
            ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
            ({"Retry-After": "-5"}, None),
            ({"Retry-After": "nan"}, None),
            ({"Retry-After": "inf"}, None),
        ],
    )
    def test_retry_after(self, headers: dict[str, str], seconds: float | None) -> None:
        error = BinanceAPIException(answer('{"code":-1003,"msg":"banned"}', 418, headers))
        assert error.retry_after == seconds

    def test_works_with_less_than_a_response(self) -> None:
        """Old tests of scripts hand in stand-ins with a status, a text and json()."""

        class StandIn:
            status_code = 400
            text = '{"code":-1,"msg":"m"}'

            def json(self) -> dict[str, Any]:
                return {"code": -1, "msg": "m"}

        error = BinanceAPIException(StandIn())
        assert (error.code, error.message, error.request) == (-1, "m", None)
        assert error.retry_after is None

    @given(st.text())
    def test_any_body_makes_an_exception(self, body: str) -> None:
        error = BinanceAPIException(answer(body))
        assert isinstance(error.code, int)
        assert isinstance(str(error), str)


def test_request_exception() -> None:
    error = BinanceRequestException("Invalid Response: <html>")
    assert error.message == "Invalid Response: <html>"
    assert str(error) == "BinanceRequestException: Invalid Response: <html>"


def test_order_exception() -> None:
    error = BinanceOrderException(-2010, "no")
    assert (error.code, error.message) == (-2010, "no")
    assert str(error) == "BinanceOrderException(code=-2010): no"


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (BinanceOrderMinAmountException, "0.01", "Amount must be a multiple of 0.01"),
        (BinanceOrderMinPriceException, 0.5, "Price must be at least 0.5"),
        (BinanceOrderMinTotalException, 10, "Total must be at least 10"),
        (BinanceOrderUnknownSymbolException, "XX", "Unknown symbol XX"),
        (
            BinanceOrderInactiveSymbolException,
            "BNBBTC",
            "Attempting to trade an inactive symbol BNBBTC",
        ),
        (BinanceOrderUnknownSymbolException, ("a", "b"), "Unknown symbol ('a', 'b')"),
    ],
)
def test_rule_exceptions(kind: Any, value: object, message: str) -> None:
    error = kind(value)
    assert isinstance(error, BinanceOrderException)
    assert (error.code, error.message) == (-1013, message)
    assert str(error) == f"BinanceOrderException(code=-1013): {message}"


class TestWithdrawException:
    def test_message(self) -> None:
        error = BinanceWithdrawException("too little")
        assert error.message == "too little"
        assert str(error) == "BinanceWithdrawException: too little"

    def test_the_chinese_parameter_error_is_explained(self) -> None:
        error = BinanceWithdrawException("参数异常")
        assert error.message == "Withdraw to this address through the website first"


class TestRetired:
    def test_names_the_replacement(self) -> None:
        error = BinanceRetiredError("get_margin_asset", "get_margin_all_assets")
        assert (error.name, error.replacement) == ("get_margin_asset", "get_margin_all_assets")
        assert (
            str(error) == "get_margin_asset was retired by the exchange; use get_margin_all_assets"
        )

    def test_without_one(self) -> None:
        assert str(BinanceRetiredError("options_bill")) == (
            "options_bill was retired by the exchange; there is no replacement"
        )

    def test_is_what_a_410_would_have_been(self) -> None:
        error = BinanceRetiredError("x")
        assert isinstance(error, BinanceAPIException)
        assert (error.status_code, error.code, error.message) == (410, 0, str(error))
        assert (error.response, error.request, error.retry_after) == (None, None, None)


def test_connection_error() -> None:
    error = BinanceConnectionError("the handshake was refused", 451)
    assert (error.reason, error.http_status) == ("the handshake was refused", 451)
    assert str(error) == "the handshake was refused (451)"
    assert str(BinanceConnectionError("no answer in 10 s")) == "no answer in 10 s"


def test_reactor_error_is_a_runtime_error() -> None:
    assert isinstance(BinanceReactorError("stopped"), RuntimeError)
    assert str(BinanceReactorError("stopped")) == "stopped"


def test_stream_lost_names_the_socket_and_hides_secrets() -> None:
    error = BinanceStreamLost("bnbbtc@trade#1", f"refused listenKey={'x' * 64}")
    assert (error.key, error.reason) == ("bnbbtc@trade#1", "refused listenKey=***")
    assert str(error) == ("bnbbtc@trade#1 is lost, all retries have failed: refused listenKey=***")


def test_order_status_unknown_says_what_to_do() -> None:
    error = OrderStatusUnknown("BNBBTC", "x-1", "read timed out")
    assert (error.symbol, error.client_order_id, error.reason) == (
        "BNBBTC",
        "x-1",
        "read timed out",
    )
    assert str(error) == (
        "The status of order x-1 on BNBBTC is unknown: read timed out. "
        "The exchange may have accepted it: query it by its id before you send it again"
    )
    assert error.request == ""


def test_order_status_unknown_of_a_cancel_does_not_ask_for_another_order() -> None:
    error = OrderStatusUnknown("BNBBTC", "", "the order is NEW", "order.cancel of orderId=7")
    assert error.request == "order.cancel of orderId=7"
    assert str(error) == (
        "It is unknown whether the exchange has performed order.cancel of orderId=7 on BNBBTC: "
        "the order is NEW. Query your orders before you send anything else"
    )
    of_all = OrderStatusUnknown("", "", "no answer came", "algo.cancelAll")
    assert str(of_all).startswith(
        "It is unknown whether the exchange has performed algo.cancelAll: no answer came."
    )


SAMPLES = [
    BinanceError("m"),
    BinanceAPIException(answer('{"code":-1121,"msg":"Invalid symbol."}')),
    BinanceRetiredError("a", "b"),
    BinanceUnreadableError(answer("<html>", 502)),
    BinanceRequestException("m"),
    BinanceCredentialsError("m"),
    BinanceConnectionError("m", 403),
    BinanceReactorError("m"),
    BinanceStreamLost("k", "m"),
    ReadLoopClosed("m"),
    BinanceWebsocketUnableToConnect("m"),
    BinanceWebsocketClosed("m"),
    BinanceWebsocketQueueOverflow("m"),
    BinanceRegionException("m"),
    NotImplementedException("m"),
    UnknownDateFormat("m"),
    OrderStatusUnknown("S", "id", "m"),
    OrderStatusUnknown("S", "", "m", "order.cancel of orderId=7"),
    BinanceOrderException(-1, "m"),
    BinanceOrderMinAmountException("1"),
    BinanceOrderMinPriceException("1"),
    BinanceOrderMinTotalException("1"),
    BinanceOrderUnknownSymbolException("1"),
    BinanceOrderInactiveSymbolException("1"),
    BinanceWithdrawException("m"),
]


def test_the_samples_are_all_there_is() -> None:
    classes = {value for value in vars(exceptions).values() if isinstance(value, type)}
    public = {c for c in classes if issubclass(c, Exception) and not c.__name__.startswith("_")}
    assert public == {type(sample) for sample in SAMPLES}
    assert {c.__name__ for c in public} | {"redact"} == set(exceptions.__all__)


def test_the_documented_tree_is_the_tree() -> None:
    assert exceptions.__doc__ is not None
    for sample in SAMPLES:
        assert type(sample).__name__ in exceptions.__doc__
        assert type(sample).__doc__


@pytest.mark.parametrize("error", SAMPLES, ids=lambda error: type(error).__name__)
def test_each_is_ours_and_crosses_a_process_border(error: BinanceError) -> None:
    assert isinstance(error, BinanceError)
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)


# Secrets.

LEAKY = [
    f"Max retries exceeded with url: {URL}",
    f"url: /api/v3/order?signature={SIGNATURE}&symbol=LTCBTC",
    f"wss://stream.binance.com:9443/ws/{LISTEN_KEY}",
    f'{{"apiKey": "{KEY}"}}',
    f"{{'listenKey': '{LISTEN_KEY}'}}",
    f"{{'X-MBX-APIKEY': '{KEY}'}}",
    "http://alice:opensesame@proxy.example:3128",
    "http://alice:p@opensesame@proxy.example:3128",
    '{"listenToken":"short","symbol":"BNBBTC"}',
    "api_secret=opensesame",
    f"signed {SIGNATURE}",
    f"signature={SHORT}%2B5UdlGPrQHrgtS3CvsRURC1oj73j8gCA%3D%3D",
]
SECRETS = [KEY, SIGNATURE, LISTEN_KEY, "opensesame", "short", SHORT]


@pytest.mark.parametrize("text", LEAKY)
def test_redact_hides_secrets(text: str) -> None:
    assert any(secret in text for secret in SECRETS)
    assert not any(secret in redact(text) for secret in SECRETS)
    assert exceptions.HIDDEN in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "Signature for this request is not valid.",
        "Mandatory parameter 'timestamp' was not sent, was empty/null, or malformed.",
        "wss://stream.binance.com:9443/stream?streams=bnbbtc@trade/ethbtc@depth20@100ms",
        "https://api.binance.com/api/v3/depth?symbol=BNBBTC&limit=1000",
        "API-key format invalid.",
        "",
    ],
)
def test_redact_leaves_the_rest(text: str) -> None:
    assert redact(text) == text


def test_redact_keeps_what_stands_beside_a_secret() -> None:
    assert redact(f"a=1&signature={SIGNATURE}&b=2") == "a=1&signature=***&b=2"


@given(st.text())
def test_redact_twice_is_redact_once(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize("text", LEAKY)
@pytest.mark.parametrize(
    "make",
    [
        lambda text: BinanceAPIException(answer(text)),
        lambda text: BinanceAPIException(answer(f'{{"code":-1,"msg":{text!a}}}'.replace("'", '"'))),
        BinanceRequestException,
        BinanceConnectionError,
        lambda text: OrderStatusUnknown("BNBBTC", "id", text),
        lambda text: OrderStatusUnknown("BNBBTC", "id", "m", text),
        lambda text: BinanceOrderException(-1, text),
        BinanceWithdrawException,
    ],
)
def test_no_exception_tells_a_secret(make: Any, text: str) -> None:
    error = make(text)
    for shown in (str(error), repr(error)):
        assert not any(secret in shown for secret in SECRETS)
