"""`AsyncClient` of python-binance 1.0: the calls of `Client`, to be awaited.

client = await AsyncClient.create()
print(await client.get_symbol_ticker(symbol="BNBBTC"))
await client.close_connection()
"""

import asyncio
import contextvars
import functools
import os
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, Self

from binance.client import Client
from binance.helpers import _warn_without_effect
from binance.rest.generated import Constants
from binance.rest.sessions import CALLER
from binance.sansio.names import routes
from binance.sansio.names.routes.shape import FAMILIES

__all__ = ["AsyncClient"]

MOST_AT_ONCE = 300
"""Threads for calls that are no reads: as many as futures accept orders in 10 seconds."""

_Method = Callable[..., Any]
_END = object()
_URLS = frozenset(family.attribute for family in FAMILIES.values()) - {""}


class AsyncClient(Constants):
    """Has every method of `Client`; each call runs in a worker thread.

    What a method of `Client` returns and raises is what awaiting it returns and raises; a method
    that yields is for `async for`, with or without `await` before it.  A call whose task is
    cancelled, as by `asyncio.wait_for`, is not sent any more; what was sent before stays sent: look
    for its order by a `newClientOrderId` of yours.  Reads run in the event loop's own threads, and
    other calls, such as orders, in further ones, so that they do not wait for reads.

    Attributes, such as `API_URL`, are those of the client; assign them to an instance, or before
    that to the class.  The parameters are those of `Client`, apart from these:

    :param https_proxy: URL of a proxy; None for that of the environment.
    :param session_params: has no effect: it configures a library that is not used here.
    :param loop: has no effect: a call runs on the event loop that awaits it.
    """

    #: the client that makes the calls
    blocking_client: Client
    #: the response of the call that has ended last
    response: Any

    def __init__(
        self,
        api_key: str | None = None,
        api_secret: str | None = None,
        requests_params: Any = None,
        tld: str = "com",
        base_endpoint: str = "",
        testnet: bool = False,
        demo: bool = False,
        loop: Any = None,
        session_params: Any = None,
        private_key: Any = None,
        private_key_pass: Any = None,
        https_proxy: str | None = None,
        time_unit: str | None = None,
        verbose: bool = False,
    ) -> None:
        """Connect to nothing yet.  The arguments are described at the class."""
        _warn_without_effect(2, session_params=session_params, loop=loop)
        blocking = Client(
            *(api_key, api_secret, requests_params, tld, testnet),
            demo=demo,
            private_key=private_key,
            private_key_pass=private_key_pass,
            proxy=https_proxy,
            base_endpoint=base_endpoint,
            time_unit=time_unit,
            verbose=verbose,
        )
        for name in _URLS:
            if url := getattr(self, name, ""):  # of a subclass, say
                setattr(blocking, name, url)
        vars(self)["blocking_client"] = blocking

    @classmethod
    async def create(cls, *arguments: Any, **options: Any) -> Self:
        """A client whose exchange has answered; the arguments are those of the class.

        :raises requests.RequestException: the exchange cannot be reached.
        """
        client = cls(*arguments, **options)
        await client.ping()
        return client

    async def close_connection(self) -> None:
        """Close the connections.  A later call opens them again."""
        threads, loop = self._threads(), asyncio.get_running_loop()
        closing = loop.run_in_executor(threads, self.blocking_client.close)
        threads.shutdown(wait=False)
        del vars(self)["_pool"]
        await closing

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close_connection()

    def __getattribute__(self, name: str) -> Any:
        own = super().__getattribute__
        if name in _URLS and (blocking := vars(self).get("blocking_client")):
            return getattr(blocking, name)  # the one in use, whatever the class has
        return own(name)

    def __getattr__(self, name: str) -> Any:
        if "blocking_client" not in vars(self):  # before `__init__`
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r} yet")
        attribute = getattr(self.blocking_client, name)
        if not callable(attribute) or name.startswith("_"):
            return attribute
        answer = str(getattr(attribute, "__annotations__", {}).get("return"))
        route = routes.table().get(name)
        run = functools.partial(self._run, route is not None and route.method == "GET")
        return (_yielded if answer.startswith("Iterator") else _awaited)(attribute, run)

    def __setattr__(self, name: str, value: object) -> None:
        is_own = name not in _URLS and (name in vars(self) or hasattr(type(self), name))
        if is_own or "blocking_client" not in vars(self):
            super().__setattr__(name, value)
        else:
            setattr(self.blocking_client, name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self.blocking_client)})

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.blocking_client!r}>"

    def _threads(self) -> Executor:
        """The threads for calls that are no reads; a fork's child has its own."""
        pid, pool = os.getpid(), vars(self).get("_pool")
        if pool is None or pool[0] != pid:
            pool = vars(self)["_pool"] = pid, ThreadPoolExecutor(MOST_AT_ONCE, "binance-calls")
        threads: Executor = pool[1]
        return threads

    async def _run(self, is_read: bool, method: _Method, /, *given: Any, **options: Any) -> Any:
        """What the method returns, in a thread."""
        is_over, blocking = threading.Event(), self.blocking_client

        def call() -> Any:
            before, CALLER.is_gone = blocking.response, is_over.is_set
            try:
                return method(*given, **options)
            finally:
                del CALLER.is_gone
                if blocking.response is not before:
                    vars(self)["response"] = blocking.response

        loop, context = asyncio.get_running_loop(), contextvars.copy_context()
        try:
            threads = None if is_read else self._threads()
            return await loop.run_in_executor(threads, context.run, call)
        except BaseException:
            is_over.set()  # the thread goes on, and must not send anything any more
            raise


def _awaited(method: _Method, run: _Method) -> _Method:
    @functools.wraps(method)
    async def awaited(*arguments: Any, **options: Any) -> Any:
        return await run(method, *arguments, **options)

    return awaited


class _Yielded:
    """An asynchronous generator for `async for`, where 1.0 wants an `await` before it."""

    def __init__(self, method: Callable[[], Iterator[Any]], run: _Method) -> None:
        self._items = _items(method, run)

    def __aiter__(self) -> AsyncGenerator[Any, None]:
        return self._items

    def __await__(self) -> Generator[Any, None, AsyncGenerator[Any, None]]:
        yield from ()
        return self._items


async def _items(method: Callable[[], Iterator[Any]], run: _Method) -> AsyncGenerator[Any, None]:
    items = await run(method)  # which may make its first call at once
    while (item := await run(next, items, _END)) is not _END:
        yield item


def _yielded(method: _Method, run: _Method) -> Callable[..., _Yielded]:
    @functools.wraps(method)
    def yielded(*arguments: Any, **options: Any) -> _Yielded:
        return _Yielded(functools.partial(method, *arguments, **options), run)

    return yielded
