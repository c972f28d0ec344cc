"""Generated from `methods.txt` by `docs/rest_methods.py`: change it there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from binance.rest.calls import NEEDED, Calls
from binance.rest.route_methods import by_signature

# What the exchange calls objects and arrays.
Object = dict[str, Any]
Array = list[Any]
Number = str | float | Decimal


class Market(Calls):
    """Spot market data."""

    @by_signature
    def get_exchange_info(
        self,
        *,
        symbol: str | None = None,
        symbols: list[str] | None = None,
        permissions: str | list[str] | None = None,
        **params: Any,
    ) -> Object:
        """Trading rules and symbols: ``timezone serverTime rateLimits exchangeFilters symbols``."""

    @by_signature
    def get_execution_rules(
        self, *, symbol: str | None = None, symbols: list[str] | None = None, **params: Any
    ) -> Object:
        """The price ranges within which orders of each symbol are executed: ``symbolRules``."""

    @by_signature
    def get_order_book(
        self, *, symbol: str = NEEDED, limit: int | None = None, **params: Any
    ) -> Object:
        """A snapshot of the book: ``{"lastUpdateId", "bids": [[price, quantity]], "asks"}``.

        :param limit: levels a side, 1 to 5000 (100 by default); more cost more weight
        """

    @by_signature
    def get_recent_trades(
        self, *, symbol: str = NEEDED, limit: int | None = None, **params: Any
    ) -> Array:
        """The last trades, oldest first: ``[{id price qty quoteQty time isBuyerMaker ..}]``.

        :param limit: 1 to 1000 (500 by default)
        """

    @by_signature
    def get_historical_trades(
        self,
        *,
        symbol: str = NEEDED,
        limit: int | None = None,
        fromId: int | None = None,
        **params: Any,
    ) -> Array:
        """Older trades, as `get_recent_trades` has them.

        :param fromId: the first trade id wanted; the most recent trades by default
        """

    @by_signature
    def get_historical_block_trades(
        self,
        *,
        symbol: str = NEEDED,
        limit: int | None = None,
        fromId: int | None = None,
        **params: Any,
    ) -> Array:
        """Block trades, oldest first."""

    @by_signature
    def get_aggregate_trades(
        self,
        *,
        symbol: str = NEEDED,
        fromId: int | None = None,
        startTime: int | None = None,
        endTime: int | None = None,
        limit: int | None = None,
        **params: Any,
    ) -> Array:
        """Trades of one taker order at one price, summed: ``[{a p q f l T m M}]``.

        :param fromId: first aggregate id wanted
        :param startTime: ms, inclusive
        :param endTime: ms, inclusive
        """

    @by_signature
    def get_klines(
        self,
        *,
        symbol: str = NEEDED,
        interval: str = NEEDED,
        startTime: int | None = None,
        endTime: int | None = None,
        timeZone: str | None = None,
        limit: int | None = None,
        **params: Any,
    ) -> Array:
        """Candles, oldest first: ``[[open time, open, high, low, close, volume, close time, quote
        volume, trades, taker base volume, taker quote volume, unused]]``.

        :param interval: ``1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M``
        :param limit: 1 to 1000 (500 by default)
        """

    @by_signature
    def get_ui_klines(self, *, symbol: str, interval: str, **params: Any) -> Array:
        """Candles as `get_klines` has them, smoothed by the exchange for charts."""

    @by_signature
    def get_avg_price(self, *, symbol: str = NEEDED, **params: Any) -> Object:
        """The average price of the last minutes: ``{"mins", "price", "closeTime"}``."""

    @by_signature
    def get_ticker(
        self, *, symbol: str | None = None, symbols: list[str] | None = None, **params: Any
    ) -> Any:
        """Statistics of the last 24 hours: an object for one symbol, else a list."""

    @by_signature
    def get_symbol_ticker(
        self, *, symbol: str | None = None, symbols: list[str] | None = None, **params: Any
    ) -> Any:
        """The last price: ``{"symbol", "price"}`` for one symbol, else a list of them."""

    @by_signature
    def get_orderbook_ticker(
        self, *, symbol: str | None = None, symbols: list[str] | None = None, **params: Any
    ) -> Any:
        """Best bid and ask: an object for one symbol, else a list of them."""

    @by_signature
    def get_rolling_ticker(
        self,
        *,
        symbol: str | None = None,
        symbols: list[str] | None = None,
        windowSize: str | None = None,
        **params: Any,
    ) -> Any:
        """Statistics of a rolling window (``1m`` to ``59m``, ``1h`` to ``23h``, ``1d`` to
        ``7d``; ``1d`` by default): an object for one symbol, else a list.
        """

    @by_signature
    def get_trading_day_ticker(
        self, *, symbol: str | None = None, symbols: list[str] | None = None, **params: Any
    ) -> Any:
        """Statistics since midnight of the trading day (``timeZone``, UTC by default)."""

    @by_signature
    def get_reference_price(self, *, symbol: str, **params: Any) -> Object:
        """The reference price: ``{"symbol", "referencePrice", "timestamp"}``; may be null."""

    @by_signature
    def get_reference_price_calculation(self, *, symbol: str, **params: Any) -> Object:
        """How a symbol's reference price is calculated."""


