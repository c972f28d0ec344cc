"""The table of all addresses, by market and environment, and how to override them.

For each address the first of these that is set is used:

1. a URL attribute that the user assigned (the façade reads it, not this module);
2. its own variable, such as ``BINANCE_STREAM_URL`` (:data:`VARIABLES`);
3. ``BINANCE_ENV``, one of :data:`ENVIRONMENTS`;
4. the client's ``tld``, ``testnet``, ``demo``;
5. production.

An address that an environment does not have is ``''``, never that of production: a program for the
testnet must not trade real money because of a missing entry.  :meth:`Endpoints.require` raises an
error that names the missing address.

Sources: the "General information" chapters of https://github.com/binance/binance-spot-api-docs and
https://developers.binance.com/docs/derivatives; connector constants of
https://github.com/binance/binance-connector-python; https://docs.binance.us.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

from binance.sansio.names.engines import is_engine
from binance.sansio.names.forms import check_market

ENVIRONMENTS: Final = ("production", "testnet", "demo", "us", "data")
"""The allowed values of ``BINANCE_ENV``; ``data`` has the market data of spot and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Base URLs without a trailing slash; ``''`` if the environment has none."""

    environment: str
    """One of :data:`ENVIRONMENTS`, or the tld of another region."""
    rest: str = ""
    stream: str = ""
    ws_api: str = ""
    """With its path, ``/ws-api/v3``."""
    fapi: str = ""
    fstream: str = ""
    ws_fapi: str = ""
    """With its path, ``/ws-fapi/v1``."""
    dapi: str = ""
    dstream: str = ""
    ws_dapi: str = ""
    """With its path, ``/ws-dapi/v1``."""
    eapi: str = ""
    estream: str = ""
    margin_stream: str = ""
    papi: str = ""
    pm_stream: str = ""
    website: str = ""
    ca_file: str | None = None
    """PEM file of further trusted roots, for streams and REST."""
    given: frozenset[str] = frozenset()
    """The fields set by a ``BINANCE_.._URL`` variable: no other port is tried for them."""

    def require(self, field: str) -> str:
        """The address ``field``.

        :raises ValueError: this environment has none; the message names the variable to set.
        """
        if url := str(getattr(self, field)):
            return url
        variable = VARIABLES.get(field, "")
        raise ValueError(
            f"{self.environment} has no {field} address; set {variable} to use one of your own"
        )

    def stream_of(self, market: str) -> str:
        """The base URL of a market's streams."""
        check_market(market)
        return self.require(STREAM_FIELDS[market])

    @property
    def serves_listen_keys(self) -> bool:
        """Whether spot accounts still have listen keys; production retired them on 2026-02-20."""
        return self.environment in LEGACY


LEGACY: Final = frozenset({"us"})
"""Environments that still have the spot streams which production has retired."""

STREAM_FIELDS: Final = {
    "spot": "stream",
    "usdm": "fstream",
    "coinm": "dstream",
    "options": "estream",
}
MARKETS: Final = tuple(STREAM_FIELDS)
URL_ATTRIBUTES: Final = {
    "spot": "STREAM_URL",
    "usdm": "FSTREAM_URL",
    "coinm": "DSTREAM_URL",
    "options": "VSTREAM_URL",
}
"""market -> the attribute of a manager that overrides the address of its streams."""

VARIABLES: Final = {
    "rest": "BINANCE_API_URL",
    "stream": "BINANCE_STREAM_URL",
    "ws_api": "BINANCE_WS_API_URL",
    "fapi": "BINANCE_FAPI_URL",
    "fstream": "BINANCE_FSTREAM_URL",
    "ws_fapi": "BINANCE_WS_FAPI_URL",
    "dapi": "BINANCE_DAPI_URL",
    "dstream": "BINANCE_DSTREAM_URL",
    "ws_dapi": "BINANCE_WS_DAPI_URL",
    "eapi": "BINANCE_EAPI_URL",
    "estream": "BINANCE_ESTREAM_URL",
    "margin_stream": "BINANCE_MARGIN_STREAM_URL",
    "papi": "BINANCE_PAPI_URL",
    "pm_stream": "BINANCE_PM_STREAM_URL",
    "website": "BINANCE_WEBSITE_URL",
}
"""field of :class:`Endpoints` -> the variable that overrides it."""

