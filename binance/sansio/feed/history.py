"""The past of a stream: which REST call has it, and how its rows become the stream's payloads.

    stream           position        call, page after page                     order
    trade            t               historicalTrades from an id               contiguous ids
    trade of USD-M   t               the same; needs an API key                rising ids
    aggTrade         a               aggTrades from an id                      contiguous ids
    klines           k.t             klines from an open time                  contiguous times

A position is what orders the events of a stream.  The position after an event is that of the event
which has to come next: the next id, or the open time of the first candle that is not closed.

Sources: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md and, for futures,
https://developers.binance.com/docs/derivatives .
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from binance.sansio.names.forms import UTC8, Stream, UnknownStream, parse

BACKFILLED: Final = "backfilled"
"""The field that marks an event which was fetched."""
HOUR: Final = 3600.0
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800, "M": 31 * 86400}
_NEWEST_OF: Final = 200 * 86_400_000
"""The longest time, in ms, of which COIN-M answers candles."""
_MARKET_NUMBER: Final = {"usdm": {"st": 1}, "coinm": {"st": 2}}

Event = tuple[int, Any]
"""A position and the payload there."""


@dataclass(frozen=True, slots=True)
class Page:
    """One REST call: a method of a client, with its parameters."""

    market: str
    method: str
    params: Mapping[str, Any]
    weight: int

    @property
    def limit(self) -> int:
        """The number of rows that the exchange answers, if there are so many."""
        return int(self.params["limit"])


@dataclass(frozen=True, slots=True)
class Source:
    """How one kind of streams is fetched on one market."""

    method: str
    most: int
    """The number of rows of a page."""
    age: float = float("inf")
    """Seconds for which the exchange keeps the rows."""
    needs_key: bool = False
    params: Callable[[Stream], Mapping[str, Any]] = lambda stream: {"symbol": stream.symbol.upper()}


def _interval(stream: Stream) -> dict[str, Any]:
    zone = {"timeZone": "8"} if stream.offset == UTC8 else {}
    return {"symbol": stream.symbol.upper(), "interval": stream.interval, **zone}


def _pair(stream: Stream) -> dict[str, Any]:
    return {"pair": stream.symbol.upper(), "interval": stream.interval}


def _contract(stream: Stream) -> dict[str, Any]:
    pair, _, contract = stream.symbol.upper().partition("_")
    return {"pair": pair, "contractType": contract, "interval": stream.interval}


SOURCES: Final[dict[tuple[str, str], Source]] = {
    ("spot", "trade"): Source("get_historical_trades", 1000),
    ("spot", "aggTrade"): Source("get_aggregate_trades", 1000),
    ("spot", "kline"): Source("get_klines", 1000, params=_interval),
    ("usdm", "trade"): Source("futures_historical_trades", 500, 30 * 24 * HOUR, needs_key=True),
    ("usdm", "aggTrade"): Source("futures_aggregate_trades", 1000, 48 * HOUR),
    ("coinm", "aggTrade"): Source("futures_coin_aggregate_trades", 1000, 24 * HOUR),
    **{
        (market, kind): Source(f"{prefix}_{method}", 499, params=params)
        for market, prefix in (("usdm", "futures"), ("coinm", "futures_coin"))
        for kind, method, params in (
            ("kline", "klines", _interval),
            ("continuousKline", "continous_klines", _contract),
            ("indexPriceKline", "index_price_klines", _pair),
            ("markPriceKline", "mark_price_klines", _interval),
        )
    },
}
"""(market, kind) -> how the past of such a stream is fetched.

