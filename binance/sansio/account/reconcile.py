"""What an account's socket has missed while its link was down, from the answers of REST.

Theory of operation
-------------------

A `Ledger` notes the live events of an account: the executions, the orders and their symbols.  After
an outage it yields the REST calls that are needed, one by one, and gets each answer.  Then `events`
writes the events that were missed, in the stream's own shape and marked `"reconciled": True`.

* A symbol is asked about if an event, an open order or a position named it, or the user did.
* The calls reach back further than the outage.  An execution is known by its order and trade id.
  It is delivered once, by REST, in a live event that was held meanwhile, or in a later one.
* Trades may reach REST later than their order.  If an order has more filled than its trades, they
  are asked for again.
* What has happened since the calls began is left to the link, which was open before.  The answers
  are not of one moment: a trade may be in a later one whose predecessors no earlier one has.
* An order or a symbol that REST no longer knows is reported once and forgotten.
* A page that is full is asked for again in two halves, so it does not matter which end of a window
  the exchange prefers.

Sources: the pages "Account" and "Trade" of each market, and "User Data Streams" for the shapes, of
https://developers.binance.com/docs
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Collection, Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any, Final

from binance.exceptions import BinanceAPIException
from binance.sansio.link.reconnect import RetryPolicy
from binance.sansio.names.times import milliseconds

HOLD_SECONDS: Final = 30.0
"""The most seconds for which live events are held; then the calls are given up."""
HOLD_EVENTS: Final = 10_000
"""The most live events that are held."""
OVERLAP_SECONDS: Final = 120.0
"""So much longer than the outage is the time that is asked about: a dead link is noticed late."""
MEMORY: Final = 50_000
"""Number of executions, and of orders, that are remembered."""
TRADE_TRIES: Final = 4
"""How often trades are asked for that REST does not have yet, a second apart."""
UNSURE: Final = "which orders were open at the beginning is not known: one of them may have ended"
"""The reason of a gap after an outage, if the first calls were not answered before it."""
LATE: Final = "REST did not have all trades of an order in time"
"""The reason of a gap if a trade is missing after `TRADE_TRIES`."""
GONE: Final = (-1121, -2013, -2026)
"""REST has no such symbol or order (any more), or keeps the order in an archive.
https://developers.binance.com/docs/binance-spot-api-docs/errors
"""
DAY: Final = 24 * 3_600_000
PENDING: Final = "PENDING_NEW"
"""The status of an order that begins to work when another one of its list is filled."""
ENDED: Final = ("CANCELED", "EXPIRED", "EXPIRED_IN_MATCH", "REJECTED")

_PAUSES: Final = RetryPolicy(None, initial=1.0, factor=2.0, maximum=8.0)

_TIMES: Final = ("E", "T", "O", "W", "u")

Event = dict[str, Any]
Calls = Generator["Ask | float", Any, "list[Found]"]
"""Yields calls, and numbers of seconds to wait; gets the answers; returns what was found.

A refusal with a code of `GONE` is thrown into it."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Call this method of the client."""

    method: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """The shape of an order's events, and of the event with balances and positions.

    In a mapping `key=name|name:default` the field `key` is the field of REST's answer with the
    first of these names that is there, or else the default.

    :param order: the mapping of an order; `fill`: of a trade; `balance`, `position`: of these.
    """

    event: str
    order: str
    fill: str
    state: str
    balance: str
    position: str = ""

    def body(self, event: Event) -> Event:
        return event if self.event == "executionReport" else event.get("o", {})


