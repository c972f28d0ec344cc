"""Today's python-binance on asyncio; it decodes with orjson where that is installed."""

import asyncio

import meter

from binance import AsyncClient, BinanceSocketManager


async def main() -> None:
    """Read one socket for ever."""
    callback = meter.callback()
    manager = BinanceSocketManager(AsyncClient(), max_queue_size=1 << 30)
    manager.STREAM_URL = meter.URL
    starts = {"array": lambda s: manager.miniticker_socket(), "depth": manager.depth_socket}
    async with starts.get(meter.KIND, manager.trade_socket)("BNBBTC") as socket:
        while True:
            callback(await socket.recv())


asyncio.run(main())
