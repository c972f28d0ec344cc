"""What `start_ticker_socket` costs: every symbol's ticker, gathered into a list each second.

    python benchmarks/all_tickers.py [--symbols 1500] [--seconds 20]

A simulated exchange runs in a process of its own.  Printed: lists and tickers a second, and the CPU
time that this process took for them, in percent of one core.
"""

import argparse
import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from binance.simulator.run.exchange_process import ExchangeProcess
from binance.websockets import BinanceSocketManager

MOST_PERCENT = 15.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--symbols", type=int, default=1500)
    parser.add_argument("--rate", type=float, default=2.0, help="trades a second and symbol")
    parser.add_argument("--seconds", type=float, default=20.0)
    arguments = parser.parse_args()
    lists: list[list[dict[str, object]]] = []
    first = threading.Event()

    def callback(tickers: list[dict[str, object]]) -> None:
        lists.append(tickers)
        first.set()

    with ExchangeProcess(symbols=arguments.symbols, rate=arguments.rate, falloff=0.0) as exchange:
        os.environ.update(exchange.env)
        with BinanceSocketManager(None) as bm:
            bm.start_ticker_socket(callback)
            if not first.wait(60):
                print("no tickers arrived")
                return 1
            lists.clear()
            began, cpu = time.monotonic(), time.process_time()
            time.sleep(arguments.seconds)
            took, cpu = time.monotonic() - began, time.process_time() - cpu
    tickers = [ticker for one in lists for ticker in one]
    right = all(ticker["e"] == "24hrTicker" for ticker in tickers)
    percent = 100 * cpu / took
    print(f"{len(lists) / took:.2f} lists/s, {len(tickers) / took:.0f} tickers/s of ", end="")
    print(f"{len({ticker['s'] for ticker in tickers})} symbols, {percent:.1f} % of a core")
    return 0 if right and lists and percent < MOST_PERCENT else 1


if __name__ == "__main__":
    sys.exit(main())
