"""What `binance.ws.threaded_stream` of python-binance 1.0 offers."""

from binance.threaded import ThreadedApiManager

__all__ = ["ThreadedApiManager"]
