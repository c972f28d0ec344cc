"""Constants for the words that the exchange uses: ``from binance.enums import *``.

The value of each constant is the text that the exchange sends and accepts. So you can use the
constant or its text.

Sources of the values: "ENUM definitions" and "Kline/Candlestick chart intervals" in the exchange's
REST documentation (https://developers.binance.com/docs/binance-spot-api-docs/enums), and for
``FUTURE_*`` "Common definition" of the USD-M futures
(https://developers.binance.com/docs/derivatives).
"""

from enum import Enum as _Enum
from enum import StrEnum as _StrEnum
from typing import Final as _Final

# Symbols.

SYMBOL_TYPE_SPOT: _Final = "SPOT"

# Status of an order (field X of an executionReport).

ORDER_STATUS_NEW: _Final = "NEW"
ORDER_STATUS_PENDING_NEW: _Final = "PENDING_NEW"  # part of an order list, not active yet
ORDER_STATUS_PARTIALLY_FILLED: _Final = "PARTIALLY_FILLED"
ORDER_STATUS_FILLED: _Final = "FILLED"
ORDER_STATUS_CANCELED: _Final = "CANCELED"
ORDER_STATUS_PENDING_CANCEL: _Final = "PENDING_CANCEL"  # not used by the exchange
ORDER_STATUS_REJECTED: _Final = "REJECTED"
ORDER_STATUS_EXPIRED: _Final = "EXPIRED"
ORDER_STATUS_ACCEPTED: _Final = "ACCEPTED"
ORDER_STATUS_TRIGGERING: _Final = "TRIGGERING"  # these and the next: conditional orders
ORDER_STATUS_TRIGGERED: _Final = "TRIGGERED"
ORDER_STATUS_FINISHED: _Final = "FINISHED"
ORDER_STATUS_EXPIRED_IN_MATCH: _Final = "EXPIRED_IN_MATCH"  # self-trade prevention

# Kline (candlestick) intervals. Upper and lower case differ: 1m is a minute, 1M is a month.

KLINE_INTERVAL_1SECOND: _Final = "1s"  # spot only
KLINE_INTERVAL_1MINUTE: _Final = "1m"
KLINE_INTERVAL_3MINUTE: _Final = "3m"
KLINE_INTERVAL_5MINUTE: _Final = "5m"
KLINE_INTERVAL_15MINUTE: _Final = "15m"
KLINE_INTERVAL_30MINUTE: _Final = "30m"
KLINE_INTERVAL_1HOUR: _Final = "1h"
KLINE_INTERVAL_2HOUR: _Final = "2h"
KLINE_INTERVAL_4HOUR: _Final = "4h"
KLINE_INTERVAL_6HOUR: _Final = "6h"
KLINE_INTERVAL_8HOUR: _Final = "8h"
KLINE_INTERVAL_12HOUR: _Final = "12h"
KLINE_INTERVAL_1DAY: _Final = "1d"
KLINE_INTERVAL_3DAY: _Final = "3d"
KLINE_INTERVAL_1WEEK: _Final = "1w"
KLINE_INTERVAL_1MONTH: _Final = "1M"

# Orders.

SIDE_BUY: _Final = "BUY"
SIDE_SELL: _Final = "SELL"

ORDER_TYPE_LIMIT: _Final = "LIMIT"
ORDER_TYPE_MARKET: _Final = "MARKET"
ORDER_TYPE_STOP_LOSS: _Final = "STOP_LOSS"
ORDER_TYPE_STOP_LOSS_LIMIT: _Final = "STOP_LOSS_LIMIT"
ORDER_TYPE_TAKE_PROFIT: _Final = "TAKE_PROFIT"
ORDER_TYPE_TAKE_PROFIT_LIMIT: _Final = "TAKE_PROFIT_LIMIT"
ORDER_TYPE_LIMIT_MAKER: _Final = "LIMIT_MAKER"

FUTURE_ORDER_TYPE_LIMIT: _Final = "LIMIT"
FUTURE_ORDER_TYPE_MARKET: _Final = "MARKET"
FUTURE_ORDER_TYPE_STOP: _Final = "STOP"
FUTURE_ORDER_TYPE_STOP_MARKET: _Final = "STOP_MARKET"
FUTURE_ORDER_TYPE_TAKE_PROFIT: _Final = "TAKE_PROFIT"
FUTURE_ORDER_TYPE_TAKE_PROFIT_MARKET: _Final = "TAKE_PROFIT_MARKET"
FUTURE_ORDER_TYPE_LIMIT_MAKER: _Final = "LIMIT_MAKER"
FUTURE_ORDER_TYPE_TRAILING_STOP_MARKET: _Final = "TRAILING_STOP_MARKET"

TIME_IN_FORCE_GTC: _Final = "GTC"  # good till cancelled
TIME_IN_FORCE_IOC: _Final = "IOC"  # immediate or cancel
TIME_IN_FORCE_FOK: _Final = "FOK"  # fill or kill
TIME_IN_FORCE_GTX: _Final = "GTX"  # good till crossing (post only), futures
TIME_IN_FORCE_GTD: _Final = "GTD"  # good till a date, futures
TIME_IN_FORCE_RPI: _Final = "RPI"  # retail price improvement, futures

# What a margin order does besides (sideEffectType).

NO_SIDE_EFFECT_TYPE: _Final = "NO_SIDE_EFFECT"
MARGIN_BUY_TYPE: _Final = "MARGIN_BUY"
AUTO_REPAY_TYPE: _Final = "AUTO_REPAY"

ORDER_RESP_TYPE_ACK: _Final = "ACK"
ORDER_RESP_TYPE_RESULT: _Final = "RESULT"
ORDER_RESP_TYPE_FULL: _Final = "FULL"

# Levels of a partial depth stream.

WEBSOCKET_DEPTH_5: _Final = "5"
WEBSOCKET_DEPTH_10: _Final = "10"
WEBSOCKET_DEPTH_20: _Final = "20"

# Windows of a rolling ticker stream.

ROLLING_WINDOW_1HOUR: _Final = "1h"
ROLLING_WINDOW_4HOUR: _Final = "4h"
ROLLING_WINDOW_1DAY: _Final = "1d"

# Futures markets and their contracts, as in python-binance 1.0.


class FuturesType(_Enum):
    """A futures market: ``USD_M`` is margined in dollars, ``COIN_M`` in the coin itself."""

    USD_M = 1
    COIN_M = 2


class ContractType(_Enum):
    """Which contract of a pair."""

    PERPETUAL = "perpetual"
    CURRENT_QUARTER = "current_quarter"
    NEXT_QUARTER = "next_quarter"


class HistoricalKlinesType(_Enum):
    """Which candles `Client.get_historical_klines` fetches."""

    SPOT = 1
    FUTURES = 2
    FUTURES_COIN = 3
    FUTURES_MARK_PRICE = 4
    FUTURES_INDEX_PRICE = 5
    FUTURES_COIN_MARK_PRICE = 6
    FUTURES_COIN_INDEX_PRICE = 7


class BinanceSocketType(_StrEnum):
    """The kinds of sockets of python-binance 1.0."""

    SPOT = "Spot"
    USD_M_FUTURES = "USD_M_Futures"
    COIN_M_FUTURES = "Coin_M_Futures"
    OPTIONS = "Vanilla_Options"
    ACCOUNT = "Account"
