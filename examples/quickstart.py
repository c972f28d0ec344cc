"""Trades, depth, klines, tickers and a multiplexed socket, for about ten seconds.

On the real exchange::

    python examples/quickstart.py

On a simulated exchange, without a network and without an account::

    python -m binance.simulator run -- python examples/quickstart.py

An argument sets the number of seconds.
"""

import json
import sys
import time
from collections import Counter

from binance.client import Client
from binance.enums import KLINE_INTERVAL_30MINUTE, WEBSOCKET_DEPTH_5
from binance.websockets import BinanceSocketManager

SYMBOL = "BNBBTC"
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 10
WIDTH = 110  # of a printed line

arrived = Counter()


def show(stream, data):
    arrived[stream] += 1
    line = f"{stream:<22} {json.dumps(data, separators=(',', ':'))}"
    print(line if len(line) <= WIDTH else line[: WIDTH - 3] + "...")


def printer(stream):
    """A callback for the socket of one stream."""

    def process_message(msg):
        if isinstance(msg, dict) and msg.get("e") == "error":
            print(f"{stream:<22} is lost: {msg['m']}", file=sys.stderr)
        else:
            show(stream, msg)

    return process_message


def process_multiplex(msg):
    """The callback of the multiplex socket. Each message names its stream."""
    if msg.get("e") == "error":
        print(f"the multiplexed socket is lost: {msg['m']}", file=sys.stderr)
    else:
        show(msg["stream"], msg["data"])


def main():
    client = Client()
    bm = BinanceSocketManager(client)
    bm.start()

    symbol = SYMBOL.lower()
    bm.start_trade_socket(SYMBOL, printer(f"{symbol}@trade"))
    bm.start_aggtrade_socket(SYMBOL, printer(f"{symbol}@aggTrade"))
    bm.start_depth_socket(SYMBOL, printer(f"{symbol}@depth"))
    bm.start_depth_socket(SYMBOL, printer(f"{symbol}@depth5"), depth=WEBSOCKET_DEPTH_5)
    bm.start_kline_socket(
        SYMBOL, printer(f"{symbol}@kline_30m"), interval=KLINE_INTERVAL_30MINUTE
    )
    bm.start_symbol_ticker_socket(SYMBOL, printer(f"{symbol}@ticker"))
    bm.start_miniticker_socket(printer("!miniTicker@arr"))
    bm.start_multiplex_socket(
        ["ethbtc@bookTicker", "ethbtc@kline_1m"], process_multiplex
    )

    time.sleep(SECONDS)
    bm.close()
    bm.join()

    print()
    for stream, count in sorted(arrived.items()):
        print(f"{count:6} messages of {stream}")
    return 0 if arrived else "nothing arrived: is the exchange within reach?"


if __name__ == "__main__":
    sys.exit(main())
