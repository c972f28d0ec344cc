"""The half of a depth cache manager that fetches snapshots, in the threads of a `Fetcher`."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from binance.depth.cache import DepthCache
from binance.depth.following import Follower
from binance.depth.overrides import NoSnapshot
from binance.depth.snapshots import WAITS
from binance.exceptions import BinanceError
from binance.helpers import takes_one_argument
from binance.sansio.book.orderbook import OrderBook
from binance.sansio.wire import bans

logger = logging.getLogger("binance")

#: Least levels of a side for a book that the market has left; every market allows so many.
WIDE_LEVELS = 500


class Taker(Follower):
    """Fetches a book's snapshots; what they mean to the book is decided by its `BookSync`."""

    # for subclasses

    def _get_snapshot(self) -> Mapping[str, Any]:
        """Fetch ``{"lastUpdateId", "bids", "asks"}``.  In a thread of its own, may block."""
        fetch = getattr(self._client, self._market.snapshot)
        answer: Mapping[str, Any] = fetch(symbol=self._symbol.upper(), limit=self._limit)
        return answer

    def _check_client(self, client: object) -> None:
        name, own = self._market.snapshot, type(self)._get_snapshot
        if own is Taker._get_snapshot and not callable(getattr(client, name, None)):
            kind = type(client).__name__  # not its text, which may be a key
            raise TypeError(f"client must have {name}(symbol=, limit=), unlike a {kind}")

    def _init_cache(self) -> None:
        """Have a snapshot fetched.  The last book stays until the new one is complete."""
        self._is_base_called = True
        if self._fills_by_itself:  # it was called by an override: what comes next is empty
            self._depth_cache = DepthCache(self._symbol)
        else:
            self._ask(self._snapshot)

    # from the machine

    def _ask_for_snapshot(self) -> None:
        if self._sync.reason == "horizon":
            self._limit = max(self._limit, WIDE_LEVELS)
        if self._fills_by_itself:
            self._ask(self._filled)
            return
        self._is_base_called = False
        self._init_cache()
        if not self._is_base_called:
            self._refused_for_good(NoSnapshot(self))

    def _ask(self, fetch: Callable[[], OrderBook]) -> None:
        weight = self._market.weight(self._limit)
        self._fetcher.ask(self, partial(self._take, fetch), weight, self._sync.delay)

    # in the threads that fetch snapshots

    def _snapshot(self) -> OrderBook:
        is_ours = type(self)._get_snapshot is Taker._get_snapshot
        # What an override asks for is unknown, so a side may have levels beyond its last one.
        known = min(self._limit, self._market.most) if is_ours else 1
        return OrderBook.from_snapshot(self._get_snapshot(), known)

    def _filled(self) -> OrderBook:
        """The book that an override of `_init_cache` has built, or else a snapshot of our own."""
        self._depth_cache = DepthCache(self._symbol)
        self._last_update_id, self._is_base_called = None, False
        try:
            self._init_cache()
        finally:  # it may have put another one there
            filled = self._depth_cache
            self._depth_cache = None if self._is_closed else self._cache
        update_id: object = self._last_update_id
        if update_id is None and self._is_base_called:
            return self._snapshot()
        # `close()` may have taken it away meanwhile.
        if filled is None or not isinstance(update_id, int):  # type: ignore[redundant-expr]
            raise NoSnapshot(self)
        book = filled._book
        book.update_id = update_id
        for side in (book.bids, book.asks):
            side.end_at(1)  # as in `_snapshot`
        return book

    def _take(self, fetch: Callable[[], OrderBook]) -> None:
        try:
            book = fetch()
        except (BinanceError, OSError, ValueError) as error:  # those of requests are OSErrors
            if not self._is_closed:
                logger.warning("no snapshot of %s: %s", self._symbol, error)
            self._refused(error)
        except NoSnapshot as error:
            self._refused_for_good(error)
        except Exception as error:
            if not self._is_closed:
                logger.exception("no snapshot of %s", self._symbol)
            self._refused(error)
        else:
            self._handle(self._sync.snapshot, book)
            self._wake()

    def _refused(self, error: Exception) -> None:
        """No snapshot: try again, unless the first one was refused for good."""
        if self._is_closed:
            return
        self._failure = error
        status: Any = getattr(error, "status_code", None)
        is_answer = isinstance(status, int)
        if is_answer and status in WAITS:
            seconds = retry_after(error)
            self._fetcher.hold(WAITS[status] if seconds is None else seconds)
        elif is_answer and bans.is_final(status) and not self._had_book:
            self._refused_for_good(error)
            return
        self._handle(self._sync.failed)

    def _refused_for_good(self, error: Exception) -> None:
        """There will be no book: the constructor raises it, or else the callback hears of it."""
        self._error = error
        if self._is_waited_for:
            self._ready.set()
        else:
            self._later(lambda cache: self._give_up(error))
            self._wake()


def retry_after(error: Exception) -> float | None:
    """The seconds to stay away that a refusal names, ours or another client's."""
    named = getattr(error, "retry_after", None)
    if isinstance(named, int | float):
        return named
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    return bans.retry_after(headers.get("Retry-After"))


def check(
    symbol: object, limit: object, refresh_interval: Any, timeout: Any, **calls: object
) -> None:
    """Refuse arguments that cannot work, at once and in words."""
    if not isinstance(symbol, str) or not symbol:
        raise TypeError(f"symbol must be a text such as 'BNBBTC', not {symbol!r}")
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ValueError(f"limit must be a whole number of levels from 1, not {limit!r}")
    for name, call in calls.items():
        if call is None:
            continue
        if inspect.iscoroutinefunction(call) or not callable(call) or not takes_one_argument(call):
            raise TypeError(f"{name} must be a plain function of one argument, not {call!r}")
    for name, value in {"refresh_interval": refresh_interval, "timeout": timeout}.items():
        if value is not None and not value >= 0:
            raise ValueError(f"{name} must be 0 or more seconds, or None, not {value!r}")
