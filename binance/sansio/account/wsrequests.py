"""The requests over one market's WebSocket API, and what becomes of each.

Theory of operation
-------------------

A `Pending` is a request of the user, until its caller has a result or an exception. The `Ledger`
has all of them. It decides, without sockets or clocks, what to send, when to stop waiting, and what
to do if an answer is lost. A request goes to the newest link. While a link is being replaced, the
old one stays until the requests that were sent on it are answered (`Ledger.awaited`).

    WAITING    not sent: there is no link, or the pause before another try is not over
    SENT       sent; its answer is awaited
    MEASURING  the exchange's clock is unknown, or the exchange refused the request's timestamp;
               the clock is being measured
    LOST       sent, and the answer is lost: the next query for the order is due later
    ASKED      such a query is under way
    OVER       the caller has the outcome; final

* What `binance.sansio.account.rest_outcome` decides for REST holds here too: a request with effects
  is sent once, unless the exchange has certainly not performed it.
* A request is not sent after its timeout, which counts from the call: its caller may already have
  an exception. Nor is it sent when its caller has stopped waiting for it.
* If the answer to an order is lost, the ledger asks for the order by its client order id: over the
  WebSocket API, or by REST if there is no link or if the link has just failed to answer. If it is
  not found, the caller gets `OrderStatusUnknown`. The same holds for a cancel: the query shows
  whether the order is cancelled.
* A late answer ends the queries: it is the truth. So does the late answer to a query if it shows
  the order. If it does not, it counts for nothing: the order may have arrived since.
* Each state but OVER has a deadline (`Pending.due`), so no caller waits for ever.

Every transition is in `TRANSITIONS`. Any other pair changes nothing: the answer to a query that is
not needed any more, a second answer, the end of a link that has nothing open.
"""

from __future__ import annotations

import enum
import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from binance.exceptions import BinanceAPIException, BinanceConnectionError, OrderStatusUnknown
from binance.sansio.account import wsapi
from binance.sansio.account.rest_outcome import (
    ORDER_QUERIES,
    Attempts,
    Failure,
    Verdict,
    backoff,
    why_not_of_this_call,
)

ANSWER_SECONDS: Final = 12.0
"""Default of the seconds to wait for an answer. The exchange itself answers -1007 after 10 s.
https://developers.binance.com/docs/binance-spot-api-docs/websocket-api/general-api-information
"""
QUERY_SECONDS: Final = 3.0
"""Seconds for the answer to a query over the WebSocket API; the next one goes by REST."""
ASK_SECONDS: Final = 30.0
"""Maximum duration of all queries for one order."""

LINK_LOST: Final = "the link was lost"
NO_LINK: Final = "no link to the WebSocket API was open"

Link = TypeVar("Link")


class State(enum.Enum):
    """The state of a request."""

    WAITING = "waiting"
    SENT = "sent"
    MEASURING = "measuring"
    LOST = "lost"
    ASKED = "asked"
    OVER = "over"


class Input(enum.Enum):
    """What can happen to a request, besides an answer with one of the verdicts."""

    LINK = "a link is open"
    LINK_LOST = "the link that it was sent on is lost"
    DUE = "its deadline has come"
    MEASURED = "the clock is measured"
    FOUND = "a query has found the order"
    NOT_FOUND = "a query has not found the order"


S, I, V = State, Input, Verdict  # noqa: E741 - short names keep the table readable

