"""Price levels of one symbol: apply a snapshot, apply diffs, read the best prices.

Prices and quantities stay the texts of the exchange, so nothing is ever rounded.  A level is
identified by its price as a number: ``1.0`` and ``1.00`` are the same level, and zero in any form
removes the level.

The data of a side.  The levels are a dict from price text to quantity text.  All prices have the
same number of decimals, that of the finest one, as the exchange sends them.  Most changes give a
new quantity to a known level; they cost one look-up and one store at any depth.  Only a price that
is not in the dict needs a check: it may be new, or written differently.

The best eighth of the levels, the window, is also kept as a sorted list of numbers.  A number is
the price without its point, which is exact and fast to compare.  It is negated for asks, so that
the best level is the last one on both sides.  So reading the best levels needs no search.  Markets
move near the best price, so an insertion moves few entries.  A window of twice its width is cut,
and an empty window is filled again by sorting all levels.  Both happen only after as many changes
as the width, so their cost for each change does not grow with the depth.

A side has at most `MOST_LEVELS`.  Beyond that the farther half is dropped, and the horizon moves to
the last level that stays.  Otherwise the number of far levels would grow until the next snapshot.

Floats are needed only by old readers.  They are kept with the texts after the first such reading.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from operator import itemgetter
from typing import Any, NamedTuple

Change = Sequence[Any]
"""``[price, quantity]`` as the exchange sends it: two texts; old forms have a further ``[]``."""

#: Maximum levels of a side; beyond it half of them stay.  The longest snapshot has 5000 levels.
MOST_LEVELS = 20_000
# Trailing zeros beyond so many decimals are dropped; the exchange sends at most 8 decimals.
_USUAL_DECIMALS = 16
_LEAST_WINDOW = 64
_WINDOW_SHARE = 8
# Below the number of any price, so that all of them belong to the window.
_NO_FLOOR = -(1 << 4096)


class Level(NamedTuple):
    """A price and its quantity, both exact."""

    price: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class BookSnapshot:
    """An order book at one moment, immutable."""

    symbol: str
    update_id: int | None
    """The exchange's id of the last change in it."""
    update_time: int | None
    """The exchange's time of the last event in it, as sent (ms)."""
    synced: bool
    """Whether the book was in sync with the stream."""
    bids: tuple[Level, ...]
    """The highest price first."""
    asks: tuple[Level, ...]
    """The lowest price first."""
    bid_horizon: Decimal | None = None
    """Below this price only changed bids are known; None: all are known."""
    ask_horizon: Decimal | None = None
    """Above this price only changed asks are known; None: all are known."""

    @property
    def spread(self) -> Decimal | None:
        """Best ask minus best bid; None if a side is empty."""
        if not self.bids or not self.asks:
            return None
        return self.asks[0].price - self.bids[0].price


