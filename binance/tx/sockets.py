"""The sockets of a manager, by key, and how to open one.

Nothing here needs a thread: a start stores a `Socket` under its key and posts the rest to the
reactor.  A `Feed` names the streams of a socket, a `Site` the addresses to connect to.
"""

from __future__ import annotations

import atexit
import logging
import math
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from binance.events import Connected, Event, GaveUp
from binance.exceptions import BinanceReactorError, redact
from binance.sansio.account.keyed import ACCOUNTS as KEYED
from binance.sansio.feed.gapless import Gapless, limits_of
from binance.sansio.link.clock import MEASURE_SECONDS, ClockOffset, measured
from binance.sansio.link.stats import NO_KEY
from binance.sansio.names import endpoints, sites, streams
from binance.sansio.names.endpoints import USDM_EVENTS, VARIABLES, of_client
from binance.sansio.names.engines import STARTS, servers, shown_servers
from binance.sansio.names.sites import Site
from binance.sansio.names.streams import (
    LISTEN_KEY,
    TIME_UNITS,
    encoded,
    split_queries,
    split_query,
)
from binance.sansio.wire.log_text import shown
from binance.tx import dispatch
from binance.tx.dependencies import Dependencies, message_budget, shared_connects_and_loopback
from binance.tx.link import Session
from binance.tx.loop import lifetime, reactor
from binance.tx.past.checkpoint import Checkpoint
from binance.tx.sessions import clients, user_connectors
from binance.tx.sessions.legacy_methods import LegacyMethods
from binance.tx.sessions.market import Multiplex, RawSession
from binance.tx.socket import LOGGED_NAMES, Options, Socket
from binance.tx.wire import proxy
from binance.tx.wire.dial import check, dial

if TYPE_CHECKING:  # large: imported with the first socket that needs it
    from binance.sansio.feed.backfill import Since
    from binance.tx.past.backfill import Fetcher
    from binance.tx.sessions.client_accounts import MakeSession

logger = logging.getLogger("binance")

Callback = Callable[[Any], object]
Key = str | Literal[False]

#: Reasons of failed sockets that are kept, and keys of stopped ones.
MOST_FAILED = 1000
#: The options that ask for the missing events of streams.
_GAPLESS = frozenset({"gapless", "since", "checkpoint"})


class RelaySource(Protocol):
    """An engine that relays publish to, see `binance.relay.source.Source`."""

    def connector(
        self, starts: Mapping[str, Since], group: str | None, queue_size: int
    ) -> Callable[..., Any]:
        """A function that opens the links of one socket, whose streams begin there."""


@dataclass(frozen=True, slots=True)
class Links:
    """The options that all links of a manager share."""

    ca_file: str | None = None
    proxy: str | None = field(default=None, repr=False)  # may have a password
    allow_plain: bool = False
    time_unit: str | None = None
    limits_on_loopback: bool = False
    measure_clock: bool = False
    source: str | None = field(default=None, repr=False)  # too

    def __post_init__(self) -> None:
        if self.source is not None:
            servers(self.source)
        if self.proxy:
            proxy.parse(self.proxy)
        if self.time_unit not in (None, *TIME_UNITS):
            raise ValueError(f"time_unit must be 'ms', 'us' or None, not {self.time_unit!r}")


class Feed(NamedTuple):
    """The streams or the account of a socket."""

    #: creates its sessions, from the base URLs to try in turn
    sessions: Callable[[Sequence[str], Socket], Sequence[Session]]
    #: whether streams may be added and removed
    takes_changes: bool = False
    #: the streams that it starts with, and their market
    names: tuple[str, ...] = ()
    market: str = "spot"

    @classmethod
    def spot(cls, path: str, prefix: str) -> Feed:
        """The feed of a spot path: several streams, an account by its listen key, or one stream."""
        if prefix.startswith("stream?"):
            names, query = split_queries((prefix + path).removeprefix("stream?"))
            return cls.multiplex(names, query=query)
        if LISTEN_KEY.fullmatch(path):
            return cls(lambda bases, socket: [_by_key(socket, bases, prefix + path, "spot")])
        name, query = split_query(path)
        end = encoded(f"{prefix}{name}{'?' if query else ''}{query}")
        return cls(lambda bases, socket: [RawSession(socket, bases, end, name)], names=(name,))

    @classmethod
    def usdm(cls, path: str) -> Feed:
        """A stream of USD-M futures, or an account by its listen key."""
        if LISTEN_KEY.fullmatch(path):
            end = f"private/stream?listenKey={path}&events={'/'.join(USDM_EVENTS)}"
            return cls(lambda bases, socket: [_by_key(socket, bases, end, "usdm")])
        return cls.multiplex([path], "usdm", takes_changes=False)

    @classmethod
    def multiplex(
        cls, names: Iterable[str], market: str = "spot", query: str = "", takes_changes: bool = True
    ) -> Feed:
        """Several streams; `query` is the rest of each URL's query."""
        given = tuple(names)
        return cls(
            lambda bases, socket: Multiplex(socket, bases, given, market, query=query).sessions,
            takes_changes,
            given,
            market,
        )


