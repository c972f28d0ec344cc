"""The simulator's own check of signatures, against the exchange's examples."""

import base64

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from binance.simulator.accounts import api_keys
from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.rules.errors import ApiError

NOW = 1_700_000_000_000
# The documentation's own example.
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
QUERY = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC"
BODY = "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"


class FakeVenue:
    def exchange_time(self):
        return NOW


def call(query="", body="", **raw):
    return Call(
        FakeVenue(), Params({k: str(v) for k, v in raw.items()}), NOW, query=query, body=body
    )


@pytest.mark.parametrize(
    ("query", "body"),
    [
        (
            (
                f"{QUERY}&{BODY}"
                "&signature=c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
            ),
            "",
        ),
        (
            "",
            (
                f"{QUERY}&{BODY}"
                "&signature=C8DB56825AE71D6D79447849E617115F4A920FA2ACDCAB2B053C4B2838BD6B71"
            ),
        ),
        (
            QUERY,
            f"{BODY}&signature=0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77",
        ),
    ],
)
def test_rest_signatures_of_the_documentation(query, body):
    api_keys.check_rest(call(query, body), api_keys.hmac_verifier(SECRET))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (f"{QUERY}&{BODY}", -1102),
        (f"{QUERY}&{BODY}&signature=", -1102),
        (f"{QUERY}&{BODY}&signature={'0' * 64}", -1022),
        (f"{QUERY}&{BODY}&signature=nonsense", -1022),
    ],
)
def test_rest_signatures_that_are_wrong(query, code):
    with pytest.raises(ApiError) as caught:
        api_keys.check_rest(call(query), api_keys.hmac_verifier(SECRET))
    assert caught.value.code == code


def test_websocket_signatures_are_over_sorted_raw_text():
    raw = {
        "symbol": "１２３４５６",  # noqa: RUF001
        "side": "BUY",
        "type": "LIMIT",
        "timeInForce": "GTC",
        "quantity": "1.00000000",
        "price": "0.10000000",
        "recvWindow": 5000,
        "timestamp": 1645423376532,
        "apiKey": KEY,
        "signature": "b33892ae8e687c939f4468c6268ddd4c40ac1af18ad19a064864c47bae0752cd",
    }
    api_keys.check_websocket(call(**raw), api_keys.hmac_verifier(SECRET))
    with pytest.raises(ApiError):
        api_keys.check_websocket(call(**raw | {"price": "0.2"}), api_keys.hmac_verifier(SECRET))


def test_the_documented_accounts():
    found = api_keys.documented_keys()
    assert [kind for kind, _ in found.values()] == ["HMAC", "RSA", "Ed25519"]
    assert list(found) == ["K" * 64, "R" * 64, "E" * 64]
    rsa = load_pem_private_key(api_keys.RSA_PRIVATE_KEY.encode(), None)
    ed = load_pem_private_key(api_keys.ED25519_PRIVATE_KEY.encode(), None)
    signed = {
        "RSA": rsa.sign(b"text", padding.PKCS1v15(), hashes.SHA256()),
        "Ed25519": ed.sign(b"text"),
    }
    for kind, verify in found.values():
        if kind in signed:
            assert verify(b"text", base64.b64encode(signed[kind]).decode())
            assert not verify(b"other", base64.b64encode(signed[kind]).decode())
            assert not verify(b"text", "no base64!")
            assert not verify(b"text", base64.b64encode(b"short").decode())


@pytest.mark.parametrize("late", [0, 4999, 5000, -999])
def test_timestamps_that_pass(late):
    api_keys.check_time(call(timestamp=NOW - late))
    api_keys.check_time(call(timestamp=(NOW - late) * 1000))  # µs


@pytest.mark.parametrize(
    ("raw", "code", "words"),
    [
        ({}, -1102, "timestamp"),
        ({"timestamp": NOW - 5001}, -1021, "outside of the recvWindow"),
        ({"timestamp": NOW + 1000}, -1021, "ahead"),
        ({"timestamp": NOW - 101, "recvWindow": 100}, -1021, "outside"),
        ({"timestamp": NOW, "recvWindow": 60_001}, -1131, "recvWindow"),
        ({"timestamp": NOW, "recvWindow": 0}, -1131, "recvWindow"),
        ({"timestamp": NOW, "recvWindow": "x"}, -1131, "recvWindow"),
        ({"timestamp": "soon"}, -1100, "timestamp"),
    ],
)
def test_timestamps_that_do_not(raw, code, words):
    with pytest.raises(ApiError, match=words) as caught:
        api_keys.check_time(call(**raw))
    assert caught.value.code == code


def test_a_window_of_a_fraction_and_a_wide_one():
    api_keys.check_time(call(timestamp=NOW - 59_000, recvWindow=60_000))
    api_keys.check_time(call(timestamp=NOW - 100, recvWindow="100.346"))
