"""Two links with the same streams: each event once and in order, whichever link fails.

Single cases are lines of the theory.  The simulation cuts links at random, 200 times for each kind
of stream, while both lag by amounts that change.
"""

import heapq
import json
import random

import pytest

from binance.sansio.feed.backfill import filled
from binance.sansio.feed.continuity import Continuity
from binance.sansio.feed.cursors import Gap
from binance.sansio.feed.gapless import Gapless
from binance.sansio.feed.redundancy import (
    HOLD_SECONDS,
    SAMPLES,
    SILENT_SECONDS,
    Redundancy,
    statistics,
)
from tests.sansio.test_continuity import (
    KINDS,
    MARKETS,
    NAMES_GAPS,
    number,
    partial_depth,
    trade,
)

CUTS, LAG = 200, 0.05
TRADES, KLINES, BOOKS = "a@trade", "f@kline_1m", "e@depth10"


class Pair:
    """Two links of one session, and what the callback gets.

    :param alike: whether both links bring an event in the same octets.
    """

    def __init__(self, stream=None, market="spot", alike=True):
        self.continuity = Continuity(stream, market)
        self.redundancy = Redundancy(self.continuity, self.is_control, self.loads, stream)
        self.stream = stream
        self.alike = alike
        self.got = []
        self.sinks = {}
        self.decoded = 0

    def open(self, link, at=None):
        self.sinks[link] = self.redundancy.sink(
            link, int(str(link)[0] == "b") if at is None else at, self.deliver, self.got.append
        )

    def loads(self, octets):
        self.decoded += 1
        return json.loads(octets)

    def deliver(self, message):
        if self.continuity.admit(message):
            self.got.append(message)

    @staticmethod
    def is_control(message):
        return isinstance(message, dict) and "result" in message

    def say(self, link, *events, stream=TRADES):
        for event in events:
            message = event if self.stream else {"stream": stream, "data": event}
            self.bring(link, message)

    def bring(self, link, message):
        octets = json.dumps(message).encode() + b" " * (not self.alike and str(link)[0] == "b")
        self.sinks[link](self.redundancy.decoder(link)(octets))

    def cut(self, link, heard=0.0):
        del self.sinks[link]
        return self.redundancy.ended(link, heard)

    @property
    def numbers(self):
        return [number(one if self.stream else one["data"]) for one in self.got]


def pair(stream=TRADES):
    made = Pair(stream)
    made.open("a")
    made.open("b")
    return made


def trades(*numbers):
    return map(trade, numbers)


def test_the_first_arrival_is_delivered():
    both = pair()
    both.say("a", *trades(1, 2))
    both.say("b", *trades(1, 2, 3, 4))
    both.say("a", *trades(3, 4, 5))
    both.say("b", *trades(5))
    assert both.numbers == [1, 2, 3, 4, 5]
    assert statistics([both.redundancy])["first"] == [3, 2]
    assert both.continuity.gaps == []


@pytest.mark.parametrize("stream", [None, TRADES])
def test_a_second_arrival_in_the_same_octets_is_not_decoded(stream):
    both = Pair(stream)
    both.open("a"), both.open("b")
    both.say("a", *trades(1, 2))
    both.say("b", *trades(1, 2))  # it meets the stream with 1
    both.say("b", trade(3))
    both.say("a", trade(3))
    assert both.numbers == [1, 2, 3]
    assert both.decoded == 4
    assert statistics([both.redundancy])["first"] == [2, 1]
    both.redundancy.look(1.0, False)
    both.say("a", trade(3))
    assert both.numbers == [1, 2, 3]
    assert both.decoded == 5


def test_links_that_are_out_of_step_are_in_step_again_after_a_second():
    both = Pair(TRADES)
    both.open("a"), both.open("b")
    both.say("a", trade(1)), both.say("b", trade(1))
    both.say("a", *trades(2, 3)), both.say("b", trade(3))  # it has lost one
    before = both.decoded
    both.say("a", trade(4)), both.say("b", trade(4))
    assert both.decoded == before + 2
    both.redundancy.look(1.0, False)
    both.say("b", *trades(5, 6)), both.say("a", *trades(5, 6))
    assert both.decoded == before + 4
    assert both.numbers == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("stream", [None, KLINES])
