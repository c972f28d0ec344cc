"""Add streams to a multiplex socket and remove some, on the same connection."""

import threading
from typing import Any

from binance.websockets import BinanceSocketManager

arrived = threading.Event()


def process_message(msg: dict[str, Any]) -> None:
    if msg.get("e") == "error":
        print("lost:", msg["m"])
        return
    print(msg["stream"], msg["data"]["c"])
    if msg["stream"] == "btcusdt@miniTicker":
        arrived.set()


with BinanceSocketManager(None) as bm:
    key = bm.start_multiplex_socket(["bnbbtc@miniTicker"], process_message)
    bm.wait_open(key, timeout=10)
    print(
        "added",
        bm.subscribe(key, ["ethbtc@miniTicker", "btcusdt@miniTicker"]).result(10),
    )
    arrived.wait(10)
    print("removed", bm.unsubscribe(key, ["bnbbtc@miniTicker"]).result(10))
