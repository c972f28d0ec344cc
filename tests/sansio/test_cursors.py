"""Where events stand in their streams, and what the watch over a stream makes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.feed.cursors import (
    CONTENT,
    RESTART_SECONDS,
    RULES,
    STALE_SECONDS,
    ContiguousTrack,
    DiffTrack,
    Gap,
    RisingTrack,
    Stale,
    Track,
    event_time,
    ids_restarted,
    is_after,
    kind_of,
    newest,
    subject,
    track,
)

KLINE = {"e": "kline", "E": 1700000002000, "k": {"t": 1700000000000, "x": False}}


@pytest.mark.parametrize(
    ("kind", "payload", "cursor"),
    [
        ("trade", {"e": "trade", "E": 9, "t": 5}, 5),
        ("aggTrade", {"e": "aggTrade", "E": 9, "a": 7, "f": 1, "l": 2}, 7),
        ("depth", {"e": "depthUpdate", "E": 9, "U": 10, "u": 12}, 12),
        ("bookTicker", {"u": 8, "s": "A"}, 8),
        ("partialDepth", {"lastUpdateId": 4, "bids": [], "asks": []}, 4),
        ("partialDepth", {"e": "depthUpdate", "E": 9, "U": 1, "u": 3, "pu": 0}, 3),
        ("kline", KLINE, (1700000000000, 1700000002000)),
        ("kline", {"e": "kline", "E": 5}, None),
        ("kline", {"k": {"t": 5}}, None),
        ("kline", [], None),
        ("time", {"e": "24hrTicker", "E": 9}, 9),
        ("time", {"e": "referencePrice", "s": "A", "r": None, "t": 6}, 6),
        ("time", [{"E": 3}, {"E": 9}, {"E": 4}, {}], 9),
        ("time", [], None),
        ("time", {"E": "9"}, None),
        ("time", "text", None),
        ("trade", {"t": None}, None),
        ("trade", {"t": True}, None),
        ("trade", [5], None),
    ],
)
def test_cursors(kind, payload, cursor):
    assert RULES[kind].read(payload) == cursor
    assert CONTENT.read(payload) is None


@pytest.mark.parametrize(
    ("kind", "payload", "last", "joins"),
    [
        ("trade", {"t": 6}, 5, True),
        ("trade", {"t": 7}, 5, False),
        ("aggTrade", {"a": 6}, 5, True),
        ("bookTicker", {"u": 6}, 5, True),
        ("bookTicker", {"u": 8}, 5, False),
        ("depth", {"U": 6, "u": 9}, 5, True),
        ("depth", {"U": 4, "u": 9}, 5, True),
        ("depth", {"U": 7, "u": 9}, 5, False),
        ("depth", {"U": 7, "u": 9, "pu": 5}, 5, True),
        ("depth", {"U": 6, "u": 9, "pu": 4}, 5, False),
        ("depth", {"u": 9}, 5, False),
        ("partialDepth", {"lastUpdateId": 6}, 5, False),
        ("kline", KLINE, (1, 1), False),
    ],
)
def test_what_joins_on_to_a_cursor(kind, payload, last, joins):
    assert RULES[kind].joins(payload, last) is joins


def test_order_of_cursors():
    assert is_after(2, 1)
    assert not is_after(1, 1)
    assert is_after((60, 1), (0, 59))


@pytest.mark.parametrize(
    ("name", "market", "kind", "watch"),
    [
        ("a@trade", "spot", "trade", ContiguousTrack),
        ("a@trade", "usdm", "trade", RisingTrack),
        ("a@aggTrade", "usdm", "aggTrade", ContiguousTrack),
        ("a@depth@100ms", "spot", "depth", DiffTrack),
        ("a@depth", "usdm", "depth", DiffTrack),
        ("a@depth5", "spot", "partialDepth", RisingTrack),
        ("a@bookTicker", "spot", "bookTicker", RisingTrack),
        ("!bookTicker", "usdm", "bookTicker", Track),
        ("a@kline_1m", "spot", "kline", Track),
        ("a@blockTrade", "spot", "time", Track),
        ("!miniTicker@arr", "spot", "time", Track),
        ("something@new", "spot", "time", Track),
    ],
)
def test_the_watch_over_each_kind(name, market, kind, watch):
    assert kind_of(name, market) == kind
    assert type(track(name, market, [])) is watch


def run(name: str, payloads: list[dict], market: str = "spot") -> tuple[list[dict], list[Gap]]:
    gaps: list[Gap] = []
    watch = track(name, market, gaps)
    return admitted(watch, payloads), gaps


def admitted(watch: Track, payloads: list[dict]) -> list[dict]:
    """Which of them are delivered, if the client's clock agrees with their times."""
    passed = []
    for payload in payloads:
        watch.now = payload.get("E", 0) / 1000
        if watch.admit(payload):
            passed.append(payload)
    return passed