_SPOT = Form(
    "executionReport",
    's=symbol c=clientOrderId C:"" S=side o=type f=timeInForce q=origQty p=price P=stopPrice:"0" '
    'F=icebergQty:"0" g=orderListId:-1 i=orderId O=time Q=origQuoteOrderQty:"0" '
    'V=selfTradePreventionMode W=workingTime r:"NONE" I:-1 M:false',
    't=id:-1 L=price:"0" l=qty:"0" Y=quoteQty:"0" n=commission:"0" N=commissionAsset:null T=time '
    "m=isMaker:false",
    "outboundAccountPosition",
    "a=asset f=free|crossMarginFree l=locked|crossMarginLocked",
)
_FUTURES = Form(
    "ORDER_TRADE_UPDATE",
    "s=symbol c=clientOrderId S=side o=type f=timeInForce q=origQty p=price ap=avgPrice "
    "sp=stopPrice i=orderId R=reduceOnly wt=workingType ot=origType ps=positionSide "
    "cp=closePosition pP=priceProtect V=selfTradePreventionMode pm=priceMatch gtd=goodTillDate "
    'b:"0" a:"0"',
    't=id:0 L=price:"0" l=qty:"0" n=commission N=commissionAsset T=time m=maker:false '
    'rp=realizedPnl:"0"',
    "ACCOUNT_UPDATE",
    'a=asset wb=walletBalance|crossWalletBalance cw=crossWalletBalance|walletBalance bc:"0"',
    's=symbol pa=positionAmt:"0" ep=entryPrice:"0" bep=breakEvenPrice|entryPrice:"0" cr:"0" '
    'up=unRealizedProfit|unrealizedProfit:"0" ps=positionSide:"BOTH" mt=marginType:"cross" '
    'iw=isolatedWallet:"0"',
)
_OPTIONS = Form(
    "ORDER_TRADE_UPDATE",
    "s=symbol c=clientOrderId S=side o=type f=timeInForce q=origQty|quantity p=price ap=avgPrice "
    'i=orderId R=reduceOnly ot=origType|type V=selfTradePreventionMode b:"0" a:"0"',
    't=tradeId|id:0 L=price:"0" l=qty|quantity:"0" n=commission|fee N=commissionAsset|quoteAsset '
    'T=time m=maker|liquidity:false rp=realizedPnl|realizedProfit:"0"',
    "BALANCE_POSITION_UPDATE",
    'a=asset b=marginBalance|balance|walletBalance bc:"0"',
    's=symbol c=quantity|positionAmt:"0" p=markValue|notional:"0" a=entryPrice:"0"',
)


_CALLS: Final = ("time", "open_orders", "orders", "order", "trades", "state", "positions")


@dataclass(frozen=True, slots=True)
class Part:
    """One account that a socket is about: its calls, by the names of the client's methods.

    :param state: the balances; `positions`: the positions, empty where there are none.
    :param limit: the most that a page has; `days`: the longest window.
    :param fixed: parameters of each call but those for the state.
    :param fs: the mark of the part in the events of a portfolio margin account.
    :param more: fields of an order's event that no answer has; `state_more`: of that of the state.
    :param absent: the fields of the form that the events of this part do not have.
    """

    form: Form
    time: str
    open_orders: str
    orders: str
    order: str
    trades: str
    state: str
    positions: str = ""
    limit: int = 1000
    days: int = 1
    fixed: Mapping[str, Any] = field(default_factory=dict)
    state_params: Mapping[str, Any] = field(default_factory=dict)
    fs: str = ""
    more: Event = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    state_more: Event = field(default_factory=dict)

    def methods(self) -> list[str]:
        return [name for call in _CALLS if (name := getattr(self, call))]


def _part(form: Form, prefix: str, calls: str, **more: Any) -> Part:
    """`calls` are in the order of `_CALLS`: `=` is without the prefix."""
    names = ((prefix + name).split("=")[-1] for name in calls.split())
    given: dict[str, Any] = dict(zip(_CALLS, names, strict=False))
    return Part(form, **given, **more)


