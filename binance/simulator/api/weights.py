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


def depth_weight(params: Params) -> int:
    """5, 25, 50 or 250 for up to 100, 500, 1000 or 5000 levels."""
    text = params.raw.get("limit", "100")
    limit = int(text) if text.isdigit() and len(text) < 10 else 100
    return 5 if limit <= 100 else 25 if limit <= 500 else 50 if limit <= 1000 else 250


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
