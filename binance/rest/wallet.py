"""Wallet: withdrawals, deposits, transfers, and what the exchange says of the account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from binance.rest.calls import NEEDED, Calls
from binance.rest.route_methods import by_route, by_signature

Object = dict[str, Any]
Array = list[Any]
Number = str | float | Decimal


class WalletMethods(Calls):
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

    @by_signature
    def get_asset_dividend_history(self, **params: Any) -> Object:
        """Dividends received: ``{"rows", "total"}``; ``asset startTime endTime limit``."""

    @by_signature
    def make_universal_transfer(
        self,
        *,
        fromAccountType: str = NEEDED,
        toAccountType: str = NEEDED,
        asset: str = NEEDED,
        amount: Number = NEEDED,
        **params: Any,
    ) -> Object:
        """Transfers between a master account and its sub-accounts: ``{"tranId"}``.

        :param fromAccountType: ``SPOT USDT_FUTURE COIN_FUTURE MARGIN ISOLATED_MARGIN``
        :param params: ``fromEmail``, ``toEmail`` (one of the two), ``symbol`` for isolated margin
        """

    @by_signature
    def query_universal_transfer_history(self, *, type: str = NEEDED, **params: Any) -> Object:
        """Transfers between the account's own wallets, see `universal_transfer`."""

    get_trade_fee = by_route()
    get_asset_details = by_route()
    withdraw = by_route()
    get_deposit_history = by_route()
    get_withdraw_history = by_route()

    def get_withdraw_history_id(self, withdraw_id: str, **params: Any) -> Object:
        """Retired: use `capital_withdraw_history`."""
        return self._object("get_withdraw_history_id", **params)

    get_deposit_address = by_route()

    @by_signature
    def get_all_coins_info(self, **params: Any) -> Array:
        """Every coin with its balances and its networks."""

    @by_signature
    def get_account_snapshot(self, *, type: str = NEEDED, **params: Any) -> Object:
        """Daily snapshots of the account.

        :param type: ``SPOT``, ``MARGIN`` or ``FUTURES``
        """

    @by_signature
    def disable_fast_withdraw_switch(self, **params: Any) -> Object:
        """Switches fast withdrawals off: ``{}``."""

    @by_signature
    def enable_fast_withdraw_switch(self, **params: Any) -> Object:
        """Switches fast withdrawals on: ``{}``."""

    @by_signature
    def universal_transfer(
        self, *, type: str = NEEDED, asset: str = NEEDED, amount: Number = NEEDED, **params: Any
    ) -> Object:
        """Transfers between the account's own wallets: ``{"tranId"}``.

        :param type: from and to, such as ``MAIN_UMFUTURE`` (``Client.SPOT_TO_USDT_FUTURE``)
        :param params: ``fromSymbol``, ``toSymbol`` for isolated margin
        """

    @by_signature
    def new_transfer_history(self, *, type: str = NEEDED, **params: Any) -> Object:
        """Transfers between the account's own wallets: ``{"total", "rows"}``."""

    # successors of the retired

    @by_signature
    def account_status(self, **params: Any) -> Object:
        """``{"data": "Normal"}``."""

    @by_signature
    def account_api_trading_status(self, **params: Any) -> Object:
        """Whether trading by API is locked: ``{"data": {"isLocked", ..}}``."""

    @by_signature
    def account_api_restrictions(self, **params: Any) -> Object:
        """What this API key may do."""

    @by_signature
    def account_info(self, **params: Any) -> Object:
        """VIP level, and whether margin and futures are enabled."""

    @by_signature
    def asset_dust_log(self, **params: Any) -> Object:
        """Small balances that were converted: ``{"total", "userAssetDribblets"}``."""

    @by_signature
    def asset_dust_list(self, **params: Any) -> Object:
        """Small balances that can be converted to BNB."""

    @by_signature
    def asset_trade_fee(self, *, symbol: str | None = None, **params: Any) -> Array:
        """``[{"symbol", "makerCommission", "takerCommission"}]``."""

    @by_signature
    def asset_detail(self, *, asset: str | None = None, **params: Any) -> Object:
        """Fees and switches of withdrawals and deposits, by asset."""

    @by_signature
    def asset_user_assets(self, *, asset: str | None = None, **params: Any) -> Array:
        """The assets that the spot wallet holds."""

    @by_signature
    def asset_funding_wallet(self, *, asset: str | None = None, **params: Any) -> Array:
        """The assets that the funding wallet holds."""

    @by_signature
    def asset_wallet_balance(self, **params: Any) -> Array:
        """The worth of each wallet."""

    @by_signature
    def capital_withdraw(
        self,
        *,
        coin: str,
        address: str,
        amount: Number,
        network: str | None = None,
        addressTag: str | None = None,
        **params: Any,
    ) -> Object:
        """Withdraws: ``{"id"}``. Money leaves; nothing is asked twice.

        :param network: the coin's default network when left out
        :param addressTag: memo or tag, for coins that have one
        """

    @by_signature
    def capital_withdraw_history(self, *, coin: str | None = None, **params: Any) -> Array:
        """Withdrawals, 90 days at most between ``startTime`` and ``endTime``."""

    @by_signature
    def capital_deposit_history(self, *, coin: str | None = None, **params: Any) -> Array:
        """Deposits, 90 days at most between ``startTime`` and ``endTime``."""

    @by_signature
    def capital_deposit_address(
        self, *, coin: str, network: str | None = None, **params: Any
    ) -> Object:
        """``{"address", "coin", "tag", "url"}``."""

    @by_signature
    def capital_deposit_addresses(
        self, *, coin: str, network: str | None = None, **params: Any
    ) -> Array:
        """All deposit addresses of a coin and network."""
