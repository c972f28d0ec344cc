"""Streams in a Twisted program: the manager joins the reactor that the program runs."""

from twisted.internet import reactor
from twisted.internet.defer import Deferred

from binance.websockets import BinanceSocketManager

first_trade = Deferred()


def process_message(msg):  # in the reactor thread, where Twisted's calls are allowed
    if not first_trade.called:
        first_trade.callback(msg["p"])


def begin():
    bm = BinanceSocketManager(None)
    bm.start_trade_socket("BNBBTC", process_message)
    bm.start()


first_trade.addCallback(lambda price: print("the first price is", price))
first_trade.addBoth(lambda _: reactor.stop())
reactor.callWhenRunning(begin)
reactor.run()
