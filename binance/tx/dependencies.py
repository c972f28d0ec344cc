"""What connections depend on: a clock, the reactor, randomness, dialling and budgets.

Tests pass others.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from twisted.internet.defer import Deferred

from binance.sansio.link.budget import (
    MESSAGES_PER_SECOND,
    ConnectBudget,
    MessageBudget,
    is_loopback,
)
from binance.tx.loop import reactor
from binance.tx.wire.protocol import BinanceClientFactory, BinanceClientProtocol

__all__ = [
    "ROTATE_AFTER",
    "Call",
    "Clock",
    "Dependencies",
    "message_budget",
    "shared_connects",
    "shared_connects_and_loopback",
]

#: A link lives 24 hours at the most; it is replaced an hour before.
#: https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
ROTATE_AFTER = 23 * 3600.0


class Call(Protocol):
    """A delayed call."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """Twisted's IReactorTime, as far as it is used here."""

    def seconds(self) -> float: ...
    def callLater(self, delay: float, function: Callable[..., object], *args: object) -> Call: ...


#: The exchange counts the connects of an address, whichever manager makes them.
shared_connects = ConnectBudget()
shared_connects_and_loopback = ConnectBudget(loopback=True)


def message_budget(market: str, host: str, on_loopback: bool = False) -> MessageBudget | None:
    """The budget of one link; None where the exchange is this machine, which bans nobody."""
    if is_loopback(host) and not on_loopback:
        return None
    return MessageBudget(MESSAGES_PER_SECOND[market])


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The clock, randomness, dialling and budgets of this process, unless others are given."""

    clock: Clock
    #: (URL, factory) -> a Deferred of the protocol, fired when TCP and TLS are up
    dial: Callable[[str, BinanceClientFactory], Deferred[BinanceClientProtocol]]
    #: runs a function in the reactor thread
    call: Callable[..., None] = reactor.call
    #: runs a blocking function in a worker thread
    in_thread: Callable[[Callable[[], Any]], Deferred[Any]] = reactor.in_thread
    #: a random number from 0..1
    chance: Callable[[], float] = random.random
    #: UNIX time in seconds
    wall: Callable[[], float] = time.time
    #: seconds without an octet after which a link is pinged; None: as the market's pings suggest
    idle_timeout: float | None = None
    #: seconds after which a link is replaced; None: never
    rotate_after: float | None = ROTATE_AFTER
    #: the unit that spot's links are asked to give times in, "ms" or "us"; None: the exchange's own
    time_unit: str | None = None
    #: shared by all that dial in this process
    connects: ConnectBudget = shared_connects
    #: a link's budget of messages, by market and host; None: no limit
    messages: Callable[[str, str], MessageBudget | None] = message_budget
