"""`AsyncClient` of python-binance 1.0: the calls of `Client`, to be awaited.

client = await AsyncClient.create()
print(await client.get_symbol_ticker(symbol="BNBBTC"))
await client.close_connection()
"""

import asyncio
import contextvars
import functools
import os
import re
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, Self

from binance.client import Client
from binance.helpers import _warn_without_effect, _WarnsOfOverrides, _with_proxy
from binance.rest import history
from binance.rest.generated import Constants
from binance.rest.sessions import CALLER
from binance.sansio.names import routes
from binance.sansio.names.routes.shape import FAMILIES

__all__ = ["AsyncClient"]

MOST_AT_ONCE = 300
"""Threads for calls that are no reads: as many as futures accept orders in 10 seconds."""

_ADDRESSES = frozenset(family.attribute for family in FAMILIES.values()) - {""}
_SETTINGS = _ADDRESSES | {"REQUEST_TIMEOUT", "REQUEST_RECVWINDOW"}
_OF_OTHERS = re.compile(
    r"(ws_)?order_(limit|market|oco)\w*|futures_(limit|market)_\w*order|\w+_historical_\w*klines"
    r"|get_asset_balance|get_symbol_info|_get_earliest_valid_timestamp"
    r"|_request_\w+|_call_api|_get|_post|_put|_delete"
)
"""Methods of `Client` that return what others return: with an `AsyncClient` they await those."""
_AT_ONCE = re.compile(r"\w+_iter|\w+_klines_generator|_create_\w+|_uri\w*|_address")
"""Those that send nothing themselves."""
_OTHERS = re.compile(r"[a-z]\w*|_request")


class AsyncClient(Constants, _WarnsOfOverrides):
    """Has every method of `Client`; each call runs in a worker thread.

    A method that a subclass overrides, or that is assigned to the class or an instance, is used by
    the others too: `order_market_buy` calls your `create_order`, which may call
    ``super().create_order(..)``.

    What a method of `Client` returns and raises is what awaiting it returns and raises; a method
    that yields is for `async for`, with or without `await` before it.  A call whose task is
    cancelled, as by `asyncio.wait_for`, is not sent any more; what was sent before stays sent: look
    for its order by a `newClientOrderId` of yours.  Reads run in the event loop's own threads, and
    other calls, such as orders, in further ones, so that they do not wait for reads.

    Attributes, such as `API_URL` and `REQUEST_TIMEOUT`, are those of the client; assign them to an
    instance, or before that to the class.  The parameters are those of `Client`, and these:

    :param https_proxy: the same as `proxy`; None for the proxy of the environment.
    :param session_params: has no effect: it configures a library that is not used here.
    :param loop: has no effect: a call runs on the event loop that awaits it.
    """

    _overridden_in_vain = Client._overridden_in_vain
    #: the client that makes the calls; what a subclass overrides does not hold in it
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
        **options: Any,
    ) -> None:
        """Connect to nothing yet.  The arguments are described at the class."""
        _warn_without_effect(2, session_params=session_params, loop=loop)
        settings: dict[str, Any] = {
            "timeout": getattr(self, "REQUEST_TIMEOUT", None),
            "recv_window": getattr(self, "REQUEST_RECVWINDOW", None),
        }
        blocking = Client(
            *(api_key, api_secret, requests_params, tld, testnet),
            demo=demo,
            private_key=private_key,
            private_key_pass=private_key_pass,
            base_endpoint=base_endpoint,
            time_unit=time_unit,
            verbose=verbose,
            **settings | _with_proxy(options, https_proxy),
        )
        for name in _ADDRESSES:
            if value := getattr(self, name, ""):  # of a subclass, say
                setattr(blocking, name, value)
        _ = blocking.session  # the first of all threads: what is set on it holds for calls
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
        if name in _SETTINGS and (blocking := vars(self).get("blocking_client")):
            return getattr(blocking, name)  # the one in use, whatever the class has
        return own(name)

    def __getattr__(self, name: str) -> Any:
        if "blocking_client" not in vars(self):  # before `__init__`
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r} yet")
        if name.startswith("_") and callable(getattr(Client, name, None)):  # it would block
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        return getattr(self.blocking_client, name)

    def __setattr__(self, name: str, value: object) -> None:
        is_own = name not in _SETTINGS and (name in vars(self) or hasattr(type(self), name))
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

    async def _run(self, name: str, /, *given: Any, **options: Any) -> Any:
        """What that method of the blocking client returns, in a thread."""
        is_over, blocking = threading.Event(), self.blocking_client
        method = getattr(blocking, name)

        def call() -> Any:
            before, CALLER.is_gone = blocking.response, is_over.is_set
            try:
                return method(*given, **options)
            finally:
                del CALLER.is_gone
                if blocking.response is not before:
                    vars(self)["response"] = blocking.response

        loop, context = asyncio.get_running_loop(), contextvars.copy_context()
        route = routes.table().get(name)
        verb = route.method if route else options.get("method") or next(iter(given), "")
        try:
            threads = None if str(verb).upper() == "GET" else self._threads()
            return await loop.run_in_executor(threads, context.run, call)
        except BaseException:
            is_over.set()  # the thread goes on, and must not send anything any more
            raise

    # what methods of `Client` need that are called with this class's `self`

    @staticmethod
    async def _then(answer: Any, use: Callable[[Any], Any]) -> Any:
        if hasattr(answer, "__aiter__"):
            return use([each async for each in answer])
        return use(await answer)

    @staticmethod
    def _walked(page: history.Page, walk: history.Walk) -> "_Yielded":
        return _Yielded(_items(page, walk))


class _Yielded:
    """An asynchronous generator for `async for`, where 1.0 wants an `await` before it."""

    def __init__(self, items: AsyncGenerator[Any, None]) -> None:
        self._items = items

    def __aiter__(self) -> AsyncGenerator[Any, None]:
        return self._items

    def __await__(self) -> Generator[Any, None, AsyncGenerator[Any, None]]:
        yield from ()
        return self._items


async def _items(page: history.Page, walk: history.Walk) -> AsyncGenerator[Any, None]:
    answer = None
    while (step := history.next_step(walk, answer)) is not None:
        if isinstance(step, dict):
            answer = await page(**step)
        else:
            for each in step:
                yield each


def _method(name: str) -> Callable[..., Any]:
    """The method of `Client` as one of `AsyncClient`: on the class, so that `super()` finds it."""

    async def called(self: AsyncClient, /, *given: Any, **options: Any) -> Any:
        return await self._run(name, *given, **options)

    def at_once(self: AsyncClient, /, *given: Any, **options: Any) -> Any:
        return getattr(Client, name)(self, *given, **options)

    async def of_others(self: AsyncClient, /, *given: Any, **options: Any) -> Any:
        return await at_once(self, *given, **options)

    kinds = (_AT_ONCE, at_once), (_OF_OTHERS, of_others)
    made = next((kind for names, kind in kinds if names.fullmatch(name)), called)
    return functools.wraps(getattr(Client, name))(made)


for _name in dir(Client):
    _is_method = any(names.fullmatch(_name) for names in (_AT_ONCE, _OF_OTHERS, _OTHERS))
    if _is_method and callable(getattr(Client, _name)) and not hasattr(AsyncClient, _name):
        setattr(AsyncClient, _name, _method(_name))
