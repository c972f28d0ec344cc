"""Keep the order book of a USD-M contract, with an event each 100 ms."""

from binance.client import Client
from binance.depthcache import FuturesDepthCacheManager


def process_book(book):
    if book is None:
        print("the stream has given up")
    elif book.synced:
        print(f"bid {book.best_bid.price} ask {book.best_ask.price}")


dcm = FuturesDepthCacheManager(Client(), "BTCUSDT", callback=process_book, ws_interval=100)
print(f"in sync at update id {dcm.snapshot().update_id}")
