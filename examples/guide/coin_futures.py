"""Streams of COIN-M futures: a contract, its pair, and all contracts of the pair."""

from binance.enums import FuturesType
from binance.websockets import BinanceSocketManager

COIN_M = FuturesType.COIN_M


def process(msg):
    if msg.get("e") == "error":
        print("lost:", msg["m"])
        return
    data = msg["data"]
    if isinstance(data, list):
        for item in data:
            print("mark price", item["s"], item["p"])
    else:
        print(msg["stream"], data["p"])


bm = BinanceSocketManager(None)
bm.start_aggtrade_futures_socket("BTCUSD_PERP", process, futures_type=COIN_M)
bm.start_index_price_socket("BTCUSD", process)
bm.start_symbol_mark_price_socket("BTCUSD", process, futures_type=COIN_M)
bm.start()
