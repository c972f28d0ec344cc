"""The columns of a REST route, and the family of addresses that serves it."""

from __future__ import annotations

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
    """The route that takes conditional orders where this one refuses them (-4120)."""
    host: str = ""
    """The family of the host if the path does not show it: ``/futures/data`` of COIN-M."""
    in_query: bool = False
    """Parameters go in the query string whatever the method."""
    still_asked: bool = False
    """Retired on the main exchange, but still sent, because other regions have it."""

    @property
    def family(self) -> str:
        return self.host or family_of(self.path)

    @property
    def endpoint(self) -> str:
        return f"{self.method} {self.path}"


FAMILIES = {
    "/api/": "api",
    "/sapi/": "sapi",
    "/wapi/": "wapi",
    "/fapi/": "fapi",
    "/futures/data/": "fdata",
    "/dapi/": "dapi",
    "/eapi/": "eapi",
    "/papi/": "papi",
    "/vapi/": "vapi",
    "/exchange-api/": "website",
}
"""The beginning of a path -> the family of addresses that serves it."""


def family_of(path: str) -> str:
    """The family of addresses that serves a path; `ValueError` for a path that none serves."""
    for beginning, name in FAMILIES.items():
        if path.startswith(beginning):
            return name
    raise ValueError(f"a path must begin with one of {', '.join(FAMILIES)}; not {path!r}")
