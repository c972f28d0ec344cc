"""USD-M futures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from binance.rest import generated
from binance.rest.history import FUTURES_PAGE_MAX, Klines
from binance.rest.route_methods import by_route

Object = dict[str, Any]
Array = list[Any]


class FuturesMethods(generated.Futures):
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

    def futures_continuous_klines(
        self, *, pair: str, contractType: str, interval: str, **params: Any
    ) -> Array:
        """Candles of a contract type."""
        return self.futures_continous_klines(
            pair=pair, contractType=contractType, interval=interval, **params
        )

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

    def futures_funding_info(self) -> Array:
        """Funding caps, floors and intervals where they are not the usual ones."""
        return self._array("futures_funding_info")

    futures_liquidation_orders = by_route()
    futures_account_transfer = by_route()
    transfer_history = by_route()
    futures_account_balance = by_route()

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