def trades(*numbers: int) -> list[dict]:
    return [{"e": "trade", "E": 1000 + i, "t": number} for i, number in enumerate(numbers)]


def test_contiguous_ids_pass_once_and_gaps_are_named():
    passed, gaps = run("a@trade", trades(5, 6, 6, 9, 7, 8, 10, 12))
    assert [payload["t"] for payload in passed] == [5, 6, 9, 10, 12]
    assert gaps == [Gap("a@trade", 7, 8), Gap("a@trade", 11, 11)]


def test_agg_trades_go_by_their_own_id():
    passed, gaps = run("a@aggTrade", [{"a": 1}, {"a": 1}, {"a": 2}, {"a": 4}], "usdm")
    assert (passed, gaps) == ([{"a": 1}, {"a": 2}, {"a": 4}], [Gap("a@aggTrade", 3, 3)])


def test_diffs_go_by_the_ids_that_they_cover():
    diffs = [
        {"U": U, "u": u} for U, u in [(1, 3), (4, 4), (4, 4), (5, 9), (6, 8), (8, 12), (15, 20)]
    ]
    passed, gaps = run("a@depth", diffs)
    assert [diff["u"] for diff in passed] == [3, 4, 9, 12, 20]
    assert gaps == [Gap("a@depth", 13, 14)]


def test_futures_diffs_go_by_pu():
    ids = [(10, 15, 5), (20, 30, 15), (20, 30, 15), (40, 50, 31), (60, 70, 50)]
    passed, gaps = run("a@depth", [{"U": U, "u": u, "pu": pu} for U, u, pu in ids], "usdm")
    assert [diff["u"] for diff in passed] == [15, 30, 50, 70]
    assert gaps == [Gap("a@depth", None, None)]


def test_rising_ids_pass_once_and_leave_no_gaps():
    quotes = [{"u": u} for u in (5, 9, 9, 7, 12)]
    assert run("a@bookTicker", quotes) == ([{"u": 5}, {"u": 9}, {"u": 12}], [])


def test_a_snapshot_may_come_again_but_not_go_back():
    books = [{"lastUpdateId": n} for n in (5, 5, 9, 7, 9)]
    passed, _ = run("a@depth5", books)
    assert [book["lastUpdateId"] for book in passed] == [5, 5, 9, 9]


def test_kinds_without_ids_pass():
    klines = [KLINE, KLINE, {"e": "kline", "E": 1, "k": {"t": 0}}]
    assert run("a@kline_1m", klines) == (klines, [])


@pytest.mark.parametrize("name", ["a@trade", "a@aggTrade", "a@depth", "a@bookTicker", "a@depth5"])
@pytest.mark.parametrize("payload", [{}, {"t": "5", "a": None}, [], "text", None, {"u": 5}])
def test_payloads_that_are_none_of_the_streams_pass(name, payload):
    watch = track(name, "spot", [])
    assert watch.admit(payload)
    assert watch.admit({"e": "serverShutdown", "E": 1})


