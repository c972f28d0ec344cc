"""What public subclasses of the manager call, override or have copied.  Nothing is dialled."""

import gc
import logging
import threading
import weakref
from functools import partial

import pytest
from twisted.python import threadable

from binance.exceptions import BinanceAPIException
from binance.sansio.link.reconnect import Failure
from binance.tx.loop import reactor
from binance.tx.socket import ERROR_PAYLOAD, Socket
from binance.websockets import BinanceSocketManager
from tests.logs import ours
from tests.pace import paced
from tests.steps import strike

LISTEN_KEY = "pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65sdf19v8a65a1"


class Signing:
    API_KEY, API_SECRET = "K" * 64, "S" * 64

    def margin_create_listen_token(self, **params):
        raise AssertionError("nothing is dialled")


class Client(Signing):
    def __init__(self, tld="com"):
        self.tld, self.kept, self.error = tld, [], None

    def stream_get_listen_key(self):
        return LISTEN_KEY[::-1]

    def stream_keepalive(self, listenKey):
        self.kept.append(listenKey)
        if self.error is not None:
            raise self.error


class American(Client):
    def __init__(self):
        super().__init__("us")


def ignore(message):
    """A callback."""


@pytest.fixture(autouse=True)
def nothing_is_dialled(monkeypatch):
    monkeypatch.setattr(Socket, "start", Socket._make_connections)


@pytest.fixture
def old():
    """A manager of an exchange that gives listen keys."""
    bm = BinanceSocketManager(American(), user_timeout=3600)
    yield bm
    bm.close()


def session_of(bm, key):
    return bm._conns[key].connections[0].session


# Account sockets


@pytest.mark.parametrize(
    ("account", "key"), [("user", "user"), ("margin", "margin"), ("ETHBTC", "margin:ETHBTC")]
)
def test_where_listen_keys_are_gone_the_accounts_own_socket_is_opened(account, key):
    bm = BinanceSocketManager(Signing())
    assert bm._start_account_socket(account, LISTEN_KEY, ignore) == key
    assert bm._conns[key].dispatch.callback is ignore
    assert bm._timers == {"user": None, "margin": None}
    bm._keepalive_account_socket(account)
    bm.close()


def test_a_subclass_that_opens_accounts_as_the_old_manager_did_is_served():
    class Old(BinanceSocketManager):
        def start_user_socket(self, callback):
            return self._start_account_socket("user", LISTEN_KEY, callback)

    bm = Old(Client())
    assert bm.start_user_socket(ignore) == "user"
    bm.close()


@pytest.mark.thread
def test_by_listen_key_it_is_kept_alive_by_a_timer_until_it_is_stopped(old):
    assert old._start_account_socket("user", LISTEN_KEY, ignore) == LISTEN_KEY
    assert session_of(old, LISTEN_KEY).urls[0] == f"wss://stream.binance.us:9443/ws/{LISTEN_KEY}"
    assert old._listen_keys == {"user": LISTEN_KEY, "margin": None}
    timer = old._timers["user"]
    assert timer.is_alive()
    assert timer.daemon
    old._keepalive_account_socket("user")
    assert old._client.kept == [LISTEN_KEY]
    assert timer.finished.is_set()
    assert old._timers["user"].is_alive()
    timer = old._timers["user"]
    old.stop_socket(LISTEN_KEY)
    assert timer.finished.is_set()
    assert old._conns == {}
    assert old._listen_keys == old._timers == {"user": None, "margin": None}


def no_such_key():
    response = type("Response", (), {"status_code": 400, "headers": {}, "request": None})()
    response.text = '{"code": -1125, "msg": "This listenKey does not exist."}'
    response.json = lambda: {"code": -1125, "msg": "This listenKey does not exist."}
    return BinanceAPIException(response)


@pytest.mark.thread
def test_a_listen_key_that_has_died_is_replaced_with_its_socket(old):
    old._start_account_socket("user", LISTEN_KEY, ignore)
    old._client.error = no_such_key()
    old._keepalive_account_socket("user")
    assert list(old._conns) == [LISTEN_KEY[::-1]]
    assert old._listen_keys["user"] == LISTEN_KEY[::-1]


