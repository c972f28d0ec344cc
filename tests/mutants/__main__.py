"""Changes the code in small ways, and looks whether a test fails for each.

    python -m tests.mutants              # a sample that takes about ten minutes on two cores
    python -m tests.mutants --seed 7     # another one
    python -m tests.mutants --only tx/link --count 30

cosmic-ray makes the changes (another comparison, another number, `or` for `and` and so on).  Each
is tried in a copy of the project: first with the tests of the changed module, then with all that
need no socket and no process.  A mutant that no test notices has *survived*.  Survivors that do
not change what the code does are named in `equivalent.toml`, each with the reason; every other one
asks for a test.  The exit code is 1 where more than a tenth survived, or a survivor has no name.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.mutants import equivalent
from tests.mutants.sample import Mutant, sample

ROOT = Path(__file__).parents[2]
#: What decides, what speaks to the exchange, and what holds a user's money or book.
PATTERNS = (
    "sansio/*.py",
    "tx/*.py",
    "_depth/*.py",
    "_rest/*.py",
    "depthcache.py",
    "client.py",
)
#: Routes are data, which tests hold against a table of their own.
LEFT_OUT = ("__init__.py", "routes", "routelist.py", "routerows.py")
QUICK = "not loopback and not process and not long"
#: The tests of each part that need neither sockets nor processes, the nearest first.
SUITES = {
    "sansio": ("tests/sansio", "tests/tx", "tests/depthcache", "tests/websockets", "tests/client"),
    "tx": ("tests/tx", "tests/websockets", "tests/sansio"),
    "_depth": ("tests/depthcache",),
    "_rest": ("tests/client",),
    "depthcache.py": ("tests/depthcache",),
    "client.py": ("tests/client",),
}
_ALL = [(folder,) for folder in dict.fromkeys(test for suite in SUITES.values() for test in suite)]
#: A change may make a test wait for ever: seconds for one test, and for all of a suite.
TEST_SECONDS = 20
SECONDS = 180.0
MOST_SURVIVORS = 0.1


@dataclass(frozen=True, slots=True)
class Outcome:
    mutant: Mutant
    killed: bool
    by: str


def main() -> int:
    options = _options()
    modules = [path for path in _modules() if options.only in path.as_posix()]
    chosen = sample(ROOT, modules, options.count, options.seed)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(options.jobs):
            copies.put(_copy(Path(folder) / str(number)))
        with ThreadPoolExecutor(options.jobs) as pool:
            if not all(pool.map(lambda tests: _passes_unchanged(tests, copies), _ALL)):
                print("the tests fail without any change: nothing can be said of mutants")
                return 2
            outcomes = list(pool.map(lambda one: _try(one, copies, options.verbose), chosen))
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
            if not path.name.startswith(LEFT_OUT):
                yield path.relative_to(ROOT)


def _copy(folder: Path) -> Path:
    ignored = shutil.ignore_patterns(".*", "__pycache__", "_build", "*.egg-info")
    shutil.copytree(ROOT, folder, ignore=ignored)
    return folder


def _try(mutant: Mutant, copies: SimpleQueue[Path], is_verbose: bool) -> Outcome:
    copy = copies.get()
    path = copy / mutant.path
    original = path.read_text(encoding="utf-8")
    try:
        path.write_text(mutant.code, encoding="utf-8")
        outcome = _judge(mutant, copy)
    finally:
        path.write_text(original, encoding="utf-8")
        copies.put(copy)
    if is_verbose or not outcome.killed:
        print(f"{'killed  ' if outcome.killed else 'SURVIVED'} {mutant}", flush=True)
    return outcome


def _passes_unchanged(tests: tuple[str, ...], copies: SimpleQueue[Path]) -> bool:
    copy = copies.get()
    try:
        return _passes(copy, tests)
    finally:
        copies.put(copy)


def _judge(mutant: Mutant, copy: Path) -> Outcome:
    own, others = _suites(mutant.path)
    for tests, marks in ((own, "not long"), (others, QUICK)):
        present = [test for test in tests if (copy / test).exists()]
        if present and not _passes(copy, present, marks):
            return Outcome(mutant, True, present[0])
    return Outcome(mutant, False, "")


def _suites(path: Path) -> tuple[Sequence[str], Sequence[str]]:
    """The tests of the module itself, and those of all that uses it."""
    inner = path.relative_to("binance")
    folder = {"_depth": "depthcache", "_rest": "client"}.get(inner.parts[0], inner.parts[0])
    return (f"tests/{folder}/test_{inner.stem}.py",), SUITES[inner.parts[0]]


def _passes(copy: Path, tests: Sequence[str], marks: str = QUICK) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-m", marks, "-p", "no:cacheprovider"]
    command += ["-o", f"timeout={TEST_SECONDS}"]
    # No compiled files: one of a mutant could be taken for the next one's.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(copy)}
    try:
        run = subprocess.run(
            [*command, *tests],
            cwd=copy,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return run.returncode in (0, 5)  # 5: none of its tests is a quick one


def _report(outcomes: list[Outcome], seed: int, seconds: float) -> int:
    known = equivalent.load()
    survivors = [one.mutant for one in outcomes if not one.killed]
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
