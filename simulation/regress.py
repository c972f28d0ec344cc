"""Runs the plans of mended faults, and a fixed set of seeds: nothing may be found.

    python -m simulation.regress [SEEDS]

`simulation/corpus/` has a plan for each fault that a simulation found, shrunk to what showed it;
its `found` says what that was.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import simulation.world.install  # noqa: F401 - before the client
from simulation import plans
from simulation.run import run

CORPUS = Path(__file__).parent / "corpus"
#: How many seeds, from 0 on.
SEEDS = 30


def main(count: int = SEEDS) -> int:
    """Print what is found; how much it is."""
    made = {path.stem: json.loads(path.read_text()) for path in sorted(CORPUS.glob("*.json"))}
    made |= {f"seed {seed}": plans.draw(seed) for seed in range(count)}
    found = 0
    for name, plan in made.items():
        for finding in run(plan).findings:
            found += 1
            print(f"{name}: {finding}")
    print(f"{len(made)} plans, {found} findings")
    return found


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
