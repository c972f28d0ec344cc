"""Trades that one order made at one price, taken together."""

from binance.websockets import BinanceSocketManager


def process_message(msg):
    print(msg["a"], "trades", msg["f"], "to", msg["l"], msg["q"], "at", msg["p"])


bm = BinanceSocketManager(None)
conn_key = bm.start_aggtrade_socket("BNBBTC", process_message)
bm.start()
