"""`async for` in a coroutine of a Twisted program."""

from twisted.internet.task import deferLater, react

from binance.websockets import BinanceSocketManager


async def main(reactor):
    await deferLater(reactor, 0)  # the reactor has to run first
    bm = BinanceSocketManager(None)
    async with bm.messages("bnbbtc@trade") as messages:
        async for trade in messages:
            print("the first price is", trade["p"])
            return


react(main)
