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
        limit, end = int(asked.params["limit"]), int(asked.params.get("endTime", 2**62))
        if "startTime" not in asked.params:
            return (200, [[at, "1.0"] for at in opens if at <= end][-limit:])
        start = int(asked.params["startTime"])
        assert start >= 0
        page = [[at, "1.0"] for at in opens if start <= at <= end][: min(limit, most)]
        seen.append(page)
        return (200, page[:1] if len(seen) in gap else page)

    script.rule = rule
    return opens


@pytest.mark.parametrize("end", [None, FIRST + MINUTE * 2499])
@pytest.mark.parametrize("gap", [(), (1,), (2, 3)])
def test_the_walk_goes_on_behind_a_short_page(client, script, end, gap) -> None:
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


@pytest.mark.parametrize("last", [[], [[FIRST, "1.0"]]])
def test_it_ends_where_the_pages_do_not_go_on(client, script, last) -> None:
    script.replies = [(200, [[FIRST + MINUTE, "1.0"]]), (200, [[FIRST, "1.0"]]), (200, last)]
    assert client.get_historical_klines("BTCUSDT", "1m", FIRST) == [[FIRST, "1.0"]]
    assert len(script.asked) == 3


@pytest.mark.parametrize(("end", "limit"), [(None, 3), (FIRST - 1, 500)])
def test_where_there_are_no_candles_one_call_is_enough(client, script, end, limit) -> None:
    candles(script, 0 if end is None else 3, 1000)
    assert client.get_historical_klines("NEWUSDT", "1m", 0, end, limit=limit) == []
    assert len(script.asked) == 1


class Market:
    """Candles of a minute, each open for that long, on a clock that goes on by `step` a call."""

    def __init__(self, script, now, step=0):
        self.now, self.step = now, step
        script.rule = self.answer

    def answer(self, asked):
        start, limit = int(asked.params.get("startTime", -1)), int(asked.params["limit"])
        end = min(self.now, int(asked.params.get("endTime", 2**62)))
        opens = [at for at in range(FIRST, end + 1, MINUTE) if at >= start]
        found = opens[-limit:] if start < 0 else opens[:limit]
        page = [[at, "closed" if at + MINUTE <= self.now else "open"] for at in found]
        self.now += self.step
        return (200, page)


@pytest.mark.parametrize("end", [None, "9000-01-01"])
@pytest.mark.parametrize("limit", [1, 2, 10, 500])
@pytest.mark.parametrize("part", [0, 15, 30, 45])
def test_no_candle_follows_one_that_was_read_before_it_closed(
    client, script, end, limit, part
) -> None:
    Market(script, FIRST + MINUTE * 9 + part * 1000, step=MINUTE // 2)
    found = client.get_historical_klines("BTCUSDT", "1m", FIRST, end, limit=limit)
    assert [each[0] for each in found] == [FIRST + MINUTE * n for n in range(10)]
    assert {each[1] for each in found[:-1]} == {"closed"}


def test_a_generator_that_is_read_slowly_comes_to_its_end(client, script) -> None:
    market = Market(script, FIRST + MINUTE * 9)
    found = []
    for candle in client.get_historical_klines_generator("BTCUSDT", "1m", FIRST, limit=4):
        found.append(candle)
        market.now += MINUTE * 5
        assert len(found) <= 10
    assert [each[1] for each in found] == ["closed"] * 10


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
