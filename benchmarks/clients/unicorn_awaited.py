"""unicorn-binance-websocket-api: a coroutine that awaits each dict of a stream's asyncio queue."""

import time

import meter
from unicorn_binance_websocket_api.manager import BinanceWebSocketApiManager

callback = meter.callback()


async def read(stream_id: str) -> None:
    """Take the messages of a stream for ever."""
    while True:
        callback(await manager.get_stream_data_from_asyncio_queue(stream_id))
        manager.asyncio_queue_task_done(stream_id)


# Without `high_performance`: with it, a stream may start before the loop of its coroutine exists,
# and the coroutine is then never called.
manager = BinanceWebSocketApiManager(
    exchange="binance.com",
    output_default="dict",
    warn_on_update=False,
    disable_colorama=True,
    websocket_base_uri=meter.URL,
    restful_base_uri="http://127.0.0.1:9/",
)
channel, market = ("arr", "!miniTicker") if meter.KIND == "array" else (meter.KIND, "bnbbtc")
manager.create_stream(channel, market, process_asyncio_queue=read)
while True:
    time.sleep(1)
