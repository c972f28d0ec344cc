"""Calls the user's callbacks, and handles their exceptions.

An exception of a callback must not reach the transport, because there it would drop the link.  So
it is logged with its traceback, counted and reported, and the next message is delivered.

`deliver` is called for each message, and `end_of_read` after each read.  Both run in the reactor
thread and never raise.  `mute` may be called in any thread and takes effect at once: only a call of
the callback that has begun already continues.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Any

from binance.events import Event
from binance.sansio.feed.cursors import ContiguousTrack, DiffTrack, Track, newest, subject
from binance.sansio.wire.log_text import shown
from binance.tx.past.checkpoint import Mark
from binance.tx.repeated_log import RepeatedLog

logger = logging.getLogger("binance")

Callback = Callable[[Any], object]
Sink = Callable[[object], None]

POLICIES = ("reactor", "thread")
OVERFLOWS = ("drop_oldest", "latest", "block")
#: A callback that blocks the reactor thread for more seconds than this causes a warning.
SLOW_SECONDS = 1.0
#: The messages that a coroutine function gets before the other tasks of its loop have their turn,
#: even if it never waits.
MESSAGES_WITHOUT_PAUSE = 100
#: From this number of waiting messages on, the reactor thread lets the callback's thread run, for
#: this number of seconds at most.
BURST_MESSAGES = 8
BURST_SECONDS = 0.005
#: The loops in callback threads, which end with their socket.
_own_loops: weakref.WeakSet[asyncio.AbstractEventLoop] = weakref.WeakSet()
#: Maximum number of fields of a reply or an announcement; most data has more.
MOST_CONTROL_MEMBERS = 3


class Owner:
    """Gets the reports of a dispatch; the base class ignores them, for tests.

    `overflowed` and `pause` are called in the reactor thread, `callback_failed` and `fatal` in the
    callback's, all others in any.
    """

    key = ""

    def callback_failed(self, error: BaseException) -> None: ...
    def fatal(self) -> None: ...  # it raised SystemExit or KeyboardInterrupt: end the program
    def overflowed(self, dropped: int) -> None: ...  # their number since the last report
    def pause(self) -> None: ...  # the queue is full: stop reading
    def resume(self) -> None: ...  # there is room: call `may_resume` in the reactor thread
    def abandoned(self) -> None: ...  # the event loop of the callback has ended

    def now(self) -> float:
        """Seconds of a clock that does not jump."""
        return time.monotonic()


def check_callable(name: str, function: object, argument: str) -> None:
    """Raise TypeError if a function of the user cannot be called with one argument.

    Functions in C often have no signature, so they are not judged.
    """
    from binance.helpers import takes_one_argument  # brings `decimal`, which no socket needs

    is_known = not inspect.isbuiltin(function)
    if not callable(function) or (is_known and not takes_one_argument(function)):
        allowed = f"callable, with one argument for the {argument}"
        raise TypeError(f"{name} must be {allowed}, not {function!r}")


def check(callback: object, dispatch: object, queue_size: object, overflow: object) -> None:
    """Raise TypeError or ValueError for arguments that cannot work."""
    check_callable("callback", callback, "message")
    if dispatch not in POLICIES:
        raise ValueError(f"dispatch must be one of {', '.join(POLICIES)}, not {dispatch!r}")
    if overflow not in OVERFLOWS:
        raise ValueError(f"overflow must be one of {', '.join(OVERFLOWS)}, not {overflow!r}")
    if type(queue_size) is not int or queue_size < 1:
        raise ValueError(f"queue_size must be a whole number from 1, not {queue_size!r}")


def make(
    owner: Owner, callback: Callback, dispatch: str, queue_size: int, overflow: str
) -> Dispatch:
    """The dispatch for a callback; coroutine functions run on an event loop."""
    if isinstance(callback, Consumer):
        return callback.dispatch(owner, queue_size, overflow)
    if is_coroutine_function(callback):
        return CoroutineDispatch(owner, callback, queue_size, overflow, _callers_loop())
    if dispatch == "thread":
        return ThreadDispatch(owner, callback, queue_size, overflow)
    return ReactorDispatch(owner, callback)


def is_alike(present: Dispatch, callback: Callback, dispatch: str) -> bool:
    """Whether the present dispatch has the kind that this callback needs."""
    if isinstance(callback, Consumer):
        return False
    if is_coroutine_function(callback):
        return isinstance(present, CoroutineDispatch) and present.users_loop is _callers_loop()
    return type(present) is (ThreadDispatch if dispatch == "thread" else ReactorDispatch)


def is_coroutine_function(callback: object) -> bool:
    own_call: object = getattr(callback, "__call__", None)  # noqa: B004 - of a callable object
    try:
        return any(map(inspect.iscoroutinefunction, (callback, own_call)))
    except TypeError:  # a mock that has the spec of a function
        return False


def _callers_loop() -> asyncio.AbstractEventLoop | None:
    """The asyncio loop that runs in this thread, but for those of our own callback threads."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return None
    return None if loop in _own_loops else loop


