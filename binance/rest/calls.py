"""One REST call from its parameters to its answer: addresses, signatures, retries, bans."""

from __future__ import annotations

import random
import re
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from binance.exceptions import (
    BinanceAPIException,
    BinanceCredentialsError,
    BinanceRequestException,
    BinanceRetiredError,
    BinanceUnreadableError,
    OrderStatusUnknown,
)
from binance.rest.credentials import Credentials
from binance.rest.limits import GATES, Gate, Learned, order_counts, pool_of
from binance.rest.locks import ForkSafeLock
from binance.rest.sessions import Sessions, failure_of, refuse_if_gone, verified
from binance.sansio.account import rest_outcome, signing
from binance.sansio.account.rest_outcome import Verdict
from binance.sansio.names import routes
from binance.sansio.names.endpoints import Endpoints, environment_of
from binance.sansio.names.routes.shape import FAMILIES, Route, Security, State, family_of
from binance.sansio.names.times import milliseconds
from binance.sansio.wire import bans

#: Of retired calls, what only python-binance 1.0 gave them -> the calls that take it today.
_OF_1_0 = {"coin": "capital_", "aboveType": "create_order_list_oco"}
BODY_SHOWN = 200  # bytes of a body that is not JSON, in the exception's text
_INSIDE = (
    ". A call in the reactor thread, where callbacks run, does not wait for room, because every "
    "socket would wait with it: use dispatch='thread' for the socket of this callback"
)

_FAMILY_OF_MARKET = {"spot": "api", "usdm": "fapi", "coinm": "dapi", "options": "eapi"}


def _family_of_market(market: str) -> str:
    if market not in _FAMILY_OF_MARKET:
        raise ValueError(f"market must be one of {', '.join(_FAMILY_OF_MARKET)}, not {market!r}")
    return _FAMILY_OF_MARKET[market]


class UrlAttribute:
    """A base URL such as ``Client.API_URL``.

    On the class it is the old library's template. On an instance it is the address in use, unless
    the user assigned one, to the instance, to the class or in a subclass.
    """

    def __init__(self, family: str, template: str) -> None:
        self._family, self._template = family, template

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Calls | None, owner: type | None = None) -> str:
        if instance is None:
            return self._template
        own = instance.__dict__.get(self._name)
        if own is not None:
            return str(own)
        family = FAMILIES[self._family]
        return instance.endpoints.require(family.field) + family.prefix

    def __set__(self, instance: Calls, value: str) -> None:
        instance.__dict__[self._name] = value


class Setting:
    """What the user assigned, to ``timeout``, say, or else to ``REQUEST_TIMEOUT`` of the class."""

    def __init__(self, of_old: str) -> None:
        self._of_old = of_old

    def __get__(self, instance: Calls | None, owner: type | None = None) -> Any:
        return getattr(owner if instance is None else instance, self._of_old)

    def __set__(self, instance: Calls, value: float | None) -> None:
        vars(instance).pop(self._of_old, None)
        if value is not None:
            setattr(instance, self._of_old, value)


@dataclass(slots=True)
class Call:
    name: str
    method: str
    path: str
    family: str
    security: Security
    params: dict[str, Any]
    options: dict[str, Any]
    attempts: rest_outcome.Attempts
    cost: int
    route: Route | None = None
    root: str = ""
    """Scheme, host and port where the caller gave them."""
    in_query: bool = False
    """Parameters go in the query string whatever the method."""
    sent: float = 0.0
    answered: float = 0.0
    stamp: int = 0
    """Its last timestamp, in ms of the exchange's clock; 0 for one that is no number."""
    base: str = ""
    urgency: Security = Security.NONE
    """As whose call it waits for room: reading the clock for an order waits like an order."""
    gate: Gate = field(init=False)

    @property
    def in_body(self) -> bool:
        return self.method in ("POST", "PUT") and not self.in_query


