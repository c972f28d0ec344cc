"""Candles as a pandas data frame: past candles, then each candle that closes.

Run it::

    pip install pandas
    python candles_to_frame.py BTCUSDT 1m
"""

import queue
import sys

import pandas as pd

from binance.client import Client
from binance.websockets import BinanceSocketManager

SYMBOL, INTERVAL = sys.argv[1:3] if len(sys.argv) > 2 else ("BTCUSDT", "1m")
COLUMNS = ["open", "high", "low", "close", "volume"]

closed = queue.SimpleQueue()


def process_message(msg):
    if msg["e"] == "error":
        closed.put(None)
    elif msg["k"]["x"]:
        k = msg["k"]
        closed.put([k["t"], k["o"], k["h"], k["l"], k["c"], k["v"]])


def frame(rows):
    """Make a data frame of rows that begin with the opening time in ms."""
    candles = pd.DataFrame([row[:6] for row in rows], columns=["time", *COLUMNS])
    candles["time"] = pd.to_datetime(candles["time"], unit="ms", utc=True)
    return candles.set_index("time").astype(float)


with BinanceSocketManager(None) as bm:
    # Start the stream before you fetch past candles, so that no candle is missing.
    bm.wait_open(bm.start_kline_socket(SYMBOL, process_message, INTERVAL))
    with Client() as client:
        past = client.get_klines(symbol=SYMBOL, interval=INTERVAL, limit=200)
    candles = frame(past[:-1])  # the last one has not closed yet
    for _ in range(5):
        if (candle := closed.get()) is None:
            sys.exit("the stream is lost")
        candles = pd.concat([candles, frame([candle])])
        candles = candles[~candles.index.duplicated(keep="last")].sort_index()
        average = candles["close"].rolling(20).mean().iloc[-1]
        print(f"{len(candles)} candles, average of the last 20: {average:.2f}")
print(candles.tail(3).to_string())
