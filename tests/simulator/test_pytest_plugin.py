import os
import subprocess
import sys
import textwrap
import time
from types import SimpleNamespace

import pytest

from binance.simulator import pytest_plugin
from tests.pace import paced

pytestmark = [pytest.mark.loopback, pytest.mark.process]

TESTS = """
import pytest
from binance.simulator.run.exchange_process import ExchangeProcess

pytestmark = pytest.mark.exchange(symbols=3)

@pytest.mark.exchange(seed=9, tls=False)
def test_options(exchange):
    assert isinstance(exchange, ExchangeProcess)
    assert exchange.urls["http"].startswith("http://")
    assert exchange.stats()["connections"]["total"] == 0

def test_defaults(exchange, monkeypatch):
    assert exchange.env["BINANCE_CA_FILE"] == exchange.ca_file

@pytest.mark.exchange("seed")
def test_positional(exchange):
    pass
"""


@pytest.mark.exchange(symbols=2)
def test_the_fixture_is_a_running_exchange(exchange, get):
    assert len(get(exchange, "/api/v3/exchangeInfo")[2]["symbols"]) == 2


def test_the_example_waits_for_the_program_to_reconnect():
    code = textwrap.dedent(pytest_plugin.__doc__.partition("        ...\n")[2].partition("\n\n")[0])
    totals = iter((1, 1, 2))
    exchange = SimpleNamespace(fault=str, stats=lambda: {"connections": {"total": next(totals)}})
    exec(code, {"exchange": exchange, "time": time})
    assert next(totals, None) is None


def test_markers_give_options_and_the_nearest_wins(tmp_path):
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["binance.simulator.pytest_plugin"]\n')
    (tmp_path / "test_it.py").write_text(TESTS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--strict-markers"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=paced(60),
        check=False,
    )
    assert "2 passed, 1 error" in done.stdout, done.stdout
    assert "pytest.mark.exchange takes options by name only" in done.stdout
