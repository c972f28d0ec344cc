"""Whether a link is alive, and whether each stream on it has brought a message.

Theory.  If the peer disappears without a FIN, the link looks like a quiet market.  But the exchange
sends pings, so a working link brings octets at regular intervals.  If none arrive for the *idle
timeout*, we send a ping.  If no answer comes either, the link is dead, and its transport is dropped
without a closing handshake.  Any octet proves that the link works: a fragment, a ping, a pong, half
a frame.

A slow callback blocks the reactor: we cannot read, while the answers wait in the socket's buffer.
So if a check itself comes late, the deadline of a ping is moved once, to leave time for reading.
It is moved only once, because otherwise a slow callback could keep a dead link for ever.  A working
link has been read by the next check.

A stream that has never brought a message is *reported*, with the likely cause; nothing else is done
(`FirstMessages`).  The same holds for a stream of fixed cadence that has stopped (`SteadyStreams`).
"""

import enum
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from binance.sansio.link.machine import table, with_command
from binance.sansio.names.streams import is_steady, likely_cause

PING_EVERY: Final = {"spot": 20.0, "usdm": 180.0, "coinm": 180.0, "options": 300.0, "us": 180.0}
"""Seconds between the pings that the exchange sends: per market, and for spot in the US.

https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md, "General"; the
"Connect" pages of https://developers.binance.com/docs/derivatives; https://docs.binance.us
"""
PONG_TIMEOUT: Final = 10.0
MOST_IDLE: Final = 60.0
LATE: Final = 5.0
"""A check so many seconds after the previous one means that the reactor was blocked."""
GRACE: Final = 2.0
"""Seconds that a late check adds to the deadline: the reactor reads what has arrived meanwhile."""
CADENCE_DEADLINE: Final = 10.0
"""Seconds within which a stream of fixed cadence should bring a message."""
FIRST_DEADLINE: Final = 60.0
"""The same for others: of 16 valid streams in a real capture, 11 took longer than 10 seconds."""


def idle_timeout(market: str = "spot", environment: str = "production") -> float:
    """Seconds without an octet after which we send a ping: 1.5 ping intervals of the exchange.

    30 s on spot, and 60 s at most.
    """
    where = environment if market == "spot" and environment in PING_EVERY else market
    return min(1.5 * PING_EVERY[where], MOST_IDLE)


class State(enum.Enum):
    LISTENING = "listening"  # octets arrived recently, or the idle timeout is not over
    PINGED = "pinged"  # no octet for the idle timeout; we have sent a ping
    PAUSED = "paused"  # we do not read (backpressure), so nothing can be judged
    DEAD = "dead"  # no octet for the pong timeout after it; final


class Input(enum.Enum):
    HEARD = "heard"
    QUIET = "quiet"  # no octet for the idle timeout
    SILENT = "silent"  # no octet for the pong timeout after it
    PAUSE = "pause"
    RESUME = "resume"


class Command(enum.Enum):
    PING = "ping"
    """Send a ping, as a control frame of the message budget."""
    ABORT = "abort"
    """Drop the transport: the peer is gone."""


_ROWS = """
LISTENING PINGED  | HEARD              | LISTENING
LISTENING         | QUIET              | PINGED PING
PINGED            | SILENT             | DEAD ABORT
LISTENING PINGED  | PAUSE              | PAUSED
LISTENING PINGED  | RESUME             | =
PAUSED            | RESUME             | LISTENING
PAUSED            | HEARD PAUSE        | =
DEAD              | *                  | =
"""
TRANSITIONS: Final = with_command(State, Command, table(State, Input, _ROWS)[0])
"""A pair that is missing cannot happen: `Liveness` creates the inputs of the clock itself."""


class Liveness:
    """Whether one link is alive, from its handshake on.

    :param now: seconds of any clock that does not jump.
    :param idle: the idle timeout, from `idle_timeout` or the user.
    """

    def __init__(
        self, now: float, idle: float = idle_timeout(), pong: float = PONG_TIMEOUT
    ) -> None:
        if not (idle > 0 and pong > 0):
            raise ValueError(f"idle and pong timeouts must be above 0, not {idle} and {pong}")
        self.state = State.LISTENING
        self._idle = idle
        self._pong = pong
        self._heard = now
        self._checked = now
        self._pong_due = now
        self._is_extended = False
        self._is_unanswered = False
        """Whether no octet has arrived since the ping."""
        self._paused = now

    # from the clock

    def check(self, now: float, heard: float) -> Command | None:
        """What to do now; the last octet arrived at ``heard``."""
        late = now - self._checked > LATE
        self._checked = now
        if heard > self._heard:
            self._heard = heard
            self._is_unanswered = False
            self._handle(Input.HEARD)
        if self.state is State.LISTENING and now >= self._heard + self._idle:
            command = self._handle(Input.QUIET)
            if self._is_unanswered:  # a ping was sent before the pause: its deadline still holds
                return None
            self._pong_due = now + self._pong
            self._is_extended = False
            self._is_unanswered = True
            return command
        if self.state is State.PINGED and now >= self._pong_due:
            if not late or self._is_extended:
                return self._handle(Input.SILENT)
            self._is_extended = True
            self._pong_due = now + GRACE
        return None

    # from the dispatch

    def pause(self, now: float) -> None:
        if self.state is not State.PAUSED:
            self._paused = now
        self._handle(Input.PAUSE)

    def resume(self, now: float) -> None:
        """We read again.  The time of the pause does not count as silence."""
        if self.state is State.PAUSED:
            self._heard += now - self._paused
            self._pong_due += now - self._paused
        self._handle(Input.RESUME)

    def _handle(self, event: Input) -> Command | None:
        self.state, command = TRANSITIONS[self.state, event]
        return command


