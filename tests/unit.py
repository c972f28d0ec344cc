"""`make unit`: the tests that need no socket, thread or process, in two processes side by side.

`pytest --unit` leaves out each test that has one of the `SLOWER` markers, and tries fewer examples
(`tests/profiles.py`). Each other test that needs them all the same fails, here as in any other run
(`tests/guard.py`). Here two of it run, each on half of the files: they collect only what they run,
which `pytest-xdist` cannot.
"""

from __future__ import annotations

import functools
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

#: The markers of tests that are no unit tests, declared in pyproject.toml.
SLOWER = frozenset({"loopback", "process", "thread", "slow", "long"})

#: A module that has no unit test at all.
_SLOWER_MODULE = re.compile(rf"^pytestmark = \[?pytest\.mark\.({'|'.join(SLOWER)})\b", re.MULTILINE)

NO_TESTS = 5  # pytest's exit code


@functools.cache
def has_unit_tests(module: Path) -> bool:
    """Whether a module may have a unit test: not all of its tests have a marker together."""
    return _SLOWER_MODULE.search(module.read_text(encoding="utf-8")) is None


def halves(tests: Path) -> tuple[list[Path], list[Path]]:
    """The modules below a folder that have unit tests, in two parts of about the same size."""
    parts: tuple[list[Path], list[Path]] = [], []
    sizes = [0, 0]
    for path in sorted(tests.rglob("test_*.py"), key=lambda path: (-path.stat().st_size, path)):
        if has_unit_tests(path):
            part = sizes.index(min(sizes))
            parts[part].append(path)
            sizes[part] += path.stat().st_size
    return parts


def command(tests: Path, part: list[Path], arguments: Iterable[str]) -> list[str]:
    """Run one part: pytest ignores the other modules."""
    others = sorted(set(tests.rglob("test_*.py")) - set(part))
    ignored = [f"--ignore={path}" for path in others]
    slowest = ("--durations=3", "--durations-min=0.5")  # to be marked so, perhaps
    return [sys.executable, "-m", "pytest", "--unit", "--quiet", *slowest, *ignored, *arguments]


def main(*arguments: str) -> int:
    """Run the unit tests with pytest's arguments; its exit code."""
    tests = Path(__file__).parent
    one, other = (command(tests, part, arguments) for part in halves(tests))
    with tempfile.TemporaryFile() as output:
        beside = subprocess.Popen(other, stdout=output, stderr=output)
        codes = {subprocess.call(one), beside.wait()}
        output.seek(0)
        sys.stdout.buffer.write(output.read())
    return max(codes - {NO_TESTS}, default=NO_TESTS)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
