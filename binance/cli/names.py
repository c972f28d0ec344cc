"""The streams that a command line names: ``btcusdt@trade``, ``usdm:btcusdt@markPrice@1s``. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from binance.sansio.names import streams

__all__ = ["SOCKET_MARKETS", "Wanted", "wanted"]

#: Markets whose streams a manager can carry, several on one link.
SOCKET_MARKETS = ("spot", "usdm", "options")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One stream that was asked for."""

    market: str
    name: str
    """As the exchange spells it."""

    @property
    def label(self) -> str:
        """As it is shown: with its market, but for spot."""
        return streams.key(self.name, self.market)


def wanted(texts: Iterable[str]) -> list[Wanted]:
    """The streams that were asked for, each once, in order; symbols in any case.

    :raises ValueError: no stream of that name is served; says what is.
    """
    return list(dict.fromkeys(_one(text.strip()) for text in texts))


def _one(text: str) -> Wanted:
    market, colon, name = text.partition(":")
    if not colon or "@" in market:  # the colon of @+08:00
        market, name = "spot", text
    if market not in SOCKET_MARKETS:
        raise ValueError(f"unknown market {market!r}; allowed are {', '.join(SOCKET_MARKETS)}")
    if "@" not in name and name.isalnum() and name != "tradingSession":
        symbol = name.lower()
        raise ValueError(
            f"{text!r} is a symbol, not a stream; such as {symbol}@trade, {symbol}@ticker, "
            f"{symbol}@kline_1m, {symbol}@bookTicker or {symbol}@depth@100ms"
        )
    if (gone := streams.retired(name, market)) is not None:
        raise ValueError(f"{text!r} was {gone}")
    if not name.startswith("!") and "@" in name:
        symbol, _, rest = name.partition("@")
        name = f"{symbol.lower()}@{rest}"
    streams.parse(name, market)
    streams.check_names([name])
    return Wanted(market, name)
