"""What `binance.ws.depthcache` of python-binance 1.0 offers."""

from binance.depthcache import (
    BaseDepthCacheManager,
    DepthCache,
    DepthCacheManager,
    FuturesDepthCacheManager,
    OptionsDepthCacheManager,
)
from binance.threaded import ThreadedDepthCacheManager

DEFAULT_REFRESH = BaseDepthCacheManager.DEFAULT_REFRESH

__all__ = [
    "DEFAULT_REFRESH",
    "BaseDepthCacheManager",
    "DepthCache",
    "DepthCacheManager",
    "FuturesDepthCacheManager",
    "OptionsDepthCacheManager",
    "ThreadedDepthCacheManager",
]
