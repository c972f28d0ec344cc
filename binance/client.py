"""The REST client: ``Client(api_key, api_secret)``.

Methods have the names and the keyword parameters of the exchange's endpoints, answers are its JSON
as `dict` and `list`. What the exchange has retired raises `BinanceRetiredError`, which names what
to use today. Anything without a method of its own is reached by :meth:`Client.request`.
"""

from __future__ import annotations

# Old scripts import from here what this module imported (`hashlib`, `itemgetter` ..), by name or
# by ``import *``.
import hashlib
import hmac
import importlib
import logging
import math
import os
import time
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, NoReturn, Self, TypeVar

import requests

from binance.exceptions import (
    BinanceAPIException,
    BinanceCredentialsError,
    BinanceRequestException,
    BinanceWithdrawException,
)
from binance.helpers import _WarnsOfOverrides, date_to_milliseconds, interval_to_milliseconds
from binance.rest.calls import UrlAttribute
from binance.rest.credentials import Credentials
from binance.rest.generated import Constants as BaseClient
from binance.rest.generated.ws import WsMethods
from binance.rest.legacy_methods import LegacyMethods
from binance.rest.limits import Learned
from binance.rest.locks import ForkSafeLock
from binance.rest.methods import Methods
from binance.rest.sessions import Sessions, verified
from binance.sansio.account import signing
from binance.sansio.account.rest_outcome import ServerClock
from binance.sansio.names import endpoints

__all__ = [
    "BaseClient",
    "BinanceAPIException",
    "BinanceRequestException",
    "BinanceWithdrawException",
    "Client",
    "date_to_milliseconds",
    "hashlib",
    "hmac",
    "interval_to_milliseconds",
    "itemgetter",
    "requests",
    "time",
]

#: The hosts with a clock of their own, which they can return.
_CLOCKS = ("api", "fapi", "dapi", "eapi")
_T = TypeVar("_T")


_NO_TIME_UNIT = (
    "time_unit: answers of REST have their times in MILLISECOND here; for microseconds use "
    "BinanceSocketManager(time_unit='us'), and for one call of REST give requests_params="
    "{'headers': {'X-MBX-TIME-UNIT': 'MICROSECOND'}}"
)


def _for_each(make: Callable[[], _T]) -> dict[str, _T]:
    return {name: make() for name in _CLOCKS}


def _time_units(params: Mapping[str, Any]) -> list[object]:
    """The units of time that options of `requests` ask for."""
    headers = params.get("headers") or {}
    return [unit for name, unit in headers.items() if str(name).upper() == "X-MBX-TIME-UNIT"]


