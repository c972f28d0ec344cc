"""The socket manager that trading scripts were written against, on today's exchange.

Nothing is exported here: import from the modules, as scripts always did::

    from binance.client import Client
    from binance.websockets import BinanceSocketManager
    from binance.enums import *
"""

__version__ = "0.1.0"
