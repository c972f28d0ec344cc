"""Receive every trade, across lost connections and restarts of this script."""

from binance.events import Backfilled, Gap
from binance.websockets import BinanceSocketManager, Gapless


def process_message(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
    else:
        print(msg["t"], "fetched" if msg.get("backfilled") else "live", flush=True)


def process_event(event):
    match event:
        case Backfilled():
            print(event.stream, "fetched", event.first, "to", event.last)
        case Gap():
            print(event.stream, "missing", event.first, "to", event.last, event.reason)


bm = BinanceSocketManager(None, max_retries=None, on_event=process_event)
bm.start_trade_socket(
    "BNBBTC",
    process_message,
    gapless=Gapless(max_age=6 * 3600, max_hold=30),  # or gapless=True
    checkpoint="trades.json",
)
bm.start()