def _by_key(socket: Socket, bases: Sequence[str], path: str, market: str) -> Session:
    """An account by its listen key."""
    from binance.tx.sessions.account import KeyedSession

    return KeyedSession(socket, bases, path, market)


class Sockets(lifetime.OpenSockets):
    """The sockets of one manager, by key."""

    def __init__(
        self,
        manager: LegacyMethods,
        options: Options,
        links: Links,
        on_event: Any,
        make_source: Callable[[str, str | None], RelaySource] | None = None,
    ) -> None:
        if on_event is not None:
            dispatch.check_callable("on_event", on_event, "event")
        super().__init__(manager, on_event)
        #: reentrant, as all locks of `close()`: a signal handler may call it at any step
        self.lock = threading.RLock()
        self.is_closed = False
        #: redacted key -> why its socket has failed lately, until it is connected again or stopped
        self.failed: dict[str, str] = {}
        #: whether the manager was started for a block of `messages`, and ends with the last one
        self._is_borrowed = False
        self._blocks: set[object] = set()
        #: the hashes of the last keys of sockets, and of the wrong ones that were warned of: a key
        #: may be long, or a secret
        self._known: deque[int] = deque(maxlen=MOST_FAILED)
        self._manager: LegacyMethods = manager
        self._clients = clients.Clients(manager._client)
        self._fetcher: Fetcher | None = None
        self.links = links
        self._make_source = make_source
        self._source: tuple[str, RelaySource] | None = None
        #: the exchange's clock, once it was measured
        self.clock_offset: ClockOffset | None = None
        self._next_measurement = -math.inf
        self._options = options
        self._options = _filling(self.checked(print, {}), {})
        user_connectors.register(self)

    @property
    def state(self) -> str:
        """The state of the manager, for its repr."""
        if self.is_closed:
            return "closed"
        if self._lifetime is None:
            return "not started"
        return "stopped" if self._lifetime.ended.is_set() else "running"

    # from the manager, any thread

    def enter(self) -> reactor.Lifetime:
        """Begin a lifetime of the manager, or continue the present one."""
        self.is_closed = self._is_borrowed = False
        return super().enter()

    def keep_time(self, sample: Callable[[], Iterable[tuple[float, float, float]]]) -> None:
        """Measure the exchange's clock, if that is wanted, and was not done lately.

        :param sample: returns samples for `measured`; called in a worker thread.
        """
        now = reactor.clock().seconds() if self.links.measure_clock else -math.inf
        if now > self._next_measurement:
            self._next_measurement = now + MEASURE_SECONDS
            reactor.call(self._measure, sample)

    def _measure(self, sample: Callable[[], Iterable[tuple[float, float, float]]]) -> None:
        def note(offset: ClockOffset) -> None:
            self.clock_offset = offset

        def failed(failure: Any) -> None:
            logger.warning("the exchange's clock was not measured: %s", failure.getErrorMessage())

        reactor.in_thread(lambda: measured(sample())).addCallbacks(note, failed)

    def borrow(self, block: object) -> None:
        """Start the manager for a block of `messages`, if it does not run."""
        # Not with the lock: what the reactor calls before it is ready may wait for the lock.
        reactor.ensure_running()
        with self.lock:
            self._blocks.add(block)
            if self.state != "running":
                self._manager.start()
                self._is_borrowed = True

    def give_back(self, block: object) -> None:
        """Close the manager after the last such block, if nothing else is open."""
        with self.lock:
            self._blocks.discard(block)
            if self._is_borrowed and not self._blocks and not self._manager._conns:
                self._is_borrowed = False
                self._manager.close()

    def checked(
        self, callback: Callback, options: Mapping[str, Any], is_account: bool = False
    ) -> Options:
        """The options of a socket; raises TypeError or ValueError if one or the callback is bad."""
        merged = self._options.replaced(options) if options else self._options
        if is_account and merged.redundancy != 1:
            if "redundancy" in options:
                raise ValueError(
                    "redundancy must be 1 on account sockets: their events have no ids that show "
                    "which ones two links have in common"
                )
            merged = replace(merged, redundancy=1)
        dispatch.check(callback, merged.dispatch, merged.queue_size, merged.overflow)
        if merged.reconcile is not False:
            clients.check_reconcile(merged.reconcile)
        if options.get("reconcile", False) is not False and not is_account:
            raise ValueError("reconcile is for account sockets; no other socket has orders")
        return _filling(merged, options) if options.keys() & _GAPLESS else merged

    @property
    def source(self) -> RelaySource | None:
        """The engine in place of the exchange, if there is one."""
        url = (self.links.source or os.environ.get(VARIABLES["stream"], "")).strip()
        if not url.startswith(STARTS):
            return None
        with self.lock:
            assert self._make_source is not None
            if self._source is None or self._source[0] != url:
                self._source = url, self._make_source(url, self.links.ca_file)
            return self._source[1]

    def open(
        self, site: Site, key: str, callback: Callback, options: Options, feed: Feed
    ) -> str | Literal[False]:
        """Open a socket; its key, or False if the key is open.  Restarts a closed manager."""
        ca_file = self.links.ca_file or site.table.ca_file
        source = self.source if site.bases[0].startswith(STARTS) else None
        starts: Mapping[str, Since] = {}
        if source is not None:
            starts, options = _from_source(options, feed)
            if options.group is not None:
                callback = acknowledging(callback)
        elif options.group is not None:
            raise ValueError("group= is for streams of a relay; give the manager source=nats://..")
        elif site.is_given or ca_file:
            check(site.bases[0], allow_plain=self.links.allow_plain, ca_file=ca_file)
        if options.gapless is not None or options.since is not None:
            options = self._with_history(options, feed)
        if self.is_closed:
            reactor.ensure_running()  # as in `borrow`
        with self.lock:
            conns = self._manager._conns
            if key in conns:
                return False
            if self.is_closed or reactor.is_stopped():
                self._manager.start()
            dependencies = self.dependencies(ca_file, site.has_retired_streams, options)
            if source is not None:
                connect = source.connector(starts, options.group, options.queue_size)
                dependencies = dependencies._replace(connect=connect)
            sessions = partial(feed.sessions, site.bases)
            takes_changes = feed.takes_changes and options.group is None
            socket = Socket(self, key, callback, dependencies, options, sessions, takes_changes)
            conns[key] = socket
            self._known.append(hash(key))
            with self._lock:
                self._sockets[socket] = None
        socket.start()
        return key

    def open_account(
        self, site: Site, name: str, callback: Callback, options: Options, client: Any, account: Any
    ) -> str | Literal[False]:
        """Open an account's socket, or replace the callback of the open one; returns its key.

        False if the callback is a `Consumer`, which replaces no other, or the open one is not ours.
        """
        own = self._manager._client
        client = own if client is None else clients.checked_client(client)
        theirs = site if client is own else site.with_account_of(of_client(os.environ, client))
        make = account(client, theirs)
        if options.reconcile is not False:
            from binance.tx.sessions import client_accounts

            make = client_accounts.reconciling(make, client, name, options.reconcile)

        def sessions(bases: Sequence[str], socket: Socket) -> Sequence[Session]:
            socket.client = client  # referenced as long as the socket exists
            return [make(socket)]

        with self.lock:
            key = self._clients.key(name, client)
            conns = self._manager._conns
            socket = conns.get(key)
            is_ours = isinstance(socket, Socket)
            if key in conns and (not is_ours or isinstance(callback, dispatch.Consumer)):
                return False
            self._manager._account_callbacks[key] = callback
            if isinstance(socket, Socket):
                if socket.replace_callback(callback, options):
                    return key
                self._manager.stop_socket(key)
        if self.open(site, key, callback, options, Feed(sessions)):
            return key
        # Another thread has opened it meanwhile: replace its callback.
        return self.open_account(site, name, callback, options, client, account)

    def get(self, key: str | bool) -> Socket:
        """The socket of a key; raises KeyError if there is none, or only a user's connector."""
        if isinstance(key, bool):
            raise KeyError(NO_KEY)
        conn = self._manager._conns.get(key)
        if isinstance(conn, Socket):
            return conn
        own = " is a connector of your own code, not a socket of this manager"
        raise KeyError(shown(key) + (own if conn is not None else ""))  # it may be a listen key

    def check_started(self) -> None:
        """:raises BinanceReactorError: no manager was started, so no socket connects."""
        if not reactor.get().running and self._lifetime is None:
            raise BinanceReactorError(
                "the socket does not connect, because start() was not called on its manager"
            )

    def held(self) -> list[tuple[str, Any]]:
        """The present items of the manager's `_conns`."""
        with self.lock:
            return list(self._manager._conns.items())

    def by_key(self) -> dict[str, Socket]:
        """The present sockets by their keys, with those behind connectors of user code."""
        found = ((key, user_connectors.socket_of(conn)) for key, conn in self.held())
        return {key: socket for key, socket in found if socket is not None}

    def forget(self, key: str) -> None:
        """Forget the callback of a key that is to be stopped, and why its socket has failed."""
        if key not in self._manager._conns and hash(key) not in self._known:  # no key of late
            self._known.append(hash(key))
            for other, _ in self.held():
                if other.endswith(f":{key}"):
                    text = "stop_socket: no socket has the key %s; is %s meant?"
                    logger.warning(text, shown(key), shown(other))
        self.failed.pop(redact(key), None)
        self._manager._account_callbacks.pop(key, None)

    def end(self, conn: Any) -> None:
        user_connectors.stop(conn, self)

    def close(self) -> None:
        """Stop all sockets, and end the manager's thread after that."""
        with self.lock:
            self.is_closed = True
            conns, self._manager._conns = self._manager._conns, {}
            self._manager._forget_accounts()
            self.failed.clear()
            sockets = self.sockets()  # a subclass may have removed the key of one
        for conn in conns.values():
            self.end(conn)
        for socket in sockets:
            socket.stop()
        with self.lock:
            if self.is_closed:  # else another thread has started it again
                self.leave()

    # from the sockets

    def report(self, event: Event) -> None:
        if isinstance(event, GaveUp):
            self.failed[event.key] = event.reason
            for oldest in list(self.failed)[:-MOST_FAILED]:
                self.failed.pop(oldest, None)
        elif isinstance(event, Connected):
            self.failed.pop(event.key, None)
        super().report(event)

    def release(self, conn: object) -> None:
        """Forget the key of a socket that has ended by itself."""
        with self.lock:
            for key, value in self.held():
                if value is conn:
                    del self._manager._conns[key]
                    self._manager._account_callbacks.pop(key, None)
                    self._manager._forget_key(key)
                    self._manager._end_keepalives(key)

    # inside

    def _with_history(self, options: Options, feed: Feed) -> Options:
        from binance.tx.past.backfill import Fetcher
        from binance.tx.past.history import History

        unit, manager = self.links.time_unit, self._manager
        with self.lock:
            self._fetcher = self._fetcher or Fetcher(manager._client, manager._public_client)
        limits = options.gapless or Gapless()
        history = History(self._fetcher, limits, options.since, time_unit=unit)
        history.check(feed.names, feed.market, options.is_gapless_asked)
        if options.checkpoint is not None:
            history.checkpoint = Checkpoint.of(options.checkpoint)
        return replace(options, history=history)

    def dependencies(
        self, ca_file: str | None, has_retired_streams: bool = False, options: Options | None = None
    ) -> Dependencies:
        links, manager, clock = self.links, self._manager, reactor.clock()
        of = options or self._options

        def dial_by_links(url: str, factory: Any) -> Any:
            factory.allow_plain = links.allow_plain
            factory.protocol = manager.protocol
            return dial(clock, url, factory, ca_file=ca_file, proxy=links.proxy)

        return Dependencies(
            clock,
            dial_by_links,
            idle_timeout=of.idle_timeout,
            rotate_after=of.rotate_after,
            time_unit=links.time_unit,
            has_retired_streams=has_retired_streams,
            clock_offset=lambda: self.clock_offset,
            **(_LIMITS_ON_LOOPBACK if links.limits_on_loopback else {}),
        )


