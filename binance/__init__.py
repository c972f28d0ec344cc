"""A library for market data and account events from the Binance exchange.

This package exports no names itself. Import from its modules, as in the old library::

    from binance.client import Client
    from binance.websockets import BinanceSocketManager
    from binance.enums import *
"""

__version__ = "0.1.0"
