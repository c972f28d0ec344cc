"""Taking orders in: the exchange's checks, then the match against the simulated book. Pure.

Order types LIMIT, LIMIT_MAKER, MARKET, and those with a stop price; GTC, IOC and FOK; order lists.
Icebergs, trailing and pegged orders are refused. What waits for a price is looked at whenever the
market is: its orders go out when they are due, a moment after the trade that made them so. Sources:
the exchange's pages "Trading endpoints", "Filters" and "Error codes".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

from binance.simulator.accounts.resting_orders import RestingOrders
from binance.simulator.accounts.wallets import AT_ANY_PRICE, Order, OrderList, Wallet
from binance.simulator.api.params import Params
from binance.simulator.market.exchange import Exchange
from binance.simulator.market.symbol_market import Market, Trade
from binance.simulator.market.symbols import MAX_OPEN_ORDERS, ORDER_TYPES, STOPS, UNIT, Symbol
from binance.simulator.rules.errors import ApiError, bad_symbol, illegal, invalid, missing

FILTER_FAILURE = -1013
BAD_COMBINATION = -1106
UNSUPPORTED_TYPE = -1116
REJECTED = -2010
UNKNOWN_ORDER = -2011
NO_SUCH_ORDER = -2013

_TIMED = ("LIMIT", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT")
TIMES_IN_FORCE = ("GTC", "IOC", "FOK")
MAX_QUANTITY = 10**17
"""In units of 1e-8: more than any filter allows."""
_CLIENT_ID = re.compile(r"[a-zA-Z0-9\-_]{1,36}\Z")
_LEGAL_CLIENT_ID = "^[a-zA-Z0-9-_]{1,36}$"
_DECIMAL = re.compile(r"([0-9]{1,20})(?:\.([0-9]{1,20}))?\Z")
_LEGAL_DECIMAL = r"^([0-9]{1,20})(\.[0-9]{1,20})?$"
_REFUSED = ("trailingDelta", "icebergQty", "strategyId", "pegPriceType")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A new order as it was asked for; numbers as in an ``Order``."""

    symbol: Symbol
    buys: bool
    type: str
    time_in_force: str
    price: int
    quantity: int
    quote: int
    client_id: str
    answer: str
    stop: int = 0


def units(params: Params, name: str) -> int | None:
    """A plain decimal number in units of 1e-8; None when it is absent.

    :raises ApiError: -1100 for anything else, scientific notation included; -1111 for more than
        eight places.
    """
    text = params.maybe(name)
    if text is None:
        return None
    found = _DECIMAL.match(text)
    if not found:
        raise illegal(name, _LEGAL_DECIMAL)
    places = (found[2] or "").rstrip("0")
    if len(places) > 8:
        raise ApiError(-1111, f"Parameter '{name}' has too much precision.")
    return int(found[1]) * UNIT + int(places.ljust(8, "0"))


def read(params: Params, exchange: Exchange, fresh_id: Callable[[], str]) -> Wanted:
    """The order that a request asks for.

    :raises ApiError: for what is missing, malformed, or breaks a filter of the symbol.
    """
    name = params.symbol()
    symbol = exchange.symbols.get(name)
    if symbol is None:
        raise bad_symbol()
    params.text("side")  # it is mandatory
    side = params.choice("side", "", ("BUY", "SELL"))
    type = params.text("type")
    if type not in ORDER_TYPES or any(name in params for name in _REFUSED):
        raise ApiError(UNSUPPORTED_TYPE, "Invalid orderType.")
    time_in_force = params.maybe("timeInForce")
    price, quantity = units(params, "price"), units(params, "quantity")
    stop = units(params, "stopPrice")
    quote = units(params, "quoteOrderQty")
    client_id = params.maybe("newClientOrderId") or fresh_id()
    if not _CLIENT_ID.match(client_id):
        raise illegal("newClientOrderId", _LEGAL_CLIENT_ID)
    usual = "FULL" if type in ("LIMIT", "MARKET") else "ACK"
    answer = params.choice("newOrderRespType", usual, ("ACK", "RESULT", "FULL"))
    params.maybe("selfTradePreventionMode")
    _check_parts(type, time_in_force, price, quantity, quote)
    if (stop is None) is (type in STOPS):
        if stop is None:
            raise missing("stopPrice")
        raise ApiError(BAD_COMBINATION, "Parameter 'stopPrice' sent when not required.")
    return Wanted(
        symbol,
        side == "BUY",
        type,
        time_in_force or "GTC",
        _ticks(symbol, price),
        _steps(symbol, quantity),
        quote or 0,
        client_id,
        answer,
        _ticks(symbol, stop),
    )


