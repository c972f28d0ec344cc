"""Sockets for the exchange's streams: one call for each, and a callback that gets parsed dicts.

    from binance.websockets import BinanceSocketManager

    bm = BinanceSocketManager(client)
    key = bm.start_trade_socket("BNBBTC", print)
    bm.start()

Each `start_*_socket` returns the socket's key at once; nothing waits for the network.  `start()`
may come before or after it.  A callback is called in the reactor thread, one message after the
other, unless `dispatch='thread'` asks for a thread of its own.  A socket that is lost is tried
again; when five retries have failed, the callback gets
`{'e': 'error', 'm': 'Max reconnect retries reached'}`, once, and the key is free again.

Streams and payloads: https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
"""

from __future__ import annotations

import functools
import importlib
import logging
import os
import threading
import warnings
import weakref
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future as _Future
from dataclasses import replace
from typing import Any

from binance import _clash
from binance import enums as _enums
from binance.events import Event
from binance.sansio.link.reconnect import RetryPolicy as _RetryPolicy
from binance.sansio.names import endpoints as _endpoints
from binance.sansio.names import streams as _streams
from binance.sansio.wire.log_text import shown as _shown

try:
    from binance.tx.sessions import user_connectors as _adopted
except RuntimeError as error:  # txaio's, which serves one framework in a process
    raise ImportError(
        "binance.websockets needs Autobahn on Twisted, but this program has imported "
        "autobahn.asyncio, and a process can have only one of them; use "
        "autobahn.twisted there, or run the other in a process of its own"
    ) from error

from binance.tx import dependencies as _tx_world
from binance.tx import dispatch as _dispatch
from binance.tx.dependencies import ROTATE_AFTER as _ROTATE_AFTER
from binance.tx.link import Session as _Session
from binance.tx.loop import reactor as _reactor
from binance.tx.loop.lifetime import Life as _Life
from binance.tx.loop.lifetime import ManagerHome as _ManagerHome
from binance.tx.sessions import client_accounts as _accounts
from binance.tx.sessions import legacy_methods as _plumbing
from binance.tx.sessions.account import KeyedSession as _KeyedSession
from binance.tx.sessions.account import ListenKeySession as _ListenKeySession
from binance.tx.sessions.market import Multiplex as _Multiplex
from binance.tx.sessions.market import RawSession as _RawSession
from binance.tx.sessions.user_connectors import BinanceClientFactory
from binance.tx.sessions.whole_market import WholeMarket as _WholeMarket
from binance.tx.socket import Options as _Options
from binance.tx.socket import Socket as _Socket
from binance.tx.wire.dial import check as _check_url
from binance.tx.wire.dial import dial as _dial
from binance.tx.wire.protocol import BinanceClientProtocol, BinanceReconnectingClientFactory
from binance.tx.wire.proxy import parse as _parse_proxy

__all__ = [
    "BinanceClientFactory",
    "BinanceClientProtocol",
    "BinanceReconnectingClientFactory",
    "BinanceSocketManager",
]

_Callback = Callable[[Any], object]
_logger = logging.getLogger("binance")

#: Calls of `start()` on a manager that runs after which a loop around them is warned of.
_NEEDLESS_STARTS = 10

if (_warning := _clash.clash_warning()) is not None:
    warnings.warn(_warning, stacklevel=2)

_URL_FIELDS = {"STREAM_URL": "spot", "FSTREAM_URL": "usdm", "VSTREAM_URL": "options"}


class _Url:
    """A base URL: on the class the old library's, on an instance the address in use.

    Subclasses that connect by themselves read it, and are not to reach another exchange than the
    rest of the script.
    """

    def __init__(self, template: str) -> None:
        self._template = template

    def __set_name__(self, owner: type, name: str) -> None:
        self._market = _URL_FIELDS[name]

    def __get__(self, manager: BinanceSocketManager | None, owner: type | None = None) -> str:
        if manager is None or "_client" not in vars(manager):
            return self._template
        return _endpoints.with_slash(manager._endpoints().stream_of(self._market))


def _url(template: str) -> Any:
    """A URL attribute, which users may assign to, in subclasses and instances."""
    return _Url(template)


