"""What this package raises.

::

    BinanceError
    ├── BinanceAPIException             the exchange refused a call
    │   ├── BinanceRetiredError         the exchange no longer offers it
    │   └── BinanceUnreadableError      .. in words that are not its JSON (also the next)
    ├── BinanceRequestException         the exchange's answer could not be understood
    │   └── BinanceCredentialsError     a call's API key or secret is missing or malformed
    ├── BinanceConnectionError          no link, or no answer in time
    ├── BinanceReactorError             the process's reactor cannot serve (also a RuntimeError)
    ├── OrderStatusUnknown              an order was sent and its fate could not be learnt
    ├── BinanceOrderException           an order that would break the symbol's rules
    │   ├── BinanceOrderMinAmountException
    │   ├── BinanceOrderMinPriceException
    │   ├── BinanceOrderMinTotalException
    │   ├── BinanceOrderUnknownSymbolException
    │   └── BinanceOrderInactiveSymbolException
    └── BinanceWithdrawException        a withdrawal or wallet call was turned down

A wrong argument raises ``ValueError`` or ``TypeError``, as everywhere in Python.

No message, ``str()`` or ``repr()`` of these holds a key, a secret, a signature, a listen key or a
token: texts go through :func:`redact`. The objects at ``BinanceAPIException.response`` and
``.request`` are those of `requests` and do know the whole URL: do not log their ``url``.
"""

import re
from typing import Any

from binance.sansio.wire import bans

__all__ = [
    "BinanceAPIException",
    "BinanceConnectionError",
    "BinanceCredentialsError",
    "BinanceError",
    "BinanceOrderException",
    "BinanceOrderInactiveSymbolException",
    "BinanceOrderMinAmountException",
    "BinanceOrderMinPriceException",
    "BinanceOrderMinTotalException",
    "BinanceOrderUnknownSymbolException",
    "BinanceReactorError",
    "BinanceRequestException",
    "BinanceRetiredError",
    "BinanceUnreadableError",
    "BinanceWithdrawException",
    "OrderStatusUnknown",
    "redact",
]

HIDDEN = "***"

# Names under which secrets travel in queries, JSON and headers.
_SECRET_NAMES = (
    r"signature|api_?key|api_?secret|secret|listen_?key|listen_?token|token|X-MBX-APIKEY"
)
_NAMED = re.compile(
    rf"""(?ix) (?<![a-z0-9]) (?P<name>{_SECRET_NAMES}) (?P<between>["']?\s*[=:]\s*["']?)"""
    r"""[^\s"'&,;})]+"""
)
_USERINFO = re.compile(r"://[^/?#\s]+@")  # to the last @: a password may hold one
# API keys, secrets and HMAC signatures have 64 characters, listen keys 60 or 64, RSA and Ed25519
# signatures more. Nothing else that the exchange or this package writes has runs so long.
_LONG_RUN = re.compile(r"[A-Za-z0-9+/=_%-]{60,}")

MESSAGE_LIMIT = 500
"""Characters of a body that is not the exchange's JSON (a proxy's HTML page) kept in a message."""


def redact(text: object) -> str:
    """The text with everything in it that looks like a secret replaced by ``***``.

    Hides the values of ``signature``, ``apiKey``, ``listenKey``, ``listenToken``, ``token`` and
    the like in queries, JSON and headers, a URL's ``user:password@``, and any run of 60 or more
    characters that a key or a signature could be made of.
    """
    hidden = _NAMED.sub(rf"\g<name>\g<between>{HIDDEN}", str(text))
    hidden = _USERINFO.sub(f"://{HIDDEN}@", hidden)
    return _LONG_RUN.sub(HIDDEN, hidden)


class BinanceError(Exception):
    """Root of this package's exceptions."""


class BinanceAPIException(BinanceError):
    """Raised when the exchange answers a call with a status other than 2xx.

    :param response: the answer, a ``requests.Response`` or alike (``status_code``, ``text``,
        ``json()``)

    What to make of the codes: "Error codes" in the exchange's documentation
    (https://developers.binance.com/docs/binance-spot-api-docs/errors).
    """

    code: int
    """The exchange's code, such as -1121; 0 when the body held none."""
    message: str
    """The exchange's words, or the start of a body that is not its JSON."""
    status_code: int
    """The HTTP status."""
    retry_after: float | None
    """Seconds to stay away (418 and 429), at most three days."""
    response: Any
    request: Any

    def __init__(self, response: Any) -> None:
        self.args = (response,)
        self.status_code = response.status_code
        self.code, self.message = _code_and_message(response)
        headers = getattr(response, "headers", None) or {}
        self.retry_after = bans.retry_after(headers.get("Retry-After"))
        self.response = response
        self.request = getattr(response, "request", None)

    def __str__(self) -> str:
        return f"APIError(code={self.code}): {self.message}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} status={self.status_code} {self}>"


def _code_and_message(response: Any) -> tuple[int, str]:
    """What an error answer says: ``{"code", "msg"}``, bare or under ``error``, or anything else."""
    try:
        body = response.json()
    except ValueError:
        text = redact(response.text)[:MESSAGE_LIMIT]
        return 0, f"Invalid JSON error message from Binance: {text}"
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        body = body["error"]
    if not isinstance(body, dict):
        return 0, redact(body)[:MESSAGE_LIMIT]
    try:
        code = int(body["code"])
    except (KeyError, TypeError, ValueError):
        return 0, redact(body)[:MESSAGE_LIMIT]
    return code, redact(body.get("msg", body.get("message", "")))


