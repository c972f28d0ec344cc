"""The table of stream names against the names that the exchange documents, and back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.names.forms import (
    BY_KIND,
    FORMS,
    MARKETS,
    Stream,
    UnknownStream,
    check_market,
    likely_category,
    likely_form,
    parse,
)

# One line for each name of the documentation, and for each of its optional parts.
SPOT = {
    "bnbbtc@aggTrade": Stream("aggTrade", "bnbbtc"),
    "bnbbtc@trade": Stream("trade", "bnbbtc"),
    "bnbbtc@blockTrade": Stream("blockTrade", "bnbbtc"),
    "bnbbtc@referencePrice": Stream("referencePrice", "bnbbtc"),
    "bnbbtc@kline_1s": Stream("kline", "bnbbtc", interval="1s"),
    "bnbbtc@kline_1m": Stream("kline", "bnbbtc", interval="1m"),
    "bnbbtc@kline_1M": Stream("kline", "bnbbtc", interval="1M"),
    "bnbbtc@kline_1h@+08:00": Stream("kline", "bnbbtc", interval="1h", offset="+08:00"),
    "bnbbtc@miniTicker": Stream("miniTicker", "bnbbtc"),
    "!miniTicker@arr": Stream("miniTicker", array=True),
    "!miniTicker@arr@3000ms": Stream("miniTicker", speed="3000ms", array=True),
    "bnbbtc@ticker": Stream("ticker", "bnbbtc"),
    "!ticker@arr": Stream("ticker", array=True),
    "bnbbtc@ticker_1h": Stream("rollingTicker", "bnbbtc", window="1h"),
    "bnbbtc@ticker_4h": Stream("rollingTicker", "bnbbtc", window="4h"),
    "!ticker_1d@arr": Stream("rollingTicker", window="1d", array=True),
    "bnbbtc@bookTicker": Stream("bookTicker", "bnbbtc"),
    "!bookTicker": Stream("bookTicker"),
    "bnbbtc@avgPrice": Stream("avgPrice", "bnbbtc"),
    "bnbbtc@depth5": Stream("partialDepth", "bnbbtc", levels=5),
    "bnbbtc@depth20@100ms": Stream("partialDepth", "bnbbtc", levels=20, speed="100ms"),
    "bnbbtc@depth": Stream("depth", "bnbbtc"),
    "bnbbtc@depth@100ms": Stream("depth", "bnbbtc", speed="100ms"),
    "币安人生usdt@trade": Stream("trade", "币安人生usdt"),
}
USDM = {
    "btcusdt@bookTicker": Stream("bookTicker", "btcusdt"),
    "!bookTicker": Stream("bookTicker"),
    "btcusdt@depth10": Stream("partialDepth", "btcusdt", levels=10),
    "btcusdt@depth10@250ms": Stream("partialDepth", "btcusdt", levels=10, speed="250ms"),
    "btcusdt@depth": Stream("depth", "btcusdt"),
    "btcusdt@depth@500ms": Stream("depth", "btcusdt", speed="500ms"),
    "btcusdt@rpiDepth@500ms": Stream("rpiDepth", "btcusdt", speed="500ms"),
    "btcusdt@trade": Stream("trade", "btcusdt"),
    "btcusdt@aggTrade": Stream("aggTrade", "btcusdt"),
    "btcusdt@markPrice": Stream("markPrice", "btcusdt"),
    "btcusdt@markPrice@1s": Stream("markPrice", "btcusdt", speed="1s"),
    "!markPrice@arr": Stream("markPrice", array=True),
    "!markPrice@arr@1s": Stream("markPrice", speed="1s", array=True),
    "btcusdt@kline_5m": Stream("kline", "btcusdt", interval="5m"),
    "btcusdt_perpetual@continuousKline_1h": Stream(
        "continuousKline", "btcusdt_perpetual", interval="1h"
    ),
    "btcusdt@miniTicker": Stream("miniTicker", "btcusdt"),
    "!miniTicker@arr": Stream("miniTicker", array=True),
    "btcusdt@ticker": Stream("ticker", "btcusdt"),
    "!ticker@arr": Stream("ticker", array=True),
    "btcusdt@forceOrder": Stream("forceOrder", "btcusdt"),
    "!forceOrder@arr": Stream("forceOrder", array=True),
    "defiusdt@compositeIndex": Stream("compositeIndex", "defiusdt"),
    "!contractInfo": Stream("contractInfo"),
    "!assetIndex@arr": Stream("assetIndex", array=True),
    "adausd@assetIndex": Stream("assetIndex", "adausd"),
    "btcusd@indexPriceKline_1m": Stream("indexPriceKline", "btcusd", interval="1m"),
    "btcusd_perp@markPriceKline_1m": Stream("markPriceKline", "btcusd_perp", interval="1m"),
    "tradingSession": Stream("tradingSession"),
}
COINM = {
    "btcusd_perp@aggTrade": Stream("aggTrade", "btcusd_perp"),
    "btcusd@indexPrice": Stream("indexPrice", "btcusd"),
    "btcusd@indexPrice@1s": Stream("indexPrice", "btcusd", speed="1s"),
    "btcusd@indexPriceKline_1m": Stream("indexPriceKline", "btcusd", interval="1m"),
    "btcusd_perp@markPriceKline_1m": Stream("markPriceKline", "btcusd_perp", interval="1m"),
    "btcusd_perp@depth20@500ms": Stream("partialDepth", "btcusd_perp", levels=20, speed="500ms"),
    "btcusd_perp@markPrice": Stream("markPrice", "btcusd_perp"),
    "!markPrice@arr@1s": Stream("markPrice", speed="1s", array=True),
}
OPTIONS = {
    "btc-260925-90000-c@depth@100ms": Stream("depth", "btc-260925-90000-c", speed="100ms"),
    "btc-260925-90000-c@depth10@500ms": Stream(
        "partialDepth", "btc-260925-90000-c", levels=10, speed="500ms"
    ),
    "btc-260925-90000-c@bookTicker": Stream("bookTicker", "btc-260925-90000-c"),
    "btc-260925-90000-c@optionTrade": Stream("optionTrade", "btc-260925-90000-c"),
    "btc-260925-90000-c@optionTicker": Stream("optionTicker", "btc-260925-90000-c"),
    "btcusdt@optionTicker@260925": Stream("optionTicker", "btcusdt", expiry="260925"),
    "!index@arr": Stream("index", array=True),
    "btc-260925-90000-c@kline_1m": Stream("kline", "btc-260925-90000-c", interval="1m"),
    "!optionSymbol": Stream("optionSymbol"),
    "btcusdt@optionMarkPrice": Stream("optionMarkPrice", "btcusdt"),
    "btcusdt@openInterest@260925": Stream("openInterest", "btcusdt", expiry="260925"),
}
NAMES = [
    (market, name, stream)
    for market, table in zip(MARKETS, (SPOT, USDM, COINM, OPTIONS), strict=True)
    for name, stream in table.items()
]


@pytest.mark.parametrize(("market", "name", "stream"), NAMES)
def test_each_documented_name_is_taken_apart_and_built(market: str, name: str, stream: Stream):
    assert parse(name, market) == stream
    assert stream.name == name


def test_the_names_above_cover_the_table():
    assert {(s.kind, not s.symbol) for _, _, s in NAMES} == {
        (f.kind, f.whole_market) for f in FORMS
    }
    assert len(BY_KIND) == len(FORMS)


@pytest.mark.parametrize(
    ("market", "name"),
    [
        ("spot", "bnbbtc@trades"),
        ("spot", "bnbbtc"),
        ("spot", "@trade"),
        ("spot", "bnb btc@trade"),
        ("spot", "bnb/btc@trade"),
        ("spot", "bnbbtc@depth7"),
        ("spot", "bnbbtc@depth@250ms"),
        ("spot", "bnbbtc@depth@"),
        ("spot", "bnbbtc@kline_7m"),
        ("spot", "bnbbtc@kline_1h@+09:00"),
        ("spot", "bnbbtc@ticker_2h"),
        ("spot", "!miniTicker@arr@"),
        ("spot", "!miniTicker@arr@100ms"),
        ("spot", "btcusdt@markPrice"),
        ("spot", ""),
        ("usdm", "btcusdt@kline_1s"),
        ("usdm", "btcusdt@kline_1h@+08:00"),
        ("usdm", "btcusdt@avgPrice"),
        ("usdm", "btcusdt@rpiDepth"),
        ("usdm", "!miniTicker@arr@1000ms"),
        ("coinm", "btcusd_perp@compositeIndex"),
        ("coinm", "btcusdt@assetIndex"),
        ("options", "btc-260925-90000-c@depth"),
        ("options", "btcusdt@openInterest"),
        ("options", "btcusdt@optionTicker@2609"),
    ],
)
def test_other_names_are_refused_with_what_is_allowed(market: str, name: str):
    with pytest.raises(UnknownStream, match=r"unknown \w+ stream .*; allowed are .*bookTicker"):
        parse(name, market)


def test_the_allowed_names_are_shown_with_their_optional_parts():
    with pytest.raises(UnknownStream) as caught:
        parse("x")
    for shown in (
        "<symbol>@depth[@100ms]",
        "<symbol>@kline_<interval>[@+08:00]",
        "!ticker_<window>@arr",
    ):
        assert shown in str(caught.value)
    with pytest.raises(UnknownStream, match=r"<symbol>@depth<levels><@100ms\|@500ms>"):
        parse("x", "options")
    with pytest.raises(UnknownStream, match=r"<symbol>@optionTicker\[@yymmdd\]"):
        parse("x", "options")


def test_unknown_markets_and_kinds_are_refused():
    with pytest.raises(ValueError, match="unknown market 'futures'; allowed are spot, usdm, coinm"):
        check_market("futures")
    with pytest.raises(ValueError, match="unknown market"):
        parse("btcusdt@trade", "um")
    with pytest.raises(UnknownStream, match="no stream of a symbol of kind 'trades'"):
        _ = Stream("trades", "bnbbtc").name
    with pytest.raises(UnknownStream, match="no whole-market stream of kind 'trade'"):
        _ = Stream("trade").name


names_of_any_market = st.sampled_from(MARKETS).flatmap(
    lambda market: st.tuples(
        st.just(market), st.sampled_from([f for f in FORMS if market in f.markets])
    )
)


@given(names_of_any_market, st.data())
def test_what_any_form_builds_parses_to_itself(chosen, data):
    market, form = chosen
    symbol = data.draw(
        st.text(
            st.characters(exclude_categories=["C", "Z"], exclude_characters="@/!?#&"), min_size=1
        )
    )
    wants = form.template
    stream = Stream(
        form.kind,
        "" if form.whole_market else symbol,
        interval=data.draw(st.sampled_from(["1m", "12h", "1M"])) if "{interval}" in wants else "",
        levels=data.draw(st.sampled_from([5, 10, 20])) if "{levels}" in wants else 0,
        speed=data.draw(st.sampled_from(form.markets[market])),
        window=data.draw(st.sampled_from(["1h", "4h", "1d"])) if "{window}" in wants else "",
        expiry="260925" if "{@expiry}" in wants else "",
        array="@arr" in wants,
    )
    assert parse(stream.name, market) == stream


@given(st.text(max_size=40), st.sampled_from(MARKETS))
def test_any_text_parses_to_its_own_name_or_is_refused(text: str, market: str):
    try:
        stream = parse(text, market)
    except UnknownStream:
        return
    assert stream.name == text


@pytest.mark.parametrize(
    ("name", "market", "category", "kind"),
    [
        ("btcusdt@depth@0ms", "usdm", "public", "depth"),
        ("btcusdt@depth50", "usdm", "public", "partialDepth"),
        ("btcusdt@depth50@0ms", "usdm", "public", "partialDepth"),
        ("btcusdt@rpiDepth@250ms", "usdm", "public", "rpiDepth"),
        ("btcusdt@rpiDepth", "usdm", "public", "rpiDepth"),
        ("btcusdt@bookTicker@100ms", "usdm", "public", None),
        ("!bookTicker@arr", "usdm", "public", None),
        ("btcusdt@trade@0ms", "usdm", "public", None),
        ("btcusdt@aggTrade@0ms", "usdm", "market", None),
        ("btcusdt@kline_7m", "usdm", "market", "kline"),
        ("btcusdt@markPrice@2s", "usdm", "market", "markPrice"),
        ("!markPrice@arr@2s", "usdm", "market", "markPrice"),
        ("btcusdt@tradingStatus", "usdm", "market", None),
        ("btcusdt@newThing", "usdm", "market", None),
        ("btcusdt", "usdm", "market", None),
        ("btc-x-c@depth10", "options", "public", "partialDepth"),
        ("btc-x-c@optionTrade@0ms", "options", "public", None),
        ("btc-x-c@openInterest", "options", "market", "openInterest"),
    ],
)
def test_a_name_outside_the_table_goes_where_its_kind_is(name, market, category, kind):
    with pytest.raises(UnknownStream):
        parse(name, market)
    assert likely_category(name, market) == category
    form = likely_form(name, market)
    assert (form and form.kind) == kind


@pytest.mark.parametrize("market", MARKETS)
def test_each_documented_name_begins_like_its_own_kind(market):
    for form in FORMS:
        if market in form.markets:
            name = re.sub(r"\{.+?\}", "x", form.template.replace("{symbol}", "btcusdt"))
            assert likely_category(name, market) == form.category


@pytest.mark.parametrize(
    ("market", "listed", "unlisted"),
    [
        ("coinm", "<symbol>@indexPrice,", "<symbol>@indexPrice["),
        ("spot", "<symbol>@bookTicker,", "!bookTicker"),
        ("spot", "!miniTicker@arr[@1000ms|@3000ms]", "!ticker@arr"),
        ("usdm", "!bookTicker,", "!bookTicker["),
    ],
)
def test_the_error_lists_only_names_that_live(market: str, listed: str, unlisted: str) -> None:
    with pytest.raises(UnknownStream) as raised:
        parse("btcusdt@nonsense", market)
    assert listed in f"{raised.value},"
    assert unlisted not in str(raised.value)
