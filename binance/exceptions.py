"""The exceptions of this package.

::

    BinanceError
    ├── BinanceAPIException             the exchange refused a call
    │   ├── BinanceRetiredError         the exchange no longer offers it
    │   └── BinanceUnreadableError      the error answer was not JSON (also the next one)
    ├── BinanceRequestException         the exchange's answer could not be understood
    │   └── BinanceCredentialsError     a call's API key or secret is missing or malformed
    ├── BinanceConnectionError          no connection, or no answer in time
    ├── BinanceReactorError             the reactor cannot be used (also a RuntimeError)
    ├── BinanceStreamLost               all retries of a loop over messages have failed
    ├── OrderStatusUnknown              an order was sent, and its status is unknown
    ├── ReadLoopClosed                  ``recv()`` of a socket that is not open
    ├── UnknownDateFormat               a date that cannot be read (also a ValueError)
    ├── (of python-binance 0.7, never raised) BinanceWithdrawException,
    │   BinanceOrderException, BinanceOrderMinAmountException,
    │   BinanceOrderMinPriceException, BinanceOrderMinTotalException,
    │   BinanceOrderUnknownSymbolException, BinanceOrderInactiveSymbolException
    └── (of python-binance 1.0, never raised) BinanceWebsocketUnableToConnect,
        BinanceWebsocketClosed, BinanceWebsocketQueueOverflow, BinanceRegionException,
        NotImplementedException

Old scripts can import the exceptions that are never raised. If the exchange refuses an order or a
withdrawal, the call raises `BinanceAPIException`.

A wrong argument raises ``ValueError`` or ``TypeError``, as usual in Python.

The message, the ``str()`` and the ``repr()`` of an exception never contain a key, a secret, a
signature, a listen key or a token, because :func:`redact` removes them. The objects in
``BinanceAPIException.response`` and ``.request`` belong to `requests` and contain the whole URL: do
not log their ``url``.
"""

import json
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
    "BinanceRegionException",
    "BinanceRequestException",
    "BinanceRetiredError",
    "BinanceStreamLost",
    "BinanceUnreadableError",
    "BinanceWebsocketClosed",
    "BinanceWebsocketQueueOverflow",
    "BinanceWebsocketUnableToConnect",
    "BinanceWithdrawException",
    "NotImplementedException",
    "OrderStatusUnknown",
    "ReadLoopClosed",
    "UnknownDateFormat",
    "redact",
]

HIDDEN = "***"

# The names of secrets in queries, JSON and headers.
_SECRET_NAMES = (
    r"signature|api_?key|api_?secret|secret|listen_?key|listen_?token|token|X-MBX-APIKEY"
)
_NAMED = re.compile(
    rf"""(?ix) (?<![a-z0-9]) (?P<name>{_SECRET_NAMES}) (?P<between>["']?\s*[=:]\s*["']?)"""
    r"""[^\s"'&,;})]+"""
)
_USERINFO = re.compile(r"://[^/?#\s]+@")  # to the last @: a password may contain one
# API keys, secrets and HMAC signatures have 64 characters, listen keys 60 or 64, RSA and Ed25519
# signatures more. No other text of the exchange or of this package has such a long run.
_LONG_RUN = re.compile(r"[A-Za-z0-9+/=_%-]{60,}")

MESSAGE_LIMIT = 500
"""The most characters of an unknown body, such as a proxy's HTML page, that a message shows."""


def redact(text: object) -> str:
    """Return the text with ``***`` in place of everything that looks like a secret.

    These are replaced:

    * the values of ``signature``, ``apiKey``, ``listenKey``, ``listenToken``, ``token`` and
      similar names in queries, JSON and headers,
    * ``user:password@`` in a URL,
    * each run of 60 or more characters that can occur in a key or a signature.
    """
    hidden = _NAMED.sub(rf"\g<name>\g<between>{HIDDEN}", str(text))
    hidden = _USERINFO.sub(f"://{HIDDEN}@", hidden)
    return _LONG_RUN.sub(HIDDEN, hidden)


class BinanceError(Exception):
    """The base class of all exceptions of this package."""


