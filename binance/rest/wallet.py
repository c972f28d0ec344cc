"""Wallet: withdrawals, deposits, transfers, and what the exchange says of the account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from binance.rest.calls import NEEDED, Calls

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

    def get_account_status(self, **params: Any) -> Object:
        """Retired: use `account_status`."""
        return self._object("get_account_status", **params)

    def get_account_api_trading_status(self, **params: Any) -> Object:
        """Retired: use `account_api_trading_status`."""
        return self._object("get_account_api_trading_status", **params)

    def get_dust_log(self, **params: Any) -> Object:
        """Retired: use `asset_dust_log`."""
        return self._object("get_dust_log", **params)

    def transfer_dust(self, *, asset: str | list[str] = NEEDED, **params: Any) -> Object:
        """Converts small balances to BNB.

        :param asset: one asset, or several separated by commas or in a list
        """
        assets = asset if isinstance(asset, str | None) else ",".join(asset)
        return self._object("transfer_dust", asset=assets, **params)

    def get_asset_dividend_history(self, **params: Any) -> Object:
        """Dividends received: ``{"rows", "total"}``; ``asset startTime endTime limit``."""
        return self._object("get_asset_dividend_history", **params)

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
        return self._object(
            "make_universal_transfer",
            fromAccountType=fromAccountType,
            toAccountType=toAccountType,
            asset=asset,
            amount=amount,
            **params,
        )

    def query_universal_transfer_history(self, *, type: str = NEEDED, **params: Any) -> Object:
        """Transfers between the account's own wallets, see `universal_transfer`."""
        return self._object("query_universal_transfer_history", type=type, **params)

    def get_trade_fee(self, **params: Any) -> Object:
        """Retired: use `asset_trade_fee`."""
        return self._object("get_trade_fee", **params)

    def get_asset_details(self, **params: Any) -> Object:
        """Retired: use `asset_detail`."""
        return self._object("get_asset_details", **params)

    def withdraw(self, **params: Any) -> Object:
        """Retired: use `capital_withdraw`, which takes ``coin`` instead of ``asset``."""
        return self._object("withdraw", **params)

    def get_deposit_history(self, **params: Any) -> Object:
        """Retired: use `capital_deposit_history`."""
        return self._object("get_deposit_history", **params)

    def get_withdraw_history(self, **params: Any) -> Object:
        """Retired: use `capital_withdraw_history`."""
        return self._object("get_withdraw_history", **params)

    def get_withdraw_history_id(self, withdraw_id: str, **params: Any) -> Object:
        """Retired: use `capital_withdraw_history`."""
        return self._object("get_withdraw_history_id", **params)

    def get_deposit_address(self, **params: Any) -> Object:
        """Retired: use `capital_deposit_address`."""
        return self._object("get_deposit_address", **params)

    def get_all_coins_info(self, **params: Any) -> Array:
        """Every coin with its balances and its networks."""
        return self._array("get_all_coins_info", **params)

    def get_account_snapshot(self, *, type: str = NEEDED, **params: Any) -> Object:
        """Daily snapshots of the account.

        :param type: ``SPOT``, ``MARGIN`` or ``FUTURES``
        """
        return self._object("get_account_snapshot", type=type, **params)

    def disable_fast_withdraw_switch(self, **params: Any) -> Object:
        """Switches fast withdrawals off: ``{}``."""
        return self._object("disable_fast_withdraw_switch", **params)

    def enable_fast_withdraw_switch(self, **params: Any) -> Object:
        """Switches fast withdrawals on: ``{}``."""
        return self._object("enable_fast_withdraw_switch", **params)

    def universal_transfer(
        self, *, type: str = NEEDED, asset: str = NEEDED, amount: Number = NEEDED, **params: Any
    ) -> Object:
        """Transfers between the account's own wallets: ``{"tranId"}``.

        :param type: from and to, such as ``MAIN_UMFUTURE`` (``Client.SPOT_TO_USDT_FUTURE``)
        :param params: ``fromSymbol``, ``toSymbol`` for isolated margin
        """
        return self._object("universal_transfer", type=type, asset=asset, amount=amount, **params)

    def new_transfer_history(self, *, type: str = NEEDED, **params: Any) -> Object:
        """Transfers between the account's own wallets: ``{"total", "rows"}``."""
        return self._object("new_transfer_history", type=type, **params)

    # successors of the retired

    def account_status(self, **params: Any) -> Object:
        """``{"data": "Normal"}``."""
        return self._object("account_status", **params)

    def account_api_trading_status(self, **params: Any) -> Object:
        """Whether trading by API is locked: ``{"data": {"isLocked", ..}}``."""
        return self._object("account_api_trading_status", **params)

    def account_api_restrictions(self, **params: Any) -> Object:
        """What this API key may do."""
        return self._object("account_api_restrictions", **params)

    def account_info(self, **params: Any) -> Object:
        """VIP level, and whether margin and futures are enabled."""
        return self._object("account_info", **params)

    def asset_dust_log(self, **params: Any) -> Object:
        """Small balances that were converted: ``{"total", "userAssetDribblets"}``."""
        return self._object("asset_dust_log", **params)

    def asset_dust_list(self, **params: Any) -> Object:
        """Small balances that can be converted to BNB."""
        return self._object("asset_dust_list", **params)

    def asset_trade_fee(self, *, symbol: str | None = None, **params: Any) -> Array:
        """``[{"symbol", "makerCommission", "takerCommission"}]``."""
        return self._array("asset_trade_fee", symbol=symbol, **params)

    def asset_detail(self, *, asset: str | None = None, **params: Any) -> Object:
        """Fees and switches of withdrawals and deposits, by asset."""
        return self._object("asset_detail", asset=asset, **params)

    def asset_user_assets(self, *, asset: str | None = None, **params: Any) -> Array:
        """The assets that the spot wallet holds."""
        return self._array("asset_user_assets", asset=asset, **params)

    def asset_funding_wallet(self, *, asset: str | None = None, **params: Any) -> Array:
        """The assets that the funding wallet holds."""
        return self._array("asset_funding_wallet", asset=asset, **params)

    def asset_wallet_balance(self, **params: Any) -> Array:
        """The worth of each wallet."""
        return self._array("asset_wallet_balance", **params)

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
        return self._object(
            "capital_withdraw",
            coin=coin,
            address=address,
            amount=amount,
            network=network,
            addressTag=addressTag,
            **params,
        )

    def capital_withdraw_history(self, *, coin: str | None = None, **params: Any) -> Array:
        """Withdrawals, 90 days at most between ``startTime`` and ``endTime``."""
        return self._array("capital_withdraw_history", coin=coin, **params)

    def capital_deposit_history(self, *, coin: str | None = None, **params: Any) -> Array:
        """Deposits, 90 days at most between ``startTime`` and ``endTime``."""
        return self._array("capital_deposit_history", coin=coin, **params)

    def capital_deposit_address(
        self, *, coin: str, network: str | None = None, **params: Any
    ) -> Object:
        """``{"address", "coin", "tag", "url"}``."""
        return self._object("capital_deposit_address", coin=coin, network=network, **params)

    def capital_deposit_addresses(
        self, *, coin: str, network: str | None = None, **params: Any
    ) -> Array:
        """All deposit addresses of a coin and network."""
        return self._array("capital_deposit_addresses", coin=coin, network=network, **params)
