"""What the last 24 hours did to a symbol, told each second."""

from binance.websockets import BinanceSocketManager


def process_message(msg):
    print(msg["s"], "last", msg["c"], "change", msg["P"], "%", "volume", msg["v"])


bm = BinanceSocketManager(None)
conn_key = bm.start_symbol_ticker_socket("BNBBTC", process_message)
bm.start()
