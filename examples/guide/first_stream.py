from binance.websockets import BinanceSocketManager


def process_message(msg):
    print(msg["s"], msg["p"], msg["q"])


bm = BinanceSocketManager(None)  # public streams need no client
bm.start_trade_socket("BNBBTC", process_message)
bm.start()
