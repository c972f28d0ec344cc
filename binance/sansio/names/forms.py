"""The table of stream names, with its parser and builder.

A form contains a template of a name.  The template is used to build names and to parse them, so
``parse(name).name == name`` for every row.  The other columns contain the markets and speeds of a
kind, its path on USD-M and options, whether it has a fixed cadence, and the field that orders its
events.

Sources: https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md and,
for the other markets, https://developers.binance.com/docs/derivatives .
"""

import itertools
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Literal, NamedTuple

Market = Literal["spot", "usdm", "coinm", "options"]
Category = Literal["public", "market"]
CursorKind = Literal["trade", "aggTrade", "depth", "partialDepth", "bookTicker", "kline", "time"]

MARKETS: tuple[Market, ...] = ("spot", "usdm", "coinm", "options")

_MINUTES = ("1m", "3m", "5m", "15m", "30m")
_HOURS = ("1h", "2h", "4h", "6h", "8h", "12h")
KLINE_INTERVALS = ("1s", *_MINUTES, *_HOURS, "1d", "3d", "1w", "1M")
"""Kline intervals of spot; the other markets have all of them but ``1s``."""
UTC8 = "+08:00"
"""The only offset of klines, on spot."""
DEPTH_LEVELS = (5, 10, 20)
ROLLING_WINDOWS = ("1h", "4h", "1d")

RETIRED: dict[tuple[str, str], str] = {
    ("spot", "!ticker@arr"): "retired on 2026-03-26; use <symbol>@ticker or !miniTicker@arr",
    ("spot", "!bookTicker"): "retired on 2022-12-07; use <symbol>@bookTicker",
    ("coinm", "@indexPrice@1s"): "retired on 2026-06-30; use <pair>@indexPrice",
}
"""(market, name or its end) -> why production does not have it any more.

Sources: the CHANGELOG of spot and the change log of derivatives.
"""


class UnknownStream(ValueError):
    """The exchange does not document this stream name for this market."""


class Form(NamedTuple):
    """One row of the table.

    Fields of the template: ``{symbol}``, ``{interval}``, ``{levels}``, ``{window}``; ``{@speed}``,
    ``{@offset}`` and ``{@expiry}`` are replaced by ``@value``, or by nothing if the value is
    optional.
    """

    kind: str
    template: str
    markets: dict[str, tuple[str, ...]]
    """market -> its speeds; ``''`` is the name without a speed."""
    cursor: CursorKind = "time"
    category: Category = "market"
    """The path of the stream on USD-M and options."""
    cadence: bool = False
    """Whether it sends messages at a fixed interval, even in a quiet market."""

    @property
    def whole_market(self) -> bool:
        return "{symbol}" not in self.template

    def describe(self, market: str) -> str:
        """This row as text: ``<symbol>@depth<levels>[@100ms]``."""
        end = self.template.removeprefix("{symbol}")
        names = {value: end.replace("{@speed}", f"@{value}") for value in self.markets[market]}
        speeds = [value for value, name in names.items() if (market, name) not in RETIRED]
        speed = "|".join(f"@{value}" for value in speeds if value)
        if speed:
            speed = f"[{speed}]" if "" in speeds else f"<{speed}>"
        expiry = "[@yymmdd]" if self.kind == "optionTicker" else "@<yymmdd>"
        text = self.template.replace("{@speed}", speed).replace("{@expiry}", expiry)
        text = text.replace("{@offset}", f"[@{UTC8}]" if market == "spot" else "")
        return text.replace("{", "<").replace("}", ">")


def _on(*markets: str, speeds: tuple[str, ...] = ("",)) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(markets, speeds)


