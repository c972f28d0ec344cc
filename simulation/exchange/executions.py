"""The orders of the account and their executions, as events and as REST lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

SYMBOL = "AABTC"
QUANTITY, PRICE = 3, 100
#: What REST no longer knows.
FORGOTTEN = "FORGOTTEN"
ENDED = ("FILLED", "CANCELED", FORGOTTEN)
#: Milliseconds.
DAY = 24 * 3_600_000

Event = dict[str, Any]
Key = tuple[int, str, int]
"""Order id, what has happened to it, and the trade id or 0."""


@dataclass
class Order:
    """An order, and how much of it was executed."""

    id: int
    name: str
    time: int
    quantity: int = QUANTITY
    filled: int = 0
    status: str = "NEW"
    changed: int = 0
    trades: list[Event] = field(default_factory=list)

    def row(self) -> Event:
        """As REST has it, of any market."""
        return {
            "symbol": SYMBOL,
            "orderId": self.id,
            "clientOrderId": self.name,
            "side": "BUY",
            "type": "LIMIT",
            "timeInForce": "GTC",
            "origQty": str(self.quantity),
            "price": str(PRICE),
            "executedQty": str(self.filled),
            "status": self.status,
            "cummulativeQuoteQty": str(self.filled * PRICE),
            "positionSide": "BOTH",
            "time": self.time,
            "updateTime": self.changed,
            "origType": "LIMIT",
        }


class Executions:
    """What becomes of the account's orders, one change after the other.

    :param publish: gets each change, as the body of an event
    """

    def __init__(
        self, dice: Random, now: Callable[[], int], publish: Callable[[Event], object]
    ) -> None:
        self._dice, self._now, self._publish = dice, now, publish
        self.orders: dict[int, Order] = {}
        self._trades = 0

    def act(self) -> None:
        """A new order; or one that is open is executed or canceled."""
        alive = self.alive()
        if not alive or (len(alive) < 3 and self._dice.random() < 0.3):
            self._open(f"other{len(self.orders) + 1}", QUANTITY)
            return
        order = self._dice.choice(alive)
        if self._dice.random() < 0.75:
            self._execute(order, 1)
        else:
            order.status = "CANCELED"
            self._change(order, "CANCELED")

    def place(self, name: str) -> Order:
        """An order of the client, which is filled at once."""
        order = self._open(name, 1)
        self._execute(order, 1)
        return order

    def alive(self) -> list[Order]:
        return [order for order in self.orders.values() if order.status not in ENDED]

    def answer(self, what: str, params: Mapping[str, str]) -> Any:
        """The answer of REST to a question about orders or trades; None if it is not one."""
        if params.get("symbol", SYMBOL) != SYMBOL:
            return []
        match what:
            case "openOrders":
                return [order.row() for order in self.alive()]
            case "allOrders":
                kept = [order for order in self.orders.values() if order.status != FORGOTTEN]
                return self._within(params, [order.row() for order in kept])
            case "myTrades" | "userTrades":
                return self._within(params, [one for o in self.orders.values() for one in o.trades])
            case "account":
                balance = {"asset": "BTC", "free": "1", "locked": "0", "walletBalance": "1"}
                rows = [{**balance, "crossWalletBalance": "1"}]
                return {"balances": rows, "userAssets": rows, "assets": rows}
            case "positionRisk":
                return []
        return None

    # inside

    def _within(self, params: Mapping[str, str], rows: list[Event]) -> list[Event]:
        first, last = int(params["startTime"]), int(params["endTime"])
        assert last - first <= 7 * DAY
        found = [row for row in rows if first <= row["time"] <= last]
        return sorted(found, key=lambda row: row["time"])[: int(params["limit"])]

    def _open(self, name: str, quantity: int) -> Order:
        number = len(self.orders) + 1
        order = self.orders[number] = Order(number, name, self._now(), quantity)
        self._change(order, "NEW")
        return order

    def _execute(self, order: Order, quantity: int) -> None:
        self._trades += 1
        order.filled += quantity
        order.status = "FILLED" if order.filled == order.quantity else "PARTIALLY_FILLED"
        order.trades.append(
            {
                "symbol": SYMBOL,
                "id": self._trades,
                "orderId": order.id,
                "time": self._now(),
                "price": str(PRICE),
                "qty": str(quantity),
                "quoteQty": str(quantity * PRICE),
                "commission": "0",
                "commissionAsset": "BTC",
                "realizedPnl": "0",
                "isMaker": False,
                "maker": False,
                "side": "BUY",
                "positionSide": "BOTH",
            }
        )
        self._change(order, "TRADE", self._trades, quantity)

    def _change(self, order: Order, what: str, trade: int = 0, quantity: int = 0) -> None:
        order.changed = self._now()
        self._publish(
            {
                "s": SYMBOL,
                "c": order.name,
                "S": "BUY",
                "o": "LIMIT",
                "f": "GTC",
                "q": str(order.quantity),
                "p": str(PRICE),
                "i": order.id,
                "x": what,
                "X": order.status,
                "t": trade or -1,
                "l": str(quantity),
                "z": str(order.filled),
                "Z": str(order.filled * PRICE),
                "T": order.changed,
            }
        )


def body_of(event: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What an event says of its order; None if it is about something else."""
    return {"executionReport": event, "ORDER_TRADE_UPDATE": event.get("o")}.get(event["e"])


def key_of(body: Mapping[str, Any]) -> Key:
    """What tells one change of an order from all others."""
    return int(body["i"]), str(body["x"]), max(0, int(body["t"] or 0))
