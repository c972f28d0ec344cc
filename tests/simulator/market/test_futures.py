from datetime import UTC, datetime
from itertools import pairwise

import pytest

from binance.simulator import Exchange
from binance.simulator.market.futures import CoinmExchange, UsdmExchange
from binance.simulator.market.symbols import contracts, listing

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
    "defiusdt@compositeIndex",
    "btcusd@assetIndex",
    "!assetIndex@arr",
    "!contractInfo",
    "tradingSession",
)
WITHOUT_TYPE = ("line", "Index", "tradingSession")
COIN = (
    "btcusd_perp@aggTrade",
    "btcusd_perp@bookTicker",
    "!bookTicker",
    "btcusd_perp@depth@100ms",
    "btcusd_261225@depth",
    "btcusd_perp@depth5@250ms",
    "btcusd_perp@kline_1m",
    "btcusd_perpetual@continuousKline_1m",
    "btcusd_next_quarter@continuousKline_1m",
    "btcusd@indexPriceKline_1m",
    "btcusd_perp@markPriceKline_1m",
    "btcusd@indexPrice",
    "btcusd_perp@markPrice@1s",
    "btcusd_261225@markPrice@1s",
    "btcusd@markPrice",
    "!markPrice@arr@1s",
    "btcusd_perp@miniTicker",
    "!miniTicker@arr",
    "btcusd_perp@ticker",
    "!ticker@arr",
    "btcusd_perp@forceOrder",
    "!forceOrder@arr",
    "!contractInfo",
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
    for name, events in got.items():
        for each in events:
            for payload in each if isinstance(each, list) else [each]:
                typed = not any(word in name for word in WITHOUT_TYPE)
                assert payload.get("st") == (1 if typed else None)
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


# COIN-M


def make_three():
    """The exchanges of spot, USD-M and COIN-M."""
    options = {"symbols": 3, "start": START, "rate": 20.0}
    spot = Exchange(**options)
    usdm, coinm = (each(spot=spot, **options) for each in (UsdmExchange, CoinmExchange))
    usdm.merge(coinm)
    return spot, usdm, coinm


@pytest.fixture(scope="module")
def both():
    return make_three()


@pytest.fixture(scope="module")
def coin(both):
    return run(both[2], COIN)


@pytest.mark.slow
def test_every_stream_of_coin_m_has_events(coin):
    assert set(coin) == set(COIN)
    for name, events in coin.items():
        each = events[0] if isinstance(events[0], list) else events
        if name.startswith("!") and "markPrice" not in name:
            continue
        untyped = "line" in name or name == "btcusd@indexPrice"
        assert {payload.get("st") for payload in each} == {None if untyped else 2}


def test_contracts_end_with_their_quarters(both):
    names = [each.name for each in both[2].listed]
    assert names[:4] == ["BTCUSD_PERP", "BTCUSD_260925", "BTCUSD_261225", "ETHUSD_PERP"]
    ends = datetime.fromtimestamp(both[2].symbols["BTCUSD_261225"].ends / 1000, UTC)
    assert (ends.year, ends.month, ends.day, ends.hour, ends.weekday()) == (2026, 12, 25, 8, 4)


def test_the_coins_of_the_busiest_symbols_have_quarterly_contracts():
    """Also where a coin has several quotes."""
    listed = contracts(listing(40), START)
    assert [each.name for each in listed[:6]] == [
        f"{coin}USD_{end}" for coin in ("BTC", "ETH") for end in ("PERP", "260925", "261225")
    ]
    assert len({each.name for each in listed}) == len(listed)
    assert [each.rank for each in listed] == list(range(len(listed)))
    assert sum(each.contract != "PERPETUAL" for each in listed) == 4


def test_prices_are_consistent_over_the_markets(coin, both):
    spot = both[0].market("BTCUSDT", START + 70_000)
    middle = sum(spot.book.best()[::2]) / 2 * spot.symbol.tick / 1e8
    index = float(coin["btcusd@indexPrice"][-1]["p"])
    assert index == pytest.approx(middle, rel=0.001)
    for name in ("btcusd_perp@ticker", "btcusd_perp@miniTicker"):
        assert float(coin[name][-1]["c"]) == pytest.approx(index, rel=0.02)
    assert float(coin["btcusd_261225@markPrice@1s"][-1]["p"]) == pytest.approx(index, rel=0.02)
    assert float(coin["btcusd@indexPriceKline_1m"][-1]["k"]["c"]) == pytest.approx(index, rel=0.001)


def test_coin_m_counts_contracts_and_its_turnover_is_in_the_coin(coin):
    trades = coin["btcusd_perp@aggTrade"]
    assert all(each["q"].isdigit() for each in trades)
    assert "nq" not in trades[0]
    ticker = coin["btcusd_perp@ticker"][-1]
    coins = int(ticker["v"]) * 100 / float(ticker["w"])
    assert float(ticker["q"]) == pytest.approx(coins, rel=0.001)


def test_depth_events_of_coin_m_are_chained_and_name_the_pair(coin):
    for stream in ("btcusd_perp@depth@100ms", "btcusd_261225@depth"):
        assert {each["ps"] for each in coin[stream]} == {"BTCUSD"}
        for before, after in pairwise(coin[stream]):
            assert after["pu"] == before["u"]


def test_a_contract_that_ends_has_no_funding(coin):
    ending, perpetual = coin["btcusd_261225@markPrice@1s"][0], coin["btcusd_perp@markPrice@1s"][0]
    assert (ending["r"], ending["T"]) == ("", 0)
    assert float(perpetual["r"]) > 0
    assert perpetual["T"] > perpetual["E"]
    assert {each["s"] for each in coin["btcusd@markPrice"][0]} >= {"BTCUSD_PERP", "BTCUSD_261225"}


def test_candles_of_prices_have_no_volume(coin):
    for kind, name in (("indexPrice", "BTCUSD"), ("markPrice", "BTCUSD_PERP")):
        (stream,) = (each for each in COIN if f"@{kind}Kline" in each)
        candle = coin[stream][0]
        assert (candle["e"], candle["ps"], candle["k"]["s"]) == (f"{kind}_kline", "BTCUSD", name)
        assert (candle["k"]["v"], candle["k"]["q"]) == ("0", "0")


MERGED = ("!bookTicker", "!miniTicker@arr", "!ticker@arr", "!contractInfo")


@pytest.mark.parametrize("market", [1, 2])
def test_merged_streams_bring_both_markets_on_both_exchanges(market):
    for stream, payloads in run(make_three()[market], MERGED, 12_000).items():
        parts = [one for each in payloads for one in (each if isinstance(each, list) else [each])]
        assert {each["st"] for each in parts} == {1, 2}, stream


@pytest.mark.parametrize(
    ("market", "name"),
    [
        (1, "btcusd_perp@kline_1m"),
        (1, "btcusd_perpetual@continuousKline_1m"),
        (1, "btcusd@markPrice"),
        (1, "btcusd_perp@markPrice"),
        (1, "btcusd@indexPriceKline_1m"),
        (1, "btcusd_perp@markPriceKline_1m"),
        (2, "btcusdt@kline_1m"),
        (2, "btcusdt@markPrice@1s"),
    ],
)
def test_what_each_exchange_has_of_the_other(market, name):
    assert set(run(make_three()[market], [name], 5_000)) == {name}


@pytest.mark.parametrize(
    ("market", "name"),
    [
        (1, "btcusd_perp@aggTrade"),
        (1, "btcusd_perp@depth"),
        (1, "btcusd@indexPrice"),
        (2, "btcusdt@aggTrade"),
        (2, "btcusd@aggTrade"),
        (2, "btcusd@kline_1m"),
        (2, "btcusd_perp@indexPrice"),
        (2, "btcusd@indexPrice@1s"),
        (2, "btcusd_current@continuousKline_1m"),
        (2, "btcusd_perp@compositeIndex"),
    ],
)
def test_what_an_exchange_is_silent_about(both, market, name):
    assert not both[market].subscribe(name, START + 300_000)