_SPOT_CALLS = "server_time open_orders all_orders order my_trades account"
_MARGIN_CALLS = (
    "server_time open_margin_orders all_margin_orders margin_order margin_trades margin_account"
)
_FUTURES_CALLS = "time get_open_orders get_all_orders get_order account_trades account"
_OPTIONS_CALLS = (
    "time get_open_orders get_order_history get_order user_trades margin_account position"
)
_PM_CALLS = "=futures_time open_orders all_orders order user_trades account position_risk"
_PM_MARGIN_CALLS = "=get_server_time open_orders all_orders order my_trades =papi_get_balance"
_POSITIONS = " position_information"
_NOT_OF_PM = ("mt", "iw", "wt", "ot", "cp", "pP", "pm", "ma")
_UM: Event = {"er": "0", "si": 0, "ss": 0}
_USDM = _part(_FUTURES, "futures_", _FUTURES_CALLS + "_v3" + _POSITIONS, days=6, more=_UM)
_COINM = _part(_FUTURES, "futures_coin_", _FUTURES_CALLS + _POSITIONS, days=6, more={"er": "0"})
_PM_UM = _part(_FUTURES, "papi_get_um_", _PM_CALLS, days=6, fs="UM", absent=_NOT_OF_PM)
_PM_CM = _part(_FUTURES, "papi_get_cm_", _PM_CALLS, days=6, fs="CM", absent=(*_NOT_OF_PM, "gtd"))
_PM_MARGIN = _part(_SPOT, "papi_get_margin_", _PM_MARGIN_CALLS, limit=500, absent=("M",))
PARTS: Final[dict[str, tuple[Part, ...]]] = {
    "user": (_part(_SPOT, "get_", _SPOT_CALLS),),
    "margin": (_part(_SPOT, "get_", _MARGIN_CALLS, limit=500),),
    "usdm:user": (_USDM,),
    "coinm:user": (replace(_COINM, absent=("gtd",)),),
    "options:user": (_part(_OPTIONS, "eapi_", _OPTIONS_CALLS),),
    "pm:user": (_PM_UM, _PM_CM, replace(_PM_MARGIN, state_more={"U": -1})),
}
"""Socket key of an account, without the number of its client -> its parts."""


def isolated(symbol: str) -> tuple[Part, ...]:
    """The part of an isolated margin account."""
    fixed, state = {"isIsolated": "TRUE", "symbol": symbol}, "get_isolated_margin_account"
    (part,) = PARTS["margin"]
    return (replace(part, fixed=fixed, state=state, state_params={"symbols": symbol}),)


@dataclass(slots=True)
class Order:
    """What is known of an order."""

    status: str
    filled: Decimal
    spent: Decimal = Decimal(0)
    """Known of the answers of REST only."""


Key = tuple[str, str, str]
"""Part, symbol, order id."""
Execution = tuple[str, str, str, str]
"""The same and the trade id: who trades with himself has two executions with one."""


Moment = tuple[float, float, int]
"""When an event comes: ms; in the same ms by trade id; a new order before its first trade."""


@dataclass(slots=True)
class Found:
    """The answers about one part. `begin`, `until` and `state_at` are ms of the exchange's clock.

    The events from `begin` to `until` are wanted.
    """

    part: Part
    begin: int
    until: int
    orders: dict[str, Event] = field(default_factory=dict)
    trades: list[Event] = field(default_factory=list)
    state_at: int = 0
    state: Any = None
    positions: list[Event] = field(default_factory=list)
    symbols: set[str] = field(default_factory=set)
    lacks_trades: bool = False
    """Whether neither REST nor a held event has all trades of an order."""
    gone: dict[str, Key] = field(default_factory=dict)
    """The orders and symbols that REST no longer knows; the id of a symbol's key is empty."""


