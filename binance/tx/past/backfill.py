"""Performs the filling of holes: calls REST in worker threads, and delivers what comes back.

`binance.sansio.feed.backfill` decides.  All of this runs in the reactor thread, but for `Fetcher`'s
calls of the client.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from twisted.internet.defer import Deferred, DeferredSemaphore
from twisted.python import failure as twisted_failure

from binance.exceptions import BinanceCredentialsError, BinanceError, redact
from binance.sansio.feed.backfill import Deliver, Fetch, Fill, Filled
from binance.sansio.feed.continuity import Continuity
from binance.sansio.feed.history import BACKFILLED, Page
from binance.sansio.link.budget import POOLS, WeightBudget
from binance.sansio.names.streams import key
from binance.sansio.wire import bans
from binance.tx.dependencies import DelayedCall, Dependencies
from binance.tx.link import Session
from binance.tx.past.checkpoint import Saving

logger = logging.getLogger("binance")

#: Calls under way at once, of all sockets of a manager.
THREADS = 4
#: The share of the request weight that is used, so that the user's own calls come first.
SHARE = 0.5
#: The most events that are delivered in one iteration of the reactor.
SLICE = 500
#: Seconds until the next look whether the callback has made room.
ROOM_SECONDS = 0.05


class Busy(Exception):
    """The request weight is needed for other calls."""


class Fetcher:
    """Calls a client for all sockets of a manager.

    :param client: the user's; calls that it does not have are made with a public one.
    :param make_public: makes the public client.
    """

    def __init__(self, client: Any, make_public: Callable[[], Any]) -> None:
        self._client = client
        self._make_public = make_public
        self._public: Any = None
        self._lock = threading.Lock()
        self._budgets: dict[str, WeightBudget] = {}
        self._semaphore = DeferredSemaphore(THREADS)

    def has(self, method: str) -> bool:
        """Whether the user's client can be used for a method that needs an API key."""
        return bool(getattr(self._client, "API_KEY", None)) and hasattr(self._client, method)

    def fetch(self, page: Page, dependencies: Dependencies) -> Deferred[Any]:
        """The answer, from a worker thread."""
        now = dependencies.clock.seconds
        return self._semaphore.run(dependencies.in_thread, lambda: self._call(page, now()))

    # in a worker thread

    def _call(self, page: Page, now: float) -> Any:
        with self._lock:
            client = self._client
            if not hasattr(client, page.method):
                client = self._public = self._public or self._make_public()
            self._reserve(client, page, now)
        return getattr(client, page.method)(**page.params)

    def _reserve(self, client: Any, page: Page, now: float) -> None:
        """:raises Busy: the call has to wait."""
        if hasattr(client, "budget_of"):  # ours counts its weight by itself
            budget = client.budget_of(page.market)
            is_busy = budget.used() + page.weight > budget.limit * SHARE
        else:
            pool = "spot" if page.market == "spot" else "futures"
            own = self._budgets.setdefault(pool, WeightBudget(POOLS[pool], background_share=SHARE))
            is_busy = own.spend(page.weight, now, background=True) > 0
        if is_busy:
            raise Busy


class Owner(Protocol):
    """The socket whose streams are filled."""

    #: number of events that were fetched
    fetched: int
    #: saves the cursors, if they are to be saved
    saving: Saving | None

    @property
    def room(self) -> int:
        """The number of messages that can be delivered now."""

    def flush(self) -> None: ...
    def gap(self, stream: str, first: int | None, last: int | None, reason: str = "") -> None: ...
    def backfilled(self, stream: str, first: int, last: int) -> None: ...