def _check_parts(
    type: str, time_in_force: str | None, price: int | None, quantity: int | None, quote: int | None
) -> None:
    if type in _TIMED and time_in_force is None:
        raise missing("timeInForce")
    if time_in_force is not None and type not in _TIMED:
        raise ApiError(BAD_COMBINATION, "Parameter 'timeInForce' sent when not required.")
    if time_in_force is not None and time_in_force not in TIMES_IN_FORCE:
        raise ApiError(-1115, "Invalid timeInForce.")
    if price is not None and type in AT_ANY_PRICE:
        raise ApiError(BAD_COMBINATION, "Parameter 'price' sent when not required.")
    if type == "MARKET":
        if (quantity is None) == (quote is None):
            raise missing("quantity") if quantity is None else invalid("quoteOrderQty")
        return
    if quote is not None:
        raise ApiError(BAD_COMBINATION, "Parameter 'quoteOrderQty' sent when not required.")
    if quantity is None:
        raise missing("quantity")
    if price is None and type not in AT_ANY_PRICE:
        raise missing("price")


def _ticks(symbol: Symbol, price: int | None) -> int:
    if price is None:
        return 0
    if not price or price % symbol.tick or price > symbol.max_price * symbol.tick:
        raise ApiError(FILTER_FAILURE, "Filter failure: PRICE_FILTER")
    return price // symbol.tick


def _steps(symbol: Symbol, quantity: int | None) -> int:
    if quantity is None:
        return 0
    if not quantity or quantity % symbol.step or quantity > MAX_QUANTITY:
        raise ApiError(FILTER_FAILURE, "Filter failure: LOT_SIZE")
    return quantity // symbol.step