def test_octets_that_one_link_brings_twice_are_two_events(stream):
    both, make = Pair(stream), MARKETS["spot"][KLINES]
    both.open("a"), both.open("b")
    both.say("a", make(1), stream=KLINES), both.say("b", make(1), stream=KLINES)
    both.say("a", make(2), make(2), stream=KLINES)
    assert both.numbers == [1, 2, 2]
    both.say("b", make(2), make(2), make(3), stream=KLINES)
    assert both.numbers == [1, 2, 2, 3]


def test_a_link_that_opens_ahead_of_the_other_hides_nothing():
    both = pair()
    both.say("a", *trades(1))
    both.say("b", *trades(4, 5))
    assert both.numbers == [1]
    assert both.redundancy.waiting == [TRADES]
    both.say("a", *trades(2, 3))
    assert both.numbers == [1, 2, 3, 4, 5]
    assert both.redundancy.waiting == []
    both.say("a", *trades(4, 5, 6))
    assert both.numbers == [1, 2, 3, 4, 5, 6]


def test_what_one_link_has_lost_comes_from_the_other():
    both = pair()
    both.say("a", *trades(1))
    both.say("b", *trades(1))
    both.say("a", *trades(4))
    both.say("b", *trades(2, 3))
    assert both.numbers == [1, 2, 3, 4]
    assert both.continuity.gaps == []


def test_what_both_have_lost_is_a_gap():
    both = pair()
    both.say("a", *trades(1))
    both.say("b", *trades(1))
    both.say("a", *trades(7, 8))
    both.say("b", *trades(5, 6, 7))
    assert both.numbers == [1, 5, 6, 7, 8]
    assert both.continuity.gaps == [Gap(TRADES, 502, 504)]


def test_the_end_of_a_link_releases_what_waits_for_it():
    both = pair()
    both.say("a", *trades(1))
    both.say("b", *trades(3, 4))
    both.cut("a")
    assert both.numbers == [1, 3, 4]
    assert both.continuity.gaps == [Gap(TRADES, 502, 502)]


def test_what_waited_for_a_link_that_comes_back_is_dropped_with_it():
    both = pair()
    both.say("a", *trades(1))
    both.say("b", *trades(3))
    both.cut("b")
    both.say("a", *trades(2, 3))
    assert both.numbers == [1, 2, 3]
    assert both.redundancy.waiting == []


def test_the_ids_of_a_stream_of_all_symbols_are_not_compared():
    both = pair("!bookTicker")
    quotes = [{"s": symbol, "u": u, "b": "1"} for symbol, u in (("A", 9), ("B", 2), ("C", 5))]
    both.say("a", *quotes[:1])
    both.say("b", *quotes[:2])
    both.say("a", *quotes[1:])
    assert both.got == quotes


def test_the_times_of_options_of_an_underlying_are_not_compared():
    both = pair("btcusdt@optionTrade")
    first, other, second = ({"s": each[0], "E": int(each[1:])} for each in ("A7", "B9", "A8"))
    both.say("a", first, other)
    both.say("b", first, second)
    assert both.got == [first, other, second]
    both.say("a", second)
    both.say("b", other)
    assert both.got == [first, other, second]


@pytest.mark.parametrize("heard", [False, True])
def test_a_half_open_link_is_waited_for_a_moment_only(heard):
    both = pair()
    both.say("a", *trades(1))
    both.say("b", *trades(3))
    both.redundancy.look(100.0, False)
    if heard:
        both.redundancy.read("a", trade(1), 101.0)
    patience = HOLD_SECONDS if heard else SILENT_SECONDS
    both.redundancy.look(100.0 + patience - 0.1, False)
    assert both.numbers == [1]
    both.redundancy.look(100.0 + patience, False)
    assert both.numbers == [1, 3]
    both.say("a", *trades(2, 3, 4))
    assert both.numbers == [1, 3, 4]
    assert both.continuity.gaps == [Gap(TRADES, 502, 502)]


def test_where_no_id_shows_what_a_half_open_link_has_lost_a_gap_says_so():
    both = Pair(KLINES)
    both.open("a"), both.open("b")
    make = MARKETS["spot"][KLINES]
    both.say("a", make(2))
    both.say("b", make(9))
    both.redundancy.look(100.0, False)
    both.redundancy.look(103.0, False)
    assert both.numbers == [2, 9]
    assert both.continuity.gaps == [Gap(KLINES, None, None)]


