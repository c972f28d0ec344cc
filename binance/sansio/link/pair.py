"""What a socket learns of two connections that carry the same streams.

The socket is connected while one of them is open.  So it learns of the first one that opens and of
the last one that is lost:

    this connection     the other is open       the other is down
    opens               LINK: redundant again   SOCKET: connected
    is proven           -                       SOCKET: the outage is over
    is lost             LINK: one link is left  SOCKET: disconnected, once for each outage
    retries             -                       SOCKET, if it is the limited one
    has failed          LINK: it is given up    SOCKET, if it is limited and no other can help

The *limited* connection keeps to the socket's number of retries: the last one that was open, or the
first one.  The other one retries for ever.  A connection that no retry can help leaves the other
one alone, which is limited from then on.
"""

import enum
from dataclasses import dataclass, field
from typing import Final

from binance.sansio.link.reconnect import Failure

NUMBERS: Final = (0, 1)


class Report(enum.Enum):
    """Who is to learn of something that happened to one of two connections."""

    SOCKET = "socket"
    """It happened to the socket as a whole."""
    LINK = "link"
    """The socket stays connected; the number of its links has changed."""
    NONE = "none"


@dataclass(slots=True)
class Pair:
    """The state of both connections, by their numbers 0 and 1."""

    limited: int = 0
    """The connection whose retries count."""
    up: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    down_since: float | None = None
    _up_since: float = 0.0
    _was_proven: bool = False
    _silent: dict[str, set[int]] = field(default_factory=dict)

    def is_limited(self, number: int) -> bool:
        """Whether the retries of this connection count now."""
        return number == self.limited and self.up <= {number}

    def opened(self, number: int, now: float) -> Report:
        """A link is open."""
        is_first = not self.up
        self.up.add(number)
        if not is_first:
            return Report.LINK
        self.limited, self._up_since = number, now
        return Report.SOCKET

    def proved(self) -> tuple[Report, float | None]:
        """A link works.  Returns also the seconds of the outage that ends here, if one does."""
        since, self.down_since = self.down_since, None
        if since is None and self._was_proven:
            return Report.NONE, None
        self._was_proven = True
        return Report.SOCKET, None if since is None else self._up_since - since

    def lost(self, number: int, now: float) -> tuple[Report, bool]:
        """A link was lost, or its first try has failed.  Returns also whether an outage begins."""
        was_up, begins = number in self.up, self.down_since is None
        self.up.discard(number)
        if self.up:
            (self.limited,) = self.up
            return (Report.LINK if was_up else Report.NONE), False
        if begins:
            self.down_since = now
        if was_up:
            self.limited = number
        return (Report.SOCKET if was_up or begins else Report.NONE), begins

    def retries(self, number: int) -> Report:
        """A retry is planned, or a dial is delayed."""
        return Report.SOCKET if self.is_limited(number) and not self.up else Report.NONE

    def failed(self, number: int, failure: Failure) -> Report:
        """A connection will not be retried any more."""
        others = {*NUMBERS} - {number} - self.gone
        is_certain = failure.hopeless or failure.final
        if not others or (not self.up and number == self.limited and not is_certain):
            return Report.SOCKET
        self.gone.add(number)
        (self.limited,) = others
        return Report.LINK

    def silent(self, number: int, stream: str, has_stopped: bool) -> Report:
        """A stream is silent on one link: the socket learns of it if it is silent on both.

        :param has_stopped: neither link brings it any more.  Then a link that is down has no say:
            it may be down for long, and the open one may be dead.
        """
        silent = self._silent.setdefault(stream, set())
        silent.add(number)
        if (self.up if has_stopped and self.up else {*NUMBERS} - self.gone) - silent:
            return Report.NONE
        del self._silent[stream]
        return Report.SOCKET
