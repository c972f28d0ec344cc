"""`make unit` takes unit tests only, and all of them."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.profiles import examples
from tests.unit import SLOWER, command, halves

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"

PLANTED = {
    "opens a socket": ("__import__('socket').socket().close()", "loopback"),
    "opens a pair of sockets": (
        "[s.close() for s in __import__('socket').socketpair()]",
        "loopback",
    ),
    "starts a thread": ("__import__('threading').Thread(target=print).start()", "thread"),
    "starts a timer": ("__import__('threading').Timer(0, print).start()", "thread"),
    "starts a process": ("__import__('subprocess').run(['true'])", "process"),
    "forks": ("__import__('os').fork()", "process"),
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Runs tests that do so, without a marker and with it, as those of the project are run."""
    lines = ["import pytest"]
    for number, (act, marker) in enumerate(PLANTED.values()):
        lines += [f"def test_{number}():", f"    {act}"]
        lines += [f"@pytest.mark.{marker}", f"def test_{number}_marked():"]
        lines += ["    pass" if "fork" in act else f"    {act}"]
    lines += ["def test_no_more_than_a_thought():", "    assert 1 + 1 == 2"]
    module = tmp_path_factory.mktemp("planted") / "test_planted.py"
    module.write_text("\n".join(lines))
    # As in the project, whose settings declare the markers.
    options = ["-p", "tests.conftest", "-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider"]

    def run(*more: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *options, *more, str(module)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    return run


@pytest.mark.process
@pytest.mark.parametrize(
    ("options", "others"),
    [(["--unit"], "1 passed, {} deselected"), ([], "{} passed")],
    ids=["make unit", "make test"],
)
def test_what_is_no_unit_test_fails_or_is_left_out(
    planted: Callable[..., str], options: list[str], others: str
) -> None:
    printed = planted(*options)
    told = re.findall(r"^E +Failed: a unit test calls (.+)$", printed, re.MULTILINE)
    assert [line.partition(": mark it with pytest.mark.")[2] for line in told] == [
        marker for _, marker in PLANTED.values()
    ], printed
    assert f"{len(PLANTED)} failed, {others.format(len(PLANTED) + (not options))}" in printed


def test_both_processes_together_run_each_module_once() -> None:
    one, other = halves(TESTS)
    assert not set(one) & set(other)
    left = set(TESTS.rglob("test_*.py")) - {*one, *other}
    assert {path.name for path in left} >= {"test_exit.py", "test_storm.py", "test_epoll_loop.py"}
    for path in left:
        assert re.search(r"^pytestmark = ", path.read_text(encoding="utf-8"), re.MULTILINE), path
    sizes = [sum(path.stat().st_size for path in part) for part in (one, other)]
    assert max(sizes) < 1.1 * min(sizes)
    for part, rest in ((one, other), (other, one)):
        ignored = {
            word.removeprefix("--ignore=")
            for word in command(TESTS, part, ())
            if word.startswith("--ignore=")
        }
        assert ignored == {str(path) for path in {*rest, *left}}


def test_the_slower_markers_are_declared(pytestconfig: pytest.Config) -> None:
    declared = {line.partition(":")[0] for line in pytestconfig.getini("markers")}
    assert declared >= SLOWER


def test_unit_tests_try_fewer_examples(pytestconfig: pytest.Config) -> None:
    usual, fewer = settings.get_profile("project"), settings.get_profile("unit")
    assert (usual.deadline, fewer.deadline) == (None, None)
    assert fewer.derandomize == usual.derandomize
    now = fewer if pytestconfig.getoption("unit") else usual
    assert settings().max_examples == now.max_examples
    share = now.max_examples / usual.max_examples
    assert [examples(number) for number in (3, 40, 300)] == [3, max(5, 40 * share), 300 * share]