def test_ids_that_begin_anew_are_believed_after_a_minute():
    late = [{"E": 10_000_000 + ms, "t": 1 + i} for i, ms in enumerate(range(0, 70_000, 1000))]
    passed, gaps = run("a@trade", [*trades(500), *late])
    assert [payload["t"] for payload in passed] == [500, *range(62, 71)]
    assert gaps == [Gap("a@trade", None, None)]


def test_a_link_that_brings_an_hour_of_late_events_at_once_has_not_begun_anew():
    gaps: list[Gap] = []
    watch = track("a@trade", "spot", gaps)
    events = [{"E": 1_700_000_000_000 + 1000 * n, "t": n} for n in range(3600)]
    assert watch.admit(events[-1])
    watch.now = 1.0
    assert not any(watch.admit(event) for event in events)
    assert gaps == []


def test_microseconds_are_not_mistaken_for_milliseconds():
    late = [{"E": 1_700_000_000_000_000 + us, "t": 1} for us in range(0, 3_000_000, 30_000)]
    passed, gaps = run("a@trade", [*trades(500), *late])
    assert (len(passed), gaps) == (1, [])


def test_doubles_far_apart_are_no_new_beginning():
    payloads = [{"E": i * 90_000, "t": t} for i, t in enumerate((1, 1, 2, 1, 3, 2, 4))]
    passed, gaps = run("a@trade", payloads)
    assert ([payload["t"] for payload in passed], gaps) == ([1, 2, 3, 4], [])


@pytest.mark.parametrize(
    ("name", "field"), [("a@trade", "t"), ("a@aggTrade", "a"), ("a@depth", "u")]
)
@pytest.mark.parametrize(
    ("noted", "time"),
    [(9, 9000), (5, None), (None, None)],
    ids=["the newest", "another", "no event"],
)
def test_of_a_link_s_last_message_the_time_of_the_newest_event_is_known(name, field, noted, time):
    """Whoever keeps the ids alone must not have an older event's time taken for the newest's."""

    def event(number):
        return {"E": 1000 * number, "U": number, field: number}

    watch = track(name, "spot", [])
    watch.admit(event(5))
    watch.last = 9
    watch.note({"result": None, "id": 1} if noted is None else event(noted))
    assert event_time(watch.event) == time


def test_the_event_of_the_newest_id_is_kept_whatever_the_last_message_was():
    watch = track("a@trade", "spot", [])
    watch.admit({"E": 1000, "t": 5})
    watch.note({"e": "serverShutdown", "E": 7000})
    assert event_time(watch.event) == 1000


def test_a_stream_without_ids_notes_nothing():
    watch = track("a@ticker", "spot", [])
    watch.note({"E": 1000})
    assert watch.event is None


@pytest.mark.parametrize(
    ("is_new_link", "later", "seconds", "anew"),
    [
        (True, True, 0.0, True),
        (True, False, 0.0, False),
        (True, False, STALE_SECONDS, False),
        (True, False, STALE_SECONDS + 0.1, True),
        (True, None, RESTART_SECONDS, False),
        (True, None, RESTART_SECONDS + 0.1, True),
        (False, True, STALE_SECONDS, False),
        (False, True, STALE_SECONDS + 0.1, True),
        (False, None, STALE_SECONDS, False),
        (False, None, STALE_SECONDS + 0.1, True),
    ],
)
def test_when_ids_began_anew(is_new_link, later, seconds, anew):
    assert ids_restarted(is_new_link, later, seconds) is anew


