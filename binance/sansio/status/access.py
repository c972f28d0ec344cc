"""Who gets an answer from the status server.

Without a token only programs of this machine can connect.  But a browser of this machine also runs
pages of strangers.  Such a page may send requests here, and a name of its owner may lead here ("DNS
rebinding").  So the name in a request must be one of this machine, and an `Origin` our own.

With a token each request needs it.  A browser shows it once, in the query of the page's address,
and gets a cookie.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from binance.sansio.link.budget import is_loopback


def check(host: str, token: str | None) -> None:
    """:raises ValueError: other machines could connect without a token, or the token is bad."""
    if token is None:
        if not is_loopback(host):
            raise ValueError(
                f"host {host!r} lets other machines connect, so a token is needed, such as "
                "token=secrets.token_urlsafe(); without one host must be a loopback address"
            )
    elif not re.fullmatch(r"[\w.~-]{16,}", token, re.ASCII):
        allowed = "at least 16 letters, digits and . _ ~ -, as of secrets.token_urlsafe()"
        raise ValueError(f"token must be {allowed}")


#: Refusals: the HTTP status and the reason.
Refusal = tuple[int, str]
NO_TOKEN: Refusal = 401, "a token is needed: Authorization: Bearer TOKEN, or /?token=TOKEN"
FOREIGN: Refusal = 403, "this host or origin is not served"
BAD_METHOD: Refusal = 405, "only GET is served"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What counts of a request; what it lacks is the empty text."""

    method: str = "GET"
    host: str = ""
    origin: str = ""
    authorization: str = ""
    cookie: str = ""
    token: str = ""
    """The `token` of its query."""


class Access:
    """Judges requests."""

    def __init__(self, token: str | None) -> None:
        self._token = token
        self.cookie = token and hmac.digest(token.encode(), b"cookie", "sha256").hex()
        """Stands for the token in a browser, also after a restart with the same token."""

    def refusal(self, asked: Asked) -> Refusal | None:
        """Why a request is refused; None: it is served."""
        if asked.method not in ("GET", "HEAD"):
            return BAD_METHOD
        if asked.origin and asked.origin.lower() != f"http://{asked.host.lower()}":
            return FOREIGN
        if self._token is None or self.cookie is None:
            return None if is_loopback(_name(asked.host)) else FOREIGN
        scheme, _, bearer = asked.authorization.partition(" ")
        given = (bearer.strip() if scheme.lower() == "bearer" else "", asked.token)
        is_known = any(_equal(one, self._token) for one in given)
        return None if is_known or _equal(asked.cookie, self.cookie) else NO_TOKEN


def _equal(given: str, right: str) -> bool:
    """In a time that does not depend on how much of it is right."""
    return hmac.compare_digest(given.encode(), right.encode())


def _name(host: str) -> str:
    """The name in a `Host` header, without the port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
