"""The streams that a command line names."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from binance.cli.streams import Sockets, Stream, parse_streams

GOOD = [
    ("btcusdt@trade", "spot", "btcusdt@trade"),
    ("BTCUSDT@aggTrade", "spot", "btcusdt@aggTrade"),
    ("BnbBtc@depth5@100ms", "spot", "bnbbtc@depth5@100ms"),
    ("btcusdt@kline_1d@+08:00", "spot", "btcusdt@kline_1d@+08:00"),
    ("!miniTicker@arr", "spot", "!miniTicker@arr"),
    ("spot:btcusdt@trade", "spot", "btcusdt@trade"),
    ("usdm:BTCUSDT@markPrice@1s", "usdm", "btcusdt@markPrice@1s"),
    ("usdm:!markPrice@arr", "usdm", "!markPrice@arr"),
    ("usdm:tradingSession", "usdm", "tradingSession"),
    ("options:btc-260327-100000-c@optionTrade", "options", "btc-260327-100000-c@optionTrade"),
    (" btcusdt@trade ", "spot", "btcusdt@trade"),
    ("BTCUSDT", "spot", "btcusdt@ticker"),
    ("币安人生USDT", "spot", "币安人生usdt@ticker"),
    ("usdm:BTCUSDT_260327", "usdm", "btcusdt_260327@ticker"),
    ("options:BTC-260327-100000-C", "options", "btc-260327-100000-c@optionTicker"),
    ("币安人生usdt@trade", "spot", "币安人生usdt@trade"),
]


@pytest.mark.parametrize(("text", "market", "name"), GOOD)
def test_names_are_taken_as_the_exchange_spells_them(text: str, market: str, name: str) -> None:
    assert parse_streams([text]) == [Stream(market, name)]


def test_sockets_are_connected_once_all_of_them_are(monkeypatch: pytest.MonkeyPatch) -> None:
    sockets = Sockets(parse_streams(["BTCUSDT", "usdm:BTCUSDT"]), print, print)
    states = {"spot": SimpleNamespace(connected=True), "usdm": SimpleNamespace(connected=False)}
    monkeypatch.setattr(sockets._manager, "stats", lambda: states)
    assert not sockets.is_connected
    states["usdm"].connected = True
    assert sockets.is_connected


COINM = "coinm:btcusd_perp@ticker"


def test_each_is_wanted_once_and_shown_with_its_market_but_for_spot() -> None:
    found = parse_streams(["BTCUSDT@trade", "usdm:btcusdt@aggTrade", "btcusdt@trade", COINM])
    assert [each.label for each in found] == ["btcusdt@trade", "usdm:btcusdt@aggTrade", COINM]


BAD = [
    ("BTC-USDT", r"unknown spot stream 'BTC-USDT'; did you mean 'btcusdt@ticker'\?"),
    ("btc-usdt@trade", r"unknown spot stream 'btc-usdt@trade'; did you mean 'btcusdt@trade'\?"),
    ("btcusdt@trades", r"unknown spot stream 'btcusdt@trades'; did you mean 'btcusdt@trade'\?"),
    ("usdm:btcusdt@markprice", r"unknown usdm stream .*; did you mean 'usdm:btcusdt@markPrice'\?"),
    ("btcusdt@nothing", r"unknown spot stream 'btcusdt@nothing'; allowed are .*<symbol>@trade"),
    ("btcusdt@markPrice", r"unknown spot stream"),
    ("usdm:btcusdt@blockTrade", r"unknown usdm stream"),
    ("coinm:btcusd_perp@trade", r"unknown coinm stream 'btcusd_perp@trade'"),
    ("coinm:btcusd@indexPrice@1s", r"retired on 2026-06-30; use <pair>@indexPrice"),
    ("um:btcusdt@trade", r"unknown market 'um'; allowed are spot, usdm, coinm, options"),
    ("!ticker@arr", r"retired on 2026-03-26; use <symbol>@ticker"),
    ("a/b@trade", r"unknown spot stream"),
    ("", r"unknown spot stream"),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_a_stream_that_is_not_served_is_refused_with_those_that_are(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_streams([text])
