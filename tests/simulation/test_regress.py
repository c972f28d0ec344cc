"""The plans of mended faults and a fixed set of seeds, in a process of their own."""

import pytest

from tests.pace import paced
from tests.simulation.apart import run


@pytest.mark.process
@pytest.mark.timeout(paced(330))
def test_nothing_is_found() -> None:
    assert " 0 findings" in run("-m", "simulation.regress")
