"""The procedure of keeping a book in step: its table, its course, and that it never lies.

The exchange of these tests is written here, by other code than the book's: plain dicts, a copy of
the whole book for every id that ever was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binance.sansio.book import booksync
from binance.sansio.book.bookrules import FUTURES, SPOT, Rules
from binance.sansio.book.booksync import (
    BACKWARD_EVENTS,
    FIRST_DELAY,
    IGNORED,
    KEPT_EVENTS,
    LAG_EVENTS,
    LAG_SECONDS,
    LAST_DELAY,
    PROVING_EVENTS,
    TRANSITIONS,
    BookSync,
    Command,
    Input,
    State,
)
from binance.sansio.book.orderbook import OrderBook
from binance.sansio.feed.cursors import Gap, Track, track
from binance.simulator.market.order_book import Book as SimulatorsBook
from tests.profiles import examples

ASK, APPLIED, REPLACED, LOST = Command.ASK, Command.APPLIED, Command.REPLACED, Command.LOST


def event(
    first: int,
    last: int | None = None,
    bids: Mapping[str, str] | None = None,
    asks: Mapping[str, str] | None = None,
    **more: int,
) -> dict[str, Any]:
    return {
        "e": "depthUpdate",
        "E": 1_000_000 + first,
        "U": first,
        "u": first if last is None else last,
        "b": [list(level) for level in (bids or {}).items()],
        "a": [list(level) for level in (asks or {}).items()],
        **more,
    }


def book(update_id: int, bid: str = "1.0", ask: str = "1.1", limit: int | None = None) -> OrderBook:
    answer = {"lastUpdateId": update_id, "bids": [[bid, "1"]], "asks": [[ask, "1"]]}
    return OrderBook.from_snapshot(answer, limit)


def live(update_id: int = 100, rules: Rules = SPOT, applied: int = PROVING_EVENTS) -> BookSync:
    """A machine whose book has proven itself."""
    sync = BookSync(rules)
    sync.opened()
    assert sync.snapshot(book(update_id - applied)) == (REPLACED,)
    for i in range(update_id - applied + 1, update_id + 1):
        assert sync.event(event(i, pu=i - 1)) == (APPLIED,)
    return sync


class TestTable:
    def test_every_pair_is_in_the_table_or_ignored_for_a_reason(self) -> None:
        pairs = {(state, input) for state in State for input in Input}
        assert set(TRANSITIONS) | set(IGNORED) == pairs
        assert not set(TRANSITIONS) & set(IGNORED)
        assert all(IGNORED.values())

    def test_every_action_is_performed_by_something(self) -> None:
        for _, actions in TRANSITIONS.values():
            assert all(callable(getattr(BookSync, f"_{action}")) for action in actions.split())

    def test_every_state_is_reached_from_the_first(self) -> None:
        reached = {State.BUFFERING}
        for _ in State:
            reached |= {state for (start, _), (state, _) in TRANSITIONS.items() if start in reached}
        assert reached == set(State)

    def test_a_loss_is_told_exactly_where_a_live_book_is_left(self) -> None:
        alive = {State.LIVE, State.REFRESHING}
        for (start, input), (state, actions) in TRANSITIONS.items():
            is_lost = "lose" in actions.split()
            assert is_lost == (start in alive and state not in alive), (start, input)

    def test_the_end_is_final(self) -> None:
        assert not [pair for pair in TRANSITIONS if pair[0] is State.ENDED]
        sync = live()
        assert sync.end("closed") == (LOST,)
        for commands in (
            sync.event(event(101)),
            sync.opened(),
            sync.down(),
            sync.snapshot(book(500)),
            sync.failed(),
            sync.refresh(),
            sync.resync("asked"),
            sync.end("closed"),
        ):
            assert commands == ()
        assert sync.state is State.ENDED

    @pytest.mark.parametrize(
        "last",
        [
            event(101, bids={"1.05": "1"}),
            event(101, bids={"1.2": "1"}),
            event(101, asks={"x": "1"}),
        ],
    )
    def test_the_short_cut_does_what_the_table_says(self, last: dict[str, Any]) -> None:
        quick, slow = live(), live()
        told = quick.event(last)
        assert slow._handle(Input.NEXT, last) == told
        assert (slow.state, slow.reason, slow.applied) == (quick.state, quick.reason, quick.applied)


class TestFirstBook:
    def test_the_first_event_asks(self) -> None:
        sync = BookSync()
        assert sync.event(event(5, 7)) == (ASK,)
        assert (sync.state, sync.delay, sync.kept) == (State.AWAITING, 0.0, 1)
        assert sync.event(event(8)) == ()
        assert sync.snapshot(book(6)) == (REPLACED, APPLIED)
        assert (sync.state, sync.book and sync.book.update_id) == (State.LIVE, 8)
        assert (sync.applied, sync.kept) == (2, 0)

    def test_an_open_stream_asks_without_an_event(self) -> None:
        sync = BookSync()
        assert sync.opened() == (ASK,)
        assert sync.event(event(5)) == ()
        assert sync.snapshot(book(9)) == (REPLACED,)
        assert sync.event(event(9)) == ()
        assert sync.event(event(8, 12)) == (APPLIED,)

    def test_a_legal_first_event_fetches_no_second_snapshot(self) -> None:
        """U <= lastUpdateId + 1 <= u, not U == lastUpdateId + 1."""
        sync = BookSync()
        asked = [*sync.event(event(90, 95)), *sync.event(event(96, 110))]
        assert asked == [ASK]
        assert sync.snapshot(book(100)) == (REPLACED, APPLIED)
        assert sync.state is State.LIVE

    def test_events_that_the_snapshot_holds_are_dropped(self) -> None:
        sync = BookSync()
        sync.event(event(1, 5, bids={"1.0": "77"}))
        assert sync.snapshot(book(5)) == (REPLACED,)
        assert sync.book is not None
        assert sync.book.bids.best() == ("1.0", "1")

    def test_a_snapshot_older_than_the_first_event_is_asked_for_again(self) -> None:
        sync = BookSync()
        sync.event(event(10, 12))
        delays = []
        for _ in range(12):
            assert sync.snapshot(book(9)) == (ASK,)
            assert sync.state is State.STALE
            delays.append(sync.delay)
        assert delays[:3] == [FIRST_DELAY, 2 * FIRST_DELAY, 4 * FIRST_DELAY]
        assert delays[-1] == LAST_DELAY
        assert sync.snapshot(book(10)) == (REPLACED, APPLIED)
        assert sync.is_live

    def test_a_gap_among_the_events_kept_drops_those_before_it(self) -> None:
        sync = BookSync()
        sync.event(event(10))
        sync.event(event(11))
        assert sync.event(event(15)) == ()
        assert sync.kept == 1
        assert sync.snapshot(book(12)) == (ASK,)
        assert sync.snapshot(book(15)) == (REPLACED,)

    def test_late_and_doubled_events_are_not_kept(self) -> None:
        sync = BookSync()
        for kept in (event(10), event(11), event(10), event(11)):
            sync.event(kept)
        assert sync.kept == 2

    def test_what_is_kept_is_bounded(self) -> None:
        sync = BookSync()
        for i in range(1, KEPT_EVENTS + 101):
            sync.event(event(i))
        assert sync.kept == KEPT_EVENTS
        assert sync.snapshot(book(100)) == (ASK,)
        assert sync.snapshot(book(101)) == (REPLACED, APPLIED)
        assert sync.book is not None
        assert sync.book.update_id == KEPT_EVENTS + 100

    def test_it_is_asked_for_however_often_that_has_failed(self) -> None:
        sync = BookSync()
        sync.event(event(10))
        for _ in range(1100):  # a float has no power of two of this size
            assert sync.failed() == (ASK,)
        assert sync.delay == LAST_DELAY

    def test_a_snapshot_that_fails_is_asked_for_again(self) -> None:
        sync = BookSync()
        sync.event(event(10))
        assert (sync.failed(), sync.delay) == ((ASK,), FIRST_DELAY)
        assert (sync.failed(retry_after=40.0), sync.delay) == ((ASK,), 40.0)
        assert (sync.failed(), sync.delay) == ((ASK,), 4 * FIRST_DELAY)
        assert sync.state is State.AWAITING

    def test_a_snapshot_that_the_events_turn_into_nonsense_is_not_used(self) -> None:
        sync = BookSync()
        sync.event(event(10, bids={"5.0": "1"}))
        assert sync.snapshot(book(10, bid="1.0", ask="1.1")) == (REPLACED,)
        sync = BookSync()
        sync.event(event(9, 10, bids={"5.0": "1"}))
        assert sync.snapshot(book(9, bid="1.0", ask="1.1")) == (ASK,)
        assert sync.book is None

    def test_an_event_kept_that_is_none_is_dropped_when_it_is_found(self) -> None:
        sync = BookSync()
        sync.event(event(10, 12, bids={"x": "1"}))
        assert sync.snapshot(book(11)) == (ASK,)
        assert (sync.kept, sync.state) == (0, State.AWAITING)
        assert sync.snapshot(book(11)) == (ASK,), "older than what the stream has told"
        assert sync.snapshot(book(12)) == (REPLACED,)

    @pytest.mark.parametrize("junk", [{}, {"u": 5}, {"U": 1, "u": "5"}, [], None, "x", 5])
    def test_what_is_no_event_is_not_kept(self, junk: Any) -> None:
        sync = BookSync()
        sync.opened()
        assert sync.event(junk) == ()
        assert sync.kept == 0


class TestLive:
    def test_events_are_applied(self) -> None:
        sync = live(100)
        assert sync.event(event(101, 103, bids={"1.05": "4"})) == (APPLIED,)
        assert sync.book is not None
        assert (sync.book.update_id, sync.book.update_time) == (103, 1_000_101)
        assert sync.book.bids.best() == ("1.05", "4")

    def test_an_overlapping_event_is_applied(self) -> None:
        sync = live(100)
        assert sync.event(event(95, 101)) == (APPLIED,)

    def test_an_old_event_is_ignored(self) -> None:
        sync = live(100)
        assert sync.event(event(90, 100, bids={"1.05": "4"})) == ()
        assert sync.book is not None
        assert sync.book.bids.best() == ("1.0", "1")

    def test_a_gap_loses_the_book_which_stays_readable(self) -> None:
        sync = live(100)
        before = sync.book
        assert sync.event(event(102)) == (LOST, ASK)
        assert (sync.state, sync.reason, sync.delay) == (State.GAP, "gap", 0.0)
        assert not sync.is_live
        assert sync.book is before
        assert sync.event(event(103)) == ()
        assert sync.snapshot(book(102)) == (REPLACED, APPLIED)
        assert sync.book is not before
        assert sync.book is not None
        assert sync.book.update_id == 103

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            (event(101, bids={"1.1": "1"}), "crossed"),
            (event(101, asks={"0.9": "1"}), "crossed"),
            (event(101, bids={"x": "1"}), "malformed"),
            (event(101, bids={"1.0": "x"}), "malformed"),
            ({"U": 101, "u": 101, "b": []}, "malformed"),
            ({"U": 101, "u": 101, "b": [["1.0"]], "a": []}, "malformed"),
            ({"U": 101, "u": 101, "b": None, "a": []}, "malformed"),
            ({"u": 101}, "malformed"),
            ("junk", "malformed"),
            (None, "malformed"),
        ],
    )
    def test_a_book_that_proves_corrupt_is_lost(self, wrong: Any, reason: str) -> None:
        sync = live(100)
        assert sync.event(wrong) == (LOST, ASK)
        assert (sync.state, sync.reason) == (State.GAP, reason)
        assert sync.snapshot(book(101)) == (REPLACED,)

    def test_a_book_that_leaves_its_snapshot_is_lost(self) -> None:
        sync = BookSync()
        sync.opened()
        sync.snapshot(book(1, limit=1))
        assert sync.event(event(2, bids={"1.0": "0", "0.5": "1"})) == (LOST, ASK)
        assert sync.reason == "horizon"

    def test_a_crossed_book_waits_for_a_snapshot_that_holds_the_crossing_event(self) -> None:
        sync = live(100)
        sync.event(event(101, 105, bids={"1.1": "1"}))
        assert sync.snapshot(book(104)) == (ASK,)
        assert sync.snapshot(book(105)) == (REPLACED,)

    def test_books_that_keep_breaking_are_asked_for_ever_later(self) -> None:
        sync = live(100, applied=PROVING_EVENTS - 1)
        delays = []
        for i in range(200, 220, 2):
            assert sync.event(event(i)) == (LOST, ASK)
            delays.append(sync.delay)
            sync.snapshot(book(i))
        assert delays[0] == FIRST_DELAY
        assert delays == sorted(delays)
        assert delays[-1] == LAST_DELAY

    def test_ids_that_begin_anew_are_noticed(self) -> None:
        sync = live(1000)
        told = [sync.event(event(i)) for i in range(1, BACKWARD_EVENTS + 2)]
        assert told[: BACKWARD_EVENTS - 1] == [()] * (BACKWARD_EVENTS - 1)
        assert told[BACKWARD_EVENTS - 1] == (LOST, ASK)
        assert sync.reason == "backwards"
        assert sync.snapshot(book(BACKWARD_EVENTS)) == (REPLACED, APPLIED)

    def test_ids_that_begin_anew_are_noticed_at_once_by_their_time(self) -> None:
        sync = live(1000)
        assert sync.event(event(5, E=1_001_001)) == (LOST, ASK)
        assert sync.reason == "backwards"
        assert sync.event(event(6, E=1_001_002)) == ()
        assert sync.snapshot(book(5)) == (REPLACED, APPLIED)

    def test_a_snapshot_from_before_the_ids_began_anew_is_void(self) -> None:
        sync = live(1000)
        sync.resync("asked")
        assert sync.event(event(5, E=1_001_001)) == ()
        assert sync.snapshot(book(1000)) == (ASK,)
        assert sync.snapshot(book(5)) == (REPLACED,)

    def test_it_is_void_too_where_the_events_number_alone_has_told(self) -> None:
        sync = live(1000)
        sync.resync("asked")
        for i in range(1, BACKWARD_EVENTS + 1):
            assert sync.event(event(i)) == ()
        assert sync.snapshot(book(1000)) == (ASK,)
        assert sync.snapshot(book(BACKWARD_EVENTS)) == (REPLACED,)

    def test_a_lost_link_makes_a_snapshot_void_whatever_follows(self) -> None:
        sync = live(1000)
        sync.resync("asked")
        sync.down()
        sync.event(event(5000))
        for i in range(1, BACKWARD_EVENTS + 1):
            sync.event(event(i))
        assert sync.snapshot(book(BACKWARD_EVENTS)) == (ASK,)

    @pytest.mark.parametrize("rules", [SPOT, FUTURES])
    @pytest.mark.parametrize("lag", [1, BACKWARD_EVENTS, 5 * BACKWARD_EVENTS])
    def test_a_stream_that_lags_behind_the_snapshot_catches_up(
        self, rules: Rules, lag: int
    ) -> None:
        sync = BookSync(rules)
        sync.opened()
        assert sync.snapshot(book(1000)) == (REPLACED,)
        for i in range(1001 - lag, 1000):
            assert sync.event(event(i, pu=i - 1)) == ()
        sync.event(event(1000, pu=999))
        assert sync.event(event(1001, pu=1000)) == (APPLIED,)
        assert sync.book is not None
        assert sync.book.update_id == 1001

    def test_a_stream_that_never_catches_up_is_of_other_ids(self) -> None:
        sync = live(100)
        sync.down()
        sync.opened()
        assert sync.snapshot(book(10**9)) == (REPLACED,)
        told = [sync.event(event(i, E=i * 1000)) for i in range(1, int(LAG_SECONDS) + 3)]
        assert told == [()] * (int(LAG_SECONDS) + 1) + [(LOST, ASK)]
        assert sync.reason == "backwards"
        assert sync.snapshot(book(int(LAG_SECONDS) + 2)) == (REPLACED,)

    def test_nor_is_one_in_microseconds_or_without_a_time(self) -> None:
        sync = live(100)
        sync.down()
        sync.opened()
        assert sync.snapshot(book(10**9)) == (REPLACED,)
        for i in range(1, 100):
            assert sync.event(event(i, E=10**15 + i * 100_000)) == ()
        sync = BookSync()
        sync.opened()
        sync.snapshot(book(10**9))
        events = [event(i) for i in range(1, LAG_EVENTS + 1)]
        for one in events:
            del one["E"]
        assert [sync.event(one) for one in events] == [()] * (LAG_EVENTS - 1) + [(LOST, ASK)]

    def test_doubled_events_are_no_new_beginning(self) -> None:
        sync = live(100)
        for i in range(101, 201):
            assert sync.event(event(i)) == (APPLIED,)
            assert sync.event(event(i)) == ()

    def test_ids_that_begin_anew_while_a_snapshot_is_awaited(self) -> None:
        sync = live(1000)
        sync.resync("asked")
        for i in range(1, BACKWARD_EVENTS + 1):
            assert sync.event(event(i)) == ()
        assert sync.snapshot(book(BACKWARD_EVENTS)) == (REPLACED,)

    def test_the_user_may_ask_for_another_book(self) -> None:
        sync = live(100)
        assert sync.resync("asked") == (LOST, ASK)
        assert sync.reason == "asked"
        assert sync.resync("asked again") == ()
        assert sync.reason == "asked"

    def test_a_snapshot_nobody_asked_for_is_left(self) -> None:
        sync = live(100)
        before = sync.book
        assert sync.snapshot(book(500)) == ()
        assert sync.failed() == ()
        assert sync.book is before


class TestRefreshing:
    def test_the_book_stays_in_force_until_the_new_one_is_complete(self) -> None:
        sync = live(100)
        before = sync.book
        assert sync.refresh() == (ASK,)
        assert sync.refresh() == ()
        assert (sync.is_live, sync.delay) == (True, 0.0)
        assert sync.event(event(101, bids={"1.05": "4"})) == (APPLIED,)
        assert sync.book is before
        assert sync.snapshot(book(100)) == (REPLACED, APPLIED)
        assert sync.state is State.LIVE
        assert sync.book is not None
        assert sync.book is not before
        assert sync.book.update_id == 101
        assert sync.book.bids.best() == ("1.05", "4")

    def test_a_new_book_keeps_the_time_of_the_last_event(self) -> None:
        sync = live(100)
        sync.refresh()
        sync.snapshot(book(100))
        assert sync.book is not None
        assert sync.book.update_time == 1_000_100

    @pytest.mark.parametrize("update_id", [98, 99])
    def test_a_snapshot_older_than_the_book_is_not_used(self, update_id: int) -> None:
        sync = live(100)
        before = sync.book
        sync.refresh()
        assert sync.snapshot(book(update_id)) == (ASK,)
        sync.event(event(101))
        assert sync.snapshot(book(update_id)) == (ASK,)
        assert (sync.state, sync.book) == (State.REFRESHING, before)

    def test_a_failure_leaves_the_old_book(self) -> None:
        sync = live(100)
        sync.refresh()
        assert sync.failed() == (ASK,)
        assert sync.event(event(101)) == (APPLIED,)
        assert sync.is_live

    @pytest.mark.parametrize(
        "wrong", [event(102), event(101, bids={"1.1": "1"}), event(101, bids={"x": "1"}), None]
    )
    def test_a_loss_asks_for_no_second_snapshot(self, wrong: Any) -> None:
        sync = live(100)
        sync.refresh()
        assert sync.event(wrong) == (LOST,)
        assert sync.state is State.GAP
        assert sync.snapshot(book(102)) == (REPLACED,)


class TestLink:
    def test_a_lost_link_loses_the_book_and_asks_for_nothing(self) -> None:
        sync = live(100)
        assert sync.down() == (LOST,)
        assert (sync.state, sync.reason) == (State.BUFFERING, "disconnected")
        assert sync.down() == ()
        assert sync.opened() == (ASK,)
        assert sync.delay == 0.0
        assert sync.snapshot(book(130)) == (REPLACED,)

    def test_an_event_is_as_good_as_an_open_link(self) -> None:
        sync = live(100)
        sync.down()
        assert sync.event(event(131)) == (ASK,)

    def test_a_snapshot_from_before_is_void(self) -> None:
        sync = live(100)
        sync.refresh()
        assert sync.down() == (LOST,)
        assert sync.opened() == (), "one is under way already"
        assert sync.snapshot(book(120)) == (ASK,)
        assert sync.state is State.AWAITING
        assert sync.snapshot(book(130)) == (REPLACED,)

    def test_a_failure_from_before_is_void_too(self) -> None:
        sync = BookSync()
        sync.opened()
        sync.down()
        assert sync.failed() == ()
        assert sync.opened() == (ASK,)

    def test_a_void_snapshot_while_down_is_dropped(self) -> None:
        sync = BookSync()
        sync.opened()
        assert sync.down() == ()
        assert sync.snapshot(book(120)) == ()
        assert (sync.state, sync.book) == (State.BUFFERING, None)

    def test_another_exchange_at_the_other_end_may_count_lower(self) -> None:
        sync = live(100_000)
        sync.down()
        sync.opened()
        sync.event(event(5))
        assert sync.snapshot(book(6)) == (REPLACED,)
        assert sync.event(event(7)) == (APPLIED,)

    @pytest.mark.parametrize("update_id", [100, 99, 98])
    def test_a_snapshot_older_than_the_last_book_is_asked_for_again_once(
        self, update_id: int
    ) -> None:
        sync = live(100)
        sync.down()
        assert sync.opened() == (ASK,)
        assert sync.snapshot(book(99)) == (ASK,)
        assert (sync.delay, sync.is_live) == (FIRST_DELAY, False)
        assert sync.snapshot(book(update_id)) == (REPLACED,)

    def test_a_request_that_failed_before_is_no_lower_snapshot(self) -> None:
        sync = live(100)
        sync.down()
        sync.opened()
        assert sync.failed() == (ASK,)
        assert sync.snapshot(book(99)) == (ASK,)
        assert sync.failed() == (ASK,)
        assert sync.snapshot(book(99)) == (REPLACED,)

    def test_each_link_has_its_own_lower_snapshot(self) -> None:
        sync = live(100)
        for _ in range(2):
            sync.down()
            sync.opened()
            assert sync.snapshot(book(99)) == (ASK,)

    def test_each_book_has_its_own_lower_snapshot(self) -> None:
        sync = live(100)
        sync.down()
        sync.opened()
        assert sync.snapshot(book(99)) == (ASK,)
        assert sync.snapshot(book(99)) == (REPLACED,)
        assert sync.resync("wish") == (LOST, ASK)
        assert sync.snapshot(book(98)) == (ASK,)
        assert sync.snapshot(book(98)) == (REPLACED,)

    def test_a_void_snapshot_is_no_lower_one(self) -> None:
        sync = live(100)
        sync.refresh()
        sync.down()
        sync.opened()
        for _ in "void", "lower":
            assert sync.snapshot(book(99)) == (ASK,)
        assert sync.snapshot(book(99)) == (REPLACED,)

    def test_a_snapshot_of_the_last_book_is_in_step_at_once(self) -> None:
        sync = live(100)
        sync.down()
        sync.opened()
        assert sync.snapshot(book(100)) == (REPLACED,)


class TestFutures:
    def test_the_documented_first_event(self) -> None:
        """U <= lastUpdateId <= u, after dropping those with u < lastUpdateId."""
        sync = BookSync(FUTURES)
        sync.event(event(90, 95, pu=80))
        sync.event(event(98, 105, pu=95))
        assert sync.snapshot(book(100)) == (REPLACED, APPLIED)
        assert sync.event(event(110, 112, pu=105)) == (APPLIED,)

    def test_each_pu_is_the_previous_u(self) -> None:
        sync = live(100, FUTURES)
        assert sync.event(event(101, 103, pu=100)) == (APPLIED,)
        assert sync.event(event(104, 106, pu=102)) == (LOST, ASK)
        assert sync.reason == "gap"

    def test_ids_between_events_belong_to_other_symbols(self) -> None:
        sync = live(100, FUTURES)
        assert sync.event(event(150, 160, pu=100)) == (APPLIED,)

    def test_the_event_of_the_snapshots_own_id_is_applied(self) -> None:
        """Real snapshots need not hold it yet: drop only `u < lastUpdateId`."""
        last = event(98, 100, {"1.05": "7"}, pu=90)
        kept = BookSync(FUTURES)
        kept.event(event(80, 90, pu=70))
        kept.event(last)
        assert kept.snapshot(book(100)) == (REPLACED, APPLIED)
        later = BookSync(FUTURES)
        later.opened()
        assert later.snapshot(book(100)) == (REPLACED,)
        assert later.event(event(80, 90, pu=70)) == ()
        assert later.event(last) == (APPLIED,)
        for sync in (kept, later):
            assert sync.book is not None
            assert sync.book.bids.best() == ("1.05", "7")
            assert sync.event(last) == ()
            assert sync.event(event(120, 130, pu=100)) == (APPLIED,)

    def test_the_event_right_after_the_snapshot_joins_it(self) -> None:
        sync = BookSync(FUTURES)
        sync.event(event(120, 130, pu=100))
        assert sync.snapshot(book(100)) == (REPLACED, APPLIED)

    def test_a_snapshot_from_before_the_first_event_is_asked_for_again(self) -> None:
        sync = BookSync(FUTURES)
        sync.event(event(120, 130, pu=100))
        assert sync.snapshot(book(99)) == (ASK,)
        assert sync.state is State.STALE

    def test_the_first_event_after_a_snapshot_may_overlap_it(self) -> None:
        sync = BookSync(FUTURES)
        sync.opened()
        sync.snapshot(book(100))
        assert sync.event(event(90, 99, pu=80)) == ()
        assert sync.event(event(99, 104, pu=90)) == (APPLIED,)
        assert sync.event(event(105, 106, pu=104)) == (APPLIED,)

    def test_the_first_event_after_a_snapshot_may_not_leave_a_gap(self) -> None:
        sync = BookSync(FUTURES)
        sync.opened()
        sync.snapshot(book(100))
        assert sync.event(event(105, 106, pu=101)) == (LOST, ASK)

    def test_an_event_that_lacks_pu_is_none(self) -> None:
        sync = live(100, FUTURES)
        assert sync.event(event(101)) == (LOST, ASK)
        assert sync.reason == "malformed"


# Whatever goes wrong, a book that says that it is in step equals the exchange's.

Book = dict[int, int]


@dataclass
class Exchange:
    """One symbol's book and everything it ever was, by id: bids and asks, tick -> quantity."""

    rules: Rules
    bids: Book = field(default_factory=lambda: dict.fromkeys(range(40, 50), 5))
    asks: Book = field(default_factory=lambda: dict.fromkeys(range(51, 61), 5))
    update_id: int = 1000
    told: int = 1000
    history: dict[int, tuple[Book, Book]] = field(default_factory=dict)
    touched: tuple[set[int], set[int]] = field(default_factory=lambda: (set(), set()))

    def __post_init__(self) -> None:
        self.note()

    def note(self) -> None:
        self.history[self.update_id] = (dict(self.bids), dict(self.asks))

    def change(self, bid: bool, tick: int, quantity: int, jump: int) -> None:
        """Set a level; what would cross the book eats the other side first."""
        own, other = (self.bids, self.asks) if bid else (self.asks, self.bids)
        crossed = [t for t in other if (t <= tick if bid else t >= tick)] if quantity else []
        if quantity == 0 and (len(own) < 2 or tick not in own):
            return
        if len(crossed) >= len(other):
            return
        for eaten in crossed:
            self.step(not bid, eaten, 0, jump)
        self.step(bid, tick, quantity, jump)

    def step(self, bid: bool, tick: int, quantity: int, jump: int) -> None:
        own = self.bids if bid else self.asks
        if quantity:
            own[tick] = quantity
        else:
            del own[tick]
        self.touched[0 if bid else 1].add(tick)
        self.update_id += 1 if self.rules is SPOT else jump
        self.note()

    def event(self) -> dict[str, Any] | None:
        if self.update_id == self.told:
            return None
        bids, asks = (
            {price(tick): str(side.get(tick, 0)) for tick in touched}
            for side, touched in zip((self.bids, self.asks), self.touched, strict=True)
        )
        previous, self.told = self.told, self.update_id
        self.touched = (set(), set())
        first = min(id for id in self.history if id > previous)
        more = {"pu": previous} if self.rules is FUTURES else {}
        return event(first, self.update_id, bids, asks, **more)

    def snapshot(self, ids_ago: int, limit: int) -> OrderBook:
        known = sorted(self.history)
        update_id = known[max(0, len(known) - 1 - ids_ago)]
        bids, asks = self.history[update_id]
        answer = {
            "lastUpdateId": update_id,
            "bids": [[price(t), str(bids[t])] for t in sorted(bids, reverse=True)[:limit]],
            "asks": [[price(t), str(asks[t])] for t in sorted(asks)[:limit]],
        }
        return OrderBook.from_snapshot(answer, limit)


