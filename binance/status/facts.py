"""Collects the facts about a manager: its figures, books and events, and the shared budgets."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import fields
from typing import Any
from weakref import WeakKeyDictionary

from binance.events import Event, Silent
from binance.exceptions import redact
from binance.rest.limits import GATES
from binance.sansio.link.budget import CONNECTS
from binance.sansio.status.health import problems
from binance.sansio.status.report import Report, Row, labels_of, market_of
from binance.sansio.wire.log_text import shown
from binance.tx.dependencies import shared_connects
from binance.tx.loop import reactor

#: How many events the page can show.
KEPT_EVENTS = 200
#: Levels on each side of a book's chart, and the most charts.
CHART_LEVELS = 40
CHARTS = 24


class Facts:
    """What is known about a manager.  May be read in any thread.

    :param source: a manager, or what has one.
    :raises TypeError: it has none.
    """

    def __init__(self, source: Any) -> None:
        manager: Any = source if hasattr(source, "stats") else getattr(source, "_manager", None)
        if not hasattr(manager, "_open_sockets"):
            raise TypeError(f"bm must be a socket manager or a relay, not {source!r}")
        self._manager = manager
        self._relay_figures = getattr(source, "figures", None)
        #: the number of the last event; higher than those before a restart
        self._count = time.time_ns() // 1000
        self._events: deque[dict[str, Any]] = deque(maxlen=KEPT_EVENTS)
        #: socket -> why, and how many messages it had
        self._silent: WeakKeyDictionary[Any, tuple[str, int]] = WeakKeyDictionary()
        #: socket -> each stream that was reported, and what it had brought
        self._stopped: WeakKeyDictionary[Any, dict[str, int | None]] = WeakKeyDictionary()
        self._sockets = self._manager._open_sockets
        self._sockets.observers = (*self._sockets.observers, self._observe)

    def close(self) -> None:
        """Observe no further events."""
        others = (one for one in self._sockets.observers if one != self._observe)
        self._sockets.observers = tuple(others)

    def report(self) -> Report:
        """The present state."""
        return self._report()[0]

    def _report(self) -> tuple[Report, dict[str, Any]]:
        """The present state, and the managers of the books by the labels of their sockets."""
        stats = self._manager.stats()
        labels = labels_of(stats)
        sockets = {key: one for key, one in self._sockets.by_key().items() if key in stats}
        books = {key: one.book for key, one in sockets.items() if one.book}
        connects, weights = shared_connects.used(reactor.clock().seconds()), GATES.used()
        found = ((key, self._silent.get(one)) for key, one in sockets.items())
        silent = {labels[key]: of[0] for key, of in found if of and stats[key].messages == of[1]}
        rows: dict[str, list[Row]] = {
            "socket": [
                (
                    (labels[key], market_of(key)),
                    {**one, "silent": self._has_silent(sockets.get(key))},
                )
                for key, one in stats.items()
            ],
            "book": [
                (
                    (labels[key], market_of(key), one.get_symbol()),
                    {"synced": one.synced, "cause": one.cause},
                )
                for key, one in books.items()
            ],
            "connects": [((host,), _budget(used, CONNECTS)) for host, used in connects.items()],
            "request_weight": [(key, _budget(*used)) for key, used in weights.items()],
            "relay": [((), self._relay_figures())] if self._relay_figures else [],
        }
        failed = {shown(key): why for key, why in list(self._sockets.failed.items())}
        report = Report(rows, failed, silent)
        return report, {labels[key]: one for key, one in books.items()}

    def _has_silent(self, socket: Any) -> bool:
        """Whether a stream that was reported as silent has brought nothing since."""
        had = [] if socket is None else list(self._stopped.get(socket, {}).items())
        return any(count is not None and socket.brought(name) == count for name, count in had)

    def data(self, after: int) -> dict[str, Any]:
        """What the page shows.

        :param after: the number of the last event that the page has.
        """
        report, books = self._report()
        return {
            "now": time.time(),
            "problems": problems(report),
            "charts": {key: _chart(book) for key, book in list(books.items())[:CHARTS]},
            "events": [one for one in list(self._events) if one["number"] > after],
            **report.rows,
        }

    # in the reactor thread

    def _observe(self, event: Event) -> None:
        self._count += 1
        values = {one.name: getattr(event, one.name) for one in fields(event)}
        if "error" in values:  # of a callback, so its text may contain anything
            values["error"] = type(values["error"]).__name__
        kind = type(event).__name__
        self._events.append(values | {"number": self._count, "kind": kind, "key": shown(event.key)})
        if isinstance(event, Silent):
            sockets = {redact(key): one for key, one in self._sockets.by_key().items()}
            socket = sockets.get(event.key)
            if socket is not None:  # of one socket: those of all would hold up the reactor
                why = f"{event.stream}: {event.cause}"
                self._silent[socket] = why, socket.stats().messages
                had = self._stopped.setdefault(socket, {})
                had[event.stream] = socket.brought(event.stream)


def _budget(used: int, limit: int) -> dict[str, int]:
    return {"used": used, "limit": limit}


def _chart(book: Any) -> dict[str, Any]:
    """The best levels on each side, ``[price, quantity]``."""
    snapshot = book.snapshot(CHART_LEVELS)
    sides = ("bids", snapshot.bids), ("asks", snapshot.asks)
    return {
        side: [(float(level.price), float(level.quantity)) for level in levels]
        for side, levels in sides
    }
