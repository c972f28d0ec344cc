"""Stream names as the simulator reads them: its own table, which shares no mistake with a client.

Sources: the exchange's pages "WebSocket Streams" (spot) and "Websocket Market Streams" (USD-M
futures).
"""

from __future__ import annotations

from dataclasses import dataclass

from binance.simulator.market.candles import DAY, HOUR, INTERVALS, OFFSETS

WINDOWS = {"1h": HOUR, "4h": 4 * HOUR, "1d": DAY}
"""Windows of the rolling tickers."""


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """What a stream name means.

    ``symbol`` is upper case, and empty for all-market streams. ``period``: ms between events; 0 for
    streams that have an event whenever something happens.
    """

    kind: str
    symbol: str = ""
    interval: str = ""
    offset: str = ""
    levels: int = 0
    window: str = ""
    period: int = 0


_SPOT_PLAIN = {
    "trade": ("trade", 0),
    "aggTrade": ("aggTrade", 0),
    "blockTrade": ("blockTrade", 0),
    "bookTicker": ("bookTicker", 0),
    "referencePrice": ("referencePrice", 1000),
    "avgPrice": ("avgPrice", 1000),
    "miniTicker": ("miniTicker", 1000),
    "ticker": ("ticker", 1000),
    "depth": ("depth", 1000),
}

_USDM_PLAIN = {
    "trade": ("trade", 0),
    "aggTrade": ("aggTrade", 0),
    "bookTicker": ("bookTicker", 0),
    "forceOrder": ("forceOrder", 1000),
    "markPrice": ("markPrice", 3000),
    "miniTicker": ("miniTicker", 500),
    "ticker": ("ticker", 500),
    "depth": ("depth", 250),
}

_USDM_ALL = {
    "!bookTicker": StreamSpec("allBookTickers"),
    "!miniTicker@arr": StreamSpec("allMiniTickers", period=1000),
    "!ticker@arr": StreamSpec("allTickers", period=1000),
    "!markPrice@arr": StreamSpec("allMarkPrices", period=3000),
    "!markPrice@arr@1s": StreamSpec("allMarkPrices", period=1000),
    "!forceOrder@arr": StreamSpec("allForceOrders", period=1000),
}

_PUBLIC = {"bookTicker", "allBookTickers", "depth", "partialDepth", "trade"}


def parse(name: str, market: str = "spot") -> StreamSpec | None:
    """What a stream name means; None for names that the exchange does not know.

    The caller checks whether the symbol is listed.
    """
    if market == "usdm":
        return _parse_usdm(name)
    if name.startswith("!"):
        if name == "!miniTicker@arr":
            return StreamSpec("allMiniTickers", period=1000)
        for window in WINDOWS:
            if name == f"!ticker_{window}@arr":
                return StreamSpec("allRollingTickers", window=window, period=1000)
        return None
    lower, _, rest = name.partition("@")
    if not lower or lower != lower.lower():
        return None
    symbol = lower.upper()
    if rest in _SPOT_PLAIN:
        kind, period = _SPOT_PLAIN[rest]
        return StreamSpec(kind, symbol, period=period)
    if rest.startswith("kline_"):
        return _kline(symbol, rest[6:], spot=True)
    if rest.startswith("ticker_") and rest[7:] in WINDOWS:
        return StreamSpec("rollingTicker", symbol, window=rest[7:], period=1000)
    if rest == "depth@100ms":
        return StreamSpec("depth", symbol, period=100)
    if rest.startswith("depth"):
        levels, _, speed = rest[5:].partition("@")
        if levels in ("5", "10", "20") and rest in (f"depth{levels}", f"depth{levels}@100ms"):
            return StreamSpec(
                "partialDepth", symbol, levels=int(levels), period=100 if speed else 1000
            )
    return None


def _kline(symbol: str, rest: str, *, spot: bool) -> StreamSpec | None:
    interval, separator, offset = rest.partition("@")
    if interval not in INTERVALS or (separator and not (spot and offset == "+08:00")):
        return None
    if interval == "1s" and not spot:
        return None
    assert offset in OFFSETS
    period = 1000 if interval == "1s" else 2000 if spot else 250
    return StreamSpec("kline", symbol, interval, offset, period=period)


def _parse_usdm(name: str) -> StreamSpec | None:
    if name.startswith("!"):
        return _USDM_ALL.get(name)
    lower, _, rest = name.partition("@")
    if not lower or lower != lower.lower():
        return None
    symbol = lower.upper()
    if rest in _USDM_PLAIN:
        kind, period = _USDM_PLAIN[rest]
        return StreamSpec(kind, symbol, period=period)
    if rest == "rpiDepth@500ms":
        return StreamSpec("depth", symbol, period=500)
    if rest == "markPrice@1s":
        return StreamSpec("markPrice", symbol, period=1000)
    if rest.startswith("kline_"):
        return _kline(symbol, rest[6:], spot=False)
    if rest.startswith("continuousKline_") and lower.endswith("_perpetual"):
        found = _kline(symbol.removesuffix("_PERPETUAL"), rest[16:], spot=False)
        return found and StreamSpec(
            "continuousKline", found.symbol, found.interval, period=found.period
        )
    if rest.startswith("depth"):
        levels, _, speed = rest[5:].partition("@")
        paces = {"": 250, "100ms": 100, "250ms": 250, "500ms": 500}
        if speed not in paces or rest != f"depth{levels}" + (f"@{speed}" if speed else ""):
            return None
        period = paces[speed]
        if levels in ("5", "10", "20"):
            return StreamSpec("partialDepth", symbol, levels=int(levels), period=period)
        if levels == "" and speed != "250ms":
            return StreamSpec("depth", symbol, period=period)
    return None


def category(spec: StreamSpec) -> str:
    """The USD-M path, ``public`` or ``market``, that serves a stream."""
    return "public" if spec.kind in _PUBLIC else "market"