def _nothing() -> None:
    """Do nothing."""


def _ignore(message: object) -> None:
    """The callback of a stopped socket."""


def is_control(message: object) -> bool:
    """Whether a message is a control message, which the callback does not get.

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


def stamp(messages: Iterable[object]) -> None:
    """Add `_received` to messages of the exchange: now, in nanoseconds of UNIX time."""
    now = time.time_ns()
    for message in messages:
        for one in message if isinstance(message, list) else (message,):
            if isinstance(one, dict) and one.get("e") != "error":
                one["_received"] = now


class Dispatch:
    """A callback, guarded."""

    def __init__(self, owner: Owner, callback: Callback) -> None:
        self.owner = owner
        self.callback: Callback = callback
        self.dropped = 0
        self.callback_errors = 0
        self._error_log = RepeatedLog()

    is_stamping = False
    #: whether all messages of a read are processed before the next, however many they are
    may_read_ahead = False
    #: whether a slow callback is meant to miss messages
    drops_messages = False
    #: number of depth diffs of one read after which `end_of_read` is called early
    burst = sys.maxsize
    #: number of messages that can be delivered now
    room = sys.maxsize
    #: number of messages that wait for the callback
    queued = 0

    @property
    def is_muted(self) -> bool:
        return self.callback is _ignore

    def mute(self) -> None:
        self.callback = _ignore

    def replace(self, callback: Callback) -> None:
        """Call another callback from now on."""
        self.callback = self._stamped(callback) if self.is_stamping else callback

    def stamp(self) -> None:
        self.is_stamping = True
        self.replace(self.callback)

    def _stamped(self, callback: Callback) -> Callback:
        def stamped(message: object) -> object:
            stamp((message,))
            return callback(message)

        return stamped

    def deliver(self, message: object) -> None:
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
        """A function that processes each message of a link.

        Control messages go to `control`.  Messages that are neither an object nor a list go to
        `malformed`.  `admit` decides whether any other message is delivered.  If it has left
        something in `gaps`, `report_gaps` is called first.  The message goes to the `deliver` of
        the caller, if there is one, else to our own.
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
        """A faster sink for the messages of one stream, if there is one; else the same sink.

        A message with the next id is certainly data, new, and without a gap before it.  So one
        comparison replaces all checks, and saves half of the cost of a message without decoding.
        Each closure below is written out, because a shared step would cost 30 to 70 ns a message.
        The track gets the id only: to keep the event as well would cost another 10 ns.
        `Track.note` gets the last event of a read.
        """
        if isinstance(track, ContiguousTrack) and track.field:  # candles have no id
            return self._contiguous(track, sink)
        if isinstance(track, DiffTrack):
            return self._diffs(track, sink)
        return sink

    def _contiguous(self, track: ContiguousTrack, sink: Sink) -> Sink:
        """A sink that delivers an event with the next id without further checks."""
        raise NotImplementedError

    def _diffs(self, track: DiffTrack, sink: Sink) -> Sink:
        """A sink that delivers a diff that starts with the next id without further checks."""
        raise NotImplementedError

    def end_of_read(self) -> None:
        """All messages of one read have been delivered."""

    def report(self, event: Event) -> None:
        """A lifecycle event of the socket.  Reactor thread."""

    def give_up(self, error: dict[str, str], reason: str) -> None:
        """The last retry has failed: deliver the error dict.  Reactor thread."""
        self.deliver(error)
        self.end_of_read()

    def may_resume(self) -> bool:
        """Whether to resume reading.  Called in the reactor thread, after `Owner.resume`."""
        return True

    def finish(self, done: Callable[[], None]) -> None:
        """Call `done` after the last call of the callback, in any thread."""
        done()

    def failed(self, error: BaseException) -> None:
        """Log, count and report an exception of the callback."""
        self.callback_errors += 1
        self._error_log.raised(f"the callback of {shown(self.owner.key)}", error, self.owner.now())
        self.owner.callback_failed(error)
        if isinstance(error, (SystemExit, KeyboardInterrupt)):
            self.mute()  # what was read already is not for a program that ends
            self.owner.fatal()


