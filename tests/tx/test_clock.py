"""The system's clock may be set; what is to happen in ten seconds happens in ten seconds."""

import time

import pytest
from twisted.internet import interfaces
from twisted.internet.selectreactor import SelectReactor
from twisted.internet.task import Clock
from twisted.python.runtime import seconds as system_seconds

from binance.tx.loop import reactor
from binance.tx.loop.clock import SteadyReactor, follows_the_system, keep_steady
from tests.tx.rig import Rig

HOUR = 3600.0


class UsersReactor(Clock):
    """Runs by a system clock that can be set; beside it time goes on."""

    def __init__(self):
        super().__init__()
        self.rightNow = 1_700_000_000.0
        self.passed = 0.0
        self.posted = []

    def monotonic(self):
        return self.passed

    def advance(self, amount):
        self.passed += amount
        super().advance(amount)

    def set(self, seconds):
        """Somebody sets the system's clock; the reactor looks what is due by it."""
        super().advance(seconds)

    def callFromThread(self, function, *args):
        self.posted.append((function, args))

    def post(self):
        posted, self.posted = self.posted, []
        for function, args in posted:
            function(*args)


@pytest.fixture
def users():
    return UsersReactor()


@pytest.fixture
def steady(users):
    return SteadyReactor(users, users.monotonic)


def pass_time(users, steady, seconds):
    """As the manager's thread does: look each second."""
    for _ in range(round(seconds)):
        users.advance(1)
        steady.look()
        users.post()


@pytest.mark.parametrize("jump", [-HOUR, -2.0, 0.0, 2.0, HOUR])
def test_a_timer_of_ten_seconds_ends_after_ten_seconds_whatever_the_clock_says(users, steady, jump):
    ends = []
    steady.callLater(10, lambda: ends.append(users.passed))
    pass_time(users, steady, 4)
    users.set(jump)
    assert ends == []
    steady.callLater(10, lambda: ends.append(users.passed))
    pass_time(users, steady, 20)
    steady.look()
    assert users.posted == []  # one jump is noticed once
    assert ends == [pytest.approx(10, abs=1.01), pytest.approx(14, abs=1.01)]
    assert steady._calls == {}


def test_a_clock_that_is_set_a_little_again_and_again_is_noticed_too(users, steady):
    ends = []
    steady.callLater(100, lambda: ends.append(users.passed))
    for _ in range(90):
        users.set(-0.4)
        pass_time(users, steady, 1)
    pass_time(users, steady, 20)
    assert ends == [pytest.approx(100, abs=2)]


def test_a_clock_that_is_set_ahead_and_back_between_two_looks(users, steady):
    ends = []
    steady.callLater(10, lambda: ends.append(users.passed))
    users.set(HOUR)
    users.advance(0)
    steady.callLater(10, lambda: ends.append(users.passed))
    users.set(-HOUR)
    pass_time(users, steady, 20)
    assert ends == [pytest.approx(10, abs=1.01)] * 2


def test_nothing_is_posted_while_the_clock_is_left_alone(users, steady):
    for _ in range(1000):
        users.advance(1)
        steady.look()
    assert users.posted == []


def test_its_calls_are_twisteds_delayed_calls(users, steady):
    ran = []
    first = steady.callLater(5, ran.append, 1)
    second = steady.callLater(5, ran.append, 2)
    third = steady.callLater(5, ran.append, 3)
    assert first.active()
    assert first.getTime() == 5
    first.cancel()
    second.reset(8)
    third.delay(1)
    assert not first.active()
    users.advance(6)
    assert ran == [3]
    assert not third.active()
    users.advance(2)
    assert ran == [3, 2]
    assert users.getDelayedCalls() == []


def test_all_else_is_the_reactors_own(users):
    own = SelectReactor()
    steady = SteadyReactor(own)
    assert interfaces.IReactorTCP.providedBy(steady)
    assert interfaces.IReactorPluggableNameResolver.providedBy(steady)
    assert steady.nameResolver is own.nameResolver
    own.disconnectAll()


def test_a_reactor_that_we_run_has_the_monotonic_clock_and_its_timers_their_delays():
    own = SelectReactor()
    assert follows_the_system(own)
    calls = [own.callLater(delay, lambda: None) for delay in (50, 5, 500)]
    keep_steady(own)
    assert own.seconds is time.monotonic
    assert not follows_the_system(own)
    calls.append(own.callLater(20, lambda: None))
    left = [call.getTime() - time.monotonic() for call in calls]
    assert left == [pytest.approx(delay, abs=2) for delay in (50, 5, 500, 20)]
    own._insertNewDelayedCalls()
    assert own._pendingTimedCalls[0] is calls[1]
    calls[0].reset(60)
    assert calls[0].getTime() - time.monotonic() == pytest.approx(60, abs=2)
    own.disconnectAll()


def test_a_reactor_whose_timers_cannot_be_given_it_keeps_its_clock(monkeypatch):
    monkeypatch.setattr("binance.tx.wire.compat.has", lambda way: way != "steady clock")
    own = SelectReactor()
    call = own.callLater(50, lambda: None)
    keep_steady(own)
    assert follows_the_system(own)  # so all timers are made through a `SteadyReactor`
    assert call.seconds is system_seconds
    own.disconnectAll()


def test_a_clock_that_is_not_the_systems_is_left_alone():
    virtual = Clock()
    keep_steady(virtual)
    virtual.advance(3)
    assert virtual.seconds() == 3


def test_links_get_the_reactor_itself_unless_it_follows_the_systems_clock(monkeypatch, users):
    monkeypatch.setattr(reactor, "get", lambda: users)
    monkeypatch.setattr(reactor._process, "clock", None)
    assert reactor.clock() is users
    monkeypatch.setattr(users, "seconds", system_seconds, raising=False)
    assert isinstance(reactor.clock(), SteadyReactor)
    assert reactor.clock() is reactor.clock()


def test_retries_go_on_and_ages_stay_true_when_the_clock_is_set_back(users, steady):
    rig = Rig(clock=users, steady=steady)
    rig.up().lose()
    users.set(-HOUR)
    pass_time(users, steady, 3)
    assert len(rig.wire.dials) == 2
    rig.wire.open().say({"t": 7})
    users.set(-HOUR)
    pass_time(users, steady, 5)
    assert 4 <= rig.socket.stats()["last_message_age"] <= 6


def test_a_half_open_link_is_left_although_the_clock_is_set_back(users, steady):
    rig = Rig(clock=users, steady=steady)
    protocol = rig.up()
    pass_time(users, steady, 20)
    users.set(-HOUR)
    pass_time(users, steady, 25)
    assert protocol.is_lost
