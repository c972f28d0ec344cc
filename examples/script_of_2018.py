# A script as people wrote them in 2018 for python-binance 0.6.9.
# It runs on the exchange of today as it is: no line was changed for this library.
import time

from binance.client import Client
from binance.enums import *
from binance.websockets import BinanceSocketManager
from twisted.internet import reactor

client = Client('api_key', 'api_secret')
bm = BinanceSocketManager(client, user_timeout=60)


def process_message(msg):
    if msg['e'] == 'error':
        print('error: {}'.format(msg['m']))
        bm.close()
    else:
        print('{} {} {} {}'.format(msg['e'], msg['s'], msg['p'], msg['q']))


def process_kline(msg):
    candle = msg['k']
    print('{} {} {} {}'.format(msg['e'], msg['s'], candle['i'], candle['c']))


trade_key = bm.start_trade_socket('BNBBTC', process_message)
kline_key = bm.start_kline_socket('BNBBTC', process_kline, interval=KLINE_INTERVAL_30MINUTE)
bm.start()

time.sleep(12)
bm.stop_socket(trade_key)
bm.close()
reactor.stop()
