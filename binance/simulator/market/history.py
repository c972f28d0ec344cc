"""What was traded before the simulator started: candles of any past day, hour or minute, and their
trades, made on demand.

Theory. A day's opening price is a function of its number (slow waves round the symbol's anchor), so
any day can be made without the days before it, and a day closes where the next one opens. A day is
split into hours, an hour into minutes. The parts begin and end where the whole does, reach its high
and its low, and add up exactly to its volumes, trades and trade ids. So every interval agrees with
every other, and the live market continues at the price and the trade id of the last minute. The
trades of a minute begin at its open, end at its close, reach its high and its low, follow its path
between, and add up to its volume.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import NamedTuple

from binance.simulator.market.candles import DAY, HOUR, MINUTE, Candle
from binance.simulator.market.symbols import Symbol

LISTED = 17_361
"""Day number (days since 1970) of 2017-07-14, when the exchange opened: nothing was traded before.
"""

_LEAST_TRADES = 16 * 1440  # trades a day, so that each minute has some


@dataclass(slots=True)
class PastCandle(Candle):
    """A candle of the past, with the path of the price inside it.

    The path is three straight lines from open to close, through both extremes: one of them at the
    share ``early`` of the volume, the other at ``late``. ``rises``: the high comes first.
    """

    early: float = 0.0
    late: float = 0.0
    rises: bool = False

    def choose_path(self, random: Callable[[], float]) -> None:
        self.early = 0.1 + 0.4 * random()
        self.late = self.early + 0.1 + 0.35 * random()
        self.rises = random() < 0.5

    def at(self, share: float) -> float:
        """The price when ``share`` of the volume is traded."""
        first, second = (self.high, self.low) if self.rises else (self.low, self.high)
        if share < self.early:
            return self.open + (first - self.open) * share / self.early
        if share < self.late:
            return first + (second - first) * (share - self.early) / (self.late - self.early)
        return second + (self.close - second) * (share - self.late) / (1 - self.late)

    def mean(self) -> float:
        first, second = (self.high, self.low) if self.rises else (self.low, self.high)
        return (
            (self.open + first) * self.early
            + (first + second) * (self.late - self.early)
            + (second + self.close) * (1 - self.late)
        ) / 2

    def fit_mean(self) -> None:
        """Move the extremes in time, so that the mean price agrees with the quote volume."""
        if not self.volume:
            return
        first, second = (self.high, self.low) if self.rises else (self.low, self.high)
        wanted = 2 * self.quote / self.volume - second - self.close
        if first != self.close:
            late = (wanted - self.early * (self.open - second)) / (first - self.close)
            self.late = min(0.97, max(self.early + 0.02, late))
        if self.open != second:
            early = (wanted - self.late * (first - self.close)) / (self.open - second)
            self.early = min(self.late - 0.02, max(0.02, early))


def divide(whole: PastCandle, count: int, rng: Random, gap: int) -> list[PastCandle]:
    """Split a candle into ``count`` parts that follow each other and add up to it."""
    wide = 1.5
    while True:  # candles with longer wicks leave more room for the quote volumes to add up
        parts = _random_parts(whole, count, rng.random, gap, wide)
        if _share_quote_volume(whole, parts) or wide > count:
            return parts
        wide *= 3


def _random_parts(
    whole: PastCandle, count: int, random: Callable[[], float], gap: int, wide: float
) -> list[PastCandle]:
    span = whole.high - whole.low
    weights = [0.5 + random() for _ in range(count)]
    scale = 1.0 / sum(weights)
    at_high, at_low = (whole.early, whole.late) if whole.rises else (whole.late, whole.early)
    done = 0.0
    trades = volume = bought = 0
    price = whole.open
    parts = []
    for index in range(count):
        before = done
        if index == count - 1:  # floats do not count that far
            done, close = 1.0, whole.close
            until = whole.trades, whole.volume, whole.buy_volume
        else:
            done += weights[index] * scale
            close = int(whole.at(done) + (random() - 0.5) * span * 0.03) // gap * gap
            close = min(whole.high, max(whole.low, close))
            until = int(whole.trades * done), int(whole.volume * done), int(whole.buy_volume * done)
        wiggle = int(random() * span * wide / count) // gap * gap + gap
        part = PastCandle(
            price,
            whole.high if before <= at_high < done else min(whole.high, max(price, close) + wiggle),
            whole.low if before <= at_low < done else max(whole.low, min(price, close) - wiggle),
            close,
            until[1] - volume,
            0,
            until[0] - trades,
            whole.first + trades,
            whole.first + until[0] - 1,
            until[2] - bought,
        )
        part.choose_path(random)
        part.quote = int(part.volume * part.mean())
        parts.append(part)
        trades, volume, bought = until
        price = close
    return parts


def _share_quote_volume(whole: PastCandle, parts: list[PastCandle]) -> bool:
    """Make the quote volumes add up; False when that moved a mean price out of its candle."""
    missing = whole.quote - sum(part.quote for part in parts)
    room = sum(part.volume * part.high - part.quote for part in parts)
    if missing < 0:
        room = sum(part.quote - part.volume * part.low for part in parts)
    used = given = 0
    for part in parts:
        limit = part.volume * (part.high if missing > 0 else part.low)
        used += abs(limit - part.quote)
        until = missing * used // room if room else 0
        part.quote += until - given
        given = until
    parts[-1].quote += missing - given
    done = given_buys = 0
    for part in parts:
        done += part.quote
        until = whole.buy_quote * done // whole.quote if whole.quote else 0
        part.buy_quote, given_buys = until - given_buys, until
        part.fit_mean()
    return abs(missing) <= room


class History:
    """The past of one symbol.

    :param activity: trades a second on average.
    """

    def __init__(self, symbol: Symbol, seed: int, activity: float) -> None:
        self._symbol, self.gap = symbol, symbol.gap
        self.name = f"{seed}/{symbol.past or symbol.name}"
        self._a_day = max(_LEAST_TRADES, int(activity * 86_400))
        rng = Random(f"{self.name}/waves")
        self._waves = [
            (size, 2 * math.pi / days, rng.random() * 2 * math.pi)
            for size, days in ((0.20, 700.0), (0.08, 90.0), (0.04, 17.0), (0.02, 5.0), (0.01, 2.3))
        ]
        self._parts: dict[tuple[int, int], list[PastCandle]] = {}

    def _opening(self, day: int) -> int:
        wave = sum(size * math.sin(day * pace + phase) for size, pace, phase in self._waves)
        gap = self.gap
        return max(gap, int(self._symbol.anchor * math.exp(wave)) // gap * gap)

    def _traded_before(self, day: int) -> int:
        # The well-known hash of a number in one line.
        uneven = (math.sin(day * 12.9898) * 43_758.5453) % 1.0
        return (day - LISTED) * self._a_day + int(uneven * self._a_day / 3)

    def day(self, day: int) -> PastCandle:
        """The candle of a day since 1970 (UTC), from 2017-07-14 on."""
        rng, gap = Random(f"{self.name}/{day}"), self.gap
        opened, closed = self._opening(day), self._opening(day + 1)
        high = int(max(opened, closed) * (1 + 0.02 * rng.random())) // gap * gap
        low = int(min(opened, closed) * (1 - 0.02 * rng.random())) // gap * gap
        high, low = max(high, opened, closed), max(gap, min(low, opened, closed))
        before, until = self._traded_before(day), self._traded_before(day + 1)
        volume = int((until - before) * self._symbol.lot * (0.7 + 0.6 * rng.random()))
        bought = 450 + int(100 * rng.random())
        whole = PastCandle(opened, high, low, closed, volume, 0, until - before, before + 1, until)
        whole.choose_path(rng.random)
        whole.quote = int(volume * whole.mean())
        whole.buy_volume = volume * bought // 1000
        whole.buy_quote = whole.quote * bought // 1000
        return whole

    def hour(self, hour: int) -> PastCandle:
        """The candle of an hour since 1970."""
        day, index = divmod(hour, 24)
        return self._split(DAY, day, 24)[index]

    def minute(self, minute: int) -> PastCandle:
        """The candle of a minute since 1970."""
        hour, index = divmod(minute, 60)
        return self._split(HOUR, hour, 60)[index]

    def _split(self, length: int, number: int, count: int) -> list[PastCandle]:
        key = (length, number)
        made = self._parts.get(key)
        if made is None:
            whole = self.day(number) if length == DAY else self.hour(number)
            rng = Random(f"{self.name}/{length}/{number}")
            made = self._parts[key] = divide(whole, count, rng, self.gap)
            if len(self._parts) > 2_000:
                del self._parts[next(iter(self._parts))]
        return made


class Trade(NamedTuple):
    """One trade. ``maker``: was the buyer the maker?"""

    id: int
    price: int
    quantity: int
    time: int
    maker: bool


_FIRST_MINUTE = LISTED * DAY // MINUTE


class PastTrades:
    """The trades of a history before ``origin`` (ms, a whole minute)."""

    def __init__(self, history: History, origin: int) -> None:
        self._history = history
        self._end = origin // MINUTE
        self._made: tuple[int, list[Trade]] = (0, [])

    def since(self, first: int, limit: int) -> list[Trade]:
        """The trades from the id ``first`` on, at most ``limit``."""
        minutes, found = range(_FIRST_MINUTE, self._end), list[Trade]()
        number = bisect_right(minutes, first, key=lambda each: self._history.minute(each).first) - 1
        for minute in minutes[max(0, number) :]:
            if len(found) >= limit:
                break
            found += [each for each in self.minute(minute) if each.id >= first]
        return found[:limit]

    def first_id_at(self, time: int) -> int:
        """The id of the first trade at ``time`` (ms, before the origin) or later."""
        minute = max(_FIRST_MINUTE, time // MINUTE)
        trades = self.minute(minute)
        index = bisect_left(trades, time, key=lambda each: each.time)
        return self._history.minute(minute).first + index

    def minute(self, minute: int) -> list[Trade]:
        """The trades of a minute since 1970."""
        if self._made[0] != minute:
            self._made = minute, self._make(minute)
        return self._made[1]

    def _make(self, minute: int) -> list[Trade]:
        candle, gap = self._history.minute(minute), self._history.gap
        count = candle.trades
        random = Random(f"{self._history.name}/trades/{minute}").random
        weights = list(accumulate(0.5 + random() for _ in range(count)))
        prices = [int(candle.at(each / weights[-1])) // gap * gap for each in weights]
        at = (candle.early, candle.late) if candle.rises else (candle.late, candle.early)
        for share, price in zip(at, (candle.high, candle.low), strict=True):
            if count > 3:
                prices[min(count - 2, max(1, int(share * count)))] = price
        if count:
            prices[0], prices[-1] = candle.open, candle.close
        spare, done, trades = candle.volume - count, 0, list[Trade]()
        for index, price in enumerate(prices):
            until = int(spare * weights[index] / weights[-1]) if index < count - 1 else spare
            time = minute * MINUTE + index * MINUTE // count
            sells = random() * candle.volume >= candle.buy_volume
            trades.append(Trade(candle.first + index, price, 1 + until - done, time, sells))
            done = until
        return trades
