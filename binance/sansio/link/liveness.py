"""Is this link alive, and has each stream on it spoken?

Theory.  A peer that vanished without a FIN looks just like a quiet market.  The exchange sends
pings of its own, so a link that works brings something at regular intervals.  When nothing was
heard for the *idle timeout*, we ping; if no answer comes either, the link is dead and its transport
is dropped without a closing handshake.  Any octet proves that the link works: a fragment, a ping, a
pong, half a frame.

    LISTENING  heard lately, or not yet overdue
    PINGED     nothing for the idle timeout; our ping is out
    PAUSED     we do not read (backpressure), so that nothing can be heard: no judgement
    DEAD       nothing for another pong timeout; final

                 HEARD       QUIET             SILENT         PAUSE    RESUME
    LISTENING    LISTENING   PINGED, `Ping`    -              PAUSED   LISTENING
    PINGED       LISTENING   -                 DEAD, `Abort`  PAUSED   PINGED
    PAUSED       PAUSED      -                 -              PAUSED   LISTENING
    DEAD         in DEAD nothing means anything any more

A callback that holds the reactor keeps us from reading, while the answers wait in the socket's
buffer.  So when a check itself comes late, a ping's deadline is moved once, by enough to read what
is there.  If it were moved each time, a slow callback could keep a dead link for ever; and a link
that works has been read by the next check.

A stream that never brought a message is *reported*, with the likely cause, and nothing else is done
(`FirstMessages`); so is a stream of fixed cadence that has stopped (`SteadyStreams`).
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from binance.sansio.names.streams import is_steady, likely_cause

PING_EVERY: Final = {"spot": 20.0, "usdm": 180.0, "coinm": 180.0, "options": 300.0, "us": 180.0}
"""Seconds between the pings that the exchange sends: per market, and for spot in the US.

https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md, "General"; the
"Connect" pages of https://developers.binance.com/docs/derivatives; https://docs.binance.us
"""
PONG_TIMEOUT: Final = 10.0
MOST_IDLE: Final = 60.0
LATE: Final = 5.0
"""A check this long after the one before means that the reactor was held up."""
GRACE: Final = 2.0
"""What a late check adds: enough for the reactor to read what has arrived meanwhile."""
CADENCE_DEADLINE: Final = 10.0
"""Within which a stream that speaks whatever the market does should have spoken."""
FIRST_DEADLINE: Final = 60.0
"""The same for others: of 16 valid streams in a real capture, 11 took longer than 10 seconds."""


def idle_timeout(market: str = "spot", environment: str = "production") -> float:
    """Silence after which to ping: one and a half of the exchange's own ping intervals.

    30 s on spot.  Where the exchange pings more rarely, not that long: 60 s, since our own ping
    costs nothing.
    """
    where = environment if market == "spot" and environment in PING_EVERY else market
    return min(1.5 * PING_EVERY[where], MOST_IDLE)


class State(enum.Enum):
    LISTENING = "listening"
    PINGED = "pinged"
    PAUSED = "paused"
    DEAD = "dead"


class Input(enum.Enum):
    HEARD = "heard"
    QUIET = "quiet"
    SILENT = "silent"
    PAUSE = "pause"
    RESUME = "resume"


class Command(enum.Enum):
    PING = "ping"
    """Send a ping, as a control frame of the message budget."""
    ABORT = "abort"
    """Drop the transport: the peer is gone."""


TRANSITIONS: Final[dict[tuple[State, Input], tuple[State, Command | None]]] = {
    (State.LISTENING, Input.HEARD): (State.LISTENING, None),
    (State.LISTENING, Input.QUIET): (State.PINGED, Command.PING),
    (State.LISTENING, Input.PAUSE): (State.PAUSED, None),
    (State.LISTENING, Input.RESUME): (State.LISTENING, None),
    (State.PINGED, Input.HEARD): (State.LISTENING, None),
    (State.PINGED, Input.SILENT): (State.DEAD, Command.ABORT),
    (State.PINGED, Input.PAUSE): (State.PAUSED, None),
    (State.PINGED, Input.RESUME): (State.PINGED, None),
    (State.PAUSED, Input.HEARD): (State.PAUSED, None),
    (State.PAUSED, Input.PAUSE): (State.PAUSED, None),
    (State.PAUSED, Input.RESUME): (State.LISTENING, None),
    **{(State.DEAD, event): (State.DEAD, None) for event in Input},
}
"""A pair that is missing cannot happen: `Liveness` raises the inputs of the clock itself."""


class Liveness:
    """The judgement of one link, from its handshake on.

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
        """Has nothing been heard since the ping?"""
        self._paused = now

    # from the clock

    def check(self, now: float, heard: float) -> Command | None:
        """What to do now, if the last octet arrived at ``heard``."""
        late = now - self._checked > LATE
        self._checked = now
        if heard > self._heard:
            self._heard = heard
            self._is_unanswered = False
            self._handle(Input.HEARD)
        if self.state is State.LISTENING and now >= self._heard + self._idle:
            command = self._handle(Input.QUIET)
            if self._is_unanswered:  # pinged before the pause: that deadline goes on
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
        """We stop reading."""
        if self.state is not State.PAUSED:
            self._paused = now
        self._handle(Input.PAUSE)

    def resume(self, now: float) -> None:
        """We read again: the time since the pause does not count, that before it does."""
        if self.state is State.PAUSED:
            self._heard += now - self._paused
            self._pong_due += now - self._paused
        self._handle(Input.RESUME)

    def _handle(self, event: Input) -> Command | None:
        self.state, command = TRANSITIONS[self.state, event]
        return command


