"""Stream names: build, parse, validate.

Builders take a symbol in upper or lower case and return the name in the exchange's form.  Their
errors say what is allowed.  The names of a multiplex socket are not changed, so a stream that is
new on the exchange works too.  The table of names is in :mod:`binance.sansio.names.forms`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache, partial
from urllib.parse import quote

from binance.enums import ContractType, FuturesType
from binance.sansio.names.forms import (
    BY_KIND,
    DEPTH_LEVELS,
    IN_NO_SYMBOL,
    KLINE_INTERVALS,
    RETIRED,
    ROLLING_WINDOWS,
    UTC8,
    Category,
    Market,
    Stream,
    UnknownStream,
    check_market,
    likely_category,
    nearest,
    parse,
)

DEPTH_INTERVALS = (0, 100)
"""The allowed values of ``interval`` for a spot depth socket: 0 (one second), or 100 ms."""

_IN_NO_SYMBOL = re.compile(r"[@/!?#&\s\x00-\x1f\x7f-\x9f]")
_IN_NO_NAME = re.compile(r"[/?#&\s\x00-\x1f\x7f-\x9f]")
_A_QUERY = re.compile(r"[?&](\w+=\w+(?:&\w+=\w+)*)$")
"""The query that old scripts append to a stream's name: ``&timeUnit=MICROSECOND``."""

LISTEN_KEY = re.compile(r"[A-Za-z0-9]{40,}")
"""The form of a listen key; no stream name has it."""

TIME_UNITS = {"ms": "MILLISECOND", "us": "MICROSECOND"}
"""The allowed values of ``time_unit`` -> their names in spot's URLs."""


# properties of a kind


def is_steady(name: str, market: str = "spot") -> bool:
    """Whether it sends messages at a fixed interval: the first one comes within seconds.

    False for an undocumented name.
    """
    try:
        return parse(name, market).form.cadence
    except UnknownStream:
        return False


def category(name: str, market: str = "usdm") -> Category:
    """The path of this stream on USD-M and options: ``/public`` or ``/market``.

    An undocumented name gets the path of its kind, or ``market``, the path of most kinds.
    """
    try:
        return parse(name, market).form.category
    except UnknownStream:
        return likely_category(name, market)


def retired(name: str, market: str = "spot") -> str | None:
    """Why production does not have this name any more; None if it has."""
    return RETIRED.get((market, name)) or RETIRED.get((market, "@" + name.partition("@")[2]))


def doubt(name: str, market: str = "spot") -> str | None:
    """Why the exchange sends nothing for a name, if the name alone shows it."""
    if (gone := retired(name, market)) is not None:
        return f"retired stream: {gone}"
    try:
        symbol = parse(name, market).symbol
    except UnknownStream:
        cause = (
            f"unknown stream: {market} documents no stream of this name, and sends nothing for it"
        )
    else:
        found = re.search(IN_NO_SYMBOL[market], symbol)
        if found is None:
            right = name.replace(symbol, symbol.lower(), 1)
            upper = f"upper case in a stream name: the exchange uses {right!r}"
            return None if name == right else upper
        cause = f"no symbol of {market} contains {found[0]!r}"
    near = nearest(name, market)
    return f"{cause} (did you mean {near!r}?)" if near else cause


def likely_cause(name: str, market: str = "spot", path: str | None = None) -> str:
    """Why an acknowledged stream may be silent, as text for the log.

    ``path`` is the category (``public`` or ``market``) of its connection.
    """
    cause = doubt(name, market)
    try:
        stream = parse(name, market)
    except UnknownStream:
        wrong_path = f"; or the path is wrong: it was requested on /{path}"
        return f"{cause}{wrong_path if path is not None else ''}"
    if cause is not None:
        return cause
    symbol = stream.symbol
    right_path = stream.form.category
    if path is not None and market in ("usdm", "options") and right_path != path:
        return f"wrong path: {market} has it on /{right_path}, it was requested on /{path}"
    if not symbol:
        return "the exchange does not send this stream any more, or the whole market is quiet"
    if stream.form.cadence:
        return (
            f"unknown symbol {symbol!r}: every trading symbol sends this stream at a fixed interval"
        )
    return f"unknown symbol {symbol!r}, or simply a quiet market"


