"""The connection to the engine, a NATS server with JetStream, in a thread with an asyncio loop.

Each connection is a new one: nats-py's own reconnecting keeps what was sent and subscribed before,
but here everything in flight is sent again anyway, and each position is known.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from binance.sansio.names.engines import shown_servers, split_secrets
from binance.tx.wire import compat

try:
    from nats.aio.client import Client
    from nats.aio.msg import Msg
    from nats.errors import Error
except ModuleNotFoundError as missing:
    if str(missing.name).partition(".")[0] != "nats":
        raise
    raise ImportError(
        'a relay needs nats-py; install it with: pip install "binance-socket-manager[relay]"'
    ) from missing

__all__ = ["Client", "Engine", "Error", "Msg", "User"]

logger = logging.getLogger("binance")

#: Seconds from a lost connection, or one that failed, to the next try.
RETRY_SECONDS = 0.5
#: Seconds between looks at a connection.
LOOK_SECONDS = 0.2
#: Seconds for which a server may stay silent before it counts as lost, twice.
PING_SECONDS = 5
CONNECT_SECONDS = 5
#: Seconds for which the end of a connection is waited for.
CLOSE_SECONDS = 2.0
#: What a file of NATS credentials contains.
_MARKS = "BEGIN NATS USER JWT", "BEGIN USER NKEY SEED"
_T = TypeVar("_T")


class User(Protocol):
    """What uses the connection.  All calls are in the engine's thread."""

    async def connected(self, client: Client) -> None:
        """There is a new connection.  If this raises an `Error`, the connection is closed."""

    def disconnected(self, reason: str) -> None:
        """The connection was lost, or could not be made."""


class _Client(Client):
    """Gives no secret to a server without TLS if a URL asks for it: nats-py leaves that open.

    :param is_secure: whether the connection must be encrypted.
    """

    def __init__(self, is_secure: bool) -> None:
        super().__init__()
        self._is_secure = is_secure
        self._is_encrypted = False

    @property
    def ssl_context(self) -> ssl.SSLContext:
        self._is_encrypted = True  # nats-py asks for this when TLS begins, and fails if it fails
        return super().ssl_context

    def checked(self, secret: str = "") -> str:
        """A secret, if the server may have it."""
        if self._is_secure and not self._is_encrypted:
            raise Error("the server offers no TLS, which tls:// demands")
        return secret


