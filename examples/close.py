"""Close the manager: all its sockets end, and the process may.

`close` does not stop the reactor, so the same manager can be started again.
"""

import threading

from binance.websockets import BinanceSocketManager

enough = threading.Event()


def process_message(msg):
    print("trade", msg["t"])
    enough.set()


bm = BinanceSocketManager(None)
bm.start_trade_socket("BNBBTC", process_message)
bm.start()

enough.wait()
bm.close()
bm.join()
print("closed")
