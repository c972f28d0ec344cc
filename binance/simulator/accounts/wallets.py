"""Wallets: balances, orders, trades, and the events that report them. Pure.

All numbers are whole: prices in ticks, quantities in steps, money in units of 1e-8. So balances add
up exactly. A wallet is a spot account or a margin account.

Sources: the exchange's pages "Trading endpoints", "Account endpoints" and "User Data Streams".
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from binance.simulator.market.history import Trade
from binance.simulator.market.symbols import STP_MODES, UNIT, Symbol, decimal

COMMISSION = 10
"""What each side of a trade pays: so many ten-thousandths of what it receives."""

FUNDS = {"USDT": 1_000_000, "BTC": 10, "ETH": 200, "BNB": 1_000}
"""What a new account has, in whole coins; of other coins it has `OTHER_FUNDS`."""
OTHER_FUNDS = 10_000

WITHOUT_PRICE = frozenset({"MARKET", "STOP_LOSS", "TAKE_PROFIT"})
"""Types of orders without a price."""

DONE = frozenset({"FILLED", "CANCELED", "EXPIRED", "REJECTED"})


def is_reached(buys: bool, type: str, stop: int, price: int) -> bool:
    """Does a trade at this price trigger an order that waits for its stop price?"""
    return price >= stop if buys is type.startswith("STOP") else price <= stop


Event = dict[str, Any]
Listener = Callable[[Event], None]


@dataclass(slots=True)
class Balance:
    """One asset of a wallet, in units of 1e-8."""

    free: int = 0
    locked: int = 0
    borrowed: int = 0


@dataclass(slots=True, eq=False)
class Order:
    """One order. `price` and `stop` in ticks (0: none), `quantity` in steps, `spent` in units of
    quote. `answer`: what the answer to it has, ACK, RESULT or FULL. While it `is_waiting` it is
    not in the book: no trade with an id above `after` has reached its stop price, or the working
    order of its list is not filled. `working`: when it began to trade (ms), -1 before that.
    `execution` is the id of what happened to it last.
    """

    wallet: Wallet
    symbol: Symbol
    id: int
    client_id: str
    buys: bool
    type: str
    time_in_force: str
    price: int
    quantity: int
    time: int
    quote: int = 0
    executed: int = 0
    spent: int = 0
    locked: int = 0
    status: str = "NEW"
    updated: int = 0
    cancel_id: str = ""
    stop: int = 0
    answer: str = ""
    stp_mode: str = STP_MODES[0]
    is_waiting: bool = False
    after: int = 0
    working: int = -1
    execution: int = 0
    order_list: OrderList | None = None
    amendments: list[dict[str, Any]] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)

    @property
    def side(self) -> str:
        return "BUY" if self.buys else "SELL"

    @property
    def list_id(self) -> int:
        return -1 if self.order_list is None else self.order_list.id

    @property
    def remaining(self) -> int:
        return self.quantity - self.executed

    @property
    def is_open(self) -> bool:
        return self.status not in DONE

    @property
    def pays(self) -> bool:
        """Does it lock what it may cost? Of a pair, the order without a stop price does, or the
        first.
        """
        pair = [each for each in self.order_list.others if each.is_open] if self.order_list else []
        return not self.stop or self is min(pair, key=lambda each: each.stop > 0, default=self)

    def is_reached(self, price: int) -> bool:
        """Does a trade at this price trigger it, if it waits for its stop price?"""
        return is_reached(self.buys, self.type, self.stop, price)

    def units(self, steps: int) -> int:
        """Steps of the base asset in units of 1e-8."""
        return steps * self.symbol.step

    def lock_for(self, steps: int) -> int:
        """What must be locked for so many steps, in units of the asset that the order gives."""
        if not self.buys:
            return self.units(steps)
        return self.symbol.cost_at_most(self.price, steps)


@dataclass(slots=True, eq=False)
class OrderList:
    """Orders that depend on each other.

    :param working: the order that must be filled before the others are placed; None for an OCO.
    :param uses_proceeds: the others trade what the working order got.
    """

    id: int
    client_id: str
    symbol: Symbol
    time: int
    working: Order | None = None
    uses_proceeds: bool = False
    orders: list[Order] = field(default_factory=list)
    reported_status: str = ""

    @property
    def kind(self) -> str:
        return "OTO" if self.working else "OCO"

    @property
    def others(self) -> list[Order]:
        """The other orders than the working one: a pair (one cancels the other), or one."""
        return [order for order in self.orders if order is not self.working]

    @property
    def is_open(self) -> bool:
        return any(order.is_open for order in self.orders)

    @property
    def status(self) -> str:
        return "EXECUTING" if self.is_open else "ALL_DONE"


@dataclass(frozen=True, slots=True)
class Fill:
    """One trade of an order, with its commission."""

    order: Order
    trade: Trade
    is_maker: bool
    commission: int
    commission_asset: str
    quote: int
    realized: int = 0
    """The profit taken, on futures."""


@dataclass(slots=True, eq=False)
class Wallet:
    """Balances, orders and trades of one account; `listeners` get its events.

    :param executions: the ids of what happens to orders, for all wallets of the account.
    """

    uid: int
    clock: Callable[[], int]
    executions: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    balances: dict[str, Balance] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    working: list[Order] = field(default_factory=list)
    """The open orders, and some that have ended since `open_orders` was called."""
    lists: dict[int, OrderList] = field(default_factory=dict)
    fills: list[Fill] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)

    def fund(self, assets: Iterable[str]) -> None:
        """Give it the balances of a new account."""
        for asset in assets:
            self.balances[asset] = Balance(FUNDS.get(asset, OTHER_FUNDS) * UNIT)

    def balance(self, asset: str) -> Balance:
        return self.balances.setdefault(asset, Balance())

    def available(self, asset: str) -> int:
        """What can be transferred out of it."""
        return self.balance(asset).free

    def open_orders(self, symbol: str | None = None) -> list[Order]:
        """The open orders, of one symbol or of all, oldest first."""
        self.working = [order for order in self.working if order.is_open]
        return [order for order in self.working if symbol in (None, order.symbol.name)]

    def find(self, symbol: str, id: int | None, client_id: str | None) -> Order | None:
        """An order by its id, or the newest by its client id."""
        if id is not None:
            order = self.orders.get(id)
            fits = order is not None and client_id in (None, order.client_id)
            return order if order and fits and order.symbol.name == symbol else None
        named = (each for each in reversed(self.orders.values()) if each.client_id == client_id)
        return next((order for order in named if order.symbol.name == symbol), None)

    # what happens to an order

    def keep(self, order: Order) -> None:
        """Remember an order."""
        if order.id not in self.orders:
            self.orders[order.id] = order
            self.working.append(order)

    def accept(self, order: Order) -> None:
        """Accept an order; lock what it may cost, unless its list has locked that already."""
        self.keep(order)
        order.status = "NEW"
        self.lock(order)
        self._report(order, "NEW")
        if order.locked:
            self._report_balances(order.symbol.base, order.symbol.quote)

    def lock(self, order: Order) -> None:
        """Lock what an order may still cost, no more and no less; nothing when it has ended."""
        gives = self.balance(order.symbol.given(order.buys))
        is_known = order.price or (order.stop and not order.buys)
        needs = order.lock_for(order.remaining) if order.is_open and order.pays and is_known else 0
        gives.free -= needs - order.locked
        gives.locked += needs - order.locked
        order.locked = needs

    def amend(self, order: Order, quantity: int, client_id: str) -> None:
        """Make an order smaller."""
        order.quantity, order.client_id, order.updated = quantity, client_id, self.clock()
        if order.locked:  # else its list has locked what it may cost, or will
            self.lock(order)
        self._report(order, "REPLACED")
        self._report_balances(order.symbol.base, order.symbol.quote)

    def report_list(self, orders: OrderList, what: str = "") -> None:
        """Report an order list, once for each of its states; or that it was ``UPDATED``."""
        if orders.reported_status == orders.status and not what:
            return
        orders.reported_status = orders.status
        body = list_body(orders, self.clock()) | ({"l": what} if what else {})
        self.publish({"e": "listStatus", "E": self.clock()} | body)

    def book(self, fill: Fill) -> Fill:
        """Add a trade to its order and to the trades of the wallet."""
        order = fill.order
        order.executed += fill.trade.quantity
        order.spent += fill.quote
        order.updated = fill.trade.time
        order.status = "PARTIALLY_FILLED" if order.remaining else "FILLED"
        order.fills.append(fill)
        self.fills.append(fill)
        return fill

    def fill(self, order: Order, trade: Trade, is_maker: bool) -> None:
        """Change order, balances and locks by a trade, and report it."""
        symbol = order.symbol
        quote, base = symbol.cost(trade.price, trade.quantity), order.units(trade.quantity)
        gets_asset = symbol.given(not order.buys)
        gave, got = (quote, base) if order.buys else (base, quote)
        commission = got * COMMISSION // 10_000
        fill = self.book(Fill(order, trade, is_maker, commission, gets_asset, quote))
        self.lock(order)
        self.balance(symbol.given(order.buys)).free -= gave  # maybe less than was locked for it
        self.balance(gets_asset).free += got - commission
        self._report(order, "TRADE", fill)
        self._report_balances(symbol.base, symbol.quote)

    def end(self, order: Order, status: str) -> None:
        """End an order that is not wholly filled: ``CANCELED`` or ``EXPIRED``."""
        order.status, order.updated = status, self.clock()
        had_lock = bool(order.locked)
        self.lock(order)
        self._report(order, status)
        if had_lock:
            self._report_balances(order.symbol.base, order.symbol.quote)

    def transfer(self, asset: str, amount: int) -> None:
        """Add money (or, when negative, remove it) without a trade."""
        self.balance(asset).free += amount
        now = self.clock()
        self.publish({"e": "balanceUpdate", "E": now, "a": asset, "d": decimal(amount), "T": now})
        self._report_balances(asset)

    def borrow(self, asset: str, amount: int) -> None:
        """Add a loan, or repay it when it is negative."""
        self.balance(asset).free += amount
        self.balance(asset).borrowed += amount
        self._report_balances(asset)

    # events

    def publish(self, event: Event) -> None:
        for listener in list(self.listeners):
            listener(event)

    def _report_balances(self, *assets: str) -> None:
        now = self.clock()
        held = {asset: self.balance(asset) for asset in assets}
        balances = [
            {"a": asset, "f": decimal(each.free), "l": decimal(each.locked)}
            for asset, each in held.items()
        ]
        self.publish({"e": "outboundAccountPosition", "E": now, "u": now, "B": balances})

    def _report(self, order: Order, what: str, fill: Fill | None = None) -> None:
        order.execution = next(self.executions)
        report = {"e": "executionReport", "E": self.clock()} | order_body(order, what, fill)
        if order.working < 0 or (order.type == "MARKET" and not order.is_open):
            del report["W"]
        self.publish(report)


# The bodies of events. The answers of REST and the WebSocket API have the same values.


def list_body(orders: OrderList, time: int) -> Event:
    return {
        "s": orders.symbol.name, "g": orders.id, "c": orders.kind,
        "l": "EXEC_STARTED" if orders.is_open else "ALL_DONE", "L": orders.status, "r": "NONE",
        "C": orders.client_id, "T": time,
        "O": [{"s": e.symbol.name, "i": e.id, "c": e.client_id} for e in orders.orders],
    }  # fmt: skip


def order_body(order: Order, what: str = "", fill: Fill | None = None) -> Event:
    symbol, zero = order.symbol, decimal(0)
    trade = fill.trade if fill else None
    return {
        "s": symbol.name, "c": order.cancel_id if what == "CANCELED" else order.client_id,
        "S": order.side, "o": order.type, "f": order.time_in_force,
        "q": symbol.quantity(order.quantity), "p": symbol.price(order.price),
        "P": symbol.price(order.stop), "F": zero, "g": order.list_id,
        "C": order.client_id if what == "CANCELED" else "", "x": what, "X": order.status,
        "r": "NONE", "i": order.id, "l": symbol.quantity(trade.quantity) if trade else zero,
        "z": symbol.quantity(order.executed), "L": symbol.price(trade.price) if trade else zero,
        "n": decimal(fill.commission) if fill else "0",
        "N": fill.commission_asset if fill else None,
        "T": trade.time if trade else (order.updated or order.time),
        "t": trade.id if trade else -1, "I": order.execution,
        "w": order.is_open and not order.is_waiting and order.type not in WITHOUT_PRICE,
        "m": bool(fill and fill.is_maker), "M": False, "O": order.time,
        "Z": decimal(order.spent), "Y": decimal(fill.quote) if fill else zero,
        "Q": decimal(order.quote), "V": order.stp_mode, "W": order.working,
    }  # fmt: skip