class SimulatedExchange(Exchange):
    """The same market in the book of the simulator, whose code shares nothing with ours."""

    def __init__(self) -> None:
        self.book = SimulatorsBook(1000)
        super().__init__(SPOT)
        for bid, levels in ((True, self.bids), (False, self.asks)):
            for tick in list(levels):
                self.book.set(bid, tick, 5)
        self.bids, self.asks = self.book.bids, self.book.asks
        self.diff = self.book.start_diff()
        self.update_id = self.told = self.book.update_id
        self.note()

    def step(self, bid: bool, tick: int, quantity: int, jump: int) -> None:
        self.book.set(bid, tick, quantity)
        self.update_id = self.book.update_id
        self.note()

    def event(self) -> dict[str, Any] | None:
        read = self.book.take_diff(self.diff)
        if read is None:
            return None
        first, last, bids, asks = read
        return event(
            first,
            last,
            {price(tick): str(quantity) for tick, quantity in bids},
            {price(tick): str(quantity) for tick, quantity in asks},
        )


Levels = list[tuple[Decimal, Decimal]]


def both(book: OrderBook, expected: tuple[Book, Book]) -> list[tuple[Levels, Levels]]:
    """The levels of each side as far as they are known, and as they are meant to be."""
    sides = []
    for side, levels, sign in ((book.bids, expected[0], 1), (book.asks, expected[1], -1)):
        horizon = side.horizon
        worst = None if horizon is None else sign * Decimal(horizon)
        known = [
            (Decimal(text), Decimal(quantity))
            for text, quantity in side.copy().top()
            if worst is None or sign * Decimal(text) >= worst
        ]
        meant = [
            (Decimal(price(tick)), Decimal(quantity))
            for tick, quantity in sorted(levels.items(), key=lambda level: -sign * level[0])
            if worst is None or sign * Decimal(price(tick)) >= worst
        ]
        sides.append((known, meant))
    return sides