_FUTURES = ("usdm", "coinm")
_DIFF = {
    **_on("spot", speeds=("", "100ms")),
    **_on(*_FUTURES, speeds=("", "500ms", "100ms")),
    **_on("options", speeds=("100ms", "500ms")),
}
_BEST = {**_DIFF, **_on(*_FUTURES, speeds=("", "250ms", "500ms", "100ms"))}
_MINI = {
    # These speeds were never documented; old scripts use them.
    **_on("spot", speeds=("", "1000ms", "3000ms")),
    **_on(*_FUTURES),
}
_RPI = _on("usdm", speeds=("500ms",))
_MARK = ("", "1s")

FORMS: tuple[Form, ...] = (
    Form("aggTrade", "{symbol}@aggTrade", _on("spot", *_FUTURES), "aggTrade"),
    Form("trade", "{symbol}@trade", _on("spot", "usdm"), "trade", "public"),
    Form("blockTrade", "{symbol}@blockTrade", _on("spot")),
    Form("referencePrice", "{symbol}@referencePrice", _on("spot"), cadence=True),
    Form("kline", "{symbol}@kline_{interval}{@offset}", _on(*MARKETS), "kline"),
    Form("continuousKline", "{symbol}@continuousKline_{interval}", _on(*_FUTURES), "kline"),
    Form("indexPriceKline", "{symbol}@indexPriceKline_{interval}", _on(*_FUTURES), "kline"),
    Form("markPriceKline", "{symbol}@markPriceKline_{interval}", _on(*_FUTURES), "kline"),
    Form("miniTicker", "{symbol}@miniTicker", _on("spot", *_FUTURES)),
    Form("miniTicker", "!miniTicker@arr{@speed}", _MINI, cadence=True),
    Form("ticker", "{symbol}@ticker", _on("spot", *_FUTURES)),
    Form("ticker", "!ticker@arr", _on("spot", *_FUTURES)),
    Form("rollingTicker", "{symbol}@ticker_{window}", _on("spot")),
    Form("rollingTicker", "!ticker_{window}@arr", _on("spot")),
    Form("bookTicker", "{symbol}@bookTicker", _on(*MARKETS), "bookTicker", "public"),
    Form("bookTicker", "!bookTicker", _on("spot", *_FUTURES), "bookTicker", "public"),
    Form("avgPrice", "{symbol}@avgPrice", _on("spot"), cadence=True),
    Form("depth", "{symbol}@depth{@speed}", _DIFF, "depth", "public"),
    Form("partialDepth", "{symbol}@depth{levels}{@speed}", _BEST, "partialDepth", "public", True),
    Form("rpiDepth", "{symbol}@rpiDepth{@speed}", _RPI, "depth", "public"),
    Form("markPrice", "{symbol}@markPrice{@speed}", _on(*_FUTURES, speeds=_MARK), cadence=True),
    Form("markPrice", "!markPrice@arr{@speed}", _on(*_FUTURES, speeds=_MARK), cadence=True),
    Form("indexPrice", "{symbol}@indexPrice{@speed}", _on("coinm", speeds=_MARK), cadence=True),
    Form("forceOrder", "{symbol}@forceOrder", _on(*_FUTURES)),
    Form("forceOrder", "!forceOrder@arr", _on(*_FUTURES)),
    Form("compositeIndex", "{symbol}@compositeIndex", _on("usdm")),
    Form("contractInfo", "!contractInfo", _on(*_FUTURES)),
    Form("assetIndex", "{symbol}@assetIndex", _on("usdm")),
    Form("assetIndex", "!assetIndex@arr", _on("usdm")),
    Form("tradingSession", "tradingSession", _on("usdm")),
    Form("optionTrade", "{symbol}@optionTrade", _on("options"), category="public"),
    Form("optionTicker", "{symbol}@optionTicker{@expiry}", _on("options"), category="public"),
    Form("optionSymbol", "!optionSymbol", _on("options")),
    Form("optionMarkPrice", "{symbol}@optionMarkPrice", _on("options")),
    Form("openInterest", "{symbol}@openInterest{@expiry}", _on("options")),
    Form("index", "!index@arr", _on("options")),
)
BY_KIND = {(form.kind, form.whole_market): form for form in FORMS}
"""(kind, is it a whole-market stream) -> its form."""