def filled_pair(name, market="spot"):
    """Two links, and the track of their only stream, whose missing events are fetched."""
    both = Pair(name, market)
    both.continuity = Continuity(
        name, market, fill=lambda name, gaps: filled(name, market, gaps, Gapless(), 1)
    )
    both.redundancy = Redundancy(both.continuity, both.is_control, both.loads, name)
    both.open("a"), both.open("b")
    return both, both.continuity.track(name)


@pytest.mark.parametrize("is_half_open", [True, False])
def test_where_no_id_shows_what_both_links_have_lost_it_is_fetched(is_half_open):
    both, track = filled_pair("d@trade", "usdm")
    both.redundancy.opened("a", 0.0)
    both.say("a", trade(1), trade(4))
    both.redundancy.opened("b", 8.0)
    both.say("b", trade(9))
    if is_half_open:
        both.redundancy.look(10.0, False)
        both.redundancy.look(10.0 + SILENT_SECONDS, False)
    else:
        both.cut("a", 9.0)
    assert both.numbers == [1, 4]
    assert [one["p"] for one in track.held] == [9]
    assert [one for one in both.continuity.gaps if isinstance(one, Gap)] == []


def test_filled_trades_whose_ids_rise_by_unknown_steps_do_not_wait_for_the_slower_link():
    both, _ = filled_pair("d@trade", "usdm")
    both.say("a", trade(1)), both.say("b", trade(1))
    both.say("a", trade(5))
    assert both.numbers == [1, 5]


def test_of_a_quiet_stream_it_is_looked_up_what_was_under_way_on_a_link_that_ends():
    both, track = filled_pair(TRADES)
    track.is_up(5_000_000)
    both.redundancy.opened("a", 0.0), both.redundancy.opened("b", 8.0)
    both.cut("a", 9.0)
    both.continuity.link_lost(is_backed=True)
    both.say("b", trade(4))
    assert (both.numbers, len(track.held)) == ([], 1)


def quiet_pair():
    """A stream that has brought nothing, the older link, and a newer one after a loss."""
    both, track = filled_pair(TRADES)
    track.is_up(5_000_000)
    both.redundancy.opened("a", 0.0), both.redundancy.opened("b", 1.0)
    both.cut("a", 5.0)
    both.continuity.link_lost(is_backed=True)
    both.open("a2"), both.redundancy.opened("a2", 35.0)
    return both, track


@pytest.mark.parametrize("is_found_dead", [True, False])
def test_of_a_quiet_stream_it_is_looked_up_what_an_older_link_that_is_half_open_has_missed(
    is_found_dead,
):
    both, track = quiet_pair()
    both.say("a2", trade(7), trade(8))
    assert (both.numbers, track.held) == ([], None)
    if is_found_dead:
        both.cut("b", 6.0)
    else:
        both.redundancy.look(36.0, False)
        assert track.held is None
        both.redundancy.look(36.0 + SILENT_SECONDS, False)
    assert (both.numbers, len(track.held)) == ([], 2)
    assert [one for one in both.continuity.gaps if isinstance(one, Gap)] == []


def test_of_a_quiet_stream_the_events_of_an_older_link_that_lives_are_delivered_at_once():
    both, track = quiet_pair()
    both.say("a2", trade(7))
    both.say("b", trade(6), trade(7), trade(8))
    both.say("a2", trade(8), trade(9))
    both.redundancy.look(50.0, False)
    assert (both.numbers, track.held) == ([6, 7, 8, 9], None)


def test_of_a_quiet_stream_a_link_waits_for_none_that_has_been_heard_since_it_opened():
    both, track = quiet_pair()
    both.redundancy.read("b", {"result": None}, 35.0)
    both.say("a2", trade(7))
    assert (both.numbers, track.held) == ([7], None)


@pytest.mark.parametrize("lives", [True, False])
@pytest.mark.parametrize("raw", [True, False])
def test_a_link_that_has_brought_nothing_yet_is_waited_for_by_a_newer_one(lives, raw):
    both, make = Pair(KLINES if raw else None), MARKETS["spot"][KLINES]
    both.open("b"), both.redundancy.opened("b", 0.0)
    both.say("b", make(2), stream=KLINES)
    both.open("a"), both.redundancy.opened("a", 1.0)
    both.cut("b")
    both.open("b2"), both.redundancy.opened("b2", 8.0)
    both.say("b2", make(9), stream=KLINES)
    assert both.numbers == [2]
    both.redundancy.look(10.0, False)
    if lives:
        both.say("a", make(5), make(9), stream=KLINES)
        assert both.numbers == [2, 5, 9]
    both.redundancy.look(10.0 + SILENT_SECONDS, False)
    assert both.numbers == ([2, 5, 9] if lives else [2, 9])
    assert both.continuity.gaps == ([] if lives else [Gap(KLINES, None, None)])


