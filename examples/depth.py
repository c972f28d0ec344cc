"""The order book of a symbol: its changes, or its best levels.

Apply the changes (`e` is "depthUpdate") to a snapshot. A partial depth message
contains the best levels of the book. It has no event type and no symbol.
"""

from binance.enums import WEBSOCKET_DEPTH_5
from binance.websockets import BinanceSocketManager


def process_changes(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    print("changes up to", msg["u"], "-", len(msg["b"]), "bids", len(msg["a"]), "asks")


def process_book(msg):
    if msg.get("e") == "error":
        print("lost:", msg["m"])
        return
    (bid, _), (ask, _) = msg["bids"][0], msg["asks"][0]
    print("best of", len(msg["bids"]), "levels:", bid, ask)


bm = BinanceSocketManager(None)

# changes of the book
diff_key = bm.start_depth_socket("BNBBTC", process_changes)

# the best five levels
partial_key = bm.start_depth_socket(
    "BNBBTC", process_book, depth=WEBSOCKET_DEPTH_5, interval=100
)

bm.start()
