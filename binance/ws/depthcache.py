"""What `binance.ws.depthcache` of python-binance 1.0 offers."""

from binance.depthcache import (
    DepthCache,
    DepthCacheManager,
    FuturesDepthCacheManager,
    OptionsDepthCacheManager,
)
from binance.threaded import ThreadedDepthCacheManager

__all__ = [
    "DepthCache",
    "DepthCacheManager",
    "FuturesDepthCacheManager",
    "OptionsDepthCacheManager",
    "ThreadedDepthCacheManager",
]
