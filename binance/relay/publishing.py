"""Publishes messages and keeps leases: performs what `binance.sansio.relay` decides."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from nats.js import api
from nats.js.client import JetStreamContext
from nats.js.errors import (
    BadRequestError,
    KeyNotFoundError,
    KeyWrongLastSequenceError,
    NotFoundError,
)
from nats.js.kv import KeyValue

from binance.relay.bulk import Acknowledgements, commands
from binance.relay.engine import Client, Engine, Error, Msg
from binance.sansio.relay import lease as leases
from binance.sansio.relay.lease import Command, Input, Lease
from binance.sansio.relay.names import (
    ENGINE_STREAM,
    EPOCH,
    LEASES,
    MESSAGE_ID,
    SUBJECTS,
    lease_key,
)
from binance.sansio.relay.outgoing import Message, Outgoing, doubtful
from binance.tx.wire import compat

logger = logging.getLogger("binance")

#: Seconds for which the engine knows the ids of messages: later doubles of events with ids are
#: stored, and dropped by the consumers.
DUPLICATE_SECONDS = 120.0
#: Octets of the headers of a message, at most: they count as part of it.
HEADERS = 1024
#: Seconds to wait after the engine has refused a message.
REFUSED_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the engine keeps messages: the oldest are removed beyond either limit."""

    seconds: float | None = None
    """None for what the engine's stream has, or an hour if it does not exist yet."""
    octets: int | None = None
    """None for what the engine's stream has, or 1 GB if it does not exist yet."""
    replicas: int | None = None
    """None for what the engine's stream has, or 1 if it does not exist yet."""

    def config(self) -> api.StreamConfig:
        """The configuration of a new stream of the engine."""
        new = api.StreamConfig(
            name=ENGINE_STREAM,
            subjects=list(SUBJECTS),
            max_age=3600.0,
            max_bytes=10**9,
            duplicate_window=DUPLICATE_SECONDS,
            num_replicas=1,
            discard=api.DiscardPolicy.OLD,
            storage=api.StorageType.FILE,
        )
        return self.changed(new)

    def changed(self, config: api.StreamConfig) -> api.StreamConfig:
        """A configuration with what was given in place of its own."""
        given: dict[str, float | None] = {"max_bytes": self.octets, "num_replicas": self.replicas}
        if self.seconds is not None:
            window = min(config.duplicate_window, self.seconds)  # the engine allows no longer one
            given |= {"max_age": self.seconds, "duplicate_window": window}
        return config.evolve(**{name: one for name, one in given.items() if one is not None})


