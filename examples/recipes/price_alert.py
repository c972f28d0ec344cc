"""Print a message when a price crosses a line, and when the connection is lost.

    python price_alert.py BTCUSDT 65000

Without a price, the line is the price of the first trade.
"""

import sys
import time
from decimal import Decimal

from binance.events import Disconnected, Resumed
from binance.websockets import BinanceSocketManager


class Alert:
    def __init__(self, symbol, line=None):
        self.symbol, self.line, self.was_above = symbol, line, None

    def process_message(self, msg):
        if msg["e"] == "error":
            tell("the stream is lost for good: restart me")
            return
        price = Decimal(msg["p"])
        if self.line is None:
            self.line = price
        if price == self.line:
            return
        is_above = price > self.line
        if self.was_above is not None and is_above != self.was_above:
            side = "above" if is_above else "below"
            tell(f"{self.symbol} is {side} {self.line}: {price}")
        self.was_above = is_above


def tell(text):
    print(f"\a{time.strftime('%H:%M:%S')} {text}", flush=True)  # \a makes a sound


def process_event(event):
    if isinstance(event, Disconnected):
        tell(f"blind: {event.reason}")
    elif isinstance(event, Resumed):
        # a crossing is printed next
        tell(f"watching again after {event.downtime:.0f} s")


alert = Alert(
    sys.argv[1] if len(sys.argv) > 1 else "BTCUSDT",
    Decimal(sys.argv[2]) if len(sys.argv) > 2 else None,
)
bm = BinanceSocketManager(None, on_event=process_event)
bm.start_trade_socket(alert.symbol, alert.process_message)
bm.start()