# arguments that users give


def check_symbol(symbol: str) -> str:
    """The symbol in the form of stream names: lower case, Unicode allowed.

    :raises TypeError: not a string.
    :raises ValueError: empty, or with a character that no symbol has.
    """
    if not isinstance(symbol, str):
        raise TypeError(f"symbol must be a string such as 'BNBBTC', not {type(symbol).__name__}")
    if not symbol:
        raise ValueError("symbol must not be empty; give one such as 'BNBBTC'")
    if found := _IN_NO_SYMBOL.search(symbol):
        raise ValueError(f"symbol {symbol!r} contains {found[0]!r}; give one such as 'BNBBTC'")
    return symbol.lower()


def check_names(streams: Iterable[str], with_query: bool = False) -> list[str]:
    """The stream names of a multiplex socket: unchanged, in order, without duplicates.

    :param with_query: names may end in a query, which `split_query` removes.
    :raises TypeError: a plain string, no iterable, or a member that is not a string.
    :raises ValueError: no names, or a name that cannot be part of a URL.
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
            raise ValueError(f"streams must be {allowed}; {name!r} contains {found[0]!r}")
    if not names:
        raise ValueError(f"streams must be {allowed}; it is empty")
    return list(dict.fromkeys(names))


def split_query(name: str) -> tuple[str, str]:
    """Split a name or a path from the query after it.

    ``bnbbtc@trade&timeUnit=MICROSECOND`` -> ``bnbbtc@trade``, ``timeUnit=MICROSECOND``.  A ``?``
    before the query is allowed too.  Anything but ``name=value`` is no query, and stays.
    """
    found = _A_QUERY.search(name)
    return (name[: found.start()], found[1]) if found else (name, "")


def split_queries(query: str) -> tuple[list[str], str]:
    """The names in the query of a combined URL, and the rest of the query.

    ``streams=a/b&timeUnit=MICROSECOND`` -> ``[a, b]``, ``timeUnit=MICROSECOND``.
    """
    before, _, path = query.rpartition("streams=")
    names, queries = zip(*map(split_query, path.split("/")), strict=True)
    rest = dict.fromkeys([before.strip("&"), *queries])
    return list(names), "&".join(filter(None, rest))


def with_time_unit(url: str, unit: str) -> str:
    """The URL of a spot link with this unit of times, one of `TIME_UNITS`.

    A URL that contains a unit already is not changed.
    """
    path, _, query = url.partition("?")
    if "timeUnit=" in query:
        return url
    return f"{path}?{query}{'&' if query else ''}timeUnit={TIME_UNITS[unit]}"


def combined_path(names: Iterable[str]) -> str:
    """``streams=a/b/c``: the key of a multiplex socket, and the query of its URL."""
    return f"streams={'/'.join(names)}"


def multiplex(names: Iterable[str]) -> str:
    """The path of a multiplex socket of spot, for the names that a user gave."""
    return combined_path(check_names(names, with_query=True))


def encoded(path: str) -> str:
    """A path (``bnbbtc@trade``, ``streams=a/b``) encoded for a URL: percent-encoded UTF-8.

    In a combined path ``+`` becomes ``%2B``, since a query may be read with ``+`` as a space; the
    exchange takes encoded URLs since 2025-12-02 (CHANGELOG of the spot docs).
    """
    return quote(path, safe="/@!=:,&?" if path.startswith("streams=") else "/@!=:,&?+")


def futures_market(futures_type: object) -> Market:
    """The market of a `FuturesType`.

    :raises ValueError: it is none.
    """
    given = _allowed("futures_type", futures_type, FuturesType)
    return "usdm" if given == str(FuturesType.USD_M) else "coinm"


def key(path: str, market: str = "spot") -> str:
    """The key of a socket: the wire path on spot, prefixed by its market elsewhere.

    ``bnbbtc@trade``, ``streams=a/b``; ``usdm:btcusdt@aggTrade``.
    """
    check_market(market)
    return path if market == "spot" else f"{market}:{path}"


# builders of names


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
    """``<symbol>@<kind>[@<speed>]``, for the kinds without further arguments.

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
rpi_depth = partial(of_symbol, "rpiDepth", speed="500ms")


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
    """Candles; with ``utc8`` they begin by the day in UTC+8 (spot only).

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
        raise ValueError(f"klines in UTC{UTC8} exist on spot only")
    offset = UTC8 if utc8 else ""
    return _built(Stream(kind, check_symbol(symbol), interval=interval, offset=offset), market)


def depth(symbol: str, depth: str | int | None = None, interval: int | None = None) -> str:
    """Spot book: diffs for ``depth`` None or 1, else the best 5, 10 or 20 levels.

    :param interval: None or 0 for the stream's own second, 100 for 100 ms.
    :raises ValueError: another depth or interval; the message says what is allowed.
    """
    if interval is not None and (isinstance(interval, bool) or interval not in DEPTH_INTERVALS):
        raise ValueError(
            f"Websocket interval value not allowed. Allowed values are {list(DEPTH_INTERVALS)}"
        )
    return _book(symbol, depth, "100ms" if interval else "", "spot")


def futures_depth(
    symbol: str, depth: str | int | None = None, speed: str = "", market: str = "usdm"
) -> str:
    """Futures book: diffs, or the best 5, 10 or 20 levels.  ``speed``: ``''`` is 250 ms.

    USD-M sends diffs also at ``0ms``: each change at once.  No page of the exchange documents it.
    """
    if (depth, speed, market) == (None, "0ms", "usdm"):
        return f"{check_symbol(symbol)}@depth@{speed}"
    return _book(symbol, depth, speed, market)


def futures_kline(pair: str, interval: str, contract: ContractType, market: str = "usdm") -> str:
    """Candles of a pair's contract: ``btcusdt_perpetual@continuousKline_1m``.

    :raises ValueError: a bad interval, no kind of contract, or a contract instead of a pair.
    """
    which = _allowed("contract_type", contract, ContractType).partition(".")[2].lower()
    pair = check_symbol(pair)
    if "_" in pair:
        of = pair.partition("_")[0].upper()
        raise ValueError(f"symbol {pair.upper()!r} is a contract; give its pair, {of!r}")
    return kline(f"{pair}_{which}", interval, market=market, kind="continuousKline")


def options_depth(symbol: str, depth: str | int | None = "10", speed: str = "500ms") -> str:
    """Options book: ``speed`` (``100ms`` or ``500ms``) is always in the name."""
    return _book(symbol, depth, speed, "options")


def options_ticker(underlying: str, expiration_date: str) -> str:
    """The tickers of an underlying's options that expire on a day, ``yymmdd``."""
    if not re.fullmatch("[0-9]{6}", str(expiration_date)):
        raise ValueError(f"expiration_date must be such as '261225', not {expiration_date!r}")
    return Stream("optionTicker", check_symbol(underlying), expiry=str(expiration_date)).name


def _book(symbol: str, depth: str | int | None, speed: str, market: str) -> str:
    symbol = check_symbol(symbol)
    what = "Websocket depth value" if market == "spot" else "depth"  # as the old library says
    levels = 1 if depth is None else int(_allowed(what, depth, ("1", *DEPTH_LEVELS)))
    if levels == 1:
        return _built(Stream("depth", symbol, speed=speed), market)
    return _built(Stream("partialDepth", symbol, levels=levels, speed=speed), market)
