"""What `binance.streams` of early releases of python-binance 1.0 offers."""

from binance.threaded import ThreadedWebsocketManager
from binance.websockets import BinanceSocketManager
from binance.ws.reconnecting_websocket import KeepAliveWebsocket, ReconnectingWebsocket

__all__ = [
    "BinanceSocketManager",
    "KeepAliveWebsocket",
    "ReconnectingWebsocket",
    "ThreadedWebsocketManager",
]
