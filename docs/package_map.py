"""Draw the packages of ``binance/`` by layer, with the imports between them, as SVG.

The places of the boxes are given here by hand; the arrows and their numbers come from the source.
A module that belongs to no box raises an error. ``docs/contributing.py`` writes the picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import log2

Point = tuple[float, float]

SIZE = (1064, 768)
PART_HEIGHT = 28
TITLE_HEIGHT = 34  # of a box with parts


@dataclass(frozen=True)
class Box:
    """A package, or a module at the top, at a place in the picture."""

    title: str
    x: int
    y: int
    width: int
    height: int
    #: modules and packages in it; by default the one that it is called by
    members: tuple[str, ...] = ()
    #: its packages or modules, each before those that it imports; "" stands for all other modules
    parts: tuple[str, ...] = ()
    #: where the parts begin: x for a column, y for a row
    start: int = 0
    part_width: int = 80
    #: how much farther an arrow within the box bends with each part that it passes
    bend: int = 14
    is_row: bool = False
    kind: str = ""

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


VALUES = ("enums", "events", "exceptions", "helpers", "messages")
# fmt: off
BOXES = {
    "cli": Box("cli/", 20, 20, 850, 104, ("cli", "__main__"),
               ("service", "", "dashboard", "account", "diagnosis", "screen"),
               start=58, is_row=True),
    "simulator": Box("simulator/", 20, 176, 225, 460,
                     parts=("", "run", "wire", "accounts", "api", "rules", "market"),
                     start=34, bend=21),
    "depthcache": Box("depthcache.py", 312, 176, 130, 44, kind="public"),
    "websockets": Box("websockets.py", 478, 176, 200, 44,
                      ("websockets", "ws", "threaded", "threaded_stream", "streams"),
                      kind="public"),
    "relay": Box("relay/", 700, 176, 46, 30),
    "status": Box("status/", 748, 285, 64, 30),
    "client": Box("client.py", 760, 176, 110, 44, ("client", "async_client"), kind="public"),
    "depth": Box("depth/", 342, 380, 100, 44),
    "tx": Box("tx/", 504, 300, 214, 246, parts=("sessions", "", "past", "loop", "wire"), start=568),
    "rest": Box("rest/", 760, 380, 84, 44),
    "sansio": Box("sansio/", 282, 624, 588, 124,
                  parts=("status", "account", "book", "link", "relay", "feed", "wire", "names"),
                  start=656, part_width=62, is_row=True, kind="pure"),
    "values": Box("values", 920, 20, 124, 728, VALUES, VALUES, start=933, part_width=98,
                 kind="public"),
}
# fmt: on
#: Where an arrow between two boxes does not run in the middle of what they have side by side: its x
#: if it runs down, its y if it runs across, both if it runs down and then across. A new arrow needs
#: an entry if it would cross a box.
WAYS: dict[tuple[str, str], float | Point] = {
    ("cli", "sansio"): 296,
    ("cli", "tx"): 689,
    ("websockets", "client"): 213,
    ("relay", "sansio"): 735,
    ("relay", "values"): (742, 234),
    ("depthcache", "sansio"): 326,
    ("depthcache", "values"): (428, 268),
    ("depthcache", "websockets"): 187,
    ("websockets", "depthcache"): 209,
    ("websockets", "sansio"): 491,
    ("websockets", "values"): (662, 250),
    ("client", "sansio"): 857,
    ("client", "rest"): 826,
    ("cli", "status"): 753,
    ("status", "sansio"): 753,
    ("status", "rest"): 784,
    ("depth", "values"): (428, 580),
    ("tx", "values"): (704, 562),
    ("sansio", "values"): 670,
    ("values", "sansio"): 704,
}


Imports = Mapping[str, Iterable[str]]
Counts = Counter[tuple[str, str]]


def place(module: str) -> tuple[str, str]:
    """The box and the part of a module: ``binance.tx.wire.dial`` is in ``("tx", "wire")``."""
    _, top, *inner = module.replace(".generated.", ".").split(".")
    for key, box in BOXES.items():
        if top in (box.members or (key,)):
            for part in (top, *inner[:1]):
                if part in box.parts:
                    return key, part
            is_beside = len(inner) == 1 and ("" in box.parts or not box.parts)
            if is_beside or not inner:
                return key, ""
    raise ValueError(f"{module} has no place in docs/package_map.py")


def arrows(imports: Imports) -> tuple[Counts, dict[str, Counts]]:
    """How many imports of one module from another there are between boxes, and within each box."""
    outer: Counts = Counter()
    inner: dict[str, Counts] = {key: Counter() for key in BOXES}
    for module, others in imports.items():
        for other in {*others} - {"binance"}:  # which is the version alone
            (box, part), (their_box, their_part) = place(module), place(other)
            if box != their_box:
                outer[box, their_box] += 1
            elif part != their_part:
                inner[box][part, their_part] += 1
    return outer, inner


def drawing(imports: Imports) -> str:
    """The picture, from the names of all modules and of those that each imports."""
    outer, inner = arrows(imports)
    width, height = SIZE
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"',
        f'viewBox="0 0 {width} {height}" role="img">',
        "<title>The packages of binance/ and the imports between them</title>",
        f"<style>{STYLE}</style>",
        f"<defs>{HEAD}</defs>",
        _rectangle(0, 0, width, height, "page"),
    ]
    for key, box in BOXES.items():
        lines += [f'<g class="box {box.kind}">', *_box(box)]
        lines += _arrows({ends: _arc(box, *ends) for ends in inner[key]}, inner[key], key)
        lines.append("</g>")
    lines += _arrows({ends: _straight(way(*ends)) for ends in outer}, outer)
    return "\n".join([*lines, "</svg>", ""])


def way(source: str, target: str) -> list[Point]:
    """The points of an arrow between two boxes."""
    a, b, at = BOXES[source], BOXES[target], WAYS.get((source, target))
    if isinstance(at, tuple):
        x, y = at
        return [(x, a.bottom), (x, y), (b.x if x < b.x else b.right, y)]
    left, right = max(a.x, b.x), min(a.right, b.right)
    if left < right:
        x = at or (left + right) / 2
        return [(x, a.bottom), (x, b.y)] if a.y < b.y else [(x, a.y), (x, b.bottom)]
    y = at or (max(a.y, b.y) + min(a.bottom, b.bottom)) / 2
    return [(a.right, y), (b.x, y)] if a.x < b.x else [(a.x, y), (b.right, y)]


def _straight(points: Sequence[Point]) -> tuple[str, Point]:
    """The path along these points, and where its number stands: close to the head."""
    path = "M" + " L".join(f"{x:g} {y:g}" for x, y in points)
    (x1, y1), (x2, y2) = points[-2:]
    share = max(0.5, 1 - 24 / (abs(x2 - x1) + abs(y2 - y1)))
    return path, (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)


def _arrows(
    ways: Mapping[tuple[str, str], tuple[str, Point]], counts: Counts, box: str = ""
) -> list[str]:
    """The arrows, and then their numbers, so that no arrow crosses a number."""
    paths, numbers = [], []
    for (source, target), (path, (x, y)) in sorted(ways.items()):
        count = counts[source, target]
        ends = [escape(f"{box}.{one}".strip(".")) for one in (source, target)]
        paths.append(
            f'<path class="arrow" data-from="{ends[0]}" data-to="{ends[1]}" data-count="{count}" '
            f'd="{path}" stroke-width="{1 + log2(count) / 2:.1f}" marker-end="url(#head)"/>'
        )
        numbers.append(f'<text class="number" x="{x:g}" y="{y + 4:g}">{count}</text>')
    return [*paths, *numbers]


def _box(box: Box) -> list[str]:
    lines = [_rectangle(box.x, box.y, box.width, box.height)]
    if not box.parts:
        middle = (box.x + box.width / 2, box.y + box.height / 2 + 5)
        return [*lines, _text(box.title, *middle, "title")]
    lines.append(_text(box.title, box.x + 14, box.y + 22, "title corner"))
    for part, (x, y) in corners(box).items():
        lines.append(_rectangle(x, y, box.part_width, PART_HEIGHT, "part"))
        lines.append(_text(part or "*.py", x + box.part_width / 2, y + PART_HEIGHT / 2 + 5))
    return lines


def _rectangle(x: float, y: float, width: float, height: float, kind: str = "") -> str:
    return f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width}" height="{height}" rx="6"/>'


def _text(text: str, x: float, y: float, kind: str = "") -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(text)}</text>'


def corners(box: Box) -> dict[str, Point]:
    """The top left corner of each part, in a row or in a column."""
    many = len(box.parts)
    if box.is_row:
        step = (box.width - 32 - box.part_width) / (many - 1)
        return {part: (box.x + 16 + step * row, box.start) for row, part in enumerate(box.parts)}
    top = box.y + TITLE_HEIGHT
    step = (box.bottom - top - 6) / many
    return {
        part: (box.start, top + step * row + (step - PART_HEIGHT) / 2)
        for row, part in enumerate(box.parts)
    }


def _arc(box: Box, source: str, target: str) -> tuple[str, Point]:
    """An arrow between two parts: straight to the next one, else bent, with its number.

    Arrows to a later part bend to one side, arrows back to the other.
    """
    places = corners(box)
    (x1, y1), (x2, y2) = places[source], places[target]
    width, height = box.part_width, PART_HEIGHT
    steps = box.parts.index(target) - box.parts.index(source)
    out = box.bend * steps + (8 if steps > 0 else -8)
    if box.is_row:
        if steps == 1:
            return _straight([(x1 + width, y1 + height / 2), (x2, y2 + height / 2)])
        x1, x2, y = x1 + width / 2, x2 + width / 2, y1 + (height if steps > 0 else 0)
        path = f"M{x1:g} {y:g} C{x1:g} {y + out:g} {x2:g} {y + out:g} {x2:g} {y:g}"
        return path, ((x1 + x2) / 2, y + out * 0.75)
    if steps == 1:
        return _straight([(x1 + width / 2, y1 + height), (x2 + width / 2, y2)])
    x, y1, y2 = x1 + (width if steps > 0 else 0), y1 + height / 2, y2 + height / 2
    path = f"M{x:g} {y1:g} C{x + out:g} {y1:g} {x + out:g} {y2:g} {x:g} {y2:g}"
    return path, (x + out * 0.75, (y1 + y2) / 2)


HEAD = (
    '<marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10" '
    'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L10 5L0 10z"/></marker>'
)
#: A viewer who prefers a dark page gets a dark picture; each has a background of its own.
STYLE = """
svg { --page: #ffffff; --ink: #1f2328; --line: #59636e; --edge: #818b98; --box: #f3f5f7;
      --public: #e3f0ff; --pure: #e2f5e6; font: 15px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) {
  svg { --page: #0d1117; --ink: #f0f6fc; --line: #9198a1; --edge: #656c76; --box: #1a2029;
        --public: #14294a; --pure: #14331f; }
}
.page { fill: var(--page); }
.box { --under: var(--box); }
.public { --under: var(--public); }
.pure { --under: var(--pure); }
.box rect { fill: var(--under); stroke: var(--edge); }
.box .part { fill: var(--page); }
text { fill: var(--ink); text-anchor: middle; }
.title { font-weight: 600; }
.corner { text-anchor: start; }
.arrow { fill: none; stroke: var(--line); }
.number { font-size: 13px; stroke: var(--under, var(--page)); stroke-width: 4px;
          paint-order: stroke; }
marker path { fill: var(--line); }
"""
