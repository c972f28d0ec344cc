"""Account sockets' keys and callbacks.  No reactor runs here; nothing is dialled."""

import pytest

from binance.async_client import AsyncClient
from binance.client import Client as RestClient
from binance.exceptions import BinanceRequestException
from binance.sansio.account.reconcile import PARTS
from binance.tx.socket import Socket
from binance.websockets import BinanceSocketManager
from binance.ws.error_messages import ErrorMessages


class Client:
    API_KEY, API_SECRET = "K" * 64, "S" * 64

    def margin_create_listen_token(self, **params):
        raise AssertionError("nothing is dialled")


@pytest.fixture(autouse=True)
def nothing_is_dialled(monkeypatch):
    """Also where another test of this process has left a reactor running."""
    monkeypatch.setattr(Socket, "start", Socket._make_connections)


def ignore(message):
    """A callback."""


def other(message):
    """Another."""


def test_keys_of_accounts():
    bm = BinanceSocketManager(Client())
    assert bm.start_user_socket(ignore) == "user"
    assert bm.start_margin_socket(ignore) == "margin"
    assert bm.start_isolated_margin_socket("ethbtc", ignore) == "margin:ETHBTC"
    second, third = Client(), Client()
    assert bm.start_user_socket(ignore, client=second) == "user:2"
    assert bm.start_user_socket(ignore, client=third) == "user:3"
    assert bm.start_margin_socket(ignore, client=second) == "margin:2"
    assert bm.start_isolated_margin_socket("ETHBTC", ignore, client=third) == "margin:ETHBTC:3"
    assert len(bm._conns) == 7


def test_started_again_it_takes_the_new_callback_and_returns_its_key():
    bm = BinanceSocketManager(Client())
    assert bm.start_user_socket(ignore) == "user"
    socket = bm._conns["user"]
    assert bm.start_user_socket(other) == "user"
    assert bm._conns["user"] is socket
    assert socket.dispatch.callback is other
    assert bm._account_callbacks == {"user": other}


def test_a_second_start_of_python_binances_managers_leaves_the_link_alone():
    """Events would be lost while another one is opened."""
    bm = BinanceSocketManager(Client())
    first = ErrorMessages(ignore, "reactor")
    assert bm.start_user_socket(first) == "user"
    socket = bm._conns["user"]
    assert bm.start_user_socket(ErrorMessages(other, "reactor")) is False
    assert bm._conns["user"] is socket
    assert not socket.is_stopping
    assert bm._account_callbacks == {"user": first}


@pytest.mark.thread
def test_a_callback_that_needs_another_dispatch_gets_a_new_socket():
    async def coroutine(message):
        """Awaited."""

    bm = BinanceSocketManager(Client())
    bm.start_user_socket(ignore)
    socket = bm._conns["user"]
    assert bm.start_user_socket(coroutine) == "user"
    assert bm._conns["user"] is not socket
    bm.close()


def test_a_manager_without_a_client_says_what_is_needed():
    bm = BinanceSocketManager(None)
    with pytest.raises(ValueError, match="API key and a secret"):
        bm.start_user_socket(ignore)
    with pytest.raises(TypeError, match="callback must be callable"):
        BinanceSocketManager(Client()).start_user_socket("no")
    assert bm._conns == {}


@pytest.mark.parametrize(
    "start",
    [
        lambda bm: bm.start_user_socket(ignore),
        lambda bm: bm.start_margin_socket(ignore),
        lambda bm: bm.start_isolated_margin_socket("BTCUSDT", ignore),
    ],
)
@pytest.mark.parametrize("keys", [(), ("", ""), ("insert your key", "insert your secret")])
def test_a_client_without_keys_is_refused_as_a_call_of_it_is(start, keys):
    bm = BinanceSocketManager(RestClient(*keys))
    with pytest.raises(BinanceRequestException, match=r"api_key|API key and a secret"):
        start(bm)
    assert bm._conns == {}


def test_a_further_client_is_served_by_its_own_environment():
    class Testnet(Client):
        testnet = True

    class American(Client):
        tld = "us"

        def stream_get_listen_key(self):
            raise AssertionError("nothing is dialled")

        stream_keepalive = stream_get_listen_key

    bm = BinanceSocketManager(Client())
    keys = [bm.start_user_socket(ignore, client=one) for one in (None, Testnet(), American())]
    ours, testnet, american = (bm._conns[key].connections[0].session for key in keys)
    assert ours.urls[0] == "wss://ws-api.binance.com:443/ws-api/v3?returnRateLimits=false"
    assert testnet.urls[0] == "wss://ws-api.testnet.binance.vision/ws-api/v3?returnRateLimits=false"
    assert list(american._bases) == ["wss://stream.binance.us:9443/"]
    bm.close()


def ledgers_of(bm, *names, **options):
    """The ledgers of the accounts of a block of `messages`; None where nothing is fetched."""
    with bm.messages(*names, **options) as messages:
        sessions = [bm._conns[key].connections[0].session for key in messages.keys]
        return [session.reconciler and session.reconciler._ledger for session in sessions]


def test_an_empty_list_of_symbols_asks_about_what_events_name():
    bm = BinanceSocketManager(RestClient("K" * 64, "S" * 64), reconcile=[])
    first, second = bm.start_user_socket(ignore), bm.start_margin_socket(ignore, reconcile=False)
    reconcilers = [bm._conns[key].connections[0].session.reconciler for key in (first, second)]
    assert reconcilers[0] is not None
    assert reconcilers[1] is None
    with pytest.raises(ValueError, match="reconcile is for account sockets"):
        bm.start_trade_socket("BNBBTC", ignore, reconcile=[])
    bm.close()


