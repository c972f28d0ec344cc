"""Two links for one socket: the loss of one of them costs nothing."""

from binance.websockets import BinanceSocketManager


def process_message(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    print("trade", msg["t"], "at", msg["p"])


def process_candle(msg):
    pass  # use the candle here


bm = BinanceSocketManager(None, redundancy=2)
bm.start_trade_socket("BNBBTC", process_message)
bm.start_kline_socket("BNBBTC", process_candle, redundancy=1)  # one link is enough here
bm.start()
