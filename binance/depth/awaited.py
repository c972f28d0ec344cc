"""The half of a depth cache manager that is awaited, as that of python-binance 1.0 is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Generator
from contextlib import suppress
from typing import Any, Self

from binance.depth.cache import DepthCache
from binance.depth.taking import Taker
from binance.exceptions import ReadLoopClosed
from binance.sansio.book.booksync import State

logger = logging.getLogger("binance")


class _Done:
    """The end of something that has no end to wait for."""

    def __await__(self) -> Generator[None, None, None]:
        yield from ()


DONE = _Done()


class Awaited(Taker):
    """`async with manager: book = await manager.recv()`, in any event loop."""

    #: whether its client is an `AsyncClient`
    _is_awaited = False
    _has_borrowed = False
    _changed: asyncio.Event | None = None
    #: the loop on which the book is awaited, or was made for that
    _loop: asyncio.AbstractEventLoop | None = None
    #: seconds that entering the block may take; with 0 it does not wait for the first book
    _timeout: float | None = 0

    def _prepare(self, client: Any, timeout: float | None) -> tuple[Any, float | None]:
        """The client that blocks, and how many seconds the constructor waits for the first book."""
        blocking = getattr(client, "blocking_client", None)
        if blocking is None:
            return client, timeout
        # An `AsyncClient`: its event loop must not be held up.
        self._is_awaited, self._timeout = True, timeout
        with suppress(RuntimeError):  # else it is the loop of the block
            self._loop = asyncio.get_running_loop()
        return blocking, 0

    def _start_manager(self) -> None:
        """Start the socket manager; a program that awaits closes no manager, so this must."""
        if self._is_awaited and hasattr(self._bm, "_open_sockets"):
            self._has_borrowed = True
            self._bm._open_sockets.borrow(self)
        else:
            super()._start_manager()

    def _give_manager_back(self) -> None:
        if self._has_borrowed:
            self._has_borrowed = False
            self._bm._open_sockets.give_back(self)

    async def __aenter__(self) -> Self:
        """Return when the first book is there, or at once with `timeout=0`.

        :raises BinanceError: what the constructor raises with a `Client`.
        """
        callback = self._callback

        def call(cache: Any) -> None:
            try:
                if callback is not None:
                    callback(cache)
            finally:
                self._wake_awaiting()

        self._loop, self._changed, self._callback = (
            asyncio.get_running_loop(),
            asyncio.Event(),
            call,
        )
        if self._had_book or self._sync.state is State.ENDED:
            self._changed.set()
        if self._timeout != 0:
            try:
                async with asyncio.timeout(self._timeout):
                    await self._changed.wait()
                self._raise_if_ended()
            except TimeoutError:
                late = self._no_book(self._timeout)
                self.close()
                raise late from self._failure
            except BaseException:
                self.close()
                raise
            if self._cache.update_time is None:  # `recv` returns it with its first event
                self._changed.clear()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self.close()

    def _replace(self) -> None:
        had_book = self._had_book
        super()._replace()
        if not self._sync.applied and (had_book or self._timeout != 0):
            self._wake_awaiting()  # else an event follows, with a time

    def _depth_event(self, msg: Any) -> None:
        if self._loop is None or not self._loop.is_closed():
            super()._depth_event(msg)
        elif not self._is_closed:
            logger.warning("the order book of %s is closed: its event loop has ended", self._symbol)
            self.close()

    def _stopped(self) -> None:
        super()._stopped()
        self._wake_awaiting()  # after `sys.exit()` in a callback no message says so

    def _wake_awaiting(self) -> None:
        """The book has changed, or there will be none.  In any thread."""
        if self._changed is not None and self._loop is not None:
            with suppress(RuntimeError):  # it has ended: the next message closes the cache
                self._loop.call_soon_threadsafe(self._changed.set)

    async def recv(self) -> DepthCache:
        """The order book once it has changed since the last call: always the same object.

        :raises ReadLoopClosed: it is not in an `async with` block, or the cache was closed.
        :raises BinanceError: the library has stopped retrying, or there will be no book.
        """
        if self._changed is None:
            raise ReadLoopClosed("the book is not awaited: call recv() in an `async with` block")
        await self._changed.wait()
        self._raise_if_ended()
        self._changed.clear()
        return self._cache

    def _raise_if_ended(self) -> None:
        if self._sync.state is State.ENDED:
            raise self._error or ReadLoopClosed("the book was closed")
