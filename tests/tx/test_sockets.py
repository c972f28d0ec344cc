"""A manager's table of sockets, without a thread: keys, refusals, and who is told."""

from dataclasses import fields
from typing import get_args, get_type_hints

import pytest
from twisted.internet.task import Clock
from twisted.python import threadable

from binance.sansio.link.reconnect import RetryPolicy
from binance.sansio.names.endpoints import resolve
from binance.sansio.names.sites import site
from binance.tx import dispatch
from binance.tx.loop import reactor
from binance.tx.sessions.account import KeyedSession
from binance.tx.sessions.legacy_methods import LegacyMethods
from binance.tx.sessions.market import RawSession
from binance.tx.socket import Options, Socket, SocketOptions
from binance.tx.sockets import Feed, Links, Sockets

SITE = site(resolve({}), "spot")
KEY = "bnbbtc@trade"
LISTEN_KEY = "pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65sdf19v8a65a1"


def ignore(message):
    """A callback."""


class Manager(LegacyMethods):
    """What the table needs of a manager."""

    daemon, protocol = True, None
    _public_client = None

    def __init__(self):
        super().__init__(None, 1800.0)
        self.starts = 0
        self.table = Sockets(self, Options(), Links(), None)

    def start(self):
        self.starts += 1
        self.table.enter()

    def stop_socket(self, conn_key):
        self.table.end(self._conns.pop(conn_key))

    def open(self, key=KEY, feed=None):
        return self.table.open(SITE, key, ignore, Options(), feed or Feed.spot(key, "ws/"))


@pytest.fixture
def posted(monkeypatch):
    """What is to be done in the reactor thread."""
    posted = []

    class Idle(Clock):
        running = True

        def callFromThread(self, function, *args):
            posted.append((function, args))

    idle = Idle()
    monkeypatch.setattr(reactor, "get", lambda: idle)
    monkeypatch.setattr(reactor, "ensure_running", lambda: None)
    return posted


@pytest.fixture
def manager(posted):
    return Manager()


def sessions_of(manager, key):
    socket = manager._conns[key]
    socket._make_connections()
    return [connection.session for connection in socket.connections]


def test_a_start_only_posts_and_makes_its_connections_in_the_reactor_thread(manager, posted):
    assert manager.open() == KEY
    socket = manager._conns[KEY]
    assert posted == [(socket._start, ())]
    assert socket.connections == []
    (session,) = sessions_of(manager, KEY)
    assert isinstance(session, RawSession)
    assert session.urls == [f"{base}ws/{KEY}" for base in SITE.bases]
    assert sessions_of(manager, KEY) == [session]


def test_a_key_is_taken_until_it_is_released(manager):
    manager.open()
    assert manager.open() is False
    socket = manager._conns[KEY]
    manager.table.release(socket)
    assert manager._conns == {}
    assert manager.open() == KEY
    manager.table.release(socket)  # which has it no longer
    assert list(manager._conns) == [KEY]


def test_what_the_reactor_thread_stops_before_it_has_started_leaves_nothing(
    manager, posted, monkeypatch
):
    manager.open()
    socket = manager._conns[KEY]
    manager.stop_socket(KEY)
    (start, _), (stop, _) = posted  # in the reactor thread the second is not posted
    monkeypatch.setattr(threadable, "isInIOThread", lambda: True)
    stop()
    start()
    assert socket.connections == []
    assert manager.table.sockets() == []


def test_a_closed_manager_starts_again(manager):
    manager.open()
    manager._listen_keys["user"] = LISTEN_KEY
    manager.table.close()
    assert (manager._conns, manager._listen_keys["user"], manager.starts) == ({}, None, 0)
    manager.open()
    assert manager.starts == 1
    manager.open("ethbtc@trade")
    assert manager.starts == 1


def test_nothing_is_kept_of_an_account_whose_socket_has_ended(manager):
    options = manager.table.checked(ignore, {}, is_account=True)
    for number in range(3):
        account = f"user#{number}"
        session = lambda client, site: lambda socket: None  # noqa: E731
        assert manager.table.open_account(SITE, account, ignore, options, None, session)
        socket = manager._conns[account]
        manager._listen_keys[account] = LISTEN_KEY  # as the socket notes it
        manager.table.release(socket)
    assert manager._account_callbacks == {}
    assert manager._listen_keys == {"user": None, "margin": None}


