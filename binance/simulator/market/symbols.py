"""The listed symbols: names, initial prices, precision, filters. Pure.

Prices count in ticks and quantities in steps, both whole numbers: sums are exact. Only payloads
have decimals. ``UNIT`` is the exchange's eighth decimal place.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

UNIT = 10**8
"""Every price and quantity of the spot exchange is printed with eight decimals."""

MAX_SYMBOLS = 1500
MAX_OPEN_ORDERS = 200
"""Open orders of one account for one symbol (the filter MAX_NUM_ORDERS)."""
MAX_STOP_ORDERS = 5
"""Those of them that have a stop price (the filter MAX_NUM_ALGO_ORDERS)."""
PRICE_RANGE = (0.1, 5)
"""Least and greatest price, by the last price (the filter PERCENT_PRICE_BY_SIDE)."""

STOPS = ("STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT")
ORDER_TYPES = ("LIMIT", "LIMIT_MAKER", "MARKET", *STOPS)
CONDITIONAL = ("STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET")
FUTURES_ORDER_TYPES = ("LIMIT", "MARKET", *CONDITIONAL)

STP_MODES = ("NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH")
"""Modes of self-trade prevention, the default first; none has an effect."""


def _read(prices: str) -> dict[str, float]:
    words = prices.split()
    return dict(zip(words[::2], map(float, words[1::2]), strict=True))


# US dollars a coin, about, and a quote; symbols that scripts and documentation use; more coins.
_COINS, _PRICES, _CLASSICS, _OTHER_COINS = (
    Path(__file__).with_name("symbols.txt").read_text("ascii").split("\n\n")
)
_KNOWN, _QUOTES = _read(_COINS), _read(_PRICES)

# The exchange lists symbols outside ASCII; one of them is always there beyond the first fifty.
_BEYOND_ASCII = "币安人生"


@dataclass(frozen=True, slots=True)
class Symbol:
    """One listed symbol.

    ``tick`` and ``step`` are in units of 1e-8; ``anchor`` is the price, in ticks, round which the
    market moves; ``gap`` the distance in ticks between the levels that the simulated makers quote;
    ``lot`` a usual trade in steps; ``rank`` its place in the listing, 0 the busiest. Spot prints
    eight decimals always; futures (``short``) as many as tick and step have.

    Futures have a ``pair`` and a ``contract`` type; ``size``: the dollars of a COIN-M contract.
    ``past`` names the symbol whose price it shares.
    """

    name: str
    base: str
    quote: str
    tick: int
    step: int
    anchor: int
    gap: int
    lot: int
    rank: int
    short: bool = False
    pair: str = ""
    contract: str = "PERPETUAL"
    size: int = 0
    past: str = ""
    ends: int = 4_133_404_800_000
    """When the contract is delivered (ms); the exchange says 2100 of perpetual ones."""

    @property
    def max_price(self) -> int:
        """In ticks (the filter PRICE_FILTER)."""
        return self.anchor * 100

    @property
    def max_quantity(self) -> int:
        """In steps (the filter LOT_SIZE)."""
        return self.lot * 10_000_000

    @property
    def least_notional(self) -> int:
        """The least that an order may be worth, in units of quote (the filter NOTIONAL, on USD-M
        MIN_NOTIONAL); 0 on COIN-M and options, which have no such filter.
        """
        has_none = self.size or not self.contract
        return 0 if has_none else self.cost(self.anchor, self.lot) // 40

    @property
    def most_notional(self) -> int:
        """The most that an order with a price may be worth (the filter NOTIONAL)."""
        return self.least_notional * 1_800_000

    def cost(self, ticks: int, steps: int) -> int:
        """What so many steps cost at a price, in units of quote, rounded down."""
        return ticks * self.tick * steps * self.step // UNIT

    def cost_at_most(self, ticks: int, steps: int) -> int:
        """The same, rounded up."""
        return -self.cost(-ticks, steps)

    def given(self, buys: bool) -> str:
        """The asset that an order gives: the quote asset when it buys, else the base asset."""
        return self.quote if buys else self.base

    def price(self, ticks: int) -> str:
        """A price as the exchange prints it."""
        return self._printed(ticks * self.tick, self.tick)

    def quantity(self, steps: int) -> str:
        """A quantity as the exchange prints it."""
        return self._printed(steps * self.step, self.step)

    def amount(self, product: int) -> str:
        """A sum of ticks times steps (a quote volume) as the exchange prints it."""
        unit = self.tick * self.step
        return self._printed(product * unit // UNIT, max(1, unit // UNIT))

    def _printed(self, units: int, unit: int) -> str:
        """On futures without the decimals that are finer than ``unit`` (a power of ten)."""
        if not self.short:
            return decimal(units)
        surplus = len(str(unit)) - 1
        return decimal(units)[: -surplus or None].rstrip(".")

    def turnover(self, volume: int, quote: int) -> str:
        """A quote volume as the exchange prints it; on COIN-M the volume in the base coin."""
        if not self.size or not quote:
            return self.amount(quote)
        return decimal(volume * volume * self.size * UNIT * UNIT // (quote * self.tick))


def decimal(units: int) -> str:
    """Units of 1e-8 as a decimal number with eight places."""
    if units < 0:
        return f"-{decimal(-units)}"
    whole, part = divmod(units, UNIT)
    return f"{whole}.{part:08d}"


def _dollars(coin: str) -> float:
    known = _KNOWN.get(coin) or _QUOTES.get(coin)
    if known:
        return known
    spread = zlib.crc32(coin.encode()) / 2**32  # the same coin costs the same in every quote
    return float(10 ** (spread * 3.5 - 1.5))  # 0.03 to 100 dollars


def make(base: str, quote: str, rank: int, short: bool = False) -> Symbol:
    """The symbol of a pair of coins, with precision that suits its price."""
    price = max(_dollars(base) / _dollars(quote), 2e-5)
    digits = min(8, max(2, 4 - math.floor(math.log10(price))))
    tick = 10 ** (8 - digits)
    anchor = round(price * 10**digits)
    places = min(8, max(0, math.floor(math.log10(_dollars(base))) + 1))
    step = 10 ** (8 - places)
    lot = max(5, round(200.0 / _dollars(base) * 10**places))  # about 200 dollars
    gap = max(1, anchor // 40_000)
    return Symbol(base + quote, base, quote, tick, step, anchor, gap, lot, rank, short)


def split(name: str) -> tuple[str, str]:
    """Base and quote of a symbol's name.

    :raises ValueError: when it ends with no known quote.
    """
    for quote in _QUOTES:
        if name.endswith(quote) and len(name) > len(quote):
            return name[: -len(quote)], quote
    raise ValueError(f"symbol {name!r} ends with none of the quotes {', '.join(_QUOTES)}")


def _names() -> Iterable[str]:
    yield from _CLASSICS.split()
    yield from (coin + "USDT" for coin in _OTHER_COINS.split()[:20])
    yield _BEYOND_ASCII + "USDT"
    coins = [*_KNOWN, *_OTHER_COINS.split(), _BEYOND_ASCII]
    for quote in _QUOTES:
        for coin in coins:
            if coin != quote and _dollars(coin) / _dollars(quote) >= 2e-5:
                yield coin + quote


@cache
def _every_name() -> tuple[str, ...]:
    return tuple(dict.fromkeys(_names()))


def listing(symbols: int | Iterable[str]) -> tuple[Symbol, ...]:
    """The first so many symbols of the simulator's list, or those that are named.

    :raises ValueError: for a number outside 1..1500, an unknown quote, or no name at all.
    """
    if isinstance(symbols, int):
        if not 1 <= symbols <= MAX_SYMBOLS:
            raise ValueError(f"symbols must be 1 to {MAX_SYMBOLS}, not {symbols}")
        wanted = _every_name()[:symbols]
    else:
        if isinstance(symbols, str):
            raise TypeError("symbols must be a number or several names, not one string")
        wanted = tuple(dict.fromkeys(name.upper() for name in symbols))
        if not wanted:
            raise ValueError("symbols must name at least one symbol")
    return tuple(make(*split(name), rank) for rank, name in enumerate(wanted))


def perpetuals(spot: Iterable[Symbol]) -> tuple[Symbol, ...]:
    """The perpetual futures of some spot symbols: those in dollars, at least one."""
    names = [(each.base, each.quote) for each in spot if each.quote in ("USDT", "USDC")]
    made = (make(*each, rank, True) for rank, each in enumerate(names or [("BTC", "USDT")]))
    return tuple(replace(each, pair=each.name, past=each.name) for each in made)


def contracts(spot: Iterable[Symbol], start: int) -> tuple[Symbol, ...]:
    """The COIN-M contracts of some spot symbols' coins: a perpetual one of each, and of the first
    two those of this and the next quarter after ``start`` (ms).
    """
    days = dict(zip(("CURRENT_QUARTER", "NEXT_QUARTER"), quarters(start), strict=True))
    coins: dict[str, Symbol] = {}
    for each in perpetuals(spot):
        coins.setdefault(each.base, each)
    found: list[Symbol] = []
    for number, (coin, each) in enumerate(coins.items()):
        pair, size = f"{coin}USD", 100 if coin == "BTC" else 10
        of = replace(each, quote="USD", pair=pair, step=UNIT, lot=20, size=size)
        found.append(replace(of, name=f"{pair}_PERP", rank=len(found)))
        for contract, day in days.items() if number < 2 else ():
            name, ends = f"{pair}_{day:%y%m%d}", int(day.timestamp()) * 1000
            found.append(replace(of, name=name, rank=len(found), contract=contract, ends=ends))
    return tuple(found)


def quarters(time: int) -> list[datetime]:
    """The next two days of delivery after ``time`` (ms): the last Fridays of quarters, at 8:00."""
    now = datetime.fromtimestamp(time / 1000, UTC)
    after = [datetime(now.year + n // 4, n % 4 * 3 + 1, 1, 8, tzinfo=UTC) for n in range(1, 8)]
    days = [first - timedelta(days=(first.weekday() + 2) % 7 + 1) for first in after]
    return [day for day in days if day > now][:2]
