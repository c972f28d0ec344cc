"""The socket of a key: a callback and the connections that deliver to it.

`BinanceSocketManager._conns` contains `Socket` objects.  A socket turns the reports of its
connections into log lines, lifecycle events and statistics, and their messages into calls of the
callback.  Methods in the section "from any thread" are safe in any thread.  All others run in the
reactor thread.
"""

from __future__ import annotations

import itertools
import logging
import os
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypedDict

from binance import events
from binance.exceptions import redact
from binance.sansio.feed.gapless import Gapless
from binance.sansio.link.clock import Latencies, event_time
from binance.sansio.link.ledger import Method
from binance.sansio.link.reconnect import Failure, Retry, RetryPolicy
from binance.sansio.link.stats import SocketStats
from binance.sansio.names.streams import doubt, retired
from binance.sansio.wire.log_text import excerpt, shown
from binance.tx import dispatch as dispatching
from binance.tx.connection import Connection
from binance.tx.dependencies import ROTATE_AFTER, Dependencies
from binance.tx.link import Session
from binance.tx.loop import reactor
from binance.tx.loop.thread_check import reactor_thread_only
from binance.tx.past.checkpoint import Saving, watching
from binance.tx.repeated_log import RepeatedLog

if TYPE_CHECKING:  # imported with the first socket whose missing events are fetched
    from binance.tx.past.history import History

logger = logging.getLogger("binance")

#: The callback gets this after the last retry.  Scripts compare it, so it never changes.
ERROR_PAYLOAD = {"e": "error", "m": "Max reconnect retries reached"}
#: The last message of a callback whose owner called `when_stopped`.
STOPPED = {"e": "stopped"}
#: A shorter wait for the budget of connects is logged at DEBUG only; `on_event` gets each one.
LOGGED_DELAY_SECONDS = 1.0
#: The most names of streams in one line of the log.
LOGGED_NAMES = 3
_DOCTOR = "the command `binance-sockets doctor` finds out why"


class SocketOptions(TypedDict, total=False):
    """The options of a socket, which every `start_*` method takes by keyword.

    The manager has the same options, as the defaults for all of its sockets.
    `BinanceSocketManager` describes them.
    """

    dispatch: Literal["reactor", "thread"]
    queue_size: int
    overflow: Literal["drop_oldest", "latest", "block"]
    max_retries: int | None
    redundancy: Literal[1, 2]
    idle_timeout: float | None
    rotate_after: float | None
    gapless: bool | Gapless
    since: int | str | datetime | Mapping[str, int | str | datetime]
    checkpoint: str | os.PathLike[str] | None
    reconcile: bool | Collection[str]
    received: bool
    group: str | None


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a socket, checked: those of the user, or else those of the manager."""

    dispatch: str = "reactor"
    queue_size: int = 10_000
    overflow: str = "drop_oldest"
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    redundancy: int = 1
    idle_timeout: float | None = None
    rotate_after: float | None = ROTATE_AFTER
    received: bool = False
    #: the limits; True or False where the user gave that
    gapless: Any = None
    #: the path of a file
    checkpoint: Any = None
    #: for accounts: whether missed events are fetched, or the symbols to ask about as well
    reconcile: Any = False
    #: an id or a time, or a mapping from streams to that
    since: Any = None
    #: the name of a work queue
    group: str | None = None
    #: whether these three were given for this socket, and are no defaults of its manager
    is_gapless_asked: bool = False
    #: what the three come to
    history: History | None = None

    def __post_init__(self) -> None:
        if type(self.redundancy) is not int or self.redundancy not in (1, 2):
            allowed = "1, or 2 for two links that carry the same streams"
            raise ValueError(f"redundancy must be {allowed}, not {self.redundancy!r}")
        if type(self.received) is not bool:
            raise TypeError(f"received must be True or False, not {self.received!r}")
        if self.group is not None and not re.fullmatch(r"[\w-]{1,64}", str(self.group), re.ASCII):
            allowed = "a name of letters, digits, - and _"
            raise ValueError(f"group must be {allowed}, or None, not {self.group!r}")
        for name in ("idle_timeout", "rotate_after"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, (int, float)) or not value > 0):
                allowed = "a number of seconds above 0, or None"
                raise ValueError(f"{name} must be {allowed}, not {value!r}")

    def replaced(self, options: Mapping[str, Any]) -> Options:
        """With these `SocketOptions`."""
        if unknown := ", ".join(sorted(options.keys() - SocketOptions.__annotations__.keys())):
            allowed = ", ".join(SocketOptions.__annotations__)
            raise TypeError(f"no such option: {unknown}; allowed: {allowed}")
        own = dict(options)
        if "max_retries" in own:
            own["policy"] = replace(self.policy, max_retries=own.pop("max_retries"))
        return replace(self, **own)


class SocketOwner(Protocol):
    """The manager that a socket belongs to: see `OpenSockets`."""

    def release(self, socket: Socket) -> None: ...
    def gone(self, socket: Socket) -> None: ...
    def report(self, event: events.Event) -> None: ...
    def stop_reactor(self) -> None: ...


class Streams(Protocol):
    """The streams of a multiplex socket: see `Multiplex`.  Reactor thread."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def ended(self) -> None: ...
    def change(self, method: Method, names: list[str], answer: Future[list[str]]) -> None: ...


