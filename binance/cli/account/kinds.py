# ruff: noqa: E501 (a table: one row a line)
"""The kinds of accounts: how each is followed, and how ``--demo`` trades for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import click

from binance.cli.errors import safe_line
from binance.cli.screen.terminal import Stop
from binance.client import Client
from binance.exceptions import BinanceError
from binance.sansio.book.bookmarkets import BOOKS

ISOLATED = "margin:SYMBOL"
#: Seconds between the orders that ``--demo`` places.
DEMO_SECONDS = 1.5


class Kind(NamedTuple):
    """One kind of account. Names of methods are those of a client, but for `start`."""

    start: str
    """The method of the manager."""
    tables: Mapping[str, str]
    """Table -> the calls that fill it, if any."""
    demo: Sequence[str]
    """The calls that place and cancel an order, whose order books have the prices, the symbol and
    the quantity; without these the first option, and the quantity of the best bid."""


_TABLES = ("balances", "positions", "orders", "liabilities")
#: Kind, method of the manager, and the calls for each table (-: filled by events); then `Kind.demo`.
#: No event reports the end of a conditional order of COIN-M, so these are left out.
_KINDS = """
spot          | user             | get_account                  | | get_open_orders | | create_order cancel_order spot BTCUSDT 0.001
margin        | margin           | get_margin_account           | | get_open_margin_orders | | create_margin_order cancel_margin_order spot BTCUSDT 0.001
margin:SYMBOL | isolated_margin  | get_isolated_margin_account  | | get_open_margin_orders | | create_margin_order cancel_margin_order spot
margin:risk   | margin_risk      | | | | - |
usdm          | futures_user     | futures_account_balance_v3   | futures_position_information_v3 | futures_get_open_orders futures_get_open_algo_orders | | futures_create_order futures_cancel_order usdm BTCUSDT 0.002
coinm         | coin_futures_user | futures_coin_account_balance | futures_coin_position_information | futures_coin_get_open_orders | | futures_coin_create_order futures_coin_cancel_order coinm BTCUSD_PERP 1
options       | options_user     | eapi_margin_account | eapi_position | eapi_get_open_orders | | eapi_create_order eapi_cancel_order options
pm            | portfolio_margin_user | papi_get_balance | papi_get_um_position_risk papi_get_cm_position_risk | papi_get_um_open_orders papi_get_cm_open_orders papi_get_margin_open_orders papi_get_um_open_algo_orders | | papi_create_um_order papi_cancel_um_order usdm BTCUSDT 0.002
pm:pro        | portfolio_margin_user | | | | |
"""


def _kind(start: str, *cells: str) -> Kind:
    calls = zip(_TABLES, cells[:4], strict=True)
    tables = {table: each.strip("-") for table, each in calls if each}
    return Kind(f"start_{start}_socket", tables, cells[4].split())


_ROWS = [[cell.strip() for cell in line.split("|")] for line in _KINDS.strip().splitlines()]
KINDS: Mapping[str, Kind] = {name: _kind(*cells) for name, *cells in _ROWS}
"""The values of ``--account``."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account that a command follows; `symbol` is that of isolated margin."""

    name: str
    symbol: str = ""

    def __str__(self) -> str:
        return f"margin:{self.symbol}" if self.symbol else self.name

    @property
    def kind(self) -> Kind:
        return KINDS[self.name]

    def start(self, manager: Any, callback: Callable[[Any], object]) -> None:
        given = {"symbol": self.symbol} if self.symbol else {}
        pro = {"pro": True} if self.name == "pm:pro" else {}
        getattr(manager, self.kind.start)(callback=callback, **given, **pro)

    def answers(self, client: Client, wanted: Collection[str]) -> dict[str, list[Any]]:
        """What the wanted tables show at the start: table -> answers."""
        isolated = {"symbol": self.symbol, "isIsolated": "TRUE"} if self.symbol else {}
        params: dict[str, dict[str, Any]] = {
            "get_account": {"omitZeroBalances": True},
            "get_isolated_margin_account": {"symbols": self.symbol},
            "get_open_margin_orders": isolated,
        }
        return {
            table: [getattr(client, name)(**params.get(name, {})) for name in calls.split()]
            for table, calls in self.kind.tables.items()
            if table in wanted
        }

    def trade_until(self, stop: Stop, client: Client, report: Callable[[str], object]) -> None:
        """Trade on the simulated exchange: events for ``--demo``."""
        side = "SELL"
        while not stop.wait(DEMO_SECONDS):
            side = "BUY" if side == "SELL" else "SELL"
            try:
                self.trade(client, side)
            except (BinanceError, OSError) as error:
                report(f"no demo order: {safe_line(error)}")

    def trade(self, client: Client, side: str) -> None:
        """Trade once, and place and cancel an order that rests."""
        kind = self.kind
        create, cancel = (getattr(client, name) for name in kind.demo[:2])
        market, known, quantity = [*kind.demo[2:], "", ""][:3]
        symbol = self.symbol or known or _first_option(client)
        isolated = {"isIsolated": "TRUE"} if self.symbol else {}
        book = getattr(client, BOOKS[market].snapshot)(symbol=symbol, limit=100)
        best, far = book["asks" if side == "BUY" else "bids"][0][0], book["bids"][-1][0]
        order = {"symbol": symbol, "type": "LIMIT", "timeInForce": "GTC"} | isolated
        order["quantity"] = quantity or book["bids"][0][1]
        create(**order, side=side, price=best)
        resting = create(**order, side="BUY", price=far)
        cancel(symbol=symbol, orderId=resting["orderId"], **isolated)


def read_account(text: str | Account) -> Account:
    """A type for click; see `account_of`."""
    try:
        return account_of(str(text))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def account_of(name: str) -> Account:
    """The account of a key of `KINDS`; of isolated margin with a symbol, ``margin:BTCUSDT``.

    :raises ValueError: there is no such account.
    """
    before, _, symbol = name.partition(":")
    if name in KINDS and name != ISOLATED:
        return Account(name)
    if before != "margin" or not symbol.isalnum() or name == ISOLATED:
        raise ValueError(f"{name!r} is none of {', '.join(KINDS)}")
    return Account(ISOLATED, symbol.upper())


def _first_option(client: Client) -> str:
    return str(client.eapi_exchange_info()["optionSymbols"][0]["symbol"])