class BinanceSocketManager(threading.Thread, _plumbing.Plumbing):
    """Starts and stops sockets, and keeps the process alive while it is open.

    A market socket's method returns its key (a `str`), or `False` if that stream is open already.
    Wrong arguments raise `TypeError` or `ValueError` at once; a manager that cannot run, because
    the reactor was stopped or the process forked, raises `RuntimeError`.

    :param client: whose account the account sockets are for; public streams need none.
    :param user_timeout: seconds between keepalives of listen keys, where they still live.
    :param max_retries: retries of a lost socket before its callback is told, None for ever.
    :param dispatch: `'reactor'`, or `'thread'` for a thread and a queue for each socket.
    :param queue_size: messages that such a queue holds.
    :param overflow: what a full queue does: `'drop_oldest'`, `'latest'` (keep the newest message
        of each stream and symbol) or `'block'` (stop reading).
    :param idle_timeout: seconds without an octet after which a link is pinged, and dropped if that
        is not answered within 10 s; None for what suits the market, 30 s on spot.
    :param rotate_after: seconds after which a link is replaced without a gap, before the exchange
        cuts it at 24 h; None for never.
    :param time_unit: `'us'` asks for microseconds in every time of spot's messages, `'ms'` for
        milliseconds; None leaves it to the exchange, which sends milliseconds.
    :param on_event: called with each lifecycle event, see `binance.events`.
    :param ca_file: a PEM file of certificates to trust besides the system's.
    :param proxy: URL of an HTTP proxy; None takes the environment's, `''` none.
    :param allow_plain: allow `ws://` to other machines, neither encrypted nor verified.
    :param limits_on_loopback: keep to the exchange's limits of messages and connects where it is
        this machine as well: for tests.
    """

    STREAM_URL: str = _url("wss://stream.binance.com:9443/")
    FSTREAM_URL: str = _url("wss://fstream.binance.com/")
    VSTREAM_URL: str = _url("wss://vstream.binance.com/")
    VSTREAM_TESTNET_URL = "wss://testnetws.binanceops.com/"
    WEBSOCKET_DEPTH_5 = _enums.WEBSOCKET_DEPTH_5
    WEBSOCKET_DEPTH_10 = _enums.WEBSOCKET_DEPTH_10
    WEBSOCKET_DEPTH_20 = _enums.WEBSOCKET_DEPTH_20
    DEFAULT_USER_TIMEOUT = 30 * 60  # seconds

    #: What speaks on each link; a subclass of the manager may have one of its own, whose
    #: `onMessage(payload, isBinary)` sees every message as it came.
    protocol = BinanceClientProtocol

    def __init__(
        self,
        client: Any,
        user_timeout: float = DEFAULT_USER_TIMEOUT,
        *,
        max_retries: int | None = 5,
        dispatch: str = "reactor",
        queue_size: int = 10_000,
        overflow: str = "drop_oldest",
        idle_timeout: float | None = None,
        rotate_after: float | None = _ROTATE_AFTER,
        time_unit: str | None = None,
        on_event: Callable[[Event], object] | None = None,
        ca_file: str | None = None,
        proxy: str | None = None,
        allow_plain: bool = False,
        limits_on_loopback: bool = False,
    ) -> None:
        self._is_daemon = self._was_started = False
        threading.Thread.__init__(self, name="binance-manager", daemon=False)
        _dispatch.check(print, dispatch, queue_size, overflow)
        if on_event is not None and not callable(on_event):
            raise TypeError(f"on_event must be callable, with one event, not {on_event!r}")
        if proxy:
            _parse_proxy(proxy)
        _check_seconds("idle_timeout", idle_timeout)
        _check_seconds("rotate_after", rotate_after)
        if time_unit not in (None, *_streams.TIME_UNITS):
            raise ValueError(f"time_unit must be 'ms', 'us' or None, not {time_unit!r}")
        self._client = client
        self._user_timeout = user_timeout
        #: key -> the socket that has it
        self._conns: dict[str, Any] = {}
        self._account_callbacks: dict[str, _Callback] = {}
        self._listen_keys: dict[str, str | None] = {"user": None, "margin": None}
        self._timers: dict[str, threading.Timer | None] = {"user": None, "margin": None}
        #: what give the clients of account sockets, in the order in which their keys are numbered;
        #: further clients live as long as their sockets
        self._accounts: list[Callable[[], Any]] = [lambda: client]
        self._closes = 0
        self._needless_starts = 0
        self._options = _Options(dispatch, queue_size, overflow, _RetryPolicy(max_retries))
        self._ca_file = ca_file
        self._proxy = proxy
        self._allow_plain = allow_plain
        self._idle_timeout = idle_timeout
        self._rotate_after = rotate_after
        self._time_unit = time_unit
        self._limits_on_loopback = limits_on_loopback
        self._lock = threading.RLock()
        self._home = _ManagerHome(self, on_event)
        self._life: _Life | None = None
        self._is_closed = False
        _adopted.register(self)

    # The life of the manager

    def start(self) -> None:
        """Have the sockets run, in the reactor thread that all managers share.

        Returns when it runs.  Harmless when called twice, and good after `close()` as well.
        """
        _reactor.ensure_running()
        with self._lock:
            self._is_closed = False
            life = self._home.enter()
            if life is self._life:
                self._note_needless_start()
                return
            self._life = life
            if self._was_started:
                self._be_a_new_thread()
            try:
                threading.Thread.start(self)
                self._was_started = True
            except RuntimeError:  # the interpreter is shutting down
                _reactor.end(life)
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

    def _be_a_new_thread(self) -> None:
        """A finished thread cannot be started again, unless it is made again."""
        threading.Thread.join(self)
        threading.Thread.__init__(self, name=self.name, daemon=self.daemon)

    def run(self) -> None:
        """Wait until the manager is closed or the reactor stopped."""
        if threading.current_thread() is not self:  # called by the user, in place of start()
            _reactor.ensure_running()
            with self._lock:
                self._is_closed = False
                self._life = self._home.enter()
        life = self._life
        assert life is not None  # start() has set it
        _reactor.wait_for(life)

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

        The reactor runs on, for other managers and for a later `start_*_socket` or `start()` of
        this one.  Never raises, from whatever thread and however often.
        """
        with self._lock:
            self._is_closed = True
            self._closes += 1
            conns, self._conns = self._conns, {}
            self._account_callbacks.clear()
            self._listen_keys.update(dict.fromkeys(self._listen_keys))
            timers = [timer for timer in self._timers.values() if timer is not None]
            self._timers.update(dict.fromkeys(self._timers))
        for timer in timers:
            timer.cancel()
        for conn in conns.values():
            self._end(conn)
        for socket in self._home.sockets():  # whose key a subclass has dropped by itself
            socket.stop()
        self._home.leave()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "close" in vars(cls):
            ended = _plumbing.ending(cls.close, BinanceSocketManager.close)
            cls.close = ended  # type: ignore[method-assign]

    def __enter__(self) -> BinanceSocketManager:
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    # Market streams of spot

    def start_depth_socket(
        self,
        symbol: str,
        callback: _Callback,
        depth: str | int | None = None,
        interval: int | None = None,
        **options: Any,
    ) -> str | bool:
        """The order book: its changes, or its best levels.

        :param depth: None or `'1'`: changes (`depthUpdate`: `E s U u b a`); 5, 10 or 20: that many
            levels (`lastUpdateId bids asks`).
        :param interval: 100 for each 100 ms, 0 or None for each second.
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
    ) -> str | bool:
        """Candles (`kline`, the candle under `k`); `utc8` cuts them in UTC+8."""
        return self._market(_streams.kline(symbol, interval, utc8), callback, options)

    def start_miniticker_socket(
        self, callback: _Callback, update_time: int = 1000, **options: Any
    ) -> str | bool:
        """24 h price and volume of every symbol that changed: a list, each second.

        :param update_time: only the documented second, 1000, is served today.
        """
        del update_time  # the exchange's documented stream has one pace
        return self._market(_streams.mini_ticker(), callback, options)

    def start_symbol_miniticker_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> str | bool:
        """24 h price and volume of a symbol (`24hrMiniTicker`), each second."""
        return self._market(_streams.mini_ticker(symbol), callback, options)

    def start_trade_socket(self, symbol: str, callback: _Callback, **options: Any) -> str | bool:
        """Each trade (`trade`: `E s t p q T m`)."""
        return self._market(_streams.trade(symbol), callback, options)

    def start_aggtrade_socket(self, symbol: str, callback: _Callback, **options: Any) -> str | bool:
        """Trades of one taker order together (`aggTrade`: `E s a p q f l T m`)."""
        return self._market(_streams.agg_trade(symbol), callback, options)

    def start_block_trade_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> str | bool:
        """Block trades (`blockTrade`: `E s t p q T m`)."""
        return self._market(_streams.block_trade(symbol), callback, options)

    def start_reference_price_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> str | bool:
        """The reference price (`e s r t`; `r` may be None), each second."""
        return self._market(_streams.reference_price(symbol), callback, options)

    def start_avg_price_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> str | bool:
        """The average price over some minutes (`avgPrice`: `E s i w T`), each second."""
        return self._market(_streams.avg_price(symbol), callback, options)

    def start_symbol_ticker_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> str | bool:
        """24 h statistics of a symbol (`24hrTicker`), each second."""
        return self._market(_streams.ticker(symbol), callback, options)

    def start_ticker_socket(self, callback: _Callback, **options: Any) -> str | bool:
        """24 h statistics of every symbol that changed: a list of `24hrTicker`, each second.

        The exchange retired `!ticker@arr` on 2026-03-26; where it is gone, the list is put
        together from the `<symbol>@ticker` of every symbol that trades, with the same key.
        """
        return self._whole_market("!ticker@arr", "ticker", callback, options)

    def start_book_ticker_socket(self, callback: _Callback, **options: Any) -> str | bool:
        """Best bid and ask of every symbol, whenever they change (`u s b B a A`).

        The exchange retired `!bookTicker` on 2022-12-07; where it is gone, it is put together from
        the `<symbol>@bookTicker` of every symbol that trades, with the same key.
        """
        return self._whole_market("!bookTicker", "bookTicker", callback, options)

    def start_rolling_ticker_socket(
        self,
        callback: _Callback,
        window: str = "1h",
        symbol: str | None = None,
        **options: Any,
    ) -> str | bool:
        """Statistics over a window of `'1h'`, `'4h'` or `'1d'`: of a symbol, or a list of all."""
        return self._market(_streams.rolling_ticker(symbol, window), callback, options)

    def start_symbol_book_ticker_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> str | bool:
        """Best bid and ask, whenever they change (`u s b B a A`)."""
        return self._market(_streams.book_ticker(symbol), callback, options)

    def start_multiplex_socket(
        self, streams: Iterable[str], callback: _Callback, **options: Any
    ) -> str | bool:
        """Several streams on one key; messages are `{"stream": name, "data": payload}`.

        :param streams: names as the exchange spells them, such as `'bnbbtc@depth'`; verbatim.
        """
        path = _streams.combined_path(_streams.check_names(streams, with_query=True))
        return self._market(path, callback, options, "stream?")

    def subscribe(self, conn_key: str, streams: Iterable[str]) -> _Future[list[str]]:
        """Add streams to a multiplex socket, on the connection that it has.

        :return: a future whose result, once the exchange has acknowledged them, are the names; its
            exception, if one is refused, is a `ValueError`.  It is cancelled if a later call takes
            them away again before that, or the socket ends.  It need not be looked at.
        :raises KeyError: no such socket.
        :raises ValueError: the socket is none of `start_multiplex_socket`.
        """
        return self._socket(conn_key).change("subscribe", _streams.check_names(streams))

    def unsubscribe(self, conn_key: str, streams: Iterable[str]) -> _Future[list[str]]:
        """Take streams from a multiplex socket; as `subscribe`."""
        return self._socket(conn_key).change("unsubscribe", _streams.check_names(streams))

    def rotate(self, conn_key: str) -> None:
        """Replace the socket's link by a new one now; no event is lost or doubled.

        :raises KeyError: no such socket.
        """
        self._socket(conn_key).rotate()

    # Streams of USD-M futures: messages are `{"stream": name, "data": payload}`, keys `usdm:name`
    # https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams

    def start_symbol_mark_price_socket(
        self, symbol: str, callback: _Callback, fast: bool = True, **options: Any
    ) -> str | bool:
        """Mark price and funding rate of a contract, each second, or each three (`fast=False`)."""
        return self._futures(_streams.mark_price(symbol, fast), callback, options)

    def start_all_mark_price_socket(
        self, callback: _Callback, fast: bool = True, **options: Any
    ) -> str | bool:
        """The same of every contract: a list under `data`."""
        return self._futures(_streams.mark_price(None, fast), callback, options)

    def start_symbol_ticker_futures_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> str | bool:
        """Best bid and ask of a contract (`bookTicker`)."""
        return self._futures(_streams.book_ticker(symbol, "usdm"), callback, options)

    def start_all_ticker_futures_socket(self, callback: _Callback, **options: Any) -> str | bool:
        """Best bid and ask of every contract (`!bookTicker`)."""
        return self._futures(_streams.of_market("bookTicker", "usdm"), callback, options)

    def start_aggtrade_futures_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> str | bool:
        """Trades of one taker order together (`aggTrade`)."""
        return self._futures(_streams.agg_trade(symbol, "usdm"), callback, options)

    def start_individual_symbol_ticker_futures_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> str | bool:
        """24 h statistics of a contract (`24hrTicker`)."""
        return self._futures(_streams.ticker(symbol, "usdm"), callback, options)

    def start_futures_multiplex_socket(
        self, streams: Iterable[str], callback: _Callback, **options: Any
    ) -> str | bool:
        """Several streams of USD-M futures on one key, of whichever kinds.

        The exchange serves some kinds on `/public` and some on `/market`: they are told apart here.
        """
        names = _streams.check_names(streams)
        key = _streams.key(_streams.combined_path(names), "usdm")
        return self._open("FSTREAM_URL", key, callback, options, _multiplex(names, "usdm"))

    # Streams of options: keys `options:name`
    # https://developers.binance.com/docs/derivatives/options-trading/websocket-market-streams

    def start_options_multiplex_socket(
        self, streams: Iterable[str], callback: _Callback, **options: Any
    ) -> str | bool:
        """Several streams of options on one key; names verbatim."""
        names = _streams.check_names(streams)
        key = _streams.key(_streams.combined_path(names), "options")
        return self._open("VSTREAM_URL", key, callback, options, _multiplex(names, "options"))

    def start_options_ticker_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> str | bool:
        """24 h statistics of an option (today's `optionTicker`)."""
        return self._options_market(
            _streams.of_symbol("optionTicker", symbol, "options"), callback, options
        )

    def start_options_recent_trades_socket(
        self, symbol: str, callback: _Callback, **options: Any
    ) -> str | bool:
        """Each trade of an option or underlying (today's `optionTrade`)."""
        return self._options_market(
            _streams.of_symbol("optionTrade", symbol, "options"), callback, options
        )

    def start_options_kline_socket(
        self,
        symbol: str,
        callback: _Callback,
        interval: str = _enums.KLINE_INTERVAL_1MINUTE,
        **options: Any,
    ) -> str | bool:
        """Candles of an option."""
        return self._options_market(
            _streams.kline(symbol, interval, market="options"), callback, options
        )

    def start_options_depth_socket(
        self, symbol: str, callback: _Callback, depth: str | int = "10", **options: Any
    ) -> str | bool:
        """The best levels of an option's order book, each 500 ms."""
        return self._options_market(_streams.options_depth(symbol, depth), callback, options)

    # Accounts
    # https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream

    def start_user_socket(
        self, callback: _Callback, *, client: Any = None, **options: Any
    ) -> str | bool:
        """Events of the spot account: `executionReport`, `outboundAccountPosition`, ..

        :param client: whose account, if not the manager's client's; each has a key of its own.
        :return: `'user'`, or `'user:2'` and so on for further clients.  Started again, the socket
            takes the new callback.
        :raises ValueError: the client has no API key and secret.

        A key that the exchange refuses ends in the error dict and a `GaveUp` with code and reason.
        """
        return self._account("user", callback, client, options, self._spot_account)

    def start_margin_socket(
        self, callback: _Callback, *, client: Any = None, **options: Any
    ) -> str | bool:
        """Events of the cross margin account; as `start_user_socket`, key `'margin'`."""
        return self._account("margin", callback, client, options, _accounts.margin)

    def start_isolated_margin_socket(
        self, symbol: str, callback: _Callback, *, client: Any = None, **options: Any
    ) -> str | bool:
        """Events of an isolated margin account; as `start_user_socket`, key `'margin:ETHBTC'`."""
        pair = _streams.check_symbol(symbol).upper()

        def account(client: Any) -> _accounts.MakeSession:
            return _accounts.margin(client, pair)

        return self._account(f"margin:{pair}", callback, client, options, account)

    # Ending

    def stop_socket(self, conn_key: str) -> None:
        """Close one socket; its callback is not called again.  Unknown keys are no error."""
        with self._lock:
            conn = self._conns.pop(conn_key, None)
            self._account_callbacks.pop(conn_key, None)
            accounts = [name for name, key in self._listen_keys.items() if conn_key in (name, key)]
        for account in accounts:
            self._stop_account_socket(account)
        if conn is not None:
            self._end(conn)

    # Looking

    def wait_open(self, conn_key: str, timeout: float | None = None) -> bool:
        """Wait until the socket's link is open.

        :param timeout: seconds, None for ever.
        :return: False if it was not open in time, or has ended.
        :raises KeyError: no such socket.
        :raises RuntimeError: called in the reactor thread, which would wait for itself.
        """
        if _reactor.in_reactor_thread():
            raise RuntimeError("wait_open in the reactor thread would wait for itself")
        return self._socket(conn_key).wait_open(timeout)

    def stats(self) -> dict[str, dict[str, Any]]:
        """For each key its `messages, bytes, reconnects, connected, last_message_age` (seconds,
        None before the first), `dropped, callback_errors`."""
        with self._lock:
            conns = dict(self._conns)
        return {key: conn.stats() for key, conn in conns.items() if isinstance(conn, _Socket)}

    # For subclasses

    def _start_socket(
        self, path: str, callback: _Callback, prefix: str = "ws/", **options: Any
    ) -> str | bool:
        """Open `STREAM_URL + prefix + path` under the key `path`; override to drive it yourself."""
        if prefix.startswith("stream?"):
            names, query = _streams.split_queries((prefix + path).removeprefix("stream?"))
            sessions = _multiplex(names, query=query)
        elif _plumbing.is_listen_key(path):
            sessions = _keyed(prefix + path, "spot")
        else:
            name, query = _streams.split_query(path)
            sessions = _raw(f"{prefix}{name}{'?' if query else ''}{query}", name)
        return self._open("STREAM_URL", path, callback, options, sessions)

    # Inside

    def _market(
        self, path: str, callback: _Callback, options: dict[str, Any], prefix: str = "ws/"
    ) -> str | bool:
        self._socket_options(callback, options)  # wrong ones are refused before anything is done
        if prefix == "ws/":  # an override may have been written without a third parameter
            return self._start_socket(path, callback, **options)
        return self._start_socket(path, callback, prefix, **options)

    def _account(
        self,
        name: str,
        callback: _Callback,
        client: Any,
        options: dict[str, Any],
        account: Callable[[Any], _accounts.MakeSession],
    ) -> str | bool:
        """Open an account's socket, or give the one that there is another callback."""
        client = self._client if client is None else client
        socket_options = self._socket_options(callback, options)
        make_session = account(client)
        with self._lock:
            number = self._number(client)
            key = name if number == 1 else f"{name}:{number}"
            self._account_callbacks[key] = callback
            socket = self._conns.get(key)
            if isinstance(socket, _Socket):
                if socket.replace_callback(callback, socket_options):
                    return key
                self.stop_socket(key)
        table = self._endpoints(client)

        def sessions(socket: _Socket, bases: Sequence[str]) -> Sequence[_Session]:
            if client is not self._client and table.stream != self._endpoints().stream:
                bases = [_endpoints.with_slash(table.require("stream"))]  # another environment's
            session = make_session(socket, bases, table)
            socket.client = client  # held as long as the socket, and no longer
            if isinstance(session, _ListenKeySession):
                session.note_key = functools.partial(self._note_listen_key, socket)
            return [session]

        opened = self._open("STREAM_URL", key, callback, options, sessions)
        if not opened:  # another thread was quicker: its socket takes the callback
            return self._account(name, callback, client, options, account)
        return opened

    def _number(self, client: Any) -> int:
        """The number of a client's keys: of those of the manager's own client, 1."""
        clients = [known() for known in self._accounts]
        for number, known in enumerate(clients, 1):
            if known is client:
                return number
        try:
            reference: Callable[[], Any] = weakref.ref(client)
        except TypeError:  # an object that takes no references is kept
            reference = lambda: client  # noqa: E731
        for at, known in enumerate(clients):
            if at and known is None:
                self._accounts[at] = reference
                return at + 1
        self._accounts.append(reference)
        return len(self._accounts)

    def _note_listen_key(self, socket: _Socket, listen_key: str) -> None:
        with self._lock:
            if self._conns.get(socket.key) is socket:
                self._listen_keys[socket.key] = _plumbing.HiddenKey(listen_key)

    def _spot_account(self, client: Any) -> _accounts.MakeSession:
        by_listen_key = self._endpoints(client).serves_listen_keys
        return _accounts.spot(client, by_listen_key, self._user_timeout)

    def _whole_market(
        self, key: str, kind: str, callback: _Callback, options: dict[str, Any]
    ) -> str | bool:
        base, _ = self._base_url("STREAM_URL")
        table = self._endpoints()
        where = _endpoints.environment_of(base) or table.environment
        if where in _endpoints.LEGACY:
            return self._market(key, callback, options)
        rest = None if "ws_api" in table.given else _endpoints.market_data_rest(base)
        fetch = None if rest is None else lambda: self._symbols(rest)
        listing = _endpoints.alternatives(table.require("ws_api"), "ws_api" in table.given)

        def sessions(socket: _Socket, bases: Sequence[str]) -> Sequence[_Session]:
            socket.multiplex = _WholeMarket(socket, bases, listing, kind, fetch)
            return socket.multiplex.sessions

        return self._open("STREAM_URL", key, callback, options, sessions)

    def _symbols(self, rest: str) -> list[str]:
        """The symbols that trade, in lower case, from a REST address.  Blocks."""
        from binance.client import Client

        with Client._of_address(f"{rest}/api", self._proxy, self._trusted()) as client:
            info = client.get_exchange_info(symbolStatus="TRADING", showPermissionSets="false")
        symbols = [one["symbol"] for one in info["symbols"] if one.get("status") == "TRADING"]
        return [symbol.lower() for symbol in symbols]

    def _futures(self, name: str, callback: _Callback, options: dict[str, Any]) -> str | bool:
        self._socket_options(callback, options)
        return self._start_futures_socket(name, callback, **options)

    def _start_futures_socket(
        self, path: str, callback: _Callback, prefix: str = "stream?streams=", **options: Any
    ) -> str | bool:
        """Open a USD-M stream; override to drive it yourself."""
        key = _streams.key(path, "usdm")
        if _plumbing.is_listen_key(path):
            query = f"private/stream?listenKey={path}&events={'/'.join(_endpoints.USDM_EVENTS)}"
            return self._open("FSTREAM_URL", key, callback, options, _keyed(query, "usdm"))
        sessions = _multiplex([path], "usdm", is_fixed=True)
        return self._open("FSTREAM_URL", key, callback, options, sessions)

    def _options_market(
        self, name: str, callback: _Callback, options: dict[str, Any]
    ) -> str | bool:
        key = _streams.key(name, "options")
        sessions = _multiplex([name], "options", is_fixed=True)
        return self._open("VSTREAM_URL", key, callback, options, sessions)

    def _open(
        self,
        attribute: str,
        key: str,
        callback: _Callback,
        options: dict[str, Any],
        sessions: Callable[[_Socket, Sequence[str]], Sequence[_Session]],
    ) -> str | bool:
        """Open a socket whose sessions are made with the base URLs to try in turn."""
        socket_options = self._socket_options(callback, options)
        base, given = self._base_url(attribute)
        bases = [_endpoints.with_slash(url) for url in _endpoints.alternatives(base, given)]
        _check_url(bases[0], allow_plain=self._allow_plain, ca_file=self._trusted())
        with self._lock:
            if key in self._conns:
                return False
            self._be_ready()
            socket = _Socket(
                self._home,
                key,
                callback,
                self._world(),
                socket_options,
                lambda socket: sessions(socket, bases),
            )
            self._conns[key] = socket
            self._home.add(socket)
        socket.start()
        return key

    def _socket(self, conn_key: str) -> _Socket:
        conn = self._conns.get(conn_key)
        if conn is None:
            raise KeyError(_shown(conn_key))  # which may be a listen key
        if not isinstance(conn, _Socket):
            shown = _shown(conn_key)
            raise KeyError(f"{shown} is a connector of your own, not a socket of this manager")
        return conn

    def _socket_options(self, callback: _Callback, options: dict[str, Any]) -> _Options:
        allowed = ("dispatch", "queue_size", "overflow")
        if unknown := sorted(set(options) - set(allowed)):
            raise TypeError(f"no such option: {', '.join(unknown)}; allowed: {', '.join(allowed)}")
        merged = replace(self._options, **options)
        _dispatch.check(callback, merged.dispatch, merged.queue_size, merged.overflow)
        return merged

    def _base_url(self, attribute: str) -> tuple[str, bool]:
        """A URL attribute's value, read now, and whether it is the user's own."""
        if attribute in vars(self) or getattr(type(self), attribute) != _DEFAULT_URLS[attribute]:
            return getattr(self, attribute), True
        table = self._endpoints()
        market = _URL_FIELDS[attribute]
        return table.stream_of(market), _endpoints.STREAM_FIELDS[market] in table.given

    def _endpoints(self, client: Any = None) -> _endpoints.Endpoints:
        """The addresses of a client's environment; by default those of the manager's client."""
        client = self._client if client is None else client
        tld = getattr(client, "tld", None)
        return _endpoints.resolve(
            os.environ,
            tld=tld if isinstance(tld, str) else "com",
            testnet=getattr(client, "testnet", None) is True,
            demo=getattr(client, "demo", None) is True,
        )

    def _be_ready(self) -> None:
        """A socket started after `close()` revives the manager; after `reactor.stop()` none can."""
        if self._is_closed or _reactor.is_stopped():
            self.start()

    def _trusted(self) -> str | None:
        """The file of certificates to trust besides the system's."""
        return self._ca_file or self._endpoints().ca_file

    def _world(self) -> _tx_world.World:
        clock = _reactor.clock()
        ca_file = self._trusted()

        def dial(url: str, factory: Any) -> Any:
            factory.allow_plain = self._allow_plain
            factory.protocol = self.protocol
            return _dial(clock, url, factory, ca_file=ca_file, proxy=self._proxy)

        return _tx_world.of_this_process(
            dial,
            idle_timeout=self._idle_timeout,
            rotate_after=self._rotate_after,
            time_unit=self._time_unit,
            connects=(
                _tx_world.shared_connects_and_loopback
                if self._limits_on_loopback
                else _tx_world.shared_connects
            ),
            messages=functools.partial(
                _tx_world.message_budget, on_loopback=self._limits_on_loopback
            ),
        )

    def _end(self, conn: Any) -> None:
        if isinstance(conn, _Socket):
            conn.stop()
        else:
            _adopted.stop(conn, self._home)

    # For depth caches

    def _follow(self, conn_key: str) -> None:
        """Have the socket's callback told of its link as well, see `Socket.follow`."""
        conn = self._conns.get(conn_key)
        if isinstance(conn, _Socket):
            conn.follow()

    def _when_stopped(self, conn_key: str, stopped: Callable[[], None]) -> object:
        """What has the key; have it call this when anybody stops it, see `Socket.when_stopped`."""
        conn = self._conns.get(conn_key)
        socket = conn if isinstance(conn, _Socket) else getattr(conn, "owner", None)
        if isinstance(socket, _Socket):
            socket.when_stopped(stopped)
        elif conn is None:
            stopped()
        return conn

    def _stop_own(self, conn_key: str, conn: object) -> None:
        """Stop the key's socket if it is this one."""
        with self._lock:
            if self._conns.get(conn_key) is conn:
                self.stop_socket(conn_key)

    def _drops_messages(self, conn_key: str) -> bool:
        """Whether the socket's queue keeps the newest messages only."""
        conn = self._conns.get(conn_key)
        return isinstance(conn, _Socket) and conn.dispatch.drops_messages

    def _restart_ids(self, conn_key: str) -> None:
        """The ids of the socket's streams began anew, see `Socket.restart_ids`."""
        conn = self._conns.get(conn_key)
        if isinstance(conn, _Socket):
            conn.restart_ids()

    def _deliver(self, conn_key: str, message: object) -> None:
        """Call the socket's callback with a message of our own, by the rules of every other."""
        conn = self._conns.get(conn_key)
        if isinstance(conn, _Socket):
            conn.aside(message)

    def _held(self) -> list[tuple[str, Any]]:
        """What `_conns` holds now.  Any thread."""
        with self._lock:
            return list(self._conns.items())

    def _release(self, conn: object) -> None:
        """Forget the key of a socket that has ended by itself."""
        with self._lock:
            for key, value in self._held():
                if value is conn:
                    del self._conns[key]
                    if key in self._listen_keys:
                        self._listen_keys[key] = None


