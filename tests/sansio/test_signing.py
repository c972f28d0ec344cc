# ruff: noqa: RUF001 (full-width digits: a symbol of the documentation's examples)
"""Signatures against the exchange's own examples, and what a signer must never tell."""

import base64
import json
import pickle
import traceback
from decimal import Decimal
from enum import Enum
from fractions import Fraction

import numpy as np
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.account import signing

# The documentation's own example keys.
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
ED25519_PEM = (
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIIJEYWtGBrhACmb9Dvy+qa8WEf0lQOl1s4CLIAB9m89u\n"
    "-----END PRIVATE KEY-----\n"
)

ORDER = {
    "symbol": "BTCUSDT",
    "side": "SELL",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.01000000",
    "price": "52000.00",
    "recvWindow": 100,
    "timestamp": 1645423376532,
}
UNICODE_ORDER = {
    "symbol": "１２３４５６",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "1.00000000",
    "price": "0.10000000",
    "recvWindow": 5000,
    "timestamp": 1645423376532,
}
WEBSOCKET_VECTORS = [
    (
        {"timestamp": 1649729878532},
        f"apiKey={KEY}&timestamp=1649729878532",
        "1cf54395b336b0a9727ef27d5d98987962bc47aca6e13fe978612d0adee066ed",
    ),
    (
        {"timestamp": 1747385641636, "recvWindow": 5000},
        f"apiKey={KEY}&recvWindow=5000&timestamp=1747385641636",
        "49601ffc5b0122c3c7ee3ea85ef7d6cd76256f5191a57c976418faa32e917653",
    ),
    (
        ORDER,
        (
            f"apiKey={KEY}&price=52000.00&quantity=0.01000000&recvWindow=100&side=SELL"
            "&symbol=BTCUSDT&timeInForce=GTC&timestamp=1645423376532&type=LIMIT"
        ),
        "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24",
    ),
    (
        UNICODE_ORDER,
        (
            f"apiKey={KEY}&price=0.10000000&quantity=1.00000000&recvWindow=5000&side=BUY"
            "&symbol=１２３４５６&timeInForce=GTC&timestamp=1645423376532&type=LIMIT"
        ),
        "b33892ae8e687c939f4468c6268ddd4c40ac1af18ad19a064864c47bae0752cd",
    ),
]
LTCBTC = [("symbol", "LTCBTC"), ("side", "BUY"), ("type", "LIMIT"), ("timeInForce", "GTC")]
AMOUNTS = [
    ("quantity", 1),
    ("price", Decimal("0.1")),
    ("recvWindow", 5000),
    ("timestamp", 1499827319559),
]
REST_VECTORS = [
    (
        LTCBTC + AMOUNTS,
        [],
        (
            "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000"
            "&timestamp=1499827319559"
        ),
        "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71",
    ),
    (
        [("symbol", "１２３４５６"), *LTCBTC[1:], *AMOUNTS],
        [],
        (
            "symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&side=BUY&type=LIMIT"
            "&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"
        ),
        "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3",
    ),
    (
        LTCBTC,
        AMOUNTS,
        (
            "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTCquantity=1&price=0.1&recvWindow=5000"
            "&timestamp=1499827319559"
        ),
        "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77",
    ),
]
ED25519_VECTORS = [
    (
        "A\x01EXAMPLE\x01SPOT\x011\x0120240627-11:17:25.223",
        "4MHXelVVcpkdwuLbl6n73HQUXUf1dse2PCgT1DYqW9w8AVZ1RACFGM+5UdlGPrQHrgtS3CvsRURC1oj73j8gCA==",
    ),
    (
        (
            "apiKey=4yNzx3yWC5bS6YTwEkSRaC0nRmSQIIStAUOh1b6kqaBrTLIhjCpI5lJH8q8R8WNO"
            "&timestamp=1649729878532"
        ),
        "cGkloHLHGGNbrduoWDYBlzIPwRHyDVYVfCE0rDkPwKdKedurBgm2JNWRkwloQDBFG6Mcloavo1siYfEtZbV/Ag==",
    ),
]


def pem_of(key, password=None) -> str:
    lock = (
        serialization.BestAvailableEncryption(password.encode())
        if password
        else serialization.NoEncryption()
    )
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock
    ).decode()


@pytest.fixture(scope="module")
def rsa_key():
    return rsa.generate_private_key(65537, 2048)


