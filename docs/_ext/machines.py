"""The directive ``machine`` shows the diagram and the table of a state machine, from the code.

``.. machine:: connection`` draws `binance.sansio.link.reconnect`, ``.. machine:: rotation`` draws
`binance.sansio.link.rotation`. Positions of the states are given here by hand; what is drawn
between them comes from the module's `TRANSITIONS`. A state without a position, or a position
without a state, stops the build.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from html import escape
from math import cos, hypot, radians, sin
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from binance.sansio.link import reconnect, rotation

WIDTH, HEIGHT = 124, 38  # of a state's box


@dataclass
class Diagram:
    """How a machine is drawn."""

    title: str
    states: type[Enum]
    transitions: Mapping[Any, tuple[Any, str]]
    size: tuple[int, int]
    #: centres of the boxes
    places: dict[Any, tuple[int, int]]
    #: how far an arrow bends to its right; 0 by default
    bends: dict[tuple[Any, Any], int] = field(default_factory=dict)
    #: where an arrow has its label, from 0 (start) to 1 (end); `label` is the default
    labels: dict[tuple[Any, Any], float] = field(default_factory=dict)
    label: float = 0.5
    #: inputs that only the table shows, because they can occur in nearly every state
    undrawn: frozenset[Any] = frozenset()

    def final_states(self) -> set[Any]:
        """The states that no transition leaves."""
        return set(self.states) - {state for state, _ in self.transitions}

    def edges(self) -> dict[tuple[Any, Any], list[tuple[Any, str]]]:
        """(from, to) -> the inputs that are drawn, each with its action."""
        found: dict[tuple[Any, Any], list[tuple[Any, str]]] = {}
        for (state, event), (after, action) in self.transitions.items():
            if event not in self.undrawn:
                found.setdefault((state, after), []).append((event, action))
        return found

    def drawing(self) -> str:
        """The diagram, as SVG."""
        if set(self.places) != set(self.states):
            raise ValueError(f"states and places differ: {set(self.places) ^ set(self.states)}")
        width, height = self.size
        parts = [
            f'<svg viewBox="0 0 {width} {height}" role="img" xmlns="http://www.w3.org/2000/svg">',
            f"<title>{escape(self.title)}</title>",
            (
                '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
                'markerHeight="8" orient="auto"><path d="M0 0L10 5L0 10z"/></marker></defs>'
            ),
        ]
        for (source, target), inputs in self.edges().items():
            parts.append(self._edge(source, target, [event.value for event, _ in inputs]))
        parts += [self._box(state) for state in self.states]
        return "\n".join([*parts, "</svg>"])

    def _box(self, state: Enum) -> str:
        x, y = self.places[state]
        kind = "state final" if state in self.final_states() else "state"
        return (
            f'<g class="{kind}"><rect x="{x - WIDTH / 2:g}" y="{y - HEIGHT / 2:g}" '
            f'width="{WIDTH}" height="{HEIGHT}" rx="8"/>'
            f'<text x="{x}" y="{y + 5}" text-anchor="middle">{escape(state.value)}</text></g>'
        )

    def _edge(self, source: Enum, target: Enum, words: list[str]) -> str:
        if source is target:
            x, y = self.places[source]
            path = f"M{x + WIDTH / 2:g} {y - 8:g} q44 8 0 16"
            at = (x + WIDTH / 2 + 30, y + 5, "start")
        else:
            path, at = self._arrow(source, target)
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

    def _arrow(self, source: Enum, target: Enum) -> tuple[str, tuple[float, float, str]]:
        (x1, y1), (x2, y2) = self.places[source], self.places[target]
        length = hypot(x2 - x1, y2 - y1)
        bend = self.bends.get((source, target), 0)
        # the control point of a quadratic curve, to the right of the straight line
        cx = (x1 + x2) / 2 - (y2 - y1) / length * bend * 2
        cy = (y1 + y2) / 2 + (x2 - x1) / length * bend * 2
        (sx, sy), (tx, ty) = _border((x1, y1), cx, cy), _border((x2, y2), cx, cy)
        t = self.labels.get((source, target), self.label)
        x = (1 - t) ** 2 * sx + 2 * t * (1 - t) * cx + t**2 * tx
        y = (1 - t) ** 2 * sy + 2 * t * (1 - t) * cy + t**2 * ty
        return f"M{sx:.0f} {sy:.0f} Q{cx:.0f} {cy:.0f} {tx:.0f} {ty:.0f}", (x, y - 5, "middle")


def _border(centre: tuple[float, float], x: float, y: float) -> tuple[float, float]:
    """Where the line from a box's centre to a point leaves the box."""
    cx, cy = centre
    dx, dy = x - cx, y - cy
    scale = min(
        (WIDTH / 2 / abs(dx)) if dx else float("inf"),
        (HEIGHT / 2 / abs(dy)) if dy else float("inf"),
    )
    return cx + dx * scale, cy + dy * scale


