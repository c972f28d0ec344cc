"""Factories that users drive themselves: how often and how soon they are retried."""

import gc
import itertools

import pytest
from twisted.internet.task import Clock

from binance.events import Delayed, Disconnected, Retrying
from binance.sansio.link.budget import ConnectBudget, MessageBudget
from binance.sansio.link.reconnect import RetryPolicy
from binance.tx import dependencies
from binance.tx.dependencies import Dependencies
from binance.tx.sessions import user_connectors
from binance.tx.sessions.user_connectors import BinanceClientFactory
from tests.steps import strike
from tests.tx.rig import Rig
from tests.tx.test_protocol import Wire


def factory(**attributes):
    made = BinanceClientFactory("ws://127.0.0.1:1/ws/bnbbtc@trade")
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


def test_the_retries_are_those_of_all_sockets():
    assert user_connectors._policy(factory()) == RetryPolicy()


def test_their_number_alone_may_be_set():
    assert user_connectors._policy(factory(maxRetries=9)) == RetryPolicy(max_retries=9)
    assert user_connectors._policy(factory(maxRetries=None)) == RetryPolicy(max_retries=None)


def test_without_reconnect_there_are_none():
    assert user_connectors._policy(factory(reconnect=False)) == RetryPolicy(max_retries=0)


def test_delays_set_by_twisteds_names_are_kept():
    policy = user_connectors._policy(
        factory(initialDelay=0.5, maxDelay=3.0, factor=2.0, jitter=None)
    )
    assert policy == RetryPolicy(initial=0.5, factor=2.0, maximum=3.0, jitter=0.0)
    assert [policy.delay(retry, 0.9) for retry in range(1, 6)] == [0.5, 1.0, 2.0, 3.0, 3.0]


def test_a_class_of_ones_own_may_set_them():
    class Patient(BinanceClientFactory):
        initialDelay = 2

    assert user_connectors._policy(Patient("ws://127.0.0.1:1/")).initial == 2


class Connector:
    """What a user's connector does, without a network; its own time-out never comes."""

    timeout = 30.0

    def __init__(self, state="disconnected"):
        self.state = state
        self.connects = int(state == "connecting")

    def connect(self):
        assert self.state == "disconnected"
        self.state = "connecting"
        self.connects += 1

    def stopConnecting(self):
        assert self.state == "connecting"
        self.state = "disconnected"
        self.connects -= 1


def manage(budget, connector, made=None):
    """A socket whose links are the connector's, to the exchange's own host."""
    made = made or BinanceClientFactory("wss://stream.binance.com:9443/ws/bnbbtc@trade")
    is_connecting = connector.state == "connecting"
    return Rig(
        connects=budget,
        sessions=lambda socket: [
            user_connectors._ConnectorSession(socket, made, connector, is_connecting)
        ],
    ).start()


def test_a_reply_to_a_users_own_request_proves_no_link():
    session, link = manage(ConnectBudget(), Connector()).socket.connections[0].session, Link()
    session.control(link, {"result": None, "id": 1})
    assert link.controls == 1


class Link:
    controls = 0


@pytest.mark.parametrize("state", ["disconnected", "connecting"])
def test_users_connectors_keep_to_the_one_budget_of_connects(state):
    budget = ConnectBudget(limit=2, period=100.0)
    connectors = [Connector(state) for _ in range(3)]
    rigs = [manage(budget, connector) for connector in connectors]
    assert [connector.connects for connector in connectors] == [1, 1, 0]
    assert rigs[2].kinds == [Delayed]
    rigs[2].pass_time(99)
    assert connectors[2].connects == 0
    rigs[2].pass_time(2)
    assert connectors[2].connects == 1


def test_a_users_connector_that_is_stopped_while_it_waits_never_connects():
    budget = ConnectBudget(limit=1, period=100.0)
    manage(budget, Connector())
    connector = Connector()
    rig = manage(budget, connector)
    rig.socket.stop()
    rig.pass_time(200)
    assert connector.connects == 0
    rig.assert_nothing_left()


@pytest.mark.parametrize("error", [RuntimeError("it is broken"), OSError("no more files")])
def test_a_users_connector_that_raises_is_a_failed_try(error):
    class Broken(Connector):
        def connect(self):
            super().connect()
            if self.connects == 1:
                raise error  # Twisted's own then stays as it is: connecting

    connector = Broken()
    rig = manage(ConnectBudget(), connector)
    assert rig.kinds == [Disconnected, Retrying]
    rig.pass_time(1)
    assert (connector.connects, connector.state) == (2, "connecting")
    rig.socket.stop()
    rig.assert_nothing_left()


