"""The pytest fixture ``exchange``: a simulated exchange in a child process, for tests of programs
that trade.

In ``conftest.py``::

    pytest_plugins = ["binance.simulator.pytest_plugin"]

In a test::

    @pytest.mark.exchange(seed=7, symbols=["BTCUSDT"], rate=100)
    def test_my_bot(exchange, monkeypatch):
        for name, value in exchange.env.items():
            monkeypatch.setenv(name, value)
        ...
        exchange.fault("drop")
        end = time.monotonic() + 20
        while exchange.stats()["connections"]["total"] < 2:  # the program reconnects
            assert time.monotonic() < end
            time.sleep(0.1)

The marker's arguments are those of :class:`~binance.simulator.ExchangeProcess`. The exchange ends
with its test; an error that it logged fails the test.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from binance.simulator.run.exchange_process import ExchangeProcess


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "exchange(**options): options of the simulated exchange of the fixture `exchange`",
    )


@pytest.fixture
def exchange(request: pytest.FixtureRequest) -> Iterator[ExchangeProcess]:
    """A simulated exchange for this test alone."""
    options = {}
    for marker in reversed(list(request.node.iter_markers("exchange"))):
        if marker.args:
            raise TypeError("pytest.mark.exchange takes options by name only")
        options.update(marker.kwargs)
    with ExchangeProcess(**options) as running:
        yield running
    errors = running.errors()
    if errors:
        pytest.fail(f"the simulator reported:\n{errors}", pytrace=False)
