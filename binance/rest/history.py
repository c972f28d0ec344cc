"""Long stretches of candles and trades, walked page by page."""

from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from binance.enums import HistoricalKlinesType as Kind
from binance.helpers import date_to_milliseconds, plain_number
from binance.sansio.names.forms import KLINE_INTERVALS
from binance.sansio.names.times import milliseconds

PAGE_MAX = 1000
"""The most candles or trades that one call answers."""
FUTURES_PAGE_MAX = 1500
"""The most candles of futures."""

Page = Callable[..., Any]
Walk = Generator[dict[str, Any] | list[Any], list[Any] | None, None]
"""Yields the parameters of a page, is sent that page, and yields what to give of it."""

_PAGES = {
    Kind.SPOT: ("get_klines", PAGE_MAX, "symbol"),
    Kind.FUTURES: ("futures_klines", FUTURES_PAGE_MAX, "symbol"),
    Kind.FUTURES_MARK_PRICE: ("futures_mark_price_klines", FUTURES_PAGE_MAX, "symbol"),
    Kind.FUTURES_INDEX_PRICE: ("futures_index_price_klines", FUTURES_PAGE_MAX, "pair"),
}


def pages_of(kind: Kind) -> tuple[str, int, str]:
    """For a kind of candles: the client's method, the most candles of a page, and the parameter.

    COIN-M answers the newest candles of 200 days, so its pages do not follow each other.
    """
    if kind not in _PAGES:
        allowed = ", ".join(each.name for each in _PAGES)
        raise ValueError(
            f"klines_type must be one of {allowed}, not {kind!r}; for candles of COIN-M use "
            "futures_coin_klines and its like, with startTime and endTime"
        )
    return _PAGES[kind]


def klines(
    page: Page,
    symbol: str,
    interval: str,
    start_str: str | int | None,
    end_str: str | int | None,
    limit: int | None,
    most: int = PAGE_MAX,
    named: str = "symbol",
) -> tuple[Page, Walk]:
    """Check the arguments; the page and the walk give the candles of a stretch of time.

    :param page: a method such as ``client.get_klines``.
    :param start_str: None for the latest candles, in one call.
    :param most: how many candles it answers at once.
    :param named: its parameter for the symbol.
    """
    if interval not in KLINE_INTERVALS:
        raise ValueError(f"interval must be one of {KLINE_INTERVALS}, not {interval!r}")
    size = most if limit is None else plain_number(limit)
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= most:
        raise ValueError(f"limit must be 1 to {most} candles per call, not {limit!r}")
    end = None if end_str is None else _milliseconds(end_str)
    page = partial(page, **{named: symbol}, interval=interval, limit=size)
    if start_str is None:
        return page, _page(endTime=end)
    # The exchange refuses what is before 1970.
    return page, _klines(max(0, _milliseconds(start_str)), end)


def next_step(walk: Walk, answer: list[Any] | None) -> dict[str, Any] | list[Any] | None:
    """What the walk yields next; None at its end."""
    try:
        return walk.send(answer)
    except StopIteration:
        return None


def walked(page: Page, walk: Walk) -> Iterator[Any]:
    """Candles or trades one by one, each page asked for when it is needed."""
    answer = None
    while (step := next_step(walk, answer)) is not None:
        if isinstance(step, dict):
            answer = page(**step)
        else:
            yield from step


def _page(**params: Any) -> Walk:
    yield (yield params) or []


def _milliseconds(date: Any) -> int:
    """A date, or a time of the exchange in either unit."""
    moment = date_to_milliseconds(date)
    return moment if isinstance(date, str | datetime) else int(milliseconds(moment))


def _klines(start: int, end: int | None) -> Walk:
    # The walk ends with the candle that is the newest now, so only the last one may be open. Later
    # ones would follow a candle that was read unfinished, and a slow reader would never come to an
    # end.
    newest = yield {"endTime": end, "limit": 1}
    while newest and start <= int(newest[-1][0]):
        candles = yield {"startTime": start, "endTime": int(newest[-1][0])}
        # A page that is merely short is not the last one.
        if not candles or int(candles[-1][0]) < start:
            return
        yield candles
        # The next page begins behind the last candle's opening: months differ in length, and a
        # candle that is cut twice would come twice.
        start = int(candles[-1][0]) + 1


def aggregate_trades(
    page: Page, symbol: str, start_str: str | int | None, last_id: int | None
) -> tuple[Page, Walk]:
    """Check the arguments; the page and the walk give the trades up to the present.

    :param page: ``client.get_aggregate_trades``.
    """
    if start_str is not None:
        first = {"startTime": max(0, _milliseconds(start_str))}
    else:
        first = {"fromId": 0 if last_id is None else last_id + 1}
    return partial(page, symbol=symbol, limit=PAGE_MAX), _trades(first)


def _trades(first: dict[str, int]) -> Walk:
    trades = yield first
    while trades:
        yield trades
        trades = yield {"fromId": trades[-1]["a"] + 1}
