"""Budgets: how long to wait so that the exchange's limits are never exceeded.

Theory.  A token bucket of n tokens can pass 2n within one period: n at once while it is full, and n
more while it refills.  The exchange counts in rolling windows (messages, connects), or in minutes
whose start we do not know (weight).  So the rule is: *no* window of the period, wherever it begins,
holds more than n.

The exchange counts messages when they arrive.  Two messages that leave one second apart may arrive
closer together, so the windows here are longer than the exchange's by the variation of the network
delay.  While the reactor is blocked, a transport sends nothing.  So a message counts as sent just
now until we know that it was written.

When a planned moment has come, the caller asks again: a ban or a blocked reactor may have changed
the answer.

Nothing here reads a clock or takes a lock.  ``now`` is in seconds of one clock that does not jump.
A caller that shares a budget between threads takes a lock around each call.
"""

from bisect import insort
from collections import deque
from collections.abc import Mapping, Sequence
from heapq import merge
from ipaddress import ip_address
from typing import NamedTuple

MESSAGES_PER_SECOND = {"spot": 5, "usdm": 10, "coinm": 10, "options": 10}
"""Client messages per second and connection: pings, pongs, JSON.  Beyond: 1008, repeated: a ban.

https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md, "General"
"""
MESSAGE_PERIOD = 1.0
MESSAGE_SLACK = 0.2
"""Seconds that the network may take from the distance of two messages: 150 ms and a margin."""
PONG_RESERVE = 1
"""Messages of each window that are reserved for control frames: no pong waits for SUBSCRIBE."""

CONNECTS = 300
"""Connection attempts per address and 5 minutes; same page, "General"."""
CONNECT_PERIOD = 300.0
CONNECT_SLACK = 2.0
CONNECT_BURST = 10
"""Connects per second that are not delayed."""
CONNECT_GAP = 0.05
"""Mean seconds between the connects beyond that: 300 lost links come back within 15 s."""

WEIGHT_PER_MINUTE = 6000
"""REST request weight per minute and address; GET /api/v3/exchangeInfo, ``rateLimits``."""
POOLS = {"spot": WEIGHT_PER_MINUTE, "futures": 2400, "options": 400}
"""Limit of request weight that books share -> weight per minute.  USD-M and COIN-M have one."""
WEIGHT_PERIOD = 60.0
BACKGROUND_SHARE = 2 / 3
"""The share of the weight for snapshots and the like; the rest is for the user's own calls."""
USED_WEIGHT = "x-mbx-used-weight-1m"
"""The response header with the weight used in the exchange's current minute."""


class _Sent:
    """The messages of the last period: at most `limit`."""

    def __init__(self, limit: int, period: float) -> None:
        self._limit = limit
        self._period = period
        self._written: deque[float] = deque()
        self._unwritten = 0

    def wait(self, now: float) -> float:
        """Seconds until there may be room for one more message; 0.0: there is room now."""
        # The same expression as in the result below: two roundings could differ.
        while self._written and self._written[0] + self._period <= now:
            self._written.popleft()
        if len(self._written) + self._unwritten < self._limit:
            return 0.0
        if not self._written:
            return self._period  # or more: the earlier messages are not written yet
        return self._written[0] + self._period - now

    def count(self) -> None:
        self._unwritten += 1

    def written(self, now: float) -> None:
        self._written.extend([now] * self._unwritten)
        self._unwritten = 0


