"""Candles as a data frame that grows, against the simulated exchange."""

import time

import pytest

from binance.exceptions import BinanceAPIException, BinanceConnectionError
from binance.simulator.run.exchange_process import ExchangeProcess
from binance.websockets import BinanceSocketManager
from tests.pace import paced

pytest.importorskip("pandas")
pytestmark = [pytest.mark.loopback, pytest.mark.process]


@pytest.fixture(scope="module")
def exchange():
    with ExchangeProcess(symbols=["BTCUSDT"], rate=50) as running:
        yield running
        assert running.errors() == ""


@pytest.fixture
def bm(exchange, monkeypatch):
    for name, value in exchange.env.items():
        monkeypatch.setenv(name, value)
    with BinanceSocketManager(None) as bm:
        yield bm


def wait_until(is_so):
    end = time.monotonic() + paced(20.0)
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_past_candles_and_those_of_the_stream(bm):
    candles = bm.klines_frame("btcusdt", "1s", 20)
    frame = candles.frame
    assert len(frame) >= 20
    wait_until(lambda: len(candles.frame) >= len(frame) + 2)
    grown = candles.frame
    assert grown.index.diff()[1:].unique().total_seconds().tolist() == [1.0]  # none is missing
    assert grown["closed"][:-1].all()
    assert grown.loc[frame.index[:-1]].equals(frame[:-1])
    bm._conns[candles.key].dispatch.mute()  # as `sys.exit()` in a callback does
    bm.stop_socket(candles.key)
    assert not candles.is_live


def test_what_cannot_be_opened_leaves_no_socket(bm):
    with pytest.raises(BinanceAPIException):
        bm.klines_frame("NOSUCHSYMBOL")
    assert bm.stats() == {}
    bm.start_kline_socket("BTCUSDT", print, "1m")
    with pytest.raises(ValueError, match="already open"):
        bm.klines_frame("BTCUSDT", "1m")
    assert list(bm.stats()) == ["btcusdt@kline_1m"]


def test_a_stream_that_has_given_up_before_it_is_waited_for(monkeypatch):
    monkeypatch.setattr(BinanceSocketManager, "STREAM_URL", "ws://127.0.0.1:1/")
    with BinanceSocketManager(None, max_retries=0) as bm:
        start = bm.start_kline_socket

        def start_in_vain(*what, **options):
            key = start(*what, **options)
            wait_until(lambda: key not in bm._conns)
            return key

        bm.start_kline_socket = start_in_vain
        with pytest.raises(BinanceConnectionError, match="the stream of candles did not open"):
            bm.klines_frame("BTCUSDT")
