"""What to do after one REST call: decisions from its reply, or from the lack of one.

The rules, with their reasons:

* A GET changes nothing. So it is repeated a little later after a lost reply, a lost link or a 5xx.
  The few that have an effect or a small quota are marked ``once`` in the table of routes.
* Any other call may have been performed although the reply was lost. It is repeated only if it
  certainly was not sent, because there was no connection.
* An order has an id of our own, so after a lost reply we can ask the exchange for it.
* -1021 means that the exchange refused the timestamp and did nothing. The clock is measured again,
  and the call is repeated once, whatever its method.
* 429 and 418 are reported to the caller at once, and remembered: see `Ban`.

Sources: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/general-api-information
(HTTP return codes: "5XX .. execution status is UNKNOWN") and ../errors (codes).
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from binance.sansio.link.reconnect import RetryPolicy
from binance.sansio.names.routes.shape import Route
from binance.sansio.names.times import milliseconds
from binance.sansio.wire.bans import LIMITED, SHORTEST_BAN, STATUS_BANNED

RETRIES = 2
"""Maximum number of repetitions of a GET after failures."""
BACKOFF = 0.25
"""Seconds before the first retry; doubled for each further one, then jittered."""
_PAUSES = RetryPolicy(None, BACKOFF, factor=2.0, maximum=BACKOFF * 2**10, jitter=0.5)
ORDER_QUERIES = (0.0, 0.5, 1.5, 3.5)
"""Seconds before each query for an order whose outcome is unknown. The sum is a little over the
default receive window of 5 s, after which the exchange refuses an order that arrives late."""

UNKNOWN = -1000  # an error that the exchange does not name; execution status unknown
TOO_MANY_REQUESTS = -1003
UNEXPECTED_RESPONSE = -1006  # execution status unknown
TIMEOUT = -1007  # execution status unknown
SERVER_BUSY = -1008  # refused: nothing was done
TIMESTAMP_REFUSED = -1021

ALGO_ONLY = -4120  # a conditional order was sent to the path of the others

STATUS_NONE = 404  # the exchange has no such endpoint
STATUS_GONE = 410
STATUS_TIMEOUT = 408  # of the exchange (-1007) or of a proxy before it


class Verdict(enum.Enum):
    """What to do next with a call."""

    RETURN = "return the answer to the caller"
    RAISE = "raise the error"
    RETRY = "send the call again after a pause"
    RESYNC = "measure the clock, then send the call again"
    ASK = "ask the exchange whether the order exists"


class Failure(enum.Enum):
    """Why a call has no reply."""

    UNSENT = "there was no connection"
    LOST = "the link was lost or the reply was late"
    REFUSED = "it cannot work: a wrong URL, an untrusted certificate"


@dataclass(slots=True)
class Attempts:
    """The state of one call between its attempts.

    `recoverable`: it is an order that can be queried by an id of ours.
    `once`: it is a GET with an effect.
    """

    method: str
    signed: bool = False
    recoverable: bool = False
    once: bool = False
    retries: int = RETRIES
    done: int = 0
    resynced: bool = False

    @property
    def _is_read(self) -> bool:
        return self.method == "GET" and not self.once

    def after_failure(self, failure: Failure) -> Verdict:
        """No reply came."""
        if failure is Failure.UNSENT or (failure is Failure.LOST and self._is_read):
            return self._again()
        if failure is Failure.LOST and self.recoverable:
            return Verdict.ASK
        return Verdict.RAISE

    def after_reply(self, status: int, code: int) -> Verdict:
        """A reply came with this HTTP status and this code in it (0: none)."""
        if 200 <= status < 300:
            return Verdict.RETURN
        if code == TIMESTAMP_REFUSED and self.signed and not self.resynced:
            self.resynced = True
            return Verdict.RESYNC
        if status in LIMITED:
            return Verdict.RAISE
        busy = code == SERVER_BUSY
        is_unknown = status >= 500 or status == STATUS_TIMEOUT
        if not busy and not is_unknown and code not in (UNKNOWN, UNEXPECTED_RESPONSE, TIMEOUT):
            return Verdict.RAISE
        if self._is_read:
            return self._again()
        return Verdict.ASK if self.recoverable and not busy else Verdict.RAISE

    def _again(self) -> Verdict:
        if self.done >= self.retries:
            return Verdict.RAISE
        self.done += 1
        return Verdict.RETRY


def backoff(attempt: int, jitter: float) -> float:
    """Seconds before retry number `attempt` (from 1); `jitter` is a random number in [0, 1)."""
    return _PAUSES.delay(attempt, jitter)


CONDITIONAL = frozenset(
    {"STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"}
)
"""The types of futures orders that wait for a price."""
_OF_ALGO = ("conditional", "algoId", "clientAlgoId")
"""With one of these a call of python-binance 1.0 is about a conditional order."""
_ALGO_NAMES = {
    "stopPrice": "triggerPrice",
    "activationPrice": "activatePrice",
    "newClientOrderId": "clientAlgoId",
}


def is_conditional(route: Route, params: Mapping[str, Any]) -> bool:
    """Whether a call with these parameters is one for the route `conditional`."""
    if not route.conditional:
        return False
    if route.order_id:
        return params.get("type") in CONDITIONAL
    names = _OF_ALGO if route.name.endswith("_order") else _OF_ALGO[:1]  # an id is of one order
    return any(params.get(name) for name in names)


def as_algo_order(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a conditional order, by their names of `POST /fapi/v1/algoOrder`.

    Those of a query or a cancel stay as they are.
    https://developers.binance.com/docs/derivatives/usds-margined-futures/trade/rest-api
    """
    if "type" not in params:
        return dict(params)
    renamed = {_ALGO_NAMES.get(name, name): value for name, value in params.items()}
    return {"algoType": "CONDITIONAL", **renamed}