@reactor_thread_only(
    lambda socket: socket.dependencies.may_act(),
    *("holds", "open", "drop", "_start", "_stop", "_change", "_rotate", "_follow", "_restart_ids"),
    *("gave_up", "finished", "pause", "_resume"),
)
class Socket(dispatching.Owner):
    """A key with its callback, its statistics and its connections."""

    # What many sockets never set: with more than 30 attributes of its own, each needs 1.3 KB more.
    multiplex: Streams | None = None
    saving: Saving | None = None
    client: Any = None
    """The client whose account it is for."""
    book: Any = None
    """The manager of a depth cache that its messages are for."""
    at_end: Callable[[], None] | None = None
    """Delivers what is held, before the error dict."""
    is_paused = False
    is_stopping = False
    """Whether it was stopped, or its retries have failed."""
    reconnects = gaps = fetched = rotations = malformed_messages = foreign_messages = 0
    _has_ended = _is_gone = _reports_link = _notifies_stop = False
    _opened: threading.Event | None = None  # once somebody waits for it
    _when_stopped: Callable[[], None] | None = None
    #: what was warned of already, and is not warned of again
    _warnings: frozenset[str] = frozenset()
    #: the answers of changes that the reactor thread has not started yet
    _changes: frozenset[Future[list[str]]] = frozenset()

    def __init__(
        self,
        owner: SocketOwner,
        key: str,
        callback: Callable[[Any], object],
        dependencies: Dependencies,
        options: Options,
        sessions: Callable[[Socket], Sequence[Session]],
        takes_changes: bool = False,
    ) -> None:
        self.key = key
        self.owner = owner
        self.dependencies = dependencies
        self.options = options
        self.dispatch = dispatching.make(
            self, callback, options.dispatch, options.queue_size, options.overflow
        )
        self.history = options.history
        if self.history is not None and self.history.checkpoint is not None:
            self.saving = Saving(
                self.history.checkpoint,
                dependencies,
                self._inject,
                lambda why: self._logs["unsaved"].log(f"{self.shown}: {why}", self.now()),
            )
            self.dispatch.replace(watching(self.dispatch.callback))
        if options.received:
            self.dispatch.stamp()
        #: made in the reactor thread by `_make_connections`
        self.connections: list[Connection] = []
        self._sessions: Callable[[Socket], Sequence[Session]] | None = sessions
        self._takes_changes = takes_changes
        self.messages = self.octets = 0
        self.delivery_seconds = 0.0
        self.last_message: float | None = None
        self._latencies: Latencies | None = None  # until the first message is looked at
        self._logs: defaultdict[str, RepeatedLog] = defaultdict(RepeatedLog)
        self._running: set[Connection] = set()
        # Both locks are reentrant: a signal handler may stop the socket at any step.
        self._changing = threading.RLock()
        self._stopping = threading.RLock()

    # from its sessions

    def check_names(self, names: Iterable[str], market: str) -> None:
        """Log a warning about names for which the exchange will send nothing."""
        keeps_retired = self.dependencies.has_retired_streams
        doubts = (
            f"{name!r}: {cause}"
            for name in names
            if not (keeps_retired and retired(name, market)) and (cause := doubt(name, market))
        )
        if shown_doubts := list(itertools.islice(doubts, LOGGED_NAMES)):
            more = "; and more" if next(doubts, None) else ""
            text = "; ".join(shown_doubts)
            logger.warning("%s will get no messages of %s%s", self.shown, text, more)

    def holds(self, connection: Connection) -> None:
        self._running.add(connection)

    def open(self, session: Session) -> None:
        connections = self._connect(session)
        self._update_opened()
        for connection in connections:
            connection.start()

    def drop(self, session: Session) -> None:
        if session.redundancy is not None:
            self.messages -= sum(session.redundancy.late)  # `stats` does not see it any more
        for connection in [one for one in self.connections if one.session is session]:
            self.connections.remove(connection)
            connection.stop()
        self._update_opened()

    # from any thread

    def start(self) -> None:
        self.dependencies.call(self._start)

    def stop(self) -> None:
        """Close the socket.  The callback is not called again.

        After `when_stopped` it gets `STOPPED` as its last message.
        """
        with self._stopping:
            stopped, self._when_stopped = self._when_stopped, None
            if stopped is not None:
                callback = self.dispatch.callback
                self.dispatch.replace(lambda one: callback(one) if one is STOPPED else None)
            elif not self._notifies_stop:
                self.dispatch.mute()
        if stopped is not None:
            stopped()
            with reactor.ENDING:
                self.dependencies.call(self._inject, STOPPED)
        self._end_waits()
        with reactor.ENDING:
            self.dependencies.call(self._stop)

    #: old scripts call this on the objects in `_conns`, as on connectors
    disconnect = stop

    def wait_open(self, timeout: float | None) -> bool:
        """Wait until every connection is open; False after the timeout or the socket's end."""
        with self._changing:
            opened = self._opened = self._opened or threading.Event()
        self._update_opened()
        return reactor.wait(opened.wait, timeout) and not self._has_ended

    def replace_callback(self, callback: Callable[[Any], object], options: Options) -> bool:
        """Replace the callback; returns False if the new one needs a socket of another kind."""
        alike = dispatching.is_alike(self.dispatch, callback, options.dispatch)
        if self.is_stopping or options != replace(self.options, history=None) or not alike:
            return False
        self.dispatch.replace(callback)
        return not self.is_stopping  # the old callback may have got the error dict meanwhile

    def follow(self) -> None:
        """Report the link to the callback too: `{"e": "link", "event": Connected or Disconnected}`.

        For our own callbacks only.  The reports are in order with the messages; the first one comes
        at once if the link is open.
        """
        self.dependencies.call(self._follow)

    def _follow(self) -> None:
        self._reports_link = True
        if self.is_open:
            self._report_link(events.Connected(key=redact(self.key), when=self.dependencies.wall()))

    def when_stopped(self, stopped: Callable[[], None]) -> None:
        """Call `stopped` when the socket is stopped, in the thread that stops it.

        After that the callback gets `STOPPED`, like any other message.  If the socket was stopped
        before, `stopped` is called at once.
        """
        with self._stopping:
            is_late = self.dispatch.is_muted
            if not is_late:
                self._when_stopped, self._notifies_stop = stopped, True
        if is_late:
            stopped()

    def restart_ids(self) -> None:
        """The ids of the streams restarted: the next event of each is the first one."""
        self.dependencies.call(self._restart_ids)

    def _restart_ids(self) -> None:
        for connection in self.connections:
            connection.continuity.restart()

    def inject(self, message: object) -> None:
        self.dependencies.call(self._inject, message)

    def _inject(self, message: object) -> None:
        self.dispatch.deliver(message)
        self.dispatch.end_of_read()

    def change(self, method: Method, names: list[str]) -> Future[list[str]]:
        """Subscribe or unsubscribe; the future ends when the exchange acknowledges it."""
        if not self._takes_changes:
            what = "a work queue" if self.options.group is not None else "no multiplex socket"
            raise ValueError(f"{self.shown} is {what}: its streams cannot be changed")
        answer: Future[list[str]] = Future()
        with self._changing:
            self._changes |= {answer}
            self._update_opened()  # it may need a further connection: `wait_open` waits for it
        if self._has_ended:
            self._end_waits()
            return answer
        self.dependencies.call(self._change, method, names, answer)
        return answer

    def _change(self, method: Method, names: list[str], answer: Future[list[str]]) -> None:
        with self._changing:
            if answer not in self._changes:
                return  # the socket was stopped meanwhile
            self._changes -= {answer}
        self._make_connections()
        assert self.multiplex is not None  # it takes changes
        self.multiplex.change(method, names, answer)
        self._update_opened()

    def rotate(self) -> None:
        self.dependencies.call(self._rotate)

    def _rotate(self) -> None:
        for connection in self.connections:
            connection.rotate()

    @property
    def shown(self) -> str:
        """The key for log lines, without secrets."""
        return shown(self.key)

    @property
    def has_begun(self) -> bool:
        return self._sessions is None

    @property
    def is_open(self) -> bool:
        connections = self.connections
        return bool(connections) and all(one.is_open or one.is_backed for one in connections)

    def brought(self, stream: str) -> int | None:
        """The figure of `Continuity.brought`; None of a stream that is not wanted any more."""
        for one in list(self.connections):
            if stream in (one.session.names or ()):
                return one.continuity.brought(stream, self.messages)
        return None

    def stats(self) -> SocketStats:
        """The socket's figures, as `BinanceSocketManager.stats` returns them."""
        now, last = self.now(), self.last_message
        connections, offset = list(self.connections), self.dependencies.clock_offset()
        merged = {one for each in connections if (one := each.redundancy) is not None}
        redundancy = None
        if merged:
            from binance.sansio.feed.redundancy import statistics

            redundancy = statistics(merged)
        late, error = self._latencies, None if offset is None else offset.error
        return SocketStats(
            messages=self.messages - sum(sum(one.late) for one in merged),
            bytes=self.octets,
            reconnects=self.reconnects,
            connected=self.is_open and not any(one.session.is_deaf for one in connections),
            last_message_age=None if last is None else now - last,
            dropped=self.dispatch.dropped,
            callback_errors=self.dispatch.callback_errors,
            links=sum(one.is_open for one in connections),
            redundancy=redundancy,
            gaps=self.gaps,
            backfilled=self.fetched,
            latency=None if late is None else late.summary(now, error),
            rotations=self.rotations,
            queued=self.dispatch.queued,
            callback_seconds=self.delivery_seconds,
        )

    # from the manager

    def _start(self) -> None:
        if self.is_stopping:
            return
        self._make_connections()
        for connection in self.connections:
            connection.start()
        if self.multiplex is not None:
            self.multiplex.start()

    def _stop(self) -> None:
        if not self.is_stopping:
            self.is_stopping = True
            self._stop_connections()

    def _stop_connections(self) -> None:
        self._end_waits()
        if self.multiplex is not None:
            self.multiplex.stop()
            self.multiplex.ended()
        for connection in self.connections:
            connection.stop()
        self._check_end()

    # from the connections

    def opened(self) -> None:
        logger.debug("%s is open", self.shown)
        self._update_opened()
        self.report(events.Connected)

    def proved(self, downtime: float | None) -> None:
        for one in self.connections:
            one.machine.ever_proven = True
        if downtime is None:
            logger.info("%s is connected", self.shown)
        else:
            self.reconnects += 1
            logger.info("%s is connected again, after %.1f s", self.shown, downtime)
            self.report(events.Resumed, downtime=downtime)

    def lost(self, failure: Failure, outage: bool) -> None:
        self._update_opened()
        level = logging.INFO if outage else logging.DEBUG
        logger.log(level, "%s is down: %s", self.shown, describe(failure))
        why = {"reason": failure.reason, "http_status": failure.http_status}
        self.report(events.Disconnected, code=failure.code, **why)

    def retrying(self, retry: Retry) -> None:
        is_first = not self._has_worked and self._is_new("failure")
        is_demanded = retry.failure.retry_after is not None
        level = logging.WARNING if is_first or is_demanded else logging.DEBUG
        why = "as the exchange demands" if is_demanded else "because of"
        words = f"{why}: {describe(retry.failure)}{f'; {_DOCTOR}' if is_first else ''}"
        logger.log(
            level, "%s: retry %d in %.1f s, %s", self.shown, retry.attempt, retry.delay, words
        )
        self.report(events.Retrying, attempt=retry.attempt, delay=retry.delay)

    def delayed(self, seconds: float, reason: str) -> None:
        level = logging.INFO if seconds >= LOGGED_DELAY_SECONDS else logging.DEBUG
        logger.log(level, "%s connects in %.1f s: %s", self.shown, seconds, reason)
        self.report(events.Delayed, until=self.dependencies.wall() + seconds, reason=reason)

    def rotated(self) -> None:
        self.rotations += 1
        logger.debug("%s has switched to a new connection", self.shown)
        self.report(events.Rotated)

    def redundancy_changed(self, links: int, failure: Failure | None) -> None:
        """A link of two was lost or has come back, while the other one is open."""
        reason = None if failure is None else describe(failure)
        logger.info("%s has %d of 2 links%s", self.shown, links, f": {reason}" if reason else "")
        self.report(events.RedundancyChanged, links=links, reason=reason)

    def unheard(self) -> None:
        """Events may be missing that only the next one shows: a book needs a new snapshot."""
        for kind in (events.Disconnected, events.Connected):
            self._report_link(kind(key=redact(self.key), when=self.dependencies.wall()))

    def silent(self, stream: str, cause: str) -> None:
        names = dict.fromkeys((self.shown, stream))  # often the same
        logger.warning("%s is silent: %s", ": ".join(names), cause)
        self.report(events.Silent, stream=stream, cause=cause)

    def gap(self, stream: str, first: int | None, last: int | None, reason: str = "") -> None:
        self.gaps += 1
        ids = "unknown ids" if first is None else f"ids {first} to {last}"
        name = redact(stream)  # for an account it is the key
        words = f"events of {shown(name)} are missing: {ids}{reason and f' ({reason})'}"
        self._logs["gaps"].log(f"{self.shown}: {words}", self.now())
        self.report(events.Gap, stream=name, first=first, last=last, reason=reason)

    def backfilled(self, stream: str, first: int, last: int) -> None:
        logger.debug("%s: fetched %s from %d to %d", self.shown, stream, first, last)
        self.report(events.Backfilled, stream=stream, first=first, last=last)

    @property
    def room(self) -> int:
        return self.dispatch.room

    def gave_up(self, failure: Failure) -> None:
        """Free the key, then report: the callback may start the same stream again at once."""
        if self.is_stopping:
            return
        self.is_stopping = True
        self._has_ended = True
        self._update_opened()
        self.owner.release(self)
        hint = "" if self._has_worked else f"; {_DOCTOR}"
        logger.error("%s has failed and is given up: %s%s", self.shown, describe(failure), hint)
        for connection in self.connections:
            if connection.backfill is not None:
                connection.backfill.end()
        self.report(events.GaveUp, reason=failure.reason, code=failure.code or failure.http_status)
        if self.at_end is not None:
            self.at_end()
        self.dispatch.give_up(dict(ERROR_PAYLOAD), describe(failure))
        self._stop_connections()

    def finished(self, connection: Connection) -> None:
        self._running.discard(connection)
        if self.is_stopping:
            self._check_end()

    def _check_end(self) -> None:
        if not self._running and not self._is_gone:
            self._is_gone = True
            self.dispatch.finish(self._finished)

    def _finished(self) -> None:
        """The callback has had all messages."""
        if self.saving is not None:
            self.dependencies.call(self.saving.end)  # after what the last messages have left there
        self.owner.gone(self)

    @property
    def may_read_ahead(self) -> bool:
        return self.dispatch.may_read_ahead

    def read(self, octets: int, messages: int, seconds: float, now: float) -> None:
        """One read: its messages have been delivered, which took `seconds`."""
        self.octets += octets
        if messages:
            self.messages += messages
            self.last_message = now
            self.delivery_seconds += seconds
            self.dispatch.end_of_read()
            if seconds > dispatching.SLOW_SECONDS and self._is_new("slowness"):
                logger.warning(
                    "the callback of %s blocked the reactor for %.1f s with %d message(s): all "
                    "sockets of this process had to wait; with dispatch='thread' it runs in its "
                    "own thread",
                    self.shown,
                    seconds,
                    messages,
                )

    def heard(self, message: object, received: float) -> None:
        """The last message of a read, which arrived at this time of our clock."""
        sent = event_time(message)
        if sent is not None:
            offset = self.dependencies.clock_offset()
            ours = self.dependencies.wall() - self.now() if offset is None else offset.offset
            if self._latencies is None:
                self._latencies = Latencies()
            self._latencies.note(received, received + ours - sent)

    def flush(self) -> None:
        self.dispatch.end_of_read()

    def malformed(self, payload: bytes) -> None:
        self.malformed_messages += 1
        words = f"a message is no JSON object or list: {excerpt(payload)}"
        self._logs["malformed"].log(f"{self.shown}: {words}", self.now())

    def unprocessed(self, error: Exception) -> None:
        """A message of an unknown shape could not be processed."""
        self.malformed_messages += 1
        self._logs["unprocessed"].raised(f"{self.shown}: processing a message", error, self.now())

    def foreign(self, what: str) -> None:
        """A message was ignored that is not for this socket's callback."""
        self.foreign_messages += 1
        self._logs["foreign"].log(f"{self.shown}: {what}", self.now(), logging.DEBUG)

    def protocol_failed(self, error: BaseException) -> None:
        self.dispatch.failed(error)

    # from the dispatch

    def pause(self) -> None:
        self.is_paused = True
        for connection in self.connections:
            connection.pause()

    def resume(self) -> None:
        self.dependencies.call(self._resume)

    def _resume(self) -> None:
        if not self.dispatch.may_resume():
            return
        self.is_paused = False
        for connection in self.connections:
            connection.resume()

    def callback_failed(self, error: BaseException) -> None:
        self.dependencies.call(partial(self.report, events.CallbackFailed, error=error))

    def overflowed(self, dropped: int) -> None:
        self.report(events.Overflowed, dropped=dropped)
        if self.options.overflow != "latest" and self._is_new("drops"):
            logger.warning(
                "the callback of %s is slower than its stream: the queue of %d messages is full "
                "and the oldest ones are dropped; on_event and stats() report how many",
                self.shown,
                self.options.queue_size,
            )

    def abandoned(self) -> None:
        logger.warning("%s is closed: the event loop of its callback has ended", self.shown)
        self.dependencies.call(self.owner.release, self)
        self.stop()

    def fatal(self) -> None:
        self.owner.stop_reactor()

    def now(self) -> float:
        return self.dependencies.clock.seconds()

    # inside

    def _is_new(self, what: str) -> bool:
        """Whether it was not warned of yet; it counts as warned of from now on."""
        is_new = what not in self._warnings
        self._warnings |= {what}
        return is_new

    @property
    def _has_worked(self) -> bool:
        return self.messages > 0 or any(one.machine.ever_proven for one in self.connections)

    def _make_connections(self) -> None:
        """Create the connections of the first sessions, once."""
        sessions, self._sessions = self._sessions, None
        for session in sessions(self) if sessions is not None else ():
            self._connect(session)

    def _connect(self, session: Session) -> list[Connection]:
        of = session, self.dependencies, self.options.policy
        if session.redundancy is None:
            connections = [Connection(self, *of)]
        else:
            from binance.tx import redundant

            connections = redundant.connect(self, *of)
        for connection in connections:
            connection.machine.ever_proven = self._has_worked
        self.connections += connections
        self._running.update(connections)
        if self.history is not None:
            from binance.tx.past.backfill import Backfill

            backfill = Backfill(self, self.history.fetcher, session, self.dependencies)
            for connection in connections:
                connection.backfill = backfill
        return connections

    def report(self, kind: type[events.Event], **fields: Any) -> None:
        event = kind(key=redact(self.key), when=self.dependencies.wall(), **fields)
        self._report_link(event)
        self.dispatch.report(event)
        self.owner.report(event)

    def _report_link(self, event: events.Event) -> None:
        if self._reports_link and isinstance(event, events.Connected | events.Disconnected):
            self._inject({"e": "link", "event": event})

    def _end_waits(self) -> None:
        """End all waits for this socket, even if the reactor never runs again."""
        self._has_ended = True
        self._update_opened()
        with self._changing:
            waiting, self._changes = self._changes, frozenset()
        for answer in waiting:
            cancel(answer)

    def _update_opened(self) -> None:
        """Set or clear the event of `wait_open`, by the present state of the connections."""
        with self._changing:
            if self._opened is None:
                return
            if self._has_ended or (self.is_open and not self._changes):
                self._opened.set()
            else:
                self._opened.clear()


def cancel(answer: Future[list[str]]) -> None:
    """Cancel a future, and wake the threads that wait for it."""
    answer.cancel()
    answer.set_running_or_notify_cancel()


def describe(failure: Failure) -> str:
    """A failure as text, for the log."""
    parts = [failure.reason]
    if failure.http_status is not None:
        parts.append(f"HTTP {failure.http_status}")
    elif failure.code is not None:
        parts.append(f"code {failure.code}")
    return ", ".join(parts)