class Stream(NamedTuple):
    """The parts of a stream name.  ``parse(name).name == name``."""

    kind: str
    symbol: str = ""
    """As in the name (the exchange uses lower case); ``''`` for whole-market streams."""
    interval: str = ""
    offset: str = ""
    """``'+08:00'`` for klines cut in UTC+8."""
    levels: int = 0
    """5, 10 or 20 for partial depth."""
    speed: str = ""
    """``'100ms'``, ``'250ms'``, ``'500ms'``, ``'1s'`` or ``''``."""
    window: str = ""
    """``'1h'``, ``'4h'`` or ``'1d'`` of a rolling ticker."""
    expiry: str = ""
    """``yymmdd`` of an options stream."""
    array: bool = False
    """The payload is a list (``!..@arr``)."""

    @property
    def form(self) -> Form:
        try:
            return BY_KIND[self.kind, not self.symbol]
        except KeyError:
            whole = "whole-market stream" if not self.symbol else "stream of a symbol"
            raise UnknownStream(f"no {whole} of kind {self.kind!r}") from None

    @property
    def name(self) -> str:
        values = {
            "symbol": self.symbol,
            "interval": self.interval,
            "levels": str(self.levels),
            "window": self.window,
            "@speed": self.speed and f"@{self.speed}",
            "@offset": self.offset and f"@{self.offset}",
            "@expiry": self.expiry and f"@{self.expiry}",
        }
        return re.sub(r"\{(.+?)\}", lambda match: values[match[1]], self.form.template)


def _one_of(field: str, values: Iterable[object]) -> str:
    return f"(?P<{field}>{'|'.join(re.escape(str(value)) for value in values)})"


_SYMBOL = r"(?P<symbol>[^@/!?#&\s\x00-\x1f\x7f-\x9f]+)"


def _pattern(form: Form, market: str) -> re.Pattern[str]:
    """A pattern of the template, with the allowed values of this market."""
    spot = market == "spot"
    speeds = [value for value in form.markets[market] if value]
    optional = "?" if "" in form.markets[market] else ""
    fields = {
        "symbol": _SYMBOL,
        "interval": _one_of("interval", KLINE_INTERVALS if spot else KLINE_INTERVALS[1:]),
        "levels": _one_of("levels", DEPTH_LEVELS),
        "window": _one_of("window", ROLLING_WINDOWS),
        "@speed": f"(?:@{_one_of('speed', speeds)}){optional}" if speeds else "",
        "@offset": f"(?:@{_one_of('offset', [UTC8])})?" if spot else "",
        "@expiry": r"(?:@(?P<expiry>[0-9]{6}))" + ("?" if form.kind == "optionTicker" else ""),
    }
    return _pattern_of(form, fields)


def _pattern_of(form: Form, fields: dict[str, str]) -> re.Pattern[str]:
    parts = re.split(r"\{(.+?)\}", form.template)  # text, field, text, field, .. text
    pattern = (fields[part] if i % 2 else re.escape(part) for i, part in enumerate(parts))
    return re.compile("".join(pattern))


_ANY_VALUES = {
    "symbol": _SYMBOL,
    "interval": r"\w+",
    "levels": r"\d+",
    "window": r"\w+",
    **dict.fromkeys(("@speed", "@offset", "@expiry"), r"(?:@[^@/?#&\s]+)?"),
}
"""The patterns of fields with undocumented values."""


@cache
def _patterns(market: str) -> list[tuple[Form, re.Pattern[str]]]:
    """The forms of a market with their patterns; made when a name of that market is parsed."""
    return [(form, _pattern(form, market)) for form in FORMS if market in form.markets]


@cache
def _loose(market: str) -> list[tuple[Form, re.Pattern[str]]]:
    return [(form, _pattern_of(form, _ANY_VALUES)) for form, _ in _patterns(market)]


