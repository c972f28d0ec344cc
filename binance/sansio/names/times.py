"""The two units in which the exchange writes times: milliseconds, and microseconds where asked for.

https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams (``timeUnit``)
"""

from typing import Final

MICROSECONDS: Final = 10**14
"""Times above this are in microseconds (`timeUnit=MICROSECOND`), below in milliseconds."""


def milliseconds(time: float) -> float:
    """A time of the exchange, in either unit, converted to milliseconds."""
    return time / 1000 if time > MICROSECONDS else time


def per_second(time: float) -> int:
    """The number of units per second of a time of the exchange: 1000, or 1,000,000."""
    return 1_000_000 if time > MICROSECONDS else 1000