def _filling(merged: Options, options: Mapping[str, Any]) -> Options:
    """The options with the limits of `gapless`, which `checkpoint` turns on."""
    limits = limits_of(merged.gapless)
    if limits is None and merged.checkpoint is not None:
        limits = Gapless()
    is_asked = any(options.get(name) for name in _GAPLESS)
    return replace(merged, gapless=limits, is_gapless_asked=is_asked)


_LIMITS_ON_LOOPBACK: dict[str, Any] = {
    "connects": shared_connects_and_loopback,
    "messages": partial(message_budget, on_loopback=True),
}


def _from_source(options: Options, feed: Feed) -> tuple[dict[str, Since], Options]:
    """Where the streams of a socket begin whose messages come from relays, and its options.

    Its link is neither replaced nor doubled: each one goes on where the one before it ended.
    """
    if options.group is not None and options.overflow == "latest":
        raise ValueError("overflow='latest' drops messages, which group= may not lose")
    is_past_asked = options.since is not None and options.is_gapless_asked
    if not feed.names and (options.group is not None or is_past_asked):
        raise ValueError("group= and since= need streams, not a whole market that is rebuilt")
    changed = replace(options, redundancy=1, rotate_after=None)
    if options.since is None:
        return {}, changed
    from binance.tx.past.history import starts_from_relay

    starts = starts_from_relay(options.since, feed.names, feed.market, options.group)
    return starts, replace(changed, since=None, is_gapless_asked=False)  # the engine serves it