def price(tick: int) -> str:
    return f"{tick / 100:.2f}" if tick % 2 else f"{tick / 100:.4f}"


def often(usual: str, times: int, *others: str) -> st.SearchStrategy[str]:
    return st.sampled_from([usual] * times + list(others))


@dataclass(frozen=True)
class Turn:
    """What happens at a time: in the market, to the event, to the snapshot, to the link."""

    changes: list[tuple[bool, int, int, int]]
    event: str
    answer: str
    age: int
    link: str


turns = st.builds(
    Turn,
    changes=st.lists(
        st.tuples(st.booleans(), st.integers(42, 58), st.integers(0, 3), st.integers(1, 9)),
        min_size=1,
        max_size=5,
    ),
    event=often("tell", 7, "lose", "double", "delay", "swap", "release"),
    answer=often("none", 6, "answer", "answer", "stale", "stale", "fail"),
    age=st.integers(0, 12),
    link=often("none", 12, "down", "open", "refresh", "junk"),
)


class Stage:
    """The machine and the exchange, with everything between them that can go wrong."""

    def __init__(self, exchange: Exchange, limit: int) -> None:
        self.exchange = exchange
        self.limit = limit
        self.sync = BookSync(exchange.rules)
        self.under_way = 0
        self.delayed: list[dict[str, Any]] = []
        self.is_open = True

    def play(self, turn: Turn) -> None:
        for bid, tick, quantity, jump in turn.changes:
            self.exchange.change(bid, tick, quantity, jump)
        self.link(turn.link)
        self.deliver(turn.event)
        self.answer(turn.answer, turn.age)

    def answer(self, kind: str, age: int) -> None:
        if self.under_way and kind != "none":
            self.under_way -= 1
            if kind == "fail":
                self.note(self.sync.failed())
            else:
                taken = self.exchange.snapshot(age if kind == "stale" else 0, self.limit)
                self.note(self.sync.snapshot(taken))

    def link(self, kind: str) -> None:
        if kind == "down":
            self.is_open = False
            self.delayed.clear()
            self.note(self.sync.down())
        elif kind == "open":
            self.is_open = True
            self.exchange.event()
            self.note(self.sync.opened())
        elif kind == "refresh":
            self.note(self.sync.refresh())
        elif kind == "junk":
            self.note(self.sync.event({"u": None}))

    def deliver(self, kind: str) -> None:
        told = self.exchange.event()
        if not self.is_open or told is None:
            return
        if kind == "delay":
            self.delayed.append(told)
        elif kind == "swap":
            self.delayed.insert(0, told)
        elif kind == "release":
            for late in [*self.delayed, told]:
                self.note(self.sync.event(late))
            self.delayed.clear()
        elif kind != "lose":
            self.note(self.sync.event(told))
            if kind == "double":
                self.note(self.sync.event(told))

    def note(self, commands: booksync.Commands) -> None:
        self.under_way += commands.count(ASK)
        assert self.under_way <= 1
        assert (LOST in commands) <= (not self.sync.is_live)
        assert (REPLACED in commands) <= self.sync.is_live
        self.check()

    def check(self) -> None:
        """In step means: equal to what the exchange's book was at that id, and not crossed."""
        if not self.sync.is_live:
            return
        book = self.sync.book
        assert book is not None
        self.compare(book)
        bid, ask = book.bids.best(), book.asks.best()
        assert bid is not None
        assert ask is not None
        assert Decimal(bid[0]) < Decimal(ask[0])

    def compare(self, book: OrderBook) -> None:
        for known, meant in both(book, self.exchange.history[book.update_id]):
            assert known == meant
            assert known


