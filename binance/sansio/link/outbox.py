"""The messages that one link has still to send, within the exchange's limit of messages.

Control frames go first, because the exchange drops a link whose pongs are late. JSON keeps its
order. Of several pings of the server only the latest is answered, as RFC 6455 §5.5.3 allows, so
pongs never queue up. While JSON waits, control frames use only the room that is reserved for them:
a server that pings without pause cannot block our requests.

`take` returns the messages that may be sent now; call it again after `wait` seconds.
"""

import enum
from typing import NamedTuple

from binance.sansio.link.budget import MessageBudget


class Kind(enum.Enum):
    PONG = "pong"
    PING = "ping"
    TEXT = "text"


class Frame(NamedTuple):
    """One message; `token` is any object by which the caller identifies it."""

    kind: Kind
    payload: bytes = b""
    token: object = None


class Outbox:
    """The messages of one link that are not sent yet.

    :param budget: None for a link without a limit: everything is sent at once.
    """

    def __init__(self, budget: MessageBudget | None) -> None:
        self._budget = budget
        self._control: dict[Kind, Frame] = {}
        self._texts: list[Frame] = []  # mostly empty; an empty deque takes 0.8 KB

    @property
    def is_limited(self) -> bool:
        """Whether it has a budget, which must know when messages are `written`."""
        return self._budget is not None

    # from the link

    def add(self, frame: Frame) -> None:
        """Add a message to send; a ping or pong replaces one that still waits."""
        if frame.kind is Kind.TEXT:
            self._texts.append(frame)
        else:
            self._control[frame.kind] = frame

    def take(self, now: float) -> list[Frame]:
        """Remove and return the messages that may be sent now."""
        frames = [
            self._control.pop(kind)
            for kind in (Kind.PONG, Kind.PING)
            if kind in self._control and self._spend(now, control=True)
        ]
        while self._texts and self._spend(now, control=False):
            frames.append(self._texts.pop(0))
        return frames

    def wait(self, now: float) -> float | None:
        """Seconds after which to call `take` again; None if nothing waits."""
        if self._budget is None:
            return None
        waits = []
        if self._control:
            waits.append(self._budget.wait(now, control=True, borrow=not self._texts))
        if self._texts:
            waits.append(self._budget.wait(now))
        return min(waits, default=None)

    def written(self, now: float) -> None:
        """All messages from `take` have been written to the network."""
        if self._budget is not None:
            self._budget.written(now)

    def _spend(self, now: float, *, control: bool) -> bool:
        if self._budget is None:
            return True
        return self._budget.spend(now, control=control, borrow=not self._texts)
