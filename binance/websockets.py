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

import contextlib
import importlib
import logging
import os
import threading
import warnings
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future as _Future
from typing import TYPE_CHECKING, Any, Literal, Self

from binance import enums as _enums
from binance.events import Event
from binance.exceptions import BinanceConnectionError as _BinanceConnectionError
from binance.helpers import _WarnsOfOverrides
from binance.sansio.feed.gapless import Gapless
from binance.sansio.link.clock import SAMPLES as _CLOCK_SAMPLES
from binance.sansio.link.reconnect import RetryPolicy as _RetryPolicy
from binance.sansio.link.stats import LatencyStats, RedundancyStats, SocketStats
from binance.sansio.link.stats import Stats as _Stats
from binance.sansio.names import named as _named
from binance.sansio.names import streams as _streams
from binance.sansio.wire.data_frames import KlinesFrame
from binance.ws import clash as _clash

if TYPE_CHECKING:
    from binance.messages import KlineInterval

try:
    from binance.tx.generated import StartMethods as _StartMethods
except RuntimeError as error:  # txaio's, which serves one framework in a process
    raise ImportError(
        "binance.websockets needs Autobahn on Twisted, but this program has imported "
        "autobahn.asyncio, and a process can have only one of them; use "
        "autobahn.twisted there, or run the other in a process of its own"
    ) from error

from binance.tx.dependencies import ROTATE_AFTER as _ROTATE_AFTER
from binance.tx.loop import reactor as _reactor
from binance.tx.loop.reactor import Lifetime as _Lifetime
from binance.tx.messages import Messages as _Messages
from binance.tx.sessions import legacy_methods as _legacy
from binance.tx.sessions.user_connectors import BinanceClientFactory
from binance.tx.sessions.user_connectors import socket_of as _socket_of
from binance.tx.socket import Options as _Options
from binance.tx.socket import SocketOptions
from binance.tx.sockets import Links as _Links
from binance.tx.sockets import Sockets as _Sockets
from binance.tx.sockets import Url as _Url
from binance.tx.wire.protocol import BinanceClientProtocol, BinanceReconnectingClientFactory
from binance.ws.generated import AwaitedMethods as _AwaitedMethods
from binance.ws.reconnecting_websocket import _SocketsByPath

__all__ = [
    "BinanceClientFactory",
    "BinanceClientProtocol",
    "BinanceReconnectingClientFactory",
    "BinanceSocketManager",
    "Gapless",
    "KlinesFrame",
    "LatencyStats",
    "RedundancyStats",
    "SocketOptions",
    "SocketStats",
]

_logger = logging.getLogger("binance")

#: How long `klines_frame` waits for the stream.
_FRAME_SECONDS = 30.0
#: Calls of `start()` on a manager that runs after which a loop around them is warned of.
_NEEDLESS_STARTS = 10

if (_warning := _clash.clash_warning()) is not None:
    warnings.warn(_warning, stacklevel=2)


def _source_of(url: str, ca_file: str | None) -> Any:
    """An engine as the source of a manager's streams."""
    from binance.relay.source import Source

    trusted = ca_file or os.environ.get("BINANCE_CA_FILE")
    return Source(url, _reactor.call, os.environ.get("NATS_CREDS"), trusted)


def _url(template: str) -> Any:
    """A URL attribute, which users may assign to, in subclasses and instances."""
    return _Url(template)