class Silent(NamedTuple):
    """A subscribed stream without a message, and the likely cause."""

    stream: str
    cause: str


class FirstMessages:
    """The streams of one connection that have not brought a message yet.

    It is kept from one link to the next: a stream that once brought a message is valid, and a
    stream is reported only once.  Only the time on an open link counts.

    :param path: the category of a USD-M or options connection, to detect a wrong path.
    """

    def __init__(self, market: str = "spot", path: str | None = None) -> None:
        self._market = market
        self._path = path
        self._done: dict[str, None] = {}  # not sets: an empty one takes 216 octets
        self._deadlines: dict[str, float] = {}
        self.waiting: set[str] = set()
        """The streams without a message.  Usually empty: check it before you call `heard`."""

    def asked(self, names: Iterable[str], now: float) -> None:
        """A link with these streams has opened, or the exchange has acknowledged them."""
        for name in names:
            if name not in self._done and name not in self._deadlines:
                self._deadlines[name] = now + self._patience(name)
                self.waiting.add(name)

    def heard(self, name: str) -> None:
        self._done[name] = None
        self._forget(name)

    def unsubscribed(self, names: Iterable[str]) -> None:
        for name in names:
            self._done.pop(name, None)
            self._forget(name)

    def link_lost(self) -> None:
        """The link is down: the streams without a message wait again from the next `asked`."""
        self._deadlines.clear()
        self.waiting.clear()

    def check(self, now: float) -> list[Silent]:
        """The streams whose deadline is over, each once."""
        overdue = [name for name, deadline in self._deadlines.items() if now >= deadline]
        for name in overdue:
            self.heard(name)
        return [Silent(name, likely_cause(name, self._market, self._path)) for name in overdue]

    def _forget(self, name: str) -> None:
        self._deadlines.pop(name, None)
        self.waiting.discard(name)

    def _patience(self, name: str) -> float:
        return CADENCE_DEADLINE if is_steady(name, self._market) else FIRST_DEADLINE


STOPPED: Final = (
    "it has stopped: it sent messages before, and sends them at a fixed interval in any market"
)
"""The cause that is reported for a stream that has stopped."""


class SteadyStreams:
    """The streams of one connection that have a fixed cadence: whether they continue.

    A message costs nothing here: each `check` compares the numbers of messages with those of the
    previous check.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._heard: dict[str, float] = {}
        self._reported: dict[str, None] = {}
        self._checked = float("-inf")

    def check(self, now: float, counts: Mapping[str, int]) -> list[Silent]:
        """The streams that have stopped, each once until its next message.

        :param counts: the number of messages of each stream so far.
        """
        late, self._checked = now - self._checked > LATE, now
        if late:  # the reactor was blocked, and has not read yet what has arrived meanwhile
            self.restart(now)
        stopped = []
        for name, count in counts.items():
            if not count:
                continue  # `FirstMessages` handles it
            if self._counts.get(name) != count:
                self._counts[name], self._heard[name] = count, now
                self._reported.pop(name, None)
            elif name not in self._reported and now - self._heard[name] >= CADENCE_DEADLINE:
                self._reported[name] = None
                stopped.append(Silent(name, STOPPED))
        for name in self._counts.keys() - counts.keys():  # unsubscribed
            del self._counts[name], self._heard[name]
            self._reported.pop(name, None)
        return stopped

    def restart(self, now: float) -> None:
        """There was no link, or it was not read: start the measurement again now."""
        self._heard = dict.fromkeys(self._heard, now)

    def skip(self, now: float) -> None:
        """The merge may hold messages of a successor: ignore the time since the last check.

        The time before that still counts, since a rotation may fail many times.
        """
        self._heard = {name: heard + now - self._checked for name, heard in self._heard.items()}
