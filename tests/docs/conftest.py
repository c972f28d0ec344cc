"""The pages, read once for all tests of this folder, and scripts that run as a user runs them."""

import fcntl
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.pace import paced
from tests.programs import started

ROOT = Path(__file__).parent.parent.parent
DEADLINE = paced(90.0)  # it takes long to start a dozen scripts at once


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """An installed package is tested without the sources of the pages."""
    if not (ROOT / "docs/conf.py").exists():
        for item in items:
            if item.path.parent == Path(__file__).parent:
                item.add_marker(pytest.mark.skip(reason="the sources of the pages are not here"))


@pytest.fixture(scope="session")
def modules() -> Iterator[SimpleNamespace]:
    """The scripts of docs/ and the extensions that build the pages."""
    import importlib

    added = [str(ROOT / "docs"), str(ROOT / "docs/_ext")]
    sys.path[:0] = added
    try:
        yield SimpleNamespace(
            catalogues=importlib.import_module("catalogues"),
            codecomments=importlib.import_module("codecomments"),
            contributing=importlib.import_module("contributing"),
            japanesesearch=importlib.import_module("japanesesearch"),
            machines=importlib.import_module("machines"),
            notebooks=importlib.import_module("notebooks"),
            package_map=importlib.import_module("package_map"),
            payloads=importlib.import_module("payloads"),
            ratios=importlib.import_module("ratios"),
            rest_methods=importlib.import_module("rest_methods"),
            threaded_methods=importlib.import_module("threaded_methods"),
            ws_methods=importlib.import_module("ws_methods"),
        )
    finally:
        for path in added:
            sys.path.remove(path)


@pytest.fixture(scope="session")
def pages(modules: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """All pages, read: `env` as Sphinx left it, `templates` with their messages by page.

    Of several processes that run the tests (pytest-xdist) the first one reads them for all.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, is_read = shared / "gettext", shared / "gettext-is-read"
    with (shared / "gettext-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
        app = modules.catalogues.extract(folder, again=not is_read.exists())
        is_read.touch()
    return SimpleNamespace(env=app.env, templates=dict(modules.catalogues.templates(folder)))


class Script:
    """A running script: its lines as they come."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.printed: list[str] = []
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def line(self, timeout: float = DEADLINE) -> str | None:
        """The next line; None when there is none in time or at all."""
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            return None
        if line is not None:
            self.printed.append(line)
        return line

    def expect(self, *patterns: str) -> None:
        """Wait until each pattern has matched a whole line, in any order."""
        end = time.monotonic() + DEADLINE  # of all lines: some scripts print without an end
        wanted = set(patterns)
        for line in self.printed:
            wanted -= {pattern for pattern in wanted if re.fullmatch(pattern, line)}
        while wanted:
            line = self.line(max(0.0, end - time.monotonic()))
            if line is None:
                pytest.fail(f"no line like {wanted} in {self.printed}", pytrace=False)
            wanted -= {pattern for pattern in wanted if re.fullmatch(pattern, line)}

    def ends(self) -> int:
        """The exit code."""
        return self.process.wait(DEADLINE)

    def interrupt(self) -> None:
        """Send Ctrl-C, which ends every script within seconds."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(paced(10.0))


@contextmanager
def running(exchange: Any, *command: str) -> Iterator[Script]:
    """Runs a Python command line against a simulated exchange."""
    with started(exchange, *command) as process:
        yield Script(process)


@pytest.fixture(scope="session")
def start() -> Callable[..., AbstractContextManager[Script]]:
    """Starts a script on an exchange of the test's own."""
    return running


@pytest.fixture
def script(exchange: Any) -> Iterator[Callable[..., Script]]:
    """Starts a script on the fixture's exchange."""
    with ExitStack() as stack:

        def run(*command: str) -> Script:
            return stack.enter_context(running(exchange, *command))

        yield run
