"""What happens to the links, in plain words."""

from __future__ import annotations

import time
from collections import deque

from binance import events
from binance.cli.trouble import in_one_line

__all__ = ["Notes", "words"]

#: How many of the last notes are kept for a screen.
KEPT = 50


def words(event: events.Event) -> str:
    """A lifecycle event in words; empty for what a reader need not know."""
    match event:
        case events.Connected():
            return "connected"
        case events.Disconnected(code=code, reason=reason, http_status=status):
            number = f"HTTP {status}" if status else f"code {code}" if code else ""
            return f"lost: {reason or 'closed'}{number and f' ({number})'}"
        case events.Retrying(attempt=attempt, delay=delay):
            return f"try {attempt} in {delay:.1f} s"
        case events.Delayed(until=until, when=when, reason=reason):
            return f"connects in {until - when:.0f} s: {reason}"
        case events.Resumed(downtime=downtime):
            return f"receiving again after {downtime:.1f} s"
        case events.Rotated():
            return "moved to a new link without a gap"
        case events.GaveUp(reason=reason):
            return f"given up: {reason}"
        case events.Silent(stream=stream, cause=cause):
            return f"{stream} is silent: {cause}"
        case events.Gap(stream=stream, first=first, last=last):
            missing = "some events" if first is None else f"events {first} to {last}"
            return f"{stream}: {missing} are missing"
        case events.Overflowed(dropped=dropped):
            return f"{dropped} messages were dropped"
        case events.CallbackFailed(error=error):
            return f"a fault in this program: {error!r}"
    return ""


class Notes:
    """The last notes, newest last. Events come from the reactor thread."""

    def __init__(self) -> None:
        self.lines: deque[tuple[float, str]] = deque(maxlen=KEPT)
        self.gaps = 0
        """How many holes in the events were told of."""

    def tell(self, event: events.Event) -> None:
        """Note an event."""
        if isinstance(event, events.Gap):
            self.gaps += 1
        if text := words(event):
            self.add(event.when, text)

    def add(self, when: float, text: str) -> None:
        """Note something else, at UNIX seconds."""
        self.lines.append((when, in_one_line(text)))


def clock(when: float) -> str:
    """UNIX seconds as the local time of day."""
    return time.strftime("%H:%M:%S", time.localtime(when))
