"""Every single trade of a symbol."""

from binance.websockets import BinanceSocketManager


def process_message(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    side = "sold" if msg["m"] else "bought"  # m: the buyer was the maker
    print(msg["t"], side, msg["q"], "at", msg["p"])


bm = BinanceSocketManager(None)
conn_key = bm.start_trade_socket("BNBBTC", process_message)
bm.start()
