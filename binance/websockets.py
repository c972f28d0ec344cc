"""Sockets for the exchange's streams: one call for each, and a callback that gets parsed dicts.

    from binance.websockets import BinanceSocketManager

    bm = BinanceSocketManager(client)
    key = bm.start_trade_socket("BNBBTC", print)
    bm.start()

Each `start_*_socket` returns the socket key at once and does not wait for the network.  `start()`
may be called before or after it.  The callbacks run in the reactor thread, one message at a time;
`dispatch='thread'` gives a socket a thread of its own.  A lost connection is retried.  If five
retries fail, the callback gets `{'e': 'error', 'm': 'Max reconnect retries reached'}` once, and
the socket key is free again.

Streams and payloads: https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
"""

import functools
import importlib
import logging
import os
import threading
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import Future as _Future
from typing import Any, Literal, Self

from binance import _clash
from binance import enums as _enums
from binance.enums import FuturesType as _FuturesType
from binance.events import Event
from binance.sansio.account.keyed import ACCOUNTS as _KEYED
from binance.sansio.feed.backfill import Gapless
from binance.sansio.link.reconnect import RetryPolicy as _RetryPolicy
from binance.sansio.names import endpoints as _endpoints
from binance.sansio.names import named as _named
from binance.sansio.names import sites as _sites
from binance.sansio.names import streams as _streams
from binance.sansio.wire.html_tables import Stats as _Stats

try:
    from binance.tx.sessions import client_accounts as _accounts
except RuntimeError as error:  # txaio's, which serves one framework in a process
    raise ImportError(
        "binance.websockets needs Autobahn on Twisted, but this program has imported "
        "autobahn.asyncio, and a process can have only one of them; use "
        "autobahn.twisted there, or run the other in a process of its own"
    ) from error

from binance.tx.dependencies import ROTATE_AFTER as _ROTATE_AFTER
from binance.tx.loop import reactor as _reactor
from binance.tx.loop.lifetime import Lifetime as _Lifetime
from binance.tx.messages import Messages as _Messages
from binance.tx.sessions import legacy_methods as _legacy
from binance.tx.sessions.user_connectors import BinanceClientFactory
from binance.tx.sessions.user_connectors import socket_of as _socket_of
from binance.tx.socket import Options as _Options
from binance.tx.socket import Socket as _Socket
from binance.tx.sockets import Feed as _Feed
from binance.tx.sockets import Links as _Links
from binance.tx.sockets import Sockets as _Sockets
from binance.tx.wire.protocol import BinanceClientProtocol, BinanceReconnectingClientFactory

__all__ = [
    "BinanceClientFactory",
    "BinanceClientProtocol",
    "BinanceReconnectingClientFactory",
    "BinanceSocketManager",
    "Gapless",
]

_Callback = Callable[[Any], object]
_Key = str | Literal[False]
_logger = logging.getLogger("binance")
_USD_M = _FuturesType.USD_M

#: Calls of `start()` on a manager that runs after which a loop around them is warned of.
_NEEDLESS_STARTS = 10

if (_warning := _clash.clash_warning()) is not None:
    warnings.warn(_warning, stacklevel=2)

_URL_FIELDS = {attribute: market for market, attribute in _endpoints.URL_ATTRIBUTES.items()}


class _Url:
    """A base URL: on the class the old library's, on an instance the address in use.

    Subclasses that connect by themselves read it, and are not to reach another exchange than the
    rest of the script.
    """

    def __init__(self, template: str) -> None:
        self._template = template

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, manager: "BinanceSocketManager | None", owner: type | None = None) -> str:
        if manager is None or "_client" not in vars(manager):
            return self._template
        return manager._site(self._name).bases[0]


def _url(template: str) -> Any:
    """A URL attribute, which users may assign to, in subclasses and instances."""
    return _Url(template)


