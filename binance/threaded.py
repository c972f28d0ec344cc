"""The threaded managers of python-binance 1.0, on the sockets of this library.

    from binance import ThreadedWebsocketManager

    twm = ThreadedWebsocketManager()
    twm.start()
    name = twm.start_kline_socket(callback=print, symbol="BNBBTC")
    twm.join()

A script for python-binance 1.0 runs unchanged.  What differs: a socket may be started before
`start()`; a manager that was stopped may be started again; a lost connection is retried as long as
`max_retries` says, and no message is dropped because a queue is full.
"""

import threading
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from binance.client import Client
from binance.depthcache import (
    BaseDepthCacheManager,
    DepthCache,
    DepthCacheManager,
    FuturesDepthCacheManager,
    OptionsDepthCacheManager,
)
from binance.enums import FuturesType
from binance.helpers import _warn_without_effect, _WarnsOfOverrides, _with_proxy
from binance.tx.dispatch import Dispatch, Owner, check_callable, is_coroutine_function, make
from binance.websockets import BinanceSocketManager
from binance.ws.error_messages import LOST, ErrorMessages, error_message
from binance.ws.generated import ThreadedMethods

_Callback = Callable[[Any], object]
_OF_THREAD = ("getName", "ident", "isDaemon", "name", "native_id", "setDaemon", "setName")

__all__ = ["ThreadedApiManager", "ThreadedDepthCacheManager", "ThreadedWebsocketManager"]


class ThreadedApiManager(_WarnsOfOverrides):
    """What both managers share: a client, a socket manager, and names of what they started.

    :param api_key: the API key; public streams need none.
    :param requests_params: options of every REST call, as for `Client`.
    :param https_proxy: URL of a proxy, for sockets and REST; None for that of the
        environment.
    :param session_params: has no effect: it configures a library that is not used here.
    :param loop: has no effect: the callbacks run in the reactor thread.
    :param demo: the exchange's demo environment.
    :param options: those of `BinanceSocketManager` but its client; `proxy` is the same as
        `https_proxy`.
    """

    _overridden_in_vain = (
        "start_listener|socket_listener|_before_socket_listener_start|_start_async_socket|run",
        "use the callback, which gets errors too, or on_event=",
    )

    def __init__(
        self,
        api_key: str | None = None,
        api_secret: str | None = None,
        requests_params: Mapping[str, Any] | None = None,
        tld: str = "com",
        testnet: bool = False,
        session_params: Mapping[str, Any] | None = None,
        https_proxy: str | None = None,
        loop: Any = None,
        *,
        demo: bool = False,
        **options: Any,
    ) -> None:
        """Connect to nothing yet.  The arguments are described at the class."""
        _warn_without_effect(3, session_params=session_params, loop=loop)
        options = _with_proxy(options, https_proxy)
        self._client = Client(
            api_key, api_secret, requests_params, tld, testnet, demo=demo, proxy=options["proxy"]
        )
        self._make = partial(BinanceSocketManager, self._client, **options)
        self._manager = self._make()
        self._lock = threading.RLock()

    def start(self) -> None:
        """Start the sockets.  Returns when the reactor runs."""
        self._manager.start()

    def stop(self) -> None:
        """Stop every socket, and let `join()` return.  May be called from any thread, and twice."""
        self._manager.close()
        self._client.close()

    def join(self, timeout: float | None = None) -> None:
        """Wait until the manager is stopped, or for some seconds."""
        self._manager.join(timeout)

    def is_alive(self) -> bool:
        """Whether the manager was started and is not stopped."""
        return self._manager.is_alive()

    @property
    def daemon(self) -> bool:
        """Whether the process may end while the manager runs; set it before `start()`."""
        return self._manager.daemon

    @daemon.setter
    def daemon(self, daemonic: bool) -> None:
        self._manager.daemon = daemonic

    if not TYPE_CHECKING:  # a checker is to find wrong names

        def __getattr__(self, name: str) -> Any:
            if name == "_client_params":  # scripts ask by `hasattr`, and else go to production
                raise RuntimeError("give demo=, testnet= and the like to the constructor instead")
            if name not in _OF_THREAD:  # in python-binance 1.0 a manager is a thread
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            return getattr(self._manager, name)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._manager!r}>"


