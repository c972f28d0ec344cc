from typing import Any

from binance.websockets import BinanceSocketManager


def process_message(msg: Any) -> None:
    if msg.get("e") == "error":
        print("lost:", msg["m"])
    else:
        print(msg["s"], msg["p"], msg["q"])


bm = BinanceSocketManager(None)  # public streams need no client
bm.start_trade_socket("BNBBTC", process_message)
bm.start()
