"""A program that prints the id, or the open time, of all that its sockets get, and its events.

listener.py '{"usdm": ["btcusdt@aggTrade"]}' '{"checkpoint": "cursors.json"}'
"""

import json
import os
import sys

from binance.enums import FuturesType
from binance.websockets import BinanceSocketManager, Gapless


def positions(market, message):
    data = message["data"]
    position = data["k"]["t"] if "k" in data else data.get("t", data.get("a"))
    is_closed = data.get("k", {}).get("x", True)
    os.write(1, f"{market}:{message['stream']} {position} {is_closed}\n".encode())


def event(what):
    os.write(1, f"# {what}\n".encode())


streams, options = json.loads(sys.argv[1]), json.loads(sys.argv[2])
if isinstance(options.get("gapless"), dict):
    options["gapless"] = Gapless(**options["gapless"])
bm = BinanceSocketManager(None, max_retries=None, on_event=event)
for market, names in streams.items():

    def callback(message, market=market):
        positions(market, message)

    if market == "spot":
        bm.start_multiplex_socket(names, callback, **options)
    else:
        of = FuturesType.USD_M if market == "usdm" else FuturesType.COIN_M
        bm.start_futures_multiplex_socket(names, callback, futures_type=of, **options)
bm.start()
