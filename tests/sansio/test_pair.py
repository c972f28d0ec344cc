"""What a socket learns of two connections: each line of the table."""

from binance.sansio.link.pair import Pair, Report
from binance.sansio.link.reconnect import Failure

SPENT, REFUSED, BAD = Failure("reset"), Failure("451", http_status=451), Failure("url", final=True)
SOCKET, LINK, NONE = Report.SOCKET, Report.LINK, Report.NONE


def up(*numbers):
    pair = Pair()
    for number in numbers:
        pair.opened(number, 0.0)
        pair.proved()
    return pair


def test_the_first_link_connects_the_socket():
    pair = Pair()
    assert pair.opened(1, 0.0) is SOCKET
    assert pair.proved() == (SOCKET, None)
    assert pair.opened(0, 1.0) is LINK
    assert pair.proved() == (NONE, None)


def test_one_lost_link_is_no_outage():
    pair = up(0, 1)
    assert pair.lost(0, 5.0) == (LINK, False)
    assert pair.lost(0, 6.0) == (NONE, False)  # its next try
    assert pair.retries(0) is NONE
    assert pair.opened(0, 9.0) is LINK
    assert pair.proved() == (NONE, None)


def test_both_lost_is_one_outage():
    pair = up(0, 1)
    pair.lost(0, 5.0)
    assert pair.lost(1, 6.0) == (SOCKET, True)
    assert [pair.retries(number) for number in (0, 1)] == [NONE, SOCKET]
    assert pair.lost(0, 7.0) == (NONE, False)
    assert pair.opened(0, 8.5) is SOCKET
    assert pair.lost(0, 8.6) == (SOCKET, False)  # lost again before it was proven
    assert pair.opened(1, 9.5) is SOCKET
    assert pair.proved() == (SOCKET, 3.5)
    assert pair.proved() == (NONE, None)


def test_a_first_try_that_fails_is_reported_once():
    pair = Pair()
    assert pair.lost(1, 0.5) == (SOCKET, True)
    assert pair.lost(0, 0.6) == (NONE, False)
    assert [pair.retries(number) for number in (0, 1)] == [SOCKET, NONE]
    pair.opened(0, 2.5)
    assert pair.proved() == (SOCKET, 2.0)


def test_the_retries_count_of_the_connection_that_was_open_last():
    pair = Pair()
    assert [pair.is_limited(number) for number in (0, 1)] == [True, False]
    pair = up(0, 1)
    assert [pair.is_limited(number) for number in (0, 1)] == [False, False]
    pair.lost(0, 1.0)
    assert [pair.is_limited(number) for number in (0, 1)] == [False, True]
    pair.lost(1, 2.0)
    assert [pair.is_limited(number) for number in (0, 1)] == [False, True]
    assert pair.failed(1, SPENT) is SOCKET


def test_a_connection_that_no_retry_can_help_leaves_the_other_one_alone():
    for failure in (REFUSED, BAD):
        pair = Pair()
        assert pair.failed(0, failure) is LINK
        assert pair.is_limited(1)
        assert pair.failed(1, failure) is SOCKET
    pair = up(0)
    assert pair.failed(1, REFUSED) is LINK
    assert pair.lost(0, 1.0) == (SOCKET, True)
    assert pair.failed(0, SPENT) is SOCKET


def test_a_stream_is_silent_if_it_is_silent_on_both():
    pair = up(0, 1)
    said = [pair.silent(*each, has_stopped=False) for each in ((0, "a"), (0, "a"), (1, "b"))]
    assert said == [NONE] * 3
    assert pair.silent(1, "a", has_stopped=False) is SOCKET
    assert pair.silent(1, "a", has_stopped=False) is NONE
    pair.failed(0, REFUSED)
    assert pair.silent(1, "a", has_stopped=False) is SOCKET


def test_a_link_that_is_down_does_not_hide_that_a_stream_has_stopped():
    pair = up(0, 1)
    assert pair.silent(0, "a", has_stopped=True) is NONE
    pair.lost(1, 1.0)
    assert pair.silent(0, "a", has_stopped=False) is NONE
    assert pair.silent(0, "a", has_stopped=True) is SOCKET
