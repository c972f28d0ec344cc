"""What becomes of a call, as a table; the clock; bans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.account import rest_outcome
from binance.sansio.account.rest_outcome import Attempts, Ban, Failure, ServerClock, Verdict

RETURN, RAISE, RETRY, RESYNC, ASK = (
    Verdict.RETURN,
    Verdict.RAISE,
    Verdict.RETRY,
    Verdict.RESYNC,
    Verdict.ASK,
)


@pytest.mark.parametrize(
    ("failure", "get", "post", "order"),
    [
        (Failure.UNSENT, RETRY, RETRY, RETRY),
        (Failure.LOST, RETRY, RAISE, ASK),
        (Failure.REFUSED, RAISE, RAISE, RAISE),
    ],
)
def test_after_a_failure(failure, get, post, order) -> None:
    assert Attempts("GET").after_failure(failure) is get
    assert Attempts("GET", True, once=True).after_failure(failure) is post
    assert Attempts("POST", True).after_failure(failure) is post
    assert Attempts("DELETE", True).after_failure(failure) is post
    assert Attempts("POST", True, recoverable=True).after_failure(failure) is order


@pytest.mark.parametrize(
    ("status", "code", "get", "post", "order"),
    [
        (200, 0, RETURN, RETURN, RETURN),
        (201, 0, RETURN, RETURN, RETURN),
        (400, -1121, RAISE, RAISE, RAISE),
        (401, -2015, RAISE, RAISE, RAISE),
        (403, 0, RAISE, RAISE, RAISE),
        (409, 0, RAISE, RAISE, RAISE),
        (410, 0, RAISE, RAISE, RAISE),
        (451, 0, RAISE, RAISE, RAISE),
        (429, -1003, RAISE, RAISE, RAISE),
        (418, -1003, RAISE, RAISE, RAISE),
        (400, -1021, RESYNC, RESYNC, RESYNC),
        (408, -1007, RETRY, RAISE, ASK),
        (408, 0, RETRY, RAISE, ASK),
        (400, -1000, RETRY, RAISE, ASK),
        (400, -1006, RETRY, RAISE, ASK),
        (500, 0, RETRY, RAISE, ASK),
        (502, 0, RETRY, RAISE, ASK),
        (504, -1007, RETRY, RAISE, ASK),
        (503, -1008, RETRY, RAISE, RAISE),
        (400, -1008, RETRY, RAISE, RAISE),
        (302, 0, RAISE, RAISE, RAISE),
    ],
)
def test_after_a_reply(status, code, get, post, order) -> None:
    assert Attempts("GET", True).after_reply(status, code) is get
    assert Attempts("GET", True, once=True).after_reply(status, code) is post
    assert Attempts("POST", True).after_reply(status, code) is post
    assert Attempts("POST", True, recoverable=True).after_reply(status, code) is order


def test_a_timestamp_is_refused_once_only() -> None:
    attempts = Attempts("POST", True)
    assert attempts.after_reply(400, rest_outcome.TIMESTAMP_REFUSED) is RESYNC
    assert attempts.after_reply(400, rest_outcome.TIMESTAMP_REFUSED) is RAISE
    assert Attempts("GET").after_reply(400, rest_outcome.TIMESTAMP_REFUSED) is RAISE


def test_retries_end() -> None:
    attempts = Attempts("GET", retries=2)
    said = [attempts.after_failure(Failure.LOST) for _ in range(4)]
    assert said == [RETRY, RETRY, RAISE, RAISE]
    assert Attempts("GET", retries=0).after_reply(500, 0) is RAISE


@given(st.integers(1, 10), st.floats(0, 1, exclude_max=True))
def test_backoff_grows_and_is_jittered_by_half(attempt, jitter) -> None:
    middle = rest_outcome.BACKOFF * 2 ** (attempt - 1)
    assert 0.5 * middle <= rest_outcome.backoff(attempt, jitter) <= 1.5 * middle


def test_backoff_does_not_overflow() -> None:
    assert rest_outcome.backoff(2000, 0.5) == rest_outcome.backoff(11, 0.5)


def test_the_questions_for_an_order_outlast_the_receive_window() -> None:
    assert rest_outcome.ORDER_QUERIES[0] == 0
    assert sum(rest_outcome.ORDER_QUERIES) > 5
    assert list(rest_outcome.ORDER_QUERIES) == sorted(rest_outcome.ORDER_QUERIES)


@pytest.mark.parametrize(
    ("answer", "ours"),
    [
        ({"orderId": 1, "time": 5000}, True),
        ({"orderId": 1, "time": 4000}, True),  # a timestamp may be ahead by a second
        ({"orderId": 1, "time": 3999}, False),
        ({"orderListId": 1, "transactionTime": 3999}, False),
        ({"orderId": 1, "createTime": 3999}, False),
        ({"orderId": 1}, True),
        ({"orderId": 1, "time": "3999"}, True),
        ([], False),
        ([{"orderId": 1}], False),
        (None, False),
        (7, False),
        ({}, False),
    ],
)
def test_an_order_found_is_that_of_the_call_if_it_is_not_older(answer, ours) -> None:
    assert (rest_outcome.why_not_of_this_call(answer, 5000) == "") is ours


@pytest.mark.parametrize(
    ("timestamp", "ms"),
    [
        ("1700000000000", 1_700_000_000_000),
        ("1700000000000999", 1_700_000_000_000),  # µs
        ("soon", 0),
        ("", 0),
    ],
)
def test_a_timestamp_of_the_callers_is_read_in_ms(timestamp, ms) -> None:
    assert rest_outcome.in_ms(timestamp) == ms


# the clock


def test_the_clock_is_unknown_before_it_is_measured() -> None:
    clock = ServerClock()
    assert not clock.known
    assert clock.offset(1000.0, 5.0) == 0


def test_the_exchange_looked_at_its_clock_half_way() -> None:
    clock = ServerClock()
    clock.measured(10.0, 10.2, 1_700_000_000_000)
    assert clock.known
    assert clock.now_ms(10.1) == 1_700_000_000_000
    assert clock.now_ms(11.1) == 1_700_000_001_000


def test_a_step_of_the_computers_clock_changes_the_offset_and_not_the_time() -> None:
    clock = ServerClock()
    clock.measured(10.0, 10.0, 1_700_000_000_000)
    assert clock.offset(1_700_000_000.0, 10.0) == 0
    assert clock.offset(1_700_003_600.0, 10.0) == -3_600_000
    assert clock.now_ms(10.0) == 1_700_000_000_000


def test_an_offset_can_be_set() -> None:
    clock = ServerClock()
    clock.set_offset(-2500, 1_700_000_000.0, 10.0)
    assert clock.offset(1_700_000_000.0, 10.0) == -2500
    assert clock.now_ms(11.0) == 1_699_999_998_500


# bans


def test_a_ban_lasts_as_long_as_it_was_told() -> None:
    ban = Ban()
    assert ban.remaining(100.0) == 0
    ban.note(429, 5.0, 100.0)
    assert ban.remaining(101.0) == 4
    assert ban.remaining(105.0) == 0
    assert ban.status == 429


def test_a_shorter_word_does_not_shorten_a_ban() -> None:
    ban = Ban()
    ban.note(418, 60.0, 100.0)
    ban.note(429, 1.0, 101.0)
    assert (ban.remaining(101.0), ban.status) == (59, 418)


def test_without_a_word() -> None:
    ban = Ban()
    ban.note(429, None, 100.0)  # about orders: not this address
    assert ban.remaining(100.0) == 0
    ban.note(418, None, 100.0)
    assert ban.remaining(100.0) == 120.0
