"""Aggregated trades: all trades that one order made at the same price."""

from binance.websockets import BinanceSocketManager


def process_message(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    print(msg["a"], "trades", msg["f"], "to", msg["l"], msg["q"], "at", msg["p"])


bm = BinanceSocketManager(None)
conn_key = bm.start_aggtrade_socket("BNBBTC", process_message)
bm.start()
