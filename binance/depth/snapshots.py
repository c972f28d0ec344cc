"""Fetching the snapshots of order books: away from the reactor, and within the exchange's limits.

All books of a client that count to one limit of request weight share a `Fetcher`.  So many books
which lose step together come back one after the other, as the weight allows, and one refusal (429,
418) stops them all.
"""

import heapq
import itertools
import logging
import threading
import time
import weakref
from collections.abc import Callable, Hashable
from typing import Any

from binance.sansio.link.budget import POOLS, WeightBudget

logger = logging.getLogger("binance")

#: Snapshots under way at once for a client that keeps its threads apart; any other gets one.
THREADS = 4
#: Seconds to stay away after a refusal that does not say: rate limit, ban.
WAITS = {429: 30.0, 418: 120.0}


class Fetcher:
    """Calls jobs in threads of its own, each when it is due and its weight is to be had.

    The threads exist while there are members: started with the first, so that they are there when
    the interpreter no longer starts any, and ended with the last.

    :param budget: the request weight that all jobs share; None for a client that keeps account of
        its weight by itself, for all of its calls, and holds them back.
    :param clock: seconds, never going back.
    """

    def __init__(
        self,
        client: object,
        budget: WeightBudget | None,
        threads: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client  # held so that nobody else gets its id
        self._budget = budget
        self._count = threads
        self._clock = clock
        self._order = itertools.count()
        self._wake = threading.Condition()
        self._jobs: list[tuple[float, int, int, Hashable, Callable[[], None]]] = []
        self._members: set[Hashable] = set()
        self._held_until = float("-inf")
        self._generation = 0  # threads of a generation that is over end

    # from the books, any thread

    def join(self, member: Hashable) -> None:
        """Have threads run for as long as this member is in."""
        with self._wake:
            if not self._members:
                self._generation += 1
                for _ in range(self._count):
                    threading.Thread(
                        target=self._run,
                        args=(self._generation,),
                        name="binance-snapshots",
                        daemon=True,
                    ).start()
            self._members.add(member)

    def leave(self, member: Hashable) -> None:
        """Drop the member's jobs; the last one out ends the threads.  Harmless when repeated."""
        with self._wake:
            self._members.discard(member)
            self._jobs = [entry for entry in self._jobs if entry[3] != member]
            heapq.heapify(self._jobs)
            if not self._members:
                self._generation += 1
            self._wake.notify_all()

    def ask(self, member: Hashable, job: Callable[[], None], weight: int, delay: float) -> None:
        """Call the job after `delay` seconds, or as soon thereafter as its weight is to be had."""
        with self._wake:
            if member in self._members:
                due = self._clock() + delay
                heapq.heappush(self._jobs, (due, next(self._order), weight, member, job))
                self._wake.notify()

    def hold(self, seconds: float) -> None:
        """Ask for nothing for so long: the exchange refuses us."""
        with self._wake:
            self._held_until = max(self._held_until, self._clock() + seconds)

    # in the threads

    def _run(self, generation: int) -> None:
        while (job := self._next(generation)) is not None:
            try:
                job()
            except Exception:
                logger.exception("a snapshot of an order book failed")

    def _next(self, generation: int) -> Callable[[], None] | None:
        """The next job, when its time has come; None when the threads are to end."""
        with self._wake:
            while generation == self._generation:
                wait = self._seconds_to_wait()
                if wait == 0.0:
                    return heapq.heappop(self._jobs)[4]
                self._wake.wait(wait)
        return None

    def _seconds_to_wait(self) -> float | None:
        """0.0 when the first job can go, whose weight is then counted; None when there is none."""
        if not self._jobs:
            return None
        due, _, weight, _, _ = self._jobs[0]
        now, due = self._clock(), max(due, self._held_until)
        if due > now:
            return due - now
        return 0.0 if self._budget is None else self._budget.spend(weight, now, background=True)


_fetchers: weakref.WeakValueDictionary[tuple[int, str], Fetcher] = weakref.WeakValueDictionary()
_fetchers_lock = threading.Lock()


def fetcher_of(client: Any, pool: str = "spot") -> Fetcher:
    """The client's fetcher for a limit of weight, which all books share that count there."""
    with _fetchers_lock:
        fetcher = _fetchers.get((id(client), pool))
        if fetcher is None:
            # Ours counts the weight of all calls and serves threads apart; of another's client
            # nothing of the kind is known.
            is_ours = hasattr(client, "weight_budget")
            budget = None if is_ours else WeightBudget(POOLS[pool])
            fetcher = Fetcher(client, budget, THREADS if is_ours else 1)
            _fetchers[id(client), pool] = fetcher
        return fetcher