def plain(value: object) -> str:
    """A price or quantity as plain digits with at most one point.

    Accepts the texts of the exchange and the numbers of old scripts.  ValueError for anything that
    is not a finite number from zero.
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
    """Whether a quantity that is not positive as a float is exactly zero; ValueError if invalid."""
    return not (quantity.strip("0.") and plain(quantity).strip("0."))


class Side:
    """The levels of one side.  `sign` is 1 for bids, whose best is the highest, and -1 for asks."""

    __slots__ = (
        *("_amounts", "_decimals", "_floor", "_horizon", "_levels", "_names", "_room", "_sign"),
        *("_wanted", "_window", "best_level"),
    )

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self._levels: dict[str, str] = {}
        self._amounts: dict[str, float] | None = None  # the same as floats, after the first reading
        self._decimals = 0  # of every price
        self._window: list[int] = []  # the numbers from `_floor` up, ascending
        self._names: dict[int, str] = {}  # these numbers -> their prices
        self._floor = _NO_FLOOR
        self._room = 2 * _LEAST_WINDOW
        self._wanted = 0  # the most levels that a reader has requested, apart from all levels
        self._horizon = _NO_FLOOR
        #: what `level` has made since the last change, for readers that need no lock; or None
        self.best_level: Level | None = None

    def __len__(self) -> int:
        return len(self._levels)

    # writing

    def load(self, changes: Sequence[Change], limit: int | None = None) -> None:
        """Load a side of a snapshot; with `limit` levels or more, further ones are unknown."""
        self._floor = -_NO_FLOOR  # no level enters the window, which is sorted once, at the end
        self.update(changes)
        self._fill()
        if limit is not None:
            self.end_at(limit)

    def end_at(self, limit: int) -> None:
        """Set the horizon if the side has so many levels or more: further ones are unknown."""
        if self._levels and len(self._levels) >= limit:
            self._horizon = self._number(_ascending(self._levels)[0 if self._sign > 0 else -1])

    def update(self, changes: Sequence[Change]) -> None:
        """Set the quantities of ``[[price, quantity], ..]``; zero removes a level.

        ValueError for an invalid price or quantity; the changes before it are applied then.
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
                    else:  # the exchange sends texts, old scripts may pass numbers
                        self.update([(plain(price), plain(quantity))])
                    levels, amounts = self._levels, self._amounts
        except ValueError:
            if not any(len(level) > 2 for level in changes):
                raise
            self.update([level[:2] for level in changes])
        finally:  # at the end: a signal handler may have read in between
            self.best_level = None

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
            return  # removed before it was known
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
        """Keep the better half of the levels; set the horizon there."""
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
        """A price in the usual form, without its point; a better price has a greater number."""
        return self._sign * int(price.replace(".", "", 1))

    def _written_as_usual(self, price: str) -> str:
        """The same price with the decimals of all others, without leading zeros.

        If it has more decimals than the others, they are rewritten, so that all look alike.
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
        """Rewrite every price with a larger number of decimals."""
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
        """The price up to which all levels are known; None if all are known."""
        if self._horizon == _NO_FLOOR:
            return None
        return format(Decimal(abs(self._horizon)).scaleb(-self._decimals), "f")

    # reading

    def best(self) -> tuple[str, str] | None:
        """Price and quantity of the best level, as texts; None if the side is empty."""
        if not self._window:
            return None
        price = self._names[self._window[-1]]
        return price, self._levels[price]

    def level(self) -> Level | None:
        """The best level; None if the side is empty."""
        if not self._window:
            return None
        price = self._names[self._window[-1]]
        level = self.best_level = Level(Decimal(price), Decimal(self._levels[price]))
        return level

    def top(self, limit: int) -> list[tuple[str, str]]:
        """Price and quantity of the best `limit` levels, as texts, best first."""
        if limit > len(self._window) and len(self._window) < len(self._levels):
            self._wanted = max(self._wanted, limit)
            self._fill()
        names, levels = self._names, self._levels
        return [(name := names[number], levels[name]) for number in self._window[: -limit - 1 : -1]]

    def copy(self) -> SideCopy:
        """A copy of all levels, not sorted: fast, for a caller that holds a lock."""
        return SideCopy(self._sign, self._levels.copy())

    def amounts(self) -> dict[str, float]:
        """``{price text: quantity}`` of all levels, not sorted: fast too."""
        if self._amounts is None:
            self._amounts = {price: float(quantity) for price, quantity in self._levels.items()}
        return self._amounts.copy()

    def in_order(self, amounts: dict[str, float]) -> list[list[float]]:
        """``[[price, quantity], ..]`` of the result of `amounts`, best first."""
        levels = [[float(price), amount] for price, amount in amounts.items()]
        levels.sort(key=itemgetter(0), reverse=self._sign > 0)
        return levels


class SideCopy(NamedTuple):
    """The levels of a side at one moment."""

    sign: int
    levels: dict[str, str]

    def top(self) -> list[tuple[str, str]]:
        """Price and quantity of all levels, as texts, best first."""
        prices = _ascending(self.levels)
        if self.sign > 0:
            prices.reverse()
        return [(price, self.levels[price]) for price in prices]


def _ascending(prices: Iterable[str]) -> list[str]:
    """Sort prices with the same number of decimals: first by length, then as texts."""
    ordered = sorted(prices)
    ordered.sort(key=len)
    return ordered


class OrderBook:
    """Both sides of one symbol, and the id of the last change in them."""

    __slots__ = ("asks", "bids", "update_id", "update_time")

    def __init__(self) -> None:
        self.bids = Side(1)
        self.asks = Side(-1)
        self.update_id = 0
        self.update_time: int | None = None

    @classmethod
    def from_snapshot(cls, snapshot: Mapping[str, Any], limit: int | None = None) -> OrderBook:
        """The book of ``{"lastUpdateId", "bids", "asks"}``, the answer of ``GET /api/v3/depth``.

        :param limit: the requested number of levels of a side; a side with so many may have more.
            None: the snapshot contains all levels.

        ValueError for an invalid answer, or if its best bid is not below its best ask.
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
        """Set the levels of a ``depthUpdate`` event (``b``, ``a``) and note its ``u`` and ``E``.

        The caller checks whether the event follows the book.  ValueError for invalid levels,
        TypeError or KeyError for an invalid event; the book must not be used after that.
        """
        self.bids.update(event["b"])
        self.asks.update(event["a"])
        self.update_id = event["u"]
        self.update_time = event.get("E")

    @property
    def fault(self) -> str | None:
        """Why the best prices are wrong: ``crossed``, ``horizon``, or None if they are right.

        Crossed: the best bid is not below the best ask, so the book is corrupt.  Horizon: the
        market has left the levels of the snapshot, and a better price may be unknown.
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