499 candles of futures weigh 2, and 1500 weigh 10.
"""

_TRADE = {"t": "id", "p": "price", "q": "qty", "T": "time", "m": "isBuyerMaker", "M": "isBestMatch"}
_AGGREGATE = {name: name for name in ("a", "p", "q", "f", "l", "T", "m", "M", "nq")}
_CANDLE = dict(zip("tohlcvTqnVQB", range(12), strict=True))
"""Field of the stream -> field, or index, of a row."""
_CANDLE_EVENTS = {"continuousKline": "continuous_kline", "kline": "kline"}


@dataclass(frozen=True, slots=True)
class Past:
    """The past of one stream.

    :param unit: units of the link's times per millisecond: 1, or 1000 with `time_unit="us"`.
    """

    market: str
    stream: Stream
    source: Source
    unit: int = 1

    @property
    def is_candle(self) -> bool:
        return self.stream.kind.endswith(("kline", "Kline"))

    @property
    def is_contiguous(self) -> bool:
        """Whether the positions show what is missing."""
        return (self.market, self.stream.kind) != ("usdm", "trade")

    @property
    def id_field(self) -> str:
        """The field of the id in a payload; empty for candles."""
        return "" if self.is_candle else "a" if self.stream.kind == "aggTrade" else "t"

    # requests

    def page(self, first: int, until: int | None = None) -> Page:
        """The call for the events from a position on, up to another one and the next after it."""
        most = self.source.most
        limit = most if until is None else min(most, max(1, self.count(first, until)) + 2)
        if not self.is_candle:
            return self._call(self.source, fromId=first, limit=limit)
        where = {"startTime": first // self.unit}
        if self.is_newest and until is not None:
            limit = min(limit, max(1, _NEWEST_OF // self._span))
            where["endTime"] = (first + limit * self._span) // self.unit - 1
        return self._call(self.source, **where, limit=limit)

    @property
    def is_newest(self) -> bool:
        """Whether a page without end has the newest events, and not the oldest ones."""
        return self.is_candle and self.market == "coinm"

    def end_of(self, page: Page) -> int | None:
        """The position behind a page that has an end."""
        end = page.params.get("endTime")
        return None if end is None else int((end + 1) * self.unit)

    def find(self, moment: int) -> Page:
        """The call for the first trade from a time on, in milliseconds; see `found`."""
        source = SOURCES[self.market, "aggTrade"]
        return self._call(source, startTime=moment, limit=1)

    def found(self, rows: list[Any]) -> int | None:
        """The position of that trade; None if there is none yet."""
        of = "f" if self.stream.kind == "trade" else "a"  # the first trade of an aggregate trade
        return _whole(rows[0][of]) if rows else None

    def _call(self, source: Source, **params: Any) -> Page:
        from binance.sansio.names import routes  # large, and needed once something is missing

        given = {**source.params(self.stream), **params}
        weight = routes.weight(routes.table()[source.method], given)
        return Page(self.market, source.method, given, weight)

    # payloads

    def events(self, rows: Any) -> list[Event]:
        """The events of a page, each with its position.

        :raises LookupError, TypeError, ValueError: the rows do not have the documented shape.
        """
        if not isinstance(rows, list):
            raise TypeError("the answer is no list")
        return [self._candle(row) if self.is_candle else self._trade(row) for row in rows]

    def position(self, data: Any) -> int:
        """The position of a payload."""
        found: int = data["k"]["t"] if self.is_candle else data[self.id_field]
        return found

    def after(self, data: Any) -> int:
        """The position after a payload."""
        if not self.is_candle:
            return self.position(data) + 1
        candle = data["k"]
        following: int = candle["T"] + 1 if candle["x"] else candle["t"]
        return following

    def count(self, first: int, last: int) -> int:
        """About how many events there are from one position to another."""
        return (last - first) // self._span + 1

    def last_before(self, first: int, end: int) -> int:
        """The last missing position of those from `first` to before `end`."""
        span = self._span
        if self.stream.interval == "1M":  # the days of a month are the number of its last one
            ahead = 8 * HOUR if self.stream.offset == UTC8 else 0.0
            day_before = datetime.fromtimestamp(end / 1000 / self.unit + ahead - 24 * HOUR, UTC)
            span = span // 31 * day_before.day
        return max(first, end - span)

    @property
    def _span(self) -> int:
        if not self.is_candle:
            return 1
        interval = self.stream.interval
        return int(interval[:-1]) * _UNITS[interval[-1]] * 1000 * self.unit

    def _trade(self, row: Mapping[str, Any]) -> Event:
        of = _TRADE if self.stream.kind == "trade" else _AGGREGATE
        values = {name: row[key] for name, key in of.items() if key in row}
        number = _whole(values[self.id_field])
        time = values["T"] = _whole(values["T"]) * self.unit
        if self.market != "spot":
            values |= _MARKET_NUMBER[self.market]
            values.pop("M", None)
        common = {"e": self.stream.kind, "E": time, "s": self.stream.symbol.upper()}
        return number, {**common, **values, BACKFILLED: True}

    def _candle(self, row: Any) -> Event:
        values = {name: row[index] for name, index in _CANDLE.items()}
        opens = values["t"] = _whole(values["t"]) * self.unit
        closes = values["T"] = (_whole(values["T"]) + 1) * self.unit - 1
        stream, kind = self.stream, self.stream.kind
        symbol = stream.symbol.upper()
        common: dict[str, Any] = {"e": _CANDLE_EVENTS.get(kind, kind.replace("Kline", "_kline"))}
        common["E"] = closes
        own = {"s": symbol}
        if kind == "kline":
            common |= own
        elif kind == "continuousKline":
            pair, _, contract = symbol.partition("_")
            common, own = {**common, "ps": pair, "ct": contract}, {}
        else:
            common["ps"] = symbol.partition("_")[0]
        candle = {**own, "i": stream.interval, "f": -1, "L": -1, "x": True, **values}
        return opens, {**common, "k": candle, BACKFILLED: True}


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(f"{value!r} is no whole number")
    return value


def past_of(name: str, market: str, unit: int = 1) -> Past | None:
    """The past of a stream; None if the exchange serves none for such streams."""
    try:
        stream = parse(name, market)
    except UnknownStream:
        return None
    source = SOURCES.get((market, stream.kind))
    return None if source is None else Past(market, stream, source, unit)
