"""Wallet: withdrawals, deposits, transfers, and what the exchange says of the account."""

from __future__ import annotations

from typing import Any

from binance.rest import generated
from binance.rest.calls import NEEDED
from binance.rest.route_methods import by_route

Object = dict[str, Any]


class WalletMethods(generated.Wallet):
    """Source: https://developers.binance.com/docs/wallet

    What used to go to ``/wapi`` was retired on 2021-08-01, and its successors take and answer
    differently: the old names raise `BinanceRetiredError`, the successors are ``account_*``,
    ``asset_*`` and ``capital_*``.
    """

    def get_system_status(self) -> Object:
        """``{"status": 0, "msg": "normal"}``, or 1 during maintenance."""
        return self._object("get_system_status")

    get_account_status = by_route()
    get_account_api_trading_status = by_route()
    get_dust_log = by_route()

    def transfer_dust(self, *, asset: str | list[str] = NEEDED, **params: Any) -> Object:
        """Converts small balances to BNB.

        :param asset: one asset, or several separated by commas or in a list
        """
        assets = asset if isinstance(asset, str | None) else ",".join(asset)
        return self._object("transfer_dust", asset=assets, **params)

    get_trade_fee = by_route()
    get_asset_details = by_route()
    withdraw = by_route()
    get_deposit_history = by_route()
    get_withdraw_history = by_route()

    def get_withdraw_history_id(self, withdraw_id: str, **params: Any) -> Object:
        """Retired: use `capital_withdraw_history`."""
        return self._object("get_withdraw_history_id", **params)

    get_deposit_address = by_route()
