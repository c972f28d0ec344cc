"""Order books that are kept in sync with the exchange, and report when they are not.

    from binance.depthcache import DepthCacheManager

    dcm = DepthCacheManager(client, "BNBBTC", callback=print)
    book = dcm.get_depth_cache()
    book.synced, book.best_bid, book.best_ask, book.get_bids()[:5]

A `DepthCacheManager` starts the symbol's diff stream, fetches a snapshot, and keeps the
`DepthCache` in sync by the exchange's own procedure: "How to manage a local order book correctly",
https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams.  When an event was
missed or the book is not valid, `synced` becomes False and a new snapshot is fetched.  Until then
the last book can still be read; the new book replaces it in one step.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any

from binance.depth.awaited import DONE, Awaited
from binance.depth.cache import DepthCache
from binance.depth.overrides import takes_option
from binance.depth.taking import check
from binance.enums import FuturesType
from binance.helpers import _warn_without_effect
from binance.sansio.book.bookmarkets import BOOKS, BookMarket, futures_book
from binance.sansio.book.orderbook import BookSnapshot, Level

#: A book whose changes come from a relay begins so many seconds ago: it may get a snapshot that was
#: fetched for another book since then.
RELAYED_SECONDS = 30.0
# The method that opens what the market's `start` describes, where subclasses may override it.
_OPENERS = {"spot": "_start_socket", "futures": "_start_futures_socket"}

__all__ = [
    "BaseDepthCacheManager",
    "BookSnapshot",
    "DepthCache",
    "DepthCacheManager",
    "FuturesDepthCacheManager",
    "Level",
    "OptionsDepthCacheManager",
]


class BaseDepthCacheManager(Awaited):
    """Keeps one `DepthCache` in sync with one stream of changes.

    `DepthCacheManager` is the class for spot.  A class of your own defines how its stream is
    started (`_get_conn_key`), how its ids follow each other (`_rules`) and where its snapshots come
    from (`_get_snapshot`).

    A subclass may override these methods, and must call the method of the base class:
    `_depth_event(msg)` gets every message, also the library's own dicts with another ``e``, which
    report the state of the connection; `_process_depth_message(msg)` gets every depth event;
    `_init_cache()` is called when a snapshot is needed, and returns at once.  An old override that
    fetches the snapshot by itself runs in the thread that fetches.  The levels that it adds with
    `_depth_cache.add_bid` and `add_ask` are the snapshot with the id `_last_update_id`.  An
    override that does neither raises TypeError, as does one that is a coroutine function.
    """

    DEFAULT_REFRESH = 30 * 60
    """Seconds from one full snapshot to the next."""
    DEFAULT_TIMEOUT = 90.0
    """Seconds that a constructor waits for the first book.  The exchange counts request weight per
    minute, and many caches that start together may need more than one minute."""

    _default_refresh = DEFAULT_REFRESH
    _stream: Mapping[str, object] | None = None

    def __init__(
        self,
        client: Any,
        symbol: str,
        callback: Callable[[Any], object] | None = None,
        refresh_interval: float | None = None,
        bm: Any = None,
        limit: int = 10,
        *,
        timeout: float | None = DEFAULT_TIMEOUT,
        on_resync: Callable[[DepthCache], object] | None = None,
        conv_type: Callable[[str], Any] = float,
    ) -> None:
        """Wait until the first book is there.  The arguments are described at the class."""
        refresh = self.DEFAULT_REFRESH if refresh_interval is None else refresh_interval
        calls = {"callback": callback, "on_resync": on_resync, "conv_type": conv_type}
        check(symbol, limit, refresh, timeout, **calls)
        self._market.check_limit(limit)
        client, timeout = self._prepare(client, timeout)
        client = self._with_manager(client, bm)
        self._check_client(client)
        super().__init__(client, symbol, refresh, limit, **calls)
        self._begin(timeout)

    def __repr__(self) -> str:
        state = "closed" if self._is_closed else "in sync" if self.synced else "out of sync"
        return f"<{type(self).__name__} {self._symbol}: {state}>"

    # for the user

    def get_depth_cache(self) -> DepthCache | None:
        """The order book, always the same object; None once closed."""
        return None if self._is_closed else self._cache

    def get_symbol(self) -> str:
        """The symbol, as it was given."""
        return self._symbol

    @property
    def synced(self) -> bool:
        """Whether the book is in sync with the exchange, see `DepthCache.synced`."""
        return self._cache.synced

    @property
    def best_bid(self) -> Level | None:
        """The highest bid, see `DepthCache.best_bid`."""
        return self._cache.best_bid

    @property
    def best_ask(self) -> Level | None:
        """The lowest ask, see `DepthCache.best_ask`."""
        return self._cache.best_ask

    @property
    def spread(self) -> Decimal | None:
        """Best ask minus best bid, see `DepthCache.spread`."""
        return self._cache.spread

    @property
    def error(self) -> Exception | None:
        """What last went wrong: why there is no book, or why the cache has ended; else None."""
        return self._error or self._failure

    def snapshot(self, limit: int | None = None) -> BookSnapshot:
        """The book at one moment, see `DepthCache.snapshot`."""
        return self._cache.snapshot(limit)

    def to_frame(self, limit: int | None = None) -> Any:
        """The book as a pandas data frame, see `DepthCache.to_frame`."""
        return self._cache.to_frame(limit)

    def _repr_html_(self) -> str:
        return self._cache._repr_html_()

    def close(self, close_socket: bool = False) -> Awaitable[None] | None:
        """Stop the stream; the callback is not called again.  Returns at once, and may be called
        again.  The `DepthCache` can still be read, but is out of sync.

        :param close_socket: whether to close the whole socket manager too.  A manager that this
            cache has created itself is closed in any case.
        :return: with an `AsyncClient`, what scripts for python-binance 1.0 await; else None.
        """
        self._end_following()
        if close_socket or self._owns_manager:
            self._bm.close()
        self._give_manager_back()
        self._ready.set()
        self._wake_awaiting()
        return DONE if self._is_awaited else None

    # inside

    def _choose(self, market: BookMarket, ws_interval: int | None) -> None:
        self._market, self._ws_interval = market, ws_interval
        self._stream = market.stream_options(ws_interval)

    def _get_conn_key(self) -> Any:
        if self._stream is None:
            return super()._get_conn_key()
        start, options = getattr(self._bm, self._market.start), dict(self._stream)
        has_queue = getattr(getattr(self._bm, "_options", None), "dispatch", "") == "thread"
        # A subclass of the manager may have been written before there were such options.
        opener = getattr(self._bm, _OPENERS.get(self._market.pool, ""), start)
        if has_queue and takes_option(start, "overflow") and takes_option(opener, "overflow"):
            options["overflow"] = "block"  # it may lose nothing
        if self._is_relayed:  # its snapshot may be as old as this
            options["since"] = int((time.time() - RELAYED_SECONDS) * 1000)
        return start(self._symbol, self._depth_event, **options)

    def _with_manager(self, client: Any, bm: Any) -> Any:
        """Set the socket manager; return the client for snapshots, which may be a relay's."""
        self._client, self._owns_manager = client, bm is None
        if bm is None:
            from binance.websockets import BinanceSocketManager

            bm = BinanceSocketManager(client)
        self._bm = bm
        own = getattr(self._bm, "_book_client", None)
        fetching = client if own is None else own(client)
        self._is_relayed = fetching is not client
        return fetching


