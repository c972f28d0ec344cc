"""Performs the connection machine's commands for one key's link to the exchange.

`Connection` holds the machine, the link that it speaks of and the timers it asked for.  What is
said on a link, market streams in the URL or signed subscriptions, is a `Session`'s business; what
becomes of messages and events is the `Owner`'s.  All of it runs in the reactor thread.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from twisted.internet.defer import CancelledError, Deferred
from twisted.python import failure as twisted_failure

from binance.sansio.reconnect import (
    Abort,
    Close,
    Command,
    Dial,
    Failure,
    Finished,
    GiveUp,
    Input,
    Lost,
    Machine,
    Opened,
    Proved,
    Retry,
    RetryPolicy,
    StartTimer,
    State,
    StopTimer,
    Timer,
)
from binance.tx.dial import DialError
from binance.tx.protocol import BinanceClientFactory, BinanceClientProtocol

__all__ = ["Connection", "Link", "Owner", "Session", "World"]

logger = logging.getLogger("binance")

Sink = Callable[[object], None]


class Call(Protocol):
    """A call that was put off."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """Twisted's IReactorTime, as far as it is used here."""

    def seconds(self) -> float: ...
    def callLater(self, delay: float, function: Callable[..., object], *args: object) -> Call: ...


@dataclass(frozen=True, slots=True)
class World:
    """What a connection needs of the world: given, so that a test can give another."""

    clock: Clock
    #: (URL, factory) -> a Deferred of the protocol, fired when TCP and TLS are up
    dial: Callable[[str, BinanceClientFactory], Deferred[BinanceClientProtocol]]
    #: runs a function in the reactor thread
    call: Callable[..., None]
    #: a random number from 0..1
    chance: Callable[[], float]
    #: UNIX time in seconds
    wall: Callable[[], float]


class Session(Protocol):
    """What is said on a link once it is open, and what the messages on it mean."""

    def dial(self, link: Link, address: int) -> Deferred[BinanceClientProtocol]:
        """Connect to address number `address`, counted on with each failed try."""

    def begin(self, link: Link) -> None:
        """The handshake is done: say what is to be said, then call `link.ready()`."""

    def sink(self, link: Link) -> Sink:
        """What takes each message of this link.  It never raises."""

    def ended(self, link: Link) -> None:
        """The link is gone."""


class Owner(Protocol):
    """Whom a connection tells."""

    key: str

    def opened(self, connection: Connection) -> None: ...
    def proved(self, connection: Connection, downtime: float | None) -> None: ...
    def lost(self, connection: Connection, failure: Failure, outage: bool) -> None: ...
    def retrying(self, connection: Connection, retry: Retry) -> None: ...
    def gave_up(self, connection: Connection, failure: Failure) -> None: ...
    def finished(self, connection: Connection) -> None: ...
    def read(self, octets: int, messages: int, seconds: float) -> None: ...
    def malformed(self, payload: bytes) -> None: ...
    def protocol_failed(self, error: BaseException) -> None: ...


