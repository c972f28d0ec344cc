"""Keep the order book of a symbol, and use it only while it is in sync."""

from binance.client import Client
from binance.depthcache import DepthCache, DepthCacheManager


def process_book(book: DepthCache | None) -> None:
    if book is None:
        print("the library has stopped retrying")
    elif book.synced and (bid := book.best_bid) and (ask := book.best_ask):
        print(f"bid {bid.price} ask {ask.price} spread {ask.price - bid.price:f}")


def process_resync(book: DepthCache) -> None:
    print("in sync again" if book.synced else "out of sync: do not trade on it")


dcm = DepthCacheManager(
    Client(), "BNBBTC", callback=process_book, ws_interval=100, on_resync=process_resync
)

for level in dcm.snapshot(limit=5).bids:
    print(f"bid of {level.quantity} at {level.price}")
