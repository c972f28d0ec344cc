"""6: everything that was promised is kept: futures, waits, the error dict, orders."""

from __future__ import annotations

from simulation.invariants.base import Invariant
from simulation.records import Promise, SocketRecord

#: Seconds within which a future of `subscribe` is resolved while its socket lives.
FUTURE_SECONDS = 60.0
#: Messages that a full queue of `overflow='block'` may hold beyond its bound: what one read brings.
ONE_READ = 25


class Promises(Invariant):
    """Futures and waits are resolved, one error dict comes at most, and orders exist once."""

    number = 6

    def called(self, socket: SocketRecord, message: object) -> None:
        if socket.errors:
            what = "a second error dict" if self.run.is_error(message) else "a message"
            self.found(f"{socket.kind}: {what} after the error dict", f"error {socket.kind}")

    def each_second(self) -> None:
        for socket in self.run.sockets.values():
            if not socket.is_wanted or self.run.has_key(socket):
                continue
            if not self.run.is_giving_up(socket):
                words = f"{socket.kind}: its key is gone without a word"
                self.found(words, f"no key {socket.kind}")
        if self.run.held_seconds:
            return  # one read then brings whatever had arrived
        for socket in self.run.sockets.values():
            queued = getattr(getattr(socket.conn, "dispatch", None), "queued", 0)
            if socket.overflow == "block" and queued > socket.options["queue_size"] + ONE_READ:
                bound = socket.options["queue_size"]
                self.found(f"a queue of {bound} that blocks holds {queued} messages", "queue")
        for waiter in self.run.waiters:
            if waiter.answer is True and not waiter.is_over:
                waiter.is_over = True
                carried = {name for link in self.run.exchange.links for name in link.names}
                if waiter.names - carried and self.run.last_fault < waiter.when - 30.0:
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
        if any(not waiter.is_over and waiter.answer is None for waiter in self.run.waiters):
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

    def _unresolved(self, promise: Promise, when: str) -> None:
        age = self.run.now - promise.when
        words = f"a future of {promise.method} is not resolved{when}, {age:.0f} s old"
        self.found(words, f"future {promise.method}{when}")
