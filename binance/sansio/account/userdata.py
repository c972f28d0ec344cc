"""The subscription to an account's events, on one link to the WebSocket API.

Theory of operation
-------------------

Each link has its own `UserData` machine. The `Account` keeps what all links of a key share: the
exchange's clock and the request ids.

A spot account subscribes with a signature. A margin account subscribes with a *listen token*, which
the caller fetches by REST. A signature needs the exchange's time, and the end of a token is in the
exchange's time. So a link first requests the time, unless it was measured recently. The link counts
as open when the subscription is acknowledged.

* A refused timestamp or token is requested again a few times; then the link counts as a failed try.
* A refused key (-2015, -2014, -1022) is final for the key, not only for the link.
* 418 and 429 end the link; the next one waits for as long as the exchange requires.
* ``eventStreamTerminated`` leads to a new subscription on the same link, and to `Step.MISSED` once
  it is acknowledged. An earlier report would be wrong: a user who fetches his orders because of it
  would not see the events between his request and the new subscription. If a subscription ends at
  once, twice in a row, the link ends instead, so that the delays between links apply.

The table has every input that can happen; any other raises `ImpossibleInput`.
"""

import enum
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from binance.sansio.account import wsapi
from binance.sansio.account.rest_outcome import ServerClock
from binance.sansio.account.signing import Signer
from binance.sansio.link.machine import entry, performed, table, with_next
from binance.sansio.link.reconnect import Failure
from binance.sansio.names.times import milliseconds

REPLY_SECONDS: Final = 10.0
"""Maximum seconds for a reply; then the link is dropped."""
CLOCK_SECONDS: Final = 600.0
"""Seconds for which new links use a measured clock; a refused timestamp causes a measurement."""
SECOND_TRIES: Final = 2
"""Number of further tries of one link after -1021 and -1209."""
RENEW_SECONDS: Final = 300.0
"""Seconds before a token's end at which the next one is fetched; at most half of its validity."""
REFETCH_SECONDS: Final = 20.0
"""Seconds before another try if the next token could not be fetched."""
SHORT_LIVED: Final = 10.0
"""A subscription that ends within these seconds is short-lived; after two of them a link fails."""


class State(enum.Enum):
    IDLE = "idle"  # the link is not open yet
    MEASURING = "measuring"  # the time is requested
    FETCHING = "fetching"  # a listen token is being fetched
    SUBSCRIBING = "subscribing"  # the subscription is requested
    SUBSCRIBED = "subscribed"  # acknowledged: events arrive
    REFETCHING = "refetching"  # subscribed; the next token is being fetched
    RENEWING = "renewing"  # subscribed; the subscription with the next token is requested
    OVER = "over"  # the link has failed: refused, limited, or without an answer; final


class Input(enum.Enum):
    OPENED = "opened"  # the link is open
    TIME = "time"  # the exchange returned its time
    TOKEN = "token"  # a token was fetched
    NO_TOKEN = "no token"  # no token could be fetched
    ACKNOWLEDGED = "acknowledged"  # the subscription is acknowledged
    STALE = "stale"  # the timestamp was refused
    BAD_TOKEN = "bad token"  # the token was refused
    ERROR = "error"  # any other error, and no answer in time
    TERMINATED = "terminated"  # the exchange ended the subscription
    RENEWAL_DUE = "renewal due"  # the token will end soon


# commands


@dataclass(frozen=True, slots=True)
class Send:
    request: wsapi.Request


class Step(enum.Enum):
    """A command without a value."""

    FETCH_TOKEN = "fetch a listen token by REST, then call `UserData.token` or `.no_token`"
    READY = "the subscription is acknowledged: the link is open; once for each link"
    MISSED = "it is acknowledged again after an interruption: events may be missing"


#: A `Failure` means: drop the link; if it is `refused`, another link would fail too.
Command = Send | Step | Failure