class Ledger:
    """The events of one account, and what was missed of them.

    :param parts: of `PARTS`, or `isolated`.
    :param symbols: symbols that are asked about in any case.
    :param is_micro: whether the account's events have their times in microseconds.
    """

    def __init__(
        self, parts: tuple[Part, ...], symbols: Iterable[str] = (), is_micro: bool = False
    ) -> None:
        self._parts = parts
        self._symbols = {part.fs: set(symbols) for part in parts}
        self._is_micro = is_micro
        self._executed: dict[Execution, None] = {}
        self._orders: dict[Key, Order] = {}
        self._delivered: dict[tuple[Key, str], int] = {}  # when: ms
        self._alias: Event = {}
        self._ahead = math.inf  # the exchange's clock of ours, after the last whole round: ms
        self._measured = math.inf  # the same in the present round
        for part in parts:
            if "symbol" in part.fixed:
                self._symbols[part.fs].add(part.fixed["symbol"])

    # live events

    def admit(self, event: Event) -> bool:
        """Note an event; returns whether it is new, so that it is to be delivered."""
        part = self._part_of(event)
        if part is None:
            return True
        if event.get("e") != part.form.event:
            change = event["a"] if isinstance(event.get("a"), dict) else event
            self._symbols[part.fs].update(each["s"] for each in change.get("P") or ())
            return True
        body = part.form.body(event)
        if body is not event and "i" in event:
            self._alias = {"i": event["i"]}
        order, execution = _keys(part, body)
        change, when = (order, body["x"]), int(milliseconds(body["T"]))
        if execution in self._executed if execution else when <= self._delivered.get(change, -1):
            return False
        if execution:
            _remember(self._executed, execution, None)
        elif "reconciled" in event:
            _remember(self._delivered, change, when)
        self._symbols[part.fs].add(body["s"])
        _remember(self._orders, order, Order(body["X"], Decimal(body["z"])))
        return True

    def _part_of(self, event: Event) -> Part | None:
        return next((part for part in self._parts if part.fs == event.get("fs", "")), None)

    # the calls

    def first_calls(self, clock: Callable[[], float]) -> Calls:
        """The orders and positions at the beginning, to compare those of later with."""
        server = (yield Ask(self._parts[0].time, {}))["serverTime"]
        self._ahead = server - 1000 * clock()
        found = [Found(part, 0, 0) for part in self._parts]
        for one in found:
            yield from self._present(one)
            for order in one.orders.values():
                key = (one.part.fs, order["symbol"], str(order["orderId"]))
                self._orders.setdefault(key, _order_of(order))
        return []

    def calls(self, since: float, clock: Callable[[], float]) -> Calls:
        """The calls about what has happened since a moment.

        :param clock: returns the present seconds of the clock that has shown `since`.  The first
            answer may come late, and its time counts.  While the computer is suspended this clock
            may stand still: then the exchange's is further ahead of it than before.
        """
        found, self._measured = [], math.inf
        for part in self._parts:
            server = (yield Ask(part.time, {}))["serverTime"]
            self._measured = ahead = server - 1000 * clock()
            was_suspended = ahead - self._ahead > 1000 * HOLD_SECONDS  # else an answer came late
            offset = self._ahead if was_suspended else ahead
            one = Found(part, round(1000 * since + offset), server)
            yield from self._present(one)
            one.symbols |= self._symbols[part.fs]
            for symbol in sorted(one.symbols):
                try:
                    yield from self._history(one, symbol)
                except BinanceAPIException:
                    one.gone[symbol] = (part.fs, symbol, "")
            found.append(one)
        for one in found:  # the state of all comes after the trades of all
            one.state_at = (yield Ask(one.part.time, {}))["serverTime"]
            one.state = yield Ask(one.part.state, one.part.state_params)
            if one.part.positions:
                one.positions = yield Ask(one.part.positions, {})
        self.begin_anew()
        return found

    def begin_anew(self) -> None:
        """What was before is fetched or reported: the offset of the present round counts."""
        self._ahead = self._measured

    def _present(self, one: Found) -> Generator[Ask, Any, None]:
        for order in (yield Ask(one.part.open_orders, one.part.fixed)):
            one.orders[str(order["orderId"])] = order
            one.symbols.add(order["symbol"])
        if one.part.positions:
            one.positions = yield Ask(one.part.positions, {})
            one.symbols |= {each["symbol"] for each in one.positions if _amount(each)}
        self._symbols[one.part.fs] |= one.symbols

    def _history(self, one: Found, symbol: str) -> Generator[Ask | float, Any, None]:
        part = one.part
        of = {**part.fixed, "symbol": symbol}
        known = {id for fs, name, id in self._open() if (fs, name) == (part.fs, symbol)}
        window = (one.begin, one.until + 60_000)
        for order in (yield from _pages(part.orders, of, part, *window)):
            one.orders[str(order["orderId"])] = order
        for attempt in range(TRADE_TRIES):
            trades = yield from _pages(part.trades, of, part, *window)
            newest = dict.fromkeys(known, 0)
            for each in trades:
                id = str(each["orderId"])
                newest[id] = max(newest.get(id, 0), each["time"])
            for id, when in sorted(newest.items()):
                if id in one.orders and one.orders[id].get("updateTime", when) >= when:
                    continue  # else the answer about the order is older than its last trade
                try:
                    order = yield Ask(part.order, {**of, "orderId": int(id)})
                    one.orders[str(order["orderId"])] = order
                except BinanceAPIException:
                    if id not in one.orders:
                        known.discard(id)
                        one.gone[f"order {id} of {symbol}"] = (part.fs, symbol, id)
            if attempt + 1 == TRADE_TRIES or not self._lacks_trades(one, symbol, trades, {}):
                break
            yield 1.0
        one.trades += trades

    def _open(self) -> list[Key]:
        return [
            key
            for key, order in self._orders.items()
            if order.status in ("NEW", "PARTIALLY_FILLED", "ACCEPTED", PENDING)
        ]

    def _lacks_trades(
        self, one: Found, symbol: str, trades: list[Event], live: Mapping[object, Decimal]
    ) -> bool:
        """Whether an order has more filled than the known and the found trades.

        :param live: the held executions, and by order what was filled before the first of them.
        """
        for id, order in one.orders.items():
            key = (one.part.fs, symbol, id)
            known = self._orders.get(key)
            changed = _time(order) if known is None else order.get("updateTime") or one.begin
            if order["symbol"] != symbol or changed < one.begin:
                continue  # else a gap has reported the trades before
            filled = known.filled if known else Decimal(0)
            for each in self._fills(one, key, trades):
                execution = (*key, str(each["t"]))
                is_new = execution not in self._executed and execution not in live
                filled += Decimal(each["l"]) if is_new else 0
            executed = Decimal(order["executedQty"])
            if min(executed, live.get(key, executed)) > filled:
                return True
        return False

    def _fills(self, one: Found, key: Key, trades: list[Event]) -> list[Event]:
        """The trades of an order as the fields of its events, in order of execution."""
        own = [each for each in trades if (each["symbol"], str(each["orderId"])) == key[1:]]
        fills = [_read(one.part.form.fill, each) for each in own]
        return sorted(fills, key=lambda each: int(each["t"]))

    # the events

    def events(self, found: list[Found], held: list[Event]) -> list[Event]:
        """What is to be delivered: the missed orders and executions and the held events, in order
        of time; the state; and the held events after it.

        Each one is passed to `admit` before it is delivered.
        """
        live: dict[object, Decimal] = {}
        events: list[tuple[Moment, Event]] = []
        later: list[Event] = []
        last: Moment = (0, 0, 0)
        for event in held:
            part, key, execution = self._part_of(event), None, None
            when = milliseconds(event.get("E") or 0)
            if later or when > min(one.state_at for one in found):
                later.append(event)
            if part and event.get("e") == part.form.event:
                body = part.form.body(event)
                key, execution = _keys(part, body)
                live[execution or (key, body["x"])] = Decimal(0)
                if execution not in self._executed:
                    live.setdefault(key, Decimal(body["z"]) - Decimal(body.get("l") or 0))
                when = milliseconds(body["T"])
            last = max(last, (when, int(execution[3]), 1) if execution else (when, math.inf, 2))
            if not later:
                events.append((last, event))
        for one in found:
            for key in one.gone.values():
                self._orders.pop(key, None)
                if not key[2]:
                    self._symbols[key[0]].discard(key[1])
            one.lacks_trades = any(
                self._lacks_trades(one, symbol, one.trades, live) for symbol in one.symbols
            )
            for id, order in one.orders.items():
                events += self._order_events(one, order, (one.part.fs, order["symbol"], id), live)
        events.sort(key=lambda each: each[0])
        return [event for _, event in events] + [self._state(one) for one in found] + later

    def _order_events(
        self, one: Found, order: Event, key: Key, live: Collection[object]
    ) -> list[tuple[Moment, Event]]:
        form, made = one.part.form, list[tuple[Moment, Event]]()
        known = self._orders.get(key)
        fills = self._fills(one, key, one.trades)

        def add(moment: Moment, kind: str, status: str, fill: Event | None = None) -> None:
            if moment[0] <= one.until:
                body = (fill or _read(form.fill, {})) | {"T": int(moment[0])}
                made.append((moment, self._event(one, order, kind, status, now, body)))

        now, began, status = Order("NEW", Decimal(0)), _time(order), _status(order)
        is_new = known is None and began >= one.begin
        if known is not None and known.status == PENDING and order.get("workingTime", 0) > began:
            is_new, began = True, order["workingTime"]
        if is_new and (key, "NEW") not in live:
            first = next((int(each["t"]) for each in fills if each["T"] == began), 0)
            add((began, first, 0), "NEW", PENDING if status == PENDING else "NEW")
        # What was filled before each trade is counted back from the order: trades may be fetched
        # after later ones were delivered, and the first ones may be older than the time asked for.
        now = _order_of(order)
        now.filled = max(Decimal(0), now.filled - sum(Decimal(each["l"]) for each in fills))
        now.spent = max(Decimal(0), now.spent - sum(Decimal(each.get("Y") or 0) for each in fills))
        for fill in fills:
            now.filled += Decimal(fill["l"])
            now.spent += Decimal(fill.get("Y") or 0)
            execution = (*key, str(fill["t"]))
            if execution in live or execution in self._executed:
                continue
            is_whole = now.filled >= Decimal(_read(form.order, order)["q"])
            moment = fill["T"], int(fill["t"]), 1
            add(moment, "TRADE", "FILLED" if is_whole else "PARTIALLY_FILLED", fill)
        was_delivered = known is not None and known.status in ENDED
        ended = order.get("updateTime") or _time(order)
        is_recent = known is not None or ended >= one.begin
        if status in ENDED and is_recent and not was_delivered and (key, _kind(status)) not in live:
            add((ended, math.inf, 2), _kind(status), status)
        return made

    def note_filled(self, found: list[Found]) -> None:
        """Once the events were admitted: note also what was filled by trades that are missing."""
        for one in found:
            for id, order in one.orders.items():
                key, now = (one.part.fs, order["symbol"], id), _order_of(order)
                is_past = order.get("updateTime", 0) <= one.until  # others come by the link
                if is_past and key in self._orders and self._orders[key].filled < now.filled:
                    self._orders[key] = now

    def _event(
        self, one: Found, order: Event, kind: str, status: str, now: Order, fill: Event
    ) -> Event:
        form = one.part.form
        body = {**_read(form.order, order), "x": kind, "X": status, **fill}
        body["z"] = f"{now.filled:f}"
        if form is _SPOT:
            body |= {"Z": f"{now.spent:f}", "w": status in ("NEW", "PARTIALLY_FILLED")}
            if kind == "CANCELED":
                body["C"] = body["c"]
            if body.get("W", 0) < 0:  # it is not in the book yet
                del body["W"]
        elif form is _OPTIONS:
            body |= {"i": str(body["i"]), "m": body["m"] in (True, "MAKER")}
        elif "pair" in order:
            body["ma"] = order["pair"].removesuffix("USD")
        body = {key: body[key] for key in body if key not in one.part.absent} | one.part.more
        head = {"e": form.event, "E": body["T"], "T": body["T"]}
        if form is _SPOT:
            return self._marked(head | body)
        return self._marked(head | self._extras(one.part) | {"o": body})

    def _extras(self, part: Part) -> Event:
        return {"fs": part.fs} if part.fs else self._alias

    def _marked(self, event: Event) -> Event:
        if self._is_micro:
            event = {k: v * 1000 if k in _TIMES and v else v for k, v in event.items()}
        return event | {"reconciled": True}

    def _state(self, one: Found) -> Event:
        """The balances and positions."""
        form, at = one.part.form, one.state_at
        balances = [_read(form.balance, each) for each in _assets(one.state)]
        if form is _SPOT:
            head = {"e": form.state, "E": at, "u": at, **one.part.state_more}
            return self._marked(head | {"B": balances})
        shown = [each for each in one.positions if _amount(each) or each["symbol"] in one.symbols]
        gone = one.symbols - {each["symbol"] for each in shown}
        rows = [*({"symbol": symbol} for symbol in sorted(gone)), *shown]
        positions = [_read(form.position, row, one.part.absent) for row in rows]
        body: Event = {"m": "ORDER", "B": balances, "P": positions}
        if form is _FUTURES:
            body = {"a": body}
        return self._marked({"e": form.state, "E": at, "T": at, **self._extras(one.part), **body})


