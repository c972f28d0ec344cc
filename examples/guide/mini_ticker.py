"""The prices of the last 24 hours: every second, for all symbols that changed."""

from binance.websockets import BinanceSocketManager


def process_message(msg):
    if isinstance(msg, dict):  # the error dict; normal messages are lists
        print("lost:", msg["m"])
        return
    for ticker in msg:
        print(ticker["s"], "last", ticker["c"], "low", ticker["l"], "high", ticker["h"])


bm = BinanceSocketManager(None)
bm.start_miniticker_socket(process_message)
bm.start()
