"""``user``: what happens to an account."""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import time
from typing import Any

import click

from binance import events
from binance.cli.account import in_words
from binance.cli.notes import clock, words
from binance.cli.options import for_option
from binance.cli.place import Place, exchange_options
from binance.cli.terminal import REFRESH_SECONDS, Ending, told_to_end
from binance.cli.trouble import Trouble, explained, in_one_line, one_line
from binance.cli.watch import forget_output
from binance.client import Client
from binance.exceptions import BinanceError, redact
from binance.websockets import BinanceSocketManager

__all__ = ["user"]

#: Seconds that closing handshakes may take.
CLOSE_SECONDS = 1.5
#: Seconds between the orders that the demo places, so that there is something to see.
DEMO_SECONDS = 1.5
#: How many assets are named when it begins.
MOST_BALANCES = 12


@click.command(short_help="What happens to your account: orders and balances.")
@click.option("--json", "as_lines", is_flag=True, help="The events as lines of JSON.")
@for_option
@exchange_options
def user(as_lines: bool, seconds: float | None, environment: str | None, demo: bool) -> None:
    """Follow a spot account: its orders, fills and balances, as they change.

    The key comes from BINANCE_API_KEY, its secret from BINANCE_API_SECRET or, for RSA and Ed25519
    keys, from the PEM file that BINANCE_PRIVATE_KEY_FILE names; what is missing is asked for. It
    is never taken from the command line, where other users of the computer could read it. A key
    that may only read is enough.

    With --demo the account is the simulator's, and orders are placed for it to show.

    \b
    Examples:
      binance-sockets user
      binance-sockets user --env testnet
      binance-sockets user --json | jq -r 'select(.e == "executionReport") | .X'
      binance-sockets user --demo --for 20s
    """
    place = Place(environment, demo)
    with place.entered():
        with explained("the account cannot be followed"):
            client = _client(place)
        with client:
            _follow(client, place, as_lines, seconds)


def _client(place: Place) -> Client:
    if place.simulator is not None:
        from binance.simulator.accounts.api_keys import HMAC_KEY, HMAC_SECRET

        return Client(HMAC_KEY, HMAC_SECRET)
    key = os.environ.get("BINANCE_API_KEY") or _asked("API key", "BINANCE_API_KEY")
    if path := os.environ.get("BINANCE_PRIVATE_KEY_FILE"):
        return Client(key, private_key=path)
    return Client(
        key, os.environ.get("BINANCE_API_SECRET") or _asked("API secret", "BINANCE_API_SECRET")
    )


def _asked(what: str, variable: str) -> str:
    if not sys.stdin.isatty():
        raise Trouble(f"there is no {what}: set {variable}")
    return str(click.prompt(what, hide_input=True, err=True)).strip()


def _follow(client: Client, place: Place, as_lines: bool, seconds: float | None) -> None:
    waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    over: list[str] = []

    def tell(event: events.Event) -> None:
        if isinstance(event, events.GaveUp):
            code = "" if event.code is None else f" ({event.code})"
            over.append(in_one_line(f"{event.reason}{code}"))
        elif text := words(event):
            click.echo(f"{clock(event.when)} {in_one_line(text)}", err=True)

    manager = BinanceSocketManager(client, max_retries=None, on_event=tell)
    manager.daemon = True
    began = time.monotonic()
    with told_to_end() as ending:
        try:
            with explained("the account cannot be followed"), manager:
                manager.start_user_socket(waiting.put)
                if not as_lines:
                    click.echo(f"{clock(time.time())} {_balances(client)}")
                if place.simulator is not None:
                    threading.Thread(target=_trade, args=(client, ending), daemon=True).start()
                while not ending.is_set():
                    if over:
                        raise Trouble(f"the account cannot be followed: {over[0]}")
                    _print(waiting, as_lines)
                    if seconds is not None and time.monotonic() - began >= seconds:
                        break
        except BrokenPipeError:
            forget_output()
    if ending.is_set() and sys.stderr.isatty():
        click.echo(err=True)  # behind the ^C
    ending.set()
    if manager.is_alive():
        manager.join(CLOSE_SECONDS)


def _balances(client: Client) -> str:
    """What the account holds; a key that is not good is refused here at once."""
    held = client.get_account(omitZeroBalances=True)["balances"]
    shown = [{"a": each["asset"], "f": each["free"], "l": each["locked"]} for each in held]
    more = f" and {len(shown) - MOST_BALANCES} more" if len(shown) > MOST_BALANCES else ""
    told = in_words({"e": "outboundAccountPosition", "B": shown[:MOST_BALANCES]})
    return f"{told}{more}" if shown else "no balance"


def _print(waiting: queue.SimpleQueue[dict[str, Any]], as_lines: bool) -> None:
    try:
        event = waiting.get(timeout=REFRESH_SECONDS)
    except queue.Empty:
        return
    if event.get("e") == "error":
        return  # told of by the reason that comes with it
    if as_lines:
        click.echo(redact(json.dumps(event, ensure_ascii=False)))
    else:
        click.echo(
            f"{clock(event.get('E', time.time() * 1000) / 1000)} {one_line(in_words(event))}"
        )


def _trade(client: Client, ending: Ending) -> None:
    """Place orders on the simulated exchange."""
    side = "SELL"
    while not ending.wait(DEMO_SECONDS):
        side = "BUY" if side == "SELL" else "SELL"
        try:
            price = client.get_symbol_ticker(symbol="BTCUSDT")["price"]
            client.create_order(symbol="BTCUSDT", side=side, type="MARKET", quantity="0.001")
            resting = client.create_order(
                symbol="BTCUSDT",
                side="BUY",
                type="LIMIT",
                timeInForce="GTC",
                quantity="0.001",
                price=f"{float(price) * 0.95:.0f}",
            )
            client.cancel_order(symbol="BTCUSDT", orderId=resting["orderId"])
        except (BinanceError, OSError) as error:
            click.echo(f"{clock(time.time())} no demo order: {in_one_line(error)}", err=True)
