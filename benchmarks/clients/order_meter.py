"""What the clients of `bench_orders.py` share: where the exchange is, what to order, and the clock.

`serve` places as many orders as each line of standard input says, by both ways in turns, and prints
the seconds of each.
"""

import json
import os
import sys
import time

URL = os.environ.get("BENCH_URL", "")  # of REST
WS_API = os.environ.get("BENCH_WS_API", "")
KEY = os.environ.get("BENCH_KEY", "")
SECRET = os.environ.get("BENCH_SECRET", "")
ORDER = {"symbol": "BTCUSDT", "type": "MARKET", "quantity": "0.001", "newOrderRespType": "ACK"}


def serve(websocket, rest):
    """`websocket` and `rest` take a side and return when the order is acknowledged."""
    for line in sys.stdin:
        times = {"websocket": [], "rest": []}
        for number in range(int(line)):
            for name, send in (("websocket", websocket), ("rest", rest)):
                began = time.perf_counter()
                send("BUY" if number % 2 else "SELL")
                times[name].append(time.perf_counter() - began)
        print(json.dumps(times), flush=True)
