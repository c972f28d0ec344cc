"""The picture of an order book for rich: bids on the left, asks on the right, bars outwards."""

from __future__ import annotations

from decimal import Decimal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from binance.cli.figures import Places
from binance.cli.notes import Notes
from binance.cli.tables import DOWN, UP, Heading, last_notes, line, title
from binance.sansio.book.orderbook import BookSnapshot, Level

__all__ = ["Ladder", "rows_for", "spread_in_words"]

#: A bar with less room than this is not drawn.
LEAST_BAR = 3
#: Lines of a picture that are no levels.
_OTHER_LINES = 6


def rows_for(height: int) -> int:
    """How many levels a terminal of this height has room for."""
    return max(1, height - _OTHER_LINES - (4 if height >= 16 else 1))


class Ladder:
    """Draws books; the numbers keep the decimals that any has needed."""

    def __init__(self) -> None:
        self._prices = Places()
        self._quantities = Places()

    def draw(
        self, heading: Heading, book: BookSnapshot, notes: Notes, size: tuple[int, int]
    ) -> RenderableType:
        """A picture that fits a terminal of this size: columns, rows."""
        width, height = size
        bids, asks = self._written(book.bids), self._written(book.asks)
        most = max((level.quantity for level in (*book.bids, *book.asks)), default=Decimal(1))
        both = [*bids, *asks]
        texts = max((len(price) + len(quantity) for price, quantity in both), default=0)
        room = (width - 2 * texts - 8) // 2
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
        for place in range(6):
            table.add_column(justify="right" if place != 5 else "left", no_wrap=True)
        for place in range(max(len(bids), len(asks))):
            bid, ask = _at(bids, place), _at(asks, place)
            bid_bar, ask_bar = (
                _bar(book.bids, place, most, room),
                _bar(book.asks, place, most, room),
            )
            table.add_row(
                Text(bid_bar.rjust(room), UP),
                bid[1],
                Text(bid[0], UP),
                Text(ask[0], DOWN),
                ask[1],
                Text(ask_bar, DOWN),
            )
        state = Text("● in step", UP) if book.synced else Text("● out of step", f"bold {DOWN}")
        heading.more = f"{book.symbol}  {heading.more}".rstrip()
        parts: list[RenderableType] = [title(heading), state, table, Text("")]
        parts.append(line(spread_in_words(book)))
        return Group(*parts, *last_notes(notes, height))

    def _written(self, levels: tuple[Level, ...]) -> list[tuple[str, str]]:
        for level in levels:  # first see how many decimals there are
            self._prices.write(f"{level.price:f}")
            self._quantities.write(f"{level.quantity:f}")
        return [
            (self._prices.write(f"{price:f}"), self._quantities.write(f"{quantity:f}"))
            for price, quantity in levels
        ]


def _at(levels: list[tuple[str, str]], place: int) -> tuple[str, str]:
    return levels[place] if place < len(levels) else ("", "")


def _bar(levels: tuple[Level, ...], place: int, most: Decimal, room: int) -> str:
    """A bar as long as its share of the largest quantity that is shown."""
    if room < LEAST_BAR or place >= len(levels) or not most:
        return ""
    return "█" * round(float(levels[place].quantity / most) * room) or "▏"


def spread_in_words(book: BookSnapshot) -> str:
    """Spread, and which side has more on offer among the levels that are shown."""
    if not book.bids or not book.asks:
        return "one side is empty"
    bid, ask = book.bids[0].price, book.asks[0].price
    share = (ask - bid) / ((ask + bid) / 2) * 10_000
    bids, asks = (sum(level.quantity for level in side) for side in (book.bids, book.asks))
    part = 100 * bids / (bids + asks) if bids + asks else Decimal(50)
    return (
        f"spread {(ask - bid).normalize():f} ({share:.2f} basis points)   "
        f"bids {part:.0f} % of what is shown"
    )
