"""Taking orders in: the exchange's checks, then the match against the simulated book. Pure.

Order types LIMIT, LIMIT_MAKER and MARKET; GTC, IOC and FOK. Stops, icebergs and order lists are
refused. Sources: the exchange's pages "Trading endpoints", "Filters" and "Error codes".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

from binance.simulator.accounts import Order, Wallet
from binance.simulator.errors import BAD_SYMBOL, ApiError, illegal, invalid, missing
from binance.simulator.exchange import Exchange
from binance.simulator.market import Market, Trade
from binance.simulator.params import Params
from binance.simulator.resting import RestingOrders
from binance.simulator.symbols import UNIT, Symbol

FILTER_FAILURE = -1013
BAD_COMBINATION = -1106
UNSUPPORTED_TYPE = -1116
REJECTED = -2010
UNKNOWN_ORDER = -2011
NO_SUCH_ORDER = -2013

TYPES = ("LIMIT", "MARKET", "LIMIT_MAKER")
TIMES_IN_FORCE = ("GTC", "IOC", "FOK")
MAX_OPEN_ORDERS = 200
MAX_QUANTITY = 10**17
"""In units of 1e-8: more than any filter allows."""
_CLIENT_ID = re.compile(r"[a-zA-Z0-9\-_]{1,36}\Z")
_LEGAL_CLIENT_ID = "^[a-zA-Z0-9-_]{1,36}$"
_DECIMAL = re.compile(r"([0-9]{1,20})(?:\.([0-9]{1,20}))?\Z")
_LEGAL_DECIMAL = r"^([0-9]{1,20})(\.[0-9]{1,20})?$"
_REFUSED = ("stopPrice", "trailingDelta", "icebergQty", "strategyId", "pegPriceType")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A new order as it was asked for; numbers as of :class:`~binance.simulator.accounts.Order`."""

    symbol: Symbol
    buys: bool
    type: str
    time_in_force: str
    price: int
    quantity: int
    quote: int
    client_id: str
    answer: str


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
        raise ApiError(BAD_SYMBOL, "Invalid symbol.")
    params.text("side")  # it is mandatory
    side = params.choice("side", "", ("BUY", "SELL"))
    type = params.text("type")
    if type not in TYPES or any(name in params for name in _REFUSED):
        raise ApiError(UNSUPPORTED_TYPE, "Invalid orderType.")
    time_in_force = params.maybe("timeInForce")
    price, quantity = units(params, "price"), units(params, "quantity")
    quote = units(params, "quoteOrderQty")
    client_id = params.maybe("newClientOrderId") or fresh_id()
    if not _CLIENT_ID.match(client_id):
        raise illegal("newClientOrderId", _LEGAL_CLIENT_ID)
    usual = "FULL" if type in ("LIMIT", "MARKET") else "ACK"
    answer = params.choice("newOrderRespType", usual, ("ACK", "RESULT", "FULL"))
    params.maybe("selfTradePreventionMode")
    _check_parts(type, time_in_force, price, quantity, quote)
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
    )


def _check_parts(
    type: str, time_in_force: str | None, price: int | None, quantity: int | None, quote: int | None
) -> None:
    if type == "LIMIT" and time_in_force is None:
        raise missing("timeInForce")
    if time_in_force is not None and (type != "LIMIT" or time_in_force not in TIMES_IN_FORCE):
        if type != "LIMIT":
            raise ApiError(BAD_COMBINATION, "Parameter 'timeInForce' sent when not required.")
        raise ApiError(-1115, "Invalid timeInForce.")
    if type == "MARKET":
        if price is not None:
            raise ApiError(BAD_COMBINATION, "Parameter 'price' sent when not required.")
        if (quantity is None) == (quote is None):
            raise missing("quantity") if quantity is None else invalid("quoteOrderQty")
    else:
        if quote is not None:
            raise ApiError(BAD_COMBINATION, "Parameter 'quoteOrderQty' sent when not required.")
        if quantity is None:
            raise missing("quantity")
        if price is None:
            raise missing("price")


def _ticks(symbol: Symbol, price: int | None) -> int:
    if price is None:
        return 0
    if not price or price % symbol.tick or price > symbol.anchor * symbol.tick * 100:
        raise ApiError(FILTER_FAILURE, "Filter failure: PRICE_FILTER")
    return price // symbol.tick


def _steps(symbol: Symbol, quantity: int | None) -> int:
    if quantity is None:
        return 0
    if not quantity or quantity % symbol.step or quantity > MAX_QUANTITY:
        raise ApiError(FILTER_FAILURE, "Filter failure: LOT_SIZE")
    return quantity // symbol.step


