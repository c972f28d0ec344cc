"""Statistics of the last 24 hours: every second, for all symbols that changed."""

from binance.websockets import BinanceSocketManager


def process_message(msg):
    if isinstance(msg, dict):  # the error dict; normal messages are lists
        print("lost:", msg["m"])
        return
    best = max(msg, key=lambda ticker: float(ticker["P"]))
    print(len(msg), "symbols changed, the best:", best["s"], best["P"], "%")


bm = BinanceSocketManager(None)
bm.start_ticker_socket(process_message)
bm.start()
