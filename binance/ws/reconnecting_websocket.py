"""The sockets of python-binance 1.0 that are awaited: `async with socket: await socket.recv()`."""

from __future__ import annotations

from functools import partial
from typing import Any, Self

from binance.enums import FuturesType
from binance.events import Event
from binance.exceptions import BinanceStreamLost, ReadLoopClosed
from binance.tx.messages import NOTHING, Messages
from binance.ws.constants import WSListenerState
from binance.ws.error_messages import LOST, data_of, error_message, of_event

__all__ = ["KeepAliveWebsocket", "ReconnectingWebsocket"]


class _Received(Messages):
    """The messages and events of one socket, which a method of the manager starts."""

    def __init__(self, manager: Any, start: partial[Any], queue_size: int, is_bare: bool) -> None:
        super().__init__(manager, [], True, None, {"queue_size": queue_size, "overflow": "block"})
        self._start = start
        self._shape = data_of if is_bare else None

    def _open(self) -> None:
        inbox = self._inbox(self._shape)
        key = self._start(callback=inbox, **self._options)
        if not key:
            raise ValueError("a socket of this stream is open already")
        self._opened(key, inbox)

    async def until_open(self) -> None:
        """Wait until it is open, or its queue is full: what opens it might not be read then."""
        await self._await(lambda: NOTHING if self._is_opening else None)
        if self._error is not None:
            raise self._error
        if self.state is WSListenerState.EXITING:
            raise ReadLoopClosed("the socket was closed before it was open")

    @property
    def _is_opening(self) -> bool:
        is_full = any(getattr(conn, "is_paused", False) for conn in self._conns.values())
        return self.state is WSListenerState.RECONNECTING and not is_full

    @property
    def state(self) -> WSListenerState:
        if self.is_lost or all(inbox.is_over for inbox in self._inboxes):
            return WSListenerState.EXITING
        is_open = all(getattr(conn, "is_open", False) for conn in self._conns.values())
        return WSListenerState.STREAMING if is_open else WSListenerState.RECONNECTING


class ReconnectingWebsocket:
    """One socket, opened by `async with`.  Made by the methods of a `BinanceSocketManager`.

    The block is entered when the socket is open: what happens to an account from then on arrives.
    Failed tries are repeated meanwhile, for about 75 seconds by default; `asyncio.timeout` makes
    that shorter.  `BinanceStreamLost` is raised when the last one has failed, and `ReadLoopClosed`
    if the socket is closed before.

    A lost connection is retried.  `recv()` then returns one
    `{'e': 'error', 'type': 'ConnectionClosedError', 'm': reason}` between the messages.  The type
    is `ConnectionClosedOK` if the exchange has closed the connection with code 1000.
    """

    #: The most messages that wait for `recv()`; the socket stops reading when so many wait.
    MAX_QUEUE_SIZE = 100

    def __init__(self, manager: Any, method: str, is_bare: bool = False, **arguments: Any) -> None:
        self._manager = manager
        self._start = partial(getattr(manager, method), **arguments)
        self._is_bare = is_bare
        self._messages: _Received | None = None
        self._is_lost = False

    async def __aenter__(self) -> Self:
        if self._messages is not None and self._messages.state is not WSListenerState.EXITING:
            await self._messages.until_open()
            return self  # many scripts enter it in each round of their loop
        size = self._manager._recv_queue_size or self.MAX_QUEUE_SIZE
        messages = _Received(self._manager, self._start, size, self._is_bare)
        self._messages, self._is_lost = await messages.__aenter__(), False
        try:
            await messages.until_open()
        except BaseException:
            messages.close()
            raise
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._messages is not None:
            self._messages.close()

    @property
    def ws_state(self) -> WSListenerState:
        """Whether the socket waits to be opened, receives, has no connection, or has ended."""
        return WSListenerState.INITIALISING if self._messages is None else self._messages.state

    async def connect(self) -> Self:
        """Open the socket, as `async with` does."""
        return await self.__aenter__()

    async def close(self) -> None:
        """Close the socket, as the end of the block does."""
        await self.__aexit__()

    async def recv(self) -> Any:
        """The next message, as a callback would get it.

        :raises ReadLoopClosed: the socket is not open, or its last retry has failed.  The message
            before it was `{'e': 'error', 'type': 'BinanceWebsocketUnableToConnect', 'm': reason}`.
        """
        if self._messages is None or self._is_lost:
            raise ReadLoopClosed("the socket is not open: call recv() in an `async with` block")
        try:
            async for message in self._messages:
                if not isinstance(message, Event):
                    return message
                if (error := of_event(message)) is not None:
                    return error
        except BinanceStreamLost as lost:
            self._is_lost = True
            return error_message(LOST, str(lost))
        raise ReadLoopClosed("the socket was closed")


class KeepAliveWebsocket(ReconnectingWebsocket):
    """The same, under the name that it has for accounts in python-binance 1.0."""


_ACCOUNTS = {name: f"start_{name}_socket" for name in ("user", "margin", "futures", "coin_futures")}
_ACCOUNTS["portfolio_margin"] = "start_portfolio_margin_user_socket"


class _SocketsByPath:
    """How scripts for python-binance 1.0 open streams for which it has no method.

    A path is the name of a stream, or several with `/` between them.  With the prefix `ws/` the
    messages come without their envelope.  Parameters without a use here are accepted.
    """

    STREAM_URL: str

    def _get_socket(
        self,
        path: str,
        stream_url: str | None = None,
        prefix: str = "ws/",
        is_binary: bool = False,
        socket_type: object = None,
    ) -> ReconnectingWebsocket:
        if stream_url not in (None, self.STREAM_URL):
            raise ValueError("stream_url: assign STREAM_URL, or use _get_futures_socket")
        is_bare = prefix == "ws/"
        prefix = "stream?streams=" if is_bare and "/" in path else prefix
        return ReconnectingWebsocket(self, "_start_socket", is_bare, path=path, prefix=prefix)

    def _get_futures_socket(
        self,
        path: str,
        futures_type: FuturesType,
        prefix: str = "stream?streams=",
        category: object = None,
    ) -> ReconnectingWebsocket:
        names, method = path.removeprefix("streams=").split("/"), "start_futures_multiplex_socket"
        of = {"streams": names, "futures_type": futures_type}
        return ReconnectingWebsocket(self, method, prefix == "ws/", **of)

    def _get_account_socket(
        self, path: str, stream_url: object = None, prefix: str = "ws/", is_binary: bool = False
    ) -> ReconnectingWebsocket:
        if path in _ACCOUNTS:
            return ReconnectingWebsocket(self, _ACCOUNTS[path])
        return ReconnectingWebsocket(self, "start_isolated_margin_socket", symbol=path)
