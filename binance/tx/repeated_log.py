"""Log lines for repeated problems: the first in full, then one line in ten seconds."""

import logging

from binance.exceptions import redact
from binance.sansio.wire.log_text import Repeats

logger = logging.getLogger("binance")

#: Maximum number of characters of an exception's text in a line without a traceback.
_WORDS = 200


class RepeatedLog(Repeats):
    """The log lines for one problem of one key."""

    def raised(self, what: str, error: BaseException, now: float) -> None:
        """Log an exception of user code; `what` names the code.

        SystemExit and KeyboardInterrupt are no errors, and get one line without a traceback.
        """
        if isinstance(error, (SystemExit, KeyboardInterrupt)):
            logger.error("%s raised %s: the reactor is stopped", what, type(error).__name__)
            return
        count = self.note(now)
        if count == 0:
            logger.error("%s raised", what, exc_info=error)
        elif count is not None:
            words = redact(f"{type(error).__name__}: {error}")[:_WORDS]
            logger.error("%s raised %d more times, last: %s", what, count, words)

    def log(self, line: str, now: float, level: int = logging.WARNING) -> None:
        """Log the line, with the number of such lines since the last one that was logged."""
        count = self.note(now)
        if count is not None:
            more = f" (the latest of {count} since the last such line)" if count > 1 else ""
            logger.log(level, "%s%s", line, more)
