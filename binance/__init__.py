"""A WebSocket and REST client for the Binance exchange.

Importing this package loads nothing else. Import from its modules, as in the old library::

    from binance.client import Client
    from binance.websockets import BinanceSocketManager

``binance.websockets``
    `BinanceSocketManager`: streams and account events, one callback for each socket.
``binance.client``
    `Client`: market data, orders and accounts by REST.
``binance.depthcache``
    `DepthCacheManager`: an order book that is in sync with the exchange, or says that it is not.
``binance.events``
    What a manager reports: lost connections, retries, gaps.
``binance.messages``
    The types of what callbacks receive, for type checkers and editors.
``binance.enums``, ``binance.exceptions``, ``binance.helpers``
    Constants, errors, and functions for prices, quantities and dates.
``binance.simulator``
    An exchange on this computer, for trying things and for tests.

``binance-sockets`` shows streams and books in a terminal. ``python -m binance.simulator run --``
before a command runs it without a network.
"""

__version__ = "0.1.0"