class ThreadedWebsocketManager(ThreadedApiManager, ThreadedMethods):
    """Sockets with a callback each, with the names and signatures of python-binance 1.0.

    Each `start_*_socket` returns the name of its socket at once.  The callback gets the messages in
    the reactor thread, one at a time; a coroutine function gets them on an event loop.  If a
    connection is lost, the callback also gets
    `{'e': 'error', 'type': 'ConnectionClosedError', 'm': reason}`, and the connection is retried.
    The type is `ConnectionClosedOK` if the exchange has closed the connection with code 1000.  If
    the last retry fails, it gets one message of the type `BinanceWebsocketUnableToConnect`.

    :param max_queue_size: the most messages that wait for a callback which has a thread or a loop
        of its own; a callback in the reactor thread needs no queue.
    """

    def __init__(
        self,
        api_key: str | None = None,
        api_secret: str | None = None,
        requests_params: Mapping[str, Any] | None = None,
        tld: str = "com",
        testnet: bool = False,
        session_params: Mapping[str, Any] | None = None,
        https_proxy: str | None = None,
        loop: Any = None,
        max_queue_size: int = 100,
        **options: Any,
    ) -> None:
        """Connect to nothing yet.  The arguments are described at the class and its base."""
        given: dict[str, Any] = {"queue_size": max_queue_size, "overflow": "block"} | options
        super().__init__(
            *(api_key, api_secret, requests_params, tld, testnet),
            *(session_params, https_proxy, loop),
            **given,
        )
        self._dispatch: str = given.get("dispatch", "reactor")
        self._names: dict[str, str] = {}  # the socket key of each name

    @property
    def _socket_running(self) -> Mapping[str, bool]:  # where scripts look up their names
        return MappingProxyType(dict.fromkeys(self._names, True))

    def stop_socket(self, socket_name: str) -> None:
        """Stop one socket.  Its callback is not called again.  An unknown name causes no error."""
        with self._lock:
            key = self._names.pop(socket_name, None)
        if key is not None:
            self._manager.stop_socket(key)

    def _start(
        self, method: str, callback: _Callback, is_bare: bool = False, **arguments: Any
    ) -> str:
        """Start a socket of the manager, and return its name."""
        with_errors = ErrorMessages(callback, self._dispatch, is_bare)
        key = getattr(self._manager, method)(callback=with_errors, **arguments)
        if not key:
            raise ValueError(
                f"{method}: a socket of this stream is open already; stop it before you start "
                "another one, or let one callback serve both"
            )
        market, _, stream = key.rpartition(":")
        with self._lock:
            is_free = self._names.get(stream, key) == key
            name: str = stream if market in _MARKETS and stream != "user" and is_free else key
            if not (market or is_free):  # a socket of another market has this name
                name = f"spot:{key}"
            self._names[name] = key
        return name


