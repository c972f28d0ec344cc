"""What an invariant is, and what it is told of."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from simulation.exchange import Watcher

if TYPE_CHECKING:
    from simulation.records import SocketRecord
    from simulation.run import Run


class Invariant(Watcher):
    """Something that holds in every run.

    A subclass overrides what it needs to see; what it does not override costs nothing.  It says
    what it finds with `found`, and a finding's `sign` is the same wherever the same thing happens:
    it tells findings apart, and shrinking keeps it.
    """

    #: as the list in the package numbers them
    number = 0

    def __init__(self, run: Run) -> None:
        self.run = run

    def found(self, words: str, sign: str) -> None:
        """The invariant does not hold."""
        self.run.found(f"{self.number} {type(self).__name__}", words, sign)

    # from callbacks

    def called(self, socket: SocketRecord, message: Any) -> None:
        """A callback was called, with anything."""

    def delivered(self, socket: SocketRecord, name: str, data: dict[str, Any], number: int) -> None:
        """It was an event of a stream, the `number`-th; `socket.last` is still the one before."""

    def ended(self, socket: SocketRecord) -> None:
        """It was the error dict."""

    # from the library

    def told(self, socket: SocketRecord, event: Any) -> None:
        """A lifecycle event was reported."""

    def told_any(self, event: Any) -> None:
        """The same, whoever's it is."""

    def logged(self, record: logging.LogRecord) -> None:
        """Something was logged."""

    # from the clock

    def each_second(self) -> None:
        """A second has passed."""

    # from the run

    def at_rest(self) -> None:
        """The faults were mended a minute ago, and the exchange is quiet."""

    def at_end(self) -> None:
        """All was closed, and a moment has passed."""


#: The methods that invariants may override.
HOOKS = (
    *(name for name in vars(Invariant) if not name.startswith("_") and name != "found"),
    *(name for name in vars(Watcher) if not name.startswith("_")),
)
