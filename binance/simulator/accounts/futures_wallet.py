"""Futures wallets: positions, orders, conditional orders, and the events that report them. Pure.

A position has a size and a worth: what it was traded for, in units of its margin asset. Linear
contracts (USD-M) are worth their size times the price. Inverse ones (COIN-M, whose symbols have a
``size`` in dollars) are worth their dollars divided by the price: they gain when their worth falls.

One position a symbol, with crossed margin. Nothing is liquidated, and there is no funding. Sources:
the exchange's pages "User Data Streams" of USD-M and COIN-M futures and of portfolio margin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from binance.simulator.accounts.wallets import Fill, Order, Wallet, is_reached
from binance.simulator.market.history import Trade
from binance.simulator.market.payloads import renamed
from binance.simulator.market.symbols import UNIT, Symbol, decimal

MAKER_FEE, TAKER_FEE = 2, 5  # ten-thousandths of the worth of a trade
MAINTENANCE = 200  # the worth of a position divided by its maintenance margin
CALL_SHARE = 60  # percent of the equity; with a higher share of maintenance margin comes the call
LEVERAGE = 20  # unless changed
ZERO = "0"
NOT_OF_OPTIONS = ("sp", "ps", "wt", "cp", "pP", "pm", "er", "si", "ss", "gtd")
WITH_ALIAS = ("ORDER_TRADE_UPDATE", "ACCOUNT_UPDATE", "MARGIN_CALL")
"""The events of COIN-M accounts with the alias of the account."""


def worth_of(symbol: Symbol, ticks: int, steps: int) -> int:
    """The worth of so many steps at a price, in units of the margin asset."""
    if not symbol.size:
        return symbol.cost(ticks, steps)
    return steps * symbol.step * symbol.size * UNIT // (ticks * symbol.tick)


def price_of(symbol: Symbol, worth: int, steps: int) -> str:
    """The mean price of so many steps that have this worth."""
    size = abs(steps) * symbol.step
    if not worth or not size:
        return ZERO
    return decimal(size * symbol.size * UNIT // worth if symbol.size else worth * UNIT // size)


def _reason(order: Order) -> str:
    """Why an order expires: brief and not filled, a market order not filled, or beaten."""
    unfilled = "9" if order.type == "MARKET" else "4"
    return "2" if order.time_in_force in ("IOC", "FOK") else unfilled


def margin_asset(symbol: Symbol) -> str:
    return symbol.base if symbol.size else symbol.quote


@dataclass(slots=True, eq=False)
class FuturesOrder(Order):
    """An order of a futures wallet; ``asked_type`` is that of the conditional order behind it."""

    wallet: FuturesWallet
    reduces: bool = False
    asked_type: str = ""


@dataclass(slots=True, eq=False)
class AlgoOrder(FuturesOrder):
    """An order that waits for a price. ``rate`` and ``activation`` (ticks) are of a trailing one.

    ``placed`` is the order that it became; ``reason`` why it became none.
    """

    closes: bool = False
    rate: float = 0.0
    activation: int = 0
    extreme: int = 0
    triggered: int = 0
    placed: FuturesOrder | None = None
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.status == "NEW"

    def is_reached(self, price: int) -> bool:
        if not self.rate:
            return is_reached(self.buys, self.type, self.stop, price)
        if not self.extreme:
            ahead = self.activation - price if self.buys else price - self.activation
            if self.activation and ahead < 0:
                return False
            self.extreme = price
            if self.activation:
                self.wallet.report_algo(self)  # it is active now: a second NEW
        self.extreme = min(self.extreme, price) if self.buys else max(self.extreme, price)
        distance = self.extreme * self.rate / 100
        return price >= self.extreme + distance if self.buys else price <= self.extreme - distance


@dataclass(slots=True, eq=False)
class Position:
    """The position of a symbol: steps (below 0: short), their worth, the profit taken so far."""

    symbol: Symbol
    amount: int = 0
    worth: int = 0
    realized: int = 0

    def trade(self, buys: bool, price: int, steps: int) -> int:
        """Book a trade; returns the profit that it has taken."""
        profit, closed = 0, 0
        if self.amount and (self.amount > 0) is not buys:
            closed = min(steps, abs(self.amount))
            share = self.worth * closed // abs(self.amount)
            profit = self._gain(worth_of(self.symbol, price, closed) - share)
            self.worth -= share
        self.worth += worth_of(self.symbol, price, steps - closed)
        self.amount += steps if buys else -steps
        self.realized += profit
        return profit

    def unrealized(self, ticks: int) -> int:
        return self._gain(worth_of(self.symbol, ticks, abs(self.amount)) - self.worth)

    def _gain(self, rise: int) -> int:
        return rise if (self.amount > 0) is not bool(self.symbol.size) else -rise


@dataclass(slots=True, eq=False)
class FuturesWallet(Wallet):
    """Balances, positions and orders of a futures account.

    :param mark: returns a symbol's mark price in ticks.
    :param part: the part of a portfolio margin account, ``UM`` or ``CM``; else empty.
    """

    mark: Callable[[str], int] = lambda symbol: 0
    part: str = ""
    positions: dict[str, Position] = field(default_factory=dict)
    leverage: dict[str, int] = field(default_factory=dict)
    algos: dict[int, AlgoOrder] = field(default_factory=dict)
    was_called: bool = False

    def position(self, symbol: Symbol) -> Position:
        return self.positions.setdefault(symbol.name, Position(symbol))

    def unrealized(self, each: Position) -> int:
        return each.unrealized(self.mark(each.symbol.name)) if each.amount else 0

    def leverage_of(self, symbol: str) -> int:
        return self.leverage.get(symbol, LEVERAGE)

    def held(self, asset: str) -> list[Position]:
        """The open positions with this margin asset."""
        found = self.positions.values()
        return [each for each in found if each.amount and margin_asset(each.symbol) == asset]

    def equity(self, asset: str) -> int:
        return self.balance(asset).free + sum(map(self.unrealized, self.held(asset)))

    def maintenance(self, asset: str) -> int:
        return sum(each.worth // MAINTENANCE for each in self.held(asset))

    def margin_of(self, symbol: Symbol, *new: Order) -> int:
        """The margin of a position with its open orders, as if all of one side were filled."""
        position = self.position(symbol)
        sides = [position.worth if position.amount > 0 else -position.worth] * 2
        orders: dict[int, Any] = {each.id: each for each in (*self.open_orders(symbol.name), *new)}
        for order in [each for each in orders.values() if not each.reduces]:
            worth = worth_of(symbol, order.price, order.remaining)
            sides[order.buys] += worth if order.buys else -worth
        return max(map(abs, sides)) // self.leverage_of(symbol.name)

    def available(self, asset: str) -> int:
        """What is neither lost nor the margin of a position or of an order."""
        symbols = (each.symbol for each in self.positions.values())
        margins = [self.margin_of(each) for each in symbols if margin_asset(each) == asset]
        return self.equity(asset) - sum(margins)

    # what happens to an order

    def accept(self, order: Order) -> None:
        self.keep(order)
        self._report(order, "NEW")

    def fill(self, order: Order, trade: Trade, is_maker: bool) -> None:
        symbol, asset = order.symbol, margin_asset(order.symbol)
        worth, position = worth_of(symbol, trade.price, trade.quantity), self.position(symbol)
        profit = position.trade(order.buys, trade.price, trade.quantity)
        fee = worth * (MAKER_FEE if is_maker else TAKER_FEE) // 10_000
        self.balance(asset).free += profit - fee
        fill = self.book(Fill(order, trade, is_maker, fee, asset, worth, profit))
        if not symbol.size and not self.part:
            self._report_lite(order, fill)
        self.report_account("ORDER", asset, [position])
        self._report(order, "TRADE", fill)

    def end(self, order: Order, status: str) -> None:
        order.status, order.updated = status, self.clock()
        if isinstance(order, AlgoOrder):
            self.report_algo(order)
        else:
            self._report(order, status)

    def modify(self, order: Order, price: int, quantity: int) -> None:
        """Change an order that rests."""
        order.price, order.quantity, order.updated = price, quantity, self.clock()
        self._report(order, "AMENDMENT")

    def transfer(self, asset: str, amount: int) -> None:
        self.balance(asset).free += amount
        reason = "WITHDRAW" if amount < 0 else "DEPOSIT"
        self.report_account(reason, asset, [], amount)

    def check_margin(self) -> None:
        """Report a margin call, once for each time that the margin becomes too small."""
        risky: list[Position] = []
        for asset in self.balances:
            if self.maintenance(asset) * 100 > self.equity(asset) * CALL_SHARE:
                risky += self.held(asset)
        if risky and not self.was_called:
            cross = decimal(self.balance(margin_asset(risky[0].symbol)).free)
            self.send(risky[0].symbol, "MARGIN_CALL", cw=cross, p=[*map(self._risky, risky)])
        self.was_called = bool(risky)

    # events

    def send(self, symbol: Symbol | None, kind: str, **body: Any) -> None:
        now = self.clock()
        head = {"e": kind, "E": now} | ({} if kind == "MARGIN_CALL" else {"T": now})
        if self.part:
            head["fs"] = self.part
        elif symbol and symbol.size and kind in WITH_ALIAS:
            head["i"] = f"alias{self.uid}"
        self.publish(head | body)

    def report_leverage(self, symbol: Symbol) -> None:
        leverage = {"s": symbol.name, "l": self.leverage_of(symbol.name)}
        self.send(symbol, "ACCOUNT_CONFIG_UPDATE", ac=leverage)

    # fmt: off
    def report_account(
        self, reason: str, asset: str, changed: Iterable[Position], amount: int = 0
    ) -> None:
        """Report a balance and the changed positions; on COIN-M all positions."""
        free, every = decimal(self.balance(asset).free), self.positions.values()
        symbol = next((each.symbol for each in every), None)
        positions = [
            {
                "s": each.symbol.name, "pa": each.symbol.quantity(each.amount), "ps": "BOTH",
                "ep": price_of(each.symbol, each.worth, each.amount),
                "bep": price_of(each.symbol, each.worth, each.amount),
                "cr": decimal(each.realized), "up": decimal(self.unrealized(each)),
                **({} if self.part else {"mt": "cross", "iw": ZERO}),
            }
            for each in (every if symbol and symbol.size else changed)
        ]
        balances = [{"a": asset, "wb": free, "cw": free, "bc": decimal(amount)}]
        self.send(symbol, "ACCOUNT_UPDATE", a={"m": reason, "B": balances, "P": positions})

    def _risky(self, each: Position) -> dict[str, Any]:
        symbol = each.symbol
        return {
            "s": symbol.name, "ps": "BOTH", "pa": symbol.quantity(each.amount), "mt": "CROSSED",
            "iw": ZERO, "mp": symbol.price(self.mark(symbol.name)),
            "up": decimal(self.unrealized(each)), "mm": decimal(each.worth // MAINTENANCE),
        }

    def _report_lite(self, order: Order, fill: Fill) -> None:
        symbol, trade = order.symbol, fill.trade
        self.send(
            symbol, "TRADE_LITE", s=symbol.name, q=symbol.quantity(order.quantity),
            p=symbol.price(order.price), m=fill.is_maker, c=order.client_id, S=order.side,
            L=symbol.price(trade.price), l=symbol.quantity(trade.quantity), t=trade.id, i=order.id,
        )

    def _report(self, order: Order, what: str, fill: Fill | None = None) -> None:
        assert isinstance(order, FuturesOrder)
        self.send(order.symbol, "ORDER_TRADE_UPDATE", o=self.order_body(order, what, fill))
        for algo in self.algos.values():
            if algo.placed is order and not order.is_open:
                algo.status = "FINISHED"
                self.report_algo(algo)

    def order_body(
        self, order: FuturesOrder, what: str, fill: Fill | None = None
    ) -> dict[str, Any]:
        symbol, trade = order.symbol, fill.trade if fill else None
        body: dict[str, Any] = {
            "s": symbol.name, "c": order.client_id, "S": order.side, "o": order.type,
            "f": order.time_in_force, "q": symbol.quantity(order.quantity),
            "p": symbol.price(order.price), "sp": ZERO, "x": what, "X": order.status,
            "ap": price_of(symbol, order.spent, order.executed), "i": order.id,
            "l": symbol.quantity(trade.quantity) if trade else ZERO,
            "z": symbol.quantity(order.executed), "L": symbol.price(trade.price) if trade else ZERO,
            "T": trade.time if trade else order.updated, "t": trade.id if trade else 0,
            "b": ZERO, "a": ZERO, "m": bool(fill and fill.is_maker), "R": order.reduces,
            "ps": "BOTH", "rp": decimal(fill.realized) if fill else ZERO, "V": order.stp_mode,
        }
        if fill:
            body |= {"N": fill.commission_asset, "n": decimal(fill.commission)}
        if not self.part:
            body |= {
                "wt": "CONTRACT_PRICE", "ot": order.asked_type or order.type, "cp": False,
                "pP": False, "pm": "NONE", "er": _reason(order) if what == "EXPIRED" else ZERO,
            }
            body |= {"ma": margin_asset(symbol)} if symbol.size else {"si": 0, "ss": 0}
        if self.part or not symbol.size:
            body["gtd"] = 0
        return body

    def report_algo(self, algo: AlgoOrder) -> None:
        if not algo.symbol.size:  # the exchange lists no such event for COIN-M
            body = self.algo_body(algo)
            self.send(algo.symbol, "ALGO_UPDATE", **{"ao" if self.part else "o": body})

    def algo_body(self, algo: AlgoOrder) -> dict[str, Any]:
        symbol, placed = algo.symbol, algo.placed
        body: dict[str, Any] = {
            "caid": algo.client_id, "aid": algo.id, "at": "CONDITIONAL", "o": algo.type,
            "s": symbol.name, "S": algo.side, "ps": "BOTH", "f": algo.time_in_force,
            "q": symbol.quantity(algo.quantity), "X": algo.status, "tp": symbol.price(algo.stop),
            "p": symbol.price(algo.price), "V": algo.stp_mode, "wt": "CONTRACT_PRICE",
            "pm": "NONE", "ai": str(placed.id) if placed else "", "cp": algo.closes, "pP": False,
            "R": algo.reduces, "tt": algo.triggered, "gtd": 0,
        }
        if placed:
            average = price_of(symbol, placed.spent, placed.executed)
            body |= {"ap": average, "aq": symbol.quantity(placed.executed), "act": placed.type}
        if algo.reason:
            body["rm"] = algo.reason
        if algo.rate:
            body["ia"] = bool(algo.extreme)
        return body
    # fmt: on


@dataclass(slots=True, eq=False)
class OptionsWallet(FuturesWallet):
    """An options account: the same orders and positions, reported in fewer fields."""

    def send(self, symbol: Symbol | None, kind: str, **body: Any) -> None:
        if kind == "ORDER_TRADE_UPDATE":
            order = body["o"]
            order = {name: order[name] for name in order if name not in NOT_OF_OPTIONS}
            order["i"] = str(order["i"])
            if "n" in order:
                order["n"] = f"-{order['n']}"
            body["o"] = order
        elif kind == "ACCOUNT_UPDATE":
            kind, change = "BALANCE_POSITION_UPDATE", body["a"]
            held = [renamed("a=a b=wb bc=bc", each) for each in change["B"]]
            positions = [renamed("s=s c=pa p=up a=ep", each) for each in change["P"]]
            body = {"m": change["m"], "B": held, "P": positions}
        else:
            return
        FuturesWallet.send(self, symbol, kind, **body)
