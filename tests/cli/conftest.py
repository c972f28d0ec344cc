"""A simulator for the tests of a file, and terminals."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from binance.simulator.run.exchange_process import ExchangeProcess
from tests.cli.rig import Terminal, environment


@pytest.fixture(scope="module")
def market() -> Iterator[ExchangeProcess]:
    """A busy exchange that tests share: no test may leave a fault in force."""
    with ExchangeProcess(seed=3, symbols=["BTCUSDT", "ETHUSDT", "BNBBTC"], rate=50) as running:
        yield running


@pytest.fixture
def calm(market: ExchangeProcess) -> Iterator[ExchangeProcess]:
    """The same, and every fault that the test orders ends with it."""
    yield market
    market.clear()


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """Starts commands in terminals: `terminal(["watch", ..], exchange, columns=80)`."""
    running: list[Terminal] = []

    def start(
        arguments: list[str],
        exchange: ExchangeProcess | None = None,
        term: str = "xterm-256color",
        encoding: str = "utf-8",
        env: dict[str, str] | None = None,
        **options: int,
    ) -> Terminal:
        more = {"TERM": term, "PYTHONIOENCODING": encoding} | (env or {})
        env = environment(exchange, **more)
        if not encoding:  # by the locale alone
            del env["PYTHONIOENCODING"]
        running.append(Terminal(arguments, env, **options))
        return running[-1]

    yield start
    for one in running:
        one.close()
