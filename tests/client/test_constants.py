"""Numbers that were decided for REST calls: a change of one is a decision."""

from types import ModuleType
from typing import Any

import pytest

from binance import async_client
from binance.rest import calls, history, limits
from tests.constants import named_numbers

#: module -> name -> (value, why it is right)
RIGHT: dict[ModuleType, dict[str, tuple[Any, str]]] = {
    async_client: {
        "MOST_AT_ONCE": (300, "orders that futures accept in 10 s, as long as a call may hang"),
    },
    calls: {
        "BODY_SHOWN": (200, "enough to see what it was"),
    },
    history: {
        "PAGE_MAX": (1000, '"limit: Default 500; max 1000"'),
        "FUTURES_PAGE_MAX": (1500, '"limit: Default 500; max 1500"'),
    },
    limits: {
        "WEIGHTS_PER_MINUTE": (
            {"api": 6000, "fapi": 2400, "dapi": 2400, "eapi": 400},
            "rateLimits of each exchangeInfo",
        ),
        "LEAST_PAUSE": (0.05, "short to a caller, long to a processor"),
    },
}


@pytest.mark.parametrize("module", RIGHT, ids=lambda module: module.__name__)
def test_named_numbers_are_the_decided_ones(module: ModuleType) -> None:
    assert named_numbers(module) == {name: value for name, (value, _) in RIGHT[module].items()}
