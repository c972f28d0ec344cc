"""The callback is called with each message of its socket, one after the other.

A message is the decoded JSON of the exchange: a dict, or a list of dicts for a
stream of all symbols. Prices and quantities are strings. If the callback raises an
exception, it is logged, and the socket stays open.
"""

from binance.websockets import BinanceSocketManager


def process_message(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    print("message type:", msg["e"])
    print(msg)
    # do something


bm = BinanceSocketManager(None)  # public streams need no client
bm.start_aggtrade_socket("BNBBTC", process_message)
bm.start()