class BinanceAPIException(BinanceError):
    """Raised when the exchange answers a call with a status other than 2xx.

    :param response: the answer, a ``requests.Response`` or a similar object with ``status_code``,
        ``text`` and ``json()``
    :param status_code, text: in place of those of the response, as in python-binance 1.0

    For the meaning of the codes see "Error codes" in the exchange's documentation
    (https://developers.binance.com/docs/binance-spot-api-docs/errors).
    """

    code: int
    """The exchange's code, such as -1121; 0 if the body contains no code."""
    message: str
    """The exchange's message, or the start of the body if the body is not the exchange's JSON."""
    status_code: int
    """The HTTP status."""
    retry_after: float | None
    """Seconds to wait before the next call (after 418 and 429), at most three days."""
    response: Any
    request: Any

    def __init__(
        self, response: Any, status_code: int | None = None, text: str | None = None
    ) -> None:
        self.args = (response,) if text is None else (response, status_code, text)
        self.status_code = response.status_code if status_code is None else status_code
        self.code, self.message = _code_and_message(response, text)
        wait = (getattr(response, "headers", None) or {}).get("Retry-After")
        self.retry_after = bans.retry_after(wait if isinstance(wait, str) else None)
        self.response = response
        self.request = getattr(response, "request", None)

    def __str__(self) -> str:
        return f"APIError(code={self.code}): {self.message}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} status={self.status_code} {self}>"


def _code_and_message(response: Any, text: str | None = None) -> tuple[int, str]:
    """The code and message of an error answer.

    Most answers are ``{"code", "msg"}``, alone or as the value of ``error``.
    """
    try:
        body = response.json() if text is None else json.loads(text)
    except ValueError:
        shown = redact(response.text if text is None else text)[:MESSAGE_LIMIT]
        return 0, f"Invalid JSON error message from Binance: {shown}"
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
    """Raised for a call that the exchange has retired, and when it answers "410 Gone".

    It is a `BinanceAPIException`, because scripts expect one for the status 410. ``status_code``
    is 410 and ``code`` is 0. If nothing was sent, ``response`` and ``request`` are None.

    :param name: the name of the call, as the user wrote it
    :param replacement: what to use instead; empty if there is no replacement
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
    """Raised when an answer with status 2xx is not the expected JSON."""

    def __init__(self, message: str) -> None:
        self.message = redact(message)
        self.args = (self.message,)

    def __str__(self) -> str:
        return f"BinanceRequestException: {self.message}"


class BinanceCredentialsError(BinanceRequestException, ValueError):
    """Raised when a call needs an API key or a secret, and it is missing or malformed.

    Nothing was sent. It is a `BinanceRequestException`, so that scripts that handle the errors of
    a call also handle this one. It is also a `ValueError`, as for any other wrong argument.
    """

    __str__ = Exception.__str__


class BinanceUnreadableError(BinanceAPIException, BinanceRequestException):
    """Raised when an answer is neither 2xx nor JSON, such as the error page of a proxy.

    It has two base classes, so that a script that handles either of them also handles this one.
    ``code`` is 0.
    """

    def __init__(self, response: Any) -> None:
        BinanceAPIException.__init__(self, response)
        shown = redact(response.text[: UNREADABLE_SHOWN * 2])[:UNREADABLE_SHOWN]
        self.message = (
            f"Invalid JSON error message from Binance: status {self.status_code}, body {shown!r}"
        )

    __str__ = BinanceAPIException.__str__


UNREADABLE_SHOWN = 200
"""The most characters of a body that is not JSON that are shown."""


class BinanceConnectionError(BinanceError):
    """Raised when a connection was not open in time, or an answer did not arrive in time.

    :param reason: what failed, as text
    :param http_status: the status with which a handshake or a proxy's tunnel was refused
    """

    def __init__(self, reason: str, http_status: int | None = None) -> None:
        self.reason = redact(reason)
        self.http_status = http_status
        self.args = (self.reason, http_status)

    def __str__(self) -> str:
        return self.reason if self.http_status is None else f"{self.reason} ({self.http_status})"


class BinanceReactorError(BinanceError, RuntimeError):
    """Raised when a manager cannot use the Twisted reactor of the process.

    There are three causes. The reactor was stopped, and a reactor can run only once in a process.
    Or the process was forked from one that had already installed its reactor. Or the program uses
    Autobahn with another framework. The message names the cause and what you can do.
    """


class BinanceStreamLost(BinanceError):
    """Raised in a loop over ``BinanceSocketManager.messages(..)`` when all retries have failed.

    It is also raised when an awaited socket could not be opened. The messages that arrived before
    have been delivered. To go on, open a new block.

    :param key: the key of the socket that was lost
    :param reason: why the last retry failed, as text
    """

    def __init__(self, key: str, reason: str) -> None:
        self.key = key
        self.reason = redact(reason)
        self.args = (key, self.reason)

    def __str__(self) -> str:
        return f"{self.key} is lost, all retries have failed: {self.reason}"


class OrderStatusUnknown(BinanceError):
    """Raised when an order was sent, its answer is lost, and no query has found it.

    The exchange may have accepted the order. Before you send it again, query it by its id with the
    method of its market and kind: on the spot market
    ``client.get_order(symbol=error.symbol, origClientOrderId=error.client_order_id)``. The page
    "Placing orders" lists the others, such as ``futures_get_order`` and ``get_order_list``. Send
    the order again only if that call fails with code -2013, "order does not exist", or with -2018
    for an order list. The method of another market fails with the same code.

    It is also raised for a cancel or a change over the WebSocket API whose answer is lost:
    ``request`` is not empty then. The order may be live. Query it by the id that you gave, or query
    your open orders; do not send an order in its place before.

    :param symbol: the symbol of the order
    :param client_order_id: the id with which the order was sent: ``newClientOrderId``, or for
        example ``listClientOrderId`` of an order list. For a cancel or a change: the client order
        id that you gave; empty if you gave only the exchange's id
    :param reason: what went wrong, as text
    :param request: a cancel or a change as text, such as ``order.cancel of orderId=7``; empty for
        a new order
    """

    def __init__(self, symbol: str, client_order_id: str, reason: str, request: str = "") -> None:
        self.symbol = symbol
        self.client_order_id = client_order_id
        self.reason = redact(reason)
        self.request = redact(request)
        self.args = (symbol, client_order_id, self.reason, self.request)

    def __str__(self) -> str:
        if self.request:
            where = f" on {self.symbol}" if self.symbol else ""
            return (
                f"It is unknown whether the exchange has performed {self.request}{where}: "
                f"{self.reason}. Query your orders before you send anything else"
            )
        return (
            f"The status of order {self.client_order_id} on {self.symbol} is unknown: "
            f"{self.reason}. The exchange may have accepted it: query it by its id before you send "
            "it again"
        )


class BinanceOrderException(BinanceError):
    """Never raised: an order that breaks the rules of its symbol raises `BinanceAPIException`."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        self.message = redact(message)
        self.args = (code, self.message)

    def __str__(self) -> str:
        return f"BinanceOrderException(code={self.code}): {self.message}"


