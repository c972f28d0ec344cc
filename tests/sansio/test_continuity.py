"""Each event once and in order, from one link to its successor.

Three kinds of proof: single cases, each a line of the theory; hypothesis, which chooses any
interleaving of two links; and a simulation in which links lag by random amounts.  The last one runs
2,000 rotations, or as many as the variable ROTATIONS says.
"""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binance.sansio.feed.backfill import filled
from binance.sansio.feed.continuity import LEAD_SECONDS, OVERLAP_SECONDS, Continuity, Merge
from binance.sansio.feed.cursors import Gap, Hole
from binance.sansio.feed.gapless import Gapless
from tests.profiles import examples

ROTATIONS = int(os.environ.get("ROTATIONS", "2000"))

# Event number n of a stream, as the exchange would write it.  `n` also stands in the payload, as
# the price would: it tells events apart that share a cursor.


def trade(n: int) -> dict:
    return {"e": "trade", "E": 1000 + n // 3, "t": 500 + n, "p": n}


def agg_trade(n: int) -> dict:
    return {"e": "aggTrade", "E": 1000 + n, "a": 70 + n, "p": n}


def diff(n: int) -> dict:
    return {"e": "depthUpdate", "E": 1000 + n, "U": 10 * n + 1, "u": 10 * n + 10, "p": n}


def futures_diff(n: int) -> dict:
    return {"e": "depthUpdate", "U": 50 * n + 9, "u": 50 * n + 30, "pu": 50 * n - 20, "p": n}


def book_ticker(n: int) -> dict:
    return {"u": 3 * n + n % 2, "s": "A", "p": n}


def partial_depth(n: int) -> dict:
    return {"lastUpdateId": 7 * n, "bids": [], "asks": [], "p": n}


def kline(n: int) -> dict:
    return {"e": "kline", "E": 2000 * (n // 2), "k": {"t": 60_000 * (n // 30), "x": False}, "p": n}


def ticker(n: int) -> dict:
    return {"e": "24hrTicker", "E": 1000 * (n // 3), "p": n}


def mini_tickers(n: int) -> list:
    return [
        {"e": "24hrMiniTicker", "E": 1000 * n + 7},
        {"e": "24hrMiniTicker", "E": 1000 * n, "p": n},
    ]


def reference_price(n: int) -> dict:
    return {"e": "referencePrice", "s": "A", "r": None, "t": 1000 * n, "p": n}


def force_order(n: int) -> dict:
    return {"e": "forceOrder", "E": 1000 * (n // 4), "o": {"s": "A", "p": n}}


def unheard_of(n: int) -> dict:
    return {"what": "no cursor at all", "p": n}


SPOT: dict[str, Callable[[int], object]] = {
    "a@trade": trade,
    "b@aggTrade": agg_trade,
    "c@depth@100ms": diff,
    "d@bookTicker": book_ticker,
    "e@depth10": partial_depth,
    "f@kline_1m": kline,
    "g@ticker": ticker,
    "!miniTicker@arr": mini_tickers,
    "h@referencePrice": reference_price,
    "i@newStream": unheard_of,
}
USDM: dict[str, Callable[[int], object]] = {
    "a@aggTrade": agg_trade,
    "b@depth": futures_diff,
    "c@bookTicker": book_ticker,
    "!forceOrder@arr": force_order,
    "d@trade": trade,
}
MARKETS = {"spot": SPOT, "usdm": USDM}
KINDS = [(market, name) for market, table in MARKETS.items() for name in table]
JOINING = ("a@trade", "b@aggTrade", "c@depth@100ms", "a@aggTrade", "b@depth", "d@trade")
"""Streams whose ids show that nothing can lie between two events."""
NAMES_GAPS = [kind for kind in KINDS if kind[1] in JOINING and kind != ("usdm", "d@trade")]


def number(payload) -> int:
    """Which event is this?"""
    last = payload[-1] if isinstance(payload, list) else payload
    return last["o"]["p"] if "o" in last else last["p"]


# the watch


def test_a_raw_link_is_watched():
    continuity = Continuity("a@trade")
    assert [n for n in (1, 2, 2, 5, 6) if continuity.admit(trade(n))] == [1, 2, 5, 6]
    assert continuity.gaps == [Gap("a@trade", 503, 504)]


def test_streams_of_a_combined_link_are_watched_each_for_itself():
    continuity = Continuity()
    sent = [("a@trade", 1), ("b@trade", 7), ("a@trade", 2), ("b@trade", 9), ("a@trade", 2)]
    passed = [(name, n) for name, n in sent if continuity.admit({"stream": name, "data": trade(n)})]
    assert passed == sent[:-1]
    assert continuity.gaps == [Gap("b@trade", 508, 508)]


@pytest.mark.parametrize(
    "message",
    [
        {},
        [],
        None,
        "x",
        {"stream": "a@trade"},
        {"stream": [], "data": 1},
        {"result": None, "id": 1},
    ],
)
def test_what_is_no_stream_event_passes(message):
    assert Continuity().admit(message)
    assert Continuity("a@trade").admit(message)
    assert Merge(Continuity()).old(message) == [message]


def test_what_an_unsubscribed_stream_misses_is_no_gap():
    continuity = Continuity()
    continuity.admit({"stream": "a@trade", "data": trade(1)})
    continuity.forget(["a@trade", "b@trade"])
    assert continuity.admit({"stream": "a@trade", "data": trade(9)})
    assert continuity.gaps == []


def test_streams_whose_ids_show_no_gap_are_those_without_contiguous_ids_or_without_an_event():
    continuity = Continuity()
    continuity.admit({"stream": "a@trade", "data": trade(1)})
    names = ["a@trade", "b@trade", "a@bookTicker", "a@kline_1m", "!miniTicker@arr", "unknown"]
    assert continuity.unnumbered(names) == names[1:]


def test_account_events_all_pass_the_watch():
    continuity = Continuity(account=True)
    event = {"e": "executionReport", "E": 1}
    assert continuity.admit(event)
    assert continuity.admit(event)
    assert continuity.is_idle


def test_a_raw_link_without_ids_need_not_be_watched():
    assert Continuity("a@kline_1m").is_idle
    assert not Continuity("a@trade").is_idle
    assert not Continuity().is_idle


# the merge, case by case


class Run:
    """Two links of one stream, event by event."""

    def __init__(self, name: str = "a@trade", market: str = "spot", limit: int = 1000) -> None:
        self.make = MARKETS[market][name]
        self.continuity = Continuity(name, market)
        self.merge = Merge(self.continuity, limit)
        self.seen: list[int] = []

    def _see(self, messages) -> None:
        for message in messages:
            self.seen.append(number(message))
            if isinstance(message, dict):
                message.clear()  # a callback may do what it wants with its message

    def before(self, *numbers: int) -> "Run":
        """Delivered before the merge began."""
        for n in numbers:
            message = self.make(n)
            assert self.continuity.admit(message)
            self._see([message])
        return self

    def old(self, *numbers: int) -> "Run":
        for n in numbers:
            self._see(self.merge.old(self.make(n)))
        return self

    def new(self, *numbers: int) -> "Run":
        for n in numbers:
            self._see(self.merge.new(self.make(n)))
        return self

    def old_ended(self) -> "Run":
        self._see(self.merge.old_ended())
        return self

    def new_ended(self) -> "Run":
        self._see(self.merge.new_ended())
        return self


@pytest.mark.parametrize(("market", "name"), KINDS)
class TestEachKind:
    def test_the_successor_is_ahead(self, market, name):
        run = Run(name, market).old(0, 1).new(5, 6, 7).old(2, 3, 4)
        assert run.seen == (list(range(8)) if name in JOINING else list(range(5)))
        run.old(5, 6).new(8).old(7, 8, 9).new(9, 10)
        assert run.seen == list(range(11))
        assert run.merge.waiting == []

    def test_the_successor_is_behind(self, market, name):
        run = Run(name, market).old(0, 1, 2, 3, 4).new(2, 3).old(5, 6).new(4, 5, 6, 7, 8).old(7)
        assert run.seen == list(range(9))

    def test_in_step(self, market, name):
        run = Run(name, market).old(0, 1).new(1).old(2).new(2, 3).old(3, 4).new(4)
        assert run.seen == [0, 1, 2, 3, 4]

    def test_the_old_link_ends_before_they_have_met(self, market, name):
        run = Run(name, market).old(0, 1).new(2, 3).old_ended().new(4)
        assert run.seen == [0, 1, 2, 3, 4]
        assert run.continuity.gaps == []
        assert run.merge.is_settled

    def test_a_gap_is_named_where_ids_tell(self, market, name):
        run = Run(name, market).old(0, 1).new(4, 5).old_ended()
        assert run.seen == [0, 1, 4, 5]
        assert bool(run.continuity.gaps) is ((market, name) in NAMES_GAPS)

    def test_the_old_link_ends_before_the_successor_has_spoken(self, market, name):
        run = Run(name, market).old(0, 1, 2).old_ended()
        assert not run.merge.is_settled
        run.new(1, 2, 3, 4)
        assert run.seen == [0, 1, 2, 3, 4]
        assert run.merge.is_settled

    def test_the_successor_ends_before_they_have_met(self, market, name):
        run = Run(name, market).old(0, 1).new(6, 7).new_ended().old(2, 3, 4, 5, 6, 7, 8)
        assert run.seen == list(range(9))
        assert (run.merge.held, run.merge.is_settled) == (0, True)

    def test_the_successor_ends_after_the_switch(self, market, name):
        run = Run(name, market).old(0, 1).new(1, 2).old(2, 3, 4, 5).new(3).new_ended().old(6)
        assert run.seen == list(range(7))
        assert run.merge.is_settled

    def test_the_successor_ends_while_the_old_link_is_behind_it(self, market, name):
        run = Run(name, market).old(0, 1).new(1, 2, 3, 4).old(2).new_ended()
        assert not run.merge.is_settled
        run.old(3, 4, 5, 6)
        assert run.seen == list(range(7))

    def test_a_quiet_stream(self, market, name):
        run = Run(name, market).old_ended().new(7, 8)
        assert run.seen == [7, 8]


@pytest.mark.parametrize("name", ["a@trade", "b@aggTrade", "c@depth@100ms"])
def test_contiguous_ids_switch_as_soon_as_nothing_can_lie_between(name):
    run = Run(name).old(0, 1).new(2)
    assert run.seen == [0, 1, 2]
    assert run.merge.waiting == []


def test_what_was_delivered_before_the_merge_counts():
    run = Run("a@trade").before(0, 1, 2).new(2, 3).old(3)
    assert run.seen == [0, 1, 2, 3]
    run = Run("d@bookTicker").before(0, 1, 2).new(1, 2, 3).old(3)
    assert run.seen == [0, 1, 2, 3]


def test_events_of_one_moment_are_told_apart_by_content():
    run = Run("g@ticker").old(0, 1).new(1, 2).old(2).new(3)  # 0, 1 and 2 share their E
    assert run.seen == [0, 1, 2, 3]
    run = Run("g@ticker").old(0).new(1, 2).old(1).new(3)
    assert run.seen == [0, 1, 2, 3]


def test_a_time_that_steps_back_does_not_move_the_cursor():
    run = Run("g@ticker").old(3, 0, 4).new(9).old(6, 9).new(12)
    assert run.seen == [3, 0, 4, 6, 9, 12]


def test_a_snapshot_that_comes_again_unchanged_is_the_same():
    run = Run("e@depth10").old(1, 1, 2).new(1, 2, 2, 3, 3).old(2, 3)
    assert run.seen == [1, 1, 2, 3, 3]


def test_symbols_of_a_whole_market_stream_have_cursors_of_their_own():
    merge = Merge(Continuity("!bookTicker", "usdm"))
    a, b = {"s": "A", "u": 900}, {"s": "B", "u": 5}
    assert merge.old(a) == [a]
    assert merge.new(b) == []
    assert merge.old(b) == [b]
    assert merge.new({"s": "B", "u": 6}) == [{"s": "B", "u": 6}]


@pytest.mark.parametrize("name", ["btcusdt@optionTrade", "btcusdt@optionTicker@261225"])
def test_options_of_an_underlying_have_cursors_of_their_own(name):
    """Each has a book of its own: nothing says that their events come in the order of time."""
    merge = Merge(Continuity(name, "options"))
    before, a, b = ({"s": each[0], "E": int(each[1:])} for each in ("A99", "A100", "B101"))
    assert merge.new(a) == merge.new(b) == []
    assert merge.old(b) == [b]
    assert merge.old(before) == [before]
    assert merge.old(a) == [a]


def test_lists_of_either_futures_market_have_cursors_of_their_own():
    """The clocks of the two exchanges differ: a list of one is not older than that of the other."""

    def tickers(market: int, moment: int) -> list:
        return [{"e": "24hrTicker", "E": moment, "st": market, "s": "A"}]

    merge = Merge(Continuity("!ticker@arr", "usdm"))
    usdm, coinm = tickers(1, 1000), tickers(2, 995)
    assert merge.old(tickers(2, 10)) == [tickers(2, 10)]
    assert merge.new(usdm) == merge.new(coinm) == []
    assert merge.old(usdm) == [usdm]
    assert merge.old(coinm) == [coinm]
    assert merge.new(tickers(2, 1995)) == [tickers(2, 1995)]
    assert merge.new(tickers(1, 2000)) == [tickers(1, 2000)]


def test_liquidations_of_different_symbols_are_not_compared():
    merge = Merge(Continuity("!forceOrder@arr", "coinm"))
    first, second = (
        {"e": "forceOrder", "E": moment, "o": {"s": s}} for s, moment in (("A", 9), ("B", 5))
    )
    assert merge.old(first) == [first]
    assert merge.new(second) == []
    assert merge.old(second) == [second]


def test_waiting_names_the_streams_that_have_not_switched():
    merge = Merge(Continuity())
    merge.old({"stream": "a@trade", "data": trade(1)})
    merge.new({"stream": "b@trade", "data": trade(1)})
    assert merge.waiting == ["a@trade", "b@trade"]
    merge.new({"stream": "a@trade", "data": trade(1)})
    assert merge.waiting == ["b@trade"]
    merge.old_ended()
    assert merge.waiting == []


def test_what_is_flushed_keeps_the_order_of_arrival_across_streams():
    merge = Merge(Continuity())
    sent = [("b@ticker", 3), ("a@ticker", 1), ("b@ticker", 6), ("a@ticker", 9)]
    for name, n in sent:
        assert merge.new({"stream": name, "data": ticker(n)}) == []
    assert [(m["stream"], number(m["data"])) for m in merge.old_ended()] == sent


def test_beyond_the_bound_the_oldest_is_let_go_and_the_old_link_still_brings_it():
    run = Run("d@bookTicker", limit=3).old(0).new(5, 6, 7, 8, 9)
    assert run.merge.held == 3
    run.old(*range(1, 11)).new(10, 11)
    assert run.seen == list(range(12))
    assert run.continuity.gaps == []


def test_if_the_old_link_does_not_live_to_bring_it_the_gap_is_told():
    for name, first, last in (("d@bookTicker", None, None), ("a@trade", 501, 506)):
        run = Run(name, limit=3).old(0).new(5, 6, 7, 8, 9).old_ended()
        assert run.seen == [0, 7, 8, 9]
        assert run.continuity.gaps == [Gap(name, first, last)]


@pytest.mark.parametrize(
    ("name", "market", "is_quiet"),
    [("d@trade", "usdm", False), ("d@trade", "usdm", True), ("a@trade", "spot", True)],
)
def test_if_what_was_let_go_can_be_fetched_it_is_looked_up(name, market, is_quiet):
    continuity = Continuity(
        name, market, fill=lambda name, gaps: filled(name, market, gaps, Gapless(), 1)
    )
    merge, track = Merge(continuity, 3), continuity.track(name)
    track.is_up(5_000_000)
    if not is_quiet:
        assert len(merge.old(trade(1))) == 1
    for n in range(5, 10):
        assert merge.new(trade(n)) == []
    assert merge.old_ended() == []
    assert list(map(number, track.held)) == [7, 8, 9]
    assert track.cursor == (None if is_quiet else 502)
    assert set(continuity.gaps) == {Hole(name)}


def test_a_leak_that_the_old_link_made_good_is_no_gap():
    run = Run("f@kline_1m", limit=3).old(0).new(5, 6, 7, 8).old(1, 2, 3, 4, 5).old_ended()
    assert run.seen == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert run.continuity.gaps == []


# ids that began anew at the successor


def anew(name: str, market: str, n: int, later: int = 100_000) -> dict:
    """Event number n of a stream whose ids began anew, so much later."""
    payload = MARKETS[market][name](n - 100)
    return payload | ({"E": payload["E"] + later} if "E" in payload else {})


WITH_TIME = [("spot", "a@trade"), ("spot", "b@aggTrade"), ("spot", "c@depth@100ms")]
WITHOUT = [("spot", "d@bookTicker"), ("spot", "e@depth10"), ("usdm", "b@depth")]


class Renewed(Run):
    """The ids of a link are lower and its events newer."""

    def __init__(self, name: str, market: str) -> None:
        super().__init__(name, market)
        self.kind = name, market

    def renewed(self, *numbers: int, seconds: float = 0.0) -> "Renewed":
        for n in numbers:
            self.continuity.look(self.continuity.now + seconds)
            self._see(self.merge.new(anew(*self.kind, n)))
        return self

    def old_renewed(self, *numbers: int) -> "Renewed":
        for n in numbers:
            self._see(self.merge.old(anew(*self.kind, n)))
        return self


@pytest.mark.parametrize(("market", "name"), WITH_TIME)
class TestIdsThatBeginAnew:
    @pytest.mark.parametrize("first", ["old", "successor", "behind"])
    def test_on_both_links_each_event_is_delivered_once(self, market, name, first):
        run = Renewed(name, market)
        assert run.continuity.admit(run.make(51))
        run.continuity.link_lost()
        if first == "old":
            run.old_renewed(1).renewed(1, 2).old_renewed(2, 3).renewed(3)
        elif first == "successor":
            run.renewed(1, 2).old_renewed(1, 2, 3).renewed(3)
        else:
            run.old_renewed(1, 2, 3).renewed(1, 2, 3)
        run.renewed(4).old_renewed(4).old_ended()
        run.renewed(5)
        assert [n + 100 for n in run.seen] == [1, 2, 3, 4, 5]
        assert run.continuity.gaps == [Gap(name, None, None)]
        assert (run.merge.held, run.merge.is_settled) == (0, True)

    def test_the_links_do_not_meet_and_the_successor_is_heard_at_the_end(self, market, name):
        run = Renewed(name, market)
        run.old(50, 51).renewed(1, 2).old(52, 53)
        assert run.seen == [50, 51, 52, 53]
        assert run.merge.waiting == [name]
        run.old_ended()
        run.renewed(3, 4)
        assert [n if n > 0 else n + 100 for n in run.seen] == [50, 51, 52, 53, 1, 2, 3, 4]
        assert run.continuity.gaps == [Gap(name, None, None)]
        assert run.merge.is_settled

    def test_the_old_link_ends_first(self, market, name):
        run = Renewed(name, market)
        run.old(50, 51).old_ended()
        run.renewed(1, 2)
        assert [n if n > 0 else n + 100 for n in run.seen] == [50, 51, 1, 2]
        assert run.continuity.gaps == [Gap(name, None, None)]

    def test_the_successor_ends_and_nothing_has_happened(self, market, name):
        run = Renewed(name, market)
        run.old(50, 51).renewed(1, 2).new_ended()
        run.old(52)
        assert run.seen == [50, 51, 52]
        assert (run.continuity.gaps, run.merge.held) == ([], 0)


@pytest.mark.parametrize(("market", "name"), WITHOUT)
def test_ids_that_begin_anew_without_a_time_cost_nothing_of_the_old_link(market, name):
    run = Renewed(name, market)
    run.old(50, 51).renewed(1, 2).old(52, 53).old_ended()
    assert run.seen == [50, 51, 52, 53], "what was held is delivered"
    run.renewed(*range(3, 12), seconds=1.0)
    assert [n + 100 for n in run.seen[4:]] == [*range(9, 12)]
    assert run.continuity.gaps == [Gap(name, None, None)]
    assert run.merge.is_settled


def test_streams_that_begin_anew_on_the_next_link():
    continuity = Continuity()
    names = ("a@trade", "b@trade")
    for name in names:
        assert continuity.admit({"stream": name, "data": {"E": 1000, "t": 900}})
    continuity.link_lost()
    for name in names:
        assert continuity.admit({"stream": name, "data": {"E": 1001, "t": 1}})
    assert continuity.gaps == [Gap(name, None, None) for name in names]


def test_a_time_that_the_callback_has_made_seconds_of_is_no_sign_that_ids_began_anew():
    continuity = Continuity("a@trade")
    delivered = {"E": 1_700_000_000_500, "t": 900}
    assert continuity.admit(delivered)
    delivered["E"] //= 1000
    continuity.link_lost()
    assert not continuity.admit({"E": 1_700_000_000_400, "t": 899})  # of a machine that is behind
    assert continuity.admit({"E": 1_700_000_000_600, "t": 901})
    assert continuity.gaps == []


def test_the_clock_of_receipt_reaches_streams_of_all_ages():
    continuity = Continuity()
    continuity.look(100.0)
    assert continuity.admit({"stream": "a@bookTicker", "data": {"u": 900}})
    continuity.link_lost()
    passed = []
    for now in range(100, 110):
        continuity.look(float(now))
        passed.append(continuity.admit({"stream": "a@bookTicker", "data": {"u": now}}))
    assert passed == [False] * 6 + [True] * 4


def test_whoever_knows_that_the_ids_began_anew_may_say_so():
    continuity = Continuity("a@trade")
    assert continuity.admit(trade(900))
    continuity.restart()
    assert continuity.admit(trade(5))
    assert continuity.gaps == []


def test_account_events_that_the_old_link_has_missed_come_in_order():
    merge = Merge(Continuity(account=True))
    first, second, third = ({"e": "x", "n": n} for n in (1, 2, 3))
    assert merge.new(first) == merge.new(second) == []
    assert merge.old(second) == [first, second]
    assert merge.new(third) == [third]
    assert merge.old(first) == merge.old(third) == []  # it was late, and did not miss it
    assert merge.old_ended() == []
    assert merge.held == 0


def test_account_events_are_paired_by_content_whatever_their_subscription():
    merge = Merge(Continuity(account=True))

    def event(n: int, subscription: int | None = None) -> dict:
        plain = {"e": "executionReport", "E": 5, "i": n}
        return plain if subscription is None else {"subscriptionId": subscription, "event": plain}

    assert merge.old(event(1, 0)) == [event(1, 0)]
    assert merge.new(event(1, 1)) == []
    assert merge.new(event(2, 1)) == [event(2, 1)]
    assert merge.old(event(2, 0)) == []
    assert merge.old_ended() == []
    assert merge.new(event(3, 1)) == [event(3, 1)]


# any interleaving


@st.composite
def interleavings(draw):
    """Two links with a part in common, in any interleaving, and how it ends."""
    length = draw(st.integers(1, 14))
    begin = draw(st.integers(0, length))
    end = draw(st.integers(begin, length))
    steps = [0] * end + [1] * (length - begin)
    return length, begin, draw(st.permutations(steps)), draw(st.integers(0, len(steps)))


@pytest.mark.parametrize(("market", "name"), KINDS)
@settings(max_examples=examples(40))
@given(interleavings())
def test_any_interleaving_delivers_each_event_once_and_in_order(market, name, drawn):
    length, begin, steps, _ = drawn
    run, ahead = Run(name, market), [0, begin]
    left = steps.count(0)
    if not left:
        run.old_ended()
    for link in steps:
        (run.new if link else run.old)(ahead[link])
        ahead[link] += 1
        left -= link == 0
        if link == 0 and left == 0:
            run.old_ended()
    assert run.seen == list(range(length))
    assert run.continuity.gaps == []
    assert run.merge.held == 0


@pytest.mark.parametrize(("market", "name"), KINDS)
@settings(max_examples=examples(40))
@given(interleavings())
def test_the_successor_may_die_at_any_moment(market, name, drawn):
    length, begin, steps, moment = drawn
    run, ahead, alive = Run(name, market), [0, begin], True
    for i, link in enumerate(steps):
        if i == moment:
            run.new_ended()
            alive = False
        if link == 0 or alive:
            (run.new if link else run.old)(ahead[link])
            ahead[link] += 1
    if alive:
        run.new_ended()
    run.old(*range(ahead[0], length))
    assert run.seen == list(range(length))
    assert run.continuity.gaps == []


@pytest.mark.parametrize(("market", "name"), KINDS)
@settings(max_examples=examples(40))
@given(interleavings())
def test_the_old_link_may_die_at_any_moment(market, name, drawn):
    length, begin, steps, moment = drawn
    run, ahead, alive = Run(name, market), [0, begin], True
    for i, link in enumerate(steps):
        if i == moment:
            run.old_ended()
            alive = False
        if link == 1 or alive:
            (run.new if link else run.old)(ahead[link])
            ahead[link] += 1
    if alive:
        run.old_ended()
    assert run.seen == [n for n in range(length) if n < ahead[0] or n >= begin]
    missed = 0 < ahead[0] < begin < length
    assert bool(run.continuity.gaps) is (missed and (market, name) in NAMES_GAPS)


# lagging links


@dataclass
class Rotation:
    """One rotation of a combined connection, with random rates and lags."""

    rng: random.Random
    market: str = "spot"

    def play(self) -> None:
        rng = self.rng
        names = rng.sample(sorted(MARKETS[self.market]), rng.randint(1, 3))
        opened = LEAD_SECONDS + rng.uniform(0.05, 0.5)
        emitted = []
        for name in names:
            rate, clock, n = 10 ** rng.uniform(-1.0, 0.7), 0.0, 0
            while (clock := clock + rng.expovariate(rate)) < opened + OVERLAP_SECONDS + 4:
                emitted.append((clock, name, n))
                n += 1
        emitted.sort()
        # Each link takes the market's events in order, each after a lag of its own.
        lags = [rng.choice((0.01, 0.3, 3.0)), rng.choice((0.01, 0.3, 3.0))]
        links = [self.arrivals(emitted, lag) for lag in lags]
        ending = rng.choice(("closed", "closed", "old dies", "successor dies"))
        death = opened + rng.uniform(0.0, LEAD_SECONDS)

        continuity = Continuity(market=self.market)
        merge, closing = Merge(continuity), False
        seen: dict[str, list[int]] = {name: [] for name in names}
        got: list[dict[str, list[int]]] = [{name: [] for name in names} for _ in links]
        gone = [False, False]

        def see(messages) -> None:
            for message in messages:
                seen[message["stream"]].append(number(message["data"]))

        def end(link: int) -> None:
            gone[link] = True
            see(merge.new_ended() if link else merge.old_ended())

        steps = sorted((at, link, *what) for link in (0, 1) for at, *what in links[link])
        for at, link, name, n in steps:
            if at >= death and ending in ("old dies", "successor dies") and not any(gone):
                end(ending == "successor dies")
            if ending == "closed" and not closing and at > opened + LEAD_SECONDS:
                closing = not merge.waiting or at > opened + OVERLAP_SECONDS
                if closing:
                    end(0)
            if gone[link] or (link == 1 and at < opened):
                continue
            message = {"stream": name, "data": MARKETS[self.market][name](n)}
            got[link][name].append(n)
            see(merge.new(message) if link else merge.old(message))
        if not any(gone):
            end(0)
        for name in names:
            due = sorted({n for link in got for n in link[name]})
            context = (ending, name, lags)
            assert seen[name] == due, context
            if ending != "old dies":
                assert due == list(range(len(due))), context
        if ending != "old dies":
            assert continuity.gaps == []
        assert merge.held == 0 or not gone[0]

    def arrivals(self, emitted, lag: float):
        """When each event arrives: in order, after a lag drawn for it alone."""
        moment = 0.0
        for clock, name, n in emitted:
            moment = max(moment, clock + self.rng.uniform(0.0, lag))
            yield moment, name, n


def test_rotations_of_lagging_links():
    rng = random.Random(20261121)
    for _ in range(examples(ROTATIONS)):
        Rotation(rng, rng.choice(sorted(MARKETS))).play()


def test_how_often_each_stream_of_fixed_cadence_was_heard():
    continuity = Continuity()
    names = ["!miniTicker@arr", "bnbbtc@avgPrice", "bnbbtc@trade"]
    for count in (1, 2):
        for name in names:
            continuity.admit({"stream": name, "data": {"E": count, "t": count}})
        assert continuity.heard(0) == dict.fromkeys(names[:2], count)
    continuity.forget(names[:1])
    assert continuity.heard(0) == {names[1]: 2}
