"""What a log line shows of a key, and how often the same complaint is written.

A callback that raises on each message, or a stream that loses events all the time, must not bury
what else the log holds: the first time is written whole, what follows is counted and said at most
once in `EVERY` seconds.
"""

from __future__ import annotations

from binance.exceptions import redact

__all__ = ["EVERY", "Repeats", "shown"]

#: Seconds between two lines on the same matter.
EVERY = 10.0
#: Characters of a key that a line shows.
_KEY_LENGTH = 100


def shown(key: str) -> str:
    """A socket's key for a log line: without listen keys, and short where it names many streams."""
    text = redact(key)
    if len(text) <= _KEY_LENGTH:
        return text
    names = text.count("/") + 1
    return f"{text[:_KEY_LENGTH].rpartition('/')[0] or text[:_KEY_LENGTH]}/.. ({names} streams)"


class Repeats:
    """How often one matter is written of."""

    _said_at: float | None = None
    _unsaid = 0

    def note(self, now: float) -> int | None:
        """It happened again, at `now` seconds of a clock that does not jump.

        Returns:
            0 the first time: to be written whole; later how often it has happened since it was
            last written of, this time included; None: to be left unwritten for now.
        """
        if self._said_at is None:
            self._said_at = now
            return 0
        self._unsaid += 1
        if now < self._said_at + EVERY:
            return None
        self._said_at, count = now, self._unsaid
        self._unsaid = 0
        return count
