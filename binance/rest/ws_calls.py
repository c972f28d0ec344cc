"""Requests over the WebSocket API: the part of `Client` that makes them and waits for them."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

import requests

from binance.exceptions import (
    BinanceAPIException,
    BinanceConnectionError,
    BinanceReactorError,
    BinanceRequestException,
)
from binance.rest.calls import Call, Calls
from binance.rest.limits import GATES, order_counts, pool_of
from binance.rest.locks import ForkSafeLock
from binance.rest.sessions import CALLER
from binance.sansio.account import rest_outcome, signing
from binance.sansio.account.wsrequests import (
    ANSWER_SECONDS,
    ASK_SECONDS,
    Pending,
    Question,
    why_not_cancelled,
)
from binance.sansio.names import routes
from binance.sansio.names.endpoints import alternatives, ws_api_of
from binance.sansio.names.routes.shape import FAMILIES, Route, Security

M = TypeVar("M", bound=Callable[..., Any])

_ADDRESSES = {"spot": ("ws_api", "api"), "usdm": ("ws_fapi", "fapi"), "coinm": ("ws_dapi", "dapi")}
"""Market -> the field of its address, and the family of its REST calls: they share the limits."""
_REST: dict[tuple[str, str], str] = {}
"""Market and method of the WebSocket API -> the REST method with the same parameters."""
_METHODS: dict[tuple[str, str], str] = {}
"""The reverse."""
_making = ForkSafeLock()  # of links
_OF_SESSIONS = ("session.", "userDataStream.")
_DECIMALS = ("price", "quantity", "qty", "rate")
"""The ends of the names of numbers that futures take as text only."""
_IDS = (
    "orderId",
    "origClientOrderId",
    "orderListId",
    "listClientOrderId",
    "algoId",
    "clientAlgoId",
)
GRACE_SECONDS = 5.0
"""Seconds after all deadlines for the reactor, which may be busy, to say so."""
MOST_SECONDS = 86_400
"""The longest timeout of a request; the waits of a platform have a limit."""


def by_websocket(market: str, method: str, rest: str) -> Callable[[M], M]:
    """A method that is its signature and docstring: its parameters go to that `method`.

    :param rest: the REST method with the same parameters.
    """
    _REST.setdefault((market, method), rest)
    _METHODS.setdefault((market, rest), method)

    def decorate(function: M) -> M:
        defaults = function.__kwdefaults__ or {}

        @functools.wraps(function)
        def call(self: WsCalls, **params: Any) -> Any:
            return self._by_websocket(market, method, **defaults | params)

        made: Any = call
        typed: M = made
        return typed

    return decorate


class WsCalls(Calls):
    """Source: https://developers.binance.com/docs/binance-spot-api-docs/websocket-api"""

    def ws_request(
        self,
        method: str,
        *,
        market: str = "spot",
        signed: bool = False,
        timeout: float | None = None,
        **params: Any,
    ) -> Future[Any]:
        """Sends a request over the WebSocket API, and returns a future of its ``result``.

        The link is opened when it is needed, and is closed after some minutes without a request.
        What the methods ``ws_..`` say about answers that are lost holds here too. The future's own
        callbacks run in the reactor thread. Once that thread has taken the request, which it does
        at once unless it is busy, the future cannot be cancelled.

        :param method: such as ``order.place``; see the exchange's pages
        :param market: ``spot``, ``usdm`` or ``coinm``
        :param signed: sign a method that is not known here; it counts as one with effects
        :param timeout: seconds to wait for an answer (12 by default); after it, an order is queried
        :param params: the method's parameters; those that are None are left out
        :raises ValueError: there is no such market, or the library itself sends this method
        :raises BinanceAPIException: nothing was sent: the limits leave no room for it (in the
            reactor thread: at this moment). The future raises it where the exchange refused the
            request
        """
        return self._ws_submit(method, market, signed, timeout, params).caller  # type: ignore[no-any-return]

    def _by_websocket(self, market: str, method: str, /, **params: Any) -> Any:
        """Sends a request and waits for its outcome."""
        if _is_inside():
            raise BinanceReactorError(
                f"{method} would wait in the reactor thread, where its answer arrives: use "
                "ws_request(..), which returns a future, or a socket with dispatch='thread'"
            )
        timeout = params.pop("timeout", None)
        pending = self._ws_submit(method, market, False, timeout, params)
        try:
            return pending.caller.result(pending.timeout + ASK_SECONDS + GRACE_SECONDS)
        except TimeoutError:
            why = "the reactor of this process does not run"
            if pending.caller.cancel():
                raise BinanceConnectionError(f"{method} was not sent: {why}") from None
            if pending.order is not None:
                raise pending.unknown(why) from None
            raise BinanceConnectionError(f"no answer to {method}: {why}") from None
        except BaseException:  # Ctrl-C, say: what is not sent yet is not sent any more
            pending.is_dropped = lambda: True
            raise

    def _ws_submit(
        self,
        method: str,
        market: str,
        signed: bool,
        timeout: float | None,
        params: Mapping[str, Any],
    ) -> Pending:
        if market not in _ADDRESSES:
            raise ValueError(f"market must be one of {', '.join(_ADDRESSES)}, not {market!r}")
        if method.startswith(_OF_SESSIONS):
            raise ValueError(
                f"{method} is sent by the library itself; for the events of an account use "
                "BinanceSocketManager.start_user_socket and its like"
            )
        if timeout is not None and not 0 < timeout <= MOST_SECONDS:
            raise ValueError(
                f"timeout must be more than 0 and at most {MOST_SECONDS} seconds, not {timeout!r}"
            )
        method, route, params = _chosen(method, market, signed, params)
        family = _ADDRESSES[market][1]
        call = self._prepare(route, route.method, route.path, route.security, params, family)
        pending = _pending(method, market, route, call, timeout or ANSWER_SECONDS)
        call.base = self._base(call)
        call.gate = GATES.of(call.base, call.family)
        links, is_inside = self._ws_of(market), _is_inside()
        self._admit(call, method, is_inside)
        if not is_inside:  # there it would block the reactor: a thread of the link's measures it
            with _measuring():
                self._know_clock(call)
        links.submit(pending)
        return pending

    def _ws_of(self, market: str) -> Any:
        """The link of a market, made once for each address."""
        from binance.tx.sessions.requests import Requests

        key = market, self._address(_ADDRESSES[market][1])  # the user may assign another one
        with _making:
            links = self.__dict__.setdefault("_ws_links", {})
            return links.get(key) or links.setdefault(key, Requests(self._ws_caller(market)))

    def _ws_caller(self, market: str) -> Any:
        """What the link of a market needs of the client."""
        from binance.tx.sessions.requests import Caller

        field, family = _ADDRESSES[market]
        table = self.endpoints
        url = ws_api_of(table, field, FAMILIES[family].field, self._address(family))
        given = (self._requests_params or {}).get("proxies") or {}

        def note(status: int, wait: float | None, limits: Mapping[str, str]) -> None:
            """Learns from an answer what the limits leave, as from an answer of REST."""
            GATES.of(self._address(family), family).answered(status, wait, limits)
            if counts := order_counts(limits):
                self._learned.order_counts[pool_of(family)] = counts

        def measure() -> None:
            with _measuring():
                self._measure_clock(self._of_path("GET", routes.TIME_PATHS[family], False, {}))

        def ask(question: Question) -> tuple[Any, str]:
            try:
                return self._ask_by_name(question.rest, question.params), ""
            except (BinanceAPIException, BinanceRequestException, requests.RequestException) as why:
                return None, str(why)

        return Caller(
            market,
            alternatives(url, field in table.given),
            table.ca_file,
            self._sessions.proxy_of(url.replace("ws", "http", 1), given),
            lambda: self.recv_window,
            lambda: self._signer_for("a request over the WebSocket API"),
            lambda: self._clock(family).known,
            lambda: self._clock(family).now_ms(time.monotonic()),
            note,
            measure,
            ask,
        )

    def _close_ws(self) -> None:
        """Closes the links, if there are any."""
        with _making:
            closed = self.__dict__.pop("_ws_links", {})
        for links in closed.values():
            links.close()


