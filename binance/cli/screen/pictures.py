"""Pictures for rich: the table of streams, and the order book."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, zip_longest

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from binance.cli.event_text import ConnectionLog, time_of_day
from binance.cli.screen.stream_stats import NumberColumn, StreamStats
from binance.sansio.book.orderbook import BookSnapshot, Level

#: Seconds without a message after which the age is yellow.
OLD_SECONDS = 10.0
#: The columns that a narrow terminal leaves out, the most important one first; their widths.
_WIDTHS = {"change": 11, "age": 8, "latency": 8, "reconnects": 10, "messages": 9}
_RATE_WIDTH = 7
#: A bar of an order book is not drawn in fewer columns than this.
_LEAST_BAR = 3
#: Lines of an order book's picture that are not levels.
_OTHER_LINES = 6
_UP, _DOWN = "green", "red"


@dataclass(slots=True)
class Heading:
    """What the first line shows, and the times by which a picture is drawn."""

    source: str
    """The exchange, or the file."""
    connected: bool
    seconds: float
    """How long the command has run."""
    wall: float
    """UNIX seconds."""
    steady: float
    """Seconds of a monotonic clock."""
    reconnects: int = 0
    more: str = ""

    @classmethod
    def of(
        cls, source: str, log: ConnectionLog, connected: bool, began: float, more: str = ""
    ) -> Heading:
        """The heading now; ``began``: when the command did, in seconds of a monotonic clock."""
        now = time.monotonic()
        times = now - began, time.time(), now
        return cls(source, connected, *times, log.reconnects, more)

    def line(self) -> Text:
        state = ("● connected", _UP) if self.connected else ("● not connected", _DOWN)
        rest = f"  {self.source}  {clock_text(self.seconds)}  {self.more}".rstrip()
        text = Text.assemble(state, rest, ("  q ends", "dim"))
        text.no_wrap, text.overflow = True, "ellipsis"
        return text


def clock_text(seconds: float) -> str:
    """A duration as ``h:mm:ss``."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def cut_line(text: str, style: str = "") -> Text:
    return Text(text, style, no_wrap=True, overflow="ellipsis")


def log_height(height: int) -> int:
    return 4 if height >= 16 else 1 if height >= 8 else 0


def last_lines(log: ConnectionLog, height: int) -> list[RenderableType]:
    """As many of the last lines as fit a terminal of this height."""
    count = log_height(height)
    lines = list(log.lines)[-count:] if count else []
    return [cut_line(f"{time_of_day(when)} {text}", "dim") for when, text in lines]


