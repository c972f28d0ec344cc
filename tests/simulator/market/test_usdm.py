from itertools import pairwise

import pytest

from binance.simulator import Exchange
from binance.simulator.market.usdm import UsdmExchange

START = 1_790_000_042_500
ALL = (
    "btcusdt@trade",
    "btcusdt@aggTrade",
    "btcusdt@bookTicker",
    "!bookTicker",
    "btcusdt@depth@100ms",
    "btcusdt@depth5@250ms",
    "ethusdt@depth",
    "btcusdt@kline_1m",
    "btcusdt_perpetual@continuousKline_1m",
    "btcusdt@markPrice@1s",
    "!markPrice@arr",
    "btcusdt@miniTicker",
    "!miniTicker@arr",
    "btcusdt@ticker",
    "!ticker@arr",
    "btcusdt@forceOrder",
    "!forceOrder@arr",
)


def run(exchange, names, ms=70_000):
    for name in names:
        assert exchange.subscribe(name, START), name
    found = {}
    for now in range(START + 50, START + ms + 1, 50):
        for event in exchange.advance(now):
            found.setdefault(event.stream, []).append(event.payload)
    return found


def make():
    return UsdmExchange(symbols=3, start=START, rate=20.0)


@pytest.fixture(scope="module")
def got():
    return run(make(), ALL)


@pytest.mark.slow
def test_every_stream_has_events_with_the_type_of_its_market(got):
    assert set(got) == set(ALL)
    for events in got.values():
        for each in events:
            for payload in each if isinstance(each, list) else [each]:
                assert payload.get("st") == (None if "kline" in payload["e"] else 1)
                assert "e" in payload


def test_the_market_is_not_spot_s(got):
    spot = run(Exchange(symbols=3, start=START, rate=20.0), ["btcusdt@trade"], 5_000)
    assert [each["q"] for each in spot["btcusdt@trade"]][:5] != [
        each["q"] for each in got["btcusdt@trade"]
    ][:5]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 7])
@pytest.mark.parametrize("symbol", ["BTCUSDT", "ETHUSDT"])
def test_a_contract_costs_about_what_its_symbol_costs(seed, symbol):
    """When the markets open, later, and in the past."""
    options = {"seed": seed, "symbols": 3, "start": START, "rate": 5.0}
    markets = [each(**options) for each in (Exchange, UsdmExchange)]
    for later in (0, 600_000):
        spot, future = (each.market(symbol, START + later).last_price for each in markets)
        assert future == pytest.approx(spot, rel=0.02)
    spot, future = (
        each.market(symbol, START + 600_000).klines("1d", 0, START, 30) for each in markets
    )
    for here, there in zip(spot, future, strict=True):
        assert there[2].close == pytest.approx(here[2].close, rel=0.02)


@pytest.mark.parametrize("stream", ["btcusdt@depth@100ms", "ethusdt@depth"])
def test_depth_events_are_chained_by_pu(got, stream):
    for before, after in pairwise(got[stream]):
        assert after["pu"] == before["u"]
        assert after["pu"] < after["U"] <= after["u"]


def test_book_tickers_of_one_and_of_all(got):
    one = got["btcusdt@bookTicker"]
    assert [each for each in got["!bookTicker"] if each["s"] == "BTCUSDT"] == one
    assert {each["s"] for each in got["!bookTicker"]} == {"BTCUSDT", "ETHUSDT", "BNBUSDT"}
    assert list(one[0])[:3] == ["e", "u", "s"]


def test_tickers_have_no_book(got):
    assert not set("xbBaA") & set(got["btcusdt@ticker"][0])
    assert len(got["!ticker@arr"][0]) == 3


def test_klines_of_both_sorts_are_the_same_candles(got):
    plain = {each["E"]: each["k"] for each in got["btcusdt@kline_1m"]}
    for each in got["btcusdt_perpetual@continuousKline_1m"]:
        assert (each["e"], each["ps"], each["ct"]) == ("continuous_kline", "BTCUSDT", "PERPETUAL")
        assert {**each["k"], "s": "BTCUSDT"} == plain[each["E"]]


def test_mark_prices_come_always(got):
    assert len(got["btcusdt@markPrice@1s"]) == 70
    assert len(got["!markPrice@arr"][0]) == 3
    one = got["btcusdt@markPrice@1s"][0]
    assert one["T"] > one["E"]
    assert float(one["p"]) == pytest.approx(float(one["i"]), rel=0.01)


def test_liquidations_were_trades(got):
    trades = {(each["p"], each["T"]) for each in got["btcusdt@aggTrade"]}
    for each in got["btcusdt@forceOrder"]:
        assert (each["o"]["p"], each["o"]["T"]) in trades
        assert each["o"]["S"] in ("BUY", "SELL")
    assert all(isinstance(each, dict) for each in got["!forceOrder@arr"])


def test_everything_ends_with_its_last_listener():
    exchange = make()
    for name in ALL:
        exchange.subscribe(name, START)
    exchange.unsubscribe("!bookTicker")
    assert "btcusdt@bookTicker" in {each.stream for each in exchange.advance(START + 2_000)}
    for name in ALL:
        if name != "!bookTicker":
            exchange.unsubscribe(name)
    assert exchange.advance(START + 9_000) == []
    assert all(each.callbacks.idle() for each in exchange.all_markets(START + 9_000))
