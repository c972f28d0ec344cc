"""Budgets: how long to wait so that the exchange's limits are never passed.

Theory.  A token bucket of n tokens lets 2n through around the moment at which it is full: n at
once, and n more as it refills within the next period.  The exchange counts in windows that roll
(messages, connects), or in minutes that begin when it likes (weight), so what has to hold is:
*no* window of the period, wherever it begins, holds more than n.

The exchange counts what arrives, when it arrives.  Two messages that leave a second apart may
arrive closer together, so the windows here are longer than the exchange's by what the way may add.
And while the reactor is held up, nothing leaves that was given to a transport: until a message is
known to be written, it counts as sent just now.

What was planned is asked for again when its moment has come, since a ban, or a reactor that was
held up, may have changed the answer.

Nothing here reads a clock or locks: ``now`` comes from any one clock that does not jump, in
seconds, and who shares a budget between threads holds a lock around it.
"""

from bisect import insort
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from ipaddress import ip_address

MESSAGES_PER_SECOND = {"spot": 5, "usdm": 10, "coinm": 10, "options": 10}
"""Client messages per second and connection: pings, pongs, JSON.  Beyond: 1008, repeated: a ban.

https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md, "General"
"""
MESSAGE_PERIOD = 1.0
MESSAGE_SLACK = 0.2
"""What the way may take from the second between two messages: delays of up to 150 ms, and a bit."""
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


class _Sent:
    """The messages of the last period: never more than `limit`."""

    def __init__(self, limit: int, period: float) -> None:
        self._limit = limit
        self._period = period
        self._written: deque[float] = deque()
        self._unwritten = 0

    def wait(self, now: float) -> float:
        """Seconds until there may be room for one more; 0.0: there is."""
        # Compared as the answer below is computed: two roundings could disagree.
        while self._written and self._written[0] + self._period <= now:
            self._written.popleft()
        if len(self._written) + self._unwritten < self._limit:
            return 0.0
        if not self._written:
            return self._period  # or more: those that take the room have not left yet
        return self._written[0] + self._period - now

    def count(self) -> None:
        self._unwritten += 1

    def written(self, now: float) -> None:
        self._written.extend([now] * self._unwritten)
        self._unwritten = 0


class MessageBudget:
    """What one connection may send: pings, pongs and JSON together.

    Two windows whose limits add up to the exchange's: one for JSON, one that only control frames
    may use.  A control frame for which its own window has no room may `borrow` from JSON's.
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
        self._json = _Sent(limit - reserve, period)
        self._control = _Sent(reserve, period)

    def wait(self, now: float, *, control: bool = False, borrow: bool = True) -> float:
        """Seconds after which to ask again for room for one message; 0.0: there is room."""
        return min(one.wait(now) for one in self._windows(control, borrow))

    def spend(self, now: float, *, control: bool = False, borrow: bool = True) -> bool:
        """Count a message (``control``: a ping or pong) that is sent now, if there is room."""
        for one in self._windows(control, borrow):
            if not one.wait(now):
                one.count()
                return True
        return False

    def written(self, now: float) -> None:
        """All that was sent until now has been written to the network."""
        self._json.written(now)
        self._control.written(now)

    def _windows(self, control: bool, borrow: bool) -> list[_Sent]:
        if not control:
            return [self._json]
        return [self._control, self._json] if borrow else [self._control]


@dataclass(frozen=True, slots=True)
class Slot:
    """The moment at which a host may be dialled, and why it is not sooner."""

    host: str
    moment: float
    reason: str = ""


BANNED = "the exchange has asked to be left alone"
SPENT = f"it allows {CONNECTS} connects in {CONNECT_PERIOD / 60:.0f} minutes"
CROWD = "many connections are to be made at once"


class _Host:
    """The dials to one host: those that were made, and those that are planned."""

    def __init__(self) -> None:
        self.made: deque[float] = deque()
        self.planned: list[float] = []
        self.banned_until = float("-inf")


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
        self._hosts: dict[str, _Host] = {}

    def ask(
        self,
        host: str,
        now: float,
        jitter: float = 0.5,
        *,
        slot: Slot | None = None,
        earliest: float = float("-inf"),
    ) -> Slot:
        """When this host may be dialled.

        A moment that is not after `now` is counted: dial at once.  A later one is planned: when it
        has come, ask again and give back the `slot`.

        :param jitter: a number drawn by the caller from [0, 1).
        :param earliest: a dial that is not to be made before this moment.
        """
        if slot is not None:
            self.cancel(slot)
        start = max(now, earliest)
        if not self._loopback and is_loopback(host):
            return Slot(host, start)
        dials = self._host(host)
        self._forget(dials, now)
        everyone = list(merge(dials.made, dials.planned))
        # A dial that has its slot waits for none that is planned after it.
        before = everyone if slot is None else list(dials.made)
        moment, reason = start, ""
        if dials.banned_until > moment:
            moment, reason = dials.banned_until, BANNED
        if len(before) >= self._limit and before[-self._limit] + self._period > moment:
            moment, reason = before[-self._limit] + self._period, SPENT
        if reason or slot is None or now - slot.moment > 1.0:  # the last: the reactor was held up
            burst = 1 if reason else self._burst
            gap = self._gap * (0.5 + jitter)
            apart = _beyond_crowd(everyone, moment + gap * bool(reason), gap, burst)
            if apart > moment:
                moment, reason = apart, reason or CROWD
        if moment <= now:
            dials.made.append(now)
        else:
            insort(dials.planned, moment)
        return Slot(host, moment, reason)

    def cancel(self, slot: Slot) -> None:
        """Give back a slot: its dial was called off, or is asked for anew."""
        planned = self._host(slot.host).planned
        if slot.moment in planned:
            planned.remove(slot.moment)

    def hold(self, host: str, until: float) -> None:
        """Dial this host no more before ``until``: it answered 429 or 418."""
        dials = self._host(host)
        dials.banned_until = max(dials.banned_until, until)

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host.lower(), _Host())

    def _forget(self, dials: _Host, now: float) -> None:
        while dials.made and dials.made[0] <= now - self._period:
            dials.made.popleft()
        while dials.planned and dials.planned[0] <= now - self._period:
            del dials.planned[0]  # nobody asked again


def _beyond_crowd(dials: Sequence[float], moment: float, gap: float, burst: int) -> float:
    """The first moment, from this one on, around which there are not too many others."""
    while True:
        near = [other for other in dials if moment - 1.0 < other < moment + 1.0]
        if len(near) < burst or near[-1] + gap <= moment:
            return moment
        moment = near[-1] + gap


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


def is_loopback(host: str) -> bool:
    """Is this host the machine itself?"""
    name = host.lower().strip("[]").rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False
