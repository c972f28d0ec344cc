"""The length of a pause that the exchange requires, from its answers.

A 429 or 418 contains it in a ``Retry-After`` header, as seconds or as a date. A 418 may contain it
only in its text, as ``banned until 1659146400000``, in milliseconds. Bans last from two minutes to
three days. A longer time is cut to that, because a wrong one would block the host for ever.

https://developers.binance.com/docs/binance-spot-api-docs/rest-api/limits
"""

import email.utils
import re

from binance.sansio.names.times import per_second

STATUS_BANNED = 418
STATUS_LIMITED = 429
LIMITED = frozenset({STATUS_LIMITED, STATUS_BANNED})
TRANSIENT = LIMITED | {403, 408, 425}
"""Statuses that are worth another try, though they are below 500."""

SHORTEST_BAN = 120.0
"""Seconds of a 418 without a time."""
LONGEST_BAN = 3 * 86_400.0

_SECONDS = re.compile(r"\d+(\.\d+)?", re.ASCII)
_BANNED_UNTIL = re.compile(r"banned until (\d{10,16})\b", re.ASCII)


def is_final(status: int) -> bool:
    """Whether the exchange will refuse the same call again."""
    return 400 <= status < 500 and status not in TRANSIENT


def stay_away(status: int, header: str | None, text: str, wall: float) -> float | None:
    """Seconds for which no request may be sent to the host; None if the answer requires no pause.

    :param header: the ``Retry-After`` header, if there is one.
    :param text: the body of the answer, or the message in it.
    :param wall: UNIX time in seconds.
    """
    if status not in LIMITED:
        return None
    named = retry_after(header, wall)
    if named is None:
        named = banned_until(text, wall)
    if named is None and status == STATUS_BANNED:
        return SHORTEST_BAN
    return named


def retry_after(value: str | None, wall: float | None = None) -> float | None:
    """Seconds to wait by a ``Retry-After`` header, at most `LONGEST_BAN`; None if it is invalid.

    :param wall: UNIX time in seconds, for a header that is a date; None: do not read dates.
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), LONGEST_BAN)
    if wall is None:
        return None
    try:
        until = email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(0.0, until - wall), LONGEST_BAN)


def banned_until(text: str, wall: float) -> float | None:
    """Seconds of the ban in a text, at most `LONGEST_BAN`; None if the text contains none.

    :param wall: UNIX time in seconds. If the ban has ended by this clock, one of the two clocks is
        wrong, and the ban still exists.
    """
    found = _BANNED_UNTIL.search(text)
    if found is None:
        return None
    moment = int(found[1])
    seconds = moment / per_second(moment) - wall
    return min(seconds, LONGEST_BAN) if seconds > 0 else SHORTEST_BAN