class BinanceRetiredError(BinanceAPIException):
    """Raised instead of a call that the exchange has retired, or when it answers "410 Gone".

    A `BinanceAPIException`, since that is what a 410 would be to a script: ``status_code`` is
    410, ``code`` 0; ``response`` and ``request`` are None where nothing was sent.

    :param name: what was called, as the user wrote it
    :param replacement: what to use today; empty when there is nothing
    """

    def __init__(self, name: str, replacement: str = "") -> None:
        self.args = (name, replacement)
        self.name = name
        self.replacement = replacement
        self.status_code = 410
        self.code = 0
        cure = f"use {replacement}" if replacement else "there is no replacement"
        self.message = f"{name} was retired by the exchange; {cure}"
        self.retry_after = None
        self.response = self.request = None

    def __str__(self) -> str:
        return self.message


class BinanceRequestException(BinanceError):
    """Raised when an answer with status 2xx is not the JSON that it should be."""

    def __init__(self, message: str) -> None:
        self.message = redact(message)
        self.args = (self.message,)

    def __str__(self) -> str:
        return f"BinanceRequestException: {self.message}"


class BinanceCredentialsError(BinanceRequestException, ValueError):
    """Raised by what needs an API key or a secret where there is none or it cannot be one.

    Nothing was sent. It is a `BinanceRequestException`, so that a script that handles a call's
    errors handles this one, and a `ValueError`, as for any other wrong argument.
    """

    __str__ = Exception.__str__


class BinanceUnreadableError(BinanceAPIException, BinanceRequestException):
    """Raised when an answer is neither 2xx nor JSON: a proxy's page, a firewall's, a 502's.

    Both of its bases, so that whatever a script catches of the two catches this; ``code`` is 0.
    """

    def __init__(self, response: Any) -> None:
        BinanceAPIException.__init__(self, response)
        shown = redact(response.text[: UNREADABLE_SHOWN * 2])[:UNREADABLE_SHOWN]
        self.message = (
            f"Invalid JSON error message from Binance: status {self.status_code}, body {shown!r}"
        )

    __str__ = BinanceAPIException.__str__


UNREADABLE_SHOWN = 200
"""How much of a body that is not JSON is shown."""


class BinanceConnectionError(BinanceError):
    """Raised when a link that was waited for could not be had, or an answer on it, in time.

    :param reason: what failed, in words
    :param http_status: the status that refused a handshake or a proxy's tunnel
    """

    def __init__(self, reason: str, http_status: int | None = None) -> None:
        self.reason = redact(reason)
        self.http_status = http_status
        self.args = (self.reason, http_status)

    def __str__(self) -> str:
        return self.reason if self.http_status is None else f"{self.reason} ({self.http_status})"


class BinanceReactorError(BinanceError, RuntimeError):
    """Raised when the process's one Twisted reactor cannot serve a manager.

    It was stopped (a reactor runs once in a process), the process is a fork of one whose reactor
    was installed already, or the program has chosen another framework for Autobahn. The message
    says which, and what to do.
    """


class OrderStatusUnknown(BinanceError):
    """Raised when an order was sent, no answer came, and asking for it brought none either.

    The order may or may not stand on the book. Do not send it again before
    ``client.get_order(symbol=error.symbol, origClientOrderId=error.client_order_id)`` has said
    that it does not exist (code -2013).

    :param symbol: the order's symbol
    :param client_order_id: the ``newClientOrderId`` under which it was sent
    :param reason: what went wrong on the way
    """

    def __init__(self, symbol: str, client_order_id: str, reason: str) -> None:
        self.symbol = symbol
        self.client_order_id = client_order_id
        self.reason = redact(reason)
        self.args = (symbol, client_order_id, self.reason)

    def __str__(self) -> str:
        return (
            f"The fate of order {self.client_order_id} on {self.symbol} is unknown: {self.reason}. "
            "It may stand on the book; ask for it by its id before sending it again"
        )


class BinanceOrderException(BinanceError):
    """Raised for an order that would break the rules of its symbol."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        self.message = redact(message)
        self.args = (code, self.message)

    def __str__(self) -> str:
        return f"BinanceOrderException(code={self.code}): {self.message}"


# The exchange's code for a price, quantity or total that fails a filter (FILTER_FAILURE).
INVALID_MESSAGE = -1013


class _RuleBroken(BinanceOrderException):
    """One rule's words around the value that the rule asks for."""

    words: str

    def __init__(self, value: object) -> None:
        super().__init__(INVALID_MESSAGE, self.words % (value,))
        self.args = (value,)


class BinanceOrderMinAmountException(_RuleBroken):
    """The quantity is no multiple of the symbol's step; ``value`` is that step."""

    words = "Amount must be a multiple of %s"


class BinanceOrderMinPriceException(_RuleBroken):
    """The price lies below the symbol's least; ``value`` is that price."""

    words = "Price must be at least %s"


class BinanceOrderMinTotalException(_RuleBroken):
    """Price times quantity lies below the symbol's least; ``value`` is that total."""

    words = "Total must be at least %s"


class BinanceOrderUnknownSymbolException(_RuleBroken):
    """The exchange has no such symbol; ``value`` is its name."""

    words = "Unknown symbol %s"


class BinanceOrderInactiveSymbolException(_RuleBroken):
    """The symbol is not traded at present; ``value`` is its name."""

    words = "Attempting to trade an inactive symbol %s"


class BinanceWithdrawException(BinanceError):
    """Raised when a wallet call is turned down."""

    # The exchange says only "parameter error", in Chinese, of an address that has never been
    # used on its web site.
    _PARAMETER_ERROR = "参数异常"

    def __init__(self, message: str) -> None:
        if message == self._PARAMETER_ERROR:
            message = "Withdraw to this address through the website first"
        self.message = redact(message)
        self.args = (self.message,)

    def __str__(self) -> str:
        return f"BinanceWithdrawException: {self.message}"
