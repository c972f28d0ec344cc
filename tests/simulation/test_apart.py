"""Runs the tests that need a process of their own, and compares whole processes."""

import os
from pathlib import Path

import pytest

from tests.simulation.apart import run

HERE = Path(__file__).resolve().parent
# Their threads and dice would be simulated ones; and the project's settings are for its plugins.
WITHOUT = ("timeout", "xdist", "cacheprovider", "hypothesispytest")
PLAIN = ("-m", "pytest", "-q", "-c", os.devnull, "--noconftest", "--import-mode=importlib")


@pytest.mark.process
@pytest.mark.timeout(330)
def test_the_simulated_world() -> None:
    plugins = [word for name in WITHOUT for word in ("-p", f"no:{name}")]
    run(*PLAIN, *plugins, str(HERE / "world"))


TRACES = """
import simulation.world.install
from simulation import plans
from simulation.run import run
for seed in range(8):
    result = run(plans.draw(seed), trace=True)
    print(*result.trace, sep="\\n")
    assert len(result.trace) > 100
"""


@pytest.mark.process
def test_one_seed_is_one_run_whatever_hashes_are() -> None:
    assert len({run("-c", TRACES, PYTHONHASHSEED=seed) for seed in ("0", "1", "2")}) == 1
