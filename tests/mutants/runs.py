"""Runs tests in a copy of the project, each run in a fork that has the dependencies imported."""

from __future__ import annotations

import compileall
import importlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from py_compile import PycInvalidationMode

import pytest

from tests.pace import paced

#: What takes most of a run's first second.  `tests.conftest` comes before Twisted.
IMPORTED = (
    "tests.conftest",
    "hypothesis.strategies",
    "requests",
    "cryptography.x509",
    "twisted.internet.testing",
    "twisted.trial.unittest",
    "autobahn.twisted.websocket",
)
#: A change may make a test wait for ever: seconds for one test, and for all of a run.
TEST_SECONDS = paced(20)
SECONDS = paced(120)
#: Pytest's exit codes: all passed, and none of them has the marks asked for.
PASSED = (0, 5)

#: What the last run printed, in each copy.
OUTPUT = "output.txt"

_copies: list[Path] = []


class Impatient:
    """A plugin: `tests/conftest.py` gives a test minutes, as long as it has no mark of its own."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            item.add_marker(pytest.mark.timeout(TEST_SECONDS), append=False)


def prepare(root: Path, folder: str) -> None:
    """Once in each worker: a copy of its own, and the imports."""
    for name in IMPORTED:
        importlib.import_module(name)
    ignored = shutil.ignore_patterns(".*", "__pycache__", "_build", "*.egg-info")
    copy = Path(folder) / str(os.getpid())
    shutil.copytree(root, copy, ignore=ignored)
    # A compiled file of a mutant is never taken for the next one's: it has the hash of its source.
    mode = PycInvalidationMode.CHECKED_HASH
    compileall.compile_dir(copy / "binance", quiet=1, invalidation_mode=mode)
    _copies.append(copy)


@contextmanager
def changed(path: Path, code: str) -> Iterator[None]:
    """The worker's copy with other code in one module."""
    file = _copies[0] / path
    original = file.read_text(encoding="utf-8")
    file.write_text(code, encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(original, encoding="utf-8")


def failure(tests: Sequence[str], marks: str) -> str:
    """The last that pytest printed where a test fails; nothing where all pass."""
    if passes(tests, marks):
        return ""
    return (_copies[0] / OUTPUT).read_text(encoding="utf-8", errors="replace")[-3000:]


def passes(tests: Sequence[str], marks: str) -> bool:
    if not tests:
        return True
    child = os.fork()
    if not child:
        _run(_copies[0], tests, marks)
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) in PASSED
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _run(copy: Path, tests: Sequence[str], marks: str) -> None:
    """In the fork: the tests, and the end of the process."""
    code = 1
    try:
        os.setpgid(0, 0)
        os.chdir(copy)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        output = os.open(OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        sys.dont_write_bytecode = False  # of the tests, which pytest compiles in its own way
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPATH"] = str(copy)
        sys.path[:] = [str(copy), *(one for one in sys.path if one not in ("", str(Path.cwd())))]
        for name in [
            name for name in sys.modules if name.partition(".")[0] in ("tests", "binance")
        ]:
            del sys.modules[name]
        options = ["-x", "-q", "-m", marks, "-p", "no:cacheprovider", "-p", "no:xdist"]
        code = int(pytest.main([*options, *tests], plugins=[Impatient()]))
    finally:
        os._exit(code)
