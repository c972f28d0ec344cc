"""Runs the tests that need a process of their own, and compares whole processes."""

import os
from pathlib import Path

import pytest

from tests.pace import paced
from tests.simulation.apart import run

HERE = Path(__file__).resolve().parent
# Their threads and dice would be simulated ones; and the project's settings are for its plugins.
WITHOUT = ("timeout", "xdist", "cacheprovider", "hypothesispytest")
PLAIN = ("-m", "pytest", "-q", "-c", os.devnull, "--noconftest", "--import-mode=importlib")


@pytest.mark.process
@pytest.mark.timeout(paced(330))
def test_the_simulated_world() -> None:
    plugins = [word for name in WITHOUT for word in ("-p", f"no:{name}")]
    run(*PLAIN, *plugins, str(HERE / "world"))


TRACES = """
import sys
import simulation.world.install
from simulation import plans
from simulation.run import run
traces = {seed: run(plans.draw(seed), trace=True).trace for seed in map(int, sys.argv[1:])}
assert all(len(trace) > 50 for trace in traces.values())
for seed in sorted(traces):
    print(seed, *traces[seed], sep="\\n")
"""
#: With TLS, users' own connectors and reactors that stop among them.
SEEDS = [str(seed) for seed in (0, 3, 2, 4, 9, 14, 15, 19, 41, 125, 123, 134)]


@pytest.mark.process
@pytest.mark.timeout(paced(330))
def test_one_seed_is_one_run_whatever_hashes_are_and_whatever_ran_before() -> None:
    orders = {"0": SEEDS, "1": SEEDS[::-1], "2": SEEDS[::2] + SEEDS[1::2]}
    runs = {run("-c", TRACES, *order, PYTHONHASHSEED=seed) for seed, order in orders.items()}
    assert len(runs) == 1
