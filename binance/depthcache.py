"""Order books that follow the exchange, and say when they do not.

    from binance.depthcache import DepthCacheManager

    dcm = DepthCacheManager(client, "BNBBTC", callback=print)
    book = dcm.get_depth_cache()
    book.synced, book.best_bid, book.best_ask, book.get_bids()[:5]

A `DepthCacheManager` starts the symbol's diff stream, fetches a snapshot, and keeps the
`DepthCache` in step by the exchange's own procedure: "How to manage a local order book correctly",
https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams.  When an event was
missed, or the book proves corrupt, `synced` turns False, the last book stays readable, a new
snapshot is fetched and the new book takes its place in one step.
"""

from __future__ import annotations

import inspect
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from binance.depth.cache import DepthCache
from binance.depth.overrides import NoSnapshot, fills_by_itself, no_snapshot, takes_option
from binance.depth.snapshots import WAITS, Fetcher, fetcher_of
from binance.events import Disconnected, Event
from binance.exceptions import BinanceConnectionError, BinanceError, BinanceRetiredError
from binance.sansio.book.bookrules import SPOT, Rules
from binance.sansio.book.booksync import BookSync, Command, Commands, State
from binance.sansio.book.orderbook import BookSnapshot, Level, OrderBook
from binance.sansio.names.routes import DEPTH_WEIGHTS
from binance.sansio.wire import bans

__all__ = [
    "BaseDepthCacheManager",
    "BookSnapshot",
    "DepthCache",
    "DepthCacheManager",
    "Level",
    "OptionsDepthCacheManager",
]

logger = logging.getLogger("binance")

#: The most levels a side that the exchange answers with, however many are asked for.
DEPTH_LIMIT = DEPTH_WEIGHTS[-1][0]
#: Sent through a socket to its own callback, so that what is due is called in the right thread.
_WAKE = {"e": "wake"}


