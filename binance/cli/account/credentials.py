"""The client of an account, with the API key of the environment or of the user."""

from __future__ import annotations

import os
import sys

import click

from binance.cli.errors import CommandError
from binance.cli.exchange import Exchange
from binance.cli.screen.terminal import is_a_terminal
from binance.client import Client


def client_of(exchange: Exchange, can_ask: bool | None = None) -> Client:
    """A client with the key in the environment's variables; asks for what is missing there.

    :param can_ask: None: if there is a terminal.
    :raises CommandError: it cannot ask.
    """
    if can_ask is None:
        can_ask = is_a_terminal(sys.stdin)
    if exchange.simulator is not None:
        from binance.simulator.accounts.api_keys import HMAC_KEY, HMAC_SECRET

        return Client(HMAC_KEY, HMAC_SECRET)
    key = _given("API key", "BINANCE_API_KEY", can_ask)
    if path := os.environ.get("BINANCE_PRIVATE_KEY_FILE"):
        return Client(key, private_key=path)
    return Client(key, _given("API secret", "BINANCE_API_SECRET", can_ask))


def _given(what: str, variable: str, can_ask: bool) -> str:
    if text := os.environ.get(variable):
        return text
    if not can_ask:
        raise CommandError(f"there is no {what}; set {variable}")
    return str(click.prompt(what, hide_input=True, err=True)).strip()
