"""The one guarded place that calls the user's callbacks.

What a callback raises must never reach the transport: there it would drop the link.  So it is
logged with its traceback, counted and told, and the next message is delivered.

Three ways lead to the callback.  `ReactorDispatch` calls it in the reactor thread, at once: the
lowest latency, and what scripts of this API have always relied on.  `ThreadDispatch` hands what one
read brought to a thread of the socket's own, through a bounded queue.  `CoroutineDispatch` does the
same for coroutine functions, on an event loop in that thread.

A dispatch is told of each message by `deliver`, and of the end of each read by `end_of_read`; both
in the reactor thread, both never raise.  `mute` may be called from any thread and takes effect at
once: only a call of the callback that has begun by then goes on.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from binance.sansio.feed.cursors import ContiguousTrack, DiffTrack, Track, newest, subject
from binance.sansio.wire.log_text import shown
from binance.tx.repeated_log import RepeatedLog

__all__ = [
    "OVERFLOWS",
    "Callback",
    "CoroutineDispatch",
    "Dispatch",
    "ReactorDispatch",
    "ThreadDispatch",
    "check",
    "make",
]

logger = logging.getLogger("binance")

Callback = Callable[[Any], object]
Sink = Callable[[object], None]

POLICIES = ("reactor", "thread")
OVERFLOWS = ("drop_oldest", "latest", "block")
#: A callback that holds the reactor thread for longer than this is warned of.
SLOW_SECONDS = 1.0
#: Replies and announcements have no more members than this; most data has more.
MOST_CONTROL_MEMBERS = 3


class Owner:
    """What a dispatch tells of; the base class does nothing, which is what most tests need."""

    key = ""

    def callback_failed(self, error: BaseException) -> None:
        """The callback raised.  From the thread that the callback runs in."""

    def overflowed(self, dropped: int) -> None:
        """Messages were dropped, so many since the last time.  Reactor thread."""

    def pause(self) -> None:
        """Stop reading: the queue is full.  Reactor thread."""

    def resume(self) -> None:
        """There is room again: have `Dispatch.may_resume` asked.  Any thread."""

    def fatal(self) -> None:
        """The callback raised SystemExit or KeyboardInterrupt: the program wants to end."""

    def now(self) -> float:
        """Seconds of a clock that does not jump.  Any thread."""
        return time.monotonic()


def check(callback: object, dispatch: object, queue_size: object, overflow: object) -> None:
    """Refuse what cannot work, at once and in words."""
    if not callable(callback):
        raise TypeError(
            f"callback must be callable, with one argument for the message, not {callback!r}"
        )
    if dispatch not in POLICIES:
        raise ValueError(f"dispatch must be one of {', '.join(POLICIES)}, not {dispatch!r}")
    if overflow not in OVERFLOWS:
        raise ValueError(f"overflow must be one of {', '.join(OVERFLOWS)}, not {overflow!r}")
    if type(queue_size) is not int or queue_size < 1:
        raise ValueError(f"queue_size must be a whole number from 1, not {queue_size!r}")


def make(
    owner: Owner, callback: Callback, dispatch: str, queue_size: int, overflow: str
) -> Dispatch:
    """The dispatch for a callback; coroutine functions bring a thread of their own."""
    if _is_coroutine_function(callback):
        return CoroutineDispatch(owner, callback, queue_size, overflow)
    if dispatch == "thread":
        return ThreadDispatch(owner, callback, queue_size, overflow)
    return ReactorDispatch(owner, callback)


def is_alike(present: Dispatch, callback: Callback, dispatch: str) -> bool:
    """Whether the dispatch that there is would serve this callback as a new one would."""
    if _is_coroutine_function(callback):
        return isinstance(present, CoroutineDispatch)
    return type(present) is (ThreadDispatch if dispatch == "thread" else ReactorDispatch)


def _is_coroutine_function(callback: object) -> bool:
    own_call: object = getattr(callback, "__call__", None)  # noqa: B004 - that of an object
    return any(map(inspect.iscoroutinefunction, (callback, own_call)))


def _nothing() -> None:
    """Where nothing is to be done."""


def _ignore(message: object) -> None:
    """Stands for the callback of a socket that was stopped."""


def is_control(message: object) -> bool:
    """Whether a message is meant for us and not for the callback.

    Replies are `{"result", "id"}`, `{"error", "id"}` or `{"code", "msg"}`, the last with or
    without an `id`; a `serverShutdown` is `{"e", "E"}`, or `{"stream": "!serverShutdown", "data"}`
    on combined streams.  Data of two members is always `{"stream", "data"}`.
    https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
    """
    if not isinstance(message, dict) or len(message) > MOST_CONTROL_MEMBERS:
        return False
    if "data" in message:
        return message.get("stream") == "!serverShutdown"
    return (
        "result" in message
        or "error" in message
        or "code" in message
        or message.get("e") == "serverShutdown"
    )


class Dispatch:
    """A callback, guarded."""

    def __init__(self, owner: Owner, callback: Callback) -> None:
        self.owner = owner
        self.callback: Callback = callback
        self.dropped = 0
        self.callback_errors = 0
        self._error_log = RepeatedLog()

    #: whether a callback that is slow misses messages by intention
    drops_messages = False

    @property
    def is_muted(self) -> bool:
        return self.callback is _ignore

    def mute(self) -> None:
        """Call the callback no more."""
        self.callback = _ignore

    def replace(self, callback: Callback) -> None:
        """Call another callback from now on."""
        self.callback = callback

    def deliver(self, message: object) -> None:
        """Pass a message on."""
        raise NotImplementedError

    def sink(
        self,
        control: Callable[[dict[str, object]], None],
        admit: Callable[[object], bool] | None = None,
        gaps: Sequence[object] = (),
        report_gaps: Callable[[], None] = _nothing,
        deliver: Callable[[object], None] | None = None,
        malformed: Callable[[object], None] = _ignore,
    ) -> Sink:
        """What takes each message of a link.

        Those that are not data go to `control`, those that are neither an object nor a list to
        `malformed`.  Of the others those pass that `admit` says; where that has left something in
        `gaps`, `report_gaps` is called first.  They go to `deliver`, which is our own unless
        somebody wants to reshape them.
        """
        deliver = deliver or self.deliver

        def sink(message: object) -> None:
            if message.__class__ is dict:
                if len(message) < 4 and is_control(message):
                    control(message)
                    return
            elif not isinstance(message, (list, dict)):
                malformed(message)
                return
            if admit is not None:
                passes = admit(message)
                if gaps:
                    report_gaps()
                if not passes:
                    return
            deliver(message)

        return sink

    def fast_sink(self, track: Track, sink: Sink) -> Sink:
        """The same sink for the messages of one stream, with a shorter way where there is one.

        A message whose id is the next one is data, new, and leaves no gap: one comparison in
        place of all checks, and half of the cost of a message beside its decoding. That is why
        each closure below is written out: sharing one step of them costs 30 to 70 ns a message.
        The track gets the id alone: to keep the event as well costs another 10 ns, and `Track.note`
        gets the last one of a read.
        """
        if isinstance(track, ContiguousTrack):
            return self._contiguous(track, sink)
        if isinstance(track, DiffTrack):
            return self._diffs(track, sink)
        return sink

    def _contiguous(self, track: ContiguousTrack, sink: Sink) -> Sink:
        """A sink that delivers by itself what has the next id."""
        raise NotImplementedError

    def _diffs(self, track: DiffTrack, sink: Sink) -> Sink:
        """A sink that delivers by itself what begins with the next id."""
        raise NotImplementedError

    def end_of_read(self) -> None:
        """What one read brought has been delivered."""

    def may_resume(self) -> bool:
        """Is reading to go on?  In the reactor thread, after `Owner.resume`."""
        return True

    def finish(self, done: Callable[[], None]) -> None:
        """Call `done` in any thread when no call of the callback is under way or will come."""
        done()

    def failed(self, error: BaseException) -> None:
        """Log, count and tell what the callback raised."""
        self.callback_errors += 1
        self._error_log.raised(f"the callback of {shown(self.owner.key)}", error, self.owner.now())
        self.owner.callback_failed(error)
        if isinstance(error, (SystemExit, KeyboardInterrupt)):
            self.owner.fatal()


class ReactorDispatch(Dispatch):
    """Calls the callback in the reactor thread, once for each message, as it arrives."""

    def deliver(self, message: object) -> None:
        try:
            self.callback(message)
        except BaseException as error:  # noqa: BLE001 - the user's code: anything
            self.failed(error)

    def _contiguous(self, track: ContiguousTrack, sink: Sink) -> Sink:
        field = track.field

        def fast_sink(message: Any) -> None:
            try:
                number = message[field]
                is_next = number - 1 == track.last
            except (KeyError, TypeError):
                is_next = False
            if not is_next:
                sink(message)
                return
            track.last = number
            try:
                self.callback(message)
            except BaseException as error:  # noqa: BLE001 - the user's code: anything
                self.failed(error)

        return fast_sink

    def _diffs(self, track: DiffTrack, sink: Sink) -> Sink:
        def fast_sink(message: Any) -> None:
            try:
                last = message["u"]
                is_next = message["U"] - 1 == track.last
            except (KeyError, TypeError):
                is_next = False
            if not is_next:
                sink(message)
                return
            track.last = last
            try:
                self.callback(message)
            except BaseException as error:  # noqa: BLE001 - the user's code: anything
                self.failed(error)

        return fast_sink


class ThreadDispatch(Dispatch):
    """Calls the callback in a thread of its own, through a queue.

    `drop_oldest` drops from the far end of a full queue, `latest` keeps the newest message of each
    stream and symbol, `block` has the owner stop reading until half of the queue is free.  Only the
    reactor thread, which alone puts messages in, decides about that: the other asks it to look.

    The deque is the only thing that both threads write, by operations that are atomic in CPython,
    so nothing is locked for a message.  The thread that finds it empty clears `_gate`, looks once
    more and waits: what is put in between is seen or opens the gate.
    """

    def __init__(self, owner: Owner, callback: Callback, queue_size: int, overflow: str) -> None:
        super().__init__(owner, callback)
        self.queue_size = queue_size
        self.overflow = overflow
        self._batch: list[object] = []
        self._queue: deque[object] = deque()
        self._slots: dict[object, object] = {}  # of `latest`: subject -> newest message
        self._gate = threading.Event()
        self._ending = False
        self._blocked = False  # written by the reactor thread
        self._asked = False  # to look whether reading may go on
        self._reported = 0
        self._done: list[Callable[[], None]] = []
        self._lock = threading.Lock()  # guards `_slots` and `_done`
        self._thread = threading.Thread(
            target=self._run, name=f"binance-callback-{shown(owner.key)[:40]}", daemon=True
        )
        self._thread.start()

    @property
    def drops_messages(self) -> bool:  # type: ignore[override]
        return self.overflow == "latest"

    @property
    def queued(self) -> int:
        """How many messages wait."""
        return len(self._queue) + len(self._slots)

    # from the reactor thread

    def deliver(self, message: object) -> None:
        self._batch.append(message)

    def _contiguous(self, track: ContiguousTrack, sink: Sink) -> Sink:
        field, put = track.field, self._batch.append

        def fast_sink(message: Any) -> None:
            try:
                number = message[field]
                is_next = number - 1 == track.last
            except (KeyError, TypeError):
                is_next = False
            if is_next:
                track.last = number
                put(message)
            else:
                sink(message)

        return fast_sink

    def _diffs(self, track: DiffTrack, sink: Sink) -> Sink:
        put = self._batch.append

        def fast_sink(message: Any) -> None:
            try:
                last = message["u"]
                is_next = message["U"] - 1 == track.last
            except (KeyError, TypeError):
                is_next = False
            if is_next:
                track.last = last
                put(message)
            else:
                sink(message)

        return fast_sink

    def end_of_read(self) -> None:
        batch = self._batch
        if not batch:
            return
        if self.overflow == "latest":
            taken = batch.copy()
            batch.clear()  # first: a message that raises must not come again with each read
            self._keep_latest(taken)
        else:
            self._queue.extend(batch)
            batch.clear()
            if len(self._queue) > self.queue_size:
                self._overflow()
        self._wake()

    def _overflow(self) -> None:
        if self.overflow == "block":
            if not self._blocked:
                self._blocked = True
                self.owner.pause()
            return
        while len(self._queue) > self.queue_size:  # looked at anew: the thread takes some too
            try:
                self._queue.popleft()
            except IndexError:  # the thread was quicker
                break
            self.dropped += 1
        self._report_dropped()

    def may_resume(self) -> bool:
        self._asked = False  # before the look: what is taken from now on asks again
        if not self._blocked or len(self._queue) > self.queue_size // 2:
            return False
        self._blocked = False
        return True

    def _keep_latest(self, batch: list[object]) -> None:
        with self._lock:
            slots = self._slots
            before = len(slots)
            for message in batch:
                about = subject(message)
                slots[about] = newest(slots.pop(about, None), message)
            self.dropped += before + len(batch) - len(slots)
        self._report_dropped()

    def _report_dropped(self) -> None:
        if self.dropped > self._reported:
            reported, self._reported = self._reported, self.dropped
            self.owner.overflowed(self.dropped - reported)

    def _wake(self) -> None:
        if not self._gate.is_set():
            self._gate.set()

    # from any thread

    def finish(self, done: Callable[[], None]) -> None:
        with self._lock:
            self._done.append(done)
            self._ending = True
        self._wake()
        if not self._thread.is_alive():
            self._call_done()

    def _call_done(self) -> None:
        with self._lock:
            waiting, self._done = self._done, []
        for done in waiting:
            done()

    # in the thread

    def _run(self) -> None:
        try:
            while True:
                for message in self._take():
                    try:
                        self.callback(message)
                    except BaseException as error:  # noqa: BLE001 - the user's code: anything
                        self.failed(error)
                    if self._blocked:
                        self._make_room()
                if self._is_idle():
                    if self._ending:
                        return
                    self._gate.wait()
        finally:
            self._call_done()

    def _take(self) -> Iterator[object]:
        """What waits, one at a time, so that the bound of the queue means what it says."""
        if self.overflow == "latest":
            with self._lock:
                taken, self._slots = self._slots, {}
            yield from taken.values()
            return
        take = self._queue.popleft
        try:
            while True:
                yield take()
        except IndexError:  # that is all
            return

    def _is_idle(self) -> bool:
        """Whether to wait at the gate."""
        if self.queued:
            return False
        self._gate.clear()
        self._make_room()  # the queue may have been full, and empty before reading was stopped
        return not self.queued

    def _make_room(self) -> None:
        if self._blocked and not self._asked and len(self._queue) <= self.queue_size // 2:
            self._asked = True
            self.owner.resume()


class CoroutineDispatch(ThreadDispatch):
    """Awaits a coroutine function, message after message, on an event loop in its own thread.

    What the coroutine starts with `asyncio.create_task` runs on while no message is there.
    """

    _loop: asyncio.AbstractEventLoop | None = None

    def _wake(self) -> None:
        if self._gate.is_set():
            return
        self._gate.set()
        if self._loop is not None:
            try:
                self._loop.call_soon_threadsafe(self._awake.set)
            except RuntimeError:  # the loop has ended meanwhile, as it was asked to
                logger.debug("the loop of %s has ended", shown(self.owner.key))

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._call_done()

    async def _serve(self) -> None:
        self._awake = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        while True:
            for message in self._take():
                try:
                    awaitable = self.callback(message)
                    if awaitable is not None:  # a muted callback returns nothing
                        await awaitable  # type: ignore[misc]
                except BaseException as error:  # noqa: BLE001 - the user's code: anything
                    self.failed(error)
                if self._blocked:
                    self._make_room()
            self._awake.clear()
            if self._is_idle():
                if self._ending:
                    return
                await self._awake.wait()
