"""Requests to the WebSocket API, and what its messages are."""

import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from binance.sansio.account import signing, wsapi

KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
SIGNER = signing.from_secret(KEY, SECRET)


def test_a_subscription_is_signed_as_the_documentation_has_it() -> None:
    request = wsapi.subscribe_signature(7, SIGNER, 1649729878532)
    assert json.loads(request.text) == {
        "id": 7,
        "method": "userDataStream.subscribe.signature",
        "params": {
            "apiKey": KEY,
            "timestamp": 1649729878532,
            "signature": "1cf54395b336b0a9727ef27d5d98987962bc47aca6e13fe978612d0adee066ed",
        },
    }
    windowed = wsapi.subscribe_signature(7, SIGNER, 1747385641636, 5000)
    assert windowed.params["recvWindow"] == 5000
    assert windowed.params["signature"] == (
        "49601ffc5b0122c3c7ee3ea85ef7d6cd76256f5191a57c976418faa32e917653"
    )


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (wsapi.time(1), '{"id":1,"method":"time"}'),
        (wsapi.unsubscribe(4), '{"id":4,"method":"userDataStream.unsubscribe"}'),
        (
            wsapi.unsubscribe(5, 0),
            '{"id":5,"method":"userDataStream.unsubscribe","params":{"subscriptionId":0}}',
        ),
        (
            wsapi.subscribe_token(6, "T"),
            '{"id":6,"method":"userDataStream.subscribe.listenToken","params":{"listenToken":"T"}}',
        ),
    ],
)
def test_requests(request_, text) -> None:
    assert request_.text == text


def test_any_other_request_can_be_signed() -> None:
    request = wsapi.signed(1, "order.status", {"symbol": "比特币USDT"}, SIGNER, 5)
    assert "比特币USDT" in request.text
    payload = f"apiKey={KEY}&symbol=比特币USDT&timestamp=5"
    assert request.params["signature"] == SIGNER.sign(payload)


def test_only_an_ed25519_key_logs_on() -> None:
    with pytest.raises(ValueError, match="only an Ed25519 key"):
        wsapi.logon(1, SIGNER, 5)
    pem = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    signer = signing.from_pem("K", pem)
    request = wsapi.logon(1, signer, 5)
    assert request.method == "session.logon"
    assert request.params["signature"] == signer.sign("apiKey=K&timestamp=5")


def test_a_request_shows_no_parameter() -> None:
    request = wsapi.subscribe_signature(7, SIGNER, 1649729878532)
    for text in (repr(request), str(request), f"{[request]}"):
        assert KEY not in text
        assert str(request.params["signature"]) not in text
        assert "subscribe.signature" in text


REPORT = {"e": "executionReport", "x": "NEW"}


@pytest.mark.parametrize(
    ("message", "parsed"),
    [
        ({"subscriptionId": 0, "event": REPORT}, wsapi.Event(0, REPORT)),
        (
            {"event": {"e": "serverShutdown", "E": 5}},
            wsapi.Event(None, {"e": "serverShutdown", "E": 5}),
        ),
        (
            {"id": 1, "status": 200, "result": {"subscriptionId": 0}, "rateLimits": []},
            wsapi.Reply(1, {"subscriptionId": 0}),
        ),
        ({"id": 2, "status": 200, "result": {}}, wsapi.Reply(2, {})),
        ({"id": 2, "status": 200, "result": {}, "error": None}, wsapi.Reply(2, {})),
        (
            {"id": 2, "status": 200, "result": {}, "error": {"code": -2010, "msg": "No"}},
            wsapi.Reply(2, error=wsapi.ApiError(200, -2010, "No")),
        ),
        (
            {"id": 3, "status": 400, "error": {"code": -1021, "msg": "Timestamp .."}},
            wsapi.Reply(3, error=wsapi.ApiError(400, -1021, "Timestamp ..")),
        ),
        (
            {"id": None, "status": 401, "error": {"code": -2015, "msg": "Invalid"}},
            wsapi.Reply(None, error=wsapi.ApiError(401, -2015, "Invalid")),
        ),
        (
            {
                "id": 4,
                "status": 429,
                "error": {
                    "code": -1003,
                    "msg": "Too many",
                    "data": {"serverTime": 1659142907531, "retryAfter": 1659142967531},
                },
            },
            wsapi.Reply(4, error=wsapi.ApiError(429, -1003, "Too many", 60.0)),
        ),
        (
            {
                "id": 4,
                "status": 418,
                "error": {
                    "code": -1003,
                    "msg": "Banned",
                    "data": {"serverTime": 1659142907531000, "retryAfter": 1659142909531000},
                },
            },
            wsapi.Reply(4, error=wsapi.ApiError(418, -1003, "Banned", 2.0)),
        ),
        ({"id": 5, "status": 500}, wsapi.Reply(5, error=wsapi.ApiError(500, 0, "status 500"))),
        (
            {"id": 6, "status": 400, "error": "odd"},
            wsapi.Reply(6, error=wsapi.ApiError(400, 0, "status 400")),
        ),
        ({"e": "executionReport"}, None),
        ({"id": 7}, None),
        ([1], None),
        ("text", None),
        (None, None),
    ],
)
def test_messages(message, parsed) -> None:
    assert wsapi.parse(message) == parsed


def test_an_event_tells_its_kind_and_an_error_whether_it_is_a_limit() -> None:
    assert wsapi.Event(0, REPORT).kind == "executionReport"
    assert wsapi.Event(0, {}).kind == ""
    assert wsapi.ApiError(429, -1003, "").is_limit
    assert not wsapi.ApiError(400, -1003, "").is_limit
