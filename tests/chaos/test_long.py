"""What takes minutes of real time: the same as elsewhere here, with the waits as users have them.

python -m pytest -m long -s tests/chaos/test_long.py
"""

import random
import re
from itertools import pairwise
from threading import Timer

import pytest

from binance.simulator.market.symbols import listing
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.chaos.rig import check, missing
from tests.chaos.test_gapless import listening
from tests.chaos.test_rotation import COMBINED, KEYS, MULTIPLEX, RATE, RAW_KEYS, TRADES, judge
from tests.pace import paced

pytestmark = pytest.mark.long

ROTATIONS = 20


@pytest.fixture
def exchange():
    with ExchangeProcess(
        seed=5, symbols=["BTCUSDT", "ETHUSDT"], rates={"BTCUSDT": RATE}, levels=50, tls=False
    ) as running:
        yield running
        assert running.errors() == ""


def numbers(exchange):
    return {each["id"] for each in exchange.stats()["connections"]["open"]}


@pytest.mark.timeout(paced(200))
def test_a_half_open_peer_is_left_within_45_seconds(exchange, program):
    running = program(exchange)
    running.start(*KEYS)
    exchange.fault("halfopen")
    frozen = exchange.stats()["time"] / 1000
    running.wait_for("Resumed", KEYS, within=paced(60))
    for key in KEYS:
        (left,) = running.of("Disconnected", key)
        (resumed,) = running.of("Resumed", key)
        print(f"{key}: left after {left['when'] - frozen:.1f} s, down {resumed['downtime']:.1f} s")
        assert left["when"] - frozen < 45
    running.deliver(KEYS)
    gaps = check(running.report())
    print(f"{TRADES}: {missing(gaps[TRADES])} trades missing, told in {len(gaps[TRADES])} gap(s)")
    assert running.end(within=20) == 0  # it has half a million records to forget


@pytest.mark.timeout(paced(900))
@pytest.mark.parametrize("latency", [0.0, 3.0])
def test_twenty_rotations(exchange, program, witness, latency):
    seen = witness(exchange, *RAW_KEYS, *COMBINED)
    running = program(exchange)
    running.start(*KEYS)
    for number in range(1, ROTATIONS + 1):
        if latency:
            exchange.clear()
            last = exchange.stats()["connections"]["total"]
            for connection in range(last + 1, last + 1 + len(KEYS)):
                exchange.fault("slow_link", connection=connection, latency=latency)
        for key in KEYS:
            running.do("rotate", key=key)
        running.wait_for("Rotated", KEYS, times=number, within=paced(60))
        running.deliver(KEYS)
    exchange.clear()
    running.deliver(KEYS)
    print(f"{ROTATIONS} rotations, successors {latency} s late: {judge(running, seen)}")
    assert running.end(within=20) == 0  # it has half a million records to forget


@pytest.mark.timeout(paced(600))
def test_twenty_announced_shutdowns(exchange, program, witness):
    """Of raw and combined links, whose server then closes at once or after some seconds."""
    seen = witness(exchange, *RAW_KEYS, *COMBINED)
    witnesses = numbers(exchange)
    running = program(exchange)
    running.start(*KEYS)
    for number in range(1, ROTATIONS + 1):
        close_after = 0.5 + number % 4
        for connection in numbers(exchange) - witnesses:
            exchange.fault("server_shutdown", connection=connection, close_after=close_after)
        running.wait_for("Rotated", KEYS, times=number, within=paced(60))
        running.deliver(KEYS)
    print(f"{ROTATIONS} announced shutdowns: {judge(running, seen)}")
    assert MULTIPLEX in KEYS
    assert running.end(within=20) == 0  # it has half a million records to forget


@pytest.mark.timeout(paced(600))
def test_more_links_are_cut_than_the_budget_of_connects_allows_to_heal(program):
    """170 sockets and their 170 reconnects are more than 300 connects: some wait five minutes."""
    symbols = [symbol.name for symbol in listing(170)]
    with ExchangeProcess(
        seed=1, symbols=170, rate=2.0, falloff=0, levels=20, tls=False, limits="enforce"
    ) as strict:
        running = program(strict, limits_on_loopback=True, max_retries=None)
        keys = [f"{symbol.lower()}@trade" for symbol in symbols]
        for key, symbol in zip(keys, symbols, strict=True):
            running.do("start", method="trade", args=[symbol], key=key)
        assert running.do("open", keys=keys, seconds=paced(60.0)) == []
        strict.fault("drop")
        running.wait_for("Resumed", keys, within=paced(400))
        statistics = strict.stats()
        assert statistics["violations"] == {}
        assert statistics["handshakes"] == {"101": 2 * len(symbols)}
        downtimes = sorted(event["downtime"] for event in running.of("Resumed"))
        print(f"{len(keys)} links cut: the first back after {downtimes[0]:.1f} s, half after")
        print(
            f"{downtimes[len(keys) // 2]:.1f} s, the last after {downtimes[-1]:.1f} s; no violation"
        )
        check(running.report())
        assert running.end(within=20) == 0


