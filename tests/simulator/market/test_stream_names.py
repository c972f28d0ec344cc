import pytest

from binance.simulator.market.candles import INTERVALS
from binance.simulator.market.stream_names import StreamSpec, category, parse


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        ("btcusdt@trade", StreamSpec("trade", "BTCUSDT")),
        ("btcusdt@aggTrade", StreamSpec("aggTrade", "BTCUSDT")),
        ("btcusdt@blockTrade", StreamSpec("blockTrade", "BTCUSDT")),
        ("btcusdt@bookTicker", StreamSpec("bookTicker", "BTCUSDT")),
        ("btcusdt@referencePrice", StreamSpec("referencePrice", "BTCUSDT", period=1000)),
        ("btcusdt@avgPrice", StreamSpec("avgPrice", "BTCUSDT", period=1000)),
        ("btcusdt@miniTicker", StreamSpec("miniTicker", "BTCUSDT", period=1000)),
        ("btcusdt@ticker", StreamSpec("ticker", "BTCUSDT", period=1000)),
        ("btcusdt@ticker_4h", StreamSpec("rollingTicker", "BTCUSDT", window="4h", period=1000)),
        ("!miniTicker@arr", StreamSpec("allMiniTickers", period=1000)),
        ("!ticker_1d@arr", StreamSpec("allRollingTickers", window="1d", period=1000)),
        ("btcusdt@kline_1s", StreamSpec("kline", "BTCUSDT", "1s", period=1000)),
        ("btcusdt@kline_1M", StreamSpec("kline", "BTCUSDT", "1M", period=2000)),
        ("btcusdt@kline_1d@+08:00", StreamSpec("kline", "BTCUSDT", "1d", "+08:00", period=2000)),
        ("btcusdt@depth", StreamSpec("depth", "BTCUSDT", period=1000)),
        ("btcusdt@depth@100ms", StreamSpec("depth", "BTCUSDT", period=100)),
        ("btcusdt@depth20", StreamSpec("partialDepth", "BTCUSDT", levels=20, period=1000)),
        ("btcusdt@depth5@100ms", StreamSpec("partialDepth", "BTCUSDT", levels=5, period=100)),
        ("币安人生usdt@trade", StreamSpec("trade", "币安人生USDT")),
    ],
)
def test_spot_names(name, spec):
    assert parse(name) == spec


@pytest.mark.parametrize(
    "name",
    [
        "BTCUSDT@trade",
        "btcusdt@Trade",
        "btcusdt",
        "@trade",
        "",
        "!bookTicker",
        "!ticker@arr",
        "!miniTicker@arr@1000ms",
        "!ticker_2h@arr",
        "btcusdt@kline_7m",
        "btcusdt@kline_1m@+09:00",
        "btcusdt@kline_1m@",
        "btcusdt@depth6",
        "btcusdt@depth5@250ms",
        "btcusdt@depth@500ms",
        "btcusdt@ticker_2h",
        "btcusdt@markPrice",
    ],
)
def test_names_that_the_spot_exchange_is_silent_about(name):
    assert parse(name) is None


@pytest.mark.parametrize("interval", sorted(INTERVALS))
def test_every_interval_has_klines_in_both_time_zones(interval):
    assert parse(f"btcusdt@kline_{interval}") is not None
    assert parse(f"btcusdt@kline_{interval}@+08:00") is not None
    assert (parse(f"btcusdt@kline_{interval}", "usdm") is None) == (interval == "1s")


@pytest.mark.parametrize(
    ("name", "kind", "path", "period"),
    [
        ("btcusdt@trade", "trade", "public", 0),
        ("btcusdt@bookTicker", "bookTicker", "public", 0),
        ("!bookTicker", "allBookTickers", "public", 0),
        ("btcusdt@depth", "depth", "public", 250),
        ("btcusdt@depth@500ms", "depth", "public", 500),
        ("btcusdt@depth@0ms", "depth", "public", 10),
        ("btcusdt@depth10@100ms", "partialDepth", "public", 100),
        ("btcusdt@rpiDepth@500ms", "depth", "public", 500),
        ("btcusdt@aggTrade", "aggTrade", "market", 0),
        ("btcusdt@markPrice", "markPrice", "market", 3000),
        ("btcusdt@markPrice@1s", "markPrice", "market", 1000),
        ("!markPrice@arr@1s", "allMarkPrices", "market", 1000),
        ("btcusdt@kline_1m", "kline", "market", 250),
        ("btcusdt_perpetual@continuousKline_1m", "continuousKline", "market", 250),
        ("!miniTicker@arr", "allMiniTickers", "market", 1000),
        ("!ticker@arr", "allTickers", "market", 1000),
        ("btcusdt@forceOrder", "forceOrder", "market", 1000),
        ("!forceOrder@arr", "allForceOrders", "market", 1000),
    ],
)
def test_usdm_names_and_their_paths(name, kind, path, period):
    spec = parse(name, "usdm")
    assert spec is not None
    assert (spec.kind, category(spec), spec.period) == (kind, path, period)


@pytest.mark.parametrize(
    "name",
    [
        "BTCUSDT@trade",
        "btcusdt@avgPrice",
        "btcusdt@kline_1m@+08:00",
        "btcusdt@depth@250ms",
        "btcusdt@depth7",
        "btcusdt@continuousKline_1m",
        "!ticker_1h@arr",
    ],
)
def test_names_that_usdm_is_silent_about(name):
    assert parse(name, "usdm") is None
