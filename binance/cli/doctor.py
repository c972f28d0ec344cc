"""``doctor``: find what keeps streams from this computer."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from binance.cli.diagnosis.checks import BAD, DOUBT, GOOD, Checks, Finding
from binance.cli.exchange import Exchange
from binance.cli.options import duration, exchange_options, streams_argument
from binance.cli.streams import Stream

_SIGNS = {GOOD: ("ok", "green"), DOUBT: ("?", "yellow"), BAD: ("FAULT", "bold red")}
_SIGN_WIDTH, _CHECK_WIDTH = 5, 10


@click.command(short_help="Find out why streams do not arrive, and what to do.")
@streams_argument(required=False)
@click.option(
    "--wait",
    type=duration,
    default=10.0,
    metavar="TIME",
    show_default="10s",
    help="How long a stream may be silent.",
)
@click.option("--every-market", is_flag=True, help="Check the addresses of every market as well.")
@click.option("--json", "as_lines", is_flag=True, help="Print each finding as a line of JSON.")
@exchange_options
@click.pass_context
def doctor(
    context: click.Context,
    streams: Sequence[Stream],
    wait: float,
    every_market: bool,
    as_lines: bool,
    exchange: Exchange,
) -> None:
    """Check each layer between this computer and the exchange: settings, DNS, TCP, proxy, TLS and
    its certificates, region, round trip, clock, and whether streams send messages.

    For each fault the command prints the cause and what to do. The exit code is 0 if all is well
    and 1 if there is a fault. Without a STREAM it checks two that always send messages.

    \b
    Examples:
      binance-sockets doctor
      binance-sockets doctor bnbbtc@trade --wait 60s
      binance-sockets doctor --every-market --env demo
      binance-sockets doctor --env testnet --json | jq -r 'select(.state == "bad").kind'
    """
    console = Console(highlight=False)
    faults = 0
    with exchange.selected():
        for finding in Checks(streams, wait, os.environ, every_market).findings():
            faults += finding.state == BAD
            if as_lines:
                click.echo(json.dumps(asdict(finding)))
            else:
                _show(console, finding)
    if not as_lines:
        text = "all is well" if not faults else f"{faults} fault{'s' * (faults > 1)}"
        console.print(Text(text, "bold red" if faults else "bold green"))
    context.exit(1 if faults else 0)


def _show(console: Console, finding: Finding) -> None:
    """Print a finding, and what to do beneath it; wrapped to the terminal's width."""
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
