"""The error branch of a callback: when a socket is lost for good, start it again.

A lost link is mended without a word. Only when five retries have failed, or when the exchange
refuses the stream outright, the callback gets one dict whose `e` is "error". From then on the key
is free.
"""

from binance.websockets import BinanceSocketManager


def process_message(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        # close and restart the socket
        bm.stop_socket(conn_key)
        bm.start_trade_socket("BNBBTC", process_message)
    else:
        # process message normally
        print("trade", msg["t"], "of", msg["s"], "at", msg["p"])


bm = BinanceSocketManager(None)
conn_key = bm.start_trade_socket("BNBBTC", process_message)
bm.start()
