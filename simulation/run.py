"""One run: a plan is performed, and the invariants look on."""

from __future__ import annotations

import gc
import logging
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twisted.python import log as twisted_log
from twisted.python.failure import Failure

import simulation.world.install as install  # before anything of binance
from binance.client import Client
from binance.websockets import Gapless
from simulation import actions
from simulation.actions.registry import Operation
from simulation.actions.sockets import ScriptManager
from simulation.clients import KEY, SECRET, KeyClient
from simulation.exchange import Exchange, Watcher
from simulation.exchange.link import ExchangeLink
from simulation.invariants import HOOKS, INVARIANTS, Invariant
from simulation.records import BookRecord, Order, Promise, SocketRecord, Waiter
from simulation.world.network import BASE, JITTER

STREAMS, FSTREAMS = "stream.sim.example:9443/", "fstream.sim.example:443/"
DSTREAMS = "dstream.sim.example:443/"
#: Seconds from the last fault to the moment when everything has to be well again: a minute, and
#: the longest wait that is announced, which is five minutes of the budget of connects.
HEAL_SECONDS = 60.0
LONGEST_WAIT = 340.0
#: A link that was opened delivers within this, machines that lag and slow streams included.
SETTLING_SECONDS = 20.0
#: For so long the exchange says nothing before all is compared.
QUIET_SECONDS = 15.0
#: Seconds in which everything ends after `close`.
END_SECONDS = 15.0
SIMPLE = {"dispatch": "reactor", "overflow": "drop_oldest", "queue_size": 30}

logger = logging.getLogger("binance")


@dataclass(frozen=True)
class Finding:
    """An invariant that did not hold; `sign` is the same wherever the same thing happens."""

    when: float
    invariant: str
    words: str
    sign: str

    def __str__(self) -> str:
        return f"{self.when:9.3f} s  {self.invariant}: {self.words}"


@dataclass(frozen=True)
class Result:
    """What a run has found, and how much it simulated."""

    findings: list[Finding]
    trace: list[tuple[float, str, str]]
    seconds: float
    events: int


