"""1: no event is lost, doubled or out of order unless an event says so, with its ids if gapless.

A gapless socket does not repeat the states of a candle that runs on: each candle that it has begun
has to come closed, once and in order. A socket that goes on from a checkpoint begins with the event
that stands there, and misses none after those that the socket before it has processed. Any other
one misses none after it was first connected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from binance import events
from simulation.exchange.executions import body_of
from simulation.exchange.market import CONTIGUOUS, MINUTE, PAST, STEADY
from simulation.invariants.base import Invariant
from simulation.records import SocketRecord

#: Seconds that a report may come before the loss shows, or after it.
EARLY, LATE = 1.0, 3.0
#: A request takes so long to the exchange at the most: it waits its turn, and the network is slow.
REQUEST_SECONDS = 20.0
#: The exchange's clock at the begin, in seconds since 1970.
EPOCH = 1_700_000_000
#: A stream that spoke within this is not silent: steady ones, and the others.
SILENT_STEADY, SILENT = 8.0, 50.0


@dataclass
class Hole:
    """Events that were not delivered."""

    socket: SocketRecord
    name: str
    first: int
    last: int
    since: float
    when: float
    #: of candles that did not come closed: the times at which they open
    candles: range = range(0)


class Continuity(Invariant):
    """Judges a hole a few seconds after it showed.

    A report goes by its time: with a callback thread it overtakes the messages, so that what was
    reported at any time since the last event before the hole was sent counts.
    """

    number = 1

    def __init__(self, run: Any) -> None:
        super().__init__(run)
        self._holes: list[Hole] = []
        #: when a socket was first connected
        self._connected: dict[SocketRecord, float] = {}
        #: the number of the first event of each socket and stream; those that came after it
        self._firsts: dict[tuple[SocketRecord, str], int] = {}
        self._late: set[tuple[SocketRecord, int]] = set()
        #: those that an account's socket has passed over -> the number of the first of them
        self._passed: dict[tuple[SocketRecord, int], int] = {}
        #: socket and stream -> when its last candle opens, whether it is closed, when that was said
        self._candles: dict[tuple[SocketRecord, str], tuple[int, bool, float]] = {}

    def called(self, socket: SocketRecord, message: Any) -> None:
        if socket.is_gapless and not socket.is_stopped:
            self._look_at_candle(socket, message)
        if self.run.event_in(socket, message) is not None or self.run.is_error(message):
            return
        if self.run.is_fetched(message):
            return  # a candle, or balances: they have no serial number
        if not self.run.spoke_nonsense:
            self.found(f"{socket.kind}: no event was delivered: {message!r:.80}", "alien")

    def delivered(self, socket: SocketRecord, name: str, data: dict[str, Any], number: int) -> None:
        last = socket.last.get(name)
        if last is None:
            self._firsts[socket, name] = number
            self._look_at_begin(socket, name, number)
        if last is None or number == last + 1 or socket.is_stopped:
            return
        if number <= last:
            if "reconciled" in data and self._is_late(socket, name, data, number):
                return
            words = f"{socket.kind} {self._kind(name)}: event {number} after {last}"
            self.found(words, f"back {socket.kind} {self._kind(name)}")
            return
        if socket.is_gapless and "k" in data:
            return  # its states are not repeated
        since = self.run.published_at(name, last)
        hole = Hole(socket, name, last + 1, number - 1, since, self.run.now)
        self._holes.append(hole)
        if socket.is_reconciled:
            for missing in range(last + 1, number):
                self._passed[socket, missing] = last + 1

    def _is_late(self, socket: SocketRecord, name: str, data: dict[str, Any], number: int) -> bool:
        """Whether the event may come late.

        What was passed over is reported, and not fetched later, but for orders that were there
        before: they are asked for by their ids.
        """
        first = self._passed.pop((socket, number), None)
        body = body_of(data)
        if first is None or body is None:
            return self._is_from_the_beginning(socket, name, number)
        changes = self.run.exchange.accounts.changes
        return first > min(at for key, (at, _) in changes.items() if key[0] == int(body["i"]))

    def _look_at_begin(self, socket: SocketRecord, name: str, number: int) -> None:
        if name not in socket.begins:
            self._look_at_first(socket, name, number)
            return
        wanted, epoch = socket.begins[name]
        if self.run.exchange.markets[name.partition("@")[0]].epoch != epoch:
            return  # ids began anew before it could be asked for: the exchange has no older ones
        if socket.former is not None and number >= wanted:
            wanted = min(wanted, socket.former.last.get(name, wanted) + 1)
        if number < wanted:
            words = f"{socket.kind}: {name} begins with event {number}, not with {wanted}"
            self.found(words, f"early {socket.kind} {self._kind(name)}")
        elif number > wanted and not socket.is_stopped:
            since = socket.began
            if socket.former is not None:
                since = self.run.published_at(name, max(wanted - 1, 1))
            self._holes.append(Hole(socket, name, wanted, number - 1, since, self.run.now))

    def _look_at_first(self, socket: SocketRecord, name: str, number: int) -> None:
        connected = self._connected.get(socket)
        if not socket.is_gapless or connected is None or self._kind(name) not in PAST:
            return
        if name in socket.changed or socket.is_stopped or self.run.clock_was_set:
            return
        if socket.kind not in ("raw", "multi"):  # others have two connections
            return
        since, first = connected + LATE, number
        while first > 1 and self.run.published_at(name, first - 1) > since:
            first -= 1
        if first < number:
            self._holes.append(Hole(socket, name, first, number - 1, since, self.run.now))

    def _is_from_the_beginning(self, socket: SocketRecord, name: str, number: int) -> bool:
        """Whether it is told of for the first time, and from before any event named the symbol.

        Until then REST could not be asked about it.
        """
        is_first = (socket, number) not in self._late
        self._late.add((socket, number))
        return is_first and number < self._firsts[socket, name]

    def told(self, socket: SocketRecord, event: Any) -> None:
        if isinstance(event, events.Connected):
            self._connected.setdefault(socket, self.run.now)
        if not isinstance(event, events.Silent) or event.stream not in socket.last:
            return
        sent = self.run.published_at(event.stream, socket.last[event.stream])
        limit = SILENT_STEADY if self._kind(event.stream) in STEADY else SILENT
        if self.run.now - sent < limit and event.stream not in socket.changed:
            words = f"{socket.kind}: {event.stream} is called silent, yet spoke "
            self.found(words + f"{self.run.now - sent:.1f} s ago", "false Silent")

    def each_second(self) -> None:
        due = [hole for hole in self._holes if self.run.now >= hole.when + LATE]
        if due:
            self._holes = [hole for hole in self._holes if self.run.now < hole.when + LATE]
            for hole in due:
                self._judge(hole)

    # inside

    def _look_at_candle(self, socket: SocketRecord, message: Any) -> None:
        data = message.get("data", message) if isinstance(message, dict) else None
        if not isinstance(data, dict) or "k" not in data:
            return
        candle, said = data["k"], data["E"] / 1000 - EPOCH
        name = f"{data['s'].lower()}@kline_{candle['i']}"
        life = socket
        if (life, name) not in self._candles and name in socket.resumed and socket.former:
            life = socket.former
        opens, is_closed, since = self._candles.get((life, name), (candle["t"], False, said))
        self._candles[socket, name] = candle["t"], candle["x"], said
        if since < socket.changed.get(name, -1.0):
            return
        if life is socket and candle["t"] < opens + MINUTE * is_closed:
            words = f"{socket.kind}: the candle of {candle['t']} after that of {opens}"
            self.found(words, f"back {socket.kind} candle")
        missing = range(opens + MINUTE * is_closed, candle["t"], MINUTE)
        if missing:
            ends = missing[0], missing[-1]
            self._holes.append(Hole(socket, name, *ends, since, self.run.now, missing))

    def _judge(self, hole: Hole) -> None:
        socket, name = hole.socket, hole.name
        if self._changed_at(socket, name) >= hole.since - EARLY:
            return  # the user has taken it away meanwhile, and asked for it again
        if name in self.run.exchange.stalled_at:
            return  # a machine has forgotten it, which nobody but the exchange can know
        lives = (socket, socket.former) if socket.former else (socket,)
        told = [
            x for one in lives for x in one.told if hole.since - EARLY <= x[0] <= hole.when + LATE
        ]
        if hole.candles:
            gaps = [one for _, one in told if isinstance(one, events.Gap) and one.stream == name]
            if any(isinstance(event, events.Overflowed) for _, event in told) or all(
                any(gap.first is None or gap.first <= opens <= gap.last for gap in gaps)
                for opens in hole.candles
            ):
                return
        elif any(self._explains(hole, when, event) for when, event in told):
            return
        kind = self._kind(name)
        what = "candles" if hole.candles else "events"
        words = f"{socket.kind} {kind}: {what} {hole.first} to {hole.last} are missing, unreported"
        self.found(words, f"hole {socket.kind} {kind}")

    def _changed_at(self, socket: SocketRecord, name: str) -> float:
        """When what the user last asked for of a stream was done."""
        asked = socket.changed.get(name, -REQUEST_SECONDS)
        left = self.run.exchange.left_at.get(name, asked)
        return max(asked, left) if left <= asked + REQUEST_SECONDS else asked

    def _explains(self, hole: Hole, when: float, event: Any) -> bool:
        if isinstance(event, events.Gap):
            is_named = event.stream in (hole.name, hole.socket.key)
            return is_named and self._names(event, hole)
        if isinstance(event, events.Overflowed):
            return True
        if hole.socket.is_reconciled:
            return False  # what is missing is fetched
        if self._kind(hole.name) in CONTIGUOUS and hole.socket.kind != "old":
            return False  # the ids say what is missing
        if isinstance(event, events.Resumed):  # a link that brought some of it never counted as up
            return when - event.downtime <= hole.since
        return isinstance(event, events.Disconnected)

    def _names(self, gap: events.Gap, hole: Hole) -> bool:
        """Whether a gap has the ids of all missing events, where they could be fetched."""
        symbol, _, kind = hole.name.partition("@")
        if not hole.socket.is_gapless or kind not in PAST or gap.first is None or gap.last is None:
            return True
        kept = self.run.exchange.markets[symbol].past[kind]
        ids = [number for number, one in kept.items() if hole.first <= one["n"] <= hole.last]
        return all(gap.first <= number <= gap.last for number in ids)

    @staticmethod
    def _kind(name: str) -> str:
        return name.partition("@")[2] or name
