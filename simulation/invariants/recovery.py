"""8: within a minute of the last fault everything that is wanted delivers again."""

from __future__ import annotations

from simulation.invariants.base import Invariant
from simulation.records import SocketRecord

#: Only of streams that spoke within this, before the exchange fell quiet, the newest event has to
#: be there, and only where the socket has had them for so long.
LATELY_SECONDS, SETTLED_SECONDS = 8.0, 30.0


class Recovery(Invariant):
    """The exchange has fallen quiet: the newest event of each stream has to be there."""

    number = 8

    def at_rest(self) -> None:
        run = self.run
        for socket in run.sockets.values():
            if socket.is_wanted and run.has_key(socket):
                for name in socket.names:
                    self._look(socket, name)
        for name in () if run.may_rotate else ("usdm", "coinm"):
            mine = [s for s in run.sockets.values() if s.kind == f"{name} user" and s.is_wanted]
            wanted, living = sum(map(run.has_key, mine)), run.exchange.accounts.living(name)
            if len(living) != wanted:
                words = f"{wanted} accounts of {name} have {len(living)} links with a living key"
                self.found(words, f"live links {name}")
        for book in run.books.values():
            if book.is_closed or book.ended is not None or book.cache_manager._is_closed:
                continue
            market = run.exchange.markets[book.symbol]
            if not book.cache.synced:
                self.found("a book is not in step a minute after the last fault", "book")
            elif book.cache.update_id != market.update_id:
                at = book.cache.update_id
                words = f"a book is at {at} when all is quiet, the exchange at {market.update_id}"
                self.found(words, "book behind")

    def _look(self, socket: SocketRecord, name: str) -> None:
        run = self.run
        number = run.exchange.accounts.number if name == "user" else run.exchange.numbers[name]
        known_at = max(socket.began, socket.changed.get(name, 0.0)) + SETTLED_SECONDS
        if not run.published_after(name, max(known_at, run.quiet_at - LATELY_SECONDS)):
            return
        last = socket.last.get(name, 0)
        if last == number:
            return
        if socket.overflow == "drop_oldest" and any(
            type(event).__name__ == "Overflowed" and when >= run.published_at(name, last + 1)
            for when, event in socket.told
        ):
            return  # and so it may be the newest that was dropped
        answers = [p for p in run.promises if p.socket is socket and name in p.names]
        if answers and answers[-1].method == "subscribe" and answers[-1].is_refused:
            return
        said = ", though its future said yes" if answers and answers[-1].future.done() else ""
        words = f"{socket.kind} {name.partition('@')[2]}: a minute after the last fault it is at "
        words += f"event {socket.last.get(name)} of {number}{said}"
        self.found(words, f"late {socket.kind}{said}")
