"""The accounts with listen keys, of every kind, against a small model of the exchange.

Fake clock and wire. The model has one key for the account, as the exchange does, and brings an
event to each link whose key is alive; other links are up and silent.
"""

import random
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from binance.client import Client
from binance.events import Connected, Disconnected, Gap, GaveUp, Resumed
from binance.exceptions import BinanceAPIException
from binance.sansio.account.keyed import ACCOUNTS, CHECK_SECONDS
from binance.sansio.names import endpoints
from binance.sansio.names.endpoints import of_client, resolve
from binance.sansio.names.sites import site
from binance.tx.sessions import client_accounts
from tests.tx.rig import Rig
from tests.tx.test_account import ERROR, KEY, SECRET, Response, ignore

KINDS = pytest.mark.parametrize("kind", list(ACCOUNTS))
SITE = site(resolve({}), "usdm", "wss://a:1/")
UNKNOWN = BinanceAPIException(Response(400, -1125, "This listenKey does not exist."))


class Exchange:
    """One account: its key, its links, and what it was asked."""

    def __init__(self, kind, is_wrapped=False):
        self.kind, self.is_wrapped = ACCOUNTS[kind], is_wrapped
        self.keys, self.is_alive, self.kept, self.down = [], False, [], None
        self.said = 0
        self.API_KEY, self.API_SECRET = KEY, SECRET
        # as instance attributes: their names differ from kind to kind
        setattr(self, f"{self.kind.calls}_get_listen_key", self.make)
        setattr(self, f"{self.kind.calls}_keepalive", self.keep)
        account = client_accounts.keyed(self, SITE, 1800.0, ignore, self.kind)
        self.rig = Rig(sessions=lambda socket: [account(socket)], rotate_after=None)
        self.opened = []

    def make(self):
        if self.down:
            raise self.down
        if not self.is_alive:
            self.keys.append(f"{len(self.keys):064d}")
            self.is_alive = True
        return {"listenKey": self.keys[-1]}

    def keep(self, listenKey):
        self.kept.append(listenKey)
        if self.down:
            raise self.down
        if not self.is_alive or listenKey != self.keys[-1]:
            raise UNKNOWN

    def start(self):
        self.rig.start()
        return self.connect()

    def connect(self):
        """Let every dial that waits succeed; the newest link."""
        while len(self.opened) < len(self.rig.wire.dials):
            url, (_, dialling) = self.rig.wire.urls[-1], self.rig.wire.dials[-1]
            if dialling.called:
                break
            protocol = self.rig.wire.open()
            protocol.key = next(key for key in self.keys if key in url)
            self.opened.append(protocol)
        return self.opened[-1]

    def say(self, kind="ORDER_TRADE_UPDATE", **more):
        """An event on each link of a living key; its number."""
        self.said += 1
        event = {"e": kind, "E": self.said, "o": {"i": self.said}, **more}
        for link in self.living():
            link.say({"stream": link.key, "data": event} if self.is_wrapped else event)
        return self.said

    def living(self):
        """The links that can bring events."""
        mine = [link for link in self.opened if not link.is_lost]
        return [link for link in mine if self.is_alive and link.key == self.keys[-1]]

    def end_key(self, is_reported):
        key, self.is_alive = self.keys[-1], False
        if is_reported:
            event = {"e": "listenKeyExpired", "E": str(self.said), "listenKey": key}
            for link in [one for one in self.opened if not one.is_lost and one.key == key]:
                link.say({"stream": key, "data": event} if self.is_wrapped else event)

    def live(self, seconds):
        """Time passes: dials succeed, links answer pings, closing handshakes end."""
        for _ in range(int(seconds)):
            self.rig.pass_time(1, step=1)
            self.connect()
            for link in self.opened:
                if link.closing and not link.is_lost:
                    link.lose(True, 1000)
                elif not link.is_lost:
                    link.link.link_read(6, 0, 0.0)

    @property
    def got(self):
        return [event["E"] for event in self.rig.got]


@KINDS
def test_each_kind_dials_the_address_that_speaks(kind):
    exchange = Exchange(kind)
    exchange.start()
    key = exchange.keys[0]
    (url,) = exchange.rig.wire.urls
    assert (
        url
        == {
            "usdm:user": f"wss://a:1/private/ws?listenKey={key}&events=ORDER_TRADE_UPDATE/"
            "ACCOUNT_UPDATE/ACCOUNT_CONFIG_UPDATE/MARGIN_CALL/TRADE_LITE/ALGO_UPDATE/STRATEGY_UPDATE/"
            "GRID_UPDATE/CONDITIONAL_ORDER_TRIGGER_REJECT/listenKeyExpired",
            "coinm:user": f"wss://a:1/ws/{key}",
            "options:user": f"wss://a:1/private/ws/{key}",
            "pm:user": f"wss://a:1/ws/{key}",
            "pm:pro": f"wss://a:1/pm-classic/ws/{key}",
            "margin:risk": f"wss://a:1/ws/{key}",
        }[kind]
    )
    assert exchange.rig.socket.is_open


