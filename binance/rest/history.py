"""Long stretches of candles and trades, walked page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from binance.helpers import date_to_milliseconds, plain_number
from binance.sansio.names.forms import KLINE_INTERVALS

PAGE_MAX = 1000
"""The most candles or trades that one call answers."""
FUTURES_PAGE_MAX = 1500
"""The most candles of futures."""

Page = Callable[..., list[Any]]


class Klines:
    """Candles of a stretch of time; `page` is a method such as ``client.get_klines``, and `most`
    is how many candles it answers at once."""

    def __init__(self, page: Page, most: int = PAGE_MAX) -> None:
        self._page = page
        self._most = most

    def walk(
        self,
        symbol: str,
        interval: str,
        start_str: str | int,
        end_str: str | int | None,
        limit: int,
    ) -> Iterator[list[Any]]:
        """Checks the arguments at once, then gives the candles one by one."""
        if interval not in KLINE_INTERVALS:
            raise ValueError(f"interval must be one of {KLINE_INTERVALS}, not {interval!r}")
        size = plain_number(limit)
        if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= self._most:
            raise ValueError(f"limit must be 1 to {self._most} candles per call, not {limit!r}")
        start = max(0, date_to_milliseconds(start_str))  # the exchange refuses what is before 1970
        end = None if end_str is None else date_to_milliseconds(end_str)
        return self._walk(symbol, interval, start, end, size)

    def _walk(
        self, symbol: str, interval: str, start: int, end: int | None, limit: int
    ) -> Iterator[list[Any]]:
        while end is None or start <= end:
            candles = self._page(
                symbol=symbol, interval=interval, limit=limit, startTime=start, endTime=end
            )
            # A page that is merely short is not the last one.
            if not candles or int(candles[-1][0]) < start:
                return
            yield from candles
            # The next page begins behind the last candle's opening: months differ in length, and
            # a candle that is cut twice would come twice.
            start = int(candles[-1][0]) + 1


class AggregateTrades:
    """Aggregate trades up to the present; `page` is ``client.get_aggregate_trades``."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def walk(
        self, symbol: str, start_str: str | int | None, last_id: int | None
    ) -> Iterator[dict[str, Any]]:
        """Checks the arguments at once, then gives the trades one by one."""
        start = None if start_str is None else max(0, date_to_milliseconds(start_str))
        return self._walk(symbol, start, last_id)

    def _walk(
        self, symbol: str, start: int | None, last_id: int | None
    ) -> Iterator[dict[str, Any]]:
        if start is not None:
            trades = self._page(symbol=symbol, startTime=start, limit=PAGE_MAX)
        else:
            first = 0 if last_id is None else last_id + 1
            trades = self._page(symbol=symbol, fromId=first, limit=PAGE_MAX)
        while trades:
            yield from trades
            trades = self._page(symbol=symbol, fromId=trades[-1]["a"] + 1, limit=PAGE_MAX)
