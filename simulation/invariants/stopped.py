"""2: no callback after `stop_socket` or `close`, and none before its time."""

from __future__ import annotations

from typing import Any

from binance import events
from simulation.invariants.base import Invariant
from simulation.records import SocketRecord


class Stopped(Invariant):
    """Nothing reaches a callback once its socket was stopped, and the error dict not too early."""

    number = 2

    def called(self, socket: SocketRecord, message: Any) -> None:
        # A key that was given up is free at once; its error dict may be in a thread's queue still.
        is_due = self.run.is_error(message) and self.run.is_giving_up(socket)
        if socket.is_stopped and not is_due:
            self.found(f"{socket.kind}: called after it was stopped", f"stopped {socket.kind}")

    def ended(self, socket: SocketRecord) -> None:
        if not any(isinstance(event, events.GaveUp) for _, event in socket.told):
            words = f"{socket.kind}: the error dict came before any GaveUp"
            self.found(words, f"early error {socket.kind}")