@pytest.mark.parametrize("is_asked", [False, True])
def test_a_block_fetches_what_its_accounts_have_missed(is_asked, monkeypatch):
    bm = BinanceSocketManager(RestClient("K" * 64, "S" * 64), reconcile=not is_asked)
    monkeypatch.setattr(bm._open_sockets, "borrow", lambda block: None)  # starts no thread
    names = ("user", "margin", "margin:ETHBTC", "usdm:user", "margin:risk")
    options = {"reconcile": True} if is_asked else {}
    spot, cross, isolated, usdm, risk = ledgers_of(bm, *names, **options)
    for ledger, name in ((spot, "user"), (cross, "margin"), (usdm, "usdm:user")):
        assert ledger._parts == PARTS[name]
    assert [part.fixed["symbol"] for part in isolated._parts] == ["ETHBTC"]
    assert risk is None  # it has no orders
    with pytest.raises(ValueError, match="reconcile is for account sockets"):
        bm.messages("user", "bnbbtc@trade", reconcile=True)
    bm.close()


# Accounts of other markets, by listen key

STARTS = {
    "usdm:user": lambda bm, *args, **more: bm.start_futures_user_socket(*args, **more),
    "coinm:user": lambda bm, *args, **more: bm.start_coin_futures_user_socket(*args, **more),
    "options:user": lambda bm, *args, **more: bm.start_options_user_socket(*args, **more),
    "pm:user": lambda bm, *args, **more: bm.start_portfolio_margin_user_socket(*args, **more),
    "pm:pro": lambda bm, *args, **more: bm.start_portfolio_margin_user_socket(
        *args, pro=True, **more
    ),
    "margin:risk": lambda bm, *args, **more: bm.start_margin_risk_socket(*args, **more),
}
BASES = {
    "usdm:user": "wss://fstream.binance.com/",
    "coinm:user": "wss://dstream.binance.com/",
    "options:user": "wss://fstream.binance.com/",
    "pm:user": "wss://fstream.binance.com/pm/",
    "pm:pro": "wss://fstream.binance.com/",
    "margin:risk": "wss://margin-stream.binance.com/",
}


def base_of(bm, key):
    return bm._conns[key].connections[0].session._bases[0]


@pytest.mark.parametrize("key", STARTS)
def test_each_keyed_account_has_its_key_and_address(key):
    first, second = (RestClient("K" * 64, "S" * 64) for _ in range(2))
    bm = BinanceSocketManager(first)
    assert STARTS[key](bm, ignore) == key
    assert STARTS[key](bm, ignore, client=second) == f"{key}:2"
    socket = bm._conns[key]
    assert STARTS[key](bm, other) == key
    assert bm._conns[key] is socket
    assert socket.dispatch.callback is other
    assert base_of(bm, key) == base_of(bm, f"{key}:2") == BASES[key]
    bm.stop_socket(key)
    assert key not in bm._conns
    bm.close()


@pytest.mark.parametrize("key", [key for key in STARTS if key in PARTS])
def test_the_account_of_an_async_client_is_asked_by_the_client_that_blocks(key):
    own, second = (AsyncClient("K" * 64, "S" * 64) for _ in range(2))
    bm = BinanceSocketManager(own)
    assert STARTS[key](bm, ignore, client=own) == key
    assert STARTS[key](bm, ignore, client=second, reconcile=True) == f"{key}:2"
    session = bm._conns[f"{key}:2"].connections[0].session
    assert session._make.__self__ is session.reconciler._client is second.blocking_client


def test_the_names_of_python_binance_are_the_same_sockets():
    bm = BinanceSocketManager(RestClient("K" * 64, "S" * 64))
    assert bm.start_futures_socket(ignore) == bm.start_futures_user_socket(callback=other)
    assert bm.start_coin_futures_socket(ignore) == "coinm:user"
    assert list(bm._conns) == ["usdm:user", "coinm:user"]


@pytest.mark.parametrize("key", STARTS)
@pytest.mark.parametrize("keys", [(), ("", ""), ("insert your key", "insert your secret")])
def test_a_keyed_account_of_a_client_without_keys_is_refused(key, keys):
    bm = BinanceSocketManager(RestClient(*keys))
    with pytest.raises(BinanceRequestException, match=r"api_key|API key and a secret"):
        STARTS[key](bm, ignore)
    assert bm._conns == {}


def test_an_account_goes_where_its_markets_streams_go(monkeypatch):
    bm = BinanceSocketManager(RestClient("K" * 64, "S" * 64))
    bm.FSTREAM_URL = "wss://own.example/"
    assert base_of(bm, STARTS["usdm:user"](bm, ignore)) == "wss://own.example/"
    monkeypatch.setenv("BINANCE_ENV", "testnet")
    testnet = BinanceSocketManager(RestClient("K" * 64, "S" * 64))
    assert base_of(testnet, STARTS["usdm:user"](testnet, ignore)) == (
        "wss://fstream.binancefuture.com/"
    )
    for key, name in (("pm:user", "pm_stream"), ("margin:risk", "margin_stream")):
        with pytest.raises(ValueError, match=rf"testnet has no {name} address; set BINANCE_"):
            STARTS[key](testnet, ignore)
    monkeypatch.setenv("BINANCE_MARGIN_STREAM_URL", "wss://localhost:1/margin")
    assert base_of(testnet, STARTS["margin:risk"](testnet, ignore)) == "wss://localhost:1/margin/"
