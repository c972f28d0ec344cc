"""A bot without real orders: it buys above the average price and sells below it."""

from collections import deque
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from binance.events import Disconnected, Event, Gap
from binance.websockets import BinanceSocketManager


class Crossing:
    """Makes the decisions. It uses no sockets, so a test can pass prices to it."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.prices: deque[Decimal] = deque(maxlen=length)
        self.is_long = False

    def price(self, price: Decimal) -> str | None:
        """Take a price, and return the order to place, or None."""
        self.prices.append(price)
        if len(self.prices) < self.length:
            return None
        above = price > sum(self.prices) / len(self.prices)
        if above == self.is_long:
            return None
        self.is_long = above
        return "buy" if above else "sell"


class Bot:
    """Connects the decisions with the stream."""

    def __init__(
        self, symbol: str, place: Callable[[str, Decimal], object], length: int = 20
    ) -> None:
        self.symbol = symbol
        self.place = place
        self.length = length
        self.crossing = Crossing(length)
        self.bm = BinanceSocketManager(
            None, max_retries=None, on_event=self.process_event
        )

    def start(self) -> None:
        self.bm.start_trade_socket(self.symbol, self.process_message)
        self.bm.start()

    def stop(self) -> None:
        self.bm.close()

    def process_message(self, msg: dict[str, Any]) -> None:
        if msg["e"] == "trade":
            price = Decimal(msg["p"])
            if (order := self.crossing.price(price)) is not None:
                self.place(order, price)
        elif msg["e"] == "error":
            print("lost:", msg["m"])

    def process_event(self, event: Event) -> None:
        if isinstance(event, (Disconnected, Gap)):
            # prices are missing, so the average is wrong
            self.crossing = Crossing(self.length)


if __name__ == "__main__":
    bot = Bot("BNBBTC", lambda order, price: print(order, "at", price))
    bot.start()
