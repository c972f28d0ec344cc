"""What the user's program holds: its sockets, books and promises, and what they have got."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.run import Run

#: Seconds that a slow callback takes at most: in the reactor thread, and in a thread of its own.
SLOW, SLOW_IN_THREAD = 0.05, 1.5
SLOWER = 2.5
RAISE_CHANCE = 0.3


class UsersError(ValueError):
    """What a user's callback raises."""


class SocketRecord:
    """One life of a socket's key: its callback, and what it has got.

    :param name: in the plan
    :param kind: how it was started, see `simulation.actions.sockets`
    :param names: the streams that it wants; `"user"` for an account's events
    """

    def __init__(
        self, run: Run, name: str, kind: str, manager: str, names: set[str], options: dict[str, Any]
    ) -> None:
        self.run, self.name, self.kind, self.manager = run, name, kind, manager
        self.names, self.options = names, options
        self.key, self.conn = "", None  # what the manager has under the key
        self.dispatch = options["dispatch"]
        self.overflow = options["overflow"] if self.is_threaded else ""
        #: when the user stopped it, or its manager
        self.stopped_at: float | None = None
        #: stream -> serial number of the event with which it has to begin, where it is known; and
        #: how often ids had begun anew then
        self.begins: dict[str, tuple[int, int]] = {}
        #: its checkpoint, by name; the socket before it that kept the same; the streams in there
        self.checkpoint = ""
        self.former: SocketRecord | None = None
        self.resumed: set[str] = set()
        self.errors = 0
        self.mode = "plain"
        self.got: Counter[str] = Counter()
        #: stream -> serial number of its newest event; forgotten when the name is changed
        self.last: dict[str, int] = {}
        #: stream -> when its subscription was changed
        self.changed: dict[str, float] = {}
        #: operations to perform within the next call
        self.within: list[dict[str, Any]] = []
        #: operations to perform within the next lifecycle event
        self.at_event: list[dict[str, Any]] = []
        self.told: list[tuple[float, Any]] = []
        self.began = run.now
        self._dice = Random(f"{run.plan['seed']}/callback/{name}")

    @property
    def is_threaded(self) -> bool:
        return self.dispatch != "reactor"

    @property
    def is_stopped(self) -> bool:
        return self.stopped_at is not None

    @property
    def is_gapless(self) -> bool:
        """Whether missing events are fetched."""
        return "gapless" in self.options or bool(self.checkpoint)

    @property
    def is_reconciled(self) -> bool:
        """Whether missing orders and trades are fetched."""
        return self.is_account and bool(self.options.get("reconcile"))

    @property
    def is_wanted(self) -> bool:
        return not self.is_stopped and not self.errors

    @property
    def is_account(self) -> bool:
        return "user" in self.names

    @property
    def callback(self) -> Any:
        return self._awaited if self.dispatch == "coroutine" else self._called

    def change(self, name: str, is_wanted: bool) -> None:
        """Note that a name was subscribed to, or taken away."""
        (self.names.add if is_wanted else self.names.discard)(name)
        self.last.pop(name, None)
        self.begins.pop(name, None)
        self.resumed.discard(name)
        self.changed[name] = self.run.now

    def _called(self, message: Any) -> None:
        if seconds := self.take(message):
            time.sleep(seconds)

    async def _awaited(self, message: Any) -> None:
        if seconds := self.take(message):
            await asyncio.sleep(seconds)

    def take(self, message: Any) -> float:
        """Look at a message; how long to be busy with it."""
        self.run.called(self, message)
        within, self.within = self.within, []
        for operation in within:
            self.run.perform(operation)
        if self.mode == "raise" and self._dice.random() < RAISE_CHANCE:
            raise UsersError("a user's callback")
        if self.mode == "slow":
            return self._dice.random() * (SLOW_IN_THREAD if self.is_threaded else SLOW)
        if self.mode == "slower":
            return SLOWER
        return 0.0


@dataclass
class BookRecord:
    """A depth cache.

    `ended` says what of its socket or manager was ended by others, and when.
    """

    name: str
    symbol: str
    cache_manager: Any
    cache: Any
    manager: str
    key: str
    socket: Any
    calls: list[Any]
    is_closed: bool = False
    ended: tuple[float, str] | None = None
    #: update id -> since when it has stood there
    stood: dict[int, float] = field(default_factory=dict)


@dataclass
class Promise:
    """A future of `subscribe` or `unsubscribe`."""

    when: float
    future: Any
    method: str
    socket: SocketRecord
    names: list[str]

    @property
    def is_refused(self) -> bool:
        future = self.future
        return future.done() and (future.cancelled() or future.exception() is not None)


@dataclass
class Waiter:
    """A thread in `wait_open`; `is_short` if a connection was not open when it said yes."""

    when: float
    socket: SocketRecord
    answer: bool | None = None
    is_short: bool = False


@dataclass
class Order:
    """A call of `create_order`."""

    when: float
    client_order_id: str
    outcome: str = "waiting"
