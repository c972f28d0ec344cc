"""Price levels of one symbol: apply a snapshot, apply diffs, read the best prices.

Prices and quantities stay the texts that the exchange wrote, so nothing is ever rounded.  A level
is known by its price as a number: ``1.0`` and ``1.00`` are the same level, and any way to write
zero removes it.

How a side is kept.  The levels are a dict from price text to quantity text, with every price
written in one way: with as many decimals as the finest one has.  The exchange writes them so, and
so most changes, which give a known level a new quantity, cost one look-up and one store, whatever
the depth.  Only a price that is not there is looked at: is it written otherwise, or new?

The best eighth of the levels, the window, is also kept as sorted numbers: the price without its
point, so that it is exact and quick to compare, negated for asks, so that on both sides the best
level is the last.  Reading the best levels needs no search then, and as markets move near the best
price, inserting moves few entries.  A window grown to twice its width is cut, an emptied one is
filled again by sorting all levels; both happen only after as many changes as the window is wide,
an eighth of the depth, so that their cost for each change does not grow with the depth.

A side holds at most `MOST_LEVELS`: beyond, the farther half is dropped, and the horizon moves to
the last level that stays.  Until a new snapshot is fetched the far levels would else grow.

Floats, which only old readers ask for, are kept beside the texts from the first such reading on.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from operator import itemgetter
from typing import Any, NamedTuple

__all__ = ["BookSnapshot", "Level", "OrderBook", "Side", "SideCopy", "plain"]

Change = Sequence[Any]
"""``[price, quantity]`` as the exchange sends it: two texts; its old forms have a ``[]`` more."""

#: Levels a side; half of them stay when there are more.  The exchange's longest snapshot has 5000.
MOST_LEVELS = 20_000
# Idle zeros beyond so many decimals are dropped; the exchange writes at most 8.
_USUAL_DECIMALS = 16
_LEAST_WINDOW = 64
_WINDOW_SHARE = 8
# Lies below every number that a price can have, so that each of them belongs to the window.
_NO_FLOOR = -(1 << 4096)


class Level(NamedTuple):
    """The quantity on offer at one price, both exact."""

    price: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class BookSnapshot:
    """One moment of an order book, immutable."""

    symbol: str
    update_id: int | None
    """The exchange's id of the last change that went into it."""
    update_time: int | None
    """The exchange's time of the last event that went into it, as it was sent (ms)."""
    synced: bool
    """Whether the book was in step with the stream."""
    bids: tuple[Level, ...]
    """Best, that is highest, first."""
    asks: tuple[Level, ...]
    """Best, that is lowest, first."""
    bid_horizon: Decimal | None = None
    """Bids below this price are known only where a change has touched them; None: all are known."""
    ask_horizon: Decimal | None = None
    """Asks above this price are known only where a change has touched them; None: all are known."""

    @property
    def spread(self) -> Decimal | None:
        """Best ask minus best bid; None while a side is empty."""
        if not self.bids or not self.asks:
            return None
        return self.asks[0].price - self.bids[0].price


def plain(value: object) -> str:
    """A price or quantity as plain digits with at most one point.

    Takes what the exchange sends (texts) and what old scripts passed (numbers).  ValueError for
    anything that is not a finite number from zero.
    """
    text = str(value)
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number.is_signed():
        raise ValueError(f"a price or quantity is a number from zero, not {value!r}")
    return format(number, "f")


def _is_zero(quantity: str) -> bool:
    """Whether a quantity that is not positive as a float is an exact zero; ValueError for junk."""
    return not (quantity.strip("0.") and plain(quantity).strip("0."))


