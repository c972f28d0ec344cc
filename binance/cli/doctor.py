"""``doctor``: what stands between this computer and the exchange."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from binance.cli.checks import BAD, DOUBT, GOOD, Examination, Finding
from binance.cli.names import Wanted
from binance.cli.options import Seconds, Streams
from binance.cli.place import Place, exchange_options

__all__ = ["doctor"]

_SIGNS = {GOOD: ("ok", "green"), DOUBT: ("?", "yellow"), BAD: ("FAULT", "bold red")}
_SIGN_WIDTH, _CHECK_WIDTH = 5, 10


@click.command(short_help="Find out why streams do not come, and what to do.")
@click.argument("streams", nargs=-1, metavar="[STREAM]...", type=Streams())
@click.option(
    "--wait",
    type=Seconds(),
    default=10.0,
    metavar="TIME",
    show_default="10s",
    help="How long a stream may be silent.",
)
@click.option("--json", "as_lines", is_flag=True, help="Each finding as a line of JSON.")
@exchange_options
@click.pass_context
def doctor(
    context: click.Context,
    streams: tuple[Wanted, ...],
    wait: float,
    as_lines: bool,
    environment: str | None,
    demo: bool,
) -> None:
    """Look at the way to the exchange, layer by layer: settings, DNS, TCP, proxy, TLS and its
    certificates, region, round trip, clock, and whether streams speak.

    Where something is wrong it says what, and what to do. The exit code is 0 when all is well and
    1 when there is a fault. Without a STREAM two are listened to that always speak.

    \b
    Examples:
      binance-sockets doctor
      binance-sockets doctor bnbbtc@trade --wait 60s
      binance-sockets doctor --env testnet --json | jq -r 'select(.state == "bad").kind'
    """
    place = Place(environment, demo)
    console = Console(highlight=False)
    faults = 0
    with place.entered():
        for finding in Examination(streams, wait, os.environ).findings():
            faults += finding.state == BAD
            if as_lines:
                click.echo(json.dumps(asdict(finding)))
            else:
                show(console, finding)
    if not as_lines:
        told = "all is well" if not faults else f"{faults} fault{'s' * (faults > 1)}"
        console.print(Text(told, "bold red" if faults else "bold green"))
    context.exit(1 if faults else 0)


def show(console: Console, finding: Finding) -> None:
    """One finding, with what to do beneath it; wrapped to the terminal's width."""
    sign, style = _SIGNS[finding.state]
    row = Table(box=None, show_header=False, pad_edge=False)
    row.add_column(width=_SIGN_WIDTH)
    row.add_column(width=_CHECK_WIDTH)
    row.add_column(overflow="fold")
    row.add_row(Text(sign, style), finding.check, Text(finding.detail))
    for line in finding.more:
        row.add_row("", "", Text(line, "dim"))
    if finding.advice:
        row.add_row("", "", Text(finding.advice, "yellow"))
    console.print(Padding(row, 0))
