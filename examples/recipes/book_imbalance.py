"""Order book imbalance: the share of bids in the best levels, and the strong side.

    python book_imbalance.py BTCUSDT

A book that is not in sync with the exchange is not used.
"""

import sys
import time

from binance.client import Client
from binance.depthcache import DepthCacheManager

LEVELS = 10
LEANING = 0.7


def imbalance(book):
    """The share of bids in the best levels, from 0 (only asks) to 1 (only bids)."""
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
        book = cache.snapshot(LEVELS)  # both sides at the same moment
        share = imbalance(book)
        leans = max(share, 1 - share) > LEANING
        if book.synced and (leans or time.monotonic() - self.spoken > 1):
            self.spoken = time.monotonic()
            side = "" if not leans else "  buyers" if share > 0.5 else "  sellers"
            print(
                f"{book.symbol} bids {share:4.0%} spread {book.spread}{side}",
                flush=True,
            )


def process_resync(cache):
    print("in step again" if cache.synced else "out of step: wait", flush=True)


symbol = sys.argv[1] if len(sys.argv) > 1 else "BTCUSDT"
book = DepthCacheManager(
    Client(), symbol, Watch().process_depth, ws_interval=100, on_resync=process_resync
)
