"""The kinds of accounts: how each is followed, and how ``--demo`` trades for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import click

from binance.client import Client
from binance.sansio.book.bookmarkets import BOOKS

ISOLATED = "margin:SYMBOL"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of account. Names of methods are those of a client, but for `start`."""

    start: str
    """The method of the manager."""
    tables: Mapping[str, str]
    """Table -> the calls that fill it, if any."""
    orders: tuple[str, str] = ("", "")
    """The calls that place and cancel an order; none where orders change nothing."""
    market: str = ""
    """Whose order books have the prices of these orders."""
    symbol: str = ""
    quantity: str = ""
    """Empty: that of the best bid."""


def _tables(balances: str, orders: str, positions: str = "") -> dict[str, str]:
    more = {"positions": positions} if positions else {}
    return {"balances": balances, **more, "orders": orders}


# fmt: off
_MARGIN_ORDERS = ("create_margin_order", "cancel_margin_order")
_PM_ORDERS = "um_open_orders cm_open_orders margin_open_orders um_open_algo_orders"
KINDS: Mapping[str, Kind] = {
    "spot": Kind(
        "start_user_socket", _tables("get_account", "get_open_orders"),
        ("create_order", "cancel_order"), "spot", "BTCUSDT", "0.001"),
    "margin": Kind(
        "start_margin_socket", _tables("get_margin_account", "get_open_margin_orders"),
        _MARGIN_ORDERS, "spot", "BTCUSDT", "0.001"),
    ISOLATED: Kind(
        "start_isolated_margin_socket",
        _tables("get_isolated_margin_account", "get_open_margin_orders"),
        _MARGIN_ORDERS, "spot"),
    "margin:risk": Kind("start_margin_risk_socket", {"liabilities": ""}),
    "usdm": Kind(
        "start_futures_user_socket",
        _tables("futures_account_balance_v3",
                "futures_get_open_orders futures_get_open_algo_orders",
                "futures_position_information_v3"),
        ("futures_create_order", "futures_cancel_order"), "usdm", "BTCUSDT", "0.002"),
    "coinm": Kind(  # without its conditional orders: no event reports the end of one
        "start_coin_futures_user_socket",
        _tables("futures_coin_account_balance", "futures_coin_get_open_orders",
                "futures_coin_position_information"),
        ("futures_coin_create_order", "futures_coin_cancel_order"), "coinm", "BTCUSD_PERP", "1"),
    "options": Kind(
        "start_options_user_socket",
        _tables("eapi_margin_account", "eapi_get_open_orders", "eapi_position"),
        ("eapi_create_order", "eapi_cancel_order"), "options"),
    "pm": Kind(
        "start_portfolio_margin_user_socket",
        _tables("papi_get_balance", " ".join(f"papi_get_{name}" for name in _PM_ORDERS.split()),
                "papi_get_um_position_risk papi_get_cm_position_risk"),
        ("papi_create_um_order", "papi_cancel_um_order"), "usdm", "BTCUSDT", "0.002"),
    "pm:pro": Kind("start_portfolio_margin_user_socket", {}),
}
# fmt: on
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

    def trade(self, client: Client, side: str) -> None:
        """Trade once, and place and cancel an order that rests: events for ``--demo``."""
        kind = self.kind
        create, cancel = (getattr(client, name) for name in kind.orders)
        symbol = self.symbol or kind.symbol or _first_option(client)
        isolated = {"isIsolated": "TRUE"} if self.symbol else {}
        book = getattr(client, BOOKS[kind.market].snapshot)(symbol=symbol, limit=100)
        best, far = book["asks" if side == "BUY" else "bids"][0][0], book["bids"][-1][0]
        order = {"symbol": symbol, "type": "LIMIT", "timeInForce": "GTC"} | isolated
        order["quantity"] = kind.quantity or book["bids"][0][1]
        create(**order, side=side, price=best)
        resting = create(**order, side="BUY", price=far)
        cancel(symbol=symbol, orderId=resting["orderId"], **isolated)


def read_account(text: str | Account) -> Account:
    """A type for click: a key of `KINDS`; of isolated margin with a symbol, ``margin:BTCUSDT``."""
    name = str(text)
    before, _, symbol = name.partition(":")
    if name in KINDS and name != ISOLATED:
        return Account(name)
    if before != "margin" or not symbol.isalnum() or name == ISOLATED:
        raise click.BadParameter(f"{name!r} is none of {', '.join(KINDS)}")
    return Account(ISOLATED, symbol.upper())


def _first_option(client: Client) -> str:
    return str(client.eapi_exchange_info()["optionSymbols"][0]["symbol"])
