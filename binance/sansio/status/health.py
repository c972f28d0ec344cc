"""What is not well: a table of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from binance.sansio.status.report import Report


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason for not being healthy."""

    reason: str
    key: str
    """The label of a socket; empty for a problem of no socket."""
    detail: str


def _rows(of: str, figure: str, detail: str) -> Callable[[Report], Iterable[tuple[str, str]]]:
    """Finds the rows whose figure is false."""
    return lambda report: [
        (labels[0] if labels else "", detail.format(*labels, **row))
        for labels, row in report.rows.get(of, ())
        if not row[figure]
    ]


#: Reason -> what finds it: labels of sockets, and details.
RULES: Final[dict[str, Callable[[Report], Iterable[tuple[str, str]]]]] = {
    "gave_up": lambda report: report.gave_up.items(),
    "down": _rows("socket", "connected", "the connection is not open"),
    "silent": lambda report: report.silent.items(),
    "book_out_of_sync": _rows("book", "synced", "{2}: {cause}"),
    "engine_away": _rows("relay", "connected", "there is no connection to the engine"),
}


def problems(report: Report) -> list[Problem]:
    """Everything that is wrong; empty if all is well."""
    return [Problem(reason, *found) for reason, find in RULES.items() for found in find(report)]