_ROWS = """
IDLE                  | OPENED        | = begin
MEASURING             | TIME          | = proceed
FETCHING              | TOKEN         | SUBSCRIBING subscribe
SUBSCRIBING RENEWING  | ACKNOWLEDGED  | SUBSCRIBED acknowledged
SUBSCRIBING           | STALE BAD_TOKEN  | = try_again
SUBSCRIBED            | TERMINATED    | = resubscribe
SUBSCRIBED            | RENEWAL_DUE   | REFETCHING FETCH_TOKEN
REFETCHING            | TOKEN         | RENEWING subscribe
REFETCHING            | NO_TOKEN      | SUBSCRIBED stay
REFETCHING            | TERMINATED    | FETCHING interrupt
RENEWING              | BAD_TOKEN     | SUBSCRIBED stay
RENEWING              | TERMINATED    | SUBSCRIBING interrupt
FETCHING              | NO_TOKEN      | OVER fail
MEASURING FETCHING SUBSCRIBING SUBSCRIBED REFETCHING RENEWING  | ERROR  | OVER fail

IDLE                  | ERROR TERMINATED  | - no request was sent yet
SUBSCRIBING MEASURING FETCHING  | TERMINATED  | - the old subscription ends; a new one is requested
OVER                  | *             | - the link is being dropped
"""
_effects, IGNORED = table(State, Input, _ROWS)
#: (state, input) -> (next state, actions: steps, and names of methods of `UserData`, which set
#: another state where it depends on more)
TRANSITIONS = with_next(State, _effects)


@dataclass(slots=True)
class Account:
    """The data that all links of one account share. `signer` is None for margin accounts."""

    signer: Signer | None
    recv_window: int | None = None
    clock: ServerClock = field(default_factory=ServerClock)
    measured_at: float = float("-inf")
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))


