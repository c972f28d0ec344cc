"""Run a slow callback in a thread, so that the other sockets do not wait for it."""

import time

from binance.events import Overflowed
from binance.websockets import BinanceSocketManager


def write_to_database(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    time.sleep(0.5)  # a slow database
    print("written", msg["t"])


def watch_price(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    print("price", msg["c"])


def process_event(event):
    if isinstance(event, Overflowed):
        print(event.key, "dropped", event.dropped)


bm = BinanceSocketManager(None, on_event=process_event)
trades = bm.start_trade_socket(
    "BNBBTC", write_to_database, dispatch="thread", queue_size=3, overflow="drop_oldest"
)
bm.start_symbol_ticker_socket("BNBBTC", watch_price)
bm.start()
bm.wait_open(trades)

time.sleep(5)
print("dropped so far:", bm.stats()[trades].dropped)
bm.close()
