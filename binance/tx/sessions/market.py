"""The sessions of market streams: subscriptions, live changes, and the audit."""

from __future__ import annotations

import itertools
import logging
import math
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

import orjson
from twisted.internet.defer import Deferred

from binance.sansio.feed.continuity import Continuity, Fill
from binance.sansio.feed.cursors import Track
from binance.sansio.link import subscriptions
from binance.sansio.link.ledger import Ledger, Method, Record
from binance.sansio.link.reconnect import Failure
from binance.sansio.link.shards import URL_OCTETS, Change, Shard, Shards
from binance.sansio.link.subscriptions import Conversation, Refused, Send, is_server_shutdown
from binance.sansio.names.endpoints import prefix
from binance.tx.dispatch import is_control
from binance.tx.link import Link, Session
from binance.tx.socket import Socket, cancel
from binance.tx.wire.protocol import BinanceClientProtocol

if TYPE_CHECKING:
    from binance.sansio.feed.redundancy import Redundancy

logger = logging.getLogger("binance")


class MarketSession(Session):
    """The common part of raw and combined links: how a message reaches the callback."""

    redundancy: Redundancy | None = None

    def __init__(self, socket: Socket, stream: str | None, market: str, query: str = "") -> None:
        self.market = market
        fill: Fill | None = None if socket.history is None else socket.history.fill(market, query)
        if socket.options.group is not None:
            fill = Track  # each member of a work queue gets some of the events
        self.continuity = Continuity(stream, market, fill=fill)
        if socket.options.redundancy > 1:
            from binance.sansio.feed.redundancy import Redundancy

            self.redundancy = Redundancy(self.continuity, is_control, orjson.loads, stream)
        self._socket = socket

    # from the connection

    def sink(self, link: Link) -> Callable[[object], None]:
        connection = link.connection
        return self._socket.dispatch.sink(
            lambda message: self.control(link, message),
            self._admit(),
            self.continuity.gaps,
            connection.report_gaps,
            self.deliverer(),
            self._malformed,
        )

    def divert(self, link: Link, message: object) -> bool:
        if not isinstance(message, (dict, list)):
            self._malformed(message)
            return True
        if not is_control(message):
            return False
        self.control(link, message)  # type: ignore[arg-type]
        return True

    def deliver(self, message: object) -> None:
        self.deliverer()(message)

    def deliverer(self) -> Callable[[object], None]:
        return self._socket.dispatch.deliver

    def ended(self, link: Link) -> None:
        if self.redundancy is not None:
            if self.redundancy.ended(link, link.heard):
                link.connection.report_unheard()
            self._socket.flush()

    # from the sink

    def control(self, link: Link, message: dict[str, object]) -> None:
        link.controls += 1
        if is_server_shutdown(message):
            link.connection.shutdown_announced(link)
        else:
            self.replied(link, message)

    def replied(self, link: Link, message: dict[str, object]) -> None:
        raise NotImplementedError

    # inside

    def _malformed(self, message: object) -> None:
        self._socket.malformed(orjson.dumps(message))

    def _admit(self) -> Callable[[object], bool] | None:
        return self.continuity.admit


class RawSession(MarketSession):
    """One stream, named in the URL; no request is sent.

    :param path: the encoded end of the URL, with the query.
    :param name: the name of the stream alone.
    """

    def __init__(self, socket: Socket, bases: Sequence[str], path: str, name: str) -> None:
        super().__init__(socket, name, "spot", path)
        self.urls = [base + path for base in bases]
        self._name = name
        socket.check_names([name], "spot")

    # from the connection

    @property
    def names(self) -> Collection[str]:
        return (self._name,)

    def stream_of(self, message: object) -> str:
        return self._name

    def sink(self, link: Link) -> Callable[[object], None]:
        track = self.continuity.track(self._name)
        return self._socket.dispatch.fast_sink(track, super().sink(link))

    # from the sink

    def replied(self, link: Link, message: dict[str, object]) -> None:
        logger.debug("%s: a reply without a request: %r", self._socket.shown, message)

    def _admit(self) -> Callable[[object], bool] | None:
        track = self.continuity.track(self._name)
        return None if type(track) is Track else track.admit  # no ids


