import pytest

from binance.simulator import Exchange
from binance.simulator.market import payloads
from binance.simulator.market.candles import MINUTE
from binance.simulator.market.history import Trade
from binance.simulator.market.symbol_market import Aggregate

START = 1_790_000_042_500
NOW = START + 65_000


@pytest.fixture(scope="module")
def market():
    return Exchange(symbols=5, start=START, rate=20.0).market("BTCUSDT", NOW)


@pytest.fixture
def symbol(market):
    return market.symbol


def test_a_trade(symbol):
    got = payloads.trade(symbol, Trade(7, 11_000_025, 5, 1_000, True))
    assert got == {
        "e": "trade",
        "E": 1_000,
        "s": "BTCUSDT",
        "t": 7,
        "p": "110000.25000000",
        "q": "0.00000500",
        "T": 1_000,
        "m": True,
        "M": True,
    }
    assert "M" not in payloads.block(symbol, Trade(1, 1, 1, 1, False))


def test_an_aggregate(symbol):
    got = payloads.aggregate(symbol, Aggregate(3, 11_000_025, 5, 7, 9, 1_000, False))
    assert list(got) == ["e", "E", "s", "a", "p", "q", "f", "l", "T", "m", "M"]
    assert (got["a"], got["f"], got["l"], got["m"]) == (3, 7, 9, False)


def test_a_book_ticker_has_neither_kind_nor_time(symbol):
    got = payloads.book_ticker(symbol, 9, (100, 1, 101, 2))
    assert list(got) == ["u", "s", "b", "B", "a", "A"]


def test_partial_depth_has_neither_kind_nor_symbol(market):
    got = payloads.partial_depth(market, NOW, 5)
    assert list(got) == ["lastUpdateId", "bids", "asks"]
    assert (len(got["bids"]), len(got["asks"])) == (5, 5)


def test_a_kline(market, symbol):
    begin = NOW // MINUTE * MINUTE
    candle = market.candle("1m", begin, begin + MINUTE)
    got = payloads.kline(symbol, NOW, "1m", begin, begin + MINUTE, candle, False)
    assert list(got["k"]) == list("tTsifLochlvnxqVQB")
    assert (got["k"]["t"], got["k"]["T"], got["k"]["x"]) == (
        begin,
        begin + MINUTE - 1,
        False,
    )


def test_tickers_have_the_documented_fields(market):
    assert list(payloads.mini_ticker(market, NOW)) == list("eEscohlvq")
    assert set(payloads.ticker(market, NOW)) == set("eEspPwxcQbBaAohlvqOCFLn")
    rolling = payloads.rolling_ticker(market, NOW, "1d")
    assert set(rolling) == set("eEspPwcohlvqOCFLn")
    assert rolling["e"] == "1dTicker"


def test_reference_and_average_price(market):
    got = payloads.reference_price(market, NOW)
    assert list(got) == ["e", "s", "r", "t"]
    bid, _, ask, _ = market.book.best()
    assert float(got["r"]) == pytest.approx((bid + ask) / 200)
    got = payloads.average_price(market, NOW)
    assert list(got) == ["e", "E", "s", "i", "w", "T"]
    assert got["T"] == market.last_time


def test_every_fifth_reference_price_is_null():
    exchange = Exchange(symbols=5, start=START)
    got = [payloads.reference_price(each, NOW)["r"] for each in exchange.all_markets(NOW)]
    assert [each is None for each in got] == [False, False, False, False, True]


def test_the_average_of_no_trade_is_the_price(symbol):
    from binance.simulator.market.candles import Candle

    assert payloads.average(symbol, Candle.flat(11_000_000)) == "110000.00000000"


@pytest.mark.parametrize(
    ("payload", "changed"),
    [
        ({"e": "trade", "E": 1, "t": 5, "T": 2}, {"E": 1_000, "T": 2_000}),
        ({"e": "24hrTicker", "E": 1, "O": 2, "C": 3, "F": 4}, {"E": 1000, "O": 2000, "C": 3000}),
        ({"e": "referencePrice", "t": 7}, {"t": 7_000}),
        ({"e": "depthUpdate", "E": 3, "U": 1, "u": 2}, {"E": 3_000}),
        ({"u": 400, "s": "A"}, {}),
        ({"e": "serverShutdown", "E": 1}, {"E": 1_000}),
    ],
)
def test_times_and_nothing_else_become_microseconds(payload, changed):
    before = dict(payload)
    assert payloads.in_microseconds(payload) == {**payload, **changed}
    assert payloads.in_microseconds([payload]) == [{**payload, **changed}]
    assert payload == before


def test_a_kline_s_times_become_microseconds_too():
    got = payloads.in_microseconds({"e": "kline", "E": 1, "k": {"t": 60_000, "T": 119_999, "n": 3}})
    assert got["k"] == {"t": 60_000_000, "T": 119_999_999, "n": 3}


def test_an_answer_s_times_and_nothing_else_become_microseconds():
    candle = [60_000, "1", "2", "3", "4", "5", 119_999, "6", 7, "8", "9", "0"]
    answer = {
        "orders": [{"orderId": 5, "time": 1, "workingTime": -1, "fills": []}],
        "candles": [candle],
        "bids": [["1", "2"]],
        "canTrade": True,
        "none": None,
    }
    assert payloads.answer_in_microseconds(answer) == {
        **answer,
        "orders": [{"orderId": 5, "time": 1_000, "workingTime": -1, "fills": []}],
        "candles": [[60_000_000, *candle[1:6], 119_999_999, *candle[7:]]],
    }