@pytest.mark.thread
@pytest.mark.parametrize("account", ["user", "ETHBTC"])
def test_the_keepalive_ends_with_a_socket_that_gives_up(old, account, monkeypatch):
    """Else a key that has ended later would open the socket again, after its error dict."""
    told = []
    old._start_account_socket(account, LISTEN_KEY, told.append)
    timer = old._timers[account]
    monkeypatch.setattr(threadable, "isInIOThread", lambda: True)
    old._conns[LISTEN_KEY].gave_up(Failure("no network"))
    assert told == [dict(ERROR_PAYLOAD)]
    assert timer.finished.is_set()
    assert old._listen_keys == old._timers == {"user": None, "margin": None}
    old._client.error = no_such_key()
    old._keepalive_account_socket(account)  # as by a timer that was about to
    assert (old._client.kept, old._conns) == ([], {})


@pytest.mark.thread
def test_an_old_timer_leaves_the_key_of_a_socket_of_ours_alone(old):
    old._start_account_socket("user", LISTEN_KEY, ignore)
    assert old.start_user_socket(ignore) == "user"
    session_of(old, "user").note_key("B" * 60)
    old._client.error = no_such_key()
    old._keepalive_account_socket("user")
    assert old._client.kept == []
    assert set(old._conns) == {LISTEN_KEY, "user"}


@pytest.mark.thread
def test_a_keepalive_that_fails_is_tried_again_and_shows_no_key(old, caplog):
    old._start_account_socket("user", LISTEN_KEY, ignore)
    old._client.error = OSError(f"no network for {LISTEN_KEY}")
    old._keepalive_account_socket("user")
    assert old._timers["user"].is_alive()
    assert "OSError" in caplog.text
    assert LISTEN_KEY not in caplog.text


@pytest.mark.thread
def test_a_socket_that_is_open_by_a_listen_key_is_closed_by_it(old):
    old._start_account_socket("user", LISTEN_KEY, ignore)
    old._check_account_socket_open(LISTEN_KEY)
    assert old._conns == {}
    old._start_account_socket("user", LISTEN_KEY, ignore)
    old._stop_account_socket("user")
    assert old._conns == {}


def test_a_listen_key_of_a_socket_of_ours_is_told_while_it_is_open(old):
    assert old.start_user_socket(ignore) == "user"
    session_of(old, "user").note_key(LISTEN_KEY)
    assert old._listen_keys["user"] == LISTEN_KEY
    assert LISTEN_KEY not in repr(vars(old))
    old.stop_socket("user")
    assert old._listen_keys["user"] is None


def test_a_futures_listen_key_is_opened_on_the_path_that_speaks_with_its_events():
    bm = BinanceSocketManager(None)
    assert bm._start_futures_socket(LISTEN_KEY, ignore) == f"usdm:{LISTEN_KEY}"
    (url,) = session_of(bm, f"usdm:{LISTEN_KEY}").urls
    assert url.startswith(
        f"wss://fstream.binance.com/private/stream?listenKey={LISTEN_KEY}&events="
    )
    assert "ORDER_TRADE_UPDATE/ACCOUNT_UPDATE/" in url
    assert bm._start_futures_socket("btcusdt@aggTrade", ignore) == "usdm:btcusdt@aggTrade"
    bm.close()


# A copied close


def old_close(self):
    """As it stood in the old manager."""
    for key in set(self._conns):
        self._conns[key].factory = None
        self._conns[key].disconnect()
        del self._conns[key]
    self._conns = {}


def careless_close(self):
    self._conns = {}


def failing_close(self):
    raise KeyError("x")


@pytest.fixture
def idle_reactor(monkeypatch):
    """A reactor that runs each call at once, in whatever thread."""

    class Idle:
        running = True

        def callFromThread(self, function, *args):
            function(*args)

        def callLater(self, delay, function, *args):
            raise AssertionError("nothing is put off")

        seconds = staticmethod(lambda: 0.0)

    idle = Idle()
    monkeypatch.setattr(reactor, "get", lambda: idle)
    monkeypatch.setattr(reactor, "clock", lambda: idle, raising=False)
    monkeypatch.setattr(reactor, "ensure_running", lambda: None)
    monkeypatch.setattr(threadable, "isInIOThread", lambda: True)
    return idle


