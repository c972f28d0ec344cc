"""Handle the error message in a callback: start the socket again.

The library reconnects by itself. If five retries fail, or if the exchange refuses
the stream, the callback gets one dict whose `e` is "error". After that the socket
key is free.
"""

from typing import Any

from binance.websockets import BinanceSocketManager


def process_message(msg: dict[str, Any]) -> None:
    if msg["e"] == "error":
        print("lost:", msg["m"])
        # close the socket and start it again
        bm.stop_socket(conn_key)
        bm.start_trade_socket("BNBBTC", process_message)
    else:
        # handle a normal message
        print("trade", msg["t"], "of", msg["s"], "at", msg["p"])


bm = BinanceSocketManager(None)
conn_key = bm.start_trade_socket("BNBBTC", process_message)
bm.start()
