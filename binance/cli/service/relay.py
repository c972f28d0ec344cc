"""``relay``: publishes streams to a NATS server, for programs on other machines."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from binance.cli.errors import CommandError, command_errors, safe_line
from binance.cli.event_text import ConnectionLog
from binance.cli.exchange import Exchange
from binance.cli.options import duration, exchange_options, for_option, streams_argument
from binance.cli.record import size_text
from binance.cli.screen.terminal import Stop, stop_on_signals
from binance.cli.service.status import serve_status, status_option
from binance.cli.streams import Stream

#: Seconds between two lines of the progress.
PROGRESS_SECONDS = 60.0
LOOK_SECONDS = 0.5
_SIZES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
NO_NATS = 'a relay needs nats-py; install it with: pip install "binance-socket-manager[relay]"'


def size(text: str | int) -> int:
    """Octets of a text such as ``500M`` or ``20G``: a type for click."""
    match = re.fullmatch(r"(\d+)([kMGT]?)B?", str(text))
    if match is None or not int(match[1]):
        raise click.BadParameter(f"{text!r} is not a size; give 500M, 20G ..")
    return int(match[1]) * _SIZES[match[2]]


@click.command(short_help="Publish streams to a NATS server, for programs elsewhere.")
@streams_argument(required=False)
@click.option(
    "--nats",
    "url",
    required=True,
    metavar="URL",
    envvar="NATS_URL",
    help="nats://HOST:4222, or tls://..; several servers with commas between them.",
)
@click.option(
    "--creds",
    "credentials",
    type=click.Path(exists=True, dir_okay=False),
    envvar="NATS_CREDS",
    help="A file of NATS credentials.",
)
@click.option("--keep", type=duration, metavar="TIME", help="How long NATS keeps messages.")
@click.option("--keep-size", type=size, metavar="SIZE", help="How much NATS keeps, such as 20G.")
@click.option("--replicas", type=click.IntRange(1, 5), help="On so many NATS servers.")
@click.option(
    "--buffer",
    type=size,
    default="256M",
    show_default=True,
    metavar="SIZE",
    help="Memory for messages while NATS is away.",
)
@click.option("--gapless", is_flag=True, help="Fetch the trades and candles that are missed.")
@click.option(
    "--checkpoint",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Go on there after a restart: a file of this relay alone.",
)
@click.option("--no-demand", is_flag=True, help="Publish no stream that a program asks for.")
@status_option
@for_option
@exchange_options
def relay(
    streams: Sequence[Stream],
    url: str,
    credentials: str | None,
    keep: float | None,
    keep_size: int | None,
    replicas: int | None,
    buffer: int,
    gapless: bool,
    checkpoint: str | None,
    no_demand: bool,
    seconds: float | None,
    exchange: Exchange,
) -> None:
    """Publish streams to a NATS server with JetStream until Ctrl-C.

    Programs on any machine read them with BINANCE_STREAM_URL=nats://HOST:4222, as if they came from
    the exchange. Any number of relays may publish the same streams: each event is stored once.
    Streams that a program asks for are published too. The exit code is 1 if nothing could be
    stored.

    \b
    Examples:
      binance-sockets relay btcusdt@trade btcusdt@depth@100ms --nats nats://localhost:4222
      binance-sockets relay '!miniTicker@arr' --nats nats://localhost:4222 --demo
      binance-sockets relay --nats tls://nats.example.com --keep 2h
    """
    if no_demand and not streams:
        raise click.UsageError("name a stream, or leave --no-demand out")
    with exchange.selected():
        try:
            from binance.relay.relay import Relay, Retention
        except ImportError as error:
            raise CommandError(NO_NATS) from error
        log = ConnectionLog(on_stderr=True)
        options: dict[str, Any] = {"gapless": gapless, "checkpoint": checkpoint}
        try:
            running = Relay(
                [(each.market, each.name) for each in streams],
                url,
                credentials=credentials,
                ca_file=exchange.addresses.ca_file,
                buffer=buffer,
                retention=Retention(keep, keep_size, replicas),
                on_demand=not no_demand,
                on_event=log.add_event,
                **options,
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        warnings = _Warnings(log)
        logging.getLogger("binance").addHandler(warnings)
        with stop_on_signals(seconds) as stop:
            serve_status(running)
            with command_errors("cannot start"):
                running.start()
            try:
                _watch(running, log, stop, len({each.market for each in streams}) * no_demand)
                is_connected = running.is_connected
            finally:
                running.stop()
                logging.getLogger("binance").removeHandler(warnings)
                click.echo(progress(running))
        publisher = running.publisher
        is_away = publisher.refused or not is_connected
        if is_away and not publisher.outgoing.stored + publisher.outgoing.doubles:
            cause = warnings.last or f"no connection to {running.engine.shown}"
            raise CommandError(f"nothing was stored: {cause}")
        if streams:
            log.check_any(running.frames)


class _Warnings(logging.Handler):
    """Shows the warnings about the engine; those about the sockets are events too."""

    def __init__(self, log: ConnectionLog) -> None:
        super().__init__(logging.WARNING)
        self.last = ""
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        if Path(record.pathname).parent.name == "relay":
            self.last = safe_line(record.getMessage())
            if not self._log.lines or self._log.lines[-1][1] != self.last:
                self._log.add(self.last)


def _watch(running: Any, log: ConnectionLog, stop: Stop, sockets: int) -> None:
    """Report the connection to the engine, and the progress each minute.

    :param sockets: how many there are, for a relay that ends when all have given up; or 0.
    """
    was_connected, due = False, time.monotonic() + PROGRESS_SECONDS
    while not stop.wait(LOOK_SECONDS):
        if sockets and log.failures >= sockets:
            log.check("the exchange cannot be reached")
        if running.is_connected != was_connected:
            was_connected = running.is_connected
            words = "connected to" if was_connected else "no connection to"
            log.add(f"{words} {running.engine.shown}")
        if time.monotonic() >= due:
            due += PROGRESS_SECONDS
            log.add(progress(running))


def progress(running: Any) -> str:
    """What was published, in one line."""
    outgoing = running.publisher.outgoing
    text = (
        f"{running.frames:,} messages; {outgoing.stored:,} stored, {outgoing.doubles:,} stored "
        f"before, {size_text(outgoing.octets)}; {outgoing.waiting + outgoing.in_flight:,} wait"
    )
    if outgoing.released:
        text += f"; {outgoing.released:,} without a lease"
    if outgoing.dropped:
        text += f"; {outgoing.dropped:,} dropped"
    return text + (f", {outgoing.unsure:,} of them perhaps stored" if outgoing.unsure else "")
