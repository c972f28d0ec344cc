"""When to come back: headers, dates, texts, and what nobody can mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.wire import bans

WALL = 1_659_146_000.0
DAYS = 3 * 86_400.0
TEXT = '{"code":-1003,"msg":"Way too many requests; IP(1.2.3.4) banned until %s. Please use .."}'


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("17", 17.0),
        (" 5 ", 5.0),
        ("0", 0.0),
        ("12.5", 12.5),
        ("9" * 400, DAYS),
        (str(10**7), DAYS),
        ("soon", None),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("1e9", None),
        ("\u0661\u0667", None),
        ("Sat, 30 Jul 2022 01:54:20 GMT", 60.0),
        ("Sat, 30 Jul 2022 01:53:00 GMT", 0.0),
        ("Sat, 30 Jul 2099 01:53:00 GMT", DAYS),
        ("Sat, 99 Jul 2022 01:53:00 GMT", None),
    ],
)
def test_retry_after(value, seconds):
    assert bans.retry_after(value, WALL) == seconds


def test_a_date_says_nothing_where_there_is_no_clock():
    assert bans.retry_after("Sat, 30 Jul 2022 01:54:20 GMT") is None
    assert bans.retry_after("17") == 17.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (TEXT % "1659146400000", 400.0),
        (TEXT % "1659146400000000", 400.0),
        (TEXT % "9999999999999", DAYS),
        (TEXT % "1659140000000", 120.0),  # over by our clock, which must be wrong
        (TEXT % "tomorrow", None),
        ("", None),
    ],
)
def test_the_end_of_a_ban_in_a_text(text, seconds):
    assert bans.banned_until(text, WALL) == seconds


@pytest.mark.parametrize(
    ("status", "header", "text", "seconds"),
    [
        (429, "30", "", 30.0),
        (418, "30", TEXT % "1659146400000", 30.0),
        (418, None, TEXT % "1659146400000", 400.0),
        (418, "soon", TEXT % "1659146400000", 400.0),
        (418, None, "", 120.0),
        (429, None, "too many orders", None),
        (503, "30", "", None),
        (200, "30", TEXT % "1659146400000", None),
    ],
)
def test_for_how_long_to_stay_away(status, header, text, seconds):
    assert bans.stay_away(status, header, text, WALL) == seconds


@given(st.text(), st.text(), st.sampled_from([418, 429]))
def test_whatever_is_said_no_ban_is_longer_than_the_longest(header, text, status):
    wait = bans.stay_away(status, header, text, WALL)
    assert wait is None or 0 <= wait <= DAYS