SPOT = [symbol.name.lower() for symbol in listing(20)]
STREAMS = {
    "spot": [*(f"{name}@trade" for name in SPOT), "btcusdt@aggTrade", "btcusdt@kline_1s"],
    "usdm": ["btcusdt@aggTrade", "btcusdt@kline_1m"],
    "coinm": ["btcusd_perp@aggTrade", "btcusd_perp@kline_1m"],
}
FAULTS = (
    ("http_status", {"status": 503, "count": 3}),
    ("http_status", {"status": 500, "count": 1}),
    ("http_status", {"status": 429, "retry_after": 1, "count": 1}),
    ("wrong_page", {"count": 1}),
)


@pytest.fixture
def busy():
    """500 trades a second, and all limits counted."""
    with ExchangeProcess(
        seed=7, symbols=20, rates={"BTCUSDT": 500.0}, rate=5.0, tls=False, limits="count"
    ) as running:
        yield running
        assert running.errors() == ""


def outage(exchange, seconds):
    """For this time no link can be opened; the caller reads what the program says meanwhile."""
    refusal = exchange.fault("http_status", status=503, on="handshake")
    exchange.fault("drop")
    Timer(seconds, exchange.clear, [refusal]).start()


@pytest.mark.timeout(paced(3000))
def test_fifty_outages_of_gapless_streams(busy):
    dice = random.Random(17)
    with listening(busy, STREAMS, gapless=True) as heard:
        heard.until(lambda: len(heard.positions) == sum(map(len, STREAMS.values())))
        for number in range(50):
            kind, arguments = dice.choice(FAULTS)
            for path in ("/api/v3/*", "/fapi/v1/*", "/dapi/v1/*") if kind == "http_status" else ():
                busy.fault(kind, path=path, **arguments)
            if kind != "http_status":
                busy.fault(kind, **arguments)
            resumed = len(heard.told("Resumed"))
            outage(busy, dice.uniform(0.0, 20.0))
            heard.until(lambda resumed=resumed: len(heard.told("Resumed")) >= resumed + 3)
            end = heard.count + 2000
            heard.until(lambda end=end: heard.count >= end)
            print(f"outage {number + 1}: {heard.count} events so far")
        busy.clear()
        behind = heard.count + 30_000  # also the longest hole is filled by then
        heard.until(lambda: heard.count >= behind)
    assert heard.told("Gap") == []
    heard.check()
    assert busy.stats()["violations"] == {}
    print(f"{heard.count} events of {len(heard.positions)} streams: contiguous, once, in order")
    print(f"{len(heard.told('Backfilled'))} holes were filled")


@pytest.mark.timeout(paced(600))
def test_rest_is_down_for_good(busy):
    """One gap for each hole, with exactly the missing ids; and the stream goes on after it."""
    names = {"spot": [f"{SPOT[0]}@trade", f"{SPOT[0]}@aggTrade"], "usdm": ["btcusdt@aggTrade"]}
    hold = 5.0
    with listening(busy, names, gapless={"max_hold": hold}) as heard:
        heard.until(lambda: len(heard.positions) == 3)
        for path in ("/api/v3/*", "/fapi/v1/*"):
            busy.fault("http_status", status=503, path=path, count=1_000_000)
        for number in range(1, 4):
            outage(busy, 2.0)
            heard.until(lambda number=number: len(heard.told("Gap")) == 3 * number)
            now = heard.count
            heard.until(lambda now=now: heard.count > now + 1500)
    holes = {}
    for stream, ids in heard.positions.items():
        market = stream.partition(":")[0]
        key = f"{market}:{stream}"
        for before, after in pairwise(ids):
            if after != before + 1:
                holes.setdefault(stream, []).append((before + 1, after - 1))
        assert ids == sorted(set(ids)), key
    told = {}
    for line in heard.told("Gap"):
        stream, first, last = re.search(r"stream='(\S+?)', first=(\d+), last=(\d+)", line).groups()
        told.setdefault((line.count("usdm:"), stream), []).append((int(first), int(last)))
    assert sorted(told.values()) == sorted(holes.values())
    print(f"{sum(map(len, holes.values()))} holes, and a Gap with the ids of each: {told}")
