"""Links are replaced at a thousand trades a second, and no event is lost, doubled or misplaced."""

import pytest

from binance.simulator.run.exchange_process import ExchangeProcess
from tests.chaos.rig import check, check_complete
from tests.pace import paced

pytestmark = [pytest.mark.loopback, pytest.mark.process]

RATE = 1000
TRADES, DIFFS, CANDLES = "btcusdt@trade", "btcusdt@depth@100ms", "btcusdt@kline_1s"
RAW_KEYS = [TRADES, DIFFS, CANDLES]
COMBINED = ["btcusdt@aggTrade", "ethusdt@depth@100ms", "ethusdt@kline_1s"]
MULTIPLEX = "streams=" + "/".join(COMBINED)
KEYS = [*RAW_KEYS, MULTIPLEX]
#: The waits of a rotation, shortened: on loopback no machine lags by seconds.
QUICK = {"lead": paced(0.3), "overlap": paced(1.0)}


@pytest.fixture(scope="module")
def busy():
    with ExchangeProcess(
        seed=5, symbols=["BTCUSDT", "ETHUSDT"], rates={"BTCUSDT": RATE}, levels=50, tls=False
    ) as running:
        yield running
        assert running.errors() == ""


@pytest.fixture
def exchange(busy):
    busy.clear()
    yield busy
    busy.clear()


def judge(running, seen):
    """Nothing missing, nothing twice, in order: by the ids, and by what the witness heard."""
    record = running.report()
    assert not any(check(record).values())
    for stream in seen.said:
        own = [e[1:] for e in record[stream if stream in RAW_KEYS else MULTIPLEX] if e[0] == stream]
        check_complete(stream, own, seen)
    assert {event["event"] for event in running.events} == {"Connected", "Rotated"}
    return {key: len(entries) for key, entries in record.items()}


def rotate(running, times=1, keys=KEYS):
    """Replace all links, so many times; a rotation is over when the key has told it."""
    for number in range(1, times + 1):
        for key in keys:
            running.do("rotate", key=key)
        running.wait_for("Rotated", keys, times=number, within=paced(60))


def test_by_order(exchange, program, witness):
    seen = witness(exchange, *RAW_KEYS, *COMBINED)
    running = program(exchange, timing=QUICK)
    running.start(*KEYS)
    rotate(running, times=3)
    running.deliver(KEYS)
    assert judge(running, seen)[TRADES] > RATE
    assert running.end() == 0


def test_to_a_slow_successor(exchange, program, witness):
    """One that is behind, and one whose handshake takes long."""
    seen = witness(exchange, *RAW_KEYS, *COMBINED)
    running = program(exchange, timing=QUICK)
    running.start(*KEYS)
    exchange.fault("slow_handshake", path=f"/ws/{TRADES}", by=0.7)
    last = exchange.stats()["connections"]["total"]
    for number in range(last + 1, last + 1 + len(KEYS)):
        exchange.fault("slow_link", connection=number, latency=0.7)
    rotate(running)
    exchange.clear()
    running.deliver(KEYS)
    judge(running, seen)
    assert running.end() == 0


def test_from_a_slow_link(exchange, program, witness):
    """The old link is behind its successor, and still owes what nobody has heard of."""
    seen = witness(exchange, *RAW_KEYS, *COMBINED)
    watching = {each["id"] for each in exchange.stats()["connections"]["open"]}
    running = program(exchange, timing={"lead": paced(1.3), "overlap": paced(1.0)})
    running.start(*KEYS)
    for each in exchange.stats()["connections"]["open"]:
        if each["id"] not in watching:
            exchange.fault("slow_link", connection=each["id"], latency=0.9)
    running.deliver(KEYS)
    rotate(running)
    running.deliver(KEYS)
    judge(running, seen)
    assert running.end() == 0


def test_planned_before_the_cut(exchange, program, witness):
    """`rotate_after` with a `cut_after` that comes later: the cut never strikes."""
    seen = witness(exchange, *RAW_KEYS, *COMBINED)
    watching = {each["id"] for each in exchange.stats()["connections"]["open"]}
    running = program(exchange, timing=QUICK, rotate_after=1.0)
    running.start(*KEYS)
    for number in range(max(watching) + 1, max(watching) + 40):
        exchange.fault("cut_after", connection=number, after=paced(15.0))
    running.wait_for("Rotated", KEYS, times=3)
    running.deliver(KEYS)
    judge(running, seen)
    assert running.end() == 0
