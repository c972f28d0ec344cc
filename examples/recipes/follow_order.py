"""Place a limit order, follow it, and cancel it if it is not filled in time.

Run it on the test network first::

    export BINANCE_ENV=testnet BINANCE_API_KEY=.. BINANCE_API_SECRET=..
    python follow_order.py
"""

import os
import queue
import time
import uuid

from binance.client import Client
from binance.exceptions import BinanceAPIException
from binance.websockets import BinanceSocketManager

SYMBOL, QUANTITY, PATIENCE = "BTCUSDT", "0.001", 3.0
DONE = {"FILLED", "CANCELED", "REJECTED", "EXPIRED", "EXPIRED_IN_MATCH"}


def follow(client, bm, side, price):
    """Place the order, and return its last report when it is done."""
    order_id = uuid.uuid4().hex  # known before the answer arrives
    reports = queue.SimpleQueue()

    def process_message(msg):
        # The report of a cancellation has another client id, and our id in C.
        if msg["e"] == "error":
            print("lost:", msg["m"])
        elif msg["e"] == "executionReport" and order_id in (msg["c"], msg["C"]):
            reports.put(msg)

    bm.wait_open(bm.start_user_socket(process_message, reconcile=[SYMBOL]))
    client.order_limit(
        symbol=SYMBOL,
        side=side,
        quantity=QUANTITY,
        price=price,
        newClientOrderId=order_id,
    )
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            report = reports.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            print("not filled in time: cancel it")
            try:
                client.cancel_order(symbol=SYMBOL, origClientOrderId=order_id)
            except BinanceAPIException as error:
                if error.code != -2011:  # not open any more: its last report follows
                    raise
            deadline = time.monotonic() + PATIENCE
            continue
        print(side, "at", price, report["X"], report["z"], "of", report["q"])
        if report["X"] in DONE:
            return report


client = Client(os.environ["BINANCE_API_KEY"], os.environ["BINANCE_API_SECRET"])
with BinanceSocketManager(client) as bm:
    last = float(client.get_symbol_ticker(symbol=SYMBOL)["price"])
    follow(client, bm, "BUY", f"{last * 1.01:.0f}")  # is filled at once
    follow(client, bm, "BUY", f"{last * 0.95:.0f}")  # is not filled
