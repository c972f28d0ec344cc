"""A shorter turn of Twisted's epoll reactor, for the thread that runs it on our behalf.

Around each read and write Twisted sets up a context that tells its old log which transport is
acting. Where messages come one at a time that is a seventh of all that a message costs. Here the
transports are called without it; reading, writing, disconnecting and logging what they raise stay
Twisted's own `_doReadOrWrite`, and so does everything else of its main loop.

A reactor that the user's program runs is left as it is, and so are all others than epoll's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

__all__ = ["shorten"]

logger = logging.getLogger("binance")


def shorten(reactor: Any) -> bool:
    """Give a reactor that is to be run the shorter turn; False where it has to keep its own."""
    try:
        from twisted.internet.epollreactor import EPollReactor
    except ImportError:  # not on Linux
        return False
    if type(reactor) is not EPollReactor:
        return False
    try:
        shorter = _turn(reactor._poller.poll, reactor._selectables, reactor._doReadOrWrite)
    except AttributeError as error:
        logger.debug("this Twisted's reactor keeps its own turn: %s", error)
        return False
    reactor.doIteration = shorter  # type: ignore[method-assign]
    return True


def _turn(
    poll: Callable[[float, int], list[tuple[int, int]]],
    selectables: dict[int, Any],
    read_or_write: Callable[[Any, int, int], None],
) -> Callable[[float | None], None]:
    def turn(timeout: float | None) -> None:
        """Wait for descriptors, no longer than `timeout` seconds, and serve them."""
        for descriptor, event in poll(-1 if timeout is None else timeout, len(selectables)):
            selectable = selectables.get(descriptor)
            if selectable is not None:  # what was served before it may have closed it
                read_or_write(selectable, descriptor, event)

    return turn
