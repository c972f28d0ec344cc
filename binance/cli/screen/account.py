"""The picture of an account: its balances and its orders, as tables that are never too wide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from binance.cli.event_text import ConnectionLog, time_of_day
from binance.cli.screen.pictures import Heading, cut_line, last_lines, log_height
from binance.cli.screen.stream_stats import NumberColumn

#: How many orders are kept: the open ones and the last of the others.
MOST_ORDERS = 100
#: The columns of the orders, the most important one first.
_ORDERS = ("symbol", "side", "status", "quantity", "filled", "price", "type", "time")
_SHOWN = ("time", "symbol", "side", "type", "price", "quantity", "filled", "status")
_NUMBERS = ("price", "quantity", "filled", "free", "locked")
_OPEN = ("NEW", "PARTIALLY_FILLED", "PENDING_NEW")


class AccountPicture:
    """The tables, kept up to date by the events of the account.

    :param account: the answer to `Client.get_account`.
    :param orders: the answer to `Client.get_open_orders`.
    """

    def __init__(self, account: Mapping[str, Any], orders: Iterable[Mapping[str, Any]]) -> None:
        self._balances = {each["asset"]: each for each in account["balances"]}
        self._orders: dict[object, dict[str, str]] = {}
        for one in orders:
            row = (one["symbol"], one["side"], one["status"], one["origQty"], one["executedQty"])
            self._add(one["orderId"], *row, one["price"], one["type"], one["time"])

    @property
    def count(self) -> int:
        """The number of orders that the table has."""
        return len(self._orders)

    def add(self, event: Mapping[str, Any]) -> None:
        """Add an event of the account; other kinds, and those of a new form, change nothing."""
        try:
            if event["e"] == "executionReport":
                price = event["p"] if float(event["p"]) else event["L"]  # of the last trade
                self._add(event["i"], *(event[f] for f in "sSXqz"), price, event["o"], event["T"])
            elif event["e"] == "outboundAccountPosition":
                changed = {
                    each["a"]: {"free": each["f"], "locked": each["l"]} for each in event["B"]
                }
                self._balances = changed | {  # the last to change comes first
                    name: one for name, one in self._balances.items() if name not in changed
                }
        except (KeyError, TypeError, ValueError):
            return

    def _add(self, number: object, *values: Any) -> None:
        row = dict(zip(_ORDERS, map(str, values), strict=True))
        row["time"] = time_of_day(values[-1] / 1000)
        row["price"] = row["price"] if float(row["price"]) else "-"
        self._orders.pop(number, None)
        self._orders[number] = row
        for old in [number for number, one in self._orders.items() if one["status"] not in _OPEN]:
            if len(self._orders) > MOST_ORDERS:
                del self._orders[old]

    def draw(self, heading: Heading, log: ConnectionLog, size: tuple[int, int]) -> RenderableType:
        """A picture that fits a terminal of this size: columns, rows."""
        width, height = size
        held = [
            {"asset": asset, "free": str(one["free"]), "locked": str(one["locked"])}
            for asset, one in self._balances.items()
            if float(one["free"]) or float(one["locked"])
        ]
        room = max(2, height - log_height(height) - 8)
        most = max(1, min(len(held), room // 2))
        orders = list(self._orders.values())[::-1]
        parts: list[RenderableType] = [heading.line(), Text("")]
        parts += _table(("asset", "free", "locked"), ("asset", "free", "locked"), held, most, width)
        parts += [Text(""), *_table(_SHOWN, _ORDERS, orders, room - most, width)]
        return Group(*parts, Text(""), *last_lines(log, height))


def _table(
    names: Sequence[str],
    ranked: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    most: int,
    room: int,
) -> list[RenderableType]:
    """A table of the first rows, with as many columns as fit: a number is never cut."""
    if not rows:
        return [cut_line("no orders yet" if "side" in names else "no balance", "dim")]
    columns = {name: _column(name, [row[name] for row in rows[:most]]) for name in names}
    shown: list[str] = []
    for name in ranked:
        room -= len(columns[name][0]) + 2
        if room < -2:  # after the last column there is no gap
            break
        shown.append(name)
    lines = zip(*(columns[name] for name in names if name in shown), strict=True)
    table = [cut_line("  ".join(cells), "" if n else "dim") for n, cells in enumerate(lines)]
    for line in table:
        line.highlight_words(["BUY"], "green")
        line.highlight_words(["SELL"], "red")
    hidden = len(rows) - most
    return [*table, *([cut_line(f"… and {hidden} more", "dim")] if hidden > 0 else [])]


def _column(name: str, values: list[str]) -> list[str]:
    """The title and the cells, of one width; decimal points are below each other."""
    if name not in _NUMBERS:
        width = max(map(len, [name, *values]))
        return [text.ljust(width) for text in (name, *values)]
    texts = [NumberColumn().format(value) for value in values]
    behind = [len(text.partition(".")[2]) + ("." in text) for text in texts]
    texts = [text + " " * (max(behind) - own) for text, own in zip(texts, behind, strict=True)]
    width = max(map(len, [name, *texts]))
    return [text.rjust(width) for text in (name, *texts)]
