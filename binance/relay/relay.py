"""A relay: publishes the frames of streams to the engine, as they arrive."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any, Final
from uuid import uuid4

import orjson

from binance.events import Connected, Disconnected, Event
from binance.relay.engine import Client, Engine, Msg
from binance.relay.frames import START, Frame, FrameManager
from binance.relay.publishing import Publisher, Retention
from binance.relay.snapshots import Snapshots
from binance.sansio.names.endpoints import VARIABLES
from binance.sansio.names.engines import is_engine, servers
from binance.sansio.names.streams import check_names
from binance.sansio.relay.lease import RENEW_SECONDS, Lease, State, Verdict
from binance.sansio.relay.names import (
    SNAPSHOTS,
    WISHES,
    identity,
    needs_lease,
    subject,
)
from binance.sansio.relay.outgoing import Message, is_late
from binance.tx.loop import reactor

logger = logging.getLogger("binance")

__all__ = ["Relay", "Retention"]

BUFFER: Final = 256 * 10**6
#: Seconds after its last wish at which a stream that consumers have asked for ends.
WISH_SECONDS = 60.0
#: Seconds for which a relay that ends waits for acknowledgements.
END_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class _Route:
    """How the events of one stream are published."""

    subject: str
    identify: Callable[[Any, bytes], str]
    lease: Lease | None


class Relay:
    """Publishes streams to a NATS server with JetStream.

    Several relays with the same streams are one feed: each event is stored once.

    :param streams: pairs of market and stream name, such as ``("spot", "btcusdt@trade")``.
    :param url: of the engine, ``nats://host:4222``; several servers with commas between them.
    :param credentials: the path of a file of NATS credentials.
    :param ca_file: a PEM file of certificates that are trusted in addition to the system's.
    :param buffer: octets of memory for messages while the engine is away.
    :param retention: how long the engine keeps messages; None: as it is.
    :param on_demand: also publish the streams that consumers ask for.
    :param on_event: called with each lifecycle event of the sockets, in the reactor thread.
    :param options: options of the sockets, such as ``gapless`` and ``checkpoint``.
    :raises ValueError: a bad URL or stream name, or the streams would come from a NATS server.
    """

    def __init__(
        self,
        streams: Iterable[tuple[str, str]],
        url: str,
        *,
        credentials: str | None = None,
        ca_file: str | None = None,
        buffer: int = BUFFER,
        retention: Retention | None = None,
        on_demand: bool = True,
        on_event: Callable[[Event], object] | None = None,
        **options: Any,
    ) -> None:
        if options.get("source") or is_engine(os.environ.get(VARIABLES["stream"], "")):
            raise ValueError(
                "a relay reads from the exchange, not from a NATS server: "
                f"leave out source=, and unset {VARIABLES['stream']}"
            )
        self.frames = 0
        """Number of messages that the sockets have brought."""
        name = f"{socket.gethostname()}-{uuid4().hex[:12]}"
        self.engine = Engine(servers(url), self, credentials, ca_file)
        self.publisher = Publisher(self.engine, name, buffer, retention or Retention())
        self.is_connected = False
        """Whether there is a connection to the engine."""
        self._manager = FrameManager(self._event, **options)
        self._on_event = on_event
        self._is_on_demand = on_demand
        self._streams: dict[str, list[str]] = {}
        for market, stream in streams:
            self._streams.setdefault(market, []).append(stream)
        self._keys: dict[str, str] = {}  # of the sockets, by market
        self._routes: dict[tuple[str, str], _Route] = {}
        self._wishes: dict[tuple[str, str], float] = {}  # stream -> when it was wished for last
        self.snapshots = Snapshots()
        #: one relay answers, so that all consumers get the same snapshots
        self._answering = self.publisher.lease("spot", "snapshots")

    # from the user

    def start(self) -> None:
        """Connect to the engine, and open the sockets."""
        self.engine.repeat(RENEW_SECONDS, self.publisher.look)
        self.engine.repeat(WISH_SECONDS / 10, self._end_wishes)
        for market, names in self._streams.items():
            self._open(market, names)
        self.engine.start()
        self._manager.start()

    def stop(self) -> None:
        """Close the sockets, publish what has arrived, and give the leases back."""
        self._is_on_demand = False
        self._manager.close_and_wait()
        ending = self.engine.submit(self._end())
        try:
            ending.result(END_SECONDS + 1.0)
        except TimeoutError:
            logger.warning("the engine did not take all messages in time")
        self.engine.stop()
        self.engine.join(END_SECONDS)

    def figures(self) -> dict[str, int]:
        """What was published, and what waits; counts of messages but for their names."""
        outgoing, leases = self.publisher.outgoing, list(self.publisher.leases.values())
        names = ("stored", "doubles", "octets", "dropped", "released", "resent")
        return {
            "frames": self.frames,
            **{name: getattr(outgoing, name) for name in (*names, "waiting", "in_flight")},
            "buffered": outgoing.size,
            "refused": self.publisher.refused,
            "connected": int(self.is_connected),
            "leases": sum(one.state is State.HELD for one in leases),
            "snapshots_asked": self.snapshots.asked,
            "snapshots_fetched": self.snapshots.fetched,
        }

    # from the sockets, in the reactor thread

    def _put(self, market: str, message: Any) -> None:
        frame = Frame.of(message)
        if frame is None:
            return
        name = frame["stream"]
        route = self._routes.get((market, name))
        if route is None:
            route = self._add_route(market, name)
        self.frames += 1
        event_id = route.identify(frame["data"], frame.payload)
        is_old = frame is not message and is_late(message, time.time())  # it was fetched
        self.publisher.put(Message(route.subject, event_id, frame.payload, route.lease, is_old))

    def _event(self, event: Event) -> None:
        if isinstance(event, Connected | Disconnected):
            for market, key in list(self._keys.items()):
                if key == event.key:
                    self._link(market)
        if self._on_event is not None:
            self._on_event(event)

    # from the engine, in its thread

    async def connected(self, client: Client) -> None:
        await self.publisher.connected(client)
        if self._is_on_demand:
            await client.subscribe(WISHES, cb=self._wished)
        await client.subscribe(SNAPSHOTS, cb=self._asked_for_snapshot)
        self.publisher.link(self._answering, True)
        self.is_connected = True

    def disconnected(self, reason: str) -> None:
        self.is_connected = False
        self.publisher.disconnected()

    async def _wished(self, message: Msg) -> None:
        """Consumers want these streams; the manager's methods do not wait for the network."""
        try:
            wish = orjson.loads(message.data)
            market, names = wish["market"], check_names(wish["streams"])
            START[market]
        except (ValueError, TypeError, KeyError) as error:
            logger.warning("a wish for streams is not valid: %s", error)
            return
        self._want(market, names)

    async def _asked_for_snapshot(self, message: Msg) -> None:
        if self._answering.verdict(monotonic()) is Verdict.SEND:
            asyncio.ensure_future(self.snapshots.answer(message))  # noqa: RUF006 - it always does

    # inside

    def _open(self, market: str, names: list[str]) -> None:
        for name in names:
            self._add_route(market, name)
        key = START[market](self._manager, names, lambda message: self._put(market, message))
        self._keys[market] = str(key)
        reactor.call(self._link, market)  # it may have opened before its key was noted

    def _want(self, market: str, names: list[str]) -> None:
        """Open these streams, too."""
        if not self._is_on_demand:
            return
        own = self._streams.get(market, [])
        is_open = self._keys.get(market) in self._manager._conns
        if not is_open:  # there was no wish yet, or the socket gave up
            self._manager.stop_socket(self._keys.get(market, ""))  # it is a failure no more
            self._wishes = {each: at for each, at in self._wishes.items() if each[0] != market}
            self._routes = {each: one for each, one in self._routes.items() if each[0] != market}
        wishes = {(market, name): monotonic() for name in names if name not in own}
        new = [name for of, name in wishes if (of, name) not in self._wishes]
        self._wishes.update(wishes)
        if new or not is_open:
            logger.info("consumers ask for %s of %s", ", ".join(names[:5]), market)
        if not is_open:
            self._open(market, [*own, *new])
        elif new:
            for name in new:
                self._add_route(market, name)
            added = self._manager.subscribe(self._keys[market], new)
            added.add_done_callback(lambda _: reactor.call(self._link, market))

    def _end_wishes(self) -> None:
        """End the streams that nobody has wished for lately."""
        end = monotonic() - WISH_SECONDS
        for each in [each for each, when in self._wishes.items() if when < end]:
            del self._wishes[each]
            with suppress(KeyError):  # the socket gave up
                ending = self._manager.unsubscribe(self._keys[each[0]], [each[1]])
                ending.add_done_callback(partial(self.engine.call, self._ended, each))

    def _ended(self, each: tuple[str, str], _: object) -> None:
        """The exchange sends a stream no more, unless there is a new wish for it."""
        if each not in self._wishes:
            route = self._routes.pop(each, None)
            if route is not None and route.lease is not None:
                self.publisher.link(route.lease, False)

    def _add_route(self, market: str, name: str) -> _Route:
        lease = self.publisher.lease(market, name) if needs_lease(market, name) else None
        route = _Route(subject(market, name), identity(market, name), lease)
        self._routes[market, name] = route
        return route

    def _link(self, market: str) -> None:
        """Want the lease of each stream of a market while the connection that carries it is open.

        In the reactor thread alone: of two threads one could report an earlier state last.
        """
        socket: Any = self._manager._conns.get(self._keys.get(market, ""))
        links = () if socket is None else socket.connections
        up = {name for one in links if one.is_open or one.is_backed for name in one.session.names}
        for (of, name), route in list(self._routes.items()):
            if of == market and route.lease is not None:
                self.publisher.link(route.lease, name in up)

    async def _end(self) -> None:
        """Wait until all messages are acknowledged, then give the leases back."""
        end = monotonic() + END_SECONDS
        while self.publisher.is_busy and self.is_connected and monotonic() < end:
            await asyncio.sleep(0.02)
        await self.publisher.release()
