"""Loops over messages: `for` and `async for` in threads of the user's, and their ends."""

from __future__ import annotations

import asyncio
import functools
import threading
import time
from typing import TYPE_CHECKING, Any

from binance.exceptions import BinanceStreamLost
from simulation.actions.registry import Draft, Operation, action
from simulation.records import SocketRecord, UsersError

if TYPE_CHECKING:
    from simulation.run import Run

ERROR = {"e": "error", "m": "Max reconnect retries reached"}


def draw_loop(draft: Draft) -> Operation:
    dice = draft.dice
    streams, name = draft.streams("multi"), draft.new_name("l")
    leaves = ("break", "raise", "cancel", "timeout", "close", "never")
    draft.sockets[name] = "loop"
    return {
        "name": name,
        "manager": dice.choice(draft.managers),
        "streams": sorted(dice.sample(streams, dice.randrange(1, min(4, len(streams))))),
        "options": {
            "overflow": dice.choice(("drop_oldest", "latest", "block")),
            "queue_size": dice.choice((3, 10, 30)),
        },
        "is_async": dice.random() < 0.5,
        "leave": dice.choice(leaves),
        "after": dice.choice((0, 1, 10, 100)),
    }


@action(draw_loop, feature="loops", weight=2.0)
def iterate(
    run: Run,
    name: str,
    manager: str,
    streams: list[str],
    options: dict[str, Any],
    is_async: bool,
    leave: str,
    after: int,
) -> None:
    """Loop over messages in a thread of the user's; leave after some messages, or seconds."""
    how = {**run.plan["managers"][manager], "dispatch": "thread", **options}
    record = SocketRecord(run, name, "loop", manager, set(streams), how)
    loop = _Loop(run, record, run.managers[manager].messages(*streams, **options), leave, after)
    threading.Thread(target=loop.run_async if is_async else loop.run, name="user loops").start()


class _Loop:
    """One loop, from its block's beginning to its end."""

    def __init__(
        self, run: Run, record: SocketRecord, messages: Any, leave: str, after: int
    ) -> None:
        self._run, self._record, self._messages = run, record, messages
        self._leave, self._after = leave, after
        self._left = max(after, 1)

    def run(self) -> None:
        try:
            with self._messages:
                self._begin()
                if self._leave in ("cancel", "timeout", "close"):
                    self._run.later(float(self._after), self._close)
                for message in self._messages:
                    time.sleep(self._record.take(message))
                    if self._is_over():
                        break
        except (BinanceStreamLost, UsersError) as error:
            self._lost(error)
        self._check()

    def run_async(self) -> None:
        asyncio.run(self._main())
        self._check()

    async def _main(self) -> None:
        try:
            async with self._messages:
                self._begin()
                await self._loop()
        except (BinanceStreamLost, UsersError) as error:
            self._lost(error)
        if len(asyncio.all_tasks()) > 1:
            self._found("a task is left behind", "loop task")

    async def _loop(self) -> None:
        if self._leave == "close":
            self._run.later(float(self._after), self._close)
        if self._leave == "timeout":
            try:
                async with asyncio.timeout(self._after):
                    await self._take_all()
            except TimeoutError:
                self._run.stopped(self._record)
        elif self._leave == "cancel":
            task = asyncio.ensure_future(self._take_all())
            await asyncio.wait([task], timeout=self._after)
            self._run.stopped(self._record)
            task.cancel()
            await asyncio.wait([task])
        else:
            await self._take_all()

    async def _take_all(self) -> None:
        async for message in self._messages:
            within, self._record.within = self._record.within, []
            for operation in within:  # elsewhere: a coroutine function would run on this loop
                self._run.later(0.0, functools.partial(self._run.perform, operation))
            await asyncio.sleep(self._record.take(message))
            if self._is_over():
                break

    def _begin(self) -> None:
        self._run.started(self._record, self._messages.keys[0])

    def _is_over(self) -> bool:
        """Whether to leave now; raises, if that is the way."""
        self._left -= 1
        if self._left or self._leave not in ("break", "raise"):
            return False
        self._run.stopped(self._record)
        if self._leave == "raise":
            raise UsersError("a user's loop")
        return True

    def _close(self) -> None:
        self._messages.close()
        self._run.stopped(self._record)

    def _lost(self, error: Exception) -> None:
        if isinstance(error, BinanceStreamLost):
            self._record.take(dict(ERROR))

    def _check(self) -> None:
        record, messages = self._record, self._messages
        self._run.stopped(record)
        if messages._waiters or messages.queue:
            self._found("something is left in the object", "loop object")
        if self._run.has_key(record):
            self._found("its key is left", "loop key")

    def _found(self, words: str, sign: str) -> None:
        self._run.found("7 Leftovers", f"after the end of a loop: {words}", sign)
