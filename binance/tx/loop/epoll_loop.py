"""A shorter main loop for Twisted's epoll reactor, for the thread that runs it on our behalf.

Between two reads Twisted looks for calls that are due, twice for new ones, reads the clock twice,
and sets up a context that tells its old log which transport is acting; a read passes through three
methods on its way to the protocol. Where messages come one at a time all that is a fifth of what a
message costs. Here the loop goes back to waiting at once unless there is something else to do, and
reads a TCP connection itself. All the rest is Twisted's: calls that are due or come from other
threads, writing, disconnecting, logging what is raised.

A reactor that the user's program runs is left as it is, and so are all others than epoll's.
"""

from __future__ import annotations

import select
from collections.abc import Callable
from typing import Any

from twisted.internet.main import CONNECTION_DONE, CONNECTION_LOST
from twisted.internet.tcp import Client
from twisted.logger import Logger
from twisted.python import log

from binance.tx.wire import compat

__all__ = ["use_fast_loop"]


#: Seconds that epoll can wait at a time; Twisted's own `timeout` stays below it too.
_LONGEST = 2147483


def use_fast_loop(reactor: Any) -> bool:
    """Give a reactor that is to be run the shorter loop; False where it has to keep its own."""
    try:
        from twisted.internet.epollreactor import EPollReactor
    except ImportError:  # not on Linux
        return False
    if type(reactor) is not EPollReactor:
        return False
    if not compat.has("fast loop"):
        return False
    serve = _serving(reactor)
    reactor.doIteration = serve  # type: ignore[method-assign]
    reactor.mainLoop = lambda: _loop(reactor, serve)  # type: ignore[method-assign]
    return True


def _loop(reactor: Any, serve: Callable[[float | None], None]) -> None:
    """Run until the reactor is stopped, as its own `mainLoop` does."""
    seconds = reactor.seconds
    logged = Logger().failureHandler("Unexpected error in main loop")
    while reactor._started:
        with logged:
            while reactor._started:
                reactor.runUntilCurrent()
                serve(reactor.running and reactor.timeout())
                while (
                    not reactor.threadCallQueue
                    and not reactor._newTimedCalls
                    and not reactor._justStopped
                    and (pending := reactor._pendingTimedCalls)
                    and reactor.running
                    and 0 < (left := pending[0].time - seconds()) < _LONGEST
                ):
                    serve(left)


def _serving(reactor: Any) -> Callable[[float | None], None]:
    poll = reactor._poller.poll
    selectables: dict[int, Any] = reactor._selectables
    read_or_write, disconnect = reactor._doReadOrWrite, reactor._disconnectSelectable
    readable = select.EPOLLIN
    client: Any = Client

    def serve(timeout: float | None) -> None:
        """Wait for descriptors, no longer than `timeout` seconds, and serve them."""
        for descriptor, event in poll(-1 if timeout is None else timeout, len(selectables)):
            selectable = selectables.get(descriptor)
            if selectable is None:
                continue  # what was served before it has closed it
            if (
                event != readable
                or selectable.__class__ is not client
                or "doRead" in selectable.__dict__  # while it connects, and once it is aborted
            ):
                read_or_write(selectable, descriptor, event)
                continue
            try:
                data = selectable.socket.recv(selectable.bufferSize)
            except BlockingIOError:
                continue
            except OSError:
                disconnect(selectable, CONNECTION_LOST, True)
                continue
            if not data:
                disconnect(selectable, CONNECTION_DONE, True)
                continue
            try:
                selectable.protocol.dataReceived(data)
            except BaseException as error:  # noqa: BLE001 - as Twisted does
                log.err()
                disconnect(selectable, error, False)

    return serve
