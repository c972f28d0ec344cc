"""Record trades into a SQLite file, many in one transaction, and what is missing.

    python record_trades.py trades.sqlite BTCUSDT ETHUSDT

To record whole streams byte for byte, use ``binance-sockets record``.
"""

import queue
import signal
import sqlite3
import sys
import time

from binance.events import Gap
from binance.websockets import BinanceSocketManager

path = sys.argv[1] if len(sys.argv) > 1 else "trades.sqlite"
symbols = sys.argv[2:] or ["BTCUSDT", "ETHUSDT"]
rows = queue.SimpleQueue()
ending = []


def process_message(msg):
    if msg.get("e") == "error":
        print("lost:", msg["m"])
    else:
        t = msg["data"]
        rows.put(("trade", (t["s"], t["t"], t["T"], t["p"], t["q"], t["m"])))


def process_event(event):
    if isinstance(event, Gap):
        rows.put(("gap", (event.stream, event.first, event.last)))


file = sqlite3.connect(path)
COLUMNS = "s, id, time, price, quantity, sold, UNIQUE(s, id)"
file.execute(f"CREATE TABLE IF NOT EXISTS trade ({COLUMNS})")
file.execute("CREATE TABLE IF NOT EXISTS gap (stream, first, last)")
signal.signal(signal.SIGINT, lambda *_: ending.append(True))
with BinanceSocketManager(None, max_retries=None, on_event=process_event) as bm:
    bm.start_multiplex_socket(
        [f"{each.lower()}@trade" for each in symbols], process_message
    )
    while not ending:
        time.sleep(0.5)
        with file:  # one transaction for all trades that have arrived
            for _ in range(rows.qsize()):
                table, row = rows.get()
                marks = ", ".join("?" * len(row))
                file.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)
        print(
            *file.execute("SELECT count(*) FROM trade").fetchone(), "trades", flush=True
        )
file.close()
