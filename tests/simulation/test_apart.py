"""Runs the tests that need a process of their own, and compares whole processes."""

import os
from pathlib import Path

import pytest

from tests.simulation.apart import run

HERE = Path(__file__).resolve().parent
# Their threads and dice would be simulated ones; and the project's settings are for its plugins.
WITHOUT = ("timeout", "xdist", "cacheprovider", "hypothesispytest")
PLAIN = ("-m", "pytest", "-q", "-c", os.devnull, "--noconftest", "--import-mode=importlib")


@pytest.mark.process
@pytest.mark.timeout(330)
def test_the_simulated_world() -> None:
    plugins = [word for name in WITHOUT for word in ("-p", f"no:{name}")]
    run(*PLAIN, *plugins, str(HERE / "world"))


STREAM = """
from simulation.world import install
from binance.websockets import BinanceSocketManager
from tests.simulation.echo import Echo
for seed in range(4):
    network = install.reset(seed)
    network.exchange = Echo()
    bm = BinanceSocketManager(None, allow_plain=True, dispatch="thread", on_event=print)
    bm.STREAM_URL = "ws://stream.sim.example/"
    bm.start()
    bm.start_trade_socket("BNBBTC", lambda m: print(install.reactor.ns, m))
    install.reactor.at(7, network.exchange.cut)
    install.reactor.run_until(60)
    bm.close()
    install.reactor.run_until(70)
    print(install.reactor.steps, install.reactor.errors, install.reactor.threads, network.wires)
"""


@pytest.mark.process
def test_one_seed_is_one_run_whatever_hashes_are() -> None:
    runs = {run("-c", STREAM, PYTHONHASHSEED=seed) for seed in ("0", "1", "2")}
    assert len(runs) == 1
    assert "Connected" in runs.pop()
