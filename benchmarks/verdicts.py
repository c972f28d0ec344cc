"""Whether one client is ahead of another: decided by paired rounds, never by two medians.

In each round both got the same messages on the same machine, one after the other. The machine's own
pace is measured beside each of them, by a loop of fixed work. A pair counts only if the machine was
equally fast for both; the spread of its pace is the doubt that every figure carries.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from math import comb

#: A pair does not count if the machine's pace differs by more than this factor between its runs.
ALIKE = 1.15
#: Fewer pairs decide nothing: the interval of five holds the true median in 94 % of all cases.
LEAST = 6
#: The chance that the true median is within the interval.
CONFIDENCE = 0.95
#: An interval that reaches further from 1 than this, or than the noise, decides nothing.
NARROW = 0.05


def paired(ours: Sequence[float], theirs: Sequence[float], paces: Sequence[float]) -> list[float]:
    """Ours by theirs for each round that counts; `paces` are our pace by theirs."""
    rounds = zip(ours, theirs, paces, strict=True)
    return [a / b for a, b, pace in rounds if 1 / ALIKE <= pace <= ALIKE]


def interval(ratios: Sequence[float]) -> tuple[float, float]:
    """Between which two of the ratios their true median is, with the chance `CONFIDENCE`.

    By ranks alone (the sign test), so that one disturbed round moves nothing. With fewer than
    `LEAST` ratios it is the least and the greatest.
    """
    ordered = sorted(ratios)
    number, cut, chance = len(ordered), 0, 0.0
    while True:
        chance += 2 * comb(number, cut) / 2**number
        if chance > 1 - CONFIDENCE or 2 * cut >= number - 1:
            break
        cut += 1
    cut = max(cut - 1, 0)
    return ordered[cut], ordered[-1 - cut]


def noise(paces: Sequence[float]) -> float:
    """By how much the machine's pace differed from its usual one, in half of the runs."""
    usual = statistics.median(paces)
    return statistics.median(abs(pace / usual - 1) for pace in paces)


def verdict(ratios: Sequence[float], *, doubt: float = 0.0, is_cost: bool = False) -> str:
    """`ahead`, `level` or `behind`, for ours by theirs; `unclear` if the rounds do not decide it.

    Args:
        ratios: of the rounds that count.
        doubt: the noise of the machine, as a share: a lead within it is none.
        is_cost: less is better, as with CPU time.
    """
    if len(ratios) < LEAST:
        return "unclear"
    low, high = interval(ratios)
    if is_cost:
        low, high = 1 / high, 1 / low
    if low > 1 + doubt:
        return "ahead"
    if high < 1 - doubt:
        return "behind"
    is_narrow = max(high - 1, 1 - low) <= max(NARROW, 2 * doubt)
    return "level" if is_narrow else "unclear"
