"""Three thousand streams under one key, on an exchange that enforces its limits."""

import pytest

from binance.simulator.rules.settings import STREAMS
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.pace import paced

pytestmark = [pytest.mark.loopback, pytest.mark.process]

SYMBOLS = 1500


@pytest.fixture(scope="module")
def exchange():
    with ExchangeProcess(seed=3, symbols=SYMBOLS, rate=2.0, tls=False, limits="enforce") as running:
        yield running
        assert running.errors() == ""


def carried(exchange):
    """The streams of each open connection, as the exchange has them."""
    return [set(each["streams"]) for each in exchange.stats()["connections"]["open"]]


def names(exchange):
    from binance.simulator.market.symbols import listing

    symbols = [symbol.name.lower() for symbol in listing(SYMBOLS)]
    return [f"{symbol}@{kind}" for kind in ("trade", "depth@100ms") for symbol in symbols]


def test_three_thousand_streams_start_and_survive_a_cut_without_a_violation(exchange, program):
    wanted = names(exchange)
    key = "streams=" + "/".join(wanted)
    running = program(exchange, limits_on_loopback=True)
    running.do("start", method="multiplex", args=[wanted], key=key)
    assert running.do("open", keys=[key], seconds=paced(20.0)) == []
    assert carried_all(exchange, wanted)
    running.deliver([key], messages=300)
    exchange.fault("drop")
    running.wait_for("Resumed", [key], times=3)
    assert running.do("open", keys=[key], seconds=paced(20.0)) == []
    assert carried_all(exchange, wanted)
    running.deliver([key], messages=300)
    statistics = exchange.stats()
    assert statistics["violations"] == {}
    assert statistics["connections"]["total"] == 6
    assert running.count("Disconnected", key) == 3
    assert running.end() == 0


def carried_all(exchange, wanted):
    """Each stream is on one connection, and none has more than it may have."""
    layout = carried(exchange)
    assert max(map(len, layout)) <= STREAMS
    assert sum(map(len, layout)) == len(wanted)
    return set().union(*layout) == set(wanted)


def test_streams_added_live_find_room_or_a_new_connection(exchange, program):
    """A thousand at once, and a loop that asks for one after the other faster than it may."""
    wanted = names(exchange)
    first, more, loop = wanted[:1000], wanted[1000:2000], wanted[2000:2012]
    key = "streams=" + "/".join(first)
    running = program(exchange, limits_on_loopback=True)
    running.do("start", method="multiplex", args=[first], key=key)
    assert running.do("open", keys=[key], seconds=paced(20.0)) == []
    running.do("subscribe", key=key, streams=more)
    running.do("subscribe_each", key=key, streams=loop)
    assert running.do("open", keys=[key], seconds=paced(20.0)) == []
    running.deliver([key], messages=300)
    assert carried_all(exchange, first + more + loop)
    assert exchange.stats()["violations"] == {}
    assert running.of("Disconnected") == []
    assert running.end() == 0
