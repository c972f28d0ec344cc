"""Performs the connection machine's commands for one key's link to the exchange.

`Connection` holds the machine, the link and the timers of the machine.  A `Session` decides which
requests are sent on a link, such as subscriptions.  The `Owner` gets the messages and the events.
All of this runs in the reactor thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from binance.sansio.feed.cursors import Gap
from binance.sansio.link import reconnect
from binance.sansio.link import rotation as rotating
from binance.sansio.link.budget import Slot
from binance.sansio.link.liveness import FirstMessages, SteadyStreams
from binance.sansio.link.reconnect import TRYING, Failure, Input, Retry, RetryPolicy, State, Timer
from binance.tx.dependencies import Call, DelayedCall, Dependencies
from binance.tx.link import Link, LinkListener, Session
from binance.tx.loop.thread_check import reactor_thread_only
from binance.tx.performer import Performer
from binance.tx.rotation import Rotation

if TYPE_CHECKING:
    from binance.tx.past.backfill import Backfill

#: Seconds between two checks of the links: deadlines are kept with this precision.
CHECK_SECONDS = 1.0
#: After a check that is so much too late, because the process had to wait, messages wait unread.
LATE_SECONDS = 1.0
_STOPPED = (State.CLOSING, State.CLOSED, State.GIVEN_UP)


class Owner(LinkListener, Protocol):
    """The socket that a connection reports to."""

    @property
    def messages(self) -> int: ...
    def opened(self) -> None: ...
    def proved(self, downtime: float | None) -> None: ...
    def lost(self, failure: Failure, outage: bool) -> None: ...
    def retrying(self, retry: Retry) -> None: ...
    def rotated(self) -> None: ...
    def unheard(self) -> None: ...
    def gave_up(self, failure: Failure) -> None: ...
    def finished(self, connection: Connection) -> None: ...
    def silent(self, stream: str, cause: str) -> None: ...
    def gap(self, stream: str, first: int | None, last: int | None, reason: str = "") -> None: ...


@reactor_thread_only(
    lambda connection: connection.dependencies.may_act(),
    *("start", "stop", "rotate", "pause", "resume", "shutdown_announced", "expect"),
    *("link_asked", "link_ready", "link_down", "_input"),
)
class Connection:
    """A connection that reconnects by itself, until it is stopped or its retries have failed."""

    #: the connection that carries the same streams, if there is one
    partner: Connection | None = None
    #: fetches what its streams have missed, if that is asked for
    backfill: Backfill | None = None

    def __init__(
        self,
        owner: Owner,
        session: Session,
        dependencies: Dependencies,
        policy: RetryPolicy,
        number: int = 0,
    ) -> None:
        self.owner = owner
        self.session = session
        self.dependencies = dependencies
        self.machine = reconnect.Machine(policy)
        self.link: Link | None = None
        self.continuity = session.continuity
        self.redundancy = session.redundancy
        #: 1 for the second of two connections with the same streams, which begins with another
        #: address
        self.number = number
        self.rotation = Rotation(self)
        self.first_messages = FirstMessages(session.market, session.category or None)
        self.steady_streams = SteadyStreams()
        #: whether the next message proves the link
        self.unproven = False
        self._timers: dict[Timer, Call] = {}
        self._next_check = DelayedCall(dependencies.clock)
        self._last_check = 0.0
        self._read_until = 0.0  # what had arrived by then has been read
        #: the same, also if a queue is full so often that what arrives is read ever later: it
        #: stands still until nothing is paused from one check to the next
        self.surely_read_until = 0.0
        self._has_paused = False
        self._performer = Performer(self._perform)
        self._is_finished = False
        #: the last dialled host, and the slot of the next try
        self._host = ""
        self._slot: Slot | None = None

    @property
    def state(self) -> State:
        return self.machine.state

    @property
    def is_open(self) -> bool:
        return self.machine.state in (State.OPEN, State.PROVEN)

    @property
    def is_backed(self) -> bool:
        """Whether another open connection carries the same streams."""
        return self.partner is not None and self.partner.is_open

    # from the owner

    def start(self) -> None:
        self._input(Input.START)

    def stop(self) -> None:
        if self.owner.is_paused:
            self.resume()  # the answer to the close frame has to be read
        if self.backfill is not None:
            self.backfill.stop()
        self.rotation.input(rotating.Input.STOP)
        self._input(Input.STOP)
        self.set_sinks()

    def rotate(self, why: rotating.Input = rotating.Input.ASKED) -> None:
        """Replace the link by a successor, without a gap.  Does nothing while there is no link."""
        self.rotation.input(why)

    def pause(self) -> None:
        """Stop reading, until `resume`: the queue of the callback is full."""
        for link in self._links():
            link.pause()
        self.first_messages.link_lost()  # messages may wait unread
        self.rotation.input(rotating.Input.PAUSED)

    def resume(self) -> None:
        self._has_paused = True  # the next check may come before all has been read
        for link in self._links():
            link.resume()
        if self.is_open:
            self._expect_first_messages()
        self.rotation.input(rotating.Input.RESUMED)

    # from the session

    def shutdown_announced(self, link: Link) -> None:
        """The exchange will close this link soon: replace it.

        A successor is replaced once it has taken over.
        """
        link.is_shutdown_announced = True
        self.replace_if_announced()

    def replace_if_announced(self) -> None:
        if self.link is not None and self.link.is_shutdown_announced:
            self.rotate(rotating.Input.URGENT)

    def expect(self, names: Iterable[str]) -> None:
        if self.link is not None and self.is_open:
            self.first_messages.asked(names, self.dependencies.clock.seconds())
            self.set_sinks()

    def report_unheard(self) -> None:
        """Report: events may be missing on the streams whose ids do not show gaps."""
        continuity, names = self.continuity, self.session.names
        if names is None:
            unheard = [] if continuity.look_up() else [self.owner.key]
        else:
            unheard = continuity.unnumbered(names)
        continuity.gaps += [Gap(name, None, None) for name in unheard]
        self.report_gaps()
        self.owner.unheard()

    def report_gaps(self) -> None:
        gaps, self.continuity.gaps[:] = list(self.continuity.gaps), []
        for gap in gaps:
            if isinstance(gap, Gap):
                self.owner.gap(gap.stream, gap.first, gap.last, gap.reason)
            elif self.backfill is not None:
                self.backfill.step_soon()

    # from the links

    def link_asked(self, link: Link) -> None:
        """The link is up, and is ready after an answer."""
        if link is self.link and self.machine.state is State.CONNECTING:
            self._input(Input.ASKED)

    def link_ready(self, link: Link) -> None:
        if self.redundancy is not None:
            self.redundancy.opened(link, self.dependencies.clock.seconds())
        if link is self.rotation.successor:
            self.rotation.input(rotating.Input.READY)
        elif link is self.link and self.machine.state in TRYING:
            self._input(Input.OPENED)

    def link_heard(self, link: Link) -> None:
        if self.unproven and link is self.link:
            self._input(Input.PROVED)
        if self.rotation.is_merging:
            self.rotation.heard(link)
        if self.redundancy is not None:
            now = self.dependencies.clock.seconds()
            self.redundancy.read(link, link.last_message, now)

    def link_down(self, link: Link, failure: Failure) -> None:
        if link is self.rotation.successor:
            self.rotation.successor_down(failure)
        elif link is self.link and not self.rotation.link_down(failure):
            self.down(failure)

    # from the rotation

    @property
    def address(self) -> int:
        """The number of the address to dial; it rises with each failed try."""
        return self.machine.address + self.number

    def may_rotate(self) -> bool:
        """Whether no other link with the same streams is being replaced."""
        return self.partner is None or not self.partner.rotation.is_under_way

    def rotation_settled(self) -> None:
        """The link is not being replaced any more: the other one may be."""
        if self.partner is not None:
            self.partner.rotation.start_postponed()

    def replaced(self, successor: Link) -> None:
        """The successor is the link from now on."""
        self.link = successor
        self.set_sinks()

    def rotated(self) -> None:
        """All messages of the old link have been delivered."""
        self.continuity.link_lost(self.is_backed)
        self.owner.flush()
        self.owner.rotated()
        self.replace_if_announced()

    def down(self, failure: Failure) -> None:
        self.link = None
        self._input(Input.DOWN, failure)

    def rotation_ended(self) -> None:
        self._report_finished()

    # from the machine

    def _input(self, event: Input, failure: Failure | None = None) -> None:
        """Pass an input to the machine, and perform its commands.

        A report to the owner may stop this connection, in the middle of the commands.
        """
        now, chance = self.dependencies.clock.seconds(), self.dependencies.chance()
        commands = self.machine.handle(event, now, failure=failure, chance=chance)
        self.unproven = self.machine.state is State.OPEN
        self._performer.add(commands)

    def _perform(self, command: reconnect.Command) -> None:
        match command:
            case reconnect.Dial():
                if not self._next_check.is_running:
                    self._next_check.start(CHECK_SECONDS, self._check)
                self.link = Link(self)  # before the dial, which may fail before it returns
                self.set_sinks()
                self.link.dial(self.address)
            case reconnect.Step.OPENED:
                self.rotation.input(rotating.Input.OPENED)
                if self.owner.is_paused:
                    self.rotation.input(rotating.Input.PAUSED)
                else:
                    self._expect_first_messages()
                self.owner.opened()
                if self.backfill is not None and self.is_open and not self.is_backed:
                    self.backfill.opened()
                self.replace_if_announced()
            case reconnect.Proved(downtime):
                self.owner.proved(downtime)
            case reconnect.Lost(failure, outage):
                self.first_messages.link_lost()
                self.continuity.link_lost(self.is_backed)
                self.owner.lost(failure, outage)
            case Retry():
                self._plan_retry(command)
            case reconnect.StartTimer(timer, delay):
                if timer is Timer.RETRY and self._slot is not None:
                    delay = max(delay, self._slot.moment - self.dependencies.clock.seconds())
                self._timers[timer] = self.dependencies.clock.callLater(delay, self._due, timer)
            case reconnect.StopTimer(timer):
                call = self._timers.pop(timer, None)
                if call is not None:
                    call.cancel()
                if timer is Timer.RETRY:
                    self._free_slot()
            case reconnect.Step.CLOSE:
                if self.link is not None:
                    self.link.close()
            case reconnect.Step.ABORT:
                if self.link is not None:
                    self.link.abort()
            case reconnect.GiveUp(failure):
                self.owner.gave_up(failure)
            case reconnect.Step.FINISHED:
                self._next_check.stop()
                self._is_finished = True
                self._report_finished()

    # The slot of the next try in the budget of connects

    def slot_for(self, host: str) -> Slot | None:
        """The planned slot of this dial; None if it has to ask for one."""
        self._host = host
        slot, self._slot = self._slot, None
        if slot is not None and slot.host != host:
            self.dependencies.connects.cancel(slot)
            return None
        return slot

    def _plan_retry(self, retry: Retry) -> None:
        """Ask the budget for the next slot, so that the reported delay is right."""
        self._free_slot()
        now = self.dependencies.clock.seconds()
        due = now + retry.delay
        if self._host:
            chance = self.dependencies.chance()
            slot = self._slot = self.dependencies.connects.ask(
                self._host, now, chance, earliest=due
            )
            retry = retry._replace(delay=slot.moment - now)
        self.owner.retrying(retry)
        if self._slot is not None and self._slot.moment > due:
            self.owner.delayed(retry.delay, self._slot.reason)

    def _free_slot(self) -> None:
        slot, self._slot = self._slot, None
        if slot is not None:
            self.dependencies.connects.cancel(slot)

    def _due(self, timer: Timer) -> None:
        del self._timers[timer]
        self._input(timer.value)

    # The checks each second: liveness, first messages, unanswered requests

    def _check(self) -> None:
        now = self.dependencies.clock.seconds()
        self._next_check.start(CHECK_SECONDS, self._check)
        is_late = now - self._last_check > CHECK_SECONDS + LATE_SECONDS
        if not self.owner.is_paused:  # else an answer may have arrived that is not read
            self._read_until = self._last_check if is_late else now
            self._last_check = now
            if not self._has_paused:
                self.surely_read_until = self._read_until
            self._has_paused = False
        self.continuity.look(now)
        if self.redundancy is not None:
            self.redundancy.look(now, self.owner.is_paused or is_late)
            self.report_gaps()
            self.owner.flush()
        if self.owner.is_paused:
            self.owner.flush()  # notices a consumer whose loop has ended
        if self.backfill is not None:
            self.backfill.tick(self.is_open)
        for link in self._links():
            link.watch(now, self._read_until)
        if self.owner.is_paused or not self.is_open:
            self.steady_streams.restart(now)
        elif self.rotation.successor is not None:  # its messages may be held by the merge
            self.steady_streams.skip(now)
        stopped = self.steady_streams.check(now, self.continuity.heard(self.owner.messages))
        first = self.first_messages.check(self._read_until)
        # What comes in one read with the acknowledgement, or before it, does not pass `_noting`.
        first = [one for one in first if not self.continuity.has_brought(one.stream)]
        for silent in (*first, *stopped):
            self.owner.silent(silent.stream, silent.cause)

    def _expect_first_messages(self) -> None:
        self.first_messages.asked(self.session.names or (), self.dependencies.clock.seconds())
        self.set_sinks()

    def set_sinks(self) -> None:
        """Set the sink of each link.

        The sink depends on the session, on whether the connection is stopped, on whether two links
        are merged, for a rotation or at all times, and on whether a stream has still to bring its
        first message.  This is called after each change of these facts; no other code sets a sink.
        """
        for link in self._links():
            link.link_message = self._sink(link)

    def _sink(self, link: Link) -> Callable[[object], None]:
        if self.machine.state in _STOPPED:
            return _drop
        if self.redundancy is not None:
            sink = self.redundancy.sink(link, self.number, link.sink, self.session.deliverer())
        else:
            sink = self.rotation.sink(link) or link.sink
        return self._noting(link, sink) if self.first_messages.waiting else sink

    def _noting(self, link: Link, sink: Callable[[object], None]) -> Callable[[object], None]:
        """A sink that looks at each message, until every stream has brought one."""
        first, stream_of = self.first_messages, self.session.stream_of

        def noting(message: object) -> None:
            if link.link_message is not noting:  # another sink was set during this read
                link.link_message(message)
                return
            first.heard(stream_of(message))
            if not first.waiting:
                self.set_sinks()
            sink(message)

        return noting

    def _report_finished(self) -> None:
        """Report the end, once neither the link nor a successor is left."""
        if self._is_finished and not self.rotation.is_ending:
            self.owner.finished(self)

    def _links(self) -> list[Link]:
        links = (self.link, self.rotation.successor)
        return [link for link in links if link is not None and not link.is_over]


def _drop(message: object) -> None:
    """The sink of a stopped connection: ignore the message."""
