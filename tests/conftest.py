"""What holds for all tests."""

import functools
import gc
import importlib.metadata
import os
import re
import signal
import socket
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

from tests import profiles  # noqa: F401 - registers them
from tests.guard import guard, watched
from tests.pace import paced, share
from tests.unit import SLOWER

# The fixture `exchange`: a simulated exchange in a child process.
pytest_plugins = ["binance.simulator.pytest_plugin"]

# Before each test pytest asks for Twisted's version, which is read from a file.
importlib.metadata.version = functools.cache(importlib.metadata.version)

#: What shows a test whatever the process logs or warns of.
_HEARS_ALL = re.compile(r"\b(caplog|recwarn|SynchronousTestCase|addObserver)\b")

_getaddrinfo = socket.getaddrinfo


def _on_loopback_only(host: Any, *args: Any, **kwargs: Any) -> Any:
    """No test dials the real exchange: to this process there are no hosts but its own."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", "::1", "0.0.0.0", "::") or name.startswith("127."):
        return _getaddrinfo(host, *args, **kwargs)
    raise socket.gaierror(socket.EAI_NONAME, f"tests stay on loopback, and {name} is not there")


# Before Twisted is imported, which keeps the function that it finds.
socket.getaddrinfo = _on_loopback_only


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--unit", action="store_true", help="only tests without sockets, threads and processes"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is no unit test, if asked to. A test that hangs is ended."""
    timeout = pytest.mark.timeout(paced(120))
    if config.getoption("unit"):
        slower = {item for item in items if not _is_unit_test(item)}
        config.hook.pytest_deselected(items=list(slower))
        items[:] = [item for item in items if item not in slower]
        if hasattr(signal, "SIGALRM"):
            timeout = pytest.mark.timeout(paced(120), method="signal")  # cheaper than a thread each
    for item in items:
        if item.get_closest_marker("timeout") is None:
            item.add_marker(timeout)


def _is_unit_test(item: pytest.Item) -> bool:
    return SLOWER.isdisjoint(marker.name for marker in item.iter_markers())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A unit test that opens a socket, or starts a thread or a process, fails."""
    with watched(_is_unit_test(item)):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """The last test of a file, whichever it is, also closes what all of them have shared."""
    if nextitem is not None and nextitem.path == item.path:
        return (yield)
    with watched(False):
        return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """`--dist loadfile` mixes the files with tests that compute with those that wait."""
    if config.getoption("dist") != "loadfile":
        return None
    from tests.schedule import BesideEachOther

    return BesideEachOther(config, log)


def pytest_collection_finish() -> None:
    """All tests and modules stay to the end: the garbage collector need not look at them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def _garbage_of_earlier_files(request: pytest.FixtureRequest) -> None:
    """What is said of garbage as it is collected is said before a test that may hear it."""
    if _HEARS_ALL.search(request.path.read_text(encoding="utf-8")):
        gc.collect()
        gc.freeze()  # the next collection looks at what is new only: it may take most of a second


def pytest_configure(config: pytest.Config) -> None:
    """No test, and no process that one starts, depends on the shell that it is started from."""
    # Where the developer's own scripts point, and by way of which proxy.
    for name in list(os.environ):
        if name.startswith("BINANCE_") or name.lower().endswith(("_proxy", "_ca_bundle")):
            del os.environ[name]
    os.environ["BINANCE_CHECK_THREADS"] = "1"
    # A shell's background jobs ignore Ctrl-C, and what they start inherits that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if isinstance(processes := config.getoption("numprocesses", None), int):
        share(processes)
    from tests import forks

    forks.use()
    if config.getoption("unit"):
        settings.load_profile("unit")
    else:
        settings.load_profile("project")
    guard()
