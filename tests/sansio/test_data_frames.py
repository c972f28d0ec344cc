"""Order books and candles as pandas data frames."""

import sys

import pytest

from binance.depth.cache import DepthCache
from binance.sansio.wire.data_frames import KlinesFrame

pandas = pytest.importorskip("pandas")

MINUTE = 60_000


def past(number, close):
    """A candle of `get_klines`."""
    time = number * MINUTE
    return [time, "1.0", "3.0", "0.5", close, "10", time + MINUTE - 1, "20", 7, "5", "10", "0"]


def live(number, close, is_closed=False, unit=1):
    """A message of the stream."""
    k = {"t": number * MINUTE * unit, "o": "1.0", "h": "3.0", "l": "0.5", "c": close}
    return {"e": "kline", "k": k | {"v": "10", "q": "20", "n": 7, "x": is_closed}}


def shown(candles):
    frame = candles.frame
    numbers = [time.timestamp() / 60 for time in frame.index]
    return list(zip(numbers, frame["close"], frame["closed"], strict=True))


def test_a_book_has_a_row_for_each_level():
    cache = DepthCache("BNBBTC")
    for price in ("9.5", "9", "8"):
        cache.add_bid([price, "1.25"])
    cache.add_ask(["10", "3"])
    frame = cache.to_frame(2)
    assert frame.to_dict("records") == [
        {"side": "bid", "price": 9.5, "quantity": 1.25},
        {"side": "bid", "price": 9.0, "quantity": 1.25},
        {"side": "ask", "price": 10.0, "quantity": 3.0},
    ]
    assert frame.attrs == {"symbol": "BNBBTC", "update_id": 0, "synced": False}
    assert len(cache.to_frame()) == 4
    with pytest.raises(ValueError, match="limit must be 1"):
        cache.to_frame(0)


def test_an_empty_book_has_the_same_columns():
    assert list(DepthCache("BNBBTC").to_frame()) == ["side", "price", "quantity"]


def test_candles_grow_with_the_stream():
    candles = KlinesFrame("BNBBTC", "1m", 3)
    assert shown(candles) == []
    candles._add(live(3, "1.3"))  # before the past ones were fetched
    candles._add_past([past(1, "1.1"), past(2, "1.2"), past(3, "1.25")])
    assert shown(candles) == [(1, 1.1, True), (2, 1.2, True), (3, 1.3, False)]
    candles._add(live(3, "1.35", is_closed=True))
    candles._add(live(4, "1.4"))
    assert shown(candles)[2:] == [(3, 1.35, True), (4, 1.4, False)]
    assert candles.is_live
    candles._add({"e": "error", "m": "Max reconnect retries reached"})
    assert not candles.is_live
    assert repr(candles) == "<KlinesFrame BNBBTC 1m: 4 candles, ended>"


def test_the_last_candle_that_was_fetched_is_open():
    candles = KlinesFrame("BNBBTC", "1m", 2)
    candles._add_past([past(1, "1.1"), past(2, "1.2")])
    assert shown(candles) == [(1, 1.1, True), (2, 1.2, False)]


def test_a_filled_hole_is_in_its_place():
    candles = KlinesFrame("BNBBTC", "1m", 1)
    candles._add_past([past(1, "1.1")])
    for number in (4, 2, 3):
        candles._add(live(number, "2.0", is_closed=True))
    assert [number for number, *_ in shown(candles)] == [1, 2, 3, 4]


def test_microseconds_are_milliseconds_too():
    candles = KlinesFrame("BNBBTC", "1m", 1)
    candles._add(live(30_000_000, "1.1", unit=1000))
    assert shown(candles) == [(30_000_000, 1.1, False)]


def test_columns_and_types():
    candles = KlinesFrame("BNBBTC", "1m", 1)
    candles._add_past([past(1, "1.1")])
    frame = candles.frame
    assert frame.index.name == "time"
    assert str(frame.index.tz) == "UTC"
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        **dict.fromkeys(("open", "high", "low", "close", "volume", "quote_volume"), "float64"),
        "trades": "int64",
        "closed": "bool",
    }
    assert frame.iloc[0].tolist() == [1.0, 3.0, 0.5, 1.1, 10.0, 20.0, 7, False]


@pytest.mark.parametrize("limit", [0, 1001, -5])
def test_a_wrong_number_of_candles(limit):
    with pytest.raises(ValueError, match="limit must be 1 to 1000 candles"):
        KlinesFrame("BNBBTC", "1m", limit)


def test_without_pandas_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    for make in (DepthCache("BNBBTC").to_frame, lambda: KlinesFrame("BNBBTC", "1m", 1)):
        with pytest.raises(ImportError, match=r'pip install "binance-socket-manager\[pandas\]"'):
            make()
