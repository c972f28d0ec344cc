"""How a log line shows a key, and how often a repeated problem is logged.

A callback that raises for each message, or a stream that always loses events, must not fill the
log.  So the first occurrence is logged in full.  Further ones are counted, and the count is logged
at most once in `EVERY` seconds.
"""

from binance.exceptions import redact

#: Minimum seconds between two lines about the same problem.
EVERY = 10.0
#: Maximum number of characters of a key in a line.
_KEY_LENGTH = 100
#: Maximum number of characters of a malformed message in a line.
_MESSAGE_LENGTH = 200


def shown(key: str) -> str:
    """A socket's key for a log line: without listen keys, and shorter if it has many streams."""
    text = redact(key)
    if len(text) <= _KEY_LENGTH:
        return text
    names = text.count("/") + 1
    return f"{text[:_KEY_LENGTH].rpartition('/')[0] or text[:_KEY_LENGTH]}/.. ({names} streams)"


def excerpt(payload: bytes) -> str:
    """The beginning of a malformed message for a log line, without secrets."""
    text = repr(payload[: 10 * _MESSAGE_LENGTH])  # of a message that may have megabytes
    return redact(text)[:_MESSAGE_LENGTH]  # in this order: a cut key is not recognized


class Repeats:
    """Decides which occurrences of one problem are logged."""

    _logged_at: float | None = None
    _unlogged = 0

    def note(self, now: float) -> int | None:
        """Note an occurrence, at `now` seconds of a clock that does not jump.

        Returns:
            0 for the first occurrence: log it in full.  Later the number of occurrences since the
            last line, including this one.  None: do not log it now.
        """
        if self._logged_at is None:
            self._logged_at = now
            return 0
        self._unlogged += 1
        if now < self._logged_at + EVERY:
            return None
        self._logged_at, count = now, self._unlogged
        self._unlogged = 0
        return count