@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize(
    ("heard", "was_dead", "is_unsure"), [(5.0, 1, 0), (9.0, 0, 1), (14.0, 0, 0)]
)
def test_a_link_that_has_brought_nothing_yet_leads_with_a_gap(raw, heard, was_dead, is_unsure):
    both, make = Pair(KLINES if raw else None), MARKETS["spot"][KLINES]
    both.open("a"), both.redundancy.opened("a", 0.0)
    both.say("a", make(2), stream=KLINES)
    both.open("b"), both.redundancy.opened("b", 8.0)
    assert both.cut("a", heard) is bool(was_dead)  # then the caller reports the streams
    both.say("b", make(9), make(10), stream=KLINES)
    assert both.numbers == [2, 9, 10]
    assert both.continuity.gaps == [Gap(KLINES, None, None)] * is_unsure


def test_a_link_that_meets_the_stream_has_missed_nothing():
    both, make = Pair(KLINES), MARKETS["spot"][KLINES]
    both.open("a"), both.redundancy.opened("a", 0.0)
    both.say("a", make(2))
    both.open("b"), both.redundancy.opened("b", 8.0)
    both.cut("a", 9.0)
    both.say("b", make(2), make(9))
    assert both.numbers == [2, 9]
    assert both.continuity.gaps == []


@pytest.mark.parametrize("first", ["a", 7, [], {"e": "kline", "k": None}])
def test_a_stream_of_candles_may_begin_with_something_else(first):
    both, make = Pair(KLINES), MARKETS["spot"][KLINES]
    both.open("a"), both.open("b")
    both.say("a", first), both.say("b", first)
    both.say("a", make(1)), both.say("b", make(1), make(2))
    assert both.got == [first, first, make(1), make(2)]


def test_candles_that_are_filled_do_not_wait_for_the_slower_link():
    (both, _), make = filled_pair(KLINES), MARKETS["spot"][KLINES]
    both.say("a", make(2)), both.say("b", make(2))
    both.say("a", make(5))
    assert both.numbers == [2, 5]


@pytest.mark.parametrize(("heard", "is_dead"), [(7.0, True), (9.0, False), (20.0, False)])
def test_a_link_that_ends_may_have_been_dead_before_the_other_one_opened(heard, is_dead):
    both = Pair(KLINES)
    both.open("a"), both.open("b")
    make = MARKETS["spot"][KLINES]
    both.say("a", make(2))
    both.redundancy.opened("a", 1.0)
    both.redundancy.opened("b", 8.0)
    both.say("b", make(9))
    del both.sinks["a"]
    assert both.redundancy.ended("a", heard) is is_dead
    assert both.numbers == [2, 9]
    assert (both.continuity.gaps == []) is (heard == 20.0)  # else its last events were on the way
    assert both.redundancy.ended("b", 30.0) is False  # an outage, which is reported


def test_while_reading_is_paused_nothing_is_released():
    both = pair()
    both.say("a", *trades(1))
    both.say("b", *trades(3))
    for second in range(60):
        both.redundancy.look(float(second), True)
    assert both.numbers == [1]
    both.redundancy.look(60.0, False)
    both.redundancy.look(60.0 + SILENT_SECONDS, False)
    assert both.numbers == [1, 3]


def test_a_third_link_in_a_rotation_is_like_the_others():
    both = pair()
    both.say("a", *trades(1, 2))
    both.say("b", *trades(1))
    both.open("b successor")
    both.say("b successor", *trades(4))
    both.say("b", *trades(2, 3))
    assert both.numbers == [1, 2, 3, 4]
    both.cut("b")
    both.cut("a")
    both.say("b successor", *trades(5))
    assert both.numbers == [1, 2, 3, 4, 5]


def test_events_with_the_same_time_are_told_apart_by_content():
    both = Pair(KLINES)
    both.open("a")
    both.open("b")
    make = MARKETS["spot"][KLINES]
    both.say("a", make(2), make(3))  # one time
    both.say("b", make(2), make(3), make(4))
    both.say("a", make(4), make(5))
    both.say("b", make(5))
    assert both.numbers == [2, 3, 4, 5]


