"""The public methods: keys, refusals, URLs.  No reactor runs here; nothing is dialled."""

import functools
import queue
import re
import threading
import typing
from pathlib import Path
from typing import Literal, get_type_hints
from unittest.mock import AsyncMock, MagicMock, Mock, create_autospec

import certifi
import pytest
import requests

from binance import messages, websockets
from binance.client import Client
from binance.enums import ContractType, FuturesType
from binance.sansio.feed.cursors import ContiguousTrack
from binance.sansio.link.subscriptions import Conversation
from binance.tx import generated, sockets
from binance.tx.loop import reactor
from binance.tx.sessions.market import MultiplexSession
from binance.tx.socket import Socket
from binance.websockets import BinanceSocketManager, SocketOptions
from tests.logs import ours


def ignore(message):
    """A callback."""


@pytest.fixture(autouse=True)
def nothing_is_dialled(monkeypatch):
    """Also where another test of this process has left a reactor running."""
    monkeypatch.setattr(Socket, "start", Socket._make_connections)


@pytest.fixture
def bm():
    return BinanceSocketManager(None)


@pytest.fixture
def dialled(bm, monkeypatch):
    """The URLs that a manager would dial, in order."""
    urls = []

    class Silent:
        history = None

        def __init__(self, owner, key, callback, dependencies, options, sessions, takes_changes):
            self.dispatch, self.options = None, options
            session = sessions(self)[0]
            if isinstance(session, MultiplexSession):
                conversation = Conversation(session.names, query=session._multiplex.query)
                urls.append(session._multiplex.base(session.category, 0) + conversation.path)
            else:
                urls.append(session.urls[0])

        def start(self):
            """Never."""

        def check_names(self, names, market):
            """Not here."""

    monkeypatch.setattr(sockets, "Socket", Silent)
    return urls


METHODS = [
    ("start_depth_socket", ("BNBBTC", ignore), {}, "bnbbtc@depth"),
    ("start_depth_socket", ("BNBBTC", ignore, "5"), {}, "bnbbtc@depth5"),
    ("start_depth_socket", ("BNBBTC", ignore), {"depth": 5}, "bnbbtc@depth5"),
    ("start_depth_socket", ("BNBBTC", ignore, "1"), {}, "bnbbtc@depth"),
    ("start_depth_socket", ("BNBBTC", ignore, "20", 100), {}, "bnbbtc@depth20@100ms"),
    ("start_depth_socket", ("BNBBTC", ignore), {"interval": 0}, "bnbbtc@depth"),
    ("start_depth_socket", ("BNBBTC", ignore), {"interval": 100}, "bnbbtc@depth@100ms"),
    ("start_kline_socket", ("BNBBTC", ignore), {}, "bnbbtc@kline_1m"),
    ("start_kline_socket", ("BNBBTC", ignore, "30m"), {}, "bnbbtc@kline_30m"),
    ("start_kline_socket", ("BNBBTC", ignore), {"interval": "1M"}, "bnbbtc@kline_1M"),
    ("start_kline_socket", ("BNBBTC", ignore), {"utc8": True}, "bnbbtc@kline_1m@+08:00"),
    ("start_miniticker_socket", (ignore,), {}, "!miniTicker@arr"),
    ("start_miniticker_socket", (ignore, 3000), {}, "!miniTicker@arr"),
    ("start_symbol_miniticker_socket", ("BNBBTC", ignore), {}, "bnbbtc@miniTicker"),
    ("start_trade_socket", ("BNBBTC", ignore), {}, "bnbbtc@trade"),
    ("start_trade_socket", (), {"symbol": "bnbBTC", "callback": ignore}, "bnbbtc@trade"),
    ("start_aggtrade_socket", ("BNBBTC", ignore), {}, "bnbbtc@aggTrade"),
    ("start_block_trade_socket", ("BNBBTC", ignore), {}, "bnbbtc@blockTrade"),
    ("start_reference_price_socket", ("BNBBTC", ignore), {}, "bnbbtc@referencePrice"),
    ("start_avg_price_socket", ("BNBBTC", ignore), {}, "bnbbtc@avgPrice"),
    ("start_symbol_ticker_socket", ("BNBBTC", ignore), {}, "bnbbtc@ticker"),
    ("start_rolling_ticker_socket", (ignore,), {}, "!ticker_1h@arr"),
    ("start_rolling_ticker_socket", (ignore, "4h", "BNBBTC"), {}, "bnbbtc@ticker_4h"),
    ("start_symbol_book_ticker_socket", ("BNBBTC", ignore), {}, "bnbbtc@bookTicker"),
    (
        "start_multiplex_socket",
        (["bnbbtc@aggTrade", "NEOBTC@ticker"], ignore),
        {},
        "streams=bnbbtc@aggTrade/NEOBTC@ticker",
    ),
    (
        "start_multiplex_socket",
        ((name for name in ("a@trade", "b@trade")), ignore),
        {},
        "streams=a@trade/b@trade",
    ),
]


