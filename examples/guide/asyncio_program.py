"""Streams in an asyncio program: `async for` over their messages."""

import asyncio

from binance.websockets import BinanceSocketManager


async def main():
    bm = BinanceSocketManager(None)
    async with bm.messages("bnbbtc@trade") as messages:
        for _ in range(3):
            async with asyncio.timeout(60):
                trade = await anext(messages)
            print("trade", trade["t"], "at", trade["p"])


asyncio.run(main())