class Backfill:
    """Fills the holes of one connection's streams."""

    def __init__(
        self, owner: Owner, fetcher: Fetcher, session: Session, dependencies: Dependencies
    ) -> None:
        self._owner = owner
        self._fetcher = fetcher
        self._session = session
        self._dependencies = dependencies
        self._continuity: Continuity = session.continuity
        self._timer = DelayedCall(dependencies.clock)
        self._is_on = False

    # from the connection

    def opened(self) -> None:
        """A link is up."""
        self._is_on = True
        self._note_quiet()
        for _, track in self._continuity.filled:
            track.opened(self._now)
        self.step_soon()

    def _note_quiet(self) -> None:
        """Note from when on streams are open that have not brought anything yet."""
        for name in self._session.names or ():
            self._continuity.track(name)  # it may begin with history
        moment = int(self._dependencies.wall() * 1000)
        for _, track in self._continuity.filled:
            track.is_up(moment)

    def step_soon(self, seconds: float = 0.0) -> None:
        """Step soon: not now, as events that were admitted before may wait for their delivery."""
        if not self._timer.is_running:
            self._timer.start(seconds, self.step)

    def tick(self, is_open: bool) -> None:
        """Called each second."""
        if self._is_on and is_open:
            self._note_quiet()  # of those that were subscribed meanwhile
        self.step()
        saving = self._owner.saving
        if self._is_on and saving is not None:
            saving.note(cursors_of(self._continuity, self._session.market))

    def step(self) -> None:
        """Do what is due for each stream."""
        for name, track in self._continuity.filled if self._is_on else ():
            self._step(name, track)

    def stop(self) -> None:
        """Deliver nothing any more."""
        self._is_on = False
        self._timer.stop()

    def end(self) -> None:
        """The retries have failed: give up all holes, and deliver what is held."""
        tracks = self._continuity.filled if self._is_on else ()
        self.stop()
        for name, track in tracks:
            while track.held is not None:  # there may be more holes among the held events
                track.end()
                self._step(name, track)

    # inside

    @property
    def _now(self) -> float:
        return self._dependencies.clock.seconds()

    def _step(self, name: str, track: Filled) -> None:
        room = SLICE + 1 if track.is_overfull else self._owner.room  # the overflow policy decides
        for command in track.step(self._now, min(room, SLICE) if self._is_on else sys.maxsize):
            match command:
                case Deliver(events):
                    self._owner.fetched += sum(BACKFILLED in data for data in events)
                    for data in events:
                        self._session.deliver(self._continuity.message(name, data))
                    self._owner.flush()
                case Fetch(number, page):
                    if self._is_on:
                        self._fetch(track, number, page)
                case Fill(_, first, last):
                    self._owner.backfilled(name, first, last)
                case gap:
                    self._owner.gap(name, gap.first, gap.last, gap.reason)
        if track.waits_for_room and self._is_on:
            self.step_soon(0.0 if room > SLICE else ROOM_SECONDS)

    def _fetch(self, track: Filled, number: int, page: Page) -> None:
        fetching = self._fetcher.fetch(page, self._dependencies)
        fetching.addCallbacks(
            lambda rows: track.answered(number, rows, self._now),
            partial(self._failed, track, number, page),
        )
        fetching.addCallback(lambda _: self.step_soon() if self._is_on else None)

    def _failed(self, track: Filled, number: int, page: Page, why: twisted_failure.Failure) -> None:
        error, now = why.value, self._now
        if isinstance(error, Busy):
            track.busy(number, now)
            return
        reason, wait, is_final = refusal(error)
        logger.debug("%s failed: %s", page.method, reason)
        track.failed(number, reason, now, wait, is_final)


def cursors_of(continuity: Continuity, market: str) -> dict[str, int]:
    """The position of the first event that was not delivered, by the key of each stream."""
    cursors = ((name, track.cursor) for name, track in continuity.filled)
    return {key(name, market): cursor for name, cursor in cursors if cursor is not None}


def refusal(error: BaseException | None) -> tuple[str, float, bool]:
    """Why a call failed, the seconds to stay away, and whether it fails for good.

    The text is without secrets: errors of `requests` contain the URL.
    """
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        is_transient = isinstance(error, (OSError, BinanceError))
        is_final = not is_transient or isinstance(error, BinanceCredentialsError)
        return type(error).__name__, 0.0, is_final
    words = f"HTTP {status}, code {getattr(error, 'code', None)}: "
    wait = getattr(error, "retry_after", None)
    text = redact(str(getattr(error, "message", "")))
    return words + text, float(wait or 0.0), bans.is_final(status)
