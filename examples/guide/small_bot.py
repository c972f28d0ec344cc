"""A bot without real orders: it buys above the average price and sells below it."""

from collections import deque
from decimal import Decimal

from binance.events import Disconnected, Gap
from binance.websockets import BinanceSocketManager


class Crossing:
    """Makes the decisions. It uses no sockets, so a test can pass prices to it."""

    def __init__(self, length):
        self.prices = deque(maxlen=length)
        self.is_long = False

    def price(self, price):
        """Take a price, and return the order to place, or None."""
        self.prices.append(price)
        if len(self.prices) < self.prices.maxlen:
            return None
        above = price > sum(self.prices) / len(self.prices)
        if above == self.is_long:
            return None
        self.is_long = above
        return "buy" if above else "sell"


class Bot:
    """Connects the decisions with the stream."""

    def __init__(self, symbol, place, length=20):
        self.symbol = symbol
        self.place = place
        self.length = length
        self.bm = BinanceSocketManager(None, max_retries=None, on_event=self.process_event)
        self.begin_anew()

    def begin_anew(self):
        self.crossing = Crossing(self.length)

    def start(self):
        self.bm.start_trade_socket(self.symbol, self.process_message)
        self.bm.start()

    def stop(self):
        self.bm.close()

    def process_message(self, msg):
        if msg["e"] == "trade":
            price = Decimal(msg["p"])
            if (order := self.crossing.price(price)) is not None:
                self.place(order, price)
        elif msg["e"] == "error":
            print("lost:", msg["m"])

    def process_event(self, event):
        if isinstance(event, (Disconnected, Gap)):
            self.begin_anew()  # prices are missing, so the average is wrong


if __name__ == "__main__":
    bot = Bot("BNBBTC", lambda order, price: print(order, "at", price))
    bot.start()
