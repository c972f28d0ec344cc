"""A limit order, and a cancel: every way in which the calls can end."""

from binance.client import Client
from binance.exceptions import (
    BinanceAPIException,
    BinanceConnectionError,
    OrderStatusUnknown,
)

# the simulator's account
with Client("K" * 64, "S" * 64) as client:
    try:
        order = client.ws_order_limit_buy(
            symbol="BTCUSDT", quantity="0.001", price="20000"
        )
    except OrderStatusUnknown as error:
        print(f"query {error.client_order_id} before you send it again: {error.reason}")
    except BinanceAPIException as error:
        print(f"the exchange refused it: {error}")
    except BinanceConnectionError as error:
        print(f"it was not sent: {error}")
    else:
        print(order["orderId"], order["status"])
        try:
            order = client.ws_cancel_order(symbol="BTCUSDT", orderId=order["orderId"])
            print(order["orderId"], order["status"])
        except OrderStatusUnknown as error:
            print(f"query {order['orderId']}, it may be open: {error.reason}")
        except BinanceAPIException as error:
            print(f"the exchange refused the cancel: {error}")
        except BinanceConnectionError as error:
            print(f"the cancel was not sent: {error}")
