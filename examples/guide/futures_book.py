"""Keep the order book of a USD-M contract, with an event every 100 ms."""

from binance.client import Client
from binance.depthcache import DepthCache, FuturesDepthCacheManager


def process_book(book: DepthCache | None) -> None:
    if book is None:
        print("the library has stopped retrying")
    elif book.synced and (bid := book.best_bid) and (ask := book.best_ask):
        print(f"bid {bid.price} ask {ask.price}")


dcm = FuturesDepthCacheManager(
    Client(), "BTCUSDT", callback=process_book, ws_interval=100
)
print(f"in sync at update id {dcm.snapshot().update_id}")
