"""What log lines show, and how often they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.wire.log_text import EVERY, Repeats, excerpt, shown

LISTEN_KEY = "pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65sdf19v8a65a1"


@pytest.mark.parametrize("key", ["bnbbtc@trade", "streams=a@trade/b@trade", "margin:ETHBTC", ""])
def test_an_ordinary_key_is_shown_as_it_is(key):
    assert shown(key) == key


@pytest.mark.parametrize("form", ["{}", "usdm:{}", "wss://a:9443/ws/{}", "usdm:{}/btcusdt@trade"])
@pytest.mark.parametrize("length", [60, 64])
def test_a_listen_key_is_never_shown(form, length):
    text = shown(form.format(LISTEN_KEY[:length]))
    assert LISTEN_KEY[:20] not in text
    assert LISTEN_KEY[length - 20 : length] not in text


def test_a_key_of_a_thousand_streams_is_short_and_says_how_many():
    text = shown("streams=" + "/".join(f"s{number}usdt@depth@100ms" for number in range(1000)))
    assert len(text) < 130
    assert text.startswith("streams=s0usdt@depth@100ms/s1usdt@depth@100ms")
    assert text.endswith("/.. (1000 streams)")


@given(st.text(max_size=3000))
def test_no_key_makes_a_long_line(key):
    assert len(shown(key)) < 130


@pytest.mark.parametrize("before", [b'{"stream":"', b"x " * 90 + b'{"stream":"', b"\x1f\x8b "])
def test_a_malformed_message_is_shown_without_its_listen_key(before):
    text = excerpt(before + LISTEN_KEY.encode() + b'","data":{"e":"ORDER' + b" x" * 9000)
    assert LISTEN_KEY[:8] not in text
    assert len(text) == 200


def test_a_malformed_message_is_shown_as_octets():
    assert excerpt("no JSON: é".encode()) == r"b'no JSON: \xc3\xa9'"


def test_the_first_is_written_and_the_others_counted():
    repeats = Repeats()
    told = [repeats.note(second / 10) for second in range(250)]
    assert told[0] == 0
    assert [(at / 10, count) for at, count in enumerate(told) if count] == [(10, 100), (20, 100)]


@given(st.lists(st.floats(0, 30), max_size=60))
def test_no_two_lines_are_nearer_than_that_and_none_is_lost(pauses):
    repeats, now, written, unwritten, before = Repeats(), 0.0, [], 0, None
    for pause in pauses:
        now += pause
        count = repeats.note(now)
        if count is None:
            unwritten += 1
            continue
        assert count == (unwritten + 1 if written else 0)
        unwritten = 0
        assert before is None or now >= before + EVERY
        before = now
        written.append(count)
