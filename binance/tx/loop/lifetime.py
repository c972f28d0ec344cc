"""The open sockets of a manager, and the end of its thread.

A manager's thread runs while the manager is open.  After `close()` it ends as soon as the closing
handshakes are done and the running callbacks have returned.  A `start()` before that keeps it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.defer import Deferred

from binance.events import Event
from binance.sansio.wire.log_text import shown
from binance.tx.loop import reactor
from binance.tx.loop.reactor import Lifetime, Manager
from binance.tx.loop.thread_check import reactor_thread_only
from binance.tx.repeated_log import RepeatedLog


class Stoppable(Protocol):
    """A socket; the end of a manager waits for its end."""

    dispatch: Any

    def stop(self) -> None:
        """Close the socket; `OpenSockets.gone` is called at its end.  Any thread."""


@reactor_thread_only(lambda _: reactor.may_act(), "stop_all", "_check")
class OpenSockets:
    """The sockets of a manager that have not ended, and the manager's lifetime."""

    def __init__(self, manager: Manager, on_event: Callable[[Event], object] | None) -> None:
        self._manager = manager
        self._on_event = on_event
        #: called with each event before `on_event`; they never raise
        self.observers: tuple[Callable[[Event], object], ...] = ()
        # Reentrant, like all locks of `close()`: a signal handler may call it at any step.
        self._lock = threading.RLock()
        self._sockets: dict[Stoppable, None] = {}  # closed in the order of their starts
        self._lifetime: Lifetime | None = None
        self._is_closing = False
        self._waiting: list[Deferred[None]] = []
        #: key -> the log of exceptions of `on_event`
        self._error_logs: dict[str, RepeatedLog] = {}

    # from the manager, any thread

    def enter(self) -> Lifetime:
        """Begin a lifetime, or continue the present one."""
        with self._lock:
            self._is_closing = False
            if self._lifetime is None or self._lifetime.ended.is_set():
                self._lifetime = Lifetime(self._manager, self.stop_all)
                reactor.begin(self._lifetime)
            return self._lifetime

    def leave(self) -> None:
        """End the lifetime as soon as all sockets have ended."""
        with self._lock:
            self._is_closing = True
        self._check_later()

    def add(self, socket: Stoppable) -> None:
        with self._lock:
            self._sockets[socket] = None

    def sockets(self) -> list[Stoppable]:
        """The sockets that have not ended."""
        with self._lock:
            return list(self._sockets)

    def held(self) -> list[tuple[str, Any]]:
        """The keys and their sockets or connectors; none here."""
        return []

    # from the sockets

    def release(self, conn: object) -> None:
        """Free the key of a socket that has failed; nothing to do here."""

    def gone(self, socket: Stoppable) -> None:
        with self._lock:
            self._sockets.pop(socket, None)
        self._check_later()

    def report(self, event: Event) -> None:
        for observer in self.observers:
            observer(event)
        if self._on_event is None:
            return
        try:
            self._on_event(event)
        except BaseException as error:  # noqa: BLE001 - user code
            what = f"on_event, for {type(event).__name__} of {shown(event.key)},"
            with self._lock:
                error_log = self._error_logs.setdefault(event.key, RepeatedLog())
            error_log.raised(what, error, time.monotonic())
            if not isinstance(error, Exception):
                self.stop_reactor()

    def stop_reactor(self) -> None:
        """Stop the reactor; no callback of these sockets is called any more."""
        for socket in self.sockets():
            socket.dispatch.mute()
        twisted_reactor = reactor.get()
        twisted_reactor.callFromThread(
            lambda: None if reactor.is_stopped() else twisted_reactor.stop()
        )

    # from the reactor

    def stop_all(self) -> Deferred[None]:
        """Stop every socket; fire when all have ended."""
        done: Deferred[None] = Deferred()
        self._waiting.append(done)
        for socket in self.sockets():
            socket.stop()
        self._check_later()
        return done

    # inside

    def _check_later(self) -> None:
        # Later, after the callback that is running now.
        with reactor.ENDING:
            reactor.get().callFromThread(self._check)

    def _check(self) -> None:
        with self._lock:
            if self._sockets:
                return
            lifetime = None
            if self._is_closing:
                lifetime, self._lifetime = self._lifetime, None
        waiting, self._waiting = self._waiting, []
        for done in waiting:
            done.callback(None)
        if lifetime is not None:
            reactor.end(lifetime)
