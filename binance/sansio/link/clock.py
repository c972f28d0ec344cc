"""How late messages arrive: the exchange's clock, measured as NTP does, and the latest latencies.

All own times are those of a clock that does not jump, so a system clock that is set back has no
effect once the exchange's clock was measured.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from binance.sansio.link.stats import LatencyStats

SAMPLES: Final = 8
"""Requests for one measurement.  The first ones also open the connection, so they are slow."""
MEASURE_SECONDS: Final = 600.0
"""A measurement is repeated after this time."""
SAMPLE_SECONDS: Final = 0.1
"""Latencies are taken of one read in this time, so they cost nothing."""
WINDOW_SECONDS: Final = 60.0
_RESOLUTION = 0.001  # of the exchange's times
_LEAST_MICROSECONDS = 1e14  # a time that is larger is in microseconds, else in milliseconds


class ClockOffset(NamedTuple):
    """The exchange's UNIX time minus our clock, in seconds, and the bound of its error."""

    offset: float
    error: float


def measured(samples: Iterable[tuple[float, float, float]]) -> ClockOffset:
    """The offset by the sample with the shortest round trip.

    :param samples: our clock when the request was sent, the exchange's UNIX time, and our clock
        when the answer arrived; in seconds.
    """
    sent, theirs, received = min(samples, key=lambda sample: sample[2] - sample[0])
    return ClockOffset(theirs - (sent + received) / 2, (received - sent) / 2 + _RESOLUTION)


def event_time(message: Any) -> float | None:
    """The time `E` at which the exchange has made a message, in UNIX seconds; None without one."""
    data = message
    if isinstance(message, dict):  # the envelope of streams, of the WebSocket API, or none
        data = message.get("data") or message.get("event", message)
    if isinstance(data, list) and data:
        data = data[-1]
    time = data.get("E") if isinstance(data, dict) else None
    if type(time) is not int:
        return None
    return time / (1e6 if time >= _LEAST_MICROSECONDS else 1e3)


class Latencies:
    """The latencies of the last minute, in a fixed amount of memory."""

    def __init__(self) -> None:
        size = round(WINDOW_SECONDS / SAMPLE_SECONDS)
        self._when = array("d", [-math.inf]) * size
        self._seconds = array("d", [0.0]) * size
        self._next = 0

    def note(self, now: float, seconds: float) -> None:
        """A message has arrived now, which took so long."""
        self._when[self._next], self._seconds[self._next] = now, seconds
        self._next = (self._next + 1) % len(self._when)

    def summary(self, now: float, error: float | None) -> LatencyStats | None:
        """The latencies of the last minute, which may be wrong by `error`; None without one."""
        since, oldest = now - WINDOW_SECONDS, self._next
        when, seconds = (ring[oldest:] + ring[:oldest] for ring in (self._when, self._seconds))
        latest = sorted(seconds[bisect_right(when, since) :])
        if not latest:
            return None
        p50, p99 = (latest[math.ceil(part * len(latest)) - 1] for part in (0.5, 0.99))
        return LatencyStats(p50, p99, latest[-1], error)