def check_market(market: str) -> None:
    """:raises ValueError: no such market; the message lists the allowed ones."""
    if market not in MARKETS:
        raise ValueError(f"unknown market {market!r}; allowed are {', '.join(MARKETS)}")


@lru_cache(maxsize=8192)
def parse(name: str, market: str = "spot") -> Stream:
    """Parse a stream name.

    :raises UnknownStream: the exchange has never documented this name on this market (retired names
        are known); the message lists the documented ones.
    """
    check_market(market)
    for form, pattern in _patterns(market):
        if match := pattern.fullmatch(name):
            found = {field: value for field, value in match.groupdict().items() if value}
            levels = int(found.pop("levels", 0))
            return Stream(form.kind, levels=levels, array="@arr" in form.template, **found)
    allowed = sorted(form.describe(market) for form, _ in _patterns(market))
    living = ", ".join(each for each in allowed if (market, each) not in RETIRED)
    raise UnknownStream(f"unknown {market} stream {name!r}; allowed are {living}")


@lru_cache(maxsize=8192)
def likely_form(name: str, market: str = "spot") -> Form | None:
    """The form of a name with an undocumented value: ``btcusdt@depth@0ms``, ``@depth50``.

    None if the name differs from all forms of this market by more than values.
    """
    check_market(market)
    found = (form for form, pattern in _loose(market) if pattern.fullmatch(name))
    return next(found, None)


def likely_category(name: str, market: str) -> Category:
    """The path of the kind with which a name begins: ``btcusdt@bookTicker@100ms`` is public.

    The default is ``market``, the path of most kinds.
    """
    kind = re.split("[@!]", name, maxsplit=1)[-1]
    alike = [form for form, _ in _patterns(market) if kind.startswith(_kind_in_name(form))]
    longest = max(alike, key=lambda form: len(_kind_in_name(form)), default=None)
    return longest.category if longest is not None else "market"


def _kind_in_name(form: Form) -> str:
    """The kind in the template: ``depth`` in ``{symbol}@depth{levels}{@speed}``."""
    return re.split("[@{_]", re.sub(r"^\{symbol\}@|^!", "", form.template))[0]


IN_NO_SYMBOL = {"spot": r"[\W_]", "usdm": r"\W", "coinm": r"\W", "options": r"[^\w-]"}
"""Market -> a pattern of the characters that no symbol contains: ``BNB-BTC`` is none of spot."""


@lru_cache
def _spellings(market: str) -> tuple[str, ...]:
    """Each documented name of a market, with nothing for the symbol: ``@depth5@100ms``."""
    found = []
    for form, _ in _patterns(market):
        values: dict[str, Iterable[object]] = {
            "interval": KLINE_INTERVALS if market == "spot" else KLINE_INTERVALS[1:],
            "levels": DEPTH_LEVELS,
            "window": ROLLING_WINDOWS,
            "@speed": [value and f"@{value}" for value in form.markets[market]],
        }
        parts = re.split(r"\{(.+?)\}", form.template)
        choices = [values.get(part, [""]) if i % 2 else [part] for i, part in enumerate(parts)]
        found += ["".join(map(str, each)) for each in itertools.product(*choices)]
    return tuple(name for name in found if (market, name) not in RETIRED)


def nearest(name: str, market: str = "spot") -> str | None:
    """The documented name that was probably meant: ``bnbbtc@ticker`` for ``BNB-BTC@tickerr``."""
    import difflib  # seldom needed

    check_market(market)
    symbol, at, kind = ("", "", name) if name.startswith("!") else name.partition("@")
    symbol = re.sub(IN_NO_SYMBOL[market], "", symbol.lower())
    alike = [each for each in _spellings(market) if (each[0] == "@") == bool(symbol)]
    for spelt in (at + kind, at + kind.lower()):
        if near := difflib.get_close_matches(spelt, alike, n=1, cutoff=0.8):
            return symbol + near[0]
    return None
