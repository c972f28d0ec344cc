"""The live table of streams, as a picture for rich."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from binance.cli.figures import Figures
from binance.cli.notes import Notes, clock

__all__ = ["DOWN", "UP", "Heading", "last_notes", "line", "span", "streams_table", "title"]

#: Seconds without a message after which the age is marked.
OLD_SECONDS = 10.0
#: The widths of the columns that there may be room for, the most important one first.
_WIDTHS = {"change": 11, "age": 8, "latency": 8, "reconnects": 10, "messages": 9}
_RATE_WIDTH = 7
UP, DOWN = "green", "red"


@dataclass(slots=True)
class Heading:
    """What stands above a table, and the clocks that it is drawn by."""

    place: str
    connected: bool
    seconds: float
    """How long the command has run."""
    wall: float
    """UNIX seconds."""
    steady: float
    """Seconds that never go back."""
    reconnects: int = 0
    more: str = ""


def span(seconds: float) -> str:
    """A length of time as ``h:mm:ss``."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def line(text: str, style: str = "") -> Text:
    """Text that is cut where the terminal ends."""
    return Text(text, style, no_wrap=True, overflow="ellipsis")


def title(heading: Heading) -> Text:
    """The state of the link, the place, and how to get out."""
    state = ("● connected", UP) if heading.connected else ("● not connected", DOWN)
    rest = f"  {heading.place}  {span(heading.seconds)}  {heading.more}".rstrip()
    told = Text.assemble(state, rest, ("  Ctrl-C ends", "dim"))
    told.no_wrap, told.overflow = True, "ellipsis"
    return told


def last_notes(notes: Notes, height: int) -> list[RenderableType]:
    """As many of the last notes as a terminal of this height has room for."""
    room = _notes_room(height)
    lines = list(notes.lines)[-room:] if room else []
    return [line(f"{clock(when)} {text}", "dim") for when, text in lines]


def _notes_room(height: int) -> int:
    return 4 if height >= 16 else 1 if height >= 8 else 0


def streams_table(
    heading: Heading,
    figures: Sequence[Figures],
    notes: Notes,
    size: tuple[int, int],
    footer: Sequence[str] = (),
) -> RenderableType:
    """A picture that fits a terminal of this size: columns, rows."""
    width, height = size
    columns = _columns(figures, width)
    table = Table(box=None, expand=True, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("stream", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("last", justify="right", no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True, min_width=_WIDTHS[name])
    table.add_column("msg/s", justify="right", no_wrap=True, min_width=_RATE_WIDTH)
    room = max(1, height - 5 - len(footer) - _notes_room(height))
    for place, each in enumerate(figures):
        rate = each.rate(heading.steady)  # asked for of those too that have no room
        if place < room:
            cells = _cells(each, heading)
            price = Text(each.price or "-", {1: UP, -1: DOWN}.get(each.direction, ""))
            shown = [cells[name] for name in columns]
            table.add_row(Text(each.label), price, *shown, Text(f"{rate:.1f}"))
    parts: list[RenderableType] = [title(heading), Text(""), table]
    if len(figures) > room:
        parts.append(line(f"… and {len(figures) - room} more; a taller terminal shows them", "dim"))
    parts += [line(each) for each in footer]
    return Group(*parts, Text(""), *last_notes(notes, height))


def _columns(figures: Sequence[Figures], width: int) -> list[str]:
    """Those that there is room for beside what must be there."""
    width -= max((len(each.label) for each in figures), default=0)
    width -= max((len(each.price) for each in figures), default=0) + _RATE_WIDTH + 3
    columns = []
    for name, wide in _WIDTHS.items():
        width -= wide + 1
        if width < 0:
            break
        columns.append(name)
    return columns


def _cells(each: Figures, heading: Heading) -> dict[str, Text]:
    age = None if each.last is None else max(0.0, heading.wall - each.last)
    reconnects = heading.reconnects
    return {
        "change": Text(each.change, _colour(each.change)),
        "age": Text(_age(age), "yellow" if age is not None and age > OLD_SECONDS else ""),
        "latency": Text(_latency(each.latency)),
        "reconnects": Text(str(reconnects), "yellow" if reconnects else ""),
        "messages": Text(f"{each.messages:,}"),
    }


def _age(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"{seconds:.1f} s" if seconds < 60 else span(seconds)


def _latency(milliseconds: float | None) -> str:
    if milliseconds is None:
        return "-"
    if abs(milliseconds) < 10_000:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds / 1000:.0f} s"


def _colour(change: str) -> str:
    return UP if change.startswith("+") else DOWN if change.startswith("-") else ""