@pytest.mark.parametrize(("method", "args", "kwargs", "key"), METHODS)
def test_keys_and_urls(bm, dialled, method, args, kwargs, key):
    assert getattr(bm, method)(*args, **kwargs) == key
    assert list(bm._conns) == [key]
    assert type(bm._conns) is dict
    kind = "stream?" if key.startswith("streams=") else "ws/"
    plus_encoded = key.replace("+", "%2B") if kind == "stream?" else key
    assert dialled == [f"wss://stream.binance.com:9443/{kind}{plus_encoded}"]


def test_an_open_key_gives_false_and_stop_frees_it(bm):
    key = bm.start_trade_socket("BNBBTC", ignore)
    assert bm.start_trade_socket("bnbbtc", ignore) is False
    assert bm.stop_socket(key) is None
    assert bm.stop_socket(key) is None
    assert bm.stop_socket("never was") is None
    assert bm._conns == {}
    assert bm.start_trade_socket("bnbbtc", ignore) == key


def test_a_key_without_its_market_stops_nothing_and_is_warned_of_once(bm, caplog):
    key = bm.start_aggtrade_futures_socket("BTCUSDT", ignore)
    for _ in range(2):
        bm.stop_socket("btcusdt@aggTrade")
    assert list(bm._conns) == [key] == ["usdm:btcusdt@aggTrade"]
    assert [one.getMessage() for one in ours(caplog)] == [
        "stop_socket: no socket has the key btcusdt@aggTrade; is usdm:btcusdt@aggTrade meant?"
    ]


def test_a_key_that_was_stopped_before_is_not_warned_of(bm, caplog):
    bm.start_aggtrade_futures_socket("BTCUSDT", ignore)
    bm.start_aggtrade_socket("BTCUSDT", ignore)
    bm._conns["btcusdt@bookTicker"] = Mock()  # of a subclass
    bm.start_symbol_ticker_futures_socket("BTCUSDT", ignore)
    for key in ("btcusdt@aggTrade", "btcusdt@aggTrade", "btcusdt@bookTicker", "no@was"):
        bm.stop_socket(key)
    assert ours(caplog) == []


def test_of_keys_that_were_stopped_little_is_kept(monkeypatch):
    """A bot may change its streams each minute, and a listen key is a secret."""
    monkeypatch.setattr(sockets, "MOST_FAILED", 3)
    bm = BinanceSocketManager(None)
    for number in range(3):
        bm.stop_socket(bm.start_multiplex_socket([f"{number}@trade"], ignore))
        bm.stop_socket(f"no{number}")
    assert len(bm._open_sockets._known) == 3
    assert "trade" not in repr(bm._open_sockets._known)


@pytest.mark.parametrize("stop", ["stop_socket", "close", "_stop_own"])
def test_a_depth_cache_is_notified_when_its_socket_is_stopped(bm, stop):
    key, stopped = bm.start_depth_socket("BNBBTC", ignore), []
    conn = bm._when_stopped(key, lambda: stopped.append(key))
    assert conn is bm._conns[key]
    assert stopped == []
    args = {"stop_socket": (key,), "close": (), "_stop_own": (key, conn)}[stop]
    getattr(bm, stop)(*args)
    assert stopped == [key]


def test_a_depth_cache_is_notified_at_once_if_its_socket_was_stopped_before(bm):
    key, stopped = bm.start_depth_socket("BNBBTC", ignore), []
    bm.stop_socket(key)
    assert bm._when_stopped(key, lambda: stopped.append(key)) is None
    assert stopped == [key]


def test_close_forgets_every_key(bm):
    bm.start_trade_socket("BNBBTC", ignore)
    bm.start_depth_socket("BNBBTC", ignore)
    assert bm.close() is None
    assert bm._conns == {}


FUTURES = [
    ("start_symbol_mark_price_socket", ("BTCUSDT", ignore), {}, "usdm", "btcusdt@markPrice@1s"),
    (
        "start_symbol_mark_price_socket",
        ("BTCUSDT", ignore),
        {"fast": False},
        "usdm",
        "btcusdt@markPrice",
    ),
    ("start_all_mark_price_socket", (ignore,), {}, "usdm", "!markPrice@arr@1s"),
    ("start_all_mark_price_socket", (ignore, False), {}, "usdm", "!markPrice@arr"),
    ("start_symbol_ticker_futures_socket", ("BTCUSDT", ignore), {}, "usdm", "btcusdt@bookTicker"),
    ("start_all_ticker_futures_socket", (ignore,), {}, "usdm", "!bookTicker"),
    ("start_aggtrade_futures_socket", ("BTCUSDT", ignore), {}, "usdm", "btcusdt@aggTrade"),
    (
        "start_individual_symbol_ticker_futures_socket",
        ("BTCUSDT", ignore),
        {},
        "usdm",
        "btcusdt@ticker",
    ),
    ("start_options_ticker_socket", ("BTC-X-C", ignore), {}, "options", "btc-x-c@optionTicker"),
    ("start_options_kline_socket", ("BTC-X-C", ignore), {}, "options", "btc-x-c@kline_1m"),
    ("start_options_recent_trades_socket", ("B", ignore), {}, "options", "b@optionTrade"),
    ("start_options_depth_socket", ("B", ignore), {}, "options", "b@depth10@500ms"),
    (
        "start_options_ticker_by_expiration_socket",
        ("BTCUSDT", ignore, "261225"),
        {},
        "options",
        "btcusdt@optionTicker@261225",
    ),
    (
        "start_kline_futures_socket",
        ("BTCUSDT", ignore),
        {},
        "usdm",
        "btcusdt_perpetual@continuousKline_1m",
    ),
    ("start_futures_depth_socket", ("BTCUSDT", ignore), {}, "usdm", "btcusdt@depth10"),
    (
        "start_futures_depth_socket",
        ("BTCUSDT", ignore, None),
        {"speed": "100ms"},
        "usdm",
        "btcusdt@depth@100ms",
    ),
]


