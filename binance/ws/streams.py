"""What `binance.ws.streams` of python-binance 1.0 offers."""

from binance.async_client import AsyncClient
from binance.enums import BinanceSocketType, ContractType, FuturesType
from binance.threaded import ThreadedApiManager, ThreadedWebsocketManager
from binance.websockets import BinanceSocketManager
from binance.ws.constants import KEEPALIVE_TIMEOUT
from binance.ws.reconnecting_websocket import KeepAliveWebsocket, ReconnectingWebsocket

__all__ = [
    "KEEPALIVE_TIMEOUT",
    "AsyncClient",
    "BinanceSocketManager",
    "BinanceSocketType",
    "ContractType",
    "FuturesType",
    "KeepAliveWebsocket",
    "ReconnectingWebsocket",
    "ThreadedApiManager",
    "ThreadedWebsocketManager",
]
