"""The exchange's own SDK: REST that blocks, and a WebSocket API that is awaited."""

import asyncio

import order_meter
from binance_common.configuration import ConfigurationRestAPI, ConfigurationWebSocketAPI
from binance_sdk_spot.spot import Spot

KEYS = {"api_key": order_meter.KEY, "api_secret": order_meter.SECRET}
spot = Spot(
    config_rest_api=ConfigurationRestAPI(**KEYS, base_path=order_meter.URL),
    config_ws_api=ConfigurationWebSocketAPI(**KEYS, stream_url=order_meter.WS_API),
)
ORDER = {
    "symbol": "BTCUSDT",
    "type": "MARKET",
    "quantity": 0.001,
    "new_order_resp_type": "ACK",
}
loop = asyncio.new_event_loop()
connection = loop.run_until_complete(spot.websocket_api.create_connection())


def by_websocket(side):
    answer = loop.run_until_complete(connection.order_place(**ORDER, side=side))
    assert answer.data().result.symbol == ORDER["symbol"]


def by_rest(side):
    assert spot.rest_api.new_order(**ORDER, side=side).data()


order_meter.serve(by_websocket, by_rest)
