"""What one link has still to send, in the order in which the exchange's limit lets it go.

Control frames go first, since the exchange drops a link whose pongs are late. JSON keeps its order.
Of several pings of the server only the latest is answered, as RFC 6455 §5.5.3 allows: pongs never
queue up. While JSON waits, control frames keep to the room that is reserved for them, so that a
server which pings without pause does not silence us.

Ask `take` for what may go now, and again after `wait` seconds.
"""

import enum
from collections import deque
from dataclasses import dataclass

from binance.sansio.link.budget import MessageBudget


class Kind(enum.Enum):
    PONG = "pong"
    PING = "ping"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Frame:
    """One message; `token` is whatever its sender wants to know it by."""

    kind: Kind
    payload: bytes = b""
    token: object = None


class Outbox:
    """The messages of one link that wait for their turn.

    :param budget: None for a link without a limit: everything goes at once.
    """

    def __init__(self, budget: MessageBudget | None) -> None:
        self._budget = budget
        self._control: dict[Kind, Frame] = {}
        self._texts: deque[Frame] = deque()

    # from the link

    def add(self, frame: Frame) -> None:
        """Something to send; a ping or pong takes the place of one that still waits."""
        if frame.kind is Kind.TEXT:
            self._texts.append(frame)
        else:
            self._control[frame.kind] = frame

    def take(self, now: float) -> list[Frame]:
        """What may be sent now."""
        frames = [
            self._control.pop(kind)
            for kind in (Kind.PONG, Kind.PING)
            if kind in self._control and self._spend(now, control=True)
        ]
        while self._texts and self._spend(now, control=False):
            frames.append(self._texts.popleft())
        return frames

    def wait(self, now: float) -> float | None:
        """Seconds after which to `take` again; None when nothing waits."""
        if self._budget is None:
            return None
        waits = []
        if self._control:
            waits.append(self._budget.wait(now, control=True, borrow=not self._texts))
        if self._texts:
            waits.append(self._budget.wait(now))
        return min(waits, default=None)

    def written(self, now: float) -> None:
        """What was taken has been written to the network."""
        if self._budget is not None:
            self._budget.written(now)

    def _spend(self, now: float, *, control: bool) -> bool:
        if self._budget is None:
            return True
        return self._budget.spend(now, control=control, borrow=not self._texts)
