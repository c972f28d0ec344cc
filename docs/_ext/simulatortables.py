"""The directives ``simulator-faults``, ``simulator-scope`` and ``simulator-options``.

They make reST from the tables in the code, so that the texts are translated like any other text.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from binance.simulator.rules.fault_kinds import KINDS, SCOPE, Argument
from binance.simulator.run import options


def fault_lines() -> Iterator[str]:
    """A definition list: each kind of fault, its effect, its arguments and its scope."""
    for name, kind in KINDS.items():
        yield f"``{name}``"
        yield f"   {_sentence(kind.help)}"
        yield ""
        for key, argument in kind.arguments.items():
            yield f"   * ``{key}``: {_said(argument)}"
        yield ""
        yield "   ``" + "``, ``".join(kind.scope) + "``"
        yield ""


def scope_lines() -> Iterator[str]:
    """A list of the arguments that set where, how often and when a fault happens."""
    for name, argument in SCOPE.items():
        yield f"* ``{name}``: {_said(argument)}"


def option_lines() -> Iterator[str]:
    """A definition list: the options of the command line, with their defaults."""
    parser = argparse.ArgumentParser(add_help=False)
    options.add(parser)
    for action in parser._actions:
        shown = action.option_strings[0]
        if action.nargs != 0:
            has_default = action.default is not None and not isinstance(action.default, list)
            shown += f" {action.default if has_default else action.metavar or action.dest.upper()}"
        yield f"``{shown}``"
        yield f"   {_sentence(_DEFAULT.sub('', action.help or ''))}"
        yield ""


#: Parts of a help text that the page shows elsewhere: the default, and the list of faults.
_DEFAULT = re.compile(r" \(default[^)]*\)|(?<=repeated\)): .*")


def _said(argument: Argument) -> str:
    allowed = ": " + ", ".join(f"``{word}``" for word in argument.allowed)
    return _escaped(argument.help) + (allowed if argument.allowed else "")


def _sentence(text: str) -> str:
    return _escaped(text[0].upper() + text[1:] + ".")


def _escaped(text: str) -> str:
    return text.replace("*", "\\*")


class _Generated(SphinxDirective):
    lines = staticmethod(fault_lines)

    def run(self) -> list[nodes.Node]:
        source, _ = self.get_source_info()
        holder = nodes.container()
        self.state.nested_parse(StringList(list(self.lines()), source=source), 0, holder)
        return list(holder.children)


class Faults(_Generated):
    """The kinds of faults."""


class Scope(_Generated):
    """The arguments that all faults share."""

    lines = staticmethod(scope_lines)


class Options(_Generated):
    """The command line's options."""

    lines = staticmethod(option_lines)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("simulator-faults", Faults)
    app.add_directive("simulator-scope", Scope)
    app.add_directive("simulator-options", Options)
    return {"parallel_read_safe": True}
