"""What is said on the links of market streams: which they carry, live changes, and the audit."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

import orjson
from twisted.internet.defer import Deferred

from binance.sansio.continuity import Continuity
from binance.sansio.cursors import Track
from binance.sansio.endpoints import prefix
from binance.sansio.reconnect import Failure
from binance.sansio.shards import Shard, Shards
from binance.sansio.streams import encoded
from binance.sansio.subscriptions import (
    Acknowledged,
    Command,
    Complete,
    Conversation,
    Missing,
    Refused,
    Send,
    Unanswered,
    is_server_shutdown,
)
from binance.tx.dispatch import is_control
from binance.tx.link import Link
from binance.tx.protocol import BinanceClientProtocol

if TYPE_CHECKING:
    from binance.tx.connection import Connection
    from binance.tx.socket import Socket

__all__ = ["Multiplex", "RawSession"]

logger = logging.getLogger("binance")


class MarketSession:
    """What raw and combined links have in common: the way of a message to the callback."""

    connection: Connection
    category = ""

    def __init__(self, socket: Socket, stream: str | None, market: str) -> None:
        self.market = market
        self.continuity = Continuity(stream, market)
        self._socket = socket

    # from the connection

    def sink(self, link: Link) -> Callable[[object], None]:
        connection = link.connection
        return self._socket.dispatch.sink(
            lambda message: self.control(link, message),
            self._admit(),
            self.continuity.holes,
            connection.tell_holes,
            self._deliver(),
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

    def hand_over(self, message: object) -> None:
        self._deliver()(message)

    # from the sink

    def control(self, link: Link, message: dict[str, object]) -> None:
        """A message that is not for the callback."""
        self._socket.messages -= 1  # it is counted with the others of its read
        if is_server_shutdown(message):
            link.connection.shutdown_announced(link)
        else:
            self.replied(link, message)

    def replied(self, link: Link, message: dict[str, object]) -> None:
        """An answer to what was said."""
        raise NotImplementedError

    # inside

    def _malformed(self, message: object) -> None:
        self._socket.malformed(orjson.dumps(message))

    def _admit(self) -> Callable[[object], bool] | None:
        return self.continuity.admit

    def _deliver(self) -> Callable[[object], None]:
        return self._socket.dispatch.deliver


class RawSession(MarketSession):
    """One stream, named in the URL; nothing is said."""

    def __init__(self, socket: Socket, bases: Sequence[str], path: str, name: str) -> None:
        super().__init__(socket, name, "spot")
        self.urls = [f"{base}{encoded(path)}" for base in bases]
        self._name = name

    # from the connection

    @property
    def names(self) -> Iterable[str]:
        return (self._name,)

    def dial(self, link: Link, address: int) -> Deferred[BinanceClientProtocol]:
        return link.connect(self.urls[address % len(self.urls)])

    def begin(self, link: Link) -> None:
        link.ready()

    def stream_of(self, message: object) -> str:
        return self._name

    def watch(self, link: Link, now: float) -> None:
        """No answer is ever waited for."""

    def ended(self, link: Link) -> None:
        """Nothing of a link is kept here."""

    def sink(self, link: Link) -> Callable[[object], None]:
        track = self.continuity.track(self._name)
        return self._socket.dispatch.shortened(track, super().sink(link))

    # from the sink

    def replied(self, link: Link, message: dict[str, object]) -> None:
        logger.debug("%s: unasked reply: %r", self._socket.key, message)

    def _admit(self) -> Callable[[object], bool] | None:
        track = self.continuity.track(self._name)
        return None if type(track) is Track else track.admit  # its events have no ids


class MultiplexSession(MarketSession):
    """The streams of one connection of a multiplex key."""

    def __init__(self, multiplex: Multiplex, shard: Shard) -> None:
        super().__init__(multiplex.socket, None, multiplex.market)
        self.shard = shard
        self.category = shard.category
        self._multiplex = multiplex
        self._conversations: dict[Link, Conversation] = {}
        #: what is to be said on links that are not open yet
        self._stash: dict[Link, list[Command]] = {}

    # from the connection

    @property
    def names(self) -> Iterable[str]:
        return self.shard.names if self._multiplex.tells_silence else ()

    def dial(self, link: Link, address: int) -> Deferred[BinanceClientProtocol]:
        conversation = Conversation(self.shard.names, self._multiplex.ids)
        self._conversations[link] = conversation
        self._stash[link] = []
        return link.connect(self._multiplex.base(self.category, address) + conversation.path)

    def begin(self, link: Link) -> None:
        self._do(link, self._conversations[link].opened())
        self._do(link, self._stash.pop(link, ()))

    def stream_of(self, message: object) -> str:
        return str(message.get("stream", "")) if isinstance(message, dict) else ""

    def watch(self, link: Link, now: float) -> None:
        conversation = self._conversations[link]
        due = conversation.due
        if due is not None and now >= due:
            self._do(link, conversation.overdue(now))

    def ended(self, link: Link) -> None:
        self._conversations.pop(link, None)
        self._stash.pop(link, None)

    # from the sink

    def replied(self, link: Link, message: dict[str, object]) -> None:
        if link in self._conversations:
            self._do(link, self._conversations[link].reply(message))

    # from the multiplex

    def subscribe(self, names: Iterable[str]) -> bool:
        """Ask for these on every link that there is; False if there is none."""
        return self._change("subscribe", names)

    def unsubscribe(self, names: Iterable[str]) -> bool:
        """Tell every link that these are not wanted; False if there is none."""
        self.continuity.forget(names)
        link_names = list(names)
        for connection in {link.connection for link in self._conversations}:
            connection.first_messages.unsubscribed(link_names)
        return self._change("unsubscribe", link_names)

    def _change(self, method: str, names: Iterable[str]) -> bool:
        for link, conversation in list(self._conversations.items()):
            commands = getattr(conversation, method)(names)
            if link in self._stash:
                self._stash[link] += commands
            else:
                self._do(link, commands)
        return bool(self._conversations)

    # inside

    def _deliver(self) -> Callable[[object], None]:
        return self._multiplex.deliver

    def _do(self, link: Link, commands: Iterable[Command]) -> None:
        for command in commands:
            match command:
                case Send():
                    self._send(link, command)
                case Complete():
                    link.ready()
                    self._multiplex.acknowledged(self._conversations[link].acknowledged)
                case Acknowledged(method, names):
                    if method == "SUBSCRIBE" and self._multiplex.tells_silence:
                        link.connection.expect(names)
                    self._multiplex.acknowledged(names)
                case Refused(method, names, code, reason):
                    self._multiplex.refused(method, names, code, reason)
                case Missing(names):
                    self._multiplex.missing(names)
                case Unanswered(method, names):
                    link.fail(Failure(f"no answer to {method} of {len(names)} stream(s)"))

    def _send(self, link: Link, request: Send) -> None:
        def sent(now: float) -> None:
            if link in self._conversations:
                self._conversations[link].sent(request, now)

        link.send(request.text.encode(), sent)


class Multiplex:
    """The streams of a multiplex key, laid out over as many connections as they need."""

    #: whether streams that never spoke are told of
    tells_silence = True

    def __init__(
        self,
        socket: Socket,
        bases: Sequence[str],
        names: Iterable[str],
        market: str = "spot",
        limit: int | None = None,
    ) -> None:
        self.socket = socket
        self.market = market
        self.ids = itertools.count(1)
        self._bases = bases
        self._shards = Shards(names, market, limit)
        self._sessions = {shard: MultiplexSession(self, shard) for shard in self._shards.shards}
        #: changes that await the exchange's word: (names, what to answer)
        self._changes: list[tuple[set[str], Future[list[str]], list[str]]] = []

    @property
    def sessions(self) -> list[MultiplexSession]:
        return list(self._sessions.values())

    def base(self, category: str, address: int) -> str:
        """What stands before `stream?..` in the URL."""
        path = prefix(self.market, combined=True, category=category).removesuffix("stream?")
        return self._bases[address % len(self._bases)] + path

    # from the socket, reactor thread

    def start(self) -> None:
        """The socket's connections are started."""

    def stop(self) -> None:
        """The socket is stopped, or has been given up."""

    def subscribe(self, names: list[str], answer: Future[list[str]]) -> None:
        """Want these streams too."""
        change = self._shards.add(names)
        asked: list[str] = []
        for shard, added in change.added:
            if self._sessions[shard].subscribe(added):
                asked += added
        for shard in change.opened:
            session = self._sessions[shard] = MultiplexSession(self, shard)
            self.socket.open(session)
        self._await(names, asked, answer)

    def unsubscribe(self, names: list[str], answer: Future[list[str]]) -> None:
        """Want these streams no longer."""
        change = self._shards.remove(names)
        asked: list[str] = []
        for shard, removed in change.removed:
            if self._sessions[shard].unsubscribe(removed):
                asked += removed
        for shard in change.closed:
            self.socket.drop(self._sessions.pop(shard))
        self._await(names, asked, answer)

    def ended(self) -> None:
        """The socket is closed: nothing more will be answered."""
        for _, answer, _ in self._changes:
            answer.cancel()
        self._changes.clear()

    # from the sessions

    @property
    def deliver(self) -> Callable[[object], None]:
        """What takes each message in the end."""
        return self.socket.dispatch.deliver

    def acknowledged(self, names: Iterable[str]) -> None:
        for waiting, answer, all_names in self._changes:
            waiting.difference_update(names)
            if not waiting:
                _resolve(answer, all_names)
        self._sweep()

    def refused(self, method: str, names: Sequence[str], code: int | None, reason: str) -> None:
        words = f"{method} of {', '.join(names)} was refused: {reason} (code {code})"
        logger.warning("%s: %s", self.socket.key, words)
        if method == "SUBSCRIBE":
            self._shards.remove(names)
        for waiting, answer, _ in self._changes:
            if waiting.intersection(names) and not answer.done():
                answer.set_exception(ValueError(words))
        self._sweep()

    def missing(self, names: Sequence[str]) -> None:
        for name in names:
            self.socket.silent(name, "the exchange acknowledged it but does not list it")

    # inside

    def _await(self, names: list[str], asked: list[str], answer: Future[list[str]]) -> None:
        """Answer when the exchange has acknowledged what it was asked; at once if nothing was.

        Where no link is up, the next one asks for what is wanted then, in its URL.
        """
        if asked:
            self._changes.append((set(asked), answer, names))
        else:
            _resolve(answer, names)

    def _sweep(self) -> None:
        self._changes = [change for change in self._changes if not change[1].done()]


def _resolve(answer: Future[list[str]], names: list[str]) -> None:
    if not answer.done():
        answer.set_result(names)
