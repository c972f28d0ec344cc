"""One WebSocket link, from its dial to its end.

Each try has its own link.  Late messages of an old link are ignored, because it is not the link of
its connection any more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from autobahn.exception import Disconnected
from twisted.internet.defer import CancelledError, Deferred, maybeDeferred, succeed
from twisted.python import failure as twisted_failure

from binance.sansio.feed.continuity import Continuity
from binance.sansio.link.budget import Slot
from binance.sansio.link.clock import SAMPLE_SECONDS
from binance.sansio.link.liveness import Command as LivenessCommand
from binance.sansio.link.liveness import Liveness, idle_timeout
from binance.sansio.link.outbox import Frame, Kind, Outbox
from binance.sansio.link.reconnect import WAIT_STATUSES, Failure
from binance.sansio.link.rotation import Input
from binance.sansio.names.endpoints import environment_of
from binance.sansio.names.streams import with_time_unit
from binance.tx.dependencies import Call, DelayedCall, Dependencies
from binance.tx.loop.thread_check import reactor_thread_only
from binance.tx.wire import compat
from binance.tx.wire.dial import DialError
from binance.tx.wire.protocol import BinanceClientFactory, BinanceClientProtocol

if TYPE_CHECKING:
    from binance.sansio.feed.redundancy import Redundancy

logger = logging.getLogger("binance")

#: A delay that grows by more seconds than this is reported again.
REPORT_AGAIN_SECONDS = 1.0


class Session:
    """The requests on an open link, and the meaning of its messages."""

    #: the URLs of the links, to try one after the other
    urls: Sequence[str]

    #: the market and the path of the streams, for the likely cause of a silent one
    market: str = "spot"
    category: str = ""
    #: the delivered events, over all links
    continuity: Continuity

    @property
    def names(self) -> Collection[str] | None:
        """The streams of a link, for reports about single streams; None: reports name the key."""
        return None

    @property
    def redundancy(self) -> Redundancy | None:
        """The merge of two links that carry the same streams; None if there is only one link."""
        return None

    @property
    def is_deaf(self) -> bool:
        """Whether it is known that no open link brings messages."""
        return False

    def dial(self, link: Link, address: int) -> Deferred[BinanceClientProtocol]:
        """Connect to the address of this number, which rises with each failed try."""
        return link.connect(self.urls[address % len(self.urls)])

    def begin(self, link: Link) -> None:
        """The handshake is done: send the requests, then call `link.ready()`."""
        link.ready()

    def sink(self, link: Link) -> Callable[[object], None]:
        """The function that processes each message of this link.  It never raises."""
        raise NotImplementedError

    def divert(self, link: Link, message: object) -> bool:
        """Process a message that is not for the callback; returns whether it was one."""
        return False

    def deliver(self, message: object) -> None:
        """Pass a message to the callback, without any check."""

    def deliverer(self) -> Callable[[object], None]:
        """The function that `deliver` calls."""
        return self.deliver

    def stream_of(self, message: object) -> str:
        """The stream that a message belongs to."""
        return ""

    def watch(self, link: Link, now: float) -> None:
        """Called each second while the link is up.

        :param now: until when all that had arrived has been read: earlier than the clock after the
            reactor was blocked, or while it is paused.
        """

    def ended(self, link: Link) -> None:
        """The link has ended."""


class LinkListener(Protocol):
    """The socket that a link reports its reads to, and the delay of a dial."""

    key: str

    @property
    def is_paused(self) -> bool: ...
    @property
    def may_read_ahead(self) -> bool: ...
    def delayed(self, seconds: float, reason: str) -> None: ...
    def read(self, octets: int, messages: int, seconds: float, now: float) -> None: ...
    def heard(self, message: object, received: float) -> None: ...
    def flush(self) -> None: ...
    def malformed(self, payload: bytes) -> None: ...
    def unprocessed(self, error: Exception) -> None: ...
    def protocol_failed(self, error: BaseException) -> None: ...


class Replacement(Protocol):
    """Whether a link is being replaced by a successor: see `Rotation`."""

    is_merging: bool

    @property
    def is_idle(self) -> bool: ...

    @property
    def may_take_over(self) -> bool:
        """Whether there is a successor that carries the streams as well."""


class LinkOwner(Protocol):
    """The connection that a link belongs to, as the link and its session know it."""

    session: Session
    dependencies: Dependencies
    link: Link | None
    unproven: bool
    surely_read_until: float

    @property
    def owner(self) -> LinkListener: ...
    @property
    def rotation(self) -> Replacement: ...

    # from the link
    def slot_for(self, host: str) -> Slot | None: ...
    def link_asked(self, link: Link) -> None: ...
    def link_ready(self, link: Link) -> None: ...
    def link_heard(self, link: Link) -> None: ...
    def link_down(self, link: Link, failure: Failure) -> None: ...

    # from the session
    def shutdown_announced(self, link: Link) -> None: ...
    def expect(self, names: Iterable[str]) -> None: ...
    def report_unheard(self) -> None: ...
    def report_gaps(self) -> None: ...
    def rotate(self, why: Input) -> None: ...
    def stop(self) -> None: ...


@reactor_thread_only(
    lambda link: link.connection.dependencies.may_act(),
    *("connect", "ready", "send", "fail", "dial", "close", "abort", "pause", "resume", "discard"),
    *("link_opened", "link_closed"),
)
class Link:
    """One link: gets the calls of its protocol, and closes, pauses and checks it."""

    #: messages of the present read that were for the session alone
    controls = 0

    def __init__(self, connection: LinkOwner) -> None:
        self.connection = connection
        self.protocol: BinanceClientProtocol | None = None
        self.is_ready = False
        self.is_over = False
        #: whether the exchange has announced that it will close the link
        self.is_shutdown_announced = False
        self.sink = connection.session.sink(self)
        self.link_message: Callable[[object], None]  # set by the connection
        self._owner = connection.owner
        self._session = connection.session
        self._dependencies = connection.dependencies
        self._clock = connection.dependencies.clock
        #: when the last octet arrived
        self.heard = 0.0
        self._next_sample = 0.0
        self._liveness: Liveness | None = None
        self._dialing: Deferred[BinanceClientProtocol] | None = None
        self._host = ""
        self._environment = "production"
        self._outbox = Outbox(None)
        #: the wait for the budget of connects
        self._admitting: tuple[Slot, Call] | None = None
        #: the next look into the outbox
        self._posting = DelayedCall(self._clock)
        #: the time at which all sent messages have been written
        self._writing = DelayedCall(self._clock)

    # from the session

    def connect(self, url: str) -> Deferred[BinanceClientProtocol]:
        """Dial a URL with a new factory, when the budget of connects allows it."""
        if self._dependencies.connect is not None:
            return succeed(self._dependencies.connect(url, self))
        host = urlsplit(url).hostname or ""
        self._environment = environment_of(url) or self._environment
        if self._dependencies.time_unit is not None and self._session.market == "spot":
            url = with_time_unit(url, self._dependencies.time_unit)
        factory = BinanceClientFactory(url, reactor=self._clock)
        factory.link = self
        return self.admitted(host).addCallback(lambda _: self._dependencies.dial(url, factory))

    def admitted(self, host: str) -> Deferred[None]:
        """Fire when the budget of connects allows this link to dial the host, and count the dial.

        A dial that has to wait is reported. If it is cancelled, its slot is free for another one.
        """
        self._host = host
        self._outbox = Outbox(self._dependencies.messages(self._session.market, host))
        waiting: Deferred[None] = Deferred(lambda _: self._free_slot())
        self._ask(waiting, self.connection.slot_for(host))
        return waiting

    def ready(self) -> None:
        """The link carries the wanted streams: all requests are acknowledged."""
        if not self.is_ready and not self.is_over:
            self.is_ready = True
            self.connection.link_ready(self)

    def send(self, payload: bytes, sent: Callable[[float], None] | None = None) -> None:
        """Send a text message when the budget allows it, then call `sent` with the time."""
        self._outbox.add(Frame(Kind.TEXT, payload, sent))
        self._post()

    def fail(self, failure: Failure) -> None:
        self._end(failure)
        self.abort()

    # from the connection

    def dial(self, address: int) -> None:
        self._dialing = dialing = maybeDeferred(self._session.dial, self, address)
        dialing.addCallbacks(self._dialed, self._not_dialed)

    @property
    def is_open(self) -> bool:
        """Whether the WebSocket handshake is done and the link is up."""
        return self._liveness is not None and not self.is_over

    @property
    def last_message(self) -> object:
        return None if self.protocol is None else self.protocol.last_message

    def close(self, patiently: bool = False) -> None:
        """Begin the closing handshake; with `patiently` without Autobahn's timeout of one second.

        After that timeout the last messages of the link would be lost.
        """
        if self.protocol is None:
            self.abort()
            return
        if patiently and compat.has("patient closing"):
            self.protocol.closeHandshakeTimeout = 0
        self.protocol.sendClose(1000)

    def abort(self) -> None:
        if self._dialing is not None:
            self._dialing.cancel()
            self._free_slot()  # within its own callback a Deferred cannot be cancelled
        elif self.protocol is not None and self.protocol.transport is not None:
            self.protocol.transport.abortConnection()

    def pause(self) -> None:
        """Stop reading: TCP slows the peer down.  A handshake is read to its end first."""
        if self._liveness is None or self.protocol is None:
            return
        if self.protocol.transport is not None:
            self.protocol.transport.pauseProducing()
        self._liveness.pause(self._clock.seconds())

    def resume(self) -> None:
        if self.protocol is not None and self.protocol.transport is not None:
            self.protocol.transport.resumeProducing()
        if self._liveness is not None:
            self._liveness.resume(self._clock.seconds())

    def watch(self, now: float, read_until: float) -> None:
        """Check whether the link is alive, and whether the session has its answers."""
        if self._liveness is None or self.is_over:
            return
        self._session.watch(self, read_until)
        match self._liveness.check(now, self.heard):
            case LivenessCommand.PING:
                self._outbox.add(Frame(Kind.PING))
                self._post()
            case LivenessCommand.ABORT:
                self.fail(Failure("half open: nothing heard, and no answer to a ping", code=1006))

    def divert(self, message: object) -> bool:
        return self._session.divert(self, message)

    def discard(self) -> None:
        if not self.is_over:
            self._finish()
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
            status, wait = error.http_status, error.retry_after
            self._end(Failure(error.reason, None, status, wait, certificate=error.certificate))
        elif isinstance(error, (ValueError, OSError)):
            # ValueError: a bad address, proxy or CA file, which no retry changes.
            self._end(Failure(str(error), final=isinstance(error, ValueError)))
        else:
            logger.error("dialling failed unexpectedly", exc_info=error)
            self._end(Failure(type(error).__name__))

    # from the protocol

    def link_opened(self, protocol: BinanceClientProtocol) -> None:
        self.protocol = protocol
        if self._session.redundancy is not None:
            protocol.decode_payload = self._session.redundancy.decoder(self)
        self.heard = now = self._clock.seconds()
        idle = self._dependencies.idle_timeout or idle_timeout(
            self._session.market, self._environment
        )
        self._liveness = Liveness(now, idle)
        if self._owner.is_paused:
            self.pause()
        self._session.begin(self)
        if not self.is_ready and not self.is_over:
            self.connection.link_asked(self)

    @property
    def may_read_ahead(self) -> bool:
        return self._owner.may_read_ahead

    def link_read(self, octets: int, messages: int, seconds: float) -> None:
        if self.controls:
            messages -= self.controls
            self.controls = 0
        self.heard = now = self._clock.seconds()
        self._owner.read(octets, messages, seconds, now)
        if messages:
            if now >= self._next_sample:
                self._next_sample = now + SAMPLE_SECONDS
                self._owner.heard(self.last_message, now - seconds)
            connection = self.connection
            if connection.unproven or connection.rotation.is_merging:
                connection.link_heard(self)

    def link_malformed(self, payload: bytes) -> None:
        self._owner.malformed(payload)

    def link_unprocessed(self, error: Exception) -> None:
        self._owner.unprocessed(error)

    def link_error(self, error: BaseException) -> None:
        self._owner.protocol_failed(error)

    def link_ping(self, protocol: BinanceClientProtocol, payload: bytes) -> None:
        self._outbox.add(Frame(Kind.PONG, payload))
        self._post()

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
        if was_clean:  # the close frame came after all messages
            self.heard = self._clock.seconds()
        if http_status in WAIT_STATUSES and retry_after is not None:
            self._dependencies.connects.hold(self._host, self._clock.seconds() + retry_after)
        words = reason or ("closed by the exchange" if was_clean else "connection lost")
        self._end(Failure(words, code, http_status, retry_after))

    # inside

    def _ask(self, waiting: Deferred[None], slot: Slot | None) -> None:
        """Ask the budget of connects for a dial; ask again at the moment that it returns."""
        self._admitting = None
        dependencies, now = self._dependencies, self._clock.seconds()
        given = dependencies.connects.ask(self._host, now, dependencies.chance(), slot=slot)
        if given.moment <= now:
            waiting.callback(None)
            return
        call = self._clock.callLater(given.moment - now, self._ask, waiting, given)
        self._admitting = (given, call)
        if slot is None or given.moment > slot.moment + REPORT_AGAIN_SECONDS:
            self._owner.delayed(given.moment - now, given.reason)  # which may stop this dial

    def _free_slot(self) -> None:
        admitting, self._admitting = self._admitting, None
        if admitting is not None:
            slot, call = admitting
            call.cancel()
            self._dependencies.connects.cancel(slot)

    def _post(self) -> None:
        """Send what the budget of messages allows, and plan the next call for the rest."""
        protocol = self.protocol
        if protocol is None or self.is_over:
            return
        now = self._clock.seconds()
        frames = self._outbox.take(now)
        try:
            for frame in frames:
                self._send(protocol, frame, now)
        except Disconnected:
            return  # it is closing: the next link sends its own requests
        wait = self._outbox.wait(now)
        if wait is not None and not self._posting.is_running:
            self._posting.start(max(wait, 0.001), self._post)
        if frames and self._outbox.is_limited:
            # In the next iteration the reactor may write; in the one after that it has written.
            self._writing.start(0, self._writing.start, 0, self._written)

    def _send(self, protocol: BinanceClientProtocol, frame: Frame, now: float) -> None:
        match frame.kind:
            case Kind.PONG:
                protocol.sendPong(frame.payload)
            case Kind.PING:
                protocol.sendPing(frame.payload)
            case Kind.TEXT:
                protocol.sendMessage(frame.payload)
                if callable(frame.token):
                    frame.token(now)

    def _written(self) -> None:
        self._outbox.written(self._clock.seconds())

    def _end(self, failure: Failure) -> None:
        if self.is_over:
            return
        self._finish()
        self.connection.link_down(self, failure)

    def _finish(self) -> None:
        self.is_over = True
        self._posting.stop()
        self._writing.stop()
        self._session.continuity.note(self.last_message)
        self._session.ended(self)
