"""The type of each message: TypedDicts for type checkers and editors.

A name without a prefix is the type of the first market that has such a message, in the order spot,
USD-M, COIN-M, options. Another market has a type with a prefix if its fields differ: `UsdmTrade`. A
plural is what a stream of lists sends: `MiniTickers`. `Combined[Trade]` is a multiplex message.

Made by docs/message_types.py from binance/sansio/names/fields.py; do not edit.
"""

from collections.abc import Callable
from typing import Any, Generic, Literal, NotRequired, TypedDict, TypeVar

Data = TypeVar("Data")


class Combined(TypedDict, Generic[Data]):
    """A message of a multiplex socket or a futures socket."""

    stream: str
    data: Data
    _received: NotRequired[int]


class ErrorMessage(TypedDict):
    """The last message of every socket whose retries have failed."""

    e: Literal["error"]
    """always this text"""
    m: str
    """always `Max reconnect retries reached`"""


#: Arguments of the methods that start sockets: intervals, the same outside spot, and depths.
KlineInterval = Literal["1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M"]
FuturesKlineInterval = Literal["1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M"]
DepthLevels = Literal[1, 5, 10, 20, "1", "5", "10", "20"]

#: A callback of such messages, which may also call them plain dicts.
Callback = Callable[[Data], object] | Callable[[dict[str, Any]], object]
#: The same for lists of such messages.
ListCallback = Callable[[list[Data]], object] | Callable[[list[dict[str, Any]]], object]


