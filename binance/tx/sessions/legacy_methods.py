"""Private methods of the old manager that published subclasses call, override or copy.

In the old library each account socket was a market socket whose path was a listen key, and a timer
of the manager kept the key alive.  These methods still do that where the exchange has listen keys.
Elsewhere they open our account socket, which needs no listen key.
"""

from __future__ import annotations

import functools
import logging
import math
import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from binance.exceptions import BinanceAPIException
from binance.sansio.names.sites import Site
from binance.tx.sessions import clients
from binance.tx.socket import Socket

if TYPE_CHECKING:
    from binance.tx.sessions.client_accounts import MakeSession

logger = logging.getLogger("binance")

_SYMBOL = re.compile(r"[A-Z0-9]+")
#: The accounts that old scripts look up whether they are open or not.
_OF_OLD = ("user", "margin")


class HiddenKey(str):
    """A listen key with a repr that hides it, because users log `vars()` of a manager."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


def ending(close: Callable[..., Any], end: Callable[[Any], None]) -> Callable[..., Any]:
    """Wrap a subclass's `close`, so that the manager ends as after our own `close`.

    Old subclasses copied theirs from a manager whose thread never ended.
    """

    @functools.wraps(close)
    def closed(self: Any, *args: Any, **options: Any) -> Any:
        before = self._closes
        try:
            return close(self, *args, **options)
        finally:
            if self._closes == before:  # it has not called our `close`
                end(self)

    return closed


class LegacyMethods:
    """The old library's methods for account sockets by listen key."""

    #: how often `close` was called
    _closes = 0

    def __init__(self, client: Any, user_timeout: Any) -> None:
        client = clients.checked_client(client)
        number = isinstance(user_timeout, int | float) and not isinstance(user_timeout, bool)
        if not (number and 0 < user_timeout < math.inf):
            raise ValueError(f"user_timeout must be above 0 seconds, not {user_timeout!r}")
        self._client = client
        self._user_timeout = user_timeout
        self.testnet = getattr(client, "testnet", None) in (True,)  # a mock has something else
        #: key -> its socket
        self._conns: dict[str, Any] = {}
        self._account_callbacks: dict[str, Callable[[Any], object]] = {}
        #: account (`'user'`, `'margin'`, or an isolated symbol) -> its listen key, if it has one
        self._listen_keys: dict[str, str | None] = dict.fromkeys(_OF_OLD)
        #: account -> the timer of `_start_socket_timer`
        self._timers: dict[str, threading.Timer | None] = dict.fromkeys(_OF_OLD)

    # members of the manager

    daemon: bool
    #: the class of the protocol on each link
    protocol: Any
    _lock: threading.RLock
    start: Callable[[], None]
    close: Callable[[], None]
    stop_socket: Callable[..., None]
    _start_socket: Callable[..., str | bool]
    _account: Callable[..., str | bool]
    _margin: Callable[..., str | bool]
    _spot_account: Callable[[Any, Site], MakeSession]
    _site: Callable[[str], Site]
    _public_client: Callable[[], Any]

    def _start_account_socket(
        self, socket_type: str, listen_key: str, callback: Callable[[Any], object]
    ) -> str | bool:
        """Open the socket of an account; returns its key."""
        is_known = socket_type in _OF_OLD or _SYMBOL.fullmatch(socket_type) is not None
        if is_known and not self._site("STREAM_URL").table.serves_listen_keys:
            if socket_type == "user":
                return self._account("user", callback, None, {}, self._spot_account)
            symbol = None if socket_type == "margin" else socket_type
            return self._margin(symbol, callback, None, {})
        self._check_account_socket_open(listen_key)
        self._listen_keys[socket_type] = HiddenKey(listen_key)
        self._account_callbacks[socket_type] = callback
        conn_key = self._start_socket(listen_key, callback)
        if conn_key:
            self._start_socket_timer(socket_type)
        return conn_key

    def _stop_account_socket(self, socket_type: str) -> None:
        """Stop the keepalive of an account's listen key, and stop its socket if there is one."""
        timer, listen_key = self._timers.pop(socket_type, None), self._forget_key(socket_type)
        if socket_type in _OF_OLD:
            self._timers[socket_type] = None
        self._account_callbacks.pop(socket_type, None)
        if timer is not None:
            timer.cancel()
        if listen_key is not None and listen_key in self._conns:
            self.stop_socket(listen_key)

    def _end_keepalives(self, listen_key: str) -> None:
        """The socket of this listen key has ended by itself: forget its account."""
        for account in [name for name, key in self._listen_keys.items() if key == listen_key]:
            self._stop_account_socket(account)

    def _forget_key(self, name: str) -> str | None:
        """Forget the listen key of an account, and return it."""
        listen_key = self._listen_keys.pop(name, None)
        if name in _OF_OLD:
            self._listen_keys[name] = None
        return listen_key

    def _forget_accounts(self) -> None:
        """Forget all accounts: the manager is closed."""
        self._account_callbacks.clear()
        self._listen_keys.update(dict.fromkeys(self._listen_keys))
        for timer in filter(None, self._timers.values()):
            timer.cancel()
        self._timers.update(dict.fromkeys(self._timers))

    def _note_listen_key(self, socket: Socket, listen_key: str) -> None:
        """Note the listen key that one of our account sockets uses."""
        with self._lock:
            if self._conns.get(socket.key) is socket:
                self._listen_keys[socket.key] = HiddenKey(listen_key)

    def _check_account_socket_open(self, listen_key: str) -> None:
        """Stop the socket of this listen key, if there is one."""
        if listen_key in self._conns:
            self.stop_socket(listen_key)

    def _start_socket_timer(self, socket_type: str) -> None:
        """Start the timer for the next keepalive, after `user_timeout` seconds."""
        before = self._timers.get(socket_type)
        if before is not None:
            before.cancel()
        timer = threading.Timer(self._user_timeout, self._keepalive_account_socket, [socket_type])
        timer.daemon = True
        self._timers[socket_type] = timer
        timer.start()

    def _keepalive_account_socket(self, socket_type: str) -> None:
        """Keep a listen key alive; if it has expired, reopen the socket with a new one."""
        listen_key = self._listen_keys.get(socket_type)
        callback = self._account_callbacks.get(socket_type)
        is_ours = isinstance(self._conns.get(socket_type), Socket)  # it keeps its own key alive
        if listen_key is None or callback is None or is_ours:
            return
        keep, make = self._calls(socket_type)
        try:
            try:
                keep(listenKey=listen_key)
            except BinanceAPIException:
                fresh = make()
                if fresh != listen_key and self._listen_keys.get(socket_type) == listen_key:
                    self.stop_socket(listen_key)
                    self._start_account_socket(socket_type, fresh, callback)
                    return
        except Exception as error:  # noqa: BLE001 - user code
            logger.warning("the keepalive of a listen key failed: %s", type(error).__name__)
        if self._listen_keys.get(socket_type) == listen_key:
            self._start_socket_timer(socket_type)

    def _calls(self, socket_type: str) -> tuple[Callable[..., Any], Callable[[], Any]]:
        """The client's methods that keep alive and create the listen key of an account."""
        client = self._client
        if socket_type == "margin":
            return client.margin_stream_keepalive, client.margin_stream_get_listen_key
        if socket_type.startswith("futures"):
            return client.futures_stream_keepalive, client.futures_stream_get_listen_key
        if socket_type == "user" or _SYMBOL.fullmatch(socket_type) is None:
            return client.stream_keepalive, client.stream_get_listen_key
        return (
            functools.partial(client.isolated_margin_stream_keepalive, socket_type),
            functools.partial(client.isolated_margin_stream_get_listen_key, socket_type),
        )
