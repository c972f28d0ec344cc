"""Each row of the tables of streams: its call opens it, and it survives what links suffer.

The rows are those of the documentation.  All sockets are started at once, by one manager, against
one simulated exchange; then a test for each row says what its socket has got.
"""

import csv
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from binance.enums import ContractType, FuturesType
from binance.events import Resumed, Rotated
from binance.sansio.names.forms import FORMS, parse
from binance.simulator.market.options import OptionsExchange
from binance.simulator.run.exchange_process import ExchangeProcess
from binance.websockets import BinanceSocketManager
from tests.pace import paced

pytestmark = [pytest.mark.loopback, pytest.mark.process, pytest.mark.slow]

TABLES = Path(__file__).parents[2] / "docs/reference/streams"
DEADLINE = paced(40.0)
#: The exchange of the simulator is at this moment, in November 2026; in the options' names.
START = 1_793_000_000_000
SYMBOLS = ["BTCUSDT", "ETHUSDT"]
EXAMPLE = "BTC-261225-110000-C"
PREFIXES = {"spot": "", "usdm": "usdm:", "coinm": "coinm:", "options": "options:"}


@dataclass
class Row:
    market: str
    call: str
    stream: str
    key: str = ""
    got: threading.Event = field(default_factory=threading.Event)
    passed: list[str] = field(default_factory=list)

    def receive(self, message):
        raw = self.market == "spot" and "multiplex" not in self.call
        if raw or message.get("stream") == self.stream:
            self.got.set()


def read():
    option = OptionsExchange(symbols=SYMBOLS, start=START).listed[0].name
    for market in PREFIXES:
        with (TABLES / f"{market}.tsv").open(encoding="utf-8") as file:
            rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
            assert rows[0] == ["Stream", "Sent", "Call"]
            for stream, _, call in rows[1:]:
                call, stream = call.strip("`"), stream.strip("`")
                call = call.replace(EXAMPLE, option).replace(EXAMPLE.lower(), option.lower())
                yield Row(market, call, stream.replace(EXAMPLE.lower(), option.lower()))


ROWS = list(read())


class Events:
    """Counts the lifecycle events of each key, and waits for them."""

    def __init__(self):
        self.changed = threading.Condition()
        self.counts = {}

    def __call__(self, event):
        with self.changed:
            of_kind = self.counts.setdefault(type(event), {})
            of_kind[event.key] = of_kind.get(event.key, 0) + 1
            self.changed.notify_all()

    def wait(self, kind, rows):
        keys = {row.key for row in rows}
        with self.changed:
            self.changed.wait_for(lambda: keys <= self.counts.get(kind, {}).keys(), DEADLINE)

    def clear(self):
        with self.changed:
            self.counts.clear()


def all_have_got(rows, stage):
    end = time.monotonic() + DEADLINE
    for row in rows:
        if row.got.wait(max(0.0, end - time.monotonic())):
            row.passed.append(stage)
        row.got.clear()


def stages(bm, exchange, events):
    """Start every row's socket; then let all links be cut, rotated, and spot's be shut down."""
    known = {"FuturesType": FuturesType, "ContractType": ContractType}
    for row in ROWS:
        row.key = eval(f"bm.{row.call}", {"bm": bm, "callback": row.receive, **known})
    all_have_got(ROWS, "start")
    exchange.fault("drop")
    events.wait(Resumed, ROWS)
    for row in ROWS:
        row.got.clear()
    all_have_got(ROWS, "cut")
    for row in ROWS:
        bm.rotate(row.key)
    events.wait(Rotated, ROWS)
    all_have_got(ROWS, "rotation")
    events.clear()
    spot = [row for row in ROWS if row.market == "spot"]
    for connection in exchange.stats()["connections"]["open"]:
        if connection["path"].startswith(("/ws/", "/stream")):
            exchange.fault("server_shutdown", connection=connection["id"])
    events.wait(Rotated, spot)
    all_have_got(spot, "shutdown")


@pytest.fixture(scope="module")
def violations():
    """What the exchange has counted in the end, while the sockets went through all stages."""
    events = Events()
    options = {"symbols": SYMBOLS, "start": START, "rate": 300, "falloff": 0, "tls": False}
    options["backlog"] = 2**30  # it is about limits, not about how fast this computer is
    options["connects"] = 300 * len(PREFIXES)  # one address stands for the host of each market
    with (
        ExchangeProcess(limits="count", **options) as exchange,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in exchange.env.items():
            patch.setenv(name, value)
        bm = BinanceSocketManager(None, on_event=events)
        bm.daemon = True
        bm.start()
        stages(bm, exchange, events)
        bm.close()
        bm.join(DEADLINE)
        return exchange.stats()["violations"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.market} {row.stream} {row.call}")
def test_a_stream_of_the_table_is_delivered_whatever_its_links_suffer(violations, row):
    assert row.key.startswith(PREFIXES[row.market])
    assert row.passed == ["start", "cut", "rotation"] + ["shutdown"] * (row.market == "spot")


def test_the_limits_of_every_market_were_kept(violations):
    assert violations == {}


@pytest.mark.parametrize("market", PREFIXES)
def test_the_table_has_every_kind_of_stream_that_the_exchange_documents(market):
    found = set()
    for row in ROWS:
        if row.market == market:
            stream = parse(row.stream, market)
            found.add((stream.kind, not stream.symbol))
    assert found == {(form.kind, form.whole_market) for form in FORMS if market in form.markets}
