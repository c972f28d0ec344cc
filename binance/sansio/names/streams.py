"""Stream names: build, take apart, validate.

Builders take a symbol in any case and return the name as the wire wants it, or raise at once and
say what is allowed.  The names of a multiplex socket are the user's own and stay verbatim: nothing
here stops a stream that the exchange added yesterday.  The names themselves are the table in
:mod:`binance.sansio.names.forms`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache, partial
from urllib.parse import quote

from binance.sansio.names.forms import (
    BY_KIND,
    DEPTH_LEVELS,
    KLINE_INTERVALS,
    MARKETS,
    RETIRED,
    ROLLING_WINDOWS,
    UTC8,
    Category,
    CursorKind,
    Market,
    Stream,
    UnknownStream,
    check_market,
    likely_category,
    parse,
)

__all__ = [
    "DEPTH_INTERVALS",
    "DEPTH_LEVELS",
    "KLINE_INTERVALS",
    "MARKETS",
    "RETIRED",
    "ROLLING_WINDOWS",
    "TIME_UNITS",
    "UTC8",
    "Category",
    "CursorKind",
    "Market",
    "Stream",
    "UnknownStream",
    "agg_trade",
    "avg_price",
    "block_trade",
    "book_ticker",
    "cadence",
    "category",
    "check_market",
    "check_names",
    "check_symbol",
    "combined_path",
    "cursor_kind",
    "depth",
    "encoded",
    "futures_depth",
    "is_steady",
    "key",
    "kline",
    "likely_cause",
    "mark_price",
    "mini_ticker",
    "of_market",
    "of_symbol",
    "options_depth",
    "parse",
    "reference_price",
    "retired",
    "rolling_ticker",
    "split_queries",
    "split_query",
    "ticker",
    "trade",
    "with_time_unit",
]

DEPTH_INTERVALS = (0, 100)
"""What a spot depth socket's ``interval`` may be: its own second, or 100 ms."""

_IN_NO_SYMBOL = re.compile(r"[@/!?#&\s\x00-\x1f\x7f-\x9f]")
_IN_NO_NAME = re.compile(r"[/?#&\s\x00-\x1f\x7f-\x9f]")
_A_QUERY = re.compile(r"[?&](\w+=\w+(?:&\w+=\w+)*)$")
"""What old scripts append to a stream's name: ``&timeUnit=MICROSECOND``."""

TIME_UNITS = {"ms": "MILLISECOND", "us": "MICROSECOND"}
"""What ``time_unit`` may be -> what spot's URLs call it."""


# what a kind is like


def cadence(stream: Stream) -> bool:
    """Does it speak whatever the market does?  Its first message is then due within seconds."""
    return stream.form.cadence


def is_steady(name: str, market: str = "spot") -> bool:
    """:func:`cadence` of a name; False for one that is not documented."""
    try:
        return cadence(parse(name, market))
    except UnknownStream:
        return False


def cursor_kind(stream: Stream) -> CursorKind:
    """Which field orders its events; see :mod:`binance.sansio.feed.continuity`."""
    return stream.form.cursor


def category(name: str, market: str = "usdm") -> Category:
    """The path, ``/public`` or ``/market``, on which USD-M and options serve this stream.

    A name that is not documented goes where its kind is, or to ``market``, where most of them live.
    """
    try:
        return parse(name, market).form.category
    except UnknownStream:
        return likely_category(name, market)


def retired(name: str, market: str = "spot") -> str | None:
    """Why production serves this name no longer; None when it does."""
    return RETIRED.get((market, name))


def likely_cause(name: str, market: str = "spot", path: str | None = None) -> str:
    """Why a stream that was acknowledged may never have spoken, in words for the log.

    ``path`` is the category (``public`` or ``market``) of the connection that asked for it.
    """
    if (gone := retired(name, market)) is not None:
        return f"retired stream: {gone}"
    try:
        stream = parse(name, market)
    except UnknownStream:
        cause = (
            f"unknown stream: {market} documents none of this name, and what is unknown is silent"
        )
        return (
            cause if path is None else f"{cause}; or the path is wrong: it was asked for on /{path}"
        )
    symbol = stream.symbol
    if symbol != symbol.lower():
        right = name.replace(symbol, symbol.lower(), 1)
        return f"upper case in a stream name: the exchange knows {right!r}"
    right_path = stream.form.category
    if path is not None and market in ("usdm", "options") and right_path != path:
        return f"wrong path: {market} serves it on /{right_path}, it was asked for on /{path}"
    if not symbol:
        return "this stream is no longer served, or the whole market is quiet"
    if cadence(stream):
        return (
            f"unknown symbol {symbol!r}: this stream speaks steadily for every symbol that trades"
        )
    return f"unknown symbol {symbol!r}, or simply a quiet market"


# arguments that users give


