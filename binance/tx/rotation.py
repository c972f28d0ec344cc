"""Performs the rotation of a connection: the replacement of its link by a successor.

`Rotation` holds the machine of `binance.sansio.link.rotation`, the successor, the merge of both
links' messages and the timer.  All of this runs in the reactor thread.
"""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from binance.sansio.feed.continuity import Continuity, Merge
from binance.sansio.link.reconnect import Failure
from binance.sansio.link.rotation import Command, Input, Machine, StartTimer, State, Step
from binance.sansio.wire.log_text import shown
from binance.tx.dependencies import DelayedCall
from binance.tx.link import Link, LinkOwner
from binance.tx.loop.thread_check import reactor_thread_only
from binance.tx.performer import Performer

if TYPE_CHECKING:
    from binance.sansio.feed.redundancy import Redundancy

logger = logging.getLogger("binance")

#: The inputs that begin a rotation.
_STARTS = (Input.ASKED, Input.URGENT, Input.DEAD, Input.DUE)
#: Both links carry the streams.
_BOTH = (State.OVERLAPPING, State.PROVEN, State.SWITCHING, State.CLOSING)


class RotationOwner(LinkOwner, Protocol):
    """The connection whose links are replaced: see `Connection`."""

    continuity: Continuity

    @property
    def address(self) -> int: ...
    def may_rotate(self) -> bool: ...
    def rotation_settled(self) -> None: ...
    def set_sinks(self) -> None: ...
    def replaced(self, successor: Link) -> None: ...
    def rotated(self) -> None: ...
    def down(self, failure: Failure) -> None: ...
    def rotation_ended(self) -> None: ...


