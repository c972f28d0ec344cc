"""What holds for all tests."""

import os

from hypothesis import settings

# The fixture `exchange`: a simulated exchange in a child process.
pytest_plugins = ["binance.simulator.pytest_plugin"]

# How long one example takes says more of the machine's load than of the code.
settings.register_profile("project", deadline=None)
settings.load_profile("project")


def pytest_configure() -> None:
    """No test, and no process that one starts, sees where the developer's own scripts point."""
    for name in [name for name in os.environ if name.startswith("BINANCE_")]:
        del os.environ[name]