# The exchange's code for a price, quantity or total that fails a filter (FILTER_FAILURE).
INVALID_MESSAGE = -1013


class _RuleBroken(BinanceOrderException):
    """The message of one rule, with the value that the rule requires."""

    words: str

    def __init__(self, value: object) -> None:
        super().__init__(INVALID_MESSAGE, self.words % (value,))
        self.args = (value,)


class BinanceOrderMinAmountException(_RuleBroken):
    """Never raised. The quantity is not a multiple of the symbol's step, ``value``."""

    words = "Amount must be a multiple of %s"


class BinanceOrderMinPriceException(_RuleBroken):
    """Never raised. The price is below the symbol's minimum, ``value``."""

    words = "Price must be at least %s"


class BinanceOrderMinTotalException(_RuleBroken):
    """Never raised. Price times quantity is below the minimum, ``value``."""

    words = "Total must be at least %s"


class BinanceOrderUnknownSymbolException(_RuleBroken):
    """Never raised. The exchange has no such symbol as ``value``."""

    words = "Unknown symbol %s"


class BinanceOrderInactiveSymbolException(_RuleBroken):
    """Never raised. The symbol ``value`` is not traded at present."""

    words = "Attempting to trade an inactive symbol %s"


class BinanceWithdrawException(BinanceError):
    """Never raised: a withdrawal or wallet call that is refused raises `BinanceAPIException`."""

    # The exchange answers only "parameter error", in Chinese, if the address has never been used on
    # its web site.
    _PARAMETER_ERROR = "参数异常"

    def __init__(self, message: str) -> None:
        if message == self._PARAMETER_ERROR:
            message = "Withdraw to this address through the website first"
        self.message = redact(message)
        self.args = (self.message,)

    def __str__(self) -> str:
        return f"BinanceWithdrawException: {self.message}"


class ReadLoopClosed(BinanceError):
    """Raised by ``recv()`` of a socket that is not open, or whose last retry has failed.

    It and the next ones have the names that python-binance 1.0 gave them.
    """


class UnknownDateFormat(BinanceError, ValueError):
    """A date could not be read."""


# Scripts for python-binance 1.0 catch these; this library raises none of them. The first is the
# `type` of the last error message that a callback gets.


class BinanceWebsocketUnableToConnect(BinanceError):
    """All retries have failed."""


class BinanceWebsocketClosed(BinanceError):
    """A connection was closed."""


class BinanceWebsocketQueueOverflow(BinanceError):
    """A queue was full."""


class BinanceRegionException(BinanceError):
    """The exchange does not serve the caller's region."""


class NotImplementedException(BinanceError):
    """The exchange has no such call."""
