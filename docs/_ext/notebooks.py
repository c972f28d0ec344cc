"""The directive ``notebook FILE`` shows a notebook of examples/notebooks with its outputs.

    python docs/_ext/notebooks.py    run all of them, and store what they show now

The text of a cell is translated like any other text. Needs the extra ``test``, to run them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

NOTEBOOKS = Path(__file__).parent.parent.parent / "examples/notebooks"


def executed(path: Path, timeout: float = 120.0) -> Any:
    """The notebook, after all its cells have run."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=timeout, kernel_name="python3", record_timing=False).execute()
    return notebook


class Notebook(SphinxDirective):
    """Paragraphs, blocks of code, and the outputs as they were stored."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        path = NOTEBOOKS / self.arguments[0]
        self.env.note_dependency(str(path))
        found: list[nodes.Node] = []
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            text = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                found += self.parse_text_to_nodes(text)
            else:
                found.append(nodes.literal_block(text, text, language="python"))
                found += [_shown(output["data"]) for output in cell["outputs"]]
        return found


def _shown(data: dict[str, Any]) -> nodes.Node:
    """The richest form of an output that a page can show."""
    if "text/html" in data:
        html = "".join(data["text/html"])
    elif "image/png" in data:
        picture = "".join(data["image/png"]).replace("\n", "")
        html = f'<img alt="" src="data:image/png;base64,{picture}">'
    else:
        text = "".join(data["text/plain"])
        return nodes.literal_block(text, text, language="none")
    return nodes.raw("", f'<div class="notebook-output">{html}</div>', format="html")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("notebook", Notebook)
    return {"parallel_read_safe": True}


if __name__ == "__main__":
    import nbformat

    for found in sorted(NOTEBOOKS.glob("*.ipynb")):
        nbformat.write(executed(found), found)
