import os
import re
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from binance.sansio.names.endpoints import VARIABLES
from binance.simulator import ExchangeProcess, SimulatorError
from binance.simulator.run import exchange_process
from binance.simulator.run.exchange_process import environment
from tests import forks
from tests.pace import paced

pytestmark = [pytest.mark.loopback, pytest.mark.process]


@pytest.fixture(autouse=True)
def as_users_do(monkeypatch):
    monkeypatch.setattr(ExchangeProcess, "_launch", staticmethod(forks.plain))


def gone(pid):
    """Has a process ended? (A zombie has.)"""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_it_starts_serves_and_ends(get):
    exchange = ExchangeProcess(symbols=2, seed=3)
    try:
        assert exchange.running
        assert set(exchange.urls) == {"http", "ws", "ws_api", "control"}
        assert exchange.urls["ws_api"] == exchange.urls["ws"] + "/ws-api/v3"
        assert get(exchange, "/api/v3/ping")[0] == 200
        with open(exchange.ca_file) as file:
            assert "BEGIN CERTIFICATE" in file.read()
        assert "https://localhost:" in repr(exchange)
    finally:
        exchange.close()
    exchange.close()
    assert not exchange.running
    assert exchange.errors() == ""
    assert not os.path.exists(exchange.ca_file)
    assert repr(exchange) == "<ExchangeProcess ended>"


def test_the_environment_points_every_market_at_it(start):
    exchange = start(symbols=2)
    env = exchange.env
    assert env["BINANCE_API_URL"] == env["BINANCE_FAPI_URL"] == exchange.urls["http"]
    assert set(env) == {*VARIABLES.values(), "BINANCE_CA_FILE"}
    assert env["BINANCE_STREAM_URL"] == exchange.urls["ws"]
    assert env["BINANCE_FSTREAM_URL"] == f"{exchange.urls['ws']}/usdm"
    assert env["BINANCE_WS_API_URL"] == exchange.urls["ws_api"]
    assert env["BINANCE_CA_FILE"] == exchange.ca_file
    port = exchange.urls["http"].rpartition(":")[2]
    assert all(f"localhost:{port}" in env[name] for name in env if name.endswith("_URL"))


def test_the_example_leads_the_program_to_the_simulator_whatever_the_shell_has_set():
    given = re.search(r"env=(.+)\)$", exchange_process.__doc__, re.MULTILINE)[1]
    names = {"os": SimpleNamespace(environ={"A": "shell", "B": "shell"})}
    names["exchange"] = SimpleNamespace(env={"A": "simulator"})
    assert eval(given, names) == {"A": "simulator", "B": "shell"}


def test_a_plain_one_has_no_authority_to_trust():
    urls = {"http": "http://h", "ws": "ws://h", "ws_api": "ws://h/ws-api/v3", "ca_file": None}
    assert "BINANCE_CA_FILE" not in environment(urls)


def test_a_bad_option_is_explained():
    with pytest.raises(TypeError, match="unknown option colour; allowed: backlog, ban"):
        ExchangeProcess(colour="red")
    with pytest.raises(SimulatorError, match="symbols must be 1 to 1500, not 0"):
        ExchangeProcess(symbols=0)
    with pytest.raises(SimulatorError, match="No such file"):
        ExchangeProcess(replay="/no/such.frames")


def test_faults_are_ordered_and_cleared(start):
    exchange = start(symbols=2)
    number = exchange.fault("lose", probability=0.5)
    exchange.fault("stall")
    assert [each["kind"] for each in exchange.stats()["faults"]] == ["lose", "stall"]
    assert exchange.clear(number) == 1
    assert exchange.clear(kind="stall") == 1
    with pytest.raises(ValueError, match="allowed: refuse"):
        exchange.fault("explode")


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="needs /proc")
@pytest.mark.parametrize("how", ["exit", "kill"])
def test_it_ends_with_its_parent(how, eventually):
    script = (
        "import os, signal, sys\n"
        "from binance.simulator import ExchangeProcess\n"
        "exchange = ExchangeProcess(symbols=2)\n"
        "print(exchange.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL) if sys.argv[1] == 'kill' else sys.exit(0)\n"
    )
    parent = subprocess.run(
        [sys.executable, "-c", script, how],
        capture_output=True,
        timeout=paced(60),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert parent.returncode == (0 if how == "exit" else -signal.SIGKILL), parent.stderr
    assert eventually(lambda: gone(int(parent.stdout)))


def test_it_ends_on_a_signal_too(start):
    exchange = start(symbols=2)
    os.kill(exchange.pid, signal.SIGTERM)
    assert exchange._process.wait(paced(10)) == 0
    assert not os.path.exists(exchange.ca_file)
