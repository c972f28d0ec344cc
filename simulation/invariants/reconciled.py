"""12: what is made from REST of an account is what has happened, by the ids of its executions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from binance import events
from simulation.exchange.executions import body_of, key_of
from simulation.invariants.base import Invariant
from simulation.records import SocketRecord

if TYPE_CHECKING:
    from simulation.run import Run

#: Fields of an event's body: the status, the quantities of the trade and of all trades.
FIELDS = ("X", "l", "z", "s", "c")


class Reconciled(Invariant):
    """Looks into each event that is marked as reconciled; `Continuity` looks at their order.

    Those have the serial numbers of the events that were missed, so that one which comes twice, or
    never, is noticed there.
    """

    number = 12

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._forgotten: set[tuple[SocketRecord, str]] = set()

    def told(self, socket: SocketRecord, event: Any) -> None:
        """An order that REST no longer knows is reported once."""
        if not isinstance(event, events.Gap) or not re.search("not exist|no longer", event.reason):
            return
        if (socket, event.reason) in self._forgotten:
            self.found(f"{socket.kind}: once more: {event.reason}", "forgotten order")
        self._forgotten.add((socket, event.reason))

    def delivered(self, socket: SocketRecord, name: str, data: dict[str, Any], number: int) -> None:
        if "reconciled" not in data:
            return
        body = body_of(data)
        assert body is not None  # it has a number
        known = self.run.exchange.accounts.changes.get(key_of(body))
        if known is None:
            words = f"{socket.kind}: {body['x']} of order {body['i']} never happened"
            self.found(words, f"invented {body['x']}")
            return
        wrong = [one for one in FIELDS if str(body[one]) != str(known[1][one])]
        if wrong:
            said = ", ".join(f"{one} is {body[one]}, not {known[1][one]}" for one in wrong)
            words = f"{socket.kind}: {body['x']} of order {body['i']}: {said}"
            self.found(words, f"other {' '.join(wrong)}")
