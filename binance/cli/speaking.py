"""Do streams speak? Asked with the library's own sockets."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from binance import events
from binance.cli.feed import FrameManager
from binance.cli.names import Wanted

__all__ = ["Speaking", "listen"]

CLOSE_SECONDS = 1.5
OPEN_SECONDS = 15.0


@dataclass(slots=True)
class Speaking:
    """What was heard."""

    opened: float | None = None
    """Seconds until the link was open; None: it never was."""
    first: dict[Wanted, float] = field(default_factory=dict)
    """Seconds from then to the first message of each stream that spoke."""
    reason: str = ""
    """Why the link was lost, or could not be had."""
    status: int | None = None
    """The HTTP status that refused the handshake."""


def listen(attribute: str, base: str, wanted: Sequence[Wanted], wait: float) -> Speaking:
    """Open the streams, one try, and wait until each has spoken.

    :param attribute: the manager's URL attribute of their market; :param base: its value.
    :param wait: seconds that a stream may take to speak.
    """
    heard = Speaking()
    done = threading.Event()
    began = time.monotonic()
    missing = {each.name: each for each in wanted}

    def take(message: Any) -> None:
        stream = missing.pop(str(message.get("stream")), None)
        if stream is not None:
            heard.first[stream] = time.monotonic() - began - (heard.opened or 0.0)
        if not missing:
            done.set()

    def tell(event: events.Event) -> None:
        match event:
            case events.Connected():
                heard.opened = time.monotonic() - began
            case events.Disconnected(reason=reason, http_status=status):
                heard.reason, heard.status = reason or "closed", status
            case events.GaveUp():
                done.set()

    manager = FrameManager(None, max_retries=0, on_event=tell)
    manager.daemon = True
    setattr(manager, attribute, f"{base}/")
    start = {
        "spot": manager.start_multiplex_socket,
        "usdm": manager.start_futures_multiplex_socket,
        "options": manager.start_options_multiplex_socket,
    }[wanted[0].market]
    with manager:
        key = start([each.name for each in wanted], take)
        if manager.wait_open(str(key), OPEN_SECONDS):
            done.wait(wait)
    manager.join(CLOSE_SECONDS)
    return heard
