"""Pictures of the dashboard's panels, each for a number of columns and rows. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import TypeAlias

from rich.table import Table
from rich.text import Text

from binance.cli.dashboard.board import Board, Candle, Row
from binance.cli.event_text import time_of_day
from binance.cli.screen.pictures import OLD_SECONDS, age_text, clock_text, latency_text
from binance.sansio.names.times import milliseconds

UP, DOWN, NOTE, CHOSEN = "bold #2ebd85", "#f6465d", "#f0b90b", "bold on #2b3139"
#: What the pictures use -> what a terminal without UTF-8 gets.
ASCII = str.maketrans("─│┃╽╿╷╵╻╹▁▂▃▄▅▆▇█▏●▲▼…", "-|###||##_..-=+*#|*^v.")
#: Halves of a cell, 0 empty, 1 wick, 2 body: the upper one times 3 plus the lower one.
_CANDLE = " ╷╻╵│╽╹╿┃"
_LINES = Text("\n")
#: Columns after symbol, price and change, the most important one first; least and most width.
_COLUMNS = {
    "day": (8, 25), "msg/s": (6, 6), "latency": (7, 7), "age": (6, 6), "24 h range": (10, 60),
}  # fmt: skip
_Level: TypeAlias = tuple[float, float]


def sparkline(values: Sequence[float]) -> str:
    """A block of one of eight heights for each value."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    scale = 7 / (high - low) if high > low else 0.0
    return "".join("▁▂▃▄▅▆▇█"[round((value - low) * scale)] for value in values)


def gauge(row: Row, width: int) -> str:
    """Where the price is between the day's low and high; if there is room, also these numbers."""
    if row.high <= row.low or row.last is None:
        return ""
    low, high = row.price(row.low), row.price(row.high)
    if (room := width - len(low) - len(high) - 2) < 6:
        low, high, room = "", "", width
    place = round((row.last - row.low) / (row.high - row.low) * (room - 1))
    place = max(0, min(room - 1, place))
    return f"{low} {'─' * place}●{'─' * (room - 1 - place)} {high}".strip()


def _sizes(left: int) -> dict[str, int]:
    """The widths of the columns that fit."""
    sizes = {}
    for name, (least, _) in _COLUMNS.items():
        if left >= least:
            sizes[name], left = least, left - least - 1
    for name, least in sizes.items():
        more = min(max(0, left), _COLUMNS[name][1] - least)
        sizes[name], left = least + more, left - more
    return sizes


def watchlist(board: Board, width: int, height: int) -> Table:
    rows = board.shown()
    chosen = next((n for n, row in enumerate(rows) if row.symbol == board.selected), 0)
    first = max(0, chosen - height + 2)
    prices = {row: "-" if row.last is None else row.price(row.last) for row in rows}
    names = {row: f"{row.symbol}{' !' * bool(row.alerts)}" for row in rows}
    widths = [max(8, *map(len, texts.values()), 0) + 1 for texts in (names, prices)]
    sizes = _sizes(width - sum(widths) - 10)
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("symbol", width=widths[0], no_wrap=True)
    for name, size in {"last": widths[1], "24 h": 7, **sizes}.items():
        table.add_column(name, width=size, no_wrap=True, justify="right")
    for row in rows[first : first + height - 1]:
        age = None if row.stats.last is None else max(0.0, board.wall - row.stats.last)
        closes = [candle.close for candle in row.candles["1h"][:-1]] + [row.last or 0.0]
        change = "-" if row.change is None else f"{row.change + 0.0:+.2f}%"
        arrow, style = ((" ", ""), ("▲", UP), ("▼", DOWN))[row.direction]
        cells = {
            "day": Text(sparkline(closes[-sizes.get("day", 1) :]) if len(closes) > 1 else ""),
            "msg/s": Text(f"{row.rate:,.1f}"),
            "latency": Text(latency_text(row.stats.latency)),
            "age": Text(age_text(age), NOTE if (age or 0.0) > OLD_SECONDS else ""),
            "24 h range": Text(gauge(row, sizes.get("24 h range", 1))),
        }
        is_chosen = row.symbol == board.selected
        table.add_row(
            Text(" >"[is_chosen] + names[row]),
            Text(prices[row] + arrow, style),
            Text(change, UP if (row.change or 0.0) > 0 else DOWN if row.change else ""),
            *(cells[name] for name in sizes),
            style=CHOSEN if is_chosen else "",
        )
    return table


