"""A live page, metrics and a health check of a program that runs."""

from binance import status
from binance.websockets import BinanceSocketManager


def process_message(msg):
    pass  # use the message here


bm = BinanceSocketManager(None)
bm.start_trade_socket("BNBBTC", process_message)
bm.start()
server = status.serve(bm, port=0)  # 0: any free port
print("see", server.url)