class MultiplexSession(MarketSession):
    """The streams of one connection of a multiplex key."""

    def __init__(self, multiplex: Multiplex, shard: Shard) -> None:
        super().__init__(multiplex.socket, None, multiplex.market, multiplex.query)
        self.shard = shard
        self.category = shard.category
        self._multiplex = multiplex
        self._conversations: dict[Link, Conversation] = {}

    # from the connection

    @property
    def names(self) -> Collection[str] | None:
        return self.shard.names if self._multiplex.reports_silence else None

    def deliverer(self) -> Callable[[object], None]:
        return self._multiplex.deliver

    def dial(self, link: Link, address: int) -> Deferred[BinanceClientProtocol]:
        multiplex = self._multiplex
        # A relay's link reads the streams of its URL together: it knows where each one was.
        is_exchange = multiplex.socket.dependencies.connect is None
        octets = URL_OCTETS if is_exchange else math.inf
        conversation = Conversation(self.shard.names, multiplex.ids, multiplex.query, octets)
        self._conversations[link] = conversation
        return link.connect(multiplex.base(self.category, address) + conversation.path)

    def begin(self, link: Link) -> None:
        if link in self._conversations:
            self._do(link, self._conversations[link].opened())

    def stream_of(self, message: object) -> str:
        return str(message.get("stream", "")) if isinstance(message, dict) else ""

    def watch(self, link: Link, now: float) -> None:
        conversation = self._conversations[link]
        due = conversation.due
        if due is not None and now >= due:
            self._do(link, conversation.overdue(now))

    def ended(self, link: Link) -> None:
        super().ended(link)
        self._conversations.pop(link, None)
        self._multiplex.judge()

    # from the sink

    def replied(self, link: Link, message: dict[str, object]) -> None:
        if link in self._conversations:
            self._do(link, self._conversations[link].reply(message))

    # from the multiplex

    @property
    def conversations(self) -> Collection[Conversation]:
        """The conversations of all present links."""
        return self._conversations.values()

    def adjust(self, names: Iterable[str]) -> None:
        """Adjust every link: these streams were added or removed."""
        for link, conversation in list(self._conversations.items()):
            self._do(link, conversation.adjust(names))

    def wanted(self, names: Iterable[str]) -> None:
        """These streams are wanted from now on; earlier missing events are no gap."""
        self.continuity.forget(names)
        if self._socket.history is not None:
            self._socket.history.skip(names)

    def unwanted(self, names: Iterable[str]) -> None:
        """These streams are not wanted any more: deliver nothing of them, and expect nothing."""
        self.continuity.drop(names)
        for connection in self._socket.connections:  # also if its link is down
            if connection.session is self:
                connection.first_messages.unsubscribed(names)

    def dropped(self) -> None:
        """The connection is being closed: forget the links that are still being dialled."""
        for link, conversation in list(self._conversations.items()):
            if not conversation.is_open:
                del self._conversations[link]

    # inside

    def _do(self, link: Link, commands: Iterable[subscriptions.Command]) -> None:
        for command in commands:
            match command:
                case Send():
                    self._send(link, command)
                case subscriptions.Complete():
                    link.ready()
                case subscriptions.Acknowledged("SUBSCRIBE", names):
                    if self._multiplex.reports_silence:
                        link.connection.expect(names)
                case subscriptions.Acknowledged(_, names):
                    # All earlier events of these have been delivered.
                    self._forget([one for one in names if not self._may_still_bring(one)])
                case Refused():
                    self._multiplex.refused(command, self._conversations[link])
                case subscriptions.Missing(names):
                    self._multiplex.missing(names)
                case subscriptions.Unanswered(method, names):
                    link.fail(Failure(f"no answer to {method} of {len(names)} stream(s)", 1006))
        self._multiplex.judge()

    def _may_still_bring(self, name: str) -> bool:
        """Whether a link may still bring an unwanted stream."""
        conversations = self._conversations.values()
        is_merging = self.redundancy is None and len(conversations) > 1  # it may hold events
        is_over = not is_merging and all(
            one.outcome(0, name, False) is subscriptions.Outcome.DONE
            and not one.asked_since(0, name)
            for one in conversations
        )
        return name not in self.shard.names and not is_over

    def _forget(self, names: list[str]) -> None:
        self.continuity.forget(names)
        if self.redundancy is not None:
            self.redundancy.forget([one for one in names if one not in self.shard.names])

    def _send(self, link: Link, request: Send) -> None:
        def sent(now: float) -> None:
            if link in self._conversations:
                self._conversations[link].sent(request, now)

        link.send(request.text.encode(), sent)