class Orders(Calls):
    """Spot orders and order lists."""

    @by_signature
    def create_order(
        self,
        *,
        symbol: str = NEEDED,
        side: str = NEEDED,
        type: str = NEEDED,
        timeInForce: str | None = None,
        quantity: Number | None = None,
        quoteOrderQty: Number | None = None,
        price: Number | None = None,
        newClientOrderId: str | None = None,
        stopPrice: Number | None = None,
        trailingDelta: int | None = None,
        icebergQty: Number | None = None,
        newOrderRespType: str | None = None,
        **params: Any,
    ) -> Object:
        """Sends in a new order.

        :param side: ``BUY`` or ``SELL``
        :param type: ``LIMIT MARKET STOP_LOSS STOP_LOSS_LIMIT TAKE_PROFIT TAKE_PROFIT_LIMIT
            LIMIT_MAKER``
        :param timeInForce: ``GTC IOC FOK``; LIMIT orders need it
        :param quoteOrderQty: for a MARKET order, how much of the quote asset to spend or receive
        :param newOrderRespType: ``ACK RESULT FULL``
        :returns: ``symbol orderId clientOrderId transactTime`` and, by the response type, ``price
            origQty executedQty cummulativeQuoteQty status timeInForce type side fills``
        :raises OrderStatusUnknown: no reply came, and no answer about the order's fate either
        """

    @by_signature
    def create_test_order(self, **params: Any) -> Object:
        """Has an order checked, parameters as of `create_order`, and not placed: ``{}``."""

    @by_signature
    def get_order(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        origClientOrderId: str | None = None,
        **params: Any,
    ) -> Object:
        """One order, by the exchange's id or by yours."""

    @by_signature
    def get_all_orders(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        startTime: int | None = None,
        endTime: int | None = None,
        limit: int | None = None,
        **params: Any,
    ) -> Array:
        """All orders of a symbol, living or done, oldest first.

        :param orderId: the first order id wanted
        :param limit: 1 to 1000 (500 by default)
        """

    @by_signature
    def cancel_order(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        origClientOrderId: str | None = None,
        newClientOrderId: str | None = None,
        **params: Any,
    ) -> Object:
        """Cancels one order, by the exchange's id or by yours."""

    @by_signature
    def get_open_orders(self, *, symbol: str | None = None, **params: Any) -> Array:
        """The open orders of a symbol, or, at 13 times the weight, of all symbols."""

    @by_signature
    def cancel_all_open_orders(self, *, symbol: str, **params: Any) -> Array:
        """Cancels all open orders of a symbol, order lists included."""

    @by_signature
    def cancel_replace_order(
        self, *, symbol: str, side: str, type: str, cancelReplaceMode: str, **params: Any
    ) -> Object:
        """Cancels an order and sends in another.

        :param cancelReplaceMode: ``STOP_ON_FAILURE`` or ``ALLOW_FAILURE``
        :param params: ``cancelOrderId`` or ``cancelOrigClientOrderId``, and the new order's
        :returns: ``cancelResult newOrderResult cancelResponse newOrderResponse``
        :raises BinanceAPIException: code -2021: one of the two was done, and
            ``error.response.json()["data"]`` says which
        :raises OrderStatusUnknown: no reply came: ask by its id for the new order, and for the old
        """

    @by_signature
    def amend_order_keep_priority(self, *, symbol: str, newQty: Number, **params: Any) -> Object:
        """Reduces an order's quantity; it keeps its place in the queue.

        :param params: ``orderId`` or ``origClientOrderId``
        """

    @by_signature
    def get_order_amendments(self, *, symbol: str, orderId: int, **params: Any) -> Array:
        """All amendments of one order."""

    @by_signature
    def create_sor_order(
        self, *, symbol: str, side: str, type: str, quantity: Number, **params: Any
    ) -> Object:
        """Sends in an order with smart order routing; LIMIT or MARKET, not ``quoteOrderQty``."""

    @by_signature
    def create_test_sor_order(self, **params: Any) -> Object:
        """Has an order with smart order routing checked, and not placed."""

    @by_signature
    def create_order_list_oco(
        self,
        *,
        symbol: str,
        side: str,
        quantity: Number,
        aboveType: str,
        belowType: str,
        listClientOrderId: str | None = None,
        abovePrice: Number | None = None,
        aboveStopPrice: Number | None = None,
        aboveTimeInForce: str | None = None,
        belowPrice: Number | None = None,
        belowStopPrice: Number | None = None,
        belowTimeInForce: str | None = None,
        **params: Any,
    ) -> Object:
        """One cancels the other: an order above the market's price and one below.

        :param aboveType: ``STOP_LOSS_LIMIT STOP_LOSS LIMIT_MAKER TAKE_PROFIT TAKE_PROFIT_LIMIT``
        :param belowType: the same; one of the two is a STOP_LOSS(_LIMIT), the other is not
        :returns: ``orderListId contingencyType listStatusType listOrderStatus listClientOrderId
            transactionTime symbol orders orderReports``
        """

    @by_signature
    def create_order_list_oto(
        self,
        *,
        symbol: str,
        workingType: str,
        workingSide: str,
        workingPrice: Number,
        workingQuantity: Number,
        pendingType: str,
        pendingSide: str,
        pendingQuantity: Number,
        **params: Any,
    ) -> Object:
        """One triggers the other: the pending order is placed when the working one has filled.

        :param workingType: ``LIMIT`` or ``LIMIT_MAKER``
        """

    @by_signature
    def create_order_list_otoco(
        self,
        *,
        symbol: str,
        workingType: str,
        workingSide: str,
        workingPrice: Number,
        workingQuantity: Number,
        pendingSide: str,
        pendingQuantity: Number,
        pendingAboveType: str,
        **params: Any,
    ) -> Object:
        """One triggers an OCO pair, which is placed when the working order has filled."""

    @by_signature
    def create_order_list_opo(
        self,
        *,
        symbol: str,
        workingType: str,
        workingSide: str,
        workingPrice: Number,
        workingQuantity: Number,
        pendingType: str,
        pendingSide: str,
        **params: Any,
    ) -> Object:
        """One pays for the other: an OTO whose pending order is for what the working one got."""

    @by_signature
    def create_order_list_opoco(
        self,
        *,
        symbol: str,
        workingType: str,
        workingSide: str,
        workingPrice: Number,
        workingQuantity: Number,
        pendingSide: str,
        pendingAboveType: str,
        **params: Any,
    ) -> Object:
        """One pays for an OCO pair: an OTOCO whose pair is for what the working order got."""

    @by_signature
    def cancel_order_list(
        self,
        *,
        symbol: str,
        orderListId: int | None = None,
        listClientOrderId: str | None = None,
        **params: Any,
    ) -> Object:
        """Cancels an order list whole."""

    @by_signature
    def get_order_list(
        self, *, orderListId: int | None = None, origClientOrderId: str | None = None, **params: Any
    ) -> Object:
        """One order list.

        :param origClientOrderId: its ``listClientOrderId``
        """

    @by_signature
    def get_all_order_lists(self, **params: Any) -> Array:
        """All order lists; ``fromId``, or ``startTime`` and ``endTime``, and ``limit``."""

    @by_signature
    def get_open_order_lists(self, **params: Any) -> Array:
        """The open order lists."""