@dataclass(frozen=True, slots=True)
class Silent:
    """A stream that was asked for and has not spoken, and why that may be."""

    stream: str
    cause: str


class FirstMessages:
    """The streams of one connection that have not spoken yet.

    It outlives links: a stream that once spoke is a valid one, and a stream that was told is not
    told again.  Only time on an open link counts.

    :param path: the category of a USD-M or options connection, to tell a wrong path.
    """

    def __init__(self, market: str = "spot", path: str | None = None) -> None:
        self._market = market
        self._path = path
        self._done: set[str] = set()
        self._deadlines: dict[str, float] = {}
        self.waiting: set[str] = set()
        """The streams that are waited for.  Empty most of the time: look before calling `heard`."""

    def asked(self, names: Iterable[str], now: float) -> None:
        """A link that carries these has opened, or has acknowledged them."""
        for name in names:
            if name not in self._done and name not in self._deadlines:
                self._deadlines[name] = now + self._patience(name)
                self.waiting.add(name)

    def heard(self, name: str) -> None:
        """It spoke."""
        self._done.add(name)
        self._forget(name)

    def unsubscribed(self, names: Iterable[str]) -> None:
        """These are not wanted any more."""
        for name in names:
            self._done.discard(name)
            self._forget(name)

    def link_lost(self) -> None:
        """No stream can speak; those that have not begin anew with `asked`."""
        self._deadlines.clear()
        self.waiting.clear()

    def check(self, now: float) -> list[Silent]:
        """Those that should have spoken by now, each once."""
        overdue = [name for name, deadline in self._deadlines.items() if now >= deadline]
        for name in overdue:
            self.heard(name)
        return [Silent(name, likely_cause(name, self._market, self._path)) for name in overdue]

    def _forget(self, name: str) -> None:
        self._deadlines.pop(name, None)
        self.waiting.discard(name)

    def _patience(self, name: str) -> float:
        return CADENCE_DEADLINE if is_steady(name, self._market) else FIRST_DEADLINE


STOPPED: Final = "it has spoken before, and speaks steadily whatever the market does"
"""What is told of a stream that has stopped."""


class SteadyStreams:
    """The streams of one connection that have spoken and have a fixed cadence: do they go on?

    Nothing is done for a message: at each `check` the counts of messages are compared with those
    of the check before.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._heard: dict[str, float] = {}
        self._reported: set[str] = set()
        self._checked = float("-inf")

    def check(self, now: float, counts: Mapping[str, int]) -> list[Silent]:
        """Those of which nothing has come for a while, each once until it speaks anew.

        :param counts: how many messages of each stream have come so far.
        """
        late, self._checked = now - self._checked > LATE, now
        if late:  # the reactor was held up: what has come meanwhile is still to be read
            self.excuse(now)
        stopped = []
        for name, count in counts.items():
            if not count:
                continue  # `FirstMessages` waits for it
            if self._counts.get(name) != count:
                self._counts[name], self._heard[name] = count, now
                self._reported.discard(name)
            elif name not in self._reported and now - self._heard[name] >= CADENCE_DEADLINE:
                self._reported.add(name)
                stopped.append(Silent(name, STOPPED))
        for name in self._counts.keys() - counts.keys():  # unsubscribed
            del self._counts[name], self._heard[name]
            self._reported.discard(name)
        return stopped

    def excuse(self, now: float) -> None:
        """There was no link, or none was read: what was not heard until now does not count."""
        self._heard = dict.fromkeys(self._heard, now)

    def skip(self, now: float) -> None:
        """What came was perhaps held for a successor: the time since the last check does not count.

        What passed before it does: links may be replaced in vain many times.
        """
        self._heard = {name: heard + now - self._checked for name, heard in self._heard.items()}