@pytest.mark.parametrize(
    "exchange",
    [lambda: Exchange(SPOT), lambda: Exchange(FUTURES), SimulatedExchange],
    ids=["spot", "futures", "the simulator's book"],
)
@pytest.mark.parametrize("limit", [3, 100])
@settings(max_examples=examples(40))
@given(turns=st.lists(turns, min_size=5, max_size=60))
def test_a_book_in_step_equals_the_exchanges(
    exchange: Callable[[], Exchange], limit: int, turns: list[Turn]
) -> None:
    stage = Stage(exchange(), limit)
    stage.link("open")
    for turn in turns:
        stage.play(turn)

    # The faults end: a few events and answers later the book is in step, and stays so.
    stage.delayed.clear()
    stage.link("open")
    for quantity in (1, 2, 3, 4, 5):
        calm = Turn([(True, 40, quantity, 1)], "tell", "answer", 0, "none")
        stage.play(calm)
    assert stage.sync.is_live
    assert stage.sync.book is not None
    assert stage.sync.book.update_id == stage.exchange.update_id


# The same with ids that begin anew, streams that lag, and snapshots that come late, behind the
# watch over the stream, as in the client.

MILLISECONDS = 100
# Ids that begin anew lie below all others: were they to join on to them, nobody could tell.
TOP, DROP = 1_000_000, 10_000


