"""Keep the order book of a symbol, and use it only while it is in sync."""

from binance.client import Client
from binance.depthcache import DepthCacheManager


def process_book(book):
    if book is None:
        print("the stream has given up")
    elif book.synced:
        bid, ask = book.best_bid.price, book.best_ask.price
        print(f"bid {bid} ask {ask} spread {book.spread:f}")


def process_resync(book):
    print("in step again" if book.synced else "out of step: do not trade on this book")


dcm = DepthCacheManager(
    Client(), "BNBBTC", callback=process_book, ws_interval=100, on_resync=process_resync
)

top = dcm.snapshot(limit=5)
for level in top.bids:
    print(f"bid of {level.quantity} at {level.price}")