class Consumer:
    """In place of a callback: takes the messages of a socket by a dispatch of its own."""

    def __call__(self, message: object) -> None:
        raise NotImplementedError

    def dispatch(self, owner: Owner, queue_size: int, overflow: str) -> Dispatch:
        raise NotImplementedError


class ReactorDispatch(Dispatch):
    """Calls the callback in the reactor thread, once for each message, as it arrives.

    This has the lowest latency, and old scripts rely on it.
    """

    may_read_ahead = True

    def deliver(self, message: object) -> None:
        try:
            self.callback(message)
        except BaseException as error:  # noqa: BLE001 - user code
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
            except BaseException as error:  # noqa: BLE001 - user code
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
            except BaseException as error:  # noqa: BLE001 - user code
                self.failed(error)

        return fast_sink


class QueueDispatch(Dispatch):
    """Passes the messages of each read to a consumer in another thread, through a queue.

    If the queue is full, `drop_oldest` drops the oldest messages, `latest` keeps the newest message
    of each stream and symbol, and `block` stops reading until half of the queue is free.  Only the
    reactor thread adds messages and makes these decisions; the consumer asks it to check.

    Both threads write only the deque, by operations that are atomic in CPython, so a message needs
    no lock.
    """

    def __init__(self, owner: Owner, callback: Callback, queue_size: int, overflow: str) -> None:
        super().__init__(owner, callback)
        self.queue_size = queue_size
        self.overflow = overflow
        self._batch: list[object] = []
        self._queue: deque[object] = deque()
        self._slots: dict[object, object] = {}  # for `latest`: subject -> newest message
        self._blocked = False  # written by the reactor thread
        self._asked = False  # whether the reactor thread was asked to resume reading
        self._reported = 0
        self._lock = threading.Lock()  # guards `_slots`

    @property
    def drops_messages(self) -> bool:  # type: ignore[override]
        return self.overflow == "latest"

    @property
    def room(self) -> int:  # type: ignore[override]
        return sys.maxsize if self.drops_messages else max(0, self.queue_size - self.queued)

    @property
    def queued(self) -> int:  # type: ignore[override]
        return len(self._queue) + len(self._slots)

    def _stamped(self, callback: Callback) -> Callback:
        return callback  # `end_of_read` does it

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
        batch, put, burst = self._batch, self._batch.append, self.burst

        def fast_sink(message: Any) -> None:
            try:
                last = message["u"]
                is_next = message["U"] - 1 == track.last
            except (KeyError, TypeError):
                is_next = False
            if is_next:
                track.last = last
                put(message)
                if len(batch) >= burst:
                    self.end_of_read()
            else:
                sink(message)

        return fast_sink

    def end_of_read(self) -> None:
        batch = self._batch
        if not batch:
            if self._blocked:
                self._wake()
            return
        if self.is_stamping:
            stamp(batch)
        if self.overflow == "latest":
            taken = batch.copy()
            batch.clear()  # first: a message that raises must not stay for the next read
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
        kept: list[object] = []
        most = self.queue_size + self._staying
        while len(self._queue) + len(kept) > most:  # each time: the thread takes messages too
            try:
                oldest = self._queue.popleft()
            except IndexError:  # the thread took the last one
                break
            if type(oldest) is not Mark:
                self.dropped += 1
            elif oldest.stays:
                kept.append(oldest)
        self._queue.extendleft(reversed(kept))
        self._report_dropped()

    @property
    def _staying(self) -> int:
        """How many of the queue are never dropped."""
        return 0

    def may_resume(self) -> bool:
        self._asked = False  # before the check: the thread may ask again from now on
        if not self._blocked or len(self._queue) > self.queue_size // 2:
            return False
        self._blocked = False
        return True

    def _keep_latest(self, batch: list[object]) -> None:
        with self._lock:
            slots = self._slots
            before, marks = len(slots), 0
            for message in batch:
                about = Mark if type(message) is Mark else subject(message)
                old = slots.pop(about, None)
                marks += type(old) is Mark
                slots[about] = newest(old, message)
            self.dropped += before + len(batch) - len(slots) - marks
        self._report_dropped()

    def _report_dropped(self) -> None:
        if self.dropped > self._reported:
            reported, self._reported = self._reported, self.dropped
            self.owner.overflowed(self.dropped - reported)

    def _wake(self) -> None:
        """There is something for the consumer."""
        raise NotImplementedError

    # from the consumer

    def _take(self) -> Iterator[object]:
        """Remove and yield the waiting messages one by one, so that the queue's size is right."""
        if self.overflow == "latest":
            with self._lock:
                taken, self._slots = self._slots, {}
            yield from taken.values()
            return
        take = self._queue.popleft
        try:
            while True:
                yield take()
        except IndexError:  # the queue is empty
            return

    def _make_room(self) -> None:
        if self._blocked and not self._asked and len(self._queue) <= self.queue_size // 2:
            self._asked = True
            self.owner.resume()


