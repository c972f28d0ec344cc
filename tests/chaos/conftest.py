"""An exchange for all tests of a module, programs for each."""

import contextlib

import pytest

from binance.simulator.run.exchange_process import ExchangeProcess
from tests.chaos.rig import Program, Witness

SYMBOLS = ["BTCUSDT", "ETHUSDT", "BNBUSDT"]


@pytest.fixture(scope="module")
def market():
    """One exchange for the tests of a file, since it costs also while nobody listens; its limits
    are counted."""
    with ExchangeProcess(
        seed=11, symbols=SYMBOLS, rate=60, falloff=0, levels=50, tls=False, limits="count"
    ) as running:
        yield running
        assert running.errors() == ""


@pytest.fixture
def venue(market):
    """That exchange, without the faults of the test before."""
    market.clear()
    yield market
    market.clear()
    assert market.running


@pytest.fixture
def program():
    """Starts programs; kills what a failed test leaves."""
    programs = []

    def start(exchange, **options):
        programs.append(Program(exchange, **options))
        return programs[-1]

    yield start
    for one in programs:
        one.kill()


@pytest.fixture
def witness():
    """Starts witnesses of what an exchange says."""
    with contextlib.ExitStack() as stack:

        def start(exchange, *streams):
            return stack.enter_context(contextlib.closing(Witness(exchange, *streams)))

        yield start