def test_a_book_that_is_sent_again_comes_as_often_as_one_link_sends_it():
    both = Pair(BOOKS)
    both.open("a")
    both.open("b")
    for link in "abab":
        both.say(link, partial_depth(1))
    assert both.numbers == [1, 1]
    both.say("a", partial_depth(2))
    both.say("b", partial_depth(2), partial_depth(2))
    assert both.numbers == [1, 1, 2, 2]


@pytest.mark.parametrize("stream", [None, TRADES, KLINES])
def test_answers_and_other_shapes_pass(stream):
    both = Pair(stream)
    both.open("a")
    both.open("b")
    reply = {"result": None, "id": 1}
    for link in "abab":
        both.bring(link, reply)
    assert both.got.count(reply) == 4
    for odd in ({"data": 1, "stream": []}, {}, {"stream": TRADES}):
        both.bring("a", odd)  # and does not raise


def test_ids_that_restart_under_both_links():
    both = pair()
    both.say("a", *trades(1000, 1001))
    both.say("b", *trades(1000))
    for link in "ab":
        both.cut(link)
    both.continuity.link_lost()
    both.open("a2")
    both.open("b2")
    later = [{"e": "trade", "E": 90_000 + n, "t": n, "p": n} for n in (1, 2, 3)]
    both.say("a2", later[0])
    both.say("b2", *later)
    both.say("a2", *later[1:])
    assert both.numbers == [1000, 1001, 1, 2, 3]
    assert both.continuity.gaps == [Gap(TRADES, None, None)]


def test_ids_that_restart_on_a_stream_without_times():
    both = Pair("d@bookTicker")
    both.open("a"), both.open("b")
    quote = MARKETS["spot"]["d@bookTicker"]
    both.say("a", quote(500))
    both.say("b", quote(500))
    for link in "ab":
        both.cut(link)
    both.continuity.link_lost()
    both.open("a2"), both.open("b2")
    for n in range(1, 10):
        both.continuity.look(float(n))
        for link in ("a2", "b2"):
            both.say(link, quote(n))
    assert both.numbers == [500, 7, 8, 9]  # five seconds later: it might have been a repetition
    assert both.continuity.gaps == [Gap("d@bookTicker", None, None)]


def test_ids_that_restart_under_both_links_while_they_live():
    both = pair()
    both.say("a", *trades(1000))
    both.say("b", *trades(1000))
    for n in range(1, 100):
        both.continuity.look(float(n))
        for link in "ab":
            both.say(link, {"e": "trade", "E": 1_770_000_000_000 + 1000 * n, "t": n, "p": n})
    assert both.numbers == [1000, *range(62, 100)]  # a minute later
    assert both.continuity.gaps == [Gap(TRADES, None, None)]


def test_ids_that_restart_on_a_link_that_comes_back_while_the_other_goes_on():
    both = pair()
    both.say("a", *trades(1000))
    both.say("b", *trades(1000))
    both.cut("b")
    both.open("b2")
    later = [{"e": "trade", "E": 90_000 + n, "t": n, "p": n} for n in range(1, 9)]
    both.say("b2", *later[:3])
    both.say("a", *trades(1001, 1002))
    assert both.numbers == [1000, 1001, 1002]  # one line of ids
    both.cut("a")
    both.continuity.link_lost()
    both.say("b2", *later[3:])
    assert both.numbers == [1000, 1001, 1002, 4, 5, 6, 7, 8]
    assert both.continuity.gaps == [Gap(TRADES, None, None)]


def test_ids_that_restart_while_the_old_links_are_half_open_and_replaced():
    both = pair()
    both.say("a", *trades(1000))
    both.say("b", *trades(1000))
    later = [{"e": "trade", "E": 90_000 + n, "t": n, "p": n} for n in range(1, 9)]
    both.open("a2"), both.say("a2", later[0]), both.cut("a")
    both.open("b2"), both.say("b2", later[1]), both.say("a2", later[1]), both.cut("b")
    both.continuity.link_lost()
    for link in ("a2", "b2"):
        both.say(link, *later[2:])
    assert both.numbers == [1000, 3, 4, 5, 6, 7, 8]
    assert both.continuity.gaps == [Gap(TRADES, None, None)]


