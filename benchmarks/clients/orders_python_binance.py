"""Today's python-binance: its blocking client, which runs a loop for each call by WebSocket."""

import order_meter

from binance import Client

Client.WS_API_URL = order_meter.WS_API
Client.API_URL = order_meter.URL + "/api"
client = Client(order_meter.KEY, order_meter.SECRET, ping=False)
client.API_URL = order_meter.URL + "/api"
order_meter.serve(
    lambda side: client.ws_create_order(**order_meter.ORDER, side=side),
    lambda side: client.create_order(**order_meter.ORDER, side=side),
)
