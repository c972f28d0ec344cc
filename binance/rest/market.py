"""General and market data methods of the client. None needs an API key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from binance.rest import generated
from binance.rest.history import AggregateTrades, Klines

# What the exchange calls objects and arrays.
Object = dict[str, Any]
Array = list[Any]


class MarketMethods(generated.Market):
    """Source: https://developers.binance.com/docs/binance-spot-api-docs/rest-api"""

    # general

    def get_products(self) -> Object:
        """The products listed on the exchange's web site. Never documented; may go at any time."""
        return self._object("get_products")

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

    # market data

    def get_all_tickers(self) -> Array:
        """The last price of every symbol: ``[{"symbol", "price"}]``."""
        return self._array("get_all_tickers")

    def get_orderbook_tickers(self) -> Array:
        """Best bid and ask of every symbol: ``[{symbol bidPrice bidQty askPrice askQty}]``."""
        return self._array("get_orderbook_tickers")

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

    def _get_earliest_valid_timestamp(self, symbol: str, interval: str) -> int:
        """The opening time of a symbol's first candle, ms."""
        first: int = self.get_klines(symbol=symbol, interval=interval, limit=1, startTime=0)[0][0]
        return first

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
