"""Stop one socket by its key. The other sockets stay open.

You can call `stop_socket` from any thread, also in a callback. You can start the
same stream again at once.
"""

from binance.websockets import BinanceSocketManager


def process_trade(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    print("trade", msg["t"])
    bm.stop_socket(trade_key)
    print("stopped", trade_key)


def process_ticker(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    print("ticker", msg["c"])


bm = BinanceSocketManager(None)
trade_key = bm.start_trade_socket("BNBBTC", process_trade)
ticker_key = bm.start_symbol_ticker_socket("BNBBTC", process_ticker)
bm.start()
