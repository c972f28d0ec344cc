"""A slow callback on a live exchange: what it costs others, and what becomes of its messages."""

import time

import pytest

from binance.simulator.run.exchange_process import ExchangeProcess
from tests.chaos.rig import PATIENCE, check, missing
from tests.pace import paced

pytestmark = [pytest.mark.loopback, pytest.mark.process]

SLOW, FAST = "btcusdt@trade", "ethusdt@trade"
PINGS_PER_SECOND = 2


@pytest.fixture(scope="module")
def pinging():
    """Pings twice a second, and closes a link that does not answer within two, or more if paced."""
    with ExchangeProcess(
        seed=9,
        symbols=["BTCUSDT", "ETHUSDT"],
        rate=100,
        falloff=0,
        levels=50,
        tls=False,
        ping_interval=1 / PINGS_PER_SECOND,
        pong_timeout=paced(2.0),
    ) as running:
        yield running
        assert running.errors() == ""


@pytest.fixture
def exchange(pinging):
    pinging.clear()
    yield pinging
    pinging.clear()


def start(running, **options):
    """Two sockets, of which the callback of one takes a second or more for each message."""
    running.do("start", method="trade", args=["BTCUSDT"], key=SLOW, nap=paced(1.0), **options)
    running.do("start", method="trade", args=["ETHUSDT"], key=FAST)


def quiet(exchange, running):
    """Let the exchange fall silent; the figures once every callback has returned."""
    exchange.fault("stall")
    running.do("wake", key=SLOW)
    while not running.do("more", keys=[SLOW], messages=1, seconds=paced(1.2)):
        assert running.process.poll() is None  # a call may take a second
    return running.do("called"), running.do("stats")


def test_drops_are_counted_exactly_and_pings_answered(exchange, program):
    running = program(exchange, dispatch="thread")
    start(running, queue_size=5)
    running.deliver([FAST], messages=300)
    counts, stats = quiet(exchange, running)
    slow = stats[SLOW]
    assert slow["dropped"] > 100
    assert slow["messages"] == counts[SLOW] + slow["dropped"]
    assert sum(event["dropped"] for event in running.of("Overflowed", SLOW)) == slow["dropped"]
    assert stats[FAST]["dropped"] == 0
    assert stats[FAST]["messages"] == counts[FAST]
    record = running.report()
    ids = [entry[2] for entry in record[SLOW]]
    assert ids == sorted(set(ids))
    assert not any(check({FAST: record[FAST]}).values())
    check_pings(exchange)
    assert running.of("Disconnected") == []
    assert running.end() == 0


def test_latest_keeps_the_newest(exchange, program):
    running = program(exchange, dispatch="thread")
    start(running, overflow="latest")
    running.deliver([FAST], messages=200)
    counts, stats = quiet(exchange, running)
    assert stats[SLOW]["messages"] == counts[SLOW] + stats[SLOW]["dropped"]
    ids = [entry[2] for entry in running.report()[SLOW]]
    assert ids == sorted(set(ids))
    assert len(ids) == counts[SLOW]
    check_pings(exchange)
    assert running.of("Disconnected") == []
    assert running.end() == 0


def test_block_drops_nothing_that_was_received(exchange, program):
    """Reading stops, the exchange gets no pongs and hangs up: that is told, and healed."""
    before = timeouts(exchange)
    running = program(exchange, dispatch="thread")
    start(running, overflow="block", queue_size=20)
    running.deliver([FAST], messages=50)
    hung_up(exchange, before)
    assert running.of("Disconnected") == []  # it is heard of when reading goes on
    running.do("wake", key=SLOW)  # before the exchange has waited long enough for our close frame
    running.wait_for("Resumed", [SLOW])
    running.deliver([SLOW, FAST], messages=50)
    (lost,) = running.of("Disconnected", SLOW)
    assert lost["code"] == 1008
    assert running.do("stats")[SLOW]["dropped"] == 0
    gaps = check(running.report())
    assert gaps[FAST] == []
    assert len(gaps[SLOW]) == 1
    assert missing(gaps[SLOW]) > 0
    assert running.end() == 0


def hung_up(exchange, before):
    """Wait until the exchange has closed a link for want of pongs."""
    end = time.monotonic() + PATIENCE
    while timeouts(exchange) == before:
        assert time.monotonic() < end
        time.sleep(0.05)


def timeouts(exchange):
    return exchange.stats()["violations"].get("pong_timeout", 0)


def check_pings(exchange):
    """Both links are there, and have answered nearly all of the pings that they got."""
    links = exchange.stats()["connections"]["open"]
    assert len(links) == 2
    for each in links:
        assert each["pings_out"] >= 3
        assert each["pings_out"] - each["pongs_in"] <= PINGS_PER_SECOND * paced(1.0)
