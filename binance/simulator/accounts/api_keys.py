"""The simulator's API keys, and how it checks their signatures. No client shares this code. Pure.

There are three documented accounts, one for each kind of key. They exist only on simulators, so
their secrets are public.

| API key  | kind    | secret                                                                   |
|----------|---------|--------------------------------------------------------------------------|
| 64 x `K` | HMAC    | 64 x `S`                                                                 |
| 64 x `R` | RSA     | `RSA_PRIVATE_KEY`, PEM text                                              |
| 64 x `E` | Ed25519 | `ED25519_PRIVATE_KEY`, PEM text                                          |

Source of the rules: the exchange's page "Request Security".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from binance.sansio.names.times import MICROSECONDS
from binance.simulator.rules.errors import ApiError, missing

if TYPE_CHECKING:
    from binance.simulator.api.call import Call

HMAC_KEY, HMAC_SECRET = "K" * 64, "S" * 64
RSA_KEY = "R" * 64
ED25519_KEY = "E" * 64

# Made for this simulator alone.
RSA_PRIVATE_KEY = Path(__file__).with_name("rsa.pem").read_text("ascii")
ED25519_PRIVATE_KEY = Path(__file__).with_name("ed25519.pem").read_text("ascii")

HEADER = "x-mbx-apikey"
RECV_WINDOW = 5000
RECV_WINDOW_MOST = 60_000
MAX_AHEAD = 1000
"""The most that a timestamp may be ahead of the exchange, ms."""

BAD_TIMESTAMP = -1021
BAD_SIGNATURE = -1022
BAD_WINDOW = -1131
KEY_FORMAT = -2014
KEY_REFUSED = -2015

Verify = Callable[[bytes, str], bool]
"""(signed bytes, signature) -> is the signature right?"""


def hmac_verifier(secret: str) -> Verify:
    """Checks HMAC-SHA256 signatures, hexadecimal."""

    def verify(payload: bytes, signature: str) -> bool:
        right = hmac.new(secret.encode(), payload, hashlib.sha256).hexdigest()
        return hmac.compare_digest(right.encode(), signature.lower().encode())

    return verify


def private_key_verifier(pem: str) -> Verify:
    """Checks base64 signatures of a private RSA or Ed25519 key (PEM)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    private = load_pem_private_key(pem.encode(), None)
    if not isinstance(private, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        raise ValueError("only RSA and Ed25519 keys can sign")
    public = private.public_key()

    def verify(payload: bytes, signature: str) -> bool:
        try:
            raw = base64.b64decode(signature, validate=True)
            if isinstance(public, rsa.RSAPublicKey):
                public.verify(raw, payload, padding.PKCS1v15(), hashes.SHA256())
            else:
                public.verify(raw, payload)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True

    return verify


@cache
def documented_keys() -> Mapping[str, tuple[str, Verify]]:
    """API key -> (kind, function that checks its signatures), of the three documented accounts."""
    return {
        HMAC_KEY: ("HMAC", hmac_verifier(HMAC_SECRET)),
        RSA_KEY: ("RSA", private_key_verifier(RSA_PRIVATE_KEY)),
        ED25519_KEY: ("Ed25519", private_key_verifier(ED25519_PRIVATE_KEY)),
    }


def check_time(call: Call) -> None:
    """Refuse a request whose ``timestamp`` is too old or too new.

    :raises ApiError: -1102, -1131 or -1021.
    """
    params = call.params
    timestamp = params.optional_integer("timestamp")
    if timestamp is None:
        raise missing("timestamp")
    if timestamp > MICROSECONDS:
        timestamp //= 1000
    window = _window(params.optional("recvWindow"))
    if timestamp >= call.exchange_time + MAX_AHEAD:
        text = f"Timestamp for this request was {MAX_AHEAD}ms ahead of the server's time."
        raise ApiError(BAD_TIMESTAMP, text)
    if call.exchange_time - timestamp > window:
        raise ApiError(BAD_TIMESTAMP, "Timestamp for this request is outside of the recvWindow.")


def _window(text: str | None) -> float:
    try:
        window = float(text) if text is not None else RECV_WINDOW
    except ValueError:
        window = -1.0
    if not 0 < window <= RECV_WINDOW_MOST:
        raise ApiError(BAD_WINDOW, "Invalid 'recvWindow'.")
    return window


def check_rest(call: Call, verify: Verify) -> None:
    """Refuse a REST request whose signature is not over the text that was sent.

    :raises ApiError: -1102 or -1022.
    """
    begin, parts = "signature=", [text.split("&") for text in (call.query, call.body)]
    signatures = [pair for part in parts for pair in part if pair.startswith(begin)] or [begin]
    signed = ("&".join(pair for pair in part if not pair.startswith(begin)) for part in parts)
    call.params.optional("signature")
    _check("".join(signed), unquote(signatures[-1].removeprefix(begin)), verify)


def check_websocket(call: Call, verify: Verify) -> None:
    """The same for a WebSocket API request: its parameters sorted by name, none left out.

    :raises ApiError: -1102 or -1022.
    """
    raw = call.params.raw
    payload = "&".join(f"{name}={raw[name]}" for name in sorted(raw) if name != "signature")
    _check(payload, call.params.optional("signature") or "", verify)


def _check(payload: str, signature: str, verify: Verify) -> None:
    if not signature:
        raise missing("signature")
    if not verify(payload.encode(), signature):
        raise ApiError(BAD_SIGNATURE, "Signature for this request is not valid.")