def streams_picture(
    heading: Heading,
    stats: Sequence[StreamStats],
    log: ConnectionLog,
    size: tuple[int, int],
    footer: Sequence[str] = (),
) -> RenderableType:
    """A picture that fits a terminal of this size: columns, rows."""
    width, height = size
    columns = _columns(stats, width)
    table = Table(box=None, expand=True, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("stream", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("last", justify="right", no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True, min_width=_WIDTHS[name])
    table.add_column("msg/s", justify="right", no_wrap=True, min_width=_RATE_WIDTH)
    rates = [each.rate(heading.steady) for each in stats]  # of hidden rows too: it counts on
    room = max(1, height - 5 - len(footer) - log_height(height))
    for each, rate in zip(stats[:room], rates, strict=False):
        cells = _cells(each, heading)
        price = Text(each.price or "-", {1: _UP, -1: _DOWN}.get(each.direction, ""))
        shown = [cells[name] for name in columns]
        table.add_row(Text(each.label), price, *shown, Text(f"{rate:.1f}"))
    parts: list[RenderableType] = [heading.line(), Text(""), table]
    if (hidden := len(stats) - room) > 0:
        parts.append(cut_line(f"… and {hidden} more; a taller terminal shows them", "dim"))
    parts += [cut_line(each) for each in footer]
    return Group(*parts, Text(""), *last_lines(log, height))


def _columns(stats: Sequence[StreamStats], width: int) -> list[str]:
    """The columns that fit in addition to the fixed ones."""
    width -= max((len(each.label) for each in stats), default=0)
    width -= max((len(each.price) for each in stats), default=0) + _RATE_WIDTH + 3
    ends = accumulate(wide + 1 for wide in _WIDTHS.values())
    return [name for name, end in zip(_WIDTHS, ends, strict=True) if end <= width]


def _cells(each: StreamStats, heading: Heading) -> dict[str, Text]:
    age = None if each.last is None else max(0.0, heading.wall - each.last)
    reconnects = heading.reconnects
    return {
        "change": Text(each.change, {"+": _UP, "-": _DOWN}.get(each.change[:1], "")),
        "age": Text(age_text(age), "yellow" if age is not None and age > OLD_SECONDS else ""),
        "latency": Text(latency_text(each.latency)),
        "reconnects": Text(str(reconnects), "yellow" if reconnects else ""),
        "messages": Text(f"{each.messages:,}"),
    }


def age_text(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"{seconds:.1f} s" if seconds < 60 else clock_text(seconds)


def latency_text(milliseconds: float | None) -> str:
    if milliseconds is None:
        return "-"
    if abs(milliseconds) < 10_000:
        return f"{round(milliseconds)} ms"
    return f"{round(milliseconds / 1000):,} s"


def summary(heading: Heading, stats: Sequence[StreamStats]) -> str:
    """What stays in the terminal when the table is gone: one line a stream."""
    width = max(len(each.label) for each in stats)
    lines = [
        f"{each.label:{width}}  {each.messages:,} messages{each.price and f', last {each.price}'}"
        for each in stats
    ]
    return "\n".join([*lines, f"{heading.seconds:.0f} s, {heading.reconnects} reconnects"])


def levels_that_fit(height: int) -> int:
    """How many levels of an order book fit a terminal of this height."""
    return max(1, height - _OTHER_LINES - (4 if height >= 16 else 1))


class BookPicture:
    """Draws an order book: bids on the left, asks on the right, bars outwards.

    It keeps the columns' decimals from one drawing to the next.
    """

    def __init__(self) -> None:
        self._prices = NumberColumn()
        self._quantities = NumberColumn()

    def draw(
        self, heading: Heading, book: BookSnapshot, log: ConnectionLog, size: tuple[int, int]
    ) -> RenderableType:
        """A picture that fits a terminal of this size: columns, rows."""
        width, height = size
        bids, asks = self._texts(book.bids), self._texts(book.asks)
        most = max((level.quantity for level in (*book.bids, *book.asks)), default=Decimal(1))
        widest = max((len(price) + len(text) for price, text, _ in [*bids, *asks]), default=0)
        room = (width - 2 * widest - 8) // 2
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
        for number in range(6):
            table.add_column(justify="right" if number != 5 else "left", no_wrap=True)
        for bid, ask in zip_longest(bids, asks, fillvalue=("", "", Decimal(0))):
            bars = _bar(bid[2], most, room).rjust(room), _bar(ask[2], most, room)
            prices = Text(bid[0], _UP), Text(ask[0], _DOWN)
            table.add_row(Text(bars[0], _UP), bid[1], *prices, ask[1], Text(bars[1], _DOWN))
        missing = "out of sync" if book.bids or book.asks else "waiting for the book"
        state = Text("● in sync", _UP) if book.synced else Text(f"● {missing}", f"bold {_DOWN}")
        heading.more = f"{book.symbol}  {heading.more}".rstrip()
        parts: list[RenderableType] = [heading.line(), state, table, Text("")]
        return Group(
            *parts,
            cut_line(spread_text(book) if book.synced or book.bids else ""),
            *last_lines(log, height),
        )

    def _texts(self, levels: tuple[Level, ...]) -> list[tuple[str, str, Decimal]]:
        """Price and quantity as texts, and the quantity."""
        for level in levels:  # first find how many decimals the columns need
            self._prices.format(f"{level.price:f}")
            self._quantities.format(f"{level.quantity:f}")
        return [
            (self._prices.format(f"{price:f}"), self._quantities.format(f"{quantity:f}"), quantity)
            for price, quantity in levels
        ]


def _bar(quantity: Decimal, most: Decimal, room: int) -> str:
    """A bar as long as the share of the largest quantity; none without a level."""
    if room < _LEAST_BAR or not quantity or not most:
        return ""
    return "█" * round(float(quantity / most) * room) or "▏"


def spread_text(book: BookSnapshot) -> str:
    """The spread, and the bids' share of the quantity in the levels shown."""
    if not book.bids or not book.asks:
        return "one side is empty"
    bid, ask = book.bids[0].price, book.asks[0].price
    share = (ask - bid) / ((ask + bid) / 2) * 10_000
    bids, asks = (sum(level.quantity for level in side) for side in (book.bids, book.asks))
    part = 100 * bids / (bids + asks) if bids + asks else Decimal(50)
    return (
        f"spread {(ask - bid).normalize():,f} ({share:.2f} basis points)   "
        f"bids {part:.0f} % of the quantity shown"
    )
