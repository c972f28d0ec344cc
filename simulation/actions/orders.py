"""Orders by REST and over the WebSocket API, each in a thread of the user's."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

import requests

from binance.exceptions import BinanceAPIException, BinanceError, OrderStatusUnknown
from simulation.actions.registry import Draft, Operation, action
from simulation.records import Order

if TYPE_CHECKING:
    from simulation.run import Run


def draw_order(draft: Draft) -> Operation:
    return {"order": f"order{draft.dice.randrange(10**9)}"}


@action(draw_order, feature="orders", weight=2.0)
def place_order(run: Run, order: str) -> None:
    """Buy, and note what became of it."""
    record = Order(run.now, order)
    run.orders.append(record)

    def place() -> None:
        try:
            run.client.create_order(
                symbol="AABTC", side="BUY", type="MARKET", quantity=1, newClientOrderId=order
            )
        except OrderStatusUnknown as error:
            record.outcome = "unknown"
            run.raised.append(error)
        except (BinanceError, BinanceAPIException, requests.RequestException) as error:
            record.outcome = "refused"
            run.raised.append(error)
        else:
            record.outcome = "taken"

    threading.Thread(target=place, name="user orders").start()


@action(draw_order, feature="orders", weight=2.0)
def place_order_by_link(run: Run, order: str) -> None:
    """Buy over the WebSocket API, and note what became of it."""
    record = Order(run.now, order)
    run.orders.append(record)
    fields = {"symbol": "AABTC", "side": "BUY", "type": "MARKET", "quantity": 1}

    def ended(future: Future[object]) -> None:
        error = future.exception()
        if error is None:
            record.outcome = "taken"
        else:
            record.outcome = "unknown" if isinstance(error, OrderStatusUnknown) else "refused"
            run.raised.append(error)

    def place() -> None:
        try:
            future = run.client.ws_request("order.place", **fields, newClientOrderId=order)
        except (BinanceError, requests.RequestException) as error:
            record.outcome = "refused"
            run.raised.append(error)
        else:
            future.add_done_callback(ended)

    threading.Thread(target=place, name="user orders").start()