@pytest.mark.parametrize(("method", "args", "kwargs", "market", "name"), FUTURES)
def test_keys_and_urls_of_other_markets(bm, dialled, method, args, kwargs, market, name):
    """Each category of streams has its own path; a wrong one would be silent."""
    kind = re.split("[@!]", name)[1]
    public = kind.startswith(("bookTicker", "depth", "optionTicker", "optionTrade"))
    path = "public" if public else "market"
    assert getattr(bm, method)(*args, **kwargs) == f"{market}:{name}"
    assert dialled == [f"wss://fstream.binance.com/{path}/stream?streams={name}"]


COIN = FuturesType.COIN_M
COINM = [
    (
        "start_kline_futures_socket",
        ("BTCUSD", ignore, "5m", COIN, ContractType.NEXT_QUARTER),
        "btcusd_next_quarter@continuousKline_5m",
    ),
    ("start_futures_depth_socket", ("BTCUSD_PERP", ignore, 5, COIN), "btcusd_perp@depth5"),
    ("start_futures_depth_socket", ("BTCUSD_PERP", ignore, None, COIN), "btcusd_perp@depth"),
    (
        "start_symbol_mark_price_socket",
        ("BTCUSD_261225", ignore, True, COIN),
        "btcusd_261225@markPrice@1s",
    ),
    ("start_symbol_mark_price_socket", ("BTCUSD", ignore, False, COIN), "btcusd@markPrice"),
    ("start_all_mark_price_socket", (ignore, True, COIN), "!markPrice@arr@1s"),
    ("start_index_price_socket", ("BTCUSD", ignore), "btcusd@indexPrice"),
    ("start_symbol_ticker_futures_socket", ("BTCUSD_PERP", ignore, COIN), "btcusd_perp@bookTicker"),
    ("start_all_ticker_futures_socket", (ignore, COIN), "!bookTicker"),
    ("start_aggtrade_futures_socket", ("BTCUSD_PERP", ignore, COIN), "btcusd_perp@aggTrade"),
    (
        "start_individual_symbol_ticker_futures_socket",
        ("BTCUSD_PERP", ignore, COIN),
        "btcusd_perp@ticker",
    ),
    ("start_futures_multiplex_socket", (["a@depth", "b@ticker"], ignore, COIN), "a@depth/b@ticker"),
]


@pytest.mark.parametrize(("method", "args", "name"), COINM)
def test_coin_m_has_keys_and_an_address_of_its_own_without_paths(bm, dialled, method, args, name):
    several = "/" in name
    key = f"coinm:streams={name}" if several else f"coinm:{name}"
    assert getattr(bm, method)(*args) == key
    assert dialled == [f"wss://dstream.binance.com/stream?streams={name}"]


SPOT_BASE = "wss://stream.binance.com:9443/"
USDM_BASE = "wss://fstream.binance.com/market/stream?streams="
TWO = "a@aggTrade/b@aggTrade"
BY_PATH = [
    ("_get_socket", ("a@trade",), {}, SPOT_BASE + "ws/a@trade", True),
    ("_get_socket", (TWO,), {}, f"{SPOT_BASE}stream?streams={TWO}", True),
    ("_get_socket", ("a@trade", SPOT_BASE), {}, SPOT_BASE + "ws/a@trade", True),
    (
        "_get_socket",
        (f"streams={TWO}",),
        {"prefix": "stream?"},
        f"{SPOT_BASE}stream?streams={TWO}",
        False,
    ),
    ("_get_futures_socket", (TWO, FuturesType.USD_M), {"category": "market"}, USDM_BASE + TWO, 0),
    (
        "_get_futures_socket",
        (f"streams={TWO}", FuturesType.USD_M),
        {"prefix": "stream?"},
        USDM_BASE + TWO,
        False,
    ),
    (
        "_get_futures_socket",
        ("a_perp@aggTrade",),
        {"futures_type": COIN, "prefix": "ws/"},
        "wss://dstream.binance.com/stream?streams=a_perp@aggTrade",
        True,
    ),
]


@pytest.mark.parametrize(("method", "args", "kwargs", "url", "is_bare"), BY_PATH)
def test_a_stream_by_its_path(bm, dialled, method, args, kwargs, url, is_bare):
    """As scripts for python-binance 1.0 open what it has no method for."""
    socket = getattr(bm, method)(*args, **kwargs)
    assert socket._is_bare == is_bare
    assert socket._start(callback=ignore)
    assert dialled == [url]


def test_a_stream_by_its_path_at_another_address_is_refused(bm):
    with pytest.raises(ValueError, match="assign STREAM_URL, or use _get_futures_socket"):
        bm._get_socket("a@trade", bm.FSTREAM_URL)