@pytest.mark.thread
@pytest.mark.parametrize("close", [old_close, careless_close, failing_close])
def test_after_a_subclasss_own_close_everything_has_ended(idle_reactor, close):
    subclass = type("Subclass", (BinanceSocketManager,), {"close": close})
    bm = subclass(None)
    bm.daemon = True
    bm.start()
    bm.start_trade_socket("BNBBTC", ignore)
    socket = bm._conns["bnbbtc@trade"]
    try:
        bm.close()
    except KeyError:
        assert close is failing_close
    bm.join(paced(5))
    assert not bm.is_alive()
    assert socket.is_stopping
    assert bm._conns == {}


@pytest.mark.thread
def test_a_close_that_calls_ours_may_start_again_behind_it(idle_reactor):
    class Restarting(BinanceSocketManager):
        def close(self):
            super().close()
            self.start_trade_socket("BNBBTC", ignore)

    bm = Restarting(None)
    bm.daemon = True
    bm.close()
    assert list(bm._conns) == ["bnbbtc@trade"]
    BinanceSocketManager.close(bm)


# A loop around start


@pytest.mark.thread
def test_a_loop_around_start_is_warned_of_once(idle_reactor, caplog):
    bm = BinanceSocketManager(None)
    bm.daemon = True
    for _ in range(2):
        bm.start()
    assert ours(caplog) == []  # twice is harmless
    for _ in range(100):
        bm.start()
    (record,) = ours(caplog)
    assert record.levelno == logging.WARNING
    assert "join()" in record.getMessage()
    bm.close()


@pytest.mark.thread
def test_a_start_after_a_close_is_not_needless(idle_reactor, caplog, monkeypatch):
    bm = BinanceSocketManager(None)
    bm.daemon = True
    bm.start()
    table, lifetime = bm._open_sockets, bm._lifetime

    def enter():
        table.is_closed = False
        return lifetime  # which goes on, as links are being closed

    monkeypatch.setattr(table, "enter", enter)
    for _ in range(100):
        bm.close()
        bm.start()  # as a `start_.._socket` does
        bm.start()
    assert ours(caplog) == []
    bm.close()


# Clients, and callbacks that change hands


def test_a_client_is_let_go_with_its_socket(idle_reactor):
    bm = BinanceSocketManager(Client())
    second = Client()
    assert bm.start_user_socket(ignore, client=second) == "user:2"
    gone = weakref.ref(second)
    del second
    gc.collect()
    assert gone() is not None  # while its socket is there
    third = Client()
    assert bm.start_user_socket(ignore, client=third) == "user:3"
    bm.stop_socket("user:2")
    gc.collect()
    assert gone() is None
    assert bm.start_user_socket(ignore, client=Client()) == "user:2"
    assert bm.start_user_socket(ignore, client=third) == "user:3"
    bm.close()


def test_a_client_that_takes_no_reference_is_served():
    class Slotted:
        __slots__ = ()
        API_KEY, API_SECRET = "K" * 64, "S" * 64

    bm = BinanceSocketManager(Client())
    client = Slotted()
    assert bm.start_user_socket(ignore, client=client) == "user:2"
    assert bm.start_user_socket(ignore, client=client) == "user:2"
    bm.close()


@pytest.mark.thread
def test_a_callback_given_while_the_socket_gives_up_gets_its_end_or_a_live_socket(idle_reactor):
    at, struck = 0, True
    while struck:
        at += 1
        bm = BinanceSocketManager(Client())
        told, taken = [], []
        bm.start_user_socket(ignore)
        socket = bm._conns["user"]
        give_up = partial(socket.gave_up, Failure("refused"))

        def replace(socket=socket, told=told, taken=taken):
            taken.append(socket.replace_callback(told.append, socket.options))

        struck = strike(replace, give_up, at)
        if struck and taken == [True]:
            assert told == [dict(ERROR_PAYLOAD)], at
        bm.close()
    assert at > 10


@pytest.mark.thread
def test_two_threads_that_open_one_account_both_get_its_key(monkeypatch):
    bm = BinanceSocketManager(Client())
    opened = bm._open_sockets.open
    other = []

    def slow(*args):
        if not other:
            other.append("first")
            thread = threading.Thread(target=lambda: other.append(bm.start_user_socket(ignore)))
            thread.start()
            thread.join(paced(10))
        return opened(*args)

    monkeypatch.setattr(bm._open_sockets, "open", slow)
    assert bm.start_user_socket(ignore) == "user"
    assert other == ["first", "user"]
    bm.close()
