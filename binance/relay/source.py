"""The engine as the source of a manager's streams: what `BinanceSocketManager(source=..)` uses.

A `RelayLink` stands in the place of a WebSocket protocol: it gets the same requests and brings the
same messages, so that everything behind it works as on the exchange.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from time import monotonic
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from weakref import WeakKeyDictionary

import orjson

from binance.exceptions import BinanceAPIException, BinanceConnectionError
from binance.relay.engine import Client, Engine, Error
from binance.relay.reading import Arrived, Reader, Start
from binance.sansio.account.wsapi import ApiError
from binance.sansio.feed.backfill import Since
from binance.sansio.feed.cursors import Gap
from binance.sansio.names.engines import servers
from binance.sansio.relay.names import SNAPSHOTS, WISHES
from binance.sansio.relay.ordering import Order

logger = logging.getLogger("binance")

#: Seconds for which a try to connect waits for the engine.
WAIT_SECONDS = 30.0
#: Seconds between two wishes for the same streams.
WISH_SECONDS = 5.0
#: Seconds for a snapshot in all, for one answer, and until it is asked for again.
SNAPSHOT_SECONDS = 20.0
ASK_SECONDS = 5.0
ASK_AGAIN_SECONDS = 0.1
#: Seconds without a link after which the connection is closed.
IDLE_SECONDS = 2.0
#: Marks an event of a work queue that was given to a member before.
REDELIVERED: Final = "redelivered"


class Task(dict[str, Any]):
    """A message of a work queue."""

    __slots__ = ("acknowledge",)

    acknowledge: Callable[[bool], None]
    """Called with whether the callback has returned."""


class ListTask(list[Any]):
    """The same for a message that is a list."""

    __slots__ = ("acknowledge",)

    acknowledge: Callable[[bool], None]


class Source:
    """An engine, and the links to it.

    :param url: see `binance.sansio.names.engines.servers`.
    :param call: runs a function in the reactor thread.
    """

    def __init__(
        self,
        url: str,
        call: Callable[..., object],
        credentials: str | None = None,
        ca_file: str | None = None,
    ) -> None:
        self.call = call
        self._options = servers(url), credentials, ca_file
        self._engine: Engine | None = None
        self._users = 0  # of the engine: links, and questions for snapshots
        self._lock = threading.RLock()
        self._links: set[RelayLink] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        #: for all order books, which share what limits the asking of one client
        self.books = SnapshotClient(self)

    def connector(
        self, starts: Mapping[str, Since], group: str | None, queue_size: int
    ) -> Callable[[str, Any], RelayLink]:
        """A function that opens the links of one socket, whose streams begin there."""
        known: WeakKeyDictionary[Any, Start] = WeakKeyDictionary()  # of its connections

        def opened(url: str, link: Any) -> RelayLink:
            start = known.setdefault(link.connection, Start(dict(starts), group, queue_size))
            return RelayLink(self, start, url, link)

        return opened

    def snapshot(self, method: str, after: int | None, symbol: str, limit: int) -> Any:
        """A snapshot of an order book, from a relay.  Blocks.

        :param after: the update id of a snapshot that was too old.
        :raises BinanceAPIException: the exchange refused it.
        :raises BinanceConnectionError: no relay answers.
        """
        asked = {"method": method, "symbol": symbol, "limit": limit, "after": after}
        engine = self._use()
        try:
            answer = engine.submit(self._ask(engine, orjson.dumps(asked))).result(
                SNAPSHOT_SECONDS + 1
            )
        except (Error, OSError, TimeoutError) as error:
            raise BinanceConnectionError(f"no relay answers with a snapshot of {symbol}") from error
        finally:
            self._leave(engine)
        found = orjson.loads(answer)
        if "snapshot" in found:
            return found["snapshot"]
        if found["status_code"] is None:
            raise BinanceConnectionError(f"no snapshot of {symbol}: {found['error']}")
        status, code, text = found["status_code"], found["code"], found["message"]
        raise BinanceAPIException(ApiError(status, code, text, found["retry_after"]))

    # from the links, in the reactor thread

    def attach(self, link: RelayLink) -> Engine:
        engine = self._use()
        engine.call(self._attach, engine, link)
        return engine

    def detach(self, engine: Engine, link: RelayLink) -> None:
        engine.call(self._detach, link)
        self._leave(engine)

    # from the engine, in its thread

    async def connected(self, client: Client) -> None:
        await self._wish(client)
        for link in list(self._links):
            self._begin(link, client)

    def disconnected(self, reason: str) -> None:
        for task in self._tasks:
            task.cancel()
        for link in list(self._links):
            if link.has_begun or monotonic() > link.began + WAIT_SECONDS:
                self._links.discard(link)
                self.call(link.closed, False, None, reason)

    # inside, any thread

    def _use(self) -> Engine:
        """The engine, which is connected for as long as it has users."""
        with self._lock:
            self._users += 1
            if self._engine is None:
                names, credentials, ca_file = self._options
                self._engine = Engine(names, self, credentials, ca_file)
                self._engine.start()
                self._engine.submit(self._wish_always(self._engine))
            return self._engine

    def _leave(self, engine: Engine) -> None:
        with self._lock:
            self._users -= 1
        engine.call_later(IDLE_SECONDS, self._end_if_idle, engine)

    # inside, in the engine's thread

    def _end_if_idle(self, engine: Engine) -> None:
        with self._lock:
            if not self._users and self._engine is engine:
                self._engine = None
                engine.stop()

    def _attach(self, engine: Engine, link: RelayLink) -> None:
        self._links.add(link)
        if engine.client is not None:
            self._begin(link, engine.client)

    def _detach(self, link: RelayLink) -> None:
        self._links.discard(link)
        link.reader.stop()

    def _begin(self, link: RelayLink, client: Client) -> None:
        link.has_begun = True
        self.run(link, client, link.reader.begin(client, link.market, sorted(link.names)))

    def run(self, link: RelayLink, client: Client, coroutine: Any) -> None:
        """Run this for a link, which ends if it fails."""

        async def guarded() -> None:
            try:
                await self._wish(client)
                await coroutine
            except Exception as error:  # noqa: BLE001 - the link is tried again
                reason = str(error) or type(error).__name__
                self._links.discard(link)
                self.call(link.closed, False, None, reason)

        task = asyncio.ensure_future(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _wish_always(self, engine: Engine) -> None:
        """Ask the relays for the streams of all links."""
        while True:
            await asyncio.sleep(WISH_SECONDS)
            try:
                await self._wish(engine.client)
            except Exception as error:  # noqa: BLE001 - the next wish may be sent
                logger.debug("no wish was sent: %s", error)

    async def _wish(self, client: Client | None) -> None:
        if client is None:
            return
        wanted: dict[str, set[str]] = {}
        for link in self._links:
            wanted.setdefault(link.market, set()).update(link.names)
        for market, names in wanted.items():
            wish = {"market": market, "streams": sorted(names)}
            if names:
                await client.publish(WISHES, orjson.dumps(wish))

    async def _ask(self, engine: Engine, request: bytes) -> bytes:
        deadline = monotonic() + SNAPSHOT_SECONDS
        while monotonic() < deadline:
            try:
                if engine.client is not None:
                    return bytes(
                        (await engine.client.request(SNAPSHOTS, request, ASK_SECONDS)).data
                    )
            except (Error, TimeoutError):  # no relay is there, or the one that answers has died
                logger.debug("no relay answers; asking again")
            await asyncio.sleep(ASK_AGAIN_SECONDS)
        raise TimeoutError


class SnapshotClient:
    """In place of a client of an order book: snapshots come from a relay."""

    #: the relay and the exchange count the weight of the calls
    weight_budget = None

    def __init__(self, source: Source) -> None:
        self._source = source
        self._newest: dict[tuple[str, str, int], int] = {}

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if method.startswith("_"):
            raise AttributeError(method)
        return partial(self._snapshot, method)

    def _snapshot(self, method: str, symbol: str, limit: int) -> Any:
        which = method, symbol, limit
        found = self._source.snapshot(method, self._newest.get(which), symbol, limit)
        self._newest[which] = found["lastUpdateId"]
        return found


class RelayLink:
    """One link to the engine.  All methods are for the reactor thread, unless they say otherwise.

    :param url: ``nats://servers/MARKET/..``, then as on the exchange.
    :param link: what it belongs to: `Link` of `binance.tx.wire.protocol`, with its connection.
    """

    closeHandshakeTimeout = 0.0

    def __init__(self, source: Source, start: Start, url: str, link: Any) -> None:
        self.last_message: Any = None
        self.transport: RelayLink | None = self
        self.began = monotonic()
        self.has_begun = False
        _, self.market, *_, end = urlsplit(url).path.split("/")
        self._is_raw = not (end == "stream" or end.startswith("stream?"))
        query = urlsplit(url).query
        path = end if self._is_raw else query.partition("streams=")[2].partition("&")[0]
        self.names = {unquote(name) for name in path.partition("&")[0].split("/")} - {""}
        self._source = source
        self._start = start
        self._link = link
        self._is_paused = False
        self.reader = Reader(start, partial(source.call, self._take))
        self._engine = source.attach(self)

    # from the link

    def sendMessage(self, payload: bytes) -> None:
        """A request of the session: answer it as the exchange does."""
        request = orjson.loads(payload)
        method, params = request["method"], request.get("params", [])
        result, new = None, []
        if method == "SUBSCRIBE":
            new = [name for name in params if name not in self.names]
            self.names |= {*params}
        elif method == "UNSUBSCRIBE":
            self.names -= {*params}
            self._start.forget(params)
        elif method == "LIST_SUBSCRIPTIONS":
            result = sorted(self.names)
        reply = {"result": result, "id": request["id"]}
        if new:
            self._engine.call(self._read_more, new, reply)
        else:
            self._source.call(self._answer, reply)

    def sendPing(self, payload: bytes = b"") -> None:
        """The engine sends a heartbeat each second, so there is nothing to ask for."""

    def sendPong(self, payload: bytes = b"") -> None:
        """The engine never pings this link."""

    def sendClose(self, code: int | None = None) -> None:
        self._source.call(self.closed, True, code, None)

    def abortConnection(self) -> None:
        self._source.call(self.closed, False, 1006, "dropped by this side")

    def pauseProducing(self) -> None:
        self._is_paused = True

    def resumeProducing(self) -> None:
        self._is_paused = False
        self._source.call(self._take)

    # from the source

    def opened(self) -> None:
        if self._link is not None:
            self._link.link_opened(self)

    def closed(self, was_clean: bool, code: int | None, reason: str | None) -> None:
        """The link has ended."""
        link, self._link = self._link, None
        if link is not None:
            self._source.detach(self._engine, self)
            self.transport = None
            code = code or (1006 if self.has_begun else None)  # no close frame came
            link.link_closed(self, was_clean, code, reason, None, None)

    def _read_more(self, names: list[str], reply: dict[str, Any]) -> None:
        """Read further streams, and answer once they are read.  Engine's thread."""
        client = self._engine.client
        if client is not None:
            self._source.run(self, client, self._read_and_answer(client, names, reply))

    async def _read_and_answer(
        self, client: Client, names: list[str], reply: dict[str, Any]
    ) -> None:
        await self.reader.read(client, self.market, names)
        self._source.call(self._answer, reply)

    # from the reader

    def _take(self) -> None:
        """Deliver what has arrived."""
        began, octets, count = monotonic(), 0, 0
        self.reader.is_woken = False
        while self._link is not None and not self._is_paused and self.reader.arrived:
            arrived = self.reader.arrived.popleft()
            if arrived.is_opening:
                self.opened()
                self._report_lost()
            elif arrived.lost:
                self.closed(False, None, arrived.lost)
            elif arrived.flow:
                self.reader.answer(self._engine, arrived.flow)
            elif arrived.payload:
                octets += len(arrived.payload)
                count += self._process(arrived, began)
        link = self._link
        if link is None:
            return
        for name in self.names:
            order = self._start.orders.get(name)
            if order is not None:
                count += self._deliver(order.due(began))
        link.link_read(octets, count, monotonic() - began)

    def _report_lost(self) -> None:
        """Report what the engine no longer has, unless the next event of the stream shows it."""
        if self._link is not None:
            lost, self._start.lost = self._start.lost, set()
            names = self._link.connection.continuity.unnumbered(sorted(lost & self.names))
            self._report(names, "JetStream does not have them")

    def _report(self, names: Iterable[str], reason: str) -> None:
        connection = self._link.connection
        connection.continuity.gaps += [Gap(name, None, None, reason) for name in names]
        connection.report_gaps()

    def _process(self, arrived: Arrived, now: float) -> int:
        start, task = self._start, None
        try:
            message = orjson.loads(arrived.payload)
            name, data = message["stream"], message["data"]
            is_wanted = name in self.names
            if arrived.task and is_wanted:
                task = self._as_task(message, arrived)
        except (ValueError, TypeError, KeyError):
            self._link.link_malformed(arrived.payload)
            self._refuse(arrived)
            return 1
        if task is not None:
            return self._deliver([task])
        if not is_wanted or not start.is_new(name, arrived):
            self._refuse(arrived)
            return 0
        if arrived.epoch and not self._is_of_present_lease(name, arrived.epoch):
            return 0
        order = start.orders.get(name)
        if order is None:
            order = start.orders[name] = self._begin(name, start.first(name))
        return self._deliver(order.take(data, message, now))

    def _begin(self, name: str, first: int | None) -> Order:
        """The order of a stream; what is missing from the first wanted id on is a gap."""
        if first is not None and self._link is not None:
            self._link.connection.continuity.track(name).last = first - 1
        return Order(name, self.market, first)

    def _is_of_present_lease(self, name: str, epoch: int) -> bool:
        """Whether a message comes from the present holder; a new holder may have missed some."""
        before = self._start.epochs.get(name, epoch)
        if epoch > before:
            self._report([name], "another relay publishes it now")
        self._start.epochs[name] = max(epoch, before)
        return epoch >= before

    def _as_task(self, message: Any, arrived: Arrived) -> Any:
        data = message["data"]
        if arrived.is_redelivered:
            for one in data if isinstance(data, list) else [data]:
                one[REDELIVERED] = True
        own = data if self._is_raw else message
        task = ListTask(own) if isinstance(own, list) else Task(own)
        task.acknowledge = partial(self.reader.acknowledge, self._engine, arrived.task)
        return task

    def _refuse(self, arrived: Arrived) -> None:
        """Nobody will process a message: no member of a work queue is to get it again."""
        if arrived.task:
            self.reader.answer(self._engine, arrived.task, b"+TERM")

    def _deliver(self, messages: list[Any]) -> int:
        for message in messages:
            link = self._link
            if link is None:
                break
            is_whole = not self._is_raw or isinstance(message, Task | ListTask)
            one = message if is_whole else message["data"]
            self.last_message = one
            try:
                link.link_message(one)
            except Exception as error:  # noqa: BLE001 - one message must not drop the link
                link.link_unprocessed(error)
        return len(messages)

    def _answer(self, reply: dict[str, Any]) -> None:
        if self._link is not None:
            self._link.link_message(reply)
        if self._link is not None:  # the answer may end the link
            self._link.link_read(0, 1, 0.0)
