"""The directive ``connection-machine``: the machine's diagram and its table, drawn from the code.

Positions of the states are given here by hand; what is drawn between them comes from
`binance.sansio.reconnect.TRANSITIONS`. A state without a position, or a position without a state,
stops the build.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from math import hypot

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from binance.sansio.reconnect import TRANSITIONS, Input, State

WIDTH, HEIGHT = 124, 38  # of a state's box
SIZE = (900, 440)
PLACES = {
    State.WAITING: (300, 50),
    State.GIVEN_UP: (820, 50),
    State.IDLE: (80, 220),
    State.CONNECTING: (300, 220),
    State.OPEN: (570, 220),
    State.PROVEN: (820, 220),
    State.CLOSED: (80, 390),
    State.CLOSING: (695, 390),
}
"""Centres of the boxes."""
BENDS = {
    (State.CONNECTING, State.WAITING): -28,
    (State.WAITING, State.CONNECTING): -28,
}
"""How far an arrow bows to its right; 0 where nothing is said."""
LABELS = {
    (State.CONNECTING, State.GIVEN_UP): 0.72,
    (State.PROVEN, State.WAITING): 0.2,
    (State.CONNECTING, State.WAITING): 0.35,
    (State.WAITING, State.CONNECTING): 0.35,
    (State.IDLE, State.CONNECTING): 0.3,
    (State.WAITING, State.CLOSED): 0.3,
}
"""Where on its way an arrow has its words; in the middle where nothing is said."""


def final_states() -> set[State]:
    """Those that no transition leaves."""
    return set(State) - {state for state, _ in TRANSITIONS}


def edges() -> dict[tuple[State, State], list[tuple[Input, str]]]:
    """(from, to) -> the inputs that lead there, each with what is done on the way."""
    found: dict[tuple[State, State], list[tuple[Input, str]]] = {}
    for (state, event), (after, action) in TRANSITIONS.items():
        found.setdefault((state, after), []).append((event, action))
    return found


def drawing() -> str:
    """The diagram, as SVG."""
    if set(PLACES) != set(State):
        raise ValueError(f"states and places differ: {set(PLACES) ^ set(State)}")
    parts = [
        f'<svg viewBox="0 0 {SIZE[0]} {SIZE[1]}" role="img" xmlns="http://www.w3.org/2000/svg">',
        "<title>The states of a connection and what leads from one to another</title>",
        (
            '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
            'markerHeight="8" orient="auto"><path d="M0 0L10 5L0 10z"/></marker></defs>'
        ),
    ]
    for (source, target), inputs in edges().items():
        parts.append(_edge(source, target, [event.value for event, _ in inputs]))
    parts += [_box(state) for state in State]
    return "\n".join([*parts, "</svg>"])


def _box(state: State) -> str:
    x, y = PLACES[state]
    kind = "state final" if state in final_states() else "state"
    return (
        f'<g class="{kind}"><rect x="{x - WIDTH / 2:g}" y="{y - HEIGHT / 2:g}" width="{WIDTH}" '
        f'height="{HEIGHT}" rx="8"/><text x="{x}" y="{y + 5}" text-anchor="middle">'
        f"{escape(state.value)}</text></g>"
    )


def _edge(source: State, target: State, words: list[str]) -> str:
    if source is target:
        x, y = PLACES[source]
        path = f"M{x + WIDTH / 2:g} {y - 8:g} q44 8 0 16"
        at = (x + WIDTH / 2 + 30, y + 5, "start")
    else:
        path, at = _arrow(source, target)
    x, y, anchor = at
    lines = "".join(
        f'<tspan x="{x:.0f}" dy="{0 if number == 0 else 14}">{escape(word)}</tspan>'
        for number, word in enumerate(words)
    )
    text = f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}"'
    return (
        f'<g class="edge" data-from="{escape(source.value)}" data-to="{escape(target.value)}">'
        f'<path d="{path}" marker-end="url(#head)"/>'
        f'{text} class="under">{lines}</text>{text}>{lines}</text></g>'
    )


def _arrow(source: State, target: State) -> tuple[str, tuple[float, float, str]]:
    (x1, y1), (x2, y2) = PLACES[source], PLACES[target]
    length = hypot(x2 - x1, y2 - y1)
    bend = BENDS.get((source, target), 0)
    # the control point of a quadratic curve, to the right of the straight way
    cx = (x1 + x2) / 2 - (y2 - y1) / length * bend * 2
    cy = (y1 + y2) / 2 + (x2 - x1) / length * bend * 2
    (sx, sy), (tx, ty) = _border(source, cx, cy), _border(target, cx, cy)
    t = LABELS.get((source, target), 0.5)
    x = (1 - t) ** 2 * sx + 2 * t * (1 - t) * cx + t**2 * tx
    y = (1 - t) ** 2 * sy + 2 * t * (1 - t) * cy + t**2 * ty
    return f"M{sx:.0f} {sy:.0f} Q{cx:.0f} {cy:.0f} {tx:.0f} {ty:.0f}", (x, y - 5, "middle")


def _border(state: State, x: float, y: float) -> tuple[float, float]:
    """Where the line from a box's centre to a point leaves the box."""
    cx, cy = PLACES[state]
    dx, dy = x - cx, y - cy
    scale = min(
        (WIDTH / 2 / abs(dx)) if dx else float("inf"),
        (HEIGHT / 2 / abs(dy)) if dy else float("inf"),
    )
    return cx + dx * scale, cy + dy * scale


def cells(row: Iterable[str], literal: bool = True) -> nodes.row:
    """A row of a generated table. Its texts have no source, so they are not translated."""
    made = nodes.row()
    for text in row:
        inner = nodes.literal(text, text) if literal and text else nodes.Text(text)
        made += nodes.entry("", nodes.paragraph("", "", inner))
    return made


def table(heads: list[str], rows: list[nodes.row], widths: list[int]) -> nodes.table:
    """A table of made rows."""
    group = nodes.tgroup(cols=len(heads))
    group += [nodes.colspec(colwidth=width) for width in widths]
    group += nodes.thead("", cells(heads, literal=False))
    group += nodes.tbody("", *rows)
    return nodes.table("", group, classes=["generated"])


class ConnectionMachine(SphinxDirective):
    """The diagram, then the table of transitions."""

    def run(self) -> list[nodes.Node]:
        figure = f'<div class="machine">{drawing()}</div>'
        rows = [
            cells((state.name, event.name, after.name, action))
            for (state, event), (after, action) in TRANSITIONS.items()
        ]
        heads = ["State", "Input", "Next state", "Action"]
        return [nodes.raw("", figure, format="html"), table(heads, rows, [20, 20, 20, 20])]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("connection-machine", ConnectionMachine)
    return {"parallel_read_safe": True}