class ThreadDispatch(QueueDispatch):
    """Calls the callback in its own thread.

    If the thread finds the queue empty, it clears `_gate`, checks once more and waits.  A message
    that is added in between is either seen or sets the event again.
    """

    burst = BURST_MESSAGES

    def __init__(self, owner: Owner, callback: Callback, queue_size: int, overflow: str) -> None:
        super().__init__(owner, callback, queue_size, overflow)
        self._gate = threading.Event()
        self._emptied: SimpleQueue[None] = SimpleQueue()
        self._is_awaited = self._is_behind = False
        self._ending = False
        self._done: list[Callable[[], None]] = []
        self._begin()

    def _begin(self) -> None:
        name = f"binance-callback-{shown(self.owner.key)[:40]}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _has_ended(self) -> bool:
        return not self._thread.is_alive()

    def _wake(self) -> None:
        if not self._gate.is_set():
            self._gate.set()
        if len(self._queue) >= BURST_MESSAGES and not self._is_behind:
            self._let_it_run()

    def _let_it_run(self) -> None:
        """Wait until the thread has emptied the queue.

        Otherwise the reactor thread would keep the interpreter's lock in a burst, and the queue
        would grow.  Python collects garbage after 700 new lists and dicts, and a depth diff has
        forty: visiting them, and all objects of the program, took most of the time of a message.
        A callback that needs longer is not waited for again until it has emptied the queue.
        """
        while not self._emptied.empty():  # the thread was too late
            self._emptied.get()
        self._is_awaited = True
        try:
            self._emptied.get(timeout=BURST_SECONDS)
        except Empty:
            self._is_behind = True
        self._is_awaited = False

    # from any thread

    def finish(self, done: Callable[[], None]) -> None:
        with self._lock:
            self._done.append(done)
            self._ending = True
        self._wake()
        if self._has_ended():
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
                    except BaseException as error:  # noqa: BLE001 - user code
                        self.failed(error)
                    if self._blocked:
                        self._make_room()
                if self._is_idle():
                    if self._ending:
                        return
                    self._gate.wait()
        finally:
            self._call_done()

    def _is_idle(self) -> bool:
        """Whether to wait for messages."""
        if self.queued:
            return False
        self._gate.clear()
        self._make_room()  # the queue may have become empty before reading was stopped
        is_idle = not self.queued
        if is_idle:
            self._is_behind = False
            if self._is_awaited:
                self._emptied.put(None)
        return is_idle