@contextlib.contextmanager
def _measuring() -> Iterator[None]:
    """Around a measurement of the clock by REST, before a request is sent."""
    try:
        yield
    except requests.RequestException as error:
        words = f"the request was not sent: the exchange's clock was not measured: {error}"
        raise BinanceConnectionError(words) from None


def _is_inside() -> bool:
    """Whether a wait for the reactor would block it; raises in a forked child, which has none."""
    from binance.tx.loop import reactor

    reactor.get()
    return reactor.is_inside()


def _chosen(
    method: str, market: str, signed: bool, params: Mapping[str, Any]
) -> tuple[str, Route, Mapping[str, Any]]:
    """The method to send, its route of REST, and its parameters.

    Conditional orders of USD-M have methods of their own.
    """
    rest = _REST.get((market, method), "")
    if not rest:
        security, verb = (Security.TRADE, "POST") if signed else (Security.NONE, "GET")
        return method, Route(method, verb, "", security, host=_ADDRESSES[market][1]), params
    route = routes.table()[rest]
    algo = _METHODS.get((market, route.conditional), "")
    if not algo:
        return method, route, params
    given = {n: v for n, v in params.items() if n != "conditional"}  # the exchange does not have it
    if rest_outcome.is_conditional(route, params):
        return algo, routes.table()[route.conditional], rest_outcome.as_algo_order(given)
    return method, route, given


def _pending(method: str, market: str, route: Route, call: Call, timeout: float) -> Pending:
    """The request, with the question that finds out what became of it."""
    given = {n: v for n, v in call.params.items() if n != "id"}
    for name, value in given.items():
        text = signing.plain(value)  # raises for what cannot be sent
        if name.lower().endswith(_DECIMALS):
            given[name] = text
    symbol, ids = str(given.get("symbol", "")), [n for n in _IDS if n in given]
    order = question = None
    request = ""
    attempts = call.attempts
    if route.path.endswith("/test"):
        attempts.method = "GET"  # it has no effects
    elif route.security is Security.TRADE:
        mine = route.order_id or next((n for n in ids if "client" in n.lower()), "")
        order = (symbol, str(given.get(mine, "")))
        of = ", ".join(f"{n}={given[n]}" for n in ids)
        request = "" if route.order_id else f"{method} of {of}" if of else method
        attempts.recoverable = True  # an unknown status is no refusal, though nothing can be asked
    if route.order_id and route.ask:
        asked = {n: given[n] for n in route.keep if n in given}
        rest = route.ask.split()[0]
        asked[route.ask_id] = given[route.order_id]
        question = Question(_METHODS.get((market, rest), ""), rest, asked)
    elif "cancel" in route.name and "list" not in route.name and ids and order:
        # a list has the same state whether it was cancelled or executed
        rest = route.name.replace("cancel", "get")
        asked = {n: given[n] for n in ids}
        if "algo" not in route.name:
            asked["symbol"] = symbol
        question = Question(_METHODS.get((market, rest), ""), rest, asked, why_not_cancelled)
    return Pending(
        method,
        given,
        attempts,
        timeout,
        route.security.signed,
        order,
        question,
        route.unasked,
        request,
        Future(),
        CALLER.is_gone,
    )