class Client(Methods, WsMethods, LegacyMethods, _WarnsOfOverrides):
    """A client of the exchange's REST API. Safe to use from several threads at once.

    :param api_key: as the exchange issued it; not needed for public data
    :param api_secret: the secret that came with it, or the PEM text of a private key
    :param requests_params: arguments for every `requests` call, such as ``{"timeout": 20}``
    :param tld: the ending of the domain: ``com``, ``us``, ``tr`` ..
    :param testnet: use the test network
    :param demo: use demo trading
    :param private_key: an RSA or Ed25519 private key, PEM text or the path of a PEM file, whose
        public half the exchange knows under `api_key`
    :param private_key_pass: its password
    :param proxy: ``http://user:password@host:port`` for every call, or ``socks5h://..`` with the
        extra ``socks``; by default the usual environment variables (``HTTPS_PROXY``,
        ``NO_PROXY``) hold
    :param proxies: the same as `requests` has it, by scheme
    :param timeout: seconds to wait for a connection, and then for each part of an answer; by
        default ``REQUEST_TIMEOUT`` of the class, 10
    :param recv_window: ms that a signed call may be under way; by default ``REQUEST_RECVWINDOW`` of
        the class, None (the exchange's default is 5000)
    :param max_wait: seconds that a call for data may be held back so that the exchange's limits
        are kept; where it would take longer the call raises, and in the reactor thread, where
        callbacks run, it never waits
    :param base_endpoint: ``1`` to ``4`` for a further address of the exchange, ``api1`` ..; only
        in place of ``https://api.binance.com``
    :param ping: ask the exchange at once whether it answers
    :param time_unit: None or ``MILLISECOND``: the unit of all times in answers of REST
    :param verbose: let the logger ``binance`` log everything, at the level DEBUG

    Nothing is sent before the first call. Addresses come from, in this order: a URL attribute
    that you assign (``client.API_URL = "https://.."``), ``BINANCE_API_URL`` and its like,
    ``BINANCE_ENV``, and `tld`, `testnet`, `demo`. ``BINANCE_CA_FILE`` names further trusted roots.

    :raises ValueError: the arguments, or the environment, cannot be used together or at all
    """

    API_URL = UrlAttribute("api", "https://api.binance.{}/api")
    WITHDRAW_API_URL = UrlAttribute("wapi", "https://api.binance.{}/wapi")
    MARGIN_API_URL = UrlAttribute("sapi", "https://api.binance.{}/sapi")
    WEBSITE_URL = UrlAttribute("website", "https://www.binance.{}")
    FUTURES_URL = UrlAttribute("fapi", "https://fapi.binance.{}/fapi")
    FUTURES_DATA_URL = UrlAttribute("fdata", "https://fapi.binance.{}/futures/data")
    FUTURES_COIN_URL = UrlAttribute("dapi", "https://dapi.binance.{}/dapi")
    FUTURES_COIN_DATA_URL = UrlAttribute("ddata", "https://dapi.binance.{}/futures/data")
    OPTIONS_URL = UrlAttribute("eapi", "https://eapi.binance.{}/eapi")
    PORTFOLIO_URL = UrlAttribute("papi", "https://papi.binance.{}/papi")
    OPTIONS_TESTNET_URL = "https://testnet.binanceops.{}/vapi"  # gone with the old options

    _overridden_in_vain = (
        r"_create_\w*(api|website)_ur[il]|_request",
        "assign FUTURES_URL and its like, or override the public method",
    )

    def __init__(
        self,
        api_key: str | None = None,
        api_secret: str | None = None,
        requests_params: Mapping[str, Any] | None = None,
        tld: str = "com",
        testnet: bool = False,
        *,
        demo: bool = False,
        private_key: str | bytes | os.PathLike[str] | None = None,
        private_key_pass: str | bytes | None = None,
        proxy: str | None = None,
        proxies: Mapping[str, str] | None = None,
        timeout: float | None = None,
        recv_window: int | None = None,
        max_wait: float = 60.0,
        base_endpoint: str = "",
        ping: bool = False,
        time_unit: str | None = None,
        verbose: bool = False,
    ) -> None:
        """Connect to nothing yet.  The arguments are described at the class."""
        self.tld, self.testnet, self.demo = tld, bool(testnet), bool(demo)
        self.endpoints = endpoints.resolve(
            os.environ, tld=tld, testnet=testnet, demo=demo, base=base_endpoint
        )
        self._credentials = Credentials(api_key, api_secret, private_key, private_key_pass)
        self.timeout, self.recv_window, self.max_wait = timeout, recv_window, max_wait
        self._requests_params = verified(dict(requests_params)) if requests_params else None
        self._sessions, self._learned = Sessions(self.endpoints.ca_file, proxy, proxies), Learned()
        self._clocks, self._clock_locks = _for_each(ServerClock), _for_each(ForkSafeLock)
        self._begin(ping, time_unit, verbose)

    def _begin(self, ping: bool, time_unit: str | None, verbose: bool) -> None:
        """The last checks, and what python-binance 1.0 does in its constructor."""
        signing.check_recv_window(self.recv_window)
        if not 0 < self.timeout < math.inf or not self.max_wait >= 0:
            raise ValueError("timeout must be more than 0 and max_wait 0 or more seconds")
        if not {time_unit, *_time_units(self._requests_params or {})} <= {None, "MILLISECOND"}:
            raise ValueError(_NO_TIME_UNIT)
        if verbose:
            logging.getLogger("binance").setLevel(logging.DEBUG)
        if ping:
            self.ping()

    @classmethod
    def _of_address(cls, api_url: str, proxy: str | None, ca_file: str | None) -> Self:
        """A client for public data, which goes the way of a socket manager's links.

        :param proxy: None takes the environment's, ``''`` none
        """
        client = cls()
        client.API_URL = api_url
        client._sessions = Sessions(ca_file, proxy or None, None)
        client.session.trust_env = proxy is None
        return client

    # what the old library had as attributes

    @property
    def API_KEY(self) -> str | None:
        """The API key. Assigning to it, or to `API_SECRET`, changes what signs."""
        return self._credentials.key

    @API_KEY.setter
    def API_KEY(self, value: str | None) -> None:
        self._credentials.use(value, self._credentials.secret)

    @property
    def API_SECRET(self) -> str | None:
        """The secret."""
        return self._credentials.secret

    @API_SECRET.setter
    def API_SECRET(self, value: str | None) -> None:
        self._credentials.use(self._credentials.key, value)

    @property
    def session(self) -> requests.Session:
        """This thread's session. Settings of the first thread's hold for those of later ones.

        The settings of a session that is assigned hold for all threads.
        """
        return self._sessions.current()

    @session.setter
    def session(self, session: requests.Session) -> None:
        self._sessions.use(session)

    @property
    def response(self) -> requests.Response | None:
        """The last response that this thread got, without key and signature; None before."""
        return self._sessions.response

    @property
    def timestamp_offset(self) -> int:
        """ms by which the exchange's clock is ahead of this computer's; 0 until measured.

        An offset that is assigned is used until the exchange refuses a timestamp.
        """
        return self._clocks["api"].offset(time.time(), time.monotonic())

    @timestamp_offset.setter
    def timestamp_offset(self, milliseconds: float) -> None:
        for clock in self._clocks.values():
            clock.set_offset(milliseconds, time.time(), time.monotonic())

    @property
    def signer(self) -> signing.Signer | None:
        """What signs, by what the key is; None without a key, or with a key alone.

        Made when first needed: a script that reads public data only may hold placeholders.

        :raises BinanceCredentialsError: the key or the secret cannot be one
        """
        return self._credentials.signer

    # life

    def close(self) -> None:
        """Closes the client's connections; a later call opens new ones."""
        self._close_ws()
        self._sessions.close()

    close_connection = close

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __repr__(self) -> str:
        try:
            key = self.signer.kind if self.signer else "no key"
        except BinanceCredentialsError:
            key = "unusable key"
        return f"<Client {self.endpoints.environment}, {key}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Client holds a secret and is not pickled: make one in each process")


def __getattr__(name: str) -> Any:
    if name != "AsyncClient":  # scripts for python-binance 1.0 import it from here, too
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("binance"), name)