def test_a_dial_is_given_up_though_the_clock_of_its_connector_was_set_back():
    connector = Connector()
    rig = manage(ConnectBudget(), connector)
    rig.pass_time(30.5)
    assert connector.state == "connecting"
    rig.pass_time(1)
    assert connector.state == "disconnected"


def test_a_handshake_is_timed_by_our_clock_whatever_the_reactor_of_the_factory_says():
    """The reactor of this process, which the factory has found by itself, does not run here."""
    connector = Connector()
    made = factory(allow_plain=True)
    rig = manage(ConnectBudget(), connector, made)
    connector.state, wire = "connected", Wire()
    made.buildProtocol(None).makeConnection(wire)
    rig.pass_time(9.5)
    assert not wire.aborted
    rig.pass_time(1)
    assert wire.aborted


def test_the_budgets_of_this_process_are_those_of_all_who_dial():
    made = Dependencies(None, None)
    assert made.connects is dependencies.shared_connects
    assert isinstance(made.messages("spot", "stream.binance.com"), MessageBudget)
    assert made.messages("spot", "127.0.0.1") is None
    assert isinstance(
        dependencies.message_budget("usdm", "127.0.0.1", on_loopback=True), MessageBudget
    )


class Manager:
    """Holds connectors under keys."""

    def __init__(self, **conns):
        self.conns = conns
        self.events = []
        user_connectors.register(self)

    def held(self):
        return list(self.conns.items())

    def report(self, event):
        self.events.append(event)


@pytest.mark.thread
def test_managers_may_be_made_while_another_thread_looks_for_a_connector():
    connector = object()
    before = [Manager(a=object()), Manager(key=connector), Manager(b=object())]
    made = []
    for at in itertools.count(1):
        owner = user_connectors._ConnectorOwner(connector, Clock())
        is_struck = strike(owner._find, lambda: made.append(Manager()), at)
        assert owner._last_found == (before[1], "key")
        made.clear()
        if not is_struck:
            break
    assert at > 10


def delayed(until):
    return Delayed(key="ws://x/ws/a@trade", when=1.0, until=until, reason="the limit")


@pytest.fixture
def unstored():
    """The owner of a connector that user code has not stored yet, its clock, and a manager."""
    connector, clock, manager = object(), Clock(), Manager()
    return user_connectors._ConnectorOwner(connector, clock), clock, manager, connector


def test_what_happens_before_a_connector_is_stored_is_reported_in_order_once_it_is(unstored):
    owner, clock, manager, connector = unstored
    owner.report(delayed(2.0))
    manager.conns["a@trade"] = connector
    owner.report(delayed(3.0))
    assert [(event.key, event.until) for event in manager.events] == [
        ("a@trade", 2.0),
        ("a@trade", 3.0),
    ]
    clock.advance(1)
    assert len(manager.events) == 2


def test_it_is_reported_without_any_further_event(unstored):
    owner, clock, manager, connector = unstored
    owner.report(delayed(2.0))
    manager.conns["a@trade"] = connector
    clock.advance(user_connectors.STORED_SECONDS)
    assert [event.until for event in manager.events] == [2.0]


def test_events_of_a_connector_that_nobody_stores_are_not_kept(unstored):
    owner, clock, manager, connector = unstored
    owner.report(delayed(2.0))
    clock.advance(user_connectors.STORED_SECONDS)
    manager.conns["a@trade"] = connector
    owner.report(delayed(3.0))
    assert [event.until for event in manager.events] == [3.0]
    assert not clock.getDelayedCalls()


def test_the_end_of_a_socket_reports_what_is_left_and_leaves_no_timer(unstored):
    owner, clock, manager, connector = unstored
    owner.report(delayed(2.0))
    manager.conns["a@trade"] = connector
    owner.gone(None)
    assert [event.until for event in manager.events] == [2.0]
    assert not clock.getDelayedCalls()


def test_a_manager_that_is_gone_is_looked_into_no_more():
    manager = Manager()
    (mine,) = [one for one in user_connectors.registered if one() is manager]
    del manager
    gc.collect()
    assert mine not in user_connectors.registered
