"""A WebSocket and REST client for the Binance exchange.

Importing this package loads nothing else. Import from its modules, as in the old library, or from
the package itself, as in python-binance 1.0: a name loads its module when it is used::

    from binance.client import Client
    from binance.websockets import BinanceSocketManager
    from binance import Client, ThreadedWebsocketManager

``binance.websockets``
    `BinanceSocketManager`: streams and account events, one callback for each socket.
``binance.client``
    `Client`: market data, orders and accounts by REST.
``binance.depthcache``
    `DepthCacheManager`: an order book that is in sync with the exchange, or says that it is not.
``binance.threaded``, ``binance.async_client``
    `ThreadedWebsocketManager`, `ThreadedDepthCacheManager`, `AsyncClient`: the names of
    python-binance 1.0; ``binance.streams`` and ``binance.threaded_stream`` offer them too.
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

import importlib as _importlib
from typing import Any as _Any

__version__ = "0.1.0"

# The names of python-binance 1.0, apart from its enums and exceptions -> the module of each.
_NAMES = {
    "AsyncClient": "async_client",
    "BinanceSocketManager": "websockets",
    "Client": "client",
    "DepthCacheManager": "depthcache",
    "FuturesDepthCacheManager": "depthcache",
    "KEEPALIVE_TIMEOUT": "ws.constants",
    "KeepAliveWebsocket": "ws.reconnecting_websocket",
    "OptionsDepthCacheManager": "depthcache",
    "ReconnectingWebsocket": "ws.reconnecting_websocket",
    "ThreadedDepthCacheManager": "threaded",
    "ThreadedWebsocketManager": "threaded",
    "WSListenerState": "ws.constants",
}
_MODULES = frozenset(
    {
        *("async_client", "client", "depthcache", "enums", "events", "exceptions", "helpers"),
        *("messages", "streams", "threaded", "threaded_stream", "websockets"),
    }
)


def _names() -> list[str]:
    """What ``from binance import *`` brings."""
    enums, exceptions = map(_importlib.import_module, ("binance.enums", "binance.exceptions"))
    return [*_NAMES, *exceptions.__all__, *(name for name in vars(enums) if name[0] != "_")]


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, *_names()})


def __getattr__(name: str) -> _Any:
    if name == "__all__":  # made when it is asked for: importing this package loads nothing
        return _names()
    if name in _MODULES:
        return _importlib.import_module(f"binance.{name}")
    if name in _NAMES:
        return getattr(_importlib.import_module(f"binance.{_NAMES[name]}"), name)
    if not name.startswith("_"):
        for module in map(_importlib.import_module, ("binance.enums", "binance.exceptions")):
            if hasattr(module, name):
                return getattr(module, name)
    raise AttributeError(f"module 'binance' has no attribute {name!r}")
