"""Reads messages from the engine, for one link: in the engine's thread, in batches."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import Any, Final

from nats.js import api
from nats.js.errors import NotFoundError

from binance.relay.engine import Client, Engine, Error, Msg
from binance.sansio.feed.backfill import Since
from binance.sansio.relay.names import ENGINE_STREAM, EPOCH, subject
from binance.sansio.relay.ordering import Order

#: Seconds between two heartbeats of the engine while nothing arrives.
HEARTBEAT_SECONDS = 1.0
#: Seconds without a heartbeat for one of several consumers after which a link ends.
SILENT_SECONDS: Final = 10.0
#: Seconds after which the engine forgets a reader that is gone.
INACTIVE_SECONDS = 30.0
#: Maximum number of messages that a member of a work queue has at a time.
IN_HAND: Final = 16
#: Seconds after which the engine gives a message to another member, if this one is gone.
TASK_SECONDS = 10.0
#: Seconds after which a message is tried again whose callback has raised.
FAILED_SECONDS = 1.0


@dataclass(slots=True)
class Arrived:
    """Something that came from the engine."""

    payload: bytes = b""
    sequence: int = 0
    part: Part | None = None
    epoch: int = 0
    flow: str = ""
    """Where to answer when everything before this was delivered: the engine then sends more."""
    lost: str = ""
    """Why the link has to begin anew."""
    is_opening: bool = False
    task: str = ""
    """Where to acknowledge a message of a work queue."""
    is_redelivered: bool = False


@dataclass(slots=True)
class Part:
    """Some streams that are read together."""

    names: list[str]
    seen: int
    """The engine's number of the last delivered message of these streams; -1: none was."""
    received: int = 0
    """How many messages have arrived."""
    heard: float = field(default_factory=monotonic)
    """When the engine has last sent anything."""


@dataclass(slots=True)
class Start:
    """Where the links of a connection begin: each goes on where the one before it ended.

    :param since: where streams begin; all others begin with the next message.
    :param group: the name of a work queue.
    """

    since: dict[str, Since]
    group: str | None
    queue_size: int
    reading: dict[str, Part] = field(default_factory=dict)
    """Of each stream: with which others it is read now."""
    skipped: dict[str, int] = field(default_factory=dict)
    """Of each stream: the number up to which an earlier link has delivered everything."""
    orders: dict[str, Order] = field(default_factory=dict)
    epochs: dict[str, int] = field(default_factory=dict)
    created: Any = None
    """When the engine's stream was created that is read."""
    lost: set[str] = field(default_factory=set)
    """The streams of which the engine no longer has everything, until this was reported."""

    def forget(self, names: Iterable[str]) -> None:
        """These streams are not wanted any more."""
        for name in names:
            for known in (self.reading, self.orders, self.epochs, self.skipped, self.since):
                known.pop(name, None)

    def first(self, name: str) -> int | None:
        """The id of the first event of a stream, if it begins with one."""
        since = self.since.get(name)
        return None if since is None else since.position

    def resume(self, names: Iterable[str], created: Any, first: int) -> None:
        """A new link reads these streams, and no further ones.

        :param created: when the engine's stream was created.
        :param first: the engine's number of its first message.
        """
        self.forget({*self.reading, *self.skipped, *self.since}.difference(names))
        for name, part in self.reading.items():
            if part.seen >= 0:
                self.skipped[name] = max(part.seen, self.skipped.get(name, 0))
        self.reading = {}
        is_anew = self.created not in (None, created)
        self.lost |= {name for name, at in self.skipped.items() if is_anew or at + 1 < first}
        if is_anew:  # the numbers begin at 1
            self.skipped = dict.fromkeys(self.skipped, 0)
            self.epochs.clear()
        self.created = created

    def miss(self, oldest: int) -> None:
        """The engine's first message has this time, in ms: streams cannot begin before it."""
        for name, since in list(self.since.items()):
            if name not in self.skipped and since.moment is not None and since.moment < oldest:
                self.lost.add(name)
                self.since[name] = Since(moment=oldest)

    def begin(self, names: Iterable[str], last: int) -> list[tuple[dict[str, Any], Part]]:
        """What to read: the options of the engine's consumers, each for some streams.

        :param last: the engine's number of its last message.
        """
        groups: dict[Any, list[str]] = {}
        for name in names:
            place: Any = "known" if name in self.skipped else None
            since = self.since.get(name)
            if place is None and since is not None:
                place = "all" if since.moment is None else since.moment
            groups.setdefault(place, []).append(name)
        found = []
        for place, some in groups.items():
            part = Part(some, last if place is None else -1)
            self.reading |= dict.fromkeys(some, part)
            found.append((self._options(place, some), part))
        return found

    def _options(self, place: Any, names: list[str]) -> dict[str, Any]:
        if place is None:
            return {"deliver_policy": api.DeliverPolicy.NEW}
        if place == "all":
            return {"deliver_policy": api.DeliverPolicy.ALL}
        if place == "known":
            start = min(self.skipped[name] for name in names) + 1
            return {"deliver_policy": api.DeliverPolicy.BY_START_SEQUENCE, "opt_start_seq": start}
        when = datetime.fromtimestamp(place / 1000, UTC)
        return {"deliver_policy": api.DeliverPolicy.BY_START_TIME, "opt_start_time": when}

    def is_new(self, name: str, arrived: Arrived) -> bool:
        """Whether no earlier link, and no other consumer of this one, brings this message."""
        part = arrived.part
        if part is None:
            return True
        part.seen = max(part.seen, arrived.sequence)
        return self.reading.get(name) is part and arrived.sequence > self.skipped.get(name, 0)


