"""The directive ``constants MODULE`` lists the constants of a module, with groups and comments."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

_CONSTANT = re.compile(r"^([A-Z]\w*): _Final = (.+?)(?:  # (.*))?$")
_GROUP = re.compile(r"^# (.*)$")


def lines_of(module: str) -> Iterator[str]:
    """reST: a rubric for each group, a ``py:data`` for each constant."""
    found = importlib.import_module(module)
    yield f".. py:currentmodule:: {module}"
    yield ""
    for line in inspect.getsource(found).splitlines():
        if group := _GROUP.match(line):
            yield from (f".. rubric:: {group[1].rstrip('.')}", "")
        elif constant := _CONSTANT.match(line):
            name, value, remark = constant.groups()
            yield from (f".. py:data:: {name}", f"   :value: {value}", "")
            if remark:
                yield from (f"   {remark}", "")


class Constants(SphinxDirective):
    """All constants of a module."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        source, _ = self.get_source_info()
        holder = nodes.container()
        lines = StringList(list(lines_of(self.arguments[0])), source=source)
        self.state.nested_parse(lines, 0, holder)
        return list(holder.children)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("constants", Constants)
    return {"parallel_read_safe": True}
