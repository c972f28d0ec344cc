"""A `for` loop over the messages of several markets, and over what happens to them."""

from binance.events import Event, Gap
from binance.exceptions import BinanceStreamLost
from binance.websockets import BinanceSocketManager

bm = BinanceSocketManager(None)
count = 0
try:
    with bm.messages("bnbbtc@trade", "usdm:btcusdt@aggTrade", events=True) as messages:
        for message in messages:
            if isinstance(message, Gap):
                print("missing:", message.first, "to", message.last)
            elif isinstance(message, Event):
                print(message.key, type(message).__name__)
            else:
                print(message["stream"], message["data"]["p"])
                count += 1
            if count == 100:
                break  # leaving the block closes the sockets
except BinanceStreamLost as error:  # all retries have failed
    print("lost:", error)