_FOLLOWS: Final = {"estream": "fstream", "pm_stream": "fstream"}
"""Addresses on the same host as another one: they follow it unless their own variable is set."""

_PRODUCTION = Endpoints(
    environment="production",
    rest="https://api.binance.com",
    stream="wss://stream.binance.com:9443",
    ws_api="wss://ws-api.binance.com:443/ws-api/v3",
    fapi="https://fapi.binance.com",
    fstream="wss://fstream.binance.com",
    ws_fapi="wss://ws-fapi.binance.com/ws-fapi/v1",
    dapi="https://dapi.binance.com",
    dstream="wss://dstream.binance.com",
    ws_dapi="wss://ws-dapi.binance.com/ws-dapi/v1",
    eapi="https://eapi.binance.com",
    estream="wss://fstream.binance.com",
    margin_stream="wss://margin-stream.binance.com",
    papi="https://papi.binance.com",
    pm_stream="wss://fstream.binance.com/pm",
    website="https://www.binance.com",
)
_TESTNET = Endpoints(
    environment="testnet",
    rest="https://testnet.binance.vision",
    stream="wss://stream.testnet.binance.vision",
    ws_api="wss://ws-api.testnet.binance.vision/ws-api/v3",
    fapi="https://testnet.binancefuture.com",
    fstream="wss://fstream.binancefuture.com",
    ws_fapi="wss://testnet.binancefuture.com/ws-fapi/v1",
    dapi="https://testnet.binancefuture.com",
    dstream="wss://dstream.binancefuture.com",
    ws_dapi="wss://testnet.binancefuture.com/ws-dapi/v1",
    eapi="https://testnet.binancefuture.com",
    estream="wss://fstream.binancefuture.com",
    website="https://testnet.binance.vision",
)
_DEMO = Endpoints(
    environment="demo",
    rest="https://demo-api.binance.com",
    stream="wss://demo-stream.binance.com",
    ws_api="wss://demo-ws-api.binance.com/ws-api/v3",
    fapi="https://demo-fapi.binance.com",
    # Measured by others; the documentation does not confirm it. The WebSocket API is the testnet's.
    fstream="wss://demo-fstream.binance.com",
    ws_fapi="wss://testnet.binancefuture.com/ws-fapi/v1",
    dapi="https://demo-dapi.binance.com",
    dstream="wss://demo-dstream.binance.com",
    ws_dapi="wss://testnet.binancefuture.com/ws-dapi/v1",
    website="https://demo.binance.com",
)
_US = Endpoints(
    environment="us",
    rest="https://api.binance.us",
    stream="wss://stream.binance.us:9443",
    ws_api="wss://ws-api.binance.us:443/ws-api/v3",
    website="https://www.binance.us",
)
_TR = Endpoints(
    environment="tr",
    rest="https://www.binance.tr",
    stream="wss://stream-cloud.binance.tr",
    website="https://www.binance.tr",
)
_DATA = Endpoints(
    environment="data",
    rest="https://data-api.binance.vision",
    stream="wss://data-stream.binance.vision",
)
_BUILT_IN: Final = {
    table.environment: table for table in (_PRODUCTION, _TESTNET, _DEMO, _US, _TR, _DATA)
}

FURTHER: Final = re.compile(r"^api([1-4]|-gcp)\.(?=binance\.com$)")
"""Further names of spot's REST; see :func:`_with_base`."""

_TWO_PORTS: Final = frozenset(
    str(urlsplit(url).hostname)
    for url in (_PRODUCTION.stream, _TESTNET.stream, _DEMO.stream, _PRODUCTION.ws_api)
)
"""Spot hosts with the same service on ports 9443 and 443, by the documentation."""


