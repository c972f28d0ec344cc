"""Three books at once: the result of a round trip BTC -> ETH -> BNB -> BTC.

The three caches share one client and one socket manager. The result is valid only
while all three books are in sync. A book that has missed a change shows wrong
prices.
"""

from binance.client import Client
from binance.depthcache import DepthCacheManager
from binance.websockets import BinanceSocketManager

PAIRS = ("ETHBTC", "BNBETH", "BNBBTC")

books = {}


def process_depth(depth_cache):
    if depth_cache is None:
        print("a stream has given up")
        return
    books[depth_cache.symbol] = depth_cache
    if len(books) < len(PAIRS):
        return

    tops = {pair: books[pair].snapshot(limit=1) for pair in PAIRS}
    if not all(top.synced for top in tops.values()):
        return
    eth = 1 / tops["ETHBTC"].asks[0].price  # buy ETH with one BTC
    bnb = eth / tops["BNBETH"].asks[0].price  # buy BNB with this ETH
    btc = bnb * tops["BNBBTC"].bids[0].price  # sell this BNB for BTC
    print(f"there {btc:.6f}", end=" ")

    bnb = 1 / tops["BNBBTC"].asks[0].price
    eth = bnb * tops["BNBETH"].bids[0].price
    btc = eth * tops["ETHBTC"].bids[0].price
    print(f"and back {btc:.6f}")


def process_resync(depth_cache):
    print(
        depth_cache.symbol,
        "is in step again" if depth_cache.synced else "is out of step",
    )


client = Client()
bm = BinanceSocketManager(client)

caches = [
    DepthCacheManager(
        client, pair, callback=process_depth, bm=bm, on_resync=process_resync
    )
    for pair in PAIRS
]
bm.join()