class BinanceSocketManager(threading.Thread, _legacy.LegacyMethods):
    """Starts and stops sockets.  The process runs as long as a manager is open.

    A method that starts a market socket returns its socket key (a `str`), or `False` if the stream
    is already open.  A wrong argument raises `TypeError` or `ValueError` at once.  A manager that
    cannot run, because the reactor was stopped or the process forked, raises `RuntimeError`.

    :param client: the client whose account the account sockets use; public streams need none.
    :param user_timeout: seconds from one renewal of a listen key to the next, on the exchanges
        that still use listen keys.
    :param max_retries: how often a lost connection is retried before the callback gets the error
        dict; None for no limit.
    :param dispatch: `'reactor'`, or `'thread'` for a thread and a queue for each socket.
    :param queue_size: the most messages that such a queue holds.
    :param overflow: what happens when the queue is full: `'drop_oldest'`, `'latest'` (keep the
        newest message of each stream and symbol) or `'block'` (stop reading).
    :param redundancy: 2 for two links that carry the same streams: the first arrival of each event
        is delivered, and the loss of one link costs nothing.  Not for account sockets.
    :param idle_timeout: seconds without data after which a ping is sent; without an answer within
        10 s the connection is dropped.  None for the usual time of the market, 30 s on spot.
    :param rotate_after: seconds after which a connection is replaced without a gap, before the
        exchange closes it after 24 h; None for never.
    :param time_unit: `'us'` for microseconds in every time of spot messages, `'ms'` for
        milliseconds; None for the exchange's default, which is milliseconds.
    :param on_event: called with each event of a socket, see `binance.events`.
    :param gapless: fetch the trades, aggregate trades and candles that a socket has missed, and
        deliver them in order before the next ones; a `Gapless` sets the limits.
    :param checkpoint: a file that keeps how far each stream was processed, so that a restarted
        program goes on there.
    :param reconcile: fetch the orders and trades that an account socket has missed, and deliver
        them as events of its stream with `"reconciled": True`; a list of symbols asks about these
        in any case.
    :param ca_file: a PEM file of certificates that are trusted in addition to the system's.
    :param proxy: URL of an HTTP proxy; None for that of the environment, `''` for no proxy.
    :param allow_plain: allow `ws://` to other computers, neither encrypted nor verified.
    :param limits_on_loopback: keep the exchange's limits of messages and connects also for
        connections to this computer; for tests.
    """

    STREAM_URL: str = _url("wss://stream.binance.com:9443/")
    FSTREAM_URL: str = _url("wss://fstream.binance.com/")
    DSTREAM_URL: str = _url("wss://dstream.binance.com/")
    VSTREAM_URL: str = _url("wss://vstream.binance.com/")
    VSTREAM_TESTNET_URL = "wss://testnetws.binanceops.com/"
    WEBSOCKET_DEPTH_5 = _enums.WEBSOCKET_DEPTH_5
    WEBSOCKET_DEPTH_10 = _enums.WEBSOCKET_DEPTH_10
    WEBSOCKET_DEPTH_20 = _enums.WEBSOCKET_DEPTH_20
    DEFAULT_USER_TIMEOUT = 30 * 60  # seconds

    #: The protocol class of each connection.  A subclass of the manager may set another one, whose
    #: `onMessage(payload, isBinary)` gets every message as it arrived.
    protocol = BinanceClientProtocol

    _is_daemon = _was_started = False
    _lifetime: _Lifetime | None = None
    _needless_starts = 0

    def __init__(
        self,
        client: Any = None,
        user_timeout: float = DEFAULT_USER_TIMEOUT,
        *,
        max_retries: int | None = 5,
        dispatch: str = "reactor",
        queue_size: int = 10_000,
        overflow: str = "drop_oldest",
        redundancy: int = 1,
        idle_timeout: float | None = None,
        rotate_after: float | None = _ROTATE_AFTER,
        time_unit: str | None = None,
        on_event: Callable[[Event], object] | None = None,
        gapless: bool | Gapless = False,
        checkpoint: str | os.PathLike[str] | None = None,
        reconcile: bool | Iterable[str] = False,
        ca_file: str | None = None,
        proxy: str | None = None,
        allow_plain: bool = False,
        limits_on_loopback: bool = False,
    ) -> None:
        """Connect to nothing yet.  The arguments are described at the class."""
        threading.Thread.__init__(self, name="binance-manager", daemon=False)
        _legacy.LegacyMethods.__init__(self, client, user_timeout)
        retries = _RetryPolicy(max_retries)
        gaps = gapless, checkpoint, reconcile
        self._options = _Options(dispatch, queue_size, overflow, retries, redundancy, *gaps)
        links = _Links(
            ca_file, proxy, allow_plain, idle_timeout, rotate_after, time_unit, limits_on_loopback
        )
        self._open_sockets = _Sockets(self, self._options, links, on_event)
        self._lock = self._open_sockets.lock

    # The lifetime of the manager

    def start(self) -> None:
        """Start the manager's sockets, in the reactor thread that all managers share.

        Returns when the reactor runs.  May be called twice, and after `close()`.
        """
        _reactor.ensure_running()
        with self._lock:
            lifetime = self._open_sockets.enter()
            if lifetime is self._lifetime:
                self._note_needless_start()
            else:
                self._begin(lifetime)

    def _begin(self, lifetime: _Lifetime) -> None:
        self._lifetime = lifetime
        if self._was_started:  # a finished thread cannot be started again, unless made again
            threading.Thread.join(self)
            threading.Thread.__init__(self, name=self.name, daemon=self.daemon)
        try:
            threading.Thread.start(self)
            self._was_started = True
        except RuntimeError:  # the interpreter is shutting down
            _reactor.end(lifetime)
            raise

    def _note_needless_start(self) -> None:
        """Old loops relied on the error that a second `start()` raised to come to an end."""
        self._needless_starts += 1
        if self._needless_starts == _NEEDLESS_STARTS:
            _logger.warning(
                "start() was called %d times on a manager that runs: it returns at once, and a "
                "loop around it spins; join() waits until the manager is closed",
                _NEEDLESS_STARTS,
            )

    def run(self) -> None:
        """Wait until the manager is closed or the reactor stopped."""
        if threading.current_thread() is not self:  # called by the user, in place of start()
            _reactor.ensure_running()
            self._lifetime = self._open_sockets.enter()
        lifetime = self._lifetime
        assert lifetime is not None  # start() has set it
        _reactor.wait_for(lifetime)

    @property
    def daemon(self) -> bool:
        """Whether the process may end while this manager is open; set it before `start()`."""
        return self._is_daemon

    @daemon.setter
    def daemon(self, daemonic: bool) -> None:
        if self.is_alive():
            raise RuntimeError("daemon cannot be set while the manager runs; set it before start()")
        self._is_daemon = bool(daemonic)

    def close(self) -> None:
        """Close every socket with a closing handshake, and let the manager's thread end.

        The reactor keeps running, for other managers and for a later `start_*_socket` or
        `start()` of this one.  May be called from any thread, more than once, and never raises.
        """
        self._closes += 1
        self._open_sockets.close()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "close" in vars(cls):
            ended = _legacy.ending(cls.close, BinanceSocketManager.close)
            cls.close = ended  # type: ignore[method-assign]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __repr__(self) -> str:
        count = len(self._conns)
        keys = f"{count} socket{'s' * (count != 1)}"
        return f"<{type(self).__name__}: {self._open_sockets.state}, {keys}>"

    def _repr_html_(self) -> str:
        return _Stats(self.stats())._repr_html_(repr(self))

    # Market streams of spot

    def start_depth_socket(
        self,
        symbol: str,
        callback: _Callback,
        depth: str | int | None = None,
        interval: int | None = None,
        **options: Any,
    ) -> _Key:
        """The order book: its changes, or its best levels.

        :param depth: None or `'1'` for the changes (`depthUpdate`); 5, 10 or 20 for that number of
            levels on each side, in every message.
        :param interval: 100 for a message every 100 ms, 0 or None for every second.
        """
        return self._market(_streams.depth(symbol, depth, interval), callback, options)

    def start_kline_socket(
        self,
        symbol: str,
        callback: _Callback,
        interval: str = _enums.KLINE_INTERVAL_1MINUTE,
        *,
        utc8: bool = False,
        **options: Any,
    ) -> _Key:
        """Candles while they change (`kline`, with the candle in `k`).

        :param interval: one of the `KLINE_INTERVAL_` constants of `binance.enums`.
        :param utc8: whether days and weeks begin in the UTC+8 time zone.
        """
        return self._market(_streams.kline(symbol, interval, utc8), callback, options)

    def start_miniticker_socket(
        self, callback: _Callback, update_time: int = 1000, **options: Any
    ) -> _Key:
        """24 h prices and volume of every symbol that changed: a list, every second.

        :param update_time: has no effect; today the exchange offers only one second.
        """
        del update_time  # the exchange's documented stream has one pace
        return self._market(_streams.mini_ticker(), callback, options)

    def start_symbol_miniticker_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> _Key:
        """24 h prices and volume of a symbol (`24hrMiniTicker`), every second."""
        return self._market(_streams.mini_ticker(symbol), callback, options)

    def start_trade_socket(self, symbol: str, callback: _Callback, **options: Any) -> _Key:
        """Every single trade of a symbol (`trade`)."""
        return self._market(_streams.trade(symbol), callback, options)

    def start_aggtrade_socket(self, symbol: str, callback: _Callback, **options: Any) -> _Key:
        """Trades that one order made at the same price, combined (`aggTrade`)."""
        return self._market(_streams.agg_trade(symbol), callback, options)

    def start_block_trade_socket(self, symbol: str, callback: _Callback, **options: Any) -> _Key:
        """Block trades of a symbol (`blockTrade`)."""
        return self._market(_streams.block_trade(symbol), callback, options)

    def start_reference_price_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> _Key:
        """The reference price of a symbol (`referencePrice`), every second; `r` may be None."""
        return self._market(_streams.reference_price(symbol), callback, options)

    def start_avg_price_socket(self, symbol: str, callback: _Callback, **options: Any) -> _Key:
        """The average price of a symbol over some minutes (`avgPrice`), every second."""
        return self._market(_streams.avg_price(symbol), callback, options)

    def start_symbol_ticker_socket(self, symbol: str, callback: _Callback, **options: Any) -> _Key:
        """24 h statistics of a symbol (`24hrTicker`), every second."""
        return self._market(_streams.ticker(symbol), callback, options)

    def start_ticker_socket(self, callback: _Callback, **options: Any) -> _Key:
        """24 h statistics of every symbol that changed: a list of `24hrTicker`, every second.

        The exchange retired `!ticker@arr` on 2026-03-26.  The library builds the list from the
        `<symbol>@ticker` of every symbol that trades; the socket key is the same.
        """
        return self._whole_market("!ticker@arr", "ticker", callback, options)

    def start_book_ticker_socket(self, callback: _Callback, **options: Any) -> _Key:
        """Best bid and ask of every symbol, whenever they change.

        The exchange retired `!bookTicker` on 2022-12-07.  The library combines the
        `<symbol>@bookTicker` of every symbol that trades; the socket key is the same.
        """
        return self._whole_market("!bookTicker", "bookTicker", callback, options)

    def start_rolling_ticker_socket(
        self, callback: _Callback, window: str = "1h", symbol: str | None = None, **options: Any
    ) -> _Key:
        """Statistics of the last `'1h'`, `'4h'` or `'1d'`: of a symbol, or a list of all."""
        return self._market(_streams.rolling_ticker(symbol, window), callback, options)

    def start_symbol_book_ticker_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> _Key:
        """Best bid and ask of a symbol, whenever they change."""
        return self._market(_streams.book_ticker(symbol), callback, options)

    def start_multiplex_socket(
        self, streams: Iterable[str], callback: _Callback, **options: Any
    ) -> _Key:
        """Several market streams on one socket; messages are `{"stream": name, "data": payload}`.

        :param streams: names exactly as the exchange spells them, such as `'bnbbtc@depth'`, with
            symbols in lower case.  The events of an account are no such stream.
        """
        path = _streams.combined_path(_streams.check_names(streams, with_query=True))
        return self._market(path, callback, options, "stream?")

    def subscribe(self, conn_key: str | bool, streams: Iterable[str]) -> _Future[list[str]]:
        """Add streams to a multiplex socket while it runs.

        :return: a future, which you may ignore.  Its result are the names, when the exchange has
            confirmed them; its exception is a `ValueError`, if the exchange refused one.  It is
            cancelled if the socket ends first, or a later call removes the streams again.
        :raises KeyError: there is no such socket.
        :raises ValueError: the socket is not a multiplex socket.
        """
        return self._open_sockets.get(conn_key).change("subscribe", _streams.check_names(streams))

    def unsubscribe(self, conn_key: str | bool, streams: Iterable[str]) -> _Future[list[str]]:
        """Remove streams from a multiplex socket while it runs; otherwise like `subscribe`."""
        return self._open_sockets.get(conn_key).change("unsubscribe", _streams.check_names(streams))

    def rotate(self, conn_key: str | bool) -> None:
        """Replace the socket's connection now; no event is lost or delivered twice.

        :raises KeyError: there is no such socket.
        """
        self._open_sockets.get(conn_key).rotate()

    # Streams of futures: messages are `{"stream": name, "data": payload}`; keys are `usdm:name` or
    # `coinm:name`.  `futures_type` is the market; on COIN-M a symbol is a contract, `BTCUSD_PERP`.
    # https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams
    # https://developers.binance.com/docs/derivatives/coin-margined-futures/websocket-market-streams

    def start_kline_futures_socket(
        self,
        symbol: str,
        callback: _Callback,
        interval: str = _enums.KLINE_INTERVAL_1MINUTE,
        futures_type: _FuturesType = _USD_M,
        contract_type: _enums.ContractType = _enums.ContractType.PERPETUAL,
        **options: Any,
    ) -> _Key:
        """Candles of a pair's contract (`continuous_kline`); the symbol is a pair, `BTCUSD`."""
        of = (_streams.futures_kline, symbol, interval, contract_type)
        return self._futures(futures_type, callback, options, *of)

    def start_futures_depth_socket(
        self,
        symbol: str,
        callback: _Callback,
        depth: str | int | None = "10",
        futures_type: _FuturesType = _USD_M,
        *,
        speed: str = "",
        **options: Any,
    ) -> _Key:
        """The best 5, 10 or 20 levels of a contract's order book, or its changes (`depthUpdate`).

        :param depth: 5, 10 or 20; None for the changes.
        :param speed: `'100ms'` or `'500ms'`; the default is each 250 ms.  For the changes on USD-M
            also `'0ms'`: each at once.  The exchange does not document this speed.
        """
        of = (_streams.futures_depth, symbol, depth, speed)
        return self._futures(futures_type, callback, options, *of)

    def start_futures_rpi_depth_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> _Key:
        """Changes of a USD-M order book with its orders of retail price improvement, each 500 ms.

        The ids are those of `depthUpdate`; the snapshot is that of `Client.futures_rpi_depth`.
        """
        return self._futures(_FuturesType.USD_M, callback, options, _streams.rpi_depth, symbol)

    def start_symbol_mark_price_socket(
        self,
        symbol: str,
        callback: _Callback,
        fast: bool = True,
        futures_type: _FuturesType = _USD_M,
        **options: Any,
    ) -> _Key:
        """Mark price and funding rate of a contract, every second; every 3 s with `fast=False`.

        On COIN-M the symbol may be a pair, `BTCUSD`; `data` is then a list of its contracts.
        """
        of = (_streams.mark_price, symbol, fast)
        return self._futures(futures_type, callback, options, *of)

    def start_all_mark_price_socket(
        self,
        callback: _Callback,
        fast: bool = True,
        futures_type: _FuturesType = _USD_M,
        **options: Any,
    ) -> _Key:
        """Mark price and funding rate of every contract: a list in `data`."""
        return self._futures(futures_type, callback, options, _streams.mark_price, None, fast)

    def start_index_price_socket(
        self, symbol: str, callback: _Callback, fast: bool = True, **options: Any
    ) -> _Key:
        """The index price of a pair of COIN-M futures, `BTCUSD`, every second (`indexPriceUpdate`).

        :param fast: has no effect; the exchange removed the second speed on 2026-06-30.
        """
        del fast
        of = (_streams.of_symbol, "indexPrice", symbol)
        return self._futures(_FuturesType.COIN_M, callback, options, *of)

    def start_symbol_ticker_futures_socket(
        self, symbol: str, callback: _Callback, futures_type: _FuturesType = _USD_M, **options: Any
    ) -> _Key:
        """Best bid and ask of a contract (`bookTicker`)."""
        return self._futures(futures_type, callback, options, _streams.book_ticker, symbol)

    def start_all_ticker_futures_socket(
        self, callback: _Callback, futures_type: _FuturesType = _USD_M, **options: Any
    ) -> _Key:
        """Best bid and ask of every contract (`!bookTicker`).

        Since 2026-06-30 the exchange merges both futures markets in this stream, on either address:
        `st` is 1 in messages of USD-M and 2 in those of COIN-M.
        """
        return self._futures(futures_type, callback, options, _streams.of_market, "bookTicker")

    def start_aggtrade_futures_socket(
        self, symbol: str, callback: _Callback, futures_type: _FuturesType = _USD_M, **options: Any
    ) -> _Key:
        """Trades that one order made at the same price, combined (`aggTrade`)."""
        return self._futures(futures_type, callback, options, _streams.agg_trade, symbol)

    def start_individual_symbol_ticker_futures_socket(
        self, symbol: str, callback: _Callback, futures_type: _FuturesType = _USD_M, **options: Any
    ) -> _Key:
        """24 h statistics of a contract (`24hrTicker`)."""
        return self._futures(futures_type, callback, options, _streams.ticker, symbol)

    def start_futures_multiplex_socket(
        self,
        streams: Iterable[str],
        callback: _Callback,
        futures_type: _FuturesType = _USD_M,
        **options: Any,
    ) -> _Key:
        """Several streams of a futures market on one socket, of any kinds.

        The exchange serves some kinds of USD-M on `/public` and others on `/market`; the
        library chooses the right address.  `!ticker@arr`, `!miniTicker@arr`, `!bookTicker`,
        `!forceOrder@arr` and `!contractInfo` contain both futures markets, see
        `start_all_ticker_futures_socket`.
        """
        return self._multiplex(_streams.futures_market(futures_type), streams, callback, options)

    # Streams of options: keys `options:name`
    # https://developers.binance.com/docs/derivatives/options-trading/websocket-market-streams

    def start_options_multiplex_socket(
        self, streams: Iterable[str], callback: _Callback, **options: Any
    ) -> _Key:
        """Several streams of options on one socket; names exactly as the exchange spells them."""
        return self._multiplex("options", streams, callback, options)

    def start_options_ticker_socket(self, symbol: str, callback: _Callback, **options: Any) -> _Key:
        """24 h statistics of an option (`optionTicker`)."""
        name = _streams.of_symbol("optionTicker", symbol, "options")
        return self._single("options", name, callback, options)

    def start_options_ticker_by_expiration_socket(
        self, symbol: str, callback: _Callback, expiration_date: str, **options: Any
    ) -> _Key:
        """24 h statistics of an underlying's options that expire on a day, such as `'261225'`."""
        name = _streams.options_ticker(symbol, expiration_date)
        return self._single("options", name, callback, options)

    def start_options_recent_trades_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> _Key:
        """Every single trade of an option, or of all options of an underlying (`optionTrade`)."""
        name = _streams.of_symbol("optionTrade", symbol, "options")
        return self._single("options", name, callback, options)

    def start_options_kline_socket(
        self,
        symbol: str,
        callback: _Callback,
        interval: str = _enums.KLINE_INTERVAL_1MINUTE,
        **options: Any,
    ) -> _Key:
        """Candles of an option while they change."""
        name = _streams.kline(symbol, interval, market="options")
        return self._single("options", name, callback, options)

    def start_options_depth_socket(
        self,
        symbol: str,
        callback: _Callback,
        depth: str | int | None = "10",
        *,
        speed: str = "500ms",
        **options: Any,
    ) -> _Key:
        """The best 5, 10 or 20 levels of an option's order book; with `depth=None` its changes.

        :param speed: `'500ms'` or `'100ms'`.
        """
        name = _streams.options_depth(symbol, depth, speed)
        return self._single("options", name, callback, options)

    # Accounts
    # https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream

    def start_user_socket(self, callback: _Callback, *, client: Any = None, **options: Any) -> _Key:
        """Events of a spot account, such as `executionReport` and `outboundAccountPosition`.

        :param client: the client whose account it is; None for the manager's client.
        :return: `'user'`, and for further clients `'user:2'` and so on.  If the socket is already
            open, it uses the new callback from then on.
        :raises ValueError: the client has no API key and secret.

        If the exchange refuses the API key, the callback gets the error dict, and the `GaveUp`
        event contains the exchange's code and reason.
        """
        return self._account("user", callback, client, options, self._spot_account)

    def start_margin_socket(
        self, callback: _Callback, *, client: Any = None, **options: Any
    ) -> _Key:
        """Events of the cross margin account, like `start_user_socket`; its key is `'margin'`."""
        return self._account("margin", callback, client, options, _accounts.margin)

    def start_isolated_margin_socket(
        self, symbol: str, callback: _Callback, *, client: Any = None, **options: Any
    ) -> _Key:
        """Events of an isolated margin account; its key is `'margin:ETHBTC'` for that pair."""
        pair = _streams.check_symbol(symbol).upper()
        account = functools.partial(_accounts.margin, symbol=pair)
        return self._account(f"margin:{pair}", callback, client, options, account)

    # Accounts of other markets, by listen key; all as `start_user_socket`
    # https://developers.binance.com/docs/derivatives

    def start_futures_user_socket(
        self, callback: _Callback, *, client: Any = None, **options: Any
    ) -> _Key:
        """Events of the USD-M futures account: `ORDER_TRADE_UPDATE`, `ACCOUNT_UPDATE`, ..

        The socket creates a listen key, keeps it alive, and replaces it when it has expired; events
        that may be missing are reported by a `Gap`.  A key is never deleted: other programs of the
        account use the same one.

        :return: `'usdm:user'`, or `'usdm:user:2'` and so on for further clients.
        """
        return self._keyed("usdm:user", callback, client, options)

    def start_coin_futures_user_socket(
        self, callback: _Callback, *, client: Any = None, **options: Any
    ) -> _Key:
        """Events of the COIN-M futures account; as above, key `'coinm:user'`."""
        return self._keyed("coinm:user", callback, client, options)

    start_futures_socket = start_futures_user_socket
    start_coin_futures_socket = start_coin_futures_user_socket

    def start_options_user_socket(
        self, callback: _Callback, *, client: Any = None, **options: Any
    ) -> _Key:
        """Events of the options account, without their envelope; key `'options:user'`."""
        return self._keyed("options:user", callback, client, options)

    def start_portfolio_margin_user_socket(
        self, callback: _Callback, *, pro: bool = False, client: Any = None, **options: Any
    ) -> _Key:
        """Events of the portfolio margin account: orders and positions of all its markets.

        :param pro: of portfolio margin pro, key `'pm:pro'`: equity and risk alone; its orders are
            on the sockets of the single markets.
        :return: `'pm:user'`, with a number for further clients.
        """
        return self._keyed("pm:pro" if pro else "pm:user", callback, client, options)

    def start_margin_risk_socket(
        self, callback: _Callback, *, client: Any = None, **options: Any
    ) -> _Key:
        """Margin level and liabilities of the cross margin account; key `'margin:risk'`."""
        return self._keyed("margin:risk", callback, client, options)

    # Iterating

    def messages(
        self, *streams: str, events: bool = False, client: Any = None, **options: Any
    ) -> _Messages:
        """The messages of streams and accounts of any market, for `for` and `async for`.

        Use it in a `with` block, or in `async with`: entering the block opens the sockets, leaving
        it closes them.  A manager that was not started is started for the block.

        :param streams: stream names exactly as the exchange spells them, with `usdm:`, `coinm:` or
            `options:` before those of other markets, and accounts by their keys, such as `'user'`,
            `'margin:ETHBTC'`, `'usdm:user'`.  The messages of one name are those that a callback
            gets; those of several names are `{"stream": name, "data": payload}`.
        :param events: also yield the events of `binance.events`, in order with the messages.
        :param client: the client whose accounts they are; None for the manager's client.
        :param options: `queue_size` and `overflow`, as for the manager.
        :raises BinanceStreamLost: in the loop, when all retries have failed.
        """
        return _Messages(self, _named.sources(streams), events, client, options)

    # Ending

    def stop_socket(self, conn_key: str | bool) -> None:
        """Close one socket.  Its callback is not called again.  An unknown key causes no error."""
        if isinstance(conn_key, bool):  # what a start returns that opens nothing
            return
        with self._lock:
            conn = self._conns.pop(conn_key, None)
            self._account_callbacks.pop(conn_key, None)
            accounts = [name for name, key in self._listen_keys.items() if conn_key in (name, key)]
        for account in accounts:
            self._stop_account_socket(account)
        if conn is not None:
            self._open_sockets.end(conn)

    # Looking

    def wait_open(self, conn_key: str | bool, timeout: float | None = None) -> bool:
        """Wait until the socket's connection is open.

        :param timeout: seconds; None for no limit.
        :return: True when it is open; False if it was not open in time, or the socket has ended.
        :raises KeyError: there is no such socket.
        :raises RuntimeError: `start()` was not called, so nothing connects; or this is the reactor
            thread, which would wait for itself.
        """
        if _reactor.in_reactor_thread():
            raise RuntimeError("wait_open in the reactor thread would wait for itself")
        socket = self._open_sockets.get(conn_key)
        self._open_sockets.check_started()
        return socket.wait_open(timeout)

    def stats(self) -> dict[str, dict[str, Any]]:
        """Figures of each socket, by its key: `messages, bytes, reconnects, connected,
        last_message_age` (seconds, None before the first message), `dropped, callback_errors`,
        `links` (open ones) and `redundancy`: None, or for two links `first` (how many events each
        link brought before the other one), `lead_p50` and `lead_p99` (by how many seconds, of the
        latest 256 measured)."""
        held = self._open_sockets.held()
        return _Stats((key, conn.stats()) for key, conn in held if isinstance(conn, _Socket))

    # For subclasses

    def _start_socket(
        self, path: str, callback: _Callback, prefix: str = "ws/", **options: Any
    ) -> str | bool:
        """Open `STREAM_URL + prefix + path` under the key `path`; override to drive it yourself."""
        return self._open("STREAM_URL", path, callback, options, _Feed.spot(path, prefix))

    def _start_futures_socket(
        self, path: str, callback: _Callback, prefix: str = "stream?streams=", **options: Any
    ) -> str | bool:
        """Open a USD-M stream; override to drive it yourself."""
        key = _streams.key(path, "usdm")
        return self._open("FSTREAM_URL", key, callback, options, _Feed.usdm(path))

    # Inside

    def _market(
        self, path: str, callback: _Callback, options: Any, *prefix: str, by: str = "_start_socket"
    ) -> _Key:
        """Open a stream; a subclass's own method checks nothing, and may lack a third parameter."""
        start = getattr(self, by)
        if getattr(start, "__func__", None) not in _OWN_STARTS:
            self._open_sockets.checked(callback, options)
        opened: _Key = start(path, callback, *prefix, **options)
        return opened

    def _futures(
        self, futures_type: object, callback: _Callback, options: Any, name: Any, *of: object
    ) -> _Key:
        """Open the stream of a futures market that `name(*of, market=..)` builds."""
        market = _streams.futures_market(futures_type)
        stream = name(*of, market=market)
        if market == "usdm":
            return self._market(stream, callback, options, by="_start_futures_socket")
        return self._single(market, stream, callback, options)

    def _single(self, market: str, name: str, callback: _Callback, options: dict[str, Any]) -> _Key:
        feed = _Feed.multiplex([name], market, takes_changes=False)
        key = _streams.key(name, market)
        return self._open(_endpoints.URL_ATTRIBUTES[market], key, callback, options, feed)

    def _multiplex(
        self, market: str, streams: Iterable[str], callback: _Callback, options: dict[str, Any]
    ) -> _Key:
        names = _streams.check_names(streams)
        key = _streams.key(_streams.combined_path(names), market)
        feed = _Feed.multiplex(names, market)
        return self._open(_endpoints.URL_ATTRIBUTES[market], key, callback, options, feed)

    def _whole_market(
        self, key: str, kind: str, callback: _Callback, options: dict[str, Any]
    ) -> _Key:
        site = self._site("STREAM_URL")
        if site.has_retired_streams:
            return self._market(key, callback, options)
        checked = self._open_sockets.checked(callback, options)
        feed = self._whole_market_feed(kind, site)
        return self._open_sockets.open(site, key, callback, checked, feed)

    def _whole_market_feed(self, kind: str, site: _sites.Site) -> _Feed:
        fetch = None if site.listing is None else functools.partial(self._symbols, site.listing)
        return _Feed.whole_market(kind, site.ws_apis if fetch is None else (), fetch)

    def _public_client(self, rest: str | None = None) -> Any:
        """A client for public data at a REST address, which goes the way of the sockets' links."""
        from binance.client import Client

        links, site = self._open_sockets.links, self._site("STREAM_URL")
        rest = rest or site.listing or site.table.require("rest")
        return Client._of_address(f"{rest}/api", links.proxy, links.ca_file or site.table.ca_file)

    def _symbols(self, rest: str) -> list[str]:
        """The symbols that trade, in lower case, from a REST address.  Blocks."""
        with self._public_client(rest) as client:
            info = client.get_exchange_info(symbolStatus="TRADING", showPermissionSets="false")
        symbols = [one["symbol"] for one in info["symbols"] if one.get("status") == "TRADING"]
        return [symbol.lower() for symbol in symbols]

    def _account(
        self,
        name: str,
        callback: _Callback,
        client: Any,
        options: dict[str, Any],
        account: Any,
        address: str = "STREAM_URL",
    ) -> _Key:
        checked = self._open_sockets.checked(callback, options, is_account=True)
        site = self._site(address)
        return self._open_sockets.open_account(site, name, callback, checked, client, account)

    def _keyed(
        self, name: str, callback: _Callback, client: Any, options: dict[str, Any], key: str = ""
    ) -> _Key:
        kind = _KEYED[name]
        account = functools.partial(
            _accounts.keyed,
            keepalive=self._user_timeout,
            note_key=self._note_listen_key,
            account=kind,
        )
        return self._account(key or name, callback, client, options, account, kind.address)

    def _spot_account(self, client: Any, site: _sites.Site) -> _accounts.MakeSession:
        return _accounts.spot(client, site, self._user_timeout, self._note_listen_key)

    def _open(
        self, attribute: str, key: str, callback: _Callback, options: dict[str, Any], feed: _Feed
    ) -> _Key:
        checked = self._open_sockets.checked(callback, options)
        return self._open_sockets.open(self._site(attribute), key, callback, checked, feed)

    def _site(self, attribute: str) -> _sites.Site:
        """Where a URL attribute leads now, by its value or else by the environment.

        An address without an attribute is named by its field of the table.
        """
        own = None
        if attribute not in _URL_FIELDS:
            return _sites.site(_endpoints.of_client(os.environ, self._client), attribute)
        if attribute in vars(self) or getattr(type(self), attribute) != _DEFAULT_URLS[attribute]:
            own = getattr(self, attribute)
        table = _endpoints.of_client(os.environ, self._client)
        return _sites.site(table, _URL_FIELDS[attribute], own)

    # For depth caches

    def _when_stopped(self, conn_key: str, stopped: Callable[[], None]) -> object:
        """What has the key; have it call this when anybody stops it, see `Socket.when_stopped`."""
        conn = self._conns.get(conn_key)
        socket = _socket_of(conn)
        if socket is not None:
            socket.when_stopped(stopped)
        elif conn is None:
            stopped()
        return conn

    def _stop_own(self, conn_key: str, conn: object) -> None:
        """Stop the key's socket if it is this one."""
        with self._lock:
            if self._conns.get(conn_key) is conn:
                self.stop_socket(conn_key)


