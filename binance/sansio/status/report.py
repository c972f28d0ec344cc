"""The facts about one manager at one moment, from which metrics and health follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from binance.sansio.wire.log_text import shown

#: What is reported -> the names of its labels.
LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "socket": ("key", "market"),
    "book": ("key", "market", "symbol"),
    "connects": ("host",),
    "request_weight": ("host", "family"),
    "relay": (),
}
#: What the keys of sockets on other markets than spot begin with.
_MARKETS = frozenset({"usdm", "coinm", "options", "pm"})

#: The values of the labels, and the figures by their names.
Row = tuple[tuple[str, ...], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Report:
    """The facts about one manager, or about a relay and its manager."""

    rows: Mapping[str, Sequence[Row]]
    """The rows of each name in `LABELS`."""
    gave_up: Mapping[str, str] = field(default_factory=dict)
    """Label of a socket whose retries have failed -> why."""
    silent: Mapping[str, str] = field(default_factory=dict)
    """Label of a socket that has brought nothing since it was reported as silent -> why."""


def market_of(key: str) -> str:
    """The market of a socket's key."""
    market = key.partition(":")[0]
    return market if market in _MARKETS else "spot"


def labels_of(keys: Iterable[str]) -> dict[str, str]:
    """A label for each key: without secrets, not too long, and no two alike."""
    labels: dict[str, str] = {}
    counts: dict[str, int] = {}
    for key in keys:
        label = shown(key)
        counts[label] = counts.get(label, 0) + 1
        labels[key] = label if counts[label] == 1 else f"{label} #{counts[label]}"
    return labels
