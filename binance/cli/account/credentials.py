"""The client of an account, with the API key of the environment or of the user."""

from __future__ import annotations

import os
import sys

import click

from binance.cli.errors import CommandError
from binance.cli.exchange import Exchange
from binance.client import Client


def client_of(exchange: Exchange) -> Client:
    """A client with the key in the environment's variables; asks for what is missing there."""
    if exchange.simulator is not None:
        from binance.simulator.accounts.api_keys import HMAC_KEY, HMAC_SECRET

        return Client(HMAC_KEY, HMAC_SECRET)
    key = os.environ.get("BINANCE_API_KEY") or _ask("API key", "BINANCE_API_KEY")
    if path := os.environ.get("BINANCE_PRIVATE_KEY_FILE"):
        return Client(key, private_key=path)
    return Client(
        key, os.environ.get("BINANCE_API_SECRET") or _ask("API secret", "BINANCE_API_SECRET")
    )


def _ask(what: str, variable: str) -> str:
    if not sys.stdin.isatty():
        raise CommandError(f"there is no {what}: set {variable}")
    return str(click.prompt(what, hide_input=True, err=True)).strip()