@pytest.mark.parametrize(("params", "payload", "signature"), WEBSOCKET_VECTORS)
def test_websocket_vectors(params, payload, signature) -> None:
    assert signing.websocket_payload({**params, "apiKey": KEY}) == payload
    rest = {k: v for k, v in params.items() if k not in ("timestamp", "recvWindow")}
    signer = signing.from_secret(KEY, SECRET)
    signed = signing.sign_websocket(signer, rest, params["timestamp"], params.get("recvWindow"))
    assert signed == {**params, "apiKey": KEY, "signature": signature}


@pytest.mark.parametrize(("query", "body", "payload", "signature"), REST_VECTORS)
def test_rest_vectors(query, body, payload, signature) -> None:
    query, body = signing.rest_payload(query), signing.rest_payload(body)
    assert query + body == payload
    assert signing.sign_rest(signing.from_secret(KEY, SECRET), query, body) == signature


@pytest.mark.parametrize(("payload", "signature"), ED25519_VECTORS)
def test_ed25519_vectors(payload, signature) -> None:
    signer = signing.from_pem("K", ED25519_PEM)
    assert (signer.kind, signer.api_key) == ("Ed25519", "K")
    assert signer.sign(payload) == signature


def test_an_rsa_signature_verifies_and_is_percent_encoded_for_rest(rsa_key) -> None:
    signer = signing.from_pem("K", pem_of(rsa_key))
    assert signer.kind == "RSA"
    payload = signing.rest_payload([("symbol", "１２"), ("timestamp", 1)])
    raw = base64.b64decode(signer.sign(payload), validate=True)
    rsa_key.public_key().verify(raw, payload.encode(), padding.PKCS1v15(), hashes.SHA256())
    encoded = signing.sign_rest(signer, payload)
    assert not set("+/=") & set(encoded)
    assert encoded.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=") == signer.sign(
        payload
    )


def test_the_kind_of_key_decides(rsa_key) -> None:
    pkcs1 = rsa_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    assert signing.from_secret("K", SECRET).kind == "HMAC"
    assert signing.from_secret("K", ED25519_PEM).kind == "Ed25519"
    assert signing.from_pem("K", pkcs1).kind == "RSA"
    assert signing.is_pem(pkcs1)
    assert not signing.is_pem(SECRET)


def test_an_encrypted_key_opens_with_its_password_only(rsa_key) -> None:
    locked = pem_of(ed25519.Ed25519PrivateKey.generate(), "open sesame")
    assert signing.from_pem("K", locked, "open sesame").kind == "Ed25519"
    with pytest.raises(ValueError, match="needs private_key_pass"):
        signing.from_pem("K", locked)
    with pytest.raises(ValueError, match="password is wrong") as caught:
        signing.from_pem("K", locked, "open says me")
    assert "open says me" not in "".join(traceback.format_exception_only(caught.value))
    assert caught.value.__context__ is None
    with pytest.raises(ValueError, match="has no password"):
        signing.from_pem("K", pem_of(rsa_key), "needless")


@pytest.mark.parametrize(
    ("key", "secret", "error"),
    [
        ("", SECRET, ValueError),
        ("with space", SECRET, ValueError),
        (KEY + "\n", SECRET, ValueError),
        ("кey", SECRET, ValueError),
        (KEY, "", ValueError),
        (KEY, SECRET + "\n", ValueError),
        (7, SECRET, ValueError),
        (KEY, 7, ValueError),
        (KEY, "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----", ValueError),
    ],
)
def test_what_cannot_be_a_key_is_refused_and_not_quoted(key, secret, error) -> None:
    with pytest.raises(error) as caught:
        signing.from_secret(key, secret)
    text = "".join(traceback.format_exception_only(caught.value))
    assert KEY not in text
    assert SECRET not in text
    assert "nonsense" not in text


def test_a_key_of_another_kind_is_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    with pytest.raises(ValueError, match="RSA or an Ed25519"):
        signing.from_pem("K", pem_of(ec.generate_private_key(ec.SECP256R1())))


@pytest.mark.parametrize("kind", ["HMAC", "RSA", "Ed25519"])
def test_a_signer_hides_what_it_knows(kind, rsa_key) -> None:
    pem = {"RSA": pem_of(rsa_key), "Ed25519": ED25519_PEM}
    signer = (
        signing.from_secret(KEY, SECRET) if kind == "HMAC" else signing.from_pem(KEY, pem[kind])
    )
    for text in (repr(signer), str(signer), f"{signer}", f"{[signer]}"):
        assert KEY not in text
        assert SECRET not in text
    with pytest.raises(TypeError, match="not pickled") as caught:
        pickle.dumps(signer)
    assert KEY not in str(caught.value)
    assert not hasattr(signer, "__dict__")  # so vars() and the like have nothing to print


