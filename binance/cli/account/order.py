"""``order``: place, cancel or query a spot order."""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import urlsplit

import click

from binance.cli.account.credentials import client_of
from binance.cli.errors import CommandError, command_errors, safe_line
from binance.cli.event_text import account_text
from binance.cli.exchange import Exchange
from binance.cli.options import exchange_options
from binance.cli.screen.stream_stats import NumberColumn
from binance.cli.screen.terminal import is_a_terminal
from binance.client import Client
from binance.exceptions import OrderStatusUnknown
from binance.sansio.link.budget import is_loopback
from binance.sansio.names.endpoints import environment_of, ws_api_of

_FIELDS = {"i": "orderId", "S": "side", "s": "symbol", "o": "type", "X": "status", "q": "origQty"}
"""Name in an account's event -> name in an answer."""


@click.command(short_help="Place, cancel or query a spot order.")
@click.argument("action", type=click.Choice(["place", "cancel", "status"]))
@click.argument("symbol")
@click.argument("details", nargs=-1, metavar="[buy|sell QUANTITY] [ID]")
@click.option("--price", help="Place a limit order at this price, instead of a market order.")
@click.option(
    "--test/--no-test",
    "is_test",
    default=None,
    help="Have the exchange check the order and not place it: the default where money is real.",
)
@click.option("--yes", is_flag=True, help="Do not ask before an order is placed or cancelled.")
@exchange_options
def order(
    action: str,
    symbol: str,
    details: tuple[str, ...],
    price: str | None,
    is_test: bool | None,
    yes: bool,
    exchange: Exchange,
) -> None:
    """Place, cancel or query a spot order, over the WebSocket API.

    To place an order, give the side and the quantity. To cancel or query one, give its ID: the
    exchange's number, or the client order id. An order is only tested, unless you give --no-test
    or it goes to testnet, demo or this machine. Before an order is placed or cancelled the command
    asks.

    The API key is read as `binance-sockets user` reads it; it must be allowed to trade.

    \b
    Examples:
      binance-sockets order place BTCUSDT buy 0.001 --demo
      binance-sockets order place BTCUSDT buy 0.001 --price 20000 --env testnet
      binance-sockets order status BTCUSDT 123456 --env testnet
      binance-sockets order cancel BTCUSDT 123456 --env testnet
    """
    if is_test and action != "place":
        raise click.UsageError(f"order {action} cannot be tested: --test is for order place")
    params = _parameters(action, symbol.upper(), details, price)
    what = " ".join(
        [action, symbol.upper(), *details, *(["at", price] if price is not None else [])]
    )
    failed = f"order {action} failed"
    with exchange.selected():
        with command_errors(failed):
            table = exchange.addresses  # the client follows the address of REST
            url = urlsplit(ws_api_of(table, "ws_api", "rest", table.require("rest")))
        environment = environment_of(url.geturl())
        if is_test is None:
            is_test = not (environment in ("testnet", "demo") or is_loopback(url.hostname or ""))
        is_sent = action == "cancel" or (action == "place" and not is_test)
        if is_sent and not yes:
            where = "simulator" if exchange.demo else environment or url.netloc
            _confirm(f"{what} on {where}")
        with command_errors(failed), client_of(exchange) as client:
            try:
                answer = _perform(client, action, params, is_test)
            except OrderStatusUnknown as error:  # which is no failure: it may be live
                raise CommandError(safe_line(error)) from error
            except KeyboardInterrupt:
                if is_sent:
                    click.echo(f"no answer, but the exchange may have done it: {what}", err=True)
                raise
        click.echo(_text(answer) if answer else f"{what}: accepted as a test, not placed")


def _parameters(
    action: str, symbol: str, details: tuple[str, ...], price: str | None
) -> dict[str, Any]:
    """The parameters of the request; :raises click.UsageError: they make no sense."""
    if action != "place":
        if len(details) != 1 or price is not None:
            raise click.UsageError(f"order {action} takes SYMBOL and ID")
        name = "orderId" if details[0].isdecimal() else "origClientOrderId"
        return {"symbol": symbol, name: details[0]}
    if len(details) != 2 or details[0].lower() not in ("buy", "sell"):
        raise click.UsageError("order place takes SYMBOL, buy or sell, and QUANTITY")
    for number in details[1:] if price is None else (details[1], price):
        if not number.replace(".", "", 1).isdecimal():
            raise click.UsageError(f"{number!r} is not a number")
    limit = {"type": "LIMIT", "price": price, "timeInForce": "GTC"}
    terms = {"symbol": symbol, "side": details[0].upper(), "quantity": details[1]}
    return terms | ({"type": "MARKET"} if price is None else limit)


def _confirm(what: str) -> None:
    if not is_a_terminal(sys.stdin):
        raise CommandError(f"not sent: nobody can be asked; give --yes to {what}")
    click.confirm(f"{what}?", abort=True, err=True)


def _perform(client: Client, action: str, params: dict[str, Any], is_test: bool) -> dict[str, Any]:
    place = client.ws_create_test_order if is_test else client.ws_create_order
    send = {"place": place, "cancel": client.ws_cancel_order, "status": client.ws_get_order}
    return send[action](**params)


def _text(answer: dict[str, Any]) -> str:
    if "orderReports" in answer:  # it was in a list, and the whole list is cancelled
        return "\n".join(map(_text, answer["orderReports"]))
    event = {short: answer[name] for short, name in _FIELDS.items()}
    event |= {"e": "executionReport", "x": "NEW", "p": answer["price"], "r": "NONE"}
    return f"{account_text(event)}, {NumberColumn().format(answer['executedQty'])} executed"