def _around(states: Iterable[Enum], centre: tuple[int, int], radii: tuple[int, int]) -> Any:
    """Places on an ellipse, clockwise from the top, so that no arrow crosses a third box."""
    order = list(states)
    angles = [radians(360 * number / len(order) - 90) for number in range(len(order))]
    return {
        state: (round(centre[0] + radii[0] * cos(angle)), round(centre[1] + radii[1] * sin(angle)))
        for state, angle in zip(order, angles, strict=True)
    }


_C, _R = reconnect.State, rotation.State

DIAGRAMS = {
    "connection": Diagram(
        "The states of a connection and what leads from one to another",
        _C,
        reconnect.TRANSITIONS,
        size=(900, 440),
        places={
            _C.WAITING: (300, 50),
            _C.GIVEN_UP: (820, 50),
            _C.IDLE: (80, 220),
            _C.CONNECTING: (300, 220),
            _C.ASKING: (435, 330),
            _C.OPEN: (570, 220),
            _C.PROVEN: (820, 220),
            _C.CLOSED: (80, 390),
            _C.CLOSING: (695, 390),
        },
        bends={
            (_C.CONNECTING, _C.WAITING): -28,
            (_C.WAITING, _C.CONNECTING): -28,
            (_C.ASKING, _C.GIVEN_UP): 60,
        },
        labels={
            (_C.CONNECTING, _C.GIVEN_UP): 0.72,
            (_C.PROVEN, _C.WAITING): 0.2,
            (_C.CONNECTING, _C.WAITING): 0.35,
            (_C.WAITING, _C.CONNECTING): 0.35,
            (_C.IDLE, _C.CONNECTING): 0.3,
            (_C.WAITING, _C.CLOSED): 0.3,
        },
    ),
    "rotation": Diagram(
        "The states of a link's replacement and what leads from one to another",
        _R,
        rotation.TRANSITIONS,
        size=(1000, 680),
        places=_around(
            (
                *(_R.LEADING, _R.DIALLING, _R.OVERLAPPING, _R.PROVEN, _R.SWITCHING, _R.CLOSING),
                *(_R.LOSING, _R.SETTLING, _R.ENDING, _R.ENDED, _R.OFF, _R.IDLE),
            ),
            centre=(450, 335),
            radii=(380, 300),
        ),
        bends={
            (_R.OFF, _R.IDLE): 20,
            (_R.IDLE, _R.OFF): 20,
            (_R.IDLE, _R.DIALLING): 15,
        },
        labels={
            (_R.LEADING, _R.DIALLING): 0.5,
            (_R.IDLE, _R.LEADING): 0.45,
            (_R.IDLE, _R.DIALLING): 0.75,
            (_R.OFF, _R.IDLE): 0.5,
            (_R.IDLE, _R.OFF): 0.5,
            (_R.SETTLING, _R.IDLE): 0.5,
            (_R.LEADING, _R.OFF): 0.62,
            (_R.DIALLING, _R.OFF): 0.5,
            (_R.CLOSING, _R.LOSING): 0.6,
            (_R.SETTLING, _R.OFF): 0.6,
        },
        label=0.25,
        undrawn=frozenset({rotation.Input.STOP, rotation.Input.PAUSED, rotation.Input.RESUMED}),
    ),
}


def cells(row: Iterable[str], literal: bool = True) -> nodes.row:
    """A row of a generated table. Its texts have no source, so they are not translated."""
    made = nodes.row()
    for text in row:
        inner = nodes.literal(text, text) if literal and text else nodes.Text(text)
        made += nodes.entry("", nodes.paragraph("", "", inner))
    return made


def table(heads: list[str], rows: list[nodes.row], widths: list[int]) -> nodes.table:
    """A table with the given rows."""
    group = nodes.tgroup(cols=len(heads))
    group += [nodes.colspec(colwidth=width) for width in widths]
    group += nodes.thead("", cells(heads, literal=False))
    group += nodes.tbody("", *rows)
    return nodes.table("", group, classes=["generated"])


class MachineDirective(SphinxDirective):
    """The diagram and the table of transitions."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        diagram = DIAGRAMS[self.arguments[0]]
        figure = f'<div class="machine">{diagram.drawing()}</div>'
        rows = [
            cells((state.name, event.name, after.name, action))
            for (state, event), (after, action) in diagram.transitions.items()
        ]
        heads = ["State", "Input", "Next state", "Action"]
        return [nodes.raw("", figure, format="html"), table(heads, rows, [20, 20, 20, 20])]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("machine", MachineDirective)
    return {"parallel_read_safe": True}
