"""Three thousand streams, under one key or of three markets, where limits are enforced."""

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


INTERVALS = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w")
KINDS = [f"kline_{each}" for each in INTERVALS]
KINDS += ["aggTrade", "bookTicker", "depth", "depth@500ms", "depth@100ms", "depth5", "depth10"]
KINDS += ["depth20", "markPrice", "markPrice@1s", "miniTicker", "ticker", "forceOrder"]


def names_of_markets():
    """A thousand streams each of spot, USD-M and COIN-M."""
    from binance.simulator.market import symbols

    spot = symbols.listing(60)
    listed = {"usdm": symbols.perpetuals(spot), "coinm": symbols.contracts(spot, 1_790_000_000_000)}
    found = {"spot": names_of(symbols.listing(500), ("trade", "depth@100ms"))}
    return found | {market: names_of(listed[market], KINDS)[:1000] for market in listed}


def names_of(symbols, kinds):
    # Contracts that end are named by their day, and the exchange begins today: without them.
    lasting = [each.name.lower() for each in symbols if each.contract == "PERPETUAL"]
    return [f"{name}@{kind}" for kind in kinds for name in lasting]


def test_three_thousand_streams_of_three_markets_survive_a_mass_cut(exchange, program):
    wanted = names_of_markets()
    assert sum(map(len, wanted.values())) >= 2_900
    running = program(exchange, limits_on_loopback=True)
    keys, before = [], exchange.stats()["connections"]["total"]
    for market, streams in wanted.items():
        path = "streams=" + "/".join(streams)
        keys.append(path if market == "spot" else f"{market}:{path}")
        method = "multiplex" if market == "spot" else "futures_multiplex"
        options = {"futures_type": "COIN_M"} if market == "coinm" else {}
        running.do("start", method=method, args=[streams], key=keys[-1], **options)
    every = [name for streams in wanted.values() for name in streams]
    for cut in (False, True):
        if cut:
            exchange.fault("drop")
            for key, times in zip(keys, (1, 2, 1), strict=True):
                running.wait_for("Resumed", [key], times=times)
        assert running.do("open", keys=keys, seconds=paced(20.0)) == []
        assert carried_all(exchange, every)
        running.deliver(keys, messages=200)
    statistics = exchange.stats()
    assert statistics["violations"] == {}
    assert statistics["connections"]["total"] - before == 8  # USD-M has two paths
    assert running.end() == 0


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
