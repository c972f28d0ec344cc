"""Streams of USD-M futures together with spot streams of the same name."""

from binance.websockets import BinanceSocketManager


def process_spot(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    print("spot", msg["p"])


def process_futures(msg):
    if msg.get("e") == "error":
        print("lost:", msg["m"])
        return
    print(msg["stream"], msg["data"]["p"])


bm = BinanceSocketManager(None)
bm.start_aggtrade_socket("BTCUSDT", process_spot)
bm.start_aggtrade_futures_socket("BTCUSDT", process_futures)
bm.start_symbol_mark_price_socket("BTCUSDT", process_futures)
bm.start()
