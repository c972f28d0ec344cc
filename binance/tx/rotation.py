"""Replaces a link by a successor without losing, doubling or reordering an event.

    LEADING      the old link is listened to, so that each stream's place is known
    DIALLING     the successor is on its way; the old link delivers
    OVERLAPPING  both deliver, and `Merge` lets through what is next
    CLOSING      the successor is proven, and every stream that spoke has switched or has had its
                 time; the old link's closing handshake is under way
    SETTLING     one link is gone; what the other brings a second time is still dropped

Whatever fails, one link remains: without a successor the old one goes on and another try is made
later; if the old link dies first, a successor that is ready takes over at once.
"""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from binance.sansio.continuity import LEAD_SECONDS, OVERLAP_SECONDS, SETTLE_SECONDS, Merge
from binance.sansio.reconnect import CLOSE_SECONDS, PROOF_SECONDS, Failure
from binance.tx.link import Link
from binance.tx.world import Call

if TYPE_CHECKING:
    from binance.tx.connection import Connection

__all__ = ["Rotation"]

logger = logging.getLogger("binance")


class Phase(enum.Enum):
    LEADING = "leading"
    DIALLING = "dialling"
    OVERLAPPING = "overlapping"
    CLOSING = "closing"
    SETTLING = "settling"


class Rotation:
    """One replacement, from its beginning until nothing of it is left."""

    def __init__(self, connection: Connection, old: Link, is_dead: bool = False) -> None:
        self.phase = Phase.LEADING
        self.successor: Link | None = None
        self._connection = connection
        self._old = old
        self._merge = Merge(connection.continuity)
        self._is_proven = False
        self._is_dead = is_dead  # nothing more will come on the old link, although it is up
        self._may_close = False
        self._call: Call | None = None

    # from the connection

    def begin(self, at_once: bool) -> None:
        """Listen to the old link, then dial; at once if it is about to go."""
        self._old.redirect(self._sink(self._old, self._merge.old))
        if at_once:
            self._dial()
        else:
            self._after(LEAD_SECONDS, self._dial)

    def hurry(self) -> None:
        """The old link is about to go."""
        if self.phase is Phase.LEADING:
            self._dial()

    def successor_ready(self) -> None:
        self.phase = Phase.OVERLAPPING
        self._after(PROOF_SECONDS, self._proven)

    def heard(self, link: Link) -> None:
        """A read of either link brought messages."""
        if self.phase is Phase.OVERLAPPING:
            if link is self.successor and not self._is_proven:
                self._proven()
            elif self._may_close and not self._merge.waiting:
                self._close()
        elif self.phase is Phase.SETTLING and self._merge.is_settled:
            self._settled()

    def link_down(self, link: Link, failure: Failure) -> bool:
        """A link is gone.  Whether the connection may forget it."""
        if self.phase is Phase.SETTLING:
            return False  # the one that was left
        if link is self.successor:
            logger.debug("%s: no successor: %s", self._connection.owner.key, failure.reason)
            self._settle(self._merge.new_ended())
            self._connection.not_replaced()
            return True
        if link is self._old and self.phase in (Phase.OVERLAPPING, Phase.CLOSING):
            assert self.successor is not None  # it was ready
            self._settle(self._merge.old_ended())
            self._connection.replaced(self.successor)
            return True
        return False

    def abandon(self) -> None:
        """The connection is stopped or down: leave nothing behind."""
        successor = self.successor
        is_ours = self.phase is not Phase.SETTLING
        self._stand_down()
        if successor is not None and is_ours:
            successor.discard()

    # inside

    def _dial(self) -> None:
        self._cancel()
        self.phase = Phase.DIALLING
        self.successor = Link(self._connection)
        self.successor.redirect(self._sink(self.successor, self._merge.new))
        self.successor.dial(self._connection.machine.address)

    def _proven(self) -> None:
        """It has spoken, or has stayed open for long enough.

        The old link is kept for some seconds more whatever has switched: if its machine lags, it
        still owes events of streams that have not been heard of.
        """
        self._is_proven = True
        if self._is_dead:
            self._close()
        else:
            self._after(LEAD_SECONDS, self._lead_over)

    def _lead_over(self) -> None:
        self._may_close = True
        if self._merge.waiting:
            self._after(OVERLAP_SECONDS, self._close)
        else:
            self._close()

    def _close(self) -> None:
        self.phase = Phase.CLOSING
        self._after(CLOSE_SECONDS, self._old.abort)
        self._old.close()

    def _settle(self, messages: Iterable[object]) -> None:
        """Only one link is left; it may still bring what the other one brought."""
        self.phase = Phase.SETTLING
        self._give(messages)
        self._connection.owner.flush()
        self._after(SETTLE_SECONDS, self._settled)

    def _settled(self) -> None:
        self._stand_down()
        self._connection.rotation_over()

    def _stand_down(self) -> None:
        """Give the messages back to the sessions' own sinks."""
        self._cancel()
        self._old.redirect(None)
        if self.successor is not None:
            self.successor.redirect(None)

    def _sink(
        self, link: Link, take: Callable[[object], Iterable[object]]
    ) -> Callable[[object], None]:
        divert = link.divert

        def sink(message: object) -> None:
            if not divert(message):
                self._give(take(message))

        return sink

    def _give(self, messages: Iterable[object]) -> None:
        connection = self._connection
        for message in messages:
            if connection.continuity.holes:
                connection.tell_holes()
            connection.hand_over(message)
        if connection.continuity.holes:
            connection.tell_holes()

    def _after(self, delay: float, function: Callable[[], None]) -> None:
        self._cancel()
        self._call = self._connection.world.clock.callLater(delay, self._due, function)

    def _due(self, function: Callable[[], None]) -> None:
        self._call = None
        function()

    def _cancel(self) -> None:
        if self._call is not None:
            self._call.cancel()
            self._call = None
