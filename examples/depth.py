"""The order book of a symbol: its changes, or its best levels.

Changes (`e` is "depthUpdate") are to be applied to a snapshot; partial depth is a small book whole,
with neither event type nor symbol in it.
"""

from binance.enums import WEBSOCKET_DEPTH_5
from binance.websockets import BinanceSocketManager


def process_changes(msg):
    print("changes up to", msg["u"], "-", len(msg["b"]), "bids", len(msg["a"]), "asks")


def process_book(msg):
    (bid, _), (ask, _) = msg["bids"][0], msg["asks"][0]
    print("best of", len(msg["bids"]), "levels:", bid, ask)


bm = BinanceSocketManager(None)

# depth diff response
diff_key = bm.start_depth_socket("BNBBTC", process_changes)

# partial book response
partial_key = bm.start_depth_socket("BNBBTC", process_book, depth=WEBSOCKET_DEPTH_5, interval=100)

bm.start()