class BinanceSocketManager(
    _StartMethods, _AwaitedMethods, _SocketsByPath, _WarnsOfOverrides, threading.Thread
):
    """Starts and stops sockets.  The process runs as long as a manager is open.

    A method that starts a market socket returns its socket key (a `str`), or `False` if the stream
    is already open.  A wrong argument raises `TypeError` or `ValueError` at once.  A manager that
    cannot run, because the reactor was stopped or the process forked, raises `RuntimeError`.

    :param client: the client whose account the account sockets use; public streams need none.
    :param user_timeout: seconds from one renewal of a listen key to the next, where accounts still
        have listen keys; those of futures, options and portfolio margin are renewed every 300 s
        at least.
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
    :param received: add `_received` to each message: the time of its receipt, in nanoseconds of
        UNIX time.
    :param measure_clock: measure the difference between the exchange's clock and this computer's
        by some REST calls, at the start and then every ten minutes in which `stats()` is called.
    :param on_event: called with each event of a socket, see `binance.events`.
    :param gapless: fetch the trades, aggregate trades and candles that a socket has missed, and
        deliver them in order before the next ones; a `Gapless` sets the limits.
    :param checkpoint: a file that keeps how far each stream was processed, so that a restarted
        program goes on there.
    :param reconcile: fetch the orders and trades that an account socket has missed, and deliver
        them as events of its stream with `"reconciled": True`; a list of symbols asks about these
        in any case.
    :param source: the URL of a NATS server, such as `nats://host:4222`: market streams come from
        the relays that publish there; None for that of `BINANCE_STREAM_URL`, or the exchange.
    :param ca_file: a PEM file of certificates that are trusted in addition to the system's.
    :param proxy: URL of an HTTP or SOCKS5 proxy; None for that of the environment, `''` for no
        proxy.
    :param allow_plain: allow `ws://` to other computers, neither encrypted nor verified.
    :param limits_on_loopback: keep the exchange's limits of messages and connects also for
        connections to this computer; for tests.
    :param max_queue_size: the most messages that wait for `recv()` of an awaited socket; None for
        `ReconnectingWebsocket.MAX_QUEUE_SIZE`.
    :param verbose: let the logger `binance` log everything, at the level DEBUG.
    """

    STREAM_URL: str = _url("wss://stream.binance.com:9443/")
    FSTREAM_URL: str = _url("wss://fstream.binance.com/")
    DSTREAM_URL: str = _url("wss://dstream.binance.com/")
    VSTREAM_URL: str = _url("wss://vstream.binance.com/")
    VSTREAM_TESTNET_URL = "wss://testnetws.binanceops.com/"
    # Scripts for python-binance 1.0 assign these to those above.
    STREAM_TESTNET_URL = "wss://stream.testnet.binance.vision/"
    STREAM_DEMO_URL = "wss://demo-stream.binance.com/"
    FSTREAM_TESTNET_URL = "wss://fstream.binancefuture.com/"
    FSTREAM_DEMO_URL = "wss://demo-fstream.binance.com/"
    DSTREAM_TESTNET_URL = "wss://dstream.binancefuture.com/"
    DSTREAM_DEMO_URL = "wss://demo-dstream.binance.com/"
    WEBSOCKET_DEPTH_5: Literal["5"] = _enums.WEBSOCKET_DEPTH_5
    WEBSOCKET_DEPTH_10: Literal["10"] = _enums.WEBSOCKET_DEPTH_10
    WEBSOCKET_DEPTH_20: Literal["20"] = _enums.WEBSOCKET_DEPTH_20
    DEFAULT_USER_TIMEOUT = 30 * 60  # seconds

    #: The protocol class of each connection.  A subclass of the manager may set another one, whose
    #: `onMessage(payload, isBinary)` gets every message as it arrived.
    protocol = BinanceClientProtocol

    _overridden_in_vain = (
        "_get_(futures_|account_|options_)?socket|_get_stream_url",
        "override the public method, or assign STREAM_URL and its like",
    )
    _is_daemon = False
    _recv_queue_size: int | None = None
    _lifetime: _Lifetime | None = None
    _needless_starts = 0

    def __init__(
        self,
        client: Any = None,
        user_timeout: float = DEFAULT_USER_TIMEOUT,
        *,
        max_retries: int | None = 5,
        dispatch: Literal["reactor", "thread"] = "reactor",
        queue_size: int = 10_000,
        overflow: Literal["drop_oldest", "latest", "block"] = "drop_oldest",
        redundancy: Literal[1, 2] = 1,
        received: bool = False,
        measure_clock: bool = False,
        idle_timeout: float | None = None,
        rotate_after: float | None = _ROTATE_AFTER,
        time_unit: Literal["ms", "us"] | None = None,
        on_event: Callable[[Event], object] | None = None,
        gapless: bool | Gapless = False,
        checkpoint: str | os.PathLike[str] | None = None,
        reconcile: bool | Collection[str] = False,
        source: str | None = None,
        ca_file: str | None = None,
        proxy: str | None = None,
        allow_plain: bool = False,
        limits_on_loopback: bool = False,
        max_queue_size: int | None = None,
        verbose: bool = False,
    ) -> None:
        """Connect to nothing yet.  The arguments are described at the class."""
        threading.Thread.__init__(self, name="binance-manager", daemon=False)
        _StartMethods.__init__(self, client, user_timeout)
        retries = _RetryPolicy(max_retries)
        given = redundancy, idle_timeout, rotate_after, received, gapless, checkpoint, reconcile
        self._options = _Options(dispatch, queue_size, overflow, retries, *given)
        how = time_unit, limits_on_loopback, measure_clock, source
        links = _Links(ca_file, proxy, allow_plain, *how)
        self._open_sockets = _Sockets(self, self._options, links, on_event, _source_of)
        self._lock = self._open_sockets.lock
        self._take(max_queue_size, verbose)

    def _take(self, max_queue_size: int | None, verbose: bool) -> None:
        """The arguments of python-binance 1.0."""
        self._recv_queue_size = max_queue_size
        if verbose:
            _logger.setLevel(logging.DEBUG)

    # The lifetime of the manager

    def start(self) -> None:
        """Start the manager's sockets, in the reactor thread that all managers share.

        Returns when the reactor runs.  May be called twice, and after `close()`.
        """
        _reactor.check_usable()
        # Before the reactor runs: a callback may call `close()` before `start()` has returned.
        with self._lock:
            is_closed = self._open_sockets.is_closed  # its lifetime may go on for a moment
            lifetime = self._open_sockets.enter()
            if lifetime is not self._lifetime:
                self._begin(lifetime)
            elif not is_closed:
                self._note_needless_start()
        _reactor.ensure_running()
        self._open_sockets.keep_time(self._clock_samples)

    def join(self, timeout: float | None = None) -> None:
        """Wait until the manager is closed or the reactor stopped, or for some seconds."""

        def has_ended(seconds: float | None) -> bool:
            threading.Thread.join(self, seconds)
            return not threading.Thread.is_alive(self)

        _reactor.wait(has_ended, timeout)

    def _begin(self, lifetime: _Lifetime) -> None:
        self._lifetime = lifetime
        try:
            if self.ident is not None:  # a finished thread cannot be started again, only made again
                threading.Thread.join(self)
                threading.Thread.__init__(self, name=self.name, daemon=self.daemon)
            threading.Thread.start(self)
        except RuntimeError:  # the interpreter is shutting down, or there are too many threads
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
            _reactor.check_usable()
            self._lifetime = self._open_sockets.enter()
            _reactor.ensure_running()
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
        self._closes, self._needless_starts = self._closes + 1, 0
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
        return self.stats()._repr_html_(repr(self))

    # Live changes

    def subscribe(self, conn_key: str | bool, streams: Iterable[str]) -> _Future[list[str]]:
        """Add streams to a multiplex socket while it runs.

        :return: a future, which you may ignore.  Its result are the names, when the exchange has
            confirmed them; its exception is a `ValueError`, if the exchange refused one.  It is
            cancelled if the socket ends first, or a later call removes the streams again.
        :raises KeyError: there is no such socket.
        :raises ValueError: the socket is not a multiplex socket, or has ``group=``.
        """
        return self._open_sockets.get(conn_key).change("SUBSCRIBE", _streams.check_names(streams))

    def unsubscribe(self, conn_key: str | bool, streams: Iterable[str]) -> _Future[list[str]]:
        """Remove streams from a multiplex socket while it runs; otherwise like `subscribe`."""
        return self._open_sockets.get(conn_key).change("UNSUBSCRIBE", _streams.check_names(streams))

    def rotate(self, conn_key: str | bool) -> None:
        """Replace the socket's connection now; no event is lost or delivered twice.

        :raises KeyError: there is no such socket.
        """
        self._open_sockets.get(conn_key).rotate()

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
        :param options: those of a socket, see `SocketOptions`, without `dispatch` and `group`.
        :raises BinanceStreamLost: in the loop, when all retries have failed.
        """
        return _Messages(self, _named.sources(streams), events, client, options)

    # Data frames

    def klines_frame(
        self, symbol: str, interval: "KlineInterval" = "1m", limit: int = 500
    ) -> KlinesFrame:
        """The latest candles of a spot symbol, and from now on those of the stream, for pandas.

        Returns when the past candles are there; the manager must have been started.  Candles that
        the stream has missed are fetched, see `gapless`.

        :param limit: how many past candles, 1 to 1000.
        :raises ImportError: pandas is not installed; the extra ``pandas`` installs it.
        :raises ValueError: an argument is wrong, or the stream of these candles is already open.
        :raises BinanceConnectionError: the stream did not open within 30 seconds.
        """
        candles = KlinesFrame(symbol, interval, limit)
        candles.key = self.start_kline_socket(symbol, candles._add, interval, gapless=True)
        if not candles.key:
            raise ValueError("the stream of these candles is already open")
        try:
            self._fill(candles, limit)
        except BaseException:
            self.stop_socket(candles.key)
            raise
        return candles

    def _fill(self, candles: KlinesFrame, limit: int) -> None:
        assert candles.key
        self._when_stopped(candles.key, candles._end)
        is_open = False
        with contextlib.suppress(KeyError):  # it may have given up already, and be gone
            is_open = self.wait_open(candles.key, _FRAME_SECONDS)
        if not is_open:
            raise _BinanceConnectionError("the stream of candles did not open")
        symbol, interval = candles.symbol.upper(), candles.interval
        with self._public_client() as client:
            candles._add_past(client.get_klines(symbol=symbol, interval=interval, limit=limit))

    # Ending

    def stop_socket(self, conn_key: str | bool) -> None:
        """Close one socket.  Its callback is not called again.  An unknown key causes no error."""
        if isinstance(conn_key, bool):  # what a start returns that opens nothing
            return
        with self._lock:
            self._open_sockets.forget(conn_key)
            conn = self._conns.pop(conn_key, None)
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
        if _reactor.is_inside():
            raise RuntimeError("wait_open in the reactor thread would wait for itself")
        socket = self._open_sockets.get(conn_key)
        self._open_sockets.check_started()
        return socket.wait_open(timeout)

    def stats(self) -> _Stats:
        """The figures of each socket, by its key: a dict of `SocketStats`.  From any thread.

        `json.dumps(bm.stats(), default=dict)` writes them as JSON.
        """
        self._open_sockets.keep_time(self._clock_samples)
        return _Stats((key, one.stats()) for key, one in self._open_sockets.by_key().items())

    def _clock_samples(self) -> list[tuple[float, float, float]]:
        """Ask for the exchange's time some times, over one connection.  Blocks."""
        now = _reactor.clock().seconds
        with self._public_client(self._site("STREAM_URL").table.rest) as client:

            def sample() -> tuple[float, float, float]:
                sent, theirs = now(), client.get_server_time()["serverTime"]
                return sent, theirs / 1000, now()

            return [sample() for _ in range(_CLOCK_SAMPLES)]

    # Inside

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

    # For depth caches

    def _book_client(self, client: Any) -> Any:
        """The client that fetches snapshots of order books: this one, or one that asks relays."""
        source: Any = self._open_sockets.source
        return client if source is None else source.books

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
        """Stop the key's socket if it is this one, even if it has failed."""
        with self._lock:
            if self._conns.get(conn_key, conn) is conn:
                self.stop_socket(conn_key)


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
