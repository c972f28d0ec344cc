"""What the dashboard shows: watchlist, prices, trades, candles, book, alerts, an account. Pure.

Fields of the streams: https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from binance import events
from binance.cli.account.kinds import Account, account_of
from binance.cli.account.picture import AccountPicture
from binance.cli.errors import safe_line
from binance.cli.event_text import ConnectionLog, account_text
from binance.cli.screen.stream_stats import NumberColumn, StreamStats
from binance.sansio.book.orderbook import BookSnapshot
from binance.sansio.names.streams import check_symbol
from binance.sansio.names.times import milliseconds

#: A watchlist as `Board.saved` returns it.
DEFAULT = {"symbols": ["BTCUSDT", "ETHUSDT", "BNBUSDT", "SOLUSDT", "XRPUSDT"]}
#: Seconds without a connection after which a missing answer is reported as the cause.
PATIENCE = 2.5
#: Interval -> how many candles are fetched and kept.
HISTORIES = {"1h": 25, "1m": 240}
_ALERT = re.compile(r"([<>]?)\s*(\d+(?:\.\d+)?)")
_GAPS, _FILLS = "missing events: ", "fetched events: "


class Candle(NamedTuple):
    time: float  # when it opened, in milliseconds
    open: float
    high: float
    low: float
    close: float


class Row:
    """One symbol of the watchlist."""

    def __init__(self, symbol: str, alerts: Iterable[str] = ()) -> None:
        self.symbol, self.alerts = symbol, list(alerts)
        self.stats, self.rate = StreamStats(symbol), 0.0
        self.price, self.quantity = NumberColumn().format, NumberColumn().format
        self.last: float | None = None
        self.direction = 0  # 1: the price rose last time that it changed, -1: it fell
        self.change: float | None = None  # over 24 hours, in percent
        self.high = self.low = 0.0  # of 24 hours
        self.candles: dict[str, list[Candle]] = {interval: [] for interval in HISTORIES}
        self.trades: deque[Mapping[str, Any]] = deque(maxlen=100)  # newest first
        self.book: dict[str, list[tuple[float, float]]] = {"bids": [], "asks": []}
        self.is_synced = False

    def read(self, kind: str, event: Mapping[str, Any]) -> None:
        """:raises KeyError, ValueError, TypeError: the exchange has changed this event."""
        match kind:
            case "aggTrade":
                self.trades.appendleft(event)
                self._move_to(float(event["p"]))
            case "ticker":
                self.change, self.high, self.low = (float(event[field]) for field in "Phl")
                self._move_to(float(event["c"]))
            case "kline_1m":
                self.add_candles("1m", [[event["k"][field] for field in "tohlc"]])
            case _:
                raise ValueError(kind)

    def add_candles(self, interval: str, rows: Iterable[Sequence[Any]]) -> None:
        """Add candles: the live one, or a history."""
        known = {candle.time: candle for candle in self.candles[interval]}
        new = [Candle(milliseconds(row[0]), *map(float, row[1:5])) for row in rows]
        if len(new) > 1:  # the live candle is younger than that of the history
            new[-1] = known.get(new[-1].time, new[-1])
        known |= {candle.time: candle for candle in new}
        self.candles[interval] = sorted(known.values())[-HISTORIES[interval] :]

    def _move_to(self, price: float) -> None:
        before = price if self.last is None else self.last
        self.direction = (price > before) - (price < before) or self.direction
        self.last = price


SORTS: dict[str, Callable[[Row], Any]] = {
    "as added": lambda row: 0,
    "by name": lambda row: row.symbol,
    "by change": lambda row: -(row.change or 0.0),
    "by messages": lambda row: -row.rate,
}


class Board:
    """The state of the dashboard; used by one thread. Times come in by argument."""

    def __init__(self) -> None:
        self.log = ConnectionLog()
        self.rows: dict[str, Row] = {}
        self.selected = self.filter = ""
        self.sort = "as added"
        self.account: Account | None = None
        self.tables: AccountPicture | None = None  # of this account; None: it is not followed yet
        self.cause = ""  # why there is no connection
        self.rings = 0  # how often the bell is to ring
        self.steady = self.wall = self.seconds = 0.0
        self._asked: set[tuple[str, str, float]] = set()
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
        found = [row for row in self.shown() if text.strip().upper() in row.symbol]
        if found:
            self.selected = found[0].symbol
        else:
            self.add(text)

    def delete(self, symbol: str = "") -> None:
        """Delete a row, by default the selected one, and select its neighbour."""
        gone = symbol or self.selected
        if gone == self.selected:
            self.move(-1 if gone in [row.symbol for row in self.shown()[-1:]] else 1)
        self.rows.pop(gone, None)
        if self.selected == gone:
            self.selected = next(iter(self.rows), "")

    def alert(self, text: str) -> None:
        """Add an alert to the selected row; an empty text deletes its alerts.

        :raises ValueError: the text is no price.
        """
        if row := self.rows.get(self.selected):
            row.alerts = [*row.alerts, _alert(text, row.last)] if text.strip() else []

    def show_account(self, text: str) -> None:
        """Show an account, as ``user --account`` names it; an empty text ends it.

        :raises ValueError: there is no such account.
        """
        account = account_of(text.strip()) if text.strip() else None
        if account != self.account:
            self.account, self.tables = account, None

    # from the clock

    def tick(self, steady: float, wall: float) -> None:
        """:param steady: seconds of a monotonic clock; :param wall: UNIX seconds."""
        self.seconds += steady - (self.steady or steady)
        self.steady, self.wall = steady, wall
        for row in self.rows.values():
            row.rate = row.stats.rate(steady)
        if not (self.log.is_connected or self.cause) and self.seconds >= PATIENCE:
            self.cause = "no answer from the exchange yet"

    def streams(self) -> set[str]:
        """Names of the streams that are needed now."""
        kinds = {symbol: ["aggTrade", "ticker"] for symbol in self.rows}
        kinds.get(self.selected, []).append("kline_1m")
        return {f"{symbol.lower()}@{kind}" for symbol in kinds for kind in kinds[symbol]}

    def missing(self) -> list[tuple[str, str]]:
        """Symbol and interval of each history that is to be fetched now, the selected one first.

        Each is fetched once a connection; those of 24 hours again each hour.
        """
        wanted = [(self.selected, "1m", 0.0)] * (self.selected in self.rows)
        wanted += [(symbol, "1h", self.wall // 3600) for symbol in self.rows]
        new = [each for each in wanted if each not in self._asked and self.log.is_connected]
        self._asked |= {*new}
        return [each[:2] for each in new]

    # from the exchange

    def note(self, text: str) -> None:
        self.log.add(text, self.wall)

    def fail(self, text: str) -> None:
        """Nothing can be received."""
        self.cause = text
        self.note(text)

    def add_event(self, event: events.Event) -> None:
        match event:
            case events.Connected():
                self.cause = ""
            case events.Disconnected(reason=reason):
                self.cause = safe_line(reason or "closed by the exchange")
                self._asked.clear()  # what is missed now is fetched later
            case events.GaveUp(reason=reason, code=code):
                self.cause = safe_line(reason if code is None else f"{reason} ({code})")
            case events.Gap() | events.Backfilled():
                self._add_missed(event)
                return
        self.log.add_event(event)

    def _add_missed(self, event: events.Gap | events.Backfilled) -> None:
        """A cut leaves a gap in each stream: all of them are one line, as are those filled."""
        begins = _GAPS if isinstance(event, events.Gap) else _FILLS
        first, last = event.first, event.last
        is_counted = first is not None and last is not None and "@kline" not in event.stream
        count = f" {last - first + 1:,}" if is_counted else ""  # type: ignore[operator]
        lines = self.log.lines
        is_same = bool(lines) and lines[-1][1].startswith(begins)
        self.log.add(
            f"{lines.pop()[1] + ', ' if is_same else begins}{event.stream}{count}", event.when
        )

    def add_frame(self, name: str, data: Any, when: float, offset: float = 0.0) -> None:
        """Add a message of a stream; `when` and `offset` as in `StreamStats.add`."""
        symbol, _, kind = name.partition("@")
        row = self.rows.get(symbol.upper())
        if row is None:  # it was deleted
            return
        if not (isinstance(data, dict) and "backfilled" in data):
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

    def set_book(self, book: BookSnapshot) -> None:
        """The book of a symbol, which is in sync or not."""
        if row := self.rows.get(book.symbol):
            row.is_synced = book.synced
            for name, side in (("bids", book.bids), ("asks", book.asks)):
                row.book[name] = [(float(price), float(quantity)) for price, quantity in side]

    def set_account(self, account: Account, tables: AccountPicture | None) -> None:
        """The tables of an account, which are filled later; None: it cannot be followed."""
        if account == self.account:
            self.tables, self.account = tables, account if tables else None

    def add_account_message(self, account: Account, event: Mapping[str, Any]) -> None:
        if account == self.account and self.tables is not None and event.get("e") != "error":
            self.tables.add(event)
            self.log.add(account_text(event), event.get("E", self.wall * 1000) / 1000)

    def add_history(self, symbol: str, interval: str, rows: Iterable[Sequence[Any]]) -> None:
        if symbol in self.rows:
            self.rows[symbol].add_candles(interval, rows)

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