_OWN_STARTS = (BinanceSocketManager._start_socket, BinanceSocketManager._start_futures_socket)
_DEFAULT_URLS = {name: getattr(BinanceSocketManager, name) for name in _URL_FIELDS}

# Names that old scripts import from here; most of them cost something, or install the reactor.
_BORROWED = {
    "Client": ("binance.client", "Client"),
    "WebSocketClientFactory": ("autobahn.twisted.websocket", "WebSocketClientFactory"),
    "WebSocketClientProtocol": ("autobahn.twisted.websocket", "WebSocketClientProtocol"),
    "ReconnectingClientFactory": ("twisted.internet.protocol", "ReconnectingClientFactory"),
    "ReactorAlreadyRunning": ("twisted.internet.error", "ReactorAlreadyRunning"),
    "connectWS": ("binance.tx.wire.dial", "connectWS"),
    "ssl": ("twisted.internet.ssl", None),
    "json": ("json", None),
    "gzip": ("gzip", None),
}

# The names that ``from binance.websockets import *`` gave: old scripts use `Client` and `reactor`.
__all__ += [*_BORROWED, "reactor", "threading"]  # noqa: F822, PLE0604


def __getattr__(name: str) -> Any:
    if name == "reactor":
        return _reactor.get()
    if name not in _BORROWED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _BORROWED[name]
    loaded = importlib.import_module(module)
    return loaded if attribute is None else getattr(loaded, attribute)