class ThreadedDepthCacheManager(ThreadedApiManager):
    """Order books with a callback each, with the names and signatures of python-binance 1.0.

    The callback gets the `DepthCache` after each change, see `binance.depthcache`; a coroutine
    function gets it on an event loop.  While the book is not in sync it gets nothing; if its stream
    is lost, it gets one error message as those of `ThreadedWebsocketManager`.
    """

    def __init__(
        self,
        api_key: str | None = None,
        api_secret: str | None = None,
        requests_params: Mapping[str, Any] | None = None,
        tld: str = "com",
        testnet: bool = False,
        **options: Any,
    ) -> None:
        """Connect to nothing yet.  The arguments are described at the base class."""
        super().__init__(api_key, api_secret, requests_params, tld, testnet, **options)
        self._caches: dict[str, tuple[BaseDepthCacheManager, Dispatch]] = {}

    def start_depth_cache(
        self,
        callback: _Callback,
        symbol: str,
        refresh_interval: float | None = None,
        bm: Any = None,
        limit: int = 10,
        conv_type: Callable[[str], Any] = float,
        ws_interval: int | None = 0,
    ) -> str:
        """Keep the order book of a spot symbol; the parameters are those of `DepthCacheManager`."""
        more = {"conv_type": conv_type, "ws_interval": ws_interval}
        return self._begin(DepthCacheManager, callback, symbol, refresh_interval, bm, limit, **more)

    def start_futures_depth_socket(
        self,
        callback: _Callback,
        symbol: str,
        refresh_interval: float | None = None,
        bm: Any = None,
        limit: int = 10,
        conv_type: Callable[[str], Any] = float,
        futures_type: FuturesType = FuturesType.USD_M,
    ) -> str:
        """Keep the order book of a contract, see `FuturesDepthCacheManager`."""
        more = {"conv_type": conv_type, "futures_type": futures_type}
        return self._begin(
            FuturesDepthCacheManager, callback, symbol, refresh_interval, bm, limit, **more
        )

    def start_options_depth_socket(
        self,
        callback: _Callback,
        symbol: str,
        refresh_interval: float | None = None,
        bm: Any = None,
        limit: int = 10,
        conv_type: Callable[[str], Any] = float,
    ) -> str:
        """Keep the order book of an option, see `OptionsDepthCacheManager`."""
        return self._begin(
            *(OptionsDepthCacheManager, callback, symbol, refresh_interval, bm, limit),
            conv_type=conv_type,
        )

    def stop_socket(self, socket_name: str) -> None:
        """Stop one book.  An unknown name causes no error."""
        with self._lock:
            cache, calls = self._caches.pop(socket_name, (None, None))
        if cache is not None and calls is not None:
            cache.close()
            calls.mute()
            calls.finish(lambda: None)

    def stop(self) -> None:
        """Stop every book, and let `join()` return.  May be called from any thread, and twice."""
        with self._lock:
            names = list(self._caches)
        for name in names:
            self.stop_socket(name)
        super().stop()

    def _has_book(self, kind: type, symbol: str) -> bool:
        """Whether the socket manager has the stream of such a book of this symbol."""
        with self._lock:
            books = [cache for cache, _ in self._caches.values() if cache.get_depth_cache()]
        mine = (cache for cache in books if type(cache) is kind and cache._bm is self._manager)
        return str(symbol).upper() in (cache.get_symbol().upper() for cache in mine)

    def _begin(
        self,
        kind: Any,
        callback: _Callback,
        symbol: str,
        refresh: float | None,
        bm: Any,
        limit: int,
        **more: Any,
    ) -> str:
        check_callable("callback", callback, "order book")
        calls = _calls(symbol, callback)

        def deliver(cache: DepthCache | None) -> None:
            gone = "the stream of the order book has ended"
            calls.deliver(error_message(LOST, gone) if cache is None else cache)
            calls.end_of_read()
            if cache is None:
                calls.finish(lambda: None)

        refresh = kind.DEFAULT_REFRESH if refresh is None else refresh
        is_second = bm is None and self._has_book(kind, symbol)
        if is_second:
            bm = self._make()
            bm.daemon = self.daemon
        bm = self._manager if bm is None else bm
        try:
            cache = kind(self._client, symbol, deliver, refresh, bm, limit, timeout=0, **more)
        except BaseException:
            calls.finish(lambda: None)
            raise
        cache._owns_manager = is_second
        if is_second and not cache.get_depth_cache():  # its stream has ended already
            bm.close()
        name = f"{symbol.lower()}@depth{limit}"
        with self._lock:
            while (has := self._caches.get(name)) and has[0].get_depth_cache():  # another book
                name = f"{kind.__name__}:{name}"
            self._caches[name] = cache, calls
        return name


_MARKETS = frozenset({"usdm", "coinm", "options"})
#: Books that wait for a coroutine function.  It loses nothing by a dropped one: each is the same.
_WAITING = 100


class _Direct(Dispatch):
    """Calls a plain function; what it raises is handled by the dispatch of the book's stream."""

    def deliver(self, message: object) -> None:
        self.callback(message)


def _calls(symbol: str, callback: _Callback) -> Dispatch:
    """What calls the callback of a book; a coroutine function is awaited as that of a socket."""
    owner = Owner()
    owner.key = f"{symbol}@depth"
    if is_coroutine_function(callback):
        return make(owner, callback, "reactor", _WAITING, "drop_oldest")
    return _Direct(owner, callback)
