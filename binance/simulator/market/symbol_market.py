"""One symbol's market: makers, takers and cancels at random but seeded times, matched against its
book.

Theory. Orders arrive as a Poisson process. Each is a taker (it trades), a maker (it adds to a
level) or a cancel (it removes from a level). The takers move the price, and a weak force pulls it
back to where the market opened. All randomness comes from the symbol's own seed and all time is the
market's own. So the market does not depend on who reads it, or how often: one long ``advance`` and
many short ones give the same market. Trade ids are contiguous; an aggregate is what one taker got
at one price.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from random import Random
from typing import Any, NamedTuple, Protocol

from binance.simulator.market.candles import DAY, HOUR, MINUTE, SECOND, Candle, candle_bounds
from binance.simulator.market.history import LISTED, History, PastTrades, Trade
from binance.simulator.market.order_book import Book
from binance.simulator.market.symbols import Symbol

TAKERS = 0.30
"""The share of orders that trade; the others move levels of the book."""

_MAKERS = 0.68  # up to here an order adds to a level; beyond, it cancels
_LARGE_TAKERS = 0.02  # the share of takers that want what two levels hold: they move the price
_RATE_BEFORE_START = 10.0  # trades a second, at most
_MAX_LEVELS_TAKEN = 5  # by one taker
_BLOCK_LOTS = 500  # a block trade is so many usual lots, arranged outside the book
_PAST = {DAY: History.day, HOUR: History.hour, MINUTE: History.minute}


class Aggregate(NamedTuple):
    """The trades of one taker at one price."""

    id: int
    price: int
    quantity: int
    first: int
    last: int
    time: int
    maker: bool


@dataclass(slots=True)
class MarketCallbacks:
    """The functions that a market calls as things happen; None: nobody listens."""

    on_trade: Callable[[Trade], None] | None = None
    on_aggregate: Callable[[Aggregate], None] | None = None
    on_block: Callable[[Trade], None] | None = None
    on_best_price: Callable[[int, tuple[int, int, int, int]], None] | None = None

    def idle(self) -> bool:
        return not (self.on_trade or self.on_aggregate or self.on_block or self.on_best_price)


class AccountOrders(Protocol):
    """The accounts' orders in a market's book. All other orders are simulated: the crowd's.

    ``bids`` says which side of the book is meant.
    """

    def held(self, bids: bool, price: int) -> int:
        """The steps that accounts have at a level: the crowd cannot cancel them."""

    def split(self, bids: bool, price: int, there: int, fill: int) -> list[tuple[int, Any]] | None:
        """Whose orders fill the first ``fill`` of the ``there`` steps of a level.

        Returns quantities with the order that each belongs to, None for the crowd. Returns None
        when all of it belongs to the crowd.
        """

    def filled(self, order: Any, trade: Trade) -> None:
        """An order of an account was the maker of a trade."""


class Market:
    """The market of one symbol from ``origin`` (ms, a whole minute) on.

    :param past: the seed of the history: markets of one symbol that share it open at one price.
    :param start: ms; before it the market trades at a low rate, so that it advances quickly.
    :param rate: trades a second.
    :param levels: levels that makers keep on each side.
    :param kept: how many of the last trades are kept for requests.
    """

    def __init__(
        self,
        symbol: Symbol,
        *,
        seed: int,
        past: int | None = None,
        origin: int,
        start: int,
        rate: float,
        levels: int,
        kept: int,
    ) -> None:
        self.symbol = symbol
        self.origin = origin
        self.history = History(symbol, seed if past is None else past, rate)
        self._past = PastTrades(self.history, origin)
        last = self.history.minute(origin // MINUTE - 1)
        self._random = Random(f"{seed}/{symbol.name}").random
        self._fair = last.close
        self._levels = levels
        self._pace = TAKERS / rate * 1000.0  # mean ms between orders
        self._start = start
        self._slow = TAKERS / min(rate, _RATE_BEFORE_START) * 1000.0
        self.book = Book(10_000_000 + last.last * 3)
        self._open_book(last.close)
        self.trades: deque[Trade] = deque(maxlen=kept)
        self.aggregates: deque[Aggregate] = deque(maxlen=kept)
        self.last_trade = last.last
        self.last_aggregate = last.last * 4 // 5
        self._aggregated = last.last - self.last_aggregate  # past trade id - past aggregate id
        self.last_block = 0
        self.last_price = last.close
        self.last_quantity = symbol.lot
        self.last_time = origin - 1
        self._seconds: dict[int, Candle] = {}
        self._minutes: dict[int, Candle] = {}
        self._whole: dict[tuple[int, int], Candle] = {}
        self._windows: dict[int, tuple[int, Candle]] = {}
        self.callbacks = MarketCallbacks()
        self.account_orders: AccountOrders | None = None
        self.underlying: Market | None = None  # of a contract: its market on spot
        self._reported_best = self.book.best()
        self.now = float(origin)
        self._next = self.now + self._pause(self.now)

    def _open_book(self, price: int) -> None:
        gap, lot, random = self.symbol.gap, self.symbol.lot, self._random
        spread = 1 + int(random() * 2)
        for depth in range(self._levels):
            far = 1 + depth // 50
            bid, ask = max(1, price - (depth + 1) * gap), price + (depth + spread) * gap
            for bids, at in ((True, bid), (False, ask)):
                self.book.set(bids, at, int(lot * (1 + 9 * random()) * far))
            if price <= (depth + 2) * gap:
                break

    def _pause(self, time: float) -> float:
        pace = self._pace if time >= self._start else self._slow
        return -math.log(1.0 - self._random()) * pace

    # from the exchange

    def advance(self, now: int) -> None:
        """Let everything happen that is due before ``now`` (ms)."""
        following = self._next
        while following < now:
            self.now = following
            self._order(int(following))
            following += self._pause(following)
        self._next = following
        self.now = float(now)

    def _order(self, time: int) -> None:
        random = self._random
        kind = random()
        if kind < TAKERS:
            self._take(time)
        elif kind < _MAKERS:
            self._make()
        else:
            self._cancel()
        if self.callbacks.on_best_price is not None:
            self.report_best_price()

    def report_best_price(self) -> None:
        """Report the best prices if they have changed since the last report."""
        best = self.book.best()
        if best != self._reported_best:
            self._reported_best = best
            if self.callbacks.on_best_price is not None:
                self.callbacks.on_best_price(self.book.update_id, best)

    def _take(self, time: int) -> None:
        random = self._random
        pull = (self._fair - self.last_price) / self._fair * 8.0  # 1 % away: takers lean by 8 %
        buys = random() < 0.5 + max(-0.3, min(0.3, pull))
        wanted = 1 + int(self.symbol.lot * 0.35 / (random() + 0.03) ** 0.9)
        if random() < _LARGE_TAKERS:
            two_best = (self.book.at(not buys, depth) for depth in (0, 1))
            there = sum(self.book.levels[not buys][price] for price in two_best)
            wanted = 1 + int(there * (0.6 + random()))
        if random() < 0.002:
            self._block(time, wanted, buys)
        self.take(time, buys, wanted)

    def take(self, time: int, buys: bool, wanted: int, limit: int | None = None) -> list[Aggregate]:
        """Match a taker's order for ``wanted`` steps against the book, at ``limit`` ticks or
        better.

        Returns one aggregate for each price. A taker never empties a side of the book.
        """
        book, random = self.book, self._random
        got: list[Aggregate] = []
        for _ in range(_MAX_LEVELS_TAKEN):
            side = book.levels[not buys]
            if wanted <= 0 or len(side) < 2:
                break
            price = book.best_of(not buys)
            if limit is not None and (price > limit if buys else price < limit):
                break
            there = side[price]
            fill = min(wanted, there)
            wanted -= fill
            accounts = self.account_orders
            parts = None if accounts is None else accounts.split(not buys, price, there, fill)
            book.set(not buys, price, there - fill)
            # How many makers share the level.
            orders = 1 if fill < 3 else min(fill, 1 + int(random() * random() * 4))
            if parts is None:
                share = fill // orders
                parts = [(share, None)] * (orders - 1) + [(fill - share * (orders - 1), None)]
            got.append(self._trade(time, price, fill, parts, buys))
        return got

    def _trade(
        self, time: int, price: int, quantity: int, parts: list[tuple[int, Any]], buys: bool
    ) -> Aggregate:
        first = self.last_trade + 1
        callbacks = self.callbacks
        made: list[tuple[Any, Trade]] = []
        for part, order in parts:
            self.last_trade += 1
            trade = Trade(self.last_trade, price, part, time, not buys)
            self.trades.append(trade)
            if callbacks.on_trade is not None:
                callbacks.on_trade(trade)
            if order is not None:
                made.append((order, trade))
        last = self.last_trade
        self.last_aggregate += 1
        aggregate = Aggregate(self.last_aggregate, price, quantity, first, last, time, not buys)
        self.aggregates.append(aggregate)
        if callbacks.on_aggregate is not None:
            callbacks.on_aggregate(aggregate)
        self.last_price, self.last_quantity, self.last_time = price, part, time
        for candles, length in ((self._minutes, MINUTE), (self._seconds, SECOND)):
            candle = candles.get(time // length)
            if candle is None:
                candle = candles[time // length] = Candle.flat(price)
            candle.add(price, quantity, first, last, buys)
        if len(self._seconds) > 1_500:
            del self._seconds[next(iter(self._seconds))]
        for order, trade in made:
            assert self.account_orders is not None
            self.account_orders.filled(order, trade)
        return aggregate

    def _block(self, time: int, wanted: int, buys: bool) -> None:
        self.last_block += 1
        if self.callbacks.on_block is not None:
            size = _BLOCK_LOTS * self.symbol.lot + wanted
            self.callbacks.on_block(Trade(self.last_block, self.last_price, size, time, not buys))

    def _make(self) -> None:
        book, random, gap = self.book, self._random, self.symbol.gap
        buys = random() < 0.5
        near = int(-math.log(1.0 - random()) * 6.0)
        quantity = int(self.symbol.lot * (1 + 9 * random()))
        far = random() < 0.3  # deepen a shallow side now and then; else quote near the best price
        levels, away = book.levels[buys], -gap if buys else gap
        price = book.worst_of(buys) + away
        if not far or price <= 0 or len(levels) >= self._levels * 0.95:
            price = max(1, book.best_of(not buys) + (1 + near) * away)
        book.set(buys, price, levels.get(price, 0) + quantity)

    def _cancel(self) -> None:
        book, random = self.book, self._random
        buys = random() < 0.5
        levels = book.levels[buys]
        if len(levels) > self._levels * 1.05:
            price = book.worst_of(buys)
        else:
            price = book.at(buys, int(-math.log(1.0 - random()) * 10.0))
        left = levels[price] - 1 - int(self.symbol.lot * 12 * random())
        if left <= 0 and len(levels) < 3:
            return
        accounts = self.account_orders
        book.set(buys, price, max(left, 0 if accounts is None else accounts.held(buys, price)))

    # the past

    def trades_since(self, first: int, limit: int) -> list[Trade]:
        """The trades from the id ``first`` on, at most ``limit``, also those before the origin."""
        found = self._past.since(first, limit)
        return found + _kept(self.trades, first + len(found), limit - len(found))

    def aggregates_since(self, first: int, limit: int) -> list[Aggregate]:
        """The aggregates from the id ``first`` on, as :meth:`trades_since`."""
        past = self._past.since(first + self._aggregated, limit)
        found = [
            Aggregate(id - self._aggregated, price, quantity, id, id, time, maker)
            for id, price, quantity, time, maker in past
        ]
        return found + _kept(self.aggregates, first + len(found), limit - len(found))

    def first_aggregate_at(self, time: int) -> int:
        """The id of the first aggregate at ``time`` (ms) or later."""
        if time < self.origin:
            return self._past.first_id_at(time) - self._aggregated
        index = bisect_left(self.aggregates, time, key=lambda each: each.time)
        return self.last_aggregate + 1 - len(self.aggregates) + index

    # candles

    def _whole_candle(self, length: int, number: int) -> Candle | None:
        """The candle of a whole minute, hour or day; None: nothing was traded in a minute."""
        end = (number + 1) * length
        if end <= self.origin:
            return _PAST[length](self.history, number)
        if length == MINUTE:
            return self._minutes.get(number)
        whole = self._whole.get((length, number))
        if whole is None:
            whole, part = Candle.flat(self.last_price), HOUR if length == DAY else MINUTE
            for each in range(end // part - length // part, end // part):
                self._add(whole, part, each)
            if end <= self.now:
                self._whole[length, number] = whole
        return whole

    def _add(self, whole: Candle, length: int, number: int) -> None:
        part = self._whole_candle(length, number)
        if part is not None:
            whole.extend(part)

    def span(self, begin: int, end: int) -> Candle:
        """The sum of all trades from ``begin`` until before ``end`` (ms, whole minutes)."""
        begin = max(begin, LISTED * DAY)
        end = min(end, (int(self.now) // MINUTE + 1) * MINUTE)
        whole = Candle.flat(0)
        time = begin
        while time < end:
            longest = (each for each in _PAST if time % each == 0 and time + each <= end)
            length = next(longest, MINUTE)
            self._add(whole, length, time // length)
            time += length
        return whole if whole.trades else Candle.flat(self.close_before(begin))

    def window(self, begin: int, time: int) -> Candle:
        """The sum of all trades from ``begin`` (ms, a whole minute) to the market's present
        ``time``.
        """
        minute = time // MINUTE
        cached = self._windows.get(begin)
        if cached is None or cached[0] != minute:
            if len(self._windows) > 8:
                self._windows.clear()
            cached = self._windows[begin] = (minute, self.span(begin, minute * MINUTE))
        whole = replace(cached[1])
        self._add(whole, MINUTE, minute)
        return whole

    def close_before(self, time: int) -> int:
        """The price of the last trade before ``time`` (ms, a whole minute)."""
        minute = min(time, int(self.now) + MINUTE) // MINUTE - 1
        while (candle := self._whole_candle(MINUTE, minute)) is None:
            minute -= 1
        return candle.close

    def candle(self, interval: str, begin: int, end: int) -> Candle:
        """The candle of an interval that was cut from ``begin`` to ``end`` (ms)."""
        if interval != "1s":
            return self.span(begin, end)
        second = self._seconds.get(begin // SECOND)
        if second is not None:
            return second
        for earlier in reversed(self._seconds):
            if earlier * SECOND < begin:
                return Candle.flat(self._seconds[earlier].close)
        return Candle.flat(self.close_before(self.origin))

    def klines(
        self, interval: str, offset: int, until: int, limit: int, since: int | None = None
    ) -> list[tuple[int, int, Candle]]:
        """Candles that begin by ``until`` (ms): begin, end and sums.

        The last ``limit`` of them, or the first that begin at ``since`` or later.
        """
        oldest = self.origin if interval == "1s" else LISTED * DAY
        until = min(until, int(self.now))
        found: list[tuple[int, int, Candle]] = []
        if since is None:
            begin, end = candle_bounds(interval, until, offset)
            while len(found) < limit and end > oldest:
                found.append((begin, end, self.candle(interval, begin, end)))
                begin, end = candle_bounds(interval, begin - 1, offset)
            found.reverse()
            return found
        begin, end = candle_bounds(interval, max(since, oldest), offset)
        while len(found) < limit and begin <= until:
            if begin >= since:
                found.append((begin, end, self.candle(interval, begin, end)))
            begin, end = candle_bounds(interval, end, offset)
        return found


def _kept(kept: deque[Any], first: int, limit: int) -> list[Any]:
    """What is kept from the id ``first`` on; ids in ``kept`` have no holes."""
    skip = max(0, first - kept[0].id) if kept else 0
    return list(islice(kept, skip, skip + limit))