class CoroutineDispatch(ThreadDispatch):
    """Awaits a coroutine function for each message, on an event loop in its own thread.

    Tasks that the coroutine starts with `asyncio.create_task` continue while no message is there.

    :param users_loop: the loop on which the socket was started, if there is one: the function is
        awaited there.  If this loop ends before the socket, the socket is stopped: nothing could
        get its messages.
    """

    def __init__(
        self,
        owner: Owner,
        callback: Callback,
        queue_size: int,
        overflow: str,
        users_loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.users_loop = self._loop = users_loop
        self._is_abandoned = False
        self._awake = asyncio.Event()
        super().__init__(owner, callback, queue_size, overflow)

    def _begin(self) -> None:
        if self.users_loop is None:
            super()._begin()
        else:
            self._task = self.users_loop.create_task(self._serve_to_the_end())

    def _has_ended(self) -> bool:
        # A loop of the user is the user's to wait for, and may never run again.
        return self.users_loop is not None or super()._has_ended()

    def _wake(self) -> None:
        if self._gate.is_set() and (self.users_loop is None or not self.users_loop.is_closed()):
            return
        self._gate.set()
        if self._loop is not None:
            try:
                self._loop.call_soon_threadsafe(self._awake.set)
            except RuntimeError:
                self._loop_has_ended()

    def _loop_has_ended(self) -> None:
        if self.users_loop is None:
            logger.debug("the loop of %s has ended", shown(self.owner.key))
        elif not self._is_abandoned and not self.is_muted:  # else the socket was stopped
            self._is_abandoned = True
            self.owner.abandoned()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve_alone())
        except BaseException as error:  # noqa: BLE001 - of a task that user code has started
            self.failed(error)
            if not self.is_muted:
                self.owner.abandoned()
        finally:
            self._call_done()

    async def _serve_alone(self) -> None:
        self._loop = asyncio.get_running_loop()
        _own_loops.add(self._loop)
        await self._serve()

    async def _serve_to_the_end(self) -> None:
        try:
            await self._serve()
        except (SystemExit, KeyboardInterrupt) as error:  # while it was cancelled
            self.failed(error)
            raise
        finally:
            if not self._ending:
                self._loop_has_ended()
            self._call_done()

    async def _serve(self) -> None:
        while True:
            for number, message in enumerate(self._take(), 1):
                try:
                    awaitable = self.callback(message)
                    if awaitable is not None:  # a muted callback returns None
                        await awaitable  # type: ignore[misc]
                except BaseException as error:
                    task = asyncio.current_task()
                    is_cancelled = task is not None and task.cancelling() > 0
                    if is_cancelled and not isinstance(error, Exception):
                        raise
                    self.failed(error)
                if self._blocked:
                    self._make_room()
                if not number % MESSAGES_WITHOUT_PAUSE:
                    await asyncio.sleep(0)
            self._awake.clear()
            if self._is_idle():
                if self._ending:
                    return
                await self._awake.wait()
