"""Margin: cross and isolated."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from binance.rest.calls import NEEDED, Calls

Object = dict[str, Any]
Array = list[Any]
Number = str | float | Decimal


class MarginMethods(Calls):
    """Source: https://developers.binance.com/docs/margin_trading

    ``isIsolated`` is ``"TRUE"`` or ``"FALSE"``, a text, as the exchange has it.
    """

    def get_margin_account(self, **params: Any) -> Object:
        """The cross margin account: ``marginLevel``, totals in BTC, ``userAssets``."""
        return self._object("get_margin_account", **params)

    def get_isolated_margin_account(self, *, symbols: str | None = None, **params: Any) -> Object:
        """Isolated margin accounts: ``assets``, and totals in BTC unless symbols are given.

        :param symbols: up to five, separated by commas
        """
        return self._object("get_isolated_margin_account", symbols=symbols, **params)

    def get_margin_asset(self, **params: Any) -> Object:
        """Retired: use `get_margin_all_assets`, which answers a list."""
        return self._object("get_margin_asset", **params)

    def get_margin_symbol(self, **params: Any) -> Object:
        """Retired: use `get_margin_all_pairs`, which answers a list."""
        return self._object("get_margin_symbol", **params)

    def create_isolated_margin_account(self, **params: Any) -> Object:
        """Retired: use `enable_isolated_margin_account`, which takes ``symbol``."""
        return self._object("create_isolated_margin_account", **params)

    def get_isolated_margin_symbol(self, **params: Any) -> Object:
        """Retired: use `get_all_isolated_margin_symbols`, which answers a list."""
        return self._object("get_isolated_margin_symbol", **params)

    def get_all_isolated_margin_symbols(self, *, symbol: str | None = None, **params: Any) -> Array:
        """The symbols of isolated margin."""
        return self._array("get_all_isolated_margin_symbols", symbol=symbol, **params)

    def toggle_bnb_burn_spot_margin(
        self, *, spotBNBBurn: str | None = None, interestBNBBurn: str | None = None, **params: Any
    ) -> Object:
        """Whether fees and interest are paid in BNB; each ``"true"`` or ``"false"``."""
        return self._object(
            "toggle_bnb_burn_spot_margin",
            spotBNBBurn=spotBNBBurn,
            interestBNBBurn=interestBNBBurn,
            **params,
        )

    def get_bnb_burn_spot_margin(self, **params: Any) -> Object:
        """``{"spotBNBBurn", "interestBNBBurn"}``."""
        return self._object("get_bnb_burn_spot_margin", **params)

    def get_margin_price_index(self, *, symbol: str = NEEDED, **params: Any) -> Object:
        """``{"calcTime", "price", "symbol"}``."""
        return self._object("get_margin_price_index", symbol=symbol, **params)

    def transfer_margin_to_spot(self, **params: Any) -> Object:
        """Retired: use `universal_transfer` with type ``MARGIN_MAIN``."""
        return self._object("transfer_margin_to_spot", **params)

    def transfer_spot_to_margin(self, **params: Any) -> Object:
        """Retired: use `universal_transfer` with type ``MAIN_MARGIN``."""
        return self._object("transfer_spot_to_margin", **params)

    def transfer_isolated_margin_to_spot(self, **params: Any) -> Object:
        """Retired: use `universal_transfer`."""
        return self._object("transfer_isolated_margin_to_spot", **params)

    def transfer_spot_to_isolated_margin(self, **params: Any) -> Object:
        """Retired: use `universal_transfer`."""
        return self._object("transfer_spot_to_isolated_margin", **params)

    def create_margin_loan(self, **params: Any) -> Object:
        """Retired: use `margin_borrow_repay` with type ``BORROW``."""
        return self._object("create_margin_loan", **params)

    def repay_margin_loan(self, **params: Any) -> Object:
        """Retired: use `margin_borrow_repay` with type ``REPAY``."""
        return self._object("repay_margin_loan", **params)

    def create_margin_order(
        self,
        *,
        symbol: str = NEEDED,
        side: str = NEEDED,
        type: str = NEEDED,
        isIsolated: str | None = None,
        timeInForce: str | None = None,
        quantity: Number | None = None,
        quoteOrderQty: Number | None = None,
        price: Number | None = None,
        stopPrice: Number | None = None,
        newClientOrderId: str | None = None,
        sideEffectType: str | None = None,
        **params: Any,
    ) -> Object:
        """Sends in a margin order; its fate is settled as of `create_order`.

        :param sideEffectType: ``NO_SIDE_EFFECT MARGIN_BUY AUTO_REPAY AUTO_BORROW_REPAY``
        """
        return self._object(
            "create_margin_order",
            symbol=symbol,
            side=side,
            type=type,
            isIsolated=isIsolated,
            timeInForce=timeInForce,
            quantity=quantity,
            quoteOrderQty=quoteOrderQty,
            price=price,
            stopPrice=stopPrice,
            newClientOrderId=newClientOrderId,
            sideEffectType=sideEffectType,
            **params,
        )

    def cancel_margin_order(
        self,
        *,
        symbol: str = NEEDED,
        isIsolated: str | None = None,
        orderId: int | None = None,
        origClientOrderId: str | None = None,
        **params: Any,
    ) -> Object:
        """Cancels a margin order."""
        return self._object(
            "cancel_margin_order",
            symbol=symbol,
            isIsolated=isIsolated,
            orderId=orderId,
            origClientOrderId=origClientOrderId,
            **params,
        )

    def get_margin_loan_details(self, **params: Any) -> Object:
        """Retired: use `get_margin_borrow_repay_records`."""
        return self._object("get_margin_loan_details", **params)

    def get_margin_repay_details(self, **params: Any) -> Object:
        """Retired: use `get_margin_borrow_repay_records`."""
        return self._object("get_margin_repay_details", **params)

    def get_margin_order(
        self,
        *,
        symbol: str = NEEDED,
        isIsolated: str | None = None,
        orderId: int | None = None,
        origClientOrderId: str | None = None,
        **params: Any,
    ) -> Object:
        """One margin order."""
        return self._object(
            "get_margin_order",
            symbol=symbol,
            isIsolated=isIsolated,
            orderId=orderId,
            origClientOrderId=origClientOrderId,
            **params,
        )

    def get_open_margin_orders(
        self, *, symbol: str | None = None, isIsolated: str | None = None, **params: Any
    ) -> Array:
        """The open margin orders; isolated ones need their symbol."""
        return self._array("get_open_margin_orders", symbol=symbol, isIsolated=isIsolated, **params)

    def get_all_margin_orders(
        self, *, symbol: str = NEEDED, isIsolated: str | None = None, **params: Any
    ) -> Array:
        """All margin orders of a symbol."""
        return self._array("get_all_margin_orders", symbol=symbol, isIsolated=isIsolated, **params)

    def get_margin_trades(
        self, *, symbol: str = NEEDED, isIsolated: str | None = None, **params: Any
    ) -> Array:
        """The account's margin trades of a symbol."""
        return self._array("get_margin_trades", symbol=symbol, isIsolated=isIsolated, **params)

    def get_max_margin_loan(
        self, *, asset: str = NEEDED, isolatedSymbol: str | None = None, **params: Any
    ) -> Object:
        """``{"amount", "borrowLimit"}``."""
        return self._object(
            "get_max_margin_loan", asset=asset, isolatedSymbol=isolatedSymbol, **params
        )

    def get_max_margin_transfer(
        self, *, asset: str = NEEDED, isolatedSymbol: str | None = None, **params: Any
    ) -> Object:
        """``{"amount"}``."""
        return self._object(
            "get_max_margin_transfer", asset=asset, isolatedSymbol=isolatedSymbol, **params
        )

    # what came since

    def get_margin_all_assets(self, *, asset: str | None = None, **params: Any) -> Array:
        """The assets of margin."""
        return self._array("get_margin_all_assets", asset=asset, **params)

    def get_margin_all_pairs(self, *, symbol: str | None = None, **params: Any) -> Array:
        """The symbols of cross margin."""
        return self._array("get_margin_all_pairs", symbol=symbol, **params)

    def margin_borrow_repay(
        self,
        *,
        asset: str,
        amount: Number,
        type: str,
        isIsolated: str = "FALSE",
        symbol: str | None = None,
        **params: Any,
    ) -> Object:
        """Borrows or repays: ``{"tranId"}``.

        :param type: ``BORROW`` or ``REPAY``
        :param symbol: for isolated margin
        """
        return self._object(
            "margin_borrow_repay",
            asset=asset,
            amount=amount,
            type=type,
            isIsolated=isIsolated,
            symbol=symbol,
            **params,
        )

    def get_margin_borrow_repay_records(self, *, type: str, **params: Any) -> Object:
        """Loans or repayments: ``{"rows", "total"}``.

        :param type: ``BORROW`` or ``REPAY``
        """
        return self._object("get_margin_borrow_repay_records", type=type, **params)

    def get_margin_interest_history(self, **params: Any) -> Object:
        """Interest that accrued."""
        return self._object("get_margin_interest_history", **params)

    def get_margin_transfer_history(self, **params: Any) -> Object:
        """Transfers into and out of cross margin."""
        return self._object("get_margin_transfer_history", **params)

    def get_margin_force_liquidation_records(self, **params: Any) -> Object:
        """Liquidations."""
        return self._object("get_margin_force_liquidation_records", **params)

    def cancel_all_open_margin_orders(
        self, *, symbol: str, isIsolated: str | None = None, **params: Any
    ) -> Array:
        """Cancels all open margin orders of a symbol."""
        return self._array(
            "cancel_all_open_margin_orders", symbol=symbol, isIsolated=isIsolated, **params
        )

    def enable_isolated_margin_account(self, *, symbol: str, **params: Any) -> Object:
        """Enables the isolated margin account of a symbol: ``{"success", "symbol"}``."""
        return self._object("enable_isolated_margin_account", symbol=symbol, **params)

    def disable_isolated_margin_account(self, *, symbol: str, **params: Any) -> Object:
        """Disables the isolated margin account of a symbol."""
        return self._object("disable_isolated_margin_account", symbol=symbol, **params)

    def get_isolated_margin_account_limit(self, **params: Any) -> Object:
        """``{"enabledAccount", "maxAccount"}``."""
        return self._object("get_isolated_margin_account_limit", **params)

    def create_margin_oco_order(
        self,
        *,
        symbol: str,
        side: str,
        quantity: Number,
        price: Number,
        stopPrice: Number,
        isIsolated: str | None = None,
        **params: Any,
    ) -> Object:
        """One cancels the other, on margin."""
        return self._object(
            "create_margin_oco_order",
            symbol=symbol,
            side=side,
            quantity=quantity,
            price=price,
            stopPrice=stopPrice,
            isIsolated=isIsolated,
            **params,
        )

    def cancel_margin_oco_order(self, *, symbol: str, **params: Any) -> Object:
        """Cancels an order list; ``orderListId`` or ``listClientOrderId``."""
        return self._object("cancel_margin_oco_order", symbol=symbol, **params)

    def get_margin_oco_order(self, **params: Any) -> Object:
        """One order list; ``orderListId`` or ``origClientOrderId``."""
        return self._object("get_margin_oco_order", **params)

    def get_open_margin_oco_orders(self, **params: Any) -> Array:
        """The open order lists."""
        return self._array("get_open_margin_oco_orders", **params)

    # user streams

    def margin_create_listen_token(
        self,
        *,
        isIsolated: bool | None = None,
        symbol: str | None = None,
        validity: int | None = None,
        **params: Any,
    ) -> Object:
        """A token for the margin account's user data on the WebSocket API.

        :param symbol: of an isolated margin account
        :param validity: ms, 24 hours at most
        :returns: ``{"token", "expirationTime"}``, the time in ms
        """
        return self._object(
            "margin_create_listen_token",
            isIsolated=isIsolated,
            symbol=symbol,
            validity=validity,
            **params,
        )

    def margin_stream_get_listen_key(self) -> str:
        """Retired: use `BinanceSocketManager.start_margin_socket`."""
        return str(self._object("margin_stream_get_listen_key"))

    def margin_stream_keepalive(self, listenKey: str) -> Object:
        """Retired: use `BinanceSocketManager.start_margin_socket`."""
        return self._object("margin_stream_keepalive", listenKey=listenKey)

    def margin_stream_close(self, listenKey: str) -> Object:
        """Retired: use `BinanceSocketManager.start_margin_socket`."""
        return self._object("margin_stream_close", listenKey=listenKey)

    def isolated_margin_stream_get_listen_key(self, symbol: str) -> str:
        """Retired: use `BinanceSocketManager.start_isolated_margin_socket`."""
        return str(self._object("isolated_margin_stream_get_listen_key", symbol=symbol))

    def isolated_margin_stream_keepalive(self, symbol: str, listenKey: str) -> Object:
        """Retired: use `BinanceSocketManager.start_isolated_margin_socket`."""
        return self._object("isolated_margin_stream_keepalive", symbol=symbol, listenKey=listenKey)

    def isolated_margin_stream_close(self, symbol: str, listenKey: str) -> Object:
        """Retired: use `BinanceSocketManager.start_isolated_margin_socket`."""
        return self._object("isolated_margin_stream_close", symbol=symbol, listenKey=listenKey)

    def margin_risk_stream_get_listen_key(self) -> str:
        """A listen key for margin risk events (``wss://margin-stream.binance.com``)."""
        return str(self._object("margin_risk_stream_get_listen_key")["listenKey"])

    def margin_risk_stream_keepalive(self, listenKey: str) -> Object:
        """Keeps that listen key valid for 60 minutes more."""
        return self._object("margin_risk_stream_keepalive", listenKey=listenKey)

    def margin_risk_stream_close(self, listenKey: str) -> Object:
        """Ends that listen key, for everybody who uses it."""
        return self._object("margin_risk_stream_close", listenKey=listenKey)