class MessageBudget:
    """The messages that one connection may send: pings, pongs and JSON together.

    There are two windows, whose limits add up to the exchange's: one for JSON, and one for control
    frames only.  If that one is full, a control frame may `borrow` from the JSON window.
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
        """Seconds after which to ask again for one message; 0.0: there is room now."""
        return min(one.wait(now) for one in self._windows(control, borrow))

    def spend(self, now: float, *, control: bool = False, borrow: bool = True) -> bool:
        """If there is room, count a message (``control``: a ping or pong) as sent now."""
        for one in self._windows(control, borrow):
            if not one.wait(now):
                one.count()
                return True
        return False

    def written(self, now: float) -> None:
        """All messages that were sent until now have been written to the network."""
        self._json.written(now)
        self._control.written(now)

    def _windows(self, control: bool, borrow: bool) -> list[_Sent]:
        if not control:
            return [self._json]
        return [self._control, self._json] if borrow else [self._control]


class Slot(NamedTuple):
    """The moment at which a host may be dialled, and the reason of a delay."""

    host: str
    moment: float
    reason: str = ""


BANNED = "the exchange has asked for a pause (429 or 418)"
SPENT = f"the exchange allows {CONNECTS} connects in {CONNECT_PERIOD / 60:.0f} minutes"
CROWD = "many connections start at the same time"


class _Host:
    """The dials to one host: past ones and planned ones."""

    def __init__(self) -> None:
        self.made: deque[float] = deque()
        self.planned: list[float] = []
        self.banned_until = float("-inf")


class ConnectBudget:
    """Connection attempts to each host, shared by all managers of the process.

    A few dials go at once.  Many dials, such as the reconnects after an outage, are spread with
    jitter: they do not arrive together, and leave room for sockets that are started meanwhile.
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
        """Whether loopback has a budget too.  For tests only: a local exchange bans nobody."""
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

        If the moment is not after `now`, the dial is counted: dial at once.  A later moment is
        planned: ask again at that moment, with this `slot`.

        :param jitter: a random number from [0, 1).
        :param slot: the planned slot, which this call replaces.
        :param earliest: the dial must not be made before this moment.
        """
        if slot is not None:
            self.cancel(slot)
        start = max(now, earliest)
        if not self._loopback and is_loopback(host):
            return Slot(host, start)
        dials = self._host(host)
        self._forget(dials, now)
        everyone = list(merge(dials.made, dials.planned))
        # A dial with a slot does not wait for dials that are planned later.
        before = everyone if slot is None else list(dials.made)
        moment, reason = start, ""
        if dials.banned_until > moment:
            moment, reason = dials.banned_until, BANNED
        if len(before) >= self._limit and before[-self._limit] + self._period > moment:
            moment, reason = before[-self._limit] + self._period, SPENT
        if (
            reason or slot is None or now - slot.moment > 1.0
        ):  # more than 1 s late: the reactor was blocked
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
        """Free a slot: its dial was cancelled, or gets another slot."""
        planned = self._host(slot.host).planned
        if slot.moment in planned:
            planned.remove(slot.moment)

    def hold(self, host: str, until: float) -> None:
        """Do not dial this host before ``until``: it answered 429 or 418."""
        dials = self._host(host)
        dials.banned_until = max(dials.banned_until, until)

    def used(self, now: float) -> dict[str, int]:
        """Host -> the connects that count now.  Safe in any thread."""
        since = now - self._period
        return {
            host: sum(made > since for made in list(dials.made))
            for host, dials in list(self._hosts.items())
        }

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host.lower(), _Host())

    def _forget(self, dials: _Host, now: float) -> None:
        while dials.made and dials.made[0] <= now - self._period:
            dials.made.popleft()
        while dials.planned and dials.planned[0] <= now - self._period:
            del dials.planned[0]  # this dial was never made


def _beyond_crowd(dials: Sequence[float], moment: float, gap: float, burst: int) -> float:
    """The first moment from this one on that has less than `burst` others around it."""
    while True:
        near = [other for other in dials if moment - 1.0 < other < moment + 1.0]
        if len(near) < burst or near[-1] + gap <= moment:
            return moment
        moment = near[-1] + gap


class WeightBudget:
    """REST request weight, shared with every program behind the same address.

    Other programs use weight too, and only the answers of the exchange show how much.  So nothing
    is reserved in advance: :meth:`spend` either counts the weight and returns 0.0, or counts
    nothing and returns the seconds after which to ask again.  ``background`` requests stop at a
    share of the limit, so that no order waits for a hundred snapshots.

    The window rolls, although the exchange counts in fixed minutes.  So no minute, wherever it
    begins, contains more than the limit.
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

    def spend(self, weight: int, now: float, *, background: bool = False) -> float:
        """Count this weight and return 0.0, or return the seconds after which to ask again.

        :raises ValueError: the weight is higher than the limit.
        """
        limit = self._background if background else self.limit
        if weight > limit:
            raise ValueError(f"a request of weight {weight} never fits into {limit} per minute")
        self._forget(now)
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
        """Read the used weight in the headers; the weight of other programs counts as used now."""
        for name, value in headers.items():
            if name.lower() == USED_WEIGHT and value.strip().isdecimal():
                self._forget(now)
                if (others := int(value) - self._total) > 0:
                    self._count(now, others)

    def used(self, now: float) -> int:
        """The weight in the window that ends now."""
        self._forget(now)
        return self._total

    def _count(self, now: float, weight: int) -> None:
        self._spent.append((now, weight))
        self._total += weight

    def _forget(self, now: float) -> None:
        while self._spent and self._spent[0][0] <= now - self._period:
            self._total -= self._spent.popleft()[1]


def is_loopback(host: str) -> bool:
    """Whether this host is this machine."""
    name = host.lower().strip("[]").rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False
