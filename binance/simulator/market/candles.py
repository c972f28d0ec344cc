"""Candles: sums of trades over an interval, and where the intervals begin and end. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

INTERVALS = {"1s": SECOND}
INTERVALS |= {f"{count}m": count * MINUTE for count in (1, 3, 5, 15, 30)}
INTERVALS |= {f"{count}h": count * HOUR for count in (1, 2, 4, 6, 8, 12)}
INTERVALS |= {"1d": DAY, "3d": 3 * DAY, "1w": 7 * DAY, "1M": 0}  # as long as its month
"""Lengths in ms of the exchange's intervals (its page "Kline/Candlestick chart intervals")."""

_MONDAY = 4 * DAY  # 1970-01-05: weeks begin on Monday

OFFSETS = {"": 0, "+08:00": 8 * HOUR}


def candle_bounds(interval: str, time: int, offset: int = 0) -> tuple[int, int]:
    """Begin and end (ms, end excluded) of the candle that ``time`` (ms) falls into.

    ``offset`` shifts the bounds to another time zone: 8 hours for the ``+08:00`` klines.
    """
    local = time + offset
    if interval == "1M":
        moment = datetime.fromtimestamp(local / 1000, UTC)
        year, month = moment.year, moment.month
        begin = datetime(year, month, 1, tzinfo=UTC)
        end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        return int(begin.timestamp()) * 1000 - offset, int(end.timestamp()) * 1000 - offset
    length = INTERVALS[interval]
    phase = _MONDAY if interval == "1w" else 0
    opened = (local - phase) // length * length + phase - offset
    return opened, opened + length


@dataclass(slots=True)
class Candle:
    """Open, high, low, close (ticks), volume (steps), quote volume (ticks x steps), number of
    trades.

    ``first`` and ``last`` are trade ids; ``buy_volume`` and ``buy_quote`` are what takers bought.
    """

    open: int
    high: int
    low: int
    close: int
    volume: int = 0
    quote: int = 0
    trades: int = 0
    first: int = -1
    last: int = -1
    buy_volume: int = 0
    buy_quote: int = 0

    @classmethod
    def flat(cls, price: int) -> Candle:
        """A candle without a trade: its prices are the last close, its ids -1."""
        return cls(price, price, price, price)

    def add(self, price: int, quantity: int, first: int, last: int, taker_bought: bool) -> None:
        """Add the trades ``first`` to ``last``, all at one price."""
        if not self.trades:
            self.open = self.high = self.low = price
            self.first = first
        elif price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        self.close = price
        self.volume += quantity
        self.quote += price * quantity
        self.trades += last - first + 1
        self.last = last
        if taker_bought:
            self.buy_volume += quantity
            self.buy_quote += price * quantity

    def extend(self, later: Candle) -> None:
        """Add the candle that follows."""
        if not later.trades:
            return
        if not self.trades:
            self.open, self.high, self.low = later.open, later.high, later.low
            self.first = later.first
        self.high, self.low = max(self.high, later.high), min(self.low, later.low)
        self.close = later.close
        self.volume += later.volume
        self.quote += later.quote
        self.trades += later.trades
        self.last = later.last
        self.buy_volume += later.buy_volume
        self.buy_quote += later.buy_quote
