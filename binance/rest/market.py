"""General and market data methods of the client. None needs an API key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from binance.rest.calls import NEEDED, Calls
from binance.rest.history import AggregateTrades, Klines
from binance.rest.route_methods import by_signature

# What the exchange calls objects and arrays.
Object = dict[str, Any]
Array = list[Any]


class MarketMethods(Calls):
    """Source: https://developers.binance.com/docs/binance-spot-api-docs/rest-api"""

    # general

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

    def get_symbol_info(self, symbol: str) -> Object | None:
        """One symbol's rules, with its ``filters``; None for a symbol that does not exist."""
        wanted = symbol.upper()
        for item in self._object("get_symbol_info").get("symbols", ()):
            if item["symbol"] == wanted:
                found: Object = item
                return found
        return None

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

    # market data

    def get_all_tickers(self) -> Array:
        """The last price of every symbol: ``[{"symbol", "price"}]``."""
        return self._array("get_all_tickers")

    def get_orderbook_tickers(self) -> Array:
        """Best bid and ask of every symbol: ``[{symbol bidPrice bidQty askPrice askQty}]``."""
        return self._array("get_orderbook_tickers")

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

    def aggregate_trade_iter(
        self, symbol: str, start_str: str | int | None = None, last_id: int | None = None
    ) -> Iterator[Object]:
        """Aggregate trades one by one until the present; more calls are made as needed.

        :param start_str: begin with the first trade at or after this date, as
            `binance.helpers.date_to_milliseconds` takes it
        :param last_id: begin after this aggregate id
        :raises ValueError: both are given
        """
        if start_str is not None and last_id is not None:
            raise ValueError("start_time and last_id may not be simultaneously specified.")
        return AggregateTrades(self.get_aggregate_trades).walk(symbol, start_str, last_id)

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

    def _get_earliest_valid_timestamp(self, symbol: str, interval: str) -> int:
        """The opening time of a symbol's first candle, ms."""
        first: int = self.get_klines(symbol=symbol, interval=interval, limit=1, startTime=0)[0][0]
        return first

    @by_signature
    def get_ui_klines(self, *, symbol: str, interval: str, **params: Any) -> Array:
        """Candles as `get_klines` has them, smoothed by the exchange for charts."""

    def get_historical_klines(
        self,
        symbol: str,
        interval: str,
        start_str: str | int,
        end_str: str | int | None = None,
        limit: int = 500,
    ) -> Array:
        """All candles of a stretch of time, in as many calls as it takes.

        :param start_str: a date as `binance.helpers.date_to_milliseconds` takes it, or ms
        :param end_str: the same; up to the present by default
        :param limit: candles per call, 1 to 1000
        """
        return list(
            self.get_historical_klines_generator(symbol, interval, start_str, end_str, limit)
        )

    def get_historical_klines_generator(
        self,
        symbol: str,
        interval: str,
        start_str: str | int,
        end_str: str | int | None = None,
        limit: int = 500,
    ) -> Iterator[Array]:
        """`get_historical_klines`, one candle at a time, each call made when it is needed."""
        return Klines(self.get_klines).walk(symbol, interval, start_str, end_str, limit)

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
        ``7d``; ``1d`` by default): an object for one symbol, else a list."""

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
