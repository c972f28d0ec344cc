"""The directive ``command-help NAME`` shows what ``binance-sockets NAME --help`` prints."""

from __future__ import annotations

import click
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from binance.cli import app as application

WIDTH = 84


class CommandHelp(SphinxDirective):
    """A literal block; it has no source, so it is not translated."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        text = help_of(self.arguments[0])
        return [nodes.literal_block(text, text, language="none")]


def help_of(name: str) -> str:
    """The text that the command itself prints."""
    commands = application.commands
    # With its settings: click keeps the help option of the first context that it is asked for.
    parent = click.Context(commands, info_name="binance-sockets", **commands.context_settings)
    command = commands.get_command(parent, name)
    if command is None:
        raise ValueError(f"no such command: {name}")
    with click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH) as context:
        return command.get_help(context)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True}
