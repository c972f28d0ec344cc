"""An asyncio program: streams as an async iterator, while other tasks run.

Run it::

    python asyncio_service.py
"""

import asyncio

from binance.websockets import BinanceSocketManager


async def count(bm, names, counts):
    # the program may be slow: reading stops while its queue is full
    async with bm.messages(*names, overflow="block") as messages:
        async for message in messages:
            name = message["stream"]
            counts[name] = counts.get(name, 0) + 1


async def main():
    bm, counts = BinanceSocketManager(None), {}
    names = ["btcusdt@trade", "ethusdt@bookTicker"]
    counting = asyncio.create_task(count(bm, names, counts))
    for _ in range(3):
        await asyncio.sleep(1)  # the program can do other work here
        print(counts, flush=True)
    counting.cancel()


asyncio.run(main())