class Run:
    """The user's program, the exchange, and the invariants, for one plan."""

    def __init__(self, plan: dict[str, Any], trace: bool = False) -> None:
        self.plan = plan
        self.findings: list[Finding] = []
        self.trace: list[tuple[float, str, str]] = []
        self._is_traced = trace
        self._signs: set[tuple[str, str]] = set()
        self.reactor = install.reactor
        self._is_tls = plan.get("is_tls", False)
        self.network = install.reset(
            plan["seed"], is_wall=plan.get("is_wall", False), is_tls=self._is_tls
        )
        self.healthy_network = (BASE, JITTER)
        # the user's
        self.managers: dict[str, Any] = {}
        self.sockets: dict[str, SocketRecord] = {}
        self.books: dict[str, BookRecord] = {}
        self.promises: list[Promise] = []
        self.waiters: list[Waiter] = []
        self.orders: list[Order] = []
        self.raised: list[BaseException] = []
        self._by_key: dict[tuple[str, str], SocketRecord] = {}
        self._starting: SocketRecord | None = None
        # the faults'
        self.last_fault = self.healed_at = self.quiet_at = 0.0
        self.held_until, self.held_seconds = -100.0, 0.0
        #: when a link last became half open: a book behind it may stand for the link's deadline
        self.silenced_at = -100.0
        self.network_is_slow = self.spoke_nonsense = False
        self.clock_was_set = False
        self.may_rotate = any("rotate_after" in o for o in plan["managers"].values())
        self.is_closing = False
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        # the invariants
        self.invariants = [kind(self) for kind in INVARIANTS]
        self._hooks = {name: self._listeners(name) for name in HOOKS}
        self._stray: list[Failure] = []
        self.exchange = Exchange(
            self.reactor, self.network, _Dice(), plan["symbols"], _Watcher(self._hooks)
        )
        for name, options in plan["managers"].items():
            self.new_manager(name, options)
        self.client = Client(KEY, SECRET)
        self.key_client = KeyClient(self.client)
        for manager in self.managers.values():
            manager.start()

    @property
    def now(self) -> float:
        return self.reactor.now

    def later(self, seconds: float, function: Callable[[], object]) -> None:
        """Call a function as the user's main thread would."""
        self.reactor.at(seconds, function)

    def note(self, kind: str, words: str) -> None:
        """Add to the trace."""
        if self._is_traced:
            self.trace.append((self.now, kind, words))

    # from the invariants

    def found(self, invariant: str, words: str, sign: str) -> None:
        if (invariant, sign) not in self._signs:
            self._signs.add((invariant, sign))
            self.findings.append(Finding(round(self.now, 3), invariant, words, sign))
            self.note("FOUND", f"{invariant}: {words}")

    def event_in(self, socket: SocketRecord, message: Any) -> tuple[str, dict[str, Any]] | None:
        """The stream and the payload of a message; None if it is no event of the exchange."""
        if not isinstance(message, dict):
            return None
        if "reconciled" in message:
            number = self.exchange.accounts.serial(message)
            return None if number is None else ("user", {**message, "n": number})
        name, data = message.get("stream"), message.get("data", message)
        if not isinstance(data, dict) or not ("n" in data or "backfilled" in data):
            return None
        if name is None:
            if socket.kind == "tickers":
                name = f"{data['s'].lower()}@bookTicker"
            else:
                (name,) = socket.names
        if "n" not in data:  # it was fetched
            number = self.exchange.serial(name, data)
            return None if number is None else (name, {**data, "n": number})
        return name, data

    @staticmethod
    def is_fetched(message: Any) -> bool:
        """Whether a message was fetched by REST."""
        data = message.get("data", message) if isinstance(message, dict) else None
        return isinstance(data, dict) and ("backfilled" in data or "reconciled" in data)

    @staticmethod
    def is_error(message: object) -> bool:
        return isinstance(message, dict) and message.get("e") == "error"

    def published_at(self, name: str, number: int) -> float:
        """When the exchange published an event."""
        times = self.exchange.accounts.times if name == "user" else self.exchange.times[name]
        return times[number - 1]

    def published_after(self, name: str, when: float) -> bool:
        """Whether anything was published since then."""
        times = self.exchange.accounts.times if name == "user" else self.exchange.times[name]
        return bool(times) and times[-1] > when

    def is_held_back(self, socket: SocketRecord) -> bool:
        """Whether reading is paused because the socket's callback is slow."""
        conn = self.managers[socket.manager]._conns.get(socket.key)
        return bool(getattr(conn, "is_paused", False))

    def is_giving_up(self, socket: SocketRecord) -> bool:
        """Whether the error dict is still in the queue of a callback's thread."""
        return any(type(event).__name__ == "GaveUp" for _, event in socket.told)

    def has_account(self, socket: SocketRecord) -> bool:
        """Whether there is such an account socket already on its manager."""
        return any(
            other.is_wanted and other.kind == socket.kind and other.manager == socket.manager
            for other in self.sockets.values()
        )

    def kind_of(self, link: ExchangeLink) -> str:
        """The kind of the sockets that could have a link."""
        kinds = {s.kind for s in self.sockets.values() if set(link.names) <= s.names}
        return "old" if kinds == {"old"} else "ordinary"

    @property
    def is_disturbed(self) -> bool:
        """Whether a fault is at work."""
        return self.now < self.last_fault

    def take_failures(self) -> list[Failure]:
        """What was raised with nobody to catch it, since the last call."""
        taken = [*self.reactor.errors, *self._stray]
        self.reactor.errors.clear()
        self._stray.clear()
        return taken

    # from the actions

    def perform(self, operation: Operation) -> None:
        self.note("do", " ".join(f"{k}={v}" for k, v in operation.items() if k != "at"))
        actions.perform(self, operation)

    def new_manager(self, name: str, options: dict[str, Any]) -> None:
        given = dict(options)
        if given.get("dispatch") == "coroutine":
            given["dispatch"] = "thread"
        if "gapless" in given:
            given["gapless"] = Gapless(max_hold=given["gapless"])
        manager = ScriptManager(
            None, on_event=lambda event: self._told(name, event), allow_plain=True, **given
        )
        scheme = "wss://" if self._is_tls else "ws://"
        manager.STREAM_URL, manager.FSTREAM_URL = scheme + STREAMS, scheme + FSTREAMS
        manager.DSTREAM_URL, manager.VSTREAM_URL = scheme + DSTREAMS, scheme + FSTREAMS
        self.managers[name] = manager

    def file(self, name: str) -> Path:
        """A file of the user's program."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory()
        return Path(os.path.realpath(self._folder.name)) / name

    def live(self, name: str) -> SocketRecord | None:
        """The socket of that name in the plan, if it runs."""
        socket = self.sockets.get(name)
        if socket is None or not socket.is_wanted:
            return None
        return socket if self.has_key(socket) else None

    def has_key(self, socket: SocketRecord) -> bool:
        """Whether its manager still knows it."""
        return self.managers[socket.manager]._conns.get(socket.key) is socket.conn

    def starting(self, socket: SocketRecord) -> None:
        self._starting = socket

    def not_started(self, socket: SocketRecord) -> None:
        self._starting = None

    def started(self, socket: SocketRecord, key: str) -> None:
        self._starting = None
        socket.key, socket.conn = key, self.managers[socket.manager]._conns.get(key)
        self.sockets[socket.name] = self._by_key[socket.manager, key] = socket

    def stopped(self, socket: SocketRecord) -> None:
        if socket.stopped_at is None:
            socket.stopped_at = self.now

    def closed(self, manager: str) -> None:
        for socket in self.sockets.values():
            if socket.manager == manager:
                self.stopped(socket)
        for book in self.books.values():
            if book.manager == manager and not book.is_closed and book.ended is None:
                book.ended = (self.now, "close of its manager")

    def answered(self, promise: Promise) -> None:
        """A future of `subscribe` is done: a refused stream is not expected if nothing followed."""
        if not promise.is_refused:
            return
        mine = [other for other in self.promises if other.socket is promise.socket]
        for name in promise.names:
            if not any(name in other.names for other in mine[mine.index(promise) + 1 :]):
                promise.socket.names.discard(name)

    def disturb(self, seconds: float) -> None:
        """A fault is at work for so long from now."""
        self.last_fault = max(self.last_fault, self.now + seconds)

    def lasting(self, span: float, thing: Any, name: str, value: Any, good: Any) -> None:
        """Set something wrong for some seconds."""
        setattr(thing, name, value)
        self.disturb(span)
        self.later(span, lambda: setattr(thing, name, good))

    def holding(self, seconds: float) -> None:
        """The reactor thread is held from now on."""
        self.held_until = max(self.held_until, self.now + seconds)
        self.held_seconds += seconds
        self.disturb(seconds)

    # from the callbacks

    def called(self, socket: SocketRecord, message: Any) -> None:
        for hook in self._hooks["called"]:
            hook(socket, message)
        found = self.event_in(socket, message)
        if found is not None:
            name, data = found
            number = data["n"]
            if self._is_traced:
                self.note("got", f"{socket.name} {name} n={number}")
            for hook in self._hooks["delivered"]:
                hook(socket, name, data, number)
            socket.got[name] += 1
            socket.last[name] = max(number, socket.last.get(name, 0))
        elif self.is_error(message):
            self.note("got", f"{socket.name} {message}")
            for hook in self._hooks["ended"]:
                hook(socket)
            socket.errors += 1

    # inside

    def _told(self, manager: str, event: Any) -> None:
        if self._is_traced:
            self.note("event", f"{manager} {event}")
        socket = self._by_key.get((manager, event.key))
        new = self._starting
        if new is not None and new.manager == manager and (socket is None or not socket.is_wanted):
            socket = new  # its key is not known before its start returns
        for hook in self._hooks["told_any"]:
            hook(event)
        # The thread of a loop may still take what came before its end.
        if socket is not None and (not socket.is_stopped or socket.kind == "loop"):
            socket.told.append((self.now, event))
            for hook in self._hooks["told"]:
                hook(socket, event)
            at_event, socket.at_event = socket.at_event, []
            for operation in at_event:
                self.perform(operation)

    def _listeners(self, hook: str) -> list[Any]:
        """The invariants that override a hook."""
        return [
            getattr(invariant, hook)
            for invariant in self.invariants
            if getattr(type(invariant), hook) is not getattr(Invariant, hook)
        ]

    def _tell(self, hook: str) -> None:
        for listener in self._hooks[hook]:
            listener()

    def logged(self, record: logging.LogRecord) -> None:
        if self._is_traced:
            self.note("log", f"{record.levelname} {record.getMessage():.300}")
        for hook in self._hooks["logged"]:
            hook(record)

    def stray(self, event: dict[str, Any]) -> None:
        """From Twisted's log."""
        if event.get("isError") and event.get("failure") is not None:
            self._stray.append(event["failure"])

    def go(self) -> Result:
        """Perform the plan, mend everything, compare, close, look what is left."""
        for operation in self.plan["operations"]:
            self._pass_until(operation["at"])
            self.perform(operation)
        self._pass_until(max(self.last_fault, self.now) + 0.01)
        self._heal()
        while self.now < (end := self.healed_at + self._heal_seconds()):
            self._pass_until(end)
        self.exchange.is_quiet, self.quiet_at = True, self.now
        self._pass_until(self.now + QUIET_SECONDS)
        self._tell("at_rest")
        self._end()
        return Result(self.findings, self.trace, self.now, self.exchange.events)

    def _pass_until(self, end: float) -> None:
        while self.now < end:
            self.reactor.run_until(min(end, self.now + 1.0))
            self._tell("each_second")

    def _heal(self) -> None:
        self.network.heal()
        self.exchange.heal()
        os.environ.pop("ALL_PROXY", None)
        self.healed_at = self.now
        for socket in self.sockets.values():
            if socket.overflow != "latest" or socket.mode == "raise":
                socket.mode = "plain"

    def _heal_seconds(self) -> float:
        """A minute; longer where retries after a long outage are announced to come later."""
        due = self.healed_at + HEAL_SECONDS
        for socket in self.sockets.values():
            if socket.is_wanted and socket.told:
                when, event = socket.told[-1]
                delay = getattr(event, "delay", getattr(event, "until", event.when) - event.when)
                due = max(due, when + delay + SETTLING_SECONDS)
        return min(due - self.healed_at, LONGEST_WAIT)

    def _stop_reactor(self) -> None:
        """As a script does that calls `reactor.stop()`; what it closes then is closed already."""
        self.reactor.callFromThread(self.reactor.stop)
        for socket in self.sockets.values():
            self.stopped(socket)
        for book in self.books.values():
            if not book.is_closed and book.ended is None:
                book.ended = (self.now, "the end of the reactor")
        self._pass_until(self.now + END_SECONDS)

    def _end(self) -> None:
        self.is_closing = True
        if self.plan.get("stops_reactor"):
            self._stop_reactor()
        for book in self.books.values():
            book.cache_manager.close()
            book.is_closed = True
        for name, manager in self.managers.items():
            manager.close()
            self.closed(name)
        self.client.close()
        self._pass_until(self.now + END_SECONDS)
        self._tell("at_end")
        self.exchange.shut()
        if self._folder is not None:
            self._folder.cleanup()