@pytest.mark.parametrize(
    ("path", "method", "arguments"),
    [
        ("user", "start_user_socket", {}),
        ("margin", "start_margin_socket", {}),
        ("futures", "start_futures_user_socket", {}),
        ("coin_futures", "start_coin_futures_user_socket", {}),
        ("portfolio_margin", "start_portfolio_margin_user_socket", {}),
        ("BNBBTC", "start_isolated_margin_socket", {"symbol": "BNBBTC"}),
    ],
)
def test_an_account_by_its_name(bm, path, method, arguments):
    start = bm._get_account_socket(path, stream_url=bm.FSTREAM_URL)._start
    assert (start.func, start.keywords) == (getattr(bm, method), arguments)


@pytest.mark.parametrize(
    ("environment", "base"),
    [
        ("testnet", "wss://dstream.binancefuture.com"),
        ("demo", "wss://demo-dstream.binance.com"),
    ],
)
def test_coin_m_in_other_environments(bm, dialled, monkeypatch, environment, base):
    monkeypatch.setenv("BINANCE_ENV", environment)
    bm.start_aggtrade_futures_socket("BTCUSD_PERP", ignore, COIN)
    assert dialled == [f"{base}/stream?streams=btcusd_perp@aggTrade"]
    bm.DSTREAM_URL = "wss://mine:1/"
    assert bm.start_index_price_socket("BTCUSD", ignore) == "coinm:btcusd@indexPrice"
    assert dialled[-1] == "wss://mine:1/stream?streams=btcusd@indexPrice"


def test_the_environment_of_market_data_alone(bm, monkeypatch):
    monkeypatch.setenv("BINANCE_ENV", "data")
    assert bm.STREAM_URL == "wss://data-stream.binance.vision/"
    listed = bm._conns[bm.start_ticker_socket(ignore)].multiplex.fetch
    assert listed.args == ("https://data-api.binance.vision",)
    with pytest.raises(ValueError, match="data has no fstream address; set BINANCE_FSTREAM_URL"):
        bm.start_aggtrade_futures_socket("BTCUSDT", ignore)
    bm.STREAM_URL = "wss://mine:1/"
    listed = bm._conns[bm.start_book_ticker_socket(ignore)].multiplex.fetch
    assert listed.args == ("https://data-api.binance.vision",)


def test_spot_and_futures_streams_of_one_name_do_not_exclude_each_other(bm):
    assert bm.start_aggtrade_socket("BTCUSDT", ignore) == "btcusdt@aggTrade"
    assert bm.start_aggtrade_futures_socket("BTCUSDT", ignore) == "usdm:btcusdt@aggTrade"
    assert bm.start_aggtrade_futures_socket("BTCUSDT", ignore) is False


@pytest.mark.parametrize(
    ("method", "key"),
    [("start_ticker_socket", "!ticker@arr"), ("start_book_ticker_socket", "!bookTicker")],
)
def test_retired_streams_keep_their_keys_and_are_used_where_they_live(
    bm, dialled, monkeypatch, method, key
):
    monkeypatch.setenv("BINANCE_ENV", "us")
    assert getattr(bm, method)(ignore) == key
    assert dialled == [f"wss://stream.binance.us:9443/ws/{key}"]


@pytest.mark.parametrize("by", ["attribute", "variable"])
def test_beside_a_host_of_market_data_alone_the_symbols_are_listed_by_rest(bm, monkeypatch, by):
    """Where that host is needed, those of the WebSocket API are refused."""
    asked = []

    def get_exchange_info(self, **params):
        asked.append((self.API_URL, params["symbolStatus"]))
        listed = [("BNBBTC", "TRADING"), ("OLDBTC", "BREAK")]
        return {"symbols": [{"symbol": name, "status": status} for name, status in listed]}

    monkeypatch.setattr("binance.client.Client.get_exchange_info", get_exchange_info)
    if by == "attribute":
        bm.STREAM_URL = "wss://data-stream.binance.vision:9443/"
    else:
        monkeypatch.setenv("BINANCE_STREAM_URL", "wss://data-stream.binance.vision")
    key = bm.start_ticker_socket(ignore)
    multiplex = bm._conns[key].multiplex
    assert list(multiplex.fetch()) == ["bnbbtc"]
    assert asked == [("https://data-api.binance.vision/api", "TRADING")]


@pytest.mark.parametrize(
    ("proxy", "used"),
    [(None, "http://env.example:1"), ("", None), ("http://own.example:1", "http://own.example:1")],
)
def test_that_list_comes_by_the_managers_proxy_and_certificates(monkeypatch, tmp_path, proxy, used):
    monkeypatch.setenv("HTTPS_PROXY", "http://env.example:1")
    own = tmp_path / "own.pem"
    own.write_bytes(Path(certifi.where()).read_bytes())
    sent = []

    def send(adapter, request, **options):
        sent.append((adapter._ca_file, options["proxies"].get("https")))
        raise requests.ConnectionError("out of reach")

    monkeypatch.setattr("requests.adapters.HTTPAdapter.send", send)
    monkeypatch.setattr("binance.client.Client._sleep", lambda self, seconds: None)
    bm = BinanceSocketManager(None, proxy=proxy, ca_file=str(own))
    with pytest.raises(requests.ConnectionError):
        bm._symbols("https://data-api.binance.vision")
    assert set(sent) == {(str(own), used)}