class Account(Calls):
    """The spot account."""

    @by_signature
    def get_account(self, *, omitZeroBalances: bool | None = None, **params: Any) -> Object:
        """The account: ``balances`` (``[{asset free locked}]``), commissions, permissions."""

    @by_signature
    def get_my_trades(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        startTime: int | None = None,
        endTime: int | None = None,
        fromId: int | None = None,
        limit: int | None = None,
        **params: Any,
    ) -> Array:
        """The account's trades of a symbol, oldest first.

        :param fromId: the first trade id wanted; the most recent by default
        """

    @by_signature
    def get_order_rate_limits(self, **params: Any) -> Array:
        """How many orders were placed in each interval that the exchange limits."""

    @by_signature
    def get_prevented_matches(self, *, symbol: str, **params: Any) -> Array:
        """Matches prevented because both sides were the account's own."""

    @by_signature
    def get_allocations(self, *, symbol: str, **params: Any) -> Array:
        """Allocations that smart order routing made."""

    @by_signature
    def get_account_commission(self, *, symbol: str, **params: Any) -> Object:
        """The account's commission rates on a symbol."""

    @by_signature
    def get_account_filters(self, *, symbol: str, **params: Any) -> Object:
        """The filters that hold for this account on a symbol."""


class Wallet(Calls):
    """Deposits, withdrawals, transfers, dust."""

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


