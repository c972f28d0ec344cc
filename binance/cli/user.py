"""``user``: the events of an account."""

from __future__ import annotations

import json
import queue
import threading
import time
from typing import Any, TypeAlias

import click

from binance.cli.account.credentials import client_of
from binance.cli.account.filling import Filling
from binance.cli.account.kinds import KINDS, Account, read_account
from binance.cli.account.picture import AccountPicture
from binance.cli.account.rows import read_answers
from binance.cli.errors import command_errors, one_line
from binance.cli.event_text import ConnectionLog, account_text, time_of_day
from binance.cli.exchange import Exchange
from binance.cli.options import exchange_options, for_option
from binance.cli.screen import terminal
from binance.cli.screen.pictures import Heading
from binance.cli.screen.terminal import Stop
from binance.cli.service.status import serve_status, status_option
from binance.client import Client
from binance.events import Event
from binance.exceptions import redact
from binance.relay.frames import Manager

#: How many assets the first line names.
MOST_BALANCES = 12
_FAILED = "the account cannot be followed"
_Waiting: TypeAlias = "queue.SimpleQueue[Any]"


@click.command(short_help="Show what happens to your account: orders, positions and balances.")
@click.option(
    "--account",
    type=read_account,
    default="spot",
    metavar="ACCOUNT",
    show_default=True,
    help=f"One of {', '.join(KINDS)}.",
)
@click.option("--json", "as_lines", is_flag=True, help="Print the events as lines of JSON.")
@status_option
@for_option
@exchange_options
def user(account: Account, as_lines: bool, seconds: float | None, exchange: Exchange) -> None:
    """Follow an account: its orders, fills, positions and balances, as they change.

    ACCOUNT is spot, margin (cross), margin:BTCUSDT (isolated, of a symbol), usdm or coinm
    (futures), options, pm (portfolio margin), pm:pro (its equity alone), or margin:risk (margin
    level and loans of the cross margin account).

    BINANCE_API_KEY holds the API key and BINANCE_API_SECRET its secret. For RSA and Ed25519 keys
    BINANCE_PRIVATE_KEY_FILE names the PEM file instead. The command asks for what is missing. There
    is no option for a key, because other users of the computer can read command lines. A key that
    may only read is enough.

    In a terminal the command shows tables of the balances, the positions and the orders; the key q
    ends it. Otherwise it prints a line for each event.

    With --demo the command follows an account of the simulator and places orders for it.

    \b
    Examples:
      binance-sockets user
      binance-sockets user --account usdm --env testnet
      binance-sockets user --json | jq -r 'select(.e == "executionReport") | .X'
      binance-sockets user --demo --for 20s
    """
    with exchange.selected():
        with command_errors(_FAILED):
            client = client_of(exchange)
        with client:
            _follow(exchange, client, account, as_lines, seconds)


def _follow(
    exchange: Exchange, client: Client, account: Account, as_lines: bool, seconds: float | None
) -> None:
    waiting: _Waiting = queue.SimpleQueue()  # events, and for a screen what fills the tables
    on_screen = terminal.is_terminal() and not as_lines
    is_text = not (on_screen or as_lines)
    log = ConnectionLog(on_stderr=not on_screen)
    picture = AccountPicture()
    filling = None
    if on_screen:
        filling = Filling(account, client, picture, waiting.put, log.add, log.fail)

    def on_event(event: Event) -> None:
        log.add_event(event)
        if filling is not None:
            filling.add_event(event)

    manager = Manager(on_event, client)
    with terminal.stop_on_signals(seconds) as stop:
        try:
            serve_status(manager)
            with command_errors(_FAILED):
                manager.start()
                account.start(manager, waiting.put)
                answers = account.answers(client, ("balances",) if is_text else ())
                picture.answered(read_answers(answers))
            if exchange.simulator is not None and account.kind.demo:
                given = stop, client, log.add
                threading.Thread(target=account.trade_until, args=given, daemon=True).start()
            if on_screen:
                _draw(stop, log, waiting, picture, f"{exchange.name} {account}")
            else:
                _print(stop, log, waiting, picture, as_lines)
        finally:
            stop.set()
            manager.close_and_wait()
            if filling is not None:
                filling.close()
    log.check_any(log.was_connected)


def _draw(
    stop: Stop, log: ConnectionLog, waiting: _Waiting, picture: AccountPicture, source: str
) -> None:
    """Draw the tables, with the last events beneath them."""
    began = time.monotonic()
    with terminal.open_screen(stop) as screen:
        while not stop.is_set():
            log.check(_FAILED)
            while not waiting.empty():
                one = waiting.get()
                if callable(one):
                    one()
                else:
                    picture.add(one)
                    log.add(account_text(one), one.get("E", time.time() * 1000) / 1000)
            heading = Heading.of(source, log, log.is_connected, began)
            screen.draw(picture.draw(heading, log, screen.size))
            stop.wait(terminal.REFRESH_SECONDS)
    seconds = time.monotonic() - began
    click.echo(f"{picture.count} orders, {log.reconnects} reconnects, {seconds:.0f} s")


def _print(
    stop: Stop, log: ConnectionLog, waiting: _Waiting, picture: AccountPicture, as_lines: bool
) -> None:
    """Print the events as lines, after what the account holds."""
    if not as_lines and (text := picture.balances_text(MOST_BALANCES)):
        click.echo(f"{time_of_day(time.time())} {text}")
    while not stop.is_set():
        log.check(_FAILED)
        _print_next(waiting, as_lines)


def _print_next(waiting: _Waiting, as_lines: bool) -> None:
    try:
        event = waiting.get(timeout=terminal.REFRESH_SECONDS)
    except queue.Empty:
        return
    if event.get("e") == "error":
        return  # `ConnectionLog.failure` holds the reason
    if as_lines:
        click.echo(redact(json.dumps(event, ensure_ascii=False)))
    else:
        when = event.get("E", time.time() * 1000) / 1000
        click.echo(f"{time_of_day(when)} {one_line(account_text(event))}")
