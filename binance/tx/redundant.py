"""Two connections that carry the same streams, and their reports to the socket.

`binance.sansio.feed.redundancy` merges their messages, and `binance.sansio.link.pair` decides what
the socket learns of them.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Protocol

from binance.sansio.link.liveness import STOPPED
from binance.sansio.link.pair import NUMBERS, Pair, Report
from binance.sansio.link.reconnect import Failure, Retry, RetryPolicy
from binance.sansio.wire.log_text import shown
from binance.tx.connection import Connection, Owner
from binance.tx.dependencies import Dependencies
from binance.tx.link import Session

logger = logging.getLogger("binance")


class RedundantOwner(Owner, Protocol):
    """The socket of the connections."""

    def now(self) -> float:
        """Seconds of a clock that does not jump."""

    def redundancy_changed(self, links: int, failure: Failure | None) -> None:
        """A link was lost or has come back, and the other one is open."""


def connect(
    owner: RedundantOwner, session: Session, dependencies: Dependencies, policy: RetryPolicy
) -> list[Connection]:
    """Two connections for one session, which begin with different addresses."""
    state = Pair()
    halves = [_Half(owner, state, policy, number) for number in NUMBERS]
    connections = [
        Connection(half, session, dependencies, policy, number)
        for number, half in enumerate(halves)
    ]
    connections[0].partner, connections[1].partner = connections[1], connections[0]
    for half in halves:
        half.connections = connections
    halves[0].limit()
    return connections


class _Half:
    """The owner of one of the two connections: passes on what the socket is to learn."""

    connections: list[Connection]

    def __init__(
        self, owner: RedundantOwner, state: Pair, policy: RetryPolicy, number: int
    ) -> None:
        self.key = owner.key
        self._owner = owner
        self._state = state
        self._policy = policy
        self._number = number
        self.read, self.flush, self.malformed = owner.read, owner.flush, owner.malformed
        self.heard = owner.heard
        self.unprocessed, self.protocol_failed = owner.unprocessed, owner.protocol_failed
        self.gap, self.rotated, self.finished = owner.gap, owner.rotated, owner.finished
        self.unheard = owner.unheard

    def limit(self) -> None:
        """Let only the retries of the limited connection count."""
        for connection in self.connections:
            most = self._policy.max_retries if self._state.is_limited(connection.number) else None
            connection.machine.policy = replace(self._policy, max_retries=most)

    # from the connection

    @property
    def is_paused(self) -> bool:
        return self._owner.is_paused

    @property
    def may_read_ahead(self) -> bool:
        return self._owner.may_read_ahead

    @property
    def messages(self) -> int:
        return self._owner.messages

    def opened(self) -> None:
        report = self._state.opened(self._number, self._owner.now())
        self.limit()
        if report is Report.SOCKET:
            self._owner.opened()
        else:
            self._changed(None)

    def proved(self, downtime: float | None) -> None:
        report, downtime = self._state.proved()
        if report is Report.SOCKET:
            self._owner.proved(downtime)

    def lost(self, failure: Failure, outage: bool) -> None:
        report, outage = self._state.lost(self._number, self._owner.now())
        self.limit()
        if report is Report.SOCKET:
            self._owner.lost(failure, outage)
        elif report is Report.LINK:
            self._changed(failure)

    def retrying(self, retry: Retry) -> None:
        if self._state.retries(self._number) is Report.SOCKET:
            self._owner.retrying(retry)
        else:
            self._note(f"retry {retry.attempt} in {retry.delay:.1f} s: {retry.failure.reason}")

    def delayed(self, seconds: float, reason: str) -> None:
        if self._state.retries(self._number) is Report.SOCKET:
            self._owner.delayed(seconds, reason)
        else:
            self._note(f"connects in {seconds:.1f} s: {reason}")

    def gave_up(self, failure: Failure) -> None:
        report = self._state.failed(self._number, failure)
        self.limit()
        if report is Report.SOCKET:
            self._owner.gave_up(failure)
        else:
            words = "%s has only one link from now on, because the other one failed: %s"
            logger.warning(words, shown(self.key), failure.reason)

    def silent(self, stream: str, cause: str) -> None:
        if self._state.silent(self._number, stream, cause == STOPPED) is Report.SOCKET:
            self._owner.silent(stream, cause)

    # inside

    def _changed(self, failure: Failure | None) -> None:
        self._owner.redundancy_changed(len(self._state.up), failure)

    def _note(self, words: str) -> None:
        logger.debug("%s: link %d of 2: %s", shown(self.key), self._number + 1, words)
