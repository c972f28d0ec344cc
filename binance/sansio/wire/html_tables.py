"""Small plain HTML tables for notebooks. Their colours are those of the page, light or dark."""

from collections.abc import Iterable, Mapping
from html import escape
from itertools import zip_longest

from binance.sansio.book.orderbook import BookSnapshot

#: Levels of an order book that a notebook shows on each side.
LEVELS = 10


def book(snapshot: BookSnapshot) -> str:
    """The levels of an order book, the best first."""
    state = "in sync" if snapshot.synced else "out of sync"
    sides = zip_longest(snapshot.bids, snapshot.asks, fillvalue=("", ""))
    rows = ([quantity, price, *ask] for (price, quantity), ask in sides)
    return table(f"{snapshot.symbol}, {state}", ["quantity", "bid", "ask", "quantity"], rows)


def table(caption: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table with a caption; every text is escaped."""
    lines = [_row("th", columns), *(_row("td", row) for row in rows)]
    return f"<table><caption>{escape(caption)}</caption>{''.join(lines)}</table>"


def _row(tag: str, cells: Iterable[object]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(_text(cell))}</{tag}>' for cell in cells)}</tr>"


def _text(value: object) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.{1 if value >= 0.1 else 3}f}"
        case Mapping():
            return ", ".join(f"{name} {_text(one)}" for name, one in value.items())
    return f"{value:,}" if isinstance(value, int) else f"{value}"
