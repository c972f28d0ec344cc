"""Names out of users' arguments, and what is known of a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.names import forms, streams
from binance.sansio.names.forms import MARKETS, Stream, nearest, parse

BUILT = [
    (streams.agg_trade("BNBBTC"), "bnbbtc@aggTrade"),
    (streams.agg_trade("BTCUSD_PERP", "coinm"), "btcusd_perp@aggTrade"),
    (streams.trade("BnbBtc"), "bnbbtc@trade"),
    (streams.block_trade("BNBBTC"), "bnbbtc@blockTrade"),
    (streams.reference_price("BNBBTC"), "bnbbtc@referencePrice"),
    (streams.avg_price("BNBBTC"), "bnbbtc@avgPrice"),
    (streams.ticker("BNBBTC"), "bnbbtc@ticker"),
    (streams.book_ticker("BNBBTC"), "bnbbtc@bookTicker"),
    (streams.mini_ticker("BNBBTC"), "bnbbtc@miniTicker"),
    (streams.mini_ticker(), "!miniTicker@arr"),
    (streams.rolling_ticker("BNBBTC", "4h"), "bnbbtc@ticker_4h"),
    (streams.rolling_ticker(window="1d"), "!ticker_1d@arr"),
    (streams.mark_price("BTCUSDT"), "btcusdt@markPrice@1s"),
    (streams.mark_price("BTCUSDT", fast=False), "btcusdt@markPrice"),
    (streams.mark_price(), "!markPrice@arr@1s"),
    (streams.mark_price(fast=False), "!markPrice@arr"),
    (streams.kline("BNBBTC"), "bnbbtc@kline_1m"),
    (streams.kline("BNBBTC", "1s"), "bnbbtc@kline_1s"),
    (streams.kline("BNBBTC", "1M", utc8=True), "bnbbtc@kline_1M@+08:00"),
    (
        streams.kline("BTCUSDT_PERPETUAL", "1h", market="usdm", kind="continuousKline"),
        "btcusdt_perpetual@continuousKline_1h",
    ),
    (streams.of_symbol("forceOrder", "BTCUSDT", "usdm"), "btcusdt@forceOrder"),
    (streams.of_symbol("rpiDepth", "BTCUSDT", "usdm", speed="500ms"), "btcusdt@rpiDepth@500ms"),
    (streams.of_market("bookTicker", "usdm"), "!bookTicker"),
    (streams.of_market("contractInfo", "usdm"), "!contractInfo"),
    (streams.depth("BNBBTC"), "bnbbtc@depth"),
    (streams.depth("BNBBTC", "1"), "bnbbtc@depth"),
    (streams.depth("BNBBTC", 1), "bnbbtc@depth"),
    (streams.depth("BNBBTC", interval=100), "bnbbtc@depth@100ms"),
    (streams.depth("BNBBTC", interval=0), "bnbbtc@depth"),
    (streams.depth("BNBBTC", "5"), "bnbbtc@depth5"),
    (streams.depth("BNBBTC", 5), "bnbbtc@depth5"),
    (streams.depth("BNBBTC", 10, 100), "bnbbtc@depth10@100ms"),
    (streams.depth("BNBBTC", depth="20", interval=100), "bnbbtc@depth20@100ms"),
    (streams.futures_depth("BTCUSDT"), "btcusdt@depth"),
    (streams.futures_depth("BTCUSDT", 20, "250ms"), "btcusdt@depth20@250ms"),
    (streams.options_depth("BTC-260925-90000-C"), "btc-260925-90000-c@depth10@500ms"),
    (streams.options_depth("BTC-260925-90000-C", None, "100ms"), "btc-260925-90000-c@depth@100ms"),
]


@pytest.mark.parametrize(("built", "name"), BUILT)
def test_builders(built: str, name: str):
    assert built == name


REFUSED = [
    (
        lambda: streams.depth("BNBBTC", 7),
        "depth value 7 not allowed. Allowed values are '1', '5', '10', '20'",
    ),
    (lambda: streams.depth("BNBBTC", "50"), "depth value '50' not allowed"),
    (lambda: streams.depth("BNBBTC", True), "depth value True not allowed"),
    (
        lambda: streams.kline("BNBBTC", "7m"),
        "kline interval '7m' not allowed. Allowed values are '1s', '1m',",
    ),
    (lambda: streams.kline("BNBBTC", 1), "kline interval 1 not allowed"),
    (
        lambda: streams.kline("BTCUSDT", "1s", market="usdm"),
        "interval '1s' not allowed. Allowed values are '1m',",
    ),
    (lambda: streams.kline("BTCUSDT", utc8=True, market="usdm"), "UTC+08:00 exist on spot only"),
    (lambda: streams.kline("BTCUSDT", kind="trade"), "'trade' is no kind of kline"),
    (
        lambda: streams.kline("BTCUSDT", kind="markPriceKline"),
        "markPriceKline is no spot stream; it is one of usdm, coinm",
    ),
    (
        lambda: streams.rolling_ticker("BNBBTC", "2h"),
        "window '2h' not allowed. Allowed values are '1h', '4h', '1d'",
    ),
    (lambda: streams.futures_depth("BTCUSDT", speed="1s"), "speed '1s' not allowed"),
    (
        lambda: streams.options_depth("X", speed=""),
        "speed '' not allowed. Allowed values are '100ms', '500ms'",
    ),
    (lambda: streams.options_depth("X", 50), "depth 50 not allowed"),
    (lambda: streams.of_symbol("kline", "X"), "no stream 'kline' that takes a symbol alone"),
    (lambda: streams.of_symbol("nothing", "X"), "no stream 'nothing'"),
    (
        lambda: streams.of_symbol("forceOrder", "X"),
        "forceOrder is no spot stream; it is one of usdm, coinm",
    ),
    (lambda: streams.of_market("rollingTicker"), "no whole-market stream 'rollingTicker'"),
    (lambda: streams.of_market("trade"), "no whole-market stream 'trade'"),
    (lambda: streams.trade("BTCUSDT", "um"), "unknown market 'um'"),
    (lambda: streams.key("x", "um"), "unknown market 'um'"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_bad_arguments_are_refused_with_what_is_allowed(call, message: str):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        call()
    assert message in str(caught.value)


@pytest.mark.parametrize("interval", [1, 1000, 250, -100, "100", "100ms", True, False, [100]])
def test_a_bad_depth_interval_gets_the_old_message(interval):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        streams.depth("BNBBTC", interval=interval)
    assert str(caught.value) == "Websocket interval value not allowed. Allowed values are [0, 100]"


@pytest.mark.parametrize(
    "symbol",
    ["", "BNB BTC", " BNBBTC", "BNBBTC\n", "a@b", "a/b", "!a", "a?", "a#", "a&", "a\x00", "a\x85"],
)
def test_what_cannot_be_a_symbol(symbol: str):
    with pytest.raises(ValueError, match=r"symbol .*give one such as 'BNBBTC'"):
        streams.check_symbol(symbol)


@pytest.mark.parametrize("symbol", [None, 5, b"BNBBTC", ["BNBBTC"]])
def test_a_symbol_is_a_string(symbol):
    with pytest.raises(TypeError, match="symbol must be a string such as 'BNBBTC', not"):
        streams.check_symbol(symbol)


def test_symbols_may_be_unicode():
    assert streams.trade("\uff11\uff12\uff13") == "\uff11\uff12\uff13@trade"
    assert streams.trade("币安人生USDT") == "币安人生usdt@trade"


def test_multiplex_names_are_verbatim_from_any_iterable():
    names = ["BNBBTC@trade", "ethbtc@depth", "BNBBTC@trade", "!new@thing"]
    once = ["BNBBTC@trade", "ethbtc@depth", "!new@thing"]
    assert streams.check_names(names) == once
    assert streams.check_names(tuple(names)) == once
    assert streams.check_names(name for name in names) == once
    assert streams.check_names(dict.fromkeys(names)) == once
    assert streams.check_names({"a@trade"}) == ["a@trade"]


@pytest.mark.parametrize(
    "given", ["bnbbtc@trade", b"bnbbtc@trade", None, 5, [None], ["a@trade", 5], [["a"]]]
)
def test_what_is_no_list_of_names(given):
    with pytest.raises(TypeError, match="streams must be a list of stream names such as"):
        streams.check_names(given)


@pytest.mark.parametrize(
    "given",
    [[], (), iter([]), [""], ["a@trade", "a@b/c"], ["a b@trade"], ["a?b"], ["a&b"], ["a\n"]],
)
def test_lists_that_hold_no_usable_name(given):
    with pytest.raises(ValueError, match="streams must be a list of stream names such as"):
        streams.check_names(given)


def test_keys_and_paths():
    assert streams.combined_path(["a@trade", "b@depth"]) == "streams=a@trade/b@depth"
    assert streams.key("bnbbtc@trade") == "bnbbtc@trade"
    assert streams.key("btcusdt@aggTrade", "usdm") == "usdm:btcusdt@aggTrade"
    assert streams.encoded("bnbbtc@kline_1m@+08:00") == "bnbbtc@kline_1m@+08:00"
    assert streams.encoded("streams=a@kline_1m@+08:00/!miniTicker@arr") == (
        "streams=a@kline_1m@%2B08:00/!miniTicker@arr"
    )
    assert streams.encoded("币@trade") == "%E5%B8%81@trade"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("btcusdt@bookTicker", "public"),
        ("!bookTicker", "public"),
        ("btcusdt@depth5@250ms", "public"),
        ("btcusdt@depth@100ms", "public"),
        ("btcusdt@rpiDepth@500ms", "public"),
        ("btcusdt@trade", "public"),
        ("btcusdt@aggTrade", "market"),
        ("btcusdt@markPrice@1s", "market"),
        ("!markPrice@arr", "market"),
        ("btcusdt@kline_1m", "market"),
        ("!forceOrder@arr", "market"),
        ("tradingSession", "market"),
        ("something@new", "market"),
    ],
)
def test_usdm_paths(name: str, path: str):
    assert streams.category(name, "usdm") == path


def test_options_paths():
    assert streams.category("x@optionTrade", "options") == "public"
    assert streams.category("x@kline_1m", "options") == "market"


def test_fixed_cadence():
    spot = ["a@avgPrice", "a@depth5", "a@depth20@100ms", "!miniTicker@arr", "a@referencePrice"]
    for name in spot:
        assert parse(name).form.cadence, name
    for name in ("a@markPrice", "!markPrice@arr@1s"):
        assert parse(name, "usdm").form.cadence, name
    for name in ("a@trade", "a@aggTrade", "a@depth", "a@kline_1s", "a@miniTicker", "a@bookTicker"):
        assert not parse(name).form.cadence, name


def test_cursor_kinds():
    kinds = {
        "a@trade": "trade",
        "a@aggTrade": "aggTrade",
        "a@depth@100ms": "depth",
        "a@depth5": "partialDepth",
        "a@bookTicker": "bookTicker",
        "a@kline_1m@+08:00": "kline",
        "a@ticker": "time",
        "!miniTicker@arr": "time",
    }
    assert {name: parse(name).form.cursor for name in kinds} == kinds


@pytest.mark.parametrize(
    ("args", "cause"),
    [
        (("BNBBTC@trade",), "upper case in a stream name: the exchange uses 'bnbbtc@trade'"),
        (("!ticker@arr",), "retired stream: retired on 2026-03-26"),
        (("!bookTicker",), "retired stream: retired on 2022-12-07"),
        (("bnbbtc@trades",), "unknown stream"),
        (("bnbbtc@depth5",), "unknown symbol 'bnbbtc': every trading symbol sends this stream"),
        (("bnbbtc@trade",), "unknown symbol 'bnbbtc', or simply a quiet market"),
        (("!miniTicker@arr",), "does not send this stream any more, or the whole market is quiet"),
        (
            ("btcusdt@aggTrade", "usdm", "public"),
            "wrong path: usdm has it on /market, it was requested",
        ),
        (("btcusdt@aggTrade", "usdm", "market"), "unknown symbol 'btcusdt', or simply"),
        (("!bookTicker", "usdm"), "the whole market is quiet"),
    ],
)
def test_likely_causes_of_silence(args: tuple[str, ...], cause: str):
    assert cause in streams.likely_cause(*args)


def test_what_is_retired():
    assert streams.retired("!ticker@arr") == (
        "retired on 2026-03-26; use <symbol>@ticker or !miniTicker@arr"
    )
    assert streams.retired("!ticker@arr", "usdm") is None
    assert streams.retired("bnbbtc@ticker") is None
    assert streams.retired("btcusd@indexPrice@1s", "coinm").endswith("use <pair>@indexPrice")
    assert streams.retired("btcusd@indexPrice", "coinm") is None
    cause = streams.likely_cause("btcusd@indexPrice@1s", "coinm")
    assert cause == "retired stream: retired on 2026-06-30; use <pair>@indexPrice"


@given(
    st.text(min_size=1, max_size=20),
    st.sampled_from([None, "1", 5, "10"]),
    st.sampled_from([None, 0, 100]),
)
def test_depth_parses_back_or_the_symbol_is_refused(symbol: str, levels, interval):
    try:
        name = streams.depth(symbol, levels, interval)
    except ValueError:
        return
    kind = "depth" if levels in (None, "1") else "partialDepth"
    assert parse(name) == Stream(
        kind,
        symbol.lower(),
        levels=0 if kind == "depth" else int(levels),
        speed="100ms" if interval else "",
    )


@pytest.mark.parametrize(
    ("given", "name", "query"),
    [
        ("a@trade", "a@trade", ""),
        ("a@trade&timeUnit=MICROSECOND", "a@trade", "timeUnit=MICROSECOND"),
        ("a@trade?timeUnit=MICROSECOND", "a@trade", "timeUnit=MICROSECOND"),
        ("a@kline_1m@+08:00?x=1&y=2", "a@kline_1m@+08:00", "x=1&y=2"),
        ("a@trade?", "a@trade?", ""),
        ("a&b@trade", "a&b@trade", ""),
    ],
)
def test_a_query_is_split_off_a_name(given, name, query):
    assert streams.split_query(given) == (name, query)


@pytest.mark.parametrize(
    ("given", "names", "query"),
    [
        ("streams=a/b", ["a", "b"], ""),
        ("a/b", ["a", "b"], ""),
        ("streams=a/b&timeUnit=MICROSECOND", ["a", "b"], "timeUnit=MICROSECOND"),
        (
            "streams=a?timeUnit=MICROSECOND/b&timeUnit=MICROSECOND",
            ["a", "b"],
            "timeUnit=MICROSECOND",
        ),
        ("timeUnit=MICROSECOND&streams=a/b", ["a", "b"], "timeUnit=MICROSECOND"),
    ],
)
def test_queries_are_split_off_a_combined_path(given, names, query):
    assert streams.split_queries(given) == (names, query)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("wss://a/ws/b@trade", "wss://a/ws/b@trade?timeUnit=MICROSECOND"),
        ("wss://a/stream?streams=b", "wss://a/stream?streams=b&timeUnit=MICROSECOND"),
        ("wss://a/stream?streams=b&timeUnit=MILLISECOND", None),
    ],
)
def test_a_url_asks_for_a_time_unit_once(url, expected):
    assert streams.with_time_unit(url, "us") == (expected or url)


def test_names_may_bring_a_query_only_where_it_is_taken_off():
    given = ["a@trade&timeUnit=MICROSECOND"]
    assert streams.check_names(given, with_query=True) == given
    with pytest.raises(ValueError, match="contains '&'"):
        streams.check_names(given)
    with pytest.raises(ValueError, match="contains '&'"):
        streams.check_names(["a&b@trade"], with_query=True)


@pytest.mark.parametrize(
    ("name", "path"),
    [("btcusdt@depth@0ms", "public"), ("btcusdt@bookTicker@1s", "public"), ("b@new", "market")],
)
def test_an_unknown_names_warning_blames_the_name_or_the_path(name, path):
    assert streams.category(name) == path
    cause = streams.likely_cause(name, "usdm", path)
    assert cause.startswith("unknown stream: usdm documents no stream of this name")
    assert cause.endswith(f"or the path is wrong: it was requested on /{path}")


@pytest.mark.parametrize(
    ("name", "market", "meant"),
    [
        ("bnbbtc@tickerr", "spot", "bnbbtc@ticker"),
        ("BNB-BTC@Trade", "spot", "bnbbtc@trade"),
        ("BNB/BTC@trades", "spot", "bnbbtc@trade"),
        ("bnbbtc@aggtrade", "spot", "bnbbtc@aggTrade"),
        ("bnbbtc@AGGTRADE", "spot", "bnbbtc@aggTrade"),
        ("bnbbtc@kline_1min", "spot", "bnbbtc@kline_1m"),
        ("bnbbtc@klines_1M", "spot", "bnbbtc@kline_1M"),
        ("bnbbtc@depth@0ms", "spot", "bnbbtc@depth@100ms"),
        ("!miniTickers@arr", "spot", "!miniTicker@arr"),
        ("btcusdt@markprice@1s", "usdm", "btcusdt@markPrice@1s"),
        ("btcusdt_260327@aggtrades", "usdm", "btcusdt_260327@aggTrade"),
        ("btc-260327-100000-c@optiontrade", "options", "btc-260327-100000-c@optionTrade"),
        ("bnbbtc@markPrice", "spot", None),
        ("bnbbtc", "spot", None),
        ("x@y", "spot", None),
    ],
)
def test_the_name_that_was_probably_meant(name: str, market: str, meant: str | None):
    assert nearest(name, market) == meant


@pytest.mark.parametrize("market", MARKETS)
def test_a_meant_name_is_a_documented_one(market: str):
    for form in forms.FORMS:
        if market not in form.markets or "@expiry" in form.template:
            continue
        symbol = "" if form.whole_market else "xyz"
        meant = nearest(f"{symbol}{form.describe(market).removeprefix('<symbol>')}", market)
        assert meant is None or parse(meant, market).name == meant


@pytest.mark.parametrize("name", ["bnbbtc@trade", "币安人生usdt@trade", "!miniTicker@arr"])
def test_nothing_is_wrong_with_a_documented_name(name: str):
    assert streams.doubt(name) is None
