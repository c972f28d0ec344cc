"""Margin: cross and isolated."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from binance.rest.calls import NEEDED, Calls
from binance.rest.route_methods import by_route, by_signature

Object = dict[str, Any]
Array = list[Any]
Number = str | float | Decimal


class MarginMethods(Calls):
    """Source: https://developers.binance.com/docs/margin_trading

    ``isIsolated`` is ``"TRUE"`` or ``"FALSE"``, a text, as the exchange has it.
    """

    @by_signature
    def get_margin_account(self, **params: Any) -> Object:
        """The cross margin account: ``marginLevel``, totals in BTC, ``userAssets``."""

    @by_signature
    def get_isolated_margin_account(self, *, symbols: str | None = None, **params: Any) -> Object:
        """Isolated margin accounts: ``assets``, and totals in BTC unless symbols are given.

        :param symbols: up to five, separated by commas
        """

    get_margin_asset = by_route()
    get_margin_symbol = by_route()
    create_isolated_margin_account = by_route()
    get_isolated_margin_symbol = by_route()

    @by_signature
    def get_all_isolated_margin_symbols(self, *, symbol: str | None = None, **params: Any) -> Array:
        """The symbols of isolated margin."""

    @by_signature
    def toggle_bnb_burn_spot_margin(
        self, *, spotBNBBurn: str | None = None, interestBNBBurn: str | None = None, **params: Any
    ) -> Object:
        """Whether fees and interest are paid in BNB; each ``"true"`` or ``"false"``."""

    @by_signature
    def get_bnb_burn_spot_margin(self, **params: Any) -> Object:
        """``{"spotBNBBurn", "interestBNBBurn"}``."""

    @by_signature
    def get_margin_price_index(self, *, symbol: str = NEEDED, **params: Any) -> Object:
        """``{"calcTime", "price", "symbol"}``."""

    transfer_margin_to_spot = by_route()
    transfer_spot_to_margin = by_route()
    transfer_isolated_margin_to_spot = by_route()
    transfer_spot_to_isolated_margin = by_route()
    create_margin_loan = by_route()
    repay_margin_loan = by_route()

    @by_signature
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

    @by_signature
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

    get_margin_loan_details = by_route()
    get_margin_repay_details = by_route()

    @by_signature
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

    @by_signature
    def get_open_margin_orders(
        self, *, symbol: str | None = None, isIsolated: str | None = None, **params: Any
    ) -> Array:
        """The open margin orders; isolated ones need their symbol."""

    @by_signature
    def get_all_margin_orders(
        self, *, symbol: str = NEEDED, isIsolated: str | None = None, **params: Any
    ) -> Array:
        """All margin orders of a symbol."""

    @by_signature
    def get_margin_trades(
        self, *, symbol: str = NEEDED, isIsolated: str | None = None, **params: Any
    ) -> Array:
        """The account's margin trades of a symbol."""

    @by_signature
    def get_max_margin_loan(
        self, *, asset: str = NEEDED, isolatedSymbol: str | None = None, **params: Any
    ) -> Object:
        """``{"amount", "borrowLimit"}``."""

    @by_signature
    def get_max_margin_transfer(
        self, *, asset: str = NEEDED, isolatedSymbol: str | None = None, **params: Any
    ) -> Object:
        """``{"amount"}``."""

    # what came since

    @by_signature
    def get_margin_all_assets(self, *, asset: str | None = None, **params: Any) -> Array:
        """The assets of margin."""

    @by_signature
    def get_margin_all_pairs(self, *, symbol: str | None = None, **params: Any) -> Array:
        """The symbols of cross margin."""

    @by_signature
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

    @by_signature
    def get_margin_borrow_repay_records(self, *, type: str, **params: Any) -> Object:
        """Loans or repayments: ``{"rows", "total"}``.

        :param type: ``BORROW`` or ``REPAY``
        """

    @by_signature
    def get_margin_interest_history(self, **params: Any) -> Object:
        """Interest that accrued."""

    @by_signature
    def get_margin_transfer_history(self, **params: Any) -> Object:
        """Transfers into and out of cross margin."""

    @by_signature
    def get_margin_force_liquidation_records(self, **params: Any) -> Object:
        """Liquidations."""

    @by_signature
    def cancel_all_open_margin_orders(
        self, *, symbol: str, isIsolated: str | None = None, **params: Any
    ) -> Array:
        """Cancels all open margin orders of a symbol."""

    @by_signature
    def enable_isolated_margin_account(self, *, symbol: str, **params: Any) -> Object:
        """Enables the isolated margin account of a symbol: ``{"success", "symbol"}``."""

    @by_signature
    def disable_isolated_margin_account(self, *, symbol: str, **params: Any) -> Object:
        """Disables the isolated margin account of a symbol."""

    @by_signature
    def get_isolated_margin_account_limit(self, **params: Any) -> Object:
        """``{"enabledAccount", "maxAccount"}``."""

    @by_signature
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

    @by_signature
    def cancel_margin_oco_order(self, *, symbol: str, **params: Any) -> Object:
        """Cancels an order list; ``orderListId`` or ``listClientOrderId``."""

    @by_signature
    def get_margin_oco_order(self, **params: Any) -> Object:
        """One order list; ``orderListId`` or ``origClientOrderId``."""

    @by_signature
    def get_open_margin_oco_orders(self, **params: Any) -> Array:
        """The open order lists."""

    # user streams

    @by_signature
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
