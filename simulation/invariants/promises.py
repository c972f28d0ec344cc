"""6: everything that was promised is kept: futures, waits, the error dict, orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.invariants.base import Invariant
from simulation.records import Promise, SocketRecord

if TYPE_CHECKING:
    from simulation.run import Run

#: Seconds within which a future of `subscribe` is resolved while its socket lives.
FUTURE_SECONDS = 60.0
#: What may be under way between a link and its queue when reading stops.
FEW = 2
#: Seconds since the client read that a link is open.
JUST_NOW = 2.0


class Promises(Invariant):
    """Futures and waits are resolved, one error dict comes at most, and orders exist once."""

    number = 6

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        #: socket -> messages in its queue a second ago, and delivered by then
        self._queues: dict[SocketRecord, tuple[int, int]] = {}

    def called(self, socket: SocketRecord, message: object) -> None:
        if socket.errors:
            what = "a second error dict" if self.run.is_error(message) else "a message"
            self.found(f"{socket.kind}: {what} after the error dict", f"error {socket.kind}")

    def each_second(self) -> None:
        run = self.run
        for socket in run.sockets.values():
            if not socket.is_wanted:
                continue
            self._look_at_queue(socket)
            if not run.has_key(socket) and not run.is_giving_up(socket):
                words = f"{socket.kind}: its key is gone without a word"
                self.found(words, f"no key {socket.kind}")
        for waiter in run.waiters:
            if waiter.is_short and run.last_fault < waiter.when - 30.0:
                self.found("wait_open said yes before every connection was open", "wait_open")

    def at_rest(self) -> None:
        for promise in self.run.promises:
            is_late = self.run.now - promise.when > FUTURE_SECONDS
            if is_late and promise.socket.is_wanted and not promise.future.done():
                self._unresolved(promise, "")

    def at_end(self) -> None:
        for promise in self.run.promises:
            if not promise.future.done():
                self._unresolved(promise, " after close")
        if any(waiter.answer is None for waiter in self.run.waiters):
            self.found("a wait_open has not returned after close", "wait_open hangs")
        orders = self.run.exchange.accounts.orders
        for order in self.run.orders:
            times = orders[order.client_order_id]
            allowed = {"taken": (1,), "refused": (0,), "unknown": (0, 1), "waiting": ()}
            if times not in allowed[order.outcome]:
                words = f"an order that was {order.outcome} exists {times} times at the exchange"
                self.found(words, f"order {order.outcome} {min(times, 2)}")
        asked = {order.client_order_id for order in self.run.orders}
        if strays := set(orders) - asked:
            self.found(f"{len(strays)} orders exist that were never asked for", "stray order")

    def _look_at_queue(self, socket: SocketRecord) -> None:
        """A full queue that blocks takes nothing until half of it is free."""
        queued = getattr(getattr(socket.conn, "dispatch", None), "queued", None)
        if socket.overflow != "block" or queued is None:
            return
        bound, got = socket.options["queue_size"], socket.got.total()
        queued_before, got_before = self._queues.get(socket, (0, 0))
        self._queues[socket] = (queued, got)
        was_never_free = min(queued_before, queued) > bound and got - got_before < bound // 2
        taken = queued + got - queued_before - got_before
        if was_never_free and taken > FEW and not self._has_new_link(socket):
            self.found(f"a full queue of {bound} that blocks took {taken} messages", "queue")

    def _has_new_link(self, socket: SocketRecord) -> bool:
        """Whether a handshake was read just now, and with it what had arrived behind it."""
        return any(
            self.run.now - link.opened_at < JUST_NOW and socket.names & set(link.names)
            for link in self.run.exchange.links
            if link.opened_at is not None
        )

    def _unresolved(self, promise: Promise, when: str) -> None:
        age = self.run.now - promise.when
        words = f"a future of {promise.method} is not resolved{when}, {age:.0f} s old"
        self.found(words, f"future {promise.method}{when}")