def acknowledging(callback: Callback) -> Callback:
    """A callback of a work queue, which acknowledges each message once it has returned."""
    if isinstance(callback, dispatch.Consumer):
        raise ValueError("group= needs a callback; messages() cannot say when one was processed")

    @contextmanager
    def settled(message: Any) -> Iterator[None]:
        is_done = False
        try:
            yield
            is_done = True
        finally:
            if hasattr(message, "acknowledge"):  # the error dict has none
                message.acknowledge(is_done)

    def call(message: Any) -> object:
        with settled(message):
            return callback(message)

    async def wait(message: Any) -> object:
        with settled(message):
            return await callback(message)  # type: ignore[misc]

    return wait if dispatch.is_coroutine_function(callback) else call


class Url:
    """A base URL: on the class the old library's, on an instance the address in use.

    Subclasses that connect by themselves read it, and are not to reach another exchange than the
    rest of the script.
    """

    def __init__(self, template: str) -> None:
        self.template = template

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name
        _URLS[name] = self

    def __get__(self, manager: Opening | None, owner: type | None = None) -> str:
        if manager is None or "_client" not in vars(manager):
            return self.template
        return manager._site(self._name).bases[0]


#: The URL attributes of the manager.
_URLS: dict[str, Url] = {}
_URL_FIELDS = {attribute: market for market, attribute in endpoints.URL_ATTRIBUTES.items()}


