"""Order book imbalance: the share of bids among the best levels, and a word when it leans.

    python book_imbalance.py BTCUSDT

Nothing is reckoned from a book that is out of step with the exchange.
"""

import sys
import time

from binance.client import Client
from binance.depthcache import DepthCacheManager

LEVELS = 10
LEANING = 0.7


def imbalance(book):
    """0: asks only, 1: bids only, among the best levels."""
    bids = sum(level.quantity for level in book.bids)
    asks = sum(level.quantity for level in book.asks)
    return float(bids / (bids + asks)) if bids + asks else 0.5


class Watch:
    def __init__(self):
        self.spoken = 0.0

    def process_depth(self, cache):
        if cache is None:
            print("the book is lost for good: restart me")
            return
        book = cache.snapshot(LEVELS)  # both sides of one moment
        share = imbalance(book)
        leans = max(share, 1 - share) > LEANING
        if book.synced and (leans or time.monotonic() - self.spoken > 1):
            self.spoken = time.monotonic()
            side = "" if not leans else "  buyers" if share > 0.5 else "  sellers"
            print(f"{book.symbol} bids {share:4.0%} spread {book.spread}{side}", flush=True)


def process_resync(cache):
    print("in step again" if cache.synced else "out of step: wait", flush=True)


symbol = sys.argv[1] if len(sys.argv) > 1 else "BTCUSDT"
book = DepthCacheManager(
    Client(), symbol, Watch().process_depth, ws_interval=100, on_resync=process_resync
)
