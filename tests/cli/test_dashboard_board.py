"""The state of the dashboard: what it makes of keys, messages and events."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from binance import events
from binance.cli.dashboard.board import DEFAULT, HISTORIES, SORTS, Board, Candle, Row
from binance.cli.screen.stream_stats import NumberColumn
from binance.sansio.book.orderbook import BookSnapshot, Level

MINUTE = 60_000
KEY = {"key": "k", "when": 1000.0}


def board(*symbols: str) -> Board:
    made = Board()
    made.restore({"symbols": symbols or ("BTCUSDT", "ETHUSDT", "BNBBTC")})
    return made


def trade(price: str, time: int = 0, **more: Any) -> dict[str, Any]:
    return {"e": "aggTrade", "E": time, "T": time, "p": price, "q": "1", "m": False, **more}


def symbols(one: Board) -> list[str]:
    return [row.symbol for row in one.shown()]


def test_digits_stay_and_thousands_are_separated() -> None:
    text = NumberColumn().format
    shown = [text(number) for number in (64000.0, 0.5, 1234567.125, 3.0, -0.0)]
    assert shown == ["64,000", "0.5", "1,234,567.125", "3.000", "0.000"]
    assert NumberColumn().format(0.00001234) == "0.00001234"


# candles


def rows(*candles: tuple[int, int]) -> list[list[Any]]:
    return [[time * MINUTE, close, close, close, str(close), "volume"] for time, close in candles]


@pytest.mark.parametrize(
    ("live", "history", "closes"),
    [
        ([], [(1, 10), (2, 20)], [10, 20]),
        ([(3, 33)], [(1, 10), (2, 20)], [10, 20, 33]),
        # The live candle is younger than the history's last one; those before it may lack trades.
        ([(2, 22), (3, 33)], [(1, 10), (2, 20), (3, 30)], [10, 20, 33]),
        ([(1, 11)], [(1, 10), (2, 20)], [10, 20]),
    ],
)
def test_the_history_completes_the_live_candles(
    live: list[tuple[int, int]], history: list[tuple[int, int]], closes: list[int]
) -> None:
    row = Row("A")
    for candle in live:
        row.add_candles("1m", rows(candle))
    row.add_candles("1m", rows(*history))
    assert [candle.close for candle in row.candles["1m"]] == closes


def test_a_live_candle_replaces_itself_and_only_the_last_ones_are_kept() -> None:
    row, most = Row("A"), HISTORIES["1m"]
    row.add_candles("1m", rows(*((number, 1) for number in range(most + 5))))
    row.add_candles("1m", rows((most + 5, 2)))
    row.add_candles("1m", rows((most + 5, 3)))
    times = [candle.time / MINUTE for candle in row.candles["1m"]]
    assert times == list(range(6, most + 6))
    assert row.candles["1m"][-1] == Candle((most + 5) * MINUTE, 3, 3, 3, 3)


# the watchlist


def test_what_is_saved_is_restored() -> None:
    one = board()
    one.alert(">70000")
    one.next_sort()
    again = board("XRPUSDT")
    again.restore(one.saved())
    assert again.saved() == one.saved()
    assert again.saved() == {
        "symbols": ["BTCUSDT", "ETHUSDT", "BNBBTC"],
        "alerts": {"BTCUSDT": [">70000"]},
        "sort": "by name",
    }
    assert again.selected == "BTCUSDT"


@pytest.mark.parametrize(
    "saved",
    [
        *([], None, 7, {}, {"symbols": None}, {"symbols": [7]}, {"symbols": ["a b"]}),
        *({"symbols": [], "alerts": 7}, {"symbols": [], "alerts": {"A": [7]}}),
        *({"symbols": [], "alerts": {"A": "x"}}, {"symbols": [], "sort": ["x"]}),
    ],
)
def test_a_broken_watchlist_is_refused_and_changes_nothing(saved: Any) -> None:
    one = board()
    with pytest.raises(ValueError, match=r"\w"):
        one.restore(saved)
    assert one.saved()["symbols"] == ["BTCUSDT", "ETHUSDT", "BNBBTC"]


def test_the_default_watchlist_is_one() -> None:
    one = Board()
    one.restore(DEFAULT)
    assert one.selected == "BTCUSDT"


def test_the_orders() -> None:
    one = board()
    for symbol, change, rate in (("BTCUSDT", 1.0, 5.0), ("ETHUSDT", -1.0, 9.0)):
        one.rows[symbol].change, one.rows[symbol].rate = change, rate
    seen = {}
    for _ in SORTS:
        seen[one.sort] = symbols(one)
        one.next_sort()
    assert one.sort == "as added"
    assert seen == {
        "as added": ["BTCUSDT", "ETHUSDT", "BNBBTC"],
        "by name": ["BNBBTC", "BTCUSDT", "ETHUSDT"],
        "by change": ["BTCUSDT", "BNBBTC", "ETHUSDT"],
        "by messages": ["ETHUSDT", "BTCUSDT", "BNBBTC"],
    }


@pytest.mark.parametrize(
    ("steps", "selected"),
    [([1], "ETHUSDT"), ([1, 1, 1], "BNBBTC"), ([-1], "BTCUSDT"), ([5, -1], "ETHUSDT")],
)
def test_the_selection_moves_and_stops_at_the_ends(steps: list[int], selected: str) -> None:
    one = board()
    for step in steps:
        one.move(step)
    assert one.selected == selected


def test_the_selection_moves_in_what_the_filter_leaves() -> None:
    one = board()
    one.filter = "USDT"
    one.move(5)
    assert one.selected == "ETHUSDT"
    one.filter = "BNB"
    one.move(1)
    assert one.selected == "BNBBTC"
    one.filter = "NONE"
    one.move(1)
    assert one.shown() == []


@pytest.mark.parametrize(
    ("text", "selected", "count"),
    [("eth", "ETHUSDT", 3), ("btc", "BTCUSDT", 3), (" xrpusdt ", "XRPUSDT", 4)],
)
def test_go_to_selects_a_row_or_adds_one(text: str, selected: str, count: int) -> None:
    one = board()
    one.go_to(text)
    assert (one.selected, len(one.rows), one.filter) == (selected, count, "")


def test_a_symbol_is_added_once_and_a_wrong_name_is_refused() -> None:
    one = board()
    one.rows["ETHUSDT"].rate = 7.0
    one.add("ethusdt")
    assert one.selected == "ETHUSDT"
    assert one.rows["ETHUSDT"].rate == 7.0
    for wrong in ("", "a b", "btc@trade"):
        with pytest.raises(ValueError, match="give one such as"):
            one.add(wrong)
    assert len(one.rows) == 3


@pytest.mark.parametrize(
    ("selected", "after"),
    [("BTCUSDT", "ETHUSDT"), ("ETHUSDT", "BNBBTC"), ("BNBBTC", "ETHUSDT")],
)
def test_a_neighbour_is_selected_when_a_row_is_deleted(selected: str, after: str) -> None:
    one = board()
    one.selected = selected
    one.delete()
    assert (one.selected, selected in one.rows) == (after, False)


def test_the_last_row_may_be_deleted() -> None:
    one = board("BTCUSDT")
    one.delete()
    one.delete()
    assert (one.selected, one.streams(), symbols(one)) == ("", set(), [])
    one.move(1)
    one.alert("1")
    one.add("ETHBTC")
    assert one.selected == "ETHBTC"


# alerts


@pytest.mark.parametrize(
    ("text", "last", "alert"),
    [
        *((">65000", None, ">65000"), ("< 1,000.5", None, "<1000.5")),
        *(("65000", 64000.0, ">65000"), ("65000", 66000.0, "<65000")),
    ],
)
def test_alerts_are_read(text: str, last: float | None, alert: str) -> None:
    one = board()
    one.rows["BTCUSDT"].last = last
    one.alert(text)
    assert one.rows["BTCUSDT"].alerts == [alert]
    one.alert("")
    assert one.rows["BTCUSDT"].alerts == []


@pytest.mark.parametrize("text", ["65000", "x", ">", "-5", "1e5", "nan", ">1<2"])
def test_a_wrong_alert_is_refused(text: str) -> None:
    one = board()
    with pytest.raises(ValueError, match="give a price such as >65000 or <65000"):
        one.alert(text)
    assert one.rows["BTCUSDT"].alerts == []


def test_an_alert_rings_once_when_its_price_is_reached() -> None:
    one = board()
    one.alert(">100")
    one.alert("<50")
    rung = []
    for price in ("99.9", "100", "101", "49", "48"):
        one.add_frame("btcusdt@aggTrade", trade(price), 1000.0)
        rung.append(one.rings)
    assert rung == [0, 1, 1, 2, 2]
    assert [text for _, text in one.log.lines] == ["alert: BTCUSDT >100", "alert: BTCUSDT <50"]
    assert one.rows["BTCUSDT"].alerts == []


# messages


def book(symbol: str, synced: bool) -> BookSnapshot:
    bids = (Level(Decimal("100.4"), Decimal(2)),)
    asks = (Level(Decimal("100.6"), Decimal(3)),)
    return BookSnapshot(symbol, 1, 5000, synced, bids, asks)


def test_the_book_is_that_of_its_row_and_may_be_out_of_sync() -> None:
    one = board("BTCUSDT", "ETHBTC")
    one.set_book(book("BTCUSDT", synced=True))
    one.set_book(book("BTCUSDT", synced=False))
    one.set_book(book("XRPUSDT", synced=True))  # it was deleted
    assert not one.rows["BTCUSDT"].is_synced
    assert one.rows["BTCUSDT"].book["bids"] == [(100.4, 2.0)]
    assert one.rows["ETHBTC"].book == {"bids": [], "asks": []}


def test_messages_fill_a_row() -> None:
    one = board()
    one.add_frame("btcusdt@aggTrade", trade("100.5", 5000), 5.1)
    ticker = {"e": "24hrTicker", "E": 5000, "P": "-1.5", "h": "120", "l": "90", "c": "100.4"}
    one.add_frame("btcusdt@ticker", ticker, 5.2)
    candle = {"t": 0, "o": "1", "h": "4", "l": "0.5", "c": "2", "i": "1m"}
    one.add_frame("btcusdt@kline_1m", {"e": "kline", "E": 5000, "k": candle}, 5.2)
    one.set_book(book("BTCUSDT", synced=True))
    row = one.rows["BTCUSDT"]
    assert (row.last, row.direction, row.change) == (100.4, -1, -1.5)
    assert (row.high, row.low) == (120.0, 90.0)
    assert row.candles["1m"] == [Candle(0, 1, 4, 0.5, 2)]
    assert row.book == {"bids": [(100.4, 2.0)], "asks": [(100.6, 3.0)]}
    assert row.is_synced
    assert (row.stats.messages, row.stats.last) == (3, 5.2)
    assert row.stats.latency is not None


def test_rates_are_measured_over_time() -> None:
    one = board()
    for second in range(4):
        one.tick(10.0 + second, 1000.0)
        one.add_frame("btcusdt@aggTrade", trade("1"), 1000.0)
        one.add_frame("btcusdt@aggTrade", trade("1"), 1000.0)
    one.tick(14.0, 1000.0)
    assert (one.rows["BTCUSDT"].rate, one.seconds) == (2.0, 4.0)


def test_messages_of_a_deleted_row_and_of_an_unknown_form_do_no_harm() -> None:
    one = board()
    one.add_frame("xrpusdt@aggTrade", trade("1"), 1000.0)
    for wrong in ({}, [], None, {"p": "x"}, trade("1", m=None)):
        one.add_frame("btcusdt@aggTrade", wrong, 1000.0)
        one.add_frame("btcusdt@depth20", wrong, 1000.0)
    assert [text for _, text in one.log.lines] == [
        "btcusdt@aggTrade: messages of an unknown form",
        "btcusdt@depth20: messages of an unknown form",
    ]


def test_the_streams_are_those_of_all_rows_and_the_selected_one() -> None:
    one = board("BTCUSDT", "ETHBTC")
    one.move(1)
    assert one.streams() == {
        *("btcusdt@aggTrade", "btcusdt@ticker", "ethbtc@aggTrade", "ethbtc@ticker"),
        "ethbtc@kline_1m",
    }


def test_histories_are_fetched_once_a_connection() -> None:
    one = board("BTCUSDT", "ETHBTC")
    assert one.missing() == []
    one.add_event(events.Connected(**KEY))
    assert one.missing() == [("BTCUSDT", "1m"), ("BTCUSDT", "1h"), ("ETHBTC", "1h")]
    assert one.missing() == []
    one.move(1)
    assert one.missing() == [("ETHBTC", "1m")]
    one.tick(1.0, 3600.0)
    assert one.missing() == [("BTCUSDT", "1h"), ("ETHBTC", "1h")]  # an hour has ended
    one.add_event(events.Disconnected(**KEY))
    assert one.missing() == []
    one.add_event(events.Connected(**KEY))
    assert len(one.missing()) == 3


def test_a_symbol_that_the_exchange_lacks_is_deleted_and_reported_once() -> None:
    one = board("BTCUSDT", "NOSUCH")
    one.selected = "NOSUCH"
    one.reject("NOSUCH")
    one.reject("NOSUCH")
    assert one.selected == "BTCUSDT"
    assert [text for _, text in one.log.lines] == ["the exchange has no symbol NOSUCH"]
    one.add_history("NOSUCH", "1m", rows((1, 1)))
    assert list(one.rows) == ["BTCUSDT"]


# events


@pytest.mark.parametrize(
    ("happened", "cause"),
    [
        ([events.Connected(**KEY)], ""),
        ([events.Disconnected(**KEY, reason="DNS lookup failed")], "DNS lookup failed"),
        ([events.Disconnected(**KEY)], "closed by the exchange"),
        ([events.Disconnected(**KEY, reason="cut"), events.Connected(**KEY)], ""),
        ([events.GaveUp(**KEY, reason="region", code=451)], "region (451)"),
    ],
)
def test_why_there_is_no_connection(happened: list[events.Event], cause: str) -> None:
    one = board()
    for event in happened:
        one.add_event(event)
    assert one.cause == cause


def test_an_exchange_that_does_not_answer_is_named_within_three_seconds() -> None:
    one = board()
    causes = []
    for second in (10.0, 12.0, 12.9):
        one.tick(second, 1000.0)
        causes.append(one.cause)
    assert causes == ["", "", "no answer from the exchange yet"]


def test_a_feed_that_cannot_start_says_why() -> None:
    one = board()
    one.tick(1.0, 1000.0)
    one.fail("cannot start: no such address")
    assert one.cause == "cannot start: no such address"
    assert list(one.log.lines) == [(1000.0, "cannot start: no such address")]


def test_the_gaps_of_one_cut_are_one_line() -> None:
    one = board()
    one.add_event(events.Resumed(**KEY, downtime=1.0))
    one.add_event(events.Gap(**KEY, stream="a@trade", first=1, last=1200))
    one.add_event(events.Gap(**KEY, stream="b@depth"))
    assert [text for _, text in one.log.lines] == [
        "receiving again after 1.0 s",
        "missing events: a@trade 1,200, b@depth",
    ]


def test_what_was_fetched_after_one_cut_is_one_line() -> None:
    one = board()
    one.add_event(events.Backfilled(**KEY, stream="btcusdt@aggTrade", first=3, last=9))
    one.add_event(events.Backfilled(**KEY, stream="btcusdt@kline_1m", first=0, last=60_000))
    assert [text for _, text in one.log.lines] == [
        "fetched events: btcusdt@aggTrade 7, btcusdt@kline_1m",
    ]