class _Dice:
    """This run's dice, by name."""

    named = staticmethod(install.dice)


class _Watcher(Watcher):
    """Passes on what the exchange sees to the invariants that look."""

    def __init__(self, hooks: dict[str, list[Any]]) -> None:
        for name in vars(Watcher):
            if not name.startswith("_"):
                setattr(self, name, _all(hooks[name]))


def _all(listeners: list[Any]) -> Callable[..., None]:
    def call(*args: object) -> None:
        for listener in listeners:
            listener(*args)

    return call


class _Log(logging.Handler):
    """Passes on what is logged."""

    def __init__(self, run: Run) -> None:
        super().__init__(logging.DEBUG)
        self._run = run

    def emit(self, record: logging.LogRecord) -> None:
        self._run.logged(record)


def run(plan: dict[str, Any], trace: bool = False) -> Result:
    """Perform a plan.

    :param trace: also record what happened; the run is the same
    """
    os.environ.pop("ALL_PROXY", None)
    made = Run(plan, trace)
    handler = _Log(made)
    is_verbose = trace or "debug" in plan["features"]
    levels = {"binance": logging.DEBUG if is_verbose else logging.WARNING}
    if is_verbose:
        levels[""] = logging.DEBUG  # what Autobahn, urllib3 and others say
    logging.getLogger().addHandler(handler)
    before = {name: logging.getLogger(name).level for name in levels}
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    if twisted_log.defaultObserver is not None:
        twisted_log.defaultObserver.stop()
        twisted_log.defaultObserver = None
    twisted_log.addObserver(made.stray)
    gc.disable()
    try:
        result = made.go()
        gc.collect()  # errors that nobody took from a Deferred show now, and not in the next run
        made._tell("at_end")
        return result
    finally:
        gc.enable()
        twisted_log.removeObserver(made.stray)
        logging.getLogger().removeHandler(handler)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
        os.environ.pop("ALL_PROXY", None)
