"""Margin: cross and isolated."""

from __future__ import annotations

from typing import Any

from binance.rest import generated
from binance.rest.route_methods import by_route

Object = dict[str, Any]


class MarginMethods(generated.Margin):
    """Source: https://developers.binance.com/docs/margin_trading

    ``isIsolated`` is ``"TRUE"`` or ``"FALSE"``, a text, as the exchange has it.
    """

    get_margin_asset = by_route()
    get_margin_symbol = by_route()
    create_isolated_margin_account = by_route()
    get_isolated_margin_symbol = by_route()
    transfer_margin_to_spot = by_route()
    transfer_spot_to_margin = by_route()
    transfer_isolated_margin_to_spot = by_route()
    transfer_spot_to_isolated_margin = by_route()
    create_margin_loan = by_route()
    repay_margin_loan = by_route()
    get_margin_loan_details = by_route()
    get_margin_repay_details = by_route()

    # user streams

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