class DepthCacheManager(BaseDepthCacheManager):
    """Keeps the order book of a spot symbol.

    :param client: a `Client`, or any object with ``get_order_book(symbol=, limit=)``.  With an
        `AsyncClient` the constructor returns at once, and ``async with cache`` waits in its place;
        then ``book = await cache.recv()``.
    :param symbol: in upper or lower case.
    :param callback: called with the `DepthCache` after each applied event; the events that bring a
        new snapshot up to date count as one.  Called with None when the library has stopped
        retrying or the stream was stopped; the cache is closed then.  Like other callbacks it is
        called in the reactor thread, once at a time.
    :param refresh_interval: seconds from one full snapshot to the next; 0 or None for no further
        snapshots.  The book stays valid while a snapshot is fetched.
    :param bm: a socket manager to share; by default the cache creates its own and closes it.
    :param limit: levels of a snapshot on each side, 1 to 5000.  Levels outside are unknown until
        they change; at most 20,000 are kept on each side.  When the market reaches an unknown
        level, a new snapshot of at least 500 levels is fetched.  Request weight: 5 up to 100
        levels, 25 up to 500, 50 up to 1000, 250 above.
    :param ws_interval: 100 for an event every 100 ms, 0 or None for every second.
    :param timeout: seconds to wait for the first book; None for no limit.  With 0 the constructor
        returns at once, out of sync; within a callback this is the only possible value.
    :param on_resync: called with the `DepthCache`, like `callback`, when `synced` has become False
        and when it has become True again.
    :param conv_type: converts the exchange's texts to the prices and quantities of `get_bids` and
        `get_asks`: `float`, `str`, `decimal.Decimal` ..
    :param loop: has no effect: a book is awaited on the event loop that runs.

    The constructor returns when the first book is complete.

    :raises ValueError, TypeError: an argument is wrong, or the stream is already open on `bm`.
    :raises BinanceAPIException: the exchange refused the snapshot, for example for its symbol.
    :raises BinanceConnectionError: no book within `timeout`, or the library stopped retrying.
    """

    def __init__(
        self,
        client: Any,
        symbol: str,
        callback: Callable[[Any], object] | None = None,
        refresh_interval: float | None = BaseDepthCacheManager.DEFAULT_REFRESH,
        bm: Any = None,
        limit: int = 500,
        ws_interval: int | None = None,
        *,
        timeout: float | None = BaseDepthCacheManager.DEFAULT_TIMEOUT,
        on_resync: Callable[[DepthCache], object] | None = None,
        conv_type: Callable[[str], Any] = float,
        loop: Any = None,
    ) -> None:
        _warn_without_effect(2, loop=loop)
        self._choose(BOOKS["spot"], ws_interval)
        options: dict[str, Any] = {"on_resync": on_resync, "conv_type": conv_type}
        super().__init__(
            client, symbol, callback, refresh_interval or 0, bm, limit, timeout=timeout, **options
        )


