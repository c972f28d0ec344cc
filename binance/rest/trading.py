"""Spot orders, order lists, account and user stream. All need an API key and its secret."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from binance import enums
from binance.exceptions import BinanceRetiredError
from binance.rest.calls import NEEDED, Calls
from binance.rest.route_methods import by_route, by_signature
from binance.sansio.names import routes

Object = dict[str, Any]
Array = list[Any]
Number = str | float | Decimal


class OrderMethods(Calls):
    """Source: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/trading-endpoints

    Every order carries a ``newClientOrderId``, of ours where you give none. When the reply to an
    order is lost the exchange is asked for it by that id: the method then returns the order as
    `get_order` has it (no ``fills``), or raises `OrderStatusUnknown`. Nothing is sent twice.
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

    def order_limit(self, timeInForce: str = enums.TIME_IN_FORCE_GTC, **params: Any) -> Object:
        """A limit order: `create_order` with type LIMIT. Give symbol, side, quantity, price."""
        return self.create_order(
            **params | {"type": enums.ORDER_TYPE_LIMIT, "timeInForce": timeInForce}
        )

    def order_limit_buy(self, timeInForce: str = enums.TIME_IN_FORCE_GTC, **params: Any) -> Object:
        """A limit order to buy. Give symbol, quantity, price."""
        return self.order_limit(timeInForce=timeInForce, **params | {"side": enums.SIDE_BUY})

    def order_limit_sell(self, timeInForce: str = enums.TIME_IN_FORCE_GTC, **params: Any) -> Object:
        """A limit order to sell. Give symbol, quantity, price."""
        return self.order_limit(timeInForce=timeInForce, **params | {"side": enums.SIDE_SELL})

    def order_market(self, **params: Any) -> Object:
        """A market order. Give symbol, side, and quantity or quoteOrderQty."""
        return self.create_order(**params | {"type": enums.ORDER_TYPE_MARKET})

    def order_market_buy(self, **params: Any) -> Object:
        """A market order to buy. Give symbol, and quantity or quoteOrderQty."""
        return self.order_market(**params | {"side": enums.SIDE_BUY})

    def order_market_sell(self, **params: Any) -> Object:
        """A market order to sell. Give symbol, and quantity or quoteOrderQty."""
        return self.order_market(**params | {"side": enums.SIDE_SELL})

    create_oco_order = by_route()
    order_oco_buy = by_route()
    order_oco_sell = by_route()

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
        self,
        *,
        symbol: str,
        side: str,
        type: str,
        quantity: Number,
        **params: Any,
    ) -> Object:
        """Sends in an order with smart order routing; LIMIT or MARKET, not ``quoteOrderQty``."""

    @by_signature
    def create_test_sor_order(self, **params: Any) -> Object:
        """Has an order with smart order routing checked, and not placed."""

    # order lists

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
        self,
        *,
        orderListId: int | None = None,
        origClientOrderId: str | None = None,
        **params: Any,
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


class AccountMethods(Calls):
    """Source: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/account-endpoints"""

    @by_signature
    def get_account(self, *, omitZeroBalances: bool | None = None, **params: Any) -> Object:
        """The account: ``balances`` (``[{asset free locked}]``), commissions, permissions."""

    def get_asset_balance(self, asset: str, **params: Any) -> Object | None:
        """One asset's ``{"asset", "free", "locked"}``; None for an asset that is not listed."""
        wanted = asset.lower()
        for balance in self.get_account(**params).get("balances", ()):
            if balance["asset"].lower() == wanted:
                found: Object = balance
                return found
        return None

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


class UserStreamMethods(Calls):
    """Listen keys. The main exchange retired those of spot accounts on 2026-02-20 and answers 410,
    which raises `BinanceRetiredError`; ``tld="us"`` still serves them."""

    def stream_get_listen_key(self) -> str:
        """A listen key for the account's user data stream, valid for 60 minutes.

        :raises BinanceRetiredError: the exchange answers 410; use
            `BinanceSocketManager.start_user_socket`
        """
        return self._listen_key("stream_get_listen_key")

    def stream_keepalive(self, listenKey: str) -> Object:
        """Keeps a listen key valid for 60 minutes more."""
        return self._object("stream_keepalive", listenKey=listenKey)

    def stream_close(self, listenKey: str) -> Object:
        """Ends a listen key, for everybody who uses it."""
        return self._object("stream_close", listenKey=listenKey)

    def _listen_key(self, name: str, /, **params: Any) -> str:
        answer = self._object(name, **params)
        if "listenKey" not in answer:
            raise BinanceRetiredError(name, routes.table()[name].replacement)
        return str(answer["listenKey"])
