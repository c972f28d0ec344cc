"""All commands as one program, which reports each error in one line."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from binance import __version__
from binance.cli.account.order import order
from binance.cli.book import book
from binance.cli.doctor import doctor
from binance.cli.errors import CommandError, one_line
from binance.cli.exchange import Exchange
from binance.cli.options import exchange_options
from binance.cli.record import record
from binance.cli.replay import replay
from binance.cli.screen.terminal import is_a_terminal, is_terminal, output_errors
from binance.cli.service.relay import relay
from binance.cli.service.status import status_option, status_port
from binance.cli.user import user
from binance.cli.watch import watch

NAME = "binance-sockets"
INTERRUPTED = 130
NO_DASHBOARD = (
    'the dashboard needs textual; install it with: pip install "binance-socket-manager[dashboard]"'
)


class Commands(click.Group):
    """Handles the errors of standard output before click does, which exits silently."""

    def invoke(self, context: click.Context) -> Any:
        with output_errors():
            return super().invoke(context)


@click.group(
    name=NAME,
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
@exchange_options
@status_option
@click.pass_context
def commands(context: click.Context, exchange: Exchange) -> None:
    """Streams of the Binance exchange in a terminal. Without a command: a live dashboard.

    \b
    Examples:
      binance-sockets
      binance-sockets watch btcusdt@trade ethusdt@ticker
      binance-sockets book BTCUSDT
      binance-sockets user --env testnet
      binance-sockets order place BTCUSDT buy 0.001 --env testnet
      binance-sockets record btcusdt@trade btcusdt@depth@100ms -o btc.frames.gz
      binance-sockets replay btc.frames.gz --speed 10
      binance-sockets doctor

    All commands but replay take --demo, for a simulated exchange on this machine, and --env
    testnet|demo|us.
    """
    given = {"environment": exchange.environment, "demo": exchange.demo, "status": status_port()}
    context.default_map = dict.fromkeys(commands.commands, given)
    if context.invoked_subcommand is None and not _show_dashboard(exchange):
        click.echo(context.get_help())


def _show_dashboard(exchange: Exchange) -> bool:
    """Show the dashboard until the user ends it; return whether this is a terminal that can."""
    if not (is_terminal() and is_a_terminal(sys.stdin) and is_a_terminal(sys.stderr)):
        return False
    try:
        from binance.cli.dashboard import app as dashboard
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] != "textual":
            raise
        click.echo(f"{NAME}: {NO_DASHBOARD}\n", err=True)
        return False
    dashboard.run(exchange)
    return True


for command in (watch, book, user, order, record, replay, relay, doctor):
    commands.add_command(command)


class LoggedErrors(logging.Handler):
    """Keeps the tracebacks that the library logs until no screen covers them."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and len(self.kept) < 20:
            self.kept.append(self.format(record))


def run(argv: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    errors = LoggedErrors()
    logger = logging.getLogger("binance")
    logger.addHandler(errors)
    propagated, logger.propagate = logger.propagate, False  # commands print the events instead
    try:
        _prepare_output()
        with output_errors():  # of --help too
            code = commands.main(list(argv), prog_name=NAME, standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        return _print_error(error)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    finally:
        logger.removeHandler(errors)
        logger.propagate = propagated
        for text in errors.kept:
            click.echo(text, err=True)


def _prepare_output() -> None:
    """Let both outputs take all characters: a terminal may lack some of ours.

    In the locales C and POSIX Python prints UTF-8, which the terminal may not show. There it has
    also set LC_CTYPE (PEP 538), and its UTF-8 mode.
    """
    if sys.stdout is None:
        raise CommandError("standard output is closed")
    names = ("LC_ALL", "LANG") if sys.flags.utf8_mode else ("LC_ALL", "LC_CTYPE", "LANG")
    locale = next(filter(None, map(os.environ.get, names)), "")
    is_ascii = locale in ("C", "POSIX") and "PYTHONIOENCODING" not in os.environ
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="ascii" if is_ascii else None, errors="binance-ascii")


def _print_error(error: click.ClickException) -> int:
    where = ""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        where = f"; see {error.ctx.command_path} --help"
    text = one_line(error.format_message()).removesuffix(".")
    click.echo(f"{NAME}: {text}{where}", err=True)
    return error.exit_code