_BORN = ("time", "transactionTime", "createTime", "bookTime")
"""The fields with the creation time of an order, a list, an options or a conditional order."""
_EARLY = 1000  # ms by which the exchange allows a timestamp to be ahead of its clock


def why_not_of_this_call(answer: object, stamp: int) -> str:
    """Why the order that was found by its id is not the order of this call; empty if it is.

    A client order id may be used again after the end of its order.

    :param stamp: the timestamp of the call in ms.
    """
    if not isinstance(answer, dict) or not answer:
        return "the answer is no order"
    born = next((answer[name] for name in _BORN if isinstance(answer.get(name), int)), stamp)
    return "" if milliseconds(born) >= stamp - _EARLY else "there is only an older order of that id"


def in_ms(timestamp: str) -> int:
    """A call's timestamp, in ms or µs, converted to ms; 0 if it is no whole number."""
    return int(milliseconds(int(timestamp))) if timestamp.isdecimal() else 0


class ServerClock:
    """The exchange's clock, continued by a monotonic clock between measurements.

    It does not change when the computer's own clock is set.
    """

    __slots__ = ("_base",)

    def __init__(self) -> None:
        self._base: float | None = None  # server's ms minus monotonic ms

    @property
    def known(self) -> bool:
        return self._base is not None

    def measured(self, sent: float, received: float, server_ms: float) -> None:
        """Note a measurement: the exchange returned `server_ms`, halfway between two moments.

        :param sent: monotonic seconds of the request; `received` of the answer.
        """
        self._base = server_ms - (sent + received) / 2 * 1000

    def set_offset(self, offset_ms: float, wall: float, monotonic: float) -> None:
        """The exchange's clock is the computer's (`wall`, UNIX seconds) plus `offset_ms`."""
        self._base = wall * 1000 + offset_ms - monotonic * 1000

    def offset(self, wall: float, monotonic: float) -> int:
        """ms by which the exchange's clock is ahead of the computer's; 0 while unknown."""
        if self._base is None:
            return 0
        return round(self._base + (monotonic - wall) * 1000)

    def now_ms(self, monotonic: float) -> int:
        """The exchange's time in ms. Only if `known`."""
        assert self._base is not None
        return int(self._base + monotonic * 1000)


class Ban:
    """The time until which no request may be sent to one address, after a 429 or 418.

    A 429 without ``Retry-After`` is about the number of orders of one account, not about the
    address: it is only reported to the caller. Source: "Unfilled Order Count" and "IP Limits" of
    https://developers.binance.com/docs/binance-spot-api-docs/rest-api/limits
    """

    __slots__ = ("status", "until")

    def __init__(self) -> None:
        self.until = 0.0
        self.status = 0

    def note(self, status: int, retry_after: float | None, now: float) -> None:
        """Note a 429 or 418; `retry_after` is in seconds, `now` is monotonic."""
        if retry_after is None:
            retry_after = SHORTEST_BAN if status == STATUS_BANNED else 0.0
        if now + retry_after > self.until:
            self.until, self.status = now + retry_after, status

    def remaining(self, now: float) -> float:
        """Seconds until a request may be sent again; 0 if it may be sent now."""
        return max(0.0, self.until - now)
