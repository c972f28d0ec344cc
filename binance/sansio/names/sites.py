"""The site of a socket: an environment, and the base URLs to try one after the other."""

import dataclasses
from dataclasses import dataclass, replace
from functools import lru_cache

from binance.sansio.names import endpoints
from binance.sansio.names.endpoints import Endpoints, alternatives, with_slash


@dataclass(frozen=True, slots=True)
class Site:
    """The environment and the base URLs for the sockets of one market."""

    table: Endpoints
    bases: tuple[str, ...]
    """The base URLs to try one after the other, each with a trailing slash."""
    is_given: bool = False
    """Whether the user has set the base URL: it may be wrong, and has no alternative."""
    field: str = "stream"
    """The field of the table with the base URL."""
    has_retired_streams: bool = dataclasses.field(init=False)
    """Whether it still has the spot streams that production has retired."""

    def with_account_of(self, table: Endpoints) -> "Site":
        """The site of the account of a client whose environment is ``table``."""
        if getattr(table, self.field) == getattr(self.table, self.field):
            return replace(self, table=table)
        return Site(table, (with_slash(table.require(self.field)),), field=self.field)

    def __post_init__(self) -> None:
        where = endpoints.environment_of(self.bases[0]) or self.table.environment
        object.__setattr__(self, "has_retired_streams", where in endpoints.LEGACY)

    @property
    def ws_apis(self) -> tuple[str, ...]:
        """The URLs of the WebSocket API to try one after the other."""
        return alternatives(self.table.require("ws_api"), "ws_api" in self.table.given)

    @property
    def listing(self) -> str | None:
        """The REST address for the list of symbols, if there is no WebSocket API; else None."""
        if "ws_api" in self.table.given:
            return None
        own = self.table.rest if self.table.environment == "data" else None
        return endpoints.market_data_rest(self.bases[0]) or own


@lru_cache
def site(table: Endpoints, market: str, own: str | None = None) -> Site:
    """The site of a market, or of a field of the table that belongs to no market.

    :param own: the base URL that the user has set, if any.
    :raises ValueError: the environment does not have this market.
    """
    field = endpoints.STREAM_FIELDS.get(market, market)
    is_given = own is not None or field in table.given
    urls = alternatives(table.require(field) if own is None else own, is_given)
    return Site(table, tuple(map(with_slash, urls)), is_given, field)