class Margin(Calls):
    """Margin accounts, loans and orders."""

    @by_signature
    def get_margin_account(self, **params: Any) -> Object:
        """The cross margin account: ``marginLevel``, totals in BTC, ``userAssets``."""

    @by_signature
    def get_isolated_margin_account(self, *, symbols: str | None = None, **params: Any) -> Object:
        """Isolated margin accounts: ``assets``, and totals in BTC unless symbols are given.

        :param symbols: up to five, separated by commas
        """

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


class Futures(Calls):
    """USD-M futures."""

    @by_signature
    def futures_order_book(
        self, *, symbol: str = NEEDED, limit: int | None = None, **params: Any
    ) -> Object:
        """A snapshot of the book: ``{lastUpdateId E T bids asks}``.

        :param limit: levels a side: 5, 10, 20, 50, 100, 500 (default) or 1000
        """

    @by_signature
    def futures_rpi_depth(self, *, symbol: str, limit: int | None = None, **params: Any) -> Object:
        """A snapshot with the orders of retail price improvement: ``{lastUpdateId E T bids asks}``.

        :param limit: levels a side: 1000, the default, alone
        """

    @by_signature
    def futures_recent_trades(
        self, *, symbol: str = NEEDED, limit: int | None = None, **params: Any
    ) -> Array:
        """The last trades, oldest first."""

    @by_signature
    def futures_historical_trades(
        self,
        *,
        symbol: str = NEEDED,
        limit: int | None = None,
        fromId: int | None = None,
        **params: Any,
    ) -> Array:
        """Older trades; needs an API key."""

    @by_signature
    def futures_aggregate_trades(
        self,
        *,
        symbol: str = NEEDED,
        fromId: int | None = None,
        startTime: int | None = None,
        endTime: int | None = None,
        limit: int | None = None,
        **params: Any,
    ) -> Array:
        """Aggregate trades: ``[{a p q f l T m}]``."""

    @by_signature
    def futures_klines(
        self,
        *,
        symbol: str = NEEDED,
        interval: str = NEEDED,
        startTime: int | None = None,
        endTime: int | None = None,
        limit: int | None = None,
        **params: Any,
    ) -> Array:
        """Candles, as of `get_klines`; 1500 a call at most."""

    @by_signature
    def futures_continous_klines(
        self,
        *,
        pair: str = NEEDED,
        contractType: str = NEEDED,
        interval: str = NEEDED,
        **params: Any,
    ) -> Array:
        """Candles of a contract type. (The old library's spelling.)

        :param contractType: ``PERPETUAL``, ``CURRENT_QUARTER``, ``NEXT_QUARTER`` ..
        """

    @by_signature
    def futures_index_price_klines(self, *, pair: str, interval: str, **params: Any) -> Array:
        """Candles of a pair's index price."""

    @by_signature
    def futures_mark_price_klines(self, *, symbol: str, interval: str, **params: Any) -> Array:
        """Candles of a symbol's mark price."""

    @by_signature
    def futures_premium_index_klines(self, *, symbol: str, interval: str, **params: Any) -> Array:
        """Candles of a symbol's premium index."""

    @by_signature
    def futures_mark_price(self, *, symbol: str | None = None, **params: Any) -> Any:
        """Mark price and funding: an object for one symbol, else a list."""

    @by_signature
    def futures_funding_rate(self, *, symbol: str | None = None, **params: Any) -> Array:
        """Past funding rates."""

    @by_signature
    def futures_ticker(self, *, symbol: str | None = None, **params: Any) -> Any:
        """Statistics of the last 24 hours: an object for one symbol, else a list."""

    @by_signature
    def futures_symbol_ticker(self, *, symbol: str | None = None, **params: Any) -> Any:
        """The last price: an object for one symbol, else a list. See also
        `futures_symbol_ticker_v2`.
        """

    @by_signature
    def futures_symbol_ticker_v2(self, *, symbol: str | None = None, **params: Any) -> Any:
        """The last price: an object for one symbol, else a list."""

    @by_signature
    def futures_orderbook_ticker(self, *, symbol: str | None = None, **params: Any) -> Any:
        """Best bid and ask: an object for one symbol, else a list."""

    @by_signature
    def futures_open_interest(self, *, symbol: str = NEEDED, **params: Any) -> Object:
        """``{"openInterest", "symbol", "time"}``."""

    @by_signature
    def futures_open_interest_hist(
        self, *, symbol: str = NEEDED, period: str = NEEDED, **params: Any
    ) -> Array:
        """Past open interest.

        :param period: ``5m 15m 30m 1h 2h 4h 6h 12h 1d``
        """

    @by_signature
    def futures_leverage_bracket(self, *, symbol: str | None = None, **params: Any) -> Any:
        """Notional and leverage brackets."""

    @by_signature
    def futures_create_order(
        self,
        *,
        symbol: str = NEEDED,
        side: str = NEEDED,
        type: str = NEEDED,
        positionSide: str | None = None,
        timeInForce: str | None = None,
        quantity: Number | None = None,
        price: Number | None = None,
        reduceOnly: str | bool | None = None,
        newClientOrderId: str | None = None,
        newOrderRespType: str | None = None,
        **params: Any,
    ) -> Object:
        """Sends in an order; its fate is settled as of `create_order`.

        :param type: ``LIMIT``, ``MARKET``, or a type of `futures_create_algo_order`: then that is
            called, with ``stopPrice`` as ``triggerPrice``, and its answer has ``algoId``, because
            this endpoint refuses conditional orders (-4120)
        """

    @by_signature
    def futures_create_test_order(self, **params: Any) -> Object:
        """Has an order checked, and not placed."""

    @by_signature
    def futures_modify_order(
        self, *, symbol: str, side: str, quantity: Number, price: Number, **params: Any
    ) -> Object:
        """Changes a limit order; ``orderId`` or ``origClientOrderId``."""

    @by_signature
    def futures_place_batch_order(self, *, batchOrders: list[Object] | str, **params: Any) -> Array:
        """Sends in up to five orders. Their fate is not asked for when the reply is lost: give
        each a ``newClientOrderId`` and ask with `futures_get_order`.
        """

    @by_signature
    def futures_get_order(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        origClientOrderId: str | None = None,
        **params: Any,
    ) -> Object:
        """One order, by the exchange's id or by yours."""

    @by_signature
    def futures_get_open_order(self, *, symbol: str, **params: Any) -> Object:
        """One open order; ``orderId`` or ``origClientOrderId``."""

    @by_signature
    def futures_get_open_orders(self, *, symbol: str | None = None, **params: Any) -> Array:
        """The open orders of a symbol, or, at 40 times the weight, of all."""

    @by_signature
    def futures_get_all_orders(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        startTime: int | None = None,
        endTime: int | None = None,
        limit: int | None = None,
        **params: Any,
    ) -> Array:
        """All orders of a symbol, oldest first."""

    @by_signature
    def futures_cancel_order(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        origClientOrderId: str | None = None,
        **params: Any,
    ) -> Object:
        """Cancels one order."""

    @by_signature
    def futures_cancel_all_open_orders(self, *, symbol: str = NEEDED, **params: Any) -> Object:
        """Cancels all open orders of a symbol."""

    @by_signature
    def futures_cancel_orders(
        self,
        *,
        symbol: str = NEEDED,
        orderIdList: list[int] | str | None = None,
        origClientOrderIdList: list[str] | str | None = None,
        **params: Any,
    ) -> Array:
        """Cancels up to ten orders of a symbol."""

    @by_signature
    def futures_countdown_cancel_all(
        self, *, symbol: str, countdownTime: int, **params: Any
    ) -> Object:
        """Cancels all open orders of a symbol unless called again within `countdownTime` ms;
        0 switches that off.
        """

    @by_signature
    def futures_create_algo_order(
        self,
        *,
        symbol: str,
        side: str,
        type: str,
        algoType: str = "CONDITIONAL",
        quantity: Number | None = None,
        price: Number | None = None,
        triggerPrice: Number | None = None,
        clientAlgoId: str | None = None,
        **params: Any,
    ) -> Object:
        """Sends in a conditional order.

        :param type: ``STOP STOP_MARKET TAKE_PROFIT TAKE_PROFIT_MARKET TRAILING_STOP_MARKET``
        """

    @by_signature
    def futures_get_algo_order(
        self, *, algoId: int | None = None, clientAlgoId: str | None = None, **params: Any
    ) -> Object:
        """One conditional order."""

    @by_signature
    def futures_cancel_algo_order(
        self, *, algoId: int | None = None, clientAlgoId: str | None = None, **params: Any
    ) -> Object:
        """Cancels one conditional order."""

    @by_signature
    def futures_get_open_algo_orders(self, *, symbol: str | None = None, **params: Any) -> Array:
        """The open conditional orders."""

    @by_signature
    def futures_account_balance_v2(self, **params: Any) -> Array:
        """Balances, one object for each asset."""

    @by_signature
    def futures_account_balance_v3(self, **params: Any) -> Array:
        """Balances, one object for each asset."""

    @by_signature
    def futures_account(self, **params: Any) -> Object:
        """The account with ``assets`` and ``positions``."""

    @by_signature
    def futures_account_v3(self, **params: Any) -> Object:
        """The account with the ``assets`` and ``positions`` that are not empty."""

    @by_signature
    def futures_change_leverage(
        self, *, symbol: str = NEEDED, leverage: int = NEEDED, **params: Any
    ) -> Object:
        """Sets a symbol's leverage, 1 to 125."""

    @by_signature
    def futures_change_margin_type(
        self, *, symbol: str = NEEDED, marginType: str = NEEDED, **params: Any
    ) -> Object:
        """Sets a symbol's margin type, ``ISOLATED`` or ``CROSSED``."""

    @by_signature
    def futures_change_position_margin(
        self, *, symbol: str = NEEDED, amount: Number = NEEDED, type: int = NEEDED, **params: Any
    ) -> Object:
        """Adds to (``type`` 1) or takes from (2) an isolated position's margin."""

    @by_signature
    def futures_position_margin_history(self, *, symbol: str = NEEDED, **params: Any) -> Array:
        """Changes of a position's margin."""

    @by_signature
    def futures_position_information(self, *, symbol: str | None = None, **params: Any) -> Array:
        """Positions, those of size 0 included."""

    @by_signature
    def futures_position_information_v3(self, *, symbol: str | None = None, **params: Any) -> Array:
        """Positions that are open or have open orders."""

    @by_signature
    def futures_account_trades(self, *, symbol: str = NEEDED, **params: Any) -> Array:
        """The account's trades of a symbol."""

    @by_signature
    def futures_income_history(self, **params: Any) -> Array:
        """Transfers, profits, fees, funding: ``symbol incomeType startTime endTime limit``."""

    @by_signature
    def futures_force_orders(self, *, symbol: str | None = None, **params: Any) -> Array:
        """The account's own liquidations."""

    @by_signature
    def futures_commission_rate(self, *, symbol: str, **params: Any) -> Object:
        """The account's commission rates on a symbol."""

    @by_signature
    def futures_change_position_mode(
        self, *, dualSidePosition: str | bool = NEEDED, **params: Any
    ) -> Object:
        """Hedge mode (``"true"``) or one-way mode (``"false"``)."""

    @by_signature
    def futures_get_position_mode(self, **params: Any) -> Object:
        """``{"dualSidePosition": true}`` in hedge mode."""
