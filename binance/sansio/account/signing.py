"""Signatures of requests, from a key and the parameters.

Three kinds of key, as the exchange issues them: HMAC (a secret text), RSA and Ed25519 (a PEM
private key whose public half the user gave to the exchange). Two kinds of payload:

* WebSocket API: every parameter but ``signature``, ``apiKey`` among them, sorted by name, joined
  as ``name=value&..`` in raw UTF-8. Percent-encoding here would break the signature.
* REST: the query string and the body, joined with nothing between, in the order sent and
  percent-encoded before signing (-1022 otherwise since 2026-01-15). The API key is in a header.

Sources: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/request-security and
https://developers.binance.com/docs/binance-spot-api-docs/websocket-api/request-security
"""

from __future__ import annotations

import base64
import enum
import hashlib
import hmac
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote

from binance.exceptions import BinanceCredentialsError
from binance.helpers import plain_number

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

API_KEY_HEADER = "X-MBX-APIKEY"
SIGNATURE = "signature"
TIMESTAMP = "timestamp"
RECV_WINDOW_MAX = 60_000  # ms
_PEM_MARK = "-----BEGIN "


class Signer(ABC):
    """Signs with one API key. The repr hides the key and the secret.

    ``api_key`` is the key as the exchange knows it, ``kind`` is ``'HMAC'``, ``'RSA'`` or
    ``'Ed25519'``.
    """

    __slots__ = ("api_key",)

    kind: str

    def __init__(self, api_key: str) -> None:
        self.api_key = api_key

    @abstractmethod
    def sign(self, payload: str) -> str:
        """The signature of `payload` (its UTF-8): hex for HMAC, base64 for RSA and Ed25519."""

    def __repr__(self) -> str:
        return f"<{self.kind} signer (key hidden)>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a signer holds a secret and is not pickled: build it where it is used")


class _KeySigner(Signer):
    """Signs by a function from octets to the text of the signature."""

    __slots__ = ("_sign", "kind")

    def __init__(self, api_key: str, kind: str, sign: Callable[[bytes], str]) -> None:
        super().__init__(api_key)
        self.kind, self._sign = kind, sign

    def sign(self, payload: str) -> str:
        return self._sign(payload.encode())


def _by_hmac(keyed: hmac.HMAC, payload: bytes) -> str:
    """HMAC-SHA256; the secret is in no local variable, where an error report would show it."""
    mac = keyed.copy()
    mac.update(payload)
    return mac.hexdigest()


