"""A coroutine function as the callback: awaited message by message, on a loop of its own thread."""

import asyncio

from binance.websockets import BinanceSocketManager


async def process_message(msg):
    await asyncio.sleep(0.01)  # an asynchronous database, say
    print("trade", msg["t"])


bm = BinanceSocketManager(None)
bm.start_trade_socket("BNBBTC", process_message)
bm.start()
