"""Budgets: how long to wait so that the exchange's limits are never passed.

Theory.  A token bucket of n tokens lets 2n through around the moment at which it is full: n at
once, and n more as it refills within the next period.  The exchange counts in windows that roll
(messages, connects), or in minutes that begin when it likes (weight), so what has to hold is:
*no* window of the period, wherever it begins, holds more than n.  That is kept by remembering the
last moments granted: the next one is at least a period after the one n places back.

Moments are reserved, not only counted: :meth:`Window.reserve` answers with a delay, and the moment
at the end of that delay belongs to the asker.  They are handed out in order of asking.  Weight is
different, see :class:`WeightBudget`.

Nothing here reads a clock or locks: ``now`` comes from any one clock, in seconds, and who shares a
budget between threads holds a lock around it.
"""

from collections import deque
from collections.abc import Mapping
from ipaddress import ip_address

MESSAGES_PER_SECOND = {"spot": 5, "usdm": 10, "coinm": 10, "options": 10}
"""Client messages per second and connection: pings, pongs, JSON.  Beyond: 1008, repeated: a ban.

https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md, "General"
"""
MESSAGE_PERIOD = 1.0
MESSAGE_SLACK = 0.1
"""What the network may squeeze a second by between our sending and the exchange's counting."""
PONG_RESERVE = 1
"""Messages of each window that JSON may not use: a pong never waits behind SUBSCRIBE chunks."""

CONNECTS = 300
"""Connection attempts per address and 5 minutes; same page, "General"."""
CONNECT_PERIOD = 300.0
CONNECT_SLACK = 2.0
CONNECT_BURST = 10
"""Connects per second that are not spread."""
CONNECT_GAP = 0.05
"""Mean distance of the connects of a crowd, in seconds: 300 lost links come back within 15 s."""

WEIGHT_PER_MINUTE = 6000
"""REST request weight per minute and address; GET /api/v3/exchangeInfo, ``rateLimits``."""
WEIGHT_PERIOD = 60.0
BACKGROUND_SHARE = 2 / 3
"""Part of the weight that snapshots and the like may use; the rest is kept for the user's calls."""
USED_WEIGHT = "x-mbx-used-weight-1m"
"""The response header with the weight used in the exchange's current minute."""


class Window:
    """At most ``limit`` grants in any ``period`` seconds, in the order of asking."""

    def __init__(self, limit: int, period: float) -> None:
        if limit < 1 or period <= 0:
            raise ValueError(f"a window needs limit >= 1 and period > 0, not {limit} and {period}")
        self.limit = limit
        self.period = period
        self._granted: deque[float] = deque()
        self._not_before = float("-inf")

    def peek(self, now: float) -> float:
        """The delay that :meth:`reserve` would answer."""
        return max(0.0, self._next(now) - now)

    def reserve(self, now: float) -> float:
        """Take the next free moment; the seconds from now until it, 0.0 for at once."""
        return self.reserve_from(now, now)

    def reserve_from(self, earliest: float, now: float) -> float:
        """:meth:`reserve`, but not before ``earliest``."""
        moment = max(earliest, self._next(now))
        self._granted.append(moment)
        return max(0.0, moment - now)

    def hold(self, until: float) -> None:
        """Grant nothing before this moment (a ban, Retry-After)."""
        self._not_before = max(self._not_before, until)

    def cancel(self, moment: float) -> None:
        """Give back a moment that was reserved and will not be used."""
        if moment in self._granted:
            self._granted.remove(moment)

    def since(self, moment: float) -> int:
        """Grants later than this moment, those that are still to come included."""
        return sum(granted > moment for granted in self._granted)

    @property
    def last(self) -> float:
        """The latest moment granted; minus infinity when none is remembered."""
        return self._granted[-1] if self._granted else float("-inf")

    def _next(self, now: float) -> float:
        while self._granted and self._granted[0] <= now - self.period:
            self._granted.popleft()
        moment = max(now, self.last, self._not_before)
        if len(self._granted) >= self.limit:
            moment = max(moment, self._granted[-self.limit] + self.period)
        return moment


class MessageBudget:
    """What one connection may send: pings, pongs and JSON together.

    Two windows whose limits add up to the exchange's: one for JSON, one that only control frames
    may use.  A control frame for which its own window has no room takes one of JSON's if that is
    sooner.
    """

    def __init__(
        self,
        limit: int = MESSAGES_PER_SECOND["spot"],
        *,
        reserve: int = PONG_RESERVE,
        period: float = MESSAGE_PERIOD + MESSAGE_SLACK,
    ) -> None:
        if not 1 <= reserve < limit:
            raise ValueError(f"reserve must be 1 to {limit - 1}, not {reserve}")
        self._json = Window(limit - reserve, period)
        self._control = Window(reserve, period)

    def reserve(self, now: float, *, control: bool = False) -> float:
        """Seconds to wait before sending one message (``control``: a ping or pong)."""
        if control and self._control.peek(now) <= self._json.peek(now):
            return self._control.reserve(now)
        return self._json.reserve(now)


