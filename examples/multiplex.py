"""Several streams on one socket.

Stream names are the exchange's own: lower-case symbols, exact spelling. Each message says which
stream it is of.
"""

from binance.websockets import BinanceSocketManager


def process_m_message(msg):
    print("stream: {} data: {}".format(msg["stream"], msg["data"]))


bm = BinanceSocketManager(None)
conn_key = bm.start_multiplex_socket(["bnbbtc@aggTrade", "ethbtc@ticker"], process_m_message)
bm.start()