class Link:
    """One WebSocket link: a dial, then a protocol, then nothing.

    Made for one try and thrown away with it, so whatever arrives late from an old link is known
    by its `connection` having another one.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.protocol: BinanceClientProtocol | None = None
        self.heard = 0.0
        self.messages = 0
        self.link_message: Sink = connection.session.sink(self)
        self._owner = connection.owner
        self._clock = connection.world.clock
        self._over = False
        self._dialing: Deferred[BinanceClientProtocol] | None = None

    # from the session

    def connect(self, url: str) -> Deferred[BinanceClientProtocol]:
        """Dial a URL with a factory of this link's own."""
        world = self.connection.world
        factory = BinanceClientFactory(url, reactor=world.clock)
        factory.link = self
        return world.dial(url, factory)

    def ready(self) -> None:
        """The link is of use: what was to be said has been said and heard."""
        self.connection.link_ready(self)

    def send(self, payload: bytes) -> None:
        """Send a text message."""
        if self.protocol is not None and not self._over:
            self.protocol.sendMessage(payload)

    # from the connection

    def dial(self, address: int) -> None:
        """Try to connect."""
        self._dialing = dialing = self.connection.session.dial(self, address)
        dialing.addCallbacks(self._dialed, self._not_dialed)

    def close(self) -> None:
        """Begin the closing handshake."""
        if self.protocol is None:
            self.abort()
        else:
            self.protocol.sendClose(1000)

    def abort(self) -> None:
        """Drop it, whatever it is by now."""
        if self._dialing is not None:
            self._dialing.cancel()
        elif self.protocol is not None and self.protocol.transport is not None:
            self.protocol.transport.abortConnection()

    def fail(self, failure: Failure) -> None:
        """Drop it, for a reason of our own."""
        self._end(failure)
        self.abort()

    # from the dial

    def _dialed(self, protocol: BinanceClientProtocol) -> None:
        self._dialing = None
        self.protocol = protocol

    def _not_dialed(self, failure: twisted_failure.Failure) -> None:
        self._dialing = None
        if failure.check(CancelledError):
            return
        error = failure.value
        if isinstance(error, DialError):
            self._end(
                Failure(error.reason, http_status=error.http_status, certificate=error.certificate)
            )
        else:
            logger.error("dialling failed unexpectedly", exc_info=error)
            self._end(Failure(type(error).__name__))

    # from the protocol

    def link_opened(self, protocol: BinanceClientProtocol) -> None:
        self.protocol = protocol
        self.heard = self._clock.seconds()
        self.connection.session.begin(self)

    def link_read(self, octets: int, messages: int, seconds: float = 0.0) -> None:
        self.heard = self._clock.seconds()
        if messages:
            self.messages += messages
            if self.connection.unproven:
                self.connection.link_proved(self)
        self._owner.read(octets, messages, seconds)

    def link_malformed(self, payload: bytes) -> None:
        self._owner.malformed(payload)

    def link_error(self, error: BaseException) -> None:
        self._owner.protocol_failed(error)

    def link_ping(self, protocol: BinanceClientProtocol, payload: bytes) -> None:
        protocol.sendPong(payload)

    def link_pong(self, payload: bytes) -> None:
        """Any octet proves life; `link_read` has seen it."""

    def link_closed(
        self,
        protocol: BinanceClientProtocol,
        was_clean: bool,
        code: int | None,
        reason: str | None,
        http_status: int | None,
        retry_after: float | None,
    ) -> None:
        self._end(
            Failure(
                reason or ("closed by the exchange" if was_clean else "connection lost"),
                code=code,
                http_status=http_status,
                retry_after=retry_after,
            )
        )

    def _end(self, failure: Failure) -> None:
        if self._over:
            return
        self._over = True
        self.connection.session.ended(self)
        self.connection.link_down(self, failure)


class Connection:
    """A connection that keeps itself up, until it is stopped or given up."""

    def __init__(self, owner: Owner, session: Session, world: World, policy: RetryPolicy) -> None:
        self.owner = owner
        self.session = session
        self.world = world
        self.machine = Machine(policy)
        self.link: Link | None = None
        #: whether the next message proves the link
        self.unproven = False
        self._timers: dict[Timer, Call] = {}
        self._commands: deque[Command] = deque()
        self._performing = False

    @property
    def state(self) -> State:
        return self.machine.state

    @property
    def is_open(self) -> bool:
        return self.machine.state in (State.OPEN, State.PROVEN)

    # from the owner

    def start(self) -> None:
        self._input(Input.START)

    def stop(self) -> None:
        self._input(Input.STOP)

    # from the links

    def link_ready(self, link: Link) -> None:
        if link is self.link and self.machine.state is State.CONNECTING:
            self._input(Input.OPENED)

    def link_proved(self, link: Link) -> None:
        if link is self.link:
            self._input(Input.PROVED)

    def link_down(self, link: Link, failure: Failure) -> None:
        if link is self.link:
            self.link = None
            self._input(Input.DOWN, failure)

    # from the machine

    def _input(self, event: Input, failure: Failure | None = None) -> None:
        """Hand an input in; perform what it leads to after all that earlier ones led to.

        What the owner is told of may well stop this very connection, in the middle of a list.
        """
        self._commands.extend(
            self.machine.handle(
                event,
                self.world.clock.seconds(),
                failure=failure,
                chance=self.world.chance(),
            )
        )
        self.unproven = self.machine.state is State.OPEN
        if self._performing:
            return
        self._performing = True
        try:
            while self._commands:
                self._perform(self._commands.popleft())
        finally:
            self._performing = False

    def _perform(self, command: Command) -> None:
        match command:
            case Dial(address):
                self._dial(address)
            case Opened():
                self.owner.opened(self)
            case Proved(downtime):
                self.owner.proved(self, downtime)
            case Lost(failure, outage):
                self.owner.lost(self, failure, outage)
            case Retry():
                self.owner.retrying(self, command)
            case StartTimer(timer, delay):
                self._timers[timer] = self.world.clock.callLater(delay, self._due, timer)
            case StopTimer(timer):
                call = self._timers.pop(timer, None)
                if call is not None:
                    call.cancel()
            case Close():
                if self.link is not None:
                    self.link.close()
            case Abort():
                if self.link is not None:
                    self.link.abort()
            case GiveUp(failure):
                self.owner.gave_up(self, failure)
            case Finished():
                self.owner.finished(self)

    def _due(self, timer: Timer) -> None:
        del self._timers[timer]
        self._input(timer.value)

    def _dial(self, address: int) -> None:
        self.link = Link(self)  # before the dial, which may fail before it returns
        self.link.dial(address)
