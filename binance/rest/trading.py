"""Spot orders, order lists, account and user stream. All need an API key and its secret."""

from __future__ import annotations

from typing import Any

from binance import enums
from binance.exceptions import BinanceRetiredError
from binance.rest import generated
from binance.rest.calls import Calls
from binance.rest.route_methods import by_route
from binance.sansio.names import routes

Object = dict[str, Any]


class OrderMethods(generated.Orders):
    """Source: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/trading-endpoints

    Every order carries a ``newClientOrderId``, of ours where you give none. When the reply to an
    order is lost the exchange is asked for it by that id: the method then returns the order as
    `get_order` has it (no ``fills``), or raises `OrderStatusUnknown`. Nothing is sent twice.
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


class AccountMethods(generated.Account):
    """Source: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/account-endpoints"""

    def get_asset_balance(self, asset: str, **params: Any) -> Object | None:
        """One asset's ``{"asset", "free", "locked"}``; None for an asset that is not listed."""
        wanted = asset.lower()
        for balance in self.get_account(**params).get("balances", ()):
            if balance["asset"].lower() == wanted:
                found: Object = balance
                return found
        return None


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
