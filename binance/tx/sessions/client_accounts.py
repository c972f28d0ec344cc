"""The account of a socket: from a client's API key to the account's events.

A client may be ours, another library's, or a user's own object.  So the needed attributes and
methods are looked up by name when a socket starts: a client without them is refused at once, with a
clear message.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from binance.exceptions import BinanceCredentialsError
from binance.sansio.account import signing
from binance.sansio.account.keyed import CHECK_SECONDS, KeyedAccount
from binance.sansio.account.userdata import Account
from binance.sansio.names import endpoints
from binance.sansio.names.sites import Site
from binance.tx.sessions.account import AccountSession, ListenKeySession, UserSession
from binance.tx.socket import Socket

MakeSession = Callable[[Socket], UserSession]

_NO_KEY = (
    "an account socket needs a client with an API key and a secret, such as "
    "Client(api_key, api_secret): this one has none"
)

#: The requested validity of a margin account's token in ms: the maximum.
TOKEN_VALIDITY = 24 * 3600 * 1000


def reconciling(make: MakeSession, client: Any, key: str, reconcile: Any) -> MakeSession:
    """The sessions of an account whose missed events are fetched.

    :param key: the socket key without the number of the client.
    :param reconcile: True, or the symbols to ask about in any case.
    """
    key = key.partition("#")[0]  # without that of a block of `messages`
    from binance.sansio.account import reconcile as ledgers  # large, and few sockets need it
    from binance.tx.sessions.reconciling import Reconciler

    symbol = key.removeprefix("margin:") if key.startswith("margin:") else ""
    if key not in ledgers.PARTS and (not symbol or key == "margin:risk"):
        return make
    parts = ledgers.isolated(symbol) if symbol else ledgers.PARTS[key]
    for part in parts:
        for name in part.methods():
            _method(client, name)
    symbols = () if reconcile is True else frozenset(each.upper() for each in reconcile)

    def made(socket: Socket) -> UserSession:
        session = make(socket)
        is_micro = session.market == "spot" and socket.dependencies.time_unit == "us"
        ledger = ledgers.Ledger(parts, symbols, is_micro)
        session.reconciler = Reconciler(socket, client, ledger, session.overlap)
        session.continuity.look_up = session.reconciler.look_up
        return session

    return made


def spot(
    client: Any, site: Site, keepalive: float, note_key: Callable[[Socket, str], object]
) -> MakeSession:
    """A spot account: signed on the WebSocket API, or by listen key where the exchange has them.

    A client whose `stream_get_listen_key` is user code is always asked for a listen key.

    :param keepalive: seconds between keepalives of a listen key.
    :param note_key: called with each listen key that a dial uses.
    """
    if site.table.serves_listen_keys or _is_replaced(client, "stream_get_listen_key"):
        make = _method(client, "stream_get_listen_key")
        keep = _method(client, "stream_keepalive")
        return lambda socket: ListenKeySession(
            socket, site.bases, make, keep, keepalive, partial(note_key, socket)
        )
    account = Account(None)

    def renew() -> None:
        window = getattr(client, "recv_window", None)
        signing.check_recv_window(window)
        account.signer, account.recv_window = _signer(client), window

    renew()
    urls = _ws_apis(client, site)
    return lambda socket: AccountSession(socket, urls, account, renew=renew)


def margin(client: Any, site: Site, symbol: str | None = None) -> MakeSession:
    """A margin account, cross or (with a symbol) isolated: by a listen token."""
    create = _method(client, "margin_create_listen_token")
    of: dict[str, Any] = {} if symbol is None else {"isIsolated": True, "symbol": symbol}
    fetch, account, urls = (
        partial(create, **of, validity=TOKEN_VALIDITY),
        Account(None),
        _ws_apis(client, site, "MARGIN_API_URL"),
    )
    return lambda socket: AccountSession(socket, urls, account, fetch)


def keyed(
    client: Any,
    site: Site,
    keepalive: float,
    note_key: Callable[[Socket, str], object],
    account: KeyedAccount,
) -> MakeSession:
    """An account of another market, whose events need a listen key; arguments as of `spot`."""
    make = _method(client, f"{account.calls}_get_listen_key")
    keep = _method(client, f"{account.calls}_keepalive")
    bases = _bases(client, site, account.rest)
    return lambda socket: ListenKeySession(
        socket,
        bases,
        make,
        lambda key: keep(listenKey=key),
        min(keepalive, CHECK_SECONDS),
        partial(note_key, socket),
        account,
    )


def _ws_apis(client: Any, site: Site, attribute: str = "API_URL") -> tuple[str, ...]:
    """The URLs that belong to a REST address of the client, which the user may have assigned."""
    if _environment(client, attribute) in (None, "data", site.table.environment):
        return site.ws_apis  # at "data" there are no accounts
    url = endpoints.ws_api_of(site.table, "ws_api", "rest", getattr(client, attribute))
    return endpoints.alternatives(url, "ws_api" in site.table.given)


def _bases(client: Any, site: Site, attribute: str) -> tuple[str, ...]:
    """The base URLs that belong to a REST address, as of `_ws_apis`: elsewhere a key is silent."""
    is_ours = isinstance(getattr(client, "endpoints", None), endpoints.Endpoints)
    if not is_ours or site.is_given or site.field in site.table.given:
        return site.bases  # another library's calls may go elsewhere than its attribute says
    where, there = _environment(client, attribute), endpoints.environment_of(site.bases[0])
    if where in (None, there) or there is None:
        return site.bases
    table = endpoints.resolve({"BINANCE_ENV": where})
    return (endpoints.with_slash(table.require(site.field)),)


def _environment(client: Any, attribute: str) -> str | None:
    """That of a REST address of the client; None if it is unknown, or there is no address."""
    rest = getattr(client, attribute, None)
    return endpoints.environment_of(rest) if isinstance(rest, str) else None


def _signer(client: Any) -> signing.Signer:
    signer = getattr(client, "signer", None)
    if isinstance(signer, signing.Signer):
        return signer
    key, secret = getattr(client, "API_KEY", None), getattr(client, "API_SECRET", None)
    if isinstance(key, str) and isinstance(secret, str) and key and secret:
        return signing.from_secret(key, secret)
    raise BinanceCredentialsError(_NO_KEY)


def _method(client: Any, name: str) -> Callable[..., Any]:
    method = getattr(client, name, None)
    if not callable(method):
        raise ValueError(f"an account socket of this kind needs a client with the method {name}()")
    if hasattr(client, "API_KEY") and not _is_replaced(client, name):
        if not client.API_KEY:
            raise BinanceCredentialsError(_NO_KEY)
        signing.check_key(client.API_KEY)
    return method  # type: ignore[no-any-return]


def _is_replaced(client: Any, name: str) -> bool:
    """Whether a method is user code, not one of a package named `binance`."""
    if name in getattr(client, "__dict__", {}):
        return True
    for kind in type(client).__mro__:
        if name in vars(kind):
            return kind.__module__.partition(".")[0] != "binance"
    return False