def check_symbol(symbol: str) -> str:
    """The symbol as stream names want it: lower case, Unicode allowed.

    :raises TypeError: not a string.
    :raises ValueError: empty, or holding what no symbol holds.
    """
    if not isinstance(symbol, str):
        raise TypeError(f"symbol must be a string such as 'BNBBTC', not {type(symbol).__name__}")
    if not symbol:
        raise ValueError("symbol must not be empty; give one such as 'BNBBTC'")
    if found := _IN_NO_SYMBOL.search(symbol):
        raise ValueError(f"symbol {symbol!r} holds {found[0]!r}; give one such as 'BNBBTC'")
    return symbol.lower()


def check_names(streams: Iterable[str], with_query: bool = False) -> list[str]:
    """The stream names of a multiplex socket: verbatim, in order, doubles dropped.

    :param with_query: names may end in a query, which `split_query` takes off.
    :raises TypeError: a plain string, no iterable, or a member that is not a string.
    :raises ValueError: no names at all, or a name that cannot stand in a URL.
    """
    allowed = "a list of stream names such as ['bnbbtc@trade', 'ethbtc@depth']"
    if isinstance(streams, (str, bytes)) or not isinstance(streams, Iterable):
        raise TypeError(f"streams must be {allowed}, not {streams!r}")
    names = list(streams)
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"streams must be {allowed}; {name!r} is not a string")
        if not name:
            raise ValueError(f"streams must be {allowed}; one name is empty")
        if found := _IN_NO_NAME.search(split_query(name)[0] if with_query else name):
            raise ValueError(f"streams must be {allowed}; {name!r} holds {found[0]!r}")
    if not names:
        raise ValueError(f"streams must be {allowed}; it is empty")
    return list(dict.fromkeys(names))


def split_query(name: str) -> tuple[str, str]:
    """A name, or a path, and the query behind it.

    ``bnbbtc@trade&timeUnit=MICROSECOND`` -> ``bnbbtc@trade``, ``timeUnit=MICROSECOND``; a ``?``
    before the query does as well.  What is no query, ``name=value``, stays where it is.
    """
    found = _A_QUERY.search(name)
    return (name[: found.start()], found[1]) if found else (name, "")


def split_queries(query: str) -> tuple[list[str], str]:
    """The names in a combined URL's query, and all else in it.

    ``streams=a/b&timeUnit=MICROSECOND`` -> ``[a, b]``, ``timeUnit=MICROSECOND``.
    """
    before, _, path = query.rpartition("streams=")
    names, queries = zip(*map(split_query, path.split("/")), strict=True)
    rest = dict.fromkeys([before.strip("&"), *queries])
    return list(names), "&".join(filter(None, rest))


def with_time_unit(url: str, unit: str) -> str:
    """The URL of a spot link that asks for its times in this unit, one of `TIME_UNITS`.

    A URL that names a unit already is returned as it is.
    """
    path, _, query = url.partition("?")
    if "timeUnit=" in query:
        return url
    return f"{path}?{query}{'&' if query else ''}timeUnit={TIME_UNITS[unit]}"


def combined_path(names: Iterable[str]) -> str:
    """``streams=a/b/c``: the key of a multiplex socket, and behind ``stream?`` its URL."""
    return f"streams={'/'.join(names)}"


def encoded(path: str) -> str:
    """A path (``bnbbtc@trade``, ``streams=a/b``) as it goes into a URL: percent-encoded UTF-8.

    In a combined path ``+`` becomes ``%2B``, since a query may be read with ``+`` as a space; the
    exchange takes encoded URLs since 2025-12-02 (CHANGELOG of the spot docs).
    """
    return quote(path, safe="/@!=:,&?" if path.startswith("streams=") else "/@!=:,&?+")


def key(path: str, market: str = "spot") -> str:
    """The key of a socket: the wire path on spot, prefixed by its market elsewhere.

    ``bnbbtc@trade``, ``streams=a/b``; ``usdm:btcusdt@aggTrade``.
    """
    check_market(market)
    return path if market == "spot" else f"{market}:{path}"


# builders: names out of arguments


def _allowed(what: str, value: object, allowed: Iterable[object]) -> str:
    texts = [str(one) for one in allowed]
    if isinstance(value, bool) or str(value) not in texts:
        shown = ", ".join(repr(one) for one in texts)
        raise ValueError(f"{what} {value!r} not allowed. Allowed values are {shown}")
    return str(value)


def _built(stream: Stream, market: str) -> str:
    check_market(market)
    markets = stream.form.markets
    if market not in markets:
        raise ValueError(f"{stream.kind} is no {market} stream; it is one of {', '.join(markets)}")
    _allowed("speed", stream.speed, markets[market])
    return stream.name


def of_symbol(kind: str, symbol: str, market: str = "spot", *, speed: str = "") -> str:
    """``<symbol>@<kind>[@<speed>]``, for the kinds that need no further argument.

    :raises ValueError: no such kind, not on this market, or not at this speed.
    """
    return check_symbol(symbol) + _after_symbol(kind, market, speed)


