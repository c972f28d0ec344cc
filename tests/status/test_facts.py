"""What is known about a manager, without a reactor: which problems end when."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from binance.events import Connected, GaveUp, Silent
from binance.sansio.status.health import problems
from binance.status.facts import Facts
from binance.tx.socket import Socket
from binance.tx.sockets import MOST_FAILED
from binance.websockets import BinanceSocketManager

KEY = "bnbbtc@trade"
REFUSED = GaveUp(key=KEY, when=0.0, reason="refused", code=451)


@pytest.fixture
def bm(monkeypatch):
    monkeypatch.setattr(Socket, "start", Socket._make_connections)  # dials nothing
    manager = BinanceSocketManager(None)
    yield manager
    manager.close()


def ignore(message: object) -> None:
    """A callback."""


@pytest.mark.parametrize(
    "end",
    [
        lambda bm, conn: bm.stop_socket(KEY),
        lambda bm, conn: bm._stop_own(KEY, conn),  # of a block of messages, or of a book
        lambda bm, conn: bm._open_sockets.report(Connected(key=KEY, when=1.0)),
        lambda bm, conn: bm.close(),
    ],
)
def test_a_failure_is_a_problem_until_somebody_has_reacted(bm, end):
    facts = Facts(bm)
    bm.start_trade_socket("BNBBTC", ignore)
    conn = bm._conns[KEY]
    bm._open_sockets.release(conn)
    bm._open_sockets.report(REFUSED)
    bm._stop_own("another", object())
    assert facts.report().gave_up == {KEY: "refused"}
    end(bm, conn)
    assert facts.report().gave_up == {}


def test_the_latest_failures_are_kept(bm):
    for number in range(MOST_FAILED + 2):
        bm._open_sockets.report(replace(REFUSED, key=str(number)))
    assert list(Facts(bm).report().gave_up) == [str(n) for n in range(2, MOST_FAILED + 2)]


def test_a_silent_socket_is_not_its_successor(bm):
    facts = Facts(bm)
    bm.start_trade_socket("BNBBTC", ignore)
    bm._open_sockets.report(Silent(key=KEY, when=0.0, stream=KEY, cause="a quiet market"))
    assert facts.report().silent == {KEY: f"{KEY}: a quiet market"}
    assert [figures["silent"] for _, figures in facts.report().rows["socket"]] == [True]
    bm.stop_socket(KEY)
    bm.start_trade_socket("BNBBTC", ignore)
    assert facts.report().silent == {}
    assert [figures["silent"] for _, figures in facts.report().rows["socket"]] == [False]


@pytest.mark.parametrize(
    ("name", "data"),
    [("btcustd@trade", {"e": "trade", "t": 1}), ("btcusdt@avgPrice", {"e": "avgPrice"})],
)
def test_of_several_streams_one_may_be_silent(bm, name, data):
    def show(heard):
        conn.messages += 1
        one.continuity.admit({"stream": heard, "data": data})
        report = facts.report()
        return [bool(report.silent), *(figures["silent"] for _, figures in report.rows["socket"])]

    facts = Facts(bm)
    key = bm.start_multiplex_socket([name, "bnbbtc@trade", "ethbtc@trade"], ignore)
    conn = bm._conns[key]
    [one] = conn.connections
    assert show("bnbbtc@trade") == [False, False]
    if "avg" in name:  # it brings some, and stops
        assert show(name) == [False, False]
    for stream in (name, "ethbtc@trade"):
        bm._open_sockets.report(Silent(key=key, when=0.0, stream=stream, cause="it has stopped"))
    assert show("ethbtc@trade") == [False, True]
    assert show("bnbbtc@trade") == [False, True], "the socket brings messages, the stream does not"
    assert show(name) == [False, False]
    bm._open_sockets.report(Silent(key=key, when=0.0, stream=name, cause="it has stopped"))
    del one.session.shard.names[name]
    assert show("bnbbtc@trade") == [False, False], "it is not wanted any more"


def test_the_connector_of_an_old_script_is_shown_as_its_socket(bm):
    facts = Facts(bm)
    bm.start_trade_socket("BNBBTC", ignore)
    bm._conns[KEY] = SimpleNamespace(owner=bm._conns[KEY])
    bm._open_sockets.report(Silent(key=KEY, when=0.0, stream=KEY, cause="a quiet market"))
    assert bm.stats()[KEY].connected is False
    assert [labels[0] for labels, _ in facts.report().rows["socket"]] == [KEY]
    reasons = [(one.reason, one.key) for one in problems(facts.report())]
    assert reasons == [("down", KEY), ("silent", KEY)]
