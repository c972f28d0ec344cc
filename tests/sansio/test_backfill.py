"""Filling holes: each event once and in order, or a gap that names exactly what is missing."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from binance.sansio.feed.backfill import (
    BUSY_SECONDS,
    LACKING_TRIES,
    LONGEST_PAUSE,
    PROBE_SECONDS,
    Deliver,
    Fetch,
    Fill,
    Filled,
    Since,
    filled,
)
from binance.sansio.feed.cursors import Gap, Hole
from binance.sansio.feed.gapless import Gapless
from binance.sansio.feed.history import past_of

MINUTE = 60_000
ROOM = 10**9


def trade(number, **more):
    return {"e": "trade", "E": number, "t": number, "T": number, **more}


def row(number):
    return {
        "id": number,
        "price": "1",
        "qty": "2",
        "time": number,
        "isBuyerMaker": True,
        "isBestMatch": True,
    }


def candle(opens, closed=False, event=None):
    k = {"t": opens, "T": opens + MINUTE - 1, "x": closed}
    return {"e": "kline", "E": opens if event is None else event, "k": k}


def candle_row(opens):
    closes = opens + MINUTE - 1
    return [opens, "1", "2", "0.5", "1.5", "10", closes, "15", 7, "5", "7.5", "0"]


class Bench:
    """One track, a clock, and lists of all that it does."""

    def __init__(self, name="bnbbtc@trade", market="spot", since=None, room=ROOM, **limits):
        self.gaps, self.got, self.reports, self.asked = [], [], [], []
        self.now, self.room = 100.0, room
        self.track = filled(name, market, self.gaps, Gapless(**limits), 1, since)

    def lose(self):
        self.track.link_lost()
        self.track.opened(self.now)
        return self

    def hear(self, *events):
        for event in events:
            if self.track.admit(event):
                self.got.append(event)
        self.reports += [gap for gap in self.gaps if isinstance(gap, Gap)]
        is_due = any(isinstance(gap, Hole) for gap in self.gaps)
        self.gaps.clear()
        if is_due:
            self.step()
        return self

    def step(self, seconds=0.0):
        self.now += seconds
        self.track.now = self.now
        for command in self.track.step(self.now, self.room):
            match command:
                case Deliver(events):
                    self.got += events
                case Fetch():
                    self.asked.append(command)
                case _:
                    self.reports.append(command)
        return self

    def answer(self, *rows):
        self.track.answered(self.asked[-1].number, list(rows), self.now)
        return self.step()

    def fail(self, reason="HTTP 500", wait=0.0, is_final=False):
        self.track.failed(self.asked[-1].number, reason, self.now, wait, is_final)
        return self.step()

    @property
    def params(self):
        return [dict(fetch.page.params) for fetch in self.asked]

    @property
    def ids(self):
        return [event["t"] if "t" in event else event["k"]["t"] for event in self.got]


def test_events_without_a_hole_pass_and_cost_nothing():
    bench = Bench().hear(trade(7), trade(8), trade(9)).step(1.0)
    assert bench.ids == [7, 8, 9]
    assert bench.asked == bench.reports == []


def test_a_hole_is_fetched_and_comes_before_what_was_held():
    bench = Bench().hear(trade(7), trade(11), trade(12))
    assert bench.ids == [7]
    assert bench.asked[0].page.method == "get_historical_trades"
    assert bench.params == [{"symbol": "BNBBTC", "fromId": 8, "limit": 5}]
    assert bench.asked[0].page.weight == 25
    bench.answer(row(8), row(9), row(10), row(11)).hear(trade(13))
    assert bench.ids == [7, 8, 9, 10, 11, 12, 13]
    assert [one.get("backfilled", False) for one in bench.got] == [0, 1, 1, 1, 0, 0, 0]
    assert bench.reports == [Fill("bnbbtc@trade", 8, 10)]
    assert bench.got[1] == {
        "e": "trade",
        "E": 8,
        "s": "BNBBTC",
        "t": 8,
        "p": "1",
        "q": "2",
        "T": 8,
        "m": True,
        "M": True,
        "backfilled": True,
    }


def test_a_hole_is_fetched_page_by_page_and_each_page_is_delivered_at_once():
    bench = Bench().hear(trade(1), trade(2001))
    bench.answer(*map(row, range(2, 1002)))
    assert bench.ids == list(range(1, 1002))
    assert bench.params[1] == {"symbol": "BNBBTC", "fromId": 1002, "limit": 1000}
    bench.answer(*map(row, range(1002, 2002)))
    assert bench.ids == list(range(1, 2002))
    assert bench.reports == [Fill("bnbbtc@trade", 2, 2000)]


def test_a_stream_that_may_wait_for_ever_asks_again_each_few_seconds():
    bench = Bench(max_hold=10**9).hear(trade(7), trade(9))
    for _ in range(1100):
        bench.fail().step(LONGEST_PAUSE)
    assert len(bench.asked) == 1101


def test_a_second_hole_among_the_held_events_is_filled_after_the_first():
    bench = Bench().hear(trade(1), trade(4), trade(8)).answer(row(2), row(3))
    assert bench.ids == [1, 2, 3, 4]
    bench.answer(row(5), row(6), row(7))
    assert bench.ids == [1, 2, 3, 4, 5, 6, 7, 8]
    assert bench.reports == [Fill("bnbbtc@trade", 2, 3), Fill("bnbbtc@trade", 5, 7)]


def test_what_rest_does_not_have_yet_is_asked_for_again():
    bench = Bench().hear(trade(1), trade(4)).answer(row(2))
    assert bench.ids == [1, 2]
    bench.answer()
    assert len(bench.asked) == 2
    bench.step(1.0).answer(row(3), row(4))
    assert bench.ids == [1, 2, 3, 4]


def test_a_failed_call_is_repeated_with_a_growing_pause():
    bench = Bench().hear(trade(1), trade(3))
    pauses = []
    for _ in range(4):
        bench.fail()
        count, start = len(bench.asked), bench.now
        while len(bench.asked) == count:
            bench.step(0.25)
        pauses.append(bench.now - start)
    assert pauses == [1.0, 2.0, 4.0, 8.0]
    assert bench.answer(row(2)).ids == [1, 2, 3]


def test_a_refusal_with_a_wait_is_heeded():
    bench = Bench().hear(trade(1), trade(3)).fail(wait=7.0).step(6.9)
    assert len(bench.asked) == 1
    bench.step(0.1)
    assert len(bench.asked) == 2


def test_without_an_answer_the_hole_is_given_up_and_the_stream_goes_on():
    bench = Bench(max_hold=20.0).hear(trade(1), trade(5), trade(6)).fail("HTTP 503")
    bench.step(19.9).hear(trade(7))
    assert bench.ids == [1]
    bench.step(0.1).hear(trade(8))
    assert bench.ids == [1, 5, 6, 7, 8]
    why = "not fetched within 20 s: HTTP 503"
    assert bench.reports == [Gap("bnbbtc@trade", 2, 4, why)]
    bench.answer(row(2))  # too late
    assert bench.ids == [1, 5, 6, 7, 8]


def test_a_part_that_was_fetched_is_no_part_of_the_gap():
    bench = Bench().hear(trade(1), trade(6)).answer(row(2), row(3))
    bench.fail("HTTP 400, code -1121", is_final=True)
    assert bench.ids == [1, 2, 3, 6]
    assert bench.reports == [
        Fill("bnbbtc@trade", 2, 3),
        Gap("bnbbtc@trade", 4, 5, "HTTP 400, code -1121"),
    ]


def test_a_hole_after_one_that_was_given_up_is_tried_for_a_shorter_time():
    bench = Bench(max_hold=60.0).hear(trade(1), trade(3), trade(5)).fail().step(60.0)
    assert bench.ids == [1, 3]
    bench.fail().step(10.0)
    assert bench.ids == [1, 3, 5]
    assert [(gap.first, gap.last) for gap in bench.reports] == [(2, 2), (4, 4)]


def test_what_the_exchange_lacks_is_a_gap_after_three_tries():
    bench = Bench().hear(trade(1), trade(9))
    for _ in range(3):
        bench.answer(row(6), row(7), row(8)).step(10.0)
    assert bench.ids == [1]
    bench.answer(row(6), row(7), row(8))
    assert bench.ids == [1, 6, 7, 8, 9]
    assert bench.reports == [
        Gap("bnbbtc@trade", 2, 5, "the exchange does not have these events"),
        Fill("bnbbtc@trade", 6, 8),
    ]


def test_a_wrong_page_is_not_believed():
    bench = Bench().hear(trade(1), trade(4)).answer(row(90), row(91)).step(1.0)
    bench.answer(row(2), row(3)).hear(trade(5))
    assert bench.ids == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("rows", [{"code": 1}, [{}], [{"id": "2"}], [[1, 2]], "text", None])
def test_an_answer_of_another_shape_is_a_failed_call(rows):
    bench = Bench().hear(trade(1), trade(3))
    bench.track.answered(bench.asked[-1].number, rows, bench.now)
    bench.step(1.0).answer(row(2))
    assert bench.ids == [1, 2, 3]


def test_the_limits_are_a_day_a_hundred_thousand_events_and_a_minute():
    assert Gapless() == Gapless(86_400.0, 100_000, 60.0, 50_000)


def test_holes_beyond_the_limits_are_not_fetched():
    bench = Bench(max_count=3).hear(trade(1), trade(6))
    assert bench.asked == []
    assert bench.ids == [1, 6]
    assert bench.reports == [Gap("bnbbtc@trade", 2, 5, "more than 3 events")]
    young = Bench(max_age=3600.0).hear(trade(1)).step()
    young.track.link_lost()
    young.now += 3600
    assert len(young.hear(trade(6)).asked) == 1
    old = Bench(max_age=3600.0).hear(trade(1))
    old.track.link_lost()
    old.now += 3601
    old.hear(trade(6))
    assert old.reports == [Gap("bnbbtc@trade", 2, 5, "older than 1 hours")]


def test_many_held_events_are_forgotten_and_fetched_while_pages_come():
    bench = Bench(max_held=3).hear(trade(1), trade(3), *map(trade, range(4, 8)))
    bench.step(1.0).hear(trade(8)).answer(*map(row, range(2, 4))).answer(*map(row, range(4, 9)))
    assert bench.ids == list(range(1, 9))
    assert bench.reports == [Fill("bnbbtc@trade", 2, 7)]


def test_many_held_events_are_delivered_if_no_page_comes():
    bench = Bench(max_held=3).hear(trade(1), trade(3)).fail("HTTP 500")
    bench.hear(*map(trade, range(4, 8))).step(0.1)
    assert bench.ids == [1, 3, 4, 5, 6, 7]
    assert bench.reports == [
        Gap("bnbbtc@trade", 2, 2, "more than 3 later events are held: HTTP 500")
    ]


def test_a_busy_budget_prolongs_the_hold():
    bench = Bench(max_hold=5.0).hear(trade(1), trade(3))
    for _ in range(int(BUSY_SECONDS)):
        bench.track.busy(bench.asked[-1].number, bench.now)
        bench.step(1.0)
    assert bench.ids == [1]
    for _ in range(7):
        bench.track.busy(bench.asked[-1].number, bench.now)
        bench.step(1.0)
    assert bench.ids == [1, 3]


def test_no_more_is_delivered_than_there_is_room_for():
    bench = Bench(room=2).hear(trade(1), trade(6)).answer(*map(row, range(2, 6)))
    assert bench.ids == [1, 2, 3]
    bench.step(100.0)  # a slow callback is no failure of REST
    assert bench.ids == [1, 2, 3, 4, 5]
    bench.hear(trade(7)).step()
    assert bench.ids == [1, 2, 3, 4, 5, 6, 7]
    assert bench.track.held is None


def test_after_a_reconnect_a_quiet_stream_is_looked_up():
    bench = Bench().hear(trade(1))
    bench.track.link_lost()
    bench.track.opened(bench.now)
    bench.step(4.9)
    assert bench.asked == []
    bench.step(0.1).answer(row(2), row(3))
    assert bench.ids == [1, 2, 3]
    bench.hear(trade(4))
    assert bench.ids == [1, 2, 3, 4]


def test_after_a_reconnect_an_event_shows_what_is_missing():
    bench = Bench().hear(trade(1))
    bench.track.link_lost()
    bench.track.opened(bench.now)
    bench.hear(trade(2)).step(10.0)
    assert bench.ids == [1, 2]
    assert bench.asked == []


def test_an_event_within_a_look_up_passes_at_once():
    bench = Bench().hear(trade(1))
    bench.track.link_lost()
    bench.track.opened(bench.now)
    bench.step(5.0).hear(trade(2))
    assert bench.ids == [1, 2]
    assert bench.answer(row(2)).ids == [1, 2]


def test_ids_that_restarted_are_not_fetched():
    bench = Bench().hear(trade(1000, E=1))
    bench.track.link_lost()
    bench.hear(trade(5, E=2), trade(6, E=3))
    assert bench.ids == [1000, 5, 6]
    assert bench.asked == []
    assert bench.reports == [Gap("bnbbtc@trade", None, None)]


def test_ids_that_restart_while_the_stream_is_held():
    bench = Bench().hear(trade(1000, E=1), trade(1002, E=2))
    bench.track.link_lost()
    bench.hear(trade(5, E=3), trade(6, E=4))
    assert bench.ids == [1000]
    bench.answer(row(1001)).hear(trade(7, E=5))
    assert bench.ids == [1000, 1001, 1002, 5, 6, 7]
    assert bench.reports == [Fill("bnbbtc@trade", 1001, 1001), Gap("bnbbtc@trade", None, None)]


def test_a_restart_that_a_merge_has_seen_is_kept_in_order():
    bench = Bench().hear(trade(10), trade(12))
    bench.track.restart()
    bench.answer(row(11))
    assert bench.ids == [10, 11, 12]
    bench.hear(trade(3), trade(4))
    assert bench.ids == [10, 11, 12, 3, 4]
    assert Gap("bnbbtc@trade", None, None) in bench.reports


def test_stale_events_are_dropped_while_the_stream_is_held():
    bench = Bench().hear(trade(10), trade(13), trade(9), trade(13)).answer(row(11), row(12))
    assert bench.ids == [10, 11, 12, 13]


def test_history_comes_first_and_passes_into_the_live_events():
    bench = Bench(since=Since(position=5)).step()
    bench.answer(*map(row, range(5, 1005))).hear(trade(1007))
    assert bench.params[1]["fromId"] == 1005
    bench.answer(row(1005)).answer(row(1006), row(1007)).hear(trade(1008))
    assert bench.ids == list(range(5, 1009))


def test_history_that_was_asked_for_has_no_limit_of_number():
    bench = Bench(since=Since(position=5, age=-1.0), max_count=3).step().hear(trade(100))
    bench.answer(*map(row, range(5, 101)))
    assert bench.ids == list(range(5, 101))


def test_history_ends_at_a_short_page():
    bench = Bench(since=Since(position=5)).step().answer(row(5), row(6)).hear(trade(7), trade(9))
    assert bench.ids == [5, 6, 7]
    assert bench.answer(row(8)).ids == [5, 6, 7, 8, 9]


def test_history_from_a_time_begins_with_the_first_trade_since_then():
    bench = Bench(since=Since(moment=77)).step()
    assert bench.asked[0].page.method == "get_aggregate_trades"
    assert bench.params == [{"symbol": "BNBBTC", "startTime": 77, "limit": 1}]
    bench.answer({"a": 3, "f": 20, "l": 22}).answer(row(20), row(21)).hear(trade(22))
    assert bench.ids == [20, 21, 22]
    assert len(bench.step(9.0).asked) == 2


@pytest.mark.parametrize("is_held", [False, True])
def test_history_from_a_time_without_a_trade_is_empty(is_held):
    bench = Bench(since=Since(moment=77)).step()
    if is_held:
        bench.hear(trade(8))
    bench.answer().hear(trade(9))
    assert bench.ids == ([8, 9] if is_held else [9])
    assert bench.reports == []


def test_history_that_cannot_be_fetched_is_a_gap_up_to_the_first_event():
    bench = Bench(since=Since(position=5)).step().fail("HTTP 401", is_final=True)
    assert bench.reports == []
    bench.hear(trade(9), trade(10), trade(12)).answer(row(11))
    assert bench.ids == [9, 10, 11, 12]
    assert bench.reports[0] == Gap("bnbbtc@trade", 5, 8, "HTTP 401")


def test_history_from_a_time_that_cannot_be_found_is_a_gap():
    bench = Bench(since=Since(moment=5)).step().fail("HTTP 401", is_final=True).hear(trade(9))
    assert bench.ids == [9]
    assert bench.reports == [Gap("bnbbtc@trade", None, None, "HTTP 401")]


def test_a_cursor_that_is_too_old_is_not_fetched():
    bench = Bench(since=Since(position=5, age=2 * 86400.0)).step().hear(trade(9))
    assert bench.asked == []
    assert bench.reports == [Gap("bnbbtc@trade", 5, 8, "older than 24 hours")]


def test_the_cursor_is_the_first_event_that_was_not_delivered():
    bench = Bench(room=1)
    assert bench.track.cursor is None
    bench.hear(trade(1))
    assert bench.track.cursor == 2
    bench.hear(trade(4))
    assert bench.track.cursor == 2
    bench.answer(row(2), row(3))
    assert bench.track.cursor == 3
    bench.step().step()
    assert bench.track.cursor == 5


def test_the_end_of_a_socket_delivers_what_is_held():
    bench = Bench().hear(trade(1), trade(4))
    bench.track.end()
    bench.step()
    assert bench.ids == [1, 4]
    assert bench.reports == [Gap("bnbbtc@trade", 2, 3, "the socket has ended")]


# trades of USD-M: rising ids


def futures_row(number):
    return {"id": number, "price": "1", "qty": "2", "time": number, "isBuyerMaker": True}


def test_rising_ids_are_looked_up_after_a_reconnect_only():
    bench = Bench("btcusdt@trade", "usdm").hear(trade(1), trade(5))
    assert bench.ids == [1, 5]
    bench.track.link_lost()
    bench.hear(trade(12), trade(15))
    assert bench.params == [{"symbol": "BTCUSDT", "fromId": 5, "limit": 9}]
    bench.answer(*map(futures_row, (5, 7, 11, 12))).hear(trade(20))
    assert bench.ids == [1, 5, 7, 11, 12, 15, 20]
    assert bench.got[2]["st"] == 1
    assert "M" not in bench.got[2]


def test_a_page_of_rising_ids_has_to_begin_with_the_last_known_event():
    bench = Bench("btcusdt@trade", "usdm").hear(trade(5))
    bench.track.link_lost()
    bench.hear(trade(12)).answer(*map(futures_row, (12, 13))).step(1.0)
    assert bench.ids == [5]
    bench.answer(*map(futures_row, (5, 7, 12)))
    assert bench.ids == [5, 7, 12]


@pytest.mark.parametrize(("rows", "fetched"), [((7, 11, 12), [7, 11]), ((12, 13), []), ((7,), [7])])
def test_a_last_known_event_that_rest_leaves_out_is_not_waited_for(rows, fetched):
    """It has trades of its own, such as those of the insurance fund, on the stream alone."""
    bench = Bench("btcusdt@trade", "usdm").hear(trade(5))
    bench.track.link_lost()
    bench.hear(trade(12))
    for _ in range(LACKING_TRIES):
        assert bench.ids == [5]
        bench.answer(*map(futures_row, rows)).step(LONGEST_PAUSE)
    if rows[-1] < 12:  # REST is behind: the next page begins with what it has
        assert bench.params[-1]["fromId"] == rows[-1]
        bench.answer(*map(futures_row, (*rows, 12)))
    assert bench.ids == [5, *fetched, 12]
    spans = [(one.first, one.last) for one in bench.reports if isinstance(one, Fill)]
    assert (spans, len(bench.reports)) == (
        [(fetched[0], fetched[-1])] if fetched else [],
        len(spans),
    )


@pytest.mark.parametrize("rows", [(), (3, 4)])
def test_an_answer_from_before_the_last_known_event_never_shows_that_nothing_is_missing(rows):
    bench = Bench("btcusdt@trade", "usdm").hear(trade(5))
    bench.track.link_lost()
    bench.hear(trade(12))
    for _ in range(2 * LACKING_TRIES):
        bench.answer(*map(futures_row, rows)).step(LONGEST_PAUSE)
    assert bench.ids == [5]
    bench.answer(*map(futures_row, (5, 7, 12)))
    assert bench.ids == [5, 7, 12]


def test_rising_ids_after_a_second_loss_while_the_stream_is_held():
    bench = Bench("btcusdt@trade", "usdm").hear(trade(5))
    bench.track.link_lost()
    bench.hear(trade(12))
    bench.track.link_lost()
    bench.hear(trade(20)).answer(*map(futures_row, (5, 7, 12)))
    assert bench.ids == [5, 7, 12]
    bench.answer(*map(futures_row, (12, 14, 20)))
    assert bench.ids == [5, 7, 12, 14, 20]


# candles


def test_candles_pass_while_none_is_missing():
    bench = Bench("bnbbtc@kline_1m")
    events = [candle(0), candle(0), candle(0, True), candle(MINUTE), candle(MINUTE, True)]
    assert bench.hear(*events, candle(2 * MINUTE)).got == [*events, candle(2 * MINUTE)]
    assert bench.asked == []


def test_candles_that_were_not_seen_closed_come_closed_and_the_running_one_goes_on():
    bench = Bench("bnbbtc@kline_1m").hear(candle(0), candle(3 * MINUTE), candle(3 * MINUTE))
    assert bench.params == [{"symbol": "BNBBTC", "interval": "1m", "startTime": 0, "limit": 5}]
    bench.answer(*map(candle_row, range(0, 4 * MINUTE, MINUTE)))
    assert bench.ids == [0, 0, MINUTE, 2 * MINUTE, 3 * MINUTE, 3 * MINUTE]
    assert [one["k"]["x"] for one in bench.got] == [False, True, True, True, False, False]
    assert bench.reports == [Fill("bnbbtc@kline_1m", 0, 2 * MINUTE)]
    assert bench.got[1] == {
        "e": "kline",
        "E": 59_999,
        "s": "BNBBTC",
        "k": {
            "s": "BNBBTC",
            "t": 0,
            "T": 59_999,
            "i": "1m",
            "f": -1,
            "L": -1,
            "x": True,
            "o": "1",
            "h": "2",
            "l": "0.5",
            "c": "1.5",
            "v": "10",
            "q": "15",
            "n": 7,
            "V": "5",
            "Q": "7.5",
            "B": "0",
        },
        "backfilled": True,
    }


@pytest.mark.parametrize("missing", [1, 3])
def test_the_last_candle_of_a_page_is_not_known_to_be_closed(missing):
    """REST is behind: it has that candle as it was before its end."""
    bench = Bench("bnbbtc@kline_1m").hear(candle(0), candle(missing * MINUTE))
    rows = [candle_row(n * MINUTE) for n in range(missing + 1)]
    rows[missing - 1][5] = "9"
    bench.answer(*rows[:missing]).answer(*rows[missing - 1 : missing])
    assert bench.ids == [0, *(n * MINUTE for n in range(missing - 1))]
    rows[missing - 1][5] = "10"
    bench.step(LONGEST_PAUSE).answer(*rows[missing - 1 :])
    assert bench.ids == [0, *(n * MINUTE for n in range(missing + 1))]
    assert [one["k"].get("v") for one in bench.got] == [None, *["10"] * missing, None]
    assert [type(one) for one in bench.reports] == [Fill]


def test_a_page_from_before_the_event_that_shows_the_end_of_a_hole_has_an_open_candle():
    bench = Bench("bnbbtc@kline_1m").hear(candle(0)).lose().step(PROBE_SECONDS)
    bench.hear(candle(2 * MINUTE)).answer(candle_row(0), candle_row(MINUTE))
    assert bench.ids == [0, 0]
    bench.answer(candle_row(MINUTE), candle_row(2 * MINUTE))
    assert bench.ids == [0, 0, MINUTE, 2 * MINUTE]


def test_history_of_candles_ends_before_the_running_one():
    bench = Bench("bnbbtc@kline_1m", since=Since(position=0)).step()
    bench.answer(candle_row(0), candle_row(MINUTE)).hear(candle(MINUTE))
    assert [(one["k"]["t"], one["k"]["x"]) for one in bench.got] == [(0, True), (MINUTE, False)]


def test_history_that_begins_within_a_candle_begins_with_the_next_one():
    bench = Bench("bnbbtc@kline_1m", since=Since(position=90_000, age=-1.0)).step()
    bench.answer(*map(candle_row, (120_000, 180_000))).hear(candle(180_000))
    assert bench.ids == [120_000, 180_000]
    assert bench.reports == [Fill("bnbbtc@kline_1m", 120_000, 120_000)]
    bench = Bench("bnbbtc@kline_1m", since=Since(position=90_000, age=-1.0)).step()
    bench.answer(*map(candle_row, (120_000, 180_000, 240_000))).hear(candle(240_000))
    assert bench.ids == [120_000, 180_000, 240_000]


@pytest.mark.parametrize("listed", [2, 5, 7])
@pytest.mark.parametrize("is_heard", [True, False])
def test_history_that_begins_before_the_first_candle_begins_with_that(listed, is_heard):
    bench = Bench("bnbbtc@kline_1m", since=Since(position=30_000, age=-1.0)).step()
    rows = [candle_row(n * MINUTE) for n in range(listed, 8)]
    if is_heard:
        bench.hear(candle(7 * MINUTE))
    bench.answer(*rows)
    if is_heard or listed < 7:
        bench.answer(*rows)  # a page may be wrong: it is asked for once more, at once
    bench.hear(candle(7 * MINUTE))
    assert bench.ids == [n * MINUTE for n in range(listed, 8)] + [7 * MINUTE] * is_heard
    assert [report for report in bench.reports if not isinstance(report, Fill)] == []


def test_history_is_not_cut_by_one_page_that_is_wrong():
    bench = Bench("bnbbtc@kline_1m", since=Since(position=0, age=-1.0)).step()
    rows = [candle_row(n * MINUTE) for n in range(8)]
    bench.hear(candle(7 * MINUTE)).answer(*rows[4:]).answer(*rows)
    assert bench.ids == [n * MINUTE for n in range(8)]


def test_a_second_hole_of_a_history_is_no_start():
    """What REST does not have of it is a gap."""
    bench = Bench("bnbbtc@kline_1m", since=Since(position=0, age=-1.0)).step()
    bench.hear(candle(3 * MINUTE)).lose().hear(candle(9 * MINUTE))
    bench.answer(*(candle_row(n * MINUTE) for n in range(4)))
    for _ in range(LACKING_TRIES):
        bench.answer(*(candle_row(n * MINUTE) for n in range(6, 10))).step(LONGEST_PAUSE)
    bench.answer(*(candle_row(n * MINUTE) for n in range(6, 10)))
    assert bench.ids == [0, MINUTE, 2 * MINUTE, 3 * MINUTE, *(n * MINUTE for n in range(6, 10))]
    (gap,) = [one for one in bench.reports if isinstance(one, Gap)]
    assert (gap.first, gap.last) == (3 * MINUTE, 5 * MINUTE)


@pytest.mark.parametrize("unit", [1, 1000])
@pytest.mark.parametrize(
    ("name", "opens", "last"),
    [
        ("bnbbtc@kline_1M", datetime(2026, 3, 1), datetime(2026, 2, 1)),
        ("bnbbtc@kline_1M", datetime(2026, 1, 1), datetime(2025, 12, 1)),
        ("bnbbtc@kline_1M@+08:00", datetime(2024, 2, 29, 16), datetime(2024, 1, 31, 16)),
        ("bnbbtc@kline_1w", datetime(2026, 3, 2), datetime(2026, 2, 23)),
    ],
)
def test_the_last_missing_candle_is_the_one_before_the_next(name, opens, last, unit):
    opens, last = (int(one.replace(tzinfo=UTC).timestamp() * 1000 * unit) for one in (opens, last))
    past = past_of(name, "spot", unit)
    assert past.last_before(0, opens) == last
    assert past.last_before(last + 5, opens) == last + 5


def test_candles_that_the_exchange_never_made():
    bench = Bench("bnbbtc@kline_1m").hear(candle(0, True), candle(3 * MINUTE))
    for _ in range(3):
        bench.answer(candle_row(3 * MINUTE)).step(10.0)
    assert bench.ids == [0, 3 * MINUTE]
    assert [(gap.first, gap.last) for gap in bench.reports] == [(MINUTE, 2 * MINUTE)]


def test_a_late_event_of_a_closed_candle_is_dropped():
    bench = Bench("bnbbtc@kline_1m").hear(candle(0, True), candle(0, True), candle(MINUTE))
    assert bench.ids == [0, MINUTE]


def test_candles_in_microseconds():
    track = filled("bnbbtc@kline_1m", "spot", [], Gapless(), 1000)
    assert track.past.page(120_000_000).params["startTime"] == 120_000
    [(opens, data)] = track.past.events([candle_row(MINUTE)])
    assert (opens, data["k"]["T"]) == (60_000_000, 119_999_999)


# all together


@dataclass
class World:
    """An exchange with a stream, its REST calls with faults, and a client that loses its link."""

    seed: int
    kind: str
    rate: float = 500.0
    losses: int = 50
    got: list = field(default_factory=list)
    reports: list = field(default_factory=list)

    def run(self):
        dice = random.Random(self.seed)
        gaps, answers, now, newest = [], [], 0.0, 1000
        track = filled(*self.kind, gaps, Gapless(), 1)
        self.first, up, switch, lost = newest + 1, True, 5.0, 0
        while lost < self.losses or now < switch or track.held is not None:
            now += 0.1
            if lost < self.losses and now >= switch:
                up, lost = not up, lost + up
                switch = now + (dice.uniform(0.1, 15) if up else dice.uniform(0, 20))
                if not up:
                    track.link_lost()
                else:
                    track.opened(now)
            elif lost >= self.losses:
                up, switch = True, min(switch, now)
            for _ in range(int(self.rate * 0.1)):
                newest += 1
                if up and track.admit(self.event(newest)):
                    self.got.append(self.event(newest))
            track.now = now
            gaps.clear()
            for due, number, rows in [one for one in answers if one[0] <= now]:
                answers.remove((due, number, rows))
                if rows is None:
                    track.failed(number, "HTTP 500", now, dice.choice((0.0, 0.0, 3.0)), False)
                else:
                    track.answered(number, rows, now)
            for command in track.step(now, ROOM):
                match command:
                    case Deliver(events):
                        self.got += events
                    case Fetch(number, page):
                        answers.append(
                            (now + dice.uniform(0, 1), number, self.rows(dice, page, newest))
                        )
                    case _:
                        self.reports.append(command)
        self.last = newest
        return self

    def rows(self, dice, page, newest):
        first, most = page.params["fromId"], page.params["limit"]
        fault = dice.random()
        if fault < 0.2:
            return None
        if fault < 0.3:  # a wrong page
            first += dice.choice((-1500, 700))
        newest -= dice.randrange(200)  # REST is behind
        numbers = range(max(first, 1), min(first + most, newest + 1))
        if fault > 0.95:  # a page that was cut
            numbers = numbers[: len(numbers) // 2]
        return [self.row(number) for number in numbers]

    def event(self, number):
        return {"e": "trade", "E": number, self.field: number}

    @property
    def field(self):
        return "a" if "agg" in self.kind[0] else "t"

    def row(self, number):
        return {**row(number), "a": number, "p": "1", "q": "1", "T": number, "m": True}


@pytest.mark.parametrize(
    "kind",
    [
        ("bnbbtc@trade", "spot"),
        ("btcusdt@aggTrade", "usdm"),
        ("btcusd_perp@aggTrade", "coinm"),
        ("btcusdt@trade", "usdm"),
    ],
)
@pytest.mark.parametrize("seed", range(2))
def test_after_fifty_losses_every_event_was_delivered_once_and_in_order(kind, seed):
    world = World(seed, kind, rate=40.0).run()
    ids = [event[world.field] for event in world.got]
    assert ids == list(range(world.first, world.last + 1))
    assert all(isinstance(report, Fill) for report in world.reports)
    assert isinstance(filled(*kind, [], Gapless(), 1), Filled)


@pytest.mark.parametrize("seed", range(2))
def test_after_fifty_losses_every_candle_was_delivered_closed(seed):
    """Candles of a second, with four events each; REST is down, wrong or behind at times.

    The last candle that REST has is not finished.
    """
    dice = random.Random(seed)
    bench = Bench("bnbbtc@kline_1s")
    answers, up, losses, switch, second = [], True, 0, 5.0, 1000
    while losses < 50 or bench.track.held is not None or not up:
        second += 1
        bench.now = now = float(second)
        if losses >= 50:
            up = True
        elif now >= 1000 + switch:
            up, losses = not up, losses + up
            switch += dice.uniform(1, 15) if up else dice.uniform(1, 20)
            if up:
                bench.track.opened(now)
            else:
                bench.track.link_lost()
        for quarter in range(4):
            k = {"t": second * 1000, "T": second * 1000 + 999, "x": quarter == 3}
            if up:
                bench.hear({"e": "kline", "E": second * 1000 + 250 * quarter, "k": k})
        for fetch, due in [one for one in answers if one[1] <= now]:
            answers.remove((fetch, due))
            fault, first = dice.random(), fetch.page.params["startTime"] // 1000
            if fault < 0.2:
                bench.track.failed(fetch.number, "HTTP 500", now, 0.0, False)
                continue
            first += dice.choice((-40, 40)) if fault < 0.3 else 0
            newest = second - dice.randrange(3)
            numbers = range(first, min(first + fetch.page.params["limit"] - 1, newest) + 1)
            rows = [[t * 1000, *"11111", t * 1000 + 999, *"11111"] for t in numbers]
            for row in rows:
                row[5] = "0" if row[0] == newest * 1000 else "1"
            bench.track.answered(fetch.number, rows, now)
        bench.step()
        answers += [(fetch, now + dice.choice((0, 1, 2))) for fetch in bench.asked]
        bench.asked.clear()
    closed = [one["k"]["t"] for one in bench.got if one["k"]["x"]]
    assert all(isinstance(report, Fill) for report in bench.reports), bench.reports[:3]
    assert closed == list(range(closed[0], closed[-1] + 1, 1000))
    assert {one["k"]["v"] for one in bench.got if "backfilled" in one} == {"1"}
    assert closed[-1] >= (second - 40) * 1000
    assert all(isinstance(report, Fill) for report in bench.reports)


@pytest.mark.parametrize(
    ("name", "position"), [("bnbbtc@aggTrade", 5), ("bnbbtc@trade", 50)], ids=["aggregate", "trade"]
)
def test_of_the_trades_since_a_time_the_first_counts(name, position):
    past = past_of(name, "spot", 1)
    assert past.found([{"a": 5, "f": 50}, {"a": 6, "f": 60}]) == position
    assert past.found([]) is None


# a stream that was quiet


@pytest.mark.parametrize("is_heard", [True, False])
def test_what_the_first_link_did_not_bring_is_looked_up_after_its_loss(is_heard):
    bench = Bench().lose()  # a dial that fails
    bench.track.is_up(5_000_000)
    bench.track.opened(bench.now)
    assert bench.step(10.0).asked == []  # no link was lost
    bench.lose()
    if is_heard:
        bench.hear(trade(12))
    else:
        bench.step(PROBE_SECONDS)
    assert bench.params == [{"symbol": "BNBBTC", "startTime": 5_000_000, "limit": 1}]
    bench.answer({"f": 10, "a": 3})
    bench.answer(row(10), row(11), *([row(12)] if is_heard else []))
    assert bench.ids == [10, 11, *([12] if is_heard else [])]
    assert bench.reports == [Fill("bnbbtc@trade", 10, 11)]


def test_a_stream_of_which_nothing_has_come_at_all_is_looked_up_after_each_loss():
    bench = Bench()
    bench.track.is_up(5_000_000)
    for number in (1, 2):
        bench.lose().step(PROBE_SECONDS)
        assert len(bench.asked) == number
        bench.answer()
        assert (bench.track.held, bench.reports) == (None, [])
    bench.hear(trade(3), trade(4)).lose().hear(trade(5))
    assert (bench.ids, len(bench.asked)) == ([3, 4, 5], 2)


def test_a_quiet_stream_that_was_subscribed_again_has_missed_nothing():
    bench = Bench()
    bench.track.is_up(5_000_000)
    bench.lose()
    bench.track.forget()
    bench.track.is_up(6_000_000)
    bench.hear(trade(7)).step(PROBE_SECONDS)
    assert (bench.ids, bench.asked) == ([7], [])


def test_a_quiet_stream_of_candles_goes_on_whatever_the_clock_says():
    bench = Bench("bnbbtc@kline_1m")
    bench.track.is_up(999 * MINUTE)
    bench.lose().hear(candle(12 * MINUTE))
    assert (bench.ids, bench.asked) == ([12 * MINUTE], [])


def test_an_answer_from_before_the_events_of_a_quiet_stream_is_asked_for_again():
    bench = Bench()
    bench.track.is_up(5)
    bench.lose().hear(trade(12)).answer()  # REST is behind: it has not even that one
    assert bench.ids == []
    bench.step(9.0).answer({"f": 10}).step().answer(row(10), row(11))
    assert bench.ids == [10, 11, 12]
    assert bench.reports == [Fill("bnbbtc@trade", 10, 11)]


def test_a_clock_that_is_ahead_delays_a_quiet_stream_and_hides_nothing_that_comes():
    bench = Bench()
    bench.track.is_up(5_000_000)
    bench.lose().hear(trade(12)).answer()  # nothing yet since that time
    assert bench.ids == [12]


def test_what_came_before_the_time_of_a_clock_that_is_ahead_is_delivered():
    bench = Bench()
    bench.track.is_up(5_000_000)
    bench.lose().hear(trade(7), trade(8)).answer({"f": 9}).hear(trade(9))
    assert (bench.ids, bench.reports) == ([7, 8, 9], [])


# two links


def test_the_loss_of_one_of_two_links_holds_nothing():
    quiet, rising = Bench(), Bench("btcusdt@trade", "usdm").hear(trade(5))
    quiet.track.is_up(5_000_000)
    for bench in (quiet, rising):
        bench.track.link_lost(is_backed=True)
        bench.hear(trade(12), trade(13))
        assert (bench.ids[-2:], bench.asked) == ([12, 13], [])


@pytest.mark.parametrize("is_backed_first", [True, False])
def test_what_two_links_have_lost_one_after_the_other_is_looked_up(is_backed_first):
    quiet, rising = Bench(), Bench("btcusdt@trade", "usdm").hear(trade(5))
    quiet.track.is_up(5_000_000)
    for bench in (quiet, rising):
        for is_backed in (is_backed_first, not is_backed_first):
            bench.track.link_lost(is_backed)
        bench.hear(trade(12))
        assert (bench.ids[1:], len(bench.asked)) == ([], 1)


# where candles begin


@pytest.mark.parametrize("is_heard", [True, False])
def test_a_start_within_the_running_candle_has_nothing_to_fetch(is_heard):
    bench = Bench("bnbbtc@kline_1m", since=Since(10 * MINUTE + 5_000, age=-1.0))
    if is_heard:
        bench.hear(candle(10 * MINUTE), candle(10 * MINUTE, event=7))
        assert bench.asked == []
    else:
        bench.step().answer()
        bench.hear(candle(10 * MINUTE), candle(10 * MINUTE, event=7))
    bench.hear(candle(10 * MINUTE, closed=True), candle(11 * MINUTE))
    assert bench.ids == [10 * MINUTE] * 3 + [11 * MINUTE]
    assert bench.reports == []


def test_a_start_within_the_candle_before_begins_with_the_running_one():
    bench = Bench("bnbbtc@kline_1m", since=Since(9 * MINUTE + 5_000, age=-1.0))
    bench.hear(candle(10 * MINUTE)).answer(candle_row(10 * MINUTE))
    assert (bench.ids, bench.reports, len(bench.asked)) == ([10 * MINUTE], [], 1)


# candles of COIN-M, whose pages have the newest rows


def newest_candles(params, now):
    """What COIN-M answers: the newest rows of a window."""
    until = min(params.get("endTime", now), now)
    opens = range(-(-params["startTime"] // MINUTE) * MINUTE, until + 1, MINUTE)
    return [candle_row(each) for each in opens][-params["limit"] :]


def test_many_candles_of_coin_m_are_fetched_by_windows():
    now = 3000 * MINUTE + 30_000
    bench = Bench("btcusd_perp@kline_1m", "coinm", since=Since(7_000, age=-1.0)).step()
    for _ in range(20):
        if bench.track.held is None:
            break
        bench.answer(*newest_candles(bench.params[-1], now))
    bench.hear(candle(3000 * MINUTE))
    assert bench.ids == [n * MINUTE for n in range(1, 3001)]
    assert bench.reports == [Fill("btcusd_perp@kline_1m", MINUTE, 2999 * MINUTE)]
    assert len(bench.asked) == 8  # one to see the end, 7 of 499


def test_windows_of_coin_m_before_the_first_candle_are_passed_over():
    bench = Bench("btcusd_perp@kline_1m", "coinm", since=Since(7_000, age=-1.0)).step()
    for _ in range(9):
        rows = newest_candles(bench.params[-1], 1300 * MINUTE + 30_000)
        bench.answer(*(one for one in rows if one[0] >= 1200 * MINUTE))
    bench.hear(candle(1300 * MINUTE))
    assert bench.ids == [n * MINUTE for n in range(1200, 1301)]
    assert bench.reports == [Fill("btcusd_perp@kline_1m", 1200 * MINUTE, 1299 * MINUTE)]


def test_a_window_of_coin_m_without_candles_is_a_gap_and_the_next_one_follows():
    bench = Bench("btcusd_perp@kline_1m", "coinm", since=Since(0)).step()
    rows = [candle_row(n * MINUTE) for n in range(600, 701)]
    bench.answer(*rows)
    for _ in range(LACKING_TRIES):
        assert bench.params[-1] == {
            "symbol": "BTCUSD_PERP",
            "interval": "1m",
            "startTime": 0,
            "endTime": 499 * MINUTE - 1,
            "limit": 499,
        }
        bench.answer()
        bench.step(LONGEST_PAUSE)
    assert bench.reports == [
        Gap("btcusd_perp@kline_1m", 0, 498 * MINUTE, "the exchange does not have these events")
    ]


# limits


def test_a_hole_on_a_link_that_is_up_is_not_as_old_as_an_earlier_loss():
    bench = Bench(max_age=3600.0).hear(trade(1)).lose().hear(trade(2)).step(3 * 3600.0)
    bench.hear(trade(5)).answer(row(3), row(4), row(5))
    assert bench.ids == [1, 2, 3, 4, 5]
    assert bench.reports == [Fill("bnbbtc@trade", 3, 4)]


def test_what_a_half_open_link_has_missed_is_not_as_old_as_an_earlier_loss():
    bench = Bench(max_age=3600.0).hear(trade(1)).lose().hear(trade(2)).step(3 * 3600.0)
    assert bench.track.look_up()
    bench.step().lose().answer(row(3), row(4)).hear(trade(5))
    assert bench.ids == [1, 2, 3, 4, 5]
    assert bench.reports == [Fill("bnbbtc@trade", 3, 4)]


def test_a_running_candle_is_not_fetched_because_many_events_are_held():
    bench = Bench("bnbbtc@kline_1m", max_held=3).hear(candle(0, closed=True))
    bench.hear(*(candle(5 * MINUTE, event=n) for n in range(5))).step(1.0)
    bench.answer(*(candle_row(n * MINUTE) for n in range(1, 6)))
    bench.hear(candle(5 * MINUTE, event=9), candle(5 * MINUTE, closed=True))
    assert bench.ids == [n * MINUTE for n in (0, 1, 2, 3, 4, 5, 5)]
    assert bench.got[-1]["k"]["x"]
    assert "backfilled" not in bench.got[-2]


def test_a_full_hold_has_to_be_delivered_once_nothing_is_missing():
    bench = Bench(room=0, max_held=3).hear(trade(1), trade(3))
    bench.answer(row(2), row(3))
    assert not bench.track.is_overfull
    bench.hear(*map(trade, range(4, 8)))
    assert bench.track.is_overfull