TESTNET = "https://testnet.binancefuture.com"


@pytest.mark.parametrize(
    ("kind", "rest", "env", "host"),
    [
        ("usdm:user", {"FUTURES_URL": f"{TESTNET}/fapi"}, {}, "fstream.binancefuture.com"),
        ("pm:pro", {"FUTURES_URL": f"{TESTNET}/fapi"}, {}, "fstream.binancefuture.com"),
        ("coinm:user", {"FUTURES_COIN_URL": f"{TESTNET}/dapi"}, {}, "dstream.binancefuture.com"),
        ("options:user", {"OPTIONS_URL": f"{TESTNET}/eapi"}, {}, "fstream.binancefuture.com"),
        ("usdm:user", {}, {"BINANCE_FAPI_URL": TESTNET}, "fstream.binancefuture.com"),
        ("usdm:user", {"FUTURES_URL": "https://fapi.binance.com/fapi"}, {}, "fstream.binance.com"),
        (
            "usdm:user",
            {"FUTURES_URL": "https://fapi.binance.com/fapi"},
            {"BINANCE_ENV": "testnet"},
            "fstream.binance.com",
        ),
        ("usdm:user", {"FUTURES_URL": "https://gateway.example/fapi"}, {}, "fstream.binance.com"),
        ("coinm:user", {"FUTURES_URL": f"{TESTNET}/fapi"}, {}, "dstream.binance.com"),
        ("usdm:user", {"FUTURES_URL": TESTNET}, {"BINANCE_FSTREAM_URL": "wss://a:1"}, "a"),
    ],
)
def test_an_account_is_beside_the_rest_address_of_its_client(monkeypatch, kind, rest, env, host):
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    client, account = Client(KEY, SECRET), ACCOUNTS[kind]
    monkeypatch.setattr(client, f"{account.calls}_get_listen_key", lambda: {"listenKey": "k" * 64})
    for name, value in rest.items():
        setattr(client, name, value)
    market = endpoints.STREAM_FIELDS.get(kind.partition(":")[0], "fstream")
    make = client_accounts.keyed(client, site(resolve(env), market), 1800.0, ignore, account)
    rig = Rig(sessions=lambda socket: [make(socket)], rotate_after=None).start()
    assert urlsplit(rig.wire.urls[0]).hostname == host


def test_an_account_of_another_librarys_client_is_where_its_flags_say():
    """There a client of the testnet keeps the attribute of production."""
    names = ("futures_stream_get_listen_key", "futures_stream_keepalive")
    calls = dict.fromkeys(names, lambda **_: "k" * 64)
    client = SimpleNamespace(testnet=True, FUTURES_URL="https://fapi.binance.com/fapi", **calls)
    here, account = site(of_client({}, client), "usdm"), ACCOUNTS["usdm:user"]
    make = client_accounts.keyed(client, here, 1800.0, ignore, account)
    rig = Rig(sessions=lambda socket: [make(socket)], rotate_after=None).start()
    assert urlsplit(rig.wire.urls[0]).hostname == "fstream.binancefuture.com"


def test_an_account_whose_environment_has_no_stream_is_refused_at_once():
    client = Client(KEY, SECRET)
    client.MARGIN_API_URL = "https://testnet.binance.vision/sapi"
    here, account = site(resolve({}), "margin_stream"), ACCOUNTS["margin:risk"]
    with pytest.raises(ValueError, match="testnet has no margin_stream address"):
        client_accounts.keyed(client, here, 1800.0, ignore, account)


def test_an_options_key_is_subscribed_as_well_and_the_reply_kept_from_the_callback():
    exchange = Exchange("options:user")
    link = exchange.start()
    assert link.sent == [{"method": "SUBSCRIBE", "params": [exchange.keys[0]], "id": 1}]
    link.acknowledge()
    link.say({"error": {"code": 2, "msg": "Invalid request"}, "id": 1})
    exchange.say()
    assert exchange.got == [1]
    assert exchange.rig.socket.stats()["messages"] == 1


def test_the_reply_to_an_options_key_proves_no_link():
    exchange = Exchange("options:user")
    exchange.rig.start()
    for _ in range(6):
        link = exchange.connect()
        link.acknowledge()
        link.lose()
        exchange.rig.pass_time_until_dial()
    assert exchange.rig.got == [ERROR]
    assert Resumed not in exchange.rig.kinds


@KINDS
@pytest.mark.parametrize("is_wrapped", [False, True])
def test_the_callback_gets_the_plain_event_without_the_key(kind, is_wrapped):
    exchange = Exchange(kind, is_wrapped)
    exchange.start()
    exchange.say()
    assert exchange.rig.got == [{"e": "ORDER_TRADE_UPDATE", "E": 1, "o": {"i": 1}}]