SERIES = {
    ("a@trade", "spot"): lambda n, E: {"e": "trade", "E": E, "t": n},
    ("a@trade", "usdm"): lambda n, E: {"e": "trade", "E": E, "t": n},
    ("a@aggTrade", "spot"): lambda n, E: {"e": "aggTrade", "E": E, "a": n},
    ("a@depth", "spot"): lambda n, E: {"e": "depthUpdate", "E": E, "U": n, "u": n},
    ("a@depth", "usdm"): lambda n, E: {"e": "depthUpdate", "E": E, "U": n, "u": n, "pu": n - 1},
    ("a@depth5", "usdm"): lambda n, E: {"e": "depthUpdate", "E": E, "u": n, "pu": n - 1},
    ("a@bookTicker", "usdm"): lambda n, E: {"e": "bookTicker", "E": E, "u": n},
}
TIMELESS = {
    "a@bookTicker": lambda n: {"u": n, "s": "A"},
    "a@depth5": lambda n: {"lastUpdateId": n, "bids": [], "asks": []},
}


@pytest.mark.parametrize(("name", "market"), SERIES)
class TestAnotherLink:
    def test_a_lower_id_with_a_later_time_is_delivered_at_once(self, name, market):
        gaps: list[Gap] = []
        watch, make = track(name, market, gaps), SERIES[name, market]
        assert all(watch.admit(make(n, 10_000 + n)) for n in (900, 901, 902))
        watch.link_lost()
        assert all(watch.admit(make(n, 12_000 + n)) for n in (5, 6, 7))
        assert gaps == [Gap(name, None, None)]
        assert not watch.admit(make(6, 12_006))

    def test_what_a_machine_that_is_behind_repeats_is_dropped(self, name, market):
        gaps: list[Gap] = []
        watch, make = track(name, market, gaps), SERIES[name, market]
        for n in range(900, 950):
            watch.admit(make(n, 100 * n))
        watch.link_lost()
        passed = [n for n in range(890, 960) if watch.admit(make(n, 100 * n))]
        first = 949 if name == "a@depth5" else 950  # a snapshot may come again unchanged
        assert (passed, gaps) == ([*range(first, 960)], [])

    def test_on_the_same_link_it_is_stale(self, name, market):
        gaps: list[Gap] = []
        watch, make = track(name, market, gaps), SERIES[name, market]
        watch.admit(make(900, 1000))
        watch.link_lost()
        assert watch.admit(make(901, 1001))
        assert not watch.admit(make(5, 2000))
        assert gaps == []


@pytest.mark.parametrize("name", TIMELESS)
class TestWithoutATime:
    def test_another_link_is_believed_after_some_seconds(self, name):
        gaps: list[Gap] = []
        watch, make = track(name, "spot", gaps), TIMELESS[name]
        assert watch.admit(make(10**9))
        watch.link_lost()
        passed = []
        for n in range(20):
            watch.now = 1000.0 + n
            passed += [n] if watch.admit(make(n)) else []
        assert passed == [*range(int(RESTART_SECONDS) + 1, 20)]
        assert gaps == [Gap(name, None, None)]

    def test_the_same_link_after_a_minute(self, name):
        gaps: list[Gap] = []
        watch, make = track(name, "spot", gaps), TIMELESS[name]
        assert watch.admit(make(10**9))
        passed = []
        for n in range(70):
            watch.now = 1000.0 + n
            passed += [n] if watch.admit(make(n)) else []
        assert passed == [*range(int(STALE_SECONDS) + 1, 70)]

    def test_a_machine_that_is_behind_for_less(self, name):
        gaps: list[Gap] = []
        watch, make = track(name, "spot", gaps), TIMELESS[name]
        assert watch.admit(make(100))
        watch.link_lost()
        passed = []
        for n in range(97, 105):
            watch.now += 1.0
            passed += [n] if watch.admit(make(n)) else []
        assert passed[-4:] == [101, 102, 103, 104]
        assert gaps == []


def test_an_event_that_the_callback_changed_has_no_time():
    gaps: list[Gap] = []
    watch = track("a@trade", "spot", gaps)
    first = {"E": 1000, "t": 500}
    watch.admit(first)
    first.clear()
    watch.link_lost()
    events = [{"E": 2000 + 1000 * i, "t": i} for i in range(8)]
    assert admitted(watch, events) == events[6:]
    assert gaps == [Gap("a@trade", None, None)]


