"""The methods that are more than their route: see `binance.rest.generated` for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from binance import enums
from binance.enums import HistoricalKlinesType
from binance.exceptions import BinanceRetiredError
from binance.rest import generated, history
from binance.rest.generated import Array, Object
from binance.rest.route_methods import NEEDED
from binance.sansio.names import routes

_A = TypeVar("_A")
_B = TypeVar("_B")


class Methods(generated.Methods):
    """Source: https://developers.binance.com/docs

    A method that calls others returns what they return, or gives it to `_then` or `_walked`: so it
    is awaited where the others are, as in `AsyncClient`.
    """

    _walked = staticmethod(history.walked)

    @staticmethod
    def _then(answer: _A, use: Callable[[_A], _B]) -> _B:
        return use(answer)

    # market data

    def get_symbol_info(self, symbol: str) -> Object | None:
        """One symbol's rules, with its ``filters``; None for a symbol that does not exist."""

        def found(info: Object) -> Object | None:
            symbols: Array = info.get("symbols", [])
            return next((each for each in symbols if each["symbol"] == symbol.upper()), None)

        return self._then(self.get_exchange_info(), found)

    def aggregate_trade_iter(
        self, symbol: str, start_str: str | int | None = None, last_id: int | None = None
    ) -> Iterator[Object]:
        """Aggregate trades one by one until the present; more calls are made as needed.

        :param start_str: begin with the first trade at or after this date, as
            `binance.helpers.date_to_milliseconds` takes it, or at a time in microseconds
        :param last_id: begin after this aggregate id
        :raises ValueError: both are given
        """
        if start_str is not None and last_id is not None:
            raise ValueError("start_time and last_id may not be simultaneously specified.")
        page = self.get_aggregate_trades
        return self._walked(*history.aggregate_trades(page, symbol, start_str, last_id))

    def _get_earliest_valid_timestamp(self, symbol: str, interval: str) -> int:
        """The opening time of a symbol's first candle, ms."""
        first = self.get_klines(symbol=symbol, interval=interval, limit=1, startTime=0)
        return self._then(first, lambda candles: int(candles[0][0]))

    def get_historical_klines(
        self,
        symbol: str,
        interval: str,
        start_str: str | int | None = None,
        end_str: str | int | None = None,
        limit: int | None = 500,
        klines_type: HistoricalKlinesType = HistoricalKlinesType.SPOT,
    ) -> Array:
        """All candles of a stretch of time, in as many calls as it takes.

        :param start_str: a date as `binance.helpers.date_to_milliseconds` takes it, or a time in
            milliseconds or microseconds; None for the latest candles, in one call
        :param end_str: the same; by default the present, whose candle is the last and not closed
        :param limit: candles per call, 1 to 1000; to 1500 of futures; None for the most. It does
            not limit the list
        :param klines_type: of which market; those of COIN-M have no walk over pages
        """
        candles = self.get_historical_klines_generator(
            symbol, interval, start_str, end_str, limit, klines_type
        )
        return self._then(candles, list)

    def get_historical_klines_generator(
        self,
        symbol: str,
        interval: str,
        start_str: str | int | None = None,
        end_str: str | int | None = None,
        limit: int | None = 500,
        klines_type: HistoricalKlinesType = HistoricalKlinesType.SPOT,
    ) -> Iterator[Array]:
        """`get_historical_klines`, one candle at a time, each call made when it is needed.

        It ends with the candle that is the newest when it is asked for the first one.
        """
        method, most, named = history.pages_of(klines_type)
        page = getattr(self, method)
        return self._walked(
            *history.klines(page, symbol, interval, start_str, end_str, limit, most, named)
        )

    def futures_historical_klines(
        self,
        symbol: str,
        interval: str,
        start_str: str | int | None = None,
        end_str: str | int | None = None,
        limit: int | None = 500,
    ) -> Array:
        """All candles of a stretch of time, as of `get_historical_klines`.

        :param limit: candles per call, 1 to 1500; None for the most
        """
        return self.get_historical_klines(
            symbol, interval, start_str, end_str, limit, HistoricalKlinesType.FUTURES
        )

    def futures_historical_klines_generator(
        self,
        symbol: str,
        interval: str,
        start_str: str | int | None = None,
        end_str: str | int | None = None,
        limit: int | None = 500,
    ) -> Iterator[Array]:
        """`futures_historical_klines`, one candle at a time."""
        return self.get_historical_klines_generator(
            symbol, interval, start_str, end_str, limit, HistoricalKlinesType.FUTURES
        )

    def futures_historical_mark_price_klines(
        self,
        symbol: str,
        interval: str,
        start_str: str | int | None = None,
        end_str: str | int | None = None,
        limit: int | None = 500,
    ) -> Array:
        """All candles of the mark price, as of `futures_historical_klines`."""
        return self.get_historical_klines(
            symbol, interval, start_str, end_str, limit, HistoricalKlinesType.FUTURES_MARK_PRICE
        )

    # orders

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

    def futures_limit_order(self, **params: Any) -> Object:
        """A limit order: `futures_create_order` with type LIMIT."""
        return self.futures_create_order(**params | {"type": enums.FUTURE_ORDER_TYPE_LIMIT})

    def futures_limit_buy_order(self, **params: Any) -> Object:
        """A limit order to buy, as of `futures_limit_order`."""
        return self.futures_limit_order(**params | {"side": enums.SIDE_BUY})

    def futures_limit_sell_order(self, **params: Any) -> Object:
        """A limit order to sell, as of `futures_limit_order`."""
        return self.futures_limit_order(**params | {"side": enums.SIDE_SELL})

    def futures_market_order(self, **params: Any) -> Object:
        """A market order: `futures_create_order` with type MARKET."""
        return self.futures_create_order(**params | {"type": enums.FUTURE_ORDER_TYPE_MARKET})

    def futures_market_buy_order(self, **params: Any) -> Object:
        """A market order to buy, as of `futures_market_order`."""
        return self.futures_market_order(**params | {"side": enums.SIDE_BUY})

    def futures_market_sell_order(self, **params: Any) -> Object:
        """A market order to sell, as of `futures_market_order`."""
        return self.futures_market_order(**params | {"side": enums.SIDE_SELL})

    # account and wallet

    def order_oco_buy(self, **params: Any) -> Object:
        """`create_oco_order` with side BUY."""
        answer: Object = self.create_oco_order(**params | {"side": enums.SIDE_BUY})
        return answer

    def order_oco_sell(self, **params: Any) -> Object:
        """`create_oco_order` with side SELL."""
        answer: Object = self.create_oco_order(**params | {"side": enums.SIDE_SELL})
        return answer

    def get_deposit_address(
        self, coin: str | None = None, network: str | None = None, **params: Any
    ) -> Object:
        """`capital_deposit_address`; without `coin`, as before, it is retired."""
        return self._object("get_deposit_address", coin=coin, network=network, **params)

    def get_asset_balance(self, asset: str | None = None, **params: Any) -> Any:
        """One asset's ``{"asset", "free", "locked"}``; None for an asset that is not listed.

        Without an asset, the list of all.
        """

        def found(account: Object) -> Any:
            balances: Array = account.get("balances", [])
            if asset is None:
                return balances
            return next((each for each in balances if each["asset"].lower() == asset.lower()), None)

        return self._then(self.get_account(**params), found)

    def margin_create_listen_token(
        self,
        symbol: str | None = None,
        is_isolated: bool | None = None,
        validity: int | None = None,
        *,
        isIsolated: bool | None = None,
        **params: Any,
    ) -> Object:
        """A token for the margin account's user data on the WebSocket API.

        :param symbol: of an isolated margin account
        :param is_isolated: the same as `isIsolated`, which is the exchange's name
        :param validity: ms, 24 hours at most
        :returns: ``{"token", "expirationTime"}``, the time in ms
        """
        isolated = is_isolated if isIsolated is None else isIsolated
        params |= {"isIsolated": isolated, "symbol": symbol, "validity": validity}
        return self._object("margin_create_listen_token", **params)

    def stream_get_listen_key(self) -> str:
        """A listen key for the account's user data stream, valid for 60 minutes.

        :raises BinanceRetiredError: the exchange answers 410; use
            `BinanceSocketManager.start_user_socket`
        """
        name = "stream_get_listen_key"
        answer = self._object(name)
        if "listenKey" not in answer:
            raise BinanceRetiredError(name, routes.table()[name].replacement)
        return str(answer["listenKey"])

    def transfer_dust(self, *, asset: str | list[str] = NEEDED, **params: Any) -> Object:
        """Converts small balances to BNB.

        :param asset: one asset, or several separated by commas or in a list
        """
        assets = asset if isinstance(asset, str | None) else ",".join(asset)
        return self._object("transfer_dust", asset=assets, **params)

    def get_withdraw_history_id(self, withdraw_id: str, **params: Any) -> Object:
        """Retired: use `capital_withdraw_history`."""
        return self._object("get_withdraw_history_id")