class Calls:
    """The part of :class:`binance.client.Client` that talks to the exchange."""

    endpoints: Endpoints
    _credentials: Credentials
    tld: str
    REQUEST_TIMEOUT: float = 10.0
    REQUEST_RECVWINDOW: int | None = None
    timeout, recv_window = Setting("REQUEST_TIMEOUT"), Setting("REQUEST_RECVWINDOW")
    max_wait: float
    _sessions: Sessions
    _requests_params: Mapping[str, Any] | None
    _clocks: dict[str, rest_outcome.ServerClock]
    _clock_locks: dict[str, ForkSafeLock]
    _learned: Learned
    _sleep = staticmethod(time.sleep)

    @property
    def signer(self) -> signing.Signer | None:
        """What signs; None where it cannot."""
        raise NotImplementedError

    # from the user

    def request(self, method: str, path: str, signed: bool = False, **params: Any) -> Any:
        """Calls any endpoint, those without a method of their own included.

        :param method: ``GET``, ``POST``, ``PUT`` or ``DELETE``
        :param path: from the root, such as ``/sapi/v1/asset/transfer``
        :param signed: send the API key, a timestamp and a signature
        :param params: the endpoint's parameters; those that are None are left out
        :raises BinanceAPIException: the exchange refused the call
        :raises BinanceRequestException: the answer is not JSON
        :raises ValueError: the path belongs to no known address, or holds parameters
        """
        method = method.upper()
        if method not in ("GET", "POST", "PUT", "DELETE"):
            raise ValueError(f"method must be GET, POST, PUT or DELETE, not {method!r}")
        path = path if path.startswith("/") else f"/{path}"
        if "?" in path or "#" in path:
            raise ValueError(f"give parameters by keyword, not in the path {path.split('?')[0]!r}")
        return self._perform(self._of_path(method, path, signed, params))

    # from the methods

    def _of_path(
        self, method: str, path: str, signed: bool, params: Mapping[str, Any], family: str = ""
    ) -> Call:
        route = routes.find(method, path)
        if signed:
            security = route.security if route and route.security.signed else Security.TRADE
        else:
            security = route.security if route else Security.NONE
            if security.signed or route is None:
                security = Security.MARKET_DATA  # the key goes along where there is one
        return self._prepare(route, method, path, security, params, family)

    def _by_name(self, name: str, /, **params: Any) -> Any:
        """Calls the route of that name; raises `BinanceRetiredError` for a retired one."""
        route = routes.table()[name]
        if route.state is State.RETIRED and not route.still_asked:
            given = (start for param, start in _OF_1_0.items() if params.get(param) is not None)
            if not route.replacement.startswith(tuple(given)):
                raise BinanceRetiredError(name, route.replacement)
            return self._by_name(route.replacement.partition(" ")[0], **params)
        is_conditional = rest_outcome.is_conditional(route, params)
        if route.conditional:
            params.pop("conditional", None)  # the exchange does not have it
        if not is_conditional or route.family not in self._learned.algo_only:
            path, sent = routes.versioned(route, params)
            call = self._prepare(route, route.method, path, route.security, sent)
            try:
                return self._perform(call)
            except BinanceAPIException as error:
                if not is_conditional or error.code != rest_outcome.ALGO_ONLY:
                    raise
            self._learned.algo_only.add(route.family)  # refused: nothing was placed
        return self._by_name(route.conditional, **rest_outcome.as_algo_order(params))

    def _object(self, name: str, /, **params: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self._by_name(name, **params)
        return answer

    def _array(self, name: str, /, **params: Any) -> list[Any]:
        answer: list[Any] = self._by_name(name, **params)
        return answer

    def _prepare(
        self,
        route: Route | None,
        method: str,
        path: str,
        security: Security,
        params: Mapping[str, Any],
        family: str = "",
    ) -> Call:
        options = {"timeout": self.timeout, **(self._requests_params or {})}
        options |= params.get("requests_params") or {}
        given = {n: v for n, v in params.items() if v is not None and n != "requests_params"}
        name = route.name if route else f"{method} {path}"
        if security.signed:
            self._signer_for(name)
        recoverable = bool(route and route.order_id)
        if route and recoverable:
            given.setdefault(route.order_id, uuid.uuid4().hex)
        return Call(
            name=name,
            method=method,
            path=path,
            family=family or (route.family if route else family_of(path)),
            security=security,
            params=given,
            options=verified(options),
            # A clock that is measured anew would not change a timestamp of the caller's.
            attempts=rest_outcome.Attempts(
                method,
                security.signed and signing.TIMESTAMP not in given,
                recoverable,
                bool(route and route.once),
            ),
            cost=routes.weight(route, given) if route else 1,
            route=route,
            in_query=bool(route and route.in_query),
            urgency=security,
        )

    # the call

    def _perform(self, call: Call) -> Any:
        call.base = self._base(call)
        call.gate = GATES.of(call.base, call.family)
        while True:
            self._admit(call, call.name, _in_reactor_thread())
            if signing.TIMESTAMP not in call.params:
                self._know_clock(call)  # outside of `try`: without it the call has not been sent
            error: Exception
            try:
                response = self._send(call)
            except requests.RequestException as raised:
                error, verdict = raised, call.attempts.after_failure(failure_of(raised))
            else:
                answer, problem, verdict = self._judge(call, response)
                if problem is None:
                    return answer
                error = problem
            if verdict is Verdict.RETRY:
                self._sleep(rest_outcome.backoff(call.attempts.done, random.random()))
            elif verdict is Verdict.RESYNC:
                self._measure_clock(call)
            elif verdict is Verdict.ASK:
                return self._ask_for_order(call, error)
            else:
                raise error

    def _admit(self, call: Call, name: str, is_inside: bool) -> None:
        """Counts a call; waits for room, but not in the reactor thread."""
        wait, advice, urgency = self.max_wait, "", call.urgency
        if is_inside:
            wait, advice = 0.0, _INSIDE
            if urgency is Security.NONE:  # public data, which may have but a share of the weight
                urgency = Security.USER_DATA
        call.gate.admit(name, call.cost, urgency, wait, self._sleep, advice)

    def _send(self, call: Call) -> requests.Response:
        refuse_if_gone()
        headers, key = {}, self._credentials.key
        if call.security.keyed and key:
            signing.check_key(key)
            headers[signing.API_KEY_HEADER] = key
            self._refuse_plain_text(call.base)
        signer = self._signer_for(call.name) if call.security.signed else None
        text = signing.rest_payload(self._stamped(call) if signer else call.params.items())
        if signer:
            text += f"&{signing.SIGNATURE}={signing.sign_rest(signer, text)}"
        url = call.base + call.path.removeprefix(FAMILIES[call.family].prefix)
        if text and not call.in_body:
            url, text = f"{url}?{text}", ""
        call.sent = time.monotonic()
        response = self._sessions.send(
            call.method, url, text, headers, dict(call.options), call.attempts.once
        )
        call.answered = time.monotonic()
        return response

    def _judge(
        self, call: Call, response: requests.Response
    ) -> tuple[Any, Exception | None, Verdict]:
        """The answer, or what is wrong with it and what to do about that."""
        status = response.status_code
        header, wait = response.headers.get("Retry-After"), None
        if status in bans.LIMITED:
            wait = bans.stay_away(status, header, response.text, time.time())
        call.gate.answered(status, wait, response.headers)
        if counts := order_counts(response.headers):
            self._learned.order_counts[pool_of(call.family)] = counts
        try:
            answer = response.json()
        except ValueError:
            if 200 <= status < 300:
                shown = response.content[:BODY_SHOWN].decode(errors="replace")
                words = f"{call.name}: status {status}, and the body is not JSON: {shown!r}"
                verdict = Verdict.ASK if call.attempts.recoverable else Verdict.RAISE
                return None, BinanceRequestException(words), verdict
            error: BinanceAPIException = BinanceUnreadableError(response)
        else:
            if 200 <= status < 300:
                if call.attempts.recoverable and not isinstance(answer, dict):
                    problem = BinanceRequestException(f"{call.name}: the answer is no order")
                    return None, problem, Verdict.ASK
                return answer, None, Verdict.RETURN
            error = BinanceAPIException(response)
        if wait is not None:
            error.retry_after = wait
        if status == rest_outcome.STATUS_GONE:
            error = BinanceRetiredError(call.name, call.route.replacement if call.route else "")
            error.response, error.request = response, response.request
        return None, error, call.attempts.after_reply(status, error.code)

    def _ask_for_order(self, call: Call, reason: Exception) -> Any:
        """The order whose reply was lost, as the exchange knows it."""
        route = call.route
        assert route is not None
        order_id = str(call.params[route.order_id])
        symbol = str(call.params.get("symbol", ""))
        if not route.ask:
            raise OrderStatusUnknown(symbol, order_id, f"{reason}; {route.unasked}")
        question = {name: call.params[name] for name in route.keep if name in call.params}
        question[route.ask_id] = order_id
        question["requests_params"] = call.options
        asks, said = route.ask.split(), ""
        for number, pause in enumerate(rest_outcome.ORDER_QUERIES):
            self._sleep(pause)
            either = asks[0].split("|")
            asked = either[number % len(either)]
            try:
                answer = self._ask_by_name(asked, question, call.root)
                if isinstance(answer, list):
                    same = (each for each in answer if each[route.ask_id] == order_id)
                    answer = next(same, None)
            except Exception as e:  # noqa: BLE001 - whatever it is, the order was sent
                said = str(e) or type(e).__name__
                if getattr(e, "status_code", 0) == rest_outcome.STATUS_NONE and asks[1:]:
                    asks = asks[1:]
                    question = {"symbol": symbol or None, "requests_params": call.options}
            else:
                said = rest_outcome.why_not_of_this_call(answer, call.stamp)
                if not said:
                    return answer
        words = f"asked for it {len(rest_outcome.ORDER_QUERIES)} times with {asked}: {said}"
        raise OrderStatusUnknown(symbol, order_id, f"{reason}; {words}")

    def _ask_by_name(self, name: str, params: Mapping[str, Any], root: str = "") -> Any:
        """What the exchange knows of an order; like the order itself this waits for no room."""
        route = routes.table()[name]
        query = self._prepare(route, route.method, route.path, route.security, params)
        query.urgency, query.root = Security.TRADE, root
        return self._perform(query)

    # addresses and keys

    def _base(self, call: Call) -> str:
        family = FAMILIES[call.family]
        if not family.attribute:
            raise BinanceRetiredError(call.name)
        return call.root + family.prefix if call.root else self._address(call.family)

    def _address(self, family: str) -> str:
        attribute, prefix = FAMILIES[family].attribute, FAMILIES[family].prefix
        url = str(getattr(self, attribute)).rstrip("/")
        url = url.format(self.tld, tld=self.tld) if "{" in url else url
        parts = urlsplit(url)
        is_short = prefix and re.fullmatch(rf"({prefix}/v\d+)?", parts.path)
        if is_short and environment_of(url):  # another path is another market, on some hosts
            return f"{parts.scheme}://{parts.netloc}{prefix}"
        return url

    def _signer_for(self, name: str) -> signing.Signer:
        """What signs a call; the call's name is for the error's text."""
        if (signer := self.signer) is None:
            words = f"{name} needs Client(api_key, api_secret) or a private_key"
            raise BinanceCredentialsError(words)
        return signer

    @staticmethod
    def _refuse_plain_text(base: str) -> None:
        parts = urlsplit(base)
        host = parts.hostname or ""
        if parts.scheme != "https" and host not in ("localhost", "::1", "127.0.0.1"):
            raise ValueError(f"an API key is not sent to {host} in plain text: use https")

    @property
    def weight_budget(self) -> Gate:
        """The weight of spot calls, shared with every client of the process: `used()`, `limit`."""
        return self.budget_of("spot")

    def budget_of(self, market: str) -> Gate:
        """The weight of a market's calls; USD-M and COIN-M have one between them.

        :param market: ``spot``, ``usdm``, ``coinm`` or ``options``
        """
        family = _family_of_market(market)
        return GATES.of(self._address(family), family)

    def order_counts(self, market: str = "spot") -> dict[str, int]:
        """The orders that the exchange counts, as of the last answer: ``{"10s": 3, "1m": 40}``.

        Empty before the first order. USD-M and COIN-M count together.

        :param market: as for `budget_of`
        """
        return dict(self._learned.order_counts.get(pool_of(_family_of_market(market)), {}))

    # the clock

    def _stamped(self, call: Call) -> list[tuple[str, Any]]:
        """The parameters of a signed call, but for the signature; each of them once."""
        given = {n: v for n, v in call.params.items() if n != signing.SIGNATURE}
        if self.recv_window is not None:
            given.setdefault("recvWindow", self.recv_window)
        if signing.TIMESTAMP in given:
            call.stamp = rest_outcome.in_ms(signing.plain(given[signing.TIMESTAMP]))
        else:
            call.stamp = self._clock(call.family).now_ms(time.monotonic())
            given[signing.TIMESTAMP] = call.stamp
        return list(given.items())

    def _know_clock(self, call: Call) -> None:
        """Measures the exchange's clock where the call needs it and it is unknown."""
        name, now = FAMILIES[call.family].clock, time.monotonic()
        if not call.security.signed or self._clock(call.family).known:
            return
        with self._clock_locks[name]:  # one measurement, though many threads need it
            if self._clock(call.family).known:
                return
            failed = self._learned.unmeasured.get(name)
            if failed and failed[0] > now and failed[2:] == (call.root, call.options):
                raise failed[1]  # who has waited for it asks no host in vain again
            try:
                self._measure_clock(call)
            except Exception as why:
                self._learned.unmeasured[name] = time.monotonic(), why, call.root, call.options
                raise

    def _clock(self, family: str) -> rest_outcome.ServerClock:
        return self._clocks[FAMILIES[family].clock]

    def _measure_clock(self, needed_by: Call) -> None:
        family = needed_by.family
        path = routes.TIME_PATHS[family]
        params = {"requests_params": needed_by.options}  # they may ask for microseconds
        call = self._prepare(routes.find("GET", path), "GET", path, Security.NONE, params)
        call.urgency, call.root = Security.TRADE, needed_by.root
        answer = self._perform(call)
        if not isinstance(answer, dict) or not isinstance(answer.get("serverTime"), int):
            raise BinanceRequestException(f"{call.name}: no serverTime in the answer")
        server = milliseconds(answer["serverTime"])
        self._clock(family).measured(call.sent, call.answered, server)


def _in_reactor_thread() -> bool:
    """Whether the caller runs in the thread of a running reactor, if the process has one."""
    twisted = sys.modules.get("twisted.internet.reactor")
    if not getattr(twisted, "running", False):  # a bare module while another thread imports it
        return False
    from binance.tx.loop import reactor

    with reactor.ENDING:  # what a forked child has, or is left of an asyncio loop, does not run
        reactor.get()
        return reactor.in_reactor_thread()
    return False
