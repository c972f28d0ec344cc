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
from typing import TYPE_CHECKING
from urllib.parse import unquote

from binance.sansio.names.times import MICROSECONDS
from binance.simulator.rules.errors import ApiError, missing

if TYPE_CHECKING:
    from binance.simulator.api.call import Call

HMAC_KEY, HMAC_SECRET = "K" * 64, "S" * 64
RSA_KEY = "R" * 64
ED25519_KEY = "E" * 64

# Made for this file alone.
RSA_PRIVATE_KEY = """\
-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCs08JSDIlaSr4d
2cEsKF+yLzRjdIgv3kZMByjcFIAt7Ppw+NutvmpH9gtULp2o3cHhxpKhVgCAO/1m
pT5ssG/TsPETCm4S10bvvdVoUvPDaQKIZsm+hJzYhQn2D722VzquXz+gtUd66x62
gixLHEC3PncBJTc5+ptJpHKE9ZqWMzi0CLZhv0wm9IlVpGs5fIKml4tLqqnhZwlQ
yJje3WJfHAU+KNgFCNY+4dOZYhneWEyHdJBqN6tXm/bzj2hYB6V+4XiAdgBBC08n
YMahwCLmMF46xOVquDWdnHH1nxvXN6GmQGQyLOyK/rpnuCS16HPrvDRLkpBZgCnr
KyfuZBuTAgMBAAECggEAAkwR5Dw0msz+zHWu23Fl79zqlBK/LWI/29vur0hdBT9A
NaccC6nhK8NT0Kz+q9ZLGZw8zOH+2MzEyDSr4zHy/ATKmyYAhf/zQCcQKF8B4+Z8
gfNDFE292K9Eu+Ys74o+AIXhCKCI8FOt5byUHK8aLdVYWiL/86WD0cqU3UZ3KwBC
YTzl0Wb61DCddmsNQbkwJCBXKWXUyHTMwoyojSojX2E1zQ2TXRxG+zINtxrgMGHE
iovJ4kxTtmNFux1C9O0IPZLOdG5b2xOKeanE5rQ6nn3pygwGHCzPgZ0H7hoy2zGc
ZrF9S6YuYY6dCX6kJkw3IsVkpZF88nSlGSLNbtQkEQKBgQDvJRUTlhdWzRlPpVmR
kJEJKzGSu9wzNuSIn++ikloTh17FPzHfuwRnvcr40D/Lp/4OVgbuJmZH8BKzlLYE
QiawKQygTX3WoG3vrDxLGs3EjqMutbtCgBd4nkZsd5JOjuaJ06bImcCVvW5X0BGr
fJP+Asx5oABBTS2oiHZ9VkkznwKBgQC5Ahl6Jr1RO8bBbT4Re9n8+DzgReIgm2dg
BTrLw65FXcsCaqf6wlkmeHMUlLPMeuuhpcNSWzaWmPCfRPZ9yQtqcaE4LRD6c4iq
aj03eVz0Hjif5u3pY+sobzpsckG9blS9HCgeR6ANyGjGzUkEFsIPFMG71JGfe2xx
5pvdyPYzjQKBgQDWk3tZ266NX/J6GG9JwWGhzHPqqU1nVrWwMXGfeZoBM9HBQnbJ
vNCzFQTuRE05uz6mNmJ5hVL48VyWbbT0FTcJkYuWunFTBxgdmXlwGljPKP0aiE3B
2ZU10S53XMKWYnpQ6OwZynuW4CYF/Ngd+uX/YRt/diVEcq+pLOjEhYuhGQKBgA3v
IowYrtmXbvjSiYI3mct7xtn9aXKbQcXxnuQJ8O44ijm8Xrp8OMq097XtHT2hZG3g
Vj21sP7WtgjI4OfIZJu3wzS/8C9s1DZBmiq7cUzRmeIxOmoBpIx/FB9m25yw2qED
peHh8yQWnA2dGIq+TA9muNC0yeMBIMHTZJnnsONhAoGALEKQCa9LW/GfUFUME5Jy
otvSKZckQbmwPjrvsiBxFZwqVnoViR0e4BgJVgsy0LddOOzfMxdx7tHJriDOGJ1K
c+QNP0n8SZE+XzxFIsx8y5v3zYVzAhKROyXqjksPzIppa4VoTr6jsfOsVkAD3lUS
lqoBy9smMf7Hjc9riUXt2Gs=
-----END PRIVATE KEY-----
"""
ED25519_PRIVATE_KEY = """\
-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIEVFRUVFRUVFRUVFRUVFRUVFRUVFRUVFRUVFRUVFRUVF
-----END PRIVATE KEY-----
"""

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
