from itertools import pairwise

import pytest

from binance.simulator import Exchange
from binance.simulator.market.options import OptionsExchange, model

START = 1_790_000_042_500


def run(exchange, names, ms=12_000):
    for name in names:
        assert exchange.subscribe(name, START), name
    found = {name: [] for name in names}
    for now in range(START + 50, START + ms + 1, 50):
        for event in exchange.advance(now):
            found[event.stream].append(event.payload)
    return found


@pytest.fixture(scope="module")
def exchange():
    spot = Exchange(symbols=3, start=START, rate=20.0)
    return OptionsExchange(symbols=3, start=START, rate=60.0, spot=spot)


@pytest.fixture(scope="module")
def got(exchange):
    call = exchange.listed[0].name.lower()
    day = call.split("-")[1]
    of_one = ("depth@100ms", "depth5@500ms", "bookTicker", "optionTrade", "optionTicker")
    names = [f"{call}@{kind}" for kind in (*of_one, "kline_1m")]
    names += ["btcusdt@optionTrade", f"btcusdt@optionTicker@{day}", "btcusdt@optionMarkPrice"]
    names += [f"btcusdt@openInterest@{day}", "!index@arr", "!optionSymbol"]
    return run(exchange, names)


def test_every_stream_has_events_without_what_only_futures_have(got):
    for name, events in got.items():
        assert events, name
        for each in events:
            for payload in each if isinstance(each, list) else [each]:
                assert not {"st", "M"} & set(payload)


def test_options_are_named_by_coin_day_strike_and_side(exchange):
    names = [each.name for each in exchange.listed]
    assert len(names) == 2 * 2 * 3 * 2
    assert names[0].startswith("BTC-260925-")
    assert {name.split("-")[3] for name in names} == {"C", "P"}
    assert len(set(names)) == len(names)


def test_prices_follow_the_model_at_the_price_of_spot(exchange, got):
    index = float(got["!index@arr"][-1][0]["p"])
    for each in got["btcusdt@optionMarkPrice"][-1]:
        _, _, strike, side = each["s"].split("-")
        years = (exchange.symbols[each["s"]].ends - each["E"]) / (365 * 86_400_000)
        found = model(index, float(strike), years, side == "C")
        assert float(each["mp"]) == pytest.approx(found["price"], rel=0.25)
        assert float(each["d"]) == pytest.approx(found["d"], abs=0.01)
        assert float(each["i"]) == pytest.approx(index, rel=0.001)


def test_a_call_and_a_put_differ_by_the_distance_of_the_strike():
    call, put = (model(100.0, 90.0, 0.5, side) for side in (True, False))
    assert call["price"] - put["price"] == pytest.approx(10.0)
    assert call["d"] - put["d"] == pytest.approx(1.0)
    assert call["g"] == put["g"] > 0 > call["t"]


def test_depth_events_are_chained(got):
    (stream,) = (name for name in got if name.endswith("depth@100ms"))
    assert all(after["pu"] == before["u"] for before, after in pairwise(got[stream]))


def test_the_trades_of_an_underlying_are_those_of_all_its_options(got):
    one = next(name for name in got if name.endswith("-c@optionTrade"))
    symbol = one.partition("@")[0].upper()
    assert [each for each in got["btcusdt@optionTrade"] if each["s"] == symbol] == got[one]
    assert len({each["s"] for each in got["btcusdt@optionTrade"]}) > 1


def test_the_tickers_of_a_day_and_new_options_come_one_after_the_other(got):
    (by_day,) = (name for name in got if "@optionTicker@" in name)
    days = {each["s"].split("-")[1] for each in got[by_day]}
    assert days == {by_day.rpartition("@")[2]}
    assert len({each["s"] for each in got[by_day]}) > 1
    assert {each["d"] for each in got["!optionSymbol"]} == {"CALL", "PUT"}


@pytest.mark.parametrize(
    "name",
    [
        "btcusdt@kline_1m",
        "btcusdt@depth@100ms",
        "btc-1-2-c@optionTrade",
        "dogeusdt@optionMarkPrice",
        "btcusdt@openInterest",
        "!index",
    ],
)
def test_what_options_are_silent_about(exchange, name):
    assert not exchange.subscribe(name, START + 60_000)


def test_other_sets_of_symbols_have_options_too():
    for symbols in (["ADAUSDT"], ["ETHBTC"], 1):
        assert len(OptionsExchange(symbols=symbols, start=START).listed) == 12
