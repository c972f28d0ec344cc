"""Create a manager and start a socket.

The manager is a thread. You can call `start()` before or after you start the
sockets. The process runs as long as the manager is open, so this script keeps
printing trades after its last line.
"""

from binance.client import Client
from binance.websockets import BinanceSocketManager


def process_message(msg):
    if msg["e"] == "error":
        print("lost:", msg["m"])
        return
    print(msg["e"], msg["s"], msg["p"], msg["q"])


client = Client("api_key", "api_secret")
bm = BinanceSocketManager(client)

# start any sockets here, for example a trade socket; the key identifies this socket
conn_key = bm.start_trade_socket("BNBBTC", process_message)
print("started", conn_key)

# then start the manager
bm.start()
