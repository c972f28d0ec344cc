"""The callback: called with each message of its socket, one after the other.

A message is what the exchange sent, as Python makes it from JSON: a dict, or a list of dicts for
streams of all symbols. Prices and quantities stay strings. An exception in a callback is logged and
the socket lives on.
"""

from binance.websockets import BinanceSocketManager


def process_message(msg):
    print("message type:", msg["e"])
    print(msg)
    # do something


bm = BinanceSocketManager(None)  # public streams need no client
bm.start_aggtrade_socket("BNBBTC", process_message)
bm.start()
