"""10: nothing is raised where nobody catches it, and nothing is logged as an unexpected error."""

from __future__ import annotations

import logging

from simulation.invariants.base import Invariant
from simulation.records import UsersError


class Strays(Invariant):
    """Errors in the reactor, in threads, in Deferreds, and tracebacks in the log."""

    number = 10

    def logged(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, UsersError):
            words = f"logged: {record.getMessage():.90}: {type(error).__name__}: {error!s:.100}"
            self.found(words, f"logged {type(error).__name__}")

    def each_second(self) -> None:
        for failure in self.run.take_failures():
            frame = failure.frames[-1] if failure.frames else ("?", "?", 0)
            words = f"raised: {failure.type.__name__}: {failure.getErrorMessage():.100}"
            words += f" ({frame[0]}, {frame[1].rpartition('/')[2]} line {frame[2]})"
            self.found(words, f"raised {failure.type.__name__} {frame[0]}")

    def at_end(self) -> None:
        self.each_second()
