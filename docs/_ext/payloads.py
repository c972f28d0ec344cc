"""The directives ``payload`` and ``payloads`` show the fields of messages, from the table.

``.. payload:: Kline`` shows an example of a message and its fields; ``.. payload:: Kline usdm``
those of another market than spot. ``.. payloads:: usdm`` has a section for each stream of a market,
``.. payloads:: events`` one for each event of accounts. They make reST, so that the texts are
translated like any other text. The examples are in ``samples.jsonl``.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import message_types
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from binance.sansio.names.fields import PAYLOADS, TYPES, Field, Payload
from binance.sansio.names.forms import BY_KIND

SAMPLES = Path(__file__).parent.parent / "samples.jsonl"
WIDTH = 76
"""Columns of an example: more would not fit on the page."""


def samples() -> dict[tuple[str, str], Any]:
    """(name, market) -> an example of the message."""
    lines = SAMPLES.read_text(encoding="utf-8").splitlines()
    return {(each["name"], each["market"]): each["message"] for each in map(json.loads, lines)}


def wrapped(message: Any) -> list[str]:
    """JSON in lines that are not too long, broken after commas."""
    text = json.dumps(message, separators=(", ", ":\xa0"), ensure_ascii=False)
    lines = textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\xa0", " ") for line in lines]


def type_words(field: Field) -> str:
    """The type of a field, as the page says it."""
    also = {"null": " or null", '""': " or empty text", "": ""}[field.also]
    words = "list of objects" if field.many else "object" if field.record else TYPES[field.type][1]
    return f"{words}{also}{', optional' if field.optional else ''}"


def rows(payload: Payload, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Field, type and meaning, with the fields of records after the field that holds them."""
    for field in payload.fields:
        if field.key == "e":
            values = ", ".join(f'``"{event}"``' for event in payload.events)
            yield f"``{path}e``", values, field.meaning
            continue
        yield f"``{path}{field.key}``", type_words(field), field.meaning
        if field.record:
            inner = f"{path}{field.key}{'[]' if field.many else ''}."
            yield from rows(PAYLOADS[field.record, payload.market], inner)


def field_lines(payload: Payload) -> Iterator[str]:
    """The table of the fields."""
    yield from (".. list-table::", "   :header-rows: 1", "   :widths: 16 30 54", "   :width: 100%")
    yield ""
    for row in (("Field", "Type", "Meaning"), *rows(payload)):
        for number, cell in enumerate(row):
            yield f"   {'  ' if number else '* '}- {cell}"
    yield ""


def sample_lines(payload: Payload) -> Iterator[str]:
    """The example, if there is one."""
    message = samples().get((payload.name, payload.market))
    if message is not None:
        yield from (".. code-block:: json", "")
        yield from (f"   {line}" for line in wrapped(message))
        yield ""


def stream_names(payload: Payload) -> Iterator[tuple[str, bool]]:
    """The name of each stream of a payload, and whether it sends lists."""
    for token in payload.streams:
        kind = token.removesuffix("[]")
        form = BY_KIND.get((kind.removeprefix("!"), kind.startswith("!")))
        if form is not None and payload.market in form.markets:
            yield form.describe(payload.market), token.endswith("[]")


class _FromTable(SphinxDirective):
    required_arguments = 1

    def parsed(self, lines: Iterable[str]) -> list[nodes.Node]:
        source, _ = self.get_source_info()
        holder = nodes.container()
        self.state.nested_parse(StringList(list(lines), source=source), 0, holder)
        return list(holder.children)


class One(_FromTable):
    """An example of one message, and its fields."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(SAMPLES))
        name, market = (*self.arguments, "spot")[:2]
        payload = PAYLOADS[name, market]
        return self.parsed([f"{payload.text}.", "", *sample_lines(payload), *field_lines(payload)])


class Many(_FromTable):
    """A section for each message of a market, or for each event of accounts."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(SAMPLES))
        (which,) = self.arguments
        return list(self._events() if which == "events" else self._streams(which))

    def _streams(self, market: str) -> Iterator[nodes.Node]:
        for payload in PAYLOADS.values():
            if payload.market == market and payload.streams:
                lines = [f"{payload.text}.", ""]
                names = list(stream_names(payload))
                for name, many in names:
                    lines.append(f"* ``{name}``{', sends lists of these messages' * many}")
                yield self._section(payload, names[0][0], [*lines, "", *self._body(payload)])

    def _events(self) -> Iterator[nodes.Node]:
        by_name: dict[str, list[Payload]] = {}
        for payload in PAYLOADS.values():
            if payload.events and not payload.streams:
                by_name.setdefault(payload.name, []).append(payload)
        for variants in by_name.values():
            lines = [f"{variants[0].text}.", ""]
            tables: dict[str, list[Payload]] = {}
            for payload in variants:
                tables.setdefault("\n".join(field_lines(payload)), []).append(payload)
            for alike in tables.values():
                lines += [", ".join(f"``{payload.market}``" for payload in alike), ""]
                lines += self._body(alike[0])
            yield self._section(variants[0], variants[0].events[0], lines)

    @staticmethod
    def _body(payload: Payload) -> list[str]:
        name = message_types.names()[payload.name, payload.market]
        return [f"``{name}``", "", *sample_lines(payload), *field_lines(payload)]

    def _section(self, payload: Payload, title: str, lines: list[str]) -> nodes.section:
        made = nodes.section(ids=[nodes.make_id(f"{payload.name}-{payload.market}")])
        made += nodes.title("", "", nodes.literal(title, title))
        made += self.parsed(lines)
        return made


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("payload", One)
    app.add_directive("payloads", Many)
    return {"parallel_read_safe": True}
