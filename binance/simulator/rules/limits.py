"""Rate limits: so many in a rolling window, so much request weight in a minute. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import ceil

from binance.simulator.rules.settings import REQUESTS_BEFORE_BAN

ORDER_COUNT = "X-MBX-ORDER-COUNT-"
"""The beginning of the headers with the number of an account's orders in an interval."""
_MINUTE = 60_000


@dataclass(slots=True)
class RollingLimit:
    """At most ``limit`` in any ``window`` seconds."""

    limit: int
    window: float
    _hits: deque[float] = field(default_factory=deque)

    def count(self, now: float, came: float | None = None) -> bool:
        """Count one at ``now`` (ms); False when it was one too many.

        :param came: when it may have come at the earliest, if it may have waited to be counted.
        """
        self._hits.append(now if came is None else came)
        return self.used(now) <= self.limit

    def used(self, now: float) -> int:
        """How many were counted in the window that ends now."""
        hits = self._hits
        while hits and hits[0] <= now - self.window * 1000:
            hits.popleft()
        return len(hits)

    def wait(self, now: float) -> int:
        """Whole seconds until one more would be allowed."""
        if len(self._hits) < self.limit:
            return 0
        oldest = self._hits[len(self._hits) - self.limit]
        return max(1, ceil((oldest + self.window * 1000.0 - now) / 1000.0))


class WeightLimit:
    """The request weight of one address: 429 beyond the limit of a minute, 418 after many of those.

    :param limit: weight a minute.
    :param ban: seconds of the first ban; each further one is twice as long.
    """

    def __init__(self, limit: int, ban: float) -> None:
        self.limit = limit
        self._ban = ban
        self._minute = -1
        self.used = 0
        self._requests_over = 0
        self._banned_until = 0.0

    def spend(self, weight: int, now: float) -> tuple[int, int]:
        """Spend ``weight`` at ``now`` (ms): HTTP status (200, 429 or 418) and Retry-After in
        seconds.
        """
        if now < self._banned_until:
            return 418, ceil((self._banned_until - now) / 1000.0)
        minute = int(now // _MINUTE)
        if minute != self._minute:
            self._minute, self.used, self._requests_over = minute, 0, 0
        self.used += weight
        if self.used <= self.limit:
            return 200, 0
        self._requests_over += 1
        if self._requests_over > REQUESTS_BEFORE_BAN:
            self._banned_until = now + self._ban * 1000.0
            self._ban *= 2
            return 418, ceil((self._banned_until - now) / 1000.0)
        return 429, ceil(((minute + 1) * _MINUTE - now) / 1000.0)

    def used_in_minute(self, now: float) -> int:
        """Weight used in the minute of ``now`` (ms)."""
        return self.used if int(now // _MINUTE) == self._minute else 0
