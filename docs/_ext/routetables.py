"""The directive ``rest-routes`` lists every REST method with its endpoint and state."""

from __future__ import annotations

from docutils import nodes
from machines import cells, table
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from binance.sansio.names.routes import GROUPS
from binance.sansio.names.routes.shape import Route, State

HEADS = ["Method", "Endpoint", "State", "Needs", "Today"]


def today(route: Route) -> str:
    """The remark for a moved or retired route."""
    if route.state is State.MOVED:
        return f"was {route.was}"
    if route.state is State.RETIRED:
        return route.replacement or "no replacement"
    return ""


class RestRoutes(SphinxDirective):
    """A table for each subject."""

    def run(self) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        for subject, routes in GROUPS.items():
            rows = []
            for route in routes:
                row = cells(("", route.endpoint))
                row[0] = nodes.entry("", nodes.paragraph("", "", self._method(route.name)))
                row += list(
                    cells((route.state.value, route.security.name, today(route)), literal=False)
                )
                rows.append(row)
            found.append(nodes.rubric("", subject))
            found.append(table(HEADS, rows, [28, 32, 8, 12, 20]))
        return found

    def _method(self, name: str) -> addnodes.pending_xref:
        text = nodes.literal(name, name, classes=["xref", "py", "py-meth"])
        return addnodes.pending_xref(
            "",
            text,
            refdoc=self.env.docname,
            refdomain="py",
            reftype="meth",
            reftarget=f"binance.client.Client.{name}",
            refwarn=True,
            refexplicit=False,
        )


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("rest-routes", RestRoutes)
    return {"parallel_read_safe": True}