class Side(Enum):
    BUY = "BUY"


class Index:
    def __index__(self) -> int:
        return 7


class TextSide(str, Enum):  # noqa: UP042 (what users of older Pythons write)
    BUY = "BUY"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1e-05", "1e-05"),
        (0.00001, "0.00001"),
        (1e-8, "0.00000001"),
        (1e22, "10000000000000000000000"),
        (0.1, "0.1"),
        (Decimal("1E-8"), "0.00000001"),
        (Decimal("1E+2"), "100"),
        (Decimal("0.10000"), "0.10000"),
        (12, "12"),
        (True, "true"),
        (False, "false"),
        (np.int64(5), "5"),
        (np.uint8(200), "200"),
        (np.float64(1e-5), "0.00001"),
        (np.float32(0.1), "0.1"),
        (np.float16(0.1), "0.1"),
        (np.longdouble("0.1"), "0.1"),
        (np.float32(1e-8), "0.00000001"),
        (np.True_, "true"),
        (np.False_, "false"),
        (np.array(5), "5"),
        (np.str_("BUY"), "BUY"),
        (Index(), "7"),
        ([np.int64(1), np.float32(0.1), np.True_, Index()], '[1,"0.1",true,7]'),
        (Side.BUY, "BUY"),
        (TextSide.BUY, "BUY"),
        (["BTCUSDT", "１２"], '["BTCUSDT","１２"]'),
        (
            ({"quantity": 1e-5, "n": 1, "x": None, "b": True},),
            '[{"quantity":"0.00001","n":1,"b":true}]',
        ),
    ],
)
def test_plain(value, text) -> None:
    assert signing.plain(value) == text


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (float("nan"), ValueError),
        (float("inf"), ValueError),
        (Decimal("NaN"), ValueError),
        (None, TypeError),
        (b"x", TypeError),
        (object(), TypeError),
        ({1, 2}, TypeError),
        ([object()], TypeError),
        (np.float32("nan"), ValueError),
        (np.float32("-inf"), ValueError),
        (np.array([1, 2]), TypeError),
        (np.array([True]), TypeError),
        (np.array([0.5]), TypeError),
        (np.datetime64("2026-01-01"), TypeError),
        (Fraction(1, 3), TypeError),
    ],
)
def test_plain_refuses(value, error) -> None:
    with pytest.raises(error, match="a parameter must be"):
        signing.plain(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_never_in_scientific_notation_and_keeps_its_value(value) -> None:
    text = signing.plain(value)
    assert not set("eE+") & set(text)
    assert float(text) == value


def test_websocket_parameters_that_are_sent_are_those_that_are_signed() -> None:
    signer = signing.from_secret(KEY, SECRET)
    signed = signing.sign_websocket(
        signer, {"price": 1e-5, "side": None, "signature": "stale", "isIsolated": True}, 5
    )
    signature = signed.pop("signature")
    assert signed == {"price": "0.00001", "isIsolated": True, "apiKey": KEY, "timestamp": 5}
    payload = f"apiKey={KEY}&isIsolated=true&price=0.00001&timestamp=5"
    assert signature == signer.sign(payload)
    assert json.loads(json.dumps(signed)) == signed


@pytest.mark.parametrize("window", [0, -1, 60_001])
def test_a_receive_window_out_of_range_is_refused(window) -> None:
    with pytest.raises(ValueError, match="1 to 60000"):
        signing.sign_websocket(signing.from_secret(KEY, SECRET), {}, 1, window)


def test_a_kind_of_signer_without_a_way_to_sign_cannot_be_built():
    class Mute(signing.Signer):
        kind = "HMAC"

    with pytest.raises(TypeError, match="sign"):
        Mute("key")


@pytest.mark.parametrize("value", [None, 1, 0.5, 60_000])
def test_a_recv_window_that_is_allowed(value: object) -> None:
    signing.check_recv_window(value)


@pytest.mark.parametrize("value", [0, -1, 60_001, True, "5000"])
def test_a_recv_window_that_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=f"must be 1 to 60000 ms, not {value!r}"):
        signing.check_recv_window(value)