def _check_seconds(name: str, value: object) -> None:
    if value is not None and (not isinstance(value, (int, float)) or not value > 0):
        raise ValueError(f"{name} must be a number of seconds above 0, or None, not {value!r}")


def _raw(path: str, name: str) -> Callable[[_Socket, Sequence[str]], Sequence[_Session]]:
    return lambda socket, bases: [_RawSession(socket, bases, path, name)]


def _keyed(path: str, market: str) -> Callable[[_Socket, Sequence[str]], Sequence[_Session]]:
    return lambda socket, bases: [_KeyedSession(socket, bases, path, market)]


def _multiplex(
    names: Iterable[str], market: str = "spot", query: str = "", is_fixed: bool = False
) -> Callable[[_Socket, Sequence[str]], Sequence[_Session]]:
    def sessions(socket: _Socket, bases: Sequence[str]) -> Sequence[_Session]:
        socket.multiplex = _Multiplex(socket, bases, names, market, query=query, is_fixed=is_fixed)
        return socket.multiplex.sessions

    return sessions


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

# What ``from binance.websockets import *`` gave: whoever writes it wants `Client` and `reactor`.
__all__ += [*_BORROWED, "reactor", "threading"]  # noqa: F822, PLE0604


def __getattr__(name: str) -> Any:
    if name == "reactor":
        return _reactor.get()
    if name not in _BORROWED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _BORROWED[name]
    loaded = importlib.import_module(module)
    return loaded if attribute is None else getattr(loaded, attribute)
