"""Read an order book every second, with the methods of the old depth cache.

The constructor returns when the first book is complete. `get_depth_cache()` is None
after the library has stopped retrying. Press Ctrl-C to end the script.
"""

import time

from binance.client import Client
from binance.depthcache import DepthCacheManager

client = Client("", "")

dcm = DepthCacheManager(client, "BNBBTC", refresh_interval=60 * 60)

while True:
    depth_cache = dcm.get_depth_cache()
    if depth_cache is None:
        print("the stream has given up")
        break

    print("symbol", depth_cache.symbol, "updated at", depth_cache.update_time)
    print("top 5 bids")
    print(depth_cache.get_bids()[:5])
    print("top 5 asks")
    print(depth_cache.get_asks()[:5])

    time.sleep(1)
