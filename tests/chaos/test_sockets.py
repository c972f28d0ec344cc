"""Sockets that change while they live, that never speak, that come and go."""

import time

import pytest

from binance.simulator.run.exchange_process import ExchangeProcess
from tests.chaos.rig import PATIENCE, RAW, check
from tests.pace import paced

pytestmark = [pytest.mark.loopback, pytest.mark.process]

FIRST = ["btcusdt@trade", "ethusdt@depth@100ms"]
MULTIPLEX = "streams=" + "/".join(FIRST)


def links(exchange):
    """What each connection carries, by its number."""
    return {each["id"]: set(each["streams"]) for each in exchange.stats()["connections"]["open"]}


def test_streams_are_added_and_removed_on_the_connection_that_there_is(venue, program):
    running = program(venue)
    running.start(MULTIPLEX)
    (number,) = links(venue)
    more = ["ethusdt@trade", "btcusdt@bookTicker"]
    assert running.do("subscribe", key=MULTIPLEX, streams=more) == more
    assert links(venue) == {number: {*FIRST, *more}}
    running.deliver([MULTIPLEX], messages=50)
    assert running.do("unsubscribe", key=MULTIPLEX, streams=FIRST[:1]) == FIRST[:1]
    assert links(venue) == {number: {*FIRST[1:], *more}}
    venue.fault("drop")  # the next link names what is wanted by then
    running.wait_for("Resumed", [MULTIPLEX])
    assert list(links(venue).values()) == [{*FIRST[1:], *more}]
    running.deliver([MULTIPLEX], messages=50)
    assert set(check(running.report())) == {*FIRST, *more}
    assert running.end() == 0


def test_streams_that_never_speak_are_told_once_and_their_links_live_on(venue, program):
    """A symbol that there is not, and one in upper case: acknowledged, and silent."""
    running = program(venue, timing={"first": paced(1.0)})
    lost, shouted = "nosuchusdt@depth5", "BTCUSDT@trade"
    mixed = f"streams={shouted}/ethusdt@trade"
    running.do("start", method="depth", args=["NOSUCHUSDT", 5], key=lost)
    running.start(mixed)
    running.wait_for("Silent", [lost, mixed])
    causes = {event["stream"]: event["cause"] for event in running.events if "cause" in event}
    assert set(causes) == {lost, shouted}
    assert "symbol" in causes[lost]
    assert "upper case" in causes[shouted]
    running.deliver([mixed], messages=100)
    assert [running.count("Silent", key) for key in (lost, mixed)] == [1, 1]
    assert running.of("Disconnected") == []
    assert running.log.count("is silent") == 2
    assert running.end() == 0


def test_sockets_that_come_and_go_leave_nothing(venue, program):
    running = program(venue)
    keys = [*RAW, MULTIPLEX]

    def come_and_go():
        running.start(*keys)
        for key in keys:
            running.do("stop", key=key)
        while links(venue):  # the closing handshakes are over
            assert running.process.poll() is None
            time.sleep(0.02)

    come_and_go()
    before = running.do("figures")
    for _ in range(8):
        come_and_go()
    end = time.monotonic() + PATIENCE
    after = running.do("figures")
    while any(after[name] > before[name] for name in ("threads", "descriptors")):
        assert time.monotonic() < end, (before, after)
        time.sleep(0.05)
        after = running.do("figures")
    assert after["rss"] - before["rss"] < 4 * 2**20
    assert running.of("Disconnected") == []
    assert running.end() == 0


def test_stop_then_silence(venue, program):
    """After `stop_socket` nothing is delivered, while the exchange goes on with the others."""
    running = program(venue)
    running.start("btcusdt@trade", MULTIPLEX)
    running.do("stop", key="btcusdt@trade")
    running.deliver([MULTIPLEX])
    before = running.do("called")
    running.deliver([MULTIPLEX], messages=50)
    assert running.do("called")["btcusdt@trade"] == before["btcusdt@trade"]
    assert running.end() == 0


def test_retired_streams_of_the_whole_market_still_come(venue, program):
    """The exchange is silent about `!ticker@arr` and `!bookTicker`: their sockets are not."""
    running = program(venue)
    running.do("start", method="ticker", key="!ticker@arr")
    running.do("start", method="book_ticker", key="!bookTicker")
    running.deliver(["!ticker@arr", "!bookTicker"], messages=2)
    record = running.report()
    assert {entry[1] for entry in record["!ticker@arr"]} == {"list"}
    assert {entry[1] for entry in record["!bookTicker"]} == {"top"}
    listened = set().union(*links(venue).values())
    assert not any(name.startswith("!") for name in listened)
    assert running.end() == 0


@pytest.fixture(scope="module")
def secure():
    with ExchangeProcess(seed=4, symbols=["BTCUSDT", "ETHUSDT"], rate=50, levels=50) as running:
        yield running
        assert running.errors() == ""


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [("wrong_host", "wrong host"), ("untrusted", "untrusted"), ("expired", "untrusted")],
)
def test_a_certificate_that_must_not_be_trusted_is_not(secure, program, certificate, reason):
    """A cold start gives up at once and says why; a socket that worked before tries on."""
    secure.clear()
    running = program(secure)
    running.start(MULTIPLEX)
    secure.fault("bad_certificate", certificate=certificate)
    running.do("start", method="trade", args=["BTCUSDT"], key="btcusdt@trade")
    running.wait_for("GaveUp", ["btcusdt@trade"])
    assert reason in running.of("GaveUp")[0]["reason"]
    assert [entry[1] for entry in running.report()["btcusdt@trade"]] == ["error"]
    secure.fault("drop")
    running.wait_for("Retrying", [MULTIPLEX], times=2)
    secure.clear()
    running.wait_for("Resumed", [MULTIPLEX])
    running.deliver([MULTIPLEX])
    assert running.end() == 0
