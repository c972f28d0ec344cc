"""The picture of an account: balances, positions and orders, as tables that are never too wide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from binance.cli.account.rows import (
    TABLES,
    Answers,
    Change,
    changes,
    read_answers,
    state_text,
)
from binance.cli.event_text import ConnectionLog
from binance.cli.screen.pictures import Heading, cut_line, last_lines, log_height
from binance.cli.screen.stream_stats import NumberColumn

#: How many orders are kept: the open ones and the last of the others.
MOST_ORDERS = 100
_TEXTS = ("asset", "symbol", "side", "status", "type", "time", "change")
_OPEN = ("NEW", "PARTIALLY_FILLED", "PENDING_NEW", "ACCEPTED", "TRIGGERING")
_GREEN, _RED = ("BUY", "LONG"), ("SELL", "SHORT")


class AccountPicture:
    """The tables, kept up to date by the events of the account.

    :param answers: of the calls, as `read_answers` takes them; without them there is no table yet.
    """

    def __init__(self, answers: Answers | None = None) -> None:
        self._tables: dict[str, dict[str, dict[str, str]]] = {}
        self._since: list[Mapping[str, Any]] | None = None
        self.state = ""
        self.answered(read_answers(answers or {}))

    def asked(self) -> None:
        """The next answers are asked for from now on: they may lack the events that come."""
        self._since = []

    def answered(self, found: Mapping[str, Iterable[Change] | None]) -> None:
        """Fill the tables anew; what no call returns stays, such as orders that have ended.

        :param found: the result of `read_answers`.
        """
        for table, rows in found.items():
            before, self._tables[table] = self._tables.get(table, {}), {}
            self._apply(rows or (), is_newest=False)
            stays = {key: row for key, row in before.items() if rows is None or _has_ended(row)}
            self._tables[table] |= stays
        since, self._since = self._since or [], None
        self._apply(change for event in since for change in changes(event))

    @property
    def count(self) -> int:
        """The number of orders that the table has."""
        return len(self._tables.get("orders", ()))

    def add(self, event: Mapping[str, Any]) -> None:
        """Add an event of the account; other kinds, and those of a new form, change nothing."""
        self._apply(changes(event))
        if self._since is not None:
            self._since.append(event)
        self.state = state_text(event) or self.state

    def _apply(self, found: Iterable[Change], is_newest: bool = True) -> None:
        """Change rows; what an event changes comes first."""
        for table, key, cells in found:
            before = self._tables.get(table, {})
            row = {key: before.pop(key, {}) | cells} if cells else {}
            if not cells:
                before.pop(key, None)
            is_first = is_newest or table == "orders"  # of the answers the last order is the newest
            if table in self._tables:
                self._tables[table] = row | before if is_first else before | row
        orders = self._tables.get("orders", {})
        for key in [key for key, one in orders.items() if _has_ended(one)][::-1]:
            if len(orders) > MOST_ORDERS:
                del orders[key]

    def rows(self, table: str) -> list[dict[str, str]]:
        """The rows of a table; of the balances those that are not 0."""
        rows = list(self._tables[table].values())
        if table != "balances":
            return rows
        return [one for one in rows if any(map(float, (one[n] for n in one if n != "asset")))]

    def balances_text(self, most: int) -> str:
        """What the account holds, in one line; empty where there is no table of it."""
        if "balances" not in self._tables:
            return ""
        rows = self.rows("balances")
        texts = []
        for row in rows[:most]:
            short = {name: NumberColumn().format(row[name]) for name in row if name != "asset"}
            words = [short.pop("free", short.pop("balance", ""))]
            words += [f"{text} {name}" for name, text in short.items() if text != "0"]
            texts.append(f"{row['asset']} {' and '.join(filter(None, words))}")
        more = f" and {len(rows) - most} more" if len(rows) > most else ""
        return f"balance {', '.join(texts)}{more}" if rows else "no balance"

    def draw(self, heading: Heading, log: ConnectionLog, size: tuple[int, int]) -> RenderableType:
        """A picture that fits a terminal of this size: columns, rows."""
        width, height = size
        heading.more = self.state
        tables = self.tables(width, height - log_height(height) - 2)
        return Group(heading.line(), *tables, Text(""), *last_lines(log, height))

    def tables(self, width: int, height: int) -> list[Text]:
        """The tables as lines, each with an empty line before it."""
        room, parts = max(2, height - 3 * len(self._tables)), list[Text]()
        for left, table in zip(range(len(self._tables), 0, -1), self._tables, strict=True):
            rows = self.rows(table)
            most = max(1, room if left == 1 else min(len(rows), room // left))
            room -= min(most, len(rows))
            parts += [Text(""), *_table(table, rows, most, width)]
        return parts


def _has_ended(row: Mapping[str, str]) -> bool:
    """Whether it is an order, and no open one."""
    return row.get("status", "NEW") not in _OPEN


def _table(table: str, rows: Sequence[Mapping[str, str]], most: int, room: int) -> list[Text]:
    """A table of the first rows, with as many columns as fit: a number is never cut."""
    names, ranked, empty = TABLES[table]
    if not rows:
        return [cut_line(empty, "dim")]
    names = [name for name in names if any(name in row for row in rows)]
    columns = {name: _column(name, [row.get(name, "0") for row in rows[:most]]) for name in names}
    ranked = [name for name in ranked if name in columns]
    ends = accumulate(len(columns[name][0]) + 2 for name in ranked)  # the last one has no gap
    shown = [name for name, end in zip(ranked, ends, strict=True) if end <= room + 2]
    lines = zip(*(columns[name] for name in names if name in shown), strict=True)
    made = [cut_line("  ".join(cells), "" if n else "dim") for n, cells in enumerate(lines)]
    for line in made:
        line.highlight_words(_GREEN, "green")
        line.highlight_words(_RED, "red")
    hidden = len(rows) - most
    return [*made, *([cut_line(f"… and {hidden} more", "dim")] if hidden > 0 else [])]


def _column(name: str, values: list[str]) -> list[str]:
    """The title and the cells, of one width; decimal points are below each other."""
    if name in _TEXTS:
        width = max(map(len, [name, *values]))
        return [text.ljust(width) for text in (name, *values)]
    texts = [NumberColumn().format(value) for value in values]
    behind = [len(text.partition(".")[2]) + ("." in text) for text in texts]
    texts = [text + " " * (max(behind) - own) for text, own in zip(texts, behind, strict=True)]
    width = max(map(len, [name, *texts]))
    return [text.rjust(width) for text in (name, *texts)]
