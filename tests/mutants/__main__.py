"""Changes the code in small ways, and looks whether a test fails for each.

    python -m tests.mutants              # a sample that takes about ten minutes on two cores
    python -m tests.mutants --seed 7     # another one
    python -m tests.mutants --only tx/link --count 30

cosmic-ray makes the changes (another comparison, another number, `or` for `and` and so on).  Each
is tried in a copy of the project: first with the tests of the changed module, then with all that
import it and need no socket and no process.  A mutant that no test notices has *survived*.
Survivors that do not change what the code does are named in `equivalent.toml`, each with the
reason; every other one asks for a test.  The exit code is 1 where more than a tenth survived, or a
survivor has no name.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

from tests.mutants import equivalent, runs
from tests.mutants.imports import Imports
from tests.mutants.sample import Mutant, sample

ROOT = Path(__file__).parents[2]
#: What decides, what speaks to the exchange, and what holds a user's money or book.
PATTERNS = (
    "sansio/*/*.py",
    "tx/*.py",
    "tx/*/*.py",
    "depth/*.py",
    "rest/*.py",
    "depthcache.py",
    "client.py",
)
#: The folder of tests of a part that has another name.
FOLDERS = {"depth": "depthcache", "rest": "client"}
#: The tests of a module that have another name: a reactor's life is that of its process.
OWN = {"tx/loop/reactor.py": "tests/process/test_exit.py"}
#: Where tests are that need neither sockets nor processes.
SUITES = ("sansio", "client", "websockets", "depthcache", "tx")
NOT_LONG = "not long"
QUICK = "not loopback and not process and not long"
MOST_SURVIVORS = 0.1


@dataclass(frozen=True, slots=True)
class Task:
    """One mutant, and the tests that may notice it, the nearest first."""

    mutant: Mutant
    own: tuple[str, ...]
    others: tuple[str, ...]


def main() -> int:
    options = _options()
    modules = [path for path in _modules() if options.only in path.as_posix()]
    tasks = [_task(mutant) for mutant in sample(ROOT, modules, options.count, options.seed)]
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(
            options.jobs, get_context("fork"), runs.prepare, (ROOT, folder)
        ) as pool,
    ):
        used = sorted({test for task in tasks for test in task.others})
        parts = [used[number :: options.jobs] for number in range(options.jobs)]
        if said := "".join(pool.map(runs.failure, parts, [QUICK] * options.jobs)):
            print(f"{said}\nthe tests fail without any change: nothing can be said of mutants")
            return 2
        outcomes = []
        for task, killed in zip(tasks, pool.map(_try, tasks), strict=True):
            outcomes.append((task.mutant, killed))
            if options.verbose or not killed:
                print(f"{'killed  ' if killed else 'SURVIVED'} {task.mutant}", flush=True)
    return _report(outcomes, options.seed, time.monotonic() - began)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--count", type=int, default=120, help="how many changes to try")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--only", default="", help="a part of the changed files' paths")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--verbose", action="store_true", help="a line for each mutant")
    return parser.parse_args()


def _modules() -> Iterator[Path]:
    for pattern in PATTERNS:
        for path in sorted((ROOT / "binance").glob(pattern)):
            if path.name != "__init__.py":
                yield path.relative_to(ROOT)


_IMPORTS = Imports(ROOT)


def _task(mutant: Mutant) -> Task:
    inner = mutant.path.relative_to("binance")
    folder = FOLDERS.get(inner.parts[0], inner.parts[0])
    own = Path(OWN.get(inner.as_posix(), f"tests/{folder}/test_{inner.stem}.py"))
    folders = sorted(SUITES, key=lambda name: name != folder)
    files = [path for name in folders for path in sorted((ROOT / "tests" / name).glob("test_*.py"))]
    others = [
        path.relative_to(ROOT).as_posix() for path in files if mutant.path in _IMPORTS.of(path)
    ]
    return Task(mutant, (own.as_posix(),) if (ROOT / own).exists() else (), tuple(others))


def _try(task: Task) -> bool:
    """Whether a test notices the mutant; folder by folder, since most are noticed in the first."""
    folders = groupby(task.others, lambda test: Path(test).parent)
    with runs.changed(task.mutant.path, task.mutant.code):
        return not (
            runs.passes(task.own, NOT_LONG)
            and all(runs.passes(list(tests), QUICK) for _, tests in folders)
        )


def _report(outcomes: list[tuple[Mutant, bool]], seed: int, seconds: float) -> int:
    known = equivalent.load()
    survivors = [mutant for mutant, killed in outcomes if not killed]
    unnamed = [one for one in survivors if one.sign not in known]
    for one in survivors:
        print(f"\nsurvived: {one}\n{known.get(one.sign, 'WITHOUT A NAME: it asks for a test')}")
    print(
        f"\n{len(outcomes)} mutants of seed {seed} in {seconds:.0f} s: "
        f"{len(outcomes) - len(survivors)} killed, {len(survivors)} survived, "
        f"{len(unnamed)} of them without a name"
    )
    too_many = len(survivors) > MOST_SURVIVORS * len(outcomes)
    return 1 if unnamed or too_many else 0


if __name__ == "__main__":
    sys.exit(main())
