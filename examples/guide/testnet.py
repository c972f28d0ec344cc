"""The test network: the client selects it, and the sockets use the same one."""

from binance.client import Client
from binance.websockets import BinanceSocketManager


def process_message(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    print(msg["s"], msg["p"])


client = Client("api_key", "api_secret", testnet=True)
bm = BinanceSocketManager(client)
bm.start_trade_socket("BNBBTC", process_message)
bm.start()
