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


def status_port() -> int | None:
    """The port that the user gave; None if no status is to be served."""
    port: int | None = click.get_current_context().meta.get(_PORT)
    return port


def open_status(source: Any, port: int) -> tuple[Callable[[], None], str]:
    """Serve the state of a manager or relay; returns what closes the server, and its address."""
    try:
        server = status.serve(source, port)
    except (ImportError, OSError) as error:
        raise CommandError(str(error)) from None
    return server.close, f"status page: {server.url}"


def serve_status(source: Any) -> None:
    """Serve the state of a manager or relay until the command ends, if that is wanted."""
    if (port := status_port()) is not None:
        close, words = open_status(source, port)
        click.get_current_context().call_on_close(close)
        click.echo(words, err=True)
