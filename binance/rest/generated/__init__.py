"""Generated from `methods.txt` by `docs/rest_methods.py`: change it there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from binance import enums
from binance.rest.calls import Calls
from binance.rest.route_methods import NEEDED, by_signature

# What the exchange calls objects and arrays.
Object = dict[str, Any]
Array = list[Any]
Number = str | float | Decimal


class Constants:
    """What the old library offered on the class: ``Client.KLINE_INTERVAL_1MINUTE`` and so on."""

    # of binance.enums
    SYMBOL_TYPE_SPOT = enums.SYMBOL_TYPE_SPOT
    ORDER_STATUS_NEW = enums.ORDER_STATUS_NEW
    ORDER_STATUS_PARTIALLY_FILLED = enums.ORDER_STATUS_PARTIALLY_FILLED
    ORDER_STATUS_FILLED = enums.ORDER_STATUS_FILLED
    ORDER_STATUS_CANCELED = enums.ORDER_STATUS_CANCELED
    ORDER_STATUS_PENDING_CANCEL = enums.ORDER_STATUS_PENDING_CANCEL
    ORDER_STATUS_REJECTED = enums.ORDER_STATUS_REJECTED
    ORDER_STATUS_EXPIRED = enums.ORDER_STATUS_EXPIRED
    KLINE_INTERVAL_1SECOND = enums.KLINE_INTERVAL_1SECOND
    KLINE_INTERVAL_1MINUTE = enums.KLINE_INTERVAL_1MINUTE
    KLINE_INTERVAL_3MINUTE = enums.KLINE_INTERVAL_3MINUTE
    KLINE_INTERVAL_5MINUTE = enums.KLINE_INTERVAL_5MINUTE
    KLINE_INTERVAL_15MINUTE = enums.KLINE_INTERVAL_15MINUTE
    KLINE_INTERVAL_30MINUTE = enums.KLINE_INTERVAL_30MINUTE
    KLINE_INTERVAL_1HOUR = enums.KLINE_INTERVAL_1HOUR
    KLINE_INTERVAL_2HOUR = enums.KLINE_INTERVAL_2HOUR
    KLINE_INTERVAL_4HOUR = enums.KLINE_INTERVAL_4HOUR
    KLINE_INTERVAL_6HOUR = enums.KLINE_INTERVAL_6HOUR
    KLINE_INTERVAL_8HOUR = enums.KLINE_INTERVAL_8HOUR
    KLINE_INTERVAL_12HOUR = enums.KLINE_INTERVAL_12HOUR
    KLINE_INTERVAL_1DAY = enums.KLINE_INTERVAL_1DAY
    KLINE_INTERVAL_3DAY = enums.KLINE_INTERVAL_3DAY
    KLINE_INTERVAL_1WEEK = enums.KLINE_INTERVAL_1WEEK
    KLINE_INTERVAL_1MONTH = enums.KLINE_INTERVAL_1MONTH
    SIDE_BUY = enums.SIDE_BUY
    SIDE_SELL = enums.SIDE_SELL
    ORDER_TYPE_LIMIT = enums.ORDER_TYPE_LIMIT
    ORDER_TYPE_MARKET = enums.ORDER_TYPE_MARKET
    ORDER_TYPE_STOP_LOSS = enums.ORDER_TYPE_STOP_LOSS
    ORDER_TYPE_STOP_LOSS_LIMIT = enums.ORDER_TYPE_STOP_LOSS_LIMIT
    ORDER_TYPE_TAKE_PROFIT = enums.ORDER_TYPE_TAKE_PROFIT
    ORDER_TYPE_TAKE_PROFIT_LIMIT = enums.ORDER_TYPE_TAKE_PROFIT_LIMIT
    ORDER_TYPE_LIMIT_MAKER = enums.ORDER_TYPE_LIMIT_MAKER
    TIME_IN_FORCE_GTC = enums.TIME_IN_FORCE_GTC
    TIME_IN_FORCE_IOC = enums.TIME_IN_FORCE_IOC
    TIME_IN_FORCE_FOK = enums.TIME_IN_FORCE_FOK
    ORDER_RESP_TYPE_ACK = enums.ORDER_RESP_TYPE_ACK
    ORDER_RESP_TYPE_RESULT = enums.ORDER_RESP_TYPE_RESULT
    ORDER_RESP_TYPE_FULL = enums.ORDER_RESP_TYPE_FULL
    FUTURE_ORDER_TYPE_LIMIT = enums.FUTURE_ORDER_TYPE_LIMIT
    FUTURE_ORDER_TYPE_LIMIT_MAKER = enums.FUTURE_ORDER_TYPE_LIMIT_MAKER
    FUTURE_ORDER_TYPE_MARKET = enums.FUTURE_ORDER_TYPE_MARKET
    FUTURE_ORDER_TYPE_STOP = enums.FUTURE_ORDER_TYPE_STOP
    FUTURE_ORDER_TYPE_STOP_MARKET = enums.FUTURE_ORDER_TYPE_STOP_MARKET
    FUTURE_ORDER_TYPE_TAKE_PROFIT = enums.FUTURE_ORDER_TYPE_TAKE_PROFIT
    FUTURE_ORDER_TYPE_TAKE_PROFIT_MARKET = enums.FUTURE_ORDER_TYPE_TAKE_PROFIT_MARKET

    # `base_endpoint` of the client
    BASE_ENDPOINT_1 = "1"
    BASE_ENDPOINT_2 = "2"
    BASE_ENDPOINT_3 = "3"
    BASE_ENDPOINT_4 = "4"

    # fields of an aggregate trade
    AGG_ID = "a"
    AGG_PRICE = "p"
    AGG_QUANTITY = "q"
    AGG_FIRST_TRADE_ID = "f"
    AGG_LAST_TRADE_ID = "l"
    AGG_TIME = "T"
    AGG_BUYER_MAKES = "m"
    AGG_BEST_MATCH = "M"

    # `type` of a universal transfer
    SPOT_TO_FIAT = "MAIN_C2C"
    SPOT_TO_USDT_FUTURE = "MAIN_UMFUTURE"
    SPOT_TO_COIN_FUTURE = "MAIN_CMFUTURE"
    SPOT_TO_MARGIN_CROSS = "MAIN_MARGIN"
    SPOT_TO_MINING = "MAIN_MINING"
    FIAT_TO_SPOT = "C2C_MAIN"
    FIAT_TO_USDT_FUTURE = "C2C_UMFUTURE"
    FIAT_TO_MINING = "C2C_MINING"
    USDT_FUTURE_TO_SPOT = "UMFUTURE_MAIN"
    USDT_FUTURE_TO_FIAT = "UMFUTURE_C2C"
    USDT_FUTURE_TO_MARGIN_CROSS = "UMFUTURE_MARGIN"
    COIN_FUTURE_TO_SPOT = "CMFUTURE_MAIN"
    MARGIN_CROSS_TO_SPOT = "MARGIN_MAIN"
    MARGIN_CROSS_TO_USDT_FUTURE = "MARGIN_UMFUTURE"
    MINING_TO_SPOT = "MINING_MAIN"
    MINING_TO_USDT_FUTURE = "MINING_UMFUTURE"
    MINING_TO_FIAT = "MINING_C2C"

    # versions of the API
    PUBLIC_API_VERSION = "v1"
    PRIVATE_API_VERSION = "v3"
    WITHDRAW_API_VERSION = "v3"
    MARGIN_API_VERSION = "v1"
    FUTURES_API_VERSION = "v1"
    FUTURES_API_VERSION2 = "v2"
    OPTIONS_API_VERSION = "v1"

    # addresses that scripts for python-binance 1.0 assign to `API_URL` and its like, or read
    API_TESTNET_URL = "https://testnet.binance.vision/api"
    API_DEMO_URL = "https://demo-api.binance.com/api"
    FUTURES_TESTNET_URL = "https://testnet.binancefuture.com/fapi"
    FUTURES_DEMO_URL = "https://demo-fapi.binance.com/fapi"
    FUTURES_DATA_TESTNET_URL = "https://testnet.binancefuture.com/futures/data"
    FUTURES_COIN_TESTNET_URL = "https://testnet.binancefuture.com/dapi"
    FUTURES_COIN_DEMO_URL = "https://demo-dapi.binance.com/dapi"
    FUTURES_COIN_DATA_TESTNET_URL = "https://testnet.binancefuture.com/futures/data"
    PAPI_URL = "https://papi.binance.{}/papi"
    WS_API_URL = "wss://ws-api.binance.{}/ws-api/v3"
    WS_API_TESTNET_URL = "wss://ws-api.testnet.binance.vision/ws-api/v3"
    WS_API_DEMO_URL = "wss://demo-ws-api.binance.com/ws-api/v3"


class General(Calls):
    """What the exchange is and how it is.

    Source: https://developers.binance.com/docs/binance-spot-api-docs/rest-api
    """

    def get_products(self) -> Object:
        """The products listed on the exchange's web site. Never documented; may go at any time."""
        return self._object("get_products")

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

    def ping(self) -> Object:
        """Tests the connection: ``{}``."""
        return self._object("ping")

    def get_server_time(self) -> Object:
        """The exchange's clock: ``{"serverTime": ms}``."""
        return self._object("get_server_time")

    @by_signature
    def get_execution_rules(
        self, *, symbol: str | None = None, symbols: list[str] | None = None, **params: Any
    ) -> Object:
        """The price ranges within which orders of each symbol are executed: ``symbolRules``."""


class MarketData(Calls):
    """Spot market data. None needs a signature.

    Source: https://developers.binance.com/docs/binance-spot-api-docs/rest-api
    """

    def get_all_tickers(self, symbol: str | None = None) -> Any:
        """The last price of every symbol: ``[{"symbol", "price"}]``; for one symbol an object."""
        return self._object("get_all_tickers", symbol=symbol)

    @by_signature
    def get_orderbook_tickers(
        self, *, symbol: str | None = None, symbols: list[str] | None = None, **params: Any
    ) -> Any:
        """Best bid and ask of every symbol: ``[{symbol bidPrice bidQty askPrice askQty}]``; for one
        symbol an object.
        """

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
    def get_ui_klines(self, *, symbol: str, interval: str, **params: Any) -> Array:
        """Candles as `get_klines` has them, smoothed by the exchange for charts."""

    @by_signature
    def get_reference_price(self, *, symbol: str, **params: Any) -> Object:
        """The reference price: ``{"symbol", "referencePrice", "timestamp"}``; may be null."""

    @by_signature
    def get_reference_price_calculation(self, *, symbol: str, **params: Any) -> Object:
        """How a symbol's reference price is calculated."""

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


