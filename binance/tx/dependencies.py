"""What a connection needs of the world, handed in: a test can give another."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
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
    "World",
    "message_budget",
    "of_this_process",
    "shared_connects",
    "shared_connects_and_loopback",
]

#: A link lives 24 hours at the most; it is replaced an hour before.
#: https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
ROTATE_AFTER = 23 * 3600.0


class Call(Protocol):
    """A call that was put off."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """Twisted's IReactorTime, as far as it is used here."""

    def seconds(self) -> float: ...
    def callLater(self, delay: float, function: Callable[..., object], *args: object) -> Call: ...


@dataclass(frozen=True, slots=True)
class World:
    """Clock, dice, wires and budgets."""

    clock: Clock
    #: (URL, factory) -> a Deferred of the protocol, fired when TCP and TLS are up
    dial: Callable[[str, BinanceClientFactory], Deferred[BinanceClientProtocol]]
    #: runs a function in the reactor thread
    call: Callable[..., None]
    #: runs a blocking function in a worker thread
    in_thread: Callable[[Callable[[], Any]], Deferred[Any]]
    #: a random number from 0..1
    chance: Callable[[], float]
    #: UNIX time in seconds
    wall: Callable[[], float]
    #: seconds without an octet after which a link is pinged; None: as the market's pings suggest
    idle_timeout: float | None = None
    #: seconds after which a link is replaced; None: never
    rotate_after: float | None = ROTATE_AFTER
    #: the unit that spot's links are asked to give times in, "ms" or "us"; None: the exchange's own
    time_unit: str | None = None
    #: shared by all that dial in this process
    connects: ConnectBudget = field(default_factory=ConnectBudget)
    #: a link's budget of messages, by market and host; None: no limit
    messages: Callable[[str, str], MessageBudget | None] = lambda market, host: None


#: The exchange counts the connects of an address, whichever manager makes them.
shared_connects = ConnectBudget()
shared_connects_and_loopback = ConnectBudget(loopback=True)


def of_this_process(
    dial: Callable[[str, BinanceClientFactory], Deferred[BinanceClientProtocol]], **options: Any
) -> World:
    """The world as it is: the process's reactor, its clocks and its dice."""
    return World(
        clock=reactor.clock(),
        dial=dial,
        call=reactor.call,
        in_thread=reactor.in_thread,
        chance=random.random,
        wall=time.time,
        **{"connects": shared_connects, "messages": message_budget, **options},
    )


def message_budget(market: str, host: str, on_loopback: bool = False) -> MessageBudget | None:
    """The budget of one link; None where the exchange is this machine, which bans nobody."""
    if is_loopback(host) and not on_loopback:
        return None
    return MessageBudget(MESSAGES_PER_SECOND[market])