TRANSITIONS: Final[dict[tuple[State, Input | Verdict], str]] = {
    (S.WAITING, I.LINK): "send_or_end",
    (S.WAITING, I.DUE): "send_or_end",
    #
    (S.SENT, I.LINK_LOST): "lost",
    (S.SENT, I.DUE): "lost",
    (S.SENT, V.RETURN): "end",
    (S.SENT, V.RAISE): "refuse",
    (S.SENT, V.RETRY): "pause",
    (S.SENT, V.RESYNC): "measure",
    (S.SENT, V.ASK): "ask",
    #
    (S.MEASURING, I.MEASURED): "send_or_end",
    (S.MEASURING, I.DUE): "send_or_end",
    #
    (S.LOST, I.DUE): "query",
    (S.LOST, I.FOUND): "end",
    (S.ASKED, I.FOUND): "end",
    (S.ASKED, I.NOT_FOUND): "ask_again",
    (S.ASKED, I.DUE): "ask_again",
    **{(state, V.RETURN): "end" for state in (S.LOST, S.ASKED)},
    **{(state, it): "refuse" for state in (S.LOST, S.ASKED) for it in (V.RAISE, V.RESYNC)},
}
"""(state, input or verdict of an answer) -> action: a method of `Ledger`, which sets the state."""


@dataclass(frozen=True, slots=True)
class Question:
    """How to ask for the order of a request whose answer is lost.

    :param method: of the WebSocket API; empty if only REST can be asked.
    :param rest: the name of the client's method that asks by REST.
    :param judge: (answer, ms of the request's timestamp) -> why the answer settles nothing, or "".
    """

    method: str
    rest: str
    params: Mapping[str, object]
    judge: Callable[[object, int], str] = why_not_of_this_call


def why_not_cancelled(answer: object, stamp: int) -> str:
    """Why an order does not show that its cancel was performed; empty if it does."""
    fields = answer if isinstance(answer, dict) else {}
    status = fields.get("status", fields.get("algoStatus"))
    return "" if status == "CANCELED" else f"the order is {status}"


@dataclass(slots=True, eq=False)
class Pending:
    """A request of the user. The repr hides the parameters.

    :param timeout: seconds to wait for the answer.
    :param order: symbol and client order id, for `OrderStatusUnknown`; None for other requests.
    :param unasked: what is unknown after a lost answer, if there is no `question`.
    :param request: a cancel or a change of an order, as text; empty for a new order.
    :param caller: any object that the outcome belongs to.
    :param is_dropped: whether the caller has stopped waiting; called in any thread.
    """

    method: str
    params: Mapping[str, object] = field(repr=False)
    attempts: Attempts
    timeout: float = ANSWER_SECONDS
    is_signed: bool = False
    order: tuple[str, str] | None = None
    question: Question | None = field(default=None, repr=False)
    unasked: str = ""
    request: str = ""
    caller: Any = field(default=None, repr=False)
    is_dropped: Callable[[], bool] = field(default=lambda: False, repr=False)
    state: State = field(default=State.WAITING, init=False)
    id: int = field(default=0, init=False)
    #: ms of the exchange's clock when it was signed
    stamp: int = field(default=0, init=False)
    #: whether it was sent without a signature, on a link that is logged on
    is_bare: bool = field(default=False, init=False)
    must_sign: bool = field(default=False, init=False)
    link: Any = field(default=None, init=False, repr=False)
    due: float = field(default=0.0, init=False)
    ends: float = field(default=0.0, init=False)
    queries: int = field(default=0, init=False)
    #: id of the query over the WebSocket API that is under way
    query: int = field(default=0, init=False)
    #: whether the link has just failed to answer
    by_rest: bool = field(default=False, init=False)
    reason: str = field(default="", init=False)
    found: str = field(default="", init=False)

    def unknown(self, reason: str) -> OrderStatusUnknown:
        """The error of an `order` whose outcome is unknown."""
        assert self.order is not None  # else it has no effects
        return OrderStatusUnknown(*self.order, reason, self.request)


# commands


@dataclass(frozen=True, slots=True)
class Send:
    """Send this on the newest link, then call `Ledger.sent` or `Ledger.not_sent`."""

    pending: Pending
    id: int
    method: str
    params: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Measure:
    """Measure the exchange's clock, then call `Ledger.measured` or `Ledger.refused`."""

    pending: Pending