def _by_rsa(key: RSAPrivateKey, payload: bytes) -> str:
    """RSA, PKCS#1 v1.5 with SHA-256."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    signature = key.sign(payload, padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(signature).decode("ascii")


def _by_ed25519(key: Ed25519PrivateKey, payload: bytes) -> str:
    """Ed25519, the only kind that can log a WebSocket API session on."""
    return base64.b64encode(key.sign(payload)).decode("ascii")


def is_pem(text: str | bytes) -> bool:
    """Whether `text` is a PEM key, not an HMAC secret or the path of a file."""
    return _PEM_MARK in (text.decode("latin-1") if isinstance(text, bytes) else text)


def from_secret(api_key: str, secret: str) -> Signer:
    """The signer for a secret: HMAC, or by the kind of the key if the secret is PEM text.

    Raises `BinanceCredentialsError` for an invalid key or secret.
    """
    check_key(api_key)
    if not isinstance(secret, str):
        raise BinanceCredentialsError(f"api_secret must be a str, not {type(secret).__name__}")
    if is_pem(secret):
        return from_pem(api_key, secret)
    if not secret or secret != secret.strip():
        raise BinanceCredentialsError(
            "api_secret must not be empty, nor begin or end with white space"
        )
    keyed = hmac.new(secret.encode(), digestmod=hashlib.sha256)
    return _KeySigner(api_key, "HMAC", partial(_by_hmac, keyed))


def from_pem(api_key: str, pem: str | bytes, password: str | bytes | None = None) -> Signer:
    """The signer for a private key in PEM text (PKCS#8, or PKCS#1 for RSA), RSA or Ed25519.

    Raises `BinanceCredentialsError` if the text is no such key or the password is wrong; the error
    contains nothing of the key.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    check_key(api_key)
    data = pem.encode() if isinstance(pem, str) else pem
    secret = password.encode() if isinstance(password, str) else password
    wrong = ""
    try:
        key = load_pem_private_key(data, secret)
    except TypeError:  # raised by cryptography for a missing or a needless password
        wrong = "is encrypted and needs private_key_pass" if secret is None else "has no password"
    except (ValueError, UnsupportedAlgorithm):
        wrong = "is not a readable PEM private key" + (", or its password is wrong" * bool(secret))
    if wrong:  # raised here, without a chained error that may contain the key
        raise BinanceCredentialsError(f"private_key {wrong}")
    if isinstance(key, RSAPrivateKey):
        return _KeySigner(api_key, "RSA", partial(_by_rsa, key))
    if isinstance(key, Ed25519PrivateKey):
        return _KeySigner(api_key, "Ed25519", partial(_by_ed25519, key))
    raise BinanceCredentialsError(
        "private_key must be an RSA or an Ed25519 key; the exchange accepts no other"
    )


def plain(value: object) -> str:
    """`value` as text for a query string.

    Decimals and floats get plain notation (``0.00001``, never ``1e-05``), booleans are ``true`` and
    ``false``, enumeration members have their value, lists and dicts are compact JSON. Numbers and
    booleans of numpy are treated like Python's.
    Raises `ValueError` for NaN and infinities, `TypeError` for other types.
    """
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        return _plain_decimal(value)
    if isinstance(value, list | tuple | Mapping):
        return json.dumps(_json_ready(value), separators=(",", ":"), ensure_ascii=False)
    number = plain_number(value)
    if number is None:
        raise TypeError(
            f"a parameter must be str, a number, bool, list or dict; not of {type(value)!r}"
        )
    if isinstance(number, bool):
        return "true" if number else "false"
    return str(number) if isinstance(number, int) else _plain_decimal(number)


def rest_payload(params: Iterable[tuple[str, object]]) -> str:
    """``name=value&..`` in the given order, percent-encoded; it is both signed and sent."""
    return "&".join(f"{quote(name, safe='')}={quote(plain(v), safe='')}" for name, v in params)


def sign_rest(signer: Signer, query: str = "", body: str = "") -> str:
    """The percent-encoded signature of a query string and a body, each from `rest_payload`."""
    return quote(signer.sign(query + body), safe="")


def websocket_payload(params: Mapping[str, object]) -> str:
    """The signed text of a WebSocket API request: raw UTF-8, sorted, without ``signature``."""
    return "&".join(f"{name}={plain(params[name])}" for name in sorted(params) if name != SIGNATURE)


def check_recv_window(value: object) -> None:
    """Raise ValueError for an invalid `recvWindow`; None means the exchange's default."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is not None and not (is_number and 0 < value <= RECV_WINDOW_MAX):  # type: ignore[operator]
        raise ValueError(f"recv_window must be 1 to {RECV_WINDOW_MAX} ms, not {value!r}")


def sign_websocket(
    signer: Signer, params: Mapping[str, object], timestamp: int, recv_window: int | None = None
) -> dict[str, object]:
    """The parameters of a signed WebSocket API request.

    `timestamp` is in ms (or µs) of the exchange's clock, `recv_window` in ms, 60000 at most.
    Numbers with a fraction become text, so that both sides see the same digits.
    """
    check_recv_window(recv_window)
    signed: dict[str, object] = {
        name: value if isinstance(value, str | int) else plain(value)
        for name, value in params.items()
        if value is not None and name != SIGNATURE
    }
    signed["apiKey"] = signer.api_key
    signed["timestamp"] = timestamp
    if recv_window is not None:
        signed["recvWindow"] = recv_window
    signed[SIGNATURE] = signer.sign(websocket_payload(signed))
    return signed


def _plain_decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"a parameter must be a finite number, not {value}")
    return format(value, "f")


def _json_ready(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(name): _json_ready(v) for name, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_json_ready(v) for v in value]
    if isinstance(value, str) or value is None:
        return value
    number = None if isinstance(value, enum.Enum) else plain_number(value)
    return number if isinstance(number, int) else plain(value)


def check_key(api_key: object) -> None:
    """Raise `BinanceCredentialsError` for an invalid API key."""
    # The key becomes a header, and HTTP libraries show a bad header in their errors.
    if not isinstance(api_key, str):
        raise BinanceCredentialsError(f"api_key must be a str, not {type(api_key).__name__}")
    if not api_key or not api_key.isascii() or not api_key.isprintable() or " " in api_key:
        raise BinanceCredentialsError(
            "api_key must be printable ASCII without white space, and not empty"
        )
