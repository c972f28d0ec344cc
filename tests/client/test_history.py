"""Candles and trades, page by page, from an exchange in memory."""

from datetime import datetime

import numpy as np
import pytest

from binance.enums import HistoricalKlinesType

MINUTE = 60_000
FIRST = 1_502_942_400_000  # the first candle that there is


def candles(script, count, most, gap=()):
    """Serves `count` candles of a minute, at most `most` a page, and none of the pages `gap`."""
    opens = [FIRST + MINUTE * n for n in range(count)]
    seen = []

    def rule(asked):
        start, limit = int(asked.params["startTime"]), int(asked.params["limit"])
        end = int(asked.params.get("endTime", 2**62))
        assert start >= 0
        page = [[at, "1.0"] for at in opens if start <= at <= end][: min(limit, most)]
        seen.append(page)
        return (200, page[:1] if len(seen) in gap else page)

    script.rule = rule
    return opens


@pytest.mark.parametrize("end", [None, FIRST + MINUTE * 2499])
@pytest.mark.parametrize("gap", [(), (1,), (2, 3)])
def test_the_walk_goes_on_until_a_page_is_empty(client, script, end, gap) -> None:
    opens = candles(script, 2500, 1000, gap)
    found = client.get_historical_klines("BTCUSDT", "1m", FIRST, end, limit=1000)
    assert [each[0] for each in found] == opens


@pytest.mark.parametrize(
    ("end", "count"),
    [(None, 4), ((FIRST + MINUTE * 2) * 1000, 2), (datetime(9000, 1, 1), 4), ("9000-01-01", 4)],
)
def test_times_may_be_in_microseconds(client, script, end, count) -> None:
    opens = candles(script, 5, 1000)
    found = client.get_historical_klines("BTCUSDT", "1m", opens[1] * 1000, end)
    assert [each[0] for each in found] == opens[1 : 1 + count]


def test_it_ends_where_the_pages_do_not_go_on(client, script) -> None:
    script.rule = lambda asked: (200, [[FIRST, "1.0"]])
    assert client.get_historical_klines("BTCUSDT", "1m", FIRST) == [[FIRST, "1.0"]]
    assert len(script.asked) == 2


@pytest.mark.parametrize("start", ["1 Jan, 1960", -1, 0, "1 Jan, 1970", np.int64(5)])
def test_a_start_before_there_were_candles_begins_with_the_first(client, script, start) -> None:
    opens = candles(script, 3, 1000)
    found = client.get_historical_klines("BTCUSDT", "1m", start)
    assert [each[0] for each in found] == opens


@pytest.mark.parametrize(
    ("kind", "path", "named"),
    [
        ("SPOT", "/api/v3/klines", "symbol"),
        ("FUTURES", "/fapi/v1/klines", "symbol"),
        ("FUTURES_MARK_PRICE", "/fapi/v1/markPriceKlines", "symbol"),
        ("FUTURES_INDEX_PRICE", "/fapi/v1/indexPriceKlines", "pair"),
    ],
)
def test_candles_of_each_kind_are_fetched_where_they_are(client, script, kind, path, named) -> None:
    opens = candles(script, 3, 1000)
    kind = HistoricalKlinesType[kind]
    found = client.get_historical_klines("BTCUSDT", "1m", FIRST, klines_type=kind)
    assert [each[0] for each in found] == opens
    assert script.last.url.partition("?")[0].endswith(path)
    assert script.last.params[named] == "BTCUSDT"


def test_candles_of_coin_m_have_no_walk(client) -> None:
    with pytest.raises(ValueError, match="futures_coin_klines"):
        client.get_historical_klines(
            "BTCUSD_PERP", "1m", FIRST, klines_type=HistoricalKlinesType.FUTURES_COIN
        )


def test_without_a_start_the_latest_candles_come_in_one_call(client, script) -> None:
    script.replies = [(200, [[FIRST, "1.0"]])]
    assert client.get_historical_klines("BTCUSDT", "1m", limit=5) == [[FIRST, "1.0"]]
    assert "startTime" not in script.last.params
    assert script.last.params["limit"] == "5"


def test_trades_begin_with_the_first_too(client, script) -> None:
    script.replies = [(200, [{"a": 1}]), (200, [])]
    assert list(client.aggregate_trade_iter("BTCUSDT", "1 Jan, 1960")) == [{"a": 1}]
    assert script.asked[0].params["startTime"] == "0"


def test_they_begin_at_a_time_in_microseconds(client, script) -> None:
    script.replies = [(200, [{"a": 1}]), (200, [])]
    assert list(client.aggregate_trade_iter("BTCUSDT", FIRST * 1000)) == [{"a": 1}]
    assert script.asked[0].params["startTime"] == str(FIRST)


@pytest.mark.parametrize(
    ("name", "most"), [("get_historical_klines", 1000), ("futures_historical_klines", 1500)]
)
def test_limits_are_the_exchanges_own(client, script, name, most) -> None:
    candles(script, 3, most)
    walk = getattr(client, name)
    for limit in (1, most, np.int64(most)):
        assert len(walk("BTCUSDT", "1m", FIRST, limit=limit)) == 3
        assert script.last.params["limit"] == str(limit)
    walk("BTCUSDT", "1m", FIRST, limit=None)
    assert script.last.params["limit"] == str(most)
    for limit in (0, most + 1, "500", 2.5, True):
        with pytest.raises(ValueError, match=f"limit must be 1 to {most} candles per call"):
            walk("BTCUSDT", "1m", FIRST, limit=limit)