@reactor_thread_only(lambda rotation: rotation._connection.dependencies.may_act(), "input")
class Rotation:
    """The rotations of one connection, one after the other."""

    def __init__(self, connection: RotationOwner) -> None:
        self.machine = Machine(connection.dependencies.rotate_after)
        self.successor: Link | None = None
        self._redundancy = connection.session.redundancy
        #: whether reads are to be reported
        self.is_merging = self._redundancy is not None
        self._connection = connection
        self._merge: Merge | Redundancy | None = None
        #: the input that starts a rotation once the other link with the same streams has ended its
        self._postponed: Input | None = None
        self._timer = DelayedCall(connection.dependencies.clock)
        self._performer = Performer(self._perform)
        self._has_switched = False  # whether the link that is left is the successor
        self._failure: Failure | None = None  # of the connection's link

    @property
    def is_idle(self) -> bool:
        return self.machine.state is State.IDLE

    @property
    def is_under_way(self) -> bool:
        return self.machine.state not in (State.OFF, State.IDLE, State.ENDED)

    @property
    def may_take_over(self) -> bool:
        """Whether there is a successor that carries the streams as well."""
        return self.machine.state in _BOTH

    @property
    def is_ending(self) -> bool:
        """Whether a successor's closing handshake is still under way."""
        return self.machine.state is State.ENDING

    # from the connection

    def input(self, event: Input) -> None:
        """Pass an input to the machine, and perform its commands."""
        connection = self._connection
        if self.is_idle and event in _STARTS and not connection.may_rotate():
            is_urgent = Input.URGENT in (event, self._postponed)
            self._postponed = Input.URGENT if is_urgent else Input.ASKED
            return
        heard = connection.link.heard if connection.link is not None else None
        dependencies = connection.dependencies
        commands = self.machine.handle(
            event, dependencies.clock.seconds(), heard=heard, chance=dependencies.chance()
        )
        if self._performer.add(commands):
            self._check_merge()

    def start_postponed(self) -> None:
        """Start the rotation that had to wait for that of another link."""
        postponed, self._postponed = self._postponed, None
        if postponed is not None and self.is_idle:
            self.input(postponed)

    def heard(self, link: Link) -> None:
        """A read of either link brought messages."""
        if link is self.successor:
            self.input(Input.PROVED)
        else:
            self._check_merge()

    def link_down(self, failure: Failure) -> bool:
        """The connection's link was lost; returns False if only the connection has to handle it."""
        if not self.machine.awaits(Input.LINK_DOWN):
            return False
        self._failure = failure
        self.input(Input.LINK_DOWN)
        return True

    def successor_down(self, failure: Failure) -> None:
        """The successor was lost, or could not connect."""
        key = shown(self._connection.owner.key)
        logger.debug("%s: the replacement connection failed: %s", key, failure.reason)
        self.successor = None
        self.input(Input.SUCCESSOR_DOWN)

    def sink(self, link: Link) -> Callable[[object], None] | None:
        """The sink of a link during a merge; None if there is no merge."""
        if not isinstance(self._merge, Merge):
            return None
        take = self._merge.new if link is self.successor or self._has_switched else self._merge.old
        divert = link.divert

        def sink(message: object) -> None:
            if not divert(message):
                self._deliver(take(message))

        return sink

    # inside

    def _check_merge(self) -> None:
        """Pass the progress of the merge to the machine, if it has an effect."""
        merge, awaits = self._merge, self.machine.awaits
        if merge is None:
            return
        if awaits(Input.SWITCHED) and not merge.waiting:
            self.input(Input.SWITCHED)
        elif awaits(Input.SETTLED) and merge.is_settled:
            self.input(Input.SETTLED)

    def _perform(self, command: Command) -> None:
        connection = self._connection
        match command:
            case Step.LISTEN:
                self._start_merge()
            case Step.DIAL:
                if self._merge is None:
                    self._start_merge()
                self.successor = link = Link(connection)
                connection.set_sinks()
                link.dial(connection.address)
            case Step.CLOSE_LINK:
                if connection.link is not None:
                    connection.link.close(patiently=True)
            case Step.ABORT_LINK:
                if connection.link is not None:
                    connection.link.abort()
            case Step.CLOSE_SUCCESSOR:
                self._close_successor()
            case Step.ABORT_SUCCESSOR:
                if self.successor is not None:
                    self.successor.abort()
            case Step.UNHEARD:
                if self._redundancy is None:  # which reports the end of each link
                    connection.report_unheard()
            case Step.TAKE_OVER:
                self._take_over()
            case Step.FALL_BACK:
                assert self._merge is not None  # there was a successor
                self._deliver(self._merge.new_ended())
                connection.owner.flush()
            case Step.LEAVE:
                self._end_merge()
                connection.rotation_settled()
            case Step.ABANDON:
                successor, self.successor = self.successor, None
                if successor is not None:
                    successor.discard()
                self._postponed = None
                self._end_merge()
                connection.rotation_settled()
            case Step.DOWN:
                assert self._failure is not None  # set before the input
                connection.down(self._failure)
            case StartTimer(0.0):
                self.input(Input.DUE)
            case StartTimer(delay):
                self._timer.start(delay, self.input, Input.DUE)
            case Step.STOP_TIMER:
                self._timer.stop()
            case Step.ENDED:
                connection.rotation_ended()

    def _start_merge(self) -> None:
        connection = self._connection
        if connection.link is not None:
            connection.continuity.note(connection.link.last_message)
        self._merge = self._redundancy or Merge(connection.continuity)
        self._has_switched = False
        self.is_merging = True
        connection.set_sinks()

    def _end_merge(self) -> None:
        """End the merge: messages go to the session's own sink again."""
        self._merge = None
        self.is_merging = self._redundancy is not None
        self._connection.set_sinks()

    def _take_over(self) -> None:
        assert self._merge is not None  # there was a successor
        successor, self.successor = self.successor, None
        assert successor is not None  # and it is open
        self._has_switched = True
        self._connection.replaced(successor)
        self._deliver(self._merge.old_ended())
        self._connection.rotated()

    def _close_successor(self) -> None:
        successor = self.successor
        if successor is not None and successor.is_open:
            successor.close()
        else:
            if successor is not None:
                successor.discard()
            self.successor = None
            self.input(Input.SUCCESSOR_DOWN)

    def _deliver(self, messages: Iterable[object]) -> None:
        connection = self._connection
        for message in messages:
            if connection.continuity.gaps:
                connection.report_gaps()
            connection.session.deliver(message)
        if connection.continuity.gaps:
            connection.report_gaps()