class UserData:
    """The subscription of one link. `now` is in seconds of a clock that does not jump."""

    def __init__(self, account: Account) -> None:
        self.state = State.IDLE
        self.subscription: int | None = None
        self._account = account
        self._waiting: wsapi.Request | None = None
        self._asked_at: float  # set with each request
        self._second_tries = 0
        self._subscribed_at: float  # set with each acknowledgement
        self._renew_at: float | None = None
        self._was_ready = False
        self._was_short_lived = False
        self._has_missed = False
        self._token = ""

    # from the link

    def opened(self, now: float) -> list[Command]:
        return self._handle(Input.OPENED, now)

    def reply(self, reply: wsapi.Reply, now: float) -> list[Command]:
        error = reply.error
        if self._waiting is None or reply.id != self._waiting.id:
            if error is None or reply.id is not None:
                return []  # an answer to an unsubscription, or a late one
            return self._handle(Input.ERROR, now, error)
        if error is None:
            return self._accepted(self._waiting, reply.result, now)
        if error.code == wsapi.ALREADY_SUBSCRIBED:
            return self._accepted(self._waiting, {"subscriptionId": self.subscription}, now)
        if error.code == wsapi.TIMESTAMP_REFUSED and self.state is State.SUBSCRIBING:
            return self._handle(Input.STALE, now, error)
        token_states = (State.SUBSCRIBING, State.RENEWING)
        if error.code == wsapi.LISTEN_TOKEN_REFUSED and self.state in token_states:
            return self._handle(Input.BAD_TOKEN, now, error)
        return self._handle(Input.ERROR, now, error)

    def admits(self, event: wsapi.Event) -> bool:
        """Whether an event is for the callback: after a renewal only those of the new one."""
        return event.subscription in (None, self.subscription) or self.subscription is None

    def terminated(self, event: wsapi.Event, now: float) -> list[Command]:
        return self._handle(Input.TERMINATED, now) if self.admits(event) else []

    # from the worker that fetches tokens

    def token(self, token: str, expires_ms: float, now: float) -> list[Command]:
        """A token was fetched; it ends at `expires_ms` of the exchange's clock."""
        self._token = token
        self._plan_renewal(expires_ms, now)
        return self._handle(Input.TOKEN, now)

    def no_token(self, error: wsapi.ApiError, now: float) -> list[Command]:
        return self._handle(Input.NO_TOKEN, now, error)

    # from the clock

    def check(self, now: float) -> list[Command]:
        """Call this about once a second, for overdue replies and ending tokens."""
        if self._waiting is not None and now >= self._asked_at + REPLY_SECONDS:
            method = self._waiting.method
            self._waiting = None
            return self._handle(Input.ERROR, now, wsapi.ApiError(0, 0, f"no answer to {method}"))
        if self.state is State.SUBSCRIBED and self._renew_at is not None and now >= self._renew_at:
            return self._handle(Input.RENEWAL_DUE, now)
        return []

    # inside

    def _handle(
        self, event: Input, now: float, error: wsapi.ApiError | None = None
    ) -> list[Command]:
        found = entry(TRANSITIONS, IGNORED, self.state, event)
        if found is None:
            return []
        self.state, actions = found
        return list(performed(self, actions, Step, now, error))

    def _accepted(self, request: wsapi.Request, result: Any, now: float) -> list[Command]:
        self._waiting = None
        if not isinstance(result, dict):
            return self._handle(Input.ERROR, now, wsapi.ApiError(200, 0, "a reply without result"))
        if request.method == "time":
            server_ms = result.get("serverTime")
            if not isinstance(server_ms, int):
                return self._handle(Input.ERROR, now, wsapi.ApiError(200, 0, "no serverTime"))
            self._account.clock.measured(self._asked_at, now, round(milliseconds(server_ms)))
            self._account.measured_at = now
            return self._handle(Input.TIME, now)
        old = self.subscription
        subscription = result.get("subscriptionId")
        self.subscription = subscription if isinstance(subscription, int) else old
        expires = result.get("expirationTime")
        if isinstance(expires, int) and self._account.signer is None:
            self._plan_renewal(milliseconds(expires), now)
        commands = self._handle(Input.ACKNOWLEDGED, now)
        if old is not None and old != self.subscription and request.method.endswith("listenToken"):
            commands.append(Send(wsapi.unsubscribe(next(self._account.ids), old)))
        return commands

    def _ask(self, request: wsapi.Request, now: float) -> list[Command]:
        self._waiting, self._asked_at = request, now
        return [Send(request)]

    def _plan_renewal(self, expires_ms: float, now: float) -> None:
        remaining = (expires_ms - self._account.clock.now_ms(now)) / 1000
        self._renew_at = now + max(remaining - RENEW_SECONDS, remaining / 2)

    # the actions of the table; each takes (now, error)

    def _begin(self, now: float, *_: object) -> list[Command]:
        account = self._account
        if account.clock.known and now < account.measured_at + CLOCK_SECONDS:
            return self._proceed(now)
        return self._measure(now)

    def _measure(self, now: float) -> list[Command]:
        self.state = State.MEASURING
        return self._ask(wsapi.time(next(self._account.ids)), now)

    def _proceed(self, now: float, *_: object) -> list[Command]:
        if self._account.signer is None:
            self.state = State.FETCHING
            return [Step.FETCH_TOKEN]
        self.state = State.SUBSCRIBING
        return self._subscribe(now)

    def _subscribe(self, now: float, *_: object) -> list[Command]:
        account = self._account
        id = next(account.ids)
        if account.signer is None:
            return self._ask(wsapi.subscribe_token(id, self._token), now)
        timestamp, window = account.clock.now_ms(now), account.recv_window
        return self._ask(wsapi.subscribe_signature(id, account.signer, timestamp, window), now)

    def _acknowledged(self, now: float, *_: object) -> list[Command]:
        self._subscribed_at = now
        if not self._was_ready:
            self._was_ready = True
            return [Step.READY]
        if self._has_missed:
            self._has_missed = False
            return [Step.MISSED]
        return []

    def _try_again(self, now: float, error: wsapi.ApiError) -> list[Command]:
        self._second_tries += 1
        if self._second_tries > SECOND_TRIES:
            return self._fail(now, error)
        is_stale = error.code == wsapi.TIMESTAMP_REFUSED
        return self._measure(now) if is_stale else self._proceed(now)

    def _resubscribe(self, now: float, *_: object) -> list[Command]:
        self._interrupt()
        before = self._was_short_lived
        self._was_short_lived = now < self._subscribed_at + SHORT_LIVED
        if before and self._was_short_lived:
            short = wsapi.ApiError(0, 0, "the exchange ended the subscription as soon as it began")
            return self._fail(now, short)
        return self._proceed(now)

    def _stay(self, now: float, error: wsapi.ApiError) -> list[Command]:
        if error.code in wsapi.REFUSED_KEYS:
            return self._fail(now, error)
        self._waiting = None
        self._renew_at = now + max(REFETCH_SECONDS, error.retry_after or 0.0)
        return []

    def _interrupt(self, *_: object) -> list[Command]:
        self.subscription, self._has_missed = None, True
        return []

    def _fail(self, now: float, error: wsapi.ApiError) -> list[Command]:
        self.state, self._waiting = State.OVER, None
        status = error.status if error.is_limit else None
        refused = error.code in wsapi.REFUSED_KEYS
        code = error.code or None
        return [Failure(error.reason, code, status, error.retry_after, refused=refused)]
