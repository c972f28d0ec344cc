"""USD-M futures."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from binance.rest.calls import NEEDED, Calls
from binance.rest.history import FUTURES_PAGE_MAX, Klines
from binance.rest.route_methods import by_route, by_signature

Object = dict[str, Any]
Array = list[Any]
Number = str | float | Decimal


class FuturesMethods(Calls):
    """Source: https://developers.binance.com/docs/derivatives/usds-margined-futures"""

    # market data

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

    def futures_continuous_klines(
        self, *, pair: str, contractType: str, interval: str, **params: Any
    ) -> Array:
        """Candles of a contract type."""
        return self.futures_continous_klines(
            pair=pair, contractType=contractType, interval=interval, **params
        )

    @by_signature
    def futures_index_price_klines(self, *, pair: str, interval: str, **params: Any) -> Array:
        """Candles of a pair's index price."""

    @by_signature
    def futures_mark_price_klines(self, *, symbol: str, interval: str, **params: Any) -> Array:
        """Candles of a symbol's mark price."""

    @by_signature
    def futures_premium_index_klines(self, *, symbol: str, interval: str, **params: Any) -> Array:
        """Candles of a symbol's premium index."""

    def futures_historical_klines(
        self,
        symbol: str,
        interval: str,
        start_str: str | int,
        end_str: str | int | None = None,
        limit: int = 500,
    ) -> Array:
        """All candles of a stretch of time, as of `get_historical_klines`.

        :param limit: candles per call, 1 to 1500
        """
        return list(
            self.futures_historical_klines_generator(symbol, interval, start_str, end_str, limit)
        )

    def futures_historical_klines_generator(
        self,
        symbol: str,
        interval: str,
        start_str: str | int,
        end_str: str | int | None = None,
        limit: int = 500,
    ) -> Iterator[Array]:
        """`futures_historical_klines`, one candle at a time."""
        return Klines(self.futures_klines, FUTURES_PAGE_MAX).walk(
            symbol, interval, start_str, end_str, limit
        )

    @by_signature
    def futures_mark_price(self, *, symbol: str | None = None, **params: Any) -> Any:
        """Mark price and funding: an object for one symbol, else a list."""

    @by_signature
    def futures_funding_rate(self, *, symbol: str | None = None, **params: Any) -> Array:
        """Past funding rates."""

    def futures_funding_info(self) -> Array:
        """Funding caps, floors and intervals where they are not the usual ones."""
        return self._array("futures_funding_info")

    @by_signature
    def futures_ticker(self, *, symbol: str | None = None, **params: Any) -> Any:
        """Statistics of the last 24 hours: an object for one symbol, else a list."""

    @by_signature
    def futures_symbol_ticker(self, *, symbol: str | None = None, **params: Any) -> Any:
        """The last price: an object for one symbol, else a list. See also
        `futures_symbol_ticker_v2`."""

    @by_signature
    def futures_symbol_ticker_v2(self, *, symbol: str | None = None, **params: Any) -> Any:
        """The last price: an object for one symbol, else a list."""

    @by_signature
    def futures_orderbook_ticker(self, *, symbol: str | None = None, **params: Any) -> Any:
        """Best bid and ask: an object for one symbol, else a list."""

    futures_liquidation_orders = by_route()

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

    futures_account_transfer = by_route()
    transfer_history = by_route()

    # orders

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
        each a ``newClientOrderId`` and ask with `futures_get_order`."""

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
        0 switches that off."""

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

    # account

    futures_account_balance = by_route()

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

    # user stream

    def futures_stream_get_listen_key(self) -> str:
        """The account's listen key, valid for 60 minutes; the one that exists, if one does."""
        return str(self._object("futures_stream_get_listen_key")["listenKey"])

    def futures_stream_keepalive(self, listenKey: str | None = None) -> Object:
        """Keeps the account's listen key valid for 60 minutes more."""
        return self._object("futures_stream_keepalive", listenKey=listenKey)

    def futures_stream_close(self, listenKey: str | None = None) -> Object:
        """Ends the account's listen key, for everybody who uses it."""
        return self._object("futures_stream_close", listenKey=listenKey)
