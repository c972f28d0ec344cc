"""What scripts of users find in tests: an environment that leads to a simulated exchange."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from binance.simulator.run.exchange_process import ExchangeProcess
from binance.websockets import BinanceSocketManager


@contextmanager
def simulated(**options: Any) -> Iterator[ExchangeProcess]:
    """Lead scripts to a simulated exchange.

    A script that fails leaves its manager running; it does not hold up the end of the tests.
    """
    with ExchangeProcess(**options) as process, pytest.MonkeyPatch.context() as patched:
        for name, value in process.env.items():
            patched.setenv(name, value)
        patched.setattr(BinanceSocketManager, "_is_daemon", True)
        yield process
