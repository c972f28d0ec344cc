"""Whole-market streams rebuilt from every symbol's own."""

import logging

import pytest
from twisted.internet.defer import Deferred

from binance.events import Connected, Disconnected, GaveUp, Retrying
from binance.exceptions import BinanceAPIException
from binance.sansio.account.wsapi import ApiError
from binance.sansio.link.reconnect import RetryPolicy
from binance.tx.sessions.whole_market import REFRESH_SECONDS, WholeMarket
from tests.logs import ours
from tests.tx.rig import Rig

LISTING = "wss://ws-api:443/ws-api/v3"


def whole_market(kind, **options):
    def sessions(socket):
        socket.multiplex = WholeMarket(socket, ["wss://a:9443/"], [LISTING], kind)
        return socket.multiplex.sessions

    return Rig(sessions=sessions, **options)


def listed(rig, *symbols, status=200, data=None):
    """Let the listing's dial succeed, and answer what it asks."""
    assert rig.wire.urls[-1] == LISTING
    protocol = rig.wire.open()
    (request,) = protocol.sent
    assert request["method"] == "exchangeInfo"
    protocol.sent = []
    shown = [{"symbol": name, "status": "TRADING"} for name in symbols]
    shown.append({"symbol": "HALTED", "status": "BREAK"})
    error = {"code": -1003, "msg": "Too many requests", "data": data}
    answer = {"result": {"symbols": shown}} if status == 200 else {"error": error}
    protocol.say({"id": request["id"], "status": status, **answer})
    return protocol


def ticker(symbol, number=1):
    data = {"e": "24hrTicker", "E": number, "s": symbol, "c": "1.0"}
    return {"stream": f"{symbol.lower()}@ticker", "data": data}


def test_tickers_come_as_a_list_each_second_of_the_symbols_that_changed():
    rig = whole_market("ticker").start()
    listing = listed(rig, "BNBBTC", "ETHBTC", "LTCBTC")
    assert listing.closing
    listing.lose(True, 1000)
    assert (
        rig.wire.urls[1] == "wss://a:9443/stream?streams=bnbbtc@ticker/ethbtc@ticker/ltcbtc@ticker"
    )
    assert not rig.socket.is_open
    protocol = rig.wire.open()
    assert rig.socket.is_open
    assert rig.kinds == [Connected]
    protocol.say(ticker("BNBBTC"), ticker("ETHBTC"), ticker("BNBBTC", 2))
    assert rig.got == []
    rig.pass_time(1)
    assert rig.got == [[ticker("BNBBTC", 2)["data"], ticker("ETHBTC")["data"]]]
    rig.pass_time(5)
    assert len(rig.got) == 1  # nothing changed
    protocol.say(ticker("LTCBTC"))
    rig.pass_time(1)
    assert [[one["s"] for one in tickers] for tickers in rig.got[1:]] == [["LTCBTC"]]
    rig.socket.stop()
    protocol.lose(True, 1000)
    rig.assert_nothing_left()


@pytest.mark.parametrize("kind", ["ticker", "bookTicker"])
@pytest.mark.parametrize(
    "message",
    [
        {"a": 1, "b": 2, "c": 3},
        {"stream": "a@ticker", "data": None},
        {"stream": "a@ticker", "data": {"no": "symbol"}},
        {"stream": "a@ticker", "data": {"s": ["A"]}},
        [{"data": {"s": "A"}}],
        None,
    ],
)
def test_a_message_of_another_shape_is_malformed(kind, message, caplog):
    rig = whole_market(kind).start()
    listed(rig, "A")
    protocol = rig.wire.open()
    protocol.say(message)
    rig.pass_time(2)
    assert rig.got == []
    assert caplog.text.count("no JSON object or list") == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 429, "error": "busy"},
        {"status": 429},
        {"status": "x", "error": {"code": [], "msg": None}},
        {"status": 429, "result": {"symbols": []}},
        {"status": 200},
        {"status": 200, "result": None},
        {"status": 200, "result": {}},
        {"status": 200, "result": {"symbols": None}},
        {"status": 200, "result": {"symbols": [None]}},
        {"status": 200, "result": {"symbols": [{"symbol": None, "status": "TRADING"}]}},
    ],
)
def test_a_list_of_another_shape_is_a_failed_try(answer):
    rig = whole_market("ticker").start()
    protocol = rig.wire.open()
    (request,) = protocol.sent
    protocol.say({"id": request["id"], **answer})
    assert protocol.is_lost
    rig.pass_time_until_dial()
    listed(rig, "A")
    assert rig.wire.urls[-1].endswith("stream?streams=a@ticker")


