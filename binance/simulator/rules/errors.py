"""The exchange's errors, with the texts that it sends. Pure. Source: its page "Error codes"."""

from __future__ import annotations

from typing import Any

TOO_MANY_REQUESTS = -1003
UNKNOWN_METHOD = -1020
ILLEGAL_CHARACTERS = -1100
TOO_MANY_PARAMETERS = -1101
MANDATORY_PARAMETER = -1102
UNREAD_PARAMETERS = -1104
BAD_INTERVAL = -1120
BAD_SYMBOL = -1121
BAD_WINDOW = -1127
BAD_COMBINATION = -1128
INVALID_PARAMETER = -1130
BAD_TIME_UNIT = -1194
BAD_DEPTH = -4021
TOO_OLD = -4166

WITH_DATA = (-2021, -2022)


class ApiError(Exception):
    """A request that fails: HTTP status, the exchange's code and message.

    ``data`` is added on the WebSocket API, and into the body of a half-done or failed
    replacement (-2021, -2022); ``retry_after`` (seconds) into the header.
    """

    def __init__(
        self,
        code: int,
        message: str,
        status: int = 400,
        *,
        data: dict[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.data = data
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        data = {"data": self.data} if self.code in WITH_DATA else {}
        return {"code": self.code, "msg": self.message, **data}


def missing(name: str) -> ApiError:
    text = f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."
    return ApiError(MANDATORY_PARAMETER, text)


def illegal(name: str, legal: str) -> ApiError:
    text = f"Illegal characters found in parameter '{name}'; legal range is '{legal}'."
    return ApiError(ILLEGAL_CHARACTERS, text)


def invalid(name: str) -> ApiError:
    return ApiError(INVALID_PARAMETER, f"Data sent for parameter '{name}' is not valid.")


def not_simulated(what: str, status: int = 400, code: int = -1) -> ApiError:
    return ApiError(code, f"the simulator does not have {what}", status)


def either_missing(name: str, other: str) -> ApiError:
    """Neither of two parameters was sent, and one of them is needed."""
    text = f"Param '{name}' or '{other}' must be sent, but both were empty/null!"
    return ApiError(MANDATORY_PARAMETER, text)


def bad_symbol() -> ApiError:
    return ApiError(BAD_SYMBOL, "Invalid symbol.")


def bad_combination() -> ApiError:
    return ApiError(BAD_COMBINATION, "Combination of optional parameters invalid.")


def too_many_orders(limit: int, interval: str, wait: int, now: int) -> ApiError:
    """429: ``wait`` seconds, ``now`` in ms."""
    message = f"Too many new orders; current limit is {limit} orders per {interval}."
    return ApiError(-1015, message, 429, data=_until(wait, now))


def too_many(status: int, wait: int, limit: int, now: int) -> ApiError:
    """429 or 418: ``wait`` seconds, ``now`` in ms."""
    allowed = f"{limit} request weight per 1 MINUTE"
    message = f"Too much request weight used; current limit is {allowed}."
    if status == 418:
        message = f"Way too much request weight used; IP banned until {now + wait * 1000}."
    data = _until(wait, now)
    return ApiError(TOO_MANY_REQUESTS, message, status, data=data, retry_after=wait)


def simulated(status: int, wait: int | None, now: int, code: int) -> ApiError:
    """What an ``http_status`` fault answers: ``code`` unless it is 429 or 418."""
    code = TOO_MANY_REQUESTS if status in (418, 429) else code
    data = _until(wait or 0, now)
    return ApiError(code, "Simulated fault.", status, data=data, retry_after=wait)


def _until(wait: int, now: int) -> dict[str, Any]:
    return {"serverTime": now, "retryAfter": now + wait * 1000}
