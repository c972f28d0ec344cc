"""Stream names as the simulator reads them: its own table, which shares no mistake with a client.

Sources: the exchange's pages "WebSocket Streams" (spot) and "Websocket Market Streams" (USD-M
futures, COIN-M futures, options), and its notice "COIN-M / USD-M Architecture Integration".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from binance.simulator.market.candles import DAY, HOUR, INTERVALS

WINDOWS = {"1h": HOUR, "4h": 4 * HOUR, "1d": DAY}
"""Windows of the rolling tickers."""


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """What a stream name means.

    ``symbol`` is upper case, and empty for all-market streams. ``period``: ms between events; 0 for
    streams that have an event whenever something happens. ``pair``: of all contracts of this pair.
    """

    kind: str
    symbol: str = ""
    interval: str = ""
    offset: str = ""
    levels: int = 0
    window: str = ""
    period: int = 0
    expiry: str = ""
    pair: str = ""


# Kind, name, and the period on spot, USD-M, COIN-M and options; a dash: no such stream there.
# In a name, $ is a symbol, & a contract type, % an interval, # levels, ? a window, ~ a day.
# What @0ms sends at once goes here at the pace of 10 ms: at most one event for each.
_NAMES = """
trade             $@trade                       0     0     -     -
aggTrade          $@aggTrade                    0     0     0     -
blockTrade        $@blockTrade                  0     -     -     -
bookTicker        $@bookTicker                  0     0     0     0
allBookTickers    !bookTicker                   -     0     0     -
referencePrice    $@referencePrice              1000  -     -     -
avgPrice          $@avgPrice                    1000  -     -     -
miniTicker        $@miniTicker                  1000  500   500   -
allMiniTickers    !miniTicker@arr               1000  1000  1000  -
ticker            $@ticker                      1000  500   500   -
allTickers        !ticker@arr                   -     1000  1000  -
rollingTicker     $@ticker_?                    1000  -     -     -
allRollingTickers !ticker_?@arr                 1000  -     -     -
kline             $@kline_%                     2000  250   250   1000
kline             $@kline_%@+08:00              2000  -     -     -
continuousKline   $_&@continuousKline_%         -     250   250   -
indexPriceKline   $@indexPriceKline_%           -     250   250   -
markPriceKline    $@markPriceKline_%            -     250   250   -
depth             $@depth                       1000  250   250   -
depth             $@depth@100ms                 100   100   100   100
depth             $@depth@500ms                 -     500   500   500
depth             $@depth@0ms                   -     10    -     -
depth             $@rpiDepth@500ms              -     500   -     -
partialDepth      $@depth#                      1000  250   250   -
partialDepth      $@depth#@100ms                100   100   100   100
partialDepth      $@depth#@250ms                -     250   250   -
partialDepth      $@depth#@500ms                -     500   500   500
markPrice         $@markPrice                   -     3000  3000  -
markPrice         $@markPrice@1s                -     1000  1000  -
allMarkPrices     !markPrice@arr                -     3000  3000  -
allMarkPrices     !markPrice@arr@1s             -     1000  1000  -
indexPrice        $@indexPrice                  -     -     1000  -
forceOrder        $@forceOrder                  -     1000  1000  -
allForceOrders    !forceOrder@arr               -     1000  1000  -
contractInfo      !contractInfo                 -     1000  1000  -
compositeIndex    $@compositeIndex              -     1000  -     -
assetIndex        $@assetIndex                  -     1000  -     -
allAssetIndexes   !assetIndex@arr               -     1000  -     -
tradingSession    tradingSession                -     1000  -     -
optionTrade       $@optionTrade                 -     -     -     0
optionTicker      $@optionTicker                -     -     -     1000
optionTickers     $@optionTicker@~              -     -     -     1000
optionSymbol      !optionSymbol                 -     -     -     1000
optionMarkPrice   $@optionMarkPrice             -     -     -     1000
openInterest      $@openInterest@~              -     -     -     1000
allIndexPrices    !index@arr                    -     -     -     1000
"""

_CONTRACT_TYPES = "perpetual|current_quarter|next_quarter"
_OPTION_INTERVALS = "1m|3m|5m|15m|30m|1h|2h|4h|6h|12h|1d|3d|1w"
_PARTS = {
    "$": r"(?P<symbol>[^@!]+?)",
    "&": rf"(?P<contract>{_CONTRACT_TYPES})",
    "#": "(?P<levels>5|10|20)",
    "?": f"(?P<window>{'|'.join(WINDOWS)})",
    "~": "(?P<expiry>[0-9]{6})",
}
_MARKETS = ("spot", "usdm", "coinm", "options")

_PUBLIC = {
    *("bookTicker", "allBookTickers", "depth", "partialDepth", "trade"),
    *("optionTrade", "optionTicker", "optionTickers"),
}


def _patterns(market: str) -> list[tuple[str, re.Pattern[str], int]]:
    intervals = _OPTION_INTERVALS if market == "options" else "|".join(INTERVALS)
    parts = {**_PARTS, "%": f"(?P<interval>{intervals})"}
    found = []
    for line in _NAMES.split("\n")[1:-1]:
        kind, name, *periods = line.split()
        period = periods[_MARKETS.index(market)]
        if period != "-":
            texts = (parts.get(each, re.escape(each)) for each in name)
            found.append((kind, re.compile("".join(texts)), int(period)))
    return found


_PATTERNS = {market: _patterns(market) for market in _MARKETS}


def parse(name: str, market: str = "spot") -> StreamSpec | None:
    """What a stream name means; None for names that the exchange does not know.

    The caller checks whether the symbol is listed.
    """
    for kind, pattern, period in _PATTERNS[market]:
        if match := pattern.fullmatch(name):
            found = match.groupdict()
            symbol = found.pop("symbol", "")
            if symbol != symbol.lower():
                return None
            if found.get("interval") == "1s":
                if market != "spot":
                    return None
                period = 1000
            symbol = "_".join(filter(None, (symbol, found.pop("contract", "")))).upper()
            offset = "+08:00" if name.endswith("@+08:00") else ""
            levels = int(found.pop("levels", 0))
            return StreamSpec(kind, symbol, offset=offset, levels=levels, period=period, **found)
    return None


def category(spec: StreamSpec) -> str:
    """The path, ``public`` or ``market``, that serves a stream of USD-M or options."""
    return "public" if spec.kind in _PUBLIC else "market"
