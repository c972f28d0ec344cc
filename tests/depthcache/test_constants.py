"""Numbers that were decided for depth caches: a change of one is a decision."""

from types import ModuleType
from typing import Any

import pytest

from binance.depth import snapshots
from tests.constants import named_numbers

#: module -> name -> (value, why it is right)
RIGHT: dict[ModuleType, dict[str, tuple[Any, str]]] = {
    snapshots: {
        "THREADS": (4, "four snapshots at once fill a line, and leave the weight to others"),
        "WAITS": ({429: 30.0, 418: 120.0}, "half a minute's window, and the shortest ban"),
    },
}


@pytest.mark.parametrize("module", RIGHT, ids=lambda module: module.__name__)
def test_named_numbers_are_the_decided_ones(module: ModuleType) -> None:
    assert named_numbers(module) == {name: value for name, (value, _) in RIGHT[module].items()}
