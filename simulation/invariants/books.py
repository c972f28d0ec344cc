"""5: a book that says `synced` equals the exchange's at that update id."""

from __future__ import annotations

from simulation.invariants.base import Invariant
from simulation.records import BookRecord

#: Seconds that a book may stand at one update id although the exchange's goes on: those in which a
#: half-open link is left, and some more.
STALE_SECONDS = {"spot": 60.0, "futures": 90.0}
#: Seconds within which a book whose socket was ended says that it is not in step, and tells so.
ENDED_SECONDS = 5.0


class Books(Invariant):
    """Compares each book, each second."""

    number = 5

    def each_second(self) -> None:
        for book in self.run.books.values():
            self._look(book)

    def _look(self, book: BookRecord) -> None:
        cache, now = book.cache, self.run.now
        if not cache.synced:
            return
        if book.ended is not None and now > book.ended[0] + ENDED_SECONDS:
            how = book.ended[1]
            self.found(f"a book says synced {ENDED_SECONDS:.0f} s after {how}", f"ended {how}")
            return
        if book.is_closed:
            self.found("a book says synced after its close", "closed")
            return
        market = self.run.exchange.markets[book.symbol]
        at = cache.update_id
        ours = tuple(
            tuple(sorted((float(price), float(quantity)) for price, quantity in side))
            for side in (cache.get_bids(), cache.get_asks())
        )
        known = [market.books.get((epoch, at)) for epoch in range(market.epoch + 1)]
        if not any(known):
            self.found(f"a book in step at {at}, which the exchange never had", "unknown id")
        elif ours not in known:
            self.found(f"a book in step at {at} is another than the exchange's", "other")
        since = book.stood.setdefault(at, now)
        if len(book.stood) > 1:
            book.stood = {at: since}
        held = max(since, self.run.held_until, self.run.silenced_at)
        stale = STALE_SECONDS["futures" if ":" in book.key else "spot"]
        if at != market.update_id and now - held > stale:
            words = f"a book says synced and has stood at {at} for {stale:.0f} s; "
            self.found(words + f"the exchange is at {market.update_id}", "stale")
