"""Every recipe runs, unchanged, against the simulated exchange and does what it is for.

Each runs in a process of its own, and all of them against one exchange.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import binance
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.pace import paced
from tests.programs import environment

RECIPES = Path(__file__).parent.parent.parent / "examples/recipes"
DEADLINE = paced(60.0)
KEYS = {"BINANCE_API_KEY": "K" * 64, "BINANCE_API_SECRET": "S" * 64}
NUMBER = r"\d+(?:\.\d+)?"

pytestmark = [pytest.mark.process, pytest.mark.loopback]

# Recipe -> its arguments, and what it prints. Where it would go on for ever, Ctrl-C ends it.
PRINTS: dict[str, tuple[list[str], list[str]]] = {
    "asyncio_service.py": (
        [],
        [r"\{'(btcusdt@trade|ethusdt@bookTicker)': \d+, '\w+@\w+': \d+\}"],
    ),
    "book_imbalance.py": ([], [rf"BTCUSDT bids +\d+% spread {NUMBER}( .*)?"]),
    "candles_to_frame.py": (
        ["BTCUSDT", "1s"],
        [rf"\d+ candles, average of the last 20: {NUMBER}", r" +open +high +low +close +volume"],
    ),
    "follow_order.py": (
        [],
        [
            rf"BUY at {NUMBER} FILLED {NUMBER} of {NUMBER}",
            "not filled in time: cancel it",
            rf"BUY at {NUMBER} CANCELED {NUMBER} of {NUMBER}",
        ],
    ),
    "many_symbols.py": (
        ["USDT"],
        [r"2 symbols", rf"[A-Z]+USDT [+-]{NUMBER} %  [A-Z]+USDT [+-]{NUMBER} %"],
    ),
}
ENDING = {"asyncio_service.py", "candles_to_frame.py", "follow_order.py"}
OTHERS = {"price_alert.py", "record_trades.py", "test_stop_loss.py"}


def test_there_are_eight_of_10_to_65_lines_and_each_has_its_test() -> None:
    scripts = sorted(RECIPES.glob("*.py"))
    assert {path.name for path in scripts} == set(PRINTS) | OTHERS
    assert len(scripts) == 8
    assert all(10 <= len(path.read_text("utf-8").splitlines()) <= 65 for path in scripts)


@pytest.fixture(scope="module")
def market() -> Iterator[ExchangeProcess]:
    symbols = ["BTCUSDT", "ETHUSDT", "BNBBTC"]
    with ExchangeProcess(seed=3, symbols=symbols, rate=50, falloff=0) as running:
        yield running


@contextmanager
def running(
    name: str, arguments: list[str], market: ExchangeProcess
) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], str]]]:
    """A recipe's process, and what it has printed so far."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, "-u", str(RECIPES / name), *arguments],
            env=environment(market) | KEYS,
            stdout=output,
            stderr=subprocess.STDOUT,
        )

        def printed() -> str:
            size = os.fstat(output.fileno()).st_size
            return os.pread(output.fileno(), size, 0).decode()

        try:
            yield process, printed
        finally:
            process.kill()
            process.wait()


def eventually(true: Callable[[], object], printed: Callable[[], str]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"never so; it printed:\n{printed()}", pytrace=False)
        time.sleep(0.05)


def test_an_alert_is_told_at_each_crossing(tmp_path: Path) -> None:
    """Of a recorded market: a simulated one may stay on one side of the line for long."""
    prices = ["100.0", "101.0", "102.0", "99.0", "98.0", "100.0", "103.0"]
    recording = tmp_path / "crossings.frames"
    lines = ["wss://stream.binance.com:9443/stream?streams=btcusdt@trade <-> 1700000000.0"]
    for number, price in enumerate(prices):
        trade = {"e": "trade", "E": 1, "s": "BTCUSDT", "t": number, "p": price, "q": "1.0"}
        event = {"stream": "btcusdt@trade", "data": trade}
        frame = json.dumps(event, separators=(",", ":"))
        lines.append(f"{1700000000 + number / 10}: {frame}")
    recording.write_text("\n".join(lines) + "\n", "utf-8")
    with (
        ExchangeProcess(replay=str(recording), speed=1) as recorded,
        running("price_alert.py", [], recorded) as (_, printed),
    ):
        eventually(lambda: printed().count("BTCUSDT is") == 2, printed)
        told = [line.partition(" ")[2] for line in printed().splitlines()]
        assert told == ["BTCUSDT is below 100.0: 99.0", "BTCUSDT is above 100.0: 103.0"]


@pytest.mark.parametrize("name", PRINTS)
def test_it_prints_what_it_is_for(name: str, market: ExchangeProcess) -> None:
    if name == "candles_to_frame.py" and importlib.util.find_spec("pandas") is None:
        pytest.skip("pandas is not installed")
    arguments, patterns = PRINTS[name]
    with running(name, arguments, market) as (process, printed):

        def all_there() -> bool:
            lines = printed().split("\n")
            return all(any(re.fullmatch(each, line) for line in lines) for each in patterns)

        eventually(all_there, printed)
        if name in ENDING:
            assert process.wait(DEADLINE) == 0, printed()
        else:
            process.send_signal(signal.SIGINT)
            process.wait(DEADLINE)
        # Ctrl-C may show, but nothing else went wrong on the way.
        assert not re.search(r"^\w*(Error|Exception)", printed(), re.MULTILINE)


def test_an_order_whose_reports_are_lost_is_followed_to_its_end(market: ExchangeProcess) -> None:
    """It is filled before its cancel, and the reports come when the link is back."""
    lost = market.fault("lose", stream="user@executionReport", probability=1.0)
    with running("follow_order.py", [], market) as (process, printed):
        eventually(lambda: "not filled in time: cancel it" in printed(), printed)
        market.clear(lost)
        market.fault("drop")
        assert process.wait(DEADLINE) == 0, printed()
        assert re.search(r"^BUY at \d+ FILLED ", printed(), re.MULTILINE)


def test_the_recorder_keeps_every_trade_once(market: ExchangeProcess, tmp_path: Path) -> None:
    path = tmp_path / "trades.sqlite"

    def ids() -> list[int]:
        if not path.exists():
            return []
        file = sqlite3.connect(path)
        try:
            query = "SELECT id FROM trade WHERE s = 'BTCUSDT' ORDER BY id"
            return [row[0] for row in file.execute(query)]
        except sqlite3.OperationalError:  # the table is not there yet, or is being written to
            return []
        finally:
            file.close()

    with running("record_trades.py", [str(path)], market) as (process, printed):
        eventually(lambda: len(ids()) >= 50, printed)
        process.send_signal(signal.SIGINT)
        assert process.wait(DEADLINE) == 0, printed()
    kept = ids()
    assert kept == list(range(kept[0], kept[0] + len(kept)))


def test_the_test_of_a_bot_passes() -> None:
    source = str(Path(binance.__path__[0]).parent)
    plugin = ["-p", "binance.simulator.pytest_plugin", "-p", "no:cacheprovider"]
    done: Any = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *plugin, str(RECIPES / "test_stop_loss.py")],
        env=os.environ | {"PYTHONPATH": source},
        capture_output=True,
        text=True,
        timeout=DEADLINE + 30,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