class OrderDesk:
    """Takes orders for wallets, on the markets of one exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._ids = itertools.count(1_000)
        self._resting: dict[str, RestingOrders] = {}
        self._waiting: dict[str, list[Order]] = {}
        self._seen: dict[str, int] = {}
        self._lists: list[OrderList] = []

    def fresh_id(self) -> str:
        """A client order id for who gives none."""
        return f"simulated-{next(self._ids)}"

    def tick(self, now: int) -> None:
        """Let the markets in which orders rest or wait go on."""
        self._settle(now)
        busy = {symbol for symbol, resting in self._resting.items() if resting}
        for symbol in sorted(busy | {each for each, some in self._waiting.items() if some}):
            self.look(symbol, now)

    def look(self, symbol: str, now: int) -> Market:
        """A market, advanced to ``now``; the orders whose stop price was reached have gone out."""
        market = self._exchange.market(symbol, now)
        self._settle(now)
        while (seen := self._seen.get(symbol, market.last_trade)) < market.last_trade:
            self._seen[symbol] = market.last_trade
            news = itertools.takewhile(lambda each: each.id > seen, reversed(market.trades))
            for trade in reversed(list(news)):
                for order in list(self._waiting[symbol]):
                    if order.waits and order.is_open and _is_reached(order, trade.price):
                        self._release(order, market, now)
                        self._settle(now)
        return market

    def check(self, wallet: Wallet, wanted: Wanted, now: int) -> Market:
        """Refuse what cannot be placed.

        :raises ApiError: -1013 or -2010.
        """
        symbol = wanted.symbol
        market = self.look(symbol.name, now)
        book = market.book
        price = wanted.price or wanted.stop or (book.best_ask if wanted.buys else book.best_bid)
        worth = wanted.quote or symbol.cost(price, wanted.quantity)
        if worth < symbol.least_notional:
            raise ApiError(FILTER_FAILURE, "Filter failure: NOTIONAL")
        if len(wallet.open_orders(symbol.name)) >= MAX_OPEN_ORDERS:
            raise ApiError(FILTER_FAILURE, "Filter failure: MAX_NUM_ORDERS")
        if any(order.client_id == wanted.client_id for order in wallet.open_orders(symbol.name)):
            raise ApiError(REJECTED, "Duplicate order sent.")
        needs = self._needs(wanted, market)
        if needs > wallet.balance(symbol.given(wanted.buys)).free:
            raise ApiError(REJECTED, "Account has insufficient balance for requested action.")
        crosses = price >= book.best_ask if wanted.buys else price <= book.best_bid
        if wanted.type == "LIMIT_MAKER" and crosses:
            raise ApiError(REJECTED, "Order would immediately match and take.")
        if wanted.stop and _is_reached(wanted, market.last_price):
            raise ApiError(REJECTED, "Stop price would trigger immediately.")
        return market

    def place(self, wallet: Wallet, wanted: Wanted, now: int) -> Order:
        """Place an order: it trades at once with what the book offers, and rests if it may.

        :raises ApiError: as of `check`.
        """
        market = self.check(wallet, wanted, now)
        order = self.make(wallet, wanted, now, wanted.quantity or self._for_quote(wanted, market))
        self._enter(order, market, now)
        self._settle(now)
        return order

    def make(self, wallet: Wallet, wanted: Wanted, now: int, quantity: int) -> Order:
        """An order that is nowhere yet."""
        return Order(
            wallet,
            wanted.symbol,
            next(self._ids),
            wanted.client_id,
            wanted.buys,
            wanted.type,
            wanted.time_in_force,
            wanted.price,
            quantity,
            now,
            quote_wanted=wanted.quote,
            updated=now,
            stop=wanted.stop,
        )

    def place_list(self, wallet: Wallet, orders: OrderList, now: int) -> None:
        """Place the orders of a list; those that follow another are only taken down."""
        market = self.look(orders.symbol.name, now)
        wallet.lists[orders.id] = orders
        for order in orders.orders:
            order.of_list = orders
            if orders.first is None or order is orders.first:
                self._enter(order, market, now)
            else:
                order.status, order.waits = "PENDING_NEW", True
                wallet.orders[order.id] = order
        wallet.tell_list(orders)
        self._note(orders.orders[0])
        self._settle(now)

    def cancel(self, order: Order, cancel_id: str) -> None:
        """Cancel an open order, and with it the others of its list."""
        together = [order] if order.of_list is None else order.of_list.orders
        for each in together:
            if each.is_open:
                each.cancel_id = cancel_id
                self._end(each, "CANCELED")
        if order.of_list is not None:
            order.wallet.tell_list(order.of_list)

    def amend(self, order: Order, quantity: int, client_id: str) -> None:
        """Make an order smaller, which keeps its place in the book."""
        if not order.waits:
            self._resting[order.symbol.name].shrink(order, order.quantity - quantity)
        order.wallet.amend(order, quantity, client_id)

    # internal

    def _enter(self, order: Order, market: Market, now: int) -> None:
        """Take an order: it waits for its stop price, or trades and rests."""
        if order.stop:
            order.waits = True
            self._waiting.setdefault(market.symbol.name, []).append(order)
            self._seen[market.symbol.name] = market.last_trade
            order.wallet.accept(order, locks=order.of_list is None)
        else:
            order.wallet.accept(order)
            self._work(order, market, now)

    def _work(self, order: Order, market: Market, now: int) -> None:
        wallet, limit = order.wallet, order.price or None
        offered = self._offered(order.buys, limit, market)
        if order.time_in_force == "FOK" and offered < order.quantity:
            wallet.end(order, "EXPIRED")
            return
        self._match(order, market, now, limit)
        if order.remaining and (order.type in AT_ANY_PRICE or order.time_in_force != "GTC"):
            wallet.end(order, "EXPIRED")
        elif order.remaining:
            self._resting_of(market).rest(order)

    def _release(self, order: Order, market: Market, now: int) -> None:
        """The stop price of an order is reached."""
        self._waiting[market.symbol.name].remove(order)
        order.waits = False
        for other in order.of_list.others if order.of_list else ():
            if other is not order and other.is_open:
                self._end(other, "EXPIRED")
        if not order.locked:
            gives = order.wallet.balance(order.symbol.given(order.buys))
            if self._needs(order, market) > gives.free:
                order.wallet.end(order, "EXPIRED")
                return
        order.wallet.accept(order)
        self._work(order, market, now)

    def _end(self, order: Order, status: str) -> None:
        """Take an open order out of wherever it is."""
        name = order.symbol.name
        if not order.waits:
            self._resting[name].cancel(order)
        elif order in self._waiting.get(name, ()):
            self._waiting[name].remove(order)
        order.wallet.end(order, status)

    def _settle(self, now: int) -> None:
        """Do what the fills of order lists have made due."""
        while self._lists:
            orders = self._lists.pop()
            first, others = orders.first, orders.others
            if first is not None and not first.is_open:
                for order in [each for each in others if each.status == "PENDING_NEW"]:
                    if first.status == "FILLED":
                        self._follow(order, orders, now)
                    else:
                        order.wallet.end(order, "EXPIRED")
            if any(order.executed for order in others):
                for order in others:
                    if order.is_open and not order.executed:
                        self._end(order, "EXPIRED")
            others[0].wallet.tell_list(orders)

    def _follow(self, order: Order, orders: OrderList, now: int) -> None:
        """Place an order whose working order is filled."""
        market, first = self._exchange.market(order.symbol.name, now), orders.first
        if orders.pays and first is not None:
            got = first.units(first.executed)
            paid = sum(fill.commission for fill in first.fills) if first.buys else 0
            order.quantity = (got - paid) // order.symbol.step
        gives = order.wallet.balance(order.symbol.given(order.buys))
        order.waits = False
        if not order.stop and self._needs(order, market) > gives.free:
            order.wallet.end(order, "EXPIRED")
        else:
            self._enter(order, market, now)

    def _note(self, order: Order) -> None:
        """Its list has to be looked at."""
        if order.of_list is not None and order.of_list not in self._lists:
            self._lists.append(order.of_list)

    def _made(self, order: Order, trade: Trade) -> None:
        order.wallet.fill(order, trade, is_maker=True)
        self._note(order)

    def _match(self, order: Order, market: Market, now: int, limit: int | None) -> None:
        while order.remaining:
            before = order.executed
            first = market.last_trade + 1
            market.take(now, order.buys, order.remaining, limit)
            count = market.last_trade - first + 1
            for trade in reversed(list(itertools.islice(reversed(market.trades), count))):
                order.wallet.fill(order, trade, is_maker=False)
                self._note(order)
            if order.executed == before:
                break
        market.tell_top()

    def _resting_of(self, market: Market) -> RestingOrders:
        name = market.symbol.name
        if name not in self._resting:
            self._resting[name] = RestingOrders(market, self._made)
        return self._resting[name]

    def _needs(self, wanted: Wanted | Order, market: Market) -> int:
        """What the order may cost at most, in units of what it gives."""
        symbol = wanted.symbol
        if not wanted.buys:
            steps = wanted.quantity or self._for_quote(wanted, market)
            return steps * symbol.step
        if wanted.quote:
            return wanted.quote
        if wanted.price:
            return symbol.cost_at_most(wanted.price, wanted.quantity)
        cost, left = 0, wanted.quantity
        for price, there in market.book.top(5000)[1]:
            taken = min(left, there)
            cost += symbol.cost(price, taken)
            left -= taken
        return cost

    def _for_quote(self, wanted: Wanted | Order, market: Market) -> int:
        """How many steps a market order for an amount of quote gets."""
        symbol, left, steps = wanted.symbol, wanted.quote, 0
        for price, there in market.book.top(5000)[1 if wanted.buys else 0]:
            each = price * symbol.tick * symbol.step
            taken = min(there, left * UNIT // each)
            steps += taken
            left -= taken * each // UNIT
            if taken < there:
                break
        if not steps:
            raise ApiError(FILTER_FAILURE, "Filter failure: LOT_SIZE")
        return steps

    @staticmethod
    def _offered(buys: bool, limit: int | None, market: Market) -> int:
        """Steps that a taker can get at its limit or better; the crowd keeps its last level."""
        levels = market.book.top(5000)[1 if buys else 0][:-1]
        return sum(
            there
            for price, there in levels
            if limit is None or (price <= limit if buys else price >= limit)
        )


def _is_reached(order: Wanted | Order, price: int) -> bool:
    """Whether a trade at a price sends an order off that waits for its stop price."""
    upwards = order.buys is order.type.startswith("STOP_LOSS")
    return price >= order.stop if upwards else price <= order.stop