def resolve(
    env: Mapping[str, str],
    *,
    tld: str = "com",
    testnet: bool = False,
    demo: bool = False,
    base: str = "",
) -> Endpoints:
    """The addresses to use, by the order above.

    :param env: the process environment (``os.environ``); empty variables count as unset.
    :param base: ``1`` to ``4`` for a further address of spot's REST.
    :raises ValueError: an invalid variable or argument; the message says what is allowed.
    """
    table = _chosen(env.get("BINANCE_ENV", "").strip().lower(), tld, testnet, demo)
    given = {
        name: _checked(name, variable, env[variable].strip())
        for name, variable in VARIABLES.items()
        if env.get(variable, "").strip() and not (name == "stream" and is_engine(env[variable]))
    }
    for name, leader in _FOLLOWS.items():
        if leader in given and name not in given:
            given[name] = given[leader] + ("/pm" if name == "pm_stream" else "")
    ca_file = env.get("BINANCE_CA_FILE", "").strip() or None
    table = replace(table, **given, ca_file=ca_file, given=frozenset(given))
    return _with_base(table, base) if base else table


def _with_base(table: Endpoints, number: str) -> Endpoints:
    """The addresses with a further one for spot's REST: ``https://api1.binance.com`` to ``api4``.

    https://developers.binance.com/docs/binance-spot-api-docs/rest-api/general-api-information
    """
    if number not in ("1", "2", "3", "4") or table.rest != _PRODUCTION.rest:
        raise ValueError(
            f"base_endpoint {number!r}: only {_PRODUCTION.rest} has further addresses, '1' to '4'; "
            f"here REST goes to {table.rest or 'no address'}"
        )
    return replace(table, rest=_PRODUCTION.rest.replace("//api.", f"//api{number}."))


def of_client(env: Mapping[str, str], client: object) -> Endpoints:
    """The addresses of a client's environment; the default is production."""
    tld = getattr(client, "tld", None)
    return resolve(
        env,
        tld=tld if isinstance(tld, str) else "com",
        testnet=getattr(client, "testnet", None) in (True,),  # a mock has something else
        demo=getattr(client, "demo", None) in (True,),
    )


def _chosen(named: str, tld: object, testnet: bool, demo: bool) -> Endpoints:
    if named:
        if named not in ENVIRONMENTS:
            raise ValueError(f"BINANCE_ENV is {named!r}; allowed are {', '.join(ENVIRONMENTS)}")
        return _BUILT_IN[named]
    for name, given in (("testnet", testnet), ("demo", demo)):
        if given not in (True, False, None):
            raise ValueError(f"{name} is {given!r}; allowed are True and False")
    if testnet and demo:
        raise ValueError("testnet and demo exclude each other; give one of them")
    if testnet or demo:
        return _TESTNET if testnet else _DEMO
    if not isinstance(tld, str) or not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", tld):
        raise ValueError(f"tld {tld!r} is no domain ending; allowed are 'com', 'us' and the like")
    tld = tld.lower()
    if tld == "com":
        return _PRODUCTION
    return _BUILT_IN[tld] if tld in ("us", "tr") else _region(tld)


def _region(tld: str) -> Endpoints:
    """The addresses of another region: those of production with its domain, as in old scripts."""
    moved = {
        field: str(getattr(_PRODUCTION, field)).replace(".binance.com", f".binance.{tld}")
        for field in VARIABLES
    }
    return replace(_PRODUCTION, environment=tld, ca_file=None, given=frozenset(), **moved)


# addresses of users

_SOCKET_FIELDS: Final = frozenset({*STREAM_FIELDS.values(), "margin_stream", "pm_stream"})
_WITH_PATH: Final = {
    "ws_api": "/ws-api/v3",
    "ws_fapi": "/ws-fapi/v1",
    "ws_dapi": "/ws-dapi/v1",
}
_OURS: Final = re.compile(r"/(ws|stream|public|market|private|[sfdep]?api(/v\d)?)$")
"""Ends of paths that the library adds itself: in a base URL they are a mistake and cause a 404."""