def book(row: Row, width: int, height: int) -> Text | None:
    """Asks above bids, the best ones in the middle, with bars for the quantities."""
    count = max(1, (height - 1) // 2)
    asks, bids = row.book["asks"][:count], row.book["bids"][:count]
    if not asks or not bids:
        return None
    for price, quantity in (*asks, *bids):  # first find how many decimals there are
        row.price(price), row.quantity(quantity)
    first = max(len(row.price(price)) for price, _ in (*asks, *bids))
    second = max(len(row.quantity(quantity)) for _, quantity in (*asks, *bids))
    most = max(quantity for _, quantity in (*asks, *bids)) or 1.0
    room = max(0, width - first - second - 2)

    def line(level: _Level, style: str) -> Text:
        bar = "█" * round(level[1] / most * room) or "▏" * (room > 0)
        quantity = f"{row.quantity(level[1]):>{second}} "
        return Text.assemble((f"{row.price(level[0]):>{first}} ", style), quantity, (bar, style))

    spread = asks[0][0] - bids[0][0]
    text = f"spread {row.price(spread)}  {spread / asks[0][0] * 10_000:.2f} bp"
    text, style = (text, "dim") if row.is_synced else ("out of sync", NOTE)
    above, below = [line(each, DOWN) for each in asks[::-1]], [line(each, UP) for each in bids]
    return _LINES.join([*above, Text(text.center(width), style), *below])


def trades(row: Row, width: int, height: int) -> Text | None:
    """Newest first; an arrow up: the buyer took an offer."""
    lines = []
    for event in list(row.trades)[:height]:
        arrow, style = ("▼", DOWN) if event["m"] else ("▲", UP)
        price, quantity = row.price(float(event["p"])), row.quantity(float(event["q"]))
        when = f"{time_of_day(milliseconds(event['T']) / 1000)} "
        text = f"{price}{arrow} {quantity:>9}"
        lines.append(Text.assemble((when * (len(when + text) <= width), "dim"), (text, style)))
    return _LINES.join(lines) if lines else None


def candle_chart(candles: Sequence[Candle], rows: int) -> list[Text]:
    """Lines of a chart in which each column is a candle."""
    low = min(candle.low for candle in candles)
    scale = (2 * rows - 1) / ((max(candle.high for candle in candles) - low) or 1.0)
    lines = [Text() for _ in range(rows)]
    for candle in candles:
        first, top, bottom, last = (round((price - low) * scale) for price in candle[1:])
        body = range(min(first, last), max(first, last) + 1)
        halves = [2 if n in body else int(bottom <= n <= top) for n in range(2 * rows)]
        for number, line in enumerate(lines, 1):
            lower, upper = halves[2 * (rows - number) :][:2]
            line.append(_CANDLE[3 * upper + lower], UP if candle.close >= candle.open else DOWN)
    return lines


def candles(row: Row, width: int, height: int) -> Text | None:
    """The last minutes, with their highest, last and lowest price at the right."""
    known = row.candles["1m"]
    if not known or height < 3:
        return None
    axis = max(len(row.price(price)) for candle in known for price in candle[1:])
    known = known[-max(1, width - axis - 1) :]
    top, bottom = max(each.high for each in known), min(each.low for each in known)
    last = round((top - known[-1].close) / ((top - bottom) or 1.0) * (height - 2))
    lines = candle_chart(known, height - 1)
    labels = {0: (top, "dim"), height - 2: (bottom, "dim"), last: (known[-1].close, "bold")}
    for number, (price, style) in labels.items():
        lines[number].append(f" {row.price(price)}", style)
    begin, end = (time_of_day(each.time / 1000)[:5] for each in (known[0], known[-1]))
    return _LINES.join([*lines, Text(f"{begin:{max(6, len(known) - 5)}}{end}", "dim")])


def account(board: Board, width: int, height: int) -> Text:
    """Balances, positions and orders of the account that is shown."""
    lines = board.tables.tables(width, height)[1:] if board.tables is not None else ()
    return _LINES.join(lines) or Text("waiting for the account", "dim")


def log(board: Board, width: int, height: int) -> Text:
    """What happened to the connection, newest last."""
    lines = list(board.log.lines)[-height:]
    return _LINES.join(Text(f"{time_of_day(when)} {text}", "dim") for when, text in lines)


def heading(board: Board, source: str, paused: bool) -> Text:
    """The state of the connection, and why there is none."""
    connected = board.log.is_connected
    state = "connected" if connected else f"not connected: {board.cause or 'connecting'}"
    rate = sum(row.rate for row in board.rows.values())
    return Text.assemble(
        ("PAUSED  " * paused, NOTE),
        (f"● {state}", UP if connected else DOWN),
        f"  {source}  {clock_text(board.seconds)}  {rate:,.0f} msg/s",
    )


def _of_selected(
    picture: Callable[[Row, int, int], Text | None],
) -> Callable[[Board, int, int], Text]:
    """The picture of the selected row, or why there is none yet."""

    def drawn(board: Board, width: int, height: int) -> Text:
        row = board.rows.get(board.selected)
        text = "waiting for data" if row else "the key a adds a symbol"
        if board.cause and not board.log.is_connected:
            text = f"{board.cause} (for more: binance-sockets doctor)"
        found = picture(row, width, height) if row else None
        return found or Text(textwrap.fill(text, max(1, width)), "dim")

    return drawn


PANELS: dict[str, Callable[[Board, int, int], Text | Table]] = {
    "watchlist": watchlist,
    "candles": _of_selected(candles),
    "book": _of_selected(book),
    "trades": _of_selected(trades),
    "account": account,
    "log": log,
}
