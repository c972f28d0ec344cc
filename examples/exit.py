"""Exit by stopping the reactor, from a callback or from wherever the script knows that it is done.

All managers end with it, and so does the process once the main thread is done. The reactor can not
be started again in this process; where that is wanted, `bm.close()` is the way.
"""

from twisted.internet import reactor

from binance.websockets import BinanceSocketManager

trades = []


def process_message(msg):
    trades.append(msg)
    print("trade", msg["t"])
    if len(trades) == 3:
        bm.close()
        reactor.stop()


bm = BinanceSocketManager(None)
bm.start_trade_socket("BNBBTC", process_message)
bm.start()
bm.join()
print("done")