class Engine:
    """Keeps up a connection to one of some servers.

    :param servers: their URLs, see `names.servers`.
    :param credentials: the path of a file of NATS credentials.
    :param ca_file: a PEM file of certificates that are trusted in addition to the system's.
    :raises ValueError: one of the files cannot be used.
    """

    def __init__(
        self,
        servers: list[str],
        user: User,
        credentials: str | None = None,
        ca_file: str | None = None,
    ) -> None:
        self.shown = shown_servers(servers)
        self.client: Client | None = None
        self._user = user
        self._warned = ""
        self._credentials = credentials
        self._check_credentials()
        self._is_secure = any(each.startswith("tls://") for each in servers)
        plain, self._secrets = split_secrets(servers)
        context = ssl.create_default_context()
        try:
            if ca_file:
                context.load_verify_locations(ca_file)
        except OSError as error:
            raise ValueError(f"{ca_file!r} is no file of certificates: {error}") from None
        self._options: dict[str, Any] = {
            "servers": plain,
            "user_credentials": credentials,
            "tls": context,
        }
        self._loop = asyncio.new_event_loop()
        self._ending = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="binance-nats", daemon=True)

    # from any thread

    def start(self) -> None:
        """Connect, and stay connected."""
        self._thread.start()

    def call(self, function: Callable[..., object], *args: object) -> None:
        """Call a function in the engine's thread.  After the end this does nothing."""
        try:
            self._loop.call_soon_threadsafe(function, *args)
        except RuntimeError:
            logger.debug("the connection to %s has ended", self.shown)

    def call_later(self, seconds: float, function: Callable[..., object], *args: object) -> None:
        """Call a function in the engine's thread, after some time."""
        self.call(self._loop.call_later, seconds, function, *args)

    def repeat(self, seconds: float, function: Callable[[], object]) -> None:
        """Call a function in the engine's thread each so many seconds."""

        def repeated() -> None:
            self.call_later(seconds, repeated)
            function()  # the loop logs what it raises

        self.call_later(seconds, repeated)

    def submit(self, coroutine: Coroutine[Any, Any, _T]) -> Future[_T]:
        """Run a coroutine in the engine's thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def stop(self) -> None:
        """Close the connection and end the thread, soon."""
        self.call(self._ending.set)

    def join(self, seconds: float) -> None:
        """Wait for the end of the thread."""
        self._thread.join(seconds)

    def _check_credentials(self) -> None:
        """Raise ValueError for what would hold up nats-py for ever."""
        if self._credentials is None:
            return
        try:
            content = Path(self._credentials).read_bytes()
        except OSError as error:
            raise ValueError(f"{self._credentials!r} cannot be read: {error.strerror}") from None
        if missing := [mark for mark in _MARKS if mark.encode() not in content]:
            raise ValueError(
                f"{self._credentials!r} is no file of NATS credentials: no {missing[0]!r} in it"
            )

    # in the thread

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._keep_connected())  # and ends all other tasks

    async def _keep_connected(self) -> None:
        while not self._ending.is_set():
            client = _Client(self._is_secure)
            secrets: dict[str, Any] = {
                name: partial(client.checked, one) for name, one in self._secrets.items()
            }
            try:
                self._check_credentials()  # the file may have been written anew
                await client.connect(
                    **self._options,
                    **secrets,
                    allow_reconnect=False,
                    max_reconnect_attempts=1,  # nats-py tries a server that is away 60 times
                    reconnect_time_wait=1,
                    connect_timeout=CONNECT_SECONDS,
                    ping_interval=PING_SECONDS,
                    error_cb=self._failed,
                )
                client.checked()
            except Exception as error:  # noqa: BLE001 - the next try may succeed
                reason = f"{self.shown}: {_text(error)}"
                self._warn(f"no connection to {reason}")
                self._user.disconnected(reason)
                await _close(client)
            else:
                logger.info("connected to %s", self.shown)
                await self._use(client)
            await _first_of(self._ending.wait(), asyncio.sleep(RETRY_SECONDS))

    async def _use(self, client: Client) -> None:
        self.client = client
        reason = f"the connection to {self.shown} was lost"
        try:
            await self._user.connected(client)
            self._warned = ""
            await _first_of(self._ending.wait(), _until_closed(client))
        except Exception as error:  # noqa: BLE001 - the next try may succeed
            reason = f"{self.shown}: {_text(error)}"
            self._warn(f"JetStream of {reason}")
        self.client = None
        self._user.disconnected(reason)
        await _close(client)

    def _warn(self, text: str) -> None:
        """Log why there is no connection, once until there is one or the reason changes."""
        logger.log(logging.DEBUG if text == self._warned else logging.WARNING, "%s", text)
        self._warned = text

    async def _failed(self, error: Exception) -> None:
        """An error of nats-py, or what the callback of a subscription has raised."""
        is_own = isinstance(error, Error | OSError)
        level = logging.DEBUG if is_own else logging.WARNING
        what = self.shown, _text(error)
        logger.log(level, "the connection to %s: %s", *what, exc_info=None if is_own else error)


def _text(error: Exception) -> str:
    """What has happened; the text of an unexpected exception might show a secret."""
    is_known = isinstance(error, Error | OSError | ImportError | ValueError)
    return (is_known and str(error)) or type(error).__name__


async def _until_closed(client: Client) -> None:
    """Wait for the end of a connection.

    nats-py calls back only when the server has read what was sent, which it may never do.
    """
    while not client.is_closed:
        await asyncio.sleep(LOOK_SECONDS)


async def _close(client: Client) -> None:
    """Close a connection: nats-py would wait for ever if its TLS handshake has failed."""
    try:
        await asyncio.wait_for(client.close(), CLOSE_SECONDS)
    except Exception as error:  # noqa: BLE001 - it is not used any more
        logger.debug("closing the connection: %s", _text(error))
    if compat.has("frozen servers") and (writer := getattr(client._transport, "_io_writer", None)):
        writer.transport.abort()


async def _first_of(*waits: Awaitable[object]) -> None:
    """Wait for the first of these, and cancel the others."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    _, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
