"""What connections depend on: a clock, the reactor, randomness, dialling and budgets.

Tests pass others.
"""

import random
import time
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from twisted.internet.defer import Deferred

from binance.sansio.link import clock as clocks
from binance.sansio.link.budget import (
    MESSAGES_PER_SECOND,
    ConnectBudget,
    MessageBudget,
    is_loopback,
)
from binance.tx.loop import reactor
from binance.tx.wire.protocol import BinanceClientFactory, BinanceClientProtocol

#: The exchange closes a link after 24 hours; we replace it one hour before.
#: https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
ROTATE_AFTER = 23 * 3600.0


class Call(Protocol):
    """A delayed call."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """The part of Twisted's IReactorTime that is used here."""

    def seconds(self) -> float: ...
    def callLater(self, delay: float, function: Callable[..., object], *args: object) -> Call: ...


class DelayedCall:
    """At most one delayed call."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._call: Call | None = None

    @property
    def is_running(self) -> bool:
        return self._call is not None

    def start(self, delay: float, function: Callable[..., object], *args: object) -> None:
        """Call the function after so many seconds; an earlier call that still waits is dropped."""
        self.stop()
        self._call = self._clock.callLater(delay, self._due, function, args)

    def stop(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            call.cancel()

    def _due(self, function: Callable[..., object], args: tuple[object, ...]) -> None:
        self._call = None
        function(*args)


#: The exchange counts the connects of an address, so all managers share this budget.
shared_connects = ConnectBudget()
shared_connects_and_loopback = ConnectBudget(loopback=True)


def message_budget(market: str, host: str, on_loopback: bool = False) -> MessageBudget | None:
    """The budget of one link; None on loopback, where no exchange bans a client."""
    if is_loopback(host) and not on_loopback:
        return None
    return MessageBudget(MESSAGES_PER_SECOND[market])


class Dependencies(NamedTuple):
    """The clock, randomness, dialling and budgets of this process, unless others are given."""

    clock: Clock
    #: (URL, factory) -> a Deferred of the protocol, fired when TCP and TLS are up
    dial: Callable[[str, BinanceClientFactory], Deferred[BinanceClientProtocol]]
    #: (URL, link) -> what stands in the place of a protocol, for another source than the exchange
    connect: Callable[[str, Any], Any] | None = None
    #: runs a function in the reactor thread
    call: Callable[..., None] = reactor.call
    #: whether the calling thread may do what belongs to the reactor thread
    may_act: Callable[[], bool] = reactor.may_act
    #: runs a blocking function in a worker thread
    in_thread: Callable[[Callable[[], Any]], Deferred[Any]] = reactor.in_thread
    #: returns a random number from 0 to 1
    chance: Callable[[], float] = random.random
    #: returns the UNIX time in seconds
    wall: Callable[[], float] = time.time
    #: seconds without an octet after which a link is pinged; None: the default of the market
    idle_timeout: float | None = None
    #: seconds after which a link is replaced; None: never
    rotate_after: float | None = ROTATE_AFTER
    #: the unit of times on spot's links, "ms" or "us"; None: the exchange's default
    time_unit: str | None = None
    #: whether the exchange still serves the streams that production has retired
    has_retired_streams: bool = False
    #: the budget of connects, shared by the process
    connects: ConnectBudget = shared_connects
    #: returns a link's budget of messages, by market and host; None: no limit
    messages: Callable[[str, str], MessageBudget | None] = message_budget
    #: returns the exchange's clock, as far as it was measured
    clock_offset: Callable[[], clocks.ClockOffset | None] = lambda: None
