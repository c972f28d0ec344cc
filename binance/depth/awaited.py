"""The half of a depth cache manager that is awaited, as that of python-binance 1.0 is."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import Any, Self

from binance.depth.cache import DepthCache
from binance.depth.taking import Taker
from binance.exceptions import ReadLoopClosed


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
    _loop: asyncio.AbstractEventLoop

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
        if self._had_book or self._is_closed:
            self._changed.set()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self.close()

    def _replace(self) -> None:
        had_book = self._had_book
        super()._replace()
        if had_book and not self._sync.applied:  # else an event follows, with a time
            self._wake_awaiting()

    def _wake_awaiting(self) -> None:
        """The book has changed, or there will be none.  In any thread."""
        if self._changed is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._changed.set)

    async def recv(self) -> DepthCache:
        """The order book once it has changed since the last call: always the same object.

        :raises ReadLoopClosed: it is not in an `async with` block, or the cache was closed.
        :raises BinanceError: the library has stopped retrying, or there will be no book.
        """
        if self._changed is None:
            raise ReadLoopClosed("the book is not awaited: call recv() in an `async with` block")
        await self._changed.wait()
        if self._is_closed:
            raise self._error or ReadLoopClosed("the book was closed")
        self._changed.clear()
        return self._cache