class Orders(Calls):
    """Spot orders and order lists.

    Every order carries a ``newClientOrderId``, of ours where you give none. When the reply to an
    order is lost the exchange is asked for it by that id: the method then returns the order as
    `get_order` has it (no ``fills``), or raises `OrderStatusUnknown`. Nothing is sent twice.

    Source: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/trading-endpoints
    """

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
    def create_oco_order(self, **params: Any) -> Any:
        """Retired (``POST /api/v3/order/oco``), use create_order_list_oco (POST
        /api/v3/orderList/oco, other parameters): raises `BinanceRetiredError`.
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
    """The spot account.

    Source: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/account-endpoints
    """

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
    """Deposits, withdrawals, transfers, dust, and what the exchange says of the account.

    What used to go to ``/wapi`` was retired on 2021-08-01, and its successors take and answer
    differently: the old names raise `BinanceRetiredError`, the successors are ``account_*``,
    ``asset_*`` and ``capital_*``. With ``coin``, as in python-binance 1.0, the old name of a
    ``capital_*`` calls it.

    Source: https://developers.binance.com/docs/wallet
    """

    def get_system_status(self) -> Object:
        """``{"status": 0, "msg": "normal"}``, or 1 during maintenance."""
        return self._object("get_system_status")

    @by_signature
    def get_account_status(self, **params: Any) -> Any:
        """Retired (``GET /wapi/v3/accountStatus.html``), use account_status: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def get_account_api_trading_status(self, **params: Any) -> Any:
        """Retired (``GET /wapi/v3/apiTradingStatus.html``), use account_api_trading_status:
        raises `BinanceRetiredError`.
        """

    @by_signature
    def get_dust_log(self, **params: Any) -> Any:
        """Retired (``GET /wapi/v3/userAssetDribbletLog.html``), use asset_dust_log: raises
        `BinanceRetiredError`.
        """

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
    def get_trade_fee(self, **params: Any) -> Any:
        """Retired (``GET /wapi/v3/tradeFee.html``), use asset_trade_fee: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def get_asset_details(self, **params: Any) -> Any:
        """Retired (``GET /wapi/v3/assetDetail.html``), use asset_detail: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def withdraw(self, **params: Any) -> Any:
        """Retired (``POST /wapi/v3/withdraw.html``), use capital_withdraw (`coin` instead of
        `asset`): raises `BinanceRetiredError`.
        """

    @by_signature
    def get_withdraw_fee(self, **params: Any) -> Any:
        """Retired (``GET /wapi/v3/withdrawFee.html``), use get_all_coins_info (fees are in
        `networkList`): raises `BinanceRetiredError`.
        """

    @by_signature
    def get_deposit_history(self, **params: Any) -> Any:
        """Retired (``GET /wapi/v3/depositHistory.html``), use capital_deposit_history: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def get_withdraw_history(self, **params: Any) -> Any:
        """Retired (``GET /wapi/v3/withdrawHistory.html``), use capital_withdraw_history: raises
        `BinanceRetiredError`.
        """

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


class UserStream(Calls):
    """Listen keys. The main exchange retired those of spot accounts on 2026-02-20 and answers 410,
    which raises `BinanceRetiredError`; ``tld="us"`` still serves them.
    """

    def stream_keepalive(self, listenKey: str) -> Object:
        """Keeps a listen key valid for 60 minutes more."""
        return self._object("stream_keepalive", listenKey=listenKey)

    def stream_close(self, listenKey: str) -> Object:
        """Ends a listen key, for everybody who uses it."""
        return self._object("stream_close", listenKey=listenKey)


class Margin(Calls):
    """Margin accounts, loans and orders.

    ``isIsolated`` is ``"TRUE"`` or ``"FALSE"``, a text, as the exchange has it.

    Source: https://developers.binance.com/docs/margin_trading
    """

    @by_signature
    def get_margin_account(self, **params: Any) -> Object:
        """The cross margin account: ``marginLevel``, totals in BTC, ``userAssets``."""

    @by_signature
    def get_isolated_margin_account(self, *, symbols: str | None = None, **params: Any) -> Object:
        """Isolated margin accounts: ``assets``, and totals in BTC unless symbols are given.

        :param symbols: up to five, separated by commas
        """

    @by_signature
    def get_margin_asset(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/margin/asset``), use get_margin_all_assets (answers a list):
        raises `BinanceRetiredError`.
        """

    @by_signature
    def get_margin_symbol(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/margin/pair``), use get_margin_all_pairs (answers a list):
        raises `BinanceRetiredError`.
        """

    @by_signature
    def create_isolated_margin_account(self, **params: Any) -> Any:
        """Retired (``POST /sapi/v1/margin/isolated/create``), use enable_isolated_margin_account
        (`symbol` instead of `base` and `quote`): raises `BinanceRetiredError`.
        """

    @by_signature
    def get_isolated_margin_symbol(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/margin/isolated/pair``), use
        get_all_isolated_margin_symbols(symbol=..) (answers a list): raises
        `BinanceRetiredError`.
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
    def transfer_margin_to_spot(self, **params: Any) -> Any:
        """Retired (``POST /sapi/v1/margin/transfer``), use universal_transfer (POST
        /sapi/v1/asset/transfer) with type MARGIN_MAIN: raises `BinanceRetiredError`.
        """

    @by_signature
    def transfer_spot_to_margin(self, **params: Any) -> Any:
        """Retired (``POST /sapi/v1/margin/transfer``), use universal_transfer (POST
        /sapi/v1/asset/transfer) with type MAIN_MARGIN: raises `BinanceRetiredError`.
        """

    @by_signature
    def transfer_isolated_margin_to_spot(self, **params: Any) -> Any:
        """Retired (``POST /sapi/v1/margin/isolated/transfer``), use universal_transfer (POST
        /sapi/v1/asset/transfer) with type ISOLATEDMARGIN_MARGIN, then MARGIN_MAIN: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def transfer_spot_to_isolated_margin(self, **params: Any) -> Any:
        """Retired (``POST /sapi/v1/margin/isolated/transfer``), use universal_transfer (POST
        /sapi/v1/asset/transfer) with type MAIN_MARGIN, then MARGIN_ISOLATEDMARGIN: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def create_margin_loan(self, **params: Any) -> Any:
        """Retired (``POST /sapi/v1/margin/loan``), use margin_borrow_repay (POST
        /sapi/v1/margin/borrow-repay) with type BORROW: raises `BinanceRetiredError`.
        """

    @by_signature
    def repay_margin_loan(self, **params: Any) -> Any:
        """Retired (``POST /sapi/v1/margin/repay``), use margin_borrow_repay (POST
        /sapi/v1/margin/borrow-repay) with type REPAY: raises `BinanceRetiredError`.
        """

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
    def get_margin_loan_details(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/margin/loan``), use
        get_margin_borrow_repay_records(type='BORROW'): raises `BinanceRetiredError`.
        """

    @by_signature
    def get_margin_repay_details(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/margin/repay``), use
        get_margin_borrow_repay_records(type='REPAY'): raises `BinanceRetiredError`.
        """

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

    def margin_risk_stream_get_listen_key(self) -> str:
        """A listen key for margin risk events (``wss://margin-stream.binance.com``)."""
        return str(self._object("margin_risk_stream_get_listen_key")["listenKey"])

    def margin_risk_stream_keepalive(self, listenKey: str) -> Object:
        """Keeps that listen key valid for 60 minutes more."""
        return self._object("margin_risk_stream_keepalive", listenKey=listenKey)

    def margin_risk_stream_close(self, listenKey: str) -> Object:
        """Ends that listen key, for everybody who uses it."""
        return self._object("margin_risk_stream_close", listenKey=listenKey)


class MarginStreams(Calls):
    """Listen keys of margin accounts."""

    def margin_stream_get_listen_key(self) -> str:
        """Retired: use `BinanceSocketManager.start_margin_socket`."""
        return str(self._object("margin_stream_get_listen_key")["listenKey"])

    def margin_stream_keepalive(self, listenKey: str) -> Object:
        """Retired: use `BinanceSocketManager.start_margin_socket`."""
        return self._object("margin_stream_keepalive", listenKey=listenKey)

    def margin_stream_close(self, listenKey: str) -> Object:
        """Retired: use `BinanceSocketManager.start_margin_socket`."""
        return self._object("margin_stream_close", listenKey=listenKey)

    def isolated_margin_stream_get_listen_key(self, symbol: str) -> str:
        """Retired: use `BinanceSocketManager.start_isolated_margin_socket`."""
        return str(
            self._object("isolated_margin_stream_get_listen_key", symbol=symbol)["listenKey"]
        )

    def isolated_margin_stream_keepalive(self, symbol: str, listenKey: str) -> Object:
        """Retired: use `BinanceSocketManager.start_isolated_margin_socket`."""
        return self._object("isolated_margin_stream_keepalive", symbol=symbol, listenKey=listenKey)

    def isolated_margin_stream_close(self, symbol: str, listenKey: str) -> Object:
        """Retired: use `BinanceSocketManager.start_isolated_margin_socket`."""
        return self._object("isolated_margin_stream_close", symbol=symbol, listenKey=listenKey)


class Lending(Calls):
    """Lending, and Simple Earn which came after it.

    Source: https://developers.binance.com/docs/simple_earn
    """

    @by_signature
    def get_lending_product_list(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/lending/daily/product/list``), use
        get_simple_earn_flexible_product_list: raises `BinanceRetiredError`.
        """

    @by_signature
    def get_lending_daily_quota_left(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/lending/daily/userLeftQuota``), use
        get_simple_earn_flexible_personal_left_quota: raises `BinanceRetiredError`.
        """

    @by_signature
    def purchase_lending_product(self, **params: Any) -> Any:
        """Retired (``POST /sapi/v1/lending/daily/purchase``), use
        subscribe_simple_earn_flexible_product: raises `BinanceRetiredError`.
        """

    @by_signature
    def get_lending_daily_redemption_quota(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/lending/daily/userRedemptionQuota``), use
        get_simple_earn_flexible_personal_left_quota: raises `BinanceRetiredError`.
        """

    @by_signature
    def redeem_lending_product(self, **params: Any) -> Any:
        """Retired (``POST /sapi/v1/lending/daily/redeem``), use
        redeem_simple_earn_flexible_product: raises `BinanceRetiredError`.
        """

    @by_signature
    def get_lending_position(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/lending/daily/token/position``), use
        get_simple_earn_flexible_product_position: raises `BinanceRetiredError`.
        """

    @by_signature
    def get_fixed_activity_project_list(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/lending/project/list``), use
        get_simple_earn_locked_product_list: raises `BinanceRetiredError`.
        """

    @by_signature
    def get_lending_account(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/lending/union/account``), use get_simple_earn_account: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def get_lending_purchase_history(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/lending/union/purchaseRecord``), use
        get_simple_earn_flexible_subscription_record: raises `BinanceRetiredError`.
        """

    @by_signature
    def get_lending_redemption_history(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/lending/union/redemptionRecord``), use
        get_simple_earn_flexible_redemption_record: raises `BinanceRetiredError`.
        """

    @by_signature
    def get_lending_interest_history(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/lending/union/interestHistory``), use
        get_simple_earn_flexible_rewards_record: raises `BinanceRetiredError`.
        """

    @by_signature
    def change_fixed_activity_to_daily_position(self, **params: Any) -> Any:
        """Retired (``POST /sapi/v1/lending/positionChanged``), use
        redeem_simple_earn_locked_product and subscribe_simple_earn_flexible_product: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def get_simple_earn_account(self, **params: Any) -> Any:
        """``GET /sapi/v1/simple-earn/account``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def get_simple_earn_flexible_product_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/simple-earn/flexible/list``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_simple_earn_flexible_product_position(self, **params: Any) -> Any:
        """``GET /sapi/v1/simple-earn/flexible/position``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_simple_earn_flexible_personal_left_quota(self, **params: Any) -> Any:
        """``GET /sapi/v1/simple-earn/flexible/personalLeftQuota``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def subscribe_simple_earn_flexible_product(self, **params: Any) -> Any:
        """``POST /sapi/v1/simple-earn/flexible/subscribe``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def redeem_simple_earn_flexible_product(self, **params: Any) -> Any:
        """``POST /sapi/v1/simple-earn/flexible/redeem``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def get_simple_earn_flexible_subscription_record(self, **params: Any) -> Any:
        """``GET /sapi/v1/simple-earn/flexible/history/subscriptionRecord``: the endpoint's
        parameters by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_simple_earn_flexible_redemption_record(self, **params: Any) -> Any:
        """``GET /sapi/v1/simple-earn/flexible/history/redemptionRecord``: the endpoint's
        parameters by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_simple_earn_flexible_rewards_record(self, **params: Any) -> Any:
        """``GET /sapi/v1/simple-earn/flexible/history/rewardsRecord``: the endpoint's parameters
        by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_simple_earn_locked_product_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/simple-earn/locked/list``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def get_simple_earn_locked_product_position(self, **params: Any) -> Any:
        """``GET /sapi/v1/simple-earn/locked/position``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def subscribe_simple_earn_locked_product(self, **params: Any) -> Any:
        """``POST /sapi/v1/simple-earn/locked/subscribe``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def redeem_simple_earn_locked_product(self, **params: Any) -> Any:
        """``POST /sapi/v1/simple-earn/locked/redeem``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """


class SubAccounts(Calls):
    """Sub-accounts.

    Source: https://developers.binance.com/docs/sub_account
    """

    @by_signature
    def get_sub_account_list(self, **params: Any) -> Any:
        """Retired (``GET /wapi/v3/sub-account/list.html``), use sub_account_list: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def get_sub_account_transfer_history(self, **params: Any) -> Any:
        """Retired (``GET /wapi/v3/sub-account/transfer/history.html``), use
        sub_account_spot_transfer_history: raises `BinanceRetiredError`.
        """

    @by_signature
    def create_sub_account_transfer(self, **params: Any) -> Any:
        """Retired (``POST /wapi/v3/sub-account/transfer.html``), use make_universal_transfer
        (POST /sapi/v1/sub-account/universalTransfer): raises `BinanceRetiredError`.
        """

    @by_signature
    def get_sub_account_futures_transfer_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/sub-account/futures/internalTransfer``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def create_sub_account_futures_transfer(self, **params: Any) -> Any:
        """``POST /sapi/v1/sub-account/futures/internalTransfer``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def get_sub_account_assets(self, **params: Any) -> Any:
        """Retired (``GET /wapi/v3/sub-account/assets.html``), use sub_account_assets: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def query_subaccount_spot_summary(self, **params: Any) -> Any:
        """``GET /sapi/v1/sub-account/spotSummary``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def get_subaccount_deposit_address(self, **params: Any) -> Any:
        """``GET /sapi/v1/capital/deposit/subAddress``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_subaccount_deposit_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/capital/deposit/subHisrec``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_subaccount_futures_margin_status(self, **params: Any) -> Any:
        """``GET /sapi/v1/sub-account/status``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def enable_subaccount_margin(self, **params: Any) -> Any:
        """Retired (``POST /sapi/v1/sub-account/margin/enable``), there is no replacement: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def get_subaccount_margin_details(self, **params: Any) -> Any:
        """``GET /sapi/v1/sub-account/margin/account``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_subaccount_margin_summary(self, **params: Any) -> Any:
        """``GET /sapi/v1/sub-account/margin/accountSummary``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def enable_subaccount_futures(self, **params: Any) -> Any:
        """``POST /sapi/v1/sub-account/futures/enable``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def get_subaccount_futures_details(self, **params: Any) -> Any:
        """``GET /sapi/v1/sub-account/futures/account``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_subaccount_futures_summary(self, **params: Any) -> Any:
        """``GET /sapi/v1/sub-account/futures/accountSummary``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_subaccount_futures_positionrisk(self, **params: Any) -> Any:
        """``GET /sapi/v1/sub-account/futures/positionRisk``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def make_subaccount_futures_transfer(self, **params: Any) -> Any:
        """``POST /sapi/v1/sub-account/futures/transfer``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def make_subaccount_margin_transfer(self, **params: Any) -> Any:
        """``POST /sapi/v1/sub-account/margin/transfer``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def make_subaccount_to_subaccount_transfer(self, **params: Any) -> Any:
        """``POST /sapi/v1/sub-account/transfer/subToSub``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def make_subaccount_to_master_transfer(self, **params: Any) -> Any:
        """``POST /sapi/v1/sub-account/transfer/subToMaster``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def get_subaccount_transfer_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/sub-account/transfer/subUserHistory``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_universal_transfer_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/sub-account/universalTransfer``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def sub_account_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/sub-account/list``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def sub_account_spot_transfer_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/sub-account/sub/transfer/history``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def sub_account_assets(self, **params: Any) -> Any:
        """``GET /sapi/v4/sub-account/assets``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """


class Futures(Calls):
    """USD-M futures.

    Source: https://developers.binance.com/docs/derivatives/usds-margined-futures
    """

    def futures_ping(self) -> Object:
        """Tests the connection: ``{}``."""
        return self._object("futures_ping")

    def futures_time(self) -> Object:
        """The exchange's clock: ``{"serverTime": ms}``."""
        return self._object("futures_time")

    def futures_exchange_info(self) -> Object:
        """Trading rules and symbols."""
        return self._object("futures_exchange_info")

    @by_signature
    def futures_order_book(
        self, *, symbol: str = NEEDED, limit: int | None = None, **params: Any
    ) -> Object:
        """A snapshot of the book: ``{lastUpdateId E T bids asks}``.

        :param limit: levels a side: 5, 10, 20, 50, 100, 500 (default) or 1000
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
    def futures_orderbook_ticker(self, *, symbol: str | None = None, **params: Any) -> Any:
        """Best bid and ask: an object for one symbol, else a list."""

    @by_signature
    def futures_liquidation_orders(self, **params: Any) -> Any:
        """Retired (``GET /fapi/v1/ticker/allForceOrders``), use the <symbol>@forceOrder stream
        (BinanceSocketManager.start_multiplex_socket) or futures_force_orders for your own:
        raises `BinanceRetiredError`.
        """

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
    def futures_account_transfer(self, **params: Any) -> Any:
        """Retired (``POST /sapi/v1/futures/transfer``), use universal_transfer (POST
        /sapi/v1/asset/transfer) with type MAIN_UMFUTURE and the like: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def transfer_history(self, **params: Any) -> Any:
        """Retired (``GET /sapi/v1/futures/transfer``), use new_transfer_history (GET
        /sapi/v1/asset/transfer): raises `BinanceRetiredError`.
        """

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
    def futures_get_order(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        origClientOrderId: str | None = None,
        **params: Any,
    ) -> Object:
        """One order, by the exchange's id or by yours; with ``algoId`` or ``clientAlgoId`` one
        conditional order.
        """

    @by_signature
    def futures_get_open_orders(self, *, symbol: str | None = None, **params: Any) -> Array:
        """The open orders of a symbol, or, at 40 times the weight, of all.

        :param conditional: True for the conditional orders, which are not among the others
        """

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
        """All orders of a symbol, oldest first; with ``conditional=True`` the conditional ones."""

    @by_signature
    def futures_cancel_order(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        origClientOrderId: str | None = None,
        **params: Any,
    ) -> Object:
        """Cancels one order; with ``algoId`` or ``clientAlgoId`` one conditional order."""

    @by_signature
    def futures_cancel_all_open_orders(self, *, symbol: str = NEEDED, **params: Any) -> Object:
        """Cancels all open orders of a symbol; with ``conditional=True`` its conditional ones."""

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
    def futures_account_balance(self, **params: Any) -> Array:
        """The balance of each asset; what was ``withdrawAvailable`` is ``maxWithdrawAmount``."""

    @by_signature
    def futures_account(self, **params: Any) -> Object:
        """The account with ``assets`` and ``positions``."""

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
    def futures_account_trades(self, *, symbol: str = NEEDED, **params: Any) -> Array:
        """The account's trades of a symbol."""

    @by_signature
    def futures_income_history(self, **params: Any) -> Array:
        """Transfers, profits, fees, funding: ``symbol incomeType startTime endTime limit``."""

    @by_signature
    def futures_change_position_mode(
        self, *, dualSidePosition: str | bool = NEEDED, **params: Any
    ) -> Object:
        """Hedge mode (``"true"``) or one-way mode (``"false"``)."""

    @by_signature
    def futures_get_position_mode(self, **params: Any) -> Object:
        """``{"dualSidePosition": true}`` in hedge mode."""

    @by_signature
    def futures_rpi_depth(self, *, symbol: str, limit: int | None = None, **params: Any) -> Object:
        """A snapshot with the orders of retail price improvement: ``{lastUpdateId E T bids asks}``.

        :param limit: levels a side: 1000, the default, alone
        """

    @by_signature
    def futures_continuous_klines(
        self, *, pair: str, contractType: str, interval: str, **params: Any
    ) -> Array:
        """Candles of a contract type."""

    @by_signature
    def futures_index_price_klines(self, *, pair: str, interval: str, **params: Any) -> Array:
        """Candles of a pair's index price."""

    @by_signature
    def futures_mark_price_klines(self, *, symbol: str, interval: str, **params: Any) -> Array:
        """Candles of a symbol's mark price."""

    @by_signature
    def futures_premium_index_klines(self, *, symbol: str, interval: str, **params: Any) -> Array:
        """Candles of a symbol's premium index."""

    def futures_funding_info(self) -> Array:
        """Funding caps, floors and intervals where they are not the usual ones."""
        return self._array("futures_funding_info")

    @by_signature
    def futures_symbol_ticker_v2(self, *, symbol: str | None = None, **params: Any) -> Any:
        """The last price: an object for one symbol, else a list."""

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
    def futures_get_open_order(self, *, symbol: str, **params: Any) -> Object:
        """One open order; ``orderId`` or ``origClientOrderId``."""

    @by_signature
    def futures_countdown_cancel_all(
        self, *, symbol: str, countdownTime: int, **params: Any
    ) -> Object:
        """Cancels all open orders of a symbol unless called again within `countdownTime` ms;
        0 switches that off.
        """

    @by_signature
    def futures_force_orders(self, *, symbol: str | None = None, **params: Any) -> Array:
        """The account's own liquidations."""

    @by_signature
    def futures_commission_rate(self, *, symbol: str, **params: Any) -> Object:
        """The account's commission rates on a symbol."""

    @by_signature
    def futures_account_balance_v2(self, **params: Any) -> Array:
        """Balances, one object for each asset."""

    @by_signature
    def futures_account_balance_v3(self, **params: Any) -> Array:
        """Balances, one object for each asset."""

    @by_signature
    def futures_account_v3(self, **params: Any) -> Object:
        """The account with the ``assets`` and ``positions`` that are not empty."""

    @by_signature
    def futures_position_information_v3(self, *, symbol: str | None = None, **params: Any) -> Array:
        """Positions that are open or have open orders."""

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
    def futures_cancel_all_algo_open_orders(self, **params: Any) -> Any:
        """``DELETE /fapi/v1/algoOpenOrders``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def futures_get_open_algo_orders(self, *, symbol: str | None = None, **params: Any) -> Array:
        """The open conditional orders."""

    @by_signature
    def futures_get_all_algo_orders(self, **params: Any) -> Any:
        """``GET /fapi/v1/allAlgoOrders``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    def futures_stream_get_listen_key(self) -> str:
        """The account's listen key, valid for 60 minutes; the one that exists, if one does."""
        return str(self._object("futures_stream_get_listen_key")["listenKey"])

    def futures_stream_keepalive(self, listenKey: str | None = None) -> Object:
        """Keeps the account's listen key valid for 60 minutes more."""
        return self._object("futures_stream_keepalive", listenKey=listenKey)

    def futures_stream_close(self, listenKey: str | None = None) -> Object:
        """Ends the account's listen key, for everybody who uses it."""
        return self._object("futures_stream_close", listenKey=listenKey)


class CoinFutures(Calls):
    """COIN-M futures.

    Source: https://developers.binance.com/docs/derivatives/coin-margined-futures
    """

    @by_signature
    def futures_coin_ping(self, **params: Any) -> Any:
        """``GET /dapi/v1/ping``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_time(self, **params: Any) -> Any:
        """``GET /dapi/v1/time``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_exchange_info(self, **params: Any) -> Any:
        """``GET /dapi/v1/exchangeInfo``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_order_book(self, **params: Any) -> Any:
        """``GET /dapi/v1/depth``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_recent_trades(self, **params: Any) -> Any:
        """``GET /dapi/v1/trades``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_historical_trades(self, **params: Any) -> Any:
        """``GET /dapi/v1/historicalTrades``: the endpoint's parameters by keyword; needs an API
        key, no signature.
        """

    @by_signature
    def futures_coin_aggregate_trades(self, **params: Any) -> Any:
        """``GET /dapi/v1/aggTrades``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_klines(self, **params: Any) -> Any:
        """``GET /dapi/v1/klines``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_continous_klines(self, **params: Any) -> Any:
        """``GET /dapi/v1/continuousKlines``: the endpoint's parameters by keyword; needs
        nothing.
        """

    @by_signature
    def futures_coin_index_price_klines(self, **params: Any) -> Any:
        """``GET /dapi/v1/indexPriceKlines``: the endpoint's parameters by keyword; needs
        nothing.
        """

    @by_signature
    def futures_coin_mark_price_klines(self, **params: Any) -> Any:
        """``GET /dapi/v1/markPriceKlines``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_mark_price(self, **params: Any) -> Any:
        """``GET /dapi/v1/premiumIndex``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_funding_rate(self, **params: Any) -> Any:
        """``GET /dapi/v1/fundingRate``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_ticker(self, **params: Any) -> Any:
        """``GET /dapi/v1/ticker/24hr``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_symbol_ticker(self, **params: Any) -> Any:
        """``GET /dapi/v1/ticker/price``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_orderbook_ticker(self, **params: Any) -> Any:
        """``GET /dapi/v1/ticker/bookTicker``: the endpoint's parameters by keyword; needs
        nothing.
        """

    @by_signature
    def futures_coin_liquidation_orders(self, **params: Any) -> Any:
        """Retired (``GET /dapi/v1/allForceOrders``), use the <symbol>@forceOrder stream
        (BinanceSocketManager.start_multiplex_socket): raises `BinanceRetiredError`.
        """

    @by_signature
    def futures_coin_open_interest(self, **params: Any) -> Any:
        """``GET /dapi/v1/openInterest``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_open_interest_hist(self, **params: Any) -> Any:
        """``GET /futures/data/openInterestHist``: the endpoint's parameters by keyword; needs
        nothing.
        """

    @by_signature
    def futures_coin_leverage_bracket(self, **params: Any) -> Any:
        """``GET /dapi/v2/leverageBracket``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def futures_coin_create_order(self, **params: Any) -> Any:
        """``POST /dapi/v1/order``: the endpoint's parameters by keyword; needs an API key and a
        signature; moves orders or money.
        """

    @by_signature
    def futures_coin_get_order(self, **params: Any) -> Any:
        """``GET /dapi/v1/order``: the endpoint's parameters by keyword; needs an API key and a
        signature; reads the account.
        """

    @by_signature
    def futures_coin_get_open_orders(self, **params: Any) -> Any:
        """``GET /dapi/v1/openOrders``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_coin_get_all_orders(self, **params: Any) -> Any:
        """``GET /dapi/v1/allOrders``: the endpoint's parameters by keyword; needs an API key and
        a signature; reads the account.
        """

    @by_signature
    def futures_coin_cancel_order(self, **params: Any) -> Any:
        """``DELETE /dapi/v1/order``: the endpoint's parameters by keyword; needs an API key and
        a signature; moves orders or money.
        """

    @by_signature
    def futures_coin_cancel_all_open_orders(self, **params: Any) -> Any:
        """``DELETE /dapi/v1/allOpenOrders``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def futures_coin_cancel_orders(self, **params: Any) -> Any:
        """``DELETE /dapi/v1/batchOrders``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def futures_coin_account_balance(self, **params: Any) -> Any:
        """``GET /dapi/v1/balance``: the endpoint's parameters by keyword; needs an API key and a
        signature; reads the account.
        """

    @by_signature
    def futures_coin_account(self, **params: Any) -> Any:
        """``GET /dapi/v1/account``: the endpoint's parameters by keyword; needs an API key and a
        signature; reads the account.
        """

    @by_signature
    def futures_coin_change_leverage(self, **params: Any) -> Any:
        """``POST /dapi/v1/leverage``: the endpoint's parameters by keyword; needs an API key and
        a signature; moves orders or money.
        """

    @by_signature
    def futures_coin_change_margin_type(self, **params: Any) -> Any:
        """``POST /dapi/v1/marginType``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def futures_coin_change_position_margin(self, **params: Any) -> Any:
        """``POST /dapi/v1/positionMargin``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def futures_coin_position_margin_history(self, **params: Any) -> Any:
        """``GET /dapi/v1/positionMargin/history``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def futures_coin_position_information(self, **params: Any) -> Any:
        """``GET /dapi/v1/positionRisk``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_coin_account_trades(self, **params: Any) -> Any:
        """``GET /dapi/v1/userTrades``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_coin_income_history(self, **params: Any) -> Any:
        """``GET /dapi/v1/income``: the endpoint's parameters by keyword; needs an API key and a
        signature; reads the account.
        """

    @by_signature
    def futures_coin_change_position_mode(self, **params: Any) -> Any:
        """``POST /dapi/v1/positionSide/dual``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def futures_coin_get_position_mode(self, **params: Any) -> Any:
        """``GET /dapi/v1/positionSide/dual``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def futures_coin_create_algo_order(self, **params: Any) -> Any:
        """``POST /dapi/v1/algoOrder``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def futures_coin_get_algo_order(self, **params: Any) -> Any:
        """``GET /dapi/v1/algoOrder``: the endpoint's parameters by keyword; needs an API key and
        a signature; reads the account.
        """

    @by_signature
    def futures_coin_cancel_algo_order(self, **params: Any) -> Any:
        """``DELETE /dapi/v1/algoOrder``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def futures_coin_cancel_all_algo_open_orders(self, **params: Any) -> Any:
        """``DELETE /dapi/v1/algoOpenOrders``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def futures_coin_get_open_algo_orders(self, **params: Any) -> Any:
        """``GET /dapi/v1/openAlgoOrders``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def futures_coin_stream_get_listen_key(self, **params: Any) -> Any:
        """``POST /dapi/v1/listenKey``: the endpoint's parameters by keyword; needs an API key,
        no signature; about a user data stream.
        """

    def futures_coin_stream_keepalive(self, listenKey: str | None = None) -> Object:
        """Keeps the account's listen key valid for 60 minutes more."""
        return self._object("futures_coin_stream_keepalive", listenKey=listenKey)

    def futures_coin_stream_close(self, listenKey: str | None = None) -> Object:
        """Ends the account's listen key, for everybody who uses it."""
        return self._object("futures_coin_stream_close", listenKey=listenKey)


class Options(Calls):
    """The old vanilla options, and European options.

    Source: https://developers.binance.com/docs/derivatives/options-trading
    """

    @by_signature
    def options_ping(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/ping``), use eapi_ping: raises `BinanceRetiredError`."""

    @by_signature
    def options_time(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/time``), use eapi_time: raises `BinanceRetiredError`."""

    @by_signature
    def options_info(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/optionInfo``), use eapi_exchange_info: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def options_exchange_info(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/exchangeInfo``), use eapi_exchange_info: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def options_index_price(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/index``), use eapi_index: raises `BinanceRetiredError`."""

    @by_signature
    def options_price(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/ticker``), use eapi_ticker: raises `BinanceRetiredError`."""

    @by_signature
    def options_mark_price(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/mark``), use eapi_mark: raises `BinanceRetiredError`."""

    @by_signature
    def options_order_book(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/depth``), use eapi_order_book: raises `BinanceRetiredError`."""

    @by_signature
    def options_klines(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/klines``), use eapi_klines: raises `BinanceRetiredError`."""

    @by_signature
    def options_recent_trades(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/trades``), use eapi_recent_trades: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def options_historical_trades(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/historicalTrades``), there is no replacement: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def options_account_info(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/account``), use eapi_margin_account: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def options_funds_transfer(self, **params: Any) -> Any:
        """Retired (``POST /vapi/v1/transfer``), use universal_transfer (POST
        /sapi/v1/asset/transfer) with type MAIN_OPTION or OPTION_MAIN: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def options_positions(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/position``), use eapi_position: raises `BinanceRetiredError`."""

    @by_signature
    def options_bill(self, **params: Any) -> Any:
        """Retired (``POST /vapi/v1/bill``), use eapi_bill: raises `BinanceRetiredError`."""

    @by_signature
    def options_place_order(self, **params: Any) -> Any:
        """Retired (``POST /vapi/v1/order``), use eapi_create_order: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def options_place_batch_order(self, **params: Any) -> Any:
        """Retired (``POST /vapi/v1/batchOrders``), use eapi_create_batch_orders: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def options_cancel_order(self, **params: Any) -> Any:
        """Retired (``DELETE /vapi/v1/order``), use eapi_cancel_order: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def options_cancel_batch_order(self, **params: Any) -> Any:
        """Retired (``DELETE /vapi/v1/batchOrders``), use eapi_cancel_batch_orders: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def options_cancel_all_orders(self, **params: Any) -> Any:
        """Retired (``DELETE /vapi/v1/allOpenOrders``), use eapi_cancel_all_open_orders: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def options_query_order(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/order``), use eapi_get_order: raises `BinanceRetiredError`."""

    @by_signature
    def options_query_pending_orders(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/openOrders``), use eapi_get_open_orders: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def options_query_order_history(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/historyOrders``), use eapi_get_order_history: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def options_user_trades(self, **params: Any) -> Any:
        """Retired (``GET /vapi/v1/userTrades``), use eapi_user_trades: raises
        `BinanceRetiredError`.
        """

    @by_signature
    def eapi_ping(self, **params: Any) -> Any:
        """``GET /eapi/v1/ping``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def eapi_time(self, **params: Any) -> Any:
        """``GET /eapi/v1/time``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def eapi_exchange_info(self, **params: Any) -> Any:
        """``GET /eapi/v1/exchangeInfo``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def eapi_index(self, **params: Any) -> Any:
        """``GET /eapi/v1/index``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def eapi_ticker(self, **params: Any) -> Any:
        """``GET /eapi/v1/ticker``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def eapi_mark(self, **params: Any) -> Any:
        """``GET /eapi/v1/mark``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def eapi_order_book(self, **params: Any) -> Any:
        """``GET /eapi/v1/depth``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def eapi_klines(self, **params: Any) -> Any:
        """``GET /eapi/v1/klines``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def eapi_recent_trades(self, **params: Any) -> Any:
        """``GET /eapi/v1/trades``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def eapi_margin_account(self, **params: Any) -> Any:
        """``GET /eapi/v1/marginAccount``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def eapi_position(self, **params: Any) -> Any:
        """``GET /eapi/v1/position``: the endpoint's parameters by keyword; needs an API key and
        a signature; reads the account.
        """

    @by_signature
    def eapi_bill(self, **params: Any) -> Any:
        """``GET /eapi/v1/bill``: the endpoint's parameters by keyword; needs an API key and a
        signature; reads the account.
        """

    @by_signature
    def eapi_create_order(self, **params: Any) -> Any:
        """``POST /eapi/v1/order``: the endpoint's parameters by keyword; needs an API key and a
        signature; moves orders or money.
        """

    @by_signature
    def eapi_create_batch_orders(self, **params: Any) -> Any:
        """``POST /eapi/v1/batchOrders``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def eapi_get_order(self, **params: Any) -> Any:
        """``GET /eapi/v1/order``: the endpoint's parameters by keyword; needs an API key and a
        signature; reads the account.
        """

    @by_signature
    def eapi_cancel_order(self, **params: Any) -> Any:
        """``DELETE /eapi/v1/order``: the endpoint's parameters by keyword; needs an API key and
        a signature; moves orders or money.
        """

    @by_signature
    def eapi_cancel_batch_orders(self, **params: Any) -> Any:
        """``DELETE /eapi/v1/batchOrders``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def eapi_cancel_all_open_orders(self, **params: Any) -> Any:
        """``DELETE /eapi/v1/allOpenOrders``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def eapi_get_open_orders(self, **params: Any) -> Any:
        """``GET /eapi/v1/openOrders``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def eapi_get_order_history(self, **params: Any) -> Any:
        """``GET /eapi/v1/historyOrders``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def eapi_user_trades(self, **params: Any) -> Any:
        """``GET /eapi/v1/userTrades``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def eapi_stream_get_listen_key(self, **params: Any) -> Any:
        """``POST /eapi/v1/listenKey``: the endpoint's parameters by keyword; needs an API key,
        no signature; about a user data stream.
        """

    @by_signature
    def eapi_stream_keepalive(self, **params: Any) -> Any:
        """``PUT /eapi/v1/listenKey``: the endpoint's parameters by keyword; needs an API key, no
        signature; about a user data stream.
        """

    @by_signature
    def eapi_stream_close(self, **params: Any) -> Any:
        """``DELETE /eapi/v1/listenKey``: the endpoint's parameters by keyword; needs an API key,
        no signature; about a user data stream.
        """


class PortfolioMargin(Calls):
    """Portfolio margin.

    Source: https://developers.binance.com/docs/derivatives/portfolio-margin
    """

    @by_signature
    def papi_get_balance(self, **params: Any) -> Any:
        """``GET /papi/v1/balance``: the endpoint's parameters by keyword; needs an API key and a
        signature; reads the account.
        """

    @by_signature
    def papi_get_account(self, **params: Any) -> Any:
        """``GET /papi/v1/account``: the endpoint's parameters by keyword; needs an API key and a
        signature; reads the account.
        """

    @by_signature
    def papi_create_um_order(self, **params: Any) -> Any:
        """``POST /papi/v1/um/order``: the endpoint's parameters by keyword; needs an API key and
        a signature; moves orders or money.
        """

    @by_signature
    def papi_get_um_order(self, **params: Any) -> Any:
        """``GET /papi/v1/um/order``: the endpoint's parameters by keyword; needs an API key and
        a signature; reads the account.
        """

    @by_signature
    def papi_cancel_um_order(self, **params: Any) -> Any:
        """``DELETE /papi/v1/um/order``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def papi_get_um_open_orders(self, **params: Any) -> Any:
        """``GET /papi/v1/um/openOrders``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_all_orders(self, **params: Any) -> Any:
        """``GET /papi/v1/um/allOrders``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_user_trades(self, **params: Any) -> Any:
        """``GET /papi/v1/um/userTrades``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_account(self, **params: Any) -> Any:
        """``GET /papi/v1/um/account``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_position_risk(self, **params: Any) -> Any:
        """``GET /papi/v1/um/positionRisk``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_create_cm_order(self, **params: Any) -> Any:
        """``POST /papi/v1/cm/order``: the endpoint's parameters by keyword; needs an API key and
        a signature; moves orders or money.
        """

    @by_signature
    def papi_get_cm_order(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/order``: the endpoint's parameters by keyword; needs an API key and
        a signature; reads the account.
        """

    @by_signature
    def papi_cancel_cm_order(self, **params: Any) -> Any:
        """``DELETE /papi/v1/cm/order``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def papi_get_cm_open_orders(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/openOrders``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_all_orders(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/allOrders``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_user_trades(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/userTrades``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_account(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/account``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_position_risk(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/positionRisk``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_create_um_algo_order(self, **params: Any) -> Any:
        """``POST /papi/v1/um/algo/order``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def papi_get_um_algo_order(self, **params: Any) -> Any:
        """``GET /papi/v1/um/algo/algoOrder``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_cancel_um_algo_order(self, **params: Any) -> Any:
        """``DELETE /papi/v1/um/algo/order``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def papi_get_um_open_algo_orders(self, **params: Any) -> Any:
        """``GET /papi/v1/um/algo/openAlgoOrders``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_margin_open_orders(self, **params: Any) -> Any:
        """``GET /papi/v1/margin/openOrders``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_margin_all_orders(self, **params: Any) -> Any:
        """``GET /papi/v1/margin/allOrders``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_margin_my_trades(self, **params: Any) -> Any:
        """``GET /papi/v1/margin/myTrades``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_stream_get_listen_key(self, **params: Any) -> Any:
        """``POST /papi/v1/listenKey``: the endpoint's parameters by keyword; needs an API key,
        no signature; about a user data stream.
        """

    def papi_stream_keepalive(self, listenKey: str | None = None) -> Object:
        """Keeps the account's listen key valid for 60 minutes more."""
        return self._object("papi_stream_keepalive", listenKey=listenKey)

    def papi_stream_close(self, listenKey: str | None = None) -> Object:
        """Ends the account's listen key, for everybody who uses it."""
        return self._object("papi_stream_close", listenKey=listenKey)


class Further(Calls):
    """The other methods of python-binance 1.0, with the endpoints that they have there.

    Their weight is not known here: each counts as 1 until an answer of the exchange has the sum.
    Source: https://developers.binance.com/docs
    """

    @by_signature
    def convert_accept_quote(self, **params: Any) -> Any:
        """``POST /sapi/v1/convert/acceptQuote``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def convert_request_quote(self, **params: Any) -> Any:
        """``POST /sapi/v1/convert/getQuote``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def exchange_small_liability_assets(self, **params: Any) -> Any:
        """``POST /sapi/v1/margin/exchange-small-liability``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def funding_wallet(self, **params: Any) -> Any:
        """``POST /sapi/v1/asset/get-funding-asset``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def futures_account_config(self, **params: Any) -> Any:
        """``GET /fapi/v1/accountConfig``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_adl_quantile_estimate(self, **params: Any) -> Any:
        """``GET /fapi/v1/adlQuantile``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_api_trading_status(self, **params: Any) -> Any:
        """``GET /fapi/v1/apiTradingStatus``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def futures_basis(self, **params: Any) -> Any:
        """``GET /futures/data/basis``: the endpoint's parameters by keyword; needs an API key,
        no signature.
        """

    def futures_change_multi_assets_mode(self, multiAssetsMargin: bool = NEEDED) -> Object:
        """Whether positions share the margin of several assets."""
        return self._object("futures_change_multi_assets_mode", multiAssetsMargin=multiAssetsMargin)

    @by_signature
    def futures_coin_account_order_history_download(self, **params: Any) -> Any:
        """``GET /dapi/v1/order/asyn``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_coin_account_trade_history_download(self, **params: Any) -> Any:
        """``GET /dapi/v1/trade/asyn``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_coin_account_trade_history_download_link(self, **params: Any) -> Any:
        """``GET /dapi/v1/trade/asyn/id``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_coin_accout_order_history_download_link(self, **params: Any) -> Any:
        """``GET /dapi/v1/order/asyn/id``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_coin_basis(self, **params: Any) -> Any:
        """``GET /futures/data/basis``: the endpoint's parameters by keyword; needs an API key,
        no signature.
        """

    @by_signature
    def futures_coin_countdown_cancel_all(self, **params: Any) -> Any:
        """``POST /dapi/v1/countdownCancelAll``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def futures_coin_get_open_order(self, **params: Any) -> Any:
        """``GET /dapi/v1/openOrder``: the endpoint's parameters by keyword; needs an API key and
        a signature; reads the account.
        """

    @by_signature
    def futures_coin_global_longshort_ratio(self, **params: Any) -> Any:
        """``GET /futures/data/globalLongShortAccountRatio``: the endpoint's parameters by
        keyword; needs an API key, no signature.
        """

    @by_signature
    def futures_coin_index_price_constituents(self, **params: Any) -> Any:
        """``GET /dapi/v1/constituents``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_modify_order(self, **params: Any) -> Any:
        """``PUT /dapi/v1/order``: the endpoint's parameters by keyword; needs an API key and a
        signature; moves orders or money.
        """

    @by_signature
    def futures_coin_premium_index_klines(self, **params: Any) -> Any:
        """``GET /dapi/v1/premiumIndexKlines``: the endpoint's parameters by keyword; needs
        nothing.
        """

    @by_signature
    def futures_coin_taker_buy_sell_volume(self, **params: Any) -> Any:
        """``GET /futures/data/takerBuySellVol``: the endpoint's parameters by keyword; needs an
        API key, no signature.
        """

    @by_signature
    def futures_coin_top_longshort_account_ratio(self, **params: Any) -> Any:
        """``GET /futures/data/topLongShortAccountRatio``: the endpoint's parameters by keyword;
        needs an API key, no signature.
        """

    @by_signature
    def futures_coin_top_longshort_position_ratio(self, **params: Any) -> Any:
        """``GET /futures/data/topLongShortPositionRatio``: the endpoint's parameters by keyword;
        needs an API key, no signature.
        """

    @by_signature
    def futures_coin_v1_get_adl_quantile(self, **params: Any) -> Any:
        """``GET /dapi/v1/adlQuantile``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_coin_v1_get_commission_rate(self, **params: Any) -> Any:
        """``GET /dapi/v1/commissionRate``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def futures_coin_v1_get_funding_info(self, **params: Any) -> Any:
        """``GET /dapi/v1/fundingInfo``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_coin_v1_get_income_asyn(self, **params: Any) -> Any:
        """``GET /dapi/v1/income/asyn``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_coin_v1_get_income_asyn_id(self, **params: Any) -> Any:
        """``GET /dapi/v1/income/asyn/id``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def futures_coin_v1_get_order_amendment(self, **params: Any) -> Any:
        """``GET /dapi/v1/orderAmendment``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def futures_coin_v1_get_pm_account_info(self, **params: Any) -> Any:
        """``GET /dapi/v1/pmAccountInfo``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_coin_v1_put_batch_orders(self, **params: Any) -> Any:
        """``PUT /dapi/v1/batchOrders``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def futures_coin_v1_put_order(self, **params: Any) -> Any:
        """``PUT /dapi/v1/order``: the endpoint's parameters by keyword; needs an API key and a
        signature; moves orders or money.
        """

    @by_signature
    def futures_cross_collateral_adjust_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/futures/loan/adjustCollateral/history``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def futures_cross_collateral_liquidation_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/futures/loan/liquidationHistory``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def futures_delivery_price(self, **params: Any) -> Any:
        """``GET /futures/data/delivery-price``: the endpoint's parameters by keyword; needs an
        API key, no signature.
        """

    @by_signature
    def futures_get_multi_assets_mode(self, **params: Any) -> Any:
        """``GET /fapi/v1/multiAssetsMargin``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def futures_global_longshort_ratio(self, **params: Any) -> Any:
        """``GET /futures/data/globalLongShortAccountRatio``: the endpoint's parameters by
        keyword; needs an API key, no signature.
        """

    @by_signature
    def futures_historical_data_link(self, **params: Any) -> Any:
        """``GET /sapi/v1/futures/data/histDataLink``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def futures_index_info(self, **params: Any) -> Any:
        """``GET /fapi/v1/indexInfo``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_index_price_constituents(self, **params: Any) -> Any:
        """``GET /fapi/v1/constituents``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_insurance_fund_balance_snapshot(self, **params: Any) -> Any:
        """``GET /fapi/v1/insuranceBalance``: the endpoint's parameters by keyword; needs
        nothing.
        """

    @by_signature
    def futures_loan_borrow_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/futures/loan/borrow/history``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def futures_loan_interest_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/futures/loan/interestHistory``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def futures_loan_repay_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/futures/loan/repay/history``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def futures_loan_wallet(self, **params: Any) -> Any:
        """``GET /sapi/v2/futures/loan/wallet``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def futures_symbol_adl_risk(self, **params: Any) -> Any:
        """``GET /fapi/v1/symbolAdlRisk``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_symbol_config(self, **params: Any) -> Any:
        """``GET /fapi/v1/symbolConfig``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_taker_longshort_ratio(self, **params: Any) -> Any:
        """``GET /futures/data/takerlongshortRatio``: the endpoint's parameters by keyword; needs
        an API key, no signature.
        """

    @by_signature
    def futures_top_longshort_account_ratio(self, **params: Any) -> Any:
        """``GET /futures/data/topLongShortAccountRatio``: the endpoint's parameters by keyword;
        needs an API key, no signature.
        """

    @by_signature
    def futures_top_longshort_position_ratio(self, **params: Any) -> Any:
        """``GET /futures/data/topLongShortPositionRatio``: the endpoint's parameters by keyword;
        needs an API key, no signature.
        """

    @by_signature
    def futures_v1_delete_batch_order(self, **params: Any) -> Any:
        """``DELETE /fapi/v1/batchOrder``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def futures_v1_get_asset_index(self, **params: Any) -> Any:
        """``GET /fapi/v1/assetIndex``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_v1_get_convert_exchange_info(self, **params: Any) -> Any:
        """``GET /fapi/v1/convert/exchangeInfo``: the endpoint's parameters by keyword; needs
        nothing.
        """

    @by_signature
    def futures_v1_get_convert_order_status(self, **params: Any) -> Any:
        """``GET /fapi/v1/convert/orderStatus``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def futures_v1_get_fee_burn(self, **params: Any) -> Any:
        """``GET /fapi/v1/feeBurn``: the endpoint's parameters by keyword; needs an API key and a
        signature; reads the account.
        """

    @by_signature
    def futures_v1_get_funding_info(self, **params: Any) -> Any:
        """``GET /fapi/v1/fundingInfo``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def futures_v1_get_income_asyn(self, **params: Any) -> Any:
        """``GET /fapi/v1/income/asyn``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_v1_get_income_asyn_id(self, **params: Any) -> Any:
        """``GET /fapi/v1/income/asyn/id``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def futures_v1_get_open_order(self, **params: Any) -> Any:
        """``GET /fapi/v1/openOrder``: the endpoint's parameters by keyword; needs an API key and
        a signature; reads the account.
        """

    @by_signature
    def futures_v1_get_order_amendment(self, **params: Any) -> Any:
        """``GET /fapi/v1/orderAmendment``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def futures_v1_get_order_asyn(self, **params: Any) -> Any:
        """``GET /fapi/v1/order/asyn``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_v1_get_order_asyn_id(self, **params: Any) -> Any:
        """``GET /fapi/v1/order/asyn/id``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_v1_get_pm_account_info(self, **params: Any) -> Any:
        """``GET /fapi/v1/pmAccountInfo``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_v1_get_rate_limit_order(self, **params: Any) -> Any:
        """``GET /fapi/v1/rateLimit/order``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def futures_v1_get_trade_asyn(self, **params: Any) -> Any:
        """``GET /fapi/v1/trade/asyn``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_v1_get_trade_asyn_id(self, **params: Any) -> Any:
        """``GET /fapi/v1/trade/asyn/id``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def futures_v1_post_batch_order(self, **params: Any) -> Any:
        """``POST /fapi/v1/batchOrder``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def futures_v1_post_convert_accept_quote(self, **params: Any) -> Any:
        """``POST /fapi/v1/convert/acceptQuote``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def futures_v1_post_convert_get_quote(self, **params: Any) -> Any:
        """``POST /fapi/v1/convert/getQuote``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def futures_v1_post_fee_burn(self, **params: Any) -> Any:
        """``POST /fapi/v1/feeBurn``: the endpoint's parameters by keyword; needs an API key and
        a signature; moves orders or money.
        """

    @by_signature
    def futures_v1_put_batch_order(self, **params: Any) -> Any:
        """``PUT /fapi/v1/batchOrder``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def futures_v1_put_batch_orders(self, **params: Any) -> Any:
        """``PUT /fapi/v1/batchOrders``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def get_account_api_permissions(self, **params: Any) -> Any:
        """``GET /sapi/v1/account/apiRestrictions``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def get_c2c_trade_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/c2c/orderMatch/listUserOrderHistory``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_convert_trade_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/convert/tradeFlow``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def get_cross_margin_collateral_ratio(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/crossMarginCollateralRatio``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_cross_margin_data(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/crossMarginData``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def get_current_order_count(self, **params: Any) -> Any:
        """``GET /api/v3/rateLimit/order``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def get_dust_assets(self, **params: Any) -> Any:
        """``POST /sapi/v1/asset/dust-btc``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def get_enabled_isolated_margin_account_limit(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/isolated/accountLimit``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_fiat_deposit_withdraw_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/fiat/orders``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def get_fiat_payments_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/fiat/payments``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def get_future_hourly_interest_rate(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/next-hourly-interest-rate``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_isolated_margin_fee_data(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/isolatedMarginData``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_isolated_margin_tier_data(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/isolatedMarginTier``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_isolated_margin_tranfer_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/isolated/transfer``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def get_margin_capital_flow(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/capital-flow``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def get_margin_delist_schedule(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/delist-schedule``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def get_margin_dust_assets(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/dust``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def get_margin_dustlog(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/dribblet``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def get_margin_force_liquidation_rec(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/forceLiquidationRec``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_open_oco_orders(self, **params: Any) -> Any:
        """``GET /api/v3/openOrderList``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def get_pay_trade_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/pay/transactions``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def get_personal_left_quota(self, **params: Any) -> Any:
        """``GET /sapi/v1/staking/personalLeftQuota``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_small_liability_exchange_assets(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/exchange-small-liability``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_small_liability_exchange_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/exchange-small-liability-history``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def get_spot_delist_schedule(self, **params: Any) -> Any:
        """``GET /sapi/v1/spot/delist-schedule``: the endpoint's parameters by keyword; needs an
        API key, no signature.
        """

    @by_signature
    def get_staking_position(self, **params: Any) -> Any:
        """``GET /sapi/v1/staking/position``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def get_staking_product_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/staking/productList``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def get_staking_purchase_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/staking/purchaseRecord``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def get_symbol_ticker_window(self, **params: Any) -> Any:
        """``GET /api/v3/ticker``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def get_user_asset(self, **params: Any) -> Any:
        """``POST /sapi/v3/asset/getUserAsset``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def gift_card_create(self, **params: Any) -> Any:
        """``POST /sapi/v1/giftcard/createCode``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def gift_card_create_dual_token(self, **params: Any) -> Any:
        """``POST /sapi/v1/giftcard/buyCode``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def gift_card_fetch_rsa_public_key(self, **params: Any) -> Any:
        """``GET /sapi/v1/giftcard/cryptography/rsa-public-key``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def gift_card_fetch_token_limit(self, **params: Any) -> Any:
        """``GET /sapi/v1/giftcard/buyCode/token-limit``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def gift_card_redeem(self, **params: Any) -> Any:
        """``POST /sapi/v1/giftcard/redeemCode``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def gift_card_verify(self, **params: Any) -> Any:
        """``GET /sapi/v1/giftcard/verify``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def make_subaccount_universal_transfer(self, **params: Any) -> Any:
        """``POST /sapi/v1/sub-account/universalTransfer``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_get_borrow_repay_records(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/borrow-repay``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_interest_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/interestHistory``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def margin_interest_rate_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/interestRateHistory``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_manual_liquidation(self, **params: Any) -> Any:
        """``POST /sapi/v1/margin/manual-liquidation``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_max_borrowable(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/maxBorrowable``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_next_hourly_interest_rate(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/next-hourly-interest-rate``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_delete_account_api_restrictions_ip_restriction_ip_list(
        self, **params: Any
    ) -> Any:
        """``DELETE /sapi/v1/account/apiRestrictions/ipRestriction/ipList``: the endpoint's
        parameters by keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_delete_algo_spot_order(self, **params: Any) -> Any:
        """``DELETE /sapi/v1/algo/spot/order``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_delete_broker_sub_account_api(self, **params: Any) -> Any:
        """``DELETE /sapi/v1/broker/subAccountApi``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_delete_broker_sub_account_api_ip_restriction_ip_list(self, **params: Any) -> Any:
        """``DELETE /sapi/v1/broker/subAccountApi/ipRestriction/ipList``: the endpoint's
        parameters by keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_delete_sub_account_sub_account_api_ip_restriction_ip_list(
        self, **params: Any
    ) -> Any:
        """``DELETE /sapi/v1/sub-account/subAccountApi/ipRestriction/ipList``: the endpoint's
        parameters by keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_get_account_api_restrictions_ip_restriction(self, **params: Any) -> Any:
        """``GET /sapi/v1/account/apiRestrictions/ipRestriction``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_account_info(self, **params: Any) -> Any:
        """``GET /sapi/v1/account/info``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_algo_spot_historical_orders(self, **params: Any) -> Any:
        """``GET /sapi/v1/algo/spot/historicalOrders``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_algo_spot_open_orders(self, **params: Any) -> Any:
        """``GET /sapi/v1/algo/spot/openOrders``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_algo_spot_sub_orders(self, **params: Any) -> Any:
        """``GET /sapi/v1/algo/spot/subOrders``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_asset_custody_transfer_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/asset/custody/transfer-history``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_asset_ledger_transfer_cloud_mining_query_by_page(self, **params: Any) -> Any:
        """``GET /sapi/v1/asset/ledger-transfer/cloud-mining/queryByPage``: the endpoint's
        parameters by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_asset_wallet_balance(self, **params: Any) -> Any:
        """``GET /sapi/v1/asset/wallet/balance``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_rebate_futures_recent_record(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/rebate/futures/recentRecord``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_rebate_historical_record(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/rebate/historicalRecord``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_rebate_recent_record(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/rebate/recentRecord``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_sub_account(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/subAccount``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_sub_account_api(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/subAccountApi``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_sub_account_api_commission_coin_futures(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/subAccountApi/commission/coinFutures``: the endpoint's
        parameters by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_sub_account_api_commission_futures(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/subAccountApi/commission/futures``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_sub_account_api_ip_restriction(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/subAccountApi/ipRestriction``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_sub_account_bnb_burn_status(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/subAccount/bnbBurn/status``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_sub_account_deposit_hist(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/subAccount/depositHist``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_sub_account_futures_summary(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/subAccount/futuresSummary``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_sub_account_margin_summary(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/subAccount/marginSummary``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_sub_account_spot_summary(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/subAccount/spotSummary``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_transfer(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/transfer``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_transfer_futures(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/transfer/futures``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_broker_universal_transfer(self, **params: Any) -> Any:
        """``GET /sapi/v1/broker/universalTransfer``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_capital_contract_convertible_coins(self, **params: Any) -> Any:
        """``GET /sapi/v1/capital/contract/convertible-coins``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_capital_deposit_address_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/capital/deposit/address/list``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_convert_asset_info(self, **params: Any) -> Any:
        """``GET /sapi/v1/convert/assetInfo``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_convert_exchange_info(self, **params: Any) -> Any:
        """``GET /sapi/v1/convert/exchangeInfo``: the endpoint's parameters by keyword; needs an
        API key, no signature.
        """

    @by_signature
    def margin_v1_get_convert_limit_query_open_orders(self, **params: Any) -> Any:
        """``GET /sapi/v1/convert/limit/queryOpenOrders``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_convert_order_status(self, **params: Any) -> Any:
        """``GET /sapi/v1/convert/orderStatus``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_copy_trading_futures_lead_symbol(self, **params: Any) -> Any:
        """``GET /sapi/v1/copyTrading/futures/leadSymbol``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_copy_trading_futures_user_status(self, **params: Any) -> Any:
        """``GET /sapi/v1/copyTrading/futures/userStatus``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_dci_product_accounts(self, **params: Any) -> Any:
        """``GET /sapi/v1/dci/product/accounts``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_dci_product_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/dci/product/list``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_dci_product_positions(self, **params: Any) -> Any:
        """``GET /sapi/v1/dci/product/positions``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_eth_staking_eth_history_redemption_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/eth-staking/eth/history/redemptionHistory``: the endpoint's parameters
        by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_eth_staking_eth_history_staking_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/eth-staking/eth/history/stakingHistory``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_eth_staking_eth_history_wbeth_rewards_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/eth-staking/eth/history/wbethRewardsHistory``: the endpoint's
        parameters by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_lending_auto_invest_all_asset(self, **params: Any) -> Any:
        """``GET /sapi/v1/lending/auto-invest/all/asset``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_lending_auto_invest_history_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/lending/auto-invest/history/list``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_lending_auto_invest_index_info(self, **params: Any) -> Any:
        """``GET /sapi/v1/lending/auto-invest/index/info``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_lending_auto_invest_index_user_summary(self, **params: Any) -> Any:
        """``GET /sapi/v1/lending/auto-invest/index/user-summary``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_lending_auto_invest_one_off_status(self, **params: Any) -> Any:
        """``GET /sapi/v1/lending/auto-invest/one-off/status``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_lending_auto_invest_plan_id(self, **params: Any) -> Any:
        """``GET /sapi/v1/lending/auto-invest/plan/id``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_lending_auto_invest_plan_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/lending/auto-invest/plan/list``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_lending_auto_invest_rebalance_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/lending/auto-invest/rebalance/history``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_lending_auto_invest_redeem_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/lending/auto-invest/redeem/history``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_lending_auto_invest_source_asset_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/lending/auto-invest/source-asset/list``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_lending_auto_invest_target_asset_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/lending/auto-invest/target-asset/list``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_lending_auto_invest_target_asset_roi_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/lending/auto-invest/target-asset/roi/list``: the endpoint's parameters
        by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_loan_borrow_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/loan/borrow/history``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_loan_collateral_data(self, **params: Any) -> Any:
        """``GET /sapi/v1/loan/collateral/data``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_loan_income(self, **params: Any) -> Any:
        """``GET /sapi/v1/loan/income``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_loan_loanable_data(self, **params: Any) -> Any:
        """``GET /sapi/v1/loan/loanable/data``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_loan_ltv_adjustment_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/loan/ltv/adjustment/history``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_loan_ongoing_orders(self, **params: Any) -> Any:
        """``GET /sapi/v1/loan/ongoing/orders``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_loan_repay_collateral_rate(self, **params: Any) -> Any:
        """``GET /sapi/v1/loan/repay/collateral/rate``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_loan_repay_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/loan/repay/history``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_loan_vip_collateral_account(self, **params: Any) -> Any:
        """``GET /sapi/v1/loan/vip/collateral/account``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_loan_vip_loanable_data(self, **params: Any) -> Any:
        """``GET /sapi/v1/loan/vip/loanable/data``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_loan_vip_ongoing_orders(self, **params: Any) -> Any:
        """``GET /sapi/v1/loan/vip/ongoing/orders``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_loan_vip_repay_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/loan/vip/repay/history``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_loan_vip_request_interest_rate(self, **params: Any) -> Any:
        """``GET /sapi/v1/loan/vip/request/interestRate``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_localentity_deposit_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/localentity/deposit/history``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_localentity_vasp(self, **params: Any) -> Any:
        """``GET /sapi/v1/localentity/vasp``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_localentity_withdraw_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/localentity/withdraw/history``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_managed_subaccount_account_snapshot(self, **params: Any) -> Any:
        """``GET /sapi/v1/managed-subaccount/accountSnapshot``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_managed_subaccount_asset(self, **params: Any) -> Any:
        """``GET /sapi/v1/managed-subaccount/asset``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_managed_subaccount_deposit_address(self, **params: Any) -> Any:
        """``GET /sapi/v1/managed-subaccount/deposit/address``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_managed_subaccount_fetch_future_asset(self, **params: Any) -> Any:
        """``GET /sapi/v1/managed-subaccount/fetch-future-asset``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_managed_subaccount_info(self, **params: Any) -> Any:
        """``GET /sapi/v1/managed-subaccount/info``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_managed_subaccount_margin_asset(self, **params: Any) -> Any:
        """``GET /sapi/v1/managed-subaccount/marginAsset``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_managed_subaccount_query_trans_log(self, **params: Any) -> Any:
        """``GET /sapi/v1/managed-subaccount/query-trans-log``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_managed_subaccount_query_trans_log_for_investor(self, **params: Any) -> Any:
        """``GET /sapi/v1/managed-subaccount/queryTransLogForInvestor``: the endpoint's
        parameters by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_managed_subaccount_query_trans_log_for_trade_parent(
        self, **params: Any
    ) -> Any:
        """``GET /sapi/v1/managed-subaccount/queryTransLogForTradeParent``: the endpoint's
        parameters by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_margin_all_order_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/allOrderList``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_margin_available_inventory(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/available-inventory``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_margin_delist_schedule(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/delist-schedule``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_margin_leverage_bracket(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/leverageBracket``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_margin_rate_limit_order(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/rateLimit/order``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_margin_trade_coeff(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/tradeCoeff``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_mining_hash_transfer_config_details_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/mining/hash-transfer/config/details/list``: the endpoint's parameters
        by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_mining_hash_transfer_profit_details(self, **params: Any) -> Any:
        """``GET /sapi/v1/mining/hash-transfer/profit/details``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_mining_payment_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/mining/payment/list``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_mining_payment_other(self, **params: Any) -> Any:
        """``GET /sapi/v1/mining/payment/other``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_mining_payment_uid(self, **params: Any) -> Any:
        """``GET /sapi/v1/mining/payment/uid``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_mining_pub_algo_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/mining/pub/algoList``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_mining_pub_coin_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/mining/pub/coinList``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_mining_statistics_user_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/mining/statistics/user/list``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_mining_statistics_user_status(self, **params: Any) -> Any:
        """``GET /sapi/v1/mining/statistics/user/status``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_mining_worker_detail(self, **params: Any) -> Any:
        """``GET /sapi/v1/mining/worker/detail``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_mining_worker_list(self, **params: Any) -> Any:
        """``GET /sapi/v1/mining/worker/list``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_portfolio_balance(self, **params: Any) -> Any:
        """``GET /sapi/v1/portfolio/balance``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_simple_earn_flexible_history_redemption_record(self, **params: Any) -> Any:
        """``GET /sapi/v1/simple-earn/flexible/history/redemptionRecord``: the endpoint's
        parameters by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_simple_earn_flexible_history_subscription_record(self, **params: Any) -> Any:
        """``GET /sapi/v1/simple-earn/flexible/history/subscriptionRecord``: the endpoint's
        parameters by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_simple_earn_locked_history_redemption_record(self, **params: Any) -> Any:
        """``GET /sapi/v1/simple-earn/locked/history/redemptionRecord``: the endpoint's
        parameters by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_simple_earn_locked_history_subscription_record(self, **params: Any) -> Any:
        """``GET /sapi/v1/simple-earn/locked/history/subscriptionRecord``: the endpoint's
        parameters by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_sol_staking_account(self, **params: Any) -> Any:
        """``GET /sapi/v1/sol-staking/account``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_sol_staking_sol_history_bnsol_rewards_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/sol-staking/sol/history/bnsolRewardsHistory``: the endpoint's
        parameters by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_sol_staking_sol_history_boost_rewards_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/sol-staking/sol/history/boostRewardsHistory``: the endpoint's
        parameters by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_sol_staking_sol_history_rate_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/sol-staking/sol/history/rateHistory``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_sol_staking_sol_history_redemption_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/sol-staking/sol/history/redemptionHistory``: the endpoint's parameters
        by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_sol_staking_sol_history_staking_history(self, **params: Any) -> Any:
        """``GET /sapi/v1/sol-staking/sol/history/stakingHistory``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_sol_staking_sol_history_unclaimed_rewards(self, **params: Any) -> Any:
        """``GET /sapi/v1/sol-staking/sol/history/unclaimedRewards``: the endpoint's parameters
        by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_sol_staking_sol_quota(self, **params: Any) -> Any:
        """``GET /sapi/v1/sol-staking/sol/quota``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_spot_delist_schedule(self, **params: Any) -> Any:
        """``GET /sapi/v1/spot/delist-schedule``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_staking_staking_record(self, **params: Any) -> Any:
        """``GET /sapi/v1/staking/stakingRecord``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_sub_account_sub_account_api_ip_restriction(self, **params: Any) -> Any:
        """``GET /sapi/v1/sub-account/subAccountApi/ipRestriction``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_get_sub_account_transaction_statistics(self, **params: Any) -> Any:
        """``GET /sapi/v1/sub-account/transaction-statistics``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_post_account_api_restrictions_ip_restriction(self, **params: Any) -> Any:
        """``POST /sapi/v1/account/apiRestrictions/ipRestriction``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_account_api_restrictions_ip_restriction_ip_list(self, **params: Any) -> Any:
        """``POST /sapi/v1/account/apiRestrictions/ipRestriction/ipList``: the endpoint's
        parameters by keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_account_disable_fast_withdraw_switch(self, **params: Any) -> Any:
        """``POST /sapi/v1/account/disableFastWithdrawSwitch``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_account_enable_fast_withdraw_switch(self, **params: Any) -> Any:
        """``POST /sapi/v1/account/enableFastWithdrawSwitch``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_algo_futures_new_order_twap(self, **params: Any) -> Any:
        """``POST /sapi/v1/algo/futures/newOrderTwap``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_algo_futures_new_order_vp(self, **params: Any) -> Any:
        """``POST /sapi/v1/algo/futures/newOrderVp``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_algo_spot_new_order_twap(self, **params: Any) -> Any:
        """``POST /sapi/v1/algo/spot/newOrderTwap``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_asset_convert_transfer(self, **params: Any) -> Any:
        """``POST /sapi/v1/asset/convert-transfer``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_asset_convert_transfer_query_by_page(self, **params: Any) -> Any:
        """``POST /sapi/v1/asset/convert-transfer/queryByPage``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_sub_account(self, **params: Any) -> Any:
        """``POST /sapi/v1/broker/subAccount``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_sub_account_api(self, **params: Any) -> Any:
        """``POST /sapi/v1/broker/subAccountApi``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_sub_account_api_commission(self, **params: Any) -> Any:
        """``POST /sapi/v1/broker/subAccountApi/commission``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_sub_account_api_commission_coin_futures(self, **params: Any) -> Any:
        """``POST /sapi/v1/broker/subAccountApi/commission/coinFutures``: the endpoint's
        parameters by keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_sub_account_api_commission_futures(self, **params: Any) -> Any:
        """``POST /sapi/v1/broker/subAccountApi/commission/futures``: the endpoint's parameters
        by keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_sub_account_api_ip_restriction(self, **params: Any) -> Any:
        """``POST /sapi/v1/broker/subAccountApi/ipRestriction``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_sub_account_api_ip_restriction_ip_list(self, **params: Any) -> Any:
        """``POST /sapi/v1/broker/subAccountApi/ipRestriction/ipList``: the endpoint's parameters
        by keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_sub_account_api_permission(self, **params: Any) -> Any:
        """``POST /sapi/v1/broker/subAccountApi/permission``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_sub_account_api_permission_universal_transfer(
        self, **params: Any
    ) -> Any:
        """``POST /sapi/v1/broker/subAccountApi/permission/universalTransfer``: the endpoint's
        parameters by keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_sub_account_api_permission_vanilla_options(
        self, **params: Any
    ) -> Any:
        """``POST /sapi/v1/broker/subAccountApi/permission/vanillaOptions``: the endpoint's
        parameters by keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_sub_account_blvt(self, **params: Any) -> Any:
        """``POST /sapi/v1/broker/subAccount/blvt``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_sub_account_bnb_burn_margin_interest(self, **params: Any) -> Any:
        """``POST /sapi/v1/broker/subAccount/bnbBurn/marginInterest``: the endpoint's parameters
        by keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_sub_account_bnb_burn_spot(self, **params: Any) -> Any:
        """``POST /sapi/v1/broker/subAccount/bnbBurn/spot``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_transfer(self, **params: Any) -> Any:
        """``POST /sapi/v1/broker/transfer``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_transfer_futures(self, **params: Any) -> Any:
        """``POST /sapi/v1/broker/transfer/futures``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_broker_universal_transfer(self, **params: Any) -> Any:
        """``POST /sapi/v1/broker/universalTransfer``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_capital_contract_convertible_coins(self, **params: Any) -> Any:
        """``POST /sapi/v1/capital/contract/convertible-coins``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_capital_deposit_credit_apply(self, **params: Any) -> Any:
        """``POST /sapi/v1/capital/deposit/credit-apply``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_convert_limit_cancel_order(self, **params: Any) -> Any:
        """``POST /sapi/v1/convert/limit/cancelOrder``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_convert_limit_place_order(self, **params: Any) -> Any:
        """``POST /sapi/v1/convert/limit/placeOrder``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_dci_product_auto_compound_edit_status(self, **params: Any) -> Any:
        """``POST /sapi/v1/dci/product/auto_compound/edit-status``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_dci_product_subscribe(self, **params: Any) -> Any:
        """``POST /sapi/v1/dci/product/subscribe``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_eth_staking_eth_redeem(self, **params: Any) -> Any:
        """``POST /sapi/v1/eth-staking/eth/redeem``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_eth_staking_wbeth_unwrap(self, **params: Any) -> Any:
        """``POST /sapi/v1/eth-staking/wbeth/unwrap``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_eth_staking_wbeth_wrap(self, **params: Any) -> Any:
        """``POST /sapi/v1/eth-staking/wbeth/wrap``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_lending_auto_invest_one_off(self, **params: Any) -> Any:
        """``POST /sapi/v1/lending/auto-invest/one-off``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_lending_auto_invest_plan_add(self, **params: Any) -> Any:
        """``POST /sapi/v1/lending/auto-invest/plan/add``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_lending_auto_invest_plan_edit_status(self, **params: Any) -> Any:
        """``POST /sapi/v1/lending/auto-invest/plan/edit-status``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_lending_auto_invest_redeem(self, **params: Any) -> Any:
        """``POST /sapi/v1/lending/auto-invest/redeem``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_lending_customized_fixed_purchase(self, **params: Any) -> Any:
        """``POST /sapi/v1/lending/customizedFixed/purchase``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_lending_daily_purchase(self, **params: Any) -> Any:
        """Retired (``POST /sapi/v1/lending/daily/purchase``), use
        subscribe_simple_earn_flexible_product: raises `BinanceRetiredError`.
        """

    @by_signature
    def margin_v1_post_lending_daily_redeem(self, **params: Any) -> Any:
        """Retired (``POST /sapi/v1/lending/daily/redeem``), use
        redeem_simple_earn_flexible_product: raises `BinanceRetiredError`.
        """

    @by_signature
    def margin_v1_post_loan_adjust_ltv(self, **params: Any) -> Any:
        """``POST /sapi/v1/loan/adjust/ltv``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_loan_borrow(self, **params: Any) -> Any:
        """``POST /sapi/v1/loan/borrow``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_loan_customize_margin_call(self, **params: Any) -> Any:
        """``POST /sapi/v1/loan/customize/margin_call``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_loan_flexible_repay_history(self, **params: Any) -> Any:
        """``POST /sapi/v1/loan/flexible/repay/history``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_loan_repay(self, **params: Any) -> Any:
        """``POST /sapi/v1/loan/repay``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_loan_vip_borrow(self, **params: Any) -> Any:
        """``POST /sapi/v1/loan/vip/borrow``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_loan_vip_renew(self, **params: Any) -> Any:
        """``POST /sapi/v1/loan/vip/renew``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_loan_vip_repay(self, **params: Any) -> Any:
        """``POST /sapi/v1/loan/vip/repay``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_localentity_withdraw_apply(self, **params: Any) -> Any:
        """``POST /sapi/v1/localentity/withdraw/apply``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_managed_subaccount_deposit(self, **params: Any) -> Any:
        """``POST /sapi/v1/managed-subaccount/deposit``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_managed_subaccount_withdraw(self, **params: Any) -> Any:
        """``POST /sapi/v1/managed-subaccount/withdraw``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_mining_hash_transfer_config(self, **params: Any) -> Any:
        """``POST /sapi/v1/mining/hash-transfer/config``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_mining_hash_transfer_config_cancel(self, **params: Any) -> Any:
        """``POST /sapi/v1/mining/hash-transfer/config/cancel``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_portfolio_mint(self, **params: Any) -> Any:
        """``POST /sapi/v1/portfolio/mint``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_portfolio_redeem(self, **params: Any) -> Any:
        """``POST /sapi/v1/portfolio/redeem``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_portfolio_repay_futures_switch(self, **params: Any) -> Any:
        """``POST /sapi/v1/portfolio/repay-futures-switch``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_simple_earn_locked_set_redeem_option(self, **params: Any) -> Any:
        """``POST /sapi/v1/simple-earn/locked/setRedeemOption``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_sol_staking_sol_claim(self, **params: Any) -> Any:
        """``POST /sapi/v1/sol-staking/sol/claim``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_sol_staking_sol_redeem(self, **params: Any) -> Any:
        """``POST /sapi/v1/sol-staking/sol/redeem``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_sol_staking_sol_stake(self, **params: Any) -> Any:
        """``POST /sapi/v1/sol-staking/sol/stake``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_sub_account_blvt_enable(self, **params: Any) -> Any:
        """``POST /sapi/v1/sub-account/blvt/enable``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_sub_account_eoptions_enable(self, **params: Any) -> Any:
        """``POST /sapi/v1/sub-account/eoptions/enable``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_sub_account_sub_account_api_ip_restriction(self, **params: Any) -> Any:
        """``POST /sapi/v1/sub-account/subAccountApi/ipRestriction``: the endpoint's parameters
        by keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_sub_account_sub_account_api_ip_restriction_ip_list(
        self, **params: Any
    ) -> Any:
        """``POST /sapi/v1/sub-account/subAccountApi/ipRestriction/ipList``: the endpoint's
        parameters by keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_post_sub_account_virtual_sub_account(self, **params: Any) -> Any:
        """``POST /sapi/v1/sub-account/virtualSubAccount``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v1_put_localentity_deposit_provide_info(self, **params: Any) -> Any:
        """``PUT /sapi/v1/localentity/deposit/provide-info``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v2_get_broker_sub_account_futures_summary(self, **params: Any) -> Any:
        """``GET /sapi/v2/broker/subAccount/futuresSummary``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v2_get_eth_staking_account(self, **params: Any) -> Any:
        """``GET /sapi/v2/eth-staking/account``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def margin_v2_get_loan_flexible_borrow_history(self, **params: Any) -> Any:
        """``GET /sapi/v2/loan/flexible/borrow/history``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v2_get_loan_flexible_collateral_data(self, **params: Any) -> Any:
        """``GET /sapi/v2/loan/flexible/collateral/data``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v2_get_loan_flexible_loanable_data(self, **params: Any) -> Any:
        """``GET /sapi/v2/loan/flexible/loanable/data``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v2_get_loan_flexible_ltv_adjustment_history(self, **params: Any) -> Any:
        """``GET /sapi/v2/loan/flexible/ltv/adjustment/history``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v2_get_loan_flexible_ongoing_orders(self, **params: Any) -> Any:
        """``GET /sapi/v2/loan/flexible/ongoing/orders``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v2_get_loan_flexible_repay_history(self, **params: Any) -> Any:
        """``GET /sapi/v2/loan/flexible/repay/history``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v2_get_loan_flexible_repay_rate(self, **params: Any) -> Any:
        """``GET /sapi/v2/loan/flexible/repay/rate``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v2_get_localentity_withdraw_history(self, **params: Any) -> Any:
        """``GET /sapi/v2/localentity/withdraw/history``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v2_get_portfolio_account(self, **params: Any) -> Any:
        """``GET /sapi/v2/portfolio/account``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def margin_v2_get_portfolio_collateral_rate(self, **params: Any) -> Any:
        """``GET /sapi/v2/portfolio/collateralRate``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v2_post_broker_sub_account_api_ip_restriction(self, **params: Any) -> Any:
        """``POST /sapi/v2/broker/subAccountApi/ipRestriction``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v2_post_eth_staking_eth_stake(self, **params: Any) -> Any:
        """``POST /sapi/v2/eth-staking/eth/stake``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v2_post_loan_flexible_adjust_ltv(self, **params: Any) -> Any:
        """``POST /sapi/v2/loan/flexible/adjust/ltv``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v2_post_loan_flexible_borrow(self, **params: Any) -> Any:
        """``POST /sapi/v2/loan/flexible/borrow``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v2_post_loan_flexible_repay(self, **params: Any) -> Any:
        """``POST /sapi/v2/loan/flexible/repay``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v2_post_sub_account_sub_account_api_ip_restriction(self, **params: Any) -> Any:
        """``POST /sapi/v2/sub-account/subAccountApi/ipRestriction``: the endpoint's parameters
        by keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def margin_v3_get_broker_sub_account_futures_summary(self, **params: Any) -> Any:
        """``GET /sapi/v3/broker/subAccount/futuresSummary``: the endpoint's parameters by
        keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def options_accept_block_trade_order(self, **params: Any) -> Any:
        """``POST /eapi/v1/block/order/execute``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def options_account_get_block_trades(self, **params: Any) -> Any:
        """``GET /eapi/v1/block/user-trades``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def options_cancel_block_trade_order(self, **params: Any) -> Any:
        """``DELETE /eapi/v1/block/order/create``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def options_create_block_trade_order(self, **params: Any) -> Any:
        """``POST /eapi/v1/block/order/create``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def options_exercise_record(self, **params: Any) -> Any:
        """``GET /eapi/v1/exerciseRecord``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def options_extend_block_trade_order(self, **params: Any) -> Any:
        """``PUT /eapi/v1/block/order/create``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def options_get_bill(self, **params: Any) -> Any:
        """``GET /eapi/v1/bill``: the endpoint's parameters by keyword; needs an API key and a
        signature; reads the account.
        """

    @by_signature
    def options_get_block_trade_order(self, **params: Any) -> Any:
        """``GET /eapi/v1/block/order/execute``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def options_get_block_trade_orders(self, **params: Any) -> Any:
        """``GET /eapi/v1/block/order/orders``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def options_get_market_maker_protection_config(self, **params: Any) -> Any:
        """``GET /eapi/v1/mmp``: the endpoint's parameters by keyword; needs an API key and a
        signature; reads the account.
        """

    @by_signature
    def options_open_interest(self, **params: Any) -> Any:
        """``GET /eapi/v1/openInterest``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def options_post_market_maker_protection_config(self, **params: Any) -> Any:
        """``POST /eapi/v1/mmpSet``: the endpoint's parameters by keyword; needs an API key and a
        signature; moves orders or money.
        """

    @by_signature
    def options_reset_market_maker_protection_config(self, **params: Any) -> Any:
        """``POST /eapi/v1/mmpReset``: the endpoint's parameters by keyword; needs an API key and
        a signature; moves orders or money.
        """

    @by_signature
    def options_v1_delete_all_open_orders_by_underlying(self, **params: Any) -> Any:
        """``DELETE /eapi/v1/allOpenOrdersByUnderlying``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def options_v1_get_block_trades(self, **params: Any) -> Any:
        """``GET /eapi/v1/blockTrades``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def options_v1_get_countdown_cancel_all(self, **params: Any) -> Any:
        """``GET /eapi/v1/countdownCancelAll``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def options_v1_get_exercise_history(self, **params: Any) -> Any:
        """``GET /eapi/v1/exerciseHistory``: the endpoint's parameters by keyword; needs nothing."""

    @by_signature
    def options_v1_get_income_asyn(self, **params: Any) -> Any:
        """``GET /eapi/v1/income/asyn``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def options_v1_get_income_asyn_id(self, **params: Any) -> Any:
        """``GET /eapi/v1/income/asyn/id``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def options_v1_get_margin_account(self, **params: Any) -> Any:
        """``GET /eapi/v1/marginAccount``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def options_v1_post_countdown_cancel_all(self, **params: Any) -> Any:
        """``POST /eapi/v1/countdownCancelAll``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def options_v1_post_countdown_cancel_all_heart_beat(self, **params: Any) -> Any:
        """``POST /eapi/v1/countdownCancelAllHeartBeat``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_bnb_transfer(self, **params: Any) -> Any:
        """``POST /papi/v1/bnb-transfer``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def papi_cancel_cm_all_open_orders(self, **params: Any) -> Any:
        """``DELETE /papi/v1/cm/allOpenOrders``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_cancel_cm_conditional_all_open_orders(self, **params: Any) -> Any:
        """``DELETE /papi/v1/cm/conditional/allOpenOrders``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_cancel_cm_conditional_order(self, **params: Any) -> Any:
        """``DELETE /papi/v1/cm/conditional/order``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_cancel_margin_all_open_orders(self, **params: Any) -> Any:
        """``DELETE /papi/v1/margin/allOpenOrders``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_cancel_margin_order(self, **params: Any) -> Any:
        """``DELETE /papi/v1/margin/order``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def papi_cancel_margin_order_list(self, **params: Any) -> Any:
        """``DELETE /papi/v1/margin/orderList``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_cancel_um_all_open_orders(self, **params: Any) -> Any:
        """``DELETE /papi/v1/um/allOpenOrders``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_cancel_um_conditional_all_open_orders(self, **params: Any) -> Any:
        """``DELETE /papi/v1/um/conditional/allOpenOrders``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_cancel_um_conditional_order(self, **params: Any) -> Any:
        """``DELETE /papi/v1/um/conditional/order``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_change_cm_position_side_dual(self, **params: Any) -> Any:
        """``POST /papi/v1/cm/positionSide/dual``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_change_um_position_side_dual(self, **params: Any) -> Any:
        """``POST /papi/v1/um/positionSide/dual``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_create_cm_conditional_order(self, **params: Any) -> Any:
        """``POST /papi/v1/cm/conditional/order``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_create_margin_order(self, **params: Any) -> Any:
        """``POST /papi/v1/margin/order``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def papi_create_um_conditional_order(self, **params: Any) -> Any:
        """``POST /papi/v1/um/conditional/order``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_fund_asset_collection(self, **params: Any) -> Any:
        """``POST /papi/v1/asset-collection``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def papi_fund_auto_collection(self, **params: Any) -> Any:
        """``POST /papi/v1/auto-collection``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def papi_get_cm_adl_quantile(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/adlQuantile``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_comission_rate(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/commissionRate``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_conditional_all_orders(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/conditional/allOrders``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_conditional_open_order(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/conditional/openOrder``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_conditional_open_orders(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/conditional/openOrders``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_conditional_order_history(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/conditional/orderHistory``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_force_orders(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/forceOrders``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_income_history(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/income``: the endpoint's parameters by keyword; needs an API key and
        a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_leverage_bracket(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/leverageBracket``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_open_order(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/openOrder``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_order_amendment(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/orderAmendment``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_cm_position_side_dual(self, **params: Any) -> Any:
        """``GET /papi/v1/cm/positionSide/dual``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_margin_all_order_list(self, **params: Any) -> Any:
        """``GET /papi/v1/margin/allOrderList``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_margin_force_orders(self, **params: Any) -> Any:
        """``GET /papi/v1/margin/forceOrders``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_margin_interest_history(self, **params: Any) -> Any:
        """``GET /papi/v1/margin/marginInterestHistory``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_margin_margin_loan(self, **params: Any) -> Any:
        """``GET /papi/v1/margin/marginLoan``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_margin_max_borrowable(self, **params: Any) -> Any:
        """``GET /papi/v1/margin/maxBorrowable``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_margin_max_withdraw(self, **params: Any) -> Any:
        """``GET /papi/v1/margin/maxWithdraw``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_margin_open_order_list(self, **params: Any) -> Any:
        """``GET /papi/v1/margin/openOrderList``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_margin_order(self, **params: Any) -> Any:
        """``GET /papi/v1/margin/order``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_margin_order_list(self, **params: Any) -> Any:
        """``GET /papi/v1/margin/orderList``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_margin_repay_debt(self, **params: Any) -> Any:
        """``POST /papi/v1/margin/repay-debt``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_get_margin_repay_loan(self, **params: Any) -> Any:
        """``GET /papi/v1/margin/repayLoan``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_portfolio_interest_history(self, **params: Any) -> Any:
        """``GET /papi/v1/portfolio/interest-history``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_portfolio_negative_balance_exchange_record(self, **params: Any) -> Any:
        """``GET /papi/v1/portfolio/negative-balance-exchange-record``: the endpoint's parameters
        by keyword; needs an API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_rate_limit(self, **params: Any) -> Any:
        """``GET /papi/v1/rateLimit/order``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_repay_futures_switch(self, **params: Any) -> Any:
        """``GET /papi/v1/repay-futures-switch``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_account_config(self, **params: Any) -> Any:
        """``GET /papi/v1/um/accountConfig``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_account_v2(self, **params: Any) -> Any:
        """``GET /papi/v2/um/account``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_adl_quantile(self, **params: Any) -> Any:
        """``GET /papi/v1/um/adlQuantile``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_api_trading_status(self, **params: Any) -> Any:
        """``GET /papi/v1/um/apiTradingStatus``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_comission_rate(self, **params: Any) -> Any:
        """``GET /papi/v1/um/commissionRate``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_conditional_all_orders(self, **params: Any) -> Any:
        """``GET /papi/v1/um/conditional/allOrders``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_conditional_open_order(self, **params: Any) -> Any:
        """``GET /papi/v1/um/conditional/openOrder``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_conditional_open_orders(self, **params: Any) -> Any:
        """``GET /papi/v1/um/conditional/openOrders``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_conditional_order_history(self, **params: Any) -> Any:
        """``GET /papi/v1/um/conditional/orderHistory``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_fee_burn(self, **params: Any) -> Any:
        """``GET /papi/v1/um/feeBurn``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_force_orders(self, **params: Any) -> Any:
        """``GET /papi/v1/um/forceOrders``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_income_asyn(self, **params: Any) -> Any:
        """``GET /papi/v1/um/income/asyn``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_income_asyn_id(self, **params: Any) -> Any:
        """``GET /papi/v1/um/income/asyn/id``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_income_history(self, **params: Any) -> Any:
        """``GET /papi/v1/um/income``: the endpoint's parameters by keyword; needs an API key and
        a signature; reads the account.
        """

    @by_signature
    def papi_get_um_leverage_bracket(self, **params: Any) -> Any:
        """``GET /papi/v1/um/leverageBracket``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_open_order(self, **params: Any) -> Any:
        """``GET /papi/v1/um/openOrder``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_order_amendment(self, **params: Any) -> Any:
        """``GET /papi/v1/um/orderAmendment``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_order_asyn(self, **params: Any) -> Any:
        """``GET /papi/v1/um/order/asyn``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_order_asyn_id(self, **params: Any) -> Any:
        """``GET /papi/v1/um/order/asyn/id``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_position_side_dual(self, **params: Any) -> Any:
        """``GET /papi/v1/um/positionSide/dual``: the endpoint's parameters by keyword; needs an
        API key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_symbol_config(self, **params: Any) -> Any:
        """``GET /papi/v1/um/symbolConfig``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_trade_asyn(self, **params: Any) -> Any:
        """``GET /papi/v1/um/trade/asyn``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def papi_get_um_trade_asyn_id(self, **params: Any) -> Any:
        """``GET /papi/v1/um/trade/asyn/id``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def papi_margin_loan(self, **params: Any) -> Any:
        """``POST /papi/v1/marginLoan``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def papi_margin_order_oco(self, **params: Any) -> Any:
        """``POST /papi/v1/margin/order/oco``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def papi_modify_cm_order(self, **params: Any) -> Any:
        """``PUT /papi/v1/cm/order``: the endpoint's parameters by keyword; needs an API key and
        a signature; moves orders or money.
        """

    @by_signature
    def papi_modify_um_order(self, **params: Any) -> Any:
        """``PUT /papi/v1/um/order``: the endpoint's parameters by keyword; needs an API key and
        a signature; moves orders or money.
        """

    @by_signature
    def papi_ping(self, **params: Any) -> Any:
        """``GET /papi/v1/ping``: the endpoint's parameters by keyword; needs an API key, no
        signature.
        """

    @by_signature
    def papi_repay_futures_negative_balance(self, **params: Any) -> Any:
        """``POST /papi/v1/repay-futures-negative-balance``: the endpoint's parameters by
        keyword; needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_repay_futures_switch(self, **params: Any) -> Any:
        """``POST /papi/v1/repay-futures-switch``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def papi_repay_loan(self, **params: Any) -> Any:
        """``POST /papi/v1/repayLoan``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def papi_set_cm_leverage(self, **params: Any) -> Any:
        """``POST /papi/v1/cm/leverage``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def papi_set_um_fee_burn(self, **params: Any) -> Any:
        """``POST /papi/v1/um/feeBurn``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def papi_set_um_leverage(self, **params: Any) -> Any:
        """``POST /papi/v1/um/leverage``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def papi_v1_post_ping(self, **params: Any) -> Any:
        """``POST /papi/v1/ping``: the endpoint's parameters by keyword; needs an API key and a
        signature; moves orders or money.
        """

    @by_signature
    def purchase_staking_product(self, **params: Any) -> Any:
        """``POST /sapi/v1/staking/purchase``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def redeem_staking_product(self, **params: Any) -> Any:
        """``POST /sapi/v1/staking/redeem``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def set_auto_staking(self, **params: Any) -> Any:
        """``POST /sapi/v1/staking/setAutoStaking``: the endpoint's parameters by keyword; needs
        an API key and a signature; moves orders or money.
        """

    @by_signature
    def set_margin_max_leverage(self, **params: Any) -> Any:
        """``POST /sapi/v1/margin/max-leverage``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def transfer_margin_dust(self, **params: Any) -> Any:
        """``POST /sapi/v1/margin/dust``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def v3_delete_order_list(self, **params: Any) -> Any:
        """``DELETE /api/v3/orderList``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def v3_get_account_commission(self, **params: Any) -> Any:
        """``GET /api/v3/account/commission``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def v3_get_all_order_list(self, **params: Any) -> Any:
        """``GET /api/v3/allOrderList``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def v3_get_order_list(self, **params: Any) -> Any:
        """``GET /api/v3/orderList``: the endpoint's parameters by keyword; needs an API key and
        a signature; reads the account.
        """

    @by_signature
    def v3_get_ticker_trading_day(self, **params: Any) -> Any:
        """``GET /api/v3/ticker/tradingDay``: the endpoint's parameters by keyword; needs
        nothing.
        """

    @by_signature
    def v3_post_cancel_replace(self, **params: Any) -> Any:
        """``POST /api/v3/cancelReplace``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def v3_post_order_list_oto(self, **params: Any) -> Any:
        """``POST /api/v3/orderList/oto``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def v3_post_order_list_otoco(self, **params: Any) -> Any:
        """``POST /api/v3/orderList/otoco``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def v3_post_sor_order(self, **params: Any) -> Any:
        """``POST /api/v3/sor/order``: the endpoint's parameters by keyword; needs an API key and
        a signature; moves orders or money.
        """

    @by_signature
    def v3_post_sor_order_test(self, **params: Any) -> Any:
        """``POST /api/v3/sor/order/test``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def futures_coin_place_batch_order(self, **params: Any) -> Any:
        """``POST /dapi/v1/batchOrders``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def get_staking_asset_us(self, **params: Any) -> Any:
        """``GET /sapi/v1/staking/asset``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def get_staking_balance_us(self, **params: Any) -> Any:
        """``GET /sapi/v1/staking/stakingBalance``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def get_staking_history_us(self, **params: Any) -> Any:
        """``GET /sapi/v1/staking/history``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def get_staking_rewards_history_us(self, **params: Any) -> Any:
        """``GET /sapi/v1/staking/stakingRewardsHistory``: the endpoint's parameters by keyword;
        needs an API key and a signature; reads the account.
        """

    @by_signature
    def stake_asset_us(self, **params: Any) -> Any:
        """``POST /sapi/v1/staking/stake``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def unstake_asset_us(self, **params: Any) -> Any:
        """``POST /sapi/v1/staking/unstake``: the endpoint's parameters by keyword; needs an API
        key and a signature; moves orders or money.
        """

    @by_signature
    def v3_delete_open_orders(self, **params: Any) -> Any:
        """``DELETE /api/v3/openOrders``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def v3_delete_order(self, **params: Any) -> Any:
        """``DELETE /api/v3/order``: the endpoint's parameters by keyword; needs an API key and a
        signature; moves orders or money.
        """

    @by_signature
    def v3_get_account(self, **params: Any) -> Any:
        """``GET /api/v3/account``: the endpoint's parameters by keyword; needs an API key and a
        signature; reads the account.
        """

    @by_signature
    def v3_get_all_orders(self, **params: Any) -> Any:
        """``GET /api/v3/allOrders``: the endpoint's parameters by keyword; needs an API key and
        a signature; reads the account.
        """

    @by_signature
    def v3_get_my_allocations(self, **params: Any) -> Any:
        """``GET /api/v3/myAllocations``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def v3_get_my_prevented_matches(self, **params: Any) -> Any:
        """``GET /api/v3/myPreventedMatches``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def v3_get_my_trades(self, **params: Any) -> Any:
        """``GET /api/v3/myTrades``: the endpoint's parameters by keyword; needs an API key and a
        signature; reads the account.
        """

    @by_signature
    def v3_get_open_order_list(self, **params: Any) -> Any:
        """``GET /api/v3/openOrderList``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """

    @by_signature
    def v3_get_open_orders(self, **params: Any) -> Any:
        """``GET /api/v3/openOrders``: the endpoint's parameters by keyword; needs an API key and
        a signature; reads the account.
        """

    @by_signature
    def v3_get_order(self, **params: Any) -> Any:
        """``GET /api/v3/order``: the endpoint's parameters by keyword; needs an API key and a
        signature; reads the account.
        """

    @by_signature
    def v3_get_rate_limit_order(self, **params: Any) -> Any:
        """``GET /api/v3/rateLimit/order``: the endpoint's parameters by keyword; needs an API
        key and a signature; reads the account.
        """

    @by_signature
    def v3_post_order(self, **params: Any) -> Any:
        """``POST /api/v3/order``: the endpoint's parameters by keyword; needs an API key and a
        signature; moves orders or money.
        """

    @by_signature
    def v3_post_order_cancel_replace(self, **params: Any) -> Any:
        """``POST /api/v3/order/cancelReplace``: the endpoint's parameters by keyword; needs an
        API key and a signature; moves orders or money.
        """

    @by_signature
    def v3_post_order_list_oco(self, **params: Any) -> Any:
        """``POST /api/v3/orderList/oco``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def v3_post_order_test(self, **params: Any) -> Any:
        """``POST /api/v3/order/test``: the endpoint's parameters by keyword; needs an API key
        and a signature; moves orders or money.
        """

    @by_signature
    def v3_post_user_data_stream(self, **params: Any) -> Any:
        """Retired (``POST /api/v3/userDataStream``), use BinanceSocketManager.start_user_socket
        (WebSocket API, userDataStream.subscribe.signature): raises `BinanceRetiredError`.
        """

    @by_signature
    def v3_put_user_data_stream(self, **params: Any) -> Any:
        """Retired (``PUT /api/v3/userDataStream``), use BinanceSocketManager.start_user_socket
        (WebSocket API, userDataStream.subscribe.signature): raises `BinanceRetiredError`.
        """

    @by_signature
    def v3_delete_user_data_stream(self, **params: Any) -> Any:
        """Retired (``DELETE /api/v3/userDataStream``), use
        BinanceSocketManager.start_user_socket (WebSocket API,
        userDataStream.subscribe.signature): raises `BinanceRetiredError`.
        """

    @by_signature
    def margin_v1_get_margin_isolated_transfer(self, **params: Any) -> Any:
        """``GET /sapi/v1/margin/isolated/transfer``: the endpoint's parameters by keyword; needs
        an API key and a signature; reads the account.
        """

    @by_signature
    def margin_v1_post_margin_manual_liquidation(self, **params: Any) -> Any:
        """``POST /sapi/v1/margin/manual-liquidation``: the endpoint's parameters by keyword;
        needs an API key and a signature; moves orders or money.
        """

    @by_signature
    def futures_coin_account_order_history_download_link(self, **params: Any) -> Any:
        """``GET /dapi/v1/order/asyn/id``: the endpoint's parameters by keyword; needs an API key
        and a signature; reads the account.
        """


class Methods(
    Constants,
    General,
    MarketData,
    Orders,
    Account,
    Wallet,
    UserStream,
    Margin,
    MarginStreams,
    Lending,
    SubAccounts,
    Futures,
    CoinFutures,
    Options,
    PortfolioMargin,
    Further,
):
    """All of them."""