@cache
def _fields(mapping: str) -> list[tuple[str, list[str], list[Any]]]:
    """Field, names in the answer, and the default, if there is one."""
    found = re.findall(r"(\w+)(?:=([\w|]+))?(?::(\S+))?", mapping)
    return [
        (key, names.split("|"), [json.loads(default)] if default else [])
        for key, names, default in found
    ]


def _read(mapping: str, answer: Event, absent: Collection[str] = ()) -> Event:
    """The fields of an event, from those of an answer of REST."""
    found = {}
    for key, names, default in _fields(mapping):
        values = [answer[name] for name in names if answer.get(name) is not None] or default
        if values and key not in absent:
            found[key] = values[0]
    return found


def _keys(part: Part, body: Event) -> tuple[Key, Execution | None]:
    """The keys of the order and, if it is one, of the execution."""
    order = (part.fs, body["s"], str(body["i"]))
    trade = -1 if body.get("t") is None else int(body["t"])
    first = 0 if body["x"] == "TRADE" else 1  # other events may have 0 for none
    is_execution = trade >= first and Decimal(body.get("l") or 0) > 0
    return order, (*order, str(body["t"])) if is_execution else None


def _order_of(order: Event) -> Order:
    spent = Decimal(order.get("cummulativeQuoteQty") or 0)
    return Order(_status(order), Decimal(order["executedQty"]), spent)


