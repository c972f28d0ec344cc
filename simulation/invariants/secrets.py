"""9: nothing secret in any log line, event, repr or exception."""

from __future__ import annotations

import logging
from typing import Any

from simulation.clients import KEY, SECRET
from simulation.invariants.base import Invariant


class Secrets(Invariant):
    """Looks into whatever the library says in words."""

    number = 9

    def logged(self, record: logging.LogRecord) -> None:
        self._look(record.getMessage(), f"a log line of {record.module}")
        if record.exc_info and record.exc_info[1] is not None:
            self._look(repr(record.exc_info[1]), "a logged exception")

    def told_any(self, event: Any) -> None:
        self._look(repr(event), f"an event {type(event).__name__}")

    def at_rest(self) -> None:
        for manager in self.run.managers.values():
            self._look(repr(manager), "the repr of a manager")
            for socket in manager._conns.values():
                self._look(repr(socket), "the repr of a socket")
        for promise in self.run.promises:
            if promise.is_refused and not promise.future.cancelled():
                self._look(repr(promise.future.exception()), "the exception of a future")
        for error in self.run.raised:
            self._look(f"{error!r} {error}", "an exception")

    def _look(self, text: str, where: str) -> None:
        for secret in (KEY, SECRET, *self.run.exchange.accounts.secrets):
            if secret in text:
                self.found(f"a secret in {where}", where)
