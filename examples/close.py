"""Close the manager. All its sockets are closed, and the process can end.

`close` does not stop the reactor, so you can start the same manager again.
"""

import threading

from binance.websockets import BinanceSocketManager

enough = threading.Event()


def process_message(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
    else:
        print("trade", msg["t"])
    enough.set()


bm = BinanceSocketManager(None)
bm.start_trade_socket("BNBBTC", process_message)
bm.start()

enough.wait()
bm.close()
bm.join()
print("closed")
