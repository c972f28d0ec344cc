"""The two units in which the exchange writes times: milliseconds, and microseconds where asked for.

https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams (``timeUnit``)
"""

from __future__ import annotations

from typing import Final

__all__ = ["MICROSECONDS", "milliseconds", "per_second"]

MICROSECONDS: Final = 10**14
"""Times above this are in microseconds (`timeUnit=MICROSECOND`), below in milliseconds."""


def milliseconds(time: float) -> float:
    """A time of the exchange in milliseconds, whichever unit it came in."""
    return time / 1000 if time > MICROSECONDS else time


def per_second(time: float) -> int:
    """How many of the units that a time of the exchange is written in make a second."""
    return 1_000_000 if time > MICROSECONDS else 1000
