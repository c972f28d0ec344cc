"""`AsyncClient` of python-binance 1.0: the calls of `Client`, to be awaited.

client = await AsyncClient.create()
print(await client.get_symbol_ticker(symbol="BNBBTC"))
await client.close_connection()
"""

import asyncio
import functools
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from typing import Any, Self

from binance.client import Client
from binance.helpers import _warn_without_effect
from binance.rest.generated import Constants

__all__ = ["AsyncClient"]

_END = object()


class AsyncClient(Constants):
    """Has every method of `Client`; each call runs in a worker thread of the event loop.

    What a method of `Client` returns and raises is what awaiting it returns and raises; a method
    that yields is for `async for`, with or without `await` before it.  Attributes, such as
    `API_URL`, are those of the client.  The parameters are those of `Client`, apart from these:

    :param https_proxy: URL of a proxy; None for that of the environment.
    :param session_params: has no effect: it configures a library that is not used here.
    :param loop: has no effect: a call runs on the event loop that awaits it.
    """

    #: the client that makes the calls
    blocking_client: Client

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
        vars(self)["blocking_client"] = blocking

    @classmethod
    async def create(cls, *arguments: Any, **options: Any) -> Self:
        """A client whose exchange has answered; the arguments are those of the class.

        :raises requests.RequestException: the exchange cannot be reached.
        """
        client = cls(*arguments, **options)
        await asyncio.to_thread(client.blocking_client.ping)
        return client

    async def close_connection(self) -> None:
        """Close the connections.  A later call opens them again."""
        await asyncio.to_thread(self.blocking_client.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close_connection()

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self.blocking_client, name)
        if not callable(attribute) or name.startswith("_"):
            return attribute
        answer = str(getattr(attribute, "__annotations__", {}).get("return"))
        return (_yielded if answer.startswith("Iterator") else _awaited)(attribute)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self.blocking_client, name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self.blocking_client)})

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.blocking_client!r}>"


def _awaited(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    async def awaited(*arguments: Any, **options: Any) -> Any:
        return await asyncio.to_thread(method, *arguments, **options)

    return awaited


class _Yielded:
    """An asynchronous generator for `async for`, where 1.0 wants an `await` before it."""

    def __init__(self, method: Callable[[], Iterator[Any]]) -> None:
        self._items = _items(method)

    def __aiter__(self) -> AsyncGenerator[Any, None]:
        return self._items

    def __await__(self) -> Generator[Any, None, AsyncGenerator[Any, None]]:
        yield from ()
        return self._items


async def _items(method: Callable[[], Iterator[Any]]) -> AsyncGenerator[Any, None]:
    items = method()
    while (item := await asyncio.to_thread(next, items, _END)) is not _END:
        yield item


def _yielded(method: Callable[..., Iterator[Any]]) -> Callable[..., _Yielded]:
    @functools.wraps(method)
    def yielded(*arguments: Any, **options: Any) -> _Yielded:
        return _Yielded(functools.partial(method, *arguments, **options))

    return yielded
