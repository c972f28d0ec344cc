"""What `binance.streams` of early releases of python-binance 1.0 offers."""

from binance.ws.streams import *  # noqa: F403
