"""The order book that a user holds: reads that are consistent, from any thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from operator import itemgetter
from typing import Any

from binance.sansio.book.orderbook import BookSnapshot, Level, OrderBook, Side, SideCopy, plain
from binance.sansio.wire import data_frames, html_tables


class DepthCache:
    """The order book of one symbol.

    You can read it from any thread at any time: a read is consistent and never raises.  `get_bids`
    and `get_asks` return floats, or what `conv_type` makes of the exchange's texts; all others are
    exact (`decimal.Decimal`).
    """

    def __init__(self, symbol: str, conv_type: Callable[[str], Any] = float) -> None:
        self.symbol = symbol
        self.synced = False
        """Whether the book contains every change up to `update_id`.  False before the first
        snapshot, from a missed event to the next snapshot, and after the stream has ended.  The
        last book can then still be read, but it is out of date."""
        self.conv_type = conv_type
        self._book = OrderBook()
        # Reentrant: a signal handler that reads the book may interrupt its own thread's reading.
        self._lock = threading.RLock()

    # writing, for books that are kept by hand

    def add_bid(self, bid: Iterable[Any]) -> None:
        """Set the quantity of a bid level ``[price, quantity, ..]``; zero removes the level.

        ValueError if the price or the quantity is not a number from zero.
        """
        self._add(self._book.bids, bid)

    def add_ask(self, ask: Iterable[Any]) -> None:
        """Set the quantity of an ask level ``[price, quantity, ..]``; zero removes the level.

        ValueError if the price or the quantity is not a number from zero.
        """
        self._add(self._book.asks, ask)

    def _add(self, side: Side, level: Iterable[Any]) -> None:
        price, quantity, *_ = level
        with self._lock:
            side.update(((plain(price), plain(quantity)),))

    # reading

    def get_bids(self) -> list[list[Any]]:
        """All known bids, ``[[price, quantity], ..]``, highest price first."""
        return self._sorted(self._book.bids)

    def get_asks(self) -> list[list[Any]]:
        """All known asks, ``[[price, quantity], ..]``, lowest price first."""
        return self._sorted(self._book.asks)

    def _sorted(self, side: Side) -> list[list[Any]]:
        if self.conv_type is float:  # the fast way
            with self._lock:
                amounts = side.amounts()
            return side.in_order(amounts)
        with self._lock:
            levels = side.copy()
        return [[self.conv_type(number) for number in level] for level in levels.top()]

    @property
    def best_bid(self) -> Level | None:
        """The highest bid; None if there is none."""
        # Written out, as in `best_ask`: the call of a shared method would add a sixth to a read.
        side = self._book.bids
        level = side.best_level
        if level is None:
            with self._lock:
                level = side.level()
        return level

    @property
    def best_ask(self) -> Level | None:
        """The lowest ask; None if there is none."""
        side = self._book.asks
        level = side.best_level
        if level is None:
            with self._lock:
                level = side.level()
        return level

    @property
    def spread(self) -> Decimal | None:
        """Best ask minus best bid, both read at the same moment; None while a side is empty."""
        with self._lock:
            bid, ask = self._book.bids.best(), self._book.asks.best()
        return None if bid is None or ask is None else Decimal(ask[0]) - Decimal(bid[0])

    @property
    def update_id(self) -> int:
        """The exchange's id of the last change in the book; 0 before the first."""
        return self._book.update_id

    @property
    def update_time(self) -> int | None:
        """The exchange's time of the last applied event in ms; None before the first."""
        return self._book.update_time

    @update_time.setter
    def update_time(self, value: int | None) -> None:
        self._book.update_time = value

    def snapshot(self, limit: int | None = None) -> BookSnapshot:
        """Both sides and their ids at the same moment, exact and immutable.

        :param limit: the most levels on each side; None for all known levels.
        """
        if limit is not None and limit < 1:
            raise ValueError(f"limit must be 1 or more levels, or None for all, not {limit!r}")
        with self._lock:
            book = self._book
            bids = book.bids.copy() if limit is None else book.bids.top(limit)
            asks = book.asks.copy() if limit is None else book.asks.top(limit)
            synced, update_id, update_time = self.synced, book.update_id, book.update_time
            bid_horizon, ask_horizon = book.bids.horizon, book.asks.horizon
        return BookSnapshot(
            symbol=self.symbol,
            update_id=update_id,
            update_time=update_time,
            synced=synced,
            bids=_exact(bids),
            asks=_exact(asks),
            bid_horizon=None if bid_horizon is None else Decimal(bid_horizon),
            ask_horizon=None if ask_horizon is None else Decimal(ask_horizon),
        )

    def to_frame(self, limit: int | None = None) -> Any:
        """Both sides at the same moment as a pandas data frame, the best levels first.

        Its columns are `side` (`"bid"` or `"ask"`), `price` and `quantity`; its `attrs` contain
        `symbol`, `update_id` and `synced`.

        :param limit: the most levels on each side; None for all known levels.
        :raises ImportError: pandas is not installed; the extra ``pandas`` installs it.
        """
        return data_frames.book(self.snapshot(limit))

    @staticmethod
    def sort_depth(
        vals: Mapping[Any, Any] | Iterable[Iterable[Any]],
        reverse: bool = False,
        conv_type: Callable[[Any], Any] = float,
    ) -> list[list[Any]]:
        """``{price: quantity}`` or ``[[price, quantity], ..]`` as the latter, sorted by price."""
        items = vals.items() if isinstance(vals, Mapping) else vals
        levels = [[conv_type(price), conv_type(quantity)] for price, quantity in items]
        return sorted(levels, key=itemgetter(0), reverse=reverse)

    @property
    def _bids(self) -> dict[str, float]:
        """A copy of what used to be the store, ``{price text: quantity}``."""
        with self._lock:
            return self._book.bids.amounts()

    @property
    def _asks(self) -> dict[str, float]:
        """A copy of what used to be the store, ``{price text: quantity}``."""
        with self._lock:
            return self._book.asks.amounts()

    def __repr__(self) -> str:
        state = "synced" if self.synced else "out of sync"
        return f"<DepthCache {self.symbol} at {self.update_id}, {state}>"

    def _repr_html_(self) -> str:
        return html_tables.book(self.snapshot(html_tables.LEVELS))


def _exact(levels: SideCopy | list[tuple[str, str]]) -> tuple[Level, ...]:
    pairs = levels.top() if isinstance(levels, SideCopy) else levels
    return tuple(Level(Decimal(price), Decimal(quantity)) for price, quantity in pairs)
