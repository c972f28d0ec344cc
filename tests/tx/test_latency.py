"""Latencies against an exchange with a known clock and delay, on a fake clock."""

import pytest

from binance.sansio.link.clock import MEASURE_SECONDS, measured
from binance.sansio.names.endpoints import resolve
from binance.sansio.names.sites import site
from binance.tx.loop import reactor
from tests.tx.rig import DISPATCHES, WALL, Rig
from tests.tx.test_sockets import Manager, posted  # noqa: F401 - a fixture

OFFSET = 1_700_000_042.1234


class Exchange:
    """Its clock is ahead of ours; what it sends takes `delay` seconds."""

    def __init__(self, ahead=OFFSET, **options):
        self.ahead = ahead
        self.offset = None
        self.rig = Rig(clock_offset=lambda: self.offset, **options).start()
        self.protocol = self.rig.wire.open()
        self.clock = self.rig.clock

    def now(self):
        return int((self.clock.seconds() + self.ahead) * 1000)

    def sample(self, there, back):
        sent = self.clock.seconds()
        self.clock.advance(there)
        theirs = self.now() / 1000
        self.clock.advance(back)
        return sent, theirs, self.clock.seconds()

    def send(self, delay, number, seconds=0.0):
        message = {"e": "trade", "s": "A", "t": number, "E": self.now()}
        self.clock.advance(delay + seconds)
        self.protocol.say(message, seconds=seconds)

    def latency(self):
        return self.rig.socket.stats()["latency"]


def test_latencies_are_right_within_two_milliseconds():
    exchange = Exchange()
    ways = [(0.2, 0.05), (0.031, 0.030), (0.004, 0.005), (0.01, 0.3)]
    exchange.offset = measured([exchange.sample(*way) for way in ways])
    for number in range(100):
        exchange.clock.advance(0.2)
        exchange.send(0.080 if number % 10 == 9 else 0.007, number)
    latency = exchange.latency()
    assert latency["p50"] == pytest.approx(0.007, abs=0.002)
    assert latency["p99"] == pytest.approx(0.080, abs=0.002)
    assert latency["max"] == pytest.approx(0.080, abs=0.002)
    assert latency["error"] == pytest.approx(0.0055, abs=0.0001)


def test_a_system_clock_that_is_set_back_does_no_harm():
    exchange = Exchange(wall=lambda: 1_000_000.0)
    exchange.offset = measured([exchange.sample(0.001, 0.001)])
    exchange.send(0.007, 1)
    assert exchange.latency()["max"] == pytest.approx(0.007, abs=0.002)


def test_without_a_measurement_the_clock_of_the_computer_counts():
    exchange = Exchange(ahead=WALL)
    exchange.send(0.007, 1)
    assert exchange.latency()["max"] == pytest.approx(0.007, abs=0.002)
    assert exchange.latency()["error"] is None


def test_the_time_that_a_callback_takes_is_no_latency():
    exchange = Exchange(ahead=WALL)
    exchange.send(0.007, 1, seconds=0.5)
    assert exchange.latency()["max"] == pytest.approx(0.007, abs=0.002)


def test_messages_without_a_time_have_no_latency():
    exchange = Exchange()
    exchange.protocol.say({"u": 1, "s": "A", "b": "1"})
    assert exchange.latency() is None


@pytest.mark.parametrize("dispatch", DISPATCHES)
@pytest.mark.parametrize("is_on", [False, True])
def test_the_time_of_receipt_is_added_if_asked_for(dispatch, is_on, monkeypatch):
    monkeypatch.setattr("binance.tx.dispatch.time.time_ns", lambda: 42)
    rig = Rig(options={"dispatch": dispatch, "received": is_on})
    rig.up()
    while not rig.got:
        assert dispatch == "thread"
    assert rig.got[0] == {"n": 0, "x": 1, "y": 2} | ({"_received": 42} if is_on else {})
    rig.socket.stop()


def test_each_item_of_a_list_has_it_and_the_error_dict_has_not(monkeypatch):
    monkeypatch.setattr("binance.tx.dispatch.time.time_ns", lambda: 42)
    rig = Rig(options={"received": True})
    rig.start().wire.open().say([{"s": "A"}, {"s": "B"}])
    assert rig.got == [[{"s": "A", "_received": 42}, {"s": "B", "_received": 42}]]
    rig.socket.dispatch.give_up({"e": "error", "m": "m"}, "lost")
    assert rig.got[1] == {"e": "error", "m": "m"}


# the measurement


@pytest.fixture
def table(posted, monkeypatch):  # noqa: F811
    """The sockets of a manager that measures; what is done in worker threads is done at once."""
    from twisted.internet.defer import maybeDeferred

    monkeypatch.setattr(reactor, "in_thread", maybeDeferred)
    monkeypatch.setattr(reactor, "call", lambda function, *args: function(*args))
    table = Manager().table
    table.links = type(table.links)(measure_clock=True)
    return table


def test_the_clock_is_measured_now_and_then(table):
    calls = []

    def sample():
        calls.append(reactor.clock().seconds())
        return [(1.0, 101.5, 2.0)]

    for _ in range(3):
        table.keep_time(sample)
    reactor.clock().advance(MEASURE_SECONDS + 1)
    table.keep_time(sample)
    assert len(calls) == 2
    assert table.clock_offset.offset == 100.0
    dependencies = table.dependencies(None, site(resolve({}), "spot").has_retired_streams)
    assert dependencies.clock_offset() is table.clock_offset


def test_a_measurement_that_fails_is_told_and_changes_nothing(table, caplog):
    def sample():
        raise OSError("no route")

    table.keep_time(sample)
    assert table.clock_offset is None
    assert "the exchange's clock was not measured: no route" in caplog.text


def test_nobody_is_asked_unless_it_is_wanted(table):
    table.links = type(table.links)()
    table.keep_time(lambda: pytest.fail("asked"))
