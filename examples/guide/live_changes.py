"""Add streams to a multiplex socket and remove some, on the same connection."""

import threading
from typing import Any

from binance.websockets import BinanceSocketManager

NAMES = ["bnbbtc@miniTicker", "ethbtc@miniTicker", "btcusdt@miniTicker"]

waiting = set(NAMES)
arrived = threading.Event()  # all have sent a message


def process_message(msg: dict[str, Any]) -> None:
    if msg.get("e") == "error":
        print("lost:", msg["m"])
        return
    print(msg["stream"], msg["data"]["c"])
    waiting.discard(msg["stream"])
    if not waiting:
        arrived.set()


with BinanceSocketManager(None) as bm:
    key = bm.start_multiplex_socket(NAMES[:1], process_message)
    bm.wait_open(key, timeout=10)
    print("added", bm.subscribe(key, NAMES[1:]).result(10))
    arrived.wait(10)
    print("removed", bm.unsubscribe(key, NAMES[:1]).result(10))
