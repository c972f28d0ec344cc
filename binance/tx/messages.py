"""Iterating over messages: `for` in threads, `async for` on asyncio loops and in Deferreds.

Each socket of a `Messages` object has an `Inbox`, which puts the messages of a read into one queue
in the order of their arrival.  It wakes the waiting consumers once for each read.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Self

from twisted.internet.defer import Deferred

from binance.events import Event, Overflowed
from binance.exceptions import BinanceStreamLost, redact
from binance.sansio.names.named import Shape, Source, free_key, shape
from binance.tx.dispatch import MESSAGES_WITHOUT_PAUSE, Consumer, Owner, QueueDispatch
from binance.tx.loop import reactor
from binance.tx.past.checkpoint import Mark
from binance.tx.sessions.named import open_source

logger = logging.getLogger("binance")

NOTHING, _END = object(), object()


class Inbox(QueueDispatch, Consumer):
    """Puts the messages of one socket into the queue of a `Messages` object."""

    def __init__(self, messages: Messages, shaped: Shape | None) -> None:
        """Nothing yet: the socket calls `dispatch`."""
        self._messages = messages
        self._shape = shaped
        #: those that wait in the queue, and the only `Overflowed` among them by its type
        self.events: dict[object, Event] = {}
        self.is_over = False

    def __call__(self, message: object) -> None:
        """The callback, which is never called."""

    def dispatch(self, owner: Owner, queue_size: int, overflow: str) -> Inbox:
        super().__init__(owner, self.__call__, queue_size, overflow)
        self._queue = self._messages.queue
        return self

    # from the socket

    def end_of_read(self) -> None:
        if self._messages.is_lost or self.is_muted:
            self._batch.clear()
        elif self._shape is not None:
            shaped = self._shape
            self._batch[:] = [one if type(one) is Mark else shaped(one) for one in self._batch]
        super().end_of_read()

    def report(self, event: Event) -> None:
        if not self._messages.has_events or self._messages.is_lost:
            return
        self.end_of_read()  # what came before the event
        about: object = type(event) if isinstance(event, Overflowed) else object()
        with self._lock:
            waiting = self._slots if self.overflow == "latest" else self.events
            before = waiting.pop(about, None)
            if isinstance(event, Overflowed) and isinstance(before, Overflowed):
                event = replace(event, dropped=before.dropped + event.dropped)
            waiting[about] = event
        if waiting is self.events and before is None:
            self._queue.append(Mark(partial(self._take_event, about), stays=True))
        self._wake()

    @property
    def _staying(self) -> int:
        return self._messages.count_events()

    def give_up(self, error: dict[str, str], reason: str) -> None:
        self._messages.lose(BinanceStreamLost(redact(self.owner.key), reason))

    def mute(self) -> None:
        super().mute()
        self._end()
        self._messages.muted()

    def finish(self, done: Callable[[], None]) -> None:
        self._end()
        done()

    def _end(self) -> None:
        self.is_over = True
        self._wake()

    def _wake(self) -> None:
        self._messages.wake()

    # from the consumers

    def _take_event(self, about: object) -> Event:
        with self._lock:
            return self.events.pop(about)

    def refill(self) -> None:
        """Move the newest messages into the queue, if only these are kept."""
        if self.overflow == "latest":
            self._queue.extend(self._take())

    def make_room(self) -> None:
        """Resume reading, if it was stopped and there is room again."""
        self._make_room()


class Messages:
    """The messages of some streams, for `for` and `async for`, made by `bm.messages(..)`.

    Use it in a `with` or `async with` block, which opens the sockets and closes them at its end.
    Any number of threads and tasks may take messages from it: each message goes to one of them.

    :raises BinanceStreamLost: all retries of a socket have failed; raised after its last message.
    :raises RuntimeError: a second block, a loop outside of the block, or a loop that would block
        the reactor thread.
    """

    def __init__(
        self,
        manager: Any,
        sources: list[Source],
        events: bool,
        client: Any,
        options: Mapping[str, Any],
    ) -> None:
        if "dispatch" in options:
            raise TypeError("messages() takes no dispatch: its loop runs where you write it")
        for source in sources:
            manager._open_sockets.checked(print, options, source.is_account)
        #: the socket keys, for `stats()` and the events
        self.keys: list[str] = []
        self.has_events = events
        self.queue: deque[object] = deque()
        self.is_lost = False
        self._take = self.queue.popleft
        self._manager = manager
        self._sources = sources
        self._client = client
        self._options = options
        self._inboxes: list[Inbox] = []
        self._conns: dict[str, object] = {}
        self._waiters: dict[object, Callable[[], object]] = {}
        self._error: BinanceStreamLost | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_entered = self._blocks = False
        self._before_pause = MESSAGES_WITHOUT_PAUSE

    # the block

    def __enter__(self) -> Self:
        if self._is_entered:
            raise RuntimeError("this object has had its block: call messages() again")
        self._is_entered = True
        try:
            self._manager._open_sockets.borrow(self)
            self._open()
        except BaseException:
            self.close()
            raise
        return self

    def _open(self) -> None:
        """Open the sockets."""
        table = self._manager._open_sockets
        is_single = sum(max(1, len(source.streams)) for source in self._sources) == 1
        for source in self._sources:
            inbox = self._inbox(shape(source, is_single))
            what = inbox, self._client, self._options, is_single
            with table.lock:  # else another thread could take the same key
                key = free_key(source.path, [key for key, _ in table.held()])
                self._opened(open_source(self._manager, source, key, *what), inbox)

    def _inbox(self, shaped: Shape | None) -> Inbox:
        inbox = Inbox(self, shaped)
        self._inboxes.append(inbox)
        return inbox

    def _opened(self, key: str, inbox: Inbox) -> None:
        self.keys.append(key)
        self._conns[key] = inbox.owner
        self._blocks = inbox.overflow == "block"

    def __exit__(self, *error: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        self._loop = _running_loop()
        return self.__enter__()

    async def __aexit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the sockets, and end all loops over this object.  Any thread.

        When it has returned, no loop gets a further message: what waits in the queue is dropped.
        A loop in another thread may still be busy with the message that it got before.
        """
        conns, self._conns = self._conns, {}
        self._loop = None
        for key, conn in conns.items():
            self._manager._stop_own(key, conn)
        self._drop()
        self._manager._open_sockets.give_back(self)

    # the loops

    def __iter__(self) -> Self:
        return self

    def __aiter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        while True:
            try:
                message = self._take()
            except IndexError:
                message = self._wait()
            if self._blocks:
                self._make_room()
            if message.__class__ is not Mark:
                break
            event = message.passed()
            if message.stays:
                return event
        if message is _END:
            raise StopIteration
        return message

    async def __anext__(self) -> Any:
        self._before_pause -= 1
        if not self._before_pause:
            self._before_pause = MESSAGES_WITHOUT_PAUSE
            if _running_loop() is not None:
                await asyncio.sleep(0)
        while True:
            try:
                message = self._take()
            except IndexError:
                message = await self._await(self._poll)
            if self._blocks:
                self._make_room()
            if message.__class__ is not Mark:
                break
            event = message.passed()
            if message.stays:
                return event
        if message is _END:
            raise StopAsyncIteration
        return message

    def _wait(self) -> object:
        if reactor.is_inside():
            raise RuntimeError(
                "a `for` loop over messages would block the reactor thread: use `async for`"
            )
        while True:
            woken = threading.Event()
            self._waiters[woken] = woken.set
            try:
                if (message := self._poll()) is not NOTHING:
                    return message
                reactor.wait(woken.wait)
            finally:
                self._waiters.pop(woken, None)

    async def _await(self, poll: Callable[[], object]) -> object:
        while True:
            awaited, wake = _suspension()
            self._waiters[awaited] = wake
            try:
                if (message := poll()) is not NOTHING:
                    return message
                await awaited
            finally:
                self._waiters.pop(awaited, None)

    def _poll(self) -> object:
        """The next message, the end, or nothing.

        A consumer calls this after it has entered itself among those that are to be woken.
        """
        if not self._is_entered:
            raise RuntimeError("open the block first: `with bm.messages(..) as messages:`")
        is_over = self.is_lost or all(inbox.is_over for inbox in self._inboxes)  # before the look
        for inbox in self._inboxes:
            inbox.refill()
        try:
            return self._take()
        except IndexError:
            pass
        if self._error is not None:
            raise self._error
        self._make_room()  # the queue may have become empty before reading was stopped
        return _END if is_over else NOTHING

    def _make_room(self) -> None:
        for inbox in self._inboxes:
            inbox.make_room()

    # from the inboxes

    def count_events(self) -> int:
        """The number of events in the queue."""
        return sum(len(inbox.events) for inbox in self._inboxes)

    def lose(self, error: BinanceStreamLost) -> None:
        """All retries of a socket have failed: nothing more is added.  Reactor thread."""
        if not self.is_lost:
            self._error, self.is_lost = error, True
            self.wake()

    def muted(self) -> None:
        """A socket was stopped; after the last one no message follows.  Any thread."""
        if not self.is_lost and all(inbox.is_over for inbox in self._inboxes):
            self._drop()

    def _drop(self) -> None:
        """Give no further message: the reactor thread may be about to add one."""
        self._take = _take_none
        self.queue.clear()

    def wake(self) -> None:
        """Wake the waiting consumers.  Any thread."""
        waiters = self._waiters
        while waiters:
            try:
                wake = waiters.pop(next(iter(waiters)))  # who has waited for longest comes first
            except (KeyError, StopIteration, RuntimeError):  # one has gone meanwhile
                continue
            wake()
        if self._loop is not None and self._loop.is_closed():
            logger.warning("%s is closed: its event loop has ended", ", ".join(self.keys))
            self.close()


def _take_none() -> object:
    raise IndexError("the loop has ended")


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """The asyncio loop whose task is the caller; None in a Deferred-based coroutine."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return None
    return None if asyncio.current_task(loop) is None else loop


def _suspension() -> tuple[Awaitable[None], Callable[[], object]]:
    """Something to await here, and the function that ends the wait, for any thread."""
    loop = _running_loop()
    if loop is not None:
        future = loop.create_future()
        return future, partial(_wake_task, loop, future)
    if not reactor.is_inside():
        raise RuntimeError(
            "`async for` over messages needs an asyncio loop, or a coroutine in the reactor "
            "thread; elsewhere, as in trio, take each message by next(messages) in a thread"
        )
    deferred: Deferred[None] = Deferred()
    return deferred, partial(reactor.get().callFromThread, _fire, deferred)


def _wake_task(loop: asyncio.AbstractEventLoop, future: asyncio.Future[None]) -> None:
    try:
        loop.call_soon_threadsafe(_resolve, future)
    except RuntimeError:
        logger.debug("the event loop of a waiting task has ended")


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _fire(deferred: Deferred[None]) -> None:
    if not deferred.called:
        deferred.callback(None)