def least_notional(symbol: Symbol) -> int:
    """The least that an order may be worth, in units of quote (the filter NOTIONAL)."""
    return symbol.lot * symbol.step * symbol.anchor * symbol.tick // 40 // UNIT


class OrderDesk:
    """Takes orders for wallets, on the markets of one exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._ids = itertools.count(1_000)
        self._resting: dict[str, RestingOrders] = {}

    def fresh_id(self) -> str:
        """A client order id for who gives none."""
        return f"simulated-{next(self._ids)}"

    def tick(self, now: int) -> None:
        """Let the markets in which orders rest go on."""
        for symbol, resting in self._resting.items():
            if resting:
                self._exchange.market(symbol, now)

    def check(self, wallet: Wallet, wanted: Wanted, now: int) -> Market:
        """Refuse what cannot be placed.

        :raises ApiError: -1013 or -2010.
        """
        symbol = wanted.symbol
        market = self._exchange.market(symbol.name, now)
        book = market.book
        price = wanted.price or (book.best_ask if wanted.buys else book.best_bid)
        worth = wanted.quote or price * symbol.tick * wanted.quantity * symbol.step // UNIT
        if worth < least_notional(symbol):
            raise ApiError(FILTER_FAILURE, "Filter failure: NOTIONAL")
        if len(wallet.open_orders(symbol.name)) >= MAX_OPEN_ORDERS:
            raise ApiError(FILTER_FAILURE, "Filter failure: MAX_NUM_ORDERS")
        if any(order.client_id == wanted.client_id for order in wallet.open_orders(symbol.name)):
            raise ApiError(REJECTED, "Duplicate order sent.")
        needs = self._needs(wanted, market)
        if needs > wallet.balance(symbol.quote if wanted.buys else symbol.base).free:
            raise ApiError(REJECTED, "Account has insufficient balance for requested action.")
        crosses = price >= book.best_ask if wanted.buys else price <= book.best_bid
        if wanted.type == "LIMIT_MAKER" and crosses:
            raise ApiError(REJECTED, "Order would immediately match and take.")
        return market

    def place(self, wallet: Wallet, wanted: Wanted, now: int) -> Order:
        """Place an order: it trades at once with what the book offers, and rests if it may.

        :raises ApiError: as of `check`.
        """
        market = self.check(wallet, wanted, now)
        quantity = wanted.quantity or self._for_quote(wanted, market)
        order = Order(
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
        )
        wallet.accept(order)
        limit = wanted.price or None
        if wanted.time_in_force == "FOK" and self._offered(order.buys, limit, market) < quantity:
            wallet.end(order, "EXPIRED")
            return order
        self._match(order, market, now, limit)
        if order.remaining and (order.type == "MARKET" or order.time_in_force != "GTC"):
            wallet.end(order, "EXPIRED")
        elif order.remaining:
            self._resting_of(market).rest(order)
        return order

    def cancel(self, order: Order, cancel_id: str) -> None:
        """Cancel an open order."""
        order.cancel_id = cancel_id
        self._resting[order.symbol.name].cancel(order)
        order.wallet.end(order, "CANCELED")

    # internal

    def _match(self, order: Order, market: Market, now: int, limit: int | None) -> None:
        while order.remaining:
            before = order.executed
            first = market.last_trade + 1
            market.take(now, order.buys, order.remaining, limit)
            count = market.last_trade - first + 1
            for trade in reversed(list(itertools.islice(reversed(market.trades), count))):
                order.wallet.fill(order, trade, is_maker=False)
            if order.executed == before:
                break
        market.tell_top()

    def _resting_of(self, market: Market) -> RestingOrders:
        name = market.symbol.name
        if name not in self._resting:
            self._resting[name] = RestingOrders(market, _made)
        return self._resting[name]

    def _needs(self, wanted: Wanted, market: Market) -> int:
        """What the order may cost at most, in units of what it gives."""
        symbol = wanted.symbol
        if not wanted.buys:
            steps = wanted.quantity or self._for_quote(wanted, market)
            return steps * symbol.step
        if wanted.quote:
            return wanted.quote
        if wanted.price:
            return -(-wanted.price * symbol.tick * wanted.quantity * symbol.step // UNIT)
        cost, left = 0, wanted.quantity
        for price, there in market.book.top(5000)[1]:
            taken = min(left, there)
            cost += price * symbol.tick * taken * symbol.step // UNIT
            left -= taken
        return cost

    def _for_quote(self, wanted: Wanted, market: Market) -> int:
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


def _made(order: Order, trade: Trade) -> None:
    order.wallet.fill(order, trade, is_maker=True)
