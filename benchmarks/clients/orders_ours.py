"""This library: both calls return when the exchange has answered."""

import order_meter

from binance.client import Client

client = Client(order_meter.KEY, order_meter.SECRET)
order_meter.serve(
    lambda side: client.ws_create_order(**order_meter.ORDER, side=side),
    lambda side: client.create_order(**order_meter.ORDER, side=side),
)