class BaseDepthCacheManager:
    """What keeps one `DepthCache` in step with one diff stream.

    `DepthCacheManager` is the one for spot.  A class of your own says how its stream is started
    (`_get_conn_key`), by which rules its ids join (`_rules`) and where its snapshots come from
    (`_get_snapshot`).

    What subclasses may override, always calling the base class' method: `_depth_event(msg)` sees
    every message (also some of our own, dicts with another ``e``: what became of the link),
    `_process_depth_message(msg)` every depth event, and `_init_cache()` is called whenever a
    snapshot is to be fetched; it returns at once.  An override that fetches by itself, as those of
    old did, is called in the thread that fetches: what it adds by `_depth_cache.add_bid` and
    `add_ask` is taken for the snapshot of the id in `_last_update_id`.  One that does neither is
    refused by a TypeError.
    """

    DEFAULT_REFRESH = 30 * 60
    """Seconds from one full snapshot to the next."""
    DEFAULT_TIMEOUT = 90.0
    """Seconds that a constructor waits for the first book: longer than the exchange's minute of
    request weight, of which many caches that start together may need more than one."""

    _default_refresh = DEFAULT_REFRESH
    _rules: Rules = SPOT

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
    ) -> None:
        if refresh_interval is None:
            refresh_interval = self.DEFAULT_REFRESH
        _check(symbol, limit, callback=callback, on_resync=on_resync)
        _check_seconds(refresh_interval=refresh_interval, timeout=timeout)
        if not callable(getattr(client, "get_order_book", None)) and self._asks_client():
            raise TypeError(f"client must have get_order_book(symbol=, limit=), unlike {client!r}")
        self._client = client
        self._symbol = symbol
        self._callback = callback
        self._on_resync = on_resync
        self._limit = limit
        self._refresh_interval = refresh_interval
        self._refresh_due = float("inf")
        self._cache = DepthCache(symbol)
        self._depth_cache: DepthCache | None = self._cache  # what an override of old fills
        self._fills_by_itself = fills_by_itself(type(self), BaseDepthCacheManager)
        self._last_update_id: int | None = None
        self._depth_message_buffer: list[Any] = []
        self._is_base_called: bool  # set before an override is called
        self._sync = BookSync(self._rules)
        self._lock = self._cache._lock
        self._untold: deque[Callable[[Any], object]] = deque()
        self._had_book = False
        self._ready = threading.Event()  # the first book is there, or will never be
        self._error: Exception | None = None
        self._is_closed = False
        self._is_waited_for = timeout != 0  # by the constructor, which then raises what goes wrong
        self._conn_key: Any = None
        self._conn: object = None  # what the manager has under that key, where it says
        self._owns_manager = bm is None
        self._bm = bm if bm is not None else self._make_manager()
        self._fetcher: Fetcher = fetcher_of(client)
        self._fetcher.join(self)
        try:
            self._start_socket()
            if self._is_waited_for:
                self._wait(timeout)
        except BaseException:
            self.close()
            raise
        self._is_waited_for = False

    # for the user

    def get_depth_cache(self) -> DepthCache | None:
        """The order book, always the same object; None once closed."""
        return None if self._is_closed else self._cache

    def get_symbol(self) -> str:
        """The symbol, as it was given."""
        return self._symbol

    @property
    def synced(self) -> bool:
        """Whether the book is in step with the exchange, see `DepthCache.synced`."""
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

    def snapshot(self, limit: int | None = None) -> BookSnapshot:
        """The book at one moment, see `DepthCache.snapshot`."""
        return self._cache.snapshot(limit)

    def close(self, close_socket: bool = False) -> None:
        """Stop the stream; the callback is not called again.  Returns at once, harmless when
        repeated.  The `DepthCache` stays readable, out of sync.

        :param close_socket: close the whole socket manager too.  One that was not passed in, but
            made here, is closed anyway.
        """
        with self._lock:
            self._is_closed = True
            self._note(self._sync.end("closed"))
            key, self._conn_key = self._conn_key, None
        self._depth_cache = None
        self._fetcher.leave(self)
        if key:
            self._stop_socket(key)
        if close_socket or self._owns_manager:
            self._bm.close()
        self._ready.set()

    # for subclasses

    def _get_conn_key(self) -> Any:
        """Start the diff stream with `self._depth_event` as its callback and return its key."""
        raise NotImplementedError(f"{type(self).__name__} must say how its stream is started")

    def _get_snapshot(self) -> Mapping[str, Any]:
        """Fetch ``{"lastUpdateId", "bids", "asks"}``.  In a thread of its own, may block."""
        answer: Mapping[str, Any] = self._client.get_order_book(
            symbol=self._symbol.upper(), limit=self._limit
        )
        return answer

    def _asks_client(self) -> bool:
        return type(self)._get_snapshot is BaseDepthCacheManager._get_snapshot

    def _init_cache(self) -> None:
        """Have a snapshot fetched.  The last book stays until the new one is complete."""
        self._is_base_called = True
        if self._fills_by_itself:  # it was called by an override: what comes next is empty
            self._depth_cache = DepthCache(self._symbol)
        else:
            self._ask(self._fetch)

    def _start_socket(self) -> None:
        self._conn_key = self._get_conn_key()
        if not self._conn_key:
            raise ValueError(
                f"a diff stream of {self._symbol} is open on this socket manager already; stop it, "
                "or let the cache have a manager of its own"
            )
        if hasattr(self._bm, "_drops_messages") and self._bm._drops_messages(self._conn_key):
            raise ValueError(
                "an order book needs every event, but overflow='latest' of this socket manager "
                "drops those that its callback is late for; pass bm with overflow='block', with "
                "dispatch='reactor', or none"
            )
        if hasattr(self._bm, "_when_stopped"):
            self._conn = self._bm._when_stopped(self._conn_key, self._stopped)
        if hasattr(self._bm, "_follow"):
            self._bm._follow(self._conn_key)
        if not self._bm.is_alive():
            self._bm.start()

    def _stop_socket(self, key: Any) -> None:
        """Stop our own socket; by now the key may be another's."""
        if hasattr(self._bm, "_stop_own") and self._conn is not None:
            self._bm._stop_own(key, self._conn)
        else:
            self._bm.stop_socket(key)

    def _stopped(self) -> None:
        """Somebody stops the socket: there are no changes from now on.  In whatever thread."""
        with self._lock:
            if self._is_closed:
                return
            self._conn_key = None
            self._note(self._sync.end("its socket was stopped"))
            self._error = BinanceConnectionError(f"the depth stream of {self._symbol} was stopped")
        self._ready.set()

    # from the stream, in the thread that calls callbacks

    def _depth_event(self, msg: Any) -> None:
        """A message of the stream."""
        if self._is_closed:
            return
        kind = msg.get("e") if isinstance(msg, dict) else None
        if kind == "error":
            gone = f"the depth stream of {self._symbol} has given up"
            self._give_up(BinanceConnectionError(gone))
        elif kind == "stopped":
            self._tell()
            self._end()
        elif kind == "link":
            self._link_event(msg["event"])
        elif msg is _WAKE:
            self._tell()
        else:
            self._process_depth_message(msg)

    def _process_depth_message(self, msg: Any, buffer: bool = False) -> None:
        """A depth event; `buffer` has no meaning any more."""
        self._handle(self._sync.event, msg)
        if time.monotonic() >= self._refresh_due:
            self._refresh_due = float("inf")
            self._handle(self._sync.refresh)
        self._tell()

    def _link_event(self, event: Event) -> None:
        """The socket's link was opened or lost, where the manager tells it."""
        self._handle(self._sync.down if isinstance(event, Disconnected) else self._sync.opened)
        self._tell()

    def _give_up(self, error: Exception) -> None:
        """There will be no book any more: tell the user as ever, by None."""
        logger.error("the order book of %s is given up: %s", self._symbol, error)
        self._error = error
        self._end()

    def _end(self) -> None:
        """The stream is over, and nobody has closed the cache."""
        self.close()
        if self._callback is not None and not self._is_waited_for:
            self._callback(None)

    # from the threads that fetch snapshots

    def _fetch(self) -> None:
        self._take(self._snapshot)

    def _fetch_by_override(self) -> None:
        self._take(self._filled)

    def _snapshot(self) -> OrderBook:
        return OrderBook.from_snapshot(self._get_snapshot(), min(self._limit, DEPTH_LIMIT))

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
            raise no_snapshot(self)
        book = filled._book
        book.update_id = update_id
        for side in (book.bids, book.asks):
            side.end_at(min(self._limit, DEPTH_LIMIT))
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
        self._error = error
        status = getattr(error, "status_code", None)
        is_refused = isinstance(status, int) and 400 <= status < 500
        if is_refused and status in WAITS:
            seconds = retry_after(error)
            self._fetcher.hold(WAITS[status] if seconds is None else seconds)
        elif is_refused and not self._had_book:
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

    # inside

    def _wait(self, timeout: float | None) -> None:
        """Return when the first book is there; raise what prevented it."""
        deadline = None if timeout is None else time.monotonic() + timeout
        if hasattr(self._bm, "wait_open") and not self._ready.is_set():
            try:
                if self._bm.wait_open(self._conn_key, timeout):
                    self._handle(self._sync.opened)
            except KeyError:  # it has given up and is gone
                pass
            except RuntimeError as error:  # this is the thread that everything else waits for
                raise RuntimeError(
                    "a depth cache that is made within a callback cannot wait for its book: "
                    "pass timeout=0"
                ) from error
        self._ready.wait(None if deadline is None else max(0.0, deadline - time.monotonic()))
        if self._had_book:
            return
        if self._ready.is_set() and self._error is not None:
            raise self._error
        raise BinanceConnectionError(
            f"no order book of {self._symbol} within {timeout} s: {self._sync.state.value}"
        ) from self._error

    def _handle(self, judge: Callable[..., Commands], *args: Any) -> None:
        """Tell the machine something and carry out what it answers."""
        with self._lock:
            is_asked = self._note(judge(*args))
        if not is_asked:
            return
        if self._fills_by_itself:
            self._ask(self._fetch_by_override)
            return
        self._is_base_called = False
        self._init_cache()
        if not self._is_base_called:
            self._refused_for_good(no_snapshot(self))

    def _ask(self, fetch: Callable[[], None]) -> None:
        self._fetcher.ask(self, fetch, depth_weight(self._limit), self._sync.delay)

    def _note(self, commands: Commands) -> bool:
        """Carry out commands, the lock held; whether a snapshot is to be fetched."""
        for command in commands:
            if command is Command.APPLIED:
                self._later(self._callback)
            elif command is Command.REPLACED:
                self._replace()
            elif command is Command.LOST:
                self._cache.synced = False
                if not self._is_closed:
                    level = logging.INFO if self._sync.state is State.ENDED else logging.WARNING
                    logger.log(level, "%s is out of step: %s", self._symbol, self._sync.reason)
                self._later(self._on_resync)
        return Command.ASK in commands

    def _replace(self) -> None:
        assert self._sync.book is not None
        cache = self._cache
        if self._had_book and self._sync.book.update_id < cache.update_id:
            self._restart_ids()
        was_synced, cache.synced = cache.synced, True
        cache._book = self._sync.book
        if self._refresh_interval:
            self._refresh_due = time.monotonic() + self._refresh_interval
        if not was_synced:
            logger.info("%s is in step, at %d", self._symbol, cache.update_id)
            if self._had_book:
                self._later(self._on_resync)
        self._had_book = True
        self._ready.set()

    def _later(self, call: Callable[[DepthCache], object] | None) -> None:
        """Call it with the cache when next in the thread that calls callbacks."""
        if call is not None:
            self._untold.append(call)

    def _tell(self) -> None:
        """In the thread that calls callbacks: make the calls that are due."""
        while self._untold and not self._is_closed:
            self._untold.popleft()(self._cache)

    def _restart_ids(self) -> None:
        """The exchange's ids began anew: have the watch over the stream forget the last one."""
        restart = getattr(self._bm, "_restart_ids", None)
        if self._conn_key and restart is not None:
            restart(self._conn_key)

    def _wake(self) -> None:
        """Have `_tell` called in the right thread; at the latest the next event does it."""
        deliver = getattr(self._bm, "_deliver", None)
        if self._untold and self._conn_key and deliver is not None:
            deliver(self._conn_key, _WAKE)

    def _has_queue(self) -> bool:
        return getattr(getattr(self._bm, "_options", None), "dispatch", "") == "thread"

    def _make_manager(self) -> Any:
        from binance.websockets import BinanceSocketManager

        return BinanceSocketManager(self._client)


