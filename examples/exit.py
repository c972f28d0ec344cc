"""Stop the reactor to end the program, from a callback or from any other place.

All managers end, and the process ends when the main thread has ended. The reactor
cannot run again in this process. If you want to start again later, use `bm.close()`
instead.
"""

from twisted.internet import reactor

from binance.websockets import BinanceSocketManager

trades = []


def process_message(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
    else:
        trades.append(msg)
        print("trade", msg["t"])
    if msg["e"] == "error" or len(trades) == 3:
        bm.close()
        reactor.stop()


bm = BinanceSocketManager(None)
bm.start_trade_socket("BNBBTC", process_message)
bm.start()
bm.join()
print("done")
