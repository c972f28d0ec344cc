"""11: a socket with two links is connected while one is open, and replaces one at a time.

It keeps nothing of the others.
"""

from __future__ import annotations

from typing import Any

from binance import events
from simulation.invariants.base import Invariant
from simulation.records import SocketRecord


class Redundancy(Invariant):
    """Looks at the connections of each socket: both of a pair carry the same streams."""

    number = 11

    def told(self, socket: SocketRecord, event: Any) -> None:
        if isinstance(event, events.Disconnected) and self._pairs(socket):
            opened = [any(one.is_open for one in pair) for pair in self._pairs(socket)]
            if all(opened):
                words = f"{socket.kind}: Disconnected is reported, yet a link is open"
                self.found(words, f"disconnected {socket.kind}")

    def each_second(self) -> None:
        for socket in self.run.sockets.values():
            for pair in self._pairs(socket) if socket.is_wanted else ():
                if all(one.rotation.is_under_way for one in pair):
                    self.found(f"{socket.kind}: both links are being replaced", "both rotate")
                links = {link for one in pair for link in one._links()}
                if kept := pair[0].redundancy._members.keys() - links:
                    self.found(f"{socket.kind}: {len(kept)} lost link(s) are kept", "kept")

    @staticmethod
    def _pairs(socket: SocketRecord) -> list[tuple[Any, Any]]:
        """The two connections of each session of a socket; none if it has one link."""
        connections = getattr(socket.conn, "connections", ())
        return [(one, one.partner) for one in connections if one.partner and not one.number]