class Reader:
    """Reads the streams of one link."""

    def __init__(self, start: Start, wake: Callable[[], object]) -> None:
        self.arrived: deque[Arrived] = deque()
        self.is_woken = True  # until the link is open
        self._coming: deque[Arrived] = deque()  # messages may come before the engine's answer
        self._start = start
        self._wake = wake
        self._is_over = False
        self._in_hand: set[str] = set()
        self._subscriptions: list[Any] = []
        self._has_room = asyncio.Event()

    # in the engine's thread

    async def begin(self, client: Client, market: str, names: list[str]) -> None:
        """Read the streams of the link, which is open then."""
        if self._start.group is not None:
            await self._work(client, market, names)
        else:
            await self.read(client, market, names, is_first=True)

    async def read(
        self, client: Client, market: str, names: list[str], is_first: bool = False
    ) -> None:
        """Read these streams."""
        context = client.jetstream()
        info = await self._made(context.stream_info(ENGINE_STREAM))
        if is_first:
            self._start.resume(names, info.created, info.state.first_seq)
            if self._start.since:
                self._start.miss(await self._oldest(context, info))
        for options, part in self._start.begin(names, info.state.last_seq):
            inbox = client.new_inbox()
            reading = await client.subscribe(inbox, cb=partial(self._message, part))
            self._subscriptions.append(reading)
            config = api.ConsumerConfig(
                deliver_subject=inbox,
                filter_subjects=[subject(market, name) for name in part.names],
                ack_policy=api.AckPolicy.NONE,
                flow_control=True,
                idle_heartbeat=HEARTBEAT_SECONDS,
                inactive_threshold=INACTIVE_SECONDS,
                mem_storage=True,
                num_replicas=1,
                **options,
            )
            await self._made(context.add_consumer(ENGINE_STREAM, config))
        if is_first:
            self._open()

    async def _oldest(self, context: Any, info: Any) -> int:
        """The time of the engine's first message, or of its stream while that has none; in ms."""
        oldest = info.created
        if info.state.messages:
            oldest = (await self._made(context.get_msg(ENGINE_STREAM, info.state.first_seq))).time
        return int(oldest.timestamp() * 1000)

    async def _made(self, making: Any) -> Any:
        try:
            made = await making
        except NotFoundError:
            raise Error("no relay has published there yet") from None
        if self._is_over:  # the next link may have begun, from the same `Start`
            raise Error("the link has ended")
        return made

    def stop(self) -> None:
        """The link has ended."""
        self._is_over = True
        self._has_room.set()
        for one in self._subscriptions:
            asyncio.ensure_future(_tried(one.unsubscribe()))  # noqa: RUF006

    async def _message(self, part: Part, message: Msg) -> None:
        headers, reply = message.headers or {}, message.reply
        part.heard = monotonic()
        if "Status" in headers and not message.data:
            stalled = headers.get("Nats-Consumer-Stalled")
            last = headers.get("Nats-Last-Consumer")
            if last is not None and int(last) > part.received:
                self._put(Arrived(lost="messages of the engine were lost on the way"))
            silent = part.heard - SILENT_SECONDS
            if any(one.heard < silent for one in list(self._start.reading.values())):
                self._put(Arrived(lost="the engine sends no heartbeat for some streams"))
            self._put(Arrived(flow=reply or stalled or ""))
            return
        sequence, number = _numbers(reply)
        part.received += 1
        if number != part.received:
            self._put(Arrived(lost="messages of the engine were lost on the way"))
            return
        epoch = int(headers.get(EPOCH) or 0)
        self._put(Arrived(message.data, sequence, part, epoch))

    def _open(self) -> None:
        """The link is open: what has come before this is delivered after it."""
        self._coming.appendleft(Arrived(is_opening=True))
        self.arrived = self._coming
        self.is_woken = False
        self._put(Arrived())

    def _put(self, arrived: Arrived) -> None:
        if self._is_over:
            return
        self._coming.append(arrived)
        if not self.is_woken:
            self.is_woken = True
            self._wake()

    # work queues

    async def _work(self, client: Client, market: str, names: list[str]) -> None:
        context, group = client.jetstream(), self._start.group
        subjects = sorted(subject(market, name) for name in names)
        digest = hashlib.blake2b(" ".join(subjects).encode(), digest_size=6).hexdigest()
        durable = f"{group}-{digest}"
        try:
            await context.consumer_info(ENGINE_STREAM, durable)
        except NotFoundError:
            [(options, _), *_] = self._start.begin(names, 0)
            config = api.ConsumerConfig(
                durable_name=durable,
                filter_subjects=subjects,
                ack_policy=api.AckPolicy.EXPLICIT,
                ack_wait=TASK_SECONDS,
                **options,
            )
            await self._made(context.add_consumer(ENGINE_STREAM, config))
        reading = await context.pull_subscribe_bind(durable=durable, stream=ENGINE_STREAM)
        self._open()
        most = min(IN_HAND, self._start.queue_size)
        renewing = asyncio.ensure_future(self._renew(client))
        try:
            while not self._is_over:
                if len(self._in_hand) >= most:
                    self._has_room.clear()
                    await self._has_room.wait()
                    continue
                try:
                    messages = await reading.fetch(most - len(self._in_hand), HEARTBEAT_SECONDS)
                except TimeoutError:
                    messages = []
                    self._put(Arrived())  # a heartbeat
                for one in messages:
                    await self._take(one)
        finally:
            renewing.cancel()
            await _tried(reading.unsubscribe())

    async def _take(self, message: Msg) -> None:
        if self._is_over:  # another member may have it at once
            await _tried(message.nak())
            return
        is_again = message.metadata.num_delivered > 1
        self._in_hand.add(message.reply)
        self._put(Arrived(message.data, task=message.reply, is_redelivered=is_again))

    async def _renew(self, client: Client) -> None:
        """Keep what is in hand: its callback may take long."""
        while True:
            await asyncio.sleep(TASK_SECONDS / 3)
            self._put(Arrived())  # a heartbeat
            for reply in list(self._in_hand):
                await client.publish(reply, b"+WPI")

    # from the link, in any thread

    def acknowledge(self, engine: Engine, reply: str, has_returned: bool) -> None:
        """The callback of a message of a work queue has returned, or raised."""
        delay = int(FAILED_SECONDS * 10**9)
        self.answer(engine, reply, b"+ACK" if has_returned else b'-NAK {"delay": %d}' % delay)

    def answer(self, engine: Engine, reply: str, answer: bytes = b"") -> None:
        """Answer the engine; an empty answer lets it send more, as all before was delivered."""
        engine.call(self._answer, engine, reply, answer)

    def _answer(self, engine: Engine, reply: str, answer: bytes) -> None:
        self._in_hand.discard(reply)
        self._has_room.set()
        if engine.client is not None:
            asyncio.ensure_future(_tried(engine.client.publish(reply, answer)))  # noqa: RUF006


async def _tried(call: Awaitable[object]) -> None:
    try:
        await call
    except (Error, OSError):
        return  # the connection has ended, and with it what this was for


def _numbers(reply: str) -> tuple[int, int]:
    """The numbers of a message, in the engine's stream and among those for this reader."""
    parts = reply.split(".")
    at = 5 if len(parts) == 9 else 7
    return int(parts[at]), int(parts[at + 1])