@lru_cache
def _after_symbol(kind: str, market: str, speed: str) -> str:
    form = BY_KIND.get((kind, False))
    plain = f"{{symbol}}@{kind}"
    if form is None or form.template not in (plain, plain + "{@speed}", plain + "{@expiry}"):
        raise ValueError(f"no stream {kind!r} that takes a symbol alone")
    return _built(Stream(kind, "x", speed=speed), market).removeprefix("x")


def of_market(kind: str, market: str = "spot", *, speed: str = "") -> str:
    """The whole-market stream of a kind: ``!miniTicker@arr``, ``!bookTicker``, ..

    :raises ValueError: no such kind, not on this market, or not at this speed.
    """
    form = BY_KIND.get((kind, True))
    if form is None or "{window}" in form.template:
        raise ValueError(f"no whole-market stream {kind!r} that takes no argument")
    return _built(Stream(kind, speed=speed), market)


agg_trade = partial(of_symbol, "aggTrade")
trade = partial(of_symbol, "trade")
block_trade = partial(of_symbol, "blockTrade")
reference_price = partial(of_symbol, "referencePrice")
avg_price = partial(of_symbol, "avgPrice")
ticker = partial(of_symbol, "ticker")
book_ticker = partial(of_symbol, "bookTicker")


def mini_ticker(symbol: str | None = None, market: str = "spot") -> str:
    """Of one symbol, or of the whole market."""
    if symbol is None:
        return of_market("miniTicker", market)
    return of_symbol("miniTicker", symbol, market)


def rolling_ticker(symbol: str | None = None, window: str = "1h") -> str:
    """A ticker over the last ``1h``, ``4h`` or ``1d``; without a symbol, of the whole market."""
    window = _allowed("window", window, ROLLING_WINDOWS)
    return Stream(
        "rollingTicker", "" if symbol is None else check_symbol(symbol), window=window
    ).name


def mark_price(symbol: str | None = None, fast: bool = True, market: str = "usdm") -> str:
    """Futures mark price, each second or (``fast=False``) each three; without a symbol, of all."""
    of = "" if symbol is None else check_symbol(symbol)
    return _built(Stream("markPrice", of, speed="1s" if fast else ""), market)


def kline(
    symbol: str, interval: str = "1m", utc8: bool = False, market: str = "spot", kind: str = "kline"
) -> str:
    """Candles; ``utc8`` cuts them in UTC+8 (spot only).

    ``kind``: also ``continuousKline`` (the symbol is then ``<pair>_<contractType>``), and on COIN-M
    ``indexPriceKline``, ``markPriceKline``.
    """
    check_market(market)
    if not kind.endswith(("kline", "Kline")):
        raise ValueError(f"{kind!r} is no kind of kline")
    spot = market == "spot"
    interval = _allowed(
        "kline interval", interval, KLINE_INTERVALS if spot else KLINE_INTERVALS[1:]
    )
    if utc8 and not spot:
        raise ValueError(f"klines cut in UTC{UTC8} are on spot only")
    offset = UTC8 if utc8 else ""
    return _built(Stream(kind, check_symbol(symbol), interval=interval, offset=offset), market)


def depth(symbol: str, depth: str | int | None = None, interval: int | None = None) -> str:
    """Spot book: diffs for ``depth`` None or 1, else the best 5, 10 or 20 levels.

    :param interval: None or 0 for the stream's own second, 100 for 100 ms.
    :raises ValueError: another depth or interval; the message says what is allowed.
    """
    symbol = check_symbol(symbol)
    if depth is not None:
        depth = _allowed("Websocket depth value", depth, ("1", *DEPTH_LEVELS))
    if interval is not None and (isinstance(interval, bool) or interval not in DEPTH_INTERVALS):
        raise ValueError(
            f"Websocket interval value not allowed. Allowed values are {list(DEPTH_INTERVALS)}"
        )
    speed = "100ms" if interval else ""
    if depth is None or depth == "1":
        return Stream("depth", symbol, speed=speed).name
    return Stream("partialDepth", symbol, levels=int(depth), speed=speed).name


def futures_depth(
    symbol: str, depth: str | int | None = None, speed: str = "", market: str = "usdm"
) -> str:
    """Futures book: diffs, or the best 5, 10 or 20 levels.  ``speed``: ``''`` is 250 ms."""
    return _book(symbol, depth, speed, market)


def options_depth(symbol: str, depth: str | int | None = "10", speed: str = "500ms") -> str:
    """Options book: ``speed`` (``100ms`` or ``500ms``) is always in the name."""
    return _book(symbol, depth, speed, "options")


def _book(symbol: str, depth: str | int | None, speed: str, market: str) -> str:
    symbol = check_symbol(symbol)
    if depth is None or depth in (1, "1"):
        return _built(Stream("depth", symbol, speed=speed), market)
    levels = int(_allowed("depth", depth, DEPTH_LEVELS))
    return _built(Stream("partialDepth", symbol, levels=levels, speed=speed), market)
