"""All symbols quoted in USDT: which prices change most within a minute?

    python many_symbols.py USDT

All symbols share one socket key. The library opens as many connections as it needs.
"""

import sys
import threading
import time
from collections import defaultdict, deque

from binance.client import Client
from binance.websockets import BinanceSocketManager

QUOTE = sys.argv[1] if len(sys.argv) > 1 else "USDT"
WINDOW = 60.0  # seconds

prices = defaultdict(deque)  # symbol -> (when, price)
lock = threading.Lock()


def process_message(msg):
    if msg.get("e") == "error":
        print("lost:", msg["m"])
        return
    now, ticker = time.monotonic(), msg["data"]
    with lock:
        seen = prices[ticker["s"]]
        seen.append((now, float(ticker["c"])))
        while seen[0][0] < now - WINDOW:
            seen.popleft()


def moves():
    """A list of (change in percent, symbol), with the largest change first."""
    with lock:
        found = [
            ((seen[-1][1] / seen[0][1] - 1) * 100, symbol)
            for symbol, seen in prices.items()
        ]
    return sorted(found, key=lambda move: abs(move[0]), reverse=True)


with Client() as client:
    listed = client.get_exchange_info(symbolStatus="TRADING")["symbols"]
symbols = [each["symbol"] for each in listed if each["quoteAsset"] == QUOTE]
print(len(symbols), "symbols")

# The callback has its own thread, so many messages do not delay the connections.
bm = BinanceSocketManager(None, dispatch="thread", overflow="latest")
bm.start_multiplex_socket(
    [f"{each.lower()}@miniTicker" for each in symbols], process_message
)
with bm:
    while True:
        time.sleep(2)
        shown = [f"{symbol} {change:+.3f} %" for change, symbol in moves()[:5]]
        print("  ".join(shown), flush=True)
