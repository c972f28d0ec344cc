"""The best bid and ask of a symbol, whenever they change."""

from binance.websockets import BinanceSocketManager


def process_message(msg):
    if msg.get("e") == "error":  # normal messages have no event type
        print("lost:", msg["m"])
    else:
        print(msg["s"], "bid", msg["b"], "ask", msg["a"])


bm = BinanceSocketManager(None)
bm.start_symbol_book_ticker_socket("BNBBTC", process_message)
bm.start()