class DepthCacheManager(BaseDepthCacheManager):
    """Keeps the order book of a spot symbol.

    :param client: has ``get_order_book(symbol=, limit=)``
    :param symbol: in any case
    :param callback: called with the `DepthCache` after each applied event (those that a new
        snapshot is brought up to date with count as one), and with None when the stream has given
        up or was stopped, and the cache is closed.  By the rules of every other callback: in the
        reactor thread, one call after the other
    :param refresh_interval: seconds between full snapshots, 0 or None for none; the book stays in
        force meanwhile
    :param bm: a socket manager to share; by default the cache has its own, closed with it
    :param limit: levels a side of a snapshot, 1 to 5000.  Levels beyond are known only once a
        change has touched them, and at most 20,000 a side are held; when the market reaches what
        is not known, a new snapshot is fetched.  Request weight: 5 up to 100 levels, 25 up to 500,
        50 up to 1000, 250 beyond
    :param ws_interval: 100 for an event each 100 ms, 0 or None for each second
    :param timeout: seconds to wait for the first book, None for ever.  0 waits for nothing: the
        cache is returned at once and out of sync, which is the only way within a callback
    :param on_resync: called with the `DepthCache`, like `callback`, whenever `synced` has turned
        False, and when it is True again

    The constructor returns when the first book is there.

    :raises ValueError, TypeError: an argument is wrong, or `bm` has that stream open already
    :raises BinanceAPIException: the exchange refuses the snapshot (no such symbol, say)
    :raises BinanceConnectionError: no book within `timeout`, or the stream gave up
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
    ) -> None:
        self._ws_interval = ws_interval
        super().__init__(
            client,
            symbol,
            callback,
            refresh_interval or 0,
            bm,
            limit,
            timeout=timeout,
            on_resync=on_resync,
        )

    def _get_conn_key(self) -> Any:
        # A subclass of the manager may have been written before there were intervals.
        start = self._bm.start_depth_socket
        options: dict[str, Any] = (
            {} if self._ws_interval is None else {"interval": self._ws_interval}
        )
        if self._has_queue() and takes_option(start, "overflow"):
            options["overflow"] = "block"  # it may lose nothing
        return start(self._symbol, self._depth_event, **options)


class OptionsDepthCacheManager(BaseDepthCacheManager):
    """Gone: the exchange has retired the options API that it was written for.

    :raises BinanceRetiredError: always
    """

    def __init__(
        self,
        client: Any,
        symbol: str,
        callback: Callable[[Any], object] | None = None,
        refresh_interval: float | None = None,
        bm: Any = None,
        limit: int = 10,
    ) -> None:
        raise BinanceRetiredError(
            "OptionsDepthCacheManager",
            "BinanceSocketManager.start_options_depth_socket, whose messages are whole small books",
        )


def depth_weight(limit: int) -> int:
    """The request weight of a snapshot."""
    return next((weight for most, weight in DEPTH_WEIGHTS if limit <= most), DEPTH_WEIGHTS[-1][1])


def retry_after(error: Exception) -> float | None:
    """The seconds to stay away that a refusal names, ours or another client's."""
    named = getattr(error, "retry_after", None)
    if isinstance(named, int | float):
        return named
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    return bans.retry_after(headers.get("Retry-After"))


def _check(symbol: object, limit: object, **calls: object) -> None:
    """Refuse arguments that cannot work, at once and in words."""
    if not isinstance(symbol, str) or not symbol:
        raise TypeError(f"symbol must be a text such as 'BNBBTC', not {symbol!r}")
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ValueError(f"limit must be a whole number of levels from 1, not {limit!r}")
    for name, call in calls.items():
        if call is not None and (not callable(call) or inspect.iscoroutinefunction(call)):
            raise TypeError(f"{name} must be a plain function of one argument, not {call!r}")


def _check_seconds(**values: float | None) -> None:
    for name, value in values.items():
        if value is not None and not value >= 0:
            raise ValueError(f"{name} must be 0 or more seconds, or None, not {value!r}")


def __getattr__(name: str) -> Any:
    if name != "BinanceSocketManager":  # old scripts import it from here, too
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from binance.websockets import BinanceSocketManager

    return BinanceSocketManager