class AggTrade(TypedDict):
    """Trades of one taker order at one price, combined (spot)."""

    e: Literal["aggTrade"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    a: int
    """aggregate trade id"""
    p: str
    """price"""
    q: str
    """quantity"""
    f: int
    """first trade id"""
    l: int
    """last trade id"""
    T: int
    """trade time, in ms"""
    m: bool
    """true if the buyer was the maker"""
    M: bool
    """ignore"""
    backfilled: NotRequired[bool]
    """true if the event was fetched, with the option ``gapless=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class UsdmAggTrade(TypedDict):
    """Trades of one taker order at one price, combined (usdm)."""

    e: Literal["aggTrade"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    a: int
    """aggregate trade id"""
    p: str
    """price"""
    q: str
    """quantity"""
    f: int
    """first trade id"""
    l: int
    """last trade id"""
    T: int
    """trade time, in ms"""
    m: bool
    """true if the buyer was the maker"""
    nq: NotRequired[str]
    """quantity without the trades of RPI orders"""
    st: int
    """market: 1 is USD-M, 2 is COIN-M"""
    backfilled: NotRequired[bool]
    """true if the event was fetched, with the option ``gapless=True``"""


class CoinmAggTrade(TypedDict):
    """Trades of one taker order at one price, combined (coinm)."""

    e: Literal["aggTrade"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    a: int
    """aggregate trade id"""
    p: str
    """price"""
    q: str
    """quantity"""
    f: int
    """first trade id"""
    l: int
    """last trade id"""
    T: int
    """trade time, in ms"""
    m: bool
    """true if the buyer was the maker"""
    st: int
    """market: 1 is USD-M, 2 is COIN-M"""
    backfilled: NotRequired[bool]
    """true if the event was fetched, with the option ``gapless=True``"""


class Trade(TypedDict):
    """A single trade (spot)."""

    e: Literal["trade"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    t: int
    """trade id"""
    p: str
    """price"""
    q: str
    """quantity"""
    T: int
    """trade time, in ms"""
    m: bool
    """true if the buyer was the maker"""
    M: bool
    """ignore"""
    backfilled: NotRequired[bool]
    """true if the event was fetched, with the option ``gapless=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class UsdmTrade(TypedDict):
    """A single trade (usdm)."""

    e: Literal["trade"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    t: int
    """trade id"""
    p: str
    """price"""
    q: str
    """quantity"""
    T: int
    """trade time, in ms"""
    m: bool
    """true if the buyer was the maker"""
    X: NotRequired[str]
    """kind of trade, such as MARKET"""
    st: NotRequired[int]
    """market: 1 is USD-M, 2 is COIN-M"""
    backfilled: NotRequired[bool]
    """true if the event was fetched, with the option ``gapless=True``"""


class BlockTrade(TypedDict):
    """A block trade (spot)."""

    e: Literal["blockTrade"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    t: int
    """block trade id"""
    p: str
    """price"""
    q: str
    """quantity"""
    T: int
    """trade time, in ms"""
    m: bool
    """true if the buyer was the maker"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class OptionTrade(TypedDict):
    """A trade of an option (options)."""

    e: Literal["trade"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    t: int
    """trade id"""
    p: str
    """price"""
    q: str
    """quantity"""
    T: int
    """trade time, in ms"""
    m: bool
    """true if the buyer was the maker"""
    X: str
    """kind of trade: MARKET or BLOCK"""
    S: str
    """direction"""


class ReferencePrice(TypedDict):
    """The reference price of a symbol (spot)."""

    e: Literal["referencePrice"]
    """event type"""
    s: str
    """symbol"""
    r: str | None
    """reference price, null if there is none"""
    t: int
    """time in the matching engine, in ms"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class Candle(TypedDict):
    """A candle of a symbol (spot, usdm)."""

    s: str
    """symbol"""
    f: int
    """first trade id, -1 if there is none"""
    L: int
    """last trade id, -1 if there is none"""
    t: int
    """open time, in ms"""
    T: int
    """close time, in ms"""
    i: str
    """interval"""
    o: str
    """open price"""
    h: str
    """highest price"""
    l: str
    """lowest price"""
    c: str
    """last price"""
    v: str
    """volume"""
    q: str
    """volume in the quote asset"""
    n: int
    """number of trades"""
    x: bool
    """true if the candle is closed"""
    V: str
    """volume of taker buys"""
    B: str
    """ignore"""
    Q: str
    """volume of taker buys in the quote asset"""


class Kline(TypedDict):
    """The current candle of a symbol (spot)."""

    e: Literal["kline"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    k: Candle
    """the candle"""
    backfilled: NotRequired[bool]
    """true if the event was fetched, with the option ``gapless=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class UsdmKline(TypedDict):
    """The current candle of a symbol (usdm)."""

    e: Literal["kline"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    k: Candle
    """the candle"""
    backfilled: NotRequired[bool]
    """true if the event was fetched, with the option ``gapless=True``"""


class CoinmCandle(TypedDict):
    """A candle of a symbol (coinm)."""

    s: str
    """symbol"""
    f: int
    """first trade id, -1 if there is none"""
    L: int
    """last trade id, -1 if there is none"""
    t: int
    """open time, in ms"""
    T: int
    """close time, in ms"""
    i: str
    """interval"""
    o: str
    """open price"""
    h: str
    """highest price"""
    l: str
    """lowest price"""
    c: str
    """last price"""
    v: str
    """volume"""
    q: str
    """volume in the base asset"""
    n: int
    """number of trades"""
    x: bool
    """true if the candle is closed"""
    V: str
    """volume of taker buys"""
    B: str
    """ignore"""
    Q: str
    """volume of taker buys in the base asset"""


class CoinmKline(TypedDict):
    """The current candle of a symbol (coinm)."""

    e: Literal["kline"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    k: CoinmCandle
    """the candle"""
    backfilled: NotRequired[bool]
    """true if the event was fetched, with the option ``gapless=True``"""


class OptionsCandle(TypedDict):
    """A candle of a symbol (options)."""

    s: str
    """symbol"""
    f: int
    """first trade id, -1 if there is none"""
    L: int
    """last trade id, -1 if there is none"""
    t: int
    """open time, in ms"""
    T: int
    """close time, in ms"""
    i: str
    """interval"""
    o: str
    """open price"""
    h: str
    """highest price"""
    l: str
    """lowest price"""
    c: str
    """last price"""
    v: str
    """volume"""
    q: str
    """volume in the quote asset"""
    n: int
    """number of trades"""
    x: bool
    """true if the candle is closed"""
    V: str
    """volume of taker buys"""
    Q: str
    """volume of taker buys in the quote asset"""


class OptionsKline(TypedDict):
    """The current candle of a symbol (options)."""

    e: Literal["kline"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    k: OptionsCandle
    """the candle"""


class ContinuousCandle(TypedDict):
    """A candle of a pair and contract type (usdm)."""

    f: int
    """first update id"""
    L: int
    """last update id"""
    t: int
    """open time, in ms"""
    T: int
    """close time, in ms"""
    i: str
    """interval"""
    o: str
    """open price"""
    h: str
    """highest price"""
    l: str
    """lowest price"""
    c: str
    """last price"""
    v: str
    """volume"""
    q: str
    """volume in the quote asset"""
    n: int
    """number of trades"""
    x: bool
    """true if the candle is closed"""
    V: str
    """volume of taker buys"""
    B: str
    """ignore"""
    Q: str
    """volume of taker buys in the quote asset"""


class ContinuousKline(TypedDict):
    """The candle of a pair and contract type (usdm)."""

    e: Literal["continuous_kline"]
    """event type"""
    E: int
    """event time, in ms"""
    ps: str
    """pair"""
    ct: str
    """contract type"""
    k: ContinuousCandle
    """the candle"""
    backfilled: NotRequired[bool]
    """true if the event was fetched, with the option ``gapless=True``"""


class CoinmContinuousCandle(TypedDict):
    """A candle of a pair and contract type (coinm)."""

    f: int
    """first update id"""
    L: int
    """last update id"""
    t: int
    """open time, in ms"""
    T: int
    """close time, in ms"""
    i: str
    """interval"""
    o: str
    """open price"""
    h: str
    """highest price"""
    l: str
    """lowest price"""
    c: str
    """last price"""
    v: str
    """volume"""
    q: str
    """volume in the base asset"""
    n: int
    """number of trades"""
    x: bool
    """true if the candle is closed"""
    V: str
    """volume of taker buys"""
    B: str
    """ignore"""
    Q: str
    """volume of taker buys in the base asset"""


class CoinmContinuousKline(TypedDict):
    """The candle of a pair and contract type (coinm)."""

    e: Literal["continuous_kline"]
    """event type"""
    E: int
    """event time, in ms"""
    ps: str
    """pair"""
    ct: str
    """contract type"""
    k: CoinmContinuousCandle
    """the candle"""
    backfilled: NotRequired[bool]
    """true if the event was fetched, with the option ``gapless=True``"""


class PriceKline(TypedDict):
    """The candle of an index price or a mark price, its volumes and trade ids have no meaning (usdm)."""

    e: Literal["indexPrice_kline", "markPrice_kline"]
    """event type"""
    E: int
    """event time, in ms"""
    ps: str
    """pair"""
    k: Candle
    """the candle"""
    backfilled: NotRequired[bool]
    """true if the event was fetched, with the option ``gapless=True``"""


class CoinmPriceKline(TypedDict):
    """The candle of an index price or a mark price, its volumes and trade ids have no meaning (coinm)."""

    e: Literal["indexPrice_kline", "markPrice_kline"]
    """event type"""
    E: int
    """event time, in ms"""
    ps: str
    """pair"""
    k: CoinmCandle
    """the candle"""
    backfilled: NotRequired[bool]
    """true if the event was fetched, with the option ``gapless=True``"""


class MiniTicker(TypedDict):
    """Prices and volumes of 24 hours (spot)."""

    e: Literal["24hrMiniTicker"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    o: str
    """open price"""
    h: str
    """highest price"""
    l: str
    """lowest price"""
    c: str
    """last price"""
    v: str
    """volume"""
    q: str
    """volume in the quote asset"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class UsdmMiniTicker(TypedDict):
    """Prices and volumes of 24 hours (usdm)."""

    e: Literal["24hrMiniTicker"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    o: str
    """open price"""
    h: str
    """highest price"""
    l: str
    """lowest price"""
    c: str
    """last price"""
    v: str
    """volume"""
    q: str
    """volume in the quote asset"""
    ps: str
    """pair"""
    st: int
    """market: 1 is USD-M, 2 is COIN-M"""


class CoinmMiniTicker(TypedDict):
    """Prices and volumes of 24 hours (coinm)."""

    e: Literal["24hrMiniTicker"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    o: str
    """open price"""
    h: str
    """highest price"""
    l: str
    """lowest price"""
    c: str
    """last price"""
    v: str
    """volume"""
    q: str
    """volume in the base asset"""
    ps: str
    """pair"""
    st: int
    """market: 1 is USD-M, 2 is COIN-M"""


class RollingTicker(TypedDict):
    """Statistics of the last hour, four hours or day (spot)."""

    e: Literal["1hTicker", "4hTicker", "1dTicker"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    p: str
    """price change"""
    P: str
    """price change in percent"""
    w: str
    """average price, weighted by volume"""
    o: str
    """open price"""
    h: str
    """highest price"""
    l: str
    """lowest price"""
    c: str
    """last price"""
    v: str
    """volume"""
    q: str
    """volume in the quote asset"""
    O: int
    """start of the window, in ms"""
    C: int
    """end of the window, in ms"""
    F: int
    """first trade id"""
    L: int
    """last trade id"""
    n: int
    """number of trades"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class Ticker(TypedDict):
    """Statistics of the last 24 hours (spot)."""

    e: Literal["24hrTicker"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    p: str
    """price change"""
    P: str
    """price change in percent"""
    w: str
    """average price, weighted by volume"""
    o: str
    """open price"""
    h: str
    """highest price"""
    l: str
    """lowest price"""
    c: str
    """last price"""
    v: str
    """volume"""
    q: str
    """volume in the quote asset"""
    O: int
    """start of the window, in ms"""
    C: int
    """end of the window, in ms"""
    F: int
    """first trade id"""
    L: int
    """last trade id"""
    n: int
    """number of trades"""
    Q: str
    """quantity of the last trade"""
    x: str
    """price of the last trade before the window"""
    b: str
    """best bid price"""
    B: str
    """quantity at the best bid"""
    a: str
    """best ask price"""
    A: str
    """quantity at the best ask"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class UsdmTicker(TypedDict):
    """Statistics of the last 24 hours (usdm)."""

    e: Literal["24hrTicker"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    p: str
    """price change"""
    P: str
    """price change in percent"""
    w: str
    """average price, weighted by volume"""
    o: str
    """open price"""
    h: str
    """highest price"""
    l: str
    """lowest price"""
    c: str
    """last price"""
    v: str
    """volume"""
    q: str
    """volume in the quote asset"""
    O: int
    """start of the window, in ms"""
    C: int
    """end of the window, in ms"""
    F: int
    """first trade id"""
    L: int
    """last trade id"""
    n: int
    """number of trades"""
    Q: str
    """quantity of the last trade"""
    ps: str
    """pair"""
    st: int
    """market: 1 is USD-M, 2 is COIN-M"""


class CoinmTicker(TypedDict):
    """Statistics of the last 24 hours (coinm)."""

    e: Literal["24hrTicker"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    p: str
    """price change"""
    P: str
    """price change in percent"""
    w: str
    """average price, weighted by volume"""
    o: str
    """open price"""
    h: str
    """highest price"""
    l: str
    """lowest price"""
    c: str
    """last price"""
    v: str
    """volume"""
    q: str
    """volume in the base asset"""
    O: int
    """start of the window, in ms"""
    C: int
    """end of the window, in ms"""
    F: int
    """first trade id"""
    L: int
    """last trade id"""
    n: int
    """number of trades"""
    Q: str
    """quantity of the last trade"""
    ps: str
    """pair"""
    st: int
    """market: 1 is USD-M, 2 is COIN-M"""


class OptionsTicker(TypedDict):
    """Statistics of the last 24 hours (options)."""

    e: Literal["24hrTicker"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    p: str
    """price change"""
    P: str
    """price change in percent"""
    w: str
    """average price, weighted by volume"""
    o: str
    """open price"""
    h: str
    """highest price"""
    l: str
    """lowest price"""
    c: str
    """last price"""
    v: str
    """volume"""
    q: str
    """volume in the quote asset"""
    O: int
    """start of the window, in ms"""
    C: int
    """end of the window, in ms"""
    F: int
    """first trade id"""
    L: int
    """last trade id"""
    n: int
    """number of trades"""
    Q: str
    """quantity of the last trade"""


class BookTicker(TypedDict):
    """The best bid and ask (spot)."""

    u: int
    """update id"""
    s: str
    """symbol"""
    b: str
    """best bid price"""
    B: str
    """quantity at the best bid"""
    a: str
    """best ask price"""
    A: str
    """quantity at the best ask"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class UsdmBookTicker(TypedDict):
    """The best bid and ask (usdm, coinm)."""

    e: Literal["bookTicker"]
    """event type"""
    E: int
    """event time, in ms"""
    u: int
    """update id"""
    s: str
    """symbol"""
    b: str
    """best bid price"""
    B: str
    """quantity at the best bid"""
    a: str
    """best ask price"""
    A: str
    """quantity at the best ask"""
    T: int
    """transaction time, in ms"""
    ps: str
    """pair"""
    st: int
    """market: 1 is USD-M, 2 is COIN-M"""


class OptionsBookTicker(TypedDict):
    """The best bid and ask (options)."""

    e: Literal["bookTicker"]
    """event type"""
    E: int
    """event time, in ms"""
    u: int
    """update id"""
    s: str
    """symbol"""
    b: str
    """best bid price"""
    B: str
    """quantity at the best bid"""
    a: str
    """best ask price"""
    A: str
    """quantity at the best ask"""
    T: int
    """transaction time, in ms"""


class AvgPrice(TypedDict):
    """The average price of the last minutes (spot)."""

    e: Literal["avgPrice"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    i: str
    """span of the average, such as 5m"""
    w: str
    """average price"""
    T: int
    """time of the last trade, in ms"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class Depth(TypedDict):
    """Changes of the order book (spot)."""

    e: Literal["depthUpdate"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    U: int
    """first update id"""
    u: int
    """last update id"""
    b: list[list[str]]
    """changed bids, a quantity of 0 removes the level"""
    a: list[list[str]]
    """changed asks"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class UsdmDepth(TypedDict):
    """Changes of the order book (usdm, coinm)."""

    e: Literal["depthUpdate"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    U: int
    """first update id"""
    u: int
    """last update id"""
    T: int
    """transaction time, in ms"""
    pu: int
    """``u`` of the previous event"""
    ps: str
    """pair"""
    st: int
    """market: 1 is USD-M, 2 is COIN-M"""
    b: list[list[str]]
    """changed bids, a quantity of 0 removes the level"""
    a: list[list[str]]
    """changed asks"""


class OptionsDepth(TypedDict):
    """Changes of the order book (options)."""

    e: Literal["depthUpdate"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    U: int
    """first update id"""
    u: int
    """last update id"""
    T: int
    """transaction time, in ms"""
    pu: int
    """``u`` of the previous event"""
    b: list[list[str]]
    """changed bids, a quantity of 0 removes the level"""
    a: list[list[str]]
    """changed asks"""


class PartialDepth(TypedDict):
    """The best levels of the order book (spot)."""

    lastUpdateId: int
    """last update id"""
    bids: list[list[str]]
    """best bids"""
    asks: list[list[str]]
    """best asks"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class UsdmPartialDepth(TypedDict):
    """The best levels of the order book (usdm, coinm)."""

    e: Literal["depthUpdate"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    U: int
    """first update id"""
    u: int
    """last update id"""
    T: int
    """transaction time, in ms"""
    pu: int
    """``u`` of the previous event"""
    ps: str
    """pair"""
    st: int
    """market: 1 is USD-M, 2 is COIN-M"""
    b: list[list[str]]
    """best bids"""
    a: list[list[str]]
    """best asks"""


class OptionsPartialDepth(TypedDict):
    """The best levels of the order book (options)."""

    e: Literal["depthUpdate"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    U: int
    """first update id"""
    u: int
    """last update id"""
    T: int
    """transaction time, in ms"""
    pu: int
    """``u`` of the previous event"""
    b: list[list[str]]
    """best bids"""
    a: list[list[str]]
    """best asks"""


class MarkPrice(TypedDict):
    """The mark price and the funding rate (usdm)."""

    e: Literal["markPriceUpdate"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    p: str
    """mark price"""
    i: str
    """index price"""
    P: str
    """estimated settlement price"""
    r: str
    """funding rate, empty for delivery contracts"""
    T: int
    """next funding time, 0 for delivery contracts, in ms"""
    st: int
    """market: 1 is USD-M, 2 is COIN-M"""
    ap: NotRequired[str]
    """moving average of the mark price"""


class CoinmMarkPrice(TypedDict):
    """The mark price and the funding rate (coinm)."""

    e: Literal["markPriceUpdate"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    p: str
    """mark price"""
    i: str
    """index price"""
    P: str
    """estimated settlement price"""
    r: str
    """funding rate, empty for delivery contracts"""
    T: int
    """next funding time, 0 for delivery contracts, in ms"""
    st: int
    """market: 1 is USD-M, 2 is COIN-M"""


class IndexPrice(TypedDict):
    """The index price of a pair (coinm)."""

    e: Literal["indexPriceUpdate"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """pair"""
    p: str
    """index price"""


class Liquidation(TypedDict):
    """A liquidation order (usdm)."""

    s: str
    """symbol"""
    S: str
    """side: BUY or SELL"""
    o: str
    """order type"""
    f: str
    """time in force"""
    q: str
    """quantity"""
    p: str
    """price"""
    ap: str
    """average price"""
    X: str
    """order status"""
    l: str
    """quantity of the last fill"""
    z: str
    """quantity filled so far"""
    T: int
    """trade time, in ms"""


class ForceOrder(TypedDict):
    """A liquidation order (usdm)."""

    e: Literal["forceOrder"]
    """event type"""
    E: int
    """event time, in ms"""
    o: Liquidation
    """the order"""
    ps: NotRequired[str]
    """pair"""
    st: NotRequired[int]
    """market: 1 is USD-M, 2 is COIN-M"""


class CoinmLiquidation(TypedDict):
    """A liquidation order (coinm)."""

    s: str
    """symbol"""
    S: str
    """side: BUY or SELL"""
    o: str
    """order type"""
    f: str
    """time in force"""
    q: str
    """quantity"""
    p: str
    """price"""
    ap: str
    """average price"""
    X: str
    """order status"""
    l: str
    """quantity of the last fill"""
    z: str
    """quantity filled so far"""
    T: int
    """trade time, in ms"""
    ps: str
    """pair"""


class CoinmForceOrder(TypedDict):
    """A liquidation order (coinm)."""

    e: Literal["forceOrder"]
    """event type"""
    E: int
    """event time, in ms"""
    o: CoinmLiquidation
    """the order"""
    ps: NotRequired[str]
    """pair"""
    st: NotRequired[int]
    """market: 1 is USD-M, 2 is COIN-M"""


class IndexPart(TypedDict):
    """A part of a composite index (usdm)."""

    b: str
    """base asset"""
    q: str
    """quote asset"""
    w: str
    """weight in quantity"""
    W: str
    """weight in percent"""
    i: str
    """index price"""


class CompositeIndex(TypedDict):
    """A composite index and its parts (usdm)."""

    e: Literal["compositeIndex"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol of the index"""
    p: str
    """index price"""
    C: str
    """kind of the base assets"""
    c: list[IndexPart]
    """parts"""


class Bracket(TypedDict):
    """A leverage bracket (usdm, coinm)."""

    bs: int
    """number of the bracket"""
    bnf: int
    """lowest notional value"""
    bnc: int
    """highest notional value"""
    mmr: float
    """maintenance margin rate"""
    cf: float
    """auxiliary number"""
    mi: int
    """minimum leverage"""
    ma: int
    """maximum leverage"""


class ContractInfo(TypedDict):
    """A contract that was listed, settled or changed (usdm)."""

    e: Literal["contractInfo"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    ct: str
    """contract type"""
    dt: int
    """delivery time, in ms"""
    ot: int
    """listing time, in ms"""
    cs: str
    """contract status"""
    bks: NotRequired[list[Bracket]]
    """leverage brackets, if they changed"""
    st: int
    """market: 1 is USD-M, 2 is COIN-M"""


class CoinmContractInfo(TypedDict):
    """A contract that was listed, settled or changed (coinm)."""

    e: Literal["contractInfo"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    ct: str
    """contract type"""
    dt: int
    """delivery time, in ms"""
    ot: int
    """listing time, in ms"""
    cs: str
    """contract status"""
    bks: NotRequired[list[Bracket]]
    """leverage brackets, if they changed"""
    st: int
    """market: 1 is USD-M, 2 is COIN-M"""
    ps: str
    """pair"""


class AssetIndex(TypedDict):
    """The index of a multi-assets asset (usdm)."""

    e: Literal["assetIndexUpdate"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol of the asset"""
    i: str
    """index price"""
    b: str
    """bid buffer"""
    a: str
    """ask buffer"""
    B: str
    """bid rate"""
    A: str
    """ask rate"""
    q: str
    """bid buffer of the auto-exchange"""
    g: str
    """ask buffer of the auto-exchange"""
    Q: str
    """bid rate of the auto-exchange"""
    G: str
    """ask rate of the auto-exchange"""


class TradingSession(TypedDict):
    """The trading session of a market outside crypto (usdm)."""

    e: Literal["EquityUpdate", "CommodityUpdate", "KR_EquityUpdate", "HK_EquityUpdate", "CN_EquityUpdate"]
    """event type"""
    E: int
    """event time, in ms"""
    t: int
    """start of the session, in ms"""
    T: int
    """end of the session, in ms"""
    S: str
    """session: PRE_MARKET, REGULAR, AFTER_MARKET, OVERNIGHT or NO_TRADING"""


class Index(TypedDict):
    """The index price of an underlying (options)."""

    e: Literal["indexPrice"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """underlying"""
    p: str
    """index price"""


class OptionMarkPrice(TypedDict):
    """The mark price and the Greeks of an option (options)."""

    e: Literal["markPrice"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    mp: str
    """mark price"""
    i: str
    """index price"""
    P: str
    """estimated settlement price"""
    hl: str
    """highest buy price"""
    ll: str
    """lowest sell price"""
    rf: str
    """risk-free rate"""
    vo: str
    """volatility"""
    bo: str
    """best bid price"""
    ao: str
    """best ask price"""
    bq: str
    """quantity at the best bid"""
    aq: str
    """quantity at the best ask"""
    b: str
    """implied volatility of the bid"""
    a: str
    """implied volatility of the ask"""
    d: str
    """delta"""
    t: str
    """theta"""
    g: str
    """gamma"""
    v: str
    """vega"""


class OpenInterest(TypedDict):
    """The open interest of an option (options)."""

    e: Literal["openInterest"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    o: str
    """open interest in contracts"""
    h: str
    """open interest in USDT"""


class OptionSymbol(TypedDict):
    """A new option (options)."""

    e: Literal["optionSymbol"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    ps: str
    """underlying"""
    qa: str
    """quote asset"""
    d: str
    """kind: CALL or PUT"""
    sp: str
    """exercise price"""
    dt: int
    """delivery time, in ms"""
    ot: int
    """listing time, in ms"""
    u: int
    """units of the underlying in a contract"""
    cs: str
    """status"""


class ServerShutdown(TypedDict):
    """The server is about to close the connection (spot)."""

    e: Literal["serverShutdown"]
    """event type"""
    E: int
    """event time, in ms"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class Balance(TypedDict):
    """The balance of an asset (spot, margin, pm)."""

    a: str
    """asset"""
    f: str
    """free amount"""
    l: str
    """locked amount"""


class AccountPosition(TypedDict):
    """Balances that changed (spot, margin)."""

    e: Literal["outboundAccountPosition"]
    """event type"""
    E: int
    """event time, in ms"""
    u: int
    """time of the change, in ms"""
    B: list[Balance]
    """balances"""
    reconciled: NotRequired[bool]
    """true if the event was fetched, with the option ``reconcile=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class PortfolioMarginAccountPosition(TypedDict):
    """Balances that changed (pm)."""

    e: Literal["outboundAccountPosition"]
    """event type"""
    E: int
    """event time, in ms"""
    u: int
    """time of the change, in ms"""
    B: list[Balance]
    """balances"""
    U: int
    """update id"""
    reconciled: NotRequired[bool]
    """true if the event was fetched, with the option ``reconcile=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class BalanceUpdate(TypedDict):
    """A deposit, a withdrawal or a transfer (spot, margin)."""

    e: Literal["balanceUpdate"]
    """event type"""
    E: int
    """event time, in ms"""
    a: str
    """asset"""
    d: str
    """change"""
    T: int
    """clearing time, in ms"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class PortfolioMarginBalanceUpdate(TypedDict):
    """A deposit, a withdrawal or a transfer (pm)."""

    e: Literal["balanceUpdate"]
    """event type"""
    E: int
    """event time, in ms"""
    a: str
    """asset"""
    d: str
    """change"""
    T: int
    """clearing time, in ms"""
    U: int
    """update id"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class ExternalLockUpdate(TypedDict):
    """An amount that was locked or released elsewhere (spot)."""

    e: Literal["externalLockUpdate"]
    """event type"""
    E: int
    """event time, in ms"""
    a: str
    """asset"""
    d: str
    """change of the locked amount"""
    T: int
    """transaction time, in ms"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class EventStreamTerminated(TypedDict):
    """The subscription has ended (spot, margin)."""

    e: Literal["eventStreamTerminated"]
    """event type"""
    E: int
    """event time, in ms"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class ListOrder(TypedDict):
    """An order of an order list (spot, margin)."""

    s: str
    """symbol"""
    i: int
    """order id"""
    c: str
    """client order id"""


class ListStatus(TypedDict):
    """The state of an order list (spot, margin)."""

    e: Literal["listStatus"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    g: int
    """order list id"""
    c: str
    """kind of the list, such as OCO"""
    l: str
    """list status"""
    L: str
    """status of the orders"""
    r: str
    """reason of a rejection, else NONE"""
    C: str
    """client id of the list"""
    T: int
    """transaction time, in ms"""
    O: list[ListOrder]
    """orders of the list"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class ExecutionReport(TypedDict):
    """A change of an order (spot, margin)."""

    e: Literal["executionReport"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    c: str
    """client order id, after a cancel that of the cancel request"""
    S: str
    """side: BUY or SELL"""
    o: str
    """order type"""
    f: str
    """time in force"""
    q: str
    """quantity"""
    p: str
    """price"""
    P: str
    """stop price"""
    F: str
    """iceberg quantity"""
    g: int
    """order list id, -1 if there is none"""
    C: str
    """client order id of the cancelled order, else empty"""
    x: str
    """execution type, such as NEW, TRADE or CANCELED"""
    X: str
    """order status, such as NEW, FILLED or CANCELED"""
    r: str
    """reason of a rejection, else NONE"""
    i: int
    """order id"""
    l: str
    """quantity of this fill"""
    z: str
    """quantity filled so far"""
    L: str
    """price of this fill"""
    n: str
    """commission"""
    N: str | None
    """asset of the commission"""
    T: int
    """transaction time, in ms"""
    t: int
    """trade id, -1 if there is none"""
    I: int
    """execution id"""
    w: bool
    """true if the order is in the order book"""
    m: bool
    """true if the fill was as maker"""
    M: bool
    """ignore"""
    O: int
    """time of the order, in ms"""
    Z: str
    """amount in the quote asset so far"""
    Y: str
    """amount in the quote asset of this fill"""
    Q: str
    """order quantity in the quote asset"""
    V: str
    """self-trade prevention mode"""
    W: NotRequired[int]
    """since when it is in the order book, in ms"""
    d: NotRequired[int]
    """trailing delta"""
    D: NotRequired[int]
    """time of the trailing start, in ms"""
    j: NotRequired[int]
    """strategy id"""
    J: NotRequired[int]
    """strategy type"""
    v: NotRequired[int]
    """prevented match id"""
    A: NotRequired[str]
    """prevented quantity"""
    B: NotRequired[str]
    """last prevented quantity"""
    u: NotRequired[int]
    """trade group id"""
    U: NotRequired[int]
    """order id of the counterparty"""
    Cs: NotRequired[str]
    """symbol of the counterparty"""
    pl: NotRequired[str]
    """prevented quantity of the execution"""
    pL: NotRequired[str]
    """prevented price of the execution"""
    pY: NotRequired[str]
    """prevented amount of the execution in the quote asset"""
    b: NotRequired[str]
    """match type"""
    a: NotRequired[int]
    """allocation id"""
    k: NotRequired[str]
    """working floor"""
    uS: NotRequired[bool]
    """true if smart order routing was used"""
    gP: NotRequired[str]
    """kind of pegged price"""
    gOT: NotRequired[str]
    """kind of the peg offset"""
    gOV: NotRequired[int]
    """value of the peg offset"""
    gp: NotRequired[str]
    """current pegged price"""
    eR: NotRequired[str]
    """reason of an expiry"""
    reconciled: NotRequired[bool]
    """true if the event was fetched, with the option ``reconcile=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class PortfolioMarginExecutionReport(TypedDict):
    """A change of an order (pm)."""

    e: Literal["executionReport"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """symbol"""
    c: str
    """client order id, after a cancel that of the cancel request"""
    S: str
    """side: BUY or SELL"""
    o: str
    """order type"""
    f: str
    """time in force"""
    q: str
    """quantity"""
    p: str
    """price"""
    P: str
    """stop price"""
    F: str
    """iceberg quantity"""
    g: int
    """order list id, -1 if there is none"""
    C: str
    """client order id of the cancelled order, else empty"""
    x: str
    """execution type, such as NEW, TRADE or CANCELED"""
    X: str
    """order status, such as NEW, FILLED or CANCELED"""
    r: str
    """reason of a rejection, else NONE"""
    i: int
    """order id"""
    l: str
    """quantity of this fill"""
    z: str
    """quantity filled so far"""
    L: str
    """price of this fill"""
    n: str
    """commission"""
    N: str | None
    """asset of the commission"""
    T: int
    """transaction time, in ms"""
    t: int
    """trade id, -1 if there is none"""
    I: int
    """execution id"""
    w: bool
    """true if the order is in the order book"""
    m: bool
    """true if the fill was as maker"""
    O: int
    """time of the order, in ms"""
    Z: str
    """amount in the quote asset so far"""
    Y: str
    """amount in the quote asset of this fill"""
    Q: str
    """order quantity in the quote asset"""
    V: str
    """self-trade prevention mode"""
    W: NotRequired[int]
    """since when it is in the order book, in ms"""
    d: NotRequired[int]
    """trailing delta"""
    D: NotRequired[int]
    """time of the trailing start, in ms"""
    j: NotRequired[int]
    """strategy id"""
    J: NotRequired[int]
    """strategy type"""
    v: NotRequired[int]
    """prevented match id"""
    A: NotRequired[str]
    """prevented quantity"""
    B: NotRequired[str]
    """last prevented quantity"""
    u: NotRequired[int]
    """trade group id"""
    U: NotRequired[int]
    """order id of the counterparty"""
    Cs: NotRequired[str]
    """symbol of the counterparty"""
    pl: NotRequired[str]
    """prevented quantity of the execution"""
    pL: NotRequired[str]
    """prevented price of the execution"""
    pY: NotRequired[str]
    """prevented amount of the execution in the quote asset"""
    b: NotRequired[str]
    """match type"""
    a: NotRequired[int]
    """allocation id"""
    k: NotRequired[str]
    """working floor"""
    uS: NotRequired[bool]
    """true if smart order routing was used"""
    gP: NotRequired[str]
    """kind of pegged price"""
    gOT: NotRequired[str]
    """kind of the peg offset"""
    gOV: NotRequired[int]
    """value of the peg offset"""
    gp: NotRequired[str]
    """current pegged price"""
    eR: NotRequired[str]
    """reason of an expiry"""
    reconciled: NotRequired[bool]
    """true if the event was fetched, with the option ``reconcile=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class FuturesOrder(TypedDict):
    """A futures order (usdm)."""

    s: str
    """symbol"""
    c: str
    """client order id"""
    S: str
    """side: BUY or SELL"""
    o: str
    """order type"""
    f: str
    """time in force"""
    q: str
    """quantity"""
    p: str
    """price"""
    ap: str
    """average price"""
    sp: str
    """stop price"""
    x: str
    """execution type, such as NEW, TRADE or CANCELED"""
    X: str
    """order status, such as NEW, FILLED or CANCELED"""
    i: int
    """order id"""
    l: str
    """quantity of this fill"""
    z: str
    """quantity filled so far"""
    L: str
    """price of this fill"""
    N: NotRequired[str]
    """asset of the commission"""
    n: NotRequired[str]
    """commission"""
    T: int
    """trade time, in ms"""
    t: int
    """trade id"""
    b: str
    """notional value of the bids"""
    a: str
    """notional value of the asks"""
    m: bool
    """true if the fill was as maker"""
    R: bool
    """reduce only"""
    wt: str
    """price that triggers: MARK_PRICE or CONTRACT_PRICE"""
    ot: str
    """original order type"""
    cp: bool
    """true if it closes the position"""
    pP: bool
    """true if the trigger is protected"""
    pm: str
    """price match mode"""
    er: str
    """reason of an expiry, 0 if there is none"""
    ps: str
    """position side: BOTH, LONG or SHORT"""
    AP: NotRequired[str]
    """activation price of a trailing stop"""
    cr: NotRequired[str]
    """callback rate of a trailing stop"""
    rp: str
    """realised profit"""
    V: str
    """self-trade prevention mode"""
    M: NotRequired[str]
    """id of an amendment"""
    si: int
    """ignore"""
    ss: int
    """ignore"""
    gtd: int
    """time of the automatic cancel, in ms"""


class OrderTradeUpdate(TypedDict):
    """A change of an order (usdm)."""

    e: Literal["ORDER_TRADE_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    o: FuturesOrder
    """the order"""
    reconciled: NotRequired[bool]
    """true if the event was fetched, with the option ``reconcile=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class CoinmFuturesOrder(TypedDict):
    """A futures order (coinm)."""

    s: str
    """symbol"""
    c: str
    """client order id"""
    S: str
    """side: BUY or SELL"""
    o: str
    """order type"""
    f: str
    """time in force"""
    q: str
    """quantity"""
    p: str
    """price"""
    ap: str
    """average price"""
    sp: str
    """stop price"""
    x: str
    """execution type, such as NEW, TRADE or CANCELED"""
    X: str
    """order status, such as NEW, FILLED or CANCELED"""
    i: int
    """order id"""
    l: str
    """quantity of this fill"""
    z: str
    """quantity filled so far"""
    L: str
    """price of this fill"""
    N: NotRequired[str]
    """asset of the commission"""
    n: NotRequired[str]
    """commission"""
    T: int
    """trade time, in ms"""
    t: int
    """trade id"""
    b: str
    """notional value of the bids"""
    a: str
    """notional value of the asks"""
    m: bool
    """true if the fill was as maker"""
    R: bool
    """reduce only"""
    wt: str
    """price that triggers: MARK_PRICE or CONTRACT_PRICE"""
    ot: str
    """original order type"""
    cp: bool
    """true if it closes the position"""
    pP: bool
    """true if the trigger is protected"""
    pm: str
    """price match mode"""
    er: str
    """reason of an expiry, 0 if there is none"""
    ps: str
    """position side: BOTH, LONG or SHORT"""
    AP: NotRequired[str]
    """activation price of a trailing stop"""
    cr: NotRequired[str]
    """callback rate of a trailing stop"""
    rp: str
    """realised profit"""
    V: str
    """self-trade prevention mode"""
    M: NotRequired[str]
    """id of an amendment"""
    ma: str
    """margin asset"""


class CoinmOrderTradeUpdate(TypedDict):
    """A change of an order (coinm)."""

    e: Literal["ORDER_TRADE_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    o: CoinmFuturesOrder
    """the order"""
    i: str
    """account alias"""
    reconciled: NotRequired[bool]
    """true if the event was fetched, with the option ``reconcile=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class PortfolioMarginFuturesOrder(TypedDict):
    """A futures order (pm)."""

    s: str
    """symbol"""
    c: str
    """client order id"""
    S: str
    """side: BUY or SELL"""
    o: str
    """order type"""
    f: str
    """time in force"""
    q: str
    """quantity"""
    p: str
    """price"""
    ap: str
    """average price"""
    sp: str
    """stop price"""
    x: str
    """execution type, such as NEW, TRADE or CANCELED"""
    X: str
    """order status, such as NEW, FILLED or CANCELED"""
    i: int
    """order id"""
    l: str
    """quantity of this fill"""
    z: str
    """quantity filled so far"""
    L: str
    """price of this fill"""
    N: NotRequired[str]
    """asset of the commission"""
    n: NotRequired[str]
    """commission"""
    T: int
    """trade time, in ms"""
    t: int
    """trade id"""
    b: str
    """notional value of the bids"""
    a: str
    """notional value of the asks"""
    m: bool
    """true if the fill was as maker"""
    R: bool
    """reduce only"""
    ps: str
    """position side: BOTH, LONG or SHORT"""
    AP: NotRequired[str]
    """activation price of a trailing stop"""
    cr: NotRequired[str]
    """callback rate of a trailing stop"""
    rp: str
    """realised profit"""
    V: str
    """self-trade prevention mode"""
    M: NotRequired[str]
    """id of an amendment"""
    st: NotRequired[str]
    """strategy type"""
    si: NotRequired[int]
    """strategy id"""
    gtd: int
    """time of the automatic cancel, in ms"""


class PortfolioMarginOrderTradeUpdate(TypedDict):
    """A change of an order (pm)."""

    e: Literal["ORDER_TRADE_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    o: PortfolioMarginFuturesOrder
    """the order"""
    i: NotRequired[str]
    """account alias"""
    fs: str
    """market: UM or CM"""
    reconciled: NotRequired[bool]
    """true if the event was fetched, with the option ``reconcile=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class TradeLite(TypedDict):
    """A fill, reported sooner and with fewer fields (usdm)."""

    e: Literal["TRADE_LITE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    s: str
    """symbol"""
    q: str
    """quantity"""
    p: str
    """price"""
    m: bool
    """true if the fill was as maker"""
    c: str
    """client order id"""
    S: str
    """side: BUY or SELL"""
    L: str
    """price of this fill"""
    l: str
    """quantity of this fill"""
    t: int
    """trade id"""
    i: int
    """order id"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class FuturesBalance(TypedDict):
    """The balance of an asset (usdm, coinm, pm)."""

    a: str
    """asset"""
    wb: str
    """wallet balance"""
    cw: str
    """cross wallet balance"""
    bc: str
    """change without profit and commission"""


class Position(TypedDict):
    """A position (usdm, coinm)."""

    s: str
    """symbol"""
    pa: str
    """position amount"""
    ep: str
    """entry price"""
    bep: str
    """break-even price"""
    cr: str
    """realised profit so far"""
    up: str
    """unrealised profit"""
    ps: str
    """position side: BOTH, LONG or SHORT"""
    mt: str
    """margin type: cross or isolated"""
    iw: str
    """isolated wallet balance"""


class AccountChange(TypedDict):
    """A change of balances or positions (usdm, coinm)."""

    m: str
    """reason, such as ORDER or FUNDING_FEE"""
    S: NotRequired[str]
    """symbol of a funding fee"""
    B: list[FuturesBalance]
    """balances"""
    P: NotRequired[list[Position]]
    """positions"""


class AccountUpdate(TypedDict):
    """A change of balances or positions (usdm)."""

    e: Literal["ACCOUNT_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    a: AccountChange
    """the change"""
    reconciled: NotRequired[bool]
    """true if the event was fetched, with the option ``reconcile=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class CoinmAccountUpdate(TypedDict):
    """A change of balances or positions (coinm)."""

    e: Literal["ACCOUNT_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    a: AccountChange
    """the change"""
    i: str
    """account alias"""
    reconciled: NotRequired[bool]
    """true if the event was fetched, with the option ``reconcile=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class PortfolioMarginPosition(TypedDict):
    """A position (pm)."""

    s: str
    """symbol"""
    pa: str
    """position amount"""
    ep: str
    """entry price"""
    bep: str
    """break-even price"""
    cr: str
    """realised profit so far"""
    up: str
    """unrealised profit"""
    ps: str
    """position side: BOTH, LONG or SHORT"""


class PortfolioMarginAccountChange(TypedDict):
    """A change of balances or positions (pm)."""

    m: str
    """reason, such as ORDER or FUNDING_FEE"""
    S: NotRequired[str]
    """symbol of a funding fee"""
    B: list[FuturesBalance]
    """balances"""
    P: NotRequired[list[PortfolioMarginPosition]]
    """positions"""


class PortfolioMarginAccountUpdate(TypedDict):
    """A change of balances or positions (pm)."""

    e: Literal["ACCOUNT_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    a: PortfolioMarginAccountChange
    """the change"""
    i: NotRequired[str]
    """account alias"""
    fs: str
    """market: UM or CM"""
    reconciled: NotRequired[bool]
    """true if the event was fetched, with the option ``reconcile=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class Leverage(TypedDict):
    """The leverage of a symbol (usdm, coinm, pm)."""

    s: str
    """symbol"""
    l: int
    """leverage"""


class AssetsMode(TypedDict):
    """The assets mode of an account (usdm)."""

    j: bool
    """true in multi-assets mode"""


class AccountConfigUpdate(TypedDict):
    """A change of the leverage or the assets mode (usdm)."""

    e: Literal["ACCOUNT_CONFIG_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    ac: NotRequired[Leverage]
    """leverage of a symbol"""
    ai: NotRequired[AssetsMode]
    """mode of the account"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class CoinmAccountConfigUpdate(TypedDict):
    """A change of the leverage or the assets mode (coinm)."""

    e: Literal["ACCOUNT_CONFIG_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    ac: NotRequired[Leverage]
    """leverage of a symbol"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class PortfolioMarginAccountConfigUpdate(TypedDict):
    """A change of the leverage or the assets mode (pm)."""

    e: Literal["ACCOUNT_CONFIG_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    ac: NotRequired[Leverage]
    """leverage of a symbol"""
    fs: str
    """market: UM or CM"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class RiskyPosition(TypedDict):
    """A position with a high risk (usdm, coinm)."""

    s: str
    """symbol"""
    ps: str
    """position side: BOTH, LONG or SHORT"""
    pa: str
    """position amount"""
    mt: str
    """margin type: CROSSED or ISOLATED"""
    iw: str
    """isolated wallet balance"""
    mp: str
    """mark price"""
    up: str
    """unrealised profit"""
    mm: str
    """maintenance margin"""


class MarginCall(TypedDict):
    """The risk of positions is too high (usdm)."""

    e: Literal["MARGIN_CALL"]
    """event type"""
    E: int
    """event time, in ms"""
    cw: NotRequired[str]
    """cross wallet balance"""
    p: list[RiskyPosition]
    """positions"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class CoinmMarginCall(TypedDict):
    """The risk of positions is too high (coinm)."""

    e: Literal["MARGIN_CALL"]
    """event type"""
    E: int
    """event time, in ms"""
    cw: NotRequired[str]
    """cross wallet balance"""
    p: list[RiskyPosition]
    """positions"""
    i: str
    """account alias"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class AlgoOrder(TypedDict):
    """A conditional order (usdm, pm)."""

    caid: str
    """client algo id"""
    aid: int
    """algo id"""
    at: str
    """algo type"""
    o: str
    """order type"""
    s: str
    """symbol"""
    S: str
    """side: BUY or SELL"""
    ps: str
    """position side: BOTH, LONG or SHORT"""
    f: str
    """time in force"""
    q: str
    """quantity"""
    X: str
    """status, such as NEW, TRIGGERED or FINISHED"""
    tp: str
    """trigger price"""
    p: str
    """price"""
    V: str
    """self-trade prevention mode"""
    wt: str
    """price that triggers: MARK_PRICE or CONTRACT_PRICE"""
    pm: str
    """price match mode"""
    ai: str
    """id of the resulting order, else empty"""
    ap: NotRequired[str]
    """average price"""
    aq: NotRequired[str]
    """quantity filled so far"""
    act: NotRequired[str]
    """type of the resulting order"""
    cp: bool
    """true if it closes the position"""
    pP: bool
    """true if the trigger is protected"""
    R: bool
    """reduce only"""
    tt: int
    """trigger time, in ms"""
    gtd: int
    """time of the automatic cancel, in ms"""
    rm: NotRequired[str]
    """reason of a failure"""
    ia: NotRequired[bool]
    """true if the trailing stop is active"""


class AlgoUpdate(TypedDict):
    """A change of a conditional order (usdm)."""

    e: Literal["ALGO_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    o: AlgoOrder
    """the order"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class PortfolioMarginAlgoUpdate(TypedDict):
    """A change of a conditional order (pm)."""

    e: Literal["ALGO_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    ao: AlgoOrder
    """the order"""
    fs: str
    """market: UM or CM"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class Strategy(TypedDict):
    """A strategy (usdm, coinm)."""

    si: int
    """strategy id"""
    st: str
    """strategy type"""
    ss: str
    """status"""
    s: str
    """symbol"""
    ut: int
    """update time, in ms"""
    c: int
    """operation code"""


class StrategyUpdate(TypedDict):
    """A change of a strategy (usdm, coinm)."""

    e: Literal["STRATEGY_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    su: Strategy
    """the strategy"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class Grid(TypedDict):
    """A grid strategy (usdm, coinm)."""

    si: int
    """strategy id"""
    st: str
    """strategy type"""
    ss: str
    """status"""
    s: str
    """symbol"""
    r: str
    """realised profit"""
    up: str
    """average price, unmatched"""
    uq: str
    """quantity, unmatched"""
    uf: str
    """fee, unmatched"""
    mp: str
    """profit, matched"""
    ut: int
    """update time, in ms"""


class GridUpdate(TypedDict):
    """A change of a grid strategy (usdm, coinm)."""

    e: Literal["GRID_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    gu: Grid
    """the grid"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class RejectedOrder(TypedDict):
    """A stop order that failed at its trigger (usdm)."""

    s: str
    """symbol"""
    i: int
    """order id"""
    r: str
    """reason"""


ConditionalReject = TypedDict("ConditionalReject", {"e": Literal["CONDITIONAL_ORDER_TRIGGER_REJECT"], "E": int, "T": int, "or": RejectedOrder, "_received": NotRequired[int]})
"""A stop order that failed at its trigger (usdm).

e: event type
E: event time, in ms
T: transaction time, in ms
or: the order
_received: time of receipt in nanoseconds of UNIX time, with the option ``received=True``
"""


class ListenKeyExpired(TypedDict):
    """The listen key has expired (usdm, coinm)."""

    e: Literal["listenKeyExpired"]
    """event type"""
    E: int
    """event time, in ms"""
    listenKey: NotRequired[str]
    """the expired key"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class PortfolioMarginListenKeyExpired(TypedDict):
    """The listen key has expired (pm, pm-pro)."""

    e: Literal["listenKeyExpired"]
    """event type"""
    E: int
    """event time, in ms"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class OptionsListenKeyExpired(TypedDict):
    """The listen key has expired (options, margin)."""

    e: Literal["listenKeyExpired"]
    """event type"""
    E: str
    """event time in ms, as text"""
    listenKey: NotRequired[str]
    """the expired key"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class StrategyOrder(TypedDict):
    """A conditional order of portfolio margin (pm)."""

    s: str
    """symbol"""
    c: str
    """client order id"""
    si: int
    """strategy id"""
    S: str
    """side: BUY or SELL"""
    st: str
    """strategy type"""
    f: str
    """time in force"""
    q: str
    """quantity"""
    p: str
    """price"""
    sp: str
    """stop price"""
    os: str
    """order status"""
    T: int
    """order time, in ms"""
    ut: int
    """update time, in ms"""
    R: bool
    """reduce only"""
    wt: str
    """price that triggers: MARK_PRICE or CONTRACT_PRICE"""
    ps: str
    """position side: BOTH, LONG or SHORT"""
    cp: bool
    """true if it closes the position"""
    AP: NotRequired[str]
    """activation price of a trailing stop"""
    cr: NotRequired[str]
    """callback rate of a trailing stop"""
    i: int
    """id of the resulting order"""
    V: str
    """self-trade prevention mode"""
    gtd: int
    """time of the automatic cancel, in ms"""


class ConditionalUpdate(TypedDict):
    """A change of a conditional order (pm)."""

    e: Literal["CONDITIONAL_ORDER_TRADE_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    fs: str
    """market: UM or CM"""
    so: StrategyOrder
    """the order"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class LiabilityChange(TypedDict):
    """A change of a liability (pm)."""

    e: Literal["liabilityChange"]
    """event type"""
    E: int
    """event time, in ms"""
    a: str
    """asset"""
    t: str
    """kind of the change"""
    T: int
    """transaction id"""
    p: str
    """principal"""
    i: str
    """interest"""
    l: str
    """liability"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class OrderLoss(TypedDict):
    """The loss that open orders may cause (pm)."""

    a: str
    """asset"""
    o: str
    """amount"""


class OpenOrderLoss(TypedDict):
    """The loss that open orders may cause (pm)."""

    e: Literal["openOrderLoss"]
    """event type"""
    E: int
    """event time, in ms"""
    O: list[OrderLoss]
    """amounts"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class RiskLevelChange(TypedDict):
    """A change of the risk level (pm, pm-pro)."""

    e: Literal["riskLevelChange"]
    """event type"""
    E: int
    """event time, in ms"""
    u: str
    """unified maintenance margin ratio"""
    s: str
    """risk level"""
    eq: str
    """equity in USD"""
    ae: str
    """equity without collateral rates in USD"""
    m: str
    """maintenance margin in USD"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class ProAccountUpdate(TypedDict):
    """The state of the account (pm-pro)."""

    e: Literal["PM_PRO_ACCOUNT_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    u: str
    """unified maintenance margin ratio"""
    eq: str
    """equity in USD"""
    ae: str
    """equity without collateral rates in USD"""
    im: str
    """initial margin in USD"""
    mm: str
    """maintenance margin in USD"""
    avb: str
    """available amount in USD"""
    vmw: str
    """highest withdrawal in USD"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class MarginLevelChange(TypedDict):
    """A change of the margin level (margin)."""

    e: Literal["MARGIN_LEVEL_STATUS_CHANGE"]
    """event type"""
    E: int
    """event time, in ms"""
    l: str
    """margin level"""
    s: str
    """status of the margin level"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class UserLiabilityChange(TypedDict):
    """A change of a liability (margin)."""

    e: Literal["USER_LIABILITY_CHANGE"]
    """event type"""
    E: int
    """event time, in ms"""
    a: str
    """asset"""
    t: str
    """kind of the change"""
    p: str
    """principal"""
    i: str
    """interest"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class OptionsAccountUpdate(TypedDict):
    """The state of the account (options)."""

    e: Literal["ACCOUNT_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    eq: str
    """equity"""
    aeq: str
    """adjusted equity"""
    b: str
    """wallet balance"""
    m: str
    """value of the positions"""
    u: str
    """unrealised profit"""
    i: str
    """initial margin"""
    M: str
    """maintenance margin"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class OptionsBalance(TypedDict):
    """The balance of an asset (options)."""

    a: str
    """asset"""
    b: str
    """wallet balance"""
    bc: str
    """change of the balance"""


class OptionsPosition(TypedDict):
    """A position (options)."""

    s: str
    """symbol"""
    c: str
    """quantity"""
    p: str
    """value of the position"""
    a: str
    """average entry price"""


class BalancePositionUpdate(TypedDict):
    """A change of balances or positions (options)."""

    e: Literal["BALANCE_POSITION_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    m: str
    """reason: DEPOSIT, WITHDRAW or ORDER"""
    B: list[OptionsBalance]
    """balances"""
    P: list[OptionsPosition]
    """positions"""
    reconciled: NotRequired[bool]
    """true if the event was fetched, with the option ``reconcile=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class Greeks(TypedDict):
    """The Greeks of an underlying (options)."""

    u: str
    """underlying"""
    d: str
    """delta"""
    g: str
    """gamma"""
    t: str
    """theta"""
    v: str
    """vega"""


class GreekUpdate(TypedDict):
    """The Greeks of the account (options)."""

    e: Literal["GREEK_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    G: list[Greeks]
    """the Greeks of each underlying"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class OptionsRiskLevelChange(TypedDict):
    """A change of the risk level (options)."""

    e: Literal["RISK_LEVEL_CHANGE"]
    """event type"""
    E: int
    """event time, in ms"""
    s: str
    """risk level"""
    mb: str
    """margin balance"""
    mm: str
    """maintenance margin"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


class OptionsOrder(TypedDict):
    """An options order (options)."""

    s: str
    """symbol"""
    c: str
    """client order id"""
    S: str
    """side: BUY or SELL"""
    o: str
    """order type"""
    f: str
    """time in force"""
    q: str
    """quantity"""
    p: str
    """price"""
    ap: str
    """average price"""
    x: str
    """execution type, such as NEW, TRADE or CANCELED"""
    X: str
    """order status, such as NEW, FILLED or CANCELED"""
    i: str
    """order id"""
    l: str
    """quantity of this fill"""
    z: str
    """quantity filled so far"""
    L: str
    """price of this fill"""
    N: NotRequired[str | None]
    """asset of the commission"""
    n: NotRequired[str]
    """commission, negative if charged"""
    T: int
    """trade time, in ms"""
    t: int
    """trade id"""
    b: str
    """notional value of the bids"""
    a: str
    """notional value of the asks"""
    m: bool
    """true if the fill was as maker"""
    R: bool
    """reduce only"""
    ot: str
    """original order type"""
    rp: str
    """realised profit"""
    V: str
    """self-trade prevention mode"""


class OptionsOrderUpdate(TypedDict):
    """A change of an order (options)."""

    e: Literal["ORDER_TRADE_UPDATE"]
    """event type"""
    E: int
    """event time, in ms"""
    T: int
    """transaction time, in ms"""
    o: OptionsOrder
    """the order"""
    reconciled: NotRequired[bool]
    """true if the event was fetched, with the option ``reconcile=True``"""
    _received: NotRequired[int]
    """time of receipt in nanoseconds of UNIX time, with the option ``received=True``"""


MiniTickers = list[MiniTicker]
UsdmMiniTickers = list[UsdmMiniTicker]
CoinmMiniTickers = list[CoinmMiniTicker]
RollingTickers = list[RollingTicker]
Tickers = list[Ticker]
UsdmTickers = list[UsdmTicker]
CoinmTickers = list[CoinmTicker]
MarkPrices = list[MarkPrice]
CoinmMarkPrices = list[CoinmMarkPrice]
AssetIndexes = list[AssetIndex]
Indexes = list[Index]
OptionMarkPrices = list[OptionMarkPrice]
OpenInterests = list[OpenInterest]
AccountEvent = AccountPosition | BalanceUpdate | ExternalLockUpdate | EventStreamTerminated | ListStatus | ExecutionReport
MarginAccountEvent = AccountPosition | BalanceUpdate | EventStreamTerminated | ListStatus | ExecutionReport | OptionsListenKeyExpired | MarginLevelChange | UserLiabilityChange
PortfolioMarginAccountEvent = PortfolioMarginAccountPosition | PortfolioMarginBalanceUpdate | PortfolioMarginExecutionReport | PortfolioMarginOrderTradeUpdate | PortfolioMarginAccountUpdate | PortfolioMarginAccountConfigUpdate | PortfolioMarginAlgoUpdate | PortfolioMarginListenKeyExpired | ConditionalUpdate | LiabilityChange | OpenOrderLoss | RiskLevelChange
UsdmAccountEvent = OrderTradeUpdate | TradeLite | AccountUpdate | AccountConfigUpdate | MarginCall | AlgoUpdate | StrategyUpdate | GridUpdate | ConditionalReject | ListenKeyExpired
CoinmAccountEvent = CoinmOrderTradeUpdate | CoinmAccountUpdate | CoinmAccountConfigUpdate | CoinmMarginCall | StrategyUpdate | GridUpdate | ListenKeyExpired
OptionsAccountEvent = OptionsListenKeyExpired | OptionsAccountUpdate | BalancePositionUpdate | GreekUpdate | OptionsRiskLevelChange | OptionsOrderUpdate
PortfolioMarginProAccountEvent = PortfolioMarginListenKeyExpired | RiskLevelChange | ProAccountUpdate
