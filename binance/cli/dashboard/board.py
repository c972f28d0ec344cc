"""What the dashboard shows: watchlist, prices, trades, candles, order book, alerts. Pure.

Fields of the streams: https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from binance import events
from binance.cli.errors import safe_line
from binance.cli.event_text import ConnectionLog
from binance.cli.screen.stream_stats import StreamStats
from binance.sansio.names.streams import check_symbol
from binance.sansio.names.times import milliseconds

__all__ = ["DEFAULT", "HISTORIES", "SORTS", "Board", "Candle", "Candles", "Row"]

#: A watchlist as :meth:`Board.saved` returns it.
DEFAULT = {"symbols": ["BTCUSDT", "ETHUSDT", "BNBUSDT", "SOLUSDT", "XRPUSDT"]}
#: Seconds without a connection after which a missing answer is reported as the cause.
PATIENCE = 2.5
KEPT_TRADES = 100
#: Interval of candles -> its milliseconds, and how many are kept.
HISTORIES = {"1h": (3_600_000, 25), "1m": (60_000, 240)}
_OF_EACH = ("aggTrade", "ticker")
_OF_SELECTED = ("kline_1m", "depth20@100ms")
_ALERT = re.compile(r"([<>]?)\s*(\d+(?:\.\d+)?)")


class Candle(NamedTuple):
    """Opening time in milliseconds, and prices."""

    time: float
    open: float
    high: float
    low: float
    close: float


class Candles:
    """Candles of one interval: the exchange's history, then live ones."""

    def __init__(self, interval: str) -> None:
        self._length, self._most = HISTORIES[interval]
        self._known: dict[float, Candle] = {}

    def listed(self) -> list[Candle]:
        """Oldest first."""
        return list(self._known.values())

    def merge(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add the history. The newest live candle stays, because it is younger."""
        newest = max(self._known, default=None)
        old = [Candle(row[0], *map(float, row[1:5])) for row in rows]
        known = self._known | {candle.time: candle for candle in old if candle.time != newest}
        self._known = dict(sorted(known.items())[-self._most :])

    def add(self, candle: Candle) -> None:
        """Add the live candle, or replace it."""
        self._known[candle.time] = candle
        if len(self._known) > self._most:
            del self._known[min(self._known)]

    def trade(self, time: float, price: float) -> None:
        """Let a trade change the live candle."""
        begun = time - time % self._length
        _, first, high, low, _ = self._known.get(begun, (begun, price, price, price, price))
        self.add(Candle(begun, first, max(high, price), min(low, price), price))


class Digits:
    """Formats numbers with as many decimals as any of them has needed so far."""

    def __init__(self) -> None:
        self._decimals = 0

    def __call__(self, number: float) -> str:
        needed = f"{number:.8f}".rstrip("0").partition(".")[2]
        self._decimals = max(self._decimals, len(needed))
        return f"{number + 0.0:,.{self._decimals}f}"  # + 0.0: no negative zero


class Row:
    """One symbol of the watchlist."""

    def __init__(self, symbol: str, alerts: Iterable[str] = ()) -> None:
        self.symbol, self.alerts = symbol, list(alerts)
        self.stats, self.rate = StreamStats(symbol), 0.0
        self.price, self.quantity = Digits(), Digits()
        self.last: float | None = None
        self.direction = 0
        """1: the price rose last time that it changed, -1: it fell."""
        self.change: float | None = None
        """Over 24 hours, in percent."""
        self.high = self.low = 0.0
        """Of 24 hours."""
        self.candles = {interval: Candles(interval) for interval in HISTORIES}
        self.trades: deque[Mapping[str, Any]] = deque(maxlen=KEPT_TRADES)
        """As the exchange sends them, newest first."""
        self.book: dict[str, list[tuple[float, float]]] = {"bids": [], "asks": []}
        """Price and quantity of the levels, best ones first."""

    def read(self, kind: str, event: Mapping[str, Any]) -> None:
        """:raises KeyError, ValueError, TypeError: the exchange has changed this event."""
        match kind:
            case "aggTrade":
                self.trades.appendleft(event)
                self._move_to(float(event["p"]), milliseconds(event["T"]))
            case "ticker":
                self.change, self.high, self.low = (float(event[field]) for field in "Phl")
                self._move_to(float(event["c"]), milliseconds(event["E"]))
            case "kline_1m":
                candle = event["k"]
                prices = (float(candle[field]) for field in "ohlc")
                self.candles["1m"].add(Candle(milliseconds(candle["t"]), *prices))
            case _:
                self.book = {
                    side: [(float(price), float(quantity)) for price, quantity in event[side]]
                    for side in ("bids", "asks")
                }

    def _move_to(self, price: float, time: float) -> None:
        before = price if self.last is None else self.last
        self.direction = (price > before) - (price < before) or self.direction
        self.last = price
        self.candles["1h"].trade(time, price)


SORTS: dict[str, Callable[[Row], Any]] = {
    "as added": lambda row: 0,
    "by name": lambda row: row.symbol,
    "by change": lambda row: -(row.change or 0.0),
    "by messages": lambda row: -row.rate,
}


class Board:
    """The state of the dashboard; used by one thread."""

    def __init__(self) -> None:
        self.log = ConnectionLog()
        self.rows: dict[str, Row] = {}
        self.selected = self.filter = ""
        self.sort = next(iter(SORTS))
        self.cause = ""
        """Why there is no connection."""
        self.rings = 0
        """How often the bell is to ring."""
        self.steady = self.wall = self.seconds = 0.0
        """A monotonic clock, UNIX seconds, and how long the dashboard has run."""
        self._asked: set[tuple[str, str]] = set()
        self._unread: set[str] = set()

    # from the file

    def restore(self, saved: Any) -> None:
        """:raises ValueError: it is not what :meth:`saved` returned."""
        try:
            texts = saved.get("alerts", {}).items()
            alerts = {name: [_alert(each, None) for each in given] for name, given in texts}
            symbols = [check_symbol(each).upper() for each in saved["symbols"]]
            sort = saved["sort"] if saved.get("sort") in SORTS else self.sort
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"unknown form ({safe_line(repr(error))})") from None
        self.rows = {symbol: Row(symbol, alerts.get(symbol, ())) for symbol in symbols}
        self.selected, self.sort = next(iter(self.rows), ""), sort

    def saved(self) -> dict[str, Any]:
        """For JSON: ``{"symbols": [..], "alerts": {symbol: [">65000"]}, "sort": ".."}``."""
        alerts = {row.symbol: row.alerts for row in self.rows.values() if row.alerts}
        return {"symbols": list(self.rows), "alerts": alerts, "sort": self.sort}

    # from the keys

    def shown(self) -> list[Row]:
        """The rows that the filter leaves, in the chosen order."""
        rows = (row for row in self.rows.values() if self.filter in row.symbol)
        return sorted(rows, key=SORTS[self.sort])

    def move(self, step: int) -> None:
        """Select the row that many rows below."""
        shown = [row.symbol for row in self.shown()] or [""]
        place = shown.index(self.selected) + step if self.selected in shown else 0
        self.selected = shown[max(0, min(len(shown) - 1, place))]

    def next_sort(self) -> None:
        names = list(SORTS)
        self.sort = names[(names.index(self.sort) + 1) % len(names)]

    def add(self, text: str) -> None:
        """Add a symbol and select it. :raises ValueError: no symbol has such a name."""
        self.selected = check_symbol(text.strip()).upper()
        self.rows.setdefault(self.selected, Row(self.selected))

    def go_to(self, text: str) -> None:
        """Select the first row that holds the text; if there is none, add that symbol."""
        self.filter = text.strip().upper()
        shown, self.filter = self.shown(), ""
        if shown:
            self.selected = shown[0].symbol
        else:
            self.add(text)

    def delete(self, symbol: str = "") -> None:
        """Delete a row, by default the selected one."""
        gone = symbol or self.selected
        if gone == self.selected:
            shown = [row.symbol for row in self.shown()]
            self.move(-1 if gone in shown[-1:] else 1)
        self.rows.pop(gone, None)
        if self.selected == gone:
            self.selected = next(iter(self.rows), "")

    def alert(self, text: str) -> None:
        """Add an alert to the selected row; an empty text deletes its alerts.

        :raises ValueError: the text is no price.
        """
        if row := self.rows.get(self.selected):
            row.alerts = [*row.alerts, _alert(text, row.last)] if text.strip() else []

    # from the clock

    def tick(self, steady: float, wall: float) -> None:
        self.seconds += steady - (self.steady or steady)
        self.steady, self.wall = steady, wall
        for row in self.rows.values():
            row.rate = row.stats.rate(steady)
        if not (self.log.is_connected or self.cause) and self.seconds >= PATIENCE:
            self.cause = "no answer from the exchange yet"

    def streams(self) -> set[str]:
        """Names of the streams that are needed now."""
        names = {f"{symbol.lower()}@{kind}" for symbol in self.rows for kind in _OF_EACH}
        return names | {f"{self.selected.lower()}@{kind}" for kind in _OF_SELECTED if self.selected}

    def missing(self) -> list[tuple[str, str]]:
        """Symbol and interval of each history that is to be fetched now, the selected one first."""
        if not self.log.is_connected:
            return []
        wanted = [(self.selected, "1m")] * (self.selected != "")
        wanted += [(symbol, "1h") for symbol in self.rows]
        new = [each for each in wanted if each not in self._asked]
        self._asked |= {*new}
        return new

    # from the exchange

    def note(self, text: str) -> None:
        """Add a line to the log."""
        self.log.add(text, self.wall)

    def fail(self, text: str) -> None:
        self.cause = text
        self.note(text)

    def add_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Gap):
            self.log.add_event(event)
        match event:
            case events.Gap(stream=stream, first=first, last=last):
                count = "" if first is None or last is None else f" {last - first + 1:,}"
                self._add_gap(f"{stream}{count}", event.when)
            case events.Connected():
                self.cause = ""
            case events.Disconnected(reason=reason):
                self.cause = safe_line(reason or "closed by the exchange")
                self._asked.clear()  # what is missed now is fetched later
            case events.GaveUp():
                self.cause = self.log.failure

    def _add_gap(self, text: str, when: float) -> None:
        """Log it in one line with those before it: a cut leaves a gap in each stream."""
        lines, begin = self.log.lines, "missing events: "
        if lines and lines[-1][1].startswith(begin):
            text = f"{lines.pop()[1].removeprefix(begin)}, {text}"
        self.log.add(begin + text, when)

    def add_frame(self, name: str, data: Any, when: float, offset: float = 0.0) -> None:
        """Add a message of a stream; `when` and `offset` as in :meth:`StreamStats.add`."""
        symbol, _, kind = name.partition("@")
        row = self.rows.get(symbol.upper())
        if row is None:  # it was deleted
            return
        row.stats.add(data, when, offset)
        try:
            row.read(kind, data)
        except (KeyError, ValueError, TypeError):
            if kind not in self._unread:
                self._unread.add(kind)
                self.log.add(f"{name}: messages of an unknown form", when)
        for alert in [each for each in row.alerts if _is_reached(each, row.last)]:
            row.alerts.remove(alert)
            self.rings += 1
            self.log.add(f"alert: {row.symbol} {alert}", when)

    def add_history(self, symbol: str, interval: str, rows: Iterable[Sequence[Any]]) -> None:
        if symbol in self.rows:
            self.rows[symbol].candles[interval].merge(rows)

    def reject(self, symbol: str) -> None:
        """The exchange has no such symbol."""
        if symbol in self.rows:
            self.delete(symbol)
            self.note(f"the exchange has no symbol {symbol}")


def _alert(text: str, last: float | None) -> str:
    """``>65000`` or ``<65000`` of a text that may lack the sign."""
    found = _ALERT.fullmatch(text.replace(",", "").strip())
    if found is None or (not found[1] and last is None):
        raise ValueError(f"{text!r} is not an alert; give a price such as >65000 or <65000")
    return f"{found[1] or '<>'[float(found[2]) > (last or 0.0)]}{found[2]}"


def _is_reached(alert: str, price: float | None) -> bool:
    limit = float(alert[1:])
    return price is not None and (price >= limit if alert[0] == ">" else price <= limit)