class Publisher:
    """Publishes messages to the engine.

    :param me: the name of this relay, unlike that of any other.
    :param buffer: octets of memory for messages that wait.
    """

    def __init__(self, engine: Engine, me: str, buffer: int, retention: Retention) -> None:
        self.outgoing = Outgoing(buffer)
        self.leases: dict[str, Lease] = {}
        #: how often the engine has refused a message
        self.refused = 0
        self._me = me.encode()
        self._retention = retention
        self._engine = engine
        self._new: deque[Message] = deque()
        self._is_woken = False
        self._bucket: KeyValue | None = None
        self._inbox = ""
        self._held_until = 0.0
        self._sending: asyncio.Future[None] | None = None
        self._is_refused = self._is_unanswered = False

    # from any thread

    def put(self, message: Message) -> None:
        """Publish a message."""
        self._new.append(message)
        if not self._is_woken:
            self._is_woken = True
            self._engine.call(self._take)

    def lease(self, market: str, name: str) -> Lease:
        """The lease of a stream."""
        found = lease_key(market, name)
        return self.leases.setdefault(found, Lease(found))

    def link(self, lease: Lease, is_up: bool) -> None:
        """The relay's own link of this stream is open, or not."""
        self._engine.call(self._lease_input, lease, Input.UP if is_up else Input.DOWN)

    # from the engine, in its thread

    def look(self) -> None:
        """Perform what is due, each `RENEW_SECONDS`."""
        now = monotonic()
        for lease in list(self.leases.values()):
            if now >= lease.until:
                self._lease_input(lease, Input.EXPIRED)
            self._lease_input(lease, Input.DUE)
        if self.outgoing.is_overdue(now):
            self._take_back()
        self._send_soon()

    async def connected(self, client: Client) -> None:
        """Prepare the engine: its stream and the bucket of the leases."""
        context = client.jetstream()
        await self._prepare(context)
        self._inbox = client.new_inbox()
        await client.subscribe(f"{self._inbox}.*", cb=self._answered)
        self.outgoing.longest = client.max_payload - HEADERS
        if compat.has("bulk publishing"):
            what = self._inbox, self.outgoing.acknowledged, self._go_on
            client._ps = Acknowledgements(client._ps, *what)
        replicas = self._retention.replicas or 1
        config = api.KeyValueConfig(LEASES, ttl=leases.LEASE_SECONDS, replicas=replicas)
        with suppress(BadRequestError):  # another relay has created it, with other replicas
            await context.create_key_value(config)
        # an answer that takes longer comes after the end of the lease
        context = client.jetstream(timeout=leases.LEASE_SECONDS)
        self._bucket = await context.key_value(LEASES)
        for lease in list(self.leases.values()):
            self._lease_input(lease, Input.DUE)
        self._held_until = 0.0
        self._send_soon()

    def disconnected(self) -> None:
        """The engine is away."""
        self._bucket, self._inbox = None, ""
        if self._sending is not None:
            self._sending.cancel()  # it may wait for the lost connection
        for lease in list(self.leases.values()):
            self._lease_input(lease, Input.UNANSWERED)
        self.outgoing.take_back()

    async def _prepare(self, context: JetStreamContext) -> None:
        """Create the engine's stream, or change of an existing one what was given."""
        try:
            await context.add_stream(self._retention.config())
        except BadRequestError:
            if self._retention != Retention():
                present = (await context.stream_info(ENGINE_STREAM)).config
                if (config := self._retention.changed(present)) != present:
                    await context.update_stream(config)

    @property
    def is_busy(self) -> bool:
        """Whether messages wait, or are in flight."""
        return bool(self._new or self.outgoing.waiting or self.outgoing.in_flight)

    async def release(self) -> None:
        """Give all leases back."""
        held = [one for one in self.leases.values() if one.handle(Input.DOWN) is Command.RELEASE]
        await asyncio.gather(*(self._perform(lease, Command.RELEASE) for lease in held))

    # messages

    def _take(self) -> None:
        self._is_woken = False
        take = self._new.popleft
        for _ in range(len(self._new)):
            self.outgoing.add(take())
        self._send_soon()

    def _send_soon(self) -> None:
        is_free = self._sending is None or self._sending.done()
        if self._inbox and is_free and monotonic() >= self._held_until:
            self._sending = asyncio.ensure_future(self._send())

    async def _send(self) -> None:
        try:
            while self._inbox and (taken := self.outgoing.take(monotonic())):
                client, inbox = self._engine.client, self._inbox
                if client is None:
                    return
                if subjects := doubtful(taken, monotonic()):
                    lasts = await self._lasts(client.jetstream(), subjects)
                    self.outgoing.settle(lasts, monotonic())
                    taken = [each for each in taken if self.outgoing.has_sent(each[0])]
                if compat.has("bulk publishing"):
                    await client._send_command(commands(inbox, taken))
                    queue = client._flush_queue
                    if queue is not None and queue.empty():  # a full one might never be emptied
                        await client._flush_pending()
                    continue
                for number, message in taken:
                    headers = {MESSAGE_ID: message.id}
                    if message.lease is not None:
                        headers[EPOCH] = str(message.lease.epoch)
                    reply = f"{inbox}.{number}"
                    await client.publish(message.subject, message.payload, reply, headers)
        except (TimeoutError, Error, OSError) as error:
            logger.debug("publishing: %s", str(error) or type(error).__name__)

    async def _lasts(self, context: JetStreamContext, subjects: Iterable[str]) -> dict[str, str]:
        """The id of the last message that the engine has of each subject, or ""."""

        async def last(subject: str) -> tuple[str, str]:
            try:
                found = await context.get_last_msg(ENGINE_STREAM, subject)
            except NotFoundError:
                return subject, ""
            # An id beyond ASCII, as relays made them before, comes as an object.
            return subject, str((found.headers or {}).get(MESSAGE_ID, ""))

        return dict(await asyncio.gather(*map(last, subjects)))

    async def _answered(self, answer: Msg) -> None:
        """The engine's answer to a message: ``{"stream", "seq"}``, or a refusal."""
        data = answer.data
        if data.startswith(b'{"stream"'):
            number = int(answer.subject.rpartition(".")[2])
            self.outgoing.acknowledged(number, b'"duplicate"' in data)
            self._go_on()
            return
        self.refused += 1
        if monotonic() >= self._held_until:
            level = logging.DEBUG if self._is_refused else logging.WARNING
            logger.log(level, "the engine refuses messages: %r", data[:200] or answer.headers)
            self._is_refused = True
            self._take_back()

    def _go_on(self) -> None:
        """The engine has acknowledged some messages."""
        self._is_refused = False
        if self.outgoing.waiting:
            self._send_soon()

    def _take_back(self) -> None:
        """Send everything again, after a pause."""
        self._held_until = monotonic() + REFUSED_SECONDS
        self.outgoing.take_back()

    # leases

    def _lease_input(self, lease: Lease, event: Input, **answer: Any) -> None:
        before = lease.epoch
        command = lease.handle(event, **answer)
        if lease.epoch != before:
            logger.info("this relay publishes %s", lease.key)
        if event is Input.GRANTED or event is Input.REFUSED:
            self._send_soon()
        if command is not None:
            asyncio.ensure_future(self._perform(lease, command))  # noqa: RUF006 - its answer counts

    async def _perform(self, lease: Lease, command: Command) -> None:
        bucket, asked = self._bucket, monotonic()
        event, answer = Input.UNANSWERED, {"asked": asked}
        try:
            if bucket is not None:
                answer["revision"], answer["is_new"] = await self._write(bucket, lease, command)
                if command is Command.ASK:
                    info = (await bucket.status()).stream_info
                    answer["created"] = int(info.created.timestamp() * 10**6) if info.created else 0
                event, self._is_unanswered = Input.GRANTED, False
        except (KeyWrongLastSequenceError, KeyNotFoundError):
            event, self._is_unanswered = Input.REFUSED, False
        except (TimeoutError, Error, OSError) as error:
            if bucket is self._bucket and command is not Command.RELEASE:  # it is connected
                level = logging.DEBUG if self._is_unanswered else logging.WARNING
                what = LEASES, str(error) or type(error).__name__
                logger.log(level, "events without ids wait: no answer from bucket %s: %s", *what)
                self._is_unanswered = True
        finally:
            # an answer over an earlier connection comes after `disconnected`, which has answered
            if bucket is self._bucket and command is not Command.RELEASE:
                self._lease_input(lease, event, **answer)

    async def _write(self, bucket: KeyValue, lease: Lease, command: Command) -> tuple[int, bool]:
        """The number of the write, and whether the key was not as we had written it last."""
        match command:
            case Command.RELEASE:
                await bucket.delete(lease.key, last=lease.revision)
                return 0, False
            case Command.RENEW:
                return await bucket.update(lease.key, self._me, last=lease.revision), False
        try:
            return await bucket.create(lease.key, self._me), True
        except KeyWrongLastSequenceError:
            entry = await bucket.get(lease.key)
            if entry.value != self._me or entry.revision is None:
                raise
            revision = await bucket.update(lease.key, self._me, last=entry.revision)
            # our last write may have been unanswered, or answered to another question meanwhile
            return revision, entry.revision != lease.revision