class Opening(LegacyMethods):
    """Opens sockets of each kind."""

    # members of the manager

    _open_sockets: Sockets
    _symbols: Callable[[str], list[str]]

    # for subclasses

    def _start_socket(
        self, path: str, callback: Callback, prefix: str = "ws/", **options: Any
    ) -> str | bool:
        """Open `STREAM_URL + prefix + path` under the key `path`; override to drive it yourself."""
        return self._open("STREAM_URL", path, callback, options, Feed.spot(path, prefix))

    def _start_futures_socket(
        self, path: str, callback: Callback, prefix: str = "stream?streams=", **options: Any
    ) -> str | bool:
        """Open a USD-M stream; override to drive it yourself."""
        key = streams.key(path, "usdm")
        return self._open("FSTREAM_URL", key, callback, options, Feed.usdm(path))

    # market streams

    def _market(
        self, path: str, callback: Callback, options: Any, *prefix: str, by: str = "_start_socket"
    ) -> Key:
        """Open a stream; a subclass's own method checks nothing, and may lack a third parameter."""
        start = getattr(self, by)
        if getattr(start, "__func__", None) not in _OWN_STARTS:
            self._open_sockets.checked(callback, options)
        opened: Key = start(path, callback, *prefix, **options)
        return opened

    def _futures(
        self, futures_type: object, callback: Callback, options: Any, name: Any, *of: object
    ) -> Key:
        """Open the stream of a futures market that `name(*of, market=..)` builds."""
        market = streams.futures_market(futures_type)
        stream = name(*of, market=market)
        if market == "usdm":
            return self._market(stream, callback, options, by="_start_futures_socket")
        return self._single(market, stream, callback, options)

    def _single(self, market: str, name: str, callback: Callback, options: Any) -> Key:
        feed = Feed.multiplex([name], market, takes_changes=False)
        key = streams.key(name, market)
        return self._open(endpoints.URL_ATTRIBUTES[market], key, callback, options, feed)

    def _multiplex(
        self, market: str, names: Iterable[str], callback: Callback, options: Any
    ) -> Key:
        checked = streams.check_names(names)
        key = streams.key(streams.combined_path(checked), market)
        feed = Feed.multiplex(checked, market)
        return self._open(endpoints.URL_ATTRIBUTES[market], key, callback, options, feed)

    def _whole_market(self, key: str, kind: str, callback: Callback, options: Any) -> Key:
        site = self._site("STREAM_URL")
        if site.has_retired_streams:
            return self._market(key, callback, options)
        return self._open("STREAM_URL", key, callback, options, self._whole_market_feed(kind, site))

    def _whole_market_feed(self, kind: str, site: Site) -> Feed:
        from binance.tx.sessions.whole_market import WholeMarket

        fetch = None if site.listing is None else partial(self._symbols, site.listing)
        urls = site.ws_apis if fetch is None else ()
        return Feed(lambda bases, socket: WholeMarket(socket, bases, urls, kind, fetch).sessions)

    def _open(self, attribute: str, key: str, callback: Callback, options: Any, feed: Feed) -> Key:
        checked = self._open_sockets.checked(callback, options)
        return self._open_sockets.open(self._site(attribute), key, callback, checked, feed)

    def _site(self, attribute: str, is_account: bool = False) -> Site:
        """Where a URL attribute leads now, by its value or else by the environment.

        Market streams come from relays, if the manager has an engine as its source.
        An address without an attribute is named by its field of the table.
        """
        table = of_client(os.environ, self._client)
        if attribute not in _URL_FIELDS:
            return sites.site(table, attribute)
        is_own = getattr(type(self), attribute) != _URLS[attribute].template
        own = getattr(self, attribute) if is_own or attribute in vars(self) else None
        market, links = _URL_FIELDS[attribute], self._open_sockets.links
        engine = (links.source or os.environ.get(VARIABLES["stream"], "")).strip()
        if own is None and engine.startswith(STARTS) and not is_account:
            own = f"nats://{shown_servers(servers(engine))}/{market}/"
        return sites.site(table, market, own)

    # accounts

    def _account(
        self,
        name: str,
        callback: Callback,
        client: Any,
        options: Any,
        account: Any,
        address: str = "STREAM_URL",
    ) -> Key:
        checked = self._open_sockets.checked(callback, options, is_account=True)
        site = self._site(address, is_account=True)
        return self._open_sockets.open_account(site, name, callback, checked, client, account)

    def _margin(self, symbol: str | None, callback: Callback, client: Any, options: Any) -> Key:
        """Open cross margin, or the isolated margin of a symbol."""
        from binance.tx.sessions import client_accounts

        pair = None if symbol is None else streams.check_symbol(symbol).upper()
        name = "margin" if pair is None else f"margin:{pair}"
        account = partial(client_accounts.margin, symbol=pair)
        return self._account(name, callback, client, options, account)

    def _keyed(
        self, name: str, callback: Callback, client: Any, options: Any, key: str = ""
    ) -> Key:
        from binance.tx.sessions import client_accounts

        kind = KEYED[name]
        account = partial(
            client_accounts.keyed,
            keepalive=self._user_timeout,
            note_key=self._note_listen_key,
            account=kind,
        )
        return self._account(key or name, callback, client, options, account, kind.address)

    def _spot_account(self, client: Any, site: Site) -> MakeSession:
        from binance.tx.sessions import client_accounts

        return client_accounts.spot(client, site, self._user_timeout, self._note_listen_key)


_OWN_STARTS = (Opening._start_socket, Opening._start_futures_socket)


def _warn_of_forgotten_start(process: int) -> None:
    """Log the sockets that have never connected, because nobody called `start()`.

    Called at the end of the process.  A forked child has no sockets of its own here.
    """
    if os.getpid() != process or getattr(sys, "last_type", None) is not None:
        return  # or the script has ended with an error, before it came to `start()`
    managers = [one() for one in user_connectors.registered]
    forgotten = [one for one in managers if isinstance(one, Sockets) and one.state == "not started"]
    sockets = (item for one in forgotten for item in one.by_key().items())
    keys = [shown(key) for key, socket in sockets if not socket.has_begun]
    if keys:
        more = f" and {len(keys) - LOGGED_NAMES} more" if len(keys) > LOGGED_NAMES else ""
        names = ", ".join(keys[:LOGGED_NAMES])
        logger.warning("%s%s never connected: start() was not called on the manager", names, more)


atexit.register(_warn_of_forgotten_start, os.getpid())
