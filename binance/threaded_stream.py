"""What `binance.threaded_stream` of early releases of python-binance 1.0 offers."""

from binance.threaded import ThreadedApiManager

__all__ = ["ThreadedApiManager"]
