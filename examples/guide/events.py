"""Get notified of what happens to a socket, and retry without a limit."""

from binance.events import Connected, Disconnected, Resumed, Retrying
from binance.websockets import BinanceSocketManager


def process_message(msg):
    pass  # use the message here


def process_event(event):
    match event:
        case Connected():
            print(event.key, "is open")
        case Disconnected():
            print(event.key, "is down:", event.reason)
        case Retrying():
            print(event.key, "retry", event.attempt, "follows")
        case Resumed():
            print(event.key, "receives again")


bm = BinanceSocketManager(None, max_retries=None, on_event=process_event)
bm.start_trade_socket("BNBBTC", process_message)
bm.start()