def test_an_empty_list_is_a_failed_try():
    rig = whole_market("ticker").start()
    assert listed(rig).is_lost
    rig.pass_time_until_dial()
    listed(rig, "A")
    assert rig.wire.urls[-1].endswith("stream?streams=a@ticker")


def test_book_tickers_come_as_plain_dicts_at_once():
    rig = whole_market("bookTicker").start()
    listed(rig, "BNBBTC").lose(True, 1000)
    data = {"u": 1, "s": "BNBBTC", "b": "1", "B": "2", "a": "3", "A": "4"}
    rig.wire.open().say({"stream": "bnbbtc@bookTicker", "data": data})
    assert rig.got == [data]


def test_symbols_join_and_leave():
    rig = whole_market("bookTicker").start()
    listed(rig, "AA", "BB").lose(True, 1000)
    protocol = rig.wire.open()
    protocol.acknowledge()
    for _ in range(int(REFRESH_SECONDS // 20) + 2):
        rig.pass_time(20, step=4)
        protocol.link.link_read(6, 0, 0.0)
        if rig.wire.urls[-1] == LISTING:
            break
    listed(rig, "BB", "CC").lose(True, 1000)
    protocol.acknowledge()
    assert sorted(protocol.carries) == ["bb@bookTicker", "cc@bookTicker"]


def test_a_refresh_that_fails_changes_nothing():
    rig = whole_market("bookTicker").start()
    listed(rig, "AA").lose(True, 1000)
    protocol = rig.wire.open()
    protocol.acknowledge()
    for _ in range(int(REFRESH_SECONDS // 20) + 2):
        rig.pass_time(20, step=4)
        protocol.link.link_read(6, 0, 0.0)
        if rig.wire.urls[-1] == LISTING:
            break
    before = rig.kinds
    rig.wire.connect().lose(http_status=404)
    assert rig.kinds == before, "a list that is there stays good enough"
    assert rig.socket.is_open
    assert rig.got == []


def test_without_a_list_the_key_is_given_up_in_the_usual_way():
    rig = whole_market("ticker", policy=RetryPolicy(2)).start()
    for _ in range(3):
        rig.wire.fail()
        rig.pass_time_until_dial()
    assert rig.got == [{"e": "error", "m": "Max reconnect retries reached"}]
    assert rig.kinds == [Disconnected, Retrying, Retrying, GaveUp], "as any socket that has no link"
    rig.assert_nothing_left()


def test_a_refused_list_is_a_failed_try():
    rig = whole_market("ticker", policy=RetryPolicy(0)).start()
    listed(rig, status=400)
    assert rig.kinds == [Disconnected, GaveUp]
    assert all("Too many requests" in event.reason for event in rig.owner.events)
    rig.assert_nothing_left()


def test_an_unanswered_list_is_a_failed_try():
    rig = whole_market("ticker", policy=RetryPolicy(0)).start()
    protocol = rig.wire.open()
    for _ in range(35):
        rig.pass_time(1)
        if not protocol.is_lost:
            protocol.link.link_read(6, 0, 0.0)
    assert rig.kinds == [Disconnected, GaveUp]
    rig.assert_nothing_left()


@pytest.mark.parametrize("moment", ["listing", "dialling", "open"])
def test_stop_at_any_moment_leaves_nothing(moment):
    rig = whole_market("ticker").start()
    if moment != "listing":
        listed(rig, "AA").lose(True, 1000)
    if moment == "open":
        protocol = rig.wire.open()
    rig.socket.stop()
    if moment == "open":
        protocol.lose(True, 1000)
    rig.assert_nothing_left()


# the list by REST, beside a host that serves market data alone


class Fetch:
    """Answers with symbols, or raises, as the test has it."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def __call__(self):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def fetched(fetch, **options):
    def sessions(socket):
        socket.multiplex = WholeMarket(socket, ["wss://a:9443/"], [LISTING], "bookTicker", fetch)
        return socket.multiplex.sessions

    return Rig(sessions=sessions, **options)


def test_the_list_may_be_fetched():
    fetch = Fetch(["aa", "bb"], ["bb", "cc"])
    rig = fetched(fetch).start()
    assert rig.wire.urls == ["wss://a:9443/stream?streams=aa@bookTicker/bb@bookTicker"]
    protocol = rig.wire.open()
    protocol.acknowledge()
    for _ in range(int(REFRESH_SECONDS // 20) + 2):
        rig.pass_time(20, step=4)
        protocol.link.link_read(6, 0, 0.0)
        if not fetch.answers:
            break
    protocol.acknowledge()
    assert sorted(protocol.carries) == ["bb@bookTicker", "cc@bookTicker"]
    rig.socket.stop()
    protocol.lose(True, 1000)
    rig.assert_nothing_left()


def test_a_list_that_cannot_be_fetched_is_tried_again(caplog):
    rig = fetched(Fetch(OSError("no route"), [], ["aa"])).start()
    assert rig.wire.urls == []
    rig.pass_time(30)
    assert rig.wire.urls == ["wss://a:9443/stream?streams=aa@bookTicker"]
    rig.wire.open()
    assert rig.kinds == [Disconnected, Retrying, Retrying, Connected]
    (record,) = [one for one in ours(caplog) if one.levelno == logging.WARNING]
    assert "no route; the command `binance-sockets doctor`" in record.getMessage()


def test_the_list_is_asked_for_again_only_after_a_ban():
    limited = BinanceAPIException(ApiError(418, -1003, "Way too many requests", 120.0))
    rig = fetched(Fetch(limited)).start()
    assert rig.owner.events[-1].delay == 120.0
    rig = whole_market("ticker").start()
    now = 1_700_000_000_000
    listed(rig, status=418, data={"serverTime": now, "retryAfter": now + 90_000})
    assert rig.owner.events[-1].delay == 90.0


def test_one_that_can_never_be_had_ends_the_key():
    fetch = Fetch(*[OSError("no route")] * 3)
    rig = fetched(fetch, policy=RetryPolicy(max_retries=2)).start()
    rig.pass_time(60)
    assert fetch.answers == []
    assert rig.kinds == [Disconnected, Retrying, Retrying, GaveUp]
    assert "no route" in rig.owner.events[-1].reason
    assert rig.got == [{"e": "error", "m": "Max reconnect retries reached"}]
    rig.assert_nothing_left()


def test_a_refresh_that_cannot_be_fetched_changes_nothing():
    rig = fetched(Fetch(["aa"], *[OSError("no route")] * 100)).start()
    protocol = rig.wire.open()
    protocol.acknowledge()
    for _ in range(int(REFRESH_SECONDS // 20) + 12):
        rig.pass_time(20, step=4)
        protocol.link.link_read(6, 0, 0.0)
    assert rig.kinds == [Connected]
    assert protocol.carries == ["aa@bookTicker"]
    rig.socket.stop()
    protocol.lose(True, 1000)
    rig.assert_nothing_left()


def test_what_is_fetched_after_the_end_is_left():
    answer = Deferred()
    rig = fetched(list)
    rig.socket.dependencies = rig.socket.dependencies._replace(in_thread=lambda _: answer)
    rig.start()
    rig.socket.stop()
    answer.callback(["aa"])
    assert rig.wire.urls == []
    rig.assert_nothing_left()
