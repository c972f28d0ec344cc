"""A faster main loop for Twisted's epoll reactor, for the reactor thread that we run.

Between two reads Twisted looks for calls that are due and, twice, for new ones.  It reads the clock
twice, and sets up a context for its old log.  A read passes through three methods before it reaches
the protocol.  If messages come one at a time, all this is a fifth of the cost of a message.  The
loop here waits again at once if there is nothing else to do, and it reads TCP connections itself.
Twisted does the rest: calls that are due or come from other threads, writing, disconnecting, and
logging of exceptions.

A reactor that the user's program runs keeps its own loop, and so does any other kind of reactor.
"""

import select
from collections.abc import Callable
from typing import Any

from twisted.internet.main import CONNECTION_DONE, CONNECTION_LOST
from twisted.internet.tcp import Client
from twisted.logger import Logger
from twisted.python import log

from binance.tx.wire import compat

#: Maximum seconds of one wait of epoll, as in Twisted's own `timeout`.
_LONGEST = 2147483


def use_fast_loop(reactor: Any) -> bool:
    """Give the faster loop to a reactor before it runs; returns False if it keeps its own."""
    try:
        from twisted.internet.epollreactor import EPollReactor
    except ImportError:  # not on Linux
        return False
    if type(reactor) is not EPollReactor:
        return False
    if not compat.has("fast loop"):
        return False
    if reactor._started:  # the program runs it
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
                continue  # an earlier event of this wait has closed it
            if (
                event != readable
                or selectable.__class__ is not client
                or "doRead" in selectable.__dict__  # while it connects, and after an abort
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