def _checked(field: str, variable: str, url: str) -> str:
    """A user's base URL without its trailing slash; ValueError if it is invalid."""
    socket = field in _SOCKET_FIELDS or field in _WITH_PATH
    schemes = ("wss", "ws") if socket else ("https", "http")
    example = f"{schemes[0]}://localhost:8443{_WITH_PATH.get(field, '')}"

    def refuse(what: str) -> ValueError:
        return ValueError(f"{variable} {what}; give a URL such as {example}")

    try:
        parts: SplitResult = urlsplit(url)
        port_is_bad = parts.port == 0
    except ValueError:
        raise refuse("is no URL (bad host or port)") from None
    if "@" in url:  # wherever: a part before it may be a password
        raise refuse("contains a user name or password")  # so the message does not contain the URL
    if parts.scheme not in schemes:
        raise refuse(f"{url!r} does not begin with {schemes[0]}:// or {schemes[1]}://")
    if not parts.hostname or port_is_bad or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise refuse(f"{url!r} has no valid host and port")
    if parts.query or parts.fragment:
        raise refuse(f"{url!r} contains a query or fragment")
    path = parts.path.rstrip("/")
    if field in _WITH_PATH:
        if not path:
            raise refuse(f"{url!r} has no path")
    elif slip := _OURS.search(path):
        raise refuse(f"{url!r} ends in {slip[0]!r}, which the library adds itself")
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


# from the connection


def alternatives(url: str, given: bool = False) -> tuple[str, ...]:
    """The URLs to try one after the other, this one first.

    Built-in spot hosts use ports 9443 and 443, and firewalls often pass only one of them.  Any
    other address has no alternative, nor has one that the user has set (``given``).
    """
    parts = urlsplit(url)
    if given or parts.scheme != "wss" or parts.hostname not in _TWO_PORTS:
        return (url,)
    if parts.port not in (None, 443, 9443):
        return (url,)
    other = 443 if parts.port == 9443 else 9443
    return (url, urlunsplit(parts._replace(netloc=f"{parts.hostname}:{other}")))


def ws_api_of(table: Endpoints, field: str, rest_field: str, rest_url: str) -> str:
    """The address of the WebSocket API that belongs to a REST address of the user's.

    :raises ValueError: there is none, or nothing is known about it: an order must not go to
        production because only the address of REST was set.
    """
    host, own = urlsplit(rest_url).hostname, urlsplit(getattr(table, rest_field)).hostname
    if field in table.given or (host == own and rest_field not in table.given):
        return table.require(field)
    if (environment := environment_of(rest_url)) is None:
        raise ValueError(f"REST goes to {host}; set {VARIABLES[field]} for the WebSocket API")
    return _BUILT_IN[environment].require(field)


def market_data_rest(stream_url: str) -> str | None:
    """The REST address that belongs to a stream host for market data only; None for other hosts.

    https://developers.binance.com/docs/binance-spot-api-docs/faqs/market_data_only
    """
    own = urlsplit(stream_url).hostname == urlsplit(_DATA.stream).hostname
    return _DATA.rest if own else None


def environment_of(url: str) -> str | None:
    """The environment of a URL's host, for URLs that the user has set; None if unknown."""
    host = FURTHER.sub("api.", urlsplit(url).hostname or "")
    for table in _BUILT_IN.values():
        known = {urlsplit(getattr(table, field)).hostname for field in VARIABLES}
        if host and host in known:
            return table.environment
    return None


#: The events of a USD-M account; each is requested by name.
#: https://developers.binance.com/docs/derivatives/usds-margined-futures/user-data-streams
USDM_EVENTS: Final = (
    "ORDER_TRADE_UPDATE",
    "ACCOUNT_UPDATE",
    "ACCOUNT_CONFIG_UPDATE",
    "MARGIN_CALL",
    "TRADE_LITE",
    "ALGO_UPDATE",
    "STRATEGY_UPDATE",
    "GRID_UPDATE",
    "CONDITIONAL_ORDER_TRIGGER_REJECT",
    "listenKeyExpired",
)


def prefix(market: str = "spot", *, combined: bool = False, category: str = "") -> str:
    """The text between a stream base URL and the path: ``ws/``, ``stream?``, ``market/ws/`` ..

    :param category: ``public`` or ``market``, which USD-M and options need and the others lack.
    """
    check_market(market)
    split = market in ("usdm", "options")
    if split != (category in ("public", "market")):
        need = "'public' or 'market'" if split else "none"
        raise ValueError(f"category {category!r} not allowed on {market}; allowed: {need}")
    return f"{category}/" * split + ("stream?" if combined else "ws/")


def with_slash(url: str) -> str:
    """The URL with one trailing slash, the form of ``STREAM_URL``."""
    return url if url.endswith("/") else url + "/"
