"""Log lines on what may happen again and again: the first whole, then one in ten seconds."""

from __future__ import annotations

import logging

from binance.exceptions import redact
from binance.sansio.wire.log_text import Repeats

__all__ = ["RepeatedLog"]

logger = logging.getLogger("binance")

#: Characters of an exception's own words in a line that has no traceback.
_WORDS = 200


class RepeatedLog(Repeats):
    """One matter of one key."""

    def raised(self, what: str, error: BaseException, now: float) -> None:
        """Somebody's code raised: `what` says whose.  An exit that its author asked for is no
        fault, and takes one line."""
        if isinstance(error, (SystemExit, KeyboardInterrupt)):
            logger.error("%s raised %s: the reactor is stopped", what, type(error).__name__)
            return
        count = self.note(now)
        if count == 0:
            logger.error("%s raised", what, exc_info=error)
        elif count is not None:
            words = redact(f"{type(error).__name__}: {error}")[:_WORDS]
            logger.error("%s raised %d times more, at last %s", what, count, words)

    def say(self, line: str, now: float, level: int = logging.WARNING) -> None:
        """Write the line, and how often its like has come since the last one."""
        count = self.note(now)
        if count is not None:
            more = f" ({count} like this in the meantime)" if count > 1 else ""
            logger.log(level, "%s%s", line, more)
