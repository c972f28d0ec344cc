"""What calls weigh: functions of their parameters. Pure.

Source: the exchange's page "Market Data endpoints".
"""

from __future__ import annotations

from collections.abc import Callable

from binance.simulator.api.params import Params

Weigh = Callable[[Params], int]


def flat(weight: int) -> Weigh:
    """A call that always weighs the same."""
    return lambda params: weight


LIGHT = flat(1)


def by_limit(default: int, *steps: tuple[int, int]) -> Weigh:
    """A weight that grows with ``limit``: each step has a limit, and the weight up to there."""

    def weigh(params: Params) -> int:
        text = params.raw.get("limit", "")
        limit = int(text) if text.isdecimal() and len(text) < 10 else default
        return next((weight for most, weight in steps if limit <= most), steps[-1][1])

    return weigh


depth_weight = by_limit(100, (100, 5), (500, 25), (1000, 50), (5000, 250))
futures_depth_weight = by_limit(500, (50, 2), (100, 5), (500, 10), (1000, 20))
klines_weight = by_limit(500, (99, 1), (499, 2), (1000, 5), (1500, 10))
options_depth_weight = by_limit(100, (50, 1), (100, 5), (500, 10), (1000, 20))


def ticker_24hr_weight(params: Params) -> int:
    """2 for one symbol, 40 for up to 100, 80 beyond."""
    if "symbol" in params:
        return 2
    names = params.names("symbols")
    if names is None:
        return 80
    return 2 if len(names) <= 20 else 40 if len(names) <= 100 else 80


def one_or_all(one: int, several: int) -> Weigh:
    """One weight with ``symbol``, another without."""
    return lambda params: one if "symbol" in params else several


def each_symbol(weight: int, most: int) -> Weigh:
    """So much for each symbol, up to ``most``."""
    return lambda params: min(most, weight * len(params.names("symbols") or [""]))
