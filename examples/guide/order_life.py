"""The life of two orders: one is filled at once, the other one is cancelled."""

import threading
from typing import Any

from binance.client import Client
from binance.websockets import BinanceSocketManager

finished = threading.Event()


def process_message(msg: dict[str, Any]) -> None:
    if msg["e"] == "executionReport":
        print("order", msg["S"], msg["X"], "filled", msg["z"], "of", msg["q"])
        if msg["X"] == "CANCELED":
            finished.set()
    elif msg["e"] == "outboundAccountPosition":
        for balance in msg["B"]:
            print("balance", balance["a"], "free", balance["f"], "locked", balance["l"])


# the simulator's account
client = Client("K" * 64, "S" * 64)
with BinanceSocketManager(client) as bm:
    key = bm.start_user_socket(process_message)
    bm.wait_open(key, timeout=10)
    client.order_market_buy(symbol="BTCUSDT", quantity="0.01")

    low = float(client.get_symbol_ticker(symbol="BTCUSDT")["price"]) * 0.9
    order = client.order_limit_buy(
        symbol="BTCUSDT", quantity="0.01", price=f"{low:.2f}"
    )
    client.cancel_order(symbol="BTCUSDT", orderId=order["orderId"])
    finished.wait(10)
