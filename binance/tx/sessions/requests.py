"""Requests over the WebSocket API: one link for each client and market, opened when it is needed.

`binance.sansio.account.wsrequests` decides what becomes of each request. The link reconnects, is
checked and is replaced like those of sockets. It is closed when nothing was requested for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from twisted.internet.defer import Deferred, DeferredSemaphore

from binance import events
from binance.exceptions import redact
from binance.sansio.account import rest_outcome, wsapi, wsrequests
from binance.sansio.account.signing import Signer
from binance.sansio.account.wsrequests import Ledger, Pending, Question
from binance.sansio.names.times import milliseconds
from binance.sansio.wire.bans import LIMITED
from binance.tx.connection import LATE_SECONDS
from binance.tx.dependencies import DelayedCall, Dependencies
from binance.tx.link import Link
from binance.tx.loop import lifetime, reactor
from binance.tx.performer import Performer
from binance.tx.sessions.account import UserSession
from binance.tx.socket import Options, Socket
from binance.tx.wire.dial import dial
from binance.tx.wire.protocol import BinanceClientProtocol

#: Seconds without a request after which the link is closed.
IDLE_SECONDS = 300.0
#: Seconds between two checks of the deadlines, while requests are open.
CHECK_SECONDS = 0.25
#: Queries by REST at the same time: the threads for them also resolve names.
MOST_QUERIES = 4


@dataclass(frozen=True, slots=True)
class Caller:
    """The client, as its requests need it."""

    market: str
    urls: Sequence[str]
    ca_file: str | None
    proxy: str | None = field(repr=False)
    recv_window: Callable[[], int | None]
    signer: Callable[[], Signer]
    #: whether the exchange's time is known, and that time in ms
    knows_clock: Callable[[], bool]
    now_ms: Callable[[], int]
    #: learns from the status, a ban in seconds, and the limits of an answer
    note: Callable[[int, float | None, dict[str, str]], None]
    #: measures the exchange's clock; blocks
    measure: Callable[[], None]
    #: asks by REST: the answer, and why there is none; blocks
    ask: Callable[[Question], tuple[Any, str]]


class Requests(lifetime.OpenSockets):
    """All requests of one client on one market."""

    daemon = True  # the process does not wait for it

    def __init__(self, caller: Caller) -> None:
        super().__init__(self, None)
        self._caller = caller
        self._ledger: Ledger[Link] = Ledger()
        self._performer = Performer(self._perform)
        self._socket: Socket | None = None
        self._used = 0.0
        self._queries = DeferredSemaphore(MOST_QUERIES)
        #: links that were asked to log on, and those that are logged on, with what has signed that
        self._asked_to_log_on: dict[Link, tuple[int, Signer]] = {}
        self._logged_on: dict[Link, Signer] = {}
        self._dependencies = Dependencies(
            reactor.clock(), self._dial, messages=lambda market, host: None
        )
        self._checking = DelayedCall(self._dependencies.clock)

    # from the client, any thread

    def submit(self, pending: Pending) -> None:
        """Send a request; its caller is a future, which gets the outcome."""
        reactor.ensure_running()
        self._dependencies.call(self._add, pending, self._now)

    def close(self) -> None:
        """Close the link; open requests end without an answer."""
        with reactor.ENDING:
            self._dependencies.call(self._close, "the client was closed")

    # from the socket

    def release(self, conn: object) -> None:
        if conn is self._socket:
            self._socket = None
            self._leave_if_unused()

    def report(self, event: events.Event) -> None:
        if isinstance(event, events.Disconnected):
            self._ledger.why_no_link = event.reason or self._ledger.why_no_link
        elif isinstance(event, events.GaveUp):
            self._do(self._ledger.gave_up(event.reason))

    # from the reactor

    def stop_all(self) -> Deferred[None]:
        self._close("the reactor was stopped")
        return super().stop_all()

    # from the session

    def opened(self, link: Link) -> None:
        self._do(self._ledger.opened(link, self._now))

    def lost(self, link: Link) -> None:
        self._asked_to_log_on.pop(link, None)
        self._logged_on.pop(link, None)
        self._do(self._ledger.lost(link, self._now))

    def awaited(self) -> list[str]:
        return self._ledger.awaited()

    def received(self, link: Link, reply: wsapi.Reply) -> bool:
        """Take an answer; False if nothing waits for it."""
        error = reply.error
        status, wait = (error.status, error.retry_after) if error else (200, None)
        if reply.limits or status in LIMITED:
            is_ban = error is not None and error.code == rest_outcome.TOO_MANY_REQUESTS
            self._caller.note(status, wait if is_ban else None, dict(reply.limits))
        if reply.id is None and error is not None and error.code in wsapi.REFUSED_KEYS:
            self._logged_on.clear()
            link.controls += 1
            return True
        asked = self._asked_to_log_on.get(link)
        if asked is not None and reply.id == asked[0]:
            if error is None:
                self._logged_on[link] = asked[1]
            link.controls += 1  # a log-on alone proves nothing
            return True
        commands = self._ledger.reply(reply, self._now, self._dependencies.chance())
        if commands is not None:
            self._do(commands)
        return commands is not None

    def close_if_idle(self, now: float) -> None:
        if not len(self._ledger) and now - self._used > IDLE_SECONDS:
            self._close("")

    # inside

    @property
    def _now(self) -> float:
        return self._dependencies.clock.seconds()

    def _dial(self, url: str, factory: Any) -> Any:
        caller = self._caller
        return dial(
            self._dependencies.clock, url, factory, ca_file=caller.ca_file, proxy=caller.proxy
        )

    def _add(self, pending: Pending, since: float) -> None:
        if not pending.caller.set_running_or_notify_cancel():
            return
        self._used = now = self._now
        is_unknown = pending.is_signed and not self._caller.knows_clock()
        self._do(self._ledger.add(pending, now, now - since, is_unknown))
        if self._socket is None and not pending.caller.done():
            make = partial(RequestSession, requests=self, caller=self._caller)
            key = f"ws-api:{self._caller.market}"
            self._socket = socket = Socket(
                self, key, lambda message: None, self._dependencies, Options(), lambda s: [make(s)]
            )
            self.enter()
            self.add(socket)
            socket.start()
        if not self._checking.is_running:
            self._plan_check()

    def _close(self, reason: str) -> None:
        socket, self._socket = self._socket, None
        self._do(self._ledger.close(reason))
        self._ledger.links.clear()
        if socket is not None:
            socket.stop()
        self._leave_if_unused()

    def _leave_if_unused(self) -> None:
        """Without a link and open requests the client may be freed, but not before."""
        if self._socket is None and not len(self._ledger):
            self.leave()

    def _plan_check(self) -> None:
        if len(self._ledger):
            self._checking.start(CHECK_SECONDS, self._check_deadlines, self._now)
        else:
            self._leave_if_unused()

    def _check_deadlines(self, last: float) -> None:
        now = self._now
        is_late = now - last > CHECK_SECONDS + LATE_SECONDS
        self._do(self._ledger.check(now, last if is_late else now))
        self._plan_check()

    def _do(self, commands: Iterable[wsrequests.Command]) -> None:
        self._performer.add(commands)

    def _perform(self, command: wsrequests.Command) -> None:
        match command:
            case wsrequests.Send():
                self._send(command)
            case wsrequests.Measure(pending):
                measuring = self._dependencies.in_thread(self._caller.measure)
                measuring.addCallbacks(
                    lambda _: self._do(self._ledger.measured(pending, self._now)),
                    lambda why: self._do(self._ledger.refused(pending, why.value, self._now)),
                )
            case wsrequests.AskByRest(pending, question):
                asking = self._queries.run(
                    self._dependencies.in_thread, partial(self._caller.ask, question)
                )
                asking.addCallbacks(
                    lambda answer: self._answered(pending, *answer),
                    lambda why: self._answered(pending, None, type(why.value).__name__),
                )
            case wsrequests.LogOn():
                self._asked_to_log_on.clear()
                self._logged_on.clear()
            case wsrequests.Finish(pending, result, None):
                pending.caller.set_result(result)
            case wsrequests.Finish(pending, _, error):
                pending.caller.set_exception(error)

    def _answered(self, pending: Pending, answer: Any, why: str) -> None:
        self._do(self._ledger.answered(pending, answer, redact(why), self._now))

    def _send(self, command: wsrequests.Send) -> None:
        pending = command.pending
        if pending.state is wsrequests.State.OVER:  # ended by what was performed before it
            return
        link = self._ledger.links[-1]
        try:
            request = self._request(command, link)
        except Exception as error:  # noqa: BLE001 - raised by a key or a parameter
            self._do(self._ledger.refused(pending, error, self._now, command.id))
            return
        if _write(link, request):
            self._ledger.sent(pending, link)
        else:
            self._do(self._ledger.not_sent(pending, command.id, self._now))

    def _request(self, command: wsrequests.Send, link: Link) -> wsapi.Request:
        pending, params, caller = command.pending, command.params, self._caller
        if not pending.is_signed:
            return wsapi.unsigned(command.id, command.method, params)
        signer = caller.signer()
        given = params.get("timestamp")
        stamp = given if isinstance(given, int) else caller.now_ms()
        by_default = caller.recv_window()
        window = None if "recvWindow" in params else by_default
        if command.id == pending.id:
            pending.stamp = int(milliseconds(stamp))
        pending.is_bare = self._logged_on.get(link) is signer and not pending.must_sign
        if pending.is_bare:
            return wsapi.unsigned(command.id, command.method, params, stamp, window)
        if signer.kind == "Ed25519" and link not in self._asked_to_log_on:
            logon = wsapi.logon(self._ledger.new_id(), signer, caller.now_ms(), by_default)
            self._asked_to_log_on[link] = logon.id, signer
            _write(link, logon)
        return wsapi.signed(command.id, command.method, params, signer, stamp, window)


class RequestSession(UserSession):
    """The messages of one market's links."""

    def __init__(self, socket: Socket, requests: Requests, caller: Caller) -> None:
        super().__init__(socket)
        self.market = caller.market
        self.continuity.awaited = requests.awaited
        self.continuity.look_up = lambda: True  # what is lost with a link is asked for one by one
        self._urls = caller.urls
        self._requests = requests

    def dial(self, link: Link, address: int) -> Deferred[BinanceClientProtocol]:
        return link.connect(self._urls[address % len(self._urls)])

    def begin(self, link: Link) -> None:
        link.ready()
        self._requests.opened(link)

    def watch(self, link: Link, now: float) -> None:
        self._requests.close_if_idle(now)

    def ended(self, link: Link) -> None:
        self._requests.lost(link)

    def divert(self, link: Link, message: object) -> bool:
        event = wsapi.parse(message)
        if isinstance(event, wsapi.Event):
            if event.kind == wsapi.SERVER_SHUTDOWN:
                link.connection.shutdown_announced(link)
        elif event is not None and self._requests.received(link, event):
            return True  # the data of such a link: it proves it
        else:
            self._socket.foreign("ignored a message that is no answer to an open request")
        link.controls += 1
        return True


def _write(link: Link, request: wsapi.Request) -> bool:
    """Send it; returns False if it was not written, because the link is closing."""
    sent: list[float] = []
    link.send(request.text.encode(), sent.append)
    return bool(sent)
