"""Nothing is missing and nothing comes twice, across lost links, refused calls and killed programs.

Against the simulated exchange, whose history by REST agrees with its streams and which counts what
its limits forbid.
"""

import json
import random
import re
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from binance.client import Client
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.pace import paced
from tests.programs import started

pytestmark = [pytest.mark.loopback, pytest.mark.process]

LISTENER = str(Path(__file__).parent / "listener.py")
SPOT = ["btcusdt@trade", "btcusdt@aggTrade", "ethusdt@trade", "btcusdt@kline_1s"]
MARKETS = {
    "spot": SPOT,
    "usdm": ["btcusdt@aggTrade", "btcusdt@kline_1m"],
    "coinm": ["btcusd_perp@aggTrade"],
}
DEADLINE = paced(60.0)
EVENT = re.compile(r"(\S+) (\d+) (True|False)\n")


@pytest.fixture
def exchange():
    with ExchangeProcess(
        symbols=["BTCUSDT", "ETHUSDT"], rate=200, tls=False, limits="count"
    ) as running:
        yield running
        assert running.errors() == ""


class Listener:
    """The lines of a program, read until something has come."""

    def __init__(self, process):
        self.process = process
        self.positions, self.closed, self.events, self.logged, self.count = {}, {}, [], [], 0

    def until(self, is_there):
        end = time.monotonic() + DEADLINE
        while not is_there():
            assert time.monotonic() < end, self.events
            line = self.process.stdout.readline()
            assert line, self.events
            self._take(line)

    def rest(self):
        """What a killed program had still said."""
        for line in self.process.stdout:
            self._take(line)

    def _take(self, line):
        if line.startswith("# "):
            self.events.append(line[2:].strip())
            return
        if not (found := EVENT.fullmatch(line)):  # a warning of the log, or a line cut off
            self.logged.append(line)
            return
        stream, position, is_closed = found.groups()
        self.count += 1
        self.positions.setdefault(stream, []).append(int(position))
        self.closed.setdefault(stream, []).append(is_closed == "True")

    def told(self, kind):
        return [line for line in self.events if line.startswith(f"{kind}(")]

    def check(self):
        """Contiguous and once, by the ids, and by the open times of closed candles."""
        for stream, all_positions in self.positions.items():
            if "@kline" not in stream:
                assert all_positions == list(range(all_positions[0], all_positions[-1] + 1)), stream
                continue
            step = 1000 if stream.endswith("1s") else 60_000
            both = zip(all_positions, self.closed[stream], strict=True)
            closed = [position for position, is_closed in both if is_closed]
            assert {after - before for before, after in pairwise(closed)} <= {step}, stream
            assert all_positions == sorted(all_positions), stream


@contextmanager
def listening(exchange, streams, **options):
    with started(exchange, LISTENER, json.dumps(streams), json.dumps(options)) as process:
        yield Listener(process)


@pytest.mark.parametrize("dispatch", ["reactor", "thread"])
def test_lost_links_and_refused_calls(exchange, dispatch):
    dice = random.Random(5)
    faults = [
        {"status": 503, "count": 3},
        {"status": 429, "retry_after": 1, "count": 1},
        {"status": 500, "count": 1},
    ]
    with listening(exchange, MARKETS, gapless=True, dispatch=dispatch) as heard:
        streams = sum(map(len, MARKETS.values()))
        heard.until(lambda: len(heard.positions) == streams)
        for turn in range(6):
            for path in ("/api/v3/*", "/fapi/v1/*", "/dapi/v1/*"):
                exchange.fault("http_status", path=path, **dice.choice(faults))
            if turn % 2:
                exchange.fault("wrong_page", count=1)
            before = len(heard.told("Resumed"))
            exchange.fault("drop")
            heard.until(lambda before=before: len(heard.told("Resumed")) >= before + 3)
        exchange.clear()
        end = heard.count + 4000
        heard.until(lambda: heard.count >= end)
    heard.check()
    assert heard.told("Gap") == []
    assert len(heard.told("Backfilled")) >= 6


def test_a_program_that_is_killed_goes_on_where_it_was(exchange, tmp_path):
    names = {"spot": SPOT[:3]}
    path = tmp_path / "cursors.json"
    lives = []
    for _ in range(3):
        with listening(exchange, names, checkpoint=str(path)) as heard:
            lives.append(heard)
            heard.until(lambda heard=heard: heard.count >= 600 and path.exists())
            written = path.stat().st_mtime_ns
            heard.until(lambda written=written: path.stat().st_mtime_ns > written)
            end = heard.count + 200
            heard.until(lambda heard=heard, end=end: heard.count >= end)
            heard.process.kill()
            heard.rest()  # it may have saved its cursors after the line read last
    for before, after in pairwise(lives):
        before.check()
        after.check()
        for stream in before.positions.keys() & after.positions.keys():
            twice = before.positions[stream][-1] + 1 - after.positions[stream][0]
            assert 0 <= twice <= 200 * paced(4), stream  # the events of the interval not saved
        assert after.told("Gap") == []


def test_a_stream_that_begins_with_25_000_events_of_history(exchange):
    with _client(exchange) as client:
        newest = client.get_historical_trades(symbol="BTCUSDT", limit=1)[-1]["id"]
    first = newest - 25_000
    with listening(exchange, {"spot": SPOT[:1]}, since=first) as heard:
        heard.until(lambda: heard.positions.get("spot:btcusdt@trade", [0])[-1] > newest + 1000)
    heard.check()
    assert heard.positions["spot:btcusdt@trade"][0] == first
    stats = exchange.stats()
    assert stats["violations"] == {}
    assert stats["requests"]["/api/v3/historicalTrades"] <= 40


def _client(exchange):
    client = Client()
    client.API_URL = exchange.env["BINANCE_API_URL"] + "/api"
    return client
