"""Candles as a pandas data frame: those of the past, then each new one as it closes; no hole.

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
    if msg["e"] == "kline" and msg["k"]["x"]:
        k = msg["k"]
        closed.put([k["t"], k["o"], k["h"], k["l"], k["c"], k["v"]])


def frame(rows):
    """Rows that begin with a candle's opening time in ms."""
    candles = pd.DataFrame([row[:6] for row in rows], columns=["time", *COLUMNS])
    candles["time"] = pd.to_datetime(candles["time"], unit="ms", utc=True)
    return candles.set_index("time").astype(float)


with BinanceSocketManager(None) as bm:
    # First listen, then ask for the past: what closes meanwhile is in both, and taken once.
    bm.wait_open(bm.start_kline_socket(SYMBOL, process_message, INTERVAL))
    with Client() as client:
        past = client.get_klines(symbol=SYMBOL, interval=INTERVAL, limit=200)
    candles = frame(past[:-1])  # the last one has not closed yet
    for _ in range(5):
        candles = pd.concat([candles, frame([closed.get()])])
        candles = candles[~candles.index.duplicated(keep="last")].sort_index()
        average = candles["close"].rolling(20).mean().iloc[-1]
        print(f"{len(candles)} candles, average of the last 20: {average:.2f}")
print(candles.tail(3).to_string())