def test_a_web_socket_api_that_was_given_is_asked_all_the_same(bm, monkeypatch):
    monkeypatch.setenv("BINANCE_WS_API_URL", "wss://localhost:1/ws-api/v3")
    bm.STREAM_URL = "wss://data-stream.binance.vision:9443/"
    assert bm._conns[bm.start_ticker_socket(ignore)].multiplex.fetch is None


def test_a_mixed_futures_multiplex_is_split_by_path(bm):
    key = bm.start_futures_multiplex_socket(["btcusdt@depth", "btcusdt@aggTrade"], ignore)
    assert key == "usdm:streams=btcusdt@depth/btcusdt@aggTrade"
    categories = {session.category for session in bm._conns[key].multiplex.sessions}
    assert categories == {"public", "market"}


WRONG = [
    ("start_depth_socket", ("BNBBTC", ignore, "7"), ValueError, "'5', '10', '20'"),
    (
        "start_depth_socket",
        ("BNBBTC", ignore, None, 250),
        ValueError,
        r"Websocket interval value not allowed. Allowed values are \[0, 100\]",
    ),
    ("start_kline_socket", ("BNBBTC", ignore, "7m"), ValueError, "'1m'"),
    ("start_trade_socket", ("", ignore), ValueError, "symbol"),
    ("start_trade_socket", (None, ignore), TypeError, "symbol"),
    ("start_trade_socket", ("BNB/BTC", ignore), ValueError, "'/'"),
    ("start_trade_socket", ("BNBBTC", None), TypeError, "callback must be callable"),
    (
        "start_trade_socket",
        ("BNBBTC", lambda: None),
        TypeError,
        "with one argument for the message",
    ),
    ("start_user_socket", (lambda: None,), TypeError, "with one argument for the message"),
    ("start_ticker_socket", (lambda a, b: None,), TypeError, "with one argument for the message"),
    ("start_futures_multiplex_socket", (["a@trade"], lambda: None), TypeError, "one argument"),
    ("start_options_ticker_socket", ("A", lambda *, a: None), TypeError, "one argument"),
    ("start_rolling_ticker_socket", (ignore, "2h"), ValueError, "'1h', '4h', '1d'"),
    ("start_multiplex_socket", ("bnbbtc@trade", ignore), TypeError, "list of stream names"),
    ("start_multiplex_socket", ([], ignore), ValueError, "empty"),
    ("start_multiplex_socket", ([1], ignore), TypeError, "not a string"),
    ("start_multiplex_socket", (["a@trade"], "callback"), TypeError, "callable"),
    (
        "start_aggtrade_futures_socket",
        ("BTCUSD_PERP", ignore, 2),
        ValueError,
        "futures_type 2 not allowed. Allowed values are 'FuturesType.USD_M', 'FuturesType.COIN_M'",
    ),
    (
        "start_kline_futures_socket",
        ("BTCUSD", ignore, "1m", COIN, "quarter"),
        ValueError,
        "contract_type 'quarter' not allowed. Allowed values are 'ContractType.PERPETUAL'",
    ),
    (
        "start_kline_futures_socket",
        ("BTCUSD_PERP", ignore, "1m", COIN),
        ValueError,
        "symbol 'BTCUSD_PERP' is a contract; give its pair, 'BTCUSD'",
    ),
    (
        "start_options_ticker_by_expiration_socket",
        ("BTCUSDT", ignore, "2026-12-25"),
        ValueError,
        "expiration_date must be such as '261225', not '2026-12-25'",
    ),
]


@pytest.mark.parametrize(("method", "args", "error", "words"), WRONG)
def test_wrong_arguments_are_refused_at_once_in_words(bm, method, args, error, words):
    with pytest.raises(error, match=words):
        getattr(bm, method)(*args)
    assert bm._conns == {}


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"dispatch": "process"}, ValueError, "reactor, thread"),
        ({"overflow": "newest"}, ValueError, "drop_oldest, latest, block"),
        ({"queue_size": 0}, ValueError, "whole number from 1"),
        ({"speed": 3}, TypeError, "no such option: speed"),
    ],
)
def test_wrong_options_of_a_socket(bm, options, error, words):
    with pytest.raises(error, match=words):
        bm.start_trade_socket("BNBBTC", ignore, **options)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"max_retries": -1}, ValueError),
        ({"dispatch": "process"}, ValueError),
        ({"on_event": "print"}, TypeError),
        ({"proxy": "socks4://localhost:1080"}, ValueError),
    ],
)
def test_wrong_options_of_a_manager(options, error):
    with pytest.raises(error):
        BinanceSocketManager(None, **options)