class Side:
    """The levels of one side.  `sign` is 1 for bids, whose best is the highest, and -1 for asks."""

    __slots__ = (
        "_amounts",
        "_decimals",
        "_floor",
        "_horizon",
        "_levels",
        "_names",
        "_room",
        "_sign",
        "_wanted",
        "_window",
    )

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self._levels: dict[str, str] = {}
        self._amounts: dict[str, float] | None = None  # the same as floats, once they are read
        self._decimals = 0  # that every price is written with
        self._window: list[int] = []  # the numbers from `_floor` up, ascending
        self._names: dict[int, str] = {}  # of those numbers, the prices
        self._floor = _NO_FLOOR
        self._room = 2 * _LEAST_WINDOW
        self._wanted = 0  # the most levels that a reader has asked for, but for whole readings
        self._horizon = _NO_FLOOR

    def __len__(self) -> int:
        return len(self._levels)

    # writing

    def load(self, changes: Sequence[Change], limit: int | None = None) -> None:
        """Take over a snapshot's side; `limit` levels or more mean that there are others beyond."""
        self._floor = -_NO_FLOOR  # nothing enters the window, which is sorted once, at the end
        self.update(changes)
        self._fill()
        if limit is not None:
            self.end_at(limit)

    def end_at(self, limit: int) -> None:
        """Take a side of so many levels, or more, to go on beyond them."""
        if self._levels and len(self._levels) >= limit:
            self._horizon = self._number(_ascending(self._levels)[0 if self._sign > 0 else -1])

    def update(self, changes: Sequence[Change]) -> None:
        """Let each price of ``[[price, quantity], ..]`` hold its quantity; zero removes the level.

        ValueError for what is no price or no quantity; the changes before it are then made.
        """
        levels, amounts = self._levels, self._amounts
        try:
            for price, quantity in changes:
                if price in levels:
                    amount = float(quantity)
                    if amount > 0.0 or not _is_zero(quantity):
                        levels[price] = quantity
                        if amounts is not None:
                            amounts[price] = amount
                    else:
                        self._remove(price)
                else:
                    if isinstance(price, str):
                        self._add(price, quantity)
                    else:  # the exchange sends texts, a stand-in for it may not
                        self.update([(plain(price), plain(quantity))])
                    levels, amounts = self._levels, self._amounts
        except ValueError:
            if not any(len(level) > 2 for level in changes):
                raise
            self.update([level[:2] for level in changes])

    def _add(self, price: str, quantity: str) -> None:
        point = -1 - self._decimals
        is_usual = price[point : point + 1] == "." and (price[0] > "0" or price[1:2] == ".")
        if not is_usual:
            price = self._written_as_usual(price)
            if price in self._levels:
                self.update(((price, quantity),))
                return
        digits = price.replace(".", "", 1)
        if not (digits.isdecimal() and digits.isascii()):
            raise ValueError(f"a price is written in digits with at most one point, not {price!r}")
        amount = float(quantity)
        if not amount > 0.0 and _is_zero(quantity):
            return  # gone before it was known
        self._levels[price] = quantity
        if self._amounts is not None:
            self._amounts[price] = amount
        number = self._sign * int(digits)
        if number >= self._floor:
            self._names[number] = price
            insort(self._window, number)
            if len(self._window) > self._room:
                self._cut()
        if len(self._levels) > MOST_LEVELS:
            self._drop_far()

    def _remove(self, price: str) -> None:
        del self._levels[price]
        if self._amounts is not None:
            del self._amounts[price]
        number = self._number(price)
        if number >= self._floor:
            del self._names[number]
            window = self._window
            del window[bisect_left(window, number)]
            if not window:
                self._fill()

    # the window

    def _width(self) -> int:
        width = max(_LEAST_WINDOW, len(self._levels) // _WINDOW_SHARE, self._wanted)
        self._room = 2 * width
        return width

    def _cut(self) -> None:
        width = self._width()
        if len(self._window) > width:
            for number in self._window[:-width]:
                del self._names[number]
            del self._window[:-width]
            self._floor = self._window[0]

    def _fill(self) -> None:
        width = self._width()
        prices = _ascending(self._levels)
        best = prices[-width:] if self._sign > 0 else prices[:width][::-1]
        self._names = {self._number(price): price for price in best}
        self._window = list(self._names)
        self._floor = self._window[0] if len(prices) > width else _NO_FLOOR

    def _drop_far(self) -> None:
        """Keep the better half of the most levels; beyond them little is known from now on."""
        prices = _ascending(self._levels)
        best = prices[-MOST_LEVELS // 2 :] if self._sign > 0 else prices[: MOST_LEVELS // 2]
        self._levels = {price: self._levels[price] for price in best}
        if self._amounts is not None:
            self._amounts = {price: self._amounts[price] for price in best}
        self._horizon = max(self._horizon, self._number(best[0 if self._sign > 0 else -1]))
        if self._floor != -_NO_FLOOR:  # else a snapshot is being loaded
            self._fill()

    # prices

    def _number(self, price: str) -> int:
        """A price, written as usual, without its point; greater for better ones."""
        return self._sign * int(price.replace(".", "", 1))

    def _written_as_usual(self, price: str) -> str:
        """The same price with the decimals of all others and no idle zero before it.

        If it is finer than the others, they are written anew, so that all look alike.
        """
        whole, _, part = price.partition(".")
        if not (whole + part).isdecimal():
            raise ValueError(f"a price is written in digits with at most one point, not {price!r}")
        if len(part) > _USUAL_DECIMALS:
            part = part.rstrip("0")
        if len(part) > self._decimals:
            self.rescale(len(part))
        whole = whole.lstrip("0") or "0"
        return f"{whole}.{part.ljust(self._decimals, '0')}" if self._decimals else whole

    def rescale(self, decimals: int) -> None:
        """Write every price with so many decimals, which are more than before."""
        more = "0" * (decimals - self._decimals)
        ending = more if self._decimals else "." + more
        factor = 10 ** len(more)
        self._decimals = decimals
        self._levels = {price + ending: quantity for price, quantity in self._levels.items()}
        if self._amounts is not None:
            self._amounts = {price + ending: amount for price, amount in self._amounts.items()}
        self._names = {number * factor: price + ending for number, price in self._names.items()}
        self._window = [number * factor for number in self._window]
        if abs(self._floor) != -_NO_FLOOR:
            self._floor *= factor
        if self._horizon != _NO_FLOOR:
            self._horizon *= factor

    @property
    def horizon(self) -> str | None:
        """The price as far as which all levels are known; None when all are."""
        if self._horizon == _NO_FLOOR:
            return None
        return format(Decimal(abs(self._horizon)).scaleb(-self._decimals), "f")

    # reading

    def best(self) -> tuple[str, str] | None:
        """Price and quantity of the best level, as texts; None when the side is empty."""
        if not self._window:
            return None
        price = self._names[self._window[-1]]
        return price, self._levels[price]

    def top(self, limit: int) -> list[tuple[str, str]]:
        """Price and quantity of the best `limit` levels, as texts, best first."""
        if limit > len(self._window) and len(self._window) < len(self._levels):
            self._wanted = max(self._wanted, limit)
            self._fill()
        names, levels = self._names, self._levels
        return [(name := names[number], levels[name]) for number in self._window[: -limit - 1 : -1]]

    def copy(self) -> SideCopy:
        """All levels as they are now, still to be sorted: quick, for whoever holds a lock."""
        return SideCopy(self._sign, self._levels.copy())

    def amounts(self) -> dict[str, float]:
        """``{price text: quantity}`` of all levels as they are now, in no order: quick as well."""
        if self._amounts is None:
            self._amounts = {price: float(quantity) for price, quantity in self._levels.items()}
        return self._amounts.copy()

    def in_order(self, amounts: dict[str, float]) -> list[list[float]]:
        """``[[price, quantity], ..]`` of such amounts, best first."""
        levels = [[float(price), amount] for price, amount in amounts.items()]
        levels.sort(key=itemgetter(0), reverse=self._sign > 0)
        return levels


class SideCopy(NamedTuple):
    """What a side held at one moment."""

    sign: int
    levels: dict[str, str]

    def top(self) -> list[tuple[str, str]]:
        """Price and quantity of all levels, as texts, best first."""
        prices = _ascending(self.levels)
        if self.sign > 0:
            prices.reverse()
        return [(price, self.levels[price]) for price in prices]


def _ascending(prices: Iterable[str]) -> list[str]:
    """Prices with equally many decimals: the longer one is higher, else the text decides."""
    ordered = sorted(prices)
    ordered.sort(key=len)
    return ordered


class OrderBook:
    """Both sides of one symbol, and the id of the last change that they hold."""

    __slots__ = ("asks", "bids", "update_id", "update_time")

    def __init__(self) -> None:
        self.bids = Side(1)
        self.asks = Side(-1)
        self.update_id = 0
        self.update_time: int | None = None

    @classmethod
    def from_snapshot(cls, snapshot: Mapping[str, Any], limit: int | None = None) -> OrderBook:
        """The book of ``{"lastUpdateId", "bids", "asks"}``, as ``GET /api/v3/depth`` answers.

        :param limit: how many levels a side were asked for; a side with as many is taken to go on
            beyond them.  None: the snapshot holds everything.

        ValueError for an answer that is none, or whose best bid is not below its best ask.
        """
        book = cls()
        try:
            book.update_id = snapshot["lastUpdateId"] + 0
            book.bids.load(snapshot["bids"], limit)
            book.asks.load(snapshot["asks"], limit)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"not an order book: {error!r}") from error
        if book.fault == "crossed":
            raise ValueError(f"the best bid is not below the best ask: {book.bids.best()}")
        return book

    def apply(self, event: Mapping[str, Any]) -> None:
        """Set the levels of a ``depthUpdate`` event (``b``, ``a``) and take over its ``u``, ``E``.

        Whether the event follows the book is the caller's to judge.  ValueError for levels that are
        none, TypeError and KeyError for an event that is none; the book is then of no more use.
        """
        self.bids.update(event["b"])
        self.asks.update(event["a"])
        self.update_id = event["u"]
        self.update_time = event.get("E")

    @property
    def fault(self) -> str | None:
        """Why the best prices cannot be trusted: ``crossed``, ``horizon``, or None when they can.

        Crossed: the best bid is not below the best ask, so the book is corrupt.  Horizon: the
        market left the levels of the snapshot, and a better price than the best may be unknown.
        """
        bids, asks = self.bids, self.asks
        bid, ask = bids._window, asks._window
        if bid and ask:
            if bids._decimals != asks._decimals:
                decimals = max(bids._decimals, asks._decimals)
                bids.rescale(decimals)
                asks.rescale(decimals)
                return self.fault
            if bid[-1] >= -ask[-1]:
                return "crossed"
        for side, window in ((bids, bid), (asks, ask)):
            if side._horizon != _NO_FLOOR and not (window and window[-1] >= side._horizon):
                return "horizon"
        return None
