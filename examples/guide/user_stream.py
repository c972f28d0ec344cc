"""Follow the orders and the balances of an account."""

from typing import Any

from binance.client import Client
from binance.websockets import BinanceSocketManager


def process_message(msg: dict[str, Any]) -> None:
    if msg["e"] == "error":
        print("lost:", msg["m"])
    elif msg["e"] == "executionReport":
        print("order", msg["i"], msg["S"], msg["s"], msg["X"])
    elif msg["e"] == "outboundAccountPosition":
        for balance in msg["B"]:
            print("balance", balance["a"], "free", balance["f"], "locked", balance["l"])


# the simulator's account; read your own keys from a file
client = Client("K" * 64, "S" * 64)
bm = BinanceSocketManager(client)
key = bm.start_user_socket(process_message)
bm.start()
