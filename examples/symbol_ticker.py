"""The statistics of the last 24 hours for one symbol, every second."""

from binance.websockets import BinanceSocketManager


def process_message(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    print(msg["s"], "last", msg["c"], "change", msg["P"], "%", "volume", msg["v"])


bm = BinanceSocketManager(None)
conn_key = bm.start_symbol_ticker_socket("BNBBTC", process_message)
bm.start()