@pytest.mark.parametrize("conn", [object(), None])
def test_an_account_whose_key_has_a_connector_of_the_users_is_not_opened(manager, conn):
    manager._conns["user"] = conn
    options = manager.table.checked(ignore, {}, is_account=True)
    session = lambda client, site: lambda socket: None  # noqa: E731
    for callback in (ignore, dispatch.Consumer()):
        opened = manager.table.open_account(SITE, "user", callback, options, None, session)
        assert opened is False
    assert (manager._conns, manager._account_callbacks) == ({"user": conn}, {})


def test_what_is_started_while_a_manager_closes_stays_open(manager, monkeypatch):
    stop = manager.table.end

    def stop_slowly(conn):
        stop(conn)
        manager.open("ethbtc@trade")  # as another thread may, before `close` has returned

    manager.open()
    monkeypatch.setattr(manager.table, "end", stop_slowly)
    manager.table.close()
    assert list(manager._conns) == ["ethbtc@trade"]
    assert not manager._conns["ethbtc@trade"].dispatch.is_muted
    assert manager.table.state == "running"


def test_only_sockets_of_ours_can_be_had_by_key(manager):
    manager._conns[KEY] = object()
    with pytest.raises(KeyError, match="a connector of your own"):
        manager.table.get(KEY)
    with pytest.raises(KeyError, match=r"^'ethbtc@trade'$"):
        manager.table.get("ethbtc@trade")
    manager.open("bnbbtc@depth")
    assert isinstance(manager.table.get("bnbbtc@depth"), Socket)


@pytest.mark.parametrize(
    ("feed", "ends"),
    [
        (Feed.spot(LISTEN_KEY, "ws/"), f"/ws/{LISTEN_KEY}"),
        (Feed.usdm(LISTEN_KEY), "/listenKeyExpired"),
    ],
)
def test_a_path_that_looks_like_a_listen_key_is_one(manager, feed, ends):
    manager.open("an account", feed)
    (session,) = sessions_of(manager, "an account")
    assert isinstance(session, KeyedSession)
    assert session.urls[0].endswith(ends)


def test_an_own_address_is_checked_and_a_built_in_one_is_good(manager):
    plain = site(resolve({}), "spot", "ws://stream.example/")
    with pytest.raises(ValueError, match="neither encrypted nor verified"):
        manager.table.open(plain, KEY, ignore, Options(), Feed.spot(KEY, "ws/"))
    assert manager._conns == {}


@pytest.mark.parametrize(
    ("links", "words"),
    [
        ({"time_unit": "s"}, "time_unit must be 'ms', 'us' or None"),
        ({"proxy": "socks4://localhost:1080"}, "proxy"),
    ],
)
def test_links_that_cannot_be_are_refused(links, words):
    with pytest.raises(ValueError, match=words):
        Links(**links)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"idle_timeout": 0}, "idle_timeout must be a number of seconds above 0"),
        ({"rotate_after": "1"}, "rotate_after must be a number of seconds above 0"),
        ({"max_retries": -1}, "max_retries must be a whole number from 0"),
    ],
)
def test_times_and_retries_that_cannot_be_are_refused(manager, options, words):
    with pytest.raises(ValueError, match=words):
        manager.table.checked(ignore, options)


def test_a_socket_has_its_own_options_and_the_managers_for_the_rest(manager):
    manager.table = Sockets(manager, Options(queue_size=7, idle_timeout=3.0), Links(), None)
    own = manager.table.checked(ignore, {"max_retries": None, "rotate_after": 9.0})
    expected = Options(queue_size=7, policy=RetryPolicy(None), idle_timeout=3.0, rotate_after=9.0)
    assert own == expected
    used = manager.table.dependencies(None, options=own)
    assert (used.idle_timeout, used.rotate_after) == (3.0, 9.0)


def test_the_types_of_options_are_those_of_the_options():
    kinds = get_type_hints(SocketOptions)
    inside = {"policy", "history", "is_gapless_asked"}
    names = {field.name for field in fields(Options)} - inside | {"max_retries"}
    assert kinds.keys() == names
    assert get_args(kinds["dispatch"]) == dispatch.POLICIES
    assert get_args(kinds["overflow"]) == dispatch.OVERFLOWS


def test_the_limits_hold_on_loopback_where_they_are_asked_for(manager):
    usual = manager.table.dependencies(None)
    assert usual.messages("spot", "127.0.0.1") is None
    manager.table.links = Links(limits_on_loopback=True)
    strict = manager.table.dependencies(None)
    assert strict.messages("spot", "127.0.0.1") is not None
    assert strict.connects is not usual.connects
