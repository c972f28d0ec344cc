"""The options of gapless streams: what they allow, and what is refused at once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from binance.client import Client
from binance.sansio.feed.backfill import Since
from binance.sansio.feed.history import past_of
from binance.tx.past.history import since_of
from binance.tx.socket import Socket
from binance.websockets import BinanceSocketManager, Gapless

CANNOT = "need a stream whose past the exchange serves"


def ignore(message):
    """A callback."""


@pytest.fixture
def bm(monkeypatch):
    manager = BinanceSocketManager(None)
    manager.start = lambda: None  # nothing connects
    monkeypatch.setattr(Socket, "start", lambda socket: None)  # nor in a reactor of other tests
    return manager


def fills(bm, key):
    """The streams of a socket that are filled."""
    socket = bm._conns[key]
    socket._make_connections()
    for connection in socket.connections:
        for name in connection.session.names or ():
            connection.continuity.track(name)
    return sorted(name for one in socket.connections for name, _ in one.continuity.filled)


def test_without_the_option_nothing_is_filled(bm):
    key = bm.start_trade_socket("BNBBTC", ignore)
    assert bm._conns[key].history is None
    assert fills(bm, key) == []


@pytest.mark.parametrize(
    ("start", "args"),
    [
        ("start_trade_socket", ("BNBBTC",)),
        ("start_aggtrade_socket", ("BNBBTC",)),
        ("start_kline_socket", ("BNBBTC",)),
        ("start_aggtrade_futures_socket", ("BTCUSDT",)),
        ("start_kline_futures_socket", ("BTCUSDT",)),
    ],
)
def test_trades_aggregate_trades_and_candles_are_filled(bm, start, args):
    method = getattr(bm, start)
    key = method(*args, ignore, gapless=True)
    assert len(fills(bm, key)) == 1


@pytest.mark.parametrize(
    "options",
    [{"gapless": True}, {"gapless": Gapless()}, {"since": 5}, {"checkpoint": "x.json"}],
)
@pytest.mark.parametrize(
    ("start", "args"),
    [
        ("start_symbol_ticker_socket", ("BNBBTC",)),
        ("start_depth_socket", ("BNBBTC",)),
        ("start_ticker_socket", ()),
        ("start_symbol_book_ticker_socket", ("BNBBTC",)),
    ],
)
def test_a_single_socket_that_cannot_be_filled_is_refused(bm, start, args, options):
    with pytest.raises(ValueError, match=CANNOT):
        getattr(bm, start)(*args, ignore, **options)
    assert bm._conns == {}
    assert not Path("x.json.lock").exists()


def test_an_account_cannot_be_filled(bm):
    with pytest.raises(ValueError, match=CANNOT):
        bm.start_user_socket(ignore, client=Client("K" * 64, "S" * 64), gapless=True)


def test_trades_of_usdm_need_an_api_key(bm):
    with pytest.raises(ValueError, match="with an API key"):
        bm.start_futures_multiplex_socket(["btcusdt@trade"], ignore, gapless=True)
    keyed = BinanceSocketManager(Client("K" * 64, "S" * 64))
    keyed.start = lambda: None
    key = keyed.start_futures_multiplex_socket(["btcusdt@trade"], ignore, gapless=True)
    assert fills(keyed, key) == ["btcusdt@trade"]


def test_in_a_multiplex_the_others_stay_as_they_are(bm):
    key = bm.start_multiplex_socket(["a@trade", "a@ticker", "a@kline_1m"], ignore, gapless=True)
    assert fills(bm, key) == ["a@kline_1m", "a@trade"]


def test_a_managers_default_is_for_the_streams_that_can_be_filled():
    bm = BinanceSocketManager(None, gapless=True)
    bm.start = lambda: None
    assert fills(bm, bm.start_trade_socket("A", ignore)) == ["a@trade"]
    assert fills(bm, bm.start_symbol_ticker_socket("A", ignore)) == []
    assert fills(bm, bm.start_aggtrade_socket("A", ignore, gapless=False)) == []


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"gapless": "yes"}, TypeError, "gapless must be True, False or a Gapless"),
        ({"gapless": 1.5}, TypeError, "not 1.5"),
        ({"since": -1}, ValueError, "since must be an id from 0"),
        ({"since": True}, TypeError, "since must be an id, a date or milliseconds"),
        ({"since": 1.5}, TypeError, "not 1.5"),
        ({"since": "no date"}, ValueError, "no date"),
        ({"since": {"bnbbtc@trade": "no date"}}, ValueError, "no date"),
        ({"since": {"other@trade": 1}}, ValueError, "cannot be filled: other@trade"),
        ({"checkpoint": 5}, TypeError, "checkpoint must be the path of a file, not 5"),
    ],
)
def test_wrong_options_are_refused_at_once(bm, options, error, words):
    with pytest.raises(error, match=words):
        bm.start_trade_socket("BNBBTC", ignore, **options)
    assert bm._conns == {}


def test_an_id_is_for_one_stream(bm):
    with pytest.raises(ValueError, match="for several give"):
        bm.start_multiplex_socket(["a@trade", "b@trade"], ignore, since=5)
    assert bm.start_multiplex_socket(["a@trade", "b@trade"], ignore, since={"a@trade": 5})
    assert bm.start_multiplex_socket(["c@trade", "b@trade"], ignore, since="2026-01-01")


@pytest.mark.parametrize("limit", ["max_age", "max_count", "max_hold", "max_held"])
@pytest.mark.parametrize("value", [0, -1, "1", None, True])
def test_limits_are_numbers_above_zero(limit, value):
    with pytest.raises(ValueError, match=f"{limit} must be a number above 0"):
        Gapless(**{limit: value})


@pytest.mark.parametrize(
    ("since", "name", "unit", "expected"),
    [
        (5, "a@trade", 1, Since(position=5, age=-1.0)),
        (0, "a@aggTrade", 1, Since(position=0, age=-1.0)),
        (1_700_000_000_000, "a@trade", 1, Since(moment=1_700_000_000_000, age=-1.0)),
        ("1970-01-01T00:00:05", "a@trade", 1, Since(moment=5000, age=-1.0)),
        (datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC), "a@aggTrade", 1, Since(moment=5000, age=-1.0)),
        (1_700_000_000_000_000, "a@trade", 1, Since(moment=1_700_000_000_000, age=-1.0)),
        (60_000, "a@kline_1m", 1, Since(position=60_000, age=-1.0)),
        (17 * 10**14, "a@kline_1m", 1, Since(position=17 * 10**11, age=-1.0)),
        (17 * 10**14, "a@kline_1m", 1000, Since(position=17 * 10**14, age=-1.0)),
        ("1970-01-01T00:01", "a@kline_1m", 1000, Since(position=60_000_000, age=-1.0)),
    ],
)
def test_where_a_stream_begins(since, name, unit, expected):
    assert since_of(since, past_of(name, "spot", unit)) == expected
