"""Streams in a Twisted program: the manager uses the reactor of the program."""

from twisted.internet import reactor
from twisted.internet.defer import Deferred

from binance.websockets import BinanceSocketManager

first_trade = Deferred()


def process_message(msg):  # runs in the reactor thread, so it may call Twisted
    if first_trade.called:
        return
    if msg["e"] == "error":
        first_trade.errback(ConnectionError(msg["m"]))
    else:
        first_trade.callback(msg["p"])


def begin():
    bm = BinanceSocketManager(None)
    bm.start_trade_socket("BNBBTC", process_message)
    bm.start()


first_trade.addCallback(lambda price: print("the first price is", price))
first_trade.addErrback(lambda why: print("lost:", why.getErrorMessage()))
first_trade.addBoth(lambda _: reactor.stop())
reactor.callWhenRunning(begin)
reactor.run()