class Multiplex:
    """The streams of a multiplex key, distributed over as many connections as they need.

    :param query: the rest of the query of every link's URL.
    """

    #: whether streams without a message are reported
    reports_silence = True

    def __init__(
        self,
        socket: Socket,
        bases: Sequence[str],
        names: Iterable[str],
        market: str = "spot",
        limit: int | None = None,
        query: str = "",
    ) -> None:
        self.socket = socket
        socket.multiplex = self
        self.market = market
        self.query = query
        self.ids = itertools.count(1)
        self._bases = bases
        self._shards = Shards(names, market, limit)
        socket.check_names(self._shards.names, market)
        self._sessions = {shard: MultiplexSession(self, shard) for shard in self._shards.shards}
        #: the sessions of closing connections
        self._closing: list[MultiplexSession] = []
        self._ledger: Ledger[Future[list[str]]] = Ledger(self.ids)
        self._is_over = False

    @property
    def sessions(self) -> list[MultiplexSession]:
        return list(self._sessions.values())

    def base(self, category: str, address: int) -> str:
        """The part of the URL before `stream?..`."""
        path = prefix(self.market, combined=True, category=category).removesuffix("stream?")
        return self._bases[address % len(self._bases)] + path

    # from the socket, reactor thread

    def start(self) -> None:
        """The socket's connections are started."""

    def stop(self) -> None:
        """The socket is stopped, or its retries have failed."""

    def change(self, method: Method, names: list[str], answer: Future[list[str]]) -> None:
        """Subscribe to these streams, or unsubscribe from them."""
        if self._is_over:
            cancel(answer)
            return
        self._ledger.enter(method, names, answer)  # before any request is sent for it
        is_wanted = method == "SUBSCRIBE"
        if is_wanted and self.reports_silence:
            self.socket.check_names(names, self.market)
        self._perform(self._shards.add(names) if is_wanted else self._shards.remove(names), names)
        self.judge()

    def ended(self) -> None:
        """The socket is closed: no more answers will come."""
        self._is_over = True
        for answer in self._ledger.close():
            cancel(answer)

    # from the sessions

    @property
    def deliver(self) -> Callable[[object], None]:
        """The function that gets each message after all checks."""
        return self.socket.dispatch.deliver

    def judge(self) -> None:
        """Answer the calls that are settled after a change."""
        self._closing = [session for session in self._closing if session.conversations]
        sessions = [*self._sessions.values(), *self._closing]
        conversations = [one for session in sessions for one in session.conversations]
        self._answer(self._ledger.judge(conversations, self._carriers))

    def refused(self, refused: Refused, conversation: Conversation) -> None:
        """The exchange refused a name: do not request it again."""
        names = refused.names
        words = (
            f"{refused.method} of {', '.join(names)} was refused: {refused.reason} "
            f"(code {refused.code})"
        )
        logger.warning("%s: %s", self.socket.shown, words)
        failed = self._ledger.refuse(refused, conversation, words)
        if refused.method == "SUBSCRIBE":
            final = [one for one in names if not conversation.asked_since(refused.id, one)]
            self._perform(self._shards.remove(final), final)
        self._answer(failed)

    def missing(self, names: Sequence[str]) -> None:
        for name in names:
            self.socket.silent(
                name, "the exchange acknowledged this subscription, but does not list it"
            )

    # inside

    def _perform(self, change: Change, names: Sequence[str]) -> None:
        """Make the links carry the wanted streams; open and close connections where needed."""
        for shard, added in change.added:
            self._sessions[shard].wanted(added)
        for shard, removed in change.removed:
            self._sessions[shard].unwanted(removed)
        closing = [self._sessions.pop(shard) for shard in change.closed]
        self._closing += closing
        opening = [MultiplexSession(self, shard) for shard in change.opened]
        for session in opening:
            session.wanted(session.shard.names)
        self._sessions.update({session.shard: session for session in opening})
        for session in self.sessions:
            session.adjust(names)
        for session in opening:
            self.socket.open(session)
        for session in closing:
            session.unwanted(names)  # a read may go on
            self.socket.drop(session)
            session.dropped()

    def _carriers(self, name: str) -> Collection[Conversation] | None:
        shard = self._shards.shard_of(name)
        return None if shard is None else self._sessions[shard].conversations

    def _answer(self, settled: Iterable[Record[Future[list[str]]]]) -> None:
        for one in settled:
            if one.is_superseded:
                cancel(one.waiter)
            elif one.waiter.set_running_or_notify_cancel():  # not cancelled by the caller
                if one.error:
                    one.waiter.set_exception(ValueError(one.error))
                else:
                    one.waiter.set_result(one.names)