def test_streams_that_are_forgotten_begin_anew():
    both = pair(None)
    both.say("a", *trades(1))
    both.say("b", *trades(1))
    both.continuity.drop([TRADES])
    both.say("a", *trades(2))
    both.say("b", *trades(2))
    both.continuity.forget([TRADES])
    both.say("b", *trades(9))
    both.say("a", *trades(9, 10))
    assert both.numbers == [1, 9, 10]
    assert both.continuity.gaps == []
    both.continuity.restart()
    both.say("a", *trades(20))
    both.say("b", *trades(20))
    assert both.numbers == [1, 9, 10, 20]
    assert both.continuity.gaps == []


def test_a_stream_that_is_forgotten_between_two_arrivals_of_an_event_brings_it_once():
    both = Pair("d@bookTicker")
    both.open("a"), both.open("b")
    quote = MARKETS["spot"]["d@bookTicker"]
    for link in "ab":
        both.say(link, quote(1))
    both.continuity.drop([both.stream])
    both.continuity.forget([both.stream])
    both.say("a", quote(2))
    both.continuity.forget([both.stream])  # an answer to the first request
    both.say("b", quote(2), quote(3))
    both.say("a", quote(3))
    assert both.numbers == [1, 2, 3]


def test_the_lead_is_measured_from_read_to_read():
    both = pair()
    both.say("b", *trades(0))
    for n in range(2 * SAMPLES):
        both.say("a", trade(n))
        both.redundancy.read("a", trade(n), n)
        both.say("b", trade(n))
        both.redundancy.read("b", trade(n), n + (0.25 if n % 10 == 0 else 0.125))
    assert statistics([both.redundancy]) == {
        "first": [2 * SAMPLES, 1],
        "lead_p50": 0.125,
        "lead_p99": 0.25,
    }
    assert statistics([]) is None
    assert statistics([pair().redundancy]) == {"first": [0, 0], "lead_p50": None, "lead_p99": None}


class Side:
    """One of two links, whose server lags by an amount that changes."""

    def __init__(self, link, dice, now):
        self.link, self.opened, self.last, self._dice = link, now, now, dice
        self.lag = dice.uniform(0.0, LAG)

    def arrival(self, now):
        self.lag = min(LAG, max(0.0, self.lag + self._dice.uniform(-0.01, 0.01)))
        self.last = max(self.last, now + self.lag)
        return self.last


@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize(
    ("market", "stream", "alike"),
    [(*kind, True) for kind in KINDS] + [(*kind, False) for kind in NAMES_GAPS],
)
def test_links_that_are_cut_at_random_lose_nothing(market, stream, alike, raw):
    dice = random.Random(f"{market} {stream} {raw}")
    make = MARKETS[market][stream]
    both = Pair(stream if raw else None, market, alike)
    both.open("a"), both.open("b")
    sides = {side: Side(side, dice, 0.0) for side in "ab"}
    under_way = []  # arrival, link, event number; each link keeps the order
    cuts, now, event, back = 0, 1.0, 0, None  # back: when the lost link opens again, and which one
    while cuts < CUTS or back:
        now += dice.expovariate(100.0)
        while under_way and under_way[0][0] <= now:
            _, link, n = heapq.heappop(under_way)
            if link in both.sinks:
                both.say(link, make(n), stream=stream)
        event += 1
        for side in sides.values():
            if side.link in both.sinks:
                heapq.heappush(under_way, (side.arrival(now), side.link, event))
        if back and now > back[0]:
            lost, back = back[1], None
            sides[lost] = Side(f"{lost}{cuts}", dice, now)
            both.open(sides[lost].link)
        elif not back and dice.random() < 0.05:
            lost, left = dice.sample("ab", 2)
            if now - sides[left].opened > 2 * LAG:
                both.cut(sides[lost].link)
                back, cuts = (now + dice.expovariate(5.0), lost), cuts + 1
    numbers = both.numbers if stream != "i@newStream" else sorted(both.numbers)
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= event - 20
    assert both.continuity.gaps == []


def test_a_link_that_is_ahead_of_a_held_stream_does_not_hide_what_the_other_one_brings():
    both, track = filled_pair(TRADES)
    both.cut("b")
    both.say("a", trade(1))
    both.cut("a")
    both.continuity.link_lost()
    both.open("b")
    both.say("b", trade(50))
    assert [one["t"] - trade(0)["t"] for one in track.held] == [50]
    both.open("a2", at=0)
    both.say("a2", trade(60))
    both.say("b", *map(trade, range(51, 62)))
    assert [one["t"] - trade(0)["t"] for one in track.held] == list(range(50, 62))
