"""unicorn-binance-websocket-api: dicts to a callback; `library` chooses what is underneath."""

import time

import meter
from unicorn_binance_websocket_api.manager import BinanceWebSocketApiManager

callback = meter.callback()
manager = BinanceWebSocketApiManager(
    process_stream_data=callback,
    exchange="binance.com",
    output_default="dict",
    warn_on_update=False,
    disable_colorama=True,
    high_performance=True,
    websocket_base_uri=meter.URL,
    restful_base_uri="http://127.0.0.1:9/",
    websocket_library=meter.ORDER["library"],
)
if meter.KIND == "array":
    manager.create_stream("arr", "!miniTicker")
else:
    manager.create_stream(meter.KIND, "bnbbtc")
while True:
    time.sleep(1)