def test_the_url_is_read_when_a_socket_starts(bm, dialled, monkeypatch):
    bm.start_trade_socket("A", ignore)
    bm.STREAM_URL = "wss://stream.binance.us:9443"
    bm.start_trade_socket("B", ignore)
    del bm.STREAM_URL
    monkeypatch.setattr(BinanceSocketManager, "STREAM_URL", "wss://localhost:1/")
    bm.start_trade_socket("C", ignore)
    assert dialled == [
        "wss://stream.binance.com:9443/ws/a@trade",
        "wss://stream.binance.us:9443/ws/b@trade",
        "wss://localhost:1/ws/c@trade",
    ]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://stream.binance.com:9443/", "'https://stream.binance.com:9443/' is no base URL"),
        ("stream.binance.com:9443/", "allowed: wss://"),
        ("ws://stream.binance.com/", "neither encrypted nor verified"),
    ],
)
def test_a_url_that_cannot_be_dialled_is_refused_at_once(bm, url, words):
    bm.STREAM_URL = url
    with pytest.raises(ValueError, match=words):
        bm.start_trade_socket("A", ignore)
    assert bm._conns == {}


def test_no_refusal_shows_a_listen_key_or_a_password(bm):
    listen_key = "a1B2" * 16
    bm._conns[listen_key] = object()
    for key in (listen_key, listen_key[::-1]):
        for call in (bm.rotate, bm.wait_open, lambda key: bm.subscribe(key, ["a@trade"])):
            with pytest.raises(KeyError) as caught:
                call(key)
            assert key not in str(caught.value)
            assert caught.value.__context__ is None
    bm.STREAM_URL = "https://me:opensesame@stream.example/"
    with pytest.raises(ValueError, match="no base URL of streams") as refused:
        bm.start_trade_socket("A", ignore)
    assert "opensesame" not in f"{refused.value} {refused.value.__context__}"


def test_a_ca_file_that_cannot_be_read_is_refused_at_once(tmp_path):
    bm = BinanceSocketManager(None, ca_file=str(tmp_path / "ca.pem"))
    with pytest.raises(FileNotFoundError):
        bm.start_trade_socket("A", ignore)
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(ValueError, match="no PEM certificate"):
        bm.start_trade_socket("A", ignore)
    assert bm._conns == {}


def test_a_subclass_with_another_url(dialled):
    class Us(BinanceSocketManager):
        STREAM_URL = "wss://stream.binance.us:9443/"

    Us(None).start_trade_socket("A", ignore)
    assert dialled == ["wss://stream.binance.us:9443/ws/a@trade"]


def test_the_environment_and_the_client_choose_the_exchange(dialled, monkeypatch):
    class Client:
        tld, testnet = "us", False

    BinanceSocketManager(Client()).start_trade_socket("A", ignore)
    Client.testnet = True
    BinanceSocketManager(Client()).start_trade_socket("A", ignore)
    monkeypatch.setenv("BINANCE_ENV", "demo")
    BinanceSocketManager(Client()).start_trade_socket("A", ignore)
    monkeypatch.setenv("BINANCE_STREAM_URL", "wss://localhost:8443")
    BinanceSocketManager(Client()).start_trade_socket("A", ignore)
    bm = BinanceSocketManager(Client())
    bm.STREAM_URL = "wss://mine:1/"
    bm.start_trade_socket("A", ignore)
    assert dialled == [
        "wss://stream.binance.us:9443/ws/a@trade",
        "wss://stream.testnet.binance.vision/ws/a@trade",
        "wss://demo-stream.binance.com/ws/a@trade",
        "wss://localhost:8443/ws/a@trade",
        "wss://mine:1/ws/a@trade",
    ]


def test_a_url_attribute_is_the_address_in_use(monkeypatch):
    class Client:
        tld, testnet = "com", True

    class Early(BinanceSocketManager):
        def __init__(self):
            self.base = self.STREAM_URL
            super().__init__(Client())

    urls = ("STREAM_URL", "FSTREAM_URL", "DSTREAM_URL", "VSTREAM_URL")
    assert [getattr(BinanceSocketManager(None), name) for name in urls] == [
        "wss://stream.binance.com:9443/",
        "wss://fstream.binance.com/",
        "wss://dstream.binance.com/",
        "wss://fstream.binance.com/",  # where options are served today
    ]
    bm = Early()
    assert bm.base == "wss://stream.binance.com:9443/"  # it had no client then
    assert bm.STREAM_URL == "wss://stream.testnet.binance.vision/"
    monkeypatch.setenv("BINANCE_STREAM_URL", "wss://localhost:8443")
    assert bm.STREAM_URL == "wss://localhost:8443/"
    bm.STREAM_URL = "wss://mine:1/"
    assert bm.STREAM_URL == "wss://mine:1/"
    assert BinanceSocketManager.STREAM_URL == "wss://stream.binance.com:9443/"


@pytest.mark.parametrize("client", [None, object(), 7])
def test_any_client_will_do_for_public_streams(client):
    assert BinanceSocketManager(client).start_trade_socket("A", ignore) == "a@trade"


@pytest.mark.parametrize("timeout", [None, "60", 0, -1, True, float("nan"), float("inf")])
def test_a_bad_user_timeout_is_refused_at_once(timeout):
    with pytest.raises(ValueError, match="user_timeout must be above 0 seconds, not"):
        BinanceSocketManager(None, user_timeout=timeout)