@given(st.lists(st.integers(0, 30), max_size=60))
def test_every_id_is_delivered_named_as_missing_or_was_never_due(numbers):
    passed, gaps = run("a@trade", trades(*numbers))
    seen = [payload["t"] for payload in passed]
    assert seen == sorted(set(seen))
    missing = [n for gap in gaps for n in range(gap.first, gap.last + 1)]
    if seen:
        assert sorted(seen + missing) == list(range(seen[0], seen[-1] + 1))


# the newest alone

QUOTE = {"u": 1, "s": "AAA", "b": "1"}
REPORT = {"e": "executionReport", "s": "AAA", "i": 7}
UPDATE = {"e": "ORDER_TRADE_UPDATE", "E": 1, "o": {"s": "AAA", "i": 7}}


@pytest.mark.parametrize(
    ("message", "about"),
    [
        (QUOTE, (None, None, "AAA", None)),
        ({"stream": "!bookTicker", "data": QUOTE}, ("!bookTicker", None, "AAA", None)),
        ({"stream": "a@trade", "data": {"e": "trade"}}, ("a@trade", "trade", None, None)),
        ({"e": "forceOrder", "o": {"s": "AAA"}}, (None, "forceOrder", "AAA", None)),
        ({"e": "markPriceUpdate", "s": "AAA", "i": 9}, (None, "markPriceUpdate", "AAA", None)),
        (REPORT, (None, "executionReport", "AAA", 7)),
        ({"subscriptionId": 0, "event": REPORT}, (None, "executionReport", "AAA", 7)),
        (UPDATE, (None, "ORDER_TRADE_UPDATE", "AAA", 7)),
        ({"e": "error", "m": "x"}, (None, "error", None, None)),
        ({"stream": [], "e": {}, "s": []}, (None, None, None, None)),
        ({"stream": "a", "data": None}, ("a", None, None, None)),
        ([QUOTE], (None, None, None, None)),
        (None, (None, None, None, None)),
    ],
)
def test_what_a_message_is_about(message, about):
    assert subject(message) == about
    assert hash(about) == hash(subject(message))


def test_the_later_message_stays():
    assert newest(None, QUOTE) is QUOTE
    assert newest({"u": 0, "s": "AAA"}, QUOTE) is QUOTE


@pytest.mark.parametrize("wrap", [list, lambda data: {"stream": "!ticker@arr", "data": data}])
def test_of_two_lists_the_latest_of_each_symbol_stays(wrap):
    old = wrap([{"s": "A", "n": 1}, {"s": "B", "n": 1}])
    new = wrap([{"s": "C", "n": 2}, {"s": "A", "n": 2}])
    assert newest(old, new) == wrap([{"s": "B", "n": 1}, {"s": "C", "n": 2}, {"s": "A", "n": 2}])
    assert newest(old, wrap([])) == old
    odd = wrap([{"n": 1}])
    assert newest(old, odd) is odd


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("btcusdt@depth@0ms", "depth"),
        ("btcusdt@depth50", "partialDepth"),
        ("btcusdt@newThing", "time"),
        ("btcusdt@bookTicker@1s", "time"),
    ],
)
def test_a_name_with_an_undocumented_value_has_its_kinds_cursor(name, kind):
    assert kind_of(name, "usdm") == kind


@pytest.mark.parametrize(
    ("first", "other", "seconds"),
    [
        ({"E": 1_700_000_000_000}, {"E": 1_700_000_003_000}, 3.0),
        ({"E": 1_700_000_000_000_000}, {"E": 1_700_000_003_000_000}, 3.0),
        ({}, {"E": 1_700_000_003_000}, 5.0),
        ({"E": 1_700_000_000_000}, {}, 5.0),
        ({}, {}, 5.0),
    ],
)
def test_stale_events_last_by_their_own_time_or_else_by_ours(first, other, seconds):
    assert Stale(first, 100.0, 7).seconds(other, 105.0) == seconds
