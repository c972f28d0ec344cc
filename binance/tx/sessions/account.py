"""The sessions of accounts: on the WebSocket API, or by listen key where the exchange has them.

The callback gets the plain event, `{"e": "executionReport", ..}`, as in the old library.  The
envelope, the replies and the messages about the link do not reach it.
`binance.sansio.account.userdata` and `.listenkey` decide which requests are sent.  Calls of the
REST client run in worker threads.

https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from twisted.internet.defer import Deferred

from binance.exceptions import BinanceAPIException, redact
from binance.sansio.account import listenkey, userdata, wsapi
from binance.sansio.account.keyed import OLD_SPOT, KeyedAccount
from binance.sansio.feed.continuity import Continuity
from binance.sansio.link import rotation
from binance.sansio.link.reconnect import Failure
from binance.sansio.link.subscriptions import is_server_shutdown
from binance.sansio.names.times import milliseconds
from binance.tx.dispatch import is_control
from binance.tx.link import Link, Session
from binance.tx.socket import Socket, describe
from binance.tx.wire.dial import DialError
from binance.tx.wire.protocol import BinanceClientProtocol

if TYPE_CHECKING:
    from binance.tx.sessions.reconciling import Reconciler


logger = logging.getLogger("binance")


class UserSession(Session):
    """The common part of the sessions of accounts; a silent account is normal."""

    #: seconds for which a link may be deaf before that is noticed, besides the checks of the link
    overlap = 0.0

    def __init__(self, socket: Socket) -> None:
        self.continuity = Continuity(account=True)
        self._socket = socket
        #: fetches the events that were missed; None unless the user wants that
        self.reconciler: Reconciler | None = None
        self._read_until = 0.0  # what had arrived by then has been read

    def sink(self, link: Link) -> Callable[[object], None]:
        def sink(message: object) -> None:
            if not self.divert(link, message):
                self.deliver(message)

        return sink

    def divert(self, link: Link, message: Any) -> bool:
        if not isinstance(message, dict):
            self._socket.malformed(orjson.dumps(message))
            return True
        if is_server_shutdown(message):
            link.connection.shutdown_announced(link)
        elif not is_control(message):
            return False
        link.controls += 1
        return True

    def deliver(self, message: Any) -> None:
        """Deliver the plain event to the callback."""
        self._deliver(message.get("event", message))

    def _deliver(self, event: Any) -> None:
        if self.reconciler is None:
            self._socket.dispatch.deliver(event)
        else:
            self.reconciler.deliver(event)

    def _ready(self, link: Link) -> None:
        """The link carries the events from now on."""
        is_new = link is link.connection.link  # else it takes over without a gap
        if is_new and self.reconciler is not None:
            self.reconciler.opened()
        link.ready()

    def _missed(self) -> None:
        """Events were missed, although a link was up."""
        if not self.continuity.look_up():
            self._socket.gap(self._socket.key, None, None)

    def watch(self, link: Link, now: float) -> None:
        if self.reconciler is not None and link is link.connection.link:
            # The clock proves no life, nor does an old octet that was read late.
            is_alive = link.is_open and link.heard > self._read_until
            self.reconciler.watch(self._read_until if is_alive and self._is_whole(link) else 0.0)
            self._read_until = link.connection.surely_read_until

    def _is_whole(self, link: Link) -> bool:
        return True

    def ended(self, link: Link) -> None:
        """The link has ended."""
        connection = link.connection
        is_last = link is connection.link and not connection.rotation.may_take_over
        if self.reconciler is not None and is_last:
            self.reconciler.lost()

    def _in_thread(
        self,
        call: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Failure], None],
    ) -> None:
        """Run a call of the REST client in a worker thread."""
        calling = self._socket.dependencies.in_thread(call)
        calling.addCallbacks(done, lambda why: failed(_call_failure(why.value)))


class AccountSession(UserSession):
    """A subscription on the WebSocket API.

    :param fetch_token: for margin accounts: a blocking function that returns `{"token",
        "expirationTime"}`; it runs in a worker thread.
    :param renew: for spot accounts: lets the account sign with what its client has now.
    """

    def __init__(
        self,
        socket: Socket,
        urls: Sequence[str],
        account: userdata.Account,
        fetch_token: Callable[[], Mapping[str, Any]] | None = None,
        renew: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(socket)
        self.urls = [f"{url}?{wsapi.QUIET}" for url in urls]
        self._account = account
        self._fetch_token = fetch_token
        self._renew = renew
        self._data: dict[Link, userdata.UserData] = {}

    # from the connection

    def begin(self, link: Link) -> None:
        try:
            self._renew()
        except ValueError as error:  # the user has taken the key away
            link.fail(Failure(str(error), refused=True))
            return
        self._data[link] = data = userdata.UserData(self._account)
        self._do(link, data.opened(self._socket.now()))

    def watch(self, link: Link, now: float) -> None:
        if link in self._data:
            self._do(link, self._data[link].check(now))
        super().watch(link, now)

    def _is_whole(self, link: Link) -> bool:
        data = self._data.get(link)
        return data is not None and data.subscription is not None

    def ended(self, link: Link) -> None:
        self._data.pop(link, None)
        super().ended(link)

    def divert(self, link: Link, message: object) -> bool:
        data = self._data.get(link)
        event = wsapi.parse(message)
        if isinstance(event, wsapi.Event) and event.kind not in wsapi.CONTROL_EVENTS:
            if data is not None and data.admits(event):
                return False
            self._socket.foreign(f"ignored an event of another subscription, {event.subscription}")
        elif data is None or event is None:
            self._socket.foreign("ignored a message that is neither a reply nor an event")
        elif isinstance(event, wsapi.Reply):
            self._do(link, data.reply(event, self._socket.now()))
        elif event.kind == wsapi.SERVER_SHUTDOWN:
            link.connection.shutdown_announced(link)
        else:
            self._do(link, data.terminated(event, self._socket.now()))
        link.controls += 1
        return True

    # inside

    def _do(self, link: Link, commands: Iterable[userdata.Command]) -> None:
        for command in commands:
            match command:
                case userdata.Send(request):
                    link.send(request.text.encode())
                case userdata.Step.FETCH_TOKEN:
                    self._fetch(link)
                case userdata.Step.READY:
                    self._ready(link)
                case userdata.Step.MISSED:
                    self._missed()
                case Failure():
                    link.fail(command)

    def _fetch(self, link: Link) -> None:
        assert self._fetch_token is not None  # margin accounts have this function
        self._in_thread(
            self._fetch_token,
            lambda answer: self._fetched(answer, link),
            lambda failure: self._not_fetched(failure, link),
        )

    def _fetched(self, answer: Mapping[str, Any], link: Link) -> None:
        if link not in self._data:
            return
        try:
            token, ends = _text_of(answer, "token"), float(answer["expirationTime"])
        except (KeyError, TypeError, ValueError):
            error = wsapi.ApiError(200, 0, "the exchange's answer contains no listen token")
            self._do(link, self._data[link].no_token(error, self._socket.now()))
        else:
            commands = self._data[link].token(token, milliseconds(ends), self._socket.now())
            self._do(link, commands)

    def _not_fetched(self, failure: Failure, link: Link) -> None:
        if link in self._data:
            numbers = failure.http_status or 0, failure.code or 0
            error = wsapi.ApiError(*numbers, failure.reason, failure.retry_after)
            self._do(link, self._data[link].no_token(error, self._socket.now()))


class KeyedSession(UserSession):
    """A link whose URL contains a listen key of the user, which user code keeps alive.

    :param path: the end of the URL, with the key.
    """

    def __init__(self, socket: Socket, bases: Sequence[str], path: str, market: str) -> None:
        super().__init__(socket)
        self.market = market
        self.urls = [base + path for base in bases]

    def deliver(self, message: Any) -> None:
        self._socket.dispatch.deliver(message)


class ListenKeySession(UserSession):
    """A link whose URL contains a listen key, which the REST client keeps alive.

    :param make: a blocking function that returns the key.
    :param keep: a blocking function that keeps a key alive.
    :param note_key: called with each key that a dial uses.
    """

    def __init__(
        self,
        socket: Socket,
        bases: Sequence[str],
        make: Callable[[], Any],
        keep: Callable[[str], Any],
        interval: float,
        note_key: Callable[[str], object] = lambda key: None,
        account: KeyedAccount = OLD_SPOT,
    ) -> None:
        super().__init__(socket)
        self.market = account.market
        self._account = account
        self._bases = bases
        self._make = make
        self._keep = keep
        self._key = listenkey.ListenKey(interval)
        self.overlap = interval  # only the next keepalive shows that a key has ended
        #: links that wait for a key: (link, number of its address, Deferred of the URL)
        self._waiting: list[tuple[Link, int, Deferred[Any]]] = []
        self._dialled: listenkey.Dialled[Link] = listenkey.Dialled(self._key)
        self.note_key = note_key

    # from the connection

    @property
    def is_deaf(self) -> bool:
        dialled = self._dialled
        return all(dialled.is_deaf(link) for link in dialled.links if link.is_open)

    def _is_whole(self, link: Link) -> bool:
        return self._key.is_sure and not self._dialled.is_deaf(link)

    def dial(self, link: Link, address: int) -> Deferred[BinanceClientProtocol]:
        def cancel(_: object) -> None:
            self._waiting = [one for one in self._waiting if one[0] is not link]

        dialling: Deferred[Any] = Deferred(cancel)
        dialling.addCallback(link.connect)  # chained: to cancel it cancels the real dial
        self._waiting.append((link, address, dialling))
        self._do(self._key.wanted(self._socket.now()))
        return dialling

    def begin(self, link: Link) -> None:
        if self._account.subscribes and (key := self._dialled.key_of(link)):
            link.send(orjson.dumps({"method": "SUBSCRIBE", "params": [key], "id": 1}))
        self._ready(link)
        if self._dialled.missed(link):
            self._missed()

    def watch(self, link: Link, now: float) -> None:
        self._do(self._key.check(self._socket.now()))  # also while nothing is read
        self._replace_if_stale(link)
        super().watch(link, now)

    def ended(self, link: Link) -> None:
        """Forget the link; the key stays."""
        self._dialled.ended(link)
        super().ended(link)

    def divert(self, link: Link, message: Any) -> bool:
        if super().divert(link, message):
            return True
        if _event_of(message).get("e") != listenkey.EXPIRED:
            return False
        if self._dialled.expired(link):
            self._do(self._key.ended(self._socket.now()))
        link.controls += 1
        return True

    def deliver(self, message: Any) -> None:
        self._deliver(_event_of(message))

    # inside

    def _do(self, commands: Iterable[listenkey.Command]) -> None:
        for command in commands:
            match command:
                case listenkey.Make():
                    self._make_key()
                case listenkey.Keep(key):
                    self._keep_alive(key)
                case listenkey.Use(key):
                    self._use(key)
                case listenkey.Deaf(failure):
                    words = "%s gets no events: its listen key has ended, no new one is made: %s"
                    logger.warning(words, self._socket.shown, describe(failure))
                case Failure():
                    self._fail(command)

    def _make_key(self) -> None:
        self._in_thread(
            lambda: _text_of(self._make(), "listenKey"),
            lambda key: self._do(self._key.made(key, self._socket.now())),
            lambda failure: self._do(self._key.not_made(failure, self._socket.now())),
        )

    def _keep_alive(self, key: str) -> None:
        self._in_thread(
            lambda: self._keep(key),
            lambda _: self._do(self._key.kept(key, self._socket.now())),
            lambda failure: self._do(self._key.not_kept(key, failure, self._socket.now())),
        )

    def _use(self, key: str) -> None:
        """Dial the links that wait for a key; replace those that use another key."""
        self.note_key(key)
        self._dialled.new_key(lambda link: link.is_open)
        waiting, self._waiting = self._waiting, []
        for link, address, dialling in waiting:
            self._dialled.begun(link)
            path = self._account.path.format(key=key)
            dialling.callback(self._bases[address % len(self._bases)] + path)
        for link in self._dialled.links:
            self._replace_if_stale(link)

    def _replace_if_stale(self, link: Link) -> None:
        connection = link.connection
        can_be = link is connection.link and connection.rotation.is_idle
        if self._dialled.replaces(link, can_be):
            connection.rotate(rotation.Input.DEAD)

    def _fail(self, failure: Failure) -> None:
        waiting, self._waiting = self._waiting, []
        if not failure.refused:
            for _, _, dialling in waiting:
                status, wait = failure.http_status, failure.retry_after
                dialling.errback(DialError(failure.reason, status, retry_after=wait))
            return
        for link in [*(link for link, _, _ in waiting), *self._dialled.links]:
            link.fail(failure)


def _event_of(message: dict[str, Any]) -> dict[str, Any]:
    """The event of a message, which may be in an envelope: its `stream` is the listen key."""
    event = message.get("data") if "stream" in message else None
    return event if isinstance(event, dict) else message


class NoText(TypeError):
    """A client's answer contains no key or token."""


def _text_of(answer: Any, name: str) -> str:
    """The key or token of a client's answer: the bare text, or the exchange's JSON object.

    :raises NoText: there is none.
    """
    text = answer.get(name) if isinstance(answer, Mapping) else answer
    if not isinstance(text, str) or not text:
        raise NoText(f"the answer of the client contains no {name}")
    return text


def _call_failure(error: BaseException) -> Failure:
    """Why a REST call failed, as text without secrets: errors of `requests` contain the URL."""
    if isinstance(error, BinanceAPIException):
        code, status = error.code or None, error.status_code or None
        return Failure(redact(error.message), code, status, error.retry_after)
    if isinstance(error, NoText):
        return Failure(str(error))
    return Failure(f"the REST call failed: {type(error).__name__}")
