"""``--status PORT``: a live page, metrics and a health check of a command that runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from binance import status
from binance.cli.errors import CommandError

_F = TypeVar("_F", bound=Callable[..., Any])
_PORT = "binance.cli.service.status"


def status_option(command: _F) -> _F:
    """``--status PORT``; the command calls `serve_status`."""
    return click.option(
        "--status",
        type=click.IntRange(0, 65535),
        metavar="PORT",
        expose_value=False,
        callback=lambda context, _, port: context.meta.update({_PORT: port}),
        help="Serve a live page, metrics and a health check on http://127.0.0.1:PORT.",
    )(command)


def serve_status(source: Any) -> None:
    """Serve the state of a manager or relay until the command ends, if that is wanted."""
    context = click.get_current_context()
    if (port := context.meta.get(_PORT)) is None:
        return
    try:
        server = status.serve(source, port)
    except (ImportError, OSError) as error:
        raise CommandError(str(error)) from None
    context.call_on_close(server.close)
    click.echo(f"status page: {server.url}", err=True)
