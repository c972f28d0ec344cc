"""Rows of an account's tables, read from answers of REST calls and from events. Pure.

All markets name the same things in a few ways. Sources: the pages "Account" and "User Data Streams"
of https://developers.binance.com/docs for spot, margin, futures, options and portfolio margin.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from binance.cli.event_text import account_text, time_of_day

Body: TypeAlias = Mapping[str, Any]
Change: TypeAlias = tuple[str, str, dict[str, str]]
"""A table, the key of a row in it, and the cells that changed; without cells the row is gone."""
Answers: TypeAlias = Mapping[str, Collection[Any]]
"""Table -> the answers of REST calls that fill it; none: events alone do."""

_BALANCES = ("asset", "free", "locked", "balance", "USD-M", "COIN-M")
_POSITIONS = ("symbol", "side", "amount", "entry")
_LIABILITIES = ("asset", "change", "principal", "interest", "time")
#: Table -> its columns, as they are shown; the same by importance; and what an empty one says.
TABLES: dict[str, tuple[Sequence[str], Sequence[str], str]] = {
    "balances": (_BALANCES, _BALANCES, "no balance"),
    "positions": (_POSITIONS, _POSITIONS, "no position"),
    "liabilities": (_LIABILITIES, _LIABILITIES, "no loan taken or repaid yet"),
    "orders": (
        ("time", "symbol", "side", "type", "price", "quantity", "filled", "status"),
        ("symbol", "side", "status", "quantity", "filled", "price", "type", "time"),
        "no orders yet",
    ),
}
# Column -> the names that it has in answers and events. The first that is there counts; of prices
# the first that is not 0: the price of a market order is that of its last trade.
_BALANCE = {
    "free": ("free", "crossMarginFree", "f"),
    "locked": ("locked", "crossMarginLocked", "l"),
    "balance": ("balance", "marginBalance", "b", "wb"),
    "USD-M": ("umWalletBalance", "UM"),
    "COIN-M": ("cmWalletBalance", "CM"),
}
_ORDER = {
    "symbol": ("symbol", "s"),
    "side": ("side", "S"),
    "status": ("status", "algoStatus", "X"),
    "quantity": ("origQty", "quantity", "q"),
    "filled": ("executedQty", "z", "actualQty", "aq"),
    "type": ("type", "orderType", "o"),
}
_PRICES = ("price", "p", "L", "triggerPrice", "tp", "stopPrice")
_TIMES = ("time", "createTime", "T")


def _first(body: Body, names: Iterable[str], default: Any = "0") -> Any:
    return next((body[name] for name in names if name in body), default)


def _cells(body: Body, names: Mapping[str, Iterable[str]]) -> dict[str, str]:
    found = {column: _first(body, each, None) for column, each in names.items()}
    return {column: str(value) for column, value in found.items() if value is not None}


def _balance(body: Body) -> Change:
    asset = str(_first(body, ("asset", "a")))
    return "balances", asset, {"asset": asset, **_cells(body, _BALANCE)}


def _position(body: Body) -> Change:
    symbol, side = str(_first(body, ("symbol", "s"))), str(_first(body, ("positionSide", "ps"), ""))
    amount = str(_first(body, ("positionAmt", "quantity", "pa", "c")))
    shown = side if side in ("LONG", "SHORT") else "SHORT" if float(amount) < 0 else "LONG"
    cells = {"symbol": symbol, "side": shown, "amount": amount}
    cells["entry"] = str(_first(body, ("entryPrice", "ep", "a")))
    key = f"{symbol} {side}" if side == shown else symbol
    return "positions", key, cells if float(amount) else {}


def _order(body: Body) -> Change:
    price = next((str(body[name]) for name in _PRICES if float(body.get(name) or 0)), "-")
    when = time_of_day(_first(body, _TIMES) / 1000)
    cells = {"filled": "0"} | _cells(body, _ORDER) | {"price": price, "time": when}
    kind = "conditional " if "algoId" in body or "aid" in body else ""
    number = _first(body, ("algoId", "aid", "orderId", "i"))
    return "orders", f"{kind}{cells['symbol']} {number}", cells


def _liability(event: Body) -> list[Change]:
    names = {"asset": "a", "change": "t", "principal": "p", "interest": "i"}
    cells = {column: str(event[name]) for column, name in names.items()}
    return [("liabilities", cells["asset"], cells | {"time": time_of_day(event["E"] / 1000)})]


def _account(event: Body) -> list[Change]:
    """Of futures; `fs` is the part of a portfolio margin account."""
    change, part = event["a"], event.get("fs")
    balances = [{"a": one["a"], part or "wb": one["wb"]} for one in change["B"]]
    return [*map(_balance, balances), *map(_position, change.get("P", ()))]


_READERS: dict[str, Callable[[Body], Iterable[Change]]] = {
    "executionReport": lambda event: [_order(event)],
    "ORDER_TRADE_UPDATE": lambda event: [_order({"T": event["T"]} | event["o"])],
    "ALGO_UPDATE": lambda event: [_order({"T": event["T"]} | event.get("o", event.get("ao")))],
    "outboundAccountPosition": lambda event: map(_balance, event["B"]),
    "ACCOUNT_UPDATE": _account,
    "BALANCE_POSITION_UPDATE": lambda event: [
        *map(_balance, event["B"]),
        *map(_position, event["P"]),
    ],
    "USER_LIABILITY_CHANGE": _liability,
}
_STATES = ("MARGIN_LEVEL_STATUS_CHANGE", "PM_PRO_ACCOUNT_UPDATE")


def changes(event: Body) -> list[Change]:
    """What an event changes; nothing for other kinds, and for an event of a new form."""
    try:
        return list(_READERS[event["e"]](event))
    except (KeyError, TypeError, ValueError):
        return []


def state_text(event: Body) -> str:
    """The state of the whole account, if the event has it."""
    return account_text(event) if event.get("e") in _STATES else ""


def read_answer(table: str, answer: Any) -> list[Change]:
    """The rows in the answer of a REST call."""
    if isinstance(answer, Mapping):
        pairs = ((each["baseAsset"], each["quoteAsset"]) for each in answer.get("assets", ()))
        lists = (answer[name] for name in ("balances", "userAssets", "asset") if name in answer)
        answer = [one for each in (*lists, *pairs) for one in each]
    read = {"balances": _balance, "positions": _position, "orders": _order}[table]
    return [read(one) for one in answer]


def read_answers(answers: Answers) -> dict[str, list[Change] | None]:
    """The rows of each table; None of one that events alone fill.

    :raises ValueError: an answer has another form.
    """
    found: dict[str, list[Change] | None] = {}
    for table, each in answers.items():
        try:
            rows = [row for answer in each for row in read_answer(table, answer)]
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise ValueError(f"an answer for the {table} has another form: {error!r}") from error
        found[table] = rows if each else None
    return found
