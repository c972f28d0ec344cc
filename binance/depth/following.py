"""The inside of the depth cache managers: the stream, and the user's calls.

`BookSync` decides.  The code here passes each input to it, in any thread, and performs its
commands.  The user's callbacks run in the thread that calls the stream's callback.
"""

from __future__ import annotations

import inspect
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from binance.depth.cache import DepthCache
from binance.depth.overrides import fills_by_itself
from binance.depth.snapshots import fetcher_of
from binance.events import Disconnected
from binance.exceptions import BinanceConnectionError
from binance.sansio.book.bookmarkets import BOOKS, BookMarket
from binance.sansio.book.bookrules import Rules
from binance.sansio.book.booksync import CAUSES, BookSync, Command, Commands, State

logger = logging.getLogger("binance")

#: Sent through a socket to its own callback, so that what is due is called in the right thread.
_WAKE = {"e": "wake"}


class Follower:
    """Keeps a `DepthCache` in step with a diff stream."""

    _market: BookMarket = BOOKS["spot"]
    _rules: Rules | None = None  # None: those of the market
    _bm: Any
    close: Callable[[], object]
    _ask_for_snapshot: Callable[[], None]

    def __init__(
        self, client: Any, symbol: str, refresh_interval: float, limit: int, **calls: Any
    ) -> None:
        for name in ("_depth_event", "_process_depth_message", "_init_cache", "_start_socket"):
            if inspect.iscoroutinefunction(getattr(self, name)):
                raise TypeError(f"{type(self).__name__}.{name} must be a plain function here")
        self._client, self._symbol, self._limit = client, symbol, limit
        self._callback: Callable[[Any], object] | None = calls["callback"]
        self._on_resync: Callable[[DepthCache], object] | None = calls["on_resync"]
        self._refresh_interval = refresh_interval
        self._refresh_due = float("inf")
        self._cache = DepthCache(symbol, calls["conv_type"] or float)
        self._depth_cache: DepthCache | None = self._cache  # what an override of old fills
        self._fills_by_itself = fills_by_itself(type(self), Follower)
        self._last_update_id: int | None = None
        self._depth_message_buffer: list[Any] = []
        self._sync = BookSync(self._rules or self._market.rules)
        self._lock = self._cache._lock
        self._pending: deque[Callable[[Any], object]] = deque()
        self._had_book = False
        self._ready = threading.Event()  # the first book is there, or will never be
        self._error: Exception | None = None  # why there will be no further book
        self._failure: Exception | None = None  # why the next snapshot is not there yet
        self._is_closed = False
        self._is_waited_for = False  # by the constructor, which then raises what goes wrong
        self._conn_key: Any = None
        self._conn: object = None  # what the manager has under that key, where it says
        self._fetcher = fetcher_of(client, self._market.pool)

    # for subclasses

    def _get_conn_key(self) -> Any:
        """Start the diff stream with `self._depth_event` as its callback and return its key."""
        raise NotImplementedError(f"{type(self).__name__} must say how its stream is started")

    # from the constructor, and from `close`

    def _begin(self, timeout: float | None) -> None:
        """Start the stream, and return when the first book is there."""
        self._is_waited_for = timeout != 0
        self._fetcher.join(self)
        try:
            self._start_socket()
            if self._is_waited_for:
                self._wait(timeout)
        except BaseException:
            self.close()
            raise
        self._is_waited_for = False

    def _start_socket(self) -> None:
        self._conn_key = self._get_conn_key()
        if not self._conn_key:
            raise ValueError(
                f"a diff stream of {self._symbol} is open on this socket manager already; stop it, "
                "or let the cache have a manager of its own"
            )
        if hasattr(self._bm, "_when_stopped"):
            self._conn = self._bm._when_stopped(self._conn_key, self._stopped)
        if getattr(getattr(self._conn, "dispatch", None), "drops_messages", False):
            raise ValueError(
                "an order book needs every event, but overflow='latest' of this socket manager "
                "drops those that its callback is late for; pass bm with overflow='block', with "
                "dispatch='reactor', or none"
            )
        if hasattr(self._conn, "book"):
            self._conn.book = self
        self._have_socket("follow")
        self._start_manager()

    def _start_manager(self) -> None:
        if not self._bm.is_alive():
            self._bm.start()

    def _end_following(self) -> None:
        """The cache is closed: stop our own socket; by now the key may be another's."""
        with self._lock:
            self._is_closed = True
            self._note(self._sync.end("closed"))
            key, self._conn_key = self._conn_key, None
        self._depth_cache = None
        self._fetcher.leave(self)
        if key and self._conn is not None:
            self._bm._stop_own(key, self._conn)
        elif key:
            self._bm.stop_socket(key)

    def _stopped(self) -> None:
        """Somebody stops the socket: there are no changes from now on.  In whatever thread."""
        with self._lock:
            if self._is_closed:
                return
            self._conn_key = None
            self._error = BinanceConnectionError(f"the depth stream of {self._symbol} was stopped")
            self._note(self._sync.end("its socket was stopped"))
        self._ready.set()

    # from the stream, in the thread that calls callbacks

    def _depth_event(self, msg: Any) -> None:
        """A message of the stream."""
        if not self._is_closed and not self._is_for_us(msg):
            self._process_depth_message(msg)

    def _process_depth_message(self, msg: Any, buffer: bool = False) -> None:
        """A depth event; `buffer` has no meaning any more."""
        event = msg.get("data", msg) if isinstance(msg, dict) else msg  # wrapped, except on spot
        self._handle(self._sync.event, event)
        if time.monotonic() >= self._refresh_due:
            self._refresh_due = float("inf")
            self._handle(self._sync.refresh)
        self._notify()

    def _is_for_us(self, msg: Any) -> bool:
        """Process a message about the stream that is no event; returns whether it was one."""
        kind = msg.get("e") if isinstance(msg, dict) else None
        if kind == "error":
            gone = f"the depth stream of {self._symbol} has given up"
            self._give_up(BinanceConnectionError(gone))
        elif kind == "stopped":
            self._notify()
            self._end()
        elif kind == "link":
            is_down = isinstance(msg["event"], Disconnected)
            self._handle(self._sync.down if is_down else self._sync.opened)
            self._notify()
        elif msg is _WAKE:
            self._notify()
        else:
            return False
        return True

    def _give_up(self, error: Exception) -> None:
        """There will be no further book: notify the user by None, as the old library did."""
        logger.error("the order book of %s is given up: %s", self._symbol, error)
        self._error = error
        self._end()

    def _end(self) -> None:
        """The stream is over, and nobody has closed the cache."""
        self.close()
        if self._callback is not None and not self._is_waited_for:
            self._callback(None)

    # inside

    @property
    def cause(self) -> str:
        """Why the book is out of sync, in words, or what it waits for."""
        return CAUSES.get(self._sync.reason, self._sync.reason or self._sync.state.value)

    def _wait(self, timeout: float | None) -> None:
        """Return when the first book is there; raise what prevented it."""
        deadline = None if timeout is None else time.monotonic() + timeout
        if hasattr(self._bm, "wait_open") and not self._ready.is_set():
            try:
                is_open = self._bm.wait_open(self._conn_key, timeout)
                if is_open and not hasattr(self._conn, "follow"):  # else it reports that in order
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
        raise self._no_book(timeout) from self._failure

    def _no_book(self, timeout: float | None) -> BinanceConnectionError:
        return BinanceConnectionError(
            f"no order book of {self._symbol} within {timeout} s: {self._sync.state.value}"
        )

    def _handle(self, judge: Callable[..., Commands], *args: Any) -> None:
        """Pass an input to the machine and perform its commands."""
        with self._lock:
            is_asked = self._note(judge(*args))
        if is_asked:
            self._ask_for_snapshot()

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
                    logger.log(
                        level, "the order book of %s is out of sync: %s", self._symbol, self.cause
                    )
                self._later(self._on_resync)
        return Command.ASK in commands

    def _replace(self) -> None:
        assert self._sync.book is not None
        cache = self._cache
        if self._had_book and self._sync.book.update_id < cache.update_id:
            self._have_socket("restart_ids")  # they began anew: what watches for gaps must forget
        cache._book = self._sync.book
        was_synced, cache.synced = cache.synced, True  # last: some readers take no lock
        if self._refresh_interval:
            self._refresh_due = time.monotonic() + self._refresh_interval
        if not was_synced:
            logger.info(
                "the order book of %s is in sync, at update id %d", self._symbol, cache.update_id
            )
            if self._had_book:
                self._later(self._on_resync)
        self._had_book, self._failure = True, None
        self._ready.set()

    def _later(self, call: Callable[[DepthCache], object] | None) -> None:
        """Call it with the cache when next in the thread that calls callbacks."""
        if call is not None:
            self._pending.append(call)

    def _notify(self) -> None:
        """In the thread that calls callbacks: make the calls that are due."""
        while self._pending and not self._is_closed:
            self._pending.popleft()(self._cache)

    def _wake(self) -> None:
        """Make the right thread call `_notify`; otherwise the next event does it."""
        if self._pending and self._conn_key:
            self._have_socket("inject", _WAKE)

    def _have_socket(self, method: str, *args: object) -> None:
        """Call a method of our socket, where the socket manager is one whose sockets have it."""
        call = getattr(self._conn, method, None)
        if call is not None:
            call(*args)
