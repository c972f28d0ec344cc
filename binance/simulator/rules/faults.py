"""The faults in force: which apply, where, how often and for how long. Pure.

A fault has a *kind* (see :mod:`~binance.simulator.rules.fault_kinds`), *arguments* of its kind, and
a *scope*: which streams, connections or paths; how often; how long; how late.
Randomness is seeded, so a run can be repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from random import Random
from typing import Any

from binance.simulator.market.order_book import Level
from binance.simulator.rules.fault_kinds import KINDS, check


class Fault:
    """One fault in force. ``begins`` and ``ends`` in ms; ``left``: how often it may still apply."""

    def __init__(self, number: int, kind: str, arguments: dict[str, Any], now: float) -> None:
        self.number = number
        self.kind = kind
        self.category = KINDS[kind].category
        self.arguments = arguments
        self.begins = now + arguments["delay"] * 1000.0
        seconds = arguments.get("seconds")
        self.ends = None if seconds is None else self.begins + seconds * 1000.0
        self.left: int | None = arguments.get("count")
        self.uses = 0
        self.begun = False
        self.held_back: dict[tuple[int, str], list[list[Any]]] = {}  # by a reorder
        self.books: dict[tuple[str, str], tuple[int, list[Level], list[Level]]] = {}
        """What a ``stale_snapshot`` shows, by market and symbol."""

    def __getitem__(self, name: str) -> Any:
        return self.arguments[name]

    def active(self, now: float) -> bool:
        """Does it apply at ``now`` (ms)?"""
        return self.begins <= now and (self.ends is None or now < self.ends) and self.left != 0

    def over(self, now: float) -> bool:
        return (self.ends is not None and now >= self.ends) or self.left == 0

    @property
    def lasting(self) -> bool:
        """Does an action also apply to connections that open later?"""
        return self.ends is not None or self.arguments.get("count") is not None

    def covers(self, *, streams: Iterable[str] | None = None, **scope: Any) -> bool:
        """Is that in its scope: the ``connection``, ``link``, ``path``, ``key``, what it is ``on``,
        or one of the ``streams``? Only the arguments that are given are checked.
        """
        for name, value in scope.items():
            mine = self.arguments.get(name)
            if value is None or mine in (None, "any", "all"):
                continue
            if not (fnmatchcase(value, mine) if isinstance(mine, str) else value == mine):
                return False
        pattern = self.arguments.get("stream", "*")
        if streams is None or pattern == "*":
            return True
        return any(fnmatchcase(stream, pattern) for stream in streams)

    def count_use(self) -> None:
        self.uses += 1
        if self.left is not None:
            self.left -= 1

    def describe(self) -> dict[str, Any]:
        given = {key: value for key, value in self.arguments.items() if value is not None}
        mine = {"id": self.number, "kind": self.kind, "struck": self.uses, "begun": self.begun}
        return mine | given


class Faults:
    """The faults in force."""

    def __init__(self, seed: int = 1) -> None:
        self._random = Random(f"{seed}/faults").random
        self._made = 0
        self._all: list[Fault] = []
        self.changes_events = False
        """Does any fault change events? While none does, events bypass this object."""

    def add(self, spec: Mapping[str, Any], now: float) -> Fault:
        """Order a fault at ``now`` (ms).

        :raises ValueError: see :func:`check`.
        """
        kind, arguments = check(spec)
        self._made += 1
        fault = Fault(self._made, kind, arguments, now)
        self._all.append(fault)
        self._update()
        return fault

    def clear(self, number: int | None = None, kind: str | None = None) -> int:
        """End all faults, one by its number, or those of a kind. Returns how many."""
        numbered = (fault for fault in self._all if number in (None, fault.number))
        ended = [fault for fault in numbered if kind in (None, fault.kind)]
        self._all = [fault for fault in self._all if fault not in ended]
        self._update()
        return len(ended)

    def _update(self) -> None:
        self.changes_events = any(fault.category == "event" for fault in self._all)

    def take_begun(self, now: float) -> list[Fault]:
        """The faults that have begun since the last call. Removes those that are over."""
        begun = [fault for fault in self._all if not fault.begun and fault.begins <= now]
        for fault in begun:
            fault.begun = True
        if any(fault.over(now) and not fault.held_back for fault in self._all):
            self._all = [fault for fault in self._all if not fault.over(now) or fault.held_back]
            self._update()
        return begun

    def find(self, kind: str, now: float, **scope: Any) -> Fault | None:
        """The first active fault of a kind that covers ``scope`` (see :meth:`Fault.covers`)."""
        mine = (fault for fault in self._all if fault.kind == kind)
        return next((fault for fault in mine if self._is_due(fault, now, **scope)), None)

    def _is_due(self, fault: Fault, now: float, **scope: Any) -> bool:
        chance = fault.arguments.get("probability", 1.0)
        is_active = fault.active(now) and fault.covers(**scope)
        return is_active and (chance == 1.0 or self._random() < chance)

    def apply(self, kind: str, now: float, **scope: Any) -> Fault | None:
        """The same as :meth:`find`, and counts that the fault was applied."""
        fault = self.find(kind, now, **scope)
        if fault is not None:
            fault.count_use()
        return fault

    def actions_on_open(self, now: float, **scope: Any) -> list[Fault]:
        """The active actions that apply to a connection which opened after they began."""
        lasting = (fault for fault in self._all if fault.category == "action" and fault.lasting)
        return [fault for fault in lasting if fault.active(now) and fault.covers(**scope)]

    def drift(self, now: float) -> int:
        """By how many ms the exchange's clock is wrong."""
        fault = self.find("clock_drift", now)
        return 0 if fault is None else int(fault["ms"])

    def describe(self) -> list[dict[str, Any]]:
        return [fault.describe() for fault in self._all]

    # events

    def change(
        self, now: float, connection: int, stream: str, frame: bytes, link: str = "stream"
    ) -> list[bytes]:
        """The frames that a connection gets for a ``frame`` of ``stream``: none, it, or more."""
        frames = [frame]
        for fault in self._all:
            if fault.category != "event" or not fault.covers(link=link):
                continue
            if fault.kind == "reorder":
                frames = self._reorder(fault, now, connection, stream, frames)
            elif self._applies(fault, now, connection, stream):
                frames = [] if fault.kind in ("stall", "lose") else [*frames, *frames]
        return frames

    def _applies(self, fault: Fault, now: float, connection: int, stream: str) -> bool:
        applies = self._is_due(fault, now, connection=connection, streams=(stream,))
        if applies:
            fault.count_use()
        return applies

    def _reorder(
        self, fault: Fault, now: float, connection: int, stream: str, frames: list[bytes]
    ) -> list[bytes]:
        key = (connection, stream)
        out: list[bytes] = []
        for frame in frames:
            waiting = fault.held_back.get(key, [])
            if not waiting and self._applies(fault, now, connection, stream):
                fault.held_back[key] = [[fault["by"], frame]]
                continue
            out.append(frame)
            for entry in waiting:
                entry[0] -= 1
            out.extend(held for left, held in waiting if left <= 0)
            waiting = [entry for entry in waiting if entry[0] > 0]
            if waiting:
                fault.held_back[key] = waiting
            else:
                fault.held_back.pop(key, None)
        return out

    def forget_connection(self, connection: int) -> None:
        """Drop what was held back for a connection that is closed."""
        for fault in self._all:
            for key in [key for key in fault.held_back if key[0] == connection]:
                del fault.held_back[key]
