"""A coroutine function as the callback. It runs on an event loop of its own."""

import asyncio

from binance.websockets import BinanceSocketManager


async def process_message(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    await asyncio.sleep(0.01)  # for example, write to an asynchronous database
    print("trade", msg["t"])


bm = BinanceSocketManager(None)
bm.start_trade_socket("BNBBTC", process_message)
bm.start()
