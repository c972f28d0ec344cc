"""Long stretches of candles and trades, walked page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from binance.helpers import date_to_milliseconds
from binance.sansio.forms import KLINE_INTERVALS

PAGE_MAX = 1000
"""The most candles or trades that one call answers."""

Page = Callable[..., list[Any]]


class Klines:
    """Candles of a stretch of time; `page` is a method such as ``client.get_klines``."""

    def __init__(self, page: Page) -> None:
        self._page = page

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
        if not 1 <= limit <= PAGE_MAX:
            raise ValueError(f"limit must be 1 to {PAGE_MAX} candles per call, not {limit!r}")
        start = date_to_milliseconds(start_str)
        end = None if end_str is None else date_to_milliseconds(end_str)
        return self._walk(symbol, interval, start, end, limit)

    def _walk(
        self, symbol: str, interval: str, start: int, end: int | None, limit: int
    ) -> Iterator[list[Any]]:
        while end is None or start <= end:
            candles = self._page(
                symbol=symbol, interval=interval, limit=limit, startTime=start, endTime=end
            )
            yield from candles
            if len(candles) < limit:
                return
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
        start = None if start_str is None else date_to_milliseconds(start_str)
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
