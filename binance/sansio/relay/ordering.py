"""The order in which a consumer delivers what relays have published.

The first relay that stores an event stores its own missing ones not at all.  So if one relay has
lost event n-1, it may store n before another relay stores n-1.  Where ids show what is missing
(trades, aggregate trades, changes of a book), an event that is ahead of the next one is held for
`LATE_SECONDS`.  What has not come by then is missing: the event is delivered, and the session
finds the gap as on any link.
"""

import heapq
from typing import Any, Final

from binance.sansio.feed.cursors import RULES, kind_of, track

LATE_SECONDS: Final = 3.0
MOST_HELD: Final = 10_000


class Order:
    """The order of one stream.

    :param first: the id of the first event that is wanted; events before it are dropped.
    """

    def __init__(self, name: str, market: str, first: int | None = None) -> None:
        shows_gaps = track(name, market, []).names_gaps
        self._rule = RULES[kind_of(name, market)] if shows_gaps else None
        self._first = first
        self._last: Any = None if first is None else first - 1
        self._held: list[tuple[Any, int, Any, Any]] = []  # a heap of id, number, data, message
        self._count = 0
        self._since = 0.0

    def take(self, data: Any, message: Any, now: float) -> list[Any]:
        """Take a message; return those to deliver now, in order."""
        number: Any = None if self._rule is None else self._rule.read(data)
        if number is None:
            return [message]
        if self._first is not None and number < self._first:
            return []
        if not self._is_ahead(number, data):
            self._last = number if self._last is None else max(number, self._last)
            return [message, *self._following()]
        if not self._held:
            self._since = now
        self._count += 1
        heapq.heappush(self._held, (number, self._count, data, message))
        return self._skip(now) if len(self._held) > MOST_HELD else []

    def due(self, now: float) -> list[Any]:
        """The held messages to deliver now, although others before them are missing."""
        return self._skip(now) if self._held and now >= self._since + LATE_SECONDS else []

    def _is_ahead(self, number: Any, data: Any) -> bool:
        assert self._rule is not None
        return (
            self._last is not None
            and number > self._last
            and not self._rule.joins(data, self._last)
        )

    def _skip(self, now: float) -> list[Any]:
        number, _, _, message = heapq.heappop(self._held)
        self._last, self._since = number, now
        return [message, *self._following()]

    def _following(self) -> list[Any]:
        """The held messages that are not ahead any more."""
        found = []
        while self._held and not self._is_ahead(self._held[0][0], self._held[0][2]):
            number, _, _, message = heapq.heappop(self._held)
            self._last = max(number, self._last)
            found.append(message)
        return found
