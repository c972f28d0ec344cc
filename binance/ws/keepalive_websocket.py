"""What `binance.ws.keepalive_websocket` of python-binance 1.0 offers."""

from binance.ws.reconnecting_websocket import KeepAliveWebsocket

__all__ = ["KeepAliveWebsocket"]
