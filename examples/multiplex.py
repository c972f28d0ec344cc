"""Several streams on one socket.

Write the stream names exactly as the exchange does, with symbols in lower case.
Each message contains the name of its stream.
"""

from typing import Any

from binance.websockets import BinanceSocketManager


def process_m_message(msg: dict[str, Any]) -> None:
    if msg.get("e") == "error":
        print("lost:", msg["m"])
        return
    print("stream: {} data: {}".format(msg["stream"], msg["data"]))


bm = BinanceSocketManager(None)
conn_key = bm.start_multiplex_socket(
    ["bnbbtc@aggTrade", "ethbtc@ticker"], process_m_message
)
bm.start()
