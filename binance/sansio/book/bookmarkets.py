# ruff: noqa: E501 (a table: one row a line)
"""What differs between the order books of the markets: one row for each, a `BookMarket`.

Sources, below https://developers.binance.com/docs: "Order Book" and "Diff. Book Depth Streams" of
binance-spot-api-docs, derivatives/usds-margined-futures (there also "RPI Diff. Book Depth
Streams"), derivatives/coin-margined-futures and derivatives/options-trading.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from binance.enums import FuturesType
from binance.sansio.book.bookrules import FUTURES, SPOT, Rules
from binance.sansio.names import routes
from binance.sansio.names.streams import futures_market

Options = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class BookMarket:
    """How the books of one market are followed."""

    rules: Rules
    start: str
    """The method of a socket manager that starts the diff stream."""
    speeds: Mapping[int | None, Options]
    """`ws_interval`: milliseconds between two events -> options of that method."""
    snapshot: str
    """The method of a client that fetches a snapshot; its route has the same name."""
    pool: str
    limits: tuple[int, ...] = ()
    """The numbers of levels of a side that can be requested; empty: any number."""
    most: int = 1000
    """Levels of a side that a snapshot has at most, however many are requested."""

    def stream_options(self, ws_interval: object) -> Options:
        """The options for the diff stream; ValueError for an interval that the market lacks."""
        for allowed, options in self.speeds.items():
            if ws_interval == allowed:
                return options
        allowed_ones = ", ".join(map(str, self.speeds))
        raise ValueError(f"ws_interval must be one of {allowed_ones} (ms), not {ws_interval!r}")

    def check_limit(self, limit: int) -> None:
        """ValueError for a number of levels that the market refuses."""
        if self.limits and limit not in self.limits:
            allowed = ", ".join(map(str, self.limits))
            raise ValueError(f"limit must be one of {allowed} levels on this market, not {limit!r}")

    def limit_for(self, levels: int) -> int:
        """The least number to request for so many levels; ValueError if no snapshot has them."""
        if levels > self.most:
            raise ValueError(f"a snapshot of this market has at most {self.most} levels a side")
        return next((limit for limit in self.limits if limit >= levels), levels)

    def weight(self, limit: int) -> int:
        """The request weight of a snapshot."""
        return routes.weight(routes.table()[self.snapshot], {"limit": limit})


_SPOT_SPEEDS: dict[int | None, Options] = {None: {}, 0: {"interval": 0}, 100: {"interval": 100}}
_FUTURES_SPEEDS: dict[int | None, str] = {None: "", 500: "500ms", 250: "", 100: "100ms"}
#: undocumented; it sends each change as soon as it happens
_EACH_CHANGE: dict[int | None, str] = {0: "0ms"}
_LIMITS = (5, 10, 20, 50, 100, 500, 1000)


def _speeds(names: Mapping[int | None, str], **options: object) -> dict[int | None, Options]:
    return {ms: {"depth": None, "speed": name, **options} for ms, name in names.items()}


_OF_USDM = _speeds(_FUTURES_SPEEDS | _EACH_CHANGE, futures_type=FuturesType.USD_M)
_OF_COINM = _speeds(_FUTURES_SPEEDS, futures_type=FuturesType.COIN_M)
_OF_OPTIONS = _speeds({None: "500ms", 500: "500ms", 100: "100ms"})

_FUTURES_START, _OPTIONS_START = "start_futures_depth_socket", "start_options_depth_socket"
_RPI_START = "start_futures_rpi_depth_socket"

# fmt: off
BOOKS: Mapping[str, BookMarket] = MappingProxyType({
    "spot": BookMarket(SPOT, "start_depth_socket", _SPOT_SPEEDS, "get_order_book", "spot", most=5000),
    "usdm": BookMarket(FUTURES, _FUTURES_START, _OF_USDM, "futures_order_book", "futures", _LIMITS),
    "coinm": BookMarket(FUTURES, _FUTURES_START, _OF_COINM, "futures_coin_order_book", "futures", _LIMITS),
    "options": BookMarket(FUTURES, _OPTIONS_START, _OF_OPTIONS, "eapi_order_book", "options", _LIMITS[1:]),
    "rpi": BookMarket(FUTURES, _RPI_START, {None: {}, 500: {}}, "futures_rpi_depth", "futures", (1000,)),
})
# fmt: on
"""Market -> its row.  ``rpi``: the books of USD-M with the orders of retail price improvement."""


def futures_book(futures_type: object, rpi: bool) -> BookMarket:
    """The row of a `FuturesType`; ValueError if it is none, or has no such books."""
    market = futures_market(futures_type)
    if rpi and market != "usdm":
        raise ValueError("rpi=True needs FuturesType.USD_M: COIN-M has no books of RPI orders")
    return BOOKS["rpi" if rpi else market]