@dataclass(frozen=True)
class Hour:
    """As `Turn`: what happens to the exchange, its stream, its snapshots and the link."""

    changes: list[tuple[bool, int, int, int]]
    event: str
    answer: str
    lag: int
    happens: str


hours = st.builds(
    Hour,
    changes=st.lists(
        st.tuples(st.booleans(), st.integers(42, 58), st.integers(0, 3), st.integers(1, 9)),
        min_size=1,
        max_size=3,
    ),
    event=often("tell", 8, "lose", "double"),
    answer=often("none", 4, "fresh", "fresh", "early", "early", "ancient", "ancient", "fail"),
    lag=st.sampled_from([0] * 8 + [1, 5, 25, 60]),
    happens=often("nothing", 20, "cut", "restart", "restart", "new link", "refresh"),
)


class Lives(Stage):
    """An exchange whose ids begin anew, and everything between it and the book."""

    def __init__(self, rules: Rules, is_watched: bool) -> None:
        super().__init__(Exchange(rules, update_id=TOP, told=TOP), 100)
        self.rules = rules
        self.past: list[Exchange] = []
        self.now = 1_700_000_000_000
        self.pipe: list[dict[str, Any]] = []
        self.asked_at: OrderBook | None = None
        self.gaps: list[Gap] = []
        market = "spot" if rules is SPOT else "usdm"
        self.watch = track("a@depth", market, self.gaps) if is_watched else Track("", self.gaps)

    def live(self, hour: Hour) -> None:
        self.now += MILLISECONDS
        for bid, tick, quantity, jump in hour.changes:
            self.exchange.change(bid, tick, quantity, jump)
        self.happens(hour.happens)
        told = self.exchange.event()
        if told is not None and self.is_open:
            copies = {"lose": 0, "double": 2}.get(hour.event, 1)
            self.pipe += [told | {"E": self.now}] * copies
        while len(self.pipe) > hour.lag:
            self.hear(self.pipe.pop(0))
        self.replied(hour.answer)

    def hear(self, told: dict[str, Any]) -> None:
        if self.watch.admit(told):
            self.note(self.sync.event(told))

    def happens(self, kind: str) -> None:
        if kind in ("cut", "restart"):
            self.pipe.clear()
            self.watch.link_lost()
            self.note(self.sync.down())
        if kind in ("restart", "new link"):
            # Behind a link that is replaced without a cut nothing else tells that they did.
            self.past.append(self.exchange)
            first = TOP - DROP * len(self.past)
            self.exchange = Exchange(self.rules, update_id=first, told=first)
            self.pipe.clear()
            self.watch.link_lost()
        if kind in ("cut", "restart"):
            self.exchange.event()
            self.note(self.sync.opened())
        if kind == "refresh":
            self.note(self.sync.refresh())

    def replied(self, kind: str) -> None:
        if not self.under_way or kind == "none":
            return
        self.under_way -= 1
        if kind == "fail":
            self.note(self.sync.failed())
            return
        taken = self.asked_at if kind == "early" else self.exchange.snapshot(0, self.limit)
        if kind == "ancient" and self.past:
            taken = self.past[-1].snapshot(0, self.limit)
        assert taken is not None
        before = self.sync.book
        commands = self.sync.snapshot(taken)
        if before is not None and self.sync.book is not before:
            assert self.sync.book is not None
            if self.sync.book.update_id < before.update_id:
                self.watch.forget()
        self.note(commands)

    def note(self, commands: booksync.Commands) -> None:
        if ASK in commands:
            self.asked_at = self.exchange.snapshot(0, self.limit)
        super().note(commands)

    def compare(self, book: OrderBook) -> None:
        """Equal to a book that the exchange had at that id, before its ids began anew or since."""
        meant = [
            both(book, one.history[book.update_id])
            for one in (self.exchange, *self.past)
            if book.update_id in one.history
        ]
        assert any(all(known == true for known, true in sides) for sides in meant)

    @property
    def is_in_step(self) -> bool:
        book = self.sync.book
        return self.sync.is_live and book is not None and book.update_id == self.exchange.update_id


@pytest.mark.parametrize("rules", [SPOT, FUTURES], ids=["spot", "futures"])
@pytest.mark.parametrize("is_watched", [True, False], ids=["watched", "bare"])
@settings(max_examples=examples(60))
@given(hours=st.lists(hours, min_size=5, max_size=80))
def test_a_book_in_step_equals_one_of_the_exchanges_whatever_its_ids_do(
    rules: Rules, is_watched: bool, hours: list[Hour]
) -> None:
    lives = Lives(rules, is_watched)
    lives.note(lives.sync.opened())
    for hour in hours:
        lives.live(hour)

    # The faults end: the book is in step at the latest when a lag is too long to be one.
    calm = (Hour([(True, 40, n % 5 + 1, 1)], "tell", "fresh", 0, "nothing") for n in range(400))
    for hour in calm:
        lives.live(hour)
        if lives.is_in_step:
            break
    for hour, _ in zip(calm, range(5), strict=False):
        lives.live(hour)
        assert lives.is_in_step
    assert lives.is_in_step
    assert lives.sync.book is not None
    for known, meant in both(lives.sync.book, lives.exchange.history[lives.exchange.update_id]):
        assert known == meant
