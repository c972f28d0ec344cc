"""The directive ``recipes FOLDER`` shows every script of a folder in examples/."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


class Recipes(SphinxDirective):
    """A rubric and a ``literalinclude`` for each script."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        folder = EXAMPLES / self.arguments[0]
        self.env.note_dependency(str(folder))
        source, _ = self.get_source_info()
        up = "../" * (self.env.docname.count("/") + 1)
        lines = StringList()
        for script in sorted(folder.glob("*.py")):
            name = f"{self.arguments[0]}/{script.name}"
            for line in (
                *(f".. rubric:: ``{name}``", ""),
                *(f".. literalinclude:: {up}examples/{name}", ""),
            ):
                lines.append(line, source)
        holder = nodes.container()
        self.state.nested_parse(lines, 0, holder)
        return list(holder.children)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("recipes", Recipes)
    return {"parallel_read_safe": True}