@KINDS
def test_after_twenty_links_lost_at_random_there_is_one_and_no_event_of_it_is_missing(kind):
    exchange, dice = Exchange(kind), random.Random(kind)
    exchange.start()
    expected, downtimes = [], 0
    for _ in range(20):
        expected += [exchange.say() for _ in range(dice.randint(0, 5))]
        exchange.live(dice.randint(0, 200))
        (link,) = exchange.living()
        link.lose()
        exchange.say()  # while there is no link: missing, and reported as downtime
        downtimes += 1
        exchange.live(60)
        exchange.live(10)
    expected.append(exchange.say())
    assert exchange.got == expected
    assert len(exchange.living()) == 1
    kinds = exchange.rig.kinds
    assert kinds.count(Disconnected) == kinds.count(Resumed) == downtimes == 20
    assert kinds.count(Connected) == 21


@KINDS
@pytest.mark.parametrize("is_wrapped", [False, True])
@pytest.mark.parametrize("is_reported", [True, False])
def test_a_key_that_ends_is_replaced_with_a_gap_and_one_live_link(kind, is_wrapped, is_reported):
    exchange = Exchange(kind, is_wrapped)
    exchange.start()
    exchange.say()
    exchange.end_key(is_reported)
    exchange.say()  # nobody hears it
    exchange.live(20 if is_reported else CHECK_SECONDS + 20)
    assert len(exchange.keys) == 2
    assert exchange.rig.kinds.count(Gap) == 1
    expected = [exchange.say(), exchange.say()]
    exchange.live(30)
    expected.append(exchange.say())
    assert exchange.got == [1, *expected]
    assert [link.is_lost for link in exchange.opened] == [True, False]


@KINDS
def test_keepalives_that_fail_for_a_while_cost_nothing(kind):
    exchange = Exchange(kind)
    exchange.start()
    exchange.down = OSError("no network")
    exchange.live(CHECK_SECONDS + 400)
    exchange.down = None
    exchange.live(CHECK_SECONDS)
    assert exchange.say() in exchange.got
    assert (len(exchange.keys), len(exchange.opened)) == (1, 1)
    assert Gap not in exchange.rig.kinds
    assert exchange.kept.count(exchange.keys[0]) >= 4


@KINDS
def test_a_key_that_ends_while_its_calls_fail_is_replaced_when_they_work_again(kind, caplog):
    exchange = Exchange(kind)
    exchange.start()
    exchange.down = BinanceAPIException(Response(503, 0, "Service Unavailable"))
    assert exchange.rig.socket.stats().connected
    exchange.end_key(is_reported=True)
    assert not exchange.rig.socket.stats().connected
    exchange.live(900)
    (warning,) = [one for one in caplog.messages if "gets no events" in one]
    assert warning.endswith("no new one is made: Service Unavailable, HTTP 503")
    assert not exchange.rig.socket.stats().connected
    exchange.down = None
    exchange.live(400)
    assert exchange.rig.socket.stats().connected
    assert exchange.say() in exchange.got
    assert exchange.rig.kinds.count(Gap) == 1
    assert len(exchange.living()) == 1


@KINDS
def test_a_refused_api_key_ends_the_socket_with_its_reason(kind):
    exchange = Exchange(kind)
    exchange.down = BinanceAPIException(Response(401, -2015, "Invalid API-key, IP .."))
    exchange.rig.start()
    assert exchange.rig.got == [ERROR]
    assert exchange.rig.kinds[-1] is GaveUp
    assert exchange.rig.owner.events[-1].code == -2015


@KINDS
def test_a_rotation_of_a_link_loses_and_doubles_no_event(kind):
    exchange = Exchange(kind, is_wrapped=True)
    old = exchange.start()
    expected = [exchange.say()]
    exchange.rig.socket.rotate()
    exchange.live(5)
    expected += [exchange.say() for _ in range(3)]
    exchange.live(20)
    expected.append(exchange.say())
    assert exchange.got == expected
    assert (old.is_lost, len(exchange.living()), len(exchange.keys)) == (True, 1, 1)
    assert Gap not in exchange.rig.kinds


@KINDS
def test_a_stopped_socket_leaves_nothing_and_deletes_no_key(kind):
    exchange = Exchange(kind)
    link = exchange.start()
    exchange.rig.socket.stop()
    link.lose(True, 1000)
    exchange.rig.assert_nothing_left()
    assert exchange.is_alive


def test_a_client_without_the_calls_of_a_kind_is_refused_at_once():
    with pytest.raises(ValueError, match=r"needs a client with the method eapi_stream_get_listen"):
        client_accounts.keyed(object(), SITE, 1800.0, ignore, ACCOUNTS["options:user"])