@dataclass(frozen=True, slots=True)
class AskByRest:
    """Ask for the order by REST, then call `Ledger.answered`."""

    pending: Pending
    question: Question


@dataclass(frozen=True, slots=True)
class LogOn:
    """The exchange does not know the newest link as logged on: log it on again."""


@dataclass(frozen=True, slots=True)
class Finish:
    """Give the caller the result, or raise the error there."""

    pending: Pending
    result: Any = None
    error: Exception | None = None


Command = Send | Measure | AskByRest | LogOn | Finish


class Ledger(Generic[Link]):
    """All open requests of one client and market. `now` is seconds of a clock that never jumps."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        """The open links; the newest is the last one."""
        self.why_no_link = NO_LINK
        self._ids = itertools.count(1)
        self._open: dict[Pending, None] = {}
        #: id -> the request, as long as its answer may matter; and the same of queries
        self._sent: dict[int, Pending] = {}
        self._queries: dict[int, Pending] = {}

    def __len__(self) -> int:
        return len(self._open)

    def new_id(self) -> int:
        """An id for a request that the ledger does not know."""
        return next(self._ids)

    # from the caller

    def add(
        self, pending: Pending, now: float, waited: float = 0.0, must_measure: bool = False
    ) -> list[Command]:
        """A new request, which the caller made `waited` seconds ago."""
        self._open[pending] = None
        pending.due = pending.ends = now - waited + pending.timeout
        return (self._measure if must_measure else self._send_or_end)(pending, now)

    def close(self, reason: str) -> list[Command]:
        """End all requests: nothing will be answered any more."""
        return [self._end_lost(pending, reason) for pending in list(self._open)]

    def refused(self, pending: Pending, error: Exception, now: float, id: int = 0) -> list[Command]:
        """It, or a query for it, cannot be sent: the key, a parameter or the clock is bad."""
        if id in self._queries:  # the request itself was sent
            return self.not_sent(pending, id, now, str(error) or type(error).__name__)
        return [self._finish(pending, error=error)] if pending in self._open else []

    # from the links

    def gave_up(self, reason: str) -> list[Command]:
        """No link can be opened: end what is not sent."""
        unsent = [each for each in self._open if each.state is S.WAITING]
        return [self._end_lost(each, reason) for each in unsent]

    def opened(self, link: Link, now: float) -> list[Command]:
        """A link is open; requests go there from now on."""
        self.why_no_link = NO_LINK
        self.links.append(link)
        return [command for each in list(self._open) for command in self._handle(each, I.LINK, now)]

    def lost(self, link: Link, now: float) -> list[Command]:
        """A link has ended."""
        if link in self.links:
            self.links.remove(link)
        mine = [each for each in self._open if each.link is link]
        for id in [id for id, each in self._queries.items() if each in mine]:
            del self._queries[id]
        events = [(each, I.LINK_LOST if each.state is S.SENT else I.NOT_FOUND) for each in mine]
        return [c for each, event in events for c in self._handle(each, event, now, LINK_LOST)]

    def sent(self, pending: Pending, link: Link) -> None:
        """A request or a query was written to a link."""
        pending.link = link

    def not_sent(
        self, pending: Pending, id: int, now: float, why: str = "the link is closing"
    ) -> list[Command]:
        """It was not written, because the link is closing: another link follows."""
        if self._queries.pop(id, None) is not None:
            return self._handle(pending, I.NOT_FOUND, now, why)
        self._sent.pop(id, None)
        pending.state, pending.due = State.WAITING, pending.ends
        return []

    def awaited(self) -> list[str]:
        """The methods of the requests on links other than the newest that are not answered yet."""
        newest = self.links[-1] if self.links else None
        return [p.method for p in self._sent.values() if p.state is S.SENT and p.link is not newest]

    def reply(self, reply: wsapi.Reply, now: float, chance: float = 0.5) -> list[Command] | None:
        """An answer came; None if it belongs to no open request."""
        id = reply.id if isinstance(reply.id, int) else 0
        pending, error = self._queries.pop(id, None), reply.error
        if pending is not None:
            why = "" if error is None else error.reason
            pending.must_sign |= error is not None and error.code in wsapi.NOT_LOGGED_ON
            is_late = id != pending.query
            pending.by_rest &= is_late
            return self.answered(pending, reply.result, why, now, is_late)
        pending = self._sent.get(id)
        if pending is None:
            return None
        is_sent = pending.state is S.SENT  # else its time is over
        if error and is_sent and pending.is_bare and error.code in wsapi.NOT_LOGGED_ON:
            pending.must_sign, pending.state = True, S.WAITING  # refused, so nothing was done
            pending.reason = error.reason
            return [LogOn(), *self._send_or_end(pending, now)]
        verdict = _verdict(pending, reply)
        return self._handle(pending, verdict, now, reply, chance)

    # from the REST client

    def measured(self, pending: Pending, now: float) -> list[Command]:
        """The clock is measured."""
        return self._handle(pending, I.MEASURED, now)

    def answered(
        self, pending: Pending, answer: Any, why: str, now: float, is_late: bool = False
    ) -> list[Command]:
        """A query for an order was answered; `why` it was not, otherwise.

        :param is_late: the query was given up, so only what it has found counts.
        """
        assert pending.question is not None  # it was asked
        why = why or pending.question.judge(answer, pending.stamp)
        if why and is_late:
            return []
        event = I.NOT_FOUND if why else I.FOUND
        return self._handle(pending, event, now, why or wsapi.Reply(pending.id, answer))

    # from the clock

    def check(self, now: float, read_until: float = math.inf) -> list[Command]:
        """Call this a few times a second while there are open requests.

        :param read_until: the answers that had arrived by then have been read.
        """
        until = {S.SENT: read_until, S.ASKED: read_until}
        late = [each for each in self._open if min(now, until.get(each.state, now)) >= each.due]
        return [c for each in late for c in self._handle(each, I.DUE, now, "no answer came")]

    # inside

    def _handle(
        self,
        pending: Pending,
        event: Input | Verdict,
        now: float,
        what: Any = None,
        chance: float = 0.5,
    ) -> list[Command]:
        action = TRANSITIONS.get((pending.state, event))
        if action is None:
            return []
        if action == "pause":
            pending.reason = what.error.reason
            return self._pause(pending, now, chance)
        commands: list[Command] = getattr(self, f"_{action}")(pending, now, what)
        return commands

    # the actions of the table; `what` is the reply, or a text that says what happened

    def _send(self, pending: Pending) -> list[Command]:
        self._sent.pop(pending.id, None)
        pending.state, pending.due, pending.id = S.SENT, pending.ends, next(self._ids)
        pending.reason = ""
        self._sent[pending.id] = pending
        return [Send(pending, pending.id, pending.method, pending.params)]

    def _send_or_end(self, pending: Pending, now: float, what: Any = None) -> list[Command]:
        if pending.is_dropped():
            return [self._end_lost(pending, "its caller does not wait any more")]
        if now < pending.ends:
            if self.links:
                return self._send(pending)
            pending.state, pending.due = S.WAITING, pending.ends
            return []
        reason = pending.reason or self.why_no_link
        what = f"no answer to {pending.method}"  # it has no effects, and was sent before
        what = what if pending.attempts.done else f"{pending.method} was not sent"
        words = f"{what} within {pending.timeout:g} s: {reason}"
        return [self._finish(pending, error=BinanceConnectionError(words))]

    def _pause(self, pending: Pending, now: float, chance: float) -> list[Command]:
        pending.state = S.WAITING
        pending.due = min(pending.ends, now + backoff(pending.attempts.done, chance))
        return []

    def _lost(self, pending: Pending, now: float, what: str) -> list[Command]:
        pending.by_rest = now >= pending.ends  # the link lives and does not answer
        verdict = pending.attempts.after_failure(Failure.LOST)
        if verdict is V.ASK:
            return self._ask(pending, now, what)
        if verdict is V.RETRY and now < pending.ends:
            return self._pause(pending, now, 0.5)
        return [self._end_lost(pending, what)]

    def _measure(
        self, pending: Pending, now: float, what: wsapi.Reply | None = None
    ) -> list[Command]:
        refused = f"{what.error.reason}; " if what and what.error else ""
        pending.reason = f"{refused}the exchange's clock was not measured in time"
        pending.state = S.MEASURING
        return [Measure(pending)]

    def _ask(self, pending: Pending, now: float, what: Any) -> list[Command]:
        error = what.error if isinstance(what, wsapi.Reply) else None
        pending.reason = error.reason if error else what if isinstance(what, str) else "no order"
        if pending.question is None:
            return [self._end_lost(pending, pending.reason)]
        pending.ends = now + ASK_SECONDS
        return self._ask_again(pending, now, "")

    def _ask_again(self, pending: Pending, now: float, what: Any) -> list[Command]:
        if what:
            pending.queries, pending.found = pending.queries + 1, str(what)
        if pending.queries >= len(ORDER_QUERIES) or now >= pending.ends:
            assert pending.question is not None  # it was asked
            words = f"asked for it {pending.queries} times with {pending.question.rest}"
            return [self._end_lost(pending, f"{pending.reason}; {words}: {pending.found}")]
        pending.state, pending.query = S.LOST, 0
        pending.due = now + ORDER_QUERIES[pending.queries]
        return self._query(pending, now, "") if pending.due <= now else []

    def _query(self, pending: Pending, now: float, what: Any) -> list[Command]:
        question = pending.question
        assert question is not None  # else it is over
        pending.state, pending.due = S.ASKED, pending.ends
        if pending.by_rest or not self.links or not question.method:
            pending.by_rest, pending.link = False, None
            return [AskByRest(pending, question)]
        pending.due, pending.by_rest = now + QUERY_SECONDS, True
        pending.query = next(self._ids)
        self._queries[pending.query] = pending
        return [Send(pending, pending.query, question.method, question.params)]

    def _end(self, pending: Pending, now: float, what: wsapi.Reply) -> list[Command]:
        return [self._finish(pending, what.result)]

    def _refuse(self, pending: Pending, now: float, what: wsapi.Reply) -> list[Command]:
        return [self._finish(pending, error=BinanceAPIException(what.error))]

    def _end_lost(self, pending: Pending, reason: str) -> Command:
        """The end of a request without an answer."""
        is_sent = pending.state in (S.SENT, S.LOST, S.ASKED)
        if pending.order is not None and is_sent:
            why = "; ".join(filter(None, (reason, pending.unasked)))
            return self._finish(pending, error=pending.unknown(why))
        words = f"no answer to {pending.method}" if is_sent else f"{pending.method} was not sent"
        return self._finish(pending, error=BinanceConnectionError(f"{words}: {reason}"))

    def _finish(
        self, pending: Pending, result: Any = None, error: Exception | None = None
    ) -> Command:
        pending.state = S.OVER
        del self._open[pending]
        self._sent.pop(pending.id, None)
        if pending.queries or self._queries:
            self._queries = {id: each for id, each in self._queries.items() if each is not pending}
        return Finish(pending, result, error)


def _verdict(pending: Pending, reply: wsapi.Reply) -> Verdict:
    error, result = reply.error, reply.result
    if error is not None:
        verdict = pending.attempts.after_reply(error.status, error.code)
        if verdict is not V.RETURN:
            return verdict
        return V.ASK if pending.attempts.recoverable else V.RAISE  # a success, and an error
    is_order = isinstance(result, dict) or (
        isinstance(result, list) and bool(result)
    )  # SOR: a list
    is_wanted = pending.question is not None or pending.unasked
    return V.ASK if is_wanted and not is_order else V.RETURN
