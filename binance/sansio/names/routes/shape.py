"""The columns of a REST route, and the family of addresses that serves it."""

import enum
from dataclasses import dataclass


class Security(enum.Enum):
    """The credentials that a call needs. Source: "Endpoint security types" of
    https://developers.binance.com/docs/binance-spot-api-docs/rest-api/request-security
    """

    NONE = "nothing"
    MARKET_DATA = "an API key, no signature"
    USER_STREAM = "an API key, no signature; about a user data stream"
    USER_DATA = "an API key and a signature; reads the account"
    TRADE = "an API key and a signature; moves orders or money"

    @property
    def keyed(self) -> bool:
        return self is not Security.NONE

    @property
    def signed(self) -> bool:
        return self in (Security.USER_DATA, Security.TRADE)


class State(enum.Enum):
    """What has changed about a call of the old library."""

    SAME = "same"
    """Same endpoint, same parameters, same answer."""
    MOVED = "moved"
    """Another endpoint with the same parameters and the same answer: the old name calls it."""
    RETIRED = "retired"
    """Removed, or replaced by a call with other parameters or another answer. The old name raises
    `BinanceRetiredError`, which names the replacement."""
    NEW = "new"
    """A name that the old library did not have."""


@dataclass(frozen=True, slots=True)
class Route:
    """One REST call.

    `name` is the `Client` method. `method` and `path` are its present endpoint (the last one if it
    is retired), `was` is the old endpoint if it has moved. `weight` is its least cost. `order_id`
    names the parameter with our id of an order. `ask` is the route that finds an order by that id
    (as ``origClientOrderId``), and `keep` names the other parameters of that route. A second route
    in `ask` lists orders, and is used if the exchange does not have the first one (404). If there
    is no `ask`, `unasked` says what else is unknown after a lost reply.
    """

    name: str
    method: str
    path: str
    security: Security
    weight: int = 1
    state: State = State.NEW
    was: str = ""
    replacement: str = ""
    order_id: str = ""
    ask: str = ""
    keep: tuple[str, ...] = ("symbol",)
    ask_id: str = "origClientOrderId"
    unasked: str = ""
    conditional: str = ""
    """The route of conditional orders where this one refuses them (-4120) or does not know them."""
    host: str = ""
    """The family of the host if the path does not show it: ``/futures/data`` of COIN-M."""
    in_query: bool = False
    """Parameters go in the query string whatever the method."""
    once: bool = False
    """A GET that has an effect or a small quota: it is not repeated if it may have arrived."""
    still_asked: bool = False
    """Retired on the main exchange, but still sent, because other regions have it."""

    @property
    def family(self) -> str:
        return self.host or family_of(self.path)

    @property
    def endpoint(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Family:
    """Paths that one address serves."""

    attribute: str
    """The attribute of a client with the address; empty: nothing serves these paths any more."""
    field: str
    """The field of `Endpoints` with the host."""
    prefix: str
    """What the address has after the host."""
    clock: str = "api"
    """The family with whose clock the timestamps of signed calls are compared."""
    beginning: str = ""
    """How the paths begin, if not by the prefix."""
    takes_version: bool = False
    """python-binance 1.0 takes `version` out of the parameters, and the path has that version."""


FAMILIES = {
    "api": Family("API_URL", "rest", "/api"),
    "sapi": Family("MARGIN_API_URL", "rest", "/sapi", takes_version=True),
    "wapi": Family("WITHDRAW_API_URL", "rest", "/wapi"),
    "fapi": Family("FUTURES_URL", "fapi", "/fapi", "fapi", takes_version=True),
    "fdata": Family("FUTURES_DATA_URL", "fapi", "/futures/data", "fapi"),
    "dapi": Family("FUTURES_COIN_URL", "dapi", "/dapi", "dapi", takes_version=True),
    "ddata": Family("FUTURES_COIN_DATA_URL", "dapi", "/futures/data", "dapi", takes_version=True),
    "eapi": Family("OPTIONS_URL", "eapi", "/eapi", "eapi"),
    "papi": Family("PORTFOLIO_URL", "papi", "/papi", takes_version=True),
    "vapi": Family("", "", "/vapi"),
    "website": Family("WEBSITE_URL", "website", "", beginning="/exchange-api"),
}


def family_of(path: str) -> str:
    """The first family of a path; `ValueError` for a path that none serves."""
    beginnings = [f"{family.beginning or family.prefix}/" for family in FAMILIES.values()]
    for name, beginning in zip(FAMILIES, beginnings, strict=True):
        if path.startswith(beginning):
            return name
    raise ValueError(f"a path must begin with one of {', '.join(beginnings)}; not {path!r}")