class ConnectBudget:
    """Connection attempts to each host, shared by everything in the process that dials.

    A few at a time go at once.  A crowd, such as the links that one outage cut, is spread out with
    jitter, so that it does not arrive together and leaves room for what is started meanwhile.
    """

    def __init__(
        self,
        limit: int = CONNECTS,
        *,
        period: float = CONNECT_PERIOD + CONNECT_SLACK,
        burst: int = CONNECT_BURST,
        gap: float = CONNECT_GAP,
        loopback: bool = False,
    ) -> None:
        self._limit = limit
        self._period = period
        self._burst = burst
        self._gap = gap
        self._loopback = loopback
        """Does loopback have a budget too?  For tests: a local exchange bans nobody."""
        self._hosts: dict[str, Window] = {}

    def reserve(self, host: str, now: float, jitter: float = 0.5) -> float:
        """Seconds to wait before dialling this host.

        :param jitter: a number drawn by the caller from [0, 1).
        """
        if not self._loopback and is_loopback(host):
            return 0.0
        window = self._window(host)
        earliest = now
        if window.since(now - 1.0) >= self._burst:
            earliest = window.last + self._gap * (0.5 + jitter)
        return window.reserve_from(earliest, now)

    def cancel(self, host: str, moment: float) -> None:
        """Give back ``now + delay`` of a :meth:`reserve` whose dial was called off."""
        self._window(host).cancel(moment)

    def hold(self, host: str, until: float) -> None:
        """Dial this host no more before ``until``: it answered 429 or 418 with Retry-After."""
        self._window(host).hold(until)

    def _window(self, host: str) -> Window:
        return self._hosts.setdefault(host.lower(), Window(self._limit, self._period))


class WeightBudget:
    """REST request weight, used by every program behind this address.

    Others spend too, and the exchange tells us only with each answer.  So nothing is promised
    ahead: :meth:`spend` either counts the weight and answers 0.0, or counts nothing and answers
    after how many seconds to ask again.  ``background`` work stops at a share of the limit, and so
    never makes an order wait for a hundred snapshots.

    The window rolls although the exchange's minute does not: whatever minute it cuts, no more
    than the limit is in it.
    """

    def __init__(
        self,
        limit: int = WEIGHT_PER_MINUTE,
        *,
        period: float = WEIGHT_PERIOD,
        background_share: float = BACKGROUND_SHARE,
    ) -> None:
        self.limit = limit
        self._period = period
        self._background = int(limit * background_share)
        self._spent: deque[tuple[float, int]] = deque()
        self._total = 0
        self._banned_until = float("-inf")

    def spend(self, weight: int, now: float, *, background: bool = False) -> float:
        """Count this weight and answer 0.0, or count nothing and answer when to ask again.

        :raises ValueError: the weight is more than the limit ever allows.
        """
        limit = self._background if background else self.limit
        if weight > limit:
            raise ValueError(f"a request of weight {weight} never fits into {limit} per minute")
        self._forget(now)
        if now < self._banned_until:
            return self._banned_until - now
        excess = self._total + weight - limit
        if excess <= 0:
            self._count(now, weight)
            return 0.0
        free = now
        for moment, spent in self._spent:
            free, excess = moment + self._period, excess - spent
            if excess <= 0:
                break
        return max(free - now, 0.001)

    def observe(self, headers: Mapping[str, str], now: float) -> None:
        """Read the used weight of a response: what others spent counts as spent now."""
        for name, value in headers.items():
            if name.lower() == USED_WEIGHT and value.strip().isdecimal():
                self._forget(now)
                if (others := int(value) - self._total) > 0:
                    self._count(now, others)

    def ban(self, until: float) -> None:
        """Spend nothing before ``until``: the exchange answered 429 or 418 with Retry-After."""
        self._banned_until = max(self._banned_until, until)

    def used(self, now: float) -> int:
        """Weight in the window that ends now."""
        self._forget(now)
        return self._total

    def _count(self, now: float, weight: int) -> None:
        self._spent.append((now, weight))
        self._total += weight

    def _forget(self, now: float) -> None:
        while self._spent and self._spent[0][0] <= now - self._period:
            self._total -= self._spent.popleft()[1]


def retry_after(value: str | None) -> float | None:
    """The seconds of a Retry-After header; None when there is none that can be read."""
    text = (value or "").strip()
    return float(text) if text.isascii() and text.isdecimal() else None


def is_loopback(host: str) -> bool:
    """Is this host the machine itself?"""
    name = host.lower().strip("[]").rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False
