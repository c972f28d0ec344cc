"""This library's `for` and `async for`: `loop` in the order chooses."""

import asyncio
import os

import meter

os.environ["BINANCE_STREAM_URL"] = meter.URL
if meter.CA_FILE:
    os.environ["BINANCE_CA_FILE"] = meter.CA_FILE

from binance.websockets import BinanceSocketManager

NAMES = {"array": "!miniTicker@arr", "depth": "s0@depth"}

callback = meter.callback()
manager = BinanceSocketManager(None, queue_size=1 << 20, overflow="block")
messages = manager.messages(NAMES.get(meter.KIND, "s0@trade"))


async def main() -> None:
    """Read one socket for ever."""
    async with messages:
        async for message in messages:
            callback(message)


if meter.ORDER["loop"] == "async for":
    asyncio.run(main())
else:
    with messages:
        for message in messages:
            callback(message)
