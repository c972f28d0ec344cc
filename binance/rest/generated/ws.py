"""Generated from `ws_methods.txt` by `docs/ws_methods.py`: change it there."""

from __future__ import annotations

from typing import Any

from binance.rest.generated import Array, Number, Object
from binance.rest.route_methods import NEEDED
from binance.rest.ws_calls import WsCalls, by_websocket


class WsMethods(WsCalls):
    """Requests over the WebSocket API.

    Each method waits for the answer, for `timeout` seconds at most (12 by default). Every order
    carries a ``newClientOrderId``, of ours where you give none. When the answer to an order or to a
    cancel is lost, the exchange is asked for the order by its id, over the WebSocket API or by
    REST:
    the method then returns the order, or raises `OrderStatusUnknown`. Nothing is sent twice.

    `BinanceAPIException`: the exchange refused the request. `BinanceConnectionError`: the request
    was not sent, or it has no effects and was not answered. `BinanceReactorError`: the method was
    called in the reactor thread, such as in a callback; use `ws_request` there.

    Source: https://developers.binance.com/docs/binance-spot-api-docs/websocket-api
    """

    @by_websocket("spot", "ping", "ping")
    def ws_ping(self, *, timeout: float | None = None, **params: Any) -> Object:
        """``ping``: `ping`, by WebSocket."""

    @by_websocket("spot", "time", "get_server_time")
    def ws_get_time(self, *, timeout: float | None = None, **params: Any) -> Object:
        """``time``: `get_server_time`, by WebSocket."""

    @by_websocket("spot", "exchangeInfo", "get_exchange_info")
    def ws_get_exchange_info(
        self,
        *,
        symbol: str | None = None,
        symbols: list[str] | None = None,
        permissions: str | list[str] | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``exchangeInfo``: `get_exchange_info`, by WebSocket."""

    @by_websocket("spot", "executionRules", "get_execution_rules")
    def ws_get_execution_rules(
        self,
        *,
        symbol: str | None = None,
        symbols: list[str] | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``executionRules``: `get_execution_rules`, by WebSocket."""

    @by_websocket("spot", "depth", "get_order_book")
    def ws_get_order_book(
        self,
        *,
        symbol: str = NEEDED,
        limit: int | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``depth``: `get_order_book`, by WebSocket."""

    @by_websocket("spot", "trades.recent", "get_recent_trades")
    def ws_get_recent_trades(
        self,
        *,
        symbol: str = NEEDED,
        limit: int | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Array:
        """``trades.recent``: `get_recent_trades`, by WebSocket."""

    @by_websocket("spot", "trades.historical", "get_historical_trades")
    def ws_get_historical_trades(
        self,
        *,
        symbol: str = NEEDED,
        limit: int | None = None,
        fromId: int | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Array:
        """``trades.historical``: `get_historical_trades`, by WebSocket."""

    @by_websocket("spot", "blockTrades.historical", "get_historical_block_trades")
    def ws_get_historical_block_trades(
        self,
        *,
        symbol: str = NEEDED,
        limit: int | None = None,
        fromId: int | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Array:
        """``blockTrades.historical``: `get_historical_block_trades`, by WebSocket."""

    @by_websocket("spot", "trades.aggregate", "get_aggregate_trades")
    def ws_get_aggregate_trades(
        self,
        *,
        symbol: str = NEEDED,
        fromId: int | None = None,
        startTime: int | None = None,
        endTime: int | None = None,
        limit: int | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Array:
        """``trades.aggregate``: `get_aggregate_trades`, by WebSocket."""

    @by_websocket("spot", "klines", "get_klines")
    def ws_get_klines(
        self,
        *,
        symbol: str = NEEDED,
        interval: str = NEEDED,
        startTime: int | None = None,
        endTime: int | None = None,
        timeZone: str | None = None,
        limit: int | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Array:
        """``klines``: `get_klines`, by WebSocket."""

    @by_websocket("spot", "uiKlines", "get_ui_klines")
    def ws_get_uiKlines(
        self,
        *,
        symbol: str = NEEDED,
        interval: str = NEEDED,
        timeout: float | None = None,
        **params: Any,
    ) -> Array:
        """``uiKlines``: `get_ui_klines`, by WebSocket."""

    @by_websocket("spot", "avgPrice", "get_avg_price")
    def ws_get_avg_price(
        self, *, symbol: str = NEEDED, timeout: float | None = None, **params: Any
    ) -> Object:
        """``avgPrice``: `get_avg_price`, by WebSocket."""

    @by_websocket("spot", "ticker.24hr", "get_ticker")
    def ws_get_ticker(
        self,
        *,
        symbol: str | None = None,
        symbols: list[str] | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Any:
        """``ticker.24hr``: `get_ticker`, by WebSocket."""

    @by_websocket("spot", "ticker.tradingDay", "get_trading_day_ticker")
    def ws_get_trading_day_ticker(
        self,
        *,
        symbol: str | None = None,
        symbols: list[str] | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Any:
        """``ticker.tradingDay``: `get_trading_day_ticker`, by WebSocket."""

    @by_websocket("spot", "ticker", "get_rolling_ticker")
    def ws_get_symbol_ticker_window(
        self,
        *,
        symbol: str | None = None,
        symbols: list[str] | None = None,
        windowSize: str | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Any:
        """``ticker``: `get_rolling_ticker`, by WebSocket."""

    @by_websocket("spot", "ticker.price", "get_symbol_ticker")
    def ws_get_symbol_ticker(
        self,
        *,
        symbol: str | None = None,
        symbols: list[str] | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Any:
        """``ticker.price``: `get_symbol_ticker`, by WebSocket."""

    @by_websocket("spot", "ticker.book", "get_orderbook_ticker")
    def ws_get_orderbook_ticker(
        self,
        *,
        symbol: str | None = None,
        symbols: list[str] | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Any:
        """``ticker.book``: `get_orderbook_ticker`, by WebSocket."""

    @by_websocket("spot", "referencePrice", "get_reference_price")
    def ws_get_reference_price(
        self, *, symbol: str = NEEDED, timeout: float | None = None, **params: Any
    ) -> Object:
        """``referencePrice``: `get_reference_price`, by WebSocket."""

    @by_websocket("spot", "referencePrice.calculation", "get_reference_price_calculation")
    def ws_get_reference_price_calculation(
        self, *, symbol: str = NEEDED, timeout: float | None = None, **params: Any
    ) -> Object:
        """``referencePrice.calculation``: `get_reference_price_calculation`, by WebSocket."""

    @by_websocket("spot", "order.place", "create_order")
    def ws_create_order(
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
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``order.place``: `create_order`, by WebSocket."""

    @by_websocket("spot", "order.test", "create_test_order")
    def ws_create_test_order(self, *, timeout: float | None = None, **params: Any) -> Object:
        """``order.test``: `create_test_order`, by WebSocket."""

    @by_websocket("spot", "order.status", "get_order")
    def ws_get_order(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        origClientOrderId: str | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``order.status``: `get_order`, by WebSocket."""

    @by_websocket("spot", "order.cancel", "cancel_order")
    def ws_cancel_order(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        origClientOrderId: str | None = None,
        newClientOrderId: str | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``order.cancel``: `cancel_order`, by WebSocket."""

    @by_websocket("spot", "order.cancelReplace", "cancel_replace_order")
    def ws_cancel_and_replace_order(
        self,
        *,
        symbol: str = NEEDED,
        side: str = NEEDED,
        type: str = NEEDED,
        cancelReplaceMode: str = NEEDED,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``order.cancelReplace``: `cancel_replace_order`, by WebSocket."""

    @by_websocket("spot", "order.amend.keepPriority", "amend_order_keep_priority")
    def ws_amend_order_keep_priority(
        self,
        *,
        symbol: str = NEEDED,
        newQty: Number = NEEDED,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``order.amend.keepPriority``: `amend_order_keep_priority`, by WebSocket."""

    @by_websocket("spot", "order.amendments", "get_order_amendments")
    def ws_get_order_amendments(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int = NEEDED,
        timeout: float | None = None,
        **params: Any,
    ) -> Array:
        """``order.amendments``: `get_order_amendments`, by WebSocket."""

    @by_websocket("spot", "openOrders.status", "get_open_orders")
    def ws_get_open_orders(
        self, *, symbol: str | None = None, timeout: float | None = None, **params: Any
    ) -> Array:
        """``openOrders.status``: `get_open_orders`, by WebSocket."""

    @by_websocket("spot", "openOrders.cancelAll", "cancel_all_open_orders")
    def ws_cancel_all_open_orders(
        self, *, symbol: str = NEEDED, timeout: float | None = None, **params: Any
    ) -> Array:
        """``openOrders.cancelAll``: `cancel_all_open_orders`, by WebSocket."""

    @by_websocket("spot", "allOrders", "get_all_orders")
    def ws_get_all_orders(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        startTime: int | None = None,
        endTime: int | None = None,
        limit: int | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Array:
        """``allOrders``: `get_all_orders`, by WebSocket."""

    @by_websocket("spot", "orderList.place.oco", "create_order_list_oco")
    def ws_create_oco_order(
        self,
        *,
        symbol: str = NEEDED,
        side: str = NEEDED,
        quantity: Number = NEEDED,
        aboveType: str = NEEDED,
        belowType: str = NEEDED,
        listClientOrderId: str | None = None,
        abovePrice: Number | None = None,
        aboveStopPrice: Number | None = None,
        aboveTimeInForce: str | None = None,
        belowPrice: Number | None = None,
        belowStopPrice: Number | None = None,
        belowTimeInForce: str | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``orderList.place.oco``: `create_order_list_oco`, by WebSocket."""

    @by_websocket("spot", "orderList.place.oto", "create_order_list_oto")
    def ws_create_oto_order(
        self,
        *,
        symbol: str = NEEDED,
        workingType: str = NEEDED,
        workingSide: str = NEEDED,
        workingPrice: Number = NEEDED,
        workingQuantity: Number = NEEDED,
        pendingType: str = NEEDED,
        pendingSide: str = NEEDED,
        pendingQuantity: Number = NEEDED,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``orderList.place.oto``: `create_order_list_oto`, by WebSocket."""

    @by_websocket("spot", "orderList.place.otoco", "create_order_list_otoco")
    def ws_create_otoco_order(
        self,
        *,
        symbol: str = NEEDED,
        workingType: str = NEEDED,
        workingSide: str = NEEDED,
        workingPrice: Number = NEEDED,
        workingQuantity: Number = NEEDED,
        pendingSide: str = NEEDED,
        pendingQuantity: Number = NEEDED,
        pendingAboveType: str = NEEDED,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``orderList.place.otoco``: `create_order_list_otoco`, by WebSocket."""

    @by_websocket("spot", "orderList.place.opo", "create_order_list_opo")
    def ws_create_opo_order(
        self,
        *,
        symbol: str = NEEDED,
        workingType: str = NEEDED,
        workingSide: str = NEEDED,
        workingPrice: Number = NEEDED,
        workingQuantity: Number = NEEDED,
        pendingType: str = NEEDED,
        pendingSide: str = NEEDED,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``orderList.place.opo``: `create_order_list_opo`, by WebSocket."""

    @by_websocket("spot", "orderList.place.opoco", "create_order_list_opoco")
    def ws_create_opoco_order(
        self,
        *,
        symbol: str = NEEDED,
        workingType: str = NEEDED,
        workingSide: str = NEEDED,
        workingPrice: Number = NEEDED,
        workingQuantity: Number = NEEDED,
        pendingSide: str = NEEDED,
        pendingAboveType: str = NEEDED,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``orderList.place.opoco``: `create_order_list_opoco`, by WebSocket."""

    @by_websocket("spot", "orderList.status", "get_order_list")
    def ws_get_oco_order(
        self,
        *,
        orderListId: int | None = None,
        origClientOrderId: str | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``orderList.status``: `get_order_list`, by WebSocket."""

    @by_websocket("spot", "orderList.cancel", "cancel_order_list")
    def ws_cancel_oco_order(
        self,
        *,
        symbol: str = NEEDED,
        orderListId: int | None = None,
        listClientOrderId: str | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``orderList.cancel``: `cancel_order_list`, by WebSocket."""

    @by_websocket("spot", "openOrderLists.status", "get_open_order_lists")
    def ws_get_oco_open_orders(self, *, timeout: float | None = None, **params: Any) -> Array:
        """``openOrderLists.status``: `get_open_order_lists`, by WebSocket."""

    @by_websocket("spot", "allOrderLists", "get_all_order_lists")
    def ws_get_all_order_lists(self, *, timeout: float | None = None, **params: Any) -> Array:
        """``allOrderLists``: `get_all_order_lists`, by WebSocket."""

    @by_websocket("spot", "sor.order.place", "create_sor_order")
    def ws_create_sor_order(
        self,
        *,
        symbol: str = NEEDED,
        side: str = NEEDED,
        type: str = NEEDED,
        quantity: Number = NEEDED,
        timeout: float | None = None,
        **params: Any,
    ) -> Array:
        """``sor.order.place``: `create_sor_order`, by WebSocket."""

    @by_websocket("spot", "sor.order.test", "create_test_sor_order")
    def ws_create_test_sor_order(self, *, timeout: float | None = None, **params: Any) -> Object:
        """``sor.order.test``: `create_test_sor_order`, by WebSocket."""

    @by_websocket("spot", "account.status", "get_account")
    def ws_get_account(
        self, *, omitZeroBalances: bool | None = None, timeout: float | None = None, **params: Any
    ) -> Object:
        """``account.status``: `get_account`, by WebSocket."""

    @by_websocket("spot", "account.rateLimits.orders", "get_order_rate_limits")
    def ws_get_account_rate_limits_orders(
        self, *, timeout: float | None = None, **params: Any
    ) -> Array:
        """``account.rateLimits.orders``: `get_order_rate_limits`, by WebSocket."""

    @by_websocket("spot", "myTrades", "get_my_trades")
    def ws_get_my_trades(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        startTime: int | None = None,
        endTime: int | None = None,
        fromId: int | None = None,
        limit: int | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Array:
        """``myTrades``: `get_my_trades`, by WebSocket."""

    @by_websocket("spot", "myPreventedMatches", "get_prevented_matches")
    def ws_get_prevented_matches(
        self, *, symbol: str = NEEDED, timeout: float | None = None, **params: Any
    ) -> Array:
        """``myPreventedMatches``: `get_prevented_matches`, by WebSocket."""

    @by_websocket("spot", "myAllocations", "get_allocations")
    def ws_get_allocations(
        self, *, symbol: str = NEEDED, timeout: float | None = None, **params: Any
    ) -> Array:
        """``myAllocations``: `get_allocations`, by WebSocket."""

    @by_websocket("spot", "account.commission", "get_account_commission")
    def ws_get_commission_rates(
        self, *, symbol: str = NEEDED, timeout: float | None = None, **params: Any
    ) -> Object:
        """``account.commission``: `get_account_commission`, by WebSocket."""

    @by_websocket("spot", "myFilters", "get_account_filters")
    def ws_get_account_filters(
        self, *, symbol: str = NEEDED, timeout: float | None = None, **params: Any
    ) -> Object:
        """``myFilters``: `get_account_filters`, by WebSocket."""

    @by_websocket("usdm", "depth", "futures_order_book")
    def ws_futures_get_order_book(
        self,
        *,
        symbol: str = NEEDED,
        limit: int | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``depth``: `futures_order_book`, by WebSocket."""

    @by_websocket("usdm", "ticker.price", "futures_symbol_ticker")
    def ws_futures_get_all_tickers(
        self, *, symbol: str | None = None, timeout: float | None = None, **params: Any
    ) -> Any:
        """``ticker.price``: `futures_symbol_ticker`, by WebSocket."""

    @by_websocket("usdm", "ticker.book", "futures_orderbook_ticker")
    def ws_futures_get_order_book_ticker(
        self, *, symbol: str | None = None, timeout: float | None = None, **params: Any
    ) -> Any:
        """``ticker.book``: `futures_orderbook_ticker`, by WebSocket."""

    @by_websocket("usdm", "order.place", "futures_create_order")
    def ws_futures_create_order(
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
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``order.place``: `futures_create_order`, by WebSocket."""

    @by_websocket("usdm", "order.modify", "futures_modify_order")
    def ws_futures_edit_order(
        self,
        *,
        symbol: str = NEEDED,
        side: str = NEEDED,
        quantity: Number = NEEDED,
        price: Number = NEEDED,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``order.modify``: `futures_modify_order`, by WebSocket."""

    @by_websocket("usdm", "order.cancel", "futures_cancel_order")
    def ws_futures_cancel_order(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        origClientOrderId: str | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``order.cancel``: `futures_cancel_order`, by WebSocket."""

    @by_websocket("usdm", "order.status", "futures_get_order")
    def ws_futures_get_order(
        self,
        *,
        symbol: str = NEEDED,
        orderId: int | None = None,
        origClientOrderId: str | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``order.status``: `futures_get_order`, by WebSocket."""

    @by_websocket("usdm", "algoOrder.place", "futures_create_algo_order")
    def ws_futures_create_algo_order(
        self,
        *,
        symbol: str = NEEDED,
        side: str = NEEDED,
        type: str = NEEDED,
        algoType: str = "CONDITIONAL",
        quantity: Number | None = None,
        price: Number | None = None,
        triggerPrice: Number | None = None,
        clientAlgoId: str | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``algoOrder.place``: `futures_create_algo_order`, by WebSocket."""

    @by_websocket("usdm", "algoOrder.cancel", "futures_cancel_algo_order")
    def ws_futures_cancel_algo_order(
        self,
        *,
        algoId: int | None = None,
        clientAlgoId: str | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``algoOrder.cancel``: `futures_cancel_algo_order`, by WebSocket."""

    @by_websocket("usdm", "account.position", "futures_position_information")
    def ws_futures_account_position(
        self, *, symbol: str | None = None, timeout: float | None = None, **params: Any
    ) -> Array:
        """``account.position``: `futures_position_information`, by WebSocket."""

    @by_websocket("usdm", "account.balance", "futures_account_balance_v2")
    def ws_futures_account_balance(self, *, timeout: float | None = None, **params: Any) -> Array:
        """``account.balance``: `futures_account_balance_v2`, by WebSocket."""

    @by_websocket("usdm", "account.status", "futures_account")
    def ws_futures_account_status(self, *, timeout: float | None = None, **params: Any) -> Object:
        """``account.status``: `futures_account`, by WebSocket."""

    @by_websocket("usdm", "v2/account.position", "futures_position_information")
    def ws_futures_v2_account_position(
        self, *, symbol: str | None = None, timeout: float | None = None, **params: Any
    ) -> Array:
        """``v2/account.position``: `futures_position_information`, by WebSocket."""

    @by_websocket("usdm", "v2/account.balance", "futures_account_balance_v2")
    def ws_futures_v2_account_balance(
        self, *, timeout: float | None = None, **params: Any
    ) -> Array:
        """``v2/account.balance``: `futures_account_balance_v2`, by WebSocket."""

    @by_websocket("usdm", "v2/account.status", "futures_account_v3")
    def ws_futures_v2_account_status(
        self, *, timeout: float | None = None, **params: Any
    ) -> Object:
        """``v2/account.status``: `futures_account_v3`, by WebSocket."""

    @by_websocket("coinm", "order.place", "futures_coin_create_order")
    def ws_futures_coin_create_order(self, *, timeout: float | None = None, **params: Any) -> Any:
        """``order.place``: `futures_coin_create_order`, by WebSocket."""

    @by_websocket("coinm", "order.modify", "futures_modify_order")
    def ws_futures_coin_edit_order(
        self,
        *,
        symbol: str = NEEDED,
        side: str = NEEDED,
        quantity: Number = NEEDED,
        price: Number = NEEDED,
        timeout: float | None = None,
        **params: Any,
    ) -> Object:
        """``order.modify``: `futures_modify_order`, by WebSocket."""

    @by_websocket("coinm", "order.cancel", "futures_coin_cancel_order")
    def ws_futures_coin_cancel_order(self, *, timeout: float | None = None, **params: Any) -> Any:
        """``order.cancel``: `futures_coin_cancel_order`, by WebSocket."""

    @by_websocket("coinm", "order.status", "futures_coin_get_order")
    def ws_futures_coin_get_order(self, *, timeout: float | None = None, **params: Any) -> Any:
        """``order.status``: `futures_coin_get_order`, by WebSocket."""

    @by_websocket("coinm", "account.position", "futures_coin_position_information")
    def ws_futures_coin_account_position(
        self, *, timeout: float | None = None, **params: Any
    ) -> Any:
        """``account.position``: `futures_coin_position_information`, by WebSocket."""

    @by_websocket("coinm", "account.balance", "futures_coin_account_balance")
    def ws_futures_coin_account_balance(
        self, *, timeout: float | None = None, **params: Any
    ) -> Any:
        """``account.balance``: `futures_coin_account_balance`, by WebSocket."""

    @by_websocket("coinm", "account.status", "futures_coin_account")
    def ws_futures_coin_account_status(self, *, timeout: float | None = None, **params: Any) -> Any:
        """``account.status``: `futures_coin_account`, by WebSocket."""

    def ws_order_limit(self, timeInForce: str = "GTC", **params: Any) -> Object:
        """A limit order: `ws_create_order` with type LIMIT. Give symbol, side, quantity, price."""
        return self.ws_create_order(**params | {"type": "LIMIT", "timeInForce": timeInForce})

    def ws_order_limit_buy(self, timeInForce: str = "GTC", **params: Any) -> Object:
        """A limit order to buy. Give symbol, quantity, price."""
        return self.ws_order_limit(timeInForce, **params | {"side": "BUY"})

    def ws_order_limit_sell(self, timeInForce: str = "GTC", **params: Any) -> Object:
        """A limit order to sell. Give symbol, quantity, price."""
        return self.ws_order_limit(timeInForce, **params | {"side": "SELL"})

    def ws_order_market(self, **params: Any) -> Object:
        """A market order. Give symbol, side, and quantity or quoteOrderQty."""
        return self.ws_create_order(**params | {"type": "MARKET"})

    def ws_order_market_buy(self, **params: Any) -> Object:
        """A market order to buy. Give symbol, and quantity or quoteOrderQty."""
        return self.ws_order_market(**params | {"side": "BUY"})

    def ws_order_market_sell(self, **params: Any) -> Object:
        """A market order to sell. Give symbol, and quantity or quoteOrderQty."""
        return self.ws_order_market(**params | {"side": "SELL"})