class FuturesDepthCacheManager(BaseDepthCacheManager):
    """Keeps the order book of a contract of USD-M or COIN-M futures.

    Has the methods and the parameters of `DepthCacheManager`; these parameters differ:

    :param client: has ``futures_order_book(symbol=, limit=)``, on COIN-M
        ``futures_coin_order_book``
    :param symbol: a contract: ``BTCUSDT``, on COIN-M ``BTCUSD_PERP``
    :param limit: levels a side of a snapshot: 5, 10, 20, 50, 100, 500 or 1000.  Request weight: 2
        up to 50 levels, 5 for 100, 10 for 500, 20 for 1000; both markets share one limit
    :param ws_interval: milliseconds between two events: 100, 250 (the default) or 500; on USD-M
        also 0 for each change at once (``@0ms``, which the exchange does not document)
    :param futures_type: `FuturesType.USD_M` or `FuturesType.COIN_M`
    :param rpi: the book with the orders of retail price improvement (``rpiDepth``), on USD-M only,
        each 500 ms, with 1000 levels; `client` then has ``futures_rpi_depth``

    Each event names the one before it (`pu`): an event that does not follow the last one makes the
    book fetch a snapshot.  Source: "How to manage a local order book correctly",
    https://developers.binance.com/docs/derivatives/usds-margined-futures and
    coin-margined-futures there.
    """

    def __init__(
        self,
        client: Any,
        symbol: str,
        callback: Callable[[Any], object] | None = None,
        refresh_interval: float | None = BaseDepthCacheManager.DEFAULT_REFRESH,
        bm: Any = None,
        limit: int = 1000,
        conv_type: Callable[[str], Any] = float,
        ws_interval: int | None = None,
        futures_type: FuturesType = FuturesType.USD_M,
        *,
        rpi: bool = False,
        timeout: float | None = BaseDepthCacheManager.DEFAULT_TIMEOUT,
        on_resync: Callable[[DepthCache], object] | None = None,
        loop: Any = None,
    ) -> None:
        _warn_without_effect(2, loop=loop)
        self._choose(futures_book(futures_type, rpi), ws_interval)
        options: dict[str, Any] = {"on_resync": on_resync, "conv_type": conv_type}
        super().__init__(
            client, symbol, callback, refresh_interval or 0, bm, limit, timeout=timeout, **options
        )


class OptionsDepthCacheManager(BaseDepthCacheManager):
    """Keeps the order book of an option.

    Has the methods and the parameters of `DepthCacheManager`; these parameters differ:

    :param client: has ``eapi_order_book(symbol=, limit=)``
    :param symbol: ``BTC-260925-90000-C``
    :param refresh_interval: seconds between full snapshots, 0 for none; None for half an hour
    :param limit: levels a side of a snapshot: 10, 20, 50, 100, 500 or 1000.  Request weight: 1 up
        to 50 levels, 5 for 100, 10 for 500, 20 for 1000
    :param ws_interval: 100 for an event each 100 ms, 500 or None for each 500 ms

    Source: https://developers.binance.com/docs/derivatives/options-trading
    """

    def __init__(
        self,
        client: Any,
        symbol: str,
        callback: Callable[[Any], object] | None = None,
        refresh_interval: float | None = None,
        bm: Any = None,
        limit: int = 10,
        conv_type: Callable[[str], Any] = float,
        ws_interval: int | None = None,
        *,
        timeout: float | None = BaseDepthCacheManager.DEFAULT_TIMEOUT,
        on_resync: Callable[[DepthCache], object] | None = None,
        loop: Any = None,
    ) -> None:
        _warn_without_effect(2, loop=loop)
        self._choose(BOOKS["options"], ws_interval)
        options: dict[str, Any] = {"on_resync": on_resync, "conv_type": conv_type}
        super().__init__(
            client, symbol, callback, refresh_interval, bm, limit, timeout=timeout, **options
        )


def __getattr__(name: str) -> Any:
    # Old scripts import these from here, too.
    if name not in ("BinanceSocketManager", "ThreadedDepthCacheManager"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("binance"), name)
