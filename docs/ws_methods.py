"""Write the client's methods for requests over the WebSocket API.

    python docs/ws_methods.py

Reads ``ws_methods.txt`` of ``binance/rest/generated``, whose first lines explain the notation, and
``methods.txt`` for the parameters. Writes ``ws.py`` beside them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import rest_methods

SOURCE = rest_methods.SOURCE.with_name("ws_methods.txt")
TARGET = rest_methods.SOURCE.with_name("ws.py")

_HEAD = '''\
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
'''
_TAIL = '''
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
'''
_LISTS = ("sor.order.place",)
"""Methods that answer a list where REST answers an object."""


def generated(text: str, rest_text: str) -> str:
    """The module of a text."""
    known = rest_methods.types(rest_text)
    methods = {m.name: m for group in rest_methods.groups(rest_text) for m in group.methods}
    lines: list[str] = []
    market = ""
    for line in text.splitlines():
        if line.startswith("["):
            market = line.strip("[]")
        elif line and not line.startswith("#"):
            lines += ["", *_method(market, *line.split(), methods, known)]
    return _HEAD + "".join(f"{line}\n" for line in lines) + _TAIL


def _method(
    market: str,
    name: str,
    method: str,
    rest: str,
    methods: dict[str, rest_methods.Method],
    known: dict[str, str],
) -> Iterator[str]:
    sibling = methods[rest]
    made = rest_methods.Method(
        name=name,
        route="",
        parameters=[*(each.replace("!!", "!") for each in sibling.parameters), "timeout:float"],
        answer="Array" if method in _LISTS else sibling.answer,
        doc=[f"``{method}``: `{rest}`, by WebSocket."],
    )
    _, *body = rest_methods.method_lines(made, known)
    yield f'    @by_websocket("{market}", "{method}", "{rest}")'
    yield from body


def main() -> None:
    texts = (SOURCE.read_text(encoding="utf-8"), rest_methods.SOURCE.read_text(encoding="utf-8"))
    TARGET.write_text(generated(*texts), encoding="utf-8")


if __name__ == "__main__":
    main()