def test_constants_and_attributes(bm):
    assert BinanceSocketManager.STREAM_URL == "wss://stream.binance.com:9443/"
    assert (bm.WEBSOCKET_DEPTH_5, bm.WEBSOCKET_DEPTH_10, bm.WEBSOCKET_DEPTH_20) == ("5", "10", "20")
    assert BinanceSocketManager.DEFAULT_USER_TIMEOUT == 1800
    assert bm._user_timeout == 1800
    assert BinanceSocketManager(None, 60)._user_timeout == 60
    assert isinstance(bm, threading.Thread)
    assert not bm.daemon
    assert not bm.is_alive()


def test_daemon_is_set_before_start(bm):
    bm.daemon = True
    assert bm.daemon


@pytest.mark.thread
@pytest.mark.parametrize("in_parts", [False, True])
def test_join_waits_for_the_thread_in_parts_too(bm, monkeypatch, in_parts):
    monkeypatch.setattr(reactor, "wait", functools.partial(reactor.wait, in_parts=in_parts))
    monkeypatch.setattr(reactor, "PART_SECONDS", 0.01)
    with pytest.raises(RuntimeError):
        bm.join()
    closed = threading.Event()
    bm.run = closed.wait
    threading.Thread.start(bm)
    bm.join(0.02)
    assert bm.is_alive()
    threading.Timer(0.05, closed.set).start()
    bm.join()
    assert not bm.is_alive()


@pytest.mark.thread
def test_a_manager_made_in_a_daemon_thread_is_no_daemon():
    made = []
    thread = threading.Thread(target=lambda: made.append(BinanceSocketManager(None)), daemon=True)
    thread.start()
    thread.join()
    assert not made[0].daemon


def test_wait_open_of_an_unknown_key(bm):
    with pytest.raises(KeyError):
        bm.wait_open("never was", 0)


def test_stats_before_anything_has_come(bm):
    key = bm.start_trade_socket("BNBBTC", ignore)
    assert bm.stats() == {
        key: {
            "messages": 0,
            "bytes": 0,
            "reconnects": 0,
            "connected": False,
            "last_message_age": None,
            "dropped": 0,
            "callback_errors": 0,
            "links": 0,
            "redundancy": None,
            "gaps": 0,
            "backfilled": 0,
            "latency": None,
            "rotations": 0,
            "queued": 0,
            "callback_seconds": 0.0,
        }
    }


@pytest.mark.parametrize("bad", [0, 3, "2", True, None, 2.0])
def test_a_bad_number_of_links_is_refused_at_once(bm, bad):
    with pytest.raises(ValueError, match="redundancy must be 1, or 2 for two links"):
        bm.start_trade_socket("BNBBTC", ignore, redundancy=bad)
    with pytest.raises(ValueError, match="redundancy must be 1, or 2 for two links"):
        BinanceSocketManager(None, redundancy=bad)


def test_an_account_has_one_link():
    client = Client("key", "secret")
    bm = BinanceSocketManager(client, redundancy=2)
    with pytest.raises(ValueError, match="redundancy must be 1 on account sockets"):
        bm.start_user_socket(ignore, redundancy=2)
    assert bm._conns[bm.start_user_socket(ignore)].options.redundancy == 1
    assert bm._conns[bm.start_trade_socket("BNBBTC", ignore)].options.redundancy == 2
    bm.close()


@pytest.mark.parametrize(
    "name",
    [
        "WebSocketClientFactory",
        "WebSocketClientProtocol",
        "ReconnectingClientFactory",
        "ReactorAlreadyRunning",
        "connectWS",
        "ssl",
        "json",
        "threading",
    ],
)
def test_names_that_old_scripts_import_from_here(name):
    assert getattr(websockets, name) is not None


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="no attribute 'engine'"):
        _ = websockets.engine


QUERY = "timeUnit=MICROSECOND"


@pytest.mark.parametrize(
    ("names", "query"),
    [
        (["a@trade", f"b@trade&{QUERY}"], f"a@trade/b@trade&{QUERY}"),
        ([f"a@trade?{QUERY}"], f"a@trade&{QUERY}"),
    ],
)
def test_a_query_on_a_multiplex_name_is_part_of_the_url_and_not_of_the_name(
    bm, dialled, names, query
):
    assert bm.start_multiplex_socket(names, ignore) == f"streams={'/'.join(names)}"
    assert dialled == [f"wss://stream.binance.com:9443/stream?streams={query}"]


@pytest.mark.parametrize("joint", ["?", "&"])
def test_a_query_on_a_path_is_part_of_the_url_and_not_of_the_name(bm, monkeypatch, joint):
    path = f"bnbbtc@trade{joint}{QUERY}"
    assert bm._start_socket(path, ignore) == path
    (session,) = (connection.session for connection in bm._conns[path].connections)
    assert session.urls[0] == f"wss://stream.binance.com:9443/ws/bnbbtc@trade?{QUERY}"
    assert list(session.names) == ["bnbbtc@trade"]
    assert type(session.continuity.track("bnbbtc@trade")) is ContiguousTrack


def test_subscribe_takes_no_query(bm):
    key = bm.start_multiplex_socket(["a@trade"], ignore)
    with pytest.raises(ValueError, match="contains '&'"):
        bm.subscribe(key, [f"b@trade&{QUERY}"])


