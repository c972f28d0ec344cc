"""Make a manager and start a socket.

The manager is a thread. It starts with `start()`, before or after the sockets, and keeps the
process alive while it is open: the script may fall off its end here and go on printing trades.
"""

from binance.client import Client
from binance.websockets import BinanceSocketManager


def process_message(msg):
    print(msg["e"], msg["s"], msg["p"], msg["q"])


client = Client("api_key", "api_secret")
bm = BinanceSocketManager(client)

# start any sockets here, i.e. a trade socket; the key names this socket from now on
conn_key = bm.start_trade_socket("BNBBTC", process_message)
print("started", conn_key)

# then start the manager
bm.start()
