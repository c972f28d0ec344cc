"""What each host may be asked, counted for the whole process: the exchange counts by IP."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from binance.exceptions import BinanceAPIException
from binance.rest.locks import ForkSafeLock
from binance.sansio.account import rest_outcome
from binance.sansio.account.wsapi import ApiError
from binance.sansio.link.budget import WeightBudget
from binance.sansio.names.endpoints import FURTHER, environment_of
from binance.sansio.names.routes.shape import FAMILIES, Security
from binance.sansio.wire import bans

WEIGHTS_PER_MINUTE = {"api": 6000, "fapi": 2400, "dapi": 2400, "eapi": 400}
"""Family -> request weight a minute and address; the others have limits for each endpoint.

Source: ``rateLimits`` of ``GET /api/v3/exchangeInfo`` and its like on the other markets.
"""
ONE_POOL = {"dapi": "fapi"}
"""Family -> the one whose limits it shares. USD-M and COIN-M futures have one pool of weight and
orders since 2026-06-30. Source: "Important Notice: COIN-M / USD-M Architecture Integration" of
https://developers.binance.com/docs/derivatives
"""
ORDER_COUNT = "x-mbx-order-count-"
"""The beginning of the headers with the number of orders, such as ``-10S`` and ``-1M``."""
LEAST_PAUSE = 0.05  # s; the least pause before asking again for room that was taken meanwhile


def pool_of(family: str) -> str:
    """The family that the exchange counts a family's calls with."""
    return ONE_POOL.get(family, family)


def order_counts(headers: Mapping[str, str]) -> dict[str, int]:
    """Interval (``10s``, ``1m`` ..) -> orders of the account in it, by an answer's headers."""
    return {
        name.lower().removeprefix(ORDER_COUNT): int(value)
        for name, value in headers.items()
        if name.lower().startswith(ORDER_COUNT) and value.isdecimal()
    }


@dataclass(slots=True)
class Learned:
    """What the answers to one client have shown."""

    #: the families whose conditional orders have a path of their own; a refusal shows another one
    algo_only: set[str] = field(default_factory=lambda: {"fapi"})
    #: pool -> interval -> number of orders, by the newest answer
    order_counts: dict[str, dict[str, int]] = field(default_factory=dict)
    #: clock -> when it could not be measured last (s, monotonic), why, and its root and options
    unmeasured: dict[str, tuple[float, Exception, str, Any]] = field(default_factory=dict)


def refusal(status: int, text: str, wait: float) -> BinanceAPIException:
    """The exception of a call that was kept back; `wait` is its ``retry_after`` in seconds."""
    seconds = math.ceil(wait * 1000) / 1000  # who waits for so long is not refused once more
    return BinanceAPIException(ApiError(status, rest_outcome.TOO_MANY_REQUESTS, text, seconds))


class Gate:
    """One family of paths on one host: its ban and its weight. Safe to use from any thread."""

    def __init__(self, host: str, host_ban: rest_outcome.Ban, family: str) -> None:
        limit = WEIGHTS_PER_MINUTE.get(family)
        self.limit = limit
        self._host = host
        self._host_ban = host_ban
        self._ban = rest_outcome.Ban()
        self._budget = WeightBudget(limit) if limit else None
        self._lock = ForkSafeLock()

    def admit(
        self,
        name: str,
        weight: int,
        security: Security,
        max_wait: float,
        sleep: Callable[[float], object] = time.sleep,
        advice: str = "",
    ) -> None:
        """Counts a call, or holds it back until there is room for it.

        Public data waits first, the account's data next; orders never wait: they are counted, and
        the exchange decides.

        :param advice: what the caller can do where there is no room; ends the error's text.
        :raises BinanceAPIException: code -1003: the exchange has asked to be left alone, or there
            is no room within `max_wait` seconds. Nothing was sent.
        """
        deadline = time.monotonic() + max_wait
        while True:
            now = time.monotonic()
            self._refuse_if_banned(name, now)
            delay = self._spend(weight, security, now)
            if not delay:
                return
            if now + delay > deadline:
                raise refusal(
                    bans.STATUS_LIMITED,
                    f"{name} was not sent: its weight of {weight} would pass the limit of "
                    f"{self.limit} a minute, and there is no room for {delay:.0f} s{advice}",
                    delay,
                )
            sleep(max(delay, LEAST_PAUSE))

    def answered(self, status: int, retry_after: float | None, headers: Mapping[str, str]) -> None:
        """Learns from an answer: the weight used, and whether to stay away."""
        now = time.monotonic()
        with self._lock:
            if self._budget is not None:
                self._budget.observe(headers, now)
            if status == bans.STATUS_BANNED:
                self._host_ban.note(status, retry_after, now)
            elif status == bans.STATUS_LIMITED:
                self._ban.note(status, retry_after, now)

    def used(self) -> int:
        """The weight spent in the last minute, as far as is known."""
        with self._lock:
            return self._budget.used(time.monotonic()) if self._budget else 0

    def _spend(self, weight: int, security: Security, now: float) -> float:
        if self._budget is None:
            return 0.0
        with self._lock:
            delay = self._budget.spend(weight, now, background=security is Security.NONE)
        return 0.0 if security is Security.TRADE else delay

    def _refuse_if_banned(self, name: str, now: float) -> None:
        with self._lock:
            ban = max(self._host_ban, self._ban, key=lambda each: each.until)
            remaining = ban.remaining(now)
        if remaining > 0:
            raise refusal(
                ban.status,
                f"{name} was not sent: {self._host} answered {ban.status} and is to be left alone "
                f"for another {remaining:.0f} s",
                remaining,
            )


class Gates:
    """The gates of the process, by pool and its place: an environment or a host."""

    def __init__(self) -> None:
        self._lock = ForkSafeLock()
        self._bans: dict[str, rest_outcome.Ban] = {}
        self._gates: dict[tuple[str, str], Gate] = {}

    def of(self, base_url: str, family: str) -> Gate:
        host, pool = urlsplit(base_url).netloc.rpartition("@")[2], pool_of(family)
        usual = FURTHER.sub("api.", host)
        is_futures = pool_of(FAMILIES[family].clock) in ONE_POOL.values()
        where = environment_of(base_url) or host if is_futures else usual
        with self._lock:
            ban = self._bans.setdefault(where, rest_outcome.Ban())
            if (where, pool) not in self._gates:
                self._gates[where, pool] = Gate(host, ban, pool)
            return self._gates[where, pool]

    def used(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Place and pool -> the weight of the last minute, and the limit; where there is one."""
        with self._lock:
            gates = list(self._gates.items())
        return {key: (gate.used(), gate.limit) for key, gate in gates if gate.limit}

    def forget(self) -> None:
        """Forgets every ban and weight: for a forked child's tests, and ours."""
        with self._lock:
            self._bans.clear()
            self._gates.clear()


GATES = Gates()
