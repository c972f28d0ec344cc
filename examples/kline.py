"""Candles of a symbol while they change.

`x` is true in the last message of a candle.
"""

from binance.enums import KLINE_INTERVAL_30MINUTE
from binance.websockets import BinanceSocketManager


def process_message(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    candle = msg["k"]
    print(candle["i"], "open", candle["o"], "close", candle["c"], "final", candle["x"])


bm = BinanceSocketManager(None)
conn_key = bm.start_kline_socket(
    "BNBBTC", process_message, interval=KLINE_INTERVAL_30MINUTE
)
bm.start()
