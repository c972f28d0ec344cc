"""Every payload of every simulated stream is as the table of fields says."""

import ast
from pathlib import Path

import pytest

from binance.sansio.names.fields import PAYLOADS
from binance.sansio.names.forms import FORMS, KLINE_INTERVALS, Stream, parse
from binance.simulator import Exchange
from binance.simulator.market.futures import CoinmExchange, UsdmExchange
from binance.simulator.market.options import OptionsExchange
from tests.payloads import of_event, of_stream, problems, problems_of_event, problems_of_stream

START = 1_790_000_042_500
SIMULATOR = Path(__file__).parents[3] / "binance/simulator"
#: Streams of the exchange that the simulator does not have; it is silent on them.
NOT_SIMULATED = {
    "spot": {"!ticker", "!bookTicker"},  # retired
}
EXCHANGES = {
    "spot": Exchange,
    "usdm": UsdmExchange,
    "coinm": CoinmExchange,
    "options": OptionsExchange,
}
OPTION = OptionsExchange(symbols=1, start=START).listed[0]
SYMBOLS = {
    "spot": "btcusdt",
    "usdm": "btcusdt",
    "coinm": "btcusd_perp",
    "options": OPTION.name.lower(),
}
#: Streams whose symbol is no contract.
OF_ANOTHER_NAME = {
    ("continuousKline", "usdm"): "btcusdt_perpetual",
    ("continuousKline", "coinm"): "btcusd_current_quarter",
    **{("indexPriceKline", market): "btcusd" for market in ("usdm", "coinm")},
    ("indexPrice", "coinm"): "btcusd",
    ("assetIndex", "usdm"): "btcusd",
    ("compositeIndex", "usdm"): "defiusdt",
    **{(kind, "options"): "btcusdt" for kind in ("optionMarkPrice", "openInterest")},
}


def names(market):
    """A name of every kind of stream that a market has, with every speed, level and window."""
    for form in FORMS:
        for speed in form.markets.get(market, ()):
            found = form.template.replace("{@speed}", speed and f"@{speed}")
            day = f"@{OPTION.name.split('-')[1]}" if form.kind == "openInterest" else ""
            found = found.replace("{@offset}", "").replace("{@expiry}", day)
            symbol = OF_ANOTHER_NAME.get((form.kind, market), SYMBOLS[market])
            intervals = KLINE_INTERVALS[1:3] if "{interval}" in found else [""]
            levels = (5, 10, 20) if "{levels}" in found else [0]
            windows = ("1h", "4h", "1d") if "{window}" in found else [""]
            for interval in intervals:
                for level in levels:
                    for window in windows:
                        yield found.format(
                            symbol=symbol, interval=interval, levels=level, window=window
                        )


def kind(name, market):
    stream: Stream = parse(name, market)
    return ("!" if not stream.symbol else "") + stream.kind


@pytest.fixture(scope="module", params=EXCHANGES)
def heard(request):
    """The market, and what each of its streams sent in its first 65 seconds."""
    market = request.param
    exchange = EXCHANGES[market](symbols=5, start=START, rate=20.0, levels=50)
    if market == "usdm":
        exchange.merge(CoinmExchange(symbols=5, start=START))
    known = [name for name in names(market) if exchange.subscribe(name, START)]
    if market == "spot":
        known.append("ethbtc@referencePrice")
        assert exchange.subscribe(known[-1], START)
    found = {name: [] for name in known}
    for now in range(START + 500, START + 65_001, 500):
        for event in exchange.advance(now):
            found[event.stream].append(event.payload)
    return market, found


@pytest.mark.slow
def test_every_stream_has_sent_something(heard):
    market, found = heard
    kinds = {kind(name, market) for name, payloads in found.items() if payloads}
    listed = {kind(name, market) for name in names(market)}
    assert listed - kinds == NOT_SIMULATED.get(market, set())


@pytest.mark.slow
def test_every_payload_is_as_the_table_says(heard):
    market, found = heard
    wrong = {
        name: problems
        for name, payloads in found.items()
        if (problems := {p for each in payloads for p in problems_of_stream(each, name, market)})
    }
    assert wrong == {}


@pytest.mark.slow
def test_a_broken_payload_would_be_found(heard):
    market, found = heard
    for name, payloads in found.items():
        payload, many = of_stream(parse(name, market), market)
        for one in (payloads[0] if many else payloads[:1]) if payloads else ():
            if one.get("st", 0) == {"usdm": 2, "coinm": 1}.get(market):
                continue  # of the other futures market, in a stream that merges both
            optional = {field.key for field in payload.fields if field.optional}
            for key in one:
                less = {k: value for k, value in one.items() if k != key}
                assert problems(less, payload) == [f"{key}: absent"] * (key not in optional), name
                assert problems({**one, "new": 1}, payload) == ["new: not in the table"], name
                assert len(problems({**one, key: {}}, payload)) > 0, (name, key)


def literal_events():
    """The values of ``e`` in the simulator's source."""
    for path in sorted(SIMULATOR.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if ast.unparse(key or node) == "'e'" and isinstance(value, ast.Constant):
                        yield str(value.value)


def test_every_event_in_the_simulator_s_source_is_in_the_table():
    known = {event for payload in PAYLOADS.values() for event in payload.events}
    found = set(literal_events())
    assert {"executionReport", "trade", "serverShutdown", "eventStreamTerminated"} <= found
    assert found <= known


def test_the_events_of_connections_are_in_the_table():
    event = {"e": "serverShutdown", "E": START}
    assert problems_of_event(event, "spot") == []
    assert problems_of_event({**event, "x": 1}, "spot") == ["x: not in the table"]
    assert of_event("eventStreamTerminated", "margin") is not None
