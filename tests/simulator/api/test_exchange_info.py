import pytest

from binance.simulator import Exchange
from binance.simulator.api.call import Call
from binance.simulator.api.exchange_info import exchange_info
from binance.simulator.api.params import Params
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.settings import Settings
from binance.simulator.rules.state import SimulatorState

START = 1_790_000_042_500


def ask(**params):
    state = SimulatorState(Exchange(symbols=4, start=START), lambda: START)
    return exchange_info(Call(state, Params(params), START))


def test_exchange_info():
    got = ask()
    assert [each["symbol"] for each in got["symbols"]] == [
        "BTCUSDT", "ETHUSDT", "BNBUSDT", "BNBBTC",
    ]  # fmt: skip
    first = got["symbols"][0]
    assert (first["status"], first["baseAsset"], first["quoteAsset"]) == ("TRADING", "BTC", "USDT")
    filters = {each["filterType"]: each for each in first["filters"]}
    assert float(filters["LOT_SIZE"]["stepSize"]) > 0
    assert float(filters["PRICE_FILTER"]["tickSize"]) == 0.01
    assert got["rateLimits"][0]["limit"] == 6000
    assert first["defaultSelfTradePreventionMode"] == "NONE"
    assert first["allowedSelfTradePreventionModes"][0] == "NONE"
    refused = ("icebergAllowed", "allowTrailingStop")
    assert [first[name] for name in refused] == [False, False]
    prices = filters["PERCENT_PRICE_BY_SIDE"]
    assert [prices[f"{side}MultiplierDown"] for side in ("bid", "ask")] == ["0.1", "0.1"]
    assert (prices["askMultiplierUp"], prices["avgPriceMins"]) == ("5", 0)
    assert len(ask(symbol="ETHUSDT")["symbols"]) == 1
    assert len(ask(symbols='["ETHUSDT","BNBBTC"]')["symbols"]) == 2
    with pytest.raises(ApiError) as caught:
        ask(symbol="XYZUSDT")
    assert caught.value.code == -1121


def test_the_limits_are_those_that_hold():
    spot = Exchange(symbols=4, start=START)
    settings = Settings(orders=5, connects=7)
    state = SimulatorState(spot, lambda: START, others={"coinm": spot}, settings=settings)

    def limits(market):
        found = exchange_info(Call(state, Params({}), START, market=market))["rateLimits"]
        return [tuple(each.values()) for each in found]

    assert limits("spot") == [
        ("REQUEST_WEIGHT", "MINUTE", 1, 6000),
        ("ORDERS", "SECOND", 10, 5),
        ("ORDERS", "DAY", 1, 200_000),
        ("CONNECTIONS", "MINUTE", 5, 7),
    ]
    assert limits("coinm") == [
        ("REQUEST_WEIGHT", "MINUTE", 1, 2400),
        ("ORDERS", "MINUTE", 1, 1200),
        ("ORDERS", "SECOND", 10, 300),
    ]
