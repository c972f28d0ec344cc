"""3: no socket claims to be open while nothing was heard past its deadline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from binance import events
from simulation.exchange.market import STEADY
from simulation.invariants.base import Invariant
from simulation.records import SocketRecord

#: A half-open peer is left within this, on spot and on futures, which ping every three minutes.
DEAF_SECONDS = {"spot": 46.0, "usdm": 76.0}
#: A stream of steady pace that stops is reported within this; later where a link is being replaced,
#: which ends with a report of what is missing.
STEADY_SECONDS, ROTATION_SECONDS = 16.0, 55.0
#: Events that are this old, on an open link, were delivered or are reported.
QUIET_SECONDS = 80.0
#: Whatever a socket does, its next report comes within this of when the last said.
WORDLESS_SECONDS = 60.0
#: The same for sockets that ask by REST first, which takes its own time-outs and retries.
ASKING_SECONDS = 120.0
ASKING = ("key", "margin", "usdm user", "coinm user")


#: What a dial that was put off may take, when its time has come.
DIAL_SECONDS = 20.0


@dataclass
class Mark:
    """How far a stream and its socket were at some time."""

    when: float
    published: int
    got: int


class Liveness(Invariant):
    """Looks at connections, at streams, and at sockets that wait for something."""

    number = 3

    def __init__(self, run: Any) -> None:
        super().__init__(run)
        self._opened: dict[SocketRecord, float] = {}
        self._marks: dict[tuple[SocketRecord, str], Mark] = {}
        self._due: dict[SocketRecord, float] = {}
        self._paused: dict[Any, float] = {}
        #: until when one of a socket's connections is known to be down, whatever the others do
        self._down_until: dict[SocketRecord, float] = {}
        self._silent: dict[tuple[SocketRecord, str], float] = {}

    def told(self, socket: SocketRecord, event: Any) -> None:
        now = self.run.now
        match event:
            case events.Connected():
                self._opened.setdefault(socket, now)
                self._due[socket] = float("inf")
            case events.Disconnected():
                self._opened.pop(socket, None)
                self._due[socket] = now + self._patience(socket)
            case events.Retrying():
                self._down_until[socket] = now + event.delay + DIAL_SECONDS
                self._due[socket] = now + event.delay + self._patience(socket)
            case events.GaveUp():
                self._opened.pop(socket, None)
            case events.Silent():
                self._silent[socket, event.stream] = now
            case _ if type(event).__name__ == "Delayed" and socket not in self._opened:
                self._due[socket] = now + event.until - event.when + self._patience(socket)

    def each_second(self) -> None:
        now = self.run.now
        if now < self.run.held_until + 5.0:
            return
        for wire in self.run.network.wires:
            if wire.is_paused:
                self._paused[wire] = now
            since = max(wire.heard, self.run.held_until, self._paused.get(wire, 0.0))
            is_futures = wire.host.startswith(("fstream", "dstream"))
            limit = DEAF_SECONDS["usdm" if is_futures else "spot"]
            if now - since > limit and not wire.disconnecting:
                words = f"a link to {wire.host} is kept though nothing came for {now - since:.0f} s"
                self.found(words, "deaf")
        for socket in self.run.sockets.values():
            if socket.is_wanted and self.run.has_key(socket):
                self._look(socket, now)

    # inside

    @staticmethod
    def _patience(socket: SocketRecord) -> float:
        return ASKING_SECONDS if socket.kind in ASKING else WORDLESS_SECONDS

    def _look(self, socket: SocketRecord, now: float) -> None:
        due = self._due.get(socket)
        if due is None:
            due = self._due[socket] = socket.began + self._patience(socket)
        if now > due:
            self.found(
                f"{socket.kind}: not open, and nothing is reported for {now - due:.0f} s after "
                "what was due",
                f"wordless {socket.kind}",
            )
            self._due[socket] = float("inf")
        is_down = socket not in self._opened or now < self._down_until.get(socket, 0.0)
        if is_down or self.run.is_held_back(socket):
            for name in socket.names:
                self._marks.pop((socket, name), None)
            return
        if not socket.is_account:
            for name in socket.names:
                self._look_at_stream(socket, name, now)

    def _look_at_stream(self, socket: SocketRecord, name: str, now: float) -> None:
        if socket.kind == "old" and name in self.run.exchange.stalled_at:
            return  # which streams such a link has is not the library's to know
        mark = self._marks.get((socket, name))
        published, got = self.run.exchange.numbers[name], socket.got[name]
        if mark is None or mark.got != got or mark.when < socket.changed.get(name, 0.0):
            self._marks[socket, name] = Mark(now, published, got)
            return
        is_steady = name.partition("@")[2] in STEADY and got > 0 and socket.kind != "old"
        limit = ROTATION_SECONDS if self.run.may_rotate else STEADY_SECONDS
        limit = limit if is_steady else QUIET_SECONDS
        if published <= mark.published + 2:
            return
        missed_at = self.run.published_at(name, mark.published + 1)
        missed_at = max(missed_at, self.run.held_until)
        if now - missed_at < limit:
            return
        self._marks[socket, name] = Mark(now, published, got)
        if is_steady:
            is_told = self._silent.get((socket, name), -1.0) > socket.began
            is_told = is_told or any(when > mark.when - 1.0 for when, _ in socket.told)
        else:
            is_told = any(
                when > mark.when - 5.0 and not isinstance(event, events.Connected)
                for when, event in socket.told
            )
        if not is_told:
            kind = name.partition("@")[2]
            words = f"{socket.kind} {kind}: open, {published - mark.published} events published in "
            words += f"{now - missed_at:.0f} s, none delivered, nothing reported"
            self.found(words, f"frozen {socket.kind} {kind}")
