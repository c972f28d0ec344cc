"""Streams in an asyncio program: messages arrive in a queue of its event loop."""

import asyncio

from binance.websockets import BinanceSocketManager


async def main():
    loop = asyncio.get_running_loop()
    messages = asyncio.Queue()

    def process_message(msg):  # runs in the reactor thread
        loop.call_soon_threadsafe(messages.put_nowait, msg)

    bm = BinanceSocketManager(None)
    bm.start_trade_socket("BNBBTC", process_message)
    bm.start()
    try:
        for _ in range(3):
            msg = await messages.get()
            if msg["e"] == "error":
                raise ConnectionError(msg["m"])
            print("trade", msg["t"], "at", msg["p"])
    finally:
        bm.close()


asyncio.run(main())
