"""An asyncio program: streams as an async iterator, while other tasks run.

Run it::

    python asyncio_service.py
"""

import asyncio
from contextlib import asynccontextmanager

from binance.websockets import BinanceSocketManager


@asynccontextmanager
async def messages(streams, size=10_000):
    """An async iterator over the messages of some streams, in the running loop."""
    loop, waiting = asyncio.get_running_loop(), asyncio.Queue(size)

    # runs in its own thread, and waits if the program is slow
    def process_message(msg):
        asyncio.run_coroutine_threadsafe(waiting.put(msg), loop).result()

    async def iterate():
        while (msg := await waiting.get()).get("e") != "error":
            yield msg["stream"], msg["data"]
        raise ConnectionError(msg["m"])

    bm = BinanceSocketManager(None, dispatch="thread", overflow="block")
    bm.daemon = True
    bm.start_multiplex_socket(streams, process_message)
    bm.start()
    try:
        yield iterate()
    finally:
        bm.close()


async def count(names, counts):
    async with messages(names) as stream:
        async for name, _ in stream:
            counts[name] = counts.get(name, 0) + 1


async def main():
    counts = {}
    counting = asyncio.create_task(
        count(["btcusdt@trade", "ethusdt@bookTicker"], counts)
    )
    for _ in range(3):
        await asyncio.sleep(1)  # the program can do other work here
        print(counts, flush=True)
    counting.cancel()


asyncio.run(main())
