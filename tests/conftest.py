"""What holds for all tests."""

import os
import signal
import socket
from typing import Any

import pytest
from hypothesis import settings

from tests.pace import paced

# The fixture `exchange`: a simulated exchange in a child process.
pytest_plugins = ["binance.simulator.pytest_plugin"]

# How long one example takes says more of the machine's load than of the code.
settings.register_profile("project", deadline=None)
settings.load_profile("project")


_getaddrinfo = socket.getaddrinfo


def _on_loopback_only(host: Any, *args: Any, **kwargs: Any) -> Any:
    """No test dials the real exchange: to this process there are no hosts but its own."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", "::1", "0.0.0.0", "::") or name.startswith("127."):
        return _getaddrinfo(host, *args, **kwargs)
    raise socket.gaierror(socket.EAI_NONAME, f"tests stay on loopback, and {name} is not there")


# Before Twisted is imported, which keeps the function that it finds.
socket.getaddrinfo = _on_loopback_only


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that hangs is ended, later on a slow machine."""
    for item in items:
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(paced(120)))


def pytest_configure() -> None:
    """No test, and no process that one starts, depends on the shell that it is started from."""
    # Where the developer's own scripts point.
    for name in [name for name in os.environ if name.startswith("BINANCE_")]:
        del os.environ[name]
    # A shell's background jobs ignore Ctrl-C, and what they start inherits that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
