"""Fetches what the link of an account missed, and delivers it before the live events.

`binance.sansio.account.reconcile` decides which calls are made and what they mean.  The calls run
in worker threads, all else runs in the reactor thread.  The waits are checked each second while the
link is up; without a link nothing is fetched.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from binance.exceptions import BinanceAPIException, redact
from binance.sansio.account import reconcile
from binance.tx.socket import Socket

__all__ = ["Reconciler"]

logger = logging.getLogger("binance")

#: What an answer or an event of an unknown shape raises.
_UNKNOWN_SHAPE = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError)


class Reconciler:
    """The reconciliation of one account's socket.

    :param client: the client with the methods that the ledger calls.
    :param overlap: by so many seconds the time that is asked about precedes the outage.
    """

    def __init__(
        self, socket: Socket, client: Any, ledger: reconcile.Ledger, overlap: float
    ) -> None:
        self._socket = socket
        self._client = client
        self._ledger = ledger
        self._overlap = overlap + reconcile.OVERLAP_SECONDS
        self._began: float | None = None  # what was missed before is not asked for
        self._opened = 0.0  # when the present link was open
        self._alive = 0.0  # when a link was last known to carry all events
        self._calls: reconcile.Calls | None = None  # those of the present round
        self._is_first = False
        self._is_sure = False  # whether the open orders were once known
        self._deadline = 0.0
        #: when to go on after a wait, and the call to make again, if it has failed
        self._due: tuple[float, reconcile.Ask | None] | None = None
        self._attempt = 0
        self._held: list[reconcile.Event] | None = None
        socket.at_end = self._end

    # from the session

    def deliver(self, event: Any) -> None:
        """Deliver a live event, or hold it while something is fetched."""
        if self._held is None:
            self._pass(event)
        else:
            self._held.append(event)
            if len(self._held) >= reconcile.HOLD_EVENTS:
                self._give_up("too many live events came meanwhile")

    def opened(self) -> None:
        """A link carries the events from now on."""
        self._due, self._attempt = None, 0  # those of the previous round
        now = self._opened = self._socket.now()
        self._deadline = now + reconcile.HOLD_SECONDS
        self._is_first = self._began is None
        if self._began is None:
            self._began = self._alive = now
            self._calls = self._ledger.first_calls(self._socket.now)
        else:
            since = max(self._began, self._alive - self._overlap)
            self._calls = self._ledger.calls(since, self._socket.now)
            self._held = self._held or []
        self._go_on(None)

    def look_up(self) -> bool:
        """Events were missed, although a link was up."""
        self.opened()
        return True

    def watch(self, whole_until: float) -> None:
        """Called each second while a link is up, which has carried all events until a moment."""
        now = self._socket.now()
        if self._calls is None:
            self._alive = max(self._alive, whole_until)
        elif now >= self._deadline:
            self._give_up(f"the calls took more than {reconcile.HOLD_SECONDS:.0f} s")
        elif self._due is not None and now >= self._due[0]:
            asked, self._due = self._due[1], None
            if asked is None:
                self._go_on(None)
            else:
                self._ask(self._calls, asked)

    def lost(self) -> None:
        """The link was lost: the next one begins anew, and the held events wait for that."""
        self._calls = self._due = None

    # inside

    def _go_on(self, answer: Any) -> None:
        """Pass an answer to the calls, and make the next one."""
        assert self._calls is not None
        try:
            asked = self._next(self._calls, answer)
        except BinanceAPIException as error:
            self._give_up(redact(error.message))
            return
        except _UNKNOWN_SHAPE as error:
            self._give_up(f"an answer of REST has an unknown shape: {type(error).__name__}")
            return
        if isinstance(asked, reconcile.Ask):
            self._ask(self._calls, asked)
        elif asked is not None:
            self._due = self._socket.now() + asked, None

    def _next(self, calls: reconcile.Calls, answer: Any) -> reconcile.Ask | float | None:
        try:
            is_refused = isinstance(answer, BinanceAPIException)
            return calls.throw(answer) if is_refused else calls.send(answer)
        except StopIteration as ended:
            self._finish(ended.value)
            return None

    def _ask(self, calls: reconcile.Calls, asked: reconcile.Ask) -> None:
        method: Callable[..., Any] = getattr(self._client, asked.method)
        asking = self._socket.dependencies.in_thread(lambda: method(**asked.params))
        asking.addCallbacks(
            lambda answer: self._answered(calls, answer),
            lambda why: self._failed(calls, asked, why.value),
        )

    def _answered(self, calls: reconcile.Calls, answer: Any) -> None:
        if calls is self._calls:  # else its link was lost
            self._attempt = 0
            self._go_on(answer)

    def _failed(self, calls: reconcile.Calls, asked: reconcile.Ask, error: BaseException) -> None:
        if calls is not self._calls:
            return
        if getattr(error, "code", 0) in reconcile.GONE:
            self._answered(calls, error)
            return
        self._attempt += 1
        reason, status, wait = f"the REST call failed: {type(error).__name__}", None, None
        if isinstance(error, BinanceAPIException):
            reason, status, wait = redact(error.message), error.status_code, error.retry_after
        delay = reconcile.delay_after(status, wait, self._attempt)
        now = self._socket.now()
        if delay is None or now + delay >= self._deadline:
            self._give_up(f"{asked.method}: {reason}")
        else:
            self._due = now + delay, asked

    def _finish(self, found: list[reconcile.Found]) -> None:
        events = self._ledger.events(found, self._held or []) if found else self._held
        is_late = any(one.lacks_trades for one in found)
        is_unsure = not self._is_sure and not self._is_first
        gone = sorted(name for one in found for name in one.gone)
        reasons = [reconcile.UNSURE] * is_unsure + [reconcile.LATE] * is_late
        reasons += [f"REST no longer knows {', '.join(gone)}"] * bool(gone)
        if reasons:
            self._socket.gap(self._socket.key, None, None, "; ".join(reasons))
        if is_late or gone:
            self._began = self._opened  # else these trades would come after later events
        self._is_sure = True
        self._calls, self._alive, self._held = None, self._opened, events
        fetched = sum("reconciled" in event for event in events or ())
        logger.info("%s: %d events of the account were fetched", self._socket.shown, fetched)
        self._release()
        self._ledger.note_filled(found)

    def _give_up(self, reason: str) -> None:
        self._calls = self._due = None
        self._alive = self._opened
        if self._is_first:
            logger.debug("%s: the open orders are not known: %s", self._socket.shown, reason)
        else:
            self._socket.gap(self._socket.key, None, None, reason)
            self._began = self._opened  # else it would come after later events
            self._ledger.begin_anew()
        self._release()

    def _end(self) -> None:
        """The socket has failed: what it has missed last is not fetched any more."""
        if self._held:
            self._socket.gap(self._socket.key, None, None, "the socket failed before the answers")
        self._release()

    def _release(self) -> None:
        held, self._held, self._attempt = self._held, None, 0
        for event in held or ():
            self._pass(event)
        self._socket.flush()

    def _pass(self, event: Any) -> None:
        try:
            is_new = self._ledger.admit(event)
        except _UNKNOWN_SHAPE as error:
            self._socket.unprocessed(error)
            is_new = True
        if is_new:
            self._socket.dispatch.deliver(event)
