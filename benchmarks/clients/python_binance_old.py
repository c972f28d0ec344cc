"""python-binance 0.7, the ancestor: its socket manager on Twisted."""

from types import SimpleNamespace

import meter

from binance.websockets import BinanceSocketManager

callback = meter.callback()
manager = BinanceSocketManager(SimpleNamespace(testnet=False))
manager.STREAM_URL = meter.URL
if meter.KIND == "array":
    manager.start_miniticker_socket(callback)
elif meter.KIND == "depth":
    manager.start_depth_socket("BNBBTC", callback)
else:
    manager.start_trade_socket("BNBBTC", callback)
manager.start()
manager.join()