@pytest.mark.parametrize("unit", ["ms", "us", None])
def test_the_time_unit_is_every_sockets(unit):
    bm = BinanceSocketManager(None, time_unit=unit)
    assert bm._open_sockets.dependencies(None).time_unit == unit


@pytest.mark.parametrize("unit", ["µs", "MICROSECOND", 1000, ""])
def test_another_time_unit_is_refused(unit):
    with pytest.raises(ValueError, match="time_unit must be 'ms', 'us' or None"):
        BinanceSocketManager(None, time_unit=unit)


FIXED = [
    ("start_ticker_socket", ()),
    ("start_book_ticker_socket", ()),
    ("start_trade_socket", ("BNBBTC",)),
    ("start_all_ticker_futures_socket", ()),
    ("start_aggtrade_futures_socket", ("BTCUSDT",)),
    ("start_options_ticker_socket", ("BTC-X-C",)),
]


@pytest.mark.parametrize("method", ["subscribe", "unsubscribe"])
@pytest.mark.parametrize(("start", "args"), FIXED)
def test_only_multiplex_sockets_take_changes(bm, start, args, method):
    key = getattr(bm, start)(*args, callback=ignore)
    with pytest.raises(ValueError, match="no multiplex socket"):
        getattr(bm, method)(key, ["ethbtc@trade"])


@pytest.mark.parametrize(
    "start",
    ["start_multiplex_socket", "start_futures_multiplex_socket", "start_options_multiplex_socket"],
)
def test_multiplex_sockets_of_every_market_take_changes(bm, start):
    key = getattr(bm, start)(["a@trade"], ignore)
    assert not bm.subscribe(key, ["ethbtc@trade"]).done()


class Takes:
    """Whose methods and objects take a message."""

    def __call__(self, message):
        """As an object."""

    def method(self, message, more=None):
        """As a bound method."""

    @classmethod
    def of_class(cls, message):
        """As a method of the class."""


def gives_a_database(function):
    @functools.wraps(function)
    def inner(message):
        return function("database", message)

    return inner


@gives_a_database
def decorated(database, message):
    """Its wrapper takes the message alone."""


async def coroutine(message):
    """A coroutine function."""


CALLABLES = [
    *(print, [].append, queue.SimpleQueue().put, queue.Queue().put, {}.update, set().add, int),
    *(Takes(), Takes().method, Takes.of_class, functools.partial(Takes().method, more=1)),
    *(Mock(), MagicMock(), AsyncMock(), Mock(spec=ignore), create_autospec(ignore)),
    *(decorated, coroutine, lambda *args: None, lambda message=None: None),
    functools.partial(lambda first, message: None, 1),
]


@pytest.mark.thread  # of the coroutine functions
@pytest.mark.parametrize("callback", CALLABLES, ids=[str(n) for n in range(len(CALLABLES))])
def test_whatever_can_take_a_message_is_taken(bm, callback):
    assert bm.start_trade_socket("BNBBTC", callback) == "bnbbtc@trade"


def test_on_event_must_take_an_event():
    with pytest.raises(TypeError, match="on_event must be callable, with one argument for the ev"):
        BinanceSocketManager(on_event=lambda: None)


def test_no_client_is_needed_and_a_key_is_none():
    assert BinanceSocketManager().start_trade_socket("A", ignore) == "a@trade"
    for key in ("an api key", b"an api key"):
        for start in (
            lambda key=key: BinanceSocketManager(key),
            lambda key=key: BinanceSocketManager().start_user_socket(ignore, client=key),
        ):
            with pytest.raises(TypeError, match=r"such as Client\(api_key, api_secret\)") as raised:
                start()
            assert "an api key" not in str(raised.value)


def test_the_repr_says_state_and_number_of_sockets(bm):
    assert repr(bm) == "<BinanceSocketManager: not started, 0 sockets>"
    bm.start_trade_socket("A", ignore)
    assert repr(bm) == "<BinanceSocketManager: not started, 1 socket>"
    bm._open_sockets.is_closed = True
    assert repr(bm).startswith("<BinanceSocketManager: closed, ")


def test_a_key_that_is_false_is_no_key(bm):
    bm.stop_socket(False)
    for call in (bm.rotate, bm.wait_open, lambda key: bm.subscribe(key, ["a@trade"])):
        with pytest.raises(KeyError, match=r"start_\.\. returned it because that stream is open"):
            call(False)


def test_all_that_takes_keys_takes_what_the_starts_return():
    key = str | Literal[False]
    starts = {name for name in dir(BinanceSocketManager) if name.startswith("start_")}
    takers = {"stop_socket", "wait_open", "subscribe", "unsubscribe", "rotate"}
    assert len(starts) >= 30
    known = vars(typing) | vars(messages) | vars(generated) | {"SocketOptions": SocketOptions}
    for name in starts | takers:
        hints = get_type_hints(getattr(BinanceSocketManager, name), known)
        # pyright takes a key for `str | bool` in any other scope than that of its assignment
        assert hints["return" if name in starts else "conn_key"] == (
            key if name in starts else str | bool
        ), name