def _status(order: Event) -> str:
    return str(order["status"]).replace("CANCELLED", "CANCELED")  # as options write it


def _kind(status: str) -> str:
    """What has happened to an order that has this state."""
    return "EXPIRED" if status == "EXPIRED_IN_MATCH" else status


def _time(order: Event) -> int:
    return int(order.get("time") or order.get("createTime") or 0)


def _amount(position: Event) -> Decimal:
    return Decimal(position.get("positionAmt") or position.get("quantity") or 0)


def _assets(state: Any) -> list[Event]:
    """The rows with balances, of each kind of answer."""
    if isinstance(state, list):
        return state
    rows = next(
        state[name] for name in ("balances", "userAssets", "assets", "asset") if name in state
    )
    if rows and "baseAsset" in rows[0]:
        return [pair[side] for pair in rows for side in ("baseAsset", "quoteAsset")]
    return list(rows)


def _remember(known: dict[Any, Any], key: object, value: object) -> None:
    known.pop(key, None)
    known[key] = value
    if len(known) > MEMORY:
        del known[next(iter(known))]


def _pages(
    method: str, of: Event, part: Part, begin: int, end: int
) -> Generator[Ask, Any, list[Event]]:
    """What a call lists between two times (ms)."""
    if end - begin > part.days * DAY:
        middle = begin + part.days * DAY
    else:
        window = {"startTime": begin, "endTime": end, "limit": part.limit}
        listed: list[Event] = yield Ask(method, {**of, **window})
        if len(listed) < part.limit or end <= begin:
            return listed
        middle = (begin + end) // 2
    first = yield from _pages(method, of, part, begin, middle)
    return first + (yield from _pages(method, of, part, middle + 1, end))


def delay_after(http_status: int | None, retry_after: float | None, attempt: int) -> float | None:
    """Seconds until a failed call is tried again; None: it will not succeed.

    :param http_status: None if no answer came.
    :param attempt: number of failed tries of this call, from 1.
    """
    if http_status is not None and http_status < 500 and http_status not in (418, 429):
        return None
    return max(retry_after or 0.0, _PAUSES.delay(attempt))
