"""4: the exchange's limits and bans are kept, as the exchange counts them."""

from __future__ import annotations

from simulation.exchange.link import ExchangeLink
from simulation.exchange.server import CONNECTS
from simulation.invariants.base import Invariant

#: A name takes so long at the most on a slow network, and what it leads to was begun before that.
SLOW_NAME_SECONDS = 9.0


class Limits(Invariant):
    """Connects, messages, pongs, and bans."""

    number = 4

    def dialled(self, host: str, in_window: int) -> None:
        is_late = self.run.network_is_slow or self.run.held_seconds  # from the budget to the wire
        if in_window > CONNECTS and not is_late:
            self.found(f"more than {CONNECTS} connects in five minutes to {host}", "connects")

    def dialled_in_ban(self, host: str, age: float) -> None:
        if self.run.network_is_slow and age < SLOW_NAME_SECONDS:
            return
        self.found(f"dialled {host} during a ban, {age:.1f} s after it was told", "ban")

    def too_many_messages(self, link: ExchangeLink, count: int) -> None:
        if not self.run.network_is_slow:  # the network itself bunches what was spaced out
            self.found(f"{count} messages within a second on {link.path:.60}", "messages")

    def no_pong(self, link: ExchangeLink, paused: float) -> None:
        if not link.end.is_paused and paused + self.run.held_seconds < 40.0:
            self.found("a ping was not answered within a minute", "pong")
