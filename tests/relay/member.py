"""A member of a work queue: prints each message's id, with a mark if it was redelivered."""

import sys
import time

from binance.websockets import BinanceSocketManager

pause = float(sys.argv[1])


def process(message):
    print(message["t"], "again" if message.get("redelivered") else "first", flush=True)
    time.sleep(pause)
    print(message["t"], "done", flush=True)


bm = BinanceSocketManager(None, max_retries=None)
bm.start_trade_socket("BTCUSDT", process, group="workers", dispatch="thread")
bm.start()
